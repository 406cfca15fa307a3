//! Exports of Ghost: one JSON file.
//!
//! Facts from Ghost's documentation of its import format and of its routes. The file is read as a stream:
//! of its articles one is held at a time.

mod card;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::book;
use super::common::{Common, push};
use super::export::{Export, Item, Text};
use super::moment::read_text;
use super::post::{Front, LeftOut, Note, Picture};
use super::site::{Head, Problem, Role, Understood};
use super::value::{at, text_of};
use crate::ground::date::Zone;
use crate::ground::world::describe;

/// An export of Ghost.
#[derive(Debug)]
pub struct Ghost {
    file: PathBuf,
    name: String,
    base_url: Option<String>,
    /// Pattern of addresses, from routes.yaml beside the export or as Ghost has it.
    permalink: String,
    tags: BTreeMap<String, (String, bool)>,
    users: BTreeMap<String, String>,
    tags_of: BTreeMap<String, Vec<String>>,
    authors_of: BTreeMap<String, Vec<String>>,
    /// Alternative texts and captions of pictures, by post.
    meta: BTreeMap<String, (Option<String>, Option<String>)>,
    left_out: LeftOut,
}

/// What stands for the address of the site in Ghost's texts.
const OWN: &str = "__GHOST_URL__";

impl Ghost {
    /// Reads all of an export but its articles. The error is in words.
    pub fn open(file: &Path) -> Result<Ghost, String> {
        let mut ghost = Ghost {
            file: file.to_owned(),
            name: file
                .file_name()
                .map_or(String::new(), |name| name.to_string_lossy().into_owned()),
            base_url: None,
            permalink: "/{slug}/".to_owned(),
            tags: BTreeMap::new(),
            users: BTreeMap::new(),
            tags_of: BTreeMap::new(),
            authors_of: BTreeMap::new(),
            meta: BTreeMap::new(),
            left_out: LeftOut::new(),
        };
        let mut tables: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let mut other: BTreeMap<String, usize> = BTreeMap::new();
        scan(file, &mut |table, row| {
            match (table, row) {
                ("posts", _) => {}
                (_, Some(row)) => tables.entry(table.to_owned()).or_default().push(row),
                (_, None) => *other.entry(table.to_owned()).or_default() += 1,
            }
            Ok(())
        })?;
        for (table, rows) in &tables {
            for row in rows {
                ghost.row(table, row);
            }
        }
        // In the order in which the editor put them.
        for (table, of) in [
            ("posts_tags", &mut ghost.tags_of),
            ("posts_authors", &mut ghost.authors_of),
        ] {
            let key = if table == "posts_tags" {
                "tag_id"
            } else {
                "author_id"
            };
            let mut rows: Vec<&Value> = tables.get(table).into_iter().flatten().collect();
            rows.sort_by_key(|row| {
                at(row, &["sort_order"])
                    .and_then(Value::as_i64)
                    .unwrap_or_default()
            });
            for row in rows {
                if let (Some(post), Some(other)) = (id(row, "post_id"), id(row, key)) {
                    of.entry(post).or_default().push(other);
                }
            }
        }
        for (table, what) in [
            ("members", "members"),
            ("comments", "comments"),
            ("newsletters", "newsletters"),
            ("products", "tiers"),
        ] {
            if let Some(count) = other.get(table) {
                ghost.left_out.insert(what.to_owned(), *count);
            }
        }
        if let Some(pattern) = routes(file) {
            ghost.permalink = pattern;
        }
        Ok(ghost)
    }

    fn row(&mut self, table: &str, row: &Value) {
        let text = |name: &str| at(row, &[name]).and_then(text_of);
        match table {
            "tags" => {
                if let (Some(id), Some(name)) = (id(row, "id"), text("name")) {
                    let is_internal =
                        name.starts_with('#') || text("visibility").as_deref() == Some("internal");
                    self.tags.insert(id, (name, is_internal));
                }
            }
            "users" => {
                if let (Some(id), Some(name)) = (id(row, "id"), text("name")) {
                    self.users.insert(id, name);
                }
            }
            "posts_meta" => {
                if let Some(post) = id(row, "post_id") {
                    let both = (text("feature_image_alt"), text("feature_image_caption"));
                    self.meta.insert(post, both);
                }
            }
            "settings" => {
                let is_url = text("key").as_deref() == Some("url");
                if is_url && self.base_url.is_none() {
                    self.base_url = text("value");
                }
            }
            _ => {}
        }
    }

    fn understand(&self, row: &Value, name: &str) -> Result<Understood, String> {
        if !row.is_object() {
            return Err("it is no article".to_owned());
        }
        let text = |key: &str| at(row, &[key]).and_then(text_of);
        let own_id = id(row, "id").unwrap_or_default();
        let slug = text("slug").ok_or("the article has no slug")?;
        let utc = Zone::utc();
        let mut common = Common::default();
        let front: &mut Front = &mut common.front;
        front.title = text("title").unwrap_or_else(|| slug.clone());
        common.when = ["published_at", "created_at"]
            .iter()
            .find_map(|key| read_text(&text(key)?, &utc));
        front.updated = text("updated_at")
            .and_then(|text| read_text(&text, &utc))
            .map(|when| when.text);
        front.summary = text("custom_excerpt").or_else(|| text("meta_description"));
        let status = text("status").unwrap_or_else(|| "draft".to_owned());
        let is_held = !matches!(status.as_str(), "published" | "scheduled");
        front.draft = is_held;
        if is_held && status != "draft" {
            let note = Note::whole(name, "status", "a draft: `draft: true`");
            common.notes.push(note.about(&status));
        }
        let visibility = text("visibility").unwrap_or_else(|| "public".to_owned());
        if visibility != "public" {
            front.draft = true;
            let became = "a draft: brief has no members, and what only they may read stays off the site";
            common
                .notes
                .push(Note::whole(name, "visibility", became).about(visibility));
        }
        for tag in self.tags_of.get(&own_id).into_iter().flatten() {
            match self.tags.get(tag) {
                Some((tag, false)) => push(&mut front.topics, tag.clone()),
                Some((tag, true)) => {
                    let note = Note::whole(name, "internal tag", "left out");
                    common.notes.push(note.about(tag));
                }
                None => {}
            }
        }
        for author in self.authors_of.get(&own_id).into_iter().flatten() {
            front.authors.extend(self.users.get(author).cloned());
        }
        if front.authors.is_empty() {
            let author = id(row, "author_id").and_then(|author| self.users.get(&author).cloned());
            front.authors.extend(author);
        }
        let (alt, caption) = self.meta.get(&own_id).cloned().unwrap_or_default();
        front.image = text("feature_image").map(|src| Picture {
            src: src.replace(
                OWN,
                self.base_url.as_deref().unwrap_or_default().trim_end_matches('/'),
            ),
            alt: alt.or_else(|| text("feature_image_alt")),
            caption: caption
                .or_else(|| text("feature_image_caption"))
                .map(|html| super::html::to_markdown(&html).0.trim().to_owned()),
            credit: None,
        });
        front.source_url = text("canonical_url").filter(|url| url.starts_with("http"));
        for key in ["codeinjection_head", "codeinjection_foot", "custom_template"] {
            if text(key).is_some() {
                let what = format!("key `{key}`");
                common
                    .notes
                    .push(Note::whole(name, what, "left out: brief has its own templates"));
            }
        }
        let is_page = text("type").as_deref() == Some("page")
            || at(row, &["page"]).is_some_and(|page| page == &Value::from(1));
        let address = match is_page {
            true => format!("/{slug}/"),
            false => self.address(&slug, &common, &own_id),
        };
        Ok(Understood::Take(Box::new(Head {
            role: if is_page { Role::Page } else { Role::Article },
            slug,
            front: common.front,
            when: common.when,
            old: vec![address],
            known_as: Vec::new(),
            notes: common.notes,
        })))
    }

    fn address(&self, slug: &str, common: &Common, own_id: &str) -> String {
        let day = common.when.as_ref().map(|when| when.day);
        let part = |of: &dyn Fn(crate::ground::date::Day) -> String| day.map(of).unwrap_or_default();
        let first_tag = self.tags_of.get(own_id).and_then(|tags| tags.first());
        let primary = first_tag
            .and_then(|tag| self.tags.get(tag))
            .map_or("all", |(tag, _)| tag);
        self.permalink
            .replace("{slug}", slug)
            .replace("{year}", &part(&|day| format!("{:04}", day.year())))
            .replace("{month}", &part(&|day| format!("{:02}", day.month().month)))
            .replace("{day}", &part(&|day| format!("{:02}", day.day_of_month())))
            .replace("{id}", own_id)
            .replace("{primary_tag}", &crate::ground::path::slug(primary))
            .replace(
                "{primary_author}",
                &crate::ground::path::slug(common.front.authors.first().map_or("", String::as_str)),
            )
    }

    fn text(&self, row: &Value) -> Text {
        let text = |key: &str| at(row, &[key]).and_then(text_of);
        let site = self.base_url.as_deref().unwrap_or_default().trim_end_matches('/');
        let own = |html: String| html.replace(OWN, site);
        if let Some(html) = text("html") {
            return Text::Html(own(html));
        }
        let (html, turned) = match (text("lexical"), text("mobiledoc")) {
            (Some(lexical), _) => card::of_lexical(&lexical),
            (None, Some(mobiledoc)) => card::of_mobiledoc(&mobiledoc),
            (None, None) => return Text::Html(text("plaintext").unwrap_or_default()),
        };
        let (markdown, further) = super::html::to_markdown(&own(html));
        Text::Markdown(markdown, turned.into_iter().chain(further).collect())
    }
}

impl Export for Ghost {
    fn read(&self, each: &mut dyn FnMut(Item) -> Result<(), String>) -> Result<(), String> {
        let mut number = 0;
        scan(&self.file, &mut |table, row| {
            let Some(row) = row.filter(|_| table == "posts") else {
                return Ok(());
            };
            number += 1;
            let slug = at(&row, &["slug"]).and_then(text_of);
            let name = format!(
                "{} {}",
                self.name,
                slug.unwrap_or_else(|| format!("article {number}"))
            );
            let understood = self.understand(&row, &name).map_err(|message| Problem {
                file: name.clone(),
                line: 0,
                column: 0,
                message,
            });
            each(Item {
                name,
                understood,
                text: self.text(&row),
            })
        })
    }

    fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }

    fn feed(&self) -> &'static str {
        "/rss/"
    }

    fn term_addresses(&self, topic: &str) -> Vec<String> {
        vec![format!("/tag/{}/", crate::ground::path::slug(topic))]
    }

    fn left_out(&self) -> LeftOut {
        self.left_out.clone()
    }
}

fn id(row: &Value, name: &str) -> Option<String> {
    at(row, &[name]).and_then(text_of)
}

/// The pattern of the first collection in routes.yaml, if that lies beside the export.
fn routes(file: &Path) -> Option<String> {
    let text = std::fs::read_to_string(file.with_file_name("routes.yaml")).ok()?;
    let routes = super::value::of_yaml(&text).ok()?;
    let collections = at(&routes, &["collections"])?.as_object()?;
    collections
        .values()
        .find_map(|collection| at(collection, &["permalink"]).and_then(text_of))
}

/// Whether a JSON file is an export of Ghost, by how it begins.
pub fn is_export(file: &Path) -> bool {
    use std::io::Read;
    let Ok(opened) = File::open(file) else {
        return false;
    };
    let mut head = Vec::new();
    if opened.take(4096).read_to_end(&mut head).is_err() {
        return false;
    }
    let head = String::from_utf8_lossy(&head);
    head.trim_start().starts_with('{')
        && (head.contains("\"db\"") || head.contains("\"posts\"") || head.contains("\"meta\""))
        && book::last(&file.to_string_lossy()).ends_with(".json")
}

/// Tables whose rows are wanted; of the others they are counted.
const TABLES: [&str; 7] = [
    "posts",
    "tags",
    "users",
    "posts_tags",
    "posts_authors",
    "posts_meta",
    "settings",
];

type Row<'r> = &'r mut dyn FnMut(&str, Option<Value>) -> Result<(), String>;

/// Reads all tables of an export, row by row.
fn scan(file: &Path, row: Row<'_>) -> Result<(), String> {
    let shown = file.display();
    let opened =
        File::open(file).map_err(|error| format!("`{shown}` cannot be read: {}", describe(&error)))?;
    let mut reader = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, opened));
    let mut failed = None;
    let seed = Level {
        row,
        failed: &mut failed,
        depth: 0,
    };
    let read = seed.deserialize(&mut reader);
    if let Some(why) = failed {
        return Err(why);
    }
    read.map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        format!("{shown}:{}:{}: {message}", error.line(), error.column())
    })
}

/// The way down to the tables: `{"db": [{"data": {…}}]}`, or any part of it.
struct Level<'l, 'r> {
    row: Row<'r>,
    failed: &'l mut Option<String>,
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Level<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_, '_> {
    type Value = ();

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("an export of Ghost")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "db" | "data" if self.depth < 4 => map.next_value_seed(Level {
                    row: &mut *self.row,
                    failed: &mut *self.failed,
                    depth: self.depth + 1,
                })?,
                "meta" => drop(map.next_value::<IgnoredAny>()?),
                table => map.next_value_seed(Rows {
                    table,
                    row: &mut *self.row,
                    failed: &mut *self.failed,
                })?,
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list
            .next_element_seed(Level {
                row: &mut *self.row,
                failed: &mut *self.failed,
                depth: self.depth + 1,
            })?
            .is_some()
        {}
        Ok(())
    }
}

/// The rows of one table.
struct Rows<'l, 'r, 't> {
    table: &'t str,
    row: Row<'r>,
    failed: &'l mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Rows<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("a table of Ghost")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let is_wanted = TABLES.contains(&self.table);
        loop {
            let row = match is_wanted {
                true => list.next_element::<Value>()?.map(Some),
                false => list.next_element::<IgnoredAny>()?.map(|_| None),
            };
            let Some(row) = row else { return Ok(()) };
            if let Err(why) = (self.row)(self.table, row) {
                *self.failed = Some(why);
                return Err(A::Error::custom("stopped"));
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
