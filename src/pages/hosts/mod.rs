//! What static hosts read: `_headers`, `_redirects` and `.nojekyll`, and what servers of one's own can include.
//!
//! Netlify and Cloudflare Pages read the first two, GitLab Pages the second, and GitHub Pages the third. Other hosts
//! serve them as files, which does no harm, so every site has them.

mod caddy;
mod nginx;

use super::plan::Plan;
use super::subject::{HostFile, Subject};
use crate::meaning::site::Site;
use crate::reading::config::{Config, FeedFormat};

/// The most rules that every host which forwards before it looks for files reads.
///
/// Source: Cloudflare Pages, limits of `_redirects`.
const MAX_REDIRECTS: usize = 2_000;

/// The longest rule, in bytes, with the end of its line. Source: Cloudflare Pages, limits of `_redirects`.
const MAX_REDIRECT_BYTES: usize = 1_000;

/// The most rules of `_headers`. Source: Cloudflare Pages, limits of `_headers`.
const MAX_HEADER_RULES: usize = 100;

/// How long a file may be kept that has another name once it has other bytes: the longest that caches take.
///
/// Source: RFC 9111, section 5.2.2.1, and RFC 8246 for `immutable`.
pub const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The bytes of a file.
pub fn bytes(site: &Site, plan: &Plan, file: HostFile) -> Vec<u8> {
    match file {
        HostFile::Headers => headers_file(site).into_bytes(),
        HostFile::Redirects => redirects_file(site, plan).into_bytes(),
        HostFile::Nginx => nginx::text(site, plan).into_bytes(),
        HostFile::Caddy => caddy::text(site, plan).into_bytes(),
        HostFile::Cname => domain(site).into_bytes(),
        // Its being there is all it says.
        HostFile::NoJekyll => Vec::new(),
    }
}

/// Files that are of no use to readers. Hosts that know them keep them to themselves.
const HIDDEN: [&str; 5] = [
    "_headers",
    "_redirects",
    "_nginx.conf",
    "_caddy.conf",
    ".nojekyll",
];

/// How the names of brief's own notes begin, of builds and of publishing, at the root of a site.
const NOTES: &str = ".brief-";

/// Types of text that servers send without the encoding or uncompressed unless they are told, beside HTML.
const TEXT_TYPES: [&str; 9] = [
    "text/css",
    "text/plain",
    "text/xml",
    "text/x-opml",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/feed+json",
    "application/xml",
];

/// The headers that go with every file.
fn headers(config: &Config) -> [(&'static str, String); 4] {
    let permissions = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
    [
        ("Content-Security-Policy", policy(config)),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Referrer-Policy", "strict-origin-when-cross-origin".to_owned()),
        ("Permissions-Policy", permissions.to_owned()),
    ]
}

/// Files whose names mislead servers about their type: how their paths end, as a regular expression, and the type.
fn typed_files(config: &Config) -> Vec<(&'static str, &'static str)> {
    // Older servers than the format.
    let mut typed = vec![(r"\.avif$", "image/avif")];
    if config.base_url.is_some() {
        if config.feeds.formats.contains(&FeedFormat::Json) {
            typed.push((r"/feed\.json$", "application/feed+json"));
        }
        typed.push((r"/feeds\.opml$", "text/x-opml"));
    }
    typed
}

/// The domain of the site.
///
/// Source: GitHub Docs, "Troubleshooting custom domains and GitHub Pages": one bare domain.
fn domain(site: &Site) -> String {
    let base = site.config.base_url.as_ref();
    let host = base.map(|base| base.origin()).unwrap_or_default();
    let host = host.split_once("://").map_or("", |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default();
    format!("{host}\n")
}

/// The headers of all files, and the types of those whose names mislead hosts.
///
/// How long a file may be kept is said only of names that tell what they hold: both hosts let all others be kept as
/// long as they are asked each time whether they have changed. Where several rules hold for a path, Cloudflare joins
/// their values, so no header stands in two of them.
fn headers_file(site: &Site) -> String {
    let config = &site.config;
    let mut text = String::from("/*\n");
    for (name, value) in headers(config) {
        text.push_str(&format!("  {name}: {value}\n"));
    }
    if config.base_url.is_some() {
        let base = rule_path(config.base_path().trim_end_matches('/'));
        if config.feeds.formats.contains(&FeedFormat::Json) {
            for folder in ["", "/:name", "/:taxonomy/:term"] {
                text.push_str(&format!(
                    "{base}{folder}/feed.json\n  Content-Type: application/feed+json; charset=utf-8\n"
                ));
            }
        }
        text.push_str(&format!(
            "{base}/feeds.opml\n  Content-Type: text/x-opml; charset=utf-8\n"
        ));
    }
    for path in hashed(site).take(MAX_HEADER_RULES.saturating_sub(text.matches("\n/").count() + 1)) {
        text.push_str(&format!("{}\n  Cache-Control: {FOR_EVER}\n", rule_path(&path)));
    }
    text
}

/// The addresses that tell what stands there, as they stand in links.
fn hashed(site: &Site) -> impl Iterator<Item = String> {
    site.hashed().map(|(_, url)| site.href(url))
}

/// What pages may load: what comes from the site itself, pictures by HTTPS, and what the site adds.
pub fn policy(config: &Config) -> String {
    let csp = &config.csp;
    let mut policy = String::from("default-src 'self'");
    let mut directive = |name: &str, usual: &str, added: &[String]| {
        policy.push_str(&format!("; {name} {usual}"));
        for source in added {
            policy.push(' ');
            policy.push_str(source);
        }
    };
    directive("script-src", "'self'", &csp.script);
    directive("style-src", "'self'", &csp.style);
    // Newsletters as pages have the style of an e-mail, within their elements. A policy of their own would not do:
    // hosts join it with that of all pages, and the stricter one wins.
    if config.editions.email {
        directive("style-src-attr", "'unsafe-inline'", &[]);
    }
    directive("img-src", "'self' https: data:", &csp.img);
    if !csp.frame.is_empty() {
        directive("frame-src", "'self'", &csp.frame);
    }
    if !csp.connect.is_empty() {
        directive("connect-src", "'self'", &csp.connect);
    }
    policy.push_str("; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'");
    policy
}

/// An old address and where it leads, both as they stand in links.
struct Redirect {
    from: String,
    to: String,
}

/// The old addresses, in their order.
fn redirects(site: &Site, plan: &Plan) -> impl Iterator<Item = Redirect> {
    plan.pages().filter_map(|page| match &page.subject {
        Subject::Redirect(to) => Some(Redirect {
            from: site.href(&page.url),
            to: site.href(to),
        }),
        _ => None,
    })
}

/// Old addresses and where they lead, as far as hosts read them. A page that leads on stands at each of them too, for
/// hosts that know no redirects and for what goes beyond the limits.
fn redirects_file(site: &Site, plan: &Plan) -> String {
    let rules = redirects(site, plan)
        .map(|Redirect { from, to }| format!("{} {} 301\n", rule_path(&from), rule_path(&to)));
    let (fitting, long): (Vec<_>, Vec<_>) = rules.partition(|rule| rule.len() <= MAX_REDIRECT_BYTES);
    let left_out = long.len() + fitting.len().saturating_sub(MAX_REDIRECTS);
    let mut text = String::from("# Old addresses, from the `aliases` of articles\n");
    if left_out > 0 {
        text.push_str(&format!(
            "# Beyond what hosts read here: {left_out} more, each with a page that leads on\n"
        ));
    }
    text.extend(fitting.into_iter().take(MAX_REDIRECTS));
    text
}

/// A percent-encoded path that means itself in a rule, where `*` and `:name` stand for other text.
fn rule_path(path: &str) -> String {
    path.replace('*', "%2A").replace(':', "%3A")
}
