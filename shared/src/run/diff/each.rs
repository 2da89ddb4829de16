//! Reading accounts one by one, where a target's list does not show all of them: those of linked people by id, and those that
//! people may have who are about to get one by their address. Each answer is about one account, so that nobody is absent because a
//! list left them out (R05).

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{
    Diff, Slow, Stop,
    compare::{Compared, Sides},
    unjudged::Unjudged,
};
use crate::{
    account::{Account, Accounts, AccountsBuilder},
    connection::{ConnectionId, Decision},
    employee::{Canonical, EmployeeId},
    plan::{Action, Change, Code, Link, LinkState},
    run::{Error, Ports},
    store::Each,
    target::{self, Class, Target},
};

/// How many accounts are asked for at a time.
const TOGETHER: usize = 16;
/// How many linked accounts a target may refuse to show before it counts as one that does not answer. Of few people, half of them.
const MOST_UNSEEN: usize = 20;

/// The people whose linked accounts are read one by one.
pub(super) struct Left {
    /// Those who are still to be read, in the order of their ids.
    links: Vec<Link>,
    /// How many accounts the target may refuse to show.
    most_unseen: usize,
}

impl Left {
    /// Returns the people who are still to be read.
    pub(super) async fn load(ports: &Ports, connection: &ConnectionId, each: &Each) -> Result<Self, Error> {
        let mut links = ports.store.list_links(connection).await?;
        links.retain(|link| link.state != LinkState::Pending);
        let most_unseen = MOST_UNSEEN.min(links.len() / 2);
        links.retain(|link| each.last.as_ref().is_none_or(|last| link.employee_id > *last));
        links.sort_by(|left, right| left.employee_id.cmp(&right.employee_id));
        Ok(Self { links, most_unseen })
    }

    /// Reads the accounts of the next few people, and notes how far it came. Where the target refuses a single account, its person
    /// is noted as unseen. Returns whether there was anybody left.
    ///
    /// # Errors
    /// Of the target, where it does not answer, or refuses too many accounts: then nobody is judged.
    pub(super) async fn read_next(
        &mut self,
        target: &dyn Target,
        each: &mut Each,
        accounts: &mut AccountsBuilder,
    ) -> Result<bool, target::Error> {
        let next: Vec<Link> = self.links.drain(..self.links.len().min(TOGETHER)).collect();
        let asked = stream::iter(&next).map(|link| target.find_account(&link.account_id));
        let found: Vec<Result<Option<Account>, target::Error>> = asked.buffered(TOGETHER).collect().await;
        let mut unseen = Vec::new();
        let mut shown = Vec::new();
        for (link, found) in next.iter().zip(found) {
            match found {
                Ok(account) => shown.extend(account),
                // The list may have shown it before it ended.
                Err(error) if error.class == Class::Refused => {
                    if accounts.ids().all(|id| id != link.account_id.as_str()) {
                        unseen.push(link.employee_id.clone());
                    }
                    if each.unseen.len() + unseen.len() > self.most_unseen {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        for account in &shown {
            accounts.push(account);
        }
        each.unseen.extend(unseen);
        let last = next.into_iter().last().map(|link| link.employee_id);
        let is_any = last.is_some();
        each.last = last.or_else(|| each.last.take());
        Ok(is_any)
    }
}

/// Reads all accounts of linked people; those that the target refuses to show are left out.
///
/// # Errors
/// Of the target; `Temporary` where the links cannot be read.
pub(super) async fn read_all(
    ports: &Ports,
    connection: &ConnectionId,
    target: &dyn Target,
    accounts: &mut AccountsBuilder,
) -> Result<(), target::Error> {
    let mut each = Each::default();
    let left = Left::load(ports, connection, &each).await;
    let mut left = left.map_err(|error| {
        target::Error::new(Class::Temporary, "list accounts", "the links cannot be read").because(error)
    })?;
    while left.read_next(target, &mut each, accounts).await? {}
    Ok(())
}

/// What a target says of the address of a person who is about to get an account.
type Looked = (EmployeeId, Option<Vec<Account>>);

impl Diff<'_> {
    /// Compares HR with the target. Where the target's list did not show all accounts, people who would get one are looked up by
    /// their address, and all is compared once more with what was found. An account that has the address and is not theirs, and an
    /// address that cannot be asked for, make no second account: a person decides.
    pub(super) async fn compare_listed(&mut self, sides: &Sides<'_>, is_whole: bool) -> Result<Compared, Stop> {
        let mut compared = self.compare(sides).await?;
        if !is_whole {
            let looked = Box::pin(self.look_for_joiners(sides, &compared)).await?;
            let mut unjudged = sides.unjudged.clone();
            let mut taken = BTreeSet::new();
            let mut all = Vec::new();
            for (id, found) in looked {
                match found {
                    None => unjudged.add(id, Code::AddressUnasked),
                    Some(found) if found.is_empty() => {}
                    Some(found) => {
                        all.extend(found);
                        taken.insert(id);
                    }
                }
            }
            let accounts = sides.accounts.with(&all);
            let accounts = &accounts;
            if !taken.is_empty() {
                compared = self.compare_with(sides, accounts, &unjudged).await?;
            }
            let still = compared
                .outcome
                .changes
                .iter()
                .filter(|change| address(change).is_some());
            let still = still.filter(|change| taken.contains(&change.employee_id));
            let held: Vec<EmployeeId> = still.map(|change| change.employee_id.clone()).collect();
            for id in held {
                unjudged.add(id, Code::Taken);
            }
            if unjudged.len() > sides.unjudged.len() {
                compared = self.compare_with(sides, accounts, &unjudged).await?;
            }
        }
        compared.plan.is_listed = is_whole;
        Ok(compared)
    }

    async fn compare_with(
        &mut self,
        sides: &Sides<'_>,
        accounts: &Accounts,
        unjudged: &Unjudged,
    ) -> Result<Compared, Stop> {
        let sides = Sides {
            accounts,
            unjudged,
            ..*sides
        };
        Box::pin(self.compare(&sides)).await
    }

    /// Looks for accounts that people may have who are about to get one. Who is to get a new one by decision has none.
    async fn look_for_joiners(&self, sides: &Sides<'_>, compared: &Compared) -> Result<Vec<Looked>, Stop> {
        let decisions = self.ports.store.list_decisions(&sides.connection.id).await?;
        let is_decided = |id: &EmployeeId| {
            let mut decided = decisions.iter().filter(|record| record.employee_id == *id);
            decided.any(|record| record.decision == Decision::NewAccount)
        };
        let changes = compared.outcome.changes.iter();
        let joiners = changes.filter_map(|change| Some((&change.employee_id, address(change)?)));
        let joiners = joiners.filter(|(id, _)| !is_decided(id));
        let looking = stream::iter(joiners)
            .map(async |(id, address)| Ok((id.clone(), sides.target.find_by_address(address).await?)))
            .buffered(TOGETHER)
            .try_collect();
        let late = |_reached| {
            Stop::Late(Slow::Target {
                accounts: sides.accounts.len(),
            })
        };
        let looked: Result<Vec<Looked>, target::Error> = self.in_time(looking).await.map_err(late)?;
        looked.map_err(|error| super::read::target_failure(&error))
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
