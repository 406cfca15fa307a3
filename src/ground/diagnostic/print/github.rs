//! Workflow commands: GitHub shows them beside the lines of a pull request.
//!
//! Source of the form and its escapes: "Workflow commands for GitHub Actions" and the functions
//! `escapeData` and `escapeProperty` of the actions toolkit.

use std::io::{self, Write};

use super::clean::{clean, one_line};
use super::place::Texts;
use super::short::location;
use crate::ground::diagnostic::Diagnostic;

/// Writes one command; notes, further places and help are further lines of its message.
pub(super) fn write(diagnostic: &Diagnostic, texts: &mut Texts<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "::{} {}",
        diagnostic.severity.name(),
        properties(diagnostic, texts).join(",")
    )?;
    let mut lines = vec![one_line(&diagnostic.message)];
    for (index, label) in diagnostic.labels.iter().enumerate() {
        match (index, label.note.is_empty()) {
            (0, true) => {}
            (0, false) => lines.push(one_line(&label.note)),
            (_, true) => lines.push(location(label, texts)),
            (_, false) => lines.push(format!("{}: {}", location(label, texts), one_line(&label.note))),
        }
    }
    lines.extend(
        diagnostic
            .help
            .iter()
            .map(|help| format!("help: {}", one_line(help))),
    );
    writeln!(out, "::{}", escape_data(&lines.join("\n")))
}

fn properties(diagnostic: &Diagnostic, texts: &mut Texts<'_>) -> Vec<String> {
    let mut properties = Vec::new();
    if let Some(label) = diagnostic.labels.first() {
        properties.push(format!("file={}", escape_property(label.file.as_str())));
    }
    if let Some(place) = texts.main_place(diagnostic) {
        properties.push(format!("line={}", place.start.line));
        if place.start.line == place.end.line {
            properties.push(format!(
                "col={},endColumn={}",
                place.start.column, place.end.column
            ));
        } else {
            // The runner refuses columns where the two lines differ.
            properties.push(format!("endLine={}", place.end.line));
        }
    }
    properties.push(format!("title={}", diagnostic.code.name()));
    properties
}

fn escape_data(text: &str) -> String {
    let escaped = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    clean(&escaped)
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
