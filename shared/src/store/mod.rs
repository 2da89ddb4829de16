//! The `store` port (layer 1): what Rollcall remembers, one trait per subject. `memory/` and `dynamodb/` are adapters.
//!
//! Every write that could undo another writer's is conditional and says so in its answer; no trait holds a rule of the
//! business. Every read treats a past expiry as absent (R36).

mod act;
mod allowance;
mod bucket;
mod door;
pub mod dynamodb;
mod erasure;
mod history;
mod holder;
mod link;
pub mod memory;
mod record;
mod roster;
mod run;
pub mod size;
mod slot;
mod stop;
mod sweep;
mod ticket;
mod unique;

use async_trait::async_trait;
use jiff::Timestamp;

pub use act::{ActStore, Acted, Refusal, Write};
pub use allowance::{AllowanceStore, Window};
pub use bucket::BucketStore;
pub use door::{
    AnswerStore, AuditEntry, AuditStore, Begun, KeyRecord, KeyStore, Lives, Reach, Repeatable, StoredAnswer,
};
pub use erasure::{Elsewhere, Erased, ErasureStore, Tombstone};
pub use record::{
    AccountWrite, Approval, Claim, CurrentRoster, HistoryChange, HistoryEntry, LearnedSince, Lease, NewPlan, NewRoster,
    Placed, PlanRecord, RosterHead, RosterId, SyncState, Versioned, Written,
};
pub use roster::RosterStore;
use run::MOST_UNENDED;
pub use run::{
    AskedFor, Each, ListSoFar, Progress, ReadBasis, ReadSoFar, RunError, RunId, RunKind, RunRecord, RunStatus, RunStore,
};
pub use slot::{Slot, SlotStore, Slots, Waiting};
pub use stop::{Stop, StopOf, StopSet};
pub use sweep::SweepStore;
pub use ticket::{Opens, Ticket, TicketStore};

use crate::{
    account::{Account, AccountId, ExternalId, TargetIdentity},
    connection::{Configuration, Connection, ConnectionId, DecisionRecord, TenantId},
    employee::{Canonical, EmployeeId},
    plan::{Finding, Link, PlanId, Status},
};

/// A failure of the store. Never holds a value of a person.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What is stored is not in a form that this version reads (R44).
    #[error("{operation}: a stored item is not in a known form: {detail}")]
    Corrupt {
        /// What was being done.
        operation: &'static str,
        /// The member that is wrong, and what was expected.
        detail: String,
    },
    /// What was being read in parts was deleted meanwhile, as all of a connection is that is erased.
    #[error("{operation}: what is read was deleted meanwhile")]
    Gone {
        /// What was being done.
        operation: &'static str,
    },
    /// The store does not take it, and would not take it again: an item over 400 KB, a transaction over 4 MB, a key that
    /// is too long (R47).
    #[error("{operation}: the store refuses it: {detail}")]
    Refused {
        /// What was being done.
        operation: &'static str,
        /// What is wrong with it, in fixed words.
        detail: String,
    },
    /// The store cannot be reached, or asks for patience.
    #[error("{operation}: the store does not answer")]
    Unavailable {
        /// What was being done.
        operation: &'static str,
        /// What the error was caused by.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Connections, their configurations and decisions.
#[async_trait]
pub trait ConnectionStore: Send + Sync {
    /// A connection with its revision.
    async fn find_connection(&self, id: &ConnectionId) -> Result<Option<Versioned<Connection>>, Error>;

    /// Writes a connection if it is still at `revision` (`None`: not there yet). Returns whether it was.
    async fn put_connection(&self, connection: &Connection, revision: Option<u64>) -> Result<bool, Error>;

    /// The connections of a tenant, in the order of their ids.
    async fn list_connections(&self, tenant: &TenantId) -> Result<Vec<Connection>, Error>;

    /// Ids of all tenants' connections in their order, at most `limit`; with `after`, those behind that one only.
    async fn list_connection_ids(&self, after: Option<&ConnectionId>, limit: u32) -> Result<Vec<ConnectionId>, Error>;

    /// The connections that write to a target, as the record of who writes to it says (R04).
    async fn list_writers(&self, target: &TargetIdentity) -> Result<Vec<ConnectionId>, Error>;

    /// A configuration by its version.
    async fn find_configuration(&self, id: &ConnectionId, version: u64) -> Result<Option<Configuration>, Error>;

    /// Writes a configuration under its version. Returns false where that version is taken.
    async fn put_configuration(&self, id: &ConnectionId, configuration: &Configuration) -> Result<bool, Error>;

    /// All decisions of a connection, in the order of employee ids.
    async fn list_decisions(&self, id: &ConnectionId) -> Result<Vec<DecisionRecord>, Error>;

    /// Returns whether everything is stopped, or this tenant, be it by the tenant or by the operator (R33).
    async fn is_stopped(&self, tenant: &TenantId) -> Result<bool, Error>;

    /// The stops that concern a tenant.
    async fn find_stops(&self, tenant: &TenantId) -> Result<Vec<Stop>, Error>;

    /// All stops, at most `limit`, in a fixed order; those behind `after` only, with where the next page begins.
    async fn list_stops(&self, after: Option<&str>, limit: u32) -> Result<(Vec<Stop>, Option<String>), Error>;
}

/// Leases: one holder per connection at a time (R30).
#[async_trait]
pub trait LeaseStore: Send + Sync {
    /// Takes the lease of a connection for a run until an instant: when it is free, when `now` is past its end, or when
    /// the run holds it already. Another holder raises the fencing token. `None`: another run holds it.
    async fn acquire_lease(
        &self,
        connection: &ConnectionId,
        holder: &RunId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, Error>;

    /// Extends a lease. `None`: it was lost.
    async fn renew_lease(&self, lease: &Lease, until: Timestamp) -> Result<Option<Lease>, Error>;

    /// Gives a lease back; one that was lost is left alone.
    async fn release_lease(&self, lease: &Lease) -> Result<(), Error>;
}

/// Plans.
#[async_trait]
pub trait PlanStore: Send + Sync {
    /// Stores a plan; unless its status is `empty`, makes it the connection's open one. `replaces` becomes `superseded`
    /// in the same transaction (R22). Returns false, and shows nothing, where `replaces` is not the open plan (`None`:
    /// there is an open one) or can no longer be superseded, where the lease has passed on to a later fencing token, or where
    /// what is written with it may not be.
    async fn put_plan(&self, plan: &NewPlan<'_>, replaces: Option<&PlanId>) -> Result<bool, Error>;

    /// The open plan of a connection: ready, held, or applying.
    async fn find_open_plan(&self, connection: &ConnectionId, now: Timestamp) -> Result<Option<PlanRecord>, Error>;

    /// A plan with its state.
    async fn find_plan(&self, id: &PlanId, now: Timestamp) -> Result<Option<PlanRecord>, Error>;

    /// One chunk of a plan's lines, counted from 0; `None` after the last.
    async fn find_lines(&self, plan: &PlanRecord, chunk: u32) -> Result<Option<Vec<u8>>, Error>;

    /// One chunk of what a plan does not do, counted from 0, in the order in which it was stored; `None` after the last.
    async fn find_findings(&self, plan: &PlanRecord, chunk: u32) -> Result<Option<Vec<Finding>>, Error>;

    /// All of what a plan does not do, for a caller with room for it.
    async fn list_findings(&self, plan: &PlanRecord) -> Result<Vec<Finding>, Error> {
        let (mut findings, mut chunk) = (Vec::new(), 0);
        while let Some(more) = self.find_findings(plan, chunk).await? {
            findings.extend(more);
            chunk += 1;
        }
        Ok(findings)
    }

    /// Changes a plan's state in one step if it is one of `from`; a state that is neither open nor `applying` also ends
    /// its being the open plan. `approval` is kept with it where given. Returns whether it was.
    async fn change_plan(
        &self,
        id: &PlanId,
        from: &[Status],
        to: Status,
        approval: Option<&Approval>,
    ) -> Result<bool, Error>;
}

/// Links and claims.
#[async_trait]
pub trait LinkStore: Send + Sync {
    /// All links of a connection, in the order of employee ids.
    async fn list_links(&self, connection: &ConnectionId) -> Result<Vec<Link>, Error>;

    /// The link of an employee.
    async fn find_link(&self, connection: &ConnectionId, employee: &EmployeeId) -> Result<Option<Link>, Error>;

    /// Writes links, new or again, without claims: pending ones, and ones that have their claim already.
    async fn put_links(&self, connection: &ConnectionId, links: &[Link]) -> Result<(), Error>;

    /// Writes a link together with the claim on its account (R04). Returns false, and writes nothing, where the account
    /// is claimed by another employee or connection. Where `former` is given, that employee's link to the same account
    /// is deleted and its claim passes on in the same transaction.
    async fn claim_link(
        &self,
        connection: &ConnectionId,
        target: &TargetIdentity,
        link: &Link,
        former: Option<&EmployeeId>,
    ) -> Result<bool, Error>;

    /// Moves a link with the claim on its account from one connection to another, as `link` says from now on. Returns false, and
    /// writes nothing, where the account is claimed by neither, or where either has linked the person to another account.
    async fn move_link(
        &self,
        from: &ConnectionId,
        to: &ConnectionId,
        target: &TargetIdentity,
        link: &Link,
    ) -> Result<bool, Error>;

    /// Deletes a link and its claim; one that is not there is deleted already.
    async fn delete_link(&self, connection: &ConnectionId, target: &TargetIdentity, link: &Link) -> Result<(), Error>;

    /// Returns who claims an account.
    async fn find_claim(&self, target: &TargetIdentity, account: &AccountId) -> Result<Option<Claim>, Error>;
}

/// The built-in directory's records (see [`crate::target`]).
#[async_trait]
pub trait DirectoryStore: Send + Sync {
    /// A page of a tenant's accounts in a fixed order, with where the next begins.
    async fn list_accounts(
        &self,
        tenant: &TenantId,
        from: Option<&str>,
    ) -> Result<(Vec<Account>, Option<String>), Error>;

    /// One account.
    async fn find_account(&self, tenant: &TenantId, id: &AccountId) -> Result<Option<Account>, Error>;

    /// The account that carries a reference.
    async fn find_by_external_id(&self, tenant: &TenantId, external_id: &ExternalId) -> Result<Option<Account>, Error>;

    /// The account that holds a unique value; of the attributes, only `email` is unique.
    async fn find_by_unique(
        &self,
        tenant: &TenantId,
        attribute: Canonical,
        value: &str,
    ) -> Result<Option<Account>, Error>;

    /// Writes accounts with their history, all or none: each with the version it must still have (`None`: not there
    /// yet). Keeps `email` and reference unique within the tenant, also when they pass around in a circle. History
    /// entries expire after 90 days (R36). What a person does by hand comes with an entry of the audit (R43), which is
    /// written with them, and is refused as changed where the tenant was erased (R37).
    async fn put_accounts(
        &self,
        tenant: &TenantId,
        writes: &[AccountWrite],
        entry: Option<&AuditEntry>,
    ) -> Result<Written, Error>;

    /// Deletes an account's history, and leaves the account. Returns how many entries it had.
    async fn erase_history(&self, tenant: &TenantId, id: &AccountId) -> Result<u64, Error>;

    /// An account's history, newest first, at most `limit` entries; with `after`, those behind that place only.
    async fn list_history(
        &self,
        tenant: &TenantId,
        id: &AccountId,
        now: Timestamp,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Placed<HistoryEntry>>, Error>;
}

/// How many items were written and read so far, all subjects together.
pub trait Meter: Send + Sync {
    /// Items written or deleted, transactions counted by item.
    fn writes(&self) -> u64;

    /// Items read.
    fn reads(&self) -> u64;
}

/// Everything that the use cases remember.
pub trait Store:
    ActStore
    + ConnectionStore
    + LeaseStore
    + RosterStore
    + PlanStore
    + LinkStore
    + RunStore
    + SlotStore
    + BucketStore
    + TicketStore
    + ErasureStore
    + SweepStore
    + Meter
{
}

impl<T> Store for T where
    T: ActStore
        + ConnectionStore
        + LeaseStore
        + RosterStore
        + PlanStore
        + LinkStore
        + RunStore
        + SlotStore
        + BucketStore
        + TicketStore
        + ErasureStore
        + SweepStore
        + Meter
{
}

/// Everything that the HTTP door remembers beside.
pub trait DoorStore: KeyStore + AuditStore + AnswerStore + AllowanceStore {}

impl<T: KeyStore + AuditStore + AnswerStore + AllowanceStore> DoorStore for T {}
