//! The sitemap, the sitemap of news and robots.txt.
//!
//! Source: the sitemaps protocol (at most 50,000 addresses and 50 MB a file, absolute, on one host), Google's
//! rules for news sitemaps, and RFC 9309 for robots.txt.

use std::collections::BTreeMap;

use super::feed::Xml;
use super::parts::{MAX_NEWS, news_parts, news_url, part_url};
use super::plan::Plan;
use super::subject::Subject;
use crate::ground::date::{Moment, Period};
use crate::ground::encoding::Encode;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::Url;
use crate::meaning::edition;
use crate::meaning::site::{ArticleIndex, Site};

/// The namespace of sitemaps.
const SITEMAP: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

/// The sitemap of a site: every page that search engines may list, with the day of its last change; where
/// it lies in parts, the list of these.
pub fn sitemap(site: &Site, plan: &Plan) -> Vec<u8> {
    match plan.sitemap_parts() {
        0 => addresses(site, listed(site, plan, |_| true)),
        parts => index(site, (0..parts).filter_map(part_url)),
    }
}

/// One part of the sitemap.
pub fn part(site: &Site, plan: &Plan, part: u16, parts: u16) -> Vec<u8> {
    addresses(site, listed(site, plan, |url| part_of(url, parts) == part))
}

/// The part that an address stands in.
fn part_of(url: &Url, parts: u16) -> u16 {
    let hash = url.as_str().bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    u16::try_from(hash % u32::from(parts.max(1))).unwrap_or_default()
}

/// A list of sitemaps.
fn index(site: &Site, urls: impl Iterator<Item = Url>) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("sitemapindex", &[SITEMAP]);
    for address in urls.filter_map(|url| site.absolute(&url)) {
        xml.open("sitemap", &[]);
        xml.text("loc", &address);
        xml.close("sitemap");
    }
    xml.close("sitemapindex");
    xml.finish()
}

/// The articles of the last two days; where they lie in parts, the list of these or one of them.
pub fn news(site: &Site, part: u16) -> Vec<u8> {
    let parts = news_parts(site);
    if part == 0 && parts > 0 {
        return index(site, (1..=parts).filter_map(news_url));
    }
    let mut xml = Xml::new();
    let namespace = ("xmlns:news", "http://www.google.com/schemas/sitemap-news/0.9");
    xml.open("urlset", &[SITEMAP, namespace]);
    for article in news_of(site, part) {
        let summary = site.summary(article);
        let Some(address) = site.absolute(&summary.url) else {
            continue;
        };
        xml.open("url", &[]);
        xml.text("loc", &address);
        xml.open("news:news", &[]);
        xml.open("news:publication", &[]);
        xml.text("news:name", &site.config.title);
        let language = summary.lang.as_deref().unwrap_or(&site.config.language);
        xml.text("news:language", &language_of_news(language));
        xml.close("news:publication");
        xml.text("news:publication_date", &summary.date.w3c());
        xml.text("news:title", &summary.title);
        xml.close("news:news");
        xml.close("url");
    }
    xml.close("urlset");
    xml.finish()
}

fn news_of(site: &Site, part: u16) -> impl Iterator<Item = ArticleIndex> + '_ {
    let before = usize::from(part.saturating_sub(1)) * MAX_NEWS;
    site.news().skip(before).take(MAX_NEWS)
}

/// What tells that the news are the same: time alone changes them.
pub fn news_mark(site: &Site, part: u16) -> Fingerprint {
    Fingerprint::of_encoded(|encoder| {
        news_parts(site).encode(encoder);
        for article in news_of(site, part) {
            let summary = site.summary(article);
            summary.url.encode(encoder);
            summary.title.encode(encoder);
            summary.date.encode(encoder);
            summary.lang.encode(encoder);
        }
    })
}

/// The language as news sitemaps write it: two or three letters, but for Chinese.
fn language_of_news(language: &str) -> String {
    let tag = language.to_ascii_lowercase();
    let mut subtags = tag.split('-');
    let first = subtags.next().unwrap_or_default();
    if first != "zh" {
        return first.to_owned();
    }
    let is_traditional = subtags.any(|subtag| ["hant", "tw", "hk", "mo"].contains(&subtag));
    if is_traditional { "zh-tw" } else { "zh-cn" }.to_owned()
}

/// A sitemap of these addresses.
fn addresses<'p>(site: &Site, listed: impl Iterator<Item = (&'p Url, Option<Moment>)>) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("urlset", &[SITEMAP]);
    for (url, changed) in listed {
        let Some(address) = site.absolute(url) else {
            continue;
        };
        xml.open("url", &[]);
        xml.text("loc", &address);
        if let Some(changed) = changed {
            xml.text("lastmod", &changed.w3c());
        }
        xml.close("url");
    }
    xml.close("urlset");
    xml.finish()
}

/// What tells that the sitemap is the same: it is made from the plan, not from answers.
pub fn mark(site: &Site, plan: &Plan) -> Fingerprint {
    match plan.sitemap_parts() {
        0 => mark_of(listed(site, plan, |_| true)),
        parts => Fingerprint::of_encoded(|encoder| parts.encode(encoder)),
    }
}

/// The same of a part.
pub fn part_mark(site: &Site, plan: &Plan, part: u16, parts: u16) -> Fingerprint {
    mark_of(listed(site, plan, |url| part_of(url, parts) == part))
}

fn mark_of<'p>(listed: impl Iterator<Item = (&'p Url, Option<Moment>)>) -> Fingerprint {
    Fingerprint::of_encoded(|encoder| {
        for (url, changed) in listed {
            url.encode(encoder);
            changed.encode(encoder);
        }
    })
}

/// The pages that search engines may list, with their last change.
fn listed<'p>(
    site: &'p Site,
    plan: &'p Plan,
    is_wanted: impl Fn(&Url) -> bool,
) -> impl Iterator<Item = (&'p Url, Option<Moment>)> {
    let mut last_of_month: BTreeMap<Period, Option<Moment>> = BTreeMap::new();
    plan.pages()
        .filter(|page| is_listed(site, &page.subject))
        .filter(move |page| is_wanted(&page.url))
        .map(move |page| (&page.url, last_change(site, &page.subject, &mut last_of_month)))
}

/// Whether search engines may list a page.
fn is_listed(site: &Site, subject: &Subject) -> bool {
    match subject {
        Subject::Article(path) => site
            .article(path)
            .is_some_and(|index| !site.summary(index).noindex),
        Subject::Page(path) => site.pages.iter().any(|page| page.path == *path && !page.noindex),
        Subject::Front
        | Subject::Terms(_)
        | Subject::Term(..)
        | Subject::TermMonth(..)
        | Subject::Pair(..)
        | Subject::Map
        | Subject::Editions
        | Subject::Edition(_)
        | Subject::Archive
        | Subject::ArchiveMonth(_)
        | Subject::Corrections
        | Subject::Search => true,
        Subject::Redirect(_)
        | Subject::Mail(_)
        | Subject::NotFound
        | Subject::Feed(..)
        | Subject::Sitemap
        | Subject::Robots
        | Subject::Opml
        | Subject::SitemapPart(..)
        | Subject::News(_)
        | Subject::SearchFile(_)
        | Subject::Copy(_)
        | Subject::Rendition(..)
        | Subject::Theme(_)
        | Subject::Card(_)
        | Subject::Host(_) => false,
    }
}

/// The last significant change of what a page shows.
fn last_change(
    site: &Site,
    subject: &Subject,
    months: &mut BTreeMap<Period, Option<Moment>>,
) -> Option<Moment> {
    let newest = |articles: &mut dyn Iterator<Item = ArticleIndex>| -> Option<Moment> {
        articles
            .map(|index| changed(site, index))
            .max_by_key(|moment| moment.instant)
    };
    match subject {
        Subject::Article(path) => site.article(path).map(|index| changed(site, index)),
        Subject::Front => site
            .days()
            .first()
            .and_then(|(_, range)| newest(&mut range.clone())),
        Subject::Term(taxonomy, slug) => {
            let term = site.taxonomy(taxonomy)?.term(slug)?;
            newest(&mut term.articles.iter().take(50).copied())
        }
        Subject::TermMonth(taxonomy, slug, month) => {
            let term = site.taxonomy(taxonomy)?.term(slug)?;
            let range = site.articles_in(Period::Month(*month));
            newest(
                &mut term
                    .articles
                    .iter()
                    .copied()
                    .filter(|index| range.contains(index)),
            )
        }
        Subject::Pair(first, second) => newest(&mut site.together(first, second).into_iter().take(50)),
        Subject::Edition(period) => {
            let edition = edition::edition(site, *period)?;
            newest(&mut edition.stories.iter().map(|story| story.article))
        }
        Subject::ArchiveMonth(month) => {
            let period = Period::Month(*month);
            *months
                .entry(period)
                .or_insert_with(|| newest(&mut site.articles_in(period)))
        }
        Subject::Corrections => {
            let corrections = site.all().flat_map(|index| &site.summary(index).corrections);
            corrections
                .map(|correction| correction.date)
                .max_by_key(|date| date.instant)
        }
        _ => None,
    }
}

/// The newest of an article's date, its update and its corrections.
fn changed(site: &Site, index: ArticleIndex) -> Moment {
    let summary = site.summary(index);
    let later = summary
        .updated
        .into_iter()
        .chain(summary.corrections.iter().map(|correction| correction.date));
    later.fold(summary.date, |last, moment| {
        if moment.instant > last.instant {
            moment
        } else {
            last
        }
    })
}

/// Those who gather texts for training or for answers of language models, by the names that they give
/// themselves for robots.txt.
///
/// Source: what OpenAI, Anthropic, Google, Apple, Amazon, Meta, Perplexity, ByteDance, Common Crawl, Cohere and
/// Mistral tell of their crawlers.
const MODELS: [&str; 16] = [
    "GPTBot",
    "OAI-SearchBot",
    "ChatGPT-User",
    "ClaudeBot",
    "Claude-SearchBot",
    "Claude-User",
    "Google-Extended",
    "Applebot-Extended",
    "Amazonbot",
    "meta-externalagent",
    "PerplexityBot",
    "Perplexity-User",
    "Bytespider",
    "CCBot",
    "cohere-training-data-crawler",
    "MistralAI-User",
];

/// What robots may read: everything, unless the settings keep language models out.
pub fn robots(site: &Site) -> Vec<u8> {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if !site.config.robots.ai {
        text.push('\n');
        for name in MODELS {
            text.push_str(&format!("User-agent: {name}\n"));
        }
        text.push_str("Disallow: /\n");
    }
    if let Some(base) = &site.config.base_url {
        text.push_str(&format!(
            "\nSitemap: {base}sitemap.xml\nSitemap: {base}news-sitemap.xml\n"
        ));
    }
    text.into_bytes()
}
