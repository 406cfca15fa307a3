//! Edits: a site follows changes of its articles without being indexed anew.
//!
//! What comes out is the site that would be made of the same articles; tests/site_edits.rs holds both
//! against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::articles::{Slot, is_same_place};
use super::partners::{paired, pairs};
use super::taxonomy::{COMPANIES, Mention, Taxonomy, mentions};
use super::{ArticleIndex, Held, Now, Site, corrections_of, held};
use crate::ground::date::{Day, Month};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, Url};
use crate::reading::article::{Article, Summary};

/// More edits than this at once, as when another branch is checked out, and all is indexed anew.
const MANY: usize = 64;

/// What became of one article's file.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The file.
    pub path: SourcePath,
    /// What became of it.
    pub change: Change,
}

/// What became of an article's file.
#[derive(Clone, Debug)]
pub enum Change {
    /// This was read of it: it is new, or another than before.
    Read(Arc<Article>),
    /// It could not be read.
    Failed,
    /// It is gone.
    Gone,
}

/// What edits changed of a site, for those who have made something of it.
#[derive(Debug)]
pub enum Applied {
    /// All was indexed anew.
    Everything,
    /// This, and nothing else.
    Changes(Changes),
}

/// Parts of a site that may not be as before.
#[derive(Debug, Default)]
pub struct Changes {
    /// The articles that were edited, are due now or have expired, each as it was shown before.
    pub articles: Vec<(SourcePath, Option<Arc<Article>>)>,
    /// The terms that have or lack a page or a page of a month since: taxonomy and slug.
    pub terms: Vec<(String, Arc<str>)>,
    /// The companies that have or lack a page together since, in the order of their slugs.
    pub pairs: Vec<(Arc<str>, Arc<str>)>,
    /// The days that have or lack articles since.
    pub days: Vec<Day>,
    /// Whether links of other articles may lead elsewhere now.
    pub has_moved_targets: bool,
}

/// The part of a site that decides where links to a file lead.
#[derive(PartialEq, Eq)]
enum Standing {
    Absent,
    Failed,
    Held,
    Shown(Url),
}

/// A term before it was edited: its mark, and the months that had pages, if it had a page itself.
type TermBefore = Option<(Fingerprint, Option<Vec<Month>>)>;

/// Edits at work.
struct Work<'w> {
    site: &'w mut Site,
    now: Now,
    changes: Changes,
    /// The terms that were edited, by taxonomy and slug.
    terms: BTreeMap<(usize, Arc<str>), TermBefore>,
    /// The companies that were paired or parted, by slug, and whether they had a page together.
    pairs: BTreeMap<(Arc<str>, Arc<str>), bool>,
    days: BTreeSet<Day>,
    /// Whether the index of files must be made anew.
    has_new_twins: bool,
}

impl Site {
    /// Follows edits of articles, and the clock. Of several edits of a file the last one holds.
    pub fn apply(&mut self, edits: Vec<Edit>, now: Now) -> Applied {
        let edits = edits.into_iter().map(|edit| (edit.path, edit.change));
        let mut edits: BTreeMap<SourcePath, Change> = edits.collect();
        let due = self
            .changes
            .iter()
            .take_while(|(change, _)| *change <= now.instant);
        let due: Vec<Arc<Article>> = due
            .filter_map(|&(_, slot)| self.articles.in_slot(slot).cloned())
            .take(MANY + 1)
            .collect();
        for article in due {
            let path = article.summary.path.clone();
            edits.entry(path).or_insert(Change::Read(article));
        }
        if edits.len() > MANY || !self.now.leads_to(now) {
            for (path, change) in edits {
                self.keep(&path, change);
            }
            self.reindex(now);
            return Applied::Everything;
        }
        let mut work = Work {
            site: self,
            now,
            changes: Changes::default(),
            terms: BTreeMap::new(),
            pairs: BTreeMap::new(),
            days: BTreeSet::new(),
            has_new_twins: false,
        };
        for (path, change) in edits {
            work.edit(path, change);
        }
        work.finish()
    }

    /// Keeps what was read of a file, and leaves the indexes alone.
    fn keep(&mut self, path: &SourcePath, change: Change) -> Option<Slot> {
        let is_failed = matches!(change, Change::Failed);
        if is_failed {
            self.failed.insert(path.clone());
        } else {
            self.failed.remove(path);
        }
        match change {
            Change::Read(article) => Some(self.articles.put(article)),
            Change::Failed | Change::Gone => {
                self.articles.forget(path);
                None
            }
        }
    }

    fn standing(&self, path: &SourcePath) -> Standing {
        if self.failed.contains(path) {
            Standing::Failed
        } else if self.held.contains_key(path) {
            Standing::Held
        } else {
            match self.article(path) {
                Some(index) => Standing::Shown(self.summary(index).url.clone()),
                None => Standing::Absent,
            }
        }
    }
}

impl Now {
    /// Whether what is shown then differs only by articles that are due or expire until then.
    fn leads_to(self, later: Now) -> bool {
        (self.drafts, self.future) == (later.drafts, later.future)
            && self.instant <= later.instant
            && self.day <= later.day
    }
}

impl Work<'_> {
    fn edit(&mut self, path: SourcePath, change: Change) {
        let standing = self.site.standing(&path);
        let before = self.site.articles.slot(&path);
        let rank = before.and_then(|slot| self.site.articles.rank(slot));
        let shown = rank.map(|index| self.site.articles.shown(index).clone());
        if let Some(slot) = before {
            self.forget_change(slot);
        }
        let reason = match &change {
            Change::Read(article) => Some(held::reason(article, self.now)),
            Change::Failed | Change::Gone => None,
        };
        match (&change, &shown, rank) {
            (Change::Read(new), Some(old), Some(index))
                if reason == Some(None) && is_same_place(&old.summary, &new.summary) =>
            {
                self.retag(index, &old.summary, &new.summary);
                self.site.keep(&path, change);
            }
            _ => {
                if let (Some(index), Some(old)) = (rank, &shown) {
                    self.hide(index, &old.summary);
                }
                let slot = self.site.keep(&path, change);
                if let Some(slot) = slot.filter(|_| reason == Some(None)) {
                    self.show(slot);
                }
            }
        }
        self.note(&path, reason.flatten());
        self.follow_links(&path, &standing);
        self.changes.articles.push((path, shown));
    }

    /// Notes when an article changes next, and why it is held back.
    fn note(&mut self, path: &SourcePath, reason: Option<held::Reason>) {
        let site = &mut *self.site;
        site.held.remove(path);
        let Some(slot) = site.articles.slot(path) else {
            return;
        };
        site.marks.forget(slot);
        if let Some(article) = site.articles.in_slot(slot) {
            let change = held::next_change(article, self.now, &site.config.zone);
            site.changes.extend(change.map(|change| (change, slot)));
            if let Some(reason) = reason {
                site.held.insert(path.clone(), Held::new(article, reason));
            }
        }
    }

    fn forget_change(&mut self, slot: Slot) {
        let site = &mut *self.site;
        if let Some(article) = site.articles.in_slot(slot)
            && let Some(change) = held::next_change(article, site.now, &site.config.zone)
        {
            site.changes.remove(&(change, slot));
        }
    }

    /// Sees to the index of files, and to what is known of where links lead.
    ///
    /// A mark of an article tells where its links lead. That depends on its own address and on the
    /// standing of what they mean; so all marks hold as long as nothing changes its standing.
    fn follow_links(&mut self, path: &SourcePath, before: &Standing) {
        let after = self.site.standing(path);
        if *before == after {
            return;
        }
        self.changes.has_moved_targets = true;
        let files = &mut self.site.files;
        let is_indexed = match (*before == Standing::Absent, after == Standing::Absent) {
            (true, false) => files.add(path),
            (false, true) => files.remove(path),
            _ => !files.has_twins(),
        };
        self.has_new_twins |= !is_indexed;
    }

    fn hide(&mut self, index: ArticleIndex, summary: &Summary) {
        let mentions = mentions(&self.site.config, summary);
        for (number, mentions) in mentions.iter().enumerate() {
            self.remove_mentions(number, mentions, index);
        }
        let slot = self.site.articles.slot_of(index);
        for correction in corrections_of(summary, slot) {
            self.site.corrections.remove(&correction);
        }
        self.site.articles.hide(index);
        for taxonomy in &mut self.site.taxonomies {
            taxonomy.close_gap(index);
        }
        if self.site.days.remove(index) {
            self.days.insert(summary.date.day);
        }
    }

    fn show(&mut self, slot: Slot) {
        let Some(index) = self.site.articles.show(slot) else {
            return;
        };
        for taxonomy in &mut self.site.taxonomies {
            taxonomy.make_room(index);
        }
        let corrections: Vec<_> = corrections_of(self.site.summary(index), slot).collect();
        self.site.corrections.extend(corrections);
        let summary = &self.site.summary(index);
        let (day, mentions) = (summary.date.day, mentions(&self.site.config, summary));
        for (number, mentions) in mentions.iter().enumerate() {
            self.add_mentions(number, mentions, index);
        }
        if self.site.days.insert(index, day) {
            self.days.insert(day);
        }
    }

    /// Sorts an article that stays in its place into other terms, and its corrections to other days.
    fn retag(&mut self, index: ArticleIndex, old: &Summary, new: &Summary) {
        let slot = self.site.articles.slot_of(index);
        for correction in corrections_of(old, slot) {
            self.site.corrections.remove(&correction);
        }
        self.site.corrections.extend(corrections_of(new, slot));
        let config = &self.site.config;
        let both = mentions(config, old).into_iter().zip(mentions(config, new));
        for (number, (old, new)) in both.enumerate() {
            if old != new {
                self.remove_mentions(number, &old, index);
                self.add_mentions(number, &new, index);
            }
        }
    }

    fn remove_mentions(&mut self, number: usize, mentions: &[Mention], index: ArticleIndex) {
        if number == 0 {
            let slot = self.site.articles.slot_of(index);
            self.with_pairs(mentions, |companies, one, other| companies.part(one, other, slot));
        }
        for mention in mentions {
            self.touch(number, mention);
            self.site.taxonomies[number].remove(mention, index);
        }
    }

    fn add_mentions(&mut self, number: usize, mentions: &[Mention], index: ArticleIndex) {
        for mention in mentions {
            self.touch(number, mention);
            self.site.taxonomies[number].add(mention, index);
        }
        if number == 0 {
            let slot = self.site.articles.slot_of(index);
            self.with_pairs(mentions, |companies, one, other| companies.pair(one, other, slot));
        }
    }

    /// Does something with all pairs of an article's companies, and notes how they were before the first
    /// edit that they are part of.
    fn with_pairs(
        &mut self,
        companies: &[Mention],
        mut work: impl FnMut(&mut Taxonomy, &Arc<str>, &Arc<str>),
    ) {
        for (one, other) in pairs(&paired(companies)) {
            let site = &*self.site;
            self.pairs
                .entry((one.clone(), other.clone()))
                .or_insert_with(|| site.has_pair_page(site.count_together(one, other)));
            if let Some(taxonomy) = self.site.taxonomies.first_mut() {
                work(taxonomy, one, other);
            }
        }
    }

    /// Notes how a term was before the first edit that it is part of.
    fn touch(&mut self, number: usize, mention: &Mention) {
        let taxonomies = &self.site.taxonomies;
        self.terms
            .entry((number, mention.slug.clone()))
            .or_insert_with(|| {
                let term = taxonomies[number].term(&mention.slug)?;
                Some((term.mark, term.pages()))
            });
    }

    fn finish(mut self) -> Applied {
        self.site.shared.forget_together();
        let site = &mut *self.site;
        site.now = self.now;
        for ((number, slug), before) in self.terms {
            let taxonomy = &mut site.taxonomies[number];
            taxonomy.settle(&slug, &site.register, &site.articles);
            let term = taxonomy.term(&slug);
            let after: TermBefore = term.map(|term| (term.mark, term.pages()));
            let mark = |state: &TermBefore| state.as_ref().map(|(mark, _)| *mark);
            let has_page = |state: &TermBefore| state.as_ref().is_some_and(|(_, pages)| pages.is_some());
            if mark(&before) != mark(&after)
                && let Some(term) = term
            {
                // The cards of its articles name it; their texts lead to it, if it is a company with a page. Those
                // that have left it were edited themselves.
                let is_led_to = taxonomy.name == COMPANIES && has_page(&before) != has_page(&after);
                for &index in term.articles.iter().chain(&term.passing) {
                    let slot = site.articles.slot_of(index);
                    match is_led_to {
                        true => site.marks.forget(slot),
                        false => site.marks.forget_card(slot),
                    }
                }
            }
            let pages = |state: TermBefore| state.and_then(|(_, pages)| pages);
            if pages(before) != pages(after) {
                self.changes.terms.push((taxonomy.name.clone(), slug));
            }
        }
        for ((one, other), had_page) in self.pairs {
            if had_page != site.has_pair_page(site.count_together(&one, &other)) {
                self.changes.pairs.push((one, other));
            }
        }
        if !self.days.is_empty() {
            site.editions = [OnceLock::new(), OnceLock::new()];
        }
        self.changes.days.extend(self.days);
        if self.changes.has_moved_targets {
            site.marks.forget_all();
        }
        if self.has_new_twins {
            site.index_files();
            return Applied::Everything;
        }
        Applied::Changes(self.changes)
    }
}
