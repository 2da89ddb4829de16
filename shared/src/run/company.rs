//! Whose a company is: one tenant's, for as long as a connection of that tenant is left to it (R01).

use super::{ConnectError, Error, Ports};
use crate::{
    connection::{Connection, Status},
    employee::CompanyId,
};

/// Notes whose the company is; one of another tenant is refused.
pub(super) async fn claim(ports: &Ports, connection: &Connection, company: &CompanyId) -> Result<(), ConnectError> {
    let (provider, tenant) = (&connection.provider, &connection.tenant);
    let claimed = ports.store.claim_company(provider, company, tenant).await;
    if claimed.map_err(Error::from)? {
        Ok(())
    } else {
        Err(ConnectError::ForeignCompany)
    }
}

/// Lets another tenant have a company, once no connection of this one is left to it.
pub(super) async fn release(ports: &Ports, connection: &Connection, company: &CompanyId) -> Result<(), Error> {
    let (provider, tenant) = (&connection.provider, &connection.tenant);
    let all = ports.store.list_connections(tenant).await?;
    let holds = |other: &Connection| {
        other.status != Status::Disconnected
            && other.provider == *provider
            && other.company.as_ref().is_some_and(|theirs| theirs.id == *company)
    };
    if !all.iter().any(holds) {
        ports.store.release_company(provider, company, tenant).await?;
    }
    Ok(())
}

/// The same after connecting came to nothing: what cannot be released stays claimed by whoever proved to have it.
pub(super) async fn give_up(ports: &Ports, connection: &Connection, company: &CompanyId) {
    if let Err(error) = release(ports, connection, company).await {
        tracing::warn!(connection.id = %connection.id, error = %error, "a company that was not connected stays claimed");
    }
}
