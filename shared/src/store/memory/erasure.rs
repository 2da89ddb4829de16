//! Erasing in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{MemoryStore, directory::Directory, lock};
use crate::{
    account::{AccountId, TargetIdentity},
    connection::{Connection, ConnectionId, TenantId},
    employee::EmployeeId,
    plan::PlanId,
    store::{Erased, ErasureStore, Error, Tombstone, size},
};

pub(super) type Tombstones = BTreeMap<(TenantId, Option<String>), Tombstone>;

#[async_trait]
impl ErasureStore for MemoryStore {
    async fn put_tombstone(&self, tenant: &TenantId, tombstone: &Tombstone) -> Result<(), Error> {
        size::fits("write a tombstone", size::tombstone(tenant, tombstone))?;
        self.wrote(1);
        let key = (tenant.clone(), tombstone.person.clone());
        lock(&self.tombstones).insert(key, tombstone.clone());
        Ok(())
    }

    async fn list_tombstones(&self, tenant: &TenantId) -> Result<Vec<Tombstone>, Error> {
        let kept = lock(&self.tombstones);
        let own = kept.iter().filter(|((of, _), _)| of == tenant);
        let found: Vec<_> = own.map(|(_, tombstone)| tombstone.clone()).collect();
        self.read(found.len());
        Ok(found)
    }

    async fn delete_tombstone(&self, tenant: &TenantId, person: Option<&str>) -> Result<(), Error> {
        self.wrote(1);
        let key = (tenant.clone(), person.map(str::to_owned));
        lock(&self.tombstones).remove(&key);
        Ok(())
    }

    async fn list_plans(&self, connection: &ConnectionId) -> Result<Vec<PlanId>, Error> {
        let found = lock(&self.plans).of(connection);
        self.read(found.len());
        Ok(found)
    }

    async fn count_kept(&self, connection: &ConnectionId) -> Result<Erased, Error> {
        let (connections, decisions) = lock(&self.connections).counts(connection);
        let kept = Erased {
            connections,
            decisions,
            links: lock(&self.links).count(connection),
            plans: lock(&self.plans).of(connection).len() as u64,
            rosters: lock(&self.rosters).count(connection),
            runs: lock(&self.runs).count(connection),
            ..Erased::default()
        };
        self.read(1);
        Ok(kept)
    }

    async fn count_directory(&self, tenant: &TenantId) -> Result<(u64, u64), Error> {
        self.read(1);
        let kept = lock(&self.directories);
        Ok(kept.get(tenant).map_or((0, 0), Directory::counts))
    }

    async fn erase_rosters(&self, connection: &ConnectionId) -> Result<u64, Error> {
        Ok(self.erased(lock(&self.rosters).erase(connection)))
    }

    async fn erase_plans(&self, connection: &ConnectionId) -> Result<u64, Error> {
        Ok(self.erased(lock(&self.plans).erase(connection)))
    }

    async fn erase_runs(&self, connection: &ConnectionId) -> Result<u64, Error> {
        Ok(self.erased(lock(&self.runs).erase(connection)))
    }

    async fn erase_links(&self, connection: &ConnectionId, target: &TargetIdentity) -> Result<u64, Error> {
        Ok(self.erased(lock(&self.links).erase(connection, target)))
    }

    async fn delete_decision(&self, connection: &ConnectionId, employee: &EmployeeId) -> Result<bool, Error> {
        let is_there = lock(&self.connections).erase_decision(connection, employee);
        self.wrote(usize::from(is_there));
        Ok(is_there)
    }

    async fn erase_connection(&self, connection: &Connection) -> Result<(), Error> {
        lock(&self.rosters).forget(&connection.id);
        let is_there = lock(&self.connections).erase(&connection.id);
        lock(&self.leases).remove(&connection.id);
        lock(&self.tickets).erase_if(|ticket| ticket.connection == connection.id);
        self.wrote(usize::from(is_there));
        Ok(())
    }

    async fn erase_leavings(&self, connection: &ConnectionId) -> Result<(), Error> {
        lock(&self.leases).remove(connection);
        lock(&self.rosters).forget(connection);
        let runs = lock(&self.runs).erase(connection);
        self.erased(runs + 1);
        Ok(())
    }

    async fn erase_account(&self, tenant: &TenantId, account: &AccountId) -> Result<Option<u64>, Error> {
        let mut kept = lock(&self.directories);
        let erased = kept.get_mut(tenant).and_then(|directory| directory.erase(account));
        self.wrote(usize::from(erased.is_some()));
        Ok(erased)
    }

    async fn erase_directory(&self, tenant: &TenantId) -> Result<(), Error> {
        let directory = lock(&self.directories).remove(tenant);
        self.erased(directory.map_or(0, |directory| directory.counts().0));
        Ok(())
    }
}

impl MemoryStore {
    fn erased(&self, items: u64) -> u64 {
        self.wrote(usize::try_from(items).unwrap_or(usize::MAX));
        items
    }
}
