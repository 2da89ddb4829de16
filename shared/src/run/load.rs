//! What both `diff` and `apply` load before they begin: the connection, if it may run, its credentials, its key.

use super::{Error, Ports, erasure::is_erased, hash_key::load_key, record::Failure, secret_name};
use crate::{
    connection::{Configuration, Connection, ConnectionId, ConnectionSecret, Status, TenantId},
    plan::Fingerprints,
};

/// A connection, or why it may not run now: it belongs elsewhere (R03), was stopped (R33), or is not connected.
pub(super) async fn load_connection(ports: &Ports, id: &ConnectionId) -> Result<Result<Connection, Failure>, Error> {
    let Some(stored) = ports.store.find_connection(id).await? else {
        return Ok(Err(Failure::new("not-connected", "there is no such connection")));
    };
    let connection = stored.record;
    if let Err(error) = connection.belongs_to(&ports.home) {
        let detail = format!("{error}; it runs only where it was made");
        return Ok(Err(Failure::new("different-home", detail)));
    }
    if is_erased(ports, &connection.tenant).await? {
        return Ok(Err(Failure::new(
            "erased",
            "the tenant was erased; nothing runs for it",
        )));
    }
    if let Some(stopped) = find_stop(ports, &connection.tenant).await? {
        return Ok(Err(stopped));
    }
    if connection.status != Status::Connected {
        return Ok(Err(Failure::new(
            "not-connected",
            "the connection is not connected; connect it again",
        )));
    }
    Ok(Ok(connection))
}

/// Why a tenant's runs end, where it is stopped (R33): by the operator, or by itself alone.
pub(super) async fn find_stop(ports: &Ports, tenant: &TenantId) -> Result<Option<Failure>, Error> {
    if !ports.store.is_stopped(tenant).await? {
        return Ok(None);
    }
    let stops = ports.store.find_stops(tenant).await?;
    let is_own = !stops.is_empty() && stops.iter().all(|stop| !stop.of.is_operators());
    Ok(Some(Failure::cancelled(if is_own {
        "the tenant was stopped with a key of its own; lift the stop and run again"
    } else {
        "an operator has stopped this tenant; the operator lifts the stop"
    })))
}

/// The credentials of a connection. What cannot be read is as good as gone: only connecting again brings it back.
pub(super) async fn load_secret(ports: &Ports, id: &ConnectionId) -> Result<Result<ConnectionSecret, Failure>, Error> {
    let text = ports.secrets.find_secret(&secret_name(id)).await?;
    let secret = text.and_then(|text| ConnectionSecret::from_secret_text(&text).ok());
    Ok(secret.ok_or_else(|| Failure::new("no-credential", "the credential is gone; connect it again")))
}

/// The configuration in force of a connection.
///
/// # Errors
/// [`Error::Gone`] where the connection was erased meanwhile.
pub(super) async fn load_configuration(ports: &Ports, connection: &Connection) -> Result<Configuration, Error> {
    let version = connection.configuration_version;
    if let Some(configuration) = ports.store.find_configuration(&connection.id, version).await? {
        return Ok(configuration);
    }
    let found = ports.store.find_connection(&connection.id).await?;
    Err(found.map_or(Error::Gone("connection"), |_| Error::Missing("the configuration")))
}

/// The tenant's fingerprints.
pub(super) async fn load_fingerprints(ports: &Ports, connection: &Connection) -> Result<Fingerprints, Error> {
    Ok(Fingerprints::new(&load_key(ports, &connection.tenant).await?))
}
