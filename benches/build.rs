//! What a build costs: a whole one, one for which nothing changed, and one after each kind of edit.
//!
//! `cargo bench --bench build -- [--articles 1000,10000,100000] [--runs 5] [--folder DIR] [--table]`
//!
//! Every figure is that of a process of its own, `brief build`, from start to end. Each run begins
//! with a clean build and makes the same edits in the same order, so that every run measures the
//! same work; a first run, whose figures are dropped, warms the caches of the system and counts pages.
//! docs/PERFORMANCE.md says how to read the table, which `--table` writes there.

mod corpus;
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use corpus::edit::{self, edit};
use corpus::write_site;
use support::machine;
use support::measure;
use support::table::{self, Build, Size};

/// The lines of docs/PERFORMANCE.md between which the table stands.
const START: &str = "<!-- written by `cargo bench --bench build -- --table` -->";
const END: &str = "<!-- the end of what is written -->";

/// A kind of build: what is done to the site before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Clean,
    Unchanged,
    Body,
    Title,
    Retag,
    Added,
    Alias,
    Register,
    Template,
}

/// In the order in which they are made; each is made on top of those before it.
const STEPS: [(Step, &str); 9] = [
    (Step::Clean, "clean"),
    (Step::Unchanged, "nothing changed"),
    (Step::Body, "a sentence in an article"),
    (Step::Title, "a headline"),
    (Step::Retag, "an article's companies"),
    (Step::Added, "a new article"),
    (Step::Alias, "an alias in the register"),
    (Step::Register, "a company more in the register"),
    (Step::Template, "the template of all pages"),
];

fn main() {
    let arguments = Arguments::read();
    let work = tempfile::Builder::new()
        .prefix("brief-bench-")
        .tempdir_in(&arguments.folder)
        .expect("a folder to work in");
    let mut text = String::new();
    let mut sizes: Vec<Size> = Vec::new();
    for &articles in &arguments.articles {
        let size = measure_size(work.path(), articles, arguments.runs);
        let mut parts = vec![table::of_size(&size)];
        if let Some(smaller) = sizes.last() {
            parts.push(table::of_growth(smaller, &size));
        }
        for part in parts {
            println!("{part}");
            text = format!("{text}\n{part}");
        }
        sizes.push(size);
    }
    let how = format!(
        "Measured on {}, {}, {}{}, {} runs each.",
        machine::today(),
        machine::state(),
        machine::describe(work.path()),
        machine::load(),
        arguments.runs
    );
    println!("{how}");
    let text = format!("{how}\n{text}");
    if arguments.table {
        table::write_into_page(START, END, &text);
    }
}

/// All runs over a site of so many articles.
fn measure_size(work: &Path, articles: usize, runs: usize) -> Size {
    let site = work.join(format!("site-{articles}"));
    write_site(&site, articles);
    let mut builds: Vec<Build> = STEPS
        .iter()
        .map(|&(_, name)| Build {
            name,
            rendered: None,
            runs: Vec::new(),
        })
        .collect();
    for run in 0..=runs {
        let is_warm_up = run == 0;
        for (&(step, name), build) in STEPS.iter().zip(&mut builds) {
            step.prepare(work, &site, articles);
            let measured = measure::build(&site, is_warm_up);
            eprintln!(
                "{articles} articles, run {run}, {name}: {:.3} s",
                measured.wall.as_secs_f64()
            );
            if is_warm_up {
                build.rendered = measured.rendered;
            } else {
                build.runs.push(measured);
            }
        }
    }
    put_away(work, &site);
    Size { articles, builds }
}

impl Step {
    /// Brings a site into the state that is built.
    fn prepare(self, work: &Path, site: &Path, of: usize) {
        match self {
            Step::Clean => {
                edit::restore(site, of);
                for folder in ["public", ".brief"] {
                    put_away(work, &site.join(folder));
                }
                edit::settle();
            }
            Step::Unchanged => {}
            Step::Body => edit(site, &edit::body(of)),
            Step::Title => edit(site, &edit::title(of)),
            Step::Retag => edit(site, &edit::retagged(of)),
            Step::Added => edit(site, &edit::added(of)),
            Step::Alias => edit(site, &edit::alias()),
            Step::Register => edit(site, &edit::newcomer()),
            Step::Template => edit(site, &edit::template()),
        }
    }
}

/// Takes a folder away without deleting it where that would cost the runs to come: for minutes after
/// many files are deleted, some file systems take far longer to make new ones. All goes in the end.
fn put_away(work: &Path, folder: &Path) {
    if !folder.exists() {
        return;
    }
    if machine::file_system(work).as_deref() == Some("tmpfs") {
        fs::remove_dir_all(folder).expect("the benchmark's own folder");
        return;
    }
    let place = (0..)
        .map(|number| work.join(format!("old-{number}")))
        .find(|place| !place.exists());
    fs::rename(folder, place.expect("numbers do not end")).expect("the benchmark's own folder");
}

/// The command line.
struct Arguments {
    articles: Vec<usize>,
    runs: usize,
    folder: PathBuf,
    table: bool,
}

impl Arguments {
    fn read() -> Arguments {
        let mut arguments = Arguments {
            articles: vec![1_000, 10_000, 100_000],
            runs: 5,
            folder: std::env::temp_dir(),
            table: false,
        };
        let mut given = std::env::args().skip(1);
        while let Some(name) = given.next() {
            let mut value = || given.next().expect("a value behind the option");
            match name.as_str() {
                // cargo says so itself.
                "--bench" => {}
                "--articles" => arguments.articles = value().split(',').map(number).collect(),
                "--runs" => arguments.runs = number(&value()),
                "--folder" => arguments.folder = value().into(),
                "--table" => arguments.table = true,
                _ => {
                    eprintln!("no such option: {name}. There are --articles, --runs, --folder and --table");
                    std::process::exit(2);
                }
            }
        }
        arguments
    }
}

fn number(text: &str) -> usize {
    let number = text.parse().expect("a number, such as 1000");
    assert!(number > 0, "a number above 0");
    number
}
