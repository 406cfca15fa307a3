//! What stands in the way of planned files, found before anything is changed.
//!
//! Files of ours that stand where a folder must go, and folders that hold nothing but files of ours
//! and stand where a file must go, may be cleared. Everything else is somebody's, and an error.

use std::collections::BTreeSet;
use std::fs;
use std::io;

use rayon::prelude::*;

use super::Output;
use super::folder::Standing;
use super::manifest::Content;
use super::plan::{Plan, Planned, Progress};
use super::trouble::unwritable;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::OutputPath;

/// What must go before the first file is put into place.
#[derive(Default)]
pub(super) struct Clearing {
    /// Files of ours.
    pub(super) files: BTreeSet<OutputPath>,
    /// Folders that are empty without these files.
    pub(super) folders: BTreeSet<String>,
}

/// Looks at every place a file is to go; all conflicts are told at once.
pub(super) fn check(output: &Output, plan: &Plan) -> Result<Clearing, Diagnostics> {
    let planned: Vec<&Planned> = plan.files().collect();
    let results: Vec<_> = planned
        .par_iter()
        .map(|planned| check_file(output, planned))
        .collect();
    let (mut clearing, mut problems) = (Clearing::default(), Diagnostics::new());
    for result in results {
        match result {
            Ok(more) => {
                clearing.files.extend(more.files);
                clearing.folders.extend(more.folders);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(clearing)
    } else {
        Err(problems.sorted())
    }
}

fn check_file(output: &Output, planned: &Planned) -> Result<Clearing, Diagnostic> {
    match planned.progress {
        Progress::InPlace(_) => Ok(Clearing::default()),
        Progress::Claimed => Err(incomplete(output, &planned.path)),
        Progress::Staged(content) => {
            check_staged(output, &planned.path, content)?;
            check_place(output, &planned.path)
        }
    }
}

/// Somebody may have emptied the staging folder since the file was written.
fn check_staged(output: &Output, path: &OutputPath, content: Content) -> Result<(), Diagnostic> {
    let metadata = fs::symlink_metadata(output.folder.staged(path.as_str()));
    let whole = metadata.is_ok_and(|metadata| metadata.is_file() && metadata.len() == content.size);
    if whole {
        Ok(())
    } else {
        Err(incomplete(output, path))
    }
}

fn incomplete(output: &Output, path: &OutputPath) -> Diagnostic {
    let shown = output.folder.shown(path.as_str());
    Diagnostic::new(
        Code::OutputUnwritable,
        format!("`{shown}` cannot be put into place: it was not staged whole"),
    )
    .help("see what else works in `.brief-staging` of the output, then build again")
}

fn check_place(output: &Output, path: &OutputPath) -> Result<Clearing, Diagnostic> {
    let shown = |part: &str| output.folder.shown(part);
    let trouble = |error: io::Error| unwritable(&shown(path.as_str()), "read", &error);
    let mut clearing = Clearing::default();
    match output.folder.standing(path.as_str()).map_err(trouble)? {
        Standing::Nothing => {}
        Standing::File { .. } if output.adopt || ours(output, path).is_some() => {}
        Standing::Link if output.adopt => {}
        Standing::File { .. } | Standing::Link => {
            return Err(foreign(format!(
                "`{}` was not written by brief, and a page goes there",
                shown(path.as_str())
            ))
            .help("move or delete it, or let it be overwritten with `--adopt`"));
        }
        Standing::Folder => gather(output, path.as_str(), path, &mut clearing)?,
        Standing::BehindFile(file) => {
            let owned = OutputPath::new(&file).ok().and_then(|file| ours(output, &file));
            clearing
                .files
                .insert(owned.ok_or_else(|| in_the_way(output, &file, path))?.clone());
        }
        Standing::BehindLink(link) => {
            return Err(foreign(format!(
                "`{}` is a symbolic link, and nothing is written through it to `{path}`",
                shown(&link)
            ))
            .help("put a folder in its place, or remove it"));
        }
        Standing::Other => return Err(in_the_way(output, path.as_str(), path)),
    }
    Ok(clearing)
}

/// The file of an earlier build that stands at a path. On a disk that folds case it may have been
/// written under another spelling; it is then not listed under this one.
fn ours<'a>(output: &'a Output, path: &OutputPath) -> Option<&'a OutputPath> {
    if let Some((owned, _)) = output.owned.files.get_key_value(path) {
        return Some(owned);
    }
    if output.folder.is_spelled(path.as_str()) {
        return None;
    }
    let folded = path.folded();
    output.owned.files.keys().find(|owned| owned.folded() == folded)
}

/// Collects all files below a folder; the first one that is not ours is the error.
fn gather(
    output: &Output,
    folder: &str,
    page: &OutputPath,
    clearing: &mut Clearing,
) -> Result<(), Diagnostic> {
    let trouble = |error: io::Error| unwritable(&output.folder.shown(folder), "read", &error);
    clearing.folders.insert(folder.to_owned());
    for entry in fs::read_dir(output.folder.at(folder)).map_err(trouble)? {
        let entry = entry.map_err(trouble)?;
        let path = format!("{folder}/{}", entry.file_name().display());
        let kind = entry.file_type().map_err(trouble)?;
        match OutputPath::new(&path) {
            _ if kind.is_dir() => gather(output, &path, page, clearing)?,
            Ok(file) if kind.is_file() && output.owned.files.contains_key(&file) => {
                clearing.files.insert(file);
            }
            _ => return Err(in_the_way(output, &path, page)),
        }
    }
    Ok(())
}

fn in_the_way(output: &Output, obstacle: &str, page: &OutputPath) -> Diagnostic {
    foreign(format!(
        "`{}` was not written by brief and stands in the way of `{page}`",
        output.folder.shown(obstacle)
    ))
    .help("move or delete it")
}

fn foreign(message: String) -> Diagnostic {
    Diagnostic::new(Code::OutputNotOurs, message)
}
