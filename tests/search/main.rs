//! The index of the search: what stands in its files, how it is divided, and what an edit rewrites.

#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use brief::building::output::Output;
use brief::building::pipeline::{Options, build, build_in_memory, prepare};
use brief::ground::token::Tokenizer;
use brief::ground::world::MemoryWorld;
use brief::meaning::question::Question;
use serde_json::Value;

fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    Tokenizer::default().tokens(text, |token| found.push(token.to_owned()));
    found
}

fn world(settings: &str) -> MemoryWorld {
    let mut world = MemoryWorld::new("2026-01-01T00:00:00Z".parse().expect("an instant"));
    world.write(
        "brief.yaml",
        format!("base_url: https://example.org/news/\n{settings}"),
    );
    world
}

fn article(title: &str, date: &str, keys: &str, text: &str) -> String {
    format!("---\ntitle: \"{title}\"\ndate: {date}\n{keys}---\n{text}\n")
}

fn files(world: &MemoryWorld) -> BTreeMap<String, String> {
    let (files, found) = build_in_memory(world, &Options::default());
    assert!(files.is_some(), "{found:#?}");
    let files = files.unwrap_or_default();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    files
        .into_iter()
        .map(|(path, bytes)| (path.to_string(), text(bytes)))
        .filter(|(path, _)| path.starts_with("search/") && path.ends_with(".txt"))
        .collect()
}

fn segments(world: &MemoryWorld) -> Vec<(String, u64, u64)> {
    let prepared = prepare(world, &Options::default());
    let answer = serde_json::to_value(prepared.site.answer(&Question::SearchIndex)).expect("JSON");
    let segment = |segment: &Value| {
        let name = segment["name"].as_str().expect("a name").to_owned();
        let number = |key: &str| segment[key].as_u64().expect("a number");
        (name, number("articles"), number("parts"))
    };
    answer["segments"]
        .as_array()
        .expect("a list")
        .iter()
        .map(segment)
        .collect()
}

/// The index as its reader sees it, written against the description of the files alone.
struct Reader {
    files: BTreeMap<String, String>,
}

impl Reader {
    fn numbers(digits: &str) -> Vec<u64> {
        const DIGITS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
        let (mut all, mut next, mut distance, mut shift) = (Vec::new(), 0, 0, 0);
        for digit in digits.chars() {
            let value = DIGITS.find(digit).expect("a digit") as u64;
            distance |= (value & 31) << shift;
            shift += 5;
            if value < 32 {
                all.push(next + distance);
                (next, distance, shift) = (next + distance + 1, 0, 0);
            }
        }
        all
    }

    /// The articles with a word in their headline, and the names of the terms that it stands in.
    fn titles(&self, word: &str) -> (Vec<u64>, Vec<String>) {
        for (_, text) in self
            .files
            .iter()
            .filter(|(path, _)| path.starts_with("search/titles/"))
        {
            let mut lines = text.lines();
            let count: usize = lines.next().expect("a count").parse().expect("a number");
            let terms: Vec<&str> = lines.by_ref().take(count).collect();
            for line in lines {
                let fields: Vec<&str> = line.split('\t').collect();
                let [found, articles, own] = <[&str; 3]>::try_from(fields).expect("a word has three fields");
                if found == word {
                    let own = Reader::numbers(own)
                        .into_iter()
                        .map(|place| terms[place as usize]);
                    let name = |term: &str| term.split('\t').nth(3).expect("a name").to_owned();
                    return (Reader::numbers(articles), own.map(name).collect());
                }
            }
        }
        (Vec::new(), Vec::new())
    }

    /// The articles of a segment with a word in their texts.
    fn texts(&self, segment: &str, word: &str) -> Vec<u64> {
        let folder = format!("search/texts/{segment}/");
        let parts = self.files.iter().filter(|(path, _)| path.starts_with(&folder));
        let mut lines = parts.flat_map(|(_, text)| text.lines());
        let line = lines.find_map(|line| line.strip_prefix(word)?.strip_prefix('\t'));
        line.map(Reader::numbers).unwrap_or_default()
    }

    fn record(&self, segment: &str, place: u64) -> &str {
        let path = format!("search/records/{segment}/{}.txt", place / 32);
        let text = self.files.get(&path).expect(&path);
        text.lines().nth((place % 32) as usize).expect("a line")
    }
}

/// The same texts are cut by the script in a browser: tests/browser.
#[test]
fn texts_are_cut_into_the_tokens_that_were_agreed_on() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("tokens.json")).expect("JSON");
    for case in cases {
        let text = case["text"].as_str().expect("a text");
        assert_eq!(
            serde_json::to_value(tokens(text)).expect("JSON"),
            case["tokens"],
            "{text:?}"
        );
    }
}

#[test]
fn every_word_leads_to_its_article() {
    let mut world = world("");
    world.write(
        "content/companies.yaml",
        "- {name: Société Générale, aliases: [SocGen], tickers: ['EPA:GLE']}\n- {name: Oracle, tickers: ['NYSE:ORCL']}\n",
    );
    let texts = [
        (
            "Société Générale cuts a forecast",
            "2024-03-01",
            "topics: [Banks]\n",
            "SocGen said so. ![A chart of **losses**](x.svg)\n\n| Year | Sum |\n|---|---|\n| 2023 | 4.5bn |",
        ),
        (
            "微软云 grows",
            "2025-01-02T10:00",
            "authors: [Łukasz Nowak]\ntakeaways: [Seven per cent]\n",
            "Words with `code` and a [link](https://example.org/elsewhere).\n\n> Quoted &amp; said",
        ),
        (
            "Oracle & others",
            "2025-01-03",
            "summary: A *short* standfirst\ncompanies: [Oracle]\n",
            "The text.\n\n## A heading\n\nIt’s O'Reilly’s.",
        ),
    ];
    for (number, (title, date, keys, text)) in texts.iter().enumerate() {
        world.write(
            &format!("content/articles/n{number}.md"),
            article(title, date, keys, text),
        );
    }
    world.write(
        "content/articles/x.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    let reader = Reader { files: files(&world) };
    // The segments are the years: number 0 is the article of 2024, 2048 and 2049 are those of 2025.
    for (title, number) in texts.iter().map(|text| text.0).zip([0, 2048, 2049]) {
        for token in tokens(title) {
            assert!(reader.titles(&token).0.contains(&number), "{token} of {title}");
        }
    }
    for name in ["societe", "generale", "socgen", "gle"] {
        assert_eq!(reader.titles(name).1, ["Société Générale"], "{name}");
    }
    assert_eq!(reader.titles("orcl").1, ["Oracle"]);
    assert_eq!(reader.titles("banks").1, ["Banks"]);
    assert_eq!(reader.titles("lukasz").1, ["Łukasz Nowak"]);
    for word in ["socgen", "said", "chart", "losses", "2023", "5bn"] {
        assert_eq!(reader.texts("2024", word), [0], "{word}");
    }
    for word in ["code", "link", "quoted", "said", "seven", "cent"] {
        assert_eq!(reader.texts("2025", word), [0], "{word}");
    }
    for word in ["short", "standfirst", "heading", "it", "reilly"] {
        assert_eq!(reader.texts("2025", word), [1], "{word}");
    }
    for word in ["https", "elsewhere", "amp", "href", "strong", "s"] {
        assert_eq!(reader.texts("2025", word), Vec::<u64>::new(), "{word}");
    }
    assert_eq!(
        reader.record("2025", 1),
        "2025/01/03/n2/\t2025-01-03\t3 January 2025\tOracle\tOracle & others\tA short standfirst"
    );
    assert_eq!(
        reader.files["search/days.txt"],
        "2024-03-01\t1\n2025-01-02\t1\n2025-01-03\t1\n"
    );
}

#[test]
fn what_is_not_to_be_found_is_in_no_file() {
    let mut world = world("");
    world.write(
        "content/articles/a.md",
        article("Seen", "2025-01-02", "", "Words."),
    );
    for (name, keys) in [
        ("draft", "draft: true\n"),
        ("hidden", "noindex: true\ntopics: [Hush]\n"),
        ("late", "publish: 2030-01-01\n"),
        ("gone", "expires: 2025-02-01\n"),
    ] {
        let text = article(&format!("Xyzzy{name}"), "2025-01-02", keys, "Xyzzy words.");
        world.write(&format!("content/articles/{name}.md"), text);
    }
    for (path, text) in files(&world) {
        assert!(!text.to_lowercase().contains("xyzzy"), "{path}");
    }
    let titles = &files(&world)["search/titles/0.txt"];
    assert!(titles.contains("seen\t"), "{titles}");
}

#[test]
fn what_stands_between_the_fields_of_a_record_is_never_in_them() {
    let mut world = world("");
    world.write(
        "content/articles/a.md",
        article(
            "Tab\\tand\\nline</script>",
            "2025-01-02",
            "companies: [\"A\\tB\\nC\"]\n",
            "One\ttwo.",
        ),
    );
    let files = files(&world);
    assert_eq!(
        files["search/records/2025/0.txt"],
        "2025/01/02/a/\t2025-01-02\t2 January 2025\tA B C\tTab and line</script>\tOne two.\n"
    );
    let lines: Vec<usize> = files["search/titles/0.txt"]
        .lines()
        .skip(1)
        .map(|line| line.split('\t').count())
        .collect();
    assert_eq!(lines, [6, 3, 3, 3, 3, 3, 3, 3]);
}

#[test]
fn segments_are_divided_where_there_are_many_articles() {
    let mut world = world("editions: {daily: off, weekly: off}\nsearch: on\n");
    let mut number = 0;
    let mut add = |world: &mut MemoryWorld, month: &str, count: usize| {
        for _ in 0..count {
            number += 1;
            let text = article(
                &format!("T{number}"),
                &format!("{month}-{:02}", number % 28 + 1),
                "",
                "Words.",
            );
            world.write(&format!("content/articles/n{number}.md"), text);
        }
    };
    // Years that are over have larger segments.
    add(&mut world, "2021-02", 1030);
    add(&mut world, "2021-03", 1030);
    add(&mut world, "2022-05", 40);
    add(&mut world, "2023-05", 520);
    // The first half is divided to its months, of which one has too many; the second is not divided.
    add(&mut world, "2024-01", 10);
    add(&mut world, "2024-02", 1030);
    add(&mut world, "2024-05", 300);
    add(&mut world, "2024-06", 20);
    add(&mut world, "2024-12", 70);
    let name = |name: &str, articles: u64, parts: u64| (name.to_owned(), articles, parts);
    assert_eq!(
        segments(&world),
        [
            name("2021-02", 1030, 32),
            name("2021-03", 1030, 32),
            name("2022", 40, 1),
            name("2023", 520, 32),
            name("2024-01", 10, 1),
            name("2024-02", 512, 8),
            name("2024-02-2", 512, 8),
            name("2024-02-3", 6, 1),
            name("2024-q2", 320, 8),
            name("2024-h2", 70, 8),
        ]
    );
    // Every article is in one record, at the place that its segment gives it.
    let files = files(&world);
    let records = files
        .iter()
        .filter(|(path, _)| path.starts_with("search/records/"));
    let titles: BTreeSet<&str> = records
        .flat_map(|(_, text)| text.lines())
        .map(|line| line.split('\t').nth(4).expect("a headline"))
        .collect();
    assert_eq!(titles.len(), 4050);
    let lines = |path: &str| files[path].lines().count();
    assert_eq!(lines("search/records/2023/15.txt"), 32);
    assert_eq!(lines("search/records/2024-02-3/0.txt"), 6);
    assert!(!files.contains_key("search/records/2024-02-3/1.txt"));
    let reader = Reader { files };
    assert_eq!(reader.texts("2024-q2", "words").len(), 320);
    let (articles, _) = reader.titles("t4050");
    assert_eq!(articles.len(), 1);
    let (segment, place) = (articles[0] / 2048, articles[0] % 2048);
    assert_eq!(segment, 9);
    assert!(reader.record("2024-h2", place).contains("\tT4050\t"));
}

#[test]
fn an_edit_of_a_text_rewrites_its_page_and_the_parts_of_its_words() {
    let mut world = world("feeds: {of: []}\neditions: {daily: off, weekly: off}\n");
    for number in 0..600 {
        let day = format!("2025-{:02}-{:02}", number / 50 + 1, number % 28 + 1);
        let text = format!("First words of number {number}.\n\nMore words.");
        world.write(
            &format!("content/articles/n{number}.md"),
            article(&format!("T{number}"), &day, "", &text),
        );
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (output, state) = (folder.path().join("public"), folder.path().join("state"));
    let build = |world: &MemoryWorld| {
        let outcome = build(world, &Options::default(), |_| {
            Output::open(&output, &state, false)
        });
        let report = outcome.report.expect("a site without errors");
        let tree = support::tree(&output);
        (report.written, tree)
    };
    let (_, before) = build(&world);
    let text = "First words of number 7.\n\nMore words, and quaxilated ones.";
    world.write("content/articles/n7.md", article("T7", "2025-01-08", "", text));
    let (written, after) = build(&world);
    let changed: Vec<&String> = after
        .keys()
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    let changed: Vec<&String> = changed
        .into_iter()
        .filter(|path| *path != ".brief-manifest")
        .collect();
    // `quaxilated`, `and` and `ones` stand in up to three parts of eight.
    let parts = changed
        .iter()
        .filter(|path| path.starts_with("search/texts/2025-h1/"))
        .count();
    assert!((1..=3).contains(&parts), "{changed:?}");
    assert_eq!(changed.len(), parts + 1, "{changed:?}");
    assert_eq!(written, changed.len());
    assert!(
        changed
            .iter()
            .any(|path| path.as_str() == "2025/01/08/n7/index.html"),
        "{changed:?}"
    );
}

#[test]
fn a_site_without_search_has_none_of_it() {
    let mut world = world("search: off\n");
    world.write(
        "content/articles/a.md",
        article("Seen", "2025-01-02", "", "Words."),
    );
    let (files, _) = build_in_memory(&world, &Options::default());
    let files = files.expect("a site without errors");
    assert!(!files.keys().any(|path| path.to_string().starts_with("search/")));
    let front = files
        .iter()
        .find(|(path, _)| path.as_str() == "index.html")
        .expect("the front page");
    assert!(!String::from_utf8_lossy(front.1).contains("search"));
}
