//! Saved pages and feeds: `tests/pages/NAME/` holds one, in the structure of a real kind of site with a text of our own,
//! and `expected.md` what is read out of it, or why nothing is. `sentences.txt` holds sentences of its article, written
//! by hand, each of which must come over as it stands there.
//!
//! `BRIEF_ACCEPT=1` writes expected.md anew; the sentences stay.

#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

mod support;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use brief::commands::import::clip::Clip;
use brief::commands::import::foreign::post::Contents;
use brief::commands::import::{feed, page};
use proptest::prelude::*;
use support::{accepting, difference, repository};

/// Names of the file of a page or a feed.
const SOURCES: [&str; 4] = ["page.html", "page.mhtml", "feed.xml", "feed.json"];

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(repository().join("tests/pages"))
        .expect("tests/pages")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    folders.sort();
    folders
}

fn source(folder: &Path) -> PathBuf {
    let mut files = SOURCES.iter().map(|name| folder.join(name));
    files.find(|file| file.is_file()).expect("a page or a feed")
}

fn read(file: &Path) -> Result<Vec<Clip>, String> {
    let bytes = fs::read(file).expect("a file");
    assert_ne!(feed::is_feed(&bytes), page::is_page(&bytes), "{}", file.display());
    match feed::is_feed(&bytes) {
        true => feed::read(&bytes),
        // The folder of the page is no part of what is told.
        false => page::read(&bytes, file).map(|clip| vec![clip]),
    }
}

/// Everything in clips, in a form that people read.
fn dump(read: &Result<Vec<Clip>, String>, folder: &Path) -> String {
    let own = format!("{}/", folder.display());
    let text = match read {
        Err(error) => format!("error: {error}\n"),
        Ok(clips) => clips.iter().map(|clip| dump_clip(clip, &own)).collect(),
    };
    text.replace(&own, "")
}

fn dump_clip(clip: &Clip, own: &str) -> String {
    let mut out = format!("# {}\n\n", clip.title);
    let mut line = |key: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            writeln!(out, "- {key}: {value}").expect("a line");
        }
    };
    line("origin", Some(&clip.origin));
    line("summary", clip.summary.as_deref());
    line("date", clip.date.as_deref());
    line("updated", clip.updated.as_deref());
    line("authors", Some(&clip.authors.join("; ")));
    line("topics", Some(&clip.topics.join("; ")));
    line("language", clip.language.as_deref());
    line("source", clip.source.name.as_deref());
    line("source url", clip.source.url.as_deref());
    if let Some(image) = &clip.image {
        line("image", Some(&image.src));
        line("image alt", image.alt.as_deref());
        line("image caption", image.caption.as_deref());
        line("image credit", image.credit.as_deref());
    }
    for attachment in &clip.attachments {
        let Contents::File(file) = &attachment.from else {
            panic!("a picture is a file");
        };
        let file = file.display().to_string();
        line(
            "attachment",
            Some(&format!(
                "{} from {}",
                attachment.to,
                file.trim_start_matches(own)
            )),
        );
    }
    for note in &clip.notes {
        let detail = if note.detail.is_empty() {
            String::new()
        } else {
            format!(" ({})", note.detail)
        };
        line("note", Some(&format!("{}{detail}: {}", note.what, note.became)));
    }
    for (kind, count) in &clip.left_out {
        line("left out", Some(&format!("{count} {kind}")));
    }
    format!("{out}\n{}\n\n", clip.body)
}

#[test]
fn pages_and_feeds_give_what_is_expected() {
    let mut problems = Vec::new();
    for folder in folders() {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let found = dump(&read(&source(&folder)), &folder);
        let file = folder.join("expected.md");
        if accepting() {
            fs::write(&file, &found).expect("a file");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if expected != found {
            problems.push(format!("{name}: {}", difference(&expected, &found)));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn not_a_sentence_of_an_article_is_lost() {
    let mut missing = Vec::new();
    for folder in folders() {
        let Ok(sentences) = fs::read_to_string(folder.join("sentences.txt")) else {
            continue;
        };
        let clips = read(&source(&folder)).expect("an article");
        let body = clips
            .iter()
            .map(|clip| clip.body.as_str())
            .collect::<Vec<_>>()
            .join("\n");
        let body = body.replace('\u{a0}', " ");
        for sentence in sentences.lines().filter(|line| !body.contains(line)) {
            missing.push(format!("{}: {sentence}", folder.display()));
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn pages_that_came_over_come_over_again_as_they_are() {
    for folder in folders() {
        let file = source(&folder);
        assert_eq!(read(&file), read(&file), "{}", folder.display());
    }
}

/// Pieces of pages, put together at random.
fn pieces() -> impl Strategy<Value = Vec<&'static str>> {
    let pieces = vec![
        "<p>",
        "</p>",
        "<div class='content'>",
        "</div>",
        "<b>",
        "</b>",
        "<table>",
        "<tr>",
        "<td rowspan=3>",
        "</table>",
        "<ul>",
        "<li>",
        "</ul>",
        "<h1>Head</h1>",
        "<h2>",
        "</h2>",
        "<a href='/x?utm_source=y'>",
        "</a>",
        "<img src=a.jpg alt=x>",
        "<figure>",
        "<figcaption>",
        "</figure>",
        "The plant in the north will open in May, the company said. ",
        "More: ",
        "By Jane Doe",
        "<blockquote>",
        "</blockquote>",
        "<pre>",
        "</pre>",
        "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Head\",}</script>",
        "<nav>",
        "</nav>",
        "<br>",
        "<br>",
        "<sup>1</sup>",
        "<noscript><img src=b.jpg></noscript>",
        "<aside class='related'>",
        "</aside>",
        "<form>",
        "</form>",
        "&amp;",
        "&#0;",
        "<!--",
        "-->",
        "<title>",
        "</title>",
        "<svg>",
        "<math>",
        "<template>",
        "</template>",
        "<select>",
        "<font>",
        "<center>",
        "<dl><dt>",
        "<dd>",
        "<picture>",
        "<source srcset='c.jpg 2x'>",
        "<q>",
        "<video src=v.mp4>",
        "<iframe src='https://www.youtube.com/embed/a'></iframe>",
        "\0",
        "<",
        ">",
        "\"",
        "é",
        "  \n",
        "<time datetime=2025-01-21>",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_page_ends_in_a_panic(pieces in pieces()) {
        let html = pieces.concat();
        if let Ok(clip) = page::read(html.as_bytes(), Path::new("page.html")) {
            prop_assert!(!clip.body.is_empty());
            prop_assert!(!clip.title.contains('\n'));
            prop_assert!(!clip.body.contains("utm_source=y)"));
        }
        let entry = format!("<rss><channel><item><title>a</title><description><![CDATA[{}]]></description></item></channel></rss>", html.replace("]]>", ""));
        if let Ok(clips) = feed::read(entry.as_bytes()) {
            prop_assert_eq!(clips.len(), 1);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), start in prop::sample::select(vec!["", "<html>", "<rss>", "From: x\nContent-Type: multipart/related; boundary=a\n\n--a\n", "{\"version\": \"https://jsonfeed.org/version/1\","])) {
        let bytes = [start.as_bytes(), &bytes].concat();
        let _ = (page::is_page(&bytes), feed::is_feed(&bytes));
        let _ = (page::read(&bytes, Path::new("page.html")), feed::read(&bytes));
    }
}
