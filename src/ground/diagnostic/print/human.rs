//! Diagnostics for people: the message, the place, the line with carets, the next step.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::renderer::DEFAULT_HELP_STYLE;
use annotate_snippets::{Annotation, AnnotationKind, Element, Level, Origin, Renderer, Snippet};

use super::clean::{clean, one_line};
use super::place::Texts;
use crate::ground::diagnostic::{Diagnostic, Label, Severity};
use crate::ground::path::SourcePath;
use crate::ground::span::{Span, position};

/// How many columns of a source line are shown. A paragraph of an article is one line, often of
/// thousands of characters; the part round the carets is what matters.
const WIDTH: usize = 100;

/// How many characters are underlined at most; a longer underline would push the line's own text
/// out of the picture.
const MAX_UNDERLINED: usize = 60;

/// Writes one diagnostic over several lines.
pub(super) fn write(
    diagnostic: &Diagnostic,
    texts: &mut Texts<'_>,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(one_line(&diagnostic.message))
        .id(diagnostic.code.name());
    let report = [title.elements(elements(diagnostic, texts))];
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    // The renderer pads the gutter of an empty line with spaces.
    for line in renderer.term_width(WIDTH).render(&report).lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    let (on, off) = match colour {
        true => (format!("{DEFAULT_HELP_STYLE}"), format!("{DEFAULT_HELP_STYLE:#}")),
        false => (String::new(), String::new()),
    };
    for help in &diagnostic.help {
        writeln!(out, "{on}help{off}: {}", one_line(help))?;
    }
    Ok(())
}

/// One snippet per file that a label can be shown in, the path alone for the others.
fn elements<'a>(diagnostic: &Diagnostic, texts: &mut Texts<'_>) -> Vec<Element<'a>> {
    let mut files: Vec<&SourcePath> = Vec::new();
    for label in &diagnostic.labels {
        if !files.contains(&&label.file) {
            files.push(&label.file);
        }
    }
    let mut elements = Vec::new();
    for file in files {
        let text = texts.get(file);
        let (mut placed, mut whole) = (Vec::new(), Vec::new());
        for (index, label) in diagnostic
            .labels
            .iter()
            .enumerate()
            .filter(|(_, label)| label.file == *file)
        {
            match (label.span, &text) {
                (Some(span), Some(_)) => placed.push(Underline {
                    span,
                    label,
                    main: index == 0,
                }),
                _ => whole.push(label),
            }
        }
        let path = one_line(file.as_str());
        elements.push(match &text {
            Some(text) if !placed.is_empty() => snippet(path, text, &placed).into(),
            _ => Origin::path(path).into(),
        });
        let notes = whole.iter().filter(|label| !label.note.is_empty());
        elements.extend(notes.map(|label| Level::NOTE.message(one_line(&label.note)).into()));
    }
    elements
}

/// A label that can be shown in its file's text.
struct Underline<'a> {
    span: Span,
    label: &'a Label,
    main: bool,
}

/// The lines from the first label to the last, made safe for a terminal. Lines between that no
/// label touches are folded by the renderer.
fn snippet<'a>(path: String, text: &str, underlines: &[Underline<'_>]) -> Snippet<'a, Annotation<'a>> {
    let ranges: Vec<Range<usize>> = underlines
        .iter()
        .map(|underline| shown_range(underline.span, text))
        .collect();
    let first = ranges
        .iter()
        .map(|range| line_around(text, range.start).start)
        .min()
        .unwrap_or(0);
    let last = ranges
        .iter()
        .map(|range| line_around(text, range.start).end)
        .max()
        .unwrap_or(0);
    let line = position(text, Span::new(first, first).start).line;
    let cleaned = |range: Range<usize>| clean_lines(&text[range]);
    let annotations = underlines.iter().zip(&ranges).map(|(underline, range)| {
        let start = cleaned(first..range.start).len();
        let end = start + cleaned(range.clone()).len();
        let kind = if underline.main {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let note = (!underline.label.note.is_empty()).then(|| one_line(&underline.label.note));
        kind.span(start..end).label(note)
    });
    Snippet::source(cleaned(first..last))
        .path(path)
        .line_start(line)
        .annotations(annotations)
}

/// What is underlined of a span: its first line, without the spaces and the line end behind it,
/// and not too much of that.
fn shown_range(span: Span, text: &str) -> Range<usize> {
    let range = span.range_in(text);
    let line = line_around(text, range.start);
    let start = range.start.clamp(line.start, line.end);
    let end = range.end.clamp(start, line.end);
    let part = if range.end > line.end {
        text[start..end].trim_end()
    } else {
        &text[start..end]
    };
    let length = part
        .char_indices()
        .nth(MAX_UNDERLINED)
        .map_or(part.len(), |(offset, _)| offset);
    start..start + length
}

/// The line an offset lies in, without its line end and without a byte-order mark.
fn line_around(text: &str, offset: usize) -> Range<usize> {
    let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[offset..]
        .find('\n')
        .map_or(text.len(), |newline| offset + newline);
    let line = &text[start..end];
    let visible = line.trim_start_matches('\u{feff}');
    let start = start + line.len() - visible.len();
    start..start + visible.strip_suffix('\r').unwrap_or(visible).len()
}

/// Every line cleaned, with a plain line feed between them.
fn clean_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
        .split('\n')
        .map(clean)
        .collect::<Vec<_>>()
        .join("\n")
}
