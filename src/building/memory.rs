//! Memory: what this build may take over from the one before, and what it writes down for the next.

use std::collections::HashMap;
use std::fs::File as DiskFile;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rayon::prelude::*;

use super::cache::{ArticleRecord, Cache, ENGINE, Head, NewCache, PageRecord};
use super::darkroom::Darkroom;
use super::output::Output;
use super::shelf::Rest;
use crate::ground::diagnostic::Diagnostics;
use crate::ground::encoding::Encode;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, Url};
use crate::ground::world::{File, Stamp};
use crate::meaning::site::Asset;
use crate::pages::subject::Subject;
use crate::reading::company::Register;

/// What is known, and where it is kept.
#[derive(Debug)]
pub struct Memory {
    /// The folder of the cache; none for a build that keeps nothing.
    folder: Option<PathBuf>,
    earlier: Option<Cache<BufReader<DiskFile>>>,
    /// Whether what the last build read of articles holds still.
    reads_alike: bool,
    /// Whether what the last build rendered with is what this one renders with.
    looks_alike: bool,
    seen: Seen,
    new: Option<NewCache>,
    /// The settings, as text and as the command changes them.
    settings: Fingerprint,
    reading: Fingerprint,
    /// Where stories go that do not fit into memory.
    rest: Rest,
    /// Articles of the last build at addresses that this build has not asked for.
    gone: Vec<(Url, SourcePath)>,
}

/// The files that the last build saw.
#[derive(Debug)]
pub struct Seen {
    started: Timestamp,
    stamps: HashMap<SourcePath, Stamp>,
    assets: HashMap<SourcePath, Asset>,
}

impl Seen {
    /// Whether a file is the one that the last build saw.
    pub fn is_same(&self, path: &SourcePath, stamp: Stamp) -> bool {
        stamp.is_settled(self.started) && self.stamps.get(path) == Some(&stamp)
    }

    /// What the last build knew of a file that is copied or shown.
    pub fn asset(&self, path: &SourcePath) -> Option<Asset> {
        self.assets.get(path).copied()
    }
}

fn keep_gone(gone: &mut Vec<(Url, SourcePath)>, page: PageRecord) {
    if let Subject::Article(path) = page.subject {
        gone.push((page.url, path));
    }
}

impl Memory {
    /// A build that knows nothing and keeps nothing.
    pub fn none() -> Memory {
        Memory {
            folder: None,
            earlier: None,
            reads_alike: false,
            looks_alike: false,
            seen: Seen {
                started: Timestamp::MIN,
                stamps: HashMap::new(),
                assets: HashMap::new(),
            },
            new: None,
            settings: Fingerprint::of(""),
            reading: Fingerprint::of(""),
            rest: Rest::Memory,
            gone: Vec::new(),
        }
    }

    /// The same, for whom stories are read again that do not fit into a bounded part of memory.
    pub fn without_room() -> Memory {
        Memory {
            rest: Rest::Source,
            ..Memory::none()
        }
    }

    /// What the last build left in a folder. With `forget` it is as if there had been none.
    pub fn open(folder: &Path, settings: Fingerprint, forget: bool) -> Memory {
        Memory {
            folder: Some(folder.to_owned()),
            earlier: (!forget).then(|| Cache::open(&cache_file(folder))).flatten(),
            settings,
            rest: Rest::File(folder.join("stories")),
            ..Memory::none()
        }
    }

    /// What the last build left in a folder, for whom nothing is written down.
    pub fn only_read(folder: &Path, settings: Fingerprint) -> Memory {
        Memory {
            earlier: Cache::open(&cache_file(folder)),
            settings,
            ..Memory::without_room()
        }
    }

    /// What the last preview left in a folder.
    pub fn of_preview(folder: &Path, settings: Fingerprint) -> Memory {
        Memory {
            rest: Rest::Source,
            ..Memory::open(folder, settings, false)
        }
    }

    /// What the last build told, if a build at an instant `now` would do the same and its output is
    /// untouched.
    pub fn unchanged(
        &mut self,
        request: Fingerprint,
        files: &[File],
        discovered: &Diagnostics,
        now: Timestamp,
        output: &Output,
    ) -> Option<&Head> {
        let earlier = self.earlier.as_mut()?;
        if !earlier.head.holds(request, files, discovered, now) {
            return None;
        }
        let mut count = 0;
        while let Some(pages) = earlier.pages.frame() {
            let files = pages.par_iter().flat_map_iter(PageRecord::files);
            if !output.is_untouched(files, &earlier.head.manifests) {
                break;
            }
            count += pages.iter().map(|page| 1 + page.packed.len()).sum::<usize>();
        }
        earlier.pages.rewind();
        (count == earlier.head.files).then_some(&earlier.head)
    }

    /// The folder for what is known of an output; none for a build that keeps nothing.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Where pictures get their other sizes: one for all outputs of a site.
    pub fn darkroom(&self) -> Darkroom {
        match self.folder.as_deref().and_then(Path::parent) {
            Some(state) => Darkroom::at(state),
            None => Darkroom::without_shelves(),
        }
    }

    /// Where stories go that do not fit into memory.
    pub fn rest(&self) -> Rest {
        self.rest.clone()
    }

    /// Tells what articles are read with; what an earlier build read in another way is forgotten.
    pub fn reads_with(&mut self, register: &Register) {
        self.reading = Fingerprint::of_encoded(|encoder| {
            ENGINE.encode(encoder);
            self.settings.encode(encoder);
            register.reading_mark().encode(encoder);
        });
        if let Some(earlier) = &mut self.earlier {
            let head = &mut earlier.head;
            self.reads_alike = head.reading == self.reading;
            self.seen = Seen {
                started: head.started,
                stamps: std::mem::take(&mut head.sources).into_iter().collect(),
                assets: std::mem::take(&mut head.assets).into_iter().collect(),
            };
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

    /// Tells what pages are rendered with.
    pub fn looks_like(&mut self, look: Fingerprint) {
        self.looks_alike = self
            .earlier
            .as_ref()
            .is_some_and(|earlier| earlier.head.look == look);
    }

    /// Whether pages look as they did when the last build rendered them, as far as templates,
    /// settings and brief itself go.
    pub fn looks_alike(&self) -> bool {
        self.looks_alike
    }

    /// The files that the last build saw.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// What the last build read of an article. To be asked in ascending order.
    pub fn article(&mut self, path: &SourcePath) -> Option<ArticleRecord> {
        let earlier = self.earlier.as_mut().filter(|_| self.reads_alike)?;
        earlier.articles.find(path)
    }

    /// What the last build knew of a page. To be asked in ascending order.
    pub fn page(&mut self, url: &Url) -> Option<PageRecord> {
        let Memory { earlier, gone, .. } = self;
        earlier
            .as_mut()?
            .pages
            .find_behind(url, |page| keep_gone(gone, page))
    }

    /// The articles of the last build whose addresses are no pages any more. To be asked when all pages of
    /// this build were.
    pub fn gone(&mut self) -> Vec<(Url, SourcePath)> {
        let Memory { earlier, gone, .. } = self;
        if let Some(earlier) = earlier {
            earlier.pages.pass_rest(|page| keep_gone(gone, page));
        }
        std::mem::take(gone)
    }

    /// Whether anything is written down.
    pub fn is_writing(&self) -> bool {
        self.new.is_some()
    }

    /// Writes down what was read of some articles.
    pub fn keep_articles(&mut self, records: &[ArticleRecord]) {
        self.write(|new| new.articles(records));
    }

    /// Writes down what is known of some pages.
    pub fn keep_pages(&mut self, records: &[PageRecord]) {
        self.write(|new| new.pages(records));
    }

    fn write(&mut self, write: impl FnOnce(&mut NewCache) -> std::io::Result<()>) {
        if self.new.as_mut().is_some_and(|new| write(new).is_err()) {
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
