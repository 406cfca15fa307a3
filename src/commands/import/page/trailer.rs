//! The ends that feeds put on entries: "Continue reading", "[…]". They tell that a text is cut, and are no part of it.

use dom_query::{Document, NodeRef};

use super::dom::{all, name, text};

/// How such links start.
const MORE: [&str; 16] = [
    "read more",
    "read the full",
    "read full",
    "read the rest",
    "read on",
    "continue reading",
    "continued",
    "keep reading",
    "full story",
    "full article",
    "more…",
    "weiterlesen",
    "mehr lesen",
    "lire la suite",
    "leer más",
    "leggi tutto",
];

/// Takes the end off an entry. Says whether there was one, and so whether the text is cut.
pub fn cut(document: &Document) -> bool {
    let mut is_cut = false;
    for link in all(document, "a").into_iter().rev().take(3) {
        let line = text(&link).to_lowercase();
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        let is_more = MORE.iter().any(|start| line.starts_with(start)) && line.chars().count() < 160;
        let has_class = super::dom::words(&link)
            .windows(2)
            .any(|pair| pair == ["more", "link"]);
        if (is_more || has_class) && is_last(&link) {
            let parent = link.parent();
            link.remove_from_parent();
            if let Some(parent) = parent.filter(|parent| text(parent).is_empty() && name(parent) != "body") {
                parent.remove_from_parent();
            }
            is_cut = true;
        }
    }
    let texts: Vec<NodeRef<'_>> = document
        .html_root()
        .descendants()
        .into_iter()
        .filter(NodeRef::is_text)
        .collect();
    if let Some(last) = texts
        .into_iter()
        .rev()
        .find(|node| !node.text().trim().is_empty())
    {
        let own = last.text().to_string();
        let trimmed = own.trim_end();
        for mark in ["[…]", "[...]", "(…)", "(more…)"] {
            if let Some(rest) = trimmed.strip_suffix(mark) {
                last.set_text(format!("{}…", rest.trim_end().trim_end_matches('…')));
                is_cut = true;
            }
        }
    }
    is_cut
}

/// Whether nothing but other links and trifles follows.
fn is_last(link: &NodeRef<'_>) -> bool {
    let mut at = *link;
    for _ in 0..6 {
        let mut next = at.next_sibling();
        while let Some(node) = next {
            let own = text(&node);
            if own.chars().count() > 3
                && name(&node) != "a"
                && !own.to_lowercase().contains("appeared first on")
            {
                return false;
            }
            next = node.next_sibling();
        }
        match at.parent() {
            Some(parent) if name(&parent) != "body" => at = parent,
            _ => return true,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str, is_cut: bool) {
        let document = Document::from(html);
        assert_eq!(cut(&document), is_cut, "{html}");
        assert_eq!(text(&document.html_root()), expected, "{html}");
    }

    #[test]
    fn ends_go_and_are_told() {
        check(
            "<p>The plant opens. <a class=more-link href=x>Continue reading <span>Plant</span> →</a></p>",
            "The plant opens.",
            true,
        );
        check(
            "<p>The plant</p><p><a href=x>Read more...</a></p>",
            "The plant",
            true,
        );
        check("<p>The plant opens [&#8230;]</p>", "The plant opens…", true);
    }

    #[test]
    fn links_within_a_text_stay() {
        check(
            "<p><a href=x>Read more books</a>, he said to the town's children.</p>",
            "Read more books, he said to the town's children.",
            false,
        );
        check("<p>a […] b</p>", "a […] b", false);
    }
}
