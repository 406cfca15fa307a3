//! `brief check --external`: asks other sites, and says how far that is.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::building::external::{Asked, Asker, Fault, Guard, Pace, Progress};
use crate::building::inspection::Inspection;
use crate::commands::output::{STATE_FOLDER, Voice, counted};
use crate::ground::world::World;

/// Asks about links, and notes what went wrong with that.
pub struct Links {
    asker: Asker,
    is_watched: bool,
    /// Why nobody could be asked, or the answers not be written down.
    failed: Option<String>,
}

impl Links {
    /// Asks about the links of a site.
    pub fn new(site: &Path, world: &dyn World, is_watched: bool) -> Links {
        let asker = Asker {
            file: site.join(STATE_FOLDER).join("links"),
            guard: Guard::default(),
            pace: Pace::default(),
            now: world.now(),
        };
        Links {
            asker,
            is_watched,
            failed: None,
        }
    }

    /// Asks for addresses, with a line for people that says how far it is.
    pub fn ask(&mut self, addresses: &BTreeSet<Url>) -> BTreeMap<Url, Asked> {
        let mut is_shown = false;
        let tell = |Progress { done, all }| {
            if self.is_watched {
                is_shown = true;
                // There is nothing to do about a terminal that is gone.
                let _ = write!(io::stderr(), "{CLEAR}asked for {done} of {all} addresses");
            }
        };
        let asked = self.asker.ask(addresses, tell);
        if is_shown {
            let _ = write!(io::stderr(), "{CLEAR}");
        }
        let asked = match asked {
            Ok(asked) => asked,
            Err(error) => {
                self.failed = Some(format!("other sites were not asked: {error}"));
                return BTreeMap::new();
            }
        };
        if let Err(error) = self.asker.remember(&asked) {
            let file = self.asker.file.display();
            self.failed = Some(format!("the answers could not be written to `{file}`: {error}"));
        }
        asked
    }

    /// Says what went wrong, if something did.
    pub fn say_failure(&self) -> io::Result<()> {
        match &self.failed {
            Some(why) => writeln!(io::stderr(), "error: {why}"),
            None => Ok(()),
        }
    }

    /// Whether nobody could be asked, or the answers not be written down.
    pub fn has_failed(&self) -> bool {
        self.failed.is_some()
    }
}

/// Empties the line of a terminal.
const CLEAR: &str = "\r\x1b[K";

/// One line about the links that no program can judge; with details one for each.
pub fn say_unverifiable(
    voice: Voice,
    inspection: &Inspection,
    now: Timestamp,
    err: &mut dyn Write,
) -> io::Result<()> {
    let links = &inspection.unverifiable;
    if links.is_empty() {
        return Ok(());
    }
    if !voice.verbose {
        let count = counted(links.len(), "link");
        return writeln!(
            err,
            "not verified: {count} to sites that turn programs away (--verbose names them)"
        );
    }
    for (address, asked) in links {
        if let Err(Fault { trouble, behind }) = &asked.verdict {
            let behind = behind
                .as_ref()
                .map(|behind| format!(" leads on to {behind}, which"));
            let age = age(asked.age(now));
            writeln!(
                err,
                "not verified: {address}{} {trouble}{age}",
                behind.unwrap_or_default()
            )?;
        }
    }
    Ok(())
}

/// How long ago something was asked, unless it was just now.
fn age(age: SignedDuration) -> String {
    match age.as_hours() {
        ..0 => String::new(),
        0 if age.as_mins() < 1 => String::new(),
        0 => format!(
            " (asked {} ago)",
            counted(age.as_mins().unsigned_abs() as usize, "minute")
        ),
        hours => format!(" (asked {} ago)", counted(hours.unsigned_abs() as usize, "hour")),
    }
}
