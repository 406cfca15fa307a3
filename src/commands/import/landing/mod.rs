//! Landing: where what comes from elsewhere ends up in the site, and what is there already.
//!
//! An article that has come before is found again, wherever it lies now. It is written anew only while it
//! has the very bytes of the last import: what a person has touched stays as it is unless that is asked for.
//! Nothing else is ever overwritten.

mod before;
mod files;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use super::known::{Article, Known};
use super::ledger::{Entry, Ledger};
use super::post::Post;
use super::report::Carried;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, fold};
use crate::ground::world::describe;
use before::Before;
use files::{move_attachments, relink};

/// How it is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// Whether files that are there are replaced.
    pub force: bool,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// Who decides on the name of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// It is settled: others lead there.
    Settled,
    /// The first free one will do.
    Free,
}

/// What became of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is new.
    New,
    /// It was there as the last import left it, and was written anew.
    Updated,
    /// It was there already, word for word.
    Same,
    /// It was there and says something else.
    Kept,
}

/// An article that has landed.
#[derive(Clone, Debug)]
pub struct Landed {
    /// Its file.
    pub path: SourcePath,
    /// What stands there, or would.
    pub text: String,
    /// What became of it.
    pub fate: Fate,
}

/// A site that takes articles in.
#[derive(Debug)]
pub struct Landing<'l> {
    site: &'l Path,
    manner: Manner,
    ledger: Ledger,
    known: Known,
    /// The names that this run has given, folded.
    taken: BTreeSet<String>,
    /// Files that several articles share come over once.
    attached: BTreeSet<String>,
    /// What came of it so far.
    pub carried: Carried,
}

impl<'l> Landing<'l> {
    /// A site with the articles that it has.
    pub fn new(site: &'l Path, known: Known, manner: Manner) -> Landing<'l> {
        Landing {
            site,
            manner,
            ledger: Ledger::open(site),
            known,
            taken: BTreeSet::new(),
            attached: BTreeSet::new(),
            carried: Carried::default(),
        }
    }

    /// Takes an article or a page in. The error is in words.
    pub fn land(&mut self, mut post: Post, naming: Naming) -> Result<Landed, String> {
        let planned =
            SourcePath::new(&post.path).ok_or_else(|| format!("`{}` cannot be a file", post.path))?;
        let before = self.find(&post, &planned, naming);
        if let Some(id) = before.as_ref().and_then(|before| before.id.clone())
            && post.front.id.is_some()
        {
            post.front.id = Some(id);
        }
        // What lies beside it keeps its place, whatever its headline is by now.
        let settled = before.as_ref().and_then(|before| before.entry.as_ref());
        let planned = match (naming, settled) {
            (Naming::Free, Some(entry)) => {
                move_attachments(&mut post, &planned, &entry.planned);
                entry.planned.clone()
            }
            _ => planned,
        };
        let twin = self.twin(&post, before.as_ref());
        if let (None, Naming::Free, Some((path, share))) = (&before, naming, &twin)
            && *share >= 1.0
        {
            self.carried.doubled.push(format!("{}: {path}", post.name));
            return Ok(Landed {
                path: path.clone(),
                text: String::new(),
                fate: Fate::Same,
            });
        }
        let url = post
            .front
            .source_url
            .as_deref()
            .filter(|_| naming == Naming::Free);
        if let (None, Some(other)) = (&before, url.and_then(|url| self.known.with_url(url)))
            && !self.manner.force
        {
            self.carried.cited.push(format!("{}: {}", post.name, other.path));
            return Ok(Landed {
                path: other.path.clone(),
                text: post.text(),
                fate: Fate::Kept,
            });
        }
        let name = std::mem::take(&mut post.name);
        let landed = match before {
            Some(before) => self.again(&mut post, &planned, before)?,
            None => self.first(&mut post, &planned, naming)?,
        };
        let planned = match landed.fate {
            Fate::New => &landed.path,
            _ => &planned,
        };
        self.note(&post, &landed, planned);
        if let (Some((path, share)), Fate::New | Fate::Updated) = (twin, landed.fate) {
            let percent = (share * 100.0).floor();
            self.carried.alike.push(format!("{name}: {percent}% of {path}"));
        }
        let attachments = std::mem::take(&mut post.attachments);
        if landed.fate != Fate::Kept {
            self.attach(attachments)?;
        }
        self.carried.count(&post, &landed);
        for note in post.notes {
            self.carried.notes.add(note);
        }
        Ok(landed)
    }

    /// Writes down what was written. The error is in words.
    pub fn finish(self) -> (Carried, Result<(), String>) {
        let saved = match self.manner.dry_run {
            true => Ok(()),
            false => self.ledger.save(),
        };
        let saved =
            saved.map_err(|error| format!("`.brief/imports` cannot be written: {}", describe(&error)));
        (self.carried, saved)
    }

    /// Writes something that was not there.
    fn first(&mut self, post: &mut Post, planned: &SourcePath, naming: Naming) -> Result<Landed, String> {
        let path = match naming {
            Naming::Settled => planned.clone(),
            Naming::Free => self.free(planned),
        };
        self.taken.insert(fold(path.as_str()));
        if path != *planned {
            move_attachments(post, planned, &path);
        }
        let text = post.text();
        self.write(&path, text.as_bytes())?;
        Ok(Landed {
            path,
            text,
            fate: Fate::New,
        })
    }

    /// Writes something anew that is there, where that is nobody's loss.
    fn again(&mut self, post: &mut Post, planned: &SourcePath, before: Before) -> Result<Landed, String> {
        let there = match fs::read(self.place(&before.path)) {
            Ok(bytes) => Some(bytes),
            // A dry run finds what it has not written.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(format!("`{}` cannot be read: {}", before.path, describe(&error))),
        };
        let wrote = before.entry.as_ref().map(|entry| entry.wrote);
        // Where its source has moved it, it follows, since others lead there; where a person has, it stays.
        let follows = before.entry.as_ref().is_some_and(|entry| {
            entry.path == before.path && entry.planned == before.path && entry.planned != *planned
        });
        let target = if follows { planned } else { &before.path };
        relink(post, planned, target);
        let text = post.text();
        let mut landed = Landed {
            path: before.path.clone(),
            text,
            fate: Fate::Same,
        };
        let there = there.as_deref();
        if there == Some(landed.text.as_bytes()) && *target == before.path {
            return Ok(landed);
        }
        let is_untouched = there.is_none_or(|there| wrote == Some(Fingerprint::of(there)));
        let is_in_the_way = *target != before.path && self.exists(target);
        if !(is_untouched || self.manner.force) || is_in_the_way {
            landed.fate = Fate::Kept;
            let says_nothing_new = wrote == Some(Fingerprint::of(&landed.text));
            match says_nothing_new {
                true => self.carried.edited.push(before.path.to_string()),
                false => self.carried.kept.push(before.path.to_string()),
            }
            return Ok(landed);
        }
        self.write(target, landed.text.as_bytes())?;
        if *target != before.path && !self.manner.dry_run {
            let unwritable = |error| format!("`{}` cannot be removed: {}", before.path, describe(&error));
            fs::remove_file(self.place(&before.path)).map_err(unwritable)?;
        }
        landed.path = target.clone();
        landed.fate = Fate::Updated;
        Ok(landed)
    }

    /// Remembers what has landed, for what follows and for the next import.
    fn note(&mut self, post: &Post, landed: &Landed, planned: &SourcePath) {
        if landed.fate == Fate::Kept {
            return;
        }
        let id = post.front.id.clone();
        let entry = Entry {
            wrote: Fingerprint::of(&landed.text),
            path: landed.path.clone(),
            planned: planned.clone(),
            id: id.clone().unwrap_or_default(),
        };
        self.ledger.note(&post.origins, &entry);
        if landed.fate != Fate::Same && landed.path.as_str().starts_with("content/articles/") {
            let article = Article {
                path: landed.path.clone(),
                id,
                url: post.front.source_url.clone(),
            };
            self.known.add(article, post.sketch.clone());
        }
    }
}
