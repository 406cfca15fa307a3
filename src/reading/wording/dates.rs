//! Dates in words.

use jiff::civil::DateTime;

use super::{Wording, fill};
use crate::ground::date::{Day, Period, Week};

/// How a date is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// 21 January 2025.
    Long,
    /// 21 Jan 2025.
    Short,
    /// Tuesday, 21 January 2025.
    Weekday,
    /// January 2025.
    Month,
    /// 09:30.
    Time,
}

impl Style {
    /// All, by the name that templates use.
    pub const NAMES: [(&'static str, Style); 5] = [
        ("long", Style::Long),
        ("short", Style::Short),
        ("weekday", Style::Weekday),
        ("month", Style::Month),
        ("time", Style::Time),
    ];
}

impl Wording {
    /// A local date and time in words.
    pub fn date(&self, local: DateTime, style: Style) -> String {
        let key = match style {
            Style::Long => "date_long",
            Style::Short => "date_short",
            Style::Weekday => "date_weekday",
            Style::Month => "date_month",
            Style::Time => "time_of_day",
        };
        let (month, month_short) = (
            self.month(local.month()),
            self.listed("months_short", local.month()),
        );
        fill(
            self.get(key),
            &[
                ("day", &self.day_of_month(local.day())),
                ("month", month),
                ("month_short", month_short),
                ("year", &local.year().to_string()),
                ("weekday", self.weekday(local)),
                ("hour", &format!("{:02}", local.hour())),
                ("minute", &format!("{:02}", local.minute())),
            ],
        )
    }

    /// A week in words, naming month and year once where both ends share them.
    pub fn week(&self, week: Week) -> String {
        let (first, last) = Period::Week(week).days();
        let key = match (first.month() == last.month(), first.year() == last.year()) {
            (true, _) => "week_in_month",
            (false, true) => "week_in_year",
            (false, false) => "week_over_years",
        };
        let month = |day: Day| self.month(day.date().month());
        fill(
            self.get(key),
            &[
                ("first_day", &self.day_of_month(first.day_of_month())),
                ("first_month", month(first)),
                ("first_year", &first.year().to_string()),
                ("last_day", &self.day_of_month(last.day_of_month())),
                ("last_month", month(last)),
                ("last_year", &last.year().to_string()),
            ],
        )
    }

    /// The name of a month, from 1 to 12.
    pub fn month(&self, month: i8) -> &str {
        self.listed("months", month)
    }

    /// The short name of a month, from 1 to 12.
    pub fn month_short(&self, month: i8) -> &str {
        self.listed("months_short", month)
    }

    /// The name of a day of the week.
    pub fn weekday(&self, local: DateTime) -> &str {
        self.listed("weekdays", local.weekday().to_monday_one_offset())
    }

    fn day_of_month(&self, day: i8) -> String {
        match day {
            1 => self.get("first_of_month").to_owned(),
            day => day.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_the_language_writes_them() {
        let check = |language: &str, date: &str, expected: [&str; 5]| {
            let local: DateTime = date.parse().expect("a date");
            let wording = Wording::of(language);
            let written = Style::NAMES.map(|(_, style)| wording.date(local, style));
            assert_eq!(written, expected, "{language} {date}");
        };
        check(
            "en",
            "2025-01-21T09:30",
            [
                "21 January 2025",
                "21 Jan 2025",
                "Tuesday, 21 January 2025",
                "January 2025",
                "09:30",
            ],
        );
        check(
            "de-CH",
            "2025-03-01T17:05",
            [
                "1. März 2025",
                "1. März 2025",
                "Samstag, 1. März 2025",
                "März 2025",
                "17:05",
            ],
        );
        check(
            "fr",
            "2025-08-01T00:00",
            [
                "1er août 2025",
                "1er août 2025",
                "vendredi 1er août 2025",
                "août 2025",
                "00:00",
            ],
        );
    }

    #[test]
    fn weeks_are_written_once_for_what_both_ends_share() {
        let check = |language: &str, week: &str, expected: &str| {
            let week = Week::parse(week).expect("a week");
            assert_eq!(Wording::of(language).week(week), expected, "{language}");
        };
        check("en", "2025-W04", "20–26 January 2025");
        check("en", "2025-W05", "27 January – 2 February 2025");
        check("en", "2025-W01", "30 December 2024 – 5 January 2025");
        check("de", "2025-W04", "20.–26. Januar 2025");
        check("de", "2025-W05", "27. Januar – 2. Februar 2025");
        check("fr", "2025-W04", "20–26 janvier 2025");
        check("fr", "2025-W31", "28 juillet – 3 août 2025");
    }
}
