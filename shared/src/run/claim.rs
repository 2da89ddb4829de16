//! A connection is written together with what it claims: the companies that it reads (R01), and the server that it writes to
//! (R04). Both follow from its record, so a claim without a record, or a record without its claim, cannot be written.

use super::{ConnectError, Error, Ports};
use crate::{
    connection::{Connection, ConnectionId, Status},
    store::{Acted, Refusal, Versioned, Write},
};

/// How often a change is tried again because another process changed the connection in between.
const MOST_TRIES: u32 = 8;

/// Writes a connection that is new, or that is as it was read, with its claims and whatever else has to agree with it. An
/// erased tenant's connections are ended and nothing else (R37).
pub(super) async fn write(
    ports: &Ports,
    before: Option<&Versioned<Connection>>,
    after: &Connection,
    also: &[Write<'_>],
) -> Result<Acted, Error> {
    let revision = before.map(|before| before.revision);
    let was = before.map(|before| &before.record);
    let mut writes = vec![Write::Connection {
        connection: after,
        revision,
    }];
    if after.status != Status::Disconnected {
        writes.insert(0, Write::NotErased(&after.tenant));
        writes.extend(after.companies().map(|company| Write::EnterCompany {
            connection: after,
            company,
            shared: false,
        }));
        writes.extend(after.claims_target().then_some(Write::EnterTarget(after)));
    }
    let lost = was.into_iter().flat_map(Connection::companies);
    let lost = lost.filter(|lost| after.companies().all(|kept| kept != *lost));
    writes.extend(lost.map(|company| Write::LeaveCompany {
        connection: after,
        company,
    }));
    let leaves = was.is_some_and(Connection::claims_target) && !after.claims_target();
    writes.extend(leaves.then_some(Write::LeaveTarget(after)));
    writes.extend_from_slice(also);
    match ports.store.act(&writes).await {
        Ok(acted) => Ok(acted),
        // An answer that was lost says nothing. Where the connection is as it was to be, all of the act was done.
        Err(error) => match ports.store.find_connection(&after.id).await {
            Ok(Some(found)) if found.revision == revision.unwrap_or(0) + 1 && found.record == *after => Ok(Acted::Done),
            Ok(_) | Err(_) => Err(error.into()),
        },
    }
}

/// Changes a connection as it is at the moment of writing, with its claims and whatever else has to agree with it.
///
/// # Errors
/// [`ConnectError`]: that of `to`, or why the change was refused; then nothing was written.
pub(super) async fn change(
    ports: &Ports,
    id: &ConnectionId,
    also: &[Write<'_>],
    mut to: impl FnMut(&Connection) -> Result<Connection, ConnectError> + Send,
) -> Result<Connection, ConnectError> {
    for _ in 0..MOST_TRIES {
        let found = ports.store.find_connection(id).await.map_err(Error::from)?;
        let before = found.ok_or(ConnectError::Gone)?;
        let after = to(&before.record)?;
        match write(ports, Some(&before), &after, also).await? {
            Acted::Done => return Ok(after),
            Acted::Refused(Refusal::Connection) => {}
            Acted::Refused(refusal) => return Err(refused(refusal)),
        }
    }
    Err(Error::Missing("a quiet moment of the connection").into())
}

/// Returns what a refused act means to the caller who connects.
pub(super) const fn refused(refusal: Refusal) -> ConnectError {
    match refusal {
        Refusal::ForeignCompany => ConnectError::ForeignCompany,
        Refusal::ForeignTarget => ConnectError::ForeignTarget,
        Refusal::Erased | Refusal::Ticket => ConnectError::Gone,
        Refusal::DoneBefore => ConnectError::Internal(Error::Repeated),
        Refusal::Configuration
        | Refusal::Connection
        | Refusal::ErasedPerson
        | Refusal::Key
        | Refusal::Plan
        | Refusal::Run => ConnectError::Internal(Error::Missing("a free id")),
    }
}
