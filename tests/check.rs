//! `brief check`: a site with one of each problem, the demo, what it mends, and how it ends.
//! `BRIEF_ACCEPT=1` writes `tests/check/expected.txt` anew.

#![cfg(unix)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use brief::ground::diagnostic::{Code, Severity};
use support::{brief, copy, difference, repository, tree, write};

/// Runs `brief check` in a folder.
fn check(site: &Path, arguments: &[&str]) -> Output {
    let mut command = brief(site);
    command.arg("check").args(arguments).output().expect("brief runs")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// A copy of the site with one of each problem.
fn site() -> tempfile::TempDir {
    let site = tempfile::tempdir().expect("a temporary folder");
    copy(&repository().join("tests/check/site"), site.path());
    site
}

#[test]
fn one_of_each_problem_is_told_once_and_nothing_else() {
    let site = site();
    let before = tree(site.path());
    let output = check(site.path(), &["--message-format", "short"]);
    let said = said(&output);
    let file = repository().join("tests/check/expected.txt");
    if support::accepting() {
        fs::write(&file, &said).expect("expected.txt");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert!(said == expected, "{}", difference(&expected, &said));
    // Every kind of warning that an article, the register or a page can cause, each once. Links out of the
    // site are told by tests/external alone: nobody else asks other sites.
    let of_other_files = [
        Code::StrayFile,
        Code::LinkOutside,
        Code::MissingBaseUrl,
        Code::BrokenExternalLink,
        // Of a build after another.
        Code::MovedAddress,
        // Of newsletters alone.
        Code::EmailSize,
        Code::EmailLeftOut,
        // Of publishing alone.
        Code::NotTold,
    ];
    let warnings = Code::ALL
        .iter()
        .filter(|code| code.default_severity() == Severity::Warning);
    for code in warnings.filter(|code| !of_other_files.contains(code)) {
        let mark = format!("warning[{}]", code.name());
        assert_eq!(said.matches(&mark).count(), 1, "{mark}\n{said}");
    }
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(tree(site.path()), before, "a check writes nothing");
}

#[test]
fn warnings_fail_where_they_are_denied() {
    let site = site();
    assert_eq!(
        check(site.path(), &["--deny-warnings", "--quiet"]).status.code(),
        Some(1)
    );
    let name = "content/articles/2025-01-10-dates.md";
    let article = fs::read_to_string(site.path().join(name)).expect("an article");
    write(
        &site.path().join(name),
        article.replace("id: dates", "id: dates\nchecks: {relative-date: error}"),
    );
    let output = check(site.path(), &["--quiet", "--message-format", "short"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains(&format!("{name}:7:21: error[relative-date]")),
        "{}",
        said(&output)
    );
}

#[test]
fn every_kind_of_problem_can_be_switched_off_by_the_site() {
    let site = site();
    let off = |code: &Code| format!("  {}: off\n", code.name());
    let warnings = Code::ALL
        .iter()
        .filter(|code| code.default_severity() == Severity::Warning);
    let off: String = warnings.map(off).collect();
    let settings = fs::read_to_string(site.path().join("brief.yaml")).expect("the settings");
    write(
        &site.path().join("brief.yaml"),
        format!("{settings}checks:\n{off}"),
    );
    let output = check(site.path(), &["--quiet", "--deny-warnings"]);
    assert_eq!((said(&output).as_str(), output.status.code()), ("", Some(0)));
}

#[test]
fn every_problem_of_an_article_can_be_silenced_in_it() {
    let site = site();
    let mut silenced = BTreeSet::new();
    // What is told of many articles at once shows the next one where one is silent.
    for _ in 0..4 {
        silence(site.path(), &mut silenced);
    }
    assert!(silenced.len() > 10, "{silenced:?}");
    let output = check(site.path(), &["--quiet", "--message-format", "short"]);
    let said = said(&output);
    // Pictures beside articles have no front matter; what is wrong with them the site may silence.
    let mut left = said.lines().filter(|line| line.starts_with("content/articles/"));
    assert!(left.all(|line| line.contains(".png:")), "{said}");
}

/// Switches each problem of each article off in its front matter.
fn silence(site: &Path, silenced: &mut BTreeSet<(String, String)>) {
    let output = check(site, &["--quiet", "--message-format", "short"]);
    for line in said(&output).lines() {
        let path = line.split(':').next().unwrap_or_default();
        let code = line.split(['[', ']']).nth(1).expect("a code");
        let is_article = path.starts_with("content/articles/") && path.ends_with(".md");
        if is_article && silenced.insert((path.to_owned(), code.to_owned())) {
            let place = site.join(path);
            let text = fs::read_to_string(&place).expect("an article");
            let new = match text.contains("\nchecks:\n") {
                true => text.replacen("\nchecks:\n", &format!("\nchecks:\n  {code}: off\n"), 1),
                false => text.replacen("\n---\n", &format!("\nchecks:\n  {code}: off\n---\n"), 1),
            };
            write(&place, new);
        }
    }
}

#[test]
fn the_demo_is_silent() {
    let output = check(&repository(), &["--date", "2025-04-01"]);
    assert_eq!(said(&output), "32 articles checked: nothing to mend\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_site_that_was_just_started_is_silent() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert!(
        brief(folder.path())
            .args(["new", "site", "a"])
            .status()
            .expect("brief runs")
            .success()
    );
    let site = folder.path().join("a");
    let output = check(&site, &["--quiet", "--base-url", "https://example.org/"]);
    assert_eq!(said(&output), "");
}

#[test]
fn ids_are_written_down_as_they_are_and_the_site_stays_the_same() {
    let site = tempfile::tempdir().expect("a temporary folder");
    let article = |name: &str| site.path().join("content/articles").join(name);
    write(
        &site.path().join("brief.yaml"),
        "base_url: https://example.org/\n",
    );
    let first = "\u{feff}---\r\ntitle: A  # as it is\r\n---\r\nText.\r\n".replace("  # as it is", "");
    write(&article("2025-01-21-a.md"), &first);
    write(&article("2025-01-22-b.md"), "---\ntitle: B\nid: b\n---\nText.\n");
    write(&article("2025-01-23-c.md"), "---\n{title: C}\n---\nText.\n");
    write(
        &article("2025-01-24-d.md"),
        "---\ntitle: D\nchecks: {unstable-id: off}\n---\nText.\n",
    );
    let build = |output: &str| {
        let built = brief(site.path())
            .args(["build", "--quiet", "--output", output])
            .status();
        assert!(built.expect("brief runs").success());
        tree(&site.path().join(output))
    };
    let before = build("before");
    let output = check(site.path(), &["--fix"]);
    let expected = "fixed: wrote `id` into 1 article, as it was\n\
                    warning[unstable-id]: this article has no `id`; under another file name it would be new to feed readers\n\
                    --> content/articles/2025-01-23-c.md\n\
                    help: `brief check --fix` writes down the ids that they have now\n\n\
                    4 articles checked: 1 warning in 1 file\n";
    assert_eq!(said(&output), expected);
    let now = fs::read_to_string(article("2025-01-21-a.md")).expect("an article");
    let id = now
        .lines()
        .find_map(|line| line.strip_prefix("id: \"")?.strip_suffix('"'));
    let id = id.expect("an id").to_owned();
    assert_eq!(
        now,
        first.replace("---\r\nText", &format!("id: \"{id}\"\r\n---\r\nText"))
    );
    assert!(build("after") == before, "the site is another one");
    fs::remove_file(article("2025-01-23-c.md")).expect("an article is removed");
    let again = check(site.path(), &["--fix"]);
    assert_eq!(said(&again), "3 articles checked: nothing to mend\n");
}

#[test]
fn what_is_held_back_is_counted() {
    let site = tempfile::tempdir().expect("a temporary folder");
    let article = |name: &str| site.path().join("content/articles").join(name);
    write(
        &site.path().join("brief.yaml"),
        "base_url: https://example.org/\n",
    );
    write(
        &article("2025-01-21-a.md"),
        "---\ntitle: A\nid: a\ndraft: true\n---\nIt opened yesterday.\n",
    );
    write(
        &article("2025-01-22-b.md"),
        "---\ntitle: B\nid: b\nexpires: 2025-01-23\n---\nIt opened yesterday.\n",
    );
    let output = check(site.path(), &[]);
    assert_eq!(
        said(&output),
        "not checked: 1 draft and 1 expired article (--verbose names them)\n0 articles checked: nothing to mend\n"
    );
    let output = check(site.path(), &["--drafts", "--quiet", "--message-format", "short"]);
    assert!(
        said(&output).starts_with("content/articles/2025-01-21-a.md:6:11: warning[relative-date]"),
        "{}",
        said(&output)
    );
}

#[test]
fn people_are_shown_some_of_many_and_machines_all() {
    let site = tempfile::tempdir().expect("a temporary folder");
    write(
        &site.path().join("brief.yaml"),
        "base_url: https://example.org/\n",
    );
    for number in 10..35 {
        let text = format!("---\ntitle: A {number}\nid: a-{number}\n---\nIt opened yesterday.\n");
        write(
            &site
                .path()
                .join(format!("content/articles/2025-01-21-{number}.md")),
            text,
        );
    }
    let count = |arguments: &[&str]| {
        said(&check(site.path(), arguments))
            .matches("relative-date")
            .count()
    };
    assert_eq!(count(&["--quiet"]), 20);
    assert_eq!(count(&["--verbose"]), 25);
    assert_eq!(count(&["--quiet", "--message-format", "json"]), 25);
    let said = said(&check(site.path(), &[]));
    assert!(said.contains("in 5 more places (--verbose shows them)"), "{said}");
    assert!(
        said.ends_with("25 articles checked: 25 warnings in 25 files\n"),
        "{said}"
    );
}

#[test]
fn a_check_says_all_that_a_build_says() {
    let folder = repository().join("tests/diagnostics");
    let names = fs::read_dir(&folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name());
    let (mut compared, mut problems) = (0, Vec::new());
    for name in names.map(|name| name.into_string().expect("a name in UTF-8")) {
        let site = tempfile::tempdir().expect("a temporary folder");
        copy(&folder.join(&name), site.path());
        let lines = |command: &str| -> BTreeSet<String> {
            let arguments = [command, "--quiet", "--message-format", "short"];
            let output = brief(site.path()).args(arguments).output().expect("brief runs");
            said(&output).lines().map(str::to_owned).collect()
        };
        // What is wrong with an output is no matter of a check, which has none.
        let of_sources = |line: &&String| !line.contains("[output-");
        let built = lines("build");
        compared += built.len();
        let checked = lines("check");
        let missing = built
            .iter()
            .filter(of_sources)
            .filter(|line| !checked.contains(*line));
        problems.extend(missing.map(|line| format!("{name}: {line}")));
    }
    assert!(compared > 50, "{compared}");
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}
