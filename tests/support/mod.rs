//! What the test targets share: folders of files, and comparing what came out with what is kept.

#![allow(
    dead_code,
    reason = "every test target compiles this file and uses its own part of it"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository, which is the demo's site folder too.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder, by path with forward slashes, sorted. Empty for a missing folder.
pub fn files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    collect(folder, "", &mut files);
    files.sort();
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.expect("an entry");
        let path = format!("{prefix}{}", entry.file_name().to_str().expect("a name in UTF-8"));
        if entry.file_type().expect("a kind").is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            files.push(path);
        }
    }
}

/// The bytes of all files below a folder, by path.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |path: String| {
        let bytes = fs::read(folder.join(&path)).expect("a file");
        (path, bytes)
    };
    files(folder).into_iter().map(read).collect()
}

/// Writes a file and the folders it needs.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    fs::write(path, bytes).expect("a file");
}

/// Copies the files below a folder.
pub fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        write(&to.join(&path), fs::read(from.join(&path)).expect("a file"));
    }
}

/// Whether what comes out is to be kept as what is expected from now on: `BRIEF_ACCEPT=1`.
#[expect(
    clippy::disallowed_methods,
    reason = "a test asks its own environment; no build does"
)]
pub fn accepting() -> bool {
    std::env::var_os("BRIEF_ACCEPT").is_some_and(|value| !value.is_empty())
}

/// The first lines in which two texts differ, for a message.
pub fn difference(expected: &str, actual: &str) -> String {
    let (mut left, mut right) = (expected.lines(), actual.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (left.next(), right.next()) {
            (None, None) => return "they differ in their line ends".to_owned(),
            (a, b) if a == b => {}
            (a, b) => {
                let shown =
                    |line: Option<&str>| line.map_or("(the end)".to_owned(), |line| format!("{line:?}"));
                return format!("line {number}\n  expected {}\n  found    {}", shown(a), shown(b));
            }
        }
    }
}

/// A command that runs the program in a folder, with nothing of this machine's environment and the
/// clock stopped at the end of January 2025.
pub fn brief(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brief"));
    command
        .env_clear()
        .env("SOURCE_DATE_EPOCH", NOW)
        .current_dir(folder);
    command
}

/// 31 January 2025, noon, in UTC.
pub const NOW: &str = "1738324800";
