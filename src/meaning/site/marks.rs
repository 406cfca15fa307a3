//! What tells that articles look the same, found as it is asked for and kept as long as it holds.

use std::sync::OnceLock;

use super::articles::Slot;
use crate::ground::fingerprint::Fingerprint;

/// The marks of all articles, by slot.
#[derive(Debug, Default)]
pub struct Marks(Vec<Both>);

/// The marks of one article.
#[derive(Clone, Debug, Default)]
struct Both {
    card: OnceLock<Fingerprint>,
    text: OnceLock<Fingerprint>,
}

impl Marks {
    /// Marks that are not known yet.
    pub fn new(slots: usize) -> Marks {
        Marks(vec![Both::default(); slots])
    }

    /// What tells that an article looks the same in a list.
    pub fn card(&self, slot: Slot, find: impl FnOnce() -> Fingerprint) -> Fingerprint {
        *self.0[slot as usize].card.get_or_init(find)
    }

    /// What tells that its text looks the same, its links resolved.
    pub fn text(&self, slot: Slot, find: impl FnOnce() -> Fingerprint) -> Fingerprint {
        *self.0[slot as usize].text.get_or_init(find)
    }

    /// Forgets both marks of an article, which may be new.
    pub fn forget(&mut self, slot: Slot) {
        let slot = slot as usize;
        if self.0.len() <= slot {
            self.0.resize(slot + 1, Both::default());
        }
        self.0[slot] = Both::default();
    }

    /// Forgets how an article looks in lists.
    pub fn forget_card(&mut self, slot: Slot) {
        if let Some(both) = self.0.get_mut(slot as usize) {
            both.card = OnceLock::new();
        }
    }

    /// Forgets everything.
    pub fn forget_all(&mut self) {
        self.0.fill(Both::default());
    }
}
