//! The cache: what a build leaves for the next one. One file that may be deleted at any time.
//!
//! ```text
//! heading │ frames of articles … │ frames of pages … │ head │ footer
//! ```
//!
//! Articles and pages are written while they are read and rendered, a frame of some thousand at a
//! time, and read in the same way, so that no build holds all of them. The head has everything else:
//! what the sources looked like and what was told. The footer says where each part begins and
//! carries the checksum of the head; every frame carries its own. Whatever is not exactly as it was
//! written counts as no cache, and the site is built from nothing.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::output::{ManifestStamps, Placed};
use super::packing::{self, Packed};
use crate::ground::diagnostic::Diagnostics;
use crate::ground::encoding::{self, Decode, Decoder, Encode, Encoder, encoded};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{OutputPath, SourcePath, Url};
use crate::ground::world::{File as WorldFile, Stamp};
use crate::meaning::question::Question;
use crate::meaning::site::{Asset, Held};
use crate::pages::subject::Subject;
use crate::pages::trace::SealedTrace;

/// The first bytes. The engine's fingerprint behind it keeps two versions of brief apart.
const HEADING: &[u8; 16] = b"brief cache 1\r\n\x1a";

/// Heading, engine.
const HEADING_BYTES: u64 = 32;

/// The places of pages and head (8 bytes each), the head's checksum, a checksum of these.
const FOOTER_BYTES: u64 = 8 + 8 + 16 + 16;

/// The length of a frame (4 bytes), its checksum.
const FRAME_HEAD_BYTES: usize = 4 + 16;

/// The largest frame, in bytes; whatever claims to be longer is damaged.
const MAX_FRAME_BYTES: usize = 1 << 30;

/// What brief is made of: its sources, its theme, its dependencies, the compiler.
pub const ENGINE: &str = env!("BRIEF_ENGINE");

/// Everything a build knew beside the articles themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// What it was asked for beside the sources: options of the command.
    pub request: Fingerprint,
    /// When it began to look at the files.
    pub started: Timestamp,
    /// The instant that counted as now.
    pub now: Timestamp,
    /// When something that was held is due or something that was shown expires.
    pub until: Option<Timestamp>,
    /// The source files, by path.
    pub sources: Vec<(SourcePath, Stamp)>,
    /// What discovery found wrong.
    pub discovered: Diagnostics,
    /// What articles were read with: settings and register.
    pub reading: Fingerprint,
    /// What pages were rendered with beside their subject and their answers: settings, templates.
    pub look: Fingerprint,
    /// What was in the text files that are no articles.
    pub texts: Vec<(SourcePath, Fingerprint)>,
    /// The files that are copied or shown.
    pub assets: Vec<(SourcePath, Asset)>,
    /// What was said in the end.
    pub told: Told,
    /// How many files there are.
    pub files: usize,
    /// The manifests that name their files.
    pub manifests: ManifestStamps,
}

impl Head {
    /// Whether a build at an instant `now` would read the same files in the same way.
    pub fn holds(
        &self,
        request: Fingerprint,
        sources: &[WorldFile],
        discovered: &Diagnostics,
        now: Timestamp,
    ) -> bool {
        self.request == request
            && self.now <= now
            && self.until.is_none_or(|until| now < until)
            && self.discovered == *discovered
            && self.sources.len() == sources.len()
            && self.sources.iter().zip(sources).all(|((path, stamp), file)| {
                *path == file.path && *stamp == file.stamp && stamp.is_settled(self.started)
            })
    }
}

/// What a build said in the end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// The warnings.
    pub diagnostics: Diagnostics,
    /// Articles that were held back.
    pub held: Vec<(SourcePath, Held)>,
    /// How many articles were shown.
    pub articles: usize,
}

/// What is known of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRecord {
    /// Its address.
    pub url: Url,
    /// What it is about.
    pub subject: Subject,
    /// What tells that this is the same.
    pub mark: Fingerprint,
    /// What it asked and was answered.
    pub trace: SealedTrace,
    /// Its file.
    pub placed: Placed,
    /// The same file compressed.
    pub packed: Vec<Packed>,
    /// Why it was rendered last.
    pub cause: Cause,
}

impl PageRecord {
    /// Its files, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (OutputPath, &Placed)> {
        let path = self.url.output();
        let packed: Vec<_> = self
            .packed
            .iter()
            .filter_map(|packed| Some((packing::beside(&path, packed.coding)?, &packed.placed)))
            .collect();
        std::iter::once((path, &self.placed)).chain(packed)
    }
}

/// Why a page was rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No earlier build knew it.
    New,
    /// Templates, settings or brief itself changed.
    Look,
    /// It is about something else, or about something that changed.
    Subject,
    /// This question has another answer.
    Answer(Box<Question>),
    /// Its file was changed or deleted by somebody else.
    Lost,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::New => f.write_str("the last build did not know it"),
            Cause::Look => f.write_str("the templates, the settings or brief itself changed"),
            Cause::Subject => f.write_str("what it is about changed"),
            Cause::Answer(question) => write!(f, "{question} has another answer"),
            Cause::Lost => f.write_str("its file was changed or deleted by somebody else"),
        }
    }
}

/// An article as a build read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleRecord {
    /// Its file.
    pub path: SourcePath,
    /// The file's bytes.
    pub content: Fingerprint,
    /// What was read, encoded.
    pub read: Vec<u8>,
}

encoded!(struct Head {
    request, started, now, until, sources, discovered, reading, look, texts, assets, told, files, manifests,
});
encoded!(struct Told { diagnostics, held, articles });
encoded!(struct PageRecord { url, subject, mark, trace, placed, packed, cause });
encoded!(enum Cause { 0 => New, 1 => Look, 2 => Subject, 3 => Answer(question), 4 => Lost });

impl Encode for ArticleRecord {
    fn encode(&self, to: &mut Encoder) {
        self.path.encode(to);
        self.content.encode(to);
        to.bytes(&self.read);
    }
}

impl Decode for ArticleRecord {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Some(ArticleRecord {
            path: SourcePath::decode(from)?,
            content: Fingerprint::decode(from)?,
            read: from.bytes()?.to_vec(),
        })
    }
}

/// A record that stands in the order of its key.
pub trait Record: Encode + Decode {
    /// What the records are sorted by, each once.
    type Key: Ord;

    /// The key.
    fn key(&self) -> &Self::Key;
}

impl Record for ArticleRecord {
    type Key = SourcePath;

    fn key(&self) -> &SourcePath {
        &self.path
    }
}

impl Record for PageRecord {
    type Key = Url;

    fn key(&self) -> &Url {
        &self.url
    }
}

/// A cache that is read.
#[derive(Debug)]
pub struct Cache<R> {
    /// What is known beside articles and pages.
    pub head: Head,
    /// The articles.
    pub articles: Frames<R, ArticleRecord>,
    /// The pages.
    pub pages: Frames<R, PageRecord>,
}

/// Records that are read a frame at a time.
#[derive(Debug)]
pub struct Frames<R, T> {
    from: R,
    start: u64,
    end: u64,
    at: u64,
    /// The records of the last frame that have not been taken, the next one last.
    records: Vec<T>,
}

impl Cache<BufReader<File>> {
    /// Opens the cache of an output. `None` where there is none that holds.
    pub fn open(path: &Path) -> Option<Cache<BufReader<File>>> {
        // A link or a device in its place is nothing we wrote.
        if !fs::symlink_metadata(path).ok()?.is_file() {
            return None;
        }
        Cache::read(|| Some(BufReader::with_capacity(1 << 18, File::open(path).ok()?)))
    }
}

impl<R: Read + Seek> Cache<R> {
    /// Reads a cache; `None` for bytes that this very program did not write. `open` gives the same
    /// bytes each time.
    pub fn read(open: impl Fn() -> Option<R>) -> Option<Cache<R>> {
        let mut from = open()?;
        let length = from.seek(SeekFrom::End(0)).ok()?;
        let footer_at = length.checked_sub(FOOTER_BYTES)?;
        from.seek(SeekFrom::Start(footer_at)).ok()?;
        let footer = read_bytes(&mut from, FOOTER_BYTES as usize)?;
        let (listed, checksum) = footer.split_at(footer.len() - 16);
        if encoding::encode(&Fingerprint::of(listed)) != checksum {
            return None;
        }
        let (places, checksum) = listed.split_at(16);
        let (pages_at, head_at) = places.split_at(8);
        let pages_at = u64::from_le_bytes(pages_at.try_into().ok()?);
        let head_at = u64::from_le_bytes(head_at.try_into().ok()?);
        if !(HEADING_BYTES <= pages_at && pages_at <= head_at && head_at <= footer_at) {
            return None;
        }
        from.seek(SeekFrom::Start(0)).ok()?;
        if read_bytes(&mut from, HEADING_BYTES as usize)? != heading() {
            return None;
        }
        from.seek(SeekFrom::Start(head_at)).ok()?;
        let head = read_bytes(&mut from, usize::try_from(footer_at - head_at).ok()?)?;
        if encoding::encode(&Fingerprint::of(&head)) != checksum {
            return None;
        }
        Some(Cache {
            head: encoding::decode(&head)?,
            articles: Frames::new(open()?, HEADING_BYTES, pages_at)?,
            pages: Frames::new(from, pages_at, head_at)?,
        })
    }
}

impl<R: Read + Seek, T: Record> Frames<R, T> {
    fn new(from: R, start: u64, end: u64) -> Option<Frames<R, T>> {
        let mut frames = Frames {
            from,
            start,
            end,
            at: start,
            records: Vec::new(),
        };
        frames.rewind().then_some(frames)
    }

    /// Begins again with the first record.
    pub fn rewind(&mut self) -> bool {
        self.records.clear();
        self.at = self.start;
        self.from.seek(SeekFrom::Start(self.start)).is_ok()
    }

    /// The record of a key. Keys must be asked for in ascending order; records of others are passed
    /// over. After damage there is none any more.
    pub fn find(&mut self, key: &T::Key) -> Option<T> {
        self.find_behind(key, |_| {})
    }

    /// The same, and hands over the records that are passed over.
    pub fn find_behind(&mut self, key: &T::Key, mut pass: impl FnMut(T)) -> Option<T> {
        loop {
            while let Some(record) = self.records.pop_if(|record| record.key() <= key) {
                if record.key() == key {
                    return Some(record);
                }
                pass(record);
            }
            if !self.records.is_empty() {
                return None;
            }
            self.records = self.frame()?;
            self.records.reverse();
        }
    }

    /// Hands over all records that were not asked for yet.
    pub fn pass_rest(&mut self, mut pass: impl FnMut(T)) {
        loop {
            while let Some(record) = self.records.pop() {
                pass(record);
            }
            let Some(records) = self.frame() else { return };
            self.records = records;
            self.records.reverse();
        }
    }

    /// The records of the next frame; `None` behind the last one, and after damage.
    pub fn frame(&mut self) -> Option<Vec<T>> {
        if self.at >= self.end {
            return None;
        }
        let records = self.read_frame();
        if records.is_none() {
            self.at = self.end;
        }
        records
    }

    fn read_frame(&mut self) -> Option<Vec<T>> {
        let head = read_bytes(&mut self.from, FRAME_HEAD_BYTES)?;
        let (length, checksum) = head.split_at(4);
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        self.at += (FRAME_HEAD_BYTES + length) as u64;
        if length > MAX_FRAME_BYTES || self.at > self.end {
            return None;
        }
        let frame = read_bytes(&mut self.from, length)?;
        if encoding::encode(&Fingerprint::of(&frame)) != checksum {
            return None;
        }
        encoding::decode(&frame)
    }
}

/// Exactly so many bytes. Room is made for what is there, not for what is claimed to be.
fn read_bytes(from: &mut impl Read, count: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(count.min(1 << 16));
    from.take(count as u64).read_to_end(&mut bytes).ok()?;
    (bytes.len() == count).then_some(bytes)
}

fn heading() -> Vec<u8> {
    let mut heading = HEADING.to_vec();
    heading.extend(encoding::encode(&Fingerprint::of(ENGINE)));
    heading
}

/// A cache that is written. It takes the old one's place when it is whole, and not before.
#[derive(Debug)]
pub struct NewCache {
    path: PathBuf,
    to: BufWriter<File>,
    length: u64,
    /// Where the pages begin, once they have begun.
    pages_at: Option<u64>,
}

impl NewCache {
    /// Begins a cache that is to stand at `path`.
    pub fn begin(path: &Path) -> io::Result<NewCache> {
        let file = File::create(path.with_extension("new"))?;
        let mut cache = NewCache {
            path: path.to_owned(),
            to: BufWriter::with_capacity(1 << 18, file),
            length: 0,
            pages_at: None,
        };
        cache.write(&heading())?;
        Ok(cache)
    }

    /// Adds articles, which follow those added before by path.
    pub fn articles(&mut self, records: &[ArticleRecord]) -> io::Result<()> {
        self.frame(records)
    }

    /// Adds pages, which follow those added before by address. No article may follow.
    pub fn pages(&mut self, records: &[PageRecord]) -> io::Result<()> {
        self.pages_at.get_or_insert(self.length);
        self.frame(records)
    }

    fn frame<T: Record>(&mut self, records: &[T]) -> io::Result<()> {
        let frame = encoding::encode(records);
        let length = u32::try_from(frame.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
        self.write(&length.to_le_bytes())?;
        self.write(&encoding::encode(&Fingerprint::of(&frame)))?;
        self.write(&frame)
    }

    /// Adds the head and puts the file into its place.
    pub fn finish(mut self, head: &Head) -> io::Result<()> {
        let head_at = self.length;
        let head = encoding::encode(head);
        self.write(&head)?;
        let mut footer = self.pages_at.unwrap_or(head_at).to_le_bytes().to_vec();
        footer.extend(head_at.to_le_bytes());
        footer.extend(encoding::encode(&Fingerprint::of(&head)));
        footer.extend(encoding::encode(&Fingerprint::of(&footer)));
        self.write(&footer)?;
        self.to.flush()?;
        fs::rename(self.path.with_extension("new"), &self.path)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        self.to.write_all(bytes)
    }
}

impl Drop for NewCache {
    fn drop(&mut self) {
        // Gone where the cache was finished; else it is of no use to anybody.
        let _ = fs::remove_file(self.path.with_extension("new"));
    }
}
