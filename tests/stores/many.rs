//! A hundred thousand files: what it costs to find out that there is nothing to do, and to send the one that changed.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use brief::ground::fingerprint::Fingerprint;
use wait4::Wait4;

use super::child::{Told, WORDS};
use super::s3::S3;
use super::*;

const FILES: usize = 100_000;

/// The manifest of a large site, whose front page holds this.
fn many(front: &str) -> Manifest {
    let mut files: Vec<(String, Content)> = (0..FILES - 1)
        .map(|number| {
            let path = format!(
                "{}/{:02}/article-number-{number:06}/index.html",
                2000 + number / 4000,
                number % 12
            );
            let content = Content {
                fingerprint: Fingerprint::of(&path),
                size: 12_345,
            };
            (path, content)
        })
        .collect();
    files.push(("index.html".to_owned(), Content::of(front.as_bytes())));
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    let listed = files.iter().map(|(path, content)| (path.as_str(), *content));
    Manifest::of_sorted(listed).expect("sorted paths")
}

/// Publishes in another process; how long that took, and the most memory it had.
fn measured(remote: &S3, front: &str) -> (Duration, u64) {
    let start = Instant::now();
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", "many::a_publish_that_is_measured", "--ignored"])
        .env(WORDS, remote.words().join("\n"))
        .env("BRIEF_TEST_FRONT", front)
        .env(
            "AWS_ACCESS_KEY_ID",
            remote.secret("AWS_ACCESS_KEY_ID").expect("a key"),
        )
        .env(
            "AWS_SECRET_ACCESS_KEY",
            remote.secret("AWS_SECRET_ACCESS_KEY").expect("a key"),
        )
        .stdout(Stdio::null());
    let ended = command.spawn().expect("a process").wait4().expect("its end");
    assert!(ended.status.success(), "{ended:?}");
    (start.elapsed(), ended.rusage.maxrss)
}

#[test]
#[ignore = "only for the test that starts it"]
fn a_publish_that_is_measured() {
    let told = Told(Vec::new());
    let (Some(words), Some(front)) = (told.secret(WORDS), told.secret("BRIEF_TEST_FRONT")) else {
        return;
    };
    let told = Told(words.lines().map(str::to_owned).collect());
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("index.html"), &front).expect("a file");
    let outcome = send(&told, folder.path(), &many(&front), &Manner::default(), &()).expect("a publish");
    let changed = usize::from(front != "first");
    assert_eq!((outcome.sent(), outcome.changes.kept), (changed, FILES - changed));
}

#[test]
#[ignore = "needs moto"]
fn a_hundred_thousand_files_are_planned_in_seconds_and_little_memory() {
    let remote = S3::new("");
    remote.put_foreign("index.html", "first");
    remote.put_large(".brief-manifest", many("first").text().as_bytes());
    let (took, memory) = measured(&remote, "first");
    eprintln!("nothing to do: {took:?}, {} MB", memory / 1_000_000);
    assert!(took < Duration::from_secs(15), "{took:?}");
    assert!(memory < 250_000_000, "{memory} bytes");
    let (took, memory) = measured(&remote, "second");
    eprintln!("one file: {took:?}, {} MB", memory / 1_000_000);
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert!(memory < 350_000_000, "{memory} bytes");
    assert_eq!(remote.files()["index.html"], b"second");
}
