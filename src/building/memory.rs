//! Memory: what this build may take over from the one before, and what it writes down for the next.

use std::collections::HashMap;
use std::fs::File as DiskFile;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::cache::{ArticleRecord, Cache, ENGINE, Head, NewCache};
use crate::ground::encoding::Encode;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::SourcePath;
use crate::ground::world::{File, Stamp};
use crate::meaning::site::Asset;
use crate::reading::company::Register;

/// What is known, and where it is kept.
#[derive(Debug)]
pub struct Memory {
    /// The folder of the cache; none for a build that keeps nothing.
    folder: Option<PathBuf>,
    /// What the last build knew.
    pub head: Option<Head>,
    articles: Option<Cache<BufReader<DiskFile>>>,
    stamps: HashMap<SourcePath, Stamp>,
    assets: HashMap<SourcePath, Asset>,
    new: Option<NewCache>,
    /// The settings, as text and as the command changes them.
    settings: Fingerprint,
    reading: Fingerprint,
}

impl Memory {
    /// A build that knows nothing and keeps nothing.
    pub fn none() -> Memory {
        Memory {
            folder: None,
            head: None,
            articles: None,
            stamps: HashMap::new(),
            assets: HashMap::new(),
            new: None,
            settings: Fingerprint::of(""),
            reading: Fingerprint::of(""),
        }
    }

    /// What the last build left in a folder. With `forget` it is as if there had been none.
    pub fn open(folder: &Path, settings: Fingerprint, forget: bool) -> Memory {
        let opened = (!forget).then(|| Cache::open(&cache_file(folder))).flatten();
        let (head, articles) = opened.unzip();
        Memory {
            folder: Some(folder.to_owned()),
            head,
            articles,
            settings,
            ..Memory::none()
        }
    }

    /// The file for stories that do not fit into memory.
    pub fn spill(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join("stories"))
    }

    /// Tells what articles are read with; what an earlier build read in another way is forgotten.
    pub fn reads_with(&mut self, register: &Register) {
        self.reading = Fingerprint::of_encoded(|encoder| {
            ENGINE.encode(encoder);
            self.settings.encode(encoder);
            register.companies().encode(encoder);
        });
        if self.head.as_ref().is_none_or(|head| head.reading != self.reading) {
            self.articles = None;
        }
        if let Some(head) = &mut self.head {
            self.stamps = std::mem::take(&mut head.sources).into_iter().collect();
            self.assets = std::mem::take(&mut head.assets).into_iter().collect();
        }
        // Without room for a cache the next build is a slow one, and that is all.
        self.new = self
            .folder
            .as_deref()
            .and_then(|folder| NewCache::begin(&cache_file(folder)).ok());
    }

    /// What articles are read with.
    pub fn reading(&self) -> Fingerprint {
        self.reading
    }

    /// Whether a file is the one that the last build saw.
    pub fn is_same(&self, file: &File) -> bool {
        let started = self.head.as_ref().map_or(Timestamp::MIN, |head| head.started);
        file.stamp.is_settled(started) && self.stamps.get(&file.path) == Some(&file.stamp)
    }

    /// What the last build read of an article. To be asked in ascending order.
    pub fn article(&mut self, path: &SourcePath) -> Option<ArticleRecord> {
        self.articles.as_mut()?.article(path)
    }

    /// What the last build knew of a file that is copied or shown.
    pub fn asset(&self, path: &SourcePath) -> Option<Asset> {
        self.assets.get(path).copied()
    }

    /// Whether anything is written down.
    pub fn is_writing(&self) -> bool {
        self.new.is_some()
    }

    /// Writes down what was read of some articles.
    pub fn keep(&mut self, records: &[ArticleRecord]) {
        if let Some(new) = &mut self.new
            && new.articles(records).is_err()
        {
            self.new = None;
        }
    }

    /// Writes down all the rest, for the next build.
    pub fn finish(&mut self, head: &Head) {
        if let Some(new) = self.new.take() {
            // A build that could not write its cache has still built the site.
            let _ = new.finish(head);
        }
    }
}

/// The cache in a folder for what is known of an output.
pub fn cache_file(folder: &Path) -> PathBuf {
    folder.join("cache")
}
