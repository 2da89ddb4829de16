//! All accounts of a target at one time, found by id.

use super::{Account, AccountId};
use crate::employee::Places;

/// Accounts in the order of their ids.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    list: Vec<Account>,
    places: Places,
}

impl Accounts {
    /// Takes accounts in any order; where an id comes twice, the later one counts.
    pub fn new(mut accounts: Vec<Account>) -> Self {
        if !accounts.is_sorted_by(|left, right| left.id < right.id) {
            accounts.reverse();
            accounts.sort_by(|left, right| left.id.cmp(&right.id));
            accounts.dedup_by(|later, earlier| later.id == earlier.id);
        }
        accounts.shrink_to_fit();
        let places = Places::new(accounts.iter().map(|account| account.id.as_str()));
        Self { list: accounts, places }
    }

    /// Where the account of this id stands in [`Accounts::as_slice`].
    pub fn position(&self, id: &AccountId) -> Option<usize> {
        let id_at = |place: usize| self.list.get(place).map(|account| account.id.as_str());
        self.places.find(id.as_str(), id_at)
    }

    /// The account of this id.
    pub fn find(&self, id: &AccountId) -> Option<&Account> {
        self.position(id).and_then(|position| self.list.get(position))
    }

    /// All of them, in the order of their ids.
    pub fn as_slice(&self) -> &[Account] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employee::Attributes;

    fn account(id: &str, active: bool) -> Account {
        let id = AccountId::parse(id).unwrap();
        Account {
            id,
            external_id: None,
            active,
            attributes: Attributes::default(),
            version: None,
        }
    }

    #[test]
    fn an_account_that_a_shifting_list_shows_twice_is_kept_once_as_last_seen() {
        let accounts = Accounts::new(vec![account("2", true), account("1", true), account("2", false)]);
        assert_eq!(accounts.as_slice().len(), 2);
        assert!(!accounts.find(&AccountId::parse("2").unwrap()).unwrap().active);
        assert_eq!(accounts.find(&AccountId::parse("3").unwrap()), None);
    }
}
