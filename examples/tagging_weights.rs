//! Sets the weights of the evidence by which companies are tagged, and tells what each kind of it is worth.
//!
//! `cargo run --release --example tagging_weights -- FOLDER... [--ablation]`
//!
//! The folders hold labelled articles (tests/support/labelled.rs). What is printed are weights for
//! `src/reading/tagging/evidence.rs`, and how well they do on articles that they were not fitted to: the articles are
//! dealt into ten parts, and each part is judged by weights fitted to the other nine. The fit is a logistic
//! regression that is pulled towards the guesses, so that few articles cannot carry a weight far.
//! With `--ablation`, the same without each kind of evidence; with `--wrong`, the articles that went wrong.

#[path = "../tests/support/labelled.rs"]
#[expect(
    dead_code,
    reason = "the other example and the tests show what articles are called"
)]
mod labelled;
#[path = "../tests/support/tally.rs"]
#[expect(dead_code, reason = "the other example shows precision and recall too")]
mod tally;

use std::collections::BTreeSet;
use std::path::PathBuf;

use brief::reading::company::Register;
use brief::reading::tagging::{Evidence, GUESSES, TAGGED, Tagger, Trial, WEIGHTS, Weights};
use labelled::Labelled;
use tally::Tally;

/// How hard weights are pulled towards the guesses, for each hundredth of a logit squared.
const PULL: f64 = 2.0e-4;

/// How many times the evidence is gathered anew, since what is found elsewhere depends on the weights.
const ROUNDS: usize = 4;

/// Into how many parts the articles are dealt.
const PARTS: usize = 10;

struct Folder {
    register: Register,
    articles: Vec<Labelled>,
}

fn main() {
    let mut folders = Vec::new();
    let mut has_ablation = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--ablation" => has_ablation = true,
            "--wrong" => {}
            path => {
                let (register, articles) = labelled::load(&PathBuf::from(path));
                folders.push(Folder { register, articles });
            }
        }
    }
    println!(
        "guesses                    {}",
        score(&folders, |_| GUESSES, |_| true).line()
    );
    println!(
        "weights in force           {}",
        score(&folders, |_| WEIGHTS, |_| true).line()
    );
    println!(
        "fitted, articles not seen  {}",
        cross_validated(&folders, &[]).line()
    );
    let fitted = fit(&folders, |_| true, &[]);
    println!(
        "fitted, all articles       {}\n",
        score(&folders, |_| fitted.clone(), |_| true).line()
    );
    let count = |evidence: Evidence| {
        let mut counts = (0, 0);
        for (trial, is_right) in trials(&folders, &WEIGHTS, |_| true) {
            if trial.evidence.has(evidence) {
                counts.0 += usize::from(is_right);
                counts.1 += usize::from(!is_right);
            }
        }
        counts
    };
    for (index, evidence) in Evidence::ALL.iter().enumerate() {
        let (right, wrong) = count(*evidence);
        println!(
            "    {} {} {} \"{}\"   was {}, right {right}, wrong {wrong}",
            evidence.name(),
            GUESSES.0[index],
            fitted.0[index],
            evidence.meaning(),
            WEIGHTS.0[index],
        );
    }
    if has_ablation {
        println!("\n| without | documents | places |\n|---|---|---|");
        let all = cross_validated(&folders, &[]);
        println!("| – | {:.3} | {:.3} |", all.documents.f1(), all.places.f1());
        for (kind, from, to) in KINDS {
            let dropped: Vec<Evidence> = Evidence::ALL
                .iter()
                .copied()
                .filter(|evidence| evidence >= from && evidence <= to)
                .collect();
            let score = cross_validated(&folders, &dropped);
            println!(
                "| {kind} | {:.3} | {:.3} |",
                score.documents.f1(),
                score.places.f1()
            );
        }
    }
}

/// Kinds of evidence: the first and the last of each.
const KINDS: [(&str, &Evidence, &Evidence); 9] = [
    ("the class of the name", &Evidence::Phrase, &Evidence::Person),
    (
        "its place in the sentence or line",
        &Evidence::Middle,
        &Evidence::Alone,
    ),
    ("what follows", &Evidence::ThenSpeech, &Evidence::ThenItself),
    (
        "what stands before",
        &Evidence::AfterDeterminer,
        &Evidence::AfterHyphen,
    ),
    ("titles in quotation marks", &Evidence::Quoted, &Evidence::Quoted),
    (
        "business and money near",
        &Evidence::NearBusiness,
        &Evidence::NearTrade,
    ),
    ("lists of companies", &Evidence::WithSure, &Evidence::WithLikely),
    ("spelling", &Evidence::Capitals, &Evidence::Small),
    (
        "the rest of the article",
        &Evidence::ElsewhereSure,
        &Evidence::NoBusiness,
    ),
];

/// All places of some articles, each with whether it is a mention.
fn trials(folders: &[Folder], weights: &Weights, is_wanted: impl Fn(usize) -> bool) -> Vec<(Trial, bool)> {
    let mut all = Vec::new();
    let mut number = 0;
    for folder in folders {
        let tagger = Tagger::with_weights(&folder.register, weights.clone());
        for article in &folder.articles {
            number += 1;
            if !is_wanted(number - 1) {
                continue;
            }
            for trial in tagger.trials(&article.title, "", &article.visible) {
                let name = &folder.register.companies()[trial.company].name;
                if article.optional.contains(name) {
                    continue;
                }
                let place = article.place(trial.part == 0, trial.span);
                let is_right = article
                    .gold
                    .iter()
                    .any(|(own, _, spans)| own == name && spans.contains(&place));
                all.push((trial, is_right));
            }
        }
    }
    all
}

fn fit(folders: &[Folder], is_wanted: impl Fn(usize) -> bool + Copy, dropped: &[Evidence]) -> Weights {
    let mut weights = GUESSES;
    for evidence in dropped {
        weights.0[*evidence as usize] = 0;
    }
    let prior = weights.clone();
    for _ in 0..ROUNDS {
        let data = trials(folders, &weights, is_wanted);
        weights = regression(&data, &prior, dropped);
    }
    weights
}

/// The weights that tell right from wrong best, pulled towards the guesses.
fn regression(data: &[(Trial, bool)], prior: &Weights, dropped: &[Evidence]) -> Weights {
    let start: Vec<f64> = prior.0.iter().map(|weight| f64::from(*weight)).collect();
    let mut weights = start.clone();
    let rows: Vec<(Vec<usize>, f64)> = data
        .iter()
        .map(|(trial, is_right)| {
            let evidence = trial
                .evidence
                .iter()
                .filter(|evidence| !dropped.contains(evidence));
            (
                evidence.map(|evidence| evidence as usize).collect(),
                f64::from(u8::from(*is_right)),
            )
        })
        .collect();
    // Plain gradient descent: the sum is convex and small.
    for step in 0..4000 {
        let mut gradient: Vec<f64> = weights
            .iter()
            .zip(&start)
            .map(|(weight, start)| PULL * (weight - start))
            .collect();
        for (evidence, truth) in &rows {
            let sum: f64 = evidence.iter().map(|index| weights[*index]).sum();
            let error = 1.0 / (1.0 + (-sum / 100.0).exp()) - truth;
            for index in evidence {
                gradient[*index] += error / 100.0;
            }
        }
        let rate = if step < 3000 { 200.0 } else { 50.0 };
        for (weight, slope) in weights.iter_mut().zip(&gradient) {
            *weight -= rate * slope;
        }
    }
    let mut fitted = prior.clone();
    for (own, weight) in fitted.0.iter_mut().zip(&weights) {
        *own = (weight / 5.0).round() as i32 * 5;
    }
    fitted
}

/// How well weights do on articles that they were not fitted to.
fn cross_validated(folders: &[Folder], dropped: &[Evidence]) -> Score {
    let fits: Vec<Weights> = (0..PARTS)
        .map(|part| fit(folders, |number| number % PARTS != part, dropped))
        .collect();
    score(folders, |number| fits[number % PARTS].clone(), |_| true)
}

#[derive(Default)]
struct Score {
    documents: Tally,
    places: Tally,
    exact: usize,
    articles: usize,
    brier: f64,
    judged: usize,
}

impl Score {
    fn line(&self) -> String {
        format!(
            "documents F1 {:.3}  places F1 {:.3}  exact {} of {}  Brier {:.3}",
            self.documents.f1(),
            self.places.f1(),
            self.exact,
            self.articles,
            self.brier / self.judged.max(1) as f64,
        )
    }
}

fn score(folders: &[Folder], weights: impl Fn(usize) -> Weights, is_wanted: impl Fn(usize) -> bool) -> Score {
    let mut score = Score::default();
    let mut number = 0;
    for folder in folders {
        for article in &folder.articles {
            number += 1;
            if !is_wanted(number - 1) {
                continue;
            }
            let tagger = Tagger::with_weights(&folder.register, weights(number - 1));
            let found = tagger.find(&article.title, "", &article.visible);
            let gold: BTreeSet<String> = article.gold.iter().map(|(name, ..)| name.clone()).collect();
            let gold_places: BTreeSet<String> = article
                .gold
                .iter()
                .flat_map(|(name, _, spans)| spans.iter().map(move |span| format!("{name} {span:?}")))
                .collect();
            let (mut names, mut places) = (BTreeSet::new(), BTreeSet::new());
            for company in &found {
                let name = &folder.register.companies()[company.company].name;
                if article.optional.contains(name) {
                    continue;
                }
                let truth = f64::from(u8::from(gold.contains(name)));
                score.brier += (f64::from(company.confidence) / 1000.0 - truth).powi(2);
                score.judged += 1;
                if company.confidence < TAGGED {
                    continue;
                }
                names.insert(name.clone());
                let title = company
                    .mentions
                    .title
                    .iter()
                    .map(|span| article.place(true, *span));
                let body = company
                    .mentions
                    .body
                    .iter()
                    .map(|span| article.place(false, *span));
                places.extend(title.chain(body).map(|span| format!("{name} {span:?}")));
            }
            score.documents.add(&names, &gold);
            score.places.add(&places, &gold_places);
            if names != gold && std::env::args().any(|argument| argument == "--wrong") {
                let wrong: Vec<&String> = names.symmetric_difference(&gold).collect();
                println!("{}: {wrong:?}", article.path);
            }
            score.exact += usize::from(names == gold);
            score.articles += 1;
        }
    }
    score
}
