//! Ten mistakes made at once are ten diagnostics of one run, each at its place; and the last good
//! output, built before they were made, stays as it was to the byte and the time stamp.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use support::{brief, files, write};

/// The site while it was in order.
const GOOD: &[(&str, &str)] = &[
    (
        "brief.yaml",
        "title: The Morning Brief\nbase_url: https://example.org/\n",
    ),
    (
        "content/companies.yaml",
        "- name: Meta Platforms\n  aliases: [Meta]\n- name: Meta Materials\n",
    ),
    (
        "content/articles/2025-01-21-a.md",
        "---\ntitle: A\n---\nMeta grows.\n",
    ),
    ("content/articles/2025-01-21-b.md", "---\ntitle: B\n---\nText.\n"),
    ("content/articles/2025-01-21-c.md", "---\ntitle: C\n---\nText.\n"),
    ("content/articles/2025-01-21-d.md", "---\ntitle: D\n---\nText.\n"),
    ("content/articles/2025-01-21-e.md", "---\ntitle: E\n---\nText.\n"),
    ("content/articles/2025-01-21-f.md", "---\ntitle: F\n---\nText.\n"),
    ("content/articles/2025-01-21-g.md", "---\ntitle: G\n---\nText.\n"),
    ("content/articles/2025-01-21-h.md", "---\ntitle: H\n---\nText.\n"),
    (
        "templates/head-extra.html",
        "<meta name=\"theme-color\" content=\"#fff\">\n",
    ),
];

/// What is written in its place, and what `brief build --message-format short` says of it.
const MISTAKES: &[(&str, &str, &str)] = &[
    (
        "content/articles/2025-01-21-a.md",
        "---\ntitle: A\ntopics: [Cloud, Energy\n---\nText.\n",
        "content/articles/2025-01-21-a.md:3:9: error[yaml-syntax]: the bracket that opens here is never closed",
    ),
    (
        "content/articles/2025-01-21-b.md",
        "---\ndate: 2025-01-21\ntitle: Meta: what comes next\n---\nText.\n",
        "content/articles/2025-01-21-b.md:3:12: error[yaml-syntax]: \
         a colon with a space behind it cannot stand in a value without quotes",
    ),
    (
        "content/articles/2025-01-21-c.md",
        "---\ntitle: C\nsumary: One line.\n---\nText.\n",
        "content/articles/2025-01-21-c.md:3:1: warning[unknown-key]: unknown key `sumary` in an article",
    ),
    (
        "content/articles/2025-01-21-d.md",
        "---\ntitle: D\nimportance: [5]\n---\nText.\n",
        "content/articles/2025-01-21-d.md:3:13: error[wrong-type]: \
         `importance` must be a whole number, not a list",
    ),
    (
        "content/articles/2025-01-21-e.md",
        "---\ntitle: E\ndate: 2025-02-30\n---\nText.\n",
        "content/articles/2025-01-21-e.md:3:7: error[bad-date]: the calendar has no day `2025-02-30`",
    ),
    (
        "content/articles/2025-01-21-f.md",
        "---\r\nkind: brief\r\n---\r\nText.\r\n",
        "content/articles/2025-01-21-f.md:2:1: error[missing-title]: the article has no `title`",
    ),
    (
        "content/articles/2025-01-21-g.md",
        "---\ntitle: Gé\nslug: c\n---\nText.\n",
        "content/articles/2025-01-21-g.md:3:7: error[url-collision]: \
         the article `content/articles/2025-01-21-c.md` and the article `content/articles/2025-01-21-g.md` \
         stand at the same address `/2025/01/21/c/`",
    ),
    (
        "content/articles/2025-01-21-h.md",
        "\u{feff}---\ntitle: H\n---\nTo A: [é](2025-01-21-a.md), and [nowhere](2025-01-21-z.md).\n",
        "content/articles/2025-01-21-h.md:4:43: error[broken-link]: there is no file `2025-01-21-z.md`",
    ),
    (
        "content/companies.yaml",
        "- name: Meta Platforms\n  aliases: [Meta]\n- name: Meta Materials\n  aliases: [Meta]\n",
        "content/companies.yaml:4:13: error[register-conflict]: \
         `Meta Platforms` and `Meta Materials` both claim the alias `Meta`",
    ),
    (
        "templates/head-extra.html",
        "<meta name=\"theme-color\" content=\"{{ colour }}\">\n",
        "templates/head-extra.html:1:38: error[template-render]: variable `colour` is not defined",
    ),
];

#[test]
fn ten_mistakes_are_told_at_once_and_nothing_is_written() {
    let site = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in GOOD {
        write(&site.path().join(path), text);
    }
    let built = brief(site.path()).arg("build").output().expect("brief runs");
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let before = stamps(&site.path().join("public"));
    assert!(before.len() > 20);

    for (path, text, _) in MISTAKES {
        write(&site.path().join(path), text);
    }
    let mut command = brief(site.path());
    command.args(["build", "--quiet", "--message-format", "short"]);
    let output = command.output().expect("brief runs");
    let said = String::from_utf8(output.stderr).expect("text");
    let expected: Vec<&str> = MISTAKES.iter().map(|(_, _, line)| *line).collect();
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stamps(&site.path().join("public")), before);
}

/// All files of a folder with their bytes and the time of their last change.
fn stamps(folder: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let stamp = |path: String| {
        let file = folder.join(&path);
        let changed = fs::metadata(&file).and_then(|metadata| metadata.modified());
        let bytes = fs::read(&file).expect("a file");
        (path, (bytes, changed.expect("a time")))
    };
    files(folder).into_iter().map(stamp).collect()
}
