//! The meta elements of a page, of all the schools there are: Open Graph, Dublin Core, those of libraries and of services
//! that count readers.
//!
//! Names stand in the order in which they are asked, one list for each thing that is to be known.

use std::collections::BTreeMap;

use dom_query::Document;

use super::dom::{all, attribute, plain};

/// When it appeared.
pub const PUBLISHED: &str = "article:published_time og:article:published_time og:published_time datepublished parsely-pub-date \
    sailthru.date citation_publication_date citation_online_date citation_date dc.date.issued dcterms.issued \
    dcterms.created dc.date.created dc.date dcterms.date dc.created article.published article:published \
    publish-date publishdate publish_date publication_date published_at pubdate pub_date date.issued date \
    cxenseparse:recs:publishtime iso-8601-publish-date";

/// When it changed.
pub const UPDATED: &str = "article:modified_time og:article:modified_time og:updated_time datemodified dc.date.modified dcterms.modified \
    dc.modified article.updated lastmod last-modified last_updated revised";

/// Who wrote it.
pub const AUTHORS: &str = "author article:author parsely-author sailthru.author dc.creator dcterms.creator byl authors article.author";

/// Its headline.
pub const TITLES: &str =
    "og:title twitter:title parsely-title sailthru.title dc.title dcterms.title citation_title title";

/// What it is about.
pub const SUMMARIES: &str =
    "og:description description twitter:description dc.description dcterms.description sailthru.description";

/// Where it stood.
pub const SITES: &str = "og:site_name application-name dc.publisher dcterms.publisher citation_journal_title apple-mobile-web-app-title";

/// Where it stood on the site.
pub const SECTIONS: &str = "article:section parsely-section section og:article:section";

/// What it is about, in words.
pub const TAGS: &str =
    "article:tag og:article:tag parsely-tags sailthru.tags news_keywords citation_keywords keywords";

/// The meta elements of a page, by their names in lower case.
pub struct Meta(BTreeMap<String, Vec<String>>);

impl Meta {
    /// Reads them.
    pub fn read(document: &Document) -> Meta {
        let mut meta: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for element in all(document, "meta[content]").iter().take(2000) {
            let content = plain(&element.attr_or("content", ""));
            if content.is_empty() {
                continue;
            }
            for key in ["property", "name", "itemprop", "http-equiv"] {
                if let Some(name) = attribute(element, key) {
                    let values = meta.entry(name.to_lowercase()).or_default();
                    if values.len() < 100 && !values.contains(&content) {
                        values.push(content.clone());
                    }
                }
            }
        }
        Meta(meta)
    }

    /// The values of the first name that has any.
    pub fn first_of(&self, names: &str) -> Vec<String> {
        let found = names.split(' ').find_map(|name| self.0.get(name));
        found.cloned().unwrap_or_default()
    }

    /// The first value of the first name that has any.
    pub fn one(&self, names: &str) -> Option<String> {
        self.first_of(names).into_iter().next()
    }

    /// The values of all names.
    pub fn all_of(&self, names: &str) -> Vec<String> {
        names
            .split(' ')
            .filter_map(|name| self.0.get(name))
            .flatten()
            .cloned()
            .collect()
    }
}
