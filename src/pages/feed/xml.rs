//! XML, written element by element with quick-xml.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesPI, BytesStart, BytesText, Event};

use crate::ground::text::{escape_attribute, push_allowed};
use crate::meaning::site::Site;

/// XML written element by element. Writing to memory cannot fail.
pub struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Default for Xml {
    fn default() -> Xml {
        Xml::new()
    }
}

impl Xml {
    /// Starts a document.
    pub fn new() -> Xml {
        let mut xml = Xml {
            writer: Writer::new_with_indent(Vec::with_capacity(32 * 1024), b' ', 1),
        };
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml
    }

    /// Names the style sheet that shows a feed to people.
    ///
    /// CSS, since browsers are about to give up XSLT.
    pub fn style_sheet(&mut self, site: &Site) {
        let mut target = String::new();
        escape_attribute(&mut target, &format!("{}brief-feed.css", site.config.base_path()));
        let instruction = format!("xml-stylesheet type=\"text/css\" href=\"{target}\"");
        self.event(Event::PI(BytesPI::new(instruction)));
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start =
            BytesStart::new(name).with_attributes(attributes.iter().map(|(key, value)| (*key, *value)));
        self.event(Event::Start(start));
    }

    /// Closes an element.
    pub fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// Writes an element without content.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start =
            BytesStart::new(name).with_attributes(attributes.iter().map(|(key, value)| (*key, *value)));
        self.event(Event::Empty(start));
    }

    /// Writes an element that holds a text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.element(name, &[], text);
    }

    /// Writes an element with attributes that holds a text, without the characters that XML forbids.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        let mut clean = String::with_capacity(text.len());
        push_allowed(&mut clean, text);
        self.event(Event::Text(BytesText::new(&clean)));
        self.close(name);
    }

    /// The document.
    pub fn finish(self) -> Vec<u8> {
        let mut bytes = self.writer.into_inner();
        bytes.push(b'\n');
        bytes
    }

    fn event(&mut self, event: Event<'_>) {
        let written = self.writer.write_event(event);
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
    }
}
