//! What is known of companies from how often, when and with whom articles name them.

use brief::building::pipeline::{Clock, Options, Prepared, build_in_memory, prepare};
use brief::ground::world::MemoryWorld;
use brief::meaning::question::Question;
use serde_json::{Value, json};

const REGISTER: &str =
    "- {name: Oracle, tickers: ['NYSE:ORCL']}\n- {name: OpenAI}\n- {name: Nvidia}\n- {name: Arm}\n";

/// A site of articles: the date and the companies of each.
fn site(settings: &str, articles: &[(&str, &str)]) -> Prepared {
    let mut world = MemoryWorld::new("2025-03-09T00:00:00Z".parse().expect("an instant"));
    world.write(
        "brief.yaml",
        format!("base_url: https://example.org/\n{settings}"),
    );
    world.write("content/companies.yaml", REGISTER);
    for (number, (date, companies)) in articles.iter().enumerate() {
        world.write(
            &format!("content/articles/n{number}.md"),
            format!("---\ntitle: Number {number}\ndate: {date}\ncompanies: [{companies}]\n---\nText.\n"),
        );
    }
    let options = Options {
        clock: Clock::At("2025-03-09T00:00:00Z".parse().expect("an instant")),
        ..Options::default()
    };
    prepare(&world, &options)
}

fn ask(prepared: &Prepared, question: &Question) -> Value {
    serde_json::to_value(prepared.site.answer(question)).expect("a value is JSON")
}

/// One key of every record of a list.
fn pick(list: &Value, key: &str) -> Vec<Value> {
    let list = list.as_array().expect("a list");
    list.iter().map(|record| record[key].clone()).collect()
}

#[test]
fn weeks_end_with_the_newest_article_of_the_site() {
    let site = site(
        "",
        &[
            ("2025-01-05", "Oracle"),
            ("2024-12-30", "Oracle"),
            ("2024-12-29", "Oracle"),
            ("2025-01-13", "Nvidia"),
        ],
    );
    let weeks = ask(&site, &Question::Weeks("oracle".to_owned(), 4));
    assert_eq!(
        weeks,
        json!([
            {"week": "2024-W52", "count": 1},
            {"week": "2025-W01", "count": 2},
            {"week": "2025-W02", "count": 0},
            {"week": "2025-W03", "count": 0},
        ])
    );
    // Also of a company that nobody has heard of.
    let unknown = ask(&site, &Question::Weeks("nobody".to_owned(), 2));
    assert_eq!(pick(&unknown, "count"), [0, 0]);
    assert_eq!(
        ask(&self::site("", &[]), &Question::Weeks("oracle".to_owned(), 4)),
        json!([])
    );
}

#[test]
fn companies_in_the_news_are_those_of_the_last_days() {
    let site = site(
        "",
        &[
            ("2025-01-01", "Oracle, OpenAI"),
            ("2025-01-02", "Oracle"),
            ("2025-02-01", "Oracle, Nvidia"),
            ("2025-02-08", "OpenAI, Nvidia"),
            ("2025-02-28", "OpenAI"),
        ],
    );
    let news = |days, limit| ask(&site, &Question::InTheNews { days, limit });
    let month = news(28, 10);
    assert_eq!(pick(&month, "slug"), ["openai", "nvidia", "oracle"]);
    assert_eq!(pick(&month, "count"), [2, 2, 1]);
    assert_eq!(pick(&month, "ticker"), [Value::Null, Value::Null, json!("ORCL")]);
    assert_eq!(
        pick(&month[0]["weeks"], "count"),
        [0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1]
    );
    // The first of February is the first of 28 days, and no longer one of 27.
    assert_eq!(pick(&news(27, 10), "slug"), ["openai", "nvidia"]);
    assert_eq!(pick(&news(1000, 1), "slug"), ["openai"]);
    assert_eq!(pick(&news(0, 10), "slug"), ["openai"]);
    assert_eq!(news(28, 0), json!([]));
}

#[test]
fn saliences_are_told_apart() {
    let mut world = MemoryWorld::new("2025-03-09T00:00:00Z".parse().expect("an instant"));
    world.write("content/companies.yaml", REGISTER);
    for (number, text) in [
        "Oracle grows. Oracle grows.",
        "OpenAI grows, and so does Oracle with it.",
        "OpenAI grows.\n\nIt does so every year.\n\nSo does Oracle.",
    ]
    .iter()
    .enumerate()
    {
        let title = text.split('.').next().expect("a sentence");
        world.write(
            &format!("content/articles/2025-03-0{}.md", number + 1),
            format!(
                "---\ntitle: {}\n---\n{text}\n",
                title.split(',').next().expect("words")
            ),
        );
    }
    for settings in ["", "companies: {count_passing: on}\n"] {
        world.write("brief.yaml", settings);
        let site = prepare(&world, &Options::default());
        let oracle = ask(
            &site,
            &Question::Term {
                taxonomy: "companies".to_owned(),
                slug: "oracle".to_owned(),
            },
        );
        assert_eq!(
            oracle["salience"],
            json!({"primary": 1, "secondary": 1, "passing": 1})
        );
        let named = oracle["count"].as_u64().zip(oracle["passing"].as_u64());
        assert_eq!(named.map(|(count, passing)| count + passing), Some(3));
    }
}

/// The addresses of pairs of companies.
fn pair_pages(site: &Prepared) -> Vec<String> {
    let pages = site.plan.pages().map(|page| page.url.to_string());
    pages.filter(|url| url.contains("--")).collect()
}

const TOGETHER: [(&str, &str); 5] = [
    ("2025-01-01", "Oracle, OpenAI"),
    ("2025-01-02", "OpenAI, Oracle, Nvidia"),
    ("2025-02-01", "Nvidia, Oracle"),
    ("2025-02-08", "OpenAI, Oracle, OpenAI"),
    ("2025-02-28", "Arm"),
];

#[test]
fn companies_that_appear_together_often_enough_have_a_page() {
    let pages = |settings: &str| pair_pages(&site(settings, &TOGETHER));
    assert_eq!(pages(""), ["/companies/openai--oracle/"]);
    assert_eq!(
        pages("companies: {pair_min: 2}\n"),
        ["/companies/nvidia--oracle/", "/companies/openai--oracle/"]
    );
    assert_eq!(pages("companies: {pair_min: 4}\n"), Vec::<String>::new());
    assert_eq!(pages("companies: {pair_min: 1}\n").len(), 3);
    assert_eq!(
        pages("companies: {pair_min: 1}\npages: {pairs: off}\n"),
        Vec::<String>::new()
    );
}

#[test]
fn co_mentions_and_pairs_lead_to_each_other() {
    let site = site("", &TOGETHER);
    let others = ask(&site, &Question::CoMentions("oracle".to_owned(), 10));
    assert_eq!(pick(&others, "slug"), ["openai", "nvidia"]);
    assert_eq!(pick(&others, "count"), [3, 2]);
    assert_eq!(
        pick(&others, "pair"),
        [json!("/companies/openai--oracle/"), Value::Null]
    );
    assert_eq!(pick(&others, "url"), ["/companies/openai/", "/companies/nvidia/"]);
    let pair = ask(&site, &Question::Pair("openai".to_owned(), "oracle".to_owned()));
    assert_eq!(
        pick(&pair["companies"], "url"),
        ["/companies/openai/", "/companies/oracle/"]
    );
    assert_eq!(pair["url"], "/companies/openai--oracle/");
    assert_eq!(
        pick(&pair["articles"], "day"),
        ["2025-02-08", "2025-01-02", "2025-01-01"]
    );
    assert_eq!(
        pair["months"],
        json!([{"month": "2025-02", "count": 1}, {"month": "2025-01", "count": 2}])
    );
    let coverage = pick(&pair["coverage"], "count");
    assert_eq!((coverage.len(), &coverage[22..]), (24, &[json!(2), json!(1)][..]));
    assert_eq!(
        (&pair["first"], &pair["latest"]),
        (&json!("2025-01-01"), &json!("2025-02-08"))
    );
    let below = ask(&site, &Question::Pair("nvidia".to_owned(), "oracle".to_owned()));
    assert_eq!((&below["url"], &below["count"]), (&Value::Null, &json!(2)));
    for (one, other) in [("arm", "oracle"), ("oracle", "oracle"), ("nobody", "oracle")] {
        let none = ask(&site, &Question::Pair(one.to_owned(), other.to_owned()));
        assert_eq!(none, Value::Null, "{one} {other}");
    }
}

/// An article that is a list of companies pairs its most important ones and costs no more than that.
#[test]
fn a_list_of_companies_pairs_fifty_of_them() {
    let names: Vec<String> = (0..120).map(|number| format!("Firm {number:03}")).collect();
    let list = names.join(", ");
    let site = site("companies: {pair_min: 1}\n", &[("2025-01-01", &list)]);
    assert_eq!(pair_pages(&site).len(), 50 * 49 / 2);
    let pairs = |slug: &str| ask(&site, &Question::CoMentions(slug.to_owned(), 1000));
    assert_eq!(pairs("firm-000").as_array().map(Vec::len), Some(49));
    assert_eq!(pairs("firm-119").as_array().map(Vec::len), Some(0));
}

#[test]
fn pair_pages_have_a_canonical_address_a_description_and_a_place_in_the_sitemap() {
    let mut world = MemoryWorld::new("2025-03-09T00:00:00Z".parse().expect("an instant"));
    world.write(
        "brief.yaml",
        "base_url: https://example.org/news/\ntitle: Wire\ncompanies: {pair_min: 1}\n",
    );
    world.write(
        "content/articles/2025-01-01.md",
        "---\ntitle: Both\ncompanies: [A & B, 'C <i>']\n---\nText.\n",
    );
    let (files, found) = build_in_memory(&world, &Options::default());
    let files = files.unwrap_or_else(|| unreachable!("{found:?}"));
    let file = |name: &str| {
        let file = files.iter().find(|(path, _)| path.to_string() == name);
        String::from_utf8(file.expect("a file").1.clone()).expect("text")
    };
    let page = file("companies/a-b--c-i/index.html");
    assert!(
        page.contains("<title>A &amp; B and C &lt;i&gt; – Wire</title>"),
        "{page}"
    );
    assert!(page.contains("<link rel=\"canonical\" href=\"https://example.org/news/companies/a-b--c-i/\">"));
    assert!(page.contains(
        "<meta name=\"description\" content=\"What Wire has reported about A &amp; B together with"
    ));
    assert!(page.contains("<a href=\"/news/2025/01/01/"), "{page}");
    assert!(file("companies/a-b/index.html").contains("href=\"/news/companies/a-b--c-i/\""));
    let sitemap = file("sitemap.xml");
    assert!(
        sitemap.contains(
            "<loc>https://example.org/news/companies/a-b--c-i/</loc>\n  <lastmod>2025-01-01</lastmod>"
        ),
        "{sitemap}"
    );
}

/// A network as names, each with those it is tied to.
fn network(articles: &[(&str, &str)], limit: u16) -> Vec<String> {
    let answer = ask(&site("", articles), &Question::Network(limit));
    let companies = answer.as_array().expect("a list").iter();
    companies
        .map(|company| {
            let others = company["with"].as_array().expect("a list").iter();
            let others: Vec<String> = others
                .map(|other| format!("{} {}", other["slug"], other["count"]))
                .collect();
            format!("{}: {}", company["slug"], others.join(", ")).replace('"', "")
        })
        .collect()
}

#[test]
fn a_network_holds_those_that_appear_with_others() {
    let ties = [
        "openai: oracle 3, nvidia 1",
        "oracle: openai 3, nvidia 2",
        "nvidia: oracle 2, openai 1",
    ];
    assert_eq!(network(&TOGETHER, 500), [ties[1], ties[0], ties[2]]);
    // The third is left out, and with it its ties.
    assert_eq!(network(&TOGETHER, 2), ["oracle: openai 3", "openai: oracle 3"]);
    assert_eq!(network(&TOGETHER, 1), Vec::<String>::new());
    assert_eq!(network(&[("2025-01-01", "Arm")], 500), Vec::<String>::new());
}

/// Of the ties of a large network the strongest are kept, and all that holds it together.
#[test]
fn a_large_network_shows_its_strongest_ties() {
    let name = |number: usize| format!("Firm {number:03}");
    // A chain of companies, of which each appears once with the next one, and a hub that appears once with each.
    let mut companies: Vec<String> = (0..80)
        .map(|number| format!("{}, {}", name(number), name(number + 1)))
        .collect();
    companies.extend((0..=80).map(|number| format!("Hub, {}", name(number))));
    companies.extend((0..3).map(|_| format!("{}, {}", name(7), name(70))));
    let articles: Vec<(&str, &str)> = companies
        .iter()
        .map(|list| ("2025-01-01", list.as_str()))
        .collect();
    let network = network(&articles, 500);
    assert_eq!(network.len(), 82);
    let of = |slug: &str| {
        let line = network.iter().find(|line| line.starts_with(&format!("{slug}:")));
        line.map_or("", |line| line.as_str()).to_owned()
    };
    assert!(
        of("firm-007").starts_with("firm-007: firm-070 3, "),
        "{}",
        of("firm-007")
    );
    let ties: usize = network.iter().map(|line| line.matches(' ').count() / 2).sum();
    assert!(ties < 2 * 2 * 82, "{ties} of {}", 2 * (80 + 81 + 1));
}

#[test]
fn the_map_has_a_page_that_can_be_switched_off() {
    let has_map = |settings: &str| {
        let site = site(settings, &TOGETHER);
        site.plan
            .pages()
            .any(|page| page.url.to_string() == "/companies/map/")
    };
    assert!(has_map(""));
    assert!(!has_map("pages: {map: off}\n"));
}

/// A company of that name that stands in no register, where its slug would have been refused.
#[test]
fn a_company_called_map_and_the_map_are_told_apart() {
    let mut world = MemoryWorld::new("2025-03-09T00:00:00Z".parse().expect("an instant"));
    world.write(
        "content/articles/2025-01-01.md",
        "---\ntitle: Map grows\ncompanies: [Map]\n---\nText.\n",
    );
    let (files, found) = build_in_memory(&world, &Options::default());
    let messages: Vec<String> = found.iter().map(|problem| problem.message.clone()).collect();
    let expected = "the map of companies and the page of `Map` stand at the same address `/companies/map/`";
    assert!(
        files.is_none() && messages.iter().any(|message| message == expected),
        "{messages:?}"
    );
    world.write("brief.yaml", "pages: {map: off}\n");
    assert!(build_in_memory(&world, &Options::default()).0.is_some());
}
