//! Colours of the screen, and how well one can be read on another.

use std::fmt;

use super::encoding::encoded;

/// A colour of sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

encoded!(struct Colour { red, green, blue });

impl Colour {
    /// Black.
    pub const BLACK: Colour = Colour::new(0, 0, 0);
    /// White.
    pub const WHITE: Colour = Colour::new(255, 255, 255);

    /// A colour by its parts.
    pub const fn new(red: u8, green: u8, blue: u8) -> Colour {
        Colour { red, green, blue }
    }

    /// Reads `#rrggbb` or `#rgb`.
    pub fn parse(text: &str) -> Option<Colour> {
        let digits: Option<Vec<u8>> = text
            .trim()
            .strip_prefix('#')?
            .chars()
            .map(|sign| u8::try_from(sign.to_digit(16)?).ok())
            .collect();
        match *digits?.as_slice() {
            [red, green, blue] => Some(Colour::new(red * 17, green * 17, blue * 17)),
            [r, red, g, green, b, blue] => Some(Colour::new(r * 16 + red, g * 16 + green, b * 16 + blue)),
            _ => None,
        }
    }

    /// Red, green and blue.
    pub const fn channels(self) -> [u8; 3] {
        [self.red, self.green, self.blue]
    }

    /// The colour so many of all steps on the way to another one.
    pub fn mixed(self, end: Colour, step: u8, steps: u8) -> Colour {
        let (step, steps) = (u16::from(step), u16::from(steps.max(1)));
        let mix = |from: u8, to: u8| {
            let mixed = (u16::from(from) * steps.saturating_sub(step) + u16::from(to) * step) / steps;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Colour {
            red: mix(self.red, end.red),
            green: mix(self.green, end.green),
            blue: mix(self.blue, end.blue),
        }
    }

    /// The contrast of two colours, from 1 to 21.
    /// Source: WCAG 2.2, "contrast ratio".
    pub fn contrast(self, other: Colour) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// This colour, or the first on its way to another one that has so much contrast with a background.
    pub fn towards(self, end: Colour, background: Colour, contrast: f64) -> Colour {
        const STEPS: u16 = 64;
        let mix = |from: u8, to: u8, step: u16| {
            let mixed = (u16::from(from) * (STEPS - step) + u16::from(to) * step) / STEPS;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        let mixed = |step: u16| Colour {
            red: mix(self.red, end.red, step),
            green: mix(self.green, end.green, step),
            blue: mix(self.blue, end.blue, step),
        };
        let is_enough = |colour: &Colour| colour.contrast(background) >= contrast;
        (0..STEPS).map(mixed).find(is_enough).unwrap_or(end)
    }

    /// Source: WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.04045 {
        return part / 12.92;
    }
    // To the power of 2.4, in steps that give the same on every machine.
    let base = (part + 0.055) / 1.055;
    let root = fifth_root(base);
    base * base * root * root
}

/// By Newton's method, for numbers from 0.05 to 1.
fn fifth_root(number: f64) -> f64 {
    let step = |root: f64| (4.0 * root + number / (root * root * root * root)) / 5.0;
    (0..32).fold(1.0, |root, _| step(root))
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_and_written() {
        let check = |text: &str, expected: &str| {
            let shown = Colour::parse(text).map(|colour| colour.to_string());
            assert_eq!(shown.as_deref().unwrap_or("none"), expected, "{text}");
        };
        check("#8c1d18", "#8c1d18");
        check(" #8C1D18 ", "#8c1d18");
        check("#0af", "#00aaff");
        for none in [
            "red", "#12", "#12345", "#1234567", "#12345g", "8c1d18", "", "#ßßß",
        ] {
            check(none, "none");
        }
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let check = |one: &str, other: &str, expected: &str| {
            let colour = |text: &str| Colour::parse(text).expect("a colour");
            let shown = format!("{:.2}", colour(one).contrast(colour(other)));
            assert_eq!(shown, expected, "{one} {other}");
        };
        check("#000", "#fff", "21.00");
        check("#fff", "#fff", "1.00");
        // The lightest grey that passes on white.
        check("#767676", "#fff", "4.54");
        check("#777777", "#fff", "4.48");
        check("#ff0000", "#fff", "4.00");
    }

    #[test]
    fn colours_are_changed_as_little_as_it_takes() {
        let colour = |text: &str| Colour::parse(text).expect("a colour");
        let night = colour("#12151b");
        assert_eq!(
            colour("#f0a39b").towards(Colour::WHITE, night, 4.5),
            colour("#f0a39b")
        );
        for dark in ["#000000", "#8c1d18", "#00008b", "#16181d"] {
            let light = colour(dark).towards(Colour::WHITE, night, 4.5);
            let contrast = light.contrast(night);
            assert!((4.5..5.0).contains(&contrast), "{dark} {light} {contrast}");
        }
    }
}
