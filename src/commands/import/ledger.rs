//! The ledger of imports: what came from where, and which bytes were written of it.
//!
//! With it the next import of the same source tells what a person has edited since, and finds what was
//! moved. It lies in `.brief/imports` and may be deleted at any time: then all that differs from its source
//! counts as edited.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::commands::output::STATE_FOLDER;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::SourcePath;

/// The first line of the file; another one means another format, or no ledger.
const HEAD: &str = "brief imports 1";

/// The largest ledger that is read, in bytes: that of some million articles.
const MAX_BYTES: u64 = 512 << 20;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The fingerprint of the bytes.
    pub wrote: Fingerprint,
    /// The file, in the site folder.
    pub path: SourcePath,
    /// Where its source would have it: another place than `path` once a person has moved it.
    pub planned: SourcePath,
    /// The `id` of the article; empty for what has none.
    pub id: String,
}

/// The entries, by the fingerprint of what tells a thing from all others.
#[derive(Debug, Default)]
pub struct Ledger {
    file: PathBuf,
    entries: BTreeMap<Fingerprint, Entry>,
    /// Which of them are of one file.
    of_path: BTreeMap<SourcePath, BTreeSet<Fingerprint>>,
    is_changed: bool,
}

impl Ledger {
    /// The ledger of a site. One that cannot be read counts as empty.
    pub fn open(site: &Path) -> Ledger {
        let file = site.join(STATE_FOLDER).join("imports");
        let mut text = String::new();
        let read = fs::File::open(&file).and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text));
        let mut lines = text.lines();
        let is_ours = read.is_ok() && lines.next() == Some(HEAD);
        let mut ledger = Ledger {
            file,
            ..Ledger::default()
        };
        if is_ours {
            for (key, entry) in lines.filter_map(entry) {
                ledger.insert(key, entry);
            }
        }
        ledger
    }

    /// What was written of the first of these that anything was written of.
    pub fn find(&self, origins: &[String]) -> Option<&Entry> {
        let keys = origins.iter().map(Fingerprint::of);
        keys.into_iter().find_map(|key| self.entries.get(&key))
    }

    /// Whether a file has the very bytes that an import wrote.
    pub fn holds(&self, path: &SourcePath, bytes: Fingerprint) -> bool {
        let mut entries = self.of(path);
        entries.any(|entry| entry.wrote == bytes)
    }

    /// Whether a file is one that an import wrote, or that lies where it did.
    pub fn has(&self, path: &SourcePath) -> bool {
        self.of_path.contains_key(path)
    }

    /// Forgets what was at a place where something else is written now.
    pub fn forget(&mut self, path: &SourcePath) {
        for key in self.of_path.remove(path).unwrap_or_default() {
            self.is_changed |= self.entries.remove(&key).is_some();
        }
    }

    /// The ids of what was written at a place.
    pub fn ids_at(&self, path: &SourcePath) -> impl Iterator<Item = &str> {
        let ids = self.of(path).map(|entry| entry.id.as_str());
        ids.filter(|id| !id.is_empty())
    }

    /// Whether anything that was written has an id.
    pub fn has_id(&self, id: &str) -> bool {
        self.entries.values().any(|entry| entry.id == id)
    }

    fn of(&self, path: &SourcePath) -> impl Iterator<Item = &Entry> {
        let keys = self.of_path.get(path).into_iter().flatten();
        keys.filter_map(|key| self.entries.get(key))
    }

    fn insert(&mut self, key: Fingerprint, entry: Entry) -> Option<Entry> {
        let path = entry.path.clone();
        let before = self.entries.insert(key, entry);
        if let Some(before) = &before
            && before.path != path
            && let Some(keys) = self.of_path.get_mut(&before.path)
        {
            keys.remove(&key);
            if keys.is_empty() {
                self.of_path.remove(&before.path);
            }
        }
        self.of_path.entry(path).or_default().insert(key);
        before
    }

    /// Notes what was written.
    pub fn note(&mut self, origins: &[String], entry: &Entry) {
        // Such a name would be two lines.
        let texts = [entry.path.as_str(), entry.planned.as_str(), entry.id.as_str()];
        if texts.iter().any(|text| text.contains(['\n', '\t'])) {
            return;
        }
        for origin in origins {
            let before = self.insert(Fingerprint::of(origin), entry.clone());
            self.is_changed |= before.as_ref() != Some(entry);
        }
    }

    /// Writes the ledger, if it says anything new: beside the old one first, so that there is always a whole one.
    pub fn save(&self) -> io::Result<()> {
        if !self.is_changed {
            return Ok(());
        }
        let mut text = format!("{HEAD}\n");
        for (key, entry) in &self.entries {
            let Entry {
                wrote,
                path,
                planned,
                id,
            } = entry;
            text.push_str(&format!("{key}\t{wrote}\t{path}\t{planned}\t{id}\n"));
        }
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        let beside = self.file.with_extension("new");
        fs::write(&beside, text)?;
        fs::rename(&beside, &self.file)
    }
}

fn entry(line: &str) -> Option<(Fingerprint, Entry)> {
    let mut parts = line.split('\t');
    let key = Fingerprint::parse(parts.next()?)?;
    let path = |text: &str| SourcePath::new(text).filter(|path| !path.as_str().is_empty());
    let entry = Entry {
        wrote: Fingerprint::parse(parts.next()?)?,
        path: path(parts.next()?)?,
        planned: path(parts.next()?)?,
        id: parts.next()?.to_owned(),
    };
    parts.next().is_none().then_some((key, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_found_again() {
        let site = tempfile::tempdir().expect("a folder");
        let mut ledger = Ledger::open(site.path());
        let entry = Entry {
            wrote: Fingerprint::of("text"),
            path: SourcePath::new("content/articles/ä b.md").expect("a path"),
            planned: SourcePath::new("content/articles/c.md").expect("a path"),
            id: "an id".to_owned(),
        };
        let origins = ["https://example.org/".to_owned(), "its words".to_owned()];
        ledger.note(&origins, &entry);
        ledger.save().expect("a ledger");
        let mut ledger = Ledger::open(site.path());
        assert_eq!(
            ledger.find(&["other".to_owned(), origins[1].clone()]),
            Some(&entry)
        );
        assert!(ledger.holds(&entry.path, entry.wrote));
        // Nothing new is not written.
        fs::remove_file(site.path().join(".brief/imports")).expect("a file");
        ledger.note(&origins, &entry);
        ledger.save().expect("nothing to do");
        assert!(!site.path().join(".brief/imports").exists());
    }

    #[test]
    fn a_damaged_ledger_is_none() {
        let site = tempfile::tempdir().expect("a folder");
        fs::create_dir(site.path().join(".brief")).expect("a folder");
        let key = Fingerprint::of("a");
        for text in [
            "".to_owned(),
            "brief imports 9\n".to_owned(),
            format!(
                "{HEAD}\n{key}\t{key}\t../../etc/passwd\ta.md\tx\n{key}\t{key}\ta.md\t../../b\tx\n{key}\t{key}\n\t\t\t\n{key}\n"
            ),
        ] {
            fs::write(site.path().join(".brief/imports"), &text).expect("a file");
            assert_eq!(Ledger::open(site.path()).find(&["a".to_owned()]), None, "{text}");
        }
    }
}
