//! `csp:`, what pages may load beside what comes from the site itself.

use crate::ground::diagnostic::Code;
use crate::reading::yaml::Fields;

/// The most that a site may add, in bytes: hosts read lines of up to 2,000, and the policy has some 200 of its own.
const MAX_BYTES: usize = 1_600;

/// What the policy allows beside the site itself.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each is named like its directive")]
pub struct Csp {
    pub script: Vec<String>,
    pub style: Vec<String>,
    pub img: Vec<String>,
    pub frame: Vec<String>,
    pub connect: Vec<String>,
}

impl Csp {
    /// Reads the setting.
    pub fn read(fields: &mut Fields<'_>) -> Csp {
        let mut left = MAX_BYTES;
        let mut sources = |name| read_sources(fields, name, &mut left);
        Csp {
            script: sources("script"),
            style: sources("style"),
            img: sources("img"),
            frame: sources("frame"),
            connect: sources("connect"),
        }
    }
}

fn read_sources(fields: &mut Fields<'_>, name: &'static str, left: &mut usize) -> Vec<String> {
    let mut sources = Vec::new();
    for source in fields.texts(&[name]).unwrap_or_default() {
        let text = source.value;
        if !is_source(&text) {
            let message = "this is no host that a policy can name".to_owned();
            let help = "write one host or address each, like `https://player.example.com`";
            fields.report(Code::BadValue, source.node, message, help);
        } else if let Some(rest) = left.checked_sub(text.len() + 1) {
            *left = rest;
            sources.push(text);
        } else {
            let message = format!("`csp` is longer than the {MAX_BYTES} bytes that hosts read");
            let help = "name fewer hosts, or one for all of a kind: `https://*.example.com`";
            fields.report(Code::BadValue, source.node, message, help);
            break;
        }
    }
    sources
}

/// Whether a text is one source of a policy and nothing more: `;` would begin a directive, `,` a policy, and the
/// end of the line a header.
///
/// Source: Content Security Policy Level 3, section 2.3.1.
fn is_source(text: &str) -> bool {
    let keyword = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    match keyword {
        Some("self" | "unsafe-inline" | "unsafe-eval" | "unsafe-hashes" | "wasm-unsafe-eval") => true,
        Some(hash) => {
            let is_digest = |sign: char| sign.is_ascii_alphanumeric() || "+/=-_".contains(sign);
            let digest = ["sha256-", "sha384-", "sha512-"]
                .iter()
                .find_map(|kind| hash.strip_prefix(kind));
            digest.is_some_and(|digest| !digest.is_empty() && digest.chars().all(is_digest))
        }
        None => {
            let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "-._~%:/*[]".contains(sign);
            !text.is_empty() && text.chars().all(is_sign)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_source;

    #[test]
    fn a_source_cannot_be_more_than_one() {
        for source in [
            "https://example.org",
            "*.example.org",
            "http://localhost:8080/a/",
            "wss:",
            "'unsafe-inline'",
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        ] {
            assert!(is_source(source), "{source}");
        }
        for text in [
            "",
            "a b",
            "a;script-src *",
            "a,b",
            "a\n  X-Evil: 1",
            "a\r\nb",
            "'none'",
            "'nonce-abc'",
            "'sha256-'",
            "'",
            "''",
            "\"a\"",
            "bücher.example",
        ] {
            assert!(!is_source(text), "{text:?}");
        }
    }
}
