//! SFTP: files of a server, over the connection that `ssh` makes. One serves all requests.
//!
//! Files are written into a folder of our own and renamed into their place, which is atomic on servers of OpenSSH.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use hyper::body::Bytes;
use openssh_sftp_client::Error;
use openssh_sftp_client::error::SftpErrorKind;
use openssh_sftp_client::fs::Fs;
use tokio::time::timeout;

use super::ssh::{LIMIT, Line, Login};
use super::storage::{
    Condition, Found, LOCK, MAX_READ, PARTS, Pending, Properties, Reading, Source, Storage,
};
use super::trouble::{Kind, Trouble};

/// How many requests at a time. They share one connection.
const HANDS: usize = 8;

/// The slowest connection that is still one, in bytes a second.
const SLOWEST: u64 = 16 * 1024;

/// How deep folders are looked into.
const MAX_DEPTH: usize = 64;

/// A folder of a server.
pub(super) struct Sftp {
    login: Login,
    line: tokio::sync::Mutex<Option<Arc<Line>>>,
    /// Folders that are there.
    folders: Mutex<BTreeSet<String>>,
    /// How many parts were begun, and what tells them from those of others.
    parts: AtomicUsize,
    token: String,
}

impl Sftp {
    pub(super) fn new(login: Login, token: &str) -> Sftp {
        Sftp {
            login,
            line: tokio::sync::Mutex::default(),
            folders: Mutex::default(),
            parts: AtomicUsize::new(0),
            token: token.to_owned(),
        }
    }

    /// The path on the server.
    fn place(&self, path: &str) -> String {
        let folder = self.login.path.trim_end_matches('/');
        let folder = folder.strip_prefix("~/").unwrap_or(folder);
        match (folder, path) {
            ("" | "~", "") if self.login.path.starts_with('/') => "/".to_owned(),
            ("" | "~", "") => ".".to_owned(),
            ("" | "~", path) if self.login.path.starts_with('/') => format!("/{path}"),
            ("" | "~", path) => path.to_owned(),
            (folder, "") => folder.to_owned(),
            (folder, path) => format!("{folder}/{path}"),
        }
    }

    /// The connection, made anew where there is none.
    async fn line(&self) -> Result<Arc<Line>, Trouble> {
        let mut line = self.line.lock().await;
        if let Some(line) = &*line {
            return Ok(line.clone());
        }
        let new = Arc::new(Line::open(&self.login).await?);
        *line = Some(new.clone());
        Ok(new)
    }

    /// Forgets a connection that broke.
    async fn hang_up(&self, broken: &Arc<Line>) {
        let mut line = self.line.lock().await;
        if line.as_ref().is_some_and(|line| Arc::ptr_eq(line, broken)) {
            *line = None;
        }
    }

    /// Does something with the connection, within a limit.
    async fn with<T, F>(&self, limit: Duration, task: impl FnOnce(Arc<Line>) -> F) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let line = self.line().await?;
        match timeout(limit, task(line.clone())).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => {
                let trouble = of_protocol(&error);
                if !matches!(error, Error::SftpError(..)) {
                    self.hang_up(&line).await;
                }
                Err(trouble)
            }
            Err(_) => {
                self.hang_up(&line).await;
                let said = format!("`{}` does not answer", self.login.host);
                Err(Trouble::passing(Kind::Unreachable, said))
            }
        }
    }

    /// The same, within the usual limit and with what answers for files and folders.
    async fn in_fs<T>(&self, task: impl AsyncFnOnce(&mut Fs) -> Result<T, Error>) -> Result<T, Trouble> {
        let line = self.line().await?;
        let mut fs = line.connection.fs();
        self.with(LIMIT, |_| task(&mut fs)).await
    }

    /// Makes the folders above a path that are not known to be there, and with none that of the site.
    async fn make_above(&self, path: &str) -> Result<(), Trouble> {
        for (end, _) in path.match_indices('/') {
            let folder = &path[..end];
            let is_known = |folders: &Mutex<BTreeSet<String>>| {
                folders
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .contains(folder)
            };
            if is_known(&self.folders) {
                continue;
            }
            self.make(&self.place(folder)).await?;
            self.folders
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(folder.to_owned());
        }
        Ok(())
    }

    /// Makes a folder of the server unless it is there.
    async fn make(&self, place: &str) -> Result<(), Trouble> {
        let made = self.in_fs(async |fs| fs.create_dir(place).await).await;
        let Err(trouble) = made else {
            return Ok(());
        };
        // Servers have one answer for all that fails; a folder that is there is what was wanted.
        match self.in_fs(async |fs| fs.metadata(place).await).await {
            Ok(found) if found.file_type().is_some_and(|kind| kind.is_dir()) => Ok(()),
            _ => Err(trouble),
        }
    }

    /// Writes a file. With `is_new` there must be none yet.
    async fn write(&self, place: &str, source: &Source, is_new: bool) -> Result<(), Trouble> {
        let mut reading = source.open().await?;
        let limit = LIMIT + Duration::from_secs(source.size() / SLOWEST);
        // What is wrong with a file of this machine is no error of the protocol, and comes out beside it.
        let mut altered = None;
        let written = self
            .with(limit, async |line| {
                let mut options = line.connection.options();
                options.write(true).truncate(!is_new).create(!is_new);
                if is_new {
                    options.create_new(true);
                }
                let mut file = options.open(place).await?;
                match &mut reading {
                    Reading::Whole(bytes) => file.write_all(bytes).await?,
                    Reading::Pieces(pieces) => loop {
                        match pieces.next().await {
                            Ok(Some(piece)) => file.write_all(&piece).await?,
                            Ok(None) => break,
                            Err(trouble) => {
                                altered = Some(trouble);
                                break;
                            }
                        }
                    },
                }
                file.close().await
            })
            .await;
        if let Some(trouble) = altered {
            return Err(trouble);
        }
        match written {
            Err(trouble) if trouble.said == UNSAID && self.is_full(place).await => Err(Trouble::lasting(
                Kind::Full,
                format!("the disk of `{}` is full", self.login.host),
            )),
            written => written,
        }
    }

    /// Whether there is no room. Servers say only that writing failed.
    async fn is_full(&self, place: &str) -> bool {
        let folder = Path::new(place).parent().unwrap_or(Path::new("."));
        let folder = match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        };
        let room = self.in_fs(async |fs| fs.statvfs(folder).await).await;
        room.is_ok_and(|room| room.bavail == 0 || room.favail == 0 && room.files > 0)
    }

    async fn put_through(&self, path: &str, source: &Source) -> Result<(), Trouble> {
        self.make_above(path).await?;
        let number = self.parts.fetch_add(1, Ordering::Relaxed);
        let part = format!("{PARTS}/{}-{number}", self.token);
        self.make_above(&part).await?;
        let (part, place) = (self.place(&part), self.place(path));
        let written = self.write(&part, source, false).await;
        let moved = match written {
            Ok(()) => {
                let replaces = self.line().await?.connection.support_posix_rename();
                self.in_fs(async |fs| match fs.rename(&part, &place).await {
                    // Servers without the extension do not rename onto a file.
                    Err(Error::SftpError(SftpErrorKind::Failure, _)) if !replaces => {
                        fs.remove_file(&place).await?;
                        fs.rename(&part, &place).await
                    }
                    renamed => renamed,
                })
                .await
            }
            Err(trouble) => Err(trouble),
        };
        if moved.is_err() {
            // It would stand in the way where room is what is missing.
            let _ = self.in_fs(async |fs| fs.remove_file(&part).await).await;
        }
        moved
    }

    /// What lies in a folder: names, and whether they are folders. Links are neither followed nor counted as folders.
    async fn look_into(&self, place: &str) -> Result<Option<Vec<(String, bool)>>, Trouble> {
        let listed = self
            .in_fs(async |fs| {
                let entries = fs.open_dir(place).await?.read_dir();
                let mut entries = std::pin::pin!(entries);
                let mut found = Vec::new();
                while let Some(entry) = entries.next().await {
                    let entry = entry?;
                    let name = entry.filename().to_string_lossy().into_owned();
                    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                    if name != "." && name != ".." {
                        found.push((name, is_folder));
                    }
                }
                Ok(found)
            })
            .await;
        absent(listed)
    }

    async fn read_text(&self, path: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let place = self.place(path);
        let Some(found) = absent(self.in_fs(async |fs| fs.metadata(&place).await).await)? else {
            return Ok(None);
        };
        if found.len().is_none_or(|size| size > MAX_READ as u64) {
            return Err(Trouble::lasting(Kind::Other, format!("`{path}` is too large")));
        }
        let read = self
            .with(LIMIT * 10, async |line| line.connection.fs().read(&place).await)
            .await;
        let read = read.map(|bytes| bytes.to_vec());
        absent(read)
    }
}

/// What a server says of anything that fails without a reason it has a word for.
const UNSAID: &str = "the server says that it failed, not why";

/// The answer to a question about something that may not be there.
fn absent<T>(result: Result<T, Trouble>) -> Result<Option<T>, Trouble> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(trouble) if trouble.kind == Kind::NoPlace => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

fn of_protocol(error: &Error) -> Trouble {
    match error {
        Error::SftpError(SftpErrorKind::NoSuchFile, _) => {
            Trouble::lasting(Kind::NoPlace, "there is no such file or folder")
        }
        Error::SftpError(SftpErrorKind::PermDenied, _) => Trouble::lasting(Kind::Rights, "permission denied"),
        Error::SftpError(SftpErrorKind::OpUnsupported, _) => {
            Trouble::lasting(Kind::Unsupported, "the server cannot do this")
        }
        Error::SftpError(SftpErrorKind::Failure, _) => Trouble::lasting(Kind::Other, UNSAID),
        Error::SftpError(_, _) => Trouble::lasting(Kind::Other, error.to_string()),
        _ => Trouble::passing(Kind::Unreachable, format!("the connection broke: {error}")),
    }
}

impl Storage for Sftp {
    fn hands(&self) -> usize {
        HANDS
    }

    fn prepare(&self) -> Pending<'_, ()> {
        Box::pin(async move {
            let folder = self.place(PARTS);
            for (name, _) in self.look_into(&folder).await?.unwrap_or_default() {
                let part = format!("{folder}/{name}");
                absent(self.in_fs(async |fs| fs.remove_file(&part).await).await)?;
            }
            absent(self.in_fs(async |fs| fs.remove_dir(&folder).await).await)?;
            self.folders
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(PARTS);
            Ok(())
        })
    }

    fn finish(&self) -> Pending<'_, ()> {
        self.prepare()
    }

    fn read<'a>(&'a self, path: &'a str) -> Pending<'a, Option<Found>> {
        Box::pin(async move {
            let read = self.read_text(path).await?;
            Ok(read.map(|bytes| Found { bytes, tag: None }))
        })
    }

    fn has<'a>(&'a self, path: &'a str) -> Pending<'a, bool> {
        Box::pin(async move {
            let place = self.place(path);
            let found = self.in_fs(async |fs| fs.symlink_metadata(&place).await).await;
            Ok(absent(found)?.is_some())
        })
    }

    fn list(&self, most: usize) -> Pending<'_, Vec<String>> {
        Box::pin(async move {
            let mut files = Vec::new();
            let mut folders = vec![String::new()];
            while let Some(folder) = folders.pop() {
                let place = self.place(folder.trim_end_matches('/'));
                for (name, is_folder) in self.look_into(&place).await?.unwrap_or_default() {
                    let path = format!("{folder}{name}");
                    match is_folder && path.matches('/').count() < MAX_DEPTH {
                        true => folders.push(format!("{path}/")),
                        false => files.push(path),
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
        _: &'a Properties,
        _: &'a Condition,
    ) -> Pending<'a, Option<String>> {
        Box::pin(async move {
            self.put_through(path, source).await?;
            Ok(None)
        })
    }

    fn delete<'a>(&'a self, path: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            let place = self.place(path);
            absent(self.in_fs(async |fs| fs.remove_file(&place).await).await)?;
            Ok(())
        })
    }

    fn delete_folder<'a>(&'a self, path: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            let place = self.place(path);
            match self.in_fs(async |fs| fs.remove_dir(&place).await).await {
                // A server does not delete what has something in it, and says only that it failed.
                Err(trouble) if trouble.said == UNSAID || trouble.kind == Kind::NoPlace => Ok(()),
                done => done,
            }
        })
    }

    fn lock<'a>(&'a self, text: &'a str) -> Pending<'a, bool> {
        Box::pin(async move {
            let source = Source::Bytes(Bytes::from(text.as_bytes().to_vec()));
            let place = self.place(LOCK);
            let mut written = self.write(&place, &source, true).await;
            if written
                .as_ref()
                .is_err_and(|trouble| trouble.kind == Kind::NoPlace)
            {
                // The folder of the site itself may not be there yet; the one above it has to be.
                self.make(&self.place("")).await?;
                written = self.write(&place, &source, true).await;
            }
            match written {
                Ok(()) => Ok(true),
                Err(trouble) if trouble.said == UNSAID && self.has(LOCK).await? => Ok(false),
                Err(trouble) => Err(trouble),
            }
        })
    }

    fn locked(&self) -> Pending<'_, Option<String>> {
        Box::pin(async move {
            let read = self.read_text(LOCK).await?;
            Ok(read.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
        })
    }

    fn renew<'a>(&'a self, text: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            let source = Source::Bytes(Bytes::from(text.as_bytes().to_vec()));
            self.write(&self.place(LOCK), &source, false).await
        })
    }

    fn unlock(&self) -> Pending<'_, ()> {
        self.delete(LOCK)
    }

    fn age_of_lock(&self) -> Pending<'_, Option<i64>> {
        Box::pin(async move {
            let written = async |path: &str| {
                let place = self.place(path);
                let found = self.in_fs(async |fs| fs.metadata(&place).await).await?;
                let modified = found.modified().map(|stamp| stamp.as_system_time());
                let since = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
                Ok::<_, Trouble>(since.and_then(|since| i64::try_from(since.as_secs()).ok()))
            };
            let Some(then) = written(LOCK).await? else {
                return Ok(None);
            };
            // The clock of the server is that of a file it has just been given.
            let clock = format!("{LOCK}.clock");
            let source = Source::Bytes(Bytes::new());
            self.write(&self.place(&clock), &source, false).await?;
            let now = written(&clock).await?;
            self.delete(&clock).await?;
            Ok(now.map(|now| now - then))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_absolute_or_below_the_home_of_the_user() {
        let check = |folder: &str, path: &str, expected: &str| {
            let login = Login {
                program: "ssh".to_owned(),
                user: None,
                host: "h".to_owned(),
                port: None,
                path: folder.to_owned(),
            };
            assert_eq!(Sftp::new(login, "t").place(path), expected, "{folder} {path}");
        };
        check("/srv/site/", "a/b", "/srv/site/a/b");
        check("/srv/site", "", "/srv/site");
        check("site", "a", "site/a");
        check("~/site", "a", "site/a");
        check("~", "a", "a");
        check("~/", "", ".");
        check("", "", ".");
        check("", "a", "a");
        check("/", "a", "/a");
        check("/", "", "/");
    }
}
