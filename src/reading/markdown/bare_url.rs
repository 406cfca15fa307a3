//! Addresses written bare in a text, as GitHub links them.
//!
//! The rules are those of the autolink extension in the GitHub Flavored Markdown specification
//! (section 6.9); e-mail addresses are left alone. Closing quotes and full stops of other scripts
//! end an address too, because nobody means them.

use std::ops::Range;

/// The addresses in `source[range]`, in order, as ranges of `source`. Linear in the range: what was
/// looked at is not looked at again.
pub(super) fn find(source: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !source[range.clone()].contains("://") && !source[range.clone()].contains("www.") {
        return found;
    }
    let text = &source[..range.end];
    let mut at = range.start;
    while at < text.len() {
        let Some(host) = host_start(text, at) else {
            at += 1;
            continue;
        };
        let host_end = host + host_len(&text[host..]);
        if is_host(&text[host..host_end]) {
            let end = end_of(text, at, host_end);
            found.push(at..end);
            at = end;
        } else {
            at = host_end;
        }
    }
    found
}

/// Where the host name begins, if an address begins at `at`.
fn host_start(text: &str, at: usize) -> Option<usize> {
    let rest = &text.as_bytes()[at..];
    let before = at.checked_sub(1).map(|before| text.as_bytes()[before]);
    let starts = |prefix: &str| {
        rest.get(..prefix.len())
            .is_some_and(|s| s.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    match rest[0] {
        b'h' | b'H' if !before.is_some_and(|byte| byte.is_ascii_alphanumeric()) => {
            if starts("https://") {
                Some(at + 8)
            } else if starts("http://") {
                Some(at + 7)
            } else {
                None
            }
        }
        b'w' | b'W' if starts("www.") => {
            let free = before.is_none_or(|byte| {
                byte.is_ascii_whitespace() || !byte.is_ascii() || b"*_~(\"'".contains(&byte)
            });
            free.then_some(at)
        }
        _ => None,
    }
}

fn host_len(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) || ends_address(c))
        .unwrap_or(text.len())
}

/// No empty start, no underscore in the last two parts.
fn is_host(host: &str) -> bool {
    let host = host.trim_end_matches(['.', '-', '_']);
    host.starts_with(char::is_alphanumeric)
        && !host.eq_ignore_ascii_case("www")
        && host.rsplit('.').take(2).all(|part| !part.contains('_'))
}

fn ends_address(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '<' | '`' | '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '…'
            | '\u{3001}'..='\u{3002}' | '\u{3008}'..='\u{3011}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0c}')
}

/// The end of an address: up to white space, without the punctuation that belongs to the sentence.
fn end_of(text: &str, start: usize, host_end: usize) -> usize {
    let path = &text[host_end..];
    let mut end = host_end + path.find(ends_address).unwrap_or(path.len());
    let (mut opened, mut closed) = (0usize, 0usize);
    for byte in text[start..end].bytes() {
        opened += usize::from(byte == b'(');
        closed += usize::from(byte == b')');
    }
    while end > host_end {
        match text.as_bytes()[end - 1] {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' => {}
            b')' if closed > opened => closed -= 1,
            b';' => {
                if let Some(entity) = entity_start(&text[host_end..end]) {
                    end = host_end + entity;
                    continue;
                }
            }
            _ => break,
        }
        end -= 1;
    }
    // A host may have taken the sentence's full stop with it.
    if end == host_end {
        start + text[start..end].trim_end_matches(['.', '-', '_']).len()
    } else {
        end
    }
}

/// Where an entity at the end of a text begins: `&quot;` belongs to the sentence.
fn entity_start(text: &str) -> Option<usize> {
    let tail = text.len().saturating_sub(34);
    let ampersand = tail + text.as_bytes()[tail..].iter().rposition(|&byte| byte == b'&')?;
    let name = &text.as_bytes()[ampersand + 1..text.len() - 1];
    (!name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric)).then_some(ampersand)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = find(text, 0..text.len())
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn punctuation_of_the_sentence_stays_outside() {
        check("see https://a.b/c.", &["https://a.b/c"]);
        check("(see https://a.b/c_(d)), then", &["https://a.b/c_(d)"]);
        check("https://a.b/?q=1&amp;r=2&quot; x", &["https://a.b/?q=1&amp;r=2"]);
        check(
            "“https://a.b/c” and ‘http://d.e’",
            &["https://a.b/c", "http://d.e"],
        );
        check(
            "www.a.b, www.c.d/e?! www. wwww.a.b xwww.a.b",
            &["www.a.b", "www.c.d/e"],
        );
        check(
            "https://a.b... HTTPS://C.D: http://localhost:80/",
            &["https://a.b", "HTTPS://C.D", "http://localhost:80/"],
        );
        check("https:// http://_x.y xhttp://a.b ftp://a.b https://a_b.c", &[]);
        check(
            "https://a.b<c 報告https://a.b/日本。次",
            &["https://a.b", "https://a.b/日本"],
        );
        check(
            "https://a.b/;x; https://a.b/-",
            &["https://a.b/;x", "https://a.b/-"],
        );
    }
}
