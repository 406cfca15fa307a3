//! What commands say: diagnostics, held articles and one closing line, all on the error stream.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::building::pipeline::{Outcome, SiteSources};
use crate::building::verify::Verified;
use crate::ground::diagnostic::{Diagnostic, Diagnostics, Format, Sources, print, summary_line};
use crate::ground::path::SourcePath;
use crate::ground::world::World;
use crate::meaning::site::Reason;

/// The folder for brief's own files, in the site folder.
pub const STATE_FOLDER: &str = ".brief";

/// How much is said, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Voice {
    /// The form of diagnostics.
    pub format: Format,
    /// Whether only problems are said.
    pub quiet: bool,
    /// Whether details are said.
    pub verbose: bool,
    /// Whether the stream takes colours.
    pub colour: bool,
    /// Whether warnings count as errors.
    pub deny_warnings: bool,
}

impl Voice {
    /// Whether words for people are wanted beside the diagnostics.
    pub fn talks(self) -> bool {
        !self.quiet && matches!(self.format, Format::Human | Format::Short)
    }

    /// Says what came of a build.
    pub fn report(self, world: &dyn World, outcome: &Outcome, shown_output: &str) -> io::Result<()> {
        let mut err = io::stderr().lock();
        let sources = SiteSources {
            world,
            templates: outcome.template_sources.clone(),
        };
        print(&outcome.diagnostics, self.format, &sources, self.colour, &mut err)?;
        if !self.talks() {
            return Ok(());
        }
        if !outcome.diagnostics.is_empty() {
            writeln!(err)?;
        }
        self.held(outcome, &mut err)?;
        match &outcome.report {
            Some(report) => {
                let files = report.written + report.unchanged;
                write!(
                    err,
                    "{} from {} in {shown_output}: {} written, {} unchanged",
                    counted(files, "file"),
                    counted(outcome.articles, "article"),
                    report.written,
                    report.unchanged
                )?;
                if report.removed > 0 {
                    write!(err, ", {} removed", report.removed)?;
                }
                match summary_line(&outcome.diagnostics) {
                    Some(summary) => writeln!(err, "; {summary}"),
                    None => writeln!(err),
                }
            }
            None => {
                let summary = summary_line(&outcome.diagnostics).unwrap_or_else(|| "an error".to_owned());
                writeln!(err, "nothing was written: {summary}")
            }
        }
    }

    /// Says what a build found that went well, before something else is done with the site.
    pub fn built(self, world: &dyn World, outcome: &Outcome) -> io::Result<()> {
        let mut err = io::stderr().lock();
        let sources = SiteSources {
            world,
            templates: outcome.template_sources.clone(),
        };
        print(&outcome.diagnostics, self.format, &sources, self.colour, &mut err)?;
        if self.talks() {
            if !outcome.diagnostics.is_empty() {
                writeln!(err)?;
            }
            self.held(outcome, &mut err)?;
        }
        Ok(())
    }

    /// Says what came of a verification.
    pub fn verified(self, verified: &Verified) -> io::Result<()> {
        let mut err = io::stderr().lock();
        print(&verified.found, self.format, &NoSources, self.colour, &mut err)?;
        if self.talks() && verified.found.is_empty() {
            let files = counted(verified.files, "file");
            writeln!(err, "verified: a clean build makes the same {files}")?;
        }
        Ok(())
    }

    /// Says what is wrong with files of the site.
    pub fn problems(self, world: &dyn World, found: &Diagnostics) -> io::Result<()> {
        let sources = SiteSources {
            world,
            templates: Arc::default(),
        };
        print(
            found,
            self.format,
            &sources,
            self.colour,
            &mut io::stderr().lock(),
        )
    }

    /// Says one problem that no file of the site is to blame for.
    pub fn problem(self, problem: Diagnostic) -> io::Result<()> {
        let mut found = Diagnostics::new();
        found.push(problem);
        print(
            &found,
            self.format,
            &NoSources,
            self.colour,
            &mut io::stderr().lock(),
        )
    }

    /// Articles of the future are named, drafts and expired ones counted; all are named on request.
    fn held(self, outcome: &Outcome, err: &mut dyn Write) -> io::Result<()> {
        let (mut drafts, mut expired) = (0, 0);
        for (path, held) in &outcome.held {
            let title = &held.title;
            match held.reason {
                Reason::Until(moment) => {
                    let time = moment.time().map_or(String::new(), |time| format!(" {time}"));
                    writeln!(
                        err,
                        "held until {}{time} ({}): {title} ({path})",
                        moment.day, outcome.timezone
                    )?;
                }
                Reason::Draft if self.verbose => writeln!(err, "draft: {title} ({path})")?,
                Reason::Draft => drafts += 1,
                Reason::Expired(moment) if self.verbose => {
                    writeln!(err, "expired on {}: {title} ({path})", moment.day)?
                }
                Reason::Expired(_) => expired += 1,
            }
        }
        let counts: Vec<String> = [(drafts, "draft"), (expired, "expired article")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| counted(count, what))
            .collect();
        if !counts.is_empty() {
            writeln!(err, "held back: {} (--verbose names them)", counts.join(" and "))?;
        }
        Ok(())
    }

    /// The exit code for what was found: 1 for errors, and for warnings where they are denied.
    pub fn exit_code(self, diagnostics: &Diagnostics) -> u8 {
        u8::from(diagnostics.has_errors() || (self.deny_warnings && diagnostics.warnings() > 0))
    }
}

/// A bar that grows on the error stream while something long is done: on a terminal alone, once it has taken a
/// second, and gone when it is done.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    total: usize,
    done: usize,
    /// When it is drawn next; `None` where nobody watches.
    next: Option<Instant>,
    is_drawn: bool,
}

/// How long work takes before anybody wants to know, and between two drawings.
const PATIENCE: Duration = Duration::from_secs(1);
const REDRAWN: Duration = Duration::from_millis(100);

/// How wide the bar is, in columns.
const BAR: usize = 30;

impl Progress {
    /// The bar of so many things to do; 0 where their number is not known yet.
    pub fn new(voice: Voice, what: &'static str, total: usize) -> Progress {
        let is_watched = voice.talks() && io::stderr().is_terminal();
        Progress {
            what,
            total,
            done: 0,
            next: is_watched.then(|| Instant::now() + PATIENCE),
            is_drawn: false,
        }
    }

    /// So many more things are known to come.
    pub fn expect(&mut self, further: usize) {
        self.total += further;
    }

    /// So many more things are done.
    pub fn tick(&mut self, further: usize) {
        self.done += further;
        let now = Instant::now();
        if self.next.is_some_and(|next| next <= now) {
            self.next = Some(now + REDRAWN);
            self.is_drawn = true;
            let _ = write!(io::stderr(), "\r{}\u{1b}[K", self.line());
        }
    }

    fn line(&self) -> String {
        let done = in_thousands(self.done);
        if self.total == 0 {
            return format!("{} {done}", self.what);
        }
        let filled = BAR * self.done.min(self.total) / self.total;
        let (filled, rest) = ("=".repeat(filled), " ".repeat(BAR - filled));
        format!(
            "{} [{filled}{rest}] {done} of {}",
            self.what,
            in_thousands(self.total)
        )
    }

    /// Takes the bar away, so that something else can be said.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.is_drawn) {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// `12,345`.
fn in_thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Nothing to show lines of.
struct NoSources;

impl Sources for NoSources {
    fn source(&self, _: &SourcePath) -> Option<Arc<str>> {
        None
    }
}

/// "512 bytes", "91 kB", "1.5 MB".
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64, name: &str| format!("{}.{} {name}", bytes / unit, bytes % unit / (unit / 10));
    match bytes {
        0..1_000 => counted(usize::try_from(bytes).unwrap_or(usize::MAX), "byte"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => tenths(1_000_000, "MB"),
        _ => tenths(1_000_000_000, "GB"),
    }
}

/// "1 file", "2 files".
pub fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_grow() {
        let mut progress = Progress::new(
            Voice {
                quiet: true,
                ..Voice::default()
            },
            "importing",
            0,
        );
        progress.tick(1234);
        assert_eq!(progress.line(), "importing 1,234");
        progress.expect(10_000);
        progress.tick(3766);
        assert_eq!(
            progress.line(),
            format!("importing [{}{}] 5,000 of 10,000", "=".repeat(15), " ".repeat(15))
        );
        progress.tick(20_000);
        assert!(progress.line().contains(&"=".repeat(30)));
        assert!(!progress.is_drawn);
    }
}
