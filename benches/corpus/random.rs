//! Random numbers that are the same on every machine and in every version of every crate.
//!
//! Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014), SplitMix64.

/// A row of numbers that follows from its seed.
pub struct Random(u64);

impl Random {
    /// A row of its own for each purpose and number, so that article 7 can be made without 0 to 6.
    pub fn new(purpose: u64, number: usize) -> Random {
        let mut random = Random(purpose.wrapping_mul(0xd134_2543_de82_ef95) ^ number as u64);
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one below the limit, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        // The bias of the remainder is far below what a corpus would show.
        (self.next() % limit as u64) as usize
    }

    /// A number between two, both included.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// True in one of so many cases.
    pub fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) == 0
    }

    /// One of a list that is not empty.
    pub fn pick<'l, T: ?Sized>(&mut self, list: &[&'l T]) -> &'l T {
        list[self.below(list.len())]
    }
}
