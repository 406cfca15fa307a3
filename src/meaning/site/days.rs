//! The days of a site: which articles each has.

use std::ops::Range;

use super::ArticleIndex;
use crate::ground::date::Day;

/// The days that have articles, newest first, with their articles.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Days(Vec<(Day, Range<ArticleIndex>)>);

impl Days {
    /// The days of articles in their order.
    pub fn new(articles: impl Iterator<Item = Day>) -> Days {
        let mut days: Vec<(Day, Range<ArticleIndex>)> = Vec::new();
        for (index, day) in (0..).zip(articles) {
            match days.last_mut() {
                Some((last, range)) if *last == day => range.end = index + 1,
                _ => days.push((day, index..index + 1)),
            }
        }
        Days(days)
    }

    /// The days, newest first.
    pub fn all(&self) -> &[(Day, Range<ArticleIndex>)] {
        &self.0
    }

    /// Makes room for a new article; `true` where its day is new.
    pub fn insert(&mut self, index: ArticleIndex, day: Day) -> bool {
        // It stands in the first of these, behind its end, or in front of the one after it.
        let at = self.0.partition_point(|(_, range)| range.end < index);
        let fits = |at: usize| {
            let fits = |(other, range): &(Day, Range<ArticleIndex>)| *other == day && range.start <= index;
            self.0.get(at).is_some_and(fits)
        };
        let own = [at, at + 1].into_iter().find(|&at| fits(at));
        let is_new = own.is_none();
        let own = own.unwrap_or_else(|| self.divide(index));
        if is_new {
            self.0.insert(own, (day, index..index));
        }
        self.0[own].1.end += 1;
        for (_, range) in &mut self.0[own + 1..] {
            *range = range.start + 1..range.end + 1;
        }
        is_new
    }

    /// Closes the gap that an article leaves; `true` where its day had no other.
    pub fn remove(&mut self, index: ArticleIndex) -> bool {
        let at = self.0.partition_point(|(_, range)| range.end <= index);
        for (_, range) in self.0.iter_mut().skip(at) {
            // The first holds the article, those behind it move.
            let start = if range.start > index {
                range.start - 1
            } else {
                range.start
            };
            *range = start..range.end - 1;
        }
        let is_gone = self.0.get(at).is_some_and(|(_, range)| range.is_empty());
        if is_gone {
            self.0.remove(at);
            self.unite(at);
        }
        is_gone
    }

    /// Makes a border of days in front of an article; gives the number of the day behind it. Days
    /// are only divided where the clocks are set back over midnight, and a day comes twice.
    fn divide(&mut self, index: ArticleIndex) -> usize {
        let at = self.0.partition_point(|(_, range)| range.end <= index);
        match self.0.get_mut(at) {
            Some((day, range)) if range.start < index => {
                let rest = (*day, index..range.end);
                range.end = index;
                self.0.insert(at + 1, rest);
                at + 1
            }
            _ => at,
        }
    }

    /// Makes one of two parts of a day that have come to lie side by side.
    fn unite(&mut self, at: usize) {
        if let Some(before) = at.checked_sub(1)
            && let [(one, range), (other, rest), ..] = &mut self.0[before..]
            && one == other
        {
            range.end = rest.end;
            self.0.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Days that come in any order, as they do where the clocks are set back.
        #[test]
        fn edited_days_are_the_days_of_the_edited_list(
            edits in prop::collection::vec((any::<bool>(), any::<usize>(), 1..4i8), 1..60)
        ) {
            let (mut list, mut days) = (Vec::new(), Days::default());
            for (inserts, at, day) in edits {
                let day = Day::new(2025, 1, day).expect("a day");
                let at = at % (list.len() + 1);
                let index = u32::try_from(at).expect("a short list");
                if inserts {
                    list.insert(at, day);
                    days.insert(index, day);
                } else if at < list.len() {
                    list.remove(at);
                    days.remove(index);
                }
                prop_assert_eq!(&days, &Days::new(list.iter().copied()));
            }
        }
    }
}
