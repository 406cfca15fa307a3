//! Texts as they are converted: where code stands, and on which line something is.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::post::Note;

/// A body with the file it came from, for notes about places in it.
#[derive(Clone, Debug)]
pub struct Body<'t> {
    /// The file, as it is named to people.
    pub file: &'t str,
    /// The text.
    pub text: &'t str,
    /// The line of the file on which the text starts; 0 where it stands in no file of its own.
    pub line: usize,
    /// The starts of its lines.
    starts: Vec<usize>,
}

impl<'t> Body<'t> {
    /// The body of a file from a line on.
    pub fn new(file: &'t str, text: &'t str, line: usize) -> Body<'t> {
        let newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        Body {
            file,
            text,
            line,
            starts: std::iter::once(0).chain(newlines).collect(),
        }
    }

    /// The line and the column of a byte, in the file.
    pub fn place(&self, at: usize) -> (usize, usize) {
        let row = self
            .starts
            .partition_point(|&start| start <= at)
            .saturating_sub(1);
        let start = self.starts.get(row).copied().unwrap_or_default();
        let column = self
            .text
            .get(start..at)
            .map_or(0, |before| before.chars().count());
        (self.line + row, column + 1)
    }

    /// A note about a byte.
    pub fn note(&self, at: usize, what: impl Into<String>, became: impl Into<String>) -> Note {
        let (line, column) = self.place(at);
        Note {
            file: self.file.to_owned(),
            line,
            column,
            what: what.into(),
            detail: String::new(),
            became: became.into(),
        }
    }
}

/// Where code stands in Markdown, in order: nothing in it is markup of a generator to its readers.
#[derive(Clone, Debug, Default)]
pub struct Code(Vec<Range<usize>>);

impl Code {
    /// Finds code.
    pub fn of(text: &str) -> Code {
        if !text.contains(['`', '~', '\t']) && !text.contains("    ") {
            return Code::default();
        }
        let mut code: Vec<Range<usize>> = Vec::new();
        let mut block: Option<Range<usize>> = None;
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(_)) => block = Some(range),
                Event::End(TagEnd::CodeBlock) => code.extend(block.take()),
                Event::Code(_) => code.push(range),
                _ => {}
            }
        }
        code.sort_by_key(|range| range.start);
        Code(code)
    }

    /// Whether a byte lies in code.
    pub fn holds(&self, at: usize) -> bool {
        let index = self.0.partition_point(|range| range.start <= at);
        index
            .checked_sub(1)
            .and_then(|index| self.0.get(index))
            .is_some_and(|range| range.contains(&at))
    }
}

/// A picture as Markdown.
pub fn picture(alt: &str, src: &str, caption: &str) -> String {
    let src = match src.contains([' ', '(', ')']) {
        true => format!("<{src}>"),
        false => src.to_owned(),
    };
    let alt = escape_label(alt);
    match caption.trim() {
        "" => format!("![{alt}]({src})"),
        caption => format!("![{alt}]({src} \"{}\")", one_line(caption).replace('"', "\\\"")),
    }
}

/// A link as Markdown.
pub fn link(label: &str, address: &str) -> String {
    format!("[{}]({})", escape_label(label), address.replace(' ', "%20"))
}

/// A code block as Markdown, with a fence longer than any in it.
pub fn fenced(language: &str, code: &str) -> String {
    let longest = code
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", code.trim_matches(['\n', '\r']))
}

fn escape_label(text: &str) -> String {
    one_line(text).replace('[', "\\[").replace(']', "\\]")
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Raw HTML that a brief site leaves out of its pages, noted where it stands.
pub fn note_markup(body: &Body<'_>, code: &Code, notes: &mut Vec<Note>) {
    for name in [
        "script", "style", "iframe", "object", "embed", "form", "video", "audio", "svg",
    ] {
        let open = format!("<{name}");
        for (at, _) in body.text.match_indices(&open) {
            let behind = body.text[at + open.len()..].chars().next();
            let is_whole = behind.is_none_or(|behind| !behind.is_ascii_alphanumeric() && behind != '-');
            if is_whole && !code.holds(at) {
                notes.push(body.note(
                    at,
                    format!("HTML `<{name}>`"),
                    "stays in the article; pages leave it out unless `markdown: {raw_html: allow}`",
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_from_the_start_of_the_file() {
        let body = Body::new("a.md", "é x\ny", 5);
        assert_eq!(body.place(3), (5, 3));
        assert_eq!(body.place(5), (6, 1));
    }

    #[test]
    fn code_is_known() {
        let text = "a `b` c\n\n```\nd\n```\n\n    e\n";
        let code = Code::of(text);
        let holds = |what: &str| code.holds(text.find(what).expect(what));
        assert!(holds("b") && holds("d") && holds("e") && !holds("a") && !holds(" c"));
    }

    #[test]
    fn fences_hold_fences() {
        assert_eq!(fenced("go", "\na\n"), "```go\na\n```");
        assert_eq!(fenced("", "```x```"), "````\n```x```\n````");
        assert_eq!(
            picture("a]b", "x y.png", "C \"q\""),
            "![a\\]b](<x y.png> \"C \\\"q\\\"\")"
        );
    }
}
