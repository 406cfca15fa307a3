//! Encoding: pixels become AVIF, JPEG and PNG files.

use jpeg_encoder::SamplingFactor;
use png::{BitDepth, ColorType, Compression, Filter, SrgbRenderingIntent};
use ravif::{BitDepth as Depth, Img, RGBA8};

use super::Pixels;
use crate::reading::asset::Format;

/// How good AVIF is, of 100. It differs from the picture as little as the JPEGs below do, and takes half
/// their bytes.
const AVIF_QUALITY: f32 = 64.0;

/// How much is tried out to make AVIF small, from 1 for everything to 10 for next to nothing. Measured on
/// a photograph: 10 takes 1.4 seconds a million pixels, 9 takes 2.3 for 8 % fewer bytes, 7 takes 3.7 for
/// 7 % fewer again, and 5 takes half as long again for 1 %. A picture is made once and loaded by every reader.
const AVIF_SPEED: u8 = 9;

/// How good JPEG is, of 100.
const JPEG_QUALITY: u8 = 80;

impl Pixels {
    /// The file of a picture. The error is in words.
    pub fn encoded(&self, format: Format) -> Result<Vec<u8>, String> {
        match format {
            Format::Avif => self.avif(),
            Format::Jpeg => self.jpeg(),
            Format::Png => self.png(),
        }
    }

    fn avif(&self) -> Result<Vec<u8>, String> {
        let pixels: Vec<RGBA8> = self
            .rgba
            .chunks_exact(4)
            .map(|pixel| RGBA8::new(pixel[0], pixel[1], pixel[2], pixel[3]))
            .collect();
        // Threads would cut the picture into parts, and it would be another one with each number of them.
        let encoder = ravif::Encoder::new()
            .with_quality(AVIF_QUALITY)
            .with_alpha_quality(AVIF_QUALITY)
            .with_speed(AVIF_SPEED)
            .with_bit_depth(Depth::Eight)
            .with_num_threads(Some(1));
        let encoded = encoder.encode_rgba(Img::new(&pixels, self.width, self.height));
        encoded
            .map(|encoded| encoded.avif_file)
            .map_err(|problem| problem.to_string())
    }

    fn jpeg(&self) -> Result<Vec<u8>, String> {
        let (Ok(width), Ok(height)) = (u16::try_from(self.width), u16::try_from(self.height)) else {
            return Err("it is too large for a JPEG".to_owned());
        };
        let mut bytes = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, JPEG_QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.set_progressive(true);
        encoder.set_optimized_huffman_tables(true);
        let encoded = encoder.encode(&self.rgba, width, height, jpeg_encoder::ColorType::Rgba);
        encoded.map_err(|problem| problem.to_string())?;
        Ok(bytes)
    }

    fn png(&self) -> Result<Vec<u8>, String> {
        let words = |problem: png::EncodingError| problem.to_string();
        let (Ok(width), Ok(height)) = (u32::try_from(self.width), u32::try_from(self.height)) else {
            return Err("it is too large for a PNG".to_owned());
        };
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(Compression::High);
        encoder.set_filter(Filter::Adaptive);
        encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
        let pixels = match self.has_alpha() {
            true => {
                encoder.set_color(ColorType::Rgba);
                self.rgba.clone()
            }
            false => {
                encoder.set_color(ColorType::Rgb);
                let pixels = self.rgba.chunks_exact(4);
                pixels.flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
            }
        };
        let mut writer = encoder.write_header().map_err(words)?;
        writer.write_image_data(&pixels).map_err(words)?;
        writer.finish().map_err(words)?;
        Ok(bytes)
    }
}
