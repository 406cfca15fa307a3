//! The YAML that nearly every front matter consists of, read line by line: `key: value`, lists of
//! values in brackets or on lines of their own, comments between them.
//!
//! libyaml needs more time for such a text than all the rest of reading an article takes. What is
//! not plainly simple is left to it, mistakes too: nothing may be read here in another way than
//! there, which a property test watches.

use std::iter::Peekable;

use super::values::{Names, Read};
use super::{Key, Node, Value};
use crate::ground::text::any_byte;

/// The document, if it is a simple one.
pub(super) fn read(text: &str) -> Option<Read> {
    let is_ascii_text = !any_byte(text, |byte| !matches!(byte, b'\n' | b' '..=b'~'));
    if !is_ascii_text && !text.chars().all(is_ordinary) {
        return None;
    }
    // The mapping has the number 0.
    let mut count = 1;
    let mut node = |value| {
        count += 1;
        let index = count - 1;
        Node { value, index }
    };
    let mut map: Vec<(Key, Node)> = Vec::with_capacity(16);
    let mut names = Names::default();
    let mut lines = text.lines().filter(|line| has_content(line)).peekable();
    while let Some(line) = lines.next() {
        let (name, rest) = line.split_once(':')?;
        if !is_key(name) || !(rest.is_empty() || rest.starts_with(' ')) || names.find(&map, name).is_some() {
            return None;
        }
        let key = Key {
            index: node(Value::Null).index,
            name: name.to_owned(),
        };
        let mut value = node(Value::Null);
        let written = rest.trim_matches(' ');
        let items = if written.is_empty() {
            items_below(&mut lines)
        } else {
            items_in_brackets(written)
        };
        value.value = match items {
            Some(items) => {
                let items = items.iter().map(|item| Some(node(scalar(item)?)));
                Value::List(items.collect::<Option<_>>()?)
            }
            None if written.is_empty() => Value::Null,
            None => scalar(written)?,
        };
        map.push((key, value));
    }
    let is_something = !map.is_empty();
    let root = Node {
        value: Value::Map(map),
        index: 0,
    };
    is_something.then_some(Read {
        root,
        count,
        twice: Vec::new(),
    })
}

/// Whether a character has no meaning of its own to libyaml, wherever it stands: no line end but
/// `\n`, no tab, nothing invisible.
fn is_ordinary(character: char) -> bool {
    match character {
        '\n' | ' '..='~' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        other => other >= '\u{a0}',
    }
}

/// Whether a line is more than blanks and a comment.
fn has_content(line: &str) -> bool {
    !matches!(line.trim_start_matches(' ').bytes().next(), None | Some(b'#'))
}

fn is_key(name: &str) -> bool {
    // libyaml gives up on a key of more than 1024 characters.
    name.len() <= 100
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// What stands behind the `- ` of the lines that follow, if there are such lines.
fn items_below<'t>(lines: &mut Peekable<impl Iterator<Item = &'t str>>) -> Option<Vec<&'t str>> {
    let (column, _) = item(lines.peek()?)?;
    let mut items = Vec::new();
    while let Some((_, written)) = lines
        .peek()
        .and_then(|line| item(line))
        .filter(|(own, _)| *own == column)
    {
        items.push(written);
        lines.next();
    }
    Some(items)
}

/// The column of an item on a line of its own, and what is written there.
fn item(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start_matches(' ');
    let written = rest.strip_prefix("- ")?;
    Some((line.len() - rest.len(), written.trim_matches(' ')))
}

/// The items of `[a, b]`, if this is such a list.
fn items_in_brackets(written: &str) -> Option<Vec<&str>> {
    let inside = written.strip_prefix('[')?.strip_suffix(']')?;
    if inside.contains(['[', ']', '{', '}', ':', '?']) {
        return None;
    }
    if inside.trim_matches(' ').is_empty() {
        return Some(Vec::new());
    }
    Some(inside.split(',').map(|item| item.trim_matches(' ')).collect())
}

/// A value on one line: in quotes, or without any sign that means something to YAML there.
fn scalar(written: &str) -> Option<Value> {
    if let Some(rest) = written.strip_prefix('"') {
        return in_quotes(rest.strip_suffix('"')?, "\\\"", "\"", &['"', '\\']);
    }
    if let Some(rest) = written.strip_prefix('\'') {
        return in_quotes(rest.strip_suffix('\'')?, "''", "'", &['\'']);
    }
    if written.contains(": ") || written.contains(" #") || written.ends_with(':') {
        return None;
    }
    let text = || Value::Text(written.to_owned());
    match written {
        "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ if written.starts_with(char::is_alphabetic) => Some(text()),
        // Of what begins with a digit, dates and short numbers.
        _ if is_date(written) => Some(text()),
        _ if matches!(written.as_bytes(), [b'1'..=b'9', ..]) && written.len() < 10 => {
            written.parse().ok().map(Value::Int)
        }
        _ => None,
    }
}

/// What stands between quotes, where at most the quote itself is written in another way and no other
/// of the signs that mean something there occurs.
fn in_quotes(inside: &str, written: &str, quote: &str, signs: &[char]) -> Option<Value> {
    if !inside.contains(signs) {
        return Some(Value::Text(inside.to_owned()));
    }
    let is_simple = inside.split(written).all(|piece| !piece.contains(signs));
    is_simple.then(|| Value::Text(inside.replace(written, quote)))
}

/// Whether a value begins like `2025-01-21`, as no number does.
fn is_date(written: &str) -> bool {
    matches!(
        written.as_bytes(),
        [
            b'0'..=b'9',
            b'0'..=b'9',
            b'0'..=b'9',
            b'0'..=b'9',
            b'-',
            b'0'..=b'9',
            b'0'..=b'9',
            b'-',
            ..
        ]
    )
}

#[cfg(test)]
mod tests {
    use super::super::values;
    use super::*;
    use proptest::prelude::*;

    /// Whether a text is read here; if it is, as serde_yaml reads it.
    fn is_simple(text: &str) -> bool {
        let Some(simple) = read(text) else {
            return false;
        };
        let Ok(other) = values::read_with_serde(text) else {
            panic!("serde_yaml does not read {text:?}");
        };
        assert_eq!(simple.root, other.root, "{text:?}");
        assert_eq!(simple.count, other.count, "{text:?}");
        assert!(other.twice.is_empty(), "{text:?}");
        true
    }

    #[test]
    fn what_articles_have_is_simple() {
        for text in [
            "title: \"Oracle: a #1\"\ndate: 2025-01-21\nauthors:\n  - \"Ann\"\n  - 'Bo'\n",
            "title: Über Öl & Gas, heute\n\n# Comment\nupdated: 2020-04-01T03:27:02Z\nimportance: 4\n",
            "topics: [AI, 'Chips', \"Law\"]\ncompanies: []\ndraft: true\nsummary:\nkind: brief",
            "a: 'it''s'\nb: \"a \\\"b\\\" c\"\nc: '\\'\nd: ''\ne: \"\"",
            "summary:\n- a\n- b c\npublish_date: 2025-01-21 09:30  \n",
        ] {
            assert!(is_simple(text), "{text:?}");
        }
    }

    #[test]
    fn what_takes_judgement_is_not() {
        for text in [
            "",
            "# a",
            "a",
            "- a",
            "a: b\n c",
            "a: b\na: c",
            "a: b: c",
            "a: b #c",
            "a: \"b\" c",
            "a: \"\\\"",
            "a: |\n  b",
            "a: &b c",
            "a: *b",
            "a: !b c",
            "a: ~",
            "a: 1.5",
            "a: 007",
            "a: -1",
            "a: {b: c}",
            "a: [b, [c]]",
            "a: [b",
            "a: [b,]",
            "a:b",
            "a:\tb",
            "a: b\r\n",
            "a: b\u{85}",
            "a: b\u{2028}",
            "---\na: b",
            "a:\n  b: c",
            "a:\n- b\n - c",
            "a: b\n- c",
            "a:\n  - b: c",
            "a:\n  - - b",
            "1: a",
            "? a",
            "a: [\"b, c\"]",
        ] {
            assert!(!is_simple(text), "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// Lines of which many are simple, and some almost.
        #[test]
        fn simple_texts_are_read_as_serde_yaml_reads_them(
            text in "(([a-c][a-c_1-]{0,2}|  |null|[a日]): {0,2}([\\[]?([\"']?(a|true|No|日 b|NULL|inf|1e3|2025-01-21|[0-9]{1,11}|[#:,?&*!|>%@`{}.~=<x -]|\\PC){0,4}[\"']?(, ?)?){0,3}\\]?)?[ \t]?\n( {0,2}- ?([\"']?(a|true|: | #|1|\\PC){0,3}[\"']?)\n){0,2}){1,4}"
        ) {
            is_simple(&text);
        }
    }
}
