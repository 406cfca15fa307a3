//! A site and a plan that follow edits are the ones that would be made of the edited files: all that can
//! be seen of them is the same after every edit, and so are their indexes.

#[path = "incremental/chance.rs"]
#[allow(dead_code, reason = "shared with the test of builds after edits")]
mod chance;
#[path = "incremental/edit.rs"]
#[allow(dead_code, reason = "shared with the test of builds after edits")]
mod edit;
#[path = "incremental/model.rs"]
#[allow(dead_code, reason = "shared with the test of builds after edits")]
mod model;
#[path = "incremental/questions.rs"]
mod questions;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use brief::building::inputs;
use brief::building::links;
use brief::building::memory::Memory;
use brief::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use brief::ground::encoding::encode;
use brief::ground::path::SourcePath;
use brief::ground::world::{MemoryWorld, read_text};
use brief::meaning::edition;
use brief::meaning::site::{Applied, Change, Edit, Now, Parsed, Site, Stories};
use brief::pages::page::Renderer;
use brief::pages::plan::{Plan, plan};
use brief::pages::subject::Subject;
use brief::pages::templates::{Engine, theme_files};
use brief::reading::article::{Article, Place, Story};
use brief::reading::config::Config;
use brief::reading::front_matter::Spot;
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestCaseError, TestRunner};

use chance::{asked, random, seeds};
use edit::Kind;
use model::Model;
use questions::questions;

/// The instants that count as now, the first at the beginning. Time may also run backwards.
const CLOCKS: [&str; 7] = [
    "2025-03-01T12:00:00Z",
    "2025-03-01T18:00:00Z",
    "2025-03-01T23:59:59.999999999Z",
    "2025-03-02T00:00:00Z",
    "2025-03-06T12:00:00Z",
    "2025-03-12T00:00:00Z",
    "2025-02-20T08:00:00Z",
];

/// Articles beside those of the model, which come and go: two whose names differ only by their Unicode
/// form, some that want places of others or a file where others want a folder, one whose pictures are named
/// in capitals, one between two clocks of a day, and some that cannot be read.
const OTHERS: [(&str, &str); 12] = [
    (
        "content/articles/evening.md",
        "---\ntitle: Evening\ndate: 2025-03-01T18:00:00Z\n---\nText.\n",
    ),
    (
        "content/articles/\u{e9} 2.md",
        "---\ntitle: Composed\ndate: 2025-02-04\ntopics: [Cloud]\n---\nText.\n",
    ),
    (
        "content/articles/e\u{301} 2.md",
        "---\ntitle: Decomposed\ndate: 2025-02-05\ndraft: true\n---\nText.\n",
    ),
    (
        "content/articles/one.md",
        "---\ntitle: One\ndate: 2025-02-03\nslug: same\nid: same\n---\n![A](P0.PNG) and ![B](P0.PNG).\n",
    ),
    (
        "content/articles/other.md",
        "---\ntitle: Other\ndate: 2025-02-03\nslug: same\nid: same\n---\nSee [it](one.md#part).\n",
    ),
    (
        "content/articles/capitals.md",
        "---\ntitle: Capitals\ndate: 2025-02-03\naliases: [/2025/02/03/Same/P0.PNG, /topics/CLOUD/]\n---\n![A](P0.PNG)\n",
    ),
    (
        "content/articles/folder.md",
        "---\ntitle: Folder\ndate: 2025-02-28\naliases: [/Old/File.html/in/]\ntopics: [Old]\n---\nText.\n",
    ),
    (
        "content/articles/file.md",
        "---\ntitle: File\ndate: 2025-02-27\naliases: [/old/file.html]\n---\n![A](P0.PNG)\n",
    ),
    (
        "content/articles/claim.md",
        "---\ntitle: Claim\ndate: 2025-02-03\nslug: s1-0\naliases: [/2025/02/03/n1/, /2025/02/03/s1-2/]\n---\nText.\n",
    ),
    (
        "content/articles/second.md",
        "---\ntitle: Claim\ndate: 2025-02-03\ntopics: [Old]\nslug: s1-1\n---\nText.\n",
    ),
    ("content/articles/broken.md", "---\ntitle: [\n---\nText.\n"),
    ("content/articles/n1.md", "no front matter\n"),
];

/// Stories of the files as they are now.
#[derive(Debug, Default)]
struct Latest(Mutex<Option<Arc<dyn Stories>>>);

impl Stories for Latest {
    fn story(&self, path: &SourcePath) -> Option<Arc<Story>> {
        let stories = self.0.lock().expect("no thread panics here").clone();
        stories?.story(path)
    }
}

/// Edits of articles and of the clock; what is commonest at a desk, and what moves most, more often.
const KINDS: [Kind; 48] = [
    Kind::Body,
    Kind::Title,
    Kind::Date,
    Kind::Date,
    Kind::Date,
    Kind::Slug,
    Kind::Summary,
    Kind::Mention,
    Kind::Link,
    Kind::Piece,
    Kind::Companies,
    Kind::Companies,
    Kind::Topics,
    Kind::Topics,
    Kind::Authors,
    Kind::Correction,
    Kind::Draft,
    Kind::Draft,
    Kind::Noindex,
    Kind::Publish,
    Kind::Expires,
    Kind::Importance,
    Kind::Image,
    Kind::Extra,
    Kind::OldAddress,
    Kind::Models,
    Kind::Create,
    Kind::Create,
    Kind::Create,
    Kind::Delete,
    Kind::Delete,
    Kind::Delete,
    Kind::Rename,
    Kind::Move,
    Kind::Clock,
    Kind::Clock,
    Kind::Clock,
    Kind::Clock,
    // Here: one of the other articles comes or goes.
    Kind::Touch,
    Kind::Touch,
    Kind::Touch,
    Kind::Touch,
    Kind::Touch,
    Kind::Touch,
    Kind::Touch,
    Kind::Touch,
    Kind::Touch,
    Kind::Touch,
];

/// Random sequences of edits.
fn edits() -> impl Strategy<Value = Vec<edit::Edit>> {
    let edit = (0..KINDS.len(), prop::array::uniform24(any::<u8>()));
    let edit = edit.prop_map(|(kind, bytes)| edit::Edit {
        kind: KINDS[kind],
        bytes,
    });
    prop::collection::vec(edit, 1..24)
}

/// The files of a site, and when they are looked at.
struct Sources {
    model: Model,
    others: BTreeSet<usize>,
    /// Whether all articles stand in one folder, so that they share the pictures that travel there.
    has_one_folder: bool,
    clock: usize,
}

impl Sources {
    fn world(&self) -> MemoryWorld {
        let instant = CLOCKS[self.clock].parse().expect("an instant");
        let mut world = MemoryWorld::new(instant);
        for (path, bytes) in self.files() {
            world.write(&path, bytes);
        }
        world
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.model.files();
        for &other in &self.others {
            let (path, text) = OTHERS[other];
            files.insert(path.to_owned(), text.into());
        }
        if let Some(settings) = files.get_mut("brief.yaml").filter(|_| self.has_one_folder) {
            let text = String::from_utf8_lossy(settings).replace("permalink: /news/{slug}/\n", "");
            *settings = format!("{text}permalink: /{{slug}}.html\n").into();
        }
        files.insert(
            "content/articles/P0.PNG".to_owned(),
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x10\0\0\0\x09\x08\x06\0\0\0".to_vec(),
        );
        files
    }

    /// All but the articles: what a site does not follow.
    fn fixed(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files();
        files.retain(|path, _| !(path.starts_with("content/articles/") && path.ends_with(".md")));
        files
    }

    fn change(&mut self, edit: &edit::Edit) {
        let [which, how, ..] = edit.bytes;
        match edit.kind {
            Kind::Clock => self.clock = usize::from(how) % CLOCKS.len(),
            Kind::Touch => {
                let other = usize::from(which) % OTHERS.len();
                if !self.others.remove(&other) {
                    self.others.insert(other);
                }
            }
            _ => drop(edit.change(&mut self.model)),
        }
    }
}

/// A site as it is read now.
struct Reading {
    world: MemoryWorld,
    config: Arc<Config>,
    parsed: Parsed,
    now: Now,
    engine: Option<Engine>,
}

impl Reading {
    fn new(sources: &Sources) -> Reading {
        let world = sources.world();
        let mut found = Diagnostics::new();
        let inputs = inputs::discover(&world, &mut found);
        let (config, _) = inputs::read_config(&world, &mut found);
        let config = Arc::new(config);
        let (parsed, _) = inputs.parse(&world, &config, false, &mut Memory::none(), &mut found);
        let templates = inputs.read_templates(&world, &mut found);
        let (engine, _) = Engine::load(&config, &BTreeMap::new(), templates, &mut found);
        let instant = CLOCKS[sources.clock].parse().expect("an instant");
        let now = Now {
            instant,
            day: config.zone.day(instant),
            drafts: false,
            future: false,
        };
        Reading {
            world,
            config,
            parsed,
            now,
            engine,
        }
    }

    fn articles(&self) -> BTreeMap<SourcePath, Arc<Article>> {
        let articles = self.parsed.articles.iter();
        articles
            .map(|article| (article.summary.path.clone(), article.clone()))
            .collect()
    }

    /// The edits that lead here from what was read before.
    fn edits(&self, before: &Before) -> Vec<Edit> {
        let articles = self.articles();
        let changed = articles.iter().filter(|(path, article)| {
            let known = before.articles.get(*path);
            known.is_none_or(|known| encode(&**known) != encode(&***article))
        });
        let changed = changed.map(|(path, article)| (path, Change::Read(article.clone())));
        let failed = self.parsed.failed.difference(&before.failed);
        let failed = failed.map(|path| (path, Change::Failed));
        let is_here = |path: &SourcePath| articles.contains_key(path) || self.parsed.failed.contains(path);
        let gone = before.articles.keys().chain(&before.failed);
        let gone = gone
            .filter(|path| !is_here(path))
            .map(|path| (path, Change::Gone));
        let edits = changed.chain(failed).chain(gone);
        edits
            .map(|(path, change)| Edit {
                path: path.clone(),
                change,
            })
            .collect()
    }
}

/// What was read last.
struct Before {
    articles: BTreeMap<SourcePath, Arc<Article>>,
    failed: BTreeSet<SourcePath>,
    fixed: BTreeMap<String, Vec<u8>>,
}

/// A site and its plan.
struct Made {
    site: Arc<Site>,
    plan: Plan,
}

impl Made {
    fn new(config: Arc<Config>, parsed: Parsed, now: Now) -> Made {
        let site = Arc::new(Site::new(config, parsed, now));
        let theme: Vec<String> = theme_files().into_keys().collect();
        let plan = plan(&site, &theme);
        Made { site, plan }
    }

    fn apply(&mut self, edits: Vec<Edit>, now: Now) -> Applied {
        let site = Arc::get_mut(&mut self.site).expect("nobody else has the site");
        let applied = site.apply(edits, now);
        self.plan.apply(&self.site, &applied);
        applied
    }

    /// All that checks find.
    fn diagnostics(&self, world: &MemoryWorld) -> String {
        let locate = |path: &SourcePath, place: Place| {
            let text = read_text(world, path).unwrap_or_default();
            let empty = Diagnostic::new(Code::BrokenLink, "");
            match place.span(path, &text) {
                Some(span) => empty.at(path, span),
                None => empty.in_file(path),
            }
        };
        let locate_value = |path: &SourcePath, spot: Spot| locate(path, Place::Value(spot));
        let mut found = Diagnostics::new();
        self.site.check(&locate_value, &mut found);
        self.plan.check(&self.site, &locate_value, &mut found);
        edition::check(
            &self.site,
            |path, value| locate_value(path, value.spot),
            &mut found,
        );
        links::check(&self.site, &self.plan, &locate, &mut found);
        format!("{:#?}", found.sorted())
    }

    /// The files that are made without asking questions.
    fn files(&self, engine: &Engine) -> Vec<Vec<u8>> {
        let renderer = Renderer {
            site: &self.site,
            engine,
            plan: &self.plan,
        };
        let pages = self.plan.pages().filter(|page| {
            let subject = &page.subject;
            matches!(
                subject,
                Subject::Sitemap | Subject::Feed(..) | Subject::Redirect(_) | Subject::Host(_)
            )
        });
        let pages = pages.filter_map(|page| renderer.render(page)?.ok());
        pages.map(|page| page.bytes).collect()
    }
}

/// Holds a site that followed edits against one that is made anew.
fn compare(edited: &Made, fresh: &Made, reading: &ReadAgain<'_>) -> Result<(), TestCaseError> {
    prop_assert_eq!(edited.site.portrait(), fresh.site.portrait());
    prop_assert_eq!(format!("{:#?}", edited.plan), format!("{:#?}", fresh.plan));
    prop_assert_eq!(
        edited.diagnostics(reading.world),
        fresh.diagnostics(reading.world)
    );
    let Some(engine) = reading.engine else {
        return Ok(());
    };
    let mut asked = BTreeSet::new();
    questions(&fresh.site, &fresh.plan, engine, &mut asked);
    for question in &asked {
        let (one, other) = (edited.site.answer(question), fresh.site.answer(question));
        let json = |value| serde_json::to_string(value).expect("a value is JSON");
        prop_assert_eq!(json(&one), json(&other), "{}", question);
        let (one, other) = (
            edited.site.fingerprint(question),
            fresh.site.fingerprint(question),
        );
        prop_assert_eq!(one, other, "{}", question);
    }
    prop_assert_eq!(edited.files(engine), fresh.files(engine));
    Ok(())
}

/// What sites are compared with.
struct ReadAgain<'r> {
    world: &'r MemoryWorld,
    engine: Option<&'r Engine>,
}

/// How often sites followed, and how often they were indexed anew.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    followed: usize,
    anew: usize,
    /// With collisions about, the plan is made anew.
    collisions: usize,
    moved_targets: usize,
    terms: usize,
    pairs: usize,
    days: usize,
    reset: usize,
}

#[test]
fn edited_sites_are_the_sites_of_the_edited_files() {
    let cases = asked("BRIEF_CASES").and_then(|cases| u32::try_from(cases).ok());
    let runs = Runs {
        cases: cases.unwrap_or(60),
        failure_persistence: None,
        max_shrink_time: 60_000,
        ..Runs::default()
    };
    let random = random(asked("BRIEF_SEED").unwrap_or(1));
    let counts = RefCell::new(Counts::default());
    let strategy = (edits(), seeds(), any::<u64>());
    let result = TestRunner::new_with_rng(runs, random).run(&strategy, |(edits, seed, batches)| {
        let mut sources = Sources {
            model: Model::new(&seed),
            // The evening's article is there from the start.
            others: BTreeSet::from([0]),
            has_one_folder: batches >> 32 & 3 == 0,
            clock: 0,
        };
        let latest = Arc::new(Latest::default());
        let mut edited: Option<(Made, Before)> = None;
        for step in 0..=edits.len() {
            if let Some(edit) = step.checked_sub(1).map(|last| &edits[last]) {
                sources.change(edit);
                // Some edits come together.
                if batches >> step & 3 == 0 && step < edits.len() {
                    continue;
                }
            }
            let reading = Reading::new(&sources);
            let now = reading.now;
            let before = Before {
                articles: reading.articles(),
                failed: reading.parsed.failed.clone(),
                fixed: sources.fixed(),
            };
            *latest.0.lock().expect("no thread panics here") = Some(reading.parsed.stories.clone());
            let known = edited.take().filter(|(_, known)| known.fixed == before.fixed);
            let made = match known {
                Some((mut made, known)) => {
                    let applied = made.apply(reading.edits(&known), now);
                    let counts = &mut counts.borrow_mut();
                    count(&applied, counts);
                    let mut found = Diagnostics::new();
                    let empty = |_: &SourcePath, _: Spot| Diagnostic::new(Code::BrokenLink, "");
                    made.plan.check(&made.site, &empty, &mut found);
                    counts.collisions += usize::from(found.has_errors());
                    made
                }
                None => {
                    counts.borrow_mut().reset += 1;
                    let stories = latest.clone();
                    let (parsed, _) = parsed_again(&sources, stories);
                    Made::new(reading.config.clone(), parsed, now)
                }
            };
            let again = ReadAgain {
                world: &reading.world,
                engine: reading.engine.as_ref(),
            };
            let fresh = Made::new(reading.config, reading.parsed, now);
            compare(&made, &fresh, &again)?;
            edited = Some((made, before));
        }
        Ok(())
    });
    let counts = counts.into_inner();
    eprintln!("{counts:?}");
    assert!(result.is_ok(), "{result:?}");
    let seldom = [
        counts.followed,
        counts.anew,
        counts.moved_targets,
        counts.terms,
        counts.pairs,
        counts.days,
    ];
    assert!(seldom.iter().all(|&count| count > 2), "{counts:?}");
}

/// The same files read once more, with stories that follow them.
fn parsed_again(sources: &Sources, stories: Arc<dyn Stories>) -> (Parsed, Arc<Config>) {
    let again = Reading::new(sources);
    let parsed = Parsed {
        stories,
        ..again.parsed
    };
    (parsed, again.config)
}

fn count(applied: &Applied, counts: &mut Counts) {
    match applied {
        Applied::Everything => counts.anew += 1,
        Applied::Changes(changes) => {
            counts.followed += 1;
            counts.moved_targets += usize::from(changes.has_moved_targets);
            counts.terms += usize::from(!changes.terms.is_empty());
            counts.pairs += usize::from(!changes.pairs.is_empty());
            counts.days += usize::from(!changes.days.is_empty());
        }
    }
}

/// What was published in between is held back again, also within a day.
#[test]
fn a_clock_that_is_set_back_takes_articles_back() {
    let seed = model::Seed {
        bytes: [0; 48],
        articles: vec![[0; 24]; 3],
        probes: Vec::new(),
    };
    let mut sources = Sources {
        model: Model::new(&seed),
        others: BTreeSet::from([0]),
        has_one_folder: false,
        clock: 1,
    };
    let later = Reading::new(&sources);
    let mut made = Made::new(later.config, later.parsed, later.now);
    let evening = SourcePath::new(OTHERS[0].0).expect("a path");
    assert!(made.site.article(&evening).is_some());
    sources.clock = 0;
    let earlier = Reading::new(&sources);
    made.apply(Vec::new(), earlier.now);
    assert!(made.site.article(&evening).is_none());
    let fresh = Made::new(earlier.config, earlier.parsed, earlier.now);
    assert_eq!(made.site.portrait(), fresh.site.portrait());
    assert_eq!(format!("{:?}", made.plan), format!("{:?}", fresh.plan));
}
