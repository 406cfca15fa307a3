//! What has to go well at every server.

use super::*;

pub(super) const FIRST: &[(&str, &str)] = &[
    ("2025/one/index.html", "one"),
    ("2025/two/index.html", "two"),
    ("empty.txt", ""),
    ("feed.xml", "one two"),
    ("index.html", "front: one two"),
    ("old/gone/index.html", "gone"),
    ("style.css", "red"),
];

/// One article is edited: its page, the front page and the feed change.
pub(super) const EDITED: &[(&str, &str)] = &[
    ("2025/one/index.html", "one, corrected"),
    ("2025/two/index.html", "two"),
    ("empty.txt", ""),
    ("feed.xml", "one, corrected two"),
    ("index.html", "front: one, corrected two"),
    ("old/gone/index.html", "gone"),
    ("style.css", "red"),
];

/// One is renamed and one deleted.
pub(super) const MOVED: &[(&str, &str)] = &[
    ("2025/uno/index.html", "one, corrected"),
    ("2025/two/index.html", "two"),
    ("empty.txt", ""),
    ("feed.xml", "uno two"),
    ("index.html", "front: uno two"),
    ("style.css", "red"),
];

/// Names with all that means something to some server, shell or protocol.
pub(super) const HOSTILE: &[(&str, &str)] = &[
    ("100% sure?.html", "percent"),
    ("a b/c  d.html", "spaces"),
    ("a#b&c=d+e.html", "fragment"),
    ("it's \"quoted\"/$(x) `y`.html", "quotes"),
    ("ümlaut/日本.html", "letters"),
    ("index.html", "front"),
    ("semi;colon,comma@at!.html", "punctuation"),
    ("%2e%2e/%41.html", "encoded already"),
    ("[brackets]{braces}~^|.html", "brackets"),
    ("-dash/--flag.html", "dashes"),
    ("<tag>*.html", "stars"),
];

/// From the first publish to names that nobody should choose.
pub(super) fn life_of_a_site(remote: &dyn Remote) {
    let first = Site::new(FIRST);
    let dry = Manner {
        dry_run: true,
        ..Manner::default()
    };
    let outcome = publish_with(remote, &first, &dry).expect("a plan");
    assert_eq!((outcome.changes.new.len(), outcome.sent()), (7, 0));
    assert_eq!(remote.files().len(), 0, "a dry run writes nothing");

    let outcome = publish_site(remote, &first).expect("a first publish");
    assert_eq!((outcome.sent(), outcome.remark), (7, None));
    check_equal(remote, &first, "first");

    let outcome = publish_site(remote, &first).expect("nothing to do");
    assert_eq!(
        (outcome.sent(), outcome.deleted(), outcome.changes.kept),
        (0, 0, 7)
    );

    let edited = Site::new(EDITED);
    let outcome = publish_site(remote, &edited).expect("an edit");
    assert_eq!((outcome.sent(), outcome.deleted()), (3, 0));
    check_equal(remote, &edited, "edited");

    let moved = Site::new(MOVED);
    let outcome = publish_site(remote, &moved).expect("a move");
    assert_eq!((outcome.sent(), outcome.deleted(), outcome.remark), (3, 2, None));
    check_equal(remote, &moved, "moved");

    remote.put_foreign("notes.txt", "mine");
    remote.put_foreign("2025/own/notes.txt", "mine too");
    let hostile = Site::new(HOSTILE);
    let outcome = publish_site(remote, &hostile).expect("hostile names");
    assert_eq!((outcome.sent(), outcome.deleted()), (11, 5));
    let mut there = remote.files();
    assert_eq!(there.remove("notes.txt").as_deref(), Some(b"mine".as_slice()));
    assert_eq!(
        there.remove("2025/own/notes.txt").as_deref(),
        Some(b"mine too".as_slice())
    );
    there.remove(".brief-manifest").expect("the record");
    assert!(there == hostile.files, "{:?}", there.keys());
    let outcome = publish_site(remote, &hostile).expect("nothing to do");
    assert_eq!(outcome.sent(), 0);
}

/// What stands there before us, and what gets in our way later.
pub(super) fn files_of_others(remote: &dyn Remote) {
    remote.put_foreign("style.css", "mine");
    let first = Site::new(FIRST);
    check_refused(
        publish_site(remote, &first),
        &["is not empty", "`style.css`"],
        "--adopt",
    );
    assert_eq!(remote.files().len(), 1);
    let adopt = Manner {
        adopt: true,
        ..Manner::default()
    };
    publish_with(remote, &first, &adopt).expect("adopted");
    check_equal(remote, &first, "adopted");
    remote.put_foreign("2025/uno/index.html", "mine");
    let moved = Site::new(MOVED);
    check_refused(
        publish_site(remote, &moved),
        &["1 file stands in", "`2025/uno/index.html`"],
        "--adopt",
    );
    publish_with(remote, &moved, &adopt).expect("adopted");
    check_equal(remote, &moved, "adopted again");
}

/// A process that is killed in the middle, and the next publish.
pub(super) fn killed_and_resumed(remote: &dyn Remote) {
    killed_and_resumed_from(remote, FIRST, &Manner::default());
}

/// The same, with another way to publish what is there before.
pub(super) fn killed_and_resumed_from(remote: &dyn Remote, first: &[(&str, &str)], manner: &Manner) {
    let first = Site::new(first);
    publish_with(remote, &first, manner).expect("a first publish");
    let names: Vec<String> = (0..40)
        .map(|number| format!("2026/{number:02}/index.html"))
        .collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "new")).collect();
    files.extend(EDITED);
    let second = Site::new(&files);
    child::cut_after(remote, &second, 11);
    let there = remote.files();
    let arrived = there.keys().filter(|path| path.starts_with("2026/")).count();
    assert!((11..40).contains(&arrived), "{arrived} of 40 are there");
    assert_eq!(
        there["index.html"], first.files["index.html"],
        "the front page is of the last publish"
    );
    check_refused(
        publish_site(remote, &second),
        &["another publish to", "is going on", "seconds ago"],
        "--unlock",
    );
    let unlock = Manner {
        unlock: true,
        ..Manner::default()
    };
    let outcome = publish_with(remote, &second, &unlock).expect("resumed");
    assert_eq!(outcome.resumed, 43);
    assert_eq!(outcome.remark, None);
    check_equal(remote, &second, "resumed");
}

/// Two at the same time: one wins, the other is told, and what stands there is one of the two.
pub(super) fn two_at_once(remote: &(dyn Remote + Sync)) {
    let first = Site::new(FIRST);
    publish_site(remote, &first).expect("a first publish");
    let names: Vec<String> = (0..60)
        .map(|number| format!("2026/{number:02}/index.html"))
        .collect();
    let site = |text: &str| {
        let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), text)).collect();
        files.extend(EDITED);
        Site::new(&files)
    };
    let sites = [site("a"), site("b")];
    let results: Vec<Result<Outcome, Failure>> = std::thread::scope(|scope| {
        let threads: Vec<_> = sites
            .iter()
            .map(|site| scope.spawn(move || publish_site(remote, site)))
            .collect();
        let ended = threads.into_iter().map(|thread| thread.join().expect("no panic"));
        ended.collect()
    });
    let won = results.iter().filter(|result| result.is_ok()).count();
    assert!(won >= 1, "{results:?}");
    for failure in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(failure.message.starts_with("another publish to"), "{failure:?}");
        assert!(!failure.half, "{failure:?}");
    }
    let there = remote.files();
    let winner = sites
        .iter()
        .find(|site| there["2026/00/index.html"] == site.files["2026/00/index.html"])
        .expect("one of the two");
    check_equal(remote, winner, "two at once");
}
