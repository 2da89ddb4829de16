//! The last round: leavers, in the way that the plan says. Nobody is deleted.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    claim::{claim, release},
    step::{Begun, CHANGED, Context, ELSEWHERE, GONE, Taken, UNLINKED, counts, refused},
};
use crate::{
    account::Account,
    employee::{Attribute, Attributes, AttributesBuilder, Canonical, Field},
    plan::{Action, Change, Evidence, LeaveBy, LeaverReason, Link, LinkState, Phase, Prints},
    run::Error,
    target::Patch,
};

/// Takes the steps of a window; returns what became of each, in order.
pub(super) async fn take(context: &Context<'_>, changes: &[Change]) -> Result<Vec<Taken>, Error> {
    let limit = context.ports.settings.together;
    stream::iter(changes)
        .map(|change| leave(context, change))
        .buffered(limit)
        .try_collect()
        .await
}

async fn leave(context: &Context<'_>, change: &Change) -> Result<Taken, Error> {
    let Action::Leave {
        account_id,
        reason,
        by,
        linked_by,
    } = &change.action
    else {
        return Ok(Taken::Before);
    };
    let store = context.store();
    let connection = context.connection_id();
    let link = store.find_link(connection, &change.employee_id).await?;
    let begun = context.begun(link.as_ref(), Phase::Leavers);
    if begun == Begun::Done {
        return Ok(Taken::Before);
    }
    let is_linked = |link: &Link| counts(link) && link.account_id == *account_id;
    if linked_by.is_none() && !link.as_ref().is_some_and(is_linked) {
        return Ok(UNLINKED);
    }
    let account = match context.target.find_account(account_id).await {
        Ok(Some(account)) => account,
        // An account that is gone can no longer be used by its person: that is what was wanted (R28).
        Ok(None) => return Ok(if linked_by.is_some() { GONE } else { Taken::Done }),
        Err(error) => return Ok(refused(&error)),
    };
    let is_left = has_left(&account, by);
    if is_left && begun == Begun::No && linked_by.is_none() {
        // The account was switched off by a person or another system, not by us: theirs to keep (R15).
        return Ok(Taken::Done);
    }
    let is_ours_already = is_left && begun == Begun::Started;
    if !is_ours_already && !may_leave(&account, by) {
        return Ok(CHANGED);
    }
    if !context.has_time() {
        return Ok(Taken::Later);
    }
    let Some(started) = start(context, change, link, begun, *linked_by).await? else {
        return Ok(ELSEWHERE);
    };
    if !is_left && let Some(taken) = send(context, change, account, by, *linked_by).await {
        if linked_by.is_some() && matches!(taken, Taken::Failed(..)) {
            release(context, &started).await?;
        }
        return Ok(taken);
    }
    let done = Link {
        state: state(context, by, *reason),
        journal: Some(context.journal(Phase::Leavers, true)),
        ..started
    };
    context.note(&[done]).await?;
    Ok(Taken::Done)
}

/// Journals the step on its link before anything is sent. Where this very change links the person, the account is
/// claimed for them as well (R04). Returns `None` where another connection or another person has the account.
async fn start(
    context: &Context<'_>,
    change: &Change,
    link: Option<Link>,
    begun: Begun,
    linked_by: Option<Evidence>,
) -> Result<Option<Link>, Error> {
    let journal = Some(context.journal(Phase::Leavers, false));
    match (linked_by, link) {
        (_, Some(link)) if begun == Begun::Started => Ok(Some(link)),
        (Some(evidence), link) => {
            let Some(account_id) = change.account_id().cloned() else {
                return Ok(None);
            };
            let former_ids = link.as_ref().map(|link| link.former_ids.clone()).unwrap_or_default();
            if let Some(earlier) = link.filter(|earlier| earlier.account_id != account_id) {
                release(context, &earlier).await?;
            }
            let first = Link {
                employee_id: change.employee_id.clone(),
                account_id,
                evidence,
                state: LinkState::Pending,
                absent_since: None,
                prints: Prints::default(),
                journal,
                former_ids,
                linked_at: context.now,
            };
            Ok(claim(context, &first).await?.then_some(first))
        }
        (None, Some(link)) => {
            let started = Link { journal, ..link };
            context.note(std::slice::from_ref(&started)).await?;
            Ok(Some(started))
        }
        (None, None) => Ok(None),
    }
}

/// Lets the account go. Returns what became of the step where it did not go well.
async fn send(
    context: &Context<'_>,
    change: &Change,
    account: Account,
    by: &LeaveBy,
    linked_by: Option<Evidence>,
) -> Option<Taken> {
    if !context.has_time() {
        return Some(Taken::Later);
    }
    let external_id = linked_by.map(|_| context.external_id(&change.employee_id));
    let patch = Patch {
        id: account.id,
        attributes: attributes(by),
        active: matches!(by, LeaveBy::Deactivate).then_some(false),
        // Another product's reference stays: the link alone tells whose account it is.
        external_id: external_id.filter(|_| account.external_id.is_none()),
        version: account.version,
        origin: context.origin.clone(),
    };
    match context.target.update(&[patch]).await.map_err(|error| refused(&error)) {
        Ok(_) => None,
        // Gone in between (R28).
        Err(taken) if taken == GONE && linked_by.is_none() => Some(Taken::Done),
        Err(taken) => Some(taken),
    }
}

const fn state(context: &Context<'_>, by: &LeaveBy, reason: LeaverReason) -> LinkState {
    match by {
        LeaveBy::Deactivate => LinkState::Deactivated {
            reason,
            at: context.now,
        },
        LeaveBy::Group { .. } => LinkState::Moved {
            reason,
            at: context.now,
        },
    }
}

/// Whether the account is as the leaver's change leaves it.
fn has_left(account: &Account, by: &LeaveBy) -> bool {
    match by {
        LeaveBy::Deactivate => !account.active,
        LeaveBy::Group { name, .. } => account.value(Canonical::Group) == Some(name),
    }
}

/// Whether the account still shows what the plan saw (R28).
fn may_leave(account: &Account, by: &LeaveBy) -> bool {
    match by {
        LeaveBy::Deactivate => account.active,
        LeaveBy::Group { before, .. } => account.active && account.value(Canonical::Group) == before.as_deref(),
    }
}

fn attributes(by: &LeaveBy) -> Attributes {
    let mut attributes = AttributesBuilder::new();
    if let LeaveBy::Group { name, .. } = by {
        attributes.set(Attribute::Canonical(Canonical::Group), Field::Value(name));
    }
    attributes.build()
}
