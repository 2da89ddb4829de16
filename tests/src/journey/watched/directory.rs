//! The built-in directory's records with a watch, as the HTTP door and erasing use them.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rollcall::{
    account::{Account, AccountId, ExternalId},
    connection::TenantId,
    employee::Canonical,
    store::{AccountWrite, AuditEntry, DirectoryStore, Error, HistoryEntry, Placed, Written},
};

use super::{
    super::{Place, Watch},
    read,
    store::unavailable,
    write,
};

/// The directory's records with a watch.
pub struct WatchedDirectory {
    /// The records behind it.
    pub inner: Arc<dyn DirectoryStore>,
    /// The watch that is asked.
    pub watch: Arc<dyn Watch>,
}

macro_rules! read {
    ($self:ident, $name:literal, $call:expr) => {
        read($self.watch.as_ref(), Place::Directory($name), unavailable($name), $call).await
    };
}

#[async_trait]
impl DirectoryStore for WatchedDirectory {
    async fn list_accounts(
        &self,
        tenant: &TenantId,
        from: Option<&str>,
    ) -> Result<(Vec<Account>, Option<String>), Error> {
        read!(self, "list_accounts", self.inner.list_accounts(tenant, from))
    }

    async fn find_account(&self, tenant: &TenantId, id: &AccountId) -> Result<Option<Account>, Error> {
        read!(self, "find_account", self.inner.find_account(tenant, id))
    }

    async fn find_by_external_id(&self, tenant: &TenantId, external_id: &ExternalId) -> Result<Option<Account>, Error> {
        let find = self.inner.find_by_external_id(tenant, external_id);
        read!(self, "find_by_external_id", find)
    }

    async fn find_by_unique(
        &self,
        tenant: &TenantId,
        attribute: Canonical,
        value: &str,
    ) -> Result<Option<Account>, Error> {
        let find = self.inner.find_by_unique(tenant, attribute, value);
        read!(self, "find_by_unique", find)
    }

    async fn put_accounts(
        &self,
        tenant: &TenantId,
        writes: &[AccountWrite],
        entry: Option<&AuditEntry>,
    ) -> Result<Written, Error> {
        let (name, put) = ("put_accounts", self.inner.put_accounts(tenant, writes, entry));
        write(self.watch.as_ref(), Place::Directory(name), unavailable(name), put).await
    }

    async fn erase_history(&self, tenant: &TenantId, id: &AccountId) -> Result<u64, Error> {
        let (name, erase) = ("erase_history", self.inner.erase_history(tenant, id));
        write(self.watch.as_ref(), Place::Directory(name), unavailable(name), erase).await
    }

    async fn list_history(
        &self,
        tenant: &TenantId,
        id: &AccountId,
        now: Timestamp,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Placed<HistoryEntry>>, Error> {
        let list = self.inner.list_history(tenant, id, now, after, limit);
        read!(self, "list_history", list)
    }
}
