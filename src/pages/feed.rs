//! Feeds: RSS 2.0 with full text and absolute addresses, written with quick-xml.
//!
//! Source: the RSS 2.0 specification and the RSS Advisory Board's best practices for `guid`,
//! `dc:creator` and `content:encoded`.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::subject::FeedSubject;
use super::trace;
use crate::ground::date::{Moment, Period};
use crate::ground::path::{OutputPath, Url};
use crate::ground::text::{escape_attribute, escape_text, push_allowed};
use crate::meaning::answer::edition_url;
use crate::meaning::edition::{self, Cadence};
use crate::meaning::question::{Filter, Question, select};
use crate::meaning::site::{ArticleIndex, COMPANIES, Site, TOPICS};
use crate::meaning::target::{Links, fill};
use crate::reading::article::Summary;
use crate::reading::config::{FeedFormat, FeedOf};
use crate::reading::tagging::Salience;

/// One entry of a feed.
struct Item {
    title: String,
    link: String,
    guid: String,
    date: Moment,
    authors: Vec<String>,
    categories: Vec<String>,
    description: String,
    content: Option<String>,
    source: Option<(String, String)>,
}

/// The address of a feed, if the site has it.
pub fn url(site: &Site, subject: &FeedSubject) -> Option<Url> {
    let config = &site.config;
    if config.base_url.is_none() || !config.feeds.formats.contains(&FeedFormat::Rss) {
        return None;
    }
    let has = |of: FeedOf| config.feeds.of.contains(&of);
    let path = match subject {
        FeedSubject::Site => has(FeedOf::Site).then(|| "feed.xml".to_owned()),
        FeedSubject::Term(taxonomy, slug) => {
            let index = site.taxonomy(taxonomy)?;
            let of = match taxonomy.as_str() {
                COMPANIES => FeedOf::Companies,
                "authors" => FeedOf::Authors,
                // What the site adds is like topics.
                _ => FeedOf::Topics,
            };
            let has_page = index.has_pages && index.term(slug)?.has_page;
            (has_page && has(of)).then(|| format!("{taxonomy}/{slug}/feed.xml"))
        }
        FeedSubject::Editions => {
            let on = config.editions.daily || config.editions.weekly;
            (on && has(FeedOf::Editions)).then(|| "editions/feed.xml".to_owned())
        }
        FeedSubject::Corrections => {
            (config.pages.corrections && has(FeedOf::Corrections)).then(|| "corrections/feed.xml".to_owned())
        }
    }?;
    OutputPath::new(&path).ok().map(|file| Url::file(&file))
}

/// The title of a feed.
pub fn title(site: &Site, subject: &FeedSubject) -> String {
    let (own, wording) = (&site.config.title, &site.config.wording);
    let of = |title: &str| wording.filled("page_title", &[("title", title), ("site", own)]);
    match subject {
        FeedSubject::Site => own.clone(),
        FeedSubject::Term(taxonomy, slug) => {
            let term = site.taxonomy(taxonomy).and_then(|taxonomy| taxonomy.term(slug));
            of(term.map_or(slug.as_str(), |term| &term.name))
        }
        FeedSubject::Editions => of(wording.get("editions")),
        FeedSubject::Corrections => of(wording.get("corrections")),
    }
}

/// A feed as RSS.
pub fn rss(site: &Site, subject: &FeedSubject, own: &Url) -> Vec<u8> {
    let items = items(site, subject);
    let page = page_of(own);
    let mut xml = Xml::new();
    xml.open(
        "rss",
        &[
            ("version", "2.0"),
            ("xmlns:atom", "http://www.w3.org/2005/Atom"),
            ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ],
    );
    xml.open("channel", &[]);
    let title = title(site, subject);
    xml.text("title", &title);
    xml.text("link", &absolute(site, &page));
    let tagline = site
        .config
        .tagline
        .as_deref()
        .filter(|_| *subject == FeedSubject::Site);
    xml.text("description", tagline.unwrap_or(&title));
    xml.text("language", &site.config.language);
    // The newest entry, not the clock: a feed changes when its content does.
    if let Some(newest) = items.iter().map(|item| item.date).max_by_key(|date| date.instant) {
        xml.text("lastBuildDate", &newest.rfc822());
    }
    xml.empty(
        "atom:link",
        &[
            ("href", &absolute(site, own)),
            ("rel", "self"),
            ("type", "application/rss+xml"),
        ],
    );
    for item in &items {
        write_item(&mut xml, item);
    }
    xml.close("channel");
    xml.close("rss");
    xml.finish()
}

fn write_item(xml: &mut Xml, item: &Item) {
    xml.open("item", &[]);
    xml.text("title", &item.title);
    xml.text("link", &item.link);
    xml.element("guid", &[("isPermaLink", "false")], &item.guid);
    xml.text("pubDate", &item.date.rfc822());
    for author in &item.authors {
        xml.text("dc:creator", author);
    }
    for category in &item.categories {
        xml.text("category", category);
    }
    xml.text("description", &item.description);
    if let Some(content) = &item.content {
        xml.text("content:encoded", content);
    }
    if let Some((name, url)) = &item.source {
        xml.element("source", &[("url", url)], name);
    }
    xml.close("item");
}

fn items(site: &Site, subject: &FeedSubject) -> Vec<Item> {
    let limit = site.config.feeds.items;
    match subject {
        FeedSubject::Site => articles(site, Vec::new(), limit),
        FeedSubject::Term(taxonomy, slug) => articles(site, vec![(taxonomy.clone(), slug.clone())], limit),
        FeedSubject::Editions => editions(site, limit),
        FeedSubject::Corrections => corrections(site, limit),
    }
}

fn articles(site: &Site, terms: Vec<(String, String)>, limit: usize) -> Vec<Item> {
    for (taxonomy, slug) in &terms {
        trace::note(Question::TermLink {
            taxonomy: taxonomy.clone(),
            slug: slug.clone(),
        });
    }
    let filter = Filter {
        terms,
        listed: true,
        ..Filter::default()
    };
    let chosen = select(site, &filter, limit);
    trace::note(Question::Articles {
        filter,
        offset: 0,
        limit: u32::try_from(limit).unwrap_or(u32::MAX),
    });
    chosen
        .into_iter()
        .map(|index| article_item(site, index))
        .collect()
}

fn article_item(site: &Site, index: ArticleIndex) -> Item {
    let summary = site.summary(index);
    let path = &summary.path;
    let full_text = site.config.feeds.full_text;
    if full_text {
        trace::note(Question::Body(path.clone()));
    }
    let story = full_text.then(|| site.story(index)).flatten();
    let content = story.map(|story| fill(site, path, &story.body, Links::Absolute { page: &summary.url }));
    let companies = summary
        .companies
        .iter()
        .filter(|tag| tag.salience != Salience::Passing || site.config.companies.count_passing);
    let company_names = companies.map(|tag| name_of(site, COMPANIES, &tag.slug, &tag.name));
    let topics = summary
        .topics
        .iter()
        .map(|topic| name_of(site, TOPICS, &crate::ground::path::slug(topic), topic));
    let source = summary
        .source
        .as_ref()
        .and_then(|source| source.name.clone().zip(source.url.clone()));
    Item {
        title: summary.title.to_string(),
        link: absolute(site, &summary.url),
        guid: guid(summary),
        date: summary.date,
        authors: summary.authors.iter().map(ToString::to_string).collect(),
        categories: company_names.chain(topics).collect(),
        description: summary.description.to_string(),
        content,
        source,
    }
}

/// A permanent identifier: an id that is an address already (as other generators' are) is kept.
fn guid(summary: &Summary) -> String {
    if summary.id.contains(':') {
        summary.id.to_string()
    } else {
        format!("urn:brief:{}", summary.id)
    }
}

fn name_of(site: &Site, taxonomy: &str, slug: &str, name: &str) -> String {
    let term = site.taxonomy(taxonomy).and_then(|taxonomy| taxonomy.term(slug));
    term.map_or(name, |term| &term.name).to_owned()
}

fn editions(site: &Site, limit: usize) -> Vec<Item> {
    let mut periods: Vec<Period> = Vec::new();
    for cadence in [Cadence::Daily, Cadence::Weekly] {
        trace::note(Question::Editions(
            cadence,
            u32::try_from(limit).unwrap_or(u32::MAX),
        ));
        periods.extend(edition::periods(site, cadence).iter().take(limit));
    }
    // Newest first by their last day; a week ends with its Sunday's daily edition.
    periods.sort_by_key(|period| std::cmp::Reverse((period.days().1, *period)));
    periods
        .into_iter()
        .take(limit)
        .filter_map(|period| edition_item(site, period))
        .collect()
}

fn edition_item(site: &Site, period: Period) -> Option<Item> {
    trace::note(Question::Edition(period));
    let edition = edition::edition(site, period)?;
    let url = edition_url(period)?;
    let newest = edition.stories.iter().map(|story| story.article).min();
    let date = newest.map_or_else(
        || Moment::on(period.days().1, &site.config.zone),
        |index| site.summary(index).date,
    );
    let mut content = String::from("<ol>");
    let mut headlines = Vec::new();
    for story in &edition.stories {
        let summary = site.summary(story.article);
        let headline = story
            .entry
            .and_then(|entry| entry.headline.as_deref())
            .unwrap_or(&summary.title);
        headlines.push(headline.to_owned());
        content.push_str("<li><a href=\"");
        escape_attribute(&mut content, &absolute(site, &summary.url));
        content.push_str("\">");
        escape_text(&mut content, headline);
        content.push_str("</a>. ");
        match &summary.standfirst {
            None => escape_text(&mut content, &summary.description),
            Some(standfirst) => {
                let links = Links::Absolute { page: &summary.url };
                content.push_str(&fill(site, &summary.path, standfirst, links));
            }
        }
        content.push_str("</li>");
    }
    content.push_str("</ol>");
    let own_title = edition.hand_made.and_then(|hand_made| hand_made.title.clone());
    Some(Item {
        title: own_title.unwrap_or_else(|| format!("{}: {period}", site.config.title)),
        link: absolute(site, &url),
        guid: format!("urn:brief:edition:{period}"),
        date,
        authors: Vec::new(),
        categories: Vec::new(),
        description: headlines.join("; "),
        content: Some(content).filter(|_| site.config.feeds.full_text),
        source: None,
    })
}

fn corrections(site: &Site, limit: usize) -> Vec<Item> {
    trace::note(Question::Corrections);
    let mut items: Vec<(ArticleIndex, usize, Item)> = Vec::new();
    for index in site.all() {
        let summary = site.summary(index);
        for (number, correction) in summary.corrections.iter().enumerate() {
            let html = fill(
                site,
                &summary.path,
                &correction.text,
                Links::Absolute { page: &summary.url },
            );
            let item = Item {
                title: site
                    .config
                    .wording
                    .filled("correction_in", &[("title", &summary.title)]),
                link: absolute(site, &summary.url),
                guid: format!("{}:correction:{}", guid(summary), number + 1),
                date: correction.date,
                authors: Vec::new(),
                categories: Vec::new(),
                description: html,
                content: None,
                source: None,
            };
            items.push((index, number, item));
        }
    }
    items.sort_by_key(|(index, number, item)| (std::cmp::Reverse(item.date.instant), *index, *number));
    items.into_iter().take(limit).map(|(_, _, item)| item).collect()
}

/// The page a feed belongs to: the folder it lies in.
fn page_of(feed: &Url) -> Url {
    let path = feed.as_str();
    let folder = path.rfind('/').map_or("", |slash| &path[..slash]);
    Url::page(folder).unwrap_or_else(|_| Url::root())
}

fn absolute(site: &Site, url: &Url) -> String {
    site.absolute(url).unwrap_or_else(|| site.href(url))
}

/// XML written element by element. Writing to memory cannot fail.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    /// Starts a document.
    pub(super) fn new() -> Xml {
        let mut xml = Xml {
            writer: Writer::new_with_indent(Vec::with_capacity(32 * 1024), b' ', 1),
        };
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start =
            BytesStart::new(name).with_attributes(attributes.iter().map(|(key, value)| (*key, *value)));
        self.event(Event::Start(start));
    }

    /// Closes an element.
    pub(super) fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// Writes an element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start =
            BytesStart::new(name).with_attributes(attributes.iter().map(|(key, value)| (*key, *value)));
        self.event(Event::Empty(start));
    }

    /// Writes an element that holds a text.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.element(name, &[], text);
    }

    /// Writes an element with attributes that holds a text, without the characters that XML forbids.
    pub(super) fn element(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        let mut clean = String::with_capacity(text.len());
        push_allowed(&mut clean, text);
        self.event(Event::Text(BytesText::new(&clean)));
        self.close(name);
    }

    /// The document.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut bytes = self.writer.into_inner();
        bytes.push(b'\n');
        bytes
    }

    fn event(&mut self, event: Event<'_>) {
        let written = self.writer.write_event(event);
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
    }
}
