//! What comes out of another generator: articles and pages in brief's form, and what was changed on the way.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::reading::yaml::{flow_list, plain_or_quoted, quoted};

/// Something the person who imports should know, at its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The file it stands in.
    pub file: String,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// The column, from 1; 0 where the whole line is meant.
    pub column: usize,
    /// What it is: "shortcode `gallery`".
    pub what: String,
    /// Which one it is, where several are told of together: an address.
    pub detail: String,
    /// What became of it: "kept as a comment".
    pub became: String,
}

impl Note {
    /// A note about a file as a whole.
    pub fn whole(file: &str, what: impl Into<String>, became: impl Into<String>) -> Note {
        Note {
            file: file.to_owned(),
            line: 0,
            column: 0,
            what: what.into(),
            detail: String::new(),
            became: became.into(),
        }
    }

    /// Says which one it is about.
    pub fn about(mut self, detail: impl Into<String>) -> Note {
        self.detail = detail.into();
        self
    }
}

/// A file that comes along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its path in the site folder.
    pub to: String,
    /// What it holds.
    pub from: Contents,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contents {
    /// The bytes of another file.
    File(PathBuf),
    /// This text.
    Text(String),
}

/// An article or a page, ready to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Post {
    /// Its file in the site folder: `content/articles/2024-05-01-acme.md`.
    pub path: String,
    /// What it is in its source, the same at every import: its path there, or its number.
    pub origin: String,
    /// Its front matter.
    pub front: Front,
    /// Its text, as Markdown.
    pub body: String,
    /// Pictures and other files that it refers to.
    pub attachments: Vec<Attachment>,
    /// What was changed, in the order of the text.
    pub notes: Vec<Note>,
}

/// The picture of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Where it is.
    pub src: String,
    /// What it shows.
    pub alt: Option<String>,
    /// The words under it.
    pub caption: Option<String>,
    /// Whose it is.
    pub credit: Option<String>,
}

/// Front matter as brief has it.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "each field is named like its key")]
pub struct Front {
    pub title: String,
    pub date: Option<String>,
    pub updated: Option<String>,
    pub summary: Option<String>,
    pub companies: Vec<String>,
    pub topics: Vec<String>,
    pub authors: Vec<String>,
    pub image: Option<Picture>,
    pub source_url: Option<String>,
    pub draft: bool,
    pub publish: Option<String>,
    pub expires: Option<String>,
    pub noindex: bool,
    pub slug: Option<String>,
    pub aliases: Vec<String>,
    pub id: Option<String>,
    pub lang: Option<String>,
    pub nav: Option<String>,
    pub order: Option<i64>,
    pub extra: Map<String, Value>,
}

impl Front {
    /// The front matter with its dividing lines.
    pub fn to_yaml(&self) -> String {
        let mut lines = Lines("---\n".to_owned());
        lines.text("title", Some(&quoted(&self.title)));
        lines.text("date", self.date.as_deref());
        lines.text("updated", self.updated.as_deref());
        lines.quoted("id", self.id.as_deref());
        lines.quoted("slug", self.slug.as_deref());
        lines.quoted("summary", self.summary.as_deref());
        lines.list("companies", &self.companies);
        lines.list("topics", &self.topics);
        lines.list("authors", &self.authors);
        lines.picture(self.image.as_ref());
        if let Some(url) = &self.source_url {
            lines.text("source", Some(&format!("{{url: {}}}", quoted(url))));
        }
        lines.flag("draft", self.draft);
        lines.text("publish", self.publish.as_deref());
        lines.text("expires", self.expires.as_deref());
        lines.flag("noindex", self.noindex);
        lines.quoted("lang", self.lang.as_deref());
        lines.text("nav", self.nav.as_deref());
        let order = self.order.map(|order| order.to_string());
        lines.text("order", order.as_deref());
        if !self.aliases.is_empty() {
            lines.0.push_str("aliases:\n");
            for alias in &self.aliases {
                lines.0.push_str(&format!("  - {}\n", quoted(alias)));
            }
        }
        if !self.extra.is_empty() {
            lines.0.push_str("extra:\n");
            for (key, value) in &self.extra {
                lines
                    .0
                    .push_str(&format!("  {}: {}\n", plain_or_quoted(key), flow(value)));
            }
        }
        lines.0.push_str("---\n");
        lines.0
    }
}

struct Lines(String);

impl Lines {
    fn text(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.0.push_str(&format!("{key}: {value}\n"));
        }
    }

    fn quoted(&mut self, key: &str, value: Option<&str>) {
        self.text(key, value.map(quoted).as_deref());
    }

    fn flag(&mut self, key: &str, value: bool) {
        self.text(key, value.then_some("true"));
    }

    fn list(&mut self, key: &str, values: &[String]) {
        if !values.is_empty() {
            self.text(key, Some(&flow_list(values)));
        }
    }

    fn picture(&mut self, picture: Option<&Picture>) {
        let Some(picture) = picture else { return };
        self.0
            .push_str(&format!("image:\n  src: {}\n", quoted(&picture.src)));
        self.quoted("  alt", picture.alt.as_deref());
        self.quoted("  caption", picture.caption.as_deref());
        self.quoted("  credit", picture.credit.as_deref());
    }
}

/// A value in one line of YAML.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(list) => {
            let list: Vec<String> = list.iter().map(flow).collect();
            format!("[{}]", list.join(", "))
        }
        Value::Object(map) => {
            let entries: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{}: {}", quoted(key), flow(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

/// What was left out as a whole, counted by what it is and why.
pub type LeftOut = BTreeMap<String, usize>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::import::foreign::value::of_yaml;
    use serde_json::json;

    #[test]
    fn front_matter_reads_as_it_was_meant() {
        let extra = json!({"weight": 3, "a b": {"x": [1, "two: three", null]}, "no": "yes"});
        let front = Front {
            title: "A \"quoted\" # title: yes".to_owned(),
            date: Some("2024-05-01".to_owned()),
            topics: vec!["on".to_owned(), "C#".to_owned()],
            aliases: vec!["/old/".to_owned()],
            image: Some(Picture {
                src: "a.png".to_owned(),
                alt: Some("An: image".to_owned()),
                ..Picture::default()
            }),
            extra: extra.as_object().cloned().unwrap_or_default(),
            ..Front::default()
        };
        let yaml = front.to_yaml();
        let read = of_yaml(yaml.trim_matches(['-', '\n'])).expect(&yaml);
        assert_eq!(
            read,
            json!({
                "title": front.title, "date": "2024-05-01", "topics": ["on", "C#"], "aliases": ["/old/"],
                "image": {"src": "a.png", "alt": "An: image"}, "extra": extra,
            })
        );
    }
}
