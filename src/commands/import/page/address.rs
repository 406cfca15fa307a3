//! Where a page stood, and where its links lead from there.
//!
//! A link that cannot be followed from anywhere else loses its address and keeps its text. What follows readers
//! around is taken off; every other byte of an address stays.

use dom_query::Document;
use url::Url;

use super::dom::{all, attribute};
use crate::ground::text::web_address;

/// Parameters by which senders follow their readers. None of them changes what is shown.
const TRACKING: [&str; 22] = [
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "wbraid",
    "gbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "oly_anon_id",
    "oly_enc_id",
    "_hsenc",
    "_hsmi",
    "vero_id",
    "wt_zmc",
    "ref_src",
];

/// The longest address that is kept, in bytes.
const MAX_ADDRESS: usize = 4096;

/// The addresses of a page.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// What its relative links start from.
    base: Option<Url>,
}

/// What becomes of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Led {
    /// It leads there.
    To(String),
    /// It leads nowhere from elsewhere.
    Nowhere,
}

impl Addresses {
    /// Those of a page, whose own address is known or not.
    pub fn of(document: &Document, own: Option<&str>) -> Addresses {
        let own = own.and_then(parse);
        let said = all(document, "base[href]");
        let said = said.first().and_then(|base| attribute(base, "href"));
        let base = match (said, &own) {
            (Some(said), Some(own)) => own.join(&said).ok().filter(is_web),
            (Some(said), None) => parse(&said),
            (None, _) => None,
        };
        Addresses { base: base.or(own) }
    }

    /// Those of a text whose links start from an address.
    pub fn from(base: Option<&str>) -> Addresses {
        Addresses {
            base: base.and_then(parse),
        }
    }

    /// Where a relative address leads; `None` where it cannot be told or is none of the web.
    pub fn absolute(&self, address: &str) -> Option<String> {
        let address = address.trim();
        if address.is_empty() || address.len() > MAX_ADDRESS {
            return None;
        }
        let url = match &self.base {
            Some(base) => base.join(address).ok()?,
            None if address.starts_with("//") => Url::parse(&format!("https:{address}")).ok()?,
            None => Url::parse(address).ok()?,
        };
        if !is_web(&url) {
            return None;
        }
        // An address that is whole already stays as it was written.
        let is_whole = ["http://", "https://"].iter().any(|scheme| {
            let start = address.get(..scheme.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        let whole = if is_whole {
            web_address(address).into_owned()
        } else {
            url.to_string()
        };
        Some(without_tracking(&whole))
    }

    /// What becomes of a link.
    pub fn link(&self, address: &str) -> Led {
        let address = address.trim();
        let scheme = address
            .split_once(':')
            .map(|(scheme, _)| scheme.to_ascii_lowercase());
        if scheme.as_deref() == Some("mailto") && address.len() < 256 {
            return Led::To(web_address(address).into_owned());
        }
        // A place on the page itself is not on the article's page.
        if address.starts_with('#') {
            return Led::Nowhere;
        }
        match self.absolute(address) {
            Some(whole) if !self.is_own_place(&whole) => Led::To(whole),
            _ => Led::Nowhere,
        }
    }

    /// Browsers write places on a saved page with its whole address.
    fn is_own_place(&self, address: &str) -> bool {
        let (Some(base), Some((page, _))) = (&self.base, address.split_once('#')) else {
            return false;
        };
        let own = base.as_str();
        own.split('#').next() == Some(page)
    }
}

/// An address of the web.
pub fn parse(address: &str) -> Option<Url> {
    let address = address.trim();
    if address.len() > MAX_ADDRESS {
        return None;
    }
    Url::parse(address).ok().filter(is_web)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// The address under which an article is known: without what follows readers, and without a place on the page.
pub fn canonical(address: &str) -> Option<String> {
    let url = parse(address)?;
    let whole = web_address(address.trim());
    let whole = whole.split('#').next().unwrap_or_default();
    // `https://Example.org` and `https://example.org/` are one.
    let whole = if url.path() == "/" && url.query().is_none() {
        url.as_str().split('#').next().unwrap_or_default()
    } else {
        whole
    };
    Some(without_tracking(whole))
}

/// An address without the parameters by which readers are followed.
pub fn without_tracking(address: &str) -> String {
    let Some((path, rest)) = address.split_once('?') else {
        return address.to_owned();
    };
    let (query, place) = match rest.split_once('#') {
        Some((query, place)) => (query, Some(place)),
        None => (rest, None),
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_tracking(pair)).collect();
    if kept.len() == query.split('&').count() {
        return address.to_owned();
    }
    let mut clean = path.to_owned();
    if !kept.is_empty() {
        clean.push('?');
        clean.push_str(&kept.join("&"));
    }
    if let Some(place) = place {
        clean.push('#');
        clean.push_str(place);
    }
    clean
}

fn is_tracking(pair: &str) -> bool {
    // In HTML that was escaped twice, the name starts with the rest of an entity.
    let pair = pair.strip_prefix("amp;").unwrap_or(pair);
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("utm_") || TRACKING.contains(&name.as_str())
}

/// The address that a browser wrote at the head of a page when it saved it.
pub fn saved_from(html: &str) -> Option<String> {
    let end = html.char_indices().nth(3000).map_or(html.len(), |(at, _)| at);
    let head = &html[..end];
    let found = if let Some((_, rest)) = head.split_once("saved from url=(") {
        rest.split_once(')').map(|(_, rest)| rest)
    } else if head.contains("Page saved with SingleFile") {
        head.split_once("url:").map(|(_, rest)| rest)
    } else {
        None
    };
    let address = found?.split_whitespace().next()?;
    canonical(address.trim_end_matches("-->"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, address: &str, expected: Option<&str>) {
        let base = (!base.is_empty()).then_some(base);
        let led = match Addresses::from(base).link(address) {
            Led::To(address) => Some(address),
            Led::Nowhere => None,
        };
        assert_eq!(led.as_deref(), expected, "{address}");
    }

    #[test]
    fn links_start_from_where_the_page_stood() {
        let base = "https://example.org/news/a.html";
        check(base, "b.html?x=1", Some("https://example.org/news/b.html?x=1"));
        check(base, "/c", Some("https://example.org/c"));
        check(base, "//cdn.example/d", Some("https://cdn.example/d"));
        check(base, "HTTPS://Example.com/É x", Some("HTTPS://Example.com/É%20x"));
        check("", "https://example.com", Some("https://example.com"));
        check(base, "mailto:a@example.org", Some("mailto:a@example.org"));
    }

    #[test]
    fn links_to_nowhere_are_told() {
        let base = "https://example.org/a";
        for address in [
            "#top",
            "https://example.org/a#b",
            "javascript:void(0)",
            "file:///etc/passwd",
            "data:text/html,x",
            "",
        ] {
            check(base, address, None);
        }
        check("", "/c", None);
        check("file:///home/x.html", "c", None);
    }

    #[test]
    fn what_follows_readers_goes() {
        let clean = |address: &str| without_tracking(address);
        assert_eq!(
            clean("https://a.example/?utm_source=x&id=7&fbclid=y#z"),
            "https://a.example/?id=7#z"
        );
        assert_eq!(clean("https://a.example/?gclid=1"), "https://a.example/");
        assert_eq!(clean("https://a.example/?q=%zz&b"), "https://a.example/?q=%zz&b");
        assert_eq!(
            clean("https://a.example/?a=1&amp;utm_medium=x"),
            "https://a.example/?a=1"
        );
    }

    #[test]
    fn browsers_say_where_they_saved_a_page() {
        let chrome = "<!DOCTYPE html>\n<!-- saved from url=(0029)https://example.org/a?utm_id=1 -->\n<html>";
        assert_eq!(saved_from(chrome).as_deref(), Some("https://example.org/a"));
        let single =
            "<html><!--\n Page saved with SingleFile \n url: https://example.org/b \n saved date: x\n-->";
        assert_eq!(saved_from(single).as_deref(), Some("https://example.org/b"));
        assert_eq!(saved_from("<!-- saved from url=(0010)about:internet -->"), None);
    }
}
