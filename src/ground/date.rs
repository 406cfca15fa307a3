//! Dates: what an author writes, calendar days, ISO weeks and months in the site's time zone.
//!
//! A date without a time is that calendar day and nothing else: it is never turned into an instant
//! and back, so it cannot become the day before. Only its place in the order uses the start of the
//! day in the site's zone.

use std::fmt;

use super::encoding::{Decode, Decoder, Encode, Encoder, encoded};
use super::text::one_line;
use jiff::civil::{Date, DateTime, ISOWeekDate, Time, Weekday};
use jiff::tz::{Disambiguation, Offset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};

/// The site's time zone, from the bundled database, so that every machine agrees.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated Universal Time.
    pub fn utc() -> Zone {
        Zone(TimeZone::UTC)
    }

    /// A zone by its IANA name, `Europe/Paris`; `None` where there is none of that name.
    pub fn named(name: &str) -> Option<Zone> {
        TimeZoneDatabase::bundled().get(name).ok().map(Zone)
    }

    /// All names the database knows.
    pub fn names() -> Vec<String> {
        TimeZoneDatabase::bundled()
            .available()
            .map(|name| name.as_str().to_owned())
            .collect()
    }

    /// The calendar day of an instant.
    pub fn day(&self, instant: Timestamp) -> Day {
        Day(self.0.to_datetime(instant).date())
    }

    /// The first instant of a day.
    pub fn start_of(&self, day: Day) -> Timestamp {
        self.instant(day.0.to_datetime(Time::midnight()))
    }

    /// The last instant of a day, to the nanosecond.
    pub fn end_of(&self, day: Day) -> Timestamp {
        self.instant(day.0.to_datetime(Time::MAX))
    }

    /// The instant of a local time. A time that the clocks skip or repeat is read as RFC 5545 does:
    /// the skipped one moves forward, the repeated one is its first occurrence.
    fn instant(&self, local: DateTime) -> Timestamp {
        self.0
            .to_ambiguous_zoned(local)
            .disambiguate(Disambiguation::Compatible)
            .map_or(
                if local.year() < 0 {
                    Timestamp::MIN
                } else {
                    Timestamp::MAX
                },
                |zoned| zoned.timestamp(),
            )
    }
}

/// A calendar day of the years 1 to 9999. Printed as `2025-01-21`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(Date);

impl Day {
    /// The day of that year, month (1 to 12) and day of the month; `None` where there is none.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        if year < 1 {
            return None;
        }
        Date::new(year, month, day).ok().map(Day)
    }

    /// Reads `2025-01-21`, and nothing else.
    pub fn parse(text: &str) -> Option<Day> {
        let (day, rest) = leading_day(text)?;
        if rest.is_empty() { day } else { None }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month it lies in.
    pub fn month(self) -> Month {
        Month {
            year: self.0.year(),
            month: self.0.month(),
        }
    }

    /// The ISO week it lies in.
    pub fn week(self) -> Week {
        let week = self.0.iso_week_date();
        Week {
            year: week.year(),
            week: week.week(),
        }
    }

    /// The day of the month, from 1.
    pub fn day_of_month(self) -> i8 {
        self.0.day()
    }

    /// The day after it; `None` after the last day of the calendar.
    pub fn next(self) -> Option<Day> {
        self.0.tomorrow().ok().map(Day)
    }

    /// The day so many days before it; `None` before the first day of year 1.
    pub fn before(self, days: u16) -> Option<Day> {
        let earlier = self.0.checked_sub(i64::from(days).days()).ok()?;
        (earlier.year() >= 1).then_some(Day(earlier))
    }

    /// The day of the week, 1 for Monday to 7 for Sunday.
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    /// The calendar date, for formatting.
    pub fn date(self) -> Date {
        self.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.0.year(),
            self.0.month(),
            self.0.day()
        )
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A calendar month. Printed as `2025-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: i8,
}

impl Month {
    /// Reads `2025-01`, and nothing else.
    pub fn parse(text: &str) -> Option<Month> {
        if text.len() != 7 {
            return None;
        }
        Day::parse(&format!("{text}-01")).map(Day::month)
    }

    /// Its first day.
    pub fn first_day(self) -> Day {
        Day(Date::constant(self.year, self.month, 1))
    }

    /// The month before; `None` before the first month of year 1.
    pub fn previous(self) -> Option<Month> {
        match (self.year, self.month) {
            (1, 1) => None,
            (year, 1) => Some(Month {
                year: year - 1,
                month: 12,
            }),
            (year, month) => Some(Month {
                year,
                month: month - 1,
            }),
        }
    }

    /// How many days it has.
    pub fn days(self) -> i8 {
        self.first_day().0.days_in_month()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A week as ISO 8601 counts them, Monday to Sunday. Printed as `2025-W04`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Week {
    /// The ISO year, which differs from the calendar's around New Year.
    pub year: i16,
    /// The week, 1 to 53.
    pub week: i8,
}

impl Week {
    /// Reads `2025-W04`, and nothing else.
    pub fn parse(text: &str) -> Option<Week> {
        let (year, week) = text.split_once("-W")?;
        if year.len() != 4 || week.len() != 2 {
            return None;
        }
        let week = Week {
            year: digits(year)?,
            week: digits(week)?.try_into().ok()?,
        };
        week.monday().map(|_| week)
    }

    /// Its Monday; `None` where the year has no such week.
    pub fn monday(self) -> Option<Day> {
        ISOWeekDate::new(self.year, self.week, Weekday::Monday)
            .ok()
            .map(|monday| Day(monday.date()))
    }

    /// The week before; `None` before the first week of the calendar.
    pub fn previous(self) -> Option<Week> {
        self.monday()?.before(7).map(Day::week)
    }

    /// Its Sunday; `None` where the year has no such week.
    pub fn sunday(self) -> Option<Day> {
        ISOWeekDate::new(self.year, self.week, Weekday::Sunday)
            .ok()
            .map(|sunday| Day(sunday.date()))
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.week)
    }
}

/// A stretch of the calendar that has a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// One day.
    Day(Day),
    /// One ISO week.
    Week(Week),
    /// One month.
    Month(Month),
}

impl Period {
    /// Reads what `Display` writes: `2025-01-21`, `2025-W04` or `2025-01`.
    pub fn parse(text: &str) -> Option<Period> {
        Day::parse(text)
            .map(Period::Day)
            .or_else(|| Week::parse(text).map(Period::Week))
            .or_else(|| Month::parse(text).map(Period::Month))
    }

    /// The first and the last day.
    pub fn days(self) -> (Day, Day) {
        match self {
            Period::Day(day) => (day, day),
            Period::Week(week) => {
                // A week is only made from a day or by `parse`, which checks it.
                let monday = week.monday().unwrap_or(Day(Date::MIN));
                (monday, week.sunday().unwrap_or(monday))
            }
            Period::Month(month) => {
                let first = month.first_day();
                (first, Day(first.0.last_of_month()))
            }
        }
    }

    /// Whether a day lies in it.
    pub fn contains(self, day: Day) -> bool {
        let (first, last) = self.days();
        first <= day && day <= last
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Day(day) => day.fmt(f),
            Period::Week(week) => week.fmt(f),
            Period::Month(month) => month.fmt(f),
        }
    }
}

/// The date of an article as its author wrote it, understood in the site's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The instant; for a date without a time the start of its day.
    pub instant: Timestamp,
    /// The calendar day in the site's zone.
    pub day: Day,
    /// The zone's offset from UTC at that instant, in seconds; `None` for a date without a time.
    pub offset: Option<i32>,
}

impl Moment {
    /// The moment of an instant in a zone.
    pub fn at(instant: Timestamp, zone: &Zone) -> Moment {
        let offset = zone.0.to_offset(instant);
        Moment {
            instant,
            day: zone.day(instant),
            offset: Some(offset.seconds()),
        }
    }

    /// A day without a time.
    pub fn on(day: Day, zone: &Zone) -> Moment {
        Moment {
            instant: zone.start_of(day),
            day,
            offset: None,
        }
    }

    /// The local date and time; midnight for a date without a time.
    pub fn local(&self) -> DateTime {
        match self.offset.and_then(|seconds| Offset::from_seconds(seconds).ok()) {
            Some(offset) => offset.to_datetime(self.instant),
            None => self.day.0.to_datetime(Time::midnight()),
        }
    }

    /// The time of day as `14:30`; `None` for a date without a time.
    pub fn time(&self) -> Option<String> {
        let local = self.local();
        self.offset
            .map(|_| format!("{:02}:{:02}", local.hour(), local.minute()))
    }

    /// The zone's distance from UTC as `-05:00`; `None` for a date without a time.
    pub fn from_utc(&self) -> Option<String> {
        self.offset.map(|seconds| offset_text(seconds, ":"))
    }

    /// A W3C date: `2025-01-21` or `2025-01-21T14:30:00-05:00` (RFC 3339), as `<time datetime>`,
    /// sitemaps and structured data ask for it.
    pub fn w3c(&self) -> String {
        match self.offset {
            None => self.day.to_string(),
            Some(_) => self.rfc3339(),
        }
    }

    /// RFC 3339 with seconds and the zone's offset; a date without a time is the start of its day
    /// in UTC terms of the site's zone.
    pub fn rfc3339(&self) -> String {
        let (local, seconds) = self.shown();
        let zone = if seconds == 0 {
            "Z".to_owned()
        } else {
            offset_text(seconds, ":")
        };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute(),
            local.second()
        )
    }

    /// RFC 822 with a four-digit year, as RSS 2.0 asks for it: `Tue, 21 Jan 2025 14:30:00 -0500`.
    /// Names are English whatever the site's language.
    pub fn rfc822(&self) -> String {
        let (local, seconds) = self.shown();
        format!(
            "{}, {:02} {} {:04} {:02}:{:02}:{:02} {}",
            &WEEKDAYS[local.date().weekday().to_monday_zero_offset() as usize][..3],
            local.day(),
            &MONTHS[local.month() as usize - 1][..3],
            local.year(),
            local.hour(),
            local.minute(),
            local.second(),
            offset_text(seconds, "")
        )
    }

    /// The local time that is printed and its offset: whole minutes, as both formats hold no seconds.
    /// A date without a time is the midnight of its day even where the offset had seconds.
    fn shown(&self) -> (DateTime, i32) {
        let whole = |seconds: i32| seconds - seconds % 60;
        match self.offset {
            Some(seconds) => (shifted(self.instant, whole(seconds)), whole(seconds)),
            None => {
                let midnight = self.day.0.to_datetime(Time::midnight());
                let utc = Offset::UTC.to_timestamp(midnight).unwrap_or(self.instant);
                let seconds = i32::try_from(utc.as_second() - self.instant.as_second()).unwrap_or(0);
                (midnight, whole(seconds))
            }
        }
    }
}

/// The days of the week in English, from Monday on.
pub const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The months in English.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The local time at an offset of `seconds` from UTC.
fn shifted(instant: Timestamp, seconds: i32) -> DateTime {
    Offset::from_seconds(seconds)
        .unwrap_or(Offset::UTC)
        .to_datetime(instant)
}

/// `+hh:mm` with the divider given.
fn offset_text(seconds: i32, divider: &str) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}{divider}{:02}", minutes / 60, minutes % 60)
}

/// Reads a date as authors write it: `2025-01-21`, or with a time behind a `T` or a space, with
/// seconds or without, with an offset (`Z`, `-05:00`, `-0500`, `+01`) or in the site's zone.
/// The error is one sentence about what is wrong.
pub fn parse_moment(text: &str, zone: &Zone) -> Result<Moment, String> {
    let text = text.trim();
    let Some((day, rest)) = leading_day(text) else {
        return Err(format!("`{}` is not a date", one_line(text)));
    };
    let Some(day) = day else {
        return Err(format!("the calendar has no day `{}`", &text[..10]));
    };
    if rest.is_empty() {
        return Ok(Moment::on(day, zone));
    }
    let rest = rest.strip_prefix(['T', 't']).unwrap_or(rest).trim_start();
    let (time, offset) =
        leading_time(rest).ok_or_else(|| format!("`{rest}` is not a time; write it as `09:30`"))?;
    let time = time.ok_or_else(|| "a day has no such time".to_owned())?;
    let local = day.0.to_datetime(time);
    let instant = match offset.trim() {
        "" => zone.instant(local),
        offset => {
            let seconds = parse_offset(offset)
                .ok_or_else(|| format!("`{offset}` is not an offset from UTC; write `Z` or `-05:00`"))?;
            let offset =
                Offset::from_seconds(seconds).map_err(|_| format!("no zone is `{offset}` from UTC"))?;
            offset
                .to_timestamp(local)
                .map_err(|_| "this date lies outside the calendar".to_owned())?
        }
    };
    let moment = Moment::at(instant, zone);
    if moment.day.year() < 1 || moment.day.year() > 9998 {
        return Err("this date lies outside the calendar".to_owned());
    }
    Ok(moment)
}

/// The day a text starts with, and the rest; an inner `None` is a day that does not exist.
fn leading_day(text: &str) -> Option<(Option<Day>, &str)> {
    let head = text.get(..10)?;
    let bytes = head.as_bytes();
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (digits(&head[..4])?, digits(&head[5..7])?, digits(&head[8..10])?);
    let day = Day::new(year, month.try_into().ok()?, day.try_into().ok()?);
    Some((day, &text[10..]))
}

/// The time a text starts with, and the rest; an inner `None` is a time that does not exist.
fn leading_time(text: &str) -> Option<(Option<Time>, &str)> {
    let part = |range: std::ops::Range<usize>| digits(text.get(range)?);
    let (hour, minute) = (part(0..2)?, part(3..5)?);
    if text.as_bytes().get(2) != Some(&b':') {
        return None;
    }
    let (mut second, mut rest) = (0, &text[5..]);
    if rest.starts_with(':') {
        second = part(6..8)?;
        rest = &text[8..];
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    // RFC 3339 allows a leap second, which no calendar here has.
    let second = if second == 60 { 59 } else { second };
    let small = |number: i16| i8::try_from(number).ok();
    let time = (|| Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok())();
    Some((time, rest))
}

/// An offset from UTC in seconds.
fn parse_offset(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits_only = text[1..].replace(':', "");
    if !digits_only.is_ascii() {
        return None;
    }
    let (hours, minutes) = match digits_only.len() {
        2 => (digits(&digits_only)?, 0),
        4 => (digits(&digits_only[..2])?, digits(&digits_only[2..])?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then(|| sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60))
}

/// A number made of ASCII digits only.
fn digits(text: &str) -> Option<i16> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

impl Encode for Timestamp {
    fn encode(&self, to: &mut Encoder) {
        self.as_second().encode(to);
        self.subsec_nanosecond().encode(to);
    }
}

impl Decode for Timestamp {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Timestamp::new(i64::decode(from)?, i32::decode(from)?).ok()
    }
}

impl Encode for Day {
    fn encode(&self, to: &mut Encoder) {
        self.0.year().encode(to);
        to.raw(&[self.0.month() as u8, self.0.day() as u8]);
    }
}

impl Decode for Day {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let year = i16::decode(from)?;
        Day::new(year, from.byte()? as i8, from.byte()? as i8)
    }
}

impl Encode for Month {
    fn encode(&self, to: &mut Encoder) {
        self.first_day().encode(to);
    }
}

impl Decode for Month {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let day = Day::decode(from)?;
        (day == day.month().first_day()).then(|| day.month())
    }
}

impl Encode for Week {
    fn encode(&self, to: &mut Encoder) {
        self.year.encode(to);
        self.week.encode(to);
    }
}

impl Decode for Week {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let (year, week) = (i16::decode(from)?, i8::decode(from)?);
        Week::parse(&Week { year, week }.to_string())
    }
}

encoded!(enum Period { 0 => Day(day), 1 => Week(week), 2 => Month(month) });
encoded!(struct Moment { instant, day, offset });

#[cfg(test)]
mod tests {
    use super::*;

    fn new_york() -> Zone {
        Zone::named("America/New_York").expect("a zone of the database")
    }

    #[test]
    fn days_and_weeks_before() {
        let day = |text: &str| Day::parse(text).expect("a day");
        assert_eq!(day("2025-03-01").before(28), Some(day("2025-02-01")));
        assert_eq!(day("2025-03-01").before(0), Some(day("2025-03-01")));
        assert_eq!(day("0001-01-01").before(1), None);
        let week = |text: &str| Week::parse(text).expect("a week");
        assert_eq!(week("2025-W02").previous(), Some(week("2025-W01")));
        assert_eq!(week("2021-W01").previous(), Some(week("2020-W53")));
        assert_eq!(day("0001-01-01").week().previous(), None);
    }

    #[test]
    fn dates_as_authors_write_them() {
        let check = |text: &str, w3c: &str, day: &str| {
            let moment = parse_moment(text, &new_york()).expect(text);
            assert_eq!(
                (moment.w3c().as_str(), moment.day.to_string().as_str()),
                (w3c, day),
                "{text}"
            );
        };
        check("2025-01-21", "2025-01-21", "2025-01-21");
        check("2025-01-21T09:30", "2025-01-21T09:30:00-05:00", "2025-01-21");
        check("2025-01-21 09:30:15", "2025-01-21T09:30:15-05:00", "2025-01-21");
        check("2025-07-21 09:30", "2025-07-21T09:30:00-04:00", "2025-07-21");
        check("2025-01-22T03:00:00Z", "2025-01-21T22:00:00-05:00", "2025-01-21");
        check(
            "2025-01-21t10:00:00.123z",
            "2025-01-21T05:00:00-05:00",
            "2025-01-21",
        );
        check(
            "2025-01-21 10:00:00 -0500",
            "2025-01-21T10:00:00-05:00",
            "2025-01-21",
        );
        check(
            "2025-01-21T10:00:00+01",
            "2025-01-21T04:00:00-05:00",
            "2025-01-21",
        );
        check("2016-12-31T23:59:60Z", "2016-12-31T18:59:59-05:00", "2016-12-31");
        // Clocks go from 02:00 to 03:00 on this day.
        check("2025-03-09T02:30", "2025-03-09T03:30:00-04:00", "2025-03-09");
    }

    #[test]
    fn what_is_no_date_says_why() {
        let check = |text: &str, part: &str| {
            let message = parse_moment(text, &Zone::utc()).expect_err(text);
            assert!(message.contains(part), "{text}: {message}");
        };
        check("tomorrow", "not a date");
        check("21.01.2025", "not a date");
        check("2025-02-30", "no day `2025-02-30`");
        check("2025-13-01", "no day");
        check("0000-01-01", "no day");
        check("2025-01-21Tnoon", "not a time");
        check("2025-01-21T25:00", "no such time");
        check("2025-01-21T10:00 EST", "not an offset");
        check("2025-01-21T10:00+25:00", "not an offset");
        check("2025-01-21T10:00-🚀", "not an offset");
        check("9999-12-31T23:59:59-10:00", "outside the calendar");
        check("２０２５-01-21", "not a date");
    }

    #[test]
    fn a_bare_date_never_moves() {
        for zone in [
            "Pacific/Kiritimati",
            "Pacific/Pago_Pago",
            "America/New_York",
            "Africa/Cairo",
        ] {
            let zone = Zone::named(zone).expect("a zone of the database");
            let moment = parse_moment("2025-04-25", &zone).expect("a date");
            assert_eq!(moment.w3c(), "2025-04-25");
            assert_eq!(zone.day(moment.instant), moment.day);
        }
    }

    #[test]
    fn feeds_get_full_instants() {
        let bare = parse_moment("2025-01-21", &new_york()).expect("a date");
        assert_eq!(bare.rfc3339(), "2025-01-21T00:00:00-05:00");
        assert_eq!(bare.rfc822(), "Tue, 21 Jan 2025 00:00:00 -0500");
        // Paris was 9 minutes and 21 seconds ahead then.
        let paris = Zone::named("Europe/Paris").expect("a zone of the database");
        let old = parse_moment("1900-01-01", &paris).expect("a date");
        assert_eq!(old.rfc822(), "Mon, 01 Jan 1900 00:00:00 +0009");
        assert_eq!(
            parse_moment("2025-01-21T08:05Z", &Zone::utc())
                .expect("a date")
                .rfc822(),
            "Tue, 21 Jan 2025 08:05:00 +0000"
        );
    }

    #[test]
    fn periods_are_read_back_and_hold_their_days() {
        for text in ["2025-01-21", "2025-W04", "2024-12", "2020-W53"] {
            let period = Period::parse(text).expect(text);
            assert_eq!(period.to_string(), text);
            let (first, last) = period.days();
            assert!(period.contains(first) && period.contains(last));
        }
        for text in [
            "2025-W54",
            "2025-W00",
            "2025-1",
            "2025-13",
            "2025-01-32",
            "x",
            "2021-W53",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
        assert_eq!(
            Day::parse("2024-12-30").map(|day| day.week().to_string()),
            Some("2025-W01".to_owned())
        );
        assert_eq!(Month::parse("2024-02").map(Month::days), Some(29));
    }

    #[test]
    fn the_end_of_a_day_is_in_the_day() {
        let zone = new_york();
        let day = Day::parse("2025-11-02").expect("a day");
        assert_eq!(zone.day(zone.end_of(day)), day);
        assert!(
            zone.end_of(day).as_second() - zone.start_of(day).as_second() > 24 * 3600,
            "25 hours long"
        );
    }
}
