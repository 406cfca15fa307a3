//! Typed reading of a mapping, key by key.
//!
//! The caller names each key it understands and gets the value or nothing; every value of the wrong
//! kind is reported at its place, and at the end every key that nobody asked for. Reading goes on
//! after each problem, so that one run shows all of them.

use std::ops::RangeInclusive;

use super::{Document, Key, Node, Value, quoted};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::nearest::Nearest;
use crate::ground::span::Span;

/// One mapping that is being read. What was found is handed over by [`Fields::finish`].
#[derive(Debug)]
pub struct Fields<'d> {
    document: &'d Document,
    entries: &'d [(Key, Node)],
    what: &'static str,
    /// The names asked for so far, for "did you mean".
    known: Vec<&'static str>,
    /// Further keys that the site itself has named.
    accepted: Vec<String>,
    /// Whether the keys are free.
    free: bool,
    found: Diagnostics,
}

/// A value and the node it was read from, for later messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Read<'d, T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub node: &'d Node,
}

impl<'d> Fields<'d> {
    /// Begins to read a mapping. `what` it describes is said in messages: "an article", "the
    /// settings". Nothing at all is an empty mapping; anything else is reported.
    pub fn new(document: &'d Document, node: &'d Node, what: &'static str) -> Fields<'d> {
        let entries = node.as_map().unwrap_or_default();
        let mut fields = Fields {
            document,
            entries,
            what,
            known: Vec::with_capacity(64),
            accepted: Vec::new(),
            free: false,
            found: Diagnostics::new(),
        };
        if node.as_map().is_none() && !node.is_null() {
            let message = format!(
                "{what} must be written as `key: value` lines, not as {}",
                node.kind_name()
            );
            let help = match &node.value {
                Value::Text(text) if text.contains(':') => "put a space behind each colon that ends a key",
                _ => "write each key on a line of its own: `key: value`",
            };
            fields.report(Code::WrongType, node, message, help);
        }
        fields
    }

    /// The document that is read.
    pub fn document(&self) -> &'d Document {
        self.document
    }

    /// The value under the first of these names that is present and not null. The first name is the
    /// canonical one; all of them count as known from now on.
    pub fn node(&mut self, names: &[&'static str]) -> Option<&'d Node> {
        self.entry(names).map(|(_, node)| node)
    }

    /// As [`Fields::node`], but also a value that is left out, such as that of `title: # 1 in AI`.
    pub fn written(&mut self, names: &[&'static str]) -> Option<&'d Node> {
        self.known.extend(names);
        let entries = self.entries;
        names
            .iter()
            .find_map(|name| entries.iter().find(|(key, _)| key.name == *name))
            .map(|(_, node)| node)
    }

    /// Whether the key is written at all, even without a value.
    pub fn is_present(&self, name: &str) -> bool {
        self.entries.iter().any(|(key, _)| key.name == name)
    }

    /// A text. Numbers and the like are read as they are written: `1.10` stays `1.10`.
    pub fn text(&mut self, names: &[&'static str]) -> Option<Read<'d, String>> {
        let (key, node) = self.entry(names)?;
        let value = self.scalar(node);
        if value.is_none() {
            self.wrong_type(key, node, "text", "give it one value on the same line");
        }
        value.map(|value| Read { value, node })
    }

    /// Yes or no: `true` and `false`, and as words `on`, `off`, `yes`, `no` in any case.
    pub fn boolean(&mut self, names: &[&'static str]) -> Option<Read<'d, bool>> {
        let (key, node) = self.entry(names)?;
        let value = match &node.value {
            Value::Bool(value) => Some(*value),
            Value::Text(word) => match word.to_ascii_lowercase().as_str() {
                "true" | "on" | "yes" => Some(true),
                "false" | "off" | "no" => Some(false),
                _ => None,
            },
            _ => None,
        };
        if value.is_none() {
            let help = format!("write `{0}: true` or `{0}: false`", key.name);
            self.wrong_type(key, node, "`true` or `false`", help);
        }
        value.map(|value| Read { value, node })
    }

    /// A whole number of that range; in quotes, too.
    pub fn number(&mut self, names: &[&'static str], range: RangeInclusive<i64>) -> Option<Read<'d, i64>> {
        let (key, node) = self.entry(names)?;
        let value = match &node.value {
            Value::Int(value) => Some(*value),
            Value::Text(digits) => digits.trim().parse().ok(),
            _ => None,
        };
        let Some(value) = value else {
            let help = format!("write a number {}", range_in_words(&range));
            self.wrong_type(key, node, "a whole number", help);
            return None;
        };
        if !range.contains(&value) {
            let allowed = range_in_words(&range);
            let message = format!("`{}` must be {allowed}, not {value}", key.name);
            self.report(Code::BadValue, node, message, format!("write a number {allowed}"));
            return None;
        }
        Some(Read { value, node })
    }

    /// One of a few words, in any case.
    pub fn choice<T: Copy>(
        &mut self,
        names: &[&'static str],
        choices: &[(&'static str, T)],
    ) -> Option<Read<'d, T>> {
        let (key, node) = self.entry(names)?;
        self.chosen(key, node, choices).map(|value| Read { value, node })
    }

    /// A list of texts; one text is a list of one. Items that are not text are reported and left
    /// out, empty ones dropped.
    pub fn texts(&mut self, names: &[&'static str]) -> Option<Vec<Read<'d, String>>> {
        let (key, node) = self.entry(names)?;
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            Value::Map(_) => {
                self.wrong_type(
                    key,
                    node,
                    "a list",
                    format!("write a list: `{}: [one, two]`", key.name),
                );
                return None;
            }
            _ => std::slice::from_ref(node),
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match self.scalar(item) {
                Some(value) if value.is_empty() => {}
                Some(value) => texts.push(Read { value, node: item }),
                None => self.report_item(key, item),
            }
        }
        Some(texts)
    }

    /// A mapping in this one; [`Fields::absorb`] it once it is read.
    pub fn map(&mut self, names: &[&'static str], what: &'static str) -> Option<Fields<'d>> {
        let node = self.node(names)?;
        Some(Fields::new(self.document, node, what))
    }

    /// Takes over what was found in a mapping inside this one.
    pub fn absorb(&mut self, inner: Fields<'d>) {
        self.found.extend(inner.finish());
    }

    /// A list of texts under a key that the site itself has named, such as a taxonomy.
    pub fn texts_named(&mut self, name: &str) -> Vec<Read<'d, String>> {
        self.accepted.push(name.to_owned());
        let Some((_, node)) = self.entries.iter().find(|(key, _)| key.name == name) else {
            return Vec::new();
        };
        let items = node.as_list().unwrap_or(std::slice::from_ref(node));
        let read = |item: &'d Node| {
            Some(Read {
                value: self.scalar(item)?,
                node: item,
            })
        };
        items
            .iter()
            .filter_map(read)
            .filter(|read| !read.value.is_empty())
            .collect()
    }

    /// A list of words out of a few, or one of them alone.
    pub fn choices<T: Copy>(
        &mut self,
        names: &[&'static str],
        choices: &[(&'static str, T)],
    ) -> Option<Vec<Read<'d, T>>> {
        let (key, node) = self.entry(names)?;
        let items = node.as_list().unwrap_or(std::slice::from_ref(node));
        let chosen = items.iter().filter_map(|item| {
            let value = self.chosen(key, item, choices)?;
            Some(Read { value, node: item })
        });
        Some(chosen.collect())
    }

    /// A list of anything.
    pub fn list(&mut self, names: &[&'static str]) -> Option<&'d [Node]> {
        let (key, node) = self.entry(names)?;
        if node.as_list().is_none() {
            self.wrong_type(
                key,
                node,
                "a list",
                "begin each item on a line of its own with `- `",
            );
        }
        node.as_list()
    }

    /// All keys and values, for mappings whose keys are free. Call [`Fields::accept_all`] so that
    /// they are not reported.
    pub fn entries(&self) -> impl Iterator<Item = &'d (Key, Node)> + use<'d> {
        self.entries.iter()
    }

    /// Declares the keys of this mapping free: none of them is unknown.
    pub fn accept_all(&mut self) {
        self.free = true;
    }

    /// Reports a problem with a value of this mapping.
    pub fn report(&mut self, code: Code, node: &Node, message: impl Into<String>, help: impl Into<String>) {
        let place = self.document.place(node);
        self.found.push(
            Diagnostic::new(code, message)
                .at(self.document.file(), place)
                .help(help),
        );
    }

    /// Reports a problem at a key, or in the first line where the key is missing.
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
            None => self.document.first_line(),
        };
        self.found.push(
            Diagnostic::new(code, message)
                .at(self.document.file(), place)
                .help(help),
        );
    }

    /// Reports a key that stands without a value, at the place where the value belongs.
    pub fn report_blank(&mut self, code: Code, name: &str, message: &str, help: &[&str]) {
        let key = self.entries.iter().find(|(key, _)| key.name == name);
        let Some((key, node)) = key else { return };
        let (key, node) = (self.document.place_of_key(key), self.document.place(node));
        // Behind the colon, unless the value is written out: `null`, `~`.
        let behind = key.end as usize + 1;
        let place = match node.end > node.start {
            true => node,
            false => Span::new(behind, behind),
        };
        let problem = Diagnostic::new(code, message).at(self.document.file(), place);
        self.found
            .push(help.iter().fold(problem, |problem, help| problem.help(*help)));
    }

    /// Whether a key is written without a value.
    pub fn is_null(&self, name: &str) -> bool {
        self.entries
            .iter()
            .any(|(key, node)| key.name == name && node.is_null())
    }

    /// Adds a problem found elsewhere.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Reports every key that was not asked for, and hands over all that was found.
    #[must_use = "the diagnostics are lost otherwise"]
    pub fn finish(mut self) -> Diagnostics {
        for (key, _) in self.entries {
            if self.free || self.known.contains(&key.name.as_str()) || self.accepted.contains(&key.name) {
                continue;
            }
            let message = format!("unknown key `{}` in {}", key.name, self.what);
            let help = match nearest(&key.name, self.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if self.known.contains(&"extra") => {
                    "delete it, or put it under `extra`, where any key is allowed".to_owned()
                }
                None => "delete it, or correct its name".to_owned(),
            };
            let place = self.document.place_of_key(key);
            self.found.push(
                Diagnostic::new(Code::UnknownKey, message)
                    .at(self.document.file(), place)
                    .help(help),
            );
        }
        self.found
    }

    fn entry(&mut self, names: &[&'static str]) -> Option<(&'d Key, &'d Node)> {
        self.known.extend(names);
        let entries = self.entries;
        let given = |name: &&str| {
            entries
                .iter()
                .find(|(key, node)| key.name == **name && !node.is_null())
        };
        names.iter().find_map(given).map(|(key, node)| (key, node))
    }

    fn chosen<T: Copy>(&mut self, key: &Key, node: &Node, choices: &[(&'static str, T)]) -> Option<T> {
        let listed = choices
            .iter()
            .map(|(word, _)| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let Some(word) = self.scalar(node) else {
            self.wrong_type(key, node, "one word", format!("choose one of {listed}"));
            return None;
        };
        let word = word.trim();
        if let Some((_, value)) = choices.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)) {
            return Some(*value);
        }
        let message = format!("`{}` cannot be `{word}`", key.name);
        let words = choices.iter().map(|(word, _)| *word);
        let place = self.document.place(node);
        let mut diagnostic = Diagnostic::new(Code::BadValue, message).at(self.document.file(), place);
        if let Some(near) = nearest(word, words) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        self.found.push(diagnostic.help(format!("it can be {listed}")));
        None
    }

    /// The text of anything but a container.
    fn scalar(&self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Null => Some(String::new()),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => Some(self.document.raw(node).to_owned()),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    fn wrong_type(&mut self, key: &Key, node: &Node, wanted: &str, help: impl Into<String>) {
        let message = format!("`{}` must be {wanted}, not {}", key.name, node.kind_name());
        self.report(Code::WrongType, node, message, help);
    }

    fn report_item(&mut self, key: &Key, item: &Node) {
        let message = format!("an item of `{}` must be text, not {}", key.name, item.kind_name());
        let raw = self.document.raw(item).trim();
        let help = if raw.contains('\n') || raw.is_empty() {
            "write each item on one line, in quotes if it holds a colon".to_owned()
        } else {
            format!("write it in quotes: `{}`", quoted(raw))
        };
        self.report(Code::WrongType, item, message, help);
    }
}

fn range_in_words(range: &RangeInclusive<i64>) -> String {
    match (*range.start(), *range.end()) {
        (start, i64::MAX) => format!("at least {start}"),
        (start, end) => format!("between {start} and {end}"),
    }
}

/// The word that was probably meant.
pub fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let word = word.to_lowercase();
    let nearest = Nearest::to(&word);
    let mut best: Option<(usize, &str)> = None;
    for known in words {
        let limit = known.len().max(word.len()) / 3;
        let limit = best.map_or(limit, |(distance, _)| limit.min(distance));
        if let Some(distance) = nearest.distance(known, limit) {
            let found = Some((distance, known));
            best = best.into_iter().chain(found).min();
        }
    }
    best.map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::path::SourcePath;
    use crate::reading::yaml::parse;

    /// What is said, with the text it is said of, while `read` reads.
    fn check<R: std::fmt::Debug + PartialEq>(
        text: &str,
        read: impl FnOnce(&mut Fields<'_>) -> R,
        expected: R,
        said: &[&str],
    ) {
        let file = SourcePath::new("a.md").expect("a path inside");
        let document = parse(&file, text, 4, &mut Diagnostics::new()).expect("YAML");
        let mut fields = Fields::new(&document, document.root(), "an article");
        assert_eq!(read(&mut fields), expected, "{text:?}");
        let found = fields.finish();
        let found = found.iter().map(|diagnostic| {
            let span = diagnostic.labels[0].span.expect("a place");
            let place = &text[span.start as usize - 4..span.end as usize - 4];
            format!(
                "{place} | {} | {}",
                diagnostic.message,
                diagnostic.help.join(" | ")
            )
        });
        assert_eq!(found.collect::<Vec<_>>(), said, "{text:?}");
    }

    fn value<T>(read: Option<Read<'_, T>>) -> Option<T> {
        read.map(|read| read.value)
    }

    #[test]
    fn texts_are_as_they_are_written() {
        let title = |fields: &mut Fields<'_>| value(fields.text(&["title", "headline"]));
        check("title: 1.10", title, Some("1.10".to_owned()), &[]);
        check("headline: 'No'", title, Some("No".to_owned()), &[]);
        check("title: ~\nheadline: true", title, Some("true".to_owned()), &[]);
        check("title:", title, None, &[]);
        check("", title, None, &[]);
        let said = "[a] | `title` must be text, not a list | give it one value on the same line";
        check("title: [a]", title, None, &[said]);
    }

    #[test]
    fn yes_and_no_have_several_spellings() {
        let draft = |fields: &mut Fields<'_>| value(fields.boolean(&["draft"]));
        check("draft: Off", draft, Some(false), &[]);
        check("draft: YES", draft, Some(true), &[]);
        check("draft: true", draft, Some(true), &[]);
        let said =
            "1 | `draft` must be `true` or `false`, not a number | write `draft: true` or `draft: false`";
        check("draft: 1", draft, None, &[said]);
    }

    #[test]
    fn numbers_have_a_range() {
        let importance = |fields: &mut Fields<'_>| value(fields.number(&["importance"], 1..=5));
        check("importance: 3", importance, Some(3), &[]);
        check("importance: '4'", importance, Some(4), &[]);
        let said = "9 | `importance` must be between 1 and 5, not 9 | write a number between 1 and 5";
        check("importance: 9", importance, None, &[said]);
        let said = "high | `importance` must be a whole number, not text | write a number between 1 and 5";
        check("importance: high", importance, None, &[said]);
    }

    #[test]
    fn choices_are_listed() {
        let kind = |fields: &mut Fields<'_>| value(fields.choice(&["kind"], &[("news", 1), ("analysis", 2)]));
        check("kind: News", kind, Some(1), &[]);
        let said = "anaylsis | `kind` cannot be `anaylsis` | did you mean `analysis`? | it can be `news`, `analysis`";
        check("kind: anaylsis", kind, None, &[said]);
        let said = "7 | `kind` cannot be `7` | it can be `news`, `analysis`";
        check("kind: 7", kind, None, &[said]);
    }

    #[test]
    fn a_list_of_texts_loses_only_its_bad_items() {
        let topics = |fields: &mut Fields<'_>| {
            let texts = fields.texts(&["topics"])?;
            Some(texts.into_iter().map(|read| read.value).collect::<Vec<_>>())
        };
        let some = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
        check("topics: AI", topics, some(&["AI"]), &[]);
        check("topics: [5.0, '', ~, b]", topics, some(&["5.0", "b"]), &[]);
        check("topics: []", topics, some(&[]), &[]);
        let said = "AI: the end | an item of `topics` must be text, not a group of keys | \
                    write it in quotes: `\"AI: the end\"`";
        check("topics:\n- AI: the end\n- b", topics, some(&["b"]), &[said]);
        let said =
            "{a: b} | `topics` must be a list, not a group of keys | write a list: `topics: [one, two]`";
        check("topics: {a: b}", topics, None, &[said]);
    }

    #[test]
    fn nested_mappings_report_to_the_same_place() {
        let url = |fields: &mut Fields<'_>| {
            let mut source = fields.map(&["source"], "a source")?;
            let url = value(source.text(&["url"]));
            fields.absorb(source);
            url
        };
        let said = "ur | unknown key `ur` in a source | did you mean `url`?";
        check("source: {url: x, ur: y}", url, Some("x".to_owned()), &[said]);
        let said = "Reuters | a source must be written as `key: value` lines, not as text | \
                    write each key on a line of its own: `key: value`";
        check("source: Reuters", url, None, &[said]);
    }

    #[test]
    fn keys_nobody_asked_for_are_reported_unless_they_are_free() {
        let date = |fields: &mut Fields<'_>| value(fields.text(&["date"]));
        let other = "delete it, or correct its name";
        let said = [
            "dat | unknown key `dat` in an article | did you mean `date`?".to_owned(),
            format!("1 | unknown key `1` in an article | {other}"),
        ];
        check("dat: 2025-01-22\n1: x", date, None, &[&said[0], &said[1]]);
        check(
            "Date: 2025-01-22",
            date,
            None,
            &["Date | unknown key `Date` in an article | did you mean `date`?"],
        );
        check("x: y", |fields| fields.accept_all(), (), &[]);
    }

    #[test]
    fn what_is_no_mapping_is_reported_once() {
        let nothing = |fields: &mut Fields<'_>| fields.is_present("title");
        let said = "title:Foo | an article must be written as `key: value` lines, not as text | \
                    put a space behind each colon that ends a key";
        check("title:Foo", nothing, false, &[said]);
        check(
            "title:",
            nothing,
            true,
            &["title | unknown key `title` in an article | delete it, or correct its name"],
        );
    }
}
