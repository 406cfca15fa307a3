//! What the file of a picture tells beside the picture: the camera, the place where it was taken, the
//! program it went through. Readers get the picture alone.
//!
//! What is left out is left out of the file as it is; no pixel is written anew. Two things stay, since
//! the picture would look different without them: its colour profile, and which way is up.

use std::borrow::Cow;

/// The signature of PNG files.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// How many bytes of a file are searched for which way is up. A JPEG says it at its beginning; a WebP
/// at its end, which in all but enormous ones is among these.
pub const HEAD_BYTES: usize = 1024 * 1024;

/// How a picture must be turned and mirrored to stand upright, as Exif counts it: 1 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orientation(u8);

impl Orientation {
    /// It stands upright as it is.
    pub const UPRIGHT: Orientation = Orientation(1);

    fn new(value: u16) -> Orientation {
        match u8::try_from(value) {
            Ok(value @ 1..=8) => Orientation(value),
            _ => Orientation::UPRIGHT,
        }
    }

    /// Whether width and height change places.
    pub fn swaps_sides(self) -> bool {
        self.0 >= 5
    }

    /// Where a pixel of the upright picture stands in the file, whose picture has this size.
    pub fn source(self, x: usize, y: usize, width: usize, height: usize) -> (usize, usize) {
        let (right, bottom) = (width - 1, height - 1);
        match self.0 {
            2 => (right - x, y),
            3 => (right - x, bottom - y),
            4 => (x, bottom - y),
            5 => (y, x),
            6 => (y, bottom - x),
            7 => (right - y, bottom - x),
            8 => (right - y, x),
            _ => (x, y),
        }
    }
}

/// Which way is up in a picture, from the beginning of its file.
///
/// Browsers heed what JPEG and WebP say of it. PNG has no agreed place for it, so there the pixels stand
/// as they stand.
pub fn orientation(file: &[u8]) -> Orientation {
    let head = &file[..file.len().min(HEAD_BYTES)];
    let exif = match Kind::of(head) {
        Some(Kind::Jpeg) => Segments::new(head).find_map(|segment| segment.exif()),
        Some(Kind::WebP) => Chunks::new(head)
            .find(|chunk| &chunk.name == b"EXIF")
            .map(|chunk| chunk.body.strip_prefix(EXIF).unwrap_or(chunk.body)),
        _ => None,
    };
    exif.and_then(orientation_of_exif)
        .map_or(Orientation::UPRIGHT, Orientation::new)
}

/// A picture's file without what it tells beside the picture. What cannot be taken apart, and files
/// that are no pictures of these kinds, stay as they are.
pub fn without(file: &[u8]) -> Cow<'_, [u8]> {
    let stripped = match Kind::of(file) {
        Some(Kind::Jpeg) => jpeg(file),
        Some(Kind::Png) => png(file),
        Some(Kind::WebP) => webp(file),
        None => None,
    };
    match stripped {
        Some(bytes) if bytes != file => Cow::Owned(bytes),
        _ => Cow::Borrowed(file),
    }
}

/// The kinds of files that tell something beside the picture, by their first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
}

impl Kind {
    /// The kind of a file.
    pub fn of(file: &[u8]) -> Option<Kind> {
        if file.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Kind::Jpeg)
        } else if file.starts_with(PNG) {
            Some(Kind::Png)
        } else if file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP") {
            Some(Kind::WebP)
        } else {
            None
        }
    }
}

/// What Exif data begins with in a JPEG, and with some writers in a WebP too.
const EXIF: &[u8] = b"Exif\0\0";

/// Exif data that says which way is up and nothing else.
fn exif_of(orientation: Orientation) -> Vec<u8> {
    // Big-endian TIFF whose one directory stands at 8 and has one entry, the short number 0x0112.
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation.0, 0, 0, 0, 0, 0, 0]);
    exif
}

/// The value of the tag for it in the first directory of Exif data.
fn orientation_of_exif(exif: &[u8]) -> Option<u16> {
    const TAG: u16 = 0x0112;
    let is_little = match exif.get(..4)? {
        b"II\x2a\0" => true,
        b"MM\0\x2a" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes: [u8; 2] = exif.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let long = |at: usize| {
        let bytes: [u8; 4] = exif.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let value = if is_little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        };
        usize::try_from(value).ok()
    };
    let directory = long(4)?;
    let entries = usize::from(short(directory)?);
    (0..entries).find_map(|entry| {
        let at = directory.checked_add(2 + entry * 12)?;
        (short(at)? == TAG).then(|| short(at + 8)).flatten()
    })
}

/// A piece of a JPEG in front of its pixels.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'f> {
    /// The byte that tells what it is.
    pub marker: u8,
    /// What it says, without marker and length.
    pub body: &'f [u8],
    /// All of it.
    whole: &'f [u8],
}

impl<'f> Segment<'f> {
    fn exif(&self) -> Option<&'f [u8]> {
        (self.marker == 0xe1)
            .then(|| self.body.strip_prefix(EXIF))
            .flatten()
    }

    /// Whether the picture looks different without it. Of what programs add, that is the format's own
    /// heading, the colour profile, and how Adobe wrote the colours.
    fn is_needed(&self) -> bool {
        match self.marker {
            0xe0 => self.body.starts_with(b"JFIF\0"),
            0xe2 => self.body.starts_with(b"ICC_PROFILE\0"),
            0xee => self.body.starts_with(b"Adobe"),
            0xe1..=0xef | 0xfe => false,
            _ => true,
        }
    }
}

/// The pieces of a JPEG up to where pixels begin.
#[derive(Clone, Debug)]
pub struct Segments<'f> {
    rest: &'f [u8],
}

impl<'f> Segments<'f> {
    /// The pieces of a file.
    pub fn new(file: &'f [u8]) -> Segments<'f> {
        Segments {
            rest: file.get(2..).unwrap_or_default(),
        }
    }
}

impl<'f> Iterator for Segments<'f> {
    type Item = Segment<'f>;

    fn next(&mut self) -> Option<Segment<'f>> {
        // A marker may be padded with any number of 0xff.
        let start = self.rest;
        let padding = start.iter().take_while(|byte| **byte == 0xff).count();
        let marker = *start.get(padding)?;
        let after = &start[padding + 1..];
        let length = usize::from(u16::from_be_bytes(after.get(..2)?.try_into().ok()?));
        if padding == 0 || matches!(marker, 0xd8..=0xd9) || length < 2 {
            return None;
        }
        let body = after.get(2..length)?;
        let end = padding + 1 + length;
        self.rest = &start[end..];
        Some(Segment {
            marker,
            body,
            whole: &start[padding - 1..end],
        })
    }
}

fn jpeg(file: &[u8]) -> Option<Vec<u8>> {
    const SCAN: u8 = 0xda;
    let mut bytes = Vec::with_capacity(file.len());
    bytes.extend(&file[..2]);
    let upright = orientation(file);
    let mut has_said_up = upright == Orientation::UPRIGHT;
    let mut segments = Segments::new(file);
    let mut has_pixels = false;
    loop {
        let Some(segment) = segments.next() else {
            // The end, or a file that was cut off; anything else cannot be told apart.
            let is_end = segments.rest.starts_with(&[0xff, 0xd9]);
            if is_end {
                bytes.extend([0xff, 0xd9]);
            }
            return (has_pixels && (is_end || segments.rest.len() < 4)).then_some(bytes);
        };
        // Behind the heading of the format, which wants to be first.
        if !has_said_up && segment.marker != 0xe0 {
            let exif = exif_of(upright);
            bytes.extend([0xff, 0xe1]);
            bytes.extend(u16::try_from(2 + EXIF.len() + exif.len()).ok()?.to_be_bytes());
            bytes.extend(EXIF);
            bytes.extend(exif);
            has_said_up = true;
        }
        if segment.is_needed() {
            bytes.extend(segment.whole);
        }
        if segment.marker == SCAN {
            has_pixels = true;
            let end = end_of_scan(segments.rest);
            bytes.extend(&segments.rest[..end]);
            segments.rest = &segments.rest[end..];
        }
    }
}

/// Where the pixels of a scan end: at the next marker that is none of those that stand among pixels.
fn end_of_scan(rest: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = rest[at..].iter().position(|byte| *byte == 0xff) {
        at += found;
        match rest.get(at + 1) {
            Some(0x00 | 0xd0..=0xd7) => at += 2,
            Some(0xff) => at += 1,
            Some(_) => return at,
            None => break,
        }
    }
    rest.len()
}

/// The chunks of a PNG without which the picture looks different, beside those every reader must know.
const PNG_LOOK: [&[u8; 4]; 15] = [
    b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST",
    b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// The chunks of a PNG: name and whole chunk.
pub fn png_chunks(file: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = file.get(PNG.len()..).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
        let name: [u8; 4] = rest.get(4..8)?.try_into().ok()?;
        // Length, name and checksum stand around the content.
        let end = usize::try_from(length).ok()?.checked_add(12)?;
        let whole = rest.get(..end)?;
        rest = &rest[end..];
        Some((name, whole))
    })
}

fn png(file: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(file.len());
    bytes.extend(PNG);
    for (name, whole) in png_chunks(file) {
        let must_be_known = name[0].is_ascii_uppercase();
        if must_be_known || PNG_LOOK.contains(&&name) {
            bytes.extend(whole);
        }
        if &name == b"IEND" {
            return Some(bytes);
        }
    }
    None
}

/// A chunk of a WebP.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'f> {
    /// What it is.
    pub name: [u8; 4],
    /// Its content.
    pub body: &'f [u8],
}

/// The chunks of a WebP.
#[derive(Clone, Debug)]
pub struct Chunks<'f> {
    rest: &'f [u8],
}

impl<'f> Chunks<'f> {
    /// The chunks of a file.
    pub fn new(file: &'f [u8]) -> Chunks<'f> {
        Chunks {
            rest: file.get(12..).unwrap_or_default(),
        }
    }
}

impl<'f> Iterator for Chunks<'f> {
    type Item = Chunk<'f>;

    fn next(&mut self) -> Option<Chunk<'f>> {
        let name = self.rest.get(..4)?.try_into().ok()?;
        let length = u32::from_le_bytes(self.rest.get(4..8)?.try_into().ok()?);
        let end = usize::try_from(length).ok()?.checked_add(8)?;
        let body = self.rest.get(8..end)?;
        // Chunks begin at even places.
        self.rest = self.rest.get(end + end % 2..).unwrap_or_default();
        Some(Chunk { name, body })
    }
}

fn webp(file: &[u8]) -> Option<Vec<u8>> {
    const HAS_EXIF: u8 = 0x08;
    const HAS_XMP: u8 = 0x04;
    let upright = orientation(file);
    let is_upright = upright == Orientation::UPRIGHT;
    let mut bytes = file[..12].to_vec();
    let mut chunks = Chunks::new(file);
    let mut write = |name: [u8; 4], body: &[u8]| -> Option<()> {
        bytes.extend(name);
        bytes.extend(u32::try_from(body.len()).ok()?.to_le_bytes());
        bytes.extend(body);
        bytes.extend((body.len() % 2 == 1).then_some(0));
        Some(())
    };
    for chunk in &mut chunks {
        match &chunk.name {
            b"VP8X" => {
                let mut body = chunk.body.to_vec();
                let flags = body.first_mut()?;
                *flags &= !(HAS_XMP | HAS_EXIF);
                if !is_upright {
                    *flags |= HAS_EXIF;
                }
                write(chunk.name, &body)?;
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP" => write(chunk.name, chunk.body)?,
            _ => {}
        }
    }
    if !is_upright {
        write(*b"EXIF", &exif_of(upright))?;
    }
    let size = u32::try_from(bytes.len() - 8).ok()?;
    bytes[4..8].copy_from_slice(&size.to_le_bytes());
    // What is behind the last chunk is no part of the picture.
    chunks.rest.len().lt(&8).then_some(bytes)
}
