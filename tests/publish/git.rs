//! Branches of repositories.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::site::{Said, Site};
use crate::support::write;

fn git(repository: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("git")
        .arg("-C")
        .arg(repository)
        .args([
            "-c",
            "user.name=Somebody",
            "-c",
            "user.email=somebody@example.org",
        ])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git runs");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn text(repository: &Path, arguments: &[&str]) -> String {
    String::from_utf8(git(repository, arguments))
        .expect("text")
        .trim_end()
        .to_owned()
}

fn with_repository(site: &Site) -> std::path::PathBuf {
    let repository = site.beside("site.git");
    fs::create_dir_all(&repository).expect("a folder");
    git(&repository, &["init", "--quiet", "--bare"]);
    repository
}

/// The files of a branch, without brief's own list.
fn branch(repository: &Path, name: &str) -> BTreeMap<String, Vec<u8>> {
    let listed = text(
        repository,
        &["-c", "core.quotePath=off", "ls-tree", "-r", "--name-only", name],
    );
    listed
        .lines()
        .filter(|path| *path != ".brief-manifest")
        .map(|path| {
            (
                path.to_owned(),
                git(repository, &["cat-file", "blob", &format!("{name}:{path}")]),
            )
        })
        .collect()
}

fn commits(repository: &Path, name: &str) -> Vec<String> {
    let listed = text(repository, &["log", "--format=%s", name]);
    listed.lines().map(str::to_owned).collect()
}

/// Puts a file into a branch as somebody else would.
fn add(site: &Site, repository: &Path, path: &str, bytes: &str) {
    let work = tempfile::tempdir().expect("a folder");
    let has_branch = !text(repository, &["branch", "--list", "pages"]).is_empty();
    git(work.path(), &["init", "--quiet", "--initial-branch=pages"]);
    if has_branch {
        git(
            work.path(),
            &["pull", "--quiet", &repository.display().to_string(), "pages"],
        );
    }
    write(&work.path().join(path), bytes);
    git(work.path(), &["add", "--all"]);
    git(work.path(), &["commit", "--quiet", "-m", "By hand"]);
    git(
        work.path(),
        &["push", "--quiet", &repository.display().to_string(), "pages"],
    );
    assert!(site.root().exists());
}

#[test]
fn each_publish_is_a_commit_of_what_changed() {
    let site = Site::new();
    let repository = with_repository(&site);
    site.published(&["pages"]);
    assert!(branch(&repository, "pages") == site.built());
    let line = site.published(&["pages"]);
    assert!(line.starts_with("nothing to publish to pages"), "{line}");
    assert_eq!(commits(&repository, "pages").len(), 1);

    site.article("one", "In other words");
    let line = site.published(&["pages"]);
    assert!(branch(&repository, "pages") == site.built());
    let changed = text(
        &repository,
        &[
            "diff",
            "--name-only",
            "pages~1",
            "pages",
            "--",
            ".",
            ":!.brief-manifest",
        ],
    );
    assert!(
        line.starts_with(&format!("sent {} files", changed.lines().count())),
        "{line}\n{changed}"
    );

    fs::rename(
        site.root().join("content/articles/two.md"),
        site.root().join("content/articles/zwei.md"),
    )
    .expect("renamed");
    let line = site.published(&["pages"]);
    assert!(line.contains("1 new") && line.contains("1 removed"), "{line}");
    assert!(branch(&repository, "pages") == site.built());
    assert_eq!(commits(&repository, "pages").len(), 3);
    // No work tree, and nothing of git's in the site.
    assert!(!site.root().join("public/.git").exists() && !site.root().join(".git").exists());
}

#[test]
fn a_branch_without_history_has_one_commit() {
    let site = Site::new();
    let repository = with_repository(&site);
    site.settings("  once: {to: ../site.git, branch: once, history: off}\n");
    for round in 0..3 {
        site.article("one", &format!("Round {round}"));
        site.published(&["once"]);
        assert!(branch(&repository, "once") == site.built());
        assert_eq!(commits(&repository, "once").len(), 1);
    }
}

#[test]
fn a_plan_changes_nothing_in_the_repository() {
    let site = Site::new();
    let repository = with_repository(&site);
    let said = site.publish(&["pages", "--dry-run", "--verbose"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(said.out.lines().count(), site.built().len());
    assert_eq!(text(&repository, &["branch", "--list"]), "");
}

#[test]
fn what_others_put_there_stays() {
    let site = Site::new();
    let repository = with_repository(&site);
    add(&site, &repository, "notes.txt", "theirs");
    let said = site.publish(&["pages"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert_eq!(
        said.problem(),
        "the branch `pages` has files, and brief did not write them"
    );
    site.published(&["pages", "--adopt"]);
    let mut there = branch(&repository, "pages");
    assert_eq!(there.remove("notes.txt").as_deref(), Some(&b"theirs"[..]));
    assert!(there == site.built());

    add(&site, &repository, "2025/01/20/three/index.html", "theirs");
    site.article("three", "The third");
    let said = site.publish(&["pages"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(
        said.problem()
            .starts_with("`2025/01/20/three/index.html` is there already"),
        "{}",
        said.err
    );
    site.remove("content/articles/three.md");
    site.published(&["pages"]);
    let there = branch(&repository, "pages");
    assert_eq!(there["2025/01/20/three/index.html"], b"theirs");
}

/// Whatever a person has set up for repositories of their own, the bytes arrive as they are.
#[test]
fn settings_of_git_do_not_reach_the_site() {
    let site = Site::new();
    let repository = with_repository(&site);
    let hooks = site.beside("hooks");
    write(&hooks.join("pre-push"), "#!/bin/sh\nexit 1\n");
    Command::new("chmod")
        .arg("+x")
        .arg(hooks.join("pre-push"))
        .status()
        .expect("chmod");
    let settings = format!(
        "[core]\n\tautocrlf = true\n\thooksPath = {}\n\tattributesFile = {}\n[commit]\n\tgpgSign = true\n[push]\n\tdefault = nothing\n\tgpgSign = if-asked\n",
        hooks.display(),
        site.beside("attributes").display()
    );
    write(&site.beside("gitconfig"), settings);
    write(
        &site.beside("attributes"),
        "*.html text eol=crlf working-tree-encoding=UTF-16\n",
    );
    write(&site.root().join("static/lines.txt"), "a\r\nb\n");
    let said = Said::of(
        site.publishing(&["pages"])
            .env("GIT_CONFIG_GLOBAL", site.beside("gitconfig"))
            // As in a hook of another repository.
            .env("GIT_DIR", site.beside("elsewhere"))
            .env("GIT_INDEX_FILE", site.beside("elsewhere/index"))
            .output()
            .expect("brief runs"),
    );
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(branch(&repository, "pages") == site.built());
    assert!(!site.beside("elsewhere").exists());
}

/// The commit names the state of the sources, where they are in a repository, and somebody wrote it even where
/// nobody has told git a name.
#[test]
fn a_commit_names_its_source() {
    let site = Site::new();
    let repository = with_repository(&site);
    git(&site.root(), &["init", "--quiet"]);
    git(&site.root(), &["add", "content"]);
    git(&site.root(), &["commit", "--quiet", "-m", "Sources"]);
    let source = text(&site.root(), &["rev-parse", "HEAD"]);
    let said = Said::of(
        site.publishing(&["pages"])
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "user.useConfigOnly")
            .env("GIT_CONFIG_VALUE_0", "true")
            .output()
            .expect("brief runs"),
    );
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(
        text(&repository, &["log", "-1", "--format=%b", "pages"]),
        format!("Source: {source}")
    );
    assert_eq!(
        text(&repository, &["log", "-1", "--format=%an", "pages"]),
        "brief"
    );
}

#[test]
fn repositories_that_are_not_there_or_refuse_are_told() {
    let site = Site::new();
    let said = site.publish(&["pages"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(
        said.problem().starts_with("there is no such repository"),
        "{}",
        said.err
    );

    let repository = with_repository(&site);
    let hook = repository.join("hooks/pre-receive");
    write(&hook, "#!/bin/sh\necho 'not on a Sunday' >&2\nexit 1\n");
    Command::new("chmod")
        .arg("+x")
        .arg(&hook)
        .status()
        .expect("chmod");
    let said = site.publish(&["pages"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(
        said.problem()
            .starts_with("the repository refuses changes to this branch"),
        "{}",
        said.err
    );
    assert!(said.problem().contains("not on a Sunday"), "{}", said.err);
    assert_eq!(text(&repository, &["branch", "--list"]), "");
    fs::remove_file(hook).expect("removed");
    site.published(&["pages"]);
    assert!(branch(&repository, "pages") == site.built());

    site.settings("  odd: {to: ../site.git, branch: \"a..b\"}\n");
    let said = site.publish(&["odd"]);
    assert_eq!(said.problem(), "`a..b` cannot be the name of a branch");
}

/// Somebody who publishes in between is not overwritten unseen: a push that is overtaken is refused, and the next run
/// knows what is there.
#[test]
fn two_at_once() {
    let site = Site::new();
    let repository = with_repository(&site);
    site.published(&["pages"]);
    let other = Site::new();
    other.settings(&format!(
        "  shared: {{to: {}, branch: pages}}\n",
        repository.display()
    ));
    other.article("three", "The third");
    for round in 0..5 {
        site.article("one", &format!("Round {round} of one"));
        other.article("one", &format!("Round {round} of the other"));
        let before = commits(&repository, "pages").len();
        let piped = |mut command: Command| {
            command
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .expect("brief runs")
        };
        let children = [
            piped(site.publishing(&["pages"])),
            piped(other.publishing(&["shared"])),
        ];
        let said = children.map(|child| Said::of(child.wait_with_output().expect("brief ends")));
        let done = said.iter().filter(|said| said.code == Some(0)).count();
        assert!(done > 0, "{said:?}");
        for said in said.iter().filter(|said| said.code != Some(0)) {
            assert_eq!(said.code, Some(2), "{}", said.err);
            assert!(
                said.problem()
                    .starts_with("somebody else published to the branch"),
                "{}",
                said.err
            );
        }
        assert_eq!(
            commits(&repository, "pages").len(),
            before + done,
            "round {round}"
        );
        let there = branch(&repository, "pages");
        // Where another build of the output was going on nothing was sent.
        assert!(there == site.built() || there == other.built(), "round {round}");
    }
}

/// Without its notes, as on a second computer or in CI, git is asked for no more than it needs.
#[test]
fn whoever_comes_next_knows_what_is_there() {
    let site = Site::new();
    let repository = with_repository(&site);
    git(&repository, &["config", "uploadpack.allowFilter", "true"]);
    site.published(&["pages"]);
    fs::remove_dir_all(site.root().join(".brief")).expect("the notes go");
    site.remove("content/articles/two.md");
    // The address with a scheme is a fetch over the protocol, as from another computer.
    site.settings(&format!(
        "  far: {{to: \"file://{}\", branch: pages}}\n",
        repository.display()
    ));
    let line = site.published(&["far"]);
    assert!(line.contains("1 removed"), "{line}");
    assert!(branch(&repository, "pages") == site.built());
    assert_eq!(commits(&repository, "pages").len(), 2);
}

/// A file of somebody else where a folder of the site is to go, and the other way round.
#[test]
fn files_and_folders_do_not_push_each_other_out() {
    let site = Site::new();
    let repository = with_repository(&site);
    site.published(&["pages"]);
    add(&site, &repository, "docs", "theirs");
    add(&site, &repository, "notes.txt/inner", "theirs too");
    write(&site.root().join("static/docs/x.txt"), "mine");
    let said = site.publish(&["pages"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(
        said.problem().starts_with("`docs` is there already"),
        "{}",
        said.err
    );
    site.remove("static/docs/x.txt");
    write(&site.root().join("static/notes.txt"), "mine");
    let said = site.publish(&["pages"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(
        said.problem().starts_with("`notes.txt/inner` is there already"),
        "{}",
        said.err
    );
    let there = branch(&repository, "pages");
    assert_eq!(
        (&there["docs"][..], &there["notes.txt/inner"][..]),
        (&b"theirs"[..], &b"theirs too"[..])
    );
}

/// What a run that was killed has locked is unlocked by the next.
#[test]
fn locks_of_a_run_that_was_killed_are_broken() {
    let site = Site::new();
    let repository = with_repository(&site);
    site.published(&["pages"]);
    let own = site.root().join(".brief/publish/pages/git");
    for lock in ["brief-index.lock", "config.lock", "refs/brief/published.lock"] {
        write(&own.join(lock), "");
    }
    site.article("one", "In other words");
    site.published(&["pages"]);
    assert!(branch(&repository, "pages") == site.built());
}

/// A branch that cannot be made is no race with somebody else.
#[test]
fn a_branch_below_another_is_told_of_as_what_it_is() {
    let site = Site::new();
    with_repository(&site);
    site.published(&["pages"]);
    site.settings("  below: {to: ../site.git, branch: pages/below}\n");
    let said = site.publish(&["below"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.problem().contains("git says: "), "{}", said.err);
}
