//! A publish that is cut at any request, with or without that request done, and the one after it.

use super::super::record::Record;
use super::faulty::Fault;
use super::*;

/// The record says nothing of a file that is not so.
fn check_true(storage: &Faulty, context: &str) {
    let there = storage.all();
    let Some(text) = there.get(".brief-manifest") else {
        // Without one nothing of ours may be there.
        let ours = there.keys().filter(|path| !path.starts_with(".brief-"));
        assert_eq!(ours.count(), 0, "{context}: files without a record");
        return;
    };
    let text = String::from_utf8(text.clone()).expect("text");
    let record = Record::parse(&text).expect("a record");
    for (path, content) in record.known.files() {
        let bytes = there.get(path).unwrap_or_else(|| panic!("{context}: no {path}"));
        assert_eq!(Content::of(bytes), content, "{context}: {path}");
    }
    for path in there.keys().filter(|path| !path.starts_with(".brief-")) {
        let is_told = record.known.get(path).is_some() || record.unknown.contains(path);
        assert!(is_told, "{context}: the record does not know {path}");
    }
}

/// No page is newer than what it needs, and no list of pages is newer than they are.
fn check_order(storage: &Faulty, context: &str) {
    let there = storage.all();
    let is_new = |path: &str| {
        let second = SECOND.iter().find(|(other, _)| *other == path).expect("a file").1;
        there.get(path).is_some_and(|bytes| bytes == second.as_bytes())
    };
    for (needs, needed) in [
        ("2025/three/index.html", "2025/three/pic.hash.png"),
        ("2025/three/index.html", "style.css"),
        ("2025/one/index.html", "2025/three/index.html"),
        ("index.html", "2025/one/index.html"),
        ("feed.xml", "index.html"),
    ] {
        assert!(
            !is_new(needs) || is_new(needed),
            "{context}: {needs} before {needed}"
        );
    }
    if !there.contains_key("old/gone/index.html") {
        assert!(is_new("feed.xml"), "{context}: deleted before all is sent");
    }
}

fn cut_everywhere(fault: Fault) {
    let (first, second) = (Site::new(FIRST), Site::new(SECOND));
    let mut cuts = 0;
    for number in 0.. {
        let context = format!("{fault:?} at {number}");
        let storage = Faulty::new();
        publish(&storage, &first).expect("a publish");
        storage.fail_at(number, fault);
        let cut = publish(&storage, &second);
        let asked = storage.heal();
        check_true(&storage, &context);
        check_order(&storage, &context);
        // At the very end only the clearing up can be cut, and the next publish has nothing to do.
        if cut.is_ok() && asked <= number {
            break;
        }
        cuts += 1;
        let manner = Manner {
            unlock: true,
            ..Manner::default()
        };
        storage.clear_log();
        let outcome = publish_with(&storage, &second, &manner, 1).expect(&context);
        let sent = storage
            .log()
            .iter()
            .filter(|line| line.starts_with("put ") && !line.contains(".brief-"))
            .count();
        assert_eq!(outcome.sent(), sent, "{context}");
        if cut.is_ok() {
            assert_eq!(sent, 0, "{context}: nothing was left to send");
        }
        // The lock of one that was cut behind the last record waits to be taken over.
        let mut there = storage.all();
        there.remove(".brief-lock");
        let mut expected = second.files.clone();
        expected.insert(".brief-manifest".to_owned(), second.manifest.text().into_bytes());
        assert!(there == expected, "{context}: {:?}", there.keys());
    }
    assert!(cuts >= 20, "{cuts} places to cut at");
}

#[test]
fn a_publish_cut_at_any_request_is_finished_by_the_next() {
    cut_everywhere(Fault::Dead);
}

#[test]
fn a_publish_cut_behind_any_request_is_finished_by_the_next() {
    cut_everywhere(Fault::DeadAfter);
}

#[test]
fn a_first_publish_is_finished_by_the_next_too() {
    let site = Site::new(FIRST);
    for fault in [Fault::Dead, Fault::DeadAfter] {
        for number in 0.. {
            let context = format!("{fault:?} at {number}");
            let storage = Faulty::new();
            storage.fail_at(number, fault);
            let cut = publish(&storage, &site);
            let asked = storage.heal();
            check_true(&storage, &context);
            if cut.is_ok() && asked <= number {
                break;
            }
            let manner = Manner {
                unlock: true,
                ..Manner::default()
            };
            publish_with(&storage, &site, &manner, 1).expect(&context);
            let mut there = storage.all();
            there.remove(".brief-lock");
            assert_eq!(there.len(), site.files.len() + 1, "{context}");
        }
    }
}

#[test]
fn what_passes_is_not_noticed() {
    let (first, second) = (Site::new(FIRST), Site::new(SECOND));
    for fault in [Fault::Hiccup, Fault::Lost] {
        for number in 0.. {
            let context = format!("{fault:?} at {number}");
            let storage = Faulty::new();
            publish(&storage, &first).expect("a publish");
            storage.fail_at(number, fault);
            let outcome = publish_with(&storage, &second, &Manner::default(), 3).expect(&context);
            let asked = storage.heal();
            assert_eq!((outcome.sent(), outcome.deleted()), (6, 1), "{context}");
            assert_eq!(outcome.remark, None, "{context}");
            check_equal(&storage, &second, &context);
            if asked <= number {
                break;
            }
        }
    }
}

#[test]
fn what_was_confirmed_is_not_sent_twice() {
    let (first, second) = (Site::new(FIRST), Site::new(SECOND));
    let storage = Faulty::new();
    publish(&storage, &first).expect("a publish");
    // The disk of the store is full for one file: all others of its wave arrive, and the record says so.
    fs::write(second.folder.path().join("index.html"), "altered").expect("a file");
    let failure = publish(&storage, &second).expect_err("an altered file");
    assert!(failure.half, "{failure:?}");
    fs::write(second.folder.path().join("index.html"), "front: one two three").expect("a file");
    let outcome = publish(&storage, &second).expect("a publish");
    assert_eq!((outcome.sent(), outcome.deleted()), (2, 1));
    assert_eq!(outcome.resumed, 3);
    check_equal(&storage, &second, "resumed");
}
