//! The outlook for people: what is due, then day by day what happens, then what waits for somebody.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::{SignedDuration, Timestamp};

use super::Shown;
use crate::building::outlook::{Edit, Entry, LastBuild};
use crate::commands::output::counted;
use crate::ground::date::{Day, Moment};
use crate::ground::diagnostic::clean;
use crate::ground::path::SourcePath;
use crate::meaning::calendar::{Event, What};
use crate::reading::article::Article;

/// How many changed sources, and how many drafts, are named unless all are asked for.
const NAMED: usize = 20;

/// How wide the words for what happens are.
const WHAT: usize = 23;

pub(super) fn print(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let outlook = shown.outlook;
    let now = shown.local(outlook.now.instant);
    let weekday = weekday(outlook.now.day);
    writeln!(out, "now it is {weekday} {now} in {}", outlook.config.timezone)?;
    match &outlook.last {
        Some(last) => shown.last(last, out)?,
        None => writeln!(
            out,
            "nothing is known of an earlier build of {}: the next one makes everything",
            shown.output
        )?,
    }
    let count = shown.count();
    shown.days(&outlook.events[..count], out)?;
    shown.drafts(out)?;
    match (outlook.events.len() - count, outlook.events.is_empty()) {
        (_, true) => writeln!(out, "\nnothing waits for its time, and nothing expires"),
        (0, _) => Ok(()),
        (later, _) => writeln!(out, "\n{} later than that", counted(later, "event")),
    }
}

impl Shown<'_> {
    /// A local time with its distance from UTC: `2025-01-22 12:00 -05:00`.
    fn local(&self, instant: Timestamp) -> String {
        let day = self.outlook.config.zone.day(instant);
        format!("{day} {}", self.time(instant))
    }

    fn time(&self, instant: Timestamp) -> String {
        let moment = Moment::at(instant, &self.outlook.config.zone);
        let time = moment.time().unwrap_or_default();
        format!("{time} {}", moment.from_utc().unwrap_or_default())
    }

    /// The time of an event. The end of a day is 24:00 of that day and not the first moment of another.
    fn time_of(&self, event: Event) -> String {
        if !event.is_end_of_day {
            return self.time(event.at);
        }
        let last = event.at.checked_sub(SignedDuration::from_nanos(1));
        let moment = Moment::at(last.unwrap_or(event.at), &self.outlook.config.zone);
        format!("24:00 {}", moment.from_utc().unwrap_or_default())
    }

    /// What is different from the last build.
    fn last(&self, last: &LastBuild, out: &mut dyn Write) -> io::Result<()> {
        let output = &self.output;
        write!(out, "{output} was built for {}", self.local(last.now))?;
        if !last.is_outdated() {
            writeln!(out, ", and nothing is due")?;
        } else {
            writeln!(out)?;
        }
        if !self.is_there {
            writeln!(out, "{output} is gone: the next build makes everything anew")?;
        }
        if last.was_asked_otherwise {
            writeln!(
                out,
                "it was built with other options: drafts, articles of the future, or another address"
            )?;
        }
        if !last.due.is_empty() {
            let is_early = last.now > self.outlook.now.instant;
            let head = match is_early {
                true => "taken back by the next build, since that is later than now",
                false => "due with the next build",
            };
            writeln!(out, "\n{head}")?;
            for entry in &last.due {
                write!(out, "  {} ", entry.event.day)?;
                self.line(entry, out)?;
            }
        }
        self.edited(&last.edited, out)
    }

    fn edited(&self, edited: &BTreeMap<SourcePath, Edit>, out: &mut dyn Write) -> io::Result<()> {
        if edited.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nchanged since that build")?;
        for (path, edit) in edited.iter().take(self.most()) {
            let edit = match edit {
                Edit::New => "new",
                Edit::Changed => "changed",
                Edit::Gone => "gone",
            };
            writeln!(out, "  {edit:<8} {}", clean(path.as_str()))?;
        }
        self.rest(edited.len(), out)
    }

    fn days(&self, entries: &[Entry], out: &mut dyn Write) -> io::Result<()> {
        // What expires at the end of a day stands below that day, behind what happens in its course.
        let mut days: BTreeMap<Day, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            days.entry(entry.event.day).or_default().push(entry);
        }
        for (day, entries) in days {
            writeln!(out, "\n{} {day}", weekday(day))?;
            for entry in entries {
                write!(out, "  ")?;
                self.line(entry, out)?;
            }
        }
        Ok(())
    }

    fn line(&self, entry: &Entry, out: &mut dyn Write) -> io::Result<()> {
        let what = match entry.event.what {
            What::Appears => "appears",
            What::Expires => "expires",
            What::LeavesNews => "leaves the news sitemap",
        };
        let time = self.time_of(entry.event);
        writeln!(out, "{time}  {what:<WHAT$}  {}", named(&entry.article))
    }

    fn drafts(&self, out: &mut dyn Write) -> io::Result<()> {
        let drafts = &self.outlook.drafts;
        if drafts.is_empty() {
            return Ok(());
        }
        writeln!(out, "\ndrafts, without a day")?;
        for article in drafts.iter().take(self.most()) {
            writeln!(out, "  {}", named(article))?;
        }
        self.rest(drafts.len(), out)
    }

    fn most(&self) -> usize {
        if self.verbose { usize::MAX } else { NAMED }
    }

    fn rest(&self, count: usize, out: &mut dyn Write) -> io::Result<()> {
        match count.saturating_sub(self.most()) {
            0 => Ok(()),
            more => writeln!(out, "  and {more} more (--verbose names them)"),
        }
    }
}

fn named(article: &Article) -> String {
    let summary = &article.summary;
    clean(&format!("{} ({})", summary.title, summary.path))
}

fn weekday(day: Day) -> &'static str {
    match day.weekday() {
        1 => "Monday",
        2 => "Tuesday",
        3 => "Wednesday",
        4 => "Thursday",
        5 => "Friday",
        6 => "Saturday",
        _ => "Sunday",
    }
}
