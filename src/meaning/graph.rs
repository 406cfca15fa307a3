//! The graph of companies: who appears with whom, and what came before a story.

use std::collections::BTreeMap;

use super::site::{ArticleIndex, COMPANIES, Site};
use crate::ground::date::Month;
use crate::reading::tagging::Salience;

/// How many earlier articles of each company are looked at for related ones.
const LOOK_BACK: usize = 32;

/// The companies named most often in the same articles, by count, then by slug. Passing mentions
/// count only where the site says so.
pub fn co_mentions(site: &Site, slug: &str, limit: usize) -> Vec<(usize, usize)> {
    let Some(companies) = site.taxonomy(COMPANIES) else {
        return Vec::new();
    };
    let Some(term) = companies.term(slug) else {
        return Vec::new();
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for &article in &term.articles {
        for tag in &site.summary(article).companies {
            let counted = tag.salience != Salience::Passing || site.config.companies.count_passing;
            if counted && &*tag.slug != slug {
                *counts.entry(&tag.slug).or_default() += 1;
            }
        }
    }
    let position = |slug: &str| companies.terms().iter().position(|term| &*term.slug == slug);
    let mut list: Vec<(usize, usize)> = counts
        .into_iter()
        .filter_map(|(slug, count)| Some((position(slug)?, count)))
        .collect();
    // The terms are sorted by slug, so their positions break ties by slug.
    list.sort_by_key(|&(term, count)| (std::cmp::Reverse(count), term));
    list.truncate(limit);
    list
}

/// Earlier articles that share companies with one, the most shared first, then the newest; each
/// with the slug of the company that makes it related.
pub fn related(site: &Site, article: ArticleIndex, limit: usize) -> Vec<(ArticleIndex, std::sync::Arc<str>)> {
    let Some(companies) = site.taxonomy(COMPANIES) else {
        return Vec::new();
    };
    let mut shared: BTreeMap<ArticleIndex, (usize, std::sync::Arc<str>)> = BTreeMap::new();
    for tag in site
        .summary(article)
        .companies
        .iter()
        .filter(|tag| tag.salience != Salience::Passing || site.config.companies.count_passing)
    {
        let Some(term) = companies.term(&tag.slug) else {
            continue;
        };
        let from = term.articles.partition_point(|&other| other <= article);
        for &other in term.articles[from..].iter().take(LOOK_BACK) {
            shared.entry(other).or_insert_with(|| (0, tag.slug.clone())).0 += 1;
        }
    }
    let mut list: Vec<(ArticleIndex, usize, std::sync::Arc<str>)> = shared
        .into_iter()
        .map(|(other, (count, slug))| (other, count, slug))
        .collect();
    list.sort_by_key(|&(other, count, _)| (std::cmp::Reverse(count), other));
    list.truncate(limit);
    list.into_iter().map(|(other, _, slug)| (other, slug)).collect()
}

/// The articles of a company in each of the last `months` months, oldest first. The window ends
/// with the month of the site's newest article.
pub fn coverage(site: &Site, slug: &str, months: usize) -> Vec<(Month, usize)> {
    let Some((newest, _)) = site.days().first() else {
        return Vec::new();
    };
    let term = site
        .taxonomy(COMPANIES)
        .and_then(|companies| companies.term(slug));
    let mut counts: BTreeMap<Month, usize> = BTreeMap::new();
    for &article in term.map_or(&[][..], |term| &term.articles) {
        *counts.entry(site.summary(article).date.day.month()).or_default() += 1;
    }
    let mut window = Vec::with_capacity(months);
    let mut month = newest.month();
    for _ in 0..months {
        window.push((month, counts.get(&month).copied().unwrap_or(0)));
        match month.previous() {
            Some(previous) => month = previous,
            None => break,
        }
    }
    window.reverse();
    window
}
