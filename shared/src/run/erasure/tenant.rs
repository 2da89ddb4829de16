//! Erasing a whole tenant: its connections with all that they keep, its directory, its secrets.

use super::{ErasureRefused, Receipt, elsewhere, lease};
use crate::{
    account::TargetIdentity,
    connection::{Connection, TenantId},
    run::{Error, Ports, delivery, disconnect, secret_name},
    store::{Erased, Tombstone},
};

/// Erases a tenant. Its connections are disconnected first, so that nothing runs any more; a tombstone keeps the tenant
/// from being connected again until [`readmit_tenant`].
///
/// # Errors
/// [`ErasureRefused`]: ask again; what was erased stays so.
pub async fn erase_tenant(ports: &Ports, tenant: &TenantId, by: &str) -> Result<Receipt, ErasureRefused> {
    let now = ports.clock.now();
    let tombstones = ports.store.list_tombstones(tenant).await?;
    let known = tombstones.iter().find(|tombstone| tombstone.person.is_none());
    let mut own = known.cloned().unwrap_or_else(|| Tombstone {
        person: None,
        by: by.to_owned(),
        at: now,
        done_at: None,
        erased: Erased::default(),
        elsewhere: Vec::new(),
    });
    ports.store.put_tombstone(tenant, &own).await?;
    for connection in ports.store.list_connections(tenant).await? {
        // Before anything goes that tells of it. People who were erased by themselves have left theirs too.
        let linked = ports.store.list_links(&connection.id).await?.len() as u64;
        let people = tombstones.iter().filter(|tombstone| tombstone.person.is_some());
        let theirs = people.flat_map(|person| &person.elsewhere);
        let theirs = theirs.filter(|theirs| theirs.connection == connection.id);
        let erased: u64 = theirs.map(|theirs| theirs.accounts).sum();
        if let Some(found) = elsewhere(&connection, linked + erased) {
            own.note(found);
            ports.store.put_tombstone(tenant, &own).await?;
        }
        let done = erase_connection(ports, connection, &mut own.erased).await;
        ports.store.put_tombstone(tenant, &own).await?;
        done?;
    }
    let (accounts, history) = ports.store.erase_directory(tenant).await?;
    own.erased.accounts += accounts;
    own.erased.history += history;
    // The tenant's own tombstone covers everybody's.
    for person in tombstones.iter().filter_map(|tombstone| tombstone.person.as_deref()) {
        ports.store.delete_tombstone(tenant, Some(person)).await?;
    }
    let done_at = ports.clock.now();
    own.done_at = Some(done_at);
    ports.store.put_tombstone(tenant, &own).await?;
    tracing::info!(
        connections = own.erased.connections,
        accounts = own.erased.accounts,
        "a tenant was erased"
    );
    Ok(Receipt::new(tenant, None, &own, done_at))
}

/// Lets an erased tenant be connected again.
///
/// # Errors
/// [`Error`] of the store.
pub async fn readmit_tenant(ports: &Ports, tenant: &TenantId) -> Result<(), Error> {
    Ok(ports.store.delete_tombstone(tenant, None).await?)
}

/// The record goes last: a connection that is still there was not erased to its end.
async fn erase_connection(ports: &Ports, connection: Connection, erased: &mut Erased) -> Result<(), ErasureRefused> {
    let secret = secret_name(&connection.id);
    let had_secret = ports.secrets.find_secret(&secret).await?.is_some();
    let target = connection.target_identity();
    erased.rosters += ports.store.list_rosters(&connection.id).await?.len() as u64;
    let connection = disconnect(ports, connection).await?;
    erased.secrets += u64::from(had_secret);
    // The lease goes with the connection; where something is left, whoever asks again needs it.
    let lease = lease(ports, &connection).await?;
    let done = erase_kept(ports, &connection, &target, erased).await;
    if done.is_err() {
        delivery::end(ports, &lease).await;
    }
    done
}

/// Everything that is kept under a connection, and at last itself.
async fn erase_kept(
    ports: &Ports,
    connection: &Connection,
    target: &TargetIdentity,
    erased: &mut Erased,
) -> Result<(), ErasureRefused> {
    let (store, id) = (&ports.store, connection.id.clone());
    erased.rosters += store.erase_rosters(&id).await?;
    erased.plans += store.erase_plans(&id).await?;
    erased.runs += store.erase_runs(&id).await?;
    erased.links += store.erase_links(&id, target).await?;
    let decisions = store.list_decisions(&id).await?.len() as u64;
    store.erase_connection(connection).await?;
    erased.decisions += decisions;
    erased.connections += 1;
    Ok(())
}
