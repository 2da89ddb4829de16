//! The second round: managers, once everybody has an account.

use std::borrow::Cow;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::step::{Begun, CHANGED, Context, GONE, Taken, UNLINKED, counts, done, has_people_step, manager, refused};
use crate::{
    account::{Account, AccountId},
    employee::{Attribute, Canonical},
    plan::{Action, Change, Link, ManagerEdit, Phase, Reference},
    run::Error,
    target::Patch,
};

const UNRESOLVED: Taken = Taken::Failed(
    "manager_unresolved",
    Cow::Borrowed("the manager has no account yet; the next plan sets the manager"),
);

/// Takes the steps of a window; returns what became of each, in order.
pub(super) async fn take(context: &Context<'_>, changes: &[Change]) -> Result<Vec<Taken>, Error> {
    let limit = context.ports.settings.together;
    stream::iter(changes)
        .map(|change| set(context, change))
        .buffered(limit)
        .try_collect()
        .await
}

async fn set(context: &Context<'_>, change: &Change) -> Result<Taken, Error> {
    let store = context.store();
    let Some(edit) = edit(&change.action) else {
        return Ok(Taken::Before);
    };
    let link = store.find_link(context.connection_id(), &change.employee_id).await?;
    let begun = context.begun(link.as_ref(), Phase::References);
    // A person whose first step failed is left as they are; that step has said why.
    let is_due = !has_people_step(change) || context.begun(link.as_ref(), Phase::People) == Begun::Done;
    if begun == Begun::Done || !is_due {
        return Ok(Taken::Before);
    }
    let Some(link) = link.filter(|link| counts(link) && is_as_planned(link, change)) else {
        return Ok(UNLINKED);
    };
    let wanted = match &edit.after {
        None => None,
        Some(Reference::Account(id)) => Some(id.clone()),
        Some(Reference::Employee(employee)) => {
            match store.find_link(context.connection_id(), employee).await?.filter(counts) {
                Some(found) => Some(found.account_id),
                None => return Ok(UNRESOLVED),
            }
        }
    };
    let account = match context.target.find_account(&link.account_id).await {
        Ok(Some(account)) => account,
        Ok(None) => return Ok(GONE),
        Err(error) => return Ok(refused(&error)),
    };
    let shown = account.value(Canonical::Manager);
    let is_after = shown == wanted.as_ref().map(AccountId::as_str);
    let is_before = shown == edit.before.as_ref().map(AccountId::as_str) && is_active_as_planned(&account, change);
    let is_ours_already = is_after && begun == Begun::Started;
    if !is_before && !is_ours_already {
        return Ok(CHANGED);
    }
    if !context.has_time() {
        return Ok(Taken::Later);
    }
    let started = Link {
        journal: Some(context.journal(Phase::References, false)),
        ..link
    };
    if begun == Begun::No {
        context.note(std::slice::from_ref(&started)).await?;
    }
    let account = match write(context, account, wanted.as_ref(), is_after).await {
        Ok(account) => account,
        Err(taken) => return Ok(taken),
    };
    let sent = [(
        Attribute::Canonical(Canonical::Manager),
        wanted.map(|id| id.as_str().to_owned()),
    )];
    let noted = Link {
        prints: started.prints.with(context.prints(sent, &account)),
        journal: Some(context.journal(Phase::References, true)),
        ..started
    };
    context.note(&[noted]).await?;
    Ok(done(context, &account.id))
}

/// Sets or clears the manager, unless an earlier delivery has.
async fn write(
    context: &Context<'_>,
    account: Account,
    wanted: Option<&AccountId>,
    is_after: bool,
) -> Result<Account, Taken> {
    if is_after {
        return Ok(account);
    }
    if !context.has_time() {
        return Err(Taken::Later);
    }
    let patch = Patch {
        id: account.id,
        attributes: manager(wanted),
        active: None,
        external_id: None,
        version: account.version,
        origin: context.origin.clone(),
    };
    match context.target.update(&[patch]).await {
        Ok(mut accounts) => accounts.pop().ok_or(GONE),
        Err(error) => Err(refused(&error)),
    }
}

/// Whether the link is still to the account that the plan names, where it names one.
fn is_as_planned(link: &Link, change: &Change) -> bool {
    change
        .account_id()
        .is_none_or(|account_id| *account_id == link.account_id)
}

/// A new manager alone is set on an account that is switched on, as the plan saw it (R28). Other changes have looked at
/// that in the first round.
fn is_active_as_planned(account: &Account, change: &Change) -> bool {
    has_people_step(change) || account.active
}

/// The manager that a change sets or clears.
fn edit(action: &Action) -> Option<ManagerEdit> {
    match action {
        Action::Create { manager, .. } => manager.clone().map(|after| ManagerEdit {
            before: None,
            after: Some(after),
        }),
        Action::Leave { .. } => None,
        Action::Link { edits, .. }
        | Action::Reactivate { edits, .. }
        | Action::Relink { edits, .. }
        | Action::Update { edits, .. } => edits.manager.clone(),
    }
}
