//! Rounds: looking at all files again and again, where the system tells nothing.
//!
//! Only names and stamps are looked at, never contents. We do this ourselves, since notify's polling
//! compares whole seconds and takes a file for unchanged that was replaced by an older one.

use std::collections::BTreeMap;
use std::mem;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::MOST_PLACES;
use crate::building::inputs::FOLDERS;
use crate::building::preview::Hints;
use crate::ground::diagnostic::Diagnostics;
use crate::ground::path::SourcePath;
use crate::ground::world::{DiskWorld, File, Stamp, World};
use crate::reading::config;

/// The shortest pause between two rounds.
const SHORTEST: Duration = Duration::from_millis(10);

/// After this time no clock of a file system still shows the same: that of FAT ticks every two seconds.
const TICK: Duration = Duration::from_secs(2);

/// What the last round saw.
#[derive(Debug)]
pub struct Rounds {
    site: PathBuf,
    pause: Duration,
    /// How long the last round took.
    took: Duration,
    known: BTreeMap<SourcePath, Stamp>,
    /// Files that were different, and when that was seen. They may have been written again within one
    /// tick, which their stamp does not show.
    recent: BTreeMap<SourcePath, Instant>,
}

impl Rounds {
    /// The first round through a site folder, which may be missing for the moment.
    pub fn new(site: PathBuf, pause: Duration) -> Rounds {
        let begun = Instant::now();
        let mut rounds = Rounds {
            site,
            pause: pause.max(SHORTEST),
            took: Duration::ZERO,
            known: BTreeMap::new(),
            recent: BTreeMap::new(),
        };
        if let Some(world) = rounds.world() {
            rounds.known = look(&world);
            let now = world.now();
            let recent = rounds.known.iter().filter(|(_, stamp)| !stamp.is_settled(now));
            rounds.recent = recent.map(|(path, _)| (path.clone(), Instant::now())).collect();
        }
        rounds.took = begun.elapsed();
        rounds
    }

    fn world(&self) -> Option<DiskWorld> {
        DiskWorld::new(&self.site).ok()
    }

    /// How long to wait until the next round. A large site on a slow disk is not looked at all the time.
    pub fn pause(&self) -> Duration {
        self.pause.max(self.took)
    }

    /// Goes round and tells what is different.
    pub fn hints(&mut self) -> Hints {
        let begun = Instant::now();
        let now = self.world().map_or_else(BTreeMap::new, |world| look(&world));
        let before = mem::replace(&mut self.known, now);
        self.took = begun.elapsed();
        let gone = before.keys().filter(|path| !self.known.contains_key(*path));
        let new = self
            .known
            .iter()
            .filter(|(path, stamp)| before.get(*path) != Some(*stamp));
        let different: Vec<SourcePath> = gone.chain(new.map(|(path, _)| path)).cloned().collect();

        let mut hints = Hints::default();
        self.recent.retain(|path, seen| {
            let is_over = begun.saturating_duration_since(*seen) > TICK;
            if is_over {
                hints.paths.insert(path.clone());
            }
            !is_over
        });
        let seen = Instant::now();
        self.recent
            .extend(different.iter().map(|path| (path.clone(), seen)));
        hints.paths.extend(different);
        if hints.paths.len() > MOST_PLACES {
            return super::everything();
        }
        hints
    }
}

fn look(world: &DiskWorld) -> BTreeMap<SourcePath, Stamp> {
    let mut found = Diagnostics::new();
    let settings = SourcePath::new(config::FILE_NAME);
    let settings = settings.and_then(|path| Some((world.stamp(&path)?, path)));
    let settings = settings.map(|(stamp, path)| File { path, stamp });
    let others = FOLDERS.iter().flat_map(|folder| world.files(folder, &mut found));
    let files = settings.into_iter().chain(others);
    files.map(|file| (file.path, file.stamp)).collect()
}
