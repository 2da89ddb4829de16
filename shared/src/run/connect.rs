//! Connecting with a credential that needs no browser: it is tried before it is kept (R01).

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    Error, Ports, StoredAccess,
    company::{claim, give_up},
    credential::{WAITED_FOR, in_time, keep_new},
    diff::request_diff,
    erasure::is_erased,
    secret_name, sharing, tell_connection,
};
use crate::{
    connection::{
        self, Configuration, Connection, ConnectionId, ConnectionSecret, Credential, InvalidTransition, ProviderId,
        TargetChoice, TenantId,
    },
    event::EventKind,
    roster::Company,
    source::{self, Access, Opening},
    store::RunId,
    target,
};

/// What is needed to connect.
#[derive(Clone, Debug)]
pub struct NewConnection<C = Credential> {
    /// Whose it is.
    pub tenant: TenantId,
    /// Which HR system.
    pub provider: ProviderId,
    /// Where it is reached, where not at its usual address.
    pub base_url: Option<String>,
    /// What it logs in with; `()` where somebody has to sign in first.
    pub credential: C,
    /// What it writes to.
    pub target: TargetChoice,
    /// What opens that, where it is not built in.
    pub target_credential: Option<Credential>,
    /// What it is to do.
    pub configuration: Configuration,
    /// Who authorised it, never switched off automatically (R19).
    pub authorised_by: Option<String>,
}

impl NewConnection<()> {
    /// The same with a credential.
    pub fn with(self, credential: Credential) -> NewConnection {
        NewConnection {
            tenant: self.tenant,
            provider: self.provider,
            base_url: self.base_url,
            credential,
            target: self.target,
            target_credential: self.target_credential,
            configuration: self.configuration,
            authorised_by: self.authorised_by,
        }
    }
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
    /// The target did not take its credential, or could not be reached.
    #[error("the target did not accept the connection")]
    Target(#[source] target::Error),
    /// The credential opens another company than before (R01).
    #[error("the credential opens another company than the one that was connected first")]
    DifferentCompany,
    /// The company is connected under another tenant (R01).
    #[error("the company is connected under another tenant")]
    ForeignCompany,
    /// Another tenant writes to the target, and nobody said that it is shared (R04).
    #[error("another tenant writes to the target")]
    ForeignTarget,
    /// The target is the built-in directory, which no credential opens.
    #[error("the target has no credential")]
    NoTargetCredential,
    /// A run is at work on the connection.
    #[error("a run is at work on the connection")]
    Busy,
    /// The login sees several companies, and one has to be chosen in the browser's login.
    #[error("the login sees several companies")]
    SeveralCompanies,
    /// The connection's state does not allow it.
    #[error(transparent)]
    State(#[from] InvalidTransition),
    /// The tenant was erased, and is not to be made again (R37).
    #[error("the tenant was erased; an operator has to admit it again")]
    Erased,
    /// Something of ours failed.
    #[error("the connection could not be kept")]
    Internal(#[from] Error),
}

impl From<connection::ConnectError> for ConnectError {
    fn from(error: connection::ConnectError) -> Self {
        match error {
            connection::ConnectError::Company(_) => Self::DifferentCompany,
            connection::ConnectError::Transition(error) => Self::State(error),
        }
    }
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

/// Tries a credential and, if it opens a company of nobody else, keeps the connection and asks for its first sync.
///
/// # Errors
/// [`ConnectError`]; then nothing was kept.
pub async fn connect(ports: &Ports, new: NewConnection) -> Result<Connected, ConnectError> {
    let mut connection = new_connection(ports, &new).await?;
    let companies = list_companies(ports, &connection, &new.configuration, &new.credential).await?;
    let [company] = &companies[..] else {
        return Err(ConnectError::SeveralCompanies);
    };
    check_target(ports, &connection, new.target_credential.as_ref()).await?;
    sharing::enter(ports, &connection).await?;
    if let Err(error) = claim(ports, &connection, &company.id).await {
        sharing::give_up(ports, &connection).await;
        return Err(error);
    }
    connection = connection.connect(company).map_err(ConnectError::from)?;
    connection.credential_expires_at = new.credential.ends_at();
    if let Err(error) = keep(ports, &connection, Some(&new.credential), &new).await {
        give_up(ports, &connection, &company.id).await;
        sharing::give_up(ports, &connection).await;
        return Err(error.into());
    }
    tracing::info!(connection.id = %connection.id, provider = %connection.provider, "connected");
    tell_connection(ports, EventKind::ConnectionConnected, &connection).await;
    let run = first_sync(ports, &connection, &new.configuration).await;
    Ok(Connected { connection, run })
}

/// Tries what a connection will write to: a page of its accounts is read, and nothing kept of it.
pub(super) async fn check_target(
    ports: &Ports,
    connection: &Connection,
    credential: Option<&Credential>,
) -> Result<(), ConnectError> {
    if credential.is_none() {
        return Ok(());
    }
    let secret = ConnectionSecret {
        target: credential.cloned(),
        ..ConnectionSecret::default()
    };
    let target = ports.targets.open(connection, &secret).map_err(ConnectError::Target)?;
    let page = tokio::time::timeout(WAITED_FOR, target.list_accounts(None)).await;
    let late = || target::Error::new(target::Class::Temporary, "list accounts", "no answer within 10 seconds");
    page.unwrap_or_else(|_| Err(late())).map_err(ConnectError::Target)?;
    Ok(())
}

/// Keeps what opens both sides, as far as there is anything, and the connection; or none of it.
pub(super) async fn keep<C: Sync>(
    ports: &Ports,
    connection: &Connection,
    source: Option<&Credential>,
    new: &NewConnection<C>,
) -> Result<(), Error> {
    let target = new.target_credential.as_ref();
    if source.is_some() || target.is_some() {
        keep_new(ports, &connection.id, source, target).await?;
    }
    let Err(error) = create(ports, connection, &new.configuration).await else {
        return Ok(());
    };
    // An answer that was lost says nothing: the connection may be there.
    if ports.store.find_connection(&connection.id).await?.is_some() {
        return Ok(());
    }
    ports.secrets.delete_secret(&secret_name(&connection.id)).await?;
    Err(error)
}

/// A connection that was connected.
#[derive(Clone, Debug)]
pub struct Connected {
    /// The connection.
    pub connection: Connection,
    /// Its first run, where it reads HR at all.
    pub run: Option<RunId>,
}

/// A connection that waits for somebody to sign in.
pub(super) async fn new_connection<C: Sync>(ports: &Ports, new: &NewConnection<C>) -> Result<Connection, ConnectError> {
    if is_erased(ports, &new.tenant).await? {
        return Err(ConnectError::Erased);
    }
    ports.provider(&new.provider).ok_or(ConnectError::UnknownProvider)?;
    let id = ConnectionId::parse(&ports.ids.next("con")).map_err(|_| Error::Missing("a connection id"))?;
    let connection = Connection::new(
        id,
        new.tenant.clone(),
        new.provider.clone(),
        new.target.clone(),
        ports.home.clone(),
        ports.clock.now(),
    );
    Ok(Connection {
        base_url: new.base_url.clone(),
        authorised_by: new.authorised_by.clone(),
        configuration_version: new.configuration.version,
        ..connection
    })
}

/// The companies that a credential opens. It is tried for so long, all in all; nothing is kept.
pub(super) async fn list_companies(
    ports: &Ports,
    connection: &Connection,
    configuration: &Configuration,
    credential: &Credential,
) -> Result<Vec<Company>, ConnectError> {
    let provider = ports
        .provider(&connection.provider)
        .ok_or(ConnectError::UnknownProvider)?;
    let allowed = configuration.allowed();
    let source = provider
        .open(Opening {
            base_url: connection.base_url.as_deref(),
            access: Arc::new(Tried(credential.clone())),
            allowed: &allowed,
            company: None,
        })
        .map_err(ConnectError::Source)?;
    in_time(source.list_companies()).await.map_err(ConnectError::Source)
}

/// Writes the configuration and, last, the record that makes it count.
async fn create(ports: &Ports, connection: &Connection, configuration: &Configuration) -> Result<(), Error> {
    ports.store.put_configuration(&connection.id, configuration).await?;
    if ports.store.put_connection(connection, None).await? {
        Ok(())
    } else {
        Err(Error::Missing("a free connection id"))
    }
}

/// Asks for the first sync of a connection that reads HR. It is connected all the same where nobody can be asked: then
/// the first morning is its first sync.
pub(super) async fn first_sync(ports: &Ports, connection: &Connection, configuration: &Configuration) -> Option<RunId> {
    if !configuration.syncs() {
        return None;
    }
    match request_diff(ports, &connection.id).await {
        Ok(run) => Some(run),
        Err(error) => {
            tracing::warn!(connection.id = %connection.id, error = %error, "the first sync waits for the morning");
            None
        }
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
    provider.open(Opening {
        base_url: connection.base_url.as_deref(),
        access: Arc::new(access),
        allowed: &configuration.allowed(),
        company: connection.company.as_ref(),
    })
}
