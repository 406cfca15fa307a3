//! A text on the desk: its blocks, what is known of them, and the clip that comes of them.
//!
//! Nothing leaves the desk without a word: whatever is left out is counted, and named with its line.

use super::block::{Block, Shape};
use super::list::List;
use super::phrase::excerpt;
use super::source::Told;
use super::stamp::{Of, Stamp, When};
use super::trailer::{Trailer, trailer};
use crate::commands::import::clip::Clip;
use crate::commands::import::foreign::post::Note;

/// What a note says of what is gone.
pub const LEFT_OUT: &str = "left out";

/// The most authors and the most topics that are taken over; no text has as many.
const MOST: usize = 100;

/// A text being edited.
#[derive(Debug, Default)]
pub struct Desk {
    /// What comes of it.
    pub clip: Clip,
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
    /// Which of them are gone.
    pub gone: Vec<bool>,
    /// Which of them are trailers by their words.
    pub found: Vec<Option<Trailer>>,
    /// Which of them are running text; asked for often.
    pub running: Vec<bool>,
    /// Which of them were dates or by-lines.
    pub stamped: Vec<bool>,
    /// Which of them was the headline.
    pub title: Option<usize>,
}

/// What a list is, if each of its items is a trailer: a bar to share with, in most cases.
fn list_of_trailers(list: &List) -> Option<Trailer> {
    let found: Option<Vec<Trailer>> = list.items.iter().map(|item| trailer(&item.text)).collect();
    found?.into_iter().reduce(|first, next| Trailer {
        is_sure: first.is_sure && next.is_sure,
        ..first
    })
}

impl Desk {
    /// Puts blocks on the desk.
    pub fn lay(&mut self, blocks: Vec<Block>) {
        self.gone = vec![false; blocks.len()];
        self.stamped = vec![false; blocks.len()];
        self.running = blocks.iter().map(Block::is_running).collect();
        self.found = blocks
            .iter()
            .map(|block| match &block.shape {
                Shape::List(list) => list_of_trailers(list),
                _ if block.is_line() => trailer(&block.text),
                _ => None,
            })
            .collect();
        self.blocks = blocks;
    }

    /// The text of a block that is still there and is a line or a paragraph.
    pub fn line(&self, at: usize) -> Option<&str> {
        let block = self.blocks.get(at).filter(|block| block.is_line())?;
        (!self.gone[at]).then_some(block.text.as_str())
    }

    /// Whether a block is gone or is none of the article by its words.
    pub fn is_trailer(&self, at: usize) -> bool {
        self.gone.get(at).copied().unwrap_or_default() || self.found.get(at).is_some_and(Option::is_some)
    }

    /// Whether a block is still there and holds running text or what stands in it: lists, tables, quotations.
    pub fn is_content(&self, at: usize) -> bool {
        let Some(block) = self.blocks.get(at) else {
            return false;
        };
        let is_other = !block.is_line() && block.shape != Shape::Rule;
        !self.gone[at] && self.found[at].is_none() && (self.running[at] || is_other)
    }

    /// Leaves out a block and says so.
    pub fn leave_out(&mut self, at: usize, what: &str, became: &str) {
        if self.gone.get(at).copied().unwrap_or(true) {
            return;
        }
        self.gone[at] = true;
        let shown = self.blocks[at].shown();
        self.note_left_out(self.blocks[at].line, what, &shown, became);
    }

    /// Counts and names something that is left out.
    pub fn note_left_out(&mut self, line: usize, what: &str, shown: &str, became: &str) {
        *self.clip.left_out.entry(what.to_owned()).or_default() += 1;
        self.note(line, what, shown, became);
    }

    /// Says something about a line.
    pub fn note(&mut self, line: usize, what: &str, shown: &str, became: &str) {
        self.clip.notes.push(Note {
            file: String::new(),
            line,
            column: 0,
            what: what.to_owned(),
            detail: excerpt(shown),
            became: became.to_owned(),
        });
    }

    /// Takes over what a stamp says, and says what became of it.
    pub fn take_stamps(&mut self, stamps: &[Stamp], line: usize, shown: &str) -> &'static str {
        let mut became = "left out: it says no full date; `--date` gives one";
        for stamp in stamps {
            match (&stamp.when, stamp.of) {
                (When::Date(date), Of::Appearance) => {
                    if self.clip.date.is_none() {
                        self.clip.date = Some(date.clone());
                    }
                    became = "read as the date";
                }
                (When::Date(date), Of::Change) => {
                    if self.clip.updated.is_none() {
                        self.clip.updated = Some(date.clone());
                    }
                    became = "read as the date";
                }
                (When::Ambiguous, _) => {
                    self.note(
                        line,
                        "a date whose day and month could be either",
                        shown,
                        "not taken over; `--date` gives one",
                    );
                    became = "left out: day and month could be either";
                }
                (When::Relative | When::Incomplete, _) => {}
            }
        }
        became
    }

    /// Takes over what a line tells of its source.
    pub fn take_source(&mut self, told: Told) {
        let source = &mut self.clip.source;
        if told.is_labelled || source.name.is_none() {
            source.name = told.name.or_else(|| source.name.take());
        }
        if told.is_labelled || source.url.is_none() {
            source.url = told.url.or_else(|| source.url.take());
        }
    }

    /// Takes over authors.
    pub fn take_authors(&mut self, authors: Vec<String>) {
        for author in authors {
            if self.clip.authors.len() < MOST && !self.clip.authors.contains(&author) {
                self.clip.authors.push(author);
            }
        }
    }

    /// Takes over topics.
    pub fn take_topics(&mut self, topics: Vec<String>) {
        for topic in topics {
            if self.clip.topics.len() < MOST && !self.clip.topics.contains(&topic) {
                self.clip.topics.push(topic);
            }
        }
    }
}
