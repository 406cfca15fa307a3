//! How the lines of a text make its paragraphs: whether lines were broken at a width, or each is a paragraph.
//!
//! Two things tell. Lines that were broken mostly end within a sentence and are followed by a small letter; and the
//! first word of the next line would not have fitted on them. Where nothing tells, lines stay apart.

use std::collections::BTreeSet;

use super::line::Line;
use super::phrase::{ends_sentence, starts_lower};
use crate::reading::words::{is_common, is_rare};

/// The narrowest and the widest columns that texts are broken to.
const NARROWEST: usize = 25;
const WIDEST: usize = 130;

/// How a text is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The width at which its lines were broken, if they were.
    width: Option<usize>,
    /// Words that stand within lines, with and without a hyphen, where some word is divided at the end of a line.
    words: BTreeSet<String>,
}

/// What a pair of lines tells.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    pairs: usize,
    lower: usize,
}

impl Evidence {
    fn add(&mut self, first: &Line, second: &Line) {
        if first.width() < NARROWEST {
            return;
        }
        self.pairs += 1;
        let is_divided = first.text.ends_with(['-', '\u{ad}']);
        self.lower += usize::from((!ends_sentence(&first.text) || is_divided) && starts_lower(&second.text));
    }

    fn is_wrapped(self) -> bool {
        // A third: German writes many words with a capital letter.
        self.pairs >= 2 && self.lower * 3 >= self.pairs
    }

    fn is_not(self) -> bool {
        self.pairs >= 3 && self.lower == 0
    }
}

impl Layout {
    /// Finds out how a text is set.
    pub fn of(lines: &[Line]) -> Layout {
        let mut evidence = Evidence::default();
        let mut widths: Vec<usize> = Vec::new();
        for pair in lines.windows(2) {
            let [first, second] = pair else { continue };
            if first.is_blank() || second.is_blank() {
                continue;
            }
            evidence.add(first, second);
            if !ends_sentence(&first.text) && starts_lower(&second.text) {
                widths.push(first.indent.min(8) + first.width());
            }
        }
        let width = evidence.is_wrapped().then(|| typical(&mut widths)).flatten();
        let is_divided = |line: &Line| line.text.ends_with(['-', '\u{ad}', '\u{2010}']);
        let words = if lines.iter().any(is_divided) {
            vocabulary(lines)
        } else {
            BTreeSet::new()
        };
        Layout { width, words }
    }

    /// How one stanza is set, a run of lines without a blank one: it knows best itself.
    pub fn of_stanza(&self, stanza: &[Line]) -> Option<usize> {
        let mut evidence = Evidence::default();
        let mut widest = 0;
        for pair in stanza.windows(2) {
            let [first, second] = pair else { continue };
            evidence.add(first, second);
            widest = widest.max(first.indent.min(8) + first.width());
        }
        if evidence.is_not() {
            return None;
        }
        if self.width.is_some() {
            return self.width;
        }
        (evidence.is_wrapped() && (NARROWEST..=WIDEST).contains(&widest)).then_some(widest)
    }

    /// Whether a line goes on in the next one of its stanza, which was broken at a width or not.
    pub fn joins(&self, first: &Line, second: &Line, width: Option<usize>, is_first: bool) -> bool {
        let ends = ends_sentence(&first.text);
        if !ends
            && starts_lower(&second.text)
            && (first.width() >= 30 || width.is_some() && first.width() >= 12)
        {
            return true;
        }
        let Some(width) = width else { return false };
        if second.indent >= first.indent + 2 && second.indent < 12 && ends {
            return false;
        }
        let taken = first.indent.min(8) + first.width();
        // Nobody broke this line at that width.
        if taken * 7 > width * 8 {
            return false;
        }
        let word = second.text.split(' ').next().unwrap_or_default().chars().count();
        if taken + 1 + word > width {
            return true;
        }
        // The line is short of its width: it ends a paragraph, unless letters are of different widths, as in print.
        !ends && !is_first && taken * 4 >= width * 3
    }

    /// Joins a line to what stands before it. Gives back whether a hyphen was in doubt.
    pub fn join(&self, text: &mut String, next: &str) -> bool {
        if text.ends_with('\u{ad}') {
            text.pop();
            text.push_str(next);
            return false;
        }
        let stem = text.strip_suffix(['-', '\u{2010}']).unwrap_or(text);
        let first: String = stem
            .chars()
            .rev()
            .take_while(|character| character.is_alphanumeric())
            .collect();
        let first: String = first.chars().rev().collect();
        let second: String = next
            .chars()
            .take_while(|character| character.is_alphanumeric())
            .collect();
        let is_divided = stem.len() < text.len() && !first.is_empty() && !second.is_empty();
        // "Pre- and post-war" has its hyphen for itself.
        if !is_divided
            || matches!(
                second.as_str(),
                "and" | "or" | "to" | "und" | "oder" | "bis" | "et" | "ou"
            )
        {
            text.push(' ');
            text.push_str(next);
            return false;
        }
        let (stem, is_doubtful) = match self.divided(&first, &second) {
            Hyphen::Goes => (Some(stem.len()), false),
            Hyphen::Stays => (None, false),
            Hyphen::Doubtful => (None, true),
        };
        if let Some(stem) = stem {
            text.truncate(stem);
        }
        text.push_str(next);
        is_doubtful
    }

    /// What becomes of the hyphen between two parts of a word.
    fn divided(&self, first: &str, second: &str) -> Hyphen {
        let is_lower = |part: &str| part.chars().all(char::is_lowercase);
        let rest_is_lower = |part: &str| {
            part.chars().skip(1).all(char::is_lowercase) && part.chars().all(char::is_alphabetic)
        };
        if !is_lower(second) || !rest_is_lower(first) {
            return Hyphen::Stays;
        }
        let (first, second) = (first.to_lowercase(), second.to_lowercase());
        let whole = format!("{first}{second}");
        let known = |word: &str| is_common(word) || is_rare(word);
        if self.words.contains(&format!("{first}-{second}")) {
            Hyphen::Stays
        } else if self.words.contains(&whole) || known(&whole) {
            Hyphen::Goes
        } else if known(&first) && known(&second) && first.len() > 2 && second.len() > 2 {
            Hyphen::Stays
        } else if known_stem(&whole).is_some_and(known) {
            Hyphen::Goes
        } else {
            Hyphen::Doubtful
        }
    }
}

enum Hyphen {
    Goes,
    Stays,
    Doubtful,
}

/// The word of which this one may be a form.
fn known_stem(word: &str) -> Option<&str> {
    ["ing", "ed", "es", "ly", "s"]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .filter(|stem| stem.len() > 3)
}

/// The width that most lines reach at most: a long address does not count, nor do short lines.
fn typical(widths: &mut [usize]) -> Option<usize> {
    widths.sort_unstable();
    let at = widths.len().checked_sub(1)? * 19 / 20;
    let width = widths.get(at).copied()?;
    (NARROWEST..=WIDEST).contains(&width).then_some(width)
}

/// The words within lines, in lower case: those at ends of lines may be parts of words.
fn vocabulary(lines: &[Line]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for line in lines {
        let mut pieces: Vec<&str> = line.text.split([' ', '\t']).collect();
        pieces.pop();
        for piece in pieces {
            let word = piece.trim_matches(|character: char| !character.is_alphabetic());
            if word.len() > 3 && word.len() < 60 {
                words.insert(word.to_lowercase());
            }
        }
    }
    words
}

/// Takes out the blank lines of a text in which there is one behind every line, also within sentences.
pub fn close_up(lines: &mut Vec<Line>) {
    let mut gaps = 0;
    let mut torn = 0;
    // Lines that go on without a gap: then gaps mean something.
    let mut joined = 0;
    let mut width = 0;
    let mut last: Option<&Line> = None;
    let mut has_gap = false;
    for line in lines.iter() {
        if line.is_blank() {
            has_gap = true;
            continue;
        }
        if let Some(before) = last {
            let goes_on =
                before.width() >= NARROWEST && !ends_sentence(&before.text) && starts_lower(&line.text);
            gaps += usize::from(has_gap);
            torn += usize::from(has_gap && goes_on);
            joined += usize::from(!has_gap && goes_on);
            if has_gap && goes_on {
                width = width.max(before.width());
            }
        }
        last = Some(line);
        has_gap = false;
    }
    if torn < 4 || torn * 3 < gaps || joined >= torn {
        return;
    }
    let mut closed: Vec<Line> = Vec::with_capacity(lines.len());
    let mut blank: Option<Line> = None;
    for line in lines.drain(..) {
        if line.is_blank() {
            blank.get_or_insert(line);
            continue;
        }
        let is_torn = closed.last().is_some_and(|before| {
            let is_full = before.width() * 5 >= width * 4;
            let ends = ends_sentence(&before.text);
            !ends && starts_lower(&line.text)
                || !ends && is_full && before.width() >= NARROWEST
                || before.width() >= 60 && before.width() <= width
        });
        if let Some(blank) = blank.take().filter(|_| !is_torn) {
            closed.push(blank);
        }
        closed.push(line);
    }
    *lines = closed;
}

#[cfg(test)]
mod tests {
    use super::super::line::lines;
    use super::*;

    fn join(first: &str, next: &str, context: &str) -> String {
        let (lines, _) = lines(&format!("{context}\n{first}\n{next}"));
        let mut text = first.to_owned();
        Layout::of(&lines).join(&mut text, next);
        text
    }

    #[test]
    fn hyphens_at_ends_of_lines() {
        assert_eq!(join("the infra-", "structure of", ""), "the infrastructure of");
        assert_eq!(join("a third-", "party vendor", ""), "a third-party vendor");
        assert_eq!(
            join("the anvil-", "smith said", "An anvilsmith here"),
            "the anvilsmith said"
        );
        assert_eq!(join("pre-", "and post-war", ""), "pre- and post-war");
        assert_eq!(join("Anglo-", "American", ""), "Anglo-American");
        assert_eq!(join("2024-", "25", ""), "2024-25");
        assert_eq!(join("in\u{ad}", "fra", ""), "infra");
        assert_eq!(join("a", "b", ""), "a b");
    }

    #[test]
    fn wrapped_lines_are_known() {
        let wrapped = "The company said on Tuesday that it would buy\nits rival for two billion dollars, in what is\nthe largest deal that the two have ever made.\nShares rose.";
        assert!(Layout::of(&lines(wrapped).0).width.is_some());
        let apart = "The company said that it would buy its rival.\nIts rival said the same in a second statement.\nShares rose.";
        assert_eq!(Layout::of(&lines(apart).0).width, None);
    }
}
