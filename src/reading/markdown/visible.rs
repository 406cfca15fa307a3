//! What a reader sees of a text, as plain text with a map back to the source and to the HTML.

use crate::ground::span::Span;

/// Visible text: blocks are divided by line breaks; code, addresses and tags are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visible {
    /// The text, with entities and escapes resolved.
    pub text: String,
    /// Where its parts come from, in order.
    pub runs: Vec<Run>,
}

/// A stretch of visible text from one place of the source. Where text and source are equally long
/// they correspond byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Bytes of the visible text.
    pub text: Span,
    /// Bytes of the file.
    pub source: Span,
    /// The byte of the HTML at which it starts.
    pub html: u32,
    /// What it stands in.
    pub context: Context,
}

/// What a stretch of text stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The level of the heading, 0 outside of one.
    pub heading: u8,
    /// In the text of a link.
    pub link: bool,
    /// In a block quotation.
    pub quote: bool,
    /// In a table.
    pub table: bool,
    /// In a footnote.
    pub footnote: bool,
}

impl Visible {
    /// The number of words: runs of letters and digits, and each character of the scripts that are
    /// written without spaces.
    pub fn words(&self) -> usize {
        let (mut words, mut inside) = (0, false);
        for character in self.text.chars() {
            if is_ideograph(character) {
                words += 1;
                inside = false;
            } else if character.is_alphanumeric() {
                words += usize::from(!inside);
                inside = true;
            } else if !matches!(character, '\'' | '’' | '-' | '.' | ',') {
                inside = false;
            } else {
                // A sign inside a word or a number does not end it: "U.S.", "1,000", "AI-based".
            }
        }
        words
    }

    /// The bytes of the file that a range of the visible text comes from.
    pub fn source_of(&self, range: Span) -> Option<Span> {
        let first = self.runs.iter().find(|run| run.text.end > range.start)?;
        let last = self.runs.iter().rev().find(|run| run.text.start < range.end)?;
        let within = |run: &Run, at: u32, edge: u32| {
            let same_length = run.text.end - run.text.start == run.source.end - run.source.start;
            if same_length {
                run.source.start + at.clamp(run.text.start, run.text.end) - run.text.start
            } else {
                edge
            }
        };
        let start = within(first, range.start, first.source.start);
        let end = within(last, range.end, last.source.end);
        Some(Span {
            start,
            end: end.max(start),
        })
    }
}

/// Characters that are a word each: Han and kana.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_every_script() {
        let check = |text: &str, words: usize| {
            let visible = Visible {
                text: text.to_owned(),
                runs: Vec::new(),
            };
            assert_eq!(visible.words(), words, "{text}");
        };
        check("", 0);
        check("Oracle’s AI-based cloud cost $1,000.50 – roughly.", 6);
        check("電力 is 3", 4);
        check("– — …", 0);
    }
}
