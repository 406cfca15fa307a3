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

/// An output that another build has taken is no mistake of the site.
#[test]
fn a_build_that_is_going_on_is_waited_for() {
    let site = Site::new();
    site.published(&["live"]);
    let notes = fs::read_dir(site.root().join(".brief")).expect("the notes");
    let locks = notes.map(|entry| entry.expect("an entry").path().join("lock"));
    let locks: Vec<fs::File> = locks
        .filter(|lock| lock.is_file())
        .map(|lock| fs::File::options().write(true).open(lock).expect("a lock"))
        .collect();
    assert_eq!(locks.len(), 1);
    locks[0].lock().expect("locked");
    let said = site.publish(&["live"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("error[output-busy]"), "{}", said.err);
}

/// A hub is told of what a run sent that could not tell it.
#[test]
fn who_could_not_be_told_is_told_the_next_time() {
    use std::io::{Read, Write};
    use std::sync::{Arc, Mutex};
    let site = Site::new();
    let hub = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = hub.local_addr().expect("an address").port();
    site.settings(&format!(
        "  told: {{to: ../www, hooks: {{websub: [\"http://127.0.0.1:{port}/\"]}}}}\n"
    ));
    drop(hub);
    let said = site.publish(&["told"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("warning[not-told]"), "{}", said.err);
    let hub = std::net::TcpListener::bind(("127.0.0.1", port)).expect("the port again");
    let heard = Arc::new(Mutex::new(String::new()));
    let hearing = heard.clone();
    std::thread::spawn(move || {
        for mut line in hub.incoming().flatten() {
            let mut bytes = [0; 65536];
            // A request is heard as a whole once its body, which ends with an address of a feed, is there.
            let mut said = String::new();
            while !said.contains("hub.topic=") {
                let count = line.read(&mut bytes).expect("a request");
                said.push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
            hearing.lock().expect("words").push_str(&said);
            line.write_all(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .expect("an answer");
        }
    });
    let said = site.publish(&["told"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.starts_with("nothing to publish"), "{}", said.err);
    assert!(!said.err.contains("warning"), "{}", said.err);
    let heard = heard.lock().expect("words").clone();
    assert!(
        heard.contains("hub.mode=publish") && heard.contains("example.org%2Ffeed.xml"),
        "{heard}"
    );
    assert_eq!(
        site.publish(&["told"]).err.lines().count(),
        1,
        "they are told once"
    );
}
