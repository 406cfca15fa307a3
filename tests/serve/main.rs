//! What `brief serve` answers: the bytes of a build, as a host would send them, and nothing to
//! strangers.

#[path = "../support/server.rs"]
mod server;
#[path = "../support/mod.rs"]
mod support;

mod client;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use client::Client;
use server::{Server, article};

const ONE: &str = "/2025/01/02/one/";
const FILE: &str = "content/articles/2025-01-02-one.md";

/// How long anything may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Waits until something is so.
fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LIMIT, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until a page has some words.
fn wait_for(client: &mut Client, path: &str, words: &str) {
    wait(&format!("{words} on {path}"), || {
        String::from_utf8_lossy(&client.get(path).body).contains(words)
    });
}

/// The files that a clean build writes, by address.
fn built(server: &Server, mount: &str) -> BTreeMap<String, Vec<u8>> {
    let output = tempfile::tempdir().expect("a folder");
    let folder = output.path().join("public");
    // What is built may not depend on what was built or served before.
    let copy = tempfile::tempdir().expect("a folder");
    for (path, bytes) in support::tree(&server.path("")) {
        if !path.starts_with(".brief/") {
            support::write(&copy.path().join(path), bytes);
        }
    }
    let status = Command::new(env!("CARGO_BIN_EXE_brief"))
        .args(["build", "--quiet", "--drafts", "--future", "--site"])
        .arg(copy.path())
        .arg("--output")
        .arg(&folder)
        .status();
    assert!(status.expect("brief").success());
    let files = support::tree(&folder).into_iter();
    let files = files.filter(|(path, _)| path != ".brief-manifest");
    files
        .map(|(path, bytes)| match path.strip_suffix("index.html") {
            Some(folder) => (format!("{mount}{folder}"), bytes),
            None => (format!("{mount}{path}"), bytes),
        })
        .collect()
}

/// Waits until everything that is served is what a build writes, and nothing else is served.
fn check_served(
    server: &Server,
    mount: &str,
    before: &BTreeMap<String, Vec<u8>>,
) -> BTreeMap<String, Vec<u8>> {
    let built = built(server, mount);
    let mut client = Client::new(server.port);
    for (path, bytes) in &built {
        let mut served = Vec::new();
        wait(&format!("{path} as it is built"), || {
            let answer = client.get(path);
            served = answer.page();
            answer.status == 200 && served == *bytes
        });
    }
    for ghost in before.keys().filter(|path| !built.contains_key(*path)) {
        wait(&format!("{ghost} is gone"), || client.get(ghost).status == 404);
    }
    built
}

#[test]
fn what_is_served_after_each_edit_is_what_a_build_writes() {
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"></svg>";
    let server = Server::start(
        &[
            (
                "content/articles/more/2025-01-03-three.md",
                "---\ntitle: Three\ndraft: true\naliases: [/old/]\n---\n\nSee [two](../2025-01-01-two.md). ![A square](a.svg)\n",
            ),
            ("content/articles/more/a.svg", picture),
            (
                "content/articles/2999-01-01-four.md",
                "---\ntitle: Four\ntopics: [Later]\n---\n\nOracle, one day.\n",
            ),
            (
                "content/pages/about.md",
                "---\ntitle: About\nnav: header\n---\n\nText.\n",
            ),
            ("static/own.css", "h1 { color: red }"),
        ],
        &[],
    );
    let mut last = check_served(&server, "/", &BTreeMap::new());
    let mut step = |what: &str, edit: &dyn Fn()| {
        edit();
        eprintln!("{what}");
        last = check_served(&server, "/", &last);
    };
    step("a headline", &|| {
        server.write(FILE, &article("\"Another: one\"", "The text of one."))
    });
    step("a text", &|| {
        server.write(FILE, &article("\"Another: one\"", "Another text of Oracle."))
    });
    step("companies", &|| {
        server.write(
            FILE,
            &article("One", "Text.").replace("[Acme]", "[Oracle, Nobody]"),
        )
    });
    step("the register", &|| {
        server.write(
            "content/companies.yaml",
            "- name: Acme Corp\n  aliases: [Acme]\n- name: Oracle\n  sector: Software\n",
        )
    });
    step("facts in the register", &|| {
        server.write(
            "content/companies.yaml",
            "- name: Acme Corp\n  aliases: [Acme]\n- name: Oracle\n  sector: Clouds\n",
        )
    });
    step("a template", &|| {
        server.write(
            "templates/404.html",
            "{% extends \"builtin/404.html\" %}{% block title %}Gone{% endblock %}",
        )
    });
    step("the template of all pages", &|| {
        server.write(
            "templates/base.html",
            "{% extends \"builtin/base.html\" %}{% block title %}T{% endblock %}",
        )
    });
    step("no template", &|| server.remove("templates/base.html"));
    step("the settings", &|| {
        server.write(
            "brief.yaml",
            "title: Another\nbase_url: https://example.org/\ntimezone: UTC\nfeeds: {full_text: off}\n",
        )
    });
    step("a file", &|| server.write("static/own.css", "h1 { color: blue }"));
    step("a file less", &|| server.remove("static/own.css"));
    step("a picture", &|| {
        server.write("content/articles/more/a.svg", &picture.replace('9', "7"))
    });
    step("a page", &|| {
        server.write(
            "content/pages/about.md",
            "---\ntitle: About us\nnav: footer\n---\n\nText.\n",
        )
    });
    step("a profile", &|| {
        server.write(
            "content/companies/oracle.md",
            "---\nsector: Databases\n---\n\nA long text.\n",
        )
    });
    step("an edition", &|| {
        server.write(
            "content/editions/2025-01-02.md",
            "---\ntitle: The day\n---\n\nAn introduction.\n",
        )
    });
    step("a slug", &|| {
        server.write(FILE, &article("One\nslug: uno", "Text."))
    });
    step("a name", &|| {
        fs::rename(
            server.path(FILE),
            server.path("content/articles/2025-02-02-renamed.md"),
        )
        .expect("a file")
    });
    step("a folder's name", &|| {
        fs::rename(
            server.path("content/articles/more"),
            server.path("content/articles/other"),
        )
        .expect("a folder")
    });
    step("a new folder", &|| {
        server.write(
            "content/articles/deep/er/2025-03-03-five.md",
            &article("Five", "Text of Acme."),
        )
    });
    step("a folder less", &|| {
        fs::remove_dir_all(server.path("content/articles/other")).expect("a folder")
    });
    step("the register gone", &|| server.remove("content/companies.yaml"));
    step("data", &|| server.write("data/numbers.yaml", "one: 1\n"));
}

#[test]
fn the_demo_is_served_under_its_path() {
    let server = Server::start(&[], &[]);
    for folder in ["content", "static", "templates"] {
        let from = support::repository().join(folder);
        for (path, bytes) in support::tree(&from) {
            // The program's own theme lies where that of a site does.
            if folder == "content" || !path.contains('.') {
                support::write(&server.path(&format!("{folder}/{path}")), bytes);
            }
        }
    }
    server.remove(FILE);
    server.remove("content/articles/2025-01-01-two.md");
    let settings = fs::read_to_string(support::repository().join("brief.yaml")).expect("the demo");
    let mut lines: Vec<&str> = settings
        .lines()
        .filter(|line| !line.starts_with("base_url"))
        .collect();
    lines.push("base_url: https://example.org/briefings/");
    server.write("brief.yaml", &lines.join("\n"));
    let built = check_served(&server, "/briefings/", &BTreeMap::new());
    assert!(built.len() > 100, "{} files", built.len());
    let mut client = Client::new(server.port);
    let answer = client.get("/");
    assert_eq!((answer.status, answer.header("location")), (302, "/briefings/"));
    assert_eq!(client.get("/2025/").status, 404);
}

#[test]
fn answers_are_those_of_a_host() {
    let video: Vec<u8> = (0..300_000_u32).map(|number| number as u8).collect();
    let server = Server::start(
        &[
            (
                "static/_headers",
                "/*\n  X-Own: yes\n  Cache-Control: max-age=9\n",
            ),
            (
                "static/_redirects",
                "/moved/ /2025/01/02/one/\n/gone/ /404.html 410\n/shown/* /2025/:splat 200\n",
            ),
            ("content/articles/Ü.txt", "text"),
        ],
        &[],
    );
    support::write(&server.path("static/film.mp4"), &video);
    let mut client = Client::new(server.port);
    wait("the film", || client.get("/film.mp4").status == 200);

    let page = client.get(ONE);
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-cache");
    assert_eq!(page.header("x-own"), "yes");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let text = String::from_utf8_lossy(&page.body).into_owned();
    assert_eq!(text.matches("_brief/live.js").count(), 1);
    assert!(text.contains(&format!("data-source=\"{FILE}\"")));

    // A page that a browser has is not sent again.
    let tag = page.header("etag").to_owned();
    let strong = tag.trim_start_matches("W/").to_owned();
    for known in [tag.as_str(), &strong, "*", &format!("\"x\", {tag}")] {
        let answer = client.ask("GET", ONE, &[("If-None-Match", known)]);
        assert_eq!((answer.status, answer.body.len()), (304, 0), "{known}");
    }
    assert_eq!(client.ask("GET", ONE, &[("If-None-Match", "\"x\"")]).status, 200);

    let head = client.ask("HEAD", ONE, &[]);
    assert_eq!(
        (head.status, head.header("content-length").parse()),
        (200, Ok(page.body.len()))
    );
    assert_eq!(
        client.ask("HEAD", "/film.mp4", &[]).header("content-length"),
        "300000"
    );

    // Parts of files.
    for (range, status, from, to) in [
        ("bytes=0-0", 206, 0, 1),
        ("bytes=299990-", 206, 299_990, 300_000),
        ("bytes=-5", 206, 299_995, 300_000),
        ("bytes=10-400000", 206, 10, 300_000),
        ("bytes=100000-200000", 206, 100_000, 200_001),
        ("bytes=5-1", 200, 0, 300_000),
        ("bytes=0-1,5-6", 200, 0, 300_000),
        ("lines=1-2", 200, 0, 300_000),
    ] {
        let answer = client.ask("GET", "/film.mp4", &[("Range", range)]);
        assert_eq!(answer.status, status, "{range}");
        assert_eq!(answer.body, video[from..to], "{range}");
    }
    let beyond = client.ask("GET", "/film.mp4", &[("Range", "bytes=300000-")]);
    assert_eq!(
        (beyond.status, beyond.header("content-range")),
        (416, "bytes */300000")
    );
    let stale = client.ask(
        "GET",
        "/film.mp4",
        &[("Range", "bytes=0-0"), ("If-Range", "\"x\"")],
    );
    assert_eq!(stale.status, 200);

    // Where to look instead.
    for (path, status, location) in [
        ("/2025/01/02/one?a=b", 302, "/2025/01/02/one/?a=b"),
        ("/moved", 301, ONE),
        ("/moved/", 301, ONE),
    ] {
        let answer = client.get(path);
        assert_eq!(
            (answer.status, answer.header("location")),
            (status, location),
            "{path}"
        );
    }
    assert_eq!(client.get("/gone/").status, 410);
    assert_eq!(client.get("/shown/01/02/one/").page(), page.page());
    let missing = client.get("/nowhere/");
    assert_eq!(missing.status, 404);
    assert_eq!(missing.page(), client.get("/404.html").page());
    assert_eq!(
        client.get("/feed.xml").header("content-type"),
        "application/rss+xml; charset=utf-8"
    );
    assert_eq!(client.get("/2025/01/02/one/index.html").page(), page.page());
    let refused = client.ask("DELETE", ONE, &[]);
    assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD"));
}

#[test]
fn strangers_are_refused() {
    let server = Server::start(&[("static/ok.txt", "ok")], &[]);
    support::write(&server.path("../secret.txt"), "secret");
    std::os::unix::fs::symlink(server.path("../secret.txt"), server.path("static/link.txt")).expect("a link");
    support::write(&server.path(".env"), "secret");
    let mut client = Client::new(server.port);
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/static/../../secret.txt",
        "/ok.txt/../../secret.txt",
        "/.env",
        "/link.txt",
        "/content/companies.yaml",
        "/brief.yaml",
        "/%00",
        "/ok.txt%00.html",
        "/C:%5cWindows",
        "//etc/passwd",
        "/_brief/../brief.yaml",
        "/_brief/nothing",
    ] {
        let answer = client.get(path);
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert!(
            !String::from_utf8_lossy(&answer.body).contains("secret"),
            "{path}"
        );
    }
    for host in [
        "evil.example",
        "evil.example:1111",
        "localhost.evil.example",
        "192.168.7.7",
    ] {
        assert_eq!(client.ask("GET", "/", &[("Host", host)]).status, 421, "{host}");
    }
    for host in ["localhost", "127.0.0.1:9", "[::1]:1111"] {
        assert_eq!(client.ask("GET", "/", &[("Host", host)]).status, 200, "{host}");
    }
    // Pages of other sites learn nothing and start nothing.
    for path in ["/_brief/events", "/_brief/problems", "/_brief/live.js"] {
        for foreign in [
            ("Origin", "http://evil.example"),
            ("Sec-Fetch-Site", "cross-site"),
        ] {
            assert_eq!(client.ask("GET", path, &[foreign]).status, 403, "{path}");
        }
    }
    let page = client.get("/").body;
    let page = String::from_utf8_lossy(&page).into_owned();
    let token = page
        .split("data-token=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a token");
    let token = ("X-Brief-Token", token);
    let path = format!("path={}", FILE.replace('/', "%2F"));
    assert_eq!(client.post("/_brief/edit", &[], &path).status, 403);
    assert_eq!(
        client
            .post("/_brief/edit", &[("X-Brief-Token", "guess")], &path)
            .status,
        403
    );
    assert_eq!(
        client
            .post("/_brief/edit", &[token, ("Origin", "http://evil.example")], &path)
            .status,
        403
    );
    assert_eq!(
        client
            .post("/_brief/edit", &[token], "path=..%2Fsecret.txt")
            .status,
        404
    );
    assert_eq!(client.post("/_brief/edit", &[token], "path=.env").status, 404);
    let mut other = Client::new(server.port);
    assert_eq!(
        other.post("/_brief/edit", &[token], &"x".repeat(5000)).status,
        413
    );
    assert_eq!(client.post("/_brief/edit", &[token], &path).status, 204);
    assert_eq!(client.get(ONE).header("access-control-allow-origin"), "");
    assert_eq!(
        client.get(ONE).header("cross-origin-resource-policy"),
        "same-origin"
    );
}

#[test]
fn nonsense_is_survived() {
    let server = Server::start(&[], &[]);
    let long = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a/".repeat(20_000));
    let many = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n",
        "X-A: b\r\n".repeat(5000)
    );
    let large = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: {}\r\n\r\n",
        "b".repeat(200_000)
    );
    let requests: Vec<Vec<u8>> = [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST /_brief/edit HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        &long,
        &many,
        &large,
    ]
    .into_iter()
    .map(|request| request.as_bytes().to_vec())
    .chain((0..50_u32).map(|seed| {
        let byte = |at: u32| (at.wrapping_mul(2_654_435_761).wrapping_add(seed * 977) >> 11) as u8;
        (0..400).map(byte).chain(*b"\r\n\r\n").collect()
    }))
    .collect();
    for request in requests {
        let answer = Client::hasty(server.port).send(&request);
        let status = answer.map(|answer| answer.status);
        let shown = String::from_utf8_lossy(&request)
            .chars()
            .take(60)
            .collect::<String>();
        assert!(
            status.is_none_or(|status| (400..500).contains(&status)),
            "{shown}: {status:?}"
        );
    }
    assert_eq!(Client::new(server.port).get(ONE).status, 200);
}

#[test]
fn a_change_is_told_with_the_marks_of_open_pages() {
    let server = Server::start(&[], &[]);
    let mut client = Client::new(server.port);
    let before = client.get(ONE).header("etag").to_owned();
    let mut events = Client::new(server.port).events("/_brief/events");
    let mut next = |what: &str| {
        let data = events.find_map(|line| line.strip_prefix("data: ").map(str::to_owned));
        serde_json::from_str::<serde_json::Value>(&data.expect(what)).expect("JSON")
    };
    let first = next("how things stand");
    assert_eq!(first["errors"], 0);
    server.write(FILE, &article("One", "Another text."));
    let told = next("a change");
    assert_ne!(told["build"], first["build"]);
    let mark = told["open"][ONE].as_str().expect("a mark").to_owned();
    let now = client.get(ONE);
    assert_eq!(now.header("etag"), format!("W/\"{mark}\""));
    assert_ne!(now.header("etag"), before);
    server.write(FILE, "---\ntitle: [\n---\n");
    while next("a mistake")["errors"] == 0 {}
    let problems: serde_json::Value =
        serde_json::from_slice(&client.get("/_brief/problems").body).expect("JSON");
    assert_eq!(problems["errors"], 1);
    let item = &problems["items"][0];
    assert_eq!(
        (item["file"].as_str(), item["line"].as_u64()),
        (Some(FILE), Some(2))
    );
    assert!(
        item["text"].as_str().is_some_and(|text| text.contains('^')),
        "{item}"
    );
    // The last good version stays.
    assert_eq!(client.get(ONE).header("etag"), now.header("etag"));
    server.write(FILE, &article("One", "Another text."));
    while next("no mistake")["errors"] != 0 {}
}

#[test]
fn an_article_appears_when_it_is_due_unless_the_clock_stands_still() {
    let soon = in_seconds(3);
    let held = article("One", "The text of one.")
        .replace("date: 2025-01-02", &format!("date: 2025-01-02\npublish: {soon}"));
    let server = Server::start(&[(FILE, &held)], &["--as-published"]);
    let mut client = Client::new(server.port);
    assert_eq!(client.get(ONE).status, 404);
    wait("the article is shown", || client.get(ONE).status == 200);

    let held = held.replace(&soon, "2025-01-05T00:00:00Z");
    let server = Server::start(&[(FILE, &held)], &["--as-published", "--date", "2025-01-03"]);
    let mut client = Client::new(server.port);
    let build = |client: &mut Client| {
        let page = String::from_utf8_lossy(&client.get("/").body).into_owned();
        page.split("data-build=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default()
            .to_owned()
    };
    std::thread::sleep(Duration::from_millis(300));
    let before = build(&mut client);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(build(&mut client), before, "news without news");
    assert_eq!(client.get(ONE).status, 404);
}

/// The moment so many seconds from now.
#[expect(
    clippy::disallowed_methods,
    reason = "the server looks at the very clock; no build depends on it"
)]
fn in_seconds(seconds: i64) -> String {
    let now = jiff::Timestamp::now();
    let then = jiff::Timestamp::from_second(now.as_second() + seconds).expect("a moment");
    then.to_string()
}

#[test]
fn many_saves_at_once_end_in_the_right_state() {
    let server = Server::start(&[], &[]);
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let server = &server;
            scope.spawn(move || {
                for save in 0..67 {
                    let text = article(&format!("Writer {writer}"), &format!("Save {save} of {writer}."));
                    let path = format!("content/articles/2025-01-03-w{writer}.md");
                    match save % 3 {
                        0 => server.write(&path, &text),
                        1 => {
                            // As careful editors do.
                            server.write(&format!("{path}.tmp"), &text);
                            let from = server.path(&format!("{path}.tmp"));
                            fs::rename(from, server.path(&path)).expect("a file");
                        }
                        _ => {
                            server.write(&path, "");
                            std::thread::sleep(Duration::from_millis(3));
                            server.write(&path, &text);
                        }
                    }
                    std::thread::sleep(Duration::from_millis(8));
                }
            });
        }
    });
    check_served(&server, "/", &BTreeMap::new());
    let mut client = Client::new(server.port);
    for writer in 0..3 {
        wait_for(&mut client, "/feed.xml", &format!("Save 66 of {writer}."));
    }
}

#[test]
fn another_branch_with_hundreds_of_files_is_shown_whole() {
    let server = Server::start(&[], &["--poll=50"]);
    let name = |number: u32| {
        format!(
            "content/articles/{}/2025-01-{:02}-n{number}.md",
            number % 7,
            1 + number % 28
        )
    };
    let text = |number: u32, word: &str| {
        let link = name((number + 150) % 400).replace("content/articles/", "../");
        article(
            &format!("Number {number}"),
            &format!("{word} of Oracle, after [another]({link})."),
        )
    };
    for number in 0..400 {
        server.write(&name(number), &text(number, "Text"));
    }
    let first = check_served(&server, "/", &BTreeMap::new());
    for number in 0..400 {
        match number % 4 {
            0 => server.remove(&name(number)),
            // What it links to is gone in part.
            1 => server.write(&name(number), &article(&format!("Number {number}"), "Alone.")),
            2 => server.write(
                &name(number),
                &article(&format!("Other {number}"), "Alone.").replace("Acme", "Oracle"),
            ),
            _ => server.write(
                &name(number),
                &article(&format!("Number {number}"), "Text [on](/companies/)."),
            ),
        }
    }
    check_served(&server, "/", &first);
}

#[test]
fn many_readers_while_somebody_writes_see_whole_pages() {
    let server = Server::start(&[], &[]);
    let (is_over, read) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut number = 0;
            while !is_over.load(Ordering::Relaxed) {
                number += 1;
                server.write(
                    FILE,
                    &article(&format!("Title {number}"), &format!("Text {number}.")),
                );
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        let readers: Vec<_> = (0..50)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = Client::new(server.port);
                    for round in 0..40 {
                        let path = ["/", ONE, "/companies/acme/", "/2025/01/02/two/"][round % 4];
                        let answer = client.get(path);
                        let text = String::from_utf8_lossy(&answer.body).into_owned();
                        assert_eq!(answer.status, 200, "{path}: {text}");
                        assert!(text.trim_end().ends_with("</html>"), "{path}: {text}");
                        if path == ONE {
                            // Headline and text are of one version.
                            let number = |before: &str| {
                                let rest = text.split(before).nth(1).unwrap_or_default();
                                rest.split(|c: char| !c.is_ascii_digit())
                                    .next()
                                    .unwrap_or_default()
                                    .to_owned()
                            };
                            assert_eq!(number("<h1>Title "), number("<p>Text "), "{text}");
                        }
                        read.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        let all_well = readers
            .into_iter()
            .map(|reader| reader.join())
            .all(|done| done.is_ok());
        is_over.store(true, Ordering::Relaxed);
        assert!(all_well);
    });
    assert_eq!(read.load(Ordering::Relaxed), 2000);
}

#[test]
fn nothing_is_written_but_the_notes_of_brief() {
    let server = Server::start(
        &[("content/pages/about.md", "---\ntitle: About\n---\n\nText.\n")],
        &[],
    );
    let files = |server: &Server| {
        let mut files = support::tree(&server.path(""));
        files.retain(|path, _| !path.starts_with(".brief/serve/"));
        files
    };
    let before = files(&server);
    let mut client = Client::new(server.port);
    for path in ["/", ONE, "/feed.xml", "/about/"] {
        assert_eq!(client.get(path).status, 200, "{path}");
    }
    assert_eq!(files(&server), before);
}

#[test]
fn a_port_that_is_taken_is_passed_over_unless_it_was_asked_for() {
    let server = Server::start(&[], &[]);
    let taken = Command::new(env!("CARGO_BIN_EXE_brief"))
        .args(["serve", "--port", &server.port.to_string(), "--site"])
        .arg(server.path(""))
        .output()
        .expect("brief");
    assert_eq!(taken.status.code(), Some(2));
    let said = String::from_utf8_lossy(&taken.stderr).into_owned();
    assert!(said.contains("another program listens there already"), "{said}");
    // Whoever asks for none gets a free one, however many serve already.
    let first = Server::start_anywhere();
    let second = Server::start_anywhere();
    assert_ne!(first.port, second.port);
    for server in [first, second] {
        assert_eq!(Client::new(server.port).get(ONE).status, 200);
    }
}
