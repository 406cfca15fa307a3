//! brief.yaml: the settings of a site, typed and checked. Every one has a default, and an empty
//! file is a valid one.

mod address;
mod csp;
mod email;
mod hosting;
mod permalink;
mod publish;
mod publish_hooks;
mod theme;

use std::sync::Arc;

use super::checks::Checks;
use super::markdown;
use super::wording::Wording;
use super::yaml::{self, Fields, Node, Value};
use crate::ground::date::Zone;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::{SourcePath, slug};
use crate::ground::text::is_language_tag;

pub use address::BaseUrl;
pub use csp::Csp;
pub use email::{Email, Mailbox};
pub use hosting::{Coding, Hosting, Server};
pub use permalink::{Permalink, PermalinkFields};
pub use publish::{Git, Place, Store, Target};
pub use publish_hooks::{Hooks, IndexNow, Purge};
pub use theme::Theme;

/// The name of the settings file, in the site folder.
pub const FILE_NAME: &str = "brief.yaml";

/// All settings of a site.
#[derive(Clone, Debug)]
pub struct Config {
    /// The site's name.
    pub title: String,
    /// One line under the name.
    pub tagline: Option<String>,
    /// Where the site will stand; `None` leaves out what needs absolute addresses.
    pub base_url: Option<BaseUrl>,
    /// A BCP 47 language tag.
    pub language: String,
    /// The words of the theme, of dates and of numbers.
    pub wording: Wording,
    /// The zone in which days begin and end.
    pub zone: Zone,
    /// The zone's IANA name.
    pub timezone: String,
    /// The byline of articles without one.
    pub default_authors: Vec<Arc<str>>,
    /// What is known about authors.
    pub authors: Vec<Author>,
    /// The pattern of article addresses.
    pub permalink: Permalink,
    /// The output folder, relative to the site folder or absolute.
    pub output: String,
    /// Which groups of pages are made.
    pub pages: Pages,
    /// Which editions are made.
    pub editions: Editions,
    /// Who sends newsletters.
    pub email: Email,
    /// How companies are found and shown.
    pub companies: Companies,
    /// Front matter keys that are further taxonomies, like topics.
    pub taxonomies: Vec<String>,
    /// What feeds there are and what they hold.
    pub feeds: Feeds,
    /// Whether there is a search page.
    pub search: bool,
    /// What robots may do.
    pub robots: Robots,
    /// What the files are made ready for.
    pub hosting: Hosting,
    /// The widths in pixels in which images are offered.
    pub image_widths: Vec<u32>,
    /// How many of the newest articles have a picture for link previews drawn for them, and for what appears
    /// in them; 0 for none at all.
    pub cards: usize,
    /// How Markdown is read.
    pub markdown: markdown::Options,
    /// Hosts added to the Content Security Policy, by directive.
    pub csp: Csp,
    /// How severe the site takes kinds of problems.
    pub checks: Checks,
    /// The look of the built-in theme.
    pub theme: Theme,
    /// Where the site is published.
    pub publish: Vec<Target>,
    /// The free map for templates.
    pub extra: Value,
}

/// What is known about an author beside the name.
#[derive(Clone, Debug)]
pub struct Author {
    /// The name as in bylines.
    pub name: String,
    /// A page about them elsewhere.
    pub url: Option<String>,
    /// One line about them.
    pub about: Option<String>,
}

/// `pages:`, which groups of pages are made.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each is named like its pages")]
pub struct Pages {
    pub archive: bool,
    pub authors: bool,
    pub corrections: bool,
    pub pairs: bool,
    pub map: bool,
    pub topics: bool,
}

/// `editions:`, which editions are made.
#[derive(Clone, Copy, Debug)]
pub struct Editions {
    /// One page a day.
    pub daily: bool,
    /// One page a week.
    pub weekly: bool,
    /// An e-mail beside each edition.
    pub email: bool,
}

/// `companies:`, how companies are found and shown.
#[derive(Clone, Copy, Debug)]
pub struct Companies {
    /// Whether articles without `companies:` are searched for companies.
    pub detect: bool,
    /// Whether the first mention of a company links to its page.
    pub link_mentions: bool,
    /// From how many articles a company has a page.
    pub min_articles: usize,
    /// Whether passing mentions count like others.
    pub count_passing: bool,
    /// From how many shared articles two companies have a page.
    pub pair_min: usize,
}

/// `feeds:`, what feeds there are and what they hold.
#[derive(Clone, Debug)]
pub struct Feeds {
    /// The most entries in a feed.
    pub items: usize,
    /// Whether entries hold the whole text.
    pub full_text: bool,
    /// The formats.
    pub formats: Vec<FeedFormat>,
    /// What has a feed.
    pub of: Vec<FeedOf>,
    /// Hubs of WebSub where readers of feeds may subscribe, by address.
    pub hubs: Vec<String>,
}

/// A format of feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedFormat {
    /// RSS 2.0.
    Rss,
    /// Atom.
    Atom,
    /// JSON Feed.
    Json,
}

crate::ground::encoding::encoded!(enum FeedFormat { 0 => Rss, 1 => Atom, 2 => Json });

/// A kind of page that has a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named like its pages")]
pub enum FeedOf {
    Site,
    Companies,
    Topics,
    Authors,
    Editions,
    Corrections,
}

/// `robots:`, what robots may do.
#[derive(Clone, Copy, Debug)]
pub struct Robots {
    /// Whether language models may learn from the site and answer with it.
    pub ai: bool,
}

impl Config {
    /// The settings of a site without any.
    pub fn default_settings() -> Config {
        Config {
            title: "Briefing".to_owned(),
            tagline: None,
            base_url: None,
            language: "en".to_owned(),
            wording: Wording::default(),
            zone: Zone::utc(),
            timezone: "UTC".to_owned(),
            default_authors: Vec::new(),
            authors: Vec::new(),
            permalink: Permalink::default(),
            output: "public".to_owned(),
            pages: Pages {
                archive: true,
                authors: true,
                corrections: true,
                pairs: true,
                map: true,
                topics: true,
            },
            editions: Editions {
                daily: true,
                weekly: true,
                email: false,
            },
            email: Email::default(),
            companies: Companies {
                detect: true,
                link_mentions: true,
                min_articles: 1,
                count_passing: false,
                pair_min: 3,
            },
            taxonomies: Vec::new(),
            feeds: Feeds {
                items: 50,
                full_text: true,
                formats: vec![FeedFormat::Rss, FeedFormat::Atom, FeedFormat::Json],
                of: FEED_OF.iter().map(|&(_, of)| of).collect(),
                hubs: Vec::new(),
            },
            search: true,
            robots: Robots { ai: true },
            hosting: Hosting::default(),
            image_widths: vec![480, 960, 1600],
            cards: CARDS,
            markdown: markdown::Options {
                outward: false,
                smart: true,
                raw_html: markdown::RawHtml::Sanitise,
            },
            csp: Csp::default(),
            checks: Checks::default(),
            theme: Theme::default(),
            publish: Vec::new(),
            extra: Value::Map(Vec::new()),
        }
    }

    /// Reads the text of brief.yaml; what is wrong goes to `found` and keeps its default.
    pub fn parse(file: &SourcePath, text: &str, found: &mut Diagnostics) -> Config {
        let mut config = Config::default_settings();
        let visible = text.trim_start_matches('\u{feff}');
        if let Some(document) = yaml::parse(file, visible, text.len() - visible.len(), found) {
            let mut fields = Fields::new(&document, document.root(), "the settings");
            config.read(&mut fields);
            found.extend(fields.finish());
        }
        config
    }

    /// The path of `base_url`, with a slash at both ends; `/` without one.
    pub fn base_path(&self) -> &str {
        self.base_url.as_ref().map_or("/", BaseUrl::path)
    }

    fn read(&mut self, fields: &mut Fields<'_>) {
        if let Some(title) = fields.text(&["title"]) {
            self.title = title.value;
        }
        self.tagline = fields.text(&["tagline"]).map(|tagline| tagline.value);
        if let Some(address) = fields.text(&["base_url"]) {
            match BaseUrl::parse(&address.value) {
                Ok(base_url) => self.base_url = Some(base_url),
                Err(why) => fields.report(
                    Code::BadValue,
                    address.node,
                    format!("`base_url` is not the address of a site: {why}"),
                    "write it like `https://example.org/` or `https://example.org/briefings/`",
                ),
            }
        }
        if let Some(language) = fields.text(&["language"]) {
            if is_language_tag(&language.value) {
                self.language = language.value;
            } else {
                let message = format!("`{}` is not a language tag", language.value);
                fields.report(
                    Code::BadValue,
                    language.node,
                    message,
                    "write it like `en`, `fr` or `pt-BR`",
                );
            }
        }
        self.wording = Wording::of(&self.language);
        self.wording.read(fields);
        if let Some(timezone) = fields.text(&["timezone"]) {
            match Zone::named(&timezone.value) {
                Some(zone) => (self.zone, self.timezone) = (zone, timezone.value),
                None => {
                    let message = format!("there is no time zone `{}`", timezone.value);
                    fields.report(
                        Code::BadValue,
                        timezone.node,
                        message,
                        nearest_zone(&timezone.value),
                    );
                }
            }
        }
        if let Some(names) = fields.texts(&["author"]) {
            self.default_authors = names.into_iter().map(|name| name.value.into()).collect();
        }
        if let Some(mut authors) = fields.map(&["authors"], "the setting `authors`") {
            self.authors = read_authors(&mut authors);
            fields.absorb(authors);
        }
        if let Some(pattern) = fields.text(&["permalink"]) {
            match Permalink::parse(&pattern.value) {
                Ok(permalink) => self.permalink = permalink,
                Err((message, help)) => fields.report(Code::BadValue, pattern.node, message, help),
            }
        }
        if let Some(output) = fields.text(&["output"]) {
            self.output = output.value;
        }
        self.read_pages(fields);
        self.email = Email::read(fields);
        self.read_companies(fields);
        self.read_feeds(fields);
        self.read_robots(fields);
        self.hosting = Hosting::read(fields);
        self.read_appearance(fields);
        self.checks = Checks::read(fields, "the setting `checks`");
        self.publish = publish::read(fields, &self.feeds.hubs);
        if let Some(extra) = fields.node(&["extra"]) {
            self.extra = extra.value.clone();
        }
    }

    fn read_pages(&mut self, fields: &mut Fields<'_>) {
        if let Some(mut map) = fields.map(&["pages"], "the setting `pages`") {
            let pages = &mut self.pages;
            switch(&mut map, "archive", &mut pages.archive);
            switch(&mut map, "authors", &mut pages.authors);
            switch(&mut map, "corrections", &mut pages.corrections);
            switch(&mut map, "pairs", &mut pages.pairs);
            switch(&mut map, "map", &mut pages.map);
            switch(&mut map, "topics", &mut pages.topics);
            fields.absorb(map);
        }
        if let Some(mut map) = fields.map(&["editions"], "the setting `editions`") {
            switch(&mut map, "daily", &mut self.editions.daily);
            switch(&mut map, "weekly", &mut self.editions.weekly);
            switch(&mut map, "email", &mut self.editions.email);
            fields.absorb(map);
        }
        if let Some(names) = fields.texts(&["taxonomies"]) {
            for name in names {
                let reserved = [
                    "companies",
                    "topics",
                    "authors",
                    "editions",
                    "archive",
                    "corrections",
                    "search",
                    "cards",
                ];
                if slug(&name.value) != name.value || reserved.contains(&name.value.as_str()) {
                    let message = format!("`{}` cannot be the name of a taxonomy", name.value);
                    let help =
                        "use a plural of lower-case letters that brief does not use itself, such as `people`";
                    fields.report(Code::BadValue, name.node, message, help);
                } else if !self.taxonomies.contains(&name.value) {
                    self.taxonomies.push(name.value);
                }
            }
        }
    }

    fn read_companies(&mut self, fields: &mut Fields<'_>) {
        let Some(mut map) = fields.map(&["companies"], "the setting `companies`") else {
            return;
        };
        let companies = &mut self.companies;
        switch(&mut map, "detect", &mut companies.detect);
        switch(&mut map, "link_mentions", &mut companies.link_mentions);
        switch(&mut map, "count_passing", &mut companies.count_passing);
        count(&mut map, "min_articles", 1, &mut companies.min_articles);
        count(&mut map, "pair_min", 1, &mut companies.pair_min);
        fields.absorb(map);
    }

    fn read_feeds(&mut self, fields: &mut Fields<'_>) {
        let Some(mut map) = fields.map(&["feeds"], "the setting `feeds`") else {
            return;
        };
        let feeds = &mut self.feeds;
        count(&mut map, "items", 1, &mut feeds.items);
        switch(&mut map, "full_text", &mut feeds.full_text);
        let formats = [
            ("rss", FeedFormat::Rss),
            ("atom", FeedFormat::Atom),
            ("json", FeedFormat::Json),
        ];
        if let Some(chosen) = map.choices(&["formats"], &formats) {
            feeds.formats = chosen.into_iter().map(|format| format.value).collect();
        }
        if let Some(chosen) = map.choices(&["of"], &FEED_OF) {
            feeds.of = chosen.into_iter().map(|of| of.value).collect();
        }
        feeds.hubs = publish_hooks::read_hubs(&mut map, "hubs");
        fields.absorb(map);
    }

    fn read_robots(&mut self, fields: &mut Fields<'_>) {
        if let Some(mut map) = fields.map(&["robots"], "the setting `robots`") {
            switch(&mut map, "ai", &mut self.robots.ai);
            fields.absorb(map);
        }
    }

    /// `on` and `off`, or how many.
    fn read_cards(&mut self, fields: &mut Fields<'_>) {
        let is_switch = fields
            .node(&["cards"])
            .is_some_and(|node| matches!(node.value, Value::Bool(_) | Value::Text(_)));
        match is_switch {
            true => {
                let chosen = fields.boolean(&["cards"]);
                self.cards = chosen.map_or(CARDS, |chosen| if chosen.value { CARDS } else { 0 });
            }
            false => count(fields, "cards", 0, &mut self.cards),
        }
    }

    fn read_appearance(&mut self, fields: &mut Fields<'_>) {
        if let Some(search) = fields.boolean(&["search"]) {
            self.search = search.value;
        }
        if let Some(mut map) = fields.map(&["images"], "the setting `images`") {
            if let Some(widths) = map.list(&["widths"]) {
                self.image_widths = widths
                    .iter()
                    .filter_map(|width| read_width(&mut map, width))
                    .collect();
            }
            fields.absorb(map);
        }
        if let Some(mut map) = fields.map(&["markdown"], "the setting `markdown`") {
            switch(&mut map, "smart", &mut self.markdown.smart);
            use markdown::RawHtml::{Allow, Escape, Sanitise};
            let policies = [
                ("sanitise", Sanitise),
                ("sanitize", Sanitise),
                ("escape", Escape),
                ("allow", Allow),
            ];
            if let Some(policy) = map.choice(&["raw_html"], &policies) {
                self.markdown.raw_html = policy.value;
            }
            fields.absorb(map);
        }
        if let Some(mut map) = fields.map(&["csp"], "the setting `csp`") {
            self.csp = Csp::read(&mut map);
            fields.absorb(map);
        }
        self.read_cards(fields);
        self.theme = Theme::read(fields);
    }
}

/// How many articles have cards unless a site says so: those of some weeks.
const CARDS: usize = 200;

const FEED_OF: [(&str, FeedOf); 6] = [
    ("site", FeedOf::Site),
    ("companies", FeedOf::Companies),
    ("topics", FeedOf::Topics),
    ("authors", FeedOf::Authors),
    ("editions", FeedOf::Editions),
    ("corrections", FeedOf::Corrections),
];

/// Reads an on/off setting over its default.
fn switch(fields: &mut Fields<'_>, name: &'static str, setting: &mut bool) {
    if let Some(chosen) = fields.boolean(&[name]) {
        *setting = chosen.value;
    }
}

/// Reads a count over its default.
fn count(fields: &mut Fields<'_>, name: &'static str, least: i64, setting: &mut usize) {
    if let Some(chosen) = fields.number(&[name], least..=10_000) {
        // The range makes it fit.
        *setting = usize::try_from(chosen.value).unwrap_or(*setting);
    }
}

fn read_width(fields: &mut Fields<'_>, node: &Node) -> Option<u32> {
    match node.value {
        Value::Int(width @ 16..=8192) => u32::try_from(width).ok(),
        _ => {
            let message = "an image width is a whole number of pixels from 16 to 8192".to_owned();
            fields.report(
                Code::BadValue,
                node,
                message,
                "write it like `widths: [480, 960, 1600]`",
            );
            None
        }
    }
}

fn read_authors(fields: &mut Fields<'_>) -> Vec<Author> {
    let mut authors = Vec::new();
    fields.accept_all();
    for (key, node) in fields.entries() {
        let mut map = Fields::new(fields.document(), node, "an author");
        let url = map.text(&["url"]).map(|url| url.value);
        let about = map.text(&["about"]).map(|about| about.value);
        fields.absorb(map);
        authors.push(Author {
            name: key.name.clone(),
            url,
            about,
        });
    }
    authors
}

fn nearest_zone(name: &str) -> String {
    let wanted = name.to_lowercase().replace(' ', "_");
    let names = Zone::names();
    let city = |zone: &str| zone.rsplit('/').next().unwrap_or(zone).to_lowercase();
    let nearest = names.iter().find(|zone| city(zone) == wanted).or_else(|| {
        names
            .iter()
            .map(|zone| (strsim::jaro_winkler(&zone.to_lowercase(), &wanted), zone))
            .filter(|&(score, _)| score > 0.85)
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
            .map(|(_, zone)| zone)
    });
    match nearest {
        Some(zone) => format!("did you mean `{zone}`?"),
        None => "use a name of the IANA database, such as `Europe/Paris` or `America/New_York`".to_owned(),
    }
}

/// The warning that no base_url is set.
pub fn missing_base_url() -> Diagnostic {
    Diagnostic::new(
        Code::MissingBaseUrl,
        "`base_url` is not set, so feeds, the sitemap and canonical addresses are left out",
    )
    .help("set `base_url: https://example.org/` in brief.yaml to the address your readers will use")
}
