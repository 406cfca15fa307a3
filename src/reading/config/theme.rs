//! `theme:`, how the built-in theme looks: its accent colour, its fonts and its measure.

use super::super::yaml::{Fields, Node, Value};
use crate::ground::colour::Colour;
use crate::ground::diagnostic::Code;

/// The paper of the theme by day and by night, which static/brief.css repeats.
const PAPER: Colour = Colour::new(0xff, 0xfd, 0xf9);
const NIGHT_PAPER: Colour = Colour::new(0x12, 0x15, 0x1b);

/// The least contrast of text with its background.
/// Source: WCAG 2.2, success criterion 1.4.3.
const CONTRAST: f64 = 4.5;

/// How the built-in theme looks, as far as a site has chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Theme {
    /// The accent colour by day, and the one by night that belongs to it.
    pub accent: Option<(Colour, Colour)>,
    /// The families of the text, the first that a reader has; a list for CSS.
    pub text: Option<String>,
    /// The families of labels, dates and figures, likewise.
    pub labels: Option<String>,
    /// How many characters a line of text has.
    pub measure: Option<u8>,
}

/// How wide a character of the text is on average, in thousandths of the page's font size.
const CHARACTER: u32 = 545;

/// How wide the text is unless a site chooses: the `--measure` of static/brief.css.
const MEASURE: u32 = 36_000;

impl Theme {
    /// How wide the text is, in thousandths of the page's font size.
    pub fn text_width(&self) -> u32 {
        self.measure
            .map_or(MEASURE, |measure| u32::from(measure) * CHARACTER)
    }

    /// Reads the setting.
    pub fn read(fields: &mut Fields<'_>) -> Theme {
        let Some(mut map) = fields.map(&["theme"], "the setting `theme`") else {
            return Theme::default();
        };
        let accent = read_accent(&mut map);
        let (text, labels) = read_fonts(&mut map);
        let measure = map.number(&["measure"], 40..=100);
        let measure = measure.and_then(|measure| u8::try_from(measure.value).ok());
        fields.absorb(map);
        Theme {
            accent,
            text,
            labels,
            measure,
        }
    }
}

fn read_accent(map: &mut Fields<'_>) -> Option<(Colour, Colour)> {
    let accent = map.text(&["accent"])?;
    let Some(colour) = Colour::parse(&accent.value) else {
        let message = format!("`{}` is no colour", accent.value);
        let help = "write red, green and blue in hexadecimal digits: `\"#8c1d18\"`";
        map.report(Code::BadValue, accent.node, message, help);
        return None;
    };
    if colour.contrast(PAPER) < CONTRAST {
        let message = format!(
            "links in {colour} are hard to read: the contrast with the paper is {:.1} to 1",
            colour.contrast(PAPER)
        );
        let dark_enough = colour.towards(Colour::BLACK, PAPER, CONTRAST);
        let help = format!("it takes {CONTRAST} to 1; `\"{dark_enough}\"` is dark enough");
        map.report(Code::LowContrast, accent.node, message, help);
    }
    Some((colour, colour.towards(Colour::WHITE, NIGHT_PAPER, CONTRAST)))
}

fn read_fonts(map: &mut Fields<'_>) -> (Option<String>, Option<String>) {
    let Some(node) = map.node(&["fonts"]) else {
        return (None, None);
    };
    if !matches!(node.value, Value::Map(_)) {
        let text = map.text(&["fonts"]);
        return (text.and_then(|text| families(map, text.node, &text.value)), None);
    }
    let Some(mut fonts) = map.map(&["fonts"], "the setting `fonts`") else {
        return (None, None);
    };
    let mut read = |name: &'static str| {
        let text = fonts.text(&[name])?;
        families(&mut fonts, text.node, &text.value)
    };
    let both = (read("text"), read("labels"));
    map.absorb(fonts);
    both
}

/// The families of a list with commas, quoted for CSS. A reader who has none of them sees what the theme
/// shows without the setting, so its own list follows.
fn families(map: &mut Fields<'_>, node: &Node, list: &str) -> Option<String> {
    let names = list
        .split(',')
        .map(|name| name.trim().trim_matches(['"', '\'']).trim());
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    let is_sign = |sign: char| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_' | '.');
    let wrong = names.iter().find(|name| !name.chars().all(is_sign));
    if let Some(name) = wrong {
        let message = format!("`{name}` is no name of a font");
        let help = "name fonts that readers have, with commas between: `Georgia, serif`";
        map.report(Code::BadValue, node, message, help);
        return None;
    }
    let quoted = |name: &&str| match *name {
        "serif" | "sans-serif" | "monospace" | "system-ui" | "ui-serif" | "ui-sans-serif"
        | "ui-monospace" => (*name).to_owned(),
        name => format!("\"{name}\""),
    };
    let quoted: Vec<String> = names.iter().map(quoted).collect();
    (!quoted.is_empty()).then(|| quoted.join(", "))
}
