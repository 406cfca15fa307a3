//! Folders: what the system is asked to watch, and what the places that it names are in the site.
//!
//! Every folder is watched by itself, under its place without links, and is known by all the paths of
//! the site that lead to it. Linux has one watch for a folder however many links lead to it, and names
//! one of them only. What may hide a change is looked at in the order that loses none: a folder is
//! watched first, then listed, then named in a hint.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};

use notify::RecursiveMode;

use super::mailbox::Post;
use super::{System, everything};
use crate::building::inputs::FOLDERS;
use crate::building::preview::Hints;
use crate::ground::path::SourcePath;
use crate::ground::world::{describe, is_litter};
use crate::reading::config;

/// Whether a watch of a folder sees what lies below its folders. On Linux it does not, and what notify
/// does about that has gaps: it lists a new folder after telling of it, and gives up where one vanishes.
const SEES_ALL_BELOW: bool = !cfg!(any(target_os = "linux", target_os = "android"));

/// How deep folders may be nested, as it is for those who read them.
const MAX_DEPTH: usize = 64;

/// The folders of a site that are watched.
pub struct Folders {
    system: System,
    /// The site folder, absolute and without links.
    site: PathBuf,
    /// Folders, by place.
    folders: Index,
    /// What links lead to, by place.
    targets: Index,
}

impl std::fmt::Debug for Folders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folders")
            .field("site", &self.site)
            .finish_non_exhaustive()
    }
}

/// Why the system does not watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It watches as much as it may.
    Limit,
    /// Another reason, in words.
    Other(String),
}

impl Refusal {
    /// What an error of the system means.
    pub fn of(error: &notify::Error) -> Refusal {
        match &error.kind {
            notify::ErrorKind::MaxFilesWatch => Refusal::Limit,
            notify::ErrorKind::Io(error) if is_limit(error) => Refusal::Limit,
            kind => Refusal::Other(match kind {
                notify::ErrorKind::Io(error) => describe(error),
                notify::ErrorKind::PathNotFound => "the folder is not there".to_owned(),
                _ => error.to_string(),
            }),
        }
    }
}

/// Whether there are too many open files, here or in the whole system, or too many watches: ENFILE,
/// EMFILE and ENOSPC, which have these numbers on every Unix.
fn is_limit(error: &io::Error) -> bool {
    cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24 | 28))
}

impl Folders {
    /// Watches a site folder, which is absolute and without links.
    pub fn new(site: &Path, system: System) -> Result<Folders, Refusal> {
        let mut folders = Folders {
            system,
            site: site.to_owned(),
            folders: Index::default(),
            targets: Index::default(),
        };
        folders.stand_everywhere()?;
        Ok(folders)
    }

    /// The site folder.
    pub fn site(&self) -> &Path {
        &self.site
    }

    /// Where to look again after what the system told of. New folders are watched when this returns.
    pub fn hints(&mut self, post: &Post) -> Result<Hints, Refusal> {
        let mut paths = BTreeSet::new();
        for place in &post.places {
            self.add_paths(place, &mut paths);
        }
        if post.is_incomplete || paths.contains("") {
            self.stand_everywhere()?;
            return Ok(everything());
        }
        let is_covered = |path: &SourcePath| ancestors(path).any(|folder| paths.contains(folder));
        let paths: BTreeSet<SourcePath> = paths.iter().filter(|path| !is_covered(path)).cloned().collect();
        for path in &paths {
            self.stand(path)?;
        }
        Ok(Hints {
            paths,
            everything: false,
        })
    }

    /// Adds the paths in the site of what lies at a place.
    fn add_paths(&self, place: &Path, paths: &mut BTreeSet<SourcePath>) {
        if let (Some(folder), Some(name)) = (place.parent(), place.file_name().and_then(|name| name.to_str()))
        {
            let folders = self.folders.at(folder).filter(|folder| is_watched(folder, name));
            paths.extend(folders.filter_map(|folder| folder.join(name)));
        }
        paths.extend(self.folders.at(place).cloned());
        // With a folder goes what links lead to below it.
        paths.extend(self.targets.from(place).cloned());
    }

    fn stand_everywhere(&mut self) -> Result<(), Refusal> {
        self.folders = Index::default();
        self.targets = Index::default();
        let site = self.site.clone();
        self.system
            .watch(&site, RecursiveMode::NonRecursive)
            .map_err(|error| Refusal::of(&error))?;
        self.folders.insert(site, SourcePath::root());
        let names = FOLDERS.into_iter().chain([config::FILE_NAME]);
        for path in names.filter_map(SourcePath::new) {
            self.stand(&path)?;
        }
        Ok(())
    }

    /// Watches what lies at a path, anew if it was watched: the system drops a watch when it hears that a
    /// folder is gone, be it that another one has long taken its place.
    fn stand(&mut self, path: &SourcePath) -> Result<(), Refusal> {
        self.folders.forget(path);
        self.targets.forget(path);
        let folder = self.site.join(path.folder()).canonicalize();
        let Some(folder) = folder.ok().filter(|folder| folder.starts_with(&self.site)) else {
            return Ok(());
        };
        let known = ancestors(path).filter_map(|folder| self.folders.places.get(folder));
        let mut above = known.cloned().collect();
        self.walk(path, &folder.join(path.file_name()), &mut above)
    }

    /// Watches what lies at a place and below it. `above` are the folders on the way there.
    fn walk(&mut self, path: &SourcePath, place: &Path, above: &mut Vec<PathBuf>) -> Result<(), Refusal> {
        let Ok(metadata) = fs::symlink_metadata(place) else {
            return Ok(());
        };
        if metadata.is_symlink() {
            let Some(target) = target(place).filter(|target| target.starts_with(&self.site)) else {
                return Ok(());
            };
            // What a link leads to may be replaced, or come into being, and so may the folders on the way.
            for folder in target.ancestors().skip(1) {
                if !folder.starts_with(&self.site) {
                    break;
                }
                self.watch(folder, RecursiveMode::NonRecursive)?;
            }
            self.targets.insert(target.clone(), path.clone());
            return self.walk_folder(path, &target, above);
        }
        self.walk_folder(path, place, above)
    }

    fn walk_folder(
        &mut self,
        path: &SourcePath,
        place: &Path,
        above: &mut Vec<PathBuf>,
    ) -> Result<(), Refusal> {
        // A link may lead to a folder that it lies in.
        let is_circle = above.iter().any(|folder| folder == place);
        if !place.is_dir() || is_circle || above.len() > MAX_DEPTH {
            return Ok(());
        }
        self.watch(place, RecursiveMode::Recursive)?;
        self.folders.insert(place.to_owned(), path.clone());
        let Ok(entries) = fs::read_dir(place) else {
            return Ok(());
        };
        above.push(place.to_owned());
        for entry in entries.flatten() {
            let may_lead_on = entry
                .file_type()
                .is_ok_and(|kind| kind.is_dir() || kind.is_symlink());
            let name = entry.file_name();
            let name = name.to_str().filter(|name| may_lead_on && is_watched(path, name));
            if let Some(path) = name.and_then(|name| path.join(name)) {
                self.walk(&path, &entry.path(), above)?;
            }
        }
        above.pop();
        Ok(())
    }

    /// Watches one folder. Only that nothing more can be watched is an error: of a folder that is gone
    /// again, or has been closed to us, its parent tells.
    fn watch(&mut self, place: &Path, mode: RecursiveMode) -> Result<(), Refusal> {
        let mode = match SEES_ALL_BELOW {
            true if self.is_seen(place, mode) => return Ok(()),
            true => mode,
            false => RecursiveMode::NonRecursive,
        };
        match self
            .system
            .watch(place, mode)
            .map_err(|error| Refusal::of(&error))
        {
            Err(Refusal::Limit) => Err(Refusal::Limit),
            Ok(()) | Err(Refusal::Other(_)) => Ok(()),
        }
    }

    /// Whether a folder is seen already where a watch sees all below: the site folder alone is watched
    /// without what is below it.
    fn is_seen(&self, place: &Path, mode: RecursiveMode) -> bool {
        let is_known = |place: &Path| self.folders.at(place).next().is_some();
        let is_below_known = place
            .parent()
            .is_some_and(|folder| folder != self.site && is_known(folder));
        is_below_known || (mode == RecursiveMode::NonRecursive && is_known(place))
    }
}

/// Whether something of that name in a folder of the site may be read.
fn is_watched(folder: &SourcePath, name: &str) -> bool {
    match folder.as_str() {
        "" => FOLDERS.contains(&name) || name == config::FILE_NAME,
        _ => !is_litter(name),
    }
}

/// The folders that a path lies in, without the site folder.
fn ancestors(path: &SourcePath) -> impl Iterator<Item = &str> {
    let text = path.as_str();
    text.match_indices('/').map(|(slash, _)| &text[..slash])
}

/// What a link leads to, be it there or not; without links, as far as it is there.
fn target(link: &Path) -> Option<PathBuf> {
    let named = link.parent()?.join(fs::read_link(link).ok()?);
    let there = |place: &Path| Some((place.canonicalize().ok()?, named.strip_prefix(place).ok()?));
    let (folder, missing) = named.ancestors().find_map(there)?;
    let is_plain = missing
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    // To join nothing would add a slash.
    is_plain.then(|| match missing.as_os_str().is_empty() {
        true => folder,
        false => folder.join(missing),
    })
}

/// Which paths of the site lead to which places.
#[derive(Debug, Default)]
struct Index {
    paths: BTreeMap<PathBuf, BTreeSet<SourcePath>>,
    places: BTreeMap<SourcePath, PathBuf>,
}

impl Index {
    fn insert(&mut self, place: PathBuf, path: SourcePath) {
        self.paths.entry(place.clone()).or_default().insert(path.clone());
        self.places.insert(path, place);
    }

    /// Forgets a path and all below it.
    fn forget(&mut self, path: &SourcePath) {
        let start = format!("{path}/");
        let below = self
            .places
            .range::<str, _>((Bound::Included(start.as_str()), Bound::Unbounded));
        let below = below.take_while(|(path, _)| path.as_str().starts_with(&start));
        let mut forgotten: Vec<SourcePath> = below.map(|(path, _)| path.clone()).collect();
        forgotten.push(path.clone());
        for path in forgotten {
            let Some(place) = self.places.remove(&path) else {
                continue;
            };
            if let Some(paths) = self.paths.get_mut(&place) {
                paths.remove(&path);
                if paths.is_empty() {
                    self.paths.remove(&place);
                }
            }
        }
    }

    /// The paths of a place.
    fn at(&self, place: &Path) -> impl Iterator<Item = &SourcePath> {
        self.paths.get(place).into_iter().flatten()
    }

    /// The paths of a place and of all below it.
    fn from(&self, place: &Path) -> impl Iterator<Item = &SourcePath> {
        let all = self
            .paths
            .range::<Path, _>((Bound::Included(place), Bound::Unbounded));
        let below = all.take_while(move |(other, _)| other.starts_with(place));
        below.flat_map(|(_, paths)| paths)
    }
}
