//! Editions: the articles of a day or a week as one issue, by rule or as an editor arranged them.
//!
//! An edition is a function of today's sources. What an editor lists comes first and in that order;
//! what is not listed follows by rule: the more important first, then the newest.

use std::collections::BTreeSet;

use super::site::{ArticleIndex, HandMade, HandMadeEntry, Site};
use crate::ground::date::{Day, Period};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::encoding::encoded;
use crate::ground::path::SourcePath;
use crate::reading::article::Tag;
use crate::reading::front_matter::{Kind, Spotted};
use crate::reading::tagging::Salience;

/// Days or weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cadence {
    /// One edition a day.
    Daily,
    /// One edition an ISO week.
    Weekly,
}

encoded!(enum Cadence { 0 => Daily, 1 => Weekly });

impl Cadence {
    /// The name used in templates and settings.
    pub fn name(self) -> &'static str {
        match self {
            Cadence::Daily => "daily",
            Cadence::Weekly => "weekly",
        }
    }

    /// The period of this cadence that a day lies in.
    pub fn period(self, day: Day) -> Period {
        match self {
            Cadence::Daily => Period::Day(day),
            Cadence::Weekly => Period::Week(day.week()),
        }
    }
}

/// One issue.
#[derive(Debug)]
pub struct Edition<'s> {
    /// The day or week.
    pub period: Period,
    /// What an editor arranged, if somebody did.
    pub hand_made: Option<&'s HandMade>,
    /// The stories, the lead first.
    pub stories: Vec<Story<'s>>,
    /// Articles of this period that were updated or corrected after it.
    pub since: Vec<ArticleIndex>,
    /// Articles that were corrected in this period, whenever they are from.
    pub corrected: Vec<ArticleIndex>,
}

/// One story of an issue.
#[derive(Clone, Copy, Debug)]
pub struct Story<'s> {
    /// The article.
    pub article: ArticleIndex,
    /// What the editor says about it.
    pub entry: Option<&'s HandMadeEntry>,
    /// Which part of the issue it stands in.
    pub section: Section,
}

/// The parts of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The first story.
    Lead,
    /// What is told at some length.
    Main,
    /// What gets a line.
    Brief,
}

impl Section {
    /// The name used in templates.
    pub fn name(self) -> &'static str {
        match self {
            Section::Lead => "lead",
            Section::Main => "main",
            Section::Brief => "brief",
        }
    }
}

/// The least importance of a story that is told at some length.
const MAIN: u8 = 3;

/// The most stories that rule, and no editor, tells at some length.
const MAIN_STORIES: usize = 8;

/// The companies of an issue and the stories about each: those with the most stories first, then in the
/// order in which the stories name them.
pub fn by_company(site: &Site, edition: &Edition<'_>) -> Vec<(Tag, Vec<ArticleIndex>)> {
    let mut companies: Vec<(Tag, Vec<ArticleIndex>)> = Vec::new();
    let splits = !site.config.companies.count_passing;
    for story in &edition.stories {
        for tag in &site.summary(story.article).companies {
            if splits && tag.salience == Salience::Passing {
                continue;
            }
            match companies.iter_mut().find(|(known, _)| known.slug == tag.slug) {
                Some((_, stories)) => stories.push(story.article),
                None => companies.push((tag.clone(), vec![story.article])),
            }
        }
    }
    companies.sort_by_key(|(_, stories)| std::cmp::Reverse(stories.len()));
    companies
}

/// The editions of a cadence that have pages, newest first.
pub fn periods(site: &Site, cadence: Cadence) -> &[Period] {
    let kept = &site.editions[usize::from(cadence == Cadence::Weekly)];
    kept.get_or_init(|| find_periods(site, cadence))
}

fn find_periods(site: &Site, cadence: Cadence) -> Vec<Period> {
    if !is_on(site, cadence) {
        return Vec::new();
    }
    let hand_made = site
        .hand_made
        .keys()
        .filter(|period| cadence_of(**period) == Some(cadence));
    let by_rule = site.days().iter().map(|(day, _)| cadence.period(*day));
    let all: BTreeSet<Period> = by_rule.chain(hand_made.copied()).collect();
    all.into_iter().rev().collect()
}

/// Whether the site wants editions of a cadence.
pub fn is_on(site: &Site, cadence: Cadence) -> bool {
    match cadence {
        Cadence::Daily => site.config.editions.daily,
        Cadence::Weekly => site.config.editions.weekly,
    }
}

/// The cadence of a period; months have no editions.
pub fn cadence_of(period: Period) -> Option<Cadence> {
    match period {
        Period::Day(_) => Some(Cadence::Daily),
        Period::Week(_) => Some(Cadence::Weekly),
        Period::Month(_) => None,
    }
}

/// The edition of a period; `None` where there is nothing to put into one.
pub fn edition(site: &Site, period: Period) -> Option<Edition<'_>> {
    let hand_made = site.hand_made.get(&period);
    let members = site.articles_in(period);
    if members.is_empty() && hand_made.is_none() {
        return None;
    }
    let mut stories: Vec<Story<'_>> = Vec::new();
    let mut placed: BTreeSet<ArticleIndex> = BTreeSet::new();
    if let Some(hand_made) = hand_made {
        let find = |path: &Spotted| named_article(site, &hand_made.path, &path.text);
        placed.extend(hand_made.exclude.iter().filter_map(find));
        let lead = hand_made.lead.as_ref().and_then(find);
        let entries = || {
            hand_made
                .entries
                .iter()
                .filter_map(|entry| Some((find(&entry.path)?, entry)))
        };
        if let Some(lead) = lead.filter(|lead| placed.insert(*lead)) {
            let entry = entries()
                .find(|(article, _)| *article == lead)
                .map(|(_, entry)| entry);
            stories.push(Story {
                article: lead,
                entry,
                section: Section::Lead,
            });
        }
        for (article, entry) in entries() {
            if placed.insert(article) {
                stories.push(Story {
                    article,
                    entry: Some(entry),
                    section: Section::Main,
                });
            }
        }
    }
    let mut rest: Vec<ArticleIndex> = members.clone().filter(|index| !placed.contains(index)).collect();
    rest.sort_by_key(|&index| (std::cmp::Reverse(site.summary(index).importance), index));
    for article in rest {
        let summary = site.summary(article);
        let is_main =
            summary.importance >= MAIN && summary.kind != Kind::Brief && stories.len() <= MAIN_STORIES;
        let section = if is_main { Section::Main } else { Section::Brief };
        stories.push(Story {
            article,
            entry: None,
            section,
        });
    }
    if let Some(lead) = stories.first_mut() {
        lead.section = Section::Lead;
    }
    let (_, last) = period.days();
    let since = members
        .filter(|&index| changed_after(site, index, last))
        .collect();
    Some(Edition {
        period,
        hand_made,
        stories,
        since,
        corrected: site.corrected_in(period),
    })
}

/// The editions before and after one of the same cadence.
pub fn neighbours(site: &Site, period: Period) -> (Option<Period>, Option<Period>) {
    let Some(cadence) = cadence_of(period) else {
        return (None, None);
    };
    let all = periods(site, cadence);
    // Newest first.
    let Ok(at) = all.binary_search_by(|other| period.cmp(other)) else {
        return (None, None);
    };
    (
        all.get(at + 1).copied(),
        at.checked_sub(1).map(|newer| all[newer]),
    )
}

fn changed_after(site: &Site, index: ArticleIndex, last: Day) -> bool {
    let summary = site.summary(index);
    let updated = summary.updated.iter().map(|updated| updated.day);
    let corrected = summary.corrections.iter().map(|correction| correction.date.day);
    updated.chain(corrected).any(|day| day > last)
}

/// The article that a path in an edition's front matter means: relative to the edition's file, to
/// content/ or to the site folder.
pub fn named_article(site: &Site, edition: &SourcePath, path: &str) -> Option<ArticleIndex> {
    candidates(edition, path)
        .iter()
        .find_map(|path| site.article(site.file(path)?))
}

fn candidates(edition: &SourcePath, path: &str) -> Vec<SourcePath> {
    let relative = edition.relative(path);
    let inside = ["content/articles", "content", ""].iter().filter_map(|folder| {
        SourcePath::new(folder).and_then(|folder| folder.join(path.trim_start_matches('/')))
    });
    relative.into_iter().chain(inside).collect()
}

/// Reports the paths in hand-made editions that mean no article of the site.
pub fn check(site: &Site, place: impl Fn(&SourcePath, &Spotted) -> Diagnostic, found: &mut Diagnostics) {
    for hand_made in site.hand_made.values() {
        let entries = hand_made.entries.iter().map(|entry| &entry.path);
        for path in hand_made.lead.iter().chain(entries).chain(&hand_made.exclude) {
            let candidates = candidates(&hand_made.path, &path.text);
            let files: Vec<&SourcePath> = candidates.iter().filter_map(|path| site.file(path)).collect();
            let is_known = files
                .iter()
                .any(|file| site.article(file).is_some() || site.failed.contains(*file));
            if is_known {
                continue;
            }
            let held = files.iter().find_map(|file| site.held.get(*file));
            let mut diagnostic = place(&hand_made.path, path);
            diagnostic.code = Code::UnknownArticle;
            diagnostic.message = match held {
                Some(_) => format!("`{}` is not published yet", path.text),
                None => format!("there is no article `{}`", path.text),
            };
            diagnostic.help = vec![match held {
                Some(_) => "the article is held back; publish it or take it out of the edition".to_owned(),
                None => "write the path as a link in this file would: `../articles/2025-01-21-oracle.md`"
                    .to_owned(),
            }];
            found.push(diagnostic);
        }
    }
}
