//! The keys that all of these generators share, under the names that each has for them.

use serde_json::Value;

use super::moment::{self, When};
use super::post::{Front, Note, Picture};
use super::value::{Keys, text_of, texts_of};
use crate::ground::date::Zone;
use crate::ground::text::{is_language_tag, one_line};

/// What the head of a file says, in brief's form.
#[derive(Clone, Debug, Default)]
pub struct Common {
    /// The front matter.
    pub front: Front,
    /// The date.
    pub when: Option<When>,
    /// What became of values that could not be read.
    pub notes: Vec<Note>,
}

/// The names of a key, by generator or theme; the first that is there counts.
const UPDATED: [&str; 9] = [
    "updated",
    "lastmod",
    "last_modified_at",
    "last_modified",
    "modified",
    "updatedDate",
    "updated_at",
    "modDatetime",
    "lastUpdated",
];
const SUMMARIES: [&str; 5] = ["summary", "description", "excerpt", "subtitle", "lead"];
const PICTURES: [&str; 16] = [
    "image",
    "cover",
    "images",
    "featured_image",
    "featuredImage",
    "feature_image",
    "featureimage",
    "heroImage",
    "hero_image",
    "hero",
    "thumbnail",
    "thumb",
    "banner",
    "img",
    "ogImage",
    "header",
];
const EXPIRES: [&str; 4] = ["expiryDate", "unpublishdate", "expires", "expiry_date"];
const PUBLISHES: [&str; 4] = ["publishDate", "pubdate", "publish_date", "published_at"];

/// Takes the shared keys. Times without an offset are in `zone`; dates are looked for under `dates`.
pub fn take(keys: &mut Keys, file: &str, zone: &Zone, dates: &[&str]) -> Common {
    let mut common = Common::default();
    let Common { front, when, notes } = &mut common;
    front.title = keys
        .take_text(&["title"])
        .map(|title| one_line(&title))
        .unwrap_or_default();
    for name in dates {
        if when.is_none() {
            *when = take_moment(keys, name, file, zone, notes);
        }
    }
    let mut first_of = |names: &[&str], keys: &mut Keys| -> Option<String> {
        let mut first = None;
        for name in names {
            if first.is_none() {
                first = take_moment(keys, name, file, zone, notes).map(|when| when.text);
            }
        }
        first
    };
    front.updated = first_of(&UPDATED, keys);
    front.expires = first_of(&EXPIRES, keys);
    front.publish = first_of(&PUBLISHES, keys);
    front.summary = keys.take_text(&SUMMARIES);
    for name in ["authors", "author"] {
        for author in keys.take_texts(name) {
            push(&mut front.authors, author);
        }
    }
    for name in ["companies", "company"] {
        for company in keys.take_texts(name) {
            push(&mut front.companies, company);
        }
    }
    front.draft = keys.take_flag("draft").unwrap_or_default();
    if keys.take_flag("published") == Some(false) {
        front.draft = true;
        notes.push(Note::whole(file, "`published: false`", "a draft: `draft: true`"));
    }
    front.noindex = keys.take_flag("noindex").unwrap_or_default();
    if let Some(robots) = keys.get("robots").and_then(text_of)
        && robots.to_ascii_lowercase().contains("noindex")
    {
        keys.take("robots");
        front.noindex = true;
    }
    front.lang = keys
        .get("lang")
        .or_else(|| keys.get("language"))
        .and_then(text_of)
        .filter(|tag| is_language_tag(tag));
    if front.lang.is_some() {
        keys.take("lang");
        keys.take("language");
    }
    front.image = take_picture(keys);
    front.order = keys
        .get("weight")
        .or_else(|| keys.get("order"))
        .and_then(Value::as_i64)
        .filter(|order| (-10_000..=10_000).contains(order));
    front.source_url = keys
        .take_text(&["canonical", "canonical_url", "canonicalURL", "external_url"])
        .filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    common
}

fn take_moment(keys: &mut Keys, name: &str, file: &str, zone: &Zone, notes: &mut Vec<Note>) -> Option<When> {
    let value = keys.get(name)?;
    let read = moment::read(value, zone);
    if read.is_none() {
        let shown = text_of(value)?;
        // A key of that name with a yes or no in it is no date: Jekyll's `published`.
        if matches!(value, Value::Bool(_)) {
            return None;
        }
        notes.push(
            Note::whole(file, "date", "left out: it cannot be read as a date")
                .about(format!("{name}: {}", one_line(&shown))),
        );
    }
    keys.take(name);
    read
}

/// Texts in a list, each once.
pub fn push(list: &mut Vec<String>, text: String) {
    let text = one_line(&text);
    if !text.is_empty() && !list.contains(&text) {
        list.push(text);
    }
}

/// Whatever key the picture stands under, as themes name it.
fn take_picture(keys: &mut Keys) -> Option<Picture> {
    let name = PICTURES
        .into_iter()
        .find(|name| keys.get(name).is_some_and(|value| picture_of(value).is_some()))?;
    let mut picture = picture_of(&keys.take(name)?)?;
    let beside = |keys: &mut Keys, endings: [&str; 2]| {
        endings
            .iter()
            .find_map(|ending| keys.take_text(&[&format!("{name}{ending}"), &format!("{name}_{ending}")]))
    };
    picture.alt = picture.alt.or_else(|| beside(keys, ["alt", "Alt"]));
    picture.caption = picture.caption.or_else(|| beside(keys, ["caption", "Caption"]));
    Some(picture)
}

fn picture_of(value: &Value) -> Option<Picture> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(Picture {
            src: text.trim().to_owned(),
            ..Picture::default()
        }),
        Value::Array(list) => list.iter().find_map(picture_of),
        Value::Object(map) => {
            let text = |names: &[&str]| names.iter().find_map(|name| text_of(map.get(*name)?));
            Some(Picture {
                src: text(&[
                    "src",
                    "image",
                    "url",
                    "path",
                    "file",
                    "source",
                    "teaser",
                    "overlay_image",
                ])?,
                alt: text(&["alt", "image_alt"]),
                caption: text(&["caption", "title", "image_caption"]),
                credit: text(&["credit", "attribution"]),
            })
        }
        _ => None,
    }
}

/// Adds the terms of some keys to the topics.
pub fn take_topics(keys: &mut Keys, names: &[&str], topics: &mut Vec<String>) {
    for name in names {
        if let Some(value) = keys.take(name) {
            for topic in texts_of(&value) {
                push(topics, topic);
            }
        }
    }
}

/// A headline for a file that has none: its first heading, else its name in words.
pub fn headline(front: &mut Front, file: &str, body: &str, name: &str, notes: &mut Vec<Note>) {
    if !front.title.is_empty() {
        return;
    }
    let heading = body
        .lines()
        .find_map(|line| line.strip_prefix("# "))
        .map(|heading| one_line(heading.trim_end_matches(['#', ' '])));
    if let Some(heading) = heading.filter(|heading| !heading.is_empty()) {
        front.title = heading;
        notes.push(Note::whole(
            file,
            "article without a title",
            "its first heading is its headline",
        ));
        return;
    }
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.chars();
    front.title = match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Untitled".to_owned(),
    };
    notes.push(Note::whole(
        file,
        "article without a title",
        "its file's name is its headline",
    ));
}
