//! Decoding: the pixels of JPEG, PNG and WebP files.

use std::io::Cursor;

use image_webp::WebPDecoder;
use moxcms::{ColorProfile, Layout, TransformOptions};
use png::{ColorType, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Decoded, Pixels};
use crate::reading::asset::MAX_PIXELS;
use crate::reading::metadata::{self, Kind};

/// The memory that a decoder may take, beside the pixels it gives.
const MAX_BYTES: usize = 512 * 1024 * 1024;

/// Decodes a file. The error is in words.
pub fn decode(file: &[u8]) -> Result<Decoded, String> {
    let (pixels, profile) = match Kind::of(file) {
        Some(Kind::Jpeg) => jpeg(file)?,
        Some(Kind::Png) => png(file)?,
        Some(Kind::WebP) => webp(file)?,
        None => return Err("it is no JPEG, PNG or WebP".to_owned()),
    };
    Ok(Decoded {
        pixels,
        orientation: metadata::orientation(file),
        profile,
    })
}

type Found = (Pixels, Option<Vec<u8>>);

/// Checks a size before memory is taken for it.
fn sides(width: usize, height: usize) -> Result<(usize, usize), String> {
    let pixels = width
        .checked_mul(height)
        .and_then(|pixels| u64::try_from(pixels).ok());
    match pixels {
        Some(1..=MAX_PIXELS) => Ok((width, height)),
        _ => Err(format!("it claims to be {width} by {height} pixels large")),
    }
}

fn jpeg(file: &[u8]) -> Result<Found, String> {
    let words = |problem: zune_jpeg::errors::DecodeErrors| problem.to_string();
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::RGBA)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(file), options);
    decoder.decode_headers().map_err(words)?;
    let info = decoder.info().ok_or("it has no size")?;
    let (width, height) = sides(usize::from(info.width), usize::from(info.height))?;
    let rgba = decoder.decode().map_err(words)?;
    let profile = decoder.icc_profile();
    Ok((whole(width, height, rgba)?, profile))
}

fn png(file: &[u8]) -> Result<Found, String> {
    // The last part names structures of the decoder.
    let words = |problem: png::DecodingError| {
        let problem = problem.to_string();
        let plain = problem.split(" while decoding").next();
        plain.unwrap_or_default().to_owned()
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), png::Limits { bytes: MAX_BYTES });
    decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
    decoder.set_ignore_text_chunk(true);
    let mut reader = decoder.read_info().map_err(words)?;
    let info = reader.info();
    let (width, height) = (info.width, info.height);
    let (width, height) = sides(
        usize::try_from(width).unwrap_or(usize::MAX),
        usize::try_from(height).unwrap_or(usize::MAX),
    )?;
    let is_srgb = info.srgb.is_some();
    let profile = info.icc_profile.as_ref().filter(|_| !is_srgb);
    let profile = profile.map(|profile| profile.to_vec());
    let size = reader.output_buffer_size().filter(|size| *size <= MAX_BYTES);
    let mut bytes = vec![0; size.ok_or("it is too large")?];
    let frame = reader.next_frame(&mut bytes).map_err(words)?;
    bytes.truncate(frame.buffer_size());
    let rgba = match frame.color_type {
        ColorType::Rgba => bytes,
        ColorType::GrayscaleAlpha => bytes
            .chunks_exact(2)
            .flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]])
            .collect(),
        other => return Err(format!("its pixels are of the kind {other:?}")),
    };
    Ok((whole(width, height, rgba)?, profile))
}

fn webp(file: &[u8]) -> Result<Found, String> {
    let words = |problem: image_webp::DecodingError| problem.to_string();
    let mut decoder = WebPDecoder::new(Cursor::new(file)).map_err(words)?;
    decoder.set_memory_limit(MAX_BYTES);
    let (width, height) = decoder.dimensions();
    let (width, height) = sides(
        usize::try_from(width).unwrap_or(usize::MAX),
        usize::try_from(height).unwrap_or(usize::MAX),
    )?;
    let size = decoder.output_buffer_size().filter(|size| *size <= MAX_BYTES);
    let mut bytes = vec![0; size.ok_or("it is too large")?];
    decoder.read_image(&mut bytes).map_err(words)?;
    let profile = decoder.icc_profile().ok().flatten();
    let rgba = match decoder.has_alpha() {
        true => bytes,
        false => bytes
            .chunks_exact(3)
            .flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255])
            .collect(),
    };
    Ok((whole(width, height, rgba)?, profile))
}

/// Pixels of a size, if there are as many.
fn whole(width: usize, height: usize, rgba: Vec<u8>) -> Result<Pixels, String> {
    match rgba.len() == width * height * 4 {
        true => Ok(Pixels { width, height, rgba }),
        false => Err("it has not as many pixels as it says".to_owned()),
    }
}

/// Writes colours as the web means them that a profile means differently. A profile that cannot be used
/// counts as none, as in browsers.
pub fn to_srgb(pixels: &mut Pixels, profile: &[u8]) {
    let Ok(own) = ColorProfile::new_from_slice(profile) else {
        return;
    };
    let web = ColorProfile::new_srgb();
    let options = TransformOptions {
        prefer_fixed_point: true,
        ..TransformOptions::default()
    };
    let transform = own.create_transform_8bit(Layout::Rgba, &web, Layout::Rgba, options);
    let mut converted = vec![0; pixels.rgba.len()];
    if let Ok(transform) = transform
        && transform.transform(&pixels.rgba, &mut converted).is_ok()
    {
        pixels.rgba = converted;
    }
}
