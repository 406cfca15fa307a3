//! One line of YAML taken apart by eye: indentation, `- ` marks, key, value.
//!
//! This is not a parser. It is used where the parser has given up, to see what a person meant.

/// A line of a text; offsets are bytes of the line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// The line without its end.
    pub text: &'t str,
    /// Where the key begins, or the value where there is no key.
    pub body: usize,
    /// Where the key ends, at its colon.
    pub colon: Option<usize>,
    /// Where the value begins; the end of the line where there is none.
    pub value: usize,
}

impl<'t> Line<'t> {
    /// The line of `text` in which the byte `at` stands.
    pub fn at(text: &'t str, at: usize) -> Line<'t> {
        let at = text.floor_char_boundary(at);
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        Line::new(start, text[start..end].trim_end())
    }

    /// The nearest line before this one that is neither blank nor a comment.
    pub fn before(&self, text: &'t str) -> Option<Line<'t>> {
        let mut start = self.start;
        while start > 0 {
            let line = Line::at(text, start - 1);
            if !line.is_blank() {
                return Some(line);
            }
            start = line.start;
        }
        None
    }

    fn new(start: usize, text: &'t str) -> Line<'t> {
        let mut body = text.len() - text.trim_start().len();
        while text[body..].starts_with("- ") {
            body += 1 + text[body + 1..].len() - text[body + 1..].trim_start().len();
        }
        let colon = colon(&text[body..]).map(|colon| body + colon);
        let after = colon.map_or(body, |colon| colon + 1);
        let value = after + text[after..].len() - text[after..].trim_start().len();
        Line {
            start,
            text,
            body,
            colon,
            value,
        }
    }

    /// Whether there is nothing but a comment.
    pub fn is_blank(&self) -> bool {
        let trimmed = self.text.trim();
        trimmed.is_empty() || trimmed.starts_with('#')
    }

    /// The blanks in front.
    pub fn indent(&self) -> &'t str {
        &self.text[..self.text.len() - self.text.trim_start().len()]
    }

    /// Whether the value stands behind a key or a `- `.
    pub fn has_value(&self) -> bool {
        self.colon.is_some() || self.body > self.indent().len()
    }

    /// The value, without blanks around it.
    pub fn value(&self) -> &'t str {
        &self.text[self.value..]
    }

    /// The line with another value.
    pub fn with_value(&self, value: &str) -> String {
        format!("{}{value}", &self.text[..self.value])
    }

    /// The text with another line here.
    pub fn replaced_in(&self, text: &str, line: &str) -> String {
        format!(
            "{}{line}{}",
            &text[..self.start],
            &text[self.start + self.text.len()..]
        )
    }
}

/// The colon behind a key: followed by a blank or the end of the line.
fn colon(body: &str) -> Option<usize> {
    let quote = body.chars().next().filter(|first| matches!(first, '"' | '\''));
    let from = match quote {
        Some(quote) => 2 + body[1..].find(quote)?,
        None if body.starts_with(['[', '{', '@', '`', '*', '&', '|', '>', '%', '#']) => return None,
        None => 0,
    };
    let found = body[from..].char_indices().find(|&(at, character)| {
        character == ':'
            && body[from + at + 1..]
                .chars()
                .next()
                .is_none_or(char::is_whitespace)
    });
    let at = from + found?.0;
    // Behind a quoted key there is nothing but its colon.
    (quote.is_none() || body[from..at].trim().is_empty()).then_some(at)
}
