//! Images: figures, external images, and places for those of the site.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::address::{self, Address};
use super::visible::Gap;
use super::writer::{Noted, Writer};
use super::{Fill, RawHtml, ReferenceKind};
use crate::ground::text::{escape_text, push_allowed};

impl<'e> Writer<'e> {
    /// Writes an image and the events in it, which are its description; the index of the next event.
    pub(super) fn image(
        &mut self,
        at: usize,
        source: &str,
        title: &str,
        range: &Range<usize>,
        captioned: bool,
    ) -> usize {
        let (alt, end) = self.description(at);
        let title = Some(title).filter(|title| !title.is_empty() && !captioned);
        match address::of_image(source, self.options.raw_html == RawHtml::Allow) {
            Address::Refused => {}
            Address::External(address) => {
                self.external_image(&address, &alt, title);
                if let Some(noted) = self.outward(ReferenceKind::Image, &address, range.clone()) {
                    self.locate(noted, end, range.clone());
                }
            }
            Address::Internal(target) => {
                let reference = self.reference(ReferenceKind::Image, target, range.clone());
                self.locate(Noted::Inward(reference), end, range.clone());
                let mut clean = String::new();
                push_allowed(&mut clean, title.unwrap_or_default());
                let title = title.map(|_| clean);
                self.place(Fill::Image {
                    reference,
                    alt,
                    title,
                });
            }
        }
        self.visible.divide(Gap::Space);
        end + 1
    }

    fn external_image(&mut self, address: &str, alt: &str, title: Option<&str>) {
        self.html.push_str("<img src=\"");
        address::write_external(&mut self.html, address);
        self.html.push('"');
        self.attribute("alt", alt);
        if let Some(title) = title {
            self.attribute("title", title);
        }
        self.html.push_str(" loading=\"lazy\">");
    }

    /// The plain text of the events in an image, and the index of its end.
    fn description(&self, at: usize) -> (String, usize) {
        let mut text = String::new();
        let mut depth = 1;
        let mut next = at + 1;
        loop {
            match self.events.get(next).map(|(event, _)| event) {
                Some(Event::Text(piece) | Event::Code(piece)) => push_allowed(&mut text, piece),
                Some(Event::SoftBreak | Event::HardBreak) => text.push(' '),
                Some(Event::Start(_)) => depth += 1,
                Some(Event::End(_)) => depth -= 1,
                _ => {}
            }
            if depth == 0 || next >= self.events.len() {
                return (text, next);
            }
            next += 1;
        }
    }

    /// Writes a paragraph that is one image alone as a figure; the index of the next event.
    pub(super) fn lone_image(&mut self, at: usize) -> Option<usize> {
        let (Event::Start(Tag::Image { dest_url, title, .. }), range) = self.events.get(at + 1)? else {
            return None;
        };
        let (_, end) = self.description(at + 1);
        let Some((Event::End(TagEnd::Paragraph), _)) = self.events.get(end + 1) else {
            return None;
        };
        if address::of_image(dest_url, self.options.raw_html == RawHtml::Allow) == Address::Refused {
            return Some(end + 2);
        }
        self.start_block("<figure>");
        self.image(at + 1, dest_url, title, range, true);
        if !title.is_empty() {
            self.html.push_str("<figcaption>");
            escape_text(&mut self.html, title);
            self.html.push_str("</figcaption>");
        }
        self.html.push_str("</figure>\n");
        self.visible.divide(Gap::Line);
        Some(end + 2)
    }
}
