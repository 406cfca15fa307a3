//! What a publish will do, found out without writing anything.

use std::collections::BTreeSet;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::failure;
use super::record::{NAME, Record};
use super::sending::Sending;
use super::storage::is_own;
use super::trouble::{Kind, Trouble};
use crate::commands::publish::changes::Changes;
use crate::commands::publish::shipment::Failure;

/// Up to so many new files are looked for one by one; for more of them all is listed.
const FEW: usize = 300;

/// How many files are asked for to see whether a place is empty. Our own notes may be among them.
const SAMPLE: usize = 50;

/// What will be done.
pub(super) struct Plan {
    /// What is published, as far as that is known.
    pub(super) record: Record,
    /// Whether a record was there.
    pub(super) has_record: bool,
    /// What tells that it is still the same.
    pub(super) tag: Option<String>,
    /// What differs from what is to be.
    pub(super) changes: Changes,
}

impl Sending<'_> {
    /// Finds out what differs, and whether that may be done.
    pub(super) async fn plan(&self) -> Result<Plan, Failure> {
        let failed = |trouble: Trouble| self.failed("reading what is published", &trouble);
        let found = self
            .patience
            .with(|| self.storage.read(NAME))
            .await
            .map_err(failed)?;
        let has_record = found.is_some();
        let tag = found.as_ref().and_then(|found| found.tag.clone());
        let parsed = found.map(|found| {
            let text = String::from_utf8(found.bytes).ok();
            text.and_then(|text| Record::parse(&text))
        });
        let record = match parsed {
            Some(Some(record)) => record,
            Some(None) if !self.manner.adopt => return Err(failure::damaged(self.store)),
            None if !self.manner.adopt => {
                self.check_empty().await?;
                Record::default()
            }
            _ => Record::default(),
        };
        let wanted = self.shipment.wanted;
        let changes = Changes::with_unknown(&record.known, &record.unknown, wanted);
        if has_record && !self.manner.adopt {
            self.check_collisions(&changes).await?;
        }
        if !self.manner.delete_many {
            let guarded = changes.guard(self.manner.max_deletions);
            guarded.map_err(|refused| failure::deletions(self.store, &refused))?;
        }
        Ok(Plan {
            record,
            has_record,
            tag,
            changes,
        })
    }

    /// A place where nothing was published yet must be empty.
    async fn check_empty(&self) -> Result<(), Failure> {
        let failed = |trouble: Trouble| self.failed("looking whether it is empty", &trouble);
        let listed = self
            .patience
            .with(|| self.storage.list(SAMPLE))
            .await
            .map_err(failed)?;
        let mut foreign: Vec<String> = listed.into_iter().filter(|path| !is_own(path)).collect();
        foreign.sort();
        match foreign.len() {
            0 => Ok(()),
            count => Err(failure::not_empty(self.store, &foreign, count)),
        }
    }

    /// Where new files are to go must not be others of which we know nothing.
    async fn check_collisions(&self, changes: &Changes) -> Result<(), Failure> {
        let failed = |trouble: Trouble| self.failed("looking for files in the way", &trouble);
        if changes.new.is_empty() {
            return Ok(());
        }
        let new = changes.new.iter().map(|change| change.path.as_str());
        let standing = if changes.new.len() > FEW {
            match self.patience.with(|| self.storage.list(usize::MAX)).await {
                Ok(listed) => {
                    let listed: BTreeSet<String> = listed.into_iter().collect();
                    Some(new.clone().filter(|path| listed.contains(*path)).collect())
                }
                // Then each is asked for after all.
                Err(trouble) if trouble.kind == Kind::Unsupported => None,
                Err(trouble) => return Err(failed(trouble)),
            }
        } else {
            None
        };
        let standing: Vec<&str> = match standing {
            Some(standing) => standing,
            None => stream::iter(new)
                .map(|path| async move {
                    let has = self.patience.with(|| self.storage.has(path)).await?;
                    Ok::<_, Trouble>(has.then_some(path))
                })
                .buffered(self.storage.hands())
                .try_filter_map(|path| async move { Ok(path) })
                .try_collect()
                .await
                .map_err(failed)?,
        };
        match standing.len() {
            0 => Ok(()),
            count => {
                let first: Vec<String> = standing.iter().take(5).map(|path| (*path).to_owned()).collect();
                Err(failure::collisions(self.store, &first, count))
            }
        }
    }
}
