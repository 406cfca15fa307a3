//! What a publish asks of a store, whatever its protocol. A put is atomic: whoever reads meanwhile gets all of the
//! old bytes or all of the new ones.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

use hyper::body::Bytes;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::trouble::{Kind, Trouble};
use crate::building::output::Content;
use crate::ground::fingerprint::{Fingerprint, Parts};

/// What is awaited of a store.
pub(super) type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, Trouble>> + Send + 'a>>;

/// The name of the lock.
pub(super) const LOCK: &str = ".brief-lock";

/// The folder in which file servers keep what is not through yet.
pub(super) const PARTS: &str = ".brief-parts";

/// How much of a file is in memory at a time. Smaller ones are sent in one piece.
pub(super) const PIECE: usize = 8 * 1024 * 1024;

/// The largest file that is read from a store: records and locks.
pub(super) const MAX_READ: usize = 256 * 1024 * 1024;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) bytes: Vec<u8>,
    /// What tells that it is still the same, where the store has such a thing.
    pub(super) tag: Option<String>,
}

/// What has to be so for a put to happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Condition {
    /// Nothing.
    #[default]
    None,
    /// Nothing stands there yet.
    Absent,
    /// What stands there has this tag. Stores without tags do not look.
    Tagged(String),
}

/// What stores keep beside the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Properties {
    pub(super) content_type: &'static str,
    pub(super) cache_control: String,
    /// Where the store leads on to from here, if it can.
    pub(super) leads_to: Option<String>,
}

impl Properties {
    /// Those of our own notes, which nobody should keep.
    pub(super) fn of_note() -> Properties {
        Properties {
            content_type: "text/plain; charset=utf-8",
            cache_control: "no-store".to_owned(),
            leads_to: None,
        }
    }
}

/// The bytes of a put.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// These.
    Bytes(Bytes),
    /// Those of a file, which has to hold this.
    File { path: PathBuf, content: Content },
}

/// A source being read.
pub(super) enum Reading {
    /// All of it, as it has to be.
    Whole(Bytes),
    /// A large file, piece by piece.
    Pieces(Box<Pieces>),
}

/// A large file being read.
pub(super) struct Pieces {
    path: PathBuf,
    content: Content,
    file: File,
    seen: Parts,
    /// How many bytes were read.
    read: u64,
}

/// A store.
pub(super) trait Storage: Send + Sync {
    /// How many puts at a time do it good.
    fn hands(&self) -> usize;

    /// Makes it ready to be written to, and clears what a publish that was cut has left behind.
    fn prepare(&self) -> Pending<'_, ()>;

    /// Clears what was only needed meanwhile.
    fn finish(&self) -> Pending<'_, ()>;

    /// What stands at a path.
    fn read<'a>(&'a self, path: &'a str) -> Pending<'a, Option<Found>>;

    /// Whether something stands at a path.
    fn has<'a>(&'a self, path: &'a str) -> Pending<'a, bool>;

    /// The paths of all files, or of the first so many.
    fn list(&self, most: usize) -> Pending<'_, Vec<String>>;

    /// Puts bytes in a place, and says what tells them from others.
    fn put<'a>(
        &'a self,
        path: &'a str,
        source: &'a Source,
        properties: &'a Properties,
        condition: &'a Condition,
    ) -> Pending<'a, Option<String>>;

    /// Deletes a file. That there is none is no error.
    fn delete<'a>(&'a self, path: &'a str) -> Pending<'a, ()>;

    /// Deletes a folder if it is empty. That there is none, or something in it, is no error.
    fn delete_folder<'a>(&'a self, path: &'a str) -> Pending<'a, ()>;

    /// Writes the lock unless there is one; whether there was none.
    fn lock<'a>(&'a self, text: &'a str) -> Pending<'a, bool>;

    /// What the lock says, if there is one.
    fn locked(&self) -> Pending<'_, Option<String>>;

    /// Writes the lock anew.
    fn renew<'a>(&'a self, text: &'a str) -> Pending<'a, ()>;

    /// Deletes the lock.
    fn unlock(&self) -> Pending<'_, ()>;

    /// How long ago the lock was written, in seconds of the store's own clock; `None` where it cannot tell.
    fn age_of_lock(&self) -> Pending<'_, Option<i64>>;
}

impl Source {
    /// How many bytes there are.
    pub(super) fn size(&self) -> u64 {
        match self {
            Source::Bytes(bytes) => bytes.len() as u64,
            Source::File { content, .. } => content.size,
        }
    }

    /// Begins to read. What fits into one piece is known to be right before any of it is handed out.
    pub(super) async fn open(&self) -> Result<Reading, Trouble> {
        let (path, content) = match self {
            Source::Bytes(bytes) => return Ok(Reading::Whole(bytes.clone())),
            Source::File { path, content } => (path, *content),
        };
        let failed = |error: std::io::Error| Trouble::of_file(path, &error);
        let mut file = File::open(path).await.map_err(failed)?;
        if content.size > PIECE as u64 {
            return Ok(Reading::Pieces(Box::new(Pieces {
                path: path.clone(),
                content,
                file,
                seen: Fingerprint::in_parts(),
                read: 0,
            })));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(content.size).unwrap_or(PIECE) + 1);
        // One byte more than there should be tells a file that has grown.
        let mut most = (&mut file).take(content.size + 1);
        most.read_to_end(&mut bytes).await.map_err(failed)?;
        match Content::of(&bytes) == content {
            true => Ok(Reading::Whole(Bytes::from(bytes))),
            false => Err(altered(path)),
        }
    }
}

impl Pieces {
    /// The next piece, none at the end. The end is only reached if the whole file is as it has to be.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Trouble> {
        let mut piece = Vec::with_capacity(PIECE);
        let mut most = (&mut self.file).take(PIECE as u64);
        let failed = |error: std::io::Error| Trouble::of_file(&self.path, &error);
        most.read_to_end(&mut piece).await.map_err(failed)?;
        self.seen.add(&piece);
        self.read += piece.len() as u64;
        let is_last = piece.len() < PIECE;
        if self.read > self.content.size || is_last && self.seen.finish() != self.content.fingerprint {
            return Err(altered(&self.path));
        }
        Ok((!piece.is_empty()).then(|| Bytes::from(piece)))
    }
}

fn altered(path: &std::path::Path) -> Trouble {
    Trouble::lasting(
        Kind::Altered,
        format!("`{}` is not as it was built", path.display()),
    )
}

/// Whether a path is one of our own notes in a store, and no file of the site.
pub(super) fn is_own(path: &str) -> bool {
    path.starts_with(".brief-")
}
