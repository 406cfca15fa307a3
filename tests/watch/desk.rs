//! A watched site and the model of it that its hints keep.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use brief::building::inputs::FOLDERS;
use brief::building::preview::Hints;
use brief::commands::serve::watch::{Mode, Watcher, watch};
use brief::ground::diagnostic::Diagnostics;
use brief::ground::path::SourcePath;
use brief::ground::world::{DiskWorld, World};
use tempfile::TempDir;

use crate::support::write;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Polling that is fast enough for tests.
pub const POLL: Mode = Mode::Poll(Duration::from_millis(50));

/// The files of a site, by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A watched site, and what is known of it by its hints.
pub struct Desk {
    pub site: PathBuf,
    /// For what lies outside the site, on the same disk.
    pub outside: PathBuf,
    known: Arc<Mutex<Known>>,
    watcher: Option<Watcher>,
    _folder: TempDir,
}

/// What hints told of a site.
#[derive(Default)]
pub struct Known {
    pub files: Files,
    /// All that was ever named.
    pub hinted: BTreeSet<SourcePath>,
    pub calls: usize,
}

impl Desk {
    pub fn open(mode: Mode, prepare: impl FnOnce(&Path)) -> Desk {
        Desk::open_as(mode, prepare, |site| site.to_owned(), Duration::ZERO)
    }

    /// Opens a site under a name that is derived from its place. Each call takes that long.
    pub fn open_as(
        mode: Mode,
        prepare: impl FnOnce(&Path),
        name: impl FnOnce(&Path) -> PathBuf,
        slowness: Duration,
    ) -> Desk {
        let folder = TempDir::new().expect("a folder");
        let (site, outside) = (folder.path().join("site"), folder.path().join("outside"));
        fs::create_dir_all(&outside).expect("a folder");
        write(&site.join("brief.yaml"), "title: A\n");
        write(&site.join("content/articles/old/a.md"), "a, old");
        write(&site.join("content/articles/old/b.md"), "b, old");
        write(&site.join("static/style.css"), "old");
        prepare(&site);
        let known = Arc::new(Mutex::new(Known::default()));
        let (place, model) = (site.clone(), known.clone());
        let tell = move |hints: Hints| {
            let world = DiskWorld::new(&place).expect("a site");
            let mut known = model.lock().expect("a model");
            known.calls += 1;
            known.follow(&world, hints);
            drop(known);
            thread::sleep(slowness);
        };
        let watcher = watch(&name(&site), mode, tell).expect("a watcher");
        assert_eq!(watcher.notice(), None, "the test's folder can be watched");
        // What was there before counts from now on; changes since then are hinted.
        let mut first = known.lock().expect("a model");
        first.follow(&DiskWorld::new(&site).expect("a site"), everything());
        drop(first);
        Desk {
            site,
            outside,
            known,
            watcher: Some(watcher),
            _folder: folder,
        }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.site.join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        write(&self.path(path), text);
    }

    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("a rename");
    }

    pub fn remove_folder(&self, path: &str) {
        fs::remove_dir_all(self.path(path)).expect("a folder to remove");
    }

    /// What is really there.
    pub fn truth(&self) -> Files {
        let mut truth = Known::default();
        truth.follow(&DiskWorld::new(&self.site).expect("a site"), everything());
        truth.files
    }

    /// Waits until what is known is what is there, and checks some files of it: `None` is one that is gone.
    #[track_caller]
    pub fn expect(&self, expected: &[(&str, Option<&str>)]) {
        let truth = self.truth();
        for (path, text) in expected {
            let there = truth
                .get(*path)
                .map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            assert_eq!(there.as_deref(), *text, "{path} lies there so");
        }
        let begun = Instant::now();
        loop {
            let wrong: Vec<String> = {
                let known = &self.known().files;
                let paths: BTreeSet<&String> = known.keys().chain(truth.keys()).collect();
                let wrong = paths
                    .into_iter()
                    .filter(|path| known.get(*path) != truth.get(*path));
                let told = |path: &String| match (known.get(path), truth.get(path)) {
                    (Some(_), Some(_)) => format!("{path} is different"),
                    (Some(_), None) => format!("{path} is gone"),
                    _ => format!("{path} is new"),
                };
                wrong.take(5).map(told).collect()
            };
            if wrong.is_empty() {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "not noticed: {wrong:?}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("a model")
    }

    /// Ends the watching.
    pub fn close(&mut self) {
        self.watcher = None;
    }
}

impl Known {
    /// Reads what hints name.
    fn follow(&mut self, world: &DiskWorld, hints: Hints) {
        let mut paths: Vec<String> = hints.paths.iter().map(ToString::to_string).collect();
        if hints.everything {
            paths = FOLDERS.iter().map(ToString::to_string).collect();
            paths.push("brief.yaml".to_owned());
        }
        self.hinted.extend(hints.paths);
        for path in paths {
            let below = format!("{path}/");
            self.files
                .retain(|file, _| *file != path && !file.starts_with(&below));
            for file in world.files(&path, &mut Diagnostics::new()) {
                if let Ok(bytes) = world.read(&file.path, 1 << 20) {
                    self.files.insert(file.path.to_string(), bytes);
                }
            }
        }
    }
}

fn everything() -> Hints {
    Hints {
        everything: true,
        ..Hints::default()
    }
}
