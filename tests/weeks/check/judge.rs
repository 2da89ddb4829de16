//! What is checked while it happens: each plan when it is stored, each write to a target when it is asked for.

use std::collections::BTreeSet;

use rollcall::{
    account::{Account, AccountId},
    connection::{ApplyMode, ConnectionId},
    employee::{Attribute, Canonical},
    plan::{Action, Change, Lines, Plan, PlanId, Purpose},
    store::{ConnectionStore as _, ErasureStore as _, LinkStore as _, PlanRecord, PlanStore as _},
};

use super::{night, rule};
use crate::{
    life::Life,
    office::Shown,
    port::Written,
    view::{View, decisions},
    world::{World, at_once},
};

/// A plan with everything that it was made from.
pub(super) struct Night<'a> {
    pub(super) connection: &'a ConnectionId,
    pub(super) view: View,
    pub(super) shown: Shown,
    /// Whether what was shown may prove that a person is missing.
    pub(super) may_prove: bool,
    /// The accounts that the process was shown.
    pub(super) listed: Vec<Account>,
    pub(super) plan: Plan,
    pub(super) changes: Vec<Change>,
}

impl Night<'_> {
    pub(super) fn account(&self, id: &AccountId) -> Option<&Account> {
        self.listed.iter().find(|account| account.id == *id)
    }
}

/// Looks at what was done in the last turn.
pub(crate) fn look(life: &mut Life<'_>) {
    for process in life.world.fate.take_deciding() {
        // No other process has had a turn since: these are the decisions that this process was shown.
        if let Some(id) = life.subject(process) {
            let decisions = decisions(life.world, &id);
            life.memory.decided.insert(process, decisions);
        }
    }
    let stored = life.world.fate.take_stored();
    for process in stored {
        judge_plan(life, process);
    }
    let written = std::mem::take(&mut life.world.witness().written);
    for write in written {
        life.memory.writes += 1;
        life.world.fate.count("writes to targets");
        check_write(life.world, &write);
    }
}

pub(crate) fn changes(world: &World, record: &PlanRecord) -> Vec<Change> {
    let mut changes = Vec::new();
    for chunk in 0..record.chunks {
        let lines = at_once(world.store.find_lines(record, chunk)).unwrap().unwrap();
        changes.extend(Lines::read_chunk(&lines).unwrap());
    }
    changes
}

/// Takes note of the plans that were stored since the last look: the former ids that their changes name are remembered. Returns each plan
/// with its connection.
fn take_fresh(life: &mut Life<'_>) -> Vec<(ConnectionId, PlanRecord)> {
    let world = life.world;
    let mut fresh = Vec::new();
    for connection in world.connections() {
        for id in at_once(world.store.list_plans(&connection.id)).unwrap() {
            if !life.memory.judged.insert(id.clone()) {
                continue;
            }
            let Some(record) = at_once(world.store.find_plan(&id, world.now())).unwrap() else {
                continue;
            };
            for change in changes(world, &record) {
                if let Action::Relink { former_id, .. } = &change.action {
                    life.memory.renumber(&connection.id, former_id, &change.employee_id);
                }
            }
            fresh.push((connection.id.clone(), record));
        }
    }
    fresh
}

/// Checks the plan that a process has just stored.
fn judge_plan(life: &mut Life<'_>, process: u64) {
    let world = life.world;
    let fresh = take_fresh(life);
    let Some(id) = life.subject(process) else { return };
    let Some((_, record)) = fresh.into_iter().find(|(connection, _)| *connection == id) else {
        return;
    };
    let shown = world.hr.kept().shown.get(&process).cloned();
    let (Some(shown), false) = (shown, matches!(record.plan.purpose, Purpose::Undo { .. })) else {
        return;
    };
    let Some(connection) = world.connection(&id) else {
        return;
    };
    let Some(view) = View::of(
        world,
        &connection,
        record.plan.header.configuration,
        record.plan.created_at,
    ) else {
        return;
    };
    let decisions = life.memory.decided.get(&process).cloned().unwrap_or_default();
    let view = View { decisions, ..view };
    let may_prove = shown.may_prove(&view.state.baseline);
    life.memory
        .note_read(&id, process, record.plan.created_at, &shown, may_prove, true);
    let night = Night {
        connection: &id,
        view,
        shown,
        may_prove,
        listed: world.witness().listed.get(&process).cloned().unwrap_or_default(),
        changes: changes(world, &record),
        plan: record.plan,
    };
    world.fate.count("plans");
    for change in &night.changes {
        world.fate.count(kind(&change.action));
    }
    world
        .fate
        .state()
        .tally
        .add("conflicts", u64::from(night.plan.counts.conflicts));
    world
        .fate
        .state()
        .tally
        .add("holds", night.plan.holds.len().try_into().unwrap());
    night::check(&life.memory, &night);
    for change in &night.changes {
        rule::check(&night, change);
    }
}

const fn kind(action: &Action) -> &'static str {
    match action {
        Action::Create { .. } => "joiners",
        Action::Leave { .. } => "leavers",
        Action::Link { .. } => "links",
        Action::Reactivate { .. } | Action::Relink { .. } => "rehires",
        Action::Update { .. } => "movers",
    }
}

/// Only a step of an approved plan is written. A person approved the plan, or its configuration needs no approval.
fn check_write(world: &World, written: &Written) {
    let plan = PlanId::parse(&written.plan).unwrap();
    let record = at_once(world.store.find_plan(&plan, world.now())).unwrap();
    let record = record.unwrap_or_else(|| panic!("a write of a plan that is not there: {written:?}"));
    let approval = record.approval.as_ref();
    let approval = approval.unwrap_or_else(|| panic!("nobody approved the plan of {written:?}"));
    assert_eq!(approval.run.as_str(), written.run, "the run that was approved writes");
    assert_eq!(
        approval.hash, record.plan.hash,
        "the plan that was approved is carried out"
    );
    let missing = record.plan.unapproved(&approval.holds);
    assert!(missing.is_empty(), "{missing:?} were not approved");
    if approval.by == "automatic" {
        let version = record.plan.header.configuration;
        let configuration = at_once(world.store.find_configuration(&record.connection, version))
            .unwrap()
            .unwrap();
        assert_eq!(
            configuration.apply,
            ApplyMode::Automatic,
            "a person has to approve {plan}"
        );
    }
    let changes = changes(world, &record);
    let links = at_once(world.store.list_links(&record.connection)).unwrap();
    let own = |change: &&Change| match (&written.account, change.account_id()) {
        (Some(written), Some(planned)) => written == planned,
        (Some(written), None) => links
            .iter()
            .any(|link| link.employee_id == change.employee_id && link.account_id == *written),
        (None, _) => matches!(change.action, Action::Create { .. }) && names(written.reference.as_ref(), change),
    };
    let change = changes.iter().find(own);
    let change = change.unwrap_or_else(|| panic!("no step of the plan is {written:?}"));
    let allowed = planned(change);
    for entry in written.attributes.view() {
        let attribute = entry.attribute.to_owned().unwrap();
        assert!(
            allowed.contains(&attribute),
            "{attribute} is not in the plan: {change:?}"
        );
    }
    if matches!(record.plan.purpose, Purpose::Undo { .. }) {
        world.fate.count("plans undone");
    }
    let switches_off = written.active == Some(false);
    assert!(
        !switches_off || change.is_leaver() || matches!(record.plan.purpose, Purpose::Undo { .. }),
        "{change:?}"
    );
}

fn names(reference: Option<&rollcall::account::ExternalId>, change: &Change) -> bool {
    reference.is_some_and(|reference| reference.as_str().ends_with(&format!(":{}", change.employee_id)))
}

/// Returns the attributes that a change may write.
fn planned(change: &Change) -> BTreeSet<Attribute> {
    let edited = change
        .edits()
        .map(|edits| edits.attributes.as_slice())
        .unwrap_or_default();
    let mut planned: BTreeSet<Attribute> = edited.iter().map(|edit| edit.attribute.clone()).collect();
    if let Action::Create { attributes, .. } = &change.action {
        planned.extend(attributes.view().iter().filter_map(|entry| entry.attribute.to_owned()));
    }
    planned.extend([Canonical::Manager.into(), Canonical::Group.into()]);
    planned
}
