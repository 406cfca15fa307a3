//! Segments: the stretches of time in which the search keeps texts.
//!
//! A segment is a year that has few articles, else half of it, a quarter, a month or a part of a month. New
//! articles are added to the last one, and an edit stays within its own: the others are the same byte for
//! byte. In the years before the newest one, where few things change, segments are larger, so that a search of
//! all texts asks for fewer files.

use std::fmt;
use std::ops::Range;

use super::site::{ArticleIndex, Site};
use crate::ground::date::Month;
use crate::ground::encoding::encoded;

/// How many articles a segment holds at most, in years before the newest one.
pub const MAX_ARTICLES: u32 = 2048;

/// How many articles a segment of the newest year holds at most: what a new article rewrites stays small.
const MAX_FRESH_ARTICLES: u32 = 512;

/// How many articles a block of records holds.
pub const BLOCK: u32 = 32;

/// In how many parts the words of headlines are kept, by the number of articles: a part stays small
/// enough to be fetched while a reader types.
pub fn title_parts(articles: u32) -> u16 {
    match articles {
        0..=256 => 1,
        257..=4096 => 8,
        4097..=65_536 => 32,
        _ => 128,
    }
}

/// In how many parts the words of a segment's texts are kept, by the number of its articles.
pub fn text_parts(articles: u32) -> u16 {
    match articles {
        0..=64 => 1,
        65..=512 => 8,
        _ => 32,
    }
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Segment {
    /// The year.
    pub year: i16,
    /// How many months it has: 12, 6, 3 or 1.
    pub months: i8,
    /// Its first month, 1 to 12.
    pub month: i8,
    /// Which part of the month, from its beginning on.
    pub part: u16,
}

encoded!(struct Segment { year, months, month, part });

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        match self.months {
            12 => {}
            6 => write!(f, "-h{}", self.month / 6 + 1)?,
            3 => write!(f, "-q{}", self.month / 3 + 1)?,
            _ => write!(f, "-{:02}", self.month)?,
        }
        if self.part > 0 {
            write!(f, "-{}", self.part + 1)?;
        }
        Ok(())
    }
}

/// All segments, the oldest first, and how many articles each has.
pub fn segments(site: &Site) -> Vec<(Segment, u32)> {
    let mut months: Vec<(Month, u32)> = Vec::new();
    for (day, articles) in site.days().iter().rev() {
        let count = articles.end - articles.start;
        match months.last_mut() {
            Some((month, sum)) if *month == day.month() => *sum += count,
            _ => months.push((day.month(), count)),
        }
    }
    let mut all = Vec::new();
    for year in months.chunk_by(|(one, _), (other, _)| one.year == other.year) {
        let most = year
            .first()
            .map_or(MAX_ARTICLES, |(month, _)| most(site, month.year));
        divide(year, 12, most, &mut all);
    }
    all
}

/// How many articles a segment of a year holds at most.
fn most(site: &Site, year: i16) -> u32 {
    let newest = site.days().first().map(|(day, _)| day.month().year);
    if newest == Some(year) {
        MAX_FRESH_ARTICLES
    } else {
        MAX_ARTICLES
    }
}

/// Divides a stretch of so many months, of which those with articles are given, until no piece holds too
/// many.
fn divide(stretch: &[(Month, u32)], months: i8, most: u32, all: &mut Vec<(Segment, u32)>) {
    let Some(&(Month { year, month }, _)) = stretch.first() else {
        return;
    };
    let count: u32 = stretch.iter().map(|(_, count)| count).sum();
    let of_part = |part: u32| Segment {
        year,
        months,
        month: (month - 1) / months * months + 1,
        part: u16::try_from(part).unwrap_or(u16::MAX),
    };
    if count <= most {
        all.push((of_part(0), count));
    } else if months == 1 {
        for part in 0..count.div_ceil(most) {
            all.push((of_part(part), most.min(count - part * most)));
        }
    } else {
        let smaller = if months == 3 { 1 } else { months / 2 };
        let piece = |month: &Month| (month.month - 1) / smaller;
        for piece in stretch.chunk_by(|(one, _), (other, _)| piece(one) == piece(other)) {
            divide(piece, smaller, most, all);
        }
    }
}

impl Segment {
    /// The articles, the oldest first.
    pub fn articles(self, site: &Site) -> impl ExactSizeIterator<Item = ArticleIndex> + Clone + use<> {
        self.range(site).rev()
    }

    /// The articles of one block, the oldest first.
    pub fn block(
        self,
        site: &Site,
        block: u16,
    ) -> impl ExactSizeIterator<Item = ArticleIndex> + Clone + use<> {
        let all = self.range(site);
        let first = u32::from(block).saturating_mul(BLOCK);
        let end = all.end.saturating_sub(first).max(all.start);
        (end.saturating_sub(BLOCK).max(all.start)..end).rev()
    }

    /// The articles, the newest first as everywhere.
    fn range(self, site: &Site) -> Range<ArticleIndex> {
        let first = Month {
            year: self.year,
            month: self.month,
        };
        let last = Month {
            year: self.year,
            month: self.month + self.months - 1,
        };
        let days = site.days();
        let from = days.partition_point(|(day, _)| day.month() > last);
        let to = days.partition_point(|(day, _)| day.month() >= first);
        let all = match &days[from..to.max(from)] {
            [] => 0..0,
            [newest, ..] => newest.1.start..days[to - 1].1.end,
        };
        let most = most(site, self.year);
        let end = all
            .end
            .saturating_sub(u32::from(self.part).saturating_mul(most))
            .max(all.start);
        end.saturating_sub(most).max(all.start)..end
    }
}
