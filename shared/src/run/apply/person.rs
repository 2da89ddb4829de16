//! The first round: accounts are made, linked, changed, switched on again.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::step::{Begun, CHANGED, Context, ELSEWHERE, GONE, TAKEN, Taken, after, holds_after, holds_before, refused};
use crate::{
    account::{Account, AccountId},
    employee::Attribute,
    plan::{Action, Change, Edits, Evidence, Link, LinkState, Phase, Prints},
    run::Error,
    target::{Class, NewAccount, Patch},
};

/// A step with what was found when it was begun.
struct Begin<'a> {
    change: &'a Change,
    link: Option<Link>,
    account: Option<Account>,
    begun: Begun,
}

/// What is to be sent to the target for a step, or why nothing is.
enum Send {
    Create,
    Nothing(Account),
    Patch(Patch),
    Stop(Taken),
}

/// Takes the steps of a window; answers what became of each, in order.
pub(super) async fn take(context: &Context<'_>, changes: &[Change], together: bool) -> Result<Vec<Taken>, Error> {
    let limit = context.ports.settings.together;
    let begins: Vec<Begin<'_>> = stream::iter(changes)
        .map(|change| begin(context, change))
        .buffered(limit)
        .try_collect()
        .await?;
    let mut sends = Vec::with_capacity(begins.len());
    let mut started = Vec::new();
    for begin in &begins {
        let send = prepare(context, begin);
        if matches!(send, Send::Create | Send::Nothing(_) | Send::Patch(_)) && begin.begun == Begun::No {
            started.push(start(context, begin)?);
        }
        sends.push(send);
    }
    if together
        && let Some(stop) = sends.iter().find_map(|send| {
            if let Send::Stop(taken) = send {
                Some(*taken)
            } else {
                None
            }
        })
    {
        return Ok(begins.iter().map(|_| stop).collect());
    }
    context.ports.store.put_links(&context.connection.id, &started).await?;
    let written = if together {
        send_together(context, sends).await?
    } else {
        send_each(context, &begins, sends).await?
    };
    let steps = begins.into_iter().zip(written);
    stream::iter(steps)
        .map(|(begin, written)| finish(context, begin, written))
        .buffered(limit)
        .try_collect()
        .await
}

/// The account id that a change names; an earlier delivery's create is found by our reference.
async fn begin<'a>(context: &Context<'_>, change: &'a Change) -> Result<Begin<'a>, Error> {
    let store = &context.ports.store;
    let owner = match &change.action {
        Action::Relink { former_id, .. } => former_id,
        Action::Create { .. }
        | Action::Leave { .. }
        | Action::Link { .. }
        | Action::Reactivate { .. }
        | Action::Update { .. } => &change.employee_id,
    };
    let mut link = store.find_link(&context.connection.id, owner).await?;
    if link.is_none() && owner != &change.employee_id {
        link = store.find_link(&context.connection.id, &change.employee_id).await?;
    }
    let begun = context.begun(link.as_ref(), Phase::People);
    let account = match (change.account_id(), begun) {
        (_, Begun::Done) | (None, Begun::No) => None,
        (Some(id), Begun::No | Begun::Started) => context.target.find_account(id).await?,
        (None, Begun::Started) => {
            context
                .target
                .find_by_external_id(&context.external_id(&change.employee_id))
                .await?
        }
    };
    Ok(Begin {
        change,
        link,
        account,
        begun,
    })
}

/// Decides what to send, from the plan and from what the target shows now (R28). Nothing new is decided here.
fn prepare(context: &Context<'_>, begin: &Begin<'_>) -> Send {
    if begin.begun == Begun::Done {
        return Send::Stop(Taken::Done);
    }
    let (edits, was_active, activate) = match &begin.change.action {
        Action::Create { .. } => {
            return begin.account.clone().map_or(Send::Create, Send::Nothing);
        }
        Action::Leave { .. } => return Send::Stop(Taken::Done),
        Action::Link { edits, .. } => (edits, None, false),
        // Somebody who was moved to the leavers' group, or whom somebody let in by hand, is on already.
        Action::Reactivate { edits, .. } => (edits, None, true),
        Action::Relink { reactivate, edits, .. } => (edits, Some(!reactivate), *reactivate),
        Action::Update { edits, .. } => (edits, Some(true), false),
    };
    let Some(account) = &begin.account else {
        return Send::Stop(GONE);
    };
    let external_id = match &begin.change.action {
        Action::Link { .. } | Action::Relink { .. } => Some(context.external_id(&begin.change.employee_id)),
        Action::Create { .. } | Action::Leave { .. } | Action::Reactivate { .. } | Action::Update { .. } => None,
    };
    let external_id = external_id.filter(|wanted| account.external_id.as_ref() != Some(wanted));
    let is_after = holds_after(account, &edits.attributes) && (!activate || account.active) && external_id.is_none();
    if begin.begun == Begun::Started && is_after {
        return Send::Nothing(account.clone());
    }
    let is_before = holds_before(account, &edits.attributes) && was_active.is_none_or(|was| was == account.active);
    if !is_before {
        return Send::Stop(CHANGED);
    }
    let activate = activate && !account.active;
    if edits.attributes.is_empty() && !activate && external_id.is_none() {
        return Send::Nothing(account.clone());
    }
    Send::Patch(Patch {
        id: account.id.clone(),
        attributes: after(&edits.attributes),
        active: activate.then_some(true),
        external_id,
        version: account.version.clone(),
        origin: context.origin.clone(),
    })
}

/// The link as it is written before anything is sent.
fn start(context: &Context<'_>, begin: &Begin<'_>) -> Result<Link, Error> {
    let journal = Some(context.journal(Phase::People, false));
    if let Some(link) = &begin.link {
        return Ok(Link {
            journal,
            ..link.clone()
        });
    }
    let account_id = match begin.change.account_id() {
        Some(id) => id.clone(),
        None => context.id_hint(&begin.change.employee_id)?,
    };
    Ok(Link {
        employee_id: begin.change.employee_id.clone(),
        account_id,
        evidence: evidence(&begin.change.action),
        state: LinkState::Pending,
        absent_since: None,
        prints: Prints::default(),
        journal,
        former_ids: Vec::new(),
        linked_at: context.now,
    })
}

const fn evidence(action: &Action) -> Evidence {
    match action {
        Action::Link { evidence, .. } => *evidence,
        Action::Relink { .. } => Evidence::Rehire,
        Action::Create { .. } | Action::Leave { .. } | Action::Reactivate { .. } | Action::Update { .. } => {
            Evidence::Created
        }
    }
}

type Written = Result<Account, Taken>;

async fn send_each(context: &Context<'_>, begins: &[Begin<'_>], sends: Vec<Send>) -> Result<Vec<Written>, Error> {
    let limit = context.ports.settings.together;
    let steps = begins.iter().zip(sends);
    stream::iter(steps)
        .map(|(begin, send)| async move {
            match send {
                Send::Create => create(context, begin.change).await,
                Send::Nothing(account) => Ok(Ok(account)),
                Send::Patch(patch) => update(context, &[patch]).await.map(only),
                Send::Stop(taken) => Ok(Err(taken)),
            }
        })
        .buffered(limit)
        .try_collect()
        .await
}

/// A circle of addresses: one transaction, all or none.
async fn send_together(context: &Context<'_>, sends: Vec<Send>) -> Result<Vec<Written>, Error> {
    let mut patches = Vec::new();
    let mut written = Vec::with_capacity(sends.len());
    for send in sends {
        match send {
            Send::Patch(patch) => {
                patches.push(patch);
                written.push(None);
            }
            Send::Nothing(account) => written.push(Some(Ok(account))),
            Send::Create => written.push(Some(Err(CHANGED))),
            Send::Stop(taken) => written.push(Some(Err(taken))),
        }
    }
    let mut answers = match update(context, &patches).await? {
        Ok(accounts) => accounts.into_iter().map(Ok).collect::<Vec<Written>>(),
        Err(taken) => patches.iter().map(|_| Err(taken)).collect(),
    }
    .into_iter();
    Ok(written
        .into_iter()
        .map(|known| known.or_else(|| answers.next()).unwrap_or(Err(CHANGED)))
        .collect())
}

fn only(written: Result<Vec<Account>, Taken>) -> Written {
    written.and_then(|mut accounts| accounts.pop().ok_or(GONE))
}

async fn update(context: &Context<'_>, patches: &[Patch]) -> Result<Result<Vec<Account>, Taken>, Error> {
    if patches.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    match context.target.update(patches).await {
        Ok(accounts) => Ok(Ok(accounts)),
        Err(error) => refused(error).map(Err),
    }
}

async fn create(context: &Context<'_>, change: &Change) -> Result<Written, Error> {
    let Action::Create { attributes, invite, .. } = &change.action else {
        return Ok(Err(CHANGED));
    };
    let external_id = context.external_id(&change.employee_id);
    let account = NewAccount {
        external_id: external_id.clone(),
        attributes: attributes.clone(),
        invite: *invite,
        origin: context.origin.clone(),
    };
    match context
        .target
        .create(&context.id_hint(&change.employee_id)?, &account)
        .await
    {
        Ok(account) => Ok(Ok(account)),
        // Refused as taken, or the reply was lost: our reference tells whether it is our own work (R29, R31).
        Err(error) if matches!(error.class, Class::Conflict | Class::Unknown) => {
            match context.target.find_by_external_id(&external_id).await? {
                Some(account) => Ok(Ok(account)),
                None if error.class == Class::Conflict => Ok(Err(TAKEN)),
                None => Err(error.into()),
            }
        }
        Err(error) => refused(error).map(Err),
    }
}

/// Notes on the link what was done, with the claim where the pair is new (R04).
async fn finish(context: &Context<'_>, begin: Begin<'_>, written: Written) -> Result<Taken, Error> {
    let account = match written {
        Ok(account) => account,
        Err(taken) => return Ok(taken),
    };
    let store = &context.ports.store;
    let connection = &context.connection.id;
    let employee_id = begin.change.employee_id.clone();
    let earlier = begin
        .link
        .as_ref()
        .filter(|link| !matches!(link.state, LinkState::Pending));
    let link = Link {
        employee_id: employee_id.clone(),
        account_id: account.id.clone(),
        evidence: earlier.map_or_else(|| evidence(&begin.change.action), |link| link.evidence),
        state: LinkState::Active,
        absent_since: None,
        prints: remember(context, begin.change, earlier, &account),
        journal: Some(context.journal(Phase::People, true)),
        former_ids: earlier.map(|link| link.former_ids.clone()).unwrap_or_default(),
        linked_at: earlier.map_or(context.now, |link| link.linked_at),
    };
    let claimed = match &begin.change.action {
        Action::Update { .. } | Action::Reactivate { .. } => {
            let state = match (&begin.change.action, earlier) {
                (Action::Update { .. }, Some(earlier)) if matches!(earlier.state, LinkState::Moved { .. }) => {
                    earlier.state
                }
                _ => LinkState::Active,
            };
            store.put_links(connection, &[Link { state, ..link }]).await?;
            true
        }
        Action::Relink { former_id, .. } => {
            let mut former_ids = link.former_ids.clone();
            if !former_ids.contains(former_id) {
                former_ids.push(former_id.clone());
            }
            let link = Link {
                former_ids,
                evidence: Evidence::Rehire,
                ..link
            };
            store
                .claim_link(connection, &context.target.identity(), &link, Some(former_id))
                .await?
        }
        Action::Create { .. } | Action::Leave { .. } | Action::Link { .. } => {
            store
                .claim_link(connection, &context.target.identity(), &link, None)
                .await?
        }
    };
    Ok(if claimed { Taken::Done } else { ELSEWHERE })
}

/// What a link remembers afterwards: what it knew, and what was sent now.
fn remember(context: &Context<'_>, change: &Change, earlier: Option<&Link>, account: &Account) -> Prints {
    let sent: Vec<(Attribute, Option<String>)> = match &change.action {
        Action::Create { attributes, .. } => attributes
            .view()
            .iter()
            .filter_map(|entry| Some((entry.attribute.to_owned()?, entry.field.value().map(str::to_owned))))
            .collect(),
        Action::Leave { .. } => Vec::new(),
        Action::Link { edits, .. }
        | Action::Reactivate { edits, .. }
        | Action::Relink { edits, .. }
        | Action::Update { edits, .. } => sent(edits),
    };
    let nothing = Prints::default();
    let known = earlier.map_or(&nothing, |link| &link.prints);
    known.with(context.prints(sent, account))
}

fn sent(edits: &Edits) -> Vec<(Attribute, Option<String>)> {
    edits
        .attributes
        .iter()
        .map(|edit| (edit.attribute.clone(), edit.after.as_deref().map(str::to_owned)))
        .collect()
}

/// The account of a link that counts.
pub(super) fn account_of(link: Option<&Link>) -> Option<&AccountId> {
    link.filter(|link| !matches!(link.state, LinkState::Pending))
        .map(|link| &link.account_id)
}
