//! Answers: what a request gets.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use tokio::sync::{mpsc, watch};

use super::Edit;
use super::address::{Place, place};
use super::guard;
use super::range::{Range, range};
use super::rules::{Led, Rules};
use super::stream::Body;
use crate::commands::media_type::content_type;
use crate::commands::serve::pages::{About, Answer, Bytes, Pages, State};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{OutputPath, SourcePath, Url};
use crate::ground::text::escape_attribute;

/// The script that pages get, and the style of what it shows.
const SCRIPT: &str = include_str!("../live.js");
const STYLE: &str = include_str!("../live.css");

/// How large the file of the host's rules may be, and what the body of a request.
const RULES_BYTES: u64 = 1024 * 1024;
const REQUEST_BYTES: usize = 4096;

/// After how long a silent stream of events says that it is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// All that answers are made of.
pub struct Answering {
    pub pages: Arc<dyn Pages>,
    pub edit: Edit,
    /// What a page must show to have a source edited.
    pub token: String,
    /// The name that the server was told to listen on.
    pub host: String,
    pub address: SocketAddr,
    pub changes: watch::Sender<u64>,
    /// The rules of the host, and of which two files they were read.
    pub rules: Mutex<Known>,
}

/// Rules and what tells that they are the same.
type Known = (Option<[Option<Fingerprint>; 2]>, Arc<Rules>);

impl Answering {
    /// The answer to a request.
    pub async fn answer(self: Arc<Self>, request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
        let (head, body) = request.into_parts();
        if !guard::is_for_us(&head.headers, &self.host, self.address) {
            return plain(
                StatusCode::MISDIRECTED_REQUEST,
                "This is brief, and it was asked for under a name that is not its own. Open the address that \
                 `brief serve` printed, or name the host with --host.\n",
            );
        }
        let mount = self.pages.mount();
        let place = place(head.uri.path(), &mount);
        let is_read = head.method == Method::GET || head.method == Method::HEAD;
        let is_head = head.method == Method::HEAD;
        let mut response = match place {
            Place::Own(own) if !guard::is_own(&head.headers) => plain(
                StatusCode::FORBIDDEN,
                &format!("{own} is for the pages of this site.\n"),
            ),
            Place::Own(own) if own == "edit" && head.method == Method::POST => {
                self.edit(&head.headers, body, peer).await
            }
            _ if !is_read => {
                let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "Pages can only be read.\n");
                let allowed = HeaderValue::from_static("GET, HEAD");
                response.headers_mut().insert(header::ALLOW, allowed);
                response
            }
            Place::Own(own) => self.own(&own).await,
            Place::Above => redirect(StatusCode::FOUND, &mount),
            Place::Outside => plain(StatusCode::NOT_FOUND, &format!("This site lies at {mount}\n")),
            Place::Nonsense => plain(StatusCode::BAD_REQUEST, "This cannot be the address of a page.\n"),
            Place::Site(url) => {
                let query = head.uri.query().map(str::to_owned);
                // A page may take a while to render.
                let all = self.clone();
                let task = move || all.site(&url, query.as_deref(), &head.headers, 0);
                let done = tokio::task::spawn_blocking(task).await;
                done.unwrap_or_else(|_| {
                    let message = "brief made a mistake with this page; please report it.\n";
                    plain(StatusCode::INTERNAL_SERVER_ERROR, message)
                })
            }
        };
        let headers = response.headers_mut();
        let same_origin = HeaderValue::from_static("same-origin");
        headers.insert(
            HeaderName::from_static("cross-origin-resource-policy"),
            same_origin,
        );
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        match is_head {
            true => without_body(response),
            false => response,
        }
    }

    /// Something for the script.
    async fn own(self: Arc<Self>, name: &str) -> Response<Body> {
        match name {
            "live.js" => own_text("text/javascript; charset=utf-8", SCRIPT.to_owned()),
            "live.css" => own_text("text/css; charset=utf-8", STYLE.to_owned()),
            "events" => self.events(),
            "problems" => {
                let problems = tokio::task::spawn_blocking(move || self.pages.problems()).await;
                own_text("application/json", problems.unwrap_or_default())
            }
            _ => plain(StatusCode::NOT_FOUND, "There is nothing here.\n"),
        }
    }

    /// How things stand, now and after each change. Who is slow gets the newest.
    fn events(&self) -> Response<Body> {
        let (sender, receiver) = mpsc::channel(1);
        let pages = self.pages.clone();
        let mut changes = self.changes.subscribe();
        changes.mark_changed();
        tokio::spawn(async move {
            let mut is_first = true;
            loop {
                let text = match tokio::time::timeout(KEEP_ALIVE, changes.changed()).await {
                    Ok(Ok(())) => {
                        changes.mark_unchanged();
                        let retry = if std::mem::take(&mut is_first) {
                            "retry: 500\n"
                        } else {
                            ""
                        };
                        let state = state_json(&pages.state(), &pages.mount());
                        format!("{retry}data: {state}\n\n")
                    }
                    Ok(Err(_)) => return,
                    Err(_) => ": here\n\n".to_owned(),
                };
                if sender.send(text).await.is_err() {
                    return;
                }
            }
        });
        let mut response = Response::new(Body::Events(receiver));
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/event-stream"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// Opens a source in the editor.
    async fn edit(&self, headers: &HeaderMap, body: Incoming, peer: SocketAddr) -> Response<Body> {
        let token = headers
            .get("x-brief-token")
            .map_or(&b""[..], HeaderValue::as_bytes);
        if !peer.ip().is_loopback() || !guard::is_same_secret(token, self.token.as_bytes()) {
            let message = "Only a page of this site on this machine may open the editor.\n";
            return plain(StatusCode::FORBIDDEN, message);
        }
        let Ok(body) = Limited::new(body, REQUEST_BYTES).collect().await else {
            return plain(StatusCode::PAYLOAD_TOO_LARGE, "This is too long.\n");
        };
        let body = body.to_bytes();
        let path = field(&body, "path").and_then(|path| SourcePath::new(&path));
        let line = field(&body, "line").and_then(|line| line.parse().ok());
        let Some(place) = path.and_then(|path| self.pages.source(&path)) else {
            return plain(StatusCode::NOT_FOUND, "There is no such file in this site.\n");
        };
        match (self.edit)(&place, line) {
            Ok(()) => empty(StatusCode::NO_CONTENT),
            Err(why) => plain(StatusCode::INTERNAL_SERVER_ERROR, &format!("{why}\n")),
        }
    }

    /// A page or a file, or where to look instead. `depth` is how often a rule led on.
    fn site(&self, url: &Url, query: Option<&str>, headers: &HeaderMap, depth: u8) -> Response<Body> {
        let rules = self.rules();
        let is_file = self.pages.has(url);
        let led = rules.redirect(url.as_str(), is_file).filter(|_| depth < 4);
        let mut response = match led {
            Some(led) => self.led(&led, query, headers, depth),
            None => self.file(url, query, headers),
        };
        for (name, value) in rules.headers(url.as_str()) {
            // What is being written is never cached, and what tells how long it is must be true.
            let is_ours = [
                header::CACHE_CONTROL,
                header::ETAG,
                header::CONTENT_LENGTH,
                header::CONTENT_RANGE,
                header::TRANSFER_ENCODING,
                header::CONTENT_ENCODING,
                header::CONNECTION,
            ];
            if is_ours.contains(name) {
                continue;
            }
            match value {
                Some(value) => drop(response.headers_mut().insert(name, value.clone())),
                None => drop(response.headers_mut().remove(name)),
            }
        }
        response
    }

    fn led(&self, led: &Led, query: Option<&str>, headers: &HeaderMap, depth: u8) -> Response<Body> {
        let mount = self.pages.mount();
        let status = StatusCode::from_u16(led.status).unwrap_or(StatusCode::FOUND);
        if status.is_redirection() {
            let to = match led.to.strip_prefix('/') {
                Some(inside) if !led.to.starts_with(&mount) => format!("{mount}{inside}"),
                _ => led.to.clone(),
            };
            return redirect(status, &to);
        }
        let page = led.to.strip_prefix('/').map(|inside| format!("{mount}{inside}"));
        let url = match page.map(|page| place(&page, &mount)) {
            Some(Place::Site(url)) if self.pages.has(&url) => Some(url),
            Some(Place::Site(url)) => self.folder(&url),
            _ => None,
        };
        match url {
            Some(url) => {
                let mut response = self.site(&url, query, headers, depth + 1);
                if response.status() == StatusCode::OK {
                    *response.status_mut() = status;
                }
                response
            }
            None => self.missing(headers),
        }
    }

    /// `/a/` for `/a`, if it is there.
    fn folder(&self, url: &Url) -> Option<Url> {
        let folder = Url::page(url.as_str())
            .ok()
            .filter(|_| !url.as_str().ends_with('/'));
        folder.filter(|folder| self.pages.has(folder))
    }

    fn file(&self, url: &Url, query: Option<&str>, headers: &HeaderMap) -> Response<Body> {
        if let Some(answer) = self.pages.file(url) {
            return self.respond(url, answer, headers, None);
        }
        // `/a` leads to `/a/`.
        let folder = Url::page(url.as_str())
            .ok()
            .filter(|_| !url.as_str().ends_with('/'));
        match folder.filter(|folder| self.pages.has(folder)) {
            Some(folder) => {
                let query = query.map_or(String::new(), |query| format!("?{query}"));
                redirect(
                    StatusCode::FOUND,
                    &format!("{}{query}", folder.href(&self.pages.mount())),
                )
            }
            None => self.missing(headers),
        }
    }

    /// The site's page for missing addresses.
    fn missing(&self, headers: &HeaderMap) -> Response<Body> {
        let own = OutputPath::new("404.html").ok().map(|file| Url::file(&file));
        let answer = own.and_then(|url| Some((self.pages.file(&url)?, url)));
        match answer {
            Some((answer, url)) => self.respond(&url, answer, headers, Some(StatusCode::NOT_FOUND)),
            None => plain(StatusCode::NOT_FOUND, "There is no such page.\n"),
        }
    }

    /// A file as HTTP has it. With a status of its own it is always sent whole.
    fn respond(
        &self,
        url: &Url,
        answer: Answer,
        headers: &HeaderMap,
        status: Option<StatusCode>,
    ) -> Response<Body> {
        let Answer {
            bytes,
            mark,
            page,
            is_failure,
        } = answer;
        let tag = match page {
            // The script tag is different each time, the page behind it is not.
            Some(_) => format!("W/\"{mark}\""),
            None => format!("\"{mark}\""),
        };
        let status = match (status, is_failure) {
            (_, true) => StatusCode::INTERNAL_SERVER_ERROR,
            (Some(status), _) => status,
            (None, _) if is_known(headers, &tag) => StatusCode::NOT_MODIFIED,
            (None, _) => StatusCode::OK,
        };
        let mut response = match (bytes, &page) {
            _ if status == StatusCode::NOT_MODIFIED => empty(status),
            (Bytes::Here(bytes), Some(about)) => {
                let state = self.pages.state();
                let script = self.script(&state, mark, about, is_failure);
                Response::new(Body::of(with_script(&bytes, &script)))
            }
            (Bytes::Here(bytes), None) => part(headers, &tag, Content::Here(bytes)),
            (Bytes::Disk(path, size), _) => part(headers, &tag, Content::Disk(path, size)),
        };
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(content_type(url.as_str())),
        );
        response
    }

    /// The one thing that is added to a page.
    fn script(&self, state: &State, mark: Fingerprint, about: &About, is_failure: bool) -> String {
        let mount = self.pages.mount();
        let base = Url::root().href(&mount);
        let mut tag = format!("<script src=\"{base}_brief/live.js\" defer");
        let mut add = |name: &str, value: &str| {
            tag.push_str(&format!(" data-{name}=\""));
            escape_attribute(&mut tag, value);
            tag.push('"');
        };
        add("base", &base);
        add("build", &state.build);
        add("page", &mark.to_string());
        add("token", &self.token);
        if let Some(source) = &about.source {
            add("source", source.as_str());
        }
        if let Some(held) = &about.held {
            add("held", held);
        }
        if is_failure {
            add("failed", "");
        }
        tag.push_str("></script>");
        tag
    }

    /// The rules of the host, read again when their files changed.
    fn rules(&self) -> Arc<Rules> {
        let files = ["_headers", "_redirects"].map(|name| {
            let url = Url::file(&OutputPath::new(name).ok()?);
            self.pages.has(&url).then(|| self.pages.file(&url)).flatten()
        });
        let marks = [0, 1].map(|file: usize| files[file].as_ref().map(|answer| answer.mark));
        let mut known = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != Some(marks) {
            let [headers, redirects] = files.map(|file| file.map_or(String::new(), text));
            *known = (Some(marks), Arc::new(Rules::parse(&headers, &redirects)));
        }
        known.1.clone()
    }
}

/// The text of a file of rules, or nothing if it is none.
fn text(answer: Answer) -> String {
    match answer.bytes {
        Bytes::Here(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Bytes::Disk(path, size) if size <= RULES_BYTES => {
            let bytes = std::fs::read(path).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        Bytes::Disk(..) => String::new(),
    }
}

/// A page with the script tag before its last `</body>`, or at its end.
fn with_script(page: &[u8], script: &str) -> Vec<u8> {
    const END: &[u8] = b"</body>";
    let is_end = |at: &usize| page[*at..*at + END.len()].eq_ignore_ascii_case(END);
    let at = (0..=page.len().saturating_sub(END.len()))
        .rev()
        .filter(|at| at + END.len() <= page.len())
        .find(is_end);
    let (before, behind) = page.split_at(at.unwrap_or(page.len()));
    [before, script.as_bytes(), behind].concat()
}

/// Whether a browser has what a tag stands for.
/// Source: RFC 9110, section 13.1.2, with the weak comparison of 8.8.3.2.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut known = known
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    known.any(|known| known.trim() == "*" || bare(known) == bare(tag))
}

/// Bytes of a file that gets no script.
enum Content {
    Here(Arc<[u8]>),
    Disk(PathBuf, u64),
}

impl Content {
    fn size(&self) -> u64 {
        match self {
            Content::Here(bytes) => bytes.len() as u64,
            Content::Disk(_, size) => *size,
        }
    }

    /// The bytes from one place to another.
    fn body(self, from: u64, to: u64) -> std::io::Result<Body> {
        match self {
            Content::Here(bytes) => {
                let [from, to] = [from, to].map(|at| usize::try_from(at).unwrap_or(usize::MAX));
                Ok(Body::of(bytes.get(from..to).unwrap_or_default().to_vec()))
            }
            Content::Disk(path, _) => Body::of_file(&path, from, to - from),
        }
    }
}

/// A file, or the part of it that is asked for.
fn part(headers: &HeaderMap, tag: &str, content: Content) -> Response<Body> {
    let size = content.size();
    let (from, to, status) = match range(headers, tag, size) {
        Range::Whole => (0, size, StatusCode::OK),
        Range::Part(from, to) => (from, to, StatusCode::PARTIAL_CONTENT),
        Range::Impossible => {
            let mut response = empty(StatusCode::RANGE_NOT_SATISFIABLE);
            insert(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
            return response;
        }
    };
    let Ok(body) = content.body(from, to) else {
        return plain(StatusCode::NOT_FOUND, "This file was here a moment ago.\n");
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    insert(&mut response, header::ACCEPT_RANGES, "bytes");
    if status == StatusCode::PARTIAL_CONTENT {
        let shown = format!("bytes {from}-{}/{size}", to - 1);
        insert(&mut response, header::CONTENT_RANGE, &shown);
    }
    response
}

fn insert(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// How things stand, as the script reads it.
fn state_json(state: &State, mount: &str) -> String {
    let mark = |(url, mark): &(Url, Option<Fingerprint>)| {
        let mark = mark.map_or(serde_json::Value::Null, |mark| mark.to_string().into());
        (url.as_str().to_owned(), mark)
    };
    let open: serde_json::Map<String, serde_json::Value> = state.open.iter().map(mark).collect();
    let assets: Vec<&str> = state.assets.iter().map(Url::as_str).collect();
    serde_json::json!({
        "build": state.build,
        "mount": mount,
        "open": open,
        "assets": assets,
        "errors": state.problems.0,
        "warnings": state.problems.1,
    })
    .to_string()
}

/// A value of a form, `application/x-www-form-urlencoded`.
fn field(body: &[u8], name: &str) -> Option<String> {
    let body = std::str::from_utf8(body).ok()?;
    let fields = body.split('&').filter_map(|field| field.split_once('='));
    let value = fields
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| value)
        .next()?;
    let value = value.replace('+', " ");
    let decoded = percent_decode_str(&value).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = own_text("text/plain; charset=utf-8", text.to_owned());
    *response.status_mut() = status;
    response
}

fn own_text(content_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::of(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::of(""));
    *response.status_mut() = status;
    response
}

fn redirect(status: StatusCode, to: &str) -> Response<Body> {
    let mut response = plain(status, "");
    insert(&mut response, header::LOCATION, to);
    response
}

/// The same answer to a question for its head alone, which tells how long the body would be.
fn without_body(mut response: Response<Body>) -> Response<Body> {
    let size = hyper::body::Body::size_hint(response.body()).exact();
    if let Some(size) = size.filter(|_| response.status() != StatusCode::NOT_MODIFIED) {
        insert(&mut response, header::CONTENT_LENGTH, &size.to_string());
    }
    *response.body_mut() = Body::of("");
    response
}
