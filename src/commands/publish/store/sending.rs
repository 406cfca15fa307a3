//! The publish itself: plan, lock, plan again, mark what will be touched, send in waves, delete, and say what is there.
//!
//! Whatever happens after the mark, the record is true: it is written before anything is touched, from time to time
//! while files are sent, and once more however the sending ends.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Shared;
use super::failure;
use super::lease::{Lease, Refusal};
use super::patience::Patience;
use super::plan::Plan;
use super::record::{NAME, Record};
use super::storage::{Condition, Properties, Source};
use super::trouble::{Kind, Trouble};
use crate::commands::media_type::content_type;
use crate::commands::publish::changes::{Change, Stage, Wave};
use crate::commands::publish::shipment::{Failure, Manner, Outcome, Progress, Shipment};
use crate::reading::config::Store;

/// What a publish needs to know.
pub(super) struct Sending<'s> {
    pub(super) store: &'s Store,
    pub(super) storage: Shared,
    pub(super) shipment: &'s Shipment<'s>,
    pub(super) manner: &'s Manner,
    pub(super) progress: &'s dyn Progress,
    pub(super) patience: Patience,
    /// How often the record is brought up to date while files are sent.
    pub(super) checkpoint: Duration,
    /// What tells this publish from all others.
    pub(super) token: String,
}

/// How far a publish is.
struct Underway<'p> {
    plan: &'p Plan,
    lease: Lease,
    /// What the record has to be for us to write it anew.
    condition: Condition,
    /// What the store has confirmed.
    done: BTreeSet<&'p str>,
    recorded: Instant,
    sent: usize,
    bytes: u64,
    deleted: usize,
}

impl Sending<'_> {
    /// Does all of it.
    pub(super) async fn run(&self) -> Result<Outcome, Failure> {
        let plan = self.first_plan().await?;
        if self.manner.dry_run || (plan.changes.is_empty() && plan.has_record) {
            return Ok(Outcome {
                changes: plan.changes,
                is_plan: self.manner.dry_run,
                ..Outcome::default()
            });
        }
        let lease = self.lock().await?;
        let planned = match self.prepared().await {
            Ok(()) => self.plan().await,
            Err(failure) => Err(failure),
        };
        let plan = match planned {
            Ok(plan) => plan,
            Err(failure) => {
                let _ = lease.release(&*self.storage, Patience::LITTLE).await;
                return Err(failure);
            }
        };
        self.progress
            .planned(plan.changes.touched().count(), plan.changes.bytes());
        let mut underway = Underway {
            condition: match (&plan.tag, plan.has_record) {
                (Some(tag), _) => Condition::Tagged(tag.clone()),
                (None, true) => Condition::None,
                (None, false) => Condition::Absent,
            },
            plan: &plan,
            lease,
            done: BTreeSet::new(),
            recorded: Instant::now(),
            sent: 0,
            bytes: 0,
            deleted: 0,
        };
        let result = self.waves(&mut underway).await;
        self.close(underway, result).await
    }

    /// The plan before anybody is kept out. Files that are in the way may be those of somebody who publishes right now,
    /// or just did.
    async fn first_plan(&self) -> Result<Plan, Failure> {
        match self.plan().await {
            Err(failure) if failure.is_obstacle => {
                let locked = self.patience.with(|| self.storage.locked()).await;
                match locked.map_err(|trouble| self.failed("looking for a lock", &trouble))? {
                    Some(_) if !self.manner.unlock => Err(failure::held(self.store, None)),
                    _ => self.plan().await,
                }
            }
            plan => plan,
        }
    }

    /// What went wrong, in words.
    pub(super) fn failed(&self, doing: &str, trouble: &Trouble) -> Failure {
        failure::of_trouble(self.store, doing, trouble)
    }

    async fn lock(&self) -> Result<Lease, Failure> {
        let taken = Lease::take(&*self.storage, self.patience, &self.token, self.manner.unlock).await;
        taken.map_err(|refusal| match refusal {
            Refusal::Held(age) => failure::held(self.store, age),
            Refusal::Trouble(trouble) => self.failed("locking it", &trouble),
        })
    }

    async fn prepared(&self) -> Result<(), Failure> {
        let prepared = self.patience.with(|| self.storage.prepare()).await;
        prepared.map_err(|trouble| self.failed("clearing what was left behind", &trouble))
    }

    /// Sends and deletes all there is to.
    async fn waves<'p>(&self, underway: &mut Underway<'p>) -> Result<(), Failure> {
        let changes = &underway.plan.changes;
        self.record(underway, self.patience)
            .await
            .map_err(|trouble| self.failed("writing what will be touched", &trouble))?;
        for wave in changes.waves() {
            self.wave(underway, &wave).await?;
        }
        self.clear_folders(underway).await
    }

    /// Sends or deletes the files of a wave, some at the same time. After a failure no further one is begun, and
    /// those that were are waited for, since they may well get there.
    async fn wave<'p>(&self, underway: &mut Underway<'p>, wave: &Wave<'p>) -> Result<(), Failure> {
        let mut waiting = wave.files.iter().copied().enumerate();
        let mut tasks: JoinSet<(usize, Result<(), Trouble>)> = JoinSet::new();
        let mut failure: Option<Failure> = None;
        loop {
            while tasks.len() < self.storage.hands() && failure.is_none() {
                let Some((number, change)) = waiting.next() else {
                    break;
                };
                self.begin(&mut tasks, number, change, wave.stage);
            }
            if tasks.is_empty() {
                return failure.map_or(Ok(()), Err);
            }
            let left = self.checkpoint.saturating_sub(underway.recorded.elapsed());
            if left.is_zero() && failure.is_none() {
                if let Err(trouble) = self.checkpoint(underway).await {
                    failure = Some(self.failed("writing how far it is", &trouble));
                }
                continue;
            }
            let left = if failure.is_none() { left } else { Duration::MAX };
            let Ok(Some(ended)) = timeout(left, tasks.join_next()).await else {
                continue;
            };
            match ended {
                Ok((number, Ok(()))) => self.confirm(underway, wave.files[number], wave.stage),
                Ok((number, Err(trouble))) => {
                    let path = &wave.files[number].path;
                    let doing = match wave.stage {
                        Stage::Deletions => format!("deleting `{path}`"),
                        _ => format!("sending `{path}`"),
                    };
                    failure.get_or_insert_with(|| self.failed(&doing, &trouble));
                }
                Err(error) => {
                    let trouble = Trouble::lasting(Kind::Local, error.to_string());
                    failure.get_or_insert_with(|| self.failed("sending", &trouble));
                }
            }
        }
    }

    fn begin(
        &self,
        tasks: &mut JoinSet<(usize, Result<(), Trouble>)>,
        number: usize,
        change: &Change,
        stage: Stage,
    ) {
        let (storage, patience) = (self.storage.clone(), self.patience);
        let path = change.path.clone();
        let content = change.content.filter(|_| stage != Stage::Deletions);
        let Some(content) = content else {
            tasks.spawn(async move { (number, patience.with(|| storage.delete(&path)).await) });
            return;
        };
        let source = Source::File {
            path: self.shipment.folder.join(&path),
            content,
        };
        let properties = self.properties(&path);
        tasks.spawn(async move {
            let put = || storage.put(&path, &source, &properties, &Condition::None);
            let put = patience.with(put).await;
            (number, put.map(|_| ()))
        });
    }

    fn properties(&self, path: &str) -> Properties {
        let cache = &self.manner.cache;
        let cache_control = match (self.shipment.has_hashed_name)(path) {
            true => &cache.hashed,
            false => &cache.other,
        };
        Properties {
            content_type: content_type(path),
            cache_control: cache_control.clone(),
            leads_to: self.shipment.redirects.get(path).cloned(),
        }
    }

    fn confirm<'p>(&self, underway: &mut Underway<'p>, change: &'p Change, stage: Stage) {
        underway.done.insert(&change.path);
        match stage {
            Stage::Deletions => underway.deleted += 1,
            _ => {
                underway.sent += 1;
                underway.bytes += change.size();
            }
        }
        self.progress.done(&change.path, change.size());
    }

    async fn checkpoint(&self, underway: &mut Underway<'_>) -> Result<(), Trouble> {
        // The lock first: who has slept so long that another one took it has nothing to write here any more.
        underway.lease.renew(&*self.storage, self.patience).await?;
        self.record(underway, self.patience).await
    }

    /// Writes what is there by now.
    async fn record(&self, underway: &mut Underway<'_>, patience: Patience) -> Result<(), Trouble> {
        let plan = underway.plan;
        let wanted = self.shipment.wanted;
        let record = Record::under_way(&plan.record.known, wanted, &plan.changes, &underway.done);
        let text = record.text();
        let source = Source::Bytes(text.as_bytes().to_vec().into());
        let properties = Properties::of_note();
        let condition = underway.condition.clone();
        let put = || self.storage.put(NAME, &source, &properties, &condition);
        let tag = match patience.with(put).await {
            Ok(tag) => tag,
            // A try whose answer got lost has written what the next one then took for somebody else's.
            Err(trouble) if trouble.kind == Kind::Overtaken => {
                let there = patience.with(|| self.storage.read(NAME)).await?;
                let ours = there.filter(|there| there.bytes == text.as_bytes());
                ours.ok_or(trouble)?.tag
            }
            Err(trouble) => return Err(trouble),
        };
        underway.condition = tag.map_or(Condition::None, Condition::Tagged);
        underway.recorded = Instant::now();
        Ok(())
    }

    /// Deletes the folders that the deleted files leave empty, the innermost first.
    async fn clear_folders(&self, underway: &mut Underway<'_>) -> Result<(), Failure> {
        let mut folders: BTreeSet<(usize, &str)> = BTreeSet::new();
        let plan = underway.plan;
        for change in &plan.changes.removed {
            let above = change.path.match_indices('/').map(|(end, _)| &change.path[..end]);
            folders.extend(
                above
                    .enumerate()
                    .map(|(depth, folder)| (usize::MAX - depth, folder)),
            );
        }
        if folders.is_empty() {
            return Ok(());
        }
        for (path, _) in self.shipment.wanted.files() {
            for (depth, (end, _)) in path.match_indices('/').enumerate() {
                folders.remove(&(usize::MAX - depth, &path[..end]));
            }
        }
        for (_, folder) in folders {
            if underway.recorded.elapsed() >= self.checkpoint {
                let checkpoint = self.checkpoint(underway).await;
                checkpoint.map_err(|trouble| self.failed("writing how far it is", &trouble))?;
            }
            let deleted = self.patience.with(|| self.storage.delete_folder(folder)).await;
            deleted
                .map_err(|trouble| self.failed(&format!("deleting the empty folder `{folder}`"), &trouble))?;
        }
        Ok(())
    }

    /// Writes the record, whatever happened, clears up, and gives the lock back.
    async fn close(
        &self,
        mut underway: Underway<'_>,
        result: Result<(), Failure>,
    ) -> Result<Outcome, Failure> {
        let patience = match result {
            Ok(()) => self.patience,
            Err(_) => Patience {
                pause: self.patience.pause.min(Patience::LITTLE.pause),
                ..Patience::LITTLE
            },
        };
        let is_ours = underway.lease.renew(&*self.storage, patience).await;
        let (recorded, finished) = match is_ours {
            Ok(()) => {
                let recorded = self.record(&mut underway, patience).await;
                // What cannot be cleared now is cleared by the next publish; an old lock is no obstacle for ever.
                (recorded, patience.with(|| self.storage.finish()).await)
            }
            // Whoever has the lock now writes the record, and may need what lies in between.
            Err(trouble) => (Err(trouble), Ok(())),
        };
        let (sent, deleted) = (underway.sent, underway.deleted);
        let result = result.and_then(|()| {
            let failed = |trouble: Trouble| self.failed("writing what is published now", &trouble);
            recorded.map_err(failed)
        });
        let released = underway.lease.release(&*self.storage, patience).await;
        let plan = underway.plan;
        result.map_err(|failure| failure.after(sent, deleted))?;
        let remark = [finished, released].into_iter().find_map(Result::err);
        Ok(Outcome {
            changes: plan.changes.clone(),
            is_plan: false,
            is_done: true,
            resumed: plan.record.unknown.len(),
            remark: remark.map(|trouble| format!("not all could be cleared up: {trouble}")),
        })
    }
}
