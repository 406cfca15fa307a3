//! A publish in a process of its own, which ends in the middle as if it had been killed.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use brief::commands::publish::shipment::{Manner, Progress};
use brief::reading::config::Store;

use super::*;

pub(super) const WORDS: &str = "BRIEF_TEST_PLACE";
const FOLDER: &str = "BRIEF_TEST_FOLDER";
const FILES: &str = "BRIEF_TEST_FILES";

/// Ends the process when so many files are through.
struct Ending {
    left: AtomicUsize,
}

impl Progress for Ending {
    fn planned(&self, _: usize, _: u64) {}

    fn done(&self, _: &str, _: u64) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::exit(77);
        }
    }
}

/// A place as the words of its remote say it.
pub(super) struct Told(pub(super) Vec<String>);

impl Remote for Told {
    fn store(&self) -> Store {
        let word = |number: usize| self.0[number].clone();
        match self.0[0].as_str() {
            "s3" => Store::S3 {
                bucket: word(1),
                prefix: word(2),
                region: None,
                endpoint: Some(word(3)),
            },
            "webdav" => Store::WebDav { url: word(1) },
            _ => Store::Sftp {
                user: None,
                host: word(1),
                port: None,
                path: word(2),
            },
        }
    }

    fn secret(&self, name: &str) -> Option<String> {
        #[expect(clippy::disallowed_methods, reason = "this is the rim of a test")]
        std::env::var(name).ok()
    }

    fn files(&self) -> Files {
        Files::new()
    }

    fn put_foreign(&self, _: &str, _: &str) {}

    fn words(&self) -> Vec<String> {
        self.0.clone()
    }
}

/// Publishes in another process, which ends without a word after so many files.
pub(super) fn cut_after(remote: &dyn Remote, site: &Site, files: usize) {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", "child::a_publish_that_is_cut", "--ignored"])
        .env(WORDS, remote.words().join("\n"))
        .env(FOLDER, site.folder.path())
        .env(FILES, files.to_string());
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "BRIEF_WEBDAV_USER",
        "BRIEF_WEBDAV_PASSWORD",
        "BRIEF_SSH",
    ] {
        if let Some(value) = remote.secret(name) {
            command.env(name, value);
        }
    }
    let ended = command.output().expect("a process");
    assert_eq!(ended.status.code(), Some(77), "{ended:?}");
}

#[test]
#[ignore = "only for the tests that start it"]
fn a_publish_that_is_cut() {
    let told = Told(Vec::new());
    let Some(words) = told.secret(WORDS) else {
        return;
    };
    let told = Told(words.lines().map(str::to_owned).collect());
    let folder = told.secret(FOLDER).expect("a folder");
    let files = told.secret(FILES).expect("a number").parse().expect("a number");
    let ending = Ending {
        left: AtomicUsize::new(files),
    };
    let manifest = manifest(&files_below(Path::new(&folder)));
    let ended = send(&told, Path::new(&folder), &manifest, &Manner::default(), &ending);
    panic!("it went on to its end: {ended:?}");
}
