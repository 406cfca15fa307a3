//! Shortcodes as calls: a name and its arguments, in pairs or alone.

use std::collections::BTreeMap;
use std::ops::Range;

/// A tag in a text that calls something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Where the whole tag stands.
    pub range: Range<usize>,
    /// The name.
    pub name: String,
    /// The arguments in their order, with their names where they have one.
    pub arguments: Vec<(Option<String>, String)>,
    /// Whether it closes what another has opened.
    pub closes: bool,
    /// Whether it is written as a whole in itself.
    pub is_whole: bool,
    /// The tag that closes this one, by its place in the list.
    pub closed_by: Option<usize>,
}

impl Call {
    /// An argument by name.
    pub fn named(&self, name: &str) -> Option<&str> {
        let found = self
            .arguments
            .iter()
            .find(|(key, _)| key.as_deref().is_some_and(|key| key.eq_ignore_ascii_case(name)));
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// An argument by its place among those without a name.
    pub fn nth(&self, index: usize) -> Option<&str> {
        let unnamed = self.arguments.iter().filter(|(key, _)| key.is_none());
        unnamed.map(|(_, value)| value.as_str()).nth(index)
    }

    /// The first of some named arguments, else the first one without a name.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.named(name))
            .or_else(|| self.nth(0))
    }
}

/// The deepest that pairs lie in each other; deeper ones are taken for single tags.
pub const MAX_DEPTH: usize = 32;

/// Finds what closes what: the nearest open tag of the same name.
pub fn pair(calls: &mut [Call]) {
    let mut open: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in 0..calls.len() {
        let Call {
            name,
            closes,
            is_whole,
            ..
        } = &calls[index];
        match (closes, is_whole) {
            (true, _) => {
                if let Some(opener) = open.get_mut(name.as_str()).and_then(Vec::pop) {
                    calls[opener].closed_by = Some(index);
                }
            }
            (false, false) => open.entry(name.clone()).or_default().push(index),
            (false, true) => {}
        }
    }
}

/// Reads arguments: `a "b c" key=value key="value"`, also with `:` or `,` between them.
pub fn arguments(text: &str) -> Vec<(Option<String>, String)> {
    let mut arguments = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let (first, behind) = word(rest);
        let after = behind.trim_start();
        if let Some(value) = after
            .strip_prefix(['=', ':'])
            .filter(|_| is_name(&first) && !is_quote(rest))
        {
            let (value, behind) = word(value.trim_start());
            arguments.push((Some(first), value));
            rest = behind;
        } else {
            if !first.is_empty() {
                arguments.push((None, first));
            }
            rest = behind;
        }
        let next = rest.trim_start_matches(is_space);
        // Whatever could not be read ends here, instead of going round for ever.
        if next.len() == rest.len() && !rest.is_empty() && !is_quote(rest) {
            let skipped = rest.chars().next().map_or(0, char::len_utf8);
            rest = &rest[skipped..];
        } else {
            rest = next;
        }
    }
    arguments
}

fn is_space(character: char) -> bool {
    character.is_whitespace() || character == ','
}

fn is_quote(text: &str) -> bool {
    text.starts_with(['"', '\'', '`', '“', '”'])
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|character| character.is_alphanumeric() || "_-.".contains(character))
}

/// The word or quoted text that a text starts with, and what follows.
fn word(text: &str) -> (String, &str) {
    let Some(quote) = text.chars().next().filter(|_| is_quote(text)) else {
        let end = text.find(is_space).unwrap_or(text.len());
        let end = text[..end]
            .find('=')
            .filter(|&at| at == 0 || is_name(&text[..at]))
            .unwrap_or(end);
        // `https://…` keeps its colon, `key: value` does not.
        let end = match text[..end]
            .find(": ")
            .or_else(|| text[..end].strip_suffix(':').map(str::len))
        {
            Some(colon) => colon,
            None => match text[..end].find(":\"").or_else(|| text[..end].find(":'")) {
                Some(colon) => colon,
                None => end,
            },
        };
        return (text[..end].to_owned(), &text[end..]);
    };
    let closing = match quote {
        '“' => '”',
        other => other,
    };
    let mut value = String::new();
    let mut letters = text[quote.len_utf8()..].char_indices();
    while let Some((at, letter)) = letters.next() {
        if letter == closing {
            let end = quote.len_utf8() + at + letter.len_utf8();
            return (value, &text[end..]);
        }
        match letter {
            '\\' if quote != '`' => match letters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, escaped)) => value.push(escaped),
                None => {}
            },
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        arguments(text)
            .into_iter()
            .map(|(key, value)| match key {
                Some(key) => format!("{key}={value}"),
                None => value,
            })
            .collect()
    }

    #[test]
    fn arguments_are_read_in_all_forms() {
        assert_eq!(shown("a \"b c\" `d`"), ["a", "b c", "d"]);
        assert_eq!(
            shown("src=\"x y.png\" width=300 alt='A'"),
            ["src=x y.png", "width=300", "alt=A"]
        );
        assert_eq!(shown("id=\"a\", autoplay=true"), ["id=a", "autoplay=true"]);
        assert_eq!(shown("title: \"T\", n: 3"), ["title=T", "n=3"]);
        assert_eq!(
            shown("https://example.org/a?b=c"),
            ["https://example.org/a?b=c".to_owned()]
        );
        assert_eq!(shown("\"a \\\"b\\\"\""), ["a \"b\""]);
        assert_eq!(shown("\"open"), ["open"]);
        assert_eq!(shown("= = ,,"), Vec::<String>::new());
    }
}
