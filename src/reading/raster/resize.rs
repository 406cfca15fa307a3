//! Resizing: every pixel becomes a weighted mean of those it stands for.
//!
//! The weights are Catmull and Rom's cubic, stretched over what one pixel of the smaller picture covers.
//! It keeps edges sharp with little overshoot and needs no functions whose last digit differs from
//! machine to machine. Source: Mitchell and Netravali, "Reconstruction Filters in Computer Graphics",
//! 1988, with B = 0 and C = 1/2.

use super::Pixels;

/// Weights are whole numbers of this many bits behind the point.
const BITS: u32 = 16;

/// The pixels that one becomes the mean of: where they begin, and how much each weighs.
struct Window {
    from: usize,
    weights: Vec<i32>,
}

/// Makes a picture of another size.
pub fn resize(pixels: Pixels, width: usize, height: usize) -> Pixels {
    if (width, height) == (pixels.width, pixels.height) {
        return pixels;
    }
    let has_alpha = pixels.has_alpha();
    let mut pixels = pixels;
    if has_alpha {
        // What is transparent has a colour that nobody sees and that must not count.
        for pixel in pixels.rgba.chunks_exact_mut(4) {
            let alpha = u32::from(pixel[3]);
            for channel in &mut pixel[..3] {
                *channel = byte((u32::from(*channel) * alpha + 127) / 255);
            }
        }
    }
    let narrow = horizontally(&pixels, width);
    drop(pixels);
    let mut resized = vertically(&narrow, height);
    if has_alpha {
        for pixel in resized.rgba.chunks_exact_mut(4) {
            let alpha = u32::from(pixel[3]);
            for channel in &mut pixel[..3] {
                *channel = byte((u32::from(*channel) * 255 + alpha / 2) / alpha.max(1));
            }
        }
    }
    resized
}

fn horizontally(pixels: &Pixels, width: usize) -> Pixels {
    let windows = windows(pixels.width, width);
    let mut rgba = Vec::with_capacity(width * pixels.height * 4);
    for row in pixels.rgba.chunks_exact(pixels.width * 4) {
        for window in &windows {
            let mut sums = [1 << (BITS - 1); 4];
            let stretch = row[window.from * 4..].chunks_exact(4);
            for (pixel, weight) in stretch.zip(&window.weights) {
                for (sum, channel) in sums.iter_mut().zip(pixel) {
                    *sum += i32::from(*channel) * weight;
                }
            }
            rgba.extend(sums.map(mean));
        }
    }
    Pixels {
        width,
        height: pixels.height,
        rgba,
    }
}

fn vertically(pixels: &Pixels, height: usize) -> Pixels {
    let length = pixels.width * 4;
    let mut rgba = Vec::with_capacity(length * height);
    let mut sums: Vec<i32> = Vec::with_capacity(length);
    for window in windows(pixels.height, height) {
        sums.clear();
        sums.resize(length, 1 << (BITS - 1));
        let rows = pixels.rgba[window.from * length..].chunks_exact(length);
        for (row, weight) in rows.zip(&window.weights) {
            for (sum, channel) in sums.iter_mut().zip(row) {
                *sum += i32::from(*channel) * weight;
            }
        }
        rgba.extend(sums.iter().map(|sum| mean(*sum)));
    }
    Pixels {
        width: pixels.width,
        height,
        rgba,
    }
}

/// The windows of all pixels of a line that is made longer or shorter.
fn windows(from: usize, to: usize) -> Vec<Window> {
    let scale = from as f64 / to as f64;
    let stretch = scale.max(1.0);
    let reach = 2.0 * stretch;
    let window = |index: usize| {
        let center = (index as f64 + 0.5) * scale;
        let first = (center - reach).max(0.0) as usize;
        let last = ((center + reach) as usize + 1).min(from).max(first + 1);
        let weights: Vec<f64> = (first..last)
            .map(|at| cubic((at as f64 + 0.5 - center) / stretch))
            .collect();
        let sum: f64 = weights.iter().sum();
        let one = f64::from(1 << BITS);
        let mut weights: Vec<i32> = weights
            .iter()
            .map(|weight| (weight / sum * one).round() as i32)
            .collect();
        // What rounding lost goes to the middle, so that one colour stays that colour.
        let lost = (1 << BITS) - weights.iter().sum::<i32>();
        let middle = weights.len() / 2;
        weights[middle] += lost;
        Window { from: first, weights }
    };
    (0..to).map(window).collect()
}

fn cubic(x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

fn mean(sum: i32) -> u8 {
    (sum >> BITS).clamp(0, 255) as u8
}

fn byte(value: u32) -> u8 {
    value.min(255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, height: usize, pixel: impl Fn(usize, usize) -> [u8; 4]) -> Pixels {
        let rgba = (0..width * height)
            .flat_map(|at| pixel(at % width, at / width))
            .collect();
        Pixels { width, height, rgba }
    }

    #[test]
    fn one_colour_stays_that_colour() {
        for (width, height) in [(1, 1), (3, 100), (7, 5), (99, 1), (50, 50)] {
            let plain = picture(100, 77, |_, _| [200, 100, 1, 255]);
            let smaller = resize(plain, width, height);
            assert_eq!((smaller.width, smaller.height), (width, height));
            assert_eq!(smaller, picture(width, height, |_, _| [200, 100, 1, 255]));
        }
    }

    #[test]
    fn a_half_stays_in_its_half() {
        let halves = picture(64, 8, |x, _| {
            if x < 32 {
                [255, 0, 0, 255]
            } else {
                [0, 0, 255, 255]
            }
        });
        let smaller = resize(halves, 8, 1);
        assert_eq!(smaller.rgba[..4], [255, 0, 0, 255]);
        assert_eq!(smaller.rgba[28..], [0, 0, 255, 255]);
    }

    #[test]
    fn what_is_transparent_has_no_colour_to_give() {
        let cut_out = picture(40, 40, |x, _| {
            if x % 2 == 0 {
                [0, 200, 0, 255]
            } else {
                [255, 0, 0, 0]
            }
        });
        let smaller = resize(cut_out, 10, 10);
        for pixel in smaller.rgba.chunks_exact(4) {
            assert!(pixel[0] <= 1 && pixel[1].abs_diff(200) <= 2, "{pixel:?}");
            assert!(pixel[3].abs_diff(128) < 30, "{pixel:?}");
        }
    }
}
