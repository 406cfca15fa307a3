//! Static files and pictures: what kind of file it is and how large a picture is.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::metadata::{self, Chunks, Kind, Segments};
use crate::ground::encoding::encoded;

/// Width and height of a picture, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dimensions {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

encoded!(struct Dimensions { width, height });

impl Dimensions {
    /// How many pixels that are.
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// A file format that brief writes pictures in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Small, and shown by all browsers of the last years.
    Avif,
    /// For photographs, and shown everywhere.
    Jpeg,
    /// For what is transparent or drawn, and shown everywhere.
    Png,
}

encoded!(enum Format { 0 => Avif, 1 => Jpeg, 2 => Png });

impl Format {
    /// The extension of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Avif => "avif",
            Format::Jpeg => "jpg",
            Format::Png => "png",
        }
    }
}

/// What the beginning of a picture's file tells of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Its size as readers see it, upright.
    pub dimensions: Option<Dimensions>,
    /// What smaller sizes of it are written in for browsers that do not know AVIF; `None` for what has no
    /// other sizes: drawings, animations, what is too large, and formats that brief does not read.
    pub fallback: Option<Format>,
}

encoded!(struct Shape { dimensions, fallback });

/// The largest picture that is decoded, in pixels. Cameras make half of that; a small file that claims
/// more is likely made to fill the memory.
pub const MAX_PIXELS: u64 = 50_000_000;

/// Extensions of pictures that browsers show.
const PICTURES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "apng"];

/// Whether a file is a picture, by its extension in lower case.
pub fn is_picture(extension: &str) -> bool {
    PICTURES.contains(&extension)
}

/// How many bytes of a picture tell its size: the head of every format is shorter, save for JPEGs
/// with very large embedded thumbnails, which then go without.
pub const HEAD_BYTES: u64 = 1024 * 1024;

/// What the first bytes of a picture tell.
pub fn shape(extension: &str, head: &[u8]) -> Shape {
    let size = if extension == "svg" {
        svg_dimensions(head)
    } else {
        bitmap_dimensions(head)
    };
    let dimensions = size.filter(|size| size.width > 0 && size.height > 0);
    let is_bounded = dimensions.is_some_and(|size| size.pixels() <= MAX_PIXELS);
    Shape {
        dimensions,
        fallback: is_bounded.then(|| fallback(head)).flatten(),
    }
}

fn bitmap_dimensions(head: &[u8]) -> Option<Dimensions> {
    let size = imagesize::blob_size(head).ok()?;
    let (mut width, mut height) = (size.width.try_into().ok()?, size.height.try_into().ok()?);
    if metadata::orientation(head).swaps_sides() {
        std::mem::swap(&mut width, &mut height);
    }
    Some(Dimensions { width, height })
}

/// What smaller sizes of a picture are written in, besides AVIF. It is the file that decides, not its
/// pixels: pages are written before any are looked at. Whoever saved a PNG wanted sharp edges or
/// transparency; a WebP says by its kind of compression which of both it is.
fn fallback(head: &[u8]) -> Option<Format> {
    match Kind::of(head)? {
        Kind::Jpeg => {
            // The baseline, extended and progressive kinds; eight bits; grey or three colours. What is made
            // for the printing press stays as it is.
            let frame = Segments::new(head).find(|segment| matches!(segment.marker, 0xc0..=0xc2))?;
            let (bits, components) = (frame.body.first()?, frame.body.get(5)?);
            (*bits == 8 && matches!(components, 1 | 3)).then_some(Format::Jpeg)
        }
        Kind::Png => {
            let mut before_pixels = metadata::png_chunks(head)
                .map(|(name, _)| name)
                .take_while(|name| name != b"IDAT");
            let is_animated = before_pixels.any(|name| &name == b"acTL");
            (!is_animated).then_some(Format::Png)
        }
        Kind::WebP => {
            const IS_ANIMATED: u8 = 0x02;
            const HAS_ALPHA: u8 = 0x10;
            let chunk = Chunks::new(head).next();
            // A chunk that goes on behind the head is the picture itself.
            let name: [u8; 4] = head.get(12..16)?.try_into().ok()?;
            match (&name, chunk) {
                (b"VP8 ", _) => Some(Format::Jpeg),
                (b"VP8L", _) => Some(Format::Png),
                (b"VP8X", Some(chunk)) => {
                    let flags = *chunk.body.first()?;
                    let is_lossless = || Chunks::new(head).any(|chunk| &chunk.name == b"VP8L");
                    match flags {
                        flags if flags & IS_ANIMATED != 0 => None,
                        flags if flags & HAS_ALPHA != 0 || is_lossless() => Some(Format::Png),
                        _ => Some(Format::Jpeg),
                    }
                }
                _ => None,
            }
        }
    }
}

/// Whether a file of that extension may tell something beside the picture that brief takes out.
pub fn has_metadata(extension: &str) -> bool {
    matches!(extension, "jpg" | "jpeg" | "png" | "apng" | "webp")
}

/// The `width` and `height` of the root element, else those of its `viewBox`.
fn svg_dimensions(head: &[u8]) -> Option<Dimensions> {
    let mut reader = Reader::from_reader(head);
    let mut buffer = Vec::new();
    loop {
        let root = match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(root) | Event::Empty(root) => root,
            Event::Eof => return None,
            _ => {
                buffer.clear();
                continue;
            }
        };
        let attribute = |name: &str| {
            root.try_get_attribute(name)
                .ok()
                .flatten()
                .map(|attribute| attribute.value.into_owned())
        };
        let length = |name: &str| attribute(name).as_deref().and_then(pixels);
        if let (Some(width), Some(height)) = (length("width"), length("height")) {
            return Some(Dimensions { width, height });
        }
        let view_box = attribute("viewBox")?;
        let mut numbers = view_box
            .split([' ', ','])
            .filter(|number| !number.is_empty())
            .skip(2);
        return Some(Dimensions {
            width: pixels(numbers.next()?)?,
            height: pixels(numbers.next()?)?,
        });
    }
}

/// A length in pixels, rounded up; lengths in other units tell nothing about pixels.
fn pixels(length: &str) -> Option<u32> {
    let number: f64 = length.trim().trim_end_matches("px").parse().ok()?;
    (number > 0.0 && number < 100_000.0).then_some(number.ceil() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(extension: &str, head: &[u8], expected: Option<(u32, u32)>) {
        let expected = expected.map(|(width, height)| Dimensions { width, height });
        assert_eq!(
            shape(extension, head).dimensions,
            expected,
            "{}",
            String::from_utf8_lossy(head)
        );
    }

    #[test]
    fn sizes_of_pictures() {
        check(
            "gif",
            b"GIF89a\x02\x00\x03\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!",
            Some((2, 3)),
        );
        check(
            "svg",
            b"<?xml version='1.0'?><!-- x --><svg width='640' height=\"480px\"><g/></svg>",
            Some((640, 480)),
        );
        check("svg", b"<svg viewBox='0 0 10.5, 20'/>", Some((11, 20)));
        check(
            "svg",
            b"<svg width='100%' height='50%' viewBox='0 0 4 5'></svg>",
            Some((4, 5)),
        );
        check("svg", b"<svg/>", None);
        check("png", b"not a picture", None);
        check("svg", b"<svg width='0' height='0'/>", None);
    }
}
