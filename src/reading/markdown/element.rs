//! The elements and attributes that raw HTML may have.
//!
//! A list of what is allowed, never of what is forbidden: what a browser learns tomorrow is not on
//! it. Where an element may stand follows the content model of the HTML standard, coarsely.

use Content::{Flow, Parts, Phrasing, Text, Void, VoidBlock};

/// An element that may be written.
#[derive(Debug)]
pub(super) struct Element {
    /// In lower case.
    pub name: &'static str,
    /// What may stand in it.
    pub content: Content,
    /// The elements it may stand in, where it cannot stand anywhere.
    pub parents: &'static [&'static str],
    /// Attributes of its own, beside `lang`, `dir`, `title` and `id`.
    pub attributes: &'static [&'static str],
}

/// What may stand in an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// It is part of a line and holds parts of a line.
    Phrasing,
    /// It is part of a line and has no end tag.
    Void,
    /// It is a block that holds text and blocks.
    Flow,
    /// It is a block that holds text only.
    Text,
    /// It is a block that holds only its parts, such as list items.
    Parts,
    /// It is a block without an end tag.
    VoidBlock,
}

impl Content {
    /// Whether the element is part of a line.
    pub fn is_inline(self) -> bool {
        matches!(self, Phrasing | Void)
    }

    /// Whether the element has no end tag.
    pub fn is_void(self) -> bool {
        matches!(self, Void | VoidBlock)
    }
}

impl Element {
    /// The level of a heading.
    pub fn heading_level(&self) -> Option<u8> {
        match self.name.as_bytes() {
            [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
            _ => None,
        }
    }
}

/// The element of that name in lower case, if it may be written.
pub(super) fn find(name: &str) -> Option<&'static Element> {
    ELEMENTS
        .binary_search_by(|element| element.name.cmp(name))
        .ok()
        .map(|index| &ELEMENTS[index])
}

const fn element(
    name: &'static str,
    content: Content,
    parents: &'static [&'static str],
    attributes: &'static [&'static str],
) -> Element {
    Element {
        name,
        content,
        parents,
        attributes,
    }
}

const ROWS: &[&str] = &["table", "thead", "tbody", "tfoot"];
const CELL: &[&str] = &["colspan", "rowspan"];

/// In order of the names, for the binary search.
static ELEMENTS: &[Element] = &[
    element("a", Phrasing, &[], &["href"]),
    element("abbr", Phrasing, &[], &[]),
    element("address", Flow, &[], &[]),
    element("article", Flow, &[], &[]),
    element("aside", Flow, &[], &[]),
    element("b", Phrasing, &[], &[]),
    element("bdi", Phrasing, &[], &[]),
    element("bdo", Phrasing, &[], &[]),
    element("blockquote", Flow, &[], &["cite"]),
    element("br", Void, &[], &[]),
    element("caption", Text, &["table"], &[]),
    element("cite", Phrasing, &[], &[]),
    element("code", Phrasing, &[], &[]),
    element("col", VoidBlock, &["colgroup"], &["span"]),
    element("colgroup", Parts, &["table"], &["span"]),
    element("dd", Flow, &["dl"], &[]),
    element("del", Phrasing, &[], &["cite", "datetime"]),
    element("details", Flow, &[], &["open"]),
    element("dfn", Phrasing, &[], &[]),
    element("div", Flow, &[], &[]),
    element("dl", Parts, &[], &[]),
    element("dt", Text, &["dl"], &[]),
    element("em", Phrasing, &[], &[]),
    element("figcaption", Flow, &["figure"], &[]),
    element("figure", Flow, &[], &[]),
    element("h1", Text, &[], &[]),
    element("h2", Text, &[], &[]),
    element("h3", Text, &[], &[]),
    element("h4", Text, &[], &[]),
    element("h5", Text, &[], &[]),
    element("h6", Text, &[], &[]),
    element("hr", VoidBlock, &[], &[]),
    element("i", Phrasing, &[], &[]),
    element("img", Void, &[], &["src", "alt", "width", "height"]),
    element("ins", Phrasing, &[], &["cite", "datetime"]),
    element("kbd", Phrasing, &[], &[]),
    element("li", Flow, &["ol", "ul"], &["value"]),
    element("mark", Phrasing, &[], &[]),
    element("ol", Parts, &[], &["reversed", "start"]),
    element("p", Text, &[], &[]),
    element("pre", Text, &[], &[]),
    element("q", Phrasing, &[], &["cite"]),
    element("rp", Phrasing, &["ruby"], &[]),
    element("rt", Phrasing, &["ruby"], &[]),
    element("ruby", Phrasing, &[], &[]),
    element("s", Phrasing, &[], &[]),
    element("samp", Phrasing, &[], &[]),
    element("section", Flow, &[], &[]),
    element("small", Phrasing, &[], &[]),
    element("span", Phrasing, &[], &[]),
    element("strong", Phrasing, &[], &[]),
    element("sub", Phrasing, &[], &[]),
    element("summary", Text, &["details"], &[]),
    element("sup", Phrasing, &[], &[]),
    element("table", Parts, &[], &[]),
    element("tbody", Parts, &["table"], &[]),
    element("td", Flow, &["tr"], CELL),
    element("tfoot", Parts, &["table"], &[]),
    element("th", Flow, &["tr"], &["colspan", "rowspan", "scope"]),
    element("thead", Parts, &["table"], &[]),
    element("time", Phrasing, &[], &["datetime"]),
    element("tr", Parts, ROWS, &[]),
    element("u", Phrasing, &[], &[]),
    element("ul", Parts, &[], &[]),
    element("var", Phrasing, &[], &[]),
    element("wbr", Void, &[], &[]),
];

/// Elements that go with everything in them: scripts, styles, embedded documents, other languages,
/// and what is shown only where something else is not.
const REMOVED: &[&str] = &[
    "applet",
    "audio",
    "canvas",
    "datalist",
    "frameset",
    "head",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
    "xmp",
];

/// Those of them in which a browser sees no tags but the end tag.
const RAW_TEXT: &[&str] = &[
    "iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp",
];

/// Whether an element goes with its content; its name without regard to case.
pub(super) fn removed(name: &str) -> Option<&'static str> {
    REMOVED
        .iter()
        .find(|removed| removed.eq_ignore_ascii_case(name))
        .copied()
}

/// Elements in which an editor would not want a link, or which may hold none.
const WITHOUT_LINKS: &[&str] = &[
    "a", "button", "code", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "label", "option", "pre", "samp",
    "summary",
];

/// Whether no link may stand in an element; its name without regard to case. What goes when HTML is sanitised may
/// hold anything or nothing.
pub(super) fn without_links(name: &str) -> Option<&'static str> {
    let own = WITHOUT_LINKS.iter().find(|own| own.eq_ignore_ascii_case(name));
    own.copied().or_else(|| removed(name))
}

/// Whether a browser sees no tags in an element.
pub(super) fn is_raw_text(name: &str) -> bool {
    RAW_TEXT.iter().any(|raw| raw.eq_ignore_ascii_case(name))
}

/// Checks an attribute's value; URLs and ids are checked where they are written.
pub(super) fn is_sound(name: &str, value: &str) -> bool {
    let digits =
        |text: &str| !text.is_empty() && text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    match name {
        "width" | "height" | "colspan" | "rowspan" | "span" => digits(value),
        "start" | "value" => digits(value.strip_prefix('-').unwrap_or(value)),
        "scope" => matches!(value, "col" | "row" | "colgroup" | "rowgroup"),
        "dir" => matches!(value, "ltr" | "rtl" | "auto"),
        "lang" => {
            let subtag =
                |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
            value.len() <= 35 && value.split('-').all(subtag)
        }
        "datetime" => {
            value.len() <= 40
                && value
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"+-:. ".contains(&b))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_is_found() {
        for element in ELEMENTS {
            assert!(
                find(element.name).is_some_and(|found| found.name == element.name),
                "{}",
                element.name
            );
            assert!(removed(element.name).is_none());
        }
        assert!(find("script").is_none() && find("center").is_none());
        assert!(RAW_TEXT.iter().all(|name| REMOVED.contains(name)));
    }
}
