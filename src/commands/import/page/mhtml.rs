//! Pages saved as one file in the form of an e-mail (.mht, .mhtml): its first part that is HTML.

use super::decode::{decode, decode_as};

/// A page out of such a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// The page.
    pub html: String,
    /// Where it stood.
    pub address: Option<String>,
    /// How many pictures and other parts lie beside it.
    pub others: usize,
}

/// Whether this is such a file: it starts with headers of a message that has several parts.
pub fn is_mhtml(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let starts = [
        "from:",
        "mime-version:",
        "content-type:",
        "subject:",
        "date:",
        "snapshot-content-location:",
    ];
    starts.iter().any(|start| head.starts_with(start)) && head.contains("multipart/related")
}

/// Takes the page out. `None` where no part is HTML.
pub fn read(bytes: &[u8]) -> Option<Saved> {
    let (headers, body) = divide(bytes);
    let boundary = parameter(&headers, "boundary")?;
    if boundary.is_empty() || boundary.len() > 200 {
        return None;
    }
    let mark = [b"--", boundary.as_bytes()].concat();
    let mut saved: Option<Saved> = None;
    let mut others = 0;
    for part in parts(body, &mark) {
        let (own, content) = divide(part);
        let kind = header(&own, "content-type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        if saved.is_some() || !(kind.starts_with("text/html") || kind.starts_with("application/xhtml")) {
            // Frames, styles and scripts are no loss.
            others += usize::from(kind.starts_with("image/"));
            continue;
        }
        let transfer = header(&own, "content-transfer-encoding")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let content = match transfer.trim() {
            "quoted-printable" => quoted_printable(content),
            "base64" => base64(content),
            _ => content.to_vec(),
        };
        let (html, _) = match parameter(&own, "charset") {
            Some(charset) => decode_as(&content, &charset),
            None => decode(&content),
        };
        let address =
            header(&headers, "snapshot-content-location").or_else(|| header(&own, "content-location"));
        saved = Some(Saved {
            html,
            address,
            others: 0,
        });
    }
    saved.map(|saved| Saved { others, ..saved })
}

/// The parts between lines that start with a mark.
fn parts<'b>(body: &'b [u8], mark: &[u8]) -> Vec<&'b [u8]> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (None, 0);
    while at < body.len() {
        let end = body[at..]
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(body.len(), |end| at + end + 1);
        if body[at..end].starts_with(mark) {
            parts.extend(start.map(|start| &body[start..at]));
            start = Some(end);
        }
        at = end;
    }
    // A file that was cut has no last mark.
    parts.extend(start.map(|start| &body[start..]).filter(|rest| !rest.is_empty()));
    parts
}

/// Headers, with folded lines joined, and what stands behind the first empty line.
fn divide(bytes: &[u8]) -> (Vec<String>, &[u8]) {
    let mut headers: Vec<String> = Vec::new();
    let mut at = 0;
    while at < bytes.len() && headers.len() < 100 {
        let end = bytes[at..]
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(bytes.len(), |end| at + end + 1);
        let line = String::from_utf8_lossy(&bytes[at..end]);
        at = end;
        let is_folded = line.starts_with([' ', '\t']);
        let line = line.trim();
        if line.is_empty() {
            if headers.is_empty() {
                continue;
            }
            break;
        }
        match headers.last_mut().filter(|_| is_folded) {
            Some(last) => {
                last.push(' ');
                last.push_str(line);
            }
            None => headers.push(line.to_owned()),
        }
    }
    (headers, &bytes[at.min(bytes.len())..])
}

fn header(headers: &[String], name: &str) -> Option<String> {
    headers.iter().find_map(|line| {
        let (own, value) = line.split_once(':')?;
        own.trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

/// A parameter of the content's type.
fn parameter(headers: &[String], name: &str) -> Option<String> {
    let kind = header(headers, "content-type")?;
    kind.split(';').skip(1).find_map(|pair| {
        let (own, value) = pair.split_once('=')?;
        let value = value.trim().trim_matches('"');
        own.trim().eq_ignore_ascii_case(name).then(|| value.to_owned())
    })
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'=' {
            plain.push(byte);
            at += 1;
            continue;
        }
        match bytes.get(at + 1..) {
            Some([b'\r', b'\n', ..]) => at += 3,
            Some([b'\n', ..]) => at += 2,
            Some([high, low, ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    plain.push(high << 4 | low);
                    at += 3;
                }
                _ => {
                    plain.push(byte);
                    at += 1;
                }
            },
            _ => at += 1,
        }
    }
    plain
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for &byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            // The byte that is complete stands above what is left over.
            plain.push((bits >> count).to_le_bytes()[0]);
            bits &= (1 << count) - 1;
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/a\r\nSubject: A\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--X--\"\r\n\r\n\r\n----X--\r\n\
        Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://example.org/a\r\n\r\n\
        <p class=3D\"a\">caf=C3=A9 is =\r\nopen</p>\r\n----X--\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n----X----\r\n";

    #[test]
    fn the_page_comes_out() {
        assert!(is_mhtml(FILE.as_bytes()));
        let saved = read(FILE.as_bytes()).expect("a page");
        assert_eq!(saved.html.trim(), "<p class=\"a\">café is open</p>");
        assert_eq!(
            (saved.address.as_deref(), saved.others),
            (Some("https://example.org/a"), 1)
        );
    }

    #[test]
    fn base64_is_read() {
        assert_eq!(base64(b"PHA+\r\nw6k8L3A+"), "<p>é</p>".as_bytes());
        let file = FILE
            .replace("quoted-printable", "base64")
            .replace("<p class=3D\"a\">caf=C3=A9 is =\r\nopen</p>", "PHA+w6k8L3A+");
        assert_eq!(
            read(file.as_bytes()).map(|saved| saved.html).as_deref(),
            Some("<p>é</p>")
        );
    }

    #[test]
    fn other_files_are_none() {
        assert!(!is_mhtml(b"<html>multipart/related</html>"));
        assert_eq!(
            read(b"From: x\nContent-Type: multipart/related; boundary=y\n\n"),
            None
        );
        assert_eq!(read(b""), None);
    }
}
