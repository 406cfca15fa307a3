//! The output folder: what a commit changes, what it refuses and what it never touches.

mod edges;
#[cfg(unix)]
mod killed;
mod refusals;
mod sequences;
mod site;
mod untouched;

use std::fs;
use std::time::{Duration, SystemTime};

use brief::building::output::{Manifest, Output};
use brief::ground::diagnostic::Code;
use brief::ground::fingerprint::Fingerprint;
use site::{Site, counts, path};

#[test]
fn a_first_build_fills_a_missing_folder() {
    let site = Site::new();
    let report = site
        .build(&[("index.html", "front"), ("news/acme/index.html", "acme")])
        .expect("built");
    assert_eq!(counts(&report), (2, 0, 0));
    assert_eq!(
        report.changed_paths,
        [path("index.html"), path("news/acme/index.html")]
    );
    site.check_tree(&["index.html=front", "news/acme/index.html=acme"]);
}

#[test]
fn a_first_build_fills_an_empty_folder() {
    let site = Site::new();
    fs::create_dir_all(site.output()).expect("a folder");
    site.build(&[("a/b", "1")]).expect("built");
    site.check_tree(&["a/b=1"]);
}

#[test]
fn equal_files_are_left_alone() {
    let site = Site::new();
    let files = [("index.html", "front"), ("a/b/c", "deep")];
    site.build(&files).expect("built");
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let all = ["index.html", "a/b/c", ".brief-manifest"].map(|file| site.output().join(file));
    for file in &all {
        fs::File::options()
            .write(true)
            .open(file)
            .and_then(|file| file.set_modified(old))
            .expect("a time");
    }
    let report = site.build(&files).expect("built");
    assert_eq!(counts(&report), (0, 2, 0));
    assert_eq!(report.changed_paths, []);
    for file in &all {
        assert_eq!(
            fs::metadata(file)
                .and_then(|file| file.modified())
                .expect("a time"),
            old,
            "{file:?}"
        );
    }
}

#[test]
fn only_the_changed_file_is_written() {
    let site = Site::new();
    site.build(&[("a", "1"), ("b", "2")]).expect("built");
    let report = site.build(&[("a", "1"), ("b", "3")]).expect("built");
    assert_eq!(
        (counts(&report), report.changed_paths),
        ((1, 1, 0), vec![path("b")])
    );
    site.check_tree(&["a=1", "b=3"]);
}

#[test]
fn a_damaged_file_of_the_same_size_is_written_again() {
    let site = Site::new();
    site.build(&[("a", "good")]).expect("built");
    site.write("a", "evil");
    assert_eq!(counts(&site.build(&[("a", "good")]).expect("built")), (1, 0, 0));
    site.check_tree(&["a=good"]);
}

#[test]
fn what_is_no_longer_planned_goes_with_the_folders_it_leaves_empty() {
    let site = Site::new();
    site.build(&[("a", "1"), ("b/c/d", "2"), ("b/e", "3")])
        .expect("built");
    let report = site.build(&[("a", "1"), ("b/e", "3")]).expect("built");
    assert_eq!(
        (counts(&report), report.changed_paths),
        ((0, 2, 1), vec![path("b/c/d")])
    );
    site.check_tree(&["a=1", "b/e=3"]);
    site.build(&[("a", "1")]).expect("built");
    site.check_tree(&["a=1"]);
    site.build(&[]).expect("built");
    site.check_tree(&[]);
}

#[test]
fn folders_that_were_there_before_us_stay_when_empty() {
    let site = Site::new();
    site.build(&[("a", "1")]).expect("built");
    fs::create_dir_all(site.output().join("found")).expect("a folder");
    site.build(&[("found/ours/b", "2")]).expect("built");
    site.build(&[("found/ours/b", "3")]).expect("built");
    site.build(&[("a", "1")]).expect("built");
    site.check_tree(&["a=1", "found/"]);
}

#[test]
fn foreign_files_are_never_touched() {
    let site = Site::new();
    site.build(&[("a", "1"), ("b/c", "2")]).expect("built");
    site.write("CNAME", "example.org");
    site.write(".git/config", "git");
    site.write("b/theirs", "x");
    site.build(&[("a", "2")]).expect("built");
    site.check_tree(&[".git/config=git", "CNAME=example.org", "a=2", "b/theirs=x"]);
}

#[test]
fn a_foreign_file_at_a_planned_path_is_an_error_and_nothing_is_written() {
    let site = Site::new();
    site.build(&[("a", "1"), ("old", "1")]).expect("built");
    site.write("b", "theirs");
    let errors = site
        .build(&[("a", "2"), ("b", "ours"), ("c", "3")])
        .expect_err("a collision");
    let expected = [(
        Code::OutputNotOurs,
        "`public/b` was not written by brief, and a page goes there".to_owned(),
        vec!["move or delete it, or let it be overwritten with `--adopt`".to_owned()],
    )];
    assert_eq!(errors, expected);
    site.check_tree(&["a=1", "b=theirs", "old=1"]);
}

#[test]
fn a_foreign_file_with_equal_bytes_becomes_ours() {
    let site = Site::new();
    site.build(&[("a", "1")]).expect("built");
    site.write("b", "same");
    assert_eq!(
        counts(&site.build(&[("a", "1"), ("b", "same")]).expect("built")),
        (0, 2, 0)
    );
    assert_eq!(counts(&site.build(&[("a", "1")]).expect("built")), (0, 1, 1));
    site.check_tree(&["a=1"]);
}

#[test]
fn a_filled_folder_is_taken_over_only_with_adopt() {
    let site = Site::new();
    site.write("index.html", "theirs");
    site.write("other/x", "theirs");
    let errors = site.build(&[("index.html", "ours")]).expect_err("not ours");
    assert_eq!(errors[0].0, Code::OutputNotOurs);
    assert_eq!(errors[0].1, "`public` is not empty, and brief did not fill it");
    assert!(
        errors[0].2.iter().any(|help| help.contains("--adopt")),
        "{errors:?}"
    );
    site.check_tree(&["index.html=theirs", "other/x=theirs"]);
    site.build_with(&[("index.html", "ours"), ("other/y", "ours")], true)
        .expect("adopted");
    site.check_tree(&["index.html=ours", "other/x=theirs", "other/y=ours"]);
    site.build(&[]).expect("built");
    site.check_tree(&["other/x=theirs"]);
}

#[test]
fn either_manifest_is_enough() {
    for damaged in ["output", "state"] {
        let site = Site::new();
        site.build(&[("a", "1"), ("b", "2")]).expect("built");
        let file = if damaged == "output" {
            site.output().join(".brief-manifest")
        } else {
            site.state().join("manifest")
        };
        let sound = fs::read_to_string(&file).expect("a manifest");
        fs::write(&file, sound.replace('b', "c")).expect("damaged");
        assert_eq!(counts(&site.build(&[("a", "1")]).expect("built")), (0, 1, 1));
        site.check_tree(&["a=1"]);
        assert!(
            Manifest::read(&file).is_some(),
            "the {damaged} copy is whole again"
        );
    }
}

#[test]
fn two_damaged_manifests_are_none() {
    let site = Site::new();
    site.build(&[("a", "1"), ("b", "2")]).expect("built");
    fs::write(site.output().join(".brief-manifest"), "x").expect("damaged");
    fs::remove_file(site.state().join("manifest")).expect("removed");
    let errors = site.build(&[("a", "2")]).expect_err("no manifest");
    assert_eq!(
        errors[0].1,
        "`public` is not empty, and the list of what brief wrote there is damaged"
    );
    site.check_tree(&["a=1", "b=2"]);
    site.build_with(&[("a", "2")], true).expect("adopted");
    // What the lost manifest named is nobody's now.
    site.check_tree(&["a=2", "b=2"]);
}

#[test]
fn one_build_at_a_time() {
    let site = Site::new();
    let first = site.open(false).expect("free");
    let busy = site.open(false).err().expect("taken");
    assert_eq!(
        (busy.code, busy.message.as_str()),
        (Code::OutputBusy, "another build is writing to `public`")
    );
    drop(first);
    site.open(false).expect("free again");
}

#[test]
fn without_a_commit_no_trace_is_left() {
    let site = Site::new();
    let output = site.open(false).expect("free");
    output.put(&path("a/b"), b"1").expect("staged");
    drop(output);
    assert!(!site.output().exists());
    site.build(&[("a", "1")]).expect("built");
    let output = site.open(false).expect("free");
    output.put(&path("a"), b"2").expect("staged");
    output.put(&path("b"), b"2").expect("staged");
    drop(output);
    site.check_tree(&["a=1"]);
}

#[test]
fn left_over_staging_is_removed_and_never_published() {
    let site = Site::new();
    site.build(&[("a/b", "1")]).expect("built");
    site.write(".brief-staging/c/stale", "x");
    site.build(&[("a/b", "1"), ("c/d", "2")]).expect("built");
    site.check_tree(&["a/b=1", "c/d=2"]);
}

#[test]
fn files_are_handed_over_from_many_threads() {
    let site = Site::new();
    let output = site.open(false).expect("free");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let output = &output;
            scope.spawn(move || {
                for number in 0..50 {
                    let path = path(&format!("{}/{thread}/{number}", number % 7));
                    output.put(&path, path.as_str().as_bytes()).expect("staged");
                }
            });
        }
    });
    assert_eq!(counts(&output.commit().expect("committed")), (400, 0, 0));
    let expected: Vec<String> = (0..8)
        .flat_map(|thread| (0..50).map(move |n| format!("{}/{thread}/{n}", n % 7)))
        .collect();
    let mut expected: Vec<String> = expected.iter().map(|path| format!("{path}={path}")).collect();
    expected.sort();
    site.check_tree(&expected.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn equal_outputs_have_equal_manifests() {
    let files = [("b/c", "1"), ("a", "2"), ("b/d/é.html", "3")];
    let (straight, roundabout) = (Site::new(), Site::new());
    straight.build(&files).expect("built");
    roundabout.build(&[("b", "x"), ("z/y", "1")]).expect("built");
    let reversed: Vec<_> = files.iter().rev().copied().collect();
    roundabout.build(&reversed).expect("built");
    assert_eq!(straight.manifest(), roundabout.manifest());
    assert_eq!(
        straight.manifest(),
        fs::read_to_string(straight.state().join("manifest")).expect("a copy")
    );
}

#[test]
fn files_are_copied_from_disk() {
    let site = Site::new();
    let source = site.root().join("photo.jpg");
    let hand_over = |bytes: &[u8]| {
        fs::write(&source, bytes).expect("a source");
        let output = site.open(false).expect("free");
        output.put_file(&path("img/photo.jpg"), &source).expect("staged");
        let report = output.commit().expect("committed");
        assert_eq!(
            fs::read(site.output().join("img/photo.jpg")).expect("a copy"),
            bytes
        );
        let manifest = Manifest::parse(&site.manifest()).expect("valid");
        let content = manifest.get("img/photo.jpg").expect("listed");
        assert_eq!(
            (content.fingerprint, content.size),
            (Fingerprint::of(bytes), bytes.len() as u64)
        );
        counts(&report)
    };
    let large = vec![7; 300_000];
    assert_eq!(hand_over(&large), (1, 0, 0));
    assert_eq!(hand_over(&large), (0, 1, 0));
    assert_eq!(hand_over(&vec![8; 300_000]), (1, 0, 0));
    assert_eq!(hand_over(b""), (1, 0, 0));
    let output = site.open(false).expect("free");
    let missing = output
        .put_file(&path("b"), &site.root().join("missing"))
        .expect_err("no source");
    assert_eq!(missing.code, Code::UnreadableFile);
    assert!(
        output.commit().is_err(),
        "a file that was not handed over whole stops the commit"
    );
    assert!(site.output().join("img/photo.jpg").exists());
}

#[test]
fn files_are_kept_without_their_bytes() {
    let site = Site::new();
    site.build(&[("a", "1"), ("b", "2")]).expect("built");
    let output: Output = site.open(false).expect("free");
    let a = output.put(&path("a"), b"1").expect("in place");
    let b = output.put(&path("b"), b"2").expect("in place");
    output.commit().expect("committed");

    let output = site.open(false).expect("free");
    let mut other = b;
    other.content.fingerprint = Fingerprint::of("other");
    assert_eq!(output.keep(&mut [(path("b"), other)]), Ok(false));
    assert_eq!(output.keep(&mut [(path("c"), a)]), Ok(false));
    // All or none: the first is not taken where the second is not there.
    assert_eq!(output.keep(&mut [(path("a"), a), (path("c"), a)]), Ok(false));
    let mut files = [(path("a"), a)];
    assert_eq!(output.keep(&mut files), Ok(true));
    assert_eq!(files[0].1, a);
    output
        .put(&path("b"), b"3")
        .expect("not taken by the refused keep");
    assert_eq!(counts(&output.commit().expect("committed")), (1, 1, 0));

    // Another time and the same bytes: kept, with the new time.
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let file = fs::File::options().write(true).open(site.output().join("a"));
    file.and_then(|file| file.set_modified(old)).expect("a time");
    let output = site.open(false).expect("free");
    let mut kept = [(path("a"), a)];
    assert_eq!(output.keep(&mut kept), Ok(true));
    assert_eq!(kept[0].1.modified, 1_000_000_000_000_000);
    drop(output);

    // The same size and other bytes: not kept.
    fs::write(site.output().join("a"), "x").expect("written");
    assert_eq!(site.open(false).expect("free").keep(&mut kept), Ok(false));
    fs::remove_file(site.output().join("a")).expect("removed");
    let output = site.open(false).expect("free");
    assert_eq!(output.keep(&mut kept), Ok(false));
    output.put(&path("a"), b"1").expect("staged");
    output.commit().expect("committed");
    site.check_tree(&["a=1"]);
}
