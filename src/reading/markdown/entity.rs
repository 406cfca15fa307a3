//! Character references in raw HTML.
//!
//! The Markdown parser knows all of them and keeps its table to itself, so it is asked: a reference
//! alone in a paragraph comes back as its characters. They are rare enough for that.

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser};

/// The longest reference, with `&` and `;`. Source: the HTML standard's table of named references.
const MAX_LEN: usize = 34;

/// The length of the character reference at a `&`, and what it stands for.
pub(super) fn entity_at(text: &str, at: usize) -> Option<(usize, String)> {
    let rest = &text.as_bytes()[at..text.len().min(at + MAX_LEN)];
    let length = rest
        .iter()
        .skip(1)
        .position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#')?
        + 1;
    if rest[length] != b';' {
        return None;
    }
    let reference = &text[at..=at + length];
    let decoded = Parser::new(reference).find_map(|event| match event {
        Event::Text(text) => Some(text.into_string()),
        _ => None,
    })?;
    (!decoded.starts_with('&') || decoded == "&")
        .then_some((length + 1, decoded))
        .filter(|_| reference != "&;")
}

/// A text with its character references resolved.
pub(super) fn decode_entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        match entity_at(rest, at) {
            Some((length, characters)) => {
                decoded.push_str(&characters);
                rest = &rest[at + length..];
            }
            None => {
                decoded.push('&');
                rest = &rest[at + 1..];
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_once() {
        assert_eq!(
            decode_entities("AT&amp;T &lt;&#x41;&#66;&notit; & &; &amp;lt; &copy"),
            "AT&T <AB&notit; & &; &lt; &copy"
        );
        assert_eq!(decode_entities("java&Tab;script&colon;"), "java\tscript:");
    }
}
