//! What programs for e-mail do not show is left out or put in another way.
//!
//! Sources: the lists of features that Gmail documents for HTML and CSS, and what Outlook for Windows shows, which
//! lays out e-mails with the engine of a word processor. What both know is let through, by name; so whatever a
//! text or a template brings, what comes out shows everywhere.

use std::collections::BTreeSet;

use super::tokens::{Token, VOID, decoded, tokens};
use crate::ground::text::{escape_attribute, escape_text};

/// An e-mail that shows everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// The HTML.
    pub html: String,
    /// What was left out, in words, sorted.
    pub left_out: Vec<String>,
}

/// How wide a picture is at most, in pixels: the column less its margins.
const WIDEST: u32 = 552;

/// Elements that are left out with all that stands in them.
const LEFT_OUT: [&str; 24] = [
    "script", "svg", "math", "form", "video", "audio", "iframe", "object", "embed", "canvas", "template",
    "noscript", "track", "link", "base", "input", "button", "select", "textarea", "dialog", "map", "area",
    "progress", "meter",
];

/// Elements that are let through.
const KNOWN: [&str; 54] = [
    "html",
    "head",
    "title",
    "meta",
    "style",
    "body",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "caption",
    "colgroup",
    "col",
    "p",
    "div",
    "span",
    "a",
    "img",
    "br",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "code",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "del",
    "ins",
    "sub",
    "sup",
    "small",
    "big",
    "center",
    "font",
    "abbr",
    "q",
];

/// Elements that only say what a part is; without them it looks the same.
const BLOCKS: [&str; 14] = [
    "article",
    "section",
    "header",
    "footer",
    "main",
    "nav",
    "aside",
    "figure",
    "figcaption",
    "details",
    "summary",
    "hgroup",
    "address",
    "search",
];

const ATTRIBUTES: [&str; 31] = [
    "style",
    "class",
    "lang",
    "dir",
    "title",
    "role",
    "align",
    "valign",
    "width",
    "height",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "colspan",
    "rowspan",
    "alt",
    "src",
    "href",
    "name",
    "content",
    "charset",
    "http-equiv",
    "scope",
    "start",
    "type",
    "media",
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "color",
];

/// Styles that are let through: those of type, boxes and tables.
const STYLES: [&str; 40] = [
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-collapse",
    "border-color",
    "border-left",
    "border-radius",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-width",
    "color",
    "direction",
    "display",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "max-height",
    "max-width",
    "mso-hide",
    "mso-line-height-rule",
    "opacity",
    "overflow",
    "text-align",
    "text-decoration",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "overflow-wrap",
];

/// Makes of HTML an e-mail. `origin` stands in front of addresses from the root of the host, `page` in front of
/// those on the page itself.
pub fn clean(html: &str, origin: &str, page: &str) -> Cleaned {
    let tokens = tokens(html);
    let mut cleaner = Cleaner {
        origin,
        page,
        styles: styles(&tokens),
        out: String::with_capacity(html.len()),
        left_out: BTreeSet::new(),
        inside: Vec::new(),
        is_head: false,
        is_style: false,
        link: None,
    };
    for token in &tokens {
        cleaner.token(token);
    }
    Cleaned {
        html: cleaner.out,
        left_out: cleaner.left_out.into_iter().collect(),
    }
}

/// The style sheet of the head.
fn styles(tokens: &[Token<'_>]) -> String {
    let mut is_style = false;
    let mut styles = String::new();
    for token in tokens {
        match token {
            Token::Start { name, .. } => is_style = name == "style",
            Token::End(_) => is_style = false,
            Token::Text(text) if is_style => styles.push_str(text),
            _ => {}
        }
    }
    styles
}

struct Cleaner<'c> {
    origin: &'c str,
    page: &'c str,
    styles: String,
    out: String,
    left_out: BTreeSet<String>,
    /// The elements around the place that are left out, the outermost first.
    inside: Vec<String>,
    is_head: bool,
    is_style: bool,
    /// Where the link around the place leads.
    link: Option<String>,
}

impl Cleaner<'_> {
    fn token(&mut self, token: &Token<'_>) {
        if !self.inside.is_empty() {
            return self.left_out_token(token);
        }
        match token {
            Token::Text(_) if self.is_style => {}
            Token::Text(text) => self.out.push_str(text),
            Token::Doctype(doctype) => self.out.push_str(doctype),
            // Outlook reads some comments.
            Token::Comment(comment) if comment.starts_with("[if") => {
                self.out.push_str(&format!("<!--{comment}-->"));
            }
            Token::Comment(_) => {}
            Token::Start { name, attributes } => self.start(name, attributes),
            Token::End(name) => self.end(name),
        }
    }

    fn left_out_token(&mut self, token: &Token<'_>) {
        match token {
            Token::Start { name, .. } if !VOID.contains(&name.as_str()) => self.inside.push(name.clone()),
            Token::End(name) => {
                if let Some(at) = self.inside.iter().rposition(|inside| inside == name) {
                    self.inside.truncate(at);
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let is_style_of_text = name == "style" && !self.is_head;
        if LEFT_OUT.contains(&name) || is_style_of_text {
            self.left_out.insert(format!("<{name}>"));
            if !VOID.contains(&name) {
                self.inside.push(name.to_owned());
            }
            return;
        }
        match name {
            "head" => self.is_head = true,
            "style" => {
                self.is_style = true;
                return;
            }
            "a" => self.link = value(attributes, "href").map(ToOwned::to_owned),
            "img" => return self.image(attributes),
            _ => {}
        }
        if let Some(name) = written(name) {
            self.write_start(name, attributes);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "head" => {
                self.is_head = false;
                self.write_styles();
            }
            "style" => {
                self.is_style = false;
                return;
            }
            "a" => self.link = None,
            _ => {}
        }
        if let Some(name) = written(name).filter(|_| !VOID.contains(&name) && !LEFT_OUT.contains(&name)) {
            self.out.push_str(&format!("</{name}>"));
        }
    }

    /// The style sheet stands at the end of the head: behind the kind of signs, which programs look for at its start.
    fn write_styles(&mut self) {
        let styles = self
            .styles
            .split_ascii_whitespace()
            .collect::<Vec<&str>>()
            .join(" ");
        if styles.contains("url(") || styles.contains("@import") || styles.contains('<') {
            self.left_out.insert("styles that fetch something".to_owned());
        } else if !styles.is_empty() {
            self.out.push_str(&format!("<style>{styles}</style>"));
        }
    }

    fn write_start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            if let Some(value) = self.attribute(attribute, value) {
                self.write_attribute(attribute, &value);
            }
        }
        self.out.push('>');
    }

    fn write_attribute(&mut self, name: &str, value: &str) {
        self.out.push_str(&format!(" {name}=\""));
        escape_attribute(&mut self.out, value);
        self.out.push('"');
    }

    /// What an attribute says in an e-mail; `None` where it is left out.
    fn attribute(&mut self, name: &str, value: &str) -> Option<String> {
        if !ATTRIBUTES.contains(&name) {
            return None;
        }
        let value = decoded(value);
        match name {
            "href" => self.address(&value),
            "style" => self.style(&value),
            "class" => {
                // A class that no rule names would only take room.
                let is_used = |class: &&str| self.styles.contains(&format!(".{class}"));
                let used: Vec<&str> = value.split_ascii_whitespace().filter(is_used).collect();
                (!used.is_empty()).then(|| used.join(" "))
            }
            _ => Some(value),
        }
    }

    /// An address that works from anywhere.
    fn address(&self, address: &str) -> Option<String> {
        let is_script = |scheme: &str| address.trim_start().to_ascii_lowercase().starts_with(scheme);
        if is_script("javascript:") || is_script("data:") || is_script("vbscript:") {
            return None;
        }
        match address.starts_with('#') {
            true => Some(format!("{}{address}", self.page)),
            false => absolute(address, self.origin),
        }
    }

    fn style(&mut self, style: &str) -> Option<String> {
        let mut kept: Vec<String> = Vec::new();
        for declaration in declarations(style) {
            let Some((name, value)) = declaration.split_once(':') else {
                continue;
            };
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
            if shows(&name, value) {
                kept.push(format!("{name}:{value}"));
            } else {
                self.left_out.insert(format!("the style {name}: {value}"));
            }
        }
        (!kept.is_empty()).then(|| kept.join(";"))
    }

    /// A picture, in the size that a column of an e-mail needs. Where there is none that every program shows, its
    /// description leads to it.
    fn image(&mut self, attributes: &[(&str, &str)]) {
        let get = |name: &str| value(attributes, name).map(decoded);
        let alt = get("alt").unwrap_or_default();
        let size = |name: &str| {
            get(name)
                .and_then(|text| text.parse::<u32>().ok())
                .filter(|size| *size > 0)
        };
        let source = get("src").and_then(|src| self.address(&src)).unwrap_or_default();
        let offered = get("srcset").unwrap_or_default();
        let sizes = size("width").zip(size("height"));
        let shown = shown_picture(&get("src").unwrap_or_default(), &offered, self.origin);
        let Some(((width, height), shown)) = sizes.zip(shown) else {
            self.left_out.insert(format!("the picture {source}"));
            return self.instead_of_picture(&alt, &source);
        };
        let (width, height) = match width > WIDEST {
            // Rounded to the nearest.
            true => {
                let scaled =
                    (u64::from(height) * u64::from(WIDEST) + u64::from(width) / 2) / u64::from(width);
                (WIDEST, u32::try_from(scaled).unwrap_or(u32::MAX).max(1))
            }
            false => (width, height),
        };
        self.out.push_str("<img");
        self.write_attribute("src", &shown);
        self.write_attribute("alt", &alt);
        self.write_attribute("width", &width.to_string());
        self.write_attribute("height", &height.to_string());
        for name in ["class", "align", "title", "border"] {
            let kept = value(attributes, name).and_then(|value| self.attribute(name, value));
            if let Some(kept) = kept {
                self.write_attribute(name, &kept);
            }
        }
        let style = value(attributes, "style").and_then(|value| self.attribute("style", value));
        let style = style.unwrap_or_else(|| "max-width:100%;height:auto".to_owned());
        self.write_attribute("style", &style);
        self.out.push('>');
    }

    fn instead_of_picture(&mut self, alt: &str, source: &str) {
        let has_link = self.link.is_some() || !source.starts_with("http");
        if alt.is_empty() {
            return;
        }
        if !has_link {
            self.out.push_str("<a");
            self.write_attribute("href", source);
            self.out.push('>');
        }
        escape_text(&mut self.out, alt);
        if !has_link {
            self.out.push_str("</a>");
        }
    }
}

/// The name under which an element is written; `None` where only what stands in it is.
fn written(name: &str) -> Option<&str> {
    if KNOWN.contains(&name) {
        Some(name)
    } else if BLOCKS.contains(&name) {
        Some("div")
    } else {
        None
    }
}

fn value<'a>(attributes: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    attributes
        .iter()
        .find_map(|(other, value)| (*other == name).then_some(*value))
}

/// Whether every program shows a style.
fn shows(name: &str, value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let is_box = name.starts_with("margin") || name.starts_with("padding");
    let is_known = STYLES.contains(&name) || is_box;
    // Lengths that depend on a window or on the root, computed ones, and pictures.
    let words = value.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.%".contains(c)));
    let is_foreign = |word: &str| {
        let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
        let is_length =
            unit.len() < word.len() && matches!(unit, "rem" | "vw" | "vh" | "vmin" | "vmax" | "ch");
        is_length || matches!(word, "flex" | "inline-flex" | "grid" | "inline-grid")
    };
    let computed = ["var(", "calc(", "url(", "clamp(", "min(", "max(", "expression("];
    let is_negative = |word: &str| {
        word.strip_prefix('-')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
    };
    let is_computed = computed.iter().any(|function| value.contains(function));
    let goes_outside = is_box && words.clone().any(is_negative);
    let has_foreign = words.clone().any(is_foreign);
    is_known && !has_foreign && !is_computed && !goes_outside
}

/// The declarations of a style, apart at the semicolons that stand in no quotes and no brackets.
fn declarations(style: &str) -> Vec<&str> {
    let (mut declarations, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, sign) in style.char_indices() {
        match (quote, sign) {
            (Some(open), _) if open == sign => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(sign),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ';') if depth == 0 => {
                declarations.push(&style[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    declarations.push(&style[start..]);
    declarations
}

/// The address of a picture, or of another size of it, that every program shows.
pub(super) fn shown_picture(source: &str, offered: &str, origin: &str) -> Option<String> {
    let candidates = best(offered).into_iter().chain([source.to_owned()]);
    candidates
        .filter_map(|address| absolute(&address, origin))
        .find(|address| is_shown(address))
}

/// An address from the root of a host, with the host.
fn absolute(address: &str, origin: &str) -> Option<String> {
    match address.strip_prefix('/') {
        Some(rest) if !rest.starts_with('/') => Some(format!("{origin}{address}")),
        _ => Some(address.to_owned()).filter(|address| !address.is_empty()),
    }
}

/// Whether every program shows a picture at an address.
fn is_shown(address: &str) -> bool {
    let path = address
        .split(['?', '#'])
        .next()
        .unwrap_or(address)
        .to_ascii_lowercase();
    let has_format = [".png", ".jpg", ".jpeg"]
        .iter()
        .any(|ending| path.ends_with(ending));
    has_format && path.starts_with("https://")
}

/// Of the pictures of a `srcset`, the smallest that is sharp on the screens of telephones, else the widest.
fn best(offered: &str) -> Option<String> {
    let offered = offered.split(", ").filter_map(|entry| {
        let (address, width) = entry.trim().rsplit_once(' ')?;
        Some((width.strip_suffix('w')?.parse::<u32>().ok()?, address))
    });
    let mut offered: Vec<(u32, &str)> = offered.collect();
    offered.sort_unstable();
    let sharp = offered.iter().find(|(width, _)| *width >= WIDEST * 3 / 2);
    sharp.or(offered.last()).map(|(_, address)| (*address).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) -> Vec<String> {
        let cleaned = clean(html, "https://example.org", "https://example.org/e/");
        assert_eq!(cleaned.html, expected, "{html}");
        cleaned.left_out
    }

    #[test]
    fn addresses_work_from_anywhere() {
        check(
            "<a href=\"/a/?b=1&amp;c\">x</a>",
            "<a href=\"https://example.org/a/?b=1&amp;c\">x</a>",
        );
        check(
            "<a href=\"#n\">x</a>",
            "<a href=\"https://example.org/e/#n\">x</a>",
        );
        check("<a href=\"{{ out }}\">x</a>", "<a href=\"{{ out }}\">x</a>");
        check("<a href=\"*|UNSUB|*\">x</a>", "<a href=\"*|UNSUB|*\">x</a>");
        check("<a href=\" javascript:x\">x</a>", "<a>x</a>");
    }

    #[test]
    fn what_does_not_show_is_left_out_with_what_stands_in_it() {
        let left_out = check(
            "<p>a<svg><g><p>b</p></g></svg>c<script>d<e</script><input>f</p>",
            "<p>acf</p>",
        );
        assert_eq!(left_out, ["<input>", "<script>", "<svg>"]);
        check("<form><form>a</form>b</form>c", "c");
        check("<section><time>a</time><mark>b</mark></section>", "<div>ab</div>");
    }

    #[test]
    fn styles_that_do_not_show_are_left_out() {
        let left_out = check(
            "<p style=\"color:#000;position:absolute;font-family:&quot;A; B&quot;,serif;margin:-4px 0;padding:1px\">x</p>",
            "<p style=\"color:#000;font-family:&quot;A; B&quot;,serif;padding:1px\">x</p>",
        );
        assert_eq!(
            left_out,
            ["the style margin: -4px 0", "the style position: absolute"]
        );
        for style in [
            "display:flex",
            "display:grid",
            "float:left",
            "font-size:1.2rem",
            "width:calc(1px + 2px)",
            "color:var(--a)",
            "background-image:url(/a.png)",
            "width:50vw",
            "padding:-1px",
        ] {
            check(&format!("<p style=\"{style}\">x</p>"), "<p>x</p>");
        }
    }

    #[test]
    fn pictures_are_those_that_every_program_shows() {
        let set = "/a-480.jpg 480w, /a-960.jpg 960w, /a-1600.jpg 1600w, /a.jpg 2000w";
        check(
            &format!(
                "<picture><source type=\"image/avif\" srcset=\"/a.avif 480w\"><img src=\"/a.jpg\" srcset=\"{set}\" alt=\"A\" width=\"2000\" height=\"1000\" loading=\"lazy\"></picture>"
            ),
            "<img src=\"https://example.org/a-960.jpg\" alt=\"A\" width=\"552\" height=\"276\" style=\"max-width:100%;height:auto\">",
        );
        let left_out = check(
            "<img src=\"/a.webp\" alt=\"A &amp; B\" width=\"20\" height=\"10\">",
            "<a href=\"https://example.org/a.webp\">A &amp; B</a>",
        );
        assert_eq!(left_out, ["the picture https://example.org/a.webp"]);
        check(
            "<a href=\"/x\"><img src=\"/a.svg\" alt=\"A\"></a>",
            "<a href=\"https://example.org/x\">A</a>",
        );
        check("<img src=\"https://example.net/a.png\" alt=\"\">", "");
        check(
            "<img src=\"http://example.net/a.png\" alt=\"A\" width=\"1\" height=\"1\">",
            "<a href=\"http://example.net/a.png\">A</a>",
        );
    }

    #[test]
    fn classes_stay_where_a_rule_names_them() {
        check(
            "<head><style>@media x{.a{color:red}}</style></head><p class=\"a b\" id=\"c\">x</p>",
            "<head><style>@media x{.a{color:red}}</style></head><p class=\"a\">x</p>",
        );
    }

    #[test]
    fn whatever_comes_something_sound_goes() {
        for html in [
            "",
            "<",
            "<svg",
            "<svg>",
            "</svg></p>",
            "<img>",
            "<a href>",
            "<p style=\";;:;(\">",
            "é<é>é",
        ] {
            let once = clean(html, "https://e.org", "");
            assert_eq!(clean(&once.html, "https://e.org", "").html, once.html, "{html}");
        }
    }
}
