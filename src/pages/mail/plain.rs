//! A newsletter as plain text: for programs that show no HTML, and for people who want none.
//!
//! It is written from the edition and not from the HTML, so that it reads like a letter and not like what is left of a
//! page.

use unicode_width::UnicodeWidthStr;

use super::tokens::{Token, decoded, tokens};
use super::{edition, headline, name, on_the_web};
use crate::ground::date::Period;
use crate::meaning::edition::{Cadence, Section, Story, cadence_of};
use crate::meaning::site::Site;
use crate::meaning::target::{Links, fill};
use crate::reading::article::Prose;
use crate::reading::tagging::Salience;

/// How many columns a line has at most.
/// Source: RFC 5322, section 2.1.1, recommends 78 characters; answers put signs in front.
const WIDTH: usize = 72;

/// An edition as plain text; `None` where there is nothing in it.
pub fn plain_text(site: &Site, period: Period) -> Option<String> {
    let edition = edition(site, period)?;
    let wording = &site.config.wording;
    let mut letter = Letter::default();
    letter.line(&site.config.title.to_uppercase());
    letter.line(&name(site, period));
    if let Some(web) = on_the_web(site, period) {
        letter.line(&web);
    }
    letter.rule();
    if let Some(hand_made) = edition.hand_made {
        if let Some(title) = &hand_made.title {
            letter.paragraph(title);
        }
        if let Some(summary) = &hand_made.summary {
            letter.paragraph(&Prose::of_value(summary, site.config.markdown).1);
        }
        let page = super::edition_url(period)?;
        let html = fill(
            site,
            &hand_made.path,
            &hand_made.text.body,
            Links::Absolute { page: &page },
        );
        for paragraph in paragraphs(&html) {
            letter.paragraph(&paragraph);
        }
    }
    let (lead, rest) = edition.stories.split_at(edition.stories.len().min(1));
    for story in lead {
        letter.story(site, story);
    }
    let (main, briefs): (Vec<&Story<'_>>, Vec<&Story<'_>>) =
        rest.iter().partition(|story| story.section == Section::Main);
    let more = match cadence_of(period) {
        Some(Cadence::Weekly) => "also_this_week",
        _ => "also_today",
    };
    letter.section(wording.get(more), !main.is_empty());
    for story in main {
        letter.story(site, story);
    }
    letter.section(wording.get("in_brief"), !briefs.is_empty());
    for story in briefs {
        letter.brief(site, story);
    }
    let (first, last) = period.days();
    let corrections = edition.corrected.iter().flat_map(|&index| {
        let summary = site.summary(index);
        let of_period = summary.corrections.iter();
        of_period
            .filter(|correction| (first..=last).contains(&correction.date.day))
            .map(move |correction| (summary, correction))
    });
    let corrections: Vec<_> = corrections.collect();
    letter.section(wording.get("corrected"), !corrections.is_empty());
    for (summary, correction) in corrections {
        let html = fill(
            site,
            &summary.path,
            &correction.text,
            Links::Absolute { page: &summary.url },
        );
        letter.paragraph(&paragraphs(&html).join(" "));
        letter.line(&summary.title);
        letter.line(&site.absolute(&summary.url).unwrap_or_default());
    }
    letter.rule();
    letter.paragraph(&wording.filled("email_reason", &[("site", &site.config.title)]));
    letter.line(&site.config.email.address);
    letter.gap();
    letter.line(&format!("{}:", wording.get("unsubscribe")));
    letter.line(&site.config.email.unsubscribe);
    Some(letter.text)
}

/// A text in lines.
#[derive(Default)]
struct Letter {
    text: String,
}

impl Letter {
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Lines of their own, without a gap before them.
    fn line(&mut self, text: &str) {
        for line in wrapped(text, WIDTH) {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    fn paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.gap();
            self.line(text);
        }
    }

    fn rule(&mut self) {
        self.gap();
        self.text.push_str(&"-".repeat(WIDTH));
        self.text.push('\n');
    }

    fn section(&mut self, name: &str, is_there: bool) {
        if is_there {
            self.gap();
            self.text.push('\n');
            self.line(&name.to_uppercase());
        }
    }

    fn story(&mut self, site: &Site, story: &Story<'_>) {
        let summary = site.summary(story.article);
        self.paragraph(&headline(site, story));
        self.line(&summary.description);
        self.note(site, story);
        let companies = summary
            .companies
            .iter()
            .filter(|tag| tag.salience != Salience::Passing || site.config.companies.count_passing);
        let names: Vec<&str> = companies.take(4).map(|tag| &*tag.name).collect();
        let names = Some(names.join(", ")).filter(|names| !names.is_empty());
        let source = summary.source.as_ref().and_then(|source| source.name.clone());
        let facts: Vec<String> = names.into_iter().chain(source).collect();
        self.line(&facts.join(" · "));
        self.line(&site.absolute(&summary.url).unwrap_or_default());
    }

    fn brief(&mut self, site: &Site, story: &Story<'_>) {
        self.paragraph(&headline(site, story));
        self.note(site, story);
        self.line(
            &site
                .absolute(&site.summary(story.article).url)
                .unwrap_or_default(),
        );
    }

    fn note(&mut self, site: &Site, story: &Story<'_>) {
        if let Some(note) = story.entry.and_then(|entry| entry.note.as_ref()) {
            let note = Prose::of_value(note, site.config.markdown).1;
            for line in wrapped(&note, WIDTH - 2) {
                self.text.push_str(&format!("> {line}\n"));
            }
        }
    }
}

/// The paragraphs of a text in HTML, with the addresses of its links behind their words.
fn paragraphs(html: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    let mut links: Vec<String> = Vec::new();
    for token in tokens(html) {
        match token {
            Token::Text(text) => add(&mut paragraphs, &decoded(text)),
            Token::Start { name, attributes } => match name.as_str() {
                "a" => {
                    let href = attributes.iter().find(|(name, _)| *name == "href");
                    links.push(href.map_or(String::new(), |(_, href)| decoded(href)));
                }
                "img" => {
                    let alt = attributes.iter().find(|(name, _)| *name == "alt");
                    add(
                        &mut paragraphs,
                        &alt.map_or(String::new(), |(_, alt)| decoded(alt)),
                    );
                }
                "li" => paragraphs.push("* ".to_owned()),
                name if is_block(name) => paragraphs.push(String::new()),
                _ => {}
            },
            Token::End(name) if name == "a" => {
                let link = links
                    .pop()
                    .filter(|link| link.starts_with("http") || link.starts_with("mailto:"));
                if let Some(link) = link {
                    add(&mut paragraphs, &format!(" <{link}>"));
                }
            }
            Token::End(name) if is_block(&name) => paragraphs.push(String::new()),
            Token::End(_) | Token::Comment(_) | Token::Doctype(_) => {}
        }
    }
    let is_text = |paragraph: &String| !matches!(paragraph.trim(), "" | "*");
    paragraphs.into_iter().filter(is_text).collect()
}

fn add(paragraphs: &mut [String], text: &str) {
    if let Some(last) = paragraphs.last_mut() {
        last.push_str(text);
    }
}

fn is_block(name: &str) -> bool {
    let blocks = [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "blockquote",
        "pre",
        "table",
        "tr",
        "figure",
        "figcaption",
        "section",
        "aside",
        "dl",
        "dt",
        "dd",
        "br",
        "hr",
    ];
    blocks.contains(&name)
}

/// A text in lines of so many columns. Addresses stay whole, however long.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let space = usize::from(!line.is_empty());
        if !line.is_empty() && line.width() + space + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        if word.width() <= width || word.contains("://") {
            line.push_str(word);
            continue;
        }
        // Scripts without spaces between words.
        for character in word.chars() {
            if line.width() + character.to_string().width() > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_not_too_long_and_addresses_stay_whole() {
        assert_eq!(wrapped("one two  three", 8), ["one two", "three"]);
        let address = "https://example.org/very/long";
        assert_eq!(wrapped(&format!("a {address} b"), 8), ["a", address, "b"]);
        assert_eq!(wrapped("新しい工場が動く", 8), ["新しい工", "場が動く"]);
        assert!(wrapped(" \n ", 8).is_empty());
    }

    #[test]
    fn html_becomes_paragraphs_with_full_addresses() {
        let html = "<p>A &amp; <a href=\"https://e.org/?a&amp;b\">link</a>.</p>\n<ul>\n<li>one</li>\n<li><b>two</b></li>\n</ul>";
        let read = paragraphs(html);
        let read: Vec<&str> = read.iter().map(|paragraph| paragraph.trim()).collect();
        assert_eq!(read, ["A & link <https://e.org/?a&b>.", "* one", "* two"]);
    }
}
