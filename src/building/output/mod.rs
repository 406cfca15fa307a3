//! The output folder: taken for one build, filled by handing over files, changed in one commit.
//!
//! Files wait in a staging folder until all are there and nothing stands in their way; then they
//! are renamed into place. What the manifest does not name belongs to somebody else and is never
//! written, deleted or followed. With `serve` and `publish` this is the only module that writes.

mod commit;
mod folder;
mod lock;
mod manifest;
mod obstacle;
mod plan;
mod trouble;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::encoding::encoded;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::OutputPath;
use folder::{Folder, Standing};
use lock::Lock;
use plan::{Plan, Progress};
use trouble::{unreadable, unwritable};

pub use manifest::{Content, Manifest};

/// An output folder taken for one build: locked, its manifest read.
///
/// Dropped without a commit it leaves the output as it was.
pub struct Output {
    folder: Folder,
    state: PathBuf,
    adopt: bool,
    owned: Manifest,
    /// Whether there was nothing in the folder when it was taken.
    was_empty: bool,
    plan: Mutex<Plan>,
    /// The folders made for this output, the innermost first.
    created: Vec<PathBuf>,
    _lock: Lock,
}

/// A file of the output as it was left: what tells without reading that nobody touched it since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// What it holds.
    pub content: Content,
    /// When it was written, in nanoseconds since 1970. A rename does not change it.
    pub modified: i64,
}

impl Placed {
    /// Bytes that stand in no folder.
    pub fn of(bytes: &[u8]) -> Placed {
        Placed {
            content: Content {
                fingerprint: Fingerprint::of(bytes),
                size: bytes.len() as u64,
            },
            modified: 0,
        }
    }
}

encoded!(struct Placed { content, modified });

/// What a commit changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many files are new or have other bytes than before.
    pub written: usize,
    /// How many files were left alone.
    pub unchanged: usize,
    /// How many files of earlier builds are gone.
    pub removed: usize,
    /// The files written and those removed, sorted.
    pub changed_paths: Vec<OutputPath>,
}

impl Output {
    /// Takes an output folder, making it if it is missing.
    ///
    /// `state` is the folder for the lock and the second copy of the manifest; it is made if it is
    /// missing. With `adopt` a folder that is not empty is taken over even without a manifest, and
    /// files in it that were not ours may be overwritten; still, none of them is ever deleted.
    ///
    /// Errors: `output-busy` while another build holds the lock, `output-not-ours` for a folder
    /// that others filled, `output-unwritable` for what the disk refuses.
    pub fn open(folder: &Path, state: &Path, adopt: bool) -> Result<Output, Diagnostic> {
        let folder = Folder::new(folder);
        let lock = take_lock(&folder, state)?;
        let created = folder
            .create()
            .map_err(|error| unwritable(&folder.shown(""), "made", &error))?;
        let owned = read_manifests(&folder, state, adopt)?;
        folder
            .remove_staging()
            .map_err(|error| unwritable(&folder.shown(folder::STAGING), "removed", &error))?;
        let was_empty = folder
            .is_empty()
            .map_err(|error| unwritable(&folder.shown(""), "read", &error))?;
        let plan = Mutex::default();
        Ok(Output {
            folder,
            state: state.to_owned(),
            adopt,
            owned,
            was_empty,
            plan,
            created,
            _lock: lock,
        })
    }

    /// The folder for what is known of this output: the lock, the cache, a copy of the manifest.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// The files that earlier builds wrote here, as far as they are known.
    pub fn owned(&self) -> &Manifest {
        &self.owned
    }

    /// Hands over one finished file. Where the output holds the same bytes nothing is staged.
    ///
    /// May be called from many threads. Errors: `url-collision` for a path that another file of
    /// this build needs, `output-unwritable`.
    pub fn put(&self, path: &OutputPath, bytes: &[u8]) -> Result<Placed, Diagnostic> {
        self.claim(path)?;
        let content = Content {
            fingerprint: Fingerprint::of(bytes),
            size: bytes.len() as u64,
        };
        if let Some((size, modified)) = self.in_place(path)
            && size == content.size
            && fs::read(self.folder.at(path.as_str())).is_ok_and(|present| present == bytes)
        {
            self.plan().record(path, Progress::InPlace(content));
            return Ok(Placed { content, modified });
        }
        let staged = self.folder.stage(path.as_str()).and_then(|mut file| {
            file.write_all(bytes)?;
            file.metadata()
        });
        let metadata =
            staged.map_err(|error| unwritable(&self.folder.shown(path.as_str()), "written", &error))?;
        self.plan().record(path, Progress::Staged(content));
        let modified = folder::modified(&metadata);
        Ok(Placed { content, modified })
    }

    /// Hands over a file that is copied from disk without being held in memory. It gets default
    /// permissions, not those of the source.
    ///
    /// Errors: as for [`Output::put`], and `unreadable-file` for the source.
    pub fn put_file(&self, path: &OutputPath, source: &Path) -> Result<Placed, Diagnostic> {
        self.claim(path)?;
        let source_trouble = |error: io::Error| unreadable(&folder::shown(source), &error);
        let trouble = |error: io::Error| unwritable(&self.folder.shown(path.as_str()), "written", &error);
        let mut file = File::open(source).map_err(source_trouble)?;
        let size = file.metadata().map_err(source_trouble)?.len();
        if let Some((present_size, modified)) = self.in_place(path)
            && present_size == size
        {
            let wanted = Fingerprint::of_reader(&file).map_err(source_trouble)?;
            let present = File::open(self.folder.at(path.as_str())).and_then(Fingerprint::of_reader);
            if present.is_ok_and(|present| present == wanted) {
                let content = Content {
                    fingerprint: wanted,
                    size,
                };
                self.plan().record(path, Progress::InPlace(content));
                return Ok(Placed { content, modified });
            }
            file = File::open(source).map_err(source_trouble)?;
        }
        let staged = self.folder.stage(path.as_str()).map_err(trouble)?;
        // Hashed on the way, so that the manifest speaks of the bytes written even if the source
        // changes meanwhile.
        let mut copy = Copy {
            source: file,
            target: staged,
            size: 0,
            write_error: None,
        };
        let fingerprint = Fingerprint::of_reader(&mut copy);
        let fingerprint = match (fingerprint, copy.write_error) {
            (_, Some(error)) => return Err(trouble(error)),
            (Err(error), None) => return Err(source_trouble(error)),
            (Ok(fingerprint), None) => fingerprint,
        };
        let metadata = copy.target.metadata().map_err(trouble)?;
        let content = Content {
            fingerprint,
            size: copy.size,
        };
        self.plan().record(path, Progress::Staged(content));
        let modified = folder::modified(&metadata);
        Ok(Placed { content, modified })
    }

    /// Hands over a file that an earlier build wrote and that need not be made again. `None`, and
    /// nothing is handed over, where the output does not hold that file any more.
    ///
    /// Size and time tell that nobody touched it; where only the time differs its bytes do.
    pub fn keep(&self, path: &OutputPath, placed: &Placed) -> Result<Option<Placed>, Diagnostic> {
        if self.owned.files.get(path) != Some(&placed.content) {
            return Ok(None);
        }
        let Some((size, modified)) = self.folder.glance(path.as_str()) else {
            return Ok(None);
        };
        let content = placed.content;
        let is_same = size == content.size
            && (modified == placed.modified
                || File::open(self.folder.at(path.as_str()))
                    .and_then(Fingerprint::of_reader)
                    .is_ok_and(|fingerprint| fingerprint == content.fingerprint));
        if !is_same {
            return Ok(None);
        }
        self.claim(path)?;
        self.plan().record(path, Progress::InPlace(content));
        Ok(Some(Placed { content, modified }))
    }

    /// Whether the output holds these files as they were left. Looks at sizes and times only.
    pub fn is_untouched<'f>(&self, files: impl ParallelIterator<Item = (OutputPath, &'f Placed)>) -> bool {
        files.all(|(path, placed)| {
            self.owned.files.get(&path) == Some(&placed.content)
                && self.folder.glance(path.as_str()) == Some((placed.content.size, placed.modified))
        })
    }

    /// Puts everything handed over into place, removes the files of earlier builds that were not
    /// handed over, and writes the manifest.
    ///
    /// Conflicts are looked for before the first change: an error among them leaves the output as
    /// it was. An error of the disk during the changes may leave some files new and some old; the
    /// manifest then names both, so that the next build mends it.
    pub fn commit(self) -> Result<Report, Diagnostics> {
        commit::commit(&self, &self.plan())
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        // No code that may panic runs while the plan is locked, so it is whole in any case.
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a path for this build.
    fn claim(&self, path: &OutputPath) -> Result<(), Diagnostic> {
        if folder::is_reserved(path) {
            let message = format!("`{path}` is a name that brief keeps for itself");
            return Err(Diagnostic::new(Code::UrlCollision, message).help("give the file another name"));
        }
        self.plan().claim(path).map_err(|other| {
            // Which of the two came first is up to the threads; the message is not.
            let (first, second) = if &other < path {
                (&other, path)
            } else {
                (path, &other)
            };
            let message = format!("`{first}` and `{second}` cannot both be in the output");
            Diagnostic::new(Code::UrlCollision, message).help("give one of them another address with `slug:`")
        })
    }

    /// The size of the file at a path and when it was written; `None` where there is none or a link
    /// is on the way.
    fn in_place(&self, path: &OutputPath) -> Option<(u64, i64)> {
        if self.was_empty {
            return None;
        }
        match self.folder.standing(path.as_str()) {
            Ok(Standing::File { size, modified }) => Some((size, modified)),
            _ => None,
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // What cannot be removed now is removed when the output is next opened.
        let _ = self.folder.remove_staging();
        for folder in &self.created {
            // Only empty folders can be removed so: after a commit none of them is.
            let _ = fs::remove_dir(folder);
        }
    }
}

fn take_lock(folder: &Folder, state: &Path) -> Result<Lock, Diagnostic> {
    fs::create_dir_all(state).map_err(|error| unwritable(&folder::shown(state), "made", &error))?;
    let path = state.join("lock");
    let lock = Lock::take(&path).map_err(|error| unwritable(&folder::shown(&path), "locked", &error))?;
    lock.ok_or_else(|| {
        let message = format!("another build is writing to `{}`", folder.shown(""));
        Diagnostic::new(Code::OutputBusy, message)
            .help("wait until it has ended, or choose another `--output`")
    })
}

/// What is ours by either copy of the manifest.
fn read_manifests(folder: &Folder, state: &Path, adopt: bool) -> Result<Manifest, Diagnostic> {
    let places = [state.join("manifest"), folder.at(folder::MANIFEST)];
    let texts = places.each_ref().map(|place| Manifest::read_text(place));
    let owned = match texts {
        // As a rule both copies are the same.
        [Some(first), Some(second)] if first == second => Manifest::parse(&first),
        texts => texts
            .iter()
            .flatten()
            .filter_map(|text| Manifest::parse(text))
            .reduce(Manifest::union),
    };
    if let Some(owned) = owned {
        return Ok(owned);
    }
    let empty = folder
        .is_empty()
        .map_err(|error| unwritable(&folder.shown(""), "read", &error))?;
    if empty || adopt {
        return Ok(Manifest::default());
    }
    let shown = folder.shown("");
    let message = match places.iter().any(|place| place.symlink_metadata().is_ok()) {
        true => format!("`{shown}` is not empty, and the list of what brief wrote there is damaged"),
        false => format!("`{shown}` is not empty, and brief did not fill it"),
    };
    Err(Diagnostic::new(Code::OutputNotOurs, message)
        .help("choose another folder with `--output`")
        .help(
            "or take it over with `--adopt`: files at the site's addresses are overwritten, all others stay",
        ))
}

/// A source that is written to its target while it is read.
struct Copy {
    source: File,
    target: File,
    size: u64,
    /// Kept apart from errors of reading: they have another remedy.
    write_error: Option<io::Error>,
}

impl Read for Copy {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        if let Err(error) = self.target.write_all(&buffer[..count]) {
            self.write_error = Some(error);
            return Err(io::ErrorKind::Other.into());
        }
        self.size += count as u64;
        Ok(count)
    }
}
