//! Texts: the words of a segment's summaries and texts, and in which of its articles each stands.

use std::borrow::Cow;

use super::postings::{Postings, Words};
use super::{is_listed, part_of};
use crate::ground::token::Tokenizer;
use crate::meaning::segment::{Segment, text_parts};
use crate::meaning::site::Site;
use crate::reading::article::{Prose, Story};
use crate::reading::markdown::Fill;

/// The parts of a segment: a word a line, then a tabulator and its articles' places in the segment.
pub fn parts(site: &Site, segment: Segment) -> Vec<Vec<u8>> {
    let articles = segment.articles(site);
    let count = text_parts(u32::try_from(articles.len()).unwrap_or(u32::MAX));
    let mut words: Words<Postings> = Words::new();
    let mut tokenizer = Tokenizer::default();
    for (place, index) in (0..).zip(articles) {
        if !is_listed(site, index) {
            continue;
        }
        let mut add = |text: &str| tokenizer.tokens(text, |word| words.at(word).add(place));
        add(&site.summary(index).description);
        if let Some(story) = site.story(index) {
            let Story {
                body,
                takeaways,
                caption,
                ..
            } = &*story;
            for prose in std::iter::once(body).chain(takeaways).chain(caption) {
                read(prose, &mut add);
            }
        }
    }
    let mut parts = vec![Vec::new(); usize::from(count)];
    for (word, postings) in words.sorted() {
        let part = &mut parts[usize::from(part_of(word, count))];
        part.extend_from_slice(word.as_bytes());
        part.push(b'\t');
        part.extend_from_slice(postings.digits());
        part.push(b'\n');
    }
    parts
}

/// The text between the tags, piece by piece, and what pictures show.
fn read(prose: &Prose, add: &mut impl FnMut(&str)) {
    for place in &prose.body.places {
        if let Fill::Image { alt, .. } = &place.fill {
            add(alt);
        }
    }
    let mut rest = prose.body.html.as_str();
    while !rest.is_empty() {
        let (text, behind) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        add(&without_entities(text));
        rest = behind_tag(behind);
    }
}

/// What follows a tag; of an element that is no text, what follows the element.
fn behind_tag(html: &str) -> &str {
    for name in ["<script", "<style", "<!--"] {
        if html
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
        {
            let end = match name {
                "<script" => "</script",
                "<style" => "</style",
                _ => "-->",
            };
            let behind = &html[name.len()..];
            return behind.find(end).map_or("", |at| &behind[at + end.len()..]);
        }
    }
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return &html[at + 1..],
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    ""
}

/// A text without its entities: brief writes those of signs that divide words, and the soft hyphen and
/// the like, written so in raw HTML, are too rare to keep a table for.
fn without_entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        out.push(' ');
        let end = behind.find(|character: char| !character.is_ascii_alphanumeric() && character != '#');
        let end = end.unwrap_or(behind.len());
        rest = behind[end..].strip_prefix(';').unwrap_or(behind);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_html() {
        let mut prose = Prose::of_text("");
        prose.body.html = "<p title=\"a > b\">One<br>two&amp;three &quot;four&quot;</p><!-- five > -->\
            <script>six</script><STYLE>seven</style>eight & nine<p"
            .to_owned();
        let mut words = Vec::new();
        let mut tokenizer = Tokenizer::default();
        read(&prose, &mut |text: &str| {
            tokenizer.tokens(text, |word| words.push(word.to_owned()))
        });
        assert_eq!(words, ["one", "two", "three", "four", "eight", "nine"]);
    }
}
