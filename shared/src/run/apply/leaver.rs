//! The last round: leavers, in the way that the plan says. Nobody is deleted.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::step::{Begun, CHANGED, Context, ELSEWHERE, GONE, Taken, refused};
use crate::{
    account::Account,
    employee::{Attribute, Attributes, AttributesBuilder, Canonical, Field},
    plan::{Action, Change, Evidence, LeaveBy, LeaverReason, Link, LinkState, Phase, Prints},
    run::Error,
    target::Patch,
};

/// Takes the steps of a window; answers what became of each, in order.
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
        return Ok(Taken::Done);
    };
    let store = &context.ports.store;
    let connection = &context.connection.id;
    let link = store.find_link(connection, &change.employee_id).await?;
    let begun = context.begun(link.as_ref(), Phase::Leavers);
    if begun == Begun::Done {
        return Ok(Taken::Done);
    }
    // An account that is gone can no longer be used by anybody: that is what was wanted (R28).
    let Some(account) = context.target.find_account(account_id).await? else {
        return Ok(if linked_by.is_some() { GONE } else { Taken::Done });
    };
    let is_left = has_left(&account, by);
    if !is_left && !may_leave(&account, by) {
        return Ok(CHANGED);
    }
    if is_left && begun == Begun::No && linked_by.is_none() {
        // Somebody else switched it off: theirs to keep (R15).
        return Ok(Taken::Done);
    }
    let link = link.unwrap_or_else(|| first_link(context, change, &account, linked_by.unwrap_or(Evidence::Identifier)));
    let started = Link {
        journal: Some(context.journal(Phase::Leavers, false)),
        ..link
    };
    if begun == Begun::No {
        store.put_links(connection, std::slice::from_ref(&started)).await?;
    }
    let done = Link {
        state: state(context, by, *reason),
        journal: Some(context.journal(Phase::Leavers, true)),
        ..started
    };
    if linked_by.is_some()
        && !store
            .claim_link(connection, &context.target.identity(), &pending(&done), None)
            .await?
    {
        return Ok(ELSEWHERE);
    }
    let external_id = linked_by.map(|_| context.external_id(&change.employee_id));
    if !is_left {
        let patch = Patch {
            id: account.id,
            attributes: attributes(by),
            active: matches!(by, LeaveBy::Deactivate).then_some(false),
            external_id: external_id.filter(|wanted| account.external_id.as_ref() != Some(wanted)),
            version: account.version,
            origin: context.origin.clone(),
        };
        if let Err(error) = context.target.update(&[patch]).await {
            return refused(error);
        }
    }
    store.put_links(connection, &[done]).await?;
    Ok(Taken::Done)
}

/// The link of somebody who is linked by the very change that lets them go.
fn first_link(context: &Context<'_>, change: &Change, account: &Account, evidence: Evidence) -> Link {
    Link {
        employee_id: change.employee_id.clone(),
        account_id: account.id.clone(),
        evidence,
        state: LinkState::Pending,
        absent_since: None,
        prints: Prints::default(),
        journal: None,
        former_ids: Vec::new(),
        linked_at: context.now,
    }
}

/// The same link while its step is under way: claimed, and not yet counted.
fn pending(link: &Link) -> Link {
    let journal = link
        .journal
        .clone()
        .map(|journal| crate::plan::Journal { done: false, ..journal });
    Link {
        state: LinkState::Pending,
        journal,
        ..link.clone()
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
        LeaveBy::Group { before, .. } => account.value(Canonical::Group) == before.as_deref(),
    }
}

fn attributes(by: &LeaveBy) -> Attributes {
    let mut attributes = AttributesBuilder::new();
    if let LeaveBy::Group { name, .. } = by {
        attributes.set(Attribute::Canonical(Canonical::Group), Field::Value(name));
    }
    attributes.build()
}
