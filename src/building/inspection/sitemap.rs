//! What a sitemap lists.

use quick_xml::Reader;
use quick_xml::events::Event;

/// A sitemap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sitemap {
    /// The addresses of a site.
    Pages(Vec<String>),
    /// The addresses of the sitemaps that it is divided into.
    Parts(Vec<String>),
}

impl Sitemap {
    /// Reads a sitemap, or a text that has an address in each line; the error says why it is none.
    ///
    /// Source: sitemaps.org, "Sitemaps XML format" and "Other sitemap formats".
    pub fn parse(text: &str) -> Result<Sitemap, String> {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        match text.starts_with('<') {
            true => of_xml(text),
            false => of_lines(text),
        }
    }
}

fn of_lines(text: &str) -> Result<Sitemap, String> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let is_address = |line: &&str| line.starts_with("http://") || line.starts_with("https://");
    match lines.iter().find(|line| !is_address(line)) {
        _ if lines.is_empty() => Err("it lists no address".to_owned()),
        Some(_) => Err("it is no sitemap: neither XML nor an address in each line".to_owned()),
        None => Ok(Sitemap::Pages(lines.into_iter().map(str::to_owned).collect())),
    }
}

fn of_xml(text: &str) -> Result<Sitemap, String> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<String> = Vec::new();
    let mut is_index = false;
    let mut addresses = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                if open.is_empty() {
                    is_index = name == "sitemapindex";
                    if !is_index && name != "urlset" {
                        return Err(format!("it is no sitemap: its root is `{name}`"));
                    }
                }
                open.push(name);
                text.clear();
            }
            Event::End(_) => {
                if open == ["urlset", "url", "loc"] || open == ["sitemapindex", "sitemap", "loc"] {
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
            Event::Eof if is_index => return Ok(Sitemap::Parts(addresses)),
            Event::Eof => return Ok(Sitemap::Pages(addresses)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sitemap_lists_addresses() {
        let sitemap = "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
             xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">\
             <url><loc> https://a.example/?a&amp;b </loc><lastmod>2025-01-01</lastmod>\
             <image:image><image:loc>https://a.example/p.png</image:loc></image:image></url>\
             <url><loc><![CDATA[https://a.example/c/]]></loc></url></urlset>";
        let expected = ["https://a.example/?a&b", "https://a.example/c/"].map(str::to_owned);
        assert_eq!(Sitemap::parse(sitemap), Ok(Sitemap::Pages(expected.to_vec())));
        let lines = "\u{feff}\nhttps://a.example/?a&b\r\n\nhttps://a.example/c/";
        assert_eq!(Sitemap::parse(lines), Ok(Sitemap::Pages(expected.to_vec())));
        let index = "<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>";
        let expected = vec!["https://a.example/s.xml".to_owned()];
        assert_eq!(Sitemap::parse(index), Ok(Sitemap::Parts(expected)));
    }

    #[test]
    fn what_is_no_sitemap_is_told() {
        for (text, why) in [
            ("", "it lists no address"),
            ("<urlset></urlset>", "it lists no address"),
            ("<html></html>", "it is no sitemap: its root is `html`"),
            (
                "Not found",
                "it is no sitemap: neither XML nor an address in each line",
            ),
            ("<urlset><url><loc>https://a.example/", "it ends too early"),
        ] {
            assert_eq!(Sitemap::parse(text), Err(why.to_owned()), "{text}");
        }
        assert!(Sitemap::parse("<urlset><url></urlset>").is_err());
        assert!(Sitemap::parse("<urlset><url><loc>&no;</loc></url></urlset>").is_err());
    }
}
