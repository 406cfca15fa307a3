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
fn labelled_articles_are_tagged_as_people_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tagging");
    let (register, articles) = labelled::load(&folder);
    let tagger = Tagger::new(&register);
    let (mut sets, mut places, mut leading) = (Vec::new(), Vec::new(), 0);
    let mut with_main = 0;
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
            let first = tagged.first().expect("a company where there are some");
            leading += usize::from(is_main(name(first.company)));
        }
    }
    assert!(articles.len() > 60 && with_main > 45);
    assert!(f1(&sets) > 0.97, "companies of articles: {}", f1(&sets));
    assert!(f1(&places) > 0.95, "mentions: {}", f1(&places));
    assert_eq!(
        leading, with_main,
        "the first company is what the article is about"
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
