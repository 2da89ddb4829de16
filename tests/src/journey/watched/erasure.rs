//! Erasing in a store with a watch.

use async_trait::async_trait;
use rollcall::{
    account::{AccountId, TargetIdentity},
    connection::{Connection, ConnectionId, TenantId},
    employee::EmployeeId,
    plan::PlanId,
    store::{Erased, ErasureStore, Error, Tombstone},
};

use super::{super::Place, store::WatchedStore};

#[async_trait]
impl ErasureStore for WatchedStore {
    async fn put_tombstone(&self, tenant: &TenantId, tombstone: &Tombstone) -> Result<(), Error> {
        let name = "put_tombstone";
        let erase = self.inner.put_tombstone(tenant, tombstone);
        self.write(Place::Store(name), name, erase).await
    }

    async fn list_tombstones(&self, tenant: &TenantId) -> Result<Vec<Tombstone>, Error> {
        self.read("list_tombstones", self.inner.list_tombstones(tenant)).await
    }

    async fn delete_tombstone(&self, tenant: &TenantId, person: Option<&str>) -> Result<(), Error> {
        let name = "delete_tombstone";
        let erase = self.inner.delete_tombstone(tenant, person);
        self.write(Place::Store(name), name, erase).await
    }

    async fn list_plans(&self, connection: &ConnectionId) -> Result<Vec<PlanId>, Error> {
        self.read("list_plans", self.inner.list_plans(connection)).await
    }

    async fn count_kept(&self, connection: &ConnectionId) -> Result<Erased, Error> {
        let count = self.inner.count_kept(connection);
        self.read("count_kept", count).await
    }

    async fn count_directory(&self, tenant: &TenantId) -> Result<(u64, u64), Error> {
        let count = self.inner.count_directory(tenant);
        self.read("count_directory", count).await
    }

    async fn erase_rosters(&self, connection: &ConnectionId) -> Result<u64, Error> {
        let name = "erase_rosters";
        let erase = self.inner.erase_rosters(connection);
        self.write(Place::Store(name), name, erase).await
    }

    async fn erase_plans(&self, connection: &ConnectionId) -> Result<u64, Error> {
        let name = "erase_plans";
        let erase = self.inner.erase_plans(connection);
        self.write(Place::Store(name), name, erase).await
    }

    async fn erase_runs(&self, connection: &ConnectionId) -> Result<u64, Error> {
        let name = "erase_runs";
        let erase = self.inner.erase_runs(connection);
        self.write(Place::Store(name), name, erase).await
    }

    async fn erase_links(&self, connection: &ConnectionId, target: &TargetIdentity) -> Result<u64, Error> {
        let name = "erase_links";
        let erase = self.inner.erase_links(connection, target);
        self.write(Place::Store(name), name, erase).await
    }

    async fn delete_decision(&self, connection: &ConnectionId, employee: &EmployeeId) -> Result<bool, Error> {
        let name = "delete_decision";
        let erase = self.inner.delete_decision(connection, employee);
        self.write(Place::Store(name), name, erase).await
    }

    async fn erase_connection(&self, connection: &Connection) -> Result<(), Error> {
        let name = "erase_connection";
        let erase = self.inner.erase_connection(connection);
        self.write(Place::Store(name), name, erase).await
    }

    async fn erase_leavings(&self, connection: &ConnectionId) -> Result<(), Error> {
        let name = "erase_leavings";
        let erase = self.inner.erase_leavings(connection);
        self.write(Place::Store(name), name, erase).await
    }

    async fn erase_account(&self, tenant: &TenantId, account: &AccountId) -> Result<Option<u64>, Error> {
        let name = "erase_account";
        let erase = self.inner.erase_account(tenant, account);
        self.write(Place::Store(name), name, erase).await
    }

    async fn erase_directory(&self, tenant: &TenantId) -> Result<(), Error> {
        let name = "erase_directory";
        let erase = self.inner.erase_directory(tenant);
        self.write(Place::Store(name), name, erase).await
    }
}
