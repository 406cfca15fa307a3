//! Feeds: that RSS, Atom and JSON Feed say the same, are what their specifications ask for whatever an
//! article holds, and keep their entries' ids.

#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

use std::collections::BTreeMap;

use brief::building::pipeline::{Clock, Options, build_in_memory};
use brief::ground::world::MemoryWorld;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

/// An element of XML.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn parse(xml: &str) -> Element {
        let mut reader = Reader::from_str(xml);
        let mut open = vec![Element::default()];
        let element = |start: &quick_xml::events::BytesStart<'_>| Element {
            name: start.name().as_ref().to_owned(),
            attributes: start
                .attributes()
                .map(|attribute| {
                    let attribute = attribute.expect("an attribute");
                    let value = quick_xml::escape::unescape(&attribute.value)
                        .expect("a value")
                        .into_owned();
                    (attribute.key.as_ref().to_owned(), value)
                })
                .collect(),
            ..Element::default()
        };
        loop {
            match reader
                .read_event()
                .unwrap_or_else(|error| panic!("{error} in {xml}"))
            {
                Event::Start(start) => open.push(element(&start)),
                Event::Empty(start) => {
                    let own = element(&start);
                    open.last_mut().expect("the root").children.push(own);
                }
                Event::End(_) => {
                    let own = open.pop().expect("an open element");
                    open.last_mut().expect("the root").children.push(own);
                }
                Event::Text(text) => {
                    open.last_mut().expect("the root").text.push_str(&text);
                }
                Event::GeneralRef(reference) => {
                    let name = format!("&{};", &*reference);
                    let text = quick_xml::escape::unescape(&name).expect("a known entity");
                    open.last_mut().expect("the root").text.push_str(&text);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let mut root = open.pop().expect("the root");
        assert!(open.is_empty(), "an element is never closed");
        root.children.pop().expect("an element")
    }

    fn all(&self, name: &str) -> Vec<&Element> {
        self.children.iter().filter(|child| child.name == name).collect()
    }

    fn one(&self, name: &str) -> &Element {
        match self.all(name)[..] {
            [one] => one,
            ref other => panic!("{} of {name} in {}", other.len(), self.name),
        }
    }

    fn texts(&self, name: &str) -> Vec<&str> {
        self.all(name)
            .into_iter()
            .map(|child| child.text.as_str())
            .collect()
    }
}

fn build(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let now = "2025-03-01T12:00:00Z".parse().expect("an instant");
    let mut world = MemoryWorld::new(now);
    for (path, text) in files {
        world.write(path, *text);
    }
    let options = Options {
        clock: Clock::At(now),
        ..Options::default()
    };
    let (files, found) = build_in_memory(&world, &options);
    let files = files.unwrap_or_else(|| panic!("{found:#?}"));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    files
        .into_iter()
        .map(|(path, bytes)| (path.to_string(), text(bytes)))
        .collect()
}

const SETTINGS: &str = "title: \"The <Wire> & 'Co' ]]>\"\ntagline: \"Quotes \\\"here\\\"\"\nbase_url: https://example.org/news/\ntimezone: Europe/Paris\n";

const REGISTER: &str = "- {name: \"A & B <Co>\"}\n";

/// A site whose every text tries to be something else.
fn hostile() -> BTreeMap<String, String> {
    let headline = "x ".repeat(5000);
    let long = format!("---\ntitle: \"{headline}\"\ndate: 2025-01-20\n---\nWords.\n");
    build(&[
        ("brief.yaml", SETTINGS),
        ("content/companies.yaml", REGISTER),
        ("content/articles/p.png", "no picture"),
        (
            "content/articles/2025-01-21-deal.md",
            "---
id: deal-1
title: \"Quotes \\\" ' & <b>bold</b> ]]> </script> \\u0007\\u202E 🚀 عربي\"
date: 2025-01-21T09:30
updated: 2025-01-22T10:00
summary: \"A *short* <standfirst> ]]>\"
companies: [\"A & B <Co>\"]
topics: [\"R&D\"]
authors: [\"Ann <ann@example.org>\"]
image: {src: p.png, alt: \"A \\\" picture\"}
source: {name: \"The \\\"Times\\\" & co\", url: \"https://times.example/a?b=1&c=2\"}
lang: de
corrections:
- {date: 2025-01-23, text: \"It was [this](2025-01-21-deal.md) & that ]]>\"}
---
A [link](2025-01-21-deal.md#part), a ![picture](p.png), <script>alert(1)</script> ]]> and a footnote.[^1]

## Part

[^1]: A note.
",
        ),
        ("content/articles/long.md", &long),
    ])
}

const FOLDERS: [&str; 6] = [
    "",
    "companies/a-b-co/",
    "topics/r-d/",
    "authors/ann-ann-example-org/",
    "editions/",
    "corrections/",
];

#[test]
fn the_three_formats_say_the_same() {
    let files = hostile();
    for folder in FOLDERS {
        let rss = Element::parse(&files[&format!("{folder}feed.xml")]);
        let atom = Element::parse(&files[&format!("{folder}atom.xml")]);
        let json: Value = serde_json::from_str(&files[&format!("{folder}feed.json")]).expect("JSON");
        let channel = rss.one("channel");
        assert_eq!(channel.one("title").text, atom.one("title").text, "{folder}");
        assert_eq!(channel.one("title").text, json["title"], "{folder}");
        let items = channel.all("item");
        let entries = atom.all("entry");
        let own = json["items"].as_array().expect("a list");
        assert!(
            !items.is_empty() && items.len() == entries.len() && items.len() == own.len(),
            "{folder}"
        );
        for ((item, entry), own) in items.iter().zip(&entries).zip(own) {
            let id = &item.one("guid").text;
            assert_eq!(
                (id, id.as_str()),
                (&entry.one("id").text, own["id"].as_str().expect("an id"))
            );
            assert_eq!(item.one("title").text, entry.one("title").text);
            assert_eq!(item.one("title").text, own["title"]);
            let link = &item.one("link").text;
            let links = entry.all("link");
            let alternate = links
                .iter()
                .find(|link| link.attributes["rel"] == "alternate")
                .expect("a link");
            assert_eq!(
                (link, link.as_str()),
                (
                    &alternate.attributes["href"],
                    own["url"].as_str().expect("an address")
                )
            );
            assert_eq!(entry.one("published").text, own["date_published"]);
            let content = item.texts("content:encoded");
            assert_eq!(content, entry.texts("content"));
            assert_eq!(content, [own["content_html"].as_str().expect("HTML")]);
            assert_eq!(
                item.texts("category"),
                own["tags"]
                    .as_array()
                    .map(|tags| tags.iter().filter_map(Value::as_str).collect())
                    .unwrap_or(Vec::new())
            );
        }
    }
}

#[test]
fn entries_are_what_the_article_says() {
    let files = hostile();
    let json: Value = serde_json::from_str(&files["feed.json"]).expect("JSON");
    let item = &json["items"][0];
    assert_eq!(item["id"], "urn:brief:deal-1");
    assert_eq!(
        item["title"],
        "Quotes \" ' & <b>bold</b> ]]> </script> \u{202E} 🚀 عربي"
    );
    assert_eq!(item["url"], "https://example.org/news/2025/01/21/deal/");
    assert_eq!(item["external_url"], "https://times.example/a?b=1&c=2");
    assert_eq!(item["date_published"], "2025-01-21T09:30:00+01:00");
    assert_eq!(item["date_modified"], "2025-01-23T00:00:00+01:00");
    assert_eq!(item["language"], "de");
    assert_eq!(item["image"], "https://example.org/news/2025/01/21/deal/p.png");
    assert_eq!(item["tags"], serde_json::json!(["A & B <Co>", "R&D"]));
    assert_eq!(
        item["authors"],
        serde_json::json!([{"name": "Ann <ann@example.org>", "url": "https://example.org/news/authors/ann-ann-example-org/"}])
    );
    let content = item["content_html"].as_str().expect("HTML");
    assert!(
        content.contains("href=\"https://example.org/news/2025/01/21/deal/#part\""),
        "{content}"
    );
    assert!(
        content.contains("src=\"https://example.org/news/2025/01/21/deal/p.png\""),
        "{content}"
    );
    assert!(!content.contains("<script"), "{content}");
    for attribute in ["href=\"", "src=\"", "srcset=\""] {
        for value in content.split(attribute).skip(1) {
            assert!(value.starts_with("https://"), "{value:.60}");
        }
    }
    let rss = Element::parse(&files["feed.xml"]);
    let first = rss.one("channel").all("item")[0];
    assert_eq!(first.one("pubDate").text, "Tue, 21 Jan 2025 09:30:00 +0100");
    assert_eq!(first.one("guid").attributes["isPermaLink"], "false");
    assert_eq!(first.one("source").text, "The \"Times\" & co");
    assert_eq!(first.one("media:content").attributes["type"], "image/png");
    let atom = Element::parse(&files["atom.xml"]);
    let first = atom.all("entry")[0];
    assert_eq!(first.one("updated").text, "2025-01-23T00:00:00+01:00");
    assert_eq!(first.attributes["xml:lang"], "de");
    assert_eq!(atom.one("updated").text, "2025-01-23T00:00:00+01:00");
    assert_eq!(atom.one("author").one("name").text, "The <Wire> & 'Co' ]]>");
    let own: Vec<_> = atom
        .all("link")
        .iter()
        .map(|link| (link.attributes["rel"].clone(), link.attributes["href"].clone()))
        .collect();
    assert_eq!(
        own[0],
        ("self".to_owned(), "https://example.org/news/atom.xml".to_owned())
    );
    assert_eq!(
        own[1],
        ("alternate".to_owned(), "https://example.org/news/".to_owned())
    );
}

#[test]
fn an_id_survives_another_address() {
    let ids = |slug: &str| {
        let text = format!("---\nid: kept\ntitle: A\ndate: 2025-01-20\nslug: {slug}\n---\nWords.\n");
        let files = build(&[("brief.yaml", SETTINGS), ("content/articles/a.md", &text)]);
        let json: Value = serde_json::from_str(&files["feed.json"]).expect("JSON");
        (json["items"][0]["id"].clone(), json["items"][0]["url"].clone())
    };
    let (one, other) = (ids("one"), ids("other"));
    assert_eq!(one.0, other.0);
    assert_ne!(one.1, other.1);
}

#[test]
fn pages_announce_their_feeds_and_the_list_holds_them_all() {
    let files = hostile();
    let page = &files["companies/a-b-co/index.html"];
    for (kind, file) in [
        ("application/rss+xml", "feed.xml"),
        ("application/atom+xml", "atom.xml"),
        ("application/feed+json", "feed.json"),
    ] {
        for folder in ["", "companies/a-b-co/"] {
            let link = format!("<link rel=\"alternate\" type=\"{kind}\" title=\"");
            let href = format!("\" href=\"/news/{folder}{file}\">");
            assert!(
                page.lines()
                    .any(|line| line.starts_with(&link) && line.ends_with(&href)),
                "{link}{href}"
            );
        }
    }
    let list = Element::parse(&files["feeds.opml"]);
    fn addresses(element: &Element, all: &mut Vec<String>) {
        all.extend(element.attributes.get("xmlUrl").cloned());
        element.children.iter().for_each(|child| addresses(child, all));
    }
    let mut all = Vec::new();
    addresses(&list, &mut all);
    all.sort();
    let mut expected: Vec<String> = files
        .keys()
        .filter(|path| path.ends_with("feed.xml"))
        .map(|path| format!("https://example.org/news/{path}"))
        .collect();
    expected.sort();
    assert_eq!(all, expected);
}

#[test]
fn what_is_held_or_hidden_is_in_no_feed() {
    let article =
        |keys: &str| format!("---\ntitle: Xyzzy\ndate: 2025-01-20\ntopics: [T]\n{keys}---\nXyzzy.\n");
    let files = build(&[
        ("brief.yaml", SETTINGS),
        (
            "content/articles/seen.md",
            "---\ntitle: Seen\ndate: 2025-01-20\ntopics: [T]\n---\nWords.\n",
        ),
        ("content/articles/a.md", &article("draft: true\n")),
        (
            "content/articles/b.md",
            &article("noindex: true\ncorrections: [{date: 2025-01-21, text: Xyzzy}]\n"),
        ),
        ("content/articles/c.md", &article("publish: 2030-01-01\n")),
        ("content/articles/d.md", &article("expires: 2025-02-01\n")),
    ]);
    let mut feeds = 0;
    for (path, text) in files {
        if path.ends_with("feed.xml") || path.ends_with("atom.xml") || path.ends_with("feed.json") {
            feeds += 1;
            assert!(!text.contains("Xyzzy"), "{path}: {text}");
        }
    }
    assert_eq!(feeds, 12);
}

#[test]
fn formats_and_full_text_can_be_chosen() {
    let settings = format!("{SETTINGS}feeds: {{formats: [json], full_text: off, of: [site]}}\n");
    let article = "---\ntitle: A\ndate: 2025-01-20\nsummary: Short.\n---\nLong words.\n";
    let files = build(&[("brief.yaml", &settings), ("content/articles/a.md", article)]);
    let feeds: Vec<&String> = files
        .keys()
        .filter(|path| {
            path.ends_with("feed.json")
                || path.ends_with(".xml") && !path.contains("sitemap")
                || path.contains("atom")
                || path.contains("opml")
        })
        .collect();
    assert_eq!(feeds, ["feed.json"]);
    let json: Value = serde_json::from_str(&files["feed.json"]).expect("JSON");
    assert_eq!(json["items"][0]["content_text"], "Short.");
    assert_eq!(json["items"][0].get("content_html"), None);
    assert!(files["index.html"].contains("type=\"application/feed+json\""));
}

#[test]
fn hubs_are_named_in_all_formats() {
    let config = "base_url: https://example.org/\nfeeds: {hubs: ['https://hub.example/?a&b']}\n";
    let article = "---\ntitle: A\ndate: 2025-01-21\n---\nText.\n";
    let files = build(&[("brief.yaml", config), ("content/articles/a.md", article)]);
    let hub = "https://hub.example/?a&b";
    let link = |element: &Element| {
        let is_hub = element.attributes.get("rel").is_some_and(|rel| rel == "hub");
        is_hub.then(|| element.attributes["href"].clone())
    };
    let rss = Element::parse(&files["feed.xml"]);
    let channel = rss.one("channel");
    let hubs: Vec<String> = channel.children.iter().filter_map(link).collect();
    assert_eq!(hubs, [hub]);
    let atom = Element::parse(&files["atom.xml"]);
    let hubs: Vec<String> = atom.children.iter().filter_map(link).collect();
    assert_eq!(hubs, [hub]);
    let json: Value = serde_json::from_str(&files["feed.json"]).expect("JSON");
    assert_eq!(
        json["hubs"],
        serde_json::json!([{ "type": "WebSub", "url": hub }])
    );
    let files = build(&[
        ("brief.yaml", "base_url: https://example.org/\n"),
        ("content/articles/a.md", article),
    ]);
    assert!(!files["feed.json"].contains("hubs") && !files["atom.xml"].contains("hub"));
}
