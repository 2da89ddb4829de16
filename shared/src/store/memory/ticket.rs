//! Tickets, companies and shared targets in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    connection::{Connection, ConnectionId, ProviderId},
    employee::CompanyId,
    store::{Error, Ticket, TicketStore, holder::Holders},
};

#[derive(Default)]
pub(super) struct Tickets {
    opened: BTreeMap<String, Ticket>,
    companies: BTreeMap<(ProviderId, CompanyId), Holders>,
    targets: BTreeMap<String, Holders>,
}

fn place(connection: &Connection, company: &CompanyId) -> (ProviderId, CompanyId) {
    (connection.provider.clone(), company.clone())
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

    /// Deletes the tickets of a connection. Answers how many.
    pub(super) fn erase(&mut self, connection: &ConnectionId) -> u64 {
        let before = self.opened.len();
        self.opened.retain(|_, ticket| ticket.connection != *connection);
        (before - self.opened.len()) as u64
    }

    /// Who reads a company.
    pub(super) fn readers(&self, connection: &Connection, company: &CompanyId) -> Holders {
        let found = self.companies.get(&place(connection, company));
        found.cloned().unwrap_or_default()
    }

    pub(super) fn put_readers(&mut self, connection: &Connection, company: &CompanyId, readers: Holders) {
        self.companies.insert(place(connection, company), readers);
    }

    /// Who writes to a connection's target.
    pub(super) fn writers(&self, connection: &Connection) -> Holders {
        let found = self.targets.get(connection.target_identity().as_str());
        found.cloned().unwrap_or_default()
    }

    pub(super) fn put_writers(&mut self, connection: &Connection, writers: Holders) {
        self.targets
            .insert(connection.target_identity().as_str().to_owned(), writers);
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
