//! The setting `theme`: what it does to the style sheet, and what it refuses.

use brief::building::pipeline::{Options, build_in_memory};
use brief::ground::world::MemoryWorld;

/// The style sheet of a site with these settings, and what is said of them.
fn sheet(settings: &str, own: Option<&str>) -> (Option<String>, Vec<String>) {
    let mut world = MemoryWorld::new("2025-03-01T00:00:00Z".parse().expect("an instant"));
    world.write(
        "brief.yaml",
        format!("base_url: https://example.org/\n{settings}"),
    );
    world.write(
        "content/articles/2025-02-03-a.md",
        "---\ntitle: A\n---\nText.\n".to_owned(),
    );
    if let Some(own) = own {
        world.write("static/brief.css", own.to_owned());
    }
    let (files, found) = build_in_memory(&world, &Options::default());
    let messages = found
        .iter()
        .map(|problem| format!("{}: {}", problem.code.name(), problem.message));
    let file = files.and_then(|files| {
        let mut files = files.into_iter();
        files.find(|(path, _)| path.to_string() == "brief.css")
    });
    let text = file.map(|(_, bytes)| String::from_utf8(bytes).expect("text"));
    (text, messages.collect())
}

#[test]
fn a_site_without_the_setting_has_the_sheet_as_it_is() {
    let (plain, messages) = sheet("", None);
    let builtin = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/static/brief.css"));
    assert_eq!(plain, builtin.ok());
    assert_eq!(messages, Vec::<String>::new());
}

#[test]
fn what_is_chosen_comes_last_and_leaves_paper_alone() {
    let settings = "theme:\n  accent: '#036'\n  fonts: {text: 'Georgia, Noto Serif, serif', labels: Verdana}\n  measure: 60\n";
    let (sheet, messages) = sheet(settings, None);
    let sheet = sheet.expect("a sheet");
    let (_, chosen) = sheet
        .split_once("/* The settings of this site */")
        .expect("what was chosen");
    for rule in [
        "--accent: #003366;",
        "--text: \"Georgia\", \"Noto Serif\", serif;",
        "--data: \"Verdana\";",
        "--measure: 32.700rem;",
        "@media screen and (prefers-color-scheme: dark)",
    ] {
        assert!(chosen.contains(rule), "{rule}: {chosen}");
    }
    assert!(chosen.trim_start().starts_with("@media screen {"), "{chosen}");
    assert_eq!(messages, Vec::<String>::new());
}

#[test]
fn a_sheet_of_the_sites_own_stays_as_it_is() {
    let (sheet, _) = sheet("theme: {accent: '#036'}\n", Some("a { color: red }"));
    assert_eq!(sheet.as_deref(), Some("a { color: red }"));
}

#[test]
fn what_is_no_colour_and_no_font_is_refused() {
    let check = |settings: &str, expected: &str| {
        let (sheet, messages) = sheet(&format!("theme: {{{settings}}}\n"), None);
        assert_eq!(messages.join(" "), expected, "{settings}");
        let is_error = expected.starts_with("bad-value");
        assert_eq!(sheet.is_none(), is_error, "{settings}");
    };
    check("accent: red", "bad-value: `red` is no colour");
    check("accent: '#8c1d18'", "");
    check(
        "accent: '#fc0'",
        "low-contrast: links in #ffcc00 are hard to read: the contrast with the paper is 1.5 to 1",
    );
    check(
        "fonts: 'a; } body { display: none'",
        "bad-value: `a; } body { display: none` is no name of a font",
    );
    check(
        "fonts: {labels: 'url(x)'}",
        "bad-value: `url(x)` is no name of a font",
    );
    check("fonts: ''", "");
    check(
        "measure: 20",
        "bad-value: `measure` must be between 40 and 100, not 20",
    );
}
