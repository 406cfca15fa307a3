//! The nearest word: what somebody who mistyped a name probably meant.
//!
//! A name is compared with every file of a site. To find the distance of two takes microseconds, to see
//! that it cannot be small a fraction of one: letters that only one of them has must all be paid for.

/// Looks for what was meant by one word.
#[derive(Debug)]
pub struct Nearest<'w> {
    word: &'w str,
    /// How often each byte stands in the word.
    counts: [i16; 256],
}

impl<'w> Nearest<'w> {
    /// Looks for this word.
    pub fn to(word: &'w str) -> Nearest<'w> {
        let mut counts = [0; 256];
        for byte in word.bytes() {
            counts[usize::from(byte)] += 1;
        }
        Nearest { word, counts }
    }

    /// The distance of another word (insertions, deletions, exchanges, neighbours swapped), if it is at
    /// most `limit`.
    pub fn distance(&self, other: &str, limit: usize) -> Option<usize> {
        if self.least(other) > limit {
            return None;
        }
        Some(strsim::damerau_levenshtein(self.word, other)).filter(|distance| *distance <= limit)
    }

    /// What the distance is at least.
    fn least(&self, other: &str) -> usize {
        let mut counts = self.counts;
        for byte in other.bytes() {
            counts[usize::from(byte)] -= 1;
        }
        let (mut missing, mut surplus) = (0_usize, 0_usize);
        for count in counts {
            let number = usize::from(count.unsigned_abs());
            if count > 0 {
                missing += number;
            } else {
                surplus += number;
            }
        }
        let bytes = missing.max(surplus);
        // One letter may be up to four bytes.
        match self.word.is_ascii() && other.is_ascii() {
            true => bytes,
            false => bytes.div_ceil(4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Nearest;

    #[test]
    fn no_word_within_the_limit_is_passed_over() {
        let words = [
            "",
            "a",
            "oracle",
            "orcale",
            "oracel",
            "Oracle",
            "orakle",
            "oracles",
            "tables",
            "müller",
            "muller",
            "mülelr",
            "日本",
            "日本語",
            "🎉",
            "🎊",
            "2025-01-21-oracle.md",
            "2025-01-12-oracle.md",
            "naïve",
            "naive\u{301}",
        ];
        for word in words {
            for other in words {
                let exact = strsim::damerau_levenshtein(word, other);
                for limit in 0..8 {
                    let expected = (exact <= limit).then_some(exact);
                    assert_eq!(
                        Nearest::to(word).distance(other, limit),
                        expected,
                        "{word} {other} {limit}"
                    );
                }
            }
        }
    }
}
