//! Nothing is left of an erased person or tenant (R37).

use jiff::Timestamp;
use rollcall::{
    account::ExternalId,
    connection::{Connection, TargetChoice, TenantId},
    employee::{AttributeRef, CompanyId, EmployeeId},
    plan::Change,
    store::{
        ConnectionStore as _, DirectoryStore as _, ErasureStore as _, LinkStore as _, PlanStore as _, RosterStore as _,
        RunStore as _,
    },
};

use super::judge;
use crate::{
    life::Life,
    office::PROVIDER,
    world::{World, at_once},
};

/// Checks every erased person and every erased tenant.
pub(super) fn check(life: &Life<'_>) {
    let world = life.world;
    for ((tenant, company, id), at) in &life.memory.erased_people {
        check_person(world, tenant, company, id, *at);
    }
    for (tenant, connections) in &life.memory.erased_tenants {
        let left = at_once(world.store.list_connections(tenant)).unwrap();
        assert!(left.is_empty(), "{tenant} was erased and has {}", left[0].id);
        let (accounts, _) = at_once(world.store.list_accounts(tenant, None)).unwrap();
        assert!(accounts.is_empty(), "{tenant} was erased and has users");
        for id in connections {
            let kept = [
                at_once(world.store.list_rosters(id)).unwrap().len(),
                at_once(world.store.list_plans(id)).unwrap().len(),
                at_once(world.store.list_links(id)).unwrap().len(),
                at_once(world.store.list_decisions(id)).unwrap().len(),
                at_once(world.store.list_runs(id, None, 10)).unwrap().len(),
                usize::from(world.vault.secret_of(id).is_some()),
            ];
            assert_eq!(
                kept, [0; 6],
                "rosters, plans, links, decisions, runs, secrets of {id} of {tenant}, which was erased"
            );
        }
    }
}

fn check_person(world: &World, tenant: &TenantId, company: &CompanyId, id: &EmployeeId, at: Timestamp) {
    let marks = world.hr.kept().offices[company]
        .marks
        .get(id)
        .cloned()
        .unwrap_or_default();
    let is_theirs = |value: &str| marks.iter().any(|mark| mark == value);
    for connection in at_once(world.store.list_connections(tenant)).unwrap() {
        if connection.company.as_ref().is_some_and(|own| own.id == *company) {
            check_connection(world, &connection, id, &is_theirs);
            check_decisions(world, &connection, id, at);
        }
    }
    let (accounts, _) = at_once(world.store.list_accounts(tenant, None)).unwrap();
    for account in accounts {
        let held = account.attributes.view();
        let shows = held.iter().any(|entry| entry.field.value().is_some_and(&is_theirs));
        assert!(!shows, "{id} was erased and is shown by {}", account.id);
        // An account that passed to another person belongs to that person, with its history.
        let own = ExternalId::new(PROVIDER, company, id);
        if account.external_id.as_ref().is_some_and(|reference| *reference != own) {
            continue;
        }
        for entry in at_once(world.store.list_history(tenant, &account.id, world.now(), None, 1_000)).unwrap() {
            let mut values = entry
                .record
                .changes
                .iter()
                .flat_map(|change| [&change.before, &change.after]);
            let shows = values.any(|value| value.as_deref().is_some_and(&is_theirs));
            assert!(!shows, "{id} was erased and is in the history of {}", account.id);
        }
    }
    for body in world.post.bodies() {
        assert!(
            !marks.iter().any(|mark| body.contains(mark)),
            "{id} was erased and is in a message"
        );
    }
}

fn check_connection(world: &World, connection: &Connection, id: &EmployeeId, is_theirs: &impl Fn(&str) -> bool) {
    let (store, now) = (&world.store, world.now());
    for roster_id in at_once(store.list_rosters(&connection.id)).unwrap() {
        let Some(roster) = at_once(store.find_roster(&connection.id, &roster_id, now)).unwrap() else {
            continue;
        };
        let rows = roster.employees().unwrap();
        let own = rows.iter().filter(|row| row.id == *id);
        let shown = own.flat_map(|row| row.attributes.view());
        let shown: Vec<AttributeRef<'_>> = shown
            .filter(|entry| entry.field.is_seen())
            .map(|entry| entry.attribute)
            .collect();
        assert!(shown.is_empty(), "{id} was erased and {shown:?} are in {roster_id}");
    }
    for plan in at_once(store.list_plans(&connection.id)).unwrap() {
        let Some(record) = at_once(store.find_plan(&plan, now)).unwrap() else {
            continue;
        };
        let changes = judge::changes(world, &record);
        // On a SCIM server an account stays as it is. A plan may give that account to another person, by a decision. That plan
        // and its undo say what is in the account.
        let is_elsewhere = connection.target != TargetChoice::Directory;
        let about = |change: &&Change| change.employee_id == *id || (!is_elsewhere && shows(change, is_theirs));
        let change = changes.iter().find(about);
        assert!(change.is_none(), "{id} was erased and {plan} has {change:?}");
    }
    let link = at_once(store.find_link(&connection.id, id)).unwrap();
    assert!(link.is_none(), "{id} was erased and is linked");
    for run in at_once(store.list_runs(&connection.id, None, 10_000)).unwrap() {
        let names = run.errors.iter().any(|error| error.employee_id.as_ref() == Some(id));
        assert!(!names, "{id} was erased and {} names them", run.id);
    }
}

/// Decisions from before the erasure are gone. A decision that a person takes after the erasure stays.
fn check_decisions(world: &World, connection: &Connection, id: &EmployeeId, at: Timestamp) {
    let decisions = at_once(world.store.list_decisions(&connection.id)).unwrap();
    let mut own = decisions.iter().filter(|decision| decision.employee_id == *id);
    let is_kept = own.any(|decision| decision.at < at);
    assert!(!is_kept, "{id} was erased, and what was decided is kept");
}

/// Returns whether a change holds a value of the erased person.
fn shows(change: &Change, is_theirs: &impl Fn(&str) -> bool) -> bool {
    let edits = change
        .edits()
        .map(|edits| edits.attributes.as_slice())
        .unwrap_or_default();
    let mut values = edits.iter().flat_map(|edit| [&edit.before, &edit.after]);
    values.any(|value| value.as_deref().is_some_and(is_theirs))
}
