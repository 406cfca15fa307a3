//! A proof: what an editor should see in a text before it is an article of the site.
//!
//! `brief import` reads texts that nobody has looked at yet. The same checks look at them as at articles of
//! the site, only that their day may not be known.

use std::ops::Range;

use super::name;
use super::paragraph::Paragraph;
use super::relative_date::{RelativeDate, relative_dates};
use super::twin::{self, Sketch};
use super::{Known, PLACES};
use crate::ground::date::Day;
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::path::SourcePath;
use crate::reading::company::{Company, Register};
use crate::reading::markdown::Visible;

/// The proof of a text.
#[derive(Debug, Default)]
pub struct Proof {
    /// Its dates that depend on the day they are read, as one warning.
    pub dates: Option<Diagnostic>,
    /// How many such dates it has.
    pub relative_dates: usize,
    /// Names that look like companies' and that the register does not hold.
    pub unregistered: Vec<String>,
    /// What tells whether it is like another one.
    pub sketch: Option<Sketch>,
}

/// Names that texts are held against.
pub struct Names(Known);

impl Names {
    /// All names of a register.
    pub fn of(register: &Register) -> Names {
        Names(Known::of(
            register.companies().iter().flat_map(Company::all_names),
        ))
    }
}

/// Reads the visible text of a file that is to be an article of a day.
pub fn proof(file: &SourcePath, visible: &Visible, day: Option<Day>, language: &str, names: &Names) -> Proof {
    let paragraphs = Paragraph::all(visible);
    let primary = language.split('-').next().unwrap_or_default();
    let dates: Vec<RelativeDate> = match primary.eq_ignore_ascii_case("en") {
        true => paragraphs
            .iter()
            .flat_map(|paragraph| relative_dates(paragraph, day))
            .collect(),
        false => Vec::new(),
    };
    let mut unregistered: Vec<String> = Vec::new();
    for candidate in paragraphs.iter().flat_map(name::candidates) {
        let is_asked = candidate.is_sure && !names.0.holds(&candidate.name);
        // A capital at the start of a sentence may look like the first word of a name.
        let is_known = unregistered
            .iter()
            .any(|known| candidate.name == *known || candidate.name.ends_with(&format!(" {known}")));
        if is_asked && !is_known && unregistered.len() < MOST_NAMES {
            unregistered.push(candidate.name);
        }
    }
    Proof {
        dates: warning(file, visible, &dates, day),
        relative_dates: dates.len(),
        unregistered,
        sketch: twin::sketch(&visible.text),
    }
}

/// The most names that are asked about in one text.
const MOST_NAMES: usize = 10;

/// One warning about the relative dates of a text, each with what it meant.
fn warning(
    file: &SourcePath,
    visible: &Visible,
    dates: &[RelativeDate],
    day: Option<Day>,
) -> Option<Diagnostic> {
    let first = dates.first()?;
    let phrase = |range: &Range<usize>| visible.text.get(range.clone()).unwrap_or_default();
    let message = match dates.len() {
        1 => format!(
            "`{}` means another time to those who read it later",
            phrase(&first.range)
        ),
        count => format!("{count} dates mean another time to those who read them later"),
    };
    let mut problem = Diagnostic::new(Code::RelativeDate, message);
    let shown = 2 * PLACES;
    for date in dates.iter().take(shown) {
        let note = date.meaning.as_deref().unwrap_or_default();
        problem = problem.at_with(file, visible.source_of(date.range.clone()), note);
    }
    let further = dates.len().saturating_sub(shown);
    if further > 0 {
        problem = problem.help(format!(
            "{further} more are not shown here; `brief check` finds them too"
        ));
    }
    Some(problem.help(match day {
        Some(_) => "write when it was; the text is left as it came",
        None => "write when it was; with `--date` brief says which day that is. The text is left as it came",
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::diagnostic::Diagnostics;
    use crate::reading::markdown::{self, Options};

    fn of(text: &str, day: Option<&str>) -> Proof {
        let file = SourcePath::new("a.md").expect("a path");
        let visible = markdown::parse(text, 0, Options::default()).visible;
        let register = Register::parse(&file, "- name: Acme\n", &mut Diagnostics::new());
        proof(
            &file,
            &visible,
            day.and_then(Day::parse),
            "en-GB",
            &Names::of(&register),
        )
    }

    #[test]
    fn dates_are_told_with_what_they_meant() {
        let notes = |proof: &Proof| -> Vec<String> {
            let problem = proof.dates.as_ref().expect("a warning");
            problem.labels.iter().map(|label| label.note.clone()).collect()
        };
        let text = "It rose on Tuesday and last year.";
        assert_eq!(notes(&of(text, None)), ["", ""]);
        assert_eq!(
            notes(&of(text, Some("2025-01-22"))),
            ["21 January 2025, if it was the last one", "2024"]
        );
        assert!(of("It rose on 21 January 2025.", None).dates.is_none());
    }

    #[test]
    fn companies_that_the_register_does_not_hold() {
        let text = "Bolt Robotics Inc sued Acme Inc. Again Bolt Robotics Inc won.";
        assert_eq!(of(text, None).unregistered, ["Bolt Robotics"]);
    }
}
