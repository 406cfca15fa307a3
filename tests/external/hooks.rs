//! Who is told of what was published, against servers of this machine that write down every request.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use brief::commands::publish::hooks::{News, Outcome, run};
use brief::reading::config::{BaseUrl, Hooks, IndexNow, Purge};
use serde_json::{Value, json};

/// A request as a server saw it.
#[derive(Clone, Debug)]
struct Request {
    /// Method and target.
    line: String,
    /// The headers, in lower case.
    head: String,
    body: String,
}

impl Request {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// A server that answers every request alike, or the first ones otherwise.
struct Listener {
    base: String,
    heard: Arc<Mutex<Vec<Request>>>,
}

/// Status, and body, of the answer to a request and how many were there before.
type Answer = fn(request: &Request, before: usize) -> (u16, &'static str);

impl Listener {
    fn start(answer: Answer) -> Listener {
        let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}/", socket.local_addr().expect("its address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hearing = heard.clone();
        thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                let heard = hearing.clone();
                thread::spawn(move || serve(stream, &heard, answer));
            }
        });
        Listener { base, heard }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn heard(&self) -> Vec<Request> {
        self.heard.lock().expect("requests").clone()
    }
}

fn serve(mut stream: TcpStream, heard: &Mutex<Vec<Request>>, answer: Answer) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("a head in ASCII");
    let (line, rest) = head.split_once(" HTTP/1.1\r\n").expect("a request");
    let (line, head) = (line.to_owned(), rest.to_ascii_lowercase());
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a length"))];
    stream.read_exact(&mut body).expect("the whole body");
    let body = String::from_utf8(body).expect("a body in UTF-8");
    let request = Request { line, head, body };
    let (status, text) = {
        let mut heard = heard.lock().expect("requests");
        let answer = answer(&request, heard.len());
        heard.push(request);
        answer
    };
    let length = text.len();
    // The other side may have gone.
    let _ = write!(
        stream,
        "HTTP/1.1 {status} Words\r\nretry-after: 0\r\ncontent-length: {length}\r\n\r\n{text}"
    );
}

fn no_secrets(_: &str) -> Option<String> {
    None
}

fn news(changed: &[&str], gone: &[&str]) -> News {
    let base_url = BaseUrl::parse("https://example.org/news/").expect("an address");
    News::of(&base_url, changed.iter().copied(), gone.iter().copied())
}

fn done(outcomes: &[Outcome]) -> Vec<&str> {
    let words = |outcome: &'_ Outcome| match outcome {
        Outcome::Done(_) => None,
        Outcome::Failed(warning) => Some(format!("{warning:?}")),
    };
    let failed: Vec<String> = outcomes.iter().filter_map(words).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let words = outcomes.iter().map(|outcome| match outcome {
        Outcome::Done(words) => words.as_str(),
        Outcome::Failed(_) => "",
    });
    words.collect()
}

/// The message and the help of the only outcome.
#[expect(clippy::panic, reason = "the helper of a test fails as the test does")]
fn failed(outcomes: &[Outcome]) -> (String, String) {
    match outcomes {
        [Outcome::Failed(warning)] => (warning.message.clone(), warning.help.clone()),
        other => panic!("{other:?}"),
    }
}

fn websub(hub: &str) -> Hooks {
    Hooks {
        websub: vec![hub.to_owned()],
        ..Hooks::default()
    }
}

const KEY: &str = "0123-key";

fn indexnow(endpoint: &str) -> Hooks {
    Hooks {
        indexnow: Some(IndexNow {
            key: KEY.to_owned(),
            endpoint: Some(endpoint.to_owned()),
        }),
        ..Hooks::default()
    }
}

const ZONE: &str = "0123456789abcdef0123456789abcdef";

fn cloudflare(endpoint: &str) -> Hooks {
    Hooks {
        purge: Some(Purge::Cloudflare {
            zone: ZONE.to_owned(),
            endpoint: Some(endpoint.to_owned()),
        }),
        ..Hooks::default()
    }
}

fn token(name: &str) -> Option<String> {
    (name == "CLOUDFLARE_API_TOKEN").then(|| "secret-token\n".to_owned())
}

#[test]
fn a_hub_is_told_of_each_feed_that_changed_and_of_nothing_else() {
    let hub = Listener::start(|_, _| (204, ""));
    let changed = ["index.html", "feed.xml", "companies/acme/feed.json", "brief.css"];
    let outcomes = run(&websub(&hub.at("hub?a=b")), &news(&changed, &[]), &no_secrets);
    assert_eq!(
        done(&outcomes),
        [format!("told the hub {} of 2 feeds", hub.at("hub?a=b"))]
    );
    let heard = hub.heard();
    let mut bodies: Vec<&str> = heard.iter().map(|request| request.body.as_str()).collect();
    bodies.sort_unstable();
    let body = |feed: &str| {
        let feed = format!("https%3A%2F%2Fexample.org%2Fnews%2F{feed}");
        format!("hub.mode=publish&hub.url={feed}&hub.topic={feed}")
    };
    assert_eq!(bodies, [body("companies%2Facme%2Ffeed.json"), body("feed.xml")]);
    assert!(
        heard.iter().all(|request| request.line == "POST /hub?a=b"),
        "{heard:?}"
    );
    let is_form = |request: &Request| {
        request
            .head
            .contains("content-type: application/x-www-form-urlencoded\r\n")
    };
    assert!(heard.iter().all(is_form), "{heard:?}");

    let outcomes = run(
        &websub(&hub.base),
        &news(&["index.html"], &["feed.xml"]),
        &no_secrets,
    );
    assert_eq!(outcomes, []);
    assert_eq!(run(&websub(&hub.base), &news(&[], &[]), &no_secrets), []);
    assert_eq!(hub.heard().len(), 2);
}

#[test]
fn a_hub_that_is_busy_is_told_once_more() {
    let hub = Listener::start(|_, before| if before == 0 { (503, "") } else { (202, "") });
    let outcomes = run(&websub(&hub.base), &news(&["feed.xml"], &[]), &no_secrets);
    assert_eq!(done(&outcomes).len(), 1);
    assert_eq!(hub.heard().len(), 2);
}

#[test]
fn a_hub_that_refuses_is_a_warning_and_is_not_told_everything() {
    let hub = Listener::start(|_, _| (400, ""));
    let feeds: Vec<String> = (0..100)
        .map(|number| format!("topics/{number}/feed.xml"))
        .collect();
    let feeds: Vec<&str> = feeds.iter().map(String::as_str).collect();
    let (message, help) = failed(&run(&websub(&hub.base), &news(&feeds, &[]), &no_secrets));
    let expected = format!(
        "the hub `{}` answers 400; it was told of 0 of 100 feeds",
        hub.base
    );
    assert_eq!(message, expected);
    assert!(help.contains("ask next"), "{help}");
    assert_eq!(hub.heard().len(), 8);
}

#[test]
fn nobody_at_the_other_end_is_a_warning() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("its address")
        .port();
    let hub = format!("http://127.0.0.1:{port}/");
    let (message, _) = failed(&run(&websub(&hub), &news(&["feed.xml"], &[]), &no_secrets));
    assert_eq!(message, format!("`{hub}` refuses connections"));
}

#[test]
fn search_engines_are_told_of_pages_new_and_gone() {
    let engine = Listener::start(|_, _| (202, ""));
    let news = news(&["a/index.html", "404.html", "feed.xml"], &["b/index.html"]);
    let news = news.with_key_file(Some(format!("{KEY}\n")));
    let outcomes = run(&indexnow(&engine.at("indexnow")), &news, &no_secrets);
    let expected = format!("told search engines of 2 pages through {}", engine.at("indexnow"));
    assert_eq!(done(&outcomes), [expected]);
    let heard = engine.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].line, "POST /indexnow");
    assert!(
        heard[0]
            .head
            .contains("content-type: application/json; charset=utf-8\r\n")
    );
    let expected = json!({
        "host": "example.org",
        "key": KEY,
        "keyLocation": "https://example.org/news/0123-key.txt",
        "urlList": ["https://example.org/news/a/", "https://example.org/news/b/"],
    });
    assert_eq!(heard[0].json(), expected);
}

#[test]
fn search_engines_get_ten_thousand_pages_at_a_time() {
    let engine = Listener::start(|_, _| (200, ""));
    let pages: Vec<String> = (0..20_001).map(|number| format!("{number}/index.html")).collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let news = news(&pages, &[]).with_key_file(Some(KEY.to_owned()));
    done(&run(&indexnow(&engine.base), &news, &no_secrets));
    let count = |request: &Request| request.json()["urlList"].as_array().map(Vec::len);
    let counts: Vec<Option<usize>> = engine.heard().iter().map(count).collect();
    assert_eq!(counts, [Some(10_000), Some(10_000), Some(1)]);
}

#[test]
fn without_its_key_file_a_site_tells_search_engines_nothing() {
    let engine = Listener::start(|_, _| (200, ""));
    for key_file in [None, Some("another key".to_owned())] {
        let news = news(&["index.html"], &[]).with_key_file(key_file);
        let (message, help) = failed(&run(&indexnow(&engine.base), &news, &no_secrets));
        assert_eq!(
            message,
            "the site has no file `0123-key.txt` that holds the key for IndexNow"
        );
        assert_eq!(
            help,
            "write the key `0123-key` into `static/0123-key.txt`: what changes from then on is told"
        );
    }
    assert!(engine.heard().is_empty());
}

#[test]
fn what_search_engines_refuse_is_explained() {
    let news = news(&["index.html"], &[]).with_key_file(Some(KEY.to_owned()));
    let engine = Listener::start(|_, _| (403, ""));
    let (message, help) = failed(&run(&indexnow(&engine.base), &news, &no_secrets));
    assert_eq!(
        message,
        format!("`{}` does not find the key: it answers 403", engine.base)
    );
    assert!(help.contains("`https://example.org/news/0123-key.txt`"), "{help}");
    let engine = Listener::start(|_, _| (429, ""));
    let (message, _) = failed(&run(&indexnow(&engine.base), &news, &no_secrets));
    assert_eq!(
        message,
        format!("`{}` has been told too often: it answers 429", engine.base)
    );
    assert_eq!(engine.heard().len(), 2);
}

#[test]
fn cloudflare_is_told_thirty_addresses_at_a_time() {
    let host = Listener::start(|_, _| (200, "{\"success\": true}"));
    let files: Vec<String> = (0..61).map(|number| format!("{number}.css")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let outcomes = run(&cloudflare(&host.base), &news(&files, &["gone.css"]), &token);
    assert_eq!(done(&outcomes), ["purged 62 addresses at Cloudflare"]);
    let heard = host.heard();
    let count = |request: &Request| request.json()["files"].as_array().map(Vec::len);
    let counts: Vec<Option<usize>> = heard.iter().map(count).collect();
    assert_eq!(counts, [Some(30), Some(30), Some(2)]);
    assert_eq!(heard[2].json()["files"][1], "https://example.org/news/gone.css");
    for request in &heard {
        assert_eq!(request.line, format!("POST /zones/{ZONE}/purge_cache"));
        assert!(
            request.head.contains("authorization: bearer secret-token\r\n"),
            "{request:?}"
        );
    }
}

#[test]
fn cloudflare_forgets_everything_where_much_has_changed() {
    let host = Listener::start(|_, _| (200, "{\"success\": true}"));
    let files: Vec<String> = (0..1_001).map(|number| format!("{number}.css")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let outcomes = run(&cloudflare(&host.base), &news(&files, &[]), &token);
    assert_eq!(done(&outcomes), ["purged all of the zone at Cloudflare"]);
    let heard = host.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].json(), json!({ "purge_everything": true }));
}

#[test]
fn a_token_that_is_missing_or_wrong_is_a_warning_without_the_token() {
    let host = Listener::start(|_, _| {
        (
            403,
            "{\"errors\": [{\"code\": 9109, \"message\": \"Invalid\\u001b access token\"}]}",
        )
    });
    let news = news(&["a.css"], &[]);
    let (message, help) = failed(&run(&cloudflare(&host.base), &news, &no_secrets));
    assert_eq!(
        message,
        "the cache was not purged: CLOUDFLARE_API_TOKEN is not set"
    );
    assert!(help.contains("Cache Purge"), "{help}");
    let odd = |_: &str| Some("a\nb".to_owned());
    let (message, _) = failed(&run(&cloudflare(&host.base), &news, &odd));
    assert_eq!(
        message,
        "the cache was not purged: CLOUDFLARE_API_TOKEN holds no token"
    );
    assert!(host.heard().is_empty());
    let (message, help) = failed(&run(&cloudflare(&host.base), &news, &token));
    let expected = "Cloudflare does not purge the cache: it answers 403, Invalid␛ access token";
    assert_eq!(message, expected);
    assert!(!help.contains("secret-token"));
}

#[test]
fn a_cache_is_told_by_method_under_the_name_of_the_site() {
    let cache = Listener::start(|request, _| match request.line.as_str() {
        "PURGE /news/new/" => (404, ""),
        _ => (200, ""),
    });
    let hooks = Hooks {
        purge: Some(Purge::Method {
            at: Some(cache.base.clone()),
        }),
        ..Hooks::default()
    };
    let outcomes = run(
        &hooks,
        &news(&["index.html", "new/index.html"], &["old/index.html"]),
        &no_secrets,
    );
    assert_eq!(done(&outcomes), [format!("purged 3 addresses at {}", cache.base)]);
    let heard = cache.heard();
    let mut lines: Vec<&str> = heard.iter().map(|request| request.line.as_str()).collect();
    lines.sort_unstable();
    assert_eq!(lines, ["PURGE /news/", "PURGE /news/new/", "PURGE /news/old/"]);
    assert!(
        heard
            .iter()
            .all(|request| request.head.contains("host: example.org\r\n")),
        "{heard:?}"
    );
}

#[test]
fn a_cache_at_the_address_of_the_site_itself() {
    let cache = Listener::start(|_, _| (405, ""));
    let base_url = BaseUrl::parse(&cache.base).expect("an address");
    let hooks = Hooks {
        purge: Some(Purge::Method { at: None }),
        ..Hooks::default()
    };
    let (message, help) = failed(&run(&hooks, &News::of(&base_url, ["a.css"], []), &no_secrets));
    assert_eq!(
        message,
        format!("the cache was not purged: `{}` answers 405", cache.base)
    );
    assert_eq!(help, "let it take PURGE from this computer");
    assert_eq!(cache.heard()[0].line, "PURGE /a.css");
}
