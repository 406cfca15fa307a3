//! The site: everything that was read, ordered and indexed.
//!
//! Articles stand in one order everywhere: newest first, then by importance, then by path. A day, a
//! week or a month is therefore a range of that order, and a list of articles is a list of
//! ascending indexes into it.

mod articles;
mod check;
mod days;
mod edits;
mod files;
mod held;
mod marks;
mod parsed;
mod partners;
mod taxonomy;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::ground::date::{Day, Period};
use crate::ground::path::{SourcePath, Url};
use crate::reading::article::{Article, Story, Summary, Text};
use crate::reading::company::Register;
use crate::reading::config::Config;
use crate::reading::yaml;
use jiff::{SignedDuration, Timestamp};

use super::shared::Shared;
use articles::{Articles, Slot};
use days::Days;
use files::Files;
use marks::Marks;

pub use edits::{Applied, Change, Changes, Edit};
pub use held::{Held, Reason};
pub(super) use held::{end, from, reason};
pub use parsed::{Asset, HandMade, HandMadeEntry, Nav, Page, Parsed, Stories};
pub use partners::{Partner, Partners};
pub use taxonomy::{AUTHORS, COMPANIES, TOPICS, Taxonomy, Term};

/// For how long an article is news.
pub(super) const NEWS: SignedDuration = SignedDuration::from_hours(48);

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
    /// Where files of static/ and of the theme stand whose address does not follow from their path.
    pub addresses: BTreeMap<SourcePath, Url>,
    /// Free data.
    pub data: BTreeMap<String, yaml::Value>,
    /// When it is looked at.
    now: Now,
    articles: Articles,
    stories: Arc<dyn Stories>,
    /// Every file that a link can mean.
    files: Files,
    taxonomies: Vec<Taxonomy>,
    days: Days,
    /// When an article is due or expires next, for those to which that happens.
    changes: BTreeSet<(Timestamp, Slot)>,
    /// The days of corrections, and where the corrected articles are kept.
    corrections: BTreeSet<(Day, Slot)>,
    /// The periods of the daily and the weekly editions, found when they are first asked for.
    pub(super) editions: [OnceLock<Vec<Period>>; 2],
    /// Values that many pages show.
    pub(super) shared: Shared,
    /// What tells that articles look the same, found as it is asked for.
    pub(super) marks: Marks,
}

impl Site {
    /// Orders and indexes what was read.
    pub fn new(config: Arc<Config>, parsed: Parsed, now: Now) -> Site {
        let mut site = Site {
            register: parsed.register,
            held: BTreeMap::new(),
            failed: parsed.failed,
            profiles: parsed.profiles,
            pages: Vec::new(),
            hand_made: BTreeMap::new(),
            assets: parsed.assets,
            addresses: parsed.addresses,
            data: parsed.data,
            now,
            articles: Articles::new(parsed.articles),
            stories: parsed.stories,
            files: Files::default(),
            taxonomies: Vec::new(),
            days: Days::default(),
            changes: BTreeSet::new(),
            corrections: BTreeSet::new(),
            editions: [OnceLock::new(), OnceLock::new()],
            shared: Shared::default(),
            marks: Marks::default(),
            config,
        };
        site.set_pages(parsed.pages);
        site.set_editions(parsed.editions);
        site.reindex(now);
        site
    }

    /// Takes other plain pages. The site must be indexed anew after that, as after any change of what
    /// is no article.
    pub fn set_pages(&mut self, mut pages: Vec<Page>) {
        pages.sort_by(|a, b| (a.order, &a.title, &a.path).cmp(&(b.order, &b.title, &b.path)));
        self.pages = pages;
    }

    /// Takes other editions made by hand; of two for one period the last.
    pub fn set_editions(&mut self, editions: Vec<HandMade>) {
        self.hand_made = editions
            .into_iter()
            .map(|edition| (edition.period, edition))
            .collect();
    }

    /// Orders and indexes all articles anew, at another time.
    pub fn reindex(&mut self, now: Now) {
        self.now = now;
        self.shared.forget_together();
        self.held.clear();
        self.changes.clear();
        let mut shown = Vec::with_capacity(self.articles.slots());
        for (slot, article) in self.articles.kept() {
            let change = held::next_change(article, now, &self.config.zone);
            self.changes.extend(change.map(|change| (change, slot)));
            match reason(article, now) {
                Some(reason) => {
                    let held = Held::new(article, reason);
                    self.held.insert(article.summary.path.clone(), held);
                }
                None => shown.push(slot),
            }
        }
        let corrections = shown.iter().flat_map(|&slot| {
            let summary = self.articles.in_slot(slot).map(|article| &article.summary);
            summary
                .into_iter()
                .flat_map(move |summary| corrections_of(summary, slot))
        });
        self.corrections = corrections.collect();
        self.articles.order(shown.into_iter());
        self.days = Days::new(self.all().map(|index| self.summary(index).date.day));
        self.index_files();
        let Site { config, register, .. } = self;
        self.taxonomies = taxonomy::index(config, register, &self.profiles, &self.articles);
        self.editions = [OnceLock::new(), OnceLock::new()];
        self.marks = Marks::new(self.articles.slots());
    }

    /// Why an article that is shown would be held back if it were looked at in another way.
    pub fn held_at(&self, index: ArticleIndex, now: Now) -> Option<Reason> {
        reason(self.entry(index), now)
    }

    /// How many articles are shown.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether no article is shown.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The indexes of all articles, newest first.
    pub fn all(&self) -> Range<ArticleIndex> {
        0..ArticleIndex::try_from(self.articles.len()).unwrap_or(ArticleIndex::MAX)
    }

    /// What lists may show of an article.
    pub fn summary(&self, index: ArticleIndex) -> &Summary {
        &self.articles.shown(index).summary
    }

    /// All that is kept of an article.
    pub fn entry(&self, index: ArticleIndex) -> &Article {
        self.articles.shown(index)
    }

    pub(super) fn slot(&self, index: ArticleIndex) -> Slot {
        self.articles.slot_of(index)
    }

    /// What only an article's own page and the feeds print. `None` where it cannot be had any more:
    /// then that is reported, and nothing is written.
    pub fn story(&self, index: ArticleIndex) -> Option<Arc<Story>> {
        self.stories.story(&self.summary(index).path)
    }

    /// The article of a file, if it is shown.
    pub fn article(&self, path: &SourcePath) -> Option<ArticleIndex> {
        self.articles.rank(self.articles.slot(path)?)
    }

    /// The article of a file, be it shown or held back.
    pub fn kept(&self, path: &SourcePath) -> Option<&Arc<Article>> {
        self.articles.in_slot(self.articles.slot(path)?)
    }

    /// All articles, those that are held back among them, in no order.
    pub fn all_kept(&self) -> impl Iterator<Item = &Arc<Article>> {
        self.articles.kept().map(|(_, article)| article)
    }

    /// When an article that is held back is due, one that is shown expires, or one is no news any more.
    pub fn until(&self) -> Option<Timestamp> {
        let change = self.changes.first().map(|&(change, _)| change);
        let stale = self.news().last().and_then(|index| self.stale(index));
        change.into_iter().chain(stale).min()
    }

    /// The articles of the last two days, the newest first, without those that stay out of search engines.
    ///
    /// Source: Google's rules for news sitemaps.
    pub fn news(&self) -> impl Iterator<Item = ArticleIndex> + '_ {
        let is_fresh = |index: &ArticleIndex| self.stale(*index).is_some_and(|end| end > self.now.instant);
        let fresh = self.all().take_while(is_fresh);
        fresh.filter(|index| !self.summary(*index).noindex && self.config.base_url.is_some())
    }

    /// When an article is no news any more: two days after its date.
    fn stale(&self, index: ArticleIndex) -> Option<Timestamp> {
        let date = self.summary(index).date.instant;
        date.checked_add(NEWS).ok()
    }

    /// The file of the site that a path means, whatever its Unicode form.
    pub fn file(&self, path: &SourcePath) -> Option<&SourcePath> {
        self.file_at(path.as_str())
    }

    /// The same for a path in words.
    pub fn file_at(&self, path: &str) -> Option<&SourcePath> {
        self.files.find(path)
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

    /// The articles that name two companies, newest first.
    pub fn together(&self, one: &str, other: &str) -> Vec<ArticleIndex> {
        let term = self.taxonomies.first().and_then(|companies| companies.term(one));
        let slots = term.map_or(&[][..], |term| term.partners.articles(other));
        let mut articles: Vec<ArticleIndex> = slots
            .iter()
            .filter_map(|&slot| self.articles.rank(slot))
            .collect();
        articles.sort_unstable();
        articles
    }

    /// How many articles name two companies.
    pub fn count_together(&self, one: &str, other: &str) -> usize {
        let term = self.taxonomies.first().and_then(|companies| companies.term(one));
        term.map_or(0, |term| term.partners.count(other))
    }

    /// Whether two companies have a page, named by so many articles together.
    pub fn has_pair_page(&self, count: usize) -> bool {
        self.config.pages.pairs && count >= self.config.companies.pair_min.max(1)
    }

    /// One of the parts of something that is made at one go while the site is as it is.
    pub fn made_together(&self, name: &str, part: u16, make: impl FnOnce() -> Vec<Vec<u8>>) -> Vec<u8> {
        let all = self.shared.together(name);
        let part = all.get_or_init(make).get(usize::from(part));
        part.cloned().unwrap_or_default()
    }

    /// The articles just before and just after one, in this order.
    pub fn around(&self, index: ArticleIndex) -> (Option<ArticleIndex>, Option<ArticleIndex>) {
        let previous = index.checked_add(1).filter(|index| self.all().contains(index));
        (previous, index.checked_sub(1))
    }

    /// The days that have articles, newest first, with their articles.
    pub fn days(&self) -> &[(Day, Range<ArticleIndex>)] {
        self.days.all()
    }

    /// The articles of a period.
    pub fn articles_in(&self, period: Period) -> Range<ArticleIndex> {
        let (first, last) = period.days();
        // Newest first: days behind the period come before it.
        let days = self.days.all();
        let from = days.partition_point(|(day, _)| *day > last);
        let to = days.partition_point(|(day, _)| *day >= first);
        match days[from..to.max(from)] {
            [] => 0..0,
            [ref newest, ..] => newest.1.start..days[to - 1].1.end,
        }
    }

    /// The articles that were corrected in a period, in order.
    pub fn corrected_in(&self, period: Period) -> Vec<ArticleIndex> {
        let (first, last) = period.days();
        let of_period = self.corrections.range((first, Slot::MIN)..=(last, Slot::MAX));
        let articles: BTreeSet<ArticleIndex> = of_period
            .filter_map(|(_, slot)| self.articles.rank(*slot))
            .collect();
        articles.into_iter().collect()
    }

    /// All that is indexed, in words that are the same for the same indexes: for the test that holds
    /// an edited site against one that is made anew.
    #[doc(hidden)]
    pub fn portrait(&self) -> String {
        let path = |slot: Slot| Some(&self.articles.in_slot(slot)?.summary.path);
        let order: Vec<&SourcePath> = self.all().map(|index| &self.summary(index).path).collect();
        let found = order.iter().map(|path| self.article(path));
        let mut found: Vec<Option<ArticleIndex>> = found.collect();
        found.dedup_by(|next, last| *next == last.map(|last| last + 1));
        let kept: BTreeSet<&SourcePath> = self.all_kept().map(|article| &article.summary.path).collect();
        let changes = self.changes.iter().map(|&(change, slot)| (change, path(slot)));
        let changes: BTreeSet<_> = changes.collect();
        let corrections = self.corrections.iter().map(|&(day, slot)| (day, path(slot)));
        let corrections: BTreeSet<_> = corrections.collect();
        let mut out = format!(
            "{order:?}\n{found:?}\n{kept:?}\n{changes:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n",
            self.days,
            self.held,
            self.failed,
            self.until(),
            self.files.portrait(),
            corrections,
        );
        for taxonomy in &self.taxonomies {
            taxonomy.portrait(&self.articles, &mut out);
        }
        out
    }

    fn index_files(&mut self) {
        let shown = self.all().map(|index| &self.summary(index).path);
        let articles = shown.chain(self.held.keys()).chain(&self.failed);
        let texts = self.pages.iter().map(|page| &page.path);
        let editions = self.hand_made.values().map(|edition| &edition.path);
        let profiles = self.profiles.values().map(|(path, _)| path);
        let all = articles
            .chain(texts)
            .chain(editions)
            .chain(profiles)
            .chain(self.assets.keys());
        self.files = Files::new(all);
    }
}

/// The days of an article's corrections.
fn corrections_of(summary: &Summary, slot: Slot) -> impl Iterator<Item = (Day, Slot)> {
    let days = summary.corrections.iter().map(|correction| correction.date.day);
    days.map(move |day| (day, slot))
}
