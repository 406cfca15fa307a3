//! HTML made harmless for what reads it: no deeper, no larger and with no more attributes than articles need.
//!
//! The libraries behind this walk into elements by calling themselves, or look at all open elements for each
//! new one, so that a page of a few kilobytes could take the stack or an hour. Tags go; no word of a text does.

/// The deepest that elements lie in each other. Browsers stop at 512, articles at 40.
const MAX_DEPTH: usize = 160;

/// How many elements such as `<b>` are open at once: a parser opens all of them again in each new paragraph.
const MAX_STYLES: usize = 8;

/// How many attributes an element keeps, and how long each may be.
const MAX_ATTRIBUTES: usize = 48;
const MAX_VALUE: usize = 8192;

/// Tags longer than this are looked into.
const LONG_TAG: usize = 512;

/// The largest page, in bytes and in elements, after scripts, styles and pictures within it have gone.
const MAX_BYTES: usize = 8 << 20;
const MAX_ELEMENTS: usize = 100_000;

/// The longest text in one piece, in bytes.
const MAX_TEXT: usize = 16 << 10;

/// What stands for a picture that the page holds within itself.
pub const INLINE_PICTURE: &str = "data:,";

const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Elements that end where the next of their kind starts, so that they never lie in each other by themselves.
const SELF_CLOSING: [&str; 14] = [
    "p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "dd", "dt", "option", "html", "head", "body",
];

const STYLES: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Elements whose content is no markup.
const RAW: [&str; 6] = ["script", "style", "textarea", "title", "xmp", "iframe"];

/// The page without what makes reading it dangerous, without comments, and without scripts but those that hold data.
/// The error says which bound it breaks.
pub fn bound(html: &str) -> Result<String, String> {
    let mut bounded = Bounded::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        bounded.text(&rest[..at]);
        rest = bounded.tag(&rest[at..]);
        if bounded.out.len() > MAX_BYTES {
            break;
        }
        if bounded.elements > MAX_ELEMENTS {
            return Err(format!("it has more than {MAX_ELEMENTS} elements"));
        }
    }
    bounded.text(rest);
    if bounded.out.len() > MAX_BYTES {
        return Err(format!("it holds more than {} MiB of text", MAX_BYTES >> 20));
    }
    Ok(bounded.out)
}

#[derive(Default)]
struct Bounded {
    out: String,
    /// The open elements, and whether their tags were kept.
    open: Vec<(Name, bool)>,
    /// How many of them were, and how many of those style a text.
    depth: usize,
    styles: usize,
    elements: usize,
}

/// The first bytes of an element's name, in lower case.
type Name = [u8; 12];

impl Bounded {
    /// Takes over text. Long ones are divided by comments, since writing one takes the square of its length.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while rest.len() > MAX_TEXT {
            let mut at = MAX_TEXT;
            while !rest.is_char_boundary(at) {
                at -= 1;
            }
            // Not within a word, and so not within an entity; a word of that length is none.
            at = rest[..at].rfind([' ', '\n', '\t']).map_or(at, |at| at + 1);
            self.out.push_str(&rest[..at]);
            self.out.push_str("<!---->");
            rest = &rest[at..];
        }
        self.out.push_str(rest);
    }

    /// Takes over what starts with `<`, and returns what stands behind it.
    fn tag<'h>(&mut self, html: &'h str) -> &'h str {
        let inner = &html[1..];
        if inner.starts_with("!--") {
            // `<!-->` is a whole comment.
            return match inner[1..].find("-->") {
                Some(at) => &inner[1 + at + 3..],
                None => "",
            };
        }
        if inner.starts_with(['!', '?']) {
            let end = inner.find('>').map_or(html.len(), |at| at + 2);
            self.out.push_str(&html[..end]);
            return &html[end..];
        }
        let is_end = inner.starts_with('/');
        let name = tag_name(&inner[usize::from(is_end)..]);
        if name.is_empty() {
            self.out.push_str("&lt;");
            return inner;
        }
        let end = tag_end(html);
        let (tag, behind) = html.split_at(end);
        let lower = name.to_ascii_lowercase();
        if is_end {
            self.close(&lower, tag);
            return behind;
        }
        self.elements += 1;
        if RAW.contains(&lower.as_str()) {
            return self.raw(&lower, tag, behind);
        }
        self.open(&lower, tag);
        behind
    }

    fn open(&mut self, name: &str, tag: &str) {
        if matches!(name, "td" | "th" | "tr") {
            self.end_styles();
        }
        if VOID.contains(&name)
            || SELF_CLOSING.contains(&name)
            || tag.ends_with("/>") && name != "a" && !is_html(name)
        {
            self.emit(tag);
            return;
        }
        let is_style = STYLES.contains(&name);
        let keeps = self.depth < MAX_DEPTH && !(is_style && self.styles >= MAX_STYLES);
        if keeps {
            self.emit(tag);
            self.styles += usize::from(is_style);
            self.depth += 1;
        } else {
            self.out.push(' ');
        }
        self.open.push((key(name), keeps));
    }

    fn close(&mut self, name: &str, tag: &str) {
        if matches!(name, "td" | "th" | "tr" | "table") {
            self.end_styles();
        }
        let own = key(name);
        if SELF_CLOSING.contains(&name) {
            self.emit(tag);
            return;
        }
        let found = self
            .open
            .iter()
            .rev()
            .take(MAX_DEPTH * 2)
            .position(|(open, _)| *open == own);
        let Some(back) = found else {
            return;
        };
        let at = self.open.len() - 1 - back;
        let kept = self.open[at].1;
        for (open, kept) in self.open.split_off(at) {
            let is_style = STYLES.iter().any(|style| key(style) == open);
            self.styles -= usize::from(kept && is_style);
            self.depth -= usize::from(kept);
        }
        if kept {
            self.emit(tag);
        } else {
            self.out.push(' ');
        }
    }

    /// A cell of a table closes what styles its text.
    fn end_styles(&mut self) {
        while let Some((name, kept)) = self.open.last() {
            if !STYLES.iter().any(|style| key(style) == *name) {
                break;
            }
            self.styles -= usize::from(*kept);
            self.depth -= usize::from(*kept);
            self.open.pop();
        }
    }

    /// An element whose content is no markup: only data and titles are kept.
    fn raw<'h>(&mut self, name: &str, tag: &str, behind: &'h str) -> &'h str {
        let (content, rest) = raw_content(name, behind);
        let keeps = match name {
            "script" => tag.to_ascii_lowercase().contains("ld+json"),
            "title" | "textarea" => true,
            _ => false,
        };
        self.emit(tag);
        if keeps {
            self.out.push_str(content);
        }
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        rest
    }

    fn emit(&mut self, tag: &str) {
        if tag.len() <= LONG_TAG {
            self.out.push_str(tag);
        } else {
            shorten(tag, &mut self.out);
        }
    }
}

/// Elements of HTML that hold others; for these `/>` means nothing.
fn is_html(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "span"
            | "section"
            | "article"
            | "main"
            | "aside"
            | "header"
            | "footer"
            | "nav"
            | "figure"
            | "ul"
            | "ol"
            | "table"
            | "blockquote"
            | "form"
            | "center"
            | "dl"
            | "pre"
            | "button"
            | "select"
    ) || STYLES.contains(&name)
}

fn key(name: &str) -> Name {
    let mut key = [0; 12];
    for (to, from) in key.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    key
}

fn tag_name(text: &str) -> &str {
    if !text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return "";
    }
    let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '\0'));
    &text[..end.unwrap_or(text.len())]
}

/// Where a tag ends, behind its `>`. Values in quotation marks may hold one.
fn tag_end(html: &str) -> usize {
    let bytes = html.as_bytes();
    let mut at = 1;
    let mut before = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return at + 1,
            b'"' | b'\'' if before == b'=' => {
                let close = bytes[at + 1..].iter().position(|&other| other == byte);
                match close {
                    Some(close) => at += close + 1,
                    None => return html.len(),
                }
                before = byte;
            }
            _ if !byte.is_ascii_whitespace() => before = byte,
            _ => {}
        }
        at += 1;
    }
    html.len()
}

/// The content of an element that holds no markup, and what stands behind its end.
fn raw_content<'h>(name: &str, html: &'h str) -> (&'h str, &'h str) {
    for (at, _) in html.match_indices("</") {
        let rest = &html[at + 2..];
        let is_end = rest
            .get(..name.len())
            .is_some_and(|own| own.eq_ignore_ascii_case(name));
        if is_end {
            let behind = rest.find('>').map_or("", |end| &rest[end + 1..]);
            return (&html[..at], behind);
        }
    }
    (html, "")
}

/// A long tag with as many and as long attributes as an article may need.
fn shorten(tag: &str, out: &mut String) {
    let is_end = tag.starts_with("</");
    let name = tag_name(&tag[1 + usize::from(is_end)..]);
    out.push('<');
    if is_end {
        out.push('/');
    }
    out.extend(name.chars().take(64));
    let mut rest = &tag[(1 + usize::from(is_end) + name.len()).min(tag.len())..];
    for _ in 0..MAX_ATTRIBUTES {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            break;
        }
        let end = rest[1..].find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'));
        let (key, behind) = match end {
            Some(end) => rest.split_at(end + 1),
            None => (rest, ""),
        };
        let behind = behind.trim_start();
        let (value, behind) = match behind.strip_prefix('=') {
            Some(value) => value_of(value.trim_start()),
            None => ("", behind),
        };
        rest = behind;
        if key.len() > 64 || key.contains(['"', '\'', '<']) {
            continue;
        }
        let value = if value.len() <= MAX_VALUE {
            value
        } else if value.trim_start().starts_with("data:") {
            INLINE_PICTURE
        } else {
            continue;
        };
        out.push(' ');
        out.push_str(key);
        out.push_str("=\"");
        out.push_str(&value.replace('"', "&quot;"));
        out.push('"');
    }
    out.push('>');
}

/// The value of an attribute, and what stands behind it.
fn value_of(text: &str) -> (&str, &str) {
    for mark in ['"', '\''] {
        if let Some(rest) = text.strip_prefix(mark) {
            return rest.split_once(mark).unwrap_or((rest, ""));
        }
    }
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>');
    text.split_at(end.unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(bound(html).as_deref(), Ok(expected), "{html}");
    }

    #[test]
    fn plain_pages_stay_as_they_are() {
        let page = "<!DOCTYPE html><html><body class='a'><p>x &lt; y<br/><a href=\"/?a=1&b=>\">z</a></p></body></html>";
        check(page, page);
        check("1 < 2 <3", "1 &lt; 2 &lt;3");
    }

    #[test]
    fn scripts_styles_and_comments_go_and_data_stays() {
        check(
            "a<!-- <p> -->b<!-->c<script>if (a < b) '</div>'</script><style>p{}</style>",
            "abc<script></script><style></style>",
        );
        let data = "<script type=\"application/ld+json\">{\"a\": \"<p>\"}</script>";
        check(data, data);
        check("<title>a <b> c</TITLE >d", "<title>a <b> c</title>d");
        check("<script>never closed", "<script></script>");
        check("a<!-- never closed", "a");
    }

    #[test]
    fn depth_is_bounded_and_no_word_is_lost() {
        let deep = bound(&format!(
            "{}deep{}end",
            "<div>".repeat(5000),
            "</div>".repeat(5000)
        ))
        .expect("a page");
        assert_eq!(deep.matches("<div>").count(), MAX_DEPTH);
        assert_eq!(deep.matches("</div>").count(), MAX_DEPTH);
        assert!(deep.contains("deep") && deep.ends_with("end"));
        let styled = bound(&"<p><b id=x>a</p>".repeat(50)).expect("a page");
        assert_eq!(styled.matches("<b ").count(), MAX_STYLES);
        assert_eq!(styled.matches('a').count(), 50);
        // Cells close what styles their text.
        let cells = "<td><font>a".repeat(50);
        check(&cells, &cells);
    }

    #[test]
    fn long_tags_lose_what_no_article_needs() {
        let many: String = (0..10_000).map(|number| format!(" a{number}")).collect();
        let page = bound(&format!("<p{many}>x")).expect("a page");
        assert_eq!(page.matches(" a").count(), MAX_ATTRIBUTES);
        let long = format!(
            "<img alt='a \"b\"' src=\"data:image/png;base64,{}\" width=3>",
            "A".repeat(20_000)
        );
        check(&long, "<img alt=\"a &quot;b&quot;\" src=\"data:,\" width=\"3\">");
    }

    #[test]
    fn too_much_is_said_to_be_too_much() {
        assert!(bound(&"<br>".repeat(MAX_ELEMENTS + 1)).is_err());
        assert!(bound(&"a".repeat(MAX_BYTES + 1)).is_err());
    }
}
