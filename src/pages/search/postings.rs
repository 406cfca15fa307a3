//! Postings: where a word stands, as ascending numbers in few letters.
//!
//! Each number is written as its distance to the one before, in digits of five bits, the lowest first;
//! a sixth bit says that more follow. The digits are figures, letters, `-` and `_`, so that a list is plain text.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

const DIGITS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

/// Ascending numbers.
#[derive(Clone, Debug, Default)]
pub struct Postings {
    /// The least number that may come next.
    next: u32,
    digits: Vec<u8>,
}

impl Postings {
    /// Adds a number. One that was added last is not added again.
    pub fn add(&mut self, number: u32) {
        let Some(mut distance) = number.checked_sub(self.next) else {
            return;
        };
        self.next = number + 1;
        while distance >= 32 {
            self.digits.push(DIGITS[(distance % 32 + 32) as usize]);
            distance /= 32;
        }
        self.digits.push(DIGITS[distance as usize]);
    }

    /// The numbers as text.
    pub fn digits(&self) -> &[u8] {
        &self.digits
    }
}

/// Words, and a value for each.
#[derive(Debug)]
pub struct Words<V> {
    places: HashMap<Box<str>, usize, BuildHasherDefault<Fnv>>,
    values: Vec<V>,
}

impl<V: Default> Words<V> {
    /// No words.
    pub fn new() -> Words<V> {
        Words {
            places: HashMap::default(),
            values: Vec::new(),
        }
    }

    /// The value of a word.
    pub fn at(&mut self, word: &str) -> &mut V {
        let place = match self.places.get(word) {
            Some(place) => *place,
            None => {
                self.places.insert(word.into(), self.values.len());
                self.values.push(V::default());
                self.values.len() - 1
            }
        };
        &mut self.values[place]
    }

    /// The words in the order of their letters.
    pub fn sorted(&self) -> Vec<(&str, &V)> {
        #[expect(clippy::iter_over_hash_type, reason = "they are sorted here")]
        let mut all: Vec<(&str, &V)> = {
            let mut all = Vec::with_capacity(self.places.len());
            for (word, place) in &self.places {
                all.push((&**word, &self.values[*place]));
            }
            all
        };
        all.sort_unstable_by_key(|(word, _)| *word);
        all
    }
}

/// FNV-1a: words are short, and nobody gains from words that collide in a build of their own.
#[derive(Debug)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_distances_in_digits_of_five_bits() {
        let mut postings = Postings::default();
        for number in [0, 1, 1, 34, 35, 2000] {
            postings.add(number);
        }
        // 0, 0, 32, 0, 1964 = 12 + 29 * 32 + 1 * 1024.
        assert_eq!(postings.digits(), b"00W10iz1".as_slice());
    }
}
