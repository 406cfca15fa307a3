//! What stands around a name: the words of its block, how the block is written, where sentences begin.

use std::cell::Cell;

use unicode_normalization::char::is_combining_mark;

use crate::reading::words::{Cue, Cues, Meaning, Trades, is_common, is_given_name, meaning};

/// A block of a text (a paragraph, a heading, a cell) taken apart into words.
#[derive(Debug)]
pub struct Block<'t> {
    /// The text of the block.
    pub text: &'t str,
    /// Its words in order.
    pub words: Vec<Word<'t>>,
    /// How its capitals are set.
    pub style: Style,
}

/// How the capitals of a line are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// At the start of sentences and names.
    Sentence,
    /// On All Words That Matter.
    Title,
    /// ALL OF THEM.
    Capitals,
}

/// A word: letters and digits, with the apostrophes among them.
#[derive(Clone, Debug)]
pub struct Word<'t> {
    /// As it is written, without a possessive ending.
    pub text: &'t str,
    /// First byte in the block.
    pub start: usize,
    /// Byte behind the last, without a possessive ending.
    pub end: usize,
    /// Whether a possessive ending follows.
    pub is_possessive: bool,
    /// Whether it begins with a capital.
    pub is_capital: bool,
    /// Whether it begins with a digit.
    pub is_number: bool,
    /// What it tells by itself, once somebody has asked: most words are never asked.
    meaning: Cell<Option<Meaning>>,
}

impl Word<'_> {
    /// What the word tells by itself.
    pub fn cues(&self) -> Cues {
        self.meaning().cues
    }

    /// The trades it speaks of.
    pub fn trades(&self) -> Trades {
        self.meaning().trades
    }

    /// The word in lower case.
    pub fn lower(&self) -> String {
        self.text.to_lowercase()
    }

    fn meaning(&self) -> Meaning {
        self.meaning.get().unwrap_or_else(|| {
            let found = meaning(self.text);
            self.meaning.set(Some(found));
            found
        })
    }
}

/// Where in a sentence a place stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// It begins one.
    Beginning,
    /// It may begin one: behind a colon or an opening quotation mark.
    Maybe,
    /// It does not.
    Middle,
}

impl<'t> Block<'t> {
    /// Takes a block apart. The names in it, by their places, tell nothing of how its capitals are set.
    pub fn new(text: &'t str, names: impl Fn(usize) -> bool) -> Block<'t> {
        let mut words = Vec::with_capacity(text.len() / 6 + 1);
        let mut rest = text.char_indices().peekable();
        while let Some((start, first)) = rest.next() {
            if !first.is_alphanumeric() {
                continue;
            }
            let mut end = start + first.len_utf8();
            let mut is_possessive = false;
            while let Some(&(at, next)) = rest.peek() {
                if next.is_alphanumeric() || !next.is_ascii() && is_combining_mark(next) {
                    end = at + next.len_utf8();
                } else if matches!(next, '\'' | '’') {
                    let behind = &text[at + next.len_utf8()..];
                    let mut letters = behind.chars();
                    let (one, two) = (letters.next(), letters.next());
                    if one == Some('s') && !two.is_some_and(char::is_alphanumeric) {
                        is_possessive = true;
                        rest.next();
                        rest.next();
                        break;
                    }
                    if !one.is_some_and(char::is_alphabetic) {
                        // The companies' shares; or a closing quotation mark.
                        is_possessive = text[start..end].ends_with(['s', 'S']) && !behind.is_empty();
                        break;
                    }
                    if one == Some('t') || matches!(one, Some('r' | 'v' | 'l' | 'd' | 'm')) {
                        // isn't, they're: the word is what stands before.
                        end = at;
                        rest.next();
                        while rest.next_if(|(_, letter)| letter.is_alphabetic()).is_some() {}
                        break;
                    }
                } else {
                    break;
                }
                rest.next();
            }
            words.push(Word {
                text: &text[start..end],
                start,
                end,
                is_possessive,
                is_capital: first.is_uppercase(),
                is_number: first.is_numeric(),
                meaning: Cell::new(None),
            });
        }
        let mut block = Block {
            text,
            words,
            style: Style::Sentence,
        };
        block.style = block.find_style(names);
        block
    }

    fn find_style(&self, is_name: impl Fn(usize) -> bool) -> Style {
        let count = |is_it: fn(char) -> bool| self.text.chars().filter(|sign| is_it(*sign)).count();
        let (small, large) = match self.text.is_ascii() {
            true => {
                let bytes = || self.text.bytes();
                (
                    bytes().filter(u8::is_ascii_lowercase).count(),
                    bytes().filter(u8::is_ascii_uppercase).count(),
                )
            }
            false => (count(char::is_lowercase), count(char::is_uppercase)),
        };
        if self.words.len() >= 3 && large >= 8 && small * 9 <= large {
            return Style::Capitals;
        }
        // Most lines are sentences, and are seen to be before any word is looked up: no title has so many small words.
        let words = || self.words.iter().skip(1);
        let is_small = |word: &Word| !word.is_capital && !word.is_number && word.text.len() > 3;
        if words().filter(|word| is_small(word)).count() > 2 * words().filter(|word| word.is_capital).count()
        {
            return Style::Sentence;
        }
        // Proper names alone make no title: its common words have capitals too.
        let (mut common_capitals, mut small_words) = (0, 0);
        for word in words().filter(|word| word.text.len() > 3 && !is_name(word.start)) {
            small_words += usize::from(is_small(word) && !word.cues().has(Cue::Function));
            common_capitals += usize::from(word.is_capital && is_common(&word.lower()));
        }
        match common_capitals >= 2 && small_words * 5 <= common_capitals {
            true => Style::Title,
            false => Style::Sentence,
        }
    }

    /// The last word that ends before a place.
    pub fn before(&self, at: usize) -> Option<usize> {
        self.words.partition_point(|word| word.end <= at).checked_sub(1)
    }

    /// The first word that begins at or behind a place.
    pub fn behind(&self, at: usize) -> Option<usize> {
        let index = self.words.partition_point(|word| word.start < at);
        (index < self.words.len()).then_some(index)
    }

    /// Where in its sentence a place stands.
    pub fn position(&self, at: usize) -> Position {
        let before = self.text.get(..at).unwrap_or_default();
        let mut is_quoted = false;
        let mut characters = before.char_indices().rev();
        loop {
            let Some((place, character)) = characters.next() else {
                return Position::Beginning;
            };
            match character {
                ' ' | '\u{a0}' | '(' | '[' | '*' | '_' | '>' => {}
                '“' | '"' | '‘' | '\'' | '«' | '„' | '「' | '『' => is_quoted = true,
                '”' | '’' | ')' | ']' if !is_quoted => {
                    // The sentence may have ended within the quotation.
                    if !before[..place].ends_with(['.', '!', '?', '…', ')', ']', '”', '’']) {
                        return Position::Middle;
                    }
                }
                '.' => {
                    return match self.is_abbreviation(place) {
                        true => Position::Middle,
                        false => Position::Beginning,
                    };
                }
                '!' | '?' | '…' | '。' | '！' | '？' | '•' | '·' | '|' => return Position::Beginning,
                ':' => return Position::Maybe,
                // BOSTON — Toast is on the menu.
                '–' | '—' | '-' if is_dateline(before[..place].trim()) => return Position::Beginning,
                '–' | '—' | '-' if is_quoted || before[..place].trim().is_empty() => {
                    return Position::Maybe;
                }
                _ if is_quoted => return Position::Maybe,
                _ => return Position::Middle,
            }
        }
    }

    /// Whether a full stop ends an abbreviation rather than a sentence.
    fn is_abbreviation(&self, stop: usize) -> bool {
        let Some(word) = self.before(stop).and_then(|index| self.words.get(index)) else {
            return false;
        };
        if word.end != stop {
            return false;
        }
        let written = word.text;
        // U.S., J. Ford; but a list's "1." begins a line.
        let is_initial = written.chars().count() == 1 && word.is_capital;
        is_initial
            || matches!(
                written,
                "Mr" | "Mrs"
                    | "Ms"
                    | "Dr"
                    | "Prof"
                    | "St"
                    | "Inc"
                    | "Corp"
                    | "Co"
                    | "Ltd"
                    | "vs"
                    | "v"
                    | "No"
                    | "Gov"
                    | "Sen"
                    | "Rep"
                    | "Gen"
                    | "Jr"
                    | "Sr"
                    | "approx"
                    | "ca"
                    | "cf"
                    | "eg"
            )
    }

    /// Whether a word is a given name written as one: not where every sentence's first word has a capital.
    pub fn is_given_name(&self, word: &Word) -> bool {
        let lower = || word.lower();
        word.is_capital
            && is_given_name(&lower())
            && (self.position(word.start) == Position::Middle || !is_common(&lower()))
    }
}

/// Whether what stands before a dash says where a report comes from.
fn is_dateline(text: &str) -> bool {
    let mut words = text
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let is_loud = |word: &str| word.len() > 2 && word.chars().all(char::is_uppercase);
    text.len() <= 40 && words.next().is_some_and(is_loud)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_known_by_their_capitals() {
        let check =
            |text: &str, expected: Style| assert_eq!(Block::new(text, |_| false).style, expected, "{text}");
        check("Target Trims Prices as Shoppers Hunt for Bargains", Style::Title);
        check("META AND SNAP FACE NEW RULES", Style::Capitals);
        check("Visa and Mastercard offer merchants a deal", Style::Sentence);
        check("Oracle, Microsoft and Nvidia in Texas", Style::Sentence);
        check("IBM", Style::Sentence);
        check("", Style::Sentence);
    }

    #[test]
    fn sentences_begin_behind_the_ends_of_others() {
        let check = |text: &str, expected: Position| {
            let at = text.rfind("Gap").expect("the word");
            assert_eq!(Block::new(text, |_| false).position(at), expected, "{text}");
        };
        check("Gap said", Position::Beginning);
        check("It fell. Gap said", Position::Beginning);
        check("It fell.” Gap said", Position::Beginning);
        check("“Gap is", Position::Beginning);
        check("he said, “Gap is", Position::Maybe);
        check("Retail: Gap is", Position::Maybe);
        check("BOSTON — Gap is", Position::Beginning);
        check("the chain — Gap is", Position::Middle);
        check("shares in Gap fell", Position::Middle);
        check("the chain (Gap) fell", Position::Middle);
        check("said Mr. Gap", Position::Middle);
        check("in the U.S. Gap fell", Position::Middle);
        check("“so,” Gap said", Position::Middle);
    }

    #[test]
    fn words_lose_their_endings() {
        let block = Block::new("Nvidia’s boss isn't the companies' “new” A320neo 7%", |_| false);
        let words: Vec<(&str, bool)> = block
            .words
            .iter()
            .map(|word| (word.text, word.is_possessive))
            .collect();
        let expected = [
            ("Nvidia", true),
            ("boss", false),
            ("isn", false),
            ("the", false),
            ("companies", true),
            ("new", false),
            ("A320neo", false),
            ("7", false),
        ];
        assert_eq!(words, expected);
    }
}
