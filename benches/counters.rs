//! What a build does, counted instead of timed: pages, files, and what is asked of the allocator.
//!
//! `cargo bench --bench counters -- [--articles 1000] [--table]`
//!
//! On one thread these numbers are the same in every run and on every machine of a kind, so that the
//! smallest change of what a build does shows. The builds are made in this process, through the library.

mod corpus;
mod support;

use std::alloc::System;
use std::fmt::Write;
use std::path::Path;

use brief::building::output::Output;
use brief::building::pipeline::{self, Clock, Options, Outcome};
use brief::ground::world::DiskWorld;
use corpus::edit::{self, edit};
use corpus::write_site;
use rayon::ThreadPoolBuilder;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};
use support::table::{self, thousands};

/// The lines of docs/PERFORMANCE.md between which the table stands.
const START: &str = "<!-- written by `cargo bench --bench counters -- --table` -->";
const END: &str = "<!-- the end of what is counted -->";

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let (articles, is_for_page) = arguments();
    let work = tempfile::Builder::new()
        // Of the same length each time, so that paths need the same memory.
        .prefix("brief-counters-")
        .rand_bytes(6)
        .tempdir()
        .expect("a folder to work in");
    let site = work.path().join("site");
    write_site(&site, articles);
    edit::settle();
    // This thread is the pool: with a second one the order of work, and so the memory, would vary.
    let pool = ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread()
        .build();
    let pool = pool.expect("a pool without threads of its own");
    let builds = pool.install(|| {
        let clean = counted(&site);
        let unchanged = counted(&site);
        edit(&site, &edit::body(articles));
        let body = counted(&site);
        [
            ("clean", clean),
            ("nothing changed", unchanged),
            ("a sentence in an article", body),
        ]
    });
    let mut text = format!("{} articles, on one thread\n\n", thousands(articles));
    text.push_str(
        "| build | pages rendered | files written | allocations | of them grown | bytes asked for |\n",
    );
    text.push_str("|---|--:|--:|--:|--:|--:|\n");
    for (name, counts) in builds {
        let numbers = [
            counts.rendered,
            counts.written,
            counts.memory.allocations + counts.memory.reallocations,
            counts.memory.reallocations,
            counts.memory.bytes_allocated,
        ];
        let _ = writeln!(text, "| {name} | {} |", numbers.map(thousands).join(" | "));
    }
    println!("{text}");
    if is_for_page {
        table::write_into_page(START, END, &text);
    }
}

/// What one build did.
struct Counts {
    rendered: usize,
    written: usize,
    memory: Stats,
}

fn counted(site: &Path) -> Counts {
    let region = Region::new(ALLOCATOR);
    let outcome = build(site);
    let report = outcome
        .report
        .as_ref()
        .expect("the site of the benchmarks has no errors");
    let (rendered, written) = (outcome.rendered.len(), report.written);
    drop(outcome);
    Counts {
        rendered,
        written,
        memory: region.change(),
    }
}

fn build(site: &Path) -> Outcome {
    let world = DiskWorld::new(site).expect("the site was just written");
    let options = Options {
        // Any instant after the last article.
        clock: Clock::At("2026-01-01T00:00:00Z".parse().expect("an instant")),
        ..Options::default()
    };
    pipeline::build(&world, &options, |_| {
        Output::open(&site.join("public"), &site.join(".brief/counters"), false)
    })
}

/// How many articles, and whether the table goes into the page.
fn arguments() -> (usize, bool) {
    let (mut articles, mut is_for_page) = (1_000, false);
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        match name.as_str() {
            // cargo says so itself.
            "--bench" => {}
            "--table" => is_for_page = true,
            "--articles" => {
                let value = given.next().expect("a number behind the option");
                articles = value.parse().expect("a number, such as 1000");
            }
            _ => {
                eprintln!("no such option: {name}. There are --articles and --table");
                std::process::exit(2);
            }
        }
    }
    (articles, is_for_page)
}
