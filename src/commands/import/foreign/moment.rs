//! Dates in all the forms that other generators take.
//!
//! A date keeps what was said and no more: a day stays a day, and a time without an offset gets that of
//! the zone in which its generator reads it. Midnight without an offset or in UTC is how these tools
//! write a day, and becomes one, since it must not move to the day before in another zone.

use serde_json::Value;

use crate::ground::date::{Day, Moment, Zone, parse_moment};

/// A date that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// As brief's front matter has it.
    pub text: String,
    /// The day as it was written, which is what addresses were made from.
    pub day: Day,
    /// Hour, minute and second as they were written.
    pub time: (u8, u8, u8),
}

impl When {
    /// A day alone.
    pub fn on(day: Day) -> When {
        When {
            text: day.to_string(),
            day,
            time: (0, 0, 0),
        }
    }

    /// The instant, where days are those of a zone.
    pub fn moment(&self, zone: &Zone) -> Option<Moment> {
        parse_moment(&self.text, zone).ok()
    }
}

/// Reads a date. Times without an offset are in `zone`.
pub fn read(value: &Value, zone: &Zone) -> Option<When> {
    match value {
        // Seconds since 1970, as Hugo takes them.
        Value::Number(number) => {
            let instant = jiff::Timestamp::from_second(number.as_i64()?).ok()?;
            let moment = Moment::at(instant, &Zone::utc());
            read_text(&moment.rfc3339(), zone)
        }
        Value::String(text) => read_text(text, zone),
        _ => None,
    }
}

/// What is found in a text, piece by piece.
#[derive(Debug, Default)]
struct Found {
    numbers: Vec<(i32, usize)>,
    month: Option<i8>,
    time: Option<(u8, u8, u8)>,
    offset: Option<i32>,
}

/// The same for a text.
pub fn read_text(text: &str, zone: &Zone) -> Option<When> {
    found(text)?.when(Some(zone))
}

/// Reads a date as it was written: a time without an offset stays one, and is in the zone of the site that takes it over.
pub fn read_as_written(text: &str) -> Option<When> {
    found(text)?.when(None)
}

fn found(text: &str) -> Option<Found> {
    let text = text.trim();
    if text.is_empty() || text.len() > 80 || !text.is_ascii() {
        return None;
    }
    let mut found = Found::default();
    // `2020-01-02T10:00` is two words.
    let spaced = divide(text);
    for word in spaced.split([' ', ',']).filter(|word| !word.is_empty()) {
        found.word(word)?;
    }
    Some(found)
}

/// Puts spaces round what stands next to each other without: the `T` before a time, an offset behind it.
fn divide(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut divided = String::with_capacity(text.len() + 4);
    let mut has_time = false;
    for (at, character) in text.char_indices() {
        let before = at
            .checked_sub(1)
            .and_then(|at| bytes.get(at))
            .copied()
            .unwrap_or(b' ');
        let behind = bytes.get(at + 1).copied().unwrap_or(b' ');
        let between_digits = before.is_ascii_digit() && behind.is_ascii_digit();
        match character {
            'T' | 't' | '_' if between_digits => divided.push(' '),
            ':' => {
                has_time = true;
                divided.push(':');
            }
            '+' | '-' | 'Z' | 'z' if has_time && before.is_ascii_digit() => {
                divided.push(' ');
                divided.push(character);
            }
            'a' | 'A' | 'p' | 'P' if has_time && before.is_ascii_digit() => {
                divided.push(' ');
                divided.push(character);
            }
            other => divided.push(other),
        }
    }
    divided
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Names of zones that stand for one offset everywhere they are used in such files, in hours.
const ZONES: [(&str, i32); 14] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
    ("cet", 1),
    ("cest", 2),
    ("wet", 0),
];

impl Found {
    /// Understands a word; `None` if nothing can be made of it.
    fn word(&mut self, word: &str) -> Option<()> {
        let lower = word.to_ascii_lowercase();
        if word.contains(':') && !word.starts_with(['+', '-']) {
            if self.time.is_some() {
                return None;
            }
            let mut parts = word.split(':');
            let hour = parts.next()?.parse().ok()?;
            let minute = parts.next()?.parse().ok()?;
            let seconds = parts.next().unwrap_or("0");
            let second: u8 = seconds.split(['.', ',']).next()?.parse().ok()?;
            if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
                return None;
            }
            self.time = Some((hour, minute, second.min(59)));
            return Some(());
        }
        if matches!(lower.as_str(), "am" | "pm" | "a.m." | "p.m.") {
            let (hour, minute, second) = self.time.filter(|(hour, ..)| (1..=12).contains(hour))?;
            let hour = hour % 12 + if lower.starts_with('p') { 12 } else { 0 };
            self.time = Some((hour, minute, second));
            return Some(());
        }
        if self.time.is_some() && word.starts_with(['+', '-']) {
            return self.offset_of(word);
        }
        if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == lower) {
            // `+0200 CEST` says it twice.
            self.offset.get_or_insert(hours * 3600);
            return Some(());
        }
        let letters = lower.trim_end_matches('.');
        if letters.len() >= 3 && letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            if let Some(month) = MONTHS.iter().position(|month| letters.starts_with(month)) {
                self.month = Some(i8::try_from(month + 1).ok()?);
                return Some(());
            }
            return WEEKDAYS.iter().any(|day| letters.starts_with(day)).then_some(());
        }
        for part in word.split(['-', '/', '.']) {
            let lower = part.to_ascii_lowercase();
            let named = MONTHS.iter().position(|month| lower == *month);
            if let Some(month) = named.filter(|_| self.month.is_none()) {
                self.month = Some(i8::try_from(month + 1).ok()?);
                continue;
            }
            let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            let ending = &part[digits.len()..];
            if !matches!(
                ending.to_ascii_lowercase().as_str(),
                "" | "st" | "nd" | "rd" | "th"
            ) {
                return None;
            }
            match digits.is_empty() && !part.is_empty() {
                true => return None,
                false => self.numbers.push((digits.parse().ok()?, digits.len())),
            }
        }
        Some(())
    }

    fn offset_of(&mut self, word: &str) -> Option<()> {
        let sign = if word.starts_with('-') { -1 } else { 1 };
        let digits = word[1..].replace(':', "");
        let (hours, minutes): (i32, i32) = match digits.len() {
            2 => (digits.parse().ok()?, 0),
            4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
            _ => return None,
        };
        if hours > 15 || minutes > 59 {
            return None;
        }
        let seconds: i32 = hours * 3600 + minutes * 60;
        self.offset = Some(sign * seconds);
        Some(())
    }

    fn when(&self, zone: Option<&Zone>) -> Option<When> {
        let (year, month, day) = match (self.month, self.numbers.as_slice()) {
            // Year first, as all of these tools write it.
            (None, [(year, 4), (month, 1..=2), (day, 1..=2)]) => (*year, i8::try_from(*month).ok()?, *day),
            (None, [(number, 8)]) => (
                number / 10_000,
                i8::try_from(number / 100 % 100).ok()?,
                number % 100,
            ),
            // Jan 2, 2020 or 2 January 2020.
            (Some(month), [(day, 1..=2), (year, 4)]) => (*year, month, *day),
            (Some(month), [(year, 4), (day, 1..=2)]) => (*year, month, *day),
            _ => return None,
        };
        let day = Day::new(i16::try_from(year).ok()?, month, i8::try_from(day).ok()?)?;
        if !(1..=9998).contains(&day.year()) {
            return None;
        }
        let Some(time) = self.time else {
            return Some(When::on(day));
        };
        if time == (0, 0, 0) && matches!(self.offset, None | Some(0)) {
            return Some(When::on(day));
        }
        let (hour, minute, second) = time;
        let clock = format!("{day}T{hour:02}:{minute:02}:{second:02}");
        let text = match self.offset {
            Some(0) => format!("{clock}Z"),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                let minutes = offset.unsigned_abs() / 60;
                format!("{clock}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            None => match zone {
                Some(zone) => parse_moment(&clock, zone).ok()?.rfc3339(),
                None => clock,
            },
        };
        Some(When { text, day, time })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let zone = Zone::named("America/New_York").expect("a zone of the database");
        let when = read_text(text, &zone).map(|when| when.text);
        assert_eq!(when.as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn all_the_forms_that_generators_take() {
        check("2020-01-02", "2020-01-02");
        check("2020-1-2", "2020-01-02");
        check("2020/01/02", "2020-01-02");
        check("20200102", "2020-01-02");
        check("2020-01-02T15:04:05Z", "2020-01-02T15:04:05Z");
        check("2020-01-02T15:04:05.123Z", "2020-01-02T15:04:05Z");
        check("2020-01-02T15:04:05+01:00", "2020-01-02T15:04:05+01:00");
        check("2020-01-02 15:04:05 +0100", "2020-01-02T15:04:05+01:00");
        check("2020-01-02 15:04:05 +0200 CEST", "2020-01-02T15:04:05+02:00");
        check("2020-01-02 15:04:05 UTC", "2020-01-02T15:04:05Z");
        check("2020-01-02 15:04", "2020-01-02T15:04:00-05:00");
        check("2020-01-02T15:04:05-0700", "2020-01-02T15:04:05-07:00");
        check("Thu, 02 Jan 2020 15:04:05 GMT", "2020-01-02T15:04:05Z");
        check("Thu, 02 Jan 2020 15:04:05 -0500", "2020-01-02T15:04:05-05:00");
        check("Thu Jan  2 15:04:05 2020", "2020-01-02T15:04:05-05:00");
        check("Thu Jan  2 15:04:05 MST 2020", "2020-01-02T15:04:05-07:00");
        check("January 2, 2020", "2020-01-02");
        check("2 January 2020", "2020-01-02");
        check("Jan 2nd, 2020 3:04PM", "2020-01-02T15:04:00-05:00");
        check("2-Jan-2020", "2020-01-02");
    }

    #[test]
    fn midnight_is_a_day_where_no_zone_says_otherwise() {
        check("2020-01-02T00:00:00Z", "2020-01-02");
        check("2020-01-02 00:00:00", "2020-01-02");
        check("2020-01-02T00:00:00-08:00", "2020-01-02T00:00:00-08:00");
    }

    #[test]
    fn no_date_is_made_up() {
        for text in [
            "",
            "soon",
            "2020",
            "2020-13-01",
            "2020-02-30",
            "Last Modified",
            "Created",
            "01/02/2020",
            "2020-01-02T25:00",
            "12:30",
            "2020-01-02-03",
            "٢٠٢٠-٠١-٠٢",
            "Jan 2020",
        ] {
            assert_eq!(read_text(text, &Zone::utc()), None, "{text}");
        }
        assert_eq!(
            read(&Value::from(1_577_977_445), &Zone::utc()).map(|when| when.text),
            Some("2020-01-02T15:04:05Z".to_owned())
        );
    }
}
