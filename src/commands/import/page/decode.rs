//! Bytes of a saved page or a feed as text, in the encoding they were written in.
//!
//! What the file says of itself counts, in the order of the HTML standard, with one exception: bytes that are
//! UTF-8 throughout and hold more than ASCII are UTF-8, since editors save old pages anew and leave what they say.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far a file is searched for the name of its encoding, in bytes. The standard says 1024; many say it later.
const HEAD: usize = 4096;

/// The text, without a byte-order mark. The flag says that some bytes were none in that encoding.
pub fn decode(bytes: &[u8]) -> (String, bool) {
    let encoding = encoding(bytes);
    let (text, _, is_damaged) = encoding.decode(bytes);
    (text.into_owned(), is_damaged)
}

/// The same where something else has said the encoding: the header of a message.
pub fn decode_as(bytes: &[u8], label: &str) -> (String, bool) {
    match Encoding::for_label(label.as_bytes()) {
        Some(encoding) => {
            let (text, _, is_damaged) = encoding.decode(bytes);
            (text.into_owned(), is_damaged)
        }
        None => decode(bytes),
    }
}

fn encoding(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    match bytes {
        [b'<', 0, ..] => return UTF_16LE,
        [0, b'<', ..] => return UTF_16BE,
        _ => {}
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    let is_utf_8 = std::str::from_utf8(bytes).is_ok();
    if is_utf_8 && !bytes.is_ascii() {
        return UTF_8;
    }
    match declared(head) {
        // Had it been UTF-16, its name could not have been read.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => UTF_8,
        Some(encoding) => encoding,
        None if is_utf_8 => UTF_8,
        // Few bytes that are wrong make no other encoding of a file that is UTF-8 else.
        None if mostly_utf_8(bytes) => UTF_8,
        None => WINDOWS_1252,
    }
}

/// The encoding that a `<meta>` or an XML declaration names.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head: String = head
        .iter()
        .map(|&byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    let named = |mark: &str| {
        head.match_indices(mark).find_map(|(at, _)| {
            let rest = head[at + mark.len()..].trim_start().strip_prefix('=')?;
            let rest = rest.trim_start().trim_start_matches(['"', '\'']);
            let label: String = rest
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
                .collect();
            Encoding::for_label(label.as_bytes())
        })
    };
    if head.trim_start().starts_with("<?xml")
        && let Some(found) = named("encoding")
    {
        return Some(found);
    }
    named("charset")
}

/// Whether well-formed sequences of several bytes far outnumber broken ones.
fn mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 10
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(decode(bytes), (expected.to_owned(), false), "{bytes:?}");
    }

    #[test]
    fn what_a_file_says_of_itself_counts() {
        check(
            b"<meta charset=\"windows-1252\">caf\xe9 \x93x\x94",
            "<meta charset=\"windows-1252\">café “x”",
        );
        check(
            b"<meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-1\">\xe9\x80",
            "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-1\">é€",
        );
        check(
            b"<meta charset = 'Shift_JIS'>\x93\xfa\x96\x7b",
            "<meta charset = 'Shift_JIS'>日本",
        );
        check(
            b"<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\xa4",
            "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>€",
        );
    }

    #[test]
    fn marks_and_bytes_say_more_than_names() {
        check(b"\xef\xbb\xbfa", "a");
        check(b"\xff\xfe<\0p\0>\0\xe9\0", "<p>é");
        check(b"<\0p\0>\0\xe9\0", "<p>é");
        check(b"\0<\0p\0>\0\xe9", "<p>é");
        check(
            "<meta charset=\"iso-8859-1\">é".as_bytes(),
            "<meta charset=\"iso-8859-1\">é",
        );
        check(b"<meta charset=utf-16>a", "<meta charset=utf-16>a");
        check(b"caf\xe9", "café");
    }

    #[test]
    fn one_bad_byte_makes_no_other_encoding() {
        let bytes = ["é".repeat(20).as_bytes(), b"\xff"].concat();
        assert_eq!(decode(&bytes), (format!("{}\u{fffd}", "é".repeat(20)), true));
    }
}
