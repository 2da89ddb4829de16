//! Tickets: what a login in the browser leaves behind between its requests. Each opens one thing and ends by itself.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::{
    connection::{Connection, ConnectionId, ProviderId, TenantId},
    employee::CompanyId,
};

/// What a ticket opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "opens")]
pub enum Opens {
    /// The start of a login, for the first browser that comes.
    Start {
        /// Hash of that browser's cookie, once it came.
        browser: Option<String>,
    },
    /// The end of a login, for the browser that began it.
    Callback {
        /// Hash of that browser's cookie.
        browser: String,
        /// The proof for the exchange (RFC 7636).
        verifier: String,
        /// The ticket of the start, which ends with it.
        start: String,
    },
    /// The connection that a login made, for the application.
    Activation,
}

/// A ticket, by the hash of its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Hash of the token that it is asked for with.
    pub hash: String,
    /// What it opens.
    #[serde(flatten)]
    pub opens: Opens,
    /// For which connection.
    pub connection: ConnectionId,
    /// Where the browser is sent at the end.
    pub return_url: Option<String>,
    /// When it opens nothing any more.
    pub expires_at: Timestamp,
}

/// The tenants that write to a target, each by its connections: never without one.
pub(super) type Writers = BTreeMap<TenantId, BTreeSet<ConnectionId>>;

/// Adds a connection to those that write to its target, unless the target is another tenant's. Answers whether it is in.
pub(super) fn enter(writers: &mut Writers, connection: &Connection, shared: bool) -> bool {
    let is_in = shared || writers.is_empty() || writers.contains_key(&connection.tenant);
    if is_in {
        let own = writers.entry(connection.tenant.clone()).or_default();
        own.insert(connection.id.clone());
    }
    is_in
}

/// Takes a connection away from those that write to its target, and its tenant with the last of them.
pub(super) fn leave(writers: &mut Writers, connection: &Connection) {
    if let Some(own) = writers.get_mut(&connection.tenant) {
        own.remove(&connection.id);
        if own.is_empty() {
            writers.remove(&connection.tenant);
        }
    }
}

/// Tickets, which tenant a company belongs to, and which tenants write to a target.
#[async_trait]
pub trait TicketStore: Send + Sync {
    /// Writes a ticket, new or again.
    async fn put_ticket(&self, ticket: &Ticket) -> Result<(), Error>;

    /// Writes a ticket again if it is still as it was read. Answers whether it was.
    async fn change_ticket(&self, was: &Ticket, ticket: &Ticket) -> Result<bool, Error>;

    /// A ticket that has not ended.
    async fn find_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error>;

    /// Takes a ticket: of those who ask at once, one gets it, and nobody afterwards.
    async fn take_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error>;

    /// Notes that a company is a tenant's (R01). Answers false where it is another's.
    async fn claim_company(&self, provider: &ProviderId, company: &CompanyId, tenant: &TenantId)
    -> Result<bool, Error>;

    /// Gives a tenant's company free; one of another tenant stays.
    async fn release_company(&self, provider: &ProviderId, company: &CompanyId, tenant: &TenantId)
    -> Result<(), Error>;

    /// Notes that a connection writes to its target (R04). Where one of another tenant does already, `shared` has to be
    /// said; answers false where it is not.
    async fn enter_target(&self, connection: &Connection, shared: bool) -> Result<bool, Error>;

    /// Notes that a connection does not write to its target any more.
    async fn leave_target(&self, connection: &Connection) -> Result<(), Error>;
}
