//! The network of companies: those named most often, and the strongest ties between them.
//!
//! All ties together would be a ball of wool. What is kept holds everything together that hangs
//! together, and shows for each company whom it appears with most.

use std::cmp::Reverse;

use super::site::{COMPANIES, Site, Term};

/// How many of its strongest ties each company keeps, in a network of up to so many companies.
const KEPT: [(usize, usize); 3] = [(30, 3), (200, 2), (usize::MAX, 1)];

/// Companies and their ties.
#[derive(Debug, Default)]
pub struct Network<'s> {
    /// The companies, those with the most articles first, then by slug. Each has a tie.
    pub companies: Vec<&'s Term>,
    /// The ties, the strongest first.
    pub ties: Vec<Tie>,
}

/// That articles name two companies together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The places of the two among the companies, in their order.
    pub ends: [usize; 2],
    /// How many articles name both.
    pub count: usize,
}

/// The network of the companies with the most articles among those that appear with others.
pub fn network(site: &Site, limit: usize) -> Network<'_> {
    let Some(taxonomy) = site.taxonomy(COMPANIES) else {
        return Network::default();
    };
    let tied = taxonomy
        .terms()
        .iter()
        .filter(|term| !term.partners.all().is_empty());
    let mut companies: Vec<&Term> = tied.collect();
    // The terms are sorted by slug, and the sort keeps that order.
    companies.sort_by_key(|term| Reverse(term.articles.len()));
    companies.truncate(limit);

    let mut places: Vec<Option<usize>> = vec![None; taxonomy.terms().len()];
    for (place, company) in companies.iter().enumerate() {
        if let Some(position) = taxonomy.position(&company.slug) {
            places[position] = Some(place);
        }
    }
    let mut ties = Vec::new();
    for (place, company) in companies.iter().enumerate() {
        for partner in company.partners.all() {
            let other = taxonomy
                .position(&partner.slug)
                .and_then(|position| places[position]);
            if let Some(other) = other.filter(|&other| other > place) {
                let (ends, count) = ([place, other], partner.count());
                ties.push(Tie { ends, count });
            }
        }
    }
    let ties = strongest(ties, &companies);
    without_loners(companies, ties)
}

/// Of all ties those that are shown, the strongest first.
fn strongest(mut ties: Vec<Tie>, companies: &[&Term]) -> Vec<Tie> {
    // Of ties that are as strong the one of companies that appear less with others comes first: it says more
    // about them.
    let common = |tie: &Tie| -> usize { tie.ends.iter().map(|&end| companies[end].articles.len()).sum() };
    ties.sort_by_key(|tie| (Reverse(tie.count), common(tie), tie.ends));
    let most = companies.len();
    let kept = KEPT.iter().find(|(up_to, _)| most <= *up_to);
    let kept = kept.map_or(1, |&(_, kept)| kept);
    let mut left = vec![kept; companies.len()];
    let mut roots: Vec<usize> = (0..companies.len()).collect();
    ties.retain(|tie| {
        let [one, other] = tie.ends;
        let (one_root, other_root) = (root(&mut roots, one), root(&mut roots, other));
        // A tie that joins what was apart before is the strongest one that does.
        let joins = one_root != other_root;
        roots[one_root.max(other_root)] = one_root.min(other_root);
        let is_wanted = left[one] > 0 || left[other] > 0;
        for end in tie.ends {
            left[end] = left[end].saturating_sub(1);
        }
        joins || is_wanted
    });
    ties
}

/// The least company that one hangs together with.
fn root(roots: &mut [usize], mut at: usize) -> usize {
    while roots[at] != at {
        roots[at] = roots[roots[at]];
        at = roots[at];
    }
    at
}

/// Leaves out companies whose partners are all too small to be shown.
fn without_loners<'s>(companies: Vec<&'s Term>, mut ties: Vec<Tie>) -> Network<'s> {
    let mut is_tied = vec![false; companies.len()];
    for end in ties.iter().flat_map(|tie| tie.ends) {
        is_tied[end] = true;
    }
    let mut next = 0;
    let places: Vec<usize> = is_tied
        .iter()
        .map(|&is_tied| {
            next += usize::from(is_tied);
            next.saturating_sub(1)
        })
        .collect();
    for tie in &mut ties {
        tie.ends = tie.ends.map(|end| places[end]);
    }
    let companies = companies.into_iter().zip(is_tied);
    Network {
        companies: companies
            .filter(|(_, is_tied)| *is_tied)
            .map(|(company, _)| company)
            .collect(),
        ties,
    }
}
