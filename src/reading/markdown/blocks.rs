//! Blocks: paragraphs, headings, quotes, lists, tables, code.

use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};

use super::Heading;
use super::Word;
use super::visible::Gap;
use super::writer::{OpenHeading, Writer, wide};
use crate::ground::text::escape_attribute;
use crate::ground::text::escape_text;

/// A table may be wider than the page: it scrolls, also by keyboard, and what takes the focus needs
/// a name. It is a group and no region: regions are landmarks, and those of one page must differ.
const TABLE_START: &str = "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"";

impl<'e> Writer<'e> {
    /// Begins the frame of a table.
    pub(super) fn start_table_frame(&mut self) {
        self.html.push_str(TABLE_START);
        self.word(Word::Table, String::new());
        self.html.push_str("\">");
    }

    pub(super) fn start(&mut self, at: usize, tag: &'e Tag<'e>, range: &Range<usize>) -> usize {
        match tag {
            Tag::Paragraph => return self.paragraph(at),
            Tag::Heading { level, .. } => self.start_heading(at, *level),
            Tag::BlockQuote(kind) => self.start_quote(at, *kind),
            Tag::CodeBlock(kind) => return self.code_block(at, kind),
            Tag::HtmlBlock => return self.html_block(at),
            Tag::List(start) => {
                let room = self.nesting.has_room();
                self.start_block("");
                if room {
                    match start {
                        None => self.html.push_str("<ul>\n"),
                        Some(1) => self.html.push_str("<ol>\n"),
                        Some(number) => self.html.push_str(&format!("<ol start=\"{number}\">\n")),
                    }
                }
                self.nesting.enter(at, room);
            }
            Tag::Item => {
                let written = self.nesting.parent_is_written();
                self.fresh_line();
                self.visible.divide(Gap::Line);
                if written {
                    self.html.push_str(if self.is_task(at) {
                        "<li class=\"task\">"
                    } else {
                        "<li>"
                    });
                }
                self.nesting.enter(at, written);
            }
            Tag::FootnoteDefinition(_) => return self.footnotes.behind(at),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.start_block("");
                self.start_table_frame();
                self.html.push_str("<table>\n");
                self.tables += 1;
                self.nesting.enter(at, true);
            }
            Tag::TableHead => {
                self.start_row(at, "<thead>\n<tr>");
                self.in_head = true;
            }
            Tag::TableRow => self.start_row(at, "<tr>"),
            Tag::TableCell => self.start_cell(at),
            Tag::Emphasis => self.start_inline(at, "<em>"),
            Tag::Strong => self.start_inline(at, "<strong>"),
            Tag::Strikethrough => self.start_inline(at, "<del>"),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => {
                let open = self.start_link(*link_type, dest_url, title, range);
                self.open_links.push(open);
                self.nesting.enter(at, true);
            }
            Tag::Image { dest_url, title, .. } => return self.image(at, dest_url, title, range, false),
            // Extensions that are not enabled.
            Tag::Superscript
            | Tag::Subscript
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => self.nesting.enter(at, false),
        }
        at + 1
    }

    pub(super) fn end(&mut self, at: usize, tag: TagEnd, range: &Range<usize>) {
        self.close_raw();
        let written = self.nesting.leave();
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(_) => self.end_heading(range),
            TagEnd::BlockQuote(kind) => {
                self.quotes -= usize::from(kind.is_none());
                self.fresh_line();
                if written {
                    self.html.push_str(if kind.is_some() {
                        "</div>\n"
                    } else {
                        "</blockquote>\n"
                    });
                }
            }
            TagEnd::List(ordered) if written => {
                self.fresh_line();
                self.html.push_str(if ordered { "</ol>\n" } else { "</ul>\n" });
            }
            TagEnd::Item if written => self.html.push_str("</li>\n"),
            TagEnd::Table => {
                self.tables -= 1;
                self.html.push_str("</tbody>\n</table></div>\n");
            }
            TagEnd::TableHead => {
                self.in_head = false;
                self.html.push_str("</tr>\n</thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.html.push_str("</tr>\n"),
            TagEnd::TableCell => self.html.push_str(if self.in_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis if written => self.html.push_str("</em>"),
            TagEnd::Strong if written => self.html.push_str("</strong>"),
            TagEnd::Strikethrough if written => self.html.push_str("</del>"),
            TagEnd::Link => {
                if let Some(Some(open)) = self.open_links.pop() {
                    self.end_link(&open, at, range.clone());
                }
            }
            _ => {}
        }
        if is_block(tag) {
            self.visible.divide(Gap::Line);
        }
    }

    fn paragraph(&mut self, at: usize) -> usize {
        self.plain.clear();
        if self.prefix > 0 {
            self.nesting.enter(at, false);
            return at + 1;
        }
        if let Some(end) = self.lone_image(at) {
            return end;
        }
        self.start_block(match self.is_labelled(at) {
            true => "<p class=\"labelled\">",
            false => "<p>",
        });
        self.nesting.enter(at, true);
        at + 1
    }

    /// Whether a paragraph begins with a label, as in `**Why it matters:** It is large.`
    fn is_labelled(&self, at: usize) -> bool {
        let mut events = self.events[at + 1..].iter().map(|(event, _)| event);
        if !matches!(events.next(), Some(Event::Start(Tag::Strong))) {
            return false;
        }
        let mut ends_with_colon = false;
        loop {
            match events.next() {
                // Quotation marks and dashes are events of their own.
                Some(Event::Text(text)) => ends_with_colon = text.ends_with(':'),
                Some(Event::End(TagEnd::Strong)) => break,
                _ => return false,
            }
        }
        match events.next() {
            Some(Event::Text(text)) => ends_with_colon || text.starts_with(':'),
            Some(Event::End(TagEnd::Paragraph)) | None => false,
            Some(_) => ends_with_colon,
        }
    }

    fn end_paragraph(&mut self) {
        self.note_first_paragraph();
        if self.prefix > 0 {
            return;
        }
        // Nothing is left of a paragraph whose content was removed.
        let is_empty = self.html.ends_with("<p>")
            && self
                .places
                .last()
                .is_none_or(|place| place.at != wide(self.html.len()));
        if is_empty {
            self.html.truncate(self.html.len() - "<p>".len());
        } else {
            self.html.push_str("</p>\n");
        }
    }

    /// Keeps the plain text of a paragraph that ended, if it is the first one of the document.
    pub fn note_first_paragraph(&mut self) {
        let eligible =
            self.first_paragraph.is_none() && self.nesting.containers() == 0 && !self.context.in_footnote;
        if eligible && !self.plain.trim().is_empty() {
            self.first_paragraph = Some(self.plain.trim().to_owned());
        }
    }

    fn start_heading(&mut self, at: usize, level: HeadingLevel) {
        let level = level as u8;
        self.start_block("<h");
        self.levels.push(self.html.len());
        self.html.push(char::from(b'0' + level));
        self.heading = OpenHeading {
            event: at,
            id_at: self.html.len(),
            places: self.places.len(),
            runs: self.visible.visible.runs.len(),
        };
        self.html.push('>');
        self.uses_h1 |= level == 1;
        self.context.heading = level;
        self.plain.clear();
        self.nesting.enter(at, true);
    }

    fn end_heading(&mut self, range: &Range<usize>) {
        let explicit = match &self.events[self.heading.event].0 {
            Event::Start(Tag::Heading { id, .. }) => id.as_deref(),
            _ => None,
        };
        let text = self.plain.trim().to_owned();
        let id = self.anchors.for_heading(explicit, &text);
        let mut attribute = String::from(" id=\"");
        escape_attribute(&mut attribute, &id);
        attribute.push('"');
        self.html.insert_str(self.heading.id_at, &attribute);
        let shift = u32::try_from(attribute.len()).unwrap_or(u32::MAX);
        for place in &mut self.places[self.heading.places..] {
            place.at += shift;
        }
        for run in &mut self.visible.visible.runs[self.heading.runs..] {
            run.html += shift;
        }
        let level = self.context.heading;
        self.html.push_str("</h");
        self.levels.push(self.html.len());
        self.html.push(char::from(b'0' + level));
        self.html.push_str(">\n");
        let end = range.start + self.text[range.clone()].trim_end().len();
        self.headings.push(Heading {
            level,
            id,
            text,
            span: self.span(range.start..end),
        });
        self.context.heading = 0;
    }

    fn start_quote(&mut self, at: usize, kind: Option<BlockQuoteKind>) {
        let room = self.nesting.has_room();
        self.quotes += usize::from(kind.is_none());
        self.start_block("");
        if room {
            match kind {
                None => self.html.push_str("<blockquote>\n"),
                Some(kind) => self.start_alert(kind),
            }
        }
        self.nesting.enter(at, room);
    }

    fn start_alert(&mut self, kind: BlockQuoteKind) {
        let (class, word) = match kind {
            BlockQuoteKind::Note => ("note", Word::Note),
            BlockQuoteKind::Tip => ("tip", Word::Tip),
            BlockQuoteKind::Important => ("important", Word::Important),
            BlockQuoteKind::Warning => ("warning", Word::Warning),
            BlockQuoteKind::Caution => ("caution", Word::Caution),
        };
        let start = format!("<div class=\"alert alert-{class}\" role=\"note\"><p class=\"alert-title\">");
        self.html.push_str(&start);
        self.word(word, String::new());
        self.html.push_str("</p>\n");
    }

    fn code_block(&mut self, at: usize, kind: &CodeBlockKind) -> usize {
        self.start_block("<pre tabindex=\"0\"><code");
        let language = match kind {
            CodeBlockKind::Fenced(info) => language(info),
            CodeBlockKind::Indented => String::new(),
        };
        if !language.is_empty() {
            self.html.push_str(" class=\"language-");
            self.html.push_str(&language);
            self.html.push('"');
        }
        self.html.push('>');
        let mut next = at + 1;
        while let Event::Text(text) = &self.events[next].0 {
            escape_text(&mut self.html, text);
            next += 1;
        }
        self.html.push_str("</code></pre>\n");
        self.visible.divide(Gap::Line);
        // Behind the text stands the block's end.
        next + 1
    }

    /// Whether an item begins with a check box.
    fn is_task(&self, at: usize) -> bool {
        let is_marker = |at: usize| matches!(self.events.get(at), Some((Event::TaskListMarker(_), _)));
        let in_paragraph = matches!(self.events.get(at + 1), Some((Event::Start(Tag::Paragraph), _)));
        is_marker(at + 1) || in_paragraph && is_marker(at + 2)
    }

    fn start_row(&mut self, at: usize, tag: &str) {
        self.html.push_str(tag);
        self.cell = 0;
        self.nesting.enter(at, true);
    }

    fn start_cell(&mut self, at: usize) {
        let alignment = self.alignments.get(self.cell).copied().unwrap_or(Alignment::None);
        self.cell += 1;
        self.html
            .push_str(if self.in_head { "<th scope=\"col\"" } else { "<td" });
        self.html.push_str(match alignment {
            Alignment::None => ">",
            Alignment::Left => " class=\"align-left\">",
            Alignment::Center => " class=\"align-center\">",
            Alignment::Right => " class=\"align-right\">",
        });
        self.visible.divide(Gap::Line);
        self.nesting.enter(at, true);
    }

    /// Begins a block on a line of its own; raw elements that hold no blocks are closed.
    pub(super) fn start_block(&mut self, tag: &str) {
        self.close_parts();
        self.fresh_line();
        self.visible.divide(Gap::Line);
        self.html.push_str(tag);
    }

    pub(super) fn fresh_line(&mut self) {
        if !self.html.is_empty() && !self.html.ends_with('\n') {
            self.html.push('\n');
        }
    }
}

/// The language of a code block: the first word of its info string, in characters that may stand
/// in a class name.
fn language(info: &str) -> String {
    let word = info
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}'))
        .next()
        .unwrap_or_default();
    word.chars()
        .filter(|&c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '#' | '-'))
        .collect()
}

/// Whether an element's end divides the visible text.
fn is_block(tag: TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::Superscript
            | TagEnd::Subscript
    )
}
