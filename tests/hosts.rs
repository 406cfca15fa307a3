//! The files that hosts read: that their rules say what they should, whatever a site is called or holds, that a
//! site's own take their place, and that they follow edits; and that what docs/hosting/ shows is sound.

#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

mod support;

use std::collections::BTreeMap;

use brief::building::pipeline::{Clock, Options, build_in_memory};
use brief::ground::diagnostic::Diagnostics;
use brief::ground::path::SourcePath;
use brief::ground::world::MemoryWorld;
use brief::reading::config::Config;

const ARTICLE: &str = "content/articles/2025-01-02-one.md";

fn build(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let now = "2025-03-01T12:00:00Z".parse().expect("an instant");
    let mut world = MemoryWorld::new(now);
    for (path, text) in files {
        world.write(path, *text);
    }
    let options = Options {
        clock: Clock::At(now),
        ..Options::default()
    };
    let (files, found) = build_in_memory(&world, &options);
    let files = files.unwrap_or_else(|| panic!("{found:#?}"));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    files
        .into_iter()
        .map(|(path, bytes)| (path.to_string(), text(bytes)))
        .collect()
}

fn article(aliases: &[String]) -> String {
    let aliases = aliases.join("\", \"");
    format!("---\ntitle: One\naliases: [\"{aliases}\"]\n---\nText.\n")
}

/// The lines of `_redirects` that are rules.
fn redirects(files: &BTreeMap<String, String>) -> Vec<&str> {
    let lines = files["_redirects"].lines();
    lines.filter(|line| !line.starts_with('#')).collect()
}

#[test]
fn every_file_has_a_strict_policy_that_a_site_can_widen() {
    let policy = |settings: &str| {
        let files = build(&[("brief.yaml", settings)]);
        let headers = files["_headers"].clone();
        let all = headers.strip_prefix("/*\n").expect("a rule for all files");
        let line = all.lines().next().expect("a header");
        line.strip_prefix("  Content-Security-Policy: ")
            .expect("the policy")
            .to_owned()
    };
    assert_eq!(
        policy("title: A\n"),
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; \
         object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    );
    assert!(
        policy("editions: {email: on}\n").contains("; style-src 'self'; style-src-attr 'unsafe-inline'; ")
    );
    let wide = policy(
        "csp:\n  script: [https://s.example, \"'unsafe-inline'\"]\n  style: https://t.example\n  \
         img: [\"blob:\"]\n  frame: [\"*.video.example\"]\n  connect: [\"wss://c.example\"]\n",
    );
    assert_eq!(
        wide,
        "default-src 'self'; script-src 'self' https://s.example 'unsafe-inline'; style-src 'self' https://t.example; \
         img-src 'self' https: data: blob:; frame-src 'self' *.video.example; connect-src 'self' wss://c.example; \
         object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    );
}

#[test]
fn a_policy_stays_within_the_lines_that_hosts_read() {
    let host = format!("https://{}.example", "a".repeat(180));
    let lists = ["script", "style", "img", "frame", "connect"].map(|name| format!("  {name}: [{host}]\n"));
    let files = build(&[("brief.yaml", &format!("csp:\n{}", lists.concat()))]);
    let longest = files["_headers"].lines().map(str::len).max();
    assert!(longest.is_some_and(|longest| (1_000..=2_000).contains(&longest)));

    let many = vec![host; 9].join(", ");
    let now = "2025-03-01T12:00:00Z".parse().expect("an instant");
    let mut world = MemoryWorld::new(now);
    world.write("brief.yaml", format!("csp: {{script: [{many}]}}\n"));
    let (files, found) = build_in_memory(&world, &Options::default());
    assert!(files.is_none());
    assert!(
        format!("{found:?}").contains("longer than the 1600 bytes"),
        "{found:?}"
    );
}

#[test]
fn feeds_in_json_are_sent_as_such() {
    let settings = "base_url: https://example.org/news/\nfeeds: {formats: [rss, json]}\n";
    let files = build(&[("brief.yaml", settings), (ARTICLE, &article(&[]))]);
    let headers = &files["_headers"];
    assert!(files.contains_key("feed.json"));
    for rule in [
        "/news/feed.json",
        "/news/:name/feed.json",
        "/news/:taxonomy/:term/feed.json",
    ] {
        let lines = format!("\n{rule}\n  Content-Type: application/feed+json; charset=utf-8\n");
        assert_eq!(headers.matches(&lines).count(), 1, "{rule} in {headers}");
    }
    let without = build(&[(
        "brief.yaml",
        "base_url: https://example.org/\nfeeds: {formats: [rss]}\n",
    )]);
    assert!(!without["_headers"].contains("feed.json"));
}

#[test]
fn old_addresses_lead_on_with_the_status_that_lasts() {
    let aliases = ["/z/", "/a b/", "/Übung/", "/old.html", "/100%/"].map(str::to_owned);
    for (settings, base) in [
        ("title: A\n", ""),
        ("base_url: https://example.org/\n", ""),
        ("base_url: https://example.org/the/news/\n", "/the/news"),
    ] {
        let files = build(&[("brief.yaml", settings), (ARTICLE, &article(&aliases))]);
        let to = format!("{base}/2025/01/02/one/");
        let from = ["/100%25/", "/a%20b/", "/old.html", "/z/", "/%C3%9Cbung/"];
        let expected = from.map(|from| format!("{base}{from} {to} 301"));
        assert_eq!(redirects(&files), expected);
        // Where a host knows no redirects, a page leads on.
        assert!(files["z/index.html"].contains(&format!("url={to}\"")));
    }
}

#[test]
fn what_would_be_a_pattern_means_itself() {
    let settings = "base_url: https://example.org/a:b/*/\n";
    let files = build(&[
        ("brief.yaml", settings),
        (ARTICLE, &article(&["/old/".to_owned()])),
    ]);
    assert_eq!(
        redirects(&files),
        ["/a%3Ab/%2A/old/ /a%3Ab/%2A/2025/01/02/one/ 301"]
    );
}

#[test]
fn rules_beyond_what_hosts_read_are_left_to_pages() {
    let mut aliases: Vec<String> = (0..2_100).map(|number| format!("/old/{number:04}/")).collect();
    let long = format!("/{0}/{0}/{0}/{0}/{0}/", "é".repeat(100));
    aliases.push(long.clone());
    let files = build(&[("brief.yaml", ""), (ARTICLE, &article(&aliases))]);
    let rules = redirects(&files);
    assert_eq!(rules.len(), 2_000);
    assert!(rules.iter().all(|rule| rule.len() <= 1_000));
    assert!(files.contains_key("old/2099/index.html"));
    assert!(files.contains_key(&format!("{}index.html", &long[1..])));
    let alone = build(&[("brief.yaml", ""), (ARTICLE, &article(&[long]))]);
    assert_eq!(redirects(&alone), [""; 0]);
    assert!(alone["_redirects"].contains("\n# Beyond what hosts read here: 1 more"));
    assert!(files["_redirects"].contains("\n# Beyond what hosts read here: 101 more"));
}

#[test]
fn files_of_the_site_take_their_place() {
    let files = build(&[("brief.yaml", "")]);
    assert_eq!(files[".nojekyll"], "");
    let own = build(&[
        ("brief.yaml", ""),
        ("static/_headers", "/*\n  X-Own: yes\n"),
        ("static/_redirects", "/a /b 301\n"),
        ("static/.nojekyll", "mine"),
        ("static/CNAME", "news.example.org\n"),
    ]);
    assert_eq!(own["_headers"], "/*\n  X-Own: yes\n");
    assert_eq!(own["_redirects"], "/a /b 301\n");
    assert_eq!(own[".nojekyll"], "mine");
    assert_eq!(own["CNAME"], "news.example.org\n");
}

#[test]
fn the_next_build_follows_aliases_and_the_policy() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let build = || {
        let output = support::brief(folder.path())
            .arg("build")
            .output()
            .expect("brief runs");
        assert!(output.status.success(), "{output:?}");
        ["_headers", "_redirects"]
            .map(|name| std::fs::read_to_string(path("public").join(name)).expect("a file"))
    };
    support::write(&path("brief.yaml"), "title: A\n");
    support::write(&path(ARTICLE), article(&[]));
    let [headers, redirects] = build();
    assert!(!headers.contains("s.example") && !redirects.contains("/old/"));
    support::write(&path(ARTICLE), article(&["/old/".to_owned()]));
    assert!(build()[1].contains("/old/ /2025/01/02/one/ 301\n"));
    support::write(&path("brief.yaml"), "csp: {script: [s.example]}\n");
    let [headers, redirects] = build();
    assert!(headers.contains("script-src 'self' s.example;") && redirects.contains("/old/"));
    support::write(&path(ARTICLE), article(&[]));
    assert!(!build()[1].contains("/old/"));
}

#[test]
fn servers_of_ones_own_have_files_to_include_once_asked_for() {
    let files = build(&[("brief.yaml", "title: A\n")]);
    assert!(!files.contains_key("_nginx.conf") && !files.contains_key("_caddy.conf"));
    let settings = "base_url: https://example.org/a:b/\nhosting: {servers: [nginx, caddy, nginx]}\n";
    let aliases = ["/old/", "/do$lar/", "/{brace}/"].map(str::to_owned);
    let own = ("static/_caddy.conf", "mine");
    let files = build(&[("brief.yaml", settings), (ARTICLE, &article(&aliases)), own]);
    let nginx = &files["_nginx.conf"];
    for line in [
        "location \"/a:b/\" {",
        "    location = \"/a:b/old/\" { return 301 \"/a:b/2025/01/02/one/\"; }",
        "    location = \"/a:b/do$lar/\" { return 301 \"/a:b/2025/01/02/one/\"; }",
        "    location = \"/a:b/_headers\" { return 404; }",
    ] {
        assert_eq!(
            nginx.lines().filter(|other| *other == line).count(),
            1,
            "{line} in\n{nginx}"
        );
    }
    assert_eq!(files["_caddy.conf"], "mine");
    let caddy = build(&[
        ("brief.yaml", "hosting: {servers: caddy}\n"),
        (ARTICLE, &article(&aliases)),
    ]);
    let line = "\t\"/\\{brace\\}/\" \"/2025/01/02/one/\"";
    assert!(
        caddy["_caddy.conf"].lines().any(|other| other == line),
        "{caddy:?}"
    );
    // Caddy refuses a `map` without a line.
    let none = build(&[("brief.yaml", "hosting: {servers: caddy}\n")]);
    assert!(!none["_caddy.conf"].contains("map "));
}

#[test]
fn names_tell_what_files_hold_once_asked_for() {
    let own = [
        (
            "static/logo.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"7\" height=\"9\"/>",
        ),
        ("static/fonts/a.woff2", "a font"),
        ("static/report.pdf", "a report"),
        (
            "templates/head-extra.html",
            "{% set logo = asset(path=\"logo.svg\") %}{{ logo.url }} {{ logo.width }}",
        ),
    ];
    let build = |settings: &str, css: &str| {
        let mut files = vec![
            ("brief.yaml", settings),
            (ARTICLE, "---\ntitle: One\n---\nText.\n"),
        ];
        files.extend(own);
        if !css.is_empty() {
            files.push(("static/brief.css", css));
        }
        build(&files)
    };
    let hashed = |files: &BTreeMap<String, String>| {
        let is_hash = |part: &str| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        let names = files
            .keys()
            .filter(|name| name.rsplit('.').nth(1).is_some_and(is_hash));
        names.cloned().collect::<Vec<_>>()
    };
    let plain = build("title: A\n", "");
    assert_eq!(hashed(&plain), [""; 0]);
    assert!(
        plain["index.html"].contains("href=\"/brief.css\"") && plain["index.html"].contains("/logo.svg 7")
    );

    let settings = "base_url: https://example.org/the:news/\nhosting: {hashed_names: on}\n";
    let files = build(settings, "");
    let names = hashed(&files);
    // The theme has four files; those that readers download keep their names.
    assert_eq!(names.len(), 6, "{names:?}");
    for name in &names {
        let (stem, extension) = name.rsplit_once('.').expect("an extension");
        let plain = format!("{}.{extension}", stem.rsplit_once('.').expect("a hash").0);
        assert_eq!(files[name], files[&plain], "{name}");
        let rule = format!("/the%3Anews/{name}\n  Cache-Control: public, max-age=31536000, immutable\n");
        assert!(files["_headers"].contains(&rule), "{rule}");
    }
    let sheet = |files: &BTreeMap<String, String>| {
        let page = files["2025/01/02/one/index.html"].clone();
        let (_, rest) = page
            .split_once("<link rel=\"stylesheet\" href=\"")
            .expect("a sheet");
        rest.split_once('"').expect("an end").0.to_owned()
    };
    let first = sheet(&files);
    assert!(
        names.iter().any(|name| first == format!("/the:news/{name}")),
        "{first}"
    );
    assert!(files["index.html"].contains("/the:news/logo.") && !files["index.html"].contains("/logo.svg"));
    let other = sheet(&build(settings, "body { color: red }"));
    assert!(other != first && other.starts_with("/the:news/brief."), "{other}");
    // What a site chooses of the look stands in the sheet, and so in its name.
    let red = sheet(&build(&format!("{settings}theme: {{accent: \"#900\"}}\n"), ""));
    assert!(red != first && red != other, "{red}");
}

#[test]
fn rules_for_names_stay_within_what_hosts_read() {
    let names: Vec<String> = (0..150).map(|number| format!("static/{number}.css")).collect();
    let mut files = vec![("brief.yaml", "hosting: {hashed_names: on}\n")];
    files.extend(names.iter().map(|name| (name.as_str(), "a {}")));
    let headers = build(&files)["_headers"].clone();
    let rules = headers.lines().filter(|line| line.starts_with('/')).count();
    assert_eq!(rules, 100);
}

#[test]
fn texts_are_packed_once_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| support::write(&folder.path().join(path), text);
    let build = || {
        let output = support::brief(folder.path())
            .arg("build")
            .output()
            .expect("brief runs");
        assert!(output.status.success(), "{output:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (support::tree(&folder.path().join("public")), said)
    };
    let packed = |files: &BTreeMap<String, Vec<u8>>| {
        let is_packed = |name: &&String| name.ends_with(".gz") || name.ends_with(".br");
        files.keys().filter(is_packed).cloned().collect::<Vec<_>>()
    };
    let settings = "title: A\nbase_url: https://example.org/\n";
    write("brief.yaml", settings);
    write(ARTICLE, &article(&["/old/".to_owned()]));
    write("static/own.css", "a { color: red }");
    write("static/data.csv", "a,b\n");
    write("static/data.csv.gz", "packed by somebody else");
    write("static/picture.bin", "not a text");
    assert_eq!(packed(&build().0), ["data.csv.gz"]);

    write(
        "brief.yaml",
        &format!("{settings}hosting: {{compress: [brotli, gzip]}}\n"),
    );
    let (files, _) = build();
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".gz")) {
        let plain = &files[name.trim_end_matches(".gz")];
        if name == "data.csv.gz" {
            assert_eq!(bytes, b"packed by somebody else");
            continue;
        }
        let mut unpacked = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(bytes.as_slice());
        std::io::Read::read_to_end(&mut decoder, &mut unpacked).expect("gzip");
        assert!(unpacked == *plain, "{name}");
    }
    for name in [
        "index.html",
        "2025/01/02/one/index.html",
        "brief.css",
        "own.css",
        "feed.xml",
        "sitemap.xml",
        "404.html",
    ] {
        assert!(files.contains_key(&format!("{name}.gz")), "{name}");
        assert!(files.contains_key(&format!("{name}.br")), "{name}");
    }
    for name in ["old/index.html", "_headers", "picture.bin", "card.png"] {
        assert!(files.contains_key(name) || name == "card.png", "{name}");
        assert!(!files.contains_key(&format!("{name}.gz")), "{name}");
    }
    assert!(files.contains_key("data.csv.br"));

    // What is there is kept; what is lost comes back; what nobody wants any more goes.
    let (again, said) = build();
    assert_eq!(again, files);
    assert!(said.contains(" 0 written"), "{said}");
    assert!(
        said.starts_with(&format!("{} files", files.len() - 1)),
        "{said} {}",
        files.len()
    );
    for name in ["index.html.gz", "own.css.br"] {
        std::fs::remove_file(folder.path().join("public").join(name)).expect("a file");
    }
    let (mended, said) = build();
    assert!(mended == files && said.contains(" 2 written"), "{said}");
    write(ARTICLE, "---\ntitle: One\naliases: [/old/]\n---\nOther text.\n");
    let (edited, _) = build();
    let name = "2025/01/02/one/index.html.gz";
    assert!(edited[name] != files[name] && edited["own.css.gz"] == files["own.css.gz"]);
    write("brief.yaml", settings);
    assert_eq!(packed(&build().0), ["data.csv.gz"]);
}

#[test]
fn github_pages_are_told_the_domain_once_asked_for() {
    let cname = |settings: &str| build(&[("brief.yaml", settings)]).remove("CNAME");
    assert_eq!(cname("base_url: https://news.example.org/\n"), None);
    assert_eq!(cname("hosting: {cname: on}\n"), None);
    let settings = "base_url: https://news.example.org/\nhosting: {cname: on}\n";
    assert_eq!(cname(settings).as_deref(), Some("news.example.org\n"));
    let own = build(&[("brief.yaml", settings), ("static/CNAME", "other.example.org\n")]);
    assert_eq!(own["CNAME"], "other.example.org\n");
}

/// The texts about hosts, by path from the root of the repository.
fn documents() -> Vec<(String, String)> {
    let below = support::files(&support::repository().join("docs/hosting"));
    let paths = below.into_iter().map(|path| format!("docs/hosting/{path}"));
    let read = |path: String| {
        let text = std::fs::read_to_string(support::repository().join(&path)).expect("a document");
        (path, text)
    };
    let documents: Vec<(String, String)> = paths.map(read).collect();
    assert!(documents.len() >= 9, "{}", documents.len());
    documents
}

/// The blocks of a document in a language.
fn blocks<'d>(document: &'d str, language: &str) -> Vec<&'d str> {
    let start = format!("```{language}\n");
    let parts = document.split(start.as_str()).skip(1);
    parts.filter_map(|part| part.split("\n```").next()).collect()
}

#[test]
fn settings_in_the_documents_on_hosts_have_no_mistake() {
    let file = SourcePath::new("brief.yaml").expect("a path");
    let mut count = 0;
    for (path, text) in documents() {
        for block in blocks(&text, "yaml")
            .into_iter()
            .filter(|block| !block.contains("script:"))
        {
            let mut found = Diagnostics::new();
            Config::parse(&file, block, &mut found);
            let found: Vec<&str> = found.iter().map(|problem| problem.message.as_str()).collect();
            assert!(found.is_empty(), "{path}: {found:?} in\n{block}");
            count += 1;
        }
        for block in blocks(&text, "json") {
            let read: Result<serde_json::Value, _> = serde_json::from_str(block);
            assert!(read.is_ok(), "{path}: {block}");
        }
    }
    assert!(count > 8, "{count}");
}

#[test]
fn links_in_the_documents_on_hosts_lead_somewhere() {
    // GitHub's way: lower case, hyphens for spaces, no signs.
    let anchor = |line: &str| {
        let kept = line.trim_start_matches('#').trim().to_lowercase();
        let kept = kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.collect::<String>().replace(' ', "-")
    };
    let mut count = 0;
    for (path, text) in documents() {
        let folder = support::repository().join("docs/hosting");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let (file, section) = link.split_once('#').unwrap_or((link, ""));
            let target = folder.join(if file.is_empty() {
                path.rsplit('/').next().unwrap_or(&path)
            } else {
                file
            });
            let read = std::fs::read_to_string(&target).unwrap_or_else(|why| panic!("{path}: {link}: {why}"));
            let has = |section: &str| {
                read.lines()
                    .any(|line| line.starts_with('#') && anchor(line) == section)
            };
            assert!(section.is_empty() || has(section), "{path}: {link}");
            count += 1;
        }
    }
    assert!(count > 15, "{count}");
}
