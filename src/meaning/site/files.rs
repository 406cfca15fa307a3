//! The files of a site by the paths that links give them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::ground::path::SourcePath;

/// Every file that a link can mean, by its path in NFC.
#[derive(Debug, Default)]
pub struct Files {
    by_composed_path: HashMap<Arc<str>, SourcePath>,
    /// Whether the paths of two files differ only by their Unicode form.
    has_twins: bool,
}

impl Files {
    /// Of twins the last one is meant.
    pub fn new<'p>(paths: impl Iterator<Item = &'p SourcePath>) -> Files {
        let mut files = Files::default();
        for path in paths {
            let other = files.by_composed_path.insert(path.composed(), path.clone());
            files.has_twins |= other.is_some();
        }
        files
    }

    /// The file that a path in words means.
    pub fn find(&self, path: &str) -> Option<&SourcePath> {
        if path.is_ascii() {
            self.by_composed_path.get(path)
        } else {
            self.by_composed_path.get(&*path.nfc().collect::<String>())
        }
    }

    /// Adds a file; `false` where that takes a new index.
    #[must_use]
    pub fn add(&mut self, path: &SourcePath) -> bool {
        let other = self.by_composed_path.insert(path.composed(), path.clone());
        !self.has_twins && other.is_none()
    }

    /// Takes out a file; `false` where that takes a new index.
    #[must_use]
    pub fn remove(&mut self, path: &SourcePath) -> bool {
        self.by_composed_path.remove(&path.composed());
        !self.has_twins
    }

    /// All files, in an order that is the same for the same files.
    pub fn portrait(&self) -> (BTreeMap<&str, &SourcePath>, bool) {
        let files = self.by_composed_path.iter();
        (files.map(|(key, path)| (&**key, path)).collect(), self.has_twins)
    }

    /// Whether a file that is only held back or shown from now on may change what others mean.
    pub fn has_twins(&self) -> bool {
        self.has_twins
    }
}
