//! Sites of Jekyll.
//!
//! Facts from Jekyll's documentation: front matter and its defaults, posts, drafts, collections, permalinks.

mod liquid;
mod permalink;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::book::{self, Book};
use super::common::{self, push, take_topics};
use super::moment::When;
use super::post::Note;
use super::site::{Generator, Head, Role, Understood};
use super::text::Body;
use super::tree::Tree;
use super::value::{self, Keys, at, line_and_column, text_of, texts_of};
use crate::ground::date::{Day, Zone};

/// A site of Jekyll.
#[derive(Debug)]
pub struct Jekyll {
    settings: Value,
    zone: Zone,
    /// Where the sources lie, below the folder that is named; and where folders of collections do.
    source: String,
    collections_folder: String,
    /// Settings of collections whose pages are written, by their name.
    collections: BTreeMap<String, Map<String, Value>>,
    /// What the front matter of some files holds unless it says otherwise: folder, kind, values.
    defaults: Vec<(String, Option<String>, Map<String, Value>)>,
    /// Names of authors by their key, from _data/authors.yml.
    authors: BTreeMap<String, String>,
}

/// What a file is to Jekyll.
enum Place<'f> {
    /// In `_posts`: the folders above it, and its name.
    Post(&'f str, &'f str),
    /// In `_drafts`.
    Draft(&'f str, &'f str),
    /// In a collection: its name, and the path in it.
    Collected(&'f str, &'f str),
    /// Anywhere else.
    Page(&'f str),
}

impl Jekyll {
    /// Reads the settings of a site. What is wrong with them is noted.
    pub fn open(tree: &Tree, notes: &mut Vec<Note>) -> Jekyll {
        let mut settings = Value::Object(Map::new());
        for file in ["_config.yml", "_config.yaml", "_config.toml"] {
            if settings.as_object().is_some_and(Map::is_empty) {
                settings = read(tree, file, notes).unwrap_or(settings);
            }
        }
        let text = |name: &str| settings.get(name).and_then(text_of);
        let folder = |name: &str| {
            text(name)
                .unwrap_or_default()
                .trim_start_matches("./")
                .trim_matches('/')
                .to_owned()
        };
        let source = folder("source");
        let source = if source == "." { String::new() } else { source };
        let collections = match settings.get("collections") {
            Some(Value::Object(map)) => map
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), value.as_object()?.clone())))
                .collect(),
            _ => BTreeMap::new(),
        };
        let defaults = settings.get("defaults").and_then(Value::as_array);
        let defaults = defaults.into_iter().flatten().filter_map(|entry| {
            let path = at(entry, &["scope", "path"])
                .and_then(text_of)
                .unwrap_or_default();
            let kind = at(entry, &["scope", "type"]).and_then(text_of);
            let values = at(entry, &["values"])?.as_object()?.clone();
            Some((path.trim_matches('/').to_owned(), kind, values))
        });
        let mut defaults: Vec<_> = defaults.collect();
        // The deepest folder wins, then what stands last.
        defaults.reverse();
        defaults.sort_by_key(|(path, ..)| std::cmp::Reverse(path.len()));
        let authors = ["_data/authors.yml", "_data/authors.yaml", "_data/authors.json"]
            .iter()
            .find_map(|file| read(tree, file, notes));
        let authors = match authors {
            Some(Value::Object(map)) => map
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), texts_of(value).into_iter().next()?)))
                .collect(),
            _ => BTreeMap::new(),
        };
        Jekyll {
            zone: text("timezone")
                .and_then(|name| Zone::named(&name))
                .unwrap_or_else(Zone::utc),
            source,
            collections_folder: folder("collections_dir"),
            collections,
            defaults,
            authors,
            settings,
        }
    }

    /// The site's settings, for what asks for them.
    fn setting(&self, name: &str) -> Option<String> {
        self.settings.get(name).and_then(text_of)
    }

    /// A path below the folder of the sources.
    fn below<'f>(&self, file: &'f str) -> Option<&'f str> {
        match self.source.is_empty() {
            true => Some(file),
            false => file.strip_prefix(self.source.as_str())?.strip_prefix('/'),
        }
    }

    fn place<'f>(&self, below: &'f str) -> Place<'f> {
        for (marker, is_post) in [("_posts/", true), ("_drafts/", false)] {
            let found = match below.starts_with(marker) {
                true => Some(0),
                false => below.find(&format!("/{marker}")).map(|at| at + 1),
            };
            if let Some(at) = found {
                let (above, name) = (&below[..at], &below[at + marker.len()..]);
                let above = self.without_collections(above.trim_end_matches('/'));
                return match is_post {
                    true => Place::Post(above, name),
                    false => Place::Draft(above, name),
                };
            }
        }
        let inner = self.without_collections(below);
        if let Some((name, rest)) = inner.strip_prefix('_').and_then(|inner| inner.split_once('/'))
            && self.collections.contains_key(name)
        {
            return Place::Collected(name, rest);
        }
        Place::Page(below)
    }

    fn without_collections<'f>(&self, path: &'f str) -> &'f str {
        match path.strip_prefix(self.collections_folder.as_str()) {
            Some(rest) if !self.collections_folder.is_empty() => rest.trim_start_matches('/'),
            _ => path,
        }
    }

    fn with_defaults(&self, keys: &mut Keys, below: &str, kind: &str) {
        for (path, only, values) in &self.defaults {
            let lies_there = path.is_empty()
                || below == path
                || below
                    .strip_prefix(path.as_str())
                    .is_some_and(|rest| rest.starts_with('/'));
            if lies_there && only.as_deref().is_none_or(|only| only == kind) {
                keys.or_from(values);
            }
        }
    }
}

fn read(tree: &Tree, file: &str, notes: &mut Vec<Note>) -> Option<Value> {
    if !tree.has(file) {
        return None;
    }
    let mut fail = |line: usize, column: usize, message: String| {
        let note = Note::whole(
            file,
            "settings that cannot be read",
            format!("passed over: {message}"),
        );
        notes.push(Note { line, column, ..note });
    };
    let text = tree.read(file).map_err(|(_, message)| fail(0, 0, message)).ok()?;
    let value = match file.rsplit('.').next() {
        Some("toml") => value::of_toml(&text),
        Some("json") => value::of_json(&text),
        _ => value::of_yaml(&text),
    };
    value
        .map_err(|fault| {
            let (line, column) = line_and_column(&text, fault.at);
            fail(line, column, fault.message);
        })
        .ok()
}

/// The day and the rest of a name such as `2024-3-5-acme-opens.md`.
pub fn dated(name: &str) -> Option<(Day, &str)> {
    let stem = book::without_extension(book::last(name));
    let mut parts = stem.splitn(4, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(all_digits(year) && year.len() == 4 && all_digits(month) && all_digits(day)) {
        return None;
    }
    let day = Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    Some((day, parts.next().unwrap_or_default()))
}

/// The folders above `_posts` and in it are no part of a name, the categories before it are.
fn categories(keys: &mut Keys, above: &str) -> Vec<String> {
    let mut categories = Vec::new();
    for folder in above.split('/').filter(|folder| !folder.is_empty()) {
        push(&mut categories, folder.to_owned());
    }
    // One category may have spaces, several in one text are divided by them.
    if let Some(one) = keys.take("category") {
        for category in texts_of(&one) {
            push(&mut categories, category);
        }
    }
    for category in divided(keys.take("categories")) {
        push(&mut categories, category);
    }
    categories
}

fn divided(value: Option<Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
        Some(value) => texts_of(&value),
        None => Vec::new(),
    }
}

impl Generator for Jekyll {
    fn sources(&self, tree: &Tree) -> Vec<String> {
        let is_source = |file: &&str| {
            let Some(below) = self.below(file) else {
                return false;
            };
            let is_text = matches!(
                below.rsplit('.').next(),
                Some("md" | "markdown" | "mkd" | "mkdown" | "html")
            );
            let first = below.split('/').next().unwrap_or_default();
            let is_readme = matches!(
                below.to_ascii_lowercase().as_str(),
                "readme.md" | "license.md" | "contributing.md" | "changelog.md" | "code_of_conduct.md"
            );
            is_text
                && !is_readme
                && !matches!(
                    first,
                    "_site" | "vendor" | "_layouts" | "_includes" | "_sass" | "_data" | "_plugins"
                )
                && match self.place(below) {
                    Place::Page(path) => !path.split('/').any(|part| part.starts_with(['_', '.'])),
                    _ => true,
                }
        };
        tree.files().filter(is_source).map(str::to_owned).collect()
    }

    fn head(&self, file: &str, mut keys: Keys, body: &str) -> Understood {
        let below = self.below(file).unwrap_or(file);
        let place = self.place(below);
        let is_html = below.ends_with(".html");
        if let Place::Page(path) = place
            && (matches!(
                path,
                "index.md" | "index.html" | "index.markdown" | "404.html" | "404.md"
            ) || is_html)
        {
            return Understood::Leave(
                "front page, pages of HTML and of errors: brief makes its own".to_owned(),
            );
        }
        let kind = match place {
            Place::Post(..) => "posts",
            Place::Draft(..) => "drafts",
            Place::Collected(name, _) => name,
            Place::Page(_) => "pages",
        };
        self.with_defaults(&mut keys, below, kind);
        if keys.get("redirect_to").is_some() {
            return Understood::Leave("pages that only lead elsewhere (`redirect_to`)".to_owned());
        }
        if let Place::Collected(name, _) = place {
            let output = self.collections.get(name).and_then(|map| map.get("output"));
            if output.and_then(Value::as_bool) != Some(true) {
                return Understood::Leave(format!("collection `{name}`, which Jekyll does not write"));
            }
        }
        let mut taken = common::take(&mut keys, file, &self.zone, &["date"]);
        let (above, name) = match place {
            Place::Post(above, name) | Place::Draft(above, name) => (above, name),
            Place::Collected(_, rest) => ("", rest),
            Place::Page(path) => ("", path),
        };
        let by_name = match place {
            Place::Page(_) => None,
            _ => dated(name),
        };
        if let Place::Post(..) = place
            && by_name.is_none()
        {
            return Understood::Leave(
                "files in `_posts` without a date in their name, as Jekyll leaves them".to_owned(),
            );
        }
        if taken.when.is_none() {
            taken.when = by_name.map(|(day, _)| When::on(day));
        }
        taken.front.draft |= matches!(place, Place::Draft(..));
        let categories = categories(&mut keys, above);
        for topic in &categories {
            push(&mut taken.front.topics, topic.clone());
        }
        for topic in divided(keys.take("tags"))
            .into_iter()
            .chain(keys.take_texts("tag"))
        {
            push(&mut taken.front.topics, topic);
        }
        take_topics(&mut keys, &["topics"], &mut taken.front.topics);
        for author in &mut taken.front.authors {
            if let Some(name) = self.authors.get(author) {
                author.clone_from(name);
            }
        }
        let stem = book::without_extension(book::last(name));
        let own_name = by_name.map_or(stem, |(_, rest)| rest);
        common::headline(&mut taken.front, file, body, own_name, &mut taken.notes);
        let slug = keys.take_text(&["slug"]).unwrap_or_else(|| own_name.to_owned());
        let fields = permalink::Fields {
            categories: &categories,
            when: taken.when.as_ref(),
            zone: &self.zone,
            slug: &slug,
            path: book::without_extension(name),
            name: stem,
            collection: match place {
                Place::Collected(name, _) => name,
                _ => "",
            },
        };
        let given = keys.take_text(&["permalink"]);
        let site_wide = self.setting("permalink");
        let own = match (&place, &given) {
            (_, Some(pattern)) => permalink::expand(permalink::style(pattern), &fields),
            (Place::Collected(name, _), None) => {
                let own = self.collections.get(*name).and_then(|map| map.get("permalink"));
                let pattern = own
                    .and_then(text_of)
                    .unwrap_or_else(|| "/:collection/:path:output_ext".to_owned());
                permalink::expand(&pattern, &fields)
            }
            (Place::Page(_), None) => permalink::of_page(site_wide.as_deref(), &fields),
            _ => {
                let pattern = site_wide.as_deref().unwrap_or("date");
                permalink::expand(permalink::style(pattern), &fields)
            }
        };
        let mut old = vec![own];
        for alias in keys
            .take_texts("redirect_from")
            .into_iter()
            .chain(keys.take_texts("aliases"))
        {
            push(&mut old, alias);
        }
        let mut extra = keys.rest();
        // How Jekyll shows things says nothing of the articles.
        for name in ["layout", "comments", "toc", "mathjax"] {
            if extra.remove(name).is_some() {
                let what = format!("key `{name}`");
                taken
                    .notes
                    .push(Note::whole(file, what, "left out: it is about Jekyll's layouts"));
            }
        }
        taken.front.extra = extra;
        Understood::Take(Box::new(Head {
            role: match place {
                Place::Page(_) => Role::Page,
                _ => Role::Article,
            },
            front: taken.front,
            when: taken.when,
            slug,
            old,
            known_as: Vec::new(),
            notes: taken.notes,
        }))
    }

    fn body(&self, body: &Body<'_>, head: &Head, book: &Book, notes: &mut Vec<Note>) -> String {
        liquid::convert(self, body, head, book, notes)
    }

    fn roots(&self) -> Vec<String> {
        vec![self.source.clone()]
    }

    fn publishes(&self, file: &str) -> bool {
        let below = self.below(file).unwrap_or(file);
        let is_hidden = |part: &str| part.starts_with(['_', '.', '#', '~']) && part != ".well-known";
        let is_source = [
            "md", "markdown", "html", "scss", "sass", "rb", "gemspec", "lock", "yml",
        ]
        .contains(&below.rsplit('.').next().unwrap_or_default());
        // Pictures in the folder of a post are published with the post by brief alone.
        !is_source
            && !below
                .split('/')
                .any(|part| is_hidden(part) && part != "_posts" && part != "_drafts")
            && !matches!(below, "Gemfile" | "Rakefile" | "CNAME")
    }

    fn fill(&self, book: &mut Book) {
        let base = self.setting("baseurl").unwrap_or_default();
        if let Some(address) = self.setting("url") {
            book.lives_at(&format!("{}{base}", address.trim_end_matches('/')));
        }
        book.lies_under(&base);
        for list in ["/tags/", "/categories/"] {
            book.rename(list, "/topics/");
        }
        for list in ["/posts/", "/archive/", "/archives/", "/blog/"] {
            book.rename(list, "/archive/");
        }
        book.rename("/feed.xml", "/atom.xml");
    }

    fn has_lists(&self) -> bool {
        false
    }

    fn term_addresses(&self, topic: &str) -> Vec<String> {
        let slug = permalink::slugified(topic);
        ["tags", "tag", "categories", "category"]
            .iter()
            .map(|list| format!("/{list}/{slug}/"))
            .collect()
    }
}
