//! What a file of the output is about.

use crate::ground::date::{Month, Period};
use crate::ground::encoding::encoded;
use crate::ground::path::{OutputPath, SourcePath, Url};
use crate::meaning::card::Card;
use crate::meaning::rendition::Rendition;
use crate::meaning::segment::Segment;
use crate::reading::config::FeedFormat;

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
    /// Two companies that articles name together, by slug.
    Pair(String, String),
    /// The map of companies.
    Map,
    /// All editions.
    Editions,
    /// One edition.
    Edition(Period),
    /// One edition, as the e-mail it is sent as.
    Mail(Period),
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
    /// A feed, in a format.
    Feed(FeedSubject, FeedFormat),
    /// The list of all feeds.
    Opml,
    /// The addresses of all pages for search engines.
    Sitemap,
    /// One part of these addresses, and how many parts there are.
    SitemapPart(u16, u16),
    /// The articles of the last two days, for search engines of news; a part of them where they are many.
    News(u16),
    /// What robots may read.
    Robots,
    /// A file of the site, copied.
    Copy(SourcePath),
    /// A picture of the site in another size or format.
    Rendition(SourcePath, Rendition),
    /// A file of the built-in theme, by its path below static/.
    Theme(String),
    /// The page of the search.
    Search,
    /// A file of the search's index.
    SearchFile(SearchFile),
    /// A picture that stands for pages where links to them are shown.
    Card(Card),
    /// A file that tells hosts how to serve the site.
    Host(HostFile),
}

/// A file that hosts read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostFile {
    /// Headers by path: `_headers`.
    Headers,
    /// Where old addresses lead: `_redirects`.
    Redirects,
    /// That the files are not sources of Jekyll: `.nojekyll`.
    NoJekyll,
    /// Both, for the configuration of nginx: `_nginx.conf`.
    Nginx,
    /// Both, for the configuration of Caddy: `_caddy.conf`.
    Caddy,
    /// The domain of the site, for GitHub Pages that are published from a branch: `CNAME`.
    Cname,
}

impl HostFile {
    /// Those of every site.
    pub const USUAL: [HostFile; 3] = [HostFile::Headers, HostFile::Redirects, HostFile::NoJekyll];

    /// The name by which hosts look for it.
    pub fn name(self) -> &'static str {
        match self {
            HostFile::Headers => "_headers",
            HostFile::Redirects => "_redirects",
            HostFile::NoJekyll => ".nojekyll",
            HostFile::Nginx => "_nginx.conf",
            HostFile::Caddy => "_caddy.conf",
            HostFile::Cname => "CNAME",
        }
    }
}

/// A file of the search's index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchFile {
    /// The days that have articles, and how many each.
    Days,
    /// A part of the words of headlines and names.
    Titles(u16),
    /// A part of the words of a segment's texts.
    Texts(Segment, u16),
    /// What results show of the articles of a block of a segment.
    Records(Segment, u16),
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

encoded!(enum SearchFile {
    0 => Titles(part),
    1 => Texts(segment, part),
    2 => Records(segment, block),
    3 => Days,
});
encoded!(enum HostFile {
    0 => Headers,
    1 => Redirects,
    2 => NoJekyll,
    3 => Nginx,
    4 => Caddy,
    5 => Cname,
});
encoded!(enum Subject {
    0 => Front,
    1 => Article(path),
    2 => Redirect(to),
    3 => Terms(taxonomy),
    4 => Term(taxonomy, slug),
    5 => TermMonth(taxonomy, slug, month),
    6 => Editions,
    7 => Edition(period),
    8 => Archive,
    9 => ArchiveMonth(month),
    10 => Corrections,
    11 => NotFound,
    12 => Page(path),
    13 => Feed(subject, format),
    14 => Sitemap,
    15 => Robots,
    16 => Copy(path),
    17 => Theme(name),
    18 => Pair(first, second),
    19 => Map,
    20 => Rendition(path, rendition),
    21 => Search,
    22 => SearchFile(file),
    30 => Opml,
    31 => SitemapPart(part, parts),
    32 => News(part),
    40 => Host(file),
    60 => Card(card),
    70 => Mail(period),
});
encoded!(enum FeedSubject { 0 => Site, 1 => Term(taxonomy, slug), 2 => Editions, 3 => Corrections });

/// One file of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its address.
    pub url: Url,
    /// What it is about.
    pub subject: Subject,
}

impl Planned {
    /// The source file that it is about, if it is about one.
    pub fn own_path(&self) -> Option<&SourcePath> {
        match &self.subject {
            Subject::Article(path) | Subject::Page(path) => Some(path),
            _ => None,
        }
    }

    /// The file.
    pub fn output(&self) -> OutputPath {
        self.url.output()
    }
}
