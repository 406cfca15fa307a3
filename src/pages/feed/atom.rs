//! Atom.
//!
//! Source: RFC 4287.

use super::items::Item;
use super::{Feed, Xml};

/// When a feed without entries was changed last: it never was.
const NEVER: &str = "1970-01-01T00:00:00Z";

/// Writes a feed.
pub fn write(feed: &Feed<'_>) -> Vec<u8> {
    let language = &feed.site.config.language;
    let mut xml = Xml::new();
    xml.style_sheet(feed.site);
    let root = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", language)];
    xml.open("feed", &root);
    xml.text("id", &feed.page);
    xml.text("title", &feed.title);
    if feed.description != feed.title {
        xml.text("subtitle", &feed.description);
    }
    let newest = feed
        .items
        .iter()
        .map(|item| item.updated)
        .max_by_key(|date| date.instant);
    xml.text("updated", &newest.map_or(NEVER.to_owned(), |date| date.rfc3339()));
    let [_, own, _] = &feed.own;
    xml.empty(
        "link",
        &[("rel", "self"), ("type", "application/atom+xml"), ("href", own)],
    );
    xml.empty(
        "link",
        &[("rel", "alternate"), ("type", "text/html"), ("href", &feed.page)],
    );
    // Source: WebSub, section 4.
    for hub in &feed.site.config.feeds.hubs {
        xml.empty("link", &[("rel", "hub"), ("href", hub)]);
    }
    // Whoever has no byline: an entry without an author needs the feed's.
    xml.open("author", &[]);
    xml.text("name", &feed.site.config.title);
    xml.close("author");
    for item in &feed.items {
        write_entry(&mut xml, item, language);
    }
    xml.close("feed");
    xml.finish()
}

fn write_entry(xml: &mut Xml, item: &Item, language: &str) {
    let own = item.language.as_deref().unwrap_or(language);
    if own == language {
        xml.open("entry", &[]);
    } else {
        xml.open("entry", &[("xml:lang", own)]);
    }
    xml.text("id", &item.id);
    xml.text("title", &item.title);
    xml.empty(
        "link",
        &[("rel", "alternate"), ("type", "text/html"), ("href", &item.link)],
    );
    if let Some((name, url)) = &item.source {
        xml.empty("link", &[("rel", "via"), ("href", url), ("title", name)]);
    }
    if let Some(image) = &item.image {
        let mut attributes = vec![("rel", "enclosure"), ("href", image.url.as_str())];
        attributes.extend(image.kind.map(|kind| ("type", kind)));
        xml.empty("link", &attributes);
    }
    xml.text("published", &item.date.rfc3339());
    xml.text("updated", &item.updated.rfc3339());
    for author in &item.authors {
        xml.open("author", &[]);
        xml.text("name", &author.name);
        if let Some(url) = &author.url {
            xml.text("uri", url);
        }
        xml.close("author");
    }
    for category in &item.categories {
        xml.empty("category", &[("term", category)]);
    }
    if !item.description.is_empty() {
        xml.text("summary", &item.description);
    }
    if let Some(content) = &item.content {
        xml.element("content", &[("type", "html")], content);
    }
    xml.close("entry");
}
