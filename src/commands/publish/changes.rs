//! What differs between what is published and what is to be.
//!
//! Both are lists sorted by path, so that one walk over them finds all differences, however many files there are.
//! What is to be sent goes in waves, in an order in which readers never meet a page before what it needs.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use crate::building::output::{Content, Manifest};

/// So many files may always go.
const FEW_DELETIONS: usize = 16;

/// So many may go if they are less than a tenth of all, and half of all at most where they are fewer.
const MANY_DELETIONS: usize = 256;

/// How many paths an error names.
const NAMED: usize = 5;

/// A file to be sent or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path in the output.
    pub path: String,
    /// What it will hold; of a file to be deleted, what it held, and nothing where that is not known.
    pub content: Option<Content>,
}

impl Change {
    /// Its size in bytes; 0 where it is not known.
    pub fn size(&self) -> u64 {
        self.content.map_or(0, |content| content.size)
    }
}

/// What differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are not published yet, sorted by path.
    pub new: Vec<Change>,
    /// Published files that hold something else now, or of which it is not known what they hold; sorted by path.
    pub changed: Vec<Change>,
    /// Published files that are not to be any more, sorted by path.
    pub removed: Vec<Change>,
    /// How many files stay as they are.
    pub kept: usize,
}

/// More deletions than anybody probably means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooManyDeletions {
    /// How many files would go.
    pub count: usize,
    /// How many are published.
    pub published: usize,
    /// The first of them.
    pub first: Vec<String>,
}

impl fmt::Display for TooManyDeletions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} published files would be deleted: {}",
            self.count,
            self.published,
            named(&self.first, self.count)
        )
    }
}

/// Some of so many paths, in words.
pub(super) fn named(first: &[String], count: usize) -> String {
    let names: Vec<String> = first.iter().take(NAMED).map(|path| format!("`{path}`")).collect();
    let rest = count.saturating_sub(names.len());
    match rest {
        0 => names.join(", "),
        _ => format!("{} and {rest} more", names.join(", ")),
    }
}

/// What a wave is made of. The order is that of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Pictures, styles, scripts and all else that pages load.
    Assets,
    /// Pages to which nothing leads yet.
    NewPages,
    /// Pages that were there before.
    ChangedPages,
    /// The page that most readers see first.
    FrontPage,
    /// What tells of pages: the search, feeds, sitemaps, files for hosts.
    Indexes,
    /// Files that go.
    Deletions,
}

/// Files that may be sent, or deleted, in any order and at the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wave<'c> {
    /// What they are.
    pub stage: Stage,
    /// The files, sorted by path.
    pub files: Vec<&'c Change>,
}

impl Changes {
    /// What differs between two manifests.
    pub fn between(published: &Manifest, wanted: &Manifest) -> Changes {
        Changes::with_unknown(published, &BTreeSet::new(), wanted)
    }

    /// The same, where some published files are ours but hold nobody knows what: a publish that was cut may have
    /// sent them or not. They count as changed, and as removed where they are not wanted.
    pub fn with_unknown(published: &Manifest, unknown: &BTreeSet<String>, wanted: &Manifest) -> Changes {
        let mut changes = Changes::default();
        let mut standing = merged(published, unknown).peekable();
        let mut coming = wanted.files().peekable();
        loop {
            let order = match (standing.peek(), coming.peek()) {
                (None, None) => return changes,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((there, _)), Some((here, _))) => there.cmp(here),
            };
            let there = if order.is_le() { standing.next() } else { None };
            let here = if order.is_ge() { coming.next() } else { None };
            let change = |path: &str, content| Change {
                path: path.to_owned(),
                content,
            };
            match (there, here) {
                (Some((_, held)), Some((_, content))) if held == Some(content) => changes.kept += 1,
                (Some(_), Some((path, content))) => changes.changed.push(change(path, Some(content))),
                (None, Some((path, content))) => changes.new.push(change(path, Some(content))),
                (Some((path, held)), None) => changes.removed.push(change(path, held)),
                (None, None) => {}
            }
        }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// The files to be sent: new ones, then changed ones.
    pub fn sent(&self) -> impl Iterator<Item = &Change> {
        self.new.iter().chain(&self.changed)
    }

    /// All files that will be touched.
    pub fn touched(&self) -> impl Iterator<Item = &Change> {
        self.sent().chain(&self.removed)
    }

    /// How many bytes are to be sent.
    pub fn bytes(&self) -> u64 {
        self.sent().map(Change::size).sum()
    }

    /// The order of sending. A wave begins when the one before is through: what pages load, then pages to which
    /// nothing leads yet, then those that lead to them, then what tells of them all. What goes goes last.
    pub fn waves(&self) -> Vec<Wave<'_>> {
        let mut staged: Vec<(Stage, &Change)> = Vec::with_capacity(self.new.len() + self.changed.len());
        staged.extend(self.new.iter().map(|change| (stage(&change.path, true), change)));
        staged.extend(
            self.changed
                .iter()
                .map(|change| (stage(&change.path, false), change)),
        );
        staged.extend(self.removed.iter().map(|change| (Stage::Deletions, change)));
        staged.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.path.cmp(&b.path)));
        let mut waves: Vec<Wave> = Vec::new();
        for (stage, change) in staged {
            match waves.last_mut().filter(|wave| wave.stage == stage) {
                Some(wave) => wave.files.push(change),
                None => waves.push(Wave {
                    stage,
                    files: vec![change],
                }),
            }
        }
        waves
    }

    /// Refuses to delete more files than anybody probably means: a folder that was moved away, or a setting that
    /// turns half of the pages off, should not empty a site unasked. With a limit it is that; without one a few may
    /// always go, up to half of the site as long as they are not many, and a tenth of it beyond.
    pub fn guard(&self, limit: Option<usize>) -> Result<(), TooManyDeletions> {
        let count = self.removed.len();
        let published = self.kept + self.changed.len() + count;
        let allowed = match limit {
            Some(limit) => limit,
            None => FEW_DELETIONS
                .max(MANY_DELETIONS.min(published / 2))
                .max(published / 10),
        };
        if count <= allowed {
            return Ok(());
        }
        let first = self.removed.iter().take(NAMED);
        Err(TooManyDeletions {
            count,
            published,
            first: first.map(|change| change.path.clone()).collect(),
        })
    }
}

/// Known and unknown files in the order of their paths. An unknown one counts where both lists name it.
fn merged<'m>(
    published: &'m Manifest,
    unknown: &'m BTreeSet<String>,
) -> impl Iterator<Item = (&'m str, Option<Content>)> {
    let mut known = published.files().peekable();
    let mut unknown = unknown.iter().map(String::as_str).peekable();
    std::iter::from_fn(move || {
        let order = match (known.peek(), unknown.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((path, _)), Some(other)) => (*path).cmp(other),
        };
        if order.is_lt() {
            return known.next().map(|(path, content)| (path, Some(content)));
        }
        if order.is_eq() {
            known.next();
        }
        unknown.next().map(|path| (path, None))
    })
}

/// When a file or a folder that is new as a whole is put into place, where all are there at once.
pub fn rank(path: &str) -> u8 {
    stage(path, false) as u8
}

/// When a file is sent. One that is compressed goes with what it is the compressed form of.
fn stage(path: &str, is_new: bool) -> Stage {
    let path = [".gz", ".br"]
        .into_iter()
        .find_map(|suffix| path.strip_suffix(suffix))
        .unwrap_or(path);
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_in_search = folder == "search" || folder.starts_with("search/");
    let tells_of_pages = matches!(name, "feed.xml" | "atom.xml" | "feed.json" | "feeds.opml")
        || (folder.is_empty() && (name.ends_with(".xml") || name.starts_with(['_', '.'])))
        || matches!(path, "robots.txt" | "CNAME")
        || (is_in_search && name.ends_with(".txt"));
    if tells_of_pages {
        return Stage::Indexes;
    }
    match (path, name.ends_with(".html") || name.ends_with(".htm")) {
        ("index.html", _) => Stage::FrontPage,
        (_, true) if is_new => Stage::NewPages,
        (_, true) => Stage::ChangedPages,
        _ => Stage::Assets,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(files: &[(&str, &str)]) -> Manifest {
        let files = files
            .iter()
            .map(|(path, text)| (*path, Content::of(text.as_bytes())));
        Manifest::of_sorted(files).expect("sorted files")
    }

    fn paths(changes: &[Change]) -> Vec<&str> {
        changes.iter().map(|change| change.path.as_str()).collect()
    }

    #[test]
    fn one_walk_finds_what_is_new_changed_and_gone() {
        let published = manifest(&[("a", "1"), ("b", "1"), ("c", "1"), ("e", "1")]);
        let wanted = manifest(&[("a", "1"), ("b", "22"), ("d", "333"), ("e", "1"), ("f", "1")]);
        let changes = Changes::between(&published, &wanted);
        assert_eq!(paths(&changes.new), ["d", "f"]);
        assert_eq!(paths(&changes.changed), ["b"]);
        assert_eq!(paths(&changes.removed), ["c"]);
        assert_eq!((changes.kept, changes.bytes()), (2, 6));
        assert!(Changes::between(&wanted, &wanted).is_empty());
        assert_eq!(Changes::between(&Manifest::default(), &wanted).new.len(), 5);
        assert_eq!(Changes::between(&wanted, &Manifest::default()).removed.len(), 5);
    }

    #[test]
    fn what_nobody_knows_the_state_of_is_sent_or_deleted_again() {
        let published = manifest(&[("a", "1"), ("c", "1")]);
        let unknown = ["b", "c", "x"].map(str::to_owned).into();
        let changes = Changes::with_unknown(
            &published,
            &unknown,
            &manifest(&[("a", "1"), ("b", "1"), ("c", "1")]),
        );
        assert_eq!(paths(&changes.changed), ["b", "c"]);
        assert_eq!(paths(&changes.removed), ["x"]);
        assert_eq!((changes.new.len(), changes.kept), (0, 1));
    }

    #[test]
    fn readers_never_meet_a_page_before_what_it_needs() {
        let published = manifest(&[
            ("2025/old/index.html", ""),
            ("gone.html", ""),
            ("index.html", ""),
            ("index.html.br", ""),
            ("robots.txt", ""),
            ("search/days.txt", ""),
        ]);
        let wanted = manifest(&[
            ("2025/new/index.html", "x"),
            ("2025/new/pic.png", "x"),
            ("2025/old/index.html", "x"),
            ("_headers", "x"),
            ("companies/acme/feed.xml", "x"),
            ("feed.json.gz", "x"),
            ("index.html", "x"),
            ("index.html.br", "x"),
            ("robots.txt", "x"),
            ("search/days.txt", "x"),
            ("search/index.html", "x"),
            ("sitemap.xml", "x"),
            ("style.css", "x"),
            ("style.css.gz", "x"),
        ]);
        let changes = Changes::between(&published, &wanted);
        let waves = changes.waves();
        let shown: Vec<(Stage, Vec<&str>)> = waves
            .iter()
            .map(|wave| {
                let paths = wave.files.iter().map(|change| change.path.as_str());
                (wave.stage, paths.collect())
            })
            .collect();
        let expected = [
            (
                Stage::Assets,
                vec!["2025/new/pic.png", "style.css", "style.css.gz"],
            ),
            (Stage::NewPages, vec!["2025/new/index.html", "search/index.html"]),
            (Stage::ChangedPages, vec!["2025/old/index.html"]),
            (Stage::FrontPage, vec!["index.html", "index.html.br"]),
            (
                Stage::Indexes,
                vec![
                    "_headers",
                    "companies/acme/feed.xml",
                    "feed.json.gz",
                    "robots.txt",
                    "search/days.txt",
                    "sitemap.xml",
                ],
            ),
            (Stage::Deletions, vec!["gone.html"]),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_site_is_not_emptied_unasked() {
        let check = |kept: usize, removed: usize, limit: Option<usize>, expected: bool| {
            let change = |number: usize| Change {
                path: format!("{number:05}"),
                content: None,
            };
            let changes = Changes {
                removed: (0..removed).map(change).collect(),
                kept,
                ..Changes::default()
            };
            assert_eq!(
                changes.guard(limit).is_ok(),
                expected,
                "{removed} beside {kept}, limit {limit:?}"
            );
        };
        check(0, 16, None, true);
        check(0, 17, None, false);
        check(40, 40, None, true);
        check(40, 41, None, false);
        check(800, 256, None, true);
        check(800, 257, None, false);
        check(90_000, 10_000, None, true);
        check(90_000, 10_001, None, false);
        check(90_000, 4, Some(3), false);
        check(0, 4, Some(4), true);
        check(5, 0, Some(0), true);
        let changes = Changes::between(
            &manifest(&[("a", ""), ("b", "")]),
            &Manifest::of_sorted([]).expect("none"),
        );
        let refused = changes.guard(Some(1)).expect_err("too many");
        assert_eq!(
            refused.to_string(),
            "2 of 2 published files would be deleted: `a`, `b`"
        );
    }
}
