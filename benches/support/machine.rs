//! What stands beside figures so that they mean something: the machine, the day, the program's state.

use std::fs;
use std::path::Path;
use std::process::Command;

/// "2 cores, files on tmpfs".
pub fn describe(folder: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let plural = if cores == 1 { "" } else { "s" };
    let files = file_system(folder).map_or(String::new(), |kind| format!(", files on {kind}"));
    format!("{cores} core{plural}{files}")
}

/// How busy the machine has been in the last minute, by itself and by others, where Linux tells.
pub fn load() -> String {
    let loads = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = loads.split(' ').next().filter(|load| !load.is_empty());
    load.map_or(String::new(), |load| format!(", load average {load} in the end"))
}

/// The file system that a folder lies on, where Linux tells.
pub fn file_system(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mounts = fs::read_to_string("/proc/self/mounts").ok()?;
    let of_line = |line: &str| {
        let mut fields = line.split(' ');
        let place = fields.nth(1)?.to_owned();
        Some((place, fields.next()?.to_owned()))
    };
    let holds = mounts
        .lines()
        .filter_map(of_line)
        .filter(|(place, _)| folder.starts_with(place));
    // Of two on the same place the later one covers the other.
    holds.max_by_key(|(place, _)| place.len()).map(|(_, kind)| kind)
}

/// Today, as the machine has it.
#[expect(
    clippy::disallowed_methods,
    reason = "figures are dated; no build depends on it"
)]
pub fn today() -> String {
    jiff::Zoned::now().date().to_string()
}

/// The last commit that changed the program, and whether it has been changed since.
pub fn state() -> String {
    let git = |arguments: &[&str]| {
        let root = env!("CARGO_MANIFEST_DIR");
        let output = Command::new("git").arg("-C").arg(root).args(arguments).output();
        let said = output.ok().filter(|output| output.status.success())?.stdout;
        String::from_utf8(said).ok().map(|said| said.trim().to_owned())
    };
    let program = ["src", "templates", "static"];
    let commit = git(&[&["log", "-1", "--format=%h", "--"], &program[..]].concat());
    let changes = git(&[&["status", "--porcelain", "--"], &program[..]].concat());
    match (commit, changes) {
        (Some(commit), Some(changes)) if changes.is_empty() => format!("commit {commit}"),
        (Some(commit), _) => format!("commit {commit} with later changes"),
        (None, _) => format!("version {}", env!("CARGO_PKG_VERSION")),
    }
}
