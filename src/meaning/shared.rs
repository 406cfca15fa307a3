//! Values that many pages show: made once, then shared.
//!
//! An article's card stands in its neighbours' pages, in every list of its companies, topics and
//! months. Making one costs as much as rendering a small page, so the last few thousand are kept;
//! pages are rendered in the order of their addresses, and what is near in time is near there.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tera::Value;

use crate::ground::fingerprint::Fingerprint;

/// How many files' companions are kept. Files that are made together are asked for one after the other.
const TOGETHER: usize = 16;

/// How many parts the cards lie in, so that threads seldom wait for each other.
const PARTS: usize = 64;

/// How many cards a part holds: 4,096 in all, some 10 MB.
const CARDS: usize = 64;

/// The values.
#[derive(Debug)]
pub struct Shared {
    parts: Vec<Mutex<Part>>,
    together: Mutex<VecDeque<(String, Together)>>,
}

/// The parts of what is made at one go, once they are made.
pub type Together = Arc<OnceLock<Vec<Vec<u8>>>>;

/// The links to a term.
#[derive(Debug)]
pub struct TermLinks {
    /// As topics and authors are shown.
    pub plain: Value,
    /// As companies are shown, by salience.
    pub tags: [Value; 3],
}

#[derive(Debug, Default)]
struct Part {
    cards: HashMap<Fingerprint, Value>,
    /// The oldest first.
    order: VecDeque<Fingerprint>,
}

impl Shared {
    /// The card of an article, by what tells that it looks the same: cards hold good however the
    /// site is edited.
    pub fn card(&self, mark: Fingerprint, make: impl FnOnce() -> Value) -> Value {
        let part = &self.parts[mark.part(PARTS)];
        let lock = || part.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(card) = lock().cards.get(&mark) {
            return card.clone();
        }
        // Made without the lock; another thread may make the same, which is no harm.
        let card = make();
        let mut part = lock();
        if part.cards.insert(mark, card.clone()).is_none() {
            part.order.push_back(mark);
            if part.order.len() > CARDS
                && let Some(oldest) = part.order.pop_front()
            {
                part.cards.remove(&oldest);
            }
        }
        card
    }
}

impl Shared {
    /// A place for what is made at one go, by whoever comes first.
    pub fn together(&self, name: &str) -> Together {
        let mut all = self.together.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = all.iter().find(|(other, _)| other == name) {
            return known.clone();
        }
        let new = Together::default();
        all.push_back((name.to_owned(), new.clone()));
        if all.len() > TOGETHER {
            all.pop_front();
        }
        new
    }

    /// Forgets what was made at one go: the site has changed.
    pub fn forget_together(&self) {
        let mut all = self.together.lock().unwrap_or_else(PoisonError::into_inner);
        all.clear();
    }
}

impl Default for Shared {
    fn default() -> Shared {
        Shared {
            together: Mutex::default(),
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
        }
    }
}
