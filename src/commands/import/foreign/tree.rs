//! The files of another generator's site, read without ever leaving its folder.
//!
//! Links are not followed and nothing is opened that the walk did not find, so that no path in an
//! article, however it is written, reaches a file elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::ground::path::SourcePath;
use crate::ground::world::describe;

/// The largest text that is read as an article or as settings, in bytes.
const MAX_TEXT_BYTES: u64 = 16 << 20;

/// The most files that are looked at.
const MAX_FILES: usize = 1_000_000;

/// Folders that hold no sources of any of these generators.
const SKIPPED: [&str; 12] = [
    ".git",
    ".svn",
    ".hg",
    "node_modules",
    "bower_components",
    ".jekyll-cache",
    ".sass-cache",
    ".bundle",
    ".cache",
    ".astro",
    "resources/_gen",
    ".brief",
];

/// What the folder of a site holds.
#[derive(Debug, Default)]
pub struct Tree {
    root: PathBuf,
    /// The files with their sizes, by their path with forward slashes.
    files: BTreeMap<String, u64>,
    /// What was not looked at: its path and why.
    pub passed_over: Vec<(String, String)>,
}

impl Tree {
    /// Looks at a folder. The error is in words.
    pub fn walk(root: &Path) -> Result<Tree, String> {
        let mut tree = Tree {
            root: root.to_owned(),
            ..Tree::default()
        };
        let metadata = fs::metadata(root)
            .map_err(|error| format!("`{}` cannot be read: {}", root.display(), describe(&error)))?;
        if !metadata.is_dir() {
            return Err(format!("`{}` is no folder", root.display()));
        }
        let walk = WalkDir::new(root)
            .follow_links(false)
            .sort_by_file_name()
            .into_iter();
        let keeps = |entry: &walkdir::DirEntry| entry.depth() == 0 || !is_skipped(root, entry.path());
        for entry in walk.filter_entry(keeps) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().map_or(String::new(), |path| shown(root, path));
                    tree.passed_over.push((path, "it cannot be read".to_owned()));
                    continue;
                }
            };
            if entry.file_type().is_dir() {
                continue;
            }
            let shown = shown(root, entry.path());
            if entry.file_type().is_symlink() {
                let why = "it is a link to another file, and links are not followed";
                tree.passed_over.push((shown, why.to_owned()));
                continue;
            }
            let Some(path) = relative(root, entry.path()).filter(|_| entry.file_type().is_file()) else {
                let why = "its name is not UTF-8, or it is no file";
                tree.passed_over.push((shown, why.to_owned()));
                continue;
            };
            if tree.files.len() >= MAX_FILES {
                return Err(format!("`{}` holds more than {MAX_FILES} files", root.display()));
            }
            let size = entry.metadata().map_or(0, |metadata| metadata.len());
            tree.files.insert(path, size);
        }
        Ok(tree)
    }

    /// The paths of all files, in order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The paths of the files below a folder, in order; all for the empty one.
    pub fn below<'t>(&'t self, folder: &str) -> impl Iterator<Item = &'t str> + use<'t> {
        let prefix = match folder.is_empty() {
            true => String::new(),
            false => format!("{folder}/"),
        };
        self.files
            .range(prefix.clone()..)
            .map(|(path, _)| path.as_str())
            .take_while(move |path| path.starts_with(&prefix))
    }

    /// Whether there is such a file.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The file that a path means from a folder, if there is one; paths that leave the tree mean none.
    pub fn find(&self, folder: &str, path: &str) -> Option<String> {
        let folder = SourcePath::new(folder)?;
        let path = folder.join(path)?;
        self.has(path.as_str()).then(|| path.as_str().to_owned())
    }

    /// Where a file lies on the disk.
    pub fn place(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Reads a text. The error is in words, with the byte it is about.
    pub fn read(&self, path: &str) -> Result<String, (usize, String)> {
        let size = self
            .files
            .get(path)
            .ok_or_else(|| (0, "there is no such file".to_owned()))?;
        if *size > MAX_TEXT_BYTES {
            let message = format!("it has {size} bytes, and an article has {MAX_TEXT_BYTES} at most");
            return Err((0, message));
        }
        let bytes = fs::read(self.place(path)).map_err(|error| (0, describe(&error)))?;
        read_bytes(bytes)
    }
}

/// Bytes as a text: UTF-8 without NUL.
pub fn read_bytes(bytes: Vec<u8>) -> Result<String, (usize, String)> {
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err((at, "there is a NUL in it, as in no text".to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        (at, "it is not UTF-8 from here on".to_owned())
    })
}

fn is_skipped(root: &Path, path: &Path) -> bool {
    relative(root, path).is_some_and(|path| {
        SKIPPED
            .iter()
            .any(|skipped| path == *skipped || path.ends_with(&format!("/{skipped}")))
    })
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    let path = path.strip_prefix(root).ok()?;
    let segments: Option<Vec<&str>> = path.components().map(|part| part.as_os_str().to_str()).collect();
    segments.map(|segments| segments.join("/"))
}

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}
