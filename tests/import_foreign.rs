//! Sites of other generators: `tests/import/<name>/source` is one, `expected/` what it becomes in a
//! site with `register.yaml`, `report.txt` what is told, and `addresses.txt` every address of its articles
//! by the rules of its generator, each with words that the page there must hold.
//!
//! What comes in must build, and must answer at every old address. `BRIEF_ACCEPT=1` writes expected/ and
//! report.txt anew; the addresses are written by hand.

#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

mod support;

use std::fs;
use std::path::Path;

use brief::commands::import::foreign::{Origin, detect};
use support::{accepting, brief, difference, repository, tree, write};

/// A register and settings for all of them.
const REGISTER: &str = "companies:\n  - name: Acme\n    website: https://acme.example\n  - name: Bolt\n";
const SETTINGS: &str = "title: News\nbase_url: https://example.org/blog/\n";

/// What an import ended with.
struct Imported {
    code: Option<i32>,
    /// The report.
    report: String,
    /// What is wrong.
    errors: String,
}

fn import(source: &Path, site: &Path, origin: Origin, further: &[&str]) -> Imported {
    let output = brief(site)
        .args(["import", "--verbose", "--from", origin.name()])
        .args(further)
        .arg(source)
        .output()
        .expect("brief runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Imported {
        code: output.status.code(),
        report: text(output.stdout),
        errors: text(output.stderr),
    }
}

fn new_site() -> tempfile::TempDir {
    let site = tempfile::tempdir().expect("a folder");
    write(&site.path().join("brief.yaml"), SETTINGS);
    write(&site.path().join("content/companies.yaml"), REGISTER);
    site
}

/// Imports a source, compares everything with what is expected, builds it and asks at every old address.
fn check(name: &str, origin: Origin) {
    let folder = repository().join("tests/import").join(name);
    let source = folder.join("source");
    let found = detect(&only_file_or(&source));
    assert_eq!(found, Some(origin), "{name} is recognised");
    let site = new_site();
    let imported = import(&only_file_or(&source), site.path(), origin, &[]);
    let report = format!("{}{}", imported.errors, imported.report);
    let mut came = tree(site.path());
    came.remove("brief.yaml");
    came.remove(".brief/imports");
    came.remove("content/companies.yaml");
    compare(&folder, &came, &report);
    builds(site.path(), &folder.join("addresses.txt"));
    // Once more: nothing changes.
    let again = import(&only_file_or(&source), site.path(), origin, &[]);
    let closing = again.report.lines().last().unwrap_or_default().to_owned();
    assert!(closing.starts_with("nothing new came in"), "{name}: {closing}");
    assert!(!closing.contains("kept as they are"), "{name}: {closing}");
}

/// A source that is one file is named by that file.
fn only_file_or(source: &Path) -> std::path::PathBuf {
    let exports = ["export.json", "export.xml"].map(|name| source.join(name));
    exports
        .into_iter()
        .find(|file| file.is_file())
        .unwrap_or_else(|| source.to_owned())
}

fn compare(folder: &Path, came: &std::collections::BTreeMap<String, Vec<u8>>, report: &str) {
    let expected = folder.join("expected");
    if accepting() {
        if expected.exists() {
            fs::remove_dir_all(&expected).expect("the old ones go");
        }
        for (path, bytes) in came {
            write(&expected.join(path), bytes);
        }
        write(&folder.join("report.txt"), report);
        return;
    }
    let kept = tree(&expected);
    let names = |tree: &std::collections::BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&kept), names(came));
    for (path, bytes) in came {
        if kept.get(path) != Some(bytes) {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            panic!("{path}: {}", difference(&text(&kept[path]), &text(bytes)));
        }
    }
    let kept = fs::read_to_string(folder.join("report.txt")).expect("report.txt");
    assert!(kept == report, "report.txt: {}", difference(&kept, report));
}

/// Builds a site and asks at every old address for the words that must stand there.
fn builds(site: &Path, addresses: &Path) {
    let built = brief(site).arg("build").output().expect("brief runs");
    let said = String::from_utf8_lossy(&built.stderr).into_owned();
    assert!(built.status.success(), "{said}");
    let addresses = fs::read_to_string(addresses).expect("addresses.txt");
    let mut count = 0;
    for line in addresses
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let (address, words) = line.split_once("  ").expect("an address and words");
        let text = answer(site, address.trim());
        assert!(text.contains(words.trim()), "{address} says {words}: {text}");
        count += 1;
    }
    assert!(count > 0, "there are addresses");
}

/// What a reader gets at an address: the page, or the page that it leads on to.
fn answer(site: &Path, address: &str) -> String {
    let public = site.join("public");
    let page = |address: &str| {
        let path = address.trim_start_matches('/');
        let file = match path.is_empty() || path.ends_with('/') {
            true => format!("{path}index.html"),
            false => path.to_owned(),
        };
        fs::read_to_string(public.join(&file))
            .or_else(|_| fs::read_to_string(public.join(format!("{file}/index.html"))))
            .or_else(|_| fs::read_to_string(public.join(format!("{file}.html"))))
            .unwrap_or_else(|error| panic!("{address} is answered: {error}"))
    };
    let first = page(address);
    let Some(at) = first.find("http-equiv=\"refresh\"") else {
        return first;
    };
    let to = &first[at..];
    let to = &to[to.find("url=").expect("an address") + 4..];
    let to = &to[..to.find('"').expect("its end")];
    let from_root = to
        .strip_prefix("https://example.org/blog")
        .or_else(|| to.strip_prefix("/blog"))
        .unwrap_or(to);
    page(from_root.trim_start_matches("../"))
}

#[test]
fn hugo() {
    check("hugo", Origin::Hugo);
}

#[test]
fn jekyll() {
    check("jekyll", Origin::Jekyll);
}

#[test]
fn zola() {
    check("zola", Origin::Zola);
}

#[test]
fn ghost() {
    check("ghost", Origin::Ghost);
}

#[test]
fn wordpress() {
    check("wordpress", Origin::WordPress);
}

/// Whatever a source holds, an import ends with a report, and nothing outside is read.
#[test]
fn hostile_sources() {
    let outside = tempfile::tempdir().expect("a folder");
    write(&outside.path().join("secret.txt"), "the secret");
    write(
        &outside.path().join("secret.md"),
        "---\ntitle: the secret\ndate: 2024-01-01\n---\nthe secret\n",
    );
    let source = tempfile::tempdir().expect("a folder");
    let place = |path: &str| source.path().join(path);
    write(
        &place("hugo.toml"),
        "baseURL = \"https://example.org/\"\nstaticDir = \"../..\"\n",
    );
    let up = format!("../../../../../../../..{}/secret.txt", outside.path().display());
    let body = format!(
        "---\ntitle: Up\ndate: 2024-01-01\nimage: {up}\naliases: [../../../etc, /../x/]\nslug: ../../escape\n---\n\
         [a]({up}) ![b](/../../secret.txt) [c](file:///etc/passwd) [d](/linked/secret.txt) [e](linked/secret.txt)\n\
         {{{{< ref \"{up}\" >}}}} {}\n",
        "{{< a >}}".repeat(5000)
    );
    write(&place("content/posts/up.md"), body);
    write(&place("content/posts/nul.md"), "---\ntitle: a\0b\n---\n");
    write(
        &place("content/posts/latin.md"),
        b"---\ntitle: caf\xe9\ndate: 2024-01-01\n---\n",
    );
    write(
        &place("content/posts/deep.md"),
        format!("{{\"a\":{}", "[".repeat(100_000)),
    );
    write(&place("content/posts/open.md"), "{{<".repeat(100_000));
    write(
        &place("content/posts/text.md"),
        format!(
            "---\ntitle: x\ndate: 2024-01-01\n---\n{}",
            "{{< x ".repeat(50_000)
        ),
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outside.path(), place("static/linked")).unwrap_or_default();
        std::os::unix::fs::symlink(outside.path(), place("content/posts/linked")).expect("a link");
        std::os::unix::fs::symlink(outside.path().join("secret.md"), place("content/posts/secret.md"))
            .expect("a link");
    }
    let site = new_site();
    let imported = import(source.path(), site.path(), Origin::Hugo, &[]);
    let errors = imported.errors;
    assert_eq!(
        (imported.code, errors.matches("error: ").count()),
        (Some(1), 3),
        "{errors}"
    );
    assert!(errors.contains("error: content/posts/nul.md:2:9: "), "{errors}");
    assert!(
        errors.contains("error: content/posts/latin.md:2:11: "),
        "{errors}"
    );
    for (path, bytes) in tree(site.path()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("the secret"), "{path}: {text}");
    }
    let articles = support::files(&site.path().join("content/articles"));
    assert_eq!(articles, ["2024-01-01-escape.md", "2024-01-01-text.md"]);
}

/// Broken exports end with a message that names the place.
#[test]
fn hostile_exports() {
    let folder = tempfile::tempdir().expect("a folder");
    let fails = |name: &str, text: &[u8], origin: Origin| -> String {
        let file = folder.path().join(name);
        write(&file, text);
        let site = new_site();
        let output = brief(site.path())
            .args(["import", "--from", origin.name()])
            .arg(&file)
            .output()
            .expect("brief runs");
        assert_eq!(output.status.code(), Some(2), "{name}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = fails(
        "deep.json",
        format!("{{\"db\":[{{\"data\":{{\"posts\":{}", "[".repeat(100_000)).as_bytes(),
        Origin::Ghost,
    );
    assert!(said.contains("deep.json:1:"), "{said}");
    let said = fails(
        "cut.json",
        b"{\"db\":[{\"data\":{\"posts\":[{\"id\":1,\n\"slug\":\"a",
        Origin::Ghost,
    );
    assert!(said.contains("cut.json:2:"), "{said}");
    let said = fails(
        "latin.json",
        b"{\"db\":[{\"data\":{\"posts\":[{\"slug\":\"\xff\"}]}}]}",
        Origin::Ghost,
    );
    assert!(said.contains("latin.json:1:"), "{said}");
    let said = fails("cut.xml", b"<rss>\n<channel><item><title>a", Origin::WordPress);
    assert!(said.contains("cut.xml:2:"), "{said}");
    let said = fails("deep.xml", "<rss>".repeat(100_000).as_bytes(), Origin::WordPress);
    assert!(said.contains("too deep"), "{said}");
}

/// An entity that stands for a thousand others stands for nothing.
#[test]
fn entities_do_not_grow() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("laughs.xml");
    let mut text = "<?xml version=\"1.0\"?>\n<!DOCTYPE rss [<!ENTITY a0 \"ha\">".to_owned();
    for number in 1..12 {
        let before = format!("&a{};", number - 1).repeat(10);
        text.push_str(&format!("<!ENTITY a{number} \"{before}\">"));
    }
    text.push_str(
        "]>\n<rss><channel><item><title>&a11; laughs</title><wp:post_name>x</wp:post_name>\
         <wp:post_date>2024-01-01 10:00:00</wp:post_date><content:encoded>&a11;</content:encoded></item></channel></rss>",
    );
    write(&file, text);
    let site = new_site();
    let imported = import(&file, site.path(), Origin::WordPress, &[]);
    assert_eq!(imported.code, Some(0));
    assert!(
        imported.report.ends_with("came in: 1 article\n"),
        "{}",
        imported.report
    );
    let article =
        fs::read_to_string(site.path().join("content/articles/2024-01-01-x.md")).expect("the article");
    assert!(
        article.contains("title: \"laughs\"") && article.len() < 300,
        "{article}"
    );
}

/// Nothing is overwritten unasked, and a dry run writes nothing.
#[test]
fn what_is_there_stays() {
    let source = repository().join("tests/import/zola/source");
    let site = new_site();
    let imported = import(&source, site.path(), Origin::Zola, &["--dry-run"]);
    assert!(
        imported.report.contains("would come in: 6 articles"),
        "{}",
        imported.report
    );
    assert_eq!(support::files(&site.path().join("content")), ["companies.yaml"]);
    let own = site.path().join("content/articles/2024-03-09-bundle.md");
    write(&own, "mine");
    let imported = import(&source, site.path(), Origin::Zola, &[]);
    let kept = "`--force` replaces them:\n    content/articles/2024-03-09-bundle.md\n";
    assert!(imported.report.contains(kept), "{}", imported.report);
    assert_eq!(fs::read_to_string(&own).expect("a file"), "mine");
    let imported = import(&source, site.path(), Origin::Zola, &["--force"]);
    assert!(imported.report.contains("1 updated"), "{}", imported.report);
    assert!(fs::read_to_string(&own).expect("a file").contains("A bundle"));
}

/// An old site that lay below this one is answered there, and an address that stood in the text is a link.
#[test]
fn old_addresses_keep_the_path_that_the_old_site_was_under() {
    let source = tempfile::tempdir().expect("a folder");
    let file = |path: &str, text: &str| write(&source.path().join(path), text);
    file("hugo.toml", "baseURL = \"https://example.org/blog/old/\"\n");
    file("content/about.md", "---\ntitle: About\n---\nAbout us.\n");
    file(
        "content/posts/one.md",
        "---\ntitle: The first\ndate: 2024-01-01\naliases: [/former/]\nurl:\n---\nFirst text.\n",
    );
    file(
        "content/posts/two.md",
        "---\ntitle: The second\ndate: 2024-01-02\n---\nSee {{< ref \"one.md\" >}}.\n",
    );
    let site = new_site();
    assert_eq!(
        import(source.path(), site.path(), Origin::Hugo, &[]).code,
        Some(0)
    );
    let article =
        |name: &str| fs::read_to_string(site.path().join("content/articles").join(name)).expect("an article");
    assert!(article("2024-01-02-two.md").ends_with("\nSee [The first](2024-01-01-one.md).\n"));
    assert!(
        !article("2024-01-01-one.md").contains("extra:"),
        "a key without a value says nothing"
    );
    let built = brief(site.path()).arg("build").output().expect("brief runs");
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    for (address, words) in [
        ("/old/posts/one/", "First text"),
        ("/old/former/", "First text"),
        ("/old/about/", "About us"),
    ] {
        assert!(answer(site.path(), address).contains(words), "{address}");
    }
}

/// A site that has changed comes over again: what nobody has touched here is brought up to date, wherever it lies
/// now, and what somebody has edited stays.
#[test]
fn a_site_comes_over_again() {
    let source = tempfile::tempdir().expect("a folder");
    let post = |name: &str, date: &str, text: &str| {
        write(
            &source.path().join(format!("content/posts/{name}.md")),
            format!("---\ntitle: {name}\ndate: {date}\n---\n{text}\n"),
        );
    };
    write(
        &source.path().join("hugo.toml"),
        "baseURL = \"https://example.org/\"\n",
    );
    for name in ["edited", "moved", "renamed", "same", "touched"] {
        post(name, "2024-01-01", "As it was.");
    }
    let site = new_site();
    let article = |name: &str| site.path().join(format!("content/articles/{name}.md"));
    let read = |name: &str| fs::read_to_string(article(name)).expect("an article");
    assert_eq!(
        import(source.path(), site.path(), Origin::Hugo, &[]).code,
        Some(0)
    );
    // A person edits one, and moves another into a folder.
    write(
        &article("2024-01-01-edited"),
        read("2024-01-01-edited").replace("As it was", "Better"),
    );
    write(
        &article("2024-01-01-touched"),
        read("2024-01-01-touched").replace("As it was", "Touched"),
    );
    fs::create_dir(article("x").with_extension("")).expect("a folder");
    fs::rename(article("2024-01-01-moved"), article("x/moved")).expect("a move");
    // At the source all but two change, and one gets another day, and with it another name.
    for name in ["edited", "moved"] {
        post(name, "2024-01-01", "As it is. [same](/posts/same/)");
    }
    post("renamed", "2024-02-02", "As it is.");
    let again = import(source.path(), site.path(), Origin::Hugo, &[]);
    assert!(
        again
            .report
            .ends_with("came in: nothing new; 2 updated; 2 old addresses kept as aliases; 1 there already; 2 kept as they are\n"),
        "{}",
        again.report
    );
    assert!(
        again
            .report
            .contains("`--force` replaces them:\n    content/articles/2024-01-01-edited.md\n"),
        "{}",
        again.report
    );
    assert!(
        again.report.contains(
            "nothing new, and `--force` replaces them:\n    content/articles/2024-01-01-touched.md\n"
        ),
        "{}",
        again.report
    );
    assert!(read("2024-01-01-edited").contains("Better"));
    assert!(
        read("x/moved").contains("[same](../2024-01-01-same.md)"),
        "its links lead on"
    );
    assert!(read("x/moved").contains("As it is."));
    assert!(
        read("2024-02-02-renamed").contains("id: \"2024-01-01-renamed\""),
        "the id stays"
    );
    let mut names = support::files(&site.path().join("content/articles"));
    names.sort();
    assert_eq!(
        names,
        [
            "2024-01-01-edited.md",
            "2024-01-01-same.md",
            "2024-01-01-touched.md",
            "2024-02-02-renamed.md",
            "x/moved.md",
        ]
    );
    // What a person has moved is not moved back.
    let closing = import(source.path(), site.path(), Origin::Hugo, &[]).report;
    assert!(
        closing.ends_with("nothing new came in; 3 there already; 2 kept as they are\n"),
        "{closing}"
    );
    assert!(article("x/moved").exists());
    assert_eq!(
        import(source.path(), site.path(), Origin::Hugo, &["--force"]).code,
        Some(0)
    );
    assert!(read("2024-01-01-edited").contains("As it is."));
}

#[test]
fn eleventy() {
    check("eleventy", Origin::Eleventy);
}

#[test]
fn astro() {
    check("astro", Origin::Astro);
}

/// A new post may sort before those that are there, and be of their day and name.
#[test]
fn a_new_post_takes_no_name_from_another() {
    let source = tempfile::tempdir().expect("a folder");
    let post = |folder: &str| {
        write(
            &source.path().join(format!("content/{folder}/a.md")),
            format!("---\ntitle: A\ndate: 2024-01-01\n---\nOf {folder}.\n"),
        );
    };
    write(
        &source.path().join("hugo.toml"),
        "baseURL = \"https://example.org/\"\n",
    );
    post("blog");
    post("posts");
    let site = new_site();
    let run = |further: &[&str]| import(source.path(), site.path(), Origin::Hugo, further);
    assert_eq!(run(&[]).code, Some(0));
    post("aaa");
    let said = run(&[]);
    assert!(said.report.contains("came in: 1 article"), "{}", said.report);
    for further in [&[][..], &["--force"], &["--force"]] {
        let said = run(further);
        assert_eq!(said.code, Some(0), "{}", said.report);
        let articles = tree(&site.path().join("content/articles"));
        let says = |name: &str, words: &str| {
            let text = String::from_utf8_lossy(&articles[name]).into_owned();
            assert!(text.contains(words), "{name}: {text}");
        };
        assert_eq!(articles.len(), 3, "{:?}", articles.keys());
        says("2024-01-01-a.md", "Of blog.");
        says("2024-01-01-a-2.md", "Of posts.");
        says("2024-01-01-a-3.md", "Of aaa.");
    }
    assert!(
        brief(site.path())
            .arg("build")
            .status()
            .expect("brief runs")
            .success()
    );
}

/// Nor from one that a person has moved since it came.
#[test]
fn a_new_post_is_not_taken_for_one_that_was_moved() {
    let source = tempfile::tempdir().expect("a folder");
    let post = |folder: &str| {
        write(
            &source.path().join(format!("content/{folder}/a.md")),
            format!("---\ntitle: A\ndate: 2024-01-01\n---\nOf {folder}.\n"),
        );
    };
    write(
        &source.path().join("hugo.toml"),
        "baseURL = \"https://example.org/\"\n",
    );
    post("blog");
    let site = new_site();
    let articles = site.path().join("content/articles");
    let run = |further: &[&str]| import(source.path(), site.path(), Origin::Hugo, further);
    assert_eq!(run(&[]).code, Some(0));
    fs::create_dir(articles.join("x")).expect("a folder");
    fs::rename(articles.join("2024-01-01-a.md"), articles.join("x/a.md")).expect("a move");
    post("aaa");
    // Once the ledger knows where the other one lies now, the name is free.
    for (further, name) in [
        (&[][..], "2024-01-01-a-2.md"),
        (&["--force"], "2024-01-01-a.md"),
        (&["--force"], "2024-01-01-a.md"),
    ] {
        assert_eq!(run(further).code, Some(0));
        let articles = tree(&articles);
        assert_eq!(articles.keys().collect::<Vec<_>>(), [name, "x/a.md"]);
        for (name, id, words) in [
            (name, "\nid: \"2024-01-01-a-2\"\n", "Of aaa."),
            ("x/a.md", "\nid: \"2024-01-01-a\"\n", "Of blog."),
        ] {
            let text = String::from_utf8_lossy(&articles[name]).into_owned();
            assert!(text.contains(id) && text.contains(words), "{name}: {text}");
        }
    }
}

/// A link that leads nowhere is no free place, and a folder is no article.
#[cfg(unix)]
#[test]
fn what_stands_in_the_way_of_a_page_is_told() {
    let source = tempfile::tempdir().expect("a folder");
    write(
        &source.path().join("hugo.toml"),
        "baseURL = \"https://example.org/\"\n",
    );
    for name in ["about", "terms", "team"] {
        write(
            &source.path().join(format!("content/{name}.md")),
            format!("---\ntitle: {name}\n---\nText.\n"),
        );
    }
    let site = new_site();
    let outside = source.path().join("outside.md");
    fs::create_dir_all(site.path().join("content/pages/terms.md")).expect("a folder");
    std::os::unix::fs::symlink(&outside, site.path().join("content/pages/about.md")).expect("a link");
    let said = import(source.path(), site.path(), Origin::Hugo, &[]);
    assert_eq!(said.code, Some(1), "{}", said.errors);
    assert!(
        said.errors
            .contains("error: content/about.md: `content/pages/about.md` is a symbolic link, and nothing is written through links\nhelp: "),
        "{}",
        said.errors
    );
    assert!(
        said.errors
            .contains("error: content/terms.md: `content/pages/terms.md` cannot be read: it is a folder"),
        "{}",
        said.errors
    );
    assert!(!outside.exists());
    assert!(site.path().join("content/pages/team.md").is_file());
}
