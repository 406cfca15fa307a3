//! The entries of a feed, whatever its format.

use super::absolute;
use crate::ground::date::{Moment, Period};
use crate::ground::text::{escape_attribute, escape_text};
use crate::meaning::answer::{edition_url, term_url};
use crate::meaning::edition::{self, Cadence};
use crate::meaning::question::{Filter, Question, select};
use crate::meaning::site::{AUTHORS, ArticleIndex, COMPANIES, Site, TOPICS};
use crate::meaning::target::{self, Links, fill};
use crate::pages::subject::FeedSubject;
use crate::pages::trace;
use crate::reading::article::Summary;
use crate::reading::tagging::Salience;

/// One entry of a feed.
pub struct Item {
    pub title: String,
    pub link: String,
    /// Permanent, whatever becomes of the address.
    pub id: String,
    pub date: Moment,
    /// The last significant change.
    pub updated: Moment,
    pub authors: Vec<Author>,
    pub categories: Vec<String>,
    /// Plain text; empty where the content says it all.
    pub description: String,
    /// The whole text, as HTML.
    pub content: Option<String>,
    /// The report that it rests on: its name and its address.
    pub source: Option<(String, String)>,
    pub image: Option<Image>,
    /// Its language, if it is another than the site's.
    pub language: Option<String>,
}

/// Who wrote an entry.
pub struct Author {
    pub name: String,
    pub url: Option<String>,
}

/// The picture of an entry.
pub struct Image {
    pub url: String,
    /// Its media type, where its name tells.
    pub kind: Option<&'static str>,
}

/// What a feed tells of.
pub enum Chosen {
    Articles(Vec<ArticleIndex>),
    Editions(Vec<Period>),
    Corrections,
}

impl Chosen {
    /// Chooses, and notes all that the feed asks.
    pub fn ask(site: &Site, subject: &FeedSubject) -> Chosen {
        let limit = site.config.feeds.items;
        match subject {
            FeedSubject::Site => Chosen::Articles(articles(site, Vec::new(), limit)),
            FeedSubject::Term(taxonomy, slug) => {
                Chosen::Articles(articles(site, vec![(taxonomy.clone(), slug.clone())], limit))
            }
            FeedSubject::Editions => Chosen::Editions(editions(site, limit)),
            FeedSubject::Corrections => {
                trace::note(Question::Corrections);
                Chosen::Corrections
            }
        }
    }

    /// The entries, the newest first.
    pub fn items(&self, site: &Site) -> Vec<Item> {
        match self {
            Chosen::Articles(articles) => articles.iter().map(|index| article_item(site, *index)).collect(),
            Chosen::Editions(periods) => {
                let items = periods.iter().filter_map(|period| edition_item(site, *period));
                items.collect()
            }
            Chosen::Corrections => corrections(site, site.config.feeds.items),
        }
    }
}

fn articles(site: &Site, terms: Vec<(String, String)>, limit: usize) -> Vec<ArticleIndex> {
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
    if site.config.feeds.full_text {
        for &index in &chosen {
            trace::note(Question::Body(site.summary(index).path.clone()));
        }
    }
    chosen
}

fn article_item(site: &Site, index: ArticleIndex) -> Item {
    let summary = site.summary(index);
    let path = &summary.path;
    let story = site.config.feeds.full_text.then(|| site.story(index)).flatten();
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
    let later = summary
        .updated
        .into_iter()
        .chain(summary.corrections.iter().map(|correction| correction.date));
    Item {
        title: summary.title.to_string(),
        link: absolute(site, &summary.url),
        id: id(summary),
        date: summary.date,
        updated: later.fold(summary.date, |last, moment| {
            if moment.instant > last.instant {
                moment
            } else {
                last
            }
        }),
        authors: authors(site, summary),
        categories: company_names.chain(topics).collect(),
        description: summary.description.to_string(),
        content,
        source,
        image: image(site, summary),
        language: summary.lang.clone(),
    }
}

fn authors(site: &Site, summary: &Summary) -> Vec<Author> {
    let taxonomy = site.taxonomy(AUTHORS).filter(|authors| authors.has_pages);
    let author = |name: &std::sync::Arc<str>| {
        let term = taxonomy.and_then(|authors| Some(&authors.terms()[authors.position_of_name(name)?]));
        let page = term
            .filter(|term| term.has_page)
            .and_then(|term| term_url(AUTHORS, &term.slug));
        Author {
            name: name.to_string(),
            url: page.map(|page| absolute(site, &page)),
        }
    };
    summary.authors.iter().map(author).collect()
}

fn image(site: &Site, summary: &Summary) -> Option<Image> {
    let picture = summary.image.as_deref()?;
    let src = &picture.src.text;
    let url = if picture.is_external() {
        src.clone()
    } else {
        target::href(site, &summary.path, src, Links::Absolute { page: &summary.url })?
    };
    let name = src.split(['?', '#']).next().unwrap_or(src).to_ascii_lowercase();
    let kind = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("jpg" | "jpeg") => Some("image/jpeg"),
        Some("png") => Some("image/png"),
        Some("gif") => Some("image/gif"),
        Some("webp") => Some("image/webp"),
        Some("avif") => Some("image/avif"),
        Some("svg") => Some("image/svg+xml"),
        _ => None,
    };
    Some(Image { url, kind })
}

/// A permanent identifier: an id that is an address already (as other generators' are) is kept.
fn id(summary: &Summary) -> String {
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

fn editions(site: &Site, limit: usize) -> Vec<Period> {
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
    periods.truncate(limit);
    for period in &periods {
        trace::note(Question::Edition(*period));
    }
    periods
}

fn edition_item(site: &Site, period: Period) -> Option<Item> {
    let edition = edition::edition(site, period)?;
    let url = edition_url(period)?;
    let listed = || {
        let stories = edition.stories.iter();
        stories.filter(|story| !site.summary(story.article).noindex)
    };
    let newest = listed().map(|story| story.article).min()?;
    let date = site.summary(newest).date;
    let mut content = String::from("<ol>");
    let mut headlines = Vec::new();
    for story in listed() {
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
        id: format!("urn:brief:edition:{period}"),
        date,
        updated: date,
        authors: Vec::new(),
        categories: Vec::new(),
        description: headlines.join("; "),
        content: Some(content).filter(|_| site.config.feeds.full_text),
        source: None,
        image: None,
        language: None,
    })
}

fn corrections(site: &Site, limit: usize) -> Vec<Item> {
    let mut items: Vec<(ArticleIndex, usize, Item)> = Vec::new();
    for index in site.all().filter(|index| !site.summary(*index).noindex) {
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
                id: format!("{}:correction:{}", id(summary), number + 1),
                date: correction.date,
                updated: correction.date,
                authors: Vec::new(),
                categories: Vec::new(),
                description: String::new(),
                content: Some(html),
                source: None,
                image: None,
                language: summary.lang.clone(),
            };
            items.push((index, number, item));
        }
    }
    items.sort_by_key(|(index, number, item)| (std::cmp::Reverse(item.date.instant), *index, *number));
    items.into_iter().take(limit).map(|(_, _, item)| item).collect()
}
