//! Where a link or an image may lead.
//!
//! The scheme is judged as a browser would find it: control characters and white space that hide it
//! are taken out first. Only schemes on a list pass; everything without a scheme belongs to the site.

use std::borrow::Cow;

use crate::ground::text::{escape_attribute, is_invisible, web_address};

/// What a destination is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// Elsewhere on the web: written as it is.
    External(String),
    /// In the site: a place is left open.
    Internal(String),
    /// A scheme that is not on the list.
    Refused,
}

/// Judges the destination of a link.
pub(super) fn of_link(destination: &str) -> Address {
    judge(destination, &["http", "https", "mailto", "tel"], false)
}

/// Judges the source of an image; `data` admits bitmaps inside the address.
pub(super) fn of_image(source: &str, data: bool) -> Address {
    judge(source, &["http", "https"], data)
}

const DATA_IMAGES: &[&str] = &[
    "data:image/png;base64,",
    "data:image/gif;base64,",
    "data:image/jpeg;base64,",
    "data:image/webp;base64,",
];

fn judge(destination: &str, schemes: &[&str], data: bool) -> Address {
    let seen = as_browsers_see(destination);
    let mut start = seen.chars();
    if matches!((start.next(), start.next()), (Some('/' | '\\'), Some('/' | '\\'))) {
        // A feed or an e-mail has no scheme of its own to go on with.
        return Address::External(format!("https://{}", &seen[2..]));
    }
    // A name hidden behind other white space is no scheme to a browser; it is refused all the same.
    let compact: Cow<str> = if seen.contains(char::is_whitespace) {
        Cow::Owned(seen.chars().filter(|c| !c.is_whitespace()).collect())
    } else {
        Cow::Borrowed(&seen)
    };
    let Some(scheme) = scheme(&compact) else {
        return Address::Internal(seen.into_owned());
    };
    let known = schemes.iter().any(|known| known.eq_ignore_ascii_case(scheme));
    let bitmap = data
        && DATA_IMAGES
            .iter()
            .any(|prefix| starts_with_ignoring_case(&compact, prefix));
    if known || bitmap {
        Address::External(seen.into_owned())
    } else {
        Address::Refused
    }
}

/// Browsers trim controls and spaces and take tabs and line ends out of an address; other controls
/// and invisible characters are taken out too, since nobody means them.
fn as_browsers_see(destination: &str) -> Cow<'_, str> {
    let trimmed = destination.trim_matches(|c: char| c <= ' ' || c.is_whitespace());
    if trimmed.contains(is_invisible) {
        Cow::Owned(trimmed.chars().filter(|&c| !is_invisible(c)).collect())
    } else {
        Cow::Borrowed(trimmed)
    }
}

/// What stands before the first colon, if it has the form of a scheme (RFC 3986, section 3.1).
fn scheme(address: &str) -> Option<&str> {
    let end = address
        .find([':', '/', '?', '#'])
        .filter(|&end| address[end..].starts_with(':'))?;
    let name = &address[..end];
    let shaped = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    shaped.then_some(name)
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.as_bytes()
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Appends an external address as an attribute's value.
pub(super) fn write_external(out: &mut String, address: &str) {
    escape_attribute(out, &web_address(address));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_found_behind_what_hides_them() {
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            " \u{1}javascript:x",
            "java\nscript:x",
            "java\tscript:x",
            "java script:x",
            "java\u{200b}script:x",
            "vbscript:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "blob:x",
            "view-source:x",
            "x:y",
        ] {
            assert_eq!(of_link(bad), Address::Refused, "{bad:?}");
            assert_eq!(of_image(bad, true), Address::Refused, "{bad:?}");
        }
        for internal in [
            "",
            "a.md",
            "../a.md#b",
            "/a/",
            "#b",
            "?q=a:b",
            "a/b:c",
            "./x:y",
            "1:2",
            ":",
            "%6Aavascript:x",
        ] {
            assert_eq!(of_link(internal), Address::Internal(internal.to_owned()));
        }
        for external in ["https://a.b/c", "HTTP://a", "mailto:a@b.c", "tel:+49"] {
            assert_eq!(of_link(external), Address::External(external.to_owned()));
        }
        assert_eq!(
            of_link("/\\evil.com"),
            Address::External("https://evil.com".to_owned())
        );
        assert_eq!(of_image("mailto:a@b.c", true), Address::Refused);
        assert_eq!(of_image("data:image/png;base64,AA", false), Address::Refused);
        assert_eq!(of_image("data:image/svg+xml;base64,AA", true), Address::Refused);
        assert!(matches!(
            of_image("data:image/PNG;base64,AA", true),
            Address::External(_)
        ));
    }
}
