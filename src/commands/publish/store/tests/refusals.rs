//! What is refused, and what is done all the same when that is asked for.

use std::sync::atomic::Ordering;

use super::*;

fn with(change: impl FnOnce(&mut Manner)) -> Manner {
    let mut manner = Manner::default();
    change(&mut manner);
    manner
}

fn check_refused(storage: &Arc<Faulty>, site: &Site, manner: &Manner, message: &str, help: &str) {
    let before = storage.all();
    let failure = publish_with(storage, site, manner, 1).expect_err("a refusal");
    assert_eq!(failure.message, message);
    assert!(failure.help.iter().any(|text| text.contains(help)), "{failure:?}");
    assert!(!failure.half);
    assert!(storage.all() == before, "nothing was written");
}

#[test]
fn a_place_that_is_not_empty_is_not_taken_unasked() {
    let storage = Faulty::new();
    storage.put_foreign("notes.txt", "mine");
    storage.put_foreign("style.css", "mine too");
    let site = Site::new(FIRST);
    check_refused(
        &storage,
        &site,
        &Manner::default(),
        "`s3://news/site` is not empty, and nothing was published there yet: `notes.txt`, `style.css`",
        "--adopt",
    );
    publish_with(&storage, &site, &with(|manner| manner.adopt = true), 1).expect("a publish");
    let there = storage.all();
    assert_eq!(there["notes.txt"], b"mine");
    assert_eq!(there["style.css"], b"red");
}

#[test]
fn files_of_others_are_not_replaced_unasked() {
    let storage = Faulty::new();
    publish(&storage, &Site::new(FIRST)).expect("a publish");
    storage.put_foreign("2025/three/index.html", "mine");
    let second = Site::new(SECOND);
    check_refused(
        &storage,
        &second,
        &Manner::default(),
        "1 file stands in `s3://news/site` where new ones are to go, and no publish put it there: \
         `2025/three/index.html`",
        "--adopt",
    );
    publish_with(&storage, &second, &with(|manner| manner.adopt = true), 1).expect("a publish");
    check_equal(&storage, &second, "adopted");
}

#[test]
fn many_new_files_are_looked_for_by_listing() {
    let storage = Faulty::new();
    publish(&storage, &Site::new(&[("index.html", "x")])).expect("a publish");
    storage.put_foreign("pages/0007.html", "mine");
    let names: Vec<String> = (0..400).map(|number| format!("pages/{number:04}.html")).collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    files.push(("index.html", "x"));
    storage.clear_log();
    let failure = publish(&storage, &Site::new(&files)).expect_err("a collision");
    assert!(failure.message.contains("`pages/0007.html`"), "{failure:?}");
    // Once more, because they might have been those of another publish.
    assert_eq!(
        storage.log(),
        [
            "read .brief-manifest",
            "list",
            "look at the lock",
            "read .brief-manifest",
            "list"
        ]
    );
}

#[test]
fn a_site_is_not_emptied_unasked() {
    let names: Vec<String> = (0..60).map(|number| format!("{number:02}.html")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    let storage = Faulty::new();
    publish(&storage, &Site::new(&files)).expect("a publish");
    let few = Site::new(&files[..20]);
    check_refused(
        &storage,
        &few,
        &Manner::default(),
        "in `s3://news/site` 40 of 60 published files would be deleted: `20.html`, `21.html`, `22.html`, `23.html`, \
         `24.html` and 35 more",
        "--delete-many",
    );
    let limited = with(|manner| manner.max_deletions = Some(39));
    publish_with(&storage, &few, &limited, 1).expect_err("one too many");
    publish_with(&storage, &few, &with(|manner| manner.delete_many = true), 1).expect("a publish");
    check_equal(&storage, &few, "deleted");
}

#[test]
fn a_damaged_record_is_not_guessed_at() {
    let storage = Faulty::new();
    let site = Site::new(FIRST);
    publish(&storage, &site).expect("a publish");
    storage.put_foreign(".brief-manifest", "brief-manifest 1\nhalf");
    check_refused(
        &storage,
        &site,
        &Manner::default(),
        "`.brief-manifest` in `s3://news/site` is damaged, so that nobody knows what is published there",
        "--adopt",
    );
    let outcome = publish_with(&storage, &site, &with(|manner| manner.adopt = true), 1).expect("a publish");
    assert_eq!(outcome.sent(), 6);
    check_equal(&storage, &site, "sent anew");
}

#[test]
fn one_publishes_at_a_time() {
    let storage = Faulty::new();
    storage.put_foreign(".brief-lock", "brief-lock 1\nsomebody\n");
    let site = Site::new(FIRST);
    check_refused(
        &storage,
        &site,
        &Manner::default(),
        "another publish to `s3://news/site` is going on, and gave its last sign of life 7 seconds ago",
        "`--unlock`",
    );
    // Nobody can tell that a dry run was there.
    let dry = with(|manner| manner.dry_run = true);
    publish_with(&storage, &site, &dry, 1).expect("a plan");
    publish_with(&storage, &site, &with(|manner| manner.unlock = true), 1).expect("a publish");
    check_equal(&storage, &site, "unlocked");
}

#[test]
fn a_lock_without_a_sign_of_life_is_taken_over() {
    let storage = Faulty::new();
    storage.put_foreign(".brief-lock", "brief-lock 1\nsomebody\n");
    storage.age.store(600, Ordering::SeqCst);
    let site = Site::new(FIRST);
    publish(&storage, &site).expect("a publish");
    check_equal(&storage, &site, "taken over");
}

#[test]
fn a_dry_run_says_all_and_writes_nothing() {
    let storage = Faulty::new();
    publish(&storage, &Site::new(FIRST)).expect("a publish");
    let before = storage.all();
    storage.clear_log();
    let dry = with(|manner| manner.dry_run = true);
    let outcome = publish_with(&storage, &Site::new(SECOND), &dry, 1).expect("a plan");
    let changes = &outcome.changes;
    assert_eq!(
        (changes.new.len(), changes.changed.len(), changes.removed.len()),
        (2, 4, 1)
    );
    assert_eq!((outcome.sent(), outcome.deleted()), (0, 0));
    assert!(storage.all() == before);
    assert!(
        storage
            .log()
            .iter()
            .all(|line| line.starts_with("read ") || line.starts_with("has ")),
        "{:?}",
        storage.log()
    );
}

#[test]
fn two_at_once_end_as_one_of_them_meant() {
    for _ in 0..20 {
        let storage = Faulty::new();
        publish(&storage, &Site::new(FIRST)).expect("a publish");
        let sites = [
            Site::new(SECOND),
            Site::new(&[("index.html", "other"), ("x.css", "y")]),
        ];
        let results: Vec<Result<Outcome, Failure>> = std::thread::scope(|scope| {
            let threads = sites
                .iter()
                .map(|site| scope.spawn(|| publish(&storage, site)))
                .collect::<Vec<_>>();
            let joined = threads.into_iter().map(|thread| thread.join().expect("no panic"));
            joined.collect()
        });
        let there = storage.all();
        let is = |site: &Site| {
            let mut expected = site.files.clone();
            expected.insert(".brief-manifest".to_owned(), site.manifest.text().into_bytes());
            expected == there
        };
        assert!(sites.iter().any(is), "{results:?}");
        for failure in results.iter().filter_map(|result| result.as_ref().err()) {
            assert!(
                failure.message.starts_with("another publish to `s3://news/site`"),
                "{failure:?}"
            );
        }
        assert!(results.iter().any(Result::is_ok), "{results:?}");
    }
}
