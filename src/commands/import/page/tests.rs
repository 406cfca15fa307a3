//! Whole pages are in tests/pages; here is what no page should do to a reader.

use super::*;

fn read_text(html: &str) -> Result<Clip, String> {
    read(html.as_bytes(), Path::new("page.html"))
}

const SENTENCE: &str = "The plant in the north will open in May, the company said, after two years of delays and four hundred letters. ";

#[test]
fn pages_are_told_from_other_files() {
    for page in [
        "<!DOCTYPE html><p>",
        " <!-- a --><HTML>",
        "<p>a</p>",
        "\u{feff}<html>",
        "<?xml version=\"1.0\"?><!DOCTYPE html><html>",
    ] {
        assert!(is_page(page.as_bytes()), "{page}");
    }
    assert!(is_page(b"\xff\xfe<\0h\0t\0m\0l\0>\0"));
    for other in [
        "",
        "Plain text <p>",
        "<?xml version=\"1.0\"?><rss><channel>",
        "<rss>",
        "{\"a\": 1}",
        "<pre-release> notes",
        "From: me\n\nhello",
    ] {
        assert!(!is_page(other.as_bytes()), "{other}");
    }
}

#[test]
fn a_fragment_is_an_article_with_what_it_says() {
    let clip = read_text(&format!("<h1>Plant opens</h1><p>{SENTENCE}</p><p>{SENTENCE}</p>")).expect("a clip");
    assert_eq!(clip.title, "Plant opens");
    assert_eq!(clip.body, format!("{}\n\n{}", SENTENCE.trim(), SENTENCE.trim()));
    assert_eq!(
        (clip.date, clip.origin.as_str(), clip.source.url),
        (None, "", None)
    );
}

#[test]
fn pages_without_an_article_say_why() {
    let error = |html: &str| read_text(html).expect_err(html);
    assert!(error("").starts_with("no article was found in `page.html`"));
    assert!(error("<html><div id=root></div><script src=app.js></script>").contains("scripts fetch it"));
    assert!(
        error("<form><input type=password></form><p>Sign in to read.</p>").contains("asks for a password")
    );
    let links = "<li><a href=/a>The plant in the north will open in May, it is said.</a>".repeat(30);
    assert!(error(&format!("<ul>{links}</ul>")).contains("leads to articles"));
}

#[test]
fn hostile_pages_are_read_or_refused_in_bounded_time() {
    let text = SENTENCE.repeat(3);
    let open = |tag: &str| tag.repeat(100_000);
    let pages = [
        format!("{}<p>{text}</p>", open("<div>")),
        format!("{}<p>{text}</p>", open("<b><p>")),
        format!("{}<p>{text}</p>", open("<table><tr><td>")),
        format!("{}<p>{text}</p>", open("<a href=x><i id=y>")),
        format!("<p>{text}</p>{}", open("</div></p>")),
        format!("<p {}>{text}</p>", open("a=b ")),
        format!("<p>{text}{}</p>", open("&amp;&#0;&#x110000;&nosuch;")),
        format!("<p>{text}\0\u{1}\u{202e}</p>"),
        format!("<p>{text}</p><script>{}", open("{\"a\":")),
        format!(
            "<script type=application/ld+json>{}</script><p>{text}</p>",
            open("[")
        ),
        format!("<p title=\"{}\">{text}</p>", "x".repeat(5_000_000)),
        format!("<div class=\"{}\"><p>{text}</p></div>", open("share ")),
        format!("<svg><style><p>{text}</p>{}", open("<math><mtext>")),
        format!("{}{text}", open("<ul><li>")),
        format!("{}{text}", open("<blockquote>")),
        format!("<select>{}</select><p>{text}</p>", open("<option>a")),
        format!("<p>{text}</p>{}", open("<span></span>")),
        open("<p>a"),
        open("<"),
        open("<!--"),
    ];
    for page in pages {
        let _ = read_text(&page);
    }
}
