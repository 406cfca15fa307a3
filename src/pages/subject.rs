//! What a file of the output is about.

use crate::ground::date::{Month, Period};
use crate::ground::path::{OutputPath, SourcePath, Url};

/// What a file of the output is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The newest day's briefing.
    Front,
    /// One article.
    Article(SourcePath),
    /// A page that leads to another address.
    Redirect(Url),
    /// All terms of a taxonomy.
    Terms(String),
    /// One term: taxonomy and slug.
    Term(String, String),
    /// One month of a term: taxonomy, slug and month.
    TermMonth(String, String, Month),
    /// All editions.
    Editions,
    /// One edition.
    Edition(Period),
    /// The calendar.
    Archive,
    /// One month of the calendar.
    ArchiveMonth(Month),
    /// All corrections.
    Corrections,
    /// What hosts answer where there is no page.
    NotFound,
    /// A plain page.
    Page(SourcePath),
    /// A feed.
    Feed(FeedSubject),
    /// The addresses of all pages for search engines.
    Sitemap,
    /// What robots may read.
    Robots,
    /// A file of the site, copied.
    Copy(SourcePath),
    /// A file of the built-in theme, by its path below static/.
    Theme(String),
}

/// What a feed is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedSubject {
    /// All articles.
    Site,
    /// The articles of a term: taxonomy and slug.
    Term(String, String),
    /// The editions.
    Editions,
    /// The corrections.
    Corrections,
}

/// One file of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its address.
    pub url: Url,
    /// What it is about.
    pub subject: Subject,
}

impl Planned {
    /// The file.
    pub fn output(&self) -> OutputPath {
        self.url.output()
    }
}
