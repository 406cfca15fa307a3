//! What commands say: diagnostics, held articles and one closing line, all on the error stream.

use std::io::{self, Write};
use std::sync::Arc;

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
