//! The lock that keeps two publishers from one place, and the sign of life of who holds it.
//!
//! It is written into the store on a condition that only one can meet. Who holds it writes it anew from time to time;
//! one that has not been written for a while was left behind by a publish that was cut, and is taken over. How long
//! ago that was is told by the store's own clock, never by ours.

use super::patience::Patience;
use super::storage::Storage;
use super::trouble::{Kind, Trouble};

/// How long a lock is good for that is not written anew, in seconds.
pub(super) const LEASE: i64 = 600;

/// The lock, held.
pub(super) struct Lease {
    text: String,
}

/// Why there is none.
pub(super) enum Refusal {
    /// Somebody else holds it, and wrote it so many seconds ago, where the store can tell.
    Held(Option<i64>),
    /// The store.
    Trouble(Trouble),
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Refusal {
        Refusal::Trouble(trouble)
    }
}

impl Lease {
    /// Takes the lock. With `unlock` whoever holds it loses it.
    pub(super) async fn take(
        storage: &dyn Storage,
        patience: Patience,
        token: &str,
        unlock: bool,
    ) -> Result<Lease, Refusal> {
        let text = format!("brief-lock 1\n{token}\n");
        if unlock {
            patience.with(|| storage.unlock()).await?;
        }
        let mut age = None;
        for may_take_over in [true, false] {
            // A try whose answer got lost has left a lock that is ours.
            patience.with(|| storage.lock(&text)).await?;
            let there = patience.with(|| storage.locked()).await?;
            if there.as_deref() == Some(&text) {
                return Ok(Lease { text });
            }
            age = patience.with(|| storage.age_of_lock()).await?;
            if !may_take_over || age.is_none_or(|age| age < LEASE) {
                break;
            }
            // Of two who find it too old at the same time both may get here; the second look above tells them apart,
            // but for the moment between it and the deletion. Then the record shows it.
            patience.with(|| storage.unlock()).await?;
        }
        Err(Refusal::Held(age))
    }

    /// Gives a sign of life. Somebody else's lock stays as it is.
    pub(super) async fn renew(&self, storage: &dyn Storage, patience: Patience) -> Result<(), Trouble> {
        let there = patience.with(|| storage.locked()).await?;
        if there.as_deref() != Some(&self.text) {
            return Err(Trouble::lasting(Kind::Overtaken, "the lock was taken away"));
        }
        patience.with(|| storage.renew(&self.text)).await?;
        Ok(())
    }

    /// Gives it back, if it is still ours.
    pub(super) async fn release(self, storage: &dyn Storage, patience: Patience) -> Result<(), Trouble> {
        let there = patience.with(|| storage.locked()).await?;
        match there.as_deref() == Some(&self.text) {
            true => patience.with(|| storage.unlock()).await,
            false => Ok(()),
        }
    }
}
