//! Connecting with a credential that needs no browser: it is tried before it is kept (R01).

use super::{
    ConnectError, Error, NewConnection, Ports,
    actor::{Actor, Subject},
    claim::change,
    credential::keep_new,
    first::{ask_again, ask_for, first_run},
    making::{self, Begun},
    tell_connection,
    trial::{check_credential, check_target, list_companies, made_ready},
};
use crate::{
    connection::{Configuration, Connection, ConnectionId},
    event::EventKind,
    roster::Company,
    store::{RunId, RunRecord, Write},
};

/// Tries a credential and, if it opens a company that no other tenant has connected, keeps the connection and asks for
/// its first sync.
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
    check_credential(ports, &draft, &new.credential)?;
    let credential = made_ready(ports, &draft, new.credential.clone()).await?;
    let new = NewConnection { credential, ..new };
    let opened = list_companies(ports, &draft, &new.configuration, &new.credential).await?;
    let [company] = &opened.companies[..] else {
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

/// Returns what the same request made before.
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
    /// The connection's first run, where it reads HR at all.
    pub run: Option<RunId>,
}
