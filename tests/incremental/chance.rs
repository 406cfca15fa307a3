//! Chance: random sites and edits.

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::edit::{Edit, Kind};
use crate::model::{PROBES, Seed};

/// Random sites.
pub fn seeds() -> impl Strategy<Value = Seed> {
    let bytes = prop::array::uniform(any::<u8>());
    let articles = prop::collection::vec(prop::array::uniform24(any::<u8>()), 3..12);
    let probes = prop::collection::vec(prop::bool::weighted(0.25), PROBES.len());
    (bytes, articles, probes).prop_map(|(bytes, articles, probes)| Seed {
        bytes,
        articles,
        probes,
    })
}

/// Random sequences of edits.
pub fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = (0..Kind::ALL.len(), prop::array::uniform24(any::<u8>()));
    let edit = edit.prop_map(|(kind, bytes)| Edit {
        kind: Kind::ALL[kind],
        bytes,
    });
    prop::collection::vec(edit, 1..16)
}

/// A number that whoever runs the tests asks for.
#[expect(
    clippy::disallowed_methods,
    reason = "a test asks its own environment; no build does"
)]
pub fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Random numbers that are the same in every run.
pub fn random(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}
