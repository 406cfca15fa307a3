//! Publishing to a folder: the files wait beside their places until all are there, and are then renamed, as a build
//! does with its output.
//!
//! What is remembered of the folder lies in the folder, so that whoever publishes there next knows it, from
//! whatever computer: the list of our files, the journal of a run that was cut, and the lock.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::changes::{Change, Changes, rank};
use super::shipment::{Failure, Manner, Outcome, Shipment};
use crate::building::output::{Content, Manifest, Output, PUBLISHING, Placed, Report};
use crate::commands::build::{absolute, lies_in_sources};
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::path::OutputPath;
use crate::ground::world::DiskWorld;

/// Sends a site to a folder.
pub fn publish(
    world: &DiskWorld,
    folder: &str,
    shipment: &Shipment<'_>,
    manner: &Manner,
) -> Result<Outcome, Failure> {
    let place = world.canonical_root().join(folder);
    check_place(world, folder, &place, shipment.folder)?;
    if manner.dry_run {
        return plan(folder, &place, shipment, manner);
    }
    let is_new = !place.join(PUBLISHING).exists();
    let output = Output::open(&place, &place.join(PUBLISHING), manner.adopt).map_err(of_trouble)?;
    let output = output.in_order(rank);
    let published = match output.owned() {
        Ok(published) => published.clone(),
        Err(problem) => {
            drop(output);
            if is_new {
                // A place that is somebody else's is left as it was.
                let _ = fs::remove_file(place.join(PUBLISHING).join("lock"));
                let _ = fs::remove_dir(place.join(PUBLISHING));
            }
            return Err(match problem.code {
                Code::OutputNotOurs => not_ours(folder),
                _ => of_trouble(problem),
            });
        }
    };
    manner.guard(&Changes::between(&published, shipment.wanted))?;
    let times = Times::read(&place);
    let files: Vec<(&str, Content)> = shipment.wanted.files().collect();
    let left: Vec<(&str, i64)> = files
        .par_iter()
        .map(|(path, content)| {
            let expected = Placed {
                content: *content,
                modified: times.of(path),
            };
            Ok((*path, hand_over(&output, shipment.folder, path, expected)?))
        })
        .collect::<Result<_, Failure>>()?;
    let report = output.commit().map_err(|problems| {
        let first = problems.iter().next().cloned();
        first.map_or_else(|| Failure::usage("the folder could not be written"), of_trouble)
    })?;
    Times::write(&place, &left, &times);
    Ok(outcome(&report, &published, shipment.wanted))
}

/// What would be done, by the list of what is there.
fn plan(folder: &str, place: &Path, shipment: &Shipment<'_>, manner: &Manner) -> Result<Outcome, Failure> {
    let published = Manifest::of_output(place);
    let is_filled = || fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_some());
    if published.is_none() && !manner.adopt && is_filled() {
        return Err(not_ours(folder));
    }
    let changes = Changes::between(&published.unwrap_or_default(), shipment.wanted);
    manner.guard(&changes)?;
    let is_there = |path: &&str| place.join(path).symlink_metadata().is_ok();
    let new = changes.new.iter().map(|change| change.path.as_str());
    let taken: BTreeSet<&str> = new.filter(|_| !manner.adopt).filter(is_there).collect();
    Failure::of_collisions(taken)?;
    Ok(Outcome {
        changes,
        is_plan: true,
        ..Outcome::default()
    })
}

/// Hands one file over: as it is there, if it is, else as a copy. Gives when it was written.
fn hand_over(output: &Output, folder: &Path, path: &str, expected: Placed) -> Result<i64, Failure> {
    let path = OutputPath::new(path).map_err(Failure::usage)?;
    let mut there = [(path.clone(), expected)];
    if output.keep(&mut there).map_err(of_trouble)? {
        let [(_, placed)] = there;
        return Ok(placed.modified);
    }
    let placed = output
        .put_file(&path, &folder.join(path.as_str()))
        .map_err(of_trouble)?;
    match placed.content == expected.content {
        true => Ok(placed.modified),
        false => Err(Failure::changed_meanwhile(path.as_str())),
    }
}

/// When each file was written here, so that those which nobody touched since need not be read. Where it is not known
/// they are.
#[derive(Default, PartialEq)]
struct Times(BTreeMap<String, i64>);

impl Times {
    fn file(place: &Path) -> PathBuf {
        place.join(PUBLISHING).join("times")
    }

    fn read(place: &Path) -> Times {
        let text = fs::read_to_string(Times::file(place)).unwrap_or_default();
        let line = |line: &str| {
            let (time, path) = line.split_once(' ')?;
            Some((path.to_owned(), time.parse().ok()?))
        };
        Times(text.lines().filter_map(line).collect())
    }

    /// What is not known is no time that a file has.
    fn of(&self, path: &str) -> i64 {
        self.0.get(path).copied().unwrap_or(i64::MIN)
    }

    /// Only saves time at the next run, so that nothing is said where it cannot be written.
    fn write(place: &Path, left: &[(&str, i64)], before: &Times) {
        let is_same =
            left.len() == before.0.len() && left.iter().all(|(path, time)| before.of(path) == *time);
        if !is_same {
            let text: String = left
                .iter()
                .map(|(path, time)| format!("{time} {path}\n"))
                .collect();
            let _ = fs::write(Times::file(place), text);
        }
    }
}

/// What the disk says was changed: more than the lists tell, where somebody else changed files meanwhile.
fn outcome(report: &Report, published: &Manifest, wanted: &Manifest) -> Outcome {
    let mut changes = Changes {
        kept: report.unchanged,
        ..Changes::default()
    };
    for path in &report.changed_paths {
        let change = Change {
            path: path.as_str().to_owned(),
            content: wanted.get(path.as_str()),
        };
        match (change.content, published.get(path.as_str())) {
            (None, _) => changes.removed.push(change),
            (Some(_), Some(_)) => changes.changed.push(change),
            (Some(_), None) => changes.new.push(change),
        }
    }
    Outcome {
        changes,
        ..Outcome::default()
    }
}

/// The folder must not be what the site is made of, nor the folder that it is built into.
fn check_place(world: &DiskWorld, folder: &str, place: &Path, output: &Path) -> Result<(), Failure> {
    let (place, output) = (absolute(place), absolute(output));
    let root: PathBuf = world.canonical_root().to_owned();
    let what = if place == root {
        "is the site folder itself"
    } else if root.starts_with(&place) {
        "holds the site folder"
    } else if lies_in_sources(world, &place) {
        "lies in the sources of the site"
    } else if place == output {
        "is the folder that the site is built into"
    } else if place.starts_with(&output) || output.starts_with(&place) {
        "lies in the folder that the site is built into, or holds it"
    } else {
        return Ok(());
    };
    Err(Failure::usage(format!("the folder `{folder}` {what}")).help("publish to a folder of its own"))
}

fn not_ours(folder: &str) -> Failure {
    Failure::refused(format!("`{folder}` is not empty, and brief did not fill it"))
        .help("publish to another folder")
        .help(
            "or take it over with `--adopt`: files at the site's addresses are overwritten, all others stay",
        )
}

/// What a folder says, in the words of publishing.
fn of_trouble(problem: Diagnostic) -> Failure {
    let taken: BTreeSet<&String> = problem
        .help
        .iter()
        .filter(|help| !help.contains("--output"))
        .collect();
    let failure = match problem.code {
        Code::OutputBusy => Failure::busy(
            problem
                .message
                .replace("another build is writing to", "another publish is writing to"),
        )
        .help("wait until it has ended, and run it again"),
        Code::OutputNotOurs => Failure::refused(&problem.message),
        _ => Failure::usage(&problem.message),
    };
    match problem.code {
        Code::OutputBusy => failure,
        _ => taken
            .into_iter()
            .fold(failure, |failure, help| failure.help(help)),
    }
}
