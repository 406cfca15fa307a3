//! Raw HTML: blocks and parts of a line, cut into tags and text.
//!
//! Sanitising writes every tag anew (`raw_tag`) and every text escaped; nothing of the input passes
//! as it is. Elements that go with their content may end in a later block; what never ends takes
//! its own block along, not the rest of the article.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::RawHtml;
use super::element;
use super::entity::entity_at;
use super::tag::{self, Token};
use super::visible::Gap;
use super::writer::Writer;
use crate::ground::text::{escape_text, push_allowed};

/// Raw HTML in one piece, and where its parts stand in the parsed text.
pub(super) struct Raw {
    pub text: String,
    /// Offsets in `text`, and the ranges of the parsed text that begin there.
    parts: Vec<(usize, Range<usize>)>,
}

impl Raw {
    fn new() -> Raw {
        Raw {
            text: String::new(),
            parts: Vec::new(),
        }
    }

    fn push(&mut self, html: &str, range: Range<usize>) {
        self.parts.push((self.text.len(), range));
        self.text.push_str(html);
    }

    /// The place of a range in the parsed text.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        let start = self.place_of(range.start);
        if range.is_empty() {
            start..start
        } else {
            start..(self.place_of(range.end - 1) + 1).max(start)
        }
    }

    fn place_of(&self, at: usize) -> usize {
        let index = self.parts.partition_point(|(start, _)| *start <= at);
        let Some((start, range)) = index.checked_sub(1).map(|index| &self.parts[index]) else {
            return 0;
        };
        (range.start + at - start).min(range.end)
    }
}

/// An element that goes with its content, and how many of its name lie in each other.
struct Removal {
    name: &'static str,
    depth: usize,
}

impl<'e> Writer<'e> {
    /// Writes a block of HTML; the index of the next event.
    pub(super) fn html_block(&mut self, start: usize) -> usize {
        let mut at = start;
        let mut removal = None;
        loop {
            let (raw, end) = self.gather(at + 1);
            match self.options.raw_html {
                RawHtml::Allow => self.pass_block(&raw),
                RawHtml::Escape => self.show_block(&raw),
                RawHtml::Sanitise => removal = self.sanitise(&raw, removal),
            }
            let closing = removal
                .as_ref()
                .and_then(|removal: &Removal| self.closing_block(end + 1, removal.name));
            match closing {
                Some(block) => at = block,
                None => {
                    self.close_lines();
                    self.visible.divide(Gap::Line);
                    return end + 1;
                }
            }
        }
    }

    /// The HTML from an event on, and the index of the block's end.
    fn gather(&self, from: usize) -> (Raw, usize) {
        let mut raw = Raw::new();
        let mut at = from;
        // What a tab leaves of an indentation comes as text.
        while let Some((Event::Html(html) | Event::Text(html), range)) = self.events.get(at) {
            raw.push(html, range.clone());
            at += 1;
        }
        (raw, at)
    }

    fn show_block(&mut self, raw: &Raw) {
        self.start_block("<p>");
        escape_text(&mut self.html, raw.text.trim_end());
        self.html.push_str("</p>\n");
    }

    /// Passes a block through; its text is visible text.
    fn pass_block(&mut self, raw: &Raw) {
        self.start_block("");
        let mut at = 0;
        while let Some(token) = tag::next(&raw.text, at) {
            let mut end = token.end();
            match &token {
                Token::Text(range) => self.raw_text(raw, range.clone()),
                Token::Open { name, .. } if element::is_raw_text(&raw.text[name.clone()]) => {
                    end = tag::find_close(&raw.text, end, &raw.text[name.clone()]).unwrap_or(raw.text.len());
                    push_allowed(&mut self.html, &raw.text[at..end]);
                }
                _ => {
                    self.visible.divide(Gap::Space);
                    push_allowed(&mut self.html, &raw.text[at..end]);
                    self.pass(&raw.text, Some(&token));
                }
            }
            at = end;
        }
    }

    /// Counts the open elements of HTML that is passed through, as far as no link may stand in them. What is
    /// closed in another order than it was opened is closed all the same.
    fn pass(&mut self, text: &str, token: Option<&Token>) {
        match token {
            Some(Token::Open { name, .. }) => {
                if let Some(element) = element::without_links(&text[name.clone()]) {
                    *self.passed.entry(element).or_default() += 1;
                }
            }
            Some(Token::Close { name, .. }) => {
                let element = element::without_links(&text[name.clone()]);
                if let Some(open) = element.and_then(|element| self.passed.get_mut(element)) {
                    *open = open.saturating_sub(1);
                }
            }
            _ => {}
        }
    }

    /// Writes what is allowed of a block; the element that is still being removed at its end.
    fn sanitise(&mut self, raw: &Raw, removal: Option<Removal>) -> Option<Removal> {
        let mut at = 0;
        if let Some(mut removal) = removal {
            match behind_removed(&raw.text, at, &mut removal) {
                Some(behind) => at = behind,
                None => return Some(removal),
            }
        }
        while let Some(token) = tag::next(&raw.text, at) {
            at = token.end();
            match token {
                Token::Text(range) => self.raw_text(raw, range),
                Token::Stray(range) => self.text(&raw.text[range.clone()], raw.place(range)),
                Token::Hidden(_) => {}
                Token::Close { name, .. } => self.close_tag(&raw.text[name]),
                Token::Open { name, .. } if element::removed(&raw.text[name.clone()]).is_some() => {
                    let mut removal = Removal {
                        name: element::removed(&raw.text[name]).unwrap_or_default(),
                        depth: 1,
                    };
                    match behind_removed(&raw.text, at, &mut removal) {
                        Some(behind) => at = behind,
                        None => return Some(removal),
                    }
                }
                Token::Open {
                    name,
                    attributes,
                    whole,
                } => self.open_tag(raw, name, &attributes, whole, false),
            }
        }
        None
    }

    /// Writes a tag inside a line; the index of the next event.
    pub(super) fn inline_html(&mut self, at: usize, html: &str, range: Range<usize>) -> usize {
        match self.options.raw_html {
            RawHtml::Allow => {
                push_allowed(&mut self.html, html);
                self.pass(html, tag::next(html, 0).as_ref());
            }
            RawHtml::Escape => escape_text(&mut self.html, html),
            RawHtml::Sanitise => {
                let mut raw = Raw::new();
                raw.push(html, range.clone());
                match tag::next(html, 0) {
                    Some(Token::Open { name, .. }) if element::removed(&html[name.clone()]).is_some() => {
                        self.visible.divide(Gap::Space);
                        return self.behind_removed_events(at + 1, &html[name]);
                    }
                    Some(Token::Open {
                        name,
                        attributes,
                        whole,
                    }) => self.open_tag(&raw, name, &attributes, whole, true),
                    Some(Token::Close { name, .. }) => self.close_tag(&html[name]),
                    Some(Token::Hidden(_)) | None => {}
                    Some(Token::Text(_) | Token::Stray(_)) => self.text(html, range),
                }
            }
        }
        at + 1
    }

    /// The event behind the end tag of a removed element in a line; without one, the end of the line.
    fn behind_removed_events(&self, from: usize, name: &str) -> usize {
        let mut depth = 0usize;
        let mut nested = 1usize;
        for (at, (event, _)) in self.events.iter().enumerate().skip(from) {
            match event {
                Event::InlineHtml(html) if depth == 0 => match tag::next(html, 0) {
                    Some(Token::Open { name: inner, .. })
                        if html[inner.clone()].eq_ignore_ascii_case(name) =>
                    {
                        nested += usize::from(!element::is_raw_text(name));
                    }
                    Some(Token::Close { name: end, .. }) if html[end.clone()].eq_ignore_ascii_case(name) => {
                        nested -= 1;
                        if nested == 0 {
                            return at + 1;
                        }
                    }
                    _ => {}
                },
                Event::Start(tag) if depth == 0 && !is_inline(tag) => return at,
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 0 => return at,
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        self.events.len()
    }

    /// A later block of the same container in which a removed element may end. Containers in which
    /// none was found are remembered: a thousand unclosed elements stay linear.
    fn closing_block(&mut self, from: usize, name: &'static str) -> Option<usize> {
        let key = (name, self.nesting.container());
        if self.never_closed.contains(&key) {
            return None;
        }
        let mut depth = 0usize;
        let mut block = None;
        for (at, (event, _)) in self.events.iter().enumerate().skip(from) {
            match event {
                Event::Start(tag) => {
                    block = (depth == 0 && matches!(tag, Tag::HtmlBlock)).then_some(at);
                    depth += 1;
                }
                Event::Html(html)
                    if depth == 1 && block.is_some() && tag::find_close(html, 0, name).is_some() =>
                {
                    return block;
                }
                Event::End(_) if depth == 0 => break,
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        self.never_closed.insert(key);
        None
    }

    /// Writes text of a block of HTML, line by line.
    fn raw_text(&mut self, raw: &Raw, range: Range<usize>) {
        let mut start = range.start;
        for line in raw.text[range].split_inclusive('\n') {
            let content = line.trim();
            let indent = line.len() - line.trim_start().len();
            self.white_space(&line[..indent]);
            if !content.is_empty() {
                self.raw_line(raw, start + indent..start + indent + content.len());
                self.white_space(&line[indent + content.len()..]);
            }
            start += line.len();
        }
    }

    fn white_space(&mut self, white: &str) {
        if !white.is_empty() {
            push_allowed(&mut self.html, white);
            self.plain.push(' ');
            self.visible.divide(Gap::Space);
        }
    }

    fn raw_line(&mut self, raw: &Raw, range: Range<usize>) {
        let text = &raw.text[..range.end];
        let mut literal = range.start;
        let mut at = range.start;
        while let Some(ampersand) = text[at..].find('&') {
            at += ampersand;
            let Some((entity, decoded)) = entity_at(text, at) else {
                at += 1;
                continue;
            };
            self.text(&text[literal..at], raw.place(literal..at));
            self.text(&decoded, raw.place(at..at + entity));
            at += entity;
            literal = at;
        }
        self.text(&text[literal..], raw.place(literal..text.len()));
    }
}

/// The byte behind the end of a removed element; `None` where the text ends first.
fn behind_removed(text: &str, from: usize, removal: &mut Removal) -> Option<usize> {
    if element::is_raw_text(removal.name) {
        let close = tag::find_close(text, from, removal.name)?;
        return Some(text[close..].find('>').map_or(text.len(), |end| close + end + 1));
    }
    let mut at = from;
    while let Some(token) = tag::next(text, at) {
        at = token.end();
        match token {
            Token::Open { name, .. } if text[name.clone()].eq_ignore_ascii_case(removal.name) => {
                removal.depth += 1
            }
            Token::Close { name, .. } if text[name.clone()].eq_ignore_ascii_case(removal.name) => {
                removal.depth -= 1
            }
            _ => {}
        }
        if removal.depth == 0 {
            return Some(at);
        }
    }
    None
}

fn is_inline(tag: &Tag) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}
