//! Reconnecting with a new credential or a new login, and disconnecting for good (R42).

use jiff::{SignedDuration, Timestamp};

use super::{
    ConnectError, Error, Ports, Startable, change_connection,
    login::{check_login, load_configuration, settle, start},
    secret_name, tell_connection,
};
use crate::{
    connection::{Connection, ConnectionSecret, Credential, InvalidTransition, Status, Transition},
    event::EventKind,
    plan,
};

/// How long the links of a disconnected connection are kept, so that whoever connects again finds them (R42).
const LINKS_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

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
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let configuration = load_configuration(ports, &connection).await?;
    let (connection, _) = settle(ports, provider.as_ref(), connection, &configuration, credential).await?;
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
/// off, its rosters deleted. Links stay, without values. To do it again, or the rest of it, does no harm.
///
/// # Errors
/// [`Error`]; then try again.
pub async fn disconnect(ports: &Ports, connection: Connection) -> Result<Connection, Error> {
    let (id, was_ended) = (connection.id.clone(), connection.status == Status::Disconnected);
    // First of all nothing may begin any more.
    let links_until = ports.clock.now().checked_add(LINKS_KEPT).ok();
    let ended = change_connection(ports, &id, |connection| {
        let ended = connection.clone().change(Transition::Disconnect).ok()?;
        Some(Connection { links_until, ..ended })
    });
    let ended = ended.await?.ok_or(Error::Missing("the connection"))?;
    let name = secret_name(&id);
    let secret = ports.secrets.find_secret(&name).await?;
    ports.secrets.delete_secret(&name).await?;
    let secret = secret.and_then(|text| ConnectionSecret::from_secret_text(&text).ok());
    if let Some(credential) = secret.and_then(|secret| secret.source) {
        revoke(ports, &ended, &credential).await;
    }
    let now = ports.clock.now();
    if let Some(open) = ports.store.find_open_plan(&id, now).await? {
        let from = [plan::Status::Ready, plan::Status::Held, plan::Status::Applying];
        ports
            .store
            .change_plan(&open.plan.id, &from, plan::Status::Cancelled, None)
            .await?;
    }
    for roster in ports.store.list_rosters(&id).await? {
        ports.store.delete_roster(&id, &roster).await?;
    }
    release(ports, &ended).await?;
    tracing::info!(connection.id = %id, "disconnected");
    if !was_ended {
        tell_connection(ports, EventKind::ConnectionDisconnected, &ended).await;
    }
    Ok(ended)
}

/// Revoking that fails leaves the credential to its end; on our side it is gone.
async fn revoke(ports: &Ports, connection: &Connection, credential: &Credential) {
    if let Some(provider) = ports.provider(&connection.provider)
        && let Err(error) = provider.revoke(connection.base_url.as_deref(), credential).await
    {
        tracing::warn!(connection.id = %connection.id, error = %error, "the provider did not take the revocation");
    }
}

/// The company is free for another tenant once no connection of this one is left to it.
pub(super) async fn release(ports: &Ports, ended: &Connection) -> Result<(), Error> {
    let Some(company) = &ended.company else {
        return Ok(());
    };
    let others = ports.store.list_connections(&ended.tenant).await?;
    let holds = |other: &Connection| {
        other.status != Status::Disconnected
            && other.provider == ended.provider
            && other.company.as_ref().is_some_and(|theirs| theirs.id == company.id)
    };
    if !others.iter().any(holds) {
        ports
            .store
            .release_company(&ended.provider, &company.id, &ended.tenant)
            .await?;
    }
    Ok(())
}

/// Deletes the links of a connection that was disconnected long ago (R42). Answers how many there were.
pub(super) async fn forget_links(ports: &Ports, connection: &Connection, now: Timestamp) -> Result<u64, Error> {
    if connection.links_until.is_none_or(|until| until > now) {
        return Ok(0);
    }
    // The directory tells its claims by its identity; no credential is left.
    let target = ports.targets.open(connection, &ConnectionSecret::default());
    let target = target.map_err(|_| Error::Missing("the target of a connection"))?;
    let erased = ports.store.erase_links(&connection.id, &target.identity()).await?;
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
