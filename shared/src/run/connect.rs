//! Connecting with a credential that needs no browser: it is tried before it is kept (R01).

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;

use super::{Error, Ports, StoredAccess, secret_name, tell_connection};
use crate::{
    connection::{
        Configuration, Connection, ConnectionId, ConnectionSecret, Credential, ProviderId, TargetChoice, TenantId,
    },
    event::EventKind,
    source::{self, Access},
};

/// What is needed to connect.
#[derive(Clone, Debug)]
pub struct NewConnection {
    /// Whose it is.
    pub tenant: TenantId,
    /// Which HR system.
    pub provider: ProviderId,
    /// Where it is reached, where not at its usual address.
    pub base_url: Option<String>,
    /// What it logs in with.
    pub credential: Credential,
    /// What it writes to.
    pub target: TargetChoice,
    /// What it is to do.
    pub configuration: Configuration,
    /// Who authorised it, never switched off automatically (R19).
    pub authorised_by: Option<String>,
}

/// Why no connection was made. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// This provider is not known.
    #[error("the provider is not known")]
    UnknownProvider,
    /// The HR system did not take the credential, or could not be reached.
    #[error("the HR system did not accept the connection")]
    Source(#[source] source::Error),
    /// Something of ours failed.
    #[error("the connection could not be kept")]
    Internal(#[from] Error),
}

/// A credential that is being tried and is not stored yet.
struct Tried(Credential);

#[async_trait]
impl Access for Tried {
    async fn credential(&self) -> Result<Credential, source::Error> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _refused: &Credential) -> Result<Credential, source::Error> {
        let detail = "the credential is not accepted; check it and try again";
        Err(source::Error::new(source::Class::Unauthorized, "log in", detail))
    }
}

/// Tries a credential and, if it opens a company, keeps the connection.
///
/// # Errors
/// [`ConnectError`]; then nothing was kept.
pub async fn connect(ports: &Ports, new: NewConnection) -> Result<Connection, ConnectError> {
    let provider = ports.provider(&new.provider).ok_or(ConnectError::UnknownProvider)?;
    let access = Arc::new(Tried(new.credential.clone()));
    let source = provider
        .open(new.base_url.as_deref(), access, &BTreeSet::new())
        .map_err(ConnectError::Source)?;
    let company = source.identify().await.map_err(ConnectError::Source)?;
    let id = ConnectionId::parse(&ports.ids.next("con")).map_err(|_| Error::Missing("a connection id"))?;
    let mut connection = Connection::new(
        id,
        new.tenant,
        new.provider,
        new.target,
        ports.home.clone(),
        ports.clock.now(),
    );
    connection.base_url = new.base_url;
    connection.authorised_by = new.authorised_by;
    connection.configuration_version = new.configuration.version;
    let connection = connection
        .connect(&company)
        .map_err(|_| Error::Missing("a connection that can be connected"))?;
    keep(ports, &connection, &new.configuration, new.credential).await?;
    tracing::info!(connection.id = %connection.id, provider = %connection.provider, "connected");
    tell_connection(ports, EventKind::ConnectionConnected, &connection).await;
    Ok(connection)
}

/// Writes secret, configuration and, last, the record that makes them count.
async fn keep(
    ports: &Ports,
    connection: &Connection,
    configuration: &Configuration,
    credential: Credential,
) -> Result<(), Error> {
    let secret = ConnectionSecret {
        version: 1,
        source: Some(credential),
        target: None,
    };
    let text = secret.to_secret_text().map_err(|_| Error::Missing("a secret's text"))?;
    ports.secrets.put_secret(&secret_name(&connection.id), &text).await?;
    ports.store.put_configuration(&connection.id, configuration).await?;
    if ports.store.put_connection(connection, None).await? {
        Ok(())
    } else {
        Err(Error::Missing("a free connection id"))
    }
}

/// Opens the source of a connection with its stored credential, for a run that holds its lease.
pub(super) async fn open_source(
    ports: &Ports,
    connection: &Connection,
    configuration: &Configuration,
    secret: ConnectionSecret,
) -> Result<Box<dyn source::Source>, source::Error> {
    let provider = ports.provider(&connection.provider).ok_or_else(|| {
        source::Error::new(
            source::Class::Misconfigured,
            "open",
            "this stack does not know the provider",
        )
    })?;
    let access = StoredAccess::new(
        connection.clone(),
        Arc::clone(provider),
        Arc::clone(&ports.secrets),
        Arc::clone(&ports.clock),
        secret,
    );
    let allowed = configuration
        .exceptions
        .iter()
        .map(|exception| exception.category)
        .collect();
    provider.open(connection.base_url.as_deref(), Arc::new(access), &allowed)
}
