//! The sitemap and robots.txt.
//!
//! Source: the sitemaps protocol (at most 50,000 addresses a file, absolute, on one host), and
//! RFC 9309 for robots.txt.

use std::collections::BTreeMap;

use super::feed::Xml;
use super::plan::Plan;
use super::subject::Subject;
use crate::ground::date::{Moment, Period};
use crate::ground::encoding::Encode;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::Url;
use crate::meaning::edition;
use crate::meaning::site::{ArticleIndex, Site};

/// The most addresses in one sitemap.
const MAX_ADDRESSES: usize = 50_000;

/// The sitemap of a site: every page that search engines may list, with the day of its last change.
pub fn sitemap(site: &Site, plan: &Plan) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open(
        "urlset",
        &[("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")],
    );
    for (url, changed) in listed(site, plan) {
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
    Fingerprint::of_encoded(|encoder| {
        for (url, changed) in listed(site, plan) {
            url.encode(encoder);
            changed.encode(encoder);
        }
    })
}

/// The pages that search engines may list, with their last change.
fn listed<'p>(site: &'p Site, plan: &'p Plan) -> impl Iterator<Item = (&'p Url, Option<Moment>)> {
    let mut last_of_month: BTreeMap<Period, Option<Moment>> = BTreeMap::new();
    plan.pages()
        .filter(|page| is_listed(site, &page.subject))
        .take(MAX_ADDRESSES)
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
        | Subject::SearchFile(_)
        | Subject::Copy(_)
        | Subject::Rendition(..)
        | Subject::Theme(_)
        | Subject::Card(_) => false,
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

/// What robots may read: everything.
pub fn robots(site: &Site) -> Vec<u8> {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if let Some(base) = &site.config.base_url {
        text.push_str(&format!("\nSitemap: {base}sitemap.xml\n"));
    }
    text.into_bytes()
}
