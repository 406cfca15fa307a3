//! Publishing to a branch of a repository, by the program `git`.
//!
//! There is no work tree: a bare repository among brief's own files remembers the branch, and an index beside it
//! what was hashed before, so that an unchanged site costs a look at each file. The branch is written in one step that
//! fails where somebody else has written it meanwhile; so nobody ever sees half a site, and nothing is lost.

mod program;
mod words;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::changes::{Change, Changes};
use super::shipment::{Failure, Manner, Outcome, Shipment};
use crate::building::output::Manifest;
use crate::commands::output::counted;
use crate::ground::world::describe;
use crate::reading::config::Git;

use program::Program;

/// The list of what is ours, as in every output.
const MANIFEST: &str = ".brief-manifest";

/// Where the bare repository notes the branch as it was last seen.
const PUBLISHED: &str = "refs/brief/published";

/// Sends a site to a branch. `state` is a folder for what is remembered of it, which may be deleted at any time.
pub fn publish(
    site: &Path,
    git: &Git,
    state: &Path,
    shipment: &Shipment<'_>,
    manner: &Manner,
) -> Result<Outcome, Failure> {
    let program = Program::open(&state.join("git"), shipment.folder)?;
    let branch = Branch::find(&program, site, git)?;
    let published = branch.manifest(&program, manner)?;
    branch.stage(&program, &published, shipment, manner)?;
    let (changes, is_same) = branch.changes(&program, shipment.wanted)?;
    manner.guard(&changes)?;
    let outcome = Outcome {
        changes,
        is_plan: manner.dry_run,
        ..Outcome::default()
    };
    if is_same || manner.dry_run {
        return Ok(outcome);
    }
    let outcome = Outcome {
        is_done: true,
        ..outcome
    };
    let commit = branch.commit(&program, site, git, &outcome.changes)?;
    branch.push(&program, git, &commit)?;
    Ok(outcome)
}

/// The branch as the repository has it now.
struct Branch {
    /// Its name with `refs/heads/`.
    name: String,
    /// Its newest commit; `None` where there is no such branch.
    tip: Option<String>,
}

impl Branch {
    /// Looks the branch up and fetches what is not known of it yet: its newest commit, and of that the names of files
    /// alone where the repository can do so.
    fn find(program: &Program, site: &Path, git: &Git) -> Result<Branch, Failure> {
        let name = format!("refs/heads/{}", git.branch);
        if program.run(["check-ref-format", &name]).is_err() {
            return Err(
                Failure::usage(format!("`{}` cannot be the name of a branch", git.branch))
                    .help("write it as `branch: gh-pages`"),
            );
        }
        let place = place(site, &git.repository);
        program.run(["config", "remote.published.url", &place])?;
        let listed = program.run(["ls-remote", "--quiet", "published", &name])?;
        let tip = listed.split_whitespace().next().map(str::to_owned);
        let branch = Branch { name, tip };
        if let Some(tip) = &branch.tip
            && program
                .run(["rev-parse", "--quiet", "--verify", PUBLISHED])
                .ok()
                .as_deref()
                != Some(tip)
        {
            let from = format!("+{}:{PUBLISHED}", branch.name);
            let fetch = [
                "fetch",
                "--quiet",
                "--no-tags",
                "--depth=1",
                "--filter=blob:none",
                "published",
            ];
            program.run(fetch.into_iter().chain([from.as_str()]))?;
        }
        Ok(branch)
    }

    /// What brief has published here before. A branch that others filled is refused unless it is to be taken over.
    fn manifest(&self, program: &Program, manner: &Manner) -> Result<Manifest, Failure> {
        let Some(tip) = &self.tip else {
            return Ok(Manifest::default());
        };
        let listed = program.run(["ls-tree", "--name-only", tip])?;
        let has_files = !listed.is_empty();
        let text = match listed.lines().any(|name| name == MANIFEST) {
            true => program.run(["cat-file", "blob", &format!("{tip}:{MANIFEST}")])?,
            false => String::new(),
        };
        match Manifest::parse(&format!("{text}\n")) {
            Some(manifest) => Ok(manifest),
            None if manner.adopt || !has_files => Ok(Manifest::default()),
            None => Err(Failure::refused(format!(
                "the branch `{}` has files, and brief did not write them",
                self.short()
            ))
            .help("name another `branch`")
            .help("or take it over with `--adopt`: files at the site's addresses are overwritten, all others stay")),
        }
    }

    /// Makes the index what the branch is to hold: what others put there, and the site.
    fn stage(
        &self,
        program: &Program,
        published: &Manifest,
        shipment: &Shipment<'_>,
        manner: &Manner,
    ) -> Result<(), Failure> {
        match &self.tip {
            // With `--reset` what was known of equal files stays known, so that they are not read again; with `-i` the
            // files of the site need not be those of the branch, which is the point of it all.
            Some(tip) => program.run(["read-tree", "--reset", "-i", tip])?,
            None => program.run(["read-tree", "--empty"])?,
        };
        if !manner.adopt {
            self.refuse_collisions(program, published, shipment)?;
        }
        let gone = published.files().map(|(path, _)| path);
        let gone = gone.filter(|path| shipment.wanted.get(path).is_none());
        program.feed(["update-index", "-z", "--force-remove", "--stdin"], gone)?;
        let wanted = shipment.wanted.files().map(|(path, _)| path).chain([MANIFEST]);
        program.feed(["update-index", "-z", "--add", "--replace", "--stdin"], wanted)?;
        Ok(())
    }

    /// Files that others put where a new page is to go stay theirs.
    fn refuse_collisions(
        &self,
        program: &Program,
        published: &Manifest,
        shipment: &Shipment<'_>,
    ) -> Result<(), Failure> {
        let listed = program.run(["ls-files", "-z"])?;
        let is_foreign = |path: &&str| *path != MANIFEST && published.get(path).is_none();
        let foreign: Vec<&str> = listed.split_terminator('\0').filter(is_foreign).collect();
        let wanted = shipment.wanted;
        // A file where a folder of the site is to go is in the way as well, and a folder where a file is to go.
        let folders: BTreeSet<&str> = wanted.files().flat_map(|(path, _)| folders_of(path)).collect();
        let is_in_the_way = |path: &&str| {
            wanted.get(path).is_some()
                || folders.contains(path)
                || folders_of(path).any(|folder| wanted.get(folder).is_some())
        };
        Failure::of_collisions(foreign.into_iter().filter(is_in_the_way).collect())
    }

    /// What the index holds and the branch does not, and the other way round; and whether they are the same, our own list
    /// included.
    fn changes(&self, program: &Program, wanted: &Manifest) -> Result<(Changes, bool), Failure> {
        let tree = match &self.tip {
            Some(tip) => format!("{tip}^{{tree}}"),
            None => program.run(["mktree"])?,
        };
        let differ = ["diff-index", "--cached", "--no-renames", "--name-status", "-z"];
        let listed = program.run(differ.into_iter().chain([tree.as_str()]))?;
        let mut changes = Changes::default();
        let mut fields = listed.split_terminator('\0');
        while let (Some(kind), Some(path)) = (fields.next(), fields.next()) {
            if path == MANIFEST {
                continue;
            }
            let change = Change {
                path: path.to_owned(),
                content: wanted.get(path),
            };
            match kind {
                "A" => changes.new.push(change),
                "D" => changes.removed.push(change),
                _ => changes.changed.push(change),
            }
        }
        changes.kept = wanted.len().saturating_sub(changes.sent().count());
        Ok((changes, listed.is_empty()))
    }

    fn commit(
        &self,
        program: &Program,
        site: &Path,
        git: &Git,
        changes: &Changes,
    ) -> Result<String, Failure> {
        let tree = program.run(["write-tree"])?;
        let mut arguments = vec!["commit-tree", &tree, "-m"];
        let message = message(site, changes);
        arguments.push(&message);
        if let Some(tip) = self.tip.as_ref().filter(|_| git.history) {
            arguments.extend(["-p", tip]);
        }
        program.run_as_somebody(arguments)
    }

    fn push(&self, program: &Program, git: &Git, commit: &str) -> Result<(), Failure> {
        let expected = self.tip.as_deref().unwrap_or_default();
        let lease = format!("--force-with-lease={}:{expected}", self.name);
        let what = format!("{commit}:{}", self.name);
        let pushed = program.run(["push", "--quiet", "--no-verify", &lease, "published", &what]);
        if let Err(failure) = pushed {
            return Err(match words::is_overtaken(&failure.message) {
                true => Failure::busy(format!(
                    "somebody else published to the branch `{}` meanwhile; nothing was sent",
                    git.branch
                ))
                .help("run it again: what is there now will then be known"),
                false => failure,
            });
        }
        // Both only save time at the next run.
        let _ = program.run(["update-ref", PUBLISHED, commit]);
        let _ = program.run(["gc", "--auto", "--quiet"]);
        Ok(())
    }

    fn short(&self) -> &str {
        self.name.strip_prefix("refs/heads/").unwrap_or(&self.name)
    }
}

/// The folders that a file lies in.
fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// What the commit says: what changed, and from which state of the sources where these are in a repository too.
fn message(site: &Path, changes: &Changes) -> String {
    let mut text = format!(
        "Publish {}: {} new, {} changed, {} removed\n",
        counted(changes.sent().count(), "file"),
        changes.new.len(),
        changes.changed.len(),
        changes.removed.len()
    );
    if let Some(commit) = program::commit_of(site) {
        text.push_str(&format!("\nSource: {commit}\n"));
    }
    text
}

/// A repository as `git` takes it: a path by itself is meant from the site folder.
fn place(site: &Path, repository: &str) -> String {
    let is_remote = repository.contains("://")
        || repository
            .split(['/', '\\'])
            .next()
            .is_some_and(|first| first.find(':').is_some_and(|at| at > 1));
    if is_remote {
        return repository.to_owned();
    }
    let path: PathBuf = site.join(repository);
    fs::canonicalize(&path).unwrap_or(path).display().to_string()
}

/// Words for a folder that cannot be made.
fn unwritable(folder: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!(
        "`{}` cannot be written to: {}",
        folder.display(),
        describe(error)
    ))
}
