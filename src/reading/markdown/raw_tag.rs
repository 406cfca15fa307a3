//! Tags of raw HTML, judged against what is open and written anew.
//!
//! Every element and attribute comes from the lists in `element`, every value is checked and escaped
//! here. An end tag closes what lies in its element, as in a browser, but never anything outside
//! its Markdown container.

use std::ops::Range;

use super::RawHtml;
use super::address::{self, Address};
use super::element::{self, Content, Element};
use super::entity::decode_entities;
use super::raw_html::Raw;
use super::tag::Attribute;
use super::visible::Gap;
use super::writer::Writer;
use super::{Fill, ReferenceKind};
use crate::ground::text::push_allowed;

impl<'e> Writer<'e> {
    /// Writes a start tag, if it may stand here; `inline` where it stands in a line of Markdown.
    pub(super) fn open_tag(
        &mut self,
        raw: &Raw,
        name: Range<usize>,
        attributes: &[Attribute],
        whole: Range<usize>,
        inline: bool,
    ) {
        let Some(element) = element::find(&raw.text[name].to_ascii_lowercase()) else {
            return;
        };
        if inline && !element.content.is_inline() || !self.make_room(element) {
            return;
        }
        if element.name == "img" {
            return self.raw_image(element, raw, attributes, whole);
        }
        if !element.content.is_void() && !self.nesting.has_room() {
            return;
        }
        if element.name == "a" {
            if !self.raw_anchor(raw, attributes) {
                return;
            }
        } else {
            self.write_start_tag(element);
        }
        for (name, value) in accepted(element, raw, attributes) {
            let fits = match name {
                "id" => self.anchors.claim_written(&value),
                "cite" => matches!(address::of_image(&value, false), Address::External(_)),
                "href" => false,
                _ => true,
            };
            if fits {
                self.attribute(name, &value);
            }
        }
        self.html.push('>');
        self.divide_at(element);
        if element.name == "p" {
            self.plain.clear();
        }
        if !element.content.is_void() {
            self.nesting.open(element);
            self.count(element, true);
        }
    }

    /// Closes what cannot hold the element, as a browser would; whether it may stand here then.
    fn make_room(&mut self, element: &'static Element) -> bool {
        if !element.parents.is_empty() {
            let parent = self
                .nesting
                .raw()
                .position(|open| element.parents.contains(&open.name));
            if let Some(parent) = parent {
                self.close_elements(parent);
            }
            return parent.is_some();
        }
        if element.name == "a" {
            let outer = self.nesting.raw().position(|open| open.name == "a");
            self.close_elements(outer.map_or(0, |outer| outer + 1));
            return self.links == 0;
        }
        if !element.content.is_inline() {
            let paragraph = self.nesting.raw().position(|open| {
                open.name == "p" || element.heading_level().is_some() && open.heading_level().is_some()
            });
            self.close_elements(paragraph.map_or(0, |paragraph| paragraph + 1));
        }
        true
    }

    /// Writes `<a` and its address; `false` where it leads where it may not.
    fn raw_anchor(&mut self, raw: &Raw, attributes: &[Attribute]) -> bool {
        match value_of(raw, attributes, "href") {
            Some((value, range)) => self
                .open_anchor(address::of_link(&value), raw.place(range))
                .is_some(),
            None => {
                self.html.push_str("<a");
                true
            }
        }
    }

    fn raw_image(
        &mut self,
        element: &'static Element,
        raw: &Raw,
        attributes: &[Attribute],
        whole: Range<usize>,
    ) {
        let Some((source, range)) = value_of(raw, attributes, "src") else {
            return;
        };
        let text_of = |name: &str| {
            value_of(raw, attributes, name).map(|(value, _)| {
                let mut clean = String::new();
                push_allowed(&mut clean, &value);
                clean
            })
        };
        match address::of_image(&source, self.options.raw_html == RawHtml::Allow) {
            Address::Refused => {}
            Address::External(address) => {
                self.html.push_str("<img src=\"");
                address::write_external(&mut self.html, &address);
                self.html.push('"');
                self.attribute("alt", &text_of("alt").unwrap_or_default());
                for (name, value) in accepted(element, raw, attributes) {
                    if matches!(name, "width" | "height" | "title") {
                        self.attribute(name, &value);
                    }
                }
                self.html.push_str(" loading=\"lazy\">");
                self.outward(ReferenceKind::Image, &address, raw.place(range));
            }
            Address::Internal(target) => {
                let place = if range.is_empty() { whole } else { range };
                let reference = self.reference(ReferenceKind::Image, target, raw.place(place));
                let alt = text_of("alt").unwrap_or_default();
                self.place(Fill::Image {
                    reference,
                    alt,
                    title: text_of("title").filter(|title| !title.is_empty()),
                });
            }
        }
        self.visible.divide(Gap::Space);
    }

    /// Writes an end tag, if its element is open in this container, and those of what lies in it.
    pub(super) fn close_tag(&mut self, name: &str) {
        let position = self
            .nesting
            .raw()
            .position(|open| open.name.eq_ignore_ascii_case(name));
        if let Some(position) = position {
            self.close_elements(position + 1);
        }
    }

    /// Closes so many raw elements, the innermost first.
    pub(super) fn close_elements(&mut self, count: usize) {
        for _ in 0..count {
            if let Some(element) = self.nesting.pop_raw() {
                self.write_end_tag(element);
            }
        }
    }

    /// Closes what raw HTML left open in the current container.
    pub(super) fn close_raw(&mut self) {
        self.close_elements(self.nesting.raw().count());
    }

    /// Closes the parts of a line and the paragraphs that a block of HTML left open; sections stay.
    pub(super) fn close_lines(&mut self) {
        let outermost = self
            .nesting
            .raw()
            .enumerate()
            .filter(|(_, open)| open.content.is_inline() || open.content == Content::Text);
        let count = outermost.last().map_or(0, |(position, _)| position + 1);
        self.close_elements(count);
    }

    /// Closes the elements that hold no blocks, such as a list between two items.
    pub(super) fn close_parts(&mut self) {
        while self
            .nesting
            .innermost_raw()
            .is_some_and(|open| open.content == Content::Parts)
        {
            self.close_elements(1);
        }
    }

    fn write_end_tag(&mut self, element: &'static Element) {
        self.html.push_str("</");
        self.write_name(element);
        self.html
            .push_str(if element.name == "table" { "></div>" } else { ">" });
        self.count(element, false);
        if element.name == "p" {
            self.note_first_paragraph();
        }
        self.divide_at(element);
    }

    /// Writes an element's name; the levels of headings may change later.
    pub(super) fn write_name(&mut self, element: &Element) {
        self.html.push_str(element.name);
        if let Some(level) = element.heading_level() {
            self.levels.push(self.html.len() - 1);
            self.uses_h1 |= level == 1;
        }
    }

    /// Divides the visible text around a tag, so that words do not join.
    pub(super) fn divide_at(&mut self, element: &Element) {
        match element.content {
            Content::Phrasing => {}
            Content::Void => self.visible.divide(Gap::Space),
            Content::Flow | Content::Text | Content::Parts | Content::VoidBlock => {
                self.visible.divide(Gap::Line)
            }
        }
    }

    /// Keeps the context of text while an element opens or closes.
    pub(super) fn count(&mut self, element: &Element, opens: bool) {
        let step = |counter: &mut usize| if opens { *counter += 1 } else { *counter -= 1 };
        match element.name {
            "a" => step(&mut self.links),
            "blockquote" => step(&mut self.quotes),
            "table" => step(&mut self.tables),
            "code" | "kbd" | "pre" | "samp" => {
                step(&mut self.unseen);
                self.visible.divide(Gap::Space);
            }
            _ => {
                if let Some(level) = element.heading_level() {
                    self.context.heading = if opens { level } else { 0 };
                }
            }
        }
    }

    pub(super) fn write_start_tag(&mut self, element: &'static Element) {
        if element.name == "table" {
            self.start_table_frame();
        }
        self.html.push('<');
        self.write_name(element);
        if element.name == "pre" {
            self.html.push_str(" tabindex=\"0\"");
        }
    }
}

/// The first attribute of that name, decoded, and its range in the raw text.
fn value_of(raw: &Raw, attributes: &[Attribute], name: &str) -> Option<(String, Range<usize>)> {
    let attribute = attributes
        .iter()
        .find(|attribute| raw.text[attribute.name.clone()].eq_ignore_ascii_case(name))?;
    Some((
        decode_entities(&raw.text[attribute.value.clone()]).into_owned(),
        attribute.value.clone(),
    ))
}

/// The attributes an element may have, each once, with their decoded values.
fn accepted(element: &Element, raw: &Raw, attributes: &[Attribute]) -> Vec<(&'static str, String)> {
    let mut accepted: Vec<(&'static str, String)> = Vec::new();
    for attribute in attributes {
        let written = &raw.text[attribute.name.clone()];
        let mut known = ["lang", "dir", "title", "id"].iter().chain(element.attributes);
        let Some(name) = known.find(|known| known.eq_ignore_ascii_case(written)) else {
            continue;
        };
        let value = decode_entities(&raw.text[attribute.value.clone()]);
        if !accepted.iter().any(|(given, _)| given == name) && element::is_sound(name, &value) {
            accepted.push((name, value.into_owned()));
        }
    }
    accepted
}
