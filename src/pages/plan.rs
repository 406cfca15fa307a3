//! The plan: which files the output holds, where they stand and what each is about.
//!
//! It is made anew every build. Two files at one place are found here, before anything is rendered;
//! places are compared as the least discerning file system would, case-folded and in NFC.

use std::collections::BTreeMap;

use super::feed;
use super::subject::{FeedSubject, Planned, Subject};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::{OutputPath, SourcePath, Url};
use crate::meaning::answer::{edition_url, term_url};
use crate::meaning::edition::{self, Cadence};
use crate::meaning::question::term_months;
use crate::meaning::site::{COMPANIES, Site, Term};
use crate::meaning::target::{self, Target};
use crate::reading::article::Prose;
use crate::reading::front_matter::Spot;

/// All files of the output, sorted by address.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pages: Vec<Planned>,
    by_url: BTreeMap<Url, usize>,
}

impl Plan {
    /// The files in the order of their addresses.
    pub fn pages(&self) -> &[Planned] {
        &self.pages
    }

    /// The file at an address.
    pub fn page(&self, url: &Url) -> Option<&Planned> {
        self.by_url.get(url).map(|&index| &self.pages[index])
    }
}

/// Where a planned file comes from, for the diagnostic about two in one place.
#[derive(Clone, Debug)]
struct Origin {
    what: String,
    file: Option<SourcePath>,
    spot: Option<Spot>,
    is_alias: bool,
}

impl Origin {
    fn new(what: impl Into<String>, file: Option<SourcePath>, spot: Option<Spot>) -> Origin {
        Origin {
            what: what.into(),
            file,
            spot,
            is_alias: false,
        }
    }

    fn alias(self) -> Origin {
        Origin {
            is_alias: true,
            ..self
        }
    }
}

/// Plans the files of a site. `theme` are the files of the built-in theme that the site does not
/// replace; `locate` finds the place of a front matter value.
pub fn plan(
    site: &Site,
    theme: &[String],
    locate: &dyn Fn(&SourcePath, Spot) -> Diagnostic,
    found: &mut Diagnostics,
) -> Plan {
    let mut planner = Planner {
        site,
        locate,
        taken: BTreeMap::new(),
        found,
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
    locate: &'p dyn Fn(&SourcePath, Spot) -> Diagnostic,
    /// By folded output path.
    taken: BTreeMap<String, (Planned, Origin)>,
    found: &'p mut Diagnostics,
}

impl Planner<'_> {
    fn articles(&mut self) {
        for index in self.site.all() {
            let summary = self.site.summary(index);
            let facts = self.site.facts(index);
            let origin = Origin::new(
                format!("the article `{}`", summary.path),
                Some(summary.path.clone()),
                Some(facts.spots.slug.unwrap_or(facts.spots.title)),
            );
            self.add(
                summary.url.clone(),
                Subject::Article(summary.path.clone()),
                origin,
            );
            for reference in facts.outline.references() {
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
        if let Target::File { url, path } = target::resolve(self.site, from, target)
            && path.below("static").is_none()
        {
            let origin = Origin::new(format!("the file `{path}`"), Some(path.clone()), None);
            self.add(url, Subject::Copy(path), origin);
        }
    }

    fn taxonomies(&mut self) {
        let site = self.site;
        for taxonomy in site.taxonomies().iter().filter(|taxonomy| taxonomy.has_pages) {
            let name = &taxonomy.name;
            self.add_page(name, Subject::Terms(name.clone()), &format!("the list of {name}"));
            for term in taxonomy.terms().iter().filter(|term| term.has_page) {
                let slug = term.slug.to_string();
                let Some(url) = term_url(name, &slug) else {
                    continue;
                };
                let profile = self.site.profiles.get(&slug).filter(|_| *name == COMPANIES);
                let origin = Origin::new(
                    format!("the page of `{}`", term.name),
                    profile.map(|(path, _)| path.clone()),
                    None,
                );
                self.add(url.clone(), Subject::Term(name.clone(), slug.clone()), origin);
                for (month, _) in term_months(site, &term.articles) {
                    let subject = Subject::TermMonth(name.clone(), slug.clone(), month);
                    self.add_page(
                        &format!("{url}{month}"),
                        subject,
                        &format!("{month} of `{}`", term.name),
                    );
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
        self.add_page("editions", Subject::Editions, "the list of editions");
        for cadence in [Cadence::Daily, Cadence::Weekly] {
            for &period in edition::periods(site, cadence) {
                let Some(url) = edition_url(period) else { continue };
                let hand_made = site.hand_made.get(&period);
                let origin = Origin::new(
                    format!("the edition {period}"),
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
        self.add_page("", Subject::Front, "the front page");
        self.add_file("404.html", Subject::NotFound, "the page for missing addresses");
        if site.config.pages.archive {
            self.add_page("archive", Subject::Archive, "the archive");
            let mut last = None;
            for (day, _) in site.days() {
                let month = day.month();
                if last.replace(month) != Some(month) {
                    let path = format!("archive/{:04}/{:02}", month.year, month.month);
                    self.add_page(
                        &path,
                        Subject::ArchiveMonth(month),
                        &format!("the archive of {month}"),
                    );
                }
            }
        }
        if site.config.pages.corrections {
            self.add_page("corrections", Subject::Corrections, "the list of corrections");
        }
        for page in &site.pages {
            let origin = Origin::new(format!("the page `{}`", page.path), Some(page.path.clone()), None);
            self.add(page.url.clone(), Subject::Page(page.path.clone()), origin);
            self.travelling_files(&page.path, &page.text.body);
        }
    }

    fn feeds_and_maps(&mut self) {
        let site = self.site;
        if !self.replaced("robots.txt") {
            self.add_file("robots.txt", Subject::Robots, "the file for robots");
        }
        if site.config.base_url.is_none() {
            return;
        }
        if !self.replaced("sitemap.xml") {
            self.add_file("sitemap.xml", Subject::Sitemap, "the sitemap");
        }
        for (url, subject) in feeds(site) {
            let origin = Origin::new(format!("the feed `{url}`"), None, None);
            self.add(url, Subject::Feed(subject), origin);
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
                let origin = Origin::new(format!("the file `{path}`"), Some(path.clone()), None);
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
            self.add_file(&name, Subject::Theme(name.clone()), "a file of the theme");
        }
    }

    fn redirects(&mut self) {
        let site = self.site;
        for (url, index, spot) in &site.aliases {
            let summary = site.summary(*index);
            let origin = Origin::new(
                format!("an alias of `{}`", summary.path),
                Some(summary.path.clone()),
                Some(*spot),
            )
            .alias();
            self.add(url.clone(), Subject::Redirect(summary.url.clone()), origin);
        }
    }

    fn add_page(&mut self, path: &str, subject: Subject, what: &str) {
        if let Ok(url) = Url::page(path) {
            self.add(url, subject, Origin::new(what, None, None));
        }
    }

    fn add_file(&mut self, path: &str, subject: Subject, what: &str) {
        if let Ok(file) = OutputPath::new(path) {
            self.add(Url::file(&file), subject, Origin::new(what, None, None));
        }
    }

    fn add(&mut self, url: Url, subject: Subject, origin: Origin) {
        let key = url.output().folded();
        let planned = Planned { url, subject };
        match self.taken.get(&key) {
            // Two texts may refer to the same file.
            Some((other, _)) if other.subject == planned.subject => {}
            Some((other, other_origin)) => {
                let diagnostic = collision(&planned.url, &origin, &other.url, other_origin, self.locate);
                self.found.push(diagnostic);
            }
            None => {
                self.taken.insert(key, (planned, origin));
            }
        }
    }

    fn finish(self) -> Plan {
        // A file cannot stand where a folder must: `/a` beside `/a/index.html`.
        for (path, (planned, origin)) in &self.taken {
            let folders = path.match_indices('/').map(|(slash, _)| &path[..slash]);
            for (other, other_origin) in folders.filter_map(|folder| self.taken.get(folder)) {
                self.found.push(collision(
                    &planned.url,
                    origin,
                    &other.url,
                    other_origin,
                    self.locate,
                ));
            }
        }
        let mut pages: Vec<Planned> = self.taken.into_values().map(|(planned, _)| planned).collect();
        pages.sort_by(|a, b| a.url.cmp(&b.url));
        let by_url = pages
            .iter()
            .enumerate()
            .map(|(index, page)| (page.url.clone(), index))
            .collect();
        Plan { pages, by_url }
    }
}

fn collision(
    url: &Url,
    origin: &Origin,
    other_url: &Url,
    other: &Origin,
    locate: &dyn Fn(&SourcePath, Spot) -> Diagnostic,
) -> Diagnostic {
    // The order of the two must not depend on the order of planning.
    let (first, second) = if (&origin.file, &origin.what) < (&other.file, &other.what) {
        (origin, other)
    } else {
        (other, origin)
    };
    let message = if url == other_url {
        format!(
            "{} and {} stand at the same address `{url}`",
            first.what, second.what
        )
    } else if url.output().folded() == other_url.output().folded() {
        format!(
            "`{url}` of {} and `{other_url}` of {} are one file to some systems",
            origin.what, other.what
        )
    } else {
        format!(
            "`{other_url}` of {} cannot be both a file and the folder of {}",
            other.what, origin.what
        )
    };
    let mut diagnostic = Diagnostic::new(Code::UrlCollision, message);
    for origin in [second, first] {
        match (&origin.file, origin.spot) {
            (Some(file), Some(spot)) => diagnostic.labels.extend(locate(file, spot).labels),
            (Some(file), None) => diagnostic = diagnostic.in_file(file),
            (None, _) => {}
        }
    }
    diagnostic.help(if origin.is_alias {
        "take the alias out: readers of that address find the other page"
    } else {
        "give one of them another `slug` or name"
    })
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
