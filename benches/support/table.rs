//! Figures as Markdown: medians, their ratio to a clean build, and how they grow with the site.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Duration;

use super::measure::Measured;

/// All runs over a site of one size.
pub struct Size {
    /// How many articles it has.
    pub articles: usize,
    /// For each kind of build, the first of them the clean one, its runs in order.
    pub builds: Vec<Build>,
}

/// All runs of one kind of build.
pub struct Build {
    /// What was done before it.
    pub name: &'static str,
    /// How many pages a run renders, where the program tells.
    pub rendered: Option<usize>,
    /// What each run took.
    pub runs: Vec<Measured>,
}

impl Build {
    fn median(&self, of: impl Fn(&Measured) -> f64) -> f64 {
        median(self.runs.iter().map(of).collect())
    }

    /// Each run is compared with the clean build that came before it, so that a machine that
    /// gets slower in the meantime does not spoil the ratio.
    fn ratio(&self, clean: &Build, of: impl Fn(&Measured) -> f64) -> f64 {
        median(
            self.runs
                .iter()
                .zip(&clean.runs)
                .map(|(run, clean)| of(run) / of(clean))
                .collect(),
        )
    }

    /// Every run writes the same files; the first speaks for all.
    fn written(&self) -> Option<usize> {
        self.runs.first().and_then(|run| run.written)
    }
}

/// The middle value, or what lies between the two in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        0 if middle > 0 => f64::midpoint(values[middle - 1], values[middle]),
        _ => values.get(middle).copied().unwrap_or(f64::NAN),
    }
}

fn wall(run: &Measured) -> f64 {
    run.wall.as_secs_f64()
}

fn cpu(run: &Measured) -> f64 {
    run.cpu.as_secs_f64()
}

fn peak(run: &Measured) -> f64 {
    run.peak as f64
}

/// The table of one size.
pub fn of_size(size: &Size) -> String {
    let mut text = format!("**{} articles**\n\n", thousands(size.articles));
    text.push_str(
        "| build | wall | least–most | of clean | CPU | of clean | peak | pages rendered | files written |\n",
    );
    text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    let Some(clean) = size.builds.first() else {
        return text;
    };
    for build in &size.builds {
        let walls = || build.runs.iter().map(|run| run.wall);
        let count = |count: Option<usize>| count.map_or("–".to_owned(), thousands);
        let _ = writeln!(
            text,
            "| {} | {} | {}–{} | {} | {} | {} | {:.0} MB | {} | {} |",
            build.name,
            seconds(build.median(wall)),
            seconds(walls().min().unwrap_or(Duration::ZERO).as_secs_f64()),
            seconds(walls().max().unwrap_or(Duration::ZERO).as_secs_f64()),
            percent(build.ratio(clean, wall)),
            seconds(build.median(cpu)),
            percent(build.ratio(clean, cpu)),
            build.median(peak) / 1e6,
            count(build.rendered),
            count(build.written()),
        );
    }
    let each = clean.median(cpu) / size.articles as f64;
    let _ = writeln!(
        text,
        "\nA clean build takes {:.0} µs of CPU time for an article and the pages that come with it.",
        each * 1e6
    );
    text
}

/// How each kind of build grows from one size to the next.
pub fn of_growth(small: &Size, large: &Size) -> String {
    let mut text = format!(
        "**From {} to {} articles**, {} times as many\n\n| build | wall | CPU | peak |\n|---|--:|--:|--:|\n",
        thousands(small.articles),
        thousands(large.articles),
        large.articles as f64 / small.articles as f64
    );
    for (small, large) in small.builds.iter().zip(&large.builds) {
        let growth = |of: fn(&Measured) -> f64| large.median(of) / small.median(of);
        let _ = writeln!(
            text,
            "| {} | × {:.1} | × {:.1} | × {:.1} |",
            small.name,
            growth(wall),
            growth(cpu),
            growth(peak)
        );
    }
    text
}

/// Three figures are more than runs agree on.
fn seconds(seconds: f64) -> String {
    match seconds {
        10.0.. => format!("{seconds:.1} s"),
        1.0.. => format!("{seconds:.2} s"),
        _ => format!("{:.0} ms", seconds * 1e3),
    }
}

fn percent(ratio: f64) -> String {
    match ratio {
        0.1.. => format!("{:.0} %", ratio * 100.0),
        _ => format!("{:.1} %", ratio * 100.0),
    }
}

/// 12,345.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Puts a text between two lines of docs/PERFORMANCE.md.
pub fn write_into_page(start: &str, end: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/PERFORMANCE.md");
    let page = fs::read_to_string(&path).expect("docs/PERFORMANCE.md");
    let parts = page
        .split_once(start)
        .and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let (before, after) = parts.expect("docs/PERFORMANCE.md marks where its tables stand");
    let page = format!("{before}{start}\n\n{}\n\n{end}{after}", text.trim());
    fs::write(path, page).expect("docs/PERFORMANCE.md");
}
