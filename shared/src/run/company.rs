//! Whose a company is: one tenant's, for as long as a connection of that tenant is left to it (R01).

use super::{ConnectError, Error, Ports};
use crate::{
    connection::{Connection, Status},
    employee::CompanyId,
    store::{Acted, Write},
};

/// Notes that a connection reads the company; where another tenant's does, it is refused.
pub(super) async fn claim(ports: &Ports, connection: &Connection, company: &CompanyId) -> Result<(), ConnectError> {
    let enter = Write::EnterCompany {
        connection,
        company,
        shared: false,
    };
    match ports.store.act(&[enter]).await.map_err(Error::from)? {
        Acted::Done => Ok(()),
        Acted::Refused(_) => Err(ConnectError::ForeignCompany),
    }
}

/// Lets another tenant have a company, once no connection of this one is left to it.
pub(super) async fn release(ports: &Ports, connection: &Connection, company: &CompanyId) -> Result<(), Error> {
    ports.store.act(&[Write::LeaveCompany { connection, company }]).await?;
    Ok(())
}

/// The same after connecting came to nothing: what cannot be released stays claimed by whoever proved to have it.
pub(super) async fn give_up(ports: &Ports, connection: &Connection, company: &CompanyId) {
    if let Err(error) = release_unless_kept(ports, connection, company).await {
        tracing::warn!(connection.id = %connection.id, error = %error, "a company that was not connected stays claimed");
    }
}

/// A connection that reads the company, as its record says, keeps it.
async fn release_unless_kept(ports: &Ports, connection: &Connection, company: &CompanyId) -> Result<(), Error> {
    let found = ports.store.find_connection(&connection.id).await?;
    let keeps = found.is_some_and(|found| {
        found.record.status != Status::Disconnected && found.record.company.is_some_and(|own| own.id == *company)
    });
    if keeps {
        return Ok(());
    }
    release(ports, connection, company).await
}
