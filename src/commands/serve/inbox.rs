//! The inbox: hints wait here until the desk has time for them.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::building::preview::Hints;

/// Where hints wait.
#[derive(Debug, Default)]
pub struct Inbox {
    hints: Mutex<Hints>,
    bell: Condvar,
}

impl Inbox {
    /// Adds hints.
    pub fn put(&self, hints: Hints) {
        if !hints.is_empty() {
            self.lock().add(hints);
            self.bell.notify_all();
        }
    }

    /// Whether hints wait.
    pub fn has_news(&self) -> bool {
        !self.lock().is_empty()
    }

    /// Takes all hints; waits for some, for a while if there is a limit to that.
    pub fn take(&self, limit: Option<Duration>) -> Hints {
        let hints = self.lock();
        let is_empty = |hints: &mut Hints| hints.is_empty();
        let mut hints = match limit {
            Some(limit) => {
                let waited = self.bell.wait_timeout_while(hints, limit, is_empty);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => {
                let waited = self.bell.wait_while(hints, is_empty);
                waited.unwrap_or_else(PoisonError::into_inner)
            }
        };
        std::mem::take(&mut *hints)
    }

    fn lock(&self) -> MutexGuard<'_, Hints> {
        self.hints.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
