//! Whole feeds are in tests/pages; here are their rare forms, broken ones, and what no feed should do to a reader.

use super::*;

fn check(feed: &str, told: impl Fn(&Clip) -> String, expected: &[&str]) {
    let clips = read(feed.as_bytes()).expect(feed);
    let told: Vec<String> = clips.iter().map(told).collect();
    assert_eq!(told, expected, "{feed}");
}

fn rss(items: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>Wire</title><link>https://a.example/</link>{items}</channel></rss>"
    )
}

#[test]
fn feeds_are_told_from_other_files() {
    for feed in [
        "<rss/>",
        "<?xml version=\"1.0\"?>\n<!-- a --><feed xmlns=\"http://www.w3.org/2005/Atom\">",
        "<rdf:RDF xmlns:rdf=\"x\">",
        "{\"version\": \"https://jsonfeed.org/version/1.1\"}",
        "\u{feff}<rss>",
    ] {
        assert!(is_feed(feed.as_bytes()), "{feed}");
    }
    for other in ["", "<html>", "{\"a\": 1}", "a < b", "<", "<urlset>"] {
        assert!(!is_feed(other.as_bytes()), "{other}");
    }
}

#[test]
fn ids_tell_entries_apart_and_links_lead_to_them() {
    let told = |clip: &Clip| {
        format!(
            "{} {:?}",
            clip.origin,
            clip.source.url.as_deref().unwrap_or_default()
        )
    };
    check(
        &rss(
            "<item><title>a</title><guid isPermaLink=\"false\">17</guid><link>/x?utm_source=rss</link></item>\
              <item><title>b</title><guid>https://a.example/b</guid></item><item><title>c</title><link>https://a.example/c</link></item>",
        ),
        told,
        &[
            "https://a.example/#17 \"https://a.example/x\"",
            "https://a.example/b \"https://a.example/b\"",
            "https://a.example/c \"https://a.example/c\"",
        ],
    );
}

#[test]
fn dates_keep_their_offset() {
    let told = |clip: &Clip| {
        format!(
            "{:?} {:?} {}",
            clip.date,
            clip.updated,
            clip.notes
                .iter()
                .filter(|note| note.what.starts_with("date"))
                .count()
        )
    };
    check(
        &rss(
            "<item><title>a</title><pubDate>Tue, 21 Jan 2025 09:30:00 -0500</pubDate></item><item><title>b</title><pubDate>03/04/2025</pubDate></item>",
        ),
        told,
        &["Some(\"2025-01-21T09:30:00-05:00\") None 0", "None None 1"],
    );
    check(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>a</title><updated>2025-01-22T10:00:00Z</updated><published>2025-01-21T10:00:00+01:00</published></entry>\
         <entry><title>b</title><updated>2025-01-22T10:00:00Z</updated></entry></feed>",
        told,
        &[
            "Some(\"2025-01-21T10:00:00+01:00\") Some(\"2025-01-22T10:00:00Z\") 0",
            "Some(\"2025-01-22T10:00:00Z\") None 0",
        ],
    );
}

#[test]
fn texts_are_read_in_all_their_escapes() {
    let told = |clip: &Clip| format!("{} | {}", clip.title, clip.body);
    check(
        &rss(
            "<item><title>A &amp;amp; B&#8217;s</title><description>&lt;p&gt;One &amp;amp; two&lt;/p&gt;</description></item>\
              <item><title><![CDATA[C & D]]></title><description><![CDATA[<p>One</p>]]> </description></item>\
              <item><title>E&nbsp;F</title><description>plain\n\ntext</description></item>",
        ),
        told,
        &["A & B’s | One & two", "C & D | One", "E F | plain\n\ntext"],
    );
    check(
        "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\" xml:base=\"https://a.example/n/\"><a:entry><a:title type=\"text\">1 &lt; 2</a:title>\
         <a:content type=\"xhtml\"><h:div xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:p>See <h:a href=\"x\">this</h:a> &amp; that</h:p></h:div></a:content></a:entry></a:feed>",
        told,
        &["1 < 2 | See [this](https://a.example/n/x) & that"],
    );
}

#[test]
fn entries_before_a_break_are_not_lost() {
    let broken = rss("<item><title>a</title></item><item><title>b</title></item>")
        .replace("<title>b", "<title>b & <c");
    let clips = read(broken.as_bytes()).expect("the first entry");
    assert_eq!(clips.len(), 1);
    assert!(
        clips[0]
            .notes
            .iter()
            .any(|note| note.what == "broken feed" && note.detail.starts_with("feed:1:")),
        "{:?}",
        clips[0].notes
    );
    let cut = rss("<item><title>a</title></item><item><title>b").replace("</channel></rss>", "");
    assert_eq!(read(cut.as_bytes()).map(|clips| clips.len()), Ok(1));
    let none = read(b"<rss><channel><item><title>a</rss>").expect_err("nothing in it");
    assert!(none.starts_with("feed:1:"), "{none}");
    assert!(
        read(b"<html></html>").is_err() && read(b"").is_err() && read(b"{").is_err() && read(b"{}").is_err()
    );
}

#[test]
fn hostile_feeds_are_read_or_refused_in_bounded_time() {
    let deep = "<a>".repeat(100_000);
    let feeds = [
        rss(&format!("<item><title>a</title>{deep}</item>")),
        rss(&format!(
            "<item><description><![CDATA[{}x]]></description></item>",
            "<div>".repeat(50_000)
        )),
        rss(&format!(
            "<item><title>{}</title></item>",
            "&amp;".repeat(200_000)
        )),
        format!("<rss><channel>{deep}"),
        format!(
            "<!DOCTYPE x [<!ENTITY a \"{}\"><!ENTITY b \"&a;&a;&a;\">]>{}",
            "x".repeat(1000),
            rss("<item><title>&b;&b;</title></item>")
        ),
        format!(
            "{{\"version\": \"https://jsonfeed.org/version/1\", \"items\": {}",
            "[".repeat(100_000)
        ),
        rss(&format!(
            "<item {}><title>a</title></item>",
            (0..50_000).map(|n| format!(" a{n}=\"\"")).collect::<String>()
        )),
        rss(&"<item/>".repeat(1000)),
        rss("<item><title>a\0\u{1}</title></item>"),
    ];
    for feed in feeds {
        let _ = read(feed.as_bytes());
    }
}

#[test]
fn ten_thousand_entries_come_in_their_order() {
    let items: String = (0..10_000)
        .map(|n| format!("<item><guid>https://a.example/{n}</guid><title>Entry {n}</title><description>&lt;p&gt;Text &lt;b&gt;{n}&lt;/b&gt;.&lt;/p&gt;</description></item>"))
        .collect();
    let clips = read(rss(&items).as_bytes()).expect("a feed");
    assert_eq!(clips.len(), 10_000);
    assert!(
        clips
            .iter()
            .enumerate()
            .all(|(n, clip)| clip.title == format!("Entry {n}") && clip.body == format!("Text **{n}**."))
    );
}
