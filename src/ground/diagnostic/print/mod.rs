//! Diagnostics as text: for people, for editors and for machines.
//!
//! One file per format, all over the same two helpers: `place` turns byte ranges into lines and
//! columns, `clean` keeps control characters of messages and sources away from the terminal.

mod clean;
mod github;
mod human;
mod json;
mod place;
mod short;

use std::io::{self, Write};
use std::sync::Arc;

use super::{Diagnostics, Severity};
use crate::ground::path::SourcePath;
use place::Texts;

pub use clean::clean;

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
///
/// `colour` matters to [`Format::Human`] only. A place whose source text cannot be had is shown as
/// its path alone. The only errors are those of `out`.
pub fn print(
    diagnostics: &Diagnostics,
    format: Format,
    sources: &dyn Sources,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut texts = Texts::new(sources);
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        match format {
            Format::Human => {
                if index > 0 {
                    writeln!(out)?;
                }
                human::write(diagnostic, &mut texts, colour, out)?;
            }
            Format::Short => short::write(diagnostic, &mut texts, out)?,
            Format::Json => json::write(diagnostic, &mut texts, out)?,
            Format::Github => github::write(diagnostic, &mut texts, out)?,
        }
    }
    Ok(())
}

/// The closing count in words, `2 errors and 1 warning`; `None` where there is nothing to count.
pub fn summary_line(diagnostics: &Diagnostics) -> Option<String> {
    let counts = [
        (diagnostics.errors(), Severity::Error),
        (diagnostics.warnings(), Severity::Warning),
    ];
    let words: Vec<String> = counts
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .map(|(count, severity)| format!("{count} {}{}", severity.name(), if count == 1 { "" } else { "s" }))
        .collect();
    (!words.is_empty()).then(|| words.join(" and "))
}

#[cfg(test)]
mod tests;
