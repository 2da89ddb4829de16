//! The built-in directory as a target (layer 4): for applications that keep no users of their own.
//!
//! It lists, looks up, deactivates, has groups, and changes several accounts in one transaction; it sends no
//! invitations. An account's id is the hint of its create, so that a repeated create finds its own work. E-mail and
//! reference are unique within a tenant. An attribute that was cleared is shown as empty, one that was never set is
//! unseen. An account's version is a number that each write raises.

mod write;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;

use super::{Class, Error, NewAccount, Origin, Page, Patch, Target};
use crate::{
    account::{Abilities, Account, AccountId, ExternalId, TargetIdentity},
    clock::Clock,
    connection::TenantId,
    employee::Canonical,
    store::{self, DirectoryStore},
};

/// The built-in directory of one tenant.
pub struct DirectoryTarget {
    tenant: TenantId,
    store: Arc<dyn DirectoryStore>,
    clock: Arc<dyn Clock>,
    writes: AtomicU64,
}

impl DirectoryTarget {
    /// The directory of a tenant, kept in `store`, with the clock for its history.
    pub fn new(tenant: TenantId, store: Arc<dyn DirectoryStore>, clock: Arc<dyn Clock>) -> Self {
        Self {
            tenant,
            store,
            clock,
            writes: AtomicU64::new(0),
        }
    }
}

impl fmt::Debug for DirectoryTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DirectoryTarget")
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Target for DirectoryTarget {
    fn identity(&self) -> TargetIdentity {
        TargetIdentity::new("directory", self.tenant.as_str())
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            list: true,
            look_up: true,
            deactivate: true,
            invite: false,
            groups: true,
            logins: false,
            together: true,
        }
    }

    async fn list_accounts(&self, from: Option<&str>) -> Result<Page, Error> {
        let page = self.store.list_accounts(&self.tenant, from).await;
        let (accounts, next) = page.map_err(|error| unread("list accounts", error))?;
        Ok(Page { accounts, next })
    }

    async fn find_account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        let found = self.store.find_account(&self.tenant, id).await;
        found.map_err(|error| unread("find an account", error))
    }

    async fn find_by_external_id(&self, external_id: &ExternalId) -> Result<Option<Account>, Error> {
        let found = self.store.find_by_external_id(&self.tenant, external_id).await;
        found.map_err(|error| unread("find an account by reference", error))
    }

    async fn find_by_attribute(&self, attribute: Canonical, value: &str) -> Result<Vec<Account>, Error> {
        if attribute == Canonical::Email {
            let found = self.store.find_by_unique(&self.tenant, attribute, value).await;
            let found = found.map_err(|error| unread("find an account by e-mail", error))?;
            return Ok(found.into_iter().collect());
        }
        // Only e-mails are indexed; nothing that runs every night looks for anything else.
        let mut found = Vec::new();
        let mut from = None;
        loop {
            let page = self.list_accounts(from.as_deref()).await?;
            let matching = |account: &Account| account.value(attribute) == Some(value);
            found.extend(page.accounts.into_iter().filter(matching));
            match page.next {
                Some(next) => from = Some(next),
                None => return Ok(found),
            }
        }
    }

    async fn create(&self, id_hint: &AccountId, account: &NewAccount) -> Result<Account, Error> {
        self.write_new(id_hint, account).await
    }

    async fn update(&self, patches: &[Patch]) -> Result<Vec<Account>, Error> {
        self.write_patches(patches).await
    }

    async fn invite(&self, _id: &AccountId, _origin: &Origin) -> Result<(), Error> {
        Err(Error::new(
            Class::Unsupported,
            "invite a person",
            "the directory sends no invitations",
        ))
    }

    fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }
}

/// A failed read: nothing was done.
fn unread(operation: &'static str, error: store::Error) -> Error {
    let (class, detail) = match &error {
        store::Error::Corrupt { .. } => (Class::Refused, "what is stored cannot be read"),
        store::Error::Gone { .. } => (Class::Gone, "the account was deleted meanwhile"),
        store::Error::Refused { .. } => (Class::Refused, "the directory keeps no account that large"),
        store::Error::Unavailable { .. } => (Class::Temporary, "the directory's store does not answer"),
    };
    Error::new(class, operation, detail).because(error)
}
