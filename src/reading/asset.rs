//! Static files and pictures: what kind of file it is and how large a picture is.

use quick_xml::Reader;
use quick_xml::events::Event;

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

/// Extensions of pictures that browsers show.
const PICTURES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "apng"];

/// Whether a file is a picture, by its extension in lower case.
pub fn is_picture(extension: &str) -> bool {
    PICTURES.contains(&extension)
}

/// How many bytes of a picture tell its size: the head of every format is shorter, save for JPEGs
/// with very large embedded thumbnails, which then go without.
pub const HEAD_BYTES: u64 = 1024 * 1024;

/// The size of a picture, from its first bytes; `None` where they do not tell.
pub fn dimensions(extension: &str, head: &[u8]) -> Option<Dimensions> {
    let size = if extension == "svg" {
        svg_dimensions(head)
    } else {
        bitmap_dimensions(head)
    }?;
    (size.width > 0 && size.height > 0).then_some(size)
}

fn bitmap_dimensions(head: &[u8]) -> Option<Dimensions> {
    let size = imagesize::blob_size(head).ok()?;
    Some(Dimensions {
        width: size.width.try_into().ok()?,
        height: size.height.try_into().ok()?,
    })
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
            dimensions(extension, head),
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
