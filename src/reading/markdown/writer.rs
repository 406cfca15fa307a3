//! From the parser's events to HTML with open places.
//!
//! The parser's own writer is not used: it puts `style` attributes on table cells, which a strict
//! Content Security Policy refuses, and it cannot leave addresses open.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType,
    Options as ParserOptions, Parser, Tag, TagEnd,
};

use super::anchor::Anchors;
use super::links::{Destination, bare_addresses, classify};
use super::raw_html::{self, Token, Treatment};
use super::visible::{Context, Run, Visible};
use super::{Body, Fill, Heading, Markdown, Options, Place, RawHtml, Reference, ReferenceKind};
use crate::ground::span::Span;
use crate::ground::text::{escape, is_xml_character};

/// Reads a text.
pub fn write(text: &str, offset: usize, options: Options) -> Markdown {
    let parser_options = parser_options(options);
    let shift = u8::from(uses_top_heading(text, parser_options));
    let mut writer = Writer::new(text, offset, options, shift);
    for (event, range) in Parser::new_ext(text, parser_options).into_offset_iter() {
        writer.event(event, range);
    }
    writer.finish()
}

fn parser_options(options: Options) -> ParserOptions {
    let mut parser = ParserOptions::ENABLE_TABLES
        | ParserOptions::ENABLE_FOOTNOTES
        | ParserOptions::ENABLE_STRIKETHROUGH
        | ParserOptions::ENABLE_TASKLISTS
        | ParserOptions::ENABLE_HEADING_ATTRIBUTES
        | ParserOptions::ENABLE_GFM;
    if options.smart {
        parser |= ParserOptions::ENABLE_SMART_PUNCTUATION;
    }
    parser
}

/// Whether a text has headings of the first level. That level is the page's headline, so all
/// headings of such a text move down by one.
fn uses_top_heading(text: &str, options: ParserOptions) -> bool {
    let may = text.lines().any(|line| {
        let line = line.trim_start_matches([' ', '>', '-', '*', '+', '\t']);
        line.starts_with("# ") || line == "#" || line.starts_with('=') || line.starts_with("#\t")
    }) || text.contains("<h1")
        || text.contains("<H1");
    may && Parser::new_ext(text, options).any(|event| match event {
        Event::Start(Tag::Heading {
            level: HeadingLevel::H1,
            ..
        }) => true,
        Event::Html(html) | Event::InlineHtml(html) => html.to_ascii_lowercase().contains("<h1"),
        _ => false,
    })
}

/// A part of the output that is put together at the end: the main text, and each footnote.
#[derive(Debug, Default)]
struct Chunk {
    body: Body,
    visible: Visible,
}

/// A Markdown element that is open.
#[derive(Debug)]
struct Container {
    /// Raw elements opened in it that are still open.
    raw: Vec<String>,
    /// Whether blocks may stand in it.
    holds_blocks: bool,
}

/// A paragraph that is open.
#[derive(Debug)]
struct Paragraph {
    /// Where its tag starts in the HTML.
    html: usize,
    /// Where its text starts in the visible text.
    visible: usize,
    /// How many pictures it holds.
    pictures: usize,
    /// Whether it holds anything else.
    other: bool,
    /// Whether it stands outside lists, quotations and footnotes.
    top: bool,
}

/// An image whose description is being read.
#[derive(Debug)]
struct OpenImage {
    target: String,
    title: String,
    alt: String,
    range: Range<usize>,
}

/// A stretch of text waiting for its neighbours, so that addresses are found across the parser's
/// events.
#[derive(Debug)]
struct Piece<'t> {
    text: CowStr<'t>,
    range: Range<usize>,
}

struct Writer<'t> {
    text: &'t str,
    offset: usize,
    options: Options,
    shift: u8,
    chunk: Chunk,
    /// The chunks around a footnote's definition.
    outer: Vec<Chunk>,
    pieces: Vec<Piece<'t>>,
    containers: Vec<Container>,
    references: Vec<Reference>,
    headings: Vec<Heading>,
    anchors: Anchors,
    context: Context,
    quotes: usize,
    lists: usize,
    /// The heading that is open: where its tag starts in the HTML, its text, and a given id.
    heading: Option<(usize, usize, Option<String>)>,
    paragraph: Option<Paragraph>,
    first_paragraph: Option<String>,
    /// The links that are open, and whether each was written.
    links: Vec<bool>,
    image: Option<OpenImage>,
    image_depth: usize,
    code: bool,
    /// HTML of a block, collected so that tags may span lines.
    html_block: Option<Vec<Piece<'t>>>,
    /// An element being removed with its content, and how many containers were open at its start.
    removing: Option<(String, usize)>,
    /// How many tables there were so far.
    tables: usize,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    /// Numbers of footnotes by label, in the order of first reference, and how often each is
    /// referred to.
    footnotes: BTreeMap<String, (usize, usize)>,
    definitions: BTreeMap<String, Chunk>,
    defining: Option<String>,
}

impl<'t> Writer<'t> {
    fn new(text: &'t str, offset: usize, options: Options, shift: u8) -> Writer<'t> {
        let body = Body {
            html: String::with_capacity(text.len() + text.len() / 4),
            places: Vec::new(),
        };
        let visible = Visible {
            text: String::with_capacity(text.len()),
            runs: Vec::new(),
        };
        Writer {
            text,
            offset,
            options,
            shift,
            chunk: Chunk { body, visible },
            outer: Vec::new(),
            pieces: Vec::new(),
            containers: vec![Container {
                raw: Vec::new(),
                holds_blocks: true,
            }],
            references: Vec::new(),
            headings: Vec::new(),
            anchors: Anchors::default(),
            context: Context::default(),
            quotes: 0,
            lists: 0,
            heading: None,
            paragraph: None,
            first_paragraph: None,
            links: Vec::new(),
            image: None,
            image_depth: 0,
            code: false,
            html_block: None,
            removing: None,
            tables: 0,
            alignments: Vec::new(),
            column: 0,
            in_head: false,
            footnotes: BTreeMap::new(),
            definitions: BTreeMap::new(),
            defining: None,
        }
    }

    fn event(&mut self, event: Event<'t>, range: Range<usize>) {
        if let Event::Text(text) = event {
            self.text_event(text, range);
            return;
        }
        self.flush();
        if self.image_depth > 0 {
            self.image_event(event);
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Html(html) => match &mut self.html_block {
                Some(block) => block.push(Piece { text: html, range }),
                None => self.raw(&[Piece { text: html, range }]),
            },
            Event::InlineHtml(html) => self.raw(&[Piece { text: html, range }]),
            _ if self.removing.is_some() => {}
            Event::Code(code) => {
                self.touch_paragraph();
                self.push("<code>");
                self.escaped(&code);
                self.push("</code>");
                self.visible_gap(' ');
            }
            Event::FootnoteReference(label) => self.footnote_reference(&label),
            Event::SoftBreak => {
                self.push("\n");
                self.visible_gap(' ');
            }
            Event::HardBreak => {
                self.push("<br>\n");
                self.visible_gap(' ');
            }
            Event::Rule => {
                self.close_text_only_raw();
                self.push("<hr>\n");
                self.visible_gap('\n');
            }
            Event::TaskListMarker(done) => {
                let label = if done { "done" } else { "to do" };
                let checked = if done { " checked" } else { "" };
                self.push(&format!(
                    "<input type=\"checkbox\" disabled aria-label=\"{label}\"{checked}> "
                ));
            }
            // Not enabled.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::Text(_) => {}
        }
    }

    fn text_event(&mut self, text: CowStr<'t>, range: Range<usize>) {
        if self.removing.is_some() {
            return;
        }
        if let Some(image) = &mut self.image {
            image.alt.push_str(&text);
        } else if self.code {
            self.escaped(&text);
        } else {
            self.touch_paragraph();
            self.pieces.push(Piece { text, range });
        }
    }

    /// Inside an image everything is its description.
    fn image_event(&mut self, event: Event<'t>) {
        let Some(image) = &mut self.image else { return };
        match event {
            Event::Start(Tag::Image { .. }) => self.image_depth += 1,
            Event::End(TagEnd::Image) => {
                self.image_depth -= 1;
                if self.image_depth == 0 {
                    self.finish_image();
                }
            }
            Event::Code(text) => image.alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => image.alt.push(' '),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'t>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => {
                self.begin_block();
                let top = self.containers.len() == 1 && self.outer.is_empty();
                self.paragraph = Some(Paragraph {
                    html: self.chunk.body.html.len(),
                    visible: self.chunk.visible.text.len(),
                    pictures: 0,
                    other: false,
                    top,
                });
                self.push("<p>");
                self.open_container(false);
            }
            Tag::Heading { level, id, .. } => {
                self.begin_block();
                let level = (level as u8 + self.shift).min(6);
                self.heading = Some((
                    self.chunk.body.html.len(),
                    self.chunk.visible.text.len(),
                    id.map(CowStr::into_string),
                ));
                self.context.heading = level;
                self.open_container(false);
            }
            Tag::BlockQuote(kind) => {
                self.begin_block();
                match kind {
                    None => {
                        self.quotes += 1;
                        self.context.quote = true;
                        self.push("<blockquote>\n");
                    }
                    Some(kind) => {
                        let (class, title) = alert(kind);
                        self.push(&format!(
                            "<div class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">{title}</p>\n"
                        ));
                    }
                }
                self.open_container(true);
            }
            Tag::CodeBlock(kind) => {
                self.begin_block();
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => language(info),
                    CodeBlockKind::Indented => String::new(),
                };
                // Long lines scroll, and who has no mouse scrolls with the focus.
                self.push("<pre tabindex=\"0\"><code");
                if !language.is_empty() {
                    self.push(&format!(" class=\"language-{language}\""));
                }
                self.push(">");
                self.code = true;
                self.open_container(false);
            }
            Tag::HtmlBlock => self.html_block = Some(Vec::new()),
            Tag::List(start) => {
                self.begin_block();
                self.lists += 1;
                match start {
                    None => self.push("<ul>\n"),
                    Some(1) => self.push("<ol>\n"),
                    Some(number) => self.push(&format!("<ol start=\"{number}\">\n")),
                }
                self.open_container(false);
            }
            Tag::Item => {
                self.push("<li>");
                self.open_container(true);
            }
            Tag::FootnoteDefinition(label) => {
                self.outer.push(std::mem::take(&mut self.chunk));
                self.defining = Some(label.into_string());
                self.context.footnote = true;
                self.open_container(true);
            }
            Tag::Table(alignments) => {
                self.begin_block();
                self.alignments = alignments;
                self.context.table = true;
                self.tables += 1;
                // A wide table scrolls inside itself; the region makes that possible by keyboard,
                // and its name must be its own.
                self.push(&format!(
                    "<div class=\"table\" role=\"region\" aria-label=\"Table {}\" tabindex=\"0\">\n<table>\n",
                    self.tables
                ));
                self.open_container(false);
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.push("<thead>\n<tr>");
                self.open_container(false);
            }
            Tag::TableRow => {
                self.column = 0;
                self.push("<tr>");
                self.open_container(false);
            }
            Tag::TableCell => {
                let name = if self.in_head { "th scope=\"col\"" } else { "td" };
                let class = match self.alignments.get(self.column) {
                    Some(Alignment::Left) => " class=\"align-left\"",
                    Some(Alignment::Center) => " class=\"align-center\"",
                    Some(Alignment::Right) => " class=\"align-right\"",
                    _ => "",
                };
                self.push(&format!("<{name}{class}>"));
                self.column += 1;
                self.open_container(false);
            }
            Tag::Emphasis => self.inline("<em>"),
            Tag::Strong => self.inline("<strong>"),
            Tag::Strikethrough => self.inline("<del>"),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => self.start_link(link_type, &dest_url, &title, range),
            Tag::Image { dest_url, title, .. } => {
                self.image_depth = 1;
                self.image = Some(OpenImage {
                    target: dest_url.into_string(),
                    title: title.into_string(),
                    alt: String::new(),
                    range,
                });
            }
            // Not enabled.
            Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => self.open_container(true),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        if tag == TagEnd::HtmlBlock {
            let pieces = self.html_block.take().unwrap_or_default();
            let depth = self.containers.len();
            self.raw(&pieces);
            // What is removed with its content ends with the block at the latest.
            if self
                .removing
                .as_ref()
                .is_some_and(|(_, opened_at)| *opened_at >= depth)
            {
                self.removing = None;
            }
            self.visible_gap('\n');
            return;
        }
        self.close_container();
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(_) => self.end_heading(range),
            TagEnd::BlockQuote(None) => {
                self.quotes -= 1;
                self.context.quote = self.quotes > 0;
                self.push("</blockquote>\n");
                self.visible_gap('\n');
            }
            TagEnd::BlockQuote(Some(_)) => {
                self.push("</div>\n");
                self.visible_gap('\n');
            }
            TagEnd::CodeBlock => {
                self.code = false;
                self.push("</code></pre>\n");
                self.visible_gap('\n');
            }
            TagEnd::List(ordered) => {
                self.lists -= 1;
                self.push(if ordered { "</ol>\n" } else { "</ul>\n" });
                self.visible_gap('\n');
            }
            TagEnd::Item => {
                self.push("</li>\n");
                self.visible_gap('\n');
            }
            TagEnd::FootnoteDefinition => {
                let chunk = std::mem::replace(&mut self.chunk, self.outer.pop().unwrap_or_default());
                if let Some(label) = self.defining.take() {
                    self.definitions.entry(label).or_insert(chunk);
                }
                self.context.footnote = false;
            }
            TagEnd::Table => {
                self.push("</tbody>\n</table>\n</div>\n");
                self.context.table = false;
                self.visible_gap('\n');
            }
            TagEnd::TableHead => {
                self.in_head = false;
                self.push("</tr>\n</thead>\n<tbody>\n");
                self.visible_gap('\n');
            }
            TagEnd::TableRow => {
                self.push("</tr>\n");
                self.visible_gap('\n');
            }
            TagEnd::TableCell => {
                self.push(if self.in_head { "</th>" } else { "</td>" });
                self.visible_gap('\n');
            }
            TagEnd::Emphasis => self.push("</em>"),
            TagEnd::Strong => self.push("</strong>"),
            TagEnd::Strikethrough => self.push("</del>"),
            TagEnd::Link => {
                if self.links.pop() == Some(true) {
                    self.push("</a>");
                }
                self.context.link = self.links.contains(&true);
            }
            _ => {}
        }
    }

    fn inline(&mut self, tag: &str) {
        self.touch_paragraph();
        self.push(tag);
        self.open_container(false);
    }

    fn start_link(&mut self, link_type: LinkType, target: &str, title: &str, range: Range<usize>) {
        self.touch_paragraph();
        let target = if link_type == LinkType::Email {
            format!("mailto:{target}")
        } else {
            target.to_owned()
        };
        let written = self.write_link(&target, title, range);
        self.links.push(written);
        self.context.link |= written;
        self.open_container(false);
    }

    /// Opens a link; says whether there is one.
    fn write_link(&mut self, target: &str, title: &str, range: Range<usize>) -> bool {
        if self.links.contains(&true) {
            // Links do not nest.
            return false;
        }
        match classify(target) {
            Destination::Unsafe => return false,
            Destination::External(address) => {
                self.push("<a href=\"");
                self.escaped(&address);
            }
            Destination::Internal(address) => {
                self.push("<a href=\"");
                let span = self.target_span(&address, range);
                self.references.push(Reference {
                    kind: ReferenceKind::Link,
                    target: address,
                    span,
                });
                let reference = (self.references.len() - 1) as u32;
                self.place(Fill::Href { reference });
            }
        }
        self.push("\"");
        if !title.is_empty() {
            self.push(" title=\"");
            self.escaped(title);
            self.push("\"");
        }
        self.push(">");
        true
    }

    fn finish_image(&mut self) {
        let Some(image) = self.image.take() else { return };
        if let Some(paragraph) = &mut self.paragraph {
            paragraph.pictures += 1;
        }
        let title = Some(image.title).filter(|title| !title.is_empty());
        self.write_image(&image.target, image.alt, title, None, image.range);
    }

    fn write_image(
        &mut self,
        target: &str,
        alt: String,
        title: Option<String>,
        size: Option<(String, String)>,
        range: Range<usize>,
    ) {
        let inline_data = self.options.raw_html == RawHtml::Allow && is_image_data(target);
        match classify(target) {
            Destination::Internal(address) => {
                let span = self.target_span(&address, range);
                self.references.push(Reference {
                    kind: ReferenceKind::Image,
                    target: address,
                    span,
                });
                let reference = (self.references.len() - 1) as u32;
                self.place(Fill::Image {
                    reference,
                    alt,
                    title,
                });
            }
            Destination::Unsafe if !inline_data => self.escaped(&alt),
            Destination::External(_) | Destination::Unsafe => {
                self.push("<img src=\"");
                self.escaped(target.trim());
                self.push("\" alt=\"");
                self.escaped(&alt);
                if let Some(title) = title {
                    self.push("\" title=\"");
                    self.escaped(&title);
                }
                if let Some((width, height)) = size {
                    self.push(&format!("\" width=\"{width}\" height=\"{height}"));
                }
                self.push("\" loading=\"lazy\">");
            }
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraph.take() else {
            return;
        };
        if paragraph.pictures == 1 && !paragraph.other && self.picture_as_figure(&paragraph) {
            return;
        }
        self.push("</p>\n");
        let text = self.chunk.visible.text[paragraph.visible..].trim();
        if paragraph.top && self.first_paragraph.is_none() && !text.is_empty() {
            self.first_paragraph = Some(text.to_owned());
        }
        self.visible_gap('\n');
    }

    /// A paragraph that is one picture becomes a figure, with the title as its caption.
    fn picture_as_figure(&mut self, paragraph: &Paragraph) -> bool {
        let start = paragraph.html;
        let body = &mut self.chunk.body;
        let Some(inner) = body.html[start..].strip_prefix("<p>").map(str::to_owned) else {
            return false;
        };
        body.html.truncate(start);
        body.html.push_str("<figure>");
        let moved = body.html.len() as u32;
        let mut caption = None;
        if inner.is_empty() {
            let Some(Place {
                at,
                fill: Fill::Image { title, .. },
            }) = body.places.last_mut()
            else {
                body.html.truncate(start);
                body.html.push_str("<p>");
                return false;
            };
            *at = moved;
            caption = title.take();
        } else {
            body.html.push_str(&inner);
        }
        if let Some(caption) = caption {
            self.push("<figcaption>");
            self.escaped(&caption);
            self.push("</figcaption>");
        }
        self.push("</figure>\n");
        true
    }

    fn end_heading(&mut self, range: Range<usize>) {
        let Some((start, visible_start, given)) = self.heading.take() else {
            return;
        };
        let level = self.context.heading;
        self.context.heading = 0;
        let text = self.chunk.visible.text[visible_start..].trim().to_owned();
        let id = match given {
            Some(id) => self.anchors.given(&id),
            None => self.anchors.heading(&text),
        };
        let mut open = format!("<h{level} id=\"");
        escape(&id, &mut open);
        open.push_str("\">");
        self.insert(start, &open);
        self.push(&format!("</h{level}>\n"));
        self.headings.push(Heading {
            level,
            id,
            text,
            span: self.span(range),
        });
        self.visible_gap('\n');
    }

    /// Inserts HTML and moves what stands behind it.
    fn insert(&mut self, at: usize, html: &str) {
        let length = html.len() as u32;
        self.chunk.body.html.insert_str(at, html);
        for place in self
            .chunk
            .body
            .places
            .iter_mut()
            .rev()
            .take_while(|place| place.at as usize >= at)
        {
            place.at += length;
        }
        for run in self
            .chunk
            .visible
            .runs
            .iter_mut()
            .rev()
            .take_while(|run| run.html as usize >= at)
        {
            run.html += length;
        }
    }

    fn footnote_reference(&mut self, label: &str) {
        self.touch_paragraph();
        let next = self.footnotes.len() + 1;
        let (number, uses) = self.footnotes.entry(label.to_owned()).or_insert((next, 0));
        *uses += 1;
        let (number, uses) = (*number, *uses);
        let id = footnote_use_id(number, uses);
        self.push(&format!("<sup><a id=\"{id}\" href=\""));
        self.place(Fill::Fragment {
            id: format!("fn-{number}"),
        });
        self.push(&format!(
            "\" role=\"doc-noteref\" aria-label=\"Footnote {number}\">{number}</a></sup>"
        ));
    }

    /// HTML that the author wrote.
    fn raw(&mut self, pieces: &[Piece<'t>]) {
        match self.options.raw_html {
            RawHtml::Escape => {
                self.touch_paragraph();
                let block = self
                    .containers
                    .last()
                    .is_some_and(|container| container.holds_blocks);
                if block {
                    self.push("<p>");
                }
                for piece in pieces {
                    self.visible_text(&piece.text, piece.range.clone());
                }
                if block {
                    self.push("</p>\n");
                }
            }
            RawHtml::Allow => {
                self.touch_paragraph();
                for piece in pieces {
                    self.push(&piece.text);
                }
            }
            RawHtml::Sanitise => self.sanitise(pieces),
        }
    }

    fn sanitise(&mut self, pieces: &[Piece<'t>]) {
        let source: String = pieces.iter().map(|piece| &*piece.text).collect();
        let range = match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => first.range.start..last.range.end,
            _ => return,
        };
        for token in raw_html::tokens(&source) {
            if let Some((name, opened_at)) = &self.removing {
                if matches!(&token, Token::Close(closing) if closing == name)
                    && self.containers.len() >= *opened_at
                {
                    self.removing = None;
                }
                continue;
            }
            match token {
                Token::Text(part) => self.raw_text(&source[part], range.clone()),
                Token::Open(name, attributes) => self.raw_open(name, &attributes, range.clone()),
                Token::Close(name) => self.raw_close(&name),
                Token::Comment => {}
            }
        }
    }

    /// Text between raw tags: its entities stay, all else is escaped.
    fn raw_text(&mut self, text: &str, range: Range<usize>) {
        if !text.trim().is_empty() {
            self.touch_paragraph();
        }
        let plain = raw_html::decode_entities(text);
        self.visible_text(&plain, range);
    }

    fn raw_open(&mut self, name: String, attributes: &[(String, String)], range: Range<usize>) {
        let attribute = |wanted: &str| {
            attributes
                .iter()
                .find(|(key, _)| key == wanted)
                .map(|(_, value)| value.as_str())
        };
        match raw_html::treatment(&name) {
            Treatment::Remove => {
                if name != "embed" {
                    self.removing = Some((name, self.containers.len()));
                }
                return;
            }
            Treatment::Unwrap => return,
            Treatment::Block => {
                if !self
                    .containers
                    .last()
                    .is_some_and(|container| container.holds_blocks)
                {
                    return;
                }
                self.close_text_only_raw();
                self.visible_gap('\n');
            }
            Treatment::Inline | Treatment::Void => {}
        }
        self.touch_paragraph();
        let name = match name.as_bytes() {
            [b'h', level @ b'1'..=b'6'] => format!("h{}", (level - b'0' + self.shift).min(6)),
            _ => name,
        };
        if name == "img" {
            let size = attribute("width")
                .zip(attribute("height"))
                .filter(|(width, height)| {
                    raw_html::harmless_attribute("img", "width", width)
                        && raw_html::harmless_attribute("img", "height", height)
                });
            let size = size.map(|(width, height)| (width.to_owned(), height.to_owned()));
            let title = attribute("title").map(str::to_owned);
            if let Some(target) = attribute("src") {
                self.write_image(
                    target,
                    attribute("alt").unwrap_or_default().to_owned(),
                    title,
                    size,
                    range,
                );
            }
            return;
        }
        if name == "a" {
            if self.write_link(
                attribute("href").unwrap_or("javascript:"),
                attribute("title").unwrap_or_default(),
                range,
            ) {
                self.links.push(true);
                self.open_raw(name);
            }
            return;
        }
        self.push(&format!("<{name}"));
        for (key, value) in attributes
            .iter()
            .filter(|(key, value)| raw_html::harmless_attribute(&name, key, value))
        {
            self.push(&format!(" {key}=\""));
            self.escaped(value);
            self.push("\"");
        }
        self.push(">");
        match name.as_str() {
            "br" | "hr" => self.visible_gap(' '),
            "wbr" => {}
            _ => self.open_raw(name),
        }
    }

    fn open_raw(&mut self, name: String) {
        if let Some(container) = self.containers.last_mut() {
            container.raw.push(name);
        }
    }

    /// Closes a raw element, and those inside it, if it was opened in the same container.
    fn raw_close(&mut self, name: &str) {
        let name = match name.as_bytes() {
            [b'h', level @ b'1'..=b'6'] => format!("h{}", (level - b'0' + self.shift).min(6)),
            _ => name.to_owned(),
        };
        let Some(container) = self.containers.last_mut() else {
            return;
        };
        let Some(at) = container.raw.iter().rposition(|open| *open == name) else {
            return;
        };
        let closing = container.raw.split_off(at);
        self.close_raw(closing);
        if raw_html::treatment(&name) == Treatment::Block {
            self.visible_gap('\n');
        }
    }

    fn close_raw(&mut self, names: Vec<String>) {
        for name in names.into_iter().rev() {
            if name == "a" {
                self.links.pop();
            }
            self.push(&format!("</{name}>"));
        }
    }

    /// Closes raw elements that cannot hold the block that is about to start.
    fn close_text_only_raw(&mut self) {
        let Some(container) = self.containers.last_mut() else {
            return;
        };
        let Some(at) = container
            .raw
            .iter()
            .position(|name| raw_html::holds_text_only(name))
        else {
            return;
        };
        let closing = container.raw.split_off(at);
        self.close_raw(closing);
    }

    fn begin_block(&mut self) {
        self.close_text_only_raw();
        self.touch_paragraph();
    }

    fn open_container(&mut self, holds_blocks: bool) {
        self.containers.push(Container {
            raw: Vec::new(),
            holds_blocks,
        });
    }

    fn close_container(&mut self) {
        // The outermost container is the text itself, which `finish` closes.
        if self.containers.len() > 1
            && let Some(container) = self.containers.pop()
        {
            self.close_raw(container.raw);
        }
        if self
            .removing
            .as_ref()
            .is_some_and(|(_, opened_at)| self.containers.len() < *opened_at)
        {
            self.removing = None;
        }
    }

    /// Writes the collected text, with links for the addresses in it.
    fn flush(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        match pieces.as_slice() {
            [] => return,
            [only] if self.context.link || !only.text.contains("http") => {
                self.visible_text(&only.text, only.range.clone());
            }
            _ => {
                let joined: String = pieces.iter().map(|piece| &*piece.text).collect();
                let addresses = if self.context.link {
                    Vec::new()
                } else {
                    bare_addresses(&joined)
                };
                let mut from = 0;
                for address in addresses {
                    self.write_pieces(&pieces, from..address.start);
                    let written = &joined[address.clone()];
                    self.push("<a href=\"");
                    self.escaped(written);
                    self.push("\">");
                    self.escaped(written);
                    self.push("</a>");
                    self.visible_gap(' ');
                    from = address.end;
                }
                self.write_pieces(&pieces, from..joined.len());
            }
        }
        // The vector is kept for the next text.
        self.pieces = pieces;
        self.pieces.clear();
    }

    /// Writes the part of the joined pieces in a range.
    fn write_pieces(&mut self, pieces: &[Piece<'t>], range: Range<usize>) {
        let mut start = 0;
        for piece in pieces {
            let end = start + piece.text.len();
            let part = range.start.max(start)..range.end.min(end);
            if part.start < part.end {
                let inner = part.start - start..part.end - start;
                let same_length = piece.text.len() == piece.range.len();
                let source = if same_length {
                    piece.range.start + inner.start..piece.range.start + inner.end
                } else {
                    piece.range.clone()
                };
                self.visible_text(&piece.text[inner], source);
            }
            start = end;
        }
    }

    /// Text that readers see, in both outputs.
    fn visible_text(&mut self, text: &str, source: Range<usize>) {
        let start = self.chunk.visible.text.len();
        let html = self.chunk.body.html.len() as u32;
        self.escaped(text);
        self.chunk
            .visible
            .text
            .extend(text.chars().filter(|c| is_xml_character(*c)));
        let end = self.chunk.visible.text.len();
        if end > start {
            let run = Run {
                text: Span::new(start, end),
                source: self.span(source),
                html,
                context: self.context,
            };
            self.chunk.visible.runs.push(run);
        }
    }

    /// A gap between words or blocks of the visible text.
    fn visible_gap(&mut self, gap: char) {
        let text = &mut self.chunk.visible.text;
        match text.chars().next_back() {
            None | Some('\n') => {}
            Some(' ') if gap == ' ' => {}
            _ => text.push(gap),
        }
    }

    /// Notes that a paragraph holds more than a picture.
    fn touch_paragraph(&mut self) {
        if let Some(paragraph) = &mut self.paragraph {
            paragraph.other = true;
        }
    }

    fn push(&mut self, html: &str) {
        self.chunk.body.html.push_str(html);
    }

    fn escaped(&mut self, text: &str) {
        escape(text, &mut self.chunk.body.html);
    }

    fn place(&mut self, fill: Fill) {
        let at = self.chunk.body.html.len() as u32;
        self.chunk.body.places.push(Place { at, fill });
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(range.start + self.offset, range.end + self.offset)
    }

    /// The place of a link's target: inside the link where it is written there, else the link.
    fn target_span(&self, target: &str, range: Range<usize>) -> Span {
        let source = &self.text[range.clone()];
        match source.rfind(target).filter(|_| !target.is_empty()) {
            Some(at) => self.span(range.start + at..range.start + at + target.len()),
            None => self.span(range),
        }
    }

    fn finish(mut self) -> Markdown {
        self.flush();
        if let Some(container) = self.containers.pop() {
            self.close_raw(container.raw);
        }
        self.write_footnotes();
        let Chunk {
            mut body,
            mut visible,
        } = self.chunk;
        body.html.truncate(body.html.trim_end().len());
        let length = body.html.len() as u32;
        for place in &mut body.places {
            place.at = place.at.min(length);
        }
        visible.text.truncate(visible.text.trim_end().len());
        let text_length = visible.text.len() as u32;
        for run in &mut visible.runs {
            run.text.end = run.text.end.min(text_length);
            run.text.start = run.text.start.min(run.text.end);
        }
        Markdown {
            body,
            headings: self.headings,
            references: self.references,
            visible,
            first_paragraph: self.first_paragraph,
            anchors: self.anchors.list,
        }
    }

    /// Appends the footnotes that are referred to, in the order of their numbers.
    fn write_footnotes(&mut self) {
        let mut order: Vec<(usize, usize, String)> = std::mem::take(&mut self.footnotes)
            .into_iter()
            .map(|(label, (number, uses))| (number, uses, label))
            .collect();
        order.sort_unstable();
        if order.is_empty() {
            return;
        }
        self.push("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n");
        for (number, uses, label) in order {
            // The parser makes a reference only where there is a definition.
            let definition = self.definitions.remove(&label).unwrap_or_default();
            let id = self.anchors.reserve(format!("fn-{number}"));
            self.push(&format!("<li id=\"{id}\">"));
            self.append(definition);
            for use_number in 1..=uses {
                let id = self.anchors.reserve(footnote_use_id(number, use_number));
                self.push(" <a href=\"");
                self.place(Fill::Fragment { id });
                self.push(&format!(
                    "\" role=\"doc-backlink\" aria-label=\"Back to reference {number}\">↩</a>"
                ));
            }
            self.push("</li>\n");
        }
        self.push("</ol>\n</section>\n");
    }

    fn append(&mut self, chunk: Chunk) {
        let html_offset = self.chunk.body.html.len() as u32;
        self.visible_gap('\n');
        let text_offset = self.chunk.visible.text.len();
        self.chunk.body.html.push_str(&chunk.body.html);
        let places = chunk.body.places.into_iter();
        self.chunk.body.places.extend(places.map(|place| Place {
            at: place.at + html_offset,
            ..place
        }));
        self.chunk.visible.text.push_str(&chunk.visible.text);
        let runs = chunk.visible.runs.into_iter();
        self.chunk.visible.runs.extend(runs.map(|run| Run {
            text: run.text.shifted(text_offset),
            html: run.html + html_offset,
            ..run
        }));
    }
}

fn footnote_use_id(number: usize, uses: usize) -> String {
    if uses == 1 {
        format!("fnref-{number}")
    } else {
        format!("fnref-{number}-{uses}")
    }
}

fn alert(kind: BlockQuoteKind) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("note", "Note"),
        BlockQuoteKind::Tip => ("tip", "Tip"),
        BlockQuoteKind::Important => ("important", "Important"),
        BlockQuoteKind::Warning => ("warning", "Warning"),
        BlockQuoteKind::Caution => ("caution", "Caution"),
    }
}

/// The language of a code block, without what a class name cannot hold.
fn language(info: &str) -> String {
    let word = info.split([' ', ',', '{']).next().unwrap_or_default();
    word.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '#' | '-'))
        .take(40)
        .collect()
}

fn is_image_data(target: &str) -> bool {
    ["png", "gif", "jpeg", "webp"]
        .iter()
        .any(|kind| target.trim().starts_with(&format!("data:image/{kind};base64,")))
}
