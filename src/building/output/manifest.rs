//! The manifest: which files of an output folder are ours.
//!
//! A text file without times, so that equal outputs have equal manifests. It is kept twice, beside
//! the cache and in the output itself; what either valid copy names is ours. Whatever is not exactly
//! as we write it, down to the checksum in the last line, counts as no manifest: deleting files by
//! a half-written list would be worse than asking.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::ground::encoding::encoded;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::OutputPath;

/// The first line. The number changes with the format.
const HEADING: &str = "brief-manifest 1";

/// What begins the last line.
const CHECKSUM: &str = "checksum ";

/// What a file of the output holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// The identity of its bytes.
    pub fingerprint: Fingerprint,
    /// Its size in bytes.
    pub size: u64,
}

encoded!(struct Content { fingerprint, size });

/// The files of an output that a build wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The files, by path.
    pub files: BTreeMap<OutputPath, Content>,
    /// Folders that hold such files but were there before them: they outlive the last of these.
    pub found: BTreeSet<String>,
}

impl Manifest {
    /// Reads a copy; `None` where there is no valid one.
    pub fn read(path: &Path) -> Option<Manifest> {
        Manifest::parse(&Manifest::read_text(path)?)
    }

    /// The copy that lies in an output folder.
    pub fn of_output(folder: &Path) -> Option<Manifest> {
        Manifest::read(&folder.join(super::folder::MANIFEST))
    }

    /// The text of a copy, valid or not. A symbolic link is not followed.
    pub(super) fn read_text(path: &Path) -> Option<String> {
        if !fs::symlink_metadata(path).ok()?.is_file() {
            return None;
        }
        fs::read_to_string(path).ok()
    }

    /// Reads what [`Manifest::text`] writes, and nothing else.
    pub fn parse(text: &str) -> Option<Manifest> {
        let last = text.strip_suffix('\n')?.rfind('\n')? + 1;
        let (listed, checksum) = text.split_at(last);
        if checksum.strip_prefix(CHECKSUM)?.trim_end() != Fingerprint::of(listed).to_string() {
            return None;
        }
        let mut lines = listed.lines();
        if lines.next()? != HEADING {
            return None;
        }
        let mut manifest = Manifest::default();
        for line in lines {
            let mut fields = line.splitn(3, ' ');
            let (fingerprint, size, path) = (fields.next()?, fields.next()?, fields.next()?);
            // A checksum only proves that nothing broke; that no path leaves the output is for
            // `OutputPath` to prove.
            let path = OutputPath::new(path).ok()?;
            if fingerprint == "-" {
                manifest.found.insert(path.as_str().to_owned());
            } else {
                let fingerprint = Fingerprint::parse(fingerprint)?;
                manifest.files.insert(
                    path,
                    Content {
                        fingerprint,
                        size: size.parse().ok()?,
                    },
                );
            }
        }
        Some(manifest)
    }

    /// The whole file: heading, one sorted line `fingerprint size path` a file, one sorted line
    /// `- - path` a found folder, checksum over all these.
    pub fn text(&self) -> String {
        let mut text = format!("{HEADING}\n");
        for (path, content) in &self.files {
            text.push_str(&format!("{} {} {path}\n", content.fingerprint, content.size));
        }
        for path in &self.found {
            text.push_str(&format!("- - {path}\n"));
        }
        let checksum = Fingerprint::of(&text);
        text.push_str(&format!("{CHECKSUM}{checksum}\n"));
        text
    }

    /// What this or the other names.
    pub(super) fn union(mut self, other: Manifest) -> Manifest {
        self.files.extend(other.files);
        self.found.extend(other.found);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Manifest {
        let mut manifest = Manifest::default();
        for path in ["index.html", "a b/é.txt"] {
            let content = Content {
                fingerprint: Fingerprint::of(path),
                size: 7,
            };
            manifest
                .files
                .insert(OutputPath::new(path).expect("portable"), content);
        }
        manifest.found.insert("a b".to_owned());
        manifest
    }

    #[test]
    fn the_text_is_sorted_and_closed_by_a_checksum() {
        let listed = format!(
            "brief-manifest 1\n{} 7 a b/é.txt\n{} 7 index.html\n- - a b\n",
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
        ] {
            assert_eq!(
                Manifest::parse(&text.replacen(from, to, 1)),
                None,
                "{from} → {to}"
            );
        }
    }

    #[test]
    fn a_path_that_leaves_the_output_spoils_the_manifest() {
        let listed = format!("brief-manifest 1\n{} 1 ../x\n", Fingerprint::of(""));
        assert_eq!(
            Manifest::parse(&format!("{listed}checksum {}\n", Fingerprint::of(&listed))),
            None
        );
    }
}
