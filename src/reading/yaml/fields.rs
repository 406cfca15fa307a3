//! Reading a mapping key by key: every mistake is collected, and what nobody asked for is unknown.

use std::ops::RangeInclusive;

use super::{Document, Key, Node, Value, slips};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};

/// Reads one mapping.
#[derive(Debug)]
pub struct Fields<'d> {
    document: &'d Document,
    entries: &'d [(Key, Node)],
    what: &'static str,
    /// Which entries were asked for.
    asked: Vec<bool>,
    /// The names that may stand here, for "did you mean".
    known: Vec<String>,
    found: Diagnostics,
}

/// A value that was read and the node it was read from.
#[derive(Clone, Debug)]
pub struct Read<'d, T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub node: &'d Node,
}

impl<'d> Fields<'d> {
    /// Starts with a mapping; `what` names it in messages ("an article"). Nothing at all is an
    /// empty mapping, and any other value an error.
    pub fn new(document: &'d Document, node: &'d Node, what: &'static str) -> Fields<'d> {
        let mut found = Diagnostics::new();
        let entries = match &node.value {
            Value::Map(entries) => entries.as_slice(),
            Value::Null => &[],
            _ => {
                let message = format!(
                    "{what} is written as keys with values, and this is {}",
                    node.kind_name()
                );
                found.push(
                    Diagnostic::new(Code::WrongType, message)
                        .at(document.file(), document.place(node))
                        .help("write `key: value`, one a line"),
                );
                &[]
            }
        };
        Fields {
            document,
            entries,
            what,
            asked: vec![false; entries.len()],
            known: Vec::new(),
            found,
        }
    }

    /// The node under the first of these names that is there and not empty. All of them count as
    /// known.
    pub fn node(&mut self, names: &[&str]) -> Option<&'d Node> {
        let mut first = None;
        for name in names {
            if !self.known.iter().any(|known| known == name) {
                self.known.push((*name).to_owned());
            }
            if let Some(index) = self.entries.iter().position(|(key, _)| key.name == *name) {
                self.asked[index] = true;
                let node = &self.entries[index].1;
                first = first.or(Some(node).filter(|node| node.value != Value::Null));
            }
        }
        first
    }

    /// Whether a key is there, with a value or without.
    pub fn is_present(&self, name: &str) -> bool {
        self.entries.iter().any(|(key, _)| key.name == name)
    }

    /// Whether a key is there without a value.
    pub fn is_null(&self, name: &str) -> bool {
        self.entries
            .iter()
            .any(|(key, node)| key.name == name && node.value == Value::Null)
    }

    /// A text. Numbers and the like are texts in their own spelling: `title: 1984`.
    pub fn text(&mut self, names: &[&str]) -> Option<Read<'d, String>> {
        let node = self.node(names)?;
        match self.as_text(node) {
            Some(value) => Some(Read { value, node }),
            None => {
                self.wrong_type(names[0], "a text", node);
                None
            }
        }
    }

    /// True or false; `on`, `off`, `yes` and `no` too.
    pub fn boolean(&mut self, names: &[&str]) -> Option<Read<'d, bool>> {
        let node = self.node(names)?;
        let value = match &node.value {
            Value::Bool(value) => Some(*value),
            Value::Text(text) => match text.to_ascii_lowercase().as_str() {
                "on" | "yes" | "true" => Some(true),
                "off" | "no" | "false" => Some(false),
                _ => None,
            },
            _ => None,
        };
        if value.is_none() {
            self.wrong_type(names[0], "`true` or `false`", node);
        }
        value.map(|value| Read { value, node })
    }

    /// A whole number of a range.
    pub fn number(&mut self, names: &[&str], range: RangeInclusive<i64>) -> Option<Read<'d, i64>> {
        let node = self.node(names)?;
        let value = match &node.value {
            Value::Int(value) => Some(*value),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        match value {
            Some(value) if range.contains(&value) => Some(Read { value, node }),
            Some(value) => {
                let message = format!("`{}` is {value}, which is out of range", names[0]);
                let help = format!("use a number from {} to {}", range.start(), range.end());
                self.report(Code::BadValue, node, message, help);
                None
            }
            None => {
                self.wrong_type(names[0], "a whole number", node);
                None
            }
        }
    }

    /// One of a few names, in any case.
    pub fn choice<T: Copy>(&mut self, names: &[&str], choices: &[(&str, T)]) -> Option<Read<'d, T>> {
        let node = self.node(names)?;
        let value = self.choose(names[0], node, choices)?;
        Some(Read { value, node })
    }

    /// A list of names out of a few, or one of them alone.
    pub fn choices<T: Copy>(&mut self, names: &[&str], choices: &[(&str, T)]) -> Option<Vec<Read<'d, T>>> {
        let node = self.node(names)?;
        let items = node.as_list().unwrap_or(std::slice::from_ref(node));
        let chosen = items.iter().filter_map(|item| {
            let value = self.choose(names[0], item, choices)?;
            Some(Read { value, node: item })
        });
        Some(chosen.collect())
    }

    /// A list of texts, or one text alone. Items that are none are reported; empty ones are left
    /// out.
    pub fn texts(&mut self, names: &[&str]) -> Option<Vec<Read<'d, String>>> {
        let node = self.node(names)?;
        if node.as_map().is_some() {
            self.wrong_type(names[0], "a list of texts", node);
            return None;
        }
        let items = node.as_list().unwrap_or(std::slice::from_ref(node));
        let mut texts = Vec::with_capacity(items.len());
        for item in items.iter().filter(|item| item.value != Value::Null) {
            match self.as_text(item) {
                Some(text) if text.trim().is_empty() => {}
                Some(value) => texts.push(Read { value, node: item }),
                None => self.wrong_type(names[0], "a list of texts", item),
            }
        }
        Some(texts)
    }

    /// A mapping; `absorb` it once it is read.
    pub fn map(&mut self, names: &[&str]) -> Option<Fields<'d>> {
        let node = self.node(names)?;
        if node.as_map().is_none() {
            self.wrong_type(names[0], "a group of keys", node);
            return None;
        }
        Some(Fields::new(self.document, node, self.what))
    }

    /// A list of anything.
    pub fn list(&mut self, names: &[&str]) -> Option<&'d [Node]> {
        let node = self.node(names)?;
        if node.as_list().is_none() {
            self.wrong_type(names[0], "a list", node);
        }
        node.as_list()
    }

    /// All entries, for free mappings; none of them is unknown then.
    pub fn entries(&mut self) -> &'d [(Key, Node)] {
        self.asked.fill(true);
        self.entries
    }

    /// Takes over what was found in a mapping inside this one.
    pub fn absorb(&mut self, inner: Fields<'d>) {
        self.found.extend(inner.finish());
    }

    /// Reports a problem with a value.
    pub fn report(&mut self, code: Code, node: &Node, message: impl Into<String>, help: impl Into<String>) {
        let place = self.document.place(node);
        self.found.push(
            Diagnostic::new(code, message)
                .at(self.document.file(), place)
                .help(help),
        );
    }

    /// Reports a problem at a key, or at the first line of the mapping where the key is missing.
    pub fn report_at_key(
        &mut self,
        code: Code,
        name: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let key = self.entries.iter().find(|(key, _)| key.name == name);
        let place = match key {
            Some((key, _)) => self.document.place_of_key(key),
            None => self.document.first_line().shifted(self.document.offset),
        };
        self.found.push(
            Diagnostic::new(code, message)
                .at(self.document.file(), place)
                .help(help),
        );
    }

    /// Adds a problem that was found elsewhere.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Reports the keys that nobody asked for, and hands over all that was found.
    pub fn finish(mut self) -> Diagnostics {
        for ((key, _), asked) in self.entries.iter().zip(&self.asked) {
            if *asked {
                continue;
            }
            let mut diagnostic = Diagnostic::new(
                Code::UnknownKey,
                format!("{} has no key `{}`", self.what, key.name),
            )
            .at(self.document.file(), self.document.place_of_key(key));
            diagnostic = match nearest(&key.name, self.known.iter().map(String::as_str)) {
                Some(known) => diagnostic.help(format!("did you mean `{known}`?")),
                None => diagnostic.help("remove it, or put free values under `extra:`"),
            };
            self.found.push(diagnostic);
        }
        self.found
    }

    fn as_text(&self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => Some(self.document.raw(node).to_owned()),
            Value::Null => Some(String::new()),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    fn choose<T: Copy>(&mut self, name: &str, node: &Node, choices: &[(&str, T)]) -> Option<T> {
        let Some(text) = self.as_text(node) else {
            self.wrong_type(name, "one word", node);
            return None;
        };
        let given = text.trim().to_lowercase();
        let chosen = choices.iter().find(|(choice, _)| *choice == given);
        if chosen.is_none() {
            let list: Vec<String> = choices.iter().map(|(choice, _)| format!("`{choice}`")).collect();
            let help = match nearest(&given, choices.iter().map(|(choice, _)| *choice)) {
                Some(choice) => format!("did you mean `{choice}`? It may be {}", list.join(", ")),
                None => format!("it may be {}", list.join(", ")),
            };
            self.report(
                Code::BadValue,
                node,
                format!("`{name}` cannot be `{}`", text.trim()),
                help,
            );
        }
        chosen.map(|&(_, value)| value)
    }

    fn wrong_type(&mut self, name: &str, wanted: &str, node: &Node) {
        let message = format!("`{name}` should be {wanted}, and this is {}", node.kind_name());
        let raw = self
            .document
            .raw(node)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        let help = match (&node.value, wanted) {
            (Value::List(_), "a text") => format!(
                "write one value; if it starts with a bracket, put it in quotes: {name}: {}",
                slips::quoted(&raw)
            ),
            (Value::Map(_), "a text") => {
                "put the value in quotes, or write it on the line of its key".to_owned()
            }
            (_, "a group of keys") => format!("write the keys of `{name}` below it, two spaces in"),
            (_, "a list" | "a list of texts") => {
                format!("write `{name}: [one, two]`, or `- one` and `- two` on lines of their own")
            }
            (_, wanted) => format!("write {wanted}"),
        };
        self.report(Code::WrongType, node, message, help);
    }
}

/// The known name that a mistyped one most likely stands for.
pub fn nearest<'k>(given: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let given = given.to_lowercase();
    let distance = |name: &str| strsim::damerau_levenshtein(&given, &name.to_lowercase());
    let best = known.map(|name| (distance(name), name)).min()?;
    // A third of the word may be wrong, and at least one sign.
    (best.0 <= (given.chars().count() / 3).max(1)).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::path::SourcePath;
    use crate::reading::yaml;

    fn check(text: &str, read: impl Fn(&mut Fields<'_>) -> String, value: &str, problems: &[&str]) {
        let file = SourcePath::new("x.md").expect("a path");
        let document = yaml::parse(&file, text, 0, &mut Diagnostics::new()).expect("readable");
        let mut fields = Fields::new(&document, document.root(), "an article");
        assert_eq!(read(&mut fields), value, "{text}");
        let found: Vec<String> = fields
            .finish()
            .iter()
            .map(|problem| problem.message.clone())
            .collect();
        assert_eq!(found, problems, "{text}");
    }

    #[test]
    fn values_of_every_kind() {
        let text = |fields: &mut Fields<'_>| {
            fields
                .text(&["a", "b"])
                .map_or("none".to_owned(), |read| read.value)
        };
        check("a: x", text, "x", &[]);
        check("b: 1.10", text, "1.10", &[]);
        check("a: 1984", text, "1984", &[]);
        check("a:", text, "none", &[]);
        check(
            "a: [x]",
            text,
            "none",
            &["`a` should be a text, and this is a list"],
        );
        check(
            "[x]",
            text,
            "none",
            &["an article is written as keys with values, and this is a list"],
        );
        let boolean =
            |fields: &mut Fields<'_>| format!("{:?}", fields.boolean(&["a"]).map(|read| read.value));
        check("a: On", boolean, "Some(true)", &[]);
        check("a: no", boolean, "Some(false)", &[]);
        check(
            "a: maybe",
            boolean,
            "None",
            &["`a` should be `true` or `false`, and this is a text"],
        );
        let number =
            |fields: &mut Fields<'_>| format!("{:?}", fields.number(&["a"], 1..=5).map(|read| read.value));
        check("a: 3", number, "Some(3)", &[]);
        check("a: '4'", number, "Some(4)", &[]);
        check("a: 7", number, "None", &["`a` is 7, which is out of range"]);
        check(
            "a: 1.5",
            number,
            "None",
            &["`a` should be a whole number, and this is a number"],
        );
        let choice = |fields: &mut Fields<'_>| {
            format!(
                "{:?}",
                fields
                    .choice(&["a"], &[("news", 1), ("brief", 2)])
                    .map(|read| read.value)
            )
        };
        check("a: Brief", choice, "Some(2)", &[]);
        check("a: breif", choice, "None", &["`a` cannot be `breif`"]);
        let texts = |fields: &mut Fields<'_>| {
            let read = fields.texts(&["a"]).unwrap_or_default();
            read.into_iter()
                .map(|read| read.value)
                .collect::<Vec<_>>()
                .join("|")
        };
        check("a: [x, 2, '', y]", texts, "x|2|y", &[]);
        check("a: x", texts, "x", &[]);
        check(
            "a: [x, [y]]",
            texts,
            "x",
            &["`a` should be a list of texts, and this is a list"],
        );
    }

    #[test]
    fn unknown_keys_get_the_nearest_known_one() {
        let known = ["title", "date", "summary"];
        assert_eq!(nearest("titel", known.into_iter()), Some("title"));
        assert_eq!(nearest("Date", known.into_iter()), Some("date"));
        assert_eq!(nearest("weight", known.into_iter()), None);
    }
}
