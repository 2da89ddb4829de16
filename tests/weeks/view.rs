//! What holds of one connection at an instant: HR's people, the target's accounts, and the product's own records.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rollcall::{
    account::{Account, AccountId},
    connection::{Configuration, Connection, ConnectionId, Decision, TargetChoice},
    employee::EmployeeId,
    plan::{Finding, Link, LinkState},
    store::{
        ConnectionStore as _, DirectoryStore as _, ErasureStore as _, LinkStore as _, PlanStore as _, RosterStore as _,
        SyncState,
    },
};

use crate::{
    office::Office,
    world::{World, at_once},
};

/// A connection and everything that concerns it.
pub(crate) struct View {
    pub(crate) office: Office,
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    /// The links that count; a pending link does not.
    pub(crate) links: BTreeMap<EmployeeId, Link>,
    pub(crate) configuration: Configuration,
    pub(crate) decisions: BTreeMap<EmployeeId, Decision>,
    /// The people who were erased.
    pub(crate) erased: BTreeSet<EmployeeId>,
    /// Accounts that other connections are linked to.
    pub(crate) elsewhere: BTreeSet<AccountId>,
    pub(crate) state: SyncState,
    /// The findings on what the last plan does not do.
    pub(crate) findings: Vec<Finding>,
    pub(crate) now: Timestamp,
}

/// Returns the accounts of a connection's target.
pub(crate) fn accounts(world: &World, connection: &Connection) -> BTreeMap<AccountId, Account> {
    match &connection.target {
        TargetChoice::Directory => {
            let (accounts, next) = at_once(world.store.list_accounts(&connection.tenant, None)).unwrap();
            assert_eq!(next, None, "a directory of few");
            accounts
                .into_iter()
                .map(|account| (account.id.clone(), account))
                .collect()
        }
        TargetChoice::Scim(server) => {
            let shelf = world.shelves.iter().find(|shelf| shelf.address == server.base_url);
            shelf.map(|shelf| shelf.accounts().clone()).unwrap_or_default()
        }
    }
}

/// Returns the links of a connection that count.
pub(crate) fn links(world: &World, connection: &Connection) -> BTreeMap<EmployeeId, Link> {
    let links = at_once(world.store.list_links(&connection.id)).unwrap();
    let counted = links.into_iter().filter(|link| link.state != LinkState::Pending);
    counted.map(|link| (link.employee_id.clone(), link)).collect()
}

/// Returns the accounts of a connection's target that other connections are linked to.
fn elsewhere(world: &World, connection: &Connection) -> BTreeSet<AccountId> {
    let connections = world.connections();
    let others = connections
        .iter()
        .filter(|other| other.id != connection.id && other.target_identity() == connection.target_identity());
    others
        .flat_map(|other| links(world, other).into_values().map(|link| link.account_id))
        .collect()
}

/// Returns the decisions about people.
pub(crate) fn decisions(world: &World, connection: &ConnectionId) -> BTreeMap<EmployeeId, Decision> {
    let decisions = at_once(world.store.list_decisions(connection)).unwrap();
    let decisions = decisions
        .into_iter()
        .map(|record| (record.employee_id, record.decision));
    decisions.collect()
}

/// Returns what the last plan of a connection does not do.
fn findings(world: &World, connection: &Connection) -> Vec<Finding> {
    let plans = at_once(world.store.list_plans(&connection.id)).unwrap();
    let found = plans
        .iter()
        .filter_map(|plan| at_once(world.store.find_plan(plan, world.now())).unwrap());
    let last = found.max_by_key(|record| record.plan.created_at);
    last.map(|record| at_once(world.store.list_findings(&record)).unwrap())
        .unwrap_or_default()
}

impl View {
    /// Returns what the last plan says about a person.
    pub(crate) fn findings_of(&self, id: &EmployeeId) -> Vec<&Finding> {
        let about = self
            .findings
            .iter()
            .filter(|finding| finding.employee_id.as_ref() == Some(id));
        about.collect()
    }

    /// Returns a connection under one of its configurations; `None` before it has a company.
    pub(crate) fn of(world: &World, connection: &Connection, version: u64, now: Timestamp) -> Option<Self> {
        let company = &connection.company.as_ref()?.id;
        let office = world.hr.kept().offices.get(company)?.clone();
        let configuration = at_once(world.store.find_configuration(&connection.id, version)).unwrap();
        Some(Self {
            office,
            accounts: accounts(world, connection),
            links: links(world, connection),
            configuration: configuration?,
            decisions: decisions(world, &connection.id),
            erased: BTreeSet::new(),
            elsewhere: elsewhere(world, connection),
            state: at_once(world.store.load_state(&connection.id)).unwrap(),
            findings: findings(world, connection),
            now,
        })
    }
}
