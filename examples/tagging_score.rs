//! How well companies are tagged, against articles that people have labelled.
//!
//! `cargo run --release --example tagging_score -- FOLDER [--wrong]`
//!
//! The folder holds `articles/`, Markdown with front matter but without `companies:`; `companies.yaml`, a
//! register; and `gold.jsonl`, one object for each article:
//! `{"path", "companies": [{"name", "salience", "spans"}], "optional": [...], "traps": [...]}` with spans
//! as bytes of the file. A company counts as tagged from a confidence of 0.5. `--wrong` lists what was
//! missed and what was found in vain.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use brief::ground::diagnostic::Diagnostics;
use brief::ground::path::SourcePath;
use brief::ground::span::Span;
use brief::reading::company::Register;
use brief::reading::config::Config;
use brief::reading::front_matter;
use brief::reading::markdown;
use brief::reading::tagging::{Found, TAGGED, Tagger};
use serde_json::Value;

/// A sum of rights and wrongs.
#[derive(Default)]
struct Tally {
    right: usize,
    missed: usize,
    vain: usize,
}

impl Tally {
    fn add(&mut self, found: &BTreeSet<String>, gold: &BTreeSet<String>) {
        self.right += found.intersection(gold).count();
        self.missed += gold.difference(found).count();
        self.vain += found.difference(gold).count();
    }

    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.vain).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }

    fn line(&self) -> String {
        let (precision, recall) = (self.precision(), self.recall());
        let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
        format!("F1 {f1:.3}  precision {precision:.3}  recall {recall:.3}")
    }
}

/// A labelled article, and what was found in it.
struct Case {
    path: String,
    /// Name, whether it is what the article is about, and its places in the file.
    gold: Vec<(String, bool, Vec<Span>)>,
    optional: BTreeSet<String>,
    traps: Vec<String>,
    /// Name, confidence from 0 to 1, places in the file.
    found: Vec<(String, f64, Vec<Span>)>,
}

fn main() {
    let mut folder = None;
    let mut lists_wrong = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--wrong" => lists_wrong = true,
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let Some(folder) = folder else {
        eprintln!("name the folder: cargo run --release --example tagging_score -- FOLDER");
        std::process::exit(2);
    };
    let register = register(&folder.join("companies.yaml"));
    let tagger = Tagger::new(&register);
    let gold = fs::read_to_string(folder.join("gold.jsonl")).expect("gold.jsonl");
    let cases: Vec<Case> = gold
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| case(&folder, line, &register, &tagger))
        .collect();
    report(&cases, lists_wrong);
    speed(&folder, &tagger);
}

fn register(path: &Path) -> Register {
    let text = fs::read_to_string(path).expect("companies.yaml");
    let file = SourcePath::new("companies.yaml").expect("a path");
    let mut found = Diagnostics::new();
    let register = Register::parse(&file, &text, &mut found);
    assert!(!found.has_errors(), "{found:?}");
    register
}

/// An article as the site reads it: headline and visible text, with the way back to the file.
struct Read {
    title: String,
    /// Where the headline begins in the file.
    title_at: usize,
    visible: markdown::Visible,
}

fn read(text: &str) -> Read {
    let file = SourcePath::new("article.md").expect("a path");
    let config = Config::default_settings();
    let split = front_matter::split(&file, text, &mut Diagnostics::new());
    let decoded = front_matter::decode(&file, &split, &config, &mut Diagnostics::new());
    let title = decoded.head.map_or(String::new(), |head| head.title.to_string());
    // Headlines of labelled articles are written without escapes.
    let title_at = text.find(&title).unwrap_or_default();
    let visible = markdown::parse(split.body, split.body_start, config.markdown).visible;
    Read {
        title,
        title_at,
        visible,
    }
}

fn case(folder: &Path, line: &str, register: &Register, tagger: &Tagger) -> Case {
    let label: Value = serde_json::from_str(line).expect("an object");
    let path = label["path"].as_str().expect("a path").to_owned();
    let text = fs::read_to_string(folder.join("articles").join(&path)).expect("an article");
    let read = read(&text);
    let texts = |value: &Value| -> Vec<String> {
        let list = value.as_array().into_iter().flatten();
        list.map(|item| {
            item.as_str()
                .or(item["name"].as_str())
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
    };
    let span = |value: &Value| {
        let [start, end] = [0, 1].map(|at| value[at].as_u64().unwrap_or_default() as usize);
        Span::new(start, end)
    };
    let company = |value: &Value| {
        let spans = value["spans"]
            .as_array()
            .into_iter()
            .flatten()
            .map(span)
            .collect();
        let name = value["name"].as_str().unwrap_or_default().to_owned();
        (name, value["salience"] == "primary", spans)
    };
    let place = |found: &Found| {
        let title = found.mentions.title.iter();
        let title = title.map(|span| {
            Span::new(
                span.start as usize + read.title_at,
                span.end as usize + read.title_at,
            )
        });
        let body = found.mentions.body.iter();
        let body = body.map(|span| read.visible.source_of(span.start as usize..span.end as usize));
        (
            register.companies()[found.company].name.clone(),
            f64::from(found.confidence) / 1000.0,
            title.chain(body).collect(),
        )
    };
    let found = tagger.find(&read.title, "", &read.visible);
    Case {
        gold: label["companies"]
            .as_array()
            .into_iter()
            .flatten()
            .map(company)
            .collect(),
        optional: texts(&label["optional"]).into_iter().collect(),
        traps: texts(&label["traps"]),
        found: found.iter().map(place).collect(),
        path,
    }
}

fn report(cases: &[Case], lists_wrong: bool) {
    let tagged = |case: &Case, from: f64| -> BTreeSet<String> {
        let found = case
            .found
            .iter()
            .filter(|(name, confidence, _)| *confidence >= from && !case.optional.contains(name));
        found.map(|(name, ..)| name.clone()).collect()
    };
    let gold =
        |case: &Case| -> BTreeSet<String> { case.gold.iter().map(|(name, ..)| name.clone()).collect() };
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
        for trap in &case.traps {
            by_trap.entry(trap).or_default().add(&found, &gold);
        }
        let places = |name: &str, list: &[Span]| -> Vec<String> {
            list.iter()
                .map(|span| format!("{name} {}-{}", span.start, span.end))
                .collect()
        };
        let gold_spans = case
            .gold
            .iter()
            .flat_map(|(name, _, list)| places(name, list))
            .collect();
        let counted = case.found.iter().filter(|(name, ..)| found.contains(name));
        let found_spans = counted.flat_map(|(name, _, list)| places(name, list)).collect();
        spans.add(&found_spans, &gold_spans);
        let primary: Vec<&String> = case
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
            .filter(|(name, ..)| !case.optional.contains(name))
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
                case.path,
                case.traps.join(", ")
            );
        }
        if lists_wrong {
            let differing: Vec<&String> = gold_spans.symmetric_difference(&found_spans).collect();
            if !differing.is_empty() {
                println!("{}: places {differing:?}", case.path);
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
fn speed(folder: &Path, tagger: &Tagger) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder.join("articles"))
        .expect("articles/")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let articles: Vec<Read> = paths
        .iter()
        .map(|path| read(&fs::read_to_string(path).expect("an article")))
        .collect();
    let bytes: usize = articles
        .iter()
        .map(|read| read.title.len() + read.visible.text.len())
        .sum();
    let rounds = (20_000_000 / bytes.max(1)).max(1);
    let start = Instant::now();
    let mut found = 0;
    for _ in 0..rounds {
        for read in &articles {
            found += tagger.find(&read.title, "", &read.visible).len();
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = (bytes * rounds) as f64 / 1e6;
    println!(
        "speed       {:.0} MB of text a second ({found} tags in {megabytes:.0} MB)",
        megabytes / seconds
    );
}
