//! Claims: what wants to stand where, and what is said when two want the same place.

use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::path::SourcePath;
use crate::meaning::site::{COMPANIES, Site};
use crate::pages::subject::{Planned, Subject};
use crate::reading::front_matter::Spot;

/// A file that something claims for its own.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The file, as the least discerning system would name it.
    pub place: String,
    /// The file and what it is about.
    pub planned: Planned,
    /// Where it comes from.
    pub origin: Origin,
}

/// Two claims that cannot both be met.
#[derive(Clone, Debug)]
pub struct Collision {
    /// The one that came later.
    pub claim: Claim,
    /// The one that was there first.
    pub other: Claim,
}

/// Where a planned file comes from, for the diagnostic about two in one place.
#[derive(Clone, Debug)]
pub struct Origin {
    what: What,
    file: Option<SourcePath>,
    spot: Option<Spot>,
}

/// What a planned file is, in words only when they are needed.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// An article.
    Article,
    /// An old address of one.
    Alias,
    /// A file that is copied.
    File,
    /// A plain page.
    Page,
    /// Anything else; its subject tells.
    Other,
}

impl Origin {
    /// What claims a file, its source, and the place there that says so.
    pub fn new(what: What, file: Option<SourcePath>, spot: Option<Spot>) -> Origin {
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
            (What::File, Subject::Rendition(..)) => format!("another size of `{file}`"),
            (What::File, _) => format!("the file `{file}`"),
            (What::Page, _) => format!("the page `{file}`"),
            (What::Other, Subject::Terms(taxonomy)) => format!("the list of {taxonomy}"),
            (What::Other, Subject::Term(taxonomy, slug)) => format!("the page of `{}`", name(taxonomy, slug)),
            (What::Other, Subject::TermMonth(taxonomy, slug, month)) => {
                format!("{month} of `{}`", name(taxonomy, slug))
            }
            (What::Other, Subject::Pair(first, second)) => {
                let name = |slug: &str| name(COMPANIES, slug);
                format!("the page of `{}` and `{}`", name(first), name(second))
            }
            (What::Other, Subject::Map) => "the map of companies".to_owned(),
            (What::Other, Subject::Editions) => "the list of editions".to_owned(),
            (What::Other, Subject::Edition(period)) => format!("the edition {period}"),
            (What::Other, Subject::Mail(period)) => format!("the e-mail of {period}"),
            (What::Other, Subject::Front) => "the front page".to_owned(),
            (What::Other, Subject::NotFound) => "the page for missing addresses".to_owned(),
            (What::Other, Subject::Archive) => "the archive".to_owned(),
            (What::Other, Subject::ArchiveMonth(month)) => format!("the archive of {month}"),
            (What::Other, Subject::Corrections) => "the list of corrections".to_owned(),
            (What::Other, Subject::Robots) => "the file for robots".to_owned(),
            (What::Other, Subject::Sitemap) => "the sitemap".to_owned(),
            (What::Other, Subject::Card(_)) => "a card for link previews".to_owned(),
            (What::Other, Subject::Theme(_)) => "a file of the theme".to_owned(),
            (What::Other, _) => format!("`{}`", planned.url),
        }
    }
}

impl Collision {
    /// The diagnostic about the two. `locate` finds the place of a front matter value.
    pub fn diagnostic(&self, site: &Site, locate: &dyn Fn(&SourcePath, Spot) -> Diagnostic) -> Diagnostic {
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
