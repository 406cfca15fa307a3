//! How much of what should be found is found.

use std::collections::BTreeSet;

/// A sum of rights and wrongs.
#[derive(Default)]
pub struct Tally {
    right: usize,
    missed: usize,
    vain: usize,
}

impl Tally {
    /// Counts what was found against what should be.
    pub fn add(&mut self, found: &BTreeSet<String>, gold: &BTreeSet<String>) {
        self.right += found.intersection(gold).count();
        self.missed += gold.difference(found).count();
        self.vain += found.difference(gold).count();
    }

    /// The share of what was found that is right.
    pub fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.vain).max(1) as f64
    }

    /// The share of what is right that was found.
    pub fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }

    /// The harmonic mean of both.
    pub fn f1(&self) -> f64 {
        2.0 * self.right as f64 / (2 * self.right + self.missed + self.vain).max(1) as f64
    }

    /// All three.
    pub fn line(&self) -> String {
        let (f1, precision, recall) = (self.f1(), self.precision(), self.recall());
        format!("F1 {f1:.3}  precision {precision:.3}  recall {recall:.3}")
    }
}
