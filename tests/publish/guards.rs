//! What never gets out, and what is not done unasked.

use std::fs;
use std::process::Command;

use crate::site::{Said, Site, without_notes};
use crate::support::{brief, write};

#[test]
fn what_changed_since_the_last_build_is_built_first() {
    let site = Site::new();
    assert!(
        brief(&site.root())
            .arg("build")
            .status()
            .expect("brief runs")
            .success()
    );
    site.article("one", "Written after the build");
    site.published(&["live"]);
    let page = fs::read_to_string(site.beside("www/2025/01/20/one/index.html")).expect("the page");
    assert!(page.contains("Written after the build"));
}

/// An output with drafts in it, as for a look at them, is made anew.
#[test]
fn drafts_and_articles_of_the_future_stay_at_home() {
    let site = Site::new();
    let front = |key: &str| format!("---\ntitle: Not yet\ndate: 2025-01-20\n{key}\n---\nText\n");
    write(
        &site.root().join("content/articles/draft.md"),
        front("draft: true"),
    );
    write(
        &site.root().join("content/articles/later.md"),
        front("publish: 2025-03-01"),
    );
    let built = brief(&site.root())
        .args(["build", "--drafts", "--future"])
        .status();
    assert!(built.expect("brief runs").success());
    assert!(site.root().join("public/2025/01/20/draft/index.html").exists());
    site.published(&["live"]);
    for (path, bytes) in without_notes(&site.beside("www")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("Not yet"), "{path}");
    }
}

#[test]
fn errors_keep_everything_as_it_was() {
    let site = Site::new();
    site.published(&["live"]);
    let before = without_notes(&site.beside("www"));
    write(
        &site.root().join("content/articles/bad.md"),
        "---\ndate: 2025-01-20\n---\nText\n",
    );
    let said = site.publish(&["live"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.contains("error[missing-title]"), "{}", said.err);
    site.remove("content/articles/bad.md");
    // What only a check finds, where the site takes it for an error.
    site.settings("checks: {relative-date: error}\n");
    site.article("one", "It was announced on Tuesday.");
    for _ in 0..2 {
        let said = site.publish(&["live"]);
        assert_eq!(said.code, Some(1), "{}", said.err);
        assert!(said.err.contains("error[relative-date]"), "{}", said.err);
    }
    site.settings("");
    let said = site.publish(&["live", "--deny-warnings"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(without_notes(&site.beside("www")) == before);
    let said = site.publish(&["live"]);
    assert!(
        said.err
            .contains("`brief check` has 1 warning on what is published"),
        "{}",
        said.err
    );
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[test]
fn addresses_of_this_computer_stay_here() {
    let site = Site::new();
    let local = |command: &mut Command| {
        let said = Said::of(
            command
                .env("BRIEF_BASE_URL", "http://localhost:1111/")
                .output()
                .expect("brief runs"),
        );
        assert_eq!(said.code, Some(1), "{}", said.err);
        assert_eq!(
            said.problem(),
            "`http://localhost:1111/` is an address of this computer, where no reader finds the site"
        );
    };
    local(&mut site.publishing(&["live"]));
    site.article("one", "See [the preview](http://127.0.0.1:1111/2025/01/20/one/).");
    for _ in 0..2 {
        let said = site.publish(&["live"]);
        assert_eq!(said.code, Some(1), "{}", said.err);
        assert_eq!(
            said.problem(),
            "1 page leads to addresses of this computer, where readers find nothing"
        );
    }
    assert!(!site.beside("www").exists());
}

#[test]
fn a_great_part_of_a_site_is_not_deleted_unasked() {
    let site = Site::new();
    for number in 0..30 {
        site.article(&format!("n{number}"), "Text");
    }
    site.published(&["live"]);
    let before = without_notes(&site.beside("www"));
    site.settings("  strict: {to: ../www, max_deletions: 3}\n");
    for number in 0..10 {
        site.remove(&format!("content/articles/n{number}.md"));
    }
    let said = site.publish(&["strict"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(
        said.problem().contains("10 of ") && said.problem().contains("would be deleted"),
        "{}",
        said.err
    );
    assert!(without_notes(&site.beside("www")) == before);
    let line = site.published(&["strict", "--delete-many"]);
    assert!(line.contains("10 removed"), "{line}");
}

#[test]
fn a_target_with_an_address_of_its_own_has_its_own_pages() {
    let site = Site::new();
    site.settings("  test: {to: ../test, base_url: https://test.example.org/x/}\n");
    site.published(&["live"]);
    let built = site.built();
    site.published(&["test"]);
    assert!(site.built() == built, "the output of the site is as it was");
    let page = fs::read_to_string(site.beside("test/index.html")).expect("the page");
    assert!(page.contains("https://test.example.org/x/") && !page.contains("https://example.org/"));
    assert!(site.published(&["live"]).starts_with("nothing to publish"));
    assert!(site.published(&["test"]).starts_with("nothing to publish"));
}

#[test]
fn the_target_is_chosen() {
    let site = Site::new();
    let said = site.publish(&[]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert_eq!(said.problem(), "there are several targets: `live`, `pages`");
    let said = site.publish(&["life"]);
    assert_eq!(said.problem(), "there is no target `life` in brief.yaml");
    write(
        &site.root().join("brief.yaml"),
        "base_url: https://example.org/\n",
    );
    let said = site.publish(&[]);
    assert_eq!(
        said.problem(),
        "brief.yaml does not say where the site is published"
    );
    write(
        &site.root().join("brief.yaml"),
        "publish: {only: ../www}\nbase_url: https://example.org/\n",
    );
    assert!(site.published(&[]).contains(" to only: "));
    write(
        &site.root().join("brief.yaml"),
        "publish: {only: {to: \"ftp://x/\"}}\n",
    );
    let said = site.publish(&[]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.contains("brief.yaml:1:22"), "{}", said.err);
}
