//! Values that many pages show: made once, then shared.
//!
//! An article's card stands in its neighbours' pages, in every list of its companies, topics and
//! months. Making one costs as much as rendering a small page, so the last few thousand are kept;
//! pages are rendered in the order of their addresses, and what is near in time is near there.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, OnceLock, PoisonError};

use tera::Value;

/// How many parts the cards lie in, so that threads seldom wait for each other.
const PARTS: usize = 64;

/// How many cards a part holds: 4,096 in all, some 10 MB.
const CARDS: usize = 64;

/// The values.
#[derive(Debug)]
pub struct Shared {
    parts: Vec<Mutex<Part>>,
    links: OnceLock<Vec<Vec<TermLinks>>>,
}

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
    cards: HashMap<u32, Value>,
    /// The oldest first.
    order: VecDeque<u32>,
}

impl Shared {
    /// The card of an article, by its index.
    pub fn card(&self, index: u32, make: impl FnOnce() -> Value) -> Value {
        let part = &self.parts[index as usize % PARTS];
        let lock = || part.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(card) = lock().cards.get(&index) {
            return card.clone();
        }
        // Made without the lock; another thread may make the same, which is no harm.
        let card = make();
        let mut part = lock();
        if part.cards.insert(index, card.clone()).is_none() {
            part.order.push_back(index);
            if part.order.len() > CARDS
                && let Some(oldest) = part.order.pop_front()
            {
                part.cards.remove(&oldest);
            }
        }
        card
    }

    /// The links to all terms, by taxonomy.
    pub fn links(&self, make: impl FnOnce() -> Vec<Vec<TermLinks>>) -> &[Vec<TermLinks>] {
        self.links.get_or_init(make)
    }
}

impl Default for Shared {
    fn default() -> Shared {
        Shared {
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            links: OnceLock::new(),
        }
    }
}
