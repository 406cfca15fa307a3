//! Equal sources give equal bytes, whatever the process, the number of threads, the folder the site
//! lies in and the order in which its files were made.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use support::{brief, files, repository, tree, write};

/// What the demo is made of; the repository holds other things beside it.
const DEMO: [&str; 5] = ["brief.yaml", "content", "data", "templates", "static"];

/// A day on which everything in the demo is published.
const LATER: &str = "2025-12-31";

#[test]
fn two_processes_give_the_same_bytes() {
    let site = demo("demo", |paths| paths);
    let first = built(&site.1, "first", None);
    assert!(first.len() > 100, "the demo has only {} files", first.len());
    assert_same(&first, &built(&site.1, "second", None));
    // A build over an older one ends like a build from nothing.
    assert_same(&first, &built(&site.1, "first", None));
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let site = demo("demo", |paths| paths);
    let one = built(&site.1, "one", Some("1"));
    assert_same(&one, &built(&site.1, "four", Some("4")));
}

#[test]
fn the_place_of_the_site_does_not_matter() {
    let here = demo("demo", |paths| paths);
    let there = demo("a longer/path, with spaces/démo", |paths| paths);
    assert_same(&built(&here.1, "public", None), &built(&there.1, "public", None));
}

#[test]
fn the_order_in_which_files_were_made_does_not_matter() {
    let forward = demo("demo", |paths| paths);
    let backward = demo("demo", |paths| paths.into_iter().rev().collect());
    assert_same(
        &built(&forward.1, "public", None),
        &built(&backward.1, "public", None),
    );
}

#[test]
fn messages_are_the_same_in_every_run() {
    let site = demo("demo", |paths| paths);
    for number in 0..20 {
        let text =
            format!("---\ntitle: {number}\nlead: x\n---\n[Nowhere](nowhere-{number}.md) {{{{ x }}}}\n");
        write(
            &site
                .1
                .join(format!("content/articles/2025-02-01-bad-{number}.md")),
            text,
        );
    }
    write(&site.1.join("templates/article.html"), "{{ article.nothing }}");
    let said = |threads: &str| {
        let mut command = brief(&site.1);
        command
            .env("RAYON_NUM_THREADS", threads)
            .args(["build", "--date", LATER]);
        String::from_utf8(command.output().expect("brief runs").stderr).expect("text")
    };
    let first = said("1");
    assert!(
        first.contains("nowhere-19.md") && first.contains("template-render"),
        "{first}"
    );
    for threads in ["4", "3", "8"] {
        assert_eq!(said(threads), first);
    }
}

/// A copy of the demo in a folder of that name, its files made in the order that `arrange` gives.
fn demo(name: &str, arrange: impl Fn(Vec<String>) -> Vec<String>) -> (tempfile::TempDir, std::path::PathBuf) {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let site = temporary.path().join(name);
    let root = repository();
    let mut paths = Vec::new();
    for part in DEMO {
        let below = files(&root.join(part));
        paths.extend(below.iter().map(|path| format!("{part}/{path}")));
        if root.join(part).is_file() {
            paths.push(part.to_owned());
        }
    }
    for path in arrange(paths) {
        write(
            &site.join(&path),
            fs::read(root.join(&path)).expect("a file of the demo"),
        );
    }
    (temporary, site)
}

/// The files a site becomes in an output of that name, the list of them too.
fn built(site: &Path, output: &str, threads: Option<&str>) -> BTreeMap<String, Vec<u8>> {
    let mut command = brief(site);
    command.args(["build", "--deny-warnings", "--date", LATER, "--output", output]);
    if let Some(threads) = threads {
        command.env("RAYON_NUM_THREADS", threads);
    }
    let done = command.output().expect("brief runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    tree(&site.join(output))
}

fn assert_same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>) {
    let differing: Vec<&String> = left
        .keys()
        .chain(right.keys())
        .filter(|path| left.get(*path) != right.get(*path))
        .collect();
    assert!(differing.is_empty(), "these differ: {differing:?}");
}
