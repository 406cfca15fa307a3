//! Partners: which companies articles name together, and which articles these are.
//!
//! Articles are kept by slot, not by their place in the order: a new article moves every place behind
//! it, and there are many more pairs than terms.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::articles::Slot;
use super::taxonomy::Mention;

/// How many companies of an article are paired with each other: the most important. An article that
/// names more is a list, which tells little of any two of them, and costs the square of their number.
const MOST: usize = 50;

/// The companies that articles name together with one, by slug.
#[derive(Debug, Default)]
pub struct Partners(Vec<Partner>);

/// One of them.
#[derive(Debug)]
pub struct Partner {
    /// The other company.
    pub slug: Arc<str>,
    /// The articles that name both, in no telling order.
    articles: Vec<Slot>,
}

impl Partner {
    /// How many articles name both.
    pub fn count(&self) -> usize {
        self.articles.len()
    }
}

impl Partners {
    /// All of them by slug.
    pub fn all(&self) -> &[Partner] {
        &self.0
    }

    /// How many articles name one, too.
    pub fn count(&self, slug: &str) -> usize {
        self.articles(slug).len()
    }

    /// The articles that name one, too.
    pub fn articles(&self, slug: &str) -> &[Slot] {
        self.position(slug).map_or(&[], |at| &self.0[at].articles)
    }

    /// Notes that an article names one, too.
    pub fn add(&mut self, slug: &Arc<str>, article: Slot) {
        let at = self.position(slug).unwrap_or_else(|at| {
            let slug = slug.clone();
            self.0.insert(
                at,
                Partner {
                    slug,
                    articles: Vec::new(),
                },
            );
            at
        });
        let articles = &mut self.0[at].articles;
        if let Err(place) = articles.binary_search(&article) {
            articles.insert(place, article);
        }
    }

    /// Notes the same of the company that is the last one by slug, and of a slot above all others that
    /// are noted of it.
    pub fn push(&mut self, slug: &Arc<str>, article: Slot) {
        match self.0.last_mut() {
            Some(last) if last.slug == *slug => last.articles.push(article),
            _ => self.0.push(Partner {
                slug: slug.clone(),
                articles: vec![article],
            }),
        }
    }

    /// Takes that back.
    pub fn remove(&mut self, slug: &str, article: Slot) {
        let Ok(at) = self.position(slug) else {
            return;
        };
        let articles = &mut self.0[at].articles;
        if let Ok(place) = articles.binary_search(&article) {
            articles.remove(place);
        }
        if articles.is_empty() {
            self.0.remove(at);
        }
    }

    fn position(&self, slug: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|partner| (*partner.slug).cmp(slug))
    }
}

/// The companies of an article that are paired with each other, by slug.
pub fn paired(companies: &[Mention]) -> Vec<Arc<str>> {
    let counted = companies.iter().filter(|mention| !mention.is_passing);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let each_once = counted.filter(|mention| seen.insert(&mention.slug));
    let mut slugs: Vec<Arc<str>> = each_once.take(MOST).map(|mention| mention.slug.clone()).collect();
    slugs.sort_unstable();
    slugs
}

/// All pairs of a list.
pub fn pairs(slugs: &[Arc<str>]) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
    let pairs = |(at, one)| slugs[at + 1..].iter().map(move |other| (one, other));
    slugs.iter().enumerate().flat_map(pairs)
}
