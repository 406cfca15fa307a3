//! Lines to blocks: paragraphs, headings, lists, tables, quotations.

use super::escape;
use super::layout::Layout;
use super::line::Line;
use super::list::{self, List};
use super::phrase::{ends_sentence, squeeze, starts_lower, word_count};
use super::table::{self, Rows};
use super::{byline, head, source, stamp, trailer};

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A paragraph.
    Prose,
    /// A heading, by its level.
    Heading(u8),
    /// A list.
    List(List),
    /// A table.
    Table(Rows),
    /// A quotation, by its paragraphs.
    Quote(Vec<String>),
    /// A line that divides.
    Rule,
    /// Markdown, as it stands.
    Raw(String),
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The line on which it begins.
    pub line: usize,
    /// The stanza it stands in: blocks without a blank line between them share one.
    pub stanza: usize,
    /// What it is.
    pub shape: Shape,
    /// What it says, as plain text. Empty for lists, tables and quotations.
    pub text: String,
}

impl Block {
    /// Whether it is a paragraph or a heading.
    pub fn is_line(&self) -> bool {
        matches!(self.shape, Shape::Prose | Shape::Heading(_))
            || matches!(self.shape, Shape::Raw(_)) && !self.text.is_empty()
    }

    /// Whether it is a paragraph of running text: long, or with a full stop.
    pub fn is_running(&self) -> bool {
        let is_prose = matches!(self.shape, Shape::Prose | Shape::Raw(_));
        let ends = ends_sentence(&self.text) && !self.text.ends_with(':');
        is_prose && (word_count(&self.text) > 25 || ends && word_count(&self.text) >= 4)
    }

    /// What a note says of it.
    pub fn shown(&self) -> String {
        match &self.shape {
            Shape::List(list) => list
                .items
                .iter()
                .map(|item| item.text.as_str())
                .take(3)
                .collect::<Vec<_>>()
                .join("; "),
            Shape::Table(rows) => rows.first().map(|row| row.join(" ")).unwrap_or_default(),
            Shape::Quote(paragraphs) => paragraphs.first().cloned().unwrap_or_default(),
            _ => self.text.clone(),
        }
    }
}

/// The blocks of a text, and the lines at whose ends a hyphen was in doubt.
pub fn blocks(lines: &[Line], layout: &Layout) -> (Vec<Block>, Vec<usize>) {
    let apart = apart(lines);
    let mut builder = Builder {
        lines,
        layout,
        apart: &apart,
        blocks: Vec::new(),
        doubts: Vec::new(),
        stanza: 0,
        width: None,
        no_table_before: 0,
    };
    builder.build();
    (builder.blocks, builder.doubts)
}

/// The lines that are something by themselves and never part of a paragraph: by-lines, dates, trailers.
fn apart(lines: &[Line]) -> Vec<bool> {
    let is_blank = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_none_or(Line::is_blank);
    let is_alone = |at: usize| {
        // A line between blank ones is a paragraph anyway.
        let is_single = is_blank(at.checked_sub(1)) && is_blank(Some(at + 1));
        let line = lines.get(at);
        !is_single && line.is_some_and(|line| !list::may_start(line) && stands_alone(&line.text))
    };
    let mut apart = vec![false; lines.len()];
    for (at, line) in lines.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| lines.get(before));
        let before = before.filter(|before| !before.is_blank());
        // Asked first, because it is cheap and rules out most lines that were broken at a width.
        let is_free =
            before.is_none_or(|before| ends_sentence(&before.text) || apart[at - 1] || before.width() < 25);
        if !is_free || !is_alone(at) {
            continue;
        }
        let next = lines.get(at + 1).filter(|next| starts_lower(&next.text));
        let goes_on = next.is_some() && !ends_sentence(&line.text) && !is_alone(at + 1);
        apart[at] = !goes_on;
    }
    apart
}

fn stands_alone(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 300
        && (trailer::trailer(text).is_some()
            || byline::is_label(text)
            || byline::byline(text).is_some()
            || source::address(text).is_some()
            || stamp::stamps(text).is_some()
            || head::is_divided(text))
}

struct Builder<'l> {
    lines: &'l [Line],
    layout: &'l Layout,
    apart: &'l [bool],
    blocks: Vec<Block>,
    doubts: Vec<usize>,
    stanza: usize,
    /// The width at which the lines of this stanza were broken.
    width: Option<usize>,
    /// The line before which there is no table; what was looked at once is not looked at again.
    no_table_before: usize,
}

impl Builder<'_> {
    fn build(&mut self) {
        let mut at = 0;
        let mut is_new = true;
        while let Some(line) = self.lines.get(at) {
            if line.is_blank() {
                is_new = true;
                at += 1;
                continue;
            }
            if is_new {
                self.stanza += 1;
                let rest = &self.lines[at..];
                let length = rest.iter().position(Line::is_blank).unwrap_or(rest.len());
                self.width = self.layout.of_stanza(&rest[..length]);
                is_new = false;
            }
            let taken = self.take(at);
            at += taken.max(1);
        }
    }

    fn push(&mut self, at: usize, shape: Shape, text: String) {
        let line = self.lines.get(at).map_or(0, |line| line.number);
        self.blocks.push(Block {
            line,
            stanza: self.stanza,
            shape,
            text,
        });
    }

    /// Takes the block that begins with a line, and says how many lines it has.
    fn take(&mut self, at: usize) -> usize {
        let rest = &self.lines[at..];
        let line = &self.lines[at];
        let written = table::written(rest);
        if written > 0 {
            let rows: Vec<&str> = rest[..written].iter().map(|line| line.text.as_str()).collect();
            self.push(at, Shape::Raw(rows.join("\n")), String::new());
            return written;
        }
        if let Some(level) = heading_level(line, self.blocks.is_empty()) {
            let text = squeeze(line.text.trim_start_matches('#').trim());
            self.push(
                at,
                Shape::Heading(level),
                escape::bare_heading(bare_heading(&text)),
            );
            return 1;
        }
        if is_rule(&line.text) {
            self.rule(at);
            return 1;
        }
        if line.text.starts_with('>') {
            let taken = self.quote(at);
            if taken > 0 {
                return taken;
            }
        }
        if let Some((list, taken)) = self.list(at) {
            self.push(at, Shape::List(list), String::new());
            return taken;
        }
        if let Some((rows, taken)) = self.table(at).filter(|_| !self.apart[at]) {
            self.push(at, Shape::Table(rows), String::new());
            return taken;
        }
        self.prose(at)
    }

    fn table(&mut self, at: usize) -> Option<(Rows, usize)> {
        if at < self.no_table_before {
            return None;
        }
        match table::take(&self.lines[at..]) {
            Ok(found) => Some(found),
            Err(looked_at) => {
                self.no_table_before = at + looked_at;
                None
            }
        }
    }

    fn list(&self, at: usize) -> Option<(List, usize)> {
        if !list::may_start(&self.lines[at]) {
            return None;
        }
        list::take(&self.lines[at..], self.layout, self.width, |behind| {
            self.apart.get(at + behind).copied().unwrap_or_default()
        })
    }

    /// A line of signs: it underlines the heading above it, or divides.
    fn rule(&mut self, at: usize) {
        let line = &self.lines[at];
        let above = at
            .checked_sub(1)
            .and_then(|above| self.lines.get(above))
            .filter(|above| !above.is_blank());
        let sign = line.text.chars().next().unwrap_or_default();
        let is_underline =
            matches!(sign, '=' | '-' | '~') && !line.text.contains(' ') && line.text.len() >= 3;
        if let Some(above) = above.filter(|above| {
            is_underline && (1..=20).contains(&word_count(&above.text)) && !above.text.ends_with('.')
        }) {
            let text = squeeze(&above.text);
            if let Some(last) = self
                .blocks
                .last_mut()
                .filter(|last| last.shape == Shape::Prose && last.text == text)
            {
                last.shape = Shape::Heading(if sign == '=' { 1 } else { 2 });
                return;
            }
        }
        let text = line.text.clone();
        self.push(at, Shape::Rule, text);
    }

    /// A quotation: its lines begin with a sign, and the first with no number behind it.
    fn quote(&mut self, at: usize) -> usize {
        let is_quoted = |line: &&Line| line.text.starts_with('>');
        let bare = |line: &Line| line.text.trim_start_matches(['>', ' ', '\t']).to_owned();
        let empty = self.lines[at..]
            .iter()
            .take_while(is_quoted)
            .take_while(|line| bare(line).is_empty())
            .count();
        if empty > 0 {
            // Signs alone hold nothing.
            return empty;
        }
        let is_sign = bare(&self.lines[at]).starts_with(|next: char| next.is_ascii_digit());
        let is_apart = self.lines[at]
            .text
            .trim_start_matches('>')
            .starts_with([' ', '\t']);
        let is_run = self.lines.get(at + 1).is_some_and(|next| is_quoted(&next));
        if is_sign || !is_run && !is_apart {
            return 0;
        }
        let quoted = self.lines[at..].iter().take_while(is_quoted);
        let inner: Vec<Line> = quoted
            .map(|line| Line {
                indent: 0,
                text: bare(line),
                ..line.clone()
            })
            .collect();
        let width = self.layout.of_stanza(&inner);
        let mut paragraphs: Vec<String> = Vec::new();
        let mut before: Option<&Line> = None;
        for line in &inner {
            if line.is_blank() {
                before = None;
                continue;
            }
            match (before, paragraphs.last_mut()) {
                (Some(before), Some(last)) if self.layout.joins(before, line, width, false) => {
                    if self.layout.join(last, &squeeze(&line.text)) {
                        self.doubts.push(before.number);
                    }
                }
                _ => paragraphs.push(squeeze(&line.text)),
            }
            before = Some(line);
        }
        let paragraphs = paragraphs.into_iter().map(escape::bare_paragraph).collect();
        self.push(at, Shape::Quote(paragraphs), String::new());
        inner.len()
    }

    fn prose(&mut self, at: usize) -> usize {
        let mut text = squeeze(&self.lines[at].text);
        let mut next = at + 1;
        while let Some(line) = self.lines.get(next).filter(|line| !line.is_blank()) {
            let before = &self.lines[next - 1];
            let is_other = self.apart[next]
                || self.apart[next - 1]
                || line.text.starts_with('>')
                || is_rule(&line.text)
                || heading_level(line, false).is_some()
                || line.text.contains(['\t', ' ']) && self.table(next).is_some()
                || self.list(next).is_some();
            if is_other
                || !self
                    .layout
                    .joins(before, line, self.width, self.blocks.is_empty() && next == at + 1)
            {
                break;
            }
            if self.layout.join(&mut text, &squeeze(&line.text)) {
                self.doubts.push(before.number);
            }
            next += 1;
        }
        let text = text.trim_end_matches(['\u{ad}', ' ']).to_owned();
        self.push(at, Shape::Prose, escape::bare_paragraph(text));
        next - at
    }
}

/// The level of a heading that is written as Markdown. One hash heads the text alone: elsewhere it may be a number's.
fn heading_level(line: &Line, is_first: bool) -> Option<u8> {
    let hashes = line.text.bytes().take_while(|byte| *byte == b'#').count();
    let behind = line.text.get(hashes..)?;
    let is_heading = behind.starts_with([' ', '\t']) && behind.contains(char::is_alphanumeric);
    let is_heading = is_heading && ((2..=6).contains(&hashes) || hashes == 1 && is_first);
    u8::try_from(hashes).ok().filter(|_| is_heading)
}

/// A heading without the hashes that may close it.
fn bare_heading(text: &str) -> String {
    let bare = text.trim_end_matches('#');
    if bare.len() < text.len() && bare.ends_with(' ') {
        return bare.trim_end().to_owned();
    }
    text.to_owned()
}

/// Whether a line is signs alone that divide or underline.
fn is_rule(text: &str) -> bool {
    let Some(sign) = text.chars().next().filter(|sign| "-_*=~–—•·".contains(*sign)) else {
        return false;
    };
    let count = text.chars().filter(|character| *character == sign).count();
    count >= 3
        && text
            .chars()
            .all(|character| character == sign || character == ' ')
}

/// Blocks as Markdown.
pub fn markdown<'b>(blocks: impl IntoIterator<Item = &'b Block>) -> String {
    let mut out = String::new();
    let mut sign: Option<char> = None;
    let mut before: Option<&Shape> = None;
    for block in blocks {
        let (text, own) = match &block.shape {
            Shape::Prose => (escape::paragraph(&block.text), None),
            Shape::Heading(level) => {
                let hashes = "#".repeat(usize::from((*level).max(2)));
                (format!("{hashes} {}", escape::heading(&block.text)), None)
            }
            Shape::List(list) => {
                let goes_on = matches!(before, Some(Shape::List(before)) if before.goes_on_in(list));
                let is_again = !goes_on && sign.is_some() && sign == list.sign();
                let own = list.sign().map(|own| if is_again { ')' } else { own });
                (list.markdown(is_again), own)
            }
            Shape::Table(rows) => (table::markdown(rows), None),
            Shape::Quote(paragraphs) => {
                let paragraphs: Vec<String> = paragraphs
                    .iter()
                    .map(|text| format!("> {}", escape::paragraph(text)))
                    .collect();
                (paragraphs.join("\n>\n"), None)
            }
            Shape::Rule => ("---".to_owned(), None),
            Shape::Raw(text) => (text.clone(), None),
        };
        if text.is_empty() {
            continue;
        }
        let goes_on = matches!((&before, &block.shape), (Some(Shape::List(before)), Shape::List(list)) if before.goes_on_in(list));
        if !out.is_empty() {
            out.push_str(if goes_on { "\n" } else { "\n\n" });
        }
        out.push_str(&text);
        sign = own;
        before = Some(&block.shape);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}
