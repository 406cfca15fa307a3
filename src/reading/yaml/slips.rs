//! Common slips of people who write YAML by hand, and the line they should write instead.
//!
//! A remedy is offered only if it helps: the text is read again with the line replaced, and the
//! problem must be gone or the next one further down. So a guess that is wrong is never shown.

use std::iter::successors;

use super::line::Line;
use super::quoting::quoted;
use super::values::{self, Failure};
use crate::ground::span::Span;

/// A slip that explains why a text could not be read.
pub(super) struct Slip {
    /// The exact spot, in bytes of the text.
    pub span: Span,
    /// What is wrong with it.
    pub message: String,
    /// What to write instead.
    pub help: Vec<String>,
}

/// The slip behind a failure, if it is one of those known.
pub(super) fn find(text: &str, at: usize, failure: &Failure) -> Option<Slip> {
    let failing = Some(Line::at(text, at))
        .filter(|line| !line.is_blank())
        .or_else(|| Line::at(text, at).before(text))?;
    let since = failure.since.map(|since| Line::at(text, since));
    let attempt = Attempt {
        text,
        at,
        to_the_end: failure.problem == "found unexpected end of stream",
    };
    if let Some(slip) = tab(&failing).or_else(|| merge(text)) {
        return Some(slip);
    }
    let mut lines = vec![failing];
    // A key without its colon is noticed on the next line, a quote without its end anywhere below.
    if failure.problem == "could not find expected ':'" || attempt.to_the_end {
        lines.splice(0..0, since);
    } else {
        lines.extend(since);
    }
    lines.extend(failing.before(text));
    if let Some(slip) = lines.iter().find_map(|line| slip_of(&attempt, line)) {
        return Some(slip);
    }
    // Further up only a quote is looked for, and not for ever: each guess reads the text again.
    let above = successors(failing.before(text), |line| line.before(text));
    above.take(50).find_map(|line| unclosed_quote(&attempt, &line))
}

/// A text that failed, and where.
struct Attempt<'t> {
    text: &'t str,
    at: usize,
    /// Whether everything up to the end was swallowed, so that the failure says nothing of where.
    to_the_end: bool,
}

impl Attempt<'_> {
    /// Whether the text can be read further with this line in place of that one.
    fn helped_by(&self, line: &Line<'_>, instead: &str) -> bool {
        let text = line.replaced_in(self.text, instead);
        let Err(failure) = values::read(&text) else {
            return true;
        };
        let at = super::syntax::place(&text, &failure);
        at > line.start + instead.len() && (self.to_the_end || text.len() - at < self.text.len() - self.at)
    }

    /// The slip, if the remedy helps.
    fn slip(
        &self,
        line: &Line<'_>,
        from: usize,
        to: usize,
        message: &str,
        how: &str,
        instead: &str,
    ) -> Option<Slip> {
        self.helped_by(line, instead).then(|| Slip {
            span: Span::new(line.start + from, line.start + to),
            message: message.to_owned(),
            help: vec![format!("{how}: `{}`", instead.trim_start())],
        })
    }
}

const IN_QUOTES: &str = "write it in quotes";

fn slip_of(attempt: &Attempt<'_>, line: &Line<'_>) -> Option<Slip> {
    missing_space(attempt, line)
        .or_else(|| missing_colon(attempt, line))
        .or_else(|| invisible_break(attempt, line))
        .or_else(|| curly_quotes(attempt, line))
        .or_else(|| unclosed_quote(attempt, line))
        .or_else(|| behind_quote(attempt, line))
        .or_else(|| bracket(attempt, line))
        .or_else(|| first_character(attempt, line))
        .or_else(|| indentation(attempt, line))
        .or_else(|| colon(attempt, line))
}

/// Indentation by a tab. The remedy is not tried: the tab is wrong whatever else may be.
fn tab(line: &Line<'_>) -> Option<Slip> {
    let indent = line.indent();
    let from = indent.find('\t')?;
    let to = from + indent[from..].len() - indent[from..].trim_start_matches('\t').len();
    let instead = format!("{}{}", indent.replace('\t', "  "), line.text.trim_start());
    Some(Slip {
        span: Span::new(line.start + from, line.start + to),
        message: "a tab is used for indentation".to_owned(),
        help: vec![format!("indent with spaces: `{instead}`")],
    })
}

/// What git leaves behind where two versions do not fit.
fn merge(text: &str) -> Option<Slip> {
    let start = if text.starts_with("<<<<<<< ") {
        0
    } else {
        text.find("\n<<<<<<< ")? + 1
    };
    let help = "keep one version and delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`";
    Some(Slip {
        span: Span::new(start, start + Line::at(text, start).text.len()),
        message: "two versions of this file are not merged yet".to_owned(),
        help: vec![help.to_owned()],
    })
}

/// `title:Foo`, and `-Foo` in a list
fn missing_space(attempt: &Attempt<'_>, line: &Line<'_>) -> Option<Slip> {
    let body = &line.text[line.body..];
    if let Some(item) = body
        .strip_prefix('-')
        .filter(|item| !item.starts_with(['-', ' ']))
    {
        let instead = format!("{}- {item}", &line.text[..line.body]);
        let message = "a space is missing behind the `-`";
        return attempt.slip(line, line.body, line.body + 1, message, "write", &instead);
    }
    let key = word(body);
    let rest = body[key.len()..].strip_prefix(':')?;
    let at = line.body + key.len();
    if key.is_empty() || line.colon == Some(at) || rest.starts_with("//") {
        return None;
    }
    let instead = format!("{}: {rest}", &line.text[..at]);
    attempt.slip(
        line,
        at,
        at + 1,
        "a space is missing behind the colon",
        "write",
        &instead,
    )
}

/// `title Foo`
fn missing_colon(attempt: &Attempt<'_>, line: &Line<'_>) -> Option<Slip> {
    let body = &line.text[line.body..];
    let key = word(body);
    let rest = body[key.len()..].strip_prefix(' ')?;
    // A capital begins a sentence, not a key.
    if line.colon.is_some() || !key.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let at = line.body + key.len();
    let instead = format!("{}: {rest}", &line.text[..at]);
    attempt.slip(
        line,
        at,
        at,
        "a colon is missing behind the key",
        "write",
        &instead,
    )
}

/// The word that a line begins with.
fn word(body: &str) -> &str {
    let end = body
        .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
        .unwrap_or(body.len());
    &body[..end]
}

/// A line separator pasted in with the text; libyaml takes it for the end of the line.
fn invisible_break(attempt: &Attempt<'_>, line: &Line<'_>) -> Option<Slip> {
    let (at, character) = line
        .text
        .char_indices()
        .find(|(_, c)| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\r'))?;
    let message = format!(
        "an invisible line break (U+{:04X}) stands here",
        u32::from(character)
    );
    let instead = line.text.replace(character, " ");
    attempt.slip(
        line,
        at,
        at + character.len_utf8(),
        &message,
        "put a space in its place",
        &instead,
    )
}

/// `“Oracle: new”`
fn curly_quotes(attempt: &Attempt<'_>, line: &Line<'_>) -> Option<Slip> {
    let inner = line.value().strip_prefix(['“', '”', '„', '‘', '’', '«'])?;
    let inner = inner.strip_suffix(['“', '”', '‘', '’', '»'])?;
    let to = line.value + line.value().len()
        - inner.len()
        - line.value().chars().next_back().map_or(0, char::len_utf8);
    let instead = line.with_value(&quoted(inner));
    attempt.slip(
        line,
        line.value,
        to,
        "curly quotes are not quotes to YAML",
        "use straight ones",
        &instead,
    )
}

/// Where the quote that opens a value closes, behind the closing mark.
fn closing(value: &str) -> Option<usize> {
    let quote = value.chars().next()?;
    let mut rest = value.char_indices().skip(1).peekable();
    while let Some((at, character)) = rest.next() {
        if character == '\\' && quote == '"' {
            rest.next();
        } else if character == quote {
            let doubled = quote == '\'' && rest.next_if(|(_, next)| *next == quote).is_some();
            if !doubled {
                return Some(at + 1);
            }
        }
    }
    None
}

/// `"Foo` or `'Tis the season`
fn unclosed_quote(attempt: &Attempt<'_>, line: &Line<'_>) -> Option<Slip> {
    let value = line.value();
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    if closing(value).is_some() {
        return None;
    }
    let closed = line.with_value(&format!("{value}{quote}"));
    let message = "the quote that opens here is never closed";
    let mut slip = attempt.slip(line, line.value, line.value + 1, message, "close it", &closed)?;
    if quote == '\'' {
        let whole = line.with_value(&quoted(value));
        slip.help.push(format!(
            "or, if it is an apostrophe, {IN_QUOTES}: `{}`",
            whole.trim_start()
        ));
    }
    Some(slip)
}

/// `"Big" deal`, and `"C:\dir"`
fn behind_quote(attempt: &Attempt<'_>, line: &Line<'_>) -> Option<Slip> {
    let value = line.value();
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let end = closing(value)?;
    if end < value.len() {
        let rest = line.value + end + value[end..].len() - value[end..].trim_start().len();
        // Of `'Don't do it'` the outer quotes are meant as quotes, for the others make pairs.
        let around = quote == '\'' && value.ends_with(quote) && value.matches(quote).count() % 2 == 1;
        let instead = line.with_value(&quoted(if around { &value[1..value.len() - 1] } else { value }));
        let message = "text stands behind the closing quote";
        return attempt.slip(
            line,
            rest,
            line.text.len(),
            message,
            "put all of it in quotes",
            &instead,
        );
    }
    let backslash = line.value + value.find('\\').filter(|_| quote == '"')?;
    let instead = line.with_value(&quoted(&value[1..end - 1]));
    let message = "a `\\` in double quotes changes the meaning of the next character";
    attempt.slip(
        line,
        backslash,
        backslash + 1,
        message,
        "write it twice",
        &instead,
    )
}

/// `[Breaking] News` or `[a, b`
fn bracket(attempt: &Attempt<'_>, line: &Line<'_>) -> Option<Slip> {
    if !line.has_value() {
        return None;
    }
    let value = line.value();
    let (close, what) = match value.chars().next()? {
        '[' => (']', "a list"),
        '{' => ('}', "a group of keys"),
        _ => return None,
    };
    let at = line.value;
    if !value.contains(close) {
        let closed = line.with_value(&format!("{}{close}", value.trim_end_matches(',')));
        let message = "the bracket that opens here is never closed";
        return attempt.slip(line, at, at + 1, message, "close it", &closed);
    }
    if value.ends_with(close) {
        return None;
    }
    let message = format!("a value that begins with `{}` is read as {what}", &value[..1]);
    attempt.slip(
        line,
        at,
        at + 1,
        &message,
        IN_QUOTES,
        &line.with_value(&quoted(value)),
    )
}

/// `@OpenAI launches`
fn first_character(attempt: &Attempt<'_>, line: &Line<'_>) -> Option<Slip> {
    let value = line.value();
    let first = value
        .chars()
        .next()
        .filter(|first| line.has_value() && "@*&!%|>`-?,]}".contains(*first))?;
    let message = format!("a value cannot begin with `{first}` unless it is in quotes");
    let message = if first == '`' {
        "a value cannot begin with a backtick unless it is in quotes"
    } else {
        &message
    };
    attempt.slip(
        line,
        line.value,
        line.value + 1,
        message,
        IN_QUOTES,
        &line.with_value(&quoted(value)),
    )
}

/// A line that begins in another column than the one above it.
fn indentation(attempt: &Attempt<'_>, line: &Line<'_>) -> Option<Slip> {
    let above = line.before(attempt.text)?;
    let (here, there) = (line.indent(), above.indent());
    if here == there {
        return None;
    }
    let instead = format!("{there}{}", &line.text[here.len()..]);
    let end = line.text.len();
    let message = "this line begins in another column than the one above";
    let mut slip = attempt.slip(line, here.len(), end, message, "", &instead)?;
    let spaces = match there.len() {
        0 => "without spaces in front".to_owned(),
        1 => "with one space in front".to_owned(),
        many => format!("with {many} spaces in front"),
    };
    slip.help = vec![format!("begin it {spaces}, like the one above")];
    Some(slip)
}

/// `Oracle: a new cloud`
fn colon(attempt: &Attempt<'_>, line: &Line<'_>) -> Option<Slip> {
    line.colon?;
    let value = line.value();
    let at = line.value
        + value
            .find(": ")
            .or_else(|| value.ends_with(':').then(|| value.len() - 1))?;
    let message = "a colon with a space behind it cannot stand in a value without quotes";
    attempt.slip(
        line,
        at,
        at + 1,
        message,
        IN_QUOTES,
        &line.with_value(&quoted(value)),
    )
}

#[cfg(test)]
mod tests;
