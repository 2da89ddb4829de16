//! What is left of a connection that has ended (R42): nothing with values, and its links for a while, so that whoever
//! connects the same company again finds its people linked.

use jiff::{SignedDuration, Timestamp};

use super::{
    Error, Ports, change_connection,
    credential::{find_stored, revoke},
    secret_name,
};
use crate::{
    connection::{Connection, ConnectionId, Status},
    plan,
};

/// For how long links of an ended connection are kept.
pub(super) const LINKS_STAY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Deletes what a connection that has ended must not keep: the credential, which is revoked, the open plan, the rosters.
pub(super) async fn clear(ports: &Ports, ended: &Connection) -> Result<(), Error> {
    let id = &ended.id;
    let secret = find_stored(ports, id).await?;
    ports.secrets.delete_secret(&secret_name(id)).await?;
    if let Some(credential) = secret.and_then(|secret| secret.source) {
        revoke(ports, ended, &credential).await;
    }
    if let Some(open) = ports.store.find_open_plan(id, ports.clock.now()).await? {
        let from = [plan::Status::Ready, plan::Status::Held, plan::Status::Applying];
        ports
            .store
            .change_plan(&open.plan.id, &from, plan::Status::Cancelled, None)
            .await?;
    }
    for roster in ports.store.list_rosters(id).await? {
        ports.store.delete_roster(id, &roster).await?;
    }
    Ok(())
}

/// What a holder of the lease does at its end: whoever ended the connection meanwhile could not delete what was written
/// since. Answers whether it has ended.
pub(super) async fn clear_if_ended(ports: &Ports, id: &ConnectionId) -> Result<bool, Error> {
    let found = ports.store.find_connection(id).await?.map(|found| found.record);
    let Some(ended) = found.filter(|connection| connection.status == Status::Disconnected) else {
        return Ok(false);
    };
    clear(ports, &ended).await?;
    Ok(true)
}

/// Deletes the links of an ended connection once their time is over. Answers how many there were.
pub(super) async fn forget_links(ports: &Ports, connection: &Connection, now: Timestamp) -> Result<u64, Error> {
    let is_over = connection.links_until.is_some_and(|until| until <= now);
    if !is_over || connection.belongs_to(&ports.home).is_err() {
        return Ok(0);
    }
    let erased = ports
        .store
        .erase_links(&connection.id, &connection.target_identity())
        .await?;
    let forgotten = |connection: &Connection| {
        Some(Connection {
            links_until: None,
            ..connection.clone()
        })
    };
    change_connection(ports, &connection.id, forgotten).await?;
    tracing::info!(connection.id = %connection.id, links = erased, "links of a disconnected connection were deleted");
    Ok(erased)
}
