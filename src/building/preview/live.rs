//! The site as it is now, and how it follows its sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::patch::{Patch, Reread};
use super::problems::Problems;
use crate::building::cache::{ENGINE, Head, Told};
use crate::building::darkroom;
use crate::building::inputs::{self, Inputs, Profiles};
use crate::building::links::{self, Suggestions};
use crate::building::memory::Memory;
use crate::building::output::ManifestStamps;
use crate::building::pipeline::{self, Options, Settings};
use crate::building::shelf::Shelf;
use crate::ground::diagnostic::Diagnostics;
use crate::ground::encoding::Encode;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, Url};
use crate::ground::world::{Stamp, World};
use crate::meaning::edition;
use crate::meaning::site::{COMPANIES, Change, Edit, Now, Parsed, Site};
use crate::pages::page::Renderer;
use crate::pages::plan::{self, Plan};
use crate::pages::subject::{Planned, Subject};
use crate::pages::templates::{Engine, TemplateSources, theme_files};
use crate::pages::trace::{Known, SealedTrace, Today, Trace};
use crate::reading::article::Place;
use crate::reading::company::Register;
use crate::reading::config;
use crate::reading::front_matter::Spot;

/// The site as it is now.
#[derive(Debug)]
pub struct Live {
    /// How many states there were before.
    pub version: u64,
    /// The settings.
    pub settings: Settings,
    /// Where the stories are.
    pub shelf: Arc<Shelf>,
    /// The site.
    pub site: Arc<Site>,
    /// Its files.
    pub plan: Plan,
    /// The texts of the templates, for showing diagnostics.
    pub template_sources: Arc<TemplateSources>,
    /// The last templates that could be used.
    engine: Option<Engine>,
    /// All source files.
    pub(super) files: BTreeMap<SourcePath, Stamp>,
    /// The bytes of the articles that were read since the start.
    pub(super) contents: BTreeMap<SourcePath, Fingerprint>,
    /// What articles are read with, beside the settings.
    pub(super) reading: Fingerprint,
    /// What tells that pages are rendered alike, beside what they ask.
    look: Fingerprint,
    /// Answers to questions in this state, by fingerprint.
    known: Arc<Known>,
}

/// Reads a site as a build does. What cannot be read is as it was in an earlier state. `folder` is for
/// a cache of what was read.
pub fn read(
    world: &dyn World,
    options: &Options,
    settings: Settings,
    folder: Option<&Path>,
    earlier: Option<&Live>,
    problems: &mut Problems,
) -> Live {
    let started = world.now();
    let mut discovered = Diagnostics::new();
    let inputs = inputs::discover(world, &mut discovered);
    let config = settings.config.clone();
    let mut memory = match folder {
        Some(folder) => Memory::of_preview(folder, settings.mark),
        None => Memory::none(),
    };
    let mut found = Diagnostics::new();
    let companies = read_companies(world, &inputs, &config, earlier, &mut found);
    let reading = companies.0.reading_mark();
    let (mut parsed, shelf) =
        inputs.parse_with(world, &config, companies, options.drafts, &mut memory, &mut found);
    if let Some(earlier) = earlier {
        keep_last_good(&mut parsed, &earlier.site);
    }
    let mut templates = Diagnostics::new();
    let own = inputs.read_templates(world, &mut templates);
    let (engine, template_sources) = Engine::load(&config, &BTreeMap::new(), own, &mut templates);
    let now = pipeline::now(world, options, &settings.config);
    let site = Arc::new(Site::new(settings.config.clone(), parsed, now));
    let plan = new_plan(&site);
    let live = Live {
        version: earlier.map_or(0, |earlier| earlier.version + 1),
        look: look(&settings, &template_sources),
        shelf,
        site,
        plan,
        template_sources,
        engine,
        files: inputs
            .all
            .iter()
            .map(|file| (file.path.clone(), file.stamp))
            .collect(),
        contents: BTreeMap::new(),
        reading,
        known: Arc::default(),
        settings,
    };
    memory.finish(&Head {
        request: pipeline::request(options),
        started,
        now: started,
        until: None,
        sources: inputs
            .all
            .into_iter()
            .map(|file| (file.path, file.stamp))
            .collect(),
        discovered: discovered.clone(),
        reading: memory.reading(),
        look: live.look,
        texts: Vec::new(),
        assets: live
            .site
            .assets
            .iter()
            .map(|(path, asset)| (path.clone(), *asset))
            .collect(),
        told: Told::default(),
        files: 0,
        manifests: ManifestStamps::default(),
    });
    problems.discovered = discovered;
    problems.read_all(found);
    problems.templates = templates;
    live
}

/// The register and the profiles; where one has mistakes, both as they were in an earlier state.
fn read_companies(
    world: &dyn World,
    inputs: &Inputs,
    config: &config::Config,
    earlier: Option<&Live>,
    found: &mut Diagnostics,
) -> (Register, Profiles) {
    let before = found.errors();
    let companies = inputs.read_companies(world, config, found);
    match earlier {
        Some(earlier) if found.errors() > before => {
            let site = &earlier.site;
            ((*site.register).clone(), site.profiles.clone())
        }
        _ => companies,
    }
}

/// Puts the last good version in the place of what could not be read.
fn keep_last_good(parsed: &mut Parsed, earlier: &Site) {
    for path in std::mem::take(&mut parsed.failed) {
        let page = earlier.pages.iter().find(|page| page.path == path);
        let edition = earlier.hand_made.values().find(|edition| edition.path == path);
        match (earlier.kept(&path), page, edition) {
            (Some(article), _, _) => parsed.articles.push(article.clone()),
            (_, Some(page), _) => parsed.pages.push(page.clone()),
            (_, _, Some(edition)) => parsed.editions.push(edition.clone()),
            (None, None, None) => drop(parsed.failed.insert(path)),
        }
    }
}

fn new_plan(site: &Site) -> Plan {
    let theme: Vec<String> = theme_files().into_keys().collect();
    plan::plan(site, &theme)
}

/// What tells that pages are rendered alike, beside what they ask.
fn look(settings: &Settings, templates: &TemplateSources) -> Fingerprint {
    Fingerprint::of_encoded(|encoder| {
        ENGINE.encode(encoder);
        settings.mark.encode(encoder);
        templates.encode(encoder);
    })
}

impl Live {
    /// Whether a file is one of the site's.
    pub fn has_source(&self, path: &SourcePath) -> bool {
        self.files.contains_key(path)
    }

    /// What renders pages; none where the templates never could be used.
    pub fn renderer(&self) -> Option<Renderer<'_>> {
        Some(Renderer {
            site: &self.site,
            engine: self.engine.as_ref()?,
            plan: &self.plan,
        })
    }

    /// What tells that a page is about the same and rendered with the same.
    pub fn mark(&self, planned: &Planned) -> Fingerprint {
        let mark = self.renderer().map(|renderer| renderer.mark(planned));
        Fingerprint::of_encoded(|encoder| {
            self.look.encode(encoder);
            mark.encode(encoder);
        })
    }

    /// Whether everything a page asked has the same answer now.
    pub fn holds(&self, planned: &Planned, trace: &SealedTrace) -> bool {
        self.today().verify(trace, planned.own_path()).is_ok()
    }

    /// Adds the fingerprints of the answers to a trace.
    pub fn seal(&self, planned: &Planned, trace: &Trace) -> SealedTrace {
        self.today().seal(trace, planned.own_path())
    }

    fn today(&self) -> Today<'_> {
        Today::with(&self.site, self.known.clone())
    }

    /// The file that somebody edits to change a page.
    pub fn source_of(&self, planned: &Planned) -> Option<SourcePath> {
        match &planned.subject {
            Subject::Article(path) | Subject::Page(path) => Some(path.clone()),
            Subject::Edition(period) | Subject::Mail(period) => self
                .site
                .hand_made
                .get(period)
                .map(|edition| edition.path.clone()),
            Subject::Term(taxonomy, slug) if taxonomy == COMPANIES => {
                self.site.profiles.get(slug).map(|(path, _)| path.clone())
            }
            _ => None,
        }
    }

    /// What is wrong with the site as a whole; `None` where that was interrupted.
    pub fn check(&self, world: &dyn World, is_interrupted: &dyn Fn() -> bool) -> Option<Diagnostics> {
        const AT_ONCE: u32 = 1000;
        let mut found = Diagnostics::new();
        let locate = |path: &SourcePath, place: Place| pipeline::locate(world, path, place);
        let locate_value = |path: &SourcePath, spot: Spot| locate(path, Place::Value(spot));
        self.site.check(&locate_value, &mut found);
        self.plan.check(&self.site, &locate_value, &mut found);
        edition::check(
            &self.site,
            |path, value| locate_value(path, value.spot),
            &mut found,
        );
        let mut suggestions = Suggestions::default();
        let articles = self.site.all();
        for start in articles.clone().step_by(AT_ONCE as usize) {
            if is_interrupted() {
                return None;
            }
            let range = start..articles.end.min(start + AT_ONCE);
            links::check_articles(
                &self.site,
                &self.plan,
                &locate,
                range,
                &mut suggestions,
                &mut found,
            );
        }
        links::check_others(&self.site, &self.plan, &locate, &mut suggestions, &mut found);
        darkroom::check(&self.site, &self.plan, &mut found);
        Some(found)
    }

    /// Puts in place what was read.
    pub fn apply(&mut self, world: &dyn World, options: &Options, patch: Patch, problems: &mut Problems) {
        let Patch {
            stamps,
            contents,
            articles,
            rest,
            templates,
            found,
            whole,
            ..
        } = patch;
        if let Some((live, all)) = whole {
            *self = *live;
            *problems = all;
            return;
        }
        for (path, stamp) in stamps {
            match stamp {
                Some(stamp) => drop(self.files.insert(path, stamp)),
                None => {
                    self.files.remove(&path);
                    self.contents.remove(&path);
                }
            }
        }
        self.contents.extend(contents);
        for (path, found) in found {
            problems.read(&path, found);
        }
        if let Some((engine, sources, found)) = templates {
            problems.templates = found;
            if let Some(engine) = engine {
                self.look = look(&self.settings, &sources);
                self.template_sources = sources;
                self.engine = Some(engine);
                self.version += 1;
            }
        }
        if articles.is_empty() && rest.is_empty() {
            return;
        }
        let now = pipeline::now(world, options, &self.settings.config);
        let mut edits = Vec::with_capacity(articles.len());
        for (path, article) in articles {
            self.shelf.forget(&path);
            let change = match article {
                Some(Reread(article, story, content)) => {
                    self.shelf.put(&path, &story, content);
                    Change::Read(Arc::new(article))
                }
                None if self.files.contains_key(&path) => Change::Failed,
                None => Change::Gone,
            };
            edits.push(Edit { path, change });
        }
        let site = self.site_alone(now);
        let applied = site.apply(edits, now);
        if rest.is_empty() {
            self.plan.apply(&self.site, &applied);
        } else {
            rest.into_iter().for_each(|rest| rest.put(site));
            site.reindex(now);
            self.plan = new_plan(&self.site);
        }
        self.is_other();
    }

    /// Looks at the clock again: what was held may be due.
    pub fn look_at_the_clock(&mut self, world: &dyn World, options: &Options) {
        let now = pipeline::now(world, options, &self.settings.config);
        let applied = self.site_alone(now).apply(Vec::new(), now);
        self.plan.apply(&self.site, &applied);
        self.is_other();
    }

    /// Notes that the site is in another state.
    fn is_other(&mut self) {
        self.known = Arc::default();
        self.version += 1;
    }

    /// The site, to be changed. Only pages that are being rendered hold on to it, and none is now; if it
    /// were otherwise, they would keep the site as it was.
    fn site_alone(&mut self, now: Now) -> &mut Site {
        if Arc::get_mut(&mut self.site).is_none() {
            let site = &self.site;
            let parsed = Parsed {
                articles: site.all_kept().cloned().collect(),
                stories: self.shelf.clone(),
                failed: site.failed.clone(),
                register: site.register.clone(),
                profiles: site.profiles.clone(),
                pages: site.pages.clone(),
                editions: site.hand_made.values().cloned().collect(),
                assets: site.assets.clone(),
                addresses: site.addresses.clone(),
                data: site.data.clone(),
            };
            self.site = Arc::new(Site::new(self.settings.config.clone(), parsed, now));
        }
        Arc::get_mut(&mut self.site).expect("nobody else has a site that was just made")
    }

    /// The addresses of files that are copied.
    pub fn copies(&self, sources: &BTreeSet<&SourcePath>) -> Vec<Url> {
        let is_meant = |planned: &&Planned| matches!(&planned.subject, Subject::Copy(path) | Subject::Rendition(path, _) if sources.contains(path));
        let copies = self.plan.pages().filter(is_meant);
        copies.map(|planned| planned.url.clone()).collect()
    }
}
