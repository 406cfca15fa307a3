//! Properties: what holds for any name, path, date and file, tried with random ones.

use std::collections::BTreeMap;

use brief::building::pipeline::{Options, SiteSources, build_in_memory};
use brief::ground::date::{Day, Moment, Zone, parse_moment};
use brief::ground::diagnostic::{Diagnostics, Format, print};
use brief::ground::path::{MAX_SLUG_BYTES, OutputPath, SourcePath, Url, decode_path, slug};
use brief::ground::world::MemoryWorld;
use brief::reading::front_matter::split;
use jiff::Timestamp;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Any text, and texts of what is most likely to be mistaken: dividers, dots, signs, odd letters.
fn name() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "a", "Z", "9", "-", "--", "_", ".", "..", "/", "\\", " ", "'", "’", "%", "%2e", "%2F", "?", "#", "é",
        "e\u{301}", "ß", "İ", "ſ", "ﬁ", "Ａ", "日", "ー", "й", "हि", "\u{0}", "\u{7}", "\u{200b}",
        "\u{202e}", "\u{301}", "\u{958}", "\u{fb2c}", "ǅ", "ᾳ", "Ω", "🚀", "con", "aux", "nul", ":", "<",
        "\"", "|", "*", "\u{a0}", "\u{3000}", "~", "CON",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(odd, 0..60).prop_map(|parts| parts.concat()),
    ]
}

/// Zones of every kind: with offsets of minutes and of seconds, days that were left out, clocks
/// that change at midnight and by half an hour.
const ZONES: [&str; 20] = [
    "UTC",
    "Europe/Paris",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Amsterdam",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Caracas",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Asia/Gaza",
    "Asia/Tehran",
    "Africa/Cairo",
    "Africa/Monrovia",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Marquesas",
];

fn zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(ZONES.to_vec()).prop_map(|name| Zone::named(name).expect(name))
}

fn day() -> impl Strategy<Value = Day> {
    (1i16..=9998, 1i8..=12, 1i8..=31)
        .prop_filter_map("no such day", |(year, month, day)| Day::new(year, month, day))
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn slugs_can_stand_in_any_address(name in name()) {
        let slug = slug(&name);
        prop_assert!(slug.len() <= MAX_SLUG_BYTES);
        let is_allowed = |c: char| c.is_alphanumeric() || is_combining_mark(c) || c == '-';
        prop_assert!(slug.chars().all(is_allowed), "{slug:?}");
        prop_assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"), "{slug:?}");
        prop_assert_eq!(&brief::ground::path::slug(&slug), &slug);
        prop_assert_eq!(&slug.nfc().collect::<String>(), &slug);
        if !slug.is_empty() {
            // Names that Windows reserves are refused when a page is planned.
            let page = Url::page(&format!("x/{slug}-x"));
            prop_assert!(page.is_ok(), "{page:?}");
        }
    }

    #[test]
    fn source_paths_never_escape(path in name(), link in name()) {
        let Some(path) = SourcePath::new(&path) else { return Ok(()) };
        let is_inside = |path: &SourcePath| {
            path.as_str().is_empty() || path.as_str().split('/').all(|part| !matches!(part, "" | "." | ".."))
        };
        prop_assert!(is_inside(&path), "{path:?}");
        prop_assert_eq!(SourcePath::new(path.as_str()), Some(path.clone()));
        prop_assert_eq!(SourcePath::new(&format!("{}/{}", path.folder(), path.file_name())), Some(path.clone()));
        for reached in path.relative(&link).into_iter().chain(path.join(&link)) {
            prop_assert!(is_inside(&reached), "{reached:?}");
        }
        let inner = path.join("inner").expect("inside");
        prop_assert_eq!(inner.below(path.as_str()), (!path.as_str().is_empty()).then_some("inner"));
    }

    #[test]
    fn output_paths_and_addresses_round_trip(path in name()) {
        if let Ok(output) = OutputPath::new(&path) {
            prop_assert_eq!(OutputPath::new(output.as_str()), Ok(output.clone()));
            prop_assert!(output.as_str().split('/').all(|part| !matches!(part, "" | "." | "..") && part.len() <= 255));
            prop_assert_eq!(Url::file(&output).output(), output);
        }
        if let Ok(url) = Url::page(&path) {
            prop_assert!(url.as_str().starts_with('/') && url.as_str().ends_with('/'), "{url}");
            prop_assert_eq!(Url::page(url.as_str()), Ok(url.clone()));
            prop_assert_eq!(Url::file(&url.output()), url.clone());
            for base in ["/", "/a/b/"] {
                let href = url.href(base);
                prop_assert!(href.starts_with(base) && !href.contains("//"), "{href}");
                prop_assert!(href.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\`".contains(&byte)), "{href}");
                let decoded = decode_path(&href).expect("UTF-8");
                prop_assert_eq!(&decoded[base.len() - 1..], url.as_str());
            }
        }
    }

    #[test]
    fn moments_are_read_as_they_are_written(seconds in -62_000_000_000i64..=253_000_000_000, zone in zone()) {
        let instant = Timestamp::from_second(seconds).expect("a year that jiff knows");
        let moment = Moment::at(instant, &zone);
        prop_assert_eq!(parse_moment(&moment.w3c(), &zone), Ok(moment), "{}", moment.w3c());
        prop_assert_eq!(parse_moment(&moment.w3c().to_lowercase(), &zone), Ok(moment));
        prop_assert!(moment.rfc822().len() >= "Tue, 21 Jan 2025 14:30:00 -0500".len());
    }

    #[test]
    fn a_bare_date_never_moves(day in day(), zone in zone()) {
        let text = day.to_string();
        let moment = parse_moment(&text, &zone).expect("a date");
        prop_assert_eq!(moment.day, day);
        prop_assert_eq!(moment.w3c(), &*text);
        prop_assert_eq!(moment.time(), None);
        // In feeds, which want a time, it is still that day.
        prop_assert!(moment.rfc3339().starts_with(&format!("{text}T00:00:00")), "{}", moment.rfc3339());
        prop_assert_eq!(Day::parse(&text), Some(day));
        let read = parse_moment(&moment.rfc3339(), &zone).expect("a moment");
        // Neither format holds the seconds of an offset, as zones had them before 1972.
        prop_assert!((read.instant.as_second() - moment.instant.as_second()).abs() < 60);
    }

    #[test]
    fn any_text_may_stand_where_a_date_should(text in any::<String>(), zone in zone()) {
        let _ = parse_moment(&text, &zone);
        for sign in ['T', ' ', 't', 'é'] {
            let _ = parse_moment(&format!("2025-01-21{sign}{text}"), &zone);
        }
        let _ = parse_moment(&format!("2025-01-21T09:30{text}"), &zone);
    }

    #[test]
    fn a_file_is_its_front_matter_its_dividers_and_its_body(text in front_matter_like()) {
        let file = SourcePath::new("content/articles/x.md").expect("a path");
        let mut found = Diagnostics::new();
        let split = split(&file, &text, &mut found);
        prop_assert_eq!(&text[split.body_start..], split.body);
        let is_divider = |line: &str| matches!(line.trim_end(), "---" | "...");
        match split.yaml {
            None => {
                let skipped = &text[..split.body_start];
                prop_assert!(matches!(skipped, "" | "\u{feff}"), "{skipped:?}");
            }
            Some((yaml, start)) => {
                let (open, end) = (&text[..start], start + yaml.len());
                prop_assert_eq!(&text[start..end], yaml);
                prop_assert!(open.trim_start_matches('\u{feff}').trim_end() == "---" && (open.ends_with('\n') || open == text), "{open:?}");
                if found.is_empty() {
                    let close = &text[end..split.body_start];
                    prop_assert!(is_divider(close) && close.lines().count() == 1, "{close:?}");
                    prop_assert!(!yaml.lines().any(is_divider), "{yaml:?}");
                } else {
                    prop_assert!(split.body.is_empty());
                }
            }
        }
    }
}

/// Texts that are nearly files with front matter.
fn front_matter_like() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        8 => prop::sample::select(vec![
            "---", "---\n", "---\r\n", "--- \n", "...\n", "\n", "\r\n", "title: x\n", "a: 1\r\n", "Text.\n", "\u{feff}",
            "---- \n", " ---\n", "- - -\n", "+++\n", "***\n", "é", "\r", "--- # x\n", "\u{feff}---\n",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.concat())
}

/// A site that uses much of what there is.
const SITE: [(&str, &str); 7] = [
    (
        "content/articles/2025-01-21-a.md",
        "---\ntitle: \"Oracle: *the* first building\"\ndate: 2025-01-21T09:30:00-05:00\nupdated: 2025-01-22\n\
         summary: It stands in [Texas](2025-01-22-b.md#costs).\ncompanies: [Oracle, New Ltd]\n\
         topics:\n  - Data centres\n  - Energy # a comment\nauthors: A. Writer\nimportance: 4\n\
         takeaways:\n  - >-\n    folded\n    text\n  - 'two'\nsource: {name: The Paper, url: \"https://example.com/\"}\n\
         image: {src: plan.svg, alt: A plan, caption: \"A folded\n  caption\"}\n\
         corrections:\n- date: 2025-01-23\n  text: |\n    A sum.\naliases: [/old/, /older.html]\nextra: &x {a: 1, b: [~, no]}\n\
         ---\nÀ first *paragraph* with [a link](2025-01-22-b.md), `code`, ![a plan](plan.svg \"title\") and a note[^1].\n\n\
         > [!NOTE]\n> Oracle’s “quote”.\n\n| a | b |\n|---|:-:|\n| 日本 | 2 |\n\n- [x] done\n  1. two\n\n## Costs {#costs}\n\n\
         ```rust\nlet a = \"<b>\";\n```\n\n<div class=\"x\"><b>raw &amp; html</b></div>\n\nhttps://example.com/a_(b) \\* &copy;\n\n[^1]: A *note*.\n",
    ),
    (
        "content/articles/2025-01-22-b.md",
        "\u{feff}---\r\ntitle: B\r\ncompanies: [Oracle, SoftBank]\r\n---\r\nText on [A](2025-01-21-a.md).\r\n\r\n## Costs\r\n",
    ),
    (
        "content/companies.yaml",
        "companies:\n  - name: Oracle\n    aliases: [Oracle Corporation]\n    tickers: [\"NYSE:ORCL\"]\n  - {name: SoftBank, slug: sb}\n  - Gap\n",
    ),
    (
        "content/editions/2025-01-21.md",
        "---\ntitle: By hand\nlead: ../articles/2025-01-21-a.md\narticles:\n  - path: ../articles/2025-01-21-a.md\n    note: A *note*.\n---\nIntro.\n",
    ),
    (
        "content/pages/about.md",
        "---\ntitle: About\nnav: header\norder: 1\n---\n[A](../articles/2025-01-21-a.md)\n",
    ),
    (
        "brief.yaml",
        "title: The Brief\nbase_url: https://example.org/x/\ntimezone: America/New_York\npermalink: /{year}/{slug}/\nfeeds: {items: 5}\nchecks:\n  unknown-key: error\n",
    ),
    (
        "templates/head-extra.html",
        "{% if site.tagline %}<meta name=\"x\" content=\"{{ site.tagline | upper }}\">{% endif %}\n",
    ),
];

/// One change of a file: where, in thousandths of its length, how many bytes go, and what comes.
type Change = (usize, usize, Vec<u8>);

fn change() -> impl Strategy<Value = Change> {
    let odd = prop::sample::select(vec![
        "\n",
        "---\n",
        "\"",
        "'",
        ":",
        ": ",
        "- ",
        "\t",
        "#",
        " #",
        "[",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "!",
        "|",
        ">",
        "%",
        "\u{0}",
        "\u{1b}[31m",
        "\u{feff}",
        "\u{2028}",
        "\u{202e}",
        "é",
        "日本",
        "🚀",
        "<",
        "</div>",
        "<script>",
        "```",
        "`",
        "[x](",
        "](y.md)",
        "![",
        "[^1]",
        "\\",
        "&",
        "&#0;",
        "{{ x }}",
        "{% if %}",
        "~",
        "$",
        "\r",
        "\r\n",
        "  ",
        "title: x\n",
        "date: 2025-02-30\n",
        "slug: ../x\n",
        "0",
        "99999999999999999999",
        "-1",
        "null",
        "| a |\n",
        "======\n",
        "# ",
        "<<: *x\n",
        "? ",
        "on",
        "/",
        "..",
    ]);
    let inserted = prop_oneof![
        3 => odd.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
        1 => any::<String>().prop_map(String::into_bytes),
    ];
    (
        0usize..=1000,
        prop_oneof![3 => Just(0usize), 3 => 1usize..4, 1 => 0usize..80],
        inserted,
    )
}

fn changed(text: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for (place, removed, inserted) in changes {
        let start = (bytes.len() * place / 1000).min(bytes.len());
        let end = (start + removed).min(bytes.len());
        bytes.splice(start..end, inserted.iter().copied());
    }
    bytes
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_damaged_site_is_built_or_explained(
        file in prop_oneof![4 => Just(0usize), 2 => 1usize..SITE.len()],
        changes in prop::collection::vec(change(), 1..5),
    ) {
        let mut files: BTreeMap<&str, Vec<u8>> =
            SITE.iter().map(|(path, text)| (*path, text.as_bytes().to_vec())).collect();
        let (path, text) = SITE[file];
        files.insert(path, changed(text.as_bytes(), &changes));
        check_site(&files)?;
    }
}

#[test]
fn the_undamaged_site_is_in_order() {
    let files: BTreeMap<&str, Vec<u8>> = SITE
        .iter()
        .map(|(path, text)| (*path, text.as_bytes().to_vec()))
        .collect();
    let world = world(&files);
    let (built, found) = build_in_memory(&world, &Options::default());
    let codes: Vec<&str> = found.iter().map(|problem| problem.code.name()).collect();
    assert_eq!(
        (built.is_some(), codes),
        (true, vec!["unknown-company"]),
        "{found:?}"
    );
}

fn world(files: &BTreeMap<&str, Vec<u8>>) -> MemoryWorld {
    let mut world = MemoryWorld::new("2025-01-31T12:00:00Z".parse().expect("an instant"));
    world.write(
        "content/articles/plan.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>",
    );
    for (path, bytes) in files {
        world.write(path, bytes.clone());
    }
    world
}

/// Builds a site: it is written or told what is wrong, at places that exist.
fn check_site(files: &BTreeMap<&str, Vec<u8>>) -> Result<(), TestCaseError> {
    let world = world(files);
    let (built, found) = build_in_memory(&world, &Options::default());
    prop_assert_eq!(built.is_none(), found.has_errors());
    for label in found.iter().flat_map(|problem| &problem.labels) {
        let Some((bytes, span)) = files.get(label.file.as_str()).zip(label.span) else {
            continue;
        };
        prop_assert!(
            span.start <= span.end && span.end as usize <= bytes.len(),
            "{:?} in {} bytes",
            label,
            bytes.len()
        );
        if let Ok(text) = std::str::from_utf8(bytes) {
            prop_assert!(
                text.is_char_boundary(span.start as usize),
                "{:?} is inside a character",
                label
            );
        }
    }
    for problem in found.iter() {
        prop_assert!(
            !problem.message.is_empty() && !problem.help.is_empty(),
            "{problem:?}"
        );
    }
    let sources = SiteSources {
        world: &world,
        templates: Default::default(),
    };
    for format in [Format::Human, Format::Short, Format::Json, Format::Github] {
        let mut shown = Vec::new();
        print(&found, format, &sources, false, &mut shown).expect("writing to memory");
        prop_assert!(String::from_utf8(shown).is_ok());
    }
    Ok(())
}
