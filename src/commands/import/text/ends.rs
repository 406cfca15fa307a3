//! Trailers by where they stand: which of the lines that could be some are none of the article.
//!
//! What is a trailer without doubt goes from everywhere. What could be a sub-head goes before the first
//! paragraph and behind the last, and in the middle only in a row of such lines.

use super::block::Shape;
use super::desk::{Desk, LEFT_OUT};
use super::topic;
use super::trailer::{Kind, Trailer, is_reserved};

/// How many lines that could be sub-heads make a row that is none.
const ROW: usize = 3;

/// Leaves out trailers.
pub fn leave_out(desk: &mut Desk) {
    let content: Vec<usize> = (0..desk.blocks.len()).filter(|&at| desk.is_content(at)).collect();
    let first = content.first().copied().unwrap_or(0);
    let last = content.last().copied().unwrap_or(desk.blocks.len());
    for at in 0..desk.blocks.len() {
        let Some(found) = desk.found[at].filter(|_| !desk.gone[at]) else {
            continue;
        };
        let is_end = at < first || at > last;
        if found.is_sure || is_end || is_in_row(desk, at) {
            go(desk, at, found);
        }
    }
    rules(desk);
}

/// Whether a line stands in a row of lines that are all trailers, or among share words.
fn is_in_row(desk: &Desk, at: usize) -> bool {
    let is_one = |at: &usize| desk.is_trailer(*at);
    let before = (0..at).rev().take(ROW).take_while(is_one).count();
    let behind = (at + 1..desk.blocks.len()).take(ROW).take_while(is_one).count();
    let is_share = |at: usize| {
        desk.found
            .get(at)
            .is_some_and(|found| found.is_some_and(|found| found.kind == Kind::Share))
    };
    let is_among_shares = is_share(at) && (at.checked_sub(1).is_some_and(is_share) || is_share(at + 1));
    before + 1 + behind >= ROW && before > 0 && (behind > 0 || is_share(at)) || is_among_shares
}

/// Leaves out one, with what its kind asks for.
fn go(desk: &mut Desk, at: usize, found: Trailer) {
    let line = desk.blocks[at].line;
    let text = desk.blocks[at].text.clone();
    let became = match found.kind {
        Kind::Topics => {
            desk.take_topics(topic::topics(&text).unwrap_or_default());
            "read as topics"
        }
        Kind::Rights => {
            let what = if is_reserved(&text) {
                "the source reserves all rights"
            } else {
                "the source says whose the text is"
            };
            desk.note(line, what, &text, "ask before the text is published whole");
            LEFT_OUT
        }
        Kind::NameAlone => "left out: nothing says what the name is; if the author's, add it to `authors`",
        Kind::Release if is_embargo(&text) => {
            desk.note(
                line,
                "the text is held by its source",
                &text,
                "do not publish it before that",
            );
            LEFT_OUT
        }
        _ => LEFT_OUT,
    };
    desk.leave_out(at, found.kind.name(), became);
}

fn is_embargo(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("embargo") || text.starts_with("for release ")
}

/// Lines that divide go where there is nothing on one side of them any more, or another one.
fn rules(desk: &mut Desk) {
    let is_rule = |desk: &Desk, at: usize| desk.blocks[at].shape == Shape::Rule;
    let mut before: Option<usize> = None;
    for at in 0..desk.blocks.len() {
        if desk.gone[at] {
            continue;
        }
        if is_rule(desk, at) && before.is_none_or(|before| is_rule(desk, before)) {
            desk.leave_out(at, "dividing lines", LEFT_OUT);
            continue;
        }
        before = Some(at);
    }
    if let Some(last) = before.filter(|&last| is_rule(desk, last)) {
        desk.leave_out(last, "dividing lines", LEFT_OUT);
    }
}
