//! Articles in which people have marked the companies, in two forms.
//!
//! A folder of the first form holds `companies.yaml`, a register, and `articles.txt`, whose first lines explain its
//! marks. One of the second form holds the register, `articles/`, Markdown with front matter but
//! without `companies:`, and `gold.jsonl`, one object for each article:
//! `{"path", "companies": [{"name", "salience", "spans"}], "optional": [...], "traps": [...]}` with spans as
//! bytes of the file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use brief::ground::diagnostic::Diagnostics;
use brief::ground::path::SourcePath;
use brief::ground::span::Span;
use brief::reading::company::Register;
use brief::reading::config::Config;
use brief::reading::front_matter;
use brief::reading::markdown;
use serde_json::Value;

/// A labelled article.
pub struct Labelled {
    /// Its name.
    pub path: String,
    /// The file.
    pub text: String,
    /// The headline.
    pub title: String,
    /// Where the headline begins in the file.
    pub title_at: usize,
    /// The body as the tagger reads it.
    pub visible: markdown::Visible,
    /// Name, whether it is what the article is about, and its places in the file.
    pub gold: Vec<(String, bool, Vec<Span>)>,
    /// Companies that count neither way.
    pub optional: BTreeSet<String>,
    /// What the article tries.
    pub traps: Vec<String>,
}

/// The register and the articles of a folder.
pub fn load(folder: &Path) -> (Register, Vec<Labelled>) {
    let register = register(&folder.join("companies.yaml"));
    let articles = match fs::read_to_string(folder.join("articles.txt")) {
        Ok(text) => marked(&text, &register),
        Err(_) => {
            let gold = fs::read_to_string(folder.join("gold.jsonl")).expect("gold.jsonl");
            let lines = gold.lines().filter(|line| !line.trim().is_empty());
            lines.map(|line| of_gold(folder, line)).collect()
        }
    };
    (register, articles)
}

fn register(path: &Path) -> Register {
    let text = fs::read_to_string(path).expect("companies.yaml");
    let file = SourcePath::new("companies.yaml").expect("a path");
    let mut found = Diagnostics::new();
    let register = Register::parse(&file, &text, &mut found);
    assert!(!found.has_errors(), "{found:?}");
    register
}

/// An article as the site reads it.
fn read(path: String, text: &str) -> Labelled {
    let file = SourcePath::new("article.md").expect("a path");
    let config = Config::default_settings();
    let split = front_matter::split(&file, text, &mut Diagnostics::new());
    let decoded = front_matter::decode(&file, &split, &config, &mut Diagnostics::new());
    let title = decoded.head.map_or(String::new(), |head| head.title.to_string());
    // Headlines of labelled articles are written without escapes.
    let title_at = text.find(&title).unwrap_or_default();
    let visible = markdown::parse(split.body, split.body_start, config.markdown).visible;
    Labelled {
        path,
        text: text.to_owned(),
        title,
        title_at,
        visible,
        gold: Vec::new(),
        optional: BTreeSet::new(),
        traps: Vec::new(),
    }
}

impl Labelled {
    /// The place in the file of a place in the headline or the body.
    pub fn place(&self, is_in_title: bool, span: Span) -> Span {
        let (start, end) = (span.start as usize, span.end as usize);
        match is_in_title {
            true => Span::new(start + self.title_at, end + self.title_at),
            false => self.visible.source_of(start..end),
        }
    }
}

/// Adds a mention to a list of companies.
fn add(gold: &mut Vec<(String, bool, Vec<Span>)>, name: &str, span: Span) {
    match gold.iter_mut().find(|(own, ..)| own == name) {
        Some((.., spans)) => spans.push(span),
        None => gold.push((name.to_owned(), false, vec![span])),
    }
}

fn marked(text: &str, register: &Register) -> Vec<Labelled> {
    let articles = text.split("\n= ").skip(1);
    articles
        .map(|article| {
            let mut lines = article.splitn(4, '\n');
            let mut line = || lines.next().expect("a name, a title, a line of what it is about");
            let name = line().to_owned();
            let title = line().strip_prefix("title: ").expect("a title");
            let about = line().strip_prefix("about:").expect("what it is about");
            let body = line();
            let (mut written, mut gold) = ("---\ntitle: \"".to_owned(), Vec::new());
            take_marks(title, &mut written, &mut gold);
            written.push_str("\"\ndate: 2026-01-02\n---\n");
            take_marks(body, &mut written, &mut gold);
            let known: BTreeSet<&str> = register
                .companies()
                .iter()
                .map(|company| company.name.as_str())
                .collect();
            let about: Vec<&str> = about
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .collect();
            for (company, is_main, _) in &mut gold {
                assert!(known.contains(company.as_str()), "{name}: {company}");
                *is_main = about.contains(&company.as_str());
            }
            for company in about {
                assert!(gold.iter().any(|(own, ..)| own == company), "{name}: {company}");
            }
            let labelled = read(name, &written);
            assert!(!labelled.title.is_empty(), "{written}");
            Labelled { gold, ..labelled }
        })
        .collect()
}

/// Appends a text without its marks, and where the marked places are then.
fn take_marks(text: &str, written: &mut String, gold: &mut Vec<(String, bool, Vec<Span>)>) {
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("[[") {
        written.push_str(before);
        let (mark, behind) = behind.split_once("]]").expect("the end of a mark");
        let (shown, name) = mark.split_once('|').unwrap_or((mark, mark));
        let start = written.len();
        written.push_str(shown);
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        // Emphasis around a whole mark is no part of it, but it may begin within one.
        let lead = shown.len() - shown.trim_start_matches('*').len();
        add(gold, &name, Span::new(start + lead, written.len()));
        rest = behind;
    }
    written.push_str(rest);
}

fn of_gold(folder: &Path, line: &str) -> Labelled {
    let label: Value = serde_json::from_str(line).expect("an object");
    let path = label["path"].as_str().expect("a path").to_owned();
    let text = fs::read_to_string(folder.join("articles").join(&path)).expect("an article");
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let texts = |value: &Value| -> Vec<String> {
        let name = |item: &Value| {
            item.as_str()
                .or(item["name"].as_str())
                .unwrap_or_default()
                .to_owned()
        };
        list(value).iter().map(name).collect()
    };
    let span = |value: &Value| {
        let [start, end] = [0, 1].map(|at| value[at].as_u64().unwrap_or_default() as usize);
        Span::new(start, end)
    };
    let gold = list(&label["companies"])
        .iter()
        .map(|company| {
            let spans = list(&company["spans"]).iter().map(span).collect();
            let name = company["name"].as_str().unwrap_or_default().to_owned();
            (name, company["salience"] == "primary", spans)
        })
        .collect();
    Labelled {
        gold,
        optional: texts(&label["optional"]).into_iter().collect(),
        traps: texts(&label["traps"]),
        ..read(path, &text)
    }
}
