//! Connecting with a credential that needs no browser: it is tried before it is kept (R01).

use super::{
    Error, Ports,
    actor::{Actor, Subject},
    claim::change,
    credential::keep_new,
    first::{ask_again, ask_for, first_run},
    making::{self, Begun},
    tell_connection,
    trial::{check_target, list_companies},
};
use crate::{
    connection::{
        self, Configuration, Connection, ConnectionId, Credential, InvalidTransition, ProviderId, TargetChoice,
        TenantId,
    },
    event::EventKind,
    roster::Company,
    source,
    store::{RunId, RunRecord, Write},
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
    /// The connection, or its whole tenant, was erased meanwhile (R37).
    #[error("the connection was erased meanwhile")]
    Gone,
    /// The tenant was erased, and is not to be made again (R37).
    #[error("the tenant was erased; an operator has to admit it again")]
    Erased,
    /// The tenant has as many connections as a tenant may have, ended ones among them (R47).
    #[error("the tenant has as many connections as a tenant may have")]
    TooMany,
    /// The same request opened a login before; what starts it was shown then, and is kept nowhere.
    #[error("the login was opened, and its start was shown")]
    Shown,
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

/// Tries a credential and, if it opens a company of nobody else, keeps the connection and asks for its first sync.
///
/// # Errors
/// [`ConnectError`]; then nothing was kept.
pub async fn connect(ports: &Ports, actor: &Actor, new: NewConnection) -> Result<Connected, ConnectError> {
    if let Some(done) = actor.done() {
        let id = ConnectionId::parse(done).map_err(|_| Error::Missing("the connection that was made"))?;
        let found = ports.store.find_connection(&id).await.map_err(Error::from)?;
        return made_before(ports, found.ok_or(ConnectError::Gone)?.record, &new.configuration).await;
    }
    let draft = making::draft(ports, &new).await?;
    let companies = list_companies(ports, &draft, &new.configuration, &new.credential).await?;
    let [company] = &companies[..] else {
        return Err(ConnectError::SeveralCompanies);
    };
    check_target(ports, &draft, new.target_credential.as_ref(), Some(&company.id)).await?;
    let connection = match making::begin(ports, draft, &new.configuration, Some(company)).await? {
        Begun::Making(connection) => connection,
        Begun::Made(connection) => return made_before(ports, connection, &new.configuration).await,
    };
    let run = first_run(ports, &connection.id, &new.configuration)?;
    match keep(ports, actor, &connection, &new, company, run.as_ref()).await {
        Ok(connection) => {
            tracing::info!(connection.id = %connection.id, provider = %connection.provider, "connected");
            tell_connection(ports, EventKind::ConnectionConnected, &connection).await;
            let run = ask_for(ports, run).await;
            Ok(Connected { connection, run })
        }
        Err(error) => {
            making::give_up(ports, &connection).await;
            Err(error)
        }
    }
}

/// What the same request made before.
async fn made_before(
    ports: &Ports,
    connection: Connection,
    configuration: &Configuration,
) -> Result<Connected, ConnectError> {
    let run = first_run(ports, &connection.id, configuration)?;
    let run = ask_again(ports, run).await?;
    Ok(Connected { connection, run })
}

/// Keeps what opens both sides, and notes that the connection is connected, and who connected it.
async fn keep(
    ports: &Ports,
    actor: &Actor,
    connection: &Connection,
    new: &NewConnection,
    company: &Company,
    run: Option<&RunRecord>,
) -> Result<Connection, ConnectError> {
    let target = new.target_credential.as_ref();
    keep_new(ports, connection, Some(&new.credential), target).await?;
    let (subject, id) = (Subject::connection(connection), connection.id.as_str());
    let note = actor.note(ports, subject, "connection.connect", &[], id);
    let also: Vec<Write<'_>> = note.writes().into_iter().chain(run.map(Write::Run)).collect();
    change(ports, &connection.id, &also, |connection| {
        let connected = connection.clone().connect(company)?.finish();
        Ok(Connection {
            credential_expires_at: new.credential.ends_at(),
            ..connected
        })
    })
    .await
}

/// A connection that was connected.
#[derive(Clone, Debug)]
pub struct Connected {
    /// The connection.
    pub connection: Connection,
    /// Its first run, where it reads HR at all.
    pub run: Option<RunId>,
}
