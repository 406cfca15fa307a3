//! The sentence that shows a company, cut to the room there is.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Tagged;
use crate::ground::diagnostic::clean;
use crate::ground::span::Span;
use crate::reading::tagging::{Found, Part};

/// What is longer than this, in characters, is cut anywhere: some scripts have no spaces.
const LONGEST_WORD: usize = 20;

/// The sentence around the best mention, the mention marked, in so many columns of a terminal.
pub fn evidence(article: &Tagged, found: &Found, room: usize, has_styles: bool) -> String {
    let (part, span) = found.best;
    let text = match part {
        Part::Title => article.naming.title.as_str(),
        Part::Standfirst => article.standfirst.as_str(),
        Part::Body => article.visible.text.as_str(),
    };
    let (before, mention, behind) = sentence(text, span);
    let (before, mention, behind) = (in_one_line(before), in_one_line(mention), in_one_line(behind));
    let left = room.saturating_sub(mention.width() + "«»".width());
    // A third stands before the mention, or more where less follows it.
    let before = last_words(&before, (left / 3).max(left.saturating_sub(behind.width())));
    let behind = first_words(&behind, left.saturating_sub(before.width()));
    match has_styles {
        true => format!("{before}\u{1b}[1m«{mention}»\u{1b}[0m{behind}"),
        false => format!("{before}«{mention}»{behind}"),
    }
}

/// A text with single spaces, and without what a terminal would obey.
fn in_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign.is_whitespace() {
            true if line.ends_with(' ') => {}
            true => line.push(' '),
            false => line.push(sign),
        }
    }
    clean(&line)
}

/// The end of a text that has room, from the beginning of a word on.
fn last_words(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut from = text.len();
    let mut left = room.saturating_sub("…".width());
    for (at, sign) in text.char_indices().rev() {
        let Some(rest) = left.checked_sub(sign.width().unwrap_or_default()) else {
            break;
        };
        (from, left) = (at, rest);
    }
    let end = &text[from..];
    let begins_a_word = text[..from].ends_with(' ');
    let word = end.find(' ').filter(|_| !begins_a_word);
    let word = word.filter(|&space| end[..space].chars().count() <= LONGEST_WORD);
    format!("…{}", word.map_or(end, |space| &end[space + 1..]))
}

/// The beginning of a text that has room, up to the end of a word.
fn first_words(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut to = 0;
    let mut left = room.saturating_sub("…".width());
    for (at, sign) in text.char_indices() {
        let Some(rest) = left.checked_sub(sign.width().unwrap_or_default()) else {
            break;
        };
        (to, left) = (at + sign.len_utf8(), rest);
    }
    let beginning = &text[..to];
    let word = beginning.rfind(' ').filter(|_| !text[to..].starts_with(' '));
    let word = word.filter(|&space| beginning[space..].chars().count() <= LONGEST_WORD);
    format!(
        "{}…",
        word.map_or(beginning, |space| &beginning[..space]).trim_end()
    )
}

/// The sentence that holds a place: what stands before it, the place, and what follows.
fn sentence(text: &str, span: Span) -> (&str, &str, &str) {
    let (start, end) = (span.start as usize, span.end as usize);
    let (Some(before), Some(mention), Some(behind)) =
        (text.get(..start), text.get(start..end), text.get(end..))
    else {
        return ("", "", "");
    };
    let ends_before = |(at, sign): (usize, char)| {
        let rest = &before[at + sign.len_utf8()..];
        match sign {
            '\n' | '。' | '！' | '？' => Some(at + sign.len_utf8()),
            '.' | '!' | '?' | '…' => {
                let space = rest.find(' ')?;
                let closes = rest[..space]
                    .chars()
                    .all(|sign| matches!(sign, '”' | '"' | '’' | ')'));
                let opens = rest[space..]
                    .trim_start()
                    .chars()
                    .next()
                    .is_none_or(|next| !next.is_lowercase());
                // U.S. and the like end no sentence.
                let word = before[..at].rsplit([' ', '.']).next().unwrap_or_default();
                (closes && opens && word.chars().count() > 1).then_some(at + sign.len_utf8() + space)
            }
            _ => None,
        }
    };
    let from = before
        .char_indices()
        .rev()
        .find_map(ends_before)
        .unwrap_or_default();
    let ends_behind = |(at, sign): (usize, char)| match sign {
        '\n' => Some(at),
        '。' | '！' | '？' => Some(at + sign.len_utf8()),
        '.' | '!' | '?' | '…' => {
            let rest = &behind[at + sign.len_utf8()..];
            let closing = rest.len() - rest.trim_start_matches(['”', '"', '’', ')']).len();
            let opens = rest[closing..]
                .strip_prefix(' ')
                .is_none_or(|next| next.chars().next().is_none_or(|next| !next.is_lowercase()));
            let is_end = rest[closing..].is_empty() || rest[closing..].starts_with([' ', '\n']);
            let word = behind[..at].rsplit([' ', '.']).next().unwrap_or_default();
            (is_end && opens && word.chars().count() > 1).then_some(at + sign.len_utf8() + closing)
        }
        _ => None,
    };
    let to = behind
        .char_indices()
        .find_map(ends_behind)
        .unwrap_or(behind.len());
    (before[from..].trim_start(), mention, &behind[..to])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_one_sentence() {
        let check = |text: &str, expected: (&str, &str, &str)| {
            let at = text.find("Gap").expect("the name");
            assert_eq!(sentence(text, Span::new(at, at + 3)), expected, "{text}");
        };
        check(
            "It fell. In May Gap rose 3.5%. Then not.",
            ("In May ", "Gap", " rose 3.5%."),
        );
        check("One\nGap is “up.” So", ("", "Gap", " is “up.”"));
        check("In the U.S. Gap rose", ("In the U.S. ", "Gap", " rose"));
        check("今日。Gapは上昇。明日", ("", "Gap", "は上昇。"));
        check("Gap", ("", "Gap", ""));
    }

    #[test]
    fn what_has_no_room_is_cut_between_words() {
        assert_eq!(last_words("one two three ", 14), "one two three ");
        assert_eq!(last_words("one two three ", 13), "…two three ");
        assert_eq!(first_words(" one two three", 14), " one two three");
        assert_eq!(first_words(" one two three", 13), " one two…");
        assert_eq!(first_words(" one two three", 9), " one two…");
        assert_eq!(last_words("one two three ", 11), "…two three ");
        assert_eq!(last_words("partly by ", 8), "…by ");
        // A sign of these is two columns wide.
        assert_eq!(last_words("今日は上昇", 7), "…は上昇");
        assert_eq!(first_words("今日は上昇", 8), "今日は…");
        assert_eq!(first_words(" one", 0), "…");
        assert_eq!(last_words("one ", 0), "…");
    }

    #[test]
    fn a_text_gives_a_terminal_no_orders() {
        assert_eq!(in_one_line(" a\n\n b\u{1b}[31m\u{202e}c "), " a b␛[31m\u{fffd}c ");
    }
}
