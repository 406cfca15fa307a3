//! The links and pictures of a Markdown text, found and led elsewhere without touching the rest.
//!
//! Only addresses change. A link that leads nowhere any more loses its brackets and keeps its text, with
//! the old address in a comment behind it, so that nothing is lost and nothing broken is published.

use std::collections::BTreeSet;
use std::ops::Range;

use super::book::TARGET;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// What a reference does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It leads there.
    Link,
    /// It shows it.
    Picture,
}

/// What becomes of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Stay,
    /// It becomes this one.
    Become(String),
    /// It goes, for this reason.
    Go(String),
}

/// Rewrites every address of a text. The function gets what the reference does, its address and where it starts.
pub fn rewrite(text: &str, mut fate: impl FnMut(Kind, &str, usize) -> Fate) -> String {
    let mut edits = Vec::new();
    find(text, &mut edits, &mut fate);
    apply(text, edits)
}

/// Makes links of targets that stand in the text as they are, where the old generator printed an address. The
/// function gets a target and gives the words for the link.
pub fn name_bare(text: &str, words: impl Fn(&str) -> String) -> String {
    if !text.contains(TARGET) {
        return text.to_owned();
    }
    let mut edits: Vec<Edit> = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => depth += 1,
            Event::End(TagEnd::Link | TagEnd::Image) => depth = depth.saturating_sub(1),
            Event::Text(_) if depth == 0 => {
                for (at, _) in text[range.clone()].match_indices(TARGET) {
                    let start = range.start + at;
                    let rest = &text[start..];
                    let end = rest.find(|sign: char| sign.is_whitespace() || "<>()[]\"'".contains(sign));
                    let target =
                        rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', '!', '?']);
                    let words = words(target).replace(['[', ']'], "");
                    edits.push((start..start + target.len(), format!("[{words}]({target})")));
                }
            }
            _ => {}
        }
    }
    apply(text, edits)
}

/// A part of the text and what it becomes.
type Edit = (Range<usize>, String);

/// A comment that readers do not see and editors do.
pub fn comment(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ").replace("--", "- -");
    // Two hyphens may have come next to each other from three.
    format!(
        "<!-- import: {} -->",
        line.replace("--", "- -").trim_end_matches('-')
    )
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut rewritten = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        // What lies in a part that is gone is gone with it.
        if range.start < at {
            continue;
        }
        rewritten.push_str(&text[at..range.start]);
        rewritten.push_str(&new);
        at = range.end;
    }
    rewritten.push_str(&text[at..]);
    rewritten
}

/// An address without the mark of those that were looked for already.
fn plain(address: &str) -> String {
    address.replace(TARGET, "")
}

/// An open link or picture.
struct Open {
    kind: Kind,
    style: LinkType,
    address: String,
    range: Range<usize>,
    /// Where what stands in it ends.
    inner_end: usize,
}

fn find(text: &str, edits: &mut Vec<Edit>, fate: &mut impl FnMut(Kind, &str, usize) -> Fate) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut open: Vec<Open> = Vec::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let parser = Parser::new_ext(text, options);
    let definitions: Vec<(String, String, Range<usize>)> = parser
        .reference_definitions()
        .iter()
        .map(|(name, definition)| {
            (
                name.to_owned(),
                definition.dest.to_string(),
                definition.span.clone(),
            )
        })
        .collect();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Link {
                link_type, dest_url, ..
            }) => open.push(opened(Kind::Link, link_type, &dest_url, range)),
            Event::Start(Tag::Image {
                link_type, dest_url, ..
            }) => open.push(opened(Kind::Picture, link_type, &dest_url, range)),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some(closed) = open.pop() {
                    if let Some(outer) = open.last_mut() {
                        outer.inner_end = range.end;
                    }
                    if closed.style != LinkType::Inline && closed.style != LinkType::Autolink {
                        used.insert(closed.address.clone());
                    }
                    close(text, &closed, edits, fate);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                attributes(text, range.clone(), edits, fate);
                if let Some(inner) = open.last_mut() {
                    inner.inner_end = range.end;
                }
            }
            _ => {
                if let Some(inner) = open.last_mut() {
                    inner.inner_end = inner.inner_end.max(range.end);
                }
            }
        }
    }
    for (_, address, span) in definitions
        .iter()
        .filter(|(_, address, _)| used.contains(address))
    {
        let definition = &text[span.clone()];
        let from = definition.find("]:").map_or(0, |at| at + 2);
        if let Some(at) = definition[from..].find(address.as_str()) {
            let start = span.start + from + at;
            if let Fate::Become(new) = fate(Kind::Link, address, start) {
                edits.push((start..start + address.len(), new));
            }
        }
    }
}

fn opened(kind: Kind, style: LinkType, address: &str, range: Range<usize>) -> Open {
    Open {
        kind,
        style,
        address: address.to_owned(),
        inner_end: range.start + 1,
        range,
    }
}

fn close(text: &str, closed: &Open, edits: &mut Vec<Edit>, fate: &mut impl FnMut(Kind, &str, usize) -> Fate) {
    let Open { kind, range, .. } = closed;
    match closed.style {
        LinkType::Inline => {
            let from = closed.inner_end.min(range.end);
            let Some(label_end) = text[from..range.end].find("](").map(|at| from + at) else {
                return;
            };
            let inner = &text[label_end + 2..range.end];
            // Written with escapes it is not found, and the whole of it is replaced.
            let place = inner.find(closed.address.as_str()).map(|at| {
                let start = label_end + 2 + at;
                start..start + closed.address.len()
            });
            let place = place.filter(|_| !closed.address.is_empty()).unwrap_or_else(|| {
                let written = inner.trim_start();
                let start = label_end + 2 + inner.len() - written.len();
                let length = written.find([' ', '\n', ')']).unwrap_or(0);
                start..start + length
            });
            match fate(*kind, &closed.address, range.start) {
                Fate::Stay => {}
                Fate::Become(new) => {
                    let is_enclosed = text[..place.start].ends_with('<');
                    let needs = !is_enclosed && new.contains([' ', '(', ')']);
                    edits.push((place, if needs { format!("<{new}>") } else { new }));
                }
                Fate::Go(why) => match kind {
                    Kind::Link => {
                        edits.push((range.start..range.start + 1, String::new()));
                        let was = comment(&format!("led to {}: {why}", plain(&closed.address)));
                        edits.push((label_end..range.end, was));
                    }
                    Kind::Picture => {
                        let was = comment(&format!("{}: {why}", plain(&text[range.clone()])));
                        edits.push((range.clone(), was));
                    }
                },
            }
        }
        LinkType::Autolink => {
            if let Fate::Become(new) = fate(*kind, &closed.address, range.start) {
                // What an angle bracket holds must be a whole address; a path is written as a link.
                let shown = &closed.address;
                edits.push((range.clone(), format!("[{shown}]({new})")));
            }
        }
        // Their address stands in the definition; one that leads nowhere is taken out where it is used.
        LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut => {
            if let Fate::Go(why) = fate(*kind, &closed.address, range.start) {
                let was = comment(&format!("led to {}: {why}", plain(&closed.address)));
                match kind {
                    Kind::Picture => edits.push((range.clone(), was)),
                    Kind::Link => {
                        let from = closed.inner_end.min(range.end);
                        let label_end = text[from..range.end].find(']').map_or(from, |at| from + at);
                        edits.push((range.start..range.start + 1, String::new()));
                        edits.push((label_end..range.end, was));
                    }
                }
            }
        }
        _ => {}
    }
}

/// The addresses in the attributes of HTML.
fn attributes(
    text: &str,
    range: Range<usize>,
    edits: &mut Vec<Edit>,
    fate: &mut impl FnMut(Kind, &str, usize) -> Fate,
) {
    let html = &text[range.clone()];
    if html.starts_with("<!--") {
        return;
    }
    for (name, kind) in [
        ("href", Kind::Link),
        ("src", Kind::Picture),
        ("poster", Kind::Picture),
    ] {
        let mut at = 0;
        while let Some(found) = html[at..].find(name) {
            let start = at + found;
            at = start + name.len();
            let is_name = html[..start].ends_with([' ', '\n', '\t', '"', '\'']);
            let rest = html[at..].trim_start();
            let Some(rest) = rest.strip_prefix('=').filter(|_| is_name).map(str::trim_start) else {
                continue;
            };
            let value_start = html.len() - rest.len();
            let (open, quote) = match rest.chars().next() {
                Some(quote @ ('"' | '\'')) => (1, Some(quote)),
                _ => (0, None),
            };
            let value = &rest[open..];
            let end = match quote {
                Some(quote) => value.find(quote),
                None => value.find([' ', '\t', '\n', '>']),
            };
            let Some(end) = end else { continue };
            let address = &value[..end];
            at = value_start + open + end;
            let place = range.start + value_start + open..range.start + at;
            match fate(kind, &address.replace("&amp;", "&"), range.start + start) {
                Fate::Stay => {}
                Fate::Become(new) => {
                    let new = new.replace('"', "%22");
                    edits.push((place, if open == 0 { format!("\"{new}\"") } else { new }));
                }
                Fate::Go(_) => {
                    edits.push((range.start + start..place.end + open, String::new()));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let rewritten = rewrite(text, |kind, address, _| match address {
            "/gone/" | "gone.png" => Fate::Go("it did not come along".to_owned()),
            "/stay/" => Fate::Stay,
            other => match kind {
                Kind::Link => Fate::Become(format!("new{other}")),
                Kind::Picture => Fate::Become("pic ture.png".to_owned()),
            },
        });
        assert_eq!(rewritten, expected);
    }

    #[test]
    fn bare_targets_become_links() {
        let named = |text: &str| name_bare(text, |target| format!("to {}", &target[TARGET.len()..]));
        assert_eq!(
            named("See brief-target:7#x. [a](brief-target:8)"),
            "See [to 7#x](brief-target:7#x). [a](brief-target:8)"
        );
        assert_eq!(
            named("`brief-target:7` <a href=\"brief-target:7\">b</a>"),
            "`brief-target:7` <a href=\"brief-target:7\">b</a>"
        );
    }

    #[test]
    fn addresses_change_and_nothing_else() {
        check("a [b *c*](/x/ \"T\") d", "a [b *c*](new/x/ \"T\") d");
        check("[/x/](/x/)", "[/x/](new/x/)");
        check("[![a](i.png)](/x/)", "[![a](<pic ture.png>)](new/x/)");
        check("[b][r]\n\n[r]: /x/ 'T'\n", "[b][r]\n\n[r]: new/x/ 'T'\n");
        check(
            "<a class=\"c\" href=\"/x/\">b</a>",
            "<a class=\"c\" href=\"new/x/\">b</a>",
        );
        check(
            "`[b](/x/)`\n\n```\n[b](/x/)\n```\n",
            "`[b](/x/)`\n\n```\n[b](/x/)\n```\n",
        );
        check("[b](/stay/)", "[b](/stay/)");
        check("[b](</x/>)", "[b](<new/x/>)");
    }

    #[test]
    fn what_leads_nowhere_is_text_with_a_comment() {
        check(
            "a [b *c*](/gone/) d",
            "a b *c*<!-- import: led to /gone/: it did not come along --> d",
        );
        check(
            "![b](gone.png)",
            "<!-- import: ![b](gone.png): it did not come along -->",
        );
        check(
            "[b][r]\n\n[r]: /gone/\n",
            "b<!-- import: led to /gone/: it did not come along -->\n\n[r]: /gone/\n",
        );
        check("<a href=\"/gone/\">b</a>", "<a >b</a>");
    }

    #[test]
    fn comments_cannot_end_early() {
        let comment = comment("a --> b ---- c -");
        assert_eq!(comment.matches("-->").count(), 1, "{comment}");
        assert!(comment.ends_with(" -->"), "{comment}");
    }
}
