//! Acts: several records that have to agree are written together under conditions, or none of them is (R43, R49).
//!
//! The conditions speak of what is stored before the act, and each write is about a record of its own.

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Approval, AuditEntry, Error, KeyRecord, RunRecord, StopOf, StopSet, Ticket, Tombstone};
use crate::{
    connection::{Configuration, Connection, ConnectionId, DecisionRecord, TenantId},
    employee::CompanyId,
    plan::{PlanId, Status},
};

/// One write of an act, with the condition under which it may be done. A write whose description names no condition has
/// none.
#[derive(Clone, Copy)]
pub enum Write<'a> {
    /// Adds an entry to the audit.
    Audit(&'a AuditEntry),
    /// Writes a ticket again, if it is still as it was read.
    ChangeTicket {
        /// The ticket as it was read.
        was: &'a Ticket,
        /// The ticket as it is to be.
        ticket: &'a Ticket,
    },
    /// Writes a configuration, if its version is free.
    Configuration {
        /// The connection that it belongs to.
        connection: &'a ConnectionId,
        /// The configuration.
        configuration: &'a Configuration,
    },
    /// Writes a connection, if it is at the revision at which it was read.
    Connection {
        /// The connection.
        connection: &'a Connection,
        /// The revision; `None`: the connection is not there yet.
        revision: Option<u64>,
    },
    /// Writes a decision, in place of an earlier one about the same person.
    Decision {
        /// The connection that it belongs to.
        connection: &'a ConnectionId,
        /// The decision.
        decision: &'a DecisionRecord,
    },
    /// Takes a ticket away, whether it is there or not.
    DropTicket {
        /// Hash of its token.
        hash: &'a str,
        /// The connection that it is for.
        connection: &'a ConnectionId,
    },
    /// Notes that a connection reads a company (R01), if no other tenant's does, or if it is shared.
    EnterCompany {
        /// The connection.
        connection: &'a Connection,
        /// The company of the connection's provider.
        company: &'a CompanyId,
        /// Whether the operator said that other tenants read the company too.
        shared: bool,
    },
    /// Notes that a connection writes to its target (R04), if no other tenant's does, or if its record says that the target
    /// is shared.
    EnterTarget(&'a Connection),
    /// Writes a key, if its id is free.
    Key(&'a KeyRecord),
    /// Notes that a connection does not read a company any more.
    LeaveCompany {
        /// The connection.
        connection: &'a Connection,
        /// The company of the connection's provider.
        company: &'a CompanyId,
    },
    /// Notes that a connection does not write to its target any more.
    LeaveTarget(&'a Connection),
    /// Looks whether the tenant was not erased, and writes nothing (R37).
    NotErased(&'a TenantId),
    /// Notes that something was done, if that is not noted already. A note that has ended counts no more.
    Once {
        /// What was done, as a text that nothing else has.
        id: &'a str,
        /// The id of what came of it, for a caller who asks for it again.
        what: &'a str,
        /// The present instant.
        now: Timestamp,
        /// When the note ends.
        expires_at: Timestamp,
    },
    /// Looks whether a person of a tenant was not erased, and writes nothing (R37).
    PersonNotErased {
        /// The person's tenant.
        tenant: &'a TenantId,
        /// The mark of the person in tombstones.
        person: &'a str,
    },
    /// Changes a plan's state, if it is one of `from`. A state that is neither open nor `applying` also ends its being the
    /// open plan.
    Plan {
        /// The plan.
        id: &'a PlanId,
        /// The states in which the plan may be.
        from: &'a [Status],
        /// The state that the plan gets.
        to: Status,
        /// The approval, where this write approves the plan.
        approval: Option<&'a Approval>,
    },
    /// Lets a tenant that was erased be connected again. A tenant that was not erased stays as it is.
    Readmit(&'a TenantId),
    /// Notes that a key is revoked, if there is one. The first instant stays.
    RevokeKey {
        /// The key's id.
        id: &'a str,
        /// When the key was revoked.
        at: Timestamp,
    },
    /// Creates a run, if its id is free.
    Run(&'a RunRecord),
    /// Sets or lifts a stop.
    Stop {
        /// Whom the stop concerns, and whose it is.
        of: &'a StopOf,
        /// Who sets the stop; `None`: it is lifted.
        set: Option<&'a StopSet>,
    },
    /// Takes a ticket, if it is there.
    TakeTicket(&'a Ticket),
    /// Writes a ticket, new or again.
    Ticket(&'a Ticket),
    /// Writes a tombstone, new or again.
    Tombstone {
        /// The tenant that was erased, or whose person was erased.
        tenant: &'a TenantId,
        /// The tombstone.
        tombstone: &'a Tombstone,
    },
}

impl Write<'_> {
    /// Returns the name of the write in a watch and in a test.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Audit(_) => "audit",
            Self::ChangeTicket { .. } => "change_ticket",
            Self::Configuration { .. } => "configuration",
            Self::Connection { .. } => "connection",
            Self::Decision { .. } => "decision",
            Self::DropTicket { .. } => "drop_ticket",
            Self::EnterCompany { .. } => "enter_company",
            Self::EnterTarget(_) => "enter_target",
            Self::Key(_) => "key",
            Self::LeaveCompany { .. } => "leave_company",
            Self::LeaveTarget(_) => "leave_target",
            Self::NotErased(_) => "not_erased",
            Self::Once { .. } => "once",
            Self::PersonNotErased { .. } => "person_not_erased",
            Self::Plan { .. } => "plan",
            Self::Readmit(_) => "readmit",
            Self::RevokeKey { .. } => "revoke_key",
            Self::Run(_) => "run",
            Self::Stop { .. } => "stop",
            Self::TakeTicket(_) => "take_ticket",
            Self::Ticket(_) => "ticket",
            Self::Tombstone { .. } => "tombstone",
        }
    }

    /// Returns how the act is refused where this write's condition does not hold; `None` where nothing can keep the
    /// write from being done.
    pub(super) const fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::ChangeTicket { .. } | Self::TakeTicket(_) => Some(Refusal::Ticket),
            Self::Configuration { .. } => Some(Refusal::Configuration),
            Self::Connection { .. } => Some(Refusal::Connection),
            Self::EnterCompany { .. } => Some(Refusal::ForeignCompany),
            Self::EnterTarget(_) => Some(Refusal::ForeignTarget),
            Self::Key(_) | Self::RevokeKey { .. } => Some(Refusal::Key),
            Self::NotErased(_) => Some(Refusal::Erased),
            Self::Once { .. } => Some(Refusal::DoneBefore),
            Self::PersonNotErased { .. } => Some(Refusal::ErasedPerson),
            Self::Plan { .. } => Some(Refusal::Plan),
            Self::Run(_) => Some(Refusal::Run),
            Self::Audit(_)
            | Self::Decision { .. }
            | Self::DropTicket { .. }
            | Self::LeaveCompany { .. }
            | Self::LeaveTarget(_)
            | Self::Readmit(_)
            | Self::Stop { .. }
            | Self::Ticket(_)
            | Self::Tombstone { .. } => None,
        }
    }
}

impl fmt::Debug for Write<'_> {
    /// The name only: records hold what nobody is shown (R38).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Why an act was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The version of a configuration is taken.
    Configuration,
    /// A connection was written since it was read, is there already, or is not there.
    Connection,
    /// The act was done before.
    DoneBefore,
    /// The tenant was erased.
    Erased,
    /// The person was erased.
    ErasedPerson,
    /// Another tenant's connection reads the company.
    ForeignCompany,
    /// Another tenant's connection writes to the target.
    ForeignTarget,
    /// The id of a key is taken, or there is no such key.
    Key,
    /// A plan is in none of the states that were named, or is not there.
    Plan,
    /// The id of a run is taken.
    Run,
    /// A ticket was taken, or was written since it was read.
    Ticket,
}

/// What became of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acted {
    /// The whole act was done.
    Done,
    /// Nothing was done, for this reason. Of several reasons it is that of the earliest write of the act.
    Refused(Refusal),
}

/// Writes that have to agree.
#[async_trait]
pub trait ActStore: Send + Sync {
    /// Does all writes of an act, or none of them. Where the answer is an error, either may be the case.
    async fn act(&self, writes: &[Write<'_>]) -> Result<Acted, Error>;

    /// Returns what came of something that is noted as done ([`Write::Once`]); `None`: it was not done, or its note has
    /// ended.
    async fn find_done(&self, id: &str, now: Timestamp) -> Result<Option<String>, Error>;
}
