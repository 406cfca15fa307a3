//! Quoting, and values that lose a part of themselves because they are not quoted.
//!
//! ` #` begins a comment and `!word` is a tag: YAML reads such a headline without complaint, but
//! shorter than it was written. Whether that matters is for the caller to say.

use super::{Document, Node, Value};
use crate::ground::span::Span;

/// The text as a YAML value in double quotes.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // What libyaml does not read as it is, or takes for the end of a line.
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(character)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A text as a YAML value: as it is where that is safe beyond doubt, else in quotes.
pub fn plain_or_quoted(text: &str) -> String {
    let is_word = |character: char| character.is_alphanumeric() || " .&'’()/+_-".contains(character);
    let is_plain = text.chars().all(is_word)
        && text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_lowercase().as_str());
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// Texts as a YAML list in one line.
pub fn flow_list(texts: &[String]) -> String {
    let values: Vec<String> = texts.iter().map(|text| plain_or_quoted(text)).collect();
    format!("[{}]", values.join(", "))
}

/// Whether a plain value is cut short by ` #`, which begins a comment: where the lost part stands
/// in the file, and the value in quotes with it.
pub fn cut_by_comment(document: &Document, node: &Node) -> Option<(Span, String)> {
    if !begins_a_word(document, '#') {
        return None;
    }
    let written = document.places().written(node.index).range_in(&document.text);
    let raw = &document.text[written.clone()];
    let plain =
        !raw.starts_with(['"', '\'', '|', '>']) && !matches!(node.value, Value::List(_) | Value::Map(_));
    let rest = document.text[written.end..].lines().next()?.trim_end();
    // A value that is nothing but a comment (`title: #1 in AI`) is cut, too.
    if !plain || !rest.trim_start().starts_with('#') || !(rest.starts_with([' ', '\t'])) {
        return None;
    }
    let lost = rest.trim_start();
    let end = written.end + rest.len();
    let whole = if raw.contains('\n') {
        format!("{} {lost}", raw.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        format!("{raw}{rest}")
    };
    Some((
        Span::new(end - lost.len(), end).shifted(document.offset),
        quoted(whole.trim_start()),
    ))
}

/// Whether a value lost its first word because that begins with `!` or `&`, which YAML takes for a
/// tag or an anchor: where the word stands in the file, and the value in quotes with it.
pub fn cut_by_mark(document: &Document, node: &Node) -> Option<(Span, String)> {
    if !begins_a_word(document, '!') && !begins_a_word(document, '&') {
        return None;
    }
    let written = document.places().written(node.index).range_in(&document.text);
    let line = document.text[..written.start]
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let before = document.text[line..written.start].trim_end();
    let start = before.rfind([' ', '\t']).map_or(0, |blank| blank + 1);
    if !before[start..].starts_with(['!', '&']) {
        return None;
    }
    let whole = document.text[line + start..written.end].trim_end();
    Some((
        Span::new(line + start, line + before.len()).shifted(document.offset),
        quoted(whole),
    ))
}

/// Whether a sign begins a word anywhere in the document. Hardly any has such a sign, and without
/// one nothing can be cut: the places of its values need not be worked out.
fn begins_a_word(document: &Document, sign: char) -> bool {
    let text = &document.text;
    text.match_indices(sign)
        .any(|(at, _)| at == 0 || text[..at].ends_with(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::diagnostic::Diagnostics;
    use crate::ground::path::SourcePath;
    use crate::reading::yaml::parse;

    type Cut = fn(&Document, &Node) -> Option<(Span, String)>;

    /// What is lost of the value of the first key, and what to write instead.
    fn check(cut: Cut, text: &str, expected: Option<(&str, &str)>) {
        let file = SourcePath::new("a.md").expect("a path inside");
        let document = parse(&file, text, 4, &mut Diagnostics::new()).expect("YAML");
        let (_, node) = &document.root().as_map().expect("a mapping")[0];
        let found = cut(&document, node);
        let found = found.as_ref().map(|(span, remedy)| {
            (
                &text[span.start as usize - 4..span.end as usize - 4],
                remedy.as_str(),
            )
        });
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn a_comment_cuts_a_plain_value() {
        check(
            cut_by_comment,
            "title: AI is #1\nx: y",
            Some(("#1", r#""AI is #1""#)),
        );
        check(
            cut_by_comment,
            "title: #1 in AI\r\nx: y\r\n",
            Some(("#1 in AI", r##""#1 in AI""##)),
        );
        check(
            cut_by_comment,
            "title: über  # a \"b\"  ",
            Some(("# a \"b\"", r#""über  # a \"b\"""#)),
        );
        check(
            cut_by_comment,
            "title: one\n  two # three\nx: y",
            Some(("# three", r#""one two # three""#)),
        );
        check(cut_by_comment, "title: 1984 # x", Some(("# x", r#""1984 # x""#)));
        check(cut_by_comment, "title: C# and F#", None);
        check(cut_by_comment, "title: \"AI is\" #1", None);
        check(cut_by_comment, "title: AI\n# a comment", None);
        check(cut_by_comment, "title: [a] # b", None);
        check(cut_by_comment, "title: | # b\n  a\n", None);
        check(cut_by_comment, "title:\nx: y # z", None);
    }

    #[test]
    fn a_mark_cuts_the_first_word() {
        check(
            cut_by_mark,
            "title: !Wow what a day",
            Some(("!Wow", r#""!Wow what a day""#)),
        );
        check(
            cut_by_mark,
            "title: &c and so on\nx: y",
            Some(("&c", r#""&c and so on""#)),
        );
        check(cut_by_mark, "title: Wow!", None);
        check(cut_by_mark, "title: \"!Wow\"", None);
    }

    #[test]
    fn sound_texts_never_pay_for_places() {
        let file = SourcePath::new("a.md").expect("a path inside");
        let text = "title: \"R&D: C# wins!\"\ntopics: [a]\n";
        let document = parse(&file, text, 4, &mut Diagnostics::new()).expect("YAML");
        let (_, node) = &document.root().as_map().expect("a mapping")[0];
        assert!(cut_by_comment(&document, node).is_none() && cut_by_mark(&document, node).is_none());
        assert!(document.places.get().is_none());
    }

    #[test]
    fn quoted_text_is_read_back() {
        for text in [
            "",
            "a: b # c",
            "\"\\",
            "a\nb\tc\r",
            "\u{0}\u{7f}\u{85}\u{2028}\u{feff}\u{ffff}",
            "日本 🚀",
            " a ",
            "'",
        ] {
            assert_eq!(
                serde_yaml::from_str::<String>(&quoted(text)).ok().as_deref(),
                Some(text),
                "{text:?}"
            );
        }
    }
}
