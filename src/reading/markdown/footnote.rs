//! Footnotes: gathered at the end, numbered in the order in which a reader meets them.
//!
//! Definitions may stand anywhere and refer to each other, so their events are passed over in the
//! body and written behind it, as far as something that was written refers to them. The links back
//! are known only when all of them are written, and are put in last.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::visible::Gap;
use super::writer::{Spanned, Writer, wide};
use super::{Fill, Place, Word};

/// The footnotes of one text.
#[derive(Default)]
pub(super) struct Footnotes<'e> {
    /// The events of each definition, without its start and end; the first of a label counts.
    definitions: BTreeMap<&'e str, Range<usize>>,
    /// Where a definition that starts at an event ends.
    ends: BTreeMap<usize, usize>,
    /// The number of each label that was referred to, from 1.
    numbers: BTreeMap<&'e str, usize>,
    /// By number: the events of the definition, and how often it was referred to.
    used: Vec<(Range<usize>, usize)>,
}

impl<'e> Footnotes<'e> {
    /// Finds the definitions.
    pub fn find(events: &'e [Spanned<'e>]) -> Footnotes<'e> {
        let mut footnotes = Footnotes::default();
        let mut open = Vec::new();
        for (at, (event, _)) in events.iter().enumerate() {
            match event {
                Event::Start(Tag::FootnoteDefinition(label)) => open.push((&**label, at)),
                Event::End(TagEnd::FootnoteDefinition) => {
                    if let Some((label, start)) = open.pop() {
                        footnotes.ends.insert(start, at);
                        footnotes.definitions.entry(label).or_insert(start + 1..at);
                    }
                }
                _ => {}
            }
        }
        footnotes
    }

    /// The event behind a definition.
    pub fn behind(&self, start: usize) -> usize {
        self.ends.get(&start).map_or(start, |end| *end) + 1
    }

    /// The number of a footnote, and which reference to it this is; `None` without a definition.
    fn refer(&mut self, label: &'e str) -> Option<(usize, usize)> {
        let definition = self.definitions.get(label)?;
        let number = *self.numbers.entry(label).or_insert(self.used.len() + 1);
        if number > self.used.len() {
            self.used.push((definition.clone(), 0));
        }
        let references = &mut self.used[number - 1].1;
        *references += 1;
        Some((number, *references))
    }
}

/// The id of the nth reference to a footnote.
fn reference_id(number: usize, nth: usize) -> String {
    if nth == 1 {
        format!("fnref-{number}")
    } else {
        format!("fnref-{number}-{nth}")
    }
}

/// HTML to be put in at an offset, with its places counted from its own start.
struct Insertion {
    at: usize,
    html: String,
    places: Vec<Place>,
}

impl<'e> Writer<'e> {
    /// Writes a reference; inside a link it is no link of its own.
    pub(super) fn footnote_reference(&mut self, label: &'e str) {
        let Some((number, nth)) = self.footnotes.refer(label) else {
            return;
        };
        let id = reference_id(number, nth);
        if self.links > 0 {
            self.html.push_str(&format!("<sup id=\"{id}\">{number}</sup>"));
        } else {
            self.html.push_str(&format!("<sup><a id=\"{id}\" href=\""));
            self.place(Fill::Fragment {
                id: format!("fn-{number}"),
            });
            self.html
                .push_str("\" class=\"footnote-ref\" role=\"doc-noteref\" aria-label=\"");
            self.word(Word::Footnote, number.to_string());
            self.html.push_str(&format!("\">{number}</a></sup>"));
        }
        self.visible.divide(Gap::Space);
        self.anchors.footnote(id);
    }

    /// Writes the footnotes behind the body.
    pub(super) fn write_footnotes(&mut self) {
        if self.footnotes.used.is_empty() {
            return;
        }
        self.fresh_line();
        self.html
            .push_str("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
        self.word(Word::Footnotes, String::new());
        self.html.push_str("\">\n<ol>\n");
        self.context.in_footnote = true;
        let mut ends = Vec::new();
        // A definition may refer to further ones, which join the queue.
        while let Some((definition, _)) = self.footnotes.used.get(ends.len()).cloned() {
            let id = format!("fn-{}", ends.len() + 1);
            self.html.push_str(&format!("<li id=\"{id}\">"));
            self.anchors.footnote(id);
            self.visible.divide(Gap::Line);
            self.nesting.enter(definition.start, true);
            self.write(definition);
            self.close_raw();
            self.nesting.leave();
            let paragraph = if self.html.ends_with("</p>\n") {
                "</p>\n".len()
            } else {
                0
            };
            ends.push(self.html.len() - paragraph);
            self.html.push_str("</li>\n");
        }
        self.context.in_footnote = false;
        self.html.push_str("</ol>\n</section>\n");
        let links = ends.into_iter().zip(&self.footnotes.used).enumerate();
        let links = links
            .map(|(index, (at, (_, references)))| back_links(at, index + 1, *references))
            .collect();
        self.put_in(links);
    }

    /// Puts HTML in at several offsets, in order, and moves what is known to lie behind them.
    fn put_in(&mut self, insertions: Vec<Insertion>) {
        let Some(first) = insertions.first().map(|insertion| insertion.at) else {
            return;
        };
        let tail = self.html.split_off(first);
        let moved_places = self
            .places
            .split_off(self.places.partition_point(|place| (place.at as usize) < first));
        let mut places = moved_places.into_iter().peekable();
        let runs = &mut self.visible.visible.runs;
        let mut run = runs.partition_point(|run| (run.html as usize) < first);
        let mut level = self.levels.partition_point(|&level| level < first);
        let mut shift = 0;
        let ends: Vec<usize> = insertions
            .iter()
            .skip(1)
            .map(|next| next.at)
            .chain([first + tail.len()])
            .collect();
        for (insertion, end) in insertions.into_iter().zip(ends) {
            let start = wide(self.html.len());
            self.places
                .extend(insertion.places.into_iter().map(|place| Place {
                    at: place.at + start,
                    ..place
                }));
            self.html.push_str(&insertion.html);
            shift += insertion.html.len();
            self.html.push_str(&tail[insertion.at - first..end - first]);
            while let Some(place) = places.next_if(|place| (place.at as usize) < end) {
                self.places.push(Place {
                    at: place.at + wide(shift),
                    ..place
                });
            }
            while let Some(moved) = runs.get_mut(run).filter(|run| (run.html as usize) < end) {
                moved.html += wide(shift);
                run += 1;
            }
            while let Some(moved) = self.levels.get_mut(level).filter(|level| **level < end) {
                *moved += shift;
                level += 1;
            }
        }
    }
}

/// The links from a footnote back to its references.
fn back_links(at: usize, number: usize, references: usize) -> Insertion {
    let mut insertion = Insertion {
        at,
        html: String::new(),
        places: Vec::new(),
    };
    for nth in 1..=references {
        let html = &mut insertion.html;
        html.push_str(" <a href=\"");
        insertion.places.push(Place {
            at: wide(html.len()),
            fill: Fill::Fragment {
                id: reference_id(number, nth),
            },
        });
        let which = if nth == 1 {
            number.to_string()
        } else {
            format!("{number}-{nth}")
        };
        html.push_str("\" class=\"footnote-back\" role=\"doc-backlink\" aria-label=\"");
        insertion.places.push(Place {
            at: wide(html.len()),
            fill: Fill::Word {
                word: Word::BackToReference,
                number: which,
            },
        });
        html.push_str("\">↩</a>");
    }
    insertion
}
