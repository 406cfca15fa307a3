//! `brief tag --write`: one key and no other byte, and a site that stays as it is.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use brief::ground::diagnostic::Diagnostics;
use brief::ground::path::SourcePath;
use brief::reading::config::Config;
use brief::reading::front_matter::{self, CompaniesKey, Wanted, decode_naming, set};
use proptest::prelude::*;

/// Names that YAML would misread without quotes among them.
fn names() -> impl Strategy<Value = Vec<String>> {
    let name = prop_oneof![
        Just("Oracle".to_owned()),
        Just("AT&T".to_owned()),
        Just("Yahoo!".to_owned()),
        Just("L’Oréal".to_owned()),
        Just("true".to_owned()),
        Just("- dash".to_owned()),
        Just("a: b, [c]".to_owned()),
        Just("ソフトバンク".to_owned()),
        Just("\"Quoted\" \\ \t".to_owned()),
        "[A-Za-z][A-Za-z0-9 .#:'-]{0,12}[a-z]",
    ];
    proptest::collection::vec(name, 0..5)
}

/// One entry of a front matter, of one or more lines.
fn entry() -> impl Strategy<Value = String> {
    let space = "[ ]{1,3}";
    let comment = prop_oneof![Just(String::new()), "[ ]{1,3}# [a-z:,\\[]{0,9}"];
    (0..12usize, space, comment).prop_map(|(kind, space, comment)| match kind {
        0 => format!("title:{space}\"A: \\\"b\\\" # no comment\"{comment}"),
        1 => format!("topics:{space}[b,  'c' ]{comment}"),
        2 => format!("tags:{comment}\n  -{space}d\n  # e\n  - f{comment}"),
        3 => format!("date:{space}2025-01-02 10:00{comment}"),
        4 => format!("summary: |\n  companies: [No]\n\n  -{space}text"),
        5 => format!("summary: >-{comment}\n    folded\n    text\n\n"),
        6 => format!("source:{comment}\n  name: X\n  url:{space}https://x.example/#a"),
        7 => format!("extra: {{a:{space}1, b: [x, y]}}{comment}"),
        8 => format!("'quoted key':{space}'it''s'{comment}"),
        9 => "\n# a comment\n".to_owned(),
        10 => format!("id:{space}{comment}"),
        _ => format!("authors:{comment}\n- A\n- B"),
    })
}

/// How `companies:` may stand there already.
fn key() -> impl Strategy<Value = Option<String>> {
    let comment = prop_oneof![Just(String::new()), "[ ]{1,3}# [a-z:,]{0,9}"];
    let value = (0..12usize, comment).prop_map(|(kind, comment)| match kind {
        0 => format!("companies:{comment}"),
        1 => format!("companies: ~{comment}"),
        2 => format!("companies:   []{comment}"),
        3 => format!("companies: Oracle{comment}"),
        4 => format!("companies: [Arm,'Intel' , \"AT&T\"]{comment}"),
        5 => format!("companies: [Arm,\n    Intel\n  ]{comment}"),
        6 => format!("companies:{comment}\n  - Arm{comment}\n  -   \"AT&T\"\n  # gone\n  - 'Intel'{comment}"),
        7 => format!("companies:{comment}\n- Oracle{comment}"),
        8 => format!("\"companies\": [-Arm]{comment}"),
        9 => format!("companies: [\"Shop #1\",\n\n   'it''s', It's\n  ]{comment}"),
        10 => format!("companies:{comment}\n  # of all\n\n  - Arm\n\n  # of AT&T\n  - AT&T{comment}"),
        _ => format!("companies : 'Arm'{comment}"),
    });
    proptest::option::of(value)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn one_key_changes_and_no_other_byte(
        entries in proptest::collection::vec(entry(), 0..6),
        key in key(),
        at in 0..6usize,
        ending in prop_oneof![Just("\n"), Just("\r\n")],
        mark in prop_oneof![Just(""), Just("\u{feff}")],
        close in prop_oneof![Just("---"), Just("...")],
        body in "(\n?[a-z#-]{0,9}\n?){0,3}",
        names in names(),
    ) {
        // A key is given once.
        let mut lines: Vec<String> = Vec::new();
        for entry in entries {
            let name = entry.split(':').next().unwrap_or_default().to_owned();
            if !lines.iter().any(|line| line.split(':').next() == Some(name.as_str())) {
                lines.push(entry);
            }
        }
        if let Some(key) = &key {
            lines.insert(at.min(lines.len()), key.clone());
        }
        let head: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let text = format!("{mark}---\n{head}{close}\n{body}").replace('\n', ending);
        let file = SourcePath::new("content/articles/a.md").expect("a path");
        let change = set(&file, &text, "companies", Wanted::List(&names), &["topics", "tags", "date"]);
        let change = change.unwrap_or_else(|problem| panic!("{text}\n{}", problem.message));
        let after = change.as_ref().map_or(text.clone(), |change| change.apply(&text));
        let config = Config::default_settings();
        let split = front_matter::split(&file, &after, &mut Diagnostics::new());
        let naming = decode_naming(&file, &split, &config, &mut Diagnostics::new());
        let given = match naming.companies {
            CompaniesKey::Exactly(given) => given.into_iter().map(|name| name.text).collect(),
            CompaniesKey::Detected { .. } => vec!["nothing".to_owned()],
        };
        // Reading trims what stands around a name.
        let wanted: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
        let dashed = !wanted.is_empty() && wanted.iter().all(|name| name.starts_with('-'));
        if !dashed {
            let wanted: Vec<String> = wanted.into_iter().filter(|name| !name.starts_with('-')).collect();
            prop_assert_eq!(given, wanted, "{}", after);
        }
        // Another reader of YAML sees the same in all other keys.
        let others = |text: &str| {
            let split = front_matter::split(&file, text, &mut Diagnostics::new());
            let (yaml, _) = split.yaml.expect("a front matter");
            let mut keys: serde_yaml::Value = serde_yaml::from_str(yaml).expect("YAML");
            if let Some(keys) = keys.as_mapping_mut() {
                keys.remove("companies");
            }
            // Nothing is a mapping without keys.
            let keys = keys.as_mapping().cloned().unwrap_or_default();
            (keys, split.body.to_owned())
        };
        prop_assert_eq!(others(&after), others(&text));
        let Some(change) = change else { return Ok(()) };
        // Of what stood there only the lines of the key go, and no byte more than from its value on.
        let old_key = key.map_or(String::new(), |key| key.replace('\n', ending));
        let gone = &text[change.range.clone()];
        prop_assert!(old_key.contains(gone.trim_end()), "{gone:?} of {text}");
        prop_assert_eq!(&after[..change.range.start], &text[..change.range.start]);
        prop_assert!(after.ends_with(&text[change.range.end..]));
        let foreign = if ending == "\n" { "\r" } else { "\n" };
        let has_foreign = change.text.replace("\r\n", "").contains(foreign);
        prop_assert!(!has_foreign, "{after}");
    }
}

/// The exit code, and all that was said.
fn attempt(site: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_brief"))
        .args(["--site", &site.display().to_string()])
        .args(arguments)
        .env_clear()
        .env("SOURCE_DATE_EPOCH", "1740000000")
        .output()
        .expect("the program runs");
    let (out, err) = (
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr),
    );
    (done.status.code(), format!("{out}{err}"))
}

fn brief(site: &Path, arguments: &[&str]) -> String {
    let (code, said) = attempt(site, arguments);
    assert_eq!(code, Some(0), "{said}");
    said
}

#[test]
fn a_site_whose_companies_are_written_down_stays_the_same() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let site = temporary.path().join("site");
    fs::create_dir_all(site.join("content/articles")).expect("a folder");
    fs::write(site.join("brief.yaml"), "base_url: https://example.org/\n").expect("a file");
    let folder = support::repository().join("tests/tagging/mixed");
    fs::copy(folder.join("companies.yaml"), site.join("content/companies.yaml")).expect("a register");
    let articles = fs::read_to_string(folder.join("articles.txt")).expect("articles");
    for article in articles.split("\n= ").skip(1) {
        let (name, rest) = article.split_once('\n').expect("a name");
        let (title, rest) = rest.split_once('\n').expect("a headline");
        let (_, body) = rest.split_once('\n').expect("a body");
        let bare = |text: &str| {
            let mut bare = String::new();
            for (index, part) in text.split("[[").enumerate() {
                let (mark, rest) = part.split_once("]]").unwrap_or(("", part));
                bare.push_str(if index > 0 {
                    mark.split('|').next().unwrap_or_default()
                } else {
                    ""
                });
                bare.push_str(rest);
            }
            bare
        };
        let title = bare(title.strip_prefix("title: ").expect("a headline"));
        let text = format!("---\ntitle: \"{title}\"\ndate: 2025-01-02\n---\n{}", bare(body));
        fs::write(site.join(format!("content/articles/{name}.md")), text).expect("an article");
    }
    brief(&site, &["build"]);
    let before = support::tree(&site.join("public"));
    let sources = support::tree(&site.join("content/articles"));
    assert!(sources.len() > 40);
    assert!(brief(&site, &["tag", "--dry-run"]).contains("would be written"));
    assert_eq!(
        support::tree(&site.join("content/articles")),
        sources,
        "a dry run writes nothing"
    );
    let said = brief(&site, &["tag", "--write"]);
    assert!(
        said.starts_with(&format!("{} articles written", sources.len())),
        "{said}"
    );
    for (path, text) in support::tree(&site.join("content/articles")) {
        assert!(
            String::from_utf8_lossy(&text).contains("\ncompanies: ["),
            "{path}"
        );
    }
    brief(&site, &["build", "--clean"]);
    let mut after = support::tree(&site.join("public"));
    let mut before = before;
    for tree in [&mut before, &mut after] {
        tree.remove(".brief-manifest");
    }
    assert!(before == after, "a page has changed");
    let said = brief(&site, &["tag", "--write", "--replace"]);
    assert!(said.starts_with("0 articles written"), "{said}");
}

/// A small site whose articles are these files.
fn small_site(settings: &str, register: &str, articles: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let site = temporary.path().join("site");
    fs::create_dir_all(site.join("content/articles")).expect("a folder");
    let settings = format!("base_url: https://example.org/\n{settings}");
    fs::write(site.join("brief.yaml"), settings).expect("a file");
    fs::write(site.join("content/companies.yaml"), register).expect("a register");
    for (name, text) in articles {
        fs::write(site.join("content/articles").join(name), text).expect("an article");
    }
    (temporary, site)
}

#[test]
fn a_name_that_would_be_a_veto_is_written_as_a_slug() {
    let register = "- name: -Dash Corp\n- name: Nvidia\n";
    let article = "---\ntitle: -Dash Corp meets Nvidia\ndate: 2025-01-02\n---\n-Dash Corp grew.\n";
    let (_temporary, site) = small_site("", register, &[("a.md", article)]);
    brief(&site, &["build"]);
    let before = support::tree(&site.join("public"));
    brief(&site, &["tag", "--write"]);
    let written = fs::read_to_string(site.join("content/articles/a.md")).expect("the article");
    assert!(
        written.contains("\ncompanies: [dash-corp, Nvidia]\n"),
        "{written}"
    );
    brief(&site, &["build", "--clean"]);
    let after = support::tree(&site.join("public"));
    let page = "2025/01/02/a/index.html";
    assert!(before.contains_key(page));
    assert!(before[page] == after[page], "the article's page has changed");
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
}

#[test]
fn what_a_site_does_not_show_is_not_written() {
    let article = "---\ntitle: Nvidia grows\ndate: 2025-01-02\n---\n";
    let settings = "companies:\n  detect: off\n";
    let (_temporary, site) = small_site(settings, "- name: Nvidia\n", &[("a.md", article)]);
    for option in ["--write", "--dry-run"] {
        let (code, said) = attempt(&site, &["tag", option]);
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains("error[not-edited]") && said.contains("detect: on"),
            "{said}"
        );
    }
    let now = fs::read_to_string(site.join("content/articles/a.md")).expect("the article");
    assert_eq!(now, article);
}

#[test]
fn a_difference_is_exact_to_the_byte() {
    let articles = [
        (
            "a.md",
            "\u{feff}---\r\ntitle: Nvidia grows\r\ndate: 2025-01-02\r\n---\r\nEnd",
        ),
        ("b.md", "---\ntitle: Nvidia grows\ndate: 2025-01-02\n---"),
    ];
    let (_temporary, site) = small_site("", "- name: Nvidia\n", &articles);
    let said = brief(&site, &["tag", "--dry-run", "--quiet"]);
    let expected = "--- content/articles/a.md\n+++ content/articles/a.md\n@@ -2,4 +2,5 @@\n title: Nvidia grows\r\n date: 2025-01-02\r\n\
        +companies: [Nvidia]\r\n ---\r\n End\n\\ No newline at end of file\n\
        --- content/articles/b.md\n+++ content/articles/b.md\n@@ -2,3 +2,4 @@\n title: Nvidia grows\n date: 2025-01-02\n\
        +companies: [Nvidia]\n ---\n\\ No newline at end of file\n";
    assert_eq!(said, expected);
}

#[cfg(unix)]
#[test]
fn files_keep_their_rights_and_those_that_stay_the_same_are_not_touched() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let article = "---\ntitle: Nvidia grows\ndate: 2025-01-02\n---\n";
    let done = "---\ntitle: Nvidia grows\ndate: 2025-01-02\ncompanies: [Nvidia]\n---\n";
    let (_temporary, site) = small_site("", "- name: Nvidia\n", &[("a.md", article), ("b.md", done)]);
    let folder = site.join("content/articles");
    fs::set_permissions(folder.join("a.md"), fs::Permissions::from_mode(0o640)).expect("rights");
    fs::create_dir(site.join("elsewhere")).expect("a folder");
    fs::write(site.join("elsewhere/c.md"), article).expect("a file");
    symlink("../../elsewhere/c.md", folder.join("c.md")).expect("a link");
    let inode = |name: &str| fs::metadata(folder.join(name)).expect("a file").ino();
    let before = inode("b.md");
    let said = brief(&site, &["tag", "--write", "--replace"]);
    assert_eq!(said, "2 articles written, 1 unchanged\n");
    let rights = fs::metadata(folder.join("a.md")).expect("a file").mode();
    assert_eq!(rights & 0o777, 0o640);
    assert_eq!(inode("b.md"), before);
    assert!(
        fs::symlink_metadata(folder.join("c.md"))
            .expect("a link")
            .is_symlink()
    );
    for (name, expected) in [("a.md", done), ("c.md", done)] {
        assert_eq!(fs::read_to_string(folder.join(name)).expect("a file"), expected);
    }
    let names = fs::read_dir(&folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name());
    assert_eq!(names.count(), 3, "nothing is left behind");
}

#[test]
fn what_is_hidden_is_not_read_and_capitals_do_not_matter() {
    let (_temporary, site) = small_site("", "- name: Nvidia\n", &[]);
    let folder = site.join("texts");
    fs::create_dir_all(folder.join(".git")).expect("a folder");
    for name in [".git/a.md", ".b.md", "c.MD", "d.md~", "e.txt"] {
        fs::write(folder.join(name), "Nvidia grew.\n").expect("a file");
    }
    let folder = folder.display().to_string();
    let register = site.join("content/companies.yaml").display().to_string();
    let said = brief(&site, &["tag", "--json", "--companies", &register, &folder]);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("\"path\":\"c.MD\""), "{said}");
}
