//! Tera's errors as diagnostics.

use std::collections::BTreeMap;

use tera::ErrorKind;

use super::shown_path;
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::span::Span;

/// The diagnostic of an error with a place.
pub fn diagnose(failure: &tera::Error, texts: &BTreeMap<String, String>) -> Diagnostic {
    match failure.kind() {
        ErrorKind::SyntaxError(report) => placed(
            Code::TemplateSyntax,
            report.message(),
            report.filename(),
            report.span(),
            texts,
        )
        .help("see docs/TEMPLATES.md for what templates may contain"),
        ErrorKind::RenderingError(report) => {
            let (message, help) = split_message(report.message());
            let diagnostic = placed(
                Code::TemplateRender,
                &message,
                report.filename(),
                report.span(),
                texts,
            );
            diagnostic
                .help(help.unwrap_or_else(|| "see docs/TEMPLATES.md for what each page knows".to_owned()))
        }
        ErrorKind::MissingParent { current, parent } => missing_parent(current, parent, texts),
        other => Diagnostic::new(Code::TemplateReference, lower_first(&other.to_string()))
            .help("see docs/TEMPLATES.md for the names of the built-in templates"),
    }
}

/// The diagnostic of `{% extends %}` with the name of a template that does not exist. The error has
/// no place, so the name is looked for.
fn missing_parent(current: &str, parent: &str, texts: &BTreeMap<String, String>) -> Diagnostic {
    let text = texts.get(current).map_or("", String::as_str);
    let at = text.find(parent).unwrap_or(0);
    Diagnostic::new(
        Code::TemplateReference,
        format!("there is no template `{parent}`"),
    )
    .at(&shown_path(current), Span::new(at, at + parent.len()))
    .help("a built-in template is extended by its name behind `builtin/`, such as `builtin/article.html`")
}

/// The diagnostics of references to what does not exist. They arrive as one text in which each is
/// printed already, so that text is taken apart: this function knows its form, and a test pins it.
pub fn diagnose_references(failure: &tera::Error, texts: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let text = failure.to_string();
    let mut found = Vec::new();
    for report in text
        .split("\n\n")
        .filter_map(|report| report.strip_prefix("error: "))
    {
        let mut lines = report.lines();
        let message = lines.next().unwrap_or_default();
        let place = lines
            .next()
            .and_then(|line| line.trim_start().strip_prefix("--> "));
        let underline = lines.nth(2).map_or(1, |line| line.matches('^').count());
        let Some((name, line, column)) = place.and_then(split_place) else {
            continue;
        };
        let start = offset(
            texts.get(name).map_or("", String::as_str),
            line,
            column.saturating_sub(1),
        );
        found.push(
            Diagnostic::new(Code::TemplateReference, lower_first(message))
                .at(&shown_path(name), Span::new(start, start + underline))
                .help("docs/TEMPLATES.md lists every function, filter and component"),
        );
    }
    if found.is_empty() {
        found.push(diagnose(failure, texts));
    }
    found
}

/// `site/index.html:3:7` in its parts.
fn split_place(place: &str) -> Option<(&str, usize, usize)> {
    let (rest, column) = place.rsplit_once(':')?;
    let (name, line) = rest.rsplit_once(':')?;
    Some((name, line.parse().ok()?, column.parse().ok()?))
}

fn placed(
    code: Code,
    message: &str,
    name: &str,
    span: &tera::Span,
    texts: &BTreeMap<String, String>,
) -> Diagnostic {
    let text = texts.get(name).map_or("", String::as_str);
    let start = offset(text, span.start_line, span.start_col);
    let end = offset(text, span.end_line, span.end_col)
        .max(start + 1)
        .min(text.len());
    Diagnostic::new(code, lower_first(message)).at(&shown_path(name), Span::new(start, end))
}

/// The byte of a line, from 1, and a column in characters, from 0.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = &text[start.min(text.len())..];
    start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
}

/// "Variable `x` is not defined. Available variables: a, b" as a message and a remedy.
fn split_message(message: &str) -> (String, Option<String>) {
    let (problem, available) = message.split_once(". ").unwrap_or((message, ""));
    let help = available
        .strip_prefix("Available ")
        .map(|list| format!("available {list}"));
    match help {
        Some(help) => (lower_first(problem), Some(help)),
        None => (lower_first(message.trim_end_matches('.')), None),
    }
}

fn lower_first(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim_end_matches('.');
    let mut characters = line.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}
