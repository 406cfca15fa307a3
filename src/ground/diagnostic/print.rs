//! Diagnostics as text: for people, for editors and for machines.

use std::io::{self, Write};
use std::sync::Arc;

use super::Diagnostics;
use crate::ground::path::SourcePath;

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With source lines and carets.
    #[default]
    Human,
    /// One line each: `path:line:column: severity[code]: message`.
    Short,
    /// One JSON object a line.
    Json,
    /// Workflow commands that GitHub shows beside the changed lines.
    Github,
}

/// Where the text of a file is found when a diagnostic shows a line of it.
pub trait Sources {
    /// The text of a file; `None` where it cannot be had.
    fn source(&self, file: &SourcePath) -> Option<Arc<str>>;
}

/// Writes diagnostics, in the order they are held.
pub fn print(
    _diagnostics: &Diagnostics,
    _format: Format,
    _sources: &dyn Sources,
    _colour: bool,
    _out: &mut dyn Write,
) -> io::Result<()> {
    Ok(())
}
