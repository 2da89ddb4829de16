//! Writing to the directory: what an account is to be, and what the store's answer means.

use std::sync::atomic::Ordering;

use futures_util::future::try_join_all;

use super::{DirectoryTarget, unread};
use crate::{
    account::{Account, AccountId},
    employee::{Attributes, AttributesBuilder},
    store::{self, AccountWrite, Written},
    target::{Class, Error, NewAccount, Patch},
};

const CREATE: &str = "create an account";
const UPDATE: &str = "update accounts";

/// How often a write without a version is made again because another writer was faster.
const MOST_TRIES: u32 = 4;

impl DirectoryTarget {
    pub(super) async fn write_new(&self, id: &AccountId, new: &NewAccount) -> Result<Account, Error> {
        if new.invite {
            return Err(Error::new(
                Class::Unsupported,
                CREATE,
                "the directory sends no invitations",
            ));
        }
        let account = Account {
            id: id.clone(),
            external_id: Some(new.external_id.clone()),
            active: true,
            attributes: merge(&Attributes::default(), &new.attributes),
            login: None,
            addresses: Box::default(),
            version: None,
        };
        let write = AccountWrite {
            account,
            before: None,
            origin: new.origin.clone(),
            at: self.clock.now(),
        };
        match self.put(CREATE, &[write]).await? {
            Written::Done(accounts) => accounts
                .into_iter()
                .next()
                .ok_or_else(|| Error::new(Class::Unknown, CREATE, "the store answered without the account")),
            Written::Changed => self.find_own(id, new).await,
            Written::Taken => Err(Error::new(
                Class::Conflict,
                CREATE,
                "e-mail or reference belong to another account",
            )),
            Written::TooLarge => Err(too_large(CREATE)),
            Written::TooMany => Err(too_many(CREATE)),
        }
    }

    /// The account that an earlier delivery of the same create made.
    async fn find_own(&self, id: &AccountId, new: &NewAccount) -> Result<Account, Error> {
        let found = self.store.find_account(&self.tenant, id).await;
        let found = found.map_err(|error| unread(CREATE, error))?;
        found
            .filter(|account| account.external_id.as_ref() == Some(&new.external_id))
            .ok_or_else(|| Error::new(Class::Conflict, CREATE, "the id belongs to another account"))
    }

    pub(super) async fn write_patches(&self, patches: &[Patch]) -> Result<Vec<Account>, Error> {
        let mut ids: Vec<_> = patches.iter().map(|patch| &patch.id).collect();
        ids.sort();
        if ids.is_sorted_by(|left, right| left < right) {
            let is_bound = patches.iter().any(|patch| patch.version.is_some());
            let tries = if is_bound { 1 } else { MOST_TRIES };
            for _ in 0..tries {
                if let Some(accounts) = self.try_patches(patches).await? {
                    return Ok(accounts);
                }
            }
            Err(Error::new(
                Class::Changed,
                UPDATE,
                "the account was changed since it was read",
            ))
        } else {
            Err(Error::new(
                Class::Refused,
                UPDATE,
                "one account cannot be changed twice in one step",
            ))
        }
    }

    /// Reads, patches and writes. Returns `None` where another writer wrote in between.
    async fn try_patches(&self, patches: &[Patch]) -> Result<Option<Vec<Account>>, Error> {
        let before = try_join_all(patches.iter().map(|patch| self.load(patch))).await?;
        let mut accounts: Vec<Account> = patches
            .iter()
            .zip(&before)
            .map(|(patch, before)| patched(before, patch))
            .collect();
        let at = self.clock.now();
        let steps = patches.iter().zip(before).zip(&accounts);
        // What is as it should be is not written: a repeated update finds its own work.
        let writes: Vec<_> = steps
            .filter(|((_, before), after)| before != *after)
            .map(|((patch, before), after)| AccountWrite {
                account: after.clone(),
                before: Some(before),
                origin: patch.origin.clone(),
                at,
            })
            .collect();
        if writes.is_empty() {
            return Ok(Some(accounts));
        }
        for write in writes.iter().filter(|write| write.gives_to_another()) {
            // The history goes first: a process that dies in between leaves an account without a history, and none with
            // a stranger's.
            let cut = self.store.erase_history(&self.tenant, &write.account.id).await;
            cut.map_err(|error| unwritten(UPDATE, error))?;
        }
        match self.put(UPDATE, &writes).await? {
            Written::Changed => Ok(None),
            Written::Done(written) => {
                for account in &mut accounts {
                    if let Some(now) = written.iter().find(|now| now.id == account.id) {
                        *account = now.clone();
                    }
                }
                Ok(Some(accounts))
            }
            Written::Taken => Err(Error::new(
                Class::Conflict,
                UPDATE,
                "e-mail or reference belong to another account",
            )),
            Written::TooLarge => Err(too_large(UPDATE)),
            Written::TooMany => Err(too_many(UPDATE)),
        }
    }

    async fn load(&self, patch: &Patch) -> Result<Account, Error> {
        let found = self.store.find_account(&self.tenant, &patch.id).await;
        let account = found
            .map_err(|error| unread(UPDATE, error))?
            .ok_or_else(|| Error::new(Class::Gone, UPDATE, "the account is not there"))?;
        if patch.version.is_some() && patch.version != account.version {
            return Err(Error::new(
                Class::Changed,
                UPDATE,
                "the account was changed since it was read",
            ));
        }
        Ok(account)
    }

    async fn put(&self, operation: &'static str, writes: &[AccountWrite]) -> Result<Written, Error> {
        let written = self.store.put_accounts(&self.tenant, writes, None).await;
        let written = written.map_err(|error| unwritten(operation, error))?;
        if let Written::Done(accounts) = &written {
            self.writes.fetch_add(accounts.len() as u64, Ordering::Relaxed);
        }
        Ok(written)
    }
}

/// A failed write: unless it was refused, whether it was done is not known.
fn unwritten(operation: &'static str, error: store::Error) -> Error {
    match error {
        error @ (store::Error::Corrupt { .. } | store::Error::Gone { .. } | store::Error::Refused { .. }) => {
            unread(operation, error)
        }
        error @ store::Error::Unavailable { .. } => {
            Error::new(Class::Unknown, operation, "the directory's store did not answer").because(error)
        }
    }
}

fn too_large(operation: &'static str) -> Error {
    Error::new(
        Class::Refused,
        operation,
        "the account would have more attributes than the directory keeps",
    )
}

fn too_many(operation: &'static str) -> Error {
    Error::new(
        Class::Refused,
        operation,
        "so many accounts cannot be changed in one transaction",
    )
}

fn patched(before: &Account, patch: &Patch) -> Account {
    Account {
        id: before.id.clone(),
        external_id: patch.external_id.clone().or_else(|| before.external_id.clone()),
        active: patch.active.unwrap_or(before.active),
        attributes: merge(&before.attributes, &patch.attributes),
        login: None,
        addresses: Box::default(),
        version: before.version.clone(),
    }
}

/// The attributes with the seen ones of `newer` in place; what was not to be read is left out.
fn merge(attributes: &Attributes, newer: &Attributes) -> Attributes {
    let mut builder = AttributesBuilder::new();
    for entry in attributes.view().iter().chain(newer.view()) {
        if let Some(attribute) = entry.attribute.to_owned().filter(|_| entry.field.is_seen()) {
            builder.append(&attribute, entry.field);
        }
    }
    builder.build()
}
