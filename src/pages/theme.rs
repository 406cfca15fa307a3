//! The files of the built-in theme, with what a site has chosen of their look.

use std::borrow::Cow;
use std::fmt::Write;

use super::templates::theme_files;
use crate::reading::config::{Config, Theme};

/// The style sheet.
const SHEET: &str = "brief.css";

/// The style sheet of feeds.
const FEED_SHEET: &str = "brief-feed.css";

/// A file of the theme; nothing where it has no such file.
pub fn file(name: &str, config: &Config) -> Cow<'static, [u8]> {
    let bytes = theme_files().get(name).copied().unwrap_or_default();
    if name == FEED_SHEET {
        let explained = css_text(config.wording.get("feed_explained"));
        let rule = format!("\nrss::before,\natom|feed::before {{\n  content: {explained};\n}}\n");
        return Cow::Owned([bytes, rule.as_bytes()].concat());
    }
    match chosen(&config.theme) {
        Some(rules) if name == SHEET => Cow::Owned([bytes, rules.as_bytes()].concat()),
        _ => Cow::Borrowed(bytes),
    }
}

/// A text as CSS writes it.
///
/// Source: CSS Syntax Module Level 3, section 4.3.5.
fn css_text(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' | '<' => {
                let _ = write!(out, "\\{:x} ", u32::from(character));
            }
            control if control.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// The rules for what a site has chosen. They come last, and leave paper alone.
fn chosen(theme: &Theme) -> Option<String> {
    let mut rules = String::new();
    let mut set = |name: &str, value: String| {
        // Writing into a text cannot fail.
        let _ = writeln!(rules, "    --{name}: {value};");
    };
    if let Some((day, _)) = theme.accent {
        set("accent", day.to_string());
    }
    if let Some(text) = &theme.text {
        set("text", text.clone());
    }
    if let Some(labels) = &theme.labels {
        set("data", labels.clone());
    }
    if theme.measure.is_some() {
        let thousandths = theme.text_width();
        set(
            "measure",
            format!("{}.{:03}rem", thousandths / 1000, thousandths % 1000),
        );
    }
    if rules.is_empty() {
        return None;
    }
    let mut sheet =
        format!("\n/* The settings of this site */\n\n@media screen {{\n  :root {{\n{rules}  }}\n}}\n");
    if let Some((_, night)) = theme.accent {
        // Writing into a text cannot fail.
        let _ = write!(
            sheet,
            "\n@media screen and (prefers-color-scheme: dark) {{\n  :root {{\n    --accent: {night};\n  }}\n}}\n"
        );
    }
    Some(sheet)
}
