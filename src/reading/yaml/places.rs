//! Where the nodes of a document stand, from the events of saphyr-parser.
//!
//! serde_yaml does not tell, so a second parser reads the text when the first place is asked for and
//! numbers the nodes in the same order. Where the two do not agree on how many there are, no place
//! is believed and every node stands on the first line: a vague place is better than a wrong one.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::ground::span::Span;

/// The places of all nodes and keys of one text, in bytes of that text.
#[derive(Debug)]
pub(super) struct Places {
    list: Vec<Place>,
    /// Where everything stands if the parsers disagree.
    fallback: Span,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    /// What a caret points at.
    shown: Span,
    /// Where the value is written; differs from `shown` for what came through an alias.
    written: Span,
}

impl Places {
    /// Finds the places of `count` nodes and keys.
    pub fn find(text: &str, count: u32) -> Places {
        let list = Finder::new(text, count as usize).run().unwrap_or_default();
        let list = if list.len() == count as usize {
            list
        } else {
            Vec::new()
        };
        Places {
            list,
            fallback: first_line(text),
        }
    }

    /// What a caret for this number points at.
    pub fn place(&self, index: u32) -> Span {
        self.list
            .get(index as usize)
            .map_or(self.fallback, |place| place.shown)
    }

    /// Where the node of this number is written.
    pub fn written(&self, index: u32) -> Span {
        self.list
            .get(index as usize)
            .map_or(self.fallback, |place| place.written)
    }
}

/// Where a second document begins in a text that should hold one.
pub(super) fn second_document(text: &str) -> Option<Span> {
    let mut cursor = Cursor::new(text);
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        match event {
            Ok((Event::DocumentStart(_), span)) => {
                documents += 1;
                if documents == 2 {
                    return Some(cursor.span(span));
                }
            }
            Ok(_) => {}
            // What follows the first document without `---` is no document to saphyr.
            Err(error) => {
                let at = cursor.byte_of(error.marker().index());
                return Some(Span::new(at, at));
            }
        }
    }
    None
}

/// The first line that holds something.
fn first_line(text: &str) -> Span {
    let start = text.len() - text.trim_start().len();
    let line = text[start..].lines().next().unwrap_or_default();
    Span::new(start, start + line.trim_end().len())
}

/// Follows the events of the parser.
struct Finder<'t> {
    text: &'t str,
    cursor: Cursor<'t>,
    limit: usize,
    list: Vec<Place>,
    /// Containers that are open, by their number, with the anchor they bear.
    open: Vec<(usize, usize)>,
    /// The numbers that belong to an anchor, `start..end`, by its saphyr id.
    anchors: HashMap<usize, (usize, usize)>,
    /// The end of the last thing that has one.
    end: usize,
}

impl<'t> Finder<'t> {
    fn new(text: &'t str, limit: usize) -> Finder<'t> {
        let cursor = Cursor::new(text);
        Finder {
            text,
            cursor,
            limit,
            list: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            end: 0,
        }
    }

    /// `None` where the parser fails or finds more than there is.
    fn run(mut self) -> Option<Vec<Place>> {
        for event in Parser::new_from_str(self.text) {
            let (event, span) = event.ok()?;
            let span = self.cursor.span(span);
            match event {
                Event::Scalar(value, style, anchor, tag) => {
                    let bare = anchor == 0 && tag.is_none();
                    let span = match style {
                        ScalarStyle::Plain if value.is_empty() => self.nothing(span, bare),
                        ScalarStyle::Literal | ScalarStyle::Folded => self.with_header(span),
                        _ if bare => span,
                        _ => self.without_properties(span),
                    };
                    self.open_at(span, anchor);
                    self.close(span.end as usize);
                }
                Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                    let bare = anchor == 0 && tag.is_none();
                    self.open_at(if bare { span } else { self.without_properties(span) }, anchor);
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let end = self.end_of_container();
                    self.close(end);
                }
                Event::Alias(anchor) => self.replay(anchor, span)?,
                Event::DocumentStart(true) => self.end = span.end as usize,
                Event::DocumentEnd => break,
                _ => {}
            }
            if self.list.len() > self.limit {
                return None;
            }
        }
        Some(self.list)
    }

    fn open_at(&mut self, span: Span, anchor: usize) {
        self.open.push((self.list.len(), anchor));
        self.list.push(Place {
            shown: span,
            written: span,
        });
        self.end = span.end as usize;
    }

    /// Behind the closing bracket, or behind the last item of an indented block. saphyr's own span
    /// may be that of a comma or of the token behind.
    fn end_of_container(&self) -> usize {
        let start = self
            .open
            .last()
            .and_then(|&(index, _)| self.list.get(index))
            .map_or(0, |place| place.shown.start);
        let bracketed = self.text[start as usize..].starts_with(['[', '{']);
        let bracket = self.skip(self.end, ",");
        let found = self.text[bracket..].starts_with([']', '}']);
        if bracketed && found { bracket + 1 } else { self.end }
    }

    fn close(&mut self, end: usize) {
        let Some((index, anchor)) = self.open.pop() else {
            return;
        };
        if let Some(place) = self.list.get_mut(index) {
            let span = Span::new(place.shown.start as usize, end);
            *place = Place {
                shown: span,
                written: span,
            };
        }
        self.end = end;
        if anchor > 0 {
            self.anchors.insert(anchor, (index, self.list.len()));
        }
    }

    /// An alias stands for all that its anchor holds.
    fn replay(&mut self, anchor: usize, span: Span) -> Option<()> {
        let &(start, end) = self.anchors.get(&anchor)?;
        if self.list.len() + (end - start) > self.limit {
            return None;
        }
        for index in start..end {
            let written = self.list.get(index)?.written;
            self.list.push(Place { shown: span, written });
        }
        self.end = span.end as usize;
        Some(())
    }

    /// A value that is left out stands behind its `:` or `-`, or behind what comes before it. saphyr
    /// gives the place of that mark, with its width or without, or of whatever comes next.
    fn nothing(&self, span: Span, bare: bool) -> Span {
        let start = span.start as usize;
        let at = if !bare {
            span.end as usize
        } else if self.text[start..].starts_with([':', '-']) {
            start + 1
        } else {
            self.end
        };
        Span::new(at, at)
    }

    /// The span without the anchor (`&a`) and the tag (`!t`) in front.
    fn without_properties(&self, span: Span) -> Span {
        Span::new(self.skip(span.start as usize, ""), span.end as usize)
    }

    /// saphyr's span of a block begins at its first line; the value begins with `|` or `>` before it.
    fn with_header(&self, span: Span) -> Span {
        Span::new(self.skip(self.end, "-:?"), span.end as usize)
    }

    /// Goes over blanks, comments, anchors, tags and these `marks`.
    fn skip(&self, start: usize, marks: &str) -> usize {
        let mut rest = self.text.get(start..).unwrap_or_default();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || marks.contains(c));
            let end = match rest.chars().next() {
                Some('&' | '!') => rest.find(|c: char| c.is_whitespace() || ",[]{}".contains(c)),
                Some('#') => rest.find('\n'),
                _ => return self.text.len() - rest.len(),
            };
            rest = &rest[end.unwrap_or(rest.len())..];
        }
    }
}

/// Turns saphyr's positions, which count characters, into bytes. They mostly go forward, so the
/// last one is where the next search begins.
struct Cursor<'t> {
    text: &'t str,
    character: usize,
    byte: usize,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Cursor<'t> {
        Cursor {
            text,
            character: 0,
            byte: 0,
        }
    }

    fn span(&mut self, span: saphyr_parser::Span) -> Span {
        let start = self.byte_of(span.start.index());
        Span::new(start, self.byte_of(span.end.index()))
    }

    fn byte_of(&mut self, character: usize) -> usize {
        if character >= self.character {
            let rest = &self.text[self.byte..];
            let forward = rest
                .char_indices()
                .nth(character - self.character)
                .map_or(rest.len(), |(at, _)| at);
            self.byte += forward;
        } else {
            let back = self.character - character;
            let before = self.text[..self.byte].char_indices().rev().nth(back - 1);
            self.byte = before.map_or(0, |(at, _)| at);
        }
        self.character = character;
        self.byte
    }
}
