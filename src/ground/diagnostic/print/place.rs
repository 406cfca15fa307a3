//! Where a label points, as lines and columns.

use std::sync::Arc;

use super::Sources;
use crate::ground::diagnostic::{Diagnostic, Label};
use crate::ground::path::SourcePath;
use crate::ground::span::{Position, Span, position};

/// The first character of a place and the one behind its last.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) start: Position,
    pub(super) end: Position,
}

/// Source texts, the last one kept: neighbouring diagnostics mostly speak of one file.
pub(super) struct Texts<'a> {
    sources: &'a dyn Sources,
    last: Option<(SourcePath, Option<Arc<str>>)>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(sources: &'a dyn Sources) -> Texts<'a> {
        Texts { sources, last: None }
    }

    /// The text of a file; `None` where it cannot be had.
    pub(super) fn get(&mut self, file: &SourcePath) -> Option<Arc<str>> {
        match &self.last {
            Some((last, text)) if last == file => text.clone(),
            _ => {
                let text = self.sources.source(file);
                self.last = Some((file.clone(), text.clone()));
                text
            }
        }
    }

    /// Where a label points; `None` for a file as a whole and for a text that cannot be had.
    pub(super) fn place(&mut self, label: &Label) -> Option<Place> {
        let span = label.span?;
        let text = self.get(&label.file)?;
        let range = span.range_in(&text);
        let whole = Span::new(range.start, range.end);
        Some(Place {
            start: position(&text, whole.start),
            end: position(&text, whole.end),
        })
    }

    /// Where the main label points.
    pub(super) fn main_place(&mut self, diagnostic: &Diagnostic) -> Option<Place> {
        self.place(diagnostic.labels.first()?)
    }
}
