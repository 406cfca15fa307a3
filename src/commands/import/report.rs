//! What came of an import, counted and in words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::foreign::site::Problem;
use super::landing::{Fate, Landed, Manner};
use super::post::{LeftOut, Note, Post};
use crate::commands::output::counted;

/// What came of an import.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Articles that were written, or would be.
    pub articles: usize,
    /// Pages.
    pub pages: usize,
    /// Pictures and other files.
    pub files: usize,
    /// What was there as the last import left it, and was written anew.
    pub updated: usize,
    /// What was there already, word for word.
    pub unchanged: usize,
    /// What was there already and says something else.
    pub kept: Vec<String>,
    /// What a person has edited since it came, while its source says nothing new.
    pub edited: Vec<String>,
    /// Texts that an article of another name has already, word for word.
    pub doubled: Vec<String>,
    /// Texts whose source another article names already.
    pub cited: Vec<String>,
    /// Texts whose source has come in the same run already, with other words.
    pub clashing: Vec<String>,
    /// Texts that are nearly those of another article.
    pub alike: Vec<String>,
    /// How many drafts are among what was written.
    pub drafts: usize,
    /// How many old addresses lead to the new ones.
    pub addresses: usize,
    /// What could not be understood.
    pub problems: Vec<Problem>,
    /// What was left out, by what it is.
    pub left_out: LeftOut,
    /// What was changed, by what it is and what became of it.
    pub notes: Notes,
    /// What is left for a person to fill in, with its places.
    pub blanks: Vec<String>,
    /// The companies of the texts, by name: in how many each was found.
    pub companies: BTreeMap<String, usize>,
    /// Names that look like companies' and that the register does not hold: in how many texts each stands.
    pub unregistered: BTreeMap<String, usize>,
    /// How many texts have dates that depend on the day they are read.
    pub dated: usize,
    /// How many texts were written as they stood elsewhere.
    pub copied: usize,
}

/// Notes of one kind: how many, and where.
type Places = (usize, Vec<String>);

/// Notes, those of one kind together. Of a kind that is found everywhere the first places are kept.
#[derive(Clone, Debug, Default)]
pub struct Notes(BTreeMap<(String, String), Places>);

/// The most places that are kept of one kind.
const MAX_PLACES: usize = 1000;

impl Notes {
    /// Adds a note.
    pub fn add(&mut self, note: Note) {
        let mut place = note.file;
        for number in [note.line, note.column] {
            if number > 0 {
                let _ = write!(place, ":{number}");
            }
        }
        if !note.detail.is_empty() {
            let space = if place.is_empty() { "" } else { " " };
            let _ = write!(place, "{space}`{}`", note.detail);
        }
        let (count, places) = self.0.entry((note.what, note.became)).or_default();
        *count += 1;
        if places.len() < MAX_PLACES {
            places.push(place);
        }
    }

    /// Each kind: what it is, what became of it, how many there are, and where.
    pub fn kinds(&self) -> impl Iterator<Item = (&str, &str, usize, &[String])> {
        self.0.iter().map(|((what, became), (count, places))| {
            (what.as_str(), became.as_str(), *count, places.as_slice())
        })
    }
}

/// How many places of one kind are named unless all are asked for.
const SHOWN_PLACES: usize = 5;

/// How many companies are named unless all are asked for.
const SHOWN_NAMES: usize = 12;

impl Carried {
    /// Counts what has landed.
    pub fn count(&mut self, post: &Post, landed: &Landed) {
        match landed.fate {
            Fate::New if landed.path.as_str().starts_with("content/pages/") => self.pages += 1,
            Fate::New => self.articles += 1,
            Fate::Updated => self.updated += 1,
            Fate::Same => self.unchanged += 1,
            Fate::Kept => {}
        }
        if matches!(landed.fate, Fate::New | Fate::Updated) {
            self.drafts += usize::from(post.front.draft);
            self.addresses += post.front.aliases.len();
        }
    }

    /// Adds to what was left out.
    pub fn leave_out(&mut self, left_out: LeftOut) {
        for (what, count) in left_out {
            *self.left_out.entry(what).or_default() += count;
        }
    }

    /// Whether the source held anything at all that could be understood.
    pub fn holds_anything(&self) -> bool {
        let named =
            self.kept.len() + self.edited.len() + self.doubled.len() + self.cited.len() + self.clashing.len();
        self.articles + self.pages + self.files + self.updated + self.unchanged + named > 0
    }

    /// What could not be understood, one line each.
    pub fn failures(&self) -> String {
        let mut report = String::new();
        for problem in &self.problems {
            let Problem {
                file,
                line,
                column,
                message,
            } = problem;
            match line {
                0 if file.is_empty() => report.push_str(&format!("error: {message}\n")),
                0 => report.push_str(&format!("error: {file}: {message}\n")),
                _ => report.push_str(&format!("error: {file}:{line}:{column}: {message}\n")),
            }
        }
        report
    }

    /// What is to be thought of before the texts are published.
    pub fn warnings(&self) -> String {
        let subject = match self.copied {
            0 => return String::new(),
            1 => "the text is".to_owned(),
            count => format!("{count} texts are"),
        };
        format!(
            "warning: {subject} copied whole, which those who hold the rights may not allow\n\
             help: say in your own words what is reported there, quote little, and link it under `source`\n\n"
        )
    }

    /// The report for people: what came, what did not, and what was changed, with places.
    pub fn report(&self, manner: Manner, shows_all: bool) -> String {
        let list = List { shows_all };
        let mut report = String::new();
        // What is told with its place is not told twice.
        let placed: BTreeSet<&str> = self.notes.kinds().map(|(what, ..)| what).collect();
        let left_out = self
            .left_out
            .iter()
            .filter(|(what, _)| !placed.contains(what.as_str()));
        for (number, (what, count)) in left_out.enumerate() {
            if number == 0 {
                report.push_str("left out:\n");
            }
            report.push_str(&format!("  {count} × {what}\n"));
        }
        for (number, (what, became, count, places)) in self.notes.kinds().enumerate() {
            if number == 0 {
                report.push_str("changed or left out:\n");
            }
            report.push_str(&format!("  {what} ({count}): {became}\n"));
            report.push_str(&list.places(places, count));
        }
        report.push_str(&list.names("companies", &self.companies));
        if self.dated > 0 {
            let texts = counted(self.dated, "text");
            report.push_str(&format!(
                "dates that depend on the day they are read, in {texts}: `brief check` names them\n"
            ));
        }
        report.push_str(&list.names(
            "like companies, and not in the register (`brief new company NAME` adds one)",
            &self.unregistered,
        ));
        for (heading, places) in [
            ("nearly the same text as another article:", &self.alike),
            (
                "left out: another article has the text already, word for word:",
                &self.doubled,
            ),
            (
                "left out: the same source came in this import already, and said something else:",
                &self.clashing,
            ),
            (
                "left out: an article names the same source already; `--force` brings it in all the same:",
                &self.cited,
            ),
            (
                "edited here since they came, so they stay; their source says nothing new, and `--force` replaces them:",
                &self.edited,
            ),
            (
                "there already, and saying something else; `--force` replaces them:",
                &self.kept,
            ),
            ("to fill in:", &self.blanks),
        ] {
            if !places.is_empty() {
                report.push_str(&format!("{heading}\n{}", list.places(places, places.len())));
            }
        }
        // Where nothing could be read, that has been said.
        if self.problems.is_empty() || self.holds_anything() || !report.is_empty() {
            report.push_str(&self.sum(manner));
        }
        report
    }

    /// The closing line.
    fn sum(&self, manner: Manner) -> String {
        let came = [
            (self.articles, "article"),
            (self.pages, "page"),
            (self.files, "file"),
        ];
        let came = came.into_iter().filter(|(count, _)| *count > 0);
        let came: Vec<String> = came.map(|(count, what)| counted(count, what)).collect();
        let verb = if manner.dry_run {
            "would come in"
        } else {
            "came in"
        };
        let mut parts = vec![match came.is_empty() {
            true if self.updated > 0 => format!("{verb}: nothing new"),
            true => "nothing new came in".to_owned(),
            false => format!("{verb}: {}", came.join(", ")),
        }];
        let mut say = |count: usize, words: String| {
            if count > 0 {
                parts.push(words);
            }
        };
        say(self.updated, format!("{} updated", self.updated));
        say(
            self.addresses,
            format!("{} kept as aliases", addresses(self.addresses)),
        );
        say(
            self.drafts,
            format!("{} held back", counted(self.drafts, "draft")),
        );
        let there = self.unchanged + self.doubled.len() + self.cited.len();
        say(there, format!("{there} there already"));
        let clashing = self.clashing.len();
        say(clashing, format!("{clashing} left out"));
        let kept = self.kept.len() + self.edited.len();
        let kept_as = if kept == 1 { "it is" } else { "they are" };
        say(kept, format!("{kept} kept as {kept_as}"));
        let failed = self.problems.len();
        say(failed, format!("{failed} not understood"));
        format!("{}\n", parts.join("; "))
    }
}

/// How lists are shortened.
struct List {
    shows_all: bool,
}

impl List {
    fn places(&self, places: &[String], count: usize) -> String {
        let many = if self.shows_all {
            places.len()
        } else {
            SHOWN_PLACES
        };
        let shown = places.iter().take(many).map(|place| format!("    {place}\n"));
        let mut lines: String = shown.collect();
        let further = count - places.len().min(many);
        if further > 0 {
            lines.push_str(&format!("    and {further} more\n"));
        }
        lines
    }

    /// Names with their numbers, the commonest first.
    fn names(&self, heading: &str, names: &BTreeMap<String, usize>) -> String {
        if names.is_empty() {
            return String::new();
        }
        let mut sorted: Vec<(&String, &usize)> = names.iter().collect();
        sorted.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let many = if self.shows_all { sorted.len() } else { SHOWN_NAMES };
        let shown: Vec<String> = sorted
            .iter()
            .take(many)
            .map(|(name, count)| match count {
                1 => (*name).clone(),
                count => format!("{name} ({count})"),
            })
            .collect();
        let further = sorted.len() - shown.len();
        let more = match further {
            0 => String::new(),
            further => format!(" and {further} more"),
        };
        format!("{heading}: {}{more}\n", shown.join(", "))
    }
}

fn addresses(count: usize) -> String {
    match count {
        1 => "1 old address".to_owned(),
        count => format!("{count} old addresses"),
    }
}
