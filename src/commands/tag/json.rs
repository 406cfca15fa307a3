//! What was found as JSON: one object a line for each article.

use std::io::{self, Write};

use serde_json::json;

use super::{Tagged, Tagging};
use crate::ground::span::Span;
use crate::reading::company::Register;
use crate::reading::tagging::Found;

/// Prints `{"path", "companies": [{"name", "mentions", "confidence", "salience", "spans"}]}`, the companies most
/// salient first, spans as bytes of the file. Without a limit all are listed that were found at all; a company
/// counts as tagged from a confidence of 0.5.
pub fn print(
    article: &Tagged,
    request: &Tagging,
    register: &Register,
    out: &mut dyn Write,
) -> io::Result<()> {
    let company = |found: &Found| {
        json!({
            "name": register.companies()[found.company].name,
            "mentions": found.mentions.count(),
            "confidence": f64::from(found.confidence) / 1000.0,
            "salience": found.salience.name(),
            "spans": spans(article, found).map(|span| [span.start, span.end]).collect::<Vec<_>>(),
        })
    };
    let listed = article
        .found
        .iter()
        .filter(|found| found.confidence >= request.least.unwrap_or_default());
    let object = json!({
        "path": article.file.path.as_str(),
        "companies": listed.map(company).collect::<Vec<_>>(),
    });
    writeln!(out, "{object}")
}

/// The places in the file: of the headline where it stands there word for word, and of the body.
fn spans<'a>(article: &'a Tagged, found: &'a Found) -> impl Iterator<Item = Span> + 'a {
    let start = article.naming.title_place.map(|place| place.start as usize);
    let title = found.mentions.title.iter().filter_map(move |span| {
        let start = start?;
        Some(Span::new(start + span.start as usize, start + span.end as usize))
    });
    let body = found.mentions.body.iter();
    title.chain(body.map(|span| article.visible.source_of(span.start as usize..span.end as usize)))
}
