//! What `brief new` writes can be built, and says what was meant.

mod support;

use std::fs;
use std::path::Path;

use brief::building::pipeline::{Clock, Options, build_in_memory, prepare};
use brief::commands::scaffold::{self, NewArticle, NewCompany, NewEdition};
use brief::ground::date::{Day, Period};
use brief::ground::path::SourcePath;
use brief::ground::text::one_line;
use brief::ground::world::DiskWorld;
use brief::meaning::edition;
use jiff::Timestamp;
use proptest::prelude::*;
use tempfile::TempDir;

fn now() -> Timestamp {
    "2025-01-31T12:00:30Z".parse().expect("an instant")
}

fn options() -> Options {
    Options {
        clock: Clock::At(now()),
        ..Options::default()
    }
}

fn site() -> (TempDir, DiskWorld) {
    let folder = tempfile::tempdir().expect("a folder");
    support::write(
        &folder.path().join("brief.yaml"),
        "base_url: https://example.org/\n",
    );
    let world = DiskWorld::new(folder.path()).expect("a site");
    (folder, world)
}

fn article(world: &DiskWorld, site: &Path, title: &str) -> Result<SourcePath, String> {
    let asked = NewArticle {
        title: title.to_owned(),
        now: now(),
        day: None,
        slug: Some("name".to_owned()),
        companies: Vec::new(),
        topics: Vec::new(),
        draft: false,
    };
    scaffold::new_article(world, site, &asked).map(|written| written.path)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_headline_is_read_as_it_was_given(title in "(?s).{1,60}|[\"'\\\\:#\\[\\]{}&*!|>%@`,? \u{a0}-]{1,12}") {
        let (folder, world) = site();
        let Ok(path) = article(&world, folder.path(), &title) else {
            prop_assert!(one_line(&title).is_empty());
            return Ok(());
        };
        let prepared = prepare(&world, &options());
        let found: Vec<_> = prepared.found.iter().map(|problem| &problem.message).collect();
        prop_assert!(found.is_empty(), "{:?}", found);
        let index = prepared.site.article(&path).expect("the article");
        prop_assert_eq!(&*prepared.site.summary(index).title, one_line(&title));
    }

    #[test]
    fn a_company_is_read_as_it_was_given_and_all_else_stays(
        name in "[\\PC]{1,30}",
        alias in "[a-zA-Z:#'\" -]{1,20}",
        head in prop::sample::select(vec![
            "", "# Mine\n", "companies:\n  - name: Oracle\n", "companies:\r\n  - Oracle\r\n", "- Oracle\n- name: Zeta\n\n\n# The end\n",
            "companies:\n- name: Oracle\n  aliases: [Big]", "\u{feff}companies:\n    - Oracle\n",
        ])
    ) {
        let (folder, world) = site();
        let file = folder.path().join("content/companies.yaml");
        support::write(&file, head);
        let asked = NewCompany {
            name: name.clone(),
            aliases: vec![one_line(&alias)],
            tickers: vec!["XNAS:ACME".to_owned()],
            ..NewCompany::default()
        };
        let written = scaffold::new_company(&world, folder.path(), &asked);
        let text = fs::read_to_string(&file).expect("the register");
        prop_assert!(text.starts_with(head), "{:?}", text);
        if written.is_err() {
            prop_assert_eq!(text, head);
            return Ok(());
        }
        let register = prepare(&world, &options()).site.register.clone();
        let last = register.companies().last().expect("a company");
        prop_assert_eq!(&last.name, &one_line(&name));
        prop_assert_eq!(&last.aliases, &vec![one_line(&alias)]);
    }
}

/// The stories of an edition, with the headlines that it shows.
fn stories(world: &DiskWorld, period: Period) -> Vec<(String, String)> {
    let prepared = prepare(world, &options());
    assert!(!prepared.found.has_errors());
    let site = &prepared.site;
    let edition = edition::edition(site, period).expect("an edition");
    let story = |story: &edition::Story<'_>| {
        let summary = site.summary(story.article);
        let own = story.entry.and_then(|entry| entry.headline.clone());
        (
            summary.path.to_string(),
            own.unwrap_or_else(|| summary.title.to_string()),
        )
    };
    edition.stories.iter().map(story).collect()
}

#[test]
fn an_edition_that_was_fixed_stays_when_its_articles_change() {
    let (folder, world) = site();
    let write = |name: &str, title: &str, importance: u8| {
        let text =
            format!("---\ntitle: \"{title}\"\ndate: 2025-01-21\nimportance: {importance}\n---\n\nText.\n");
        support::write(&folder.path().join(format!("content/articles/{name}.md")), text);
    };
    write("one", "One: it's \\\"first\\\"", 2);
    write("two", "Two", 5);
    write("deep/three", "Three", 4);
    let period = Period::Day(Day::parse("2025-01-21").expect("a day"));
    let before = stories(&world, period);
    assert_eq!(before.len(), 3);
    let asked = NewEdition {
        period,
        fix: true,
        options: options(),
    };
    let written = scaffold::new_edition(&world, folder.path(), &asked).expect("an edition");
    assert_eq!(written.path.as_str(), "content/editions/2025-01-21.md");
    assert_eq!(stories(&world, period), before);
    write("one", "Another", 5);
    write("two", "Another, too", 1);
    assert_eq!(stories(&world, period), before);
    assert!(
        scaffold::new_edition(&world, folder.path(), &asked).is_err_and(|why| why.contains("there already"))
    );
}

#[test]
fn an_edition_that_is_only_begun_changes_nothing() {
    let (folder, world) = site();
    support::write(
        &folder.path().join("content/articles/one.md"),
        "---\ntitle: One\ndate: 2025-01-21\n---\n\nText.\n",
    );
    let before = build_in_memory(&world, &options()).0.expect("a site");
    let asked = NewEdition {
        period: Period::parse("2025-01-21").expect("a day"),
        fix: false,
        options: options(),
    };
    scaffold::new_edition(&world, folder.path(), &asked).expect("an edition");
    let (after, found) = build_in_memory(&world, &options());
    assert!(found.is_empty(), "{found:?}");
    for (path, bytes) in after.expect("a site") {
        // An introduction may be there, and be empty.
        let lines = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let lines = text.lines().filter(|line| !line.is_empty()).map(str::to_owned);
            lines.collect::<Vec<_>>()
        };
        assert_eq!(lines(&bytes), lines(&before[&path]), "{path}");
    }
}
