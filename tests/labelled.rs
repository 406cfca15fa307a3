//! The tagger against articles in which people have marked the companies: tests/tagging. What each number means,
//! and how well the tagger does on articles that its weights have not seen, stands in docs/TAGGING.md.

#[path = "support/labelled.rs"]
#[expect(dead_code, reason = "the examples look at more of an article")]
mod labelled;

use std::collections::BTreeSet;
use std::path::Path;

use brief::ground::span::Span;
use brief::reading::tagging::{TAGGED, Tagger};

#[test]
fn articles_of_many_trades() {
    check("mixed", 60, [0.95, 0.93, 0.97]);
}

#[test]
fn articles_on_technology() {
    check("technology", 40, [0.95, 0.94, 0.97]);
}

#[test]
fn articles_on_trade_and_industry() {
    check("trade", 40, [0.97, 0.93, 0.94]);
}

/// Compares a set with what is found: at least so many articles; the F1 of companies, the F1 of mentions, and how
/// often the first company is what the article is about.
fn check(set: &str, least: usize, [companies, mentions, first]: [f64; 3]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/tagging")
        .join(set);
    let (register, articles) = labelled::load(&folder);
    let tagger = Tagger::new(&register);
    let (mut sets, mut places) = (Vec::new(), Vec::new());
    let (mut leading, mut with_main) = (0u16, 0u16);
    for article in &articles {
        let found = tagger.find(&article.title, "", &article.visible);
        let tagged: Vec<_> = found.iter().filter(|found| found.confidence >= TAGGED).collect();
        let name = |company: usize| register.companies()[company].name.as_str();
        let names: BTreeSet<&str> = tagged.iter().map(|found| name(found.company)).collect();
        let gold: BTreeSet<&str> = article.gold.iter().map(|(name, ..)| name.as_str()).collect();
        sets.push(agreement(&names, &gold));
        let spans: BTreeSet<(&str, Span)> = tagged
            .iter()
            .flat_map(|found| {
                let title = found.mentions.title.iter().map(|span| article.place(true, *span));
                let body = found.mentions.body.iter().map(|span| article.place(false, *span));
                title
                    .chain(body)
                    .map(|span| (name(found.company), span))
                    .collect::<Vec<_>>()
            })
            .collect();
        let gold: BTreeSet<(&str, Span)> = article
            .gold
            .iter()
            .flat_map(|(name, _, spans)| spans.iter().map(|span| (name.as_str(), *span)))
            .collect();
        places.push(agreement(&spans, &gold));
        let is_main = |name: &str| {
            article
                .gold
                .iter()
                .any(|(own, is_main, _)| own == name && *is_main)
        };
        if article.gold.iter().any(|(_, is_main, _)| *is_main) {
            with_main += 1;
            let leads = tagged.first().is_some_and(|found| is_main(name(found.company)));
            leading += u16::from(leads);
        }
    }
    assert!(articles.len() > least);
    assert!(f1(&sets) > companies, "companies of articles: {}", f1(&sets));
    assert!(f1(&places) > mentions, "mentions: {}", f1(&places));
    let share = f64::from(leading) / f64::from(with_main);
    assert!(
        share > first,
        "the first company is what the article is about: {share}"
    );
}

/// How many are in both, and how many in each.
fn agreement<T: Ord>(found: &BTreeSet<T>, gold: &BTreeSet<T>) -> (usize, usize, usize) {
    (found.intersection(gold).count(), found.len(), gold.len())
}

fn f1(counts: &[(usize, usize, usize)]) -> f64 {
    let sum = |part: fn(&(usize, usize, usize)) -> usize| counts.iter().map(part).sum::<usize>() as f64;
    2.0 * sum(|count| count.0) / (sum(|count| count.1) + sum(|count| count.2))
}
