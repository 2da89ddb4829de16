//! The choice of a company, where one login sees several.

use super::{load_configuration, settle::connect};
use crate::{
    connection::Connection,
    employee::CompanyId,
    event::EventKind,
    roster::Company,
    run::{
        Actor, ConnectError, Ports,
        actor::Subject,
        claim::change,
        first::{ask_for, ask_unbegun, first_run},
        tell_connection,
        trial::list_companies,
        upkeep::current_credential,
    },
    store::{RunId, Write},
};

/// The companies that a connection's login sees.
///
/// # Errors
/// [`ConnectError`].
pub async fn list_choices(ports: &Ports, connection: &Connection) -> Result<Vec<Company>, ConnectError> {
    let configuration = load_configuration(ports, connection).await?;
    let credential = current_credential(ports, connection).await?;
    let opened = list_companies(ports, connection, &configuration, &credential).await?;
    Ok(opened.companies)
}

/// Chooses the company of a connection, and asks for its first sync.
///
/// # Errors
/// [`ConnectError::DifferentCompany`] where the login does not see it, or another one was chosen before.
pub async fn choose_company(
    ports: &Ports,
    actor: &Actor,
    connection: &Connection,
    id: &CompanyId,
) -> Result<(Connection, Option<RunId>), ConnectError> {
    let configuration = load_configuration(ports, connection).await?;
    let credential = current_credential(ports, connection).await?;
    let opened = list_companies(ports, connection, &configuration, &credential).await?;
    let company = opened.companies.iter().find(|company| company.id == *id);
    let company = company.ok_or(ConnectError::DifferentCompany)?;
    let run = match connection.company {
        None => first_run(ports, &connection.id, &configuration)?,
        Some(_) => None,
    };
    let subject = Subject::connection(connection);
    let note = actor.note(ports, subject, "connection.choose_company", &[], id.as_str());
    let also: Vec<Write<'_>> = note.writes().into_iter().chain(run.iter().map(Write::Run)).collect();
    // Another page may have chosen otherwise since the connection was read.
    let connected = change(ports, &connection.id, &also, |connection| {
        connect(connection, company, &credential)
    })
    .await?;
    tell_connection(ports, EventKind::ConnectionConnected, &connected).await;
    if connection.company.is_some() {
        ask_unbegun(ports, &connection.id, &configuration).await?;
    }
    let run = ask_for(ports, run).await;
    Ok((connected, run))
}
