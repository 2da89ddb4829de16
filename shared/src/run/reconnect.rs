//! Reconnecting with a new credential of either side or a new login, and disconnecting for good (R42).

use super::{
    ConnectError, Error, Ports, Startable,
    actor::{Actor, Subject, act},
    claim::refused,
    credential::{find_stored, keep_target},
    delivery,
    ended::end,
    first::{ask_again, first_run},
    login::{check_login, load_configuration, settle, start},
    tell_connection,
    trial::{check_credential, check_target, made_ready},
    upkeep::regain_target,
    way::read_site,
};
use crate::{
    connection::{Connection, Credential, InvalidTransition, Status, TargetChoice},
    event::EventKind,
    source::Address,
    store::{Acted, Write},
};

/// Gives a connection a new credential, and another `site` where one is given. It is tried first, and has to open the same
/// company.
///
/// # Errors
/// [`ConnectError`]; then the old credential stays.
pub async fn reconnect(
    ports: &Ports,
    actor: &Actor,
    connection: Connection,
    credential: Credential,
    site: Option<&str>,
) -> Result<Connection, ConnectError> {
    let configuration = load_configuration(ports, &connection).await?;
    if actor.done().is_some() {
        // The process that carried the request out may have died before it sent the message of the first run.
        ask_again(ports, first_run(ports, &connection.id, &configuration)?).await?;
        return Ok(connection);
    }
    check_open(&connection)?;
    check_credential(ports, &connection, &credential)?;
    let connection = move_to(ports, connection, site)?;
    let credential = made_ready(ports, &connection, credential).await?;
    let subject = Subject::connection(&connection);
    let note = actor.note(ports, subject, "connection.reconnect", &[], connection.id.as_str());
    let (connection, _) = settle(ports, &connection, &configuration, credential, &note.writes()).await?;
    Ok(connection)
}

/// Returns the connection at another site, where one is given. What is kept stays as it is until the credential has shown
/// the same company there.
fn move_to(ports: &Ports, connection: Connection, site: Option<&str>) -> Result<Connection, ConnectError> {
    if site.is_none() {
        return Ok(connection);
    }
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let base_url = connection.base_url.as_deref();
    let site = read_site(provider.as_ref(), Address { base_url, site })?;
    Ok(Connection { site, ..connection })
}

/// Lets a person sign in again. The connection stays as it is until they have.
///
/// # Errors
/// [`ConnectError`].
pub async fn reopen_login(
    ports: &Ports,
    actor: &Actor,
    connection: Connection,
    return_url: Option<String>,
) -> Result<Startable, ConnectError> {
    if actor.done().is_some() {
        return Err(ConnectError::Shown);
    }
    check_open(&connection)?;
    check_login(ports, &connection).await?;
    let subject = Subject::connection(&connection);
    let note = actor.note(ports, subject, "connection.reconnect", &[], connection.id.as_str());
    start(ports, connection.clone(), return_url, &note.writes()).await
}

/// Gives a connection a new credential of its target. It is tried first, and kept while nothing is at work on the
/// connection, so that no run writes over it.
///
/// # Errors
/// [`ConnectError`]; then the old credential stays.
pub async fn renew_target(
    ports: &Ports,
    actor: &Actor,
    connection: &Connection,
    credential: &Credential,
) -> Result<(), ConnectError> {
    if let Some(before) = actor.done()
        && renewals(ports, connection).await? != before
    {
        return Ok(());
    }
    check_open(connection)?;
    if connection.target == TargetChoice::Directory {
        return Err(ConnectError::NoTargetCredential);
    }
    check_target(ports, connection, Some(credential), None).await?;
    let lease = delivery::hold(ports, &connection.id, delivery::OF_A_REQUEST).await?;
    let lease = lease.ok_or(ConnectError::Busy)?;
    let kept = renew(ports, actor, connection, credential).await;
    delivery::end(ports, &lease).await;
    // Another request may have reconnected at the same moment, after reading what was kept before: then this credential
    // was written over.
    if kept? { Ok(()) } else { Err(ConnectError::Busy) }
}

/// Notes in the audit that the target's credential is about to be renewed, and renews it: a secret is no part of a
/// transaction of the table. The note tells how often the credential was renewed before, so that a request that comes
/// again knows whether it still has to do it. Returns whether the new credential is kept.
async fn renew(
    ports: &Ports,
    actor: &Actor,
    connection: &Connection,
    credential: &Credential,
) -> Result<bool, ConnectError> {
    if actor.done().is_none() {
        let before = renewals(ports, connection).await?;
        let subject = Subject::connection(connection);
        let note = actor.note(ports, subject, "connection.renew_target", &[], &before);
        match act(ports, &note, &[Write::NotErased(&connection.tenant)]).await? {
            Acted::Done => {}
            Acted::Refused(refusal) => return Err(refused(refusal)),
        }
    }
    let is_kept = keep_target(ports, &connection.id, credential).await?;
    if is_kept {
        regain_target(ports, &connection.id).await?;
    }
    Ok(is_kept)
}

/// How often the target's credential was renewed, as a note tells it.
async fn renewals(ports: &Ports, connection: &Connection) -> Result<String, Error> {
    let stored = find_stored(ports, &connection.id).await?;
    Ok(stored.map_or(0, |stored| stored.target_renewals).to_string())
}

/// What is disconnected stays so.
const fn check_open(connection: &Connection) -> Result<(), ConnectError> {
    match connection.status {
        Status::Disconnected => Err(ConnectError::State(InvalidTransition {
            from: Status::Disconnected,
            to: Status::Connected,
        })),
        Status::AwaitingAuthorization | Status::ChoosingCompany | Status::Connected | Status::NeedsReauthorization => {
            Ok(())
        }
    }
}

/// Ends a connection for good: nothing runs from here on, its credential is deleted and revoked, its open plan and the
/// runs that wait are called off, its rosters deleted. Links stay for 90 days, without values. To do it again, or the rest of
/// it, does no harm.
///
/// # Errors
/// [`Error`]; then try again.
pub async fn disconnect(ports: &Ports, actor: &Actor, connection: Connection) -> Result<Connection, Error> {
    let subject = Subject::connection(&connection);
    let note = actor.note(ports, subject, "connection.disconnect", &[], connection.id.as_str());
    end_and_tell(ports, &connection, &note.writes()).await
}

/// Ends a connection, together with what else has to agree with it, and tells the application.
pub(super) async fn end_and_tell(
    ports: &Ports,
    connection: &Connection,
    also: &[Write<'_>],
) -> Result<Connection, Error> {
    let was_ended = connection.status == Status::Disconnected;
    let ended = end(ports, &connection.id, also)
        .await?
        .ok_or(Error::Gone("connection"))?;
    tracing::info!(connection.id = %ended.id, "disconnected");
    if !was_ended {
        tell_connection(ports, EventKind::ConnectionDisconnected, &ended).await;
    }
    Ok(ended)
}
