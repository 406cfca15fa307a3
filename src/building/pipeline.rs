//! The pipeline: the stages of a build on one page. This is the file to read first.
//!
//! ```text
//! World ─1 discover▶ Inputs ─2 parse▶ Parsed ─3 index▶ Site ─4 plan▶ Plan
//!       ─5 render▶ files in a Sink ─6 check▶ no errors ─7 commit▶ Report
//! ```
//!
//! Every stage goes on with what is sound and adds to the diagnostics; the one gate stands before
//! the commit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rayon::prelude::*;

use super::inputs;
use super::links;
use super::output::{Output, Report};
use super::shelf::Shelf;
use crate::ground::date::Day;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics, Sources};
use crate::ground::path::{OutputPath, SourcePath};
use crate::ground::world::{MAX_SOURCE_BYTES, World, read_text};
use crate::meaning::edition;
use crate::meaning::site::{Held, Now, Site};
use crate::pages::page::Renderer;
use crate::pages::plan::{self, Plan};
use crate::pages::subject::{Planned, Subject};
use crate::pages::templates::{Engine, TemplateSources, theme_files};
use crate::reading::article::Place;
use crate::reading::config::{self, BaseUrl, Config};
use crate::reading::front_matter::Spot;

/// What a build is asked for beside the site's own settings.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// An address that stands in for `base_url`.
    pub base_url: Option<BaseUrl>,
    /// The time that counts as now.
    pub clock: Clock,
    /// Whether drafts are shown.
    pub drafts: bool,
    /// Whether articles of the future are shown.
    pub future: bool,
}

/// The time that counts as now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The world's.
    #[default]
    World,
    /// This instant.
    At(Timestamp),
    /// The end of this day in the site's zone.
    EndOf(Day),
}

/// Where finished files go.
pub trait Sink: Sync {
    /// Takes a file's bytes.
    fn put(&self, path: &OutputPath, bytes: &[u8]) -> Result<(), Diagnostic>;

    /// Takes a file that is copied from the disk.
    fn put_file(&self, path: &OutputPath, source: &Path) -> Result<(), Diagnostic>;
}

impl Sink for Output {
    fn put(&self, path: &OutputPath, bytes: &[u8]) -> Result<(), Diagnostic> {
        Output::put(self, path, bytes)
    }

    fn put_file(&self, path: &OutputPath, source: &Path) -> Result<(), Diagnostic> {
        Output::put_file(self, path, source)
    }
}

/// A sink that keeps nothing: pages are rendered only to find what is wrong with them.
struct Nowhere;

impl Sink for Nowhere {
    fn put(&self, _: &OutputPath, _: &[u8]) -> Result<(), Diagnostic> {
        Ok(())
    }

    fn put_file(&self, _: &OutputPath, _: &Path) -> Result<(), Diagnostic> {
        Ok(())
    }
}

/// A sink in memory, for tests.
#[derive(Debug, Default)]
pub struct MemorySink {
    files: Mutex<BTreeMap<OutputPath, Vec<u8>>>,
}

impl MemorySink {
    /// The files, by path.
    pub fn into_files(self) -> BTreeMap<OutputPath, Vec<u8>> {
        self.files.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for MemorySink {
    fn put(&self, path: &OutputPath, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.files
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(path.clone(), bytes.to_vec());
        Ok(())
    }

    fn put_file(&self, path: &OutputPath, source: &Path) -> Result<(), Diagnostic> {
        let bytes = std::fs::read(source).map_err(|error| {
            Diagnostic::new(
                Code::UnreadableFile,
                format!("`{}` cannot be read: {error}", source.display()),
            )
        })?;
        self.put(path, &bytes)
    }
}

/// A site that is read, indexed and planned, and all that was found on the way.
#[derive(Debug)]
pub struct Prepared {
    /// The settings.
    pub config: Arc<Config>,
    /// The site.
    pub site: Arc<Site>,
    /// Where the stories are.
    pub shelf: Arc<Shelf>,
    /// What is to be written.
    pub plan: Plan,
    /// The templates, unless they cannot be used.
    pub engine: Option<Engine>,
    /// The texts of the templates, for showing diagnostics.
    pub template_sources: Arc<TemplateSources>,
    /// The problems so far.
    pub found: Diagnostics,
}

/// What came of a build.
#[derive(Debug)]
pub struct Outcome {
    /// Everything that was found, in order.
    pub diagnostics: Diagnostics,
    /// Articles that are held back, by path.
    pub held: BTreeMap<SourcePath, Held>,
    /// The site's time zone.
    pub timezone: String,
    /// How many articles are shown.
    pub articles: usize,
    /// What was written; `None` where an error kept the build from it.
    pub report: Option<Report>,
    /// The texts of built-in templates, for showing diagnostics.
    pub template_sources: Arc<TemplateSources>,
}

/// Builds a site into its output folder. `open` takes the folder once the settings are known.
pub fn build(
    world: &dyn World,
    options: &Options,
    open: impl FnOnce(&Config) -> Result<Output, Diagnostic>,
) -> Outcome {
    let mut found = Diagnostics::new();
    let config = read_config(world, options, &mut found);
    let output = match open(&config) {
        Ok(output) => Some(output),
        Err(problem) => {
            found.push(problem);
            None
        }
    };
    let state = output.as_ref().map(Output::state);
    let mut prepared = read_site(world, options, config, state, found);
    let sink: &dyn Sink = output.as_ref().map_or(&Nowhere, |output| output);
    render(world, &mut prepared, sink);
    let mut found = finish(std::mem::take(&mut prepared.found), &prepared.config);
    // The one gate: with any error nothing is written, and what was staged is dropped.
    let report = match output {
        Some(output) if !found.has_errors() => match output.commit() {
            Ok(report) => Some(report),
            Err(problems) => {
                found.extend(problems);
                None
            }
        },
        _ => None,
    };
    Outcome {
        diagnostics: found.sorted(),
        held: prepared.site.held.clone(),
        timezone: prepared.config.timezone.clone(),
        articles: prepared.site.len(),
        report,
        template_sources: prepared.template_sources,
    }
}

/// Builds a site into memory, for tests. With any error there are no files.
pub fn build_in_memory(
    world: &dyn World,
    options: &Options,
) -> (Option<BTreeMap<OutputPath, Vec<u8>>>, Diagnostics) {
    let mut prepared = prepare(world, options);
    let sink = MemorySink::default();
    render(world, &mut prepared, &sink);
    let found = finish(prepared.found, &prepared.config).sorted();
    let files = (!found.has_errors()).then(|| sink.into_files());
    (files, found)
}

/// Stages 1 to 4, and the checks that need no pages.
pub fn prepare(world: &dyn World, options: &Options) -> Prepared {
    let mut found = Diagnostics::new();
    let config = read_config(world, options, &mut found);
    read_site(world, options, config, None, found)
}

/// The settings as they hold for this build.
fn read_config(world: &dyn World, options: &Options, found: &mut Diagnostics) -> Arc<Config> {
    let mut config = inputs::read_config(world, found);
    if let Some(base_url) = &options.base_url {
        config.base_url = Some(base_url.clone());
    }
    if config.base_url.is_none() {
        found.push(config::missing_base_url());
    }
    Arc::new(config)
}

fn read_site(
    world: &dyn World,
    options: &Options,
    config: Arc<Config>,
    state: Option<&Path>,
    mut found: Diagnostics,
) -> Prepared {
    let inputs = inputs::discover(world, &mut found);
    let spill = state.map(|state| state.join("stories"));
    let (parsed, shelf) = inputs.parse(world, &config, options.drafts, spill, &mut found);
    let now = now(world, options, &config);
    let locate = |path: &SourcePath, place: Place| locate(world, path, place);
    let locate_value = |path: &SourcePath, spot: Spot| locate(path, Place::Value(spot));
    let site = Arc::new(Site::new(config.clone(), parsed, now, &locate_value, &mut found));
    let own_templates = inputs.read_templates(world, &mut found);
    let (engine, template_sources) = Engine::load(&config, own_templates, &mut found);
    let theme: Vec<String> = theme_files().into_keys().collect();
    let plan = plan::plan(&site, &theme, &locate_value, &mut found);
    edition::check(&site, |path, value| locate_value(path, value.spot), &mut found);
    links::check(&site, &plan, &locate, &mut found);
    Prepared {
        config,
        site,
        shelf,
        plan,
        engine,
        template_sources,
        found,
    }
}

/// Stage 5: every page is rendered and handed over, in parallel. Where there are errors already,
/// pages are rendered only to find the rest of them.
fn render(world: &dyn World, prepared: &mut Prepared, sink: &dyn Sink) {
    let Some(engine) = &prepared.engine else { return };
    let sink = if prepared.found.has_errors() {
        &Nowhere
    } else {
        sink
    };
    let renderer = Renderer {
        site: &prepared.site,
        engine,
        plan: &prepared.plan,
    };
    let theme = theme_files();
    let problems: Vec<(&Planned, Diagnostic)> = prepared
        .plan
        .pages()
        .par_iter()
        .filter_map(|planned| {
            let path = planned.output();
            let done = match (&planned.subject, renderer.render(planned)) {
                (_, Some(rendered)) => rendered.and_then(|page| sink.put(&path, &page.bytes)),
                (Subject::Theme(name), None) => {
                    theme.get(name).map_or(Ok(()), |bytes| sink.put(&path, bytes))
                }
                (Subject::Copy(source), None) => copy(world, source, &path, sink),
                (_, None) => Ok(()),
            };
            done.err().map(|problem| (planned, problem))
        })
        .collect();
    report_render_problems(problems, &mut prepared.found);
    prepared.found.extend(prepared.shelf.problems());
}

fn copy(
    world: &dyn World,
    source: &SourcePath,
    path: &OutputPath,
    sink: &dyn Sink,
) -> Result<(), Diagnostic> {
    match world.disk_path(source) {
        Some(place) => sink.put_file(path, &place),
        None => {
            let bytes = world.read(source, u64::MAX - 1).map_err(|why| {
                Diagnostic::new(Code::UnreadableFile, format!("`{source}` cannot be read: {why}"))
                    .in_file(source)
            })?;
            sink.put(path, &bytes)
        }
    }
}

/// One template error shows on every page that uses the template: it is reported once, with a page
/// to look at.
fn report_render_problems(problems: Vec<(&Planned, Diagnostic)>, found: &mut Diagnostics) {
    let mut folded: Vec<(&Planned, usize, Diagnostic)> = Vec::new();
    for (planned, problem) in problems {
        match folded
            .iter_mut()
            .find(|(_, _, known)| known.labels == problem.labels && known.message == problem.message)
        {
            Some((_, count, _)) => *count += 1,
            None => folded.push((planned, 1, problem)),
        }
    }
    for (planned, count, problem) in folded {
        let is_template = matches!(problem.code, Code::TemplateRender | Code::TemplateReference);
        found.push(match (is_template, count) {
            (false, _) => problem,
            (true, 1) => problem.help(format!("it was met while `{}` was made", planned.url)),
            (true, _) => problem.help(format!("it was met on {count} pages, first on `{}`", planned.url)),
        });
    }
}

/// Stage 6 ends with what the site thinks of its problems: severities by its own choice, and one
/// warning for a mistake that many files share.
fn finish(mut found: Diagnostics, config: &Config) -> Diagnostics {
    found.adjust(|diagnostic| match config.check(diagnostic.code) {
        None => Some(diagnostic.severity),
        Some(chosen) => chosen,
    });
    found.sorted().folded(&[Code::UnknownKey])
}

/// The instant that counts as now.
fn now(world: &dyn World, options: &Options, config: &Config) -> Now {
    let instant = match options.clock {
        Clock::World => world.now(),
        Clock::At(instant) => instant,
        Clock::EndOf(day) => config.zone.end_of(day),
    };
    Now {
        instant,
        day: config.zone.day(instant),
        drafts: options.drafts,
        future: options.future,
    }
}

/// A diagnostic that carries only the place of something in a source file.
fn locate(world: &dyn World, path: &SourcePath, place: Place) -> Diagnostic {
    let empty = Diagnostic::new(Code::BrokenLink, "");
    let text = read_text(world, path).unwrap_or_default();
    match place.span(path, &text) {
        Some(span) => empty.at(path, span),
        None => empty.in_file(path),
    }
}

/// The texts that diagnostics show lines of: files of the site, and built-in templates.
pub struct SiteSources<'w> {
    /// The files.
    pub world: &'w dyn World,
    /// The built-in templates.
    pub templates: Arc<TemplateSources>,
}

impl Sources for SiteSources<'_> {
    fn source(&self, file: &SourcePath) -> Option<Arc<str>> {
        if let Some(text) = self.templates.builtin(file) {
            return Some(text.into());
        }
        // A file that is no valid text has a place to be shown too: all in front of it is sound.
        let bytes = self.world.read(file, MAX_SOURCE_BYTES).ok()?;
        Some(String::from_utf8_lossy(&bytes).into())
    }
}

/// The output folder of a site: the one asked for, else the one of the settings, relative to the
/// site folder. In the site folder itself its name is left as it is, without `./` in front.
pub fn output_folder(site: &Path, config: &Config, asked: Option<&Path>) -> PathBuf {
    match asked {
        Some(asked) => asked.to_owned(),
        None if site == Path::new(".") => PathBuf::from(&config.output),
        None => site.join(&config.output),
    }
}
