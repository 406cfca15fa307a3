//! Places: where each node stands in the text, from a parser that marks its events.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser};

use crate::ground::span::Span;

/// The places of all nodes and keys, by number.
#[derive(Debug, Default)]
pub struct Places {
    spans: Vec<Span>,
}

/// How many places are kept at most: more than any front matter has, and a bound on what aliases
/// can make of a small text.
const MAX_PLACES: usize = 1_000_000;

impl Places {
    /// Finds the places in a text. Where the marking parser stops early, later nodes have none.
    pub fn of(text: &str) -> Places {
        let bytes = ByteOffsets::of(text);
        let mut spans: Vec<Span> = Vec::new();
        // Lists and mappings that are still open: their number, and their anchor.
        let mut open: Vec<(usize, usize)> = Vec::new();
        // An alias stands for as many nodes as its anchor holds.
        let mut anchors: BTreeMap<usize, usize> = BTreeMap::new();
        for event in Parser::new_from_str(text) {
            let Ok((event, marks)) = event else { break };
            let span = Span::new(bytes.at(marks.start.index()), bytes.at(marks.end.index()));
            match event {
                Event::Scalar(_, _, anchor, tag) => {
                    anchors.insert(anchor, 1);
                    spans.push(if tag.is_some() {
                        behind_tag(text, span)
                    } else {
                        span
                    });
                }
                Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                    open.push((spans.len(), anchor));
                    spans.push(span);
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    if let Some((start, anchor)) = open.pop() {
                        anchors.insert(anchor, spans.len() - start);
                        // The parser marks where a collection starts; it reaches to its last node.
                        spans[start].end = spans[start].end.max(span.start.max(last_end(&spans[start..])));
                    }
                }
                Event::Alias(anchor) => {
                    let count = anchors.get(&anchor).copied().unwrap_or(1);
                    if spans.len() + count > MAX_PLACES {
                        break;
                    }
                    spans.extend(std::iter::repeat_n(span, count));
                }
                _ => {}
            }
        }
        for span in &mut spans {
            *span = trimmed(text, *span);
        }
        Places { spans }
    }

    /// The place of a number.
    pub fn get(&self, id: u32) -> Option<Span> {
        self.spans.get(id as usize).copied()
    }
}

fn last_end(spans: &[Span]) -> u32 {
    spans.iter().map(|span| span.end).max().unwrap_or(0)
}

/// The value behind a tag: `x` of `!draft x`.
fn behind_tag(text: &str, span: Span) -> Span {
    let range = span.range_in(text);
    let source = &text[range.clone()];
    let value = source
        .find(char::is_whitespace)
        .map_or("", |end| source[end..].trim_start());
    if source.starts_with('!') {
        Span::new(range.end - value.len(), range.end)
    } else {
        span
    }
}

/// A span without the white space that the parser counts to some of its nodes.
fn trimmed(text: &str, span: Span) -> Span {
    let range = span.range_in(text);
    let source = &text[range.clone()];
    let end = range.start + source.trim_end().len();
    Span::new(range.start, end)
}

/// Byte offsets of characters: the parser counts in characters.
enum ByteOffsets {
    Ascii(usize),
    Other(Vec<u32>),
}

impl ByteOffsets {
    fn of(text: &str) -> ByteOffsets {
        if text.is_ascii() {
            return ByteOffsets::Ascii(text.len());
        }
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        ByteOffsets::Other(starts.map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect())
    }

    fn at(&self, character: usize) -> usize {
        match self {
            ByteOffsets::Ascii(length) => character.min(*length),
            ByteOffsets::Other(starts) => starts
                .get(character)
                .or(starts.last())
                .map_or(0, |&at| at as usize),
        }
    }
}
