//! Ghost's two formats of texts, lexical and mobiledoc, as HTML. An export has the HTML of most articles
//! beside them; this is for those that were never shown.

use serde_json::Value;

use super::super::html::{COMMENT, Turned};
use super::super::value::{at, text_of};
use crate::ground::text::{escape_attribute, escape_text};

/// The deepest that nodes lie in each other.
const MAX_DEPTH: usize = 64;

/// Lexical's tree as HTML, and which cards were turned.
pub fn of_lexical(text: &str) -> (String, Turned) {
    let mut turned = Turned::new();
    let mut html = String::new();
    match serde_json::from_str::<Value>(text) {
        Ok(value) => {
            if let Some(root) = at(&value, &["root"]) {
                children(root, &mut html, &mut turned, 0);
            }
        }
        Err(error) => turned.push(("text in lexical".to_owned(), format!("left out: {error}"))),
    }
    (html, turned)
}

fn children(node: &Value, html: &mut String, turned: &mut Turned, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    for child in at(node, &["children"])
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        lexical(child, html, turned, depth + 1);
    }
}

fn lexical(node: &Value, html: &mut String, turned: &mut Turned, depth: usize) {
    let kind = at(node, &["type"]).and_then(Value::as_str).unwrap_or_default();
    let text = |name: &str| at(node, &[name]).and_then(text_of).unwrap_or_default();
    let within = |open: &str, close: &str, html: &mut String, turned: &mut Turned| {
        html.push_str(open);
        children(node, html, turned, depth);
        html.push_str(close);
    };
    match kind {
        "paragraph" => within("<p>", "</p>", html, turned),
        "heading" | "extended-heading" => {
            let tag = text("tag");
            let tag = if matches!(tag.as_str(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
                tag
            } else {
                "h2".to_owned()
            };
            within(&format!("<{tag}>"), &format!("</{tag}>"), html, turned);
        }
        "quote" | "extended-quote" | "aside" => within("<blockquote><p>", "</p></blockquote>", html, turned),
        "list" => match text("listType").as_str() {
            "number" => within("<ol>", "</ol>", html, turned),
            _ => within("<ul>", "</ul>", html, turned),
        },
        "listitem" => within("<li>", "</li>", html, turned),
        "link" | "autolink" => {
            let open = format!("<a href=\"{}\">", escaped(&text("url")));
            within(&open, "</a>", html, turned);
        }
        "linebreak" => html.push_str("<br>"),
        "text" | "extended-text" => {
            let format = at(node, &["format"]).and_then(Value::as_u64).unwrap_or_default();
            let written = at(node, &["text"]).and_then(Value::as_str).unwrap_or_default();
            let mut inner = shown(written);
            for (bit, tag) in [(16, "code"), (4, "del"), (2, "em"), (1, "strong")] {
                if format & bit != 0 {
                    inner = format!("<{tag}>{inner}</{tag}>");
                }
            }
            html.push_str(&inner);
        }
        _ => card(kind, node, html, turned),
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape_attribute(&mut escaped, text);
    escaped
}

fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    escape_text(&mut shown, text);
    shown
}

/// A card by its name, with what it holds.
fn card(name: &str, payload: &Value, html: &mut String, turned: &mut Turned) {
    let text = |name: &str| at(payload, &[name]).and_then(text_of).unwrap_or_default();
    let mut tell = |became: &str| turned.push((format!("card `{name}`"), became.to_owned()));
    match name {
        "image" => {
            let (src, alt) = (escaped(&text("src")), escaped(&text("alt")));
            let caption = text("caption");
            html.push_str(&format!(
                "<figure><img src=\"{src}\" alt=\"{alt}\"><figcaption>{caption}</figcaption></figure>"
            ));
        }
        "gallery" => {
            tell("its pictures, one below the other");
            for image in at(payload, &["images"])
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                let text = |name: &str| at(image, &[name]).and_then(text_of).unwrap_or_default();
                let (src, alt) = (escaped(&text("src")), escaped(&text("alt")));
                html.push_str(&format!("<figure><img src=\"{src}\" alt=\"{alt}\"></figure>"));
            }
        }
        "hr" | "horizontalrule" => html.push_str("<hr>"),
        "code" | "codeblock" => {
            let (language, code) = (escaped(&text("language")), shown(&text("code")));
            html.push_str(&format!(
                "<pre><code class=\"language-{language}\">{code}</code></pre>"
            ));
        }
        "html" => {
            tell("its HTML, as Markdown where it can be");
            html.push_str(&text("html"));
        }
        "markdown" | "card-markdown" => {
            // Markdown goes through as a text of its own; most of it is the same after that.
            tell("its text");
            let parser = pulldown_cmark::Parser::new(
                at(payload, &["markdown"])
                    .and_then(Value::as_str)
                    .unwrap_or_default(),
            );
            pulldown_cmark_html(parser, html);
        }
        "bookmark" => {
            let address = escaped(&text("url"));
            let of = |name: &str| {
                at(payload, &["metadata", name])
                    .and_then(text_of)
                    .unwrap_or_default()
            };
            html.push_str(&format!(
                "<figure class=\"kg-bookmark-card\"><a href=\"{address}\"><div class=\"kg-bookmark-title\">{}</div>\
                 <div class=\"kg-bookmark-description\">{}</div></a></figure>",
                shown(&of("title")),
                shown(&of("description"))
            ));
        }
        "callout" => html.push_str(&format!(
            "<div class=\"kg-callout-card\"><p>{} {}</p></div>",
            shown(&text("calloutEmoji")),
            text("calloutText")
        )),
        "button" => html.push_str(&format!(
            "<div class=\"kg-button-card\"><a href=\"{}\">{}</a></div>",
            escaped(&text("buttonUrl")),
            shown(&text("buttonText"))
        )),
        "toggle" => html.push_str(&format!(
            "<div class=\"kg-toggle-card\"><p><strong>{}</strong></p>{}</div>",
            text("heading"),
            text("content")
        )),
        "embed" | "video" | "audio" | "file" => {
            tell("a plain link");
            let address = [text("url"), text("src")]
                .into_iter()
                .find(|address| !address.is_empty());
            let address = address.unwrap_or_default();
            let title = [text("title"), text("fileTitle"), address.clone()];
            let title = title
                .into_iter()
                .find(|title| !title.is_empty())
                .unwrap_or_default();
            html.push_str(&format!(
                "<p><a href=\"{}\">{}</a></p>",
                escaped(&address),
                shown(&title)
            ));
        }
        "" | "paywall" => {}
        other => {
            tell("kept as a comment, which readers do not see");
            html.push_str(&format!("<{COMMENT}>card {}</{COMMENT}>", shown(other)));
        }
    }
}

/// The few marks that cards of Markdown have, as HTML.
fn pulldown_cmark_html(parser: pulldown_cmark::Parser<'_>, html: &mut String) {
    use pulldown_cmark::{Event, Tag, TagEnd};
    for event in parser {
        match event {
            Event::Start(Tag::Paragraph) => html.push_str("<p>"),
            Event::End(TagEnd::Paragraph) => html.push_str("</p>"),
            Event::Start(Tag::Heading { level, .. }) => html.push_str(&format!("<{level}>")),
            Event::End(TagEnd::Heading(level)) => html.push_str(&format!("</{level}>")),
            Event::Start(Tag::List(None)) => html.push_str("<ul>"),
            Event::Start(Tag::List(Some(_))) => html.push_str("<ol>"),
            Event::End(TagEnd::List(is_ordered)) => html.push_str(if is_ordered { "</ol>" } else { "</ul>" }),
            Event::Start(Tag::Item) => html.push_str("<li>"),
            Event::End(TagEnd::Item) => html.push_str("</li>"),
            Event::Start(Tag::BlockQuote(_)) => html.push_str("<blockquote>"),
            Event::End(TagEnd::BlockQuote(_)) => html.push_str("</blockquote>"),
            Event::Start(Tag::CodeBlock(_)) => html.push_str("<pre><code>"),
            Event::End(TagEnd::CodeBlock) => html.push_str("</code></pre>"),
            Event::Start(Tag::Emphasis) => html.push_str("<em>"),
            Event::End(TagEnd::Emphasis) => html.push_str("</em>"),
            Event::Start(Tag::Strong) => html.push_str("<strong>"),
            Event::End(TagEnd::Strong) => html.push_str("</strong>"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                html.push_str(&format!("<a href=\"{}\">", escaped(&dest_url)));
            }
            Event::End(TagEnd::Link) => html.push_str("</a>"),
            Event::Start(Tag::Image { dest_url, .. }) => {
                html.push_str(&format!("<img src=\"{}\" alt=\"", escaped(&dest_url)));
            }
            Event::End(TagEnd::Image) => html.push_str("\">"),
            Event::Text(text) => html.push_str(&escaped(&text)),
            Event::Code(text) => html.push_str(&format!("<code>{}</code>", shown(&text))),
            Event::Html(text) | Event::InlineHtml(text) => html.push_str(&text),
            Event::SoftBreak => html.push('\n'),
            Event::HardBreak => html.push_str("<br>"),
            Event::Rule => html.push_str("<hr>"),
            _ => {}
        }
    }
}

/// Mobiledoc's sections as HTML, and which cards were turned.
pub fn of_mobiledoc(text: &str) -> (String, Turned) {
    let mut turned = Turned::new();
    let mut html = String::new();
    let document: Value = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => {
            turned.push(("text in mobiledoc".to_owned(), format!("left out: {error}")));
            return (html, turned);
        }
    };
    let list = |name: &str| {
        at(&document, &[name])
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let (markups, cards, atoms) = (list("markups"), list("cards"), list("atoms"));
    for section in list("sections") {
        let part = |index: usize| section.get(index);
        match part(0).and_then(Value::as_u64) {
            Some(1) => {
                let tag = part(1).and_then(Value::as_str).unwrap_or("p");
                let tag = match tag {
                    "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "aside" | "p" => tag,
                    _ => "p",
                };
                html.push_str(&format!("<{tag}>{}</{tag}>", markers(part(2), &markups, &atoms)));
            }
            Some(2) => {
                let src = part(1).and_then(text_of).unwrap_or_default();
                html.push_str(&format!(
                    "<figure><img src=\"{}\" alt=\"\"></figure>",
                    escaped(&src)
                ));
            }
            Some(3) => {
                let tag = if part(1).and_then(Value::as_str) == Some("ol") {
                    "ol"
                } else {
                    "ul"
                };
                html.push_str(&format!("<{tag}>"));
                for item in part(2).and_then(Value::as_array).into_iter().flatten() {
                    html.push_str(&format!("<li>{}</li>", markers(Some(item), &markups, &atoms)));
                }
                html.push_str(&format!("</{tag}>"));
            }
            Some(10) => {
                let index = part(1)
                    .and_then(Value::as_u64)
                    .and_then(|index| usize::try_from(index).ok());
                if let Some(found) = index.and_then(|index| cards.get(index)) {
                    let name = found.get(0).and_then(Value::as_str).unwrap_or_default();
                    let empty = Value::Null;
                    card(name, found.get(1).unwrap_or(&empty), &mut html, &mut turned);
                }
            }
            _ => {}
        }
    }
    (html, turned)
}

/// The marked pieces of a section.
fn markers(list: Option<&Value>, markups: &[Value], atoms: &[Value]) -> String {
    let mut html = String::new();
    let mut open: Vec<String> = Vec::new();
    for marker in list.and_then(Value::as_array).into_iter().flatten() {
        let written = marker.get(3).and_then(Value::as_str).unwrap_or_default();
        if written.starts_with(' ') {
            // A space at the edge of a mark belongs before it.
            html.push(' ');
        }
        let opened = marker.get(1).and_then(Value::as_array).into_iter().flatten();
        for index in opened.filter_map(Value::as_u64) {
            let markup = usize::try_from(index).ok().and_then(|index| markups.get(index));
            let tag = markup
                .and_then(|markup| markup.get(0))
                .and_then(Value::as_str)
                .unwrap_or("span");
            let tag = match tag {
                "a" | "strong" | "b" | "em" | "i" | "code" | "s" | "u" | "sub" | "sup" => tag,
                _ => "span",
            };
            let attributes = markup.and_then(|markup| markup.get(1)).and_then(Value::as_array);
            let href = attributes
                .into_iter()
                .flatten()
                .skip_while(|name| name.as_str() != Some("href"))
                .nth(1);
            match href.and_then(text_of).filter(|_| tag == "a") {
                Some(href) => html.push_str(&format!("<a href=\"{}\">", escaped(&href))),
                None => html.push_str(&format!("<{tag}>")),
            }
            open.push(tag.to_owned());
        }
        match marker.get(0).and_then(Value::as_u64) {
            Some(1) => {
                let index = marker
                    .get(3)
                    .and_then(Value::as_u64)
                    .and_then(|index| usize::try_from(index).ok());
                let atom = index
                    .and_then(|index| atoms.get(index))
                    .and_then(|atom| atom.get(0));
                if atom.and_then(Value::as_str) == Some("soft-return") {
                    html.push_str("<br>");
                }
            }
            _ => html.push_str(&shown(written.trim_start_matches(' '))),
        }
        let closed = marker.get(2).and_then(Value::as_u64).unwrap_or_default();
        for _ in 0..closed.min(64) {
            if let Some(tag) = open.pop() {
                html.push_str(&format!("</{tag}>"));
            }
        }
    }
    while let Some(tag) = open.pop() {
        html.push_str(&format!("</{tag}>"));
    }
    html
}
