//! Disks that are full or read-only, and sources that change under our hands: always a diagnostic,
//! and the last good output stays.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use brief::ground::diagnostic::Code;

use crate::site::{Site, path};

#[test]
fn a_source_that_vanished_is_a_diagnostic() {
    let site = Site::new();
    site.build(&[("a", "1")]).expect("built");
    let source = site.root().join("photo.jpg");
    let output = site.open(false).expect("free");
    output.put(&path("a"), b"2").expect("staged");
    let problem = output
        .put_file(&path("photo.jpg"), &source)
        .expect_err("no source");
    assert_eq!(problem.code, Code::UnreadableFile);
    assert!(
        problem
            .message
            .ends_with("photo.jpg` cannot be read: it is no longer there"),
        "{problem:?}"
    );
    output.commit().expect_err("not whole");
    site.check_tree(&["a=1"]);
}

#[test]
fn a_source_that_became_a_folder_is_a_diagnostic() {
    let site = Site::new();
    site.build(&[("a", "1"), ("b", "1")]).expect("built");
    let source = site.root().join("source");
    fs::create_dir(&source).expect("a folder");
    let output = site.open(false).expect("free");
    // Beside a file and where the output has one already.
    for place in ["a", "c"] {
        let problem = output.put_file(&path(place), &source).expect_err("a folder");
        assert_eq!(problem.code, Code::UnreadableFile);
        assert!(
            problem.message.ends_with("a folder stands in its place"),
            "{problem:?}"
        );
    }
    drop(output);
    site.check_tree(&["a=1", "b=1"]);
}

/// The manifest must tell of the bytes that were copied, not of those that were there before.
#[test]
fn a_source_that_was_replaced_is_copied_as_it_is_now() {
    let site = Site::new();
    let source = site.root().join("source");
    for text in ["one", "two", "longer", ""] {
        fs::write(&source, text).expect("a source");
        let output = site.open(false).expect("free");
        let placed = output.put_file(&path("a"), &source).expect("staged");
        assert_eq!(placed.content.size, text.len() as u64);
        fs::write(&source, "too late").expect("a source");
        output.commit().expect("committed");
        site.check_tree(&[&format!("a={text}")]);
        let output = site.open(false).expect("free");
        assert_eq!(output.keep(&mut [(path("a"), placed)]), Ok(true));
    }
}

#[cfg(unix)]
#[test]
fn a_source_that_became_a_pipe_is_not_waited_for() {
    let site = Site::new();
    let source = site.root().join("source");
    let made = Command::new("mkfifo").arg(&source).status();
    assert!(made.is_ok_and(|status| status.success()), "a pipe");
    let output = site.open(false).expect("free");
    let problem = output.put_file(&path("a"), &source).expect_err("a pipe");
    assert!(problem.message.ends_with("it is not a file"), "{problem:?}");
}

#[cfg(unix)]
#[test]
fn a_read_only_output_is_a_diagnostic() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    site.build(&[("a", "1")]).expect("built");
    let set = |mode: u32| {
        fs::set_permissions(site.output(), fs::Permissions::from_mode(mode)).expect("permissions");
    };
    set(0o555);
    if fs::write(site.output().join("probe"), "").is_ok() {
        fs::remove_file(site.output().join("probe")).expect("removed");
        eprintln!("skipped: this user may write to read-only folders, as root may");
        return;
    }
    let problems = site.build(&[("a", "2")]).expect_err("read-only");
    set(0o755);
    assert_eq!(problems[0].0, Code::OutputUnwritable);
    assert_eq!(problems[0].1, "`public/a` cannot be written: permission denied");
    site.check_tree(&["a=1"]);
}

/// Files cannot grow beyond a limit, which is what a full disk looks like to whoever writes.
#[cfg(unix)]
mod full {
    use super::*;

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    /// Builds a site with files of so many kilobytes at most.
    fn build(site: &Path, limit: Option<u32>) -> Output {
        let ulimit = limit.map_or(String::new(), |limit| format!("ulimit -f {}; ", limit * 2));
        // Without the trap the system kills the program instead of telling it.
        let script = format!("trap '' XFSZ; {ulimit}exec \"$0\" build");
        let mut command = Command::new("sh");
        command
            .args(["-c", &script, env!("CARGO_BIN_EXE_brief")])
            .current_dir(site);
        command.output().expect("a shell")
    }

    /// A site with many small files.
    fn fill(files: usize) -> tempfile::TempDir {
        let site = tempfile::tempdir().expect("a folder");
        let root = site.path();
        write(
            &root.join("brief.yaml"),
            "title: Briefing\nbase_url: https://example.org\n",
        );
        for number in 0..files {
            let name = format!("a-headline-long-enough-for-a-long-address-{number}");
            write(
                &root.join(format!("static/{name}.txt")),
                &format!("text {number}"),
            );
        }
        site
    }

    fn files(site: &Path) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![site.join("public")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).expect("a file");
                    files.push((path.display().to_string(), bytes));
                }
            }
        }
        files.sort();
        files
    }

    fn check_refused(output: &Output, what: &str) {
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        let expected = format!("{what}` cannot be written: the file is too large for this disk");
        assert!(said.contains(&expected), "{said}");
        assert!(!said.contains("panicked"), "{said}");
    }

    #[test]
    fn a_page_that_does_not_fit_leaves_the_last_output() {
        let site = fill(3);
        assert!(build(site.path(), None).status.success());
        let before = files(site.path());
        write(&site.path().join("static/large.txt"), &"x".repeat(200_000));
        write(&site.path().join("static/new.txt"), "new");
        check_refused(&build(site.path(), Some(100)), "public/large.txt");
        assert_eq!(files(site.path()), before);
        assert!(build(site.path(), None).status.success());
        assert_eq!(files(site.path()).len(), before.len() + 2);
    }

    /// The pages fit, and so does the journal of the few that change, but not the manifest of all.
    #[test]
    fn a_manifest_that_does_not_fit_is_mended_by_the_next_build() {
        let site = fill(600);
        assert!(build(site.path(), None).status.success());
        write(&site.path().join("static/new.txt"), "new");
        let removed = site
            .path()
            .join("static/a-headline-long-enough-for-a-long-address-7.txt");
        fs::remove_file(&removed).expect("removed");
        check_refused(&build(site.path(), Some(44)), "public/.brief-manifest");
        // Neither is wanted any more; both must be known.
        fs::remove_file(site.path().join("static/new.txt")).expect("removed");
        write(&removed, "text 7");
        assert!(build(site.path(), None).status.success());
        let clean = fill(600);
        assert!(build(clean.path(), None).status.success());
        let names = |site: &Path| {
            let files = files(site).into_iter();
            let inside = |path: String| path.replace(&site.display().to_string(), "");
            files
                .map(|(path, bytes)| (inside(path), bytes))
                .collect::<Vec<_>>()
        };
        assert!(names(site.path()) == names(clean.path()));
    }
}
