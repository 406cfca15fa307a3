//! Folders.

use std::fs;

use crate::site::{Said, Site, without_notes};
use crate::support::{files, write};

fn check(site: &Site) {
    assert!(
        without_notes(&site.beside("www")) == site.built(),
        "the folder holds the site"
    );
}

#[test]
fn only_what_changed_is_sent() {
    let site = Site::new();
    let count = |line: &str| line.split([' ', ';']).map(str::to_owned).collect::<Vec<_>>();
    let first = site.published(&["live"]);
    let all = site.built().len();
    assert_eq!(
        count(&first)[..3],
        ["sent".to_owned(), all.to_string(), "files".to_owned()],
        "{first}"
    );
    check(&site);
    let nothing = format!("nothing to publish to live: all {all} files are there as they should be");
    assert_eq!(site.published(&["live"]), nothing);

    site.article("one", "The first, in other words");
    let before = without_notes(&site.beside("www"));
    let second = site.published(&["live"]);
    check(&site);
    let after = without_notes(&site.beside("www"));
    let changed = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(bytes))
        .count();
    assert!(
        changed > 0 && second.starts_with(&format!("sent {changed} files")),
        "{second}"
    );
    assert!(
        second.contains(&format!("0 new, {changed} changed; {} unchanged", all - changed)),
        "{second}"
    );

    fs::rename(
        site.root().join("content/articles/two.md"),
        site.root().join("content/articles/zwei.md"),
    )
    .expect("renamed");
    let third = site.published(&["live"]);
    assert!(third.contains("1 new") && third.contains("1 removed"), "{third}");
    check(&site);
    site.remove("content/articles/zwei.md");
    site.published(&["live"]);
    check(&site);
}

#[test]
fn a_plan_names_the_files_and_writes_nothing() {
    let site = Site::new();
    let said = site.publish(&["live", "--dry-run", "--verbose"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let planned: Vec<String> = said.out.lines().map(str::to_owned).collect();
    let expected: Vec<String> = site
        .built()
        .keys()
        .map(|path| format!("new      {path}"))
        .collect();
    assert_eq!(planned, expected);
    assert!(!site.beside("www").exists());
    site.published(&["live"]);
    site.remove("content/articles/two.md");
    let before = files(&site.beside("www"));
    let said = site.publish(&["live", "--dry-run"]);
    assert!(
        said.out.contains("removed  2025/01/20/two/index.html\n"),
        "{}",
        said.out
    );
    assert_eq!(files(&site.beside("www")), before);
}

#[test]
fn what_others_put_there_stays() {
    let site = Site::new();
    write(&site.beside("www/notes.txt"), "theirs");
    write(&site.beside("www/index.html"), "theirs too");
    for arguments in [&["live"][..], &["live", "--dry-run"]] {
        let said = site.publish(arguments);
        assert_eq!(said.code, Some(1), "{}", said.err);
        assert!(
            said.problem()
                .ends_with("is not empty, and brief did not fill it"),
            "{}",
            said.err
        );
        assert_eq!(files(&site.beside("www")), ["index.html", "notes.txt"]);
    }
    site.published(&["live", "--adopt"]);
    let mut there = without_notes(&site.beside("www"));
    assert_eq!(there.remove("notes.txt").as_deref(), Some(&b"theirs"[..]));
    assert!(there == site.built());

    // Later ones, where a new page is to go and elsewhere.
    write(&site.beside("www/2025/01/20/three/index.html"), "theirs");
    site.article("three", "The third");
    let before = without_notes(&site.beside("www"));
    for arguments in [&["live", "--dry-run"][..], &["live"]] {
        let said = site.publish(arguments);
        assert_eq!(said.code, Some(1), "{}", said.err);
        assert!(
            said.problem().contains("2025/01/20/three/index.html"),
            "{}",
            said.err
        );
    }
    assert!(
        without_notes(&site.beside("www")) == before,
        "nothing was changed"
    );
}

/// What lies in the output and is not the site's is not sent.
#[test]
fn only_files_of_the_site_are_sent() {
    let site = Site::new();
    site.published(&["live"]);
    write(&site.root().join("public/secret.txt"), "mine");
    site.article("one", "Again");
    site.published(&["live"]);
    assert!(!site.beside("www/secret.txt").exists());
}

/// Files that somebody changed or deleted at the target are mended.
#[test]
fn damage_is_mended() {
    let site = Site::new();
    site.published(&["live"]);
    write(&site.beside("www/index.html"), "damaged");
    fs::remove_file(site.beside("www/404.html")).expect("removed");
    let line = site.published(&["live"]);
    assert!(line.starts_with("sent 2 files"), "{line}");
    check(&site);
}

/// Another copy of the site, as on a second computer, goes on where the first one was.
#[test]
fn whoever_comes_next_knows_what_is_there() {
    let site = Site::new();
    site.published(&["live"]);
    fs::remove_dir_all(site.root().join(".brief")).expect("the notes go");
    fs::remove_dir_all(site.root().join("public")).expect("the output goes");
    site.remove("content/articles/two.md");
    let line = site.published(&["live"]);
    assert!(line.contains("1 removed"), "{line}");
    check(&site);
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told() {
    let site = Site::new();
    write(&site.beside("www"), "a file");
    let said = site.publish(&["live"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert_eq!(fs::read(site.beside("www")).expect("the file"), b"a file");
}

/// Two at once: the folder is the one or the other site as a whole, and who had to give way says so.
#[test]
fn two_at_once() {
    let site = Site::new();
    site.published(&["live"]);
    let other = Site::new();
    other.settings(&format!("  shared: {}\n", site.beside("www").display()));
    other.article("three", "The third");
    other.published(&["live"]);
    for round in 0..5 {
        site.article("one", &format!("Round {round} of one"));
        other.article("one", &format!("Round {round} of the other"));
        let mut first = site.publishing(&["live"]);
        let mut second = other.publishing(&["shared"]);
        let piped = |command: &mut std::process::Command| {
            command
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .expect("brief runs")
        };
        let (first, second) = (piped(&mut first), piped(&mut second));
        let said = [first, second].map(|child| Said::of(child.wait_with_output().expect("brief ends")));
        assert!(said.iter().any(|said| said.code == Some(0)), "{said:?}");
        for said in said.iter().filter(|said| said.code != Some(0)) {
            assert_eq!(said.code, Some(2), "{}", said.err);
            assert!(
                said.problem().starts_with("another publish is writing to"),
                "{}",
                said.err
            );
        }
        let there = without_notes(&site.beside("www"));
        assert!(there == site.built() || there == other.built(), "round {round}");
    }
}

#[test]
fn the_target_is_no_part_of_the_site() {
    let site = Site::new();
    for (folder, what) in [
        (".", "is the site folder itself"),
        ("..", "holds the site folder"),
        ("content/x", "lies in the sources of the site"),
        ("public", "is the folder that the site is built into"),
        (
            "public/x",
            "lies in the folder that the site is built into, or holds it",
        ),
    ] {
        site.settings(&format!("  odd: {folder}\n"));
        let said = site.publish(&["odd"]);
        assert_eq!(said.code, Some(2), "{}", said.err);
        assert_eq!(said.problem(), format!("the folder `{folder}` {what}"));
    }
}

/// Files that nobody touched are not read again, and those that somebody did are.
#[test]
fn files_are_read_once() {
    let site = Site::new();
    site.published(&["live"]);
    site.published(&["live"]);
    // Of the same size and time, so that only reading it would tell.
    let file = site.beside("www/404.html");
    let time = fs::metadata(&file)
        .and_then(|file| file.modified())
        .expect("a time");
    let other = vec![b'x'; fs::read(&file).expect("the file").len()];
    fs::write(&file, &other).expect("written");
    let opened = fs::File::options().write(true).open(&file).expect("the file");
    opened.set_modified(time).expect("the time set back");
    assert!(
        site.published(&["live"]).starts_with("nothing to publish"),
        "it was not read"
    );
    fs::write(&file, &other).expect("written at another time");
    assert!(
        site.published(&["live"]).starts_with("sent 1 file"),
        "it was read"
    );
    check(&site);
}
