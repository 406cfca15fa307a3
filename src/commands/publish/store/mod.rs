//! Sending a built site to an object store or a file server.
//!
//! Only what changed is sent, in an order in which readers never meet a page before what it needs. The store itself
//! keeps the record of what it holds of ours (`record`) and the lock that keeps two publishers apart (`lease`), so
//! that any machine can publish, and go on where another one was cut. What differs between stores is behind
//! `storage`; how they are spoken to is in `bucket`, `webdav` and `sftp`.

mod bucket;
mod client;
mod failure;
mod lease;
mod multistatus;
mod patience;
mod place;
mod plan;
mod record;
mod redirect;
mod sending;
#[cfg(unix)]
mod sftp;
#[cfg(unix)]
mod ssh;
mod storage;
#[cfg(test)]
mod tests;
mod trouble;
mod webdav;

use std::sync::Arc;
use std::time::Duration;

use super::shipment::{Failure, Manner, Outcome, Progress, Shipment};
use crate::reading::config::Store;
use patience::Patience;
use sending::Sending;
use trouble::{Kind, Trouble};

/// Sends what differs. Waits until it is done.
///
/// `secrets` looks into the environment. Only what the platforms' own programs read is read beside that: their
/// variables and files, and what `ssh` reads.
pub fn publish(
    store: &Store,
    shipment: &Shipment<'_>,
    manner: &Manner,
    secrets: &dyn Fn(&str) -> Option<String>,
    progress: &dyn Progress,
) -> Result<Outcome, Failure> {
    let failed = |trouble: Trouble| failure::of_trouble(store, "opening it", &trouble);
    let token = token().map_err(failed)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| failed(Trouble::lasting(Kind::Local, error.to_string())))?;
    let storage = place::open(store, &token, secrets).map_err(failed)?;
    let sending = Sending {
        store,
        storage,
        shipment,
        manner,
        progress,
        patience: Patience::USUAL,
        checkpoint: Duration::from_secs(30),
        token,
    };
    let outcome = runtime.block_on(sending.run());
    // A connection that nobody answers any more is nobody's to wait for.
    runtime.shutdown_timeout(Duration::from_millis(500));
    outcome
}

/// What tells this publish from all others.
fn token() -> Result<String, Trouble> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| Trouble::lasting(Kind::Local, error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A store as tasks share it.
type Shared = Arc<dyn storage::Storage>;
