//! A commit that is stopped after any of its steps is mended by the next build.
//!
//! A step leaves the disk as a killed build would; so each is watched, and the disk copied as it
//! stands. Every copy is then built again, in the same way or as something else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tempfile::TempDir;

use super::Output;
use crate::ground::diagnostic::{Code, Diagnostics};
use crate::ground::path::OutputPath;

/// A site with new, changed, removed, equal and respelled files, a file that becomes a folder and a
/// folder that becomes a file.
const BEFORE: Files = &[
    ("same", "1"),
    ("changed", "1"),
    ("deep/changed", "1"),
    ("deep/same", "1"),
    ("gone", "1"),
    ("going/with/folder", "1"),
    ("Case/Name", "1"),
    ("file-then-folder", "1"),
    ("folder-then-file/a/b", "1"),
    ("folder-then-file/c", "1"),
    ("beside/ours", "1"),
];
const AFTER: Files = &[
    ("same", "1"),
    ("changed", "22"),
    ("deep/changed", "2"),
    ("deep/same", "1"),
    ("new", "2"),
    ("new-folder/a", "2"),
    ("new-folder/b/c", "2"),
    ("case/name", "1"),
    ("file-then-folder/a/b", "2"),
    ("folder-then-file", "2"),
    ("beside/new", "2"),
];

/// A third site, in which much of both is missing.
const LATER: Files = &[
    ("changed", "3"),
    ("gone", "3"),
    ("new", "2"),
    ("new-folder", "3"),
    ("folder-then-file/a", "3"),
];

const FOREIGN: Files = &[
    ("CNAME", "theirs"),
    ("beside/theirs", "theirs"),
    ("deep/er/theirs", "theirs"),
];

type Files = &'static [(&'static str, &'static str)];

#[test]
fn a_commit_stopped_after_any_step_is_mended() {
    let site = Site::new();
    site.build(BEFORE).expect("built");
    site.write(FOREIGN);
    let moments = site.moments(AFTER);
    assert!(moments.len() > 20, "{} moments", moments.len());
    let expected = [AFTER, BEFORE, LATER, &[]].map(|files| (files, clean(files, FOREIGN)));
    for moment in &moments {
        for (files, tree) in &expected {
            moment.copy().check(files, tree);
        }
    }
}

#[test]
fn a_first_commit_stopped_after_any_step_is_mended() {
    let site = Site::new();
    let expected = [AFTER, LATER, &[]].map(|files| (files, clean(files, &[])));
    for moment in site.moments(AFTER) {
        for (files, tree) in &expected {
            moment.copy().check(files, tree);
        }
    }
}

/// Stopped while it mended what was stopped before.
#[test]
fn a_commit_stopped_twice_is_mended() {
    let before: Files = &[("changed", "1"), ("gone/a", "1"), ("turned", "1"), ("twice", "1")];
    let after: Files = &[
        ("changed", "2"),
        ("new/a", "2"),
        ("turned/a", "2"),
        ("twice", "2"),
    ];
    let later: Files = &[("gone/a", "3"), ("new", "3"), ("turned/a", "2"), ("twice", "3")];
    let site = Site::new();
    site.build(before).expect("built");
    let expected = [before, after, later].map(|files| (files, clean(files, &[])));
    for moment in site.moments(after) {
        let seconds = moment.moments(later);
        for (second, (files, tree)) in seconds.iter().zip(expected.iter().cycle()) {
            second.check(files, tree);
        }
    }
}

/// Somebody puts files of his own wherever the stopped build had removed something or had not yet
/// put something.
#[test]
fn what_others_put_there_meanwhile_is_theirs() {
    let site = Site::new();
    site.build(BEFORE).expect("built");
    for moment in site.moments(AFTER) {
        let mut theirs = Vec::new();
        for (path, _) in BEFORE.iter().chain(AFTER) {
            let place = moment.output().join(path);
            let is_free = place.symlink_metadata().is_err();
            if is_free && fs::create_dir_all(place.parent().expect("a parent")).is_ok() {
                fs::write(place, "theirs").expect("a file");
                theirs.push((*path, "theirs"));
            }
        }
        let before = moment.copy();
        for files in [&[][..], LATER, AFTER] {
            let site = before.copy();
            let result = site.build(files);
            for (path, text) in &theirs {
                let there = fs::read_to_string(site.output().join(path)).ok();
                assert_eq!(there.as_deref(), Some(*text), "{path} after {result:?}");
            }
            if let Err(problems) = result {
                assert!(problems.iter().all(|problem| problem.code == Code::OutputNotOurs));
                assert!(!files.is_empty());
            }
        }
    }
}

/// What it had not overwritten when it was stopped is theirs until somebody says `--adopt` again.
#[test]
fn a_commit_that_takes_a_folder_over_may_be_stopped_too() {
    let site = Site::new();
    site.write(&[
        ("changed", "theirs"),
        ("deep/changed", "theirs"),
        ("CNAME", "theirs"),
    ]);
    let adopting = Site {
        adopt: true,
        ..site.copy()
    };
    let expected = clean(AFTER, &[("CNAME", "theirs")]);
    for moment in adopting.moments(AFTER) {
        let before = moment.tree();
        let plain = Site {
            adopt: false,
            ..moment.copy()
        };
        match plain.build(AFTER) {
            Ok(()) => assert_eq!(plain.tree(), expected),
            Err(problems) => {
                assert!(problems.iter().all(|problem| problem.code == Code::OutputNotOurs));
                let is_theirs = |line: &&String| line.ends_with("=theirs");
                let theirs = |tree: &BTreeSet<String>| tree.iter().filter(is_theirs).count();
                assert_eq!(theirs(&plain.tree()), theirs(&before));
                moment.check(AFTER, &expected);
            }
        }
    }
}

/// As bad as no journal: what was put into place so far is nobody's. But no worse.
#[test]
fn a_damaged_journal_counts_as_none() {
    let site = Site::new();
    site.build(BEFORE).expect("built");
    site.write(FOREIGN);
    for moment in site.moments(AFTER) {
        let journal = moment.state().join("journal");
        let Ok(text) = fs::read(&journal) else { continue };
        for damaged in [&text[..text.len() / 2], &text[..text.len() - 1], b""] {
            let without = moment.copy();
            fs::remove_file(without.state().join("journal")).expect("removed");
            let with = moment.copy();
            fs::write(with.state().join("journal"), damaged).expect("damaged");
            let codes = |result: Result<(), Diagnostics>| {
                let problems = result.err().unwrap_or_default();
                problems.iter().map(|problem| problem.code).collect::<Vec<_>>()
            };
            assert_eq!(codes(with.build(LATER)), codes(without.build(LATER)));
            assert_eq!(with.tree(), without.tree());
            with.check_theirs(FOREIGN);
        }
    }
}

/// The output of a site that was never stopped.
fn clean(files: Files, foreign: Files) -> BTreeSet<String> {
    let site = Site::new();
    site.build(files).expect("built");
    site.write(foreign);
    site.tree()
}

/// A folder with a site's output and what is known of it.
struct Site {
    folder: TempDir,
    adopt: bool,
}

impl Site {
    fn new() -> Site {
        Site {
            folder: tempfile::tempdir().expect("a folder"),
            adopt: false,
        }
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("public")
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    fn copy(&self) -> Site {
        let copy = Site {
            adopt: self.adopt,
            ..Site::new()
        };
        copy_folder(self.folder.path(), copy.folder.path());
        copy
    }

    fn write(&self, files: Files) {
        for (path, text) in files {
            let place = self.output().join(path);
            fs::create_dir_all(place.parent().expect("a parent")).expect("folders");
            fs::write(place, text).expect("a file");
        }
    }

    fn build(&self, files: Files) -> Result<(), Diagnostics> {
        self.build_in_steps(files, &|| {})
    }

    fn build_in_steps(&self, files: Files, step: &(dyn Fn() + Sync)) -> Result<(), Diagnostics> {
        let output = Output::open(&self.output(), &self.state(), self.adopt).expect("free");
        let put = |&(path, text): &(&str, &str)| {
            let path = OutputPath::new(path).expect("portable");
            let put = output.put(&path, text.as_bytes());
            step();
            put
        };
        if let Some(problem) = files.iter().find_map(|file| put(file).err()) {
            return Err(super::together([problem]));
        }
        output.commit_in_steps(step).map(|_| ())
    }

    /// What a killed build may have left, for every moment of one that makes these files.
    fn moments(&self, files: Files) -> Vec<Site> {
        let moments = Mutex::new(vec![self.copy()]);
        let step = || moments.lock().expect("no panic").push(self.copy());
        // One thread, so that no other changes anything while the disk is copied.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        let pool = pool.expect("a thread");
        pool.install(|| self.build_in_steps(files, &step))
            .expect("nothing is in the way");
        step();
        moments.into_inner().expect("no panic")
    }

    /// Builds again and compares with the output of a site that knows nothing of all this.
    fn check(&self, files: Files, expected: &BTreeSet<String>) {
        let before = self.tree();
        if let Err(problems) = self.build(files) {
            panic!("{problems:?}\n{before:#?}");
        }
        assert_eq!(self.tree(), *expected, "from {before:#?}");
        let left = [self.output().join(".brief-staging"), self.state().join("journal")];
        assert!(left.iter().all(|path| path.symlink_metadata().is_err()));
    }

    fn check_theirs(&self, foreign: Files) {
        for (path, text) in foreign {
            let there = fs::read_to_string(self.output().join(path)).expect("theirs");
            assert_eq!(there, *text, "{path}");
        }
    }

    /// The output without its manifest, which tells folders that were found from those we made.
    fn tree(&self) -> BTreeSet<String> {
        let mut tree = BTreeSet::new();
        collect(&self.output(), "", &mut tree);
        tree
    }
}

fn collect(folder: &Path, prefix: &str, tree: &mut BTreeSet<String>) {
    // There is no output yet in front of the first step of the first build.
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.expect("an entry");
        let path = format!("{prefix}{}", entry.file_name().display());
        if entry.file_type().expect("a kind").is_dir() {
            collect(&entry.path(), &format!("{path}/"), tree);
            tree.insert(format!("{path}/"));
        } else if path != ".brief-manifest" {
            let text = fs::read_to_string(entry.path()).expect("text");
            tree.insert(format!("{path}={text}"));
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a kind").is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}
