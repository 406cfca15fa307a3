//! Feeds: what a page lists, for feed readers, as RSS, as Atom and as JSON Feed, with full text and absolute
//! addresses.
//!
//! The three say the same. Their entries are made once for all of them, by whichever is rendered first.

mod atom;
mod items;
mod json;
pub mod opml;
mod rss;
mod xml;

use super::subject::FeedSubject;
use crate::ground::path::{OutputPath, Url};
use crate::meaning::site::{AUTHORS, COMPANIES, Site};
use crate::reading::config::{FeedFormat, FeedOf};

use items::{Chosen, Item};

pub use xml::Xml;

/// A feed: what it is about and who speaks.
struct Feed<'f> {
    site: &'f Site,
    title: String,
    /// One line on what it holds.
    description: String,
    /// The page that shows the same.
    page: String,
    /// Where the feed itself is, by format.
    own: [String; 3],
    items: Vec<Item>,
}

/// The formats, in the order in which they are written.
const FORMATS: [FeedFormat; 3] = [FeedFormat::Rss, FeedFormat::Atom, FeedFormat::Json];

/// The address of a feed, if the site has it.
pub fn url(site: &Site, subject: &FeedSubject, format: FeedFormat) -> Option<Url> {
    let is_on = site.config.base_url.is_some() && site.config.feeds.formats.contains(&format);
    is_on.then(|| address(site, subject, format)).flatten()
}

/// The formats of a feed that the site has, the one that most readers know first.
pub fn formats(site: &Site) -> impl Iterator<Item = FeedFormat> + '_ {
    let chosen = &site.config.feeds.formats;
    FORMATS.into_iter().filter(|format| chosen.contains(format))
}

/// The media type of a format.
///
/// Source: RFC 4287, section 7, and JSON Feed 1.1; for RSS no type is registered, and this is the one in use.
pub fn media_type(format: FeedFormat) -> &'static str {
    match format {
        FeedFormat::Rss => "application/rss+xml",
        FeedFormat::Atom => "application/atom+xml",
        FeedFormat::Json => "application/feed+json",
    }
}

fn address(site: &Site, subject: &FeedSubject, format: FeedFormat) -> Option<Url> {
    let config = &site.config;
    let has = |of: FeedOf| config.feeds.of.contains(&of);
    let folder = match subject {
        FeedSubject::Site => has(FeedOf::Site).then(String::new),
        FeedSubject::Term(taxonomy, slug) => {
            let index = site.taxonomy(taxonomy)?;
            let of = match taxonomy.as_str() {
                COMPANIES => FeedOf::Companies,
                AUTHORS => FeedOf::Authors,
                // What the site adds is like topics.
                _ => FeedOf::Topics,
            };
            let has_page = index.has_pages && index.term(slug)?.has_page;
            (has_page && has(of)).then(|| format!("{taxonomy}/{slug}/"))
        }
        FeedSubject::Editions => {
            let on = config.editions.daily || config.editions.weekly;
            (on && has(FeedOf::Editions)).then(|| "editions/".to_owned())
        }
        FeedSubject::Corrections => {
            (config.pages.corrections && has(FeedOf::Corrections)).then(|| "corrections/".to_owned())
        }
    }?;
    let name = match format {
        FeedFormat::Rss => "feed.xml",
        FeedFormat::Atom => "atom.xml",
        FeedFormat::Json => "feed.json",
    };
    let file = OutputPath::new(&format!("{folder}{name}")).ok()?;
    Some(Url::file(&file))
}

/// The title of a feed.
pub fn title(site: &Site, subject: &FeedSubject) -> String {
    let (own, wording) = (&site.config.title, &site.config.wording);
    let of = |title: &str| wording.filled("page_title", &[("title", title), ("site", own)]);
    match subject {
        FeedSubject::Site => own.clone(),
        FeedSubject::Term(taxonomy, slug) => {
            let term = site.taxonomy(taxonomy).and_then(|taxonomy| taxonomy.term(slug));
            of(term.map_or(slug.as_str(), |term| &term.name))
        }
        FeedSubject::Editions => of(wording.get("editions")),
        FeedSubject::Corrections => of(wording.get("corrections")),
    }
}

/// The bytes of a feed.
pub fn bytes(site: &Site, subject: &FeedSubject, format: FeedFormat, own: &Url) -> Vec<u8> {
    let page = page_of(own);
    // Asked for each format anew, because each is a page with a trace of its own.
    let chosen = Chosen::ask(site, subject);
    let part = match format {
        FeedFormat::Rss => 0,
        FeedFormat::Atom => 1,
        FeedFormat::Json => 2,
    };
    site.made_together(&format!("feeds of {page}"), part, || {
        let title = title(site, subject);
        let tagline = site.config.tagline.clone();
        let address = |format: FeedFormat| address(site, subject, format).map(|url| absolute(site, &url));
        let feed = Feed {
            site,
            description: tagline
                .filter(|_| *subject == FeedSubject::Site)
                .unwrap_or_else(|| title.clone()),
            title,
            page: absolute(site, &page),
            own: FORMATS.map(|format| address(format).unwrap_or_default()),
            items: chosen.items(site),
        };
        let chosen = &site.config.feeds.formats;
        let write = |format: FeedFormat| match format {
            _ if !chosen.contains(&format) => Vec::new(),
            FeedFormat::Rss => rss::write(&feed),
            FeedFormat::Atom => atom::write(&feed),
            FeedFormat::Json => json::write(&feed),
        };
        FORMATS.map(write).into()
    })
}

/// The page a feed belongs to: the folder it lies in.
fn page_of(feed: &Url) -> Url {
    let path = feed.as_str();
    let folder = path.rfind('/').map_or("", |slash| &path[..slash]);
    Url::page(folder).unwrap_or_else(|_| Url::root())
}

fn absolute(site: &Site, url: &Url) -> String {
    site.absolute(url).unwrap_or_else(|| site.href(url))
}
