//! Damaged caches: nothing of them is believed that was not written so, and nobody panics.

use std::io::Cursor;
use std::sync::OnceLock;

use brief::building::cache::{ArticleRecord, Cache, Head, PageRecord};
use brief::building::memory::cache_file;
use brief::building::output::Output;
use brief::building::pipeline::{Options, build, build_in_memory};
use brief::ground::encoding;
use brief::ground::fingerprint::Fingerprint;
use brief::ground::world::MemoryWorld;
use brief::reading::article;
use proptest::prelude::*;

use crate::model::{Model, PROBES, Seed};
use crate::support;

/// Something that happens to some bytes. The numbers are parts of the length, in 65536ths.
#[derive(Clone, Debug)]
enum Damage {
    Flip(u16, u8),
    Cut(u16),
    Insert(u16, Vec<u8>),
    Remove(u16, u8),
    Repeat(u16, u8),
    Zero(u16, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        4 => (any::<u16>(), 0u8..8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        1 => any::<u16>().prop_map(Damage::Cut),
        1 => (any::<u16>(), prop::collection::vec(any::<u8>(), 1..9)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        1 => (any::<u16>(), 1u8..40).prop_map(|(at, count)| Damage::Remove(at, count)),
        1 => (any::<u16>(), 1u8..40).prop_map(|(at, count)| Damage::Repeat(at, count)),
        1 => (any::<u16>(), 1u8..40).prop_map(|(at, count)| Damage::Zero(at, count)),
    ]
}

impl Damage {
    fn happen(&self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        if length == 0 {
            return;
        }
        let place = |at: u16| usize::from(at) * length / 65536;
        let range = |at: u16, count: u8| place(at)..(place(at) + usize::from(count)).min(length);
        match self {
            Damage::Flip(at, bit) => bytes[place(*at)] ^= 1 << bit,
            Damage::Cut(at) => bytes.truncate(place(*at)),
            Damage::Insert(at, more) => {
                let at = place(*at);
                bytes.splice(at..at, more.iter().copied());
            }
            Damage::Remove(at, count) => drop(bytes.drain(range(*at, *count))),
            Damage::Repeat(at, count) => {
                let more = bytes[range(*at, *count)].to_vec();
                let at = place(*at);
                bytes.splice(at..at, more);
            }
            Damage::Zero(at, count) => bytes[range(*at, *count)].fill(0),
        }
    }
}

/// A site of everything the model knows, at an instant.
fn world() -> MemoryWorld {
    let mut world = MemoryWorld::new("2025-03-01T12:00:00Z".parse().expect("an instant"));
    let article = |number: u8| std::array::from_fn(|at| number.wrapping_mul(31).wrapping_add(at as u8 * 7));
    let seed = Seed {
        bytes: std::array::from_fn(|at| 155 + at as u8),
        articles: (0..8).map(article).collect(),
        probes: vec![true; PROBES.len()],
    };
    for (path, bytes) in Model::new(&seed).files() {
        world.write(&path, bytes);
    }
    world
}

/// The folders of an output and its state, built once.
struct Built {
    temporary: tempfile::TempDir,
}

impl Built {
    fn new() -> Built {
        let built = Built {
            temporary: tempfile::tempdir().expect("a temporary folder"),
        };
        assert!(built.again(&world()).is_some());
        built
    }

    fn state(&self) -> std::path::PathBuf {
        self.temporary.path().join("state")
    }

    /// Builds once more; how many pages were rendered, unless there are errors.
    fn again(&self, world: &MemoryWorld) -> Option<usize> {
        let output = self.temporary.path().join("public");
        let outcome = build(world, &Options::default(), |_| {
            Output::open(&output, &self.state(), false)
        });
        outcome.report.map(|_| outcome.rendered.len())
    }

    fn tree(&self) -> Vec<(String, Vec<u8>)> {
        let tree = support::tree(&self.temporary.path().join("public")).into_iter();
        tree.filter(|(path, _)| path != ".brief-manifest").collect()
    }
}

/// The cache of the site.
fn cache() -> &'static [u8] {
    static CACHE: OnceLock<Vec<u8>> = OnceLock::new();
    CACHE.get_or_init(|| std::fs::read(cache_file(&Built::new().state())).expect("a cache"))
}

type Contents = (Head, Vec<ArticleRecord>, Vec<PageRecord>);

/// All that can be read of a cache.
fn contents(bytes: &[u8]) -> Option<Contents> {
    let mut cache = Cache::read(|| Some(Cursor::new(bytes)))?;
    let (mut articles, mut pages) = (Vec::new(), Vec::new());
    while let Some(frame) = cache.articles.frame() {
        articles.extend(frame);
    }
    while let Some(frame) = cache.pages.frame() {
        pages.extend(frame);
    }
    Some((cache.head, articles, pages))
}

/// A cache in parts: the frames and the head, without lengths and checksums.
struct Parts {
    heading: Vec<u8>,
    articles: Vec<Vec<u8>>,
    pages: Vec<Vec<u8>>,
    head: Vec<u8>,
}

impl Parts {
    fn of(bytes: &[u8]) -> Parts {
        let (rest, footer) = bytes.split_at(bytes.len() - 48);
        let place = |at: usize| {
            let number = footer[at..at + 8].try_into().expect("eight bytes");
            usize::try_from(u64::from_le_bytes(number)).expect("a place")
        };
        let (pages_at, head_at) = (place(0), place(8));
        let frames = |mut bytes: &[u8]| {
            let mut frames = Vec::new();
            while let Some((length, rest)) = bytes.split_first_chunk() {
                let (frame, rest) = rest[16..].split_at(u32::from_le_bytes(*length) as usize);
                frames.push(frame.to_vec());
                bytes = rest;
            }
            frames
        };
        Parts {
            heading: rest[..32].to_vec(),
            articles: frames(&rest[32..pages_at]),
            pages: frames(&rest[pages_at..head_at]),
            head: rest[head_at..].to_vec(),
        }
    }

    /// The bytes, with checksums that hold.
    fn bytes(&self) -> Vec<u8> {
        let checksum = |bytes: &[u8]| encoding::encode(&Fingerprint::of(bytes));
        let mut bytes = self.heading.clone();
        let frames = |bytes: &mut Vec<u8>, frames: &[Vec<u8>]| {
            for frame in frames {
                bytes.extend(u32::try_from(frame.len()).expect("a frame").to_le_bytes());
                bytes.extend(checksum(frame));
                bytes.extend(frame);
            }
            bytes.len() as u64
        };
        let mut footer = frames(&mut bytes, &self.articles).to_le_bytes().to_vec();
        footer.extend(frames(&mut bytes, &self.pages).to_le_bytes());
        bytes.extend(&self.head);
        footer.extend(checksum(&self.head));
        footer.extend(checksum(&footer));
        bytes.extend(footer);
        bytes
    }

    fn part(&mut self, choice: u8) -> &mut Vec<u8> {
        match choice % 3 {
            0 => &mut self.articles[0],
            1 => &mut self.pages[0],
            _ => &mut self.head,
        }
    }
}

#[test]
fn the_parts_of_a_cache_are_all_of_it() {
    assert!(
        Parts::of(cache()).bytes() == cache(),
        "the format is not the one that is known here"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_read_of_a_damaged_cache_was_written_so(damages in prop::collection::vec(damage(), 1..4)) {
        let mut bytes = cache().to_vec();
        for damage in &damages {
            damage.happen(&mut bytes);
        }
        let (head, articles, pages) = contents(cache()).expect("a whole cache");
        if let Some(found) = contents(&bytes) {
            prop_assert_eq!(found.0, head);
            prop_assert!(articles.starts_with(&found.1));
            prop_assert!(pages.starts_with(&found.2));
        }
    }

    #[test]
    fn a_damaged_article_is_read_without_a_panic(damages in prop::collection::vec(damage(), 1..4), choice in any::<usize>()) {
        let (_, articles, _) = contents(cache()).expect("a whole cache");
        let mut bytes = articles[choice % articles.len()].read.clone();
        for damage in &damages {
            damage.happen(&mut bytes);
        }
        if let Some(read) = encoding::decode::<article::Read>(&bytes) {
            let again = encoding::encode(&read);
            prop_assert!(encoding::decode::<article::Read>(&again).is_some());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_build_with_a_damaged_cache_ends_like_one_without(damages in prop::collection::vec(damage(), 1..4)) {
        let built = Built::new();
        let before = built.tree();
        let mut bytes = cache().to_vec();
        for damage in &damages {
            damage.happen(&mut bytes);
        }
        std::fs::write(cache_file(&built.state()), bytes).expect("written");
        prop_assert!(built.again(&world()).is_some());
        prop_assert_eq!(built.tree(), before);
        prop_assert_eq!(built.again(&world()), Some(0));
    }

    /// Checksums are no seals: somebody may have made them anew. What comes out is up to them then, but
    /// not whether something comes out.
    #[test]
    fn a_forged_cache_is_no_reason_to_panic(
        damages in prop::collection::vec((any::<u8>(), damage()), 1..3),
        is_looked_through in any::<bool>(),
    ) {
        let built = Built::new();
        let mut parts = Parts::of(cache());
        for (choice, damage) in &damages {
            damage.happen(parts.part(*choice));
        }
        std::fs::write(cache_file(&built.state()), parts.bytes()).expect("written");
        let mut world = world();
        if is_looked_through {
            world.write("templates/head-extra.html", "<meta name=\"another\">");
        }
        built.again(&world);
        // To forget it all helps.
        std::fs::remove_file(cache_file(&built.state())).expect("removed");
        prop_assert!(built.again(&world).is_some());
        let clean = build_in_memory(&world, &Options::default()).0.expect("a site without errors");
        let clean: Vec<(String, Vec<u8>)> =
            clean.into_iter().map(|(path, bytes)| (path.to_string(), bytes)).collect();
        prop_assert_eq!(built.tree(), clean);
    }
}
