//! What a page says of its article in JSON-LD: one object out of lists, graphs and references.
//!
//! Half of these blocks are written by templates and broken in a few well-known ways, which are mended; what is
//! left broken is told and passed over.

use serde_json::{Map, Value};

use super::dom::plain;

/// The largest block, in bytes, and the most blocks that are read.
const MAX_BLOCK: usize = 1 << 20;
const MAX_BLOCKS: usize = 50;

/// The most objects that are looked at.
const MAX_OBJECTS: usize = 5000;

/// Properties whose objects are about other things than the page itself.
const OTHERS: [&str; 8] = [
    "itemListElement",
    "hasPart",
    "review",
    "comment",
    "isRelatedTo",
    "citation",
    "mentions",
    "relatedLink",
];

/// The objects of a page.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    objects: Vec<Map<String, Value>>,
    /// How many blocks could not be read.
    pub broken: usize,
}

impl Linked {
    /// Reads the blocks of a page.
    pub fn read<'b>(blocks: impl Iterator<Item = &'b str>) -> Linked {
        let mut linked = Linked::default();
        for block in blocks.take(MAX_BLOCKS) {
            if block.trim().is_empty() {
                continue;
            }
            match (block.len() <= MAX_BLOCK).then(|| parse(block)).flatten() {
                Some(value) => linked.collect(value),
                None => linked.broken += 1,
            }
        }
        linked
    }

    /// Takes every object out of a value; the nesting is bounded by what read it.
    fn collect(&mut self, value: Value) {
        match value {
            Value::Array(list) => list.into_iter().for_each(|value| self.collect(value)),
            Value::Object(object) => {
                if self.objects.len() >= MAX_OBJECTS {
                    return;
                }
                let at = self.objects.len();
                self.objects.push(object);
                let own = self.objects.get(at).cloned().unwrap_or_default();
                for (key, value) in own {
                    if !OTHERS.contains(&key.as_str()) {
                        self.collect(value);
                    }
                }
            }
            _ => {}
        }
    }

    /// The object that is the article, else the one that is the page.
    pub fn article(&self) -> Option<&Map<String, Value>> {
        let articles = || self.objects.iter().filter(|object| is_of(object, is_article));
        let says_much = |object: &&Map<String, Value>| {
            object.contains_key("headline") && object.contains_key("datePublished")
        };
        articles()
            .find(says_much)
            .or_else(|| articles().find(|object| object.contains_key("headline")))
            .or_else(|| articles().next())
            .or_else(|| {
                let is_page = |kind: &str| matches!(kind, "WebPage" | "ItemPage" | "AboutPage");
                self.objects
                    .iter()
                    .find(|object| is_of(object, is_page) && object.contains_key("datePublished"))
            })
    }

    /// Whether the object that [`Linked::article`] finds is an article, and no page of another kind.
    pub fn is_article(&self) -> bool {
        self.objects.iter().any(|object| is_of(object, is_article))
    }

    /// Follows a reference by `@id` to the object that says more.
    fn whole<'l>(&'l self, object: &'l Map<String, Value>) -> &'l Map<String, Value> {
        let Some(id) = object
            .get("@id")
            .and_then(Value::as_str)
            .filter(|_| object.len() <= 2)
        else {
            return object;
        };
        let is_same = |other: &&Map<String, Value>| {
            other.len() > object.len() && other.get("@id").and_then(Value::as_str) == Some(id)
        };
        self.objects.iter().find(is_same).unwrap_or(object)
    }

    /// A text, or the first of a list.
    pub fn text(&self, object: &Map<String, Value>, key: &str) -> Option<String> {
        self.texts(object, key, &["@value", "name", "url", "@id"])
            .into_iter()
            .next()
    }

    /// The names of persons or organisations.
    pub fn names(&self, object: &Map<String, Value>, key: &str) -> Vec<String> {
        self.texts(object, key, &["name", "@value"])
    }

    /// Texts, and one property of objects: the first that they have.
    pub fn texts(&self, object: &Map<String, Value>, key: &str, own: &[&str]) -> Vec<String> {
        let mut texts = Vec::new();
        let values: Vec<&Value> = match object.get(key) {
            Some(Value::Array(list)) => list.iter().take(100).collect(),
            Some(value) => vec![value],
            None => return texts,
        };
        for value in values {
            let text = match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                Value::Object(inner) => {
                    let inner = self.whole(inner);
                    own.iter().find_map(|key| match inner.get(*key)? {
                        Value::String(text) => Some(text.clone()),
                        Value::Array(list) => list.first()?.as_str().map(str::to_owned),
                        _ => None,
                    })
                }
                _ => None,
            };
            texts.extend(text.map(|text| plain(&text)).filter(|text| !text.is_empty()));
        }
        texts
    }

    /// An inner object, or the first of a list.
    pub fn object<'l>(&'l self, object: &'l Map<String, Value>, key: &str) -> Option<&'l Map<String, Value>> {
        let value = match object.get(key)? {
            Value::Array(list) => list.first()?,
            value => value,
        };
        value.as_object().map(|inner| self.whole(inner))
    }
}

fn is_article(kind: &str) -> bool {
    kind.ends_with("Article")
        || kind.ends_with("Posting") && kind != "JobPosting"
        || matches!(kind, "Report" | "PressRelease")
}

fn is_of(object: &Map<String, Value>, fits: impl Fn(&str) -> bool) -> bool {
    // A kind may be written as an address.
    let fits = |kind: &str| fits(kind.rsplit(['/', ':', '#']).next().unwrap_or(kind));
    match object.get("@type") {
        Some(Value::String(kind)) => fits(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(fits),
        _ => false,
    }
}

fn parse(block: &str) -> Option<Value> {
    let block = block.trim();
    serde_json::from_str(block)
        .ok()
        .or_else(|| serde_json::from_str(&mended(block)).ok())
}

/// A block without what templates get wrong: marks of comments, line breaks in texts, commas before an end,
/// quotation marks escaped as in JavaScript, semicolons at the end.
fn mended(block: &str) -> String {
    let mut block = block;
    for mark in ["<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["] {
        block = block.strip_prefix(mark).unwrap_or(block).trim_start();
    }
    for mark in ["-->", "/*]]>*/", "//]]>", "]]>", ";", "//"] {
        block = block.strip_suffix(mark).unwrap_or(block).trim_end();
    }
    let mut out = String::with_capacity(block.len());
    let mut is_text = false;
    let mut characters = block.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                is_text = !is_text;
                out.push(character);
            }
            '\\' if is_text => match characters.next() {
                Some(next @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => {
                    out.extend(['\\', next])
                }
                Some(next) if !next.is_control() => out.push(next),
                _ => out.push(' '),
            },
            control if is_text && control.is_control() => out.push(' '),
            ',' if !is_text => {
                while characters.peek().is_some_and(|next| next.is_whitespace()) {
                    characters.next();
                }
                if !characters
                    .peek()
                    .is_none_or(|next| matches!(next, '}' | ']' | ','))
                {
                    out.push(',');
                }
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(blocks: &[&str], key: &str, expected: &[&str]) {
        let linked = Linked::read(blocks.iter().copied());
        let article = linked.article().cloned().unwrap_or_default();
        assert_eq!(
            linked.texts(&article, key, &["name", "url"]),
            expected,
            "{blocks:?}"
        );
    }

    #[test]
    fn articles_are_found_wherever_they_stand() {
        check(
            &[r#"{"@type": "NewsArticle", "headline": "A"}"#],
            "headline",
            &["A"],
        );
        check(
            &[r#"[{"@type": "Organization"}, {"@type": ["Thing", "BlogPosting"], "headline": "A"}]"#],
            "headline",
            &["A"],
        );
        check(
            &[
                r##"{"@graph": [{"@type": "WebPage", "headline": "no"}, {"@type": "http://schema.org/Article", "headline": "A",
               "author": [{"@id": "#p"}, "B", {"name": ["C"]}]}, {"@type": "Person", "@id": "#p", "name": "P &amp; Q"}]}"##,
            ],
            "author",
            &["P & Q", "B", "C"],
        );
        check(
            &[
                r#"{"@type": "ItemList", "itemListElement": [{"@type": "Article", "headline": "other"}]}"#,
                r#"{"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "A"}}"#,
            ],
            "headline",
            &["A"],
        );
        check(
            &[r#"{"@type": "WebPage", "name": "A", "datePublished": "2025-01-21"}"#],
            "name",
            &["A"],
        );
    }

    #[test]
    fn what_templates_break_is_mended() {
        check(
            &["<!-- {\"@type\": \"Article\", \"headline\": \"A\nB\", \"x\": [1, 2,], } -->"],
            "headline",
            &["A B"],
        );
        check(
            &["{\"@type\": \"Article\", \"headline\": \"It\\'s\"};"],
            "headline",
            &["It's"],
        );
        let linked = Linked::read(["{\"@type\": \"Article\", \"headline\": \"A \"b\"\"}", ""].into_iter());
        assert_eq!((linked.broken, linked.article()), (1, None));
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let cycle = r#"{"@type": "Article", "headline": "A", "@id": "x", "author": {"@id": "x"}}"#;
        let linked = Linked::read([deep.as_str(), cycle].into_iter());
        assert_eq!(linked.broken, 1);
        assert_eq!(
            linked.article().map(|article| linked.names(article, "author")),
            Some(Vec::new())
        );
    }
}
