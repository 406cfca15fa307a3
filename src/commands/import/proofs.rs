//! Proofs: what is told of each text that comes in, for the person who will publish it.
//!
//! Of a few texts each is told by itself, its companies with the words that show them and its relative dates
//! with carets; of many it is counted.

use std::io::{self, Write};
use std::sync::Arc;

use super::landing::{Fate, Landed, Landing, Naming};
use super::post::{LeftOut, Post};
use super::report::Carried;
use crate::building::inspection::proof::{Names, Proof, proof};
use crate::commands::output::Voice;
use crate::commands::tag::Looked;
use crate::ground::date::{Day, parse_moment};
use crate::ground::diagnostic::{Diagnostics, Sources, print};
use crate::ground::path::SourcePath;
use crate::reading::article::Reading;

/// How many texts are told of one by one.
const FEW: usize = 3;

/// How many are, where all are asked for.
const MANY: usize = 1000;

/// A text with its proof, before it lands.
pub struct Proofread {
    post: Post,
    left_out: LeftOut,
    companies: Vec<String>,
    proof: Proof,
}

impl Proofread {
    /// Reads the proof of a text.
    pub fn of(mut post: Post, left_out: LeftOut, reading: Reading<'_>, names: &Names) -> Proofread {
        let path = SourcePath::new(&post.path).unwrap_or_else(SourcePath::root);
        let looked = Looked::at(path.clone(), post.text(), reading);
        let language = post.front.lang.as_deref().unwrap_or(&reading.config.language);
        let proof = proof(&path, looked.visible(), day(&post, reading), language, names);
        post.sketch.clone_from(&proof.sketch);
        Proofread {
            companies: looked.companies().map(str::to_owned).collect(),
            left_out,
            proof,
            post,
        }
    }
}

fn day(post: &Post, reading: Reading<'_>) -> Option<Day> {
    let date = post.front.date.as_deref()?;
    parse_moment(date, &reading.config.zone)
        .ok()
        .map(|moment| moment.day)
}

/// A text that has landed, to be told of.
#[derive(Debug)]
struct Told {
    landed: Landed,
    day: Option<Day>,
    language: String,
}

/// The proofs of a run.
#[derive(Debug, Default)]
pub struct Proofs {
    shows_all: bool,
    told: Vec<Told>,
    /// How many texts there were, whatever became of them.
    texts: usize,
    /// The first of them.
    first: Option<String>,
    /// How many of them were written.
    written: usize,
}

impl Proofs {
    /// No proofs yet.
    pub fn new(shows_all: bool) -> Proofs {
        Proofs {
            shows_all,
            ..Proofs::default()
        }
    }

    /// Lets a text land, and remembers what is to be told of it. The error is in words.
    pub fn land(
        &mut self,
        proofread: Proofread,
        reading: Reading<'_>,
        landing: &mut Landing<'_>,
    ) -> Result<(), String> {
        let Proofread {
            post,
            left_out,
            companies,
            proof,
        } = proofread;
        let day = day(&post, reading);
        let language = post
            .front
            .lang
            .clone()
            .unwrap_or_else(|| reading.config.language.clone());
        let landed = landing.land(post, Naming::Free)?;
        let carried = &mut landing.carried;
        carried.leave_out(left_out);
        self.texts += 1;
        if self.texts == 1 {
            self.first = Some(landed.text.clone()).filter(|text| !text.is_empty());
        }
        if !matches!(landed.fate, Fate::New | Fate::Updated) {
            return Ok(());
        }
        self.written += 1;
        carried.copied += 1;
        carried.dated += usize::from(proof.dates.is_some());
        for name in companies {
            *carried.companies.entry(name).or_default() += 1;
        }
        for name in proof.unregistered {
            *carried.unregistered.entry(name).or_default() += 1;
        }
        carried.blanks.extend(blanks(&landed));
        if self.told.len() < if self.shows_all { MANY } else { FEW + 1 } {
            self.told.push(Told {
                landed,
                day,
                language,
            });
        }
        Ok(())
    }

    /// Settles what is told one by one; what is counted only then goes.
    pub fn settle(&mut self, carried: &mut Carried) {
        if self.written > if self.shows_all { MANY } else { FEW } {
            self.told.clear();
        } else {
            carried.companies.clear();
            carried.dated = 0;
        }
    }

    /// The text of the run, if it was the only one.
    pub fn only(&self) -> Option<&str> {
        self.first.as_deref().filter(|_| self.texts == 1)
    }

    /// The texts that are told of one by one.
    pub fn looked(&self, reading: Reading<'_>) -> Vec<Looked> {
        let look = |told: &Told| Looked::at(told.landed.path.clone(), told.landed.text.clone(), reading);
        self.told.iter().map(look).collect()
    }

    /// Prints their relative dates, and whether there were any.
    pub fn print_dates(
        &self,
        looked: &[Looked],
        names: &Names,
        voice: Voice,
        err: &mut dyn Write,
    ) -> io::Result<bool> {
        let mut found = Diagnostics::new();
        for (told, looked) in self.told.iter().zip(looked) {
            let proof = proof(
                &told.landed.path,
                looked.visible(),
                told.day,
                &told.language,
                names,
            );
            if let Some(problem) = proof.dates {
                found.push(problem);
            }
        }
        print(&found, voice.format, self, voice.colour, err)?;
        Ok(!found.is_empty())
    }
}

impl Sources for Proofs {
    fn source(&self, file: &SourcePath) -> Option<Arc<str>> {
        let told = self.told.iter().find(|told| told.landed.path == *file)?;
        Some(told.landed.text.as_str().into())
    }
}

/// The places in a file that are left to fill in, with what belongs there.
fn blanks(landed: &Landed) -> Vec<String> {
    let mut blanks = Vec::new();
    let head = landed.text.lines().enumerate().skip(1);
    for (number, line) in head.take_while(|(_, line)| *line != "---") {
        let Some((key, what)) = line.split_once(": # fill in: ") else {
            continue;
        };
        // A value may say so too.
        if key.trim_start().bytes().all(|byte| byte.is_ascii_alphabetic()) {
            let column = key.chars().count() + 3;
            let place = format!("{}:{}:{column}", landed.path, number + 1);
            blanks.push(format!("{place} `{}`: {what}", key.trim_start()));
        }
    }
    blanks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_have_places() {
        let landed = Landed {
            path: SourcePath::new("a.md").expect("a path"),
            text: "---\ntitle: \"x: # fill in: y\"\ndate: # fill in: the day\nsource:\n  url: # fill in: it\n---\ndate: # fill in: no\n"
                .to_owned(),
            fate: Fate::New,
        };
        assert_eq!(
            blanks(&landed),
            ["a.md:3:7 `date`: the day", "a.md:5:8 `url`: it"]
        );
    }
}
