//! `brief publish`: builds the site, checks it, and sends what changed to where readers find it.
//!
//! What is sent is the list that the build has just written of its own files, and nothing else that lies in the output.
//! Each kind of place has a module of its own; what they share is in `shipment`.

pub mod changes;
mod folder;
mod git;
pub mod hooks;
mod local;
mod redirects;
mod report;
pub mod shipment;
pub mod store;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::build::{exit_code, open_output, shown_folder};
use super::check;
use super::output::{STATE_FOLDER, Voice};
use crate::building::addresses;
use crate::building::inputs::read_config;
use crate::building::output::{Content, Manifest, Output};
use crate::building::pipeline::{self, Options, output_folder};
use crate::ground::diagnostic::{Diagnostic, Diagnostics};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::world::DiskWorld;
use crate::reading::config::{BaseUrl, Config, Place, Store, Target};

use changes::Changes;
pub use hooks::Secrets;
use report::Watch;
use shipment::{Cache, Failure, Manner, Outcome, Shipment};

/// What `brief publish` was asked for.
#[derive(Clone, Debug, Default)]
pub struct Publish {
    /// The name of the target; `None` for the only one.
    pub target: Option<String>,
    /// How it is published.
    pub manner: Manner,
    /// What the pipeline is asked for.
    pub options: Options,
}

/// Publishes a site and says what came of it. The result is the exit code.
pub fn run(site: &Path, request: &Publish, secrets: Secrets<'_>, voice: Voice) -> io::Result<u8> {
    let world = DiskWorld::new(site).map_err(io::Error::other)?;
    match publish(&world, site, request, secrets, voice)? {
        Ok(code) => Ok(code),
        Err(failure) => report::failure(&failure, voice),
    }
}

fn publish(
    world: &DiskWorld,
    site: &Path,
    request: &Publish,
    secrets: Secrets<'_>,
    voice: Voice,
) -> io::Result<Result<u8, Failure>> {
    let mut problems = Diagnostics::new();
    let (config, _) = read_config(world, &mut problems);
    if problems.has_errors() {
        // A target that is missing may be one of them.
        voice.problems(world, &problems.sorted())?;
        return Ok(Ok(1));
    }
    let target = match choose(&config, request.target.as_deref()) {
        Ok(target) => target,
        Err(failure) => return Ok(Err(failure)),
    };
    let mut options = request.options.clone();
    if let Some(base_url) = &target.base_url {
        options.base_url = Some(base_url.clone());
    }
    let base_url = options.base_url.as_ref().or(config.base_url.as_ref());
    if let Err(failure) = local::check_address(base_url) {
        return Ok(Err(failure));
    }
    let state = world
        .canonical_root()
        .join(STATE_FOLDER)
        .join("publish")
        .join(&target.name);
    let build = Building::of(world, site, &config, target, &state);
    let outcome = pipeline::build(world, &options, |_| build.open());
    let code = exit_code(&outcome, voice);
    if outcome.report.is_none() || code != 0 {
        voice.report(world, &outcome, &build.shown())?;
        return Ok(Ok(code.max(1)));
    }
    voice.built(world, &outcome)?;
    let built = match build.take(&outcome) {
        Ok(built) => built,
        Err(failure) => return Ok(Err(failure)),
    };
    let checked = Checked::of(&state, &built.files, voice);
    if outcome.prepared.is_some() || !checked.is_known() {
        if let Err(failure) = local::check_pages(&build.folder, &built.files) {
            return Ok(Err(failure));
        }
        let code = check::before_publishing(world, &options, voice)?;
        if code != 0 {
            return Ok(Ok(code));
        }
        checked.note();
    }
    // Only S3 can be told where an old address leads.
    let redirects = match &target.place {
        Place::Store(Store::S3 { .. }) => redirects::of(&build.folder, &built.files),
        _ => BTreeMap::new(),
    };
    let shipment = Shipment {
        folder: &build.folder,
        wanted: &built.files,
        redirects: &redirects,
        has_hashed_name: &|path| built.has_hashed_name(path),
    };
    let manner = Manner {
        max_deletions: target.max_deletions,
        cache: Cache::of(target.max_age),
        ..request.manner.clone()
    };
    let outcome = match send(world, target, &state, &shipment, &manner, secrets, voice) {
        Ok(outcome) => outcome,
        Err(failure) => return Ok(Err(failure)),
    };
    let code = report::outcome(target, &outcome, voice)?;
    if !outcome.is_plan && !target.hooks.is_empty() {
        let told = tell(target, base_url, &state, &shipment, &outcome, secrets);
        report::told(&told, voice)?;
    }
    Ok(Ok(code))
}

/// Tells those who want to know of what changed since they were last told: a run that was cut, or could not reach them,
/// has left something to tell that this one did not send.
fn tell(
    target: &Target,
    base_url: Option<&BaseUrl>,
    state: &Path,
    shipment: &Shipment<'_>,
    outcome: &Outcome,
    secrets: Secrets<'_>,
) -> Vec<hooks::Outcome> {
    let Some(base_url) = base_url else {
        return vec![hooks::Outcome::Failed(hooks::Warning {
            message: "nobody was told of what was published, because the site has no address".to_owned(),
            help: "set `base_url` in brief.yaml".to_owned(),
        })];
    };
    let note = state.join("told");
    let since_told = Manifest::read(&note).map(|told| Changes::between(&told, shipment.wanted));
    let changes = since_told.as_ref().unwrap_or(&outcome.changes);
    let changed = changes.sent().map(|change| change.path.as_str());
    let gone = changes.removed.iter().map(|change| change.path.as_str());
    let news = hooks::News::of(base_url, changed, gone);
    let key = target.hooks.indexnow.as_ref();
    let key = key.map(|indexnow| shipment.folder.join(indexnow.file()));
    let key = key.and_then(|file| fs::read_to_string(file).ok());
    let told = hooks::run(&target.hooks, &news.with_key_file(key), secrets);
    let is_told = told
        .iter()
        .all(|outcome| matches!(outcome, hooks::Outcome::Done(_)));
    let text = match (is_told, &since_told) {
        (true, _) => shipment.wanted.text(),
        // What stood there before is what they know.
        (false, None) => without(shipment.wanted, changes).text(),
        (false, Some(_)) => return told,
    };
    // Where it cannot be written, the next run tells what it sends itself.
    let _ = fs::create_dir_all(state).and_then(|()| fs::write(&note, text));
    told
}

/// The files before some changes. What changed or went held something else, whatever that was.
fn without(files: &Manifest, changes: &Changes) -> Manifest {
    let mut before: BTreeMap<String, Content> = files
        .files()
        .map(|(path, content)| (path.to_owned(), content))
        .collect();
    for change in &changes.new {
        before.remove(&change.path);
    }
    for change in changes.changed.iter().chain(&changes.removed) {
        before.insert(change.path.clone(), Content::of(b"something else"));
    }
    Manifest::of_files(&before)
}

fn send(
    world: &DiskWorld,
    target: &Target,
    state: &Path,
    shipment: &Shipment<'_>,
    manner: &Manner,
    secrets: Secrets<'_>,
    voice: Voice,
) -> Result<Outcome, Failure> {
    match &target.place {
        Place::Folder(folder) => folder::publish(world, folder, shipment, manner),
        Place::Git(git) => git::publish(world.canonical_root(), git, state, shipment, manner),
        Place::Store(store) => store::publish(store, shipment, manner, secrets, &Watch::new(voice)),
    }
}

/// The target of a name, or the only one.
fn choose<'c>(config: &'c Config, name: Option<&str>) -> Result<&'c Target, Failure> {
    let names = || {
        let names: Vec<String> = config
            .publish
            .iter()
            .map(|target| format!("`{}`", target.name))
            .collect();
        names.join(", ")
    };
    match (name, config.publish.as_slice()) {
        (_, []) => Err(Failure::usage("brief.yaml does not say where the site is published")
            .help("write for instance `publish: {live: /srv/www/site}`; docs/publishing.md has all kinds of targets")),
        (None, [only]) => Ok(only),
        (None, _) => Err(Failure::usage(format!("there are several targets: {}", names()))
            .help("name one: `brief publish NAME`")),
        (Some(name), targets) => targets.iter().find(|target| target.name == name).ok_or_else(|| {
            Failure::usage(format!("there is no target `{name}` in brief.yaml")).help(format!("there is {}", names()))
        }),
    }
}

/// Where the site is built for a target.
struct Building<'w> {
    world: &'w DiskWorld,
    folder: PathBuf,
    /// What is known of a folder that is the target's own.
    own_state: Option<PathBuf>,
}

/// What was built, kept from other builds as long as it lives.
struct Built {
    files: Manifest,
    _held: Output,
}

impl Built {
    /// Whether the name of a file tells what it holds, as those do that `hashed_names` makes.
    fn has_hashed_name(&self, path: &str) -> bool {
        self.files
            .get(path)
            .is_some_and(|content| addresses::is_hashed(path, content.fingerprint))
    }
}

impl<'w> Building<'w> {
    /// The output of the site; for a target with an address of its own a folder of its own, so that the two do not
    /// make each other anew all the time.
    fn of(world: &'w DiskWorld, site: &Path, config: &Config, target: &Target, state: &Path) -> Building<'w> {
        let is_own = target.base_url.is_some() && target.base_url != config.base_url;
        Building {
            world,
            folder: match is_own {
                true => state.join("site"),
                false => output_folder(site, config, None),
            },
            own_state: is_own.then(|| state.join("build")),
        }
    }

    fn open(&self) -> Result<Output, Diagnostic> {
        match &self.own_state {
            Some(state) => Output::open(&self.folder, state, false),
            None => open_output(self.world, &self.folder, false),
        }
    }

    /// Takes what was built, unless another build came in between.
    fn take(&self, outcome: &pipeline::Outcome) -> Result<Built, Failure> {
        let busy = || {
            Failure::busy(format!("another build is writing to `{}`", self.shown()))
                .help("wait until it has ended, and publish again")
        };
        let held = self.open().map_err(|_| busy())?;
        let is_as_left = outcome
            .report
            .as_ref()
            .is_some_and(|report| held.has_manifests(&report.manifests));
        if !is_as_left {
            return Err(busy());
        }
        let files = Manifest::of_output(&self.folder).ok_or_else(busy)?;
        Ok(Built { files, _held: held })
    }

    fn shown(&self) -> String {
        shown_folder(&self.folder)
    }
}

/// The note that a site was found fit to be published, so that one which did not change is not checked again.
struct Checked {
    file: PathBuf,
    mark: String,
}

impl Checked {
    fn of(state: &Path, files: &Manifest, voice: Voice) -> Checked {
        let mark = Fingerprint::of(&*format!("{}{}", voice.deny_warnings, files.text()));
        Checked {
            file: state.join("checked"),
            mark: mark.to_string(),
        }
    }

    fn is_known(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|mark| mark == self.mark)
    }

    /// Where it cannot be written, the site is checked again next time.
    fn note(&self) {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        let _ = fs::create_dir_all(folder).and_then(|()| fs::write(&self.file, &self.mark));
    }
}
