//! The link's note of what a step came to.

use super::{Begin, begin::evidence, send::Written};
use crate::{
    account::Account,
    employee::Attribute,
    plan::{Action, Change, Edits, Evidence, Link, LinkState, Phase, Prints},
    run::{
        Error,
        apply::{
            claim::{claim, release},
            step::{Context, ELSEWHERE, Taken, done, shown},
        },
    },
};

/// Notes on the link what was done, with the claim where the pair is new (R04).
pub(super) async fn finish(context: &Context<'_>, begin: &Begin<'_>, written: Written) -> Result<Taken, Error> {
    let (account, by_us_now) = match written {
        Written::Now(account) => (account, true),
        Written::Before(account) => (account, false),
        Written::Not(taken) => return give_back(context, begin, taken).await,
    };
    let (store, connection) = (context.store(), context.connection_id());
    let earlier = earlier(begin);
    let link = Link {
        employee_id: begin.change.employee_id.clone(),
        account_id: account.id.clone(),
        evidence: earlier.map_or_else(|| evidence(&begin.change.action), |link| link.evidence),
        state: LinkState::Active,
        absent_since: None,
        prints: remember(context, begin.change, earlier, &account, by_us_now),
        journal: Some(context.journal(Phase::People, true)),
        former_ids: begin.former_ids(),
        linked_at: earlier.map_or(context.now, |link| link.linked_at),
    };
    match &begin.change.action {
        Action::Create { .. } => {
            if !claim(context, &link).await? {
                return Ok(ELSEWHERE);
            }
        }
        Action::Update { .. } => {
            let moved = earlier
                .map(|link| link.state)
                .filter(|state| matches!(state, LinkState::Moved { .. }));
            let state = moved.unwrap_or(LinkState::Active);
            context.note(&[Link { state, ..link }]).await?;
        }
        Action::Leave { .. } | Action::Link { .. } | Action::Reactivate { .. } => {
            context.note(&[link]).await?;
        }
        Action::Relink { former_id, .. } => {
            let link = relinked(link, former_id);
            let target = context.target_identity();
            context.check_lease()?;
            if !store.claim_link(connection, &target, &link, Some(former_id)).await? {
                return Ok(ELSEWHERE);
            }
        }
    }
    Ok(if by_us_now {
        done(context, &account.id)
    } else {
        Taken::Done
    })
}

/// The link as it was before this plan, if it counts. A create and a first link begin anew.
fn earlier<'a>(begin: &'a Begin<'_>) -> Option<&'a Link> {
    match &begin.change.action {
        Action::Create { .. } | Action::Link { .. } => None,
        Action::Leave { .. } | Action::Reactivate { .. } | Action::Relink { .. } | Action::Update { .. } => {
            begin.link.as_ref()
        }
    }
}

fn relinked(link: Link, former_id: &crate::employee::EmployeeId) -> Link {
    let mut former_ids = link.former_ids;
    if !former_ids.contains(former_id) {
        former_ids.push(former_id.clone());
    }
    let excess = former_ids.len().saturating_sub(Link::MOST_FORMER_IDS);
    former_ids.drain(..excess);
    Link {
        former_ids,
        evidence: Evidence::Rehire,
        ..link
    }
}

/// A first link that was refused gives its claim back, so that nobody is kept from the account. What may have been done
/// without an answer keeps it.
async fn give_back(context: &Context<'_>, begin: &Begin<'_>, taken: Taken) -> Result<Taken, Error> {
    let Action::Link { account_id, .. } = &begin.change.action else {
        return Ok(taken);
    };
    if let Taken::Failed(..) = taken
        && taken != ELSEWHERE
    {
        let (store, connection) = (context.store(), context.connection_id());
        let link = store.find_link(connection, &begin.change.employee_id).await?;
        let is_begun = |link: &Link| link.state == LinkState::Pending && link.account_id == *account_id;
        if let Some(link) = link.filter(is_begun) {
            release(context, &link).await?;
        }
    }
    Ok(taken)
}

/// Returns what a link remembers afterwards: what it knew, and what was sent now. Of an account that was written
/// before, it remembers only what the account still shows: what others changed since then must not pass for what the
/// target made of it. What the account cannot show was sent all the same.
fn remember(
    context: &Context<'_>,
    change: &Change,
    earlier: Option<&Link>,
    account: &Account,
    by_us_now: bool,
) -> Prints {
    let mut sent: Vec<(Attribute, Option<String>)> = match &change.action {
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
    let can_show = |attribute: &Attribute| account.attributes.field(attribute.clone()).is_seen();
    sent.retain(|(attribute, value)| {
        by_us_now || !can_show(attribute) || shown(account, attribute) == value.as_deref()
    });
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
