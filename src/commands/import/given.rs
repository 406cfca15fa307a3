//! What a person says of a text on the command line: it fills in what the source does not say.

use super::clip::Clip;
use crate::ground::date::{Zone, parse_moment};
use crate::ground::path::slug;
use crate::ground::text::one_line;

/// What is said of what is imported.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The headline.
    pub title: Option<String>,
    /// The date of the article.
    pub date: Option<String>,
    /// The address of the text.
    pub source_url: Option<String>,
    /// The name of the publication.
    pub source_name: Option<String>,
    /// Its part of the address.
    pub slug: Option<String>,
    /// Further topics.
    pub topics: Vec<String>,
    /// Who wrote it, instead of whom the source names.
    pub authors: Vec<String>,
    /// Whether it is a draft.
    pub draft: bool,
}

impl Given {
    /// Whether what is given can be used at all. The error is in words.
    pub fn check(&self, zone: &Zone) -> Result<(), String> {
        if let Some(date) = &self.date {
            parse_moment(date, zone).map_err(|why| {
                format!("`{date}` for --date cannot be used: {why}\nhelp: write `2025-01-21` or `2025-01-21T09:30`")
            })?;
        }
        if let Some(url) = &self.source_url
            && url::Url::parse(url).map_or(true, |url| !matches!(url.scheme(), "http" | "https"))
        {
            return Err(format!(
                "`{url}` for --source-url is no address of a page\nhelp: write it whole, like `https://example.org/article`"
            ));
        }
        if let Some(name) = &self.slug
            && slug(name).is_empty()
        {
            return Err(format!(
                "`{name}` has no letter or digit that could stand in an address\nhelp: write something like `--slug acme-opens-a-plant`"
            ));
        }
        for (flag, text) in [("--title", &self.title), ("--source-name", &self.source_name)] {
            if text.as_ref().is_some_and(|text| one_line(text).is_empty()) {
                return Err(format!("{flag} is empty"));
            }
        }
        Ok(())
    }

    /// What can be said of one article only, as it was asked for.
    pub fn of_one(&self) -> Vec<&'static str> {
        let flags = [
            (self.title.is_some(), "--title"),
            (self.slug.is_some(), "--slug"),
            (self.source_url.is_some(), "--source-url"),
        ];
        flags
            .into_iter()
            .filter(|flag| flag.0)
            .map(|flag| flag.1)
            .collect()
    }

    /// All that was asked for.
    pub fn flags(&self) -> Vec<&'static str> {
        let mut flags = self.of_one();
        let further = [
            (self.date.is_some(), "--date"),
            (self.source_name.is_some(), "--source-name"),
            (!self.topics.is_empty(), "--topic"),
            (!self.authors.is_empty(), "--author"),
            (self.draft, "--draft"),
        ];
        flags.extend(further.into_iter().filter(|flag| flag.0).map(|flag| flag.1));
        flags
    }

    /// Puts what is given into a clip. Of one text a person knows better than its source; where there are many, what
    /// each says of itself counts.
    pub fn apply(&self, clip: &mut Clip, is_only: bool) {
        let line = |text: &String| one_line(text);
        if let Some(title) = &self.title {
            clip.title = line(title);
        }
        if let Some(url) = &self.source_url {
            clip.source.url = Some(url.trim().to_owned());
        }
        if self.source_name.is_some() && (is_only || clip.source.name.is_none()) {
            clip.source.name = self.source_name.as_ref().map(line);
        }
        for topic in self.topics.iter().map(line) {
            if !topic.is_empty() && !clip.topics.contains(&topic) {
                clip.topics.push(topic);
            }
        }
        if !self.authors.is_empty() {
            clip.authors = self.authors.iter().map(line).collect();
        }
    }
}
