//! Slips: what people who write YAML by hand get wrong, recognised by the line it stands in, with
//! the line to write instead.

use super::scan::ScanError;
use super::{Document, Node};
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::path::SourcePath;
use crate::ground::span::Span;

/// A text as a double-quoted YAML value.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a plain value is followed by ` #…` on its line, which YAML takes for a comment: the
/// place of what is lost, and the whole value in quotes.
pub fn cut_by_comment(document: &Document, node: &Node) -> Option<(Span, String)> {
    let text = node.as_text()?;
    // Without a `#` in the whole text there is nothing to look for, and no place is computed.
    if !document.text.contains(" #") && !document.text.contains("\t#") {
        return None;
    }
    let span = document.places().get(node.id())?;
    let range = span.range_in(&document.text);
    if document.text[range.clone()].starts_with(['"', '\'', '|', '>']) {
        return None;
    }
    let rest = document.text[range.end..].lines().next().unwrap_or_default();
    let lost = rest.trim_start();
    // "# note" behind a value is a comment; "#1" or "#MeToo" belongs to a headline.
    if !lost.starts_with('#') || lost.len() == rest.len() || lost[1..].starts_with([' ', '#', '!']) {
        return None;
    }
    let start = range.end + rest.len() - lost.len();
    let whole = format!("{text}{}", rest.trim_end());
    Some((
        Span::new(start, start + lost.trim_end().len()).shifted(document.offset),
        quoted(&whole),
    ))
}

/// The diagnostic for a text that could not be read: the slip if it is a common one, else the
/// parser's complaint in plain words.
pub(super) fn explain(file: &SourcePath, text: &str, offset: usize, error: &ScanError) -> Diagnostic {
    let at = error.at.unwrap_or(0).min(text.len());
    if let Some(slip) = near(text, at) {
        return Diagnostic::new(Code::YamlSyntax, slip.message)
            .at(file, slip.span.shifted(offset))
            .help(slip.help);
    }
    let line = line_at(text, at);
    let start = at.clamp(line.start, line.start + line.text.trim_end().len());
    let (message, help) = plain_words(&error.message);
    Diagnostic::new(Code::YamlSyntax, message)
        .at(file, Span::new(start, start + 1).shifted(offset))
        .help(help)
}

struct Slip {
    span: Span,
    message: String,
    help: String,
}

struct Line<'t> {
    text: &'t str,
    start: usize,
}

/// The line of an offset; at the end of the text the last line that holds something.
fn line_at(text: &str, at: usize) -> Line<'_> {
    let at = text.floor_char_boundary(at.min(text.trim_end().len()));
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    Line {
        text: text[start..end].trim_end_matches('\r'),
        start,
    }
}

/// Looks for a slip in the line of an error and in those before it: a parser often notices one
/// line too late, and an open quotation mark much later.
fn near(text: &str, at: usize) -> Option<Slip> {
    let failing = line_at(text, at);
    let mut start = failing.start;
    if let Some(slip) = in_line(&failing) {
        return Some(slip);
    }
    for _ in 0..3 {
        let before = line_at(text, start.checked_sub(1)?);
        if let Some(slip) = in_line(&before) {
            return Some(slip);
        }
        start = before.start;
    }
    // An open quotation mark swallows everything behind it.
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let own = Line {
            text: line.trim_end_matches(['\r', '\n']),
            start: offset,
        };
        if own.start > failing.start {
            break;
        }
        if let Some(slip) = open_quote(&own) {
            return Some(slip);
        }
        offset += line.len();
    }
    None
}

fn in_line(line: &Line<'_>) -> Option<Slip> {
    tab_indent(line)
        .or_else(|| missing_space(line))
        .or_else(|| open_quote(line))
        .or_else(|| special_start(line))
        .or_else(|| colon_in_value(line))
}

/// The key and the value of a line, and where the value starts in the text.
fn key_and_value<'t>(line: &Line<'t>) -> Option<(&'t str, &'t str, usize)> {
    let indent = line.text.len() - line.text.trim_start_matches([' ', '-']).len();
    let body = &line.text[indent..];
    let (at, divider) = match body.find(": ") {
        Some(at) => (at, 2),
        // A list item has no key: the whole is its value.
        None if line.text.trim_start().starts_with("- ") => {
            return Some(("", body.trim_end(), line.start + indent));
        }
        None => return None,
    };
    let key = &body[..at];
    if key.is_empty() || key.contains(['"', '\'', '[', '{', '#']) {
        return None;
    }
    let rest = &body[at + divider..];
    let value = rest.trim_start();
    let start = line.start + indent + at + divider + rest.len() - value.len();
    Some((key, value.trim_end(), start))
}

fn remedy(key: &str, value: &str) -> String {
    let value = value.trim_matches(['“', '”', '„']);
    let value = if value.len() >= 2 && value.starts_with('"') && value.ends_with('"') {
        value[1..value.len() - 1].replace("\\\"", "\"")
    } else {
        value.to_owned()
    };
    let line = if key.is_empty() {
        format!("- {}", quoted(&value))
    } else {
        format!("{key}: {}", quoted(&value))
    };
    format!("write it in quotes: {line}")
}

fn colon_in_value(line: &Line<'_>) -> Option<Slip> {
    let (key, value, start) = key_and_value(line)?;
    if value.starts_with(['"', '\'', '[', '{', '|', '>', '&', '*', '!'])
        || (key.is_empty() && !value.contains(": "))
    {
        return None;
    }
    let colon = value
        .find(": ")
        .or_else(|| value.ends_with(':').then(|| value.len() - 1))?;
    if key.is_empty() && value.matches(": ").count() < 2 {
        return None;
    }
    Some(Slip {
        span: Span::new(start + colon, start + colon + 1),
        message: "a value with `: ` in it must stand in quotes".to_owned(),
        help: remedy(key, value),
    })
}

fn special_start(line: &Line<'_>) -> Option<Slip> {
    let (key, value, start) = key_and_value(line)?;
    let first = value.chars().next()?;
    let is_trouble = match first {
        '@' | '`' | '%' | '*' | '&' | '!' => true,
        '[' => !value.ends_with(']'),
        '{' => !value.ends_with('}'),
        '|' | '>' => !value[1..]
            .trim_start_matches(['+', '-', '1', '2', '4', '8'])
            .trim()
            .is_empty(),
        '"' | '\'' => closes_early(value, first),
        '?' | '-' => value[1..].starts_with(' ') && !key.is_empty(),
        _ => false,
    };
    is_trouble.then(|| Slip {
        span: Span::new(start, start + first.len_utf8()),
        message: match first {
            '"' | '\'' => format!("the quotation mark `{first}` closes before the end of the value"),
            _ => format!("a value that starts with `{first}` must stand in quotes"),
        },
        help: remedy(key, value),
    })
}

/// Whether a quoted value ends and is followed by more: `"Yes" said Oracle`.
fn closes_early(value: &str, quote: char) -> bool {
    let mut escaped = false;
    let inner = &value[1..];
    for (at, character) in inner.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' && quote == '"' {
            escaped = true;
        } else if character == quote {
            if quote == '\'' && inner[at + 1..].starts_with('\'') {
                escaped = true;
                continue;
            }
            let rest = inner[at + 1..].trim_start();
            return !(rest.is_empty() || rest.starts_with('#'));
        }
    }
    false
}

fn open_quote(line: &Line<'_>) -> Option<Slip> {
    let (key, value, start) = key_and_value(line)?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = &value[1..];
    let closed = match quote {
        '"' => inner.replace("\\\\", "").replace("\\\"", "").contains('"'),
        _ => inner.replace("''", "").contains('\''),
    };
    (!closed).then(|| Slip {
        span: Span::new(start, start + 1),
        message: format!("the quotation mark `{quote}` is never closed"),
        help: remedy(key, inner),
    })
}

fn missing_space(line: &Line<'_>) -> Option<Slip> {
    let body = line.text.trim_start();
    if body.starts_with(['#', '"', '\'', '-', '[', '{']) || body.contains(": ") || body.ends_with(':') {
        return None;
    }
    let colon = body.find(':')?;
    let (key, value) = (&body[..colon], &body[colon + 1..]);
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if !is_key || value.starts_with("//") {
        return None;
    }
    let start = line.start + line.text.len() - body.len() + colon;
    Some(Slip {
        span: Span::new(start, start + 1),
        message: format!("there is no space behind the colon of `{key}`"),
        help: format!("write: {key}: {}", value.trim()),
    })
}

fn tab_indent(line: &Line<'_>) -> Option<Slip> {
    let indent = &line.text[..line.text.len() - line.text.trim_start().len()];
    let tab = indent.find('\t')?;
    Some(Slip {
        span: Span::new(line.start + tab, line.start + tab + 1),
        message: "YAML does not allow tabs in front of a line".to_owned(),
        help: "use spaces instead, two for each level".to_owned(),
    })
}

/// The parser's complaint in words that say what to do.
fn plain_words(message: &str) -> (String, String) {
    let says = |part: &str| message.contains(part);
    let (message, help) = if says("recursion limit") || says("repetition limit") {
        (
            "this is nested or repeated too deeply",
            "keep lists and groups of keys shallow, and anchors few",
        )
    } else if says("more than one document") {
        (
            "a second `---` starts another document",
            "keep one block of keys, or write a line of `***` in the text",
        )
    } else if says("did not find expected key") || says("expected ':'") || says("could not find") {
        (
            "there should be a key with a colon here",
            "write `key: value`, with the same number of spaces in front of keys that belong together",
        )
    } else if says("did not find expected '-'") {
        (
            "there should be another item of the list here",
            "start each item with `- `, all with the same number of spaces in front",
        )
    } else if says("did not find expected ',' or") {
        (
            "the list or the group in brackets is not closed",
            "divide its items with commas and close it with `]` or `}`",
        )
    } else if says("mapping values are not allowed") {
        (
            "a second colon stands where the value should go on",
            "put the value in quotes if the colon belongs to it",
        )
    } else if says("unexpected end of stream") || says("end of stream") {
        (
            "the text ends in the middle of a value",
            "a quotation mark or a bracket may be missing",
        )
    } else if says("unknown anchor") {
        (
            "a value that starts with `*` refers to an anchor that does not exist",
            "put the value in quotes",
        )
    } else if says("unknown escape") {
        (
            "a backslash in double quotes starts something unknown",
            "write two backslashes, or use single quotes",
        )
    } else if says("control characters are not allowed") {
        (
            "there is an invisible control character here",
            "delete it and type the line again",
        )
    } else if says("cannot start any token") {
        (
            "a value cannot start with this character",
            "put the value in quotes",
        )
    } else {
        let words = message.split(" at line ").next().unwrap_or(message);
        return (
            format!("this YAML cannot be read: {words}"),
            "check the quotes, the colons and the spaces in front of the line".to_owned(),
        );
    };
    (message.to_owned(), help.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::diagnostic::Diagnostics;
    use crate::ground::span::position;
    use crate::reading::yaml;

    /// Line, column, message and help of the first problem of a text.
    fn check(text: &str, line: usize, column: usize, message: &str, help: &str) {
        let file = SourcePath::new("x.md").expect("a path");
        let mut found = Diagnostics::new();
        assert!(
            yaml::parse(&file, text, 0, &mut found).is_none(),
            "{text:?} is read"
        );
        let problem = found.iter().next().expect("a problem");
        let span = problem.labels[0].span.expect("a place");
        let place = position(text, span.start);
        let shown = (
            place.line,
            place.column,
            problem.message.as_str(),
            problem.help[0].as_str(),
        );
        assert_eq!(shown, (line, column, message, help), "{text:?}");
    }

    #[test]
    fn common_slips_are_named_where_they_stand() {
        let colon = "a value with `: ` in it must stand in quotes";
        check(
            "title: Oracle: a new cloud\n",
            1,
            14,
            colon,
            "write it in quotes: title: \"Oracle: a new cloud\"",
        );
        check(
            "a: 1\ntitle: Oracle: a cloud\nb: 2\n",
            2,
            14,
            colon,
            "write it in quotes: title: \"Oracle: a cloud\"",
        );
        check(
            "title: He said: \"no\"\r\nb: 1\r\n",
            1,
            15,
            colon,
            "write it in quotes: title: \"He said: \\\"no\\\"\"",
        );
        let start = |sign: char| format!("a value that starts with `{sign}` must stand in quotes");
        check(
            "title: @OpenAI grows\n",
            1,
            8,
            &start('@'),
            "write it in quotes: title: \"@OpenAI grows\"",
        );
        check(
            "title: *Breaking* news\n",
            1,
            8,
            &start('*'),
            "write it in quotes: title: \"*Breaking* news\"",
        );
        check(
            "title: [Update] Oracle\nb: 1\n",
            1,
            8,
            &start('['),
            "write it in quotes: title: \"[Update] Oracle\"",
        );
        check(
            "title: {x} y\nb: 1\n",
            1,
            8,
            &start('{'),
            "write it in quotes: title: \"{x} y\"",
        );
        check(
            "title: `x` is out\n",
            1,
            8,
            &start('`'),
            "write it in quotes: title: \"`x` is out\"",
        );
        check(
            "title: %5 more\n",
            1,
            8,
            &start('%'),
            "write it in quotes: title: \"%5 more\"",
        );
        check(
            "title: > 5 more\nb: 1\n",
            1,
            8,
            &start('>'),
            "write it in quotes: title: \"> 5 more\"",
        );
        check(
            "topics:\n  - @x\n",
            2,
            5,
            &start('@'),
            "write it in quotes: - \"@x\"",
        );
        check(
            "title: \"Yes\" said Oracle\nb: 1\n",
            1,
            8,
            "the quotation mark `\"` closes before the end of the value",
            "write it in quotes: title: \"\\\"Yes\\\" said Oracle\"",
        );
        check(
            "title: 'Tis late' he said\nb: 1\n",
            1,
            8,
            "the quotation mark `'` closes before the end of the value",
            "write it in quotes: title: \"'Tis late' he said\"",
        );
        check(
            "title: \"Oracle\ndate: 2025-01-21\nb: 1\n",
            1,
            8,
            "the quotation mark `\"` is never closed",
            "write it in quotes: title: \"Oracle\"",
        );
        check(
            "a:\n\tb: 1\n",
            2,
            1,
            "YAML does not allow tabs in front of a line",
            "use spaces instead, two for each level",
        );
        check(
            "title:Oracle\ndate: 2025-01-21\n",
            1,
            6,
            "there is no space behind the colon of `title`",
            "write: title: Oracle",
        );
    }

    #[test]
    fn what_is_no_slip_is_said_in_plain_words() {
        let list = "the list or the group in brackets is not closed";
        let commas = "divide its items with commas and close it with `]` or `}`";
        check(
            "a: [x y\n  z]]\nb: 1\n",
            1,
            4,
            "a value that starts with `[` must stand in quotes",
            "write it in quotes: a: \"[x y\"",
        );
        check("a:\n  [x, y\n\n\n\n\nb: 1\n", 7, 2, list, commas);
    }

    #[test]
    fn a_comment_that_cuts_a_headline_is_found() {
        let file = SourcePath::new("x.md").expect("a path");
        let cut = |text: &str| {
            let document = yaml::parse(&file, text, 0, &mut Diagnostics::new()).expect("readable");
            let node = &document.root().as_map().expect("keys")[0].1;
            cut_by_comment(&document, node).map(|(span, quoted)| (span.start, quoted))
        };
        assert_eq!(
            cut("title: Oracle is #1\n"),
            Some((17, "\"Oracle is #1\"".to_owned()))
        );
        assert_eq!(cut("title: Oracle # checked\n"), None);
        assert_eq!(cut("title: \"Oracle is #1\"\n"), None);
        assert_eq!(cut("title: C# rises\n"), None);
        assert_eq!(cut("title: Oracle\nx: y #1\n"), None);
    }
}
