//! Markdown: a text becomes HTML with open places for internal links and images, and plain text
//! with a map back to its source.
//!
//! Where a link leads is not known while one file is read, so its address stays open and is filled
//! in when a page prints the text. External addresses are checked and written at once.

mod anchor;
mod links;
mod raw_html;
mod visible;
mod writer;

use crate::ground::span::Span;

pub use visible::{Context, Run, Visible};

/// How Markdown is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Typographic quotes, dashes and ellipses.
    pub smart: bool,
    /// What becomes of HTML in the text.
    pub raw_html: RawHtml,
}

/// What becomes of HTML in Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawHtml {
    /// Harmless elements and attributes are kept, all else goes.
    Sanitise,
    /// It is shown as text.
    Escape,
    /// It is passed on as it is.
    Allow,
}

/// A text that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Markdown {
    /// The HTML.
    pub body: Body,
    /// Its headings in order.
    pub headings: Vec<Heading>,
    /// What its open places refer to.
    pub references: Vec<Reference>,
    /// What a reader sees, as plain text.
    pub visible: Visible,
    /// The plain text of the first paragraph outside lists and quotations.
    pub first_paragraph: Option<String>,
    /// Every id in the HTML that a link can point to.
    pub anchors: Vec<String>,
}

/// HTML with open places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The HTML without what belongs into the places.
    pub html: String,
    /// The places, in the order of the text.
    pub places: Vec<Place>,
}

/// A place in HTML where something is still to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The byte of the HTML before which it belongs.
    pub at: u32,
    /// What belongs there.
    pub fill: Fill,
}

/// What belongs into an open place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fill {
    /// The address of a link, inside its `href="…"`.
    Href {
        /// Its index in the references.
        reference: u32,
    },
    /// A whole `<img>` element.
    Image {
        /// Its index in the references.
        reference: u32,
        /// What it shows, in words.
        alt: String,
        /// The title of the Markdown, if it is not shown as a caption.
        title: Option<String>,
    },
    /// `#id` inside an `href="…"`, which needs the page's address where the text is printed
    /// elsewhere.
    Fragment {
        /// The id.
        id: String,
    },
}

/// A link or an image that leads to something of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Whether the browser follows it or shows it.
    pub kind: ReferenceKind,
    /// The address as it is written, with escapes and entities resolved.
    pub target: String,
    /// Where it stands in the file.
    pub span: Span,
}

/// The kind of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// `[text](target)`
    Link,
    /// `![text](target)`
    Image,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6, as it stands in the HTML.
    pub level: u8,
    /// Its id.
    pub id: String,
    /// Its text, plain.
    pub text: String,
    /// Where it stands in the file.
    pub span: Span,
}

impl Body {
    /// Writes the HTML; `fill` writes what belongs into each place.
    pub fn fill(&self, out: &mut String, mut fill: impl FnMut(&Fill, &mut String)) {
        let mut from = 0;
        for place in &self.places {
            let at = (place.at as usize).clamp(from, self.html.len());
            out.push_str(&self.html[from..at]);
            fill(&place.fill, out);
            from = at;
        }
        out.push_str(&self.html[from..]);
    }
}

/// Reads the Markdown of a file; `offset` is the byte of the file at which it starts.
pub fn parse(text: &str, offset: usize, options: Options) -> Markdown {
    writer::write(text, offset, options)
}

/// A sign that no block of Markdown can start with and that readers do not see.
const NO_BLOCK: char = '\u{2060}';

/// Reads one line of inline Markdown, such as a standfirst: `1. x`, `# x` and `> x` are plain text
/// there. Lines are joined.
pub fn parse_inline(text: &str, offset: usize, options: Options) -> Markdown {
    let mut line = String::with_capacity(text.len() + NO_BLOCK.len_utf8());
    line.push(NO_BLOCK);
    line.extend(
        text.trim()
            .chars()
            .map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c })
            .filter(|c| *c != NO_BLOCK),
    );
    let mut markdown = writer::write(&line, offset.saturating_sub(NO_BLOCK.len_utf8()), options);
    markdown.strip_paragraph();
    markdown
}

impl Markdown {
    /// Takes away the paragraph's tags and the sign in front of it.
    fn strip_paragraph(&mut self) {
        let open = format!("<p>{NO_BLOCK}");
        let Some(inner) = self.body.html.strip_prefix(open.as_str()) else {
            return;
        };
        let inner = inner.trim_end().strip_suffix("</p>").unwrap_or(inner);
        self.body.html = inner.to_owned();
        let cut = open.len() as u32;
        let length = self.body.html.len() as u32;
        for place in &mut self.body.places {
            place.at = place.at.saturating_sub(cut).min(length);
        }
        self.visible.text = self
            .visible
            .text
            .trim_start_matches(NO_BLOCK)
            .trim_end()
            .to_owned();
        // Nothing links companies inside one line of front matter, so the map is not kept.
        self.visible.runs.clear();
    }
}
