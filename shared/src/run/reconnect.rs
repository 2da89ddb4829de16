//! Reconnecting with a new credential of either side or a new login, and disconnecting for good (R42).

use super::{
    ConnectError, Error, Ports, Startable,
    credential::keep_target,
    delivery,
    ended::end,
    login::{check_login, load_configuration, settle, start},
    tell_connection,
    trial::check_target,
};
use crate::{
    connection::{Connection, Credential, InvalidTransition, Status, TargetChoice},
    event::EventKind,
};

/// Gives a connection a new credential. It is tried first, and has to open the same company.
///
/// # Errors
/// [`ConnectError`]; then the old credential stays.
pub async fn reconnect(
    ports: &Ports,
    connection: Connection,
    credential: Credential,
) -> Result<Connection, ConnectError> {
    check_open(&connection)?;
    let configuration = load_configuration(ports, &connection).await?;
    let (connection, _) = settle(ports, connection, &configuration, credential, &[]).await?;
    Ok(connection)
}

/// Lets somebody sign in again. The connection stays as it is until they have.
///
/// # Errors
/// [`ConnectError`].
pub async fn reopen_login(
    ports: &Ports,
    connection: Connection,
    return_url: Option<String>,
) -> Result<Startable, ConnectError> {
    check_open(&connection)?;
    check_login(ports, &connection)?;
    start(ports, connection, return_url).await
}

/// Gives a connection a new credential of its target. It is tried first, and kept while nothing is at work on the
/// connection, so that no run writes over it.
///
/// # Errors
/// [`ConnectError`]; then the old credential stays.
pub async fn renew_target(ports: &Ports, connection: &Connection, credential: &Credential) -> Result<(), ConnectError> {
    check_open(connection)?;
    if connection.target == TargetChoice::Directory {
        return Err(ConnectError::NoTargetCredential);
    }
    check_target(ports, connection, Some(credential), None).await?;
    let lease = delivery::hold(ports, &connection.id, delivery::OF_A_REQUEST).await?;
    let lease = lease.ok_or(ConnectError::Busy)?;
    let kept = keep_target(ports, &connection.id, credential).await;
    delivery::end(ports, &lease).await;
    // Somebody may have connected anew at the same moment, and have read what was kept before.
    if kept? { Ok(()) } else { Err(ConnectError::Busy) }
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

/// Ends a connection for good: nothing runs from here on, its credential is deleted and revoked, its open plan called
/// off, its rosters deleted. Links stay for 90 days, without values. To do it again, or the rest of it, does no harm.
///
/// # Errors
/// [`Error`]; then try again.
pub async fn disconnect(ports: &Ports, connection: Connection) -> Result<Connection, Error> {
    let was_ended = connection.status == Status::Disconnected;
    let ended = end(ports, &connection.id)
        .await?
        .ok_or(Error::Missing("the connection"))?;
    tracing::info!(connection.id = %ended.id, "disconnected");
    if !was_ended {
        tell_connection(ports, EventKind::ConnectionDisconnected, &ended).await;
    }
    Ok(ended)
}
