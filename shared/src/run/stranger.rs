//! Whose users a server holds already. One server may have several addresses, and nobody can tell that they are one.
//! References of a company that is not the tenant's show that another tenant, or another copy of this system, writes to
//! the server or did (R04).

use std::collections::BTreeSet;

use futures_util::future::try_join_all;

use super::{Error, Ports};
use crate::{
    account::ExternalId,
    connection::{Connection, Status},
    employee::CompanyId,
};

/// How many connections are looked at together.
const TOGETHER: usize = 25;

/// Returns whether some of these references are of a company that is neither the tenant's nor that of a tenant who was
/// let in. `company` is the connection's own, where its record does not have it yet. Where the operator said that the
/// target is shared, every company is welcome.
pub(super) async fn has_strangers<'a>(
    ports: &Ports,
    connection: &Connection,
    company: Option<&CompanyId>,
    references: impl Iterator<Item = &'a str>,
) -> Result<bool, Error> {
    if connection.target.server().is_none_or(|server| server.shared) {
        return Ok(false);
    }
    let providers: Vec<String> = ports
        .providers
        .iter()
        .map(|provider| format!("{}:", provider.kind()))
        .collect();
    let mut strange: BTreeSet<&str> = references
        .filter_map(ExternalId::prefix_of)
        .filter(|prefix| providers.iter().any(|provider| prefix.starts_with(provider.as_str())))
        .collect();
    if let Some(company) = company {
        strange.remove(ExternalId::prefix(connection.provider.as_str(), company).as_str());
    }
    if strange.is_empty() {
        return Ok(false);
    }
    for own in ports.store.list_connections(&connection.tenant).await? {
        strange.remove(prefix(&own).as_str());
    }
    if !strange.is_empty() {
        forget_writers(ports, connection, &mut strange).await?;
    }
    Ok(!strange.is_empty())
}

/// What the references of a connection begin with; empty while it has no company.
fn prefix(connection: &Connection) -> String {
    let company = connection.company.as_ref();
    company.map_or_else(String::new, |company| {
        ExternalId::prefix(connection.provider.as_str(), &company.id)
    })
}

/// Takes those out who write to the same target: of two tenants there, the operator let one in.
async fn forget_writers(ports: &Ports, connection: &Connection, strange: &mut BTreeSet<&str>) -> Result<(), Error> {
    let target = connection.target_identity();
    let writers = ports.store.list_writers(&target).await?;
    for ids in writers.chunks(TOGETHER) {
        let found = try_join_all(ids.iter().map(|id| ports.store.find_connection(id))).await?;
        for other in found.into_iter().flatten().map(|found| found.record) {
            if other.status != Status::Disconnected && other.target_identity() == target {
                strange.remove(prefix(&other).as_str());
            }
        }
        if strange.is_empty() {
            break;
        }
    }
    Ok(())
}
