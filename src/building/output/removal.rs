//! Removing what earlier builds wrote and nobody handed over in this one.

use std::collections::BTreeSet;
use std::fs;

use super::Output;
use super::folder::Standing;
use super::manifest::{Content, Manifest};
use super::plan::{Plan, ancestors};
use super::trouble::unwritable;
use super::walk::Walk;
use crate::ground::diagnostic::Diagnostics;
use crate::ground::path::OutputPath;

/// A file of an earlier build that is not part of this one.
pub(super) struct Removal {
    pub(super) path: OutputPath,
    pub(super) content: Content,
    pub(super) fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Still to be removed.
    Open,
    /// No longer ours, or no longer there.
    Forgotten,
    /// We removed it.
    Removed,
}

/// The files that are ours and not planned, by path.
pub(super) fn removals(owned: &Manifest, plan: &Plan) -> Vec<Removal> {
    let mut planned = plan.files().iter().map(|file| file.path.as_str()).peekable();
    let mut is_planned = |path: &str| {
        while planned.next_if(|planned| *planned < path).is_some() {}
        planned.peek() == Some(&path)
    };
    let left = owned.files().filter(|(path, _)| !is_planned(path));
    // A path that is not portable is none that we ever wrote, whatever the manifest says.
    left.filter_map(|(path, content)| {
        let path = OutputPath::new(path)
            .ok()
            .filter(|checked| checked.as_str() == path)?;
        let fate = Fate::Open;
        Some(Removal { path, content, fate })
    })
    .collect()
}

/// Removing under way.
pub(super) struct Sweeper<'a> {
    pub(super) output: &'a Output,
    pub(super) owned: &'a Manifest,
    pub(super) plan: &'a Plan,
    pub(super) step: &'a (dyn Fn() + Sync),
    pub(super) removals: Vec<Removal>,
    pub(super) problems: Diagnostics,
}

impl Sweeper<'_> {
    /// Removes files where planned files need the place, and the folders that they leave empty.
    pub(super) fn clear(&mut self, files: &BTreeSet<OutputPath>, folders: &BTreeSet<String>) {
        let mut walk = Walk::default();
        for path in files {
            if let Ok(number) = self.removals.binary_search_by(|other| other.path.cmp(path)) {
                self.remove(number, &mut walk);
            }
        }
        let folder = &self.output.folder;
        // A folder sorts in front of what is in it; so this begins with the innermost.
        for path in folders.iter().rev() {
            match fs::remove_dir(folder.at(path)) {
                Ok(()) => (self.step)(),
                Err(error) => self
                    .problems
                    .push(unwritable(&folder.shown(path), "removed", &error)),
            }
        }
    }

    /// Removes all other files, and the folders of ours that they leave empty.
    pub(super) fn sweep(&mut self) {
        let mut walk = Walk::default();
        for number in 0..self.removals.len() {
            if self.removals[number].fate != Fate::Open {
                continue;
            }
            let path = &self.removals[number].path;
            match self.plan.folded(&path.folded()) {
                Some(planned) if self.is_same_file(path, &planned.path) => {
                    self.respell(number, &planned.path);
                }
                _ => self.remove(number, &mut walk),
            }
        }
        self.sweep_folders();
    }

    fn sweep_folders(&self) {
        let is_gone = |removal: &&Removal| removal.fate != Fate::Open;
        let left: BTreeSet<&str> = self
            .removals
            .iter()
            .filter(is_gone)
            .flat_map(|removal| ancestors(removal.path.as_str()))
            .collect();
        let folder = &self.output.folder;
        let mut walk = Walk::default();
        // A folder sorts in front of what is in it; so this begins with the innermost.
        for path in left.into_iter().rev() {
            if self.plan.has_below(path) || self.owned.found().contains(path) {
                continue;
            }
            // Refused where somebody else keeps files in it, which is as it should be.
            if matches!(walk.look(folder, path), Ok(Standing::Folder))
                && fs::remove_dir(folder.at(path)).is_ok()
            {
                (self.step)();
            }
        }
    }

    /// Whether two names that differ in letter case or Unicode form are one file on this disk. If
    /// they are two, both are listed under their own names.
    fn is_same_file(&self, old: &OutputPath, new: &OutputPath) -> bool {
        let folder = &self.output.folder;
        !(folder.is_spelled(old.as_str()) && folder.is_spelled(new.as_str()))
    }

    /// Gives a file that was put in the place of an older spelling its own one.
    fn respell(&mut self, number: usize, planned: &OutputPath) {
        let removal = &mut self.removals[number];
        removal.fate = Fate::Forgotten;
        match self.output.folder.respell(planned.as_str()) {
            Ok(()) => (self.step)(),
            Err(error) => {
                let shown = self.output.folder.shown(removal.path.as_str());
                self.problems.push(unwritable(&shown, "renamed", &error));
            }
        }
    }

    /// Removes a file. What is no longer a file, or lies behind a link, is not what we wrote: it is
    /// forgotten instead.
    fn remove(&mut self, number: usize, walk: &mut Walk) {
        let folder = &self.output.folder;
        let removal = &mut self.removals[number];
        let path = removal.path.as_str();
        let result = match walk.look(folder, path) {
            Ok(Standing::File { .. }) => fs::remove_file(folder.at(path)).map(|()| Fate::Removed),
            Ok(_) => Ok(Fate::Forgotten),
            Err(error) => Err(error),
        };
        match result {
            Ok(fate) => {
                removal.fate = fate;
                if fate == Fate::Removed {
                    (self.step)();
                }
            }
            Err(error) => self
                .problems
                .push(unwritable(&folder.shown(path), "removed", &error)),
        }
    }
}
