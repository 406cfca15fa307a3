//! Companies that articles name in passing: they stand under "also mentioned" and count for nothing else, unless the
//! site says that they do.

use std::collections::BTreeMap;

use brief::building::pipeline::{Clock, Options, Prepared, build_in_memory, prepare};
use brief::ground::world::MemoryWorld;
use brief::meaning::question::{Filter, Question, TermOrder, Unit};
use serde_json::{Value, json};

const REGISTER: &str = "- {name: Oracle}\n- {name: OpenAI}\n- {name: Nvidia}\n";

/// An article on Oracle, one on OpenAI that names Oracle in passing in the same month and one in another month, and
/// one that names Nvidia, which no article is about.
fn world(settings: &str) -> MemoryWorld {
    let mut world = MemoryWorld::new("2025-03-01T00:00:00Z".parse().expect("an instant"));
    world.write(
        "brief.yaml",
        format!("base_url: https://example.org/news/\n{settings}"),
    );
    world.write("content/companies.yaml", REGISTER);
    let passing = |name: &str| format!("OpenAI grows.\n\nIt does so every year.\n\nSo does {name}.");
    for (file, title, text) in [
        ("2025-02-03-about", "Oracle grows", "OpenAI does too.".to_owned()),
        ("2025-02-04-passing", "OpenAI grows", passing("Oracle")),
        ("2025-01-04-earlier", "OpenAI has grown", passing("Oracle")),
        ("2025-01-03-nvidia", "OpenAI will grow", passing("Nvidia")),
    ] {
        world.write(
            &format!("content/articles/{file}.md"),
            format!("---\ntitle: {title}\n---\n{text}\n"),
        );
    }
    world
}

fn files(settings: &str) -> BTreeMap<String, String> {
    let (files, found) = build_in_memory(&world(settings), &Options::default());
    assert!(files.is_some(), "{found:?}");
    let files = files.unwrap_or_default().into_iter();
    files
        .map(|(path, bytes)| (path.to_string(), String::from_utf8_lossy(&bytes).into_owned()))
        .collect()
}

fn prepared(settings: &str) -> Prepared {
    let options = Options {
        clock: Clock::At("2025-03-01T00:00:00Z".parse().expect("an instant")),
        ..Options::default()
    };
    prepare(&world(settings), &options)
}

fn ask(prepared: &Prepared, question: &Question) -> Value {
    serde_json::to_value(prepared.site.answer(question)).expect("a value is JSON")
}

/// The titles of the articles that a page lists, each below the heading it stands under.
fn listed(page: &str) -> Vec<(String, Vec<String>)> {
    let main = page.split_once("<main").expect("a main part").1;
    let sections = main.split("<h2").skip(1).map(|section| {
        let heading = section.split_once('>').and_then(|(_, rest)| rest.split_once('<'));
        let lines = section.split("<a href=\"/news/2025/").skip(1);
        let title = |line: &str| {
            line.split_once('>')
                .and_then(|(_, rest)| rest.split_once('<'))
                .map(|(title, _)| title.to_owned())
        };
        (
            heading.expect("a heading").0.to_owned(),
            lines.filter_map(title).collect(),
        )
    });
    sections
        .filter(|(_, titles): &(String, Vec<String>)| !titles.is_empty())
        .collect()
}

fn list(heading: &str, titles: &[&str]) -> (String, Vec<String>) {
    (
        heading.to_owned(),
        titles.iter().map(|title| (*title).to_owned()).collect(),
    )
}

const COUNTED: &str = "companies: {count_passing: on}\n";

#[test]
fn company_pages_list_what_is_about_them_first() {
    let without = files("");
    assert_eq!(
        listed(&without["companies/oracle/index.html"]),
        [
            list("Newest articles", &["Oracle grows"]),
            list("Also mentioned in", &["OpenAI grows", "OpenAI has grown"]),
        ]
    );
    let month = &without["companies/oracle/2025-02/index.html"];
    assert_eq!(listed(month), [list("Also mentioned in", &["OpenAI grows"])]);
    let (about, also) = month.split_once("Also mentioned in").expect("two lists");
    assert!(about.contains(">Oracle grows</a>") && !also.contains(">Oracle grows</a>"));
    // What names them in passing gives them neither months nor pages.
    assert!(!without.contains_key("companies/oracle/2025-01/index.html"));
    assert!(!without.contains_key("companies/nvidia/index.html"));

    let with = files(COUNTED);
    assert_eq!(
        listed(&with["companies/oracle/index.html"]),
        [list(
            "Newest articles",
            &["OpenAI grows", "Oracle grows", "OpenAI has grown"]
        )]
    );
    assert!(!with["companies/oracle/2025-02/index.html"].contains("Also mentioned in"));
    assert!(with.contains_key("companies/oracle/2025-01/index.html"));
    assert!(with.contains_key("companies/nvidia/index.html"));
}

#[test]
fn articles_tell_what_they_name_in_passing() {
    let page = &files("")["2025/02/04/passing/index.html"];
    let named = |page: &str| {
        let items = page.split("<li><a href=\"/news/companies/").skip(1);
        let names = items.filter_map(|item| Some(item.split_once('/')?.0.to_owned()));
        names.collect::<Vec<String>>()
    };
    let (about, also) = page.split_once(">Also mentioned<").expect("both");
    assert_eq!(
        named(about.split_once(">Companies</p>").expect("a list").1),
        ["openai"]
    );
    assert_eq!(named(also), ["oracle"]);
    assert!(!files(COUNTED)["2025/02/04/passing/index.html"].contains("Also mentioned"));
}

#[test]
fn counts_and_charts_leave_out_what_is_named_in_passing() {
    let oracle = || "oracle".to_owned();
    let filter = Filter {
        terms: vec![("companies".to_owned(), oracle())],
        ..Filter::default()
    };
    let taxonomy = || "companies".to_owned();
    let numbers = |settings: &str| {
        let site = prepared(settings);
        let term = ask(
            &site,
            &Question::Term {
                taxonomy: taxonomy(),
                slug: oracle(),
            },
        );
        let order = TermOrder::Count;
        let terms = ask(
            &site,
            &Question::Terms {
                taxonomy: taxonomy(),
                order,
                limit: 9,
            },
        );
        let counts = terms
            .as_array()
            .expect("a list")
            .iter()
            .map(|term| json!([term["slug"], term["count"]]));
        let months = ask(
            &site,
            &Question::Months {
                taxonomy: taxonomy(),
                slug: oracle(),
            },
        );
        let limit = 9;
        json!({
            "term": [term["count"], term["passing"]],
            "terms": counts.collect::<Vec<Value>>(),
            "count": ask(&site, &Question::Count(filter.clone())),
            "months": months.as_array().expect("a list").len(),
            "periods": ask(&site, &Question::Periods { unit: Unit::Day, filter: filter.clone(), limit }).as_array().expect("a list").len(),
            "coverage": ask(&site, &Question::Coverage(oracle(), 2)),
        })
    };
    assert_eq!(
        numbers(""),
        json!({
            "term": [1, 2],
            "terms": [["openai", 4], ["oracle", 1], ["nvidia", 0]],
            "count": 1,
            "months": 1,
            "periods": 1,
            "coverage": [{"month": "2025-01", "count": 0}, {"month": "2025-02", "count": 1}],
        })
    );
    assert_eq!(
        numbers(COUNTED),
        json!({
            "term": [3, 0],
            "terms": [["openai", 4], ["oracle", 3], ["nvidia", 1]],
            "count": 3,
            "months": 2,
            "periods": 3,
            "coverage": [{"month": "2025-01", "count": 1}, {"month": "2025-02", "count": 2}],
        })
    );
}

#[test]
fn feeds_leave_out_what_is_named_in_passing() {
    let feed = |files: &BTreeMap<String, String>| {
        let items = files["companies/oracle/feed.xml"].split("<item>").skip(1);
        let title = |item: &str| {
            item.split("title>")
                .nth(1)
                .map(|title| title.trim_end_matches("</").to_owned())
        };
        items.filter_map(title).collect::<Vec<String>>()
    };
    let categories = |files: &BTreeMap<String, String>| {
        let item = files["feed.xml"]
            .split("<item>")
            .find(|item| item.contains("/passing/"));
        let categories = item.expect("the article").split("<category>").skip(1);
        categories
            .filter_map(|rest| rest.split('<').next())
            .map(str::to_owned)
            .collect::<Vec<String>>()
    };
    let without = files("");
    assert_eq!(feed(&without), ["Oracle grows"]);
    assert_eq!(categories(&without), ["OpenAI"]);
    let with = files(COUNTED);
    assert_eq!(feed(&with), ["OpenAI grows", "Oracle grows", "OpenAI has grown"]);
    assert_eq!(categories(&with), ["OpenAI", "Oracle"]);
}

#[test]
fn co_mentions_leave_out_what_is_named_in_passing() {
    let with = |settings: &str, slug: &str| {
        let others = ask(&prepared(settings), &Question::CoMentions(slug.to_owned(), 9));
        let others = others.as_array().expect("a list").iter();
        others
            .map(|other| json!([other["slug"], other["count"]]))
            .collect::<Vec<Value>>()
    };
    assert_eq!(with("", "oracle"), [json!(["openai", 1])]);
    assert_eq!(with("", "openai"), [json!(["oracle", 1])]);
    assert_eq!(with("", "nvidia"), Vec::<Value>::new());
    assert_eq!(with(COUNTED, "oracle"), [json!(["openai", 3])]);
    assert_eq!(
        with(COUNTED, "openai"),
        [json!(["oracle", 3]), json!(["nvidia", 1])]
    );
    assert_eq!(with(COUNTED, "nvidia"), [json!(["openai", 1])]);
}
