//! Servers that hold users of strangers, people of foreign companies. A connection writes to such a server only if its target
//! was declared as shared (R04).

use rollcall::{
    account::ExternalId,
    connection::{Connection, Status},
    employee::CompanyId,
    store::{RunKind, RunStatus, RunStore as _},
};

use crate::{
    office::PROVIDER,
    view::View,
    world::{World, at_once},
};

/// The code of a run that makes no plan because a server holds users of strangers.
const CODE: &str = "foreign-target";

/// Returns whether a connection's server holds users of foreign companies: companies that are neither its tenant's nor of a
/// connection that writes to the server. Once the connection has applied a plan, its runs look for strangers no more.
pub(super) fn are_there(world: &World, connection: &Connection, view: &View) -> bool {
    let is_open = connection.target.server().is_none_or(|server| server.shared);
    if is_open || view.state.applied_once {
        return false;
    }
    let connections = world.connections();
    let is_welcome = |other: &&Connection| {
        let writes = other.status != Status::Disconnected && other.target_identity() == connection.target_identity();
        other.tenant == connection.tenant || writes
    };
    let companies = connections.iter().filter(is_welcome);
    let companies = companies.filter_map(|other| other.company.as_ref().map(|company| &company.id));
    let prefixes: Vec<String> = companies.map(prefix).collect();
    let references = view
        .accounts
        .values()
        .filter_map(|account| account.external_id.as_ref());
    let mut ours = references.filter(|reference| reference.as_str().starts_with(PROVIDER));
    ours.any(|reference| {
        !prefixes
            .iter()
            .any(|prefix| reference.as_str().starts_with(prefix.as_str()))
    })
}

fn prefix(company: &CompanyId) -> String {
    ExternalId::prefix(PROVIDER, company)
}

/// Checks that the last run made no plan, and says why.
pub(super) fn check_refusal(world: &World, connection: &Connection) {
    let runs = at_once(world.store.list_runs(&connection.id, None, 1_000)).unwrap();
    let last = runs.iter().find(|run| run.kind == RunKind::Diff);
    let last = last.unwrap_or_else(|| panic!("{} never ran", connection.id));
    let is_said = last.errors.iter().any(|error| error.code == CODE);
    assert!(
        is_said && last.status == RunStatus::Failed && last.plan.is_none(),
        "{} has users of somebody else at its server, and its run says {:?} {:?}",
        connection.id,
        last.status,
        last.errors
    );
}
