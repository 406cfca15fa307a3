//! Pasted and scraped text as a clip: the headline once, paragraphs whole, and nothing that is none of the article.
//!
//! Three rules hold everywhere. A line goes only if all of it is understood. Whatever goes is counted and named
//! with its line. What the text does not say clearly is not said of it: then a field stays empty and a note
//! tells why. Texts are hostile: all work is linear in their length.

mod article;
mod block;
mod byline;
mod desk;
mod ends;
mod escape;
mod head;
mod headline;
mod layout;
mod line;
mod list;
mod mail;
mod page;
mod phrase;
mod related;
mod source;
mod stamp;
mod sub_head;
mod table;
mod topic;
mod trailer;
mod vocabulary;
mod written;

use super::clip::Clip;
use super::foreign::post::Note;
use block::Block;
use desk::{Desk, LEFT_OUT};
use layout::Layout;
use line::Line;

/// Reads a pasted text. Notes name lines of it, and no file: the caller knows which it was.
///
/// The body is Markdown that shows what the text said; the title is plain. Reading title and body once
/// more gives the same body.
pub fn read(text: &str) -> Clip {
    if let Some(clip) = article::read(text) {
        return clip;
    }
    if written::is_markdown(text) {
        let mut clip = read_markdown(text);
        if !written::is_markdown(&clip.body) {
            // All that was Markdown in it were trailers; the rest is set like any plain text.
            let (lines, _) = line::lines(&clip.body);
            let (blocks, _) = block::blocks(&lines, &Layout::of(&lines));
            clip.body = block::markdown(&blocks);
        }
        return clip;
    }
    read_plain(text)
}

/// A text in which only whole blocks go, because it is Markdown.
fn read_markdown(text: &str) -> Clip {
    let mut desk = Desk::default();
    desk.lay(written::blocks(text));
    edit(desk, None)
}

fn read_plain(text: &str) -> Clip {
    let (mut lines, unseen) = line::lines(text);
    let mut desk = Desk::default();
    if unseen > 0 {
        desk.clip
            .left_out
            .insert("characters that nobody sees".to_owned(), unseen);
        desk.clip
            .notes
            .push(Note::whole("", "characters that nobody sees", LEFT_OUT));
    }
    mail::unquote(&mut lines);
    let subject = mail_head(&mut desk, &mut lines);
    for furniture in page::clear(&mut lines) {
        desk.note_left_out(furniture.number, furniture.what, &furniture.text, LEFT_OUT);
    }
    layout::close_up(&mut lines);
    let layout = Layout::of(&lines);
    let (blocks, doubts) = block::blocks(&lines, &layout);
    for line in doubts {
        desk.note(
            line,
            "a hyphen at the end of a line",
            "",
            "kept: it may be part of the word",
        );
    }
    desk.lay(blocks);
    edit(desk, subject)
}

/// Takes over what the head of an e-mail says; gives back its subject.
fn mail_head(desk: &mut Desk, lines: &mut Vec<Line>) -> Option<String> {
    let head = mail::take_head(lines)?;
    for (number, text) in &head.lines {
        desk.note_left_out(*number, "the head of an e-mail", text, LEFT_OUT);
    }
    let line = head.lines.first().map_or(0, |(line, _)| *line);
    if let Some(date) = &head.date {
        // Without the offset: what a newsletter says of its day is the day of its desk.
        let day = date
            .split(" +")
            .next()
            .and_then(|date| date.split(" -").next())
            .unwrap_or_default();
        desk.take_stamps(&stamp::stamps(day).unwrap_or_default(), line, date);
    }
    desk.clip.source.name = head.sender;
    head.subject.map(|subject| {
        let answers = [
            "Re: ", "RE: ", "Fwd: ", "FWD: ", "Fw: ", "FW: ", "AW: ", "WG: ", "Tr: ",
        ];
        let mut bare = subject.trim();
        while let Some(rest) = answers.iter().find_map(|answer| bare.strip_prefix(answer)) {
            bare = rest.trim();
        }
        bare.to_owned()
    })
}

/// Takes a text apart into the fields of a clip.
fn edit(mut desk: Desk, subject: Option<String>) -> Clip {
    headline::take(&mut desk, subject);
    related::leave_out(&mut desk);
    head::read(&mut desk);
    ends::leave_out(&mut desk);
    if desk.clip.title.is_empty() {
        // What stood over the headline may be gone by now.
        headline::take(&mut desk, None);
    }
    sub_head::mark(&mut desk);
    let kept: Vec<&Block> = desk
        .blocks
        .iter()
        .zip(&desk.gone)
        .filter(|(_, gone)| !**gone)
        .map(|(block, _)| block)
        .collect();
    desk.clip.body = block::markdown(kept);
    desk.clip.notes.sort_by_key(|note| note.line);
    desk.clip
}
