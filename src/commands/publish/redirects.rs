//! Where pages at old addresses lead: read from the pages themselves, so that a build which had nothing to do need
//! not plan the site for it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use crate::building::output::Manifest;

/// The largest page that is looked into: two addresses of the longest kind, and the few words around them. Pages of
/// the theme are larger, and are not read.
const LARGEST: u64 = 8 << 10;

/// How the element begins that leads on, as `pages::page` writes it.
const LEADS_ON: &str = "<meta http-equiv=\"refresh\" content=\"0; url=";

/// The files that lead on, and where to.
pub fn of(folder: &Path, files: &Manifest) -> BTreeMap<String, String> {
    let small: Vec<&str> = files
        .files()
        .filter(|(path, content)| path.ends_with(".html") && content.size <= LARGEST)
        .map(|(path, _)| path)
        .collect();
    let read = |path: &&str| {
        let page = fs::read_to_string(folder.join(path)).ok()?;
        Some(((*path).to_owned(), destination(&page)?))
    };
    small.par_iter().filter_map(read).collect()
}

/// Where a page leads on to at once.
fn destination(page: &str) -> Option<String> {
    let from = page.find(LEADS_ON)? + LEADS_ON.len();
    let address = &page[from..];
    let address = &address[..address.find('"')?];
    // What `ground::text` escapes in attributes.
    let address = address
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let is_address =
        address.starts_with('/') || address.starts_with("https://") || address.starts_with("http://");
    is_address.then_some(address)
}
