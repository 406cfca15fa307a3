//! One article of the corpus: what stands in its head, and its text.

use std::fmt::Write;

use super::random::Random;
use super::words::*;
use super::{BY_NAME, COMPANIES, NEWCOMER, Time, company, time};

/// Seeds: one row of random numbers for each part of an article.
const HEAD: u64 = 1;
const BODY: u64 = 2;

/// An article as it stands in its file.
#[derive(Clone)]
pub struct Article {
    /// The file, from the site folder.
    pub path: String,
    /// The headline.
    pub title: String,
    date: String,
    summary: String,
    kind: &'static str,
    importance: usize,
    /// The companies it names in its head; where there are none they are found in the text.
    pub companies: Vec<String>,
    /// The topics.
    pub topics: Vec<&'static str>,
    authors: Vec<String>,
    source: (&'static str, usize),
    /// The text.
    pub body: String,
}

/// What other articles need to know of one.
struct Head {
    folder: String,
    slug: String,
    title: String,
    date: String,
    /// The companies it is about, the first the most.
    about: Vec<usize>,
    random: Random,
}

impl Article {
    /// The article of a number, of so many in all. The number 0 is the oldest.
    pub fn new(number: usize, of: usize) -> Article {
        let mut head = Head::new(number, of);
        let random = &mut head.random;
        let is_tagged = !random.one_in(4);
        // As people do: mostly the full name, sometimes the short one.
        let name = |index: &usize| match number % 5 {
            0 => company(*index).short,
            _ => company(*index).name,
        };
        let mut topics: Vec<&str> = (0..random.between(1, 3)).map(|_| random.pick(&TOPICS)).collect();
        topics.sort_unstable();
        topics.dedup();
        let kind = match random.below(10) {
            0 => "analysis",
            1 => "brief",
            2 => "interview",
            _ => "news",
        };
        let author = |random: &mut Random| {
            // Fewer than all pairs of names: a site has some dozens of authors.
            format!("{} {}", random.pick(&FIRST_NAMES), random.pick(&LAST_NAMES[..3]))
        };
        let authors = (0..if random.one_in(5) { 2 } else { 1 }).map(|_| author(random));
        let authors = authors.collect();
        let importance = [1, 2, 3, 3, 3, 3, 3, 4, 4, 5][random.below(10)];
        let source = (random.pick(&DESKS), random.between(1000, 999_999));
        let summary = sentence(random, &head.about);
        Article {
            path: format!("{}/{}.md", head.folder, head.slug),
            title: head.title,
            date: head.date,
            summary,
            kind,
            importance,
            companies: head.about.iter().filter(|_| is_tagged).map(name).collect(),
            topics,
            authors,
            source,
            body: body(number, of, &head.about),
        }
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let mut text = format!(
            "---\ntitle: \"{}\"\ndate: {}\nsummary: \"{}\"\nkind: {}\nimportance: {}\n",
            self.title, self.date, self.summary, self.kind, self.importance
        );
        let lists = [("topics", join(&self.topics)), ("authors", join(&self.authors))];
        for (key, list) in lists {
            let _ = writeln!(text, "{key}: [{list}]");
        }
        if !self.companies.is_empty() {
            text.push_str("companies:\n");
            for company in &self.companies {
                let _ = writeln!(text, "  - {company}");
            }
        }
        let (name, number) = self.source;
        let _ = writeln!(
            text,
            "source: {{name: {name}, url: \"https://wire.example/{number}\"}}\n---\n"
        );
        text.push_str(&self.body);
        text
    }
}

fn join(list: &[impl AsRef<str>]) -> String {
    list.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ")
}

impl Head {
    fn new(number: usize, of: usize) -> Head {
        let mut random = Random::new(HEAD, number);
        let about = companies(&mut random);
        let pattern = random.pick(&HEADLINES);
        let title = fill(pattern, &mut random, &about);
        let Time {
            year,
            month,
            day,
            minute,
        } = time(number, of);
        let (hour, minute) = (minute / 60, minute % 60);
        let date = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z");
        // The number keeps two headlines of the same words apart.
        let slug = format!("{}-{number}", slug(&title));
        Head {
            folder: format!("content/articles/{year:04}/{month:02}"),
            slug,
            title,
            date,
            about,
            random,
        }
    }
}

/// One to five companies. Some are in the news far more often than others: the chance of a company
/// is the inverse of its rank.
fn companies(random: &mut Random) -> Vec<usize> {
    let count = [1, 1, 1, 2, 2, 2, 3, 3, 4, 5][random.below(10)];
    let weight = |index: usize| 100_000 / (index + 1);
    let all: usize = (0..COMPANIES).map(weight).sum();
    let mut about = Vec::new();
    while about.len() < count {
        let mut left = random.below(all);
        let index = (0..COMPANIES).find(|&index| {
            let is_here = left < weight(index);
            left = left.saturating_sub(weight(index));
            is_here
        });
        about.extend(index.filter(|index| !about.contains(index)));
    }
    about
}

/// Of the alphabet of the words nothing but letters and digits is left.
fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in title.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') && slug.len() < 60 {
            slug.push('-');
        }
        if slug.len() >= 60 {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A pattern with its gaps filled, the first letter a capital.
fn fill(pattern: &str, random: &mut Random, about: &[usize]) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        let (gap, behind) = behind.split_once('}').expect("a pattern closes its braces");
        text.push_str(before);
        text.push_str(&filling(gap, random, about));
        rest = behind;
    }
    text.push_str(rest);
    let first = text.chars().next().map_or(0, char::len_utf8);
    let (first, others) = text.split_at(first);
    first.to_uppercase() + others
}

fn filling(gap: &str, random: &mut Random, about: &[usize]) -> String {
    let word = match gap {
        "company" => {
            // Mostly those that it is about.
            let index = match random.below(6) {
                0 => random.below(COMPANIES),
                _ => about[random.below(about.len())],
            };
            let company = company(index);
            return if random.one_in(3) {
                company.short
            } else {
                company.name
            };
        }
        "person" => return format!("{} {}", random.pick(&FIRST_NAMES), random.pick(&LAST_NAMES)),
        "amount" => return format!("€{}m", random.between(2, 900)),
        "number" => return random.between(20, 9000).to_string(),
        "percent" => return format!("{}.{}", random.between(0, 48), random.between(1, 9)),
        "place" => random.pick(&PLACES),
        "thing" => random.pick(&THINGS),
        "kind" => random.pick(&KINDS_OF_THINGS),
        "people" => random.pick(&PEOPLE),
        "deed" => random.pick(&DEEDS),
        "cause" => random.pick(&CAUSES),
        "time" => random.pick(&TIMES),
        _ => unreachable!("a gap `{gap}` that nothing fills"),
    };
    word.to_owned()
}

fn sentence(random: &mut Random, about: &[usize]) -> String {
    let pattern = random.pick(&SENTENCES);
    fill(pattern, random, about)
}

fn sentences(random: &mut Random, about: &[usize], count: usize) -> String {
    let list: Vec<String> = (0..count).map(|_| sentence(random, about)).collect();
    list.join(" ")
}

/// 300 to 700 words: paragraphs, and among them headings, lists, quotations, links, and now and
/// then a table or some code.
fn body(number: usize, of: usize, about: &[usize]) -> String {
    let mut random = Random::new(BODY, number);
    let random = &mut random;
    let wanted = random.between(300, 700);
    let mut body = String::new();
    let mut words = 0;
    for block in 0.. {
        let start = body.len();
        match block % 7 {
            2 => {
                let pattern = random.pick(&HEADINGS);
                let _ = writeln!(body, "## {}\n", fill(pattern, random, about));
            }
            4 if random.one_in(2) => {
                let count = random.between(1, 2);
                let _ = writeln!(body, "> {}\n", sentences(random, about, count));
            }
            5 => special(&mut body, random, about),
            _ => {
                let count = random.between(2, 5);
                body.push_str(&sentences(random, about, count));
                link(&mut body, random, number, of, about);
                body.push_str("\n\n");
            }
        }
        words += body[start..].split_whitespace().count();
        if words >= wanted {
            break;
        }
    }
    // Names that the register does not hold yet: see the edits of the register.
    if random.one_in(25) {
        let _ = writeln!(
            body,
            "Insiders speak of {BY_NAME}. {BY_NAME} is not its only name.\n"
        );
    }
    if random.one_in(50) {
        let _ = writeln!(
            body,
            "{NEWCOMER} was not asked. {NEWCOMER} is new to the trade.\n"
        );
    }
    body
}

/// A list, a table or code.
fn special(body: &mut String, random: &mut Random, about: &[usize]) {
    match random.below(10) {
        0 => {
            let (place, sum) = (random.pick(&PLACES), random.between(1, 9999));
            let _ = writeln!(body, "```json\n{{\"place\": \"{place}\", \"sum\": {sum}}}\n```\n");
        }
        1 => {
            body.push_str("| Place | Sum | Share |\n|---|--:|--:|\n");
            for _ in 0..random.between(3, 6) {
                let (place, sum) = (random.pick(&PLACES), random.between(1, 9999));
                let _ = writeln!(body, "| {place} | {sum} | {}% |", random.below(100));
            }
            body.push('\n');
        }
        2 => {
            for item in 1..=random.between(2, 4) {
                let _ = writeln!(body, "{item}. {}", sentence(random, about));
            }
            body.push('\n');
        }
        _ => {
            for _ in 0..random.between(3, 5) {
                let _ = writeln!(body, "- {}", sentence(random, about));
            }
            body.push('\n');
        }
    }
}

/// Behind a paragraph: a link to an earlier article, to a company's page or to another site, some
/// emphasis, or nothing.
fn link(body: &mut String, random: &mut Random, number: usize, of: usize, about: &[usize]) {
    match random.below(10) {
        0..=2 if number > 0 => {
            // Mostly to something recent.
            let furthest = if random.one_in(3) { number } else { number.min(200) };
            let back = random.between(1, furthest);
            let earlier = Head::new(number - back, of);
            let folder = earlier
                .folder
                .strip_prefix("content/articles/")
                .expect("all articles stand there");
            let _ = write!(
                body,
                " Earlier: [{}](../../{folder}/{}.md).",
                earlier.title, earlier.slug
            );
        }
        3 => {
            let company = company(about[0]);
            let _ = write!(
                body,
                " More about [{}](/companies/{}/).",
                company.short, company.slug
            );
        }
        4 | 5 => {
            let (place, page) = (random.pick(&PLACES), random.between(1, 99_999));
            let _ = write!(
                body,
                " The city of {place} has [published the file](https://files.example/{page}?from=list&lang=en)."
            );
        }
        6 => {
            let _ = write!(body, " It is the **{} one**.", random.pick(&KINDS_OF_THINGS));
        }
        7 => {
            let _ = write!(body, " One word for it is *{}*.", random.pick(&KINDS_OF_THINGS));
        }
        _ => {}
    }
}
