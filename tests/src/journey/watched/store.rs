//! A store with a watch. Links of one batch are written one by one, as a batch that was cut short would leave them.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rollcall::{
    account::{AccountId, TargetIdentity},
    connection::{Configuration, Connection, ConnectionId, DecisionRecord, TenantId},
    employee::EmployeeId,
    plan::{Finding, Link, PlanId, Status},
    store::{
        ActStore, Acted, Approval, Claim, ConnectionStore, Error, Lease, LeaseStore, LinkStore, Meter, NewPlan,
        PlanRecord, PlanStore, RunId, RunKind, RunRecord, RunStore, SlotStore, Slots, Stop, Store, Versioned, Write,
    },
};

use super::{
    super::{Place, Watch},
    Refused, read, write,
};

/// A store with a watch.
pub struct WatchedStore {
    /// The store behind it.
    pub inner: Arc<dyn Store>,
    /// The watch that is asked.
    pub watch: Arc<dyn Watch>,
}

/// Returns the error that the store gives for a call that the watch did not let pass.
pub(super) fn unavailable(operation: &'static str) -> impl Fn() -> Error {
    move || Error::Unavailable {
        operation,
        source: Box::new(Refused),
    }
}

impl WatchedStore {
    pub(super) async fn write<T: Send>(
        &self,
        place: Place,
        name: &'static str,
        call: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Error> {
        write(self.watch.as_ref(), place, unavailable(name), call).await
    }

    pub(super) async fn read<T: Send>(
        &self,
        name: &'static str,
        call: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Error> {
        read(self.watch.as_ref(), Place::Store(name), unavailable(name), call).await
    }
}

macro_rules! write {
    ($self:ident, $name:literal, $call:expr) => {
        $self.write(Place::Store($name), $name, $call).await
    };
}

#[async_trait]
impl ActStore for WatchedStore {
    /// Writes an act as one write. The place is named after the act's first write that is more than a condition.
    async fn act(&self, writes: &[Write<'_>]) -> Result<Acted, Error> {
        let is_condition = |write: &&Write<'_>| matches!(write, Write::NotErased(_) | Write::Once { .. });
        let name = writes
            .iter()
            .find(|write| !is_condition(write))
            .map_or("act", Write::name);
        self.write(Place::Store(name), name, self.inner.act(writes)).await
    }

    async fn find_done(&self, id: &str, now: Timestamp) -> Result<Option<String>, Error> {
        self.read("find_done", self.inner.find_done(id, now)).await
    }
}

#[async_trait]
impl ConnectionStore for WatchedStore {
    async fn find_connection(&self, id: &ConnectionId) -> Result<Option<Versioned<Connection>>, Error> {
        self.read("find_connection", self.inner.find_connection(id)).await
    }

    async fn put_connection(&self, connection: &Connection, revision: Option<u64>) -> Result<bool, Error> {
        write!(self, "put_connection", self.inner.put_connection(connection, revision))
    }

    async fn list_connections(&self, tenant: &TenantId) -> Result<Vec<Connection>, Error> {
        self.read("list_connections", self.inner.list_connections(tenant)).await
    }

    async fn list_connection_ids(&self, after: Option<&ConnectionId>, limit: u32) -> Result<Vec<ConnectionId>, Error> {
        self.read("list_connection_ids", self.inner.list_connection_ids(after, limit))
            .await
    }

    async fn list_writers(&self, target: &TargetIdentity) -> Result<Vec<ConnectionId>, Error> {
        self.read("list_writers", self.inner.list_writers(target)).await
    }

    async fn find_configuration(&self, id: &ConnectionId, version: u64) -> Result<Option<Configuration>, Error> {
        self.read("find_configuration", self.inner.find_configuration(id, version))
            .await
    }

    async fn put_configuration(&self, id: &ConnectionId, configuration: &Configuration) -> Result<bool, Error> {
        write!(
            self,
            "put_configuration",
            self.inner.put_configuration(id, configuration)
        )
    }

    async fn list_decisions(&self, id: &ConnectionId) -> Result<Vec<DecisionRecord>, Error> {
        self.read("list_decisions", self.inner.list_decisions(id)).await
    }

    async fn is_stopped(&self, tenant: &TenantId) -> Result<bool, Error> {
        self.read("is_stopped", self.inner.is_stopped(tenant)).await
    }

    async fn find_stops(&self, tenant: &TenantId) -> Result<Vec<Stop>, Error> {
        self.read("find_stops", self.inner.find_stops(tenant)).await
    }

    async fn list_stops(&self, after: Option<&str>, limit: u32) -> Result<(Vec<Stop>, Option<String>), Error> {
        self.read("list_stops", self.inner.list_stops(after, limit)).await
    }
}

#[async_trait]
impl LeaseStore for WatchedStore {
    async fn acquire_lease(
        &self,
        connection: &ConnectionId,
        holder: &RunId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, Error> {
        write!(
            self,
            "acquire_lease",
            self.inner.acquire_lease(connection, holder, now, until)
        )
    }

    async fn renew_lease(&self, lease: &Lease, until: Timestamp) -> Result<Option<Lease>, Error> {
        write!(self, "renew_lease", self.inner.renew_lease(lease, until))
    }

    async fn release_lease(&self, lease: &Lease) -> Result<(), Error> {
        write!(self, "release_lease", self.inner.release_lease(lease))
    }
}

#[async_trait]
impl SlotStore for WatchedStore {
    async fn find_slots(&self, kind: RunKind, group: u32) -> Result<Option<Versioned<Slots>>, Error> {
        self.read("find_slots", self.inner.find_slots(kind, group)).await
    }

    async fn put_slots(&self, kind: RunKind, group: u32, slots: &Slots, revision: Option<u64>) -> Result<bool, Error> {
        write!(self, "put_slots", self.inner.put_slots(kind, group, slots, revision))
    }
}

#[async_trait]
impl PlanStore for WatchedStore {
    async fn put_plan(&self, plan: &NewPlan<'_>, replaces: Option<&PlanId>) -> Result<bool, Error> {
        write!(self, "put_plan", self.inner.put_plan(plan, replaces))
    }

    async fn find_open_plan(&self, connection: &ConnectionId, now: Timestamp) -> Result<Option<PlanRecord>, Error> {
        self.read("find_open_plan", self.inner.find_open_plan(connection, now))
            .await
    }

    async fn find_plan(&self, id: &PlanId, now: Timestamp) -> Result<Option<PlanRecord>, Error> {
        self.read("find_plan", self.inner.find_plan(id, now)).await
    }

    async fn find_lines(&self, plan: &PlanRecord, chunk: u32) -> Result<Option<Vec<u8>>, Error> {
        self.read("find_lines", self.inner.find_lines(plan, chunk)).await
    }

    async fn find_findings(&self, plan: &PlanRecord, chunk: u32) -> Result<Option<Vec<Finding>>, Error> {
        self.read("find_findings", self.inner.find_findings(plan, chunk)).await
    }

    async fn change_plan(
        &self,
        id: &PlanId,
        from: &[Status],
        to: Status,
        approval: Option<&Approval>,
    ) -> Result<bool, Error> {
        write!(self, "change_plan", self.inner.change_plan(id, from, to, approval))
    }
}

#[async_trait]
impl LinkStore for WatchedStore {
    async fn list_links(&self, connection: &ConnectionId) -> Result<Vec<Link>, Error> {
        self.read("list_links", self.inner.list_links(connection)).await
    }

    async fn find_link(&self, connection: &ConnectionId, employee: &EmployeeId) -> Result<Option<Link>, Error> {
        self.read("find_link", self.inner.find_link(connection, employee)).await
    }

    async fn put_links(&self, connection: &ConnectionId, links: &[Link]) -> Result<(), Error> {
        let name = "put_links";
        let place = if links.len() == 1 {
            Place::Store(name)
        } else {
            Place::Batch(name)
        };
        for link in links {
            let put = self.inner.put_links(connection, std::slice::from_ref(link));
            self.write(place, name, put).await?;
        }
        Ok(())
    }

    async fn claim_link(
        &self,
        connection: &ConnectionId,
        target: &TargetIdentity,
        link: &Link,
        former: Option<&EmployeeId>,
    ) -> Result<bool, Error> {
        write!(
            self,
            "claim_link",
            self.inner.claim_link(connection, target, link, former)
        )
    }

    async fn move_link(
        &self,
        from: &ConnectionId,
        to: &ConnectionId,
        target: &TargetIdentity,
        link: &Link,
    ) -> Result<bool, Error> {
        write!(self, "move_link", self.inner.move_link(from, to, target, link))
    }

    async fn delete_link(&self, connection: &ConnectionId, target: &TargetIdentity, link: &Link) -> Result<(), Error> {
        write!(self, "delete_link", self.inner.delete_link(connection, target, link))
    }

    async fn find_claim(&self, target: &TargetIdentity, account: &AccountId) -> Result<Option<Claim>, Error> {
        self.read("find_claim", self.inner.find_claim(target, account)).await
    }
}

#[async_trait]
impl RunStore for WatchedStore {
    async fn create_run(&self, run: &RunRecord) -> Result<bool, Error> {
        write!(self, "create_run", self.inner.create_run(run))
    }

    async fn change_run(&self, was: &RunRecord, run: &RunRecord) -> Result<bool, Error> {
        write!(self, "change_run", self.inner.change_run(was, run))
    }

    async fn put_run(&self, run: &RunRecord, fence: u64) -> Result<bool, Error> {
        write!(self, "put_run", self.inner.put_run(run, fence))
    }

    async fn find_run(&self, id: &RunId) -> Result<Option<RunRecord>, Error> {
        self.read("find_run", self.inner.find_run(id)).await
    }

    async fn list_runs(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, Error> {
        self.read("list_runs", self.inner.list_runs(connection, after, limit))
            .await
    }

    async fn list_runs_naming_people(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        limit: u32,
    ) -> Result<Vec<RunRecord>, Error> {
        let list = self.inner.list_runs_naming_people(connection, after, limit);
        self.read("list_runs_naming_people", list).await
    }

    async fn list_unended_runs(
        &self,
        connection: &ConnectionId,
        after: Option<(Timestamp, &RunId)>,
        before: Timestamp,
    ) -> Result<Vec<RunRecord>, Error> {
        let list = self.inner.list_unended_runs(connection, after, before);
        self.read("list_unended_runs", list).await
    }
}

impl Meter for WatchedStore {
    fn writes(&self) -> u64 {
        self.inner.writes()
    }

    fn reads(&self) -> u64 {
        self.inner.reads()
    }
}
