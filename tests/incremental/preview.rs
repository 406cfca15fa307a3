//! A preview shows what a clean build would write.
//!
//! The same random sites and edits, followed by a preview. After each edit that leaves a site without
//! errors every file it shows has the bytes of a clean build, no file is shown that a clean build has
//! not, and it finds wrong what the build finds wrong.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use brief::building::pipeline::{Clock, Options, build_in_memory};
use brief::building::preview::{Hints, Preview, Shown};
use brief::ground::path::{OutputPath, SourcePath, Url};
use brief::ground::world::DiskWorld;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use tempfile::TempDir;

use crate::chance::{asked, edits, random, seeds};
use crate::edit::Edit;
use crate::model::{Model, Seed};
use crate::runner::temporary;
use crate::support;

/// What was compared, over all sequences.
#[derive(Debug, Default)]
struct Tally {
    edits: usize,
    compared: usize,
    with_errors: usize,
    rendered: usize,
}

struct Session {
    folder: TempDir,
    model: Model,
    options: Options,
    files: BTreeMap<String, Vec<u8>>,
    tally: Tally,
}

impl Session {
    fn new(seed: &Seed) -> Session {
        let flags = seed.bytes[40];
        let now = "2025-03-01T12:00:00Z".parse().expect("an instant");
        Session {
            folder: temporary(),
            model: Model::new(seed),
            options: Options {
                clock: Clock::At(now),
                drafts: flags & 1 == 1,
                future: flags & 2 == 2,
                unhosted: true,
                ..Options::default()
            },
            files: BTreeMap::new(),
            tally: Tally::default(),
        }
    }

    fn site(&self) -> &Path {
        self.folder.path()
    }

    /// Makes the folder what the model says. Gives the paths that are different.
    fn write(&mut self) -> BTreeSet<String> {
        let files = self.model.files();
        let mut different = BTreeSet::new();
        for path in self.files.keys().filter(|path| !files.contains_key(*path)) {
            fs::remove_file(self.site().join(path)).expect("a source");
            different.insert(path.clone());
        }
        for (path, bytes) in &files {
            if self.files.get(path) != Some(bytes) {
                support::write(&self.site().join(path), bytes);
                different.insert(path.clone());
            }
        }
        self.files = files;
        different
    }

    fn run(&mut self, edits: &[Edit]) -> Result<(), String> {
        self.write();
        let world = Arc::new(DiskWorld::new(self.site()).expect("a site"));
        let state = self.folder.path().join(".brief/serve");
        let preview = Preview::open(world, self.options.clone(), &state);
        preview.settle(&|| false);
        self.compare(&preview).map_err(|why| format!("at first: {why}"))?;
        for (number, edit) in edits.iter().enumerate() {
            // Most mistakes are mended at once.
            if self.model.broken.is_some() && edit.bytes[23] < 200 {
                self.model.broken = None;
            }
            edit.change(&mut self.model);
            let different = self.write();
            // Hints name the files, or a folder with all that is in it, or nothing in particular.
            let paths = different.iter().map(|path| match edit.bytes[22] % 3 {
                1 => path.rsplit_once('/').map_or(path.as_str(), |(folder, _)| folder),
                _ => path,
            });
            let hints = Hints {
                paths: paths.filter_map(SourcePath::new).collect(),
                everything: edit.bytes[22] % 3 == 2,
            };
            preview.follow(&hints, &|_| true);
            if edit.bytes[21] % 2 == 0 {
                preview.settle(&|| false);
            }
            self.tally.edits += 1;
            self.compare(&preview)
                .map_err(|why| format!("after edit {number}, {:?}: {why}", edit.kind))?;
        }
        Ok(())
    }

    fn compare(&mut self, preview: &Preview) -> Result<(), String> {
        let world = DiskWorld::new(self.site()).expect("a site");
        let (files, found) = build_in_memory(&world, &self.options);
        let Some(files) = files else {
            self.tally.with_errors += 1;
            return Ok(());
        };
        let before = preview.renewed();
        for (path, expected) in &files {
            self.tally.compared += 1;
            let shown = shown(preview, path);
            if shown.as_ref() != Some(expected) {
                let shown = shown.map(|shown| String::from_utf8_lossy(&shown).into_owned());
                let expected = String::from_utf8_lossy(expected);
                return Err(format!("{path}:\n{shown:?}\ninstead of\n{expected:?}"));
            }
        }
        let planned: BTreeSet<Url> = files.keys().map(Url::file).collect();
        if let Some(ghost) = preview.addresses().into_iter().find(|url| !planned.contains(url)) {
            return Err(format!("{ghost} is shown though a build has no such file"));
        }
        self.tally.rendered += preview.renewed() - before;
        preview.settle(&|| false);
        let now = preview.diagnostics();
        match now == found {
            true => Ok(()),
            false => Err(format!("found {now:#?}\ninstead of {found:#?}")),
        }
    }
}

fn shown(preview: &Preview, path: &OutputPath) -> Option<Vec<u8>> {
    match preview.file(&Url::file(path))? {
        Shown::Made(bytes, _) => Some(bytes.to_vec()),
        Shown::Copied(place, _) => fs::read(place).ok(),
        Shown::Failed(problem) => Some(format!("{problem:?}").into_bytes()),
    }
}

fn check(seed: u64) {
    let seed = asked("BRIEF_SEED").unwrap_or(seed);
    let chosen = asked("BRIEF_CASES").and_then(|cases| u32::try_from(cases).ok());
    let config = Config {
        cases: chosen.unwrap_or(60),
        failure_persistence: None,
        max_shrink_iters: 5000,
        max_shrink_time: 60_000,
        ..Config::default()
    };
    let total = RefCell::new(Tally::default());
    let result = TestRunner::new_with_rng(config, random(seed)).run(&(edits(), seeds()), |(edits, seed)| {
        let mut session = Session::new(&seed);
        let result = session.run(&edits);
        let mut total = total.borrow_mut();
        total.edits += session.tally.edits;
        total.compared += session.tally.compared;
        total.with_errors += session.tally.with_errors;
        total.rendered += session.tally.rendered;
        result.map_err(TestCaseError::fail)
    });
    let why = match result {
        Ok(()) => String::new(),
        Err(TestError::Fail(why, (edits, site))) => {
            let kinds: Vec<_> = edits.iter().map(|edit| (edit.kind, &edit.bytes[..4])).collect();
            format!("BRIEF_SEED={seed}\n{site:?}\n{kinds:?}\n{why}")
        }
        Err(TestError::Abort(why)) => why.to_string(),
    };
    assert!(why.is_empty(), "{why}");
    eprintln!("{:?}", total.into_inner());
}

#[test]
fn a_preview_shows_what_a_build_would_write_1() {
    check(11);
}

#[test]
fn a_preview_shows_what_a_build_would_write_2() {
    check(12);
}
