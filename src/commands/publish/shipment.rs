//! What is to be published, how, and what came of it: the same for every kind of place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::changes::Changes;
use crate::building::output::Manifest;
use crate::commands::output::counted;
use crate::pages::hosts::FOR_EVER;

/// A finished site.
pub struct Shipment<'s> {
    /// The folder that holds it.
    pub folder: &'s Path,
    /// Its files.
    pub wanted: &'s Manifest,
    /// Files at old addresses, and where they lead: an address, or a path from the root of the host.
    pub redirects: &'s BTreeMap<String, String>,
    /// Whether the name of a file tells what it holds, so that it never changes.
    pub has_hashed_name: &'s dyn Fn(&str) -> bool,
}

/// How it is to be published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// Whether it is only said what would be done.
    pub dry_run: bool,
    /// Whether a place that others filled is taken over.
    pub adopt: bool,
    /// Whether any number of files may be deleted.
    pub delete_many: bool,
    /// How many may be deleted otherwise, where the site says so.
    pub max_deletions: Option<usize>,
    /// Whether a lock that another run left is broken.
    pub unlock: bool,
    /// How long others may keep files.
    pub cache: Cache,
}

/// How long others may keep files, as headers say it. Object stores send these; servers have settings of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// Files whose names tell what they hold.
    pub hashed: String,
    /// All others.
    pub other: String,
}

impl Cache {
    /// For ever, and for so many seconds.
    pub fn of(seconds: u32) -> Cache {
        let other = match seconds {
            0 => "public, max-age=0, must-revalidate".to_owned(),
            _ => format!("public, max-age={seconds}"),
        };
        Cache {
            hashed: FOR_EVER.to_owned(),
            other,
        }
    }
}

impl Default for Cache {
    /// For ever, and never unasked.
    fn default() -> Cache {
        Cache::of(0)
    }
}

/// Who wants to know how far it is.
pub trait Progress {
    /// So many files are to be sent and deleted, and so many bytes sent.
    fn planned(&self, files: usize, bytes: u64);
    /// A file is sent or deleted.
    fn done(&self, path: &str, bytes: u64);
}

/// Nobody wants to know.
impl Progress for () {
    fn planned(&self, _: usize, _: u64) {}
    fn done(&self, _: &str, _: u64) {}
}

/// What came of it, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What was sent and deleted, or would be.
    pub changes: Changes,
    /// Whether this is a plan, and nothing was done.
    pub is_plan: bool,
    /// Whether something was written, be it only the list of what is there.
    pub is_done: bool,
    /// How many files were left behind by a publish that was cut, in whatever state, and are in order now.
    pub resumed: usize,
    /// What went wrong after all was done; the next publish sees to it.
    pub remark: Option<String>,
}

impl Outcome {
    /// How many files were sent.
    pub fn sent(&self) -> usize {
        if self.is_plan {
            0
        } else {
            self.changes.sent().count()
        }
    }

    /// How many bytes these have.
    pub fn bytes(&self) -> u64 {
        if self.is_plan { 0 } else { self.changes.bytes() }
    }

    /// How many files were deleted.
    pub fn deleted(&self) -> usize {
        if self.is_plan {
            0
        } else {
            self.changes.removed.len()
        }
    }
}

/// Why a site was not published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, in one line.
    pub message: String,
    /// What to do about it, one line each.
    pub help: Vec<String>,
    /// What the program ends with: 1 where brief refuses, 2 where the place does.
    pub exit_code: u8,
    /// Whether some files were sent and others not, so that the site is half new until the next publish.
    pub half: bool,
    /// Whether files are in the way. They may be those of a publish that is going on.
    pub is_obstacle: bool,
}

impl Failure {
    /// Something about the place or the way to it.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure {
            message: message.into(),
            help: Vec::new(),
            exit_code: 2,
            half: false,
            is_obstacle: false,
        }
    }

    /// Another publish is at it.
    pub fn busy(message: impl Into<String>) -> Failure {
        Failure::usage(message)
    }

    /// A file of the site has other bytes than the build wrote.
    pub fn changed_meanwhile(path: &str) -> Failure {
        Failure::usage(format!("`{path}` of the finished site changed while it was sent"))
            .help("do not edit the output; publish again, and the build will write it anew")
    }

    /// Something that brief does not do unasked.
    pub fn refused(message: impl Into<String>) -> Failure {
        Failure {
            exit_code: 1,
            ..Failure::usage(message)
        }
    }

    /// Adds the next step.
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help.push(help.into());
        self
    }

    /// The same failure of a publish that had begun to change things.
    pub fn after(mut self, sent: usize, deleted: usize) -> Failure {
        if sent + deleted == 0 {
            return self;
        }
        self.half = true;
        let files = counted(sent, "file");
        self.help(format!(
            "{files} were sent and {deleted} deleted before that; the next publish does the rest"
        ))
    }

    /// Refuses files that others put where ours are to go, if there are any.
    pub fn of_collisions(taken: BTreeSet<&str>) -> Result<(), Failure> {
        let Some(first) = taken.first() else {
            return Ok(());
        };
        let message = match taken.len() {
            1 => format!("`{first}` is there already, and brief did not put it there"),
            count => format!(
                "`{first}` and {} more are there already, and brief did not put them there",
                count - 1
            ),
        };
        Err(Failure::refused(message)
            .help("take it away there, or give the article another `slug`")
            .help("or let it be overwritten with `--adopt`"))
    }
}

impl Manner {
    /// Refuses to delete a great part of a site unasked.
    pub fn guard(&self, changes: &Changes) -> Result<(), Failure> {
        if self.delete_many {
            return Ok(());
        }
        changes.guard(self.max_deletions).map_err(|refused| {
            Failure::refused(refused.to_string()).help(
                "if that is meant, publish with `--delete-many`; with `--dry-run --verbose` beside it all of them are named and none is deleted",
            )
        })
    }
}
