//! Sub-heads: short lines without a full stop between paragraphs.

use super::block::Shape;
use super::desk::{Desk, LEFT_OUT};
use super::phrase::{ends_sentence, fold, is_name, starts_as_person, starts_upper, word_count};

/// Headings of what many articles begin with.
const STARTS: [&str; 8] = [
    "key points",
    "key takeaways",
    "takeaways",
    "highlights",
    "at a glance",
    "in brief",
    "key facts",
    "auf einen blick",
];

const MAX_WORDS: usize = 8;
const MAX_BYTES: usize = 80;

/// Makes headings of the paragraphs that are some beyond doubt.
pub fn mark(desk: &mut Desk) {
    let kept: Vec<usize> = (0..desk.blocks.len()).filter(|&at| !desk.gone[at]).collect();
    // Over the first paragraph a short line is mostly a standfirst; these are not.
    for pair in kept.windows(2) {
        let &[at, behind] = pair else { continue };
        let is_box = STARTS.contains(&fold(&desk.blocks[at].text).as_str());
        if is_box && desk.blocks[at].shape == Shape::Prose && is_text(desk, behind) {
            desk.blocks[at].shape = Shape::Heading(2);
        }
    }
    for around in kept.windows(3) {
        let &[before, at, behind] = around else { continue };
        let block = &desk.blocks[at];
        let is_between = is_text(desk, before) && is_text(desk, behind);
        if block.shape != Shape::Prose || !is_between || !fits(&block.text) {
            continue;
        }
        if is_caption(desk, at) {
            desk.leave_out(at, "words under a picture", LEFT_OUT);
        } else {
            desk.blocks[at].shape = Shape::Heading(2);
        }
    }
}

/// Whether a block is something that stands before or under a heading.
fn is_text(desk: &Desk, at: usize) -> bool {
    let block = &desk.blocks[at];
    match block.shape {
        Shape::Prose => block.is_running(),
        Shape::List(_) | Shape::Table(_) | Shape::Quote(_) => true,
        _ => false,
    }
}

fn fits(text: &str) -> bool {
    (1..=MAX_WORDS).contains(&word_count(text))
        && text.len() <= MAX_BYTES
        && (!ends_sentence(text) || text.ends_with('?'))
        && starts_upper(text)
        && !text.contains([',', '@', '“', '"', '„', '«', '/', ':', '%', '•', '|', '='])
        && !text.contains("://")
        && text.contains(char::is_alphabetic)
        && !(is_name(text) && starts_as_person(text))
}

/// Whether a line stands under the signs with which a page opens its pictures.
fn is_caption(desk: &Desk, at: usize) -> bool {
    let controls = [
        "arrows pointing outwards",
        "zoom in icon",
        "enlarge image",
        "view full image",
        "open image",
    ];
    let before = at.checked_sub(1).map(|before| fold(&desk.blocks[before].text));
    before.is_some_and(|before| controls.contains(&before.as_str()))
}
