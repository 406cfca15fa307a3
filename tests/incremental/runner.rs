//! A site in a temporary folder, edited and built again and again. After each edit the output is
//! held against that of a clean build.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use brief::building::outlook::outlook;
use brief::building::output::{Manifest, Output};
use brief::building::pipeline::{Clock, Options, Outcome, build, build_in_memory};
use brief::ground::diagnostic::{Code, Diagnostics, Severity};
use brief::ground::path::SourcePath;
use brief::ground::world::{DiskWorld, File as WorldFile, Stamp, World};
use brief::reading::config::BaseUrl;
use jiff::Timestamp;
use tempfile::TempDir;

use crate::edit::{Edit, Kind};
use crate::model::{Model, Seed};
use crate::support;

/// The instants that may count as now.
const CLOCKS: [&str; 5] = [
    "2025-03-01T12:00:00Z",
    "2025-02-28T20:00:00Z",
    "2025-03-03T12:00:00Z",
    "2025-03-06T12:00:00Z",
    "2025-04-20T12:00:00Z",
];

const BASE_URLS: [Option<&str>; 3] = [
    None,
    Some("https://example.net/news/"),
    Some("http://localhost:1111/"),
];

/// The disk at a later hour: files that were written a moment ago count as settled, as they do for
/// a person who builds again after a while.
#[derive(Clone, Debug)]
struct Later(DiskWorld);

impl World for Later {
    fn files(&self, folder: &str, found: &mut Diagnostics) -> Vec<WorldFile> {
        self.0.files(folder, found)
    }

    fn read(&self, path: &SourcePath, limit: u64) -> Result<Vec<u8>, String> {
        self.0.read(path, limit)
    }

    fn stamp(&self, path: &SourcePath) -> Option<Stamp> {
        self.0.stamp(path)
    }

    fn disk_path(&self, path: &SourcePath) -> Option<PathBuf> {
        self.0.disk_path(path)
    }

    fn now(&self) -> Timestamp {
        self.0
            .now()
            .checked_add(jiff::SignedDuration::from_hours(1))
            .unwrap_or(Timestamp::MAX)
    }

    fn shared(&self) -> Arc<dyn World> {
        Arc::new(self.clone())
    }
}

/// A world in which files change after so many reads.
#[derive(Clone, Debug)]
struct Busy {
    world: Arc<dyn World>,
    reads: Arc<AtomicUsize>,
    changed: Arc<Vec<(PathBuf, Vec<u8>)>>,
}

impl World for Busy {
    fn files(&self, folder: &str, found: &mut Diagnostics) -> Vec<WorldFile> {
        self.world.files(folder, found)
    }

    fn read(&self, path: &SourcePath, limit: u64) -> Result<Vec<u8>, String> {
        if self.reads.fetch_sub(1, Ordering::SeqCst) == 0 {
            for (path, bytes) in self.changed.iter() {
                support::write(path, bytes);
            }
        }
        self.world.read(path, limit)
    }

    fn stamp(&self, path: &SourcePath) -> Option<Stamp> {
        self.world.stamp(path)
    }

    fn disk_path(&self, path: &SourcePath) -> Option<PathBuf> {
        self.world.disk_path(path)
    }

    fn now(&self) -> Timestamp {
        self.world.now()
    }

    fn shared(&self) -> Arc<dyn World> {
        Arc::new(self.clone())
    }
}

/// The files of a folder with their times.
type Tree = BTreeMap<String, (Vec<u8>, SystemTime)>;

/// Output and state as a build left them.
#[derive(Clone, Default)]
struct Left {
    output: Tree,
    state: Tree,
}

/// What was done, over all sequences.
#[derive(Debug, Default)]
pub struct Tally {
    pub edits: usize,
    pub rendered: usize,
    pub kept: usize,
    pub with_errors: usize,
    /// The errors, by code.
    pub errors: BTreeMap<&'static str, usize>,
    pub untouched: usize,
}

pub struct Runner {
    folder: TempDir,
    model: Model,
    options: Options,
    /// Whether files count as settled.
    later: bool,
    files: BTreeMap<String, Vec<u8>>,
    left: Vec<Left>,
    /// Whether nobody has touched what the last good build left.
    is_whole: bool,
    number: usize,
    pub tally: Tally,
}

impl Tally {
    pub fn add(&mut self, other: &Tally) {
        self.edits += other.edits;
        self.rendered += other.rendered;
        self.kept += other.kept;
        self.with_errors += other.with_errors;
        for (code, count) in &other.errors {
            *self.errors.entry(code).or_default() += count;
        }
        self.untouched += other.untouched;
    }
}

impl Runner {
    pub fn new(seed: &Seed, options: Options) -> Runner {
        let runner = Runner {
            folder: temporary(),
            model: Model::new(seed),
            options: Options {
                clock: clock(seed.bytes[41] / 100),
                ..options
            },
            later: seed.bytes[42] < 200,
            files: BTreeMap::new(),
            left: Vec::new(),
            is_whole: false,
            number: 0,
            tally: Tally::default(),
        };
        fs::create_dir_all(runner.site()).expect("a folder");
        runner
    }

    /// Builds, edits and builds; the error says what differs.
    pub fn run(&mut self, edits: &[Edit]) -> Result<(), String> {
        self.write_sources(false);
        self.check().map_err(|why| format!("at first: {why}"))?;
        for (number, edit) in edits.iter().enumerate() {
            self.apply(edit);
            self.tally.edits += 1;
            self.check()
                .map_err(|why| format!("after edit {number}, {:?}: {why}", edit.kind))?;
        }
        Ok(())
    }

    fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    fn output(&self) -> PathBuf {
        self.site().join("public")
    }

    fn state(&self) -> PathBuf {
        self.site().join(".brief/0123")
    }

    fn cache(&self) -> PathBuf {
        self.state().join("cache")
    }

    fn apply(&mut self, edit: &Edit) {
        // Most mistakes are mended at once.
        let was_broken = self.model.broken.is_some();
        self.is_whole &= edit.kind < Kind::OutputDeleted;
        if self.model.broken.is_some() && edit.bytes[23] < 200 {
            self.model.broken = None;
        }
        let mended = (edit.kind == Kind::Meanwhile).then(|| self.model.files());
        if edit.change(&mut self.model) {
            if let Some(mended) = mended {
                self.write(mended, false);
                self.build_while_somebody_writes(edit.bytes[1]);
            }
            self.write_sources(edit.kind == Kind::SameSizeAndTime);
            return;
        }
        let [which, how, more, ..] = edit.bytes;
        let mut choose = 0x9e37_79b9_7f4a_7c15_u64 ^ u64::from_le_bytes([which, how, more, 0, 0, 0, 0, 0]);
        match edit.kind {
            Kind::Clock => self.options.clock = clock(which),
            Kind::Drafts => self.options.drafts = !self.options.drafts,
            Kind::Future => self.options.future = !self.options.future,
            Kind::BaseUrl => {
                let base_url = BASE_URLS[usize::from(which) % BASE_URLS.len()];
                self.options.base_url = base_url.map(|url| BaseUrl::parse(url).expect("an address"));
            }
            Kind::Touch => {
                if let Some(path) = pick(self.files.keys(), which, how) {
                    set_time(
                        &self.site().join(path),
                        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + u64::from(more)),
                    );
                }
            }
            Kind::OutputDeleted => drop(fs::remove_file(self.owned(which, how))),
            Kind::OutputTruncated => {
                let path = self.owned(which, how);
                let bytes = fs::read(&path).unwrap_or_default();
                let length = bytes.len() * usize::from(more) / 256;
                write_where_a_file_is(&path, &bytes[..length]);
            }
            Kind::OutputOverwritten => write_where_a_file_is(&self.owned(which, how), b"somebody else's"),
            Kind::OutputReplacedByFolder => {
                let path = self.owned(which, how);
                if fs::remove_file(&path).is_ok() {
                    fs::create_dir(&path).expect("a folder");
                }
            }
            Kind::OutputTouched => set_time(&self.owned(which, how), SystemTime::UNIX_EPOCH),
            Kind::OutputEmptied => drop(fs::remove_dir_all(self.output())),
            Kind::OlderOutput => {
                if let Some(left) = self.older(which) {
                    restore(&self.output(), &left.output);
                }
            }
            Kind::CacheDeleted => drop(fs::remove_file(self.cache())),
            Kind::CacheTruncated => {
                let bytes = fs::read(self.cache()).unwrap_or_default();
                let length = (usize::from(which) * 256 + usize::from(how)) * bytes.len() / 65536;
                write_where_a_file_is(&self.cache(), &bytes[..length]);
            }
            Kind::CacheFlipped => {
                let mut bytes = fs::read(self.cache()).unwrap_or_default();
                let at = (usize::from(which) * 256 + usize::from(how)) * bytes.len() / 65536;
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << (more % 8);
                }
                write_where_a_file_is(&self.cache(), &bytes);
            }
            Kind::CacheGarbage => write_where_a_file_is(&self.cache(), &edit.bytes.repeat(usize::from(more))),
            Kind::OlderCache => {
                let older = self.older(which);
                if let Some((bytes, _)) = older.as_ref().and_then(|left| left.state.get("cache")) {
                    support::write(&self.cache(), bytes);
                }
            }
            Kind::OlderState => {
                if let Some(left) = self.older(which) {
                    restore(&self.state(), &left.state);
                }
            }
            Kind::ManifestOfStateDeleted => drop(fs::remove_file(self.state().join("manifest"))),
            Kind::ManifestOfOutputDeleted => drop(fs::remove_file(self.output().join(".brief-manifest"))),
            Kind::StateDeleted => drop(fs::remove_dir_all(self.state())),
            Kind::Leftovers => {
                support::write(&self.output().join(".brief-staging/index.html"), "half");
                support::write(&self.output().join(".brief-staging/x/y"), "half");
                for name in ["cache.new", "manifest.new", "stories"] {
                    support::write(&self.state().join(name), "half");
                }
            }
            Kind::Killed => {
                let (Some(before), Some(after)) = (self.older(0), self.left.last().cloned()) else {
                    return;
                };
                // Some files stand where the build wanted them, the others as they were; the manifest
                // and the cache come last.
                let mut output = before.output.clone();
                for (path, file) in &after.output {
                    choose = choose.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    if choose >> 63 == 1 && path != ".brief-manifest" {
                        output.insert(path.clone(), file.clone());
                    }
                }
                restore(&self.output(), &output);
                restore(&self.state(), &before.state);
            }
            _ => {}
        }
        self.write_sources(false);
        // What a killed build put into place is known by its bytes, if it is built again as it was.
        if edit.kind != Kind::Killed || was_broken {
            self.remove_what_nobody_knows();
        }
    }

    /// Removes files that no copy of the manifest names any more: brief takes them for somebody else's,
    /// and rightly so.
    fn remove_what_nobody_knows(&self) {
        let output = self.output();
        let copies = [self.state().join("manifest"), output.join(".brief-manifest")];
        let known: Vec<Manifest> = copies.iter().filter_map(|copy| Manifest::read(copy)).collect();
        if known.is_empty() {
            // An output that never was stays away.
            let _ = fs::remove_dir_all(&output);
        }
        for path in support::files(&output) {
            let is_known = |manifest: &Manifest| manifest.get(&path).is_some();
            if !path.starts_with(".brief-") && !known.iter().any(is_known) {
                fs::remove_file(output.join(path)).expect("a file");
            }
        }
    }

    /// A file of the output.
    fn owned(&self, which: u8, how: u8) -> PathBuf {
        let files = support::files(&self.output());
        let path = pick(files.iter().filter(|path| *path != ".brief-manifest"), which, how);
        self.output().join(path.map_or("none", String::as_str))
    }

    /// What the build so many builds before the last one left.
    fn older(&self, back: u8) -> Option<Left> {
        let last = self.left.len().checked_sub(1)?;
        let back = 1 + usize::from(back) % 3;
        self.left.get(last.checked_sub(back)?).cloned()
    }

    /// Makes the folder what the model says. With `quietly` a file that changes keeps its time.
    fn write_sources(&mut self, quietly: bool) {
        self.write(self.model.files(), quietly);
    }

    fn write(&mut self, files: BTreeMap<String, Vec<u8>>, quietly: bool) {
        for path in self.files.keys() {
            if !files.contains_key(path) {
                fs::remove_file(self.site().join(path)).expect("a source");
            }
        }
        for (path, bytes) in &files {
            if self.files.get(path) != Some(bytes) {
                let place = self.site().join(path);
                let time = fs::metadata(&place).and_then(|metadata| metadata.modified());
                support::write(&place, bytes);
                if let (true, Ok(time)) = (quietly, time) {
                    set_time(&place, time);
                }
            }
        }
        self.files = files;
    }

    /// Builds. What has moved since the last build is left out of the diagnostics: it is told once, and
    /// never by a clean build.
    fn build(&self, output: &Path, state: &Path, clean: bool, explain: bool) -> Outcome {
        let disk = DiskWorld::new(&self.site()).expect("a site");
        let options = Options {
            clean,
            explain,
            ..self.options.clone()
        };
        let open = |_: &_| Output::open(output, state, false);
        let mut outcome = match self.later {
            true => build(&Later(disk), &options, open),
            false => build(&disk, &options, open),
        };
        outcome.diagnostics = outcome.diagnostics.without(Code::MovedAddress);
        outcome
    }

    /// Builds while the files become what the model says; what comes of that matters to nobody but the
    /// next build.
    fn build_while_somebody_writes(&self, reads: u8) {
        let files = self.model.files().into_iter();
        let changed = files.filter(|(path, bytes)| self.files.get(path) != Some(bytes));
        let world = Busy {
            world: Arc::new(Later(DiskWorld::new(&self.site()).expect("a site"))),
            reads: Arc::new(AtomicUsize::new(usize::from(reads) % 32)),
            changed: Arc::new(
                changed
                    .map(|(path, bytes)| (self.site().join(path), bytes))
                    .collect(),
            ),
        };
        build(&world, &self.options, |_| {
            Output::open(&self.output(), &self.state(), false)
        });
    }

    /// Builds twice, and once from nothing, and compares.
    fn check(&mut self) -> Result<(), String> {
        self.number += 1;
        let found = tree(&self.output());
        let disk = DiskWorld::new(&self.site()).expect("a site");
        let outlook = outlook(&disk, &self.options, &self.state());
        let outcome = self.build(&self.output(), &self.state(), false, false);
        let left = Left {
            output: tree(&self.output()),
            state: tree(&self.state()),
        };
        let (clean, diagnostics) = build_in_memory(&disk, &self.options);
        if outcome.diagnostics != diagnostics {
            return Err(format!(
                "other diagnostics\n  found {:#?}\n  clean {diagnostics:#?}",
                outcome.diagnostics
            ));
        }
        match &outcome.report {
            None => {
                self.tally.with_errors += 1;
                let errors = outcome
                    .diagnostics
                    .iter()
                    .filter(|problem| problem.severity == Severity::Error);
                for problem in errors {
                    *self.tally.errors.entry(problem.code.name()).or_default() += 1;
                }
                same(&bytes(&found), &bytes(&left.output)).map_err(|why| format!("with errors {why}"))?;
            }
            Some(report) => {
                let clean = clean.ok_or("a clean build has errors")?;
                let clean = clean
                    .iter()
                    .map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
                same(&clean.collect(), &bytes(&left.output)).map_err(|why| {
                    format!(
                        "{why}\n  {} rendered: {:?}",
                        outcome.rendered.len(),
                        outcome.rendered
                    )
                })?;
                self.tally.rendered += outcome.rendered.len();
                self.tally.kept += report.unchanged;
                self.tally.untouched += usize::from(outcome.rendered.is_empty() && report.written == 0);
                if self.is_whole && !outlook.is_due() && report.written + report.removed > 0 {
                    return Err(format!(
                        "a build that is not due does {report:?}: {:?}",
                        outlook.last
                    ));
                }
                self.is_whole = true;
            }
        }
        // Files are written and put into place in the same way as ever, so that a clean build in
        // memory tells as much as one on the disk; that is made now and then.
        if self.number.is_multiple_of(8) {
            self.check_clean(&outcome, &left.output)?;
        }
        // Once more: nothing has changed. Every other time each page is looked at.
        let again = self.build(
            &self.output(),
            &self.state(),
            false,
            self.number.is_multiple_of(2),
        );
        if again.diagnostics != outcome.diagnostics {
            return Err(format!(
                "a second build says something else: {:#?}",
                again.diagnostics
            ));
        }
        if let Some(report) = &again.report {
            if !again.rendered.is_empty() || report.written + report.removed > 0 {
                return Err(format!(
                    "a second build does {report:?}, renders {:?}",
                    again.rendered
                ));
            }
            same(&bytes(&left.output), &bytes(&tree(&self.output())))
                .map_err(|why| format!("a second build: {why}"))?;
        }
        self.left.push(left);
        Ok(())
    }

    /// Compares with a build of another output that is made from nothing.
    fn check_clean(&self, outcome: &Outcome, left: &Tree) -> Result<(), String> {
        let elsewhere = temporary();
        let (output, state) = (elsewhere.path().join("public"), elsewhere.path().join("state"));
        let clean = self.build(&output, &state, true, false);
        if outcome.diagnostics != clean.diagnostics {
            return Err("other diagnostics than on another disk".to_owned());
        }
        if outcome.held != clean.held || outcome.articles != clean.articles {
            return Err("other articles are held".to_owned());
        }
        match clean.report {
            Some(_) => same(&bytes(&tree(&output)), &bytes(left)),
            None => Ok(()),
        }
    }
}

/// A temporary folder, in memory where the system has such a place: a sequence writes some thousand
/// files.
pub fn temporary() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    folder.expect("a temporary folder")
}

fn clock(which: u8) -> Clock {
    let clock = CLOCKS[usize::from(which) % CLOCKS.len()];
    Clock::At(clock.parse().expect("an instant"))
}

fn pick<'p>(mut paths: impl Iterator<Item = &'p String> + Clone, which: u8, how: u8) -> Option<&'p String> {
    let count = paths.clone().count();
    paths.nth((usize::from(which) * 256 + usize::from(how)) % count.max(1))
}

fn write_where_a_file_is(path: &Path, bytes: &[u8]) {
    if path.is_file() {
        fs::write(path, bytes).expect("written");
    }
}

fn set_time(path: &Path, time: SystemTime) {
    if let Ok(file) = File::options().append(true).open(path) {
        file.set_modified(time).expect("a time");
    }
}

fn tree(folder: &Path) -> Tree {
    let read = |path: String| {
        let place = folder.join(&path);
        let time = fs::metadata(&place)
            .and_then(|metadata| metadata.modified())
            .expect("a time");
        (path, (fs::read(&place).expect("a file"), time))
    };
    support::files(folder).into_iter().map(read).collect()
}

fn restore(folder: &Path, tree: &Tree) {
    // A folder that was never there stays away.
    let _ = fs::remove_dir_all(folder);
    for (path, (bytes, time)) in tree {
        let place = folder.join(path);
        let is_in_the_way = place.ancestors().skip(1).any(Path::is_file) || place.is_dir();
        if !is_in_the_way {
            support::write(&place, bytes);
            set_time(&place, *time);
        }
    }
}

/// The files without brief's own.
fn bytes(tree: &Tree) -> BTreeMap<&str, &[u8]> {
    let files = tree.iter().filter(|(path, _)| !path.starts_with(".brief-"));
    files
        .map(|(path, (bytes, _))| (path.as_str(), bytes.as_slice()))
        .collect()
}

fn same(expected: &BTreeMap<&str, &[u8]>, found: &BTreeMap<&str, &[u8]>) -> Result<(), String> {
    let paths = expected.keys().chain(found.keys());
    let differing: BTreeSet<&&str> = paths
        .filter(|path| expected.get(*path) != found.get(*path))
        .collect();
    let Some(first) = differing.first() else {
        return Ok(());
    };
    let text = |tree: &BTreeMap<&str, &[u8]>| {
        let bytes = tree.get(**first);
        bytes.map_or("nothing".to_owned(), |bytes| {
            String::from_utf8_lossy(bytes).into_owned()
        })
    };
    let difference = support::difference(&text(expected), &text(found));
    Err(format!(
        "these files differ: {differing:?}; {first}: {difference}"
    ))
}
