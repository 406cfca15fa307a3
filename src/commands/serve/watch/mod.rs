//! The watcher: tells where in a site folder to look again.
//!
//! What a system tells of changes is a hint, never a fact: half of an editor's save, a folder without
//! what is in it, or nothing but that something was lost. So nothing is concluded from it; whoever is
//! told looks at the places and compares. What is promised in return: a change that happens after
//! [`watch`] has returned leads to a call that begins after it.

mod folders;
mod mailbox;
mod mounts;
mod rounds;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::building::preview::Hints;
use crate::ground::world::describe;
use folders::{Folders, Refusal};
use mailbox::Mailbox;
use rounds::Rounds;

/// How often files are looked at where nobody said how often.
pub const DEFAULT_POLL: Duration = Duration::from_millis(500);

/// With more places than these, everything is looked at instead.
const MOST_PLACES: usize = 4096;

/// How changes are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The system tells.
    Events,
    /// All files are looked at, with this pause between.
    Poll(Duration),
}

/// A site folder that is being watched, until this is dropped. No call begins after that, and a drop
/// waits for a call that has begun.
#[derive(Debug)]
pub struct Watcher {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the watcher's thread and its owner share.
#[derive(Debug, Default)]
struct Shared {
    mailbox: Mailbox,
    notice: Mutex<Option<String>>,
}

/// Watches a site folder: brief.yaml and the folders that are read. `tell` is called from a thread of
/// the watcher, one call at a time, with what came together meanwhile. The error is in words; a system
/// that cannot watch is no error but leads to polling.
pub fn watch(site: &Path, mode: Mode, tell: impl FnMut(Hints) + Send + 'static) -> Result<Watcher, String> {
    watch_with(site, mode, system, tell)
}

/// The system's own way to tell of changes, which puts them into a mailbox.
type System = Box<dyn notify::Watcher + Send>;

fn system(shared: Arc<Shared>) -> notify::Result<System> {
    let watcher = notify::recommended_watcher(move |event| shared.mailbox.put(event))?;
    Ok(Box::new(watcher))
}

fn watch_with(
    site: &Path,
    mode: Mode,
    system: impl FnOnce(Arc<Shared>) -> notify::Result<System>,
    tell: impl FnMut(Hints) + Send + 'static,
) -> Result<Watcher, String> {
    let site = site
        .canonicalize()
        .map_err(|error| format!("`{}` cannot be watched: {}", site.display(), describe(&error)))?;
    let shared = Arc::new(Shared::default());
    let look = match mode {
        Mode::Poll(pause) => Look::Rounds(Rounds::new(site, pause)),
        Mode::Events => match system(shared.clone())
            .map_err(|error| Refusal::of(&error))
            .and_then(|system| Folders::new(&site, system))
        {
            Ok(folders) => {
                *shared.notice() = mounts::advice(&site);
                Look::Folders(Box::new(folders))
            }
            Err(refusal) => Look::Rounds(shared.fall_back(site, &refusal)),
        },
    };
    let follower = Follower {
        look,
        shared: shared.clone(),
        tell,
    };
    let thread = thread::Builder::new()
        .name("watcher".to_owned())
        .spawn(move || follower.run())
        .map_err(|error| format!("the site cannot be watched: {error}"))?;
    Ok(Watcher {
        shared,
        thread: Some(thread),
    })
}

impl Watcher {
    /// What people should know: that something could not be watched as asked, and what is done instead.
    /// It may come up while the watcher runs.
    pub fn notice(&self) -> Option<String> {
        self.shared.notice().clone()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.shared.mailbox.close();
        // Who drops the watcher in a call cannot wait for its end.
        let thread = self.thread.take();
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != thread::current().id()) {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn notice(&self) -> MutexGuard<'_, Option<String>> {
        self.notice.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Polls, since the system refuses to tell.
    fn fall_back(&self, site: PathBuf, refusal: &Refusal) -> Rounds {
        let every = format!(
            "all files are looked at every {} ms instead",
            DEFAULT_POLL.as_millis()
        );
        *self.notice() = Some(match refusal {
            Refusal::Limit => {
                format!("the system watches no more folders for you, so {every}{RAISE_THE_LIMIT}")
            }
            Refusal::Other(why) => format!("the system cannot watch the site ({why}), so {every}"),
        });
        Rounds::new(site, DEFAULT_POLL)
    }
}

#[cfg(target_os = "linux")]
const RAISE_THE_LIMIT: &str = "; to raise the limits:
    sudo sysctl fs.inotify.max_user_watches=524288
    sudo sysctl fs.inotify.max_user_instances=1024";
#[cfg(not(target_os = "linux"))]
const RAISE_THE_LIMIT: &str = "";

/// How a site is looked at.
#[derive(Debug)]
enum Look {
    Folders(Box<Folders>),
    Rounds(Rounds),
}

/// The watcher's thread.
struct Follower<Tell> {
    look: Look,
    shared: Arc<Shared>,
    tell: Tell,
}

impl<Tell: FnMut(Hints)> Follower<Tell> {
    fn run(mut self) {
        while let Some(hints) = self.next() {
            if !hints.is_empty() {
                (self.tell)(hints);
            }
        }
    }

    /// The next hints, which may be empty; `None` when it is time to stop.
    fn next(&mut self) -> Option<Hints> {
        match &mut self.look {
            Look::Rounds(rounds) => {
                let goes_on = self.shared.mailbox.pause(rounds.pause());
                goes_on.then(|| rounds.hints())
            }
            Look::Folders(folders) => {
                let post = self.shared.mailbox.take()?;
                match folders.hints(&post) {
                    Ok(hints) => Some(hints),
                    Err(refusal) => {
                        let site = folders.site().to_owned();
                        self.look = Look::Rounds(self.shared.fall_back(site, &refusal));
                        Some(everything())
                    }
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
