//! Blocks that hang together and are none of the article: links to other articles under a heading, comments of
//! readers, contacts and statements behind a press release.

use super::block::{Block, Shape};
use super::desk::{Desk, LEFT_OUT};
use super::phrase::{ends_sentence, ends_with_stop, fold, is_name, word_count};
use super::stamp;
use super::topic;
use super::trailer::Kind;

/// The most blocks of a list of links in the middle of a text.
const MAX_LINKS: usize = 8;

/// Leaves out what stands under headings of trailers.
pub fn leave_out(desk: &mut Desk) {
    let is_release = desk
        .found
        .iter()
        .flatten()
        .any(|found| matches!(found.kind, Kind::Release | Kind::Contact | Kind::OutlookHead))
        || desk.blocks.iter().take(12).any(|block| {
            block.text.contains("/PRNewswire/")
                || block.text.contains("(BUSINESS WIRE)")
                || block.text.contains("(GLOBE NEWSWIRE)")
        });
    let content_behind = content_behind(desk);
    let mut content = (0..desk.blocks.len()).filter(|&at| desk.is_content(at));
    let first = content.next().unwrap_or(desk.blocks.len());
    let second = content.next().unwrap_or(desk.blocks.len());
    let mut at = 0;
    while at < desk.blocks.len() {
        let kind = desk.found[at]
            .filter(|_| !desk.gone[at])
            .map(|found| (found.kind, found.is_sure));
        at += match kind {
            Some((Kind::RelatedHead, _)) => links(desk, at, &content_behind),
            Some((Kind::Comments, true)) if at > first => comments(desk, at),
            Some((Kind::Contact, true)) => contact(desk, at),
            Some((Kind::OutlookHead, true)) => section(desk, at, Kind::OutlookHead.name()),
            None if is_release && at > second && is_about(desk, at) => {
                section(desk, at, "what a company says of itself")
            }
            _ if topic::is_label(&desk.blocks[at].text) => topics(desk, at, &content_behind),
            _ => 1,
        };
    }
}

/// For each block, whether running text follows.
fn content_behind(desk: &Desk) -> Vec<bool> {
    let mut follows = vec![false; desk.blocks.len()];
    let mut has = false;
    for at in (0..desk.blocks.len()).rev() {
        follows[at] = has;
        has |= !desk.gone[at] && desk.found[at].is_none() && desk.running[at];
    }
    follows
}

/// Whether a block can be links: lines without a full stop, lists of such.
fn is_link(block: &Block) -> bool {
    let is_short =
        |text: &str| !ends_with_stop(text) && !text.ends_with(':') && (1..=30).contains(&word_count(text));
    match &block.shape {
        Shape::Prose | Shape::Heading(3..) => is_short(&block.text),
        Shape::Raw(raw) => !block.text.is_empty() && is_short(&block.text) && !raw.starts_with('#'),
        Shape::List(list) => list.items.iter().all(|item| is_short(&item.text)),
        _ => false,
    }
}

/// A heading of links and the links under it. In the middle of a text a line of a few words may be the next
/// sub-head: it stays.
fn links(desk: &mut Desk, at: usize, content_behind: &[bool]) -> usize {
    let is_sure = desk.found[at].is_some_and(|found| found.is_sure);
    let is_middle = content_behind[at];
    let stanza = desk.blocks[at].stanza;
    let shares_stanza = desk.blocks.get(at + 1).is_some_and(|next| next.stanza == stanza);
    let mut end = at + 1;
    while let Some(block) = desk.blocks.get(end) {
        let is_other = desk.found[end].is_some_and(|found| {
            found.is_sure
                && !matches!(
                    found.kind,
                    Kind::Related | Kind::RelatedHead | Kind::ReadingTime | Kind::Credit | Kind::Comments
                )
        });
        let is_date = stamp::stamps(&block.text).is_some();
        let is_full = is_middle && (end - at > MAX_LINKS || shares_stanza && block.stanza != stanza);
        let is_sub_head = is_middle
            && !shares_stanza
            && word_count(&block.text) < 5
            && block.is_line()
            && !is_date
            && desk.found[end].is_none()
            // A heading of links without any is none.
            && end > at + 1;
        // What a table of contents names comes again, as the heading that it leads to.
        let comes_again =
            is_middle && (at + 1..end).any(|link| desk.blocks[link].text == block.text) && block.is_line();
        if comes_again || is_other || is_full || is_sub_head || !is_link(block) && !is_date && !desk.gone[end]
        {
            break;
        }
        end += 1;
    }
    if end == at + 1 && !is_sure {
        return 1;
    }
    for link in at..end {
        desk.leave_out(link, Kind::Related.name(), LEFT_OUT);
    }
    end - at
}

/// The comments of readers, where replies or times show that there are some. They end where another trailer does.
fn comments(desk: &mut Desk, at: usize) -> usize {
    const SHOWN: usize = 60;
    let is_mark = |at: usize| {
        let is_reply = desk.found[at].is_some_and(|found| found.kind == Kind::Comments);
        is_reply
            || stamp::stamps(&desk.blocks[at].text)
                .is_some_and(|stamps| stamps.iter().any(|stamp| stamp.when == stamp::When::Relative))
    };
    // Without marks near by, nothing behind is looked at.
    if (at + 1..desk.blocks.len())
        .take(SHOWN)
        .filter(|&at| is_mark(at))
        .count()
        < 2
    {
        return 1;
    }
    let end = (at + 1..desk.blocks.len())
        .find(|&end| {
            desk.found[end]
                .is_some_and(|found| found.is_sure && !matches!(found.kind, Kind::Comments | Kind::Share))
                || !desk.blocks[end].is_line()
        })
        .unwrap_or(desk.blocks.len());
    let marks = (at + 1..end.min(at + SHOWN)).filter(|&at| is_mark(at)).count();
    if marks < 2 {
        return 1;
    }
    for comment in at..end {
        desk.leave_out(comment, Kind::Comments.name(), LEFT_OUT);
    }
    end - at
}

/// A heading of contacts and the lines under it: names, addresses, numbers.
fn contact(desk: &mut Desk, at: usize) -> usize {
    let is_line = |block: &Block| {
        let is_way = block.text.contains('@')
            || block.text.chars().filter(char::is_ascii_digit).count() >= 7
            || block.text.contains("www.");
        block.is_line()
            && word_count(&block.text) <= 14
            && (!ends_sentence(&block.text) || is_way || word_count(&block.text) <= 4)
    };
    let mut end = at + 1;
    while desk
        .blocks
        .get(end)
        .is_some_and(|block| is_line(block) && !block.text.starts_with("About "))
        && desk.found[end].is_none_or(|found| !found.is_sure || found.kind == Kind::Contact)
    {
        end += 1;
    }
    for line in at..end {
        desk.leave_out(line, Kind::Contact.name(), LEFT_OUT);
    }
    end - at
}

/// A heading that a company stands under in its press releases: "About Acme".
fn is_about(desk: &Desk, at: usize) -> bool {
    let Some(text) = desk.line(at).and_then(|text| {
        text.strip_prefix("About ")
            .or_else(|| text.strip_prefix("ABOUT "))
            .or_else(|| text.strip_prefix("Über "))
    }) else {
        return false;
    };
    word_count(text) <= 7
        && !ends_with_stop(text.trim_end_matches("Inc."))
        && text.starts_with(char::is_uppercase)
}

/// A heading and the paragraphs under it, up to the next line that is no paragraph.
fn section(desk: &mut Desk, at: usize, what: &str) -> usize {
    let mut end = at + 1;
    while let Some(block) = desk.blocks.get(end) {
        let is_text = block.is_running()
            || matches!(block.shape, Shape::List(_))
            || desk.found[end].is_some_and(|found| found.kind == Kind::Outlook);
        if !is_text || desk.found[end].is_some_and(|found| found.is_sure && found.kind != Kind::Outlook) {
            break;
        }
        end += 1;
    }
    if end == at + 1 && desk.found[at].is_none() {
        return 1;
    }
    for block in at..end {
        desk.leave_out(block, what, LEFT_OUT);
    }
    end - at
}

/// "Tags" alone, and the topics on the lines below, behind the end of the text.
fn topics(desk: &mut Desk, at: usize, content_behind: &[bool]) -> usize {
    // "Suggested topics" are no part of any text, and a name behind them is the author's.
    let is_suggested = fold(&desk.blocks[at].text) == "suggested topics";
    if content_behind[at] && !is_suggested || desk.gone[at] {
        return 1;
    }
    let mut end = at + 1;
    let mut topics = Vec::new();
    while let Some(block) = desk
        .blocks
        .get(end)
        .filter(|block| !(is_suggested && is_name(&block.text)))
    {
        let found = match &block.shape {
            Shape::Prose | Shape::Raw(_)
                if desk.found[end].is_none_or(|found| !found.is_sure)
                    && fold(&block.text) != fold(&desk.clip.title) =>
            {
                topic::of_list(&block.text)
            }
            Shape::List(list) => topic::of_list(
                &list
                    .items
                    .iter()
                    .map(|item| item.text.as_str())
                    .collect::<Vec<_>>()
                    .join("\t"),
            ),
            _ => None,
        };
        match found {
            Some(found) => topics.extend(found),
            None => break,
        }
        end += 1;
    }
    if topics.is_empty() {
        return 1;
    }
    desk.take_topics(topics);
    for line in at..end {
        desk.leave_out(line, Kind::Topics.name(), "read as topics");
    }
    end - at
}
