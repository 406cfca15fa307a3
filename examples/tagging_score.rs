//! How well companies are tagged, against articles that people have labelled.
//!
//! `cargo run --release --example tagging_score -- FOLDER... [--wrong]`
//!
//! tests/support/labelled.rs says what a folder holds; `tests/tagging/mixed` and `tests/tagging/technology` are two. A company counts as tagged from a
//! confidence of 0.5. `--wrong` lists what was missed and what was found in vain.

#[path = "../tests/support/labelled.rs"]
mod labelled;
#[path = "../tests/support/tally.rs"]
mod tally;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Instant;

use brief::ground::span::Span;
use brief::reading::company::Register;
use brief::reading::tagging::{Found, TAGGED, Tagger, Trial};
use labelled::Labelled;
use tally::Tally;

/// A labelled article, and what was found in it.
struct Case {
    labelled: Labelled,
    /// Name, confidence from 0 to 1, places in the file.
    found: Vec<(String, f64, Vec<Span>)>,
    /// Why each place was judged as it was.
    reasons: BTreeMap<(String, Span), String>,
}

fn main() {
    let mut folders = Vec::new();
    let mut lists_wrong = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--wrong" => lists_wrong = true,
            _ => folders.push(PathBuf::from(argument)),
        }
    }
    if folders.is_empty() {
        eprintln!("name a folder: cargo run --release --example tagging_score -- tests/tagging/mixed");
        std::process::exit(2);
    }
    let mut cases = Vec::new();
    for folder in folders {
        let (register, articles) = labelled::load(&folder);
        let tagger = Tagger::new(&register);
        speed(&articles, &tagger);
        cases.extend(
            articles
                .into_iter()
                .map(|article| case(article, &register, &tagger)),
        );
    }
    report(&cases, lists_wrong);
}

fn case(labelled: Labelled, register: &Register, tagger: &Tagger) -> Case {
    let name = |company: usize| register.companies()[company].name.clone();
    let place = |found: &Found| {
        let title = found
            .mentions
            .title
            .iter()
            .map(|span| labelled.place(true, *span));
        let body = found
            .mentions
            .body
            .iter()
            .map(|span| labelled.place(false, *span));
        (
            name(found.company),
            f64::from(found.confidence) / 1000.0,
            title.chain(body).collect(),
        )
    };
    let found = tagger.find(&labelled.title, "", &labelled.visible);
    let trials = tagger.trials(&labelled.title, "", &labelled.visible);
    let reason = |trial: &Trial| {
        let evidence: Vec<&str> = trial.evidence.iter().map(|evidence| evidence.name()).collect();
        let place = labelled.place(trial.part == 0, trial.span);
        (
            (name(trial.company), place),
            format!("{} {}", trial.score, evidence.join(" ")),
        )
    };
    Case {
        found: found.iter().map(place).collect(),
        reasons: trials.iter().map(reason).collect(),
        labelled,
    }
}

/// A place in its line, and why it was judged as it was.
fn shown(case: &Case, name: &str, place: Span) -> String {
    let text = &case.labelled.text;
    let (start, end) = (place.start as usize, place.end as usize);
    let before: String = text[..start].chars().rev().take(40).collect();
    let before: String = before.chars().rev().collect();
    let behind: String = text[end..].chars().take(40).collect();
    let reason = case
        .reasons
        .get(&(name.to_owned(), place))
        .map_or("not found", String::as_str);
    format!("{before}[{}]{behind}\n      {reason}", &text[start..end]).replace('\n', " ")
}

fn report(cases: &[Case], lists_wrong: bool) {
    let tagged = |case: &Case, from: f64| -> BTreeSet<String> {
        let found = case
            .found
            .iter()
            .filter(|(name, confidence, _)| *confidence >= from && !case.labelled.optional.contains(name));
        found.map(|(name, ..)| name.clone()).collect()
    };
    let gold = |case: &Case| -> BTreeSet<String> {
        case.labelled.gold.iter().map(|(name, ..)| name.clone()).collect()
    };
    let (mut documents, mut sure, mut spans) = (Tally::default(), Tally::default(), Tally::default());
    let (mut exact, mut first, mut with_primary, mut empty, mut without) = (0, 0, 0, 0, 0);
    let (mut brier, mut judged) = (0.0, 0);
    let mut by_trap: BTreeMap<&str, Tally> = BTreeMap::new();
    let least = f64::from(TAGGED) / 1000.0;
    for case in cases {
        let (found, gold) = (tagged(case, least), gold(case));
        documents.add(&found, &gold);
        sure.add(&tagged(case, 0.9), &gold);
        exact += usize::from(found == gold);
        without += usize::from(gold.is_empty());
        empty += usize::from(gold.is_empty() && found.is_empty());
        for trap in &case.labelled.traps {
            by_trap.entry(trap).or_default().add(&found, &gold);
        }
        let places = |list: &[(String, Span)]| -> BTreeSet<String> {
            list.iter()
                .map(|(name, span)| format!("{name} {}-{}", span.start, span.end))
                .collect()
        };
        let of = |name: &String, list: &[Span]| -> Vec<(String, Span)> {
            list.iter().map(|span| (name.clone(), *span)).collect()
        };
        let gold_places: Vec<(String, Span)> = case
            .labelled
            .gold
            .iter()
            .flat_map(|(name, _, list)| of(name, list))
            .collect();
        let counted = case.found.iter().filter(|(name, ..)| found.contains(name));
        let found_places: Vec<(String, Span)> = counted.flat_map(|(name, _, list)| of(name, list)).collect();
        spans.add(&places(&found_places), &places(&gold_places));
        let primary: Vec<&String> = case
            .labelled
            .gold
            .iter()
            .filter(|(_, is_primary, _)| *is_primary)
            .map(|(name, ..)| name)
            .collect();
        if !primary.is_empty() {
            with_primary += 1;
            let leading = case.found.iter().find(|(_, confidence, _)| *confidence >= least);
            first += usize::from(leading.is_some_and(|(name, ..)| primary.contains(&name)));
        }
        for (name, confidence, _) in case
            .found
            .iter()
            .filter(|(name, ..)| !case.labelled.optional.contains(name))
        {
            let truth = f64::from(u8::from(gold.contains(name)));
            brier += (confidence - truth).powi(2);
            judged += 1;
        }
        if lists_wrong && found != gold {
            let missed: Vec<&String> = gold.difference(&found).collect();
            let vain: Vec<&String> = found.difference(&gold).collect();
            println!(
                "{}: missed {missed:?}, in vain {vain:?} ({})",
                case.labelled.path,
                case.labelled.traps.join(", ")
            );
        }
        if lists_wrong {
            for (name, place) in gold_places.iter().filter(|place| !found_places.contains(place)) {
                println!("  missed {name}: {}", shown(case, name, *place));
            }
            for (name, place) in found_places.iter().filter(|place| !gold_places.contains(place)) {
                println!("  in vain {name}: {}", shown(case, name, *place));
            }
        }
    }
    println!("documents   {}", documents.line());
    println!("places      {}", spans.line());
    println!("exact sets  {exact} of {}", cases.len());
    println!("none        {empty} of {without} articles without a company stay empty");
    println!(
        "from 0.9    precision {:.3}  recall {:.3}",
        sure.precision(),
        sure.recall()
    );
    println!("salience    the first is what the article is about in {first} of {with_primary}");
    println!(
        "Brier       {:.3} over {judged} tags",
        brier / f64::from(judged.max(1))
    );
    for (trap, tally) in by_trap {
        println!("  {trap:<28} {}", tally.line());
    }
}

/// Bytes of visible text in a second, on one core.
fn speed(articles: &[Labelled], tagger: &Tagger) {
    let length = |article: &Labelled| article.title.len() + article.visible.text.len();
    let bytes: usize = articles.iter().map(length).sum();
    let rounds = (10_000_000 / bytes.max(1)).max(1);
    let start = Instant::now();
    let mut found = 0;
    for _ in 0..rounds {
        for article in articles {
            found += tagger.find(&article.title, "", &article.visible).len();
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = (bytes * rounds) as f64 / 1e6;
    println!(
        "speed       {:.0} MB of text a second ({found} tags in {megabytes:.0} MB)",
        megabytes / seconds
    );
}
