//! Looking up, deciding what to send, and the journal's entry before anything is sent.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{Begin, Send};
use crate::{
    account::{Account, AccountId, ExternalId},
    employee::{Attributes, AttributesBuilder},
    plan::{Action, Change, Evidence, Link, LinkState, Phase, Prints},
    run::{
        Error,
        apply::{
            claim::{claim, release},
            step::{
                Begun, CHANGED, Context, ELSEWHERE, GONE, Taken, UNLINKED, after, has_people_step, holds_after,
                holds_before, holds_either, moves_login_unseen, refused,
            },
        },
    },
    source::Kind,
    target::{self, Patch},
};

/// Finds the link and, where the step needs it, the account, and decides what to send.
pub(super) async fn begin<'a>(context: &Context<'_>, change: &'a Change) -> Result<(Begin<'a>, Send), Error> {
    let link = find_link(context, change).await?;
    let begun = context.begun(link.as_ref(), Phase::People);
    let found = Begin { change, link, begun };
    if begun == Begun::Done || !has_people_step(change) {
        return Ok((found, Send::Stop(Taken::Before)));
    }
    if !is_as_planned(&found) {
        return Ok((found, Send::Stop(UNLINKED)));
    }
    let send = match find_account(context, &found).await {
        Ok(account) => prepare(context, &found, account)?,
        Err(error) => Send::Stop(refused(&error)),
    };
    Ok((found, send))
}

/// Returns the link that a change begins with; where a link moves to a new employee id, the link of the former id.
async fn find_link(context: &Context<'_>, change: &Change) -> Result<Option<Link>, Error> {
    let (store, connection) = (context.store(), context.connection_id());
    if let Action::Relink { former_id, .. } = &change.action
        && let Some(former) = store.find_link(connection, former_id).await?
    {
        return Ok(Some(former));
    }
    Ok(store.find_link(connection, &change.employee_id).await?)
}

/// Whether the link is what the plan was made on.
fn is_as_planned(begin: &Begin<'_>) -> bool {
    let linked = |account_id: &AccountId| {
        begin
            .link
            .as_ref()
            .filter(|link| link.state != LinkState::Pending && link.account_id == *account_id)
    };
    match &begin.change.action {
        Action::Create { .. } | Action::Leave { .. } | Action::Link { .. } => true,
        Action::Reactivate { account_id, .. } | Action::Update { account_id, .. } => linked(account_id).is_some(),
        Action::Relink {
            account_id, former_id, ..
        } => linked(account_id).is_some_and(|link| link.employee_id == *former_id),
    }
}

/// The account that a change names; what an earlier delivery made is found by our reference.
async fn find_account(context: &Context<'_>, begin: &Begin<'_>) -> Result<Option<Account>, target::Error> {
    match (begin.change.account_id(), begin.begun) {
        (Some(id), _) => context.target.find_account(id).await,
        (None, Begun::No) => Ok(None),
        (None, Begun::Started | Begun::Done) => {
            let reference = context.external_id(&begin.change.employee_id);
            context.target.find_by_external_id(&reference).await
        }
    }
}

/// Decides what to send, from the plan and from what the target shows now (R28). Nothing new is decided here.
fn prepare(context: &Context<'_>, begin: &Begin<'_>, account: Option<Account>) -> Result<Send, Error> {
    let (edits, was_active, activate) = match &begin.change.action {
        Action::Create { attributes, .. } => {
            let Some(made) = account else {
                return Ok(Send::Create(context.id_hint(&begin.change.employee_id)?));
            };
            return Ok(complete(context, begin.begun, attributes, made));
        }
        Action::Leave { .. } => return Ok(Send::Stop(Taken::Before)),
        Action::Link { edits, .. } => (edits, None, false),
        // A person who was moved to the leavers' group, or whose account a person switched on by hand, has an active
        // account already.
        Action::Reactivate { edits, .. } => (edits, None, true),
        Action::Relink { reactivate, edits, .. } => (edits, Some(!reactivate), *reactivate),
        Action::Update { edits, .. } => (edits, Some(true), false),
    };
    let Some(account) = account else {
        return Ok(Send::Stop(GONE));
    };
    let is_linked_now = matches!(begin.change.action, Action::Link { .. } | Action::Relink { .. });
    let external_id = is_linked_now
        .then(|| written(context, begin.change))
        .filter(|wanted| account.external_id.as_ref() != Some(wanted));
    // A reference of others that the plan does not name came since, and is not written over (R28).
    if external_id.is_some()
        && account.external_id.is_some()
        && account.external_id != replaced(context, &begin.change.action)
    {
        let is_ours = account
            .external_id
            .as_ref()
            .and_then(|now| ExternalId::provider_of(now.as_str()))
            .is_some_and(Kind::is_word);
        return Ok(Send::Stop(if is_ours { ELSEWHERE } else { CHANGED }));
    }
    let is_after = holds_after(&account, &edits.attributes) && (!activate || account.active) && external_id.is_none();
    if begin.begun == Begun::Started && is_after {
        return Ok(Send::Nothing(account));
    }
    let is_before = holds_before(&account, &edits.attributes) && was_active.is_none_or(|was| was == account.active);
    // Of what was begun, a part may be done: a target may take the parts of a change one by one.
    let is_partly_after = begin.begun == Begun::Started && holds_either(&account, &edits.attributes);
    let is_before = is_before || is_partly_after && (activate || was_active.is_none_or(|was| was == account.active));
    if !is_before || moves_login_unseen(&account, edits, context.target.abilities()) {
        return Ok(Send::Stop(CHANGED));
    }
    let activate = activate && !account.active;
    if edits.attributes.is_empty() && !activate && external_id.is_none() {
        return Ok(Send::Nothing(account));
    }
    Ok(Send::Patch(Patch {
        id: account.id,
        attributes: after(&edits.attributes),
        active: activate.then_some(true),
        external_id,
        version: account.version,
        origin: context.origin.clone(),
    }))
}

/// Returns the reference that an account gets that is linked: ours, or the one that the plan names, where a change is taken back.
fn written(context: &Context<'_>, change: &Change) -> ExternalId {
    match &change.action {
        Action::Link {
            reference: Some(edit), ..
        }
        | Action::Relink {
            reference: Some(edit), ..
        } => edit.after.clone(),
        Action::Create { .. }
        | Action::Leave { .. }
        | Action::Link { .. }
        | Action::Reactivate { .. }
        | Action::Relink { .. }
        | Action::Update { .. } => context.external_id(&change.employee_id),
    }
}

/// Returns the reference that the plan says ours takes the place of: another product's, or the one of a former employee id.
fn replaced(context: &Context<'_>, action: &Action) -> Option<ExternalId> {
    match action {
        Action::Link { reference, .. } => reference.as_ref().map(|edit| edit.before.clone()),
        Action::Relink {
            reference, former_id, ..
        } => {
            let before = reference.as_ref().map(|edit| edit.before.clone());
            Some(before.unwrap_or_else(|| context.external_id(former_id)))
        }
        Action::Create { .. } | Action::Leave { .. } | Action::Reactivate { .. } | Action::Update { .. } => None,
    }
}

/// Decides what is still to be sent of an account that an earlier delivery made. Where a target makes accounts in several requests, a
/// process may have died between them: what the account does not show yet is set.
fn complete(context: &Context<'_>, begun: Begun, attributes: &Attributes, made: Account) -> Send {
    let mut missing = AttributesBuilder::new();
    for entry in attributes.view() {
        if let Some(attribute) = entry.attribute.to_owned()
            && entry.field.value().is_some()
            && made.attributes.field(attribute.clone()).value().is_none()
        {
            missing.append(&attribute, entry.field);
        }
    }
    let attributes = missing.build();
    if begun != Begun::Started || !context.target.makes_in_steps() || attributes.view().iter().next().is_none() {
        return Send::Nothing(made);
    }
    Send::Patch(Patch {
        id: made.id,
        attributes,
        active: None,
        external_id: None,
        version: made.version,
        origin: context.origin.clone(),
    })
}

/// Journals the steps that will be sent: all of them before the first (R29).
pub(super) async fn start(context: &Context<'_>, begins: &[Begin<'_>], sends: &mut [Send]) -> Result<(), Error> {
    if !context.has_time() {
        for send in sends.iter_mut().filter(|send| !matches!(send, Send::Stop(_))) {
            *send = Send::Stop(Taken::Later);
        }
        return Ok(());
    }
    let starts = begins.iter().zip(sends).filter(|(begin, send)| {
        let is_sent = matches!(send, Send::Create(_) | Send::Nothing(_) | Send::Patch(_));
        is_sent && begin.begun == Begun::No
    });
    let started: Vec<Option<Link>> = stream::iter(starts)
        .map(|(begin, send)| start_one(context, begin, send))
        .buffered(context.ports.settings.together)
        .try_collect()
        .await?;
    let started: Vec<Link> = started.into_iter().flatten().collect();
    context.note(&started).await
}

/// The link of one step with its journal, to be written. An account that was not ours before is claimed at once (R04).
async fn start_one(context: &Context<'_>, begin: &Begin<'_>, send: &mut Send) -> Result<Option<Link>, Error> {
    let journal = Some(context.journal(Phase::People, false));
    let is_new = match &begin.change.action {
        Action::Create { .. } | Action::Link { .. } => true,
        Action::Leave { .. } | Action::Reactivate { .. } | Action::Relink { .. } | Action::Update { .. } => false,
    };
    if !is_new {
        return Ok(begin.link.clone().map(|link| Link { journal, ..link }));
    }
    let link = Link {
        journal,
        ..pending(context, begin)?
    };
    // What the person was tied to before, by a step that never ended or to an account that is gone, ends.
    if let Some(earlier) = begin
        .link
        .as_ref()
        .filter(|earlier| earlier.account_id != link.account_id)
    {
        release(context, earlier).await?;
    }
    if matches!(begin.change.action, Action::Create { .. }) {
        return Ok(Some(link));
    }
    if !claim(context, &link).await? {
        *send = Send::Stop(ELSEWHERE);
    }
    Ok(None)
}

/// A link that is begun.
fn pending(context: &Context<'_>, begin: &Begin<'_>) -> Result<Link, Error> {
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
        journal: None,
        former_ids: begin.former_ids(),
        linked_at: context.now,
    })
}

pub(super) const fn evidence(action: &Action) -> Evidence {
    match action {
        Action::Link { evidence, .. } => *evidence,
        Action::Relink { .. } => Evidence::Rehire,
        Action::Create { .. } | Action::Leave { .. } | Action::Reactivate { .. } | Action::Update { .. } => {
            Evidence::Created
        }
    }
}
