//! Addresses of the writer's own computer in finished pages: what a preview shows there, no reader can.
//!
//! The pages are looked at and not the sources, because templates and settings can name such an address too.

use std::fs;
use std::path::Path;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use url::{Host, Url};

use super::shipment::Failure;
use crate::building::output::Manifest;
use crate::commands::output::counted;
use crate::reading::config::BaseUrl;

/// How an attribute begins that names the writer's own computer.
const STARTS: [&str; 10] = [
    "=\"http://localhost",
    "=\"https://localhost",
    "=\"//localhost",
    "=\"http://127.",
    "=\"https://127.",
    "=\"//127.",
    "=\"http://[::1]",
    "=\"https://[::1]",
    "=\"http://0.0.0.0",
    "=\"https://0.0.0.0",
];

/// How many pages are named.
const NAMED: usize = 5;

/// Refuses an address of the site that only this computer knows.
pub fn check_address(base_url: Option<&BaseUrl>) -> Result<(), Failure> {
    let Some(address) = base_url.map(ToString::to_string) else {
        return Ok(());
    };
    match Url::parse(&address).is_ok_and(|url| is_local(&url)) {
        true => Err(Failure::refused(format!(
            "`{address}` is an address of this computer, where no reader finds the site"
        ))
        .help("set `base_url` to the address that readers will use, in brief.yaml or for the target")),
        false => Ok(()),
    }
}

/// Refuses pages that link to this computer or load something from it.
pub fn check_pages(folder: &Path, files: &Manifest) -> Result<(), Failure> {
    let Ok(starts) = AhoCorasick::builder().ascii_case_insensitive(true).build(STARTS) else {
        // Ten short words always fit.
        return Ok(());
    };
    let pages: Vec<&str> = files
        .files()
        .map(|(path, _)| path)
        .filter(|path| path.ends_with(".html"))
        .collect();
    let local = |path: &&str| {
        // A file that cannot be read is told of where it is sent.
        let text = fs::read_to_string(folder.join(path)).ok()?;
        let found = starts
            .find_iter(&text)
            .find_map(|found| address(&text[found.start() + 2..]))?;
        Some(((*path).to_owned(), found))
    };
    let mut found: Vec<(String, String)> = pages.par_iter().filter_map(local).collect();
    found.sort();
    if found.is_empty() {
        return Ok(());
    }
    let mut failure = Failure::refused(format!(
        "{} {} to addresses of this computer, where readers find nothing",
        counted(found.len(), "page"),
        if found.len() == 1 { "leads" } else { "lead" }
    ));
    for (path, address) in found.iter().take(NAMED) {
        failure = failure.help(format!("{path} leads to {address}"));
    }
    if found.len() > NAMED {
        failure = failure.help(format!("and {} more", found.len() - NAMED));
    }
    Err(failure
        .help("write the addresses that readers have; a path of a file leads to the right one by itself"))
}

/// The address at the start of a text, if it really is one of this computer: `http://localhost.example.org/` is not.
fn address(text: &str) -> Option<String> {
    let text = &text[..text.find(['"', '<', ' ']).unwrap_or(text.len())];
    let whole = match text.starts_with("//") {
        true => format!("https:{text}"),
        false => text.to_owned(),
    };
    Url::parse(&whole).ok().filter(is_local).map(|_| text.to_owned())
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(machine)) => machine.is_loopback() || machine.is_unspecified(),
        Some(Host::Ipv6(machine)) => machine.is_loopback() || machine.is_unspecified(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::building::output::Content;
    use std::collections::BTreeMap;

    fn check(html: &str, expected: Option<&str>) {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.html"), html).expect("a file");
        let files = BTreeMap::from([("a.html".to_owned(), Content::of(html.as_bytes()))]);
        let files = Manifest::of_files(&files);
        let found = check_pages(folder.path(), &files).err();
        let named = found.and_then(|failure| failure.help.first().cloned());
        let expected = expected.map(|address| format!("a.html leads to {address}"));
        assert_eq!(named, expected, "{html}");
    }

    #[test]
    fn links_to_this_computer_are_found() {
        check(
            "<a href=\"http://localhost:1111/x/\">x</a>",
            Some("http://localhost:1111/x/"),
        );
        check(
            "<img src=\"HTTP://127.0.0.1/x.png\">",
            Some("HTTP://127.0.0.1/x.png"),
        );
        check("<script src=\"//localhost/x.js\">", Some("//localhost/x.js"));
        check("<a href=\"https://localhost.example.org/\">x</a>", None);
        check("<a href=\"https://127.example.org/\">x</a>", None);
        check("<p>open http://localhost:1111/ in a browser</p>", None);
    }

    #[test]
    fn the_address_of_a_site_is_one_that_readers_have() {
        let check = |text: &str, is_fine: bool| {
            let address = BaseUrl::parse(text).expect("an address");
            assert_eq!(check_address(Some(&address)).is_ok(), is_fine, "{text}");
        };
        check("https://example.org/", true);
        check("http://intranet/briefing/", true);
        check("http://10.0.0.7/", true);
        check("http://localhost:1111/", false);
        check("http://127.0.0.1/", false);
        check("http://[::1]/", false);
        assert!(check_address(None).is_ok());
    }
}
