//! One article, inspected: read once more with all that a build throws away, and asked by each check.

use std::collections::BTreeSet;
use std::ops::Range;

use super::link::{self, Outward};
use super::name::{self, Candidate};
use super::paragraph::Paragraph;
use super::picture;
use super::quotation::unattributed;
use super::relative_date::relative_dates;
use super::twin::{self, Sketch};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::SourcePath;
use crate::ground::span::Span;
use crate::meaning::site::{Held, Reason};
use crate::reading::article::{Article, Reading};
use crate::reading::company::{Company, fold_name};
use crate::reading::front_matter::{self, CompaniesKey, Head, Kind, Spot, Spotted};
use crate::reading::markdown::{self, Markdown};
use crate::reading::tagging::{Found, Salience};
use crate::reading::yaml;

/// From which confidence a company is mentioned beyond doubt, in thousandths.
const MENTIONED: u16 = 800;

/// The longest headline that search engines and feed readers show whole, in characters.
/// Source: Google's documentation of structured data for articles asked for at most 110 for years; beyond
/// that it says that headlines may be cut.
const HEADLINE: usize = 110;

/// How many places of one kind are shown in an article.
const PLACES: usize = 5;

/// What came of inspecting an article.
#[derive(Debug)]
pub struct Inspected {
    /// Its file.
    pub path: SourcePath,
    /// What is wrong with it alone.
    pub found: Diagnostics,
    /// The register's companies it names or is tagged with, by index.
    pub companies: BTreeSet<usize>,
    /// Companies it is tagged with that the register does not hold.
    pub unregistered: Vec<Spotted>,
    /// Names that look like companies', and where they stand in the file.
    pub candidates: Vec<(Candidate, Span)>,
    /// What tells whether its text is like another one's.
    pub sketch: Option<Sketch>,
    /// Whether it names a source; `None` where it needs none.
    pub has_source: Option<bool>,
    /// Whether it has an id of its own.
    pub has_id: bool,
    /// Where its headline stands.
    pub title: Spot,
    /// Where it leads out of the site, if that is asked for.
    pub outward: Vec<Outward>,
}

/// Inspects an article, given its file's text. `None` where it cannot be read as it was.
pub fn inspect(
    article: &Article,
    text: &str,
    held: Option<&Held>,
    with: Reading<'_>,
    markdown_options: markdown::Options,
) -> Option<Inspected> {
    let path = &article.summary.path;
    let mut ignored = Diagnostics::new();
    let split = front_matter::split(path, text, &mut ignored);
    let head = front_matter::decode(path, &split, with.config, &mut ignored).head?;
    let markdown = markdown::parse(split.body, split.body_start, markdown_options);
    let standfirst = match article.summary.has_summary {
        true => &*article.summary.description,
        false => "",
    };
    let detected = match with.register.is_empty() {
        true => Vec::new(),
        false => with.tagger.find(&head.title, standfirst, &markdown.visible),
    };
    let language = head.lang.as_deref().unwrap_or(&with.config.language);
    let is_english = language
        .split('-')
        .next()
        .is_some_and(|language| language.eq_ignore_ascii_case("en"));
    let mut sheet = Sheet {
        article,
        text,
        with,
        head: &head,
        standfirst,
        markdown: &markdown,
        paragraphs: Paragraph::all(&markdown.visible),
        detected: &detected,
        found: Diagnostics::new(),
    };
    sheet.headline();
    sheet.held(held);
    sheet.companies();
    sheet.pictures(split.body_start);
    if is_english {
        sheet.relative_dates();
        sheet.quotations();
    }
    let position = |name: &Spotted| with.register.position(&name.text);
    let mut companies: BTreeSet<usize> = detected.iter().map(|found| found.company).collect();
    companies.extend(sheet.given().iter().filter_map(position));
    let unregistered = sheet.given().iter().filter(|name| position(name).is_none());
    Some(Inspected {
        path: path.clone(),
        unregistered: unregistered.cloned().collect(),
        companies,
        candidates: sheet.candidates(),
        sketch: twin::sketch(&markdown.visible.text),
        has_source: sheet.has_source(),
        has_id: head.id.is_some(),
        title: head.title_spot,
        outward: match markdown_options.outward {
            true => link::of_article(text, &head, &markdown, markdown_options),
            false => Vec::new(),
        },
        found: sheet.found,
    })
}

/// An article as it lies on the desk.
struct Sheet<'s> {
    article: &'s Article,
    text: &'s str,
    with: Reading<'s>,
    head: &'s Head,
    standfirst: &'s str,
    markdown: &'s Markdown,
    paragraphs: Vec<Paragraph<'s>>,
    detected: &'s [Found],
    found: Diagnostics,
}

impl Sheet<'_> {
    fn path(&self) -> &SourcePath {
        &self.article.summary.path
    }

    /// The place of a value of the front matter.
    fn at_value(&self, problem: Diagnostic, spot: Spot) -> Diagnostic {
        match spot.place(self.path(), self.text) {
            Some(span) => problem.at(self.path(), span),
            None => problem.in_file(self.path()),
        }
    }

    /// The place of a part of the body's visible text.
    fn at_text(&self, problem: Diagnostic, range: Range<usize>) -> Diagnostic {
        problem.at(self.path(), self.markdown.visible.source_of(range))
    }

    /// The companies that `companies:` lists.
    fn given(&self) -> &[Spotted] {
        match &self.head.companies {
            CompaniesKey::Exactly(given) => given,
            CompaniesKey::Detected { .. } => &[],
        }
    }

    fn headline(&mut self) {
        let length = self.head.title.chars().count();
        if length <= HEADLINE {
            return;
        }
        let message = format!("the headline is {length} characters long");
        let help = format!(
            "search engines and feed readers cut it behind some {HEADLINE}; what is left belongs into `summary`"
        );
        let problem = self.at_value(Diagnostic::new(Code::LongHeadline, message), self.head.title_spot);
        self.found.push(problem.help(help));
    }

    fn held(&mut self, held: Option<&Held>) {
        let Some(Reason::Until(moment)) = held.map(|held| held.reason) else {
            return;
        };
        let time = moment.time().map_or(String::new(), |time| format!(" {time}"));
        let zone = &self.with.config.timezone;
        let message = format!("this article is held until {}{time} ({zone})", moment.day);
        let is_publish = self.article.hold.publish == Some(moment);
        let names: &[&str] = if is_publish {
            &["publish", "publishDate", "publish_date"]
        } else {
            &["date"]
        };
        let problem = Diagnostic::new(Code::HeldArticle, message);
        let problem = match value_of(self.path(), self.text, names) {
            Some(span) => problem.at(self.path(), span),
            // The day stands in the file's name.
            None => problem.in_file(self.path()),
        };
        self.found.push(
            problem.help("the first build after that publishes it; if it is due now, correct the date"),
        );
    }

    /// Holds the companies that are listed against those that the text speaks of.
    fn companies(&mut self) {
        let given: BTreeSet<usize> = self
            .given()
            .iter()
            .filter_map(|name| self.with.register.position(&name.text))
            .collect();
        // An empty list is an answer, not an oversight.
        if !self.given().is_empty() && self.with.config.companies.detect {
            let register = self.with.register;
            // "Did you mean" has said it.
            let unknown = self
                .given()
                .iter()
                .filter(|name| register.position(&name.text).is_none());
            let meant: BTreeSet<&str> = unknown.flat_map(|name| register.nearest(&name.text)).collect();
            let is_left_out = |found: &&Found| {
                let is_sure = found.confidence >= MENTIONED && found.salience != Salience::Passing;
                let name = register.companies()[found.company].name.as_str();
                is_sure && !given.contains(&found.company) && !meant.contains(name)
            };
            let left_out: Vec<&Found> = self.detected.iter().filter(is_left_out).collect();
            self.report_left_out(&left_out);
        }
        for name in self.given().to_vec() {
            let Some(index) = self.with.register.position(&name.text) else {
                // The register does not hold it, which is said elsewhere.
                continue;
            };
            let company = &self.with.register.companies()[index];
            let is_found = self.detected.iter().any(|found| found.company == index);
            if is_found || self.names(company) {
                continue;
            }
            let message = format!("the article is tagged with `{}` and never names it", company.name);
            let problem = self.at_value(Diagnostic::new(Code::TaggedNotMentioned, message), name.spot);
            self.found.push(problem.help(format!(
                "take it out of `companies:`, or add the name that the text uses to `aliases` of `{}` in the register",
                company.name
            )));
        }
    }

    fn report_left_out(&mut self, left_out: &[&Found]) {
        if left_out.is_empty() {
            return;
        }
        let name = |found: &&Found| format!("`{}`", self.with.register.companies()[found.company].name);
        let names: Vec<String> = left_out.iter().map(name).collect();
        let verb = if names.len() == 1 { "is" } else { "are" };
        let message = format!(
            "{} {verb} mentioned, and not among the article's `companies`",
            names.join(", ")
        );
        let mut problem = Diagnostic::new(Code::MentionedNotTagged, message);
        for found in left_out.iter().take(PLACES) {
            let mentions = &found.mentions;
            problem = match (mentions.body.first(), mentions.standfirst.first()) {
                (Some(span), _) => self.at_text(problem, span.range_in(&self.markdown.visible.text)),
                (None, Some(_)) => {
                    let summary = self
                        .head
                        .summary
                        .as_ref()
                        .map_or(self.head.title_spot, |summary| summary.spot);
                    self.at_value(problem, summary)
                }
                (None, None) => self.at_value(problem, self.head.title_spot),
            };
        }
        self.found.push(problem.help(
            "add what the article is about to `companies:`; if the list is right as it is, write \
             `checks: {mentioned-not-tagged: off}` in the front matter",
        ));
    }

    /// Whether a company is named anywhere in the article, by whatever name the register gives it.
    fn names(&self, company: &Company) -> bool {
        let caption = self.head.image.as_ref().and_then(|image| image.caption.as_ref());
        let further = self
            .head
            .takeaways
            .iter()
            .chain(caption)
            .map(|text| text.text.as_str());
        let texts = [
            self.head.title.as_str(),
            self.standfirst,
            &self.markdown.visible.text,
        ];
        let mut texts = texts.into_iter().chain(further).map(fold_name);
        let names = company.all_names().map(fold_name);
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        texts.any(|text| names.iter().any(|name| holds_word(&text, name)))
    }

    fn pictures(&mut self, body_start: usize) {
        let image = self
            .head
            .image
            .as_ref()
            .filter(|image| image.alt.trim().is_empty());
        if let Some(spot) = image.map(|image| image.src.spot) {
            let problem = Diagnostic::new(Code::MissingAlt, "the picture has no description");
            let problem = self.at_value(problem, spot);
            self.found.push(problem.help(
                "write `image: {src: …, alt: \"What it shows\"}`; readers who do not see it hear that",
            ));
        }
        let place = |number: usize| {
            self.markdown
                .references
                .get(number)
                .map(|reference| reference.span)
        };
        for span in picture::without_alt(self.text, body_start, &self.markdown.body, place) {
            self.found.push(missing_alt(self.path(), span));
        }
    }

    fn relative_dates(&mut self) {
        let day = self.article.summary.date.day;
        let dates: Vec<_> = self
            .paragraphs
            .iter()
            .flat_map(|paragraph| relative_dates(paragraph, Some(day)))
            .collect();
        let Some(first) = dates.first() else { return };
        let phrase = &self.markdown.visible.text[first.range.clone()];
        let message = match dates.len() - 1 {
            0 => format!("`{phrase}` means another time to those who read it later"),
            1 => format!("`{phrase}` and one more date mean another time to those who read them later"),
            more => {
                format!("`{phrase}` and {more} more dates mean another time to those who read them later")
            }
        };
        let mut problem = Diagnostic::new(Code::RelativeDate, message);
        for date in dates.iter().take(PLACES) {
            problem = self.at_text(problem, date.range.clone());
        }
        let help = match &first.meaning {
            Some(meaning) => format!("write when it was: {meaning}"),
            None => format!("write when it was; the article is of {day}"),
        };
        self.found.push(problem.help(help));
    }

    fn quotations(&mut self) {
        if self.head.kind == Kind::Interview {
            return;
        }
        let named = self.detected.iter().flat_map(|found| &found.mentions.body);
        let named: Vec<Range<usize>> = named
            .map(|span| span.range_in(&self.markdown.visible.text))
            .collect();
        for range in unattributed(&self.paragraphs, &named) {
            let problem = Diagnostic::new(Code::UnattributedQuote, "nobody near this quotation says it");
            let problem = self.at_text(problem, range);
            self.found.push(problem.help("name who said it, and where"));
        }
    }

    fn candidates(&self) -> Vec<(Candidate, Span)> {
        if self.with.register.is_empty() || self.article.checks.silences(Code::UnregisteredCompany) {
            return Vec::new();
        }
        let candidates = self.paragraphs.iter().flat_map(name::candidates);
        let placed = candidates.map(|candidate| {
            let span = self.markdown.visible.source_of(candidate.range.clone());
            (candidate, span)
        });
        placed.collect()
    }

    /// Whether news name what they rest on, under `source` or by a link to another site.
    fn has_source(&self) -> Option<bool> {
        let is_news = matches!(self.head.kind, Kind::News | Kind::Brief);
        let is_linked = || self.markdown.body.html.contains("<a href=\"http");
        is_news.then(|| self.head.source.is_some() || is_linked())
    }
}

/// A picture of a text without a description.
pub fn missing_alt(path: &SourcePath, span: Span) -> Diagnostic {
    Diagnostic::new(Code::MissingAlt, "the picture has no description")
        .at(path, span)
        .help("write `![What it shows](…)`; of a picture that is only decoration say so: `<img src=\"…\" alt=\"\">`")
}

/// The place of the first of these keys' values in a front matter.
fn value_of(path: &SourcePath, text: &str, names: &[&str]) -> Option<Span> {
    let mut ignored = Diagnostics::new();
    let (yaml, start) = front_matter::split(path, text, &mut ignored).yaml?;
    let document = yaml::parse(path, yaml, start, &mut ignored)?;
    let entries = document.root().as_map()?;
    let given = |name: &&str| {
        entries
            .iter()
            .find(|(key, node)| key.name == **name && !node.is_null())
    };
    let (_, node) = names.iter().find_map(given)?;
    Some(document.place(node))
}

/// Whether a text holds a name that is not part of a longer word. Names of scripts without spaces may be.
fn holds_word(text: &str, name: &str) -> bool {
    let joins = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_alphanumeric());
    text.match_indices(name).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + name.len()..]);
        // Plurals and possessives.
        let behind = behind
            .strip_prefix('s')
            .filter(|rest| !joins(rest.chars().next()))
            .unwrap_or(behind);
        !joins(before.chars().next_back()) && !joins(behind.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_words() {
        for text in [
            "arm",
            "an arm.",
            "arms",
            "arm's",
            "of arm,",
            "\u{30a2}arm\u{30a2}",
        ] {
            assert!(holds_word(text, "arm"), "{text}");
        }
        for text in ["farm", "army", "armse", "alarm", ""] {
            assert!(!holds_word(text, "arm"), "{text}");
        }
        assert!(holds_word("今日ソフトバンクは", "ソフトバンク"));
    }
}
