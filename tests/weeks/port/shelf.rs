//! A target as many SCIM servers are: ids of its own, no transactions, no versions, e-mails unique and references not.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use rollcall::{
    account::{Abilities, Account, AccountId, ExternalId, Origin, TargetIdentity},
    employee::{Attributes, AttributesBuilder, Canonical},
    target::{Class, Error, NewAccount, Page, Patch, Target},
};

/// How many accounts a page holds.
const PAGE: usize = 5;

/// Accounts on one server.
pub(crate) struct Shelf {
    pub(crate) address: String,
    accounts: Mutex<BTreeMap<AccountId, Account>>,
    made: AtomicU64,
    writes: AtomicU64,
}

impl Shelf {
    pub(crate) fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            accounts: Mutex::default(),
            made: AtomicU64::new(0),
            writes: AtomicU64::new(0),
        }
    }

    pub(crate) fn accounts(&self) -> MutexGuard<'_, BTreeMap<AccountId, Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns an id that was never used on this server.
    pub(crate) fn next_id(&self) -> AccountId {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        AccountId::parse(&format!("s-{number}")).unwrap()
    }
}

/// Returns the attributes with newer values in place.
pub(crate) fn merge(attributes: &Attributes, newer: &Attributes) -> Attributes {
    let mut builder = AttributesBuilder::new();
    for entry in attributes.view().iter().chain(newer.view()) {
        if let Some(attribute) = entry.attribute.to_owned().filter(|_| entry.field.is_seen()) {
            builder.append(&attribute, entry.field);
        }
    }
    builder.build()
}

fn error(class: Class, detail: &str) -> Error {
    Error::new(class, "ask the server", detail)
}

/// Returns whether another account has the address of this account.
fn is_taken(accounts: &BTreeMap<AccountId, Account>, account: &Account) -> bool {
    let mail = account.value(Canonical::Email);
    let others = accounts.values().filter(|other| other.id != account.id);
    mail.is_some() && others.into_iter().any(|other| other.value(Canonical::Email) == mail)
}

#[async_trait]
impl Target for Shelf {
    fn identity(&self) -> TargetIdentity {
        TargetIdentity::new("scim", &self.address)
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            list: true,
            look_up: true,
            deactivate: true,
            invite: false,
            groups: true,
            logins: false,
            together: false,
        }
    }

    async fn list_accounts(&self, from: Option<&str>) -> Result<Page, Error> {
        let accounts = self.accounts();
        let from = from.map(|from| AccountId::parse(from).unwrap());
        let mut rest = accounts
            .values()
            .filter(|account| from.as_ref().is_none_or(|from| account.id > *from));
        let page: Vec<Account> = rest.by_ref().take(PAGE).cloned().collect();
        let next = rest.next().and(page.last()).map(|last| last.id.as_str().to_owned());
        Ok(Page { accounts: page, next })
    }

    async fn find_account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        Ok(self.accounts().get(id).cloned())
    }

    async fn find_by_external_id(&self, external_id: &ExternalId) -> Result<Option<Account>, Error> {
        let accounts = self.accounts();
        let mut all = accounts.values();
        Ok(all
            .find(|account| account.external_id.as_ref() == Some(external_id))
            .cloned())
    }

    async fn find_by_attribute(&self, attribute: Canonical, value: &str) -> Result<Vec<Account>, Error> {
        let accounts = self.accounts();
        let all = accounts.values();
        Ok(all
            .filter(|account| account.value(attribute) == Some(value))
            .cloned()
            .collect())
    }

    async fn create(&self, _id_hint: &AccountId, new: &NewAccount) -> Result<Account, Error> {
        let id = self.next_id();
        let account = Account {
            id: id.clone(),
            external_id: Some(new.external_id.clone()),
            active: true,
            attributes: merge(&Attributes::default(), &new.attributes),
            login: None,
            addresses: Box::default(),
            version: None,
        };
        let mut accounts = self.accounts();
        if is_taken(&accounts, &account) {
            return Err(error(Class::Conflict, "the address is taken"));
        }
        accounts.insert(id, account.clone());
        self.writes.fetch_add(1, Ordering::Relaxed);
        Ok(account)
    }

    async fn update(&self, patches: &[Patch]) -> Result<Vec<Account>, Error> {
        let [patch] = patches else {
            return Err(error(Class::Unsupported, "one at a time"));
        };
        let mut accounts = self.accounts();
        let before = accounts
            .get(&patch.id)
            .ok_or_else(|| error(Class::Gone, "no such account"))?;
        let account = Account {
            id: before.id.clone(),
            external_id: patch.external_id.clone().or_else(|| before.external_id.clone()),
            active: patch.active.unwrap_or(before.active),
            attributes: merge(&before.attributes, &patch.attributes),
            login: None,
            addresses: Box::default(),
            version: None,
        };
        if is_taken(&accounts, &account) {
            return Err(error(Class::Conflict, "the address is taken"));
        }
        accounts.insert(patch.id.clone(), account.clone());
        self.writes.fetch_add(1, Ordering::Relaxed);
        Ok(vec![account])
    }

    async fn invite(&self, _id: &AccountId, _origin: &Origin) -> Result<(), Error> {
        Err(error(Class::Unsupported, "it sends no invitations"))
    }

    fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }
}
