//! Sitemaps, of all pages and of news, and robots.txt.

use std::collections::BTreeMap;

use brief::building::output::Output;
use brief::building::pipeline::{Clock, Options, build, build_in_memory, prepare};
use brief::ground::world::MemoryWorld;
use brief::pages::{parts, sitemap};

const NOW: &str = "2025-01-22T12:00:00Z";

fn at(now: &str) -> Options {
    Options {
        clock: Clock::At(now.parse().expect("an instant")),
        ..Options::default()
    }
}

fn world(settings: &str, articles: &[(&str, &str)]) -> MemoryWorld {
    let mut world = MemoryWorld::new(NOW.parse().expect("an instant"));
    world.write(
        "brief.yaml",
        format!("title: \"The <Wire>\"\nbase_url: https://example.org/news/\n{settings}"),
    );
    for (name, keys) in articles {
        let text = format!("---\ntitle: \"{name} & <more>\"\n{keys}\n---\nWords.\n");
        world.write(&format!("content/articles/{name}.md"), text);
    }
    world
}

fn files(world: &MemoryWorld, now: &str) -> BTreeMap<String, String> {
    let (files, found) = build_in_memory(world, &at(now));
    assert!(files.is_some(), "{found:#?}");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let files = files.unwrap_or_default().into_iter();
    files
        .map(|(path, bytes)| (path.to_string(), text(bytes)))
        .collect()
}

/// What stands in the elements of a name.
fn all<'x>(xml: &'x str, name: &str) -> Vec<&'x str> {
    let open = format!("<{name}>");
    let rest = xml.split(&open).skip(1);
    rest.map(|rest| rest.split('<').next().unwrap_or_default())
        .collect()
}

#[test]
fn news_are_of_the_last_two_days() {
    let articles = [
        ("new", "date: 2025-01-22T09:00:00Z"),
        ("older", "date: 2025-01-20T12:00:01Z\nlang: zh-Hant"),
        ("stale", "date: 2025-01-20T12:00:00Z"),
        ("hidden", "date: 2025-01-22T09:00:00Z\nnoindex: true"),
        ("draft", "date: 2025-01-22T09:00:00Z\ndraft: true"),
        ("late", "date: 2025-01-23T09:00:00Z"),
    ];
    let world = world("language: pt-BR\n", &articles);
    let news = &files(&world, NOW)["news-sitemap.xml"];
    assert_eq!(
        all(news, "news:title"),
        ["new &amp; &lt;more&gt;", "older &amp; &lt;more&gt;"]
    );
    assert_eq!(all(news, "news:name"), ["The &lt;Wire&gt;", "The &lt;Wire&gt;"]);
    assert_eq!(all(news, "news:language"), ["pt", "zh-tw"]);
    assert_eq!(
        all(news, "news:publication_date"),
        ["2025-01-22T09:00:00Z", "2025-01-20T12:00:01Z"]
    );
    assert_eq!(all(news, "loc")[0], "https://example.org/news/2025/01/22/new/");
    // An empty one is a valid one.
    let later = &files(&world, "2025-02-22T12:00:00Z")["news-sitemap.xml"];
    assert!(later.contains("<urlset") && !later.contains("<url>"), "{later}");
}

#[test]
fn time_alone_takes_news_out() {
    let world = world(
        "",
        &[
            ("a", "date: 2025-01-22T09:00:00Z"),
            ("b", "date: 2025-01-21T09:00:00Z"),
        ],
    );
    let folder = tempfile::tempdir().expect("a folder");
    let (output, state) = (folder.path().join("public"), folder.path().join("state"));
    let news = |now: &str| {
        let outcome = build(&world, &at(now), |_| Output::open(&output, &state, false));
        let written = outcome.report.expect("a site without errors").written;
        let news = std::fs::read_to_string(output.join("news-sitemap.xml")).expect("the news");
        (all(&news, "loc").len(), written)
    };
    assert_eq!(news(NOW).0, 2);
    assert_eq!(news("2025-01-23T08:00:00Z"), (2, 0));
    assert_eq!(news("2025-01-23T10:00:00Z"), (1, 1));
    assert_eq!(news("2025-01-23T11:00:00Z"), (1, 0));
    assert_eq!(news("2025-01-24T09:00:00Z"), (0, 1));
}

#[test]
fn many_news_lie_in_parts() {
    let names: Vec<String> = (0..1001).map(|number| format!("n{number}")).collect();
    let articles: Vec<(&str, &str)> = names
        .iter()
        .map(|name| (name.as_str(), "date: 2025-01-22"))
        .collect();
    let settings = "search: off\nfeeds: {of: []}\neditions: {daily: off, weekly: off}\npages: {archive: off}\ncards: off\n";
    let files = files(&world(settings, &articles), NOW);
    let index = &files["news-sitemap.xml"];
    assert!(index.contains("<sitemapindex"), "{index}");
    assert_eq!(
        all(index, "loc"),
        [
            "https://example.org/news/news-sitemap-1.xml",
            "https://example.org/news/news-sitemap-2.xml"
        ]
    );
    let count = |part: &str| all(&files[part], "news:title").len();
    assert_eq!(
        (count("news-sitemap-1.xml"), count("news-sitemap-2.xml")),
        (1000, 1)
    );
}

#[test]
fn parts_of_a_sitemap_hold_every_address_once() {
    let names: Vec<String> = (0..60).map(|number| format!("n{number}")).collect();
    let articles: Vec<(&str, &str)> = names
        .iter()
        .map(|name| (name.as_str(), "date: 2025-01-20"))
        .collect();
    let prepared = prepare(&world("", &articles), &at(NOW));
    let whole = String::from_utf8(sitemap::sitemap(&prepared.site, &prepared.plan)).expect("text");
    let part =
        |part: u16| String::from_utf8(sitemap::part(&prepared.site, &prepared.plan, part, 4)).expect("text");
    let texts: Vec<String> = (0..4).map(part).collect();
    let mut addresses: Vec<&str> = texts.iter().flat_map(|text| all(text, "loc")).collect();
    assert!(texts.iter().all(|text| all(text, "loc").len() > 5));
    addresses.sort_unstable();
    let mut expected = all(&whole, "loc");
    expected.sort_unstable();
    assert_eq!(addresses, expected);
    assert_eq!(
        (parts::parts(50_000), parts::parts(50_001), parts::parts(120_001)),
        (0, 2, 4)
    );
}

#[test]
fn language_models_can_be_kept_out() {
    let article = [("a", "date: 2025-01-20")];
    let open = files(&world("", &article), NOW);
    assert!(!open["robots.txt"].contains("Disallow"), "{}", open["robots.txt"]);
    assert!(open["robots.txt"].ends_with(
        "\nSitemap: https://example.org/news/sitemap.xml\nSitemap: https://example.org/news/news-sitemap.xml\n"
    ));
    let closed = files(&world("robots: {ai: off}\n", &article), NOW);
    let rules = &closed["robots.txt"];
    assert!(
        rules.contains("User-agent: GPTBot\n") && rules.contains("\nDisallow: /\n"),
        "{rules}"
    );
    assert!(rules.starts_with("User-agent: *\nAllow: /\n"), "{rules}");
}
