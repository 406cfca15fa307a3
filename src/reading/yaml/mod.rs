//! YAML: values with positions. Only this module knows serde_yaml.
//!
//! Values come from one pass of serde_yaml through our own visitor; each node is numbered in the
//! order in which it is written. Positions come from a second parser that marks its events and
//! numbers them in the same way; it runs only when somebody asks for a place, so that reading a
//! site without mistakes never pays for it.

mod fields;
mod places;
mod scan;
pub mod slips;

use std::sync::OnceLock;

use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::SourcePath;
use crate::ground::span::Span;

pub use fields::{Fields, Read, nearest};
use places::Places;

/// A YAML text that was read.
#[derive(Debug)]
pub struct Document {
    file: SourcePath,
    text: String,
    offset: usize,
    root: Node,
    places: OnceLock<Places>,
}

/// A value and its number.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    id: u32,
}

/// A key of a mapping and its number.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The key as text.
    pub name: String,
    id: u32,
}

/// What YAML can hold.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is named like its value")]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

impl Node {
    /// Its number in the order of writing, from 0.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The text of a string.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub fn as_map(&self) -> Option<&[(Key, Node)]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// What it is, for messages.
    pub fn kind_name(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a group of keys",
        }
    }
}

impl Document {
    /// The outermost value.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The file it was read from.
    pub fn file(&self) -> &SourcePath {
        &self.file
    }

    /// The place of a node in its file.
    pub fn place(&self, node: &Node) -> Span {
        self.place_of(node.id)
    }

    /// The place of a key in its file.
    pub fn place_of_key(&self, key: &Key) -> Span {
        self.place_of(key.id)
    }

    /// The place of the node or key of a number; the first line where that is not known.
    pub fn place_of(&self, id: u32) -> Span {
        self.places()
            .get(id)
            .unwrap_or_else(|| self.first_line())
            .shifted(self.offset)
    }

    /// The source text of a node.
    pub fn raw(&self, node: &Node) -> &str {
        let span = self.places().get(node.id).unwrap_or_default();
        &self.text[span.range_in(&self.text)]
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::of(&self.text))
    }

    fn first_line(&self) -> Span {
        Span::new(0, self.text.lines().next().map_or(0, str::len))
    }
}

/// Parses YAML that starts at byte `offset` of a file. What is wrong goes to `found`; `None` where
/// it could not be read at all.
pub fn parse(file: &SourcePath, text: &str, offset: usize, found: &mut Diagnostics) -> Option<Document> {
    let scanned = match scan::scan(text) {
        Ok(scanned) => scanned,
        Err(error) => {
            found.push(slips::explain(file, text, offset, &error));
            return None;
        }
    };
    let document = Document {
        file: file.clone(),
        text: text.to_owned(),
        offset,
        root: scanned.root,
        places: OnceLock::new(),
    };
    for (first, second, name) in scanned.duplicates {
        found.push(
            Diagnostic::new(Code::YamlDuplicateKey, format!("the key `{name}` is given twice"))
                .at_with(file, document.place_of(second), "given again here")
                .at_with(file, document.place_of(first), "first given here")
                .help("keep one of the two"),
        );
    }
    Some(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(node: &Node, document: &Document, out: &mut Vec<String>) {
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| shown(item, document, out)),
            Value::Map(entries) => {
                for (key, value) in entries {
                    let span = document.place_of_key(key);
                    out.push(format!(
                        "{}@{}",
                        &document.text[span.range_in(&document.text)],
                        span.start
                    ));
                    shown(value, document, out);
                }
            }
            _ => out.push(format!("{}@{}", document.raw(node), document.place(node).start)),
        }
    }

    fn check(text: &str, expected: &[&str]) {
        let file = SourcePath::new("x.yaml").expect("a path");
        let mut found = Diagnostics::new();
        let document = parse(&file, text, 0, &mut found).expect("valid YAML");
        let mut out = Vec::new();
        shown(document.root(), &document, &mut out);
        assert_eq!(out, expected, "{text}");
    }

    #[test]
    fn every_node_has_its_place() {
        check(
            "title: Oracle\ndate: 2025-01-21\n",
            &["title@0", "Oracle@7", "date@14", "2025-01-21@20"],
        );
        check(
            "a: [x, 'y', {b: 1.10}]",
            &["a@0", "x@4", "'y'@7", "b@13", "1.10@16"],
        );
        check(
            "é: \"ü\"\nb:\n  - 日本\r\n  - 2\n",
            &["é@0", "\"ü\"@4", "b@9", "日本@16", "2@28"],
        );
        check(
            "a: &x {b: 1}\nc: *x\nd: 2\n",
            &["a@0", "b@7", "1@10", "c@13", "*x@16", "*x@16", "d@19", "2@22"],
        );
        check(
            "a: !tag x\nb:\nc: 3",
            &["a@0", "x@8", "b@10", "@11", "c@13", "3@16"],
        );
    }

    #[test]
    fn a_key_given_twice_is_reported_at_the_second_and_the_first() {
        let file = SourcePath::new("x.yaml").expect("a path");
        let mut found = Diagnostics::new();
        let document = parse(&file, "a: 1\nb: 2\na: 3\n", 10, &mut found).expect("readable");
        assert_eq!(document.root().as_map().map(<[_]>::len), Some(2));
        let spans: Vec<Option<Span>> = found
            .iter()
            .flat_map(|problem| &problem.labels)
            .map(|label| label.span)
            .collect();
        assert_eq!(spans, [Some(Span::new(20, 21)), Some(Span::new(10, 11))]);
    }

    #[test]
    fn hostile_documents_are_refused_in_good_time() {
        let file = SourcePath::new("x.yaml").expect("a path");
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let below = format!("*a{}, ", level - 1).repeat(9);
            bomb.push_str(&format!(
                "a{level}: &a{level} [{}]\n",
                below.trim_end_matches(", ")
            ));
        }
        for text in [
            "[".repeat(100_000),
            "a: ".repeat(10_000),
            format!("{}x", "- ".repeat(5_000)),
            bomb,
            "{".repeat(50_000),
        ] {
            let mut found = Diagnostics::new();
            assert!(parse(&file, &text, 0, &mut found).is_none());
            assert!(found.has_errors());
        }
    }

    #[test]
    fn nothing_is_a_document_too() {
        for text in ["", "\n", "# only a comment\n"] {
            let file = SourcePath::new("x.yaml").expect("a path");
            let document = parse(&file, text, 0, &mut Diagnostics::new()).expect("readable");
            assert_eq!(document.root().value, Value::Null, "{text:?}");
        }
    }
}
