//! What is to be published, how, and what came of it: the same for every kind of place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::building::output::Manifest;

/// A finished site.
pub struct Shipment<'s> {
    /// The folder that holds it.
    pub folder: &'s Path,
    /// Its files.
    pub wanted: &'s Manifest,
    /// Files at old addresses, and where they lead: an address, or a path from the root of the host.
    pub redirects: &'s BTreeMap<String, String>,
}

/// How it is to be published.
#[derive(Clone, Copy, Debug, Default)]
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
    /// For how many seconds files may be kept without asking, but for those with names that tell what they hold.
    pub max_age: u32,
}

/// What came of it, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Files that were not there.
    pub new: Vec<String>,
    /// Files with other bytes than before.
    pub changed: Vec<String>,
    /// Files that are gone.
    pub removed: Vec<String>,
    /// How many files were left alone.
    pub unchanged: usize,
    /// How many bytes the files have that were sent.
    pub bytes: u64,
    /// Whether this is a plan, and nothing was done.
    pub is_plan: bool,
}

impl Outcome {
    /// What has to be done where one is published and the other is wanted.
    pub fn between(published: &Manifest, wanted: &Manifest) -> Outcome {
        let mut outcome = Outcome::default();
        for (path, content) in wanted.files() {
            match published.get(path) {
                Some(there) if there == content => {
                    outcome.unchanged += 1;
                    continue;
                }
                Some(_) => outcome.changed.push(path.to_owned()),
                None => outcome.new.push(path.to_owned()),
            }
            outcome.bytes += content.size;
        }
        let gone = published.files().filter(|(path, _)| wanted.get(path).is_none());
        outcome.removed = gone.map(|(path, _)| path.to_owned()).collect();
        outcome
    }

    /// How many files were sent.
    pub fn sent(&self) -> usize {
        self.new.len() + self.changed.len()
    }

    /// Whether nothing was to be done.
    pub fn is_nothing(&self) -> bool {
        self.sent() == 0 && self.removed.is_empty()
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
}

impl Failure {
    /// Something about the place or the way to it.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure {
            message: message.into(),
            help: Vec::new(),
            exit_code: 2,
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

/// How many files one run may always delete: a company that is gone, or an article with its pictures, is fewer.
const FEW: usize = 256;

impl Manner {
    /// Refuses to delete a great part of a site unasked: a wrong setting or an empty folder would do that.
    pub fn guard(&self, removed: usize, published: usize) -> Result<(), Failure> {
        let limit = self
            .max_deletions
            .unwrap_or_else(|| FEW.min(published / 2).max(published / 10));
        // Of a small site half may be three files, which are nothing to worry about.
        let limit = if self.max_deletions.is_none() {
            limit.max(20)
        } else {
            limit
        };
        if self.delete_many || removed <= limit {
            return Ok(());
        }
        Err(Failure::refused(format!(
            "{removed} of {published} published files would be deleted, and more than {limit} are not deleted unasked"
        ))
        .help("look at them with `--dry-run --verbose`, and then allow it with `--delete-many`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_files_are_not_deleted_unasked() {
        let check = |removed: usize, published: usize, expected: bool| {
            let manner = Manner::default();
            assert_eq!(
                manner.guard(removed, published).is_ok(),
                expected,
                "{removed} of {published}"
            );
        };
        check(20, 20, true);
        check(21, 30, false);
        check(50, 100, true);
        check(51, 100, false);
        check(256, 1_000, true);
        check(257, 1_000, false);
        check(1_000, 10_000, true);
        check(1_001, 10_000, false);
        let none = Manner {
            max_deletions: Some(0),
            ..Manner::default()
        };
        assert!(none.guard(1, 10).is_err() && none.guard(0, 10).is_ok());
        let many = Manner {
            delete_many: true,
            ..none
        };
        assert!(many.guard(9, 10).is_ok());
    }
}
