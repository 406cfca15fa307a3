//! The articles of a site and their order.
//!
//! Every article that was read keeps a slot of its own, whether it is shown or held back. The order
//! is a list of slots, so that a new article moves numbers and not articles.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::ArticleIndex;
use crate::ground::path::SourcePath;
use crate::reading::article::{Article, Summary};

/// Where an article is kept, for as long as the site holds its file.
pub type Slot = u32;

/// The rank of what is held back.
const HELD: ArticleIndex = ArticleIndex::MAX;

/// All articles that were read, and the order of those that are shown.
#[derive(Debug, Default)]
pub struct Articles {
    slots: Vec<Option<Arc<Article>>>,
    free: Vec<Slot>,
    by_path: HashMap<SourcePath, Slot>,
    /// What is shown: newest first, then the more important, then by path.
    order: Vec<Slot>,
    /// Where in the order each slot stands.
    ranks: Vec<ArticleIndex>,
}

impl Articles {
    /// Keeps articles of which none is shown yet.
    pub fn new(articles: Vec<Arc<Article>>) -> Articles {
        let paths = articles.iter().map(|article| article.summary.path.clone());
        Articles {
            by_path: paths.zip(0..).collect(),
            free: Vec::new(),
            order: Vec::new(),
            ranks: vec![HELD; articles.len()],
            slots: articles.into_iter().map(Some).collect(),
        }
    }

    /// How many are shown.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// How many slots there are.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// All that are kept.
    pub fn kept(&self) -> impl Iterator<Item = (Slot, &Arc<Article>)> {
        (0..)
            .zip(&self.slots)
            .filter_map(|(slot, article)| Some((slot, article.as_ref()?)))
    }

    /// The slot of a file's article.
    pub fn slot(&self, path: &SourcePath) -> Option<Slot> {
        self.by_path.get(path).copied()
    }

    /// The article in a slot.
    pub fn in_slot(&self, slot: Slot) -> Option<&Arc<Article>> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// The slot of an article that is shown.
    pub fn slot_of(&self, index: ArticleIndex) -> Slot {
        self.order[index as usize]
    }

    /// Where in the order the article in a slot stands, if it is shown.
    pub fn rank(&self, slot: Slot) -> Option<ArticleIndex> {
        let rank = *self.ranks.get(slot as usize)?;
        (rank != HELD).then_some(rank)
    }

    /// An article that is shown.
    pub fn shown(&self, index: ArticleIndex) -> &Arc<Article> {
        self.slots[self.slot_of(index) as usize]
            .as_ref()
            .expect("what is shown is kept")
    }

    /// Shows exactly these.
    pub fn order(&mut self, shown: impl Iterator<Item = Slot>) {
        for slot in self.order.drain(..) {
            self.ranks[slot as usize] = HELD;
        }
        // The keys side by side: to look each of them up for each comparison takes longer.
        let key = |slot: Slot| {
            let article = self.slots[slot as usize].as_ref()?;
            Some((order(&article.summary), slot))
        };
        let mut keys: Vec<_> = shown.filter_map(key).collect();
        keys.sort_unstable();
        self.order.extend(keys.into_iter().map(|(_, slot)| slot));
        self.rank_from(0);
    }

    /// Shows the article in a slot that was held back or is new; gives its place.
    pub fn show(&mut self, slot: Slot) -> Option<ArticleIndex> {
        let key = order(&self.in_slot(slot)?.summary);
        let is_before = |other: &Slot| {
            let other = self.in_slot(*other);
            other.is_some_and(|other| order(&other.summary) < key)
        };
        let at = self.order.partition_point(is_before);
        self.order.insert(at, slot);
        self.rank_from(at);
        self.rank(slot)
    }

    /// Takes an article out of the order.
    pub fn hide(&mut self, index: ArticleIndex) {
        let slot = self.order.remove(index as usize);
        self.ranks[slot as usize] = HELD;
        self.rank_from(index as usize);
    }

    /// Keeps an article in place of the one of its file; gives its slot. The order is left alone.
    pub fn put(&mut self, article: Arc<Article>) -> Slot {
        let path = &article.summary.path;
        if let Some(slot) = self.slot(path) {
            self.slots[slot as usize] = Some(article);
            return slot;
        }
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.slots.push(None);
                self.ranks.push(HELD);
                // Nobody has four thousand million articles.
                Slot::try_from(self.slots.len() - 1).unwrap_or(HELD)
            }
        };
        self.by_path.insert(path.clone(), slot);
        self.slots[slot as usize] = Some(article);
        slot
    }

    /// Forgets an article that is not shown.
    pub fn forget(&mut self, path: &SourcePath) {
        if let Some(slot) = self.by_path.remove(path) {
            self.slots[slot as usize] = None;
            self.free.push(slot);
        }
    }

    fn rank_from(&mut self, first: usize) {
        for (rank, &slot) in (0..).zip(&self.order).skip(first) {
            self.ranks[slot as usize] = rank;
        }
    }
}

/// Whether two articles stand at the same place of the order, and on the same day.
pub fn is_same_place(one: &Summary, other: &Summary) -> bool {
    order(one) == order(other) && one.date.day == other.date.day
}

/// The order of articles everywhere: newest first, then the more important, then by path.
fn order(summary: &Summary) -> (Reverse<Timestamp>, Reverse<u8>, &SourcePath) {
    (
        Reverse(summary.date.instant),
        Reverse(summary.importance),
        &summary.path,
    )
}
