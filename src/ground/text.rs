//! Text on its way into HTML, XML and one-line places.

/// Escapes a text for HTML, between tags and in quoted attributes.
pub fn escape(text: &str, out: &mut String) {
    let mut from = 0;
    for (at, character) in text.char_indices() {
        let entity = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            c if is_xml_character(c) => continue,
            _ => "",
        };
        out.push_str(&text[from..at]);
        out.push_str(entity);
        from = at + character.len_utf8();
    }
    out.push_str(&text[from..]);
}

/// Whether XML allows a character; what it forbids is dropped everywhere, since feeds carry the
/// same text as pages.
/// Source: production 2, "Char", of the XML 1.0 recommendation.
pub fn is_xml_character(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// A text on one line: control characters dropped, white space folded.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(char::is_whitespace).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().filter(|c| !c.is_control() && is_xml_character(*c)));
    }
    line
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
    fn escaping_leaves_nothing_that_could_end_a_context() {
        let mut out = String::new();
        escape("<a href=\"x\" id='y'>&\u{1}\u{ffff}é", &mut out);
        assert_eq!(out, "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;é");
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
