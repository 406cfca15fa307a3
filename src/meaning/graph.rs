//! The graph of companies: who appears with whom, and what came before a story.

use std::collections::BTreeMap;

use super::site::{ArticleIndex, COMPANIES, Partner, Site, Term};
use crate::ground::date::{Month, Period, Week};
use crate::reading::tagging::Salience;

/// How many months the coverage of a pair shows.
const PAIR_MONTHS: usize = 24;

/// How many earlier articles of each company are looked at for related ones.
const LOOK_BACK: usize = 32;

/// The companies named most often in the same articles, each with how many these are, by count, then
/// by slug. Passing mentions count only where the site says so.
pub fn co_mentions<'s>(site: &'s Site, slug: &str, limit: usize) -> Vec<(&'s Term, usize)> {
    let Some(companies) = site.taxonomy(COMPANIES) else {
        return Vec::new();
    };
    let partners = companies.term(slug).map_or(&[][..], |term| term.partners.all());
    let mut partners: Vec<&Partner> = partners.iter().collect();
    // They are sorted by slug, and the sort keeps that order.
    partners.sort_by_key(|partner| std::cmp::Reverse(partner.count()));
    let partners = partners.into_iter().take(limit);
    partners
        .filter_map(|partner| Some((companies.term(&partner.slug)?, partner.count())))
        .collect()
}

/// What two companies have in common.
#[derive(Debug)]
pub struct Pair<'s> {
    /// The companies, by slug.
    pub companies: [&'s Term; 2],
    /// The articles that name both, newest first.
    pub articles: Vec<ArticleIndex>,
    /// How many there were in each of the last months of the site, oldest first.
    pub coverage: Vec<(Month, usize)>,
    /// The months that have any, newest first, with how many.
    pub months: Vec<(Month, usize)>,
}

/// Two companies that articles name together; `None` where there is no such article.
pub fn pair<'s>(site: &'s Site, one: &str, other: &str) -> Option<Pair<'s>> {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    let companies = site.taxonomy(COMPANIES)?;
    let articles = site.together(first, second);
    let month = |index: ArticleIndex| site.summary(index).date.day.month();
    let mut months: Vec<(Month, usize)> = Vec::new();
    for &index in &articles {
        match months.last_mut() {
            Some((last, count)) if *last == month(index) => *count += 1,
            _ => months.push((month(index), 1)),
        }
    }
    let is_named = !articles.is_empty();
    is_named.then_some(Pair {
        companies: [companies.term(first)?, companies.term(second)?],
        coverage: window(site, &months, PAIR_MONTHS),
        articles,
        months,
    })
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
    let term = site
        .taxonomy(COMPANIES)
        .and_then(|companies| companies.term(slug));
    window(site, term.map_or(&[][..], |term| &term.months), months)
}

/// Each of the last months of the site, oldest first, with what is counted in it. `counts` are newest
/// first and lack the months that have none.
fn window(site: &Site, counts: &[(Month, usize)], months: usize) -> Vec<(Month, usize)> {
    let newest = site.days().first().map(|(day, _)| day.month());
    let count = |month: Month| {
        let at = counts.binary_search_by(|(other, _)| month.cmp(other));
        at.map_or(0, |at| counts[at].1)
    };
    let window = std::iter::successors(newest, |month| month.previous()).take(months);
    let mut window: Vec<(Month, usize)> = window.map(|month| (month, count(month))).collect();
    window.reverse();
    window
}

/// The articles of a company in each of the last `weeks` weeks, oldest first. The window ends with the
/// week of the site's newest article.
pub fn weeks(site: &Site, slug: &str, weeks: usize) -> Vec<(Week, usize)> {
    let Some((newest, _)) = site.days().first() else {
        return Vec::new();
    };
    let term = site
        .taxonomy(COMPANIES)
        .and_then(|companies| companies.term(slug));
    let articles = term.map_or(&[][..], |term| &term.articles);
    let count = |week: Week| {
        let range = site.articles_in(Period::Week(week));
        let from = articles.partition_point(|&article| article < range.start);
        let to = articles.partition_point(|&article| article < range.end);
        to - from
    };
    let window = std::iter::successors(Some(newest.week()), |week| week.previous()).take(weeks);
    let mut window: Vec<(Week, usize)> = window.map(|week| (week, count(week))).collect();
    window.reverse();
    window
}

/// The companies with the most articles in the last `days` days, the most first; of equals the one
/// with the newest article, then by slug. The days end with that of the site's newest article.
pub fn in_the_news(site: &Site, days: u16, limit: usize) -> Vec<(&Term, usize)> {
    let (Some(companies), Some((newest, _))) = (site.taxonomy(COMPANIES), site.days().first()) else {
        return Vec::new();
    };
    let first = newest.before(days.saturating_sub(1));
    let recent = site
        .days()
        .partition_point(|(day, _)| first.is_none_or(|first| *day >= first));
    let end = recent.checked_sub(1).map_or(0, |last| site.days()[last].1.end);
    let counted = companies.terms().iter().map(|term| {
        let count = term.articles.partition_point(|&article| article < end);
        (term, count)
    });
    let mut list: Vec<(&Term, usize)> = counted.filter(|&(_, count)| count > 0).collect();
    // The terms are sorted by slug, and the sort keeps that order.
    list.sort_by_key(|&(term, count)| (std::cmp::Reverse(count), term.articles.first().copied()));
    list.truncate(limit);
    list
}

/// Of how many articles a company is a main subject, in how many it is another, and how many name it in
/// passing.
pub fn saliences(site: &Site, term: &Term) -> [usize; 3] {
    let mut counts = [0; 3];
    for &article in term.articles.iter().chain(&term.passing) {
        let tags = site.summary(article).companies.iter();
        let own = tags.filter(|tag| tag.slug == term.slug);
        if let Some(salience) = own.map(|tag| tag.salience as usize).min() {
            counts[salience] += 1;
        }
    }
    counts
}
