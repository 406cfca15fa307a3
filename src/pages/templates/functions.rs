//! Functions: the questions that templates ask.

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::ground::date::{Month, Period};
use crate::ground::path::SourcePath;
use crate::meaning::edition::Cadence;
use crate::meaning::question::{Filter, Question, TermOrder, Unit};
use crate::meaning::site::{AUTHORS, COMPANIES, TOPICS};
use crate::pages::trace;
use crate::reading::front_matter::KINDS;

/// The most that a list without a limit holds.
const NO_LIMIT: u32 = u32::MAX;

/// The most companies of a network: to place more takes too long and shows too little.
const MOST_OF_NETWORK: u16 = 500;

/// A function: its name, its arguments, and how it becomes a question.
#[derive(Debug)]
pub struct QuestionFunction {
    /// The name in templates.
    pub name: &'static str,
    /// The names of its arguments.
    pub arguments: &'static [&'static str],
    question: fn(&Arguments) -> TeraResult<Question>,
}

/// The arguments of filters.
const FILTER: &[&str] = &[
    "company", "topic", "author", "taxonomy", "term", "day", "week", "month", "kind", "passing",
];

/// All functions, in the order of docs/TEMPLATES.md.
pub const FUNCTIONS: &[QuestionFunction] = &[
    QuestionFunction {
        name: "articles",
        arguments: &[
            "company", "topic", "author", "taxonomy", "term", "day", "week", "month", "kind", "passing",
            "offset", "limit",
        ],
        question: |a| {
            Ok(Question::Articles {
                filter: a.filter()?,
                offset: a.number("offset", 0)?,
                limit: a.limit()?,
            })
        },
    },
    QuestionFunction {
        name: "count",
        arguments: FILTER,
        question: |a| Ok(Question::Count(a.filter()?)),
    },
    QuestionFunction {
        name: "article",
        arguments: &["path"],
        question: |a| Ok(Question::Article(a.path()?)),
    },
    QuestionFunction {
        name: "body",
        arguments: &["path"],
        question: |a| Ok(Question::Body(a.path()?)),
    },
    QuestionFunction {
        name: "stats",
        arguments: &["path"],
        question: |a| Ok(Question::Stats(a.path()?)),
    },
    QuestionFunction {
        name: "neighbours",
        arguments: &["path"],
        question: |a| Ok(Question::Neighbours(a.path()?)),
    },
    QuestionFunction {
        name: "related",
        arguments: &["path", "limit"],
        question: |a| Ok(Question::Related(a.path()?, a.small("limit", 5)?)),
    },
    QuestionFunction {
        name: "company",
        arguments: &["slug"],
        question: |a| {
            Ok(Question::Term {
                taxonomy: COMPANIES.to_owned(),
                slug: a.text("slug")?,
            })
        },
    },
    QuestionFunction {
        name: "companies",
        arguments: &["order", "limit"],
        question: |a| {
            Ok(Question::Terms {
                taxonomy: COMPANIES.to_owned(),
                order: a.order()?,
                limit: a.limit()?,
            })
        },
    },
    QuestionFunction {
        name: "co_mentions",
        arguments: &["slug", "limit"],
        question: |a| Ok(Question::CoMentions(a.text("slug")?, a.small("limit", 10)?)),
    },
    QuestionFunction {
        name: "coverage",
        arguments: &["slug", "months"],
        question: |a| {
            Ok(Question::Coverage(
                a.text("slug")?,
                a.small("months", 24)?.min(240),
            ))
        },
    },
    QuestionFunction {
        name: "weeks",
        arguments: &["slug", "weeks"],
        question: |a| Ok(Question::Weeks(a.text("slug")?, a.small("weeks", 12)?.min(520))),
    },
    QuestionFunction {
        name: "pair",
        arguments: &["first", "second"],
        question: |a| {
            let mut slugs = [a.text("first")?, a.text("second")?];
            slugs.sort();
            let [first, second] = slugs;
            Ok(Question::Pair(first, second))
        },
    },
    QuestionFunction {
        name: "network",
        arguments: &["limit"],
        question: |a| {
            Ok(Question::Network(
                a.small("limit", MOST_OF_NETWORK)?.min(MOST_OF_NETWORK),
            ))
        },
    },
    QuestionFunction {
        name: "in_the_news",
        arguments: &["days", "limit"],
        question: |a| {
            Ok(Question::InTheNews {
                days: a.small("days", 28)?,
                limit: a.small("limit", 10)?,
            })
        },
    },
    QuestionFunction {
        name: "search_index",
        arguments: &[],
        question: |_| Ok(Question::SearchIndex),
    },
    QuestionFunction {
        name: "term",
        arguments: &["taxonomy", "slug"],
        question: |a| {
            Ok(Question::Term {
                taxonomy: a.text("taxonomy")?,
                slug: a.text("slug")?,
            })
        },
    },
    QuestionFunction {
        name: "terms",
        arguments: &["taxonomy", "order", "limit"],
        question: |a| {
            Ok(Question::Terms {
                taxonomy: a.text("taxonomy")?,
                order: a.order()?,
                limit: a.limit()?,
            })
        },
    },
    QuestionFunction {
        name: "months",
        arguments: &["taxonomy", "slug"],
        question: |a| {
            Ok(Question::Months {
                taxonomy: a.text("taxonomy")?,
                slug: a.text("slug")?,
            })
        },
    },
    QuestionFunction {
        name: "months_around",
        arguments: &["taxonomy", "slug", "month"],
        question: |a| {
            let month = Month::parse(&a.text("month")?).ok_or_else(|| a.wrong("month", "`2025-01`"))?;
            Ok(Question::MonthsAround {
                taxonomy: a.text("taxonomy")?,
                slug: a.text("slug")?,
                month,
            })
        },
    },
    QuestionFunction {
        name: "edition",
        arguments: &["period"],
        question: |a| {
            let text = a.text("period")?;
            let period =
                Period::parse(&text).ok_or_else(|| a.wrong("period", "`2025-01-21` or `2025-W04`"))?;
            Ok(Question::Edition(period))
        },
    },
    QuestionFunction {
        name: "editions",
        arguments: &["cadence", "limit"],
        question: |a| {
            let cadence = match a.optional("cadence")?.as_deref() {
                None | Some("daily") => Cadence::Daily,
                Some("weekly") => Cadence::Weekly,
                Some(_) => return Err(a.wrong("cadence", "`daily` or `weekly`")),
            };
            Ok(Question::Editions(cadence, a.limit()?))
        },
    },
    QuestionFunction {
        name: "periods",
        arguments: &[
            "unit", "company", "topic", "author", "taxonomy", "term", "day", "week", "month", "kind",
            "passing", "limit",
        ],
        question: |a| {
            let unit = match a.text("unit")?.as_str() {
                "day" => Unit::Day,
                "week" => Unit::Week,
                "month" => Unit::Month,
                _ => return Err(a.wrong("unit", "`day`, `week` or `month`")),
            };
            Ok(Question::Periods {
                unit,
                filter: a.filter()?,
                limit: a.limit()?,
            })
        },
    },
    QuestionFunction {
        name: "corrections",
        arguments: &[],
        question: |_| Ok(Question::Corrections),
    },
    QuestionFunction {
        name: "pages",
        arguments: &[],
        question: |_| Ok(Question::Pages),
    },
    QuestionFunction {
        name: "text",
        arguments: &["path"],
        question: |a| Ok(Question::Text(a.path()?)),
    },
    QuestionFunction {
        name: "url",
        arguments: &["path"],
        question: |a| Ok(Question::Url(a.path()?)),
    },
    QuestionFunction {
        name: "asset",
        arguments: &["path"],
        question: |a| {
            let path = SourcePath::new("static").and_then(|folder| folder.join(&a.text("path").ok()?));
            path.map(Question::Asset)
                .ok_or_else(|| a.wrong("path", "a path below static/"))
        },
    },
    QuestionFunction {
        name: "data",
        arguments: &["path"],
        question: |a| Ok(Question::Data(without_ending(&a.text("path")?))),
    },
];

/// `prices` of `prices.yaml`: data files are asked for with or without their ending.
fn without_ending(path: &str) -> String {
    path.strip_suffix(".yaml")
        .or_else(|| path.strip_suffix(".yml"))
        .unwrap_or(path)
        .to_owned()
}

/// Adds the functions to an engine.
pub fn register(tera: &mut Tera) {
    for function in FUNCTIONS {
        tera.register_function(
            function.name,
            move |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
                let arguments = Arguments { function, kwargs };
                arguments.refuse_unknown()?;
                let question = (function.question)(&arguments)?;
                trace::ask(question)
                    .ok_or_else(|| Error::message("this function works only while a page is made"))
            },
        );
    }
}

/// The arguments of one call.
struct Arguments {
    function: &'static QuestionFunction,
    kwargs: Kwargs,
}

impl Arguments {
    fn refuse_unknown(&self) -> TeraResult<()> {
        let names = self.function.arguments;
        let unknown = self
            .kwargs
            .iter()
            .filter_map(|(key, _)| key.as_str())
            .find(|name| !names.contains(name));
        match unknown {
            None => Ok(()),
            Some(name) => {
                let function = self.function.name;
                let known = if names.is_empty() {
                    "it takes none".to_owned()
                } else {
                    format!("it takes {}", names.join(", "))
                };
                Err(Error::message(format!(
                    "`{function}` has no argument `{name}`; {known}"
                )))
            }
        }
    }

    fn wrong(&self, name: &str, wanted: &str) -> Error {
        Error::message(format!(
            "the argument `{name}` of `{}` must be {wanted}",
            self.function.name
        ))
    }

    /// A text that may be missing or null.
    fn optional(&self, name: &str) -> TeraResult<Option<String>> {
        match self.kwargs.get::<&Value>(name)? {
            None => Ok(None),
            Some(value) if value.is_none() => Ok(None),
            Some(value) => value
                .as_str()
                .map(|text| Some(text.to_owned()))
                .ok_or_else(|| self.wrong(name, "a text")),
        }
    }

    fn text(&self, name: &str) -> TeraResult<String> {
        self.optional(name)?.ok_or_else(|| self.wrong(name, "given"))
    }

    fn path(&self) -> TeraResult<SourcePath> {
        let text = self.text("path")?;
        SourcePath::new(&text).ok_or_else(|| self.wrong("path", "a path inside the site folder"))
    }

    fn number(&self, name: &str, default: u32) -> TeraResult<u32> {
        match self.kwargs.get::<&Value>(name)? {
            None => Ok(default),
            Some(value) if value.is_none() => Ok(default),
            Some(value) => {
                let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
                number.ok_or_else(|| self.wrong(name, "a whole number, 0 or more"))
            }
        }
    }

    fn small(&self, name: &str, default: u16) -> TeraResult<u16> {
        Ok(u16::try_from(self.number(name, u32::from(default))?).unwrap_or(u16::MAX))
    }

    fn limit(&self) -> TeraResult<u32> {
        self.number("limit", NO_LIMIT)
    }

    fn order(&self) -> TeraResult<TermOrder> {
        match self.optional("order")?.as_deref() {
            None | Some("name") => Ok(TermOrder::Name),
            Some("count") => Ok(TermOrder::Count),
            Some("recent") => Ok(TermOrder::Recent),
            Some(_) => Err(self.wrong("order", "`name`, `count` or `recent`")),
        }
    }

    fn filter(&self) -> TeraResult<Filter> {
        let mut filter = Filter::default();
        for (argument, taxonomy) in [("company", COMPANIES), ("topic", TOPICS), ("author", AUTHORS)] {
            if let Some(slug) = self.optional(argument)? {
                filter.terms.push((taxonomy.to_owned(), slug));
            }
        }
        match (self.optional("taxonomy")?, self.optional("term")?) {
            (Some(taxonomy), Some(term)) => filter.terms.push((taxonomy, term)),
            (None, None) => {}
            _ => return Err(self.wrong("taxonomy", "given together with `term`")),
        }
        for (argument, example) in [
            ("day", "`2025-01-21`"),
            ("week", "`2025-W04`"),
            ("month", "`2025-01`"),
        ] {
            if let Some(text) = self.optional(argument)? {
                let period = Period::parse(&text).filter(|period| {
                    matches!(
                        (argument, period),
                        ("day", Period::Day(_)) | ("week", Period::Week(_)) | ("month", Period::Month(_))
                    )
                });
                if filter.period.is_some() {
                    return Err(self.wrong(argument, "the only period"));
                }
                filter.period = Some(period.ok_or_else(|| self.wrong(argument, example))?);
            }
        }
        if let Some(name) = self.optional("kind")? {
            let kind = KINDS
                .iter()
                .find(|(kind, _)| *kind == name)
                .map(|&(_, kind)| kind);
            filter.kind = Some(kind.ok_or_else(|| self.wrong("kind", "one of the kinds of articles"))?);
        }
        filter.passing = self.kwargs.get::<bool>("passing")?.unwrap_or(false);
        Ok(filter)
    }
}
