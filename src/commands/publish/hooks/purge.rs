//! Purging: a cache in front of the site forgets what has changed, so that readers see it before the cache would have
//! asked again.

use hyper::Method;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};
use url::{Position, Url};

use super::{News, Outcome, Secrets, not_told};
use crate::building::external::{Answer, Message, Teller, Trouble};
use crate::ground::diagnostic::clean;
use crate::reading::config::Purge;

/// Where Cloudflare is told.
const CLOUDFLARE: &str = "https://api.cloudflare.com/client/v4/";

/// The variable with the token for Cloudflare, named as in Cloudflare's own programs.
const TOKEN: &str = "CLOUDFLARE_API_TOKEN";

/// The most addresses that Cloudflare takes at a time on every plan.
const AT_A_TIME: usize = 30;

/// From how many addresses on everything is forgotten, which costs readers less than so many requests.
const MANY: usize = 1_000;

/// The most addresses that a cache is told one by one.
const MOST: usize = 10_000;

/// The longest part of an answer that is shown, in signs.
const MAX_SHOWN: usize = 200;

/// Has a cache forget what changed.
pub(super) fn tell(teller: &Teller, purge: &Purge, news: &News, secrets: Secrets<'_>) -> Option<Outcome> {
    if news.all.is_empty() {
        return None;
    }
    Some(match purge {
        Purge::Cloudflare { zone, endpoint } => {
            let endpoint = endpoint.as_deref().unwrap_or(CLOUDFLARE);
            cloudflare(teller, endpoint, zone, news, secrets)
        }
        Purge::Method { at } => by_method(teller, at.as_deref(), news),
    })
}

/// Source: Cloudflare API, "Purge Cached Content".
fn cloudflare(teller: &Teller, endpoint: &str, zone: &str, news: &News, secrets: Secrets<'_>) -> Outcome {
    const HELP: &str = "make a token with the permission `Zone, Cache Purge` for this zone and no other, and put it into CLOUDFLARE_API_TOKEN";
    let Some(token) = secrets(TOKEN).filter(|token| !token.trim().is_empty()) else {
        return Outcome::failed(format!("the cache was not purged: {TOKEN} is not set"), HELP);
    };
    let Ok(mut bearer) = HeaderValue::from_str(&format!("Bearer {}", token.trim())) else {
        return Outcome::failed(format!("the cache was not purged: {TOKEN} holds no token"), HELP);
    };
    bearer.set_sensitive(true);
    let Ok(address) = Url::parse(&format!("{endpoint}zones/{zone}/purge_cache")) else {
        return Outcome::failed(format!("`{endpoint}` is not an address"), HELP);
    };
    let is_many = news.all.len() > MANY;
    let bodies: Vec<Value> = match is_many {
        true => vec![json!({ "purge_everything": true })],
        false => news
            .all
            .chunks(AT_A_TIME)
            .map(|files| json!({ "files": files }))
            .collect(),
    };
    for body in bodies {
        let message = Message {
            method: Method::POST,
            address: address.clone(),
            host: None,
            headers: vec![
                (AUTHORIZATION, bearer.clone()),
                (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            ],
            body: body.to_string().into_bytes(),
        };
        let help = "purge the cache by hand, or wait until it asks again";
        match teller.tell(&message) {
            Ok(answer) if is_taken(&answer) => {}
            Ok(answer) => {
                let said = said(&answer.body);
                let message = format!(
                    "Cloudflare does not purge the cache: it answers {}{said}",
                    answer.status
                );
                let is_token = matches!(answer.status, 401 | 403);
                return Outcome::failed(message, if is_token { HELP } else { help });
            }
            Err(trouble) => return not_told(address.as_str(), &trouble, help),
        }
    }
    Outcome::Done(match is_many {
        true => "purged all of the zone at Cloudflare".to_owned(),
        false => format!("purged {} at Cloudflare", addresses(news.all.len())),
    })
}

/// The first error that an answer names.
fn said(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let first = body["errors"][0]["message"].as_str().unwrap_or_default();
    let short: String = clean(first).chars().take(MAX_SHOWN).collect();
    match short.is_empty() {
        true => String::new(),
        false => format!(", {short}"),
    }
}

/// One request for each address, with the method PURGE: to the address itself, or to a cache that knows it by the
/// header `Host`.
fn by_method(teller: &Teller, at: Option<&str>, news: &News) -> Outcome {
    let all = &news.all;
    if all.len() > MOST {
        let message = format!("the cache was not purged: {} are too many", addresses(all.len()));
        return Outcome::failed(message, "have it forget everything, by its own means");
    }
    let messages: Vec<Message> = all.iter().filter_map(|address| message(at, address)).collect();
    let answers = teller.tell_all(&messages, is_forgotten);
    let refused = answers
        .iter()
        .find(|answer| !answer.as_ref().is_ok_and(is_forgotten));
    let at = at.unwrap_or(&news.base_url);
    match refused {
        None => Outcome::Done(format!("purged {} at {at}", addresses(messages.len()))),
        Some(Err(trouble)) => purge_trouble(at, trouble),
        Some(Ok(answer)) => purge_trouble(at, &Trouble::Status(answer.status)),
    }
}

fn purge_trouble(at: &str, trouble: &Trouble) -> Outcome {
    let message = format!("the cache was not purged: `{at}` {trouble}");
    let help = match trouble {
        Trouble::Status(_) => "let it take PURGE from this computer",
        _ => "is it there under this address? until it asks again, readers get what it has",
    };
    Outcome::failed(message, help)
}

fn message(at: Option<&str>, address: &str) -> Option<Message> {
    let page = Url::parse(address).ok()?;
    let host = &page[Position::BeforeHost..Position::AfterPort];
    let (address, host) = match at {
        None => (page, None),
        Some(at) => {
            let mut cache = Url::parse(at).ok()?;
            cache.set_path(page.path());
            (cache, Some(host.to_owned()))
        }
    };
    Some(Message {
        method: Method::from_bytes(b"PURGE").ok()?,
        address,
        host,
        headers: Vec::new(),
        body: Vec::new(),
    })
}

fn is_taken(answer: &Answer) -> bool {
    (200..300).contains(&answer.status)
}

/// nginx answers 404 or 412 where it has kept nothing of an address.
fn is_forgotten(answer: &Answer) -> bool {
    is_taken(answer) || matches!(answer.status, 404 | 412)
}

fn addresses(count: usize) -> String {
    match count {
        1 => "1 address".to_owned(),
        count => format!("{count} addresses"),
    }
}
