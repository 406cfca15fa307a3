//! Quotations that nobody seems to say. English only.
//!
//! A quotation of several words wants a speaker: a verb of saying, "according to", or a name in its own
//! paragraph or in the one before or behind it. Where any of them is near, nothing is said, since who
//! speaks can be told in too many ways.

use std::ops::Range;

use super::paragraph::{Paragraph, Word};

/// From how many words on a quotation wants a speaker: less is a term, a title, a nickname.
const WORDS: usize = 5;

const SAYING: &[&str] = &[
    "say",
    "says",
    "said",
    "saying",
    "tell",
    "tells",
    "told",
    "write",
    "writes",
    "wrote",
    "written",
    "add",
    "adds",
    "added",
    "announce",
    "announced",
    "announces",
    "explain",
    "explains",
    "explained",
    "note",
    "notes",
    "noted",
    "argue",
    "argues",
    "argued",
    "call",
    "calls",
    "called",
    "calling",
    "describe",
    "describes",
    "described",
    "ask",
    "asks",
    "asked",
    "reply",
    "replies",
    "replied",
    "warn",
    "warns",
    "warned",
    "insist",
    "insists",
    "insisted",
    "claim",
    "claims",
    "claimed",
    "state",
    "states",
    "stated",
    "statement",
    "post",
    "posts",
    "posted",
    "tweeted",
    "read",
    "reads",
    "titled",
    "entitled",
    "dubbed",
    "named",
    "known",
    "according",
    "words",
    "quote",
    "quotes",
    "quoted",
    "cite",
    "cites",
    "cited",
    "citing",
    "testified",
    "declared",
    "declares",
    "concluded",
    "concludes",
    "joked",
    "predicted",
    "predicts",
    "promised",
    "promises",
    "acknowledged",
    "conceded",
    "recalled",
    "responded",
    "confirmed",
    "confirms",
    "denied",
    "admitted",
    "admits",
    "stressed",
    "stresses",
    "suggested",
    "suggests",
    "emphasised",
    "emphasized",
    "maintains",
    "maintained",
    "observed",
    "remarked",
    "commented",
    "comments",
    "comment",
    "speech",
    "spoke",
    "speaking",
    "speaks",
    "interview",
    "letter",
    "memo",
    "slogan",
    "motto",
    "quotation",
    "title",
    "phrase",
    "headline",
];

/// The quotations without a speaker, in bytes of the visible text. `named` are the places of companies.
pub fn unattributed(paragraphs: &[Paragraph<'_>], named: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if !paragraph.is_prose() || paragraph.quotations.is_empty() {
            continue;
        }
        let near = &paragraphs[index.saturating_sub(1)..paragraphs.len().min(index + 2)];
        if near.iter().any(has_saying) || has_name(paragraph, named) {
            continue;
        }
        // What is not closed may be a slip, and where it ends nobody knows.
        let closed = paragraph.quotations.len() - usize::from(paragraph.is_open);
        let closed = paragraph.quotations[..closed].iter();
        found.extend(
            closed
                .filter(|quotation| is_speech(paragraph, quotation))
                .cloned(),
        );
    }
    found
}

/// Whether somebody says something in the paragraph's own words.
fn has_saying(paragraph: &Paragraph<'_>) -> bool {
    let own = paragraph.words.iter().filter(|word| !paragraph.is_quoted(word));
    // `Ellison: “…”`: what ends with a colon introduces what follows.
    own.into_iter()
        .any(|word| word.is_any(SAYING) || word.after.starts_with(':'))
}

/// Whether somebody is named in the paragraph's own words: by a register's name, or by a capital within a
/// sentence.
fn has_name(paragraph: &Paragraph<'_>, named: &[Range<usize>]) -> bool {
    let is_name = |(index, word): (usize, &Word<'_>)| {
        let is_inside = word.is_capital() && !paragraph.begins_sentence(index) && !word.is_any(&["I"]);
        let is_known = named.iter().any(|name| name.contains(&word.start));
        // `“…” — Ellison`, `“…” (Ellison)`.
        let is_signed = word.is_capital() && word.before.contains(['—', '–', '(']);
        (is_inside || is_known || is_signed) && !paragraph.is_quoted(word)
    };
    paragraph.words.iter().enumerate().any(is_name)
}

/// Whether a quotation is what somebody said: several words, most of them without capitals, as titles have.
fn is_speech(paragraph: &Paragraph<'_>, quotation: &Range<usize>) -> bool {
    let inside = paragraph
        .words
        .iter()
        .filter(|word| quotation.contains(&word.start));
    let (count, capitals) = inside.fold((0, 0), |(count, capitals), word| {
        (count + 1, capitals + usize::from(word.is_capital()))
    });
    count >= WORDS && capitals * 2 <= count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::markdown::{self, Options};

    fn found(text: &str) -> Vec<String> {
        let visible = markdown::parse(text, 0, Options::default()).visible;
        let named: Vec<Range<usize>> = visible
            .text
            .match_indices("Oracle")
            .map(|(at, name)| at..at + name.len())
            .collect();
        let found = unattributed(&Paragraph::all(&visible), &named);
        found
            .into_iter()
            .map(|range| visible.text[range].to_owned())
            .collect()
    }

    #[test]
    fn a_quotation_out_of_nowhere() {
        assert_eq!(
            found("The halls are half built. “We will be done by the end of it all.”\n\nThe rest is open."),
            ["“We will be done by the end of it all.”"]
        );
    }

    #[test]
    fn quotations_with_a_speaker() {
        for text in [
            "“We will be done by the end of it,” said the chair.",
            "The halls are half built. “We will be done by the end of it all.”\n\nThe chair added a figure.",
            "According to a person in the room, “we will be done by the end of it”.",
            "A talk with Larry Ellison. “We will be done by the end of it.”",
            "Oracle builds. “We will be done by the end of it.”",
            "“We will be done by the end of it.” — Ellison",
            "The chair: “We will be done by the end of it.”",
            "The “right of first refusal” stays.",
            "The book is “The Rise and Fall of the House of Chips” and is long.",
            "> “We will be done by the end of it.”",
            "## “We will be done by the end of it”",
            "The halls are half built. “We will be done by the end of it all.",
            "There are no quotations, and it’s fine.",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
