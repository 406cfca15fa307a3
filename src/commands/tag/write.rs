//! Companies written into the front matter: the one key, and no other byte.

use std::io::{self, Write};

use super::super::output::counted;
use super::super::scaffold::replace;
use super::{Tagged, Tagging};
use crate::ground::diagnostic::Diagnostic;
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
    let names = wanted(article, request, register);
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
        show(article, &change, out)?;
    } else {
        let place = &article.file.place;
        replace(place, &change.apply(&article.text)).map_err(|error| {
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
fn wanted(article: &Tagged, request: &Tagging, register: &Register) -> Vec<String> {
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
        .map(|found| register.companies()[found.company].name.clone())
        .collect()
}

/// How many lines are shown around a change.
const CONTEXT: usize = 2;

/// Prints a change as a unified diff.
fn show(article: &Tagged, change: &Change, out: &mut dyn Write) -> io::Result<()> {
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
            writeln!(out, "{sign}{}", line.trim_end_matches(['\n', '\r']))?;
        }
        Ok(())
    };
    lines(' ', &old[from..ahead])?;
    lines('-', &old[ahead..old_end])?;
    lines('+', &new[ahead..new_end])?;
    lines(' ', &old[old_end..old_end + context])
}
