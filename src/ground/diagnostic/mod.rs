//! Diagnostics: one problem, its place and its remedy; collecting, ordering and printing them.
//!
//! Work on one file returns a value *and* what was found on the way; nothing stops at the first
//! problem. The one gate stands in the pipeline before the commit: any error there means that
//! nothing is written.

mod code;
mod print;

use std::collections::BTreeMap;

use crate::ground::encoding::encoded;
use crate::ground::path::SourcePath;
use crate::ground::span::Span;

pub use code::Code;
pub use print::{Format, Sources, clean, print, summary_line};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The site is not written.
    Error,
    /// The site is written; somebody should look.
    Warning,
}

impl Severity {
    /// The word printed in front of the message.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// A place in a file and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// The file, relative to the site folder.
    pub file: SourcePath,
    /// The bytes meant; `None` where the file as a whole is meant.
    pub span: Option<Span>,
    /// A few words beside the caret; may be empty.
    pub note: String,
}

/// One problem.
///
/// Messages are lower case, without a full stop, with names in backticks; `help` is the next step
/// for the person who reads it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Error or warning; from the code unless the site changes it.
    pub severity: Severity,
    /// What kind of problem this is.
    pub code: Code,
    /// The problem in one line.
    pub message: String,
    /// The places, the main one first; empty for what concerns the site as a whole.
    pub labels: Vec<Label>,
    /// What to do about it, one line each.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A problem without a place yet, as severe as its code usually is.
    pub fn new(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: code.default_severity(),
            code,
            message: message.into(),
            labels: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Adds a place with a caret.
    pub fn at(self, file: &SourcePath, span: Span) -> Diagnostic {
        self.at_with(file, span, "")
    }

    /// Adds a place with a caret and a few words beside it.
    pub fn at_with(mut self, file: &SourcePath, span: Span, note: impl Into<String>) -> Diagnostic {
        self.labels.push(Label {
            file: file.clone(),
            span: Some(span),
            note: note.into(),
        });
        self
    }

    /// Adds a file as a whole.
    pub fn in_file(mut self, file: &SourcePath) -> Diagnostic {
        self.labels.push(Label {
            file: file.clone(),
            span: None,
            note: String::new(),
        });
        self
    }

    /// Adds the next step.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }

    /// What diagnostics are ordered by: problems of the whole site first, then path, then offset.
    fn order(&self) -> (Option<&SourcePath>, u32, Severity, Code, &str) {
        let first = self.labels.first();
        let start = first.and_then(|label| label.span).map_or(0, |span| span.start);
        (
            first.map(|label| &label.file),
            start,
            self.severity,
            self.code,
            &self.message,
        )
    }
}

/// All problems found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// None yet.
    pub fn new() -> Diagnostics {
        Diagnostics::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds those of another collection.
    pub fn extend(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// All but those of a code.
    pub fn without(&self, code: Code) -> Diagnostics {
        let list = self.list.iter().filter(|diagnostic| diagnostic.code != code);
        Diagnostics {
            list: list.cloned().collect(),
        }
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.list
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .count()
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.list.len() - self.errors()
    }

    /// The first of them.
    pub fn first(&self) -> Option<&Diagnostic> {
        self.list.first()
    }

    /// Whether there are none at all.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The problems in the order they are held.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Changes severities by the site's own choice: `Some` sets it, `None` drops the diagnostic.
    pub fn adjust(&mut self, choose: impl Fn(&Diagnostic) -> Option<Severity>) {
        self.list.retain_mut(|diagnostic| match choose(diagnostic) {
            Some(severity) => {
                diagnostic.severity = severity;
                true
            }
            None => false,
        });
    }

    /// The same problems with those of some codes folded: of equal messages the first is kept, with
    /// the number of the others.
    pub fn folded(self, codes: &[Code]) -> Diagnostics {
        let mut list: Vec<(Diagnostic, usize)> = Vec::with_capacity(self.list.len());
        let mut first: BTreeMap<(Code, String), usize> = BTreeMap::new();
        for diagnostic in self.list {
            if codes.contains(&diagnostic.code) {
                let key = (diagnostic.code, diagnostic.message.clone());
                let index = *first.entry(key).or_insert(list.len());
                if let Some((_, others)) = list.get_mut(index) {
                    *others += 1;
                    continue;
                }
            }
            list.push((diagnostic, 0));
        }
        let fold = |(diagnostic, others): (Diagnostic, usize)| match others {
            0 => diagnostic,
            1 => diagnostic.help("the same stands in one more place"),
            _ => diagnostic.help(format!("the same stands in {others} more places")),
        };
        Diagnostics {
            list: list.into_iter().map(fold).collect(),
        }
    }

    /// The same problems, but of the warnings of each kind only so many; the last of them tells how many more
    /// there are, in the words of `rest`.
    pub fn shortened(&self, most: usize, rest: impl Fn(usize) -> String) -> Diagnostics {
        let is_warning = |problem: &Diagnostic| problem.severity == Severity::Warning;
        let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
        for problem in self.list.iter().filter(|problem| is_warning(problem)) {
            *counts.entry(problem.code).or_default() += 1;
        }
        let mut shown: BTreeMap<Code, usize> = BTreeMap::new();
        let mut list = Vec::new();
        for problem in &self.list {
            if !is_warning(problem) {
                list.push(problem.clone());
                continue;
            }
            let shown = shown.entry(problem.code).or_default();
            *shown += 1;
            let all = counts.get(&problem.code).copied().unwrap_or_default();
            match *shown {
                number if number < most || number == most && all == most => list.push(problem.clone()),
                number if number == most => list.push(problem.clone().help(rest(all - most))),
                _ => {}
            }
        }
        Diagnostics { list }
    }

    /// The same problems in the order in which they are shown, each once.
    pub fn sorted(mut self) -> Diagnostics {
        self.list.sort_by(|a, b| a.order().cmp(&b.order()));
        self.list.dedup();
        self
    }
}

encoded!(enum Severity { 0 => Error, 1 => Warning });
encoded!(struct Label { file, span, note });
encoded!(struct Diagnostic { severity, code, message, labels, help });
encoded!(struct Diagnostics { list });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_warnings_of_a_kind_are_shortened_and_errors_are_not() {
        let mut all = Diagnostics::new();
        for number in 0..5 {
            all.push(Diagnostic::new(Code::StrayFile, format!("warning {number}")));
            all.push(Diagnostic::new(Code::BadDate, format!("error {number}")));
        }
        all.push(Diagnostic::new(Code::UnknownKey, "alone"));
        let check = |most: usize, expected: &[&str]| {
            let short = all.shortened(most, |rest| format!("{rest} more"));
            let warnings = short
                .iter()
                .filter(|problem| problem.severity == Severity::Warning);
            let shown: Vec<String> = warnings
                .map(|problem| format!("{} {}", problem.message, problem.help.join("")))
                .collect();
            assert_eq!(shown, expected);
            assert_eq!(short.errors(), 5);
        };
        check(2, &["warning 0 ", "warning 1 3 more", "alone "]);
        check(
            5,
            &[
                "warning 0 ",
                "warning 1 ",
                "warning 2 ",
                "warning 3 ",
                "warning 4 ",
                "alone ",
            ],
        );
    }
}
