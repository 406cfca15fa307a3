//! The desk: one thread that follows the sources and tells browsers and terminal what came of it.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::inbox::Inbox;
use super::pages::State;
use super::shown::SitePages;
use crate::building::preview::{Change, Hints, Preview};
use crate::commands::output::{Voice, counted};
use crate::ground::diagnostic::{Diagnostics, print, summary_line};
use crate::ground::path::{SourcePath, Url};
use crate::ground::world::World;

/// How long a file that is empty, gone or full of mistakes is taken for one that is being written.
const DOUBT: Duration = Duration::from_millis(100);

/// How soon it is looked at again.
const RETRY: Duration = Duration::from_millis(10);

/// How things stand, for those who ask between two changes.
pub type Standing = Arc<Mutex<State>>;

/// Follows the sources.
pub struct Desk<'d> {
    world: &'d dyn World,
    pages: &'d SitePages,
    preview: &'d Preview,
    inbox: &'d Inbox,
    voice: Voice,
    /// What tells this run of the server from others.
    run: String,
    /// How often browsers were told something.
    told: u64,
    /// What was said to be wrong.
    said: Diagnostics,
    /// Files that look as if somebody were writing them, and since when.
    doubts: BTreeMap<SourcePath, Instant>,
}

/// Tells the browsers that things stand differently.
type Tell<'t> = &'t dyn Fn();

impl<'d> Desk<'d> {
    /// A desk that begins its work.
    pub fn new(world: &'d dyn World, pages: &'d SitePages, voice: Voice, run: &str) -> Desk<'d> {
        Desk {
            world,
            pages,
            preview: &pages.preview,
            inbox: &pages.inbox,
            voice,
            run: run.to_owned(),
            told: 0,
            said: Diagnostics::new(),
            doubts: BTreeMap::new(),
        }
    }

    /// Follows the sources for ever.
    ///
    /// `notice` is what the watcher has to say of how it watches.
    pub fn work(&mut self, tell: Tell<'_>, notice: &dyn Fn() -> Option<String>) -> io::Result<()> {
        let voice = self.voice;
        let mut noticed = None;
        let mut say_notice = || -> io::Result<()> {
            let now = notice();
            let is_new = now != noticed;
            noticed.clone_from(&now);
            match now.filter(|_| is_new && voice.talks()) {
                Some(notice) => writeln!(io::stderr(), "{notice}"),
                None => Ok(()),
            }
        };
        say_notice()?;
        self.stand(Vec::new(), tell);
        self.settle(None, tell)?;
        loop {
            say_notice()?;
            let hints = self.inbox.take(self.patience());
            self.follow(hints, tell)?;
        }
    }

    /// Follows hints, and the clock.
    fn follow(&mut self, mut hints: Hints, tell: Tell<'_>) -> io::Result<()> {
        let started = Instant::now();
        hints.add(self.preview.suspects());
        hints.paths.extend(self.doubts.keys().cloned());
        let before = (self.preview.version(), self.preview.renewed());
        if self.preview.due().is_some_and(|due| due <= self.world.now()) {
            self.preview.look_at_the_clock();
        }
        let change = match hints.is_empty() {
            true => Change::default(),
            false => {
                let is_final = |path: &SourcePath| {
                    self.doubts
                        .get(path)
                        .is_some_and(|since| since.elapsed() >= DOUBT)
                };
                self.preview.follow(&hints, &is_final)
            }
        };
        self.doubts.retain(|path, _| change.doubtful.contains(path));
        for path in change.doubtful {
            self.doubts.entry(path).or_insert(started);
        }
        let is_new = self.preview.version() != before.0;
        if !is_new && change.files.is_empty() {
            return Ok(());
        }
        // The pages that somebody looks at come first.
        self.stand(change.assets, tell);
        let shown = started.elapsed();
        self.settle(
            Some(Line {
                files: change.files,
                shown,
                renewed: before.1,
            }),
            tell,
        )
    }

    /// How long the desk may wait for hints.
    fn patience(&self) -> Option<Duration> {
        let due = self.preview.due().map(|due| {
            let wait = due.duration_since(self.world.now());
            Duration::try_from(wait).unwrap_or_default()
        });
        let doubt = (!self.doubts.is_empty()).then_some(RETRY);
        due.into_iter().chain(doubt).min()
    }

    /// Writes down how things stand and tells the browsers.
    fn stand(&mut self, assets: Vec<Url>, tell: Tell<'_>) {
        let open = self.preview.open_pages().into_iter();
        let open = open.map(|url| (url.clone(), self.pages.mark(&url))).collect();
        let found = self.preview.diagnostics();
        self.told += 1;
        *self.pages.standing.lock().unwrap_or_else(PoisonError::into_inner) = State {
            build: format!("{}-{}", self.run, self.told),
            open,
            assets,
            problems: (found.errors(), found.warnings()),
        };
        tell();
    }

    /// Looks at everything else, until there is news, and says what came of it all.
    fn settle(&mut self, line: Option<Line>, tell: Tell<'_>) -> io::Result<()> {
        let before = self.preview.diagnostics();
        self.preview.settle(&|| self.inbox.has_news());
        if let Some(line) = line {
            self.say(&line)?;
        }
        let found = self.preview.diagnostics();
        if found != before {
            self.stand(Vec::new(), tell);
        }
        self.say_problems(found)
    }

    /// One line for a change.
    fn say(&self, line: &Line) -> io::Result<()> {
        if !self.voice.talks() || line.files.is_empty() {
            return Ok(());
        }
        let rendered = self.preview.renewed() - line.renewed;
        let what = match line.files.as_slice() {
            [one] => one.to_string(),
            [first, second] => format!("{first} and {second}"),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
            [] => String::new(),
        };
        let milliseconds = line.shown.as_millis().max(1);
        match rendered {
            0 => writeln!(io::stderr(), "{what}: no page is different"),
            _ => {
                let pages = counted(rendered, "page");
                writeln!(
                    io::stderr(),
                    "{what}: {pages} rendered, open ones after {milliseconds} ms"
                )
            }
        }
    }

    /// What is wrong that was not wrong before, and how much is wrong in all.
    fn say_problems(&mut self, found: Diagnostics) -> io::Result<()> {
        if found == self.said {
            return Ok(());
        }
        let mut new = Diagnostics::new();
        for problem in found
            .iter()
            .filter(|problem| !self.said.iter().any(|said| said == *problem))
        {
            new.push(problem.clone());
        }
        let mut err = io::stderr().lock();
        print(
            &new,
            self.voice.format,
            &self.preview.sources(),
            self.voice.colour,
            &mut err,
        )?;
        if self.voice.talks() {
            match summary_line(&found) {
                Some(summary) if new.is_empty() => writeln!(err, "mended; {summary} left")?,
                Some(summary) => writeln!(err, "\n{summary}")?,
                None => writeln!(err, "mended")?,
            }
        }
        self.said = found;
        Ok(())
    }
}

/// What is said of a change.
struct Line {
    files: Vec<SourcePath>,
    /// How long it took until browsers could have it.
    shown: Duration,
    /// How many pages had been rendered before.
    renewed: usize,
}
