//! What becomes of a new credential: the company is checked first, then it is kept, then the connection may run (R01).

use crate::{
    connection::{Configuration, Connection, ConnectionId, Credential, Transition},
    event::EventKind,
    roster::Company,
    run::{
        ConnectError, Error, Ports, change_connection,
        company::{claim, give_up},
        connect::{first_sync, list_companies},
        credential::{keep_credential, put_back, revoke},
        tell_connection,
    },
    source,
    store::RunId,
};

/// Takes a new credential for a connection: checks the company, keeps the credential, and lets the connection run. A
/// credential that is not kept is revoked where the provider can.
pub(in crate::run) async fn settle(
    ports: &Ports,
    connection: Connection,
    configuration: &Configuration,
    credential: Credential,
) -> Result<(Connection, Option<RunId>), ConnectError> {
    let companies = match choose(ports, &connection, configuration, &credential).await {
        Ok(companies) => companies,
        Err(error) => {
            revoke(ports, &connection, &credential).await;
            return Err(error);
        }
    };
    let Some(company) = companies else {
        let waiting = keep(ports, &connection, &credential, |connection| {
            Ok(connection.clone().change(Transition::AskForCompany)?)
        });
        return Ok((waiting.await?, None));
    };
    let was_connected = connection.company.is_some();
    let connected = keep(ports, &connection, &credential, |connection| {
        connect(connection, &company, &credential)
    })
    .await;
    let connected = match connected {
        Ok(connected) => connected,
        Err(error) => {
            give_up(ports, &connection, &company.id).await;
            return Err(error);
        }
    };
    tracing::info!(connection.id = %connected.id, provider = %connected.provider, "connected by a new credential");
    tell_connection(ports, EventKind::ConnectionConnected, &connected).await;
    let run = if was_connected {
        None
    } else {
        first_sync(ports, &connected, configuration).await
    };
    Ok((connected, run))
}

/// The company that a credential is for, claimed for the tenant; `None` where somebody has to choose among several.
async fn choose(
    ports: &Ports,
    connection: &Connection,
    configuration: &Configuration,
    credential: &Credential,
) -> Result<Option<Company>, ConnectError> {
    let companies = list_companies(ports, connection, configuration, credential).await?;
    let company = match (&connection.company, &companies[..]) {
        (Some(known), companies) => {
            let own = companies.iter().find(|company| company.id == known.id);
            own.ok_or(ConnectError::DifferentCompany)?
        }
        (None, []) => {
            let detail = "the login sees no company";
            let error = source::Error::new(source::Class::Forbidden, "identify company", detail);
            return Err(ConnectError::Source(error));
        }
        (None, [company]) => company,
        (None, _) => return Ok(None),
    };
    claim(ports, connection, &company.id).await?;
    Ok(Some(company.clone()))
}

/// Keeps a credential and notes what it led to. Where the connection does not take it any more, because it was ended or
/// connected otherwise meanwhile, what was kept before is put back.
async fn keep(
    ports: &Ports,
    connection: &Connection,
    credential: &Credential,
    to: impl FnMut(&Connection) -> Result<Connection, ConnectError> + Send,
) -> Result<Connection, ConnectError> {
    let id = &connection.id;
    let before = match keep_credential(ports, id, credential).await {
        Ok(before) => before,
        Err(error) => {
            revoke(ports, connection, credential).await;
            return Err(error.into());
        }
    };
    let error = match change(ports, id, to).await {
        // Whether it was noted is not known: the credential stays, to be used or deleted with the connection.
        result @ (Ok(_) | Err(ConnectError::Internal(_))) => return result,
        Err(error) => error,
    };
    put_back(ports, id, credential, before).await?;
    revoke(ports, connection, credential).await;
    Err(error)
}

/// Notes that a connection is connected to a company.
pub(super) async fn enter(
    ports: &Ports,
    id: &ConnectionId,
    company: &Company,
    credential: &Credential,
) -> Result<Connection, ConnectError> {
    change(ports, id, |connection| connect(connection, company, credential)).await
}

fn connect(connection: &Connection, company: &Company, credential: &Credential) -> Result<Connection, ConnectError> {
    let connected = connection.clone().connect(company)?;
    Ok(Connection {
        credential_expires_at: credential.ends_at(),
        ..connected
    })
}

/// Changes a connection in a way that its state may refuse.
async fn change(
    ports: &Ports,
    id: &ConnectionId,
    mut to: impl FnMut(&Connection) -> Result<Connection, ConnectError> + Send,
) -> Result<Connection, ConnectError> {
    let mut refused = None;
    let changed = change_connection(ports, id, |connection| match to(connection) {
        Ok(changed) => Some(changed),
        Err(error) => {
            refused = Some(error);
            None
        }
    })
    .await?;
    match refused {
        Some(error) => Err(error),
        None => Ok(changed.ok_or(Error::Missing("the connection"))?),
    }
}
