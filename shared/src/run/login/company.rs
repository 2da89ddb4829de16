//! The choice of a company, where one login sees several.

use super::{load_configuration, settle::enter};
use crate::{
    connection::Connection,
    employee::CompanyId,
    event::EventKind,
    roster::Company,
    run::{
        ConnectError, Ports,
        company::{claim, give_up},
        connect::{first_sync, list_companies},
        tell_connection,
        upkeep::current_credential,
    },
    store::RunId,
};

/// The companies that a connection's login sees.
///
/// # Errors
/// [`ConnectError`].
pub async fn list_choices(ports: &Ports, connection: &Connection) -> Result<Vec<Company>, ConnectError> {
    let configuration = load_configuration(ports, connection).await?;
    let credential = current_credential(ports, connection).await?;
    list_companies(ports, connection, &configuration, &credential).await
}

/// Chooses the company of a connection, and asks for its first sync.
///
/// # Errors
/// [`ConnectError::DifferentCompany`] where the login does not see it, or another one was chosen before.
pub async fn choose_company(
    ports: &Ports,
    connection: &Connection,
    id: &CompanyId,
) -> Result<(Connection, Option<RunId>), ConnectError> {
    let configuration = load_configuration(ports, connection).await?;
    let credential = current_credential(ports, connection).await?;
    let companies = list_companies(ports, connection, &configuration, &credential).await?;
    let company = companies.iter().find(|company| company.id == *id);
    let company = company.ok_or(ConnectError::DifferentCompany)?;
    let is_first = connection.company.is_none();
    connection
        .compare_company(company)
        .map_err(|_| ConnectError::DifferentCompany)?;
    claim(ports, connection, &company.id).await?;
    // Another page may have chosen otherwise since the connection was read.
    let connected = match enter(ports, &connection.id, company, &credential).await {
        Ok(connected) => connected,
        Err(error) => {
            give_up(ports, connection, &company.id).await;
            return Err(error);
        }
    };
    tell_connection(ports, EventKind::ConnectionConnected, &connected).await;
    let run = if is_first {
        first_sync(ports, &connected, &configuration).await
    } else {
        None
    };
    Ok((connected, run))
}
