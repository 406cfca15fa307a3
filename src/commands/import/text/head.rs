//! What stands around a text and says who, when and where: by-lines, dates, sources.
//!
//! These are read near the head, before the text has come to its second paragraph, and behind its end. In the middle
//! of a text such lines are part of it.

use super::desk::{Desk, LEFT_OUT};
use super::phrase::{ends_sentence, is_name, key, starts_as_person, word_count};
use super::stamp::{self, Stamp};
use super::trailer::{Kind, trailer};
use super::{byline, source, topic};

/// The most lines behind the end of a text that are looked at.
const LONGEST_TAIL: usize = 200;

const BYLINE: &str = "a by-line";
const DATE: &str = "a date line";
const SOURCE: &str = "a line on the source";
const NAME: &str = "a name alone";
const ROLE: &str = "what an author is";

/// What becomes of a name of which nothing is said.
const PERHAPS_AUTHOR: &str = "left out: nothing says what the name is; if the author's, add it to `authors`";

/// Reads what stands before and behind the text.
pub fn read(desk: &mut Desk) {
    let (head, tail) = ends(desk);
    let mut region: Vec<usize> = (0..head).collect();
    region.extend((tail..desk.blocks.len()).take(LONGEST_TAIL));
    for &at in &region {
        let is_tail = at >= tail && at >= head;
        line(desk, at, is_tail);
    }
    // In front of the text nobody signs.
    let first = (0..desk.blocks.len())
        .find(|&at| desk.is_content(at))
        .unwrap_or(desk.blocks.len());
    for at in first..desk.blocks.len() {
        sign(desk, at);
    }
    // Twice, because a name may stand over what its bearer is.
    for at in region.iter().chain(&region) {
        names(desk, *at, *at < head);
    }
    for &at in &region {
        publication(desk, at, at < head);
    }
    for at in 0..head {
        date_of_dateline(desk, at);
    }
    for at in first..desk.blocks.len() {
        author_again(desk, at);
    }
}

/// Where the head ends and where the tail begins: behind the first paragraph, or a second that follows
/// directly on a standfirst; behind the last.
fn ends(desk: &Desk) -> (usize, usize) {
    const LONGEST: usize = 25;
    let mut content = (0..desk.blocks.len()).filter(|&at| desk.is_content(at));
    let first = content.next();
    let second = content.next().unwrap_or(desk.blocks.len());
    let last = (0..desk.blocks.len()).rev().find(|&at| desk.is_content(at));
    let head = second
        .min(LONGEST)
        .min(first.map_or(LONGEST, |first| first + LONGEST))
        .min(desk.blocks.len());
    (head, last.map_or(desk.blocks.len(), |last| last + 1).max(head))
}

/// Reads one line.
fn line(desk: &mut Desk, at: usize, is_tail: bool) {
    let Some(text) = desk.line(at).map(str::to_owned) else {
        return;
    };
    if byline::is_label(&text) {
        label(desk, at);
        return;
    }
    let number = desk.blocks[at].line;
    let stamps = stamp::stamps(&text).or_else(|| stamp::stamps_before_reading_time(&text));
    if let Some(stamps) = stamps.filter(|stamps| !is_tail || stamps.iter().any(|stamp| stamp.is_labelled)) {
        let became = desk.take_stamps(&stamps, number, &text);
        desk.leave_out(at, DATE, became);
        desk.stamped[at] = true;
        return;
    }
    if let Some(told) = source::told(&text) {
        let known = desk.clip.source.url.clone();
        let is_other = told.url.is_some() && known.is_some() && known != told.url && !told.is_labelled;
        if is_other {
            return;
        }
        let became = if told.url.is_some() {
            "read as the source's address"
        } else {
            "read as the source"
        };
        desk.take_source(told);
        desk.leave_out(at, SOURCE, became);
        return;
    }
    if let Some((found, behind)) = byline::byline(&text) {
        let rest = parts(behind);
        if let Some(rest) = rest {
            take_byline(desk, at, found);
            for stamps in rest {
                desk.take_stamps(&stamps, number, &text);
            }
            return;
        }
    }
    segments(desk, at, &text);
}

/// What stands behind the names of a by-line, if all of it is understood: dates.
fn parts(behind: &str) -> Option<Vec<Vec<Stamp>>> {
    let parts = split(behind);
    let mut found = Vec::new();
    for part in parts {
        match stamp::stamps(part) {
            Some(stamps) => found.push(stamps),
            None => {
                trailer(part)?;
            }
        }
    }
    Some(found)
}

/// Whether a line has several parts and one of them is a date or a by-line.
pub fn is_divided(text: &str) -> bool {
    text.contains(['|', '·', '•', '●'])
        && text.len() <= 300
        && split(text)
            .iter()
            .any(|part| stamp::stamps(part).is_some() || byline::byline(part).is_some())
}

fn split(text: &str) -> Vec<&str> {
    let pieces = text
        .split(['|', '·', '•', '\t', '—', '–', '●'])
        .flat_map(|piece| piece.split(" - "))
        .flat_map(|piece| piece.split(" / "));
    pieces
        .map(|piece| piece.trim_matches([' ', ',']))
        .filter(|piece| !piece.is_empty())
        .collect()
}

fn take_byline(desk: &mut Desk, at: usize, found: byline::Byline) {
    let became = if !found.authors.is_empty() {
        "read as the authors"
    } else if found.source.is_some() {
        "read as the source"
    } else {
        LEFT_OUT
    };
    desk.take_authors(found.authors);
    if desk.clip.source.name.is_none() {
        desk.clip.source.name = found.source;
    }
    desk.leave_out(at, BYLINE, became);
    desk.stamped[at] = true;
}

/// "By" alone, and the name on the next line.
fn label(desk: &mut Desk, at: usize) {
    let next = (at + 1..desk.blocks.len()).find(|&next| !desk.gone[next]);
    let found = next.and_then(|next| Some((next, byline::byline(&format!("By {}", desk.line(next)?))?.0)));
    if let Some((next, found)) = found {
        take_byline(desk, next, found);
        desk.leave_out(at, BYLINE, LEFT_OUT);
    }
}

/// A line of several parts, `Jane Doe | Jan 21, 2025 | 3 min read`: each of them must be understood, and
/// one of them a date, a by-line or a reading time.
fn segments(desk: &mut Desk, at: usize, text: &str) {
    let parts = split(text);
    if parts.len() < 2 || parts.len() > 8 || text.len() > 300 {
        return;
    }
    let mut sure = 0;
    let mut names = 0;
    for part in &parts {
        let is_meta = stamp::stamps(part).is_some()
            || byline::byline(part).is_some_and(|(_, behind)| parts_are_dates(behind))
            || trailer(part).is_some_and(|found| found.is_sure);
        let is_name = is_name(part)
            || byline::is_role(part)
            || source::agency(part).is_some()
            || trailer(part).is_some();
        sure += usize::from(is_meta);
        names += usize::from(is_name && !is_meta);
    }
    if sure == 0 || sure + names < parts.len() {
        return;
    }
    let number = desk.blocks[at].line;
    let mut became = LEFT_OUT;
    let mut what = DATE;
    for part in parts {
        if let Some(stamps) = stamp::stamps(part) {
            became = desk.take_stamps(&stamps, number, text);
        } else if let Some((found, behind)) = byline::byline(part) {
            what = BYLINE;
            desk.take_authors(found.authors);
            for stamps in self::parts(behind).unwrap_or_default() {
                desk.take_stamps(&stamps, number, text);
            }
        } else if let Some(agency) = source::agency(part) {
            desk.clip.source.name.get_or_insert(agency.to_owned());
        } else if let Some(topics) = topic::topics(part) {
            desk.take_topics(topics);
        } else if is_name(part) && trailer(part).is_none() {
            desk.note(number, NAME, part, PERHAPS_AUTHOR);
        } else if trailer(part).is_some_and(|found| found.kind == Kind::ReadingTime)
            && what == DATE
            && became == LEFT_OUT
        {
            what = Kind::ReadingTime.name();
        }
    }
    let became = if what == BYLINE {
        "read as the authors"
    } else {
        became
    };
    desk.leave_out(at, what, became);
    desk.stamped[at] = what != Kind::ReadingTime.name();
}

fn parts_are_dates(behind: &str) -> bool {
    parts(behind).is_some()
}

/// How wire services sign.
fn sign(desk: &mut Desk, at: usize) {
    let Some(found) = desk.line(at).and_then(byline::signature) else {
        return;
    };
    take_byline(desk, at, found);
}

/// Names and what people are, on lines of their own, beside a line that was something of the kind.
fn names(desk: &mut Desk, at: usize, is_head: bool) {
    let Some(text) = desk.line(at).filter(|_| desk.found[at].is_none()) else {
        return;
    };
    let mut people = text.split(" and ").flat_map(|people| people.split(", "));
    let is_person = word_count(text) <= 8 && people.all(|one| is_name(one) && word_count(one) <= 4);
    let is_role = byline::is_role(text);
    if !is_person && !is_role {
        return;
    }
    let near: Vec<usize> = [at.checked_sub(1), Some(at + 1)]
        .into_iter()
        .flatten()
        .filter(|near| Some(*near) != desk.title)
        .collect();
    let is_stamped = near
        .iter()
        .any(|&near| desk.stamped.get(near).copied().unwrap_or_default());
    let is_beside = near.iter().any(|&near| desk.is_trailer(near));
    // Two words with capital letters among trailers may be a company.
    let is_evident = is_stamped || is_beside && (is_role || starts_as_person(text));
    if is_evident && is_head {
        let (what, became) = if is_person && !is_role {
            (NAME, PERHAPS_AUTHOR)
        } else {
            (ROLE, LEFT_OUT)
        };
        desk.leave_out(at, what, became);
        desk.stamped[at] = true;
    }
}

/// The name of the publication on a line of its own: one that is known, or a few words beside a date or a by-line,
/// or among trailers behind the end.
fn publication(desk: &mut Desk, at: usize, is_head: bool) {
    let Some(text) = desk.line(at) else { return };
    if !(1..=4).contains(&word_count(text)) || desk.found[at].is_some() || ends_sentence(text) {
        return;
    }
    let is_known = desk
        .clip
        .source
        .name
        .as_deref()
        .is_some_and(|name| key(name) == key(text));
    let before = at.checked_sub(1);
    let is_beside = is_head
        && [before, Some(at + 1)]
            .into_iter()
            .flatten()
            .any(|near| desk.stamped.get(near).copied().unwrap_or_default());
    let is_among = !is_head
        && before.is_some_and(|before| desk.is_trailer(before))
        && (at + 1 == desk.blocks.len() || desk.is_trailer(at + 1));
    let is_number = text.chars().all(|character| character.is_ascii_digit());
    let is_near = before.is_some_and(|before| desk.is_trailer(before)) || desk.is_trailer(at + 1);
    if is_head && is_number && is_near {
        desk.leave_out(at, Kind::Share.name(), LEFT_OUT);
    } else if is_known {
        desk.leave_out(at, SOURCE, "left out: it is the name of the source");
    } else if is_beside || is_among {
        desk.leave_out(at, "a few words alone", LEFT_OUT);
    }
}

/// The name of an author or of the source, alone on a line somewhere behind the beginning of the text.
fn author_again(desk: &mut Desk, at: usize) {
    let Some(text) = desk.line(at).filter(|text| text.len() <= 60) else {
        return;
    };
    let is_author = desk.clip.authors.iter().any(|author| author == text);
    let source = desk.clip.source.name.as_deref();
    let is_source = source.is_some() && source::agency(text).is_some_and(|agency| Some(agency) == source);
    if is_author {
        desk.leave_out(at, "an author's name again", LEFT_OUT);
    } else if is_source {
        desk.leave_out(at, SOURCE, "left out: it is the name of the source");
    }
}

/// The agency and the day in a dateline. The line itself stays: the place stands nowhere else.
fn date_of_dateline(desk: &mut Desk, at: usize) {
    let Some(found) = desk.line(at).and_then(source::dateline) else {
        return;
    };
    if desk.clip.source.name.is_none() {
        desk.clip.source.name = found.agency;
    }
    if desk.clip.date.is_none() {
        desk.clip.date = found.date;
    }
}
