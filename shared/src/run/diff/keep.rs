//! Keeping what a diff came to: the roster, the plan, and what the connection remembers.

use jiff::{SignedDuration, Timestamp, civil::Date};
use sha2::{Digest, Sha256};

use super::{Diff, Stop, compare::Compared};
use crate::{
    connection::Connection,
    employee::EmployeeId,
    plan::{Plan, PlanId, Purpose, State, Status},
    roster::{Completeness, Header},
    run::{Error, gathered::Gathered},
    store::{CurrentRoster, NewPlan, PlanRecord, RosterId, SyncState, Write},
};

/// A current roster that expires within this time is kept for longer, so that most nights need not write it.
const EXTEND_WITHIN: SignedDuration = SignedDuration::from_hours(10 * 24);

impl Diff<'_> {
    /// Stores the roster without the values of people outside the scope (R35), unless it is the current one word for
    /// word: a quiet night writes none of it.
    pub(super) async fn keep_roster(
        &self,
        connection: &Connection,
        state: &mut SyncState,
        people: &Gathered,
        compared: &Compared,
        completeness: &Completeness,
        now: Timestamp,
    ) -> Result<RosterId, Stop> {
        let store = &self.ports.store;
        let outside = &compared.outcome.outside;
        let withheld = digest(outside);
        let until = now.checked_add(self.ports.settings.keep).unwrap_or(Timestamp::MAX);
        if let Some(current) = &mut state.roster
            && current.header.content_hash == people.header.content_hash
            && current.withheld == withheld
            && current.expires_at > now
            && completeness.is_whole()
        {
            if current.expires_at.duration_since(now) < EXTEND_WITHIN {
                store.extend_roster(&connection.id, &current.id, until).await?;
                current.expires_at = until;
            }
            current.header = people.header.clone();
            return Ok(current.id.clone());
        }
        let id = format!("{}-{}", self.run.id, self.lease.fence);
        let id = RosterId::parse(&id).map_err(|_| Error::Missing("a roster id"))?;
        people.keep(self.ports, &id, until, outside).await?;
        if completeness.is_whole() {
            state.roster = Some(CurrentRoster {
                id: id.clone(),
                header: people.header.clone(),
                withheld,
                expires_at: until,
            });
        }
        Ok(id)
    }

    /// Makes a plan the open one. The same content keeps the old plan, its hash and its notice (R22).
    pub(super) async fn publish(
        &mut self,
        connection: &Connection,
        open: Option<PlanRecord>,
        compared: &Compared,
        roster: &RosterId,
        applies: bool,
        now: Timestamp,
    ) -> Result<Plan, Stop> {
        let replaces = open.as_ref().map(|open| open.plan.id.clone());
        let wider = open.as_ref().and_then(|open| wider_plan(&open.plan));
        if let Some(PlanRecord { plan: open, run, .. }) = open
            && open.hash == compared.plan.hash
            && open.holds == compared.plan.holds
            && does_the_work(&open.purpose, &compared.plan.purpose)
            && open.expires_at > now
        {
            if run == self.run.id {
                // An earlier delivery of this run made it, and died before it could say so.
                self.news.plan(&open.id, open.status(), applies, &run);
            }
            return Ok(open);
        }
        let mut plan = compared.plan.clone();
        if let Purpose::OnePerson { instead_of } = &mut plan.purpose {
            *instead_of = wider;
        }
        let new = NewPlan {
            connection: &connection.id,
            plan: &plan,
            lines: &compared.document,
            findings: &compared.outcome.findings,
            run: &self.run.id,
            roster,
            fence: self.lease.fence,
            kept_until: now.checked_add(self.ports.settings.keep).unwrap_or(Timestamp::MAX),
            also: &[Write::NotErased(&connection.tenant)],
        };
        // A plan that was approved in the meantime is being applied: this run waits until that is over.
        if self.ports.store.put_plan(&new, replaces.as_ref()).await? {
            if let Some(replaced) = &replaces {
                self.news.superseded(replaced);
            }
            self.news.plan(&plan.id, plan.status(), applies, &self.run.id);
            Ok(plan)
        } else {
            Err(Stop::Busy)
        }
    }
}

/// Whether an open plan of the same content is the one that was asked for.
fn does_the_work(open: &Purpose, asked: &Purpose) -> bool {
    match (open, asked) {
        (Purpose::Sync, Purpose::Sync | Purpose::OnePerson { .. })
        | (Purpose::OnePerson { .. }, Purpose::OnePerson { .. }) => true,
        (Purpose::Undo { .. }, _) | (_, Purpose::Undo { .. }) | (Purpose::OnePerson { .. }, Purpose::Sync) => false,
    }
}

/// Returns the plan of everybody that is lost where a plan of one person takes the place of `open`.
fn wider_plan(open: &Plan) -> Option<PlanId> {
    match &open.purpose {
        Purpose::Sync => Some(open.id.clone()),
        Purpose::OnePerson { instead_of } => instead_of.clone(),
        Purpose::Undo { .. } => None,
    }
}

impl Diff<'_> {
    /// Notes which people wait for a person's decision. Tells the application where they are other people than before.
    pub(super) fn note_waiting(&mut self, state: &mut SyncState, compared: &Compared, plan: &PlanId) {
        let findings = compared.outcome.findings.iter();
        let waiting = findings.filter(|finding| matches!(finding.state, State::Conflict | State::Waiting));
        let mut people: Vec<EmployeeId> = waiting.filter_map(|finding| finding.employee_id.clone()).collect();
        people.sort();
        people.dedup();
        let who = digest(&people);
        if who != state.waiting {
            if !people.is_empty() {
                self.news.waiting(plan, &self.run.id, &who);
            }
            state.waiting = who;
        }
    }
}

/// Returns a digest that tells in few bytes which people these are.
fn digest(people: &[EmployeeId]) -> String {
    if people.is_empty() {
        return String::new();
    }
    let mut hash = Sha256::new();
    for id in people {
        hash.update(id.as_str());
        hash.update([0]);
    }
    hex::encode(hash.finalize())
}

/// What the connection remembers of a read. Where there was nothing to apply, the roster counts as applied (R08).
pub(super) fn settle(
    state: &mut SyncState,
    plan: &Plan,
    header: &Header,
    completeness: &Completeness,
    configuration: u64,
    now: Timestamp,
    today: Date,
) {
    if !completeness.is_whole() {
        return;
    }
    state.complete_at = Some(now);
    if plan.status() == Status::Empty {
        state.baseline = std::mem::take(&mut state.baseline).moved(header, today);
        if state.applied_once {
            state.applied_configuration = configuration;
        }
    }
}
