//! The plan: which files the output holds, where they stand and what each is about.
//!
//! A build makes it anew; a server lets it follow the edits of its site. Two files at one place are
//! found here, before anything is rendered; places are compared as the least discerning file system
//! would, case-folded and in NFC.

mod claim;
mod places;
mod planner;

use std::collections::{BTreeMap, BTreeSet};

use super::mail;
use super::parts;
use super::subject::{FeedSubject, Planned, Subject};
use crate::ground::date::{Month, Period};
use crate::ground::diagnostic::{Diagnostic, Diagnostics};
use crate::ground::path::{OutputPath, SourcePath, Url};
use crate::meaning::answer::{edition_url, pair_url, term_url};
use crate::meaning::edition::{self, Cadence};
use crate::meaning::site::{Applied, Changes, Site};
use crate::reading::front_matter::Spot;

use claim::{Claim, Collision};
use places::Places;
use planner::Planner;

/// All files of the output, sorted by address.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    places: Places,
    /// What could not be planned, because something else stands there.
    collisions: Vec<Collision>,
    /// The files of the built-in theme.
    theme: Vec<String>,
    /// In how many parts the sitemap lies; 0 where it is whole.
    sitemap_parts: u16,
}

/// Plans the files of a site. `theme` are the files of the built-in theme; the site may replace some.
pub fn plan(site: &Site, theme: &[String]) -> Plan {
    let mut claims = Planner::new(site).all(theme);
    // What was planned first stays first among those at one place.
    claims.sort_by(|a, b| a.place.cmp(&b.place));
    let mut collisions = Vec::new();
    let mut shared = BTreeSet::new();
    let mut kept: Vec<Claim> = Vec::with_capacity(claims.len());
    for claim in claims {
        match kept.last() {
            Some(first) if first.place == claim.place => {
                shared.insert(claim.place.clone());
                // Two texts may refer to the same file.
                if first.planned.subject != claim.planned.subject {
                    let other = first.clone();
                    collisions.push(Collision { claim, other });
                }
            }
            _ => kept.push(claim),
        }
    }
    // A file cannot stand where a folder must: `/a` beside `/a/index.html`.
    for file in kept.iter().filter(|file| !file.place.ends_with("/index.html")) {
        let folder = format!("{}/", file.place);
        let from = kept.partition_point(|other| other.place < folder);
        let inside = kept[from..]
            .iter()
            .take_while(|other| other.place.starts_with(&folder));
        collisions.extend(inside.map(|inside| Collision {
            claim: inside.clone(),
            other: file.clone(),
        }));
    }
    let kept = kept.into_iter().map(|claim| (claim.place, claim.planned));
    let mut plan = Plan {
        places: Places::new(kept, shared),
        collisions,
        theme: theme.to_vec(),
        sitemap_parts: 0,
    };
    plan.divide_sitemap();
    plan
}

impl Plan {
    /// The files in the order of their addresses.
    pub fn pages(&self) -> impl Iterator<Item = &Planned> + Clone {
        self.places.pages()
    }

    /// In how many parts the sitemap lies; 0 where it is whole.
    pub fn sitemap_parts(&self) -> u16 {
        self.sitemap_parts
    }

    /// Gives the sitemap as many parts as so many files need.
    fn divide_sitemap(&mut self) {
        let is_ours = self.sitemap().is_some();
        let files = self.len() - usize::from(self.sitemap_parts);
        let parts = if is_ours { parts::parts(files) } else { 0 };
        if parts == self.sitemap_parts {
            return;
        }
        let planned = |part: u16, parts: u16| {
            let url = parts::part_url(part)?;
            let subject = Subject::SitemapPart(part, parts);
            Some(Planned { url, subject })
        };
        for old in (0..self.sitemap_parts).filter_map(|part| planned(part, self.sitemap_parts)) {
            let _ = self.places.remove(&old);
        }
        for new in (0..parts).filter_map(|part| planned(part, parts)) {
            let _ = self.places.insert(new.output().folded(), new);
        }
        self.sitemap_parts = parts;
    }

    fn sitemap(&self) -> Option<&Planned> {
        let url = Url::file(&OutputPath::new("sitemap.xml").ok()?);
        self.page(&url).filter(|page| page.subject == Subject::Sitemap)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether nothing is planned.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The file at an address.
    pub fn page(&self, url: &Url) -> Option<&Planned> {
        self.places.page(url)
    }

    /// Reports files that cannot stand beside each other. `locate` finds the place of a front matter
    /// value.
    pub fn check(
        &self,
        site: &Site,
        locate: &dyn Fn(&SourcePath, Spot) -> Diagnostic,
        found: &mut Diagnostics,
    ) {
        for collision in &self.collisions {
            found.push(collision.diagnostic(site, locate));
        }
    }

    /// Follows a site that has followed edits: what comes out is the plan of the site as it is now.
    pub fn apply(&mut self, site: &Site, applied: &Applied) {
        let is_followed = match applied {
            Applied::Everything => false,
            Applied::Changes(changes) => self.follow(site, changes).is_some(),
        };
        if !is_followed {
            *self = plan(site, &self.theme);
        }
    }

    /// Takes out what the changed parts of a site claimed before and puts in what they claim now.
    /// `None` where places are in dispute, in which who was first decides: then all is planned anew.
    fn follow(&mut self, site: &Site, changes: &Changes) -> Option<()> {
        if !self.collisions.is_empty() {
            return None;
        }
        let mut before: BTreeMap<Url, Subject> = BTreeMap::new();
        let mut after = Planner::new(site);
        self.articles(site, changes, &mut before, &mut after);
        self.terms(site, changes, &mut before, &mut after);
        self.pairs(site, changes, &mut before, &mut after);
        self.days(site, changes, &mut before, &mut after);
        // Which articles are new enough changes with any of them.
        let folder = Url::page("cards").ok()?;
        let cards = self
            .places
            .below(&folder)
            .filter(|page| matches!(page.subject, Subject::Card(_)));
        before.extend(cards.map(|page| (page.url.clone(), page.subject.clone())));
        after.cards();
        if !changes.days.is_empty() {
            let search = Url::page("search").ok()?;
            let files = self.places.below(&search);
            let own = files.filter(|page| matches!(page.subject, Subject::SearchFile(_)));
            before.extend(own.map(|page| (page.url.clone(), page.subject.clone())));
            after.search_files();
            // Which news there are follows from the days too.
            let news = (0..).map_while(|part| self.page(&parts::news_url(part)?));
            let news = news.filter(|page| matches!(page.subject, Subject::News(_)));
            let news: Vec<Planned> = news.cloned().collect();
            if !news.is_empty() {
                before.extend(news.into_iter().map(|page| (page.url, page.subject)));
                after.news();
            }
        }

        let mut claims: BTreeMap<Url, Claim> = BTreeMap::new();
        for claim in after.claims {
            // Of two that changed and want one place, neither is known to be first.
            if claims.insert(claim.planned.url.clone(), claim).is_some() {
                return None;
            }
        }
        for (url, subject) in before {
            match claims.get(&url) {
                Some(claim) if claim.planned.subject == subject => drop(claims.remove(&url)),
                _ => self.places.remove(&Planned { url, subject })?,
            }
        }
        claims
            .into_values()
            .try_for_each(|claim| self.places.insert(claim.place, claim.planned))?;
        self.divide_sitemap();
        Some(())
    }

    fn articles(
        &self,
        site: &Site,
        changes: &Changes,
        before: &mut BTreeMap<Url, Subject>,
        after: &mut Planner<'_>,
    ) {
        let mut planner = Planner::new(site);
        for (path, old) in &changes.articles {
            if let Some(old) = old {
                planner.article(old);
                planner.redirects(old);
            }
            if let Some(index) = site.article(path) {
                after.article(site.entry(index));
                after.redirects(site.entry(index));
            }
        }
        let claims = planner.claims.into_iter().map(|claim| claim.planned);
        before.extend(claims.map(|planned| (planned.url, planned.subject)));
    }

    fn terms(
        &self,
        site: &Site,
        changes: &Changes,
        before: &mut BTreeMap<Url, Subject>,
        after: &mut Planner<'_>,
    ) {
        for (name, slug) in &changes.terms {
            let Some(taxonomy) = site.taxonomy(name).filter(|taxonomy| taxonomy.has_pages) else {
                continue;
            };
            let is_own = |page: &&Planned| match &page.subject {
                Subject::Term(other, term)
                | Subject::TermMonth(other, term, _)
                | Subject::Feed(FeedSubject::Term(other, term), _) => other == name && **term == **slug,
                _ => false,
            };
            if let Some(url) = term_url(name, slug) {
                let own = self.places.below(&url).filter(is_own);
                before.extend(own.map(|page| (page.url.clone(), page.subject.clone())));
            }
            if let Some(term) = taxonomy.term(slug).filter(|term| term.has_page) {
                after.term(name, term);
                after.feed_of_term(name, term);
            }
        }
    }

    fn pairs(
        &self,
        site: &Site,
        changes: &Changes,
        before: &mut BTreeMap<Url, Subject>,
        after: &mut Planner<'_>,
    ) {
        for (first, second) in &changes.pairs {
            let subject = Subject::Pair(first.to_string(), second.to_string());
            let page = pair_url(first, second).and_then(|url| self.page(&url));
            if let Some(page) = page.filter(|page| page.subject == subject) {
                before.insert(page.url.clone(), subject);
            }
            if site.has_pair_page(site.count_together(first, second)) {
                after.pair(first, second);
            }
        }
    }

    fn days(
        &self,
        site: &Site,
        changes: &Changes,
        before: &mut BTreeMap<Url, Subject>,
        after: &mut Planner<'_>,
    ) {
        let mut periods: BTreeSet<(Cadence, Period)> = BTreeSet::new();
        let mut months: BTreeSet<Month> = BTreeSet::new();
        for &day in &changes.days {
            months.insert(day.month());
            periods.extend([Cadence::Daily, Cadence::Weekly].map(|cadence| (cadence, cadence.period(day))));
        }
        let mut planned = |url: Option<Url>, subject: Subject| {
            let page = url.and_then(|url| self.page(&url));
            if let Some(page) = page.filter(|page| page.subject == subject) {
                before.insert(page.url.clone(), subject);
            }
        };
        for (cadence, period) in periods {
            planned(edition_url(period), Subject::Edition(period));
            planned(mail::url(period), Subject::Mail(period));
            // Newest first.
            let all = edition::periods(site, cadence);
            if all.binary_search_by(|other| period.cmp(other)).is_ok() {
                after.edition(period);
            }
        }
        for month in months.into_iter().filter(|_| site.config.pages.archive) {
            planned(planner::archive_url(month), Subject::ArchiveMonth(month));
            if site.days().iter().any(|(day, _)| day.month() == month) {
                after.archive_month(month);
            }
        }
    }
}
