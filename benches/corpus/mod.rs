//! A briefing of any size, made of invented news: the same number of articles gives the same bytes
//! on every machine. Each article can be made by itself.
//!
//! Settings and templates are those of `benches/site/`. One article in four leaves the companies to
//! be found in its text; the others name them.

#![allow(
    dead_code,
    reason = "every benchmark compiles this module and uses its own part of it"
)]

mod article;
pub mod edit;
mod random;
mod words;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use rayon::prelude::*;

pub use article::Article;
use words::{COUNTRIES, ENDS, STARTS, TRADES};

/// How many companies the register holds.
pub const COMPANIES: usize = 100;

/// A name that one article in 25 uses and the register does not hold; it would mean the
/// company with the index [`MEANT`].
pub const BY_NAME: &str = "Project Lantern";

/// See [`BY_NAME`].
pub const MEANT: usize = 40;

/// A company that one article in 50 names and the register does not hold.
pub const NEWCOMER: &str = "Tolquist Rail";

/// The register, from the site folder.
pub const REGISTER: &str = "content/companies.yaml";

/// How many editions are arranged by hand.
const EDITIONS: usize = 5;

/// The first year, and how many follow it.
const FIRST_YEAR: usize = 2020;
const YEARS: usize = 5;

/// A company of the register.
pub struct Company {
    /// The full name.
    pub name: String,
    /// The name without the trade, which is an alias.
    pub short: String,
    /// Its part of addresses.
    pub slug: String,
    trade: &'static str,
}

/// The company of an index.
pub fn company(index: usize) -> Company {
    // Neither neighbours in the list nor the most frequent ones have parts of names in common.
    let short = format!("{}{}", STARTS[index % 10], ENDS[(index / 10 + index) % 10]);
    let trade = TRADES[index * 7 % TRADES.len()];
    let name = format!("{short} {trade}");
    let slug = name.to_lowercase().replace(' ', "-");
    Company {
        name,
        short,
        slug,
        trade,
    }
}

/// The register.
pub fn register() -> String {
    let mut text = String::from("companies:\n");
    for index in 0..COMPANIES {
        let Company {
            name, short, trade, ..
        } = company(index);
        let country = COUNTRIES[index % COUNTRIES.len()];
        let _ = write!(
            text,
            "  - name: {name}\n    aliases: [{short}, {name} plc]\n    tickers: [\"XINV:{}{index}\"]\n    \
             sector: {trade}\n    country: {country}\n    about: Invented for measuring, in {country}.\n",
            short[..2].to_uppercase()
        );
    }
    text
}

/// When an article was published.
struct Time {
    year: usize,
    month: usize,
    day: usize,
    minute: usize,
}

/// The time of an article: they are spread evenly over the years, by day and night, in the order of
/// their numbers.
fn time(number: usize, of: usize) -> Time {
    const DAYS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    const MINUTES: usize = 24 * 60;
    let minutes = number * (YEARS * 365 * MINUTES) / of.max(1);
    // The leap days pass without news.
    let (days, minute) = (minutes / MINUTES, minutes % MINUTES);
    let (year, mut rest) = (FIRST_YEAR + days / 365, days % 365);
    let mut month = 0;
    while rest >= DAYS[month] {
        rest -= DAYS[month];
        month += 1;
    }
    Time {
        year,
        month: month + 1,
        day: rest + 1,
        minute,
    }
}

/// Writes a whole site with so many articles into a folder: settings, templates and content.
pub fn write_site(folder: &Path, articles: usize) {
    assert!(articles >= 10, "the edits need some articles to choose from");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/site"),
        folder,
    );
    write(&folder.join(REGISTER), &register());
    (0..articles).into_par_iter().for_each(|number| {
        let article = Article::new(number, articles);
        write(&folder.join(&article.path), &article.text());
    });
    for part in 1..=EDITIONS {
        write_edition(folder, articles * part / (EDITIONS + 1), articles);
    }
}

/// An edition made by hand, for the day of an article, which leads it.
fn write_edition(folder: &Path, number: usize, of: usize) {
    let Time { year, month, day, .. } = time(number, of);
    let lead = Article::new(number, of).path.replacen("content/", "../", 1);
    let path = format!("content/editions/{year:04}-{month:02}-{day:02}.md");
    let text = format!("---\ntitle: The day of number {number}\nlead: {lead}\n---\n\nArranged by hand.\n");
    write(&folder.join(path), &text);
}

/// Writes a file and the folders it needs.
pub fn write(path: &Path, text: &str) {
    let folder = path.parent().expect("a file stands in a folder");
    fs::create_dir_all(folder).expect("folders can be made where the benchmark works");
    fs::write(path, text).expect("files can be written where the benchmark works");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folders can be made where the benchmark works");
    for entry in fs::read_dir(from).expect("the site of the benchmarks") {
        let entry = entry.expect("an entry of the site of the benchmarks");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("files can be written where the benchmark works");
        }
    }
}
