//! The planner: what each article, term and page of a site claims.

use std::collections::BTreeSet;

use super::claim::{Claim, Origin, What};
use crate::ground::date::{Month, Period};
use crate::ground::path::{OutputPath, SourcePath, Url};
use crate::meaning::answer::{edition_url, pair_url, term_url};
use crate::meaning::card::Card;
use crate::meaning::edition::{self, Cadence};
use crate::meaning::rendition::Renditions;
use crate::meaning::site::{COMPANIES, Site, Term};
use crate::meaning::target;
use crate::pages::feed;
use crate::pages::mail;
use crate::pages::parts;
use crate::pages::search;
use crate::pages::subject::{FeedSubject, HostFile, Planned, Subject};
use crate::reading::article::{Article, Prose, Reference, Text};
use crate::reading::config::Server;
use crate::reading::markdown::ReferenceKind;

/// Collects claims in the order in which they are planned.
pub struct Planner<'p> {
    site: &'p Site,
    /// What was claimed so far.
    pub claims: Vec<Claim>,
}

impl<'p> Planner<'p> {
    /// Nothing is claimed yet.
    pub fn new(site: &'p Site) -> Planner<'p> {
        Planner {
            site,
            claims: Vec::new(),
        }
    }

    /// Claims every file of the output. `theme` are the files of the built-in theme.
    pub fn all(mut self, theme: &[String]) -> Vec<Claim> {
        let site = self.site;
        self.claims.reserve(site.len() * 2);
        for index in site.all() {
            self.article(site.entry(index));
        }
        self.taxonomies();
        self.pairs();
        self.editions();
        self.fixed_pages();
        self.feeds_and_maps();
        self.search_files();
        self.files(theme);
        if !self.replaced("card.png") {
            self.card(Card::Site);
        }
        self.cards();
        // Last, so that an old address never takes the place of a page.
        for index in site.all() {
            self.redirects(site.entry(index));
        }
        self.claims
    }

    /// An article's page and the files that travel with it.
    pub fn article(&mut self, article: &Article) {
        let summary = &article.summary;
        let spot = article.spots.slug.unwrap_or(article.spots.title);
        let origin = Origin::new(What::Article, Some(summary.path.clone()), Some(spot));
        let first = self.claims.len();
        let subject = Subject::Article(summary.path.clone());
        self.add(summary.url.clone(), subject, origin);
        for reference in article.outline.references() {
            self.travelling_file(&summary.path, &summary.url, &reference, first);
        }
    }

    /// The old addresses of an article.
    pub fn redirects(&mut self, article: &Article) {
        let summary = &article.summary;
        for (url, spot) in &article.aliases {
            let origin = Origin::new(What::Alias, Some(summary.path.clone()), Some(*spot));
            self.add(url.clone(), Subject::Redirect(summary.url.clone()), origin);
        }
    }

    /// The files that a text refers to by relative path travel into its page's folder.
    fn travelling_files(&mut self, from: &SourcePath, prose: &Prose) {
        let Some(page) = target::page_url(self.site, from) else {
            return;
        };
        let first = self.claims.len();
        for reference in &prose.references {
            self.travelling_file(from, &page, reference, first);
        }
    }

    /// A text that refers to a file twice claims it once, among the claims from `first` on.
    fn travelling_file(&mut self, from: &SourcePath, page: &Url, reference: &Reference, first: usize) {
        let target = &reference.target;
        if !may_travel(target) {
            return;
        }
        let Some((url, path)) = target::travelling(self.site, from, page, target) else {
            return;
        };
        if reference.kind == ReferenceKind::Image {
            self.renditions(&url, &path, first);
        }
        self.add_once(url, &path, Subject::Copy(path.clone()), first);
    }

    /// The other sizes and formats of a picture.
    fn renditions(&mut self, picture: &Url, path: &SourcePath, first: usize) {
        let site = self.site;
        let asset = site.assets.get(path);
        let renditions = asset.and_then(|asset| Renditions::of(path, asset, &site.config.image_widths));
        for rendition in renditions.iter().flat_map(Renditions::all) {
            if let Some(url) = rendition.url(picture) {
                self.add_once(url, path, Subject::Rendition(path.clone(), rendition), first);
            }
        }
    }

    fn add_once(&mut self, url: Url, file: &SourcePath, subject: Subject, first: usize) {
        let is_same = |claim: &Claim| claim.planned.url == url && claim.planned.subject == subject;
        if !self.claims[first..].iter().any(is_same) {
            let origin = Origin::new(What::File, Some(file.clone()), None);
            self.add(url, subject, origin);
        }
    }

    fn taxonomies(&mut self) {
        let site = self.site;
        for taxonomy in site.taxonomies().iter().filter(|taxonomy| taxonomy.has_pages) {
            let name = &taxonomy.name;
            self.add_page(name, Subject::Terms(name.clone()));
            for term in taxonomy.terms().iter().filter(|term| term.has_page) {
                self.term(name, term);
                if let Some((path, text)) = self.profile(name, term) {
                    self.travelling_files(path, &text.body);
                }
            }
        }
    }

    /// The pages of a term that has pages.
    pub fn term(&mut self, taxonomy: &str, term: &Term) {
        let slug = term.slug.to_string();
        let Some(url) = term_url(taxonomy, &slug) else {
            return;
        };
        let profile = self.profile(taxonomy, term);
        let origin = Origin::new(What::Other, profile.map(|(path, _)| path.clone()), None);
        self.add(
            url.clone(),
            Subject::Term(taxonomy.to_owned(), slug.clone()),
            origin,
        );
        for &(month, _) in &term.months {
            let subject = Subject::TermMonth(taxonomy.to_owned(), slug.clone(), month);
            self.add_page(&format!("{url}{month}"), subject);
        }
    }

    fn pairs(&mut self) {
        let site = self.site;
        let companies = site
            .taxonomy(COMPANIES)
            .map_or(&[][..], |companies| companies.terms());
        for company in companies {
            let behind = company
                .partners
                .all()
                .iter()
                .filter(|other| other.slug > company.slug);
            for other in behind.filter(|other| site.has_pair_page(other.count())) {
                self.pair(&company.slug, &other.slug);
            }
        }
    }

    /// The page of two companies, in the order of their slugs.
    pub fn pair(&mut self, first: &str, second: &str) {
        if let Some(url) = pair_url(first, second) {
            let subject = Subject::Pair(first.to_owned(), second.to_owned());
            self.add(url, subject, Origin::new(What::Other, None, None));
        }
    }

    fn profile(&self, taxonomy: &str, term: &Term) -> Option<&'p (SourcePath, Text)> {
        let profile = self.site.profiles.get(&*term.slug);
        profile.filter(|_| taxonomy == COMPANIES)
    }

    /// The feed of a term, if it has one.
    pub fn feed_of_term(&mut self, taxonomy: &str, term: &Term) {
        self.feed(FeedSubject::Term(taxonomy.to_owned(), term.slug.to_string()));
    }

    fn feed(&mut self, subject: FeedSubject) {
        for format in feed::formats(self.site) {
            if let Some(url) = feed::url(self.site, &subject, format) {
                let subject = Subject::Feed(subject.clone(), format);
                self.add(url, subject, Origin::new(What::Other, None, None));
            }
        }
    }

    fn editions(&mut self) {
        let site = self.site;
        let on = site.config.editions;
        if !on.daily && !on.weekly {
            return;
        }
        self.add_page("editions", Subject::Editions);
        for cadence in [Cadence::Daily, Cadence::Weekly] {
            for &period in edition::periods(site, cadence) {
                self.edition(period);
                if let Some(hand_made) = site.hand_made.get(&period) {
                    self.travelling_files(&hand_made.path, &hand_made.text.body);
                }
            }
        }
    }

    /// The page of an edition.
    pub fn edition(&mut self, period: Period) {
        if let Some(url) = edition_url(period) {
            let hand_made = self.site.hand_made.get(&period);
            let file = hand_made.map(|hand_made| hand_made.path.clone());
            let origin = Origin::new(What::Other, file, None);
            self.add(url, Subject::Edition(period), origin);
        }
        if let Some(url) = mail::url(period).filter(|_| mail::is_planned(self.site, period)) {
            self.add(url, Subject::Mail(period), Origin::new(What::Other, None, None));
        }
    }

    /// The page of a month in the archive.
    pub fn archive_month(&mut self, month: Month) {
        if let Some(url) = archive_url(month) {
            let origin = Origin::new(What::Other, None, None);
            self.add(url, Subject::ArchiveMonth(month), origin);
        }
    }

    /// The sitemap of news, and its parts.
    pub fn news(&mut self) {
        for part in 0..=parts::news_parts(self.site) {
            if let Some(url) = parts::news_url(part) {
                self.add(url, Subject::News(part), Origin::new(What::Other, None, None));
            }
        }
    }

    /// The files of the search's index.
    pub fn search_files(&mut self) {
        for (url, file) in search::files(self.site) {
            self.add(
                url,
                Subject::SearchFile(file),
                Origin::new(What::Other, None, None),
            );
        }
    }

    fn fixed_pages(&mut self) {
        let site = self.site;
        self.add_page("", Subject::Front);
        self.add_file("404.html", Subject::NotFound);
        if site.config.pages.archive {
            self.add_page("archive", Subject::Archive);
            let mut last = None;
            for (day, _) in site.days() {
                let month = day.month();
                if last.replace(month) != Some(month) {
                    self.archive_month(month);
                }
            }
        }
        if site.config.pages.map {
            self.add_page(&format!("{COMPANIES}/map"), Subject::Map);
        }
        if site.config.pages.corrections {
            self.add_page("corrections", Subject::Corrections);
        }
        if site.config.search {
            self.add_page("search", Subject::Search);
        }
        for page in &site.pages {
            let origin = Origin::new(What::Page, Some(page.path.clone()), None);
            self.add(page.url.clone(), Subject::Page(page.path.clone()), origin);
            self.travelling_files(&page.path, &page.text.body);
        }
    }

    fn feeds_and_maps(&mut self) {
        let site = self.site;
        if !self.replaced("robots.txt") {
            self.add_file("robots.txt", Subject::Robots);
        }
        let servers = site.config.hosting.servers.iter().map(|server| match server {
            Server::Nginx => HostFile::Nginx,
            Server::Caddy => HostFile::Caddy,
        });
        let is_named = site.config.hosting.cname && site.config.base_url.is_some();
        let cname = is_named.then_some(HostFile::Cname);
        for file in HostFile::USUAL.into_iter().chain(servers).chain(cname) {
            if !self.replaced(file.name()) {
                self.add_file(file.name(), Subject::Host(file));
            }
        }
        if site.config.base_url.is_none() {
            return;
        }
        if !self.replaced("sitemap.xml") {
            self.add_file("sitemap.xml", Subject::Sitemap);
        }
        if !self.replaced("news-sitemap.xml") {
            self.news();
        }
        if !self.replaced("feeds.opml") && feed::opml::has_any(site) {
            self.add_file("feeds.opml", Subject::Opml);
        }
        for subject in [FeedSubject::Site, FeedSubject::Editions, FeedSubject::Corrections] {
            self.feed(subject);
        }
        for taxonomy in site.taxonomies() {
            for term in taxonomy.terms() {
                self.feed_of_term(&taxonomy.name, term);
            }
        }
    }

    /// The cards of what appears in the newest articles. Pages that stand at one place, which is an error of
    /// their own, have one card.
    pub fn cards(&mut self) {
        let mut places = BTreeSet::new();
        for card in self.site.cards() {
            let url = self.site.card_url(&card);
            if url.is_some_and(|url| places.insert(url.output().folded())) {
                self.card(card);
            }
        }
    }

    fn card(&mut self, card: Card) {
        if let Some(url) = self.site.card_url(&card) {
            self.add(url, Subject::Card(card), Origin::new(What::Other, None, None));
        }
    }

    /// Whether the site has a file of its own in static/ for a file that brief would write.
    fn replaced(&self, name: &str) -> bool {
        SourcePath::new(&format!("static/{name}")).is_some_and(|path| self.site.assets.contains_key(&path))
    }

    fn files(&mut self, theme: &[String]) {
        let site = self.site;
        for path in site.assets.keys() {
            if let Some(name) = path.below("static") {
                let origin = Origin::new(What::File, Some(path.clone()), None);
                match OutputPath::new(name) {
                    Ok(file) => self.add(Url::file(&file), Subject::Copy(path.clone()), origin),
                    // Discovery has reported names that some system cannot hold.
                    Err(_) => continue,
                }
            }
        }
        for name in theme
            .iter()
            .filter(|name| !self.replaced(name))
            .cloned()
            .collect::<Vec<_>>()
        {
            self.add_file(&name, Subject::Theme(name.clone()));
        }
        // Each stands at its own name too: style sheets, feeds and other sites know that one.
        for (path, url) in site.hashed() {
            let subject = match path.below("static") {
                Some(name) if !site.assets.contains_key(path) => Subject::Theme(name.to_owned()),
                _ => Subject::Copy(path.clone()),
            };
            self.add(
                url.clone(),
                subject,
                Origin::new(What::File, Some(path.clone()), None),
            );
        }
    }

    fn add_page(&mut self, path: &str, subject: Subject) {
        if let Ok(url) = Url::page(path) {
            self.add(url, subject, Origin::new(What::Other, None, None));
        }
    }

    fn add_file(&mut self, path: &str, subject: Subject) {
        if let Ok(file) = OutputPath::new(path) {
            self.add(Url::file(&file), subject, Origin::new(What::Other, None, None));
        }
    }

    fn add(&mut self, url: Url, subject: Subject, origin: Origin) {
        self.claims.push(Claim {
            place: url.output().folded(),
            planned: Planned { url, subject },
            origin,
        });
    }
}

/// Whether a reference can mean a file that is copied. Most mean other articles, and to find out
/// which one is work that nobody needs here.
fn may_travel(target: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or(target);
    let name = path.rsplit('/').next().unwrap_or(path);
    !(name.is_empty() || path.starts_with('/') || name.ends_with(".md") || name.ends_with(".markdown"))
}

/// The address of a month in the archive.
pub fn archive_url(month: Month) -> Option<Url> {
    Url::page(&format!("archive/{:04}/{:02}", month.year, month.month)).ok()
}
