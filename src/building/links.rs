//! Links: every reference in the sources leads somewhere, checked once all pages are planned.
//!
//! The caret stands in the source, where the link can be mended, not in the HTML it became.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::nearest::Nearest;
use crate::ground::path::{SourcePath, Url, decode_path};
use crate::meaning::site::{ArticleIndex, Reason, Site};
use crate::meaning::target::{Missing, Target, resolve};
use crate::pages::plan::Plan;
use crate::reading::article::{Place, Prose, Reference};
use crate::reading::markdown::ReferenceKind;
use crate::reading::yaml::nearest;

/// Finds the place of something in a source file, as a diagnostic that carries only the place.
pub type Locate<'l> = &'l dyn Fn(&SourcePath, Place) -> Diagnostic;

/// Checks all references of a site.
pub fn check(site: &Site, plan: &Plan, locate: Locate<'_>, found: &mut Diagnostics) {
    let mut suggestions = Suggestions::default();
    check_articles(site, plan, locate, site.all(), &mut suggestions, found);
    check_others(site, plan, locate, &mut suggestions, found);
}

/// Checks the references of some articles.
pub fn check_articles(
    site: &Site,
    plan: &Plan,
    locate: Locate<'_>,
    articles: Range<ArticleIndex>,
    suggestions: &mut Suggestions,
    found: &mut Diagnostics,
) {
    let mut checker = Checker::new(site, plan, locate, suggestions, found);
    for index in articles {
        let path = &site.summary(index).path;
        for reference in site.entry(index).outline.references() {
            checker.reference(path, &reference);
        }
    }
}

/// Checks the references of all texts that are no articles.
pub fn check_others(
    site: &Site,
    plan: &Plan,
    locate: Locate<'_>,
    suggestions: &mut Suggestions,
    found: &mut Diagnostics,
) {
    let mut checker = Checker::new(site, plan, locate, suggestions, found);
    for page in &site.pages {
        checker.prose(&page.path, &page.text.body);
    }
    for edition in site.hand_made.values() {
        checker.prose(&edition.path, &edition.text.body);
        let notes = edition.entries.iter().filter_map(|entry| entry.note.as_ref());
        for text in notes.chain(&edition.summary) {
            checker.prose(&edition.path, &Prose::of_value(text, site.config.markdown).0);
        }
    }
    for (path, text) in site.profiles.values() {
        checker.prose(path, &text.body);
    }
}

/// How many more times the whole site is searched for a name that was meant. Each search costs a look
/// at every file of the site, and nobody mends more in one go.
#[derive(Clone, Copy, Debug)]
pub struct Suggestions(usize);

impl Default for Suggestions {
    fn default() -> Suggestions {
        Suggestions(100)
    }
}

/// The ids in each text but the articles that a link can point to.
fn anchors(site: &Site) -> BTreeMap<&SourcePath, &[String]> {
    let pages = site
        .pages
        .iter()
        .map(|page| (&page.path, page.text.anchors.as_slice()));
    let editions = site
        .hand_made
        .values()
        .map(|edition| (&edition.path, edition.text.anchors.as_slice()));
    let profiles = site
        .profiles
        .values()
        .map(|(path, text)| (path, text.anchors.as_slice()));
    pages.chain(editions).chain(profiles).collect()
}

struct Checker<'c> {
    site: &'c Site,
    plan: &'c Plan,
    locate: Locate<'c>,
    anchors: BTreeMap<&'c SourcePath, &'c [String]>,
    suggestions: &'c mut Suggestions,
    found: &'c mut Diagnostics,
}

impl<'c> Checker<'c> {
    fn new(
        site: &'c Site,
        plan: &'c Plan,
        locate: Locate<'c>,
        suggestions: &'c mut Suggestions,
        found: &'c mut Diagnostics,
    ) -> Checker<'c> {
        Checker {
            site,
            plan,
            locate,
            anchors: anchors(site),
            suggestions,
            found,
        }
    }

    fn prose(&mut self, path: &SourcePath, prose: &Prose) {
        for reference in &prose.references {
            self.reference(path, reference);
        }
    }

    fn reference(&mut self, path: &SourcePath, reference: &Reference) {
        match resolve(self.site, path, &reference.target) {
            Target::File { .. } => {}
            Target::Page {
                path: to,
                fragment: Some(fragment),
                ..
            } => self.anchor(path, reference, &to, fragment),
            Target::Page { .. } if reference.kind == ReferenceKind::Image => {
                self.report(
                    path,
                    reference,
                    "an image cannot be a page",
                    "give the path of a picture",
                );
            }
            Target::Page { .. } => {}
            Target::Fragment("" | "top") => {}
            Target::Fragment(fragment) => self.anchor(path, reference, path, fragment),
            Target::Address { url, .. } => self.address(path, reference, &url),
            Target::Missing(missing) => self.missing(path, reference, &missing),
        }
    }

    fn anchor(&mut self, path: &SourcePath, reference: &Reference, to: &SourcePath, fragment: &str) {
        let known: Cow<'_, [String]> = match (self.site.article(to), self.anchors.get(to)) {
            (Some(index), _) => self.site.entry(index).outline.anchors().into(),
            (None, Some(known)) => (*known).into(),
            (None, None) => return,
        };
        let wanted = decode_path(fragment).unwrap_or_else(|| fragment.to_owned());
        if fragment.is_empty() || known.contains(&wanted) {
            return;
        }
        let nearest = nearest(&wanted, known.iter().map(String::as_str));
        let help = match nearest {
            Some(nearest) => format!("did you mean `#{nearest}`?"),
            None if known.is_empty() => format!("`{to}` has no headings"),
            None => format!(
                "`{to}` has {}",
                known
                    .iter()
                    .take(8)
                    .map(|id| format!("`#{id}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        };
        let mut diagnostic = (self.locate)(path, reference.place);
        diagnostic.message = format!("there is no heading `#{wanted}` in `{to}`");
        diagnostic.code = Code::BrokenAnchor;
        diagnostic.severity = Code::BrokenAnchor.default_severity();
        self.found.push(diagnostic.help(help));
    }

    fn address(&mut self, path: &SourcePath, reference: &Reference, url: &Url) {
        if self.plan.page(url).is_some() {
            return;
        }
        // `/about` leads to `/about/` on every host.
        let folder = Url::page(url.as_str().trim_end_matches('/')).ok();
        if !url.as_str().ends_with('/') && folder.is_some_and(|folder| self.plan.page(&folder).is_some()) {
            return;
        }
        let message = format!("no page stands at `{url}`");
        let known = self.plan.pages().map(|page| page.url.as_str());
        let known = known.filter(|known| known.len() < 80);
        let nearest = self.may_search().then(|| nearest(url.as_str(), known)).flatten();
        let help = match nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "link to the source file instead: `../articles/name.md`".to_owned(),
        };
        self.report(path, reference, &message, &help);
    }

    fn missing(&mut self, path: &SourcePath, reference: &Reference, missing: &Missing) {
        let target = &reference.target;
        match missing {
            // The file's own problems have been reported.
            Missing::Failed => {}
            Missing::Outside => {
                self.report(
                    path,
                    reference,
                    &format!("`{target}` leads out of the site folder"),
                    "copy the file into the site folder",
                );
            }
            Missing::NoPage => {
                self.report(
                    path,
                    reference,
                    &format!("`{target}` has no page of its own"),
                    "link to a page or an article",
                );
            }
            Missing::Held => {
                let held = self.held(path, target);
                let message = format!("`{target}` is not published yet{held}");
                self.report(
                    path,
                    reference,
                    &message,
                    "publish that article first, or take the link out",
                );
            }
            Missing::NoFile => {
                let what = if reference.kind == ReferenceKind::Image {
                    "picture"
                } else {
                    "file"
                };
                let message = format!("there is no {what} `{target}`");
                let help = self.nearest_file(path, target).unwrap_or_else(|| {
                    "paths are relative to the file they are written in, and capitals count".to_owned()
                });
                self.report(path, reference, &message, &help);
            }
        }
    }

    fn held(&self, path: &SourcePath, target: &str) -> String {
        let file = target.split(['#', '?']).next().unwrap_or(target);
        let held = path
            .relative(file)
            .and_then(|path| self.site.held.get(self.site.file(&path)?));
        match held.map(|held| held.reason) {
            Some(Reason::Draft) => ": it is a draft".to_owned(),
            Some(Reason::Until(moment)) => format!(": it is held until {}", moment.w3c()),
            Some(Reason::Expired(moment)) => format!(" any more: it expired on {}", moment.w3c()),
            None => String::new(),
        }
    }

    /// The path, as a link would be written, of a file with the same or nearly the same name.
    fn nearest_file(&mut self, path: &SourcePath, target: &str) -> Option<String> {
        if !self.may_search() {
            return None;
        }
        let wanted = target
            .split(['#', '?'])
            .next()?
            .rsplit('/')
            .next()?
            .to_lowercase();
        let articles = self.site.all().map(|index| &self.site.summary(index).path);
        let files = articles
            .chain(self.site.pages.iter().map(|page| &page.path))
            .chain(self.site.assets.keys());
        let nearest = Nearest::to(&wanted);
        let mut best: Option<(usize, &SourcePath)> = None;
        let most = (wanted.chars().count() / 4).max(1);
        for file in files {
            let limit = best.map_or(most, |(distance, _)| distance);
            let name = file.file_name().to_lowercase();
            if let Some(distance) = nearest.distance(&name, limit) {
                let found = Some((distance, file));
                best = best.into_iter().chain(found).min();
            }
        }
        let best = best?;
        Some(format!("did you mean `{}`?", path.path_to(best.1)))
    }

    /// Whether the site may be searched once more for what was meant.
    fn may_search(&mut self) -> bool {
        self.suggestions.0 = self.suggestions.0.saturating_sub(1);
        self.suggestions.0 > 0
    }

    fn report(&mut self, path: &SourcePath, reference: &Reference, message: &str, help: &str) {
        let mut diagnostic = (self.locate)(path, reference.place);
        diagnostic.message = message.to_owned();
        diagnostic.code = Code::BrokenLink;
        diagnostic.severity = Code::BrokenLink.default_severity();
        self.found.push(diagnostic.help(help));
    }
}
