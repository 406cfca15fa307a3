//! Held articles: what stays out of the site for now, and why.

use jiff::Timestamp;

use crate::ground::date::{Moment, Zone};
use crate::ground::encoding::encoded;
use crate::meaning::site::Now;
use crate::reading::article::Article;

/// An article that is held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its headline.
    pub title: Box<str>,
    /// Why.
    pub reason: Reason,
}

impl Held {
    /// An article that is held back for a reason.
    pub fn new(article: &Article, reason: Reason) -> Held {
        let title = article.summary.title.clone();
        Held { title, reason }
    }
}

/// Why an article is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is a draft.
    Draft,
    /// It is shown from this moment on.
    Until(Moment),
    /// Its time has passed.
    Expired(Moment),
}

encoded!(struct Held { title, reason });
encoded!(enum Reason { 0 => Draft, 1 => Until(moment), 2 => Expired(moment) });

/// When the answer of [`reason`] changes next, if it ever does.
pub fn next_change(article: &Article, now: Now, zone: &Zone) -> Option<Timestamp> {
    let date = article.summary.date;
    let from = article.hold.publish.map(|publish| publish.instant);
    [Some(date.instant), from, end(article, zone)]
        .into_iter()
        .flatten()
        .filter(|instant| *instant > now.instant)
        .min()
}

/// From when an article is shown: its date, or `publish` where that is later.
pub fn from(article: &Article) -> Moment {
    let date = article.summary.date;
    let publish = article.hold.publish;
    publish
        .filter(|publish| publish.instant > date.instant)
        .unwrap_or(date)
}

/// From when an article is shown no longer; a day without a time is its last one.
pub fn end(article: &Article, zone: &Zone) -> Option<Timestamp> {
    let expires = article.hold.expires?;
    match expires.offset {
        Some(_) => Some(expires.instant),
        None => expires.day.next().map(|day| zone.start_of(day)),
    }
}

/// Why an article is held back now; `None` where it is shown.
///
/// A date of the future holds an article as `publish` does. A bare `expires` includes its day: the
/// last day on which the article is shown.
pub fn reason(article: &Article, now: Now) -> Option<Reason> {
    let hold = article.hold;
    if hold.draft && !now.drafts {
        return Some(Reason::Draft);
    }
    if let Some(expires) = hold.expires {
        let last = expires
            .offset
            .map_or_else(|| expires.day < now.day, |_| expires.instant <= now.instant);
        if last {
            return Some(Reason::Expired(expires));
        }
    }
    let from = from(article);
    (from.instant > now.instant && !now.future).then_some(Reason::Until(from))
}
