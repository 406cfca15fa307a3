//! What pages are asked again and again: the words in an element's name, its text, how much of it is links.

use dom_query::{Document, NodeRef};

use crate::ground::text::one_line;

/// Elements that stand in a line of text.
const INLINE: [&str; 34] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
];

/// The longest text that [`plain`] reads, in characters.
const MAX_PLAIN: usize = 2000;

/// The name of an element, in lower case; empty for anything else.
pub fn name(node: &NodeRef<'_>) -> String {
    node.node_name().map_or_else(String::new, |name| name.to_string())
}

/// Whether an element starts a line of its own.
pub fn is_block(node: &NodeRef<'_>) -> bool {
    node.is_element() && !INLINE.contains(&name(node).as_str())
}

/// An attribute with something in it.
pub fn attribute(node: &NodeRef<'_>, name: &str) -> Option<String> {
    let value = node.attr(name)?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// The text below a node in one line, with spaces between blocks.
pub fn text(node: &NodeRef<'_>) -> String {
    let mut text = String::new();
    if node.is_text() {
        text.push_str(&node.text());
    }
    for below in node.descendants().into_iter() {
        if below.is_text() {
            if below.prev_sibling().is_some_and(|before| is_block(&before)) {
                text.push(' ');
            }
            text.push_str(&below.text());
        } else if is_block(&below) {
            text.push(' ');
        }
    }
    one_line(&text)
}

/// The share of an element's text that is links, from 0 to 1.
pub fn link_share(node: &NodeRef<'_>) -> f64 {
    let all = text(node).chars().count();
    if all == 0 {
        return 0.0;
    }
    let mut linked = if name(node) == "a" { all } else { 0 };
    for link in node.descendants().into_iter().filter(|below| name(below) == "a") {
        linked += text(&link).chars().count();
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "texts are far shorter than 2^52 characters"
    )]
    let share = linked as f64 / all as f64;
    share.min(1.0)
}

/// The words in the names by which designers and scripts know an element: `relatedPosts_box` is "related", "posts", "box".
pub fn words(node: &NodeRef<'_>) -> Vec<String> {
    let mut words = Vec::new();
    for key in [
        "class",
        "id",
        "data-component",
        "data-module",
        "data-testid",
        "data-type",
        "aria-label",
    ] {
        let Some(value) = attribute(node, key) else {
            continue;
        };
        // What is longer than that is no name.
        if value.len() > 400 {
            continue;
        }
        let mut word = String::new();
        let mut was_lower = false;
        for character in value.chars() {
            let starts = character.is_uppercase() && was_lower;
            if (starts || !character.is_alphanumeric()) && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if character.is_whitespace() {
                words.push(" ".to_owned());
            }
            if character.is_alphanumeric() {
                word.extend(character.to_lowercase());
            }
            was_lower = character.is_lowercase();
        }
        if !word.is_empty() {
            words.push(word);
        }
        words.push(" ".to_owned());
    }
    words
}

/// Takes an element away and leaves what it holds in its place.
pub fn unwrap(node: &NodeRef<'_>) {
    if let Some(first) = node.first_child() {
        node.insert_siblings_before(&first);
    }
    node.remove_from_parent();
}

/// All elements of a document that match, in its order.
pub fn all<'d>(document: &'d Document, selector: &str) -> Vec<NodeRef<'d>> {
    document.select(selector).nodes().to_vec()
}

/// Letters and digits of a text in lower case, to compare texts that differ in dressing.
pub fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Text in which entities may be written out, as in data of scripts and in attributes escaped twice.
pub fn plain(text: &str) -> String {
    // What is longer than that is no headline, no name and no summary, and need not be parsed.
    let end = text
        .char_indices()
        .nth(MAX_PLAIN)
        .map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    if text.contains('<') || text.contains('&') && text.contains(';') {
        let document = Document::from(text.replace('\0', ""));
        let root = document.html_root();
        return self::text(&root);
    }
    one_line(text)
}

/// Whether a text holds a whole sentence: some words, and an end.
pub fn has_sentence(text: &str) -> bool {
    let ends = ['.', '!', '?', '…', '。', '！', '？', '؟', '।'];
    let is_dense = text
        .chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'));
    let trimmed = text.trim_end_matches(['"', '”', '’', '»', ')', '“', '‘', '\'', '」', '』', ']', ' ']);
    let is_ended = trimmed.ends_with(ends) || text.contains(". ") || is_dense && text.contains(ends);
    is_ended && (is_dense || text.split_whitespace().count() >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_do_not_run_into_each_other() {
        let document = Document::from("<div><h1>A</h1><p>b<b>c</b></p>d<br>e</div>");
        assert_eq!(text(&document.html_root()), "A bc d e");
    }

    #[test]
    fn names_fall_into_words() {
        let document = Document::from("<div class='relatedPosts_box c-ad' id=Main></div>");
        let found = words(&document.select("div").nodes()[0]);
        let found: Vec<&str> = found
            .iter()
            .map(String::as_str)
            .filter(|word| *word != " ")
            .collect();
        assert_eq!(found, ["related", "posts", "box", "c", "ad", "main"]);
    }

    #[test]
    fn sentences_are_told_from_labels() {
        assert!(has_sentence("The plant opens in May."));
        assert!(has_sentence("“It will open soon, we hope.”"));
        assert!(has_sentence("工場は五月に開く。"));
        assert!(!has_sentence("Share this article"));
        assert!(!has_sentence("Inc."));
    }

    #[test]
    fn entities_within_data_are_read() {
        assert_eq!(plain("Marks &amp; Co&#8217;s <b>plan</b>"), "Marks & Co’s plan");
        assert_eq!(plain(" a\n b "), "a b");
    }
}
