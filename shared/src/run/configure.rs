//! Putting another configuration in force: its version and the connection that points to it are written together.

use super::{
    Error, Ports,
    actor::{Actor, Subject, act},
};
use crate::{
    connection::{Configuration, Connection, ConnectionId},
    store::{Acted, Refusal, Versioned, Write},
};

/// How often a change is tried again because another process changed the connection in between.
const MOST_TRIES: u32 = 5;

/// Why a configuration was not put in force.
#[derive(Debug, thiserror::Error)]
pub enum ConfigureRefused {
    /// Another version is in force than the one that was read.
    #[error("another configuration is in force than the one that was read")]
    Changed,
    /// Something of ours failed.
    #[error("the configuration could not be kept")]
    Internal(#[from] Error),
}

impl From<crate::store::Error> for ConfigureRefused {
    fn from(error: crate::store::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// Puts a configuration in force in place of the version that was read. Returns the configuration with the version that it got.
///
/// # Errors
/// [`ConfigureRefused`]; then nothing was changed.
pub async fn configure(
    ports: &Ports,
    actor: &Actor,
    id: &ConnectionId,
    read: u64,
    mut next: Configuration,
) -> Result<Configuration, ConfigureRefused> {
    next.version = read.saturating_add(1);
    for _ in 0..MOST_TRIES {
        let found = ports.store.find_connection(id).await?;
        let Versioned { record, revision } = found.ok_or(Error::Gone("connection"))?;
        if record.configuration_version != read {
            return Err(ConfigureRefused::Changed);
        }
        let changed = Connection {
            configuration_version: next.version,
            ..record
        };
        let version = next.version.to_string();
        let subject = Subject::connection(&changed);
        let note = actor.note(ports, subject, "config.put", &[("version", &version)], &version);
        let writes = [
            Write::NotErased(&changed.tenant),
            Write::Connection {
                connection: &changed,
                revision: Some(revision),
            },
            Write::Configuration {
                connection: id,
                configuration: &next,
            },
        ];
        match act(ports, &note, &writes).await? {
            Acted::Done => return Ok(next),
            // The version is taken but was never in force: with an earlier form of this program its writer could die
            // before that. It stays, and counts for nothing.
            Acted::Refused(Refusal::Configuration) => next.version = next.version.saturating_add(1),
            Acted::Refused(_) => {}
        }
    }
    Err(Error::Missing("a quiet moment of the connection").into())
}
