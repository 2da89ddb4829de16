//! Who writes to a target: one tenant, unless the operator said that it is shared (R04). The built-in directory is each
//! tenant's own.

use super::{ConnectError, Error, Ports};
use crate::connection::{Connection, Status, TargetChoice};

/// Notes that the connection's tenant writes to its target; one of another tenant is refused where nobody said that it is
/// shared.
pub(super) async fn enter(ports: &Ports, connection: &Connection) -> Result<(), ConnectError> {
    let Some(server) = connection.target.server() else {
        return Ok(());
    };
    let (target, tenant) = (connection.target_identity(), &connection.tenant);
    let entered = ports.store.enter_target(&target, tenant, server.shared).await;
    if entered.map_err(Error::from)? {
        Ok(())
    } else {
        Err(ConnectError::ForeignTarget)
    }
}

/// Lets another tenant have a target, once no connection of this one is left to it.
pub(super) async fn leave(ports: &Ports, connection: &Connection) -> Result<(), Error> {
    if connection.target == TargetChoice::Directory {
        return Ok(());
    }
    let (target, tenant) = (connection.target_identity(), &connection.tenant);
    let all = ports.store.list_connections(tenant).await?;
    let writes = |other: &Connection| other.status != Status::Disconnected && other.target_identity() == target;
    if !all.iter().any(writes) {
        ports.store.leave_target(&target, tenant).await?;
    }
    Ok(())
}

/// The same after connecting came to nothing. Where it fails the target stays the tenant's, and the operator can say that
/// it is shared.
pub(super) async fn give_up(ports: &Ports, connection: &Connection) {
    if let Err(error) = leave(ports, connection).await {
        tracing::warn!(connection.id = %connection.id, error = %error, "a target that was not connected stays the tenant's");
    }
}
