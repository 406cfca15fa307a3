//! Answers: the values that templates get for their questions.
//!
//! Every record carries every one of its keys, null where there is nothing, because Tera stops at a
//! key that is missing. docs/TEMPLATES.md lists the keys and a test compares it with these values.

use std::sync::Arc;

use tera::{Map, Value};

use super::edition::{self, Cadence, Edition};
use super::graph::{self, Pair};
use super::network::{self, Tie};
use super::question::{self, Filter, Question, TermOrder, Unit};
use super::rendition::sizes_in_text;
use super::shared::TermLinks;
use super::site::{ArticleIndex, COMPANIES, HandMade, Nav, Page, Site, Term};
use super::target::{self, Links};
use crate::ground::date::{Moment, Month, Period};
use crate::ground::path::{SourcePath, Url};
use crate::ground::text::escape_text;
use crate::reading::article::{Correction, Prose, Summary, Tag};
use crate::reading::front_matter::{Picture, Source};
use crate::reading::tagging::Salience;
use crate::reading::yaml;

/// How many weeks a company in the news is shown over.
const NEWS_WEEKS: usize = 12;

/// How many articles of two companies their page lists: the newest.
pub(super) const PAIR_ARTICLES: usize = 50;

/// Words that a reader reads in a minute.
const WORDS_A_MINUTE: usize = 230;

impl Site {
    /// The answer to a question. Every question has one.
    pub fn answer(&self, question: &Question) -> Value {
        match question {
            Question::Article(path) => self
                .article(path)
                .map_or(Value::none(), |index| self.article_value(index)),
            Question::Body(path) => {
                let story = self.article(path).and_then(|index| self.story(index));
                story.map_or(Value::none(), |story| {
                    Value::safe_string(&target::fill(self, path, &story.body, Links::Rooted))
                })
            }
            Question::Text(path) => self.text_value(path),
            Question::Stats(path) => self
                .article(path)
                .map_or(Value::none(), |index| self.stats_value(index)),
            Question::Neighbours(path) => self.neighbours_value(path),
            Question::Related(path, limit) => self.related_value(path, usize::from(*limit)),
            Question::Articles {
                filter,
                offset,
                limit,
            } => {
                let (offset, limit) = (*offset as usize, *limit as usize);
                let chosen = question::select(self, filter, offset.saturating_add(limit))
                    .into_iter()
                    .skip(offset);
                list(chosen.map(|index| self.card(index)))
            }
            Question::Count(filter) => question::select(self, filter, usize::MAX).len().into(),
            Question::Term { taxonomy, slug } => {
                let term = self.taxonomy(taxonomy).and_then(|taxonomy| taxonomy.term(slug));
                term.map_or(Value::none(), |term| self.term_value(taxonomy, term))
            }
            Question::TermLink { taxonomy, slug } => {
                let term = self.taxonomy(taxonomy).and_then(|taxonomy| taxonomy.term(slug));
                term.map_or(Value::none(), |term| {
                    self.term_links(taxonomy, term).plain.clone()
                })
            }
            Question::Terms {
                taxonomy,
                order,
                limit,
            } => self.terms_value(taxonomy, *order, *limit as usize),
            Question::Months { taxonomy, slug } => self.months_value(taxonomy, slug),
            Question::MonthsAround {
                taxonomy,
                slug,
                month,
            } => self.months_around_value(taxonomy, slug, *month),
            Question::CoMentions(slug, limit) => self.co_mentions_value(slug, usize::from(*limit)),
            Question::Coverage(slug, months) => list(
                graph::coverage(self, slug, usize::from(*months))
                    .into_iter()
                    .map(|(month, count)| {
                        record([("month", text(&month.to_string())), ("count", count.into())])
                    }),
            ),
            Question::Weeks(slug, weeks) => self.weeks_value(slug, usize::from(*weeks)),
            Question::Pair(first, second) => {
                graph::pair(self, first, second).map_or(Value::none(), |pair| self.pair_value(&pair))
            }
            Question::Network(limit) => self.network_value(usize::from(*limit)),
            Question::InTheNews { days, limit } => self.in_the_news_value(*days, usize::from(*limit)),
            Question::Edition(period) => {
                edition::edition(self, *period).map_or(Value::none(), |edition| self.edition_value(&edition))
            }
            Question::Editions(cadence, limit) => self.editions_value(*cadence, *limit as usize),
            Question::Periods { unit, filter, limit } => self.periods_value(*unit, filter, *limit),
            Question::Corrections => self.corrections_value(),
            Question::Pages => list(
                self.pages
                    .iter()
                    .filter(|page| page.nav != Nav::None)
                    .map(|page| self.page_value(page)),
            ),
            Question::Url(path) => self
                .file(path)
                .and_then(|path| target::page_url(self, path))
                .map_or(Value::none(), |url| text(&self.href(&url))),
            Question::Asset(path) => self.asset_value(path),
            Question::SearchIndex => self.search_index_value(),
            Question::SearchTitles => self.search_titles_value(),
            Question::SearchTexts(segment) => list(segment.articles(self).map(|index| self.searched(index))),
            Question::SearchRecords(segment, block) => {
                let listed = |index| match self.summary(index).noindex {
                    true => Value::none(),
                    false => self.card(index),
                };
                list(segment.block(self, *block).map(listed))
            }
            Question::Data(name) => self.data.get(name).map_or(Value::none(), from_yaml),
            Question::Image(card) => self.image_value(card),
            Question::Organization(slug) => self
                .organization(slug)
                .map_or(Value::none(), |organization| organization.value()),
        }
    }

    /// What lists show of an article.
    fn card(&self, index: ArticleIndex) -> Value {
        let make = || Value::from(self.card_map(self.summary(index)));
        self.shared.card(self.card_mark(index), make)
    }

    fn card_map(&self, summary: &Summary) -> Map {
        map([
            ("path", text(summary.path.as_str())),
            ("id", text(&summary.id)),
            ("url", text(&self.href(&summary.url))),
            ("permalink", self.absolute(&summary.url).into()),
            ("title", text(&summary.title)),
            ("date", text(&summary.date.w3c())),
            ("day", text(&summary.date.day.to_string())),
            ("time", summary.date.time().into()),
            ("updated", moment(summary.updated.as_ref())),
            ("standfirst", self.standfirst(summary)),
            ("has_summary", summary.has_summary.into()),
            ("description", text(&summary.description)),
            ("kind", text(summary.kind.name())),
            ("importance", i64::from(summary.importance).into()),
            ("companies", self.tags(summary, false)),
            ("also_mentioned", self.tags(summary, true)),
            ("topics", self.links_to_terms(1, &summary.topics)),
            ("authors", self.links_to_terms(2, &summary.authors)),
            ("terms", self.further_terms(summary)),
            ("source", source(summary.source.as_deref())),
            (
                "image",
                self.picture(&summary.path, summary.image.as_deref(), None),
            ),
            ("has_corrections", (!summary.corrections.is_empty()).into()),
            ("noindex", summary.noindex.into()),
            ("lang", summary.lang.clone().into()),
        ])
    }

    /// All that an article's own page shows, save its body.
    fn article_value(&self, index: ArticleIndex) -> Value {
        let summary = self.summary(index);
        let Some(story) = self.story(index) else {
            return Value::none();
        };
        let path = &summary.path;
        let mut map = self.card_map(summary);
        let mut insert = |key: &'static str, value: Value| {
            map.insert(key.into(), value);
        };
        insert(
            "image",
            self.picture(path, summary.image.as_deref(), story.caption.as_ref()),
        );
        insert(
            "takeaways",
            list(story.takeaways.iter().map(|takeaway| self.prose(path, takeaway))),
        );
        insert(
            "corrections",
            list(
                summary
                    .corrections
                    .iter()
                    .map(|correction| self.correction(path, correction)),
            ),
        );
        insert(
            "headings",
            list(story.headings.iter().map(|heading| {
                record([
                    ("level", i64::from(heading.level).into()),
                    ("id", text(&heading.id)),
                    ("text", text(&heading.text)),
                ])
            })),
        );
        insert("expires", moment(self.entry(index).hold.expires.as_ref()));
        insert("extra", from_yaml(&story.extra));
        Value::from(map)
    }

    fn stats_value(&self, index: ArticleIndex) -> Value {
        let words = self.entry(index).words as usize;
        record([
            ("words", words.into()),
            ("minutes", words.div_ceil(WORDS_A_MINUTE).max(1).into()),
        ])
    }

    fn tags(&self, summary: &Summary, passing: bool) -> Value {
        let splits = !self.config.companies.count_passing;
        let tags = summary
            .companies
            .iter()
            .filter(|tag| (splits && tag.salience == Salience::Passing) == passing);
        let companies = self.taxonomies().first();
        // Every company that an article names is a term.
        let link = |tag: &Tag| {
            let term = companies?.term(&tag.slug)?;
            Some(self.term_links(COMPANIES, term).tags[tag.salience as usize].clone())
        };
        list(tags.filter_map(link))
    }

    /// The links to the terms of a taxonomy, companies being the first, that an article names.
    fn links_to_terms(&self, taxonomy: usize, names: &[Arc<str>]) -> Value {
        let taxonomy = self.taxonomies().get(taxonomy);
        let link = |name: &Arc<str>| {
            let taxonomy = taxonomy?;
            let term = &taxonomy.terms()[taxonomy.position_of_name(name)?];
            Some(self.term_links(&taxonomy.name, term).plain.clone())
        };
        list(names.iter().filter_map(link))
    }

    fn further_terms(&self, summary: &Summary) -> Value {
        let mut map = Map::default();
        for ((taxonomy, names), number) in self.config.taxonomies.iter().zip(&summary.terms).zip(3..) {
            map.insert(taxonomy.clone().into(), self.links_to_terms(number, names));
        }
        Value::from(map)
    }

    /// The links to a term.
    fn term_links<'t>(&self, taxonomy: &str, term: &'t Term) -> &'t TermLinks {
        term.links(|| self.links_of_term(taxonomy, term))
    }

    fn links_of_term(&self, taxonomy: &str, term: &Term) -> TermLinks {
        let company = self.register.find_slug(&term.slug);
        let ticker = company.and_then(|company| company.tickers.first());
        let url = self.term_url(taxonomy, Some(term));
        let tag = |salience: Salience| {
            record([
                ("name", text(&term.name)),
                ("slug", text(&term.slug)),
                ("url", url.clone()),
                ("salience", text(salience.name())),
                ("ticker", ticker.map(|ticker| symbol(ticker)).into()),
            ])
        };
        TermLinks {
            plain: record([
                ("name", text(&term.name)),
                ("slug", text(&term.slug)),
                ("url", url.clone()),
            ]),
            tags: [Salience::Primary, Salience::Secondary, Salience::Passing].map(tag),
        }
    }

    /// The address of a term's page; null where it has none.
    fn term_url(&self, taxonomy: &str, term: Option<&Term>) -> Value {
        let has_pages = self.taxonomy(taxonomy).is_some_and(|taxonomy| taxonomy.has_pages);
        let url = term
            .filter(|term| has_pages && term.has_page)
            .and_then(|term| term_url(taxonomy, &term.slug));
        url.map(|url| self.href(&url)).into()
    }

    fn term_value(&self, taxonomy: &str, term: &Term) -> Value {
        let latest = term.articles.first().map(|&index| self.summary(index).date.w3c());
        let first = term.articles.last().map(|&index| self.summary(index).date.w3c());
        let mut map = map([
            ("taxonomy", text(taxonomy)),
            ("name", text(&term.name)),
            ("slug", text(&term.slug)),
            ("url", self.term_url(taxonomy, Some(term))),
            ("count", term.articles.len().into()),
            ("passing", term.passing.len().into()),
            ("first", first.into()),
            ("latest", latest.into()),
        ]);
        let author = self
            .config
            .authors
            .iter()
            .find(|author| taxonomy == "authors" && author.name == *term.name);
        let company = self
            .register
            .find_slug(&term.slug)
            .filter(|_| taxonomy == COMPANIES);
        let about = author
            .and_then(|author| author.about.clone())
            .or_else(|| company.and_then(|c| c.about.clone()));
        map.insert("about".into(), about.into());
        let website = author
            .and_then(|author| author.url.clone())
            .or_else(|| company.and_then(|c| c.website.clone()));
        map.insert("website".into(), website.into());
        map.insert(
            "tickers".into(),
            list(
                company
                    .iter()
                    .flat_map(|company| &company.tickers)
                    .map(|ticker| record([("name", text(ticker)), ("symbol", text(&symbol(ticker)))])),
            ),
        );
        map.insert(
            "aliases".into(),
            texts(company.map_or(&[][..], |company| &company.aliases)),
        );
        map.insert(
            "products".into(),
            texts(company.map_or(&[][..], |company| &company.products)),
        );
        map.insert(
            "people".into(),
            texts(company.map_or(&[][..], |company| &company.people)),
        );
        map.insert(
            "sector".into(),
            company.and_then(|company| company.sector.clone()).into(),
        );
        map.insert(
            "country".into(),
            company.and_then(|company| company.country.clone()).into(),
        );
        map.insert(
            "wikidata".into(),
            company.and_then(|company| company.wikidata.clone()).into(),
        );
        map.insert("in_register".into(), company.is_some().into());
        let saliences = (taxonomy == COMPANIES).then(|| self.saliences_value(term));
        map.insert("salience".into(), saliences.unwrap_or(Value::none()));
        let parent = company.and_then(|company| company.parent.as_deref());
        map.insert(
            "parent".into(),
            parent.map_or(Value::none(), |parent| self.parent_value(parent)),
        );
        let profile = self.profiles.get(&*term.slug).filter(|_| taxonomy == COMPANIES);
        map.insert("profile".into(), profile.map(|(path, _)| path.to_string()).into());
        Value::from(map)
    }

    /// The months of a term that have pages, newest first.
    fn months_value(&self, taxonomy: &str, slug: &str) -> Value {
        let term = self.taxonomy(taxonomy).and_then(|taxonomy| taxonomy.term(slug));
        let months = term.map_or(&[][..], |term| &term.months);
        list(
            months
                .iter()
                .map(|&(month, count)| self.month_value(taxonomy, slug, month, count)),
        )
    }

    /// The months of a term before and after one.
    fn months_around_value(&self, taxonomy: &str, slug: &str, month: Month) -> Value {
        let term = self.taxonomy(taxonomy).and_then(|taxonomy| taxonomy.term(slug));
        let months = term.map_or(&[][..], |term| &term.months);
        let (mut previous, mut next) = (Value::none(), Value::none());
        // Newest first.
        if let Ok(at) = months.binary_search_by(|(other, _)| month.cmp(other)) {
            let value = |&(month, count): &(Month, usize)| self.month_value(taxonomy, slug, month, count);
            previous = months.get(at + 1).map_or(Value::none(), value);
            next = at
                .checked_sub(1)
                .map_or(Value::none(), |newer| value(&months[newer]));
        }
        record([("previous", previous), ("next", next)])
    }

    fn month_value(&self, taxonomy: &str, slug: &str, month: Month, count: usize) -> Value {
        let url = Url::page(&format!("{taxonomy}/{slug}/{month}"))
            .ok()
            .map(|url| self.href(&url));
        record([
            ("month", text(&month.to_string())),
            ("count", count.into()),
            ("url", url.into()),
        ])
    }

    fn parent_value(&self, parent: &str) -> Value {
        let known = self.register.find(parent);
        let slug = known.map_or_else(
            || crate::ground::path::slug(parent),
            |company| company.slug.clone(),
        );
        let term = self
            .taxonomy(COMPANIES)
            .and_then(|companies| companies.term(&slug));
        let name = known.map_or(parent, |company| &company.name);
        record([
            ("name", text(name)),
            ("slug", text(&slug)),
            ("url", self.term_url(COMPANIES, term)),
        ])
    }

    fn terms_value(&self, taxonomy: &str, order: TermOrder, limit: usize) -> Value {
        let Some(index) = self.taxonomy(taxonomy) else {
            return list(std::iter::empty());
        };
        let mut terms: Vec<&Term> = index.terms().iter().collect();
        let name = |term: &Term| crate::ground::path::fold(&term.name);
        terms.sort_by_cached_key(|term| (name(term), term.slug.clone()));
        match order {
            TermOrder::Name => {}
            TermOrder::Count => terms.sort_by_key(|term| std::cmp::Reverse(term.articles.len())),
            // The smallest index is the newest article; terms without any come last.
            TermOrder::Recent => terms.sort_by_key(|term| term.articles.first().copied().unwrap_or(u32::MAX)),
        }
        list(terms.into_iter().take(limit).map(|term| {
            let company = self
                .register
                .find_slug(&term.slug)
                .filter(|_| taxonomy == COMPANIES);
            let ticker = company.and_then(|company| company.tickers.first());
            record([
                ("name", text(&term.name)),
                ("slug", text(&term.slug)),
                ("url", self.term_url(taxonomy, Some(term))),
                ("count", term.articles.len().into()),
                (
                    "latest",
                    term.articles
                        .first()
                        .map(|&index| self.summary(index).date.w3c())
                        .into(),
                ),
                ("ticker", ticker.map(|ticker| symbol(ticker)).into()),
                (
                    "sector",
                    company.and_then(|company| company.sector.clone()).into(),
                ),
            ])
        }))
    }

    fn co_mentions_value(&self, slug: &str, limit: usize) -> Value {
        let others = graph::co_mentions(self, slug, limit).into_iter();
        list(others.map(|(term, count)| self.co_mention_value(slug, term, count)))
    }

    /// A company that articles name together with one.
    fn co_mention_value(&self, slug: &str, other: &Term, count: usize) -> Value {
        record([
            ("name", text(&other.name)),
            ("slug", text(&other.slug)),
            ("url", self.term_url(COMPANIES, Some(other))),
            ("pair", self.pair_href(slug, &other.slug, count)),
            ("count", count.into()),
        ])
    }

    /// The address of the page of two companies that so many articles name; null where they have none.
    fn pair_href(&self, one: &str, other: &str, count: usize) -> Value {
        let url = pair_url(one, other).filter(|_| self.has_pair_page(count));
        url.map(|url| self.href(&url)).into()
    }

    fn pair_value(&self, pair: &Pair<'_>) -> Value {
        let [one, other] = pair.companies;
        let links = pair
            .companies
            .map(|term| self.term_links(COMPANIES, term).plain.clone());
        let count = pair.articles.len();
        let date = |index: Option<&ArticleIndex>| index.map(|&index| self.summary(index).date.w3c());
        let months = |months: &[(Month, usize)]| {
            list(months.iter().map(|(month, count)| {
                record([("month", text(&month.to_string())), ("count", (*count).into())])
            }))
        };
        let newest = pair.articles.iter().take(PAIR_ARTICLES);
        record([
            ("companies", Value::from(links.to_vec())),
            ("url", self.pair_href(&one.slug, &other.slug, count)),
            ("count", count.into()),
            ("first", date(pair.articles.last()).into()),
            ("latest", date(pair.articles.first()).into()),
            ("coverage", months(&pair.coverage)),
            ("months", months(&pair.months)),
            ("articles", list(newest.map(|&index| self.card(index)))),
        ])
    }

    fn saliences_value(&self, term: &Term) -> Value {
        let [primary, secondary, passing] = graph::saliences(self, term);
        record([
            ("primary", primary.into()),
            ("secondary", secondary.into()),
            ("passing", passing.into()),
        ])
    }

    fn weeks_value(&self, slug: &str, weeks: usize) -> Value {
        list(
            graph::weeks(self, slug, weeks)
                .into_iter()
                .map(|(week, count)| record([("week", text(&week.to_string())), ("count", count.into())])),
        )
    }

    fn in_the_news_value(&self, days: u16, limit: usize) -> Value {
        let companies = graph::in_the_news(self, days, limit).into_iter();
        list(companies.map(|(term, count)| {
            let company = self.register.find_slug(&term.slug);
            let ticker = company.and_then(|company| company.tickers.first());
            record([
                ("name", text(&term.name)),
                ("slug", text(&term.slug)),
                ("url", self.term_url(COMPANIES, Some(term))),
                ("ticker", ticker.map(|ticker| symbol(ticker)).into()),
                ("count", count.into()),
                ("weeks", self.weeks_value(&term.slug, NEWS_WEEKS)),
            ])
        }))
    }

    fn network_value(&self, limit: usize) -> Value {
        let network = network::network(self, limit);
        let mut with: Vec<Vec<Value>> = vec![Vec::new(); network.companies.len()];
        // The strongest first.
        for Tie { ends, count } in &network.ties {
            for [one, other] in [*ends, [ends[1], ends[0]]] {
                let (slug, other) = (&network.companies[one].slug, network.companies[other]);
                with[one].push(self.co_mention_value(slug, other, *count));
            }
        }
        list(network.companies.iter().zip(with).map(|(term, with)| {
            let company = self.register.find_slug(&term.slug);
            record([
                ("name", text(&term.name)),
                ("slug", text(&term.slug)),
                ("url", self.term_url(COMPANIES, Some(term))),
                ("count", term.articles.len().into()),
                (
                    "sector",
                    company.and_then(|company| company.sector.clone()).into(),
                ),
                ("with", Value::from(with)),
            ])
        }))
    }

    fn neighbours_value(&self, path: &SourcePath) -> Value {
        let (previous, next) = self
            .article(path)
            .map_or((None, None), |index| self.around(index));
        let card = |index: Option<ArticleIndex>| index.map_or(Value::none(), |index| self.card(index));
        record([("previous", card(previous)), ("next", card(next))])
    }

    fn related_value(&self, path: &SourcePath, limit: usize) -> Value {
        let Some(index) = self.article(path) else {
            return list(std::iter::empty());
        };
        let companies = self.taxonomy(COMPANIES);
        list(
            graph::related(self, index, limit)
                .into_iter()
                .map(|(other, slug)| {
                    let term = companies.and_then(|companies| companies.term(&slug));
                    record([
                        ("article", self.card(other)),
                        ("company", term.map(|term| term.name.to_string()).into()),
                    ])
                }),
        )
    }

    fn edition_value(&self, edition: &Edition<'_>) -> Value {
        let hand_made = edition.hand_made;
        let (previous, next) = edition::neighbours(self, edition.period);
        let (first, last) = edition.period.days();
        let stories = edition.stories.iter().map(|story| {
            let headline = story.entry.and_then(|entry| entry.headline.clone());
            let note = story.entry.zip(hand_made).and_then(|(entry, hand_made)| {
                let note = entry.note.as_ref()?;
                Some(self.prose(&hand_made.path, &Prose::of_value(note, self.config.markdown).0))
            });
            record([
                ("article", self.card(story.article)),
                ("headline", headline.into()),
                ("note", note.unwrap_or(Value::none())),
                ("section", text(story.section.name())),
            ])
        });
        let numbers = edition.stories.iter().filter_map(|story| {
            let summary = self.summary(story.article);
            let figure = summary.figure.as_deref()?;
            Some(record([
                ("value", text(&figure.value)),
                ("text", self.prose(&summary.path, &figure.text)),
                ("article", self.card(story.article)),
            ]))
        });
        let companies = self.taxonomies().first();
        let companies = edition::by_company(self, edition)
            .into_iter()
            .filter_map(|(tag, articles)| {
                let term = companies?.term(&tag.slug)?;
                Some(record([
                    (
                        "company",
                        self.term_links(COMPANIES, term).tags[tag.salience as usize].clone(),
                    ),
                    (
                        "articles",
                        list(articles.into_iter().map(|index| self.card(index))),
                    ),
                ]))
            });
        let (first_day, last_day) = edition.period.days();
        let corrected = edition.corrected.iter().flat_map(|&index| {
            let corrections = self.summary(index).corrections.iter();
            let of_period =
                corrections.filter(|correction| (first_day..=last_day).contains(&correction.date.day));
            of_period.map(move |correction| (index, correction))
        });
        let mut corrected: Vec<(ArticleIndex, &Correction)> = corrected.collect();
        corrected.sort_by_key(|(index, correction)| (std::cmp::Reverse(correction.date.instant), *index));
        let summary = hand_made.and_then(|hand_made| Some((hand_made, hand_made.summary.as_ref()?)));
        let summary =
            summary.map(|(hand_made, summary)| (hand_made, Prose::of_value(summary, self.config.markdown)));
        let mut map = map([
            ("period", text(&edition.period.to_string())),
            (
                "cadence",
                edition::cadence_of(edition.period).map(Cadence::name).into(),
            ),
            ("url", self.edition_href(edition.period).into()),
            ("first_day", text(&first.to_string())),
            ("last_day", text(&last.to_string())),
            (
                "title",
                hand_made.and_then(|hand_made| hand_made.title.clone()).into(),
            ),
            (
                "path",
                hand_made
                    .map(|hand_made: &HandMade| hand_made.path.to_string())
                    .into(),
            ),
            ("stories", list(stories)),
            ("numbers", list(numbers)),
            ("companies", list(companies)),
            ("corrected", self.correction_lines(corrected)),
            ("since", list(edition.since.iter().map(|&index| self.card(index)))),
            ("previous", self.edition_link(previous)),
            ("next", self.edition_link(next)),
        ]);
        map.insert(
            "description".into(),
            summary.as_ref().map(|(_, (_, plain))| plain.clone()).into(),
        );
        map.insert(
            "summary".into(),
            summary.map_or(Value::none(), |(hand_made, (prose, _))| {
                self.prose(&hand_made.path, &prose)
            }),
        );
        Value::from(map)
    }

    /// The address of an edition; null where editions of its cadence are switched off.
    fn edition_href(&self, period: Period) -> Option<String> {
        let cadence = edition::cadence_of(period)?;
        let is_on = edition::is_on(self, cadence);
        edition_url(period).filter(|_| is_on).map(|url| self.href(&url))
    }

    fn edition_link(&self, period: Option<Period>) -> Value {
        period.map_or(Value::none(), |period| {
            let url = self.edition_href(period);
            let title = self
                .hand_made
                .get(&period)
                .and_then(|hand_made| hand_made.title.clone());
            record([
                ("period", text(&period.to_string())),
                ("url", url.into()),
                ("title", title.into()),
            ])
        })
    }

    fn editions_value(&self, cadence: Cadence, limit: usize) -> Value {
        let periods = edition::periods(self, cadence).iter().copied().take(limit);
        list(periods.filter_map(|period| {
            let edition = edition::edition(self, period)?;
            let lead = edition.stories.first();
            let headline = lead.map(|lead| {
                let own = lead.entry.and_then(|entry| entry.headline.clone());
                own.unwrap_or_else(|| self.summary(lead.article).title.to_string())
            });
            Some(record([
                ("period", text(&period.to_string())),
                ("url", self.edition_href(period).into()),
                (
                    "title",
                    edition
                        .hand_made
                        .and_then(|hand_made| hand_made.title.clone())
                        .into(),
                ),
                ("lead", headline.into()),
                ("count", edition.stories.len().into()),
            ]))
        }))
    }

    fn periods_value(&self, unit: Unit, filter: &Filter, limit: u32) -> Value {
        list(
            question::periods(self, unit, filter, limit)
                .into_iter()
                .map(|(period, count)| {
                    let url = match period {
                        Period::Day(_) | Period::Week(_) => self.edition_href(period),
                        Period::Month(month) => {
                            Url::page(&format!("archive/{:04}/{:02}", month.year, month.month))
                                .ok()
                                .filter(|_| self.config.pages.archive)
                                .map(|url| self.href(&url))
                        }
                    };
                    record([
                        ("period", text(&period.to_string())),
                        ("url", url.into()),
                        ("count", count.into()),
                    ])
                }),
        )
    }

    fn corrections_value(&self) -> Value {
        let mut all: Vec<(ArticleIndex, &Correction)> = self
            .all()
            .flat_map(|index| {
                self.summary(index)
                    .corrections
                    .iter()
                    .map(move |correction| (index, correction))
            })
            .collect();
        all.sort_by_key(|(index, correction)| (std::cmp::Reverse(correction.date.instant), *index));
        self.correction_lines(all)
    }

    fn correction_lines(&self, corrections: Vec<(ArticleIndex, &Correction)>) -> Value {
        list(corrections.into_iter().map(|(index, correction)| {
            let summary = self.summary(index);
            record([
                ("date", text(&correction.date.w3c())),
                ("text", self.prose(&summary.path, &correction.text)),
                ("article", self.card(index)),
            ])
        }))
    }

    fn correction(&self, path: &SourcePath, correction: &Correction) -> Value {
        record([
            ("date", text(&correction.date.w3c())),
            ("text", self.prose(path, &correction.text)),
        ])
    }

    fn page_value(&self, page: &Page) -> Value {
        let nav = match page.nav {
            Nav::Header => "header",
            Nav::Footer => "footer",
            Nav::None => "none",
        };
        record([
            ("title", text(&page.title)),
            ("url", text(&self.href(&page.url))),
            ("nav", text(nav)),
        ])
    }

    /// The text of a page, a profile or an edition, with its links resolved.
    fn text_value(&self, path: &SourcePath) -> Value {
        let page = self
            .pages
            .iter()
            .find(|page| page.path == *path)
            .map(|page| &page.text);
        let edition = || {
            self.hand_made
                .values()
                .find(|edition| edition.path == *path)
                .map(|edition| &edition.text)
        };
        let profile = || {
            self.profiles
                .values()
                .find(|(profile, _)| profile == path)
                .map(|(_, text)| text)
        };
        let Some(found) = page.or_else(edition).or_else(profile) else {
            return Value::none();
        };
        self.prose(path, &found.body)
    }

    fn asset_value(&self, path: &SourcePath) -> Value {
        let asset = self.assets.get(path);
        let own = || asset.and_then(|_| target::asset_url(self, path, path));
        let Some(url) = self.addresses.get(path).cloned().or_else(own) else {
            return Value::none();
        };
        let size = asset.and_then(|asset| asset.shape.dimensions);
        record([
            ("url", text(&self.href(&url))),
            ("width", size.map(|size| u64::from(size.width)).into()),
            ("height", size.map(|size| u64::from(size.height)).into()),
        ])
    }

    fn picture(&self, path: &SourcePath, picture: Option<&Picture>, caption: Option<&Prose>) -> Value {
        let Some(picture) = picture else {
            return Value::none();
        };
        let src = &picture.src.text;
        let href = if picture.is_external() {
            Some(src.clone())
        } else {
            target::href(self, path, src, Links::Rooted)
        };
        let Some(href) = href else { return Value::none() };
        let shown = target::picture(self, path, src);
        let size = shown.as_ref().and_then(|shown| shown.asset.shape.dimensions);
        let offered = shown
            .as_ref()
            .and_then(|shown| Some((&shown.url, shown.renditions.as_ref()?)));
        let avif = offered.map(|(url, renditions)| {
            record([
                ("type", text("image/avif")),
                ("srcset", text(&renditions.avif_set(url, |url| self.href(url)))),
            ])
        });
        let srcset = offered.map(|(url, renditions)| renditions.fallback_set(url, |url| self.href(url)));
        record([
            ("src", text(&href)),
            ("alt", text(&picture.alt)),
            (
                "caption",
                caption.map_or(Value::none(), |caption| self.prose(path, caption)),
            ),
            ("credit", picture.credit.clone().into()),
            ("width", size.map(|size| u64::from(size.width)).into()),
            ("height", size.map(|size| u64::from(size.height)).into()),
            ("srcset", srcset.into()),
            ("sources", list(avif.into_iter())),
            ("sizes", offered.map(|_| sizes_in_text(&self.config.theme)).into()),
        ])
    }

    fn standfirst(&self, summary: &Summary) -> Value {
        match &summary.standfirst {
            Some(standfirst) => self.prose(&summary.path, standfirst),
            None => {
                let mut html = String::with_capacity(summary.description.len());
                escape_text(&mut html, &summary.description);
                Value::safe_string(&html)
            }
        }
    }

    fn prose(&self, path: &SourcePath, prose: &Prose) -> Value {
        if prose.body.places.is_empty() {
            return Value::safe_string(&prose.body.html);
        }
        Value::safe_string(&target::fill(self, path, prose, Links::Rooted))
    }
}

/// The address of the page of two companies.
pub fn pair_url(one: &str, other: &str) -> Option<Url> {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    Url::page(&format!("{COMPANIES}/{first}--{second}")).ok()
}

/// The address of a term's page.
pub fn term_url(taxonomy: &str, slug: &str) -> Option<Url> {
    Url::page(&format!("{taxonomy}/{slug}")).ok()
}

/// The address of an edition.
pub fn edition_url(period: Period) -> Option<Url> {
    Url::page(&format!("editions/{period}")).ok()
}

/// The symbol of a ticker: `MSFT` of `NASDAQ:MSFT`.
fn symbol(ticker: &str) -> String {
    ticker.rsplit(':').next().unwrap_or(ticker).trim().to_owned()
}

fn source(source: Option<&Source>) -> Value {
    source.map_or(Value::none(), |source| {
        record([
            ("name", source.name.clone().into()),
            ("url", source.url.clone().into()),
            ("author", source.author.clone().into()),
            ("date", moment(source.date.as_ref())),
        ])
    })
}

fn moment(moment: Option<&Moment>) -> Value {
    moment.map(Moment::w3c).into()
}

fn text(text: &str) -> Value {
    Value::normal_string(text)
}

fn texts(texts: &[String]) -> Value {
    list(texts.iter().map(|own| text(own)))
}

fn list(values: impl Iterator<Item = Value>) -> Value {
    Value::from(values.collect::<Vec<Value>>())
}

fn map<const N: usize>(entries: [(&'static str, Value); N]) -> Map {
    entries
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect()
}

fn record<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    Value::from(map(entries))
}

/// A YAML value as a template sees it.
pub fn from_yaml(value: &yaml::Value) -> Value {
    match value {
        yaml::Value::Null => Value::none(),
        yaml::Value::Bool(value) => (*value).into(),
        yaml::Value::Int(value) => (*value).into(),
        yaml::Value::Float(value) => (*value).into(),
        yaml::Value::Text(value) => text(value),
        yaml::Value::List(nodes) => list(nodes.iter().map(|node| from_yaml(&node.value))),
        yaml::Value::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, node)| (key.name.clone().into(), from_yaml(&node.value)));
            Value::from(entries.collect::<Map>())
        }
    }
}
