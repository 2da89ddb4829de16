//! The built-in directory's records in memory.

use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Unbounded},
};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    account::{Account, AccountId, ExternalId},
    connection::TenantId,
    employee::Canonical,
    store::{
        AccountWrite, AuditEntry, DirectoryStore, Error, HistoryEntry, Placed, Written, size,
        unique::{Handover, Refusal, Unique, compared, handovers},
    },
};

/// Accounts of one page.
const PAGE: usize = 2000;

/// About how many bytes of attributes the accounts of one page have, whatever each weighs (R47).
const MOST_PAGE_BYTES: usize = 4 * 1024 * 1024;

pub(super) type Directories = BTreeMap<TenantId, Directory>;

#[derive(Default)]
pub(super) struct Directory {
    accounts: BTreeMap<AccountId, Account>,
    holders: BTreeMap<(Unique, Box<str>), AccountId>,
    history: BTreeMap<AccountId, Vec<HistoryEntry>>,
}

impl Directory {
    /// Deletes an account. Returns how long its history was.
    pub(super) fn erase(&mut self, id: &AccountId) -> Option<u64> {
        self.accounts.remove(id)?;
        self.holders.retain(|_, holder| holder != id);
        let history = self.history.remove(id).unwrap_or_default();
        Some(history.len() as u64)
    }

    /// How many accounts and entries of history there are.
    pub(super) fn counts(&self) -> (u64, u64) {
        let history: usize = self.history.values().map(Vec::len).sum();
        (self.accounts.len() as u64, history as u64)
    }

    fn holder(&self, unique: Unique, value: &str) -> Option<&Account> {
        let key = (unique, compared(unique, value).into());
        self.accounts.get(self.holders.get(&key)?)
    }

    /// Whether each account is as it was read.
    fn is_unchanged(&self, writes: &[AccountWrite]) -> bool {
        writes.iter().all(|write| {
            let stored = self.accounts.get(&write.account.id).map(|account| &account.version);
            stored == write.before.as_ref().map(|before| &before.version)
        })
    }

    /// Whether each value is held by whom it is taken from, or by nobody.
    fn is_free(&self, handovers: &[Handover<'_>]) -> bool {
        handovers.iter().all(|handover| {
            let holder = self.holders.get(&(handover.unique, handover.value.as_ref().into()));
            holder.is_none() || holder == handover.from || holder == handover.to
        })
    }

    fn write(&mut self, write: &AccountWrite) -> Account {
        let id = &write.account.id;
        let version = write.before.as_ref().map_or(1, next_version);
        let account = Account {
            version: Some(version.to_string().into()),
            ..write.account.clone()
        };
        self.accounts.insert(id.clone(), account.clone());
        self.history
            .entry(id.clone())
            .or_default()
            .push(HistoryEntry::of(write));
        account
    }
}

fn next_version(account: &Account) -> u64 {
    let version = account
        .version
        .as_deref()
        .and_then(|version| version.parse::<u64>().ok());
    version.unwrap_or(0) + 1
}

#[async_trait]
impl DirectoryStore for MemoryStore {
    async fn list_accounts(
        &self,
        tenant: &TenantId,
        from: Option<&str>,
    ) -> Result<(Vec<Account>, Option<String>), Error> {
        let from = from.map(AccountId::parse).transpose().map_err(|_| Error::Corrupt {
            operation: "list accounts",
            detail: "where a page begins is the id of an account".to_owned(),
        })?;
        let kept = lock(&self.directories);
        let Some(directory) = kept.get(tenant) else {
            self.read(0);
            return Ok((Vec::new(), None));
        };
        let start = from.as_ref().map_or(Unbounded, Excluded);
        let mut rest = directory.accounts.range((start, Unbounded)).map(|(_, account)| account);
        let (mut page, mut bytes): (Vec<Account>, _) = (Vec::new(), 0);
        while page.len() < PAGE && bytes < MOST_PAGE_BYTES {
            let Some(account) = rest.next() else { break };
            bytes += account.attributes.as_packed().len();
            page.push(account.clone());
        }
        let next = rest
            .next()
            .and(page.last())
            .map(|account| account.id.as_str().to_owned());
        self.read(page.len());
        Ok((page, next))
    }

    async fn find_account(&self, tenant: &TenantId, id: &AccountId) -> Result<Option<Account>, Error> {
        self.read(1);
        let kept = lock(&self.directories);
        Ok(kept
            .get(tenant)
            .and_then(|directory| directory.accounts.get(id))
            .cloned())
    }

    async fn find_by_external_id(&self, tenant: &TenantId, external_id: &ExternalId) -> Result<Option<Account>, Error> {
        self.read(2);
        let kept = lock(&self.directories);
        Ok(kept
            .get(tenant)
            .and_then(|directory| directory.holder(Unique::Reference, external_id.as_str()))
            .cloned())
    }

    async fn find_by_unique(
        &self,
        tenant: &TenantId,
        attribute: Canonical,
        value: &str,
    ) -> Result<Option<Account>, Error> {
        self.read(2);
        if attribute != Canonical::Email {
            return Ok(None);
        }
        let kept = lock(&self.directories);
        Ok(kept
            .get(tenant)
            .and_then(|directory| directory.holder(Unique::Email, value))
            .cloned())
    }

    async fn put_accounts(
        &self,
        tenant: &TenantId,
        writes: &[AccountWrite],
        entry: Option<&AuditEntry>,
    ) -> Result<Written, Error> {
        let handovers = match handovers(writes) {
            Ok(handovers) => handovers,
            Err(Refusal::Taken) => return Ok(Written::Taken),
            Err(Refusal::TooLarge) => return Ok(Written::TooLarge),
            Err(Refusal::TooMany) => return Ok(Written::TooMany),
        };
        let items = writes
            .iter()
            .map(|write| size::account(tenant, write, write.before.as_ref().map_or(1, next_version)));
        size::fit("write accounts", &items.flatten().collect::<Vec<_>>())?;
        let mut kept = lock(&self.directories);
        let directory = kept.entry(tenant.clone()).or_default();
        let is_erased = || lock(&self.tombstones).contains_key(&(tenant.clone(), None));
        if !directory.is_unchanged(writes) || entry.is_some() && is_erased() {
            return Ok(Written::Changed);
        }
        if !directory.is_free(&handovers) {
            return Ok(Written::Taken);
        }
        self.wrote(2 * writes.len() + handovers.len() + usize::from(entry.is_some()));
        if let Some(entry) = entry {
            lock(&self.door).append(entry);
        }
        for handover in handovers {
            let key = (handover.unique, handover.value.as_ref().into());
            match handover.to {
                Some(to) => directory.holders.insert(key, to.clone()),
                None => directory.holders.remove(&key),
            };
        }
        Ok(Written::Done(
            writes.iter().map(|write| directory.write(write)).collect(),
        ))
    }

    async fn erase_history(&self, tenant: &TenantId, id: &AccountId) -> Result<u64, Error> {
        let mut kept = lock(&self.directories);
        let history = kept.get_mut(tenant).and_then(|directory| directory.history.remove(id));
        let entries = history.unwrap_or_default().len();
        self.wrote(entries);
        Ok(entries as u64)
    }

    async fn list_history(
        &self,
        tenant: &TenantId,
        id: &AccountId,
        now: Timestamp,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Placed<HistoryEntry>>, Error> {
        let kept = lock(&self.directories);
        let entries = kept.get(tenant).and_then(|directory| directory.history.get(id));
        let placed = entries.into_iter().flatten().enumerate().map(|(number, entry)| Placed {
            place: format!("{:020}#{:010}", entry.at.as_nanosecond().max(0), number + 1),
            record: entry.clone(),
        });
        let mut found: Vec<_> = placed
            .filter(|entry| entry.record.expires_at() > now)
            .filter(|entry| after.is_none_or(|after| entry.place.as_str() < after))
            .collect();
        found.sort_by(|left, right| right.place.cmp(&left.place));
        found.truncate(limit as usize);
        self.read(found.len());
        Ok(found)
    }
}
