//! The lines of manifests and journals: `fingerprint size path`, closed by a checksum.
//!
//! A text that is not exactly as we write it counts as none: deleting files by a half-written list
//! would be worse than asking. Both lists name every file of an output, so reading and writing a
//! line are worth their tables.

use crate::ground::encoding;
use crate::ground::fingerprint::Fingerprint;

use super::manifest::Content;

/// What begins the last line.
const CHECKSUM: &str = "checksum ";

/// How much a line holds beside its path, at least: fingerprint, one digit, two spaces, line end.
pub(super) const SHORTEST: usize = 32 + 1 + 2 + 1;

/// Appends the line of a file.
pub(super) fn push_line(text: &mut String, path: &str, content: Content) {
    for byte in encoding::encode(&content.fingerprint) {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text.push(' ');
    text.push_str(&content.size.to_string());
    text.push(' ');
    text.push_str(path);
    text.push('\n');
}

/// Reads a line without its end. The path is one that stays in the output, whatever the list says.
pub(super) fn parse_line(line: &str) -> Option<(&str, Content)> {
    let (fingerprint, rest) = line.split_at_checked(32)?;
    let (size, path) = rest.strip_prefix(' ')?.split_once(' ')?;
    let content = Content {
        fingerprint: parse_fingerprint(fingerprint)?,
        size: size.parse().ok()?,
    };
    stays_inside(path).then_some((path, content))
}

/// Closes a text by its checksum.
pub(super) fn seal(text: &mut String) {
    let checksum = Fingerprint::of(&*text);
    text.push_str(&format!("{CHECKSUM}{checksum}\n"));
}

/// The text in front of the checksum, if that is right.
pub(super) fn unseal(text: &str) -> Option<&str> {
    let last = text.strip_suffix('\n')?.rfind('\n')? + 1;
    let (listed, checksum) = text.split_at(last);
    let checksum = checksum.strip_prefix(CHECKSUM)?.strip_suffix('\n')?;
    (checksum == Fingerprint::of(listed).to_string()).then_some(listed)
}

/// Whether a path cannot leave the folder it is taken to lie in, on any system. A checksum only
/// proves that nothing broke. That the path is portable too is known of each path that is planned,
/// and looked at for each file that is removed; for all of them it would take most of the time of
/// a build that changes little.
pub fn stays_inside(path: &str) -> bool {
    let is_plain = |byte: u8| byte >= b' ' && !matches!(byte, b'\\' | b':' | 0x7f);
    path.bytes().all(is_plain)
        && path
            .as_bytes()
            .split(|&byte| byte == b'/')
            .all(|segment| !matches!(segment, b"" | b"." | b".."))
}

fn digit(value: u8) -> char {
    char::from(DIGITS[usize::from(value)])
}

fn parse_fingerprint(text: &str) -> Option<Fingerprint> {
    let mut bytes = [0; 16];
    let mut seen = 0;
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let (high, low) = (VALUES[usize::from(digits[0])], VALUES[usize::from(digits[1])]);
        seen |= high | low;
        *byte = high << 4 | (low & 15);
    }
    (seen != NO_DIGIT).then(|| encoding::decode(&bytes)).flatten()
}

/// What stands in [`VALUES`] for what is no digit. It has all bits, so that it shows among others.
const NO_DIGIT: u8 = 0xff;

/// The value of each hexadecimal digit. A table, because a processor cannot guess whether the next
/// digit is a letter: comparing took half the time of reading a manifest.
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        values[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    values
};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_back() {
        let content = Content {
            fingerprint: Fingerprint::of("é"),
            size: 1234,
        };
        let mut text = String::new();
        push_line(&mut text, "a b/é.txt", content);
        assert_eq!(text, format!("{} 1234 a b/é.txt\n", Fingerprint::of("é")));
        assert_eq!(parse_line(text.trim_end()), Some(("a b/é.txt", content)));
        assert_eq!(parse_line(&text.trim_end().replace(" 1234", "")), None);
        assert_eq!(parse_line(&text.trim_end().to_uppercase()), None);
        for digit in 0..32 {
            for bad in ["g", "/", ":", "`", "\0"] {
                let mut line = text.trim_end().to_owned();
                line.replace_range(digit..=digit, bad);
                assert_eq!(parse_line(&line), None, "{line}");
            }
        }
    }

    #[test]
    fn paths_that_may_leave_the_output_are_refused() {
        for bad in [
            "", "/a", "a//b", "a/", ".", "..", "a/../b", "a\\b", "c:x", "a\0b", "a\rb",
        ] {
            assert!(!stays_inside(bad), "{bad:?}");
        }
        for good in ["a", "a/b.c", ".well-known/x", "...", "日本/a b"] {
            assert!(stays_inside(good), "{good:?}");
        }
    }
}
