//! Texts that are not YAML: what to tell the person who wrote them.
//!
//! A known slip is named with its remedy; anything else gets a plain sentence in place of libyaml's,
//! which speaks of tokens and nodes.

use super::places;
use super::slips::{self, Slip};
use super::values::{Failure, TOO_DEEP, TOO_MUCH};
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::path::SourcePath;
use crate::ground::span::Span;

/// What serde_yaml says of a text with more than one document.
const SEVERAL: &str = "deserializing from YAML containing more than one document is not supported";

/// What libyaml says of a character that no YAML may hold.
const CONTROL: &str = "control characters are not allowed";

/// The diagnostic for a text that could not be read.
pub(super) fn explain(file: &SourcePath, text: &str, offset: usize, failure: &Failure) -> Diagnostic {
    let at = place(text, failure);
    let about_size =
        [TOO_DEEP, TOO_MUCH, "repetition limit exceeded", CONTROL].contains(&failure.problem.as_str());
    let slip = if about_size || text[at..].starts_with("---") {
        None
    } else {
        slips::find(text, at, failure)
    };
    let Slip { span, message, help } = slip.unwrap_or_else(|| in_plain_words(text, at, failure));
    let mut diagnostic = Diagnostic::new(Code::YamlSyntax, message).at(file, span.shifted(offset));
    diagnostic.help = help;
    diagnostic
}

/// Where a text fails, in bytes.
pub(super) fn place(text: &str, failure: &Failure) -> usize {
    let at = match failure.problem.as_str() {
        // serde_yaml says nothing of where.
        SEVERAL => places::second_document(text).map(|span| span.start as usize),
        CONTROL => text.find(is_forbidden),
        _ => failure.at,
    };
    text.floor_char_boundary(at.unwrap_or(0))
}

/// What libyaml does not allow anywhere, as YAML 1.2.2 lists it in section 5.1.
fn is_forbidden(character: char) -> bool {
    let fine = matches!(character, '\t' | '\n' | '\r' | '\u{85}');
    !fine && (character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}'))
}

/// One sentence for each thing that libyaml and serde_yaml complain about.
fn in_plain_words(text: &str, at: usize, failure: &Failure) -> Slip {
    let since = failure.since.map_or(at, |since| text.floor_char_boundary(since));
    let here = text[at..].chars().next().unwrap_or(' ');
    let (at, message, help): (usize, String, &str) = match failure.problem.as_str() {
        "could not find expected ':'" => (
            since,
            "this line has no colon".to_owned(),
            "write it as `key: value`; a line that goes on with the text above is indented",
        ),
        "found unexpected end of stream" | "found unexpected document indicator" => (
            since,
            "the quote that opens here is never closed".to_owned(),
            "put the same mark at the end of the text",
        ),
        "did not find expected ',' or ']'" => (
            since,
            "the list that begins here cannot be read".to_owned(),
            "put a comma between its items, `]` at its end, and items with a colon or a comma in quotes",
        ),
        "did not find expected ',' or '}'" => (
            since,
            "the group of keys that begins here cannot be read".to_owned(),
            "put a comma between its keys and `}` at its end",
        ),
        "did not find expected key" => (
            at,
            "this does not fit the lines above".to_owned(),
            "begin every key in the same column, and put a text that holds `:`, `#` or quotes into quotes",
        ),
        "did not find expected '-' indicator" => (
            at,
            "this line does not belong to the list above".to_owned(),
            "begin it with `- `, or indent it so that it belongs to the item above",
        ),
        "block sequence entries are not allowed in this context" => (
            at,
            "a list cannot begin here".to_owned(),
            "begin each item with `- ` on a line of its own",
        ),
        "mapping values are not allowed in this context" => (
            at,
            "this colon stands where there can be none".to_owned(),
            "put a text that holds a colon into quotes, and begin every key in the same column",
        ),
        "found a tab character that violates indentation"
        | "found a tab character where an indentation space is expected" => (
            at,
            "a tab is used for indentation".to_owned(),
            "indent with spaces",
        ),
        "found character that cannot start any token" if here == '\t' => (
            at,
            "a tab stands where only spaces can".to_owned(),
            "put spaces in its place",
        ),
        "found character that cannot start any token" | "mapping keys are not allowed in this context" => (
            at,
            format!("a value cannot begin with `{here}` unless it is in quotes").replace("```", "a backtick"),
            "put the value in quotes",
        ),
        "did not find expected node content" => (
            at,
            "a value is missing here".to_owned(),
            "write a value, or put what stands here in quotes",
        ),
        "did not find expected alphabetic or numeric character" | "unknown anchor" => {
            let mark = text[since..].chars().next().unwrap_or('*');
            let message = format!("a value cannot begin with `{mark}` unless it is in quotes");
            (since, message, "put the value in quotes")
        }
        "did not find expected comment or line break" => (
            since,
            "behind `|` or `>` the line must end".to_owned(),
            "put the value in quotes, or begin the text on the next line",
        ),
        problem
            if problem.contains("escape")
                || problem.contains("hexadecimal")
                || problem.contains("surrogate") =>
        {
            (
                at,
                "a `\\` in double quotes changes the meaning of the next character".to_owned(),
                "write the `\\` twice, or use single quotes",
            )
        }
        CONTROL => (
            at,
            format!("an invisible character (U+{:04X}) stands here", u32::from(here)),
            "delete it",
        ),
        SEVERAL => (
            at,
            "a second document begins here".to_owned(),
            "keep one: `---` divides documents, and this file holds one",
        ),
        TOO_DEEP => (
            at,
            "values are nested too deeply".to_owned(),
            "use fewer levels, 128 at most",
        ),
        TOO_MUCH | "repetition limit exceeded" => (
            at,
            "aliases (`*name`) repeat too much".to_owned(),
            "write the values out where they are needed",
        ),
        problem if problem.contains("expected a key") => (
            at,
            "a key must be a word, not a list or a group of keys".to_owned(),
            "put it in quotes if the brackets belong to its name",
        ),
        problem if problem.contains("invalid value") => (
            at,
            "this value does not fit the word with `!!` in front of it".to_owned(),
            "delete the word that begins with `!!`",
        ),
        problem if problem.contains("directive") || problem.contains("version number") => (
            since,
            "a line cannot begin with `%`".to_owned(),
            "put the text in quotes, or delete the line",
        ),
        problem if problem.contains("tag") || problem.contains("'!'") || problem.contains("whitespace") => (
            since,
            "a value cannot begin with `!` unless it is in quotes".to_owned(),
            "put the value in quotes",
        ),
        problem => (
            at,
            format!("this cannot be read as YAML: {problem}"),
            "put the text in quotes",
        ),
    };
    Slip {
        span: caret(text, at),
        message,
        help: vec![help.to_owned()],
    }
}

/// The character at a place; behind the end of the text, the end of its last line.
fn caret(text: &str, at: usize) -> Span {
    let at = text.floor_char_boundary(at);
    match text[at..].chars().next() {
        Some(character) if !character.is_whitespace() => Span::new(at, at + character.len_utf8()),
        Some(_) if !text[at..].trim().is_empty() => Span::new(at, at),
        _ => Span::new(text[..at].trim_end().len(), text[..at].trim_end().len()),
    }
}
