//! Held articles: what stays out of the site for now, and why.

use crate::ground::date::Moment;
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
    let date = article.summary.date;
    let from = hold
        .publish
        .filter(|publish| publish.instant > date.instant)
        .unwrap_or(date);
    (from.instant > now.instant && !now.future).then_some(Reason::Until(from))
}
