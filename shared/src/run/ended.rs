//! What is left of a connection that has ended (R42): nothing with values. Its links stay for a while, so that a tenant
//! who connects the same company again finds its people linked.

use jiff::{SignedDuration, Timestamp};

use super::{
    ConnectError, Error, Ports, change_connection,
    claim::change,
    credential::{find_stored, revoke, revoke_at},
    record::call_off,
    secret_name,
};
use crate::{
    connection::{Connection, ConnectionId, Credential, Status, Transition, Undertaking},
    plan,
    store::Write,
};

/// For how long links of an ended connection are kept.
const LINKS_STAY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Ends a connection, or goes on with an end that another request began. First the connection is marked, so that
/// nothing may begin any more. Then what it must not keep is deleted, and its runs that wait are called off. At last it
/// lets go of what it claims. `also` is written together with the mark. Returns `None` where there is no such
/// connection.
pub(super) async fn end(ports: &Ports, id: &ConnectionId, also: &[Write<'_>]) -> Result<Option<Connection>, Error> {
    end_if(ports, id, also, |_| true).await
}

/// Ends a connection that is `still` as it was found, at the moment of writing. Returns `None` where it is not, or is gone.
pub(super) async fn end_if(
    ports: &Ports,
    id: &ConnectionId,
    also: &[Write<'_>],
    still: impl Fn(&Connection) -> bool + Send + Sync,
) -> Result<Option<Connection>, Error> {
    let now = ports.clock.now();
    let links_until = now.saturating_add(LINKS_STAY).unwrap_or(Timestamp::MAX);
    let ending = change(ports, id, also, |connection| {
        if !still(connection) {
            return Err(ConnectError::Busy);
        }
        let ended = match connection.status {
            Status::Disconnected => connection.clone(),
            Status::AwaitingAuthorization
            | Status::ChoosingCompany
            | Status::Connected
            | Status::NeedsReauthorization => Connection {
                links_until: Some(links_until),
                ..connection.clone().change(Transition::Disconnect)?
            },
        };
        Ok(ended.begin(Undertaking::Ending, None, now))
    });
    let Some(ending) = found(ending.await)? else {
        return Ok(None);
    };
    clear(ports, &ending).await?;
    call_off(ports, id).await?;
    found(change(ports, id, &[], |connection| Ok(connection.clone().finish())).await)
}

/// A change that is refused only where the connection is gone, or in other hands.
fn found(changed: Result<Connection, ConnectError>) -> Result<Option<Connection>, Error> {
    match changed {
        Ok(connection) => Ok(Some(connection)),
        Err(ConnectError::Busy | ConnectError::Gone) => Ok(None),
        Err(ConnectError::Internal(error)) => Err(error),
        Err(_) => Err(Error::Missing("a connection that can be ended")),
    }
}

/// Deletes what a connection that has ended must not keep: the credential, which is revoked, the open plan, the rosters.
pub(super) async fn clear(ports: &Ports, ended: &Connection) -> Result<(), Error> {
    let id = &ended.id;
    delete_credential(ports, id, Some(ended)).await?;
    if let Some(open) = ports.store.find_open_plan(id, ports.clock.now()).await? {
        let from = [plan::Status::Ready, plan::Status::Held, plan::Status::Applying];
        ports
            .store
            .change_plan(&open.plan.id, &from, plan::Status::Cancelled, None)
            .await?;
    }
    ports.store.erase_rosters(id).await?;
    Ok(())
}

/// Deletes a connection's secret, and gives back what opens the HR system. It is given back first: after a death in between
/// both can be done again. Where the record is gone, the secret itself says who issued it.
pub(super) async fn delete_credential(
    ports: &Ports,
    id: &ConnectionId,
    ended: Option<&Connection>,
) -> Result<Option<Credential>, Error> {
    let secret = find_stored(ports, id).await?;
    let (source, noted) = secret.map_or((None, None), |secret| (secret.source, secret.issuer));
    match (&source, ended, noted) {
        (Some(credential), Some(ended), _) => revoke(ports, ended, credential).await,
        (Some(credential), None, Some(issuer)) => revoke_at(ports, &issuer, credential).await,
        (Some(_), None, None) | (None, _, _) => {}
    }
    ports.secrets.delete_secret(&secret_name(id)).await?;
    Ok(source)
}

/// Deletes what was written for a connection after it was erased: its record is gone, and nothing may be left.
pub(super) async fn clear_gone(ports: &Ports, id: &ConnectionId) -> Result<(), Error> {
    delete_credential(ports, id, None).await?;
    ports.store.erase_rosters(id).await?;
    ports.store.erase_plans(id).await?;
    Ok(ports.store.erase_leavings(id).await?)
}

/// Clears a connection that ended while the caller held its lease: the request that ended it could not delete what was
/// written since. Returns whether the connection has ended.
pub(super) async fn clear_if_ended(ports: &Ports, id: &ConnectionId) -> Result<bool, Error> {
    match ports.store.find_connection(id).await? {
        None => clear_gone(ports, id).await?,
        Some(found) if found.record.status == Status::Disconnected => clear(ports, &found.record).await?,
        Some(_) => return Ok(false),
    }
    Ok(true)
}

/// Deletes the links of an ended connection once their time is over. Returns how many there were.
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
