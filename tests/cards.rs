//! Cards: which pages have one, what is drawn, and when it is drawn anew.

#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use brief::building::pipeline::{Clock, Options, build_in_memory};
use brief::ground::colour::Colour;
use brief::ground::world::MemoryWorld;
use brief::pages::card::{CardText, draw};
use png::{ColorType, Decoder};
use support::{brief, write};

const SETTINGS: &str = "title: The Morning Wire\nbase_url: https://example.org/news/\n";

/// The files of a site in memory, by path.
fn build(files: &[(&str, &[u8])]) -> BTreeMap<String, Vec<u8>> {
    let now = "2025-03-01T12:00:00Z".parse().expect("an instant");
    let mut world = MemoryWorld::new(now);
    for (path, bytes) in files {
        world.write(path, *bytes);
    }
    let options = Options {
        clock: Clock::At(now),
        ..Options::default()
    };
    let (files, found) = build_in_memory(&world, &options);
    let files = files.unwrap_or_else(|| panic!("{found:#?}"));
    files
        .into_iter()
        .map(|(path, bytes)| (path.to_string(), bytes))
        .collect()
}

fn cards(files: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    let names = files.keys().map(String::as_str);
    names
        .filter(|name| name.starts_with("cards/") || *name == "card.png")
        .collect()
}

/// The content of a page's tag.
fn tag(files: &BTreeMap<String, Vec<u8>>, page: &str, name: &str) -> Option<String> {
    let page = String::from_utf8_lossy(&files[page]).into_owned();
    let (_, rest) = page.split_once(&format!("\"{name}\" content=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

fn article(title: &str, more: &str) -> String {
    format!("---\ntitle: {title}\n{more}---\nText.\n")
}

fn size(png: &[u8]) -> (u32, u32) {
    let reader = Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .expect("a PNG");
    (reader.info().width, reader.info().height)
}

const COMPANIES: &str = "companies: [{name: Oracle, tickers: ['NYSE:ORCL']}, {name: Acme}]\n";

#[test]
fn what_appears_in_the_newest_articles_has_a_card() {
    let settings = format!("{SETTINGS}cards: 2\n");
    let old = article("Long ago", "companies: [Acme]\n");
    let (new, newer) = (article("Oracle grows", ""), article("Nothing else", ""));
    let files = build(&[
        ("brief.yaml", settings.as_bytes()),
        ("content/companies.yaml", COMPANIES.as_bytes()),
        ("content/articles/2025-01-02-old.md", old.as_bytes()),
        ("content/articles/2025-02-03-new.md", new.as_bytes()),
        ("content/articles/2025-02-04-newer.md", newer.as_bytes()),
    ]);
    assert_eq!(
        cards(&files),
        [
            "card.png",
            "cards/2025/02/03/new.png",
            "cards/2025/02/04/newer.png",
            "cards/companies/oracle.png",
            "cards/editions/2025-02-03.png",
            "cards/editions/2025-02-04.png",
            "cards/editions/2025-W06.png",
        ]
    );
    let base = "https://example.org/news/";
    let check = |page: &str, card: &str, alt: &str| {
        let is = |name: &str, expected: &str| {
            assert_eq!(
                tag(&files, page, name).as_deref(),
                Some(expected),
                "{name} of {page}"
            );
        };
        is("og:image", &format!("{base}{card}"));
        is("og:image:alt", alt);
        is("og:image:width", "1200");
        is("og:image:height", "630");
        is("twitter:card", "summary_large_image");
        assert_eq!(size(&files[card]), (1200, 630));
    };
    check(
        "2025/02/03/new/index.html",
        "cards/2025/02/03/new.png",
        "Oracle grows",
    );
    check("2025/01/02/old/index.html", "card.png", "The Morning Wire");
    check(
        "companies/oracle/index.html",
        "cards/companies/oracle.png",
        "Oracle",
    );
    check("companies/acme/index.html", "card.png", "The Morning Wire");
    check(
        "editions/2025-02-03/index.html",
        "cards/editions/2025-02-03.png",
        "Oracle grows",
    );
    check("editions/2025-01-02/index.html", "card.png", "The Morning Wire");
    check("index.html", "card.png", "The Morning Wire");
    check("archive/index.html", "card.png", "The Morning Wire");
    // No two say the same, so no two are the same.
    let drawn: std::collections::BTreeSet<&Vec<u8>> =
        cards(&files).iter().map(|card| &files[*card]).collect();
    assert_eq!(drawn.len(), 7);
}

#[test]
fn no_cards_without_an_address_or_where_they_are_off() {
    let text = article("Alone", "");
    for settings in ["title: Here\n", "base_url: https://example.org/\ncards: off\n"] {
        let files = build(&[
            ("brief.yaml", settings.as_bytes()),
            ("content/articles/2025-02-03-alone.md", text.as_bytes()),
        ]);
        assert_eq!(cards(&files), [""; 0], "{settings}");
        assert_eq!(tag(&files, "2025/02/03/alone/index.html", "og:image"), None);
    }
    // A switch and a number mean the same setting.
    for settings in ["cards: on\n", "cards: 1\n", ""] {
        let settings = format!("base_url: https://example.org/\n{settings}");
        let files = build(&[
            ("brief.yaml", settings.as_bytes()),
            ("content/articles/2025-02-03-alone.md", text.as_bytes()),
        ]);
        assert!(files.contains_key("cards/2025/02/03/alone.png"), "{settings}");
    }
}

/// A PNG of so many pixels.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a head");
    writer
        .write_image_data(&vec![7; (width * height) as usize])
        .expect("pixels");
    writer.finish().expect("an end");
    bytes
}

/// A JPEG of so many pixels, none like its neighbours.
fn photograph(width: u16, height: u16) -> Vec<u8> {
    let mut seed = 1_u32;
    let pixels: Vec<u8> = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    })
    .take(usize::from(width) * usize::from(height))
    .collect();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    let encoded = encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Luma);
    encoded.expect("a picture");
    bytes
}

#[test]
fn an_article_s_own_picture_stands_for_it() {
    let own = |image: &str| article("Seen", &format!("image: {{src: '{image}', alt: A hall}}\n"));
    let (drawing, small, elsewhere) = (own("hall.png"), own("dot.png"), own("https://a.example/x.jpg"));
    let (photograph_of, hidden) = (own("hall.jpg"), article("Unseen", "noindex: true\n"));
    let settings = format!("{SETTINGS}images: {{widths: [320]}}\n");
    let files = build(&[
        ("brief.yaml", settings.as_bytes()),
        ("content/articles/2025-02-01-drawing.md", drawing.as_bytes()),
        ("content/articles/2025-02-02-small.md", small.as_bytes()),
        ("content/articles/2025-02-03-elsewhere.md", elsewhere.as_bytes()),
        ("content/articles/2025-02-04-hidden.md", hidden.as_bytes()),
        (
            "content/articles/2025-02-05-photograph.md",
            photograph_of.as_bytes(),
        ),
        ("content/articles/hall.png", &picture(500, 251)),
        ("content/articles/dot.png", &picture(299, 299)),
        ("content/articles/hall.jpg", &photograph(500, 251)),
    ]);
    let drawn: Vec<&str> = cards(&files)
        .into_iter()
        .filter(|card| card.contains("/02/0"))
        .collect();
    assert_eq!(drawn, ["cards/2025/02/02/small.png"]);
    let base = "https://example.org/news/";
    let page = |name: &str| format!("2025/02/{name}/index.html");
    let is = |name: &str, tag_name: &str, expected: Option<&str>| {
        let found = tag(&files, &page(name), tag_name);
        assert_eq!(found.as_deref(), expected, "{tag_name} of {name}");
    };
    let shown = |name: &str, file: &str, width: &str, height: &str| {
        let path = format!("2025/02/{name}/{file}");
        is(name, "og:image", Some(&format!("{base}{path}")));
        is(name, "og:image:width", Some(width));
        is(name, "og:image:height", Some(height));
        is(name, "og:image:alt", Some("A hall"));
        let real = imagesize::blob_size(&files[&path]).expect("a picture");
        assert_eq!(
            (real.width.to_string(), real.height.to_string()),
            (width.to_owned(), height.to_owned())
        );
        let data = format!(r#""image":["{base}{path}"]"#);
        assert!(
            String::from_utf8_lossy(&files[&page(name)]).contains(&data),
            "{data}"
        );
    };
    shown("01/drawing", "hall.png", "500", "251");
    shown("05/photograph", "hall-jpg-320.jpg", "320", "161");
    is("03/elsewhere", "og:image", Some("https://a.example/x.jpg"));
    is("03/elsewhere", "og:image:width", None);
    is("04/hidden", "og:image", None);
}

#[test]
fn a_site_may_bring_its_own_card() {
    let files = build(&[
        ("brief.yaml", SETTINGS.as_bytes()),
        ("static/card.png", &picture(1000, 500)),
    ]);
    assert_eq!(files["card.png"], picture(1000, 500));
    assert_eq!(
        tag(&files, "index.html", "og:image:width").as_deref(),
        Some("1000")
    );
}

fn text(headline: &str) -> CardText {
    CardText {
        site: "The Morning Wire".to_owned(),
        date: "21 January 2025".to_owned(),
        kicker: "Data centres".to_owned(),
        headline: headline.to_owned(),
        companies: vec![
            ("Oracle".to_owned(), "ORCL".to_owned()),
            ("Acme".to_owned(), String::new()),
        ],
        note: String::new(),
        accent: Colour::new(0x8c, 0x1d, 0x18),
    }
}

/// The pixels of a card, one colour a byte.
fn pixels(card: &[u8]) -> Vec<u8> {
    let mut reader = Decoder::new(std::io::Cursor::new(card))
        .read_info()
        .expect("a PNG");
    let mut packed = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut packed).expect("a picture");
    packed.iter().flat_map(|two| [two >> 4, two & 15]).collect()
}

/// What is not paper between two heights of a card.
fn drawn_between(card: &[u8], top: usize, bottom: usize) -> usize {
    let pixels = pixels(card);
    pixels[1200 * top..1200 * bottom]
        .iter()
        .filter(|colour| **colour != 0)
        .count()
}

#[test]
fn any_headline_can_be_drawn() {
    let long = "Why it never ends ".repeat(600);
    let word = "x".repeat(10_000);
    let hostile = "</script> \"quoted\" ]]> & \u{0}\u{7}\u{202e}\u{feff} 🚀🔥 ';--";
    for headline in [
        "",
        " ",
        "🚀",
        &long,
        &word,
        hostile,
        "Ελληνικά Яндекс żółć Đặng",
        "e\u{301}le\u{300}ve",
        "…",
    ] {
        let card = draw(&text(headline)).expect("a card");
        let short: String = headline.chars().take(40).collect();
        assert!(card.len() < 60_000, "{} bytes of {short}", card.len());
        assert_eq!(size(&card), (1200, 630));
        // Nothing runs over the lines below and beside it, and something is always said.
        assert_eq!(drawn_between(&card, 520, 534), 0, "{short}");
        assert!(drawn_between(&card, 150, 520) > 50, "{short}");
        let pixels = pixels(&card);
        let rows = pixels.chunks_exact(1200).skip(20);
        assert!(
            rows.into_iter()
                .all(|row| row[..60].iter().chain(&row[1140..]).all(|colour| *colour == 0))
        );
    }
}

/// A text without some of its letters says something else.
#[test]
fn a_headline_that_the_fonts_cannot_write_gives_way_to_the_name_of_the_site() {
    let cannot = draw(&text("OpenAI とソフトバンク")).expect("a card");
    assert_eq!(cannot, draw(&text("שלום")).expect("a card"));
    assert_ne!(cannot, draw(&text("OpenAI")).expect("a card"));
    let nobody = CardText {
        site: "今日".to_owned(),
        ..text("明日")
    };
    assert_eq!(drawn_between(&draw(&nobody).expect("a card"), 150, 520), 0);
    // Signs that are no letters are left out, and the rest is still the headline.
    assert_eq!(
        draw(&text("Up 🚀 to the moon\u{200d}")).expect("a card"),
        draw(&text("Up to the moon")).expect("a card")
    );
    // Letters are the same however they are put together.
    assert_eq!(
        draw(&text("E\u{301}lan")).expect("a card"),
        draw(&text("Élan")).expect("a card")
    );
}

/// A site on the disk with three articles.
fn site(folder: &Path) {
    write(&folder.join("brief.yaml"), SETTINGS);
    write(&folder.join("content/companies.yaml"), COMPANIES);
    for (day, title) in [(1, "Oracle grows"), (2, "Acme shrinks"), (3, "Nobody moves")] {
        let path = folder.join(format!("content/articles/2025-02-0{day}-a{day}.md"));
        write(
            &path,
            article(title, if day == 1 { "companies: [Oracle]\n" } else { "" }),
        );
    }
}

fn run(folder: &Path, output: &str, threads: &str) -> BTreeMap<String, Vec<u8>> {
    let built = brief(folder)
        .args(["build", "--output", output])
        .env("SOURCE_DATE_EPOCH", "1740830400")
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .expect("a run");
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    support::tree(&folder.join(output))
}

/// The entries for cards in the folder where pictures are kept.
fn kept(folder: &Path) -> Vec<(String, std::time::SystemTime)> {
    let entries = fs::read_dir(folder.join(".brief/images")).expect("a folder");
    let mut kept: Vec<(String, std::time::SystemTime)> = entries
        .map(|entry| {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            (
                name,
                entry.metadata().expect("a file").modified().expect("a time"),
            )
        })
        .collect();
    kept.sort();
    kept
}

#[test]
fn the_number_of_threads_and_the_run_do_not_matter() {
    let folder = tempfile::tempdir().expect("a folder");
    site(folder.path());
    let one = run(folder.path(), "one", "1");
    let cards = cards(&one).len();
    assert!(cards > 8, "{cards} cards");
    fs::remove_dir_all(folder.path().join(".brief")).expect("nothing is known any more");
    assert_eq!(one, run(folder.path(), "four", "4"));
}

#[test]
fn a_new_headline_draws_its_card_and_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    site(folder);
    let settings = format!("{SETTINGS}editions: {{daily: off, weekly: off}}\n");
    write(&folder.join("brief.yaml"), settings);
    let before = run(folder, "public", "2");
    let drawn = kept(folder);
    assert_eq!(drawn.len(), cards(&before).len());
    write(
        &folder.join("content/articles/2025-02-01-a1.md"),
        article("Oracle stalls", "companies: [Oracle]\n"),
    );
    let after = run(folder, "public", "2");
    let changed: Vec<&String> = cards(&after)
        .into_iter()
        .filter_map(|card| after.get_key_value(card))
        .filter(|(card, bytes)| before.get(*card) != Some(*bytes))
        .map(|(card, _)| card)
        .collect();
    assert_eq!(changed, ["cards/2025/02/01/a1.png"]);
    let new: Vec<_> = kept(folder)
        .into_iter()
        .filter(|entry| !drawn.contains(entry))
        .collect();
    assert_eq!(new.len(), 1, "{new:?}");
    // The one that is no longer used is gone, and a body tells a card nothing.
    assert_eq!(kept(folder).len(), drawn.len());
    write(
        &folder.join("content/articles/2025-02-01-a1.md"),
        article("Oracle stalls", "companies: [Oracle]\n").replace("Text", "Other words"),
    );
    let drawn = kept(folder);
    run(folder, "public", "2");
    assert_eq!(kept(folder), drawn);
}

/// A new article makes an old one lose its card, and all builds agree on that.
#[test]
fn cards_follow_the_newest_articles() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    site(folder);
    write(&folder.join("brief.yaml"), format!("{SETTINGS}cards: 3\n"));
    let before = run(folder, "public", "2");
    assert!(before.contains_key("cards/2025/02/01/a1.png"));
    write(
        &folder.join("content/articles/2025-02-04-a4.md"),
        article("Zeta appears", ""),
    );
    let after = run(folder, "public", "2");
    assert!(!after.contains_key("cards/2025/02/01/a1.png"));
    assert!(after.contains_key("cards/2025/02/04/a4.png"));
    assert_eq!(
        tag(&after, "2025/02/01/a1/index.html", "og:image").as_deref(),
        Some("https://example.org/news/card.png")
    );
    assert_eq!(after, run(folder, "clean", "2"));
}

/// What only the register knows of a company stands in the data of its articles, and moves with it.
#[test]
fn a_new_website_reaches_the_articles_of_its_company() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    site(folder);
    let register = |website: &str| {
        let companies =
            format!("companies: [{{name: Oracle, website: 'https://{website}/'}}, {{name: Acme}}]\n");
        write(&folder.join("content/companies.yaml"), companies);
    };
    register("old.example");
    let page = |files: &BTreeMap<String, Vec<u8>>| {
        String::from_utf8_lossy(&files["2025/02/01/a1/index.html"]).into_owned()
    };
    let before = run(folder, "public", "2");
    assert!(page(&before).contains(r#""sameAs":["https://old.example/"]"#));
    register("new.example");
    let after = run(folder, "public", "2");
    assert!(page(&after).contains(r#""sameAs":["https://new.example/"]"#));
    assert_eq!(after, run(folder, "clean", "2"));
}
