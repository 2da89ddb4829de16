//! The ports with a watch before each write. Reads pass. Links of one batch are written one by one, as a batch that was
//! cut short would leave them.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rollcall::{
    account::{Abilities, Account, AccountId, ExternalId, TargetIdentity},
    connection::{Configuration, Connection, ConnectionId, DecisionRecord, TenantId},
    employee::{Canonical, EmployeeId},
    plan::{Finding, Link, PlanId, Status},
    queue::{self, Queue, QueueName},
    roster::Roster,
    store::{
        Approval, Claim, ConnectionStore, Error, Lease, LeaseStore, LinkStore, Meter, NewPlan, PlanRecord, PlanStore,
        RosterId, RosterStore, RunId, RunRecord, RunStore, Store, SyncState, Versioned,
    },
    target::{self, NewAccount, Origin, Page, Patch, Target},
};

use super::{Place, Verdict, Watch};

/// A store with a watch.
pub struct WatchedStore {
    /// The store behind it.
    pub inner: Arc<dyn Store>,
    /// Who is asked.
    pub watch: Arc<dyn Watch>,
}

#[derive(Debug, thiserror::Error)]
#[error("the watch said no")]
struct Refused;

const fn unavailable(operation: &'static str, source: Box<Refused>) -> Error {
    Error::Unavailable { operation, source }
}

macro_rules! write {
    ($self:ident, $name:literal, $call:expr) => {{
        match $self.watch.before(Place::Store($name)).await {
            Verdict::Go => $call.await,
            Verdict::Fail => Err(unavailable($name, Box::new(Refused))),
            Verdict::LoseReply => {
                $call.await?;
                Err(unavailable($name, Box::new(Refused)))
            }
        }
    }};
}

#[async_trait]
impl ConnectionStore for WatchedStore {
    async fn find_connection(&self, id: &ConnectionId) -> Result<Option<Versioned<Connection>>, Error> {
        self.inner.find_connection(id).await
    }

    async fn put_connection(&self, connection: &Connection, revision: Option<u64>) -> Result<bool, Error> {
        write!(self, "put_connection", self.inner.put_connection(connection, revision))
    }

    async fn list_connections(&self, tenant: &TenantId) -> Result<Vec<Connection>, Error> {
        self.inner.list_connections(tenant).await
    }

    async fn find_configuration(&self, id: &ConnectionId, version: u64) -> Result<Option<Configuration>, Error> {
        self.inner.find_configuration(id, version).await
    }

    async fn put_configuration(&self, id: &ConnectionId, configuration: &Configuration) -> Result<bool, Error> {
        write!(
            self,
            "put_configuration",
            self.inner.put_configuration(id, configuration)
        )
    }

    async fn list_decisions(&self, id: &ConnectionId) -> Result<Vec<DecisionRecord>, Error> {
        self.inner.list_decisions(id).await
    }

    async fn put_decision(&self, id: &ConnectionId, decision: &DecisionRecord) -> Result<(), Error> {
        write!(self, "put_decision", self.inner.put_decision(id, decision))
    }

    async fn is_stopped(&self, tenant: &TenantId) -> Result<bool, Error> {
        self.inner.is_stopped(tenant).await
    }

    async fn put_stop(&self, tenant: Option<&TenantId>, stopped: bool) -> Result<(), Error> {
        write!(self, "put_stop", self.inner.put_stop(tenant, stopped))
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
impl RosterStore for WatchedStore {
    async fn load_state(&self, connection: &ConnectionId) -> Result<SyncState, Error> {
        self.inner.load_state(connection).await
    }

    async fn put_state(&self, connection: &ConnectionId, state: &SyncState, fence: u64) -> Result<bool, Error> {
        write!(self, "put_state", self.inner.put_state(connection, state, fence))
    }

    async fn put_roster(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        roster: &Roster,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        write!(
            self,
            "put_roster",
            self.inner.put_roster(connection, id, roster, expires_at)
        )
    }

    async fn extend_roster(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        write!(
            self,
            "extend_roster",
            self.inner.extend_roster(connection, id, expires_at)
        )
    }

    async fn find_roster(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        now: Timestamp,
    ) -> Result<Option<Roster>, Error> {
        self.inner.find_roster(connection, id, now).await
    }

    async fn delete_roster(&self, connection: &ConnectionId, id: &RosterId) -> Result<(), Error> {
        write!(self, "delete_roster", self.inner.delete_roster(connection, id))
    }
}

#[async_trait]
impl PlanStore for WatchedStore {
    async fn put_plan(&self, plan: &NewPlan<'_>, replaces: Option<&PlanId>) -> Result<bool, Error> {
        write!(self, "put_plan", self.inner.put_plan(plan, replaces))
    }

    async fn find_open_plan(&self, connection: &ConnectionId, now: Timestamp) -> Result<Option<PlanRecord>, Error> {
        self.inner.find_open_plan(connection, now).await
    }

    async fn find_plan(&self, id: &PlanId, now: Timestamp) -> Result<Option<PlanRecord>, Error> {
        self.inner.find_plan(id, now).await
    }

    async fn find_lines(&self, plan: &PlanRecord, chunk: u32) -> Result<Option<Vec<u8>>, Error> {
        self.inner.find_lines(plan, chunk).await
    }

    async fn list_findings(&self, plan: &PlanRecord) -> Result<Vec<Finding>, Error> {
        self.inner.list_findings(plan).await
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
        self.inner.list_links(connection).await
    }

    async fn find_link(&self, connection: &ConnectionId, employee: &EmployeeId) -> Result<Option<Link>, Error> {
        self.inner.find_link(connection, employee).await
    }

    async fn put_links(&self, connection: &ConnectionId, links: &[Link]) -> Result<(), Error> {
        for link in links {
            write!(
                self,
                "put_links",
                self.inner.put_links(connection, std::slice::from_ref(link))
            )?;
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

    async fn delete_link(&self, connection: &ConnectionId, target: &TargetIdentity, link: &Link) -> Result<(), Error> {
        write!(self, "delete_link", self.inner.delete_link(connection, target, link))
    }

    async fn find_claim(&self, target: &TargetIdentity, account: &AccountId) -> Result<Option<Claim>, Error> {
        self.inner.find_claim(target, account).await
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
        self.inner.find_run(id).await
    }

    async fn list_runs(&self, connection: &ConnectionId, limit: u32) -> Result<Vec<RunRecord>, Error> {
        self.inner.list_runs(connection, limit).await
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

/// A target with a watch.
pub struct WatchedTarget {
    /// The target behind it.
    pub inner: Arc<dyn Target>,
    /// Who is asked.
    pub watch: Arc<dyn Watch>,
}

impl WatchedTarget {
    async fn judge(&self, operation: &'static str) -> Result<bool, target::Error> {
        match self.watch.before(Place::Target(operation)).await {
            Verdict::Go => Ok(true),
            Verdict::LoseReply => Ok(false),
            Verdict::Fail => Err(target::Error::new(target::Class::Temporary, operation, "it is down")),
        }
    }
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
        self.inner.list_accounts(from).await
    }

    async fn find_account(&self, id: &AccountId) -> Result<Option<Account>, target::Error> {
        self.inner.find_account(id).await
    }

    async fn find_by_external_id(&self, external_id: &ExternalId) -> Result<Option<Account>, target::Error> {
        self.inner.find_by_external_id(external_id).await
    }

    async fn find_by_attribute(&self, attribute: Canonical, value: &str) -> Result<Vec<Account>, target::Error> {
        self.inner.find_by_attribute(attribute, value).await
    }

    async fn create(&self, id_hint: &AccountId, account: &NewAccount) -> Result<Account, target::Error> {
        let arrives = self.judge("create").await?;
        answer(arrives, "create", self.inner.create(id_hint, account).await?)
    }

    async fn update(&self, patches: &[Patch]) -> Result<Vec<Account>, target::Error> {
        let arrives = self.judge("update").await?;
        answer(arrives, "update", self.inner.update(patches).await?)
    }

    async fn invite(&self, id: &AccountId, origin: &Origin) -> Result<(), target::Error> {
        self.inner.invite(id, origin).await
    }

    fn writes(&self) -> u64 {
        self.inner.writes()
    }
}

/// A queue with a watch.
pub struct WatchedQueue {
    /// The queue behind it.
    pub inner: Arc<dyn Queue>,
    /// Who is asked.
    pub watch: Arc<dyn Watch>,
}

#[async_trait]
impl Queue for WatchedQueue {
    async fn send(&self, queue: QueueName, body: &str, delay: std::time::Duration) -> Result<(), queue::Error> {
        let refused = || queue::Error {
            queue: queue.as_str(),
            source: Box::new(Refused),
        };
        match self.watch.before(Place::Queue).await {
            Verdict::Go => self.inner.send(queue, body, delay).await,
            Verdict::Fail => Err(refused()),
            Verdict::LoseReply => {
                self.inner.send(queue, body, delay).await?;
                Err(refused())
            }
        }
    }
}
