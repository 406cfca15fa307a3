//! Texts that are articles of a site already: front matter above, Markdown below. Nothing in them is cleaned.

use super::desk::Desk;
use super::phrase::squeeze;
use crate::commands::import::clip::{Clip, Source};
use crate::ground::diagnostic::Diagnostics;
use crate::ground::path::SourcePath;
use crate::reading::front_matter::split;
use crate::reading::yaml::{self, Fields, Read};

/// Keys that a clip has a place for.
const KNOWN: &[&str] = &[
    "title",
    "date",
    "updated",
    "lastmod",
    "summary",
    "description",
    "topics",
    "tags",
    "categories",
    "authors",
    "author",
    "source",
    "lang",
];

/// The clip of a text with front matter that names a title; nothing for any other.
pub fn read(text: &str) -> Option<Clip> {
    let bare = text.trim_start_matches('\u{feff}');
    if !bare.starts_with("---") {
        return None;
    }
    let file = SourcePath::new("clip.md")?;
    let parts = split(&file, text, &mut Diagnostics::new());
    let (yaml, start) = parts
        .yaml
        .filter(|_| parts.body_start < text.len() || !parts.body.is_empty())?;
    let document = yaml::parse(&file, yaml, start, &mut Diagnostics::new())?;
    let mut fields = Fields::new(&document, document.root(), "an article");
    let value =
        |read: Option<Read<'_, String>>| read.map(|read| read.value).filter(|text| !text.trim().is_empty());
    let values = |read: Option<Vec<Read<'_, String>>>| {
        read.unwrap_or_default()
            .into_iter()
            .map(|read| read.value)
            .collect()
    };
    let mut desk = Desk::default();
    let title = value(fields.text(&["title"]))?;
    desk.clip = Clip {
        title: squeeze(&title.replace(['\n', '\r'], " ")),
        date: value(fields.text(&["date"])),
        updated: value(fields.text(&["updated", "lastmod"])),
        summary: value(fields.text(&["summary", "description"])),
        language: value(fields.text(&["lang"])),
        topics: values(fields.texts(&["topics", "tags", "categories"])),
        authors: values(fields.texts(&["authors", "author"])),
        body: parts.body.trim_start_matches(['\n', '\r']).to_owned(),
        ..Clip::default()
    };
    if let Some(mut source) = fields.map(&["source"], "the source") {
        desk.clip.source = Source {
            name: value(source.text(&["name"])),
            url: value(source.text(&["url"])),
        };
    }
    let keys: Vec<(String, usize)> = fields
        .entries()
        .map(|(key, _)| (key.name.clone(), document.place_of_key(key).start as usize))
        .collect();
    for (key, at) in keys {
        if !KNOWN.contains(&key.as_str()) {
            let line = text
                .get(..at)
                .map_or(0, |before| before.matches('\n').count() + 1);
            desk.note_left_out(
                line,
                "a key of front matter",
                &key,
                "left out: a clip has no place for it",
            );
        }
    }
    Some(desk.clip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_recognised() {
        let clip = read("---\ntitle: Acme buys Bolt\ndate: 2025-01-21\ntags: [AI]\nimportance: 5\nsource: {name: N, url: https://n.example/}\n---\n\nText *as* it is.\n").expect("one");
        assert_eq!(clip.title, "Acme buys Bolt");
        assert_eq!(clip.date.as_deref(), Some("2025-01-21"));
        assert_eq!(clip.topics, ["AI"]);
        assert_eq!(clip.source.name.as_deref(), Some("N"));
        assert_eq!(clip.body, "Text *as* it is.\n");
        assert_eq!((clip.notes.len(), clip.notes[0].line), (1, 5));
        assert_eq!(read("---\nText\n---\nmore"), None);
        assert_eq!(read("Text"), None);
    }
}
