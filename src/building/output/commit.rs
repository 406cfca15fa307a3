//! The commit: look for conflicts, rename, sweep, write the manifest, in this order.
//!
//! Up to the first rename nothing in the output has changed; from then on whatever happens is
//! written down in the manifest, so that the next build knows which files are ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::folder::{MANIFEST, Standing};
use super::manifest::Manifest;
use super::obstacle::{Clearing, check};
use super::plan::{Plan, Planned, Progress, ancestors};
use super::trouble::unwritable;
use super::{Output, Report};
use crate::ground::diagnostic::Diagnostics;
use crate::ground::path::OutputPath;

/// Makes the output what the plan says.
pub(super) fn commit(output: &Output, plan: &Plan) -> Result<Report, Diagnostics> {
    let clearing = check(output, plan)?;
    let found = found_folders(output, plan);
    // The journal belongs here: what is about to be cleared, renamed and swept, on disk before the
    // first change, so that a build that was killed is completed by the next one.
    let mut commit = Commit::new(output, plan);
    commit.clear(&clearing);
    if commit.problems.is_empty() {
        commit.place();
    }
    if commit.problems.is_empty() {
        commit.sweep();
    }
    commit.write_manifest(found);
    commit.finish()
}

/// A commit under way.
struct Commit<'a> {
    output: &'a Output,
    plan: &'a Plan,
    /// Planned files that stand in the output.
    delivered: Vec<&'a Planned>,
    /// Files of earlier builds that are no longer ours or no longer there.
    forgotten: BTreeSet<&'a OutputPath>,
    /// Those of them that we deleted.
    removed: BTreeSet<&'a OutputPath>,
    problems: Diagnostics,
}

impl<'a> Commit<'a> {
    fn new(output: &'a Output, plan: &'a Plan) -> Commit<'a> {
        let in_place = |planned: &&Planned| matches!(planned.progress, Progress::InPlace(_));
        Commit {
            output,
            plan,
            delivered: plan.files().filter(in_place).collect(),
            forgotten: BTreeSet::new(),
            removed: BTreeSet::new(),
            problems: Diagnostics::new(),
        }
    }

    /// Removes files of ours, and the folders they leave empty, where a planned file needs the place.
    fn clear(&mut self, clearing: &Clearing) {
        for path in &clearing.files {
            if let Some((path, _)) = self.output.owned.files.get_key_value(path) {
                self.remove(path);
            }
        }
        // A folder sorts in front of what is in it; so this begins with the innermost.
        for folder in clearing.folders.iter().rev() {
            if let Err(error) = fs::remove_dir(self.output.folder.at(folder)) {
                self.problems
                    .push(unwritable(&self.output.folder.shown(folder), "removed", &error));
            }
        }
    }

    /// Renames what is staged into place: a folder that is new as a whole, any other file alone.
    fn place(&mut self) {
        let folder = &self.output.folder;
        let mut units: BTreeMap<&str, Vec<&Planned>> = BTreeMap::new();
        let mut present: BTreeMap<&str, bool> = BTreeMap::new();
        let mut is_present = |part| {
            *present
                .entry(part)
                .or_insert_with(|| fs::symlink_metadata(folder.at(part)).is_ok())
        };
        for planned in self
            .plan
            .files()
            .filter(|planned| matches!(planned.progress, Progress::Staged(_)))
        {
            let path = planned.path.as_str();
            let unit = ancestors(path).find(|&part| !is_present(part)).unwrap_or(path);
            units.entry(unit).or_default().push(planned);
        }
        let units: Vec<_> = units.into_iter().collect();
        let rename = |(unit, _): &(&str, _)| fs::rename(folder.staged(unit), folder.at(unit));
        let results: Vec<io::Result<()>> = units.par_iter().map(rename).collect();
        for ((unit, planned), result) in units.into_iter().zip(results) {
            match result {
                Ok(()) => self.delivered.extend(planned),
                Err(error) => self
                    .problems
                    .push(unwritable(&folder.shown(unit), "put into place", &error)),
            }
        }
    }

    /// Removes the files of earlier builds that nobody handed over, and the folders of ours that
    /// they leave empty.
    fn sweep(&mut self) {
        let output = self.output;
        for path in output.owned.files.keys() {
            match self.plan.folded(&path.folded()) {
                Some(planned) if planned.path == *path => {}
                Some(planned) if self.is_same_file(path, &planned.path) => {
                    self.forgotten.insert(path);
                    if let Err(error) = output.folder.respell(planned.path.as_str()) {
                        self.problems.push(unwritable(
                            &output.folder.shown(path.as_str()),
                            "renamed",
                            &error,
                        ));
                    }
                }
                _ => self.remove(path),
            }
        }
        let needed: BTreeSet<&str> = self
            .plan
            .files()
            .flat_map(|file| ancestors(file.path.as_str()))
            .collect();
        let left: BTreeSet<&str> = self
            .forgotten
            .iter()
            .flat_map(|path| ancestors(path.as_str()))
            .collect();
        // A folder sorts in front of what is in it; so this begins with the innermost.
        for folder in left.into_iter().rev() {
            if needed.contains(folder) || output.owned.found.contains(folder) {
                continue;
            }
            if matches!(output.folder.standing(folder), Ok(Standing::Folder)) {
                // Refused where somebody else keeps files in it, which is as it should be.
                let _ = fs::remove_dir(output.folder.at(folder));
            }
        }
    }

    /// Whether two names that differ in letter case or Unicode form are one file on this disk. If
    /// they are two, both are listed under their own names.
    fn is_same_file(&self, old: &OutputPath, new: &OutputPath) -> bool {
        !(self.output.folder.is_spelled(old.as_str()) && self.output.folder.is_spelled(new.as_str()))
    }

    /// Removes a file of an earlier build. What is no longer a file, or lies behind a link, is not
    /// what we wrote: it is forgotten instead.
    fn remove(&mut self, path: &'a OutputPath) {
        let removal = match self.output.folder.standing(path.as_str()) {
            Ok(Standing::File { .. }) => fs::remove_file(self.output.folder.at(path.as_str())).map(|()| true),
            Ok(_) => Ok(false),
            Err(error) => Err(error),
        };
        match removal {
            Ok(gone) => {
                self.forgotten.insert(path);
                if gone {
                    self.removed.insert(path);
                }
            }
            Err(error) => self.problems.push(unwritable(
                &self.output.folder.shown(path.as_str()),
                "removed",
                &error,
            )),
        }
    }

    /// Writes both copies of the manifest, unless they stand there already.
    fn write_manifest(&mut self, mut found: BTreeSet<String>) {
        let mut files = self.output.owned.files.clone();
        files.retain(|path, _| !self.forgotten.contains(path));
        for planned in &self.delivered {
            if let Progress::InPlace(content) | Progress::Staged(content) = planned.progress {
                files.insert(planned.path.clone(), content);
            }
        }
        let needed: BTreeSet<&str> = files.keys().flat_map(|path| ancestors(path.as_str())).collect();
        found.retain(|folder| needed.contains(folder.as_str()));
        let text = Manifest { files, found }.text();
        let folder = &self.output.folder;
        let state = self.output.state.join("manifest");
        let copies = [
            (
                write_whole(&state, &self.output.state.join("manifest.new"), &text),
                super::folder::shown(&state),
            ),
            (self.write_output_copy(&text), folder.shown(MANIFEST)),
        ];
        for (result, shown) in copies {
            if let Err(error) = result {
                self.problems.push(unwritable(&shown, "written", &error));
            }
        }
    }

    fn write_output_copy(&self, text: &str) -> io::Result<()> {
        let folder = &self.output.folder;
        let target = folder.at(MANIFEST);
        if is_written(&target, text) {
            return Ok(());
        }
        // Makes the staging folder if nothing was staged.
        folder.stage(MANIFEST)?;
        write_whole(&target, &folder.staged(MANIFEST), text)
    }

    fn finish(self) -> Result<Report, Diagnostics> {
        if !self.problems.is_empty() {
            return Err(self.problems.sorted());
        }
        let is_staged = |planned: &&Planned| matches!(planned.progress, Progress::Staged(_));
        let written: BTreeSet<&OutputPath> = self
            .plan
            .files()
            .filter(is_staged)
            .map(|file| &file.path)
            .collect();
        Ok(Report {
            written: written.len(),
            unchanged: self.delivered.len() - written.len(),
            removed: self.removed.len(),
            changed_paths: written.union(&self.removed).map(|&path| path.clone()).collect(),
        })
    }
}

/// The folders that planned files lie in but that were there before any file of ours. Asked before
/// the first change.
fn found_folders(output: &Output, plan: &Plan) -> BTreeSet<String> {
    let ours: BTreeSet<&str> = output
        .owned
        .files
        .keys()
        .flat_map(|path| ancestors(path.as_str()))
        .filter(|&folder| !output.owned.found.contains(folder))
        .collect();
    let needed: BTreeSet<&str> = plan
        .files()
        .flat_map(|file| ancestors(file.path.as_str()))
        .collect();
    let is_there = |folder: &&&str| matches!(output.folder.standing(folder), Ok(Standing::Folder));
    needed
        .difference(&ours)
        .filter(is_there)
        .map(|&folder| folder.to_owned())
        .collect()
}

/// Replaces a file as a whole or not at all.
fn write_whole(target: &Path, temporary: &Path, text: &str) -> io::Result<()> {
    if is_written(target, text) {
        return Ok(());
    }
    fs::write(temporary, text)?;
    fs::rename(temporary, target)
}

/// Whether a file, and not a link to one, holds this text.
fn is_written(target: &Path, text: &str) -> bool {
    fs::symlink_metadata(target).is_ok_and(|metadata| metadata.is_file())
        && fs::read(target).is_ok_and(|present| present == text.as_bytes())
}
