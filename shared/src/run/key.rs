//! Making and revoking API keys. The caller makes the text of a key, and with it the record that is kept here.

use super::{
    Error, Ports,
    actor::{Actor, Subject, act},
};
use crate::store::{Acted, KeyRecord, Write};

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
pub enum KeyRefused {
    /// The key's id is taken.
    #[error("the id is taken")]
    Taken,
    /// The same request made its key before; its text was shown then, and is kept nowhere.
    #[error("the key was made, and its text was shown")]
    Shown,
    /// Something of ours failed.
    #[error("the key could not be kept")]
    Internal(#[from] Error),
}

/// Keeps a new key.
///
/// # Errors
/// [`KeyRefused`]; then no key was made by this.
pub async fn create_key(ports: &Ports, actor: &Actor, key: &KeyRecord) -> Result<(), KeyRefused> {
    if actor.done().is_some() {
        return Err(KeyRefused::Shown);
    }
    let note = actor.note(ports, Subject::OPERATOR, "key.create", &[("key", &key.id)], &key.id);
    match act(ports, &note, &[Write::Key(key)]).await? {
        Acted::Done => Ok(()),
        Acted::Refused(_) => Err(KeyRefused::Taken),
    }
}

/// Revokes a key: from now on it opens nothing. Returns false where there is no such key.
///
/// # Errors
/// [`Error`] of the store.
pub async fn revoke_key(ports: &Ports, actor: &Actor, id: &str) -> Result<bool, Error> {
    let note = actor.note(ports, Subject::OPERATOR, "key.revoke", &[("key", id)], id);
    let at = ports.clock.now();
    let acted = act(ports, &note, &[Write::RevokeKey { id, at }]).await?;
    Ok(acted == Acted::Done)
}
