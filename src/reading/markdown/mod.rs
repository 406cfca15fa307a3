//! Markdown to HTML with open places.
//!
//! What a link leads to, how large an image is and whether a page is absolute (a feed) is not known
//! when one file is read, so the HTML is kept once with *places* that each page fills for itself.
//! Nothing here knows of other articles, of files or of addresses. The HTML is safe to publish
//! whatever the text holds, unless raw HTML is allowed explicitly: every element and attribute in it
//! is written by this module from a list.

mod address;
mod anchor;
mod bare_url;
mod blocks;
mod depth;
mod element;
mod entity;
mod footnote;
mod image;
mod inline;
mod nesting;
mod raw_html;
mod raw_tag;
mod tag;
mod visible;
mod writer;

use std::borrow::Cow;

use crate::ground::encoding::{Decode, Decoder, Encode, Encoder, encoded};
use crate::ground::span::Span;
use crate::ground::text::any_byte;

pub use visible::{Context, Run, Visible};

/// How a text is read.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Typographic quotes, dashes and ellipses.
    pub smart: bool,
    /// What becomes of HTML in the Markdown.
    pub raw_html: RawHtml,
    /// Whether links that lead out of the site are noted. A build has no use for them.
    pub outward: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            smart: true,
            raw_html: RawHtml::Sanitise,
            outward: false,
        }
    }
}

/// What becomes of HTML in the Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawHtml {
    /// Elements and attributes on a list are written anew, everything else goes.
    Sanitise,
    /// Shown as text.
    Escape,
    /// Passed through as it is, balanced or not.
    Allow,
}

/// One Markdown text, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markdown {
    /// The HTML.
    pub body: Body,
    /// The Markdown headings, in order.
    pub headings: Vec<Heading>,
    /// Links and images that lead somewhere in the site.
    pub references: Vec<Reference>,
    /// Links and images that lead out of the site, where these are asked for.
    pub outward: Vec<Reference>,
    /// What a reader reads, without markup, code and addresses.
    pub visible: Visible,
    /// The plain text of the first top-level paragraph that has text.
    pub first_paragraph: Option<String>,
    /// Every id in the HTML that a link can point to, in order: headings, footnotes, raw HTML.
    pub anchors: Vec<String>,
}

/// HTML with open places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The HTML without what the places stand for.
    pub html: String,
    /// The places, in order of `at`.
    pub places: Vec<Place>,
}

/// A point in the HTML where something is to be inserted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Byte offset in the HTML.
    pub at: u32,
    /// What is to be inserted.
    pub fill: Fill,
}

/// What is to be inserted at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fill {
    /// The address of a link, escaped for an attribute; the HTML has `<a href="` in front and `"` behind.
    Href {
        /// Index into [`Markdown::references`].
        reference: u32,
    },
    /// A whole `<img>` element.
    Image {
        /// Index into [`Markdown::references`].
        reference: u32,
        /// What the image shows, plain text.
        alt: String,
        /// The title, plain text, unless it is printed as a caption.
        title: Option<String>,
    },
    /// The start tag of a link to a company, where the company has a page.
    MentionStart {
        /// The company's slug.
        slug: String,
    },
    /// The end tag of that link. No other link begins in between.
    MentionEnd,
    /// `#id` inside an `href`: a footnote. In a feed it becomes absolute.
    Fragment {
        /// The id of an element of this body.
        id: String,
    },
    /// Words in the language of the site, escaped for text and attributes.
    Word {
        /// Which.
        word: Word,
        /// What stands in them.
        number: String,
    },
}

/// Words that no author wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named like its words in English")]
pub enum Word {
    Table,
    Footnote,
    Footnotes,
    BackToReference,
    Note,
    Tip,
    Important,
    Warning,
    Caution,
    ToDo,
    Done,
}

impl Word {
    /// Its key among the words of a language.
    pub fn key(self) -> &'static str {
        match self {
            Word::Table => "table",
            Word::Footnote => "footnote",
            Word::Footnotes => "footnotes",
            Word::BackToReference => "back_to_reference",
            Word::Note => "alert_note",
            Word::Tip => "alert_tip",
            Word::Important => "alert_important",
            Word::Warning => "alert_warning",
            Word::Caution => "alert_caution",
            Word::ToDo => "task_to_do",
            Word::Done => "task_done",
        }
    }
}

/// A link or an image that leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Link or image.
    pub kind: ReferenceKind,
    /// The destination as written, entities and escapes resolved, not percent-decoded.
    pub target: String,
    /// The destination in the file; the whole link where it stands elsewhere (a reference link).
    pub span: Span,
}

/// Link or image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// A link.
    Link,
    /// An image.
    Image,
}

/// A Markdown heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6, as written in the HTML.
    pub level: u8,
    /// Its id in the HTML.
    pub id: String,
    /// Its plain text, code included.
    pub text: String,
    /// The whole heading in the file.
    pub span: Span,
}

/// Reads one Markdown text; `offset` is where it starts in its file.
pub fn parse(text: &str, offset: usize, options: Options) -> Markdown {
    writer::write_document(&lines(text), offset, options)
}

/// Reads one line of inline Markdown: a standfirst, a takeaway, a note. Block syntax is text, line
/// breaks are spaces, and there is no paragraph around the HTML.
pub fn parse_inline(text: &str, offset: usize, options: Options) -> Markdown {
    writer::write_inline(&lines(text), offset, options)
}

/// A text in which every line ends as Markdown ends lines. The parser takes a carriage return alone for a letter in
/// some places. No place moves.
fn lines(text: &str) -> Cow<'_, str> {
    if !any_byte(text, |byte| byte == b'\r') {
        return Cow::Borrowed(text);
    }
    let mut lines = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((line, behind)) = rest.split_once('\r') {
        lines.push_str(line);
        lines.push(if behind.starts_with('\n') { '\r' } else { '\n' });
        rest = behind;
    }
    lines.push_str(rest);
    Cow::Owned(lines)
}

impl Body {
    /// Whether there is nothing to print.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.html.trim().is_empty()
    }

    /// Writes the HTML; `fill` writes what belongs at each place.
    pub fn fill(&self, out: &mut String, mut fill: impl FnMut(&Fill, &mut String)) {
        out.reserve(self.html.len() + self.places.len() * 64);
        let mut written = 0;
        for place in &self.places {
            out.push_str(&self.html[written..place.at as usize]);
            written = place.at as usize;
            fill(&place.fill, out);
        }
        out.push_str(&self.html[written..]);
    }
}

encoded!(enum Fill {
    0 => Href { reference },
    1 => Image { reference, alt, title },
    2 => Fragment { id },
    3 => MentionStart { slug },
    4 => MentionEnd,
    5 => Word { word, number },
});
encoded!(enum Word {
    0 => Table,
    1 => Footnote,
    2 => Footnotes,
    3 => BackToReference,
    4 => Note,
    5 => Tip,
    6 => Important,
    7 => Warning,
    8 => Caution,
    9 => ToDo,
    10 => Done,
});
encoded!(struct Place { at, fill });
encoded!(enum ReferenceKind { 0 => Link, 1 => Image });
encoded!(struct Heading { level, id, text, span });

impl Encode for Body {
    fn encode(&self, to: &mut Encoder) {
        self.html.encode(to);
        self.places.encode(to);
    }
}

impl Decode for Body {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let html = String::decode(from)?;
        let places: Vec<Place> = Vec::decode(from)?;
        let is_sorted = places.is_sorted_by_key(|place| place.at);
        let is_inside = |place: &Place| html.is_char_boundary(place.at as usize);
        (is_sorted && places.iter().all(is_inside)).then_some(Body { html, places })
    }
}

#[cfg(test)]
mod tests;
