//! What stands in the way of planned files, found before anything is changed.
//!
//! Files of ours that stand where a folder must go, and folders that hold nothing but files of ours
//! and stand where a file must go, may be cleared. Everything else is somebody's, and an error.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::ops::Range;

use rayon::prelude::*;

use super::Output;
use super::folder::Standing;
use super::manifest::Manifest;
use super::plan::{Plan, Planned, Progress};
use super::trouble::unwritable;
use super::walk::Walk;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::{OutputPath, fold};

/// What must go before the first file is put into place.
#[derive(Default)]
pub(super) struct Clearing {
    /// Files of ours.
    pub(super) files: BTreeSet<OutputPath>,
    /// Folders that are empty without these files.
    pub(super) folders: BTreeSet<String>,
}

/// What is put into place by one rename: a folder that is new as a whole, or a file.
pub(super) struct Unit<'p> {
    pub(super) path: &'p str,
    /// The numbers of its files in the plan.
    pub(super) files: Range<usize>,
}

/// How many neighbours are looked at by one thread.
const STRETCH: usize = 512;

/// Looks at every place a file is to go; all conflicts are told at once.
pub(super) fn check<'p>(
    output: &Output,
    owned: &Manifest,
    plan: &'p Plan,
) -> Result<(Clearing, Vec<Unit<'p>>), Diagnostics> {
    let stretches = plan.files().par_chunks(STRETCH).enumerate();
    let checked = stretches.map(|(number, files)| check_stretch(output, owned, files, number * STRETCH));
    let checked: Vec<Checked> = checked.collect();
    let (mut clearing, mut units, mut problems) =
        (Clearing::default(), Vec::<Unit>::new(), Diagnostics::new());
    for mut stretch in checked {
        clearing.files.append(&mut stretch.clearing.files);
        clearing.folders.append(&mut stretch.clearing.folders);
        for unit in stretch.units {
            add(&mut units, unit);
        }
        problems.extend(stretch.problems);
    }
    for unit in &units {
        problems.extend(check_staged(output, plan, unit));
    }
    if problems.is_empty() {
        Ok((clearing, units))
    } else {
        Err(problems.sorted())
    }
}

/// What is known of neighbouring files.
#[derive(Default)]
struct Checked<'p> {
    clearing: Clearing,
    units: Vec<Unit<'p>>,
    problems: Diagnostics,
}

fn check_stretch<'p>(output: &Output, owned: &Manifest, files: &'p [Planned], first: usize) -> Checked<'p> {
    let mut checked = Checked::default();
    let mut walk = Walk::default();
    for (number, planned) in files.iter().enumerate() {
        match planned.progress {
            Progress::InPlace(_) => {}
            Progress::Claimed => checked.problems.push(incomplete(output, &planned.path)),
            Progress::Staged(_) => {
                match check_place(output, owned, &planned.path, &mut walk, &mut checked.clearing) {
                    Ok(path) => {
                        let number = first + number;
                        let files = number..number + 1;
                        add(&mut checked.units, Unit { path, files });
                    }
                    Err(problem) => checked.problems.push(problem),
                }
            }
        }
    }
    checked
}

/// Adds a unit, or its files to the last one: whatever lies in one folder stands together.
fn add<'p>(units: &mut Vec<Unit<'p>>, unit: Unit<'p>) {
    match units.last_mut() {
        Some(last) if last.path == unit.path => last.files.end = unit.files.end,
        _ => units.push(unit),
    }
}

/// Somebody may have emptied the staging folder since its files were written.
fn check_staged(output: &Output, plan: &Plan, unit: &Unit) -> Diagnostics {
    let files = &plan.files()[unit.files.clone()];
    let is_whole = fs::symlink_metadata(output.folder.staged(unit.path)).is_ok_and(|metadata| match files {
        [file] if file.path.as_str() == unit.path => {
            let size = file.content().map(|content| content.size);
            metadata.is_file() && size == Some(metadata.len())
        }
        _ => metadata.is_dir(),
    });
    let mut problems = Diagnostics::new();
    for file in files.iter().filter(|_| !is_whole) {
        problems.push(incomplete(output, &file.path));
    }
    problems
}

fn incomplete(output: &Output, path: &OutputPath) -> Diagnostic {
    let shown = output.folder.shown(path.as_str());
    Diagnostic::new(
        Code::OutputUnwritable,
        format!("`{shown}` cannot be put into place: it was not staged whole"),
    )
    .help("see what else works in `.brief-staging` of the output, then build again")
}

/// Looks at the place of a file; gives the path of what is to be renamed there.
fn check_place<'p>(
    output: &Output,
    owned: &Manifest,
    path: &'p OutputPath,
    walk: &mut Walk,
    clearing: &mut Clearing,
) -> Result<&'p str, Diagnostic> {
    let shown = |part: &str| output.folder.shown(part);
    let trouble = |error: io::Error| unwritable(&shown(path.as_str()), "read", &error);
    match walk.look(&output.folder, path.as_str()).map_err(trouble)? {
        Standing::Nothing => Ok(walk.missing(path.as_str()).unwrap_or(path.as_str())),
        Standing::File { .. } if output.adopt || ours(output, owned, path).is_some() => Ok(path.as_str()),
        Standing::Link if output.adopt => Ok(path.as_str()),
        Standing::File { .. } | Standing::Link => Err(foreign(format!(
            "`{}` was not written by brief, and a page goes there",
            shown(path.as_str())
        ))
        .help("move or delete it, or let it be overwritten with `--adopt`")),
        Standing::Folder => {
            gather(output, owned, path.as_str(), path, clearing)?;
            Ok(path.as_str())
        }
        Standing::BehindFile(file) => {
            let ours = OutputPath::new(&file)
                .ok()
                .and_then(|file| ours(output, owned, &file));
            clearing
                .files
                .insert(ours.ok_or_else(|| in_the_way(output, &file, path))?);
            Ok(&path.as_str()[..file.len()])
        }
        Standing::BehindLink(link) => Err(foreign(format!(
            "`{}` is a symbolic link, and nothing is written through it to `{path}`",
            shown(&link)
        ))
        .help("put a folder in its place, or remove it")),
        Standing::Other => Err(in_the_way(output, path.as_str(), path)),
    }
}

/// The file of an earlier build that stands at a path. On a disk that folds case it may have been
/// written under another spelling; it is then not listed under this one.
fn ours(output: &Output, owned: &Manifest, path: &OutputPath) -> Option<OutputPath> {
    if owned.get(path.as_str()).is_some() {
        return Some(path.clone());
    }
    if output.folder.is_spelled(path.as_str()) {
        return None;
    }
    let folded = path.folded();
    owned
        .files()
        .filter(|(other, _)| fold(other) == folded)
        .find_map(|(other, _)| OutputPath::new(other).ok())
}

/// Collects all files below a folder; the first one that is not ours is the error.
fn gather(
    output: &Output,
    owned: &Manifest,
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
            _ if kind.is_dir() => gather(output, owned, &path, page, clearing)?,
            Ok(file) if kind.is_file() && owned.get(file.as_str()).is_some() => {
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
