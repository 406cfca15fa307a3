//! What is ours in an output: read once, before anything in it is changed.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::folder::{self, Folder, MANIFEST, STAGING};
use super::journal::{self, Journal};
use super::manifest::Manifest;
use super::trouble::unwritable;
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::encoding::encoded;

/// The files and folders of an output that earlier builds left.
pub(super) struct Owned {
    /// By the manifests and the journal.
    pub(super) manifest: Manifest,
    /// The files that only the journal of a killed build tells of.
    pub(super) unlisted: BTreeSet<String>,
    /// How both copies of the manifest stood, if they say exactly the same as `manifest`.
    pub(super) copies: ManifestStamps,
    /// Whether a journal, sound or not, must go when all is done.
    pub(super) has_journal: bool,
}

/// How both copies of a manifest were left: what tells without reading that nobody touched them
/// since. The default is that of no manifest, which is never untouched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ManifestStamps {
    /// Size in bytes and time in nanoseconds since 1970 of the copy beside the cache.
    state: Option<(u64, i64)>,
    /// The same of the copy in the output.
    output: Option<(u64, i64)>,
}

encoded!(struct ManifestStamps { state, output });

impl ManifestStamps {
    /// How the copies stand now.
    pub(super) fn of(folder: &Folder, state: &Path) -> ManifestStamps {
        let [state, output] = copies(folder, state).map(|copy| stamp(&copy));
        ManifestStamps { state, output }
    }

    /// Whether there are two.
    pub(super) fn is_whole(&self) -> bool {
        self.state.is_some() && self.output.is_some()
    }
}

impl Owned {
    /// Reads what is ours, and removes the staging folder of a build that was killed.
    pub(super) fn read(folder: &Folder, state: &Path, adopt: bool) -> Result<Owned, Diagnostic> {
        let stamps = ManifestStamps::of(folder, state);
        let (listed, are_equal) = read_copies(folder, state);
        let has_journal = journal::is_there(state);
        let journal = Journal::read(state);
        if listed.is_none() && journal.is_none() && !adopt {
            check_empty(folder, state)?;
        }
        folder
            .remove_staging()
            .map_err(|error| unwritable(&folder.shown(STAGING), "removed", &error))?;
        let listed = listed.unwrap_or_default();
        let (manifest, unlisted) = match journal {
            Some(journal) => journal.recover(folder, &listed),
            None => (listed, BTreeSet::new()),
        };
        let copies = if are_equal && !has_journal {
            stamps
        } else {
            ManifestStamps::default()
        };
        Ok(Owned {
            manifest,
            unlisted,
            copies,
            has_journal,
        })
    }
}

/// Where the copies of the manifest lie: beside the cache and in the output.
pub(super) fn copies(folder: &Folder, state: &Path) -> [PathBuf; 2] {
    [state.join("manifest"), folder.at(MANIFEST)]
}

/// Size and time of a file; `None` where none is, links being none.
fn stamp(path: &Path) -> Option<(u64, i64)> {
    let metadata = path.symlink_metadata().ok().filter(Metadata::is_file)?;
    Some((metadata.len(), folder::modified(&metadata)))
}

/// What either valid copy of the manifest names, and whether both are valid and the same.
fn read_copies(folder: &Folder, state: &Path) -> (Option<Manifest>, bool) {
    let [first, second] = copies(folder, state);
    let text = Manifest::read_text(&first).unwrap_or_default();
    let listed = Manifest::parse(&text);
    // The second one is parsed only if it says something else: nearly always it does not.
    if listed.is_some() && folder::holds(&second, &text).unwrap_or(false) {
        return (listed, true);
    }
    let both = listed.into_iter().chain(Manifest::read(&second));
    (both.reduce(Manifest::union), false)
}

/// A folder that nothing says we filled must be empty.
fn check_empty(folder: &Folder, state: &Path) -> Result<(), Diagnostic> {
    let empty = folder
        .is_empty()
        .map_err(|error| unwritable(&folder.shown(""), "read", &error))?;
    if empty {
        return Ok(());
    }
    let shown = folder.shown("");
    let has_copy = copies(folder, state)
        .iter()
        .any(|place| place.symlink_metadata().is_ok());
    let message = match has_copy {
        true => format!("`{shown}` is not empty, and the list of what brief wrote there is damaged"),
        false => format!("`{shown}` is not empty, and brief did not fill it"),
    };
    Err(Diagnostic::new(Code::OutputNotOurs, message)
        .help("choose another folder with `--output`")
        .help(
            "or take it over with `--adopt`: files at the site's addresses are overwritten, all others stay",
        ))
}
