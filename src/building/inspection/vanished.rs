//! Addresses of an older sitemap that nothing answers any more.

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url as Address;

use crate::building::pipeline::Prepared;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::{OutputPath, Url, decode_path};
use crate::meaning::site::Reason;
use crate::reading::article::Article;

/// The addresses that a sitemap lists; the error says why there are none to read.
pub fn addresses(sitemap: &str) -> Result<Vec<String>, String> {
    let mut reader = Reader::from_str(sitemap);
    let mut open: Vec<String> = Vec::new();
    let mut addresses = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                if open.is_empty() && name == "sitemapindex" {
                    return Err("it is a list of sitemaps: name one of those it lists".to_owned());
                }
                if open.is_empty() && name != "urlset" {
                    return Err(format!("it is no sitemap: its root is `{name}`"));
                }
                open.push(name);
                text.clear();
            }
            Event::End(_) => {
                if open == ["urlset", "url", "loc"] {
                    addresses.push(text.trim().to_owned());
                }
                open.pop();
            }
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::GeneralRef(reference) => {
                let entity = format!("&{};", &*reference);
                text.push_str(&quick_xml::escape::unescape(&entity).map_err(|error| error.to_string())?);
            }
            Event::Eof if !open.is_empty() => return Err("it ends too early".to_owned()),
            Event::Eof if addresses.is_empty() => return Err("it lists no address".to_owned()),
            Event::Eof => return Ok(addresses),
            _ => {}
        }
    }
}

/// Reports the addresses that the site as it is now would not answer. What counts is the path, so that a preview on
/// another host can be held against what readers have; paths that are not below that of `base_url` are of another site.
pub fn report(prepared: &Prepared, addresses: &[String], found: &mut Diagnostics) {
    let base = prepared.site.config.base_path().trim_end_matches('/');
    let mut paths: Vec<String> = addresses
        .iter()
        .filter_map(|address| {
            let address = Address::parse(address).ok()?;
            let below = address.path().strip_prefix(base)?;
            below.starts_with('/').then(|| decode_path(below)).flatten()
        })
        .collect();
    paths.sort();
    paths.dedup();
    for path in paths.iter().filter(|path| !is_answered(prepared, path)) {
        found.push(vanished(prepared, path));
    }
}

/// Whether a host has something at a path. Hosts lead from the name of a folder to its page.
fn is_answered(prepared: &Prepared, path: &str) -> bool {
    let page = Url::page(path).ok();
    let is_file = !path.ends_with('/');
    let file = OutputPath::new(path.trim_start_matches('/')).ok();
    let file = file.filter(|_| is_file).map(|file| Url::file(&file));
    let mut places = page.into_iter().chain(file);
    places.any(|url| prepared.plan.page(&url).is_some())
}

fn vanished(prepared: &Prepared, path: &str) -> Diagnostic {
    let message = format!("nothing answers `{path}` any more, which the sitemap lists");
    let diagnostic = Diagnostic::new(Code::VanishedAddress, message);
    let site = &prepared.site;
    let name = |path: &str| path.trim_end_matches('/').rsplit('/').next().map(str::to_owned);
    let mut alike: Vec<&Article> = site
        .all_kept()
        .map(|article| &**article)
        .filter(|article| name(article.summary.url.as_str()) == name(path))
        .collect();
    alike.sort_by(|a, b| a.summary.path.cmp(&b.summary.path));
    let is_there = |article: &&&Article| article.summary.url.as_str() == path;
    let source = |article: &Article| article.summary.path.clone();
    if let Some(article) = alike.iter().find(is_there) {
        let why = match site.held.get(&article.summary.path).map(|held| &held.reason) {
            Some(Reason::Draft) => "is a draft",
            Some(Reason::Until(_)) => "waits for its time",
            Some(Reason::Expired(_)) => "has expired",
            None => "cannot be published",
        };
        let help = format!("{} stood there and {why}", source(article));
        return diagnostic.help(help);
    }
    diagnostic.help(match alike.first() {
        Some(article) => format!(
            "if {} stood there, write `aliases: [\"{path}\"]` into it",
            source(article)
        ),
        None => format!("write `aliases: [\"{path}\"]` into the article that readers should find there"),
    })
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn a_sitemap_lists_addresses() {
        let sitemap = "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
             xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">\
             <url><loc> https://a.example/?a&amp;b </loc><lastmod>2025-01-01</lastmod>\
             <image:image><image:loc>https://a.example/p.png</image:loc></image:image></url>\
             <url><loc><![CDATA[https://a.example/c/]]></loc></url></urlset>";
        let expected = ["https://a.example/?a&b", "https://a.example/c/"].map(str::to_owned);
        assert_eq!(addresses(sitemap), Ok(expected.to_vec()));
    }

    #[test]
    fn what_is_no_sitemap_is_told() {
        for (text, why) in [
            ("", "it lists no address"),
            ("<urlset></urlset>", "it lists no address"),
            ("<html></html>", "it is no sitemap: its root is `html`"),
            (
                "<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>",
                "it is a list of sitemaps: name one of those it lists",
            ),
            ("<urlset><url><loc>https://a.example/", "it ends too early"),
        ] {
            assert_eq!(addresses(text), Err(why.to_owned()), "{text}");
        }
        assert!(addresses("<urlset><url></urlset>").is_err());
        assert!(addresses("<urlset><url><loc>&no;</loc></url></urlset>").is_err());
    }
}
