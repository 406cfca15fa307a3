//! Keeps the places of YAML nodes honest against serde_yaml: what stands at a node's place, read on
//! its own, must be the node's value. And nothing that is read may panic.

use brief::ground::diagnostic::Diagnostics;
use brief::ground::path::SourcePath;
use brief::reading::yaml::{self, Document, Node, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A YAML tree that can be written down in several ways.
#[derive(Clone, Debug)]
enum Tree {
    /// Written as it is.
    Scalar(&'static str),
    /// `|` or `>` with lines; in brackets it is written in quotes.
    Block(&'static str, Vec<&'static str>),
    List {
        flow: bool,
        items: Vec<Tree>,
    },
    Map {
        flow: bool,
        items: Vec<Tree>,
    },
    Anchor(Box<Tree>),
    /// One of the anchors before it, if there are any.
    Alias(usize),
}

const SCALARS: &[&str] = &[
    "",
    "~",
    "null",
    "true",
    "False",
    "1984",
    "1.10",
    "-0x1F",
    "+7",
    "1e3",
    ".inf",
    "007",
    "2025-01-22",
    "12:30",
    "Oracle",
    "une phrase entière",
    "日本語 と 英語",
    "🚀",
    "C#",
    "it's",
    "a:b",
    "-5 %",
    "'single'",
    "'it''s: a [test] # here'",
    "''",
    "\"double\"",
    "\"a \\\"b\\\" \\u00e9 \\n: # , ]\"",
    "\"\"",
    "\"日本: 🚀\"",
    "!tag tagged",
    "!!str 5",
    "!!int 5",
    "!tag 'q'",
];

const LINES: &[&str] = &[
    "one",
    "two: three",
    "# no comment",
    "日本",
    "",
    "  deeper",
    "'quote",
    "1",
];

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        8 => select(SCALARS).prop_map(Tree::Scalar),
        1 => (select(&["|", ">", "|-", ">+", "| # why"][..]), vec(select(LINES), 1..4)).prop_map(|(style, lines)| {
            let mut whole = vec!["first"];
            whole.extend(lines);
            Tree::Block(style, whole)
        }),
        1 => (0_usize..4).prop_map(Tree::Alias),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            3 => (any::<bool>(), vec(inner.clone(), 0..5)).prop_map(|(flow, items)| Tree::List { flow, items }),
            3 => (any::<bool>(), vec(inner.clone(), 0..5)).prop_map(|(flow, items)| Tree::Map { flow, items }),
            1 => inner.prop_map(|tree| Tree::Anchor(Box::new(tree))),
        ]
    })
}

/// Writes a tree down.
struct Writer {
    text: String,
    anchors: usize,
    /// Chooses comments, widths and spellings without a generator of its own.
    choice: u64,
}

impl Writer {
    fn coin(&mut self, sides: u64) -> bool {
        self.choice = self
            .choice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.choice >> 33).is_multiple_of(sides)
    }

    /// Ends a line, sometimes with a comment or an empty line.
    fn end_line(&mut self) {
        if self.coin(5) {
            self.text.push_str(" # näher: [x");
        }
        self.text.push('\n');
        if self.coin(8) {
            self.text.push_str("\n  # allein\n");
        }
    }

    fn key(&mut self, number: usize) -> String {
        let keys = ["title", "\"quoted: key\"", "'k'", "日本", "1.10", "two words"];
        let key = keys[number % keys.len()];
        if number < keys.len() {
            key.to_owned()
        } else {
            format!("k{number}")
        }
    }

    /// Writes behind a `:` or `-` (or at the start of the text); ends the line.
    fn block(&mut self, tree: &Tree, indent: usize) {
        match tree {
            Tree::List { flow: false, items } if !items.is_empty() => {
                self.end_line();
                for item in items {
                    self.text.push_str(&" ".repeat(indent));
                    self.text.push('-');
                    self.block(item, indent + 2);
                }
            }
            Tree::Map { flow: false, items } if !items.is_empty() => {
                self.end_line();
                for (number, item) in items.iter().enumerate() {
                    let key = self.key(number);
                    self.text.push_str(&format!("{}{key}:", " ".repeat(indent)));
                    self.block(item, indent + 2);
                }
            }
            Tree::Block(style, lines) => {
                self.text.push_str(&format!(" {style}\n"));
                for line in lines {
                    self.text.push_str(&" ".repeat(indent.max(1)));
                    self.text.push_str(line);
                    self.text.push('\n');
                }
            }
            Tree::Anchor(inner) if !matches!(**inner, Tree::Alias(_) | Tree::Anchor(_)) => {
                self.text.push_str(&format!(" &a{}", self.anchors));
                self.anchors += 1;
                let inside = std::mem::take(&mut self.anchors);
                // An anchor inside its own node would be an endless one: start anew with names.
                self.anchors = inside;
                self.block(inner, indent);
            }
            other => {
                self.text.push(' ');
                self.flow(other);
                self.end_line();
            }
        }
    }

    fn flow(&mut self, tree: &Tree) {
        match tree {
            Tree::Scalar("") => self.text.push('~'),
            Tree::Scalar(scalar) => self.text.push_str(scalar),
            Tree::Block(_, lines) => self.text.push_str(&yaml::quoted(&lines.join("\n"))),
            Tree::List { items, .. } => {
                self.text.push('[');
                for item in items {
                    self.flow(item);
                    self.text.push_str(if self.choice.is_multiple_of(2) {
                        ", "
                    } else {
                        " ,\n    "
                    });
                }
                self.text.push(']');
            }
            Tree::Map { items, .. } => {
                self.text.push('{');
                for (number, item) in items.iter().enumerate() {
                    let key = self.key(number);
                    self.text.push_str(&format!("{key}: "));
                    self.flow(item);
                    self.text.push_str(", ");
                }
                self.text.push('}');
            }
            Tree::Anchor(inner) => self.flow(inner),
            Tree::Alias(back) if self.anchors > 0 => {
                self.text.push_str(&format!("*a{} ", back % self.anchors));
            }
            Tree::Alias(_) => self.text.push_str("none"),
        }
    }
}

fn write(tree: &Tree, choice: u64) -> String {
    let mut writer = Writer {
        text: String::new(),
        anchors: 0,
        choice,
    };
    writer.block(tree, 0);
    if writer.coin(3) {
        writer.text.replace('\n', "\r\n")
    } else {
        writer.text
    }
}

fn file() -> SourcePath {
    SourcePath::new("content/articles/a.md").expect("a path inside")
}

/// Reads a text behind four bytes of something else, and asks for all that can be asked.
fn read(text: &str) -> (Option<Document>, Diagnostics) {
    let mut found = Diagnostics::new();
    let document = yaml::parse(&file(), text, 4, &mut found);
    for diagnostic in found.iter() {
        for label in &diagnostic.labels {
            let span = label.span.expect("a problem of YAML has a place");
            assert!(
                span.start >= 4 && span.end as usize <= text.len() + 4,
                "{span:?} of {diagnostic:?} in {text:?}"
            );
        }
    }
    assert!(
        document.is_some() || found.has_errors(),
        "neither a value nor an error: {text:?}"
    );
    if let Some(document) = &document {
        touch(document, document.root());
    }
    (document, found)
}

fn touch(document: &Document, node: &Node) {
    let _ = (
        document.place(node),
        document.raw(node),
        yaml::cut_by_comment(document, node),
    );
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| touch(document, item)),
        Value::Map(entries) => entries.iter().for_each(|(key, value)| {
            document.place_of_key(key);
            touch(document, value);
        }),
        _ => {}
    }
}

/// The same value as serde_yaml holds it, without tags.
fn plain(node: &Node) -> serde_yaml::Value {
    match &node.value {
        Value::Null => serde_yaml::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Text(value) => value.clone().into(),
        Value::List(items) => serde_yaml::Value::Sequence(items.iter().map(plain).collect()),
        Value::Map(entries) => serde_yaml::Value::Mapping(
            entries
                .iter()
                .map(|(key, value)| (key.name.clone().into(), plain(value)))
                .collect(),
        ),
    }
}

/// Checks that what stands at each node's place is the node.
fn check_places(document: &Document, node: &Node, text: &str) {
    let raw = document.raw(node);
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| check_places(document, item, text)),
        Value::Map(entries) => entries.iter().for_each(|(key, value)| {
            let span = document.place_of_key(key);
            let written = &text[span.start as usize - 4..span.end as usize - 4];
            if !written.starts_with('*') {
                let mut name = written.to_owned();
                if let Ok(serde_yaml::Value::String(inner)) = serde_yaml::from_str(written) {
                    name = inner;
                }
                assert_eq!(name, key.name, "key at {span:?} in {text:?}");
            }
            check_places(document, value, text);
        }),
        // A tag may have made it a text: `!!str 5`.
        Value::Text(value) if value == raw => {}
        _ => {
            let alone = serde_yaml::from_str::<serde_yaml::Value>(raw).map_err(|error| error.to_string());
            assert_eq!(alone, Ok(plain(node)), "{raw:?} in {text:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_stands_at_a_place_is_the_value(tree in tree(), choice in any::<u64>()) {
        let text = write(&tree, choice);
        let (document, found) = read(&text);
        // An alias inside its own anchor has no end, and is refused; all else can be read.
        if let Some(document) = document {
            let theirs: serde_yaml::Value = serde_yaml::from_str(&text).expect("serde_yaml reads it as well");
            prop_assert!(found.is_empty(), "{found:?} in {text:?}");
            prop_assert_eq!(theirs_without_tags(&theirs), plain(document.root()));
            check_places(&document, document.root(), &text);
        } else {
            prop_assert!(text.contains("*a"), "{:?} in {:?}", found, text);
        }
    }

    #[test]
    fn a_broken_document_never_panics(
        tree in tree(),
        choice in any::<u64>(),
        edits in vec((any::<prop::sample::Index>(), select(&["", "\"", "'", ": ", "\t", "- ", "[", "}", "#", "\n", "&a ", "*a ", "|", "---\n", "\u{feff}", "é"][..])), 1..4),
    ) {
        let mut text = write(&tree, choice);
        for (at, piece) in edits {
            let at = text.floor_char_boundary(at.index(text.len() + 1));
            match piece {
                "" => drop(text.drain(at..text.ceil_char_boundary((at + 1).min(text.len())))),
                piece => text.insert_str(at, piece),
            }
        }
        read(&text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        read(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn characters_that_mean_something_to_yaml(
        pieces in vec(select(&[
            "a", "b: ", ": ", ":", "- ", "-", "\n", "\n  ", "\r\n", "  ", "\t", "[", "]", "{", "}", ",", "\"", "'", "#", " #",
            "|", ">", "&a ", "*a", "!", "!t ", "%", "@", "`", "?", "? ", "---\n", "...\n", "é", "“", "\\", "~", "1", "<<: ",
        ][..]), 0..24),
    ) {
        read(&pieces.concat());
    }
}

fn theirs_without_tags(value: &serde_yaml::Value) -> serde_yaml::Value {
    use serde_yaml::Value as Theirs;
    match value {
        Theirs::Tagged(tagged) => theirs_without_tags(&tagged.value),
        Theirs::Sequence(items) => Theirs::Sequence(items.iter().map(theirs_without_tags).collect()),
        Theirs::Mapping(entries) => Theirs::Mapping(
            entries
                .iter()
                .map(|(key, value)| {
                    // The one key among those written that serde_yaml does not leave a text.
                    let key = if key.is_number() {
                        "1.10".into()
                    } else {
                        key.clone()
                    };
                    (key, theirs_without_tags(value))
                })
                .collect(),
        ),
        other => other.clone(),
    }
}
