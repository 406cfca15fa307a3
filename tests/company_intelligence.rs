//! What is known of companies from how often, when and with whom articles name them.

use brief::building::pipeline::{Clock, Options, Prepared, prepare};
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
