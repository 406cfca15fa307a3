//! The world outside the program: the files of the site and the clock.
//!
//! Everything below the commands reads through this trait, so that a build is a function of a
//! world: tests build from memory, and nothing else can slip in.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use walkdir::{DirEntry, WalkDir};

use super::diagnostic::{Code, Diagnostic, Diagnostics};
use super::encoding::encoded;
use super::path::{SourcePath, check_portable_name};
use super::span::Span;

/// The largest text source that is read, in bytes. An article of a million words is half of it.
pub const MAX_SOURCE_BYTES: u64 = 16 * 1024 * 1024;

/// How deep folders may be nested.
const MAX_DEPTH: usize = 64;

/// One file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it lies.
    pub path: SourcePath,
    /// What tells without reading that it is the same as before.
    pub stamp: Stamp,
}

/// What a file system says of a file. Equal stamps mean equal bytes, unless the file was written
/// again within one tick of the file system's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The size in bytes.
    pub size: u64,
    /// When the bytes were written last, in nanoseconds since 1970.
    pub modified: i64,
    /// When anything about the file changed, its times included, in nanoseconds since 1970; 0 where
    /// the system does not tell.
    pub changed: i64,
    /// The number of the file on its disk; 0 where the system does not tell.
    pub inode: u64,
}

encoded!(struct Stamp { size, modified, changed, inode });

impl Stamp {
    /// The stamp of a file on the disk.
    fn of(metadata: &fs::Metadata) -> Stamp {
        let modified = metadata
            .modified()
            .ok()
            .and_then(|time| Timestamp::try_from(time).ok());
        let nanoseconds = |time: Timestamp| i64::try_from(time.as_nanosecond()).unwrap_or(i64::MAX);
        let (changed, inode) = status(metadata);
        Stamp {
            size: metadata.len(),
            modified: modified.map_or(0, nanoseconds),
            changed,
            inode,
        }
    }

    /// Whether the file had been left alone for a while at an instant. If not, it may have been
    /// written again at the same tick of the clock, and only its bytes tell.
    pub fn is_settled(self, at: Timestamp) -> bool {
        // The coarsest clock is that of FAT, which ticks every two seconds.
        let limit = at.as_nanosecond() - 2_000_000_000;
        i128::from(self.modified.max(self.changed)) < limit
    }
}

#[cfg(unix)]
fn status(metadata: &fs::Metadata) -> (i64, u64) {
    use std::os::unix::fs::MetadataExt;
    let seconds = metadata.ctime().saturating_mul(1_000_000_000);
    (seconds.saturating_add(metadata.ctime_nsec()), metadata.ino())
}

#[cfg(not(unix))]
fn status(_: &fs::Metadata) -> (i64, u64) {
    (0, 0)
}

/// Files and the clock.
pub trait World: fmt::Debug + Send + Sync {
    /// Every file below a folder of the site, sorted by path, without hidden files, editors' and
    /// systems' litter and links that lead out of the site. A missing folder is empty; a file is its
    /// own only one.
    fn files(&self, folder: &str, found: &mut Diagnostics) -> Vec<File>;

    /// The bytes of a file, at most `limit` of them and one more where it is longer; the error is
    /// in words.
    fn read(&self, path: &SourcePath, limit: u64) -> Result<Vec<u8>, String>;

    /// The stamp of the file of that name, if there is one.
    fn stamp(&self, path: &SourcePath) -> Option<Stamp>;

    /// Where a file lies on the disk, if it does, for copying without holding it in memory.
    fn disk_path(&self, path: &SourcePath) -> Option<PathBuf>;

    /// The current instant.
    fn now(&self) -> Timestamp;

    /// This world for those who outlive the borrow of it.
    fn shared(&self) -> Arc<dyn World>;
}

/// Reads a text file: UTF-8 without NUL, not larger than [`MAX_SOURCE_BYTES`]. A byte-order mark is
/// kept, so that offsets stay those of the file.
pub fn read_text(world: &dyn World, path: &SourcePath) -> Result<String, Diagnostic> {
    let bytes = world.read(path, MAX_SOURCE_BYTES).map_err(|why| {
        Diagnostic::new(Code::UnreadableFile, format!("`{path}` cannot be read: {why}"))
            .in_file(path)
            .help("check that the file is there and that you may read it")
    })?;
    if bytes.len() as u64 > MAX_SOURCE_BYTES {
        let limit = MAX_SOURCE_BYTES / 1024 / 1024;
        return Err(
            Diagnostic::new(Code::FileTooLarge, format!("`{path}` is larger than {limit} MB"))
                .in_file(path)
                .help("text sources are articles and lists; put large files beside an article or in static/"),
        );
    }
    let text = String::from_utf8(bytes).map_err(|error| invalid_utf8(path, error))?;
    match text.find('\0') {
        Some(at) => Err(Diagnostic::new(Code::NulByte, "the file contains a NUL byte")
            .at(path, Span::new(at, at + 1))
            .help("it is probably not a text file, or it was damaged; save it again as text")),
        None => Ok(text),
    }
}

fn invalid_utf8(path: &SourcePath, error: std::string::FromUtf8Error) -> Diagnostic {
    let at = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    let line = bytes[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let hint = if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        "the file is UTF-16; save it with the encoding UTF-8"
    } else {
        "save the file with the encoding UTF-8; it is probably Latin-1 or Windows-1252"
    };
    Diagnostic::new(
        Code::InvalidUtf8,
        format!("the byte 0x{:02x} in line {line} is not valid UTF-8", bytes[at]),
    )
    .at(path, Span::new(at, at + 1))
    .help(hint)
}

/// Whether a name is litter that editors and systems leave behind, or hidden. What static hosts
/// read is not: `.nojekyll` and `.well-known`.
pub fn is_litter(name: &str) -> bool {
    if name.starts_with('.') {
        return name != ".nojekyll" && name != ".well-known";
    }
    let lower = name.to_lowercase();
    matches!(lower.as_str(), "thumbs.db" | "desktop.ini" | "4913" | "__macosx")
        || lower.ends_with('~')
        || (lower.starts_with('#') && lower.ends_with('#'))
        || [".swp", ".swx", ".swo", ".bck", ".tmp", ".part", ".crdownload"]
            .iter()
            .any(|end| lower.ends_with(end))
}

/// The site folder on the disk.
#[derive(Clone, Debug)]
pub struct DiskWorld {
    root: PathBuf,
    canonical: PathBuf,
}

impl DiskWorld {
    /// The world of a site folder; the error is in words.
    pub fn new(root: &Path) -> Result<DiskWorld, String> {
        let canonical = root.canonicalize().map_err(|error| describe(&error))?;
        Ok(DiskWorld {
            root: root.to_owned(),
            canonical,
        })
    }

    /// The site folder without links, for comparing it with other places.
    pub fn canonical_root(&self) -> &Path {
        &self.canonical
    }

    fn locate(&self, path: &SourcePath) -> PathBuf {
        let mut place = self.root.clone();
        place.extend(path.as_str().split('/').filter(|segment| !segment.is_empty()));
        place
    }

    /// Whether a link stays in the site folder once it is resolved.
    fn is_inside(&self, place: &Path) -> bool {
        place
            .canonicalize()
            .is_ok_and(|target| target.starts_with(&self.canonical))
    }

    fn source_path(&self, place: &Path, found: &mut Diagnostics) -> Option<SourcePath> {
        let relative = place.strip_prefix(&self.root).ok()?;
        let segments: Option<Vec<&str>> = relative.iter().map(|segment| segment.to_str()).collect();
        let Some(segments) = segments else {
            let name = relative.to_string_lossy();
            found.push(
                Diagnostic::new(
                    Code::UnportableName,
                    format!("the file name `{name}` is not valid UTF-8"),
                )
                .help("rename the file"),
            );
            return None;
        };
        let path = SourcePath::new(&segments.join("/"))?;
        if let Some(why) = segments
            .iter()
            .find_map(|segment| check_portable_name(segment).err())
        {
            found.push(
                Diagnostic::new(
                    Code::UnportableName,
                    format!("not every system can hold `{path}`: {why}"),
                )
                .in_file(&path)
                .help("rename the file"),
            );
            return None;
        }
        Some(path)
    }
}

impl World for DiskWorld {
    fn files(&self, folder: &str, found: &mut Diagnostics) -> Vec<File> {
        let Some(start) = SourcePath::new(folder).map(|folder| self.locate(&folder)) else {
            return Vec::new();
        };
        // A folder of the site folder may be a link that is reported below; what lies deeper must not
        // be reached through one that leads out.
        let is_reached = start.parent().is_some_and(|parent| self.is_inside(parent));
        if !start.exists() || !is_reached {
            return Vec::new();
        }
        let is_kept =
            |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().to_str().is_some_and(is_litter);
        let mut files = Vec::new();
        let mut walk = WalkDir::new(&start)
            .follow_links(true)
            .max_depth(MAX_DEPTH)
            .into_iter();
        loop {
            let entry = match walk.next() {
                None => break,
                Some(Ok(entry)) if is_kept(&entry) => entry,
                Some(Ok(entry)) => {
                    if entry.file_type().is_dir() {
                        walk.skip_current_dir();
                    }
                    continue;
                }
                Some(Err(error)) => {
                    // A name that is litter may well be a dangling link, as editors' lock files are.
                    let place = error.path().unwrap_or(&start);
                    if !place
                        .file_name()
                        .and_then(|name| name.to_str())
                        .is_some_and(is_litter)
                    {
                        let place = place
                            .strip_prefix(&self.root)
                            .unwrap_or(place)
                            .display()
                            .to_string();
                        let why = error
                            .io_error()
                            .map_or_else(|| "links form a circle".to_owned(), describe);
                        found.push(
                            Diagnostic::new(Code::UnreadableFile, format!("`{place}` cannot be read: {why}"))
                                .help("check that it is there and that you may read it"),
                        );
                    }
                    continue;
                }
            };
            if entry.path_is_symlink() && !self.is_inside(entry.path()) {
                if let Some(path) = self.source_path(entry.path(), found) {
                    found.push(
                        Diagnostic::new(
                            Code::LinkOutside,
                            format!("`{path}` is a link that leads out of the site folder; it is left out"),
                        )
                        .in_file(&path)
                        .help("copy what it points to into the site folder"),
                    );
                }
                if entry.file_type().is_dir() {
                    walk.skip_current_dir();
                }
                continue;
            }
            if !entry.file_type().is_file() {
                continue;
            }
            let stamp = entry
                .metadata()
                .map_or_else(|_| Stamp::default(), |metadata| Stamp::of(&metadata));
            if let Some(path) = self.source_path(entry.path(), found) {
                files.push(File { path, stamp });
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    fn read(&self, path: &SourcePath, limit: u64) -> Result<Vec<u8>, String> {
        let file = fs::File::open(self.locate(path)).map_err(|error| describe(&error))?;
        let size = file.metadata().map_or(0, |metadata| metadata.len()).min(limit);
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
        file.take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| describe(&error))?;
        Ok(bytes)
    }

    fn stamp(&self, path: &SourcePath) -> Option<Stamp> {
        let place = self.locate(path);
        let metadata = fs::metadata(&place).ok().filter(fs::Metadata::is_file)?;
        self.is_inside(&place).then(|| Stamp::of(&metadata))
    }

    fn disk_path(&self, path: &SourcePath) -> Option<PathBuf> {
        Some(self.locate(path))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place where the clock is read"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn shared(&self) -> Arc<dyn World> {
        Arc::new(self.clone())
    }
}

/// A site held in memory, for tests.
#[derive(Clone, Debug)]
pub struct MemoryWorld {
    /// The bytes of each file, and how many files had been written before it.
    files: BTreeMap<SourcePath, (Vec<u8>, i64)>,
    versions: i64,
    now: Timestamp,
}

fn memory_stamp(bytes: &[u8], version: i64) -> Stamp {
    Stamp {
        size: bytes.len() as u64,
        modified: version,
        changed: version,
        inode: 0,
    }
}

impl MemoryWorld {
    /// An empty site at an instant.
    pub fn new(now: Timestamp) -> MemoryWorld {
        MemoryWorld {
            files: BTreeMap::new(),
            versions: 0,
            now,
        }
    }

    /// Writes a file, which replaces an older one. A path that leaves the site is ignored.
    pub fn write(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        if let Some(path) = SourcePath::new(path) {
            self.versions += 1;
            self.files.insert(path, (bytes.into(), self.versions));
        }
    }

    /// Deletes a file.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }
}

impl World for MemoryWorld {
    fn files(&self, folder: &str, _found: &mut Diagnostics) -> Vec<File> {
        let is_inside = |path: &SourcePath| {
            path.as_str() == folder
                || path
                    .below(folder)
                    .is_some_and(|rest| !rest.split('/').any(is_litter))
        };
        let file = |(path, (bytes, version)): (&SourcePath, &(Vec<u8>, i64))| File {
            path: path.clone(),
            stamp: memory_stamp(bytes, *version),
        };
        self.files
            .iter()
            .filter(|(path, _)| is_inside(path))
            .map(file)
            .collect()
    }

    fn read(&self, path: &SourcePath, limit: u64) -> Result<Vec<u8>, String> {
        let (bytes, _) = self.files.get(path).ok_or("there is no such file")?;
        let end = bytes.len().min(usize::try_from(limit + 1).unwrap_or(usize::MAX));
        Ok(bytes[..end].to_vec())
    }

    fn stamp(&self, path: &SourcePath) -> Option<Stamp> {
        self.files
            .get(path)
            .map(|(bytes, version)| memory_stamp(bytes, *version))
    }

    fn disk_path(&self, _path: &SourcePath) -> Option<PathBuf> {
        None
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn shared(&self) -> Arc<dyn World> {
        Arc::new(self.clone())
    }
}

/// An operating system's error in plain words.
pub fn describe(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        ErrorKind::AddrInUse => "another program listens there already".to_owned(),
        ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        ErrorKind::NotADirectory => "a file stands where a folder is needed".to_owned(),
        _ => {
            let text = error.to_string();
            // "(os error 5)" helps nobody.
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn litter_is_left_out_and_what_hosts_read_is_not() {
        for name in [
            ".git",
            ".DS_Store",
            "x.md~",
            ".x.md.swp",
            "#x.md#",
            ".#x.md",
            "4913",
            "Thumbs.db",
            "x.tmp",
        ] {
            assert!(is_litter(name), "{name}");
        }
        for name in [".nojekyll", ".well-known", "CNAME", "x.md", "x#y.md", "notes"] {
            assert!(!is_litter(name), "{name}");
        }
    }

    #[test]
    fn bad_bytes_are_shown_where_they_stand() {
        let mut world = MemoryWorld::new(Timestamp::UNIX_EPOCH);
        world.write("latin.md", b"ab\ncaf\xe9".as_slice());
        world.write("nul.md", b"a\0b".as_slice());
        let read = |name: &str| {
            let path = SourcePath::new(name).expect("a path");
            read_text(&world, &path).expect_err("bad bytes")
        };
        let latin = read("latin.md");
        assert_eq!(latin.code, Code::InvalidUtf8);
        assert_eq!(latin.labels[0].span, Some(Span::new(6, 7)));
        assert_eq!(read("nul.md").code, Code::NulByte);
        assert_eq!(read("none.md").code, Code::UnreadableFile);
    }
}
