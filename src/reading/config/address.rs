//! `base_url`: the address under which readers find the site, with its path if it has one.

use std::fmt;

/// An absolute address with a path that starts and ends with a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    path: String,
}

impl BaseUrl {
    /// Checks an address; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<BaseUrl, String> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").ok_or("it has no `https://` in front")?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(format!("`{scheme}` is not a scheme of web sites"));
        }
        if let Some(sign) = rest.chars().find(|&c| c == '?' || c == '#') {
            return Err(format!("it must not contain `{sign}`"));
        }
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        if host.is_empty() {
            return Err("it names no host".to_owned());
        }
        let is_host_sign = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if let Some(sign) = host.chars().find(|&c| !is_host_sign(c)) {
            return Err(format!(
                "a host name must not contain `{}`",
                sign.escape_default()
            ));
        }
        // RFC 3986: the unreserved signs, sub-delimiters without quotes, and the percent sign.
        let is_path_sign = |c: char| c.is_ascii_alphanumeric() || "-._~!$&()*+,;=:@%/".contains(c);
        if let Some(sign) = path.chars().find(|&c| !is_path_sign(c)) {
            return Err(format!(
                "its path must not contain `{}` unless percent-encoded",
                sign.escape_default()
            ));
        }
        if path.split('/').any(|segment| segment == ".." || segment == ".") {
            return Err("its path must not contain dots as a segment".to_owned());
        }
        let path = path.trim_end_matches('/');
        let path = if path.is_empty() {
            "/".to_owned()
        } else {
            format!("/{path}/")
        };
        Ok(BaseUrl {
            origin: format!("{scheme}://{}", host.to_lowercase()),
            path,
        })
    }

    /// Scheme, host and port: `https://example.org`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The path, with a slash at both ends: `/briefings/`.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_sites() {
        let check = |text: &str, expected: &str| {
            let shown = BaseUrl::parse(text).map_or_else(|why| format!("no: {why}"), |url| url.to_string());
            assert_eq!(shown, expected, "{text}");
        };
        check("https://example.org", "https://example.org/");
        check("HTTPS://Example.org/briefings", "https://example.org/briefings/");
        check("http://localhost:4000/a/b/", "http://localhost:4000/a/b/");
        check("example.org", "no: it has no `https://` in front");
        check("ftp://example.org", "no: `ftp` is not a scheme of web sites");
        check("https:///x", "no: it names no host");
        check("https://a b/", "no: a host name must not contain ` `");
        check("https://x/?q", "no: it must not contain `?`");
        check(
            "https://x/\"><script>",
            "no: its path must not contain `\\\"` unless percent-encoded",
        );
        check(
            "https://x/../y",
            "no: its path must not contain dots as a segment",
        );
    }
}
