//! Canvas: where a card is drawn, in sixteen colours, and how it becomes a PNG.
//!
//! Letters are filled by how much of each pixel they cover, exactly and with the four basic operations
//! alone, which give the same result on every machine.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use png::{BitDepth, ColorType, Compression, Filter, SrgbRenderingIntent};
use ttf_parser::{GlyphId, OutlineBuilder};

use super::face::{Face, Units};
use crate::ground::colour::Colour;
use crate::meaning::card::SIZE;

const WIDTH: u32 = SIZE.0;

const HEIGHT: u32 = SIZE.1;

/// Two pixels a byte.
const ROW: usize = WIDTH as usize / 2;

/// What something is drawn in: the colours between the paper and one of full strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Headlines.
    Black,
    /// What stands back.
    Grey,
    /// What belongs to the site.
    Accent,
}

impl Ink {
    /// The first colour of its steps, and how many there are.
    fn steps(self) -> (u8, u8) {
        match self {
            Ink::Black => (1, 6),
            Ink::Grey => (7, 4),
            Ink::Accent => (11, 5),
        }
    }
}

/// A card at work.
pub struct Canvas {
    pixels: Vec<u8>,
}

/// A letter in one size: how much of each pixel it covers, of 255.
#[derive(Debug)]
struct Letter {
    /// Where its box begins, from its place on the baseline.
    left: i32,
    top: i32,
    width: usize,
    strengths: Vec<u8>,
}

/// What tells letters apart: whether the font is the one for headlines, the size, and which letter it is.
type Key = (bool, u16, GlyphId);

/// How many letters a thread remembers: those of all Latin headlines, in some 2 MB.
const LETTERS: usize = 1000;

thread_local! {
    static DRAWN: RefCell<HashMap<Key, Rc<Letter>>> = RefCell::default();
}

impl Letter {
    /// A letter as a thread remembers it, or drawn just now.
    fn drawn(letter: GlyphId, style: Style<'_>) -> Rc<Letter> {
        let key = (style.face.is_for_headlines, style.size, letter);
        DRAWN.with_borrow_mut(|drawn| {
            if drawn.len() >= LETTERS {
                drawn.clear();
            }
            let new = || Rc::new(Letter::new(letter, style));
            drawn.entry(key).or_insert_with(new).clone()
        })
    }

    fn new(letter: GlyphId, style: Style<'_>) -> Letter {
        let [x_min, y_min, x_max, y_max] = style.face.extent(letter).unwrap_or_default();
        let scale = f32::from(style.size) / f32::from(style.face.units_per_em().max(1));
        let left = whole((f32::from(x_min) * scale).floor());
        let top = whole((-f32::from(y_max) * scale).floor());
        // The last column takes what lies behind the letter, which is nothing.
        let width = whole((f32::from(x_max) * scale).ceil()) - left + 2;
        let height = whole((-f32::from(y_min) * scale).ceil()) - top + 1;
        let mut edges = vec![0.0; usize::try_from(width * height).unwrap_or_default()];
        let mut pen = Pen {
            edges: &mut edges,
            width,
            scale,
            left,
            top,
            at: (0.0, 0.0),
            start: (0.0, 0.0),
        };
        style.face.outline(letter, &mut pen);
        let width = usize::try_from(width).unwrap_or_default();
        let mut strengths = Vec::with_capacity(edges.len());
        for row in edges.chunks_exact(width.max(1)) {
            let mut covered: f32 = 0.0;
            for edge in row {
                covered += edge;
                let strength = whole(covered.abs().min(1.0) * 255.0 + 0.5);
                strengths.push(u8::try_from(strength).unwrap_or(u8::MAX));
            }
        }
        Letter {
            left,
            top,
            width,
            strengths,
        }
    }
}

/// The letters of a line: their font, size in pixels and colour.
#[derive(Clone, Copy)]
pub struct Style<'s> {
    /// The font.
    pub face: &'s Face,
    /// The height of its em square in pixels.
    pub size: u16,
    /// What it is drawn in.
    pub ink: Ink,
}

impl Style<'_> {
    /// How many pixels wide a text is, rounded up.
    pub fn width(&self, text: &str) -> i32 {
        self.pixels(self.face.width(text))
    }

    /// How many pixels some units of the font are, rounded up.
    pub fn pixels(&self, units: Units) -> i32 {
        let em = i32::from(self.face.units_per_em().max(1));
        (units * i32::from(self.size) + em - 1).div_euclid(em)
    }
}

impl Canvas {
    /// Blank paper.
    pub fn new() -> Canvas {
        Canvas {
            pixels: vec![0; ROW * HEIGHT as usize],
        }
    }

    /// Fills a rectangle; `step` is how strong, of the steps of the ink.
    pub fn fill(&mut self, [left, top, right, bottom]: [i32; 4], ink: Ink, step: u8) {
        let (first, steps) = ink.steps();
        for y in top..bottom {
            for x in left..right {
                self.set(x, y, first + step.clamp(1, steps) - 1);
            }
        }
    }

    /// Draws a text from a place on its baseline. Letters stand on whole pixels, so that each is outlined once
    /// and not on every card again.
    pub fn text(&mut self, text: &str, x: i32, baseline: i32, style: Style<'_>) {
        for (letter, at) in style.face.letters(text).0 {
            let x = x + style.pixels(at);
            self.print(&Letter::drawn(letter, style), x, baseline, style.ink);
        }
    }

    /// Puts a letter in its place.
    fn print(&mut self, letter: &Letter, x: i32, baseline: i32, ink: Ink) {
        let (first, steps) = ink.steps();
        let strengths = letter.strengths.chunks_exact(letter.width.max(1));
        for (y, row) in (baseline + letter.top..).zip(strengths) {
            for (x, strength) in (x + letter.left..).zip(row) {
                if *strength > 0 {
                    let step = (u16::from(*strength) * u16::from(steps) + 127) / 255;
                    if let Ok(step @ 1..) = u8::try_from(step) {
                        self.darken(x, y, first, step);
                    }
                }
            }
        }
    }

    /// Letters that touch do not cut into each other.
    fn darken(&mut self, x: i32, y: i32, first: u8, step: u8) {
        let known = self.get(x, y);
        let colour = first + step - 1;
        if known < first || known < colour {
            self.set(x, y, colour);
        }
    }

    fn place(x: i32, y: i32) -> Option<(usize, u32)> {
        let (x, y) = (u32::try_from(x).ok()?, u32::try_from(y).ok()?);
        if x >= WIDTH || y >= HEIGHT {
            return None;
        }
        // The left one of two pixels is the upper half of the byte.
        Some((ROW * y as usize + x as usize / 2, if x % 2 == 0 { 4 } else { 0 }))
    }

    fn get(&self, x: i32, y: i32) -> u8 {
        Canvas::place(x, y).map_or(0, |(at, shift)| self.pixels[at] >> shift & 0xf)
    }

    fn set(&mut self, x: i32, y: i32, colour: u8) {
        if let Some((at, shift)) = Canvas::place(x, y) {
            self.pixels[at] = self.pixels[at] & !(0xf << shift) | colour << shift;
        }
    }

    /// The card as a PNG; the error is in words.
    pub fn png(&self, paper: Colour, inks: [(Ink, Colour); 3]) -> Result<Vec<u8>, String> {
        let words = |problem: png::EncodingError| problem.to_string();
        let mut palette = [0; 16 * 3];
        let mut put = |index: u8, colour: Colour| {
            let at = usize::from(index) * 3;
            palette[at..at + 3].copy_from_slice(&colour.channels());
        };
        put(0, paper);
        for (ink, colour) in inks {
            let (first, steps) = ink.steps();
            for step in 1..=steps {
                put(first + step - 1, paper.mixed(colour, step, steps));
            }
        }
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Four);
        encoder.set_palette(palette.to_vec());
        encoder.set_compression(Compression::Fast);
        encoder.set_filter(Filter::Up);
        encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
        let mut writer = encoder.write_header().map_err(words)?;
        writer.write_image_data(&self.pixels).map_err(words)?;
        writer.finish().map_err(words)?;
        Ok(bytes)
    }
}

/// Follows the outline of a letter and notes what its edges cover.
struct Pen<'p> {
    edges: &'p mut [f32],
    width: i32,
    scale: f32,
    left: i32,
    top: i32,
    at: (f32, f32),
    start: (f32, f32),
}

impl Pen<'_> {
    fn pixel(&self, x: f32, y: f32) -> (f32, f32) {
        let (left, top) = (self.left as f32, self.top as f32);
        (x * self.scale - left, -y * self.scale - top)
    }

    /// An edge, cut where it leaves a row of pixels.
    fn edge_to(&mut self, end: (f32, f32)) {
        let start = std::mem::replace(&mut self.at, end);
        let (upper, lower, sign) = match start.1 <= end.1 {
            true => (start, end, 1.0),
            false => (end, start, -1.0),
        };
        let height = lower.1 - upper.1;
        if height <= 0.0 {
            return;
        }
        let slope = (lower.0 - upper.0) / height;
        let (mut x, mut y) = upper;
        while y < lower.1 {
            let row = y.floor();
            let next_y = (row + 1.0).min(lower.1);
            let next_x = if next_y < lower.1 {
                upper.0 + (next_y - upper.1) * slope
            } else {
                lower.0
            };
            self.slice(row, (x, next_x), (next_y - y) * sign);
            (x, y) = (next_x, next_y);
        }
    }

    /// A part of an edge within a row, cut where it leaves a column.
    fn slice(&mut self, row: f32, (from, to): (f32, f32), height: f32) {
        let (left, right) = if from <= to { (from, to) } else { (to, from) };
        let span = right - left;
        let mut x = left;
        loop {
            let column = x.floor();
            let next = (column + 1.0).min(right);
            let part = if span > 0.0 {
                height * ((next - x) / span)
            } else {
                height
            };
            // Of its own pixel it covers what lies to the right of it, and all of those behind.
            let beside = (x + next) / 2.0 - column;
            self.add(row, column, part * (1.0 - beside));
            self.add(row, column + 1.0, part * beside);
            if next >= right {
                return;
            }
            x = next;
        }
    }

    fn add(&mut self, row: f32, column: f32, amount: f32) {
        let at = whole(row) * self.width + whole(column);
        let edge = usize::try_from(at).ok().and_then(|at| self.edges.get_mut(at));
        if let Some(edge) = edge {
            *edge += amount;
        }
    }

    /// A curve as edges; `point` tells where it is after a part of its way.
    fn curve(&mut self, edges: u8, point: impl Fn(f32) -> (f32, f32)) {
        for edge in 1..=edges {
            self.edge_to(point(f32::from(edge) / f32::from(edges)));
        }
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.pixel(x, y);
        self.start = self.at;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let end = self.pixel(x, y);
        self.edge_to(end);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (a, b, c) = (self.at, self.pixel(x1, y1), self.pixel(x, y));
        self.curve(5, |t| {
            let mix = |a: f32, b: f32, c: f32| {
                let (first, second) = (a + (b - a) * t, b + (c - b) * t);
                first + (second - first) * t
            };
            (mix(a.0, b.0, c.0), mix(a.1, b.1, c.1))
        });
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (a, b, c, d) = (self.at, self.pixel(x1, y1), self.pixel(x2, y2), self.pixel(x, y));
        self.curve(8, |t| {
            let mix = |a: f32, b: f32, c: f32, d: f32| {
                let (first, second, third) = (a + (b - a) * t, b + (c - b) * t, c + (d - c) * t);
                let (first, second) = (first + (second - first) * t, second + (third - second) * t);
                first + (second - first) * t
            };
            (mix(a.0, b.0, c.0, d.0), mix(a.1, b.1, c.1, d.1))
        });
    }

    fn close(&mut self) {
        let start = self.start;
        self.edge_to(start);
    }
}

/// A number of pixels; what is no such number is none.
fn whole(pixels: f32) -> i32 {
    pixels as i32
}
