//! The settings of a Hugo site that decide where its pages stood.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::post::Note;
use super::super::tree::Tree;
use super::super::value::{self, Keys, line_and_column, text_of, texts_of};
use super::address::day_of_name;
use crate::ground::date::Zone;

/// What the settings say, with Hugo's defaults.
#[derive(Debug)]
pub struct Settings {
    pub base_url: Option<String>,
    pub content: String,
    pub statics: Vec<String>,
    /// The language of files that name none, and whether its addresses name it too.
    pub language: String,
    pub languages: BTreeSet<String>,
    pub default_in_subdir: bool,
    /// Patterns by section.
    pub permalinks: BTreeMap<String, String>,
    /// Whether addresses end with `.html`, as a whole or by section.
    pub ugly: bool,
    pub ugly_sections: BTreeMap<String, bool>,
    pub keeps_case: bool,
    pub removes_accents: bool,
    /// Singular and plural.
    pub taxonomies: Vec<(String, String)>,
    pub zone: Zone,
    /// Whether days are read from file names, and before the key `date`.
    pub dates_from_names: bool,
    pub names_come_first: bool,
    /// Folders at the top of the content.
    pub sections: BTreeSet<String>,
    /// Whether articles lie at the top of the content, in no section.
    pub has_dates_at_top: bool,
    /// `params`, for the shortcode of that name.
    pub params: Value,
}

const NAMES: [&str; 2] = ["hugo", "config"];
const ENDINGS: [&str; 4] = ["toml", "yaml", "yml", "json"];

impl Settings {
    /// Reads them from wherever they are.
    pub fn read(tree: &Tree, notes: &mut Vec<Note>) -> Settings {
        let mut all = Keys::default();
        for folder in ["", "config/_default/", "config/production/"] {
            for (name, ending) in NAMES.iter().flat_map(|name| ENDINGS.map(|ending| (name, ending))) {
                let file = format!("{folder}{name}.{ending}");
                if let Some(Value::Object(map)) = read_file(tree, &file, ending, notes) {
                    all.or_from(&map);
                }
            }
            for (part, ending) in ["permalinks", "taxonomies", "params", "languages", "frontmatter"]
                .iter()
                .flat_map(|part| ENDINGS.map(|ending| (part, ending)))
            {
                let file = format!("{folder}{part}.{ending}");
                if let Some(value) = read_file(tree, &file, ending, notes).filter(|_| !folder.is_empty()) {
                    let map = serde_json::Map::from_iter([((*part).to_owned(), value)]);
                    all.or_from(&map);
                }
            }
        }
        Settings::of(&mut all, tree)
    }

    fn of(keys: &mut Keys, tree: &Tree) -> Settings {
        let content = folder_of(keys, "contentDir", "content");
        let statics = match keys.take_texts("staticDir") {
            list if list.is_empty() => vec!["static".to_owned()],
            list => list.iter().map(|folder| clean(folder)).collect(),
        };
        let language = keys
            .take_text(&["defaultContentLanguage"])
            .unwrap_or_else(|| "en".to_owned());
        let languages = match keys.take("languages") {
            Some(Value::Object(map)) => map.keys().cloned().collect(),
            _ => BTreeSet::new(),
        };
        let taxonomies = match keys.take("taxonomies") {
            Some(Value::Object(map)) => map
                .iter()
                .filter_map(|(singular, plural)| Some((singular.clone(), text_of(plural)?)))
                .collect(),
            _ => vec![
                ("tag".to_owned(), "tags".to_owned()),
                ("category".to_owned(), "categories".to_owned()),
            ],
        };
        let (ugly, ugly_sections) = match keys.take("uglyURLs") {
            Some(Value::Bool(ugly)) => (ugly, BTreeMap::new()),
            Some(Value::Object(map)) => (
                false,
                map.iter()
                    .filter_map(|(section, ugly)| Some((section.clone(), ugly.as_bool()?)))
                    .collect(),
            ),
            _ => (false, BTreeMap::new()),
        };
        let dates = keys
            .get("frontmatter")
            .and_then(|matter| matter.get("date"))
            .map(texts_of)
            .unwrap_or_default();
        let named = dates.iter().position(|name| name == ":filename");
        let written = dates
            .iter()
            .position(|name| matches!(name.as_str(), "date" | ":default"));
        let zone = keys.take_text(&["timeZone"]).and_then(|name| Zone::named(&name));
        let mut sections = BTreeSet::new();
        let mut dated_at_top = 0;
        let mut in_sections = 0;
        for file in tree.below(&content) {
            let below = super::below(file, &content);
            match below.split_once('/') {
                Some((section, _)) => {
                    sections.insert(section.to_owned());
                    in_sections += 1;
                }
                None => dated_at_top += usize::from(day_of_name(below).is_some()),
            }
        }
        Settings {
            base_url: keys.take_text(&["baseURL"]),
            content,
            statics,
            language,
            languages,
            default_in_subdir: keys
                .take_flag("defaultContentLanguageInSubdir")
                .unwrap_or_default(),
            permalinks: permalinks(keys.take("permalinks")),
            ugly,
            ugly_sections,
            keeps_case: keys.take_flag("disablePathToLower").unwrap_or_default(),
            removes_accents: keys.take_flag("removePathAccents").unwrap_or_default(),
            taxonomies,
            zone: zone.unwrap_or_else(Zone::utc),
            dates_from_names: named.is_some(),
            names_come_first: match (named, written) {
                (Some(named), Some(written)) => named < written,
                (named, _) => named.is_some(),
            },
            sections,
            has_dates_at_top: dated_at_top > 0 || in_sections == 0,
            params: keys.take("params").unwrap_or_default(),
        }
    }

    /// The name of a content file without its extension and language, and the language.
    pub fn name_and_language(&self, below: &str) -> (String, Option<String>) {
        let stem = super::book::without_extension(below);
        let (plain, language) = match stem.rsplit_once('.') {
            Some((plain, language)) if self.languages.contains(language) => {
                (plain, Some(language.to_owned()))
            }
            _ => (stem, None),
        };
        let plain = plain.strip_suffix("/index").unwrap_or(plain);
        (plain.to_owned(), language)
    }
}

fn read_file(tree: &Tree, file: &str, ending: &str, notes: &mut Vec<Note>) -> Option<Value> {
    if !tree.has(file) {
        return None;
    }
    let mut fail = |line: usize, column: usize, message: String| {
        notes.push(Note {
            line,
            column,
            ..Note::whole(
                file,
                "settings that cannot be read",
                format!("passed over: {message}"),
            )
        });
    };
    let text = match tree.read(file) {
        Ok(text) => text,
        Err((_, message)) => {
            fail(0, 0, message);
            return None;
        }
    };
    let read = match ending {
        "toml" => value::of_toml(&text),
        "json" => value::of_json(&text),
        _ => value::of_yaml(&text),
    };
    read.map_err(|fault| {
        let (line, column) = line_and_column(&text, fault.at);
        fail(line, column, fault.message);
    })
    .ok()
}

fn folder_of(keys: &mut Keys, name: &str, default: &str) -> String {
    keys.take_text(&[name])
        .map_or(default.to_owned(), |folder| clean(&folder))
}

/// A folder of the tree; what leads out of it names nothing there.
fn clean(folder: &str) -> String {
    folder.trim_start_matches("./").trim_matches('/').to_owned()
}

/// Patterns by section: `posts: …`, or by kind of page first: `page: {posts: …}`.
fn permalinks(value: Option<Value>) -> BTreeMap<String, String> {
    let Some(Value::Object(map)) = value else {
        return BTreeMap::new();
    };
    let mut patterns = BTreeMap::new();
    for (key, value) in &map {
        match value {
            Value::String(pattern) => {
                patterns.insert(key.trim_matches('/').to_owned(), pattern.clone());
            }
            Value::Object(inner) if key == "page" => {
                for (section, pattern) in inner {
                    if let Some(pattern) = text_of(pattern) {
                        patterns.insert(section.trim_matches('/').to_owned(), pattern);
                    }
                }
            }
            _ => {}
        }
    }
    patterns
}
