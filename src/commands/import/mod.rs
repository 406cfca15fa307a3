//! `brief import`: articles from elsewhere.
//!
//! What came over goes to the output, as data does; what is wrong goes to the error stream.

pub mod clip;
pub mod foreign;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::output::Voice;
use crate::building::inputs::{self, read_config};
use crate::ground::diagnostic::Diagnostics;
use crate::ground::world::DiskWorld;
use crate::reading::article::Reading;
use crate::reading::tagging::Tagger;

use foreign::carry::{Manner, carry};
use foreign::{Origin, detect};

/// What to import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The folder of a site, or the file of an export.
    pub source: PathBuf,
    /// What made it, where that is not to be found out.
    pub from: Option<Origin>,
    /// How it is written.
    pub manner: Manner,
}

/// Imports and says what came of it. The result is the exit code; the error is in words.
pub fn run(site: &Path, request: &Import, voice: Voice) -> Result<u8, String> {
    let source = &request.source;
    let shown = source.display();
    if !source.exists() {
        return Err(format!("there is nothing at `{shown}`"));
    }
    let found = request.from.or_else(|| detect(source));
    let origin = found.ok_or_else(|| {
        let names: Vec<&str> = Origin::ALL.iter().map(|origin| origin.name()).collect();
        format!(
            "nothing tells what made `{shown}`\nhelp: say so with `--from`: {}",
            names.join(", ")
        )
    })?;
    let inside = source.canonicalize().ok().zip(site.canonicalize().ok());
    if inside.is_some_and(|(source, site)| site == source) {
        return Err(format!(
            "`{shown}` is this site itself\nhelp: start a new one beside it with `brief new site`, and import from there"
        ));
    }
    let world = DiskWorld::new(site)?;
    let mut problems = Diagnostics::new();
    let (config, _) = read_config(&world, &mut problems);
    let inputs = inputs::discover(&world, &mut Diagnostics::new());
    let (register, _) = inputs.read_companies(&world, &config, &mut problems);
    let tagger = Tagger::new(&register);
    let reading = Reading {
        config: &config,
        register: &register,
        tagger: &tagger,
    };
    let carried = carry(site, source, origin, reading, request.manner)?;
    let report = carried.report(request.manner, voice.verbose);
    if !voice.quiet {
        // A closed pipe is nobody's problem: everything has been written by now.
        let _ = write!(io::stdout().lock(), "{report}");
    } else if !carried.problems.is_empty() {
        let _ = write!(io::stderr().lock(), "{}", carried.failures());
    }
    Ok(u8::from(!carried.problems.is_empty()))
}
