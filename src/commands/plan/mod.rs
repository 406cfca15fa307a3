//! `brief plan`: what waits and until when, what expires, and what the next build will change. Writes nothing.
//!
//! People get a calendar; programs that start builds get an exit code, the next instant at which one is needed, or
//! everything as JSON.

mod calendar;
mod json;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::build::{shown_folder, state_folder};
use super::output::Voice;
use crate::building::inputs::read_config;
use crate::building::outlook::{Outlook, outlook};
use crate::building::pipeline::{Options, SiteSources, output_folder};
use crate::ground::date::Moment;
use crate::ground::diagnostic::{Diagnostics, Severity, print};
use crate::ground::world::DiskWorld;

/// What `brief plan` was asked for.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The output folder, instead of the one of the settings.
    pub output: Option<PathBuf>,
    /// How far it looks ahead; without limit where nothing is said.
    pub within: Option<SignedDuration>,
    /// In which form it answers.
    pub form: Form,
    /// Whether the exit code tells that a build would change something.
    pub tells_due: bool,
    /// How the site is looked at.
    pub options: Options,
}

/// The form of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// A calendar for people.
    #[default]
    Calendar,
    /// One object of JSON.
    Json,
    /// The instant of the next event and nothing else.
    Next,
}

/// The exit code for a site of which a build would make something else than is there.
pub const DUE: u8 = 3;

/// The furthest that anybody looks ahead, in days.
const MAX_DAYS: i64 = 36_500;

/// Says what is ahead. The result is the exit code.
pub fn run(site: &Path, request: &Plan, voice: Voice) -> io::Result<u8> {
    let world = DiskWorld::new(site).map_err(io::Error::other)?;
    let (config, _) = read_config(&world, &mut Diagnostics::new());
    let output = output_folder(site, &config, request.output.as_deref());
    let outlook = outlook(&world, &request.options, &state_folder(&world, &output));
    let errors = errors(&outlook);
    let sources = SiteSources {
        world: &world,
        templates: std::sync::Arc::default(),
    };
    print(
        &errors,
        voice.format,
        &sources,
        voice.colour,
        &mut io::stderr().lock(),
    )?;
    let shown = Shown {
        outlook: &outlook,
        output: shown_folder(&output),
        is_there: output.is_dir(),
        until: request
            .within
            .and_then(|within| outlook.now.instant.checked_add(within).ok()),
        verbose: voice.verbose,
    };
    let mut out = io::stdout().lock();
    match request.form {
        Form::Calendar => calendar::print(&shown, &mut out)?,
        Form::Json => json::print(&shown, &mut out)?,
        Form::Next => {
            if let Some(entry) = outlook.events.first() {
                writeln!(out, "{}", shown.instant(entry.event.at))?;
            }
        }
    }
    // What cannot be built is no matter of time.
    let code = match voice.exit_code(&errors) {
        0 if request.tells_due && outlook.is_due() => DUE,
        code => code,
    };
    // As after a build: taking a large site apart takes time that nobody needs to wait for.
    std::mem::forget(outlook);
    Ok(code)
}

/// What keeps articles out of the calendar. Warnings are the matter of builds and checks.
fn errors(outlook: &Outlook) -> Diagnostics {
    let mut errors = outlook.found.clone();
    errors.adjust(|problem| (problem.severity == Severity::Error).then_some(Severity::Error));
    errors.sorted()
}

/// Reads how far to look ahead: `7d`, `2w`, `36h`, or days without a unit.
pub fn parse_within(text: &str) -> Option<SignedDuration> {
    let (digits, hours) = match text.trim().split_at_checked(text.trim().len().checked_sub(1)?)? {
        (digits, "h") => (digits, 1),
        (digits, "d") => (digits, 24),
        (digits, "w") => (digits, 24 * 7),
        _ => (text.trim(), 24),
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let count: i64 = is_number.then(|| digits.parse().ok())??;
    let hours = count.checked_mul(hours)?;
    (hours <= MAX_DAYS * 24).then(|| SignedDuration::from_hours(hours))
}

/// What is said, and how.
struct Shown<'a> {
    outlook: &'a Outlook,
    /// The output folder as a person would name it.
    output: String,
    /// Whether it exists.
    is_there: bool,
    /// The last instant that is shown.
    until: Option<Timestamp>,
    verbose: bool,
}

impl Shown<'_> {
    /// An instant by RFC 3339, with the distance from UTC that the site's zone has then.
    fn instant(&self, instant: Timestamp) -> String {
        Moment::at(instant, &self.outlook.config.zone).rfc3339()
    }

    /// How many of the events are near enough to be shown.
    fn count(&self) -> usize {
        let is_near = |at: Timestamp| self.until.is_none_or(|until| at <= until);
        self.outlook
            .events
            .partition_point(|entry| is_near(entry.event.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_to_look_ahead() {
        let hours = |text: &str| parse_within(text).map(|within| within.as_hours());
        assert_eq!(hours("7d"), Some(168));
        assert_eq!(hours("7"), Some(168));
        assert_eq!(hours(" 2w "), Some(336));
        assert_eq!(hours("36h"), Some(36));
        assert_eq!(hours("0d"), Some(0));
        assert_eq!(hours("36500d"), Some(876_000));
        for wrong in [
            "",
            "d",
            "-1d",
            "+1d",
            "1.5d",
            "36501d",
            "99999999999999999999",
            "7m",
            "7é",
            "é",
            "week",
        ] {
            assert_eq!(hours(wrong), None, "{wrong}");
        }
    }
}
