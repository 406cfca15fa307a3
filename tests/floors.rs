//! The floors: a module imports lower floors and the rows above it on its own floor, as the table in
//! docs/ARCHITECTURE.md says, and the table and src/ name the same modules.
//!
//! The sources are read as text, not compiled: paths that start with `crate` or `super` are what
//! counts, wherever they stand. Test code may import anything.

mod support;

use std::collections::BTreeSet;
use std::fs;

use support::repository;

/// The head of the table that is read.
const HEAD: &str = "| floor | module | purpose |";

/// The name under which the files directly in src/ stand in the table.
const TOP: &str = "top";

#[test]
fn imports_go_down() {
    let table = Table::read(&architecture());
    let mut problems = Vec::new();
    for (path, text) in sources() {
        problems.extend(table.check(&path, &text));
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn the_table_and_the_sources_name_the_same_modules() {
    let table = Table::read(&architecture());
    let in_table: BTreeSet<(String, String)> = table
        .rows
        .iter()
        .map(|row| (row.floor.clone(), row.module.clone()))
        .collect();
    assert_eq!(
        in_table.len(),
        table.rows.len(),
        "a module stands in the table twice"
    );
    let in_sources: BTreeSet<(String, String)> = sources()
        .iter()
        .filter_map(|(path, _)| home(path))
        .map(|home| (home.floor, home.module))
        .collect();
    assert_eq!(in_table, in_sources);
}

fn architecture() -> String {
    fs::read_to_string(repository().join("docs/ARCHITECTURE.md")).expect("docs/ARCHITECTURE.md")
}

/// All Rust files of src/, by path below it.
fn sources() -> Vec<(String, String)> {
    let folder = repository().join("src");
    let files = support::files(&folder).into_iter();
    let rust = files.filter(|path| path.ends_with(".rs"));
    rust.map(|path| {
        let text = fs::read_to_string(folder.join(&path)).expect("a source file");
        (path, text)
    })
    .collect()
}

/// The rows of the table, in its order.
struct Table {
    rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    /// Its folder below src/, `top` for the files directly in it.
    floor: String,
    module: String,
}

impl Table {
    fn read(markdown: &str) -> Table {
        let rows = markdown.lines().skip_while(|line| line.trim() != HEAD).skip(2);
        let mut table = Table { rows: Vec::new() };
        let mut floor = String::new();
        for line in rows.take_while(|line| line.starts_with('|')) {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            if let Some(name) = cells[1].split_whitespace().last() {
                floor = name.to_owned();
            }
            for module in cells[2].split(',') {
                table.rows.push(Row {
                    floor: floor.clone(),
                    module: module.trim().trim_matches('`').to_owned(),
                });
            }
        }
        assert!(!table.rows.is_empty(), "there is no table under `{HEAD}`");
        table
    }

    /// How high a module stands: its floor, and its row.
    fn height(&self, row: &Row) -> Option<(usize, usize)> {
        let at = self.rows.iter().position(|other| other == row)?;
        let floors = self.rows[..=at]
            .windows(2)
            .filter(|pair| pair[0].floor != pair[1].floor);
        Some((floors.count(), at))
    }

    /// What a file imports against the rule, one line each.
    fn check(&self, path: &str, text: &str) -> Vec<String> {
        let module = module_path(path);
        let imports = imports(text, &module);
        let Some(own) = home(path) else {
            // lib.rs and the mod.rs of a floor declare their modules and hold nothing else; tests
            // may import anything.
            let is_test = path.split('/').any(is_test_name);
            let refuse =
                |import: &Import| format!("src/{path}:{}: imports belong into a module", import.line);
            return imports.iter().filter(|_| !is_test).map(refuse).collect();
        };
        let Some(from) = self.height(&own) else {
            return vec![format!("src/{path}:1: the table has no row for `{}`", own.module)];
        };
        let mut problems = Vec::new();
        for Import { path: segments, line } in imports {
            let shown = segments.join("::");
            let place = format!("src/{path}:{line}: `{shown}`");
            let target = self.row_of(&segments);
            match target.as_ref().and_then(|row| self.height(row)) {
                None => problems.push(format!("{place} is no module of the table")),
                Some(to) if to.0 > from.0 => problems.push(format!("{place} stands on a higher floor")),
                Some(to) if to.1 > from.1 => {
                    problems.push(format!("{place} stands below `{}` on the same floor", own.module));
                }
                Some(_) => {}
            }
        }
        problems
    }

    /// The row that a path from the crate's root means.
    fn row_of(&self, segments: &[String]) -> Option<Row> {
        let row = |floor: &str, module: &String| Row {
            floor: floor.to_owned(),
            module: module.clone(),
        };
        let first = segments.first()?;
        if self.rows.iter().any(|row| row.floor == *first) {
            return segments.get(1).map(|module| row(first, module));
        }
        Some(row(TOP, first))
    }
}

/// The row that a file belongs to; `None` for lib.rs, for the mod.rs of a floor, and for tests.
fn home(path: &str) -> Option<Row> {
    let segments: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    if segments.iter().any(|segment| is_test_name(segment)) {
        return None;
    }
    let (floor, module) = match segments[..] {
        ["lib"] => return None,
        [module] => (TOP, module),
        [_, "mod"] => return None,
        [floor, module, ..] => (floor, module),
        [] => return None,
    };
    Some(Row {
        floor: floor.to_owned(),
        module: module.to_owned(),
    })
}

fn is_test_name(segment: &str) -> bool {
    matches!(segment, "tests" | "tests.rs")
}

/// The path of a file's module from the crate's root: `["meaning", "site", "held"]`.
fn module_path(path: &str) -> Vec<String> {
    let mut segments: Vec<String> = path
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    segments.pop_if(|last| matches!(last.as_str(), "mod" | "lib" | "main"));
    segments
}

/// A path that a source names, from the crate's root, and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Import {
    path: Vec<String>,
    line: usize,
}

/// All paths of a source that start with `crate`, with `super`, or, in the binary, with the name of
/// the library; those of test code left out.
fn imports(text: &str, module: &[String]) -> Vec<Import> {
    let tokens = without_tests(tokens(text));
    let mut imports = Vec::new();
    // The inline modules that are open, each by the depth of its brace.
    let (mut depth, mut inline): (usize, Vec<(usize, String)>) = (0, Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            "mod" if at + 2 < tokens.len() && tokens[at + 2].text == "{" => {
                inline.push((depth, tokens[at + 1].text.clone()));
                at += 1;
            }
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                inline.pop_if(|(opened_at, _)| *opened_at == depth);
            }
            "crate" | "super" | "brief" if starts_a_path(&tokens, at) => {
                let here = module.iter().chain(inline.iter().map(|(_, name)| name));
                let mut root: Vec<String> = here.cloned().collect();
                let mut start = at;
                if tokens[at].text == "super" {
                    while tokens.get(start).is_some_and(|token| token.text == "super") {
                        root.pop();
                        start += 2;
                    }
                } else {
                    root.clear();
                    start += 2;
                }
                at = path_tree(&tokens, start, &root, &mut imports);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    imports
}

fn starts_a_path(tokens: &[Token], at: usize) -> bool {
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    // `self::super` does not occur, and a path's own middle is no start.
    is(at + 1, "::") && !(at > 0 && is(at - 1, "::"))
}

/// Collects the leaves of a use tree behind `root::`, and returns where it ends.
fn path_tree(tokens: &[Token], mut at: usize, root: &[String], imports: &mut Vec<Import>) -> usize {
    let mut path = root.to_vec();
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    let end = path_tree(tokens, at, &path, imports);
                    // What is no path, a comma or `as Name`, is stepped over.
                    at = end.max(at + 1);
                }
                return at + 1;
            }
            "*" | "self" => at += 1,
            name if is_name(name) => {
                path.push(name.to_owned());
                at += 1;
            }
            _ => return at,
        }
        if tokens.get(at).is_none_or(|next| next.text != "::") {
            imports.push(Import {
                path,
                line: token.line,
            });
            return skip_rename(tokens, at);
        }
        at += 1;
    }
    at
}

/// Steps over `as Name`.
fn skip_rename(tokens: &[Token], at: usize) -> usize {
    match tokens.get(at) {
        Some(token) if token.text == "as" => at + 2,
        _ => at,
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// A word, `::` or one sign, and its line.
#[derive(Clone, Debug)]
struct Token {
    text: String,
    line: usize,
}

/// The words and signs of a source, without comments and literals.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => block_comment(rest),
            '"' => string(rest),
            'r' | 'b' | 'c' if literal_prefix(rest).is_some() => literal_prefix(rest).unwrap_or(1),
            '\'' => character(rest),
            c if c.is_alphanumeric() || c == '_' => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
                let end = end.unwrap_or(rest.len());
                tokens.push(Token {
                    text: rest[..end].to_owned(),
                    line,
                });
                end
            }
            _ if rest.starts_with("::") => {
                tokens.push(Token {
                    text: "::".to_owned(),
                    line,
                });
                2
            }
            c => {
                if !c.is_whitespace() {
                    tokens.push(Token {
                        text: c.to_string(),
                        line,
                    });
                }
                c.len_utf8()
            }
        };
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// The length of a block comment; they may be nested.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    loop {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += rest.chars().next().map_or(0, char::len_utf8);
        }
        if depth == 0 || at >= text.len() {
            return at;
        }
    }
}

/// The length of a string in plain quotes.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, sign) in text.char_indices().skip(1) {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a literal with a prefix: `b"…"`, `r#"…"#`, `b'…'`.
fn literal_prefix(text: &str) -> Option<usize> {
    let word = text.find(|c: char| !"rbc".contains(c))?;
    let rest = &text[word..];
    let raw = text[..word].contains('r');
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    if raw && rest[hashes..].starts_with('"') {
        let end = format!("\"{}", "#".repeat(hashes));
        let inner = &rest[hashes + 1..];
        return Some(word + hashes + 1 + inner.find(&end).map_or(inner.len(), |at| at + end.len()));
    }
    match rest.chars().next()? {
        '"' if !raw => Some(word + string(rest)),
        '\'' if &text[..word] == "b" => Some(word + character(rest)),
        _ => None,
    }
}

/// The length of a character literal, or of the quote of a lifetime.
fn character(text: &str) -> usize {
    let mut signs = text.char_indices().skip(1);
    match (signs.next(), signs.next()) {
        (Some((_, '\\')), Some((at, _))) => text[at + 1..].find('\'').map_or(text.len(), |end| at + end + 2),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

/// The tokens without the items that stand under `#[cfg(test)]`.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    const ATTRIBUTE: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let is_test = |at: usize| {
        let window = tokens.get(at..at + ATTRIBUTE.len());
        window.is_some_and(|window| window.iter().map(|token| token.text.as_str()).eq(ATTRIBUTE))
    };
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_test(at) {
            at = end_of_item(&tokens, at + ATTRIBUTE.len());
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Where an item ends: behind its `;`, or behind the brace that closes its body.
fn end_of_item(tokens: &[Token], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

mod rule {
    use super::*;

    const TABLE: &str = "
| other | table |
|---|---|
| x | y |

| floor | module | purpose |
|---|---|---|
| 0 ground | `span` | places |
| | `path` | paths |
| 1 reading | `yaml`, `article` | texts |
| top | `cli` | arguments |
| | `main` | the binary |

| not | this | one |
";

    fn check(path: &str, text: &str, expected: &[&str]) {
        assert_eq!(Table::read(TABLE).check(path, text), expected, "{text}");
    }

    #[test]
    fn downward_imports_are_fine() {
        check(
            "ground/path.rs",
            "use super::span::Span;\nuse crate::ground::span;",
            &[],
        );
        check(
            "reading/article.rs",
            "use super::yaml;\nuse crate::ground::{path, span::Span};",
            &[],
        );
        check(
            "reading/yaml/places.rs",
            "use super::Node;\nuse super::super::yaml::Key;",
            &[],
        );
        check(
            "cli.rs",
            "use crate::reading::article::{self, Article as Story};",
            &[],
        );
        check(
            "main.rs",
            "fn main() { brief::cli::run(std::env::args_os()) }",
            &[],
        );
        check("lib.rs", "pub mod ground;", &[]);
    }

    #[test]
    fn upward_imports_are_caught() {
        let up =
            |line: usize, path: &str| format!("src/ground/path.rs:{line}: `{path}` stands on a higher floor");
        check(
            "ground/path.rs",
            "use crate::reading::yaml::Node;",
            &[&up(1, "reading::yaml::Node")],
        );
        check(
            "ground/path.rs",
            "//! Text\n\nuse crate::{\n    ground::span::Span,\n    reading::{yaml, article::*},\n};",
            &[&up(5, "reading::yaml"), &up(5, "reading::article")],
        );
        check(
            "ground/path.rs",
            "fn f() -> bool {\n    crate::cli::run()\n}\nfn g(x: super::super::reading::yaml::Node) {}",
            &[&up(2, "cli::run"), &up(4, "reading::yaml::Node")],
        );
        check(
            "ground/path.rs",
            "mod inner {\n    use super::super::super::reading::yaml;\n}",
            &[&up(2, "reading::yaml")],
        );
    }

    #[test]
    fn rows_further_down_on_the_same_floor_are_caught() {
        let down =
            "src/reading/yaml/mod.rs:1: `reading::article::Article` stands below `yaml` on the same floor";
        check("reading/yaml/mod.rs", "use super::article::Article;", &[down]);
        let main = "src/cli.rs:1: `main::x` stands below `cli` on the same floor";
        check("cli.rs", "use crate::main::x;", &[main]);
    }

    #[test]
    fn what_the_table_does_not_know_is_caught() {
        check(
            "ground/clock.rs",
            "",
            &["src/ground/clock.rs:1: the table has no row for `clock`"],
        );
        check(
            "reading/yaml.rs",
            "use crate::ground::clock;\nuse crate::Thing;\nuse crate::ground::*;",
            &[
                "src/reading/yaml.rs:1: `ground::clock` is no module of the table",
                "src/reading/yaml.rs:2: `Thing` is no module of the table",
                "src/reading/yaml.rs:3: `ground` is no module of the table",
            ],
        );
        check(
            "ground/mod.rs",
            "pub mod span;\npub use crate::reading::yaml;",
            &["src/ground/mod.rs:2: imports belong into a module"],
        );
    }

    #[test]
    fn tests_comments_and_texts_do_not_count() {
        check(
            "ground/span.rs",
            "// crate::reading::yaml\n/* use crate::cli; /* nested */ */\nconst A: &str = \"use crate::cli;\";\n\
             const B: &str = r#\"\" crate::cli::run\"#;\nconst C: char = '\"'; fn f<'a>(x: &'a u8) {}\n\
             #[cfg(test)]\n#[path = \"x.rs\"]\nmod tests {\n    use crate::cli;\n}\n#[cfg(test)]\nuse crate::cli;\n",
            &[],
        );
        check("ground/span/tests/deep.rs", "use crate::cli;", &[]);
        check(
            "ground/span.rs",
            "#[cfg(test)]\nmod tests;\nuse crate::cli;",
            &["src/ground/span.rs:3: `cli` stands on a higher floor"],
        );
    }
}
