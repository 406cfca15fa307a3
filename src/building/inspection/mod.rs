//! The inspection: what a build does not need to know and an editor wants to. `brief check` is a build
//! that hands nothing over, and this.
//!
//! Each article is read once more, by itself and in parallel; what concerns several articles is put
//! together from what was noted of each. Checks of texts are plain functions from paragraphs to places, so
//! that each can be tested with sentences.

mod article;
mod link;
mod name;
mod paragraph;
mod picture;
pub mod proof;
mod quotation;
mod register;
mod relative_date;
pub mod sitemap;
pub mod twin;
pub mod vanished;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use url::Url;

use super::external::Asked;
use super::pipeline::{self, Options, Prepared, judge, locate};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::{SourcePath, slug};
use crate::ground::world::{World, read_text};
use crate::meaning::site::{Held, Reason, Site};
use crate::pages::templates::TemplateSources;
use crate::reading::article::{Article, Place, Prose};
use crate::reading::company::{self, Company};
use crate::reading::front_matter::Spotted;
use crate::reading::markdown;

use article::Inspected;
use name::letters;
use register::Entries;

/// What came of an inspection.
#[derive(Debug)]
pub struct Inspection {
    /// Everything that was found, in order.
    pub diagnostics: Diagnostics,
    /// How many articles were inspected.
    pub articles: usize,
    /// Articles that are held back, by path.
    pub held: BTreeMap<SourcePath, Held>,
    /// Articles without an id of their own and the ids they have.
    pub without_id: Vec<(SourcePath, String)>,
    /// Addresses out of the site of which nobody can say whether they answer, and why.
    pub unverifiable: Vec<(Url, Asked)>,
    /// The texts of built-in templates, for showing diagnostics.
    pub template_sources: Arc<TemplateSources>,
}

/// Who is asked what came of asking for addresses out of the site.
pub type Ask<'a> = &'a mut dyn FnMut(&BTreeSet<Url>) -> BTreeMap<Url, Asked>;

/// Inspects a site: all that a build would find, and more; with `ask` also where it leads to. The addresses `against`
/// are those that readers know.
pub fn inspect(world: &dyn World, options: &Options, ask: Option<Ask<'_>>, against: &[String]) -> Inspection {
    let mut prepared = pipeline::rehearse(world, options);
    let mut found = std::mem::take(&mut prepared.found);
    let site = &prepared.site;
    let articles = articles(site);
    let markdown = markdown::Options {
        outward: ask.is_some(),
        ..prepared.shelf.reading().config.markdown
    };
    let read = |article: &Arc<Article>| {
        let path = &article.summary.path;
        // What cannot be read any more has been reported.
        let text = read_text(world, path).ok()?;
        article::inspect(
            article,
            &text,
            site.held.get(path),
            prepared.shelf.reading(),
            markdown,
        )
    };
    let mut inspected: Vec<Inspected> = articles.par_iter().filter_map(read).collect();
    for article in &mut inspected {
        found.extend(std::mem::take(&mut article.found));
    }
    let desk = Desk {
        world,
        site,
        inspected: &inspected,
    };
    desk.report_sources(&mut found);
    let without_id = desk.report_ids(&mut found);
    desk.report_companies(&mut found);
    desk.report_twins(&mut found);
    desk.report_pictures(&prepared, &mut found);
    vanished::report(&prepared, against, &mut found);
    let unverifiable = match ask {
        Some(ask) => desk.report_links(markdown, ask, &mut found),
        None => Vec::new(),
    };
    Inspection {
        diagnostics: judge(found, site).sorted(),
        articles: inspected.len(),
        held: site.held.clone(),
        without_id,
        unverifiable,
        template_sources: prepared.template_sources.clone(),
    }
}

/// The articles to inspect, by path: those that are shown, and those that will be. What is wrong with a draft
/// matters once it is shown, and nobody mends what has expired.
fn articles(site: &Site) -> Vec<Arc<Article>> {
    let is_due = |article: &&Arc<Article>| match site.held.get(&article.summary.path) {
        None => true,
        Some(held) => matches!(held.reason, Reason::Until(_)),
    };
    let mut articles: Vec<Arc<Article>> = site.all_kept().filter(is_due).cloned().collect();
    articles.sort_by(|a, b| a.summary.path.cmp(&b.summary.path));
    articles
}

/// All articles, inspected.
struct Desk<'d> {
    world: &'d dyn World,
    site: &'d Site,
    inspected: &'d [Inspected],
}

/// How many places a problem of many articles shows.
const PLACES: usize = 5;

impl Desk<'_> {
    /// Whether an article wants to be told of a kind of problem.
    fn is_told(&self, path: &SourcePath, code: Code) -> bool {
        self.site
            .kept(path)
            .is_none_or(|article| !article.checks.silences(code))
    }

    fn locate(&self, path: &SourcePath, place: Place) -> Diagnostic {
        locate(self.world, path, place)
    }

    /// One warning for all news without a source, where naming them is the habit of the site.
    fn report_sources(&self, found: &mut Diagnostics) {
        let news = self
            .inspected
            .iter()
            .filter_map(|article| Some((article, article.has_source?)));
        let news: Vec<(&Inspected, bool)> = news.collect();
        let without = news
            .iter()
            .filter(|(article, has)| !has && self.is_told(&article.path, Code::MissingSource));
        let without: Vec<&Inspected> = without.map(|(article, _)| *article).collect();
        let with = news.iter().filter(|(_, has)| *has).count();
        if without.is_empty() || with * 2 < news.len() {
            return;
        }
        let message = match without.len() {
            1 => "this article names no source, as the others do".to_owned(),
            count => format!("{count} of {} news articles name no source", news.len()),
        };
        let mut problem = Diagnostic::new(Code::MissingSource, message);
        for article in without.iter().take(PLACES) {
            problem
                .labels
                .extend(self.locate(&article.path, Place::Value(article.title)).labels);
        }
        found.push(problem.help("write the report it rests on: `source: {name: …, url: …}`"));
    }

    /// One warning for all articles without an id; gives them, with the ids they have.
    fn report_ids(&self, found: &mut Diagnostics) -> Vec<(SourcePath, String)> {
        let is_without =
            |article: &&Inspected| !article.has_id && self.is_told(&article.path, Code::UnstableId);
        let without: Vec<&Inspected> = self.inspected.iter().filter(is_without).collect();
        let Some(first) = without.first() else {
            return Vec::new();
        };
        let message = match without.len() {
            1 => {
                "this article has no `id`; under another file name it would be new to feed readers".to_owned()
            }
            count => format!(
                "{count} articles have no `id`; under other file names they would be new to feed readers"
            ),
        };
        let problem = Diagnostic::new(Code::UnstableId, message).in_file(&first.path);
        found.push(problem.help("`brief check --fix` writes down the ids that they have now"));
        let with_id = |article: &&Inspected| {
            let id = self.site.kept(&article.path)?.summary.id.to_string();
            Some((article.path.clone(), id))
        };
        without.iter().filter_map(with_id).collect()
    }

    fn report_companies(&self, found: &mut Diagnostics) {
        let register = &*self.site.register;
        let is_told = |article: &&Inspected| self.is_told(&article.path, Code::CompanyNearDuplicate);
        let names = |article: &'_ Inspected| -> Vec<(SourcePath, Spotted)> {
            article
                .unregistered
                .iter()
                .map(|name| (article.path.clone(), name.clone()))
                .collect()
        };
        let named: Vec<(SourcePath, Spotted)> =
            self.inspected.iter().filter(is_told).flat_map(names).collect();
        let named: Vec<(&SourcePath, &Spotted)> = named.iter().map(|(path, name)| (path, name)).collect();
        let entries = Entries {
            register,
            file: register_file(self.world),
        };
        let locate = |path: &SourcePath, name: &Spotted| self.locate(path, Place::Value(name.spot));
        entries.report_near_duplicates(&named, &locate, found);
        if register.is_empty() || self.inspected.is_empty() {
            return;
        }
        let used = self.used();
        entries.report_unused(&used.iter().map(String::as_str).collect(), found);
        entries.report_common_words(found);
        self.report_candidates(found);
    }

    /// The slugs of the companies that articles name or are tagged with, drafts among them.
    fn used(&self) -> BTreeSet<String> {
        let companies = self.site.register.companies();
        let named = self.inspected.iter().flat_map(|article| &article.companies);
        let named = named.filter_map(|&index| Some(companies.get(index)?.slug.clone()));
        let tags = self
            .site
            .all_kept()
            .flat_map(|article| &article.summary.companies);
        named.chain(tags.map(|tag| tag.slug.to_string())).collect()
    }

    /// Names that look like companies' and that the register does not hold, each once.
    fn report_candidates(&self, found: &mut Diagnostics) {
        let known = Known::new(self.site, self.inspected);
        let mut names: BTreeMap<String, Named<'_>> = BTreeMap::new();
        for article in self.inspected {
            let mut own = BTreeSet::new();
            for (candidate, span) in &article.candidates {
                let key = letters(&candidate.name);
                if key.is_empty() || known.holds(&candidate.name) {
                    continue;
                }
                let named = names.entry(key.clone()).or_insert(Named {
                    name: &candidate.name,
                    place: (&article.path, *span),
                    articles: 0,
                    is_sure: false,
                });
                named.is_sure |= candidate.is_sure;
                named.articles += usize::from(own.insert(key));
            }
        }
        let names: Vec<Named<'_>> = names
            .into_values()
            .filter(|named| named.is_sure || named.articles > 1)
            .collect();
        let counts = self.count_articles(&names);
        for (named, count) in names.iter().zip(counts) {
            let (path, span) = named.place;
            let message = match count.max(named.articles) {
                1 => format!(
                    "`{}` looks like a company that the register does not hold",
                    named.name
                ),
                count => format!(
                    "`{}` looks like a company that the register does not hold, in {count} articles",
                    named.name
                ),
            };
            let problem = Diagnostic::new(Code::UnregisteredCompany, message).at(path, span);
            found.push(problem.help(format!("add it: `brief new company \"{}\"`", named.name)));
        }
    }

    /// In how many articles names stand, whatever stands beside them.
    fn count_articles(&self, names: &[Named<'_>]) -> Vec<usize> {
        let patterns = names.iter().map(|named| named.name);
        let Some(search) = AhoCorasick::new(patterns).ok().filter(|_| !names.is_empty()) else {
            return vec![0; names.len()];
        };
        let is_inside = |text: &str, at: usize| {
            let around = [text[..at].chars().next_back(), text[at..].chars().next()];
            around
                .into_iter()
                .all(|sign| sign.is_some_and(char::is_alphanumeric))
        };
        let named_in = |article: &Inspected| -> BTreeSet<usize> {
            let text = read_text(self.world, &article.path).unwrap_or_default();
            let hits = search.find_overlapping_iter(&text);
            let whole = hits.filter(|hit| !is_inside(&text, hit.start()) && !is_inside(&text, hit.end()));
            whole.map(|hit| hit.pattern().as_usize()).collect()
        };
        let found: Vec<BTreeSet<usize>> = self.inspected.par_iter().map(named_in).collect();
        let mut counts = vec![0; names.len()];
        for number in found.into_iter().flatten() {
            counts[number] += 1;
        }
        counts
    }

    /// Articles with nearly the same text, each pair once.
    fn report_twins(&self, found: &mut Diagnostics) {
        let sketch = |article: &Inspected| {
            let is_told = self.is_told(&article.path, Code::NearDuplicate);
            article.sketch.clone().filter(|_| is_told)
        };
        let sketches: Vec<_> = self.inspected.iter().map(sketch).collect();
        let text = |article: &Inspected| {
            let index = self.site.kept(&article.path)?;
            let text = read_text(self.world, &index.summary.path).ok()?;
            let split = crate::reading::front_matter::split(&article.path, &text, &mut Diagnostics::new());
            Some(split.body.to_owned())
        };
        for (one, other) in twin::pairs(&sketches) {
            let (one, other) = (&self.inspected[one], &self.inspected[other]);
            let (Some(one_text), Some(other_text)) = (text(one), text(other)) else {
                continue;
            };
            let share = twin::share(&one_text, &other_text);
            if share < twin::SHARE {
                continue;
            }
            let message = format!("this article and `{}` have nearly the same text", one.path);
            let mut problem = Diagnostic::new(Code::NearDuplicate, message);
            for article in [other, one] {
                problem
                    .labels
                    .extend(self.locate(&article.path, Place::Value(article.title)).labels);
            }
            found.push(problem.help("keep one, and name the address of the other under its `aliases`"));
        }
    }

    /// Pictures without a description in texts that are no articles.
    fn report_pictures(&self, prepared: &Prepared, found: &mut Diagnostics) {
        let site = &prepared.site;
        let pages = site.pages.iter().map(|page| (&page.path, &page.text.body));
        let profiles = site.profiles.values().map(|(path, text)| (path, &text.body));
        let editions = site
            .hand_made
            .values()
            .map(|edition| (&edition.path, &edition.text.body));
        for (path, prose) in pages.chain(profiles).chain(editions) {
            let Ok(text) = read_text(self.world, path) else {
                continue;
            };
            for span in pictures_without_alt(&text, prose) {
                found.push(article::missing_alt(path, span));
            }
        }
    }
}

fn pictures_without_alt(text: &str, prose: &Prose) -> Vec<crate::ground::span::Span> {
    let place = |number: usize| match prose.references.get(number)?.place {
        Place::Bytes(span) => Some(span),
        Place::Value(_) => None,
    };
    picture::without_alt(text, 0, &prose.body, place)
}

/// The register's file and its text.
fn register_file(world: &dyn World) -> Option<(SourcePath, String)> {
    let paths = [company::FILE, "content/companies.yml"];
    let path = paths
        .into_iter()
        .filter_map(SourcePath::new)
        .find(|path| world.stamp(path).is_some())?;
    let text = read_text(world, &path).ok()?;
    Some((path, text))
}

/// A name that looks like a company's.
struct Named<'n> {
    name: &'n str,
    place: (&'n SourcePath, crate::ground::span::Span),
    articles: usize,
    is_sure: bool,
}

/// The names that are companies, products or people already.
struct Known {
    letters: BTreeSet<String>,
}

impl Known {
    fn new(site: &Site, inspected: &[Inspected]) -> Known {
        let of_register = site.register.companies().iter().flat_map(Company::all_names);
        let of_articles = inspected
            .iter()
            .flat_map(|article| &article.unregistered)
            .map(|name| name.text.as_str());
        Known::of(of_register.chain(of_articles))
    }

    fn of<'n>(names: impl Iterator<Item = &'n str>) -> Known {
        let letters = names.map(letters).filter(|letters| !letters.is_empty());
        Known {
            letters: letters.collect(),
        }
    }

    /// Whether a name is one of them, has one in it, or begins one.
    fn holds(&self, name: &str) -> bool {
        let words: Vec<&str> = name.split_whitespace().collect();
        let parts = (0..words.len()).flat_map(|from| (from + 1..=words.len()).map(move |to| (from, to)));
        let is_known =
            |(from, to): (usize, usize)| self.letters.contains(&letters(&words[from..to].join(" ")));
        parts.into_iter().any(is_known) || self.begins_one(&slug(name).replace('-', ""))
    }

    fn begins_one(&self, start: &str) -> bool {
        const CERTAIN: usize = 4;
        let next = self.letters.range(start.to_owned()..).next();
        start.len() >= CERTAIN && next.is_some_and(|known| known.starts_with(start))
    }
}
