//! Near-duplicates: articles with nearly the same text.
//!
//! A text is the set of its shingles, the runs of four words in it. Two texts are compared by the share of
//! shingles they have in common. To find the pairs without comparing each article with all others, a text
//! is sketched: the least hash of its shingles under each of some functions (MinHash). Sketches agree at
//! a place as often as their texts have shingles in common; only articles that agree in a whole band of
//! places are compared.
//! Source: A. Broder, "On the resemblance and containment of documents", 1997.

use std::collections::HashMap;

/// How many words a shingle has.
const SHINGLE: usize = 4;

/// Texts with fewer shingles are alike by chance.
const LEAST: usize = 24;

/// From which share of common shingles on two texts are near-duplicates.
pub const SHARE: f64 = 0.7;

/// A band of three agrees by chance for a third of the texts that share 0.7: one of 21 nearly always does.
const BANDS: usize = 21;
const ROWS: usize = 3;

/// The sketch of a text.
pub type Sketch = Box<[u32]>;

/// The sketch of a text; `None` where there is too little of it.
pub fn sketch(text: &str) -> Option<Sketch> {
    let shingles = shingles(text);
    if shingles.len() < LEAST {
        return None;
    }
    // Multiplication by an odd number scrambles the upper half.
    let hash = |shingle: u64, factor: u64| (shingle.wrapping_mul(factor) >> 32) as u32;
    let least = (0..BANDS * ROWS).map(|row| {
        let factor = mixed(row as u64 + 1) | 1;
        let hashes = shingles.iter().map(|&shingle| hash(shingle, factor));
        hashes.min().unwrap_or(u32::MAX)
    });
    Some(least.collect())
}

/// A number scrambled so that each bit depends on all others.
/// Source: the last step of SplitMix64, S. Vigna.
fn mixed(number: u64) -> u64 {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// Pairs of sketches that are worth comparing, by number, each once: the first one of its kind, and a later
/// one. Of many alike each is paired with the first.
pub fn pairs(sketches: &[Option<Sketch>]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for band in 0..BANDS {
        let mut first: HashMap<&[u32], usize> = HashMap::with_capacity(sketches.len());
        for (number, sketch) in sketches.iter().enumerate() {
            let Some(sketch) = sketch else { continue };
            let key = &sketch[band * ROWS..(band + 1) * ROWS];
            let known = *first.entry(key).or_insert(number);
            if known != number {
                pairs.push((known, number));
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs.retain(|&(one, other)| likeness(sketches[one].as_deref(), sketches[other].as_deref()) > 0.5);
    pairs
}

/// Sketches that come one after the other, each looked up among those before it.
#[derive(Debug, Default)]
pub struct Known {
    sketches: Vec<Sketch>,
    bands: HashMap<(usize, [u32; ROWS]), Vec<u32>>,
}

/// How many sketches that agree in a band are compared: of a thousand alike the first ones will do.
const MOST_ALIKE: usize = 8;

impl Known {
    /// Takes a sketch in, and gives its number, counted from 0.
    pub fn add(&mut self, sketch: Sketch) -> usize {
        let number = self.sketches.len();
        for key in keys(&sketch) {
            let alike = self.bands.entry(key).or_default();
            if alike.len() < MOST_ALIKE {
                alike.push(u32::try_from(number).unwrap_or(u32::MAX));
            }
        }
        self.sketches.push(sketch);
        number
    }

    /// The sketches that are much like another one, the most alike first.
    pub fn like(&self, sketch: &Sketch) -> Vec<(usize, f64)> {
        let alike = keys(sketch).filter_map(|key| self.bands.get(&key));
        let mut numbers: Vec<usize> = alike.flatten().map(|&number| number as usize).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let compared = numbers.into_iter().filter_map(|number| {
            let known = self.sketches.get(number)?;
            Some((number, likeness(Some(sketch), Some(known))))
        });
        let mut like: Vec<(usize, f64)> = compared.filter(|(_, likeness)| *likeness > 0.5).collect();
        like.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        like
    }
}

/// The bands of a sketch, with their numbers.
fn keys(sketch: &Sketch) -> impl Iterator<Item = (usize, [u32; ROWS])> {
    let bands = sketch.chunks_exact(ROWS).enumerate();
    bands.filter_map(|(band, places)| Some((band, places.try_into().ok()?)))
}

/// The share of places at which two sketches agree.
fn likeness(one: Option<&[u32]>, other: Option<&[u32]>) -> f64 {
    let (Some(one), Some(other)) = (one, other) else {
        return 0.0;
    };
    let same = one.iter().zip(other).filter(|(one, other)| one == other).count();
    same as f64 / (BANDS * ROWS) as f64
}

/// The share of shingles that two texts have in common.
pub fn share(one: &str, other: &str) -> f64 {
    let (one, other) = (shingles(one), shingles(other));
    let common = one
        .iter()
        .filter(|shingle| other.binary_search(shingle).is_ok())
        .count();
    let all = one.len() + other.len() - common;
    common as f64 / all.max(1) as f64
}

/// The hashes of a text's shingles, sorted, each once.
fn shingles(text: &str) -> Vec<u64> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    // FNV-1a, the same in every run.
    let hash = |word: &str| {
        let letters = word.chars().flat_map(char::to_lowercase);
        letters.fold(0xcbf2_9ce4_8422_2325_u64, |hash, letter| {
            (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x100_0000_01b3)
        })
    };
    let words: Vec<u64> = words.filter(|word| !word.is_empty()).map(hash).collect();
    let join = |words: &[u64]| words.iter().fold(0, |sum: u64, word| mixed(sum ^ word));
    let mut shingles: Vec<u64> = words.windows(SHINGLE).map(join).collect();
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of so many words, none of them twice.
    fn text(seed: usize, words: usize) -> String {
        let word = |number: usize| format!("w{}x{number} ", seed);
        (0..words).map(word).collect()
    }

    #[test]
    fn nearly_the_same_is_found_and_the_rest_is_not() {
        let first = text(1, 200);
        let changed = first
            .replacen("w1x50 ", "other ", 1)
            .replacen("w1x120 ", "words ", 1);
        let half = format!("{}{}", &first[..first.len() / 2], text(2, 100));
        let texts = [
            first.as_str(),
            &text(3, 200),
            &changed,
            &half,
            &first,
            "too short",
        ];
        let sketches: Vec<Option<Sketch>> = texts.iter().map(|text| sketch(text)).collect();
        assert!(sketches[5].is_none());
        let alike = |&(one, other): &(usize, usize)| share(texts[one], texts[other]) >= SHARE;
        let pairs: Vec<(usize, usize)> = pairs(&sketches).into_iter().filter(alike).collect();
        assert_eq!(pairs, [(0, 2), (0, 4)]);
    }

    #[test]
    fn many_alike_are_as_many_pairs() {
        let same = text(1, 60);
        let sketches: Vec<Option<Sketch>> = (0..1000).map(|_| sketch(&same)).collect();
        assert_eq!(pairs(&sketches).len(), 999);
    }

    #[test]
    fn one_after_the_other() {
        let first = text(1, 200);
        let changed = first.replacen("w1x50 ", "other ", 1);
        let mut known = Known::default();
        for text in [&first, &text(2, 200)] {
            known.add(sketch(text).expect("enough words"));
        }
        let like = known.like(&sketch(&changed).expect("enough words"));
        assert!(matches!(like[..], [(0, likeness)] if likeness > 0.8), "{like:?}");
        assert_eq!(known.like(&sketch(&text(3, 200)).expect("enough words")), []);
    }

    #[test]
    fn the_share_is_of_sets() {
        assert!((share("a b c d e", "A, b; c d e!") - 1.0).abs() < 1e-9);
        assert!(share("a b c d", "e f g h") < 1e-9);
        assert!(share("", "") < 1e-9);
    }
}
