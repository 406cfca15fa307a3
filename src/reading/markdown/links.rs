//! Links: which addresses are safe and external, which lead into the site, and bare addresses in
//! running text.

use std::ops::Range;

/// What an address is.
#[derive(Debug, PartialEq, Eq)]
pub enum Destination {
    /// An address elsewhere, ready to be written.
    External(String),
    /// An address of the site, to be resolved later.
    Internal(String),
    /// An address that must not be written, such as `javascript:`.
    Unsafe,
}

/// Schemes that a link may have.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Sorts an address. Browsers ignore control characters and white space around and inside schemes,
/// so these are taken out before anything is decided.
/// Source: the basic URL parser of the URL standard, which strips C0 controls, tabs and newlines.
pub fn classify(address: &str) -> Destination {
    let clean: String = address
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .collect();
    let clean = clean.trim();
    let head = clean
        .find(['/', '?', '#', '\\'])
        .map_or(clean, |end| &clean[..end]);
    if let Some((scheme, _)) = head.split_once(':') {
        let compact: String = scheme.chars().filter(|c| !c.is_whitespace()).collect();
        return match SCHEMES.contains(&compact.to_ascii_lowercase().as_str()) && compact == scheme {
            true => Destination::External(clean.to_owned()),
            false => Destination::Unsafe,
        };
    }
    if clean.starts_with("//") || clean.starts_with("/\\") || clean.starts_with('\\') {
        return match clean.strip_prefix("//") {
            Some(rest) if !rest.starts_with(['/', '\\']) => Destination::External(format!("//{rest}")),
            _ => Destination::Unsafe,
        };
    }
    Destination::Internal(clean.to_owned())
}

/// Characters without a width that can hide in an address.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}')
}

/// The bare web addresses in a text, by the rules of GitHub's autolinks: from `http://` or
/// `https://` at the start of a word to white space or `<`, without trailing punctuation and
/// without a closing bracket that was not opened.
/// Source: the section "Autolinks (extension)" of the GitHub Flavored Markdown specification.
pub fn bare_addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("http").map(|at| from + at) {
        from = at + 4;
        let rest = &text[at..];
        let Some(host) = rest
            .strip_prefix("https://")
            .or_else(|| rest.strip_prefix("http://"))
        else {
            continue;
        };
        let before = text[..at].chars().next_back();
        let starts_word = before
            .is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '(' | '"' | '“' | '‘' | '\''));
        let has_host = host.chars().next().is_some_and(char::is_alphanumeric) && host.contains('.');
        if !starts_word || !has_host {
            continue;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '<')
            .unwrap_or(rest.len());
        let address = without_trailing(&rest[..end]);
        if address.contains('.') {
            found.push(at..at + address.len());
            from = at + address.len();
        }
    }
    found
}

fn without_trailing(address: &str) -> &str {
    let mut address = address;
    loop {
        let shorter = address.trim_end_matches([
            '?', '!', '.', ',', ':', '*', '_', '~', '"', '\'', '”', '’', ';', '…',
        ]);
        let shorter = match shorter.strip_suffix(')') {
            Some(open) if shorter.matches(')').count() > shorter.matches('(').count() => open,
            _ => shorter,
        };
        if shorter.len() == address.len() {
            return address;
        }
        address = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_sorted() {
        let external = |text: &str| Destination::External(text.to_owned());
        let internal = |text: &str| Destination::Internal(text.to_owned());
        let check = |text: &str, expected: Destination| assert_eq!(classify(text), expected, "{text:?}");
        check("https://example.org/a?b#c", external("https://example.org/a?b#c"));
        check("HTTPS://example.org", external("HTTPS://example.org"));
        check("mailto:desk@example.org", external("mailto:desk@example.org"));
        check("//cdn.example.org/x", external("//cdn.example.org/x"));
        check("../x.md#a", internal("../x.md#a"));
        check("/companies/acme/", internal("/companies/acme/"));
        check("#top", internal("#top"));
        check("a/b:c", internal("a/b:c"));
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:x",
            "java\tscript:x",
            " \u{1}javascript:x",
            "java script:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "java\u{200b}script:x",
            "blob:https://x",
            "///evil.org",
            "/\\evil.org",
            "\\\\evil.org",
            "view-source:x",
            "C:\\x",
            "https :x",
        ] {
            check(bad, Destination::Unsafe);
        }
    }

    #[test]
    fn bare_addresses_end_where_a_reader_ends_them() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = bare_addresses(text)
                .into_iter()
                .map(|range| &text[range])
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        check("see https://example.org/a. Then", &["https://example.org/a"]);
        check("(https://example.org/a_(b))", &["https://example.org/a_(b)"]);
        check(
            "\"http://example.org/?q=1&r=2\",",
            &["http://example.org/?q=1&r=2"],
        );
        check("xhttps://example.org https://localhost http", &[]);
        check("https://a.org https://b.org", &["https://a.org", "https://b.org"]);
    }
}
