//! Who wrote a text, where it says so: `By Jane Doe and John Roe, Staff Writers`, and how wire services sign.
//!
//! A by-line is believed only if everything in it is understood. A name alone says nothing of what
//! its bearer did.

use super::phrase::{beginning, fold, is_name, name};
use super::source::agency;

/// What a by-line tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Byline {
    /// Who.
    pub authors: Vec<String>,
    /// The publication or the agency.
    pub source: Option<String>,
}

const STARTS: &[&str] = &[
    "By ",
    "BY ",
    "by ",
    "Written by ",
    "Written By ",
    "WRITTEN BY ",
    "Words by ",
    "Story by ",
    "Author: ",
    "Authors: ",
    "Von ",
    "Par ",
    "Reported by ",
];

/// Labels that may stand on a line of their own over a name.
pub fn is_label(line: &str) -> bool {
    matches!(
        line.trim_end_matches(':'),
        "By" | "BY"
            | "by"
            | "Written by"
            | "Written By"
            | "Author"
            | "Authors"
            | "Von"
            | "Par"
            | "Reported by"
    )
}

/// What a line tells, if it is a by-line. What stands behind the names is given back: a date, mostly.
pub fn byline(line: &str) -> Option<(Byline, &str)> {
    if line.len() > 200 {
        return None;
    }
    let names = STARTS.iter().find_map(|start| line.strip_prefix(start))?.trim();
    let names = names.strip_prefix(':').unwrap_or(names).trim_start();
    let end = date_start(names).unwrap_or(names.len());
    let (names, behind) = names.split_at(end);
    people(names.trim_end_matches([' ', '|', '·', '•', ',', '-', '–', '—', '\t']))
        .map(|byline| (byline, behind))
}

/// Where a date begins behind names: at a word that no name has.
fn date_start(text: &str) -> Option<usize> {
    let mut at = 0;
    for word in text.split(' ') {
        let folded = fold(word);
        let is_date = word.starts_with(|first: char| first.is_ascii_digit())
            || at > 0
                && matches!(
                    folded.as_str(),
                    "published"
                        | "updated"
                        | "posted"
                        | "last"
                        | "first"
                        | "monday"
                        | "tuesday"
                        | "wednesday"
                        | "thursday"
                        | "friday"
                        | "saturday"
                        | "sunday"
                        | "january"
                        | "february"
                        | "march"
                        | "october"
                        | "november"
                        | "december"
                        | "september"
                        | "july"
                        | "jan"
                        | "feb"
                        | "mar"
                        | "apr"
                        | "jun"
                        | "jul"
                        | "sep"
                        | "sept"
                        | "oct"
                        | "nov"
                        | "dec"
                );
        if is_date {
            return Some(at);
        }
        at += word.len() + 1;
    }
    None
}

/// Words of what people are, not who.
const ROLES: &[&str] = &[
    "writer",
    "reporter",
    "editor",
    "correspondent",
    "staff",
    "journalist",
    "contributor",
    "analyst",
    "author",
    "bureau",
    "chief",
    "columnist",
    "senior",
    "producer",
    "editors",
    "writers",
    "reporters",
    "correspondents",
    "journalists",
    "contributors",
    "freelance",
    "freelancer",
    "redakteur",
    "redakteurin",
    "korrespondent",
    "korrespondentin",
    "journaliste",
    "desk",
    "team",
    "editorial",
    "newsroom",
    "redaktion",
    "rédaction",
    "intern",
    "blogger",
    "fellow",
];

/// Whether a line says what somebody is: Staff Writer, Senior Editor at Acme News.
pub fn is_role(text: &str) -> bool {
    let folded = fold(text);
    let count = folded.split(' ').count();
    let says_so = folded.split([' ', '-', ',']).any(|word| ROLES.contains(&word));
    says_so
        && count <= 7
        && text.len() <= 80
        && !text.ends_with('.')
        && text.starts_with(|first: char| !first.is_lowercase())
}

/// People by their names, as by-lines list them; nothing if any part of the list is something else.
fn people(names: &str) -> Option<Byline> {
    let mut byline = Byline::default();
    let joined = [
        " and ", " & ", " und ", " et ", " with ", " AND ", " for ", " | ", " · ", " • ", " in ", " / ",
        " of ",
    ]
    .iter()
    .fold(names.to_owned(), |text, join| {
        text.replace(join, &format!(",{}", join.trim()))
    });
    for part in joined.split(',') {
        let (join, part) = joins(part.trim());
        if part.is_empty() {
            continue;
        }
        if let Some(source) = agency(part).filter(|_| join != "in") {
            byline.source.get_or_insert(source.to_owned());
        } else if matches!(join, "for" | "in" | "of") && !byline.authors.is_empty() {
            // For whom, or where.
        } else if is_role(part) || part.starts_with('@') || part.contains('@') {
            // What they are, or how to reach them.
        } else if is_name(part) {
            let who = name(part);
            if !byline.authors.contains(&who) {
                byline.authors.push(who);
            }
        } else if part.ends_with("Staff") && agency(part.trim_end_matches("Staff").trim()).is_some() {
            byline.source = agency(part.trim_end_matches("Staff").trim()).map(str::to_owned);
        } else {
            return None;
        }
    }
    Some(byline)
}

/// The word by which a part is joined to the one before, and the part.
fn joins(part: &str) -> (&str, &str) {
    for join in [
        "and", "AND", "&", "und", "et", "with", "for", "in", "of", "|", "·", "•", "/",
    ] {
        if let Some(rest) = part.strip_prefix(join) {
            // "andJane" was joined here; a name never begins with a lower-case word or a sign.
            return (join, rest.trim());
        }
    }
    ("", part)
}

/// How wire services sign: `(Reporting by Jane Doe in Delhi; Editing by John Roe)`. Who reported wrote it.
pub fn signature(line: &str) -> Option<Byline> {
    let bare = line.trim_matches(['(', ')', '[', ']', ' ', '.', '*', '_', '-', '–', '—']);
    let folded = fold(beginning(bare, 60));
    let starts = [
        "reporting by ",
        "additional reporting by ",
        "writing by ",
        "editing by ",
        "compiled by ",
        "with inputs from ",
        "with input from ",
        "edited by ",
        "with agency inputs",
        "with inputs by ",
        "with agencies",
        "with assistance from ",
        "with reporting by ",
        "reporting and writing by ",
    ];
    if line.len() > 600 || !starts.iter().any(|start| folded.starts_with(start)) {
        return None;
    }
    let mut byline = Byline::default();
    for part in bare.split(';') {
        let part = part.trim();
        let reported = [
            "Reporting by ",
            "Reporting and writing by ",
            "Reporting and Writing by ",
        ]
        .iter()
        .find_map(|start| part.strip_prefix(start));
        if let Some(found) = reported.and_then(people) {
            byline.authors.extend(found.authors);
        }
    }
    let is_sentence = bare.contains(". ") && !line.starts_with(['(', '[']);
    (!is_sentence).then_some(byline)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, authors: &[&str], source: Option<&str>, behind: &str) {
        let (found, rest) = byline(line).unwrap_or_default();
        assert_eq!(
            (found.authors, found.source.as_deref(), rest),
            (
                authors.iter().map(|name| (*name).to_owned()).collect(),
                source,
                behind
            ),
            "{line}"
        );
    }

    #[test]
    fn by_lines() {
        check("By Jane Doe", &["Jane Doe"], None, "");
        check(
            "By JANE DOE and John Roe, Staff Writers",
            &["Jane Doe", "John Roe"],
            None,
            "",
        );
        check(
            "By Jane Doe, Ann Poe & John Roe for Acme News",
            &["Jane Doe", "Ann Poe", "John Roe"],
            None,
            "",
        );
        check(
            "By Jane Doe January 21, 2025",
            &["Jane Doe"],
            None,
            "January 21, 2025",
        );
        check("Von Jane Doe, Berlin", &[], None, "");
        check("Von Jane Doe", &["Jane Doe"], None, "");
        check("By Reuters", &[], Some("Reuters"), "");
        check("By Jane Doe, Reuters", &["Jane Doe"], Some("Reuters"), "");
        check("By the numbers", &[], None, "");
        check("By Monday the talks had failed.", &[], None, "");
        check("By acquiring Bolt, Acme grows.", &[], None, "");
    }

    #[test]
    fn signatures() {
        let found = signature("(Reporting by Jane Doe in San Francisco and John Roe; Editing by Ann Poe)");
        assert_eq!(found.expect("one").authors, ["Jane Doe", "John Roe"]);
        assert!(signature("Reporting by Acme showed losses. It will be mended.").is_none());
        assert!(signature("Reporting is hard.").is_none());
    }
}
