//! YAML values with positions; nothing else in the program knows serde_yaml.
//!
//! Values are read in one pass without positions, and places are worked out only when somebody asks
//! for one: a site of a hundred thousand sound front matters never pays for them. Whatever a text
//! holds, reading it ends in a value or in a diagnostic.

mod fields;
mod line;
mod places;
mod quoting;
mod simple;
mod slips;
mod syntax;
mod values;

use std::sync::OnceLock;

use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::encoding::{Decode, Decoder, Encode, Encoder, encoded};
use crate::ground::path::SourcePath;
use crate::ground::span::Span;

use places::Places;

pub use fields::{Fields, Read, nearest};
pub use quoting::{cut_by_comment, cut_by_mark, flow_list, plain_or_quoted, quoted};

/// A YAML text that could be read.
#[derive(Debug)]
pub struct Document {
    file: SourcePath,
    text: String,
    /// Where the text begins in its file, in bytes.
    offset: usize,
    root: Node,
    /// How many nodes and keys have a number.
    count: u32,
    places: OnceLock<Places>,
}

/// A value that knows which one of its document it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its number in the order of the text, a container before what it holds, keys counted.
    index: u32,
}

/// A value of YAML's core schema. Dates are text; integers beyond 64 bits are floats, and their
/// exact digits are found with [`Document::raw`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Anything else that is not a container.
    Text(String),
    /// `- a` lines or `[a, b]`.
    List(Vec<Node>),
    /// `key: value` lines or `{key: value}`, in the order of the text; each name once.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key as it is written; of a quoted one, what the quotes hold.
    pub name: String,
    index: u32,
}

/// Reads a text that begins `offset` bytes into `file`. What is wrong with it goes to `found`;
/// `None` where nothing could be made of it. The text is without a byte-order mark.
pub fn parse(file: &SourcePath, text: &str, offset: usize, found: &mut Diagnostics) -> Option<Document> {
    match values::read(text) {
        Ok(values::Read { root, count, twice }) => {
            let places = OnceLock::new();
            let document = Document {
                file: file.clone(),
                text: text.to_owned(),
                offset,
                root,
                count,
                places,
            };
            for (first, second) in &twice {
                document.report_twice(first, second, found);
            }
            Some(document)
        }
        Err(failure) => {
            found.push(syntax::explain(file, text, offset, &failure));
            None
        }
    }
}

impl Document {
    /// The whole document as one value; `Null` where the text is empty.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The file it was read from.
    pub fn file(&self) -> &SourcePath {
        &self.file
    }

    /// Where a value of this document stands, in bytes of the file. What came through an alias
    /// stands where the alias is used.
    pub fn place(&self, node: &Node) -> Span {
        self.places().place(node.index).shifted(self.offset)
    }

    /// Where a key of this document stands, in bytes of the file.
    pub fn place_of_key(&self, key: &Key) -> Span {
        self.places().place(key.index).shifted(self.offset)
    }

    /// Where the value of a number stands, in bytes of the file.
    pub fn place_of(&self, id: u32) -> Span {
        self.places().place(id).shifted(self.offset)
    }

    /// Where a value is written, quotes included, in bytes of the file.
    pub fn place_written(&self, node: &Node) -> Span {
        self.places().written(node.index).shifted(self.offset)
    }

    /// A value as it is written, quotes included.
    pub fn raw(&self, node: &Node) -> &str {
        &self.text[self.places().written(node.index).range_in(&self.text)]
    }

    /// The first line, for what is missing in the document as a whole.
    fn first_line(&self) -> Span {
        Span::new(0, self.text.lines().next().map_or(0, str::len)).shifted(self.offset)
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::find(&self.text, self.count))
    }

    fn report_twice(&self, first: &Key, second: &Key, found: &mut Diagnostics) {
        let (here, there) = (self.place_of_key(first), self.place_of_key(second));
        // Both came through one alias; it is said once, where the mapping is written.
        if here == there {
            return;
        }
        found.push(
            Diagnostic::new(
                Code::YamlDuplicateKey,
                format!("the key `{}` is given twice", second.name),
            )
            .at(&self.file, there)
            .at_with(&self.file, here, "first given here")
            .help("keep one of the two lines and delete the other"),
        );
    }
}

impl Node {
    /// The value without the numbers of its nodes, so that values of two documents can be compared.
    pub fn plain(&self) -> Value {
        let numberless = |node: &Node| Node {
            value: node.plain(),
            index: 0,
        };
        match &self.value {
            Value::List(list) => Value::List(list.iter().map(numberless).collect()),
            Value::Map(map) => Value::Map(
                map.iter()
                    .map(|(key, node)| {
                        let name = key.name.clone();
                        (Key { name, index: 0 }, numberless(node))
                    })
                    .collect(),
            ),
            other => other.clone(),
        }
    }

    /// Its number in the order of the text: with it [`Document::place_of`] finds the value again.
    pub fn id(&self) -> u32 {
        self.index
    }

    /// The text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The keys and values, if this is a mapping.
    pub fn as_map(&self) -> Option<&[(Key, Node)]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Whether nothing is given.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// What this is, in the words of messages.
    pub fn kind_name(&self) -> &'static str {
        match self.value {
            Value::Null => "empty",
            Value::Bool(true) => "`true`",
            Value::Bool(false) => "`false`",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a group of keys",
        }
    }
}

impl Encode for Node {
    fn encode(&self, to: &mut Encoder) {
        if to.has_places() {
            self.index.encode(to);
        }
        self.value.encode(to);
    }
}

impl Decode for Node {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let index = u32::decode(from)?;
        Some(Node {
            value: Value::decode(from)?,
            index,
        })
    }
}

impl Encode for Key {
    fn encode(&self, to: &mut Encoder) {
        if to.has_places() {
            self.index.encode(to);
        }
        self.name.encode(to);
    }
}

impl Decode for Key {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let index = u32::decode(from)?;
        Some(Key {
            name: String::decode(from)?,
            index,
        })
    }
}

encoded!(enum Value {
    0 => Null,
    1 => Bool(value),
    2 => Int(value),
    3 => Float(value),
    4 => Text(value),
    5 => List(nodes),
    6 => Map(entries),
});

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Document>, Vec<String>) {
        let file = SourcePath::new("a.md").expect("a path inside");
        let mut found = Diagnostics::new();
        let document = parse(&file, text, 4, &mut found);
        let found = found.iter().map(|diagnostic| {
            let places: Vec<_> = diagnostic.labels.iter().filter_map(|label| label.span).collect();
            let places: Vec<_> = places
                .iter()
                .map(|span| format!("{}..{}", span.start, span.end))
                .collect();
            format!("{}: {}", places.join(", "), diagnostic.message)
        });
        (document, found.collect())
    }

    /// The value, and each node and key with its number and its place in the text.
    fn check(text: &str, expected: &[(u32, &str, &str)]) {
        let (document, found) = read(text);
        let document = document.expect("YAML");
        assert!(found.is_empty(), "{found:?}");
        let mut seen = Vec::new();
        list(&document, document.root(), text, &mut seen);
        let seen: Vec<_> = seen
            .iter()
            .map(|(index, value, place)| (*index, value.as_str(), *place))
            .collect();
        assert_eq!(seen, expected, "{text:?}");
    }

    fn list<'t>(document: &Document, node: &Node, text: &'t str, seen: &mut Vec<(u32, String, &'t str)>) {
        let slice = |span: Span| &text[span.start as usize - 4..span.end as usize - 4];
        let shown = match &node.value {
            Value::List(_) => "list".to_owned(),
            Value::Map(_) => "map".to_owned(),
            other => format!("{other:?}"),
        };
        seen.push((node.index, shown, slice(document.place(node))));
        for item in node.as_list().unwrap_or_default() {
            list(document, item, text, seen);
        }
        for (key, value) in node.as_map().unwrap_or_default() {
            seen.push((key.index, key.name.clone(), slice(document.place_of_key(key))));
            list(document, value, text, seen);
        }
    }

    #[test]
    fn nodes_are_numbered_in_the_order_of_the_text() {
        check(
            "a: 1.10\n日: [true, ~]\n'1': |\n  x\n",
            &[
                (0, "map", "a: 1.10\n日: [true, ~]\n'1': |\n  x\n"),
                (1, "a", "a"),
                (2, "Float(1.1)", "1.10"),
                (3, "日", "日"),
                (4, "list", "[true, ~]"),
                (5, "Bool(true)", "true"),
                (6, "Null", "~"),
                (7, "1", "'1'"),
                (8, "Text(\"x\\n\")", "|\n  x\n"),
            ],
        );
    }

    #[test]
    fn an_alias_stands_where_it_is_used_and_is_written_where_its_anchor_is() {
        let text = "a: &v [1.10]\nb: *v";
        check(
            text,
            &[
                (0, "map", text),
                (1, "a", "a"),
                (2, "list", "[1.10]"),
                (3, "Float(1.1)", "1.10"),
                (4, "b", "b"),
                (5, "list", "*v"),
                (6, "Float(1.1)", "*v"),
            ],
        );
        let document = read(text).0.expect("YAML");
        let (_, b) = &document.root().as_map().expect("a mapping")[1];
        assert_eq!(document.raw(&b.as_list().expect("a list")[0]), "1.10");
    }

    #[test]
    fn keys_keep_their_spelling_and_tags_are_ignored() {
        check(
            "1.10: !t x\r\nyes: !!str 5\r\n",
            &[
                (0, "map", "1.10: !t x\r\nyes: !!str 5"),
                (1, "1.10", "1.10"),
                (2, "Text(\"x\")", "x"),
                (3, "yes", "yes"),
                (4, "Text(\"5\")", "5"),
            ],
        );
        check(
            "123456789012345678901",
            &[(0, "Float(1.2345678901234568e20)", "123456789012345678901")],
        );
    }

    #[test]
    fn nothing_is_null() {
        for text in ["", "\n", "# only this", "---\n", "~"] {
            let (document, found) = read(text);
            assert!(
                document.is_some_and(|document| document.root().is_null()) && found.is_empty(),
                "{text:?}"
            );
        }
        check(
            "a:\nb: 1",
            &[
                (0, "map", "a:\nb: 1"),
                (1, "a", "a"),
                (2, "Null", ""),
                (3, "b", "b"),
                (4, "Int(1)", "1"),
            ],
        );
    }

    #[test]
    fn a_key_given_twice_keeps_its_first_value() {
        let (document, found) = read("a: 1\nb: &m {x: 1, x: 2}\na: 3\nc: *m\nd: 4");
        let document = document.expect("YAML");
        let entries = document.root().as_map().expect("a mapping");
        let names: Vec<_> = entries
            .iter()
            .map(|(key, node)| (key.name.as_str(), document.raw(node)))
            .collect();
        assert_eq!(
            names,
            [
                ("a", "1"),
                ("b", "{x: 1, x: 2}"),
                ("c", "{x: 1, x: 2}"),
                ("d", "4")
            ]
        );
        assert_eq!(
            found,
            [
                "22..23, 16..17: the key `x` is given twice",
                "28..29, 4..5: the key `a` is given twice"
            ]
        );
        let many: String = (0..40).map(|number| format!("k{number}: 1\n")).collect();
        assert_eq!(read(&format!("{many}k3: 2\nk39: 2\n")).1.len(), 2);
    }

    #[test]
    fn attacks_end_in_a_diagnostic() {
        let laughs: String = (1..40)
            .map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1))
            .collect();
        let laughs = format!("a0: &a0 [x]\n{laughs}");
        let copies = format!("a: &a [{}]\nb: [{}]", "x, ".repeat(3000), "*a, ".repeat(3000));
        let deep = |levels: usize| format!("{}x{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&deep(100)).0.is_some());
        for (text, message) in [
            (deep(200), "values are nested too deeply"),
            ("[".repeat(100_000), "values are nested too deeply"),
            ("{a: ".repeat(100_000), "values are nested too deeply"),
            ("- ".repeat(100_000), "values are nested too deeply"),
            ("a: &a [*a]".to_owned(), "values are nested too deeply"),
            (laughs, "aliases (`*name`) repeat too much"),
            (copies, "aliases (`*name`) repeat too much"),
        ] {
            let (document, found) = read(&text);
            assert!(document.is_none());
            assert!(found.len() == 1 && found[0].ends_with(message), "{found:?}");
        }
    }
}
