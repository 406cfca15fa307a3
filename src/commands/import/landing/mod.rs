//! Landing: where what comes from elsewhere ends up in the site, and what is there already.
//!
//! An article that has come before is found again, wherever it lies now. It is written anew only while it
//! has the very bytes of the last import: what a person has touched stays as it is unless that is asked for.
//! Nothing else is ever overwritten.

mod before;
mod files;

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::article::{OF_WORDS, is_front_page};
use super::gather::problem;
use super::known::{Article, Known};
use super::ledger::{Entry, Ledger};
use super::post::Post;
use super::report::Carried;
use super::standing::Standing;
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

/// Why something cannot be taken in, in words.
enum Stop {
    /// It concerns this one alone.
    Here(String),
    /// Nothing else can be written either.
    Disk(String),
}

impl Stop {
    fn of(error: &io::Error, what: &str) -> Stop {
        let why = format!("{what}: {}", describe(error));
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::QuotaExceeded => {
                Stop::Disk(why)
            }
            _ => Stop::Here(why),
        }
    }
}

/// What has landed in this run at a place.
#[derive(Clone, Debug)]
struct Came {
    /// What it is called in reports.
    name: String,
    /// The fingerprint of what it says.
    says: Fingerprint,
}

/// A site that takes articles in.
#[derive(Debug)]
pub struct Landing<'l> {
    site: &'l Path,
    /// Where it really lies: nothing is written anywhere else.
    root: PathBuf,
    manner: Manner,
    ledger: Ledger,
    known: Known,
    /// The names that this run has given, folded.
    taken: BTreeSet<String>,
    /// From which number on names are looked for, by the one that is wanted.
    numbers: HashMap<SourcePath, u64>,
    /// What has landed in this run, by its place.
    came: HashMap<SourcePath, Came>,
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
            root: site.canonicalize().unwrap_or_else(|_| site.to_owned()),
            manner,
            ledger: Ledger::open(site),
            known,
            taken: BTreeSet::new(),
            numbers: HashMap::new(),
            came: HashMap::new(),
            attached: BTreeSet::new(),
            carried: Carried::default(),
        }
    }

    /// Takes an article or a page in. One that cannot be is a problem of its own; the error, in words, is what keeps
    /// all others out too.
    pub fn land(&mut self, post: Post, naming: Naming) -> Result<Landed, String> {
        let name = post.name.clone();
        let planned = SourcePath::new(&post.path).unwrap_or_else(SourcePath::root);
        match self.take_in(post, naming) {
            Ok(landed) => Ok(landed),
            Err(Stop::Disk(why)) => Err(why),
            Err(Stop::Here(why)) => {
                self.carried.problems.push(problem(&name, why));
                Ok(Landed {
                    path: planned,
                    text: String::new(),
                    fate: Fate::Kept,
                })
            }
        }
    }

    fn take_in(&mut self, mut post: Post, naming: Naming) -> Result<Landed, Stop> {
        let planned = SourcePath::new(&post.path)
            .ok_or_else(|| Stop::Here(format!("`{}` cannot be a file", post.path)))?;
        let says = Fingerprint::of(post.text());
        let before = self.find(&post, &planned, naming);
        if let Some(before) = &before
            && let Some(came) = self.came.get(&before.path)
        {
            return Ok(self.once_more(&post, before, says, came.clone()));
        }
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
            && !self.manner.force
            && self.is_doubled(&post, path)
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
            .filter(|url| naming == Naming::Free && !is_front_page(url));
        if let (None, Some(other)) = (&before, url.and_then(|url| self.known.with_url(url)))
            && !self.manner.force
            // One that an import brought has its own words, and may well have been next to this one.
            && !self.came.contains_key(&other.path)
            && !self.ledger.has(&other.path)
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
            Some(before) => self.again(&mut post, &planned, before, naming)?,
            None => {
                let landed = self.first(&mut post, &planned, naming)?;
                self.ledger.forget(&landed.path);
                (landed, None)
            }
        };
        let (landed, stays) = landed;
        let planned = match landed.fate {
            Fate::New => &landed.path,
            _ => stays.as_ref().unwrap_or(&planned),
        };
        let came = Came {
            name: name.clone(),
            says,
        };
        self.came.insert(landed.path.clone(), came);
        self.note(&post, &landed, planned);
        if let (Some((path, share)), Fate::New | Fate::Updated) = (twin, landed.fate) {
            let percent = (share * 100.0).floor();
            self.carried.alike.push(format!("{name}: {percent}% of {path}"));
        }
        let attachments = std::mem::take(&mut post.attachments);
        if landed.fate != Fate::Kept {
            self.attach(&name, attachments)?;
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

    /// Something whose like has come in this run already: the first one counts.
    fn once_more(&mut self, post: &Post, before: &Before, says: Fingerprint, came: Came) -> Landed {
        let path = before.path.clone();
        let fate = match says == came.says {
            true => {
                self.carried.unchanged += 1;
                Fate::Same
            }
            false => {
                let first = format!("{}: {}, {path}", post.name, came.name);
                self.carried.clashing.push(first);
                Fate::Kept
            }
        };
        Landed {
            path,
            text: post.text(),
            fate,
        }
    }

    /// Whether a post that has all its words in common with an article is that one: teasers may be the same under
    /// different headlines.
    fn is_doubled(&self, post: &Post, other: &SourcePath) -> bool {
        let has_own = post.origins.iter().any(|origin| !origin.starts_with(OF_WORDS));
        let is_called = |article: &Article| article.is_called(&post.front.title);
        !has_own || self.known.at(other).is_some_and(is_called)
    }

    /// Writes something that was not there.
    fn first(&mut self, post: &mut Post, planned: &SourcePath, naming: Naming) -> Result<Landed, Stop> {
        let path = self.free(planned);
        if path != *planned && naming == Naming::Settled {
            let number = path.stem().strip_prefix(planned.stem()).unwrap_or_default();
            for name in [&mut post.front.id, &mut post.front.slug].into_iter().flatten() {
                name.push_str(number);
            }
        }
        // The one that another article has already, from the same address, would lead there.
        let is_known = post
            .front
            .id
            .as_deref()
            .is_some_and(|id| self.known.with_id(id).is_some());
        if naming == Naming::Free && is_known {
            let own = post
                .origins
                .last()
                .map(|origin| Fingerprint::of(origin).short(16));
            post.front.id = own.or(post.front.id.take());
        }
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

    /// Writes something anew that is there, where that is nobody's loss. With it comes its place, where its source has
    /// moved it to one that is not free.
    fn again(
        &mut self,
        post: &mut Post,
        planned: &SourcePath,
        before: Before,
        naming: Naming,
    ) -> Result<(Landed, Option<SourcePath>), Stop> {
        let there = match fs::read(self.secure(&before.path)?) {
            Ok(bytes) => Some(bytes),
            // A dry run finds what it has not written.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Stop::of(&error, &format!("`{}` cannot be read", before.path))),
        };
        let there = there.as_deref();
        let wrote = before.entry.as_ref().map(|entry| entry.wrote);
        let is_untouched = there.is_none_or(|there| wrote == Some(Fingerprint::of(there)));
        // Where its source has moved it, it follows, since others lead there; where a person has, it stays.
        let is_moved = before.entry.as_ref().is_some_and(|entry| {
            entry.path == before.path && entry.planned == before.path && entry.planned != *planned
        });
        let follows = is_moved && is_untouched && self.is_free(planned);
        let target = if follows { planned } else { &before.path };
        let stays = (is_moved && !follows).then(|| before.path.clone());
        if stays.is_some() && planned.folder() == target.folder() {
            move_attachments(post, planned, target);
        }
        relink(post, planned, target);
        if let (Naming::Free, Some(there)) = (naming, there) {
            let standing = Standing::of(&before.path, &String::from_utf8_lossy(there));
            standing.carry_over(post, before.has_words && !post.is_titled);
        }
        let mut landed = Landed {
            path: before.path.clone(),
            text: post.text(),
            fate: Fate::Same,
        };
        if there == Some(landed.text.as_bytes()) && !follows {
            return Ok((landed, stays));
        }
        if !(is_untouched || self.manner.force) {
            landed.fate = Fate::Kept;
            let says_nothing_new = wrote == Some(Fingerprint::of(&landed.text));
            match says_nothing_new {
                true => self.carried.edited.push(before.path.to_string()),
                false => self.carried.kept.push(before.path.to_string()),
            }
            return Ok((landed, stays));
        }
        self.write(target, landed.text.as_bytes())?;
        if follows {
            self.taken.insert(fold(target.as_str()));
            self.ledger.forget(target);
            if !self.manner.dry_run
                && let Err(error) = fs::remove_file(self.place(&before.path))
            {
                let why = format!("`{}` cannot be removed: {}", before.path, describe(&error));
                self.carried.problems.push(problem(&post.name, why));
            }
        }
        landed.path = target.clone();
        landed.fate = Fate::Updated;
        Ok((landed, stays))
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
                title: Some(post.front.title.clone()),
                date: post.front.date.clone(),
            };
            self.known.add(article, post.sketch.clone());
        }
    }
}
