//! Values compared with their documented types.

use std::collections::BTreeSet;

use brief::ground::date::{Period, Zone, parse_moment};
use brief::ground::path::SourcePath;
use tera::Value;

use crate::compare;
use crate::document::{Document, Type};

/// Compares values with their documented types, and remembers which keys it has seen.
pub struct Check<'d> {
    /// What is documented.
    pub document: &'d Document,
    /// `record.key` of every value that was not null.
    pub seen: BTreeSet<String>,
    /// Whether the values still know which texts are HTML.
    pub knows_html: bool,
}

impl<'d> Check<'d> {
    pub fn new(document: &'d Document) -> Check<'d> {
        Check {
            document,
            seen: BTreeSet::new(),
            knows_html: true,
        }
    }

    /// Fails the test unless a value is what the document says.
    pub fn value(&mut self, place: &str, value: &Value, kind: &Type) {
        let wrong = format!("{place} is documented as {kind:?} and was {value:?}");
        match kind {
            Type::OrNull(inner) => {
                if !value.is_none() {
                    self.value(place, value, inner);
                }
            }
            Type::List(inner) => {
                for (index, item) in value.as_array().expect(&wrong).iter().enumerate() {
                    self.value(&format!("{place}[{index}]"), item, inner);
                }
            }
            Type::Map(inner) => {
                for (key, item) in value.as_map().expect(&wrong) {
                    self.value(&format!("{place}.{key}"), item, inner);
                }
            }
            Type::Record(name) => self.record(place, value, name),
            Type::Plain(word) => {
                assert!(self.is_plain(word, value), "{wrong}");
            }
        }
    }

    fn record(&mut self, place: &str, value: &Value, name: &str) {
        let keys = self
            .document
            .records
            .get(name)
            .unwrap_or_else(|| panic!("docs/TEMPLATES.md has no record `{name}`, which {place} is"));
        let map = value
            .as_map()
            .unwrap_or_else(|| panic!("{place} is documented as {name} and was {value:?}"));
        let real: Vec<String> = map.keys().map(ToString::to_string).collect();
        compare(
            &format!("keys of {name} ({place})"),
            keys.iter().map(|(key, _)| key.as_str()),
            real.iter().map(String::as_str),
        );
        for (key, kind) in keys {
            let value = value.get_from_path(key).expect("a key that was compared");
            let is_empty = value.as_array().is_some_and(<[Value]>::is_empty)
                || value.as_map().is_some_and(|map| map.iter().next().is_none());
            if !value.is_none() && !is_empty {
                self.seen.insert(format!("{name}.{key}"));
            }
            self.value(&format!("{place}.{key}"), value, kind);
        }
    }

    fn is_plain(&self, word: &str, value: &Value) -> bool {
        let zone = Zone::utc();
        let text = value.as_str();
        let period = text.and_then(Period::parse);
        match word {
            "text" => text.is_some() && !value.is_safe(),
            "HTML" => text.is_some() && (value.is_safe() || !self.knows_html),
            "number" => value.is_number(),
            "true/false" => value.is_bool(),
            "moment" => text.is_some_and(|text| parse_moment(text, &zone).is_ok()),
            "day" => matches!(period, Some(Period::Day(_))),
            "month" => matches!(period, Some(Period::Month(_))),
            "period" => period.is_some(),
            "time" => text.is_some_and(|text| text.len() == 5 && text.as_bytes()[2] == b':'),
            "address" => text.is_some_and(|text| text.starts_with('/') || text.starts_with("https://")),
            "path" => text.is_some_and(|text| SourcePath::new(text).is_some()),
            "anything" => true,
            other => panic!("docs/TEMPLATES.md uses a type `{other}` that it does not explain"),
        }
    }
}
