//! Patches: what is different in the sources, read as far as it can be, before it is put in place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Hints;
use super::live::{Live, read};
use super::problems::Problems;
use crate::building::inputs::{self, FOLDERS, Inputs, Kind, Profiles};
use crate::building::memory::Memory;
use crate::building::pipeline::{Options, Settings};
use crate::ground::diagnostic::Diagnostics;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::SourcePath;
use crate::ground::world::{File, MAX_SOURCE_BYTES, Stamp, World, is_litter};
use crate::meaning::site::{Asset, HandMade, Page, Site};
use crate::pages::templates::{Engine, TemplateSources};
use crate::reading::article::{Article, Story};
use crate::reading::company::Register;
use crate::reading::config;
use crate::reading::yaml::Value;

/// What is different in the sources, read as far as it could be.
#[derive(Debug, Default)]
pub struct Patch {
    /// Files that look as if somebody were writing them.
    pub doubtful: BTreeSet<SourcePath>,
    /// The files that are different, for people.
    pub files: Vec<SourcePath>,
    /// The files that were looked at.
    pub(super) stamps: Vec<(SourcePath, Option<Stamp>)>,
    pub(super) contents: Vec<(SourcePath, Fingerprint)>,
    pub(super) articles: Vec<(SourcePath, Option<Reread>)>,
    pub(super) rest: Vec<Rest>,
    pub(super) templates: Option<(Option<Engine>, Arc<TemplateSources>, Diagnostics)>,
    /// What is wrong with each file that was read.
    pub(super) found: Vec<(SourcePath, Diagnostics)>,
    /// The whole site in another state, and all that is wrong with it.
    pub(super) whole: Option<(Box<Live>, Problems)>,
}

/// An article as it was read, its story, and what tells that its bytes are the same.
#[derive(Debug)]
pub(super) struct Reread(pub Article, pub Story, pub Fingerprint);

/// Something that is no article, as it was read.
#[derive(Debug)]
pub(super) enum Rest {
    Companies(Register, Profiles),
    Pages(Vec<Page>),
    Editions(Vec<HandMade>),
    Data(BTreeMap<String, Value>),
    Asset(SourcePath, Option<Asset>),
}

impl Live {
    /// The files that are not as they are known, of those that hints name, with their stamps; none
    /// where one is gone.
    fn look_again(&self, world: &dyn World, hints: &Hints) -> BTreeMap<SourcePath, Option<Stamp>> {
        let mut different = BTreeMap::new();
        if hints.everything {
            // What is wrong with names and places is reported when the whole site is looked at.
            let now = inputs::discover(world, &mut Diagnostics::new()).all;
            compare(self.files.iter(), now, None, &mut different);
            return different;
        }
        for path in hints.paths.iter().filter(|path| is_source(path)) {
            let now = world.files(path.as_str(), &mut Diagnostics::new());
            let is_near = |(known, _): &(&SourcePath, _)| known.as_str().starts_with(path.as_str());
            let is_meant =
                |(known, _): &(&SourcePath, _)| *known == path || known.below(path.as_str()).is_some();
            let known = self
                .files
                .range(path.clone()..)
                .take_while(is_near)
                .filter(is_meant);
            compare(known, now, Some(path), &mut different);
        }
        different
    }

    /// Reads what is different, as far as hints lead to it. `is_final` tells whether a state of a file is
    /// believed that looks as if somebody were in the middle of writing it.
    pub fn read_again(
        &self,
        world: &dyn World,
        options: &Options,
        hints: &Hints,
        is_final: &dyn Fn(&SourcePath) -> bool,
    ) -> Patch {
        let mut reader = Reader {
            live: self,
            world,
            options,
            is_final,
            patch: Patch::default(),
        };
        let mut kinds: BTreeMap<Kind, Vec<(SourcePath, Option<Stamp>)>> = BTreeMap::new();
        for (path, stamp) in self.look_again(world, hints) {
            let kind = inputs::kind(&path);
            match stamp {
                Some(stamp) if stamp.size > 0 || kind == Kind::Asset || is_final(&path) => {
                    if reader.is_different(kind, &path) {
                        kinds.entry(kind).or_default().push((path, Some(stamp)));
                    } else {
                        reader.patch.stamps.push((path, Some(stamp)));
                    }
                }
                None if is_final(&path) => kinds.entry(kind).or_default().push((path, None)),
                _ => drop(reader.patch.doubtful.insert(path)),
            }
        }
        reader.read(kinds);
        reader.patch
    }
}

impl Rest {
    /// Puts it into the site, which is to be indexed anew after that.
    pub(super) fn put(self, site: &mut Site) {
        match self {
            Rest::Companies(register, profiles) => {
                site.register = Arc::new(register);
                site.profiles = profiles;
            }
            Rest::Pages(pages) => site.set_pages(pages),
            Rest::Editions(editions) => site.set_editions(editions),
            Rest::Data(data) => site.data = data,
            Rest::Asset(path, Some(asset)) => drop(site.assets.insert(path, asset)),
            Rest::Asset(path, None) => drop(site.assets.remove(&path)),
        }
    }
}

/// Reads what is different.
struct Reader<'r> {
    live: &'r Live,
    world: &'r dyn World,
    options: &'r Options,
    is_final: &'r dyn Fn(&SourcePath) -> bool,
    patch: Patch,
}

type Looked = Vec<(SourcePath, Option<Stamp>)>;

impl Reader<'_> {
    /// Whether the bytes of a file are not those that were read last.
    fn is_different(&mut self, kind: Kind, path: &SourcePath) -> bool {
        if matches!(kind, Kind::Asset | Kind::Stray | Kind::Unread) {
            return true;
        }
        let Ok(bytes) = self.world.read(path, MAX_SOURCE_BYTES) else {
            return true;
        };
        let content = Fingerprint::of(bytes);
        if self.live.contents.get(path) == Some(&content) {
            return false;
        }
        self.patch.contents.push((path.clone(), content));
        true
    }

    fn read(&mut self, mut kinds: BTreeMap<Kind, Looked>) {
        if let Some(settings) = kinds.remove(&Kind::Settings)
            && self.settings(settings)
        {
            return;
        }
        let mut companies = kinds.remove(&Kind::Register).unwrap_or_default();
        companies.extend(kinds.remove(&Kind::Profile).unwrap_or_default());
        if !companies.is_empty() && self.companies(companies) {
            return;
        }
        for (kind, looked) in kinds {
            match kind {
                Kind::Article => self.articles(looked),
                Kind::Page => self.pages(looked),
                Kind::Edition => self.editions(looked),
                Kind::Data => self.data(looked),
                Kind::Template => self.templates(looked),
                Kind::Asset => self.assets(looked),
                _ => self.keep(looked, Vec::new()),
            }
        }
    }

    /// Reads brief.yaml. The whole site follows from the settings, so it is read again with them.
    fn settings(&mut self, looked: Looked) -> bool {
        let mut found = Diagnostics::new();
        let settings = Settings::read(self.world, self.options, &mut found);
        if found.has_errors() {
            if !self.doubts(&looked) {
                self.keep(looked, vec![(settings_path(), found)]);
            }
            return false;
        }
        if settings.mark == self.live.settings.mark {
            self.keep(looked, vec![(settings_path(), found)]);
            return false;
        }
        self.whole(settings, found, looked);
        true
    }

    /// Reads the register and the profiles. Where articles would be read in another way, they are.
    fn companies(&mut self, looked: Looked) -> bool {
        let mut found = Diagnostics::new();
        let inputs = self.inputs("content");
        let (register, profiles) = inputs.read_companies(self.world, &self.live.settings.config, &mut found);
        let is_bad = found.has_errors();
        if is_bad && self.doubts(&looked) {
            return false;
        }
        if !is_bad && register.reading_mark() != self.live.reading {
            let mut settings = Diagnostics::new();
            let _ = Settings::read(self.world, self.options, &mut settings);
            self.whole(self.live.settings.clone(), settings, looked);
            return true;
        }
        let is_company = |path: &SourcePath| matches!(inputs::kind(path), Kind::Register | Kind::Profile);
        let found = self.by_file(found, is_company);
        if !is_bad {
            self.patch.rest.push(Rest::Companies(register, profiles));
        }
        self.keep(looked, found);
        false
    }

    fn whole(&mut self, settings: Settings, found: Diagnostics, looked: Looked) {
        let mut problems = Problems::default();
        let live = read(
            self.world,
            self.options,
            settings,
            None,
            Some(self.live),
            &mut problems,
        );
        problems.read(&settings_path(), found);
        self.patch.whole = Some((Box::new(live), problems));
        self.keep(looked, Vec::new());
    }

    fn articles(&mut self, looked: Looked) {
        let shelf = &self.live.shelf;
        let read = |(path, stamp): (SourcePath, Option<Stamp>)| {
            let read = stamp.map(|_| inputs::read_article_again(self.world, shelf, &path));
            (path, stamp, read)
        };
        let read: Vec<_> = looked.into_par_iter().map(read).collect();
        for (path, stamp, read) in read {
            let Some((read, content)) = read else {
                self.patch.articles.push((path.clone(), None));
                self.keep(vec![(path.clone(), stamp)], vec![(path, Diagnostics::new())]);
                continue;
            };
            if read.found.has_errors() && self.doubts(&[(path.clone(), stamp)]) {
                continue;
            }
            let found = match read.is_draft && !self.options.drafts {
                true => Diagnostics::new(),
                false => read.found,
            };
            match (read.article, read.story, content) {
                (Some(article), Some(story), Some(content)) => {
                    let read = Reread(article, story, content);
                    self.patch.articles.push((path.clone(), Some(read)));
                }
                // There is no good version yet.
                _ if self.live.site.kept(&path).is_none() => self.patch.articles.push((path.clone(), None)),
                _ => {}
            }
            self.keep(vec![(path.clone(), stamp)], vec![(path, found)]);
        }
    }

    fn pages(&mut self, looked: Looked) {
        let (mut failed, mut found) = (BTreeSet::new(), Diagnostics::new());
        let inputs = self.inputs("content/pages");
        let config = &self.live.settings.config;
        let mut pages = inputs.read_pages(self.world, config, &mut failed, &mut found);
        if found.has_errors() && self.doubts(&looked) {
            return;
        }
        let earlier = self.live.site.pages.iter();
        pages.extend(earlier.filter(|page| failed.contains(&page.path)).cloned());
        self.patch.rest.push(Rest::Pages(pages));
        let found = self.by_file(found, |path| inputs::kind(path) == Kind::Page);
        self.keep(looked, found);
    }

    fn editions(&mut self, looked: Looked) {
        let (mut failed, mut found) = (BTreeSet::new(), Diagnostics::new());
        let inputs = self.inputs("content/editions");
        let config = &self.live.settings.config;
        let mut editions = inputs.read_editions(self.world, config, &mut failed, &mut found);
        if found.has_errors() && self.doubts(&looked) {
            return;
        }
        let earlier = self.live.site.hand_made.values();
        editions.extend(earlier.filter(|edition| failed.contains(&edition.path)).cloned());
        self.patch.rest.push(Rest::Editions(editions));
        let found = self.by_file(found, |path| inputs::kind(path) == Kind::Edition);
        self.keep(looked, found);
    }

    fn data(&mut self, looked: Looked) {
        let mut found = Diagnostics::new();
        let mut data = self.inputs("data").read_data(self.world, &mut found);
        if found.has_errors() {
            if self.doubts(&looked) {
                return;
            }
            for (name, value) in &self.live.site.data {
                data.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        self.patch.rest.push(Rest::Data(data));
        let found = self.by_file(found, |path| inputs::kind(path) == Kind::Data);
        self.keep(looked, found);
    }

    fn templates(&mut self, looked: Looked) {
        let mut found = Diagnostics::new();
        let own = self.inputs("templates").read_templates(self.world, &mut found);
        let (engine, sources) = Engine::load(&self.live.settings.config, &BTreeMap::new(), own, &mut found);
        if engine.is_none() && self.doubts(&looked) {
            return;
        }
        self.patch.templates = Some((engine, sources, found));
        self.keep(looked, Vec::new());
    }

    fn assets(&mut self, looked: Looked) {
        let there = looked.iter().filter_map(|(path, stamp)| {
            let (path, stamp) = (path.clone(), (*stamp)?);
            Some(File { path, stamp })
        });
        let mut assets = Inputs::of(there).read_assets(self.world, &Memory::none());
        for (path, _) in &looked {
            let asset = assets.remove(path);
            self.patch.rest.push(Rest::Asset(path.clone(), asset));
        }
        self.keep(looked, Vec::new());
    }

    /// The files of a folder as they are now: those that are known, with what is different.
    fn inputs(&self, folder: &str) -> Inputs {
        Inputs::of(self.world.files(folder, &mut Diagnostics::new()))
    }

    /// Notes that files were looked at, and what was found wrong with them and others.
    fn keep(&mut self, looked: Looked, found: Vec<(SourcePath, Diagnostics)>) {
        for (path, stamp) in looked {
            self.patch.files.push(path.clone());
            self.patch.stamps.push((path, stamp));
        }
        self.patch.found.extend(found);
    }

    /// Whether files with mistakes are to be looked at again before that is believed.
    fn doubts(&mut self, looked: &[(SourcePath, Option<Stamp>)]) -> bool {
        if looked.iter().all(|(path, _)| (self.is_final)(path)) {
            return false;
        }
        for (path, _) in looked {
            self.patch.contents.retain(|(known, _)| known != path);
            self.patch.doubtful.insert(path.clone());
        }
        true
    }

    /// What was found, by file, with an empty list for every other file of the kind.
    fn by_file(
        &self,
        found: Diagnostics,
        is_meant: impl Fn(&SourcePath) -> bool,
    ) -> Vec<(SourcePath, Diagnostics)> {
        let files = self.live.files.keys().filter(|path| is_meant(path));
        let mut by_file: BTreeMap<SourcePath, Diagnostics> =
            files.map(|path| (path.clone(), Diagnostics::new())).collect();
        for problem in found.iter() {
            let file = problem.labels.first().map(|label| label.file.clone());
            by_file
                .entry(file.unwrap_or_else(SourcePath::root))
                .or_default()
                .push(problem.clone());
        }
        by_file.into_iter().collect()
    }
}

/// Adds the files that are not as they are known.
fn compare<'k>(
    known: impl Iterator<Item = (&'k SourcePath, &'k Stamp)>,
    now: Vec<File>,
    named: Option<&SourcePath>,
    different: &mut BTreeMap<SourcePath, Option<Stamp>>,
) {
    let mut now: BTreeMap<SourcePath, Stamp> = now.into_iter().map(|file| (file.path, file.stamp)).collect();
    for (path, stamp) in known {
        match now.remove(path) {
            // A file that was named may have been written twice within a tick of the clock.
            Some(same) if same == *stamp && (named != Some(path) || inputs::kind(path) == Kind::Asset) => {}
            other => drop(different.insert(path.clone(), other)),
        }
    }
    different.extend(now.into_iter().map(|(path, stamp)| (path, Some(stamp))));
}

/// Whether a path is, or lies in, a place that is read.
fn is_source(path: &SourcePath) -> bool {
    let first = path.as_str().split('/').next().unwrap_or_default();
    (path.as_str() == config::FILE_NAME || FOLDERS.contains(&first))
        && !path.as_str().split('/').any(is_litter)
}

/// Where the settings are.
pub fn settings_path() -> SourcePath {
    SourcePath::new(config::FILE_NAME).unwrap_or_else(SourcePath::root)
}
