//! Pausing and resuming: a flag on the connection. Nothing runs by itself while it is set.

use super::{
    Error, Ports,
    actor::{Actor, Subject, act},
};
use crate::{
    connection::{Connection, ConnectionId},
    store::{Acted, Versioned, Write},
};

/// How often a change is tried again because another process changed the connection in between.
const MOST_TRIES: u32 = 5;

/// Changes a connection as it is at the moment of writing. `change` returns the connection as it is to be, or `None`
/// where nothing is to be changed. Returns the connection as it is afterwards; `None`: there is no such connection.
///
/// # Errors
/// [`Error`] of the store; then nothing was changed.
pub async fn change_connection(
    ports: &Ports,
    id: &ConnectionId,
    mut change: impl FnMut(&Connection) -> Option<Connection> + Send,
) -> Result<Option<Connection>, Error> {
    for _ in 0..MOST_TRIES {
        let Some(Versioned { record, revision }) = ports.store.find_connection(id).await? else {
            return Ok(None);
        };
        let Some(changed) = change(&record) else {
            return Ok(Some(record));
        };
        if ports.store.put_connection(&changed, Some(revision)).await? {
            return Ok(Some(changed));
        }
    }
    Err(Error::Missing("a quiet moment of the connection"))
}

/// Pauses a connection; one that is paused stays so. Returns the connection; `None`: there is no such connection.
///
/// # Errors
/// [`Error`] of the store.
pub async fn pause(ports: &Ports, actor: &Actor, id: &ConnectionId) -> Result<Option<Connection>, Error> {
    set(ports, actor, id, true).await
}

/// Lets a connection run again.
///
/// # Errors
/// [`Error`] of the store.
pub async fn resume(ports: &Ports, actor: &Actor, id: &ConnectionId) -> Result<Option<Connection>, Error> {
    set(ports, actor, id, false).await
}

async fn set(ports: &Ports, actor: &Actor, id: &ConnectionId, paused: bool) -> Result<Option<Connection>, Error> {
    let action = if paused {
        "connection.pause"
    } else {
        "connection.resume"
    };
    for _ in 0..MOST_TRIES {
        let Some(Versioned { record, revision }) = ports.store.find_connection(id).await? else {
            return Ok(None);
        };
        if actor.done().is_some() {
            return Ok(Some(record));
        }
        let is_changed = record.paused != paused;
        let changed = Connection { paused, ..record };
        let note = actor.note(ports, Subject::connection(&changed), action, &[], id.as_str());
        let mut writes = vec![Write::NotErased(&changed.tenant)];
        writes.extend(is_changed.then_some(Write::Connection {
            connection: &changed,
            revision: Some(revision),
        }));
        if act(ports, &note, &writes).await? == Acted::Done {
            return Ok(Some(changed));
        }
    }
    Err(Error::Missing("a quiet moment of the connection"))
}
