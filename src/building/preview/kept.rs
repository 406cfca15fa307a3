//! Kept pages: what was rendered, for as long as it holds and there is room for it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::Url;
use crate::pages::trace::SealedTrace;

/// How many bytes of pages are kept.
const ROOM: usize = 64 * 1024 * 1024;

/// The pages.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    pages: HashMap<Url, Page>,
    /// The pages that have bytes, by when they were last used.
    used: BTreeMap<u64, Url>,
    uses: u64,
    bytes: usize,
}

/// A page that was rendered.
#[derive(Clone, Debug)]
pub struct Page {
    /// What it is about, and what it was rendered with.
    pub mark: Fingerprint,
    /// What it asked and was answered.
    pub trace: SealedTrace,
    /// What tells that its bytes are the same.
    pub content: Fingerprint,
    /// Its bytes, unless there was no room for them.
    pub bytes: Option<Arc<[u8]>>,
    /// The last state of the site for which it is known to hold.
    pub version: u64,
    /// Whether it could not be rendered any more, and this is how it was before.
    pub is_stale: bool,
    used: u64,
}

impl Page {
    /// A page as it was rendered for a state of the site.
    pub fn new(mark: Fingerprint, trace: SealedTrace, bytes: Arc<[u8]>, version: u64) -> Page {
        Page {
            mark,
            trace,
            content: Fingerprint::of(&bytes),
            bytes: Some(bytes),
            version,
            is_stale: false,
            used: 0,
        }
    }
}

impl Kept {
    /// What is kept of a page.
    pub fn get(&self, url: &Url) -> Option<Page> {
        let mut inner = self.lock();
        inner.touch(url);
        inner.pages.get(url).cloned()
    }

    /// What tells that the bytes of a page are the same as when it was last rendered.
    pub fn content(&self, url: &Url) -> Option<Fingerprint> {
        self.lock().pages.get(url).map(|page| page.content)
    }

    /// Keeps a page. Where there is no room, the bytes of pages go that were not used for the longest
    /// time, or those of this page if nobody wants to see it.
    pub fn put(&self, url: &Url, mut page: Page, is_wanted: bool) {
        let mut inner = self.lock();
        inner.drop_bytes(url);
        let length = page.bytes.as_ref().map_or(0, |bytes| bytes.len());
        if !is_wanted && inner.bytes + length > ROOM {
            page.bytes = None;
        }
        inner.bytes += page.bytes.as_ref().map_or(0, |bytes| bytes.len());
        inner.pages.insert(url.clone(), page);
        inner.touch(url);
        while inner.bytes > ROOM
            && let Some((_, oldest)) = inner.used.first_key_value()
        {
            let oldest = oldest.clone();
            inner.drop_bytes(&oldest);
        }
    }

    /// Notes that a page holds for a state of the site, too.
    pub fn holds(&self, url: &Url, version: u64) {
        if let Some(page) = self.lock().pages.get_mut(url) {
            page.version = version;
        }
    }

    /// Notes that a page could not be rendered for a state of the site.
    pub fn failed(&self, url: &Url, version: u64) {
        if let Some(page) = self.lock().pages.get_mut(url) {
            page.version = version;
            page.is_stale = true;
        }
    }

    /// Forgets all pages that are not planned any more.
    pub fn retain(&self, is_planned: impl Fn(&Url) -> bool) {
        let mut inner = self.lock();
        let mut gone: Vec<Url> = inner
            .pages
            .keys()
            .filter(|url| !is_planned(url))
            .cloned()
            .collect();
        gone.sort();
        for url in gone {
            inner.drop_bytes(&url);
            inner.pages.remove(&url);
        }
    }

    /// No code that may panic runs while this is locked, so what it holds is whole in any case.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn touch(&mut self, url: &Url) {
        let Some(page) = self.pages.get_mut(url).filter(|page| page.bytes.is_some()) else {
            return;
        };
        self.used.remove(&page.used);
        self.uses += 1;
        page.used = self.uses;
        self.used.insert(self.uses, url.clone());
    }

    fn drop_bytes(&mut self, url: &Url) {
        if let Some(page) = self.pages.get_mut(url)
            && let Some(bytes) = page.bytes.take()
        {
            self.bytes -= bytes.len();
            self.used.remove(&page.used);
        }
    }
}
