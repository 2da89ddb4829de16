//! All accounts of a target at one time, found by id: packed one behind the other, because there are many.

use std::{fmt, sync::OnceLock};

use super::{Account, AccountId, Listing};
use crate::{
    employee::{Canonical, Pile, Places, Spot, View, id::shortlex, narrow},
    roster,
};

/// What a plan looks at of one account, borrowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AccountView<'a> {
    /// The target's id, as text.
    pub id: &'a str,
    /// The reference that was written on it, as text.
    pub external_id: Option<&'a str>,
    /// Whether the person may use it.
    pub active: bool,
    /// The name by which the person logs in, where that is not the primary e-mail.
    pub login: Option<&'a str>,
    /// Its addresses that are neither the primary e-mail nor the login, one a line.
    pub addresses: &'a str,
    /// Its attributes in canonical text.
    pub attributes: View<'a>,
}

impl<'a> AccountView<'a> {
    /// Returns the target's id, owned.
    pub fn to_id(self) -> AccountId {
        AccountId::known(self.id)
    }

    /// Returns whether a person logs in to it by this name.
    pub fn is_named(self, name: &str) -> bool {
        self.login.or_else(|| self.value(Canonical::Email)) == Some(name)
    }

    /// Returns whether an address is among its addresses that are neither the primary e-mail nor the login.
    pub fn has_beside(self, address: &str) -> bool {
        self.addresses.lines().any(|own| own == address)
    }

    /// Returns the value of a canonical attribute, if it has one.
    pub fn value(self, canonical: Canonical) -> Option<&'a str> {
        self.attributes.value(canonical)
    }
}

impl fmt::Debug for AccountView<'_> {
    /// Writes the account without its values, which are personal (R38).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AccountView({})", self.id)
    }
}

/// Where an account's texts stand. Its id stands apart from its reference, login and attributes, because a search looks
/// through ids alone.
#[derive(Clone, Copy)]
struct Entry {
    id_spot: Spot,
    spot: Spot,
    id: u32,
    /// One more than the reference's length; 0 where there is no reference.
    external_id: u32,
    attributes: u32,
    /// The login's length; 0 where there is none. A name that is longer than any address is not kept.
    login: u16,
    /// The length of the other addresses.
    addresses: u16,
    active: bool,
}

/// Accounts in the order of their ids.
#[derive(Clone, Default)]
pub struct Accounts {
    ids: Pile,
    texts: Pile,
    entries: Vec<Entry>,
    places: OnceLock<Places>,
}

impl fmt::Debug for Accounts {
    /// Writes how many accounts there are: values are personal (R38).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Accounts({})", self.len())
    }
}

impl Accounts {
    /// Returns these accounts, which may come in any order. Where an id comes twice, the later one counts.
    pub fn new<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Self {
        let mut builder = AccountsBuilder::default();
        for account in accounts {
            builder.push(account);
        }
        builder.finish()
    }

    /// Returns these accounts and others, of which the later ones count where an id comes twice.
    #[must_use]
    pub fn with<'a>(&self, others: impl IntoIterator<Item = &'a Account>) -> Self {
        let mut builder = AccountsBuilder::default();
        for account in self.iter() {
            builder.push_view(account);
        }
        for account in others {
            builder.push(account);
        }
        builder.finish()
    }

    /// Packs all accounts, to be kept.
    ///
    /// # Errors
    /// [`roster::Error`] where an account fits no chunk, or memory runs out.
    pub fn listing(&self) -> Result<Listing, roster::Error> {
        Listing::pack(self.iter())
    }

    /// Returns how many accounts there are.
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are no accounts.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the account at a position.
    pub fn get(&self, position: usize) -> Option<AccountView<'_>> {
        self.view(self.entries.get(position)?)
    }

    /// Returns the id of the account at a position.
    pub fn id_at(&self, position: usize) -> Option<&str> {
        id(&self.ids, self.entries.get(position)?)
    }

    /// Returns whether the account at a position may be used.
    pub fn is_active(&self, position: usize) -> bool {
        self.entries.get(position).is_some_and(|entry| entry.active)
    }

    /// Returns all accounts, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = AccountView<'_>> {
        self.entries.iter().filter_map(|entry| self.view(entry))
    }

    /// Returns the position of the account of this id.
    pub fn position(&self, id: &str) -> Option<usize> {
        let ids = || {
            self.entries
                .iter()
                .map(|entry| self::id(&self.ids, entry).unwrap_or_default())
        };
        let places = self.places.get_or_init(|| Places::new(ids()));
        places.find(id, |place| self.id_at(place))
    }

    /// Returns the account of this id.
    pub fn find(&self, id: &str) -> Option<AccountView<'_>> {
        self.position(id).and_then(|position| self.get(position))
    }

    /// Returns a finder for many accounts, one after another. It is fastest where they come in the order in which they
    /// stand.
    pub const fn finder(&self) -> Finder<'_> {
        Finder {
            accounts: self,
            next: 0,
        }
    }

    fn view(&self, entry: &Entry) -> Option<AccountView<'_>> {
        view(&self.ids, &self.texts, entry)
    }
}

/// Finds accounts by ids that come, for the most part, in the order in which the accounts stand.
#[derive(Debug)]
pub struct Finder<'a> {
    accounts: &'a Accounts,
    next: usize,
}

impl Finder<'_> {
    /// Returns the position of the account of this id.
    pub fn position(&mut self, id: &str) -> Option<usize> {
        let is_next = self.accounts.id_at(self.next) == Some(id);
        let position = if is_next {
            Some(self.next)
        } else {
            self.accounts.position(id)
        };
        self.next = position.map_or(self.next, |position| position + 1);
        position
    }
}

/// The most accounts of one target that a plan looks at.
pub const MOST_ACCOUNTS: usize = 500_000;

/// The longest login that is kept: an address has 254 bytes at most (RFC 5321, section 4.5.3.1).
const MOST_LOGIN_BYTES: usize = 1_024;

/// The longest list of other addresses that is kept; what does not fit is left out.
const MOST_ADDRESSES_BYTES: usize = 8 * 1_024;

/// The most bytes of them, packed, where nothing smaller is said.
pub const MOST_ACCOUNTS_BYTES: usize = 128 * 1024 * 1024;

/// Packs accounts one by one, so that no list of them is held.
#[derive(Clone)]
pub struct AccountsBuilder {
    ids: Pile,
    texts: Pile,
    entries: Vec<Entry>,
    bytes: usize,
    room: usize,
    is_unordered: bool,
}

impl Default for AccountsBuilder {
    fn default() -> Self {
        Self::within(MOST_ACCOUNTS_BYTES)
    }
}

impl AccountsBuilder {
    /// Returns a builder that has this many bytes of memory.
    pub fn within(room: usize) -> Self {
        Self {
            ids: Pile::default(),
            texts: Pile::default(),
            entries: Vec::new(),
            bytes: 0,
            room,
            is_unordered: false,
        }
    }

    /// How many accounts there are so far.
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none so far.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns how many bytes of memory there are for them.
    pub const fn room(&self) -> usize {
        self.room
    }

    /// Returns whether there are more than a plan looks at, or than there is memory for (R47).
    pub const fn is_overfull(&self) -> bool {
        self.entries.len() > MOST_ACCOUNTS || self.bytes > self.room
    }

    /// Returns the ids of the accounts so far, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter_map(|entry| id(&self.ids, entry))
    }

    /// Packs the accounts that were added behind the first `from`, to be kept.
    ///
    /// # Errors
    /// [`roster::Error`] where an account fits no chunk, or memory runs out.
    pub fn listing(&self, from: usize) -> Result<Listing, roster::Error> {
        let added = self.entries.iter().skip(from);
        Listing::pack(added.filter_map(|entry| view(&self.ids, &self.texts, entry)))
    }

    /// Adds the accounts of a part that was kept, in their order.
    ///
    /// # Errors
    /// [`roster::Error`] where the part is damaged.
    pub fn take(&mut self, listing: &Listing) -> Result<(), roster::Error> {
        listing.each(|account| self.push_view(account))
    }

    /// Adds an account. Any order will do; ascending ids are cheapest.
    pub fn push(&mut self, account: &Account) {
        let mut addresses = String::new();
        for address in &account.addresses {
            if addresses.len() + address.len() < MOST_ADDRESSES_BYTES && !address.contains(['\n', '\r']) {
                addresses.push_str(address);
                addresses.push('\n');
            }
        }
        self.push_view(AccountView {
            id: account.id.as_str(),
            external_id: account.external_id.as_ref().map(super::ExternalId::as_str),
            active: account.active,
            login: account.login.as_deref(),
            addresses: &addresses,
            attributes: account.attributes.view(),
        });
    }

    fn push_view(&mut self, account: AccountView<'_>) {
        let last = self.entries.last().and_then(|last| id(&self.ids, last));
        self.is_unordered |= last.is_some_and(|last| shortlex(last, account.id).is_ge());
        let external_id = account.external_id;
        let attributes = account.attributes.as_packed();
        let login = account
            .login
            .filter(|login| login.len() <= MOST_LOGIN_BYTES)
            .unwrap_or_default();
        let entry = Entry {
            id_spot: self.ids.push([account.id]),
            spot: self
                .texts
                .push([external_id.unwrap_or_default(), login, account.addresses, attributes]),
            id: narrow(account.id.len()),
            external_id: external_id.map_or(0, |external_id| narrow(external_id.len()).saturating_add(1)),
            attributes: narrow(attributes.len()),
            login: u16::try_from(login.len()).unwrap_or_default(),
            addresses: u16::try_from(account.addresses.len()).unwrap_or_default(),
            active: account.active,
        };
        let texts = external_id.map_or(0, str::len) + login.len() + account.addresses.len() + attributes.len();
        let bytes = account.id.len() + texts + size_of::<Entry>();
        self.bytes = self.bytes.saturating_add(bytes);
        self.entries.push(entry);
    }

    /// Returns all that were added, in the order of their ids; where an id came twice, the later one counts.
    pub fn finish(self) -> Accounts {
        let Self {
            ids,
            texts,
            mut entries,
            is_unordered,
            bytes: _,
            room: _,
        } = self;
        if is_unordered {
            let id_of = |entry: &Entry| id(&ids, entry).unwrap_or_default();
            entries.reverse();
            entries.sort_by(|left, right| shortlex(id_of(left), id_of(right)));
            entries.dedup_by(|later, earlier| id_of(later) == id_of(earlier));
        }
        Accounts {
            ids,
            texts,
            entries,
            places: OnceLock::new(),
        }
    }
}

fn view<'a>(ids: &'a Pile, texts: &'a Pile, entry: &Entry) -> Option<AccountView<'a>> {
    let texts = texts.from(entry.spot)?;
    let (external_id, texts) = texts.split_at_checked(entry.external_id.saturating_sub(1) as usize)?;
    let (login, texts) = texts.split_at_checked(entry.login.into())?;
    let (addresses, texts) = texts.split_at_checked(entry.addresses.into())?;
    Some(AccountView {
        id: id(ids, entry)?,
        external_id: (entry.external_id > 0).then_some(external_id),
        active: entry.active,
        login: (!login.is_empty()).then_some(login),
        addresses,
        attributes: View::new(texts.get(..entry.attributes as usize)?),
    })
}

fn id<'a>(ids: &'a Pile, entry: &Entry) -> Option<&'a str> {
    ids.from(entry.id_spot)?.get(..entry.id as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::ExternalId,
        employee::{AttributesBuilder, Field},
    };

    fn account(id: &str, active: bool) -> Account {
        let mut attributes = AttributesBuilder::new();
        attributes.set_canonical(Canonical::City, Field::Value(id));
        Account {
            id: AccountId::parse(id).unwrap(),
            external_id: active.then(|| ExternalId::from_target(&format!("factorial:1:{id}")).unwrap()),
            active,
            attributes: attributes.build(),
            login: active.then(|| format!("login of {id}").into()),
            addresses: active.then(|| format!("{id}@home.test").into()).into_iter().collect(),
            version: Some("3".into()),
        }
    }

    #[test]
    fn an_account_that_a_shifting_list_shows_twice_is_kept_once_as_last_seen() {
        let accounts = Accounts::new(&[account("2", true), account("1", true), account("2", false)]);
        assert_eq!(accounts.len(), 2);
        assert!(!accounts.find("2").unwrap().active);
        assert_eq!(accounts.find("3"), None);
    }

    #[test]
    fn accounts_come_back_as_they_were_packed_in_the_order_of_their_ids() {
        let given = [account("10", false), account("9", true), account("ñ", true)];
        let accounts = Accounts::new(&given);
        let ids: Vec<&str> = accounts.iter().map(|account| account.id).collect();
        assert_eq!(ids, ["9", "10", "ñ"]);
        for given in &given {
            let found = accounts.find(given.id.as_str()).unwrap();
            assert_eq!(found.to_id(), given.id);
            assert_eq!(found.external_id, given.external_id.as_ref().map(ExternalId::as_str));
            assert_eq!(
                (found.active, found.login, found.attributes),
                (given.active, given.login.as_deref(), given.attributes.view())
            );
            assert_eq!(
                found.addresses.lines().collect::<Vec<_>>(),
                given.addresses.iter().map(|address| &**address).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn many_are_found_in_whatever_order_they_are_asked_for() {
        let accounts = Accounts::new(&["1", "2", "3", "4"].map(|id| account(id, id == "2")));
        let mut finder = accounts.finder();
        let found = ["1", "2", "4", "x", "3", "4", "1"].map(|id| finder.position(id));
        assert_eq!(found, [Some(0), Some(1), Some(3), None, Some(2), Some(3), Some(0)]);
        assert_eq!(
            [0, 1, 4].map(|position| accounts.is_active(position)),
            [false, true, false]
        );
    }

    #[test]
    fn r38_accounts_do_not_print_what_they_hold() {
        let accounts = Accounts::new(&[account("1", true)]);
        assert_eq!(
            format!("{accounts:?} {:?}", accounts.get(0)),
            "Accounts(1) Some(AccountView(1))"
        );
    }
}
