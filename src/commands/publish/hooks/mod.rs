//! Hooks: those who want to know are told of what was published, once it is there.
//!
//! Nobody is told anything unless the settings say so. Whoever cannot be told is a warning and no more, since the site
//! is published by then. Secrets come from the environment, go into headers, and are in no message.

mod indexnow;
mod news;
mod purge;
mod websub;

use std::time::Duration;

use url::Url;

use crate::building::external::{Guard, Teller, Trouble};
use crate::reading::config::{Hooks, Purge};

pub use news::News;

/// How long a host may take to accept a connection, and again to answer.
const LIMIT: Duration = Duration::from_secs(10);

/// How long a host is left alone before it is told once more.
const PAUSE: Duration = Duration::from_secs(1);

/// What came of telling somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was told; in words.
    Done(String),
    /// It was not.
    Failed(Warning),
}

/// Why somebody was not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Outcome {
    fn failed(message: impl Into<String>, help: impl Into<String>) -> Outcome {
        Outcome::Failed(Warning {
            message: message.into(),
            help: help.into(),
        })
    }
}

/// Where secrets are found: by the name of a variable of the environment.
pub type Secrets<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Tells everybody, and says what came of it, one for each who was to be told something.
pub fn run(hooks: &Hooks, news: &News, secrets: Secrets<'_>) -> Vec<Outcome> {
    if hooks.is_empty() || news.is_empty() {
        return Vec::new();
    }
    let teller = match Teller::new(Guard::allowing(&named(hooks, news)), LIMIT, PAUSE) {
        Ok(teller) => teller,
        Err(error) => {
            let message = format!("nobody was told of what was published: {error}");
            return vec![Outcome::failed(message, "publish again after the next change")];
        }
    };
    let mut outcomes = websub::tell(&teller, &hooks.websub, news);
    if let Some(indexnow) = &hooks.indexnow {
        outcomes.extend(indexnow::tell(&teller, indexnow, news));
    }
    if let Some(purge) = &hooks.purge {
        outcomes.extend(purge::tell(&teller, purge, news, secrets));
    }
    outcomes
}

/// The hosts that the settings name. They may stand in a private network, as caches do.
fn named(hooks: &Hooks, news: &News) -> Vec<Url> {
    let indexnow = hooks.indexnow.as_ref();
    let purge = match &hooks.purge {
        Some(Purge::Cloudflare { endpoint, .. }) => endpoint.as_ref(),
        Some(Purge::Method { at }) => at.as_ref().or(Some(&news.base_url)),
        None => None,
    };
    let endpoint = indexnow.and_then(|indexnow| indexnow.endpoint.as_ref());
    let all = hooks.websub.iter().chain(endpoint).chain(purge);
    all.filter_map(|address| Url::parse(address).ok()).collect()
}

/// The warning that an address was not told, with what it answered.
fn not_told(address: &str, trouble: &Trouble, help: impl Into<String>) -> Outcome {
    Outcome::failed(format!("`{address}` {trouble}"), help)
}
