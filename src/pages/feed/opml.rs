//! The list of all feeds, for feed readers that take many at once.
//!
//! Source: OPML 2.0, whose `type` is `rss` for every format.

use super::{Xml, absolute, formats, page_of, title, url};
use crate::ground::encoding::Encode;
use crate::ground::fingerprint::Fingerprint;
use crate::meaning::site::Site;
use crate::pages::subject::FeedSubject;
use crate::reading::config::FeedFormat;

/// Feeds that belong together, and what they are called together; nothing for the site's own.
struct Group {
    name: String,
    /// Title, address and page of each.
    feeds: Vec<[String; 3]>,
}

/// Writes the list.
pub fn write(site: &Site) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("opml", &[("version", "2.0")]);
    xml.open("head", &[]);
    xml.text("title", &site.config.title);
    xml.close("head");
    xml.open("body", &[]);
    for group in groups(site) {
        if !group.name.is_empty() {
            xml.open("outline", &[("text", &group.name)]);
        }
        for [title, feed, page] in &group.feeds {
            xml.empty(
                "outline",
                &[
                    ("type", "rss"),
                    ("text", title),
                    ("title", title),
                    ("xmlUrl", feed),
                    ("htmlUrl", page),
                ],
            );
        }
        if !group.name.is_empty() {
            xml.close("outline");
        }
    }
    xml.close("body");
    xml.close("opml");
    xml.finish()
}

/// What tells that the list is the same: it is made from the terms, not from answers.
pub fn mark(site: &Site) -> Fingerprint {
    Fingerprint::of_encoded(|encoder| {
        for group in groups(site) {
            group.name.encode(encoder);
            for texts in group.feeds {
                texts.encode(encoder);
            }
        }
    })
}

/// Whether there is anything to list.
pub fn has_any(site: &Site) -> bool {
    groups(site).iter().any(|group| !group.feeds.is_empty())
}

fn groups(site: &Site) -> Vec<Group> {
    let Some(format) = formats(site).find(|format| *format != FeedFormat::Json) else {
        return Vec::new();
    };
    let feed = |subject: FeedSubject| {
        let url = url(site, &subject, format)?;
        let page = absolute(site, &page_of(&url));
        Some([title(site, &subject), absolute(site, &url), page])
    };
    let own = [FeedSubject::Site, FeedSubject::Editions, FeedSubject::Corrections];
    let mut groups = vec![Group {
        name: String::new(),
        feeds: own.into_iter().filter_map(feed).collect(),
    }];
    for taxonomy in site.taxonomies() {
        let subject = |slug: &str| FeedSubject::Term(taxonomy.name.clone(), slug.to_owned());
        let mut terms: Vec<_> = taxonomy.terms().iter().collect();
        terms.sort_by(|one, other| (&one.name, &one.slug).cmp(&(&other.name, &other.slug)));
        let feeds: Vec<_> = terms
            .into_iter()
            .filter_map(|term| feed(subject(&term.slug)))
            .collect();
        if !feeds.is_empty() {
            let wording = &site.config.wording;
            let name = match wording.missing(&taxonomy.name) {
                None => wording.get(&taxonomy.name).to_owned(),
                Some(_) => taxonomy.name.clone(),
            };
            groups.push(Group { name, feeds });
        }
    }
    groups
}
