//! The plan: which files the output holds, where they stand and what each is about.
//!
//! It is made anew every build. Two files at one place are found here, before anything is rendered;
//! places are compared as the least discerning file system would, case-folded and in NFC.

use super::feed;
use super::subject::{FeedSubject, Planned, Subject};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::{OutputPath, SourcePath, Url};
use crate::meaning::answer::{edition_url, term_url};
use crate::meaning::edition::{self, Cadence};
use crate::meaning::site::{COMPANIES, Site, Term};
use crate::meaning::target::{self, Target};
use crate::reading::article::Prose;
use crate::reading::front_matter::Spot;

/// All files of the output, sorted by address.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pages: Vec<Planned>,
    /// What could not be planned, because something else stands there.
    collisions: Vec<Collision>,
}

impl Plan {
    /// The files in the order of their addresses.
    pub fn pages(&self) -> &[Planned] {
        &self.pages
    }

    /// The file at an address.
    pub fn page(&self, url: &Url) -> Option<&Planned> {
        let index = self.pages.binary_search_by(|page| page.url.cmp(url)).ok()?;
        Some(&self.pages[index])
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
}

/// A file that something claims for its own.
#[derive(Clone, Debug)]
struct Claim {
    /// The file, as the least discerning system would name it.
    place: String,
    planned: Planned,
    origin: Origin,
}

/// Two claims that cannot both be met.
#[derive(Clone, Debug)]
struct Collision {
    claim: Claim,
    /// The one that was there first.
    other: Claim,
}

/// Where a planned file comes from, for the diagnostic about two in one place.
#[derive(Clone, Debug)]
struct Origin {
    what: What,
    file: Option<SourcePath>,
    spot: Option<Spot>,
}

/// What a planned file is, in words only when they are needed.
#[derive(Clone, Copy, Debug)]
enum What {
    Article,
    Alias,
    /// A file that is copied.
    File,
    /// A plain page.
    Page,
    /// Anything else; its subject tells.
    Other,
}

impl Origin {
    fn new(what: What, file: Option<SourcePath>, spot: Option<Spot>) -> Origin {
        Origin { what, file, spot }
    }

    fn words(&self, site: &Site, planned: &Planned) -> String {
        let file = self.file.as_ref().map_or("", SourcePath::as_str);
        let name = |taxonomy: &str, slug: &str| {
            let term = site.taxonomy(taxonomy).and_then(|taxonomy| taxonomy.term(slug));
            term.map_or(slug, |term| &term.name).to_owned()
        };
        match (self.what, &planned.subject) {
            (What::Article, _) => format!("the article `{file}`"),
            (What::Alias, _) => format!("an alias of `{file}`"),
            (What::File, _) => format!("the file `{file}`"),
            (What::Page, _) => format!("the page `{file}`"),
            (What::Other, Subject::Terms(taxonomy)) => format!("the list of {taxonomy}"),
            (What::Other, Subject::Term(taxonomy, slug)) => format!("the page of `{}`", name(taxonomy, slug)),
            (What::Other, Subject::TermMonth(taxonomy, slug, month)) => {
                format!("{month} of `{}`", name(taxonomy, slug))
            }
            (What::Other, Subject::Editions) => "the list of editions".to_owned(),
            (What::Other, Subject::Edition(period)) => format!("the edition {period}"),
            (What::Other, Subject::Front) => "the front page".to_owned(),
            (What::Other, Subject::NotFound) => "the page for missing addresses".to_owned(),
            (What::Other, Subject::Archive) => "the archive".to_owned(),
            (What::Other, Subject::ArchiveMonth(month)) => format!("the archive of {month}"),
            (What::Other, Subject::Corrections) => "the list of corrections".to_owned(),
            (What::Other, Subject::Robots) => "the file for robots".to_owned(),
            (What::Other, Subject::Sitemap) => "the sitemap".to_owned(),
            (What::Other, Subject::Theme(_)) => "a file of the theme".to_owned(),
            (What::Other, _) => format!("`{}`", planned.url),
        }
    }
}

/// Plans the files of a site. `theme` are the files of the built-in theme that the site does not
/// replace.
pub fn plan(site: &Site, theme: &[String]) -> Plan {
    let mut planner = Planner {
        site,
        claims: Vec::with_capacity(site.len() * 2),
    };
    planner.articles();
    planner.taxonomies();
    planner.editions();
    planner.fixed_pages();
    planner.feeds_and_maps();
    planner.files(theme);
    // Last, so that an old address never takes the place of a page.
    planner.redirects();
    planner.finish()
}

struct Planner<'p> {
    site: &'p Site,
    claims: Vec<Claim>,
}

impl Planner<'_> {
    fn articles(&mut self) {
        for index in self.site.all() {
            let summary = self.site.summary(index);
            let entry = self.site.entry(index);
            let origin = Origin::new(
                What::Article,
                Some(summary.path.clone()),
                Some(entry.spots.slug.unwrap_or(entry.spots.title)),
            );
            self.add(
                summary.url.clone(),
                Subject::Article(summary.path.clone()),
                origin,
            );
            for reference in entry.outline.references() {
                self.travelling_file(&summary.path, &reference.target);
            }
        }
    }

    /// The files that a text refers to by relative path travel into its page's folder.
    fn travelling_files(&mut self, from: &SourcePath, prose: &Prose) {
        for reference in &prose.references {
            self.travelling_file(from, &reference.target);
        }
    }

    fn travelling_file(&mut self, from: &SourcePath, target: &str) {
        if !may_travel(target) {
            return;
        }
        if let Target::File { url, path } = target::resolve(self.site, from, target)
            && path.below("static").is_none()
        {
            let origin = Origin::new(What::File, Some(path.clone()), None);
            self.add(url, Subject::Copy(path), origin);
        }
    }

    fn taxonomies(&mut self) {
        let site = self.site;
        for taxonomy in site.taxonomies().iter().filter(|taxonomy| taxonomy.has_pages) {
            let name = &taxonomy.name;
            self.add_page(name, Subject::Terms(name.clone()));
            for term in taxonomy.terms().iter().filter(|term| term.has_page) {
                let slug = term.slug.to_string();
                let Some(url) = term_url(name, &slug) else {
                    continue;
                };
                let profile = self.site.profiles.get(&slug).filter(|_| *name == COMPANIES);
                let origin = Origin::new(What::Other, profile.map(|(path, _)| path.clone()), None);
                self.add(url.clone(), Subject::Term(name.clone(), slug.clone()), origin);
                for &(month, _) in &term.months {
                    let subject = Subject::TermMonth(name.clone(), slug.clone(), month);
                    self.add_page(&format!("{url}{month}"), subject);
                }
                if let Some((path, text)) = profile {
                    self.travelling_files(path, &text.body);
                }
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
                let Some(url) = edition_url(period) else { continue };
                let hand_made = site.hand_made.get(&period);
                let origin = Origin::new(
                    What::Other,
                    hand_made.map(|hand_made| hand_made.path.clone()),
                    None,
                );
                self.add(url, Subject::Edition(period), origin);
                if let Some(hand_made) = hand_made {
                    self.travelling_files(&hand_made.path, &hand_made.text.body);
                }
            }
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
                    let path = format!("archive/{:04}/{:02}", month.year, month.month);
                    self.add_page(&path, Subject::ArchiveMonth(month));
                }
            }
        }
        if site.config.pages.corrections {
            self.add_page("corrections", Subject::Corrections);
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
        if site.config.base_url.is_none() {
            return;
        }
        if !self.replaced("sitemap.xml") {
            self.add_file("sitemap.xml", Subject::Sitemap);
        }
        for (url, subject) in feeds(site) {
            self.add(url, Subject::Feed(subject), Origin::new(What::Other, None, None));
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
    }

    fn redirects(&mut self) {
        let site = self.site;
        for index in site.all() {
            let summary = site.summary(index);
            for (url, spot) in &site.entry(index).aliases {
                let origin = Origin::new(What::Alias, Some(summary.path.clone()), Some(*spot));
                self.add(url.clone(), Subject::Redirect(summary.url.clone()), origin);
            }
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

    fn finish(mut self) -> Plan {
        // What was planned first stays first among those at one place.
        self.claims.sort_by(|a, b| a.place.cmp(&b.place));
        let mut collisions = Vec::new();
        let mut kept: Vec<Claim> = Vec::with_capacity(self.claims.len());
        for claim in self.claims {
            match kept.last() {
                Some(first) if first.place == claim.place => {
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
        let mut pages: Vec<Planned> = kept.into_iter().map(|claim| claim.planned).collect();
        pages.sort_by(|a, b| a.url.cmp(&b.url));
        Plan { pages, collisions }
    }
}

impl Collision {
    fn diagnostic(&self, site: &Site, locate: &dyn Fn(&SourcePath, Spot) -> Diagnostic) -> Diagnostic {
        let Collision { claim, other } = self;
        let (origin, other_origin) = (&claim.origin, &other.origin);
        let (url, other_url) = (&claim.planned.url, &other.planned.url);
        let words = origin.words(site, &claim.planned);
        let other_words = other_origin.words(site, &other.planned);
        // The order of the two must not depend on the order of planning.
        let is_first = (&origin.file, &words) < (&other_origin.file, &other_words);
        let message = if url == other_url {
            let (first, second) = if is_first {
                (&words, &other_words)
            } else {
                (&other_words, &words)
            };
            format!("{first} and {second} stand at the same address `{url}`")
        } else if claim.place == other.place {
            format!("`{url}` of {words} and `{other_url}` of {other_words} are one file to some systems")
        } else {
            format!("`{other_url}` of {other_words} cannot be both a file and the folder of {words}")
        };
        let mut diagnostic = Diagnostic::new(Code::UrlCollision, message);
        let labelled = if is_first {
            [other_origin, origin]
        } else {
            [origin, other_origin]
        };
        for origin in labelled {
            match (&origin.file, origin.spot) {
                (Some(file), Some(spot)) => diagnostic.labels.extend(locate(file, spot).labels),
                (Some(file), None) => diagnostic = diagnostic.in_file(file),
                (None, _) => {}
            }
        }
        diagnostic.help(match origin.what {
            What::Alias => "take the alias out: readers of that address find the other page",
            _ => "give one of them another `slug` or name",
        })
    }
}

/// Whether a reference can mean a file that is copied. Most mean other articles, and to find out
/// which one is work that nobody needs here.
fn may_travel(target: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or(target);
    let name = path.rsplit('/').next().unwrap_or(path);
    !(name.is_empty() || path.starts_with('/') || name.ends_with(".md") || name.ends_with(".markdown"))
}

/// The feeds of a site and their addresses.
fn feeds(site: &Site) -> Vec<(Url, FeedSubject)> {
    let terms = site.taxonomies().iter().flat_map(|taxonomy| {
        let subject = |term: &Term| FeedSubject::Term(taxonomy.name.clone(), term.slug.to_string());
        taxonomy.terms().iter().map(subject)
    });
    let subjects = [FeedSubject::Site, FeedSubject::Editions, FeedSubject::Corrections]
        .into_iter()
        .chain(terms);
    subjects
        .filter_map(|subject| Some((feed::url(site, &subject)?, subject)))
        .collect()
}
