//! Runs in memory.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    connection::ConnectionId,
    store::{Error, MOST_UNENDED, RunId, RunRecord, RunStore, run::kept, size},
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
        size::fits("create a run", size::run(run, None))?;
        let mut kept = lock(&self.runs);
        if kept.has(&run.id) {
            return Ok(false);
        }
        self.wrote(1 + lists(run));
        kept.create(run);
        Ok(true)
    }

    async fn change_run(&self, was: &RunRecord, run: &RunRecord) -> Result<bool, Error> {
        size::fits("change a run", size::run(run, None))?;
        let mut kept = lock(&self.runs);
        if kept.records.get(&run.id) != Some(&shortened(was)) {
            return Ok(false);
        }
        self.wrote(written(run));
        kept.records.insert(run.id.clone(), shortened(run));
        Ok(true)
    }

    async fn put_run(&self, run: &RunRecord, fence: u64) -> Result<bool, Error> {
        size::fits("write a run", size::run(run, Some(fence)))?;
        let mut kept = lock(&self.runs);
        let Some(before) = kept.records.get(&run.id) else {
            return Ok(false);
        };
        let is_late = kept.fences.get(&run.id).is_some_and(|later| *later > fence);
        if is_late || before.status.is_final() && !run.status.is_final() {
            return Ok(false);
        }
        self.wrote(written(run));
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
        Ok(self.listed_runs(connection, after, limit, |_| true))
    }

    async fn list_runs_naming_people(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, Error> {
        let names_people = |run: &RunRecord| run.status.is_final() && run.names_people();
        Ok(self.listed_runs(connection, after, limit, names_people))
    }

    async fn list_unended_runs(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        before: Timestamp,
    ) -> Result<Vec<RunRecord>, Error> {
        let is_behind = |run: &RunRecord| after.is_none_or(|after| (run.started_at, &run.id) > after);
        let is_one = |run: &RunRecord| !run.status.is_final() && run.started_at < before && is_behind(run);
        let mut found = self.listed_runs(connection, None, u32::MAX, is_one);
        found.reverse();
        found.truncate(MOST_UNENDED as usize);
        Ok(found)
    }
}

impl MemoryStore {
    fn listed_runs(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        limit: u32,
        is_wanted: impl Fn(&RunRecord) -> bool,
    ) -> Vec<RunRecord> {
        let kept = lock(&self.runs);
        let ids = kept.by_connection.get(connection).into_iter().flatten().rev();
        let found: Vec<_> = ids
            .filter(|(started_at, id)| after.is_none_or(|after| (*started_at, id) < after))
            .filter_map(|(_, id)| kept.records.get(id).filter(|run| is_wanted(run)))
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .cloned()
            .collect();
        self.read(2 * found.len());
        found
    }
}

/// In how many lists of the table a new run is.
pub(super) fn lists(run: &RunRecord) -> usize {
    1 + usize::from(!run.status.is_final()) + usize::from(run.names_people())
}

/// How many items of the table are written with a run that is there: its end changes the lists that it is in.
fn written(run: &RunRecord) -> usize {
    if run.status.is_final() {
        2 + usize::from(run.names_people())
    } else {
        1
    }
}

fn shortened(run: &RunRecord) -> RunRecord {
    let mut run = run.clone();
    kept(&mut run.errors);
    run
}
