//! Search: an index of static files that the page's script reads, without a server.
//!
//! There are four kinds of files, all text in lines, each small enough to be fetched while a reader
//! waits, and each the same byte for byte unless an edit is about it:
//!
//! - `titles` hold the words of headlines and the names of companies, topics and authors, for all time,
//!   in parts by the first letters of the words. They answer most questions, and are read first.
//! - `texts` hold the words of summaries and texts, in segments of time, each in parts by the first
//!   letters of the words. They are read from the newest back.
//! - `records` hold what a result shows, in blocks of articles.
//! - `days` tells which articles are of which day.
//!
//! An article is known by its segment and its place there, the oldest first, so that new articles
//! leave the others' numbers as they are. What readers type is cut into words as the texts are (see
//! `ground::token`). static/brief-search.js reads all this; both must change together.

mod postings;
mod records;
mod texts;
mod titles;

use super::trace;
use crate::ground::path::{OutputPath, Url};
use crate::ground::token::is_unspaced;
use crate::meaning::question::{Filter, Question, Unit};
use crate::meaning::segment::{BLOCK, segments, text_parts, title_parts};
use crate::meaning::site::Site;
use crate::pages::subject::SearchFile;

/// The files of the index, with their addresses.
pub fn files(site: &Site) -> impl Iterator<Item = (Url, SearchFile)> {
    let mut files: Vec<SearchFile> = Vec::new();
    if site.config.search {
        let articles = u32::try_from(site.len()).unwrap_or(u32::MAX);
        files.push(SearchFile::Days);
        files.extend((0..title_parts(articles)).map(SearchFile::Titles));
        for (segment, articles) in segments(site) {
            files.extend((0..text_parts(articles)).map(|part| SearchFile::Texts(segment, part)));
            let blocks = u16::try_from(articles.div_ceil(BLOCK)).unwrap_or(u16::MAX);
            files.extend((0..blocks).map(|block| SearchFile::Records(segment, block)));
        }
    }
    files.into_iter().filter_map(|file| Some((url(file)?, file)))
}

fn url(file: SearchFile) -> Option<Url> {
    let path = match file {
        SearchFile::Days => "search/days.txt".to_owned(),
        SearchFile::Titles(part) => format!("search/titles/{part}.txt"),
        SearchFile::Texts(segment, part) => format!("search/texts/{segment}/{part}.txt"),
        SearchFile::Records(segment, block) => format!("search/records/{segment}/{block}.txt"),
    };
    OutputPath::new(&path).ok().map(|path| Url::file(&path))
}

/// The bytes of a file of the index.
pub fn bytes(site: &Site, file: SearchFile) -> Vec<u8> {
    let (question, part) = match file {
        SearchFile::Days => return days(site),
        SearchFile::Titles(part) => (Question::SearchTitles, part),
        SearchFile::Texts(segment, part) => (Question::SearchTexts(segment), part),
        SearchFile::Records(segment, block) => {
            trace::note(Question::SearchRecords(segment, block));
            return records::bytes(site, segment, block);
        }
    };
    trace::note(question.clone());
    // The parts are made together, and each is asked for soon after the others.
    site.made_together(&question.to_string(), part, || match file {
        SearchFile::Texts(segment, _) => texts::parts(site, segment),
        _ => titles::parts(site),
    })
}

/// The days, the oldest first, each with the number of its articles: what tells the day of an article's
/// number, for those who look for a stretch of time.
fn days(site: &Site) -> Vec<u8> {
    trace::note(Question::Periods {
        unit: Unit::Day,
        filter: Filter::default(),
        limit: u32::MAX,
    });
    let lines = site.days().iter().rev();
    let lines = lines.map(|(day, articles)| format!("{day}\t{}\n", articles.end - articles.start));
    lines.collect::<String>().into_bytes()
}

/// The part in which a word stands: words with the same first letters share one, so that a word that is
/// not typed to its end is found. One letter is a beginning in scripts that write no spaces; elsewhere two.
fn part_of(word: &str, parts: u16) -> u16 {
    let letters = match word.chars().next() {
        Some(first) if is_unspaced(first) => 1,
        _ => 2,
    };
    let end = word.char_indices().nth(letters).map_or(word.len(), |(at, _)| at);
    // FNV-1a, for it is two lines in the script too.
    let hash = word[..end].bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    u16::try_from(hash % u32::from(parts.max(1))).unwrap_or_default()
}

/// Whether the search may find an article.
fn is_listed(site: &Site, article: crate::meaning::site::ArticleIndex) -> bool {
    !site.summary(article).noindex
}
