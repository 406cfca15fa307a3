//! What the watcher does where the system refuses: a real one would have to be brought to its limits.

use std::fs;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use notify::{Config, ErrorKind, EventHandler, RecommendedWatcher, RecursiveMode, WatcherKind};
use tempfile::TempDir;

use super::*;
use crate::ground::path::SourcePath;

const PATIENCE: Duration = Duration::from_secs(10);

/// Watches so many folders and no more.
struct Limited {
    left: usize,
    system: RecommendedWatcher,
}

impl notify::Watcher for Limited {
    fn new<F: EventHandler>(handler: F, config: Config) -> notify::Result<Limited> {
        let system = RecommendedWatcher::new(handler, config)?;
        Ok(Limited { left: 0, system })
    }

    fn watch(&mut self, place: &Path, mode: RecursiveMode) -> notify::Result<()> {
        self.left = match self.left.checked_sub(1) {
            Some(left) => left,
            None => return Err(notify::Error::new(ErrorKind::MaxFilesWatch)),
        };
        self.system.watch(place, mode)
    }

    fn unwatch(&mut self, place: &Path) -> notify::Result<()> {
        self.system.unwatch(place)
    }

    fn kind() -> WatcherKind {
        WatcherKind::Inotify
    }
}

fn limited(shared: Arc<Shared>, left: usize) -> notify::Result<System> {
    let handler = move |event| shared.mailbox.put(event);
    let limited: Limited = notify::Watcher::new(handler, Config::default())?;
    Ok(Box::new(Limited { left, ..limited }))
}

fn site() -> TempDir {
    let site = TempDir::new().expect("a folder");
    fs::create_dir_all(site.path().join("content/articles")).expect("a folder");
    fs::write(site.path().join("content/articles/a.md"), "a").expect("a file");
    site
}

fn start(
    site: &TempDir,
    system: impl FnOnce(Arc<Shared>) -> notify::Result<System>,
) -> (Watcher, Receiver<Hints>) {
    let (told, hints) = channel();
    let tell = move |hints| told.send(hints).expect("a test that listens");
    let watcher = watch_with(site.path(), Mode::Events, system, tell).expect("a watcher");
    (watcher, hints)
}

/// Edits a file of the site and waits until it is named.
#[track_caller]
fn check_is_followed(site: &TempDir, hints: &Receiver<Hints>, file: &str) {
    fs::write(site.path().join(file), "new").expect("a file");
    let path = SourcePath::new(file).expect("a path");
    let is_named = |hints: &Hints| hints.everything || hints.paths.contains(&path);
    while !is_named(&hints.recv_timeout(PATIENCE).expect("hints")) {}
}

#[test]
fn at_the_limit_files_are_looked_at_instead() {
    for left in 0..3 {
        let site = site();
        let (watcher, hints) = start(&site, |shared| limited(shared, left));
        let notice = watcher.notice().expect("a notice");
        assert!(notice.contains("every 500 ms"), "{notice}");
        if cfg!(target_os = "linux") {
            assert!(notice.contains("sysctl fs.inotify.max_user_watches="), "{notice}");
            assert!(
                notice.contains("sysctl fs.inotify.max_user_instances="),
                "{notice}"
            );
        }
        check_is_followed(&site, &hints, "content/articles/a.md");
    }
}

#[test]
fn the_limit_may_be_reached_later() {
    let site = site();
    let (watcher, hints) = start(&site, |shared| limited(shared, 3));
    assert_eq!(watcher.notice(), None);
    fs::create_dir_all(site.path().join("content/articles/new/deep")).expect("a folder");
    let first = hints.recv_timeout(PATIENCE).expect("hints");
    assert!(first.everything, "{first:?}");
    assert!(watcher.notice().is_some());
    check_is_followed(&site, &hints, "content/articles/new/deep/b.md");
}

#[test]
fn without_a_system_files_are_looked_at_instead() {
    let too_many = || notify::Error::io(io_error(24));
    for (error, expected) in [
        (too_many(), "no more folders"),
        (notify::Error::generic("no such thing"), "(no such thing)"),
    ] {
        let site = site();
        let (watcher, hints) = start(&site, |_| Err(error));
        let notice = watcher.notice().expect("a notice");
        assert!(notice.contains(expected), "{notice}");
        check_is_followed(&site, &hints, "content/articles/a.md");
    }
}

fn io_error(number: i32) -> std::io::Error {
    std::io::Error::from_raw_os_error(number)
}

#[test]
fn after_an_error_everything_is_looked_at() {
    let site = site();
    let kept: Arc<Mutex<Option<Arc<Shared>>>> = Arc::default();
    let keep = kept.clone();
    let (_watcher, hints) = start(&site, move |shared| {
        *keep.lock().expect("a lock") = Some(shared.clone());
        system(shared)
    });
    let shared = kept.lock().expect("a lock").take().expect("a mailbox");
    shared.mailbox.put(Err(notify::Error::generic("broken")));
    assert_eq!(hints.recv_timeout(PATIENCE), Ok(everything()));
    check_is_followed(&site, &hints, "content/articles/a.md");
}

#[test]
fn a_watcher_may_be_dropped_in_a_call() {
    let site = site();
    let place: Arc<Mutex<Option<Watcher>>> = Arc::default();
    let (told, hints) = channel();
    let own = place.clone();
    let tell = move |hints| {
        drop(own.lock().expect("a lock").take());
        told.send(hints).expect("a test that listens");
    };
    let watcher = watch(site.path(), Mode::Events, tell).expect("a watcher");
    *place.lock().expect("a lock") = Some(watcher);
    check_is_followed(&site, &hints, "content/articles/a.md");
    // The thread has ended, and what it held with it.
    assert_eq!(hints.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected));
}
