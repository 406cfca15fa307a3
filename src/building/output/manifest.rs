//! The manifest: which files of an output folder are ours.
//!
//! A text file without times, so that equal outputs have equal manifests. It is kept twice, beside
//! the cache and in the output itself; what either valid copy names is ours. In memory the paths
//! stand one behind the other in a single text: a large site has a hundred thousand of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::listing::{SHORTEST, parse_line, push_line, seal, stays_inside, unseal};
use crate::ground::encoding::encoded;
use crate::ground::fingerprint::Fingerprint;

/// The first line. The number changes with the format.
const HEADING: &str = "brief-manifest 1\n";

/// What begins the line of a found folder.
const FOUND: &str = "- - ";

/// What a file of the output holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// The identity of its bytes.
    pub fingerprint: Fingerprint,
    /// Its size in bytes.
    pub size: u64,
}

impl Content {
    /// What these bytes are.
    pub fn of(bytes: &[u8]) -> Content {
        Content {
            fingerprint: Fingerprint::of(bytes),
            size: bytes.len() as u64,
        }
    }
}

encoded!(struct Content { fingerprint, size });

/// The files of an output that a build wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The paths of all files, sorted, without anything between them.
    paths: String,
    files: Vec<Entry>,
    found: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    /// Where the path ends; it begins where the one before ends.
    end: usize,
    content: Content,
}

impl Manifest {
    /// A manifest of these files.
    pub fn of_files(files: &BTreeMap<String, Content>) -> Manifest {
        Manifest::new(files, BTreeSet::new())
    }

    /// A manifest of these files and found folders.
    pub(super) fn new(files: &BTreeMap<String, Content>, found: BTreeSet<String>) -> Manifest {
        let mut manifest = Manifest {
            found,
            ..Manifest::default()
        };
        for (path, content) in files {
            manifest.push(path, *content);
        }
        manifest
    }

    /// A manifest of these files. They must be sorted by path, and none may stand there twice; `None` where
    /// that is not so.
    pub fn of_sorted<'f>(files: impl IntoIterator<Item = (&'f str, Content)>) -> Option<Manifest> {
        let mut manifest = Manifest::default();
        for (path, content) in files {
            let count = manifest.files.len();
            if count > 0 && manifest.path(count - 1) >= path {
                return None;
            }
            manifest.push(path, content);
        }
        Some(manifest)
    }

    /// The copy that lies in an output folder.
    pub fn of_output(folder: &Path) -> Option<Manifest> {
        Manifest::read(&folder.join(super::folder::MANIFEST))
    }

    /// Reads a copy; `None` where there is no valid one. A symbolic link is not followed.
    pub fn read(path: &Path) -> Option<Manifest> {
        Manifest::parse(&Manifest::read_text(path)?)
    }

    /// The text of a copy, valid or not.
    pub(super) fn read_text(path: &Path) -> Option<String> {
        let is_file = fs::symlink_metadata(path).ok()?.is_file();
        is_file.then(|| fs::read_to_string(path).ok()).flatten()
    }

    /// Reads what [`Manifest::text`] writes, and nothing else.
    pub fn parse(text: &str) -> Option<Manifest> {
        let listed = unseal(text)?.strip_prefix(HEADING)?;
        let count = listed.bytes().filter(|&byte| byte == b'\n').count();
        let mut manifest = Manifest {
            paths: String::with_capacity(listed.len().saturating_sub(count * SHORTEST)),
            files: Vec::with_capacity(count),
            found: BTreeSet::new(),
        };
        for line in listed.split_terminator('\n') {
            if let Some(folder) = line.strip_prefix(FOUND) {
                let is_last = manifest.found.last().is_none_or(|last| **last < *folder);
                if !is_last || !stays_inside(folder) {
                    return None;
                }
                manifest.found.insert(folder.to_owned());
            } else {
                let (path, content) = parse_line(line)?;
                let is_last = manifest.files.is_empty() || manifest.path(manifest.files.len() - 1) < path;
                if !is_last || !manifest.found.is_empty() {
                    return None;
                }
                manifest.push(path, content);
            }
        }
        Some(manifest)
    }

    /// The whole file: heading, one sorted line `fingerprint size path` a file, one sorted line
    /// `- - path` a found folder, checksum over all these.
    pub fn text(&self) -> String {
        text(self.files(), &self.found)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files, sorted by path.
    pub fn files(&self) -> impl ExactSizeIterator<Item = (&str, Content)> + Clone {
        (0..self.files.len()).map(|number| (self.path(number), self.files[number].content))
    }

    /// What a file holds; `None` for a path that is not listed.
    pub fn get(&self, path: &str) -> Option<Content> {
        self.get_in_order(path, &mut 0)
    }

    /// The same, faster for paths in their order. `next` is the number of the file that is looked at
    /// first; it becomes that of the file behind the one found.
    pub(super) fn get_in_order(&self, path: &str, next: &mut usize) -> Option<Content> {
        let is_it = |number: usize| number < self.files.len() && self.path(number) == path;
        let number = if is_it(*next) {
            *next
        } else {
            self.first_from(path)
        };
        *next = number + 1;
        is_it(number).then(|| self.files[number].content)
    }

    /// Folders that hold such files but were there before them: they outlive the last of these.
    pub fn found(&self) -> &BTreeSet<String> {
        &self.found
    }

    /// Whether a file lies in a folder, at whatever depth.
    pub(super) fn has_below(&self, folder: &str) -> bool {
        let inside = format!("{folder}/");
        let number = self.first_from(&inside);
        number < self.files.len() && self.path(number).starts_with(&inside)
    }

    /// What this or the other names.
    pub(super) fn union(self, other: Manifest) -> Manifest {
        let mut files = self.to_files();
        files.extend(other.files().map(|(path, content)| (path.to_owned(), content)));
        let found = self.found.union(&other.found).cloned().collect();
        Manifest::new(&files, found)
    }

    /// The files, to be changed. Takes much more memory.
    pub(super) fn to_files(&self) -> BTreeMap<String, Content> {
        let owned = |(path, content): (&str, Content)| (path.to_owned(), content);
        self.files().map(owned).collect()
    }

    fn push(&mut self, path: &str, content: Content) {
        self.paths.push_str(path);
        let end = self.paths.len();
        self.files.push(Entry { end, content });
    }

    fn path(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.files[before].end);
        &self.paths[start..self.files[number].end]
    }

    /// The number of the first file that is not sorted before a path.
    fn first_from(&self, path: &str) -> usize {
        let (mut low, mut high) = (0, self.files.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.path(middle) < path {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// The text of a manifest of these files, which are sorted.
pub(super) fn text<'f>(
    files: impl Iterator<Item = (&'f str, Content)> + Clone,
    found: &BTreeSet<String>,
) -> String {
    const LONGEST_SIZE: usize = 20;
    let bytes = files
        .clone()
        .map(|(path, _)| path.len() + SHORTEST + LONGEST_SIZE);
    let mut text = String::with_capacity(HEADING.len() + bytes.sum::<usize>());
    text.push_str(HEADING);
    for (path, content) in files {
        push_line(&mut text, path, content);
    }
    for folder in found {
        text.push_str(&format!("{FOUND}{folder}\n"));
    }
    seal(&mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Manifest {
        let content = |path: &str| Content {
            fingerprint: Fingerprint::of(path),
            size: 7,
        };
        let files = ["index.html", "a b/é.txt", "a b/z"]
            .into_iter()
            .map(|path| (path.to_owned(), content(path)));
        Manifest::new(&files.collect(), BTreeSet::from(["a b".to_owned()]))
    }

    #[test]
    fn the_text_is_sorted_and_closed_by_a_checksum() {
        let listed = format!(
            "brief-manifest 1\n{} 7 a b/z\n{} 7 a b/é.txt\n{} 7 index.html\n- - a b\n",
            Fingerprint::of("a b/z"),
            Fingerprint::of("a b/é.txt"),
            Fingerprint::of("index.html")
        );
        let expected = format!("{listed}checksum {}\n", Fingerprint::of(&listed));
        assert_eq!(example().text(), expected);
        assert_eq!(Manifest::parse(&expected), Some(example()));
        assert_eq!(
            Manifest::parse(&Manifest::default().text()),
            Some(Manifest::default())
        );
    }

    #[test]
    fn files_are_found_by_their_paths() {
        let manifest = example();
        let size = |path: &str| manifest.get(path).map(|content| content.size);
        assert_eq!(size("a b/é.txt"), Some(7));
        assert_eq!(size("index.html"), Some(7));
        for missing in ["", "a", "a b", "a b/", "index", "z"] {
            assert_eq!(size(missing), None, "{missing}");
        }
        for next in 0..5 {
            for (path, number) in [("a b/z", 0), ("a b/é.txt", 1), ("index.html", 2)] {
                let mut next = next;
                assert_eq!(manifest.get_in_order(path, &mut next), manifest.get(path));
                assert_eq!(next, number + 1);
            }
        }
        assert!(manifest.has_below("a b"));
        assert!(!manifest.has_below("a") && !manifest.has_below("index.html"));
        assert_eq!(manifest.len(), 3);
    }

    #[test]
    fn no_damaged_text_is_a_manifest() {
        let text = example().text();
        for end in 0..text.len() {
            assert_eq!(text.get(..end).and_then(Manifest::parse), None, "cut at {end}");
        }
        for (from, to) in [
            ("index", "inden"),
            ("7", "8"),
            ("manifest 1", "manifest 2"),
            ("- -", "- - -"),
            ("checksum", "Checksum"),
        ] {
            assert_eq!(
                Manifest::parse(&text.replacen(from, to, 1)),
                None,
                "{from} → {to}"
            );
        }
    }

    #[test]
    fn lines_that_we_would_not_write_spoil_the_manifest() {
        let file = |path: &str| format!("{} 1 {path}\n", Fingerprint::of(""));
        for lines in [
            file("../x"),
            file("b") + &file("a"),
            file("a") + &file("a"),
            "- - a\n".to_owned() + &file("a/b"),
            "- - ..\n".to_owned(),
            "\n".to_owned(),
        ] {
            let mut text = format!("{HEADING}{lines}");
            seal(&mut text);
            assert_eq!(Manifest::parse(&text), None, "{lines}");
        }
    }

    #[test]
    fn a_union_names_what_either_names() {
        let other = BTreeMap::from([("c".to_owned(), Content::of(b"c"))]);
        let union = example().union(Manifest::new(&other, BTreeSet::from(["x".to_owned()])));
        let paths: Vec<&str> = union.files().map(|(path, _)| path).collect();
        assert_eq!(paths, ["a b/z", "a b/é.txt", "c", "index.html"]);
        assert_eq!(union.found().len(), 2);
    }
}
