//! The outlook: what will happen to articles by itself, and what has changed since the output was built.
//!
//! Reads what a build reads and what the last build left, and writes nothing. Sources count as changed by what is in
//! them: a fresh copy of a site has other times and inodes, and a scheduler is to start a build for neither.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::cache::{Cache, Head, PageRecord};
use super::darkroom;
use super::inputs::{self, Inputs, Kind, kind, text_mark};
use super::memory::{Memory, cache_file};
use super::output::Content;
use super::pipeline::{self, Options, Settings};
use crate::ground::diagnostic::Diagnostics;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::SourcePath;
use crate::ground::world::{File, World};
use crate::meaning::calendar::{self, Event};
use crate::meaning::site::Now;
use crate::pages::subject::Subject;
use crate::reading::article::Article;
use crate::reading::config::Config;

/// An event and the article to which it happens.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The event.
    pub event: Event,
    /// The article.
    pub article: Arc<Article>,
}

/// What became of a source since the last build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// It is new.
    New,
    /// It holds something else.
    Changed,
    /// It is gone.
    Gone,
}

/// The last build of an output.
#[derive(Debug)]
pub struct LastBuild {
    /// The instant that counted as now.
    pub now: Timestamp,
    /// Whether it was asked for other things: drafts, articles of the future, or another address.
    pub was_asked_otherwise: bool,
    /// The sources that are not as they were, by path.
    pub edited: BTreeMap<SourcePath, Edit>,
    /// What has happened since, to articles that are as they were. Where the build looked further ahead than now,
    /// what a build now takes back.
    pub due: Vec<Entry>,
}

impl LastBuild {
    /// Whether a build would make anything else.
    pub fn is_outdated(&self) -> bool {
        self.was_asked_otherwise || !self.edited.is_empty() || !self.due.is_empty()
    }
}

/// What is known of the days to come.
#[derive(Debug)]
pub struct Outlook {
    /// The settings.
    pub config: Arc<Config>,
    /// The instant that counts as now.
    pub now: Now,
    /// What happens after now, in order.
    pub events: Vec<Entry>,
    /// Articles that wait for somebody and not for a day, by path.
    pub drafts: Vec<Arc<Article>>,
    /// What is known of the last build, if there was one that this program can tell of.
    pub last: Option<LastBuild>,
    /// What was found on the way.
    pub found: Diagnostics,
}

impl Outlook {
    /// Whether a build would make anything else than what is there.
    pub fn is_due(&self) -> bool {
        self.last.as_ref().is_none_or(LastBuild::is_outdated)
    }
}

/// Looks ahead. `state` is the folder for what is known of the output.
pub fn outlook(world: &dyn World, options: &Options, state: &Path) -> Outlook {
    let mut found = Diagnostics::new();
    let inputs = inputs::discover(world, &mut found);
    let settings = Settings::read(world, options, &mut found);
    let config = settings.config.clone();
    let now = pipeline::now(world, options, &config);
    let mut memory = Memory::only_read(state, settings.mark);
    let (parsed, _) = inputs.parse(world, &config, options.drafts, &mut memory, &mut found);
    let articles = parsed.articles;
    let has_news = config.base_url.is_some();
    let happens = |article: &Arc<Article>| {
        let entry = |event| Entry {
            event,
            article: article.clone(),
        };
        let events = calendar::events(article, has_news, &config.zone);
        events.into_iter().map(entry).collect::<Vec<_>>()
    };
    let last = Cache::open(&cache_file(state)).map(|mut cache| {
        let edited = edited(world, &inputs, &mut cache);
        let then = Now {
            instant: cache.head.now,
            day: config.zone.day(cache.head.now),
            ..now
        };
        let is_moved = |article: &&Arc<Article>| {
            let standing = |at| calendar::standing(article, has_news, at);
            !edited.contains_key(&article.summary.path) && standing(then) != standing(now)
        };
        let (first, end) = (now.instant.min(then.instant), now.instant.max(then.instant));
        let moved = articles.iter().filter(is_moved).flat_map(happens);
        let due = moved.filter(|entry| first < entry.event.at && entry.event.at <= end);
        LastBuild {
            now: then.instant,
            was_asked_otherwise: cache.head.request != pipeline::request(options),
            due: in_order(due),
            edited,
        }
    });
    let events = articles.iter().flat_map(happens);
    Outlook {
        events: in_order(events.filter(|entry| entry.event.at > now.instant)),
        drafts: articles
            .iter()
            .filter(|article| article.hold.draft)
            .cloned()
            .collect(),
        config: config.clone(),
        now,
        last,
        found,
    }
}

fn in_order(entries: impl Iterator<Item = Entry>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort_by(|a, b| {
        let key = |entry: &Entry| (entry.event.at, entry.event.day, entry.event.what);
        let path = |entry: &Entry| entry.article.summary.path.clone();
        key(a).cmp(&key(b)).then_with(|| path(a).cmp(&path(b)))
    });
    entries
}

/// The sources that are not as the last build saw them.
fn edited<R: std::io::Read + std::io::Seek>(
    world: &dyn World,
    inputs: &Inputs,
    cache: &mut Cache<R>,
) -> BTreeMap<SourcePath, Edit> {
    let head = &cache.head;
    let known: BTreeMap<_, _> = head.sources.iter().map(|(path, stamp)| (path, *stamp)).collect();
    let present: BTreeSet<&SourcePath> = inputs.all.iter().map(|file| &file.path).collect();
    let is_read = |path: &SourcePath| !matches!(kind(path), Kind::Unread | Kind::Stray);
    let mut edited = BTreeMap::new();
    let mut touched: Vec<&File> = Vec::new();
    for file in inputs.all.iter().filter(|file| is_read(&file.path)) {
        match known.get(&file.path) {
            None => drop(edited.insert(file.path.clone(), Edit::New)),
            Some(stamp) if stamp.size != file.stamp.size => {
                edited.insert(file.path.clone(), Edit::Changed);
            }
            Some(stamp) if *stamp == file.stamp && stamp.is_settled(head.started) => {}
            Some(_) => touched.push(file),
        }
    }
    let gone = known
        .keys()
        .filter(|path| is_read(path) && !present.contains(**path));
    edited.extend(gone.map(|path| ((*path).clone(), Edit::Gone)));
    // Articles are asked for in ascending order.
    touched.sort_by(|a, b| a.path.cmp(&b.path));
    let copies = copies(world, &touched, &mut *cache);
    for file in touched {
        let is_same = match kind(&file.path) {
            Kind::Article => {
                let record = cache.articles.find(&file.path);
                record.map(|record| record.content) == text_mark(world, &file.path)
            }
            Kind::Asset => copies.get(&file.path).is_none_or(|is_same| *is_same),
            _ => mark_of(&cache.head, &file.path) == text_mark(world, &file.path),
        };
        if !is_same {
            edited.insert(file.path.clone(), Edit::Changed);
        }
    }
    edited
}

fn mark_of(head: &Head, path: &SourcePath) -> Option<Fingerprint> {
    let found = head.texts.binary_search_by(|(known, _)| known.cmp(path));
    found.ok().map(|at| head.texts[at].1)
}

/// Of those of some files that the last build copied, whether a copy would be the same now. A file that is in no
/// output was of no use to anybody.
fn copies<R: std::io::Read + std::io::Seek>(
    world: &dyn World,
    touched: &[&File],
    cache: &mut Cache<R>,
) -> BTreeMap<SourcePath, bool> {
    let asked: BTreeMap<&SourcePath, &File> = touched
        .iter()
        .filter(|file| kind(&file.path) == Kind::Asset)
        .map(|file| (&file.path, *file))
        .collect();
    let mut copies = BTreeMap::new();
    while copies.len() < asked.len()
        && let Some(pages) = cache.pages.frame()
    {
        for PageRecord { subject, placed, .. } in pages {
            if let Subject::Copy(path) = subject
                && let Some(file) = asked.get(&path)
                && !copies.contains_key(&path)
            {
                let is_same = content(world, file) == Some(placed.content);
                copies.insert(path, is_same);
            }
        }
    }
    copies
}

/// What a copy of a file holds.
fn content(world: &dyn World, file: &File) -> Option<Content> {
    let bytes = match darkroom::stripped(world, &file.path, file.stamp) {
        Some(bytes) => bytes.ok()?,
        None => world.read(&file.path, u64::MAX - 1).ok()?,
    };
    Some(Content::of(&bytes))
}
