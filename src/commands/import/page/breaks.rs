//! Lines parted by two `<br>`, as old pages and e-mails have them, as paragraphs.

use dom_query::{Document, NodeRef};

use super::dom::{all, is_block, name, text};

/// Makes paragraphs of lines that stand in a block without any.
pub fn into_paragraphs(document: &Document) {
    for block in all(
        document,
        "div, td, section, article, main, center, body, blockquote, p",
    ) {
        let children = block.children();
        if has_pair(&children) {
            part(&block, &children);
        }
    }
}

/// Whether two breaks follow each other.
fn has_pair(children: &[NodeRef<'_>]) -> bool {
    let mut before = false;
    for child in children {
        match name(child).as_str() {
            "br" if before => return true,
            "br" => before = true,
            "" if child.text().trim().is_empty() => {}
            _ => before = false,
        }
    }
    false
}

/// Puts what stands between pairs of breaks, and between blocks, into paragraphs.
fn part(block: &NodeRef<'_>, children: &[NodeRef<'_>]) {
    let is_paragraph = name(block) == "p";
    let mut line: Vec<NodeRef<'_>> = Vec::new();
    let mut breaks: Vec<NodeRef<'_>> = Vec::new();
    for child in children {
        if name(child) == "br" {
            breaks.push(*child);
            // A line in bold over others is a heading of a kind.
            if breaks.len() >= 2 || is_bold(&line) {
                wrap(&mut line);
                breaks.drain(..).for_each(|gap| gap.remove_from_parent());
            }
            continue;
        }
        if is_block(child) && name(child) != "img" {
            wrap(&mut line);
            breaks.drain(..).for_each(|gap| gap.remove_from_parent());
            continue;
        }
        if child.is_text() && child.text().trim().is_empty() && line.is_empty() {
            continue;
        }
        if line.is_empty() {
            breaks.drain(..).for_each(|gap| gap.remove_from_parent());
        }
        if !(child.is_text() && child.text().trim().is_empty()) {
            line.append(&mut breaks);
        }
        line.push(*child);
    }
    wrap(&mut line);
    breaks.drain(..).for_each(|gap| gap.remove_from_parent());
    if is_paragraph {
        // Paragraphs hold no paragraphs.
        block.rename("div");
    }
}

fn is_bold(line: &[NodeRef<'_>]) -> bool {
    let mut full = line.iter().filter(|node| !text(node).is_empty());
    full.next()
        .is_some_and(|node| matches!(name(node).as_str(), "b" | "strong"))
        && full.next().is_none()
}

fn wrap(line: &mut Vec<NodeRef<'_>>) {
    if let Some(first) = line.first().filter(|_| {
        line.iter()
            .any(|node| !text(node).is_empty() || holds_picture(node))
    }) {
        let paragraph = first.tree.new_element("p");
        first.insert_before(&paragraph);
        for node in line.iter() {
            paragraph.append_child(node);
        }
    }
    line.clear();
}

fn holds_picture(node: &NodeRef<'_>) -> bool {
    name(node) == "img" || node.descendants().iter().any(|below| name(below) == "img")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        let document = Document::from(format!("<body>{html}</body>"));
        into_paragraphs(&document);
        assert_eq!(
            document.select("body").inner_html().to_string(),
            expected,
            "{html}"
        );
    }

    #[test]
    fn lines_become_paragraphs() {
        check(
            "<div>a <i>b</i><br><br>c<br>d<br>\n<br>e</div>",
            "<div><p>a <i>b</i></p><p>c<br>d\n</p><p>e</p></div>",
        );
        check(
            "<div><b>Head</b><br>1 May<br><br>a<ul><li>b</li></ul>c</div>",
            "<div><p><b>Head</b></p><p>1 May</p><p>a</p><ul><li>b</li></ul><p>c</p></div>",
        );
        check("<p>a<br><br>b</p>", "<div><p>a</p><p>b</p></div>");
        check("<p>a<br>b</p>", "<p>a<br>b</p>");
    }
}
