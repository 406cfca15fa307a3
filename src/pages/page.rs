//! Pages: a planned file becomes bytes, and the trace of what it asked.

use std::sync::Arc;

use tera::{Context, Map, Value};

use super::card::CardText;
use super::feed;
use super::hosts;
use super::mail;
use super::plan::Plan;
use super::search;
use super::sitemap;
use super::structured::structured_data;
use super::subject::{FeedSubject, Planned, Subject};
use super::templates::Engine;
use super::trace::{self, Trace};
use crate::ground::date::Period;
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::encoding::Encode;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, Url};
use crate::ground::text::{escape_attribute, escape_text};
use crate::meaning::card::Card;
use crate::meaning::question::Question;
use crate::meaning::site::{COMPANIES, Site};
use crate::reading::config::FeedFormat;

/// What pages are rendered with.
#[derive(Clone, Copy, Debug)]
pub struct Renderer<'r> {
    /// The site that is asked.
    pub site: &'r Arc<Site>,
    /// The templates.
    pub engine: &'r Engine,
    /// The plan, for sitemaps and redirects.
    pub plan: &'r Plan,
}

/// A page that was rendered.
#[derive(Debug)]
pub struct RenderedPage {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it asked.
    pub trace: Trace,
}

impl Renderer<'_> {
    /// Renders a page; `None` for files that are copied.
    pub fn render(&self, planned: &Planned) -> Option<Result<RenderedPage, Diagnostic>> {
        let (rendered, trace) = trace::record(self.site, || self.bytes(planned));
        rendered.map(|rendered| rendered.map(|bytes| RenderedPage { bytes, trace }))
    }

    /// What tells that a page is about the same thing: its subject, and what it shows of that
    /// without asking.
    pub fn mark(&self, planned: &Planned) -> Fingerprint {
        Fingerprint::of_encoded(|encoder| {
            planned.url.encode(encoder);
            planned.subject.encode(encoder);
            match &planned.subject {
                Subject::Opml => feed::opml::mark(self.site).encode(encoder),
                Subject::Sitemap => sitemap::mark(self.site, self.plan).encode(encoder),
                Subject::SitemapPart(part, parts) => {
                    sitemap::part_mark(self.site, self.plan, *part, *parts).encode(encoder);
                }
                Subject::News(part) => sitemap::news_mark(self.site, *part).encode(encoder),
                Subject::Host(file) => hosts::bytes(self.site, self.plan, *file).encode(encoder),
                Subject::Card(card) => CardText::of(self.site, card).encode(encoder),
                Subject::Page(path) => {
                    if let Some(page) = self.site.pages.iter().find(|page| page.path == *path) {
                        page.title.encode(encoder);
                        page.text.description.encode(encoder);
                        page.noindex.encode(encoder);
                    }
                }
                _ => {}
            }
        })
    }

    fn bytes(&self, planned: &Planned) -> Option<Result<Vec<u8>, Diagnostic>> {
        if let Some(template) = template_of(&planned.subject) {
            return Some(self.template(planned, template));
        }
        match &planned.subject {
            Subject::Redirect(to) => Some(Ok(self.redirect(to))),
            Subject::Feed(subject, format) => {
                Some(Ok(feed::bytes(self.site, subject, *format, &planned.url)))
            }
            Subject::Sitemap => Some(Ok(sitemap::sitemap(self.site, self.plan))),
            Subject::SitemapPart(part, parts) => Some(Ok(sitemap::part(self.site, self.plan, *part, *parts))),
            Subject::News(part) => Some(Ok(sitemap::news(self.site, *part))),
            Subject::Robots => Some(Ok(sitemap::robots(self.site))),
            Subject::Opml => Some(Ok(feed::opml::write(self.site))),
            Subject::SearchFile(file) => Some(Ok(search::bytes(self.site, *file))),
            Subject::Host(file) => Some(Ok(hosts::bytes(self.site, self.plan, *file))),
            // Files that are copied.
            _ => None,
        }
    }

    fn template(&self, planned: &Planned, template: &str) -> Result<Vec<u8>, Diagnostic> {
        let bytes = self.rendered(planned, template)?;
        match &planned.subject {
            Subject::Mail(period) => self.mail(*period, &bytes).map(|mail| mail.html.into_bytes()),
            _ => Ok(bytes),
        }
    }

    fn rendered(&self, planned: &Planned, template: &str) -> Result<Vec<u8>, Diagnostic> {
        let mut context = Context::new();
        let ask = |question: Question| trace::ask(question).unwrap_or(Value::none());
        let mut insert = |name: &'static str, value: Value| context.insert_value(name, value);
        let text = |text: &str| Value::normal_string(text);
        let mut noindex = matches!(planned.subject, Subject::NotFound | Subject::Mail(_));
        match &planned.subject {
            Subject::Article(path) => {
                let article = ask(Question::Article(path.clone()));
                noindex = article.get_from_path("noindex").is_some_and(Value::is_truthy);
                insert("article", article);
            }
            Subject::Terms(taxonomy) => insert("taxonomy", text(taxonomy)),
            Subject::Term(taxonomy, slug) => {
                let term = ask(Question::Term {
                    taxonomy: taxonomy.clone(),
                    slug: slug.clone(),
                });
                insert("taxonomy", text(taxonomy));
                insert(if taxonomy == COMPANIES { "company" } else { "term" }, term);
            }
            Subject::TermMonth(taxonomy, slug, month) => {
                let term = ask(Question::TermLink {
                    taxonomy: taxonomy.clone(),
                    slug: slug.clone(),
                });
                insert("taxonomy", text(taxonomy));
                insert("term", term);
                insert("month", text(&month.to_string()));
            }
            Subject::Pair(first, second) => {
                insert("pair", ask(Question::Pair(first.clone(), second.clone())));
            }
            Subject::Edition(period) => insert("edition", ask(Question::Edition(*period))),
            Subject::Mail(period) => {
                let edition = ask(Question::Edition(*period));
                let edition = mail::without_noindex(&edition);
                // What it tells is part of the answer about the edition, or of the settings.
                insert("email", mail::value(self.site, *period, &edition));
                insert("edition", edition);
            }
            Subject::ArchiveMonth(month) => insert("month", text(&month.to_string())),
            Subject::Page(path) => noindex = self.insert_page(path, &mut insert),
            _ => {}
        }
        // `front` for the front page; else the kind of page is the template's name.
        let kind = match template.trim_end_matches(".html") {
            "index" => "front",
            "404" => "not-found",
            name => name,
        };
        insert("page", self.page_value(planned, kind, noindex));
        self.engine.render(template, &context)
    }

    /// An edition as the e-mail that it is sent as, whether or not the site has a page of it.
    pub fn newsletter(&self, period: Period) -> Result<mail::Cleaned, Diagnostic> {
        let planned = Planned {
            url: mail::url(period).unwrap_or_else(Url::root),
            subject: Subject::Mail(period),
        };
        let (rendered, _) = trace::record(self.site, || {
            let bytes = self.rendered(&planned, mail::TEMPLATE)?;
            self.mail(period, &bytes)
        });
        rendered
    }

    /// Makes an e-mail of what its template gave.
    fn mail(&self, period: Period, bytes: &[u8]) -> Result<mail::Cleaned, Diagnostic> {
        let html = String::from_utf8_lossy(bytes);
        mail::finish(self.site, period, &html)
            .map_err(|why| Diagnostic::new(Code::TemplateRender, format!("`{}`: {why}", mail::TEMPLATE)))
    }

    fn insert_page(&self, path: &SourcePath, insert: &mut impl FnMut(&'static str, Value)) -> bool {
        let Some(page) = self.site.pages.iter().find(|page| page.path == *path) else {
            return false;
        };
        insert("title", Value::normal_string(&page.title));
        insert("description", Value::normal_string(&page.text.description));
        insert("path", Value::normal_string(path.as_str()));
        page.noindex
    }

    /// What every template knows about its own page.
    fn page_value(&self, planned: &Planned, kind: &str, noindex: bool) -> Value {
        let site = self.site;
        let mut map = Map::default();
        let mut insert = |key: &'static str, value: Value| {
            map.insert(key.into(), value);
        };
        insert("kind", Value::normal_string(kind));
        insert("url", Value::normal_string(&site.href(&planned.url)));
        insert("permalink", site.absolute(&planned.url).into());
        insert("noindex", noindex.into());
        let main = feed::formats(site).next();
        let feeds: Vec<Value> = feeds_of(site, &planned.subject)
            .into_iter()
            .map(|(url, title, format)| {
                let mut feed = Map::default();
                feed.insert("url".into(), Value::normal_string(&site.href(&url)));
                feed.insert("title".into(), Value::normal_string(&title));
                let kind = feed::media_type(format);
                feed.insert("type".into(), Value::normal_string(kind));
                feed.insert("main".into(), (Some(format) == main).into());
                Value::from(feed)
            })
            .collect();
        insert("feeds", feeds.into());
        let image = (!noindex)
            .then(|| trace::ask(Question::Image(card_of(&planned.subject))))
            .flatten();
        insert("image", image.unwrap_or(Value::none()));
        let data = (!noindex).then(|| structured_data(site, planned)).flatten();
        insert(
            "structured_data",
            data.map_or(Value::none(), |data| Value::safe_string(&data)),
        );
        Value::from(map)
    }

    /// A page that leads on, for hosts that know no redirects.
    fn redirect(&self, to: &Url) -> Vec<u8> {
        let site = self.site;
        let mut target = String::new();
        escape_attribute(&mut target, &site.href(to));
        let mut canonical = String::new();
        escape_attribute(
            &mut canonical,
            &site.absolute(to).unwrap_or_else(|| site.href(to)),
        );
        let language = &site.config.language;
        let word = |key: &str| {
            let mut html = String::new();
            escape_text(&mut html, site.config.wording.get(key));
            html
        };
        let moved = word("moved");
        let link = format!("<a href=\"{target}\">{}</a>", word("new_address"));
        let text = word("moved_text").replace("{page}", &link);
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{moved}</title>\n\
             <meta name=\"robots\" content=\"noindex\">\n<link rel=\"canonical\" href=\"{canonical}\">\n\
             <meta http-equiv=\"refresh\" content=\"0; url={target}\">\n</head>\n<body>\n<main>\n<h1>{moved}</h1>\n\
             <p>{text}</p>\n</main>\n</body>\n</html>\n"
        )
        .into_bytes()
    }
}

/// The template that a page is rendered with; `None` for files that are made without one.
pub fn template_of(subject: &Subject) -> Option<&'static str> {
    Some(match subject {
        Subject::Front => "index.html",
        Subject::Article(_) => "article.html",
        Subject::Terms(taxonomy) if taxonomy == COMPANIES => "companies.html",
        Subject::Terms(_) => "terms.html",
        Subject::Term(taxonomy, _) if taxonomy == COMPANIES => "company.html",
        Subject::Term(..) => "term.html",
        Subject::TermMonth(..) => "term-month.html",
        Subject::Pair(..) => "pair.html",
        Subject::Map => "map.html",
        Subject::Editions => "editions.html",
        Subject::Edition(_) => "edition.html",
        Subject::Mail(_) => mail::TEMPLATE,
        Subject::Archive => "archive.html",
        Subject::ArchiveMonth(_) => "archive-month.html",
        Subject::Corrections => "corrections.html",
        Subject::NotFound => "404.html",
        Subject::Page(_) => "page.html",
        Subject::Search => "search.html",
        Subject::Copy(_)
        | Subject::Rendition(..)
        | Subject::Theme(_)
        | Subject::Redirect(_)
        | Subject::Feed(..)
        | Subject::Sitemap
        | Subject::Robots
        | Subject::SitemapPart(..)
        | Subject::News(_)
        | Subject::Opml
        | Subject::SearchFile(_)
        | Subject::Card(_)
        | Subject::Host(_) => return None,
    })
}

/// The card that stands for a page, if it has one of its own.
fn card_of(subject: &Subject) -> Card {
    match subject {
        Subject::Article(path) => Card::Article(path.clone()),
        Subject::Term(taxonomy, slug) if taxonomy == COMPANIES => Card::Company(slug.clone()),
        Subject::Edition(period) => Card::Edition(*period),
        _ => Card::Site,
    }
}

/// The feeds that a page announces: its own first, then the site's.
fn feeds_of(site: &Site, subject: &Subject) -> Vec<(Url, String, FeedFormat)> {
    let own = match subject {
        Subject::Term(taxonomy, slug) | Subject::TermMonth(taxonomy, slug, _) => {
            Some(FeedSubject::Term(taxonomy.clone(), slug.clone()))
        }
        Subject::Editions | Subject::Edition(_) => Some(FeedSubject::Editions),
        Subject::Corrections => Some(FeedSubject::Corrections),
        _ => None,
    };
    let mut feeds: Vec<(Url, String, FeedFormat)> = Vec::new();
    for subject in own.into_iter().chain([FeedSubject::Site]) {
        for format in feed::formats(site) {
            if let Some(url) = feed::url(site, &subject, format) {
                feeds.push((url, feed::title(site, &subject), format));
            }
        }
    }
    feeds
}
