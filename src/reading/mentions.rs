//! Where an article's text leads to its companies: the first mention of each that can be a link.
//!
//! A place in the visible text becomes two open places in the HTML, around the name. Whether there is a page to lead to is
//! known only when the site is, so they stay open until the text is shown.

use super::company::Register;
use super::markdown::{Body, Context, Fill, Place, Visible};
use super::tagging::{Found, TAGGED};
use crate::ground::span::Span;

/// Opens places around the first suitable mention of each of these companies, named by their slugs.
pub fn open<'s>(
    body: &mut Body,
    visible: &Visible,
    slugs: impl Iterator<Item = &'s str>,
    detected: &[Found],
    register: &Register,
) {
    let mut links: Vec<(Span, &str)> = Vec::new();
    for slug in slugs {
        let is_own =
            |found: &&Found| found.confidence >= TAGGED && register.companies()[found.company].slug == slug;
        let mentions = detected.iter().find(is_own).map(|found| &found.mentions.body);
        let first = mentions
            .into_iter()
            .flatten()
            .filter(|mention| may_be_link(visible, **mention))
            .find_map(|mention| place_in_html(body, visible, *mention));
        links.extend(first.map(|span| (span, slug)));
    }
    links.sort_by_key(|(span, _)| span.start);
    let mut places = std::mem::take(&mut body.places).into_iter().peekable();
    let mut all = Vec::with_capacity(places.len() + 2 * links.len());
    for (span, slug) in links {
        // What is inserted where the name begins stands before the link, and what is inserted where it ends, behind it.
        while let Some(place) = places.next_if(|place| place.at <= span.start) {
            all.push(place);
        }
        for (at, fill) in [
            (
                span.start,
                Fill::MentionStart {
                    slug: slug.to_owned(),
                },
            ),
            (
                span.end,
                Fill::MentionEnd {
                    slug: slug.to_owned(),
                },
            ),
        ] {
            all.push(Place { at, fill });
        }
    }
    all.extend(places);
    body.places = all;
}

/// Whether a link may stand at a mention: not in headings, in other links, in footnotes, which lead elsewhere already,
/// and not in who is quoted below a quotation.
fn may_be_link(visible: &Visible, mention: Span) -> bool {
    let Context {
        heading,
        in_link,
        in_footnote,
        in_quote,
        ..
    } = visible.context_of(mention.start as usize).unwrap_or_default();
    let is_ruled_out =
        heading > 0 || in_link || in_footnote || in_quote && is_attribution(&visible.text, mention);
    !is_ruled_out
}

/// Whether a place in a quotation is behind the dash that names who said it.
fn is_attribution(text: &str, mention: Span) -> bool {
    let before = text.get(..mention.start as usize).unwrap_or_default();
    let block = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    block.char_indices().any(|(at, sign)| {
        let ahead = block[..at].trim_end();
        let is_dash = matches!(sign, '—' | '–' | '―') || sign == '-' && block[at..].starts_with("- ");
        is_dash && (ahead.is_empty() || ahead.ends_with(['”', '"', '’', '»', '.', '!', '?', '…']))
    })
}

/// The bytes of the HTML that show a mention, if they are in one piece: no tag begins or ends within them.
fn place_in_html(body: &Body, visible: &Visible, mention: Span) -> Option<Span> {
    let start = visible.html_of(mention.start as usize)?;
    let end = visible.html_end_of(mention.end as usize)?;
    let shown = body.html.get(start as usize..end as usize)?;
    let is_whole = !shown.is_empty() && !shown.contains('<');
    let is_free = !body.places.iter().any(|place| start < place.at && place.at < end);
    (is_whole && is_free).then(|| Span::new(start as usize, end as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributions_stand_behind_a_dash() {
        let check = |text: &str, expected: bool| {
            let at = text.find("Apple").expect("the name");
            assert_eq!(is_attribution(text, Span::new(at, at + 5)), expected, "{text}");
        };
        check("“It is so.” — Ann Long, Apple", true);
        check("One\n— Ann Long, Apple", true);
        check("- Ann Long of Apple", true);
        check("“If Apple rises — and it will — we”", false);
        check("Prices – says Apple – rise", false);
    }
}
