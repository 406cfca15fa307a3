//! Dates that depend on the day they are read: "on Tuesday", "last year", "in June". English only.
//!
//! An article stays for years. What its author calls last year is another one for most of its readers.

use std::ops::Range;

use super::paragraph::{Paragraph, Word};
use crate::ground::date::{Day, MONTHS, WEEKDAYS};

/// A relative date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelativeDate {
    /// Where it stands, in bytes of the visible text.
    pub range: Range<usize>,
    /// What it meant on the day of the article, where that is beyond doubt.
    pub meaning: Option<String>,
}

/// Words in front of a weekday that make it one certain day.
const BEFORE_WEEKDAY: &[&str] = &[
    "on",
    "last",
    "next",
    "this",
    "late",
    "early",
    "earlier",
    "by",
    "since",
    "until",
    "till",
    "from",
    "before",
    "after",
    "said",
    "announced",
    "reported",
    "told",
    "closed",
    "rose",
    "fell",
    "opened",
    "launched",
    "unveiled",
    "filed",
    "published",
];

/// Words behind a weekday that make it part of a name.
const NAMES_WITH_WEEKDAY: &[&str] = &[
    "Times",
    "Telegraph",
    "Mirror",
    "Mail",
    "Night",
    "Herald",
    "Post",
    "Express",
    "Edition",
    "Independent",
];

const TIMES_OF_DAY: &[&str] = &["morning", "afternoon", "evening", "night"];

const SPANS: &[&str] = &[
    "week", "weekend", "month", "quarter", "year", "summer", "winter", "spring", "autumn", "fall", "season",
];

/// Words that make "last year" the last one of a row, whenever it was.
const OF_A_ROW: &[&str] = &[
    "the", "his", "her", "its", "their", "our", "my", "your", "every", "each", "a", "final",
];

const NUMBERS: &[&str] = &[
    "a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "few", "several", "couple",
];

const UNITS: &[&str] = &[
    "day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours",
];

/// The relative dates of a paragraph in an article of a day; where the day is not known yet, none has a meaning.
pub fn relative_dates(paragraph: &Paragraph<'_>, day: Option<Day>) -> Vec<RelativeDate> {
    if !paragraph.is_prose() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut index = 0;
    while index < paragraph.words.len() {
        let at = At {
            paragraph,
            index,
            day,
        };
        match at
            .date()
            .filter(|_| !paragraph.is_quoted(&paragraph.words[index]))
        {
            Some((words, meaning)) => {
                let (first, last) = (&paragraph.words[words.start], &paragraph.words[words.end - 1]);
                found.push(RelativeDate {
                    range: first.start..last.start + last.stem().len(),
                    meaning,
                });
                index = words.end;
            }
            None => index += 1,
        }
    }
    found
}

/// The words of a date and what they mean.
type Date = (Range<usize>, Option<String>);

/// A word of a paragraph.
#[derive(Clone, Copy)]
struct At<'p> {
    paragraph: &'p Paragraph<'p>,
    index: usize,
    day: Option<Day>,
}

impl<'p> At<'p> {
    /// The word so many words behind this one, or before it.
    fn word(&self, distance: isize) -> Option<&'p Word<'p>> {
        let index = self.index.checked_add_signed(distance)?;
        self.paragraph.words.get(index)
    }

    fn is(&self, distance: isize, words: &[&str]) -> bool {
        self.word(distance).is_some_and(|word| word.is_any(words))
    }

    /// The date that begins with this word.
    fn date(&self) -> Option<Date> {
        self.day_near()
            .or_else(|| self.time_of_day())
            .or_else(|| self.span())
            .or_else(|| self.weekday())
            .or_else(|| self.ago())
            .or_else(|| self.month())
    }

    fn words(&self, count: usize) -> Range<usize> {
        self.index..self.index + count
    }

    /// Yesterday, today, tomorrow. "Today" alone is often no more than "these days".
    fn day_near(&self) -> Option<Date> {
        let day = |day: Option<Day>| day.map(in_words);
        let said = [
            "said",
            "announced",
            "reported",
            "unveiled",
            "launched",
            "published",
            "filed",
        ];
        if self.is(0, &["yesterday"]) {
            return Some((self.words(1), day(self.day.and_then(before))));
        }
        let is_possessive = self.word(0).is_some_and(|word| word.stem() != word.text);
        if self.is(0, &["tomorrow"]) && !is_possessive && !self.is(-1, &["of", "for"]) {
            return Some((self.words(1), day(self.day.and_then(Day::next))));
        }
        if self.is(0, &["tonight"]) {
            return Some((self.words(1), day(self.day)));
        }
        if self.is(0, &["earlier", "later"]) && self.is(1, &["today"]) {
            return Some((self.words(2), day(self.day)));
        }
        let is_news = self.is(-1, &said) || self.is(1, &said);
        (self.is(0, &["today"]) && is_news && !is_possessive).then(|| (self.words(1), day(self.day)))
    }

    fn time_of_day(&self) -> Option<Date> {
        if self.is(0, &["this"]) && self.is(1, &TIMES_OF_DAY[..3]) {
            return Some((self.words(2), self.day.map(in_words)));
        }
        let is_night = self.is(0, &["last"]) && self.is(1, &["night"]) && !self.is(-1, OF_A_ROW);
        is_night.then(|| (self.words(2), self.day.and_then(before).map(in_words)))
    }

    /// Last year, this week, next month.
    fn span(&self) -> Option<Date> {
        let word = self.word(1)?;
        let is_relative = self.is(0, &["last", "this", "next"]) && word.is_any(SPANS);
        // The last week of March, this fall in prices, this year 2025.
        let is_qualified = word.after.is_empty()
            && (self.is(2, &["of"])
                || word.is("fall") && self.is(2, &["in"])
                || self.word(2).is_some_and(Word::is_year));
        if !is_relative || is_qualified || self.is(-1, OF_A_ROW) {
            return None;
        }
        let step = match self.word(0)? {
            word if word.is("last") => -1,
            word if word.is("next") => 1,
            _ => 0,
        };
        let meaning = self.day.and_then(|day| {
            if word.is("year") {
                return Some((day.year() + step).to_string());
            }
            let month = i16::from(day.date().month()) - 1 + step;
            let year = day.year() + month.div_euclid(12);
            let name = MONTHS[usize::try_from(month.rem_euclid(12)).unwrap_or_default()];
            word.is("month").then(|| format!("{name} {year}"))
        });
        Some((self.words(2), meaning))
    }

    /// On Tuesday, late Friday, Monday morning.
    fn weekday(&self) -> Option<Date> {
        let is_lead = self.is(0, BEFORE_WEEKDAY);
        let distance = isize::from(is_lead);
        let weekday = self.word(distance)?;
        let number = WEEKDAYS.iter().position(|name| *name == weekday.stem())?;
        let is_part_of_day = weekday.after.is_empty() && self.is(distance + 1, TIMES_OF_DAY);
        let is_repeated = self.is(-1, &["every", "each", "a", "one", "any"]);
        if !(is_lead || is_part_of_day) || is_repeated {
            return None;
        }
        let next = self.word(distance + 1);
        let names_weekday =
            |word: Option<&Word<'_>>| word.is_some_and(|word| WEEKDAYS.contains(&word.stem()));
        // On Tuesday, January 21; on Tuesday the 21st; from Monday to Friday; the Sunday Times.
        let is_dated = next.is_some_and(|next| next.is_number() || MONTHS.contains(&next.stem()))
            || self.is(distance + 1, &["the"]) && self.word(distance + 2).is_some_and(Word::is_number);
        let is_range = self.is(distance + 1, &["to", "through"]) && names_weekday(self.word(distance + 2))
            || self.is(distance - 1, &["to", "through"]) && names_weekday(self.word(distance - 2));
        let is_name = weekday.after.is_empty()
            && next.is_some_and(|next| NAMES_WITH_WEEKDAY.contains(&next.text))
            && !is_part_of_day
            || self.is(-1, &["Mail"]);
        if is_dated || is_range || is_name {
            return None;
        }
        let is_shown = self.is(0, &["on", "last", "next", "this", "late", "early"]);
        let start = if is_lead && !is_shown {
            self.index + 1
        } else {
            self.index
        };
        let end = self.index + usize::from(is_lead) + 1 + usize::from(is_part_of_day);
        let is_past = !self.is(0, &["next", "this", "by", "until", "till", "before"]);
        let meaning = self
            .day
            .filter(|_| is_past)
            .and_then(|day| last_weekday(day, number));
        Some((
            start..end,
            meaning.map(|day| format!("{}, if it was the last one", in_words(day))),
        ))
    }

    /// Two weeks ago.
    fn ago(&self) -> Option<Date> {
        let is_number = self.word(0).is_some_and(Word::is_number) || self.is(0, NUMBERS);
        let is_of = self.is(1, &["of", "few"]);
        let unit = 1 + isize::from(is_of);
        let is_ago = is_number && self.is(unit, UNITS) && self.is(unit + 1, &["ago"]);
        let count = if is_of { 4 } else { 3 };
        is_ago.then(|| (self.words(count), None))
    }

    /// In June, without a year anywhere in the sentence.
    fn month(&self) -> Option<Date> {
        let month = self.word(1).filter(|word| MONTHS.contains(&word.stem()))?;
        if !self.word(0)?.after.is_empty() {
            return None;
        }
        if self.is(0, &["last", "this", "next"]) && !self.is(-1, OF_A_ROW) {
            return Some((self.words(2), None));
        }
        let is_lead = self.is(0, &["in", "since", "until", "during"])
            || self.is(0, &["by"]) && !matches!(month.stem(), "May" | "March" | "April" | "June" | "August");
        // March Madness, May Day, April Fools: no month.
        let is_name = month.after.is_empty() && self.is(2, &["Madness", "Day", "Fools", "Revolution"]);
        let is_dated = self.paragraph.sentence(self.index + 1).iter().any(Word::is_year)
            || month.after.is_empty() && self.word(2).is_some_and(Word::is_number);
        (is_lead && !is_name && !is_dated).then(|| (self.words(2), None))
    }
}

fn before(day: Day) -> Option<Day> {
    let day = day.date().yesterday().ok()?;
    Day::new(day.year(), day.month(), day.day())
}

/// The last such weekday, Monday being 0, up to a day.
fn last_weekday(day: Day, number: usize) -> Option<Day> {
    let mut day = day;
    for _ in 0..7 {
        if i64::from(day.date().weekday().to_monday_zero_offset()) == i64::try_from(number).ok()? {
            return Some(day);
        }
        day = before(day)?;
    }
    None
}

/// 21 January 2025.
fn in_words(day: Day) -> String {
    let date = day.date();
    let month = usize::try_from(date.month() - 1).unwrap_or_default();
    format!("{} {} {}", date.day(), MONTHS[month.min(11)], date.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::markdown::{self, Options};

    fn found(text: &str) -> Vec<(String, Option<String>)> {
        let visible = markdown::parse(text, 0, Options::default()).visible;
        let day = Day::parse("2025-01-22").expect("a Wednesday");
        let dates = Paragraph::all(&visible);
        let dates = dates
            .iter()
            .flat_map(|paragraph| relative_dates(paragraph, Some(day)));
        dates
            .map(|date| (visible.text[date.range].to_owned(), date.meaning))
            .collect()
    }

    #[test]
    fn dates_that_depend_on_the_reader() {
        let check = |text: &str, expected: &[&str]| {
            let shown: Vec<String> = found(text).into_iter().map(|(text, _)| text).collect();
            assert_eq!(shown, expected, "{text}");
        };
        check("It said so on Tuesday.", &["on Tuesday"]);
        check(
            "On Tuesday Oracle said that it rose late Friday.",
            &["On Tuesday", "late Friday"],
        );
        check("Oracle said Tuesday that it grows.", &["Tuesday"]);
        check(
            "It fell on Monday morning and closed Friday’s session higher.",
            &["on Monday morning", "Friday"],
        );
        check(
            "Shares rose yesterday, after yesterday’s call.",
            &["yesterday", "yesterday"],
        );
        check(
            "Last year’s sales; this week; next month.",
            &["Last year", "this week", "next month"],
        );
        check(
            "It opened two weeks ago, not 3 years ago or a few days ago.",
            &["two weeks ago", "3 years ago", "a few days ago"],
        );
        check(
            "It opens in June, and last March it closed.",
            &["in June", "last March"],
        );
        check(
            "The company announced today that it grows. Earlier today it fell.",
            &["today", "Earlier today"],
        );
        check(
            "It speaks this morning and spoke last night.",
            &["this morning", "last night"],
        );
    }

    #[test]
    fn what_they_meant() {
        let check = |text: &str, expected: &str| {
            assert_eq!(
                found(text).first().and_then(|(_, meaning)| meaning.as_deref()),
                Some(expected),
                "{text}"
            );
        };
        check("It rose yesterday.", "21 January 2025");
        check("It rises tomorrow.", "23 January 2025");
        check("It grew last year.", "2024");
        check("It grows next year.", "2026");
        check("It grew last month.", "December 2024");
        check("It rose on Tuesday.", "21 January 2025, if it was the last one");
        check("It rose on Thursday.", "16 January 2025, if it was the last one");
    }

    #[test]
    fn of_a_day_that_is_not_known() {
        let visible = markdown::parse(
            "It rose yesterday, on Tuesday, last month.",
            0,
            Options::default(),
        )
        .visible;
        let dates = Paragraph::all(&visible);
        let dates = dates.iter().flat_map(|paragraph| relative_dates(paragraph, None));
        let meanings: Vec<_> = dates.map(|date| date.meaning).collect();
        assert_eq!(meanings, [None, None, None]);
    }

    #[test]
    fn dates_that_do_not() {
        for text in [
            "On Tuesday, January 21, it said so; on Tuesday 21 January 2025 it did; on Tuesday the 21st.",
            "It is open from Monday to Friday, every Tuesday, on a Monday, on Sundays and on Black Friday.",
            "The Sunday Times and the Mail on Sunday wrote about monday.com.",
            "In June 2024 it grew; in 2024 it opened in June; since June of 2019.",
            "It may march in step by May Day. Today’s chips are the cars of tomorrow.",
            "The last year of his term; the last week; in its last quarter; last week of March.",
            "“We said so on Tuesday,” he said, “and again last year.”",
            "> On Tuesday we grew.",
            "## What happened last year",
            "| a |\n|---|\n| last year |",
            "The company decades ago was long ago an oracle.",
            "`last year` and [text](yesterday.md).",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
