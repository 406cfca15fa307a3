//! What copies of printed pages hold between two parts of the text: page numbers, running heads.
//!
//! A number is a page's only at the edge of a page, or in a row of numbers that count up; a running head is
//! a line that stands there on several pages. A paragraph that goes on overleaf becomes one again.

use std::collections::BTreeMap;

use super::line::Line;
use super::phrase::{ends_sentence, starts_lower, word_count};

/// A line that was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Furniture {
    /// Its number in the source.
    pub number: usize,
    /// What it said.
    pub text: String,
    /// What it is.
    pub what: &'static str,
}

const NUMBER: &str = "page numbers";
const HEAD: &str = "running heads of pages";

/// The longest running head, in words.
const MAX_HEAD_WORDS: usize = 14;

/// Takes out what belongs to pages.
pub fn clear(lines: &mut Vec<Line>) -> Vec<Furniture> {
    let mut marks: Vec<Option<&'static str>> = vec![None; lines.len()];
    let edges = edges(lines);
    number_pages(lines, &edges, &mut marks);
    let breaks = page_ends(lines, &marks);
    running_heads(lines, &breaks, &mut marks);
    if marks.iter().all(Option::is_none) && !lines.iter().any(|line| line.opens_page) {
        return Vec::new();
    }
    let mut taken = Vec::new();
    let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
    let mut is_seam = false;
    for (line, mark) in lines.drain(..).zip(marks) {
        is_seam |= line.opens_page;
        if let Some(what) = mark {
            is_seam = true;
            taken.push(Furniture {
                number: line.number,
                text: line.text.clone(),
                what,
            });
            kept.push(Line {
                text: String::new(),
                ..line
            });
            continue;
        }
        if is_seam && !line.is_blank() {
            join_overleaf(&mut kept, &line);
            is_seam = false;
        }
        kept.push(line);
    }
    *lines = kept;
    taken
}

/// Where a sentence goes on overleaf, nothing divides its lines any more.
fn join_overleaf(kept: &mut Vec<Line>, next: &Line) {
    let last = kept.iter().rposition(|line| !line.is_blank());
    let Some(last) = last else { return };
    let goes_on = kept
        .get(last)
        .is_some_and(|line| !ends_sentence(&line.text) && line.width() >= 25 && starts_lower(&next.text));
    if goes_on {
        kept.truncate(last + 1);
    } else if last + 1 == kept.len() {
        kept.push(Line {
            number: next.number,
            indent: 0,
            text: String::new(),
            opens_page: false,
        });
    }
}

/// Lines at the top or the bottom of pages, where form feeds tell of them: the outermost two of each.
fn edges(lines: &[Line]) -> Vec<usize> {
    let mut edges = Vec::new();
    let opens: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].opens_page).collect();
    if opens.is_empty() {
        return edges;
    }
    let full = |at: &usize| lines.get(*at).is_some_and(|line| !line.is_blank());
    for &open in &opens {
        edges.extend((0..open).rev().take(8).filter(full).take(2));
        edges.extend((open..lines.len()).take(8).filter(full).take(2));
    }
    let last = (0..lines.len()).rev().take(8).filter(full).take(2);
    edges.extend((0..lines.len()).take(8).filter(full).take(1).chain(last));
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// Page numbers: at an edge; or, where there are no form feeds, in a row that counts up.
fn number_pages(lines: &[Line], edges: &[usize], marks: &mut [Option<&'static str>]) {
    for &at in edges {
        if page_number(&lines[at].text).is_some() {
            marks[at] = Some(NUMBER);
        }
    }
    let is_single = |at: usize| {
        let blank = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_none_or(Line::is_blank);
        blank(at.checked_sub(1)) || blank(Some(at + 1))
    };
    let mut row: Vec<(usize, u32)> = Vec::new();
    let mut rows: Vec<Vec<(usize, u32)>> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((number, is_named)) = page_number(&line.text) else {
            continue;
        };
        if is_named {
            marks[at] = Some(NUMBER);
        }
        if !is_single(at) {
            continue;
        }
        // Pages have some text; a column of numbers is a table.
        let follows = row
            .last()
            .is_some_and(|&(before, last)| number == last + 1 && at > before + 5);
        if !follows {
            rows.push(std::mem::take(&mut row));
        }
        row.push((at, number));
    }
    rows.push(row);
    for row in rows
        .iter()
        .filter(|row| row.len() >= 2 && row.first().is_some_and(|first| first.1 <= 2) || row.len() >= 3)
    {
        for &(at, _) in row {
            marks[at] = Some(NUMBER);
        }
    }
}

/// The number of a line of nothing else, and whether it says that it is a page's.
fn page_number(text: &str) -> Option<(u32, bool)> {
    // A dash on one side alone is an item of a list.
    if text.len() > 24 || text.starts_with(['-', '–', '—']) != text.ends_with(['-', '–', '—']) {
        return None;
    }
    let bare = text.trim_matches(['-', '–', '—', '|', '[', ']', ' ', '.', '\u{ad}']);
    let folded = bare.to_lowercase();
    let is_dashed = text.starts_with(['-', '–', '—']);
    let named = ["page ", "seite ", "p. ", "pg. "]
        .iter()
        .find_map(|start| folded.strip_prefix(start));
    let counted = named.unwrap_or(&folded);
    let (number, whole) = counted
        .split_once(" of ")
        .or_else(|| counted.split_once(" von "))
        .or_else(|| counted.split_once('/'))
        .map_or((counted, None), |(number, whole)| {
            (number.trim(), Some(whole.trim()))
        });
    let value: u32 = number.parse().ok().filter(|_| number.len() <= 4)?;
    let is_of = whole.map(|whole| whole.parse::<u32>().is_ok_and(|whole| whole >= value));
    match (named, is_of) {
        (_, Some(false)) => None,
        (Some(_), _) | (None, Some(true)) => Some((value, named.is_some())),
        (None, None) => Some((value, is_dashed)),
    }
}

/// Lines beside the end of a page.
fn page_ends(lines: &[Line], marks: &[Option<&'static str>]) -> Vec<usize> {
    let mut near = Vec::new();
    for at in 0..lines.len() {
        if marks[at].is_none() && !lines[at].opens_page {
            continue;
        }
        let is_free = |at: &usize| !lines[*at].is_blank() && marks[*at].is_none();
        near.extend((0..at).rev().take(6).filter(is_free).take(2));
        near.extend((at..lines.len()).take(6).filter(is_free).take(2));
    }
    // The first page has a head like the others, if any has.
    if !near.is_empty() {
        near.extend(
            (0..lines.len())
                .take(6)
                .filter(|at| !lines[*at].is_blank())
                .take(2),
        );
    }
    near.sort_unstable();
    near.dedup();
    near
}

/// Running heads: lines at ends of pages that come again, but for the numbers in them. The first stays where
/// it may be the headline.
fn running_heads(lines: &[Line], near: &[usize], marks: &mut [Option<&'static str>]) {
    let mut same: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for &at in near {
        let text = &lines[at].text;
        if word_count(text) <= MAX_HEAD_WORDS && text.len() <= 160 && !text.ends_with('.') {
            let shape: String = text
                .chars()
                .filter(|character| character.is_alphabetic())
                .collect();
            if !shape.is_empty() {
                same.entry(shape.to_lowercase()).or_default().push(at);
            }
        }
    }
    let first_full = lines.iter().position(|line| !line.is_blank());
    for places in same.values().filter(|places| places.len() >= 2) {
        for &at in places {
            let has_number = lines[at]
                .text
                .contains(|character: char| character.is_ascii_digit());
            if Some(at) != first_full || has_number {
                marks[at] = Some(HEAD);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::lines;
    use super::*;

    fn check(text: &str, expected: &[&str], taken: usize) {
        let (mut lines, _) = lines(text);
        let found = clear(&mut lines);
        let kept: Vec<String> = lines
            .into_iter()
            .map(|line| line.text)
            .filter(|text| !text.is_empty())
            .collect();
        assert_eq!(kept, expected);
        assert_eq!(found.len(), taken);
    }

    #[test]
    fn pages_become_one_text() {
        check(
            "Acme Report\n\nThe company grew faster than anybody\n\n1\n\u{c}Acme Report\n\nhad thought possible.\n\n2\n",
            &[
                "Acme Report",
                "The company grew faster than anybody",
                "had thought possible.",
            ],
            3,
        );
        check(
            "Text one.\n\nPage 1 of 3\n\nText two.\n\nPage 2 of 3\n\nText three.",
            &["Text one.", "Text two.", "Text three."],
            2,
        );
    }

    #[test]
    fn numbers_in_a_text_stay() {
        check(
            "Sold:\n\n100\n\nBought:\n\n200\n",
            &["Sold:", "100", "Bought:", "200"],
            0,
        );
        check("1\n2\n3\n4\n", &["1", "2", "3", "4"], 0);
    }
}
