//! Texts and names in the form in which they are compared, with the way back.
//!
//! Folding takes away what does not tell names apart: diacritics of Latin letters, composed or not; kinds of
//! apostrophes, spaces and hyphens; signs of no width. Letters keep their case: the search does not look at
//! it, and what is found is looked at again as it was written.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// A text in folded form.
#[derive(Debug)]
pub struct Folded<'t> {
    /// The folded text.
    pub text: Cow<'t, str>,
    /// The pieces that are not as they were, in order.
    pieces: Vec<Piece>,
}

/// A piece of a text that folding changed: where it begins and ends, folded and as it was.
#[derive(Clone, Copy, Debug)]
struct Piece {
    folded: (usize, usize),
    original: (usize, usize),
}

impl<'t> Folded<'t> {
    /// Folds a text. What is folded already is not copied.
    pub fn new(text: &'t str) -> Folded<'t> {
        if text.is_ascii() && !text.contains("  ") {
            return Folded {
                text: Cow::Borrowed(text),
                pieces: Vec::new(),
            };
        }
        let mut folded = String::with_capacity(text.len());
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let plain = plain_length(rest, folded.ends_with(' '));
            if plain > 0 {
                folded.push_str(&rest[..plain]);
                at += plain;
                continue;
            }
            // The second of two spaces stands for itself.
            let length = if rest.starts_with(' ') {
                1
            } else {
                cluster_length(rest)
            };
            let start = folded.len();
            fold_cluster(&rest[..length], &mut folded);
            pieces.push(Piece {
                folded: (start, folded.len()),
                original: (at, at + length),
            });
            at += length;
        }
        Folded {
            text: Cow::Owned(folded),
            pieces,
        }
    }

    /// Where a place of the folded text that begins something stands in the text; `None` within a
    /// letter that became several.
    pub fn start(&self, at: usize) -> Option<usize> {
        let behind = self.pieces.partition_point(|piece| piece.folded.0 <= at);
        let Some(piece) = behind.checked_sub(1).and_then(|last| self.pieces.get(last)) else {
            return Some(at);
        };
        match at {
            // What vanished before the place does not belong to what begins there.
            _ if at >= piece.folded.1 => Some(piece.original.1 + (at - piece.folded.1)),
            _ if at == piece.folded.0 => Some(piece.original.0),
            _ => None,
        }
    }

    /// Where a place of the folded text that ends something stands in the text.
    pub fn end(&self, at: usize) -> Option<usize> {
        let behind = self.pieces.partition_point(|piece| piece.folded.0 < at);
        let Some(piece) = behind.checked_sub(1).and_then(|last| self.pieces.get(last)) else {
            return Some(at);
        };
        (at >= piece.folded.1).then(|| piece.original.1 + (at - piece.folded.1))
    }
}

/// A name in folded form.
pub fn fold(name: &str) -> String {
    Folded::new(name).text.into_owned()
}

/// How many bytes at the start of a text need no folding.
fn plain_length(text: &str, after_space: bool) -> usize {
    let bytes = text.as_bytes();
    let mut before_is_space = after_space;
    for (at, &byte) in bytes.iter().enumerate() {
        if !byte.is_ascii() {
            // A letter that carries a mark of its own belongs to the mark.
            let next = text[at..].chars().next();
            let carries = next.is_some_and(is_combining_mark)
                && at
                    .checked_sub(1)
                    .is_some_and(|last| bytes[last].is_ascii_alphanumeric());
            return at - usize::from(carries);
        }
        if byte == b' ' && before_is_space {
            return at;
        }
        before_is_space = byte == b' ';
    }
    bytes.len()
}

/// The length of the first character, of a letter with all marks that it carries: of all the jamo of a
/// syllable, too.
fn cluster_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    let is_letter = characters
        .next()
        .is_some_and(|(_, first)| first.is_alphanumeric());
    characters
        .find(|&(_, character)| !is_letter || !is_combining_mark(character) && !is_trailing_jamo(character))
        .map_or(text.len(), |(at, _)| at)
}

fn is_trailing_jamo(character: char) -> bool {
    matches!(character, '\u{1160}'..='\u{11ff}')
}

fn fold_cluster(cluster: &str, folded: &mut String) {
    let mut characters = cluster.chars();
    let (Some(first), rest) = (characters.next(), characters.as_str()) else {
        return;
    };
    if rest.is_empty() && first == ' ' {
        return;
    }
    let composed: String = cluster.nfc().collect();
    for character in composed.chars() {
        fold_character(character, folded);
    }
}

fn fold_character(character: char, folded: &mut String) {
    match character {
        '’' | '‘' | 'ʼ' | '′' | '＇' => folded.push('\''),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        '\u{2010}'..='\u{2013}' | '－' => folded.push('-'),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' => {}
        'Æ' | 'æ' => folded.push_str("ae"),
        'Œ' | 'œ' => folded.push_str("oe"),
        'Ø' | 'ø' => folded.push('o'),
        'ß' | 'ẞ' => folded.push_str("ss"),
        'Đ' | 'đ' | 'Ð' | 'ð' => folded.push('d'),
        'Ł' | 'ł' => folded.push('l'),
        'ı' | 'İ' => folded.push('i'),
        // An upper-case letter of ASCII here: the search finds it as well, and the marks alone are lost.
        _ if character.is_ascii() => folded.push(character),
        _ => {
            let mut bases = 0;
            let mut is_marked_ascii = true;
            let mut base = ' ';
            decompose_compatible(character, |part| {
                if !is_combining_mark(part) {
                    bases += 1;
                    base = part;
                    is_marked_ascii &= part.is_ascii_alphanumeric();
                }
            });
            match bases == 1 && is_marked_ascii {
                true => folded.push(base),
                false => folded.extend(character.to_lowercase()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_tell_names_apart_is_taken_away() {
        let check = |text: &str, expected: &str| assert_eq!(fold(text), expected, "{text:?}");
        check("L’Oréal", "L'Oreal");
        check("L\u{2019}Ore\u{301}al", "L'Oreal");
        check("A.P. Møller–Mærsk", "A.P. Moller-Maersk");
        check("JPMorgan\u{a0} Chase", "JPMorgan Chase");
        check("a  b", "a b");
        check("Soft\u{ad}Bank\u{200b}", "SoftBank");
        check("ＯｐｅｎＡＩ", "OpenAI");
        check("Яндекс", "яндекс");
        check("ソフトハ\u{3099}ンク", "ソフトバンク");
        check("\u{1112}\u{1161}\u{11ab}", "한");
        check("İş Bankası", "is Bankasi");
        check("\u{301}", "\u{301}");
        check("", "");
    }

    proptest::proptest! {
        #[test]
        fn folded_places_lead_back(
            text in proptest::collection::vec(
                "[a-c  ’é\u{301}\u{ad}カ\u{3099}ß\u{a0}한\u{1112}\u{1161}]",
                0..30
            )
        ) {
            let text = text.concat();
            let folded = Folded::new(&text);
            let mut before = 0;
            for (at, _) in folded.text.char_indices().chain([(folded.text.len(), ' ')]) {
                for place in [folded.start(at), folded.end(at)].into_iter().flatten() {
                    proptest::prop_assert!(text.is_char_boundary(place));
                }
                if let Some(start) = folded.start(at) {
                    proptest::prop_assert!(start >= before);
                    before = start;
                }
            }
            // What is between two places folds to what is between their folded ones.
            let ends: Vec<usize> = folded.text.char_indices().map(|(at, _)| at).collect();
            for &from in &ends {
                for &to in ends.iter().filter(|to| **to > from) {
                    if let (Some(start), Some(end)) = (folded.start(from), folded.end(to)) {
                        proptest::prop_assert_eq!(fold(&text[start..end]), &folded.text[from..to]);
                    }
                }
            }
        }
    }
}
