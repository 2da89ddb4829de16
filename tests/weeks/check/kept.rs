//! What records, secrets, claims and leases say of each other: nothing points at a missing record, and no part is missing.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use rollcall::{
    account::{Account, AccountId},
    connection::{Connection, ConnectionId, Status, TargetChoice, TenantId},
    employee::CompanyId,
    plan::LinkState,
    store::{ActStore as _, Acted, LeaseStore as _, LinkStore as _, RunId, RunRecord, RunStore as _, Write},
};

use crate::{
    life::Life,
    office::PROVIDER,
    view,
    world::{World, at_once},
};

/// The age at which a run that has not ended counts as one whose message is lost.
const LOST_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Checks each record, and everything that is kept beside records.
pub(super) fn check(life: &Life<'_>, connections: &[Connection]) {
    let world = life.world;
    for connection in connections {
        check_runs(life, connection);
        check_secret(world, connection);
        check_lease(world, connection);
        check_references(world, connection);
    }
    check_orphans(world, connections);
    check_links(world, connections);
    for company in &life.companies {
        check_company(world, connections, company);
    }
    for server in &world.shelves {
        check_server(world, connections, &server.address);
    }
}

/// Every run of a connection that may run has ended. Of other connections, every run that was a day old at the last morning has
/// ended.
fn check_runs(life: &Life<'_>, connection: &Connection) {
    let world = life.world;
    let is_left = |run: &RunRecord| !connection.may_run() && run.started_at + LOST_AFTER > life.memory.morning;
    for run in at_once(world.store.list_runs(&connection.id, None, 10_000)).unwrap() {
        assert!(
            run.status.is_final() || is_left(&run),
            "{} of {} is {:?}",
            run.id,
            connection.id,
            run.status
        );
    }
}

/// A connected connection has a credential that opens HR, and an ended connection has no secret.
fn check_secret(world: &World, connection: &Connection) {
    let secret = world.vault.secret_of(&connection.id);
    match connection.status {
        Status::Connected => {
            let source = secret.and_then(|secret| secret.source);
            let source = source.unwrap_or_else(|| panic!("{} is connected and has no credential", connection.id));
            let is_alive = world.hr.kept().grants.is_alive(&source);
            assert!(is_alive, "the credential of {} opens nothing", connection.id);
        }
        Status::Disconnected => assert!(secret.is_none(), "{} has ended and keeps a secret", connection.id),
        Status::AwaitingAuthorization | Status::ChoosingCompany | Status::NeedsReauthorization => {}
    }
}

/// No secret is left of a connection that does not exist.
fn check_orphans(world: &World, connections: &[Connection]) {
    for name in world.vault.names() {
        let Some(id) = name.strip_prefix("connection/") else {
            continue;
        };
        let is_known = connections.iter().any(|connection| connection.id.as_str() == id);
        assert!(is_known, "a secret of {id}, which is not there");
    }
}

/// No run holds the connection's lease.
fn check_lease(world: &World, connection: &Connection) {
    let (now, holder) = (world.now(), RunId::parse("onlooker").unwrap());
    let lease = at_once(world.store.acquire_lease(&connection.id, &holder, now, now)).unwrap();
    let lease = lease.unwrap_or_else(|| panic!("somebody holds {}", connection.id));
    at_once(world.store.release_lease(&lease)).unwrap();
}

/// No two accounts of a target carry one reference of ours.
fn check_references(world: &World, connection: &Connection) {
    let mut owners: BTreeMap<String, AccountId> = BTreeMap::new();
    for Account { id, external_id, .. } in view::accounts(world, connection).into_values() {
        let Some(reference) = external_id.filter(|id| id.as_str().starts_with(PROVIDER)) else {
            continue;
        };
        let other = owners.insert(reference.as_str().to_owned(), id.clone());
        assert_eq!(other, None, "{} is on {id} too", reference.as_str());
    }
}

/// Each link has its claim, each account has one link, and no claim is left without its link.
fn check_links(world: &World, connections: &[Connection]) {
    let mut owners: BTreeMap<(String, AccountId), String> = BTreeMap::new();
    for connection in connections {
        let identity = connection.target_identity();
        for link in at_once(world.store.list_links(&connection.id)).unwrap() {
            if link.state == LinkState::Pending {
                continue;
            }
            let owner = format!("{} {}", connection.id, link.employee_id);
            let claim = at_once(world.store.find_claim(&identity, &link.account_id)).unwrap();
            let claimed = claim.map(|claim| format!("{} {}", claim.connection, claim.employee_id));
            assert_eq!(claimed.as_ref(), Some(&owner), "the claim of a link");
            let account = (identity.as_str().to_owned(), link.account_id.clone());
            let other = owners.insert(account, owner.clone());
            assert_eq!(other, None, "an account has one link, and {owner} has another");
        }
        for account in view::accounts(world, connection).into_keys() {
            let claim = at_once(world.store.find_claim(&identity, &account)).unwrap();
            let Some(claim) = claim else { continue };
            let link = at_once(world.store.find_link(&claim.connection, &claim.employee_id)).unwrap();
            let is_there = link.is_some_and(|link| link.account_id == account);
            assert!(
                is_there,
                "a claim of {} {} without its link",
                claim.connection, claim.employee_id
            );
        }
    }
}

/// Returns a connection of a tenant that does not exist.
fn stranger(like: &Connection) -> Connection {
    Connection {
        id: ConnectionId::parse("con-of-nobody").unwrap(),
        tenant: TenantId::parse("nobody").unwrap(),
        ..like.clone()
    }
}

/// A company belongs to one tenant at most, and to no tenant once no connection reads it (R01).
fn check_company(world: &World, connections: &[Connection], company: &CompanyId) {
    let reads = |connection: &&Connection| {
        connection.status != Status::Disconnected && connection.company.as_ref().is_some_and(|own| own.id == *company)
    };
    let readers: Vec<&Connection> = connections.iter().filter(reads).collect();
    let mut tenants: Vec<&TenantId> = readers.iter().map(|connection| &connection.tenant).collect();
    tenants.dedup();
    assert!(tenants.len() < 2, "{company} is read by {tenants:?}");
    let Some(any) = connections.first() else { return };
    let stranger = stranger(any);
    let enter = Write::EnterCompany {
        connection: &stranger,
        company,
        shared: false,
    };
    let is_free = at_once(world.store.act(&[enter])).unwrap() == Acted::Done;
    let leave = Write::LeaveCompany {
        connection: &stranger,
        company,
    };
    at_once(world.store.act(&[leave])).unwrap();
    assert!(
        !is_free || readers.is_empty(),
        "{company} is read by {tenants:?}, and is free"
    );
    // A connection that waits for a login may have noted its company before its record says so.
    let waits = |connection: &Connection| {
        matches!(
            connection.status,
            Status::AwaitingAuthorization | Status::ChoosingCompany
        )
    };
    let is_somebodys = !readers.is_empty() || connections.iter().any(waits);
    assert!(is_free || is_somebodys, "{company} is read by nobody, and is not free");
}

/// A server is free once no connection writes to it (R04).
fn check_server(world: &World, connections: &[Connection], address: &str) {
    let writes = |connection: &&Connection| {
        let server = connection.target.server();
        connection.status != Status::Disconnected && server.is_some_and(|server| server.base_url == address)
    };
    let is_written = connections.iter().any(|connection| writes(&connection));
    let like = connections.iter().find(|connection| {
        let server = connection.target.server();
        server.is_some_and(|server| server.base_url == address)
    });
    let Some(like) = like else { return };
    let mut stranger = stranger(like);
    if let TargetChoice::Scim(server) = &mut stranger.target {
        server.shared = false;
    }
    let is_free = at_once(world.store.act(&[Write::EnterTarget(&stranger)])).unwrap() == Acted::Done;
    at_once(world.store.act(&[Write::LeaveTarget(&stranger)])).unwrap();
    assert_eq!(
        is_free, !is_written,
        "{address} is written to: {is_written}, and is free: {is_free}"
    );
}
