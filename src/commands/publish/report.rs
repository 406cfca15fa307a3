//! What publishing says: the plan on the output stream, all else on the error stream.

use std::cell::RefCell;
use std::io::{self, Write};

use super::changes::Changes;
use super::hooks;
use super::shipment::{self, Failure, Outcome};
use crate::commands::output::{Progress, Voice, counted, size};
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::reading::config::Target;

/// How far the sending is, for whoever watches.
pub struct Watch(RefCell<Progress>);

impl Watch {
    /// Nothing is known of the sending yet.
    pub fn new(voice: Voice) -> Watch {
        Watch(RefCell::new(Progress::new(voice, "publishing", 0)))
    }
}

impl shipment::Progress for Watch {
    fn planned(&self, files: usize, _: u64) {
        self.0.borrow_mut().expect(files);
    }

    fn done(&self, _: &str, _: u64) {
        self.0.borrow_mut().tick(1);
    }
}

/// How many files of a kind a plan names unless all are asked for.
const NAMED: usize = 20;

/// Says what was done, or would be. The result is the exit code.
pub fn outcome(target: &Target, outcome: &Outcome, voice: Voice) -> io::Result<u8> {
    let changes = &outcome.changes;
    if outcome.is_plan {
        plan(changes, voice)?;
    }
    if !voice.talks() {
        return Ok(0);
    }
    let mut err = io::stderr().lock();
    let name = &target.name;
    if changes.is_empty() {
        let files = counted(changes.kept, "file");
        match outcome.is_done {
            false => writeln!(
                err,
                "nothing to publish to {name}: all {files} are there as they should be"
            )?,
            true => writeln!(
                err,
                "all {files} were at {name} already; the list of them was written"
            )?,
        }
        return aftermath(outcome, &mut err);
    }
    let verb = if outcome.is_plan { "would send" } else { "sent" };
    write!(
        err,
        "{verb} {} ({}) to {name}: {} new, {} changed",
        counted(changes.sent().count(), "file"),
        size(changes.bytes()),
        changes.new.len(),
        changes.changed.len()
    )?;
    if !changes.removed.is_empty() {
        write!(err, "; {} removed", changes.removed.len())?;
    }
    writeln!(err, "; {} unchanged", changes.kept)?;
    aftermath(outcome, &mut err)
}

/// What else is to be said. The result is the exit code.
fn aftermath(outcome: &Outcome, err: &mut dyn Write) -> io::Result<u8> {
    if outcome.resumed > 0 {
        let files = counted(outcome.resumed, "file");
        writeln!(
            err,
            "a run before was cut: {files} that it may have left half done are in order now"
        )?;
    }
    if let Some(remark) = &outcome.remark {
        writeln!(err, "{remark}")?;
    }
    Ok(0)
}

/// One line for each file that would be sent or deleted.
fn plan(changes: &Changes, voice: Voice) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let kinds = [
        ("new", &changes.new),
        ("changed", &changes.changed),
        ("removed", &changes.removed),
    ];
    for (kind, paths) in kinds {
        let shown = if voice.verbose { paths.len() } else { NAMED };
        for change in paths.iter().take(shown) {
            writeln!(out, "{kind:<8} {}", change.path)?;
        }
        if paths.len() > shown {
            writeln!(
                out,
                "{kind:<8} and {} more (--verbose names them)",
                paths.len() - shown
            )?;
        }
    }
    Ok(())
}

/// Says who was told, and who could not be: a warning, since the site is published all the same.
pub fn told(outcomes: &[hooks::Outcome], voice: Voice) -> io::Result<()> {
    for outcome in outcomes {
        match outcome {
            hooks::Outcome::Done(words) if voice.talks() => writeln!(io::stderr(), "{words}")?,
            hooks::Outcome::Done(_) => {}
            hooks::Outcome::Failed(warning) => {
                let problem = Diagnostic::new(Code::NotTold, &warning.message);
                voice.problem(problem.help(&warning.help))?;
            }
        }
    }
    Ok(())
}

/// Says why nothing was published, or not all. The result is the exit code.
pub fn failure(failure: &Failure, voice: Voice) -> io::Result<u8> {
    let code = if failure.exit_code == 1 {
        Code::PublishRefused
    } else {
        Code::PublishFailed
    };
    let problem = Diagnostic::new(code, &failure.message);
    let help = failure.help.iter();
    voice.problem(help.fold(problem, |problem, help| problem.help(help)))?;
    Ok(failure.exit_code)
}
