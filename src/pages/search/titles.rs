//! Titles: the words of headlines, and the names of companies, topics and authors.

use super::postings::{Postings, Words};
use super::{is_listed, part_of};
use crate::ground::text::one_line;
use crate::ground::token::Tokenizer;
use crate::meaning::segment::{MAX_ARTICLES, segments, title_parts};
use crate::meaning::site::{COMPANIES, Site, Term};

/// What a word leads to.
#[derive(Debug, Default)]
struct Entry {
    /// Articles with the word in their headline.
    articles: Postings,
    /// Terms with the word in a name, by their places among the terms of the site.
    terms: Vec<u32>,
}

/// The parts. Each begins with the number of its terms, a line each: taxonomy, slug, `1` where it has a
/// page, name, ticker and articles. Then there is a line for each word: the word, the articles with it in
/// their headline, the terms with it in their names, by their places among the part's.
pub fn parts(site: &Site) -> Vec<Vec<u8>> {
    let count = title_parts(u32::try_from(site.len()).unwrap_or(u32::MAX));
    let numbers = numbers(site);
    let mut words: Words<Entry> = Words::new();
    let mut tokenizer = Tokenizer::default();
    // The oldest first, as they are numbered.
    for index in site.all().rev().filter(|index| is_listed(site, *index)) {
        let number = numbers[index as usize];
        let title = &site.summary(index).title;
        tokenizer.tokens(title, |word| words.at(word).articles.add(number));
    }
    let mut terms: Vec<(String, Vec<u16>)> = Vec::new();
    for taxonomy in site.taxonomies() {
        for term in taxonomy.terms() {
            let mut articles = Postings::default();
            let listed = term
                .articles
                .iter()
                .rev()
                .filter(|index| is_listed(site, **index));
            listed.for_each(|index| articles.add(numbers[*index as usize]));
            let has_page = taxonomy.has_pages && term.has_page;
            if articles.digits().is_empty() && !has_page {
                continue;
            }
            let place = u32::try_from(terms.len()).unwrap_or(u32::MAX);
            let mut parts: Vec<u16> = Vec::new();
            for name in names(site, &taxonomy.name, term) {
                tokenizer.tokens(&name, |word| {
                    let entry = words.at(word);
                    if entry.terms.last() != Some(&place) {
                        entry.terms.push(place);
                        parts.push(part_of(word, count));
                    }
                });
            }
            parts.sort_unstable();
            parts.dedup();
            let line = line(site, &taxonomy.name, term, has_page, &articles);
            terms.push((line, parts));
        }
    }
    write(count, &words, &terms)
}

fn write(count: u16, words: &Words<Entry>, terms: &[(String, Vec<u16>)]) -> Vec<Vec<u8>> {
    let mut lines: Vec<String> = vec![String::new(); usize::from(count)];
    let mut sizes = vec![0_u32; usize::from(count)];
    // For each term, its place in each of its parts.
    let mut places: Vec<Vec<u32>> = Vec::with_capacity(terms.len());
    for (line, parts) in terms {
        let mut own = Vec::with_capacity(parts.len());
        for part in parts.iter().map(|part| usize::from(*part)) {
            lines[part].push_str(line);
            own.push(sizes[part]);
            sizes[part] += 1;
        }
        places.push(own);
    }
    let heads = sizes
        .iter()
        .zip(lines)
        .map(|(size, lines)| format!("{size}\n{lines}").into_bytes());
    let mut parts: Vec<Vec<u8>> = heads.collect();
    for (word, entry) in words.sorted() {
        let number = part_of(word, count);
        let mut own = Postings::default();
        for term in entry.terms.iter().map(|term| *term as usize) {
            if let Ok(at) = terms[term].1.binary_search(&number) {
                own.add(places[term][at]);
            }
        }
        let part = &mut parts[usize::from(number)];
        part.extend_from_slice(word.as_bytes());
        part.push(b'\t');
        part.extend_from_slice(entry.articles.digits());
        part.push(b'\t');
        part.extend_from_slice(own.digits());
        part.push(b'\n');
    }
    parts
}

/// The number of each article, by its place in the site's order.
fn numbers(site: &Site) -> Vec<u32> {
    let mut numbers = vec![0; site.len()];
    for (number, (segment, _)) in (0_u32..).zip(segments(site)) {
        for (place, index) in (0_u32..).zip(segment.articles(site)) {
            numbers[index as usize] = number * MAX_ARTICLES + place;
        }
    }
    numbers
}

/// All that a term is called.
fn names(site: &Site, taxonomy: &str, term: &Term) -> Vec<String> {
    let mut names = vec![term.name.to_string()];
    let company = site
        .register
        .find_slug(&term.slug)
        .filter(|_| taxonomy == COMPANIES);
    if let Some(company) = company {
        names.extend(company.aliases.iter().cloned());
        names.extend(company.tickers.iter().map(|ticker| symbol(ticker).to_owned()));
    }
    names
}

fn line(site: &Site, taxonomy: &str, term: &Term, has_page: bool, articles: &Postings) -> String {
    let company = site
        .register
        .find_slug(&term.slug)
        .filter(|_| taxonomy == COMPANIES);
    let ticker = company.and_then(|company| company.tickers.first());
    format!(
        "{taxonomy}\t{}\t{}\t{}\t{}\t{}\n",
        term.slug,
        u8::from(has_page),
        one_line(&term.name),
        one_line(ticker.map_or("", |ticker| symbol(ticker))),
        String::from_utf8_lossy(articles.digits())
    )
}

/// A ticker without its exchange.
fn symbol(ticker: &str) -> &str {
    ticker.rsplit_once(':').map_or(ticker, |(_, symbol)| symbol)
}
