//! Text as HTML: what is escaped and what is dropped.
//!
//! Characters that XML 1.0 forbids are dropped everywhere, because the same body stands in feeds.

/// Appends text as the content of an element.
pub fn escape_text(out: &mut String, text: &str) {
    escape(out, text, false);
}

/// Appends text as an attribute's value, for either kind of quotes.
pub fn escape_attribute(out: &mut String, text: &str) {
    escape(out, text, true);
}

fn escape(out: &mut String, text: &str, attribute: bool) {
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

/// Appends text without the characters that XML forbids.
pub(super) fn push_allowed(out: &mut String, text: &str) {
    if has_forbidden(text) {
        out.extend(text.chars().filter(|&character| !is_forbidden(character)));
    } else {
        out.push_str(text);
    }
}

/// The length of the escaped form of an element's content.
pub(super) fn escaped_text_len(text: &str) -> usize {
    text.bytes()
        .map(|byte| match byte {
            b'&' => 5,
            b'<' | b'>' => 4,
            b'"' => 6,
            _ => 1,
        })
        .sum()
}

/// Whether XML 1.0 forbids a character. Source: "Extensible Markup Language 1.0", section 2.2.
pub(super) fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text holds a character that XML forbids; U+FFFE and U+FFFF start with the byte EF.
pub(super) fn has_forbidden(text: &str) -> bool {
    text.bytes()
        .any(|byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0xef)
        && text.chars().any(is_forbidden)
}
