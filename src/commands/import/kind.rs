//! What a source is: a text, a page, a feed, or the site of another generator. Its bytes tell, not its name.

use std::path::Path;

use super::foreign::{self, Origin};
use super::{feed, page};

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text that somebody pasted or scraped.
    Text,
    /// A saved web page.
    Page,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// The folder of a generator's site, or its export.
    Site(Origin),
}

impl Kind {
    /// All of them.
    pub fn all() -> Vec<Kind> {
        let sites = Origin::ALL.into_iter().map(Kind::Site);
        [Kind::Text, Kind::Page, Kind::Feed]
            .into_iter()
            .chain(sites)
            .collect()
    }

    /// The name as in `--from`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Page => "page",
            Kind::Feed => "feed",
            Kind::Site(origin) => origin.name(),
        }
    }

    /// The kind of a file or folder, as far as that tells without reading all of it: only sites of generators and
    /// their exports do.
    pub fn of_place(place: &Path) -> Option<Kind> {
        foreign::detect(place).map(Kind::Site)
    }

    /// The kind of what holds one or more texts.
    pub fn of_bytes(bytes: &[u8]) -> Kind {
        if feed::is_feed(bytes) {
            Kind::Feed
        } else if page::is_page(bytes) {
            Kind::Page
        } else {
            Kind::Text
        }
    }
}
