//! Faces: the fonts of cards. Which letters they have, how wide a text is, and the outlines of its letters.
//!
//! Letters stand one behind the other, with the font's kerning between pairs. That is right for Latin, Greek
//! and Cyrillic, which is what the fonts have; scripts whose letters join or change places need a shaper.

use std::sync::LazyLock;

use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::{GlyphId, OutlineBuilder};
use unicode_normalization::UnicodeNormalization;

/// A font.
pub struct Face {
    font: ttf_parser::Face<'static>,
    kerning: Vec<PairAdjustment<'static>>,
    /// Which of the two it is.
    pub is_for_headlines: bool,
}

/// The fonts of cards.
pub struct Faces {
    /// For headlines and the name of the site.
    pub headline: Face,
    /// For everything small.
    pub label: Face,
}

static FACES: LazyLock<Option<Faces>> = LazyLock::new(|| {
    Some(Faces {
        headline: Face::parse(include_bytes!("fonts/NotoSerif-Bold.ttf"), true)?,
        label: Face::parse(include_bytes!("fonts/NotoSans-Regular.ttf"), false)?,
    })
});

/// The fonts that come with brief.
pub fn faces() -> Option<&'static Faces> {
    FACES.as_ref()
}

/// How far apart letters stand, in the units of their font.
pub type Units = i32;

impl Face {
    fn parse(file: &'static [u8], is_for_headlines: bool) -> Option<Face> {
        let font = ttf_parser::Face::parse(file, 0).ok()?;
        let mut kerning = Vec::new();
        if let Some(positions) = font.tables().gpos {
            for lookup in positions.lookups {
                let tables = lookup.subtables.into_iter::<PositioningSubtable<'static>>();
                kerning.extend(tables.filter_map(|table| match table {
                    PositioningSubtable::Pair(pairs) => Some(pairs),
                    _ => None,
                }));
            }
        }
        Some(Face {
            font,
            kerning,
            is_for_headlines,
        })
    }

    /// The height of the square that letters are designed in.
    pub fn units_per_em(&self) -> u16 {
        self.font.units_per_em()
    }

    /// A text as it can be drawn: composed, on one line, without signs that the font lacks. `None` where a
    /// letter is among these, since a text without some of its letters says something else.
    pub fn drawable(&self, text: &str) -> Option<String> {
        let mut drawn = String::with_capacity(text.len());
        for character in text.nfc() {
            let is_combining = unicode_normalization::char::is_combining_mark(character);
            if character.is_whitespace() {
                drawn.push(' ');
            } else if is_unseen(character) {
                continue;
            } else if self.font.glyph_index(character).is_some() && !is_combining {
                drawn.push(character);
            } else if character.is_alphanumeric() || is_combining {
                return None;
            }
        }
        let words: Vec<&str> = drawn.split_whitespace().collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// The letters of a text that can be drawn, with the place where each begins, and where the text ends.
    pub fn letters(&self, text: &str) -> (Vec<(GlyphId, Units)>, Units) {
        let mut letters: Vec<(GlyphId, Units)> = Vec::with_capacity(text.len());
        let mut at: Units = 0;
        for character in text.chars() {
            let Some(letter) = self.font.glyph_index(character) else {
                continue;
            };
            if let Some((last, _)) = letters.last() {
                at += self.kern(*last, letter);
            }
            letters.push((letter, at));
            at += Units::from(self.font.glyph_hor_advance(letter).unwrap_or_default());
        }
        (letters, at)
    }

    /// How wide a text is.
    pub fn width(&self, text: &str) -> Units {
        self.letters(text).1
    }

    /// Draws the outline of a letter.
    pub fn outline(&self, letter: GlyphId, pen: &mut dyn OutlineBuilder) {
        self.font.outline_glyph(letter, pen);
    }

    /// The rectangle that a letter lies in: left, bottom, right, top.
    pub fn extent(&self, letter: GlyphId) -> Option<[i16; 4]> {
        let bounds = self.font.glyph_bounding_box(letter)?;
        Some([bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max])
    }

    fn kern(&self, first: GlyphId, second: GlyphId) -> Units {
        let found = self.kerning.iter().find_map(|pairs| match pairs {
            PairAdjustment::Format1 { coverage, sets } => {
                Some(sets.get(coverage.get(first)?)?.get(second)?.0.x_advance)
            }
            PairAdjustment::Format2 {
                coverage,
                classes: (left, right),
                matrix,
            } => {
                coverage.get(first)?;
                Some(matrix.get((left.get(first), right.get(second)))?.0.x_advance)
            }
        });
        found.map_or(0, Units::from)
    }
}

/// What has no form of its own: directions, joiners, and what chooses between forms of the sign before it.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e01ef}'
    )
}
