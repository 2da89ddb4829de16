//! The second round: managers, once everybody has an account.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    person::account_of,
    step::{Begun, CHANGED, Context, GONE, Taken, manager, refused},
};
use crate::{
    account::AccountId,
    employee::{Attribute, Canonical},
    plan::{Action, Change, Link, ManagerEdit, Phase, Reference},
    run::Error,
    target::Patch,
};

const UNRESOLVED: Taken = Taken::Failed(
    "manager_unresolved",
    "the manager has no account yet; the next plan sets the manager",
);

/// Takes the steps of a window; answers what became of each, in order.
pub(super) async fn take(context: &Context<'_>, changes: &[Change]) -> Result<Vec<Taken>, Error> {
    let limit = context.ports.settings.together;
    stream::iter(changes)
        .map(|change| set(context, change))
        .buffered(limit)
        .try_collect()
        .await
}

async fn set(context: &Context<'_>, change: &Change) -> Result<Taken, Error> {
    let store = &context.ports.store;
    let connection = &context.connection.id;
    let Some(edit) = edit(&change.action) else {
        return Ok(Taken::Done);
    };
    let link = store.find_link(connection, &change.employee_id).await?;
    let begun = context.begun(link.as_ref(), Phase::References);
    if begun == Begun::Done {
        return Ok(Taken::Done);
    }
    // Whoever's first step failed has no account to set a manager on; that step has said why.
    let Some(link) = link.filter(|link| account_of(Some(link)).is_some()) else {
        return Ok(Taken::Done);
    };
    let wanted = match &edit.after {
        None => None,
        Some(Reference::Account(id)) => Some(id.clone()),
        Some(Reference::Employee(employee)) => {
            let found = store.find_link(connection, employee).await?;
            let Some(id) = account_of(found.as_ref()) else {
                return Ok(UNRESOLVED);
            };
            Some(id.clone())
        }
    };
    let Some(account) = context.target.find_account(&link.account_id).await? else {
        return Ok(GONE);
    };
    let shown = account.value(Canonical::Manager);
    let is_after = shown == wanted.as_ref().map(AccountId::as_str);
    if !is_after && shown != edit.before.as_ref().map(AccountId::as_str) {
        return Ok(CHANGED);
    }
    let started = Link {
        journal: Some(context.journal(Phase::References, false)),
        ..link
    };
    if begun == Begun::No {
        store.put_links(connection, std::slice::from_ref(&started)).await?;
    }
    let account = if is_after {
        account
    } else {
        let patch = Patch {
            id: account.id,
            attributes: manager(wanted.as_ref()),
            active: None,
            external_id: None,
            version: account.version,
            origin: context.origin.clone(),
        };
        match context.target.update(&[patch]).await {
            Ok(mut accounts) => match accounts.pop() {
                Some(account) => account,
                None => return Ok(GONE),
            },
            Err(error) => return refused(error),
        }
    };
    let sent = [(
        Attribute::Canonical(Canonical::Manager),
        wanted.map(|id| id.as_str().to_owned()),
    )];
    let prints = started.prints.with(context.prints(sent, &account));
    let journal = Some(context.journal(Phase::References, true));
    store
        .put_links(
            connection,
            &[Link {
                prints,
                journal,
                ..started
            }],
        )
        .await?;
    Ok(Taken::Done)
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
