//! What it costs a server to follow an edit: `Site::apply` and `Plan::apply`, beside making both anew.
//!
//! `cargo bench --bench edits -- [--articles 1000,10000,100000] [--runs 15] [--folder DIR]`

mod corpus;
mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use brief::building::inputs;
use brief::building::memory::Memory;
use brief::ground::date::Moment;
use brief::ground::diagnostic::Diagnostics;
use brief::ground::fingerprint::Fingerprint;
use brief::ground::path::{SourcePath, Url};
use brief::ground::world::{DiskWorld, World};
use brief::meaning::site::{Applied, Change, Edit, Now, Site};
use brief::pages::plan::{self, Plan};
use brief::pages::templates::theme_files;
use brief::reading::article::Article;
use corpus::write_site;
use support::machine;
use support::table::{median, thousands};

/// The allocator of the program, so that edits cost here what they cost there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How an article is edited, and what is printed for it.
type Kind = (&'static str, fn(&Site, usize, &Article) -> Edit);

const KINDS: [Kind; 7] = [
    ("body", body),
    ("headline", headline),
    ("topics", topics),
    ("companies", companies),
    ("new article", new),
    ("article deleted", gone),
    ("date", date),
];

fn main() {
    let arguments = Arguments::read();
    println!(
        "Measured on {}, {}, {}{}; medians of {} edits, in milliseconds.\n",
        machine::today(),
        machine::state(),
        machine::describe(&arguments.folder),
        machine::load(),
        arguments.runs
    );
    println!("| articles | edit | site | plan | both | of making both anew |");
    println!("|--:|---|--:|--:|--:|--:|");
    for &articles in &arguments.articles {
        let work = tempfile::Builder::new()
            .prefix("brief-edits-")
            .tempdir_in(&arguments.folder)
            .expect("a folder to work in");
        write_site(work.path(), articles);
        measure(work.path(), arguments.runs);
    }
}

/// Prints one row for each kind of edit.
fn measure(folder: &Path, runs: usize) {
    let (mut site, now) = read(folder);
    let theme: Vec<String> = theme_files().into_keys().collect();
    let mut plan = plan::plan(&site, &theme);
    let articles = thousands(site.len());
    let (mut sites, mut plans) = (Vec::new(), Vec::new());
    for _ in 0..runs.min(5) {
        sites.push(milliseconds(|| site.reindex(now)).0);
        plans.push(milliseconds(|| plan = plan::plan(&site, &theme)).0);
    }
    let (of_site, of_plan) = (median(sites), median(plans));
    let whole = of_site + of_plan;
    println!("| {articles} | made anew | {of_site:.3} | {of_plan:.3} | {whole:.3} | |");
    for (name, edit) in KINDS {
        let (mut sites, mut plans) = (Vec::new(), Vec::new());
        for run in 0..runs {
            // From the newest to the oldest, and never the same article twice.
            let index = u32::try_from(run * (site.len() - 1) / runs).expect("fewer articles");
            let edits = vec![edit(&site, run, site.entry(index))];
            let (time, applied) = milliseconds(|| site.apply(edits, now));
            assert!(
                matches!(applied, Applied::Changes(_)),
                "{name}: all was indexed anew"
            );
            sites.push(time);
            plans.push(milliseconds(|| plan.apply(&site, &applied)).0);
        }
        let (of_site, of_plan) = (median(sites), median(plans));
        let both = of_site + of_plan;
        println!(
            "| {articles} | {name} | {of_site:.3} | {of_plan:.3} | {both:.3} | 1/{:.0} |",
            whole / both
        );
    }
    assert_same(&plan, &plan::plan(&site, &theme));
}

fn assert_same(followed: &Plan, fresh: &Plan) {
    assert!(followed.pages().eq(fresh.pages()), "the plan has not followed");
}

fn read(folder: &Path) -> (Site, Now) {
    let world = DiskWorld::new(folder).expect("the site was just written");
    let mut found = Diagnostics::new();
    let inputs = inputs::discover(&world, &mut found);
    let (config, _) = inputs::read_config(&world, &mut found);
    let config = Arc::new(config);
    let (parsed, _) = inputs.parse(&world, &config, false, &mut Memory::none(), &mut found);
    assert!(!found.has_errors());
    let instant = world.now();
    let now = Now {
        instant,
        day: config.zone.day(instant),
        drafts: false,
        future: false,
    };
    (Site::new(config, parsed, now), now)
}

fn milliseconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed().as_secs_f64() * 1e3, result)
}

fn read_as(article: Article) -> Edit {
    Edit {
        path: article.summary.path.clone(),
        change: Change::Read(Arc::new(article)),
    }
}

fn body(_: &Site, run: usize, article: &Article) -> Edit {
    let mut article = article.clone();
    article.words += 1;
    article.marks.story = Fingerprint::of(format!("story {run}"));
    read_as(article)
}

fn headline(_: &Site, run: usize, article: &Article) -> Edit {
    let mut article = article.clone();
    article.summary.title = format!("Another headline {run}").into();
    article.marks.summary = Fingerprint::of(format!("headline {run}"));
    read_as(article)
}

/// A topic that nobody had, and no others.
fn topics(_: &Site, run: usize, article: &Article) -> Edit {
    let mut article = article.clone();
    article.summary.topics = vec![format!("Topic {run}").into()];
    article.marks.summary = Fingerprint::of(format!("topics {run}"));
    read_as(article)
}

/// The companies of the article before.
fn companies(site: &Site, run: usize, article: &Article) -> Edit {
    let index = site.article(&article.summary.path).expect("a shown article");
    let before = site.summary(index + 1).companies.clone();
    let mut article = article.clone();
    article.summary.companies = before;
    article.marks.summary = Fingerprint::of(format!("companies {run}"));
    read_as(article)
}

/// The newest of all, like another one.
fn new(site: &Site, run: usize, article: &Article) -> Edit {
    let mut article = article.clone();
    let name = format!("new-{run}");
    article.summary.path = SourcePath::new(&format!("content/articles/{name}.md")).expect("a path");
    article.summary.url = Url::page(&format!("2026/01/{name}")).expect("an address");
    article.summary.id = name.into();
    article.summary.date = site.summary(0).date;
    read_as(article)
}

fn gone(_: &Site, _: usize, article: &Article) -> Edit {
    Edit {
        path: article.summary.path.clone(),
        change: Change::Gone,
    }
}

/// Some forty days earlier.
fn date(site: &Site, _: usize, article: &Article) -> Edit {
    let mut article = article.clone();
    let instant = article.summary.date.instant - std::time::Duration::from_secs(40 * 86_400);
    article.summary.date = Moment::at(instant, &site.config.zone);
    read_as(article)
}

/// The command line.
struct Arguments {
    articles: Vec<usize>,
    runs: usize,
    folder: PathBuf,
}

impl Arguments {
    fn read() -> Arguments {
        let mut arguments = Arguments {
            articles: vec![1000, 10_000, 100_000],
            runs: 15,
            folder: std::env::temp_dir(),
        };
        let mut given = std::env::args().skip(1);
        while let Some(name) = given.next() {
            let mut value = || given.next().expect("a value behind the option");
            match name.as_str() {
                // cargo says so itself.
                "--bench" => {}
                "--articles" => {
                    let numbers = value();
                    let numbers = numbers.split(',').map(|number| number.parse());
                    arguments.articles = numbers
                        .collect::<Result<_, _>>()
                        .expect("numbers, such as 1000,10000");
                }
                "--runs" => arguments.runs = value().parse().expect("a number, such as 15"),
                "--folder" => arguments.folder = value().into(),
                _ => {
                    eprintln!("no such option: {name}. There are --articles, --runs and --folder");
                    std::process::exit(2);
                }
            }
        }
        arguments
    }
}
