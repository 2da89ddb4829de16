//! Plans in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    connection::ConnectionId,
    plan::{Finding, PlanId, Status},
    store::{Approval, Error, NewPlan, PlanRecord, PlanStore, size},
};

/// How many findings are in a chunk.
const CHUNK: usize = 1_000;

#[derive(Default)]
pub(super) struct Plans {
    plans: BTreeMap<PlanId, Stored>,
    open: BTreeMap<ConnectionId, PlanId>,
}

struct Stored {
    record: PlanRecord,
    lines: Vec<Vec<u8>>,
    findings: Vec<Finding>,
}

impl Plans {
    /// The open plan of a connection, if it is still kept.
    fn open(&self, connection: &ConnectionId, now: Timestamp) -> Option<&PlanRecord> {
        let stored = self.plans.get(self.open.get(connection)?)?;
        (stored.record.kept_until > now).then_some(&stored.record)
    }

    /// Whether a plan is in one of these states.
    pub(super) fn is_one_of(&self, id: &PlanId, states: &[Status]) -> bool {
        let stored = self.plans.get(id);
        stored.is_some_and(|stored| states.contains(&stored.record.status))
    }

    /// Changes the state of a plan. Returns how many items of the table that would be.
    pub(super) fn change(&mut self, id: &PlanId, to: Status, approval: Option<&Approval>) -> usize {
        let Some(stored) = self.plans.get_mut(id) else {
            return 0;
        };
        stored.record.status = to;
        if let Some(approval) = approval {
            stored.record.approval = Some(approval.clone());
        }
        let connection = &stored.record.connection;
        if to.is_open() || to == Status::Applying || self.open.get(connection) != Some(id) {
            return 1;
        }
        self.open.remove(connection);
        2
    }

    /// The plans of a connection.
    pub(super) fn of(&self, connection: &ConnectionId) -> Vec<PlanId> {
        let own = self
            .plans
            .iter()
            .filter(|(_, stored)| stored.record.connection == *connection);
        own.map(|(id, _)| id.clone()).collect()
    }

    /// Deletes the plans of a connection.
    pub(super) fn erase(&mut self, connection: &ConnectionId) -> u64 {
        let before = self.plans.len();
        self.plans.retain(|_, stored| stored.record.connection != *connection);
        self.open.remove(connection);
        (before - self.plans.len()) as u64
    }
}

#[async_trait]
impl PlanStore for MemoryStore {
    async fn put_plan(&self, plan: &NewPlan<'_>, replaces: Option<&PlanId>) -> Result<bool, Error> {
        fits(plan)?;
        let leases = lock(&self.leases);
        if leases.get(plan.connection).is_some_and(|last| last.fence > plan.fence) {
            return Ok(false);
        }
        let mut shelves = self.shelves();
        if shelves.refusal(plan.also).is_some() {
            return Ok(false);
        }
        let kept = &mut shelves.plans;
        let open = kept.open(plan.connection, plan.plan.created_at);
        let may_replace = open.is_none_or(|open| open.status.is_open());
        if open.map(|open| &open.plan.id) != replaces || !may_replace || kept.plans.contains_key(&plan.plan.id) {
            return Ok(false);
        }
        if let Some(replaced) = replaces.and_then(|id| kept.plans.get_mut(id)) {
            replaced.record.status = Status::Superseded;
        }
        if plan.plan.status() == Status::Empty {
            kept.open.remove(plan.connection);
        } else {
            kept.open.insert(plan.connection.clone(), plan.plan.id.clone());
        }
        self.wrote(plan.lines.chunks.len() + 3 + usize::from(!plan.findings.is_empty()));
        let stored = Stored {
            record: record(plan),
            lines: plan.lines.chunks.clone(),
            findings: plan.findings.to_vec(),
        };
        kept.plans.insert(plan.plan.id.clone(), stored);
        self.wrote(shelves.write_all(plan.also));
        Ok(true)
    }

    async fn find_open_plan(&self, connection: &ConnectionId, now: Timestamp) -> Result<Option<PlanRecord>, Error> {
        self.read(1);
        Ok(lock(&self.plans).open(connection, now).cloned())
    }

    async fn find_plan(&self, id: &PlanId, now: Timestamp) -> Result<Option<PlanRecord>, Error> {
        self.read(1);
        let kept = lock(&self.plans);
        Ok(kept
            .plans
            .get(id)
            .filter(|stored| stored.record.kept_until > now)
            .map(|stored| stored.record.clone()))
    }

    async fn find_lines(&self, plan: &PlanRecord, chunk: u32) -> Result<Option<Vec<u8>>, Error> {
        self.read(1);
        let kept = lock(&self.plans);
        let lines = kept.plans.get(&plan.plan.id).map(|stored| &stored.lines);
        Ok(lines.and_then(|lines| lines.get(chunk as usize)).cloned())
    }

    async fn find_findings(&self, plan: &PlanRecord, chunk: u32) -> Result<Option<Vec<Finding>>, Error> {
        self.read(1);
        let kept = lock(&self.plans);
        let stored = kept.plans.get(&plan.plan.id);
        let mut chunks = stored.into_iter().flat_map(|stored| stored.findings.chunks(CHUNK));
        Ok(chunks.nth(chunk as usize).map(<[Finding]>::to_vec))
    }

    async fn change_plan(
        &self,
        id: &PlanId,
        from: &[Status],
        to: Status,
        approval: Option<&Approval>,
    ) -> Result<bool, Error> {
        let mut kept = lock(&self.plans);
        if !kept.is_one_of(id, from) {
            return Ok(false);
        }
        self.wrote(kept.change(id, to, approval));
        Ok(true)
    }
}

/// Whether the table takes a plan: its head, its lines, and its findings, of which a line is no larger than a chunk.
fn fits(plan: &NewPlan<'_>) -> Result<(), Error> {
    const OPERATION: &str = "write a plan";
    let longest = plan.findings.iter().map(size::written).max();
    let lines = plan.lines.chunks.iter().enumerate();
    for (number, chunk) in lines {
        size::fits(OPERATION, size::plan_chunk(plan, number, "LINES", chunk.len()))?;
    }
    size::fits(OPERATION, size::plan_chunk(plan, 0, "FINDINGS", longest.unwrap_or(0)))?;
    size::fits(OPERATION, size::plan_head(plan, plan.findings.len()))
}

fn record(plan: &NewPlan<'_>) -> PlanRecord {
    PlanRecord {
        connection: plan.connection.clone(),
        plan: plan.plan.clone(),
        chunks: u32::try_from(plan.lines.chunks.len()).unwrap_or(u32::MAX),
        finding_chunks: u32::from(!plan.findings.is_empty()),
        status: plan.plan.status(),
        roster: plan.roster.clone(),
        run: plan.run.clone(),
        fence: plan.fence,
        kept_until: plan.kept_until,
        approval: None,
    }
}
