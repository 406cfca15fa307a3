//! Taxonomies: companies, topics, authors and what the site adds; their terms and articles.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::ArticleIndex;
use crate::ground::date::Month;
use crate::ground::encoding::Encode;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, slug};
use crate::reading::article::{Article, Text};
use crate::reading::company::Register;
use crate::reading::config::Config;
use crate::reading::tagging::Salience;

/// The name of the taxonomy of companies.
pub const COMPANIES: &str = "companies";
/// The name of the taxonomy of topics.
pub const TOPICS: &str = "topics";
/// The name of the taxonomy of authors.
pub const AUTHORS: &str = "authors";

/// One way to sort articles into terms.
#[derive(Debug)]
pub struct Taxonomy {
    /// Its name, which is the first part of its addresses.
    pub name: String,
    /// Whether its terms have pages.
    pub has_pages: bool,
    terms: Vec<Term>,
    by_slug: HashMap<Arc<str>, usize>,
    /// The term that each spelling of a name means.
    by_name: HashMap<Arc<str>, usize>,
}

/// One term: a company, a topic, an author.
#[derive(Debug)]
pub struct Term {
    /// Its part of addresses.
    pub slug: Arc<str>,
    /// Its name as readers see it.
    pub name: Arc<str>,
    /// Its articles, newest first, without those that name it in passing.
    pub articles: Vec<ArticleIndex>,
    /// The articles that name it in passing, newest first; none where these count like others.
    pub passing: Vec<ArticleIndex>,
    /// How its articles spell its name, by code point, and how often.
    pub(super) spellings: Spellings,
    /// The months that have pages under it, newest first, with the number of their articles.
    pub months: Vec<(Month, usize)>,
    /// Whether it has a page.
    pub has_page: bool,
    /// What tells whether a link to it looks the same: its name, its slug, its ticker, its page.
    pub mark: Fingerprint,
}

impl Taxonomy {
    /// The terms by slug.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The term of a slug.
    pub fn term(&self, slug: &str) -> Option<&Term> {
        self.position(slug).map(|index| &self.terms[index])
    }

    /// Where the term of a slug stands among all.
    pub fn position(&self, slug: &str) -> Option<usize> {
        self.by_slug.get(slug).copied()
    }

    /// Where the term that articles call by this name stands among all.
    pub fn position_of_name(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Notes what links to each term look like, now that everything about them is known.
    fn mark(&mut self, ticker: impl Fn(&str) -> Option<String>) {
        for term in &mut self.terms {
            term.mark = Fingerprint::of_encoded(|encoder| {
                term.name.encode(encoder);
                term.slug.encode(encoder);
                (self.has_pages && term.has_page).encode(encoder);
                ticker(&term.slug).encode(encoder);
            });
        }
    }
}

/// The spellings of one name by code point, and how often each is used.
type Spellings = Vec<(Arc<str>, u32)>;

/// Collects the articles of each term, by slug, with every spelling of its name.
#[derive(Default)]
struct Collector {
    terms: BTreeMap<Arc<str>, Collected>,
    /// The slug of each name, so that it is made once for all articles.
    slugs: HashMap<Arc<str>, Arc<str>>,
}

#[derive(Default)]
struct Collected {
    spellings: Spellings,
    articles: Vec<ArticleIndex>,
    passing: Vec<ArticleIndex>,
}

impl Collector {
    fn add_name(&mut self, name: &Arc<str>, article: ArticleIndex) {
        let slug = match self.slugs.get(name) {
            Some(slug) => slug.clone(),
            None => {
                let slug: Arc<str> = slug(name).into();
                self.slugs.insert(name.clone(), slug.clone());
                slug
            }
        };
        self.add(slug, name, article, false);
    }

    fn add(&mut self, slug: Arc<str>, name: &Arc<str>, article: ArticleIndex, is_passing: bool) {
        let term = self.terms.entry(slug).or_default();
        match term.spellings.binary_search_by(|(known, _)| known.cmp(name)) {
            Ok(at) => term.spellings[at].1 += 1,
            Err(at) => term.spellings.insert(at, (name.clone(), 1)),
        }
        let list = if is_passing {
            &mut term.passing
        } else {
            &mut term.articles
        };
        if list.last() != Some(&article) {
            list.push(article);
        }
    }

    /// The terms by slug; `known` gives the name of a slug that has one of its own.
    fn finish(
        self,
        name: &str,
        least: usize,
        known: impl Fn(&str) -> Option<Arc<str>>,
        always: impl Fn(&str) -> bool,
        months: impl Fn(&[ArticleIndex]) -> Vec<(Month, usize)>,
    ) -> Taxonomy {
        let mut terms = Vec::with_capacity(self.terms.len());
        for (slug, collected) in self.terms {
            let common = || commonest(&collected.spellings);
            let name = known(&slug).or_else(common).unwrap_or_else(|| slug.clone());
            let has_page = collected.articles.len() >= least || always(&slug);
            terms.push(Term {
                slug,
                name,
                months: months(&collected.articles),
                articles: collected.articles,
                passing: collected.passing,
                spellings: collected.spellings,
                has_page,
                mark: Fingerprint::of(""),
            });
        }
        let by_slug: HashMap<Arc<str>, usize> = terms
            .iter()
            .enumerate()
            .map(|(index, term)| (term.slug.clone(), index))
            .collect();
        let position = |(name, slug): (&Arc<str>, &Arc<str>)| Some((name.clone(), *by_slug.get(slug)?));
        let by_name = self.slugs.iter().filter_map(position).collect();
        Taxonomy {
            name: name.to_owned(),
            has_pages: true,
            terms,
            by_slug,
            by_name,
        }
    }
}

/// The commonest spelling; of equals the first by code point.
fn commonest(spellings: &[(Arc<str>, u32)]) -> Option<Arc<str>> {
    let best = spellings.iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
    best.map(|(name, _)| name.clone())
}

/// Sorts all articles into the terms of every taxonomy, companies first.
pub fn index(
    config: &Config,
    register: &Register,
    profiles: &BTreeMap<String, (SourcePath, Text)>,
    articles: &[Article],
) -> Vec<Taxonomy> {
    let mut companies = Collector::default();
    let mut others: Vec<Collector> = std::iter::repeat_with(Collector::default)
        .take(2 + config.taxonomies.len())
        .collect();
    // A register company is a term even before an article names it.
    for company in register.companies() {
        companies.terms.entry(company.slug.as_str().into()).or_default();
    }
    for slug in profiles.keys() {
        companies.terms.entry(slug.as_str().into()).or_default();
    }
    for (index, article) in (0..).zip(articles) {
        let summary = &article.summary;
        for tag in &summary.companies {
            let is_passing = tag.salience == Salience::Passing && !config.companies.count_passing;
            companies.add(tag.slug.clone(), &tag.name, index, is_passing);
        }
        let lists = [&summary.topics, &summary.authors]
            .into_iter()
            .chain(&summary.terms);
        for (collector, names) in others.iter_mut().zip(lists) {
            for name in names {
                collector.add_name(name, index);
            }
        }
    }

    let by_slug: BTreeMap<&str, &str> = register
        .companies()
        .iter()
        .map(|company| (company.slug.as_str(), company.name.as_str()))
        .collect();
    let mut taxonomy = companies.finish(
        COMPANIES,
        config.companies.min_articles,
        |slug| by_slug.get(slug).map(|&name| name.into()),
        |slug| profiles.contains_key(slug),
        |list| months(list, articles),
    );
    taxonomy.mark(|slug| register.find_slug(slug)?.tickers.first().cloned());
    let mut taxonomies = vec![taxonomy];
    let names = [TOPICS, AUTHORS]
        .into_iter()
        .chain(config.taxonomies.iter().map(String::as_str));
    for (collector, name) in others.into_iter().zip(names) {
        let mut taxonomy = collector.finish(name, 1, |_| None, |_| false, |list| months(list, articles));
        taxonomy.has_pages = match name {
            TOPICS => config.pages.topics,
            AUTHORS => config.pages.authors,
            _ => true,
        };
        taxonomy.mark(|_| None);
        taxonomies.push(taxonomy);
    }
    taxonomies
}

/// The months of a list of articles that is newest first, each with the number of its articles.
fn months(list: &[ArticleIndex], articles: &[Article]) -> Vec<(Month, usize)> {
    let month = |index: ArticleIndex| articles[index as usize].summary.date.day.month();
    let mut months = Vec::new();
    let mut rest = list;
    while let Some(&first) = rest.first() {
        let newest = month(first);
        let end = rest.partition_point(|&index| month(index) >= newest);
        months.push((newest, end));
        rest = &rest[end..];
    }
    months
}
