//! Who writes to a target: one tenant's connections, unless the operator said that it is shared (R04). The built-in directory
//! is each tenant's own.
//!
//! A connection is noted before it is there, and until it has ended: then there is no moment at which one that writes is not.

use super::{ConnectError, Error, Ports};
use crate::{
    connection::{Connection, TargetChoice},
    store::{Acted, Write},
};

/// Notes that the connection writes to its target; where another tenant does, and nobody said that it is shared, it is
/// refused.
pub(super) async fn enter(ports: &Ports, connection: &Connection) -> Result<(), ConnectError> {
    if connection.target == TargetChoice::Directory {
        return Ok(());
    }
    let entered = ports.store.act(&[Write::EnterTarget(connection)]).await;
    match entered.map_err(Error::from)? {
        Acted::Done => Ok(()),
        Acted::Refused(_) => Err(ConnectError::ForeignTarget),
    }
}

/// Lets another tenant have the target of a connection that has ended, once it was this one's last.
pub(super) async fn leave(ports: &Ports, connection: &Connection) -> Result<(), Error> {
    if connection.target != TargetChoice::Directory {
        ports.store.act(&[Write::LeaveTarget(connection)]).await?;
    }
    Ok(())
}

/// The same after connecting came to nothing. Where that is not certain the target stays the tenant's, and the operator can
/// say that it is shared.
pub(super) async fn give_up(ports: &Ports, connection: &Connection) {
    let left = match ports.store.find_connection(&connection.id).await {
        Ok(None) => leave(ports, connection).await,
        Ok(Some(_)) => return,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = left {
        tracing::warn!(connection.id = %connection.id, error = %error, "a target that was not connected stays the tenant's");
    }
}
