//! Taxonomies: companies, topics, authors and what the site adds; their terms and articles.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use super::articles::{Articles, Slot};
use super::partners::{Partners, paired, pairs};
use super::{ArticleIndex, Site};
use crate::ground::date::Month;
use crate::ground::encoding::Encode;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, slug};
use crate::meaning::shared::TermLinks;
use crate::reading::article::{Summary, Tag, Text};
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
    /// How many articles a term must have for a page.
    least: usize,
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
    /// What is known of it before any article names it; without, it lasts as long as it is named.
    base: Option<Base>,
    /// The months that have pages under it, newest first, with the number of their articles.
    pub months: Vec<(Month, usize)>,
    /// Of a company: those that articles name together with it.
    pub partners: Partners,
    /// Whether it has a page.
    pub has_page: bool,
    /// What tells whether a link to it looks the same: its name, its slug, its ticker, its page.
    pub mark: Fingerprint,
    links: OnceLock<TermLinks>,
}

/// What is known of a term before any article names it.
#[derive(Debug, Default)]
struct Base {
    /// Its name in the register.
    name: Option<Arc<str>>,
    has_profile: bool,
}

/// The spellings of one name by code point, and how often each is used.
type Spellings = Vec<(Arc<str>, u32)>;

/// An article's name for a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The term.
    pub slug: Arc<str>,
    name: Arc<str>,
    /// Whether it counts for nothing but being mentioned.
    pub is_passing: bool,
}

impl Taxonomy {
    fn new(name: &str, config: &Config) -> Taxonomy {
        Taxonomy {
            name: name.to_owned(),
            has_pages: match name {
                TOPICS => config.pages.topics,
                AUTHORS => config.pages.authors,
                _ => true,
            },
            least: match name {
                COMPANIES => config.companies.min_articles,
                _ => 1,
            },
            terms: Vec::new(),
            by_slug: HashMap::new(),
            by_name: HashMap::new(),
        }
    }

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

    /// All that is indexed, in words that are the same for the same indexes.
    pub(super) fn portrait(&self, articles: &Articles, out: &mut String) {
        let sorted = |map: &HashMap<Arc<str>, usize>| {
            let map: BTreeMap<Arc<str>, usize> = map.iter().map(|(name, at)| (name.clone(), *at)).collect();
            format!("{map:?}")
        };
        let (by_slug, by_name) = (sorted(&self.by_slug), sorted(&self.by_name));
        out.push_str(&format!("{}: {by_slug} {by_name}\n", self.name));
        for term in &self.terms {
            let Term {
                slug,
                name,
                articles: own,
                passing,
                spellings,
                base,
                months,
                partners,
                has_page,
                mark,
                links: _,
            } = term;
            let partners = partners.all().iter().map(|partner| {
                let slots = term.partners.articles(&partner.slug).iter();
                let places: BTreeSet<Option<ArticleIndex>> = slots.map(|&slot| articles.rank(slot)).collect();
                (&partner.slug, places)
            });
            let partners: Vec<_> = partners.collect();
            out.push_str(&format!(
                "{slug} {name} {own:?} {passing:?} {spellings:?} {base:?} {months:?} {partners:?} {has_page} {mark}\n"
            ));
        }
    }

    /// Whether articles call its terms by names of their own choice. Companies are known by slugs.
    fn has_names(&self) -> bool {
        self.name != COMPANIES
    }

    /// Makes room in all lists for an article that is new in the order.
    pub fn make_room(&mut self, index: ArticleIndex) {
        for term in &mut self.terms {
            term.lists().into_iter().for_each(|list| {
                let behind = list.partition_point(|&other| other < index);
                list[behind..].iter_mut().for_each(|other| *other += 1);
            });
        }
    }

    /// Closes in all lists the gap of an article that has left the order.
    pub fn close_gap(&mut self, index: ArticleIndex) {
        for term in &mut self.terms {
            term.lists().into_iter().for_each(|list| {
                let behind = list.partition_point(|&other| other < index);
                list[behind..].iter_mut().for_each(|other| *other -= 1);
            });
        }
    }

    /// Notes that an article names a term.
    pub fn add(&mut self, mention: &Mention, article: ArticleIndex) {
        let position = match self.position(&mention.slug) {
            Some(position) => position,
            None => self.insert_term(mention.slug.clone()),
        };
        if self.has_names() {
            self.by_name.insert(mention.name.clone(), position);
        }
        self.terms[position].add(mention, article);
    }

    /// Takes back that an article names a term. A term that nobody names stays until it is settled.
    pub fn remove(&mut self, mention: &Mention, article: ArticleIndex) {
        let Some(position) = self.position(&mention.slug) else {
            return;
        };
        let is_last = self.terms[position].remove(mention, article);
        if is_last && self.has_names() {
            self.by_name.remove(&mention.name);
        }
    }

    /// Notes that an article names two terms, each of which it is noted of.
    pub fn pair(&mut self, one: &Arc<str>, other: &Arc<str>, article: Slot) {
        for (one, other) in [(one, other), (other, one)] {
            if let Some(position) = self.position(one) {
                self.terms[position].partners.add(other, article);
            }
        }
    }

    /// Takes back that an article names two terms.
    pub fn part(&mut self, one: &str, other: &str, article: Slot) {
        for (one, other) in [(one, other), (other, one)] {
            if let Some(position) = self.position(one) {
                self.terms[position].partners.remove(other, article);
            }
        }
    }

    /// Pairs the terms of all articles, of which none is paired yet.
    fn pair_all(&mut self, config: &Config, articles: &Articles) {
        let mut all: Vec<(usize, usize, Slot)> = Vec::new();
        for index in 0..ArticleIndex::try_from(articles.len()).unwrap_or(ArticleIndex::MAX) {
            let mentions = companies(config, &articles.shown(index).summary);
            let slot = articles.slot_of(index);
            let position = |(one, other): (&Arc<str>, &Arc<str>)| {
                Some((self.position(one)?, self.position(other)?, slot))
            };
            all.extend(pairs(&paired(&mentions)).filter_map(position));
        }
        all.sort_unstable();
        // In this order the partners of each come in theirs: first those before it, then those behind it.
        for (one, other, slot) in all {
            let (first, second) = (self.terms[one].slug.clone(), self.terms[other].slug.clone());
            self.terms[one].partners.push(&second, slot);
            self.terms[other].partners.push(&first, slot);
        }
    }

    /// Works out what follows from the articles of a term; takes it out where there is nothing left.
    pub fn settle(&mut self, slug: &str, register: &Register, articles: &Articles) {
        let Some(position) = self.position(slug) else {
            return;
        };
        if self.terms[position].is_left() {
            self.remove_term(position);
            return;
        }
        let ticker = self.ticker(slug, register);
        self.terms[position].settle(self.has_pages, self.least, ticker, articles);
    }

    fn ticker<'r>(&self, slug: &str, register: &'r Register) -> Option<&'r String> {
        let company = register.find_slug(slug).filter(|_| self.name == COMPANIES);
        company.and_then(|company| company.tickers.first())
    }

    fn insert_term(&mut self, slug: Arc<str>) -> usize {
        let position = self.terms.partition_point(|term| term.slug < slug);
        self.move_positions(|other| if other >= position { other + 1 } else { other });
        self.terms.insert(position, Term::new(slug.clone(), None));
        self.by_slug.insert(slug, position);
        position
    }

    fn remove_term(&mut self, position: usize) {
        let term = self.terms.remove(position);
        self.by_slug.remove(&term.slug);
        self.move_positions(|other| if other > position { other - 1 } else { other });
    }

    fn move_positions(&mut self, moved: impl Fn(usize) -> usize) {
        let positions = self.by_slug.values_mut().chain(self.by_name.values_mut());
        // Each by itself: their order does not matter.
        positions.for_each(|position| *position = moved(*position));
    }
}

impl Term {
    fn new(slug: Arc<str>, base: Option<Base>) -> Term {
        Term {
            name: slug.clone(),
            slug,
            articles: Vec::new(),
            passing: Vec::new(),
            spellings: Spellings::new(),
            base,
            months: Vec::new(),
            partners: Partners::default(),
            has_page: false,
            mark: Fingerprint::of(""),
            links: OnceLock::new(),
        }
    }

    /// The months that have pages under it, if it has a page itself.
    pub fn pages(&self) -> Option<Vec<Month>> {
        let months = self.months.iter().map(|&(month, _)| month);
        self.has_page.then(|| months.collect())
    }

    /// How links to it look, made when it is first linked to.
    pub fn links(&self, make: impl FnOnce() -> TermLinks) -> &TermLinks {
        self.links.get_or_init(make)
    }

    fn lists(&mut self) -> [&mut Vec<ArticleIndex>; 2] {
        [&mut self.articles, &mut self.passing]
    }

    fn add(&mut self, mention: &Mention, article: ArticleIndex) {
        match self.spelling(&mention.name) {
            Ok(at) => self.spellings[at].1 += 1,
            Err(at) => self.spellings.insert(at, (mention.name.clone(), 1)),
        }
        let list = self.list(mention);
        // A site is indexed in the order of its articles.
        let is_next = list.last().is_none_or(|&last| last < article);
        let at = if is_next {
            Err(list.len())
        } else {
            list.binary_search(&article)
        };
        if let Err(at) = at {
            list.insert(at, article);
        }
    }

    /// Whether this was the last mention in this spelling.
    fn remove(&mut self, mention: &Mention, article: ArticleIndex) -> bool {
        let list = self.list(mention);
        if let Ok(at) = list.binary_search(&article) {
            list.remove(at);
        }
        let Ok(at) = self.spelling(&mention.name) else {
            return false;
        };
        self.spellings[at].1 -= 1;
        let is_last = self.spellings[at].1 == 0;
        if is_last {
            self.spellings.remove(at);
        }
        is_last
    }

    fn spelling(&self, name: &str) -> Result<usize, usize> {
        self.spellings.binary_search_by(|(known, _)| (**known).cmp(name))
    }

    fn list(&mut self, mention: &Mention) -> &mut Vec<ArticleIndex> {
        if mention.is_passing {
            &mut self.passing
        } else {
            &mut self.articles
        }
    }

    /// Whether no article names it and nothing else is known of it.
    fn is_left(&self) -> bool {
        self.spellings.is_empty() && self.base.is_none()
    }

    fn settle(&mut self, has_pages: bool, least: usize, ticker: Option<&String>, articles: &Articles) {
        let own = self.base.as_ref().and_then(|base| base.name.clone());
        self.name = own
            .or_else(|| commonest(&self.spellings))
            .unwrap_or_else(|| self.slug.clone());
        let has_profile = self.base.as_ref().is_some_and(|base| base.has_profile);
        self.has_page = self.articles.len() >= least || has_profile;
        self.months = months(&self.articles, articles);
        let mark = Fingerprint::of_encoded(|encoder| {
            self.name.encode(encoder);
            self.slug.encode(encoder);
            (has_pages && self.has_page).encode(encoder);
            ticker.encode(encoder);
        });
        if mark != self.mark {
            self.mark = mark;
            self.links = OnceLock::new();
        }
    }
}

/// The commonest spelling; of equals the first by code point.
fn commonest(spellings: &[(Arc<str>, u32)]) -> Option<Arc<str>> {
    let best = spellings.iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
    best.map(|(name, _)| name.clone())
}

/// What an article says about terms, for each taxonomy, companies first.
pub fn mentions(config: &Config, summary: &Summary) -> Vec<Vec<Mention>> {
    let of_name = |name: &Arc<str>| Mention {
        slug: slug(name).into(),
        name: name.clone(),
        is_passing: false,
    };
    let others = Site::names(summary).map(|names| names.iter().map(of_name).collect());
    [companies(config, summary)].into_iter().chain(others).collect()
}

/// What an article says about companies, the most important first.
fn companies(config: &Config, summary: &Summary) -> Vec<Mention> {
    let mention = |tag: &Tag| Mention {
        slug: tag.slug.clone(),
        name: tag.name.clone(),
        is_passing: is_passing(config, tag),
    };
    summary.companies.iter().map(mention).collect()
}

fn is_passing(config: &Config, tag: &Tag) -> bool {
    tag.salience == Salience::Passing && !config.companies.count_passing
}

/// Collects the articles of each term of a taxonomy by slug.
#[derive(Default)]
struct Collector {
    terms: BTreeMap<Arc<str>, Term>,
    /// The slug of each name, so that it is made once for all articles.
    slugs: HashMap<Arc<str>, Arc<str>>,
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
        let name = name.clone();
        self.add(
            Mention {
                slug,
                name,
                is_passing: false,
            },
            article,
        );
    }

    fn add(&mut self, mention: Mention, article: ArticleIndex) {
        let term = self.terms.entry(mention.slug.clone());
        let term = term.or_insert_with_key(|slug| Term::new(slug.clone(), None));
        term.add(&mention, article);
    }

    fn base(&mut self, slug: &str) -> &mut Base {
        let term = self.terms.entry(slug.into());
        let term = term.or_insert_with_key(|slug| Term::new(slug.clone(), None));
        term.base.get_or_insert_default()
    }

    fn finish(self, mut taxonomy: Taxonomy, register: &Register, articles: &Articles) -> Taxonomy {
        taxonomy.terms = self.terms.into_values().collect();
        for position in 0..taxonomy.terms.len() {
            let ticker = taxonomy.ticker(&taxonomy.terms[position].slug, register);
            taxonomy.terms[position].settle(taxonomy.has_pages, taxonomy.least, ticker, articles);
        }
        let slugs = taxonomy.terms.iter().map(|term| term.slug.clone());
        taxonomy.by_slug = slugs.zip(0..).collect();
        let position =
            |(name, slug): (&Arc<str>, &Arc<str>)| Some((name.clone(), *taxonomy.by_slug.get(slug)?));
        taxonomy.by_name = self.slugs.iter().filter_map(position).collect();
        taxonomy
    }
}

/// Sorts all articles into the terms of every taxonomy, companies first.
pub fn index(
    config: &Config,
    register: &Register,
    profiles: &BTreeMap<String, (SourcePath, Text)>,
    articles: &Articles,
) -> Vec<Taxonomy> {
    let names: Vec<&str> = [COMPANIES, TOPICS, AUTHORS]
        .into_iter()
        .chain(config.taxonomies.iter().map(String::as_str))
        .collect();
    let mut companies = Collector::default();
    let mut others: Vec<Collector> = names.iter().skip(1).map(|_| Collector::default()).collect();
    // A company of the register is a term even before an article names it.
    for company in register.companies() {
        companies.base(&company.slug).name = Some(company.name.as_str().into());
    }
    for slug in profiles.keys() {
        companies.base(slug).has_profile = true;
    }
    for index in 0..ArticleIndex::try_from(articles.len()).unwrap_or(ArticleIndex::MAX) {
        let summary = &articles.shown(index).summary;
        for mention in self::companies(config, summary) {
            companies.add(mention, index);
        }
        for (collector, names) in others.iter_mut().zip(Site::names(summary)) {
            for name in names {
                collector.add_name(name, index);
            }
        }
    }
    let collectors = [companies].into_iter().chain(others);
    let finish = |(collector, name): (Collector, &str)| {
        collector.finish(Taxonomy::new(name, config), register, articles)
    };
    let mut taxonomies: Vec<Taxonomy> = collectors.zip(names).map(finish).collect();
    if let Some(companies) = taxonomies.first_mut() {
        companies.pair_all(config, articles);
    }
    taxonomies
}

/// The months of a list of articles that is newest first, each with the number of its articles.
fn months(list: &[ArticleIndex], articles: &Articles) -> Vec<(Month, usize)> {
    let month = |index: ArticleIndex| articles.shown(index).summary.date.day.month();
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
