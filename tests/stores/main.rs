//! Publishing to real servers: S3 as moto speaks it, WebDAV as rclone serves it, SFTP as OpenSSH does, and the
//! emulators of Google's and Azure's stores where they are installed.
//!
//! ```sh
//! cargo test --test stores -- --ignored
//! ```
//!
//! Needs rclone, sshd, and Python with moto and boto3 in `target/stores-venv`; `.ci/run` installs them. After each
//! publish what stands at the server is compared with the built site byte for byte, by other means than our own.

#![cfg(unix)]
#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

mod child;
mod emulators;
mod many;
mod proxy;
mod s3;
mod scenarios;
mod servers;
mod sftp;
mod webdav;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use brief::building::output::{Content, Manifest};
use brief::commands::publish::shipment::{Failure, Manner, Outcome, Progress, Shipment};
use brief::commands::publish::store::publish;
use brief::reading::config::Store;
use tempfile::TempDir;

/// Files by path.
type Files = BTreeMap<String, Vec<u8>>;

/// A server with a place for a site.
trait Remote {
    /// The place.
    fn store(&self) -> Store;
    /// What stands in the environment.
    fn secret(&self, name: &str) -> Option<String>;
    /// All files that are there, seen by other means than ours.
    fn files(&self) -> Files;
    /// Puts a file there that is not ours.
    fn put_foreign(&self, path: &str, text: &str);
    /// The place in words that a process of its own can be given.
    fn words(&self) -> Vec<String>;
}

/// A built site.
struct Site {
    folder: TempDir,
    files: Files,
}

impl Site {
    fn new(files: &[(&str, &str)]) -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        let files: Files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect();
        for (path, bytes) in &files {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
            fs::write(file, bytes).expect("a file");
        }
        Site { folder, files }
    }

    fn manifest(&self) -> Manifest {
        manifest(&self.files)
    }
}

fn manifest(files: &Files) -> Manifest {
    let listed = files
        .iter()
        .map(|(path, bytes)| (path.as_str(), Content::of(bytes)));
    Manifest::of_sorted(listed).expect("sorted paths")
}

fn from_hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("digits"), 16);
    pairs.map(|pair| byte(pair).expect("digits")).collect()
}

/// All files below a folder.
fn files_below(folder: &Path) -> Files {
    let mut found = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(&inner).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below the folder");
                let name = name.to_str().expect("a name").to_owned();
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

fn send(
    remote: &dyn Remote,
    folder: &Path,
    manifest: &Manifest,
    manner: &Manner,
    progress: &dyn Progress,
) -> Result<Outcome, Failure> {
    let redirects = BTreeMap::from([("old/index.html".to_owned(), "/new/".to_owned())]);
    let shipment = Shipment {
        folder,
        wanted: manifest,
        redirects: &redirects,
        has_hashed_name: &|path| path.contains(".hash."),
    };
    publish(
        &remote.store(),
        &shipment,
        manner,
        &|name| remote.secret(name),
        progress,
    )
}

fn publish_with(remote: &dyn Remote, site: &Site, manner: &Manner) -> Result<Outcome, Failure> {
    send(remote, site.folder.path(), &site.manifest(), manner, &())
}

fn publish_site(remote: &dyn Remote, site: &Site) -> Result<Outcome, Failure> {
    publish_with(remote, site, &Manner::default())
}

/// What stands at the server is the site, byte for byte, and its record.
fn check_equal(remote: &dyn Remote, site: &Site, context: &str) {
    let mut expected = site.files.clone();
    expected.insert(".brief-manifest".to_owned(), site.manifest().text().into_bytes());
    let there = remote.files();
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&there), names(&expected), "{context}");
    for (path, bytes) in &expected {
        assert!(there[path] == *bytes, "{context}: {path} has other bytes");
    }
}

/// A publish that is refused, in words that name what helps.
fn check_refused(result: Result<Outcome, Failure>, message: &[&str], help: &str) -> Failure {
    let failure = result.expect_err("a refusal");
    for words in message {
        assert!(
            failure.message.contains(words),
            "no {words} in: {}\nhelp: {:?}",
            failure.message,
            failure.help
        );
    }
    let helps = failure.help.join(" ");
    assert!(helps.contains(help), "no {help} in: {failure:?}");
    let both = format!("{} {helps}", failure.message);
    assert!(!both.contains("hunter2"), "a secret in {both}");
    failure
}
