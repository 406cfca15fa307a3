//! Structured data and the tags for link previews: that they say what the article says, whatever it says.

#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

use std::collections::BTreeMap;

use brief::building::pipeline::{Clock, Options, build_in_memory};
use brief::ground::path::OutputPath;
use brief::ground::world::MemoryWorld;
use serde_json::{Value, json};

const SETTINGS: &str = "title: The Morning <Wire> & \"Co\"
base_url: https://example.org/news/
timezone: Europe/Paris
authors:
  Ann Reyes: {url: 'https://ann.example/'}
";

const REGISTER: &str = "companies:
- {name: Oracle, website: 'https://www.oracle.com/', wikidata: Q19900, tickers: ['NYSE:ORCL']}
- {name: Blue Owl, tickers: ['NYSE:OWL', 'OWL2'], wikidata: 'not an item'}
- {name: Quiet}
";

/// The files of a site, by the address of their file.
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
    let files: BTreeMap<OutputPath, Vec<u8>> = files.unwrap_or_else(|| panic!("{found:#?}"));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    files
        .into_iter()
        .map(|(path, bytes)| (path.to_string(), text(bytes)))
        .collect()
}

fn site(article: &str) -> BTreeMap<String, String> {
    build(&[
        ("brief.yaml", SETTINGS),
        ("content/companies.yaml", REGISTER),
        ("content/articles/2025-01-21-deal.md", article),
    ])
}

/// The nodes of a page's structured data.
fn nodes(page: &str) -> Vec<Value> {
    let open = "<script type=\"application/ld+json\">";
    let mut blocks = page.split(open).skip(1);
    let block = blocks.next().expect("structured data");
    assert_eq!(blocks.next(), None, "one block on a page");
    let (text, _) = block.split_once("</script>").expect("an end");
    assert!(!text.contains(['<', '>', '\u{2028}', '\u{2029}']), "{text}");
    let data: Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(data["@context"], "https://schema.org");
    data["@graph"].as_array().expect("a graph").clone()
}

const DEAL: &str = "---
title: Oracle's deal with a fund
date: 2025-01-21T09:30
updated: 2025-01-22
summary: What it *means*.
companies: [Quiet, Oracle, Blue Owl]
topics: [Data centres, Finance]
author: [Ann Reyes, Bob]
kind: analysis
source: {name: The Ledger, url: 'https://ledger.example/a?b=1&c=2', author: Cy, date: 2025-01-20}
corrections:
- {date: 2025-01-22T10:00, text: 'It was **$3** & not <b>4</b>.'}
---
One two three.
";

#[test]
fn an_article_says_what_it_says() {
    let files = site(DEAL);
    let page = &files["2025/01/21/deal/index.html"];
    let [article, crumbs] = nodes(page).try_into().expect("an article and the way to it");
    let own = "https://example.org/news/2025/01/21/deal/";
    let publisher = json!({
        "@type": "NewsMediaOrganization",
        "@id": "https://example.org/news/#publisher",
        "name": "The Morning <Wire> & \"Co\"",
        "url": "https://example.org/news/",
        "correctionsPolicy": "https://example.org/news/corrections/",
    });
    let expected = json!({
        "@type": "NewsArticle",
        "@id": format!("{own}#article"),
        "mainEntityOfPage": { "@type": "WebPage", "@id": own },
        "url": own,
        "headline": "Oracle's deal with a fund",
        "description": "What it means.",
        "datePublished": "2025-01-21T09:30:00+01:00",
        "dateModified": "2025-01-22T00:00:00+01:00",
        "inLanguage": "en",
        "isAccessibleForFree": true,
        "wordCount": 3,
        "author": [
            {
                "@type": "Person",
                "name": "Ann Reyes",
                "url": "https://example.org/news/authors/ann-reyes/",
                "sameAs": "https://ann.example/",
            },
            { "@type": "Person", "name": "Bob", "url": "https://example.org/news/authors/bob/" },
        ],
        "publisher": publisher,
        "articleSection": "Data centres",
        "keywords": ["Data centres", "Finance"],
        "genre": "Analysis",
        "about": [{
            "@type": "Corporation",
            "name": "Oracle",
            "url": "https://example.org/news/companies/oracle/",
            "sameAs": ["https://www.oracle.com/", "https://www.wikidata.org/entity/Q19900"],
            "tickerSymbol": "NYSE ORCL",
        }],
        "mentions": [
            {
                "@type": "Organization",
                "name": "Quiet",
                "url": "https://example.org/news/companies/quiet/",
            },
            {
                "@type": "Corporation",
                "name": "Blue Owl",
                "url": "https://example.org/news/companies/blue-owl/",
                "tickerSymbol": ["NYSE OWL", "OWL2"],
            },
        ],
        "isBasedOn": {
            "@type": "CreativeWork",
            "name": "The Ledger",
            "url": "https://ledger.example/a?b=1&c=2",
            "author": { "@type": "Person", "name": "Cy" },
            "datePublished": "2025-01-20T00:00:00+01:00",
        },
        "correction": [{
            "@type": "CorrectionComment",
            "text": "It was $3 & not 4.",
            "datePublished": "2025-01-22T10:00:00+01:00",
        }],
    });
    let mut article = article;
    // Which picture stands for it is told in tests/cards.rs.
    article.as_object_mut().expect("a record").remove("image");
    assert_eq!(article, expected);
    assert_eq!(
        crumbs["itemListElement"],
        json!([
            { "@type": "ListItem", "position": 1, "name": "The Morning <Wire> & \"Co\"", "item": "https://example.org/news/" },
            { "@type": "ListItem", "position": 2, "name": "Data centres", "item": "https://example.org/news/topics/data-centres/" },
            { "@type": "ListItem", "position": 3, "name": "Oracle's deal with a fund" },
        ])
    );
}

/// The contents of a page's tags of a property or name, in order.
fn tags(page: &str, name: &str) -> Vec<String> {
    let find = |attribute: &str| -> Vec<String> {
        let open = format!("<meta {attribute}=\"{name}\" content=\"");
        let tags = page.split(&open).skip(1);
        tags.filter_map(|rest| Some(rest.split_once("\">")?.0.to_owned()))
            .collect()
    };
    [find("property"), find("name")].concat()
}

#[test]
fn tags_for_link_previews() {
    let files = site(&DEAL.replace("kind: analysis", "expires: 2027-01-01"));
    let page = &files["2025/01/21/deal/index.html"];
    let check = |name: &str, expected: &[&str]| assert_eq!(tags(page, name), expected, "{name}");
    check("og:type", &["article"]);
    check("og:title", &["Oracle&#39;s deal with a fund"]);
    check("og:url", &["https://example.org/news/2025/01/21/deal/"]);
    check("og:site_name", &["The Morning &lt;Wire&gt; &amp; &quot;Co&quot;"]);
    check("og:description", &["What it means."]);
    check("article:published_time", &["2025-01-21T09:30:00+01:00"]);
    check("article:modified_time", &["2025-01-22"]);
    check("article:expiration_time", &["2027-01-01"]);
    check(
        "article:author",
        &[
            "https://example.org/news/authors/ann-reyes/",
            "https://example.org/news/authors/bob/",
        ],
    );
    check("article:section", &["Data centres"]);
    check("article:tag", &["Data centres", "Finance"]);
    let mut pages = 0;
    for (path, page) in files.iter().filter(|(path, _)| path.ends_with("index.html")) {
        for name in [
            "og:type",
            "og:title",
            "og:url",
            "og:description",
            "description",
            "twitter:card",
        ] {
            let contents = tags(page, name);
            assert_eq!(contents.len(), 1, "{name} of {path}");
            assert!(!contents[0].is_empty(), "{name} of {path}");
        }
        pages += 1;
    }
    assert!(pages > 15, "{pages} pages");
}

#[test]
fn kinds_of_articles() {
    for (kind, genre) in [
        ("opinion", "Opinion"),
        ("interview", "Interview"),
        ("brief", "In brief"),
    ] {
        let files = site(&DEAL.replace("kind: analysis", &format!("kind: {kind}")));
        let article = &nodes(&files["2025/01/21/deal/index.html"])[0];
        assert_eq!(
            (article["@type"].as_str(), article["genre"].as_str()),
            (Some("NewsArticle"), Some(genre))
        );
    }
}

#[test]
fn lists_and_the_front_page() {
    let files = site(DEAL);
    let front = nodes(&files["index.html"]);
    assert_eq!(front.len(), 1);
    assert_eq!(front[0]["@type"], "WebSite");
    let names = |path: &str| -> Vec<String> {
        let nodes = nodes(&files[path]);
        let steps = nodes[1]["itemListElement"].as_array().expect("steps").clone();
        let mut names: Vec<String> = vec![nodes[0]["@type"].as_str().expect("a type").to_owned()];
        names.extend(steps.iter().skip(1).map(|step| {
            let name = step["name"].as_str().expect("a name");
            format!("{name} {}", step["item"].as_str().unwrap_or("."))
        }));
        names
    };
    let check = |path: &str, expected: &[&str]| assert_eq!(names(path), expected, "{path}");
    check(
        "companies/oracle/index.html",
        &[
            "CollectionPage",
            "Companies https://example.org/news/companies/",
            "Oracle .",
        ],
    );
    check(
        "topics/finance/index.html",
        &[
            "CollectionPage",
            "Topics https://example.org/news/topics/",
            "Finance .",
        ],
    );
    check(
        "editions/2025-01-21/index.html",
        &[
            "CollectionPage",
            "Editions https://example.org/news/editions/",
            "Tuesday, 21 January 2025 .",
        ],
    );
    check(
        "archive/2025/01/index.html",
        &[
            "CollectionPage",
            "Archive https://example.org/news/archive/",
            "January 2025 .",
        ],
    );
    check("corrections/index.html", &["CollectionPage", "Corrections ."]);
    let company = &nodes(&files["companies/oracle/index.html"])[0];
    assert_eq!(company["about"]["tickerSymbol"], "NYSE ORCL");
    assert_eq!(company["isPartOf"]["@id"], "https://example.org/news/#website");
}

#[test]
fn pages_that_stay_out_say_nothing() {
    let files = site(&DEAL.replace("kind: analysis", "noindex: true"));
    let silent =
        |page: &str| !page.contains("ld+json") && !page.contains("og:") && !page.contains("twitter:");
    assert!(silent(&files["2025/01/21/deal/index.html"]));
    assert!(silent(&files["404.html"]));
    let files = build(&[
        ("brief.yaml", "title: No address\n"),
        ("content/articles/2025-01-21-deal.md", DEAL),
    ]);
    assert!(files.values().all(|page| !page.contains("ld+json")));
}

/// A headline that could end every place it is put in.
fn hostile() -> String {
    let head = "</script><script>alert(1)</script> ]]> --> \u{2028}\u{2029} \\\" ' & &amp; &lt; <!-- 🚀 שלום مرحبا \u{202e} e\u{301}";
    format!("{head} {}", "long ".repeat(2000))
}

#[test]
fn hostile_headlines() {
    let hostile = hostile();
    let title = serde_json::to_string(&hostile).expect("JSON, and so YAML");
    let article = format!(
        "---\ntitle: {title}\ndate: 2025-01-21\nslug: deal\nsource: {{name: {title}, url: 'https://a.example/</script>'}}\ntopics: [{title}]\ncorrections: [{{date: 2025-01-22, text: {title}}}]\n---\n\u{7}Text\n"
    );
    let files = site(&article);
    let mut parsed = 0;
    for (path, page) in &files {
        if path.ends_with(".html") && page.contains("ld+json") {
            parsed += 1;
            assert_addresses_are_absolute(&Value::Array(nodes(page)));
        }
    }
    assert!(parsed > 8, "{parsed} pages");
    let [article, _] = nodes(&files["2025/01/21/deal/index.html"])
        .try_into()
        .expect("two nodes");
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<String>>()
    };
    let headline = article["headline"].as_str().expect("a headline");
    assert_eq!(words(headline), words(&hostile));
    let source = article["isBasedOn"]["name"].as_str().expect("a source");
    assert_eq!(words(source), words(&hostile));
}

/// Every address leads somewhere from wherever it is read.
fn assert_addresses_are_absolute(value: &Value) {
    match value {
        Value::Array(values) => values.iter().for_each(assert_addresses_are_absolute),
        Value::Object(map) => {
            for (key, value) in map {
                let is_address = [
                    "url",
                    "@id",
                    "item",
                    "correctionsPolicy",
                    "urlTemplate",
                    "image",
                    "sameAs",
                ]
                .contains(&key.as_str());
                if let Some(text) = value.as_str().filter(|_| is_address) {
                    assert!(text.starts_with("https://"), "{key}: {text}");
                }
                assert_addresses_are_absolute(value);
            }
        }
        _ => {}
    }
}
