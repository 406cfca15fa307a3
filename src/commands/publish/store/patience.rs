//! Trying again what may go better in a moment.

use std::time::Duration;

use super::storage::Pending;
use super::trouble::Trouble;

/// How often something is tried, and how long between.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// How often, the first time included.
    pub(super) tries: u32,
    /// The longest first pause. Each further one may be twice as long.
    pub(super) pause: Duration,
}

impl Patience {
    /// What an editor who waits can be asked for: half a minute.
    pub(super) const USUAL: Patience = Patience {
        tries: 6,
        pause: Duration::from_secs(1),
    };

    /// To say good-bye: the store was not well before.
    pub(super) const LITTLE: Patience = Patience {
        tries: 2,
        pause: Duration::from_millis(500),
    };

    /// Does something until it is done, or will not be.
    pub(super) async fn with<'a, T>(self, mut task: impl FnMut() -> Pending<'a, T>) -> Result<T, Trouble> {
        let mut tried = 0;
        loop {
            let trouble = match task().await {
                Ok(done) => return Ok(done),
                Err(trouble) => trouble,
            };
            tried += 1;
            if !trouble.is_passing || tried >= self.tries {
                return Err(trouble);
            }
            tokio::time::sleep(self.between(tried)).await;
        }
    }

    /// The pause after so many tries: from half of the longest up, by chance, so that what failed together does not
    /// come back together.
    fn between(self, tried: u32) -> Duration {
        let longest = self.pause.saturating_mul(1 << tried.saturating_sub(1).min(5));
        let mut chance = [0; 1];
        // Without chance the pauses are merely all as long.
        let _ = getrandom::fill(&mut chance);
        longest / 2 + (longest / 2) * u32::from(chance[0]) / 255
    }
}

#[cfg(test)]
mod tests {
    use super::super::trouble::Kind;
    use super::*;

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let patience = Patience {
            tries: 4,
            pause: Duration::from_millis(1),
        };
        let check = |failures: u32, trouble: Trouble, expected: (bool, u32)| {
            let mut count = 0;
            let done = runtime.block_on(patience.with(|| {
                count += 1;
                let result = if count > failures {
                    Ok(())
                } else {
                    Err(trouble.clone())
                };
                Box::pin(async { result })
            }));
            assert_eq!((done.is_ok(), count), expected);
        };
        let passing = Trouble::passing(Kind::Other, "x");
        let lasting = Trouble::lasting(Kind::Rights, "x");
        check(0, passing.clone(), (true, 1));
        check(3, passing.clone(), (true, 4));
        check(4, passing, (false, 4));
        check(1, lasting, (false, 1));
    }

    #[test]
    fn pauses_grow_and_end() {
        let patience = Patience {
            tries: 9,
            pause: Duration::from_secs(1),
        };
        for (tried, longest) in [(1, 1), (2, 2), (4, 8), (60, 32)] {
            let pause = patience.between(tried);
            let longest = Duration::from_secs(longest);
            assert!(
                pause >= longest / 2 && pause <= longest,
                "{pause:?} after {tried}"
            );
        }
    }
}
