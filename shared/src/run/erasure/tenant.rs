//! Erasing a whole tenant: its connections with all that they keep, its directory, its secrets.

use super::{ErasureRefused, Receipt, elsewhere, lease};
use crate::{
    connection::{Connection, TenantId},
    run::{
        Actor, Error, Ports,
        actor::{Subject, act},
        allowance::forget_allowance,
        delivery,
        reconnect::end_and_tell,
        secret_name,
    },
    store::{Erased, StopOf, Tombstone, Write},
};

/// Erases a tenant. Its connections are disconnected first, so that nothing runs any more. A tombstone keeps the tenant
/// from being connected again until [`readmit_tenant`]; it says how much there was before any of it was deleted.
///
/// # Errors
/// [`ErasureRefused`]: ask again; what was erased stays so.
pub async fn erase_tenant(ports: &Ports, actor: &Actor, tenant: &TenantId) -> Result<Receipt, ErasureRefused> {
    let tombstones = ports.store.list_tombstones(tenant).await?;
    let known = tombstones.iter().find(|tombstone| tombstone.person.is_none());
    let mut own = known
        .cloned()
        .unwrap_or_else(|| Tombstone::new(None, &actor.name(), ports.clock.now()));
    // From here on nothing of the tenant is made anew.
    let note = actor.note(
        ports,
        Subject::tenant(Some(tenant)),
        "tenant.erase",
        &[],
        tenant.as_str(),
    );
    let tombstone = Write::Tombstone {
        tenant,
        tombstone: &own,
    };
    act(ports, &note, &[tombstone]).await?;
    let connections = ports.store.list_connections(tenant).await?;
    for connection in &connections {
        count(ports, &tombstones, connection, &mut own).await?;
    }
    if !own.directory_counted {
        let (accounts, history) = ports.store.count_directory(tenant).await?;
        own.erased.accounts += accounts;
        own.erased.history += history;
        own.directory_counted = true;
    }
    // The counts are kept before any record that is counted is deleted.
    ports.store.put_tombstone(tenant, &own).await?;
    for connection in connections {
        erase_connection(ports, connection).await?;
    }
    ports.store.erase_directory(tenant).await?;
    let stop = StopOf::Tenant(tenant.clone());
    ports.store.act(&[Write::Stop { of: &stop, set: None }]).await?;
    // The tenant's own tombstone covers everybody's, also of people whose erasure was under way.
    let people = ports.store.list_tombstones(tenant).await?;
    for person in people.iter().filter_map(|tombstone| tombstone.person.as_deref()) {
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
pub async fn readmit_tenant(ports: &Ports, actor: &Actor, tenant: &TenantId) -> Result<(), Error> {
    if actor.done().is_some() {
        return Ok(());
    }
    let note = actor.note(
        ports,
        Subject::tenant(Some(tenant)),
        "tenant.readmit",
        &[],
        tenant.as_str(),
    );
    act(ports, &note, &[Write::Readmit(tenant)]).await.map(drop)
}

/// Notes how much there is of a connection, and what of it stays elsewhere, unless that was noted before.
async fn count(
    ports: &Ports,
    tombstones: &[Tombstone],
    connection: &Connection,
    own: &mut Tombstone,
) -> Result<(), ErasureRefused> {
    if !own.counted.insert(connection.id.clone()) {
        return Ok(());
    }
    let kept = ports.store.count_kept(&connection.id).await?;
    // People who were erased by themselves have left theirs elsewhere too.
    let people = tombstones.iter().filter(|tombstone| tombstone.person.is_some());
    let theirs = people.flat_map(|person| &person.elsewhere);
    let theirs = theirs.filter(|theirs| theirs.connection == connection.id);
    let erased: u64 = theirs.map(|theirs| theirs.accounts).sum();
    if let Some(found) = elsewhere(connection, kept.links + erased) {
        own.note(found);
    }
    let secret = ports.secrets.find_secret(&secret_name(&connection.id)).await?;
    own.erased += Erased {
        secrets: u64::from(secret.is_some()),
        ..kept
    };
    Ok(())
}

/// Erases a connection. Its record goes last: a connection that is still there was not erased to its end.
pub(in crate::run) async fn erase_connection(ports: &Ports, connection: Connection) -> Result<(), ErasureRefused> {
    if ports.store.find_connection(&connection.id).await?.is_none() {
        // Another request for the same erasure was faster.
        return Ok(());
    }
    let connection = match end_and_tell(ports, &connection, &[]).await {
        // Another request for the same erasure was faster, at this very moment.
        Err(Error::Gone(_)) => return Ok(()),
        ended => ended?,
    };
    // The lease goes with the connection. Where something is left, the lease is given back: the next request for the
    // erasure needs it.
    let lease = lease(ports, &connection).await?;
    let done = erase_kept(ports, &connection).await;
    if done.is_err() {
        delivery::end(ports, &lease).await;
    }
    done
}

/// Deletes everything that is kept under a connection, and at last the connection itself.
async fn erase_kept(ports: &Ports, connection: &Connection) -> Result<(), ErasureRefused> {
    let (store, id) = (&ports.store, &connection.id);
    store.erase_rosters(id).await?;
    store.erase_plans(id).await?;
    store.erase_runs(id).await?;
    store.erase_links(id, &connection.target_identity()).await?;
    forget_allowance(ports, connection).await?;
    store.erase_connection(connection).await?;
    Ok(())
}
