//! Where the article stands on its page.
//!
//! The library finds it, as browsers do for their reading view, and is trusted in that. It also drops what looks unlike
//! text, which costs tables, captions and whole sentences; so what is kept within the article is decided here, block by
//! block, and what the library kept is one reason among others.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

use super::dom::{attribute, has_sentence, is_block, link_share, name, text, words};
use crate::commands::import::foreign::post::LeftOut;

/// The attribute that numbers elements, so that they are known again in what the library leaves.
const NUMBER: &str = "data-brief";

/// Words in the names of what stands over a text and belongs to it.
const HEAD: [&str; 12] = [
    "standfirst",
    "dek",
    "deck",
    "subtitle",
    "subhead",
    "subheadline",
    "vorspann",
    "chapo",
    "summary",
    "keypoints",
    "highlights",
    "takeaways",
];

/// The elements of a page in their order, each with the number of the one above it.
struct Elements<'d> {
    nodes: Vec<(NodeRef<'d>, usize)>,
    /// How much text that the library kept stands in each and below it, in characters.
    kept: Vec<usize>,
}

/// Takes everything off a page but its article, and returns the element that holds it. `None` where the library finds none.
pub fn cut<'d>(document: &'d Document, left_out: &mut LeftOut) -> Option<NodeRef<'d>> {
    let body = document.body()?;
    let mut elements = number(&body);
    let kept = kept(document)?;
    elements.weigh(&kept);
    let total = elements.kept.first().copied().filter(|total| *total > 0)?;
    let held = elements.holds_all();
    let main = elements.holds_most(held, total);
    let article = elements.with_head(held);
    let children = elements.children();
    let mut open = vec![(article, false)];
    while let Some((at, is_main)) = open.pop() {
        let is_main = is_main || at == main;
        for &child in children.get(at).into_iter().flatten() {
            let node = elements.nodes[child].0;
            if elements.kept[child] > 0 {
                if !is_whole(&node) {
                    open.push((child, is_main));
                }
            } else if !is_main && is_of_head(&node)
                || at == main && is_beside_kept(&elements, children.get(at), child)
            {
                // Stays as it is.
            } else if !(is_main && is_worth(&node)) {
                let is_seen = !text(&node).is_empty();
                // What stands in a line goes with its line.
                if is_block(&node) || !is_main {
                    let head = if is_main { Vec::new() } else { heads(&node) };
                    head.iter().for_each(|part| node.insert_before(part));
                    node.remove_from_parent();
                    if is_seen && head.is_empty() {
                        *left_out.entry("boxes beside the text".to_owned()).or_default() += 1;
                    }
                }
            }
        }
    }
    Some(elements.nodes[article].0)
}

/// Numbers the elements of a page.
fn number<'d>(body: &NodeRef<'d>) -> Elements<'d> {
    let mut nodes = Vec::new();
    let mut open = vec![(*body, 0)];
    while let Some((node, above)) = open.pop() {
        let own = nodes.len();
        node.set_attr(NUMBER, &own.to_string());
        nodes.push((node, above));
        open.extend(
            node.children()
                .into_iter()
                .rev()
                .filter(NodeRef::is_element)
                .map(|child| (child, own)),
        );
    }
    let kept = vec![0; nodes.len()];
    Elements { nodes, kept }
}

/// The numbers of the elements that the library keeps.
fn kept(document: &Document) -> Option<BTreeSet<usize>> {
    let config = Config {
        disable_json_ld: true,
        keep_classes: true,
        char_threshold: 300,
        ..Config::default()
    };
    let mut readability = Readability::with_document(document.clone(), None, Some(config)).ok()?;
    // The page is hostile, and the library is not ours: an article less is better than a run that ends.
    catch_unwind(AssertUnwindSafe(|| readability.parse().map(drop)))
        .ok()?
        .ok()?;
    let numbers = readability.doc.select("#readability-page-1 [data-brief]");
    let numbers = numbers.nodes().iter().filter_map(number_of).collect();
    Some(numbers)
}

fn number_of(node: &NodeRef<'_>) -> Option<usize> {
    attribute(node, NUMBER)?.parse().ok()
}

impl Elements<'_> {
    /// Adds up how much text was kept where.
    fn weigh(&mut self, kept: &BTreeSet<usize>) {
        for at in 0..self.nodes.len() {
            let (node, above) = self.nodes[at];
            let own: usize = node
                .children()
                .into_iter()
                .filter(NodeRef::is_text)
                .map(|child| child.text().trim().chars().count())
                .sum();
            // Elements in a line may have been renamed; their text belongs to the block round them.
            let (mut owner, mut next) = (at, above);
            while !kept.contains(&owner) && owner != 0 && !is_block(&self.nodes[owner].0) {
                owner = next;
                next = self.nodes[owner].1;
            }
            if kept.contains(&owner) {
                self.kept[at] += own;
            }
        }
        for at in (1..self.nodes.len()).rev() {
            self.kept[self.nodes[at].1] += self.kept[at];
        }
    }

    fn children(&self) -> Vec<Vec<usize>> {
        let mut children = vec![Vec::new(); self.nodes.len()];
        for (at, (_, above)) in self.nodes.iter().enumerate().skip(1) {
            children[*above].push(at);
        }
        children
    }

    /// The deepest element that holds everything that was kept.
    fn holds_all(&self) -> usize {
        self.descend(0, self.kept[0])
    }

    /// The deepest element that holds most of it: the column of text.
    fn holds_most(&self, from: usize, total: usize) -> usize {
        self.descend(from, (total * 7).div_ceil(10))
    }

    /// The element that holds the headline too, if it is near: standfirst, main points and main picture stand there.
    fn with_head(&self, from: usize) -> usize {
        let mut at = from;
        for _ in 0..6 {
            at = self.nodes[at].1;
            let node = &self.nodes[at].0;
            if at == 0 || name(node) == "body" {
                break;
            }
            if node.descendants().iter().any(|below| name(below) == "h1") {
                return at;
            }
        }
        from
    }

    fn descend(&self, from: usize, least: usize) -> usize {
        let mut at = from;
        // Numbers grow downwards, so that one walk finds the deepest.
        for (number, (node, above)) in self.nodes.iter().enumerate().skip(from + 1) {
            if *above == at && self.kept[number] >= least && is_block(node) && !is_whole(node) {
                at = number;
            }
        }
        at
    }
}

/// Blocks that are kept as they are once anything in them is.
fn is_whole(node: &NodeRef<'_>) -> bool {
    matches!(
        name(node).as_str(),
        "p" | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "dl"
            | "table"
            | "figure"
            | "blockquote"
            | "pre"
    ) || !is_block(node)
}

/// Whether a block outside of the column of text belongs to its head: the main picture, the standfirst, the main points.
fn is_of_head(node: &NodeRef<'_>) -> bool {
    match name(node).as_str() {
        "figure" => link_share(node) < 0.5 && node.descendants().iter().any(|below| name(below) == "img"),
        "p" | "ul" | "ol" | "div" | "h2" | "h3" => {
            let names = words(node);
            let is_named = HEAD.iter().any(|name| names.iter().any(|word| word == name));
            is_named && link_share(node) < 0.3 && (1..800).contains(&text(node).chars().count())
        }
        _ => false,
    }
}

/// The parts of the head of an article within a block that is none of it.
fn heads<'d>(node: &NodeRef<'d>) -> Vec<NodeRef<'d>> {
    let mut heads: Vec<NodeRef<'d>> = Vec::new();
    for below in node.descendants() {
        let is_within = heads
            .iter()
            .any(|head| below.ancestors(None).iter().any(|above| above.id == head.id));
        if !is_within && heads.len() < 8 && is_of_head(&below) {
            heads.push(below);
        }
    }
    heads
}

/// Whether a block is called like the ones beside it that were kept: a short paragraph among longer ones.
fn is_beside_kept(elements: &Elements<'_>, children: Option<&Vec<usize>>, child: usize) -> bool {
    let node = &elements.nodes[child].0;
    let Some(class) = attribute(node, "class") else {
        return false;
    };
    let (tag, share) = (name(node), link_share(node));
    let is_twin = |other: &&usize| {
        let twin = &elements.nodes[**other].0;
        (elements.kept[**other] > 0 || is_worth(twin))
            && name(twin) == tag
            && attribute(twin, "class").as_deref() == Some(&class)
    };
    share < 0.5 && children.into_iter().flatten().filter(is_twin).count() >= 2
}

/// Whether a block within the article that the library dropped is a part of it.
fn is_worth(node: &NodeRef<'_>) -> bool {
    let has_picture = || {
        std::iter::once(*node)
            .chain(node.descendants())
            .any(|below| name(&below) == "img")
    };
    match name(node).as_str() {
        "figure" | "img" | "pre" | "blockquote" | "hr" | "br" | "video" | "audio" | "iframe" | "dl" => true,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => link_share(node) < 0.9,
        "table" => link_share(node) < 0.5,
        "p" => {
            let line = text(node);
            has_picture()
                || !line.is_empty()
                    && (link_share(node) < 0.6 || has_sentence(&line) && link_share(node) < 0.9)
        }
        "ul" | "ol" => link_share(node) < 0.3 && text(node).chars().count() >= 20,
        _ if !is_block(node) => true,
        _ => {
            let line = text(node);
            if line.is_empty() {
                return has_picture();
            }
            link_share(node) < 0.3 && (has_sentence(&line) || has_picture() || line.chars().count() >= 40)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "The plant in the north will open in May, the company said, after two years of delays, and it will employ \
        four hundred people, most of them from the town, which lost its mill, its harbour and its railway station.";

    fn check(html: &str, expected: &[&str]) {
        let document = Document::from(format!("<html><body>{html}</body></html>"));
        let found = cut(&document, &mut LeftOut::new()).map(|article| text(&article));
        assert_eq!(found.as_deref(), Some(expected.join(" ").as_str()), "{html}");
    }

    #[test]
    fn the_column_of_text_is_found_and_nothing_in_it_is_lost() {
        let html = format!(
            "<div class=top><a href=x>Home</a> <a href=y>News</a></div><div class=page><div class=story><p>{LONG}</p><p>{LONG}</p>\
             <div class=extra>A short box.</div><h2>Costs</h2><ul><li>One billion for the halls</ul><table><tr><td>1<td>2</table>\
             <aside>The firm was founded in 1990 by two sisters.</aside><p>{LONG}</p></div>\
             <div class=right><a href=z>Other story of today</a></div></div>"
        );
        let box_text = "The firm was founded in 1990 by two sisters.";
        check(
            &html,
            &[
                LONG,
                LONG,
                "Costs",
                "One billion for the halls",
                "1 2",
                box_text,
                LONG,
            ],
        );
    }

    #[test]
    fn a_page_of_nothing_has_no_article() {
        for html in ["", "<div id=root></div>", "<script></script>"] {
            let document = Document::from(format!("<html><body>{html}</body></html>"));
            assert!(cut(&document, &mut LeftOut::new()).is_none(), "{html}");
        }
    }
}
