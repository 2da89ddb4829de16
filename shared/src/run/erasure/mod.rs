//! Erasure (R37): of a tenant, or of one person of it. What was begun is finished when it is asked for again; a tombstone
//! goes first, so that from then on nothing of them is made anew.
//!
//! Rosters and plans are immutable: where one person is erased, the connection's are deleted whole, and the next run
//! reads and plans afresh, without that person.

mod held;
mod mark;
mod naming;
mod person;
mod tenant;
mod whose;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Error, Ports, delivery};
use crate::{
    account::ExternalId,
    connection::{Connection, ConnectionId, ProviderId, TenantId},
    employee::{CompanyId, EmployeeId},
    plan::Status,
    store::{Elsewhere, Erased, Lease, Tombstone},
};

pub use held::{Held, HeldByConnection, HeldInPlan, load_person};
pub(super) use mark::{ErasedPeople, is_erased, mark_of};
pub use person::erase_person;
pub(super) use tenant::erase_connection;
pub use tenant::{erase_tenant, readmit_tenant};
pub use whose::{Choice, Named};

/// How long point-in-time recovery of the table may keep what was deleted (AWS: at most 35 days).
pub const RECOVERABLE_FOR: SignedDuration = SignedDuration::from_hours(35 * 24);

/// What erasing does not reach, and when it ends by itself.
const REMAINS: [&str; 3] = [
    "backups of the table by point-in-time recovery, until `recoverable_until`",
    "the audit, which holds ids and no values",
    "answers kept for repeated requests, for 24 hours at most",
];

/// What erasing does not reach where the accounts are on servers of others.
const REMAINS_ELSEWHERE: &str = "accounts on the servers under `elsewhere`: nothing was changed there, and nothing will be; \
                                 delete them there, by their external ids";

/// The person whose data were erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErasedPerson {
    /// The HR system that shows the person.
    pub provider: ProviderId,
    /// The company of the HR system in which the person is.
    pub company: CompanyId,
    /// The person's id at that company.
    pub employee_id: EmployeeId,
    /// The connections through which the person was known; the first one is in use, where one is.
    pub connections: Vec<ConnectionId>,
}

/// What was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The tenant whose data were erased.
    pub tenant: TenantId,
    /// The person whose data were erased, if it was one person only.
    pub person: Option<ErasedPerson>,
    /// The person who asked for the erasure, as the application named them.
    pub by: String,
    /// When the erasure was begun.
    pub begun_at: Timestamp,
    /// When nothing was left to erase.
    pub done_at: Timestamp,
    /// How much, over all times that it was asked for.
    pub erased: Erased,
    /// Accounts that stay where only their server's owner deletes, by connection.
    pub elsewhere: Vec<Elsewhere>,
    /// Until when a recovery of the table could bring it back: 35 days at most. An operator who recovers the table
    /// erases again.
    pub recoverable_until: Timestamp,
    /// What is left, and until when.
    pub remains: Vec<&'static str>,
}

impl Receipt {
    fn new(tenant: &TenantId, person: Option<ErasedPerson>, tombstone: &Tombstone, done_at: Timestamp) -> Self {
        let elsewhere = (!tombstone.elsewhere.is_empty()).then_some(REMAINS_ELSEWHERE);
        Self {
            tenant: tenant.clone(),
            person,
            by: tombstone.by.clone(),
            begun_at: tombstone.at,
            done_at,
            erased: tombstone.erased,
            elsewhere: tombstone.elsewhere.clone(),
            recoverable_until: done_at.saturating_add(RECOVERABLE_FOR).unwrap_or(Timestamp::MAX),
            remains: REMAINS.into_iter().chain(elsewhere).collect(),
        }
    }
}

/// Why an erasure is not done, or what is held not shown. What was erased by then is; ask again.
#[derive(Debug, thiserror::Error)]
pub enum ErasureRefused {
    /// Several people have the id.
    #[error("several people of the tenant have this id")]
    Ambiguous(Vec<Choice>),
    /// No person is known by the id.
    #[error("nobody of the tenant is known by this id")]
    Unknown,
    /// A run is at work on a connection.
    #[error("a run is at work on a connection of the tenant; ask again in some minutes")]
    Busy,
    /// Something of ours failed.
    #[error("not everything could be erased; ask again")]
    Internal(#[from] Error),
}

impl From<crate::store::Error> for ErasureRefused {
    fn from(error: crate::store::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<crate::secret::Error> for ErasureRefused {
    fn from(error: crate::secret::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// Returns a note of how many accounts of a connection stay on its server; `None` where they are the built-in
/// directory's.
fn elsewhere(connection: &Connection, accounts: u64) -> Option<Elsewhere> {
    let (server, company) = (connection.target.server()?, connection.company.as_ref()?);
    Some(Elsewhere {
        connection: connection.id.clone(),
        base_url: server.base_url.clone(),
        prefix: ExternalId::prefix(connection.provider.as_str(), &company.id),
        accounts,
    })
}

/// The lease of a connection on which nothing is at work.
async fn lease(ports: &Ports, connection: &Connection) -> Result<Lease, ErasureRefused> {
    let lease = delivery::hold(ports, &connection.id, delivery::OF_A_REQUEST).await?;
    let lease = lease.ok_or(ErasureRefused::Busy)?;
    let open = ports.store.find_open_plan(&connection.id, ports.clock.now()).await;
    let is_applying = |open: Option<crate::store::PlanRecord>| open.is_some_and(|open| open.status == Status::Applying);
    match open.map(is_applying) {
        Ok(false) => Ok(lease),
        result => {
            delivery::end(ports, &lease).await;
            result?;
            Err(ErasureRefused::Busy)
        }
    }
}
