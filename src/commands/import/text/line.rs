//! Lines of a pasted text, freed from what nobody sees.
//!
//! Every way to end a line is one here, and every kind of space a plain one, except where typography
//! needs it. Lines remember where they stood, so that whatever is left out later can be named with its place.

use super::phrase::is_digit;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the source, from 1.
    pub number: usize,
    /// How many columns it is indented.
    pub indent: usize,
    /// Its text, without white space at both ends; tabs in it stay. A soft hyphen may end it.
    pub text: String,
    /// Whether a new page begins with it.
    pub opens_page: bool,
}

impl Line {
    /// Whether there is nothing on it.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// Its length in characters.
    pub fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// How deep a tab indents, and how deep an indentation may be.
const TAB: usize = 4;
const MAX_INDENT: usize = 200;

/// What ends lines besides carriage return and line feed; editors do not count these.
fn ends_line(character: char) -> bool {
    matches!(character, '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The lines of a text, and how many characters were dropped that nobody sees.
pub fn lines(text: &str) -> (Vec<Line>, usize) {
    let mut lines = Vec::new();
    let mut dropped = 0;
    let mut opens_page = false;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, whole) in physical(text).enumerate() {
        for part in whole.split_inclusive(ends_line) {
            let line = clean(part, index + 1, opens_page, &mut dropped);
            opens_page = part.ends_with('\u{c}') || opens_page && line.is_blank();
            lines.push(line);
        }
        if whole.is_empty() {
            lines.push(clean("", index + 1, false, &mut dropped));
        }
    }
    (lines, dropped)
}

/// The lines as editors count them.
pub fn physical(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.find(['\r', '\n']) else {
            rest = None;
            return Some(text);
        };
        let is_pair = text[at..].starts_with("\r\n");
        rest = text.get(at + 1 + usize::from(is_pair)..);
        Some(&text[..at])
    })
}

fn clean(raw: &str, number: usize, opens_page: bool, dropped: &mut usize) -> Line {
    let raw = raw.trim_end_matches(ends_line);
    let mut text = String::with_capacity(raw.len());
    let mut indent = 0;
    let mut before = ' ';
    let mut rest = raw.chars().peekable();
    while let Some(character) = rest.next() {
        let behind = rest.peek().copied().unwrap_or(' ');
        if text.is_empty() && character.is_whitespace() {
            let columns = if character == '\t' { TAB - indent % TAB } else { 1 };
            indent = MAX_INDENT.min(indent + columns);
            continue;
        }
        match seen(character, before, behind) {
            Seen::As(character) => {
                text.push(character);
                before = character;
            }
            Seen::Letters(letters) => text.push_str(letters),
            // At the end of a line it divides a word.
            Seen::Not if character == '\u{ad}' && rest.clone().all(char::is_whitespace) => {
                text.push('\u{ad}')
            }
            Seen::Not => *dropped += 1,
        }
    }
    text.truncate(text.trim_end().len());
    if text == "\u{ad}" {
        text.clear();
        *dropped += 1;
    }
    Line {
        number,
        indent,
        text,
        opens_page,
    }
}

/// What readers see of a character.
enum Seen {
    As(char),
    Letters(&'static str),
    Not,
}

fn seen(character: char, before: char, behind: char) -> Seen {
    match character {
        '\t' => Seen::As('\t'),
        '\u{a0}' | '\u{202f}' if is_typographic(before, behind) => Seen::As(character),
        ' '..='~' => Seen::As(character),
        // They join letters of some scripts, and parts of emoji; between Latin letters they are dirt.
        '\u{200c}'..='\u{200f}' if !before.is_ascii() || !behind.is_ascii() => Seen::As(character),
        '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => Seen::Not,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}' | '\u{fffe}' | '\u{ffff}' => Seen::Not,
        '\u{fb00}' => Seen::Letters("ff"),
        '\u{fb01}' => Seen::Letters("fi"),
        '\u{fb02}' => Seen::Letters("fl"),
        '\u{fb03}' => Seen::Letters("ffi"),
        '\u{fb04}' => Seen::Letters("ffl"),
        other if other.is_control() => Seen::Not,
        other if other.is_whitespace() => Seen::As(' '),
        other => Seen::As(other),
    }
}

/// Whether a space that must not break stands where printers put one: within numbers, before the signs
/// that French sets off, inside its quotation marks.
fn is_typographic(before: char, behind: char) -> bool {
    before == '«'
        || is_digit(before) && behind.is_alphanumeric()
        || !before.is_whitespace() && matches!(behind, '»' | ':' | ';' | '!' | '?' | '%' | '€')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, usize, &str)]) {
        let (lines, _) = lines(text);
        let found: Vec<(usize, usize, &str)> = lines
            .iter()
            .map(|line| (line.number, line.indent, line.text.as_str()))
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn every_end_of_a_line_is_one() {
        check(
            "a\r\nb\rc\n\nd",
            &[(1, 0, "a"), (2, 0, "b"), (3, 0, "c"), (4, 0, ""), (5, 0, "d")],
        );
        check("a\u{2028}b\nc", &[(1, 0, "a"), (1, 0, "b"), (2, 0, "c")]);
        assert!(
            lines("a\u{c}\n\nb")
                .0
                .iter()
                .any(|line| line.text == "b" && line.opens_page)
        );
    }

    #[test]
    fn what_nobody_sees_goes() {
        check("\u{feff}  a\u{200b}b\u{a0}c\u{202e} \t", &[(1, 2, "ab c")]);
        check("in\u{ad}fra\u{ad}\nx", &[(1, 0, "infra\u{ad}"), (2, 0, "x")]);
        check(
            "«\u{a0}Oui\u{a0}» : 10\u{a0}000\u{202f}%",
            &[(1, 0, "«\u{a0}Oui\u{a0}» : 10\u{a0}000\u{202f}%")],
        );
        check("de\u{fb01}ne", &[(1, 0, "define")]);
        assert_eq!(lines("a\u{200b}b\u{7}").1, 2);
    }
}
