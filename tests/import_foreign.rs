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

use brief::commands::import::foreign::carry::{Carried, Manner, carry};
use brief::commands::import::foreign::{Origin, detect};
use brief::ground::diagnostic::Diagnostics;
use brief::ground::path::SourcePath;
use brief::reading::article::Reading;
use brief::reading::company::Register;
use brief::reading::config::Config;
use brief::reading::tagging::Tagger;
use support::{accepting, brief, difference, repository, tree, write};

/// A register and settings for all of them.
const REGISTER: &str = "companies:\n  - name: Acme\n    website: https://acme.example\n  - name: Bolt\n";
const SETTINGS: &str = "title: News\nbase_url: https://example.org/blog/\n";

fn import(source: &Path, site: &Path, origin: Origin, manner: Manner) -> Carried {
    let file = SourcePath::new("brief.yaml").expect("a path");
    let config = Config::parse(&file, SETTINGS, &mut Diagnostics::new());
    let register = Register::parse(&file, REGISTER, &mut Diagnostics::new());
    let tagger = Tagger::new(&register);
    let reading = Reading {
        config: &config,
        register: &register,
        tagger: &tagger,
    };
    carry(site, source, origin, reading, manner).expect("an import")
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
    let carried = import(&only_file_or(&source), site.path(), origin, Manner::default());
    let report = carried.report(Manner::default(), true);
    let mut came = tree(site.path());
    came.remove("brief.yaml");
    came.remove("content/companies.yaml");
    compare(&folder, &came, &report);
    builds(site.path(), &folder.join("addresses.txt"));
    // Once more: nothing changes.
    let again = import(&only_file_or(&source), site.path(), origin, Manner::default());
    assert_eq!((again.articles, again.pages, again.files), (0, 0, 0), "{name}");
    assert_eq!(again.kept, Vec::<String>::new(), "{name}");
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
