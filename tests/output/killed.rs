//! Builds of a small site by the program itself, killed at random moments and mended by the next.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Sources that both sites have.
const BOTH: &[(&str, &str)] = &[
    ("brief.yaml", "title: Briefing\nbase_url: https://example.org\n"),
    (
        "content/articles/same.md",
        "---\ntitle: Same\ndate: 2025-01-02\n---\n\nText.\n",
    ),
    ("static/logo.svg", "<svg/>"),
];

/// Two sites that differ in articles, in the case of a name, and in what is a file and what a folder.
const SITES: [&[(&str, &str)]; 2] = [
    &[
        (
            "content/articles/one.md",
            "---\ntitle: One\ndate: 2025-01-03\n---\n\nOne.\n",
        ),
        (
            "content/articles/both.md",
            "---\ntitle: Both\ndate: 2025-01-04\n---\n\nAs it was.\n",
        ),
        ("static/turned/a/b", "1"),
        ("static/Case.txt", "1"),
    ],
    &[
        (
            "content/articles/two.md",
            "---\ntitle: Two\ndate: 2025-02-03\n---\n\nTwo.\n",
        ),
        (
            "content/articles/both.md",
            "---\ntitle: Both\ndate: 2025-01-04\n---\n\nAs it is.\n",
        ),
        ("static/turned", "2"),
        ("static/case.txt", "1"),
    ],
];

/// Files of others in the output.
const FOREIGN: [&str; 2] = ["CNAME", "theirs/file"];

const ROUNDS: u64 = 100;

#[test]
fn a_build_killed_at_any_moment_is_mended_by_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let expected = [0, 1].map(|which| {
        let clean = folder.path().join(format!("clean{which}"));
        write_site(&clean, which);
        succeed(&build(&clean));
        tree(&clean.join("public"))
    });
    let site = folder.path().join("site");
    write_site(&site, 0);
    let started = Instant::now();
    succeed(&build(&site));
    let whole = started.elapsed();
    for path in FOREIGN {
        write(&site.join("public").join(path), "theirs");
    }
    let mut random = 7u64;
    let mut random = |below: Duration| {
        // The generator of Knuth's MMIX; its high bits are the good ones.
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        below.mul_f64((random >> 40) as f64 / f64::from(1 << 24))
    };
    let (mut unfinished, mut in_commit) = (0, 0);
    for round in 0..ROUNDS {
        let next = usize::from(round % 2 == 0);
        write_site(&site, next);
        let mut child = spawn(&site);
        // Some kills fall into the short times in which files are staged and the output changes.
        let wait = match round % 4 {
            0 | 1 => random(whole),
            2 => {
                wait_for(&site.join("public/.brief-staging"), &mut child);
                random(Duration::from_millis(10))
            }
            _ => {
                wait_for(&state(&site).expect("a state").join("journal"), &mut child);
                random(Duration::from_millis(4))
            }
        };
        thread::sleep(wait);
        child.kill().expect("a child");
        let status = child.wait().expect("a child");
        unfinished += u32::from(!status.success());
        in_commit += u32::from(state(&site).is_some_and(|state| state.join("journal").exists()));
        // Mended by the same build, or by one that wants the old site back.
        let mended = if round % 3 == 0 { 1 - next } else { next };
        write_site(&site, mended);
        succeed(&build(&site));
        let mut found = tree(&site.join("public"));
        for path in FOREIGN {
            assert_eq!(found.remove(path).as_deref(), Some(&b"theirs"[..]), "{path}");
        }
        let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&expected[mended]), "round {round}, {wait:?}");
        assert!(found == expected[mended], "round {round}, {wait:?}");
        assert!(!state(&site).expect("a state").join("journal").exists());
        // From the other site to the next one.
        write_site(&site, 1 - usize::from(round % 2 != 0));
        succeed(&build(&site));
    }
    println!("{unfinished} of {ROUNDS} builds were killed, {in_commit} of them while the output changed");
    assert!(unfinished > 10, "{unfinished} builds were killed");
}

fn write_site(site: &Path, which: usize) {
    for folder in ["content", "static"] {
        let _ = fs::remove_dir_all(site.join(folder));
    }
    for (path, text) in BOTH.iter().chain(SITES[which]) {
        write(&site.join(path), text);
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    fs::write(path, text).expect("a file");
}

fn command(site: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brief"));
    command.arg("build").current_dir(site);
    command
}

fn build(site: &Path) -> Output {
    command(site).output().expect("the program")
}

fn spawn(site: &Path) -> Child {
    let mut command = command(site);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program")
}

fn succeed(output: &Output) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn wait_for(path: &Path, child: &mut Child) {
    while !path.exists() && child.try_wait().expect("a child").is_none() {
        thread::yield_now();
    }
}

/// The folder for what is known of the site's one output.
fn state(site: &Path) -> Option<PathBuf> {
    let mut states = fs::read_dir(site.join(".brief")).ok()?;
    Some(states.next()?.expect("a state").path())
}

/// All files of a folder, and its empty folders with a slash behind them.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut tree = BTreeMap::new();
    collect(folder, "", &mut tree);
    tree
}

fn collect(folder: &Path, prefix: &str, tree: &mut BTreeMap<String, Vec<u8>>) {
    let before = tree.len();
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = format!("{prefix}{}", entry.file_name().display());
        if entry.file_type().expect("a kind").is_dir() {
            collect(&entry.path(), &format!("{path}/"), tree);
        } else {
            tree.insert(path, fs::read(entry.path()).expect("a file"));
        }
    }
    if tree.len() == before {
        tree.insert(prefix.to_owned(), Vec::new());
    }
}
