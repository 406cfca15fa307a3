//! Verification: whether an output is, byte for byte, what a clean build makes.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use super::darkroom::Darkroom;
use super::output::Manifest;
use super::pipeline::{Options, Outcome, fingerprints};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::OutputPath;
use crate::ground::world::World;

/// How many files are named; the rest is counted.
const SHOWN: usize = 50;

/// What came of a verification.
#[derive(Debug)]
pub struct Verified {
    /// How many files were compared.
    pub files: usize,
    /// What differs.
    pub found: Diagnostics,
}

/// Makes everything anew, in memory, and compares it with what a build left in its output folder.
/// `shown` is that folder as messages name it, with a slash behind it.
/// `state` is the folder for what is known of it.
pub fn verify(
    world: &dyn World,
    options: &Options,
    (folder, state, shown): (&Path, &Path, &str),
    built: &Outcome,
) -> Verified {
    let darkroom = state
        .parent()
        .map_or_else(Darkroom::without_shelves, Darkroom::at);
    let (clean, diagnostics) = fingerprints(world, options, &darkroom);
    let mut differences: BTreeMap<OutputPath, &str> = BTreeMap::new();
    for (path, wanted) in &clean {
        let present = File::open(folder.join(path.as_str())).and_then(Fingerprint::of_reader);
        match present {
            Ok(present) if present == *wanted => {}
            Ok(_) => {
                differences.insert(path.clone(), "is not what a clean build makes");
            }
            Err(_) => {
                differences.insert(path.clone(), "is missing");
            }
        }
    }
    let manifest = Manifest::of_output(folder).unwrap_or_default();
    let owned = manifest
        .files()
        .filter_map(|(path, _)| OutputPath::new(path).ok());
    for path in owned.filter(|path| !clean.contains_key(path)) {
        differences.insert(path, "would not be made by a clean build");
    }
    let mut found = Diagnostics::new();
    for (path, what) in differences.iter().take(SHOWN) {
        found.push(not_clean(format!("`{shown}{path}` {what}")));
    }
    if differences.len() > SHOWN {
        let more = differences.len() - SHOWN;
        found.push(not_clean(format!(
            "{more} more files are not what a clean build makes"
        )));
    }
    if diagnostics != built.diagnostics {
        let message = "a clean build finds other problems than this one did";
        found.push(not_clean(message.to_owned()));
    }
    Verified {
        files: clean.len(),
        found,
    }
}

fn not_clean(message: String) -> Diagnostic {
    Diagnostic::new(Code::NotClean, message)
        .help("`brief build --clean` makes everything anew")
        .help("if nobody else changed the output, this is a mistake in brief: please report it")
}
