//! A target with a watch, and with single accounts that make trouble.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use rollcall::{
    account::{Abilities, Account, AccountId, ExternalId, TargetIdentity},
    employee::Canonical,
    target::{self, NewAccount, Origin, Page, Patch, Target},
};

use super::super::{Place, Verdict, Watch};

/// Accounts with which something is wrong: a write to such an account is answered with its error class. An account that is gone
/// is not found either.
#[derive(Clone, Debug, Default)]
pub struct Trouble(Arc<Mutex<BTreeMap<AccountId, target::Class>>>);

impl Trouble {
    /// From now on every write to the account is answered with this class of error.
    pub fn put(&self, id: &AccountId, class: target::Class) {
        self.with(|trouble| trouble.insert(id.clone(), class));
    }

    /// From now on nothing is wrong with any account.
    pub fn end(&self) {
        self.with(BTreeMap::clear);
    }

    fn of(&self, id: &AccountId) -> Option<target::Class> {
        self.with(|trouble| trouble.get(id).copied())
    }

    fn is_gone(&self, id: &AccountId) -> bool {
        self.of(id) == Some(target::Class::Gone)
    }

    fn with<T>(&self, what: impl FnOnce(&mut BTreeMap<AccountId, target::Class>) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A target with a watch.
pub struct WatchedTarget {
    /// The target behind it.
    pub inner: Arc<dyn Target>,
    /// The watch that is asked.
    pub watch: Arc<dyn Watch>,
    /// The single accounts that make trouble.
    pub trouble: Trouble,
}

impl WatchedTarget {
    /// Asks the watch before a read.
    async fn look(&self, operation: &'static str) -> Result<(), target::Error> {
        match self.watch.look(Place::Target(operation)).await {
            Verdict::Go => Ok(()),
            Verdict::Fail | Verdict::LoseReply => Err(down(operation)),
        }
    }

    /// Asks the watch before a write. Returns whether the answer is to reach the caller.
    async fn judge(&self, operation: &'static str) -> Result<bool, target::Error> {
        match self.watch.before(Place::Target(operation)).await {
            Verdict::Go => Ok(true),
            Verdict::LoseReply => Ok(false),
            Verdict::Fail => Err(down(operation)),
        }
    }
}

fn down(operation: &'static str) -> target::Error {
    target::Error::new(target::Class::Temporary, operation, "it is down")
}

fn answer<T>(arrives: bool, operation: &'static str, answer: T) -> Result<T, target::Error> {
    if arrives {
        Ok(answer)
    } else {
        Err(target::Error::new(
            target::Class::Unknown,
            operation,
            "the answer was lost",
        ))
    }
}

#[async_trait]
impl Target for WatchedTarget {
    fn identity(&self) -> TargetIdentity {
        self.inner.identity()
    }

    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    async fn list_accounts(&self, from: Option<&str>) -> Result<Page, target::Error> {
        self.look("list_accounts").await?;
        let mut page = self.inner.list_accounts(from).await?;
        page.accounts.retain(|account| !self.trouble.is_gone(&account.id));
        Ok(page)
    }

    async fn find_account(&self, id: &AccountId) -> Result<Option<Account>, target::Error> {
        self.look("find_account").await?;
        let found = self.inner.find_account(id).await?;
        Ok(found.filter(|account| !self.trouble.is_gone(&account.id)))
    }

    async fn find_by_external_id(&self, external_id: &ExternalId) -> Result<Option<Account>, target::Error> {
        self.look("find_by_external_id").await?;
        self.inner.find_by_external_id(external_id).await
    }

    async fn find_by_attribute(&self, attribute: Canonical, value: &str) -> Result<Vec<Account>, target::Error> {
        self.look("find_by_attribute").await?;
        self.inner.find_by_attribute(attribute, value).await
    }

    async fn create(&self, id_hint: &AccountId, account: &NewAccount) -> Result<Account, target::Error> {
        let arrives = self.judge("create").await?;
        let created = self.inner.create(id_hint, account).await;
        self.watch.after(Place::Target("create")).await;
        answer(arrives, "create", created?)
    }

    async fn update(&self, patches: &[Patch]) -> Result<Vec<Account>, target::Error> {
        let arrives = self.judge("update").await?;
        if let Some(class) = patches.iter().find_map(|patch| self.trouble.of(&patch.id)) {
            return Err(target::Error::new(
                class,
                "update",
                "something is wrong with this account",
            ));
        }
        let updated = self.inner.update(patches).await;
        self.watch.after(Place::Target("update")).await;
        answer(arrives, "update", updated?)
    }

    async fn invite(&self, id: &AccountId, origin: &Origin) -> Result<(), target::Error> {
        let arrives = self.judge("invite").await?;
        let invited = self.inner.invite(id, origin).await;
        self.watch.after(Place::Target("invite")).await;
        answer(arrives, "invite", invited?)
    }

    fn writes(&self) -> u64 {
        self.inner.writes()
    }
}
