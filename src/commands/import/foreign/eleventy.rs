//! Sites of Eleventy.
//!
//! Its settings are a program; of them the folders are read where they are plain values. Addresses are those of
//! the files, or plain permalinks.

use serde_json::{Map, Value};

use super::book::{self, Book};
use super::common::{self, push};
use super::javascript;
use super::markup;
use super::moment::When;
use super::post::Note;
use super::site::{Generator, Head, Role, Understood};
use super::text::Body;
use super::tree::Tree;
use super::value::{self, Keys, text_of};
use crate::ground::date::{Day, Zone};
use crate::ground::path::slug;

/// A site of Eleventy.
#[derive(Debug)]
pub struct Eleventy {
    input: String,
    /// Values for all files of a folder, by the folder.
    data: Vec<(String, Map<String, Value>)>,
}

/// Names of the settings.
pub const SETTINGS: [&str; 5] = [
    ".eleventy.js",
    "eleventy.config.js",
    "eleventy.config.mjs",
    "eleventy.config.cjs",
    "eleventy.config.ts",
];

impl Eleventy {
    /// Reads what can be read of the settings.
    pub fn open(tree: &Tree, notes: &mut Vec<Note>) -> Eleventy {
        let settings = SETTINGS.into_iter().find(|file| tree.has(file));
        let program = settings.and_then(|file| tree.read(file).ok()).unwrap_or_default();
        if let Some(file) = settings {
            let became = "only plain values are read of it: brief runs no programs";
            notes.push(Note::whole(file, "settings written as a program", became));
        }
        let input = javascript::text_of(&program, "input").unwrap_or_default();
        let input = input.trim_start_matches("./").trim_matches('/');
        let input = if input == "." { "" } else { input };
        let mut data = Vec::new();
        for file in tree.below(input) {
            let Some((folder, name)) = file.rsplit_once('/') else {
                continue;
            };
            let own = book::last(folder);
            if name == format!("{own}.json") || name == format!("{own}.11tydata.json") {
                let read = tree.read(file).ok().and_then(|text| value::of_json(&text).ok());
                if let Some(Value::Object(map)) = read {
                    data.push((folder.to_owned(), map));
                }
            }
        }
        // The deepest folder wins.
        data.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        Eleventy {
            input: input.to_owned(),
            data,
        }
    }

    fn below<'f>(&self, file: &'f str) -> &'f str {
        match self.input.is_empty() {
            true => file,
            false => file
                .strip_prefix(self.input.as_str())
                .map_or(file, |below| below.trim_start_matches('/')),
        }
    }
}

/// The day that a name starts with, and the rest.
fn dated(name: &str) -> Option<(Day, &str)> {
    let day = Day::parse(name.get(..10)?)?;
    name[10..]
        .strip_prefix('-')
        .filter(|rest| !rest.is_empty())
        .map(|rest| (day, rest))
}

impl Generator for Eleventy {
    fn sources(&self, tree: &Tree) -> Vec<String> {
        let is_source = |file: &&str| {
            let below = self.below(file);
            let is_hidden = below.split('/').any(|part| part.starts_with(['_', '.']));
            let lower = below.to_ascii_lowercase();
            below.ends_with(".md") && !is_hidden && !lower.ends_with("readme.md") && lower != "license.md"
        };
        tree.below(&self.input)
            .filter(is_source)
            .map(str::to_owned)
            .collect()
    }

    fn head(&self, file: &str, mut keys: Keys, body: &str) -> Understood {
        let mut collections: Vec<String> = Vec::new();
        for (folder, values) in &self.data {
            if file
                .strip_prefix(folder.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
            {
                let mut values = values.clone();
                // Tags of a folder name its collection, and join those of its files.
                if let Some(tags) = values.remove("tags") {
                    collections.extend(value::texts_of(&tags));
                }
                keys.or_from(&values);
            }
        }
        let below = self.below(file);
        let stem = book::without_extension(below);
        let name = stem.strip_suffix("/index").unwrap_or(stem);
        if stem == "index" {
            return Understood::Leave("front page: brief makes its own".to_owned());
        }
        let own_name = book::last(name);
        let by_name = dated(own_name);
        let mut taken = common::take(&mut keys, file, &Zone::utc(), &["date"]);
        if taken.when.is_none() {
            taken.when = by_name.map(|(day, _)| When::on(day));
        }
        for topic in keys
            .take_texts("tags")
            .into_iter()
            .chain(keys.take_texts("categories"))
        {
            push(&mut taken.front.topics, topic);
        }
        let file_slug = by_name.map_or(own_name, |(_, rest)| rest);
        common::headline(&mut taken.front, file, body, file_slug, &mut taken.notes);
        let folder = book::folder(name);
        // `firstpost/firstpost.md` is written into one folder, not two.
        let stands_in = match book::last(folder) == own_name && !folder.is_empty() {
            true => book::folder(folder),
            false => folder,
        };
        let within = |folder: &str, name: &str| match folder {
            "" => format!("/{name}/"),
            folder => format!("/{folder}/{name}/"),
        };
        // Days in names stay in addresses, unless a permalink asks for the name without.
        let by_file = within(stands_in, own_name);
        let stem = within(folder, file_slug);
        let mut old = Vec::new();
        match keys.take("permalink") {
            Some(Value::Bool(false)) => {
                taken.front.draft = true;
                taken.notes.push(Note::whole(
                    file,
                    "`permalink: false`",
                    "a draft: Eleventy does not write it",
                ));
            }
            Some(pattern) => {
                match text_of(&pattern)
                    .and_then(|text| plain(&text, file_slug, stem.trim_end_matches('/'), &taken.front.title))
                {
                    Some(address) => old.push(address),
                    None => {
                        let shown = text_of(&pattern).unwrap_or_else(|| pattern.to_string());
                        let note = Note::whole(
                            file,
                            "permalink",
                            "its old address is unknown: only plain ones are read",
                        );
                        taken.notes.push(note.about(shown));
                    }
                }
            }
            None => old.push(by_file),
        }
        for alias in keys
            .take_texts("redirect_from")
            .into_iter()
            .chain(keys.take_texts("aliases"))
        {
            push(&mut old, alias);
        }
        keys.take("layout");
        keys.take("eleventyNavigation");
        let is_listed = !collections.is_empty();
        taken.front.extra = keys.rest();
        let role = match taken.when.is_some() || (taken.front.draft && is_listed) {
            true => Role::Article,
            false => Role::Page,
        };
        Understood::Take(Box::new(Head {
            role,
            slug: file_slug.to_owned(),
            front: taken.front,
            when: taken.when,
            old,
            known_as: Vec::new(),
            notes: taken.notes,
        }))
    }

    fn body(&self, body: &Body<'_>, _: &Head, _: &Book, notes: &mut Vec<Note>) -> String {
        markup::without_templates(body, notes)
    }

    fn roots(&self) -> Vec<String> {
        let mut roots = vec![self.input.clone()];
        for folder in ["public", "static", ""] {
            if !roots.iter().any(|root| root == folder) {
                roots.push(folder.to_owned());
            }
        }
        roots
    }

    fn publishes(&self, file: &str) -> bool {
        let is_source = [
            "md", "njk", "liquid", "js", "mjs", "cjs", "ts", "json", "html", "hbs", "webc",
        ]
        .contains(&file.rsplit('.').next().unwrap_or_default());
        !is_source && !file.split('/').any(|part| part.starts_with(['.', '_']))
    }

    fn fill(&self, book: &mut Book) {
        for list in ["/blog/", "/posts/", "/archive/"] {
            book.rename(list, "/archive/");
        }
        book.rename("/tags/", "/topics/");
        book.rename_feed("/feed/feed.xml", "/atom.xml");
    }

    fn has_lists(&self) -> bool {
        false
    }

    fn term_addresses(&self, topic: &str) -> Vec<String> {
        vec![format!("/tags/{}/", slug(topic))]
    }
}

/// A permalink, where it is plain or asks for nothing but the name or the headline.
fn plain(pattern: &str, file_slug: &str, stem: &str, title: &str) -> Option<String> {
    let mut address = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find("{{") {
        address.push_str(&rest[..at]);
        let length = rest[at..].find("}}")?;
        let inner: String = rest[at + 2..at + length].split_whitespace().collect();
        address.push_str(&match inner.as_str() {
            "page.fileSlug" | "fileSlug" => file_slug.to_owned(),
            "page.filePathStem" | "filePathStem" => stem.to_owned(),
            "title|slugify" | "title|slug" | "page.fileSlug|slugify" => match inner.starts_with("title") {
                true => slug(title),
                false => slug(file_slug),
            },
            _ => return None,
        });
        rest = &rest[at + length + 2..];
    }
    address.push_str(rest);
    let address = address.strip_suffix("index.html").unwrap_or(&address);
    (!address.contains("{%") && !address.trim_matches('/').is_empty())
        .then(|| format!("/{}", address.trim_start_matches('/')))
}
