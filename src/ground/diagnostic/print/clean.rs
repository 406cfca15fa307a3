//! Text that may be shown on a terminal.
//!
//! Messages quote what stands in sources, and sources are hostile input: an escape sequence in a
//! headline could repaint the screen of whoever builds the site.

/// The text with every character replaced that would steer a terminal instead of being shown.
/// One character stays one character, so that columns still hold. Tabs stay.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character == '\t' {
                '\t'
            } else {
                visible(character)
            }
        })
        .collect()
}

/// The same on one line: a run of tabs and line ends is one space.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(['\t', '\n', '\r'])
        .filter(|part| !part.is_empty())
        .collect();
    clean(&words.join(" "))
}

/// Whether a terminal would obey this character rather than show it, or would show what follows
/// in another order than it stands in the file.
pub(super) fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// A character that shows this one: Unicode has pictures for the controls of ASCII.
fn visible(character: char) -> char {
    match character {
        '\0'..='\u{1f}' => {
            char::from_u32(0x2400 + u32::from(character)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\u{7f}' => '\u{2421}',
        _ if steers(character) => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}
