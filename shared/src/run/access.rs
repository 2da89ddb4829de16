//! A connection's credential, kept fresh: refreshed by one at a time, and stored before it is used (R40).

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Mutex;

use super::{Clock, secret_name};
use crate::{
    connection::{Connection, ConnectionSecret, Credential},
    secret::SecretStore,
    source::{Access, Class, Error, Provider},
};

/// Tokens that end within this many seconds are refreshed before they are used.
const MARGIN_SECONDS: i64 = 60;

/// The credential of one connection. Whoever makes one holds the connection's lease, which keeps other processes out.
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

    /// Exchanges the refresh token, stores the answer, and only then hands it out.
    async fn refresh(&self, secret: &mut ConnectionSecret, old: &Credential) -> Result<Credential, Error> {
        let fresh = self.provider.refresh(self.connection.base_url.as_deref(), old).await?;
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

fn none() -> Error {
    Error::new(Class::Unauthorized, "log in", "there is no credential; connect again")
}

#[async_trait]
impl Access for StoredAccess {
    async fn credential(&self) -> Result<Credential, Error> {
        let mut secret = self.current.lock().await;
        let credential = secret.source.clone().ok_or_else(none)?;
        let ends_soon = match &credential {
            Credential::ApiKey { .. } => false,
            Credential::Tokens(tokens) => {
                tokens.refresh_token.is_some() && tokens.expires_within(MARGIN_SECONDS, self.clock.now())
            }
        };
        if ends_soon {
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
            Credential::ApiKey { .. } | Credential::Tokens(_) => Err(Error::new(
                Class::Unauthorized,
                "log in",
                "the credential is refused and cannot be refreshed; connect again",
            )),
        }
    }
}
