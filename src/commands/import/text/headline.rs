//! The headline: which line it is, and everywhere it stands again.
//!
//! A line is believed to be the headline where it is marked as one, where it comes again, or where it is the
//! first and has the form of one. Otherwise there is none, and none is invented.

use super::block::{Block, Shape};
use super::desk::{Desk, LEFT_OUT};
use super::phrase::{ends_with_stop, fold, key, starts_lower, word_count};
use super::source::{self, agency};
use super::trailer::Kind;
use super::vocabulary;
use super::{byline, stamp, topic};
use crate::ground::text::one_line;

const AGAIN: &str = "the headline again";

/// The most blocks among which the headline is looked for, and in which it may be glued to the text.
const HEAD: usize = 30;

/// The longest headline, in words and in bytes.
const MAX_WORDS: usize = 35;
const MAX_BYTES: usize = 300;

/// Finds the headline and takes it out of the text, wherever it stands.
pub fn take(desk: &mut Desk, subject: Option<String>) {
    let mut line = 1;
    let title = match subject {
        Some(subject) => subject,
        None => match find(desk) {
            Some(at) => {
                let title = unglued(&desk.blocks[at].text)
                    .unwrap_or(&desk.blocks[at].text)
                    .to_owned();
                desk.gone[at] = true;
                desk.title = Some(at);
                leave_out_before(desk, at);
                let copies = copies(&desk.blocks[at].text, &title);
                line = desk.blocks[at].line;
                for _ in 1..copies {
                    desk.note_left_out(line, AGAIN, &title, LEFT_OUT);
                }
                title
            }
            None => return,
        },
    };
    let title = without_site(desk, line, bare_title(&title));
    leave_out_again(desk, &title);
    unglue_text(desk, &title);
    desk.clip.title = one_line(&title);
}

/// A headline without the label before it and the signs of emphasis around it.
fn bare_title(title: &str) -> &str {
    let labels = ["Title: ", "Headline: ", "TITLE: ", "HEADLINE: ", "Titel: "];
    let mut bare = labels
        .iter()
        .find_map(|label| title.strip_prefix(label))
        .unwrap_or(title)
        .trim();
    for sign in ["**", "*", "_"] {
        let inner = bare.strip_prefix(sign).and_then(|inner| inner.split_once(sign));
        // Behind the closing sign there may be a picture, and nothing else.
        bare = inner
            .filter(|(inner, behind)| {
                !inner.is_empty()
                    && !behind.contains(|next: char| next.is_alphanumeric() || next == '*' || next == '_')
            })
            .map_or(bare, |(inner, _)| inner);
    }
    bare
}

/// How often a text is a line over and over.
fn copies(text: &str, unit: &str) -> usize {
    if unit.is_empty() {
        1
    } else {
        text.matches(unit).count().max(1)
    }
}

/// The block that is the headline.
fn find(desk: &Desk) -> Option<usize> {
    let head: Vec<usize> = (0..desk.blocks.len().min(HEAD))
        .filter(|&at| !desk.gone[at] && desk.blocks[at].is_line())
        .collect();
    let is_free = |at: &usize| !is_other(desk, *at);
    // What is marked as the headline is it, whatever it says.
    let marked = head
        .iter()
        .copied()
        .find(|&at| desk.found[at].is_none() && level(&desk.blocks[at]) == Some(1));
    if marked.is_some() {
        return marked;
    }
    let first = head.iter().copied().find(is_free)?;
    // Odds and ends of a page may stand over the headline.
    let is_odd = |at: usize| !desk.is_content(at) && word_count(&desk.blocks[at].text) <= 8;
    let fitting = head
        .iter()
        .copied()
        .filter(is_free)
        .take_while(|&at| !desk.is_content(at));
    let mut fitting = fitting.skip_while(|&at| {
        is_odd(at) && !fits_as_headline(&desk.blocks[at].text) && level(&desk.blocks[at]).is_none()
    });
    let first = fitting.next().unwrap_or(first);
    let fits = |at: usize| fits_as_headline(&desk.blocks[at].text);
    let comes_again = |at: usize| {
        let text = &desk.blocks[at].text;
        unglued(text).is_some()
            || head
                .iter()
                .any(|&other| other != at && repeats(&desk.blocks[other].text, text))
    };
    let repeated = head
        .iter()
        .copied()
        .filter(is_free)
        .take_while(|&at| at == first || !desk.blocks[at].is_running() || comes_again(at))
        .find(|&at| comes_again(at) && word_count(&desk.blocks[at].text) >= 3);
    if repeated.is_some() {
        return repeated;
    }
    let first = below_furniture(desk, first);
    let is_heading =
        level(&desk.blocks[first]).is_some() && desk.blocks[first].text.contains(char::is_alphabetic);
    // A dateline opens the text, whatever stands behind it.
    let is_first = !(0..first).any(|at| desk.is_content(at)) && !is_below_dateline(desk, first);
    (is_first && (is_heading || fits(first))).then_some(first)
}

fn is_below_dateline(desk: &Desk, first: usize) -> bool {
    (0..first).any(|at| !desk.gone[at] && source::dateline(&desk.blocks[at].text).is_some())
}

/// The line that is the headline if a page's own lines stand over it: signing in, searching, its sections.
fn below_furniture(desk: &Desk, first: usize) -> usize {
    if level(&desk.blocks[first]).is_some() {
        return first;
    }
    let candidates = (first + 1..desk.blocks.len().min(HEAD)).take_while(|&at| !desk.is_content(at));
    let better = candidates.filter(|&at| {
        desk.blocks[at].is_line() && !is_other(desk, at) && fits_as_headline(&desk.blocks[at].text)
    });
    let mut better = better.filter(|&at| word_count(&desk.blocks[at].text) >= 4);
    better.find(|&at| is_furniture(desk, first, at)).unwrap_or(first)
}

/// Whether lines of navigation stand between two lines.
fn is_furniture(desk: &Desk, from: usize, to: usize) -> bool {
    let kinds = (from + 1..to)
        .filter_map(|at| desk.found[at])
        .filter(|found| matches!(found.kind, Kind::Navigation | Kind::SignIn));
    let (sure, all) = kinds.fold((0, 0), |(sure, all), found| {
        (sure + usize::from(found.is_sure), all + 1)
    });
    sure > 0 || all > 1
}

/// The level of a heading, as Markdown marks it.
fn level(block: &Block) -> Option<u8> {
    match &block.shape {
        Shape::Heading(level) => Some(*level),
        Shape::Raw(raw) => {
            let hashes = raw.bytes().take_while(|byte| *byte == b'#').count();
            let is_heading =
                (1..=6).contains(&hashes) && raw[hashes..].starts_with([' ', '\t']) && !raw.contains('\n');
            u8::try_from(hashes).ok().filter(|_| is_heading)
        }
        _ => None,
    }
}

/// Whether a block is something else than a headline by its words: a trailer, a by-line, a date, an address.
fn is_other(desk: &Desk, at: usize) -> bool {
    let text = &desk.blocks[at].text;
    desk.found[at].is_some()
        || topic::is_label(text)
        || byline::signature(text).is_some()
        || byline::is_label(text)
        || byline::byline(text).is_some()
        || stamp::stamps(text).is_some()
        || source::told(text).is_some()
        || is_site(desk, at)
}

/// Whether a short line is the name of a page that stands over a headline: the next one fits better.
fn is_site(desk: &Desk, at: usize) -> bool {
    let next = (at + 1..desk.blocks.len().min(HEAD))
        .find(|&next| desk.blocks[next].is_line() && desk.found[next].is_none());
    let is_short = word_count(&desk.blocks[at].text) <= 2 && level(&desk.blocks[at]).is_none() && at < 4;
    let better = next
        .map(|next| &desk.blocks[next])
        .filter(|next| !next.is_running() && fits_as_headline(&next.text));
    is_short && better.is_some_and(|next| (5..=MAX_WORDS).contains(&word_count(&next.text)))
}

/// Whether a line has the form of a headline.
fn fits_as_headline(text: &str) -> bool {
    let count = word_count(text);
    (1..=MAX_WORDS).contains(&count)
        && text.len() <= MAX_BYTES
        && !ends_with_stop(text)
        && !text.ends_with([',', ';', ':', '-', '–', '—'])
        && !starts_lower(text)
        && source::dateline(text).is_none()
        && !text.contains(". ")
        && !text.contains("://")
        && text.contains(char::is_alphabetic)
}

/// Whether a line says a headline again: the same letters, the headline over and over, or the beginning of it.
fn repeats(text: &str, title: &str) -> bool {
    let (text_key, title_key) = (key(text), key(title));
    if title_key.is_empty() || text_key.is_empty() {
        return false;
    }
    let is_cut = text.ends_with('…') || text.ends_with("...");
    let is_beginning = is_cut && text_key.len() >= 20 && title_key.starts_with(&text_key);
    is_beginning || text_key.len().is_multiple_of(title_key.len()) && is_copies(&text_key, &title_key)
}

fn is_copies(text: &str, unit: &str) -> bool {
    text.as_bytes()
        .chunks(unit.len())
        .all(|chunk| chunk == unit.as_bytes())
}

/// The line that a text is over and over, with or without signs between.
fn unglued(text: &str) -> Option<&str> {
    if text.len() > 4000 {
        return None;
    }
    ["", " ", " | ", " - ", " – ", " — ", "|", ": ", " / ", " · "]
        .iter()
        .find_map(|join| {
            let whole = format!("{text}{join}");
            let period = period(whole.as_bytes())?;
            let unit = text.get(..period.checked_sub(join.len())?)?;
            (word_count(unit) >= 3 && unit.len() >= 12 && whole.get(unit.len()..period)? == *join)
                .then(|| unit.trim())
        })
}

/// The length of the shortest part that a text is over and over; nothing if that is the text itself.
fn period(text: &[u8]) -> Option<usize> {
    // How much of the beginning ends at each byte: the table of Knuth, Morris and Pratt.
    let mut borders = vec![0_usize; text.len()];
    let mut length = 0;
    for at in 1..text.len() {
        while length > 0 && text[at] != text[length] {
            length = borders[length - 1];
        }
        length += usize::from(text[at] == text[length]);
        borders[at] = length;
    }
    let period = text.len() - borders.last()?;
    (period < text.len() && text.len().is_multiple_of(period)).then_some(period)
}

/// Lines of a few words that stand over the headline say whose page it is.
fn leave_out_before(desk: &mut Desk, title: usize) {
    for at in 0..title {
        let is_furniture = is_furniture(desk, at, title);
        let is_short = desk.line(at).is_some_and(|text| {
            (word_count(text) <= 4 || is_furniture) && word_count(text) <= 12 && !ends_with_stop(text)
        });
        if is_short && desk.found[at].is_none() && !is_meta(desk, at) {
            desk.leave_out(at, "a line over the headline", LEFT_OUT);
        }
    }
}

fn is_meta(desk: &Desk, at: usize) -> bool {
    let text = &desk.blocks[at].text;
    byline::is_label(text)
        || byline::byline(text).is_some()
        || stamp::stamps(text).is_some()
        || source::told(text).is_some()
}

/// A headline without the name of the site behind it, where that is evident.
fn without_site(desk: &mut Desk, line: usize, title: &str) -> String {
    let mut title = title.to_owned();
    for _ in 0..3 {
        let Some((bare, site)) = site_behind(desk, &title) else {
            break;
        };
        let is_section = vocabulary::find(&fold(&site)).is_some();
        let became = if is_section {
            LEFT_OUT
        } else {
            "read as the source"
        };
        desk.note(line, "the name of the site behind the headline", &site, became);
        if desk.clip.source.name.is_none() && !is_section {
            desk.clip.source.name = Some(site);
        }
        title = bare;
    }
    title
}

fn site_behind(desk: &Desk, title: &str) -> Option<(String, String)> {
    let joins = [" | ", " :: ", " - ", " – ", " — ", " · ", " » "];
    let (at, join) = joins
        .iter()
        .filter_map(|join| title.rfind(join).map(|at| (at, *join)))
        .max()?;
    let (bare, site) = (
        title[..at].trim(),
        title[at + join.len()..].trim_matches([' ', '|']),
    );
    if word_count(bare) < 3
        || site.is_empty()
        || word_count(site) > 5
        || site.len() > 50
        || ends_with_stop(site)
    {
        return None;
    }
    if stamp::stamps(site).is_some() || byline::byline(site).is_some() {
        return None;
    }
    let is_bar = matches!(join, " | " | " :: ");
    let stands_bare = desk
        .blocks
        .iter()
        .take(HEAD)
        .any(|block| block.is_line() && key(&block.text) == key(bare));
    (is_bar || stands_bare || is_known(desk, site)).then(|| (bare.to_owned(), site.to_owned()))
}

/// Whether something else in the text says that this is the name of its site.
fn is_known(desk: &Desk, site: &str) -> bool {
    let name = key(site);
    if name.len() < 3 {
        return false;
    }
    let says_so = |block: &Block| {
        let host = source::told(&block.text)
            .and_then(|told| told.url)
            .is_some_and(|url| {
                let host = url.split('/').nth(2).unwrap_or_default();
                key(host).contains(&name)
            });
        host || block.text.contains('©') && block.text.len() < 200 && key(&block.text).contains(&name)
    };
    agency(site).is_some() || desk.blocks.iter().filter(|block| block.is_line()).any(says_so)
}

/// Leaves out every line that says the headline again.
fn leave_out_again(desk: &mut Desk, title: &str) {
    for at in 0..desk.blocks.len() {
        let Some(text) = desk.line(at).filter(|text| text.len() <= 20 * MAX_BYTES) else {
            continue;
        };
        if !begins_alike(text, title) {
            continue;
        }
        let bare = [" | ", " :: ", " - ", " – ", " — "]
            .iter()
            .filter_map(|join| text.rfind(join))
            .max();
        let is_again = repeats(text, title)
            || bare.is_some_and(|bare| word_count(&text[bare..]) <= 6 && repeats(&text[..bare], title));
        if is_again && (word_count(title) >= 3 || at < HEAD) {
            desk.leave_out(at, AGAIN, LEFT_OUT);
        }
    }
}

/// Whether two texts begin with the same letters, as far as the shorter one goes or twenty of them.
fn begins_alike(text: &str, title: &str) -> bool {
    let text = text
        .chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase);
    let title = title
        .chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase);
    text.zip(title).take(20).all(|(one, other)| one == other)
}

/// Takes the headline off the front of a paragraph that it is glued to.
fn unglue_text(desk: &mut Desk, title: &str) {
    if title.len() < 20 || word_count(title) < 3 {
        return;
    }
    for at in 0..desk.blocks.len().min(HEAD) {
        if desk.blocks[at].shape != Shape::Prose {
            continue;
        }
        while let Some(rest) = desk
            .line(at)
            .and_then(|text| text.strip_prefix(title))
            .and_then(|rest| glued(rest, title))
        {
            let rest = rest.to_owned();
            let line = desk.blocks[at].line;
            desk.blocks[at].text = rest;
            desk.running[at] = desk.blocks[at].is_running();
            desk.note_left_out(line, AGAIN, title, LEFT_OUT);
        }
    }
}

/// What is glued behind a headline, if it is a text of its own.
fn glued<'r>(rest: &'r str, title: &str) -> Option<&'r str> {
    let signs = [" - ", " – ", " — ", " | ", ": "];
    let behind = signs.iter().find_map(|sign| rest.strip_prefix(sign));
    let is_long = word_count(title) >= 6;
    let text = behind
        .or_else(|| rest.strip_prefix(' ').filter(|_| is_long))
        .unwrap_or(rest);
    let begins =
        text.starts_with(|first: char| first.is_uppercase() || matches!(first, '“' | '"' | '„' | '«'));
    let is_apart = text.len() < rest.len()
        || title.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '?' | '!' | '”' | '’'));
    (begins && is_apart && word_count(text) >= 4).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glued_headlines_come_apart() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(unglued(text), expected, "{text}");
        check("Acme buys BoltAcme buys Bolt", Some("Acme buys Bolt"));
        check(
            "Acme buys Bolt Acme buys Bolt Acme buys Bolt",
            Some("Acme buys Bolt"),
        );
        check("Acme buys Bolt | Acme buys Bolt", Some("Acme buys Bolt"));
        check(
            "Acme buys Bolt - Acme buys Bolt - Acme buys Bolt",
            Some("Acme buys Bolt"),
        );
        check("Acme buys Bolt", None);
        check("No no no no no", None);
    }

    #[test]
    fn headlines_have_a_form() {
        for text in [
            "Acme buys Bolt",
            "Who will buy Bolt?",
            "“We grow,” says Acme",
            "iPhone sales fall",
            "Acme sues Bolt in U.S.",
        ] {
            assert!(fits_as_headline(text), "{text}");
        }
        for text in [
            "Acme bought Bolt.",
            "and then it grew",
            "Dear all,",
            "It said: it grew. Then it fell",
            "(Reuters) - Acme grew",
        ] {
            assert!(!fits_as_headline(text), "{text}");
        }
    }
}
