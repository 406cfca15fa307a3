//! A build after an edit ends like a build from nothing.
//!
//! Random small sites in temporary folders are edited at random, and built after every edit. Each
//! time (a) the output holds the same bytes as that of a clean build, (b) the diagnostics are the
//! same, (c) with errors the output is as it was, (d) a second build renders and writes nothing,
//! and (e) a build that changes the output was due, by what `brief plan` looks at.
//!
//! A usual run takes 200 sequences. Many more, with the number of sequences for each test:
//!
//! ```sh
//! BRIEF_CASES=1000 cargo test --release --test incremental nothing_1 -- --nocapture
//! ```
//!
//! A failure is shrunk and printed with the number of its random source, `BRIEF_SEED`, with which the
//! same sequences run again. That the test would see a question missing from the traces is shown by
//!
//! ```sh
//! cargo test --release --test incremental every_kind -- --ignored --nocapture
//! ```

#[path = "../support/mod.rs"]
mod support;

use std::cell::RefCell;

mod chance;
mod counts;
mod damage;
mod edit;
mod frames;
mod model;
mod mutation;
mod preview;
mod runner;

use brief::building::pipeline::Options;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use chance::{asked, edits, random, seeds};
use edit::{Edit, Kind};
use model::{PROBES, Seed};
use runner::{Runner, Tally};

/// Runs sequences of edits, all of them decided by a number; the error is the shortest that fails.
fn sequences(seed: u64, cases: u32) -> Result<Tally, String> {
    let seed = asked("BRIEF_SEED").unwrap_or(seed);
    let chosen = asked("BRIEF_CASES").and_then(|cases| u32::try_from(cases).ok());
    let config = Config {
        cases: chosen.unwrap_or(cases),
        failure_persistence: None,
        max_shrink_iters: 5000,
        max_shrink_time: 60_000,
        ..Config::default()
    };
    let total = RefCell::new(Tally::default());
    let result = TestRunner::new_with_rng(config, random(seed)).run(&(edits(), seeds()), |(edits, seed)| {
        let mut runner = Runner::new(&seed, Options::default());
        let result = runner.run(&edits);
        total.borrow_mut().add(&runner.tally);
        result.map_err(TestCaseError::fail)
    });
    match result {
        Ok(()) => Ok(total.into_inner()),
        Err(TestError::Fail(why, (edits, site))) => {
            let kinds: Vec<_> = edits.iter().map(|edit| (edit.kind, &edit.bytes[..4])).collect();
            Err(format!(
                "BRIEF_SEED={seed}\n{site:?}\n{edits:?}\n{kinds:?}\n{why}"
            ))
        }
        Err(TestError::Abort(why)) => Err(why.to_string()),
    }
}

fn check(seed: u64) {
    match sequences(seed, 50) {
        Ok(tally) => eprintln!("{tally:?}"),
        Err(why) => assert!(why.is_empty(), "{why}"),
    }
}

#[test]
fn builds_after_edits_end_like_builds_from_nothing_1() {
    check(1);
}

#[test]
fn builds_after_edits_end_like_builds_from_nothing_2() {
    check(2);
}

#[test]
fn builds_after_edits_end_like_builds_from_nothing_3() {
    check(3);
}

#[test]
fn builds_after_edits_end_like_builds_from_nothing_4() {
    check(4);
}

/// An edit with these first bytes.
fn edit(kind: Kind, first: [u8; 3]) -> Edit {
    let mut bytes = [0; 24];
    bytes[..3].copy_from_slice(&first);
    Edit { kind, bytes }
}

/// The plainest site.
fn plain() -> Seed {
    Seed {
        bytes: [0; 48],
        articles: vec![[0; 24]; 3],
        probes: vec![false; PROBES.len()],
    }
}

#[test]
fn what_happens_to_the_output_is_noticed_though_no_source_changed() {
    let edits = [
        edit(Kind::OutputDeleted, [0, 0, 0]),
        edit(Kind::OutputTruncated, [0, 5, 9]),
        edit(Kind::OutputOverwritten, [0, 9, 0]),
        edit(Kind::OutputReplacedByFolder, [0, 3, 0]),
    ];
    let result = Runner::new(&plain(), Options::default()).run(&edits);
    assert_eq!(result, Ok(()));
}
