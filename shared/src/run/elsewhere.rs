//! Accounts that other connections are linked to (R04). A reference on the account tells most of them; where two connections read
//! one company, only the claim does.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{Error, Ports, gathered::Gathered};
use crate::{
    account::AccountId,
    connection::ConnectionId,
    plan::{Action, Basis, Change, Differ, Outcome},
    roster::Row,
};

/// A plan that leaves the accounts of other connections alone.
pub(super) struct Beside {
    /// What the plan comes to.
    pub(super) outcome: Outcome,
    /// Whether other connections are linked to accounts that the plan would take.
    pub(super) is_elsewhere: bool,
}

/// Makes a plan. Where it would take accounts that other connections are linked to, makes it again without those
/// accounts. A night on which nobody is linked for the first time asks the store nothing.
pub(super) async fn diff_beside_others(
    ports: &Ports,
    connection: &ConnectionId,
    basis: &Basis<'_>,
    people: &Gathered,
) -> Result<Beside, Error> {
    let outcome = diff(ports, basis, people).await?;
    let elsewhere = linked_elsewhere(ports, connection, basis, &outcome).await?;
    if elsewhere.is_empty() {
        return Ok(Beside {
            outcome,
            is_elsewhere: false,
        });
    }
    let basis = Basis {
        elsewhere: &elsewhere,
        ..*basis
    };
    let outcome = diff(ports, &basis, people).await?;
    Ok(Beside {
        outcome,
        is_elsewhere: true,
    })
}

/// Makes a plan of people who need not be in memory.
async fn diff(ports: &Ports, basis: &Basis<'_>, people: &Gathered) -> Result<Outcome, Error> {
    let Some(mut differ) = Differ::new(basis) else {
        return Ok(Outcome::default());
    };
    people.each(ports, |row| differ.walk(row)).await?;
    if differ.end_walk() {
        let look = |row: Row<'_>| {
            differ.look(row);
            Ok(())
        };
        people.each(ports, look).await?;
    }
    Ok(differ.finish())
}

/// Returns the accounts that a plan would take and another connection is linked to.
async fn linked_elsewhere(
    ports: &Ports,
    connection: &ConnectionId,
    basis: &Basis<'_>,
    outcome: &Outcome,
) -> Result<BTreeSet<AccountId>, Error> {
    let taken = outcome.changes.iter().filter_map(taken);
    let looks = taken.map(async |account| {
        let claim = ports.store.find_claim(basis.target, account).await?;
        let is_elsewhere = claim.is_some_and(|claim| claim.connection != *connection);
        Ok::<_, Error>(is_elsewhere.then(|| account.clone()))
    });
    let looks = stream::iter(looks.collect::<Vec<_>>()).buffered(ports.settings.together);
    looks.try_filter_map(async |found| Ok(found)).try_collect().await
}

/// The account that a change links for the first time.
const fn taken(change: &Change) -> Option<&AccountId> {
    match &change.action {
        Action::Link { account_id, .. }
        | Action::Leave {
            account_id,
            linked_by: Some(_),
            ..
        } => Some(account_id),
        Action::Create { .. }
        | Action::Leave { linked_by: None, .. }
        | Action::Reactivate { .. }
        | Action::Relink { .. }
        | Action::Update { .. } => None,
    }
}
