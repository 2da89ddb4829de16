//! What a death may leave in the store, found and ended: claims of nobody, parts that nothing shows, tickets that have ended
//! (R49). Each is looked at again under a condition at the moment when it goes, so that nothing goes that is just being made.

use std::ops::Range;

use async_trait::async_trait;
use jiff::Timestamp;

use super::Error;
use crate::connection::ConnectionId;

/// Finds what points to nothing, and ends it.
#[async_trait]
pub trait SweepStore: Send + Sync {
    /// Returns the places where companies and targets are claimed, in a fixed order, at most `limit`; with `after`,
    /// those behind that place only.
    async fn list_claims(&self, after: Option<&str>, limit: u32) -> Result<Vec<String>, Error>;

    /// Takes the connections out of a claim that are not there any more, or that claim it no more. Returns how many.
    async fn sweep_claim(&self, place: &str) -> Result<u64, Error>;

    /// Deletes the parts of a connection's rosters and plans that nothing shows, where they end by themselves within a
    /// time. Returns how many rosters and plans the parts belonged to.
    async fn sweep_parts(&self, connection: &ConnectionId, ends: Range<Timestamp>) -> Result<u64, Error>;

    /// Deletes the tickets of a connection that have ended. Returns how many.
    async fn sweep_tickets(&self, connection: &ConnectionId, now: Timestamp) -> Result<u64, Error>;
}
