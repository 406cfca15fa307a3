//! Parts of a line: text, links, code.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag};

use super::address::{self, Address};
use super::entity::decode_entities;
use super::visible::Gap;
use super::writer::{Noted, OpenLink, Writer};
use super::{Fill, Reference, ReferenceKind, bare_url};
use crate::ground::span::Span;
use crate::ground::text::escape_attribute;
use crate::ground::text::{escape_text, has_forbidden, is_forbidden, push_allowed};

impl<'e> Writer<'e> {
    /// Writes the text events from `at` on that stand in one piece in the source. The parser cuts
    /// text at every character that might have meant something; addresses are found in the whole.
    pub(super) fn text_events(&mut self, at: usize) -> usize {
        let start = self.events[at].1.start;
        let mut end = start;
        let mut behind = at;
        while let Some((Event::Text(_), range)) = self.events.get(behind) {
            if range.start != end {
                break;
            }
            end = range.end;
            behind += 1;
        }
        let mut cursor = start.max(self.prefix);
        let mut next = at;
        for address in bare_url::find(self.text, cursor..end.max(cursor)) {
            self.text_between(&mut next, behind, cursor..address.start);
            cursor = address.end;
            self.bare_address(address);
        }
        self.text_between(&mut next, behind, cursor..end);
        behind
    }

    /// Writes what the events `next..behind` have in a range of the source.
    fn text_between(&mut self, next: &mut usize, behind: usize, range: Range<usize>) {
        let events = self.events;
        let mut literal = range.start..range.start;
        while *next < behind {
            let (Event::Text(text), place) = &events[*next] else {
                break;
            };
            if place.start >= range.end && !(place.is_empty() && place.start == range.end) {
                break;
            }
            let piece = place.start.max(range.start)..place.end.min(range.end);
            if is_literal(text, place, self.text, &piece) {
                if piece.start < piece.end {
                    if literal.end != piece.start {
                        self.literal(std::mem::replace(&mut literal, piece.start..piece.start));
                    }
                    literal.end = piece.end;
                }
            } else if place.start >= range.start {
                self.literal(std::mem::replace(&mut literal, place.end..place.end));
                self.text(text, place.clone());
            }
            if place.end > range.end {
                break;
            }
            *next += 1;
        }
        self.literal(literal);
    }

    fn literal(&mut self, range: Range<usize>) {
        let text = self.text;
        self.text(&text[range.clone()], range);
    }

    /// Writes a text that comes from a range of the parsed text.
    pub(super) fn text(&mut self, text: &str, range: Range<usize>) {
        if text.is_empty() {
            return;
        }
        if !has_forbidden(text) {
            let span = self.span(range);
            self.clean_text(text, span);
            return;
        }
        let literal = text.len() == range.len();
        let mut at = 0;
        for piece in text.split_inclusive(is_forbidden) {
            let clean = piece.trim_end_matches(is_forbidden);
            if !clean.is_empty() {
                let place = if literal {
                    range.start + at..range.start + at + clean.len()
                } else {
                    range.clone()
                };
                let span = self.span(place);
                self.clean_text(clean, span);
            }
            at += piece.len();
        }
    }

    fn clean_text(&mut self, text: &str, span: Span) {
        if self.unseen == 0 {
            let context = self.context_here();
            self.visible.push(text, span, self.html.len(), context);
        }
        self.plain.push_str(text);
        escape_text(&mut self.html, text);
    }

    /// An address written bare becomes a link, and is not visible text.
    fn bare_address(&mut self, range: Range<usize>) {
        let written = decode_entities(&self.text[range.clone()]);
        let linked = self.links == 0 && self.unseen == 0;
        if linked {
            self.html.push_str("<a href=\"");
            let address = match written.contains("://") {
                true => Cow::Borrowed(&*written),
                false => Cow::Owned(format!("https://{written}")),
            };
            address::write_external(&mut self.html, &address);
            self.outward(ReferenceKind::Link, &address, range);
            self.html.push_str("\">");
        }
        self.unseen_text(&written);
        if linked {
            self.html.push_str("</a>");
        }
    }

    /// Writes text that is not visible text to a tagger: an address, code.
    fn unseen_text(&mut self, text: &str) {
        push_allowed(&mut self.plain, text);
        escape_text(&mut self.html, text);
        self.visible.divide(Gap::Space);
    }

    pub(super) fn code_span(&mut self, code: &str) {
        self.html.push_str("<code>");
        self.unseen_text(code);
        self.html.push_str("</code>");
    }

    pub(super) fn line_break(&mut self, html: &str) {
        self.html.push_str(html);
        self.plain.push(' ');
        self.visible.divide(Gap::Space);
    }

    pub(super) fn start_inline(&mut self, at: usize, tag: &str) {
        let room = self.nesting.has_room();
        if room {
            self.html.push_str(tag);
        }
        self.nesting.enter(at, room);
    }

    /// Begins a Markdown link; `None` where no tag is written, because links may not lie in each
    /// other or this one may lead nowhere.
    pub(super) fn start_link(
        &mut self,
        kind: LinkType,
        destination: &str,
        title: &str,
        range: &Range<usize>,
    ) -> Option<OpenLink> {
        if self.links > 0 || !self.nesting.has_room() {
            return None;
        }
        let address = match kind {
            LinkType::Email => address::of_link(&format!("mailto:{destination}")),
            _ => address::of_link(destination),
        };
        let reference = self.open_anchor(address, range.clone())?;
        if !title.is_empty() {
            self.attribute("title", title);
        }
        self.html.push('>');
        self.links += 1;
        let shows_address = matches!(kind, LinkType::Autolink | LinkType::Email);
        self.unseen += usize::from(shows_address);
        Some(OpenLink {
            reference,
            shows_address,
        })
    }

    /// Writes `<a href="…"` with the address or an open place; `None` where the address is refused,
    /// else the reference, if it is one.
    pub(super) fn open_anchor(&mut self, address: Address, range: Range<usize>) -> Option<Option<Noted>> {
        match address {
            Address::Refused => None,
            Address::External(address) => {
                self.html.push_str("<a href=\"");
                address::write_external(&mut self.html, &address);
                self.html.push('"');
                Some(self.outward(ReferenceKind::Link, &address, range))
            }
            Address::Internal(target) => {
                let reference = self.reference(ReferenceKind::Link, target, range);
                self.html.push_str("<a href=\"");
                self.place(Fill::Href { reference });
                self.html.push('"');
                Some(Some(Noted::Inward(reference)))
            }
        }
    }

    /// Notes that something leads into the site.
    pub(super) fn reference(&mut self, kind: ReferenceKind, target: String, range: Range<usize>) -> u32 {
        let index = u32::try_from(self.references.len()).unwrap_or(u32::MAX);
        let span = self.span(range);
        self.references.push(Reference { kind, target, span });
        index
    }

    /// Notes that something leads out of the site, if anybody wants to know.
    pub(super) fn outward(
        &mut self,
        kind: ReferenceKind,
        address: &str,
        range: Range<usize>,
    ) -> Option<Noted> {
        if !self.options.outward {
            return None;
        }
        let index = u32::try_from(self.outward.len()).unwrap_or(u32::MAX);
        let (target, span) = (address.to_owned(), self.span(range));
        self.outward.push(Reference { kind, target, span });
        Some(Noted::Outward(index))
    }

    /// Writes an attribute.
    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        self.html.push(' ');
        self.html.push_str(name);
        self.html.push_str("=\"");
        escape_attribute(&mut self.html, value);
        self.html.push('"');
    }

    /// Ends a Markdown link; its destination stands behind the text that ended just before.
    pub(super) fn end_link(&mut self, open: &OpenLink, at: usize, range: Range<usize>) {
        self.html.push_str("</a>");
        self.links -= 1;
        if open.shows_address {
            self.unseen -= 1;
            self.visible.divide(Gap::Space);
        }
        if let Some(reference) = open.reference {
            self.locate(reference, at, range);
        }
    }

    /// Narrows a reference's place in the file from the whole link to its destination.
    pub(super) fn locate(&mut self, reference: Noted, end: usize, range: Range<usize>) {
        if let Some(place) = destination(self.text, self.end_of_text(end, range.start), range.end) {
            let span = self.span(place);
            match reference {
                Noted::Inward(index) => self.references[index as usize].span = span,
                Noted::Outward(index) => self.outward[index as usize].span = span,
            }
        }
    }

    /// Where the text of a link or an image ends, whose end is the event `end`.
    fn end_of_text(&self, end: usize, start: usize) -> usize {
        match &self.events[end - 1] {
            (Event::Start(Tag::Image { .. }), _) => start + 2,
            (Event::Start(Tag::Link { .. }), _) => start + 1,
            (_, before) => before.end,
        }
    }
}

/// The destination in `text[from..end]`, which begins with `](`.
fn destination(text: &str, from: usize, end: usize) -> Option<Range<usize>> {
    let rest = text.get(from..end)?;
    let inside = rest.trim_start().strip_prefix("](")?.trim_start();
    let start = end - inside.len();
    let length = match inside.strip_prefix('<') {
        Some(bracketed) => return Some(start + 1..start + 1 + bracketed.find('>')?),
        None => inside
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(inside.len() - 1),
    };
    Some(start..start + length)
}

/// Whether a piece of a text event stands in the source byte for byte. Only the piece is compared:
/// a long event is written in as many pieces as it has addresses.
fn is_literal(text: &str, place: &Range<usize>, source: &str, piece: &Range<usize>) -> bool {
    let inside = piece.start.wrapping_sub(place.start)..piece.end.wrapping_sub(place.start);
    text.len() == place.len() && text.as_bytes().get(inside) == source.as_bytes().get(piece.clone())
}
