//! The calendar: when articles appear, when they expire, and when they are no news any more.
//!
//! It says of all time what [`Site`](super::site::Site) says of one instant, and must agree with it: between two events
//! of an article nothing about it depends on the clock.

use jiff::Timestamp;

use super::site::{NEWS, Now, end, from, reason};
use crate::ground::date::{Day, Zone};
use crate::reading::article::Article;

/// What happens to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It is shown from now on.
    Appears,
    /// It is shown no longer.
    Expires,
    /// It is shown still, but not among the news for search engines.
    LeavesNews,
}

/// Something that happens to an article by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When: the first instant at which it has happened.
    pub at: Timestamp,
    /// The day in the site's zone to which people count it: for what expires behind its last day, that one.
    pub day: Day,
    /// Whether it is the end of that day and not a time that somebody wrote.
    pub is_end_of_day: bool,
    /// What it is.
    pub what: What,
}

/// What of an article depends on the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is shown.
    pub is_shown: bool,
    /// Whether it is news for search engines.
    pub is_news: bool,
}

/// How an article stands at an instant. `has_news` tells whether the site has a sitemap of news.
pub fn standing(article: &Article, has_news: bool, now: Now) -> Standing {
    let is_shown = reason(article, now).is_none();
    let is_fresh = stale(article, has_news).is_some_and(|stale| stale > now.instant);
    Standing {
        is_shown,
        is_news: is_shown && is_fresh,
    }
}

/// All that happens to an article, in order. To a draft nothing does, nor to one that expires before it appears.
pub fn events(article: &Article, has_news: bool, zone: &Zone) -> Vec<Event> {
    let from = from(article);
    let end = end(article, zone);
    if article.hold.draft || end.is_some_and(|end| end <= from.instant) {
        return Vec::new();
    }
    let event = |at, what| Event {
        at,
        day: zone.day(at),
        is_end_of_day: false,
        what,
    };
    let mut events = vec![event(from.instant, What::Appears)];
    let stale = stale(article, has_news).filter(|stale| *stale > from.instant);
    let stale = stale.filter(|stale| end.is_none_or(|end| *stale < end));
    events.extend(stale.map(|stale| event(stale, What::LeavesNews)));
    if let (Some(end), Some(expires)) = (end, article.hold.expires) {
        events.push(Event {
            at: end,
            day: expires.day,
            is_end_of_day: expires.offset.is_none(),
            what: What::Expires,
        });
    }
    events
}

/// When an article is no news any more, if it ever is.
fn stale(article: &Article, has_news: bool) -> Option<Timestamp> {
    let is_for_robots = has_news && !article.summary.noindex;
    let stale = article.summary.date.instant.checked_add(NEWS).ok();
    stale.filter(|_| is_for_robots)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::ToSpan;

    use super::*;
    use crate::ground::path::SourcePath;
    use crate::reading::article::{Reading, read};
    use crate::reading::company::Register;
    use crate::reading::config::Config;
    use crate::reading::tagging::Tagger;

    /// An article of a site in a zone, with these lines in its head.
    fn article(zone: &Zone, lines: &str) -> Article {
        let mut config = Config::default_settings();
        config.zone = zone.clone();
        let register = Arc::new(Register::default());
        let tagger = Tagger::new(&register);
        let path = SourcePath::new("content/articles/a.md").expect("a path");
        let text = format!("---\ntitle: A\n{lines}\n---\nText.\n");
        let reading = Reading {
            config: &config,
            register: &register,
            tagger: &tagger,
        };
        let read = read(&path, &text, reading);
        assert!(!read.found.has_errors(), "{lines}: {:?}", read.found);
        read.article.expect("an article")
    }

    fn zone(name: &str) -> Zone {
        Zone::named(name).expect("a zone")
    }

    /// The events in words, and that an article stands differently at each and only there.
    fn check(zone_name: &str, lines: &str, expected: &[&str]) {
        let zone = zone(zone_name);
        let article = article(&zone, lines);
        let events = events(&article, true, &zone);
        let shown = events.iter().map(|event| {
            let end = if event.is_end_of_day { " to its end" } else { "" };
            format!("{:?} {} on {}{end}", event.what, event.at, event.day)
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{zone_name}: {lines}");
        let standing = |instant: Timestamp| {
            let now = Now {
                instant,
                day: zone.day(instant),
                drafts: false,
                future: false,
            };
            standing(&article, true, now)
        };
        let mut last = Timestamp::MIN;
        for event in &events {
            let before = event.at.checked_sub(1.nanosecond()).expect("an instant");
            assert_eq!(standing(last), standing(before), "{event:?}");
            assert_ne!(standing(before), standing(event.at), "{event:?}");
            last = event.at;
        }
        assert_eq!(standing(last), standing(Timestamp::MAX), "{lines}");
    }

    const NEW_YORK: &str = "America/New_York";

    #[test]
    fn an_article_appears_and_is_no_news_after_two_days() {
        check(
            NEW_YORK,
            "date: 2025-01-21T17:45",
            &[
                "Appears 2025-01-21T22:45:00Z on 2025-01-21",
                "LeavesNews 2025-01-23T22:45:00Z on 2025-01-23",
            ],
        );
        check(
            NEW_YORK,
            "date: 2025-01-21\nnoindex: true",
            &["Appears 2025-01-21T05:00:00Z on 2025-01-21"],
        );
    }

    #[test]
    fn a_bare_day_begins_in_the_zone_and_lasts_to_its_end() {
        let expected = [
            "Appears 2025-01-21T05:00:00Z on 2025-01-21",
            "Expires 2025-01-22T05:00:00Z on 2025-01-21 to its end",
        ];
        check(NEW_YORK, "date: 2025-01-21\nexpires: 2025-01-21", &expected);
        let expected = [
            "Appears 2025-01-20T10:00:00Z on 2025-01-21",
            "Expires 2025-01-21T10:00:00Z on 2025-01-21 to its end",
        ];
        check(
            "Pacific/Kiritimati",
            "date: 2025-01-21\nexpires: 2025-01-21",
            &expected,
        );
    }

    #[test]
    fn what_expires_earlier_is_news_until_then() {
        check(
            "UTC",
            "date: 2025-01-21T10:00\nexpires: 2025-01-22T12:00",
            &[
                "Appears 2025-01-21T10:00:00Z on 2025-01-21",
                "Expires 2025-01-22T12:00:00Z on 2025-01-22",
            ],
        );
        // At the same instant it expires, and that is all.
        check(
            "UTC",
            "date: 2025-01-21T10:00\nexpires: 2025-01-23T10:00",
            &[
                "Appears 2025-01-21T10:00:00Z on 2025-01-21",
                "Expires 2025-01-23T10:00:00Z on 2025-01-23",
            ],
        );
    }

    #[test]
    fn what_is_published_late_is_no_news() {
        check(
            "UTC",
            "date: 2025-01-21\npublish: 2025-02-01T08:00",
            &["Appears 2025-02-01T08:00:00Z on 2025-02-01"],
        );
        check(
            "UTC",
            "date: 2025-01-21\npublish: 2025-01-23",
            &["Appears 2025-01-23T00:00:00Z on 2025-01-23"],
        );
    }

    #[test]
    fn nothing_happens_to_drafts_and_to_what_expires_before_it_appears() {
        check("UTC", "date: 2025-01-21\ndraft: true", &[]);
        check("UTC", "date: 2025-01-21\nexpires: 2025-01-20", &[]);
        check("UTC", "date: 2025-01-21T10:00\nexpires: 2025-01-21T10:00", &[]);
        check(
            "UTC",
            "date: 2025-01-01\npublish: 2025-02-01\nexpires: 2025-01-31",
            &[],
        );
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_an_hour_later() {
        // Clocks go from 02:00 to 03:00.
        check(
            NEW_YORK,
            "date: 2025-03-09T02:30\nnoindex: true",
            &["Appears 2025-03-09T07:30:00Z on 2025-03-09"],
        );
        // And here from 00:00 to 01:00: the day begins an hour late.
        check(
            "Asia/Beirut",
            "date: 2025-03-30\nexpires: 2025-03-30",
            &[
                "Appears 2025-03-29T22:00:00Z on 2025-03-30",
                "Expires 2025-03-30T21:00:00Z on 2025-03-30 to its end",
            ],
        );
        check(
            "Asia/Beirut",
            "date: 2025-03-01\nnoindex: true\nexpires: 2025-03-29",
            &[
                "Appears 2025-02-28T22:00:00Z on 2025-03-01",
                "Expires 2025-03-29T22:00:00Z on 2025-03-29 to its end",
            ],
        );
    }

    #[test]
    fn a_time_that_the_clocks_repeat_is_the_first_of_the_two() {
        check(
            NEW_YORK,
            "date: 2025-11-02T01:30\nnoindex: true",
            &["Appears 2025-11-02T05:30:00Z on 2025-11-02"],
        );
        check(
            NEW_YORK,
            "date: 2025-11-02T01:30:00-05:00\nexpires: 2025-11-02",
            &[
                "Appears 2025-11-02T06:30:00Z on 2025-11-02",
                "Expires 2025-11-03T05:00:00Z on 2025-11-02 to its end",
            ],
        );
    }

    #[test]
    fn two_days_of_news_are_48_hours_whatever_clocks_do() {
        check(
            NEW_YORK,
            "date: 2025-03-08T12:00",
            &[
                "Appears 2025-03-08T17:00:00Z on 2025-03-08",
                "LeavesNews 2025-03-10T17:00:00Z on 2025-03-10",
            ],
        );
    }

    #[test]
    fn a_day_that_a_zone_skips() {
        // Samoa went from 29 to 31 December: the day began and ended where the next one began.
        check(
            "Pacific/Apia",
            "date: 2011-12-29\nnoindex: true\nexpires: 2011-12-29",
            &[
                "Appears 2011-12-29T10:00:00Z on 2011-12-29",
                "Expires 2011-12-30T10:00:00Z on 2011-12-29 to its end",
            ],
        );
    }
}
