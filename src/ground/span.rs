//! Places in a source text: byte ranges, and the line and column a person sees.
//!
//! Everything inside the program counts in bytes; lines and columns are worked out only when a
//! place is shown, so that reading a site never pays for positions nobody looks at.

use super::encoding::{Decode, Decoder, Encode, Encoder};

/// A half-open range of bytes, `start..end`, in one source file.
///
/// Offsets are 32 bits wide: a source file larger than [`crate::ground::world::MAX_SOURCE_BYTES`]
/// is refused before it is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

impl Span {
    /// The span of `start..end`, both in bytes.
    pub fn new(start: usize, end: usize) -> Span {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            start: narrow(start),
            end: narrow(end.max(start)),
        }
    }

    /// The same range in a text that has `bytes` more in front.
    pub fn shifted(self, bytes: usize) -> Span {
        Span::new(self.start as usize + bytes, self.end as usize + bytes)
    }

    /// The range as `usize`, cut to the length of `text` and to its character boundaries.
    pub fn range_in(self, text: &str) -> std::ops::Range<usize> {
        let start = text.floor_char_boundary(self.start as usize);
        let end = text.ceil_char_boundary(self.end as usize);
        start..end.max(start)
    }
}

/// A place as a person reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line number, from 1.
    pub line: usize,
    /// Column in characters (Unicode scalar values), from 1.
    pub column: usize,
}

/// The line and column of a byte offset; an offset behind the end is the end.
pub fn position(text: &str, offset: u32) -> Position {
    let offset = text.floor_char_boundary(offset as usize);
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    // A byte-order mark is invisible and no editor counts it as a column.
    let visible = before[line_start..].trim_start_matches('\u{feff}');
    Position {
        line: before.matches('\n').count() + 1,
        column: visible.chars().count() + 1,
    }
}

impl Encode for Span {
    fn encode(&self, to: &mut Encoder) {
        if to.has_places() {
            to.number(u64::from(self.start));
            to.number(u64::from(self.end - self.start));
        }
    }
}

impl Decode for Span {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let start = u32::decode(from)?;
        let length = u32::decode(from)?;
        let end = start.checked_add(length)?;
        Some(Span { start, end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, offset: u32, line: usize, column: usize) {
        assert_eq!(
            position(text, offset),
            Position { line, column },
            "{offset} in {text:?}"
        );
    }

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        check("", 0, 1, 1);
        check("abc", 2, 1, 3);
        check("a\nbc", 2, 2, 1);
        check("é\r\nbc", 5, 2, 2);
        check("日本x", 6, 1, 3);
        check("\u{feff}ab", 4, 1, 2);
        check("ab", 99, 1, 3);
    }

    #[test]
    fn an_offset_inside_a_character_is_its_start() {
        check("日本", 4, 1, 2);
        assert_eq!(Span::new(1, 2).range_in("日本"), 0..3);
    }
}
