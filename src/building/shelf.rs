//! The shelf: where stories lie between the reading of the sources and the rendering of the pages.
//!
//! A story that was read in this build is put aside, in memory as far as that is bounded and then in
//! one file; a story that was not read, because its source did not change, is read when a page
//! asks for it. Either way no more than a few stories are whole in memory at a time.
//!
//! A preview has no such file. What it cannot hold it reads again, and what it holds is the last good
//! version of a source that somebody is in the middle of changing.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::encoding;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::SourcePath;
use crate::ground::world::{World, read_text};
use crate::meaning::site::Stories;
use crate::reading::article::{self, Reading, Story};
use crate::reading::company::Register;
use crate::reading::config::Config;
use crate::reading::tagging::Tagger;

/// How many bytes of stories stay in memory.
const MEMORY: usize = 8 * 1024 * 1024;

/// How many bytes of stories a preview keeps: all of some thousand articles.
const PREVIEW_MEMORY: usize = 64 * 1024 * 1024;

/// Stories, to be fetched one at a time.
#[derive(Debug)]
pub struct Shelf {
    world: Arc<dyn World>,
    config: Arc<Config>,
    register: Arc<Register>,
    tagger: Arc<Tagger>,
    stories: Mutex<HashMap<SourcePath, Place>>,
    spill: Mutex<Spill>,
    problems: Mutex<Diagnostics>,
    /// The story that each thread fetched last: a page asks several things of one story.
    last: Vec<Mutex<Last>>,
}

/// The story that a thread fetched last.
type Last = Option<(SourcePath, Arc<Story>)>;

/// Where a story lies.
#[derive(Debug)]
enum Place {
    Memory(Box<[u8]>),
    /// In the file: where it begins and how long it is.
    File(u64, usize),
    /// In its source, which had this fingerprint when the site was read.
    Source(Fingerprint),
}

/// What does not fit into memory.
#[derive(Debug)]
struct Spill {
    /// How much more fits.
    room: usize,
    /// Where the rest goes.
    rest: Rest,
    file: Option<File>,
    length: u64,
}

/// Where stories go for which memory has no room.
#[derive(Clone, Debug)]
pub enum Rest {
    /// Into memory all the same.
    Memory,
    /// Into this file, which is made once it is needed.
    File(PathBuf),
    /// Nowhere: they are read again.
    Source,
}

impl Shelf {
    /// An empty shelf. A file for the rest is removed by [`Shelf::close`].
    pub fn new(
        world: Arc<dyn World>,
        config: Arc<Config>,
        register: Arc<Register>,
        tagger: Arc<Tagger>,
        rest: Rest,
    ) -> Shelf {
        let room = match &rest {
            Rest::Memory => usize::MAX,
            Rest::File(left_by_a_killed_build) => {
                let _ = fs::remove_file(left_by_a_killed_build);
                MEMORY
            }
            Rest::Source => PREVIEW_MEMORY,
        };
        let threads = rayon::current_num_threads() + 1;
        Shelf {
            world,
            config,
            register,
            tagger,
            stories: Mutex::default(),
            spill: Mutex::new(Spill {
                room,
                rest,
                file: None,
                length: 0,
            }),
            problems: Mutex::default(),
            last: (0..threads).map(|_| Mutex::default()).collect(),
        }
    }

    /// What articles are read with.
    pub fn reading(&self) -> Reading<'_> {
        Reading {
            config: &self.config,
            register: &self.register,
            tagger: &self.tagger,
        }
    }

    /// Puts a story aside that was read of a source with this fingerprint.
    pub fn put(&self, path: &SourcePath, story: &Story, source: Fingerprint) {
        let bytes = encoding::encode(story);
        let place = match lock(&self.spill).write(&bytes) {
            Ok(Written::File(at, length)) => Place::File(at, length),
            Ok(Written::Memory) => Place::Memory(bytes.into()),
            Ok(Written::Nowhere) => Place::Source(source),
            Err(error) => {
                self.report(
                    Diagnostic::new(
                        Code::OutputUnwritable,
                        format!("there is no room to put articles aside: {error}"),
                    )
                    .help("free some space on the disk of the site folder"),
                );
                return;
            }
        };
        lock(&self.stories).insert(path.clone(), place);
    }

    /// Notes a story that can be read again as long as its source is the same.
    pub fn leave(&self, path: &SourcePath, source: Fingerprint) {
        lock(&self.stories).insert(path.clone(), Place::Source(source));
    }

    /// Drops a story, for another version of it to be put in its place.
    pub fn forget(&self, path: &SourcePath) {
        if let Some(Place::Memory(bytes)) = lock(&self.stories).remove(path) {
            let mut spill = lock(&self.spill);
            spill.room = spill.room.saturating_add(bytes.len());
        }
        for last in &self.last {
            let mut last = lock(last);
            if last.as_ref().is_some_and(|(known, _)| known == path) {
                *last = None;
            }
        }
    }

    /// What went wrong with stories that were fetched.
    pub fn problems(&self) -> Diagnostics {
        std::mem::take(&mut *lock(&self.problems))
    }

    /// Gives back the room on the disk. Stories that lay there cannot be fetched any more.
    pub fn close(&self) {
        let mut spill = lock(&self.spill);
        if let (Some(file), Rest::File(path)) = (spill.file.take(), &spill.rest) {
            drop(file);
            let _ = fs::remove_file(path);
        }
    }

    fn report(&self, problem: Diagnostic) {
        lock(&self.problems).push(problem);
    }

    fn fetch(&self, path: &SourcePath) -> Option<Story> {
        let source = match lock(&self.stories).get(path)? {
            Place::Memory(bytes) => return encoding::decode(bytes),
            Place::File(at, length) => Err((*at, *length)),
            Place::Source(source) => Ok(*source),
        };
        match source {
            Ok(source) => self.read_again(path, source),
            Err((at, length)) => match lock(&self.spill).read(at, length) {
                Ok(bytes) => encoding::decode(&bytes),
                Err(error) => {
                    let message = format!("an article that was put aside cannot be read: {error}");
                    self.report(Diagnostic::new(Code::UnreadableFile, message).in_file(path));
                    None
                }
            },
        }
    }

    fn read_again(&self, path: &SourcePath, source: Fingerprint) -> Option<Story> {
        let text = match read_text(&*self.world, path) {
            Ok(text) => text,
            Err(problem) => {
                self.report(problem);
                return None;
            }
        };
        if Fingerprint::of(&text) != source {
            let message = format!("`{path}` changed while the site was built");
            let problem = Diagnostic::new(Code::UnreadableFile, message).in_file(path);
            self.report(problem.help("build again"));
            return None;
        }
        let story = article::read(path, &text, self.reading()).story?;
        if matches!(lock(&self.spill).rest, Rest::Source) {
            self.put(path, &story, source);
        }
        Some(story)
    }
}

impl Stories for Shelf {
    fn story(&self, path: &SourcePath) -> Option<Arc<Story>> {
        // Threads outside the pool share the last place.
        let thread = rayon::current_thread_index()
            .unwrap_or(usize::MAX)
            .min(self.last.len() - 1);
        if let Some((last, story)) = &*lock(&self.last[thread])
            && last == path
        {
            return Some(story.clone());
        }
        let story = Arc::new(self.fetch(path)?);
        *lock(&self.last[thread]) = Some((path.clone(), story.clone()));
        Some(story)
    }
}

/// Where a story was written.
enum Written {
    Memory,
    File(u64, usize),
    Nowhere,
}

impl Spill {
    /// Writes a story to the file if memory is full, and tells where it is to be found.
    fn write(&mut self, bytes: &[u8]) -> io::Result<Written> {
        if let Some(room) = self.room.checked_sub(bytes.len()) {
            self.room = room;
            return Ok(Written::Memory);
        }
        let Rest::File(path) = &self.rest else {
            return Ok(Written::Nowhere);
        };
        self.room = 0;
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let mut options = File::options();
                none.insert(
                    options
                        .read(true)
                        .write(true)
                        .create(true)
                        .truncate(true)
                        .open(path)?,
                )
            }
        };
        let at = self.length;
        write_at(file, bytes, at)?;
        self.length += bytes.len() as u64;
        Ok(Written::File(at, bytes.len()))
    }

    fn read(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let mut bytes = vec![0; length];
        read_at(file, &mut bytes, at)?;
        Ok(bytes)
    }
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(not(unix))]
fn write_at(mut file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    use std::io::{Seek, SeekFrom, Write};
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)
}

#[cfg(not(unix))]
fn read_at(mut file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(bytes)
}

/// No code that may panic runs while one of these is locked, so what it holds is whole in any case.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
