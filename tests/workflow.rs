//! What `brief new workflow` writes: files that hosts can read, that follow the settings, and that never take the
//! place of others; and the workflows of brief itself.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use brief::commands::scaffold::{Host, Workflow, new_workflow};
use brief::ground::world::DiskWorld;
use serde_yaml::Value;
use support::{repository, write};
use tempfile::TempDir;

const HOSTS: [Host; 4] = [Host::Github, Host::Gitlab, Host::Netlify, Host::Cloudflare];

/// A site with settings, at the top of a repository.
fn site(settings: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join("brief.yaml"), settings);
    write(&folder.path().join(".git/HEAD"), "ref: refs/heads/main\n");
    folder
}

fn written(site: &Path, host: Host) -> Result<Workflow, String> {
    new_workflow(&DiskWorld::new(site).expect("a site"), site, host)
}

/// The text of the host's own file.
fn text(settings: &str, host: Host) -> String {
    let folder = site(settings);
    let files = written(folder.path(), host).expect("a workflow").files;
    fs::read_to_string(&files[0]).expect("the file")
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("YAML")
}

fn workflows() -> Vec<(String, Value)> {
    let of = |host| {
        let text = text("base_url: https://example.org/\n", host);
        (text.clone(), yaml(&text))
    };
    let folder = repository().join(".github/workflows");
    let own = support::files(&folder).into_iter().map(|name| {
        let text = fs::read_to_string(folder.join(name)).expect("a workflow");
        (text.clone(), yaml(&text))
    });
    own.chain([of(Host::Github), of(Host::Cloudflare)]).collect()
}

/// All steps of all jobs.
fn steps(workflow: &Value) -> Vec<&Value> {
    let jobs = workflow["jobs"].as_mapping().expect("jobs");
    jobs.values()
        .flat_map(|job| job["steps"].as_sequence().expect("steps"))
        .collect()
}

#[test]
fn no_place_is_left_open() {
    for host in HOSTS {
        for settings in ["", "base_url: https://example.org/\n"] {
            let folder = site(settings);
            for file in written(folder.path(), host).expect("a workflow").files {
                let text = fs::read_to_string(&file).expect("the file");
                let open = text.match_indices('{').find(|(at, _)| {
                    let rest = &text[at + 1..];
                    let name: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
                    !name.is_empty() && rest[name.len()..].starts_with('}')
                });
                assert_eq!(open, None, "{host:?}: {text}");
            }
        }
    }
}

#[test]
fn actions_are_named_by_commit_and_rights_are_the_least() {
    let workflows = workflows();
    assert!(workflows.len() > 2);
    for (text, workflow) in workflows {
        assert_eq!(workflow["permissions"]["contents"], "read", "{text}");
        assert_eq!(
            workflow["permissions"].as_mapping().expect("rights").len(),
            1,
            "{text}"
        );
        for step in steps(&workflow) {
            let Some(uses) = step["uses"].as_str() else {
                continue;
            };
            let (_, commit) = uses.split_once('@').expect("a version");
            assert!(
                commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()),
                "{uses}"
            );
            if uses.starts_with("actions/checkout@") {
                assert_eq!(step["with"]["persist-credentials"], false, "{text}");
            }
        }
    }
}

#[test]
fn github_builds_checks_and_publishes_what_the_settings_say() {
    let workflow = yaml(&text(
        "base_url: https://example.org/news/\noutput: dist\n",
        Host::Github,
    ));
    let steps = steps(&workflow);
    let run: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    let at = |what: &str| run.iter().position(|run| run.contains(what)).expect("a step");
    assert!(at("cargo +stable install") < at("brief check --deny-warnings"));
    assert!(at("brief check --deny-warnings") < at("brief build"));
    let with = |action: &str| {
        let step = steps
            .iter()
            .find(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with(action)));
        &step.expect("the action")["with"]
    };
    assert_eq!(with("actions/upload-pages-artifact")["path"], "dist");
    assert!(steps.iter().any(|step| step["with"]["path"] == ".brief"));
    assert!(steps.iter().all(|step| step["env"]["BRIEF_BASE_URL"].is_null()));
    assert_eq!(workflow["jobs"]["deploy"]["permissions"]["pages"], "write");
    assert_eq!(workflow["concurrency"]["cancel-in-progress"], false);
    assert_eq!(workflow["on"]["schedule"][0]["cron"], "7 0 * * *");
}

#[test]
fn a_host_tells_the_address_where_the_settings_do_not() {
    let github = yaml(&text("", Host::Github));
    let of = |workflow: &Value| -> Vec<String> {
        let steps = steps(workflow).into_iter();
        steps
            .filter_map(|step| step["env"]["BRIEF_BASE_URL"].as_str().map(ToOwned::to_owned))
            .collect()
    };
    // To check and to build.
    assert_eq!(of(&github), ["${{ steps.pages.outputs.base_url }}/"; 2]);
    assert_eq!(github["jobs"]["build"]["permissions"]["pages"], "read");
    assert_eq!(steps(&github)[1]["id"], "pages");
    let cloudflare = yaml(&text("title: The Côté Letter\n", Host::Cloudflare));
    assert_eq!(cloudflare["env"]["PROJECT"], "the-cote-letter");
    assert_eq!(of(&cloudflare), ["https://the-cote-letter.pages.dev/"; 2]);
    let cloudflare = yaml(&text("base_url: https://compute.pages.dev/\n", Host::Cloudflare));
    assert_eq!(cloudflare["env"]["PROJECT"], "compute");
    let gitlab = yaml(&text("", Host::Gitlab));
    assert_eq!(gitlab["publish"]["variables"]["BRIEF_BASE_URL"], "$CI_PAGES_URL/");
    assert!(text("", Host::Netlify).contains("export BRIEF_BASE_URL=\"$URL/\"\n"));
    assert!(!text("base_url: https://example.org/\n", Host::Netlify).contains("BRIEF_BASE_URL"));
}

#[test]
fn gitlab_and_netlify_publish_the_output_and_keep_what_is_known() {
    let gitlab = yaml(&text("output: dist/\n", Host::Gitlab));
    let job = &gitlab["publish"];
    assert_eq!(job["pages"]["publish"], "dist");
    assert_eq!(job["artifacts"]["paths"][0], "dist");
    assert_eq!(job["cache"][1]["paths"][0], ".brief/");
    let netlify = text("output: ./dist\n", Host::Netlify);
    assert!(netlify.contains("\npublish = \"dist\"\n"), "{netlify}");
    assert!(netlify.contains("cp -R .brief \"$kept/state\"\n"), "{netlify}");
}

#[test]
fn the_daily_run_starts_when_the_day_has_begun_all_year() {
    let cron = |zone: &str| {
        let workflow = yaml(&text(&format!("timezone: {zone}\n"), Host::Github));
        workflow["on"]["schedule"][0]["cron"]
            .as_str()
            .expect("a pattern")
            .to_owned()
    };
    // In winter midnight in Paris is 23:00 UTC, in summer 22:00.
    assert_eq!(cron("Europe/Paris"), "7 23 * * *");
    assert_eq!(cron("America/New_York"), "7 5 * * *");
    assert_eq!(cron("Australia/Sydney"), "7 14 * * *");
    assert_eq!(cron("Asia/Kolkata"), "37 18 * * *");
    assert_eq!(cron("UTC"), "7 0 * * *");
}

#[test]
fn a_site_below_the_top_of_a_repository_is_built_from_there() {
    let folder = site("");
    let below = folder.path().join("news/daily");
    write(&below.join("brief.yaml"), "base_url: https://example.org/\n");
    let files = written(&below, Host::Github).expect("a workflow").files;
    let top = folder.path().canonicalize().expect("a folder");
    assert_eq!(files, [top.join(".github/workflows/publish.yml")]);
    let text = fs::read_to_string(&files[0]).expect("the file");
    assert!(
        text.contains("brief build --message-format github --site news/daily\n"),
        "{text}"
    );
    assert!(
        text.contains("path: news/daily/public\n") && text.contains("path: news/daily/.brief\n"),
        "{text}"
    );
}

#[test]
fn nothing_is_ever_overwritten() {
    for (host, existing) in [
        (Host::Github, ".github/workflows/publish.yml"),
        (Host::Cloudflare, ".github/workflows/publish.yml"),
        (Host::Gitlab, ".gitlab-ci.yml"),
        (Host::Netlify, "netlify/functions/daily.mjs"),
    ] {
        let folder = site("");
        write(&folder.path().join(existing), "mine");
        let before = support::files(folder.path());
        let refused = written(folder.path(), host).expect_err("a refusal");
        assert!(
            refused.starts_with(&format!("`{existing}` is there already")),
            "{refused}"
        );
        assert_eq!(fs::read(folder.path().join(existing)).expect("the file"), b"mine");
        assert_eq!(support::files(folder.path()), before);
    }
}

#[test]
fn an_output_that_no_host_could_find_is_refused() {
    for (output, why) in [
        ("/srv/www", "is not in the site folder"),
        ("../public", "is not in the site folder"),
        ("'$(date)'", "has signs in its path"),
    ] {
        let folder = site(&format!("output: {output}\n"));
        let refused = written(folder.path(), Host::Github).expect_err("a refusal");
        assert!(refused.contains(why), "{refused}");
        assert!(!folder.path().join(PathBuf::from(".github")).exists());
    }
}

/// Hosts keep `.brief/` from build to build and not the output.
#[test]
fn a_build_with_the_notes_of_the_last_and_without_its_output_is_like_the_first() {
    let folder = site("base_url: https://example.org/\n");
    write(
        &folder.path().join("content/articles/2025-01-21-a.md"),
        "---\ntitle: A\n---\nText.\n",
    );
    let build = || {
        let run = support::brief(folder.path())
            .arg("build")
            .output()
            .expect("brief");
        assert!(run.status.success());
        support::tree(&folder.path().join("public"))
    };
    let first = build();
    fs::remove_dir_all(folder.path().join("public")).expect("the output");
    let second = build();
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        second.keys().collect::<Vec<_>>()
    );
    assert!(first == second);
}
