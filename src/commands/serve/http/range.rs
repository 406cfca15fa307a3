//! Ranges: the part of a file that is asked for.

use hyper::HeaderMap;
use hyper::header::{self, HeaderValue};

/// What a range of bytes asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Range {
    /// All of it.
    Whole,
    /// From one place to another.
    Part(u64, u64),
    /// What the file does not have.
    Impossible,
}

/// The range that a request asks for, from one place to another. Several at once are answered whole.
/// Source: RFC 9110, sections 14.1.2 and 14.2.
pub fn range(headers: &HeaderMap, tag: &str, size: u64) -> Range {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let is_current = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let Some(asked) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")) else {
        return Range::Whole;
    };
    let Some((first, last)) = asked
        .split_once('-')
        .filter(|_| is_current && !asked.contains(','))
    else {
        return Range::Whole;
    };
    let (from, to) = match (first.trim(), last.trim()) {
        ("", last) => match last.parse::<u64>() {
            Ok(length) => (size.saturating_sub(length), if length == 0 { 0 } else { size }),
            Err(_) => return Range::Whole,
        },
        (first, "") => match first.parse() {
            Ok(first) => (first, size),
            Err(_) => return Range::Whole,
        },
        (first, last) => match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(first), Ok(last)) if first <= last => (first, last.saturating_add(1).min(size)),
            _ => return Range::Whole,
        },
    };
    match from < to {
        true => Range::Part(from, to),
        false => Range::Impossible,
    }
}
