//! Editing an account of the built-in directory by hand.

use super::{
    Error, Ports,
    actor::{Actor, Subject},
    erasure::is_erased,
};
use crate::{
    connection::TenantId,
    store::{AccountWrite, DirectoryStore, Written},
};

/// How many attributes an entry of the audit names; of more, it tells how many.
const MOST_NAMES: usize = 20;

/// Writes an account together with the entry in the audit, which names the attributes that were edited.
///
/// # Errors
/// [`Error`] of the store, [`Error::Gone`] where the tenant was erased.
pub async fn edit_account(
    ports: &Ports,
    directory: &dyn DirectoryStore,
    actor: &Actor,
    tenant: &TenantId,
    write: AccountWrite,
    attributes: &[&str],
) -> Result<Written, Error> {
    let user = write.account.id.as_str().to_owned();
    let mut names = attributes
        .iter()
        .take(MOST_NAMES)
        .copied()
        .collect::<Vec<_>>()
        .join(",");
    if attributes.len() > MOST_NAMES {
        names = format!("{names} and {} more", attributes.len() - MOST_NAMES);
    }
    let details = [("user", user.as_str()), ("attributes", &names)];
    let note = actor.note(ports, Subject::tenant(Some(tenant)), "user.edit", &details, &user);
    let written = directory.put_accounts(tenant, &[write], Some(note.entry())).await?;
    if matches!(written, Written::Changed) && is_erased(ports, tenant).await? {
        return Err(Error::Gone("tenant"));
    }
    Ok(written)
}
