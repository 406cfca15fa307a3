//! Sources: what was named on the command line, sorted out, and the texts in it.
//!
//! Folders are walked without following links. What cannot be read is told, all of it at once, and keeps
//! nobody from getting the rest.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::clip::Clip;
use super::foreign::Origin;
use super::foreign::site::Problem;
use super::foreign::tree::read_bytes;
use super::foreign::value::line_and_column;
use super::kind::Kind;
use super::post::LeftOut;
use super::{beside, headed, page, text};
use crate::ground::date::Zone;
use crate::ground::world::{MAX_SOURCE_BYTES, describe, is_litter};

/// The largest page or feed that is read, in bytes.
const MAX_BYTES: u64 = 256 << 20;

/// The most files of a folder.
const MAX_FILES: usize = 1_000_000;

/// What standard input is called.
pub const INPUT: &str = "-";

/// Something to import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The site of a generator.
    Site(PathBuf, Origin),
    /// A file with one text or many.
    File(PathBuf),
    /// Standard input.
    Input,
}

/// What a file holds.
#[derive(Debug)]
pub enum Read {
    /// One text.
    Clip(Box<Clip>),
    /// A feed, whose entries are read one after the other.
    Feed(Vec<u8>),
}

/// Sources, and what of what was named is none.
#[derive(Debug, Default)]
pub struct Gathered {
    /// In the order in which they were named; files of a folder by name.
    pub sources: Vec<Source>,
    /// What cannot be read.
    pub problems: Vec<Problem>,
    /// What was passed over.
    pub left_out: LeftOut,
}

/// Sorts out what was named, for a site that takes it in.
pub fn gather(site: &Path, named: &[PathBuf], from: Option<Kind>) -> Gathered {
    let mut gathered = Gathered::default();
    for place in named {
        if let Some(why) = own(site, place, from) {
            gathered.refuse(format!("`{}` {why}", place.display()));
            continue;
        }
        if place.as_os_str() == INPUT {
            gathered.input(from);
        } else if place.is_dir() {
            gathered.folder(place, from);
        } else if place.exists() {
            let kind = from.or_else(|| Kind::of_place(place));
            gathered.sources.push(match kind {
                Some(Kind::Site(origin)) => Source::Site(place.clone(), origin),
                _ => Source::File(place.clone()),
            });
        } else {
            gathered.refuse(format!("there is nothing at `{}`", place.display()));
        }
    }
    gathered
}

/// Why something is not imported into a site that it is a part of. A folder in it that holds none of its sources may
/// well be where texts arrive.
fn own(site: &Path, place: &Path, from: Option<Kind>) -> Option<&'static str> {
    let (site, place) = (site.canonicalize().ok()?, place.canonicalize().ok()?);
    if place.starts_with(site.join("content")) {
        return Some("is a part of this site already");
    }
    let is_tree = matches!(from.or_else(|| Kind::of_place(&place)), Some(Kind::Site(_)));
    match place == site || site.starts_with(&place) && !is_tree {
        true => Some(
            "holds this site itself\nhelp: start a new one beside it with `brief new site`, and import from there",
        ),
        false => None,
    }
}

impl Gathered {
    fn refuse(&mut self, why: String) {
        self.problems.push(problem("", why));
    }

    fn input(&mut self, from: Option<Kind>) {
        if self.sources.contains(&Source::Input) {
            return;
        }
        match from {
            Some(Kind::Site(origin)) => {
                let name = origin.name();
                self.refuse(format!(
                    "standard input cannot be a site of {name}\nhelp: name its folder, or the file that it was exported to"
                ));
            }
            _ => self.sources.push(Source::Input),
        }
    }

    fn folder(&mut self, folder: &Path, from: Option<Kind>) {
        if let Some(Kind::Site(origin)) = from.or_else(|| Kind::of_place(folder)) {
            self.sources.push(Source::Site(folder.to_owned(), origin));
            return;
        }
        let before = self.sources.len();
        let is_shown = |entry: &walkdir::DirEntry| {
            entry.depth() == 0 || !is_litter(&entry.file_name().to_string_lossy())
        };
        let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(is_shown) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let place = error.path().unwrap_or(folder).to_owned();
                    let why = describe(&error.into());
                    self.refuse(format!("`{}` cannot be read: {why}", place.display()));
                    continue;
                }
            };
            if entry.file_type().is_dir() {
                continue;
            }
            if !entry.file_type().is_file() {
                *self
                    .left_out
                    .entry("links, which are not followed".to_owned())
                    .or_default() += 1;
            } else if !holds_text(entry.path()) {
                let what = "files that are neither .txt, .md nor .html".to_owned();
                *self.left_out.entry(what).or_default() += 1;
            } else if self.sources.len() - before >= MAX_FILES {
                self.refuse(format!(
                    "`{}` holds more than {MAX_FILES} texts",
                    folder.display()
                ));
                return;
            } else {
                self.sources.push(Source::File(entry.path().to_owned()));
            }
        }
        if self.sources.len() == before {
            let names: Vec<&str> = Kind::all().into_iter().skip(3).map(Kind::name).collect();
            self.refuse(format!(
                "`{}` holds no .txt, .md or .html, and nothing tells what made it\nhelp: say so with `--from`: {}",
                folder.display(),
                names.join(", ")
            ));
        }
    }
}

fn holds_text(file: &Path) -> bool {
    let extension = file
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    let known = [
        "txt", "text", "md", "markdown", "html", "htm", "xhtml", "mhtml", "mht",
    ];
    extension.is_some_and(|extension| known.contains(&extension.as_str()))
}

impl Source {
    /// What it is called in reports.
    pub fn name(&self) -> String {
        match self {
            Source::Site(place, _) | Source::File(place) => {
                let shown = place.display().to_string();
                shown.strip_prefix("./").unwrap_or(&shown).to_owned()
            }
            Source::Input => "standard input".to_owned(),
        }
    }

    /// What is in it. Sites are read elsewhere.
    pub fn read(&self, from: Option<Kind>, zone: &Zone) -> Result<Read, Problem> {
        let name = self.name();
        let (bytes, place) = match self {
            Source::Site(place, _) => (Ok(Vec::new()), place.as_path()),
            Source::File(place) => (File::open(place).and_then(limited), place.as_path()),
            Source::Input => (limited(io::stdin().lock()), Path::new("standard input")),
        };
        let bytes =
            bytes.map_err(|error| problem(&name, format!("it cannot be read: {}", describe(&error))))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(problem(&name, format!("it has more than {} MB", MAX_BYTES >> 20)));
        }
        let clip = match from.unwrap_or_else(|| Kind::of_bytes(&bytes)) {
            Kind::Feed => return Ok(Read::Feed(bytes)),
            // What is wrong with a page is said with its name.
            Kind::Page => page::read(&bytes, place).map_err(|why| problem("", why))?,
            Kind::Text | Kind::Site(_) => {
                let mut clip = read_text(&name, bytes, zone)?;
                // What somebody pastes lies nowhere, and so nothing beside it.
                if *self != Source::Input {
                    beside::bring_along(&mut clip, &name, place.parent().unwrap_or(Path::new("")));
                }
                clip
            }
        };
        match clip.title.is_empty() && clip.body.trim().is_empty() {
            true => Err(problem(&name, "there is no text in it")),
            false => Ok(Read::Clip(Box::new(clip))),
        }
    }
}

fn limited(from: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn read_text(name: &str, bytes: Vec<u8>, zone: &Zone) -> Result<Clip, Problem> {
    if bytes.len() as u64 > MAX_SOURCE_BYTES {
        let limit = MAX_SOURCE_BYTES >> 20;
        return Err(problem(name, format!("an article has {limit} MB at most")));
    }
    let text = read_bytes(bytes.clone()).map_err(|(at, message)| {
        let before = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default()).into_owned();
        let (line, column) = line_and_column(&before, before.len());
        Problem {
            file: name.to_owned(),
            line,
            column,
            message,
        }
    })?;
    match headed::read(name, &text, zone) {
        Some(clip) => clip,
        None => Ok(text::read(&text)),
    }
}

/// What is wrong with a file as a whole.
pub fn problem(file: &str, message: impl Into<String>) -> Problem {
    Problem {
        file: file.to_owned(),
        line: 0,
        column: 0,
        message: message.into(),
    }
}
