//! The tags of HTML that was written by a program: attributes stand in quotes, and a `<` that begins no tag is escaped.

/// A tag that opens an element.
#[derive(Debug)]
pub struct Tag<'t> {
    pub name: String,
    /// Names and values, unescaped.
    pub attributes: Vec<(String, String)>,
    /// As it stands.
    pub text: &'t str,
}

impl Tag<'_> {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let own = self.attributes.iter().find(|(own, _)| own == name);
        own.map(|(_, value)| value.as_str())
    }
}

/// The tags of a page, in order. Styles and scripts hold none.
pub fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let behind = &rest[at + 1..];
        if let Some(comment) = behind.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        if !behind.starts_with(|first: char| first.is_ascii_alphabetic()) {
            rest = behind;
            continue;
        }
        let (tag, end) = tag(behind);
        rest = &behind[end..];
        if tag.name == "style" || tag.name == "script" {
            let close = format!("</{}", tag.name);
            rest = rest.find(&close).map_or("", |at| &rest[at..]);
        }
        tags.push(tag);
    }
    tags
}

/// The tag that a text begins with, and where it ends.
fn tag(text: &str) -> (Tag<'_>, usize) {
    let is_name = |character: char| !(character.is_whitespace() || matches!(character, '>' | '/' | '='));
    let word = |at: usize| {
        text[at..]
            .find(|character| !is_name(character))
            .map_or(text.len(), |end| at + end)
    };
    let mut at = word(0);
    let mut tag = Tag {
        name: text[..at].to_lowercase(),
        attributes: Vec::new(),
        text: "",
    };
    while let Some(next) = text[at..].chars().next() {
        if next == '>' {
            at += 1;
            break;
        }
        let end = word(at);
        if end == at {
            at += next.len_utf8();
            continue;
        }
        let name = text[at..end].to_lowercase();
        at = end;
        let mut value = "";
        if let Some(quoted) = text[at..].strip_prefix("=\"") {
            let end = quoted.find('"').unwrap_or(quoted.len());
            value = &quoted[..end];
            at += 3 + end;
        }
        let value = ["&lt; <", "&gt; >", "&quot; \"", "&#x27; '", "&#39; '", "&amp; &"]
            .iter()
            .filter_map(|pair| pair.split_once(' '))
            .fold(value.to_owned(), |value, (from, to)| value.replace(from, to));
        tag.attributes.push((name, value));
    }
    tag.text = &text[..at.min(text.len())];
    (tag, at.min(text.len()))
}
