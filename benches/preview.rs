//! What an edit costs in a preview: from the hint to the bytes of the pages that show it.
//!
//! `cargo bench --bench preview -- [--articles 1000,10000,100000] [--runs 20] [--folder DIR] [--table]`
//!
//! A site is opened as `brief serve` does and edited in the same process, without watcher, HTTP and
//! browser. *Follow* is the time until the site is as its sources say, *pages* the time until the pages
//! that show the edit are rendered again: the article's own, the front page, a company's. *Settled* is
//! everything else: all pages of the site checked, and those rendered that are different.

mod corpus;
mod support;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use brief::building::pipeline::Options;
use brief::building::preview::{Hints, Preview, Shown};
use brief::ground::path::{SourcePath, Url};
use brief::ground::world::DiskWorld;
use corpus::{Article, company, write_site};
use support::machine;
use support::table::{self, thousands};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The lines of docs/PERFORMANCE.md between which the tables stand.
const START: &str = "<!-- written by `cargo bench --bench preview -- --table` -->";
const END: &str = "<!-- the end of what is written about previews -->";

/// What is edited.
const EDITS: [&str; 8] = [
    "a sentence in an article",
    "a headline",
    "an article's companies",
    "an article's date",
    "a new article",
    "an article less",
    "a template",
    "a company's alias",
];

fn main() {
    let arguments = Arguments::read();
    let mut text = format!(
        "Measured on {}, {}, {}{}, {} runs each; medians in milliseconds, with the 95th percentile.\n",
        machine::today(),
        machine::state(),
        machine::describe(&arguments.folder),
        machine::load(),
        arguments.runs
    );
    for &articles in &arguments.articles {
        let work = tempfile::Builder::new()
            .prefix("brief-preview-")
            .tempdir_in(&arguments.folder)
            .expect("a folder to work in");
        text.push_str(&measure(work.path(), articles, arguments.runs));
    }
    println!("{text}");
    if arguments.table {
        table::write_into_page(START, END, &text);
    }
}

fn measure(folder: &Path, articles: usize, runs: usize) -> String {
    write_site(folder, articles);
    let opening = Instant::now();
    let session = Session::open(folder, articles);
    let opened = opening.elapsed();
    let first = Instant::now();
    session.show("/");
    let shown = first.elapsed();
    let settling = Instant::now();
    session.preview.settle(&|| false);
    let settled = settling.elapsed();
    let mut text = format!(
        "\n**{} articles**: read in {:.0} ms, first page after {:.1} ms more, all {} pages rendered in {:.1} s, one after \
         the other.\n\n| edit | follow | and pages | settled |\n|---|--:|--:|--:|\n",
        thousands(articles),
        milliseconds(opened),
        milliseconds(shown),
        thousands(session.preview.renewed()),
        settled.as_secs_f64(),
    );
    for what in EDITS {
        // Whatever reads everything again takes as long as a start.
        let runs = if what.contains("alias") { runs.min(5) } else { runs };
        let mut times: [Vec<f64>; 3] = Default::default();
        for run in 0..runs {
            eprintln!("{articles} articles, {what}, run {run}");
            let hints = session.edit(what, run);
            let start = Instant::now();
            session.preview.follow(&hints, &|_| true);
            times[0].push(milliseconds(start.elapsed()));
            for page in &session.pages {
                session.show(page);
            }
            times[1].push(milliseconds(start.elapsed()));
            session.preview.settle(&|| false);
            times[2].push(milliseconds(start.elapsed()));
        }
        let _ = write!(text, "| {what} |");
        for times in times {
            let _ = write!(
                text,
                " {:.1} ({:.1}) |",
                table::median(times.clone()),
                percentile(times)
            );
        }
        text.push('\n');
    }
    text
}

/// A site that is open.
struct Session {
    folder: PathBuf,
    preview: Preview,
    /// The number of the article that is edited.
    number: usize,
    /// The pages that show it.
    pages: [String; 3],
    articles: usize,
}

impl Session {
    fn open(folder: &Path, articles: usize) -> Session {
        let world = Arc::new(DiskWorld::new(folder).expect("the site was just written"));
        let preview = Preview::open(world, Options::default(), &folder.join(".brief/serve"));
        let (number, article) = (0..articles)
            .rev()
            .map(|number| (number, Article::new(number, articles)))
            .find(|(_, article)| !article.companies.is_empty())
            .expect("three in four articles name their companies");
        let url = preview.address(&SourcePath::new(&article.path).expect("a path"));
        let tagged = (0..corpus::COMPANIES)
            .map(company)
            .find(|company| article.companies.contains(&company.name))
            .expect("a company of the register");
        Session {
            folder: folder.to_owned(),
            pages: [
                url.expect("an article").to_string(),
                "/".to_owned(),
                format!("/companies/{}/", tagged.slug),
            ],
            preview,
            number,
            articles,
        }
    }

    /// Edits the site and gives the hint that a watcher would.
    fn edit(&self, what: &str, run: usize) -> Hints {
        let mut article = Article::new(self.number, self.articles);
        let (path, text) = match what {
            "a sentence in an article" => {
                let _ = write!(article.body, "\nSentence number {run}.\n");
                (article.path.clone(), article.text())
            }
            "a headline" => {
                let _ = write!(article.title, ", for the {run}th time");
                (article.path.clone(), article.text())
            }
            "an article's companies" => {
                article.companies.push(company(50 + run % 40).name);
                (article.path.clone(), article.text())
            }
            "an article's date" => {
                let text = article.text();
                let at = text.find("date: ").expect("every article has a date") + 6;
                let text = format!("{}2023-0{}-11{}", &text[..at], 1 + run % 9, &text[at + 10..]);
                (article.path.clone(), text)
            }
            "a new article" => {
                let text = Article::new(self.number, self.articles).text();
                (format!("content/articles/new-{run}.md"), text)
            }
            "an article less" => {
                let path = format!("content/articles/new-{run}.md");
                let _ = fs::remove_file(self.folder.join(&path));
                return hint(&path);
            }
            "a template" => {
                let text = template().replace("<footer>", &format!("<footer>Number {run}: "));
                ("templates/frame.html".to_owned(), text)
            }
            _ => {
                let short = company(50).short;
                let known = format!("aliases: [{short}, ");
                let text = corpus::register().replace(&known, &format!("{known}Lantern {run}, "));
                (corpus::REGISTER.to_owned(), text)
            }
        };
        corpus::write(&self.folder.join(&path), &text);
        hint(&path)
    }

    fn show(&self, page: &str) {
        let url = Url::page(page.trim_matches('/')).expect("an address");
        let shown = self.preview.visit(&url);
        // An article whose date changed stands elsewhere.
        let is_made = matches!(shown, None | Some(Shown::Made(..)));
        assert!(is_made, "{page}: {shown:?}");
    }
}

fn hint(path: &str) -> Hints {
    Hints {
        paths: SourcePath::new(path).into_iter().collect(),
        everything: false,
    }
}

fn template() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/site/templates/frame.html");
    fs::read_to_string(path).expect("the site of the benchmarks")
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The 95th percentile.
fn percentile(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() * 95 / 100).min(values.len() - 1)]
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
            articles: vec![1000, 10_000, 100_000],
            runs: 20,
            folder: std::env::temp_dir(),
            table: false,
        };
        let mut given = std::env::args().skip(1);
        while let Some(name) = given.next() {
            let mut value = || given.next().expect("a value behind the option");
            match name.as_str() {
                // cargo says so itself.
                "--bench" => {}
                "--articles" => {
                    let sizes = value();
                    let sizes = sizes
                        .split(',')
                        .map(|size| size.parse().expect("a number, such as 1000"));
                    arguments.articles = sizes.collect();
                }
                "--runs" => arguments.runs = value().parse().expect("a number, such as 20"),
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
