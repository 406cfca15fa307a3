//! A test of the test: with any kind of question left out of the traces, some sequence of edits must
//! end in another output than a clean build has.

use std::sync::atomic::{AtomicUsize, Ordering};

use brief::building::pipeline::Options;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};

use crate::chance::{edits, random, seeds};
use crate::model::PROBES;
use crate::runner::Runner;

/// How many sequences there may be before one fails.
const MOST: usize = 1000;

/// How many sequences it takes until one fails, and why it does.
fn caught(kind: &'static str) -> Option<(usize, String)> {
    let mut source = TestRunner::new_with_rng(Config::default(), random(7));
    let sequences = (edits(), seeds());
    for number in 1..=MOST {
        let (edits, seed) = sequences.new_tree(&mut source).ok()?.current();
        let options = Options {
            unsealed: Some(kind),
            ..Options::default()
        };
        if let Err(why) = Runner::new(&seed, options).run(&edits) {
            return Some((number, why));
        }
    }
    None
}

#[test]
#[ignore = "takes minutes; run it with --release"]
fn every_kind_of_question_is_needed_in_traces() {
    // What no template function asks stands in the traces of feeds, of months, and of what stands in the head.
    let kinds: Vec<&str> = PROBES
        .iter()
        .map(|(name, _)| *name)
        .chain(["term_link", "organization", "image"])
        .collect();
    let (next, missed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(kind) = kinds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match caught(kind) {
                        Some((number, why)) => {
                            let why = why.split(';').next().unwrap_or_default();
                            eprintln!("{kind}: caught by sequence {number}, {why}");
                        }
                        None => {
                            eprintln!("{kind}: not caught by {MOST} sequences");
                            missed.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    assert_eq!(missed.into_inner(), 0, "some kinds may be left out unnoticed");
}
