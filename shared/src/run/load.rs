//! What both `diff` and `apply` load before they begin: the connection, if it may run, its credentials, its key.

use secrecy::{ExposeSecret, SecretString};

use super::{Error, Ports, erasure::is_erased, fingerprint_key_name, record::Failure, secret_name};
use crate::{
    connection::{Connection, ConnectionId, ConnectionSecret, Status, TenantId},
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
    if ports.store.is_stopped(&connection.tenant).await? {
        return Ok(Err(Failure::cancelled(
            "an operator has stopped this tenant; lift the stop and run again",
        )));
    }
    if connection.status != Status::Connected {
        return Ok(Err(Failure::new(
            "not-connected",
            "the connection is not connected; connect it again",
        )));
    }
    Ok(Ok(connection))
}

/// The credentials of a connection. What cannot be read is as good as gone: only connecting again brings it back.
pub(super) async fn load_secret(ports: &Ports, id: &ConnectionId) -> Result<Result<ConnectionSecret, Failure>, Error> {
    let text = ports.secrets.find_secret(&secret_name(id)).await?;
    let secret = text.and_then(|text| ConnectionSecret::from_secret_text(&text).ok());
    Ok(secret.ok_or_else(|| Failure::new("no-credential", "the credential is gone; connect it again")))
}

/// The tenant's fingerprints.
pub(super) async fn load_fingerprints(ports: &Ports, connection: &Connection) -> Result<Fingerprints, Error> {
    Ok(Fingerprints::new(&load_key(ports, &connection.tenant).await?))
}

/// The tenant's key for fingerprints and tombstones; made at first use.
pub(super) async fn load_key(ports: &Ports, tenant: &TenantId) -> Result<[u8; 32], Error> {
    let name = fingerprint_key_name(tenant);
    let stored = ports.secrets.find_secret(&name).await?;
    let key = stored.and_then(|text| <[u8; 32]>::try_from(hex::decode(text.expose_secret()).ok()?).ok());
    if let Some(key) = key {
        return Ok(key);
    }
    let key = ports.ids.key();
    ports
        .secrets
        .put_secret(&name, &SecretString::from(hex::encode(key)))
        .await?;
    Ok(key)
}
