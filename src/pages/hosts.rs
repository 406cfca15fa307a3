//! What static hosts read: `_headers`, `_redirects` and `.nojekyll`.
//!
//! Netlify and Cloudflare Pages read the first two, GitLab Pages the second, and GitHub Pages the third. Other hosts
//! serve them as files, which does no harm, so every site has them.

use super::plan::Plan;
use super::subject::{HostFile, Subject};
use crate::meaning::site::Site;
use crate::reading::config::{Config, FeedFormat};

/// The most rules that every host which forwards before it looks for files reads.
///
/// Source: Cloudflare Pages, limits of `_redirects`.
const MAX_REDIRECTS: usize = 2_000;

/// The longest rule, in bytes. Source: Cloudflare Pages, limits of `_redirects`.
const MAX_REDIRECT_BYTES: usize = 1_000;

/// The bytes of a file.
pub fn bytes(site: &Site, plan: &Plan, file: HostFile) -> Vec<u8> {
    match file {
        HostFile::Headers => headers(site).into_bytes(),
        HostFile::Redirects => redirects(site, plan).into_bytes(),
        // Its being there is all it says.
        HostFile::NoJekyll => Vec::new(),
    }
}

/// The headers of all files, and the types of those whose names mislead hosts.
///
/// How long a file may be kept is not said: both hosts let it be kept as long as they are asked each time whether it
/// has changed, which is right for names that stay while their content changes. Where several rules hold for a path,
/// Cloudflare joins their values, so no header stands in two of them.
fn headers(site: &Site) -> String {
    let mut text = format!(
        "/*\n  Content-Security-Policy: {}\n  X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: strict-origin-when-cross-origin\n  \
         Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\n",
        policy(&site.config)
    );
    let config = &site.config;
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
    text
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

/// Old addresses and where they lead, in the order of addresses, as far as hosts read them. A page that leads on
/// stands at each of them too, for hosts that know no redirects and for what goes beyond the limits.
fn redirects(site: &Site, plan: &Plan) -> String {
    let mut text = String::from("# Old addresses, from the `aliases` of articles\n");
    let rules = plan.pages().filter_map(|page| match &page.subject {
        Subject::Redirect(to) => {
            let from = rule_path(&site.href(&page.url));
            Some(format!("{from} {} 301", rule_path(&site.href(to))))
        }
        _ => None,
    });
    for rule in rules
        .filter(|rule| rule.len() <= MAX_REDIRECT_BYTES)
        .take(MAX_REDIRECTS)
    {
        text.push_str(&rule);
        text.push('\n');
    }
    text
}

/// A percent-encoded path that means itself in a rule, where `*` and `:name` stand for other text.
fn rule_path(path: &str) -> String {
    path.replace('*', "%2A").replace(':', "%3A")
}
