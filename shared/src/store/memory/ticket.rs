//! Tickets, and who claims which company and target, in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::store::{
    Error, Ticket, TicketStore,
    holder::{Claimed, Holders},
};

#[derive(Default)]
pub(super) struct Tickets {
    opened: BTreeMap<String, Ticket>,
    /// The holders of each claim, by the text of the claim.
    claims: BTreeMap<String, Holders>,
}

impl Tickets {
    /// Whether a ticket is there, or is still as it was read.
    pub(super) fn has(&self, hash: &str, was: Option<&Ticket>) -> bool {
        let found = self.opened.get(hash);
        found.is_some_and(|found| was.is_none_or(|was| found == was))
    }

    pub(super) fn put(&mut self, ticket: &Ticket) {
        self.opened.insert(ticket.hash.clone(), ticket.clone());
    }

    pub(super) fn take(&mut self, hash: &str) {
        self.opened.remove(hash);
    }

    /// Deletes the tickets for which something holds. Returns how many.
    pub(super) fn erase_if(&mut self, goes: impl Fn(&Ticket) -> bool) -> u64 {
        let before = self.opened.len();
        self.opened.retain(|_, ticket| !goes(ticket));
        (before - self.opened.len()) as u64
    }

    /// Returns who holds a claim.
    pub(super) fn holders(&self, claimed: &Claimed) -> Holders {
        self.claims.get(&claimed.to_string()).cloned().unwrap_or_default()
    }

    pub(super) fn put_holders(&mut self, claimed: &Claimed, holders: Holders) {
        if holders.is_empty() {
            self.claims.remove(&claimed.to_string());
        } else {
            self.claims.insert(claimed.to_string(), holders);
        }
    }

    /// Everything that is claimed, as it is written.
    pub(super) fn places(&self) -> Vec<String> {
        self.claims.keys().cloned().collect()
    }
}

#[async_trait]
impl TicketStore for MemoryStore {
    async fn find_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error> {
        self.read(1);
        let kept = lock(&self.tickets);
        Ok(kept.opened.get(hash).filter(|ticket| ticket.expires_at > now).cloned())
    }

    async fn take_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error> {
        self.wrote(2);
        let taken = lock(&self.tickets).opened.remove(hash);
        Ok(taken.filter(|ticket| ticket.expires_at > now))
    }
}
