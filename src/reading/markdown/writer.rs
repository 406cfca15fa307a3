//! Events to HTML, in one pass and without recursion.
//!
//! pulldown-cmark's own writer is not used: it prints `style=` attributes, which a strict CSP
//! refuses, leaves no places open and passes raw HTML through.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Alignment, Event, Options as Extensions, Parser};

use super::anchor::Anchors;
use super::depth;
use super::footnote::Footnotes;
use super::nesting::Nesting;
use super::visible::{Collector, Context};
use super::{Body, Fill, Heading, Markdown, Options, Place, Reference, Word};
use crate::ground::span::Span;

/// An event and the bytes of the parsed text it comes from.
pub(super) type Spanned<'e> = (Event<'e>, Range<usize>);

/// Writes a whole document.
pub(super) fn write_document(text: &str, offset: usize, options: Options) -> Markdown {
    let mut extensions = Extensions::ENABLE_TABLES
        | Extensions::ENABLE_FOOTNOTES
        | Extensions::ENABLE_STRIKETHROUGH
        | Extensions::ENABLE_TASKLISTS
        | Extensions::ENABLE_GFM
        | Extensions::ENABLE_HEADING_ATTRIBUTES;
    extensions.set(Extensions::ENABLE_SMART_PUNCTUATION, options.smart);
    let text = &*depth::bounded(text);
    let mut events: Vec<Spanned> = Vec::with_capacity(text.len() / 16);
    events.extend(Parser::new_ext(text, extensions).into_offset_iter());
    let mut writer = Writer::new(text, &events, offset, options);
    writer.footnotes = Footnotes::find(&events);
    writer.write(0..events.len());
    writer.close_raw();
    writer.write_footnotes();
    writer.finish()
}

/// A no-break space in front makes every line a paragraph: it is white space to the rules of
/// emphasis and quotes, but no block begins with it.
const INLINE_PREFIX: &str = "\u{a0}";

/// Writes one line of inline Markdown.
pub(super) fn write_inline(text: &str, offset: usize, options: Options) -> Markdown {
    let trimmed = text.trim_start();
    let offset = offset + (text.len() - trimmed.len());
    let mut line = String::with_capacity(INLINE_PREFIX.len() + trimmed.len());
    line.push_str(INLINE_PREFIX);
    line.extend(
        trimmed
            .trim_end()
            .chars()
            .map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c }),
    );
    let mut extensions = Extensions::ENABLE_STRIKETHROUGH;
    extensions.set(Extensions::ENABLE_SMART_PUNCTUATION, options.smart);
    let events: Vec<Spanned> = Parser::new_ext(&line, extensions).into_offset_iter().collect();
    let mut writer = Writer::new(&line, &events, offset, options);
    writer.prefix = INLINE_PREFIX.len();
    writer.write(0..events.len());
    writer.close_raw();
    writer.finish()
}

/// The state of one text while it is written.
pub(super) struct Writer<'e> {
    /// The parsed text.
    pub text: &'e str,
    pub events: &'e [Spanned<'e>],
    /// Where the text starts in its file.
    offset: usize,
    /// Bytes of the parsed text that are not in the file; not 0 for one line of inline Markdown.
    pub prefix: usize,
    pub options: Options,
    pub html: String,
    pub places: Vec<Place>,
    pub references: Vec<Reference>,
    /// Links and images that lead out of the site, where these are asked for.
    pub outward: Vec<Reference>,
    pub headings: Vec<Heading>,
    pub visible: Collector,
    pub anchors: Anchors,
    pub nesting: Nesting,
    /// What the next text stands in.
    pub context: Context,
    /// How many links, block quotes, tables, and elements whose text is not visible text are open.
    pub links: usize,
    pub quotes: usize,
    pub tables: usize,
    pub unseen: usize,
    /// How many elements of each name are open that were passed through and may hold no link.
    pub passed: BTreeMap<&'static str, usize>,
    /// The Markdown links that are open; `None` where no tag was written.
    pub open_links: Vec<Option<OpenLink>>,
    /// The plain text since the last paragraph or heading began, code included.
    pub plain: String,
    pub first_paragraph: Option<String>,
    /// Where the levels of headings stand in the HTML, and whether one of them is 1.
    pub levels: Vec<usize>,
    pub uses_h1: bool,
    pub heading: OpenHeading,
    /// The columns of the table that is open, the column of the next cell, and whether it is a header.
    pub alignments: &'e [Alignment],
    pub cell: usize,
    pub in_head: bool,
    pub footnotes: Footnotes<'e>,
    /// Containers in which an end tag was looked for in vain.
    pub never_closed: BTreeSet<(&'static str, Option<usize>)>,
}

/// A link whose end tag is still to come: the reference whose place in the file is found there, and
/// whether its text is its address.
pub(super) struct OpenLink {
    pub reference: Option<Noted>,
    pub shows_address: bool,
}

/// A link or an image that is noted: its number among those that lead into the site, or out of it.
#[derive(Clone, Copy)]
pub(super) enum Noted {
    Inward(u32),
    Outward(u32),
}

/// Where a heading began that is still open: its id is known at its end only.
#[derive(Default)]
pub(super) struct OpenHeading {
    pub event: usize,
    pub id_at: usize,
    pub places: usize,
    pub runs: usize,
}

impl<'e> Writer<'e> {
    fn new(text: &'e str, events: &'e [Spanned<'e>], offset: usize, options: Options) -> Writer<'e> {
        Writer {
            text,
            events,
            offset,
            prefix: 0,
            options,
            html: String::with_capacity(text.len() + text.len() / 4 + 64),
            places: Vec::new(),
            references: Vec::new(),
            outward: Vec::new(),
            headings: Vec::new(),
            visible: Collector::with_room_for(text.len()),
            anchors: Anchors::default(),
            nesting: Nesting::new(),
            context: Context::default(),
            links: 0,
            quotes: 0,
            tables: 0,
            unseen: 0,
            passed: BTreeMap::new(),
            open_links: Vec::new(),
            plain: String::new(),
            first_paragraph: None,
            levels: Vec::new(),
            uses_h1: false,
            heading: OpenHeading::default(),
            alignments: &[],
            cell: 0,
            in_head: false,
            footnotes: Footnotes::default(),
            never_closed: BTreeSet::new(),
        }
    }

    /// Writes the events of a range.
    pub fn write(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            at = self.event(at);
        }
    }

    /// Writes one event, or several that belong together; the index of the next one.
    fn event(&mut self, at: usize) -> usize {
        let (event, range) = &self.events[at];
        match event {
            Event::Start(tag) => return self.start(at, tag, range),
            Event::End(tag) => self.end(at, *tag, range),
            Event::Text(_) => return self.text_events(at),
            Event::Code(code) => self.code_span(code),
            Event::InlineHtml(html) => return self.inline_html(at, html, range.clone()),
            Event::Html(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
            Event::FootnoteReference(label) => self.footnote_reference(label),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br>\n"),
            Event::Rule => self.start_block("<hr>\n"),
            Event::TaskListMarker(done) => {
                let (checked, word) = match done {
                    true => (" checked", Word::Done),
                    false => ("", Word::ToDo),
                };
                self.html.push_str(&format!(
                    "<input type=\"checkbox\"{checked} disabled aria-label=\""
                ));
                self.word(word, String::new());
                self.html.push_str("\"> ");
            }
        }
        at + 1
    }

    /// Makes the result: what is only known at the end is written now.
    fn finish(mut self) -> Markdown {
        if self.uses_h1 {
            self.lower_headings();
        }
        Markdown {
            body: Body {
                html: self.html,
                places: self.places,
            },
            headings: self.headings,
            references: self.references,
            outward: self.outward,
            visible: self.visible.visible,
            first_paragraph: self.first_paragraph,
            anchors: self.anchors.list,
        }
    }

    /// The page's first heading is its title; a body that uses level 1 goes down by one.
    fn lower_headings(&mut self) {
        let mut html = std::mem::take(&mut self.html).into_bytes();
        for &at in &self.levels {
            html[at] = (html[at] + 1).min(b'6');
        }
        self.html = String::from_utf8(html).expect("a digit was replaced by a digit");
        for heading in &mut self.headings {
            heading.level = (heading.level + 1).min(6);
        }
        for run in &mut self.visible.visible.runs {
            if run.context.heading > 0 {
                run.context.heading = (run.context.heading + 1).min(6);
            }
        }
    }

    /// The place in the file of a range of the parsed text.
    pub fn span(&self, range: Range<usize>) -> Span {
        let place = |at: usize| at.saturating_sub(self.prefix) + self.offset;
        Span::new(place(range.start), place(range.end))
    }

    /// Leaves a place open here.
    /// Leaves a place for words in the language of the site.
    pub fn word(&mut self, word: Word, number: String) {
        self.place(Fill::Word { word, number });
    }

    pub fn place(&mut self, fill: Fill) {
        self.places.push(Place {
            at: wide(self.html.len()),
            fill,
        });
    }

    /// What a text stands in here.
    pub fn context_here(&self) -> Context {
        Context {
            in_link: self.links > 0,
            in_quote: self.quotes > 0,
            in_table: self.tables > 0,
            in_passed: self.passed.values().any(|&open| open > 0),
            ..self.context
        }
    }
}

/// An offset in the HTML as places hold it.
pub(super) fn wide(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
