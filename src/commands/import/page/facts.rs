//! What a page says of its article: headline, dates, authors, topics, source.
//!
//! JSON-LD is asked first, then meta elements of all the schools there are, then marks in the text itself. What
//! none of them says stays empty, and what can be read in two ways is told and left blank.

use std::path::Path;

use dom_query::Document;
use serde_json::{Map, Value};

use super::address::{Addresses, canonical};
use super::byline::{Authors, by_line};
use super::dom::{all, attribute, bare, plain, text};
use super::headline;
use super::linked::Linked;
use super::meta::{AUTHORS, Meta, PUBLISHED, SECTIONS, SITES, SUMMARIES, TAGS, TITLES, UPDATED};
use crate::commands::import::clip::Source;
use crate::commands::import::foreign::moment::{self, When};
use crate::commands::import::foreign::post::{Note, Picture};
use crate::ground::date::{Zone, parse_moment};
use crate::ground::text::is_language_tag;

/// The most topics that are taken over; further ones are words for search engines.
const MAX_TOPICS: usize = 12;

/// What a page says of its article.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The headline.
    pub title: String,
    /// The headline in other words that stand on the page, to know it when it comes again.
    pub other_titles: Vec<String>,
    /// What it is about in a sentence or two.
    pub summary: Option<String>,
    /// When it appeared.
    pub date: Option<String>,
    /// When it changed.
    pub updated: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Its topics.
    pub topics: Vec<String>,
    /// Its language.
    pub language: Option<String>,
    /// Where it stood.
    pub source: Source,
    /// Its main picture, with the words under it and whose it is, as JSON-LD has them.
    pub image: Option<Picture>,
    /// Whether the page says that it is an article.
    pub is_article: bool,
    /// Whether the page says that not everybody may read it.
    pub is_closed: bool,
    /// The whole text without markup, where data of the page holds it.
    pub text: Option<String>,
    /// What is to be told.
    pub notes: Vec<Note>,
}

/// Reads what a page says. `saved_from` is the address that the browser wrote into the file.
pub fn read(document: &Document, saved_from: Option<String>, file: &Path) -> Facts {
    let blocks: Vec<String> = all(document, r#"script[type*="ld+json"]"#)
        .iter()
        .map(|script| script.text().to_string())
        .collect();
    let linked = Linked::read(blocks.iter().map(String::as_str));
    let none = Map::new();
    let reading = Reading {
        document,
        meta: Meta::read(document),
        article: linked.article().unwrap_or(&none),
        linked: &linked,
        file: file.display().to_string(),
    };
    let mut facts = reading.facts(saved_from);
    if linked.broken > 0 {
        facts.notes.push(reading.note(
            "broken JSON-LD",
            "passed over; what the page says elsewhere was taken",
        ));
    }
    facts
}

struct Reading<'r> {
    document: &'r Document,
    meta: Meta,
    article: &'r Map<String, Value>,
    linked: &'r Linked,
    file: String,
}

impl Reading<'_> {
    fn note(&self, what: &str, became: &str) -> Note {
        Note::whole(&self.file, what, became)
    }

    fn facts(&self, saved_from: Option<String>) -> Facts {
        let mut facts = Facts {
            language: self.language(),
            is_article: self.linked.is_article() || self.meta.one("og:type").as_deref() == Some("article"),
            ..Facts::default()
        };
        facts.source = Source {
            name: self.publisher(),
            url: self.address(saved_from),
        };
        let said = self.linked.text(self.article, "headline");
        let mut said: Vec<String> = said
            .or_else(|| self.linked.text(self.article, "name"))
            .into_iter()
            .collect();
        said.extend(TITLES.split(' ').filter_map(|name| self.meta.one(name)));
        let headline = headline::choose(self.document, said, facts.source.name.as_deref());
        (facts.title, facts.other_titles) = (headline.title, headline.others);
        facts.summary = self
            .linked
            .text(self.article, "description")
            .or_else(|| self.meta.one(SUMMARIES));
        self.dates(&mut facts);
        facts.authors = self.authors(facts.source.name.as_deref());
        self.topics(&mut facts);
        facts.image = self.image(facts.source.url.as_deref());
        let free = self.article.get("isAccessibleForFree");
        facts.is_closed = match free {
            Some(Value::Bool(free)) => !free,
            Some(Value::String(free)) => free.eq_ignore_ascii_case("false"),
            _ => matches!(
                self.meta.one("article:content_tier").as_deref(),
                Some("locked" | "metered")
            ),
        };
        facts.text = self
            .article
            .get("articleBody")
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned);
        facts
    }

    fn publisher(&self) -> Option<String> {
        let said = self.linked.names(self.article, "publisher").into_iter().next();
        said.or_else(|| self.meta.one(SITES))
            .filter(|name| !name.starts_with("http") && name.chars().count() <= 100)
    }

    fn address(&self, saved_from: Option<String>) -> Option<String> {
        let base = saved_from.clone().or_else(|| self.meta.one("og:url"));
        let addresses = Addresses::from(base.as_deref());
        let link = all(self.document, r#"link[rel~="canonical"][href]"#);
        let link = link.first().and_then(|link| attribute(link, "href"));
        let mut candidates: Vec<String> = link
            .and_then(|link| addresses.absolute(&link))
            .into_iter()
            .collect();
        candidates.extend(self.meta.one("og:url"));
        candidates.extend(self.linked.text(self.article, "url"));
        candidates.extend(
            self.linked
                .texts(self.article, "mainEntityOfPage", &["@id", "url"]),
        );
        candidates.extend(saved_from);
        candidates.extend(self.meta.all_of("parsely-link dc.identifier citation_public_url"));
        let candidates: Vec<String> = candidates
            .iter()
            .filter_map(|address| canonical(address))
            .collect();
        // Some sites name their front page as the address of every page.
        let has_path = |address: &&String| address.splitn(4, '/').nth(3).is_some_and(|path| !path.is_empty());
        candidates.iter().find(has_path).or(candidates.first()).cloned()
    }

    fn language(&self) -> Option<String> {
        let own = all(self.document, "html[lang]");
        let own = own.first().and_then(|html| attribute(html, "lang"));
        let said = own
            .or_else(|| self.linked.text(self.article, "inLanguage"))
            .or_else(|| {
                self.meta
                    .one("og:locale content-language dc.language dcterms.language")
            })?;
        let tag = said.replace('_', "-");
        is_language_tag(&tag).then_some(tag)
    }

    fn authors(&self, site: Option<&str>) -> Vec<String> {
        let mut authors = Authors::default();
        for name in self.linked.names(self.article, "author") {
            authors.add(&name);
        }
        if authors.0.is_empty() {
            for name in self.linked.names(self.article, "creator") {
                authors.add(&name);
            }
        }
        if authors.0.is_empty() {
            for name in self.meta.all_of("citation_author") {
                // "Family, given", as libraries write names.
                match name.split_once(", ") {
                    Some((family, given)) if !given.contains(',') => {
                        authors.add(&format!("{given} {family}"))
                    }
                    _ => authors.add(&name),
                }
            }
        }
        if authors.0.is_empty() {
            for names in AUTHORS.split(' ') {
                for name in self.meta.first_of(names) {
                    authors.add_all(&name);
                }
                if !authors.0.is_empty() {
                    break;
                }
            }
        }
        if authors.0.is_empty() {
            let marks = [
                r#"[itemprop~="author"] [itemprop~="name"]"#,
                r#"[itemprop~="author"]"#,
                r#"[rel~="author"]"#,
            ];
            for mark in marks {
                for element in all(self.document, mark).iter().take(10) {
                    authors.add_all(&text(element));
                }
                if !authors.0.is_empty() {
                    break;
                }
            }
        }
        let is_site = |name: &String| site.is_some_and(|site| bare(site) == bare(name));
        authors.0.retain(|name| !is_site(name));
        if authors.0.is_empty() {
            authors = by_line(self.document);
        }
        // Templates put the site where the author should stand; that is no by-line.
        authors.0.retain(|name| !is_site(name));
        authors.0
    }

    fn topics(&self, facts: &mut Facts) {
        let mut found: Vec<String> = self.linked.texts(self.article, "articleSection", &["name"]);
        found.extend(self.meta.first_of(SECTIONS));
        let mut words = self.linked.texts(self.article, "keywords", &["name"]);
        if words.is_empty() {
            words = TAGS
                .split(' ')
                .map(|key| self.meta.first_of(key))
                .find(|list| !list.is_empty())
                .unwrap_or_default();
        }
        if words.is_empty() {
            words = all(self.document, r#"a[rel~="tag"]"#)
                .iter()
                .take(40)
                .map(text)
                .collect();
        }
        let site = facts.source.name.as_deref().map(bare);
        for list in words {
            // One text may hold them all.
            let divider = if list.contains(';') { ';' } else { ',' };
            found.extend(list.split(divider).map(plain));
        }
        let mut beyond = 0;
        for topic in found {
            let topic = topic
                .trim_start_matches('#')
                .trim_start_matches("Tag:")
                .trim()
                .to_owned();
            let is_for_machines =
                topic.contains([':', '/', '_', '=']) || topic.bytes().all(|byte| byte.is_ascii_digit());
            let is_known = facts.topics.iter().any(|known| bare(known) == bare(&topic));
            if topic.is_empty()
                || topic.chars().count() > 40
                || is_for_machines
                || is_known
                || site == Some(bare(&topic))
            {
                continue;
            }
            if facts.topics.len() >= MAX_TOPICS {
                beyond += 1;
                continue;
            }
            facts.topics.push(topic);
        }
        if beyond > 0 {
            let note = self.note(
                "more topics than an article can use",
                "the first twelve came over",
            );
            facts.notes.push(note.about(format!("{beyond} more")));
        }
    }

    fn image(&self, base: Option<&str>) -> Option<Picture> {
        let addresses = Addresses::of(self.document, base);
        let object = self.linked.object(self.article, "image");
        let property = |keys: &[&str]| {
            let object = object?;
            keys.iter().find_map(|key| self.linked.text(object, key))
        };
        let caption = property(&["caption", "description"]);
        let credit = property(&[
            "creditText",
            "copyrightNotice",
            "copyrightHolder",
            "creator",
            "author",
        ]);
        let said = self
            .linked
            .texts(self.article, "image", &["url", "contentUrl", "@id"]);
        let said = said.into_iter().chain(self.meta.all_of("og:image:secure_url og:image og:image:url twitter:image twitter:image:src parsely-image-url sailthru.image.full"));
        let src = said.into_iter().find_map(|src| addresses.absolute(&src))?;
        Some(Picture {
            src,
            alt: self.meta.one("og:image:alt twitter:image:alt"),
            caption,
            credit,
        })
    }

    fn dates(&self, facts: &mut Facts) {
        let mut published = self.linked.texts(self.article, "datePublished", &["@value"]);
        if published.is_empty() {
            published = self.linked.texts(self.article, "dateCreated", &["@value"]);
        }
        for name in PUBLISHED.split(' ') {
            published.extend(self.meta.first_of(name));
        }
        for mark in [r#"[itemprop~="datePublished"]"#, "time[pubdate]"] {
            let found = all(self.document, mark);
            published.extend(found.iter().take(3).filter_map(|element| {
                attribute(element, "datetime").or_else(|| attribute(element, "content"))
            }));
        }
        facts.date = self.date("date", &published, &mut facts.notes);
        if facts.date.is_none() && published.is_empty() {
            facts.date = self.date_of_times(&mut facts.notes);
        }
        let mut updated = self.linked.texts(self.article, "dateModified", &["@value"]);
        for name in UPDATED.split(' ') {
            updated.extend(self.meta.first_of(name));
        }
        let found = all(self.document, r#"[itemprop~="dateModified"]"#);
        updated.extend(
            found.iter().take(3).filter_map(|element| {
                attribute(element, "datetime").or_else(|| attribute(element, "content"))
            }),
        );
        let updated = self.date("date of a change", &updated, &mut facts.notes);
        let is_later = |updated: &String| facts.date.as_ref().is_none_or(|date| is_after(updated, date));
        facts.updated = updated.filter(is_later);
    }

    /// The first of several that can be read in one way only. Others that name another day are told.
    fn date(&self, what: &str, said: &[String], notes: &mut Vec<Note>) -> Option<String> {
        let understood: Vec<When> = said
            .iter()
            .filter_map(|text| moment::read_as_written(text))
            .collect();
        let Some(first) = understood.first() else {
            if let Some(day) = said.iter().find_map(|text| day_of(text)) {
                let note = self.note(
                    &format!("{what} in a time zone that is not told apart"),
                    "its day alone was taken",
                );
                notes.push(note.about(said.first().map_or("", String::as_str)));
                return Some(day);
            }
            if let Some(text) = said.first() {
                let shown: String = text.chars().take(60).collect();
                let note = self.note(
                    &format!("{what} that is not understood or can be read in two ways"),
                    "left out",
                );
                notes.push(note.about(shown));
            }
            return None;
        };
        // The same day told with its time tells more; a bare day may be another's midnight.
        let best = understood
            .iter()
            .find(|when| when.day == first.day && when.text.len() > first.text.len())
            .unwrap_or(first);
        // A day's difference is what zones make.
        let is_other = |when: &&When| {
            let days = (when.day.date() - first.day.date()).get_days().abs();
            days > 1
        };
        if what == "date"
            && let Some(other) = understood.iter().find(is_other)
        {
            let note = self.note("two dates of publication", "the first one was taken");
            notes.push(note.about(format!("{} and {}", best.text, other.text)));
        }
        Some(best.text.clone())
    }

    /// The date that marked times in the text agree on.
    fn date_of_times(&self, notes: &mut Vec<Note>) -> Option<String> {
        let marked = all(
            self.document,
            "article time[datetime], main time[datetime], header time[datetime]",
        );
        let marked = if marked.is_empty() {
            all(self.document, "time[datetime]")
        } else {
            marked
        };
        let mut days: Vec<String> = marked
            .iter()
            .take(200)
            .filter(|time| {
                !super::dom::words(time)
                    .iter()
                    .any(|word| matches!(word.as_str(), "updated" | "modified"))
            })
            .filter_map(|time| attribute(time, "datetime"))
            .collect();
        days.dedup();
        match days.as_slice() {
            [] => None,
            [one] => self.date("date", std::slice::from_ref(one), notes),
            [first, ..] => {
                let note = self.note(
                    "several dates on the page, and none said to be the article's",
                    "left out",
                );
                notes.push(note.about(first.chars().take(60).collect::<String>()));
                None
            }
        }
    }
}

/// The day of a date whose time is in a zone such as `ET`, which has two offsets.
fn day_of(text: &str) -> Option<String> {
    let (rest, zone) = text.trim().rsplit_once(' ')?;
    let is_zone = zone.len() <= 5 && zone.bytes().all(|byte| byte.is_ascii_uppercase());
    let when = moment::read_as_written(rest).filter(|_| is_zone)?;
    Some(when.day.to_string())
}

/// Whether a date is after another, both as front matter has them.
pub fn is_after(one: &str, other: &str) -> bool {
    let zone = Zone::utc();
    match (parse_moment(one, &zone), parse_moment(other, &zone)) {
        // The same day without a time is no change.
        (Ok(_), Ok(_)) if one.len() == 10 || other.len() == 10 => one[..10] > other[..10],
        (Ok(one), Ok(other)) => one.instant > other.instant,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(html: &str) -> Facts {
        read(&Document::from(html), None, Path::new("page.html"))
    }

    fn check(html: &str, told: impl Fn(&Facts) -> String, expected: &str) {
        assert_eq!(told(&facts(html)), expected, "{html}");
    }

    #[test]
    fn headlines_are_those_that_readers_see() {
        let title = |facts: &Facts| facts.title.clone();
        check(
            "<title>Plant opens in May | Daily Post</title><h1>Plant opens in May</h1>",
            title,
            "Plant opens in May",
        );
        check(
            "<title>Plant opens in May - Daily Post</title><meta property=og:site_name content='Daily Post'>",
            title,
            "Plant opens in May",
        );
        check(
            "<title>A-10 jets: a history</title>",
            title,
            "A-10 jets: a history",
        );
        check(
            "<title>x</title><meta property=og:title content='Plant opens &amp;amp; grows'><h1>Daily Post</h1>",
            title,
            "Plant opens & grows",
        );
        check(
            "<script type=application/ld+json>{\"@type\":\"Article\",\"headline\":\"Plant opens in May after long dela\"}</script>\
             <h1>Plant opens in May after long delays</h1>",
            title,
            "Plant opens in May after long delays",
        );
    }

    #[test]
    fn dates_keep_their_offset_and_are_never_guessed() {
        let dates = |facts: &Facts| format!("{:?} {:?} {}", facts.date, facts.updated, facts.notes.len());
        check(
            "<meta property=article:published_time content=2025-01-21T09:30:00-05:00><meta name=lastmod content=2025-01-22>",
            dates,
            "Some(\"2025-01-21T09:30:00-05:00\") Some(\"2025-01-22\") 0",
        );
        check(
            "<meta name=date content=2025-01-21T09:30>",
            dates,
            "Some(\"2025-01-21T09:30:00\") None 0",
        );
        check("<meta name=date content=03/04/2025>", dates, "None None 1");
        check(
            "<article><time datetime=2025-01-21>x</time></article>",
            dates,
            "Some(\"2025-01-21\") None 0",
        );
        check(
            "<time datetime=2025-01-21>x</time><time datetime=2025-01-20>y</time>",
            dates,
            "None None 1",
        );
        check(
            "<meta name=dc.date content=2025-01-21T09:30Z><meta name=date content=2025-03-01>",
            dates,
            "Some(\"2025-01-21T09:30:00Z\") None 1",
        );
    }

    #[test]
    fn authors_are_names() {
        let authors = |facts: &Facts| facts.authors.join("; ");
        check(
            "<meta name=author content='By Jane Doe and John Roe'>",
            authors,
            "Jane Doe; John Roe",
        );
        check(
            "<meta name=article:author content='https://social.example/post'><a rel=author>Jane Doe</a>",
            authors,
            "Jane Doe",
        );
        check(
            "<meta name=citation_author content='Doe, Jane'><meta name=citation_author content='Roe, John'>",
            authors,
            "Jane Doe; John Roe",
        );
        check(
            "<meta property=og:site_name content=Post><meta name=author content=POST>",
            authors,
            "",
        );
        check("<meta name=author content=admin>", authors, "");
    }

    #[test]
    fn topics_are_words_for_people() {
        let topics = |facts: &Facts| facts.topics.join("; ");
        check(
            "<meta property=article:section content=Business><meta name=keywords content='chips, Business, type:article, 4711, plants'>",
            topics,
            "Business; chips; plants",
        );
    }

    #[test]
    fn addresses_are_those_that_last() {
        let address = |facts: &Facts| facts.source.url.clone().unwrap_or_default();
        check(
            "<link rel=canonical href='https://a.example/x?utm_source=y#z'>",
            address,
            "https://a.example/x",
        );
        check(
            "<link rel=canonical href='https://a.example/'><meta property=og:url content='https://a.example/x'>",
            address,
            "https://a.example/x",
        );
        check(
            "<link rel=canonical href='/x'><meta property=og:url content='https://a.example/y'>",
            address,
            "https://a.example/x",
        );
        check("<link rel=canonical href='/x'>", address, "");
    }
}
