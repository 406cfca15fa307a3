//! The text a reader reads, with a map back to the file and forward to the HTML.
//!
//! The tagger works on this text alone, so that entities, emphasis and line breaks cannot hide a
//! name, and code and addresses cannot pretend to be one.

use std::ops::Range;

use crate::ground::span::Span;
use crate::ground::text::escaped_text_len;

/// The visible text of a body: blocks are divided by `\n`, line breaks are spaces; code, image
/// descriptions and addresses are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visible {
    /// The text.
    pub text: String,
    /// Where its parts come from, in order; what lies between two runs is a space or a break.
    pub runs: Vec<Run>,
}

/// A piece of the visible text that stands in one piece in the file and in the HTML.
///
/// Where `text` and `source` are equally long they correspond byte for byte (`…` and `—` count as
/// the three bytes they were written with); otherwise the whole run is one entity, escape or
/// typographic character. In the HTML stands the run's escaped text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Bytes in [`Visible::text`].
    pub text: Span,
    /// Bytes in the file.
    pub source: Span,
    /// Where its first byte stands in the HTML of the body.
    pub html: u32,
    /// What it stands in.
    pub context: Context,
}

/// What a piece of text stands in. (Code is not visible text.)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The heading's level, 0 outside headings.
    pub heading: u8,
    /// In a link, Markdown or HTML.
    pub in_link: bool,
    /// In a block quote; an alert is none.
    pub in_quote: bool,
    /// In a table.
    pub in_table: bool,
    /// In a footnote.
    pub in_footnote: bool,
    /// In an element of HTML that was passed through and may hold no link: a link, a heading, code, a drawing.
    pub in_passed: bool,
}

impl Visible {
    /// The number of words: Chinese and Japanese characters count one each, elsewhere a word is a
    /// run of letters and digits, which an apostrophe does not end.
    pub fn words(&self) -> usize {
        let mut words = 0;
        let mut inside = 0;
        for character in self.text.chars() {
            let part = match ASCII_PARTS.get(character as usize) {
                Some(part) => *part,
                None if is_ideograph(character) => {
                    words += 1;
                    inside = 0;
                    continue;
                }
                None if character.is_alphanumeric() => BEGINS,
                None => u8::from(character == '’') * JOINS,
            };
            words += usize::from(part & !inside & BEGINS);
            inside = (part | part >> 1 & inside) & BEGINS;
        }
        words
    }

    /// The bytes of the file that a range of the text comes from; widened to the whole entity or
    /// escape where the range touches a part of one.
    pub fn source_of(&self, range: Range<usize>) -> Span {
        let first = self
            .runs
            .partition_point(|run| run.text.end as usize <= range.start);
        let behind = self
            .runs
            .partition_point(|run| (run.text.start as usize) < range.end.max(range.start + 1));
        let (Some(first), Some(last)) = (self.runs.get(first), self.runs[..behind].last()) else {
            let end = self.runs.last().map_or(0, |run| run.source.end as usize);
            return Span::new(end, end);
        };
        let start = if first.is_literal() {
            first.source.start as usize + range.start.saturating_sub(first.text.start as usize)
        } else {
            first.source.start as usize
        };
        let end = if last.is_literal() {
            last.source.end as usize - (last.text.end as usize).saturating_sub(range.end)
        } else {
            last.source.end as usize
        };
        Span::new(start, end.max(start))
    }

    /// What a byte of the text stands in.
    pub fn context_of(&self, at: usize) -> Option<Context> {
        let index = self.runs.partition_point(|run| run.text.end as usize <= at);
        self.runs.get(index).map(|run| run.context)
    }

    /// Where the HTML of a piece of text ends that ends with this byte of the text.
    pub fn html_end_of(&self, end: usize) -> Option<u32> {
        let run = self
            .runs
            .get(self.runs.partition_point(|run| (run.text.end as usize) < end))?;
        let shown = self.text.get(run.text.start as usize..end)?;
        Some(run.html + u32::try_from(escaped_text_len(shown)).ok()?)
    }

    /// Where a byte of the text stands in the HTML; `None` for the space or break between two runs.
    pub fn html_of(&self, at: usize) -> Option<u32> {
        let run = self
            .runs
            .get(self.runs.partition_point(|run| run.text.end as usize <= at))?;
        let before = self.text.get(run.text.start as usize..at)?;
        Some(run.html + u32::try_from(escaped_text_len(before)).ok()?)
    }
}

impl Run {
    /// Whether text and source correspond byte for byte.
    pub fn is_literal(&self) -> bool {
        self.text.end - self.text.start == self.source.end - self.source.start
    }
}

/// What a character is to a word: a part that begins one where none goes on, or an apostrophe,
/// which ends none.
const BEGINS: u8 = 1;
const JOINS: u8 = 2;

/// The parts of the ASCII characters. A table instead of questions: processors cannot foresee where
/// a word ends, and guessing wrong twice a word costs more than all the rest of counting.
static ASCII_PARTS: [u8; 128] = {
    let mut parts = [0; 128];
    let mut at = 0;
    while at < parts.len() {
        parts[at] = match at as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => BEGINS,
            b'\'' => JOINS,
            _ => 0,
        };
        at += 1;
    }
    parts
};

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9d}' | '\u{20000}'..='\u{3ffff}')
}

/// What divides the next piece of text from the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing: they are one word.
    #[default]
    None,
    /// A space.
    Space,
    /// A break between blocks.
    Line,
}

/// Collects visible text.
pub(super) struct Collector {
    pub visible: Visible,
    gap: Gap,
}

impl Collector {
    /// A collector with room for as many bytes of text.
    pub fn with_room_for(bytes: usize) -> Collector {
        Collector {
            visible: Visible {
                text: String::with_capacity(bytes),
                runs: Vec::with_capacity(bytes / 32),
            },
            gap: Gap::None,
        }
    }

    /// Divides what was from what comes; the wider of two gaps stays.
    pub fn divide(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    /// Appends a piece of text.
    pub fn push(&mut self, text: &str, source: Span, html: usize, context: Context) {
        let whole = &mut self.visible.text;
        match self.gap {
            Gap::Line if !whole.is_empty() => whole.push('\n'),
            Gap::Space if !whole.is_empty() && !whole.ends_with([' ', '\n']) => whole.push(' '),
            _ => {}
        }
        self.gap = Gap::None;
        let start = whole.len();
        whole.push_str(text);
        let text = Span::new(start, whole.len());
        self.visible.runs.push(Run {
            text,
            source,
            html: Span::new(html, html).start,
            context,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_all_scripts_are_counted() {
        let check = |text: &str, expected: usize| {
            assert_eq!(
                Visible {
                    text: text.to_owned(),
                    runs: Vec::new()
                }
                .words(),
                expected,
                "{text}"
            );
        };
        check("", 0);
        check("Don’t panic, it's 2025-01-22.", 6);
        check("日本語 text", 4);
        check("삼성전자 주식회사", 2);
        check("Яндекс и Сбер", 3);
    }

    /// The rules one by one, as [`Visible::words`] would be written if it were not asked for every
    /// character of a site.
    fn words_plainly(text: &str) -> usize {
        let mut words = 0;
        let mut inside = false;
        for character in text.chars() {
            if is_ideograph(character) {
                words += 1;
                inside = false;
            } else if character.is_alphanumeric() {
                words += usize::from(!inside);
                inside = true;
            } else if !matches!(character, '\'' | '’') {
                inside = false;
            }
        }
        words
    }

    proptest::proptest! {
        #[test]
        fn words_are_counted_by_the_rules(text in "([a-z0-9 '’.é日カ\\PC]|[[:ascii:]]){0,60}") {
            let visible = Visible { text: text.clone(), runs: Vec::new() };
            proptest::prop_assert_eq!(visible.words(), words_plainly(&text));
        }
    }
}
