//! Inputs: which files a site folder holds, and what each is read as.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

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
use crate::reading::asset;
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

/// Finds the files of a site.
pub fn discover(world: &dyn World, found: &mut Diagnostics) -> Inputs {
    let mut inputs = Inputs::default();
    let settings = SourcePath::new(config::FILE_NAME);
    let settings = settings.and_then(|path| Some((world.stamp(&path)?, path)));
    inputs
        .all
        .extend(settings.map(|(stamp, path)| File { path, stamp }));
    for file in world.files("content", found) {
        inputs.all.push(file.clone());
        inputs.sort_content(file, found);
    }
    for file in world.files("data", found) {
        if matches!(file.path.extension().as_str(), "yaml" | "yml") {
            inputs.data.push(file.path.clone());
        }
        inputs.all.push(file);
    }
    for file in world.files("static", found) {
        inputs.all.push(file.clone());
        inputs.assets.push(file);
    }
    for file in world.files("templates", found) {
        if matches!(file.path.extension().as_str(), "html" | "xml") {
            inputs.templates.push(file.path.clone());
        }
        inputs.all.push(file);
    }
    inputs
}

impl Inputs {
    /// A site's own templates and their texts.
    pub fn read_templates(&self, world: &dyn World, found: &mut Diagnostics) -> Vec<(SourcePath, String)> {
        self.templates
            .iter()
            .filter_map(|path| Some((path.clone(), read_or_report(world, path, found)?)))
            .collect()
    }

    fn sort_content(&mut self, file: File, found: &mut Diagnostics) {
        let path = &file.path;
        let is_markdown = matches!(path.extension().as_str(), "md" | "markdown");
        let below = |folder: &str| path.below(folder).is_some();
        if matches!(path.as_str(), company::FILE | "content/companies.yml") {
            self.register = Some(file.path);
        } else if !is_markdown {
            self.assets.push(file);
        } else if below("content/articles") {
            self.articles.push(file);
        } else if below("content/editions") {
            self.editions.push(file.path);
        } else if below("content/pages") {
            self.pages.push(file.path);
        } else if below("content/companies") {
            self.profiles.push(file.path);
        } else if !path.file_name().eq_ignore_ascii_case("readme.md") {
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
        let mut register = self.read_register(world, found);
        let profiles = self.read_profiles(world, config, &mut register, found);
        memory.reads_with(&register);
        let tagger = Arc::new(Tagger::new(&register));
        let register = Arc::new(register);
        let spill = memory.spill();
        let shelf = Shelf::new(world.shared(), config.clone(), register.clone(), tagger, spill);
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
                        articles.push(article);
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
        let parsed = Parsed {
            articles,
            stories: shelf.clone(),
            failed,
            register,
            profiles,
            pages,
            editions,
            assets: self.read_assets(world, memory),
            data,
        };
        (parsed, shelf)
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
    ) -> BTreeMap<String, (SourcePath, Text)> {
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

    fn read_pages(
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

    fn read_editions(
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

    fn read_data(&self, world: &dyn World, found: &mut Diagnostics) -> BTreeMap<String, yaml::Value> {
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

    fn read_assets(&self, world: &dyn World, memory: &Memory) -> BTreeMap<SourcePath, Asset> {
        let read = |file: &File| {
            let extension = file.path.extension();
            // A picture that cannot be read is found when it is copied.
            let look = || {
                let head = world.read(&file.path, asset::HEAD_BYTES).ok()?;
                asset::dimensions(&extension, &head)
            };
            let dimensions = match memory.seen().asset(&file.path) {
                _ if !asset::is_picture(&extension) => None,
                Some(known) if memory.seen().is_same(&file.path, file.stamp) => known.dimensions,
                _ => look(),
            };
            let stamp = file.stamp;
            (file.path.clone(), Asset { stamp, dimensions })
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
        shelf.put(path, &story);
    }
    let record = memory.is_writing().then(|| ArticleRecord {
        path: path.clone(),
        content,
        read: encoding::encode(&read),
    });
    (read, record)
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
