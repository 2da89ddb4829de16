//! What becomes of a new credential: the company is checked first, then it is kept, then the connection may run (R01).

use crate::{
    connection::{Configuration, Connection, ConnectionId, Credential, Transition},
    event::EventKind,
    roster::Company,
    run::{
        ConnectError, Error, Ports, change_connection,
        connect::{claim, first_sync, keep_credential, list_companies},
        tell_connection,
    },
    source::Provider,
    store::RunId,
};

/// Takes a new credential for a connection: checks the company, keeps the credential, and lets the connection run. A
/// credential that is not kept is revoked where the provider can.
pub(in crate::run) async fn settle(
    ports: &Ports,
    provider: &dyn Provider,
    connection: Connection,
    configuration: &Configuration,
    credential: Credential,
) -> Result<(Connection, Option<RunId>), ConnectError> {
    let base_url = connection.base_url.clone();
    let settled = try_to_settle(ports, connection, configuration, &credential).await;
    if settled.is_err()
        && let Err(error) = provider.revoke(base_url.as_deref(), &credential).await
    {
        tracing::warn!(error = %error, "a credential that was not kept is left to its end");
    }
    settled
}

async fn try_to_settle(
    ports: &Ports,
    connection: Connection,
    configuration: &Configuration,
    credential: &Credential,
) -> Result<(Connection, Option<RunId>), ConnectError> {
    let companies = list_companies(ports, &connection, configuration, credential).await?;
    let known = connection.company.as_ref().map(|company| &company.id);
    let own = match (known, &companies[..]) {
        (Some(known), companies) => Some(companies.iter().find(|company| company.id == *known)),
        (None, [company]) => Some(Some(company)),
        (None, _) => None,
    };
    match own {
        // The company of before is not among them.
        Some(None) => Err(ConnectError::DifferentCompany),
        Some(Some(company)) => {
            claim(ports, &connection, company).await?;
            let was_connected = connection.company.is_some();
            keep_credential(ports, &connection.id, credential.clone()).await?;
            let connected = enter(ports, &connection.id, company, credential).await?;
            let run = if was_connected {
                None
            } else {
                first_sync(ports, &connected, configuration).await?
            };
            tracing::info!(connection.id = %connected.id, provider = %connected.provider, "connected by a login");
            tell_connection(ports, EventKind::ConnectionConnected, &connected).await;
            Ok((connected, run))
        }
        None => {
            keep_credential(ports, &connection.id, credential.clone()).await?;
            let waiting = change(ports, &connection.id, |connection| {
                Ok(connection.clone().change(Transition::AskForCompany)?)
            });
            Ok((waiting.await?, None))
        }
    }
}

/// Notes that a connection is connected to a company.
pub(super) async fn enter(
    ports: &Ports,
    id: &ConnectionId,
    company: &Company,
    credential: &Credential,
) -> Result<Connection, ConnectError> {
    change(ports, id, |connection| {
        let connected = connection.clone().connect(company)?;
        Ok(Connection {
            credential_expires_at: credential.ends_at(),
            ..connected
        })
    })
    .await
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
