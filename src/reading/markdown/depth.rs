//! A bound on nesting: the parser looks at every open quotation and list for every line, so a text
//! with thousands of them on its first line and then many lines would take hours.

use std::borrow::Cow;

/// How many signs of quotations and lists may stand at the start of a line of such a text.
const MAX_DEPTH: usize = 32;

/// The last byte of a line of such a text at which a sign may stand: whoever opens one list inside
/// another on each line has to indent it by two columns more.
const MAX_INDENT: usize = 4 * MAX_DEPTH;

/// How much a text may cost before anything is done: lines times how deep one of them may be. A
/// megabyte of lines of 20 characters with 100 signs each stays below it.
const MAX_COST: usize = 10_000_000;

/// The text, or if it would cost too much, the text with the signs beyond the bounds replaced by
/// commas. Its length stays, so places in it mean the same.
pub fn bounded(text: &str) -> Cow<'_, str> {
    // Signs and lines take at least a byte each, so no text of this length can cost too much.
    if text.len() <= 6000 {
        return Cow::Borrowed(text);
    }
    let lines = || text.split_inclusive(['\n', '\r']);
    let deepest = lines().map(depth).max().unwrap_or(0);
    if deepest <= MAX_DEPTH || deepest.saturating_mul(lines().count()) <= MAX_COST {
        return Cow::Borrowed(text);
    }
    let mut bounded = String::with_capacity(text.len());
    for line in lines() {
        let mut from = 0;
        let excess = |(index, at): &(usize, usize)| *index >= MAX_DEPTH || *at > MAX_INDENT;
        for (_, at) in signs(line).enumerate().filter(excess) {
            bounded.push_str(&line[from..at]);
            bounded.push(',');
            from = at + 1;
        }
        bounded.push_str(&line[from..]);
    }
    Cow::Owned(bounded)
}

/// How many quotations and lists may be open at the first text of a line.
fn depth(line: &str) -> usize {
    let (count, last) = signs(line).fold((0, 0), |(count, _), at| (count + 1, at));
    count.max(last / 2)
}

/// The bytes at the start of a line that may open quotations and lists. All of them are ASCII.
fn signs(line: &str) -> impl Iterator<Item = usize> {
    let start = line
        .find(|c: char| !c.is_ascii_digit() && !" \t>-*+.)".contains(c))
        .unwrap_or(line.len());
    line[..start]
        .bytes()
        .enumerate()
        .filter(|(_, byte)| matches!(byte, b'>' | b'-' | b'*' | b'+' | b'.' | b')'))
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_costs_too_much_is_changed() {
        let deep = format!("{}x\n", "> ".repeat(100));
        assert!(matches!(bounded(&deep), Cow::Borrowed(_)));
        let costly = deep + &"é\n".repeat(200_000);
        let changed = bounded(&costly);
        assert_eq!(changed.len(), costly.len());
        assert_eq!(changed.matches('>').count(), MAX_DEPTH);
        let stair = |step: usize| format!("{}{}x\n", " ".repeat(60 * step), "- ".repeat(30));
        let stairs = (0..100).map(stair).collect::<String>() + &"y\n".repeat(100_000);
        let changed = bounded(&stairs);
        assert_eq!(changed.len(), stairs.len());
        assert!(changed.lines().all(|line| depth(line) <= 2 * MAX_DEPTH));
    }
}
