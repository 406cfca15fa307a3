//! JSON Feed, versions 1 and 1.1.
//!
//! Source: <https://www.jsonfeed.org/version/1.1/>.

use serde_json::{Map, Value};

use super::Desk;
use super::entry::{Channel, Enclosure, Entry, Text};
use super::xml::kind_of;
use crate::commands::import::foreign::post::Picture;

/// Reads a feed, entry by entry. The error is in words, with line and column.
pub fn read(text: &str, desk: &mut Desk<'_>) -> Result<Option<String>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        format!(
            "feed:{}:{}: this is no JSON from here on\nhelp: save the feed once more; it may have been cut",
            error.line(),
            error.column().max(1)
        )
    })?;
    let Some(feed) = value.as_object() else {
        return Err("this is JSON and no feed".to_owned());
    };
    let channel = Channel {
        title: text_of(feed, "title"),
        link: text_of(feed, "home_page_url").or_else(|| text_of(feed, "feed_url")),
        language: text_of(feed, "language"),
        authors: authors(feed),
    };
    for item in feed.get("items").and_then(Value::as_array).into_iter().flatten() {
        if let Some(item) = item.as_object() {
            desk.take(entry(item), &channel)?;
        }
    }
    Ok(None)
}

fn entry(item: &Map<String, Value>) -> Entry {
    let html = |key: &str, is_plain: bool| {
        text_of(item, key).map(|text| Text {
            text,
            is_plain,
            base: None,
        })
    };
    let link = text_of(item, "external_url").or_else(|| text_of(item, "url"));
    let image = text_of(item, "image").or_else(|| text_of(item, "banner_image"));
    let files = item.get("attachments").and_then(Value::as_array);
    let enclosures = files.into_iter().flatten().filter_map(|file| {
        let file = file.as_object()?;
        let kind = kind_of(&text_of(file, "mime_type")?);
        (kind != "image").then_some(Enclosure {
            url: text_of(file, "url")?,
            kind,
        })
    });
    let tags = item.get("tags").and_then(Value::as_array);
    Entry {
        id: text_of(item, "id"),
        link,
        title: html("title", true),
        content: html("content_html", false).or_else(|| html("content_text", true)),
        summary: html("summary", true),
        published: text_of(item, "date_published"),
        updated: text_of(item, "date_modified"),
        authors: authors(item),
        topics: tags
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        language: text_of(item, "language"),
        source: None,
        image: image.map(|src| Picture {
            src,
            ..Picture::default()
        }),
        enclosures: enclosures.collect(),
    }
}

/// Version 1 has one author, 1.1 a list.
fn authors(object: &Map<String, Value>) -> Vec<String> {
    let list = object.get("authors").and_then(Value::as_array);
    let one = object.get("author");
    let all = list.into_iter().flatten().chain(one);
    all.filter_map(|author| text_of(author.as_object()?, "name"))
        .collect()
}

fn text_of(object: &Map<String, Value>, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        // Ids are numbers sometimes.
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
