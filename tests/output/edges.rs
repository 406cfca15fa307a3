//! Links, files and folders that change places, letter case, disks that refuse.

use std::fs;

use brief::building::output::Output;
use brief::ground::diagnostic::{Code, Diagnostic};

use crate::site::{Site, counts, path};

#[test]
fn a_file_becomes_a_folder_and_a_folder_a_file() {
    let site = Site::new();
    site.build(&[("a", "1"), ("b/c/d", "2"), ("b/e", "3")])
        .expect("built");
    let report = site.build(&[("a/x/y", "4"), ("b", "5")]).expect("built");
    assert_eq!(counts(&report), (2, 0, 3));
    site.check_tree(&["a/x/y=4", "b=5"]);
    site.build(&[("a", "1"), ("b/c/d", "2")]).expect("built");
    site.check_tree(&["a=1", "b/c/d=2"]);
}

#[test]
fn a_folder_with_foreign_files_never_gives_way_to_a_file() {
    let site = Site::new();
    site.build(&[("a/b", "1")]).expect("built");
    site.write("a/c/theirs", "x");
    for adopt in [false, true] {
        let errors = site
            .build_with(&[("a", "2"), ("z", "3")], adopt)
            .expect_err("in the way");
        let message = "`public/a/c/theirs` was not written by brief and stands in the way of `a`";
        assert_eq!(
            errors,
            [(
                Code::OutputNotOurs,
                message.to_owned(),
                vec!["move or delete it".to_owned()]
            )]
        );
        site.check_tree(&["a/b=1", "a/c/theirs=x"]);
    }
}

#[test]
fn a_foreign_file_never_gives_way_to_a_folder() {
    let site = Site::new();
    site.build(&[("z", "1")]).expect("built");
    site.write("a", "theirs");
    let errors = site.build(&[("a/b", "2")]).expect_err("in the way");
    assert_eq!(
        errors[0].1,
        "`public/a` was not written by brief and stands in the way of `a/b`"
    );
    site.check_tree(&["a=theirs", "z=1"]);
}

#[test]
fn paths_that_collide_in_one_build_are_told_before_anything_is_changed() {
    let site = Site::new();
    site.build(&[("old", "1"), ("z", "1")]).expect("built");
    for (first, second) in [
        ("News", "news/a"),
        ("news/A", "news/a"),
        ("news/a", "news/a/b"),
        ("news/a", "news/a"),
        ("z", "z"),
    ] {
        let collision = Diagnostic::new(
            Code::UrlCollision,
            format!("`{first}` and `{second}` cannot both be in the output"),
        )
        .help("give one of them another address with `slug:`");
        for (one, other) in [(first, second), (second, first)] {
            let output = site.open(false).expect("free");
            output.put(&path("y"), b"1").expect("staged");
            output.put(&path(one), b"1").expect("staged");
            // Told at once where the disk refuses, and in any case before the first change.
            if let Err(problem) = output.put(&path(other), b"1") {
                assert_eq!(problem, collision);
            }
            let problems = output.commit().expect_err("a collision");
            assert_eq!(
                problems.iter().collect::<Vec<_>>(),
                [&collision],
                "{one} and {other}"
            );
            site.check_tree(&["old=1", "z=1"]);
        }
    }
}

#[test]
fn our_own_names_are_refused() {
    let site = Site::new();
    let output = site.open(false).expect("free");
    for own in [".brief-manifest", ".Brief-Staging/x", ".brief-manife\u{17f}t"] {
        assert_eq!(
            output.put(&path(own), b"2").expect_err("ours").code,
            Code::UrlCollision,
            "{own}"
        );
    }
    output.put(&path("x/.brief-manifest"), b"2").expect("staged");
}

#[test]
fn letter_case_may_change() {
    let site = Site::new();
    site.build(&[("Foo/Index.html", "1"), ("b", "2")]).expect("built");
    site.build(&[("foo/index.html", "1"), ("b", "2")]).expect("built");
    site.check_tree(&["b=2", "foo/index.html=1"]);
    assert_eq!(
        counts(&site.build(&[("foo/index.html", "1"), ("b", "2")]).expect("built")),
        (0, 2, 0)
    );
}

#[test]
fn a_foreign_file_in_another_letter_case_is_not_ours() {
    let site = Site::new();
    site.build(&[("Foo", "1")]).expect("built");
    if site.output().join("foo").exists() {
        return; // This disk folds case: there is only one file.
    }
    site.write("foo", "theirs");
    assert_eq!(
        site.build(&[("foo", "2")]).expect_err("a collision")[0].0,
        Code::OutputNotOurs
    );
    site.check_tree(&["Foo=1", "foo=theirs"]);
}

#[test]
fn a_disk_that_refuses_is_a_diagnostic() {
    let site = Site::new();
    fs::write(site.root().join("file"), "x").expect("a file");
    let state = site.state();
    let problem = Output::open(&site.root().join("file"), &state, false)
        .err()
        .expect("a file, no folder");
    assert_eq!(problem.code, Code::OutputUnwritable);
    assert!(
        problem
            .message
            .ends_with("file` cannot be made: something else stands in its place"),
        "{problem:?}"
    );
    let problem = Output::open(&site.root().join("file/public"), &state, false)
        .err()
        .expect("below a file");
    assert!(
        problem
            .message
            .ends_with("cannot be made: a file stands where a folder is needed"),
        "{problem:?}"
    );
    let problem = Output::open(&site.output(), &site.root().join("file"), false)
        .err()
        .expect("no state");
    assert_eq!(problem.code, Code::OutputUnwritable);
}

#[test]
fn a_failed_write_and_a_vanished_staging_folder_change_nothing() {
    let site = Site::new();
    site.build(&[("a", "1")]).expect("built");
    let output = site.open(false).expect("free");
    output.owned().expect("ours");
    site.write(".brief-staging", "in the way");
    let problem = output.put(&path("b"), b"2").expect_err("no staging");
    assert_eq!(problem.code, Code::OutputUnwritable);
    drop(output);
    site.check_tree(&["a=1"]);

    let output = site.open(false).expect("free");
    output.put(&path("a"), b"2").expect("staged");
    output.put(&path("b"), b"2").expect("staged");
    fs::remove_dir_all(site.output().join(".brief-staging")).expect("vanished");
    let problems = output.commit().expect_err("nothing to rename");
    assert_eq!(problems.errors(), 2);
    assert!(
        problems
            .iter()
            .all(|problem| problem.code == Code::OutputUnwritable),
        "{problems:?}"
    );
    site.check_tree(&["a=1"]);
}

#[test]
fn a_commit_that_fails_half_way_is_mended_by_the_next() {
    let site = Site::new();
    site.build(&[("a", "1")]).expect("built");
    // The manifest cannot be replaced where a folder stands: the files are new already.
    fs::remove_file(site.output().join(".brief-manifest")).expect("removed");
    site.write(".brief-manifest/x", "in the way");
    let problems = site
        .build(&[("b/c", "2")])
        .expect_err("no place for the manifest");
    assert_eq!(
        problems[0].1,
        "`public/.brief-manifest` cannot be written: a folder stands in its place"
    );
    fs::remove_dir_all(site.output().join(".brief-manifest")).expect("removed");
    site.build(&[("b/c", "3")]).expect("ours by the other copy");
    site.check_tree(&["b/c=3"]);
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    fn outside(site: &Site) -> std::path::PathBuf {
        let outside = site.root().join("outside");
        fs::create_dir_all(outside.join("news")).expect("a folder");
        fs::write(outside.join("news/index.html"), "theirs").expect("a file");
        outside
    }

    fn check_outside(site: &Site) {
        let files: Vec<_> = fs::read_dir(site.root().join("outside/news"))
            .expect("a folder")
            .collect();
        assert_eq!(files.len(), 1);
        assert_eq!(
            fs::read_to_string(site.root().join("outside/news/index.html")).expect("a file"),
            "theirs"
        );
    }

    /// The folder of an owned file has become a link to a folder outside.
    fn with_linked_folder() -> Site {
        let site = Site::new();
        let outside = outside(&site);
        site.build(&[("news/index.html", "1"), ("z", "1")])
            .expect("built");
        fs::remove_dir_all(site.output().join("news")).expect("removed");
        symlink(outside.join("news"), site.output().join("news")).expect("a link");
        site
    }

    #[test]
    fn nothing_is_written_through_a_linked_folder() {
        let site = with_linked_folder();
        for text in ["1", "2", "theirs"] {
            let errors = site
                .build(&[("news/index.html", text), ("z", "2")])
                .expect_err("a link");
            let message =
                "`public/news` is a symbolic link, and nothing is written through it to `news/index.html`";
            assert_eq!(
                (errors[0].0, errors[0].1.as_str()),
                (Code::OutputNotOurs, message)
            );
            site.check_tree(&["news->", "z=1"]);
            check_outside(&site);
        }
    }

    #[test]
    fn nothing_is_deleted_through_a_linked_folder() {
        let site = with_linked_folder();
        site.build(&[("z", "1")]).expect("built");
        site.check_tree(&["news->", "z=1"]);
        check_outside(&site);
    }

    #[test]
    fn a_link_in_place_of_a_file_is_foreign_and_its_target_safe() {
        let site = Site::new();
        let outside = outside(&site);
        site.build(&[("a", "1"), ("b", "1")]).expect("built");
        for link in ["a", "b"] {
            fs::remove_file(site.output().join(link)).expect("removed");
            symlink(outside.join("news/index.html"), site.output().join(link)).expect("a link");
        }
        assert_eq!(
            site.build(&[("a", "theirs")]).expect_err("a link")[0].0,
            Code::OutputNotOurs
        );
        site.build_with(&[("a", "2")], true).expect("adopted");
        site.check_tree(&["a=2", "b->"]);
        check_outside(&site);
    }

    #[test]
    fn linked_bookkeeping_is_not_followed() {
        let site = Site::new();
        let outside = outside(&site);
        site.build(&[("a", "1")]).expect("built");
        symlink(&outside, site.output().join(".brief-staging")).expect("a link");
        fs::remove_file(site.output().join(".brief-manifest")).expect("removed");
        symlink(
            outside.join("news/index.html"),
            site.output().join(".brief-manifest"),
        )
        .expect("a link");
        site.build(&[("a", "2")]).expect("built");
        site.check_tree(&["a=2"]);
        check_outside(&site);
    }

    #[test]
    fn the_output_itself_may_be_a_link() {
        let site = Site::new();
        fs::create_dir_all(site.root().join("elsewhere")).expect("a folder");
        symlink(site.root().join("elsewhere"), site.output()).expect("a link");
        site.build(&[("a/b", "1")]).expect("built");
        site.check_tree(&["a/b=1"]);
    }

    #[test]
    fn files_get_default_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let site = Site::new();
        let source = site.root().join("source");
        fs::write(&source, "x").expect("a file");
        fs::set_permissions(&source, fs::Permissions::from_mode(0o400)).expect("permissions");
        let output = site.open(false).expect("free");
        output.put_file(&path("a"), &source).expect("staged");
        output.put(&path("b"), b"x").expect("staged");
        output.commit().expect("committed");
        let mode = |file: &str| {
            fs::metadata(site.output().join(file))
                .expect("a file")
                .permissions()
                .mode()
        };
        assert_eq!(mode("a"), mode("b"));
    }
}
