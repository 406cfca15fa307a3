//! WebSub: hubs pass news of feeds on to all who subscribed there, so that nobody has to ask every hour.
//!
//! Source: WebSub, W3C Recommendation, section 6, which leaves the form to hubs and publishers; the form is that of
//! PubSubHubbub 0.4, section 7.1. Some hubs read `hub.topic` in its place, so both are given.

use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use url::{Url, form_urlencoded};

use super::{News, Outcome, not_told};
use crate::building::external::{Answer, Message, Teller};
use crate::commands::output::counted;

/// Tells all hubs of all feeds that changed.
pub(super) fn tell(teller: &Teller, hubs: &[String], news: &News) -> Vec<Outcome> {
    if news.feeds.is_empty() {
        return Vec::new();
    }
    hubs.iter()
        .map(|hub| tell_one(teller, hub, &news.feeds))
        .collect()
}

fn tell_one(teller: &Teller, hub: &str, feeds: &[String]) -> Outcome {
    let Ok(address) = Url::parse(hub) else {
        return Outcome::failed(format!("`{hub}` is not the address of a hub"), HELP);
    };
    let messages: Vec<Message> = feeds.iter().map(|feed| message(&address, feed)).collect();
    let answers = teller.tell_all(&messages, is_taken);
    let taken = answers
        .iter()
        .filter(|answer| answer.as_ref().is_ok_and(is_taken));
    let count = taken.count();
    let refused = answers.iter().find(|answer| !answer.as_ref().is_ok_and(is_taken));
    let told = format!("{} of {}", count, counted(feeds.len(), "feed"));
    match refused {
        None => Outcome::Done(format!("told the hub {hub} of {}", counted(count, "feed"))),
        Some(Err(trouble)) => not_told(hub, trouble, HELP),
        Some(Ok(answer)) => {
            let message = format!("the hub `{hub}` answers {}; it was told of {told}", answer.status);
            Outcome::failed(message, HELP)
        }
    }
}

const HELP: &str = "readers of feeds see the news when they ask next; is this the address that the hub names for publishers?";

fn message(hub: &Url, feed: &str) -> Message {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "publish")
        .append_pair("hub.url", feed)
        .append_pair("hub.topic", feed)
        .finish();
    Message {
        method: Method::POST,
        address: hub.clone(),
        host: None,
        headers: vec![(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        )],
        body: body.into_bytes(),
    }
}

fn is_taken(answer: &Answer) -> bool {
    (200..300).contains(&answer.status)
}
