//! The book of addresses: where everything stood, and what it has become.
//!
//! The first look at a site fills it from heads alone; texts are read again, one at a time, once every
//! link can be led to where its target will be.

use std::collections::BTreeMap;

use crate::ground::path::{SourcePath, decode_path};

/// The scheme by which shortcodes hand over a target that they have looked up already.
pub const TARGET: &str = "brief-target:";

/// What an old address or file has become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The file in the site folder.
    pub path: SourcePath,
    /// Whether it is kept off the site, so that no link may lead there.
    pub is_held: bool,
    /// Its headline, for links without words of their own.
    pub title: String,
}

/// Addresses and files of the old site.
#[derive(Debug, Default)]
pub struct Book {
    entries: Vec<Entry>,
    by_address: BTreeMap<String, usize>,
    by_file: BTreeMap<String, usize>,
    /// By the last part of the file's path; `None` where several have it.
    by_name: BTreeMap<String, Option<usize>>,
    /// Addresses that brief has under another name: lists of terms, feeds.
    renamed: BTreeMap<String, String>,
    /// Those among them that are lists, as they were written.
    lists: Vec<(String, String)>,
    /// The feeds among them.
    feeds: Vec<(String, String)>,
    /// The origins of the old site: `https://example.org`, and the path below.
    origins: Vec<(String, String)>,
    site: Option<String>,
}

impl Book {
    /// Tells of the old site's own address.
    pub fn lives_at(&mut self, address: &str) {
        let address = address.trim().trim_end_matches('/');
        let Some((scheme, rest)) = address.split_once("://") else {
            return;
        };
        if !matches!(scheme, "http" | "https") || rest.is_empty() {
            return;
        }
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        self.site.get_or_insert_with(|| address.to_owned());
        self.origins.push((host.to_ascii_lowercase(), path.to_owned()));
    }

    /// Tells of the path that the old site was under, where its host is not known.
    pub fn lies_under(&mut self, path: &str) {
        let path = path.trim_matches('/');
        if !path.is_empty() && self.origins.is_empty() {
            self.origins.push((String::new(), format!("/{path}")));
        }
    }

    /// The whole address of the old site, without a slash at its end.
    pub fn site(&self) -> Option<&str> {
        self.site.as_deref()
    }

    /// The path of the old site below its host; empty where it was at the root.
    pub fn base_path(&self) -> &str {
        self.origins.first().map_or("", |(_, path)| path)
    }

    /// The same; `None` where nothing tells where the old site was.
    pub fn base(&self) -> Option<&str> {
        self.origins.first().map(|(_, path)| path.as_str())
    }

    /// Adds something that came along, by its file in the old tree and its addresses there.
    pub fn add<'a>(&mut self, entry: Entry, file: &str, addresses: impl IntoIterator<Item = &'a str>) {
        let number = self.entries.len();
        self.entries.push(entry);
        for address in addresses {
            self.by_address.entry(key(address)).or_insert(number);
        }
        if file.is_empty() {
            return;
        }
        self.by_file.insert(file.to_owned(), number);
        let stem = without_extension(file);
        self.by_file.entry(stem.to_owned()).or_insert(number);
        for name in [last(file), last(stem)] {
            let place = self.by_name.entry(name.to_owned()).or_insert(Some(number));
            if *place != Some(number) {
                *place = None;
            }
        }
    }

    /// Tells that what stood at an address stands at another in brief.
    pub fn rename(&mut self, old: &str, new: &str) {
        self.renamed.entry(key(old)).or_insert_with(|| new.to_owned());
    }

    /// Tells that a list of the old site, of a section or a term, stands at another address in brief. Whoever comes
    /// there is to be led on.
    pub fn move_list(&mut self, old: &str, new: &str) {
        self.rename(old, new);
        if old != new {
            self.lists.push((old.to_owned(), new.to_owned()));
        }
    }

    /// The lists of the old site, of its sections and terms: the old address and the new one.
    pub fn moved_lists(&self) -> &[(String, String)] {
        &self.lists
    }

    /// Tells that the feed of an address stands at another one in brief. Whoever reads it has to be led there.
    pub fn rename_feed(&mut self, old: &str, new: &str) {
        self.rename(old, new);
        self.feeds.push((old.to_owned(), new.to_owned()));
    }

    /// The feeds that brief has under another name: the old address and the new one.
    pub fn moved_feeds(&self) -> &[(String, String)] {
        &self.feeds
    }

    /// An entry by its number.
    pub fn entry(&self, number: usize) -> Option<&Entry> {
        self.entries.get(number)
    }

    /// What a file of the old tree has become, with or without its extension.
    pub fn of_file(&self, file: &str) -> Option<usize> {
        self.by_file.get(file).copied()
    }

    /// What the only file of that name has become.
    pub fn of_name(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied().flatten()
    }

    /// What an old address has become: an entry.
    pub fn of_address(&self, address: &str) -> Option<usize> {
        self.by_address.get(&key(address)).copied()
    }

    /// What an old address is called in brief.
    pub fn renamed(&self, address: &str) -> Option<&str> {
        self.renamed.get(&key(address)).map(String::as_str)
    }

    /// A whole address as a path of the old site, if it leads there.
    pub fn own_path<'a>(&self, address: &'a str) -> Option<&'a str> {
        let rest = address
            .strip_prefix("https://")
            .or_else(|| address.strip_prefix("http://"))
            .or_else(|| address.strip_prefix("//"))?;
        let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        self.origins.iter().find_map(|(own, base)| {
            let same = host.eq_ignore_ascii_case(own);
            let below = path.strip_prefix(base.as_str()).filter(|_| same)?;
            match below {
                "" => Some("/"),
                _ => below.starts_with(['/', '?', '#']).then_some(below),
            }
        })
    }

    /// A rooted path of the old site without the path that the site was under.
    pub fn without_base<'a>(&self, path: &'a str) -> &'a str {
        let base = self.base_path();
        match path.strip_prefix(base) {
            Some(below) if !base.is_empty() && below.starts_with('/') => below,
            _ => path,
        }
    }
}

/// What addresses are compared by: decoded, without what servers add by themselves.
fn key(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let decoded = decode_path(path).unwrap_or_else(|| path.to_owned());
    let path = decoded.strip_suffix("index.html").unwrap_or(&decoded);
    let path = path.trim_matches('/');
    path.strip_suffix(".html").unwrap_or(path).to_owned()
}

/// A path without the extension of its last part.
pub fn without_extension(path: &str) -> &str {
    let name = last(path);
    match name.rfind('.').filter(|&dot| dot > 0) {
        Some(dot) => &path[..path.len() - name.len() + dot],
        None => path,
    }
}

/// The last part of a path.
pub fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The folder of a path; empty at the top.
pub fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_however_they_are_written() {
        let mut book = Book::default();
        book.lives_at("https://Example.org/blog/");
        let entry = Entry {
            path: SourcePath::new("content/articles/a.md").expect("a path"),
            is_held: false,
            title: "A".to_owned(),
        };
        book.add(entry, "posts/a.md", ["/posts/café/"]);
        for address in [
            "/posts/café/",
            "/posts/caf%C3%A9",
            "posts/café/index.html",
            "/posts/café.html#x",
        ] {
            assert_eq!(book.of_address(address), Some(0), "{address}");
        }
        assert_eq!(book.of_file("posts/a"), Some(0));
        assert_eq!(book.of_name("a.md"), Some(0));
        assert_eq!(
            book.own_path("https://example.org/blog/posts/x/"),
            Some("/posts/x/")
        );
        assert_eq!(book.own_path("https://example.org/blog"), Some("/"));
        assert_eq!(book.own_path("https://example.org/blogs/"), None);
        assert_eq!(book.own_path("https://other.org/blog/"), None);
        assert_eq!(book.without_base("/blog/posts/x/"), "/posts/x/");
    }
}
