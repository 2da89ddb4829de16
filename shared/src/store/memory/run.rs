//! Runs in memory.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    connection::ConnectionId,
    store::{Error, RunId, RunRecord, RunStore},
};

#[derive(Default)]
pub(super) struct Runs {
    records: BTreeMap<RunId, RunRecord>,
    by_connection: BTreeMap<ConnectionId, BTreeSet<(Timestamp, RunId)>>,
    fences: BTreeMap<RunId, u64>,
}

impl Runs {
    /// How many runs a connection has.
    pub(super) fn count(&self, connection: &ConnectionId) -> u64 {
        self.by_connection.get(connection).map_or(0, BTreeSet::len) as u64
    }

    pub(super) fn has(&self, id: &RunId) -> bool {
        self.records.contains_key(id)
    }

    pub(super) fn create(&mut self, run: &RunRecord) {
        self.records.insert(run.id.clone(), shortened(run));
        let runs = self.by_connection.entry(run.connection.clone()).or_default();
        runs.insert((run.started_at, run.id.clone()));
    }

    /// Deletes the runs of a connection.
    pub(super) fn erase(&mut self, connection: &ConnectionId) -> u64 {
        let ids = self.by_connection.remove(connection).unwrap_or_default();
        for (_, id) in &ids {
            self.records.remove(id);
            self.fences.remove(id);
        }
        ids.len() as u64
    }
}

#[async_trait]
impl RunStore for MemoryStore {
    async fn create_run(&self, run: &RunRecord) -> Result<bool, Error> {
        let mut kept = lock(&self.runs);
        if kept.has(&run.id) {
            return Ok(false);
        }
        self.wrote(2);
        kept.create(run);
        Ok(true)
    }

    async fn change_run(&self, was: &RunRecord, run: &RunRecord) -> Result<bool, Error> {
        let mut kept = lock(&self.runs);
        if kept.records.get(&run.id) != Some(&shortened(was)) {
            return Ok(false);
        }
        self.wrote(1);
        kept.records.insert(run.id.clone(), shortened(run));
        Ok(true)
    }

    async fn put_run(&self, run: &RunRecord, fence: u64) -> Result<bool, Error> {
        let mut kept = lock(&self.runs);
        if kept.fences.get(&run.id).is_some_and(|later| *later > fence) {
            return Ok(false);
        }
        self.wrote(1);
        kept.fences.insert(run.id.clone(), fence);
        kept.records.insert(run.id.clone(), shortened(run));
        Ok(true)
    }

    async fn find_run(&self, id: &RunId) -> Result<Option<RunRecord>, Error> {
        self.read(1);
        Ok(lock(&self.runs).records.get(id).cloned())
    }

    async fn list_runs(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, Error> {
        let kept = lock(&self.runs);
        let ids = kept.by_connection.get(connection).into_iter().flatten().rev();
        let found: Vec<_> = ids
            .filter(|(started_at, id)| after.is_none_or(|after| (*started_at, id) < after))
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .filter_map(|(_, id)| kept.records.get(id).cloned())
            .collect();
        self.read(2 * found.len());
        Ok(found)
    }
}

fn shortened(run: &RunRecord) -> RunRecord {
    let mut run = run.clone();
    run.errors.truncate(RunRecord::MOST_ERRORS);
    run
}
