//! One bad site per diagnostic code: `tests/diagnostics/<code>/` is a site folder, and its
//! `expected.txt` what `brief build` says about it, or `brief check` where only that looks for it;
//! `<code>.<variant>/` is a further one. `BRIEF_ACCEPT=1` writes these files anew.
//!
//! What a repository cannot hold, such as links that lead out of it or bytes that are no text, is
//! prepared here, by one function a code.

#![cfg(unix)]

mod support;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;

use brief::ground::diagnostic::Code;
use support::{brief, copy, difference, repository, write};

/// Where each site is copied to, so that messages name no place of this machine.
const SITE: &str = "site";

#[test]
fn every_code_says_what_is_wrong_and_what_to_do() {
    let mut problems = Vec::new();
    let mut shown = BTreeSet::new();
    let folder = repository().join("tests/diagnostics");
    let names = fs::read_dir(&folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name());
    for name in names
        .map(|name| name.into_string().expect("a name in UTF-8"))
        .collect::<BTreeSet<_>>()
    {
        // `code.variant` is a further site for a code.
        let code_name = name.split('.').next().unwrap_or_default();
        match Code::ALL.iter().find(|code| code.name() == code_name) {
            Some(code) => {
                shown.insert(code.name());
                problems.extend(
                    check(*code, &folder.join(&name))
                        .err()
                        .map(|why| format!("{name}: {why}")),
                );
            }
            None => problems.push(format!("{name}: there is no such code")),
        }
    }
    let without = Code::ALL.iter().filter(|code| !shown.contains(code.name()));
    problems.extend(without.map(|code| format!("{}: there is no bad site for this code", code.name())));
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n\n"));
}

/// Builds the site of a code and compares what is said.
fn check(code: Code, folder: &Path) -> Result<(), String> {
    let name = code.name();
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let site = temporary.path().join(SITE);
    fs::create_dir(&site).expect("the site folder");
    copy(folder, &site);
    fs::remove_file(site.join("expected.txt")).ok();
    let _kept = prepare(code, &site);

    let mut command = brief(&site);
    match code {
        Code::UnknownPage => command.args(["why", "/2025/01/21/orcale/"]),
        // Source: RFC 5737; no machine has an address that is for documentation.
        Code::ServerAddress => command.args(["serve", "--quiet", "--host", "203.0.113.7", "--port", "1111"]),
        Code::EmptyEdition => command.args(["email", "2025-01-21", "--quiet"]),
        Code::EmailSize | Code::EmailLeftOut => command.args(["email", "latest", "--quiet"]),
        Code::NotEdited => command.args(["tag", "--write", "--replace", "--quiet"]),
        Code::EmptyRegister => command.args(["tag", "--quiet"]),
        Code::PublishRefused | Code::PublishFailed | Code::NotTold => command.args(["publish", "--quiet"]),
        // The site leads nowhere but to this machine, which nobody asks.
        Code::BrokenExternalLink => command.args(["check", "--external", "--quiet"]),
        Code::VanishedAddress => command.args(["check", "--against", "sitemap.xml", "--quiet"]),
        _ if code.is_of_check() => command.args(["check", "--quiet"]),
        _ => command.args(["build", "--quiet"]),
    };
    let is_tag = matches!(code, Code::NotEdited | Code::EmptyRegister);
    let is_publish = matches!(code, Code::PublishRefused | Code::PublishFailed | Code::NotTold);
    if is_publish {
        command.env("BRIEF_BASE_URL", "https://example.org/");
    } else if !is_tag && !matches!(code, Code::MissingBaseUrl | Code::UnknownPage) {
        command.args(["--base-url", "https://example.org/"]);
    }
    if code == Code::NotClean {
        command.arg("--verify");
    }
    let output = command.output().expect("brief runs");
    let said = String::from_utf8(output.stderr).expect("text");
    if support::accepting() {
        fs::write(folder.join("expected.txt"), &said).expect("expected.txt");
    }
    if !said.contains(&format!("[{name}]")) {
        return Err(format!("this is not reported, but:\n{said}"));
    }
    if said.contains(&temporary.path().display().to_string()) {
        return Err(format!("a message names the temporary folder:\n{said}"));
    }
    let failed = said.lines().any(|line| line.starts_with("error"));
    if output.status.success() == failed {
        return Err(format!("the program ends with {} after:\n{said}", output.status));
    }
    let expected = fs::read_to_string(folder.join("expected.txt")).unwrap_or_default();
    if said == expected {
        Ok(())
    } else {
        Err(difference(&expected, &said))
    }
}

fn build(site: &Path) {
    let built = brief(site)
        .args(["build", "--quiet", "--base-url", "https://example.org/"])
        .status();
    assert!(built.expect("brief runs").success());
}

/// Does to a copied site what a repository cannot hold. What is returned is kept until the site is
/// built.
fn prepare(code: Code, site: &Path) -> Option<File> {
    let article = |name: &str| site.join("content/articles").join(name);
    let before = |bytes: &[u8]| [&b"---\ntitle: Oracle opens a data centre\n---\n"[..], bytes].concat();
    match code {
        Code::MovedAddress => {
            build(site);
            let text =
                "---\ntitle: Oracle opens a data centre\nslug: oracle-in-texas\n---\nIt stands in Texas.\n";
            write(&article("2025-01-20-oracle.md"), text);
            let old = article("2025-01-19-microsoft.md");
            fs::rename(old, article("2025-01-20-microsoft.md")).expect("another name");
        }
        Code::UnreadableFile => {
            symlink("../articles", article("circle")).expect("a link");
            symlink("gone.md", article("2025-01-22-nowhere.md")).expect("a link");
        }
        Code::LinkOutside => {
            write(&site.join("../outside.md"), before(b"Text.\n"));
            symlink("../../../outside.md", article("2025-01-22-outside.md")).expect("a link");
            symlink("../..", site.join("content/everything")).expect("a link");
        }
        Code::EmailSize => {
            let text = "It was a long day for everybody who builds data centres.\n\n".repeat(1050);
            write(&site.join("content/editions/2025-01-21.md"), text);
        }
        Code::FileTooLarge => {
            let text = "word ".repeat(4 * 1024 * 1024);
            write(&article("2025-01-22-large.md"), before(text.as_bytes()));
        }
        Code::InvalidUtf8 => {
            write(
                &article("2025-01-21-latin.md"),
                before(b"Soci\xe9t\xe9 G\xe9n\xe9rale\n"),
            );
            write(&article("2025-01-22-utf16.md"), b"\xff\xfe-\0-\0-\0\n\0");
        }
        Code::NulByte => write(
            &article("2025-01-21-nul.md"),
            before(b"Two words,\n\0one byte.\n"),
        ),
        Code::UnportableName => {
            for name in ["2025-01-22-why?.md", "2025-01-22-aux/aux.md", "2025-01-22 .md "] {
                write(&article(name), before(b"Text.\n"));
            }
        }
        Code::OutputBusy => {
            build(site);
            let state = support::files(&site.join(".brief"));
            let lock = state.iter().find(|path| path.ends_with("/lock")).expect("a lock");
            let lock = File::options().write(true).open(site.join(".brief").join(lock));
            let lock = lock.expect("the lock opens");
            lock.lock().expect("the lock is free");
            return Some(lock);
        }
        // Only the bytes tell that somebody was there.
        Code::NotClean => {
            build(site);
            let page = site.join("public/index.html");
            let text = fs::read_to_string(&page).expect("the front page");
            let time = fs::metadata(&page)
                .and_then(|page| page.modified())
                .expect("a time");
            write(&page, text.replace("Oracle", "Orakel"));
            let file = File::options().write(true).open(&page).expect("the front page");
            file.set_modified(time).expect("the time is set");
        }
        Code::UnknownPage => build(site),
        Code::OutputUnwritable => write(&site.join("public"), "a file\n"),
        _ => {}
    }
    None
}
