//! The site: everything that was read, ordered and indexed.
//!
//! Articles stand in one order everywhere: newest first, then by importance, then by path. A day, a
//! week or a month is therefore a range of that order, and a list of articles is a list of
//! ascending indexes into it.

mod check;
mod held;
mod parsed;
mod taxonomy;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization;

use crate::ground::date::{Day, Period};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, Url};
use crate::reading::article::{Article, Story, Summary, Text};
use crate::reading::company::Register;
use crate::reading::config::Config;
use crate::reading::front_matter::Spot;
use crate::reading::yaml;

use super::shared::Shared;

pub use held::{Held, Reason};
pub use parsed::{Asset, HandMade, HandMadeEntry, Nav, Page, Parsed, Stories};
pub use taxonomy::{AUTHORS, COMPANIES, TOPICS, Taxonomy, Term};

/// An article's place in the site's order.
pub type ArticleIndex = u32;

/// When the site is looked at, and what is shown although it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The instant.
    pub instant: Timestamp,
    /// Its day in the site's zone.
    pub day: Day,
    /// Whether drafts are shown.
    pub drafts: bool,
    /// Whether articles of the future are shown.
    pub future: bool,
}

/// All that questions are asked of.
#[derive(Debug)]
pub struct Site {
    /// The settings.
    pub config: Arc<Config>,
    /// The register.
    pub register: Arc<Register>,
    /// Articles that are held back, by path.
    pub held: BTreeMap<SourcePath, Held>,
    /// When one of them is due, or one that is shown expires.
    pub until: Option<Timestamp>,
    /// Files that could not be read.
    pub failed: BTreeSet<SourcePath>,
    /// Profiles of companies, by slug.
    pub profiles: BTreeMap<String, (SourcePath, Text)>,
    /// Plain pages, in the order of the navigation.
    pub pages: Vec<Page>,
    /// Editions made by hand, by period.
    pub hand_made: BTreeMap<Period, HandMade>,
    /// Files that are copied.
    pub assets: BTreeMap<SourcePath, Asset>,
    /// Free data.
    pub data: BTreeMap<String, yaml::Value>,
    /// Old addresses, what they lead to, and where they are written.
    pub aliases: Vec<(Url, ArticleIndex, Spot)>,
    articles: Vec<Article>,
    stories: Arc<dyn Stories>,
    by_path: HashMap<SourcePath, ArticleIndex>,
    /// Every file that a link can mean, by its path in NFC.
    by_composed_path: HashMap<Arc<str>, SourcePath>,
    taxonomies: Vec<Taxonomy>,
    days: Vec<(Day, Range<ArticleIndex>)>,
    /// The periods of the daily and the weekly editions, found when they are first asked for.
    pub(super) editions: [OnceLock<Vec<Period>>; 2],
    /// Values that many pages show.
    pub(super) shared: Shared,
    /// What tells that each article looks the same in a list, found when first asked for.
    pub(super) card_marks: OnceLock<Vec<Fingerprint>>,
    /// What tells that the text of each looks the same, its links resolved, found as it is asked for.
    pub(super) text_marks: OnceLock<Box<[OnceLock<Fingerprint>]>>,
}

impl Site {
    /// Orders and indexes what was read.
    pub fn new(config: Arc<Config>, parsed: Parsed, now: Now) -> Site {
        let mut held = BTreeMap::new();
        let mut articles = Vec::with_capacity(parsed.articles.len());
        let mut until: Option<Timestamp> = None;
        for article in parsed.articles {
            let change = held::next_change(&article, now, &config.zone);
            until = until.into_iter().chain(change).min();
            match held::reason(&article, now) {
                Some(reason) => {
                    let title = article.summary.title.clone();
                    held.insert(article.summary.path.clone(), Held { title, reason });
                }
                None => articles.push(article),
            }
        }
        articles.sort_by(|a, b| order(&a.summary).cmp(&order(&b.summary)));
        let mut site = Site {
            register: parsed.register,
            held,
            until,
            failed: parsed.failed,
            profiles: parsed.profiles,
            pages: parsed.pages,
            hand_made: parsed
                .editions
                .into_iter()
                .map(|edition| (edition.period, edition))
                .collect(),
            assets: parsed.assets,
            data: parsed.data,
            aliases: Vec::new(),
            articles: Vec::new(),
            stories: parsed.stories,
            by_path: HashMap::with_capacity(articles.len()),
            by_composed_path: HashMap::new(),
            taxonomies: Vec::new(),
            days: Vec::new(),
            editions: [OnceLock::new(), OnceLock::new()],
            shared: Shared::default(),
            card_marks: OnceLock::new(),
            text_marks: OnceLock::new(),
            config,
        };
        site.pages
            .sort_by(|a, b| (a.order, &a.title, &a.path).cmp(&(b.order, &b.title, &b.path)));
        for (index, article) in (0..).zip(&mut articles) {
            site.by_path.insert(article.summary.path.clone(), index);
            let aliases = std::mem::take(&mut article.aliases).into_iter();
            site.aliases.extend(aliases.map(|(url, spot)| (url, index, spot)));
            if site.register.is_empty() {
                // Without a register every company is unknown, and none is worth a word.
                article.unknown_companies = Vec::new();
            }
        }
        site.articles = articles;
        site.index_days();
        site.index_paths();
        site.taxonomies = taxonomy::index(&site.config, &site.register, &site.profiles, &site.articles);
        site
    }

    /// Why an article that is shown would be held back if it were looked at in another way.
    pub fn held_at(&self, index: ArticleIndex, now: Now) -> Option<Reason> {
        held::reason(self.entry(index), now)
    }

    /// How many articles are shown.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether no article is shown.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// The indexes of all articles, newest first.
    pub fn all(&self) -> Range<ArticleIndex> {
        0..u32::try_from(self.articles.len()).unwrap_or(u32::MAX)
    }

    /// What lists may show of an article.
    pub fn summary(&self, index: ArticleIndex) -> &Summary {
        &self.articles[index as usize].summary
    }

    /// All that is kept of an article.
    pub fn entry(&self, index: ArticleIndex) -> &Article {
        &self.articles[index as usize]
    }

    /// What only an article's own page and the feeds print. `None` where it cannot be had any more:
    /// then that is reported, and nothing is written.
    pub fn story(&self, index: ArticleIndex) -> Option<Arc<Story>> {
        self.stories.story(&self.summary(index).path)
    }

    /// The article of a file, if it is shown.
    pub fn article(&self, path: &SourcePath) -> Option<ArticleIndex> {
        self.by_path.get(path).copied()
    }

    /// The file of the site that a path means, whatever its Unicode form.
    pub fn file(&self, path: &SourcePath) -> Option<&SourcePath> {
        self.file_at(path.as_str())
    }

    /// The same for a path in words.
    pub fn file_at(&self, path: &str) -> Option<&SourcePath> {
        if path.is_ascii() {
            self.by_composed_path.get(path)
        } else {
            self.by_composed_path.get(&*path.nfc().collect::<String>())
        }
    }

    /// The taxonomy of a name: `companies`, `topics`, `authors`, or a further one.
    pub fn taxonomy(&self, name: &str) -> Option<&Taxonomy> {
        self.taxonomies.iter().find(|taxonomy| taxonomy.name == name)
    }

    /// A summary's names of terms, one list for each taxonomy but the companies, in their order.
    pub fn names(summary: &Summary) -> impl Iterator<Item = &[Arc<str>]> {
        let own = [summary.topics.as_slice(), &summary.authors];
        own.into_iter().chain(summary.terms.iter().map(Vec::as_slice))
    }

    /// All taxonomies, companies first.
    pub fn taxonomies(&self) -> &[Taxonomy] {
        &self.taxonomies
    }

    /// The articles just before and just after one, in this order.
    pub fn around(&self, index: ArticleIndex) -> (Option<ArticleIndex>, Option<ArticleIndex>) {
        let previous = index.checked_add(1).filter(|index| self.all().contains(index));
        (previous, index.checked_sub(1))
    }

    /// The days that have articles, newest first, with their articles.
    pub fn days(&self) -> &[(Day, Range<ArticleIndex>)] {
        &self.days
    }

    /// The articles of a period.
    pub fn articles_in(&self, period: Period) -> Range<ArticleIndex> {
        let (first, last) = period.days();
        // Newest first: days behind the period come before it.
        let from = self.days.partition_point(|(day, _)| *day > last);
        let to = self.days.partition_point(|(day, _)| *day >= first);
        match self.days[from..to.max(from)] {
            [] => 0..0,
            [ref newest, ..] => newest.1.start..self.days[to - 1].1.end,
        }
    }

    fn index_days(&mut self) {
        for (index, article) in (0u32..).zip(&self.articles) {
            let summary = &article.summary;
            match self.days.last_mut() {
                Some((day, range)) if *day == summary.date.day => range.end = index + 1,
                _ => self.days.push((summary.date.day, index..index + 1)),
            }
        }
    }

    fn index_paths(&mut self) {
        let shown = self.articles.iter().map(|article| &article.summary.path);
        let articles = shown.chain(self.held.keys()).chain(&self.failed);
        let texts = self.pages.iter().map(|page| &page.path);
        let editions = self.hand_made.values().map(|edition| &edition.path);
        let profiles = self.profiles.values().map(|(path, _)| path);
        let all = articles
            .chain(texts)
            .chain(editions)
            .chain(profiles)
            .chain(self.assets.keys());
        self.by_composed_path = all.map(|path| (path.composed(), path.clone())).collect();
    }
}

/// The order of articles everywhere: newest first, then the more important, then by path.
fn order(summary: &Summary) -> (std::cmp::Reverse<Timestamp>, std::cmp::Reverse<u8>, &SourcePath) {
    (
        std::cmp::Reverse(summary.date.instant),
        std::cmp::Reverse(summary.importance),
        &summary.path,
    )
}
