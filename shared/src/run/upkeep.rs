//! Upkeep of credentials: every credential that its provider renews is renewed once a day, also when the connection is paused, so
//! that a refresh token does not end for want of use (R40).

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{
    ConnectError, Error, Ports, StoredAccess,
    access::renewal,
    change_connection,
    credential::{find_stored, in_time},
    deadline::{Reached, within},
    delivery::{self, OF_A_REQUEST},
    ended::clear_if_ended,
    load::load_secret,
    tell_connection,
};
use crate::{
    connection::{Connection, ConnectionId, ConnectionSecret, Credential, Status, Transition},
    event::EventKind,
    source::{self, Access as _, Class, Provider, Renewal},
};

/// How long refreshing may take, the HR system's patience included.
pub(super) const REFRESHED_WITHIN: SignedDuration = SignedDuration::from_secs(60);

/// What became of the upkeep of one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upkeep {
    /// Nothing was due.
    Fresh,
    /// The connection's tokens were refreshed.
    Refreshed,
    /// A run is at work, which looks after its tokens itself.
    Busy,
    /// The provider refuses the refresh token: an admin has to connect again.
    Lost,
    /// The provider did not answer; the old tokens stay, and the next day tries again.
    Failed,
}

/// Refreshes the tokens of a connection where that is due. It holds the connection's lease meanwhile: a refresh token
/// must not be used by two.
///
/// # Errors
/// [`Error`] of store or secrets.
pub async fn upkeep(ports: &Ports, id: &ConnectionId) -> Result<Upkeep, Error> {
    let Some(stored) = ports.store.find_connection(id).await? else {
        return Ok(Upkeep::Fresh);
    };
    let connection = stored.record;
    if connection.status != Status::Connected || connection.belongs_to(&ports.home).is_err() {
        return Ok(Upkeep::Fresh);
    }
    let now = ports.clock.now();
    let Some(lease) = delivery::hold(ports, id, ports.settings.lease).await? else {
        return Ok(Upkeep::Busy);
    };
    let until = now.saturating_add(REFRESHED_WITHIN).unwrap_or(Timestamp::MAX);
    let refreshed = within(ports.clock.as_ref(), until, refresh(ports, &connection, now)).await;
    let result = refreshed.unwrap_or_else(|Reached| {
        tracing::warn!(connection.id = %id, "the HR system did not refresh the tokens in time; the next day tries again");
        Ok(Upkeep::Failed)
    });
    let ended = clear_if_ended(ports, id).await;
    delivery::end(ports, &lease).await;
    ended?;
    result
}

/// The credential of a connection, for a door that asks the HR system something while no run does: refreshed where it
/// ends soon.
pub(super) async fn current_credential(ports: &Ports, connection: &Connection) -> Result<Credential, ConnectError> {
    let (id, now) = (&connection.id, ports.clock.now());
    let stored = find_stored(ports, id).await?.and_then(|secret| secret.source);
    let credential = stored.ok_or_else(|| {
        let detail = "there is no credential; connect again";
        ConnectError::Source(source::Error::new(Class::Unauthorized, "log in", detail))
    })?;
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    if renewal(provider.as_ref(), &credential, now) != Renewal::Due {
        return Ok(credential);
    }
    let Some(lease) = delivery::hold(ports, id, OF_A_REQUEST).await? else {
        let detail = "the login is being refreshed; ask again";
        let busy = source::Error::new(Class::Temporary, "log in", detail);
        return Err(ConnectError::Source(busy));
    };
    let result = refresh_if_ending(ports, connection).await;
    let ended = clear_if_ended(ports, id).await;
    delivery::end(ports, &lease).await;
    ended?;
    result
}

async fn refresh_if_ending(ports: &Ports, connection: &Connection) -> Result<Credential, ConnectError> {
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let secret = find_stored(ports, &connection.id).await?.unwrap_or_default();
    let access = open(ports, connection, provider, secret);
    match in_time(access.credential()).await {
        Err(error) if error.class == Class::Unauthorized => {
            lose(ports, &connection.id).await?;
            Err(ConnectError::Source(error))
        }
        result => result.map_err(ConnectError::Source),
    }
}

fn open(
    ports: &Ports,
    connection: &Connection,
    provider: &Arc<dyn Provider>,
    secret: ConnectionSecret,
) -> StoredAccess {
    StoredAccess::new(
        connection.clone(),
        Arc::clone(provider),
        Arc::clone(&ports.secrets),
        Arc::clone(&ports.clock),
        secret,
    )
}

async fn refresh(ports: &Ports, connection: &Connection, now: Timestamp) -> Result<Upkeep, Error> {
    let (Ok(secret), Some(provider)) = (
        load_secret(ports, &connection.id).await?,
        ports.provider(&connection.provider),
    ) else {
        return Ok(Upkeep::Fresh);
    };
    let Some(old) = secret.source.clone() else {
        return Ok(Upkeep::Fresh);
    };
    if !renewal(provider.as_ref(), &old, now).is_due_by(now) {
        return Ok(Upkeep::Fresh);
    }
    let access = open(ports, connection, provider, secret.clone());
    match access.renew(&old).await {
        Ok(_) => Ok(Upkeep::Refreshed),
        Err(error) if error.class == Class::Unauthorized => {
            if lose(ports, &connection.id).await? {
                tell_connection(ports, EventKind::ConnectionNeedsReauthorization, connection).await;
            }
            tracing::warn!(connection.id = %connection.id, error = %error, "the credential is lost; connect again");
            Ok(Upkeep::Lost)
        }
        Err(error) => {
            tracing::warn!(connection.id = %connection.id, error = %error, "the tokens are refreshed the next time");
            Ok(Upkeep::Failed)
        }
    }
}

/// Notes that the provider refuses the credential for good. Returns whether that is news.
pub(super) async fn lose(ports: &Ports, id: &ConnectionId) -> Result<bool, Error> {
    let mut is_news = false;
    let lost = |connection: &Connection| {
        let lost = connection.clone().change(Transition::LoseAuthorization).ok();
        let lost = lost.filter(|lost| lost.status != connection.status);
        is_news = lost.is_some();
        lost
    };
    change_connection(ports, id, lost).await?;
    Ok(is_news)
}

/// Notes that the target refuses its credential. Returns whether that is news.
pub(super) async fn lose_target(ports: &Ports, id: &ConnectionId) -> Result<bool, Error> {
    let mut is_news = false;
    let lost = |connection: &Connection| {
        is_news = connection.target_refused_at.is_none();
        is_news.then(|| Connection {
            target_refused_at: Some(ports.clock.now()),
            ..connection.clone()
        })
    };
    change_connection(ports, id, lost).await?;
    Ok(is_news)
}

/// Notes that the target accepts its credential.
pub(super) async fn regain_target(ports: &Ports, id: &ConnectionId) -> Result<(), Error> {
    let regained = |connection: &Connection| {
        let was_refused = connection.target_refused_at.is_some();
        was_refused.then(|| Connection {
            target_refused_at: None,
            ..connection.clone()
        })
    };
    change_connection(ports, id, regained).await?;
    Ok(())
}
