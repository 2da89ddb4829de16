//! A connection's credential: kept where it counts, put back where it came too late, revoked where it is not kept.

use std::time::Duration;

use super::{Error, Ports, ended::clear_if_ended, secret_name};
use crate::{
    connection::{Connection, ConnectionId, ConnectionSecret, Credential, Issuer},
    source,
};

/// How long an HR system is waited for while a person connects: behind a door that closes after half a minute.
pub(super) const WAITED_FOR: Duration = Duration::from_secs(10);

/// How long an HR system is waited for beside [`WAITED_FOR`]: to give a client its tokens, to show whose people it has, to take a
/// credential back. All these waits together end before the door closes.
pub(super) const WAITED_BESIDE: Duration = Duration::from_secs(5);

/// Waits for an HR system for this long at most, tries included.
pub(super) async fn in_time<T>(answer: impl Future<Output = Result<T, source::Error>>) -> Result<T, source::Error> {
    answered_within(WAITED_FOR, answer).await
}

/// Waits for an HR system for as long as the caller says, tries included.
pub(super) async fn answered_within<T>(
    time: Duration,
    answer: impl Future<Output = Result<T, source::Error>>,
) -> Result<T, source::Error> {
    let answer = tokio::time::timeout(time, answer).await;
    answer.unwrap_or_else(|_| {
        let detail = format!("no answer within {} seconds", time.as_secs());
        Err(source::Error::new(source::Class::Temporary, "log in", detail))
    })
}

/// What is kept of a connection's credentials, if it can be read.
pub(super) async fn find_stored(ports: &Ports, id: &ConnectionId) -> Result<Option<ConnectionSecret>, Error> {
    let text = ports.secrets.find_secret(&secret_name(id)).await?;
    Ok(text.and_then(|text| ConnectionSecret::from_secret_text(&text).ok()))
}

async fn put_stored(ports: &Ports, id: &ConnectionId, secret: &ConnectionSecret) -> Result<(), Error> {
    let text = secret.to_secret_text().map_err(|_| Error::Missing("a secret's text"))?;
    Ok(ports.secrets.put_secret(&secret_name(id), &text).await?)
}

/// Returns the HR system that a connection's credential is of.
pub(super) fn issuer(connection: &Connection) -> Issuer {
    Issuer {
        provider: connection.provider.clone(),
        base_url: connection.base_url.clone(),
        site: connection.site.clone(),
    }
}

/// Keeps a credential of the source, in place of an earlier one. Returns what was kept before.
pub(super) async fn keep_credential(
    ports: &Ports,
    connection: &Connection,
    credential: &Credential,
) -> Result<Option<ConnectionSecret>, Error> {
    let before = find_stored(ports, &connection.id).await?;
    let base = before.clone().unwrap_or_default();
    let secret = ConnectionSecret {
        version: base.version + 1,
        issuer: Some(issuer(connection)),
        source: Some(credential.clone()),
        ..base
    };
    put_stored(ports, &connection.id, &secret).await?;
    Ok(before)
}

/// Keeps a credential of the target in place of an earlier one. The caller holds the connection's lease. Returns
/// whether this credential is the one that is kept; a connection that has ended keeps none (R42).
pub(super) async fn keep_target(ports: &Ports, id: &ConnectionId, credential: &Credential) -> Result<bool, Error> {
    let Some(stored) = find_stored(ports, id).await? else {
        return Ok(false);
    };
    let secret = ConnectionSecret {
        version: stored.version + 1,
        target: Some(credential.clone()),
        target_renewals: stored.target_renewals + 1,
        ..stored
    };
    put_stored(ports, id, &secret).await?;
    if clear_if_ended(ports, id).await? {
        return Ok(false);
    }
    let kept = find_stored(ports, id).await?.and_then(|secret| secret.target);
    Ok(kept.is_some_and(|kept| kept.is_same(credential)))
}

/// Keeps all that a new connection logs in with, at both sides, in one write: all of it or none.
pub(super) async fn keep_new(
    ports: &Ports,
    connection: &Connection,
    source: Option<&Credential>,
    target: Option<&Credential>,
) -> Result<(), Error> {
    let secret = ConnectionSecret {
        version: 1,
        issuer: Some(issuer(connection)),
        source: source.cloned(),
        target: target.cloned(),
        target_renewals: 0,
    };
    put_stored(ports, &connection.id, &secret).await
}

/// Puts the earlier credential back where the connection did not take the new one. A credential that another request
/// has kept since stays, and a connection that has ended or is gone keeps nothing (R42).
pub(super) async fn put_back(
    ports: &Ports,
    id: &ConnectionId,
    credential: &Credential,
    before: Option<ConnectionSecret>,
) -> Result<(), Error> {
    let stored = find_stored(ports, id).await?;
    let is_ours = |secret: &ConnectionSecret| secret.source.as_ref().is_some_and(|kept| kept.is_same(credential));
    if let Some(stored) = stored.filter(is_ours) {
        match before {
            // The caller connected with the credential that was kept already: it stays as it is.
            Some(before) if is_ours(&before) => {}
            Some(before) => {
                let again = ConnectionSecret {
                    version: stored.version + 1,
                    issuer: before.issuer,
                    source: before.source,
                    ..stored
                };
                put_stored(ports, id, &again).await?;
            }
            None => ports.secrets.delete_secret(&secret_name(id)).await?,
        }
    }
    clear_if_ended(ports, id).await?;
    Ok(())
}

/// Takes the HR system's credential out of what is kept, and gives it back. The target's credential stays, and so does
/// a credential that a new login has kept since.
pub(super) async fn drop_credential(ports: &Ports, connection: &Connection) -> Result<(), Error> {
    let id = &connection.id;
    let source = |secret: Option<ConnectionSecret>| secret.and_then(|secret| secret.source);
    let Some(credential) = source(find_stored(ports, id).await?) else {
        return Ok(());
    };
    revoke(ports, connection, &credential).await;
    // The provider may have taken its time.
    let stored = find_stored(ports, id).await?;
    let is_there = |stored: &ConnectionSecret| stored.source.as_ref().is_some_and(|kept| kept.is_same(&credential));
    let Some(stored) = stored.filter(is_there) else {
        return Ok(());
    };
    if stored.target.is_none() {
        return Ok(ports.secrets.delete_secret(&secret_name(id)).await?);
    }
    let rest = ConnectionSecret {
        version: stored.version + 1,
        source: None,
        ..stored
    };
    put_stored(ports, id, &rest).await
}

/// Gives a credential back that the connection did not take. The credential stays where it is kept all the same, where
/// giving it back would also end the credential that is kept, and where that cannot be told.
pub(super) async fn give_back(ports: &Ports, connection: &Connection, credential: &Credential) {
    let ends_with = |kept: Credential| credential.ends_with(&kept);
    match find_stored(ports, &connection.id).await {
        Ok(stored) => {
            if !stored.and_then(|stored| stored.source).is_some_and(ends_with) {
                revoke(ports, connection, credential).await;
            }
        }
        Err(error) => {
            tracing::warn!(connection.id = %connection.id, error = %error, "a credential that was not taken is left to its end");
        }
    }
}

/// Tells the provider that a connection's credential is not used any more. The credential stays where another
/// connection of the tenant logs in with it, and where that cannot be told.
pub(super) async fn revoke(ports: &Ports, connection: &Connection, credential: &Credential) {
    match is_shared(ports, connection, credential).await {
        Ok(false) => revoke_at(ports, &issuer(connection), credential).await,
        Ok(true) => tracing::info!(connection.id = %connection.id, "another connection uses the same credential"),
        Err(error) => {
            tracing::warn!(connection.id = %connection.id, error = %error, "a credential is left to its end");
        }
    }
}

/// Returns whether giving a credential back would end the credential of another connection of the tenant.
async fn is_shared(ports: &Ports, connection: &Connection, credential: &Credential) -> Result<bool, Error> {
    for other in ports.store.list_connections(&connection.tenant).await? {
        if other.id == connection.id || other.is_over() || other.provider != connection.provider {
            continue;
        }
        let kept = find_stored(ports, &other.id).await?.and_then(|secret| secret.source);
        if kept.is_some_and(|kept| credential.ends_with(&kept)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Tells a provider that a credential is not used any more. A credential that the provider does not take back is left
/// to its end: on our side it is gone.
pub(super) async fn revoke_at(ports: &Ports, issuer: &Issuer, credential: &Credential) {
    let provider = ports.provider(&issuer.provider);
    let Some(login) = provider.and_then(|provider| provider.login()) else {
        return;
    };
    let revoked = login.revoke(issuer.into(), credential);
    match tokio::time::timeout(WAITED_BESIDE, revoked).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::warn!(provider = %issuer.provider, error = %error, "the provider did not take a revocation");
        }
        Err(_) => tracing::warn!(provider = %issuer.provider, "the provider did not answer a revocation in time"),
    }
}
