//! The time that a source stamps on a text: `Published Jan 21, 2025`, `Updated: 22.01.2025, 10:31 Uhr`.
//!
//! A stamp is a line of nothing else. No year is guessed, and where day and month could be
//! either, there is no date but a word about it. Names of zones do not tell enough to make an instant.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimeParser;

use crate::ground::date::Day;

/// What a stamp is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// When the text appeared, or not said.
    Appearance,
    /// When it changed.
    Change,
}

/// When it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// As front matter has it.
    Date(String),
    /// Day and month could be either.
    Ambiguous,
    /// Two hours ago, yesterday.
    Relative,
    /// A day without a year, a time without a day.
    Incomplete,
}

/// A stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// What of.
    pub of: Of,
    /// Whether the line says what of.
    pub is_labelled: bool,
    /// When.
    pub when: When,
}

/// The most words of a line of stamps.
const MAX_WORDS: usize = 40;

/// The stamps of a line, if it says nothing else.
pub fn stamps(line: &str) -> Option<Vec<Stamp>> {
    if line.len() > 250 {
        return None;
    }
    let mut found: Vec<Stamp> = Vec::new();
    let mut open = Open::default();
    for word in words(line) {
        let word = word.to_lowercase();
        if let Some(of) = label(&word) {
            found.extend(open.close());
            open = Open::labelled(of, open.of.filter(|_| open.is_bare()));
            continue;
        }
        open.take(&word)?;
    }
    found.extend(open.close());
    // "May", "Day" and "Sunday" alone are headings.
    let says_when = line.contains(|character: char| character.is_ascii_digit())
        || matches!(
            line.to_lowercase().trim_end_matches('.'),
            "yesterday" | "just now" | "gestern" | "an hour ago"
        );
    (!found.is_empty() && says_when).then_some(found)
}

/// The stamps of a line that says behind them how long reading takes.
pub fn stamps_before_reading_time(line: &str) -> Option<Vec<Stamp>> {
    let ends = ["min read", "minute read", "mins read", "minutes read"];
    let rest = ends.iter().find_map(|end| line.strip_suffix(end))?.trim_end();
    stamps(
        rest.trim_end_matches(|character: char| character.is_ascii_digit())
            .trim_end_matches(['·', '|', '•', ' ']),
    )
}

/// A day with its year that stands in a text of nothing else: `Jan 21, 2025`.
pub fn day(text: &str) -> Option<String> {
    match stamps(text)?.as_slice() {
        [
            Stamp {
                when: When::Date(date),
                ..
            },
        ] => Some(date.clone()),
        _ => None,
    }
}

/// The words of a line, without what divides them.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|character: char| {
        character.is_whitespace() || matches!(character, ',' | '|' | '·' | '•' | '(' | ')' | '—' | '–' | ';')
    })
    .map(|word| word.trim_matches(|character: char| matches!(character, ':' | '*' | '_' | '[' | ']' | '"')))
    .filter(|word| !word.is_empty() && *word != "-" && *word != "/")
    .take(MAX_WORDS + 1)
}

fn label(word: &str) -> Option<Of> {
    match word {
        "published" | "posted" | "publication" | "created" | "released" | "issued" | "veröffentlicht"
        | "erschienen" | "publié" | "posté" | "date" | "datum" | "dated" | "aired" | "erstellt"
        | "written" => Some(Of::Appearance),
        "updated" | "modified" | "update" | "edited" | "aktualisiert" | "geändert" | "jour" | "modifié"
        | "changed" | "revised" | "stand" => Some(Of::Change),
        _ => None,
    }
}

const MONTHS: [&[&str]; 12] = [
    &["jan", "january", "januar", "janvier", "janv", "jänner"],
    &["feb", "february", "februar", "février", "févr"],
    &["mar", "march", "märz", "mars", "mrz"],
    &["apr", "april", "avril", "avr"],
    &["may", "mai"],
    &["jun", "june", "juni", "juin"],
    &["jul", "july", "juli", "juillet", "juil"],
    &["aug", "august", "août"],
    &["sep", "sept", "september", "septembre"],
    &["oct", "october", "oktober", "okt", "octobre"],
    &["nov", "november", "novembre"],
    &["dec", "december", "dezember", "dez", "décembre", "déc"],
];

const WEEKDAYS: &[&str] = &[
    "mon",
    "monday",
    "tue",
    "tues",
    "tuesday",
    "wed",
    "wednesday",
    "thu",
    "thur",
    "thurs",
    "thursday",
    "fri",
    "friday",
    "sat",
    "saturday",
    "sun",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "mo",
    "di",
    "mi",
    "do",
    "fr",
    "sa",
    "so",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lun",
    "mer",
    "ven",
];

/// Words that say nothing here.
const FILLERS: &[&str] = &[
    "on",
    "at",
    "last",
    "first",
    "story",
    "article",
    "the",
    "and",
    "of",
    "am",
    "um",
    "uhr",
    "le",
    "à",
    "mis",
    "a",
    "la",
    "news",
    "zuletzt",
    "time",
    "local",
    "by",
    "was",
    "this",
    "den",
    "vom",
    "min",
    "h",
    "timestamp",
    "post",
    "dernière",
];

/// Zones, and halves of the day.
const ZONES: &[&str] = &[
    "ist", "est", "edt", "et", "cst", "cdt", "ct", "mst", "mdt", "mt", "pst", "pdt", "pt", "gmt", "utc",
    "bst", "cet", "cest", "mez", "mesz", "sgt", "hkt", "jst", "aest", "aedt", "pm", "p.m.", "a.m.", "p.m",
    "a.m",
];

const RELATIVE: &[&str] = &[
    "ago",
    "yesterday",
    "today",
    "hours",
    "hour",
    "hrs",
    "hr",
    "minutes",
    "minute",
    "mins",
    "days",
    "day",
    "weeks",
    "week",
    "months",
    "month",
    "just",
    "now",
    "gestern",
    "heute",
    "vor",
    "stunden",
    "minuten",
    "tagen",
    "hier",
    "heures",
    "d",
];

/// A stamp that is being read.
#[derive(Clone, Debug, Default)]
struct Open {
    of: Option<Of>,
    numbers: Vec<u32>,
    month: Option<i8>,
    whole: Option<When>,
    is_relative: bool,
    has_time: bool,
    weekdays: usize,
}

impl Open {
    /// Behind two labels in a row, "last updated on date", the first holds.
    fn labelled(of: Of, before: Option<Of>) -> Open {
        Open {
            of: before.or(Some(of)),
            ..Open::default()
        }
    }

    fn is_bare(&self) -> bool {
        self.numbers.is_empty()
            && self.month.is_none()
            && self.whole.is_none()
            && !self.is_relative
            && !self.has_time
            && self.weekdays == 0
    }

    /// Takes the next word; nothing if no stamp has it.
    fn take(&mut self, word: &str) -> Option<()> {
        let bare = word.trim_end_matches('.');
        if let Some(month) = MONTHS
            .iter()
            .position(|names| names.contains(&bare))
            .filter(|_| self.month.is_none())
        {
            self.month = i8::try_from(month + 1).ok();
            return Some(());
        }
        if WEEKDAYS.contains(&bare) {
            self.weekdays += 1;
            return Some(());
        }
        let zone = word
            .split(['+', '-'])
            .next()
            .filter(|zone| matches!(*zone, "gmt" | "utc"));
        if zone.is_some() || ZONES.contains(&word) || FILLERS.contains(&bare) {
            return Some(());
        }
        if RELATIVE.contains(&bare) {
            self.is_relative = true;
            return Some(());
        }
        if is_time(word) {
            self.has_time = true;
            return Some(());
        }
        if let Some(when) = joined(word) {
            if self.whole.is_some() {
                return None;
            }
            self.whole = Some(when);
            return Some(());
        }
        let digits = bare.len()
            - bare
                .trim_start_matches(|character: char| character.is_ascii_digit())
                .len();
        let (number, ending) = bare.split_at(digits);
        if !matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er" | "h" | "d" | "m")
            || !(1..=4).contains(&digits)
        {
            return None;
        }
        if matches!(ending, "h" | "d" | "m") {
            self.is_relative = true;
            return Some(());
        }
        self.numbers.push(number.parse().ok()?);
        (self.numbers.len() <= 4).then_some(())
    }

    fn close(&self) -> Option<Stamp> {
        let is_labelled = self.of.is_some();
        let is_number = self.month.is_none()
            && self.whole.is_none()
            && !self.is_relative
            && !self.has_time
            && self.weekdays == 0;
        if is_number && (!is_labelled || self.numbers.is_empty()) {
            return None;
        }
        Some(Stamp {
            of: self.of.unwrap_or(Of::Appearance),
            is_labelled,
            when: self.when(),
        })
    }

    fn when(&self) -> When {
        if let Some(whole) = &self.whole {
            return whole.clone();
        }
        let year = self.numbers.iter().find(|number| (1900..2100).contains(*number));
        let day = self.numbers.iter().find(|number| (1..=31).contains(*number));
        match (year, self.month, day) {
            (Some(&year), Some(month), Some(&day)) => date(year, month, day).unwrap_or(When::Incomplete),
            _ if self.is_relative => When::Relative,
            _ => When::Incomplete,
        }
    }
}

fn date(year: u32, month: i8, day: u32) -> Option<When> {
    let day = Day::new(i16::try_from(year).ok()?, month, i8::try_from(day).ok()?)?;
    Some(When::Date(day.to_string()))
}

/// 10:31, 10:31am, 10.31pm, 5pm.
fn is_time(word: &str) -> bool {
    let ends = ["am", "pm", "a.m.", "p.m.", "uhr"];
    let half = ends.iter().find_map(|end| word.strip_suffix(end));
    let bare = half.unwrap_or(word);
    let mut parts = bare.split([':', '.', 'h']);
    let are_numbers = parts
        .clone()
        .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    let hour = parts.next().and_then(|hour| hour.parse::<u8>().ok());
    let count = 1 + parts.count();
    let is_clock = bare.contains([':', 'h']) || half.is_some();
    are_numbers && hour.is_some_and(|hour| hour < 25) && count <= 3 && is_clock
}

/// 2025-01-21, 2025-01-21T10:31:00Z, 21/01/2025, 21.01.2025.
fn joined(word: &str) -> Option<When> {
    if word.contains('t') && word.len() >= 16 {
        let upper = word.to_uppercase();
        let (written, _) = upper.split_once('T')?;
        let instant: Option<Timestamp> = upper.parse().ok();
        let is_local = DateTimeParser::new().parse_datetime(upper.as_bytes()).is_ok();
        return match instant {
            Some(_) => Some(When::Date(upper)),
            None => Day::parse(written)
                .filter(|_| is_local)
                .map(|day| When::Date(day.to_string())),
        };
    }
    let sign = word.chars().find(|character| !character.is_ascii_digit())?;
    let parts: Vec<u32> = word
        .trim_end_matches('.')
        .split(sign)
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let &[first, second, third] = parts.as_slice() else {
        return None;
    };
    let month = |month: u32| i8::try_from(month).unwrap_or_default();
    match sign {
        '-' | '/' | '.' if (1900..2100).contains(&first) => date(first, month(second), third),
        '.' | '/' | '-' if !(1900..2100).contains(&third) => (third < 100).then_some(When::Incomplete),
        '.' => date(third, month(second), first),
        '/' | '-' if first > 12 => date(third, month(second), first),
        '/' | '-' if second > 12 => date(third, month(first), second),
        '/' | '-' if first == second => date(third, month(first), second),
        '/' | '-' => ((1..=12).contains(&first) && (1..=12).contains(&second)).then_some(When::Ambiguous),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[(Of, &str)]) {
        let found = stamps(line).unwrap_or_default();
        let found: Vec<(Of, String)> = found
            .into_iter()
            .map(|stamp| {
                let when = match stamp.when {
                    When::Date(date) => date,
                    other => format!("{other:?}"),
                };
                (stamp.of, when)
            })
            .collect();
        let expected: Vec<(Of, String)> = expected
            .iter()
            .map(|(of, when)| (*of, (*when).to_owned()))
            .collect();
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn stamps_in_all_their_forms() {
        use Of::{Appearance, Change};
        check("Published Jan 21, 2025", &[(Appearance, "2025-01-21")]);
        check("Updated: Jan 22, 2025 10:31 IST", &[(Change, "2025-01-22")]);
        check(
            "Published: January 21, 2025 at 5:30 PM EST | Updated: January 22, 2025, 9 a.m.",
            &[(Appearance, "2025-01-21"), (Change, "2025-01-22")],
        );
        check("Last updated on 22 January 2025", &[(Change, "2025-01-22")]);
        check("Tue, Jan 21, 2025, 4:05 PM", &[(Appearance, "2025-01-21")]);
        check("21. Januar 2025, 10:31 Uhr", &[(Appearance, "2025-01-21")]);
        check("Stand: 21.01.2025", &[(Change, "2025-01-21")]);
        check("Publié le 21 janvier 2025 à 10h31", &[(Appearance, "2025-01-21")]);
        check(
            "2025-01-21T10:31:00+05:30",
            &[(Appearance, "2025-01-21T10:31:00+05:30")],
        );
        check("2025-01-21", &[(Appearance, "2025-01-21")]);
        check("1/21/2025", &[(Appearance, "2025-01-21")]);
    }

    #[test]
    fn what_is_not_said_is_not_guessed() {
        check("Published 01/02/2025", &[(Of::Appearance, "Ambiguous")]);
        check("Jan 21", &[(Of::Appearance, "Incomplete")]);
        check("2 hours ago", &[(Of::Appearance, "Relative")]);
        check("Updated February 30, 2025", &[(Of::Change, "Incomplete")]);
        check("In 2025 Acme grew", &[]);
        check("2025", &[]);
        check("Published by Acme", &[]);
        check("March of progress", &[]);
        check("Acme", &[]);
        check("", &[]);
    }
}
