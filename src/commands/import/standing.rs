//! What stands in an article that is there: the keys by which an import knows it, and those that it keeps.
//!
//! What cannot be read is for the build to say; here it counts as not said.

use crate::ground::diagnostic::Diagnostics;
use crate::ground::path::SourcePath;
use crate::ground::text::one_line;
use crate::reading::front_matter;
use crate::reading::yaml::{self, Node, Value};

use super::post::Post;

/// The front matter of an article of the site, as far as an import asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub title: Option<String>,
    pub date: Option<String>,
    pub id: Option<String>,
    pub source_name: Option<String>,
    pub source_url: Option<String>,
    pub source_date: Option<String>,
    pub companies: Vec<String>,
    pub topics: Vec<String>,
    pub authors: Vec<String>,
    pub draft: bool,
}

impl Standing {
    /// Reads what stands between the dividing lines of a file.
    pub fn of(path: &SourcePath, text: &str) -> Standing {
        let mut ignored = Diagnostics::new();
        let split = front_matter::split(path, text, &mut ignored);
        let document = split
            .yaml
            .and_then(|(yaml, start)| yaml::parse(path, yaml, start, &mut ignored));
        let Some(document) = document else {
            return Standing::default();
        };
        let head = document.root();
        let text = |name: &str| value(head, name).and_then(text_of);
        let list = |name: &str| value(head, name).map(texts_of).unwrap_or_default();
        let source = value(head, "source");
        let of_source = |name: &str| source.and_then(|source| value(source, name)).and_then(text_of);
        let bare = source.and_then(text_of);
        let is_address = |text: &String| text.contains("://");
        Standing {
            title: text("title"),
            date: text("date"),
            id: text("id"),
            source_name: of_source("name").or_else(|| bare.clone().filter(|bare| !is_address(bare))),
            source_url: of_source("url").or_else(|| bare.filter(is_address)),
            source_date: of_source("date"),
            companies: list("companies"),
            topics: list("topics"),
            authors: list("authors"),
            draft: value(head, "draft").is_some_and(|draft| draft.value == Value::Bool(true)),
        }
    }

    /// Puts into a post what stands there and its source does not say: it was given on the command line once. A
    /// draft stays one, since nobody publishes by importing again.
    pub fn carry_over(self, post: &mut Post, keeps_title: bool) {
        let front = &mut post.front;
        if keeps_title && let Some(title) = self.title {
            front.title = title;
        }
        front.draft |= self.draft;
        front.date = front.date.take().or(self.date);
        if front.source_name.is_none() && front.source_url.is_none() {
            front.source_date = front.source_date.take().or(self.source_date);
        }
        front.source_name = front.source_name.take().or(self.source_name);
        front.source_url = front.source_url.take().or(self.source_url);
        if front.authors.is_empty() {
            front.authors = self.authors;
        }
        unite(self.companies, &mut front.companies);
        unite(self.topics, &mut front.topics);
    }
}

/// Those that stand there first, so that the same ones come out in the same order.
fn unite(there: Vec<String>, new: &mut Vec<String>) {
    let mut all = there;
    for name in new.drain(..) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    *new = all;
}

/// The value of a key.
fn value<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let mut entries = node.as_map()?.iter();
    entries.find(|(key, _)| key.name == name).map(|(_, node)| node)
}

fn text_of(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(one_line(text)).filter(|text| !text.is_empty()),
        Value::Int(number) => Some(number.to_string()),
        _ => None,
    }
}

fn texts_of(node: &Node) -> Vec<String> {
    match &node.value {
        Value::List(list) => list.iter().filter_map(text_of).collect(),
        _ => text_of(node).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_there_is_read_and_carried_over() {
        let path = SourcePath::new("content/articles/a.md").expect("a path");
        let text = "---\ntitle: A\ndate: 2025-01-21\nsource:\n  name: P\n  url: https://p.example/\ntopics: [x, y]\nauthors: [Ada]\ndraft: true\n---\nText\n";
        let standing = Standing::of(&path, text);
        let mut post = Post::default();
        post.front.topics = vec!["z".to_owned(), "x".to_owned()];
        post.front.source_name = Some("Q".to_owned());
        standing.carry_over(&mut post, false);
        let front = post.front;
        assert_eq!(front.topics, ["x", "y", "z"]);
        assert_eq!(
            (front.title.as_str(), front.date.as_deref(), front.draft),
            ("", Some("2025-01-21"), true)
        );
        assert_eq!(
            (front.source_name.as_deref(), front.source_url.as_deref()),
            (Some("Q"), Some("https://p.example/"))
        );
        assert_eq!(Standing::of(&path, "---\ntitle: [\n---\n"), Standing::default());
    }
}
