//! Bugs that are planted behind the ports, as a careless product would have them: the simulator has to find each of them.

use std::sync::{Arc, Mutex, PoisonError};

use acceptance::journey::Place;
use rollcall::{
    account::{Account, Origin},
    connection::TenantId,
    store::{
        AccountWrite, ActStore as _, AuditEntry, AuditStore as _, ConnectionStore as _, DirectoryStore as _,
        LinkStore as _, Write, Written, memory::MemoryStore,
    },
};

use crate::{
    port::{Shelf, Vault},
    world::at_once,
};

/// A planted bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// Links are written without their claims on accounts (R04).
    NoClaim,
    /// Companies are connected without a note of the tenant that they belong to (R01).
    NoCompany,
    /// Secrets are not deleted (R42).
    KeptSecret,
    /// An account is made twice (R29).
    MadeTwice,
    /// A read that broke off is taken for a whole one (R05).
    WholeRead,
    /// Accounts of erased people are not deleted (R37).
    KeptAccount,
    /// An act stands in the audit twice (R43).
    DoubledAudit,
}

impl Bug {
    pub(crate) const ALL: [Self; 7] = [
        Self::NoClaim,
        Self::NoCompany,
        Self::KeptSecret,
        Self::MadeTwice,
        Self::WholeRead,
        Self::KeptAccount,
        Self::DoubledAudit,
    ];
}

/// A saboteur: a planted bug, with everything behind the ports that the bug reaches.
pub(crate) struct Saboteur {
    pub(crate) bug: Bug,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) shelves: Vec<Arc<Shelf>>,
    pub(crate) tenants: Vec<TenantId>,
    /// The directories before a deletion.
    before: Mutex<Vec<(TenantId, Account)>>,
}

impl Saboteur {
    pub(crate) fn new(
        bug: Bug,
        store: &Arc<MemoryStore>,
        vault: &Arc<Vault>,
        shelves: &[Arc<Shelf>],
        tenants: &[TenantId],
    ) -> Self {
        Self {
            bug,
            store: Arc::clone(store),
            vault: Arc::clone(vault),
            shelves: shelves.to_vec(),
            tenants: tenants.to_vec(),
            before: Mutex::default(),
        }
    }

    /// Before a write.
    pub(crate) fn before(&self, place: Place) {
        if self.bug == Bug::KeptAccount && place == Place::Store("erase_account") {
            let all = self.tenants.iter().flat_map(|tenant| {
                let (accounts, _) = at_once(self.store.list_accounts(tenant, None)).unwrap();
                accounts.into_iter().map(|account| (tenant.clone(), account))
            });
            *self.before.lock().unwrap_or_else(PoisonError::into_inner) = all.collect();
        }
    }

    /// After a write.
    pub(crate) fn after(&self, place: Place) {
        match (self.bug, place) {
            (Bug::NoClaim, Place::Store("claim_link")) => self.drop_claims(),
            (Bug::NoCompany, Place::Store("connection" | "put_connection")) => self.leave_companies(),
            (Bug::KeptSecret, Place::Secret("delete_secret")) => self.vault.restore(),
            (Bug::MadeTwice, Place::Target("create")) => self.make_twice(),
            (Bug::KeptAccount, Place::Store("erase_account")) => self.put_back(),
            (Bug::DoubledAudit, Place::Store("audit")) => self.double_audit(),
            _ => {}
        }
    }

    fn connections(&self) -> Vec<rollcall::connection::Connection> {
        let ids = at_once(self.store.list_connection_ids(None, 1_000)).unwrap();
        let found = ids
            .iter()
            .filter_map(|id| at_once(self.store.find_connection(id)).unwrap());
        found.map(|found| found.record).collect()
    }

    fn drop_claims(&self) {
        for connection in self.connections() {
            let identity = connection.target_identity();
            for link in at_once(self.store.list_links(&connection.id)).unwrap() {
                at_once(self.store.delete_link(&connection.id, &identity, &link)).unwrap();
                at_once(self.store.put_links(&connection.id, &[link])).unwrap();
            }
        }
    }

    fn leave_companies(&self) {
        for connection in self.connections() {
            if let Some(company) = &connection.company {
                let leave = Write::LeaveCompany {
                    connection: &connection,
                    company: &company.id,
                };
                at_once(self.store.act(&[leave])).unwrap();
            }
        }
    }

    fn double_audit(&self) {
        for tenant in &self.tenants {
            let (entries, _) = at_once(self.store.list_audit(Some(tenant), None, 1)).unwrap();
            let [last] = &entries[..] else { continue };
            let again = AuditEntry {
                id: format!("{}-again", last.id),
                ..last.clone()
            };
            at_once(self.store.act(&[Write::Audit(&again)])).unwrap();
        }
    }

    fn make_twice(&self) {
        for shelf in &self.shelves {
            let id = shelf.next_id();
            let mut accounts = shelf.accounts();
            let Some(last) = accounts.values().next_back().cloned() else {
                continue;
            };
            accounts.insert(id.clone(), Account { id, ..last });
        }
    }

    fn put_back(&self) {
        let before = std::mem::take(&mut *self.before.lock().unwrap_or_else(PoisonError::into_inner));
        for (tenant, account) in before {
            if at_once(self.store.find_account(&tenant, &account.id))
                .unwrap()
                .is_some()
            {
                continue;
            }
            let write = AccountWrite {
                account,
                before: None,
                origin: Origin::Person { by: "a bug".to_owned() },
                at: jiff::Timestamp::UNIX_EPOCH,
            };
            let written = at_once(self.store.put_accounts(&tenant, &[write], None)).unwrap();
            assert!(matches!(written, Written::Done(_)), "{written:?}");
        }
    }
}
