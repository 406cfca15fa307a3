//! Equal fingerprints mean equal answers: two sites, one of them edited, are asked all that the pages of
//! either ask, and wherever the fingerprints are the same the answers must be.
//!
//! The other direction need not hold: a fingerprint that differs costs a rendering, and no more. How
//! often that happens is printed with `--nocapture`.

#[path = "incremental/chance.rs"]
#[allow(dead_code, reason = "shared with the test of builds after edits")]
mod chance;
#[path = "incremental/edit.rs"]
#[allow(dead_code, reason = "shared with the test of builds after edits")]
mod edit;
#[path = "incremental/model.rs"]
#[allow(dead_code, reason = "shared with the test of builds after edits")]
mod model;
#[path = "incremental/questions.rs"]
mod questions;

use std::cell::RefCell;
use std::collections::BTreeSet;

use brief::building::pipeline::{Clock, Options, Prepared, prepare};
use brief::ground::world::MemoryWorld;
use brief::meaning::question::Question;
use brief::meaning::site::Site;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use chance::{asked, edits, random, seeds};
use edit::Kind;
use model::Model;
use questions::questions;

const KINDS: usize = 33;

/// The number of a kind of question.
fn number(question: &Question) -> usize {
    match question {
        Question::Article(_) => 0,
        Question::Body(_) => 1,
        Question::Text(_) => 2,
        Question::Stats(_) => 3,
        Question::Neighbours(_) => 4,
        Question::Related(..) => 5,
        Question::Articles { .. } => 6,
        Question::Count(_) => 7,
        Question::Term { .. } => 8,
        Question::TermLink { .. } => 9,
        Question::Terms { .. } => 10,
        Question::Months { .. } => 11,
        Question::MonthsAround { .. } => 12,
        Question::CoMentions(..) => 13,
        Question::Coverage(..) => 14,
        Question::Edition(_) => 15,
        Question::Editions(..) => 16,
        Question::Periods { .. } => 17,
        Question::Corrections => 18,
        Question::Pages => 19,
        Question::Url(_) => 20,
        Question::Asset(_) => 21,
        Question::Data(_) => 22,
        Question::Weeks(..) => 23,
        Question::InTheNews { .. } => 24,
        Question::Pair(..) => 25,
        Question::Network(_) => 26,
        Question::SearchIndex => 27,
        Question::SearchTitles => 28,
        Question::SearchTexts(_) => 29,
        Question::SearchRecords(..) => 30,
        Question::Organization(_) => 31,
        Question::Image(_) => 32,
    }
}

/// How the answers of two sites to one kind of question compare.
#[derive(Clone, Copy, Debug, Default)]
struct Compared {
    name: &'static str,
    /// Fingerprint and answer are the same.
    same: usize,
    /// Both differ.
    other: usize,
    /// The fingerprint differs although the answer is the same.
    needless: usize,
}

fn site(model: &Model, clock: &str) -> Prepared {
    let instant = clock.parse().expect("an instant");
    let mut world = MemoryWorld::new(instant);
    for (path, bytes) in model.files() {
        world.write(&path, bytes);
    }
    let options = Options {
        clock: Clock::At(instant),
        ..Options::default()
    };
    prepare(&world, &options)
}

fn answer(site: &Site, question: &Question) -> String {
    serde_json::to_string(&site.answer(question)).expect("a value is JSON")
}

#[test]
fn equal_fingerprints_mean_equal_answers() {
    let cases = asked("BRIEF_CASES").and_then(|cases| u32::try_from(cases).ok());
    let config = Config {
        cases: cases.unwrap_or(100),
        failure_persistence: None,
        max_shrink_time: 60_000,
        ..Config::default()
    };
    let random = random(asked("BRIEF_SEED").unwrap_or(1));
    let kinds = RefCell::new([Compared::default(); KINDS]);
    let result = TestRunner::new_with_rng(config, random).run(&(edits(), seeds()), |(edits, seed)| {
        let mut model = Model::new(&seed);
        let before = site(&model, "2025-03-01T12:00:00Z");
        let mut clock = "2025-03-01T12:00:00Z";
        for edit in &edits {
            match edit.kind {
                // How addresses are written differs by the settings, with which all pages are rendered anew.
                Kind::Setting | Kind::Break => {}
                Kind::Clock => clock = "2025-03-06T12:00:00Z",
                _ => drop(edit.change(&mut model)),
            }
        }
        let after = site(&model, clock);
        // Of a site with errors nothing is kept.
        if before.found.has_errors() || after.found.has_errors() {
            return Ok(());
        }
        let mut asked = BTreeSet::new();
        for prepared in [&before, &after] {
            if let Some(engine) = &prepared.engine {
                questions(&prepared.site, &prepared.plan, engine, &mut asked);
            }
        }
        for question in &asked {
            let (one, other) = (answer(&before.site, question), answer(&after.site, question));
            let is_same = before.site.fingerprint(question) == after.site.fingerprint(question);
            let compared = &mut kinds.borrow_mut()[number(question)];
            compared.name = question.name();
            match (is_same, one == other) {
                (true, true) => compared.same += 1,
                (false, false) => compared.other += 1,
                (false, true) => compared.needless += 1,
                (true, false) => {
                    return Err(TestCaseError::fail(format!("{question}\n  {one}\n  {other}")));
                }
            }
        }
        Ok(())
    });
    for compared in kinds.borrow().iter() {
        eprintln!("{compared:?}");
    }
    assert!(result.is_ok(), "{result:?}");
    let kinds = kinds.into_inner();
    let missed: Vec<usize> = (0..KINDS)
        .filter(|&kind| kinds[kind].other == 0 || kinds[kind].same == 0)
        .collect();
    assert_eq!(
        missed,
        Vec::<usize>::new(),
        "kinds of questions that were not compared both ways"
    );
}
