//! Addresses of the writer's own computer in finished files: what a preview shows there, no reader can.
//!
//! The files are looked at and not the sources, because templates and settings can name such an address too. In a
//! page only what stands within a tag counts: a text may well speak of `http://localhost/`.

use std::fs;
use std::path::Path;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use url::{Host, Url};

use super::shipment::Failure;
use crate::building::output::Manifest;
use crate::commands::output::counted;
use crate::reading::config::BaseUrl;

/// What stands in every such address, whatever is in front of it.
const NAMES: [&str; 4] = ["localhost", "//127.", "//[::", "//0.0.0.0"];

/// Files that name what a browser or a reader of feeds loads, and whether they have tags.
const KINDS: [(&str, bool); 7] = [
    (".html", true),
    (".htm", true),
    (".xml", true),
    (".svg", true),
    (".opml", true),
    (".css", false),
    (".webmanifest", false),
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

/// Refuses files that link to this computer or load something from it.
pub fn check_pages(folder: &Path, files: &Manifest) -> Result<(), Failure> {
    let Ok(names) = AhoCorasick::builder().ascii_case_insensitive(true).build(NAMES) else {
        // Four short words always fit.
        return Ok(());
    };
    let kind = |path: &str| {
        KINDS
            .iter()
            .find(|(end, _)| path.ends_with(end))
            .map(|(_, tags)| *tags)
    };
    let looked_at: Vec<(&str, bool)> = files
        .files()
        .filter_map(|(path, _)| Some((path, kind(path)?)))
        .collect();
    let local = |(path, has_tags): &(&str, bool)| {
        // A file that cannot be read is told of where it is sent.
        let bytes = fs::read(folder.join(path)).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let is_meant = |at: usize| !has_tags || is_in_tag(&text, at);
        let found = names.find_iter(&*text).filter(|found| is_meant(found.start()));
        let found = found.filter_map(|found| address(&text, found.start())).next()?;
        Some(((*path).to_owned(), found))
    };
    let mut found: Vec<(String, String)> = looked_at.par_iter().filter_map(local).collect();
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

/// Whether a place lies within a tag: the last angle bracket in front of it opens one.
fn is_in_tag(text: &str, at: usize) -> bool {
    text[..at]
        .rfind(['<', '>'])
        .is_some_and(|bracket| text[bracket..].starts_with('<'))
}

/// The address around a place, if it really is one of this computer: `http://localhost.example.org/` is not, and
/// neither is the word in a sentence.
fn address(text: &str, at: usize) -> Option<String> {
    let is_end =
        |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>' | '(' | ')' | ',');
    let start = text[..at].rfind(is_end);
    let start = start.map_or(0, |end| {
        end + text[end..].chars().next().map_or(1, char::len_utf8)
    });
    let end = text[at..].find(is_end).map_or(text.len(), |end| at + end);
    let found = &text[start..end];
    // An attribute may do without quotes. In an address a `=` stands further behind.
    let found = match found.split_once('=') {
        Some((name, value))
            if name
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || byte == b'-') =>
        {
            value
        }
        _ => found,
    };
    let whole = match found.starts_with("//") {
        true => format!("https:{found}"),
        false => found.to_owned(),
    };
    let is_web = whole
        .get(..4)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
    let url = Url::parse(&whole).ok().filter(|_| is_web)?;
    is_local(&url).then(|| found.to_owned())
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
        check(
            "<a href='http://localhost:1111/x'>x</a>",
            Some("http://localhost:1111/x"),
        );
        check(
            "<a href=http://localhost:1111/>x</a>",
            Some("http://localhost:1111/"),
        );
        check(
            "<a href=\"http://dev.localhost/\">x</a>",
            Some("http://dev.localhost/"),
        );
        check(
            "<img srcset=\"/a.png 1x, //0.0.0.0/b.png 2x\">",
            Some("//0.0.0.0/b.png"),
        );
        check("<a href=\"http://[::1]/\">x</a>", Some("http://[::1]/"));
        check("<a href=\"/localhost/\" title=\"localhost\">x</a>", None);
        check(
            "<a href=\"https://example.org/?to=http://localhost/\">x</a>",
            None,
        );
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
