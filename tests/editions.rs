//! What an edition is made of: its stories in parts, its numbers, its companies, and what was corrected.

use brief::building::pipeline::{Clock, Options, Prepared, prepare};
use brief::ground::date::Period;
use brief::ground::world::MemoryWorld;
use brief::meaning::question::Question;
use serde_json::Value;

const NOW: &str = "2025-03-01T00:00:00Z";

/// A site with these files and a register of three companies.
fn site(files: &[(&str, &str)]) -> Prepared {
    let mut world = MemoryWorld::new(NOW.parse().expect("an instant"));
    world.write("brief.yaml", "base_url: https://example.org/\n");
    world.write(
        "content/companies.yaml",
        "- {name: Oracle}\n- {name: OpenAI}\n- {name: Nvidia}\n",
    );
    for (file, text) in files {
        world.write(&format!("content/{file}"), (*text).to_owned());
    }
    let options = Options {
        clock: Clock::At(NOW.parse().expect("an instant")),
        ..Options::default()
    };
    prepare(&world, &options)
}

fn edition(site: &Prepared, period: &str) -> Value {
    let period = Period::parse(period).expect("a period");
    serde_json::to_value(site.site.answer(&Question::Edition(period))).expect("a value is JSON")
}

/// Some part of each item of a list, by its JSON pointer.
fn each<'v>(edition: &'v Value, list: &str, pointer: &str) -> Vec<&'v str> {
    let items = edition[list].as_array().expect("a list").iter();
    items
        .map(|item| item.pointer(pointer).and_then(Value::as_str).unwrap_or("none"))
        .collect()
}

fn article(title: &str, keys: &str) -> String {
    format!("---\ntitle: {title}\n{keys}---\nText.\n")
}

#[test]
fn stories_stand_in_parts_by_importance_and_kind() {
    let files = [
        ("articles/2025-02-03-a.md", article("A", "importance: 2\n")),
        ("articles/2025-02-03-b.md", article("B", "importance: 5\n")),
        (
            "articles/2025-02-03-c.md",
            article("C", "kind: brief\nimportance: 4\n"),
        ),
        ("articles/2025-02-03-d.md", article("D", "")),
    ];
    let borrowed = files.each_ref().map(|(file, text)| (*file, text.as_str()));
    let found = edition(&site(&borrowed), "2025-02-03");
    assert_eq!(each(&found, "stories", "/article/title"), ["B", "C", "D", "A"]);
    assert_eq!(
        each(&found, "stories", "/section"),
        ["lead", "brief", "main", "brief"]
    );

    // What an editor lists is told at length, whatever it is.
    let made =
        "---\narticles:\n- path: ../articles/2025-02-03-a.md\n- path: ../articles/2025-02-03-c.md\n---\n";
    let mut with_editor = borrowed.to_vec();
    with_editor.push(("editions/2025-02-03.md", made));
    let found = edition(&site(&with_editor), "2025-02-03");
    assert_eq!(each(&found, "stories", "/article/title"), ["A", "C", "B", "D"]);
    assert_eq!(
        each(&found, "stories", "/section"),
        ["lead", "main", "main", "main"]
    );
}

#[test]
fn a_long_day_tells_eight_stories_at_length_beside_the_lead() {
    let files: Vec<(String, String)> = (0..12)
        .map(|number| {
            (
                format!("articles/2025-02-03-{number}.md"),
                article(&format!("S{number}"), ""),
            )
        })
        .collect();
    let borrowed: Vec<(&str, &str)> = files.iter().map(|(file, text)| (&**file, &**text)).collect();
    let found = edition(&site(&borrowed), "2025-02-03");
    let sections = each(&found, "stories", "/section");
    let count = |name: &str| sections.iter().filter(|section| **section == name).count();
    assert_eq!((count("lead"), count("main"), count("brief")), (1, 8, 3));
}

#[test]
fn numbers_are_those_of_the_takeaways_and_companies_those_of_the_stories() {
    let found = site(&[
        (
            "articles/2025-02-03-a.md",
            "---\ntitle: A\nimportance: 4\ncompanies: [OpenAI, Oracle]\n\
             takeaways: [It began in 2024., 'It is *worth* $5bn, or 7%.', It took 3 km.]\n---\nText.\n",
        ),
        (
            "articles/2025-02-03-b.md",
            "---\ntitle: B\ncompanies: [Oracle]\ntakeaways: [Nothing.]\n---\nText.\n",
        ),
        (
            "articles/2025-02-04-c.md",
            "---\ntitle: C\ncompanies: [Nvidia]\ntakeaways: [Up 12%.]\n---\nText.\n",
        ),
    ]);
    let day = edition(&found, "2025-02-03");
    assert_eq!(each(&day, "numbers", "/value"), ["$5bn"]);
    assert_eq!(
        each(&day, "numbers", "/text"),
        ["It is <em>worth</em> $5bn, or 7%."]
    );
    assert_eq!(each(&day, "numbers", "/article/title"), ["A"]);
    assert_eq!(each(&day, "companies", "/company/name"), ["Oracle", "OpenAI"]);
    assert_eq!(each(&day["companies"][0], "articles", "/title"), ["A", "B"]);
    let week = edition(&found, "2025-W06");
    assert_eq!(each(&week, "numbers", "/value"), ["$5bn", "12%"]);
}

#[test]
fn an_edition_tells_what_was_corrected_in_its_days() {
    let found = site(&[
        (
            "articles/2025-01-07-a.md",
            "---\ntitle: A\ncorrections:\n- {date: 2025-02-03, text: 'It was *two*.'}\n- {date: 2025-02-09, text: Three.}\n\
             ---\nText.\n",
        ),
        ("articles/2025-02-03-b.md", "---\ntitle: B\n---\nText.\n"),
        (
            "articles/2025-02-09-c.md",
            "---\ntitle: C\ndraft: true\ncorrections: [{date: 2025-02-03, text: No.}]\n---\nText.\n",
        ),
    ]);
    let day = edition(&found, "2025-02-03");
    assert_eq!(each(&day, "corrected", "/text"), ["It was <em>two</em>."]);
    assert_eq!(each(&day, "corrected", "/article/title"), ["A"]);
    // The newest first.
    let week = edition(&found, "2025-W06");
    assert_eq!(
        each(&week, "corrected", "/text"),
        ["Three.", "It was <em>two</em>."]
    );
    // The day of the article itself has it among what came later.
    let own = edition(&found, "2025-01-07");
    assert_eq!(each(&own, "corrected", "/text"), Vec::<&str>::new());
    assert_eq!(each(&own, "since", "/title"), ["A"]);
}
