//! Writing to the target: each step by itself, or a circle as one.

use futures_util::{StreamExt, stream};

use super::{Begin, Send};
use crate::{
    account::{Account, AccountId},
    plan::{Action, Change},
    run::apply::step::{Begun, CHANGED, Context, GONE, TAKEN, Taken, refused},
    target::{Class, NewAccount, Patch},
};

/// What a write came to.
pub(super) enum Written {
    /// The account as it is now, by our write.
    Now(Account),
    /// The account as it is, by an earlier delivery's write.
    Before(Account),
    /// Nothing was written that we know of.
    Not(Taken),
}

/// Sends each step by itself, several at once.
pub(super) async fn each(context: &Context<'_>, begins: &[Begin<'_>], sends: Vec<Send>) -> Vec<Written> {
    let limit = context.ports.settings.together;
    let steps = begins.iter().zip(sends);
    stream::iter(steps)
        .map(|(begin, send)| async move {
            match send {
                Send::Create(hint) => create(context, begin.change, begin.begun, &hint).await,
                Send::Nothing(account) => Written::Before(account),
                Send::Patch(patch) => match update(context, &[patch]).await {
                    Ok(mut accounts) => accounts.pop().map_or(Written::Not(GONE), Written::Now),
                    Err(taken) => Written::Not(taken),
                },
                Send::Stop(taken) => Written::Not(taken),
            }
        })
        .buffered(limit)
        .collect()
        .await
}

/// Sends a circle of addresses: one transaction, all or none.
pub(super) async fn together(context: &Context<'_>, sends: Vec<Send>) -> Vec<Written> {
    let patches: Vec<Patch> = sends
        .iter()
        .filter_map(|send| match send {
            Send::Patch(patch) => Some(patch.clone()),
            Send::Create(_) | Send::Nothing(_) | Send::Stop(_) => None,
        })
        .collect();
    let answer = if patches.is_empty() {
        Ok(Vec::new())
    } else {
        update(context, &patches).await
    };
    let (mut accounts, otherwise) = match answer {
        Ok(accounts) => (accounts.into_iter(), GONE),
        Err(taken) => (Vec::new().into_iter(), taken),
    };
    sends
        .into_iter()
        .map(|send| match send {
            Send::Create(_) => Written::Not(CHANGED),
            Send::Nothing(account) => Written::Before(account),
            Send::Patch(_) => accounts.next().map_or(Written::Not(otherwise.clone()), Written::Now),
            Send::Stop(taken) => Written::Not(taken),
        })
        .collect()
}

async fn update(context: &Context<'_>, patches: &[Patch]) -> Result<Vec<Account>, Taken> {
    if !context.has_time() {
        return Err(Taken::Later);
    }
    let answer = context.target.update(patches).await;
    answer.map_err(|error| refused(&error))
}

/// Makes an account. Where the target refuses it as taken, and the step was begun before or got no answer, the account
/// is looked up: our reference tells whether it is our own work (R29, R31). An account that others made is not taken
/// over: the plan says `create`.
async fn create(context: &Context<'_>, change: &Change, begun: Begun, hint: &AccountId) -> Written {
    let Action::Create {
        attributes,
        invite,
        shares_address,
        ..
    } = &change.action
    else {
        return Written::Not(CHANGED);
    };
    let external_id = context.external_id(&change.employee_id);
    let account = NewAccount {
        external_id: external_id.clone(),
        attributes: attributes.clone(),
        invite: *invite,
        shares_address: *shares_address,
        is_listed: context.is_just_listed(),
        origin: context.origin.clone(),
    };
    if !context.has_time() {
        return Written::Not(Taken::Later);
    }
    let error = match context.target.create(hint, &account).await {
        Ok(account) => return Written::Now(account),
        Err(error) => error,
    };
    let may_be_ours = error.class == Class::Unknown || (error.class == Class::Conflict && begun == Begun::Started);
    if !may_be_ours {
        return Written::Not(refused(&error));
    }
    match context.target.find_by_external_id(&external_id).await {
        Ok(Some(account)) => Written::Before(account),
        Ok(None) if error.class == Class::Conflict => Written::Not(TAKEN),
        Ok(None) => Written::Not(refused(&error)),
        Err(error) => Written::Not(refused(&error)),
    }
}
