//! Reconnecting with a new credential or a new login, and disconnecting for good (R42).

use jiff::Timestamp;

use super::{
    ConnectError, Error, Ports, Startable, change_connection,
    company::release,
    ended::{LINKS_STAY, clear},
    login::{check_login, load_configuration, settle, start},
    tell_connection,
};
use crate::{
    connection::{Connection, Credential, InvalidTransition, Status, Transition},
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
    let (connection, _) = settle(ports, connection, &configuration, credential).await?;
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
    let (id, was_ended) = (connection.id.clone(), connection.status == Status::Disconnected);
    // First of all nothing may begin any more.
    let links_until = ports.clock.now().saturating_add(LINKS_STAY).unwrap_or(Timestamp::MAX);
    let ended = change_connection(ports, &id, |connection| {
        let ended = connection.clone().change(Transition::Disconnect).ok()?;
        Some(Connection {
            links_until: Some(links_until),
            ..ended
        })
    });
    let ended = ended.await?.ok_or(Error::Missing("the connection"))?;
    clear(ports, &ended).await?;
    if let Some(company) = &ended.company {
        release(ports, &ended, &company.id).await?;
    }
    tracing::info!(connection.id = %id, "disconnected");
    if !was_ended {
        tell_connection(ports, EventKind::ConnectionDisconnected, &ended).await;
    }
    Ok(ended)
}
