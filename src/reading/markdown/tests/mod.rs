//! One helper, many small inputs, whole outputs. Places are printed visibly: `⟦href:target⟧`,
//! `⟦img:target|alt|title⟧`, `⟦#id⟧`.

mod blocks;
mod hostile;
mod inline;
mod raw;
mod source;
mod strict;

use super::{Fill, Markdown, Options, RawHtml, parse, parse_inline};
use crate::reading::wording::Wording;

/// The HTML with its places printed.
fn shown(markdown: &Markdown) -> String {
    let mut html = String::new();
    let target = |reference: &u32| markdown.references[*reference as usize].target.as_str();
    markdown.body.fill(&mut html, |fill, out| {
        let place = match fill {
            Fill::Href { reference } => format!("⟦href:{}⟧", target(reference)),
            Fill::Fragment { id } => format!("⟦#{id}⟧"),
            Fill::MentionStart { slug } => format!("⟦{slug}:"),
            Fill::MentionEnd => "⟧".to_owned(),
            Fill::Word { word, number } => Wording::default().filled(word.key(), &[("number", number)]),
            Fill::Image {
                reference,
                alt,
                title: None,
            } => format!("⟦img:{}|{alt}⟧", target(reference)),
            Fill::Image {
                reference,
                alt,
                title: Some(title),
            } => {
                format!("⟦img:{}|{alt}|{title}⟧", target(reference))
            }
        };
        out.push_str(&place);
    });
    html
}

/// Compares the HTML of a document, white space at its ends aside.
fn check(source: &str, expected: &str) {
    check_with(source, Options::default(), expected);
}

fn check_with(source: &str, options: Options, expected: &str) {
    assert_eq!(shown(&parse(source, 0, options)).trim(), expected, "{source:?}");
}

fn check_inline(source: &str, expected: &str) {
    assert_eq!(
        shown(&parse_inline(source, 0, Options::default())),
        expected,
        "{source:?}"
    );
}
