//! Structured data: what a page tells search engines about itself, in the words of schema.org.
//!
//! It is made here and not in templates because it has to be whole: a list without its last comma is
//! no data at all. Everything is absolute, so without `base_url` there is none; nor on pages that ask to
//! be left out. What it reads beside the page's own subject is named with [`trace::note`].
//!
//! Source: schema.org 29, and what Google's documentation on Article and Breadcrumb asks for. A search is not
//! announced: its only reader, the search box among results, is gone since November 2024.

use serde_json::{Map, Value, json};

use super::subject::{Planned, Subject};
use super::templates::json;
use super::trace;
use crate::ground::date::{Moment, Month, Period};
use crate::ground::path::{SourcePath, Url};
use crate::meaning::answer::term_url;
use crate::meaning::card::Card;
use crate::meaning::edition;
use crate::meaning::question::Question;
use crate::meaning::site::{AUTHORS, ArticleIndex, COMPANIES, Site, TOPICS};
use crate::reading::article::{Correction, Prose, Summary, Tag};
use crate::reading::front_matter::Source;
use crate::reading::tagging::Salience;
use crate::reading::wording::Style;

/// The most companies that an article is said to mention beside those it is about.
const MENTIONS: usize = 20;

/// The structured data of a page, safe within a script element; `None` for a page that has none.
pub fn structured_data(site: &Site, planned: &Planned) -> Option<String> {
    site.config.base_url.as_ref()?;
    let graph = Graph { site, planned };
    let mut nodes = vec![graph.page()?];
    nodes.extend(graph.breadcrumbs());
    json(&json!({ "@context": "https://schema.org", "@graph": nodes })).ok()
}

/// The data of one page.
struct Graph<'g> {
    site: &'g Site,
    planned: &'g Planned,
}

/// A step on the way from the front page; the last one is the page itself.
struct Crumb {
    name: String,
    url: Option<Url>,
}

impl Graph<'_> {
    /// The page itself; `None` for files that are no pages.
    fn page(&self) -> Option<Value> {
        match &self.planned.subject {
            Subject::Front => Some(self.website()),
            Subject::Article(path) => self.article(self.site.article(path)?),
            Subject::Term(taxonomy, slug) if taxonomy == COMPANIES => {
                Some(self.collection([("about", self.organization(slug))]))
            }
            Subject::Pair(first, second) => {
                let about = [first, second].map(|slug| self.organization(slug));
                Some(self.collection([("about", list(about))]))
            }
            Subject::Page(path) => {
                let name = self.site.pages.iter().find(|page| page.path == *path)?;
                Some(self.web_page("WebPage", &name.title, []))
            }
            Subject::NotFound => None,
            _ => {
                self.name()?;
                Some(self.collection([]))
            }
        }
    }

    fn website(&self) -> Value {
        let config = &self.site.config;
        record([
            ("@type", json!("WebSite")),
            ("@id", json!(format!("{}#website", self.home()))),
            ("url", json!(self.home())),
            ("name", json!(config.title)),
            ("description", json!(config.tagline)),
            ("inLanguage", json!(config.language)),
            ("publisher", self.publisher()),
        ])
    }

    fn publisher(&self) -> Value {
        let site = self.site;
        let corrections = Url::page("corrections")
            .ok()
            .filter(|_| site.config.pages.corrections);
        record([
            ("@type", json!("NewsMediaOrganization")),
            ("@id", json!(format!("{}#publisher", self.home()))),
            ("name", json!(site.config.title)),
            ("url", json!(self.home())),
            ("correctionsPolicy", self.absolute(corrections.as_ref())),
        ])
    }

    fn article(&self, index: ArticleIndex) -> Option<Value> {
        let site = self.site;
        let summary = site.summary(index);
        if summary.noindex {
            return None;
        }
        trace::note(Question::Article(summary.path.clone()));
        trace::note(Question::Stats(summary.path.clone()));
        let url = self.absolute(Some(&summary.url));
        // schema.org has subtypes for analyses and opinions, which Google's documentation does not take for
        // articles: the kind is told as a genre.
        let genre = site.config.wording.get(&format!("kind_{}", summary.kind.name()));
        let (about, mentions): (Vec<&Tag>, Vec<&Tag>) = summary
            .companies
            .iter()
            .partition(|tag| tag.salience == Salience::Primary);
        let companies = |tags: &[&Tag]| list(tags.iter().map(|tag| self.organization(&tag.slug)));
        let keywords = self.keywords(summary);
        let published = summary.date.rfc3339();
        let modified = summary.updated.as_ref().unwrap_or(&summary.date);
        Some(record([
            ("@type", json!("NewsArticle")),
            ("@id", json!(format!("{}#article", self.own()))),
            ("mainEntityOfPage", json!({ "@type": "WebPage", "@id": url })),
            ("url", url.clone()),
            ("headline", json!(summary.title)),
            ("description", text(&summary.description)),
            ("image", list([self.image(&summary.path)])),
            ("datePublished", json!(published)),
            ("dateModified", json!(modified.rfc3339())),
            (
                "inLanguage",
                json!(summary.lang.as_ref().unwrap_or(&site.config.language)),
            ),
            ("isAccessibleForFree", json!(true)),
            ("wordCount", json!(site.entry(index).words)),
            ("author", self.authors(summary)),
            ("publisher", self.publisher()),
            ("articleSection", keywords.first().cloned().unwrap_or_default()),
            ("keywords", list(keywords)),
            ("genre", json!(genre)),
            ("about", companies(&about)),
            ("mentions", companies(&mentions[..mentions.len().min(MENTIONS)])),
            (
                "isBasedOn",
                summary.source.as_deref().map_or(Value::Null, based_on),
            ),
            ("correction", list(summary.corrections.iter().map(correction))),
        ]))
    }

    /// The names of topics and of the terms of a site's own taxonomies, as their pages have them.
    fn keywords(&self, summary: &Summary) -> Vec<Value> {
        let taxonomies = self.site.taxonomies().iter().skip(1).zip(Site::names(summary));
        let topics = taxonomies.filter(|(taxonomy, _)| taxonomy.name != AUTHORS);
        let names = topics.flat_map(|(taxonomy, names)| {
            names
                .iter()
                .filter_map(|name| Some(&taxonomy.terms()[taxonomy.position_of_name(name)?].name))
        });
        names.map(|name| json!(**name)).collect()
    }

    /// The picture that stands for the article.
    fn image(&self, path: &SourcePath) -> Value {
        let image = trace::ask(Question::Image(Card::Article(path.clone())));
        let address = image.as_ref().and_then(|image| image.get_from_path("src"));
        address.map_or(Value::Null, |address| json!(address))
    }

    /// Those in the byline, else the briefing itself.
    fn authors(&self, summary: &Summary) -> Value {
        let site = self.site;
        let taxonomy = site.taxonomy(AUTHORS);
        let person = |name: &std::sync::Arc<str>| {
            let term = taxonomy.and_then(|authors| Some(&authors.terms()[authors.position_of_name(name)?]));
            let name = term.map_or(name, |term| &term.name);
            let known = site.config.authors.iter().find(|author| *author.name == **name);
            let elsewhere = known.and_then(|author| author.url.as_deref());
            let own = term.and_then(|term| self.term(AUTHORS, &term.slug));
            let own = self.absolute(own.as_ref());
            record([
                ("@type", json!("Person")),
                ("name", json!(**name)),
                (
                    "url",
                    if own.is_null() {
                        web_address(elsewhere)
                    } else {
                        own
                    },
                ),
                ("sameAs", web_address(elsewhere)),
            ])
        };
        match summary.authors.as_slice() {
            [] => self.publisher(),
            authors => list(authors.iter().map(person)),
        }
    }

    fn organization(&self, slug: &str) -> Value {
        trace::note(Question::Organization(slug.to_owned()));
        let Some(organization) = self.site.organization(slug) else {
            return Value::Null;
        };
        let page = term_url(COMPANIES, slug).filter(|_| organization.has_page);
        let item = organization.wikidata.filter(|item| is_wikidata_item(item));
        let same = [
            web_address(organization.website),
            item.map_or(Value::Null, |item| {
                json!(format!("https://www.wikidata.org/entity/{item}"))
            }),
        ];
        let tickers: Vec<Value> = organization
            .tickers
            .iter()
            .map(|ticker| json!(ticker_symbol(ticker)))
            .collect();
        let kind = match tickers.is_empty() {
            true => "Organization",
            false => "Corporation",
        };
        record([
            ("@type", json!(kind)),
            ("name", json!(organization.name)),
            ("url", self.absolute(page.as_ref())),
            ("sameAs", list(same)),
            ("tickerSymbol", one_or_list(tickers)),
        ])
    }

    /// A page that lists articles or other pages.
    fn collection<const N: usize>(&self, more: [(&'static str, Value); N]) -> Value {
        let name = self.name().unwrap_or_else(|| self.site.config.title.clone());
        self.web_page("CollectionPage", &name, more)
    }

    fn web_page<const N: usize>(
        &self,
        kind: &'static str,
        name: &str,
        more: [(&'static str, Value); N],
    ) -> Value {
        let config = &self.site.config;
        let own = [
            ("@type", json!(kind)),
            ("url", json!(self.own())),
            ("name", json!(name)),
            ("inLanguage", json!(config.language)),
            (
                "isPartOf",
                json!({ "@type": "WebSite", "@id": format!("{}#website", self.home()), "name": config.title, "url": self.home() }),
            ),
            ("publisher", self.publisher()),
        ];
        record_of(own.into_iter().chain(more))
    }

    /// What the page is called on the way to it.
    fn name(&self) -> Option<String> {
        self.crumbs().pop().map(|crumb| crumb.name)
    }

    /// The way to the page; `None` for the front page, and where there is nothing between it and the page.
    fn breadcrumbs(&self) -> Option<Value> {
        let crumbs = self.crumbs();
        if crumbs.is_empty() {
            return None;
        }
        let front = Crumb {
            name: self.site.config.title.clone(),
            url: Some(Url::root()),
        };
        let steps = std::iter::once(front).chain(crumbs);
        let steps = steps.enumerate().map(|(step, crumb)| {
            record([
                ("@type", json!("ListItem")),
                ("position", json!(step + 1)),
                ("name", json!(crumb.name)),
                ("item", self.absolute(crumb.url.as_ref())),
            ])
        });
        Some(record([
            ("@type", json!("BreadcrumbList")),
            ("itemListElement", list(steps)),
        ]))
    }

    /// The steps behind the front page.
    fn crumbs(&self) -> Vec<Crumb> {
        let site = self.site;
        let wording = &site.config.wording;
        let section = |name: &str| Crumb {
            name: self.taxonomy_name(name),
            url: Url::page(name).ok(),
        };
        let own = |name: String| Crumb { name, url: None };
        match &self.planned.subject {
            Subject::Article(path) => site.article(path).map_or(Vec::new(), |index| {
                let summary = site.summary(index);
                let mut crumbs = self.way_to(summary);
                crumbs.push(own(summary.title.to_string()));
                crumbs
            }),
            Subject::Terms(taxonomy) => vec![own(self.taxonomy_name(taxonomy))],
            Subject::Term(taxonomy, slug) => {
                vec![section(taxonomy), own(self.term_name(taxonomy, slug))]
            }
            Subject::TermMonth(taxonomy, slug, month) => {
                let term = Crumb {
                    name: self.term_name(taxonomy, slug),
                    url: self.term(taxonomy, slug),
                };
                vec![section(taxonomy), term, own(self.month(*month))]
            }
            Subject::Pair(first, second) => {
                let (one, other) = (
                    self.term_name(COMPANIES, first),
                    self.term_name(COMPANIES, second),
                );
                let name = wording.filled("pair", &[("one", &one), ("other", &other)]);
                vec![section(COMPANIES), own(name)]
            }
            Subject::Map => vec![section(COMPANIES), own(wording.get("map").to_owned())],
            Subject::Editions => vec![own(wording.get("editions").to_owned())],
            Subject::Edition(period) => vec![section("editions"), own(self.edition(*period))],
            Subject::Archive => vec![own(wording.get("archive").to_owned())],
            Subject::ArchiveMonth(month) => vec![section("archive"), own(self.month(*month))],
            Subject::Corrections => vec![own(wording.get("corrections").to_owned())],
            Subject::Page(path) => self.plain_page(path).map(own).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// From the front page to an article: by its first topic, else by its month.
    fn way_to(&self, summary: &Summary) -> Vec<Crumb> {
        let site = self.site;
        let topic = summary.topics.first().and_then(|name| {
            let topics = site.taxonomy(TOPICS)?;
            let term = &topics.terms()[topics.position_of_name(name)?];
            Some(Crumb {
                name: term.name.to_string(),
                url: Some(self.term(TOPICS, &term.slug)?),
            })
        });
        let month = summary.date.day.month();
        let archive = || {
            let url = Url::page(&format!("archive/{:04}/{:02}", month.year, month.month)).ok();
            Some(Crumb {
                name: self.month(month),
                url: Some(url.filter(|_| site.config.pages.archive)?),
            })
        };
        topic.or_else(archive).into_iter().collect()
    }

    /// The address of a term's page, if it has one.
    fn term(&self, taxonomy: &str, slug: &str) -> Option<Url> {
        let index = self
            .site
            .taxonomy(taxonomy)
            .filter(|taxonomy| taxonomy.has_pages)?;
        index.term(slug).filter(|term| term.has_page)?;
        term_url(taxonomy, slug)
    }

    /// A list of a site's own has the name that the site gave it.
    fn taxonomy_name(&self, taxonomy: &str) -> String {
        let word = self.site.config.wording.get(taxonomy);
        match word {
            "" => {
                let mut letters = taxonomy.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(letters).collect()
            }
            word => word.to_owned(),
        }
    }

    /// The name of a term that the page is about; it asks for the term, its name or the pair in any case.
    fn term_name(&self, taxonomy: &str, slug: &str) -> String {
        let index = self.site.taxonomy(taxonomy);
        let term = index.and_then(|index| index.term(slug));
        term.map_or(slug, |term| &term.name).to_owned()
    }

    fn edition(&self, period: Period) -> String {
        trace::note(Question::Edition(period));
        let hand_made = edition::edition(self.site, period).and_then(|edition| edition.hand_made);
        if let Some(title) = hand_made.and_then(|hand_made| hand_made.title.clone()) {
            return title;
        }
        let wording = &self.site.config.wording;
        match period {
            Period::Day(day) => wording.date(midnight(day), Style::Weekday),
            Period::Week(week) => wording.filled("week_of", &[("week", &wording.week(week))]),
            Period::Month(month) => self.month(month),
        }
    }

    fn plain_page(&self, path: &SourcePath) -> Option<String> {
        let page = self.site.pages.iter().find(|page| page.path == *path)?;
        Some(page.title.to_string())
    }

    fn month(&self, month: Month) -> String {
        let wording = &self.site.config.wording;
        wording.date(midnight(month.first_day()), Style::Month)
    }

    fn absolute(&self, url: Option<&Url>) -> Value {
        json!(url.and_then(|url| self.site.absolute(url)))
    }

    /// The address of the page.
    fn own(&self) -> String {
        self.site.absolute(&self.planned.url).unwrap_or_default()
    }

    /// The address of the front page.
    fn home(&self) -> String {
        self.site.absolute(&Url::root()).unwrap_or_default()
    }
}

fn midnight(day: crate::ground::date::Day) -> jiff::civil::DateTime {
    day.date().to_datetime(jiff::civil::Time::midnight())
}

fn based_on(source: &Source) -> Value {
    record([
        ("@type", json!("CreativeWork")),
        ("name", json!(source.name)),
        ("url", web_address(source.url.as_deref())),
        (
            "author",
            json!(
                source
                    .author
                    .as_ref()
                    .map(|name| json!({ "@type": "Person", "name": name }))
            ),
        ),
        ("datePublished", json!(source.date.as_ref().map(Moment::rfc3339))),
    ])
}

fn correction(correction: &Correction) -> Value {
    record([
        ("@type", json!("CorrectionComment")),
        ("text", json!(plain(&correction.text))),
        ("datePublished", json!(correction.date.rfc3339())),
    ])
}

/// What a reader reads of some inline HTML that we wrote ourselves.
fn plain(prose: &Prose) -> String {
    let mut text = String::with_capacity(prose.body.html.len());
    let mut rest = prose.body.html.as_str();
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
        match (known, rest.find('>')) {
            (Some((entity, character)), _) => {
                text.push(*character);
                rest = &rest[entity.len()..];
            }
            (None, Some(end)) if rest.starts_with('<') => rest = &rest[end + 1..],
            (None, _) => {
                text.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// What texts are escaped with.
const ENTITIES: [(&str, char); 5] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&#39;", '\''),
];

/// schema.org puts a space between the exchange and the symbol.
fn ticker_symbol(ticker: &str) -> String {
    match ticker.split_once(':') {
        Some((exchange, symbol)) => format!("{} {}", exchange.trim(), symbol.trim()),
        None => ticker.trim().to_owned(),
    }
}

fn is_wikidata_item(item: &str) -> bool {
    item.strip_prefix('Q')
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_web_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// An address of another site, if it is one that works everywhere.
fn web_address(url: Option<&str>) -> Value {
    json!(url.filter(|url| is_web_address(url)))
}

/// A text, or nothing.
fn text(text: &str) -> Value {
    json!(Some(text).filter(|text| !text.is_empty()))
}

fn record<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    record_of(entries.into_iter())
}

/// A record of what is known: entries that hold nothing are left out.
fn record_of(entries: impl Iterator<Item = (&'static str, Value)>) -> Value {
    let known = entries.filter(|(_, value)| !value.is_null());
    Value::Object(
        known
            .map(|(key, value)| (key.to_owned(), value))
            .collect::<Map<_, _>>(),
    )
}

/// A list of what is known; nothing where that is nothing.
fn list(values: impl IntoIterator<Item = Value>) -> Value {
    let values: Vec<Value> = values.into_iter().filter(|value| !value.is_null()).collect();
    match values.is_empty() {
        true => Value::Null,
        false => Value::Array(values),
    }
}

fn one_or_list(mut values: Vec<Value>) -> Value {
    match values.len() {
        1 => values.remove(0),
        _ => list(values),
    }
}
