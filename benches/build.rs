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
use std::thread;
use std::time::Duration;

use corpus::{Article, BY_NAME, MEANT, NEWCOMER, REGISTER, company, register, write, write_site};
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

/// A build that reads a file just written cannot tell by its time alone, next time, that it is the same:
/// clocks of file systems tick every two seconds at worst. The sources of a site are older than that.
const SETTLING: Duration = Duration::from_millis(2500);

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
    let mut text = format!(
        "Measured on {}, {}, {}, {} runs each.\n",
        machine::today(),
        machine::state(),
        machine::describe(work.path()),
        arguments.runs
    );
    println!("{text}");
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
    if arguments.table {
        write_table(&text);
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
                restore(site, of);
                for folder in ["public", ".brief"] {
                    put_away(work, &site.join(folder));
                }
                thread::sleep(SETTLING);
            }
            Step::Unchanged => {}
            Step::Body => edit(site, body_article(of)),
            Step::Title => edit(site, title_article(of)),
            Step::Retag => edit(site, retagged_article(of)),
            Step::Added => edit(site, added_article(of)),
            Step::Alias => write(&site.join(REGISTER), &register_with_alias()),
            Step::Register => write(&site.join(REGISTER), &register_with_newcomer()),
            Step::Template => write(&site.join(TEMPLATE), &edited_template()),
        }
    }
}

/// The edits of articles are made to the newest ones, as in a newsroom: they stand on the front page,
/// in the feeds and first in every list.
fn body_article(of: usize) -> Article {
    let mut article = Article::new(of - 1, of);
    article.body.push_str("\nA sentence more.\n");
    article
}

fn title_article(of: usize) -> Article {
    let mut article = Article::new(of - 2, of);
    article.title.push_str(", again");
    article
}

fn retagged_article(of: usize) -> Article {
    let tagged = (0..of - 2).rev().map(|number| Article::new(number, of));
    let mut article = tagged
        .into_iter()
        .find(|article| !article.companies.is_empty())
        .expect("three in four articles name their companies");
    article.companies.push(company(corpus::COMPANIES - 1).name);
    article.topics.pop();
    article
}

fn added_article(of: usize) -> Article {
    Article::new(of, of)
}

fn register_with_alias() -> String {
    let short = company(MEANT).short;
    register().replace(
        &format!("aliases: [{short}, "),
        &format!("aliases: [{BY_NAME}, {short}, "),
    )
}

fn register_with_newcomer() -> String {
    format!("{}  - name: {NEWCOMER}\n", register_with_alias())
}

/// The template that all others extend.
const TEMPLATE: &str = "templates/frame.html";

fn template() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches/site")
        .join(TEMPLATE);
    fs::read_to_string(path).expect("the site of the benchmarks")
}

fn edited_template() -> String {
    template().replace("<footer>", "<footer>Edited: ")
}

fn edit(site: &Path, article: Article) {
    write(&site.join(&article.path), &article.text());
}

/// Takes all edits back. What is the same already is left as it is.
fn restore(site: &Path, of: usize) {
    let originals = (0..of).rev().map(|number| Article::new(number, of));
    let edited = retagged_article(of).path;
    for article in originals {
        edit(site, article.clone());
        if article.path == edited {
            break;
        }
    }
    // The first run finds none.
    let _ = fs::remove_file(site.join(added_article(of).path));
    write(&site.join(REGISTER), &register());
    write(&site.join(TEMPLATE), &template());
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

fn write_table(text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/PERFORMANCE.md");
    let document = fs::read_to_string(&path).expect("docs/PERFORMANCE.md");
    let document = table::replace_between(&document, START, END, text)
        .expect("docs/PERFORMANCE.md marks where its table stands");
    fs::write(path, document).expect("docs/PERFORMANCE.md");
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
