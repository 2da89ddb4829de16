//! Tickets: what a login in the browser leaves behind between its requests. Each opens one thing and ends by itself.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::{
    account::TargetIdentity,
    connection::{ConnectionId, ProviderId, TenantId},
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

    /// Notes that a tenant writes to a target (R04). Where another one does already, `shared` has to be said; answers
    /// false where it is not.
    async fn enter_target(&self, target: &TargetIdentity, tenant: &TenantId, shared: bool) -> Result<bool, Error>;

    /// Notes that a tenant does not write to a target any more.
    async fn leave_target(&self, target: &TargetIdentity, tenant: &TenantId) -> Result<(), Error>;
}
