//! Tokens: the words of a text as the search knows them.
//!
//! The same is done to what readers type, by static/brief-search.js; tests/search/tokens.json holds
//! both to the same results. A text is folded (compatibility forms, case, the diacritics of Latin, Greek,
//! Cyrillic, Hebrew and Arabic) and cut into runs of letters and digits. Scripts that are written without
//! spaces are cut into pairs of letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many characters of a word count.
const MAX_CHARACTERS: usize = 24;

/// Hands over the tokens of a text, one after the other.
#[derive(Debug, Default)]
pub struct Tokenizer {
    token: String,
    folded: String,
}

impl Tokenizer {
    /// Takes the tokens of a text in order, repeated ones again.
    pub fn tokens(&mut self, text: &str, mut take: impl FnMut(&str)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
                at += 1;
            }
            let is_ascii = at == bytes.len() || bytes[at].is_ascii() || is_punctuation(&bytes[at..]);
            if !is_ascii {
                // Up to the next sign that cannot be a part of a word, whatever the folding does.
                while at < bytes.len()
                    && !is_punctuation(&bytes[at..])
                    && (!bytes[at].is_ascii() || bytes[at].is_ascii_alphanumeric())
                {
                    at += 1;
                }
                let is_single = beside_apostrophe(text, start, at);
                self.folded_tokens(&text[start..at], is_single, &mut take);
            } else if at > start {
                if at - start > 1 || !beside_apostrophe(text, start, at) {
                    self.token.clear();
                    self.token.push_str(&text[start..at.min(start + MAX_CHARACTERS)]);
                    self.token.make_ascii_lowercase();
                    take(&self.token);
                }
            } else {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
    }

    /// The tokens of a piece with characters beyond ASCII.
    fn folded_tokens(&mut self, piece: &str, beside_apostrophe: bool, take: &mut impl FnMut(&str)) {
        self.folded.clear();
        fold(piece, &mut self.folded);
        if beside_apostrophe && self.folded.chars().count() == 1 {
            return;
        }
        let mut rest = self.folded.as_str();
        while let Some(first) = rest.chars().next() {
            let is_pairs = is_unspaced(first);
            let is_inside = |character: char| is_letter(character) && is_unspaced(character) == is_pairs;
            let end = rest.find(|character| !is_inside(character)).unwrap_or(rest.len());
            let (run, behind) = rest.split_at(end.max(first.len_utf8()));
            rest = behind;
            if end == 0 {
                continue;
            }
            if !is_pairs {
                let cut = run
                    .char_indices()
                    .nth(MAX_CHARACTERS)
                    .map_or(run.len(), |(at, _)| at);
                take(&run[..cut]);
                continue;
            }
            let mut characters = run.chars().peekable();
            let mut is_first = true;
            while let Some(character) = characters.next() {
                if characters.peek().is_none() && !is_first {
                    break;
                }
                is_first = false;
                self.token.clear();
                self.token.push(character);
                self.token.extend(characters.peek());
                take(&self.token);
            }
        }
    }
}

/// A single letter beside an apostrophe is what is left of a word: `Oracle's`, `l'entreprise`.
fn beside_apostrophe(text: &str, start: usize, end: usize) -> bool {
    let is_apostrophe = |character: char| matches!(character, '\'' | '’');
    text[..start].ends_with(is_apostrophe) || text[end..].starts_with(is_apostrophe)
}

/// Whether a text begins with a sign of general punctuation, such as a dash or a typographic quotation
/// mark. Signs without width are none: they stand inside words.
fn is_punctuation(bytes: &[u8]) -> bool {
    match bytes {
        [0xe2, 0x80, last, ..] => !matches!(last, 0x8b..=0x8d),
        [0xe2, 0x81, last, ..] => *last < 0xb0 && *last != 0xa0,
        _ => false,
    }
}

/// Folds a text.
fn fold(text: &str, out: &mut String) {
    let lower = text.nfkd().flat_map(char::to_lowercase);
    let kept = lower.nfkd().filter(|character| !is_dropped(*character));
    // Composed again, so that Hangul and kana are whole letters.
    for character in kept.nfkc() {
        match character {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            _ => out.push(character),
        }
    }
}

/// Letters, figures and the marks that belong to them: in many scripts vowels are marks.
fn is_letter(character: char) -> bool {
    character.is_alphanumeric() || is_combining_mark(character)
}

/// Marks over and under letters, and signs without width.
fn is_dropped(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}'
            | '\u{591}'..='\u{5c7}'
            | '\u{640}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{ad}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2060}'
            | '\u{20e3}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}

/// Letters of scripts that are written without spaces: Chinese and Japanese, Thai, Lao, Burmese, Khmer.
pub fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}
