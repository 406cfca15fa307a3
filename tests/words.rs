//! The words of the theme: templates have none of their own, and every language has those they ask for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use brief::building::pipeline::{Options, build_in_memory};
use brief::ground::world::MemoryWorld;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates"))
}

/// The built-in templates, by name.
fn templates() -> Vec<(String, String)> {
    let files = fs::read_dir(folder()).expect("the templates");
    let names = files.map(|file| file.expect("a file").file_name().into_string().expect("a name"));
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".html")).collect();
    names.sort();
    let read = |name: String| {
        let text = fs::read_to_string(folder().join(&name)).expect("a template");
        (name, text)
    };
    names.into_iter().map(read).collect()
}

/// The keys of a language.
fn keys(language: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(folder().join(format!("words/{language}.yaml"))).expect("the words");
    let is_key = |line: &&str| line.starts_with(|sign: char| sign.is_ascii_lowercase());
    let lines = text.lines().filter(is_key);
    lines
        .filter_map(|line| Some(line.split_once(':')?.0.to_owned()))
        .collect()
}

/// A text without what stands between these signs.
fn without(text: &str, start: &str, end: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(start) {
        out.push_str(before);
        out.push(' ');
        rest = behind.split_once(end).map_or("", |(_, after)| after);
    }
    out + rest
}

#[test]
fn templates_hold_no_words_of_their_own() {
    for (name, text) in templates() {
        let said = without(&without(&text, "{#", "#}"), "<style>", "</style>");
        let bare = without(&without(&without(&said, "{{<", "/>}}"), "{{", "}}"), "{%", "%}");
        let attributes = ["aria-label=\"", "alt=\"", "title=\""];
        for attribute in attributes {
            for part in bare.split(attribute).skip(1) {
                let value = part.split('"').next().unwrap_or_default();
                assert!(!value.contains(char::is_alphabetic), "{name}: {attribute}{value}");
            }
        }
        let text = without(&bare, "<", ">");
        assert!(!text.contains(char::is_alphabetic), "{name}: {}", text.trim());
    }
}

#[test]
fn templates_and_code_ask_for_words_that_there_are_and_for_all_of_them() {
    let english = keys("en");
    let mut asked = BTreeSet::new();
    for (name, text) in templates() {
        for part in text.split(" | word").collect::<Vec<_>>().windows(2) {
            let before = part[0].trim_end_matches(')');
            let Some(key) = before.strip_suffix('"').and_then(|rest| rest.rsplit('"').next()) else {
                continue;
            };
            assert!(english.contains(key), "{name} asks for `{key}`");
            asked.insert(key.to_owned());
        }
    }
    for key in &english {
        // Kinds of articles and taxonomies are asked for by a name that is put together.
        let is_put_together = key.starts_with("kind_") || ["topics", "authors"].contains(&key.as_str());
        let quoted = format!("\"{key}\"");
        let is_of_code = || {
            [
                "src/reading/wording/dates.rs",
                "src/reading/wording/mod.rs",
                "src/reading/markdown/mod.rs",
                "src/pages/feed/mod.rs",
                "src/pages/feed/items.rs",
                "src/pages/page.rs",
                "src/pages/theme.rs",
            ]
            .iter()
            .any(|file| {
                let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
                fs::read_to_string(file).expect("a source").contains(&quoted)
            })
        };
        assert!(
            asked.contains(key) || is_put_together || is_of_code(),
            "nobody asks for `{key}`"
        );
    }
}

#[test]
fn every_language_has_the_same_keys() {
    let english = keys("en");
    assert!(english.len() > 100);
    for language in ["de", "fr"] {
        assert_eq!(keys(language), english, "{language}");
    }
}

/// The front page of a site with these settings, and what is said of them.
fn front(settings: &str, article: &str) -> (Option<String>, Vec<String>) {
    let mut world = MemoryWorld::new("2025-03-01T00:00:00Z".parse().expect("an instant"));
    world.write(
        "brief.yaml",
        format!("base_url: https://example.org/\n{settings}"),
    );
    world.write(
        "content/articles/2025-02-03-a.md",
        format!("---\ntitle: A\n{article}---\nText.[^1]\n\n[^1]: Note.\n"),
    );
    let (files, found) = build_in_memory(&world, &Options::default());
    let said = found
        .iter()
        .map(|problem| format!("{} {}", problem.message, problem.help.join(" ")));
    let page = files.and_then(|files| {
        let mut files = files.into_iter();
        files.find(|(path, _)| path.to_string() == "index.html")
    });
    let text = page.map(|(_, bytes)| String::from_utf8(bytes).expect("text"));
    (text, said.collect())
}

#[test]
fn a_site_speaks_its_language() {
    let (german, said) = front("language: de-CH\n", "");
    let german = german.expect("a page");
    assert!(german.contains("<html lang=\"de-CH\">"), "{german}");
    for words in ["Montag, 3. Februar 2025", ">Unternehmen</a>", ">Ausgaben</a>"] {
        assert!(german.contains(words), "{words}: {german}");
    }
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn a_site_may_choose_its_own_words_and_bring_its_own_language() {
    let settings = "language: ar\nwords:\n  editions: <الأعداد>\n  date_weekday: '{day}/{month}'\n";
    let (page, said) = front(settings, "lang: en\n");
    let page = page.expect("a page");
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">"), "{page}");
    // Words are escaped, and what is missing is English.
    assert!(page.contains(">&lt;الأعداد&gt;</a>"), "{page}");
    assert!(
        page.contains(">3/February<") && page.contains(">Companies</a>"),
        "{page}"
    );
    assert!(page.contains("lang=\"en\" dir=\"ltr\""), "{page}");
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn words_that_do_not_fit_are_refused() {
    let check = |words: &str, expected: &str| {
        let (page, said) = front(&format!("words: {{{words}}}\n"), "");
        assert_eq!(page, None, "{words}");
        assert_eq!(said, [expected], "{words}");
    };
    check(
        "edition: A",
        "there is no word `edition` did you mean `editions`?",
    );
    check(
        "by: 'By {author}'",
        "`by` must be words with the same places in braces in English it is \"By {authors}\"",
    );
    check(
        "months: [A]",
        "`months` must be a list of the twelve months see templates/words/en.yaml of brief",
    );
    check(
        "previous: {one: A, other: B}",
        "`previous` must be words, and no list of forms in English it is \"Previous\"",
    );
    check(
        "together_with: {one: A}",
        "`together_with` must be words for each plural category, `other` among them in English it is \"{count} article together with {name}\"",
    );
}
