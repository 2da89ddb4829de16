//! A witness of what the product does at a target: which accounts a process was shown, and what was written by which plan.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use acceptance::journey::{Trouble, WatchedDirectory, WatchedTarget};
use async_trait::async_trait;
use rollcall::{
    account::{Abilities, Account, AccountId, AccountsBuilder, ExternalId, Learned, Origin, TargetIdentity},
    connection::{Connection, ConnectionSecret, TargetChoice, TenantId},
    employee::{Attributes, Canonical},
    run::{Clock, Targets},
    store::memory::MemoryStore,
    target::{Class, Error, NewAccount, Page, Patch, Refusal, Target, directory::DirectoryTarget},
};

use super::Shelf;
use crate::fate::Fate;

/// One write that was done.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) plan: String,
    pub(crate) run: String,
    /// `None` where the account was made.
    pub(crate) account: Option<AccountId>,
    pub(crate) reference: Option<ExternalId>,
    pub(crate) attributes: Attributes,
    pub(crate) active: Option<bool>,
}

/// What the witness has seen.
#[derive(Default)]
pub(crate) struct Witness {
    /// The accounts that each process was shown last.
    pub(crate) listed: BTreeMap<u64, Vec<Account>>,
    /// Writes since the last look.
    pub(crate) written: Vec<Written>,
}

/// Opens the targets.
pub(crate) struct Opener {
    pub(crate) fate: Arc<Fate>,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) shelves: Vec<Arc<Shelf>>,
    pub(crate) witness: Arc<Mutex<Witness>>,
}

impl Opener {
    fn directory(&self, tenant: &TenantId) -> Arc<dyn Target> {
        let records = WatchedDirectory {
            inner: Arc::clone(&self.store) as _,
            watch: Arc::clone(&self.fate) as _,
        };
        let clock = Arc::clone(&self.fate) as Arc<dyn Clock>;
        Arc::new(DirectoryTarget::new(tenant.clone(), Arc::new(records), clock))
    }

    fn server(&self, address: &str) -> Option<Arc<dyn Target>> {
        let found = self.shelves.iter().find(|shelf| shelf.address == address)?;
        Some(Arc::new(WatchedTarget {
            inner: Arc::clone(found) as _,
            watch: Arc::clone(&self.fate) as _,
            trouble: Trouble::default(),
        }))
    }
}

impl Targets for Opener {
    fn open(&self, connection: &Connection, _secret: &ConnectionSecret) -> Result<Arc<dyn Target>, Error> {
        let inner = match &connection.target {
            TargetChoice::Directory => self.directory(&connection.tenant),
            TargetChoice::Scim(server) => self
                .server(&server.base_url)
                .ok_or_else(|| Error::new(Class::Refused, "open", "no such server"))?,
        };
        Ok(Arc::new(Witnessed {
            inner,
            fate: Arc::clone(&self.fate),
            witness: Arc::clone(&self.witness),
        }))
    }
}

struct Witnessed {
    inner: Arc<dyn Target>,
    fate: Arc<Fate>,
    witness: Arc<Mutex<Witness>>,
}

impl Witnessed {
    fn witness(&self) -> MutexGuard<'_, Witness> {
        self.witness.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, origin: &Origin, written: impl FnOnce(String, String) -> Written) {
        if let Origin::Plan { plan, run } = origin {
            let written = written(plan.clone(), run.clone());
            self.witness().written.push(written);
        }
    }
}

#[async_trait]
impl Target for Witnessed {
    fn identity(&self) -> TargetIdentity {
        self.inner.identity()
    }

    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    fn recall(&self, learned: Learned) {
        self.inner.recall(learned);
    }

    fn learned(&self) -> Learned {
        self.inner.learned()
    }

    async fn finds_each(&self) -> Result<bool, Error> {
        self.inner.finds_each().await
    }

    fn take_refusals(&self, id: &AccountId) -> Vec<Refusal> {
        self.inner.take_refusals(id)
    }

    async fn list_accounts(&self, from: Option<&str>) -> Result<Page, Error> {
        let process = self.fate.current();
        let page = self.inner.list_accounts(from).await?;
        let mut witness = self.witness();
        let listed = witness.listed.entry(process).or_default();
        if from.is_none() {
            listed.clear();
        }
        listed.extend(page.accounts.iter().cloned());
        Ok(page)
    }

    async fn resume_list(&self, from: &str, listed: &AccountsBuilder) -> Result<(), Error> {
        self.inner.resume_list(from, listed).await?;
        // What other processes were shown of this list, this one knows.
        let shown = listed.clone().finish();
        let shown = shown.iter().map(|account| Account {
            id: account.to_id(),
            external_id: account.external_id.and_then(ExternalId::from_target),
            active: account.active,
            attributes: Attributes::from_packed(account.attributes.as_packed()).unwrap_or_default(),
            login: None,
            addresses: Box::default(),
            version: None,
        });
        self.witness().listed.insert(self.fate.current(), shown.collect());
        Ok(())
    }

    async fn find_account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        self.inner.find_account(id).await
    }

    async fn find_by_external_id(&self, external_id: &ExternalId) -> Result<Option<Account>, Error> {
        self.inner.find_by_external_id(external_id).await
    }

    async fn find_by_attribute(&self, attribute: Canonical, value: &str) -> Result<Vec<Account>, Error> {
        self.inner.find_by_attribute(attribute, value).await
    }

    async fn find_by_key(&self, attribute: Canonical, value: &str) -> Result<Option<Vec<Account>>, Error> {
        self.inner.find_by_key(attribute, value).await
    }

    async fn create(&self, id_hint: &AccountId, new: &NewAccount) -> Result<Account, Error> {
        // A create that was asked for counts as done: its answer may be lost.
        self.note(&new.origin, |plan, run| Written {
            plan,
            run,
            account: None,
            reference: Some(new.external_id.clone()),
            attributes: new.attributes.clone(),
            active: None,
        });
        self.inner.create(id_hint, new).await
    }

    async fn update(&self, patches: &[Patch]) -> Result<Vec<Account>, Error> {
        for patch in patches {
            self.note(&patch.origin, |plan, run| Written {
                plan,
                run,
                account: Some(patch.id.clone()),
                reference: patch.external_id.clone(),
                attributes: patch.attributes.clone(),
                active: patch.active,
            });
        }
        self.inner.update(patches).await
    }

    async fn invite(&self, id: &AccountId, origin: &Origin) -> Result<(), Error> {
        self.inner.invite(id, origin).await
    }

    fn writes(&self) -> u64 {
        self.inner.writes()
    }
}
