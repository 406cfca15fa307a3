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
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::cache::{Cause, ENGINE, Head, PageRecord, Told};
use super::darkroom::{self, Darkroom};
use super::inputs::{self, Inputs};
use super::links;
use super::memory::Memory;
use super::moved;
use super::output::{Output, Placed, Report};
use super::packing::{self, Packed};
use super::shelf::Shelf;
use super::sink::{FingerprintSink, MemorySink, Nowhere, Sink};
use crate::ground::date::Day;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics, Sources};
use crate::ground::encoding::{Encode, encoded};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{OutputPath, SourcePath, Url};
use crate::ground::world::{MAX_SOURCE_BYTES, Stamp, World, read_text};
use crate::meaning::edition;
use crate::meaning::question::Question;
use crate::meaning::rendition::Rendition;
use crate::meaning::site::{Held, Now, Site};
use crate::pages::card::CardText;
use crate::pages::page::Renderer;
use crate::pages::plan::{self, Plan};
use crate::pages::subject::{Planned, Subject};
use crate::pages::templates::{Engine, TemplateSources, theme_files};
use crate::pages::theme;
use crate::pages::trace::{Changed, Today};
use crate::reading::article::Place;
use crate::reading::checks;
use crate::reading::config::{self, BaseUrl, Coding, Config};
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
    /// Whether files are as a preview shows them, whatever the settings say: under their own names alone, and not
    /// packed.
    pub unhosted: bool,
    /// Whether everything is made anew, whatever is known from the last build.
    pub clean: bool,
    /// Whether the questions are counted that pages ask.
    pub explain: bool,
    /// A kind of question that no trace is to name, so that a test can show that each is needed.
    #[doc(hidden)]
    pub unsealed: Option<&'static str>,
}

encoded!(struct Request { base_url, drafts, future });

/// What of the options the files of the output depend on.
struct Request {
    base_url: Option<String>,
    drafts: bool,
    future: bool,
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
    /// What pages are rendered with beside their subject and their answers: brief, settings, templates.
    pub look: Fingerprint,
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
    /// The pages that were rendered, by address, and why.
    pub rendered: Vec<(Url, Cause)>,
    /// The questions that most pages ask, and how many do; only where an explanation was asked for.
    pub most_asked: Vec<(Question, usize)>,
    /// The texts of built-in templates, for showing diagnostics.
    pub template_sources: Arc<TemplateSources>,
    /// The site, for those who go on with it; `None` where nothing had changed and it was not read.
    pub prepared: Option<Prepared>,
}

/// Builds a site into its output folder. `open` takes the folder once the settings are known.
pub fn build(
    world: &dyn World,
    options: &Options,
    open: impl FnOnce(&Config) -> Result<Output, Diagnostic>,
) -> Outcome {
    // Before the first look at a file: what is written later has a later time.
    let started = world.now();
    let mut found = Diagnostics::new();
    let inputs = inputs::discover(world, &mut found);
    let discovered = found.clone();
    let settings = Settings::read(world, options, &mut found);
    let output = match open(&settings.config) {
        Ok(output) => Some(output),
        Err(problem) => {
            found.push(problem);
            None
        }
    };
    let mut memory = match &output {
        Some(output) => Memory::open(output.state(), settings.mark, options.clean),
        None => Memory::none(),
    };
    let now = now(world, options, &settings.config);
    let request = request(options);
    // An explanation counts the questions of all pages, so each of them is looked at.
    if let Some(output) = output.as_ref().filter(|_| !options.explain)
        && let Some(head) = memory.unchanged(request, &inputs.all, &discovered, now.instant, output)
    {
        return unchanged(head, &settings.config);
    }
    let output = output.filter(|output| {
        let owned = output.owned().map_err(|problem| found.push(problem));
        owned.is_ok()
    });
    let (site, sources) = (settings.config.clone(), inputs.all.clone());
    // In front of the reading: what is written in between counts as changed, though it is not.
    let texts = inputs.text_marks(world);
    let mut prepared = read_site(world, options, settings, inputs, now, &mut memory, found);
    let sink: &dyn Sink = output.as_ref().map_or(&Nowhere, |output| output);
    memory.looks_like(prepared.look);
    let darkroom = memory.darkroom();
    let mut made = render(world, &mut prepared, sink, &mut memory, &darkroom, options);
    let mut found = judge(std::mem::take(&mut prepared.found), &prepared.site);
    // With errors the old pages stay, and nothing has moved yet.
    if !found.has_errors() {
        let place = |path: &SourcePath, spot: Spot| locate(world, path, Place::Value(spot));
        let mut moved = Diagnostics::new();
        if let Some(warning) = moved::warning(&prepared.site, &memory.gone(), &place) {
            moved.push(warning);
        }
        found.extend(judge(moved, &prepared.site));
    }
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
    prepared.shelf.close();
    let diagnostics = found.sorted();
    if let Some(report) = &report {
        if let Some(state) = memory.folder() {
            darkroom.sweep(&prepared.site, &prepared.plan, state);
        }
        let held = prepared.site.held.iter();
        memory.finish(&Head {
            request,
            started,
            now: now.instant,
            until: prepared.site.until(),
            sources: sources.into_iter().map(|file| (file.path, file.stamp)).collect(),
            discovered,
            reading: memory.reading(),
            look: prepared.look,
            texts,
            assets: prepared
                .site
                .assets
                .iter()
                .map(|(path, asset)| (path.clone(), *asset))
                .collect(),
            told: Told {
                // What has moved is told once.
                diagnostics: diagnostics.without(Code::MovedAddress),
                held: held.map(|(path, held)| (path.clone(), held.clone())).collect(),
                articles: prepared.site.len(),
            },
            files: made.files,
            manifests: report.manifests,
        });
    }
    Outcome {
        diagnostics,
        held: prepared.site.held.clone(),
        timezone: site.timezone.clone(),
        articles: prepared.site.len(),
        report,
        rendered: std::mem::take(&mut made.rendered),
        most_asked: made.most_asked(),
        template_sources: prepared.template_sources.clone(),
        prepared: Some(prepared),
    }
}

/// What came of a build for which there was nothing to do.
fn unchanged(head: &Head, config: &Config) -> Outcome {
    let report = Report {
        unchanged: head.files,
        manifests: head.manifests,
        ..Report::default()
    };
    Outcome {
        diagnostics: head.told.diagnostics.clone(),
        held: head.told.held.iter().cloned().collect(),
        timezone: config.timezone.clone(),
        articles: head.told.articles,
        report: Some(report),
        rendered: Vec::new(),
        most_asked: Vec::new(),
        template_sources: Arc::default(),
        prepared: None,
    }
}

/// Builds a site into memory, for tests. With any error there are no files.
pub fn build_in_memory(
    world: &dyn World,
    options: &Options,
) -> (Option<BTreeMap<OutputPath, Vec<u8>>>, Diagnostics) {
    let mut prepared = prepare(world, options);
    let sink = MemorySink::default();
    let darkroom = Darkroom::without_shelves();
    render(
        world,
        &mut prepared,
        &sink,
        &mut Memory::none(),
        &darkroom,
        options,
    );
    let found = judge(prepared.found, &prepared.site).sorted();
    let files = (!found.has_errors()).then(|| sink.into_files());
    (files, found)
}

/// Does all that a build does to find what is wrong, and hands nothing over.
pub(super) fn rehearse(world: &dyn World, options: &Options) -> Prepared {
    let mut memory = Memory::without_room();
    let mut prepared = prepare_with(world, options, &mut memory);
    let darkroom = Darkroom::without_shelves();
    render(world, &mut prepared, &Nowhere, &mut memory, &darkroom, options);
    prepared
}

/// The fingerprints of the files that a clean build makes, and what it finds. Sizes of pictures that are
/// in the darkroom are taken from there: what they are named after is looked at again.
pub fn fingerprints(
    world: &dyn World,
    options: &Options,
    darkroom: &Darkroom,
) -> (BTreeMap<OutputPath, Fingerprint>, Diagnostics) {
    let mut prepared = prepare(world, options);
    let sink = FingerprintSink::default();
    render(
        world,
        &mut prepared,
        &sink,
        &mut Memory::none(),
        darkroom,
        options,
    );
    let found = judge(prepared.found, &prepared.site).sorted();
    (sink.into_fingerprints(), found)
}

/// Stages 1 to 4, and the checks that need no pages, without anything known from before.
pub fn prepare(world: &dyn World, options: &Options) -> Prepared {
    prepare_with(world, options, &mut Memory::none())
}

fn prepare_with(world: &dyn World, options: &Options, memory: &mut Memory) -> Prepared {
    let mut found = Diagnostics::new();
    let inputs = inputs::discover(world, &mut found);
    let settings = Settings::read(world, options, &mut found);
    let now = now(world, options, &settings.config);
    read_site(world, options, settings, inputs, now, memory, found)
}

/// The settings as they hold for a build.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) config: Arc<Config>,
    /// What tells that they are the same.
    pub(super) mark: Fingerprint,
}

impl Settings {
    pub(super) fn read(world: &dyn World, options: &Options, found: &mut Diagnostics) -> Settings {
        let (mut config, text) = inputs::read_config(world, found);
        if let Some(base_url) = &options.base_url {
            config.base_url = Some(base_url.clone());
        }
        if options.unhosted {
            config.hosting.hashed_names = false;
            config.hosting.compress.clear();
        }
        if config.base_url.is_none() {
            found.push(config::missing_base_url());
        }
        let mark = Fingerprint::of_encoded(|encoder| {
            text.encode(encoder);
            request(options).encode(encoder);
        });
        let config = Arc::new(config);
        Settings { config, mark }
    }
}

/// What tells that the same was asked for.
pub(super) fn request(options: &Options) -> Fingerprint {
    let request = Request {
        base_url: options.base_url.as_ref().map(ToString::to_string),
        drafts: options.drafts,
        future: options.future,
    };
    Fingerprint::of_encoded(|encoder| request.encode(encoder))
}

fn read_site(
    world: &dyn World,
    options: &Options,
    settings: Settings,
    inputs: Inputs,
    now: Now,
    memory: &mut Memory,
    mut found: Diagnostics,
) -> Prepared {
    let Settings { config, mark } = settings;
    let (parsed, shelf) = inputs.parse(world, &config, options.drafts, memory, &mut found);
    let locate = |path: &SourcePath, place: Place| locate(world, path, place);
    let locate_value = |path: &SourcePath, spot: Spot| locate(path, Place::Value(spot));
    let site = Arc::new(Site::new(config.clone(), parsed, now));
    site.check(&locate_value, &mut found);
    let own_templates = inputs.read_templates(world, &mut found);
    let (engine, template_sources) = Engine::load(&config, &site.addresses, own_templates, &mut found);
    let theme: Vec<String> = theme_files().into_keys().collect();
    let plan = plan::plan(&site, &theme);
    plan.check(&site, &locate_value, &mut found);
    edition::check(&site, |path, value| locate_value(path, value.spot), &mut found);
    links::check(&site, &plan, &locate, &mut found);
    darkroom::check(&site, &plan, &mut found);
    let look = Fingerprint::of_encoded(|encoder| {
        ENGINE.encode(encoder);
        mark.encode(encoder);
        template_sources.encode(encoder);
        // Every page loads files of the theme.
        for name in &theme {
            let path = SourcePath::new(&format!("static/{name}"));
            path.and_then(|path| site.addresses.get(&path)).encode(encoder);
        }
    });
    Prepared {
        config,
        site,
        shelf,
        plan,
        engine,
        template_sources,
        look,
        found,
    }
}

/// Stage 5: every page that would not be the same as before is rendered and handed over, in
/// parallel. Where there are errors already, pages are rendered only to find the rest of them.
fn render(
    world: &dyn World,
    prepared: &mut Prepared,
    sink: &dyn Sink,
    memory: &mut Memory,
    darkroom: &Darkroom,
    options: &Options,
) -> Made {
    let mut made = Made::default();
    let Some(engine) = &prepared.engine else {
        return made;
    };
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
    let today = Today::new(&prepared.site).without(options.unsealed);
    let mut problems = Vec::new();
    let pages: Vec<&Planned> = prepared.plan.pages().collect();
    for planned in pages.chunks(FRAME) {
        let known: Vec<Option<PageRecord>> =
            planned.iter().map(|planned| memory.page(&planned.url)).collect();
        let stage = Rendering {
            world,
            sink,
            memory,
            today: &today,
            renderer,
            darkroom,
        };
        let page = |(planned, known)| stage.page(planned, known).map_err(|problem| (planned, problem));
        let done: Vec<Result<Done, (&Planned, Diagnostic)>> =
            planned.par_iter().copied().zip(known).map(page).collect();
        let mut records = Vec::with_capacity(done.len());
        for page in done {
            match page {
                Ok((page, is_rendered)) => {
                    made.add(&page, is_rendered, options.explain);
                    records.push(page);
                }
                Err(problem) => problems.push(problem),
            }
        }
        memory.keep_pages(&records);
    }
    fold_render_problems(problems, &mut prepared.found);
    prepared.found.extend(prepared.shelf.problems());
    prepared
        .found
        .extend(darkroom.problems(&prepared.site, &prepared.plan));
    made
}

/// How many pages are rendered before what is known of them is written down.
const FRAME: usize = 4096;

/// A page, and whether it was rendered in this build.
type Done = (PageRecord, bool);

/// What stage 5 did.
#[derive(Default)]
struct Made {
    /// How many files the pages are.
    files: usize,
    rendered: Vec<(Url, Cause)>,
    /// How many pages ask each question, for an explanation.
    asked: BTreeMap<Question, usize>,
}

impl Made {
    fn add(&mut self, page: &PageRecord, is_rendered: bool, explain: bool) {
        self.files += 1 + page.packed.len();
        if is_rendered {
            self.rendered.push((page.url.clone(), page.cause.clone()));
        }
        if explain {
            // What a page asks of its own article nobody else asks.
            let root = SourcePath::root();
            for (question, _) in page.trace.answers(Some(&root)).flatten() {
                if question.path() != Some(&root) {
                    *self.asked.entry(question).or_default() += 1;
                }
            }
        }
    }

    /// The questions that most pages ask.
    fn most_asked(self) -> Vec<(Question, usize)> {
        const SHOWN: usize = 10;
        let mut counts: Vec<(Question, usize)> = self.asked.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts.truncate(SHOWN);
        counts
    }
}

/// Stage 5 at work.
struct Rendering<'r> {
    world: &'r dyn World,
    sink: &'r dyn Sink,
    memory: &'r Memory,
    today: &'r Today<'r>,
    renderer: Renderer<'r>,
    darkroom: &'r Darkroom,
}

impl Rendering<'_> {
    /// Takes over a page or makes it anew.
    fn page(&self, planned: &Planned, known: Option<PageRecord>) -> Result<Done, Diagnostic> {
        let path = planned.output();
        let mut mark = self.renderer.mark(planned);
        let cause = match known.map(|known| (self.cause(planned, &known, mark), known)) {
            None => Cause::New,
            Some((Some(cause), _)) => cause,
            Some((None, known)) => match self.keep(&path, known)? {
                Some(kept) => return Ok((kept, false)),
                None => Cause::Lost,
            },
        };
        let rendered = self.renderer.render(planned).transpose()?;
        let mut packed = Vec::new();
        let placed = match (&rendered, &planned.subject) {
            (Some(page), _) => {
                packed = self.pack(planned, &path, &page.bytes)?;
                self.sink.put(&path, &page.bytes)?
            }
            (None, Subject::Copy(source)) => {
                if !self.codings(planned).is_empty() {
                    packed = self.pack(planned, &path, &self.read(source)?)?;
                }
                self.copy(source, &path)?
            }
            (None, Subject::Rendition(source, rendition)) => {
                let (placed, is_stand_in) = self.rendition(source, *rendition, &path)?;
                // What is wrong with a picture is to be said again by the next build.
                if is_stand_in {
                    mark = Fingerprint::of("");
                }
                placed
            }
            (None, Subject::Card(card)) => match self.sink.wants_bytes() {
                true => {
                    let text = CardText::of(self.renderer.site, card);
                    self.sink.put(&path, &self.darkroom.card(&text)?)?
                }
                false => Placed::of(&[]),
            },
            (None, Subject::Theme(name)) => {
                let bytes = theme::file(name, &self.renderer.site.config);
                packed = self.pack(planned, &path, &bytes)?;
                self.sink.put(&path, &bytes)?
            }
            // Only files that are copied have no page.
            (None, _) => self.sink.put(&path, &[])?,
        };
        let trace = rendered
            .as_ref()
            .map(|page| self.today.seal(&page.trace, planned.own_path()));
        let record = PageRecord {
            url: planned.url.clone(),
            subject: planned.subject.clone(),
            mark,
            trace: trace.unwrap_or_default(),
            placed,
            packed,
            cause,
        };
        Ok((record, rendered.is_some()))
    }

    /// Keeps a page with its packed files; `None` where one of them is not there any more.
    fn keep(&self, path: &OutputPath, mut known: PageRecord) -> Result<Option<PageRecord>, Diagnostic> {
        if known.packed.is_empty() {
            let mut file = [(path.clone(), known.placed)];
            let is_kept = self.sink.keep(&mut file)?;
            let [(_, placed)] = file;
            return Ok(is_kept.then_some(PageRecord { placed, ..known }));
        }
        let mut files: Vec<_> = known.files().map(|(path, placed)| (path, *placed)).collect();
        if !self.sink.keep(&mut files)? {
            return Ok(None);
        }
        let mut placed = files.into_iter().map(|(_, placed)| placed);
        let all = std::iter::once(&mut known.placed)
            .chain(known.packed.iter_mut().map(|packed| &mut packed.placed));
        for (known, placed) in all.zip(&mut placed) {
            *known = placed;
        }
        Ok(Some(known))
    }

    fn codings(&self, planned: &Planned) -> Vec<Coding> {
        packing::codings(planned, self.renderer.plan, &self.renderer.site.config)
    }

    /// Hands over the packed files of a page.
    fn pack(&self, planned: &Planned, path: &OutputPath, bytes: &[u8]) -> Result<Vec<Packed>, Diagnostic> {
        if !self.sink.wants_bytes() {
            return Ok(Vec::new());
        }
        let pack = |coding: Coding| {
            let beside = packing::beside(path, coding)?;
            let placed = self.sink.put(&beside, &packing::pack(bytes, coding));
            Some(placed.map(|placed| Packed { coding, placed }))
        };
        self.codings(planned).into_iter().filter_map(pack).collect()
    }

    /// Hands over a file of the site; a picture without what it tells beside the picture.
    fn copy(&self, source: &SourcePath, path: &OutputPath) -> Result<Placed, Diagnostic> {
        if let Some(bytes) = darkroom::stripped(self.world, source, self.stamp(source)) {
            return self.sink.put(path, &bytes?);
        }
        match self.world.disk_path(source) {
            Some(place) => self.sink.put_file(path, &place),
            None => self.sink.put(path, &self.read(source)?),
        }
    }

    fn read(&self, source: &SourcePath) -> Result<Vec<u8>, Diagnostic> {
        self.world.read(source, u64::MAX - 1).map_err(|why| {
            Diagnostic::new(Code::UnreadableFile, format!("`{source}` cannot be read: {why}")).in_file(source)
        })
    }

    /// Hands over another size of a picture, and tells whether the picture itself stands in for it. Where
    /// nobody wants it, it is only found out whether it can be made.
    fn rendition(
        &self,
        source: &SourcePath,
        rendition: Rendition,
        path: &OutputPath,
    ) -> Result<(Placed, bool), Diagnostic> {
        let stamp = self.stamp(source);
        if !self.sink.wants_bytes() {
            self.darkroom.examine(self.world, source, stamp, rendition)?;
            return Ok((Placed::of(&[]), false));
        }
        let made = self.darkroom.rendition(self.world, source, stamp, rendition)?;
        Ok((self.sink.put(path, &made.bytes)?, made.is_stand_in))
    }

    fn stamp(&self, source: &SourcePath) -> Stamp {
        let asset = self.renderer.site.assets.get(source);
        asset.map(|asset| asset.stamp).unwrap_or_default()
    }

    /// Why a page would not be the same as before; `None` where it would.
    fn cause(&self, planned: &Planned, known: &PageRecord, mark: Fingerprint) -> Option<Cause> {
        let packed = known.packed.iter().map(|packed| packed.coding);
        if !packed.eq(self.codings(planned)) {
            return Some(Cause::Look);
        }
        if let Subject::Copy(path) | Subject::Rendition(path, _) = &planned.subject {
            let asset = self.renderer.site.assets.get(path);
            let is_same = asset.is_some_and(|asset| self.memory.seen().is_same(path, asset.stamp));
            return (known.mark != mark || !is_same).then_some(Cause::Subject);
        }
        // What stands on a card is all there is to it, and that is its mark.
        if let Subject::Card(_) = &planned.subject {
            return (known.mark != mark).then_some(Cause::Subject);
        }
        if !self.memory.looks_alike() {
            return Some(Cause::Look);
        }
        if known.mark != mark {
            return Some(Cause::Subject);
        }
        match self.today.verify(&known.trace, planned.own_path()) {
            Ok(()) => None,
            Err(Changed::Answer(question)) => Some(Cause::Answer(Box::new(question))),
            Err(Changed::Unknown) => Some(Cause::New),
        }
    }
}

/// One template error shows on every page that uses the template: it is reported once, with a page
/// to look at.
pub(super) fn fold_render_problems(problems: Vec<(&Planned, Diagnostic)>, found: &mut Diagnostics) {
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

/// Stage 6 ends with what the site thinks of its problems: severities by its own choice and by that
/// of the article, and one warning for a mistake that many files share.
pub(super) fn judge(mut found: Diagnostics, site: &Site) -> Diagnostics {
    found.adjust(|problem| {
        let place = problem.labels.first().filter(|_| !tells_of_many(problem.code));
        let article = place.and_then(|place| site.kept(&place.file));
        let article = article.map(|article| &article.checks);
        checks::severity(problem, article, &site.config.checks)
    });
    found.sorted().folded(&[Code::UnknownKey])
}

/// Whether one problem tells of many articles. Those that do not want to be told of are left out
/// where it is put together; the one it is shown at decides nothing.
fn tells_of_many(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownCompany
            | Code::CompanySpelling
            | Code::TermSpelling
            | Code::UnregisteredCompany
            | Code::CompanyNearDuplicate
            | Code::NearDuplicate
            | Code::MissingSource
            | Code::UnstableId
    )
}

/// The instant that counts as now.
pub(super) fn now(world: &dyn World, options: &Options, config: &Config) -> Now {
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
pub(super) fn locate(world: &dyn World, path: &SourcePath, place: Place) -> Diagnostic {
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
