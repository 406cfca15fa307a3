//! Drawings: numbers as SVG.
//!
//! Pure functions. All words come from the caller, since the theme speaks several languages; all
//! colours come from the page, since a drawing is the colour of the text it stands in. Nothing needs a
//! script, a style attribute or a font, and the same numbers give the same bytes everywhere.

mod bars;
mod map;
mod share;
mod sparkline;

use std::fmt::Write;

use crate::ground::path::slug;
use crate::ground::text::{escape_attribute, escape_text};

pub use bars::{Bar, bars};
pub use map::{Node, Tie, map};
pub use share::share;
pub use sparkline::sparkline;

/// What is said of a drawing to those who do not see it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words<'w> {
    /// What tells its parts from those of other drawings of the page; without one the title does.
    pub id: &'w str,
    /// What it shows, in a line.
    pub title: &'w str,
    /// What there is to be seen in it. May be empty.
    pub description: &'w str,
}

impl Words<'_> {
    /// The attributes that name and describe a drawing by its first children, and these children.
    fn parts(&self) -> (String, String) {
        let own = if self.id.is_empty() { self.title } else { self.id };
        let id = format!("chart-{}", slug(own));
        let mut attributes = format!(" aria-labelledby=\"{id}-title\"");
        let mut children = element("title", &format!("{id}-title"), self.title);
        if !self.description.is_empty() {
            let _ = write!(attributes, " aria-describedby=\"{id}-desc\"");
            children.push_str(&element("desc", &format!("{id}-desc"), self.description));
        }
        (attributes, children)
    }
}

fn element(name: &str, id: &str, text: &str) -> String {
    let mut element = format!("<{name} id=\"{id}\">");
    escape_text(&mut element, text);
    let _ = write!(element, "</{name}>");
    element
}

fn element_of(name: &str, text: &str) -> String {
    let mut element = format!("<{name}>");
    escape_text(&mut element, text);
    let _ = write!(element, "</{name}>");
    element
}

/// The start of an `<svg>` that is one picture to those who have it read to them.
fn open(class: &str, attributes: &str, (width, height): (usize, usize)) -> String {
    format!(
        "<svg class=\"{class}\" role=\"img\"{attributes} viewBox=\"0 0 {width} {height}\" fill=\"currentColor\">"
    )
}

fn attribute(name: &str, value: &str) -> String {
    let mut attribute = format!(" {name}=\"");
    escape_attribute(&mut attribute, value);
    attribute.push('"');
    attribute
}

/// How high a count stands where the most stands at `height`: what is not nothing is seen.
fn height_of(count: u64, most: u64, height: u64) -> u64 {
    match count {
        0 => 0,
        // In 128 bits, where nothing overflows.
        _ => {
            let exact = u128::from(count) * u128::from(height) / u128::from(most.max(1));
            u64::try_from(exact).unwrap_or(height).clamp(1, height)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails unless a text is a well-formed XML element whose ids differ.
    pub fn check_xml(text: &str) {
        let mut reader = quick_xml::Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let (mut depth, mut ids) = (0i32, std::collections::BTreeSet::new());
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(quick_xml::events::Event::Start(start)) => {
                    depth += 1;
                    for attribute in start.attributes() {
                        let attribute = attribute.expect("an attribute");
                        assert_ne!(attribute.key.as_ref(), "style");
                        if attribute.key.as_ref() == "id" {
                            assert!(ids.insert(attribute.value.to_string()), "{text}");
                        }
                    }
                }
                Ok(quick_xml::events::Event::End(_)) => depth -= 1,
                Ok(_) => {}
                Err(error) => unreachable!("{error}: {text}"),
            }
        }
        assert_eq!(depth, 0, "{text}");
    }

    #[test]
    fn heights_are_seen_and_stay_in_their_frame() {
        let heights = [0, 1, 50, 99, 100].map(|count| height_of(count, 100, 12));
        assert_eq!(heights, [0, 1, 6, 11, 12]);
        assert_eq!(height_of(u64::MAX, u64::MAX, 80), 80);
        assert_eq!(height_of(1, u64::MAX, 80), 1);
        assert_eq!(height_of(3, 0, 80), 80);
    }
}
