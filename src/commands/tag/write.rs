//! Companies written into the front matter: the one key, and no other byte.

use std::fs;
use std::io::{self, Write};

use super::super::output::counted;
use super::super::scaffold::replace;
use super::{Tagged, Tagging};
use crate::ground::diagnostic::{Code, Diagnostic, clean};
use crate::ground::world::describe;
use crate::reading::company::Register;
use crate::reading::front_matter::{Change, CompaniesKey, Wanted, set};
use crate::reading::tagging::TAGGED;

/// Keys behind which `companies:` is put where it is new.
const NEIGHBOURS: [&str; 5] = ["topics", "tags", "categories", "date", "title"];

/// What was done with the files so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    changed: usize,
    same: usize,
    /// Files whose own key was left as it is.
    kept: usize,
}

impl Written {
    /// Adds what was done with other files.
    pub fn add(&mut self, other: Written) {
        self.changed += other.changed;
        self.same += other.same;
        self.kept += other.kept;
    }

    /// Says it on the error stream.
    pub fn tell(self, is_dry: bool) -> io::Result<()> {
        let verb = if is_dry { "would be written" } else { "written" };
        let mut line = format!(
            "{} {verb}, {} unchanged",
            counted(self.changed, "article"),
            self.same
        );
        if self.kept > 0 {
            line.push_str(&format!(
                "; {} with companies of their own left alone (--replace writes them anew)",
                self.kept
            ));
        }
        writeln!(io::stderr(), "{line}")
    }
}

/// Writes the companies of one article, or shows how that would look. What cannot be written is a problem.
pub fn write(
    article: &Tagged,
    request: &Tagging,
    register: &Register,
    out: &mut dyn Write,
) -> io::Result<Result<Written, Diagnostic>> {
    let has_key =
        !matches!(&article.naming.companies, CompaniesKey::Detected { vetoes } if vetoes.is_empty());
    if has_key && !request.replace {
        return Ok(Ok(Written {
            kept: 1,
            ..Written::default()
        }));
    }
    let names = match wanted(article, request, register) {
        Ok(names) => names,
        Err(problem) => return Ok(Err(problem)),
    };
    let change = set(
        &article.file.path,
        &article.text,
        "companies",
        Wanted::List(&names),
        &NEIGHBOURS,
    );
    let change = match change {
        Err(problem) => return Ok(Err(problem)),
        Ok(None) => {
            return Ok(Ok(Written {
                same: 1,
                ..Written::default()
            }));
        }
        Ok(Some(change)) => change,
    };
    if request.dry_run {
        show(article, &change, request, out)?;
    } else if fs::read(&article.file.place).is_ok_and(|now| now != article.text.as_bytes()) {
        // Somebody saved it in an editor since it was read: what they wrote is worth more.
        let problem = Diagnostic::new(
            Code::NotEdited,
            "the file was changed while companies were looked for",
        )
        .in_file(&article.file.path)
        .help("run `brief tag --write` once more");
        return Ok(Err(problem));
    } else {
        let place = &article.file.place;
        replace(place, change.apply(&article.text).as_bytes()).map_err(|error| {
            io::Error::other(format!(
                "`{}` cannot be written: {}",
                place.display(),
                describe(&error)
            ))
        })?;
    }
    Ok(Ok(Written {
        changed: 1,
        ..Written::default()
    }))
}

/// What the site shows without a key of the article's own, so that writing it down changes nothing; or less, where
/// more confidence is asked for.
fn wanted(article: &Tagged, request: &Tagging, register: &Register) -> Result<Vec<String>, Diagnostic> {
    let least = request.least.unwrap_or_default().max(TAGGED);
    let is_vetoed = |company: usize| match &article.naming.companies {
        CompaniesKey::Detected { vetoes } => vetoes
            .iter()
            .any(|veto| register.position(&veto.text) == Some(company)),
        CompaniesKey::Exactly(_) => false,
    };
    let found = article
        .found
        .iter()
        .filter(|found| found.confidence >= least && !is_vetoed(found.company));
    found
        .map(|found| {
            written_name(register, found.company).ok_or_else(|| {
                let name = &register.companies()[found.company].name;
                let message =
                    format!("`{name}` cannot be written as a company: it would be read as another one");
                Diagnostic::new(Code::NotEdited, message)
                    .in_file(&article.file.path)
                    .help("give the company another name or `slug` in the register")
            })
        })
        .collect()
}

/// What to write for a company so that it is read as this one: its slug where a dash before its name would make
/// a veto of it.
fn written_name(register: &Register, company: usize) -> Option<String> {
    let known = &register.companies()[company];
    let is_read_back =
        |name: &&String| !name.starts_with('-') && register.position(name.as_str()) == Some(company);
    let mut names = [&known.name, &known.slug].into_iter();
    names.find(is_read_back).cloned()
}

/// How many lines are shown around a change.
const CONTEXT: usize = 2;

/// Prints a change as a unified diff.
fn show(article: &Tagged, change: &Change, request: &Tagging, out: &mut dyn Write) -> io::Result<()> {
    let (old, path) = (&article.text, &article.file.path);
    let new = change.apply(old);
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let same = |(one, other): &(&&str, &&str)| one == other;
    let ahead = old.iter().zip(&new).take_while(same).count();
    let rest = old.len().min(new.len()) - ahead;
    let behind = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(rest)
        .take_while(same)
        .count();
    let from = ahead.saturating_sub(CONTEXT);
    let (old_end, new_end) = (old.len() - behind, new.len() - behind);
    let context = behind.min(CONTEXT);
    writeln!(out, "--- {path}\n+++ {path}")?;
    writeln!(
        out,
        "@@ -{},{} +{},{} @@",
        from + 1,
        old_end + context - from,
        from + 1,
        new_end + context - from
    )?;
    let mut lines = |sign: char, lines: &[&str]| -> io::Result<()> {
        for line in lines {
            // The whole line with its line ending, so that other programs can apply the change.
            let (line, ending) = match line.strip_suffix('\n') {
                Some(line) => (line, "\n"),
                None => (*line, "\n\\ No newline at end of file\n"),
            };
            match request.screen.is_terminal {
                true => write!(out, "{sign}{}{ending}", clean(line.trim_end_matches('\r')))?,
                false => write!(out, "{sign}{line}{ending}")?,
            }
        }
        Ok(())
    };
    lines(' ', &old[from..ahead])?;
    lines('-', &old[ahead..old_end])?;
    lines('+', &new[ahead..new_end])?;
    lines(' ', &old[old_end..old_end + context])
}

#[cfg(test)]
mod tests {
    use super::super::{File, tagged};
    use super::*;
    use crate::ground::diagnostic::Diagnostics;
    use crate::ground::path::SourcePath;
    use crate::reading::article::Reading;
    use crate::reading::config::Config;
    use crate::reading::tagging::Tagger;

    #[test]
    fn what_was_saved_meanwhile_is_not_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = SourcePath::new("a.md").expect("a path");
        let place = folder.path().join("a.md");
        fs::write(&place, "---\ntitle: Nvidia grows\n---\n").expect("a file");
        let register = Register::parse(&path, "- name: Nvidia\n", &mut Diagnostics::new());
        let with = Reading {
            config: &Config::default_settings(),
            register: &register,
            tagger: &Tagger::new(&register),
        };
        let file = File {
            path,
            place: place.clone(),
        };
        let article = tagged(&file, with).expect("an article");
        fs::write(&place, "saved").expect("a file");
        let request = Tagging {
            write: true,
            ..Tagging::default()
        };
        let done = write(&article, &request, &register, &mut Vec::new()).expect("no trouble with the disk");
        let problem = done.expect_err("a problem");
        assert_eq!(problem.code, Code::NotEdited);
        assert_eq!(fs::read_to_string(&place).expect("the file"), "saved");
    }
}
