//! WebDAV: files over HTTP, as Nextcloud, Apache, nginx and rclone serve them.
//!
//! A PUT is not atomic there, so a file is put into a folder of our own and moved into its place. To lock takes two
//! steps: making a folder, which Apache and nginx do for one of two at most, and moving a file into it where none may
//! be yet, which holds for rclone too. The protocol is spoken by hand: the library for object stores asks three times
//! as often for a move, and takes a folder that is there for one that it made.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::Request;
use hyper::body::{Bytes, Frame};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, DATE, ETAG, HeaderValue, LAST_MODIFIED};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::Mutex;
use url::Url;

use super::client::{Answer, Body, Client, whole};
use super::multistatus::{Member, members};
use super::storage::{Condition, Found, LOCK, PARTS, Pending, Properties, Reading, Source, Storage};
use super::trouble::{Kind, Trouble};

/// How many requests at a time. Behind these servers stands a disk more often than not.
const HANDS: usize = 6;

/// Letters of a path that stand for themselves in every server's reading.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// What is asked of a folder.
const QUESTION: &str =
    r#"<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>"#;

/// A folder of a server.
pub(super) struct WebDav {
    client: Client,
    /// The address of the folder, ending in a slash.
    base: Url,
    authorization: Option<HeaderValue>,
    /// Folders that are there. Whoever makes one keeps all others from doing so.
    folders: Mutex<BTreeSet<String>>,
    /// How many parts were begun, and what tells them from those of others.
    parts: AtomicUsize,
    token: String,
}

impl WebDav {
    /// The folder at an address. The authorization is the whole header.
    pub(super) fn new(client: Client, base: Url, authorization: Option<HeaderValue>, token: &str) -> WebDav {
        let mut base = base;
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        WebDav {
            client,
            base,
            authorization,
            folders: Mutex::default(),
            parts: AtomicUsize::new(0),
            token: token.to_owned(),
        }
    }

    fn address(&self, path: &str) -> String {
        format!("{}{}", self.base, utf8_percent_encode(path, SEGMENT))
    }

    async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
        size: u64,
    ) -> Result<Answer, Trouble> {
        let mut request = Request::builder().method(method).uri(self.address(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request
            .body(body)
            .map_err(|error| Trouble::lasting(Kind::Other, error.to_string()))?;
        self.client.send(request, size).await
    }

    async fn plain(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Result<Answer, Trouble> {
        self.ask(method, path, headers, whole(Bytes::new()), 0).await
    }

    /// Makes the folders above a path that are not known to be there, one after the other.
    async fn make_above(&self, path: &str) -> Result<(), Trouble> {
        let mut known = self.folders.lock().await;
        for (end, _) in path.match_indices('/') {
            let folder = &path[..end];
            if !known.contains(folder) {
                self.make(&format!("{folder}/")).await?;
                known.insert(folder.to_owned());
            }
        }
        Ok(())
    }

    /// Makes a folder; whether it was not there.
    async fn make(&self, folder: &str) -> Result<bool, Trouble> {
        let answer = self.plain("MKCOL", folder, &[]).await?;
        match answer.status().as_u16() {
            200..=299 => Ok(true),
            // Apache tells of a folder that is there by leading to it.
            405 | 301 => Ok(false),
            // And of one that somebody else makes at this moment by forbidding it.
            403 => match self.plain("HEAD", folder, &[]).await?.status().as_u16() {
                404 | 410 => Err(of(&answer)),
                _ => Ok(false),
            },
            _ => Err(of(&answer)),
        }
    }

    /// Sends bytes to a path, whatever stands there.
    async fn send(&self, path: &str, source: &Source, content_type: &str) -> Result<(), Trouble> {
        let size = source.size();
        let body = match source.open().await? {
            Reading::Whole(bytes) => whole(bytes),
            Reading::Pieces(pieces) => {
                let pieces = stream::try_unfold(pieces, |mut pieces| async move {
                    let piece = pieces.next().await.map_err(std::io::Error::other)?;
                    Ok(piece.map(|piece| (Frame::data(piece), pieces)))
                });
                StreamBody::new(pieces).boxed_unsync()
            }
        };
        let content_type = match content_type {
            "" => "application/octet-stream",
            known => known,
        };
        let headers = [(CONTENT_TYPE.as_str(), content_type)];
        let answer = self.ask("PUT", path, &headers, body, size).await?;
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(of(&answer)),
        }
    }

    async fn put_through(
        &self,
        path: &str,
        source: &Source,
        properties: &Properties,
    ) -> Result<Option<String>, Trouble> {
        self.make_above(path).await?;
        let number = self.parts.fetch_add(1, Ordering::Relaxed);
        let part = format!("{PARTS}/{}-{number}", self.token);
        self.make_above(&part).await?;
        self.send(&part, source, properties.content_type).await?;
        let target = self.address(path);
        let headers = [("Destination", target.as_str()), ("Overwrite", "T")];
        let answer = self.plain("MOVE", &part, &headers).await?;
        match answer.status().is_success() {
            true => Ok(None),
            false => Err(of(&answer)),
        }
    }

    /// What lies directly in a folder; `None` where there is none.
    async fn look_into(&self, folder: &str) -> Result<Option<Vec<Member>>, Trouble> {
        let headers = [("Depth", "1"), (CONTENT_TYPE.as_str(), "application/xml")];
        let body = whole(Bytes::from_static(QUESTION.as_bytes()));
        let answer = self
            .ask("PROPFIND", folder, &headers, body, QUESTION.len() as u64)
            .await?;
        match answer.status().as_u16() {
            404 => Ok(None),
            200..=299 => {
                let address = self.address(folder);
                let own = Url::parse(&address).map_or_else(|_| address, |url| url.path().to_owned());
                let found = members(answer.body(), &own);
                found.map(Some).ok_or_else(|| {
                    Trouble::lasting(Kind::Unsupported, "the server lists folders in a form of its own")
                })
            }
            _ => Err(of(&answer)),
        }
    }
    /// Takes the lock if nobody has it.
    async fn try_lock(&self, text: &str) -> Result<bool, Trouble> {
        let made = match self.make(&format!("{LOCK}/")).await {
            // The folder of the site itself may not be there yet.
            Err(trouble) if trouble.kind == Kind::NoPlace => {
                self.make("").await?;
                self.make(&format!("{LOCK}/")).await?
            }
            made => made?,
        };
        if !made {
            // Whoever made it is about to put a holder there, or was cut before, or was our own last try.
            if self.read(HOLDER).await?.is_none() {
                tokio::time::sleep(UNHELD).await;
            }
            if self.read(HOLDER).await?.is_some() {
                return Ok(false);
            }
        }
        let own = format!("{LOCK}/{}", self.token);
        let source = Source::Bytes(text.as_bytes().to_vec().into());
        self.send(&own, &source, "text/plain").await?;
        let target = self.address(HOLDER);
        let headers = [("Destination", target.as_str()), ("Overwrite", "F")];
        let answer = self.plain("MOVE", &own, &headers).await?;
        match answer.status().as_u16() {
            200..=299 => Ok(true),
            // There is one, or whoever had it has just given back all of it.
            404 | 409 | 412 => {
                self.delete(&own).await?;
                Ok(false)
            }
            _ => Err(of(&answer)),
        }
    }

    /// What the lock says.
    async fn held_by(&self) -> Result<Option<String>, Trouble> {
        if let Some(found) = self.read(HOLDER).await? {
            return Ok(Some(String::from_utf8_lossy(&found.bytes).into_owned()));
        }
        let answer = self.plain("HEAD", &format!("{LOCK}/"), &[]).await?;
        Ok((answer.status().as_u16() != 404).then(String::new))
    }

    /// Asks again where an answer may come of a folder that somebody makes or deletes at this moment: servers forbid
    /// things in it then, or miss it.
    async fn settled<'a, T>(task: impl Fn() -> Pending<'a, T> + Send) -> Result<T, Trouble> {
        for _ in 0..3 {
            match task().await {
                Err(trouble) if matches!(trouble.kind, Kind::Rights | Kind::NoPlace) => {
                    tokio::time::sleep(SETTLING).await;
                }
                done => return done,
            }
        }
        task().await
    }
}

/// What an answer means that is no success.
fn of(answer: &Answer) -> Trouble {
    // Pages for people say nothing that the status does not.
    let is_plain = answer
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/plain"));
    let said = match is_plain {
        true => String::from_utf8_lossy(answer.body()),
        false => "".into(),
    };
    Trouble::of_status(answer.status().as_u16(), &said)
}

/// The second since 1970 that a header tells.
fn second(answer: &Answer, name: &hyper::header::HeaderName) -> Option<i64> {
    let text = answer.headers().get(name)?.to_str().ok()?;
    let moment = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(moment.timestamp().as_second())
}

/// How long whoever made the folder of the lock has to put a holder into it.
const UNHELD: Duration = Duration::from_secs(3);

/// How long a folder takes to be made or deleted.
const SETTLING: Duration = Duration::from_millis(400);

/// What the lock says stands in a file within it.
const HOLDER: &str = ".brief-lock/holder";

impl Storage for WebDav {
    fn hands(&self) -> usize {
        HANDS
    }

    fn prepare(&self) -> Pending<'_, ()> {
        Box::pin(async move {
            let answer = self.plain("DELETE", &format!("{PARTS}/"), &[]).await?;
            match answer.status().as_u16() {
                200..=299 | 404 | 410 => Ok(()),
                _ => Err(of(&answer)),
            }
        })
    }

    fn finish(&self) -> Pending<'_, ()> {
        self.prepare()
    }

    fn read<'a>(&'a self, path: &'a str) -> Pending<'a, Option<Found>> {
        Box::pin(async move {
            let answer = self.plain("GET", path, &[]).await?;
            match answer.status().as_u16() {
                404 | 410 => Ok(None),
                200 => Ok(Some(Found {
                    tag: answer
                        .headers()
                        .get(ETAG)
                        .and_then(|tag| tag.to_str().ok())
                        .map(str::to_owned),
                    bytes: answer.body().to_vec(),
                })),
                _ => Err(of(&answer)),
            }
        })
    }

    fn has<'a>(&'a self, path: &'a str) -> Pending<'a, bool> {
        Box::pin(async move {
            let answer = self.plain("HEAD", path, &[]).await?;
            match answer.status().as_u16() {
                404 | 410 => Ok(false),
                // A folder where a file is to go is in its way too, whatever the server thinks of asking for it.
                200..=399 | 405 => Ok(true),
                _ => Err(of(&answer)),
            }
        })
    }

    fn list(&self, most: usize) -> Pending<'_, Vec<String>> {
        Box::pin(async move {
            let mut files = Vec::new();
            let mut folders = vec![String::new()];
            let mut seen = BTreeSet::new();
            while let Some(folder) = folders.pop() {
                // A folder that is listed within itself must not keep us for ever.
                if !seen.insert(folder.clone()) {
                    continue;
                }
                for member in self.look_into(&folder).await?.unwrap_or_default() {
                    let path = format!("{folder}{}", member.name);
                    if member.is_folder {
                        folders.push(format!("{path}/"));
                    } else {
                        files.push(path);
                    }
                }
                if files.len() >= most {
                    files.truncate(most);
                    break;
                }
            }
            Ok(files)
        })
    }

    fn put<'a>(
        &'a self,
        path: &'a str,
        source: &'a Source,
        properties: &'a Properties,
        _: &'a Condition,
    ) -> Pending<'a, Option<String>> {
        Box::pin(self.put_through(path, source, properties))
    }

    fn delete<'a>(&'a self, path: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            let answer = self.plain("DELETE", path, &[]).await?;
            match answer.status().as_u16() {
                200..=299 | 404 | 410 => Ok(()),
                _ => Err(of(&answer)),
            }
        })
    }

    fn delete_folder<'a>(&'a self, path: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            // To delete a folder deletes what is in it, so it is looked into at the last moment.
            let folder = format!("{path}/");
            match self.look_into(&folder).await {
                Ok(Some(members)) if members.is_empty() => self.delete(&folder).await,
                Ok(_) => Ok(()),
                // Servers that list nothing keep their empty folders.
                Err(trouble) if trouble.kind == Kind::Unsupported => Ok(()),
                Err(trouble) => Err(trouble),
            }
        })
    }

    fn lock<'a>(&'a self, text: &'a str) -> Pending<'a, bool> {
        Box::pin(WebDav::settled(|| Box::pin(self.try_lock(text))))
    }

    fn locked(&self) -> Pending<'_, Option<String>> {
        Box::pin(WebDav::settled(|| Box::pin(self.held_by())))
    }

    fn renew<'a>(&'a self, text: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            let source = Source::Bytes(text.as_bytes().to_vec().into());
            self.send(HOLDER, &source, "text/plain").await
        })
    }

    fn unlock(&self) -> Pending<'_, ()> {
        Box::pin(async move { self.delete(&format!("{LOCK}/")).await })
    }

    fn age_of_lock(&self) -> Pending<'_, Option<i64>> {
        Box::pin(async move {
            let answer = self.plain("HEAD", HOLDER, &[]).await?;
            let then = second(&answer, &LAST_MODIFIED);
            let now = second(&answer, &DATE);
            Ok(now.zip(then).map(|(now, then)| now - then))
        })
    }
}
