//! Sites of Astro: its collections of content, and pages written in Markdown.
//!
//! Where a collection stands is said by the file that renders it, `src/pages/…/[...slug].astro`.

use std::collections::BTreeMap;

use super::book::{self, Book};
use super::common::{self, push};
use super::javascript;
use super::markup;
use super::moment::When;
use super::post::Note;
use super::site::{Generator, Head, Role, Understood};
use super::text::Body;
use super::tree::Tree;
use super::value::Keys;
use crate::ground::date::{Day, Zone};
use crate::ground::path::slug;

/// A site of Astro.
#[derive(Debug)]
pub struct Astro {
    base_url: Option<String>,
    /// Whether pages are files and not folders.
    has_files: bool,
    /// The folder of addresses of each collection.
    stands_at: BTreeMap<String, String>,
}

/// Names of the settings.
pub const SETTINGS: [&str; 4] = [
    "astro.config.mjs",
    "astro.config.js",
    "astro.config.ts",
    "astro.config.cjs",
];

const CONTENT: &str = "src/content";

impl Astro {
    /// Reads what can be read of the settings.
    pub fn open(tree: &Tree, notes: &mut Vec<Note>) -> Astro {
        let settings = SETTINGS.into_iter().find(|file| tree.has(file));
        let program = settings.and_then(|file| tree.read(file).ok()).unwrap_or_default();
        if let Some(file) = settings {
            let became = "only plain values are read of it: brief runs no programs";
            notes.push(Note::whole(file, "settings written as a program", became));
        }
        let base = javascript::text_of(&program, "base").unwrap_or_default();
        let base_url = javascript::text_of(&program, "site")
            .map(|site| format!("{}/{}", site.trim_end_matches('/'), base.trim_matches('/')));
        let mut stands_at = BTreeMap::new();
        for file in tree.below("src/pages") {
            let name = book::last(file);
            if !(name.starts_with('[') && name.ends_with(".astro")) {
                continue;
            }
            let text = tree.read(file).unwrap_or_default();
            let folder = book::folder(file).strip_prefix("src/pages").unwrap_or_default();
            for mark in ["getCollection(", "getEntry("] {
                for (at, _) in text.match_indices(mark) {
                    let rest = &text[at + mark.len()..];
                    let Some(name) = rest
                        .get(1..)
                        .and_then(|rest| Some(&rest[..rest.find(['"', '\''])?]))
                    else {
                        continue;
                    };
                    stands_at
                        .entry(name.to_owned())
                        .or_insert_with(|| folder.to_owned());
                }
            }
        }
        Astro {
            base_url,
            has_files: javascript::values_of(&program, "format")
                .iter()
                .any(|format| format == "file"),
            stands_at,
        }
    }

    fn address(&self, path: &str) -> String {
        match self.has_files {
            true => format!("{path}.html"),
            false => format!("{path}/"),
        }
    }
}

/// A path as Astro makes a slug of it: lower case, spaces as hyphens, the rest of punctuation gone.
fn slugged(path: &str) -> String {
    let part = |part: &str| -> String {
        part.trim()
            .to_lowercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ' '))
            .map(|letter| if letter == ' ' { '-' } else { letter })
            .collect()
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

impl Generator for Astro {
    fn sources(&self, tree: &Tree) -> Vec<String> {
        let is_text = |file: &&str| {
            let name = book::last(file);
            !name.starts_with('_') && (name.ends_with(".md") || name.ends_with(".mdx"))
        };
        let content = tree.below(CONTENT).filter(is_text);
        content
            .chain(tree.below("src/pages").filter(is_text))
            .map(str::to_owned)
            .collect()
    }

    fn head(&self, file: &str, mut keys: Keys, body: &str) -> Understood {
        let dates = [
            "pubDate",
            "date",
            "pubDatetime",
            "publishDate",
            "publishedAt",
            "published",
        ];
        let mut taken = common::take(&mut keys, file, &Zone::utc(), &dates);
        for name in ["tags", "categories", "category", "topics"] {
            for topic in keys.take_texts(name) {
                push(&mut taken.front.topics, topic);
            }
        }
        let (path, own_slug) = match file.strip_prefix("src/pages/") {
            Some(below) => {
                let stem = book::without_extension(below);
                let stem = stem.strip_suffix("/index").unwrap_or(stem);
                if stem == "index" {
                    return Understood::Leave("front page: brief makes its own".to_owned());
                }
                (format!("/{stem}"), book::last(stem).to_owned())
            }
            None => {
                let below = file.strip_prefix("src/content/").unwrap_or(file);
                let stem = book::without_extension(below);
                let stem = stem.strip_suffix("/index").unwrap_or(stem);
                let Some((collection, name)) = stem.split_once('/') else {
                    return Understood::Leave("files in no collection".to_owned());
                };
                let own_slug = keys.take_text(&["slug"]).unwrap_or_else(|| slugged(name));
                let folder = match self.stands_at.get(collection) {
                    Some(folder) => folder.clone(),
                    None => {
                        let became = "its old address is a guess: no page under src/pages renders it";
                        taken
                            .notes
                            .push(Note::whole(file, format!("collection `{collection}`"), became));
                        format!("/{collection}")
                    }
                };
                (format!("{folder}/{own_slug}"), own_slug)
            }
        };
        let last = book::last(&own_slug).to_owned();
        let day = last.get(..10).and_then(Day::parse);
        if taken.when.is_none() {
            taken.when = day.map(When::on);
        }
        let plain = match day {
            Some(_) if last.len() > 11 => last[11..].to_owned(),
            _ => last,
        };
        common::headline(&mut taken.front, file, body, &plain, &mut taken.notes);
        let mut old = vec![self.address(&path)];
        for alias in keys
            .take_texts("aliases")
            .into_iter()
            .chain(keys.take_texts("redirect_from"))
        {
            push(&mut old, alias);
        }
        keys.take("layout");
        taken.front.extra = keys.rest();
        let role = match taken.when.is_some() {
            true => Role::Article,
            false => Role::Page,
        };
        Understood::Take(Box::new(Head {
            role,
            slug: plain,
            front: taken.front,
            when: taken.when,
            old,
            known_as: Vec::new(),
            notes: taken.notes,
        }))
    }

    fn body(&self, body: &Body<'_>, _: &Head, _: &Book, notes: &mut Vec<Note>) -> String {
        match body.file.ends_with(".mdx") {
            true => markup::without_components(body, notes),
            false => body.text.to_owned(),
        }
    }

    fn roots(&self) -> Vec<String> {
        vec!["public".to_owned()]
    }

    fn publishes(&self, file: &str) -> bool {
        !["md", "mdx", "astro", "ts", "js", "mjs", "tsx", "jsx"]
            .contains(&file.rsplit('.').next().unwrap_or_default())
    }

    fn fill(&self, book: &mut Book) {
        if let Some(address) = &self.base_url {
            book.lives_at(address);
        }
        for folder in self.stands_at.values() {
            book.rename(&format!("{folder}/"), "/archive/");
        }
        book.rename("/tags/", "/topics/");
        book.rename_feed("/rss.xml", "/feed.xml");
    }

    fn has_lists(&self) -> bool {
        false
    }

    fn term_addresses(&self, topic: &str) -> Vec<String> {
        vec![format!("/tags/{}/", slug(topic))]
    }
}
