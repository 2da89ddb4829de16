//! Sweeping in memory, where rosters and plans have no parts.

use std::ops::Range;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    connection::ConnectionId,
    store::{Error, SweepStore, holder::Claimed},
};

#[async_trait]
impl SweepStore for MemoryStore {
    async fn list_claims(&self, after: Option<&str>, limit: u32) -> Result<Vec<String>, Error> {
        let mut places = lock(&self.tickets).places();
        places.retain(|place| after.is_none_or(|after| place.as_str() > after));
        places.sort();
        places.truncate(limit as usize);
        self.read(places.len());
        Ok(places)
    }

    async fn sweep_claim(&self, place: &str) -> Result<u64, Error> {
        let Some(claimed) = Claimed::parse(place) else {
            return Ok(0);
        };
        let connections = lock(&self.connections);
        let mut tickets = lock(&self.tickets);
        let holders = tickets.holders(&claimed);
        let left = connections.left(&claimed, &holders);
        let swept = holders.connections().count() - left.connections().count();
        if swept > 0 {
            self.wrote(1);
            tickets.put_holders(&claimed, left);
        }
        Ok(swept as u64)
    }

    async fn sweep_parts(&self, _connection: &ConnectionId, _ends: Range<Timestamp>) -> Result<u64, Error> {
        Ok(0)
    }

    async fn sweep_tickets(&self, connection: &ConnectionId, now: Timestamp) -> Result<u64, Error> {
        let swept = lock(&self.tickets).erase_if(|ticket| ticket.connection == *connection && ticket.expires_at <= now);
        self.wrote(usize::try_from(swept).unwrap_or(usize::MAX));
        Ok(swept)
    }
}
