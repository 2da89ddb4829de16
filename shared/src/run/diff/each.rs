//! Reading the accounts of linked people one by one, where a target's list does not show all accounts. Each answer is about one
//! account, so that nobody is absent because a list left them out (R05).

use futures_util::{StreamExt as _, stream};

use crate::{
    account::{Account, AccountsBuilder},
    connection::ConnectionId,
    employee::EmployeeId,
    plan::{Link, LinkState},
    run::{Error, Ports},
    store::Each,
    target::{self, Class, Target},
};

/// How many accounts are asked for at a time.
pub(super) const TOGETHER: usize = 16;
/// How many linked accounts a target may refuse to show before it counts as one that does not answer. Of few people, half of them, and
/// one at least: nothing is done about who is not seen, so that one of them endangers nobody.
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
        let most_unseen = MOST_UNSEEN.min(links.len().div_ceil(2));
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

/// Reads all accounts of linked people; those that the target refuses to show are left out. Returns their people.
///
/// # Errors
/// Of the target; `Temporary` where the links cannot be read.
pub(super) async fn read_all(
    ports: &Ports,
    connection: &ConnectionId,
    target: &dyn Target,
    accounts: &mut AccountsBuilder,
) -> Result<Vec<EmployeeId>, target::Error> {
    let mut each = Each::default();
    let left = Left::load(ports, connection, &each).await;
    let mut left = left.map_err(|error| {
        target::Error::new(Class::Temporary, "list accounts", "the links cannot be read").because(error)
    })?;
    while left.read_next(target, &mut each, accounts).await? {}
    Ok(each.unseen)
}
