//! Parts: into how many files sitemaps are divided, and where these stand.

use crate::ground::path::{OutputPath, Url};
use crate::meaning::site::Site;

/// The most addresses in one sitemap.
const MAX_ADDRESSES: usize = 50_000;

/// How many addresses a part has about. Parts are told apart by a hash, so that a new page is added to one
/// of them and leaves the others as they are; some are a little larger than this.
const PART: usize = 40_000;

/// The most articles in one sitemap of news.
pub const MAX_NEWS: usize = 1000;

/// In how many parts the sitemap of a site with so many files lies; 0 for one that is whole.
pub fn parts(files: usize) -> u16 {
    if files <= MAX_ADDRESSES {
        return 0;
    }
    u16::try_from(files.div_ceil(PART)).unwrap_or(u16::MAX)
}

/// The address of a part.
pub fn part_url(part: u16) -> Option<Url> {
    file(&format!("sitemap-{}.xml", part + 1))
}

/// In how many parts the news lie; 0 where they are whole.
pub fn news_parts(site: &Site) -> u16 {
    let count = site.news().count();
    if count <= MAX_NEWS {
        return 0;
    }
    u16::try_from(count.div_ceil(MAX_NEWS)).unwrap_or(u16::MAX)
}

/// The address of the news: of all, or from 1 on of a part.
pub fn news_url(part: u16) -> Option<Url> {
    match part {
        0 => file("news-sitemap.xml"),
        part => file(&format!("news-sitemap-{part}.xml")),
    }
}

fn file(name: &str) -> Option<Url> {
    OutputPath::new(name).ok().map(|path| Url::file(&path))
}
