//! The values of a foreign front matter or of a generator's settings, whatever form they were written in.
//!
//! YAML, TOML and JSON all become JSON's values: they have what the others have, and dates are text in
//! all three. Names of keys are compared without case where the generator does so.

use serde_json::{Map, Value};

use crate::ground::diagnostic::Diagnostics;
use crate::ground::path::SourcePath;
use crate::reading::yaml::{self, Node};

/// A problem with a place in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The byte of the text.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

impl Fault {
    /// A problem at a byte.
    pub fn new(at: usize, message: impl Into<String>) -> Fault {
        Fault {
            at,
            message: message.into(),
        }
    }
}

/// The line and the column of a byte, from 1.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}

/// Reads YAML. The place of a fault counts from the start of the text.
pub fn of_yaml(text: &str) -> Result<Value, Fault> {
    let file = SourcePath::root();
    let mut found = Diagnostics::new();
    let document = yaml::parse(&file, text, 0, &mut found);
    // A key that is given twice is read by all of these generators, the last one counting.
    match document {
        Some(document) => Ok(of_node(document.root())),
        None => {
            let first = found.iter().next();
            let at = first
                .and_then(|first| first.labels.first()?.span)
                .map_or(0, |span| span.start as usize);
            let message = first.map_or_else(|| "this is no YAML".to_owned(), |first| first.message.clone());
            Err(Fault::new(at, message))
        }
    }
}

fn of_node(node: &Node) -> Value {
    match &node.value {
        yaml::Value::Null => Value::Null,
        yaml::Value::Bool(value) => Value::Bool(*value),
        yaml::Value::Int(value) => Value::from(*value),
        yaml::Value::Float(value) => Value::from(*value),
        yaml::Value::Text(text) => Value::String(text.clone()),
        yaml::Value::List(list) => Value::Array(list.iter().map(of_node).collect()),
        yaml::Value::Map(map) => Value::Object(
            map.iter()
                .map(|(key, node)| (key.name.clone(), of_node(node)))
                .collect(),
        ),
    }
}

/// Reads TOML.
pub fn of_toml(text: &str) -> Result<Value, Fault> {
    match text.parse::<toml::Table>() {
        Ok(table) => Ok(of_table(table)),
        Err(error) => Err(Fault::new(
            error.span().map_or(0, |span| span.start),
            error.message().replace('\n', " "),
        )),
    }
}

fn of_table(table: toml::Table) -> Value {
    Value::Object(
        table
            .into_iter()
            .map(|(key, value)| (key, of_item(value)))
            .collect(),
    )
}

fn of_item(item: toml::Value) -> Value {
    match item {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(value) => Value::Bool(value),
        toml::Value::Datetime(moment) => Value::String(moment.to_string()),
        toml::Value::Array(list) => Value::Array(list.into_iter().map(of_item).collect()),
        toml::Value::Table(table) => of_table(table),
    }
}

/// Reads JSON.
pub fn of_json(text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|error| json_fault(text, &error))
}

/// Reads the JSON value that a text starts with, and says where it ends.
pub fn leading_json(text: &str) -> Result<(Value, usize), Fault> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match values.next() {
        Some(Ok(value)) => Ok((value, values.byte_offset())),
        Some(Err(error)) => Err(json_fault(text, &error)),
        None => Err(Fault::new(0, "there is no JSON")),
    }
}

fn json_fault(text: &str, error: &serde_json::Error) -> Fault {
    let line_start: usize = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    Fault::new(line_start + error.column().saturating_sub(1), message)
}

/// Keys taken out of a map one after the other, so that what nobody asked for is left.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    map: Map<String, Value>,
}

impl Keys {
    /// The keys of a value; none if it is no map.
    pub fn of(value: Value) -> Keys {
        match value {
            Value::Object(map) => Keys { map },
            _ => Keys::default(),
        }
    }

    /// Adds what is not there yet.
    pub fn or_from(&mut self, defaults: &Map<String, Value>) {
        for (key, value) in defaults {
            if !self.map.contains_key(key) {
                self.map.insert(key.clone(), value.clone());
            }
        }
    }

    /// What a key holds, in any case of its letters.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.map
            .get(name)
            .or_else(|| {
                let same = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
                self.map.iter().find(same).map(|(_, value)| value)
            })
            .filter(|value| !value.is_null())
    }

    /// Takes a key.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let key = match self.map.contains_key(name) {
            true => name.to_owned(),
            false => self
                .map
                .keys()
                .find(|key| key.eq_ignore_ascii_case(name))?
                .clone(),
        };
        self.map.remove(&key).filter(|value| !value.is_null())
    }

    /// Takes the first of some keys that there is.
    pub fn take_any(&mut self, names: &[&str]) -> Option<Value> {
        names.iter().find_map(|name| self.take(name))
    }

    /// Takes a key as one line of text.
    pub fn take_text(&mut self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| {
            let text = text_of(self.get(name)?)?;
            self.take(name);
            Some(text)
        })
    }

    /// Takes a yes or no, also as a word.
    pub fn take_flag(&mut self, name: &str) -> Option<bool> {
        let flag = flag_of(self.get(name)?)?;
        self.take(name);
        Some(flag)
    }

    /// Takes a list of texts; a single text is a list of one.
    pub fn take_texts(&mut self, name: &str) -> Vec<String> {
        self.take(name).map_or(Vec::new(), |value| texts_of(&value))
    }

    /// What is left.
    pub fn rest(self) -> Map<String, Value> {
        self.map
    }

    /// The map as it is.
    pub fn map(&self) -> &Map<String, Value> {
        &self.map
    }
}

/// A text, a number or a yes as text; nothing for containers and empty texts.
pub fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The texts in a value: of a list each, of a text itself; names out of maps that have one.
pub fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().flat_map(texts_of).collect(),
        Value::Object(map) => ["name", "title", "label"]
            .iter()
            .find_map(|key| text_of(map.get(*key)?))
            .into_iter()
            .collect(),
        other => text_of(other).into_iter().collect(),
    }
}

/// A value within maps, by its keys.
pub fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, name| {
        let map = value.as_object()?;
        map.get(*name).or_else(|| {
            map.iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms_are_one() {
        let yaml = of_yaml("title: A\ntags: [x, y]\ndate: 2025-01-02\n").expect("YAML");
        let toml = of_toml("title = \"A\"\ntags = [\"x\", \"y\"]\ndate = 2025-01-02\n").expect("TOML");
        let json =
            of_json("{\"title\": \"A\", \"tags\": [\"x\", \"y\"], \"date\": \"2025-01-02\"}").expect("JSON");
        assert_eq!(yaml, toml);
        assert_eq!(yaml, json);
    }

    #[test]
    fn faults_have_a_place() {
        let text = "a = 1\nb = = 2\n";
        let fault = of_toml(text).expect_err("no TOML");
        assert_eq!(line_and_column(text, fault.at).0, 2, "{fault:?}");
        let text = "{\"a\": 1,\n \"b\": x}";
        let fault = of_json(text).expect_err("no JSON");
        assert_eq!(line_and_column(text, fault.at), (2, 7), "{fault:?}");
        let text = "a: 1\nb: [1\n";
        assert!(of_yaml(text).is_err());
    }

    #[test]
    fn hostile_depth_is_an_error() {
        assert!(of_json(&"[".repeat(100_000)).is_err());
        assert!(of_toml(&format!("a = {}", "[".repeat(100_000))).is_err());
        assert!(of_yaml(&"[".repeat(100_000)).is_err());
    }
}
