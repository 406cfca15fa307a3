//! What was published, as those want to know it who are told: addresses, not files.

use crate::ground::path::{OutputPath, Url};
use crate::reading::config::BaseUrl;

/// What changed at the addresses that readers use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// The address of the site.
    pub base_url: String,
    /// Pages that are new or changed.
    pub pages: Vec<String>,
    /// Pages that are gone.
    pub gone: Vec<String>,
    /// Feeds that changed.
    pub feeds: Vec<String>,
    /// Everything of which a cache may have another version: pages, feeds, pictures, style sheets, and what is gone.
    pub all: Vec<String>,
    /// What the file holds in which the key for IndexNow is looked for, if the site has it.
    pub key_file: Option<String>,
}

/// The names of feeds, wherever they stand.
const FEEDS: [&str; 3] = ["feed.xml", "atom.xml", "feed.json"];

impl News {
    /// The news of files: new or changed ones, and such as are gone.
    pub fn of<'a>(
        base_url: &BaseUrl,
        changed: impl IntoIterator<Item = &'a str>,
        gone: impl IntoIterator<Item = &'a str>,
    ) -> News {
        let mut news = News {
            base_url: base_url.to_string(),
            ..News::default()
        };
        for path in changed {
            let Some(address) = address(base_url, path) else {
                continue;
            };
            if is_page(path) {
                news.pages.push(address.clone());
            } else if FEEDS.contains(&name(path)) {
                news.feeds.push(address.clone());
            }
            news.all.push(address);
        }
        for path in gone {
            let Some(address) = address(base_url, path) else {
                continue;
            };
            if is_page(path) {
                news.gone.push(address.clone());
            }
            news.all.push(address);
        }
        news
    }

    /// The same, and what the file with the key for IndexNow holds.
    pub fn with_key_file(self, key_file: Option<String>) -> News {
        News { key_file, ..self }
    }

    /// Whether nothing is new.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// The address of a file, unless no reader asks for it.
fn address(base_url: &BaseUrl, path: &str) -> Option<String> {
    let is_for_hosts = path.starts_with('_') || matches!(path, "CNAME" | ".nojekyll" | ".brief-manifest");
    let path = OutputPath::new(path).ok().filter(|_| !is_for_hosts)?;
    let href = Url::file(&path).href(base_url.path());
    Some(format!("{}{href}", base_url.origin()))
}

fn is_page(path: &str) -> bool {
    path.ends_with(".html") && path != "404.html"
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_become_addresses() {
        let base_url = BaseUrl::parse("https://example.org/news/").expect("an address");
        let changed = [
            "index.html",
            "2025/01/21/a/index.html",
            "companies/acme/feed.xml",
            "brief.css",
            "404.html",
            "_headers",
            ".nojekyll",
            "téléphone.html",
        ];
        let news = News::of(
            &base_url,
            changed,
            ["2025/01/20/b/index.html", "atom.xml", "_redirects"],
        );
        let all = |paths: &[&str]| -> Vec<String> {
            let address = |path: &&str| format!("https://example.org/news/{path}");
            paths.iter().map(address).collect()
        };
        assert_eq!(news.base_url, "https://example.org/news/");
        assert_eq!(
            news.pages,
            all(&["", "2025/01/21/a/", "t%C3%A9l%C3%A9phone.html"])
        );
        assert_eq!(news.gone, all(&["2025/01/20/b/"]));
        assert_eq!(news.feeds, all(&["companies/acme/feed.xml"]));
        assert_eq!(
            news.all,
            all(&[
                "",
                "2025/01/21/a/",
                "companies/acme/feed.xml",
                "brief.css",
                "404.html",
                "t%C3%A9l%C3%A9phone.html",
                "2025/01/20/b/",
                "atom.xml"
            ])
        );
    }
}
