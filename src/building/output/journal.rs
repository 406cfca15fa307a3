//! The journal: what a commit is about to do, written before its first change and removed after its
//! last.
//!
//! A build that finds one knows that the build before was killed, and which files that build may
//! have put into place or removed. It trusts none of it blindly: meanwhile anybody may have put a
//! file of his own there. Ours is what holds the very bytes that the journal tells.
//!
//! What holds after a kill at any moment: all changes in front of it are made, none behind it, and
//! each is a single rename or removal. After a loss of power: the journal is on the disk before the
//! first change (it is synced, and its folder), and the manifest beside the cache before the journal
//! goes. The files themselves are not synced, which would take a hundred times as long as all else:
//! of the files written by the last builds some may be old, missing, empty or, on some file systems,
//! of the right size and wrong. A build finds them by size and time and makes them again, all but
//! the last kind, for which there is `--clean`. Empty ones that no manifest names yet count as not
//! ours, and `--adopt` overwrites them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::folder::{Folder, Standing, write_durably};
use super::listing::{parse_line, push_line, seal, stays_inside, unseal};
use super::manifest::{Content, Manifest};
use super::walk::Walk;
use crate::ground::fingerprint::Fingerprint;

/// The first line. The number changes with the format.
const HEADING: &str = "brief-journal 1\n";

const PLACE: &str = "place ";
const REMOVE: &str = "remove ";
const FOUND: &str = "found ";

/// What a commit is, or was, about to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Journal {
    /// Files that are to stand in the output and that the manifest does not tell of as they will be.
    pub(super) placed: Vec<(String, Content)>,
    /// Files that are to be removed.
    pub(super) removed: Vec<(String, Content)>,
    /// Folders that were there before us, by the new manifest.
    pub(super) found: BTreeSet<String>,
}

/// Where the journal lies.
fn path(state: &Path) -> PathBuf {
    state.join("journal")
}

/// Whether something lies where the journal would.
pub(super) fn is_there(state: &Path) -> bool {
    path(state).symlink_metadata().is_ok()
}

/// Writes a journal, and has it on the disk when it returns.
pub(super) fn write(state: &Path, text: &str) -> io::Result<()> {
    write_durably(&path(state), &state.join("journal.new"), text)
}

/// Removes the journal.
pub(super) fn remove(state: &Path) -> io::Result<()> {
    match fs::remove_file(path(state)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The path of the journal, for messages.
pub(super) fn shown(state: &Path) -> String {
    super::folder::shown(&path(state))
}

/// The text of a journal: heading, a line a file, checksum.
pub(super) fn text<'f>(
    placed: impl Iterator<Item = (&'f str, Content)>,
    removed: impl Iterator<Item = (&'f str, Content)>,
    found: &BTreeSet<String>,
) -> String {
    let mut text = HEADING.to_owned();
    for (path, content) in placed {
        text.push_str(PLACE);
        push_line(&mut text, path, content);
    }
    for (path, content) in removed {
        text.push_str(REMOVE);
        push_line(&mut text, path, content);
    }
    for folder in found {
        text.push_str(&format!("{FOUND}{folder}\n"));
    }
    seal(&mut text);
    text
}

impl Journal {
    /// Reads the journal of a build that was killed; `None` where there is none that holds. A
    /// symbolic link is not followed.
    pub(super) fn read(state: &Path) -> Option<Journal> {
        let path = path(state);
        if !fs::symlink_metadata(&path).ok()?.is_file() {
            return None;
        }
        Journal::parse(&fs::read_to_string(path).ok()?)
    }

    fn parse(text: &str) -> Option<Journal> {
        let mut journal = Journal::default();
        let owned = |(path, content): (&str, Content)| (path.to_owned(), content);
        for line in unseal(text)?.strip_prefix(HEADING)?.split_terminator('\n') {
            if let Some(line) = line.strip_prefix(PLACE) {
                journal.placed.push(owned(parse_line(line)?));
            } else if let Some(line) = line.strip_prefix(REMOVE) {
                journal.removed.push(owned(parse_line(line)?));
            } else {
                let folder = line.strip_prefix(FOUND).filter(|folder| stays_inside(folder))?;
                journal.found.insert(folder.to_owned());
            }
        }
        Some(journal)
    }

    /// What is ours after a build was killed that began with a manifest and wrote this journal; and
    /// those files of it that only the journal tells of.
    pub(super) fn recover(self, folder: &Folder, manifest: &Manifest) -> (Manifest, BTreeSet<String>) {
        let mut files = manifest.to_files();
        let mut only_here = BTreeSet::new();
        let mut walk = Walk::default();
        for (path, content) in self.removed {
            match there(folder, &mut walk, &path, content) {
                // What stands there now is somebody else's; or it is ours and somebody changed it,
                // and to leave that alone is the smaller evil.
                There::Other => {
                    files.remove(&path);
                }
                // A file that is gone already may have left its folder behind.
                There::Same | There::Nothing => {
                    if files.insert(path.clone(), content).is_none() {
                        only_here.insert(path);
                    }
                }
            }
        }
        for (path, content) in self.placed {
            // Taken down even where the manifest names the file: this build may be killed too, and
            // its journal must tell the bytes that are there now.
            if there(folder, &mut walk, &path, content) == There::Same
                && files.insert(path.clone(), content).is_none()
            {
                only_here.insert(path);
            }
        }
        let found = manifest.found().union(&self.found).cloned().collect();
        (Manifest::new(&files, found), only_here)
    }
}

/// What stands where a file is told to be.
#[derive(PartialEq, Eq)]
enum There {
    Nothing,
    /// A file with the bytes that are told.
    Same,
    /// Whatever else, and what cannot be read.
    Other,
}

fn there(folder: &Folder, walk: &mut Walk, path: &str, content: Content) -> There {
    let is_same = match walk.look(folder, path) {
        Ok(Standing::Nothing) => return There::Nothing,
        Ok(Standing::File { size, .. }) if size == content.size => File::open(folder.at(path))
            .and_then(Fingerprint::of_reader)
            .is_ok_and(|fingerprint| fingerprint == content.fingerprint),
        _ => false,
    };
    if is_same { There::Same } else { There::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Journal {
        let file = |path: &str| (path.to_owned(), Content::of(path.as_bytes()));
        Journal {
            placed: vec![file("a/b"), file("é x")],
            removed: vec![file("c")],
            found: BTreeSet::from(["a".to_owned()]),
        }
    }

    fn written(journal: &Journal) -> String {
        fn lines(files: &[(String, Content)]) -> impl Iterator<Item = (&str, Content)> {
            files.iter().map(|(path, content)| (path.as_str(), *content))
        }
        text(lines(&journal.placed), lines(&journal.removed), &journal.found)
    }

    #[test]
    fn a_journal_is_read_back_and_a_damaged_one_is_none() {
        let text = written(&example());
        assert_eq!(Journal::parse(&text), Some(example()));
        for end in 0..text.len() {
            assert_eq!(text.get(..end).and_then(Journal::parse), None, "cut at {end}");
        }
        for (from, to) in [("place", "plaice"), ("é", "e"), ("journal 1", "journal 2")] {
            assert_eq!(Journal::parse(&text.replacen(from, to, 1)), None, "{from}");
        }
    }

    #[test]
    fn a_journal_that_leads_out_of_the_output_is_none() {
        let mut journal = example();
        journal.placed[0].0 = "../a".to_owned();
        assert_eq!(Journal::parse(&written(&journal)), None);
        let mut journal = example();
        journal.found.insert("/etc".to_owned());
        assert_eq!(Journal::parse(&written(&journal)), None);
    }
}
