//! `brief build`: content becomes an output folder.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::output::{STATE_FOLDER, Voice, counted};
use super::why;
use crate::building::inputs::read_config;
use crate::building::output::Output;
use crate::building::pipeline::{self, Options, Outcome, output_folder};
use crate::building::verify::verify;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::world::DiskWorld;

/// What `brief build` was asked for.
#[derive(Clone, Debug, Default)]
pub struct Build {
    /// The output folder, instead of the one of the settings.
    pub output: Option<PathBuf>,
    /// Whether a folder that another program filled is taken over.
    pub adopt: bool,
    /// Whether the output is compared with a clean build.
    pub verify: bool,
    /// What the pipeline is asked for.
    pub options: Options,
}

/// Folders and files of a site that no output may be, hold or lie in.
const SOURCES: [&str; 7] = [
    "content",
    "data",
    "templates",
    "static",
    "brief.yaml",
    STATE_FOLDER,
    ".git",
];

/// Builds a site and says what came of it. The result is the exit code.
pub fn run(site: &Path, request: &Build, voice: Voice) -> io::Result<u8> {
    let world = DiskWorld::new(site).map_err(io::Error::other)?;
    let mut output = PathBuf::new();
    let outcome = pipeline::build(&world, &request.options, |config| {
        output = output_folder(site, config, request.output.as_deref());
        open_output(&world, &output, request.adopt)
    });
    let shown = shown_folder(&output);
    voice.report(&world, &outcome, &shown)?;
    if request.options.explain {
        explain(&outcome)?;
    }
    let mut is_verified = true;
    if request.verify && outcome.report.is_some() {
        let verified = verify(
            &world,
            &request.options,
            (&output, &state_folder(&world, &output), &shown),
            &outcome,
        );
        is_verified = verified.found.is_empty();
        voice.verified(&verified)?;
    }
    let code = exit_code(&outcome, voice).max(u8::from(!is_verified));
    // The program ends here. To take a hundred thousand articles apart piece by piece first would be
    // a tenth of a small build.
    std::mem::forget(outcome);
    Ok(code)
}

/// What a build ends with.
pub(super) fn exit_code(outcome: &Outcome, voice: Voice) -> u8 {
    // The output's own troubles are not the site's: another build, a full disk.
    let is_disk = |code: Code| {
        matches!(
            code,
            Code::OutputBusy | Code::OutputUnwritable | Code::UnreadableFile
        )
    };
    match outcome.diagnostics.iter().any(|problem| is_disk(problem.code)) {
        true => 2,
        false => voice.exit_code(&outcome.diagnostics),
    }
}

/// Says on the output stream why each page was rendered, and which questions most pages ask.
fn explain(outcome: &Outcome) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (url, cause) in &outcome.rendered {
        writeln!(out, "{url}: {cause}")?;
    }
    if !outcome.most_asked.is_empty() {
        writeln!(out, "\nasked by most pages:")?;
    }
    for (question, count) in &outcome.most_asked {
        writeln!(out, "{:>8}  {question}", counted(*count, "page"))?;
    }
    Ok(())
}

/// The output folder as a person would name it.
pub(super) fn shown_folder(folder: &Path) -> String {
    let shown = folder.display().to_string().replace('\\', "/");
    format!("{}/", shown.trim_end_matches('/'))
}

/// Says what is known of a page of a site. The result is the exit code.
pub fn why(site: &Path, page: &str, output: Option<&Path>, voice: Voice) -> io::Result<u8> {
    let world = DiskWorld::new(site).map_err(io::Error::other)?;
    let (config, _) = read_config(&world, &mut Diagnostics::new());
    let output = output_folder(site, &config, output);
    let state = state_folder(&world, &output);
    why::run(&world, page, &state, &shown_folder(&output), voice)
}

/// The folder for what is known of an output: one for each, in the site folder.
pub(super) fn state_folder(world: &DiskWorld, output: &Path) -> PathBuf {
    let place = absolute(output);
    let name = Fingerprint::of(place.to_string_lossy().as_bytes()).short(16);
    world.canonical_root().join(STATE_FOLDER).join(name)
}

/// Takes the output folder, unless it is, holds or lies in the sources.
pub(super) fn open_output(world: &DiskWorld, folder: &Path, adopt: bool) -> Result<Output, Diagnostic> {
    let root = world.canonical_root();
    let place = absolute(folder);
    let lies_in_sources = lies_in_sources(world, &place);
    if root.starts_with(&place) || lies_in_sources {
        let what = if root == place {
            "is the site folder itself"
        } else if lies_in_sources {
            "lies in the sources of the site"
        } else {
            "holds the site folder"
        };
        return Err(Diagnostic::new(
            Code::OutputPlace,
            format!("the output folder `{}` {what}", folder.display()),
        )
        .help("choose a folder of its own, such as `output: public`"));
    }
    Output::open(folder, &state_folder(world, folder), adopt)
}

/// Whether a place lies in what a site is made of.
pub(super) fn lies_in_sources(world: &DiskWorld, place: &Path) -> bool {
    let root = world.canonical_root();
    SOURCES.iter().any(|source| place.starts_with(root.join(source)))
}

/// A path without links as far as it exists, so that places can be compared.
pub(super) fn absolute(folder: &Path) -> PathBuf {
    let full = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut rest: Vec<&std::ffi::OsStr> = Vec::new();
    let mut existing = full.as_path();
    loop {
        if let Ok(real) = existing.canonicalize() {
            return rest.iter().rev().fold(real, |path, name| path.join(name));
        }
        match (existing.parent(), existing.file_name()) {
            (Some(parent), Some(name)) => {
                rest.push(name);
                existing = parent;
            }
            _ => return full.clone(),
        }
    }
}
