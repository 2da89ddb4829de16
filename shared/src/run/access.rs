//! A connection's credential, kept fresh: refreshed by one process at a time, and stored before it is used (R40).

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::Mutex;

use super::{Clock, Ports, SharedAllowance, credential::issuer, secret_name};
use crate::{
    connection::{Configuration, Connection, ConnectionSecret, Credential},
    secret::SecretStore,
    source::{Access, Allowance, Class, Error, Opening, Provider, Renewal, Source},
};

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

    /// Checks that a secret is of the HR system that this run reads, and not of another address to which a person has moved the
    /// connection since: a credential is shown where it was given, and nowhere else.
    fn check_issuer(&self, secret: &ConnectionSecret) -> Result<(), Error> {
        let own = issuer(&self.connection);
        if secret.issuer.as_ref().is_none_or(|issuer| *issuer == own) {
            return Ok(());
        }
        let detail = "the connection was connected at another address meanwhile; the next run reads there";
        Err(Error::new(Class::Temporary, "log in", detail))
    }

    fn renewal(&self, credential: &Credential) -> Renewal {
        renewal(self.provider.as_ref(), credential, self.clock.now())
    }

    /// Takes over the credential that another process has stored since: a login that was made anew, or a renewal by an
    /// earlier holder of the lease. A refresh token must not be used twice, nor a newer credential be written over.
    /// Returns the stored credential where it opens otherwise than `old`.
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
        self.check_issuer(&stored)?;
        *secret = stored;
        let credential = secret.source.clone().ok_or_else(none)?;
        Ok(Some(credential).filter(|credential| !credential.is_same(old)))
    }

    /// Has a credential renewed in the provider's way, stores the answer, and only then hands it out. A credential that is never
    /// renewed is handed out once more: one refusal may be a stray one, and only the second one ends the connection.
    async fn refresh(&self, secret: &mut ConnectionSecret, old: &Credential) -> Result<Credential, Error> {
        if let Some(newer) = self.take_newer(secret, old).await? {
            return Ok(newer);
        }
        let login = match (self.provider.login(), self.renewal(old)) {
            (Some(login), Renewal::At(_) | Renewal::Due) => login,
            (Some(_), Renewal::Never) | (None, _) => return Ok(old.clone()),
        };
        let fresh = match login.renew((&self.connection).into(), old).await {
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

/// Returns whether and when a provider renews a credential; never where its credentials are kept as they were sent.
pub(super) fn renewal(provider: &dyn Provider, credential: &Credential, now: Timestamp) -> Renewal {
    let login = provider.login();
    login.map_or(Renewal::Never, |login| login.renewal(credential, now))
}

fn none() -> Error {
    Error::new(Class::Unauthorized, "log in", "there is no credential; connect again")
}

#[async_trait]
impl Access for StoredAccess {
    async fn credential(&self) -> Result<Credential, Error> {
        let mut secret = self.current.lock().await;
        self.check_issuer(&secret)?;
        let credential = secret.source.clone().ok_or_else(none)?;
        match self.renewal(&credential) {
            Renewal::Due => self.refresh(&mut secret, &credential).await,
            Renewal::At(_) | Renewal::Never => Ok(credential),
        }
    }

    async fn renew(&self, refused: &Credential) -> Result<Credential, Error> {
        let mut secret = self.current.lock().await;
        let current = secret.source.clone().ok_or_else(none)?;
        if !current.is_same(refused) {
            return Ok(current);
        }
        self.refresh(&mut secret, &current).await
    }
}

/// A source, and what its requests are taken from.
pub(super) struct Opened {
    pub(super) source: Box<dyn Source>,
    allowance: Option<Arc<SharedAllowance>>,
}

impl Opened {
    /// Opens a provider's source for a connection with a credential, whose requests wait for their allowance until an instant at most.
    pub(super) fn of(
        ports: &Ports,
        provider: &dyn Provider,
        (connection, credential): (&Connection, Option<&Credential>),
        opening: Opening<'_>,
        until: Timestamp,
    ) -> Result<Self, Error> {
        let allowance = SharedAllowance::of(ports, provider, (connection, credential), until);
        let source = provider.open(Opening {
            allowance: allowance.clone().map(|allowance| allowance as Arc<dyn Allowance>),
            ..opening
        })?;
        Ok(Self { source, allowance })
    }

    /// Gives back what was not used of the allowance. `waits` says that the read goes on when there is more of it.
    pub(super) async fn close(&self, waits: bool) {
        if let Some(allowance) = &self.allowance {
            allowance.give_back(waits).await;
        }
    }
}

/// Opens the source of a connection with its stored credential, for a run that holds its lease and reads until an instant.
pub(super) async fn open_source(
    ports: &Ports,
    connection: &Connection,
    configuration: &Configuration,
    secret: ConnectionSecret,
    until: Timestamp,
) -> Result<Opened, Error> {
    let provider = ports
        .provider(&connection.provider)
        .ok_or_else(|| Error::new(Class::Misconfigured, "open", "this stack does not know the provider"))?;
    let credential = secret.source.clone();
    let access = StoredAccess::new(
        connection.clone(),
        Arc::clone(provider),
        Arc::clone(&ports.secrets),
        Arc::clone(&ports.clock),
        secret,
    );
    let opening = Opening {
        at: connection.into(),
        access: Arc::new(access),
        allowance: None,
        allowed: &configuration.allowed(),
        company: connection.company.as_ref(),
    };
    Opened::of(
        ports,
        provider.as_ref(),
        (connection, credential.as_ref()),
        opening,
        until,
    )
}
