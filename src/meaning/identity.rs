//! Identity: what tells that an answer is the same as before, without making it.
//!
//! Equal fingerprints mean equal answers; tests/identity.rs holds both against each other. Questions
//! that every page asks cost a hash of a few other hashes. Answers that are small or seldom asked
//! for are made and hashed as they are.

use super::answer::PAIR_ARTICLES;
use super::edition::{self, Edition};
use super::graph::{self, Pair};
use super::question::{Question, select};
use super::site::{ArticleIndex, COMPANIES, Site};
use super::target::{self, Target, has_company_page, resolve};
use crate::ground::encoding::{Encode, Encoder};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::SourcePath;
use crate::reading::article::{Article, Prose, Reference};

impl Site {
    /// What tells that the answer to a question is the same.
    pub fn fingerprint(&self, question: &Question) -> Fingerprint {
        match question {
            Question::Article(path) => self.of_article(path, |index, encoder| {
                self.card_mark(index).encode(encoder);
                self.text_mark(index).encode(encoder);
                self.entry(index).hold.expires.encode(encoder);
            }),
            Question::Body(path) => {
                self.of_article(path, |index, encoder| self.text_mark(index).encode(encoder))
            }
            Question::Stats(path) => {
                self.of_article(path, |index, encoder| self.entry(index).words.encode(encoder))
            }
            Question::Neighbours(path) => self.of_article(path, |index, encoder| {
                let (previous, next) = self.around(index);
                self.encode_card(previous, encoder);
                self.encode_card(next, encoder);
            }),
            Question::Related(path, limit) => self.of_article(path, |index, encoder| {
                let companies = self.taxonomy(COMPANIES);
                for (other, slug) in graph::related(self, index, usize::from(*limit)) {
                    self.card_mark(other).encode(encoder);
                    let term = companies.and_then(|companies| companies.term(&slug));
                    term.map(|term| &term.mark).encode(encoder);
                }
            }),
            Question::Articles {
                filter,
                offset,
                limit,
            } => {
                let (offset, limit) = (*offset as usize, *limit as usize);
                let chosen = select(self, filter, offset.saturating_add(limit));
                Fingerprint::of_encoded(|encoder| {
                    for index in chosen.into_iter().skip(offset) {
                        self.card_mark(index).encode(encoder);
                    }
                })
            }
            Question::Count(filter) => {
                let count = select(self, filter, usize::MAX).len();
                Fingerprint::of_encoded(|encoder| count.encode(encoder))
            }
            Question::Edition(period) => Fingerprint::of_encoded(|encoder| {
                if let Some(edition) = edition::edition(self, *period) {
                    self.encode_edition(&edition, encoder);
                }
            }),
            Question::Url(path) => {
                let url = self.file(path).and_then(|path| target::page_url(self, path));
                Fingerprint::of_encoded(|encoder| url.encode(encoder))
            }
            Question::Corrections => Fingerprint::of_encoded(|encoder| {
                for index in self.all() {
                    let summary = self.summary(index);
                    if !summary.corrections.is_empty() {
                        // The summary holds the corrections and their order.
                        self.card_mark(index).encode(encoder);
                        for correction in &summary.corrections {
                            self.encode_targets(&summary.path, &correction.text.references, encoder);
                        }
                    }
                }
            }),
            Question::MonthsAround {
                taxonomy,
                slug,
                month,
            } => Fingerprint::of_encoded(|encoder| {
                let term = self.taxonomy(taxonomy).and_then(|taxonomy| taxonomy.term(slug));
                let months = term.map_or(&[][..], |term| &term.months);
                // Newest first.
                if let Ok(at) = months.binary_search_by(|(other, _)| month.cmp(other)) {
                    months.get(at + 1).encode(encoder);
                    at.checked_sub(1).map(|newer| months[newer]).encode(encoder);
                }
            }),
            Question::Pair(first, second) => Fingerprint::of_encoded(|encoder| {
                if let Some(pair) = graph::pair(self, first, second) {
                    self.encode_pair(&pair, encoder);
                }
            }),
            Question::SearchTitles => Fingerprint::of_encoded(|encoder| self.encode_search_titles(encoder)),
            Question::SearchTexts(segment) => Fingerprint::of_encoded(|encoder| {
                for index in segment.articles(self) {
                    self.encode_searched(index, encoder);
                }
            }),
            Question::SearchRecords(segment, block) => Fingerprint::of_encoded(|encoder| {
                for index in segment.block(self, *block) {
                    self.card_mark(index).encode(encoder);
                }
            }),
            Question::Text(_)
            | Question::Term { .. }
            | Question::TermLink { .. }
            | Question::Terms { .. }
            | Question::Months { .. }
            | Question::CoMentions(..)
            | Question::Coverage(..)
            | Question::Weeks(..)
            | Question::InTheNews { .. }
            | Question::Network(_)
            | Question::Editions(..)
            | Question::Periods { .. }
            | Question::Pages
            | Question::Asset(_)
            | Question::SearchIndex
            | Question::Data(_)
            | Question::Image(_)
            | Question::Organization(_) => self.of_answer(question),
        }
    }

    /// What tells that an article looks the same in a list: its summary, what its companies, topics
    /// and authors are called and whether they have pages, and where its links lead.
    pub fn card_mark(&self, index: ArticleIndex) -> Fingerprint {
        let slot = self.slot(index);
        self.marks.card(slot, || self.mark_card(index))
    }

    fn mark_card(&self, index: ArticleIndex) -> Fingerprint {
        let summary = self.summary(index);
        Fingerprint::of_encoded(|encoder| {
            self.entry(index).marks.summary.encode(encoder);
            let mut taxonomies = self.taxonomies().iter();
            if let Some(companies) = taxonomies.next() {
                for tag in &summary.companies {
                    companies.term(&tag.slug).map(|term| &term.mark).encode(encoder);
                }
            }
            for (taxonomy, names) in taxonomies.zip(Site::names(summary)) {
                for name in names {
                    let position = taxonomy.position_of_name(name);
                    position
                        .map(|position| &taxonomy.terms()[position].mark)
                        .encode(encoder);
                }
            }
            if let Some(standfirst) = &summary.standfirst {
                self.encode_targets(&summary.path, &standfirst.references, encoder);
            }
            if let Some(figure) = &summary.figure {
                self.encode_targets(&summary.path, &figure.text.references, encoder);
            }
            if let Some(picture) = summary.image.as_ref().filter(|picture| !picture.is_external()) {
                self.encode_target(&summary.path, &picture.src.text, encoder);
            }
        })
    }

    /// What tells that an article's text looks the same: the text, and where its links lead.
    fn text_mark(&self, index: ArticleIndex) -> Fingerprint {
        self.marks.text(self.slot(index), || {
            let Article {
                summary,
                marks,
                outline,
                ..
            } = self.entry(index);
            Fingerprint::of_encoded(|encoder| {
                marks.story.encode(encoder);
                // In a feed a footnote leads to the article's page.
                summary.url.encode(encoder);
                self.encode_targets(&summary.path, &outline.references(), encoder);
                // Names in it lead to companies that have a page.
                if self.config.companies.link_mentions {
                    for tag in &summary.companies {
                        has_company_page(self, &tag.slug).encode(encoder);
                    }
                }
            })
        })
    }

    fn encode_targets(&self, from: &SourcePath, references: &[Reference], encoder: &mut Encoder) {
        for reference in references {
            self.encode_target(from, &reference.target, encoder);
        }
    }

    /// The address and, of a picture, the size. How an address is written differs only by the settings.
    fn encode_target(&self, from: &SourcePath, target: &str, encoder: &mut Encoder) {
        match resolve(self, from, target) {
            Target::Page { url, fragment, .. } => {
                encoder.raw(b"p");
                url.encode(encoder);
                fragment.unwrap_or_default().encode(encoder);
                fragment.is_some().encode(encoder);
            }
            Target::File { url, path } => {
                encoder.raw(b"f");
                url.encode(encoder);
                // The sizes that a picture is offered in follow from that and from the settings.
                let shape = self.assets.get(&path).map(|asset| asset.shape);
                shape.encode(encoder);
            }
            Target::Address { url, suffix } => {
                encoder.raw(b"a");
                url.encode(encoder);
                suffix.encode(encoder);
            }
            Target::Fragment(fragment) => {
                encoder.raw(b"#");
                fragment.encode(encoder);
            }
            // What leads nowhere is an error, and nothing is written.
            Target::Missing(_) => encoder.raw(b"-"),
        }
    }

    fn encode_card(&self, index: Option<ArticleIndex>, encoder: &mut Encoder) {
        index.map(|index| self.card_mark(index)).encode(encoder);
    }

    fn encode_pair(&self, pair: &Pair<'_>, encoder: &mut Encoder) {
        for term in pair.companies {
            term.mark.encode(encoder);
        }
        for index in [pair.articles.first(), pair.articles.last()] {
            index.map(|&index| self.summary(index).date.w3c()).encode(encoder);
        }
        pair.articles.len().encode(encoder);
        pair.coverage.encode(encoder);
        pair.months.encode(encoder);
        for &index in pair.articles.iter().take(PAIR_ARTICLES) {
            self.card_mark(index).encode(encoder);
        }
    }

    fn encode_edition(&self, edition: &Edition<'_>, encoder: &mut Encoder) {
        edition.stories.len().encode(encoder);
        for story in &edition.stories {
            self.card_mark(story.article).encode(encoder);
            let entry = story.entry;
            entry.and_then(|entry| entry.headline.as_ref()).encode(encoder);
            entry.and_then(|entry| entry.note.as_ref()).encode(encoder);
            if let (Some(note), Some(hand_made)) =
                (entry.and_then(|entry| entry.note.as_ref()), edition.hand_made)
            {
                let (prose, _) = Prose::of_value(note, self.config.markdown);
                self.encode_targets(&hand_made.path, &prose.references, encoder);
            }
        }
        edition.since.len().encode(encoder);
        for &index in &edition.since {
            self.card_mark(index).encode(encoder);
        }
        edition.corrected.len().encode(encoder);
        for &index in &edition.corrected {
            self.card_mark(index).encode(encoder);
            let summary = self.summary(index);
            for correction in &summary.corrections {
                self.encode_targets(&summary.path, &correction.text.references, encoder);
            }
        }
        if let Some(hand_made) = edition.hand_made {
            hand_made.path.encode(encoder);
            hand_made.title.encode(encoder);
            hand_made.summary.encode(encoder);
            if let Some(summary) = &hand_made.summary {
                let (prose, _) = Prose::of_value(summary, self.config.markdown);
                self.encode_targets(&hand_made.path, &prose.references, encoder);
            }
        }
        let (previous, next) = edition::neighbours(self, edition.period);
        for neighbour in [previous, next] {
            neighbour.encode(encoder);
            let hand_made = neighbour.and_then(|period| self.hand_made.get(&period));
            hand_made
                .and_then(|hand_made| hand_made.title.as_ref())
                .encode(encoder);
        }
    }

    /// Of an article that is shown; of all others the same, since nothing is known of them.
    fn of_article(&self, path: &SourcePath, write: impl FnOnce(ArticleIndex, &mut Encoder)) -> Fingerprint {
        Fingerprint::of_encoded(|encoder| {
            let index = self.article(path);
            index.is_some().encode(encoder);
            if let Some(index) = index {
                write(index, encoder);
            }
        })
    }

    /// Of the answer itself. Text that is HTML and text that is not never stand under one name, so
    /// that JSON tells all there is to tell.
    fn of_answer(&self, question: &Question) -> Fingerprint {
        let answer = self.answer(question);
        match serde_json::to_vec(&answer) {
            Ok(json) => Fingerprint::of(json),
            // Values are made of texts, numbers, lists and maps with texts for keys.
            Err(_) => Fingerprint::of(format!("{answer:?}")),
        }
    }
}
