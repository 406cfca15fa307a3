//! Inputs: which files a site folder holds, and what each is read as.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::addresses::addresses;
use super::cache::ArticleRecord;
use super::memory::Memory;
use super::shelf::Shelf;
use crate::ground::date::Period;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::encoding;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, Url, slug};
use crate::ground::span::Span;
use crate::ground::text::one_line;
use crate::ground::world::{File, World, read_text};
use crate::meaning::site::{Asset, HandMade, HandMadeEntry, Nav, Page, Parsed};
use crate::reading::article::{self, Summary, Text};
use crate::reading::asset::{self, Shape};
use crate::reading::company::{self, Register};
use crate::reading::config::{self, Config};
use crate::reading::front_matter::{self, Split, Spot, Spotted};
use crate::reading::tagging::Tagger;
use crate::reading::yaml::{self, Document, Fields};

/// How many articles are read before what was read of them is written down.
const FRAME: usize = 2048;

/// The files of a site, sorted by what they are read as; each list is sorted by path.
#[derive(Debug, Default)]
pub struct Inputs {
    articles: Vec<File>,
    editions: Vec<SourcePath>,
    pages: Vec<SourcePath>,
    profiles: Vec<SourcePath>,
    register: Option<SourcePath>,
    data: Vec<SourcePath>,
    templates: Vec<SourcePath>,
    assets: Vec<File>,
    /// All files of the site, whether they are read or not.
    pub all: Vec<File>,
}

/// Profiles of companies, by slug.
pub type Profiles = BTreeMap<String, (SourcePath, Text)>;

/// Reads brief.yaml and gives its text too; a site without one has the default settings.
pub fn read_config(world: &dyn World, found: &mut Diagnostics) -> (Config, Option<String>) {
    let Some(path) = SourcePath::new(config::FILE_NAME).filter(|path| world.stamp(path).is_some()) else {
        return (Config::default_settings(), None);
    };
    match read_text(world, &path) {
        Ok(text) => (Config::parse(&path, &text, found), Some(text)),
        Err(problem) => {
            found.push(problem);
            (Config::default_settings(), None)
        }
    }
}

/// What a file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// brief.yaml.
    Settings,
    /// The register.
    Register,
    /// The profile of a company.
    Profile,
    /// An article.
    Article,
    /// A plain page.
    Page,
    /// An edition made by hand.
    Edition,
    /// Free data.
    Data,
    /// A template.
    Template,
    /// A file that is copied.
    Asset,
    /// Markdown in no folder that is read.
    Stray,
    /// Anything else.
    Unread,
}

impl Kind {
    /// Whether it is a text that is read, and no article.
    pub fn is_other_text(self) -> bool {
        !matches!(self, Kind::Article | Kind::Asset | Kind::Stray | Kind::Unread)
    }
}

/// What the file at a path is read as.
pub fn kind(path: &SourcePath) -> Kind {
    let extension = path.extension();
    let below = |folder: &str| path.below(folder).is_some();
    if path.as_str() == config::FILE_NAME {
        return Kind::Settings;
    }
    if matches!(path.as_str(), company::FILE | "content/companies.yml") {
        return Kind::Register;
    }
    if below("content") {
        return match extension.as_str() {
            "md" | "markdown" if below("content/articles") => Kind::Article,
            "md" | "markdown" if below("content/editions") => Kind::Edition,
            "md" | "markdown" if below("content/pages") => Kind::Page,
            "md" | "markdown" if below("content/companies") => Kind::Profile,
            "md" | "markdown" if path.file_name().eq_ignore_ascii_case("readme.md") => Kind::Unread,
            "md" | "markdown" => Kind::Stray,
            _ => Kind::Asset,
        };
    }
    match extension.as_str() {
        "yaml" | "yml" if below("data") => Kind::Data,
        "html" | "xml" if below("templates") => Kind::Template,
        _ if below("static") => Kind::Asset,
        _ => Kind::Unread,
    }
}

/// The folders of a site that are read.
pub const FOLDERS: [&str; 4] = ["content", "data", "static", "templates"];

/// Finds the files of a site.
pub fn discover(world: &dyn World, found: &mut Diagnostics) -> Inputs {
    let mut inputs = Inputs::default();
    let settings = SourcePath::new(config::FILE_NAME);
    let settings = settings.and_then(|path| Some((world.stamp(&path)?, path)));
    inputs
        .all
        .extend(settings.map(|(stamp, path)| File { path, stamp }));
    for folder in FOLDERS {
        for file in world.files(folder, found) {
            inputs.sort(file, found);
        }
    }
    inputs
}

impl Inputs {
    /// Some files of a site, sorted.
    pub fn of(files: impl IntoIterator<Item = File>) -> Inputs {
        let mut inputs = Inputs::default();
        for file in files {
            // Files in the wrong place are reported when the whole site is looked at.
            inputs.sort(file, &mut Diagnostics::new());
        }
        inputs
    }

    /// A site's own templates and their texts.
    pub fn read_templates(&self, world: &dyn World, found: &mut Diagnostics) -> Vec<(SourcePath, String)> {
        self.templates
            .iter()
            .filter_map(|path| Some((path.clone(), read_or_report(world, path, found)?)))
            .collect()
    }

    /// What is in the text files that are no articles, by path. One that cannot be read is left out.
    pub fn text_marks(&self, world: &dyn World) -> Vec<(SourcePath, Fingerprint)> {
        let is_text = |file: &&File| kind(&file.path).is_other_text();
        let files: Vec<&File> = self.all.iter().filter(is_text).collect();
        let mark = |file: &&File| Some((file.path.clone(), text_mark(world, &file.path)?));
        files.par_iter().filter_map(mark).collect()
    }

    /// The paths of all articles, in order.
    pub fn article_paths(&self) -> Vec<SourcePath> {
        self.articles.iter().map(|file| file.path.clone()).collect()
    }

    /// Puts a file into the list of its kind.
    fn sort(&mut self, file: File, found: &mut Diagnostics) {
        self.all.push(file.clone());
        match kind(&file.path) {
            Kind::Article => self.articles.push(file),
            Kind::Edition => self.editions.push(file.path),
            Kind::Page => self.pages.push(file.path),
            Kind::Profile => self.profiles.push(file.path),
            Kind::Register => self.register = Some(file.path),
            Kind::Data => self.data.push(file.path),
            Kind::Template => self.templates.push(file.path),
            Kind::Asset => self.assets.push(file),
            Kind::Settings | Kind::Unread => {}
            Kind::Stray => {
                let path = &file.path;
                found.push(
                    Diagnostic::new(
                        Code::StrayFile,
                        format!("`{path}` is in no folder that brief reads"),
                    )
                    .in_file(path)
                    .help("articles go into content/articles/, pages into content/pages/"),
                );
            }
        }
    }

    /// Reads everything. What is wrong goes to `found`; what is sound is kept, the stories on the
    /// shelf. An article that an earlier build read is not read again while its file is the same.
    pub fn parse(
        &self,
        world: &dyn World,
        config: &Arc<Config>,
        drafts: bool,
        memory: &mut Memory,
        found: &mut Diagnostics,
    ) -> (Parsed, Arc<Shelf>) {
        let known = self.read_companies(world, config, found);
        self.parse_with(world, config, known, drafts, memory, found)
    }

    /// The same with companies that were read already.
    pub fn parse_with(
        &self,
        world: &dyn World,
        config: &Arc<Config>,
        (register, profiles): (Register, Profiles),
        drafts: bool,
        memory: &mut Memory,
        found: &mut Diagnostics,
    ) -> (Parsed, Arc<Shelf>) {
        memory.reads_with(&register);
        let tagger = Arc::new(Tagger::new(&register));
        let register = Arc::new(register);
        let rest = memory.rest();
        let shelf = Shelf::new(world.shared(), config.clone(), register.clone(), tagger, rest);
        let mut articles = Vec::with_capacity(self.articles.len());
        let mut failed = BTreeSet::new();
        let mut names = Names::default();
        for files in self.articles.chunks(FRAME) {
            let earlier: Vec<Option<ArticleRecord>> =
                files.iter().map(|file| memory.article(&file.path)).collect();
            let read: Vec<(article::Read, Option<ArticleRecord>)> = files
                .par_iter()
                .zip(earlier)
                .map(|(file, earlier)| read_article(world, &shelf, file, earlier, memory))
                .collect();
            let mut records = Vec::with_capacity(files.len());
            for (file, (read, record)) in files.iter().zip(read) {
                records.extend(record);
                // Work in progress may be unfinished: what is wrong with a draft matters once it is shown.
                if !read.is_draft || drafts {
                    found.extend(read.found);
                }
                match read.article {
                    Some(mut article) => {
                        names.share(&mut article.summary);
                        articles.push(Arc::new(article));
                    }
                    None => {
                        failed.insert(file.path.clone());
                    }
                }
            }
            memory.keep_articles(&records);
        }
        let pages = self.read_pages(world, config, &mut failed, found);
        let editions = self.read_editions(world, config, &mut failed, found);
        let data = self.read_data(world, found);
        let shelf = Arc::new(shelf);
        let assets = self.read_assets(world, memory);
        let parsed = Parsed {
            articles,
            stories: shelf.clone(),
            failed,
            register,
            profiles,
            pages,
            editions,
            addresses: addresses(world, config, &assets),
            assets,
            data,
        };
        (parsed, shelf)
    }

    /// Reads the register and the profiles, which add to it.
    pub fn read_companies(
        &self,
        world: &dyn World,
        config: &Config,
        found: &mut Diagnostics,
    ) -> (Register, Profiles) {
        let mut register = self.read_register(world, found);
        let profiles = self.read_profiles(world, config, &mut register, found);
        (register, profiles)
    }

    fn read_register(&self, world: &dyn World, found: &mut Diagnostics) -> Register {
        let text = self
            .register
            .as_ref()
            .and_then(|path| Some((path, read_or_report(world, path, found)?)));
        text.map_or_else(Register::default, |(path, text)| {
            Register::parse(path, &text, found)
        })
    }

    fn read_profiles(
        &self,
        world: &dyn World,
        config: &Config,
        register: &mut Register,
        found: &mut Diagnostics,
    ) -> Profiles {
        let mut profiles = BTreeMap::new();
        for path in &self.profiles {
            let Some(text) = read_or_report(world, path, found) else {
                continue;
            };
            let split = front_matter::split(path, &text, found);
            let own_slug = slug(front_matter::own_name(path));
            if let Some((yaml, start)) = split.yaml
                && let Some(document) = yaml::parse(path, yaml, start, found)
            {
                register.add_profile(&document, &own_slug, found);
            }
            if !own_slug.is_empty() {
                profiles.insert(own_slug, (path.clone(), Text::parse(&split, config)));
            }
        }
        profiles
    }

    pub(super) fn read_pages(
        &self,
        world: &dyn World,
        config: &Config,
        failed: &mut BTreeSet<SourcePath>,
        found: &mut Diagnostics,
    ) -> Vec<Page> {
        let mut pages = Vec::with_capacity(self.pages.len());
        for path in &self.pages {
            let page = read_or_report(world, path, found).and_then(|text| {
                let split = front_matter::split(path, &text, found);
                read_page(path, &split, config, found)
            });
            match page {
                Some(page) => pages.push(page),
                None => {
                    failed.insert(path.clone());
                }
            }
        }
        pages
    }

    pub(super) fn read_editions(
        &self,
        world: &dyn World,
        config: &Config,
        failed: &mut BTreeSet<SourcePath>,
        found: &mut Diagnostics,
    ) -> Vec<HandMade> {
        let mut editions = Vec::with_capacity(self.editions.len());
        for path in &self.editions {
            let edition = read_or_report(world, path, found).and_then(|text| {
                let split = front_matter::split(path, &text, found);
                read_edition(path, &split, config, found)
            });
            match edition {
                Some(edition) => editions.push(edition),
                None => {
                    failed.insert(path.clone());
                }
            }
        }
        editions
    }

    pub(super) fn read_data(
        &self,
        world: &dyn World,
        found: &mut Diagnostics,
    ) -> BTreeMap<String, yaml::Value> {
        let mut data = BTreeMap::new();
        for path in &self.data {
            let Some(text) = read_or_report(world, path, found) else {
                continue;
            };
            let visible = text.trim_start_matches('\u{feff}');
            if let Some(document) = yaml::parse(path, visible, text.len() - visible.len(), found) {
                let name = path.below("data").unwrap_or_default();
                let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
                data.insert(name.to_owned(), document.root().value.clone());
            }
        }
        data
    }

    pub(super) fn read_assets(&self, world: &dyn World, memory: &Memory) -> BTreeMap<SourcePath, Asset> {
        let read = |file: &File| {
            let extension = file.path.extension();
            // A picture that cannot be read is found when it is copied.
            let look = || {
                let head = world.read(&file.path, asset::HEAD_BYTES).unwrap_or_default();
                asset::shape(&extension, &head)
            };
            let shape = match memory.seen().asset(&file.path) {
                _ if !asset::is_picture(&extension) => Shape::default(),
                Some(known) if memory.seen().is_same(&file.path, file.stamp) => known.shape,
                _ => look(),
            };
            let stamp = file.stamp;
            (file.path.clone(), Asset { stamp, shape })
        };
        self.assets
            .par_iter()
            .map(read)
            .collect::<Vec<_>>()
            .into_iter()
            .collect()
    }
}

/// The names of companies, topics and authors, each once for all articles that have it.
#[derive(Default)]
struct Names(HashSet<Arc<str>>);

impl Names {
    fn share(&mut self, summary: &mut Summary) {
        let tags = summary
            .companies
            .iter_mut()
            .flat_map(|tag| [&mut tag.name, &mut tag.slug]);
        let lists = [&mut summary.topics, &mut summary.authors];
        let terms = lists.into_iter().chain(&mut summary.terms).flatten();
        for name in tags.chain(terms) {
            match self.0.get(name) {
                Some(known) => *name = known.clone(),
                None => {
                    self.0.insert(name.clone());
                }
            }
        }
    }
}

/// Reads an article, or takes what an earlier build read of the same bytes.
fn read_article(
    world: &dyn World,
    shelf: &Shelf,
    file: &File,
    earlier: Option<ArticleRecord>,
    memory: &Memory,
) -> (article::Read, Option<ArticleRecord>) {
    let path = &file.path;
    let known = |record: ArticleRecord| {
        let read: article::Read = encoding::decode(&record.read)?;
        shelf.leave(path, record.content);
        Some((read, Some(record)))
    };
    let earlier = match earlier {
        Some(record) if memory.seen().is_same(path, file.stamp) => match known(record) {
            Some(known) => return known,
            None => None,
        },
        other => other,
    };
    let text = match read_text(world, path) {
        Ok(text) => text,
        Err(problem) => {
            let mut read = article::Read::default();
            read.found.push(problem);
            return (read, None);
        }
    };
    let content = Fingerprint::of(&text);
    if let Some(known) = earlier.filter(|record| record.content == content).and_then(known) {
        return known;
    }
    let mut read = article::read(path, &text, shelf.reading());
    if let Some(story) = read.story.take() {
        shelf.put(path, &story, content);
    }
    let record = memory.is_writing().then(|| ArticleRecord {
        path: path.clone(),
        content,
        read: encoding::encode(&read),
    });
    (read, record)
}

/// Reads an article as it is now. Gives the fingerprint of its bytes too, unless it is no text.
pub fn read_article_again(
    world: &dyn World,
    shelf: &Shelf,
    path: &SourcePath,
) -> (article::Read, Option<Fingerprint>) {
    match read_text(world, path) {
        Ok(text) => (
            article::read(path, &text, shelf.reading()),
            Some(Fingerprint::of(&text)),
        ),
        Err(problem) => {
            let mut read = article::Read::default();
            read.found.push(problem);
            (read, None)
        }
    }
}

/// What is in a text file; `None` where it cannot be read.
pub(super) fn text_mark(world: &dyn World, path: &SourcePath) -> Option<Fingerprint> {
    read_text(world, path).ok().map(Fingerprint::of)
}

fn read_or_report(world: &dyn World, path: &SourcePath, found: &mut Diagnostics) -> Option<String> {
    match read_text(world, path) {
        Ok(text) => Some(text),
        Err(problem) => {
            found.push(problem);
            None
        }
    }
}

/// Parses the front matter of a file that may go without; `None` where it cannot be read.
fn optional_front_matter(path: &SourcePath, split: &Split<'_>, found: &mut Diagnostics) -> Option<Document> {
    let (yaml, start) = split.yaml.unwrap_or(("", 0));
    yaml::parse(path, yaml, start, found)
}

fn read_page(path: &SourcePath, split: &Split<'_>, config: &Config, found: &mut Diagnostics) -> Option<Page> {
    let document = optional_front_matter(path, split, found)?;
    let mut fields = Fields::new(&document, document.root(), "a page");
    let title = fields
        .text(&["title"])
        .map(|title| one_line(&title.value))
        .filter(|title| !title.is_empty());
    let given_slug = fields.text(&["slug"]);
    let navs = [
        ("header", Nav::Header),
        ("footer", Nav::Footer),
        ("none", Nav::None),
    ];
    let nav = fields.choice(&["nav"], &navs).map_or(Nav::None, |nav| nav.value);
    let order = fields
        .number(&["order", "weight"], -10_000..=10_000)
        .map_or(0, |order| order.value);
    let noindex = fields.boolean(&["noindex"]).is_some_and(|noindex| noindex.value);
    let title = title.or_else(|| {
        fields.report_at_key(
            Code::MissingTitle,
            "title",
            "the page has no `title`",
            "add a line such as `title: About`",
        );
        None
    });
    // `about/index.md` and `about.md` are both the page /about/.
    let below = path.below("content/pages").unwrap_or_default();
    let below = below.rsplit_once('.').map_or(below, |(below, _)| below);
    let by_name = below.strip_suffix("/index").unwrap_or(below);
    let wanted = given_slug.as_ref().map_or(by_name, |slug| slug.value.as_str());
    let segments: Vec<String> = wanted
        .split('/')
        .map(slug)
        .filter(|segment| !segment.is_empty())
        .collect();
    let url = Url::page(&segments.join("/"))
        .ok()
        .filter(|url| *url != Url::root());
    let url = url.or_else(|| {
        let node = given_slug.as_ref().map_or(document.root(), |slug| slug.node);
        let message = format!("`{}` cannot be the address of a page", one_line(wanted));
        fields.report(Code::BadSlug, node, message, "add a line such as `slug: about`");
        None
    });
    found.extend(fields.finish());
    Some(Page {
        path: path.clone(),
        url: url?,
        title: title?,
        nav,
        order,
        noindex,
        text: Text::parse(split, config),
    })
}

fn read_edition(
    path: &SourcePath,
    split: &Split<'_>,
    config: &Config,
    found: &mut Diagnostics,
) -> Option<HandMade> {
    let document = optional_front_matter(path, split, found)?;
    let period = Period::parse(path.stem()).filter(|period| !matches!(period, Period::Month(_)));
    if period.is_none() {
        found.push(
            Diagnostic::new(
                Code::BadDate,
                format!("`{}` is not the name of an edition", path.file_name()),
            )
            .at(path, Span::default())
            .help("name the file by its day, `2025-01-21.md`, or by its week, `2025-W04.md`"),
        );
    }
    let mut fields = Fields::new(&document, document.root(), "an edition");
    let title = fields
        .text(&["title"])
        .map(|title| one_line(&title.value))
        .filter(|title| !title.is_empty());
    let spotted = |read: yaml::Read<'_, String>| Spotted {
        spot: Spot(read.node.id()),
        text: read.value.trim().to_owned(),
    };
    let summary = fields.text(&["summary"]).map(spotted);
    let lead = fields.text(&["lead"]).map(spotted);
    let exclude = fields
        .texts(&["exclude"])
        .unwrap_or_default()
        .into_iter()
        .map(spotted)
        .collect();
    let mut entries = Vec::new();
    for node in fields.list(&["articles"]).unwrap_or_default() {
        if let Some(text) = node.as_text() {
            let path = Spotted {
                spot: Spot(node.id()),
                text: text.trim().to_owned(),
            };
            entries.push(HandMadeEntry {
                path,
                headline: None,
                note: None,
            });
            continue;
        }
        let mut map = Fields::new(&document, node, "a story of an edition");
        let path = map.text(&["path"]).map(spotted);
        let headline = map.text(&["headline"]).map(|headline| one_line(&headline.value));
        let note = map.text(&["note"]).map(spotted);
        match path {
            Some(path) => entries.push(HandMadeEntry { path, headline, note }),
            None => map.report(
                Code::BadValue,
                node,
                "this story has no `path`",
                "add the path of its article",
            ),
        }
        fields.absorb(map);
    }
    found.extend(fields.finish());
    Some(HandMade {
        path: path.clone(),
        period: period?,
        title,
        summary,
        lead,
        entries,
        exclude,
        text: Text::parse(split, config),
    })
}
