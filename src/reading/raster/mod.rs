//! Pixels: pictures decoded, turned upright, made smaller and written anew.
//!
//! The same file gives the same bytes on every run and with any number of threads. All that is counted
//! here is counted in whole numbers, and the decoders and encoders are asked to leave out what depends
//! on the processor.

mod decode;
mod encode;
mod resize;

use super::metadata::Orientation;

/// A picture's pixels, eight bits each of red, green, blue and opacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    width: usize,
    height: usize,
    /// Row by row.
    rgba: Vec<u8>,
}

/// What a file shows: its pixels as they stand in it, which way is up, and what its colours mean.
#[derive(Clone, Debug)]
struct Decoded {
    pixels: Pixels,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
}

/// A picture of a file: upright, in the colours of the web, and of this width. The error is in words.
pub fn picture(file: &[u8], width: u32) -> Result<Pixels, String> {
    let Decoded {
        pixels,
        orientation,
        profile,
    } = decode::decode(file)?;
    let wanted = usize::try_from(width).unwrap_or(usize::MAX);
    // What stands upright in the end may lie on its side in the file.
    let (own_width, own_height) = match orientation.swaps_sides() {
        true => (pixels.height, pixels.width),
        false => (pixels.width, pixels.height),
    };
    let height = proportional(own_height, wanted, own_width);
    let (file_width, file_height) = match orientation.swaps_sides() {
        true => (height, wanted),
        false => (wanted, height),
    };
    let smaller = resize::resize(pixels, file_width, file_height);
    let mut upright = smaller.turned(orientation);
    if let Some(profile) = profile {
        decode::to_srgb(&mut upright, &profile);
    }
    Ok(upright)
}

/// The height that goes with a width.
fn proportional(height: usize, width: usize, own_width: usize) -> usize {
    ((height * width + own_width / 2) / own_width.max(1)).max(1)
}

impl Pixels {
    /// How wide it is.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How high it is.
    pub fn height(&self) -> usize {
        self.height
    }

    /// A copy of another width.
    pub fn resized(&self, width: u32) -> Pixels {
        let width = usize::try_from(width).unwrap_or(usize::MAX);
        let height = proportional(self.height, width, self.width);
        resize::resize(self.clone(), width, height)
    }

    /// Whether one can see through it anywhere.
    fn has_alpha(&self) -> bool {
        self.rgba.iter().skip(3).step_by(4).any(|alpha| *alpha != 255)
    }

    fn turned(self, orientation: Orientation) -> Pixels {
        if orientation == Orientation::UPRIGHT {
            return self;
        }
        let (width, height) = match orientation.swaps_sides() {
            true => (self.height, self.width),
            false => (self.width, self.height),
        };
        let mut rgba = Vec::with_capacity(self.rgba.len());
        for y in 0..height {
            for x in 0..width {
                let (from_x, from_y) = orientation.source(x, y, self.width, self.height);
                let at = (from_y * self.width + from_x) * 4;
                rgba.extend(&self.rgba[at..at + 4]);
            }
        }
        Pixels { width, height, rgba }
    }
}
