//! RSS 0.9x, 1.0 and 2.0, and Atom: one reader for all, since feeds mix them.
//!
//! Elements are known by the namespace they are in, under whatever prefix. Sources: RFC 4287 for Atom, the RSS 2.0
//! specification of the RSS Advisory Board, RSS 1.0 with its modules `content` and `dc`, Media RSS.

use std::collections::BTreeMap;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Desk;
use super::entry::{Channel, Enclosure, Entry, Text};
use crate::commands::import::foreign::post::Picture;
use crate::commands::import::page::plain;

/// The deepest that elements lie in each other, outside of texts.
const MAX_DEPTH: usize = 32;

/// The namespaces that are known, by parts of their names, and the prefixes under which they are known here.
const NAMESPACES: [(&str, &str); 11] = [
    ("www.w3.org/2005/Atom", "atom"),
    ("purl.org/atom/ns", "atom"),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/dc/terms", "dcterms"),
    ("purl.org/dc/elements", "dc"),
    ("search.yahoo.com/mrss", "media"),
    ("www.itunes.com/dtds", "itunes"),
    ("www.w3.org/1999/xhtml", "xhtml"),
    ("www.w3.org/1999/02/22-rdf", "rdf"),
    ("purl.org/rss/1.0/", ""),
    ("my.netscape.com/rdf", ""),
];

/// The name of the first element, without its prefix.
pub fn root(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    for _ in 0..32 {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => return Some(start.local_name().as_ref().to_owned()),
            Event::Eof => return None,
            _ => {}
        }
    }
    None
}

/// The kind of a file by its media type: `audio`, `video`, `image`, or the type itself.
pub fn kind_of(media_type: &str) -> String {
    media_type
        .split('/')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// An element of which all is known: its name, its attributes, what stands in it.
struct Leaf {
    attributes: BTreeMap<String, String>,
    /// Its text, with entities resolved.
    text: String,
    /// Its content as it stands in the feed, where elements are in it.
    markup: Option<String>,
}

impl Leaf {
    fn attribute(&self, name: &str) -> Option<&str> {
        let value = self.attributes.get(name)?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The text in one line, also where elements are in it.
    fn line(&self) -> Option<String> {
        let line = plain(self.markup.as_deref().unwrap_or(&self.text));
        (!line.is_empty()).then_some(line)
    }

    fn bare(&self) -> Option<String> {
        let text = self.text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// Reads a feed, entry by entry. What breaks it off is the result, with line and column; that it is no feed is the error.
pub fn read(text: &str, desk: &mut Desk<'_>) -> Result<Option<String>, String> {
    let mut parser = Parser {
        text,
        reader: Reader::from_str(text),
        prefixes: BTreeMap::new(),
        path: Vec::new(),
        bases: Vec::new(),
        channel: Channel::default(),
        entry: None,
        is_feed: false,
    };
    let config = parser.reader.config_mut();
    config.expand_empty_elements = true;
    // Titles hold a bare `&` more often than not.
    config.allow_dangling_amp = true;
    loop {
        match parser.step(desk) {
            Ok(true) => {}
            Ok(false) => break,
            Err(Stop::Handed(error)) => return Err(error),
            Err(Stop::Broken(what)) => {
                let place = place(
                    text,
                    parser
                        .reader
                        .error_position()
                        .max(parser.reader.buffer_position()),
                );
                let broken = format!("feed:{place}: {what}");
                return if parser.is_feed {
                    Ok(Some(broken))
                } else {
                    Err(broken)
                };
            }
        }
    }
    if !parser.is_feed {
        return Err("this is no feed: neither RSS nor Atom".to_owned());
    }
    if parser.path.is_empty() {
        return Ok(None);
    }
    let place = place(text, u64::try_from(text.len()).unwrap_or(u64::MAX));
    Ok(Some(format!(
        "feed:{place}: the feed ends within `{}`",
        parser.path.join(" > ")
    )))
}

/// Why reading stops.
enum Stop {
    /// Whoever takes the clips wants no more.
    Handed(String),
    /// The feed is broken.
    Broken(String),
}

impl From<quick_xml::Error> for Stop {
    fn from(error: quick_xml::Error) -> Stop {
        Stop::Broken(format!("this is no XML from here on: {error}"))
    }
}

/// Line and column of a byte.
fn place(text: &str, at: u64) -> String {
    let mut at = usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    format!("{line}:{column}")
}

struct Parser<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    /// Prefixes as the feed has them, and as they are known here.
    prefixes: BTreeMap<String, &'static str>,
    /// The names of the open elements.
    path: Vec<String>,
    /// What addresses start from at each of them.
    bases: Vec<Option<String>>,
    channel: Channel,
    entry: Option<Box<Entry>>,
    is_feed: bool,
}

impl Parser<'_> {
    /// Goes on by one element. False at the end.
    fn step(&mut self, desk: &mut Desk<'_>) -> Result<bool, Stop> {
        match self.reader.read_event()? {
            Event::Eof => return Ok(false),
            Event::Start(start) => self.start(&start)?,
            Event::End(_) => {
                let name = self.path.pop().unwrap_or_default();
                self.bases.pop();
                if matches!(name.as_str(), "item" | "entry")
                    && let Some(entry) = self.entry.take()
                {
                    desk.take(*entry, &self.channel).map_err(Stop::Handed)?;
                }
            }
            _ => {}
        }
        Ok(true)
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Stop> {
        let attributes = self.attributes(start);
        let name = self.name(start.name().as_ref());
        self.is_feed |= matches!(name.as_str(), "rss" | "feed" | "channel" | "rdf:RDF");
        if self.path.len() >= MAX_DEPTH {
            return Err(Stop::Broken("elements lie too deep in each other".to_owned()));
        }
        let base = attributes
            .get("xml:base")
            .map(|base| self.joined(base))
            .or_else(|| self.base());
        let above = self.path.last().map_or("", String::as_str).to_owned();
        let is_entry = matches!(name.as_str(), "item" | "entry")
            && matches!(above.as_str(), "channel" | "feed" | "rdf:RDF" | "rss");
        let is_group = matches!(
            name.as_str(),
            "media:group" | "channel" | "feed" | "rss" | "rdf:RDF"
        );
        if is_entry
            || is_group
            || !matches!(
                above.as_str(),
                "item" | "entry" | "media:group" | "channel" | "feed" | "media:content"
            )
        {
            if is_entry {
                self.entry = Some(Box::new(Entry {
                    // RSS 1.0 names its entries so.
                    id: attributes.get("rdf:about").cloned(),
                    language: attributes.get("xml:lang").cloned(),
                    ..Entry::default()
                }));
            }
            if name == "feed" || name == "channel" {
                self.channel.language = attributes.get("xml:lang").cloned();
            }
            self.path.push(name);
            self.bases.push(base);
            return Ok(());
        }
        if name == "media:content" {
            // Words about it may stand in it.
            let leaf = Leaf {
                attributes,
                text: String::new(),
                markup: None,
            };
            if let Some(mut entry) = self.entry.take() {
                self.media(&mut entry, &leaf);
                self.entry = Some(entry);
            }
            self.path.push(name);
            self.bases.push(base);
            return Ok(());
        }
        let leaf = self.leaf(start, attributes)?;
        let base = base.clone();
        match self.entry.take() {
            Some(mut entry) => {
                self.field(&mut entry, &name, leaf, base);
                self.entry = Some(entry);
            }
            None => self.of_channel(&name, &leaf),
        }
        Ok(())
    }

    /// A name under the prefixes known here; those of the feed's own language have none.
    fn name(&self, raw: &str) -> String {
        let (prefix, local) = raw.split_once(':').unwrap_or(("", raw));
        let known = match self.prefixes.get(prefix) {
            Some(known) => known,
            // A feed that forgets to declare a prefix means what everybody means by it.
            None => prefix,
        };
        match known {
            "" => local.to_owned(),
            // The elements of Atom have the names of RSS where they mean the same.
            "atom" => local.to_owned(),
            known => format!("{known}:{local}"),
        }
    }

    fn attributes(&mut self, start: &BytesStart<'_>) -> BTreeMap<String, String> {
        let mut attributes = BTreeMap::new();
        for attribute in start.attributes().with_checks(false).flatten().take(64) {
            let key = attribute.key.as_ref().to_owned();
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_or_else(|_| attribute.value.to_string(), |value| value.into_owned());
            let prefix = match key.split_once(':') {
                Some(("xmlns", prefix)) => Some(prefix.to_owned()),
                None if key == "xmlns" => Some(String::new()),
                _ => None,
            };
            if let Some(prefix) = prefix {
                let known = NAMESPACES.iter().find(|(part, _)| value.contains(part));
                if let Some((_, known)) =
                    known.filter(|_| self.prefixes.len() < 64 && (self.path.is_empty() || !prefix.is_empty()))
                {
                    self.prefixes.insert(prefix, known);
                }
                continue;
            }
            let key = match key.split_once(':') {
                Some((prefix, local)) => match self.prefixes.get(prefix) {
                    Some(known) => format!("{known}:{local}"),
                    None => key,
                },
                None => key,
            };
            attributes.insert(key, value);
        }
        attributes
    }

    /// Reads an element to its end.
    fn leaf(&mut self, start: &BytesStart<'_>, attributes: BTreeMap<String, String>) -> Result<Leaf, Stop> {
        let name = start.name().as_ref().to_owned();
        let from = self.reader.buffer_position();
        let mut to = from;
        let mut text = String::new();
        let (mut depth, mut has_elements) = (1_usize, false);
        while depth > 0 {
            to = self.reader.buffer_position();
            match self.reader.read_event()? {
                Event::Start(inner) => {
                    // XHTML declares its prefix where it starts.
                    if depth <= 2 {
                        self.attributes(&inner);
                    }
                    depth += 1;
                    has_elements = true;
                }
                Event::End(_) => depth -= 1,
                Event::Text(part) => text.push_str(&part),
                Event::CData(part) => text.push_str(&part),
                Event::GeneralRef(reference) => {
                    let entity = reference.to_string();
                    match (reference.resolve_char_ref(), resolve_predefined_entity(&entity)) {
                        (Ok(Some(character)), _) => text.push(character),
                        (_, Some(known)) => text.push_str(known),
                        // One of HTML, which is resolved with the HTML.
                        _ => text.push_str(&format!("&{entity};")),
                    }
                }
                Event::Eof => {
                    return Err(Stop::Broken(format!("the feed ends within `{name}`")));
                }
                _ => {}
            }
        }
        let markup = has_elements.then(|| self.slice(from, to));
        Ok(Leaf {
            attributes,
            text,
            markup,
        })
    }

    /// A part of the feed as it stands there, with XHTML under the names of HTML.
    fn slice(&self, from: u64, to: u64) -> String {
        let at = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let slice = self.text.get(at(from)..at(to)).unwrap_or_default();
        let slice = slice.replace("<![CDATA[", "").replace("]]>", "");
        let mut markup = slice;
        for (prefix, _) in self
            .prefixes
            .iter()
            .filter(|(prefix, known)| **known == "xhtml" && !prefix.is_empty())
        {
            markup = markup
                .replace(&format!("<{prefix}:"), "<")
                .replace(&format!("</{prefix}:"), "</");
        }
        markup
    }

    fn base(&self) -> Option<String> {
        self.bases.last().cloned().flatten()
    }

    /// An address from where the open element stands.
    fn joined(&self, address: &str) -> String {
        let address = address.trim();
        let base = self.base().or_else(|| self.channel.link.clone());
        let joined = base.and_then(|base| url::Url::parse(&base).ok()?.join(address).ok());
        match joined {
            Some(url) if !address.contains("://") => url.to_string(),
            _ => address.to_owned(),
        }
    }

    fn of_channel(&mut self, name: &str, leaf: &Leaf) {
        let link = match name {
            "link" => self.link(leaf),
            _ => None,
        };
        let channel = &mut self.channel;
        match name {
            "title" if channel.title.is_none() => channel.title = leaf.line(),
            "link" if channel.link.is_none() => channel.link = link,
            "language" | "dc:language" => channel.language = leaf.bare(),
            // The author of an Atom feed is that of its entries; editors of RSS are not.
            "author" if leaf.markup.is_some() => channel.authors.extend(person(leaf)),
            _ => {}
        }
    }

    /// The address of the page: not that of the feed itself, of comments or of an editor.
    fn link(&self, leaf: &Leaf) -> Option<String> {
        let address = match leaf.attribute("href") {
            Some(href) if leaf.attribute("rel").is_none_or(|rel| rel == "alternate") => href.to_owned(),
            Some(_) => return None,
            None => leaf.bare()?,
        };
        Some(self.joined(&address)).filter(|address| address.contains("://") && address.len() < 4096)
    }

    fn field(&self, entry: &mut Entry, name: &str, leaf: Leaf, base: Option<String>) {
        // `channel` says nothing here; items of RSS lie in it.
        let first = |slot: &mut Option<String>, value: Option<String>| {
            if slot.is_none() {
                *slot = value;
            }
        };
        match name {
            "title" if entry.title.is_none() => entry.title = Some(text_of(leaf, base)),
            "link" => self.entry_link(entry, &leaf),
            "guid" | "id" => {
                let id = leaf.bare();
                let is_address = leaf.attribute("isPermaLink") != Some("false");
                if name == "guid" && is_address && entry.link.is_none() {
                    entry.link = id.clone().filter(|id| id.starts_with("http"));
                }
                entry.id = id.or(entry.id.take());
            }
            "content:encoded" | "content" | "xhtml:body" | "xhtml:div" => {
                let is_elsewhere = leaf.attribute("src").is_some();
                let text = text_of(leaf, base);
                let is_longer = entry
                    .content
                    .as_ref()
                    .is_none_or(|known| known.text.len() < text.text.len());
                if !is_elsewhere && is_longer && !text.text.trim().is_empty() {
                    entry.content = Some(text);
                }
            }
            "description" | "summary" | "itunes:summary"
                if entry.summary.is_none() || name != "itunes:summary" =>
            {
                let text = text_of(leaf, base);
                if !text.text.trim().is_empty() {
                    entry.summary = Some(text);
                }
            }
            "pubDate" | "published" | "issued" | "dc:date" | "dcterms:created" | "dcterms:issued"
            | "created" => {
                first(&mut entry.published, leaf.bare());
            }
            "updated" | "modified" | "dcterms:modified" => first(&mut entry.updated, leaf.bare()),
            "author" | "dc:creator" => entry.authors.extend(person(&leaf)),
            "itunes:author" if entry.authors.is_empty() => entry.authors.extend(leaf.line()),
            "category" | "dc:subject" => {
                let label = leaf
                    .attribute("label")
                    .or_else(|| leaf.attribute("term"))
                    .map(str::to_owned);
                entry.topics.extend(label.or_else(|| leaf.line()));
            }
            "dc:language" => entry.language = leaf.bare(),
            // Where an entry of a collected feed came from.
            "source" => entry.source = nested(&leaf, "title").or_else(|| leaf.line()),
            "enclosure" => self.enclosure(entry, &leaf, "url"),
            "itunes:image" => first_picture(entry, leaf.attribute("href").map(|href| self.joined(href))),
            name if name.starts_with("media:") => self.media_field(entry, name, &leaf),
            _ => {}
        }
    }

    fn entry_link(&self, entry: &mut Entry, leaf: &Leaf) {
        if leaf.attribute("rel") == Some("enclosure") {
            self.enclosure(entry, leaf, "href");
        } else if let Some(link) = self.link(leaf)
            && (entry.link.is_none() || leaf.attribute("rel").is_some() || leaf.attribute("href").is_none())
        {
            entry.link = Some(link);
        }
    }

    fn enclosure(&self, entry: &mut Entry, leaf: &Leaf, key: &str) {
        let Some(url) = leaf.attribute(key).map(|url| self.joined(url)) else {
            return;
        };
        let kind = kind_of(leaf.attribute("type").unwrap_or_default());
        if !url.contains("://") || entry.enclosures.len() >= 20 {
            return;
        }
        match kind.as_str() {
            "image" => first_picture(entry, Some(url)),
            _ => entry.enclosures.push(Enclosure { url, kind }),
        }
    }

    fn media(&self, entry: &mut Entry, leaf: &Leaf) {
        let kind = leaf.attribute("medium").map_or_else(
            || kind_of(leaf.attribute("type").unwrap_or_default()),
            str::to_owned,
        );
        let Some(url) = leaf.attribute("url").map(|url| self.joined(url)) else {
            return;
        };
        let is_picture = kind == "image"
            || kind.is_empty()
                && [".jpg", ".jpeg", ".png", ".webp", ".gif"]
                    .iter()
                    .any(|end| url.to_ascii_lowercase().contains(end));
        if is_picture {
            first_picture(entry, Some(url));
        }
    }

    fn media_field(&self, entry: &mut Entry, name: &str, leaf: &Leaf) {
        let of_picture = |set: fn(&mut Picture) -> &mut Option<String>, entry: &mut Entry| {
            if let Some(picture) = &mut entry.image {
                let slot = set(picture);
                if slot.is_none() {
                    *slot = leaf.line();
                }
            }
        };
        match name {
            "media:thumbnail" => first_picture(entry, leaf.attribute("url").map(|url| self.joined(url))),
            "media:credit" => of_picture(|picture| &mut picture.credit, entry),
            "media:description" | "media:title" => of_picture(|picture| &mut picture.caption, entry),
            "media:text" if entry.content.is_none() && entry.summary.is_none() => {
                entry.summary = leaf.line().map(|text| Text {
                    text,
                    is_plain: true,
                    base: None,
                });
            }
            _ => {}
        }
    }
}

fn first_picture(entry: &mut Entry, src: Option<String>) {
    if entry.image.is_none() {
        entry.image = src.filter(|src| src.contains("://")).map(|src| Picture {
            src: crate::commands::import::page::without_tracking(&src),
            ..Picture::default()
        });
    }
}

/// A text with its kind: Atom says it, RSS has HTML everywhere.
fn text_of(leaf: Leaf, base: Option<String>) -> Text {
    let kind = leaf.attribute("type").unwrap_or_default().to_ascii_lowercase();
    let is_plain = matches!(kind.as_str(), "text" | "text/plain" | "plain") && leaf.markup.is_none();
    Text {
        text: leaf.markup.unwrap_or(leaf.text),
        is_plain,
        base,
    }
}

/// A person's name: an element in Atom, "post@example.org (Name)" in RSS.
fn person(leaf: &Leaf) -> Option<String> {
    if leaf.markup.is_some() {
        return nested(leaf, "name");
    }
    let line = leaf.line()?;
    match line.split_once('(') {
        Some((address, name)) if address.contains('@') => Some(name.trim_end_matches(')').to_owned()),
        _ => Some(line),
    }
}

/// The text of an element within.
fn nested(leaf: &Leaf, wanted: &str) -> Option<String> {
    let markup = leaf.markup.as_deref()?;
    let mut reader = Reader::from_str(markup);
    let mut is_inside = false;
    let mut found = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) if start.local_name().as_ref() == wanted => is_inside = true,
            Event::End(_) if is_inside => break,
            Event::Text(part) if is_inside => found.push_str(&part),
            Event::CData(part) if is_inside => found.push_str(&part),
            Event::GeneralRef(reference) if is_inside => found.push_str(&format!("&{};", &*reference)),
            Event::Eof => return None,
            _ => {}
        }
    }
    let line = plain(&found);
    (!line.is_empty()).then_some(line)
}
