//! IndexNow: search engines are told which pages are new, changed or gone. Whoever tells shows with a key in a file
//! of the site that it is his.
//!
//! Source: the documentation of IndexNow, "Submitting set of URLs".

use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::json;
use url::Url;

use super::{News, Outcome, not_told};
use crate::building::external::{Answer, Message, Teller, Trouble};
use crate::commands::output::counted;
use crate::reading::config::IndexNow;

/// Who passes on what it is told to all search engines that take part.
const ENDPOINT: &str = "https://api.indexnow.org/indexnow";

/// The most addresses of a message.
const AT_A_TIME: usize = 10_000;

/// Tells a search engine of all pages that changed.
pub(super) fn tell(teller: &Teller, indexnow: &IndexNow, news: &News) -> Option<Outcome> {
    let pages: Vec<&String> = news.pages.iter().chain(&news.gone).collect();
    if pages.is_empty() {
        return None;
    }
    let file = indexnow.file();
    if news.key_file.as_deref().map(str::trim) != Some(indexnow.key.as_str()) {
        let message = format!("the site has no file `{file}` that holds the key for IndexNow");
        let help = format!(
            "write the key `{}` into `static/{file}`: what changes from then on is told",
            indexnow.key
        );
        return Some(Outcome::failed(message, help));
    }
    let endpoint = indexnow.endpoint.as_deref().unwrap_or(ENDPOINT);
    for part in pages.chunks(AT_A_TIME) {
        let answer = match message(endpoint, indexnow, news, part) {
            Some(message) => teller.tell(&message),
            None => Err(Trouble::NoAddress),
        };
        if let Some(failed) = failure(endpoint, &format!("{}{file}", news.base_url), answer) {
            return Some(failed);
        }
    }
    let pages = counted(pages.len(), "page");
    Some(Outcome::Done(format!(
        "told search engines of {pages} through {endpoint}"
    )))
}

fn message(endpoint: &str, indexnow: &IndexNow, news: &News, pages: &[&String]) -> Option<Message> {
    let base_url = Url::parse(&news.base_url).ok()?;
    let body = json!({
        "host": base_url.host_str()?,
        "key": indexnow.key,
        // Where it stands also limits for which addresses it counts: those below the path of the site.
        "keyLocation": format!("{}{}", news.base_url, indexnow.file()),
        "urlList": pages,
    });
    Some(Message {
        method: Method::POST,
        address: Url::parse(endpoint).ok()?,
        host: None,
        headers: vec![(
            CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        )],
        body: body.to_string().into_bytes(),
    })
}

/// Why the pages were not taken, if they were not.
fn failure(endpoint: &str, key: &str, answer: Result<Answer, Trouble>) -> Option<Outcome> {
    const LATER: &str = "search engines find the pages by the sitemap, only later";
    let status = match answer {
        Ok(answer) => answer.status,
        Err(trouble) => return Some(not_told(endpoint, &trouble, LATER)),
    };
    let (why, help) = match status {
        200..300 => return None,
        403 => (
            "does not find the key",
            format!("does `{key}` answer with the key and nothing else?"),
        ),
        422 => (
            "takes no addresses of this host with this key",
            format!("`{key}` must stand at the host of the site and hold the key"),
        ),
        429 => ("has been told too often", LATER.to_owned()),
        _ => ("does not take the pages", LATER.to_owned()),
    };
    Some(Outcome::failed(
        format!("`{endpoint}` {why}: it answers {status}"),
        help,
    ))
}
