//! Publishing to a store in memory that fails where a test wants it to.

mod cuts;
mod faulty;
mod refusals;

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::patience::Patience;
use super::sending::Sending;
use super::{Failure, Manner, Outcome, Shipment, Store};
use crate::building::output::{Content, Manifest};
use faulty::Faulty;

/// A built site.
struct Site {
    folder: TempDir,
    manifest: Manifest,
    files: BTreeMap<String, Vec<u8>>,
}

impl Site {
    fn new(files: &[(&str, &str)]) -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        let files: BTreeMap<String, Vec<u8>> = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect();
        for (path, bytes) in &files {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
            fs::write(file, bytes).expect("a file");
        }
        let listed = files
            .iter()
            .map(|(path, bytes)| (path.as_str(), Content::of(bytes)));
        Site {
            manifest: Manifest::of_sorted(listed).expect("sorted paths"),
            folder,
            files,
        }
    }
}

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

fn store() -> Store {
    Store::S3 {
        bucket: "news".to_owned(),
        prefix: "site/".to_owned(),
        region: None,
        endpoint: None,
    }
}

/// Publishes with so many tries for each request.
fn publish_with(storage: &Arc<Faulty>, site: &Site, manner: &Manner, tries: u32) -> Result<Outcome, Failure> {
    let shipment = Shipment {
        folder: site.folder.path(),
        wanted: &site.manifest,
        redirects: &BTreeMap::new(),
        has_hashed_name: &|path| path.contains(".hash."),
    };
    let sending = Sending {
        store: &store(),
        storage: storage.clone(),
        shipment: &shipment,
        manner,
        progress: &(),
        patience: Patience {
            tries,
            pause: Duration::from_millis(1),
        },
        checkpoint: Duration::from_millis(2),
        token: storage.token(),
    };
    runtime().block_on(sending.run())
}

fn publish(storage: &Arc<Faulty>, site: &Site) -> Result<Outcome, Failure> {
    publish_with(storage, site, &Manner::default(), 1)
}

/// What stands in a store is what a site holds, byte for byte, and the record beside it.
fn check_equal(storage: &Faulty, site: &Site, context: &str) {
    let mut expected = site.files.clone();
    expected.insert(".brief-manifest".to_owned(), site.manifest.text().into_bytes());
    let there = storage.all();
    let paths = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&there), paths(&expected), "{context}");
    assert!(there == expected, "{context}: a file has other bytes");
}

const FIRST: &[(&str, &str)] = &[
    ("2025/one/index.html", "one"),
    ("2025/two/index.html", "two"),
    ("feed.xml", "one two"),
    ("index.html", "front: one two"),
    ("old/gone/index.html", "gone"),
    ("style.css", "red"),
];

const SECOND: &[(&str, &str)] = &[
    ("2025/one/index.html", "one, corrected"),
    ("2025/three/index.html", "three"),
    ("2025/three/pic.hash.png", "picture"),
    ("2025/two/index.html", "two"),
    ("feed.xml", "one two three"),
    ("index.html", "front: one two three"),
    ("style.css", "blue"),
];

#[test]
fn only_what_differs_is_sent() {
    let storage = Faulty::new();
    let first = Site::new(FIRST);
    let outcome = publish(&storage, &first).expect("a publish");
    assert_eq!(
        (outcome.sent(), outcome.deleted(), outcome.changes.kept),
        (6, 0, 0)
    );
    check_equal(&storage, &first, "first");

    storage.clear_log();
    let outcome = publish(&storage, &first).expect("nothing to do");
    assert_eq!((outcome.sent(), outcome.changes.kept), (0, 6));
    assert_eq!(storage.log(), ["read .brief-manifest"]);

    let second = Site::new(SECOND);
    let outcome = publish(&storage, &second).expect("a publish");
    assert_eq!(
        (outcome.sent(), outcome.deleted(), outcome.changes.kept),
        (6, 1, 1)
    );
    assert_eq!((outcome.resumed, outcome.remark), (0, None));
    check_equal(&storage, &second, "second");
}

#[test]
fn things_happen_in_an_order_that_readers_do_not_notice() {
    let storage = Faulty::new();
    publish(&storage, &Site::new(FIRST)).expect("a publish");
    storage.clear_log();
    publish(&storage, &Site::new(SECOND)).expect("a publish");
    let all = storage.log();
    let log: Vec<&str> = all
        .iter()
        .map(String::as_str)
        .filter(|line| !line.contains("put .brief-manifest"))
        .collect();
    let position = |line: &str| {
        let at = log.iter().position(|other| *other == line);
        at.unwrap_or_else(|| panic!("no {line} in {log:?}"))
    };
    let order = [
        "lock",
        "put style.css",
        "put 2025/three/index.html",
        "put 2025/one/index.html",
        "put index.html",
        "put feed.xml",
        "delete old/gone/index.html",
        "delete folder old/gone",
        "delete folder old",
        "unlock",
    ];
    let positions: Vec<usize> = order.iter().map(|line| position(line)).collect();
    assert!(positions.is_sorted(), "{log:?}");
    assert!(position("put 2025/three/pic.hash.png") < position("put 2025/three/index.html"));
    let marked = all.iter().position(|line| line == "put .brief-manifest");
    let first = all.iter().position(|line| line == "put style.css");
    assert!(marked < first, "what will be touched is marked before: {all:?}");
}

#[test]
fn files_that_are_not_ours_stay() {
    let storage = Faulty::new();
    let first = Site::new(FIRST);
    publish(&storage, &first).expect("a publish");
    storage.put_foreign("2025/two/own.txt", "not ours");
    let second = Site::new(&[("index.html", "alone")]);
    let manner = Manner {
        delete_many: true,
        ..Manner::default()
    };
    let outcome = publish_with(&storage, &second, &manner, 1).expect("a publish");
    assert_eq!(outcome.deleted(), 5);
    let paths: Vec<String> = storage.all().into_keys().collect();
    assert_eq!(paths, [".brief-manifest", "2025/two/own.txt", "index.html"]);
}

#[test]
fn a_file_that_changed_since_the_build_is_not_sent() {
    let storage = Faulty::new();
    let site = Site::new(FIRST);
    fs::write(site.folder.path().join("style.css"), "other").expect("a file");
    let failure = publish(&storage, &site).expect_err("an altered file");
    assert!(
        failure.message.contains("style.css") && failure.message.contains("is not as it was built"),
        "{failure:?}"
    );
    assert!(!storage.all().contains_key("style.css"));
    fs::write(site.folder.path().join("style.css"), "red").expect("a file");
    publish(&storage, &site).expect("a publish");
    check_equal(&storage, &site, "mended");
}

#[test]
fn large_files_go_in_pieces_and_are_held_to_what_was_built() {
    let storage = Faulty::new();
    let large: String = (0..super::storage::PIECE + 17)
        .map(|number| char::from(b'a' + (number % 26) as u8))
        .collect();
    let site = Site::new(&[("film.mp4", &large), ("index.html", "film")]);
    publish(&storage, &site).expect("a publish");
    check_equal(&storage, &site, "large");
    let changed = Site::new(&[("film.mp4", &large.replace('z', "y")), ("index.html", "film")]);
    let mut altered = changed.files["film.mp4"].clone();
    let last = altered.len() - 1;
    altered[last] = b'!';
    fs::write(changed.folder.path().join("film.mp4"), altered).expect("a file");
    publish(&storage, &changed).expect_err("an altered file");
    assert!(
        storage.all()["film.mp4"] == site.files["film.mp4"],
        "the old film stands"
    );
}
