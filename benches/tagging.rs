//! How fast companies are found, on one core.
//!
//! `cargo bench --bench tagging -- [--articles 2000] [--aliases 1000]`
//!
//! The articles are the corpus maker's, the register is its own, filled up with invented companies to as many
//! names as asked for. Measured are the search for names alone, and the whole of tagging.

mod corpus;

use std::time::Instant;

use brief::ground::diagnostic::Diagnostics;
use brief::ground::path::SourcePath;
use brief::reading::company::Register;
use brief::reading::config::Config;
use brief::reading::front_matter;
use brief::reading::markdown::{self, Visible};
use brief::reading::tagging::Tagger;
use corpus::Article;

/// How often each is measured.
const RUNS: usize = 9;

fn main() {
    let number = |name: &str, usual: usize| {
        let mut arguments = std::env::args().skip_while(|argument| argument != name);
        let value = arguments.nth(1).and_then(|value| value.parse().ok());
        value.unwrap_or(usual)
    };
    let (count, aliases) = (number("--articles", 2000), number("--aliases", 1000));
    let articles: Vec<(String, Visible)> = (0..count)
        .map(|index| read(&Article::new(index, count).text()))
        .collect();
    let bytes: usize = articles
        .iter()
        .map(|(title, body)| title.len() + body.text.len())
        .sum();
    println!(
        "{count} articles, {:.1} MB of text, {RUNS} runs\n",
        bytes as f64 / 1e6
    );
    println!("| names | search, MB/s | tagging, MB/s | 10,000 articles, s | places |\n|---|--:|--:|--:|--:|");
    for names in [0, aliases] {
        let (register, names) = register(names);
        let tagger = Tagger::new(&register);
        let mut places = 0;
        let search = median(|| {
            places = articles
                .iter()
                .map(|(title, body)| tagger.candidates(title) + tagger.candidates(&body.text))
                .sum();
        });
        let tagging = median(|| {
            for (title, body) in &articles {
                std::hint::black_box(tagger.find(title, "", body));
            }
        });
        let speed = |seconds: f64| bytes as f64 / 1e6 / seconds;
        println!(
            "| {names} | {:.0} | {:.0} | {:.2} | {places} |",
            speed(search),
            speed(tagging),
            tagging * 10_000.0 / count as f64
        );
    }
}

fn read(text: &str) -> (String, Visible) {
    let file = SourcePath::new("article.md").expect("a path");
    let config = Config::default_settings();
    let split = front_matter::split(&file, text, &mut Diagnostics::new());
    let head = front_matter::decode(&file, &split, &config, &mut Diagnostics::new()).head;
    let title = head.map_or(String::new(), |head| head.title.to_string());
    (
        title,
        markdown::parse(split.body, split.body_start, config.markdown).visible,
    )
}

/// The corpus maker's register, filled up to so many names; and how many it has then.
fn register(least: usize) -> (Register, usize) {
    let mut text = corpus::register();
    let mut number = 0;
    loop {
        let file = SourcePath::new("companies.yaml").expect("a path");
        let register = Register::parse(&file, &text, &mut Diagnostics::new());
        let names = register
            .companies()
            .iter()
            .map(|company| 1 + company.aliases.len());
        let names: usize = names.sum();
        if names >= least {
            return (register, names);
        }
        for _ in 0..(least - names).div_ceil(3) {
            number += 1;
            let part = |list: &[&'static str], step: usize| list[number / step % list.len()];
            let stem = format!(
                "{}{}{}",
                part(
                    &["Al", "Bor", "Cal", "Dor", "El", "Fen", "Gar", "Hol", "Im", "Jor"],
                    1
                ),
                part(
                    &["va", "mi", "ton", "re", "sto", "ki", "lu", "da", "ne", "zo"],
                    10
                ),
                part(
                    &[
                        "ris", "dyne", "mont", "tech", "well", "nova", "gate", "bank", "soft", "gen"
                    ],
                    100
                ),
            );
            text.push_str(&format!(
                "  - {{name: {stem}, aliases: [{stem} Group, {stem} Holdings plc], sector: Software}}\n"
            ));
        }
    }
}

fn median(mut run: impl FnMut()) -> f64 {
    let mut seconds: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[RUNS / 2]
}
