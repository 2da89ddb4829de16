//! Reading accounts one by one, where a target's list does not show all of them: those of linked people by id, and those that
//! people may have who are about to get one by their address. Each answer is about one account, so that nobody is absent because a
//! list left them out (R05).

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{
    Diff, Slow, Stop,
    compare::{Compared, Sides},
};
use crate::{
    account::{Account, Accounts, AccountsBuilder},
    connection::ConnectionId,
    employee::{Canonical, EmployeeId},
    plan::{Action, Change, Link, LinkState},
    run::{Error, Ports},
    target::{self, Class, Target},
};

/// How many accounts are asked for at a time.
const TOGETHER: usize = 16;

/// Returns the people whose linked accounts are still to be read, in the order of their ids.
pub(super) async fn left(
    ports: &Ports,
    connection: &ConnectionId,
    last: Option<&EmployeeId>,
) -> Result<Vec<Link>, Error> {
    let mut links = ports.store.list_links(connection).await?;
    links.retain(|link| link.state != LinkState::Pending && last.is_none_or(|last| link.employee_id > *last));
    links.sort_by(|left, right| left.employee_id.cmp(&right.employee_id));
    Ok(links)
}

/// Reads the accounts of the next few people. Returns the last of them; `None`: there was nobody left.
///
/// # Errors
/// Of the target, where it does not answer, or answers with another account: then nobody is judged.
pub(super) async fn read_next(
    target: &dyn Target,
    left: &mut Vec<Link>,
    accounts: &mut AccountsBuilder,
) -> Result<Option<EmployeeId>, target::Error> {
    let next: Vec<Link> = left.drain(..left.len().min(TOGETHER)).collect();
    let found: Vec<Option<Account>> = stream::iter(&next)
        .map(|link| target.find_account(&link.account_id))
        .buffered(TOGETHER)
        .try_collect()
        .await?;
    for account in found.iter().flatten() {
        accounts.push(account);
    }
    Ok(next.into_iter().last().map(|link| link.employee_id))
}

/// Reads all accounts of linked people.
///
/// # Errors
/// Of the target; `Temporary` where the links cannot be read.
pub(super) async fn read_all(
    ports: &Ports,
    connection: &ConnectionId,
    target: &dyn Target,
    accounts: &mut AccountsBuilder,
) -> Result<(), target::Error> {
    let left = left(ports, connection, None).await;
    let mut left = left.map_err(|error| {
        target::Error::new(Class::Temporary, "list accounts", "the links cannot be read").because(error)
    })?;
    while read_next(target, &mut left, accounts).await?.is_some() {}
    Ok(())
}

impl Diff<'_> {
    /// Compares HR with the target. Where the target's list did not show all accounts, people who would get one are looked up, and
    /// where some of them have one, all is compared once more.
    pub(super) async fn compare_listed(&mut self, sides: &Sides<'_>, is_whole: bool) -> Result<Compared, Stop> {
        let mut compared = self.compare(sides).await?;
        if !is_whole
            && let Some(accounts) = Box::pin(self.look_for_joiners(sides.target, sides.accounts, &compared)).await?
        {
            let accounts = &accounts;
            compared = Box::pin(self.compare(&Sides { accounts, ..*sides })).await?;
        }
        compared.plan.is_listed = is_whole;
        Ok(compared)
    }

    /// Looks for accounts that people may have who are about to get one. Returns all accounts where there are any.
    async fn look_for_joiners(
        &self,
        target: &dyn Target,
        accounts: &Accounts,
        compared: &Compared,
    ) -> Result<Option<Accounts>, Stop> {
        let addresses = compared.outcome.changes.iter().filter_map(address);
        let looking = stream::iter(addresses)
            .map(|address| target.find_by_attribute(Canonical::Email, address))
            .buffered(TOGETHER)
            .try_collect();
        let found: Result<Vec<Vec<Account>>, _> = self.in_time(looking).await.map_err(|_reached| {
            Stop::Late(Slow::Target {
                accounts: accounts.len(),
            })
        })?;
        let found = found.map_err(|error| super::read::target_failure(&error))?.concat();
        Ok((!found.is_empty()).then(|| accounts.with(&found)))
    }
}

/// The address of a person who is about to get an account.
fn address(change: &Change) -> Option<&str> {
    match &change.action {
        Action::Create { attributes, .. } => attributes.value(Canonical::Email),
        Action::Leave { .. }
        | Action::Link { .. }
        | Action::Reactivate { .. }
        | Action::Relink { .. }
        | Action::Update { .. } => None,
    }
}
