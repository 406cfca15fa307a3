//! RSS 2.0.
//!
//! Source: the RSS 2.0 specification, the RSS Advisory Board's best practices for `guid`, `dc:creator` and
//! `content:encoded`, and Media RSS for pictures: an enclosure would have to tell the length of a file.

use super::items::Item;
use super::{Feed, Xml};

/// Writes a feed.
pub fn write(feed: &Feed<'_>) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.style_sheet(feed.site);
    xml.open(
        "rss",
        &[
            ("version", "2.0"),
            ("xmlns:atom", "http://www.w3.org/2005/Atom"),
            ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("xmlns:media", "http://search.yahoo.com/mrss/"),
        ],
    );
    xml.open("channel", &[]);
    xml.text("title", &feed.title);
    xml.text("link", &feed.page);
    xml.text("description", &feed.description);
    xml.text("language", &feed.site.config.language);
    // The newest entry, not the clock: a feed changes when its content does.
    if let Some(newest) = feed
        .items
        .iter()
        .map(|item| item.date)
        .max_by_key(|date| date.instant)
    {
        xml.text("lastBuildDate", &newest.rfc822());
    }
    let [own, ..] = &feed.own;
    let own = [
        ("href", own.as_str()),
        ("rel", "self"),
        ("type", "application/rss+xml"),
    ];
    xml.empty("atom:link", &own);
    // Source: WebSub, section 4.
    for hub in &feed.site.config.feeds.hubs {
        xml.empty("atom:link", &[("href", hub), ("rel", "hub")]);
    }
    for item in &feed.items {
        write_item(&mut xml, item);
    }
    xml.close("channel");
    xml.close("rss");
    xml.finish()
}

fn write_item(xml: &mut Xml, item: &Item) {
    xml.open("item", &[]);
    xml.text("title", &item.title);
    xml.text("link", &item.link);
    xml.element("guid", &[("isPermaLink", "false")], &item.id);
    xml.text("pubDate", &item.date.rfc822());
    if item.updated.instant > item.date.instant {
        xml.text("atom:updated", &item.updated.rfc3339());
    }
    for author in &item.authors {
        xml.text("dc:creator", &author.name);
    }
    for category in &item.categories {
        xml.text("category", category);
    }
    if let Some(language) = &item.language {
        xml.text("dc:language", language);
    }
    if !item.description.is_empty() {
        xml.text("description", &item.description);
    }
    if let Some(content) = &item.content {
        xml.text("content:encoded", content);
    }
    if let Some((name, url)) = &item.source {
        xml.element("source", &[("url", url)], name);
    }
    if let Some(image) = &item.image {
        let mut attributes = vec![("url", image.url.as_str()), ("medium", "image")];
        attributes.extend(image.kind.map(|kind| ("type", kind)));
        xml.empty("media:content", &attributes);
    }
    xml.close("item");
}
