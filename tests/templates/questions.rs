//! A question for every function of templates.

use brief::ground::date::{Month, Period};
use brief::ground::path::SourcePath;
use brief::meaning::edition::Cadence;
use brief::meaning::question::{Filter, Question, TermOrder, Unit};

use crate::site::ARTICLE;

/// By function, questions that have an answer and, where the answer may be null, one that has none.
pub fn sample_questions() -> Vec<(&'static str, Vec<Question>)> {
    let path = |text: &str| SourcePath::new(text).expect("a path");
    let article = || path(ARTICLE);
    let company = || "acme".to_owned();
    let term = |taxonomy: &str, slug: &str| Question::Term {
        taxonomy: taxonomy.to_owned(),
        slug: slug.to_owned(),
    };
    let terms = |taxonomy: &str| Question::Terms {
        taxonomy: taxonomy.to_owned(),
        order: TermOrder::Name,
        limit: u32::MAX,
    };
    let period = |text: &str| Period::parse(text).expect("a period");
    let periods = |unit: Unit| Question::Periods {
        unit,
        filter: Filter::default(),
        limit: u32::MAX,
    };
    let all = Question::Articles {
        filter: Filter::default(),
        offset: 0,
        limit: u32::MAX,
    };
    vec![
        ("articles", vec![all]),
        ("count", vec![Question::Count(Filter::default())]),
        (
            "article",
            vec![
                Question::Article(article()),
                Question::Article(path("content/articles/2025-01-20-before.md")),
                Question::Article(path("content/articles/none.md")),
            ],
        ),
        (
            "body",
            vec![Question::Body(article()), Question::Body(path("none"))],
        ),
        (
            "stats",
            vec![Question::Stats(article()), Question::Stats(path("none"))],
        ),
        (
            "neighbours",
            vec![
                Question::Neighbours(article()),
                Question::Neighbours(path("content/articles/2025-01-20-before.md")),
            ],
        ),
        ("related", vec![Question::Related(article(), 5)]),
        (
            "company",
            vec![
                term("companies", "acme"),
                term("companies", "bolt"),
                term("companies", "none"),
            ],
        ),
        ("companies", vec![terms("companies")]),
        ("co_mentions", vec![Question::CoMentions(company(), 10)]),
        (
            "months",
            vec![Question::Months {
                taxonomy: "companies".to_owned(),
                slug: company(),
            }],
        ),
        (
            "months_around",
            ["2024-12", "2025-01"]
                .map(|month| Question::MonthsAround {
                    taxonomy: "companies".to_owned(),
                    slug: company(),
                    month: Month::parse(month).expect("a month"),
                })
                .to_vec(),
        ),
        ("coverage", vec![Question::Coverage(company(), 24)]),
        ("weeks", vec![Question::Weeks(company(), 12)]),
        (
            "pair",
            vec![
                Question::Pair("acme".to_owned(), "bolt".to_owned()),
                Question::Pair("acme".to_owned(), "none".to_owned()),
            ],
        ),
        ("network", vec![Question::Network(500)]),
        ("search_index", vec![Question::SearchIndex]),
        ("in_the_news", vec![Question::InTheNews { days: 28, limit: 10 }]),
        (
            "term",
            vec![
                term("topics", "power"),
                term("authors", "ada-long"),
                term("people", "jo-smith"),
                term("topics", "none"),
            ],
        ),
        (
            "terms",
            vec![terms("topics"), terms("authors"), terms("people"), terms("none")],
        ),
        (
            "edition",
            vec![
                Question::Edition(period("2025-01-21")),
                Question::Edition(period("2025-01-20")),
                Question::Edition(period("2025-W04")),
                Question::Edition(period("1999-01-01")),
            ],
        ),
        (
            "editions",
            vec![
                Question::Editions(Cadence::Daily, u32::MAX),
                Question::Editions(Cadence::Weekly, u32::MAX),
            ],
        ),
        (
            "periods",
            vec![periods(Unit::Day), periods(Unit::Week), periods(Unit::Month)],
        ),
        ("corrections", vec![Question::Corrections]),
        ("pages", vec![Question::Pages]),
        (
            "text",
            vec![
                Question::Text(path("content/pages/about.md")),
                Question::Text(path("content/companies/acme.md")),
                Question::Text(path("content/editions/2025-01-21.md")),
                Question::Text(path("none")),
            ],
        ),
        ("url", vec![Question::Url(article()), Question::Url(path("none"))]),
        (
            "asset",
            vec![
                Question::Asset(path("static/logo.png")),
                Question::Asset(path("static/note.txt")),
                Question::Asset(path("static/none.png")),
            ],
        ),
        ("data", vec![Question::Data("prices".to_owned())]),
    ]
}
