//! What a hostile site becomes, in every channel: that each file is sound by the rules of its format, and that no
//! text is anything but a text.
//!
//! For other validators the site can be left in a folder:
//!
//! ```sh
//! BRIEF_KEEP=/tmp/hostile cargo test --test channels -- --ignored
//! ```

#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

mod hostile;
mod scan;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use brief::building::pipeline::{Clock, Options, build_in_memory};
use brief::ground::path::decode_path;
use brief::ground::world::MemoryWorld;
use brief::reading::config::BaseUrl;
use quick_xml::Reader;
use quick_xml::events::Event;
use scan::Tag;
use serde_json::Value;

/// The site at the root of a host and below a path.
const BASES: [&str; 2] = ["https://example.org/", "https://example.org/news/brief/"];

fn build(base: &str) -> BTreeMap<String, String> {
    let now = "2025-02-01T12:00:00Z".parse().expect("an instant");
    let mut world = MemoryWorld::new(now);
    for (path, text) in hostile::files() {
        world.write(&path, text);
    }
    let options = Options {
        base_url: Some(BaseUrl::parse(base).expect("an address")),
        clock: Clock::At(now),
        ..Options::default()
    };
    let (files, found) = build_in_memory(&world, &options);
    let files = files.unwrap_or_else(|| panic!("{found:?}"));
    let is_text = |path: &str| !path.ends_with(".png");
    files
        .into_iter()
        .map(|(path, bytes)| (path.to_string(), bytes))
        .filter(|(path, _)| is_text(path))
        .map(|(path, bytes)| (path, String::from_utf8(bytes).expect("UTF-8")))
        .collect()
}

fn of_kind<'f>(
    files: &'f BTreeMap<String, String>,
    ending: &str,
) -> impl Iterator<Item = (&'f String, &'f String)> {
    files.iter().filter(move |(path, _)| path.ends_with(ending))
}

/// Whether a character may stand in XML, and is no control character that HTML forbids.
fn is_sound(character: char) -> bool {
    match character {
        '\n' | '\t' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        other => !other.is_control(),
    }
}

#[test]
#[ignore = "writes the site into a folder, for other validators"]
fn the_site_in_a_folder() {
    #[expect(clippy::disallowed_methods, reason = "a person names the folder")]
    let folder = std::env::var_os("BRIEF_KEEP").expect("BRIEF_KEEP names a folder");
    for (path, text) in hostile::files() {
        support::write(&Path::new(&folder).join(path), text);
    }
}

#[test]
fn no_file_holds_a_control_character() {
    let files = build(BASES[0]);
    assert!(files.len() > 300, "{}", files.len());
    for (path, text) in &files {
        let bad = text.chars().position(|character| !is_sound(character));
        let around = bad.map(|at| {
            text.chars()
                .skip(at.saturating_sub(20))
                .take(40)
                .collect::<String>()
        });
        assert_eq!(around, None, "{path}");
    }
}

#[test]
fn everything_in_xml_is_well_formed() {
    for base in BASES {
        let files = build(base);
        let mut count = 0;
        for (path, text) in of_kind(&files, ".xml").chain(of_kind(&files, ".opml")) {
            count += 1;
            let mut reader = Reader::from_str(text);
            let mut depth = 0;
            loop {
                match reader
                    .read_event()
                    .unwrap_or_else(|error| panic!("{path}: {error}"))
                {
                    Event::Start(start) => {
                        depth += 1;
                        for attribute in start.attributes() {
                            let attribute = attribute.unwrap_or_else(|error| panic!("{path}: {error}"));
                            assert!(!attribute.value.contains('<'), "{path}");
                        }
                    }
                    Event::End(_) => depth -= 1,
                    Event::GeneralRef(reference) => {
                        let entity = format!("&{};", &*reference);
                        let text = quick_xml::escape::unescape(&entity);
                        let text = text.unwrap_or_else(|error| panic!("{path}: {error}"));
                        assert!(text.chars().all(is_sound), "{path}: {entity}");
                    }
                    Event::Eof => break,
                    _ => {}
                }
            }
            assert_eq!(depth, 0, "{path}");
        }
        assert!(count > 100, "{count}");
    }
}

#[test]
fn feeds_name_their_entries_once_and_by_addresses_that_work_anywhere() {
    let files = build(BASES[1]);
    for (path, text) in of_kind(&files, "feed.json") {
        let feed: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let items = feed["items"].as_array().expect("a list");
        let ids: BTreeSet<&str> = items.iter().filter_map(|item| item["id"].as_str()).collect();
        assert_eq!(ids.len(), items.len(), "{path}");
        for item in items {
            for key in ["url", "external_url", "image"] {
                let address = item[key].as_str().unwrap_or("https://");
                assert!(address.starts_with("https://"), "{path}: {address}");
                assert!(
                    !address.contains(['"', '<', '>', ' ', '\\', '^', '`', '{', '|', '}']),
                    "{path}: {address}"
                );
            }
            let date = item["date_published"].as_str().expect("a date");
            assert!(date.parse::<jiff::Timestamp>().is_ok(), "{path}: {date}");
            for tag in scan::tags(item["content_html"].as_str().unwrap_or_default()) {
                check_tag(&tag, path);
                for name in ["href", "src"] {
                    let address = tag.attribute(name).unwrap_or("https:");
                    let is_absolute = ["https:", "http:", "mailto:", "#"];
                    assert!(
                        is_absolute.iter().any(|start| address.starts_with(start)),
                        "{path}: {address}"
                    );
                }
            }
        }
    }
}

/// A tag does nothing by itself and leads to no script.
fn check_tag(tag: &Tag<'_>, path: &str) {
    for (name, value) in &tag.attributes {
        assert!(!name.starts_with("on"), "{path}: {tag:?}");
        if ["href", "src", "action", "srcset", "content"].contains(&name.as_str()) {
            let value = value.trim().to_lowercase();
            for scheme in ["javascript:", "vbscript:", "data:"] {
                let is_text = *name == "content" && !value.contains("url=");
                assert!(is_text || !value.starts_with(scheme), "{path}: {tag:?}");
            }
        }
    }
}

#[test]
fn pages_hold_no_markup_but_their_own() {
    const NEVER: [&str; 6] = ["iframe", "object", "embed", "base", "textarea", "noembed"];
    for base in BASES {
        let files = build(base);
        for (path, text) in of_kind(&files, ".html") {
            for tag in scan::tags(text) {
                check_tag(&tag, path);
                assert!(!NEVER.contains(&tag.name.as_str()), "{path}: {tag:?}");
                if tag.name == "script" {
                    let kind = tag.attribute("type").unwrap_or_default();
                    let is_data = ["application/ld+json", "application/json"].contains(&kind);
                    let is_search = tag
                        .attribute("src")
                        .is_some_and(|src| src.contains("brief-search."));
                    assert!(is_data || is_search, "{path}: {tag:?}");
                }
                let address = tag.attribute("href").or(tag.attribute("src"));
                // The token for which whoever sends a newsletter writes an address.
                if let Some(address) = address.filter(|address| *address != "{{unsubscribe}}") {
                    assert!(
                        !address.contains(['"', '<', '>', ' ', '\\', '^', '`', '{', '|', '}']),
                        "{path}: {address}"
                    );
                    let lone = address.match_indices('%').any(|(at, _)| {
                        let digits = address.as_bytes().get(at + 1..at + 3);
                        !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
                    });
                    assert!(!lone, "{path}: {address}");
                }
            }
        }
    }
}

#[test]
fn structured_data_is_data() {
    let files = build(BASES[0]);
    let mut count = 0;
    for (path, text) in of_kind(&files, ".html") {
        let mut rest = text.as_str();
        while let Some((_, behind)) = rest.split_once("<script type=\"application/ld+json\">") {
            let (data, behind) = behind.split_once("</script>").expect("an end");
            assert!(!data.contains('<'), "{path}");
            let data: Value = serde_json::from_str(data).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert!(data["@graph"].is_array(), "{path}");
            count += 1;
            rest = behind;
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn links_within_the_site_lead_to_its_files_and_to_each_of_its_pages() {
    for base in BASES {
        let files = build(base);
        let root = base.trim_start_matches("https://example.org");
        let mut reached = BTreeSet::new();
        for (path, text) in of_kind(&files, ".html") {
            for tag in scan::tags(text) {
                let address = tag.attribute("href").or(tag.attribute("src")).unwrap_or_default();
                let address = address.strip_prefix("https://example.org").unwrap_or(address);
                let address = address.split(['#', '?']).next().unwrap_or_default();
                if !address.starts_with('/') || address.ends_with(".png") {
                    continue;
                }
                let below = address
                    .strip_prefix(root)
                    .unwrap_or_else(|| panic!("{path}: {address}"));
                let file = decode_path(below).expect("UTF-8");
                let file = if file.is_empty() || file.ends_with('/') {
                    format!("{file}index.html")
                } else {
                    file
                };
                assert!(files.contains_key(&file), "{path} leads to {address}");
                reached.insert(file);
            }
        }
        let is_found_otherwise = |path: &str, text: &str| {
            path == "404.html" || path.ends_with("/email.html") || text.contains("http-equiv=\"refresh\"")
        };
        for (path, _) in of_kind(&files, ".html").filter(|(path, text)| !is_found_otherwise(path, text)) {
            assert!(reached.contains(path), "nothing leads to {path}");
        }
    }
}

#[test]
fn what_hosts_read_has_their_form() {
    for base in BASES {
        let files = build(base);
        let rules: Vec<&str> = files["_redirects"]
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert_eq!(rules.len(), hostile::TEXTS.len());
        for rule in rules {
            let fields: Vec<&str> = rule.split(' ').collect();
            assert!(fields.len() == 3 && fields[2] == "301", "{rule}");
            assert!(
                fields[..2]
                    .iter()
                    .all(|field| field.starts_with('/') && field.is_ascii()),
                "{rule}"
            );
        }
        for line in files["_headers"].lines() {
            let is_header = line.strip_prefix("  ").is_some_and(|line| line.contains(": "));
            assert!(line.starts_with('/') || is_header, "{line}");
        }
    }
}
