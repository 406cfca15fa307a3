//! Markup that only a program understands: templates in articles, and components of MDX.
//!
//! All of it stays in the article as comments and is told of.

use super::post::Note;
use super::rewrite::comment;
use super::text::{Body, Code};

/// Keeps tags and outputs of Nunjucks and Liquid as comments.
pub fn without_templates(body: &Body<'_>, notes: &mut Vec<Note>) -> String {
    let text = body.text;
    let code = Code::of(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let lasts = ["%}", "}}", "#}"].map(|mark| text.rfind(mark).unwrap_or_default());
    let mut from = 0;
    while let Some(found) = text[from..].find('{').map(|found| from + found) {
        from = found + 1;
        let (mark, last, what) = match text[from..].chars().next() {
            Some('%') => ("%}", lasts[0], "template tag"),
            Some('{') => ("}}", lasts[1], "template output"),
            Some('#') => ("#}", lasts[2], "template comment"),
            _ => continue,
        };
        if found >= last {
            continue;
        }
        let Some(length) = text[found..].find(mark) else {
            continue;
        };
        let end = found + length + mark.len();
        let tag = &text[found..end];
        let name = tag[2..].trim_start_matches(['-', ' ']);
        let name: String = name
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || "._".contains(*letter))
            .collect();
        let what = format!("{what} `{name}`");
        if code.holds(found) {
            notes.push(body.note(found, what, "left as it is, in code"));
            continue;
        }
        notes.push(body.note(found, what, "kept as a comment, which readers do not see"));
        out.push_str(&text[at..found]);
        out.push_str(&comment(tag));
        at = end;
        from = end;
    }
    out.push_str(&text[at..]);
    out
}

/// Keeps what MDX adds to Markdown as comments: imports, exports, components and expressions.
pub fn without_components(body: &Body<'_>, notes: &mut Vec<Note>) -> String {
    let text = body.text;
    let code = Code::of(text);
    let mut out = String::with_capacity(text.len());
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_end();
        let is_code = code.holds(line_start);
        let statement = ["import ", "export "]
            .into_iter()
            .find(|word| trimmed.starts_with(word));
        match statement.filter(|_| {
            !is_code && (trimmed.contains(" from ") || trimmed.contains('=') || trimmed.contains("import \""))
        }) {
            Some(word) => {
                let what = format!("MDX `{}`", word.trim());
                notes.push(body.note(line_start, what, "kept as a comment, which readers do not see"));
                out.push_str(&comment(trimmed));
                out.push('\n');
            }
            None => components(body, line, line_start, &code, &mut out, notes),
        }
        line_start += line.len();
    }
    out
}

/// The components and expressions of one line.
fn components(
    body: &Body<'_>,
    line: &str,
    start: usize,
    code: &Code,
    out: &mut String,
    notes: &mut Vec<Note>,
) {
    let mut at = 0;
    let mut from = 0;
    while let Some(found) = line[from..].find(['<', '{']).map(|found| from + found) {
        from = found + 1;
        if code.holds(start + found) {
            continue;
        }
        let rest = &line[found..];
        let (end, what) = if rest.starts_with('{') {
            match rest.find('}') {
                Some(length) => (found + length + 1, "MDX expression".to_owned()),
                None => continue,
            }
        } else {
            let name = rest[1..].trim_start_matches('/');
            if !name.starts_with(|first: char| first.is_ascii_uppercase()) {
                continue;
            }
            let name: String = name
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '.')
                .collect();
            let length = rest
                .find('>')
                .map_or(line.trim_end().len().saturating_sub(found), |length| length + 1);
            (found + length, format!("MDX component `{name}`"))
        };
        notes.push(body.note(start + found, what, "kept as a comment, which readers do not see"));
        out.push_str(&line[at..found]);
        out.push_str(&comment(&line[found..end]));
        at = end;
        from = end;
    }
    out.push_str(&line[at..]);
}
