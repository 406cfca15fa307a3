//! From saving to seeing: how long it takes until a saved word is in the page that a browser shows.
//!
//! `cargo bench --bench browser -- [--runs 50] [--folder DIR] [--table]`
//!
//! `brief serve` runs on the demo and on a site of 10,000 articles, and Chromium shows a page. Each run
//! saves a file with a new word and takes the time from just before that until the word is in the
//! page, by the clock of the system. Needs Chromium and its driver.

#[path = "../tests/browser/browser.rs"]
mod browser;
mod corpus;
#[path = "../tests/support/server.rs"]
mod server;
mod support;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use browser::Browser;
use corpus::{Article, write_site};
use server::free_port;
use support::{machine, table};

/// The lines of docs/PERFORMANCE.md between which the table stands.
const START: &str = "<!-- written by `cargo bench --bench browser -- --table` -->";
const END: &str = "<!-- the end of what is written about browsers -->";

fn main() {
    let arguments = Arguments::read();
    let mut text = format!(
        "Measured on {}, {}, {}{}, {} saves each; milliseconds from just before the save until the word is in the page.\n\n\
         | site | page | saved | median | 95th percentile | least–most |\n|---|---|---|--:|--:|--:|\n",
        machine::today(),
        machine::state(),
        machine::describe(&arguments.folder),
        machine::load(),
        arguments.runs
    );
    let demo = tempfile::tempdir_in(&arguments.folder).expect("a folder to work in");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&repository.join("content"), &demo.path().join("content"));
    fs::copy(repository.join("brief.yaml"), demo.path().join("brief.yaml")).expect("the demo");
    let article = "content/articles/2024-06-11-azure-ai-on-oracle-cloud.md";
    let url = "/2024/06/11/azure-ai-on-oracle-cloud/";
    measure(
        "the demo",
        demo.path(),
        article,
        url,
        "/companies/oracle/",
        arguments.runs,
        &mut text,
    );

    let large = tempfile::tempdir_in(&arguments.folder).expect("a folder to work in");
    write_site(large.path(), 10_000);
    let article = Article::new(9_999, 10_000).path;
    let name = article
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".md");
    let url = format!("/articles/2024/12/{name}/");
    measure(
        "10,000 articles",
        large.path(),
        &article,
        &url,
        "/",
        arguments.runs,
        &mut text,
    );
    println!("{text}");
    if arguments.table {
        table::write_into_page(START, END, &text);
    }
}

/// Serves a site and measures edits of an article: of its text in its own page, of its headline there
/// and in a list.
fn measure(site: &str, folder: &Path, article: &str, url: &str, list: &str, runs: usize, text: &mut String) {
    let server = Serving::start(folder);
    let browser = Browser::start(false);
    let path = folder.join(article);
    let original = fs::read_to_string(&path).expect("an article");
    for (page, shown, what) in [
        (url, "its own", "text"),
        (url, "its own", "headline"),
        (list, list, "headline"),
    ] {
        browser.open(&format!("http://127.0.0.1:{}{page}", server.port));
        // The rest of the pages is rendered meanwhile.
        std::thread::sleep(Duration::from_secs(3));
        let mut times = Vec::with_capacity(runs);
        for run in 0..runs {
            let word = format!("Zq{run}q{what}");
            let saved = match what {
                "text" => format!("{}\n\n{word} is new.\n", original.trim_end()),
                _ => original
                    .replacen("title: ", "title: ZZ ", 1)
                    .replacen("title: ZZ \"", "title: \"ZZ ", 1)
                    .replacen("ZZ", &word, 1),
            };
            browser.run(&format!(
                "window.seen = 0;
                 new MutationObserver((_, observer) => {{
                   if (!document.body.textContent.includes('{word}')) return;
                   window.seen = performance.timeOrigin + performance.now();
                   observer.disconnect();
                 }}).observe(document, {{ childList: true, characterData: true, subtree: true }});"
            ));
            let start = now();
            fs::write(&path, saved).expect("an article");
            browser.wait("window.seen > 0", true);
            let seen = browser.value("window.seen").as_f64().unwrap_or_default();
            times.push(seen - start.as_secs_f64() * 1000.0);
            // Nobody saves all the time.
            std::thread::sleep(Duration::from_millis(150));
        }
        fs::write(&path, &original).expect("an article");
        times.sort_by(f64::total_cmp);
        let _ = writeln!(
            text,
            "| {site} | {shown} | {what} | {:.1} | {:.1} | {:.1}–{:.1} |",
            table::median(times.clone()),
            times[times.len() * 95 / 100],
            times[0],
            times[times.len() - 1]
        );
    }
}

/// The time since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "the clock that the browser has, too; no build depends on it"
)]
fn now() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time after 1970")
}

/// The program at work.
struct Serving {
    process: Child,
    port: u16,
}

impl Serving {
    fn start(folder: &Path) -> Serving {
        let port = free_port();
        let process = Command::new(env!("CARGO_BIN_EXE_brief"))
            .args(["serve", "--quiet", "--port", &port.to_string(), "--site"])
            .arg(folder)
            .stderr(Stdio::null())
            .spawn()
            .expect("brief");
        let mut tries = 0;
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            tries += 1;
            assert!(tries < 3000, "the server does not come");
            std::thread::sleep(Duration::from_millis(10));
        }
        Serving { process, port }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a file");
        }
    }
}

/// The command line.
struct Arguments {
    runs: usize,
    folder: PathBuf,
    table: bool,
}

impl Arguments {
    fn read() -> Arguments {
        let mut arguments = Arguments {
            runs: 50,
            folder: std::env::temp_dir(),
            table: false,
        };
        let mut given = std::env::args().skip(1);
        while let Some(name) = given.next() {
            let mut value = || given.next().expect("a value behind the option");
            match name.as_str() {
                // cargo says so itself.
                "--bench" => {}
                "--runs" => arguments.runs = value().parse().expect("a number, such as 50"),
                "--folder" => arguments.folder = value().into(),
                "--table" => arguments.table = true,
                _ => {
                    eprintln!("no such option: {name}. There are --runs, --folder and --table");
                    std::process::exit(2);
                }
            }
        }
        arguments
    }
}
