//! Claims: an account has at most one link, across all connections (R04). It is claimed before it is first written to.

use super::step::{Context, counts};
use crate::{plan::Link, run::Error};

/// Writes a link together with the claim on its account. Returns false where another connection or another person has
/// the account.
///
/// A claim of this connection that was left by a step which never came to its end is nobody's: it is cleared away.
pub(super) async fn claim(context: &Context<'_>, link: &Link) -> Result<bool, Error> {
    let (store, target) = (context.store(), context.target_identity());
    let connection = context.connection_id();
    context.check_lease()?;
    if store.claim_link(connection, &target, link, None).await? {
        return Ok(true);
    }
    let Some(claim) = store.find_claim(&target, &link.account_id).await? else {
        return Ok(store.claim_link(connection, &target, link, None).await?);
    };
    if claim.connection != *connection {
        return Ok(false);
    }
    let holder = store.find_link(connection, &claim.employee_id).await?;
    let is_held = holder.is_some_and(|holder| {
        let is_ours = context.own_journal(Some(&holder)).is_some();
        holder.account_id == link.account_id && (counts(&holder) || is_ours)
    });
    if is_held {
        return Ok(false);
    }
    let left = Link {
        employee_id: claim.employee_id,
        ..link.clone()
    };
    context.check_lease()?;
    store.delete_link(connection, &target, &left).await?;
    Ok(store.claim_link(connection, &target, link, None).await?)
}

/// Takes back a link that was begun and whose account may not be written to, with its claim.
pub(super) async fn release(context: &Context<'_>, link: &Link) -> Result<(), Error> {
    let target = context.target_identity();
    context.check_lease()?;
    Ok(context
        .store()
        .delete_link(context.connection_id(), &target, link)
        .await?)
}
