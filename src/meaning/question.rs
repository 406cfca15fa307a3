//! Questions: all that may be asked of a site. There is no other door to its data.
//!
//! Every question has an answer, also for a name that nobody knows, so that absence is an answer
//! like any other and can be recorded.

use std::fmt;
use std::ops::Range;

use super::card::Card;
use super::edition::Cadence;
use super::segment::Segment;
use super::site::{AUTHORS, ArticleIndex, COMPANIES, Site, TOPICS};
use crate::ground::date::{Month, Period};
use crate::ground::encoding::encoded;
use crate::ground::path::SourcePath;
use crate::reading::front_matter::Kind;
use crate::reading::tagging::Salience;

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Question {
    /// All that an article's own page shows, save its body.
    Article(SourcePath),
    /// An article's body, as HTML with its links resolved.
    Body(SourcePath),
    /// The text of a page, a profile or an edition's introduction, as HTML.
    Text(SourcePath),
    /// Reading time and the number of words.
    Stats(SourcePath),
    /// The articles just before and after one.
    Neighbours(SourcePath),
    /// Earlier articles on the same companies: which, and how many at most.
    Related(SourcePath, u16),
    /// A list of articles.
    Articles {
        /// Which.
        filter: Filter,
        /// How many to pass over.
        offset: u32,
        /// How many at most.
        limit: u32,
    },
    /// How many articles there are.
    Count(Filter),
    /// One term of a taxonomy, with the register's facts for a company.
    Term {
        /// `companies`, `topics`, `authors` or a further one.
        taxonomy: String,
        /// Its part of addresses.
        slug: String,
    },
    /// What a link to a term shows: its name and its address. A page that needs no more stays as it
    /// is when the term gets another article.
    TermLink {
        /// `companies`, `topics`, `authors` or a further one.
        taxonomy: String,
        /// Its part of addresses.
        slug: String,
    },
    /// The terms of a taxonomy.
    Terms {
        /// `companies`, `topics`, `authors` or a further one.
        taxonomy: String,
        /// In which order.
        order: TermOrder,
        /// How many at most.
        limit: u32,
    },
    /// The months of a term that have pages, newest first.
    Months {
        /// `companies`, `topics`, `authors` or a further one.
        taxonomy: String,
        /// Its part of addresses.
        slug: String,
    },
    /// The months of a term just before and after one, as far as they have pages.
    MonthsAround {
        /// `companies`, `topics`, `authors` or a further one.
        taxonomy: String,
        /// Its part of addresses.
        slug: String,
        /// The month between.
        month: Month,
    },
    /// Who appears with a company: its slug, and how many at most.
    CoMentions(String, u16),
    /// A company's articles in each of the last months: its slug, and how many months.
    Coverage(String, u16),
    /// A company's articles in each of the last weeks: its slug, and how many weeks.
    Weeks(String, u16),
    /// What two companies have in common: their slugs, the lesser first.
    Pair(String, String),
    /// The network of companies: how many at most.
    Network(u16),
    /// The companies that had the most articles lately.
    InTheNews {
        /// In how many days.
        days: u16,
        /// How many companies at most.
        limit: u16,
    },
    /// One edition.
    Edition(Period),
    /// The editions, newest first.
    Editions(Cadence, u32),
    /// The days, weeks or months that have articles, newest first, with their counts.
    Periods {
        /// Days, weeks or months.
        unit: Unit,
        /// Of which articles.
        filter: Filter,
        /// How many at most.
        limit: u32,
    },
    /// Articles with corrections, the newest correction first.
    Corrections,
    /// The plain pages that the navigation names.
    Pages,
    /// The address of a file's page.
    Url(SourcePath),
    /// The address and the size of a file that is copied.
    Asset(SourcePath),
    /// Free data, by its path below data/.
    Data(String),
    /// What the search's script must know of its index: in how many parts it is kept.
    SearchIndex,
    /// All headlines, and all names of terms.
    SearchTitles,
    /// The texts of a segment, as the search reads them.
    SearchTexts(Segment),
    /// What results show of the articles of a block of a segment.
    SearchRecords(Segment, u16),
    /// Who a company is, for machines that know it elsewhere. It stays as it is when the company gets
    /// another article.
    Organization(String),
    /// The picture that stands for a page where a link to it is shown.
    Image(Card),
}

/// Which articles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Filter {
    /// Those with all of these terms: taxonomy and slug.
    pub terms: Vec<(String, String)>,
    /// Those of a period.
    pub period: Option<Period>,
    /// Those of a kind.
    pub kind: Option<Kind>,
    /// Those that name the company in passing, instead of the others.
    pub passing: bool,
    /// Without those that stay out of feeds and of search engines.
    pub listed: bool,
}

encoded!(struct Filter { terms, period, kind, passing, listed });
encoded!(enum TermOrder { 0 => Name, 1 => Count, 2 => Recent });
encoded!(enum Unit { 0 => Day, 1 => Week, 2 => Month });
encoded!(enum Question {
    0 => Article(path),
    1 => Body(path),
    2 => Text(path),
    3 => Stats(path),
    4 => Neighbours(path),
    5 => Related(path, limit),
    6 => Articles { filter, offset, limit },
    7 => Count(filter),
    8 => Term { taxonomy, slug },
    9 => TermLink { taxonomy, slug },
    10 => Terms { taxonomy, order, limit },
    11 => Months { taxonomy, slug },
    12 => MonthsAround { taxonomy, slug, month },
    13 => CoMentions(slug, limit),
    14 => Coverage(slug, months),
    15 => Edition(period),
    16 => Editions(cadence, limit),
    17 => Periods { unit, filter, limit },
    18 => Corrections,
    19 => Pages,
    20 => Url(path),
    21 => Asset(path),
    22 => Data(name),
    23 => Weeks(slug, weeks),
    24 => InTheNews { days, limit },
    25 => Pair(first, second),
    26 => Network(limit),
    40 => SearchIndex,
    41 => SearchTitles,
    42 => SearchTexts(segment),
    43 => SearchRecords(segment, block),
    60 => Organization(slug),
    61 => Image(card),
});

/// The order of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TermOrder {
    /// By name.
    Name,
    /// The one with the most articles first, then by name.
    Count,
    /// The one with the newest article first, then by name.
    Recent,
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is named like its value")]
pub enum Unit {
    Day,
    Week,
    Month,
}

impl Question {
    /// The source file that a question is about, if it is about one.
    pub fn path(&self) -> Option<&SourcePath> {
        match self {
            Question::Article(path)
            | Question::Body(path)
            | Question::Text(path)
            | Question::Stats(path)
            | Question::Neighbours(path)
            | Question::Related(path, _)
            | Question::Url(path)
            | Question::Asset(path)
            | Question::Image(Card::Article(path)) => Some(path),
            _ => None,
        }
    }

    /// The same question about another source file.
    pub fn about(&self, path: &SourcePath) -> Question {
        let path = path.clone();
        match self {
            Question::Article(_) => Question::Article(path),
            Question::Body(_) => Question::Body(path),
            Question::Text(_) => Question::Text(path),
            Question::Stats(_) => Question::Stats(path),
            Question::Neighbours(_) => Question::Neighbours(path),
            Question::Related(_, limit) => Question::Related(path, *limit),
            Question::Url(_) => Question::Url(path),
            Question::Asset(_) => Question::Asset(path),
            Question::Image(Card::Article(_)) => Question::Image(Card::Article(path)),
            other => other.clone(),
        }
    }

    /// The name of the kind of question, as templates and traces show it.
    pub fn name(&self) -> &'static str {
        match self {
            Question::Article(_) => "article",
            Question::Body(_) => "body",
            Question::Text(_) => "text",
            Question::Stats(_) => "stats",
            Question::Neighbours(_) => "neighbours",
            Question::Related(..) => "related",
            Question::Articles { .. } => "articles",
            Question::Count(_) => "count",
            Question::Term { .. } => "term",
            Question::TermLink { .. } => "term_link",
            Question::Terms { .. } => "terms",
            Question::Months { .. } => "months",
            Question::MonthsAround { .. } => "months_around",
            Question::CoMentions(..) => "co_mentions",
            Question::Coverage(..) => "coverage",
            Question::Weeks(..) => "weeks",
            Question::InTheNews { .. } => "in_the_news",
            Question::Pair(..) => "pair",
            Question::Network(_) => "network",
            Question::Edition(_) => "edition",
            Question::Editions(..) => "editions",
            Question::Periods { .. } => "periods",
            Question::Corrections => "corrections",
            Question::Pages => "pages",
            Question::Url(_) => "url",
            Question::Asset(_) => "asset",
            Question::Data(_) => "data",
            Question::SearchIndex => "search_index",
            Question::SearchTitles => "search_titles",
            Question::SearchTexts(_) => "search_texts",
            Question::SearchRecords(..) => "search_records",
            Question::Organization(_) => "organization",
            Question::Image(_) => "image",
        }
    }
}

/// The question as a template would ask it.
impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arguments: Vec<String> = Vec::new();
        let mut add = |name: &str, value: &dyn fmt::Display| arguments.push(format!("{name}=\"{value}\""));
        let all = u32::MAX;
        let number = |name: &str, value: u32, usual: u32| (value != usual).then(|| format!("{name}={value}"));
        let mut numbers: Vec<Option<String>> = Vec::new();
        if let Some(path) = self.path() {
            add("path", path);
        }
        match self {
            Question::Related(_, limit) => numbers.push(number("limit", u32::from(*limit), all)),
            Question::Articles {
                filter,
                offset,
                limit,
            } => {
                numbers.push(filter.arguments(&mut add));
                numbers.push(number("offset", *offset, 0));
                numbers.push(number("limit", *limit, all));
            }
            Question::Count(filter) => numbers.push(filter.arguments(&mut add)),
            Question::Term { taxonomy, slug }
            | Question::TermLink { taxonomy, slug }
            | Question::Months { taxonomy, slug } => {
                add("taxonomy", taxonomy);
                add("slug", slug);
            }
            Question::Terms {
                taxonomy,
                order,
                limit,
            } => {
                add("taxonomy", taxonomy);
                add("order", &order.name());
                numbers.push(number("limit", *limit, all));
            }
            Question::MonthsAround {
                taxonomy,
                slug,
                month,
            } => {
                add("taxonomy", taxonomy);
                add("slug", slug);
                add("month", month);
            }
            Question::CoMentions(slug, limit) => {
                add("slug", slug);
                numbers.push(number("limit", u32::from(*limit), all));
            }
            Question::Coverage(slug, months) => {
                add("slug", slug);
                numbers.push(number("months", u32::from(*months), all));
            }
            Question::Weeks(slug, weeks) => {
                add("slug", slug);
                numbers.push(number("weeks", u32::from(*weeks), all));
            }
            Question::Pair(first, second) => {
                add("first", first);
                add("second", second);
            }
            Question::Network(limit) => numbers.push(number("limit", u32::from(*limit), all)),
            Question::InTheNews { days, limit } => {
                numbers.push(number("days", u32::from(*days), all));
                numbers.push(number("limit", u32::from(*limit), all));
            }
            Question::Edition(period) => add("period", period),
            Question::Editions(cadence, limit) => {
                add("cadence", &cadence.name());
                numbers.push(number("limit", *limit, all));
            }
            Question::Periods { unit, filter, limit } => {
                add("unit", &unit.name());
                numbers.push(filter.arguments(&mut add));
                numbers.push(number("limit", *limit, all));
            }
            Question::Data(name) => add("path", name),
            Question::SearchTexts(segment) => add("segment", segment),
            Question::SearchRecords(segment, block) => {
                add("segment", segment);
                numbers.push(number("block", u32::from(*block), u32::MAX));
            }
            Question::Organization(slug) | Question::Image(Card::Company(slug)) => add("slug", slug),
            Question::Image(Card::Edition(period)) => add("period", period),
            Question::Image(Card::Site | Card::Article(_)) => {}
            Question::Article(_)
            | Question::Body(_)
            | Question::Text(_)
            | Question::Stats(_)
            | Question::Neighbours(_)
            | Question::Url(_)
            | Question::Asset(_)
            | Question::Corrections
            | Question::Pages
            | Question::SearchIndex
            | Question::SearchTitles => {}
        }
        arguments.extend(numbers.into_iter().flatten());
        write!(f, "{}({})", self.name(), arguments.join(", "))
    }
}

impl Filter {
    /// The arguments of a function that choose these articles; what is no text is given back.
    fn arguments(&self, add: &mut dyn FnMut(&str, &dyn fmt::Display)) -> Option<String> {
        for (taxonomy, slug) in &self.terms {
            match taxonomy.as_str() {
                COMPANIES => add("company", slug),
                TOPICS => add("topic", slug),
                AUTHORS => add("author", slug),
                other => {
                    add("taxonomy", &other);
                    add("term", slug);
                }
            }
        }
        match &self.period {
            Some(Period::Day(day)) => add("day", day),
            Some(Period::Week(week)) => add("week", week),
            Some(Period::Month(month)) => add("month", month),
            None => {}
        }
        if let Some(kind) = self.kind {
            add("kind", &kind.name());
        }
        self.passing.then(|| "passing=true".to_owned())
    }
}

impl TermOrder {
    /// The name used in templates.
    pub fn name(self) -> &'static str {
        match self {
            TermOrder::Name => "name",
            TermOrder::Count => "count",
            TermOrder::Recent => "recent",
        }
    }
}

impl Unit {
    /// The name used in templates.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
        }
    }
}

/// The newest `most` articles of a filter, newest first. No more is looked at than that takes: a
/// page that asks for the latest ten must not cost more on a larger site.
pub fn select(site: &Site, filter: &Filter, most: usize) -> Vec<ArticleIndex> {
    let range = filter
        .period
        .map_or(site.all(), |period| site.articles_in(period));
    let mut lists: Vec<&[ArticleIndex]> = Vec::with_capacity(filter.terms.len());
    for (taxonomy, slug) in &filter.terms {
        let term = site.taxonomy(taxonomy).and_then(|taxonomy| taxonomy.term(slug));
        let is_company = taxonomy == COMPANIES;
        lists.push(match term {
            Some(term) if filter.passing && is_company => within(&term.passing, &range),
            Some(term) => within(&term.articles, &range),
            None => &[],
        });
    }
    // The shortest list decides how much there is to look at.
    lists.sort_by_key(|list| list.len());
    let matches = |index: ArticleIndex| {
        lists
            .iter()
            .skip(1)
            .all(|list| list.binary_search(&index).is_ok())
            && filter.kind.is_none_or(|kind| site.summary(index).kind == kind)
            && !(filter.listed && site.summary(index).noindex)
    };
    match lists.first() {
        Some(list) => list
            .iter()
            .copied()
            .filter(|&index| matches(index))
            .take(most)
            .collect(),
        None if filter.passing => range
            .filter(|&index| {
                let tags = &site.summary(index).companies;
                let is_passing = tags.iter().any(|tag| tag.salience == Salience::Passing);
                matches(index) && is_passing && !site.config.companies.count_passing
            })
            .take(most)
            .collect(),
        None => range.filter(|&index| matches(index)).take(most).collect(),
    }
}

/// The part of an ascending list that lies in a range.
fn within<'l>(list: &'l [ArticleIndex], range: &Range<ArticleIndex>) -> &'l [ArticleIndex] {
    let from = list.partition_point(|&index| index < range.start);
    let to = list.partition_point(|&index| index < range.end);
    &list[from..to.max(from)]
}

/// The periods of a unit that have articles of a filter, newest first, with their counts.
pub fn periods(site: &Site, unit: Unit, filter: &Filter, limit: u32) -> Vec<(Period, usize)> {
    let mut periods: Vec<(Period, usize)> = Vec::new();
    for index in select(site, filter, usize::MAX) {
        let day = site.summary(index).date.day;
        let period = match unit {
            Unit::Day => Period::Day(day),
            Unit::Week => Period::Week(day.week()),
            Unit::Month => Period::Month(day.month()),
        };
        if let Some((last, count)) = periods.last_mut()
            && *last == period
        {
            *count += 1;
        } else if periods.len() < limit as usize {
            periods.push((period, 1));
        } else {
            break;
        }
    }
    periods
}
