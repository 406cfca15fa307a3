//! Where the time of a clean build goes: CPU time for each article, up to the end of each stage.
//!
//! `cargo bench --bench stages -- [--articles 10000] [--runs 5] [--folder DIR] [--table]`
//!
//! A build is broken off after a stage and measured as a process of its own, on one thread; what a stage
//! costs is the difference to the one before it. The process is this very program: with `--stage` it does
//! the work of one stage and ends.

mod corpus;
mod support;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use brief::building::pipeline::{Options, build_in_memory, prepare};
use brief::ground::world::DiskWorld;
use corpus::write_site;
use support::table::{self, thousands};
use support::{machine, measure};

/// The allocator of the program, so that the stages cost here what they cost there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The lines of docs/PERFORMANCE.md between which the table stands.
const START: &str = "<!-- written by `cargo bench --bench stages -- --table` -->";
const END: &str = "<!-- the end of what is written about stages -->";

/// Up to where a build goes, and what has come to the stage before.
const STAGES: [(&str, &str); 4] = [
    ("sources", "the bytes of all sources are read"),
    (
        "prepare",
        "articles are parsed, companies found in them; site indexed, files planned, links checked",
    ),
    ("memory", "pages are rendered, kept in memory"),
    (
        "build",
        "instead they are written to the disk, with the cache for the next build",
    ),
];

fn main() {
    let arguments = Arguments::read();
    if let Some((stage, site)) = &arguments.stage {
        work(stage, site);
        return;
    }
    let work = tempfile::Builder::new()
        .prefix("brief-stages-")
        .tempdir_in(&arguments.folder)
        .expect("a folder to work in");
    let site = work.path().join("site");
    write_site(&site, arguments.articles);
    let mut runs: [Vec<f64>; STAGES.len()] = Default::default();
    // The first round warms the caches of the system and is dropped.
    for round in 0..=arguments.runs {
        for (&(stage, _), runs) in STAGES.iter().zip(&mut runs) {
            let seconds = measured(stage, &site);
            eprintln!("round {round}, {stage}: {seconds:.3} s");
            if round > 0 {
                runs.push(seconds);
            }
        }
    }
    let text = table(&arguments, work.path(), runs.map(table::median));
    println!("{text}");
    if arguments.table {
        table::write_into_page(START, END, &text);
    }
}

fn table(arguments: &Arguments, work: &Path, seconds: [f64; STAGES.len()]) -> String {
    let mut text = format!(
        "Measured on {}, {}, {}{}, {} articles, {} runs each, on one thread.\n\n",
        machine::today(),
        machine::state(),
        machine::describe(work),
        machine::load(),
        thousands(arguments.articles),
        arguments.runs
    );
    text.push_str("| what is done | CPU for each article | of all |\n|---|--:|--:|\n");
    let whole = seconds[STAGES.len() - 1];
    let mut before = 0.0;
    for ((_, what), seconds) in STAGES.iter().zip(seconds) {
        let _ = writeln!(
            text,
            "| {what} | {:.0} µs | {:.0} % |",
            (seconds - before) * 1e6 / arguments.articles as f64,
            (seconds - before) / whole * 100.0
        );
        before = seconds;
    }
    let _ = writeln!(
        text,
        "| **all** | **{:.0} µs** | |",
        whole * 1e6 / arguments.articles as f64
    );
    text
}

/// The CPU seconds of a process that works up to the end of a stage.
fn measured(stage: &str, site: &Path) -> f64 {
    let mut command = if stage == "build" {
        // What an earlier round left would be taken over.
        for folder in ["public", ".brief"] {
            let folder = site.join(folder);
            if folder.exists() {
                fs::remove_dir_all(folder).expect("the benchmark's own folder");
            }
        }
        let mut command = measure::program();
        command.args(["build", "--site"]).arg(site);
        command
    } else {
        let mut command = Command::new(std::env::current_exe().expect("the program that runs"));
        command.args(["--stage", stage, "--folder"]).arg(site);
        command
    };
    command.env("RAYON_NUM_THREADS", "1");
    measure::run(command, site).0.cpu.as_secs_f64()
}

/// Works up to the end of a stage.
fn work(stage: &str, site: &Path) {
    if stage == "sources" {
        return read_all(&site.join("content"));
    }
    let world = DiskWorld::new(site).expect("the site was just written");
    let options = Options::default();
    match stage {
        "prepare" => assert!(!prepare(&world, &options).found.has_errors()),
        _ => assert!(build_in_memory(&world, &options).0.is_some()),
    }
    // Without giving back all that memory piece by piece; the program does not either.
    std::process::exit(0);
}

fn read_all(folder: &Path) {
    for entry in fs::read_dir(folder).expect("a folder of the site") {
        let path = entry.expect("an entry of the site").path();
        if path.is_dir() {
            read_all(&path);
        } else {
            fs::read(path).expect("a file of the site");
        }
    }
}

/// The command line.
struct Arguments {
    articles: usize,
    runs: usize,
    folder: PathBuf,
    table: bool,
    /// For a process that does the work: up to which stage, and the site.
    stage: Option<(String, PathBuf)>,
}

impl Arguments {
    fn read() -> Arguments {
        let mut arguments = Arguments {
            articles: 10_000,
            runs: 5,
            folder: std::env::temp_dir(),
            table: false,
            stage: None,
        };
        let mut stage = None;
        let mut given = std::env::args().skip(1);
        while let Some(name) = given.next() {
            let mut value = || given.next().expect("a value behind the option");
            match name.as_str() {
                // cargo says so itself.
                "--bench" => {}
                "--articles" => arguments.articles = value().parse().expect("a number, such as 1000"),
                "--runs" => arguments.runs = value().parse().expect("a number, such as 5"),
                "--folder" => arguments.folder = value().into(),
                "--table" => arguments.table = true,
                "--stage" => stage = Some(value()),
                _ => {
                    eprintln!("no such option: {name}. There are --articles, --runs, --folder and --table");
                    std::process::exit(2);
                }
            }
        }
        arguments.stage = stage.map(|stage| (stage, arguments.folder.clone()));
        arguments
    }
}
