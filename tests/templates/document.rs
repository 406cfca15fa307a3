//! docs/TEMPLATES.md as data: its tables, signatures, examples and links.
//!
//! The forms that are read: under "Templates", "Filters", "Filters of Tera", "Tests of Tera" and
//! "Components" the first column of the table names the thing; under "Questions" each heading is a
//! signature and a line "Answers:" gives the type; under "Records" each heading is a record and its
//! table lists key and type.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// What the document says.
#[derive(Debug, Default)]
pub struct Document {
    /// The templates, by file name.
    pub templates: BTreeMap<String, Template>,
    /// The functions, by name.
    pub questions: BTreeMap<String, Signature>,
    /// The keys of each record and their types.
    pub records: BTreeMap<String, Vec<(String, Type)>>,
    /// The filters of brief and their arguments.
    pub filters: BTreeMap<String, Vec<String>>,
    /// The filters of Tera that are named.
    pub tera_filters: Vec<String>,
    /// The tests of Tera that are named.
    pub tera_tests: Vec<String>,
    /// The components and their arguments, each as `name: type = default`.
    pub components: BTreeMap<String, Vec<String>>,
    /// The blocks marked as HTML.
    pub examples: Vec<Example>,
    /// Links to headings of the document, with their lines.
    pub links: Vec<(usize, String)>,
    /// The anchors of all headings.
    pub anchors: BTreeSet<String>,
}

/// One row of the table of templates.
#[derive(Debug, Default)]
pub struct Template {
    /// The value of `page.kind`; empty for a template that makes no page.
    pub kind: String,
    /// What it gets beside `site` and `page`.
    pub gets: Vec<(String, Type)>,
}

impl Template {
    /// Whether a page is made with it.
    pub fn is_page(&self) -> bool {
        !self.kind.is_empty()
    }
}

/// A function's arguments and the type of its answer.
#[derive(Debug)]
pub struct Signature {
    /// The names of the arguments, in order.
    pub arguments: Vec<String>,
    /// What it answers.
    pub answer: Type,
}

/// The type of a value, as the document writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `text`, `number` and the like.
    Plain(String),
    /// A record, by the name of its heading.
    Record(String),
    /// `list of …`.
    List(Box<Type>),
    /// `map of …`.
    Map(Box<Type>),
    /// `… or null`.
    OrNull(Box<Type>),
}

/// One block of HTML.
#[derive(Debug)]
pub struct Example {
    /// The line of its first line in the document.
    pub line: usize,
    /// Its text.
    pub text: String,
}

impl Example {
    /// The file that its first line names: `{# templates/article.html #}`.
    pub fn file(&self) -> Option<&str> {
        let first = self.text.lines().next()?;
        first
            .strip_prefix("{# ")?
            .strip_suffix(" #}")
            .filter(|file| file.starts_with("templates/"))
    }
}

impl Document {
    /// Reads the document.
    pub fn read() -> Document {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/TEMPLATES.md");
        let text = fs::read_to_string(path).expect("docs/TEMPLATES.md");
        let mut reader = Reader::default();
        for (number, line) in (1..).zip(text.lines()) {
            reader.line(number, line);
        }
        assert!(
            reader.block.is_none(),
            "a code block of docs/TEMPLATES.md stays open"
        );
        reader.document
    }
}

/// Reads line by line and knows under which headings it stands.
#[derive(Default)]
struct Reader {
    document: Document,
    section: String,
    part: String,
    /// The arguments of the signature whose "Answers:" is still to come.
    signature: Option<(String, Vec<String>)>,
    /// The fenced block that is open: whether it is HTML, and what it holds.
    block: Option<(bool, Example)>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) {
        if let Some(language) = line.strip_prefix("```") {
            match self.block.take() {
                Some((true, example)) => self.document.examples.push(example),
                Some((false, _)) => {}
                None => {
                    let example = Example {
                        line: number + 1,
                        text: String::new(),
                    };
                    self.block = Some((language == "html", example));
                }
            }
            return;
        }
        if let Some((_, example)) = &mut self.block {
            example.text.push_str(line);
            example.text.push('\n');
            return;
        }
        for link in line.split("](#").skip(1) {
            let anchor = link.split(')').next().unwrap_or_default();
            self.document.links.push((number, anchor.to_owned()));
        }
        if let Some((level, title)) = heading(line) {
            self.document.anchors.insert(anchor(title));
            self.heading(level, title);
        } else if let Some(cells) = cells(line) {
            self.row(&cells);
        } else if let Some(answer) = line.strip_prefix("Answers: ") {
            let (name, arguments) = self
                .signature
                .take()
                .unwrap_or_else(|| panic!("line {number}: answers without a signature"));
            let answer = Type::parse(answer.trim_end_matches('.'));
            self.document
                .questions
                .insert(name, Signature { arguments, answer });
        } else if line.starts_with("Everything ") && self.section == "Records" {
            let base = line
                .split(['[', ']'])
                .nth(1)
                .unwrap_or_else(|| panic!("line {number}: a record"));
            let keys = self.document.records[base].clone();
            self.document
                .records
                .entry(self.part.clone())
                .or_default()
                .extend(keys);
        }
    }

    fn heading(&mut self, level: usize, title: &str) {
        assert!(
            self.signature.is_none(),
            "{:?} has no line `Answers:`",
            self.signature
        );
        match level {
            1 => {}
            2 => self.section = title.to_owned(),
            _ => self.part = title.to_owned(),
        }
        if level == 3 && self.section == "Questions" && title.contains('(') {
            let (name, rest) = title
                .trim_matches('`')
                .split_once('(')
                .expect("a signature has a parenthesis");
            let arguments = rest
                .trim_end_matches(')')
                .split(", ")
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect();
            self.signature = Some((name.to_owned(), arguments));
        }
    }

    fn row(&mut self, cells: &[&str]) {
        let Some(name) = cells.first().and_then(|cell| code(cell)) else {
            return;
        };
        let cell = |index: usize| cells.get(index).copied().unwrap_or_default();
        match self.section.as_str() {
            "Templates" => {
                let gets = cell(3).split(", ").filter_map(|entry| {
                    let (name, kind) = entry.split_once(": ")?;
                    Some((code(name)?.to_owned(), Type::parse(kind)))
                });
                let template = Template {
                    kind: code(cell(2)).unwrap_or_default().to_owned(),
                    gets: gets.collect(),
                };
                self.document.templates.insert(name.to_owned(), template);
            }
            "Records" => {
                let keys = self.document.records.entry(self.part.clone()).or_default();
                // A record that extends another may say more about one of its keys.
                keys.retain(|(key, _)| key != name);
                keys.push((name.to_owned(), Type::parse(cell(1))));
            }
            "Filters" => {
                let arguments = cell(1).split(", ").filter_map(code).map(str::to_owned).collect();
                self.document.filters.insert(name.to_owned(), arguments);
            }
            "Filters of Tera" => self.document.tera_filters.push(name.to_owned()),
            "Tests of Tera" => self.document.tera_tests.push(name.to_owned()),
            "Components" => {
                let arguments = cell(1)
                    .split("`, `")
                    .map(|entry| entry.trim_matches('`').to_owned());
                self.document
                    .components
                    .insert(name.trim_matches(['<', '>']).to_owned(), arguments.collect());
            }
            _ => {}
        }
    }
}

impl Type {
    fn parse(text: &str) -> Type {
        let text = text.trim();
        if let Some(inner) = text.strip_suffix(" or null") {
            return Type::OrNull(Box::new(Type::parse(inner)));
        }
        if let Some(inner) = text.strip_prefix("list of ") {
            return Type::List(Box::new(Type::parse(inner)));
        }
        if let Some(inner) = text.strip_prefix("map of ") {
            return Type::Map(Box::new(Type::parse(inner)));
        }
        match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((name, _)) => Type::Record(name.to_owned()),
            None => Type::Plain(text.to_owned()),
        }
    }
}

/// The level and the title of a heading.
fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    title
        .strip_prefix(' ')
        .filter(|_| level > 0)
        .map(|title| (level, title))
}

/// The anchor that hosts of Markdown give a heading.
fn anchor(title: &str) -> String {
    let kept = title
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The cells of a table's row; a vertical line within code is written `\|`.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.strip_prefix("| ")?.strip_suffix(" |")?;
    Some(inner.split(" | ").map(str::trim).collect())
}

/// What stands in a cell as code.
fn code(cell: &str) -> Option<&str> {
    cell.trim().strip_prefix('`')?.strip_suffix('`')
}
