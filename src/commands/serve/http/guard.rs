//! The guard: who may ask for what.
//!
//! A page of another site that a person has open in the same browser can send requests here, and can
//! give its own name the address of this machine (DNS rebinding). So the `Host` header must name this
//! machine, and what only the site's own pages need is refused to all others.

use std::net::{IpAddr, SocketAddr};

use hyper::HeaderMap;
use hyper::header::{HOST, ORIGIN};

/// Whether a request was sent to a name of this server. `host` is what it was told to listen on.
pub fn is_for_us(headers: &HeaderMap, host: &str, address: SocketAddr) -> bool {
    let Some(name) = host_name(headers) else {
        return false;
    };
    if name == "localhost" || name.ends_with(".localhost") || name.eq_ignore_ascii_case(host) {
        return true;
    }
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        // A name can be made to lead here, a number cannot.
        Ok(ip) => ip.is_loopback() || address.ip().is_unspecified() || ip == address.ip(),
        Err(_) => false,
    }
}

/// The host that a request names, in lower case and without the port.
fn host_name(headers: &HeaderMap) -> Option<String> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next()?.to_str().ok()?.to_ascii_lowercase();
    if hosts.next().is_some() {
        return None;
    }
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => &host,
    };
    Some(name.trim_end_matches('.').to_owned())
}

/// Whether a request comes from a page of this server, or from no page at all.
pub fn is_own(headers: &HeaderMap) -> bool {
    // Source: Fetch Metadata Request Headers, W3C; browsers do not let pages set it.
    let site = headers.get("sec-fetch-site").map(|site| site.as_bytes());
    let is_same_site = matches!(site, None | Some(b"same-origin" | b"none"));
    let is_same_origin = match headers.get(ORIGIN) {
        None => true,
        Some(origin) => {
            let origin = origin
                .to_str()
                .ok()
                .and_then(|origin| origin.strip_prefix("http://"));
            let host = headers.get(HOST).and_then(|host| host.to_str().ok());
            origin
                .zip(host)
                .is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host))
        }
    };
    is_same_site && is_same_origin
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn is_same_secret(one: &[u8], other: &[u8]) -> bool {
    let differences = one
        .iter()
        .zip(other)
        .fold(0, |all, (one, other)| all | (one ^ other));
    one.len() == other.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use hyper::HeaderMap;
    use hyper::header::HeaderValue;

    use super::{is_for_us, is_own, is_same_secret};

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let value = |text: &str| HeaderValue::from_str(text).expect("a header");
        pairs
            .iter()
            .map(|(name, text)| (name.parse().expect("a name"), value(text)))
            .collect()
    }

    fn check_host(host: &str, listens_on: &str, address: &str, expected: bool) {
        let address = address.parse().expect("an address");
        let is = is_for_us(&headers(&[("host", host)]), listens_on, address);
        assert_eq!(is, expected, "{host} at {listens_on}");
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        let local = "127.0.0.1:1111";
        for host in [
            "localhost",
            "localhost:1111",
            "LOCALHOST:1111",
            "brief.localhost",
            "127.0.0.1:1111",
            "127.9.9.9",
            "[::1]:1111",
            "[::1]",
        ] {
            check_host(host, "127.0.0.1", local, true);
        }
        for host in [
            "evil.example",
            "evil.example:1111",
            "localhost.evil.example",
            "evillocalhost",
            "192.168.1.7",
            "",
            "127.0.0.1.evil.example",
        ] {
            check_host(host, "127.0.0.1", local, false);
        }
        check_host("desk.lan:1111", "desk.lan", "192.168.1.7:1111", true);
        check_host("192.168.1.7:1111", "0.0.0.0", "0.0.0.0:1111", true);
        check_host("evil.example", "0.0.0.0", "0.0.0.0:1111", false);
    }

    #[test]
    fn pages_of_other_sites_are_told_apart() {
        let own = ("host", "localhost:1111");
        assert!(is_own(&headers(&[own])));
        assert!(is_own(&headers(&[own, ("origin", "http://localhost:1111")])));
        assert!(is_own(&headers(&[own, ("sec-fetch-site", "same-origin")])));
        assert!(!is_own(&headers(&[own, ("origin", "http://evil.example")])));
        assert!(!is_own(&headers(&[own, ("origin", "http://localhost:9999")])));
        assert!(!is_own(&headers(&[own, ("origin", "null")])));
        assert!(!is_own(&headers(&[own, ("sec-fetch-site", "cross-site")])));
        assert!(!is_own(&headers(&[own, ("sec-fetch-site", "same-site")])));
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(is_same_secret(b"abc", b"abc"));
        assert!(!is_same_secret(b"abc", b"abd"));
        assert!(!is_same_secret(b"abc", b"abcd"));
        assert!(!is_same_secret(b"", b"a"));
    }
}
