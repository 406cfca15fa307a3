//! HTML in Markdown: taken apart into tags, and what of them may stay.
//!
//! Nothing that an author wrote as a tag is copied. A tag is read strictly, looked up in a list of
//! harmless elements and attributes, and written anew; whatever does not read as a tag is text. The
//! writer keeps the result balanced.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

/// A piece of HTML source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// Text, as bytes of the source.
    Text(Range<usize>),
    /// An opening tag: its name in lower case and its attributes with entities resolved.
    Open(String, Vec<(String, String)>),
    /// A closing tag.
    Close(String),
    /// A comment, a declaration or an instruction.
    Comment,
}

/// How an element is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// Kept, in running text and between blocks.
    Inline,
    /// Kept between blocks only.
    Block,
    /// Kept, and it has no end: `<br>`.
    Void,
    /// Gone, and its content stays.
    Unwrap,
    /// Gone with its content.
    Remove,
}

const INLINE: [&str; 30] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "mark",
    "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
    "strike",
];
const BLOCK: [&str; 32] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "col",
    "colgroup",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "ul",
];
const TABLE_PARTS: [&str; 4] = ["tfoot", "th", "thead", "tr"];
const VOID: [&str; 4] = ["br", "hr", "img", "wbr"];
const REMOVE: [&str; 23] = [
    "applet",
    "audio",
    "canvas",
    "embed",
    "frameset",
    "head",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "option",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
    "xmp",
];

/// How an element of that name is treated.
pub fn treatment(name: &str) -> Treatment {
    if name == "strike" || name == "col" {
        // One is obsolete, the other needs a parent that we do not check.
        Treatment::Unwrap
    } else if INLINE.contains(&name) {
        Treatment::Inline
    } else if BLOCK.contains(&name) || TABLE_PARTS.contains(&name) {
        Treatment::Block
    } else if VOID.contains(&name) {
        Treatment::Void
    } else if REMOVE.contains(&name) {
        Treatment::Remove
    } else {
        Treatment::Unwrap
    }
}

/// Elements that hold running text only: a block inside them would end them.
pub fn holds_text_only(name: &str) -> bool {
    INLINE.contains(&name)
        || matches!(
            name,
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "summary" | "pre"
        )
}

/// The attributes of an element that may stay, save those with addresses, which the writer checks.
pub fn harmless_attribute(element: &str, name: &str, value: &str) -> bool {
    let is_number = !value.is_empty() && value.len() <= 5 && value.bytes().all(|byte| byte.is_ascii_digit());
    match (element, name) {
        (_, "title") => true,
        (_, "lang") => crate::ground::text::is_language_tag(value),
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto"),
        ("img", "alt") => true,
        ("img", "width" | "height")
        | ("td" | "th", "colspan" | "rowspan")
        | ("ol", "start")
        | ("li", "value") => is_number,
        ("th", "scope") => matches!(value, "row" | "col" | "rowgroup" | "colgroup"),
        ("time", "datetime") | ("data", "value") => true,
        ("ol", "reversed") | ("details", "open") => true,
        _ => false,
    }
}

/// Takes HTML source apart. Linear in its length: a tag that is not closed is text up to the next
/// `<`.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut text_from, mut from) = (0, 0);
    // Once no comment end follows, none follows later either.
    let mut comments_close = true;
    while let Some(at) = source[from..].find('<').map(|at| from + at) {
        let rest = &source[at..];
        let token = if let Some(comment) = rest.strip_prefix("<!--") {
            let end = comments_close
                .then(|| comment.find("-->").map(|end| end + 7))
                .flatten();
            comments_close = end.is_some();
            // An open comment swallows the rest, as it does in browsers.
            Some((Token::Comment, end.unwrap_or(rest.len())))
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            rest.find('>').map(|end| (Token::Comment, end + 1))
        } else {
            read_tag(rest)
        };
        match token {
            Some((token, length)) => {
                if at > text_from {
                    tokens.push(Token::Text(text_from..at));
                }
                tokens.push(token);
                from = at + length;
                text_from = from;
            }
            None => from = at + 1,
        }
    }
    if source.len() > text_from {
        tokens.push(Token::Text(text_from..source.len()));
    }
    tokens
}

/// The longest tag that is read, so that many unclosed quotation marks cost no more than linear
/// time.
const MAX_TAG_BYTES: usize = 8 * 1024;

/// Reads the tag at the start of a text, and its length.
fn read_tag(text: &str) -> Option<(Token, usize)> {
    let text = &text[..text.floor_char_boundary(MAX_TAG_BYTES)];
    let closing = text.starts_with("</");
    let name_start = if closing { 2 } else { 1 };
    let name_length = text[name_start..]
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .unwrap_or(text.len() - name_start);
    let name = text[name_start..name_start + name_length].to_ascii_lowercase();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut at = name_start + name_length;
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start().len();
        let rest = &text[at..];
        if rest.starts_with('>') {
            let token = if closing {
                Token::Close(name)
            } else {
                Token::Open(name, attributes)
            };
            return Some((token, at + 1));
        }
        if rest.starts_with('/') {
            at += 1;
            continue;
        }
        let key_length = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/' | '"' | '\'' | '<'))
            .unwrap_or(rest.len());
        if key_length == 0 {
            return None;
        }
        let key = rest[..key_length].to_ascii_lowercase();
        at += key_length;
        let after = text[at..].trim_start();
        let mut value = String::new();
        if let Some(given) = after.strip_prefix('=') {
            let given = given.trim_start();
            let start = text.len() - given.len();
            let (raw, end) = match given.chars().next()? {
                quote @ ('"' | '\'') => {
                    let length = given[1..].find(quote)?;
                    (&given[1..1 + length], start + length + 2)
                }
                _ => {
                    let length = given
                        .find(|c: char| c.is_whitespace() || c == '>')
                        .unwrap_or(given.len());
                    (&given[..length], start + length)
                }
            };
            value = decode_entities(raw);
            at = end;
        }
        if attributes.iter().all(|(known, _)| *known != key) {
            attributes.push((key, value));
        }
    }
}

/// Resolves entities with the Markdown parser's own table.
pub fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = entity_length(rest);
        let entity = &rest[..length.max(1)];
        out.push_str(&if length > 0 {
            decode_entity(entity)
        } else {
            entity.to_owned()
        });
        rest = &rest[entity.len()..];
    }
    out.push_str(rest);
    out
}

/// The length of what has the form of an entity at the start of a text; 0 where there is none.
pub fn entity_length(text: &str) -> usize {
    const LONGEST: usize = 34;
    let Some(end) = text.bytes().take(LONGEST).position(|byte| byte == b';') else {
        return 0;
    };
    let name = &text[1..end];
    let numeric = name.strip_prefix('#').is_some_and(|number| {
        let hexadecimal = number.strip_prefix(['x', 'X']);
        let digits = hexadecimal.unwrap_or(number);
        !digits.is_empty()
            && digits.bytes().all(|byte| {
                if hexadecimal.is_some() {
                    byte.is_ascii_hexdigit()
                } else {
                    byte.is_ascii_digit()
                }
            })
    });
    let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if numeric || named { end + 1 } else { 0 }
}

fn decode_entity(entity: &str) -> String {
    let mut parser = Parser::new(entity);
    match (parser.next(), parser.next()) {
        (Some(Event::Start(Tag::Paragraph)), Some(Event::Text(text))) => text.into_string(),
        _ => entity.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_strictly() {
        let open = |name: &str, attributes: &[(&str, &str)]| {
            let own = attributes
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            Token::Open(name.to_owned(), own.collect())
        };
        let check = |source: &str, expected: &[Token]| assert_eq!(tokens(source), expected, "{source}");
        check(
            "a<b>c</b >",
            &[
                Token::Text(0..1),
                open("b", &[]),
                Token::Text(4..5),
                Token::Close("b".into()),
            ],
        );
        check(
            "<IMG SRC='x' alt=y hidden/>",
            &[open("img", &[("src", "x"), ("alt", "y"), ("hidden", "")])],
        );
        check(
            "<a href=\"java&#115;cript:x\">",
            &[open("a", &[("href", "javascript:x")])],
        );
        check("1 < 2 > 0", &[Token::Text(0..9)]);
        check("<a href=\"x>", &[Token::Text(0..11)]);
        check("<!-- <b> -->x", &[Token::Comment, Token::Text(12..13)]);
        check("<!-- open <b>", &[Token::Comment]);
        check("<?php x ?><!DOCTYPE x>", &[Token::Comment, Token::Comment]);
        check("<a x=1 x=2>", &[open("a", &[("x", "1")])]);
    }

    #[test]
    fn entities_are_resolved() {
        assert_eq!(
            decode_entities("AT&amp;T &eacute;&#x41;&#66; & &x; &nosuchthing;"),
            "AT&T éAB & &x; &nosuchthing;"
        );
    }

    #[test]
    fn hostile_lengths_take_linear_time() {
        for source in [
            "<a href=\"".repeat(20_000),
            "<!--".repeat(50_000),
            "<".repeat(200_000),
            "<a ".repeat(50_000),
        ] {
            assert!(!tokens(&source).is_empty());
        }
    }
}
