//! One line a diagnostic, in the form that editors and `grep` know from compilers.

use std::io::{self, Write};

use super::clean::one_line;
use super::place::Texts;
use crate::ground::diagnostic::{Diagnostic, Label};

/// Writes `path:line:column: severity[code]: message`; notes and help are left to the other formats.
pub(super) fn write(diagnostic: &Diagnostic, texts: &mut Texts<'_>, out: &mut dyn Write) -> io::Result<()> {
    if let Some(label) = diagnostic.labels.first() {
        write!(out, "{}: ", location(label, texts))?;
    }
    let (severity, code) = (diagnostic.severity.name(), diagnostic.code.name());
    writeln!(out, "{severity}[{code}]: {}", one_line(&diagnostic.message))
}

/// `path:line:column`, or the path alone.
pub(super) fn location(label: &Label, texts: &mut Texts<'_>) -> String {
    let file = one_line(label.file.as_str());
    match texts.place(label) {
        Some(place) => format!("{file}:{}:{}", place.start.line, place.start.column),
        None => file,
    }
}
