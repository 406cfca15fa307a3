//! Golden sites: `tests/sites/<name>/` is a site folder, and `expected/` in it every file it
//! becomes, byte for byte. `BRIEF_ACCEPT=1` writes these anew.
//!
//! Only `minimal` is built with the built-in theme. The others get the templates of
//! `tests/plain_templates/` where they have none of their own, so that a change of the theme rewrites one
//! site and not all. Files of the theme that are copied as they are stand in no `expected/`.

#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use brief::building::pipeline::{Clock, Options, SiteSources, build_in_memory};
use brief::ground::diagnostic::{Diagnostics, Format, print};
use brief::ground::path::OutputPath;
use brief::ground::world::{MemoryWorld, World};
use brief::pages::templates::{builtin_templates, theme_files};
use brief::reading::config::BaseUrl;
use jiff::Timestamp;
use support::{difference, files, repository, tree, write};

/// How a golden site is built.
struct Golden {
    site: &'static str,
    /// The folder in the site's that holds what is expected.
    expected: &'static str,
    base_url: &'static str,
    now: &'static str,
    /// Whether drafts and articles of the future are shown.
    shows_held: bool,
}

const GOLDEN: Golden = Golden {
    site: "",
    expected: "expected",
    base_url: "https://example.org/",
    now: "2025-01-31T12:00:00Z",
    shows_held: false,
};

#[test]
fn minimal() {
    check(Golden {
        site: "minimal",
        ..GOLDEN
    });
}

#[test]
fn everything() {
    check(Golden {
        site: "everything",
        ..GOLDEN
    });
}

#[test]
fn under_a_sub_path() {
    check(Golden {
        site: "sub-path",
        base_url: "https://example.org/news/daily/",
        ..GOLDEN
    });
}

#[test]
fn held_articles_stay_out() {
    check(Golden {
        site: "held",
        now: "2025-01-22T17:00:00Z",
        ..GOLDEN
    });
}

#[test]
fn held_articles_are_shown_on_request() {
    check(Golden {
        site: "held",
        expected: "expected-with-held",
        now: "2025-01-22T17:00:00Z",
        shows_held: true,
        ..GOLDEN
    });
}

#[test]
fn what_is_wrong_with_a_draft_matters_once_it_is_shown() {
    let mut world = MemoryWorld::new(now(GOLDEN.now));
    world.write(
        "content/articles/draft.md",
        "---\ndraft: true\nkind: nothing\n---\n[Nowhere](nowhere.md)\n",
    );
    let (built, found) = build(&world, &GOLDEN);
    assert_eq!(
        (built.is_some(), found.is_empty()),
        (true, true),
        "{}",
        shown(&world, &found)
    );
    let (built, found) = build(
        &world,
        &Golden {
            shows_held: true,
            ..GOLDEN
        },
    );
    let codes: Vec<&str> = found.iter().map(|problem| problem.code.name()).collect();
    assert_eq!(
        (built.is_some(), codes),
        (false, vec!["missing-title", "missing-date", "bad-value"])
    );
}

#[test]
fn hostile_texts_stay_texts() {
    check(Golden {
        site: "hostile",
        ..GOLDEN
    });
}

#[test]
fn hostile_texts_stay_texts_in_the_built_in_theme() {
    let world = load("hostile", &[]);
    let (built, found) = build(&world, &GOLDEN);
    let built = built.unwrap_or_else(|| panic!("{}", shown(&world, &found)));
    for (path, bytes) in &built {
        check_well_formed(path.as_str(), bytes);
    }
}

#[test]
fn a_headline_of_ten_thousand_characters_is_a_headline() {
    let headline = "Wörter und 数字 & ".repeat(700);
    let headline = headline.trim();
    assert!(headline.chars().count() > 10_000);
    let mut world = MemoryWorld::new(now(GOLDEN.now));
    let article = format!("---\ntitle: {headline:?}\ndate: 2025-01-21\n---\nText.\n");
    world.write("content/articles/long.md", article.clone());
    world.write(
        "content/articles/from-headline/index.md",
        article.replace("Text", "More"),
    );
    let (built, found) = build(&world, &GOLDEN);
    let built = built.unwrap_or_else(|| panic!("{}", shown(&world, &found)));
    let page = built
        .iter()
        .find(|(path, _)| path.as_str() == "2025/01/21/long/index.html");
    let page = String::from_utf8_lossy(page.expect("the article's page").1);
    assert!(
        page.contains(&headline.replace('&', "&amp;")),
        "the headline is whole"
    );
    for (path, bytes) in &built {
        check_well_formed(path.as_str(), bytes);
        assert!(
            path.as_str().split('/').all(|segment| segment.len() <= 80),
            "{path}"
        );
    }
}

#[test]
fn the_plain_templates_stand_for_every_page_of_the_theme() {
    // These are used by pages and are none themselves.
    let shared = ["components.html"];
    let plain = files(&repository().join("tests/plain_templates"));
    let builtin = builtin_templates().into_keys();
    let missing: Vec<String> = builtin
        .filter(|name| !plain.contains(name) && !shared.contains(&name.as_str()))
        .collect();
    assert!(missing.is_empty(), "tests/plain_templates/ has no {missing:?}");
}

/// Builds a site that must be in order, and compares it.
fn check(golden: Golden) {
    let problems = check_site(golden);
    assert!(problems.is_empty(), "\n{problems}\n");
}

/// Builds a site and compares every file; what differs, in words. A site with errors is compared by
/// what is said about it.
fn check_site(golden: Golden) -> String {
    let plain = tree(&repository().join("tests/plain_templates"));
    let plain: Vec<(String, Vec<u8>)> = plain.into_iter().collect();
    let world = load(golden.site, if golden.site == "minimal" { &[] } else { &plain });
    let (built, found) = build(&world, &golden);
    let Some(built) = built else {
        return shown(&world, &found);
    };
    let folder = repository().join("tests/sites").join(golden.site);
    for (path, bytes) in &built {
        check_well_formed(path.as_str(), bytes);
    }
    let mut built: BTreeMap<String, Vec<u8>> = built
        .into_iter()
        .map(|(path, bytes)| (path.to_string(), bytes))
        .collect();
    for (name, bytes) in theme_files() {
        if built.get(&name).is_some_and(|own| own == bytes) {
            built.remove(&name);
        }
    }
    // tests/cards.rs looks at cards; here they would be files that nobody can read.
    built.retain(|path, _| path != "card.png" && !path.starts_with("cards/"));
    // What is said about a site that is built stands beside its files.
    built.insert("diagnostics.txt".to_owned(), shown(&world, &found).into_bytes());
    built.retain(|path, bytes| path != "diagnostics.txt" || !bytes.is_empty());
    if support::accepting() {
        accept(&folder.join(golden.expected), &built);
    }
    compare(&tree(&folder.join(golden.expected)), &built)
}

fn accept(folder: &Path, built: &BTreeMap<String, Vec<u8>>) {
    fs::remove_dir_all(folder).ok();
    for (path, bytes) in built {
        write(&folder.join(path), bytes);
    }
}

fn compare(expected: &BTreeMap<String, Vec<u8>>, built: &BTreeMap<String, Vec<u8>>) -> String {
    let mut problems = Vec::new();
    for (path, bytes) in expected {
        match built.get(path) {
            None => problems.push(format!("{path} is missing")),
            Some(own) if own == bytes => {}
            Some(own) => {
                let text = String::from_utf8_lossy;
                problems.push(format!("{path}, {}", difference(&text(bytes), &text(own))));
            }
        }
    }
    let further = built.keys().filter(|path| !expected.contains_key(*path));
    problems.extend(further.map(|path| format!("{path} is not expected")));
    problems.join("\n")
}

/// A site in memory, with templates where it has none of its own.
fn load(site: &str, templates: &[(String, Vec<u8>)]) -> MemoryWorld {
    let mut world = MemoryWorld::new(now(GOLDEN.now));
    for (name, bytes) in templates {
        world.write(&format!("templates/{name}"), bytes.clone());
    }
    for (path, bytes) in tree(&repository().join("tests/sites").join(site)) {
        if !path.starts_with("expected") {
            world.write(&path, bytes);
        }
    }
    world
}

type Built = BTreeMap<OutputPath, Vec<u8>>;

fn build(world: &dyn World, golden: &Golden) -> (Option<Built>, Diagnostics) {
    let options = Options {
        base_url: Some(BaseUrl::parse(golden.base_url).expect("an address")),
        clock: Clock::At(now(golden.now)),
        drafts: golden.shows_held,
        future: golden.shows_held,
        ..Options::default()
    };
    build_in_memory(world, &options)
}

fn now(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// Diagnostics as they are printed for people.
fn shown(world: &dyn World, found: &Diagnostics) -> String {
    let sources = SiteSources {
        world,
        templates: Default::default(),
    };
    let mut text = Vec::new();
    print(found, Format::Human, &sources, false, &mut text).expect("writing to memory");
    String::from_utf8(text).expect("text")
}

/// Fails where a file of the output is not what its name says: XML that does not parse, HTML with a
/// tag that is not closed or with a script that is not the theme's, or a character that XML forbids.
fn check_well_formed(path: &str, bytes: &[u8]) {
    let Some((_, extension)) = path.rsplit_once('.') else {
        return;
    };
    if !matches!(extension, "html" | "xml") {
        return;
    }
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
    let odd = text.chars().find(|&c| brief::ground::text::is_forbidden(c));
    assert_eq!(odd, None, "{path} holds a character that XML forbids");
    let problem = match extension {
        "xml" => xml_problem(text),
        _ => html::problem(text),
    };
    assert_eq!(problem, None, "{path}");
}

fn xml_problem(text: &str) -> Option<String> {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut depth = 0;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => {
                return (depth != 0).then(|| "an element is open".to_owned());
            }
            Ok(quick_xml::events::Event::Start(_)) => depth += 1,
            Ok(quick_xml::events::Event::End(_)) => depth -= 1,
            Ok(_) => {}
            Err(error) => return Some(error.to_string()),
        }
    }
}

/// A strict reading of HTML: every element but the void ones is closed, in order.
mod html {
    /// Elements without content.
    const VOID: [&str; 8] = ["br", "hr", "img", "input", "link", "meta", "source", "wbr"];

    /// Elements whose end tag may be left out, and is in `tests/plain_templates/`.
    const PAGE: [&str; 3] = ["html", "head", "body"];

    /// What is wrong with a page.
    pub fn problem(text: &str) -> Option<String> {
        let mut open: Vec<&str> = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            rest = &rest[at..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                let Some(end) = comment.find("-->") else {
                    return Some("a comment without an end".to_owned());
                };
                rest = &comment[end + 3..];
                continue;
            }
            let end = match tag_end(rest) {
                Ok(end) => end,
                Err(why) => return Some(why),
            };
            let tag = &rest[..end];
            rest = &rest[end..];
            let name_end = tag[1..]
                .find(|c: char| c.is_whitespace() || c == '>')
                .unwrap_or(0)
                + 1;
            let name = &tag[1..name_end];
            if let Some(name) = name.strip_prefix('/') {
                if !PAGE.contains(&name) && open.pop() != Some(name) {
                    return Some(format!("</{name}> closes nothing near {:.60}", rest));
                }
            } else if tag.ends_with("/>") && open.contains(&"svg") {
                // Elements of SVG may close themselves.
            } else if !VOID.contains(&name) && !PAGE.contains(&name) && !name.starts_with('!') {
                open.push(name);
            }
            if name == "script" {
                let known = ["application/ld+json\"", "application/json\"", "module\" src=\""];
                if !known.iter().any(|kind| tag.contains(&format!("type=\"{kind}"))) {
                    return Some(format!("a script: {tag}"));
                }
                rest = &rest[rest.find("</script").unwrap_or(rest.len())..];
            }
            if let Some(why) = dangerous_attribute(tag) {
                return Some(why);
            }
        }
        (!open.is_empty()).then(|| format!("{open:?} is never closed"))
    }

    /// Where a tag ends; attributes are in quotes.
    fn tag_end(text: &str) -> Result<usize, String> {
        let mut quote = None;
        for (at, sign) in text.char_indices() {
            match (quote, sign) {
                (None, '"' | '\'') => quote = Some(sign),
                (None, '>') => return Ok(at + 1),
                (None, '<') if at > 0 => break,
                (Some(open), sign) if sign == open => quote = None,
                _ => {}
            }
        }
        Err(format!("a tag without an end: {text:.60}"))
    }

    /// An attribute that runs a script. What stands in quotes is text.
    fn dangerous_attribute(tag: &str) -> Option<String> {
        let mut outside = String::new();
        let mut quote = None;
        for sign in tag.chars() {
            match quote {
                None if sign == '"' || sign == '\'' => quote = Some(sign),
                None => outside.push(sign),
                Some(open) if sign == open => quote = None,
                Some(_) => {}
            }
        }
        let handler = outside
            .split_whitespace()
            .any(|word| word.starts_with("on") && word.contains('='));
        let script = tag.contains("\"javascript:") || tag.contains("'javascript:");
        (handler || script).then(|| format!("a tag that runs a script: {tag}"))
    }
}
