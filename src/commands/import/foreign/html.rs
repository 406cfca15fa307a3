//! HTML of exports as Markdown: the library does what HTML and Markdown share, and here is what editors
//! of Ghost and WordPress put into it: cards, embeds, figures.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use htmd::element_handler::Handlers;
use htmd::options::{BulletListMarker, HrStyle, Options};
use htmd::{Element, HtmlToMarkdown};

use super::rewrite::comment;
use super::text::link;

/// What was turned into something else: what it is, and what became of it.
pub type Turned = Vec<(String, String)>;

/// The element under which comments go through the library, which drops those of HTML.
pub const COMMENT: &str = "brief-comment";

/// The deepest that elements lie in each other; the library calls itself for each level.
const MAX_DEPTH: usize = 200;

/// Elements that never hold others.
const VOID: [&str; 12] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
];

/// Turns HTML into Markdown. What is too deep for that is taken as its text.
pub fn to_markdown(html: &str) -> (String, Turned) {
    if html.trim().is_empty() {
        return (String::new(), Turned::new());
    }
    if depth(html) > MAX_DEPTH {
        let turned = vec![(
            "elements that lie too deep in each other".to_owned(),
            "their text alone came over".to_owned(),
        )];
        return (bare(html), turned);
    }
    let turned: Arc<Mutex<Turned>> = Arc::default();
    let converter = converter(&turned);
    let markdown = converter.convert(html).unwrap_or_else(|_| bare(html));
    let turned = turned.lock().map(|turned| turned.clone()).unwrap_or_default();
    (markdown, turned)
}

/// How deep the elements lie at most, counted generously.
fn depth(html: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for (at, _) in html.match_indices('<') {
        let rest = &html[at + 1..];
        if rest.starts_with('/') {
            open = open.saturating_sub(1);
        } else if rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let name: String = rest
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .take(12)
                .collect();
            if !VOID.contains(&name.to_ascii_lowercase().as_str()) && name != "p" && name != "li" {
                open += 1;
                deepest = deepest.max(open);
            }
        }
    }
    deepest
}

/// The text without tags.
fn bare(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut is_tag = false;
    for character in html.chars() {
        match character {
            '<' => is_tag = true,
            '>' if is_tag => {
                is_tag = false;
                text.push(' ');
            }
            other if !is_tag => text.push(other),
            _ => {}
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace('<', "\\<")
}

/// An attribute of an element.
fn attribute<'e>(element: &'e Element<'_>, name: &str) -> Option<&'e str> {
    element
        .attrs
        .iter()
        .find(|attribute| &*attribute.name.local == name)
        .map(|attribute| &*attribute.value)
}

fn has_class(element: &Element<'_>, class: &str) -> bool {
    attribute(element, "class").is_some_and(|classes| classes.split_whitespace().any(|own| own == class))
}

fn tell(turned: &Mutex<Turned>, what: impl Into<String>, became: impl Into<String>) {
    // A lock that another thread broke holds notes only.
    if let Ok(mut turned) = turned.lock() {
        turned.push((what.into(), became.into()));
    }
}

fn paragraph(text: &str) -> String {
    format!("\n\n{}\n\n", text.trim())
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

fn converter(turned: &Arc<Mutex<Turned>>) -> HtmlToMarkdown {
    let options = Options {
        bullet_list_marker: BulletListMarker::Dash,
        hr_style: HrStyle::Dashes,
        ul_bullet_spacing: 1,
        ol_number_spacing: 1,
        ..Options::default()
    };
    let (of_figure, of_div, of_frame) = (turned.clone(), turned.clone(), turned.clone());
    let (of_left, of_quote, of_media) = (turned.clone(), turned.clone(), turned.clone());
    HtmlToMarkdown::builder()
        .options(options)
        .add_handler(
            vec!["figure"],
            move |handlers: &dyn Handlers, element: Element| {
                Some(figure(handlers, &element, &of_figure).into())
            },
        )
        .add_handler(
            vec!["div", "section", "aside"],
            move |handlers: &dyn Handlers, element: Element| match card(handlers, &element, &of_div) {
                Some(text) => Some(text.into()),
                None => handlers.fallback(element),
            },
        )
        .add_handler(vec!["iframe"], move |_: &dyn Handlers, element: Element| {
            Some(frame(&element, &of_frame).into())
        })
        .add_handler(
            vec!["video", "audio"],
            move |handlers: &dyn Handlers, element: Element| {
                let inner = handlers.walk_children(element.node).content;
                let src = attribute(&element, "src").map(str::to_owned);
                let what = format!("HTML `<{}>`", element.tag);
                match src {
                    Some(src) => {
                        tell(&of_media, what, "a plain link");
                        let label = if element.tag == "video" { "Video" } else { "Audio" };
                        Some(paragraph(&link(label, &src)).into())
                    }
                    None => {
                        tell(&of_media, what, "left out: it names no file of its own");
                        Some(inner.into())
                    }
                }
            },
        )
        .add_handler(
            vec!["blockquote"],
            move |handlers: &dyn Handlers, element: Element| {
                let is_post = ["twitter-tweet", "instagram-media", "tiktok-embed"]
                    .iter()
                    .any(|class| has_class(&element, class));
                if is_post {
                    tell(&of_quote, "embedded post", "a quotation with its links");
                }
                handlers.fallback(element)
            },
        )
        .add_handler(vec![COMMENT], |handlers: &dyn Handlers, element: Element| {
            let text = handlers.walk_children(element.node).content;
            let text = text.replace('\\', "");
            Some(paragraph(&comment(&text)).into())
        })
        .add_handler(
            vec!["script", "style", "form", "object", "embed", "svg", "canvas"],
            move |_: &dyn Handlers, element: Element| {
                let what = format!("HTML `<{}>`", element.tag);
                let address = attribute(&element, "src").or_else(|| attribute(&element, "action"));
                let became = match address {
                    Some(address) => format!("left out: {address}"),
                    None => "left out: a page of brief runs nothing".to_owned(),
                };
                tell(&of_left, what, became);
                Some(String::new().into())
            },
        )
        .build()
}

/// A figure: its picture with its caption, or whatever else it frames with the caption below.
fn figure(handlers: &dyn Handlers, element: &Element<'_>, turned: &Mutex<Turned>) -> String {
    if has_class(element, "kg-bookmark-card") {
        return bookmark(element, turned);
    }
    let mut caption = String::new();
    let mut inner = String::new();
    for child in element.node.children.borrow().iter() {
        let text = handlers
            .handle(child)
            .map_or(String::new(), |result| result.content);
        match tag(child).as_deref() {
            Some("figcaption") => caption = one_line(&text),
            _ => inner.push_str(&text),
        }
    }
    let inner = inner.trim();
    let is_one_picture = inner.starts_with("![")
        && inner.ends_with(')')
        && !inner.contains('\n')
        && inner.matches("](").count() == 1;
    if is_one_picture && !inner.ends_with("\")") {
        let plain = caption.replace(['*', '_', '`', '\\'], "").replace('"', "\\\"");
        // A caption with links would lose them as a title; it stands below then.
        if !caption.contains("](") {
            let title = if plain.is_empty() {
                String::new()
            } else {
                format!(" \"{plain}\"")
            };
            return paragraph(&format!("{}{title})", &inner[..inner.len() - 1]));
        }
    }
    match caption.is_empty() {
        true => paragraph(inner),
        false => paragraph(&format!("{inner}\n\n*{}*", caption.trim_matches('*'))),
    }
}

type NodeRef = std::rc::Rc<htmd::Node>;

fn tag(node: &NodeRef) -> Option<String> {
    match &node.data {
        markup5ever_rcdom::NodeData::Element { name, .. } => Some(name.local.to_string()),
        _ => None,
    }
}

/// What is done with an element: its name, its attributes, itself.
type Visit<'v> = &'v mut dyn FnMut(&str, Attributes<'_>, &NodeRef);

/// Attributes by their names.
type Attributes<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Walks all elements below one.
fn walk(node: &NodeRef, visit: Visit<'_>) {
    for child in node.children.borrow().iter() {
        if let markup5ever_rcdom::NodeData::Element { name, attrs, .. } = &child.data {
            let attributes = attrs.borrow();
            let get = |wanted: &str| {
                attributes
                    .iter()
                    .find(|attribute| &*attribute.name.local == wanted)
                    .map(|attribute| attribute.value.to_string())
            };
            visit(&name.local, &get, child);
        }
        walk(child, visit);
    }
}

/// The text below an element.
fn text_below(node: &NodeRef) -> String {
    let mut text = String::new();
    for child in node.children.borrow().iter() {
        if let markup5ever_rcdom::NodeData::Text { contents } = &child.data {
            text.push_str(&contents.borrow());
        }
        text.push_str(&text_below(child));
    }
    text
}

/// Ghost's bookmark: the title as a link, with its description.
fn bookmark(element: &Element<'_>, turned: &Mutex<Turned>) -> String {
    let (mut address, mut title, mut description) = (None, String::new(), String::new());
    walk(element.node, &mut |name, attribute, node| {
        let class = attribute("class").unwrap_or_default();
        if name == "a" && address.is_none() {
            address = attribute("href");
        }
        if class.contains("kg-bookmark-title") {
            title = one_line(&text_below(node));
        }
        if class.contains("kg-bookmark-description") {
            description = one_line(&text_below(node));
        }
    });
    tell(turned, "card `bookmark`", "a link with its description");
    let Some(address) = address else {
        return paragraph(&title);
    };
    let title = if title.is_empty() { address.clone() } else { title };
    let behind = if description.is_empty() {
        String::new()
    } else {
        format!(": {description}")
    };
    paragraph(&format!("{}{behind}", link(&title, &address)))
}

/// Cards of Ghost and blocks of WordPress; `None` for everything else.
fn card(handlers: &dyn Handlers, element: &Element<'_>, turned: &Mutex<Turned>) -> Option<String> {
    let classes = attribute(element, "class")?.to_owned();
    let is = |class: &str| classes.split_whitespace().any(|own| own == class);
    let inner = || handlers.walk_children(element.node).content;
    if is("kg-callout-card") {
        tell(turned, "card `callout`", "a quotation");
        let text = inner();
        let lines: Vec<String> = text.trim().lines().map(|line| format!("> {line}")).collect();
        return Some(paragraph(&lines.join("\n")));
    }
    if is("kg-button-card") || is("wp-block-button") {
        tell(turned, "card `button`", "a plain link");
        return Some(paragraph(&inner()));
    }
    if is("kg-toggle-card") {
        tell(turned, "card `toggle`", "its heading and its text");
        return Some(paragraph(&inner()));
    }
    for kind in [
        "product", "file", "audio", "video", "header", "signup", "email", "gallery", "nft",
    ] {
        if is(&format!("kg-{kind}-card")) {
            tell(
                turned,
                format!("card `{kind}`"),
                "its text and links, without its looks",
            );
            return Some(paragraph(&inner()));
        }
    }
    None
}

/// What another site shows within a page: a plain link to it.
fn frame(element: &Element<'_>, turned: &Mutex<Turned>) -> String {
    let src = attribute(element, "src").unwrap_or_default();
    let src: Cow<'_, str> = match src.strip_prefix("//") {
        Some(rest) => format!("https://{rest}").into(),
        None => src.into(),
    };
    let path = |mark: &str| {
        let rest = src.split_once(mark)?.1;
        rest.split(['?', '/', '&'])
            .next()
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
    };
    let (label, address) = match (
        path("youtube.com/embed/"),
        path("youtube-nocookie.com/embed/"),
        path("player.vimeo.com/video/"),
    ) {
        (Some(id), _, _) | (None, Some(id), _) => (
            "Video on YouTube",
            format!("https://www.youtube.com/watch?v={id}"),
        ),
        (None, None, Some(id)) => ("Video on Vimeo", format!("https://vimeo.com/{id}")),
        _ => (
            attribute(element, "title").unwrap_or("Embedded page"),
            src.into_owned(),
        ),
    };
    if !address.starts_with("http") {
        tell(turned, "HTML `<iframe>`", "left out: it names no page");
        return String::new();
    }
    tell(turned, "HTML `<iframe>`", "a plain link");
    paragraph(&link(label, &address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str, kinds: &[&str]) {
        let (markdown, turned) = to_markdown(html);
        assert_eq!(markdown.trim(), expected, "{html}");
        let found: Vec<&str> = turned.iter().map(|(what, _)| what.as_str()).collect();
        assert_eq!(found, kinds, "{html}");
    }

    #[test]
    fn what_editors_put_into_articles() {
        check(
            "<p>a <strong>b</strong> <a href=\"/c\">d</a></p><ul><li>e</li></ul>",
            "a **b** [d](/c)\n\n- e",
            &[],
        );
        check(
            "<figure><img src=\"/a.png\" alt=\"A\"><figcaption>The <em>plant</em></figcaption></figure>",
            "![A](/a.png \"The plant\")",
            &[],
        );
        check(
            "<figure class=\"kg-card kg-bookmark-card\"><a class=\"kg-bookmark-container\" href=\"https://x.example/\">\
             <div class=\"kg-bookmark-title\">T</div><div class=\"kg-bookmark-description\">D</div></a></figure>",
            "[T](https://x.example/): D",
            &["card `bookmark`"],
        );
        check(
            "<div class=\"kg-card kg-callout-card\"><div class=\"kg-callout-emoji\">!</div><div>Mind</div></div>",
            "> !\n> \n> Mind",
            &["card `callout`"],
        );
        check(
            "<iframe src=\"//www.youtube.com/embed/abc?feature=oembed\"></iframe><script>x()</script>",
            "[Video on YouTube](https://www.youtube.com/watch?v=abc)",
            &["HTML `<iframe>`", "HTML `<script>`"],
        );
        check(
            "<brief-comment>[gallery ids=\"1,2\"]</brief-comment>",
            "<!-- import: [gallery ids=\"1,2\"] -->",
            &[],
        );
    }

    #[test]
    fn depth_is_bounded() {
        let (markdown, turned) = to_markdown(&format!("{}deep", "<div>".repeat(100_000)));
        assert_eq!((markdown.as_str(), turned.len()), ("deep", 1));
        let (_, turned) = to_markdown(&format!("{}deep", "<b><p>".repeat(100_000)));
        assert_eq!(turned.len(), 1);
    }
}
