//! What the search reads of a site, as answers: nothing else decides what stands in its files.

use tera::{Map, Value};

use super::segment::{self, BLOCK, MAX_ARTICLES, text_parts, title_parts};
use super::site::{ArticleIndex, COMPANIES, Site};
use crate::ground::encoding::{Encode, Encoder};
use crate::reading::article::Prose;

impl Site {
    /// How the index is divided, for the script that reads it.
    pub(super) fn search_index_value(&self) -> Value {
        let segments = segment::segments(self).into_iter().map(|(segment, articles)| {
            record([
                ("name", text(&segment.to_string())),
                ("articles", articles.into()),
                ("parts", text_parts(articles).into()),
            ])
        });
        let count = u32::try_from(self.len()).unwrap_or(u32::MAX);
        record([
            ("titles", title_parts(count).into()),
            ("shift", MAX_ARTICLES.into()),
            ("block", BLOCK.into()),
            ("segments", segments.collect::<Vec<Value>>().into()),
        ])
    }

    /// All headlines and all names of terms.
    pub(super) fn search_titles_value(&self) -> Value {
        let titles = self.all().filter(|index| !self.summary(*index).noindex);
        let titles = titles.map(|index| {
            let summary = self.summary(index);
            Value::from(vec![
                index.into(),
                text(&summary.title),
                text(&summary.date.day.to_string()),
            ])
        });
        let mut terms: Vec<Value> = Vec::new();
        for taxonomy in self.taxonomies() {
            for term in taxonomy.terms() {
                let company = self
                    .register
                    .find_slug(&term.slug)
                    .filter(|_| taxonomy.name == COMPANIES);
                let names = company
                    .into_iter()
                    .flat_map(|company| company.aliases.iter().chain(&company.tickers));
                let names: Vec<Value> = names.map(|name| text(name)).collect();
                let articles: Vec<Value> = term.articles.iter().map(|index| (*index).into()).collect();
                terms.push(record([
                    ("taxonomy", text(&taxonomy.name)),
                    ("slug", text(&term.slug)),
                    ("name", text(&term.name)),
                    ("has_page", (taxonomy.has_pages && term.has_page).into()),
                    ("names", names.into()),
                    ("articles", articles.into()),
                ]));
            }
        }
        record([
            ("titles", titles.collect::<Vec<Value>>().into()),
            ("terms", terms.into()),
        ])
    }

    /// What tells that they are the same.
    pub(super) fn encode_search_titles(&self, encoder: &mut Encoder) {
        for index in self.all() {
            // The headline, the day, the terms, and whether it is listed.
            self.card_mark(index).encode(encoder);
        }
        for taxonomy in self.taxonomies() {
            taxonomy.name.encode(encoder);
            for term in taxonomy.terms() {
                term.mark.encode(encoder);
            }
        }
        for company in self.register.companies() {
            company.slug.encode(encoder);
            company.aliases.encode(encoder);
            company.tickers.encode(encoder);
        }
    }

    /// The texts of an article that the search reads beside its headline; none where it may not find it.
    pub(super) fn searched(&self, index: ArticleIndex) -> Value {
        let summary = self.summary(index);
        let Some(story) = self.story(index).filter(|_| !summary.noindex) else {
            return Value::none();
        };
        let html = |prose: &Prose| text(&format!("{:?}", prose.body));
        let prose = std::iter::once(&story.body)
            .chain(&story.takeaways)
            .chain(&story.caption);
        let mut texts = vec![text(&summary.description)];
        texts.extend(prose.map(html));
        texts.into()
    }

    /// What tells that they are the same.
    pub(super) fn encode_searched(&self, index: ArticleIndex, encoder: &mut Encoder) {
        let summary = self.summary(index);
        summary.noindex.encode(encoder);
        if !summary.noindex {
            summary.description.encode(encoder);
            self.entry(index).marks.story.encode(encoder);
        }
    }
}

fn text(text: &str) -> Value {
    Value::normal_string(text)
}

fn record<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    let entries = entries.into_iter().map(|(key, value)| (key.into(), value));
    Value::from(entries.collect::<Map>())
}
