//! `brief why`: what a page is made of, and what last caused it to be rendered.

use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;

use super::output::Voice;
use crate::building::cache::{Cache, PageRecord};
use crate::building::memory::cache_file;
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::path::{SourcePath, Url};
use crate::ground::world::World;
use crate::meaning::card::Card;
use crate::pages::page::template_of;
use crate::pages::subject::{FeedSubject, SearchFile, Subject};

/// Says what is known of a page. `state` is the folder for what is known of the output, `shown` the
/// output as messages name it. The result is the exit code.
pub fn run(world: &dyn World, page: &str, state: &Path, shown: &str, voice: Voice) -> io::Result<u8> {
    let Some(mut cache) = Cache::open(&cache_file(state)) else {
        let message = format!("nothing is known of `{shown}` yet");
        voice.problem(
            Diagnostic::new(Code::UnknownPage, message).help("build the site first: `brief build`"),
        )?;
        return Ok(1);
    };
    let wanted = Wanted::new(page, shown);
    let mut known: Vec<Url> = Vec::new();
    while let Some(pages) = cache.pages.frame() {
        for page in pages {
            if wanted.is(&page) {
                tell(world, &page, shown, &mut io::stdout().lock())?;
                return Ok(0);
            }
            known.push(page.url);
        }
    }
    let mut diagnostic = Diagnostic::new(Code::UnknownPage, format!("there is no page `{page}`"));
    let distance = |url: &Url| strsim::damerau_levenshtein(url.as_str(), page);
    let nearest = known.iter().map(|url| (distance(url), url)).min();
    if let Some((distance, nearest)) = nearest
        && distance <= page.chars().count() / 3
    {
        diagnostic = diagnostic.help(format!("did you mean `{nearest}`?"));
    }
    let help = "name it by its address, `/companies/acme/`, by its file in the output, or by its source";
    voice.problem(diagnostic.help(help))?;
    Ok(1)
}

/// The page that was asked for, in all the ways in which it may be named.
struct Wanted {
    address: String,
    file: String,
    source: Option<SourcePath>,
}

impl Wanted {
    fn new(page: &str, shown: &str) -> Wanted {
        let page = page.replace('\\', "/");
        let page = page.strip_prefix("./").unwrap_or(&page);
        Wanted {
            address: format!("/{}", page.trim_matches('/')),
            file: page.strip_prefix(shown).unwrap_or(page).to_owned(),
            source: SourcePath::new(page),
        }
    }

    fn is(&self, page: &PageRecord) -> bool {
        let source = match &page.subject {
            Subject::Article(path) | Subject::Page(path) | Subject::Copy(path) => Some(path),
            Subject::Rendition(path, _) => Some(path),
            _ => None,
        };
        let url = page.url.as_str();
        (url.len() > 1 && url.trim_end_matches('/') == self.address)
            || (url == "/" && self.address == "/")
            || page.url.output().as_str() == self.file
            || (source.is_some() && source == self.source.as_ref())
    }
}

fn tell(world: &dyn World, page: &PageRecord, shown: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", page.url)?;
    let written = Timestamp::from_nanosecond(i128::from(page.placed.modified)).unwrap_or_default();
    let written = written.strftime("%Y-%m-%d %H:%M:%S UTC");
    let size = page.placed.content.size;
    writeln!(
        out,
        "  file      {shown}{}, {size} bytes, written {written}",
        page.url.output()
    )?;
    writeln!(out, "  about     {}", about(&page.subject))?;
    if let Some(template) = template_of(&page.subject) {
        let own = SourcePath::new(&format!("templates/{template}"));
        let is_own = own.is_some_and(|own| world.stamp(&own).is_some());
        let whose = if is_own { "of the site" } else { "built-in" };
        writeln!(out, "  template  {template}, {whose}")?;
    }
    writeln!(out, "  rendered  because {}", page.cause)?;
    let own = match &page.subject {
        Subject::Article(path) | Subject::Page(path) => Some(path),
        _ => None,
    };
    for (number, (question, _)) in page.trace.answers(own).flatten().enumerate() {
        let head = if number == 0 { "asks" } else { "" };
        writeln!(out, "  {head:<9} {question}")?;
    }
    Ok(())
}

fn about(subject: &Subject) -> String {
    match subject {
        Subject::Front => "the newest day's briefing".to_owned(),
        Subject::Article(path) => format!("the article {path}"),
        Subject::Redirect(to) => format!("an old address of {to}"),
        Subject::Terms(taxonomy) => format!("all {taxonomy}"),
        Subject::Term(taxonomy, slug) => format!("`{slug}` of {taxonomy}"),
        Subject::TermMonth(taxonomy, slug, month) => format!("{month} of `{slug}` of {taxonomy}"),
        Subject::Pair(first, second) => format!("`{first}` and `{second}` together"),
        Subject::Map => "the map of companies".to_owned(),
        Subject::Editions => "all editions".to_owned(),
        Subject::Edition(period) => format!("the edition {period}"),
        Subject::Mail(period) => format!("the e-mail of {period}"),
        Subject::Archive => "the calendar".to_owned(),
        Subject::ArchiveMonth(month) => format!("the calendar's {month}"),
        Subject::Corrections => "all corrections".to_owned(),
        Subject::NotFound => "addresses without a page".to_owned(),
        Subject::Page(path) => format!("the page {path}"),
        Subject::Feed(FeedSubject::Site, _) => "the feed of all articles".to_owned(),
        Subject::Feed(FeedSubject::Term(taxonomy, slug), _) => format!("the feed of `{slug}` of {taxonomy}"),
        Subject::Feed(FeedSubject::Editions, _) => "the feed of editions".to_owned(),
        Subject::Feed(FeedSubject::Corrections, _) => "the feed of corrections".to_owned(),
        Subject::Opml => "the list of all feeds".to_owned(),
        Subject::Sitemap => "all pages, for search engines".to_owned(),
        Subject::SitemapPart(part, parts) => {
            format!("part {} of {parts} of all pages, for search engines", part + 1)
        }
        Subject::News(_) => "the articles of the last two days, for search engines".to_owned(),
        Subject::Robots => "what robots may read".to_owned(),
        Subject::Host(file) => format!("{} for hosts", file.name()),
        Subject::Copy(path) => format!("the file {path}"),
        Subject::Rendition(path, rendition) => format!("{path}, {} pixels wide", rendition.width),
        Subject::Card(Card::Site) => "the card of the site".to_owned(),
        Subject::Card(Card::Article(path)) => format!("the card of {path}"),
        Subject::Card(Card::Company(slug)) => format!("the card of the company `{slug}`"),
        Subject::Card(Card::Edition(period)) => format!("the card of the edition {period}"),
        Subject::Theme(name) => format!("the theme's file {name}"),
        Subject::Search => "the search".to_owned(),
        Subject::SearchFile(SearchFile::Days) => "the days that have articles, for the search".to_owned(),
        Subject::SearchFile(SearchFile::Titles(_)) => {
            "words of headlines and names, for the search".to_owned()
        }
        Subject::SearchFile(SearchFile::Texts(segment, _)) => {
            format!("words of texts of {segment}, for the search")
        }
        Subject::SearchFile(SearchFile::Records(segment, _)) => {
            format!("what results of the search show of {segment}")
        }
    }
}
