//! Front matter of what comes from elsewhere, as brief writes it: the one writer for all of it.
//!
//! What a source does not say is left out. Where an article cannot do without, and a person is there to
//! give it, the key stands with an empty value and a comment that says what belongs there.

use serde_json::{Map, Value};

use super::post::Picture;
use crate::reading::yaml::{flow_list, plain_or_quoted, quoted};

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
    pub source_name: Option<String>,
    pub source_url: Option<String>,
    pub source_date: Option<String>,
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
    /// Whether a person is asked to fill in what an article should have and its source does not say.
    pub asks: bool,
}

/// What is asked for in a blank, behind the key.
const ASK_TITLE: &str = "# fill in: the headline";
const ASK_DATE: &str = "# fill in: the day on which it appeared, such as 2025-01-21";
const ASK_SOURCE: &str = "# fill in: {name: \"The publication\", url: \"https://…\"}";
const ASK_ADDRESS: &str = "# fill in: its address there, such as https://example.org/article";

impl Front {
    /// The front matter with its dividing lines.
    pub fn to_yaml(&self) -> String {
        let mut lines = Lines("---\n".to_owned());
        match self.title.is_empty() && self.asks {
            true => lines.text("title", Some(ASK_TITLE)),
            false => lines.text("title", Some(&quoted(&self.title))),
        }
        lines.text("date", self.date.as_deref().or(self.asks.then_some(ASK_DATE)));
        lines.text("updated", self.updated.as_deref());
        lines.quoted("id", self.id.as_deref());
        lines.quoted("slug", self.slug.as_deref());
        lines.quoted("summary", self.summary.as_deref());
        lines.list("companies", &self.companies);
        lines.list("topics", &self.topics);
        lines.list("authors", &self.authors);
        lines.picture(self.image.as_ref());
        self.source(&mut lines);
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
        let extra = self.extra.iter().filter(|(_, value)| !value.is_null());
        let extra: Vec<(&String, &Value)> = extra.collect();
        if !extra.is_empty() {
            lines.0.push_str("extra:\n");
            for (key, value) in extra {
                lines
                    .0
                    .push_str(&format!("  {}: {}\n", plain_or_quoted(key), flow(value)));
            }
        }
        lines.0.push_str("---\n");
        lines.0
    }

    /// The source: an address alone in one line, more of it as a list of keys.
    fn source(&self, lines: &mut Lines) {
        match (&self.source_name, &self.source_url, &self.source_date) {
            (None, None, _) => lines.text("source", self.asks.then_some(ASK_SOURCE)),
            (None, Some(url), None) => lines.text("source", Some(&format!("{{url: {}}}", quoted(url)))),
            (name, url, date) => {
                lines.0.push_str("source:\n");
                lines.quoted("  name", name.as_deref());
                match url {
                    Some(url) => lines.quoted("  url", Some(url)),
                    None => lines.text("  url", self.asks.then_some(ASK_ADDRESS)),
                }
                lines.text("  date", date.as_deref());
            }
        }
    }

    /// The keys that are left blank, in the order of the file.
    pub fn blanks(&self) -> Vec<&'static str> {
        let blanks = [
            ("title", self.title.is_empty()),
            ("date", self.date.is_none()),
            ("source", self.source_url.is_none()),
        ];
        let blanks = blanks.into_iter().filter(|(_, is_blank)| *is_blank && self.asks);
        blanks.map(|(key, _)| key).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::import::foreign::value::of_yaml;
    use serde_json::json;

    #[test]
    fn what_is_not_known_is_asked_for() {
        let mut front = Front {
            title: "A".to_owned(),
            asks: true,
            ..Front::default()
        };
        let blank = format!("---\ntitle: \"A\"\ndate: {ASK_DATE}\nsource: {ASK_SOURCE}\n---\n");
        assert_eq!(front.to_yaml(), blank);
        assert_eq!(front.blanks(), ["date", "source"]);
        let read = of_yaml(blank.trim_matches(['-', '\n'])).expect("YAML");
        assert_eq!(read, json!({"title": "A", "date": null, "source": null}));
        front.source_name = Some("The Paper".to_owned());
        front.date = Some("2025-01-21".to_owned());
        assert_eq!(
            front.to_yaml(),
            format!(
                "---\ntitle: \"A\"\ndate: 2025-01-21\nsource:\n  name: \"The Paper\"\n  url: {ASK_ADDRESS}\n---\n"
            )
        );
        front.source_url = Some("https://example.org/".to_owned());
        assert_eq!(front.blanks(), [""; 0]);
    }

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
