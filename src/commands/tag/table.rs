//! What was found as a table: a line for each company, with the words that show it.

use std::io::{self, Write};

use super::{Screen, Tagged, Tagging};
use crate::ground::span::Span;
use crate::ground::text::one_line;
use crate::reading::company::Register;
use crate::reading::front_matter::CompaniesKey;
use crate::reading::tagging::{Found, Part, TAGGED};

/// The least room that is left for evidence, in characters, however narrow the terminal.
const LEAST_EVIDENCE: usize = 24;

/// Prints an article's companies: first what the site shows, then what else was found.
pub fn print(
    article: &Tagged,
    request: &Tagging,
    register: &Register,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (bold, plain) = match request.screen.has_styles {
        true => ("\u{1b}[1m", "\u{1b}[0m"),
        false => ("", ""),
    };
    let key = match &article.naming.companies {
        CompaniesKey::Exactly(_) => "given in the front matter",
        CompaniesKey::Detected { vetoes } if vetoes.is_empty() => "detected",
        CompaniesKey::Detected { .. } => "detected, but for those vetoed",
    };
    writeln!(out, "{bold}{}{plain}", article.file.path)?;
    writeln!(out, "{}", one_line(&article.naming.title))?;
    let least = request.least.unwrap_or_default();
    let found_of = |slug: &str| {
        let own = |found: &&Found| register.companies()[found.company].slug == slug;
        article.found.iter().find(own)
    };
    let mut rows: Vec<Row> = Vec::new();
    for tag in &article.tags {
        let found = found_of(&tag.slug).filter(|found| found.confidence >= TAGGED);
        if found.is_some_and(|found| found.confidence < least) {
            continue;
        }
        rows.push(Row {
            name: tag.name.to_string(),
            salience: tag.salience.name(),
            found,
            note: "named nowhere in the text",
        });
    }
    if rows.is_empty() {
        writeln!(out, "  no company ({key})")?;
    } else {
        writeln!(out, "  companies, {key}:")?;
        table(&rows, article, request.screen, out)?;
    }
    // What the site does not show is worth a look where it is likely, or where the front matter rules it out.
    let others = |is_likely: bool| -> Vec<Row> {
        let is_other = |found: &&Found| {
            let slug = &register.companies()[found.company].slug;
            (found.confidence >= TAGGED) == is_likely
                && found.confidence >= least.max(LEAST_DOUBT)
                && !article.tags.iter().any(|tag| *tag.slug == **slug)
        };
        let others = article.found.iter().filter(is_other);
        others
            .map(|found| Row {
                name: register.companies()[found.company].name.clone(),
                salience: "",
                found: Some(found),
                note: "",
            })
            .collect()
    };
    let (likely, doubtful) = (others(true), others(false));
    if !likely.is_empty() {
        writeln!(out, "  found, but kept out by the front matter or the settings:")?;
        table(&likely, article, request.screen, out)?;
    }
    if !doubtful.is_empty() {
        writeln!(out, "  in doubt, and not tagged:")?;
        table(&doubtful, article, request.screen, out)?;
    }
    writeln!(out)
}

/// Below this confidence, in thousandths, nobody needs to look.
const LEAST_DOUBT: u16 = 200;

struct Row<'f> {
    name: String,
    salience: &'static str,
    found: Option<&'f Found>,
    /// What is said instead of evidence.
    note: &'static str,
}

fn table(rows: &[Row<'_>], article: &Tagged, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let width = |text: &str| text.chars().count();
    let names = rows.iter().map(|row| width(&row.name)).max().unwrap_or_default();
    let saliences = rows
        .iter()
        .map(|row| width(row.salience))
        .max()
        .unwrap_or_default();
    for row in rows {
        let padding = " ".repeat(names - width(&row.name));
        write!(out, "    {}{padding}  ", row.name)?;
        if saliences > 0 {
            write!(out, "{:saliences$}  ", row.salience)?;
        }
        let Some(found) = row.found else {
            writeln!(out, "           {}", row.note)?;
            continue;
        };
        let percent = (u32::from(found.confidence) + 5) / 10;
        write!(out, "{:>3}%  {:>2}×  ", percent.min(99), found.mentions.count())?;
        let used = 4 + names + 2 + if saliences > 0 { saliences + 2 } else { 0 } + 11;
        let room = screen.width.saturating_sub(used).max(LEAST_EVIDENCE);
        writeln!(out, "{}", evidence(article, found, room, screen.has_styles))?;
    }
    Ok(())
}

/// The sentence around the best mention, the mention marked, in so many characters.
fn evidence(article: &Tagged, found: &Found, room: usize, has_styles: bool) -> String {
    let (part, span) = found.best;
    let text = match part {
        Part::Title => article.naming.title.as_str(),
        Part::Standfirst => article.standfirst.as_str(),
        Part::Body => article.visible.text.as_str(),
    };
    let (before, mention, behind) = sentence(text, span);
    let before = before.chars().collect::<Vec<_>>();
    let behind = behind.chars().collect::<Vec<_>>();
    let mention = one_line(mention);
    let left = room.saturating_sub(mention.chars().count() + 2);
    // A third stands before the mention, or more where less follows it.
    let ahead = before
        .len()
        .min((left / 3).max(left.saturating_sub(behind.len())));
    let after = behind.len().min(left - ahead);
    let mut shown = String::new();
    if ahead < before.len() {
        let from = before.len() - ahead.saturating_sub(1);
        let word = before[from..].iter().position(|sign| *sign == ' ');
        shown.push('…');
        shown.extend(&before[word.map_or(from, |length| from + length + 1)..]);
    } else {
        shown.extend(&before);
    }
    match has_styles {
        true => shown.push_str(&format!("\u{1b}[1m«{mention}»\u{1b}[0m")),
        false => shown.push_str(&format!("«{mention}»")),
    }
    if after < behind.len() {
        let to = after.saturating_sub(1);
        let word = behind[..to].iter().rposition(|sign| *sign == ' ');
        shown.extend(&behind[..word.unwrap_or(to)]);
        shown.push('…');
    } else {
        shown.extend(&behind);
    }
    shown
}

/// The sentence that holds a place: what stands before it, the place, and what follows.
fn sentence(text: &str, span: Span) -> (&str, &str, &str) {
    let (start, end) = (span.start as usize, span.end as usize);
    let (Some(before), Some(mention), Some(behind)) =
        (text.get(..start), text.get(start..end), text.get(end..))
    else {
        return ("", "", "");
    };
    let ends_before = |(at, sign): (usize, char)| {
        let rest = &before[at + sign.len_utf8()..];
        match sign {
            '\n' | '。' | '！' | '？' => Some(at + sign.len_utf8()),
            '.' | '!' | '?' | '…' => {
                let space = rest.find(' ')?;
                let closes = rest[..space]
                    .chars()
                    .all(|sign| matches!(sign, '”' | '"' | '’' | ')'));
                let opens = rest[space..]
                    .trim_start()
                    .chars()
                    .next()
                    .is_none_or(|next| !next.is_lowercase());
                // U.S. and the like end no sentence.
                let word = before[..at].rsplit([' ', '.']).next().unwrap_or_default();
                (closes && opens && word.chars().count() > 1).then_some(at + sign.len_utf8() + space)
            }
            _ => None,
        }
    };
    let from = before
        .char_indices()
        .rev()
        .find_map(ends_before)
        .unwrap_or_default();
    let ends_behind = |(at, sign): (usize, char)| match sign {
        '\n' => Some(at),
        '。' | '！' | '？' => Some(at + sign.len_utf8()),
        '.' | '!' | '?' | '…' => {
            let rest = &behind[at + sign.len_utf8()..];
            let closing = rest.len() - rest.trim_start_matches(['”', '"', '’', ')']).len();
            let opens = rest[closing..]
                .strip_prefix(' ')
                .is_none_or(|next| next.chars().next().is_none_or(|next| !next.is_lowercase()));
            let is_end = rest[closing..].is_empty() || rest[closing..].starts_with([' ', '\n']);
            let word = behind[..at].rsplit([' ', '.']).next().unwrap_or_default();
            (is_end && opens && word.chars().count() > 1).then_some(at + sign.len_utf8() + closing)
        }
        _ => None,
    };
    let to = behind
        .char_indices()
        .find_map(ends_behind)
        .unwrap_or(behind.len());
    (before[from..].trim_start(), mention, &behind[..to])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_one_sentence() {
        let check = |text: &str, expected: (&str, &str, &str)| {
            let at = text.find("Gap").expect("the name");
            assert_eq!(sentence(text, Span::new(at, at + 3)), expected, "{text}");
        };
        check(
            "It fell. In May Gap rose 3.5%. Then not.",
            ("In May ", "Gap", " rose 3.5%."),
        );
        check("One\nGap is “up.” So", ("", "Gap", " is “up.”"));
        check("In the U.S. Gap rose", ("In the U.S. ", "Gap", " rose"));
        check("今日。Gapは上昇。明日", ("", "Gap", "は上昇。"));
        check("Gap", ("", "Gap", ""));
    }
}
