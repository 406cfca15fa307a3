//! The commit: look for conflicts, write the journal, rename, sweep, write the manifest, in this
//! order.
//!
//! Up to the journal nothing has changed. From then on whatever happens is written down, in the
//! journal by what was meant to happen and in the manifest by what did, so that the next build
//! knows which files are ours.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::folder::{MANIFEST, Standing, holds, shown, write_durably, write_whole};
use super::manifest::{self, Content, Manifest};
use super::obstacle::{Clearing, Unit, check};
use super::owned::{ManifestStamps, Owned, copies};
use super::plan::{Plan, Planned, ancestors};
use super::removal::{Fate, Removal, Sweeper, removals};
use super::trouble::unwritable;
use super::walk::Walk;
use super::{Output, Report, journal, together};
use crate::ground::diagnostic::{Diagnostic, Diagnostics};
use crate::ground::path::OutputPath;

/// Makes the output what the plan says. Calls `step` after each change on the disk.
pub(super) fn commit(
    output: &Output,
    owned: &Owned,
    plan: &Plan,
    step: &(dyn Fn() + Sync),
) -> Result<Report, Diagnostics> {
    let (clearing, units) = check(output, &owned.manifest, plan)?;
    let found = found_folders(output, &owned.manifest, plan);
    let sweeper = Sweeper {
        output,
        owned: &owned.manifest,
        plan,
        step,
        removals: removals(&owned.manifest, plan),
        problems: Diagnostics::new(),
    };
    let has_changes = !units.is_empty() || !sweeper.removals.is_empty();
    let mut commit = Commit {
        output,
        owned,
        plan,
        found,
        step,
        sweeper,
        is_delivered: plan.files().iter().map(|file| !file.is_staged()).collect(),
        has_journal: owned.has_journal || has_changes,
    };
    if has_changes {
        commit.write_journal().map_err(|problem| together([problem]))?;
        commit.change(&clearing, &units);
    }
    commit.finish()
}

/// A commit under way.
struct Commit<'a> {
    output: &'a Output,
    owned: &'a Owned,
    plan: &'a Plan,
    /// The found folders of the new manifest.
    found: BTreeSet<String>,
    step: &'a (dyn Fn() + Sync),
    sweeper: Sweeper<'a>,
    /// For each planned file whether it stands in the output.
    is_delivered: Vec<bool>,
    has_journal: bool,
}

impl Commit<'_> {
    /// Writes down what is about to be put into place and removed.
    fn write_journal(&self) -> Result<(), Diagnostic> {
        // A file in place is named by the manifests on the disk, but for those that only the journal
        // which this one replaces tells of.
        let is_told = |file: &&Planned| file.is_staged() || self.owned.unlisted.contains(file.path.as_str());
        let placed = self.plan.files().iter().filter(is_told);
        let placed = placed.filter_map(|file| Some((file.path.as_str(), file.content()?)));
        let removed = self.sweeper.removals.iter();
        let removed = removed.map(|removal| (removal.path.as_str(), removal.content));
        let state = &self.output.state;
        journal::write(state, &journal::text(placed, removed, &self.found))
            .map_err(|error| unwritable(&journal::shown(state), "written", &error))?;
        (self.step)();
        Ok(())
    }

    fn change(&mut self, clearing: &Clearing, units: &[Unit]) {
        self.sweeper.clear(&clearing.files, &clearing.folders);
        if self.sweeper.problems.is_empty() {
            self.place(units);
        }
        if self.sweeper.problems.is_empty() {
            self.sweeper.sweep();
        }
    }

    /// Renames what is staged into place.
    fn place(&mut self, units: &[Unit]) {
        let folder = &self.output.folder;
        let rename = |unit: &Unit| {
            fs::rename(folder.staged(unit.path), folder.at(unit.path)).inspect(|()| (self.step)())
        };
        let mut units: Vec<(u8, &Unit)> = units
            .iter()
            .map(|unit| ((self.output.rank)(unit.path), unit))
            .collect();
        // Stable: units of one rank stay in the order of their paths.
        units.sort_by_key(|(rank, _)| *rank);
        let mut results: Vec<io::Result<()>> = Vec::with_capacity(units.len());
        for same in units.chunk_by(|(one, _), (other, _)| one == other) {
            results.par_extend(same.par_iter().map(|(_, unit)| rename(unit)));
        }
        for ((_, unit), result) in units.into_iter().zip(results) {
            match result {
                Ok(()) => self.is_delivered[unit.files.clone()].fill(true),
                Err(error) => {
                    self.sweeper
                        .problems
                        .push(unwritable(&folder.shown(unit.path), "put into place", &error))
                }
            }
        }
    }

    fn finish(mut self) -> Result<Report, Diagnostics> {
        match self.write_manifests() {
            Ok(()) if self.has_journal => {
                let state = &self.output.state;
                match journal::remove(state) {
                    Ok(()) => (self.step)(),
                    Err(error) => {
                        let problem = unwritable(&journal::shown(state), "removed", &error);
                        self.sweeper.problems.push(problem);
                    }
                }
            }
            Ok(()) => {}
            Err(problems) => self.sweeper.problems.extend(problems),
        }
        if self.sweeper.problems.is_empty() {
            Ok(self.report())
        } else {
            Err(self.sweeper.problems.sorted())
        }
    }

    /// What is ours now, by path.
    fn listed(&self) -> Vec<(&str, Content)> {
        let known = |path: &OutputPath| self.owned.manifest.get(path.as_str());
        let planned = self
            .plan
            .files()
            .iter()
            .zip(&self.is_delivered)
            .filter_map(|(file, &is_delivered)| {
                let content = if is_delivered {
                    file.content()
                } else {
                    known(&file.path)
                };
                Some((file.path.as_str(), content?))
            });
        let is_open = |removal: &&Removal| removal.fate == Fate::Open;
        let left = self.sweeper.removals.iter().filter(is_open);
        let mut listed: Vec<_> = planned
            .chain(left.map(|removal| (removal.path.as_str(), removal.content)))
            .collect();
        listed.sort_by_key(|(path, _)| *path);
        listed
    }

    /// Writes both copies of the manifest, unless they stand there already.
    fn write_manifests(&self) -> Result<(), Diagnostics> {
        let listed = self.listed();
        let mut found = self.found.clone();
        let is_needed = |folder: &String| {
            let inside = format!("{folder}/");
            let first = listed.partition_point(|(path, _)| *path < inside.as_str());
            listed
                .get(first)
                .is_some_and(|(path, _)| path.starts_with(&inside))
        };
        found.retain(is_needed);
        let (folder, state) = (&self.output.folder, &self.output.state);
        if self.owned.copies.is_whole()
            && self.owned.copies == ManifestStamps::of(folder, state)
            && found == *self.owned.manifest.found()
            && self.owned.manifest.files().eq(listed.iter().copied())
        {
            return Ok(());
        }
        let text = manifest::text(listed.iter().copied(), &found);
        let [beside, inside] = copies(folder, state);
        let mut problems = Diagnostics::new();
        let temporary = state.join("manifest.new");
        if let Err(error) = self.write_copy(&beside, &text, || write_durably(&beside, &temporary, &text)) {
            problems.push(unwritable(&shown(&beside), "written", &error));
        }
        let in_output = || {
            fs::create_dir_all(folder.staged(""))?;
            write_whole(&inside, &folder.staged(MANIFEST), &text)
        };
        if let Err(error) = self.write_copy(&inside, &text, in_output) {
            problems.push(unwritable(&folder.shown(MANIFEST), "written", &error));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    fn write_copy(
        &self,
        target: &Path,
        text: &str,
        write: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        if !holds(target, text).unwrap_or(false) {
            write()?;
            (self.step)();
        }
        Ok(())
    }

    fn report(&self) -> Report {
        let staged = self.plan.files().iter().filter(|file| file.is_staged());
        let is_removed = |removal: &&Removal| removal.fate == Fate::Removed;
        let removed = self.sweeper.removals.iter().filter(is_removed);
        let (written, removed): (Vec<_>, Vec<_>) = (
            staged.map(|file| file.path.clone()).collect(),
            removed.map(|removal| removal.path.clone()).collect(),
        );
        let mut report = Report {
            written: written.len(),
            unchanged: self.plan.files().len() - written.len(),
            removed: removed.len(),
            changed_paths: written,
            manifests: ManifestStamps::of(&self.output.folder, &self.output.state),
        };
        report.changed_paths.extend(removed);
        report.changed_paths.sort();
        report
    }
}

/// The folders that planned files lie in but that were there before any file of ours. Asked before
/// the first change.
fn found_folders(output: &Output, owned: &Manifest, plan: &Plan) -> BTreeSet<String> {
    let is_there = |folder: &&String| matches!(output.folder.standing(folder), Ok(Standing::Folder));
    let mut found: BTreeSet<String> = owned.found().iter().filter(is_there).cloned().collect();
    let mut walk = Walk::default();
    let mut last = "";
    let mut listed = owned.files().map(|(path, _)| path).peekable();
    for file in plan.files() {
        let path = file.path.as_str();
        while listed.next_if(|listed| *listed < path).is_some() {}
        // The folders of a file that is ours are ours, or found already.
        if listed.peek() == Some(&path) {
            continue;
        }
        for folder in ancestors(path) {
            let is_asked = last
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'));
            if is_asked || owned.has_below(folder) {
                continue;
            }
            match walk.look(&output.folder, folder) {
                Ok(Standing::Folder) => found.insert(folder.to_owned()),
                _ => break,
            };
        }
        last = path;
    }
    found
}
