//! Taking up the links of a connection that was disconnected, where the same company is connected to the same target
//! again (R02): its people keep their accounts, and what the links remember of them.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{Error, Ports};
use crate::{
    account::TargetIdentity,
    connection::{Connection, ConnectionId, Status},
    plan::{Link, LinkState},
};

/// Moves the links of earlier connections to this one. The caller holds this connection's lease. A link is always at
/// one connection or at the other: a process that dies in the middle has moved some of them, and the next run moves the
/// rest. A person whom this connection has linked to another account by now keeps that account. Returns how many links
/// were moved.
pub(super) async fn adopt(ports: &Ports, connection: &Connection, target: &TargetIdentity) -> Result<u32, Error> {
    let mut taken = 0;
    for earlier in ports.store.list_connections(&connection.tenant).await? {
        if is_predecessor(&earlier, connection) {
            let links = ports.store.list_links(&earlier.id).await?;
            let moves = links
                .into_iter()
                .map(|link| take(ports, &earlier.id, &connection.id, target, link));
            let results: Vec<bool> = stream::iter(moves)
                .buffered(ports.settings.together)
                .try_collect()
                .await?;
            taken += u32::try_from(results.into_iter().filter(|moved| *moved).count()).unwrap_or(u32::MAX);
        }
    }
    if taken > 0 {
        tracing::info!(connection.id = %connection.id, links = taken, "links of an earlier connection were taken up");
    }
    Ok(taken)
}

/// Returns whether `earlier` is an ended connection of the same company, at the same provider, for the same target.
/// With any other company, provider or target an employee id means another person.
fn is_predecessor(earlier: &Connection, connection: &Connection) -> bool {
    let company = |connection: &Connection| connection.company.as_ref().map(|company| company.id.clone());
    earlier.id != connection.id
        && earlier.status == Status::Disconnected
        && earlier.provider == connection.provider
        && earlier.target_identity() == connection.target_identity()
        && company(earlier).is_some()
        && company(earlier) == company(connection)
}

/// Moves one link. A link that was only begun is left to end: nobody knows whether its account was made.
async fn take(
    ports: &Ports,
    from: &ConnectionId,
    to: &ConnectionId,
    target: &TargetIdentity,
    link: Link,
) -> Result<bool, Error> {
    if link.state == LinkState::Pending {
        ports.store.delete_link(from, target, &link).await?;
        return Ok(false);
    }
    let link = Link { journal: None, ..link };
    Ok(ports.store.move_link(from, to, target, &link).await?)
}
