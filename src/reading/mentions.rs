//! Where an article's text leads to its companies: the first mention of each that can be a link.
//!
//! A place in the visible text becomes two open places in the HTML, around the name. Whether there is a page to lead to is
//! known only when the site is, so they stay open until the text is shown. No two of these links share a byte, whoever
//! found the mentions: links must not lie in each other.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::company::Register;
use super::markdown::{Body, Context, Fill, Place, Run, Visible};
use super::tagging::{Found, TAGGED};
use crate::ground::span::Span;
use crate::ground::text::escaped_text_len;

/// How many companies that the register does not hold are looked for in one article. Each takes a walk through the text.
const MOST_UNKNOWN: usize = 32;

/// Opens places around the first suitable mention of each of these companies: slugs and names, of which those that the
/// register does not hold are looked for in exactly this spelling.
pub fn open<'c>(
    body: &mut Body,
    visible: &Visible,
    companies: impl Iterator<Item = (&'c str, &'c str)>,
    detected: &[Found],
    register: &Register,
) {
    let room = Room::new(body, visible);
    let mut links: BTreeMap<u32, (u32, &str)> = BTreeMap::new();
    let mut unknown = 0;
    for (slug, name) in companies {
        let own = |found: &&Found| register.companies()[found.company].slug == slug;
        let found = detected.iter().find(own);
        let mentions: Cow<'_, [Span]> = match found {
            Some(found) if found.confidence >= TAGGED => found.mentions.body.as_slice().into(),
            // The tagger knows the company and does not think that this is it.
            Some(_) => continue,
            None if register.find_slug(slug).is_some() => continue,
            None => {
                unknown += 1;
                if unknown > MOST_UNKNOWN {
                    continue;
                }
                spelled(&visible.text, name).into()
            }
        };
        let mut suitable = mentions.iter().filter_map(|mention| room.place(*mention));
        let is_free = |place: &Span| {
            let before = links.range(..place.end).next_back();
            before.is_none_or(|(_, (end, _))| *end <= place.start)
        };
        if let Some(place) = suitable.find(is_free) {
            links.insert(place.start, (place.end, slug));
        }
    }
    insert(&mut body.places, links);
}

/// Puts the links among the places that are open already.
fn insert(places: &mut Vec<Place>, links: BTreeMap<u32, (u32, &str)>) {
    if links.is_empty() {
        return;
    }
    let mut all = Vec::with_capacity(places.len() + 2 * links.len());
    let mut others = std::mem::take(places).into_iter().peekable();
    for (start, (end, slug)) in links {
        // A picture where the name begins stands before the link, and one where it ends behind it.
        while let Some(place) = others.next_if(|place| place.at <= start) {
            all.push(place);
        }
        let slug = slug.to_owned();
        let fill = Fill::MentionStart { slug };
        all.push(Place { at: start, fill });
        let fill = Fill::MentionEnd;
        all.push(Place { at: end, fill });
    }
    all.extend(others);
    *places = all;
}

/// Where a text has exactly this name, as whole words.
fn spelled(text: &str, name: &str) -> Vec<Span> {
    // The text has round apostrophes, unless the site wants them as they are written.
    let round = name.replace('\'', "’");
    let name = if text.contains(&round) { &round } else { name };
    let is_whole = |start: usize| {
        let before = text[..start].chars().next_back();
        let after = text[start + name.len()..].chars().next();
        !joins(before, name.chars().next()) && !joins(name.chars().next_back(), after)
    };
    let places = text.match_indices(name).map(|(start, _)| start);
    let whole = places.filter(|&start| !name.is_empty() && is_whole(start));
    whole.map(|start| Span::new(start, start + name.len())).collect()
}

/// Whether two neighbours are part of one word. What is written without spaces has words that end anywhere: Thai and its
/// neighbours, Chinese, Japanese, and Korean, where endings join a name.
fn joins(one: Option<char>, other: Option<char>) -> bool {
    let is_unspaced = |sign: char| matches!(sign, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..);
    let is_part = |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() && !is_unspaced(sign));
    is_part(one) && is_part(other)
}

/// Where in a text links may stand.
struct Room<'r> {
    body: &'r Body,
    visible: &'r Visible,
    /// Who is quoted, in the visible text.
    attributions: Vec<Span>,
}

impl<'r> Room<'r> {
    fn new(body: &'r Body, visible: &'r Visible) -> Room<'r> {
        Room {
            body,
            visible,
            attributions: attributions(body, visible),
        }
    }

    /// The bytes of the HTML that show a mention, if a link may stand around them.
    fn place(&self, mention: Span) -> Option<Span> {
        // To find the HTML takes a walk through the text around the mention: not for each of thousands that are none.
        self.may_lead_on(mention).then(|| self.in_one_piece(mention))?
    }

    /// The bytes of the HTML that show a mention, if no tag begins or ends within them.
    fn in_one_piece(&self, mention: Span) -> Option<Span> {
        let start = self.visible.html_of(mention.start as usize)?;
        let end = self.visible.html_end_of(mention.end as usize)?;
        let shown = self.body.html.get(start as usize..end as usize)?;
        let places = &self.body.places;
        let next = places.get(places.partition_point(|place| place.at <= start));
        let is_free = next.is_none_or(|place| end <= place.at);
        (!shown.is_empty() && !shown.contains('<') && is_free)
            .then(|| Span::new(start as usize, end as usize))
    }

    /// Not in headings, in other links, in footnotes, which lead to sources, and not in who is quoted.
    fn may_lead_on(&self, mention: Span) -> bool {
        let Context {
            heading,
            in_link,
            in_footnote,
            in_passed,
            ..
        } = self
            .visible
            .context_of(mention.start as usize)
            .unwrap_or_default();
        let behind = self
            .attributions
            .partition_point(|attribution| attribution.end <= mention.start);
        let next = self.attributions.get(behind);
        let is_attribution = next.is_some_and(|attribution| attribution.start <= mention.start);
        !(heading > 0 || in_link || in_footnote || in_passed || is_attribution)
    }
}

/// The parts of the visible text that say who is quoted: in a quotation what stands behind a dash that begins a line or
/// follows the end of a sentence, up to the end of the paragraph, and what stands in `<cite>`; behind a quotation a
/// paragraph that begins with a dash.
fn attributions(body: &Body, visible: &Visible) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    if !visible.runs.iter().any(|run| run.context.in_quote) {
        return found;
    }
    let mut begun: Option<usize> = None;
    let (mut is_quoted, mut in_cite) = (false, false);
    let mut before: Option<Run> = None;
    let mut block = 0;
    for run in &visible.runs {
        let start = run.text.start as usize;
        let shown = &visible.text[start..run.text.end as usize];
        let gap = gap(body, visible, before, run);
        let text_end = before.map_or(0, |before| before.text.end as usize);
        let is_block = before.is_none() || visible.text[text_end..start].contains('\n');
        if is_block {
            found.extend(begun.take().map(|begin| Span::new(begin, text_end)));
            block = start;
        }
        let (open, close) = (gap.rfind("<cite"), gap.rfind("</cite>"));
        if open != close {
            in_cite = open > close;
        }
        let follows_quote = is_block && is_quoted && !run.context.in_quote;
        if begun.is_none() && (run.context.in_quote || follows_quote) {
            let is_line = is_block || gap.contains('\n');
            begun = match is_line && is_dash(shown) {
                true => Some(start),
                false if run.context.in_quote => {
                    let ahead = visible.text[block..start].trim_end();
                    dash_behind_sentence(ahead, shown).map(|at| start + at)
                }
                false => None,
            };
            if begun.is_none() && in_cite {
                found.push(run.text);
            }
        }
        is_quoted = run.context.in_quote;
        before = Some(*run);
    }
    found.extend(begun.map(|begin| Span::new(begin, visible.text.len())));
    found
}

/// The HTML between the texts of two runs.
fn gap<'h>(body: &'h Body, visible: &Visible, before: Option<Run>, run: &Run) -> &'h str {
    let behind = before.map_or(0, |before| {
        let shown = &visible.text[before.text.start as usize..before.text.end as usize];
        before.html as usize + escaped_text_len(shown)
    });
    body.html.get(behind..run.html as usize).unwrap_or_default()
}

/// Where in a text, that stands behind another in its paragraph, a dash follows the end of a sentence.
fn dash_behind_sentence(ahead: &str, text: &str) -> Option<usize> {
    let ends = |ahead: &str| ahead.ends_with(['”', '"', '’', '»', '.', '!', '?', '…']);
    let dashes = text.char_indices().filter(|&(at, _)| is_dash(&text[at..]));
    let mut behind = dashes.map(|(at, _)| (at, text[..at].trim_end()));
    let found = behind.find(|(_, own)| if own.is_empty() { ends(ahead) } else { ends(own) });
    found.map(|(at, _)| at)
}

/// Whether a text begins with a dash, or with what stands for one.
fn is_dash(text: &str) -> bool {
    text.starts_with(['—', '–', '―']) || text.starts_with("- ") || text.starts_with("--")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::markdown::{Options, parse};

    /// The HTML of a text with the links to Apple, which the register does not hold.
    fn shown(text: &str) -> String {
        let mut markdown = parse(text, 0, Options::default());
        let companies = [("apple", "Apple")].into_iter();
        let (body, visible) = (&mut markdown.body, &markdown.visible);
        open(body, visible, companies, &[], &Register::default());
        let mut html = String::new();
        markdown.body.fill(&mut html, |fill, out| {
            out.push_str(match fill {
                Fill::MentionStart { .. } => "⟦",
                Fill::MentionEnd => "⟧",
                _ => "?",
            });
        });
        html
    }

    #[test]
    fn attributions_stand_behind_a_dash() {
        let check = |text: &str, expected: bool| {
            assert_eq!(!shown(text).contains('⟦'), expected, "{text}");
        };
        check("> “It is so.” — Ann Long, Apple", true);
        check("> One\n>\n> — Ann Long, Apple", true);
        check("> \\- Ann Long of Apple", true);
        check("> “If Apple rises — and it will — we”", false);
        check("> Prices – says Apple – rise", false);
        check("“It is so.” — Ann Long, Apple", false);
    }

    #[test]
    fn many_names_that_can_be_no_links_cost_little() {
        // Thousands of times the whole text would take minutes.
        let many = "Apple, ".repeat(50_000);
        let split = "Ap**ple**, [x](#a) ".repeat(50_000);
        let words = "words ".repeat(50_000);
        for text in [
            format!("> {words}“so.” — {many}"),
            format!("# {words}{many}"),
            format!("[{words}{many}](#a)"),
            format!("{words}{split}"),
            format!("> {words}{split}"),
        ] {
            assert!(!shown(&text).contains('⟦'));
            assert!(
                shown(&format!("{text}\n\nIn the end Apple rose."))
                    .ends_with("<p>In the end ⟦Apple⟧ rose.</p>\n")
            );
        }
    }
}
