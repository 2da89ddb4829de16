//! Tickets, and what the sweep of a morning asks the store, with a watch.

use std::ops::Range;

use async_trait::async_trait;
use jiff::Timestamp;
use rollcall::{
    connection::ConnectionId,
    store::{Error, SweepStore, Ticket, TicketStore},
};

use super::{super::Place, WatchedStore};

#[async_trait]
impl TicketStore for WatchedStore {
    async fn find_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error> {
        self.read("find_ticket", self.inner.find_ticket(hash, now)).await
    }

    async fn take_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error> {
        self.write(
            Place::Store("take_ticket"),
            "take_ticket",
            self.inner.take_ticket(hash, now),
        )
        .await
    }
}

#[async_trait]
impl SweepStore for WatchedStore {
    async fn list_claims(&self, after: Option<&str>, limit: u32) -> Result<Vec<String>, Error> {
        self.read("list_claims", self.inner.list_claims(after, limit)).await
    }

    async fn sweep_claim(&self, place: &str) -> Result<u64, Error> {
        self.write(
            Place::Store("sweep_claim"),
            "sweep_claim",
            self.inner.sweep_claim(place),
        )
        .await
    }

    async fn sweep_parts(&self, connection: &ConnectionId, ends: Range<Timestamp>) -> Result<u64, Error> {
        self.write(
            Place::Store("sweep_parts"),
            "sweep_parts",
            self.inner.sweep_parts(connection, ends),
        )
        .await
    }

    async fn sweep_tickets(&self, connection: &ConnectionId, now: Timestamp) -> Result<u64, Error> {
        self.write(
            Place::Store("sweep_tickets"),
            "sweep_tickets",
            self.inner.sweep_tickets(connection, now),
        )
        .await
    }
}
