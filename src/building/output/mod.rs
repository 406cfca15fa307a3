//! The output folder: taken for one build, filled by handing over files, changed in one commit.
//!
//! Files wait in a staging folder until all are there and nothing stands in their way; then they
//! are renamed into place. What the manifest does not name belongs to somebody else and is never
//! written, deleted or followed. With `serve` and `publish` this is the only module that writes.

mod commit;
mod folder;
mod journal;
mod listing;
mod lock;
mod manifest;
mod obstacle;
mod owned;
mod plan;
mod removal;
#[cfg(test)]
mod tests;
mod trouble;
mod walk;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rayon::prelude::*;

use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::encoding::encoded;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::OutputPath;
use folder::{Folder, Standing};
use lock::Lock;
use owned::Owned;
use plan::{Incoming, Progress};
use trouble::{unreadable, unwritable};
use walk::Walk;

pub use folder::PUBLISHING;
pub use listing::stays_inside;
pub use manifest::{Content, Manifest};
pub use owned::ManifestStamps;

/// An output folder taken for one build.
///
/// Dropped without a commit it leaves the output as it was.
pub struct Output {
    folder: Folder,
    state: PathBuf,
    adopt: bool,
    /// Read when it is first asked for: a build with nothing to do never asks.
    owned: OnceLock<Result<Owned, Diagnostic>>,
    incoming: Mutex<Incoming>,
    /// One for each thread that works for us, so that none waits for another.
    hands: Vec<Mutex<Hand>>,
    /// Which of two paths is put into place first: that of the smaller rank.
    rank: fn(&str) -> u8,
    /// The folders made for this output, the innermost first.
    created: Vec<PathBuf>,
    _lock: Lock,
}

/// What a thread remembers of the output from the file it handed over before.
#[derive(Default)]
struct Hand {
    walk: Walk,
    /// The number that the next file may well have in the manifest.
    listed: usize,
    /// The folder of its last staged file.
    staged_in: String,
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
            content: Content::of(bytes),
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
    /// How both copies of the manifest were left.
    pub manifests: ManifestStamps,
}

impl Output {
    /// Takes an output folder, making it if it is missing. Nothing in it is looked at yet.
    ///
    /// `state` is the folder for the lock and the second copy of the manifest; it is made if it is
    /// missing. With `adopt` a folder that is not empty is taken over even without a manifest, and
    /// files in it that were not ours may be overwritten; still, none of them is ever deleted.
    ///
    /// Errors: `output-busy` while another build holds the lock, `output-unwritable` for what the
    /// disk refuses.
    pub fn open(folder: &Path, state: &Path, adopt: bool) -> Result<Output, Diagnostic> {
        let folder = Folder::new(folder);
        let lock = take_lock(&folder, state)?;
        let created = folder
            .create()
            .map_err(|error| unwritable(&folder.shown(""), "made", &error))?;
        Ok(Output {
            folder,
            state: state.to_owned(),
            adopt,
            owned: OnceLock::new(),
            incoming: Mutex::default(),
            hands: (0..=rayon::current_num_threads())
                .map(|_| Mutex::default())
                .collect(),
            rank: |_| 0,
            created,
            _lock: lock,
        })
    }

    /// The same output, whose files are put into place in the order of their ranks: where readers may come at any moment,
    /// nothing is to lead to what is not there yet. A folder that is new as a whole is ranked by its own path.
    pub fn in_order(mut self, rank: fn(&str) -> u8) -> Output {
        self.rank = rank;
        self
    }

    /// The folder for what is known of this output: the lock, the cache, a copy of the manifest.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// The files that earlier builds wrote here. Read at the first call, by whatever method makes
    /// it; to call this one early is to learn early whether the folder may be written to. What a
    /// build that was killed left behind is cleared away then.
    ///
    /// Errors: `output-not-ours` for a folder that others filled, `output-unwritable`.
    pub fn owned(&self) -> Result<&Manifest, Diagnostic> {
        self.read_owned().map(|owned| &owned.manifest)
    }

    fn read_owned(&self) -> Result<&Owned, Diagnostic> {
        let read = || Owned::read(&self.folder, &self.state, self.adopt);
        self.owned.get_or_init(read).as_ref().map_err(Diagnostic::clone)
    }

    /// Whether both copies of the manifest are as a commit reported them: nobody has built here since.
    pub fn has_manifests(&self, manifests: &ManifestStamps) -> bool {
        manifests.is_whole() && *manifests == ManifestStamps::of(&self.folder, &self.state)
    }

    /// Hands over one finished file. Where the output holds the same bytes nothing is staged.
    ///
    /// May be called from many threads; fastest with files in order of their paths. Errors:
    /// `url-collision` for a name that brief keeps for itself, `output-unwritable`, and those of
    /// [`Output::owned`]. That two files cannot be side by side is told by [`Output::commit`].
    pub fn put(&self, path: &OutputPath, bytes: &[u8]) -> Result<Placed, Diagnostic> {
        self.read_owned()?;
        check_name(path)?;
        let content = Content::of(bytes);
        if let Some((size, modified)) = self.in_place(path)
            && size == content.size
            && fs::read(self.folder.at(path.as_str())).is_ok_and(|present| present == bytes)
        {
            self.incoming().add(path, Progress::InPlace(content));
            return Ok(Placed { content, modified });
        }
        let number = self.incoming().add(path, Progress::Claimed);
        let mut file = self.stage(path, number)?;
        let modified = file.write_all(bytes).and_then(|()| file.metadata());
        let modified = modified.map_err(|error| self.unwritten(path, &error))?;
        self.incoming().set(number, Progress::Staged(content));
        let modified = folder::modified(&modified);
        Ok(Placed { content, modified })
    }

    /// Hands over a file that is copied from disk without being held in memory. It gets default
    /// permissions, not those of the source.
    ///
    /// Errors: as for [`Output::put`], and `unreadable-file` for the source.
    pub fn put_file(&self, path: &OutputPath, source: &Path) -> Result<Placed, Diagnostic> {
        self.read_owned()?;
        check_name(path)?;
        // Taken first: a file that cannot be copied must keep the others from being put into place.
        let number = self.incoming().add(path, Progress::Claimed);
        let source_trouble = |error: io::Error| unreadable(&folder::shown(source), &error);
        let size = open_source(source)
            .and_then(|file| file.metadata())
            .map_err(source_trouble)?
            .len();
        if let Some((present_size, modified)) = self.in_place(path)
            && present_size == size
        {
            let wanted = open_source(source)
                .and_then(Fingerprint::of_reader)
                .map_err(source_trouble)?;
            let present = File::open(self.folder.at(path.as_str())).and_then(Fingerprint::of_reader);
            if present.is_ok_and(|present| present == wanted) {
                let content = Content {
                    fingerprint: wanted,
                    size,
                };
                self.incoming().set(number, Progress::InPlace(content));
                return Ok(Placed { content, modified });
            }
        }
        // Hashed on the way, so that the manifest speaks of the bytes written even if the source
        // changes meanwhile.
        let mut copy = Copy {
            source: open_source(source).map_err(source_trouble)?,
            target: self.stage(path, number)?,
            size: 0,
            write_error: None,
        };
        let fingerprint = Fingerprint::of_reader(&mut copy);
        let fingerprint = match (fingerprint, copy.write_error) {
            (_, Some(error)) => return Err(self.unwritten(path, &error)),
            (Err(error), None) => return Err(source_trouble(error)),
            (Ok(fingerprint), None) => fingerprint,
        };
        let metadata = copy
            .target
            .metadata()
            .map_err(|error| self.unwritten(path, &error))?;
        let content = Content {
            fingerprint,
            size: copy.size,
        };
        self.incoming().set(number, Progress::Staged(content));
        let modified = folder::modified(&metadata);
        Ok(Placed { content, modified })
    }

    /// Hands over files that an earlier build wrote and that need not be made again, and notes when they were
    /// written. `false`, and nothing is handed over, where the output does not hold one of them any more.
    ///
    /// Size and time tell that nobody touched a file; where only the time differs its bytes do. May be
    /// called from many threads; fastest with files in order of their paths.
    pub fn keep(&self, files: &mut [(OutputPath, Placed)]) -> Result<bool, Diagnostic> {
        for (path, placed) in files.iter_mut() {
            match self.untouched(path, placed)? {
                Some(modified) => placed.modified = modified,
                None => return Ok(false),
            }
        }
        for (path, _) in files.iter() {
            check_name(path)?;
        }
        let mut incoming = self.incoming();
        for (path, placed) in files {
            incoming.add(path, Progress::InPlace(placed.content));
        }
        Ok(true)
    }

    /// When a file was written that an earlier build left; `None` where it does not hold the same any more.
    fn untouched(&self, path: &OutputPath, placed: &Placed) -> Result<Option<i64>, Diagnostic> {
        let content = placed.content;
        let listed = self.owned()?.get_in_order(path.as_str(), &mut self.hand().listed);
        if listed != Some(content) {
            return Ok(None);
        }
        let Some((size, modified)) = self.in_place(path) else {
            return Ok(None);
        };
        let holds_the_same = || {
            let present = File::open(self.folder.at(path.as_str())).and_then(Fingerprint::of_reader);
            present.is_ok_and(|fingerprint| fingerprint == content.fingerprint)
        };
        let is_same = size == content.size && (modified == placed.modified || holds_the_same());
        Ok(is_same.then_some(modified))
    }

    /// Whether the output is exactly as a commit left it that handed over these files and reported
    /// these manifests. Looks at sizes and times only; fastest with the files in order of their paths.
    pub fn is_untouched<'f>(
        &self,
        files: impl ParallelIterator<Item = (OutputPath, &'f Placed)>,
        manifests: &ManifestStamps,
    ) -> bool {
        let look = |mut walk: Walk, (path, placed): (OutputPath, &Placed)| {
            let expected = Standing::File {
                size: placed.content.size,
                modified: placed.modified,
            };
            let standing = walk.look(&self.folder, path.as_str());
            standing
                .is_ok_and(|standing| standing == expected)
                .then_some(walk)
        };
        manifests.is_whole()
            && *manifests == ManifestStamps::of(&self.folder, &self.state)
            && !journal::is_there(&self.state)
            && self.folder.has_no_staging()
            && files.try_fold(Walk::default, look).all(|walk| walk.is_some())
    }

    /// Puts everything handed over into place, removes the files of earlier builds that were not
    /// handed over, and writes the manifest.
    ///
    /// Conflicts are looked for before the first change: an error among them leaves the output as
    /// it was. A build that is killed during the changes, or meets an error of the disk, may leave
    /// some files new and some old; the next one then knows both for ours, and mends it.
    ///
    /// Errors: `url-collision` for files that cannot be side by side, `output-not-ours`,
    /// `output-unwritable`.
    pub fn commit(self) -> Result<Report, Diagnostics> {
        self.commit_in_steps(&|| {})
    }

    /// The same, calling `step` after each change on the disk.
    fn commit_in_steps(self, step: &(dyn Fn() + Sync)) -> Result<Report, Diagnostics> {
        let owned = self.read_owned().map_err(|problem| together([problem]))?;
        let incoming = std::mem::take(&mut *self.incoming());
        let plan = incoming
            .into_plan()
            .map_err(|pairs| together(pairs.iter().map(|(first, second)| collision(first, second))))?;
        commit::commit(&self, owned, &plan, step)
    }

    fn incoming(&self) -> MutexGuard<'_, Incoming> {
        // No code that may panic runs while it is locked, so it is whole in any case.
        self.incoming.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        let number = rayon::current_thread_index().map_or(0, |number| number + 1);
        let hand = &self.hands[number % self.hands.len()];
        hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The size of the file at a path and when it was written; `None` where there is none or a link
    /// is on the way.
    fn in_place(&self, path: &OutputPath) -> Option<(u64, i64)> {
        match self.hand().walk.look(&self.folder, path.as_str()) {
            Ok(Standing::File { size, modified }) => Some((size, modified)),
            _ => None,
        }
    }

    /// Makes the file where the bytes of a path wait for the commit.
    fn stage(&self, path: &OutputPath, number: usize) -> Result<File, Diagnostic> {
        let staged = self.folder.stage(path.as_str(), &mut self.hand().staged_in);
        staged.map_err(|error| {
            // Nothing stands in the staging folder but what this build put there.
            match self.incoming().collision(number) {
                Some(other) => collision(path, &other),
                None => self.unwritten(path, &error),
            }
        })
    }

    fn unwritten(&self, path: &OutputPath, error: &io::Error) -> Diagnostic {
        unwritable(&self.folder.shown(path.as_str()), "written", error)
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

fn together(all: impl IntoIterator<Item = Diagnostic>) -> Diagnostics {
    let mut problems = Diagnostics::new();
    for problem in all {
        problems.push(problem);
    }
    problems.sorted()
}

fn check_name(path: &OutputPath) -> Result<(), Diagnostic> {
    if folder::is_reserved(path) {
        let message = format!("`{path}` is a name that brief keeps for itself");
        return Err(Diagnostic::new(Code::UrlCollision, message).help("give the file another name"));
    }
    Ok(())
}

fn collision(one: &OutputPath, other: &OutputPath) -> Diagnostic {
    // Which of the two came first is up to the threads; the message is not.
    let (first, second) = (one.min(other), one.max(other));
    let message = format!("`{first}` and `{second}` cannot both be in the output");
    Diagnostic::new(Code::UrlCollision, message).help("give one of them another address with `slug:`")
}

/// Opens a source. What is no file is refused before it is opened: a pipe would be waited for.
fn open_source(source: &Path) -> io::Result<File> {
    let metadata = fs::metadata(source)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    File::open(source)
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
