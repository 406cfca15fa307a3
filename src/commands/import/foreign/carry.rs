//! Writing what comes over into a site, and telling what became of what.
//!
//! Nothing that is there is overwritten unless that is asked for; what is there already word for word is
//! left as it is, so that the same import can be run again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use super::post::{Contents, LeftOut, Note, Post};
use super::site::{Outcome, Problem};
use super::{Origin, Report, bring};
use crate::commands::output::counted;
use crate::ground::world::describe;
use crate::reading::article::Reading;

/// How it is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// Whether files that are there are replaced.
    pub force: bool,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// What came of an import.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Articles that were written, or would be.
    pub articles: usize,
    /// Pages.
    pub pages: usize,
    /// Pictures and other files.
    pub files: usize,
    /// Articles and files that were there already, word for word.
    pub unchanged: usize,
    /// Articles and files that were there already and say something else.
    pub kept: Vec<String>,
    /// Files that several articles share come over once.
    attached: BTreeSet<String>,
    /// How many drafts are among them.
    pub drafts: usize,
    /// How many old addresses lead to the new ones.
    pub addresses: usize,
    /// What could not be understood.
    pub problems: Vec<Problem>,
    /// What was left out, by what it is.
    pub left_out: LeftOut,
    /// What was changed, by what it is and what became of it.
    pub notes: Notes,
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
            let _ = write!(place, " `{}`", note.detail);
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

/// Carries everything that a source holds into a site. The error is in words.
pub fn carry(
    site: &Path,
    source: &Path,
    origin: Origin,
    reading: Reading<'_>,
    manner: Manner,
) -> Result<Carried, String> {
    let mut carried = Carried::default();
    let Report { left_out, notes } = bring(source, origin, reading, &mut |outcome| {
        match outcome {
            Outcome::Failed(problem) => carried.problems.push(problem),
            Outcome::Came(post) => carried.post(site, *post, manner)?,
        }
        Ok(())
    })?;
    for note in notes {
        carried.notes.add(note);
    }
    carried.left_out = left_out;
    Ok(carried)
}

impl Carried {
    fn post(&mut self, site: &Path, post: Post, manner: Manner) -> Result<(), String> {
        let text = format!("{}\n{}\n", post.front.to_yaml(), post.body.trim());
        match put(site, &post.path, &Contents::Text(text), manner)? {
            Put::Written => match post.path.starts_with("content/pages/") {
                true => self.pages += 1,
                false => self.articles += 1,
            },
            Put::Same => self.unchanged += 1,
            Put::Other => self.kept.push(post.path.clone()),
        }
        self.drafts += usize::from(post.front.draft);
        self.addresses += post.front.aliases.len();
        for attachment in &post.attachments {
            if !self.attached.insert(attachment.to.clone()) {
                continue;
            }
            match put(site, &attachment.to, &attachment.from, manner)? {
                Put::Written => self.files += 1,
                Put::Same => self.unchanged += 1,
                Put::Other => self.kept.push(attachment.to.clone()),
            }
        }
        for note in post.notes {
            self.notes.add(note);
        }
        Ok(())
    }
}

/// What came of one file.
enum Put {
    Written,
    Same,
    Other,
}

fn put(site: &Path, path: &str, contents: &Contents, manner: Manner) -> Result<Put, String> {
    let place = site.join(path);
    let unwritable = |error: io::Error| format!("`{path}` cannot be written: {}", describe(&error));
    let unreadable =
        |from: &Path, error: io::Error| format!("`{}` cannot be read: {}", from.display(), describe(&error));
    let bytes = match contents {
        Contents::Text(text) => text.clone().into_bytes(),
        Contents::File(from) => fs::read(from).map_err(|error| unreadable(from, error))?,
    };
    match fs::read(&place) {
        Ok(there) if there == bytes => return Ok(Put::Same),
        Ok(_) if !manner.force => return Ok(Put::Other),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(unwritable(error)),
    }
    if !manner.dry_run {
        place
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .map_err(unwritable)?;
        fs::write(&place, &bytes).map_err(unwritable)?;
    }
    Ok(Put::Written)
}

/// How many places of one kind are named unless all are asked for.
const SHOWN_PLACES: usize = 5;

impl Carried {
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
                0 => report.push_str(&format!("error: {file}: {message}\n")),
                _ => report.push_str(&format!("error: {file}:{line}:{column}: {message}\n")),
            }
        }
        report
    }

    /// The report for people: what came, what did not, and what was changed, with places.
    pub fn report(&self, manner: Manner, shows_all: bool) -> String {
        let mut report = String::new();
        let shown = |places: &[String], count: usize| {
            let many = if shows_all { places.len() } else { SHOWN_PLACES };
            let mut lines: String = places
                .iter()
                .take(many)
                .map(|place| format!("    {place}\n"))
                .collect();
            let further = count - places.len().min(many);
            if further > 0 {
                lines.push_str(&format!("    and {further} more\n"));
            }
            lines
        };
        report.push_str(&self.failures());
        if !self.left_out.is_empty() {
            report.push_str("left out:\n");
            for (what, count) in &self.left_out {
                report.push_str(&format!("  {count} × {what}\n"));
            }
        }
        for (what, became, count, places) in self.notes.kinds() {
            report.push_str(&format!("  {what} ({count}): {became}\n"));
            report.push_str(&shown(places, count));
        }
        if !self.kept.is_empty() {
            report.push_str("there already, and saying something else; `--force` replaces them:\n");
            report.push_str(&shown(&self.kept, self.kept.len()));
        }
        let verb = if manner.dry_run {
            "would come over"
        } else {
            "came over"
        };
        let mut parts = vec![counted(self.articles, "article"), counted(self.pages, "page")];
        parts.push(counted(self.files, "file"));
        report.push_str(&format!("{verb}: {}", parts.join(", ")));
        report.push_str(&format!("; {} kept as aliases", addresses(self.addresses)));
        if self.drafts > 0 {
            report.push_str(&format!("; {} held back", counted(self.drafts, "draft")));
        }
        if self.unchanged > 0 {
            report.push_str(&format!("; {} there already", self.unchanged));
        }
        if !self.problems.is_empty() {
            report.push_str(&format!(
                "; {} not understood",
                counted(self.problems.len(), "file")
            ));
        }
        report.push('\n');
        report
    }
}

fn addresses(count: usize) -> String {
    match count {
        1 => "1 old address".to_owned(),
        count => format!("{count} old addresses"),
    }
}
