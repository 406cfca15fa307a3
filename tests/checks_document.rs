//! docs/CHECKS.md: the list of codes, and for each its meaning, its severity, an example and what to do.
//! What the program knows is taken from the table of codes and from `tests/diagnostics`; the words below
//! each example are written by hand. `BRIEF_ACCEPT=1` writes the former anew.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use brief::ground::diagnostic::{Code, Severity};
use support::{difference, repository};

/// Stands above the list of codes.
const LIST: &str = "| code | severity | said by | meaning |\n|---|---|---|---|\n";

#[test]
fn the_document_explains_every_code() {
    let file = repository().join("docs/CHECKS.md");
    let text = fs::read_to_string(&file).expect("docs/CHECKS.md");
    let (introduction, advice) = read(&text);
    let mut expected = introduction + LIST;
    for code in Code::ALL {
        let name = code.name();
        let row = format!(
            "| [`{name}`](#{name}) | {} | {} | {} |\n",
            severity(*code),
            command(*code),
            code.meaning()
        );
        expected.push_str(&row);
    }
    let mut silent = Vec::new();
    for code in Code::ALL {
        let advice = advice.get(code.name()).copied().unwrap_or_default();
        if advice.is_empty() {
            silent.push(code.name());
        }
        expected.push_str(&section(*code, advice));
    }
    if support::accepting() {
        fs::write(&file, &expected).expect("docs/CHECKS.md");
    } else {
        assert!(
            text == expected,
            "docs/CHECKS.md, {}",
            difference(&expected, &text)
        );
    }
    assert!(
        silent.is_empty(),
        "docs/CHECKS.md does not say what to do about {silent:?}"
    );
    let strangers: Vec<&&str> = advice.keys().filter(|name| Code::named(name).is_none()).collect();
    assert!(strangers.is_empty(), "there are no such codes: {strangers:?}");
}

/// What stands above the list, and the words by hand below each example.
fn read(text: &str) -> (String, BTreeMap<&str, &str>) {
    let introduction = text.split(LIST).next().unwrap_or_default().to_owned();
    let mut advice = BTreeMap::new();
    for section in text.split("\n### `").skip(1) {
        let name = section.split('`').next().unwrap_or_default();
        let below = section.split("\n```\n").nth(1).unwrap_or_default();
        advice.insert(name, below.trim());
    }
    (introduction, advice)
}

fn section(code: Code, advice: &str) -> String {
    let mut section = String::new();
    let (name, meaning) = (code.name(), code.meaning());
    let severity = severity(code);
    let command = command(code);
    let written = write!(
        section,
        "\n### `{name}`\n\nA{} {severity} of {command}: {meaning}.\n\n```text\n{}\n```\n\n{advice}\n",
        if severity == "error" { "n" } else { "" },
        example(code),
    );
    written.expect("a text takes all");
    section
}

/// The first message of the site that is bad in this way.
fn example(code: Code) -> String {
    let file = repository()
        .join("tests/diagnostics")
        .join(code.name())
        .join("expected.txt");
    let said = fs::read_to_string(file).expect("a bad site");
    let mark = format!("[{}]", code.name());
    let message = said.split("\n\n").find(|message| message.contains(&mark));
    message.unwrap_or_default().trim_end().to_owned()
}

fn severity(code: Code) -> &'static str {
    match code.default_severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn command(code: Code) -> &'static str {
    match code {
        Code::NoSite => "any command",
        Code::ServerAddress => "`brief serve`",
        Code::UnknownPage => "`brief why`",
        Code::NotEdited | Code::EmptyRegister => "`brief tag`",
        Code::EmptyEdition | Code::EmailSize | Code::EmailLeftOut => "`brief email`",
        Code::PublishRefused | Code::PublishFailed | Code::NotTold => "`brief publish`",
        code if code.is_of_check() => "`brief check`",
        _ => "`brief build`",
    }
}
