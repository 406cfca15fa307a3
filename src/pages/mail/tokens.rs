//! The pieces of HTML that was just written by a program, in the regular form that such programs give it: elements,
//! ends of elements, comments and text.

/// A piece of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'h> {
    /// What stands between elements, as written.
    Text(&'h str),
    /// The start of an element.
    Start {
        /// Its name, in small letters.
        name: String,
        /// Its attributes, the values as written between their quotes.
        attributes: Vec<(&'h str, &'h str)>,
    },
    /// The end of an element.
    End(String),
    /// A comment, between its marks.
    Comment(&'h str),
    /// The kind of document, with its signs.
    Doctype(&'h str),
}

/// Elements that have no end.
/// Source: the HTML standard, void elements.
pub(super) const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
];

/// Takes HTML apart. What is no tag counts as text.
pub(super) fn tokens(html: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let at = rest.find('<').unwrap_or(rest.len());
        if at > 0 {
            tokens.push(Token::Text(&rest[..at]));
            rest = &rest[at..];
            continue;
        }
        let (token, length) = tag(rest).unwrap_or((Token::Text(&rest[..1]), 1));
        rest = &rest[length..];
        // What stands in these is no HTML.
        let raw = match &token {
            Token::Start { name, .. } if matches!(name.as_str(), "style" | "script") => {
                Some(format!("</{name}"))
            }
            _ => None,
        };
        tokens.push(token);
        if let Some(end) = raw {
            let at = rest.find(&end).unwrap_or(rest.len());
            if at > 0 {
                tokens.push(Token::Text(&rest[..at]));
            }
            rest = &rest[at..];
        }
    }
    tokens
}

/// The tag at the start of a text, and its length.
fn tag(text: &str) -> Option<(Token<'_>, usize)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        let end = comment.find("-->")?;
        return Some((Token::Comment(&comment[..end]), end + 7));
    }
    let end = end_of_tag(text)?;
    let whole = &text[..=end];
    if whole.starts_with("<!") {
        return Some((Token::Doctype(whole), end + 1));
    }
    let inside = &text[1..end];
    if let Some(name) = inside.strip_prefix('/') {
        return Some((Token::End(name.trim().to_ascii_lowercase()), end + 1));
    }
    if !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    let (name, rest) = inside
        .split_once(|c: char| c.is_ascii_whitespace())
        .unwrap_or((inside, ""));
    let start = Token::Start {
        name: name.to_ascii_lowercase(),
        attributes: attributes(rest),
    };
    Some((start, end + 1))
}

/// Where the tag at the start of a text ends: behind quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn attributes(mut text: &str) -> Vec<(&str, &str)> {
    let mut attributes = Vec::new();
    loop {
        text = text.trim_start();
        let end = text
            .find(|c: char| c == '=' || c.is_ascii_whitespace())
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if name.is_empty() {
            return attributes;
        }
        let Some(value) = rest.strip_prefix('=') else {
            attributes.push((name, ""));
            text = rest;
            continue;
        };
        let quote = value.chars().next().filter(|sign| matches!(sign, '"' | '\''));
        let (value, rest) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value
                .split_once(|c: char| c.is_ascii_whitespace())
                .unwrap_or((value, "")),
        };
        attributes.push((name, value));
        text = rest;
    }
}

/// A text without the signs that stand for others in HTML.
pub(super) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let entity = behind.split_once(';').filter(|(name, _)| name.len() <= 8);
        match entity.and_then(|(name, after)| Some((character(name)?, after))) {
            Some((character, after)) => {
                out.push(character);
                rest = after;
            }
            None => {
                out.push('&');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

/// What programs that write HTML write in this way.
fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "shy" => '\u{ad}',
        "zwnj" => '\u{200c}',
        name => {
            let number = name.strip_prefix('#')?;
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let code = match hexadecimal {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

/// What takes the room in an e-mail, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// What is read.
    pub text: usize,
    /// Styles.
    pub styles: usize,
    /// The addresses of links and pictures.
    pub addresses: usize,
    /// All else.
    pub tags: usize,
}

/// Weighs an e-mail.
pub fn weigh(html: &str) -> Parts {
    let mut parts = Parts::default();
    let mut is_style = false;
    for token in tokens(html) {
        match token {
            Token::Text(text) if is_style => parts.styles += text.len(),
            Token::Text(text) => parts.text += text.len(),
            Token::Start { name, attributes } => {
                is_style = name == "style";
                for (name, value) in attributes {
                    match name {
                        "style" => parts.styles += value.len(),
                        "href" | "src" => parts.addresses += value.len(),
                        _ => {}
                    }
                }
            }
            Token::End(_) => is_style = false,
            Token::Comment(_) | Token::Doctype(_) => {}
        }
    }
    parts.tags = html.len() - parts.text - parts.styles - parts.addresses;
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_end_behind_quotes() {
        let html = "<!DOCTYPE html><p class=\"a > b\" hidden title='x'>1 < 2 &amp; 3<br/></P><!--<b>-->";
        let start = |name: &str, attributes: &[(&'static str, &'static str)]| Token::Start {
            name: name.to_owned(),
            attributes: attributes.to_vec(),
        };
        let expected = [
            Token::Doctype("<!DOCTYPE html>"),
            start("p", &[("class", "a > b"), ("hidden", ""), ("title", "x")]),
            Token::Text("1 "),
            Token::Text("<"),
            Token::Text(" 2 &amp; 3"),
            start("br", &[]),
            Token::End("p".to_owned()),
            Token::Comment("<b>"),
        ];
        assert_eq!(tokens(html), expected);
    }

    #[test]
    fn what_is_cut_off_is_text() {
        for html in [
            "<",
            "<p",
            "<p a=\"",
            "<!--",
            "<!",
            "</",
            "é<é>",
            "<style>a<b",
            "< >",
        ] {
            let tokens = tokens(html);
            assert!(!tokens.is_empty(), "{html}");
        }
    }

    #[test]
    fn signs_that_stand_for_others() {
        assert_eq!(
            decoded("a &amp;lt; &#65;&#x2014;&quot;&nbsp;& &x; &"),
            "a &lt; A—\"\u{a0}& &x; &"
        );
    }

    #[test]
    fn all_of_an_e_mail_is_weighed() {
        let html = "<style>p{}</style><p style=\"a:b\"><a href=\"/x\">text</a></p>";
        let parts = weigh(html);
        assert_eq!((parts.text, parts.styles, parts.addresses), (4, 6, 2));
        assert_eq!(
            parts.text + parts.styles + parts.addresses + parts.tags,
            html.len()
        );
    }
}
