//! The mailbox: what the system told of, until somebody looks.

use std::collections::BTreeSet;
use std::mem;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, Event, EventKind};

use super::MOST_PLACES;

/// How long nothing must come before what came is handed over.
const QUIET: Duration = Duration::from_millis(3);

/// How long what came is held back at most.
const LONGEST: Duration = Duration::from_millis(50);

/// Where events gather. It holds so many places and no more.
#[derive(Debug, Default)]
pub struct Mailbox {
    inner: Mutex<Inner>,
    /// Told when the first event comes and when the box is closed.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    post: Post,
    /// When the last event came, if any came since the box was emptied.
    last: Option<Instant>,
    is_closed: bool,
}

/// What came together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Post {
    /// Places where something happened, as the system names them.
    pub places: BTreeSet<PathBuf>,
    /// Whether there are more.
    pub is_incomplete: bool,
}

impl Mailbox {
    /// Takes an event in. It never waits long: the system's queue runs over while nobody reads it.
    pub fn put(&self, event: notify::Result<Event>) {
        let places = match event {
            Ok(event) if is_reading(event.kind) => return,
            Ok(event) if !event.need_rescan() => event.paths,
            // Something was lost, or something failed that may have hidden more.
            _ => Vec::new(),
        };
        let mut inner = self.lock();
        inner.post.is_incomplete |= places.is_empty();
        inner.post.places.extend(places);
        if inner.post.is_incomplete || inner.post.places.len() > MOST_PLACES {
            inner.post = Post {
                is_incomplete: true,
                ..Post::default()
            };
        }
        if inner.last.replace(Instant::now()).is_none() {
            self.changed.notify_all();
        }
    }

    /// Waits for events, then until none came for a moment; `None` when the box is closed.
    pub fn take(&self) -> Option<Post> {
        let mut inner = self.lock();
        let mut opened = None;
        loop {
            if inner.is_closed {
                return None;
            }
            let Some(last) = inner.last else {
                inner = self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let now = Instant::now();
            let end = (last + QUIET).min(*opened.get_or_insert(now) + LONGEST);
            if end <= now {
                inner.last = None;
                return Some(mem::take(&mut inner.post));
            }
            inner = self.wait(inner, end - now);
        }
    }

    /// Waits for a while; tells whether the box is still open.
    pub fn pause(&self, length: Duration) -> bool {
        let end = Instant::now() + length;
        let mut inner = self.lock();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if inner.is_closed || left.is_zero() {
                return !inner.is_closed;
            }
            inner = self.wait(inner, left);
        }
    }

    /// Nobody will wait any more.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, inner: MutexGuard<'a, Inner>, length: Duration) -> MutexGuard<'a, Inner> {
        let waited = self.changed.wait_timeout(inner, length);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Whether an event only tells that a file is read, which we do ourselves. The end of writing counts:
/// it is all that is told of a file written through a mapping of it into memory.
fn is_reading(kind: EventKind) -> bool {
    kind.is_access() && kind != EventKind::Access(AccessKind::Close(AccessMode::Write))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{Flag, ModifyKind};

    fn edit(place: &str) -> notify::Result<Event> {
        Ok(Event::new(EventKind::Modify(ModifyKind::Any)).add_path(place.into()))
    }

    fn incomplete() -> Post {
        Post {
            is_incomplete: true,
            ..Post::default()
        }
    }

    #[test]
    fn what_comes_together_is_handed_over_together() {
        let mailbox = Mailbox::default();
        mailbox.put(edit("/b"));
        mailbox.put(edit("/a"));
        mailbox.put(edit("/b"));
        let post = mailbox.take().expect("an open box");
        assert_eq!(post.places, BTreeSet::from(["/a".into(), "/b".into()]));
        assert!(!post.is_incomplete);
    }

    #[test]
    fn reading_is_no_event_and_the_end_of_writing_is_one() {
        let mailbox = Mailbox::default();
        let access = |kind| Ok(Event::new(EventKind::Access(kind)).add_path("/a".into()));
        mailbox.put(access(AccessKind::Open(AccessMode::Any)));
        mailbox.put(access(AccessKind::Close(AccessMode::Read)));
        assert_eq!(mailbox.lock().last, None);
        mailbox.put(access(AccessKind::Close(AccessMode::Write)));
        assert_eq!(mailbox.take().expect("an open box").places.len(), 1);
    }

    #[test]
    fn what_is_lost_and_what_fails_makes_the_post_incomplete() {
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        for event in [Ok(lost), Err(notify::Error::generic("broken"))] {
            let mailbox = Mailbox::default();
            mailbox.put(edit("/a"));
            mailbox.put(event);
            mailbox.put(edit("/b"));
            assert_eq!(mailbox.take(), Some(incomplete()));
        }
    }

    #[test]
    fn a_storm_is_held_as_one_mark() {
        let mailbox = Mailbox::default();
        for number in 0..3 * MOST_PLACES {
            mailbox.put(edit(&format!("/{number}")));
            assert!(mailbox.lock().post.places.len() <= MOST_PLACES);
        }
        assert_eq!(mailbox.take(), Some(incomplete()));
        mailbox.put(edit("/a"));
        assert_eq!(mailbox.take().expect("an open box").places.len(), 1);
    }

    #[test]
    fn a_closed_box_keeps_nobody_waiting() {
        let mailbox = Mailbox::default();
        mailbox.put(edit("/a"));
        mailbox.close();
        assert_eq!(mailbox.take(), None);
        assert!(!mailbox.pause(Duration::from_secs(3600)));
    }
}
