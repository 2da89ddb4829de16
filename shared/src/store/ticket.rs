//! Tickets: what a login in the browser leaves behind between its requests. Each opens one thing and ends by itself.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::connection::ConnectionId;

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
    /// What the ticket opens.
    #[serde(flatten)]
    pub opens: Opens,
    /// For which connection.
    pub connection: ConnectionId,
    /// Where the browser is sent at the end.
    pub return_url: Option<String>,
    /// When the ticket ends; it opens nothing from then on.
    pub expires_at: Timestamp,
}

/// Tickets. They are written by acts.
#[async_trait]
pub trait TicketStore: Send + Sync {
    /// A ticket that has not ended.
    async fn find_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error>;

    /// Takes a ticket: of those who ask at once, one gets it, and nobody afterwards.
    async fn take_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error>;
}
