//! Raw HTML cut into tokens, strictly.
//!
//! A browser makes something of every sequence of bytes; here a tag either has the exact form that
//! CommonMark (section 6.6) gives it or its `<` is text. So nothing is interpreted in two ways.

use std::ops::Range;

/// A piece of raw HTML; all ranges are bytes of the text that was cut.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Text, which may hold entities.
    Text(Range<usize>),
    /// A `<` that begins no tag.
    Stray(Range<usize>),
    /// A start tag.
    Open {
        name: Range<usize>,
        attributes: Vec<Attribute>,
        whole: Range<usize>,
    },
    /// An end tag.
    Close { name: Range<usize>, whole: Range<usize> },
    /// A comment, declaration, processing instruction or CDATA section.
    Hidden(Range<usize>),
}

/// An attribute of a start tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub name: Range<usize>,
    /// Without its quotes; empty where there is none.
    pub value: Range<usize>,
}

/// Cuts the first token off `text[at..]`; `None` at the end.
pub(super) fn next(text: &str, at: usize) -> Option<Token> {
    let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
    if !rest.starts_with('<') {
        return Some(Token::Text(at..rest.find('<').map_or(text.len(), |tag| at + tag)));
    }
    let token = match rest.as_bytes().get(1) {
        Some(b'!' | b'?') => Some(Token::Hidden(at..at + hidden_len(rest))),
        Some(b'/') => close(text, at),
        Some(byte) if byte.is_ascii_alphabetic() => open(text, at),
        _ => None,
    };
    Some(token.unwrap_or(Token::Stray(at..at + 1)))
}

impl Token {
    /// The byte behind the token.
    pub fn end(&self) -> usize {
        match self {
            Token::Text(range) | Token::Stray(range) | Token::Hidden(range) => range.end,
            Token::Open { whole, .. } | Token::Close { whole, .. } => whole.end,
        }
    }
}

/// The length of what browsers do not show. Without its end it reaches to the end of the text,
/// which also keeps a thousand unfinished comments linear.
fn hidden_len(rest: &str) -> usize {
    // `<!-->` and `<!--->` are whole comments.
    if rest.starts_with("<!-->") {
        return 5;
    }
    if rest.starts_with("<!--->") {
        return 6;
    }
    let (skip, end) = if rest.starts_with("<!--") {
        (4, "-->")
    } else if rest.starts_with("<![CDATA[") {
        (9, "]]>")
    } else if rest.starts_with("<?") {
        (2, "?>")
    } else {
        (2, ">")
    };
    rest[skip..]
        .find(end)
        .map_or(rest.len(), |at| skip + at + end.len())
}

fn close(text: &str, at: usize) -> Option<Token> {
    let name = name(text, at + 2)?;
    let end = skip_white(text, name.end);
    text[end..].starts_with('>').then(|| Token::Close {
        name,
        whole: at..end + 1,
    })
}

fn open(text: &str, at: usize) -> Option<Token> {
    let name = name(text, at + 1)?;
    let bytes = text.as_bytes();
    let mut attributes = Vec::new();
    let mut cursor = name.end;
    loop {
        let next = skip_white(text, cursor);
        match bytes.get(next)? {
            b'>' => {
                return Some(Token::Open {
                    name,
                    attributes,
                    whole: at..next + 1,
                });
            }
            b'/' if bytes.get(next + 1) == Some(&b'>') => {
                return Some(Token::Open {
                    name,
                    attributes,
                    whole: at..next + 2,
                });
            }
            // Attributes are divided by white space.
            _ if next == cursor => return None,
            _ => {}
        }
        let attribute = attribute(text, next)?;
        cursor = attribute.1;
        attributes.push(attribute.0);
    }
}

/// An attribute, and the byte behind it.
fn attribute(text: &str, at: usize) -> Option<(Attribute, usize)> {
    let bytes = text.as_bytes();
    if !(bytes[at].is_ascii_alphabetic() || matches!(bytes[at], b'_' | b':')) {
        return None;
    }
    let end = run(text, at, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'-')
    });
    let name = at..end;
    let equals = skip_white(text, end);
    if bytes.get(equals) != Some(&b'=') {
        return Some((
            Attribute {
                name,
                value: end..end,
            },
            end,
        ));
    }
    let start = skip_white(text, equals + 1);
    match *bytes.get(start)? {
        quote @ (b'"' | b'\'') => {
            let length = text[start + 1..].find(char::from(quote))?;
            let value = start + 1..start + 1 + length;
            let behind = value.end + 1;
            Some((Attribute { name, value }, behind))
        }
        _ => {
            let end = run(text, start, |byte| {
                !byte.is_ascii_whitespace() && !b"\"'=<>`".contains(&byte)
            });
            (end > start).then_some((
                Attribute {
                    name,
                    value: start..end,
                },
                end,
            ))
        }
    }
}

fn name(text: &str, at: usize) -> Option<Range<usize>> {
    let end = run(text, at, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (end > at && text.as_bytes()[at].is_ascii_alphabetic()).then_some(at..end)
}

fn skip_white(text: &str, at: usize) -> usize {
    run(text, at, |byte| byte.is_ascii_whitespace())
}

fn run(text: &str, at: usize, belongs: impl Fn(u8) -> bool) -> usize {
    text.as_bytes()[at..]
        .iter()
        .position(|&byte| !belongs(byte))
        .map_or(text.len(), |length| at + length)
}

/// Where `</name` followed by white space, `/` or `>` begins, from `at` on.
pub(super) fn find_close(text: &str, at: usize, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = at;
    while let Some(found) = text[from..].find("</") {
        let start = from + found;
        let end = start + 2 + name.len();
        let named = bytes
            .get(start + 2..end)
            .is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()));
        if named
            && bytes
                .get(end)
                .is_none_or(|&byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
        {
            return Some(start);
        }
        from = start + 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut at = 0;
        let mut seen = String::new();
        while let Some(token) = next(text, at) {
            let end = token.end();
            assert!(end > at);
            seen.push(match token {
                Token::Text(_) => 't',
                Token::Stray(_) => 's',
                Token::Open { .. } => 'o',
                Token::Close { .. } => 'c',
                Token::Hidden(_) => 'h',
            });
            at = end;
        }
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn only_exact_tags_are_tags() {
        check("a<b>c</b >", "totc");
        check("<a href=x title='>' b>d<br/>", "otco".replace('c', "").as_str());
        check("<a href=\"x\"title=y>", "st");
        check("<a =x>", "st");
        check("<a b=\"c>", "st");
        check("< b></ b><1>", "ststst");
        check("<!-- a --><!--><!---><!x><?y?><![CDATA[<b>]]>z", "hhhhhht");
        check("<!-- a <b>", "h");
        check("<a/b>", "st");
        check("<a\n b\n=\nc\n>", "o");
    }
}
