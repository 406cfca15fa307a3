//! Cards: the pictures that stand for pages where links to them are shown.
//!
//! A card is drawn from a few texts alone, so that these tell whether it is the same.

mod canvas;
mod face;
mod text;

use crate::ground::colour::Colour;

pub use text::CardText;

use canvas::{Canvas, Ink, Style};
use face::{Faces, Units, faces};

/// The colours of the theme by day, which static/brief.css repeats.
const PAPER: Colour = Colour::new(0xff, 0xfd, 0xf9);
const BLACK: Colour = Colour::new(0x16, 0x18, 0x1d);
const GREY: Colour = Colour::new(0x5a, 0x5f, 0x69);

/// The sides of a card, where its lines of text begin and end.
const LEFT: i32 = 72;
const RIGHT: i32 = 1200 - LEFT;

/// The sizes of a headline, the largest that fits being used.
const SIZES: [u16; 6] = [92, 80, 70, 62, 54, 48];

/// The most letters of a text that are looked at: more than any line of a card has room for.
const LETTERS: usize = 600;

/// Draws a card as a PNG; the error is in words. Texts with letters that the fonts lack are left out; where
/// that is the headline, the name of the site stands in its place.
pub fn draw(text: &CardText) -> Result<Vec<u8>, String> {
    let faces = faces().ok_or("the fonts of cards cannot be read")?;
    let mut canvas = Canvas::new();
    canvas.fill([0, 0, 1200, 14], Ink::Accent, 5);
    let site = drawable(faces, &text.site, true);
    let headline = drawable(faces, &text.headline, true);
    match &headline {
        Some(headline) => {
            head(&mut canvas, faces, site.as_deref(), &text.date);
            body(&mut canvas, faces, &text.kicker, headline);
        }
        None => {
            head(&mut canvas, faces, None, &text.date);
            body(&mut canvas, faces, "", site.as_deref().unwrap_or_default());
        }
    }
    foot(&mut canvas, faces, text);
    canvas.png(
        PAPER,
        [(Ink::Black, BLACK), (Ink::Grey, GREY), (Ink::Accent, text.accent)],
    )
}

/// A text as far as there can be room for it, if it can be drawn.
fn drawable(faces: &Faces, text: &str, is_headline: bool) -> Option<String> {
    let face = if is_headline {
        &faces.headline
    } else {
        &faces.label
    };
    match text.char_indices().nth(LETTERS) {
        None => face.drawable(text),
        Some((end, _)) => face.drawable(&text[..end]).map(|text| text + "…"),
    }
}

/// The name of the site and the date, with a line below.
fn head(canvas: &mut Canvas, faces: &Faces, site: Option<&str>, date: &str) {
    const BASELINE: i32 = 88;
    let small = label(faces, 28);
    let mut right = RIGHT;
    if let Some(date) = drawable(faces, date, false) {
        let left = right - small.width(&date);
        canvas.text(&date, left, BASELINE, small);
        right = left - 40;
    }
    if let Some(site) = site {
        let style = Style {
            face: &faces.headline,
            size: 40,
            ink: Ink::Black,
        };
        canvas.text(&cut(site, style, right - LEFT), LEFT, BASELINE, style);
    }
    canvas.fill([LEFT, 118, RIGHT, 120], Ink::Grey, 2);
}

/// The headline, as large as it fits, with the kicker above.
fn body(canvas: &mut Canvas, faces: &Faces, kicker: &str, headline: &str) {
    const BOTTOM: i32 = 504;
    let mut top = 144;
    if let Some(kicker) = drawable(faces, kicker, false) {
        let style = Style {
            ink: Ink::Accent,
            ..label(faces, 30)
        };
        canvas.text(&cut(&kicker, style, RIGHT - LEFT), LEFT, top + 34, style);
        top += 52;
    }
    let style = |size: u16| Style {
        face: &faces.headline,
        size,
        ink: Ink::Black,
    };
    let room = |size: u16| usize::try_from((BOTTOM - top) / leading(size)).unwrap_or(1);
    let words: Vec<&str> = headline.split(' ').collect();
    let units: Vec<Units> = words.iter().map(|word| faces.headline.width(word)).collect();
    let fitting = SIZES.iter().find_map(|&size| {
        let lines = broken(&words, &units, style(size), RIGHT - LEFT)?;
        (lines.len() <= room(size)).then_some((size, lines))
    });
    let (size, lines) = fitting.unwrap_or_else(|| {
        let size = SIZES[SIZES.len() - 1];
        (size, squeezed(headline, style(size), RIGHT - LEFT, room(size)))
    });
    let mut baseline = top + i32::from(size);
    for line in &lines {
        canvas.text(line, LEFT, baseline, style(size));
        baseline += leading(size);
    }
}

/// The companies with their symbols, as many as there is room for, or the note.
fn foot(canvas: &mut Canvas, faces: &Faces, text: &CardText) {
    const BASELINE: i32 = 586;
    const GAP: i32 = 36;
    let divide = |canvas: &mut Canvas| canvas.fill([LEFT, 534, RIGHT, 536], Ink::Grey, 2);
    let name_style = Style {
        ink: Ink::Black,
        ..label(faces, 30)
    };
    let grey = label(faces, 26);
    let known: Vec<(String, String)> = text
        .companies
        .iter()
        .filter_map(|(name, symbol)| {
            let symbol = drawable(faces, symbol, false).unwrap_or_default();
            Some((drawable(faces, name, false)?, symbol))
        })
        .collect();
    if known.is_empty() {
        if let Some(note) = drawable(faces, &text.note, false) {
            divide(canvas);
            canvas.text(&cut(&note, grey, RIGHT - LEFT), LEFT, BASELINE, grey);
        }
        return;
    }
    divide(canvas);
    let mut x = LEFT;
    for (drawn, (name, symbol)) in known.iter().enumerate() {
        let left = known.len() - drawn;
        let more = format!("+ {left}");
        let symbol_width = if symbol.is_empty() {
            0
        } else {
            10 + grey.width(symbol)
        };
        let width = name_style.width(name) + symbol_width;
        let rest = if left > 1 { GAP + grey.width(&more) } else { 0 };
        if x + width + rest > RIGHT {
            if drawn == 0 {
                canvas.text(&cut(name, name_style, RIGHT - x), x, BASELINE, name_style);
            } else {
                canvas.text(&more, x, BASELINE, grey);
            }
            return;
        }
        canvas.text(name, x, BASELINE, name_style);
        canvas.text(symbol, x + name_style.width(name) + 10, BASELINE, grey);
        x += width + GAP;
    }
}

fn label(faces: &Faces, size: u16) -> Style<'_> {
    Style {
        face: &faces.label,
        size,
        ink: Ink::Grey,
    }
}

/// From one baseline to the next.
fn leading(size: u16) -> i32 {
    i32::from(size) * 6 / 5
}

/// A text on one line, with dots where it is cut off.
fn cut(text: &str, style: Style<'_>, width: i32) -> String {
    if style.width(text) <= width {
        return text.to_owned();
    }
    let mut kept: String = text.to_owned();
    while kept.pop().is_some() {
        let shown = format!("{}…", kept.trim_end_matches([' ', '…', ',', ';', ':']));
        if style.width(&shown) <= width {
            return shown;
        }
    }
    String::new()
}

/// The lines of a text, as even as they can be without being more; `None` where a word is wider than they are.
fn broken(words: &[&str], units: &[Units], style: Style<'_>, width: i32) -> Option<Vec<String>> {
    let widths: Vec<i32> = units.iter().map(|&units| style.pixels(units)).collect();
    let space = style.width(" ");
    if widths.iter().any(|&word| word > width) {
        return None;
    }
    let count = breaks(&widths, space, width).len();
    let widest = widths.iter().copied().max().unwrap_or_default();
    let (mut narrow, mut wide) = (widest, width);
    while narrow < wide {
        let middle = narrow + (wide - narrow) / 2;
        match breaks(&widths, space, middle).len() <= count {
            true => wide = middle,
            false => narrow = middle + 1,
        }
    }
    let starts = breaks(&widths, space, wide);
    let ends = starts.iter().skip(1).copied().chain([words.len()]);
    Some(
        starts
            .iter()
            .zip(ends)
            .map(|(&start, end)| words[start..end].join(" "))
            .collect(),
    )
}

/// Which words begin a line.
fn breaks(widths: &[i32], space: i32, width: i32) -> Vec<usize> {
    let mut starts = vec![0];
    let mut x = 0;
    for (index, &word) in widths.iter().enumerate() {
        if x > 0 && x + space + word > width {
            starts.push(index);
            x = word;
        } else {
            x += if x > 0 { space + word } else { word };
        }
    }
    starts
}

/// As much of a text as goes into so many lines: words that are wider than a line are divided, and dots stand
/// where the rest is left out.
fn squeezed(text: &str, style: Style<'_>, width: i32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut pieces = text.split(' ').flat_map(|word| pieces(word, style, width));
    for (word, continues) in pieces.by_ref() {
        let last = lines.last_mut().map(std::mem::take).unwrap_or_default();
        let joined = match last.is_empty() || continues {
            true => format!("{last}{word}"),
            false => format!("{last} {word}"),
        };
        let count = lines.len();
        if style.width(&joined) <= width {
            lines[count - 1] = joined;
        } else if count < most {
            lines[count - 1] = last;
            lines.push(word);
        } else {
            lines[count - 1] = cut(&format!("{joined}…"), style, width);
            break;
        }
    }
    lines
}

/// A word in pieces that are no wider than a line; whether each continues the one before.
fn pieces(word: &str, style: Style<'_>, width: i32) -> Vec<(String, bool)> {
    let mut pieces = vec![(String::new(), false)];
    for letter in word.chars() {
        let is_full = pieces
            .last()
            .is_some_and(|(piece, _)| !piece.is_empty() && style.width(&format!("{piece}{letter}")) > width);
        if is_full {
            pieces.push((String::new(), true));
        }
        if let Some((piece, _)) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces
}
