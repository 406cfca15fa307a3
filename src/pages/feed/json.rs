//! JSON Feed.
//!
//! Source: JSON Feed, version 1.1.

use serde_json::{Map, Value, json};

use super::Feed;
use super::items::{Author, Item};

/// Writes a feed.
pub fn write(feed: &Feed<'_>) -> Vec<u8> {
    let [.., own] = &feed.own;
    let config = &feed.site.config;
    let mut whole = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": own,
        "description": feed.description,
        "language": config.language,
        "authors": [{ "name": config.title }],
        "items": feed.items.iter().map(item).collect::<Vec<Value>>(),
    });
    if !config.feeds.hubs.is_empty() {
        let hub = |hub: &String| json!({ "type": "WebSub", "url": hub });
        whole["hubs"] = config.feeds.hubs.iter().map(hub).collect::<Vec<Value>>().into();
    }
    // Texts, lists and maps with texts for keys: all of that is JSON.
    let mut bytes = serde_json::to_vec_pretty(&whole).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn item(item: &Item) -> Value {
    let mut out = Map::new();
    let mut set = |key: &str, value: Value| {
        let is_empty = match &value {
            Value::Null => true,
            Value::Array(list) => list.is_empty(),
            Value::String(text) => text.is_empty(),
            _ => false,
        };
        if !is_empty {
            out.insert(key.to_owned(), value);
        }
    };
    let updated = Some(&item.updated).filter(|updated| updated.instant > item.date.instant);
    set("id", json!(item.id));
    set("url", json!(item.link));
    set("external_url", json!(item.source.as_ref().map(|(_, url)| url)));
    set("title", json!(item.title));
    // One of the two there must be.
    match &item.content {
        Some(content) => set("content_html", json!(content)),
        None => set("content_text", json!(item.description)),
    }
    set("summary", json!(item.description));
    set("image", json!(item.image.as_ref().map(|image| &image.url)));
    set("date_published", json!(item.date.rfc3339()));
    set("date_modified", json!(updated.map(|updated| updated.rfc3339())));
    set(
        "authors",
        item.authors.iter().map(author).collect::<Vec<Value>>().into(),
    );
    set("tags", json!(item.categories));
    set("language", json!(item.language));
    Value::Object(out)
}

fn author(author: &Author) -> Value {
    match &author.url {
        Some(url) => json!({ "name": author.name, "url": url }),
        None => json!({ "name": author.name }),
    }
}
