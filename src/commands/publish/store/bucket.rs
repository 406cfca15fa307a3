//! Object stores: S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage.
//!
//! Their puts are atomic, they have no folders, and most have conditions that a put can be made to depend on. The
//! library knows their protocols and how they sign requests; what it has no word for, where an old address leads on
//! S3, is a request of our own with the same signature.

use std::time::Duration;

use futures_util::TryStreamExt;
use opendal::options::{ListOptions, ReadOptions, WriteOptions};
use opendal::{ErrorKind, Operator};

use super::redirect::Redirector;
use super::storage::{Condition, Found, LOCK, Pending, Properties, Reading, Source, Storage};
use super::trouble::{Kind, Trouble};

/// How many requests at a time.
const HANDS: usize = 16;

/// How long whoever locks waits for others who do so at the same time, where the store does not keep them apart.
const UNCONDITIONAL: Duration = Duration::from_secs(2);

/// A bucket, or a container, or what is below a path in one.
pub(super) struct Bucket {
    operator: Operator,
    /// Who writes objects that lead on, where the store knows such.
    redirector: Option<Redirector>,
}

impl Bucket {
    pub(super) fn new(operator: Operator, redirector: Option<Redirector>) -> Bucket {
        Bucket { operator, redirector }
    }

    fn options(&self, properties: &Properties, condition: &Condition) -> WriteOptions {
        let can = self.operator.info().capability();
        let mut options = WriteOptions::default();
        if can.write_with_content_type && !properties.content_type.is_empty() {
            options.content_type = Some(properties.content_type.to_owned());
        }
        if can.write_with_cache_control && !properties.cache_control.is_empty() {
            options.cache_control = Some(properties.cache_control.clone());
        }
        match condition {
            Condition::Absent if can.write_with_if_not_exists => options.if_not_exists = true,
            Condition::Tagged(tag) if can.write_with_if_match => options.if_match = Some(tag.clone()),
            _ => {}
        }
        options
    }

    async fn write(
        &self,
        path: &str,
        source: &Source,
        properties: &Properties,
        condition: &Condition,
    ) -> Result<Option<String>, Trouble> {
        let options = self.options(properties, condition);
        let mut pieces = match source.open().await? {
            Reading::Whole(bytes) => {
                if let (Some(leads_to), Some(redirector)) = (&properties.leads_to, &self.redirector) {
                    let put = redirector.put(path, bytes.clone(), properties, leads_to).await;
                    // Some stores that speak like S3 do not know the header. The page itself leads on too.
                    let is_unknown = |trouble: &Trouble| {
                        !trouble.is_passing && matches!(trouble.kind, Kind::Unsupported | Kind::Other)
                    };
                    if !put.as_ref().is_err_and(is_unknown) {
                        return put;
                    }
                }
                let written = self.operator.write_options(path, bytes, options).await;
                let written = written.map_err(|error| Trouble::of_library(&error))?;
                return Ok(written.etag().map(str::to_owned));
            }
            Reading::Pieces(pieces) => pieces,
        };
        let options = WriteOptions {
            chunk: Some(super::storage::PIECE),
            ..options
        };
        let failed = |error: opendal::Error| Trouble::of_library(&error);
        let mut writer = self
            .operator
            .writer_options(path, options)
            .await
            .map_err(failed)?;
        let sent = loop {
            match pieces.next().await {
                Ok(Some(piece)) => {
                    if let Err(error) = writer.write(piece).await {
                        break Err(failed(error));
                    }
                }
                Ok(None) => break Ok(()),
                Err(trouble) => break Err(trouble),
            }
        };
        if let Err(trouble) = sent {
            // Parts of an object that is never completed cost room until the store clears them.
            let _ = writer.abort().await;
            return Err(trouble);
        }
        let written = writer.close().await.map_err(failed)?;
        Ok(written.etag().map(str::to_owned))
    }

    /// The answer to a question about something that may not be there.
    fn absent<T>(result: opendal::Result<T>) -> Result<Option<T>, Trouble> {
        match result {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let trouble = Trouble::of_library(&error);
                let is_place = trouble.kind == Kind::NoPlace && names_the_place(&trouble.said);
                if is_place { Err(trouble) } else { Ok(None) }
            }
            Err(error) => Err(Trouble::of_library(&error)),
        }
    }
}

/// Whether it is the bucket that is missing, and not the object.
fn names_the_place(said: &str) -> bool {
    let words = [
        "NoSuchBucket",
        "ContainerNotFound",
        "bucket does not exist",
        "container does not exist",
    ];
    words.iter().any(|word| said.contains(word))
}

impl Storage for Bucket {
    fn hands(&self) -> usize {
        HANDS
    }

    fn prepare(&self) -> Pending<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn finish(&self) -> Pending<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn read<'a>(&'a self, path: &'a str) -> Pending<'a, Option<Found>> {
        Box::pin(async move {
            // The tag first: what is written between the two requests is then noticed when the tag is used.
            let standing = match Bucket::absent(self.operator.stat(path).await) {
                // An answer without a body does not tell wrong credentials from missing rights.
                Err(trouble) if trouble.kind == Kind::Rights => {
                    let why = self.operator.read(path).await.err();
                    return Err(why.map_or(trouble, |error| Trouble::of_library(&error)));
                }
                standing => standing?,
            };
            let Some(standing) = standing else {
                return Ok(None);
            };
            let tag = standing.etag().map(str::to_owned);
            if standing.content_length() > super::storage::MAX_READ as u64 {
                return Err(Trouble::lasting(Kind::Other, format!("`{path}` is too large")));
            }
            let options = ReadOptions::default();
            let read = Bucket::absent(self.operator.read_options(path, options).await)?;
            Ok(read.map(|bytes| Found {
                bytes: bytes.to_vec(),
                tag,
            }))
        })
    }

    fn has<'a>(&'a self, path: &'a str) -> Pending<'a, bool> {
        Box::pin(async move { Ok(Bucket::absent(self.operator.stat(path).await)?.is_some()) })
    }

    fn list(&self, most: usize) -> Pending<'_, Vec<String>> {
        Box::pin(async move {
            let options = ListOptions {
                recursive: true,
                ..ListOptions::default()
            };
            let failed = |error: opendal::Error| Trouble::of_library(&error);
            let mut entries = self.operator.lister_options("", options).await.map_err(failed)?;
            let mut paths = Vec::new();
            while let Some(entry) = entries.try_next().await.map_err(failed)? {
                let path = entry.path();
                if !path.ends_with('/') && !path.is_empty() {
                    paths.push(path.to_owned());
                }
                if paths.len() >= most {
                    break;
                }
            }
            Ok(paths)
        })
    }

    fn put<'a>(
        &'a self,
        path: &'a str,
        source: &'a Source,
        properties: &'a Properties,
        condition: &'a Condition,
    ) -> Pending<'a, Option<String>> {
        Box::pin(self.write(path, source, properties, condition))
    }

    fn delete<'a>(&'a self, path: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            let deleted = self.operator.delete(path).await;
            deleted.map_err(|error| Trouble::of_library(&error))
        })
    }

    fn delete_folder<'a>(&'a self, _: &'a str) -> Pending<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn lock<'a>(&'a self, text: &'a str) -> Pending<'a, bool> {
        Box::pin(async move {
            if self.has(LOCK).await? {
                return Ok(false);
            }
            let source = Source::Bytes(text.as_bytes().to_vec().into());
            let properties = Properties::of_note();
            match self.write(LOCK, &source, &properties, &Condition::Absent).await {
                Ok(_) => {}
                Err(trouble) if trouble.kind == Kind::Overtaken => return Ok(false),
                Err(trouble) if trouble.kind == Kind::Unsupported => {
                    self.write(LOCK, &source, &properties, &Condition::None).await?;
                }
                Err(trouble) => return Err(trouble),
            }
            // Some stores do not know the condition, or take it and do not look. Where it does not hold now, whoever
            // comes last within the moment that a request takes has the lock, and the others find that out.
            match self.write(LOCK, &source, &properties, &Condition::Absent).await {
                Err(trouble) if trouble.kind == Kind::Overtaken => return Ok(true),
                Err(trouble) if trouble.kind != Kind::Unsupported => return Err(trouble),
                _ => {}
            }
            tokio::time::sleep(UNCONDITIONAL).await;
            Ok(self.locked().await?.as_deref() == Some(text))
        })
    }

    fn locked(&self) -> Pending<'_, Option<String>> {
        Box::pin(async move {
            let read = Bucket::absent(self.operator.read(LOCK).await)?;
            Ok(read.map(|bytes| String::from_utf8_lossy(&bytes.to_vec()).into_owned()))
        })
    }

    fn renew<'a>(&'a self, text: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            let source = Source::Bytes(text.as_bytes().to_vec().into());
            self.write(LOCK, &source, &Properties::of_note(), &Condition::None)
                .await?;
            Ok(())
        })
    }

    fn unlock(&self) -> Pending<'_, ()> {
        self.delete(LOCK)
    }

    fn age_of_lock(&self) -> Pending<'_, Option<i64>> {
        Box::pin(async move {
            const CLOCK: &str = ".brief-lock.clock";
            let written = |path: &'static str| async move {
                let standing = Bucket::absent(self.operator.stat(path).await)?;
                let modified = standing.and_then(|standing| standing.last_modified());
                Ok::<_, Trouble>(modified.map(|modified| modified.into_inner().as_second()))
            };
            let Some(then) = written(LOCK).await? else {
                return Ok(None);
            };
            // The clock of the store is that of an object it has just been given.
            let source = Source::Bytes(hyper::body::Bytes::new());
            self.write(CLOCK, &source, &Properties::of_note(), &Condition::None)
                .await?;
            let now = written(CLOCK).await?;
            self.delete(CLOCK).await?;
            Ok(now.map(|now| now - then))
        })
    }
}
