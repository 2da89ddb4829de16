//! A connection's credential, kept fresh: refreshed by one process at a time, and stored before it is used (R40).

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::Mutex;

use super::{Clock, Ports, secret_name};
use crate::{
    connection::{Configuration, Connection, ConnectionSecret, Credential},
    secret::SecretStore,
    source::{Access, Class, Error, Opening, Provider, Source},
};

/// Tokens that end within this many seconds are refreshed before they are used.
const MARGIN_SECONDS: i64 = 60;

/// The credential of one connection. The process that makes a `StoredAccess` holds the connection's lease, which keeps
/// other processes out.
pub struct StoredAccess {
    connection: Connection,
    provider: Arc<dyn Provider>,
    secrets: Arc<dyn SecretStore>,
    clock: Arc<dyn Clock>,
    current: Mutex<ConnectionSecret>,
}

impl StoredAccess {
    /// Takes the secret as it was read.
    pub fn new(
        connection: Connection,
        provider: Arc<dyn Provider>,
        secrets: Arc<dyn SecretStore>,
        clock: Arc<dyn Clock>,
        secret: ConnectionSecret,
    ) -> Self {
        Self {
            connection,
            provider,
            secrets,
            clock,
            current: Mutex::new(secret),
        }
    }

    /// Takes over the credential that another process has stored since: a login that was made anew, or a refresh by an
    /// earlier holder of the lease. A refresh token must not be used twice, nor a newer credential be written over.
    /// Returns the stored credential where it differs from `old`.
    async fn take_newer(&self, secret: &mut ConnectionSecret, old: &Credential) -> Result<Option<Credential>, Error> {
        let stored = self.secrets.find_secret(&secret_name(&self.connection.id)).await;
        let failed = "the store of secrets does not answer";
        let stored =
            stored.map_err(|error| Error::new(Class::Temporary, "read the credential", failed).because(error))?;
        // A connection that was ended meanwhile has no secret any more.
        let stored = stored
            .and_then(|text| ConnectionSecret::from_secret_text(&text).ok())
            .ok_or_else(none)?;
        // Two processes that write at once write one version: the last of them counts.
        if stored.version < secret.version {
            return Ok(None);
        }
        *secret = stored;
        let credential = secret.source.clone().ok_or_else(none)?;
        Ok(Some(credential).filter(|credential| !credential.is_same(old)))
    }

    /// Exchanges the refresh token, stores the answer, and only then hands it out.
    async fn refresh(&self, secret: &mut ConnectionSecret, old: &Credential) -> Result<Credential, Error> {
        if let Some(newer) = self.take_newer(secret, old).await? {
            return Ok(newer);
        }
        let fresh = match self.provider.refresh(self.connection.base_url.as_deref(), old).await {
            // A person who logs in anew may end the credential that was there before: then the new login counts, and
            // nothing is lost.
            Err(error) if error.class == Class::Unauthorized => {
                return self.take_newer(secret, old).await?.ok_or(error);
            }
            answer => answer?.obtained(self.clock.now()),
        };
        if let Some(newer) = self.take_newer(secret, old).await? {
            return Ok(newer);
        }
        let next = ConnectionSecret {
            version: secret.version + 1,
            source: Some(fresh.clone()),
            ..secret.clone()
        };
        let failed = |detail: &'static str| Error::new(Class::Temporary, "keep refreshed tokens", detail);
        let text = next
            .to_secret_text()
            .map_err(|error| failed("the secret has no text form").because(error))?;
        self.secrets
            .put_secret(&secret_name(&self.connection.id), &text)
            .await
            .map_err(|error| failed("the store of secrets did not take them").because(error))?;
        *secret = next;
        Ok(fresh)
    }
}

/// Whether a credential is to be refreshed before it is used.
pub(super) fn ends_soon(credential: &Credential, now: Timestamp) -> bool {
    match credential {
        Credential::ApiKey { .. } | Credential::Basic { .. } | Credential::Client { .. } => false,
        Credential::Tokens(tokens) => tokens.refresh_token.is_some() && tokens.expires_within(MARGIN_SECONDS, now),
    }
}

fn none() -> Error {
    Error::new(Class::Unauthorized, "log in", "there is no credential; connect again")
}

#[async_trait]
impl Access for StoredAccess {
    async fn credential(&self) -> Result<Credential, Error> {
        let mut secret = self.current.lock().await;
        let credential = secret.source.clone().ok_or_else(none)?;
        if ends_soon(&credential, self.clock.now()) {
            self.refresh(&mut secret, &credential).await
        } else {
            Ok(credential)
        }
    }

    async fn renew(&self, refused: &Credential) -> Result<Credential, Error> {
        let mut secret = self.current.lock().await;
        let current = secret.source.clone().ok_or_else(none)?;
        if !current.is_same(refused) {
            return Ok(current);
        }
        match &current {
            Credential::Tokens(tokens) if tokens.refresh_token.is_some() => self.refresh(&mut secret, &current).await,
            Credential::ApiKey { .. }
            | Credential::Basic { .. }
            | Credential::Client { .. }
            | Credential::Tokens(_) => {
                let newer = self.take_newer(&mut secret, &current).await?;
                let detail = "the credential is refused and cannot be refreshed; connect again";
                newer.ok_or_else(|| Error::new(Class::Unauthorized, "log in", detail))
            }
        }
    }
}

/// Opens the source of a connection with its stored credential, for a run that holds its lease.
pub(super) async fn open_source(
    ports: &Ports,
    connection: &Connection,
    configuration: &Configuration,
    secret: ConnectionSecret,
) -> Result<Box<dyn Source>, Error> {
    let provider = ports
        .provider(&connection.provider)
        .ok_or_else(|| Error::new(Class::Misconfigured, "open", "this stack does not know the provider"))?;
    let access = StoredAccess::new(
        connection.clone(),
        Arc::clone(provider),
        Arc::clone(&ports.secrets),
        Arc::clone(&ports.clock),
        secret,
    );
    provider.open(Opening {
        base_url: connection.base_url.as_deref(),
        access: Arc::new(access),
        allowed: &configuration.allowed(),
        company: connection.company.as_ref(),
    })
}
