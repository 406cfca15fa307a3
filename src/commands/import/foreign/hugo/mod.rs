//! Sites of Hugo.
//!
//! Facts from Hugo's documentation: front matter, content organisation, page bundles, URL management.

mod address;
mod settings;
mod shortcode;

use super::book::{self, Book};
use super::common::{self, push, take_topics};
use super::moment::{self, When};
use super::post::Note;
use super::site::{Generator, Head, Role, Understood};
use super::text::Body;
use super::tree::Tree;
use super::value::{Keys, text_of};

use settings::Settings;

/// A site of Hugo.
#[derive(Debug)]
pub struct Hugo {
    settings: Settings,
}

/// Files that say that a folder is a site of Hugo.
pub const SETTINGS: [&str; 6] = [
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "config/_default/hugo.toml",
    "config/_default/hugo.yaml",
];

impl Hugo {
    /// Reads the settings of a site. What is wrong with them is noted.
    pub fn open(tree: &Tree, notes: &mut Vec<Note>) -> Hugo {
        Hugo {
            settings: Settings::read(tree, notes),
        }
    }
}

impl Generator for Hugo {
    fn sources(&self, tree: &Tree) -> Vec<String> {
        let is_text = |file: &&str| matches!(extension(file), "md" | "markdown" | "html" | "htm");
        tree.below(&self.settings.content)
            .filter(is_text)
            .filter(|file| is_own(tree, file, &self.settings.content))
            .map(str::to_owned)
            .collect()
    }

    fn head(&self, file: &str, mut keys: Keys, body: &str) -> Understood {
        let below = below(file, &self.settings.content);
        let (name, language) = self.settings.name_and_language(below);
        if book::last(&name) == "_index" {
            return Understood::Leave("list pages (`_index.md`): brief makes its own".to_owned());
        }
        if matches!(extension(file), "html" | "htm") {
            return Understood::Leave("articles written in HTML".to_owned());
        }
        if keys.get("headless").and_then(serde_json::Value::as_bool) == Some(true) || is_unrendered(&keys) {
            return Understood::Leave("pages that Hugo does not render".to_owned());
        }
        let settings = &self.settings;
        let zone = &settings.zone;
        let mut taken = common::take(&mut keys, file, zone, &["date"]);
        let front = &mut taken.front;
        let file_day = address::day_of_name(&name);
        let by_name = file_day.filter(|_| settings.dates_from_names);
        if let Some((day, _)) = by_name {
            taken.when = Some(match settings.names_come_first {
                true => When::on(day),
                false => taken.when.unwrap_or_else(|| When::on(day)),
            });
        }
        // Without `date`, Hugo dates an article by these.
        if taken.when.is_none() {
            let other = front.publish.as_deref().or(front.updated.as_deref());
            taken.when = other.and_then(|text| moment::read_text(text, zone));
        }
        take_topics(&mut keys, &["tags", "categories", "topics"], &mut front.topics);
        for (_, plural) in &settings.taxonomies {
            if !matches!(plural.as_str(), "authors" | "author" | "companies" | "company") {
                take_topics(&mut keys, &[plural], &mut front.topics);
            }
        }
        let own_slug = keys.take_text(&["slug"]);
        let url = keys.take_text(&["url"]);
        let aliases = keys.take_texts("aliases");
        front.lang = front
            .lang
            .take()
            .or_else(|| language.clone().filter(|language| *language != settings.language));
        let plain_name = book::last(&name).to_owned();
        common::headline(front, file, body, &plain_name, &mut taken.notes);
        let page = address::Page {
            name: &name,
            title: &front.title,
            slug: own_slug
                .as_deref()
                .or(by_name.map(|(_, rest)| rest))
                .filter(|slug| !slug.is_empty()),
            when: taken.when.as_ref(),
            language: language.as_deref(),
        };
        let own = match &url {
            Some(url) => address::of_url(settings, &page, url),
            None => address::of_page(settings, &page),
        };
        let mut old = vec![own.clone()];
        for alias in &aliases {
            push(&mut old, address::of_alias(alias, &own));
        }
        // The day stands in brief's addresses by itself.
        let last = book::last(own.trim_end_matches('/'));
        let last = last.strip_suffix(".html").unwrap_or(last);
        let slug = match address::day_of_name(last) {
            Some((_, rest)) if !rest.is_empty() => rest.to_owned(),
            _ => last.to_owned(),
        };
        let is_top = !name.contains('/');
        let role = match taken.when.is_none() || (is_top && !settings.has_dates_at_top) {
            true if !taken.front.draft || is_top => Role::Page,
            _ => Role::Article,
        };
        let params = keys.take("params");
        taken.front.extra = keys.rest();
        if let Some(serde_json::Value::Object(params)) = params {
            for (key, value) in params {
                taken.front.extra.entry(key).or_insert(value);
            }
        }
        if let Some(menu) = taken
            .front
            .extra
            .remove("menu")
            .or_else(|| taken.front.extra.remove("menus"))
        {
            let shown = text_of(&menu).unwrap_or_else(|| menu.to_string());
            let in_footer = shown.contains("footer");
            taken.front.nav = Some(if in_footer { "footer" } else { "header" }.to_owned());
            if role == Role::Article {
                taken
                    .notes
                    .push(Note::whole(file, "menu", "left out: articles stand in no menu").about(shown));
            }
        }
        for name in [
            "layout", "type", "outputs", "cascade", "markup", "build", "_build",
        ] {
            if taken.front.extra.contains_key(name) {
                taken.notes.push(Note::whole(
                    file,
                    format!("key `{name}`"),
                    "kept in `extra`; brief has no such setting",
                ));
            }
        }
        Understood::Take(Box::new(Head {
            role,
            front: taken.front,
            when: taken.when,
            slug,
            old,
            known_as: Vec::new(),
            notes: taken.notes,
        }))
    }

    fn body(&self, body: &Body<'_>, head: &Head, book: &Book, notes: &mut Vec<Note>) -> String {
        shortcode::convert(body, head, &self.settings, book, notes)
    }

    fn roots(&self) -> Vec<String> {
        let mut roots = self.settings.statics.clone();
        roots.push("assets".to_owned());
        roots
    }

    fn fill(&self, book: &mut Book) {
        if let Some(address) = &self.settings.base_url {
            book.lives_at(address);
        }
        book.rename_feed("/index.xml", "/feed.xml");
        for section in &self.settings.sections {
            book.move_list(&format!("/{section}/"), "/archive/");
            book.rename(&format!("/{section}/index.xml"), "/feed.xml");
        }
        for (_, plural) in &self.settings.taxonomies {
            book.move_list(&format!("/{plural}/"), "/topics/");
        }
    }

    fn term_addresses(&self, topic: &str) -> Vec<String> {
        let term = address::urlize(topic);
        let of = |(_, plural): &(String, String)| format!("/{plural}/{term}/");
        self.settings.taxonomies.iter().map(of).collect()
    }
}

/// The extension of a file.
fn extension(file: &str) -> &str {
    let name = book::last(file);
    name.rfind('.')
        .filter(|&dot| dot > 0)
        .map_or("", |dot| &name[dot + 1..])
}

/// A path below a folder.
fn below<'p>(path: &'p str, folder: &str) -> &'p str {
    path.strip_prefix(folder)
        .map_or(path, |below| below.trim_start_matches('/'))
}

/// Whether a file is a page of its own: not a resource of a leaf bundle, whose page is its `index.md`.
fn is_own(tree: &Tree, file: &str, content: &str) -> bool {
    let mut folder = book::folder(file);
    if book::last(file).starts_with("index.") {
        folder = book::folder(folder);
    }
    while !folder.is_empty() && folder != content {
        if tree.has(&format!("{folder}/index.md")) {
            return false;
        }
        folder = book::folder(folder);
    }
    true
}

fn is_unrendered(keys: &Keys) -> bool {
    let build = keys.get("build").or_else(|| keys.get("_build"));
    let render = build.and_then(|build| build.get("render"));
    render.is_some_and(|render| {
        render.as_bool() == Some(false) || matches!(render.as_str(), Some("never" | "link"))
    })
}
