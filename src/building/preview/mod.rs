//! The preview: a site kept alive while somebody writes it.
//!
//! It is read once. From then on it follows its sources: told where to look again, it reads what is
//! different there and puts it in place; what cannot be read now stays as it was. A page is rendered
//! when it is asked for and kept for as long as its trace holds, as in a build. Nothing is written
//! but a cache of what was read.
//!
//! One thread calls [`Preview::follow`] and [`Preview::settle`]; any number may ask for files.

mod kept;
mod live;
mod patch;
mod problems;

use std::collections::{BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use jiff::Timestamp;

use super::darkroom::{self, Darkroom};
use super::pipeline::{Clock, Options, Settings, SiteSources};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, Url};
use crate::ground::world::{Stamp, World};
use crate::meaning::rendition::Rendition;
use crate::meaning::site::{Now, Reason};
use crate::pages::card::CardText;
use crate::pages::page::template_of;
use crate::pages::subject::{Planned, Subject};
use crate::pages::theme;

use kept::{Kept, Page};
use live::Live;
use problems::Problems;

/// How many pages count as being shown by browsers: those asked for last.
const OPEN: usize = 32;

/// A site kept alive.
#[derive(Debug)]
pub struct Preview {
    world: Arc<dyn World>,
    options: Options,
    live: RwLock<Live>,
    kept: Kept,
    darkroom: Arc<Darkroom>,
    problems: Mutex<Problems>,
    /// The pages that browsers asked for, the last one first.
    open: Mutex<VecDeque<Url>>,
    /// Sources that were found to be different while a page was rendered.
    suspects: Mutex<BTreeSet<SourcePath>>,
    /// How many pages were rendered and came out different.
    renewed: AtomicUsize,
}

/// Where to look again: files, and folders with all that is below them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// The places.
    pub paths: BTreeSet<SourcePath>,
    /// Whether everything is to be looked at.
    pub everything: bool,
}

impl Hints {
    /// Whether there is nothing to look at.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.everything
    }

    /// Adds other hints.
    pub fn add(&mut self, other: Hints) {
        self.paths.extend(other.paths);
        self.everything |= other.everything;
    }
}

/// What came of following the sources.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The files that are different.
    pub files: Vec<SourcePath>,
    /// The addresses of files that are copied and are different.
    pub assets: Vec<Url>,
    /// Files that look as if somebody were writing them just now: empty, gone, or with mistakes. They
    /// were left as they are known; look at them again in a moment.
    pub doubtful: BTreeSet<SourcePath>,
}

/// A file of the site as it is now.
#[derive(Clone, Debug)]
pub enum Shown {
    /// Bytes that were made, and what tells that they are the same.
    Made(Arc<[u8]>, Fingerprint),
    /// A file that is copied: where it lies, and what tells that it is the same.
    Copied(PathBuf, Stamp),
    /// A page that cannot be rendered, and never could.
    Failed(Box<Diagnostic>),
}

/// Why a page was not rendered.
enum Failure {
    /// It cannot be.
    Page(Box<Diagnostic>),
    /// Something it needs was not there just now.
    Elsewhere(Box<Diagnostic>),
}

impl Preview {
    /// Reads a site. `folder` is for the cache of what was read.
    pub fn open(world: Arc<dyn World>, options: Options, folder: &Path) -> Preview {
        let mut problems = Problems::default();
        let mut found = Diagnostics::new();
        let settings = Settings::read(&*world, &options, &mut found);
        let live = live::read(&*world, &options, settings, Some(folder), None, &mut problems);
        problems.read(&patch::settings_path(), found);
        let darkroom = folder
            .parent()
            .map_or_else(Darkroom::without_shelves, Darkroom::of_server);
        Preview {
            world,
            options,
            live: RwLock::new(live),
            kept: Kept::default(),
            darkroom: Arc::new(darkroom),
            problems: Mutex::new(problems),
            open: Mutex::default(),
            suspects: Mutex::default(),
            renewed: AtomicUsize::new(0),
        }
    }

    /// Reads what hints lead to and puts it in place. `is_final` tells whether a state of a file is
    /// believed that looks as if somebody were in the middle of writing it.
    pub fn follow(&self, hints: &Hints, is_final: &dyn Fn(&SourcePath) -> bool) -> Change {
        let patch = self
            .live()
            .read_again(&*self.world, &self.options, hints, is_final);
        let (files, doubtful) = (patch.files.clone(), patch.doubtful.clone());
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        live.apply(&*self.world, &self.options, patch, &mut lock(&self.problems));
        let copied = files.iter().filter(|path| live.site.assets.contains_key(*path));
        let copied: BTreeSet<&SourcePath> = copied.collect();
        let assets = match copied.is_empty() {
            true => Vec::new(),
            false => live.copies(&copied),
        };
        Change {
            files,
            assets,
            doubtful,
        }
    }

    /// Looks at the clock again: what was held may be due, what is shown may have expired.
    pub fn look_at_the_clock(&self) {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        live.look_at_the_clock(&*self.world, &self.options);
    }

    /// When something that is held is due, or something that is shown expires; never where the clock
    /// stands still, because a day was asked for.
    pub fn due(&self) -> Option<Timestamp> {
        let is_running = self.options.clock == Clock::World;
        self.live().site.until().filter(|_| is_running)
    }

    /// Does all that a build would do to find what is wrong: checks the site as a whole and renders
    /// every page that may be different. Tells whether it came to the end, before `is_interrupted`.
    pub fn settle(&self, is_interrupted: &dyn Fn() -> bool) -> bool {
        let live = self.live();
        let Some(whole) = live.check(&*self.world, is_interrupted) else {
            return false;
        };
        lock(&self.problems).whole = whole;
        self.kept.retain(|url| live.plan.page(url).is_some());
        lock(&self.problems).retain(|url| live.plan.page(url).is_some());
        for planned in live.plan.pages().filter(|planned| has_template(planned)) {
            if is_interrupted() {
                return false;
            }
            if self.known(&live, planned).is_none() {
                let _ = self.make(&live, planned, false);
            }
        }
        let pictures: Vec<(SourcePath, Stamp, Rendition)> = darkroom::shown(&live.plan)
            .filter_map(|(path, rendition)| {
                Some((path.clone(), live.site.assets.get(path)?.stamp, rendition))
            })
            .collect();
        drop(live);
        let mut pictures = pictures.into_iter();
        pictures.all(|(path, stamp, rendition)| self.examine(path, stamp, rendition, is_interrupted))
    }

    /// Finds out whether a picture can be decoded; `false` where that was interrupted. It takes longer than
    /// a page may wait that was just saved, so a thread of its own does it, and comes to its end in any case.
    fn examine(
        &self,
        path: SourcePath,
        stamp: Stamp,
        rendition: Rendition,
        is_interrupted: &dyn Fn() -> bool,
    ) -> bool {
        if self.darkroom.is_known(&path, stamp) {
            return true;
        }
        let (darkroom, world) = (self.darkroom.clone(), self.world.clone());
        // One that cannot be read is told where it is copied.
        let work = std::thread::spawn(move || drop(darkroom.examine(&*world, &path, stamp, rendition)));
        while !work.is_finished() {
            if is_interrupted() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        true
    }

    /// How many pages came out different so far.
    pub fn renewed(&self) -> usize {
        self.renewed.load(Ordering::Relaxed)
    }

    /// The number of the state that the site is in.
    pub fn version(&self) -> u64 {
        self.live().version
    }

    /// The path of the site's address, with slashes at both ends.
    pub fn mount(&self) -> String {
        let live = self.live();
        format!("{}/", live.settings.config.base_path().trim_end_matches('/'))
    }

    /// How many articles are shown.
    pub fn articles(&self) -> usize {
        self.live().site.len()
    }

    /// Whether a file stands at an address.
    pub fn has(&self, url: &Url) -> bool {
        self.live().plan.page(url).is_some()
    }

    /// Where the article of a file stands, if it is shown.
    pub fn address(&self, path: &SourcePath) -> Option<Url> {
        let live = self.live();
        let article = live.site.article(path)?;
        Some(live.site.summary(article).url.clone())
    }

    /// The addresses of all files, sorted.
    pub fn addresses(&self) -> Vec<Url> {
        let live = self.live();
        live.plan.pages().map(|planned| planned.url.clone()).collect()
    }

    /// The file at an address; `None` where there is none.
    pub fn file(&self, url: &Url) -> Option<Shown> {
        let live = self.live();
        let planned = live.plan.page(url)?;
        let stamp = |path: &SourcePath| live.site.assets.get(path).map(|asset| asset.stamp);
        Some(match &planned.subject {
            Subject::Rendition(path, rendition) => {
                let (path, rendition, stamp) = (path.clone(), *rendition, stamp(path).unwrap_or_default());
                // To make it takes a while, in which the site may go on.
                drop(live);
                let made = self.darkroom.rendition(&*self.world, &path, stamp, rendition);
                match made {
                    Ok(made) => shown(made.bytes),
                    Err(problem) => Shown::Failed(Box::new(problem)),
                }
            }
            Subject::Copy(path) => {
                let asset = live.site.assets.get(path);
                if let Some(bytes) = darkroom::stripped(&*self.world, path, stamp(path).unwrap_or_default()) {
                    return Some(bytes.map_or_else(|problem| Shown::Failed(Box::new(problem)), shown));
                }
                match (self.world.disk_path(path), asset) {
                    (Some(place), Some(asset)) => Shown::Copied(place, asset.stamp),
                    _ => Shown::Failed(Box::new(unreadable(path))),
                }
            }
            Subject::Card(card) => {
                let text = CardText::of(&live.site, card);
                drop(live);
                match self.darkroom.card(&text) {
                    Ok(bytes) => shown(bytes),
                    Err(problem) => Shown::Failed(Box::new(problem)),
                }
            }
            Subject::Theme(name) => {
                let bytes = theme::file(name, &live.site.config);
                Shown::Made(bytes.as_ref().into(), Fingerprint::of(&bytes))
            }
            _ => self.page(&live, planned),
        })
    }

    /// The same for a browser that is going to show it.
    pub fn visit(&self, url: &Url) -> Option<Shown> {
        if self.live().plan.page(url).is_some_and(has_template) {
            let mut open = lock(&self.open);
            if open.front() != Some(url) {
                open.retain(|known| known != url);
                open.push_front(url.clone());
                open.truncate(OPEN);
            }
        }
        self.file(url)
    }

    /// The pages that browsers are likely to show.
    pub fn open_pages(&self) -> Vec<Url> {
        lock(&self.open).iter().cloned().collect()
    }

    /// The source of the page at an address, and why readers would not see it yet. `None` for what is
    /// no page.
    pub fn about(&self, url: &Url) -> Option<(Option<SourcePath>, Option<Reason>)> {
        let live = self.live();
        let planned = live.plan.page(url).filter(|planned| has_template(planned))?;
        let instant = self.world.now();
        let readers = Now {
            instant,
            day: live.settings.config.zone.day(instant),
            drafts: false,
            future: false,
        };
        let article = planned.own_path().and_then(|path| live.site.article(path));
        let held = article.and_then(|index| live.site.held_at(index, readers));
        Some((live.source_of(planned), held))
    }

    /// The site's time zone.
    pub fn timezone(&self) -> String {
        self.live().settings.config.timezone.clone()
    }

    /// Where a source lies on the disk, if it is one of the site.
    pub fn source(&self, path: &SourcePath) -> Option<PathBuf> {
        let is_known = self.live().has_source(path);
        is_known.then(|| self.world.disk_path(path)).flatten()
    }

    /// Sources that turned out to be different from what is known of them.
    pub fn suspects(&self) -> Hints {
        Hints {
            paths: std::mem::take(&mut *lock(&self.suspects)),
            everything: false,
        }
    }

    /// All that is wrong, in order, as a build would say it.
    pub fn diagnostics(&self) -> Diagnostics {
        let live = self.live();
        let problems = lock(&self.problems);
        let pictures = self.darkroom.problems(&live.site, &live.plan);
        problems.all(&live.plan, &live.site, pictures).sorted()
    }

    /// The texts that diagnostics show lines of.
    pub fn sources(&self) -> SiteSources<'_> {
        SiteSources {
            world: &*self.world,
            templates: self.live().template_sources.clone(),
        }
    }

    fn page(&self, live: &Live, planned: &Planned) -> Shown {
        if let Some(page) = self.known(live, planned)
            && let Some(bytes) = page.bytes
        {
            return Shown::Made(bytes, page.content);
        }
        match self.make(live, planned, true) {
            Ok(page) => Shown::Made(page.bytes.unwrap_or_default(), page.content),
            // The last good version, if there is one.
            Err(problem) => match self.kept.get(&planned.url) {
                Some(Page {
                    bytes: Some(bytes),
                    content,
                    ..
                }) => Shown::Made(bytes, content),
                _ => Shown::Failed(problem),
            },
        }
    }

    /// What is kept of a page, if it holds for the site as it is.
    fn known(&self, live: &Live, planned: &Planned) -> Option<Page> {
        let page = self.kept.get(&planned.url)?;
        if page.version == live.version {
            return Some(page);
        }
        let holds = !page.is_stale && page.mark == live.mark(planned) && live.holds(planned, &page.trace);
        holds.then(|| {
            self.kept.holds(&planned.url, live.version);
            page
        })
    }

    /// Renders a page and keeps it; one that nobody waits for only if there is room.
    fn make(&self, live: &Live, planned: &Planned, is_wanted: bool) -> Result<Page, Box<Diagnostic>> {
        let url = &planned.url;
        match self.render(live, planned) {
            Ok(page) => {
                lock(&self.problems).rendered(url, None);
                if self.kept.content(url) != Some(page.content) {
                    self.renewed.fetch_add(1, Ordering::Relaxed);
                }
                self.kept.put(url, page.clone(), is_wanted);
                Ok(page)
            }
            Err(Failure::Page(problem)) => {
                lock(&self.problems).rendered(url, Some((*problem).clone()));
                self.kept.failed(url, live.version);
                Err(problem)
            }
            // Not the page's own mistake; the next one who asks may have more luck.
            Err(Failure::Elsewhere(problem)) => Err(problem),
        }
    }

    fn render(&self, live: &Live, planned: &Planned) -> Result<Page, Failure> {
        let elsewhere = |problem| Failure::Elsewhere(Box::new(problem));
        let renderer = live.renderer().ok_or_else(|| {
            let message = "there are no templates that can be used";
            elsewhere(Diagnostic::new(Code::TemplateSyntax, message))
        })?;
        // Somebody is in the middle of writing the template. Should it ever be one that makes the engine
        // stumble, the preview goes on.
        let rendered = catch_unwind(AssertUnwindSafe(|| renderer.render(planned).transpose()))
            .unwrap_or_else(|_| Err(stumbled(planned)))
            .map_err(|problem| Failure::Page(Box::new(problem)))?
            .ok_or_else(|| elsewhere(unreadable(&SourcePath::root())))?;
        if let Some(problem) = live.shelf.problems().first() {
            // A source changed, and what it says now is about to be put in place.
            let files = problem.labels.iter().map(|label| label.file.clone());
            lock(&self.suspects).extend(files);
            return Err(elsewhere(problem.clone()));
        }
        let trace = live.seal(planned, &rendered.trace);
        let mark = live.mark(planned);
        Ok(Page::new(mark, trace, rendered.bytes.into(), live.version))
    }

    fn live(&self) -> RwLockReadGuard<'_, Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes that were made just now.
fn shown(bytes: Vec<u8>) -> Shown {
    let content = Fingerprint::of(&bytes);
    Shown::Made(bytes.into(), content)
}

/// Whether a file of the plan is a page for people.
fn has_template(planned: &Planned) -> bool {
    template_of(&planned.subject).is_some()
}

fn stumbled(planned: &Planned) -> Diagnostic {
    let message = format!("brief stumbled over the page `{}`", planned.url);
    Diagnostic::new(Code::TemplateRender, message).help("please report this, with the template of the page")
}

fn unreadable(path: &SourcePath) -> Diagnostic {
    Diagnostic::new(Code::UnreadableFile, format!("`{path}` cannot be read")).in_file(path)
}

/// No code that may panic runs while one of these is locked, so what it holds is whole in any case.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
