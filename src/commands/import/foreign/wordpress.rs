//! Exports of WordPress: one WXR file, RSS with names of its own.
//!
//! Read as a stream, one item at a time. No entity but XML's own five is known, so none can grow.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

use super::call;
use super::common::{Common, push};
use super::export::{Export, Item, Text};
use super::html::COMMENT;
use super::moment::{self, When};
use super::post::{LeftOut, Note, Picture};
use super::site::{Head, Problem, Role, Understood};
use crate::ground::date::Zone;
use crate::ground::path::slug;
use crate::ground::text::escape_text;
use crate::ground::world::describe;

/// An export of WordPress.
#[derive(Debug)]
pub struct WordPress {
    file: PathBuf,
    name: String,
    base_url: Option<String>,
    /// Names of authors by their login.
    authors: BTreeMap<String, String>,
    /// Addresses of uploaded files by their number, for pictures of articles.
    files: BTreeMap<String, String>,
    comments: usize,
}

/// One item, as it stands there.
#[derive(Debug, Default)]
struct Raw {
    fields: BTreeMap<String, String>,
    /// Domain, nicename and name.
    terms: Vec<(String, String, String)>,
    meta: BTreeMap<String, String>,
    comments: usize,
    line: usize,
}

/// The most text of one item, in bytes.
const MAX_ITEM_BYTES: usize = 16 << 20;

impl WordPress {
    /// Reads of an export what its articles refer to. The error is in words.
    pub fn open(file: &Path) -> Result<WordPress, String> {
        let mut export = WordPress {
            file: file.to_owned(),
            name: file
                .file_name()
                .map_or(String::new(), |name| name.to_string_lossy().into_owned()),
            base_url: None,
            authors: BTreeMap::new(),
            files: BTreeMap::new(),
            comments: 0,
        };
        let (mut base_url, mut authors) = (None, BTreeMap::new());
        let (mut files, mut comments) = (BTreeMap::new(), 0);
        scan(file, &mut |part| {
            match part {
                Part::Site(address) => base_url = Some(address),
                Part::Author(login, name) => drop(authors.insert(login, name)),
                Part::Item(item) => {
                    comments += item.comments;
                    if let (Some(id), Some(address)) = (
                        item.fields.get("wp:post_id"),
                        item.fields.get("wp:attachment_url"),
                    ) {
                        files.insert(id.clone(), address.clone());
                    }
                }
            }
            Ok(())
        })?;
        export.base_url = base_url;
        export.authors = authors;
        export.files = files;
        export.comments = comments;
        Ok(export)
    }

    fn understand(&self, item: &Raw, name: &str) -> Result<Understood, String> {
        let field = |name: &str| {
            item.fields
                .get(name)
                .map(|text| text.trim())
                .filter(|text| !text.is_empty())
        };
        let kind = field("wp:post_type").unwrap_or("post");
        let status = field("wp:status").unwrap_or("publish");
        match kind {
            "post" | "page" => {}
            "attachment" => {
                return Ok(Understood::Leave(
                    "uploaded files: pictures are shown from the old site".to_owned(),
                ));
            }
            "revision" => return Ok(Understood::Leave("older versions".to_owned())),
            "nav_menu_item" => return Ok(Understood::Leave("entries of menus".to_owned())),
            other => return Ok(Understood::Leave(format!("things of the type `{other}`"))),
        }
        if matches!(status, "trash" | "auto-draft") {
            return Ok(Understood::Leave(format!("articles with the status `{status}`")));
        }
        let mut common = Common::default();
        let front = &mut common.front;
        front.title = field("title").unwrap_or("Untitled").to_owned();
        if field("title").is_none() {
            common.notes.push(Note::whole(
                name,
                "article without a title",
                "its headline is `Untitled`",
            ));
        }
        let of_utc = |name: &str| {
            let text = field(name).filter(|text| !text.starts_with("0000"))?;
            moment::read_text(&format!("{text} +0000"), &Zone::utc())
        };
        let local = field("wp:post_date")
            .filter(|text| !text.starts_with("0000"))
            .and_then(|text| moment::read_text(text, &Zone::utc()));
        common.when = of_utc("wp:post_date_gmt").map(|when| When {
            // Addresses have the day where the site was.
            day: local.as_ref().map_or(when.day, |local| local.day),
            ..when
        });
        if common.when.is_none() {
            common.when =
                local.or_else(|| field("pubDate").and_then(|text| moment::read_text(text, &Zone::utc())));
        }
        front.updated = of_utc("wp:post_modified_gmt").map(|when| when.text);
        front.summary =
            field("excerpt:encoded").map(|html| super::html::to_markdown(html).0.trim().to_owned());
        if let Some(login) = field("dc:creator") {
            let author = self.authors.get(login).map_or(login, String::as_str);
            push(&mut front.authors, author.to_owned());
        }
        for (domain, _, term) in &item.terms {
            match domain.as_str() {
                "category" | "post_tag" if term != "Uncategorized" => push(&mut front.topics, term.clone()),
                "category" | "post_tag" => {}
                other => {
                    let note = Note::whole(name, format!("taxonomy `{other}`"), "its term is a topic");
                    common.notes.push(note.about(term));
                    push(&mut front.topics, term.clone());
                }
            }
        }
        if !matches!(status, "publish" | "future") {
            front.draft = true;
            common
                .notes
                .push(Note::whole(name, "status", "a draft: `draft: true`").about(status));
        }
        if field("wp:post_password").is_some() {
            front.draft = true;
            common
                .notes
                .push(Note::whole(name, "password", "a draft: brief has no passwords"));
        }
        if let Some(file) = item.meta.get("_thumbnail_id").and_then(|id| self.files.get(id)) {
            front.image = Some(Picture {
                src: file.clone(),
                ..Picture::default()
            });
        }
        for (key, value) in &item.meta {
            match key.as_str() {
                "_yoast_wpseo_metadesc" | "rank_math_description" if front.summary.is_none() => {
                    front.summary = Some(value.clone());
                }
                key if key.starts_with('_') => {}
                key => drop(front.extra.insert(key.to_owned(), value.clone().into())),
            }
        }
        let own_slug = field("wp:post_name").map(str::to_owned);
        let address = field("link").and_then(|link| self.path_of(link));
        let slug = own_slug.unwrap_or_else(|| slug(&common.front.title));
        Ok(Understood::Take(Box::new(Head {
            role: if kind == "page" { Role::Page } else { Role::Article },
            slug,
            front: common.front,
            when: common.when,
            old: address.into_iter().collect(),
            known_as: Vec::new(),
            notes: common.notes,
        })))
    }

    /// The path of an address of the site; none for those that name a number alone.
    fn path_of(&self, link: &str) -> Option<String> {
        let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
        let path = &rest[rest.find('/')?..];
        let base = self.base_url.as_deref().and_then(|url| url.split_once("://"));
        let base = base
            .and_then(|(_, rest)| Some(&rest[rest.find('/')?..]))
            .unwrap_or_default();
        let path = path.strip_prefix(base.trim_end_matches('/')).unwrap_or(path);
        (!path.contains('?') && path != "/").then(|| path.to_owned())
    }
}

impl Export for WordPress {
    fn read(&self, each: &mut dyn FnMut(Item) -> Result<(), String>) -> Result<(), String> {
        scan(&self.file, &mut |part| {
            let Part::Item(item) = part else { return Ok(()) };
            let id = item.fields.get("wp:post_id").cloned().unwrap_or_default();
            let post = item.fields.get("wp:post_name").filter(|name| !name.is_empty());
            let name = format!("{}:{} {}", self.name, item.line, post.map_or(id, String::clone));
            let understood = self.understand(&item, &name).map_err(|message| Problem {
                file: self.name.clone(),
                line: item.line,
                column: 1,
                message,
            });
            let content = item.fields.get("content:encoded").cloned().unwrap_or_default();
            let text = Text::Raw(content, prepare);
            each(Item {
                name,
                understood,
                text,
            })
        })
    }

    fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }

    fn feed(&self) -> &'static str {
        "/feed/"
    }

    fn term_addresses(&self, topic: &str) -> Vec<String> {
        let term = slug(topic);
        vec![format!("/tag/{term}/"), format!("/category/{term}/")]
    }

    fn left_out(&self) -> LeftOut {
        let mut left_out = LeftOut::new();
        if self.comments > 0 {
            left_out.insert("comments".to_owned(), self.comments);
        }
        left_out
    }
}

/// A part of an export.
enum Part {
    /// The address of the site.
    Site(String),
    /// Login and name.
    Author(String, String),
    /// An article or whatever else.
    Item(Box<Raw>),
}

/// Reads an export part by part.
fn scan(file: &Path, each: &mut dyn FnMut(Part) -> Result<(), String>) -> Result<(), String> {
    let shown = file.display();
    let opened =
        File::open(file).map_err(|error| format!("`{shown}` cannot be read: {}", describe(&error)))?;
    let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, opened));
    let mut buffer = Vec::new();
    // The names of the open elements; deeper ones than an export has are counted only.
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut item: Option<Box<Raw>> = None;
    let mut bytes = 0;
    let mut line = 1;
    let mut term = (String::new(), String::new());
    let (mut login, mut name, mut key) = (String::new(), String::new(), String::new());
    let mut is_export = false;
    loop {
        buffer.clear();
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| format!("{shown}:{line}:1: this is no XML from here on: {error}"))?;
        let newlines = |text: &str| text.bytes().filter(|&byte| byte == b'\n').count();
        match event {
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                is_export |= name == "rss" || name == "channel";
                if path.len() > 64 {
                    return Err(format!("{shown}:{line}:1: elements lie too deep in each other"));
                }
                if name == "item" && path.len() == 2 {
                    bytes = 0;
                    item = Some(Box::new(Raw {
                        line,
                        ..Raw::default()
                    }));
                }
                if name == "category" {
                    let attribute = |wanted: &str| {
                        let found = start
                            .attributes()
                            .flatten()
                            .find(|own| own.key.as_ref() == wanted);
                        found.map_or(String::new(), |own| own.value.into_owned())
                    };
                    term = (attribute("domain"), attribute("nicename"));
                }
                line += newlines(&start);
                path.push(name);
                text.clear();
            }
            Event::Text(part) => {
                line += newlines(&part);
                text.push_str(&part);
            }
            Event::CData(part) => {
                line += newlines(&part);
                text.push_str(&part);
            }
            Event::GeneralRef(reference) => {
                let name = reference.to_string();
                match reference.resolve_char_ref() {
                    Ok(Some(character)) => text.push(character),
                    _ => text.push_str(resolve_predefined_entity(&name).unwrap_or_default()),
                }
            }
            Event::End(_) => {
                let own = path.pop().unwrap_or_default();
                let above = path.last().map_or("", String::as_str);
                bytes += text.len();
                if bytes > MAX_ITEM_BYTES {
                    return Err(format!(
                        "{shown}:{line}:1: an article has more than {MAX_ITEM_BYTES} bytes"
                    ));
                }
                let value = std::mem::take(&mut text);
                match (&mut item, above, own.as_str()) {
                    (Some(item), "item", "category") => {
                        let (domain, nicename) = std::mem::take(&mut term);
                        item.terms.push((domain, nicename, value.trim().to_owned()));
                    }
                    (Some(item), "item", "wp:comment") => item.comments += 1,
                    (Some(item), "item", field) => drop(item.fields.insert(field.to_owned(), value)),
                    (Some(_), "wp:postmeta", "wp:meta_key") => key = value.trim().to_owned(),
                    (Some(item), "wp:postmeta", "wp:meta_value") => {
                        drop(
                            item.meta
                                .insert(std::mem::take(&mut key), value.trim().to_owned()),
                        );
                    }
                    (Some(_), "channel", "item") => {
                        if let Some(item) = item.take() {
                            each(Part::Item(item))?;
                        }
                    }
                    (None, "channel", "wp:base_blog_url" | "link") if !value.trim().is_empty() => {
                        each(Part::Site(value.trim().to_owned()))?;
                    }
                    (None, "wp:author", "wp:author_login") => login = value.trim().to_owned(),
                    (None, "wp:author", "wp:author_display_name") => name = value.trim().to_owned(),
                    (None, "channel", "wp:author") => {
                        each(Part::Author(
                            std::mem::take(&mut login),
                            std::mem::take(&mut name),
                        ))?;
                    }
                    _ => {}
                }
            }
            Event::Comment(part) => line += newlines(&part),
            Event::DocType(part) => line += newlines(&part),
            Event::Eof if !is_export => return Err(format!("{shown}:1:1: this is no export of WordPress")),
            Event::Eof if !path.is_empty() => {
                return Err(format!("{shown}:{line}:1: the file ends in the middle"));
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Whether an XML file is an export of WordPress, by how it begins.
pub fn is_export(file: &Path) -> bool {
    use std::io::Read;
    let Ok(opened) = File::open(file) else {
        return false;
    };
    let mut head = Vec::new();
    if opened.take(8192).read_to_end(&mut head).is_err() {
        return false;
    }
    let head = String::from_utf8_lossy(&head);
    head.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t'])
        .starts_with('<')
        && head.contains("wordpress.org/export/")
}

/// Blocks of the editor that are plain HTML within.
const PLAIN_BLOCKS: [&str; 24] = [
    "paragraph",
    "heading",
    "list",
    "list-item",
    "quote",
    "image",
    "code",
    "preformatted",
    "verse",
    "separator",
    "spacer",
    "html",
    "table",
    "columns",
    "column",
    "group",
    "pullquote",
    "buttons",
    "button",
    "more",
    "gallery",
    "media-text",
    "cover",
    "freeform",
];

/// Makes HTML of an article's content: comments of the block editor go, shortcodes become what they stand
/// for or comments, and lines of the old editor become paragraphs.
fn prepare(content: &str) -> (String, super::html::Turned) {
    let mut turned = super::html::Turned::new();
    let is_blocks = content.contains("<!-- wp:");
    let html = blocks(content, &mut turned);
    let html = shortcodes(&html, &mut turned);
    match is_blocks {
        true => (html, turned),
        false => (paragraphs(&html), turned),
    }
}

fn comment_of(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    escape_text(&mut shown, text);
    format!("<{COMMENT}>{shown}</{COMMENT}>")
}

fn blocks(content: &str, turned: &mut super::html::Turned) -> String {
    let mut html = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find("<!--") {
        html.push_str(&rest[..at]);
        let Some(length) = rest[at..].find("-->") else {
            rest = &rest[at + 4..];
            continue;
        };
        let inner = rest[at + 4..at + length].trim();
        rest = &rest[at + length + 3..];
        let name = |block: &str| {
            let end = block.find([' ', '/', '{']).unwrap_or(block.len());
            match block[end..].starts_with('/') && !block[end..].starts_with("/-") {
                true => block.split([' ', '{']).next().unwrap_or_default().to_owned(),
                false => block[..end].to_owned(),
            }
        };
        if let Some(block) = inner.strip_prefix("wp:") {
            let name = name(block);
            let plain = name.strip_prefix("core/").unwrap_or(&name);
            if plain.starts_with("embed") || plain.starts_with("core-embed") {
                turned.push(("block `embed`".to_owned(), "a plain link".to_owned()));
            } else if !PLAIN_BLOCKS.contains(&plain) {
                let is_empty = block.trim_end().ends_with('/');
                let became = match is_empty {
                    true => "kept as a comment, which readers do not see",
                    false => "its HTML, as Markdown where it can be",
                };
                turned.push((format!("block `{name}`"), became.to_owned()));
                if is_empty {
                    html.push_str(&comment_of(inner));
                }
            }
        }
    }
    html.push_str(rest);
    html
}

/// Turns `[caption]` and the like into HTML.
fn shortcodes(html: &str, turned: &mut super::html::Turned) -> String {
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    let last_end = html.rfind(']').unwrap_or_default();
    while let Some(found) = html[at..].find('[').map(|found| at + found) {
        out.push_str(&html[at..found]);
        at = found;
        let name: String = html[found + 1..]
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
            .collect();
        let end = match found < last_end {
            true => html[found..].find(']').map(|length| found + length),
            false => None,
        };
        let Some(end) = end else { break };
        let inner = &html[found + 1..end];
        // `[1]`, `[sic]` and other words in brackets are text; a shortcode is known or has arguments.
        let known = [
            "caption",
            "embed",
            "gallery",
            "video",
            "audio",
            "youtube",
            "playlist",
            "wp_caption",
            "contact-form-7",
            "vc_row",
        ];
        let has_arguments = inner.contains('=') && inner[name.len()..].starts_with(' ');
        if name.is_empty()
            || inner.contains(['\n', '<', '['])
            || !(known.contains(&name.as_str()) || has_arguments)
        {
            out.push('[');
            at = found + 1;
            continue;
        }
        let closing = format!("[/{name}]");
        let behind = end + 1;
        // Looked for nearby only: a shortcode without an end stands alone.
        let window_end = (behind + 100_000).min(html.len());
        let window_end = (behind..=window_end)
            .rev()
            .find(|&at| html.is_char_boundary(at))
            .unwrap_or(behind);
        let body = html[behind..window_end]
            .find(&closing)
            .map(|length| behind..behind + length);
        let arguments = call::arguments(inner[name.len()..].trim_end_matches('/'));
        let argument = |wanted: &str| {
            arguments
                .iter()
                .find(|(key, _)| key.as_deref() == Some(wanted))
                .map(|(_, value)| value.clone())
        };
        let what = format!("shortcode `{name}`");
        match (name.as_str(), &body) {
            ("caption" | "wp_caption", Some(body)) => {
                turned.push((what, "a picture, its caption as its title".to_owned()));
                let text = &html[body.clone()];
                let (image, caption) = match text.rfind('>') {
                    Some(at) => (&text[..=at], text[at + 1..].trim().to_owned()),
                    None => (text, String::new()),
                };
                let caption = if caption.is_empty() {
                    argument("caption").unwrap_or_default()
                } else {
                    caption
                };
                out.push_str(&format!(
                    "\n\n<figure>{image}<figcaption>{caption}</figcaption></figure>\n\n"
                ));
                at = body.end + closing.len();
            }
            ("embed" | "youtube", Some(body)) => {
                turned.push((what, "a plain link".to_owned()));
                let address = html[body.clone()].trim();
                out.push_str(&format!("<a href=\"{address}\">{address}</a>"));
                at = body.end + closing.len();
            }
            ("video" | "audio", _) => {
                let src = ["src", "mp4", "mp3", "webm", "ogg"]
                    .iter()
                    .find_map(|name| argument(name));
                match src {
                    Some(src) => {
                        turned.push((what, "a plain link".to_owned()));
                        out.push_str(&format!("<a href=\"{src}\">{src}</a>"));
                    }
                    None => {
                        turned.push((what, "kept as a comment, which readers do not see".to_owned()));
                        out.push_str(&comment_of(&html[found..behind]));
                    }
                }
                at = body.as_ref().map_or(behind, |body| body.end + closing.len());
            }
            _ => {
                turned.push((what, "kept as a comment, which readers do not see".to_owned()));
                out.push_str(&comment_of(&html[found..behind]));
                at = behind;
            }
        }
    }
    out.push_str(&html[at..]);
    out
}

/// The old editor wrote no paragraphs: an empty line divides them, a line break is one.
fn paragraphs(html: &str) -> String {
    let unix = html.replace("\r\n", "\n");
    if unix.contains("<p>") || unix.contains("<p ") {
        return unix;
    }
    let mut out = String::with_capacity(unix.len() + 64);
    let mut is_pre = false;
    for block in unix.split("\n\n") {
        let trimmed = block.trim();
        if trimmed.is_empty() {
            continue;
        }
        let lower = trimmed.to_ascii_lowercase();
        let begins = |tags: &[&str]| tags.iter().any(|tag| lower.starts_with(&format!("<{tag}")));
        let is_block = begins(&[
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "ul",
            "ol",
            "li",
            "table",
            "pre",
            "blockquote",
            "div",
            "figure",
            "hr",
            "/",
            "brief-comment",
            "iframe",
            "script",
            "form",
        ]);
        match is_pre || is_block {
            true => out.push_str(&format!("{block}\n\n")),
            false => out.push_str(&format!("<p>{}</p>\n\n", trimmed.replace('\n', "<br>\n"))),
        }
        let opens = lower.matches("<pre").count();
        let closes = lower.matches("</pre").count();
        is_pre = (usize::from(is_pre) + opens) > closes;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_editors_become_html() {
        let (html, turned) = prepare("One\nline.\n\nTwo [1] [sic].\n\n[gallery ids=\"1,2\"]");
        assert_eq!(
            html,
            "<p>One<br>\nline.</p>\n\n<p>Two [1] [sic].</p>\n\n<brief-comment>[gallery ids=&quot;1,2&quot;]</brief-comment>\n\n"
        );
        assert_eq!(turned.len(), 1);
        let (html, turned) = prepare(
            "<!-- wp:paragraph {\"a\":1} --><p>A</p><!-- /wp:paragraph --><!-- wp:latest-posts {\"b\":2} /-->",
        );
        assert_eq!(
            html,
            "<p>A</p><brief-comment>wp:latest-posts {&quot;b&quot;:2} /</brief-comment>"
        );
        assert_eq!(
            turned.first().map(|(what, _)| what.as_str()),
            Some("block `latest-posts`")
        );
    }
}
