//! A reader of HTML that forgives nothing: what a body may consist of, said a second time and
//! independently of the code that writes it. Also used by tests/markdown_safety.rs.

use std::collections::BTreeSet;

const VOID: &[&str] = &["br", "hr", "img", "wbr", "col", "input"];

const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "caption",
    "cite",
    "code",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
];

const ATTRIBUTES: &[&str] = &[
    "alt",
    "aria-label",
    "checked",
    "cite",
    "class",
    "colspan",
    "datetime",
    "dir",
    "disabled",
    "height",
    "href",
    "id",
    "lang",
    "loading",
    "open",
    "reversed",
    "role",
    "rowspan",
    "scope",
    "span",
    "src",
    "start",
    "tabindex",
    "title",
    "type",
    "value",
    "width",
];

/// Classes this program writes; none may come from the input but the language of code.
const CLASSES: &[&str] = &[
    "table",
    "task",
    "footnotes",
    "footnote-ref",
    "footnote-back",
    "alert-title",
];

/// Says what is wrong with the HTML.
pub fn examine(html: &str) -> Result<(), String> {
    let mut reader = Reader::default();
    let mut rest = html;
    while let Some(tag) = rest.find('<') {
        text(&rest[..tag])?;
        rest = &rest[tag + 1..];
        rest = match rest.strip_prefix('/') {
            Some(end) => reader.end_tag(end)?,
            None => reader.start_tag(rest)?,
        };
    }
    text(rest)?;
    if let Some(open) = reader.open.last() {
        return Err(format!("<{open}> is not closed"));
    }
    match reader.fragments.iter().find(|id| !reader.ids.contains(*id)) {
        Some(id) => Err(format!("no element has the id {id}")),
        None => Ok(()),
    }
}

#[derive(Default)]
struct Reader {
    open: Vec<String>,
    ids: BTreeSet<String>,
    fragments: Vec<String>,
}

impl Reader {
    fn end_tag<'h>(&mut self, rest: &'h str) -> Result<&'h str, String> {
        let (name, rest) = rest.split_once('>').ok_or("an end tag without end")?;
        match self.open.pop() {
            Some(open) if open == name => Ok(rest),
            open => Err(format!("</{name}> closes {open:?}")),
        }
    }

    fn start_tag<'h>(&mut self, rest: &'h str) -> Result<&'h str, String> {
        let end = rest
            .find(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit())
            .ok_or("a tag without end")?;
        let (name, mut rest) = rest.split_at(end);
        let void = VOID.contains(&name);
        if !void && !ELEMENTS.contains(&name) {
            return Err(format!("<{name}> is not on the list"));
        }
        if name == "a" && self.open.iter().any(|open| open == "a") {
            return Err("a link in a link".to_owned());
        }
        if self.open.len() > 320 {
            return Err("too deep".to_owned());
        }
        let mut seen = BTreeSet::new();
        while let Some(attribute) = rest.strip_prefix(' ') {
            let length = attribute
                .find(|c: char| !c.is_ascii_lowercase() && c != '-')
                .unwrap_or(0);
            let (attribute, value) = attribute.split_at(length);
            if !ATTRIBUTES.contains(&attribute) || !seen.insert(attribute) {
                return Err(format!("the attribute {attribute:?} of <{name}>"));
            }
            rest = match value.strip_prefix("=\"") {
                Some(value) => {
                    let (value, behind) = value.split_once('"').ok_or("a value without end")?;
                    self.value(attribute, value)?;
                    behind
                }
                None if matches!(attribute, "checked" | "disabled") => value,
                None => return Err(format!("{attribute} has no value in quotes")),
            };
        }
        let rest = rest
            .strip_prefix('>')
            .ok_or_else(|| format!("<{name} does not end"))?;
        if !void {
            self.open.push(name.to_owned());
        }
        Ok(rest)
    }

    fn value(&mut self, attribute: &str, value: &str) -> Result<(), String> {
        if value.contains(['<', '>', '\'']) {
            return Err(format!("{attribute}={value:?} is not escaped"));
        }
        let value = decoded(value)?;
        match attribute {
            "href" | "src" | "cite" => self.address(&value),
            "id" if !self.ids.insert(value.clone()) => Err(format!("the id {value} twice")),
            "class" => {
                let known = |class: &str| {
                    CLASSES.contains(&class)
                        || ["alert", "align-", "language-"]
                            .iter()
                            .any(|p| class.starts_with(p))
                };
                if value.split(' ').all(known) {
                    Ok(())
                } else {
                    Err(format!("the class {value}"))
                }
            }
            _ => Ok(()),
        }
    }

    /// As a browser reads it: trimmed, without tabs and line ends.
    fn address(&mut self, value: &str) -> Result<(), String> {
        let seen: String = value
            .trim_matches(|c: char| c <= ' ')
            .replace(['\t', '\n', '\r'], "")
            .to_lowercase();
        if let Some(id) = seen.strip_prefix("#fn") {
            self.fragments.push(format!("fn{id}"));
        }
        let scheme = seen
            .split(['/', '?', '#'])
            .next()
            .and_then(|start| start.split_once(':'))
            .map(|(scheme, _)| scheme);
        let named = scheme.filter(|s| s.starts_with(|c: char| c.is_ascii_alphabetic()));
        let named = named.filter(|s| {
            s.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        });
        match named {
            None | Some("http" | "https" | "mailto" | "tel") => Ok(()),
            Some(scheme) => Err(format!("an address with the scheme {scheme}")),
        }
    }
}

fn text(text: &str) -> Result<(), String> {
    if text.contains(['>', '"']) {
        return Err(format!("text is not escaped: {text:?}"));
    }
    decoded(text).map(|_| ())
}

/// Only the references this program writes.
fn decoded(text: &str) -> Result<String, String> {
    if let Some(bad) = text
        .chars()
        .find(|&c| c < ' ' && !"\t\n\r".contains(c) || matches!(c, '\u{fffe}' | '\u{ffff}'))
    {
        return Err(format!("the character {bad:?}"));
    }
    let mut decoded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [
            ("&amp;", '&'),
            ("&lt;", '<'),
            ("&gt;", '>'),
            ("&quot;", '"'),
            ("&#39;", '\''),
        ];
        let (reference, character) = known
            .iter()
            .find(|(reference, _)| rest.starts_with(reference))
            .ok_or_else(|| format!("& in {text:?}"))?;
        decoded.push(*character);
        rest = &rest[reference.len()..];
    }
    decoded.push_str(rest);
    Ok(decoded)
}
