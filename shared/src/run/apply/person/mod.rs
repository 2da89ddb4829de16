//! The first round: accounts are made, linked, changed, switched on again.
//!
//! A window of steps goes through four stages: what is there is looked up, what is to be sent is decided, the links are
//! journaled, the target is written to; then each link notes what it came to.

mod begin;
mod finish;
mod send;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::step::{Begun, CHANGED, Context, Taken};
use crate::{
    account::{Account, AccountId},
    employee::EmployeeId,
    plan::{Change, Link},
    run::Error,
    target::Patch,
};

/// A step with what was found when it was begun.
struct Begin<'a> {
    change: &'a Change,
    link: Option<Link>,
    begun: Begun,
}

impl Begin<'_> {
    /// Returns the employee ids that the person had before: they are the person's, whichever account is theirs (R16).
    fn former_ids(&self) -> Vec<EmployeeId> {
        self.link
            .as_ref()
            .map(|link| link.former_ids.clone())
            .unwrap_or_default()
    }
}

/// What is to be sent to the target for a step, or why nothing is.
enum Send {
    /// A new account, under this id where the target lets us choose.
    Create(AccountId),
    /// Nothing: the target has it already.
    Nothing(Account),
    /// A change.
    Patch(Patch),
    /// Nothing, and this is what became of the step.
    Stop(Taken),
}

/// Takes the steps of a window; returns what became of each, in order.
pub(super) async fn take(context: &Context<'_>, changes: &[Change], together: bool) -> Result<Vec<Taken>, Error> {
    let limit = context.ports.settings.together;
    let begun: Vec<(Begin<'_>, Send)> = stream::iter(changes)
        .map(|change| begin::begin(context, change))
        .buffered(limit)
        .try_collect()
        .await?;
    let (begins, mut sends): (Vec<_>, Vec<_>) = begun.into_iter().unzip();
    if together {
        as_one(&begins, &mut sends);
    }
    begin::start(context, &begins, &mut sends).await?;
    if together {
        as_one(&begins, &mut sends);
    }
    let written = if together {
        send::together(context, sends).await
    } else {
        send::each(context, &begins, sends).await
    };
    let steps = begins.iter().zip(written);
    stream::iter(steps)
        .map(|(begin, written)| finish::finish(context, begin, written))
        .buffered(limit)
        .try_collect()
        .await
}

/// A circle of addresses is written as a whole or not at all. Where an earlier delivery has written it, each member goes
/// on to its own end; else one member that cannot be written stops all.
fn as_one(begins: &[Begin<'_>], sends: &mut [Send]) {
    let was_written = begins.iter().zip(&*sends).any(|(begin, send)| {
        begin.begun == Begun::Done || (begin.begun == Begun::Started && matches!(send, Send::Nothing(_)))
    });
    if was_written {
        for send in sends.iter_mut().filter(|send| matches!(send, Send::Patch(_))) {
            *send = Send::Stop(CHANGED);
        }
        return;
    }
    let stop = sends.iter().find_map(|send| match send {
        Send::Stop(taken) => Some(taken.clone()),
        Send::Create(_) | Send::Nothing(_) | Send::Patch(_) => None,
    });
    if let Some(taken) = stop {
        sends.fill_with(|| Send::Stop(taken.clone()));
    }
}
