//! Text on its way into HTML, XML and one-line places.

use std::borrow::Cow;

/// Appends text as the content of an element.
pub fn escape_text(out: &mut String, text: &str) {
    escape(out, text, false);
}

/// Appends text as an attribute's value, for either kind of quotes.
pub fn escape_attribute(out: &mut String, text: &str) {
    escape(out, text, true);
}

fn escape(out: &mut String, text: &str, attribute: bool) {
    // Most pieces of a text need nothing: they are looked through at once, and copied at once.
    if !any_byte(text, |byte| {
        matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'') || is_suspect(byte)
    }) {
        out.push_str(text);
        return;
    }
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' if attribute => "&#39;",
            _ => continue,
        };
        push_allowed(out, &text[written..at]);
        out.push_str(escaped);
        written = at + 1;
    }
    push_allowed(out, &text[written..]);
}

/// Appends text without the characters that XML or HTML forbids.
pub fn push_allowed(out: &mut String, text: &str) {
    if has_forbidden(text) {
        out.extend(text.chars().filter(|&character| !is_forbidden(character)));
    } else {
        out.push_str(text);
    }
}

/// The length of the escaped form of an element's content.
pub fn escaped_text_len(text: &str) -> usize {
    text.bytes()
        .map(|byte| match byte {
            b'&' => 5,
            b'<' | b'>' => 4,
            b'"' => 6,
            _ => 1,
        })
        .sum()
}

/// Whether XML 1.0 or HTML forbids a character.
///
/// Source: "Extensible Markup Language 1.0", section 2.2; HTML Living Standard, section 13.1.4, "Text must not contain
/// control characters other than ASCII whitespace".
pub fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text holds a character that XML or HTML forbids.
pub fn has_forbidden(text: &str) -> bool {
    any_byte(text, is_suspect) && text.chars().any(is_forbidden)
}

/// Whether a byte may belong to such a character; those from U+80 on start with C2, U+FFFE and U+FFFF with EF.
fn is_suspect(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || matches!(byte, 0x7f | 0xc2 | 0xef)
}

/// Whether any byte of a text is such a one. All are looked at, which compiles to a few vector
/// instructions; stopping at the first is many times slower.
pub fn any_byte(text: &str, is_one: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(false, |any, byte| any | is_one(byte))
}

/// An address of the web as it may be written: what no address may hold is percent-encoded, also a `%` that begins no
/// code, and what nobody sees is dropped.
///
/// Source: WHATWG URL Standard, "valid URL string".
pub fn web_address(address: &str) -> Cow<'_, str> {
    let bytes = address.as_bytes();
    let begins_a_code = |at: usize| {
        let digits = bytes.get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let is_fine = |(at, character): (usize, char)| match character {
        ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => false,
        '%' => begins_a_code(at),
        other => !is_invisible(other),
    };
    if address.char_indices().all(is_fine) {
        return Cow::Borrowed(address);
    }
    let mut out = String::with_capacity(address.len() + 16);
    for (at, character) in address.char_indices() {
        if is_fine((at, character)) {
            out.push(character);
        } else if !is_invisible(character) {
            // All of these are a byte each.
            out.push_str(&format!("%{:02X}", u32::from(character)));
        }
    }
    Cow::Owned(out)
}

/// Whether nobody sees a character, or it turns what is beside it around. In an address nobody means it.
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A text on one line: control characters dropped, white space folded.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let mut pieces = word
            .split(|c: char| c.is_control() || is_forbidden(c))
            .filter(|piece| !piece.is_empty())
            .peekable();
        // A word of nothing else is no word.
        if pieces.peek().is_some() && !line.is_empty() {
            line.push(' ');
        }
        pieces.for_each(|piece| line.push_str(piece));
    }
    line
}

/// Whether a language, given by its tag, is written from right to left: by its script if the tag names
/// one, else as it usually is.
pub fn is_right_to_left(tag: &str) -> bool {
    const SCRIPTS: [&str; 9] = [
        "adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa",
    ];
    const LANGUAGES: [&str; 14] = [
        "ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi",
    ];
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    match parts.find(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic())) {
        Some(script) => SCRIPTS.contains(&script),
        None => LANGUAGES.contains(&language),
    }
}

/// Whether a text has the form of a BCP 47 language tag: letters and digits in parts of 1 to 8,
/// the first of 2 or 3 letters.
pub fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_a_direction() {
        for tag in ["ar", "ar-EG", "he", "fa-IR", "ur", "az-Arab", "uz-arab-AF", "ckb"] {
            assert!(is_right_to_left(tag), "{tag}");
        }
        for tag in ["en", "de-CH", "ar-Latn", "ja", "ku", "", "zh-Hant-TW"] {
            assert!(!is_right_to_left(tag), "{tag}");
        }
    }

    #[test]
    fn addresses_hold_what_addresses_may() {
        for (address, expected) in [
            (
                "https://a.example/b?c=d&e=%20#f",
                "https://a.example/b?c=d&e=%20#f",
            ),
            (
                "https://a.example/\"onerror=\"x",
                "https://a.example/%22onerror=%22x",
            ),
            ("https://a.example/a b#c%zz%", "https://a.example/a%20b#c%25zz%25"),
            (
                "https://a.example/\u{202e}gpj.\u{1}exe",
                "https://a.example/gpj.exe",
            ),
            ("https://ä.example/ü", "https://ä.example/ü"),
            ("a\\b^c`d{e|f}<g>", "a%5Cb%5Ec%60d%7Be%7Cf%7D%3Cg%3E"),
        ] {
            assert_eq!(web_address(address), expected);
        }
    }

    #[test]
    fn escaping_leaves_nothing_that_could_end_a_context() {
        let mut out = String::new();
        escape_attribute(&mut out, "<a href=\"x\" id='y'>&\u{1}\u{ffff}é");
        assert_eq!(out, "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;é");
    }

    #[test]
    fn every_character_is_escaped_alone_and_between_others() {
        for character in '\0'..='\u{ffff}' {
            let escaped = match character {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                _ if is_forbidden(character) => "",
                _ => &character.to_string(),
            };
            for around in ["", "a", "é&"] {
                let mut out = String::new();
                escape_attribute(&mut out, &format!("{around}{character}{around}"));
                let around = around.replace('&', "&amp;");
                assert_eq!(out, format!("{around}{escaped}{around}"), "{character:?}");
            }
        }
    }

    #[test]
    fn one_line_folds_white_space_and_drops_controls() {
        assert_eq!(one_line("  a\n\tb\u{a0}c\u{7}  "), "a b c");
    }

    #[test]
    fn language_tags() {
        for good in ["en", "pt-BR", "zh-Hant-TW", "gsw"] {
            assert!(is_language_tag(good), "{good}");
        }
        for bad in ["", "english", "e", "en_US", "en-", "en\""] {
            assert!(!is_language_tag(bad), "{bad}");
        }
    }
}
