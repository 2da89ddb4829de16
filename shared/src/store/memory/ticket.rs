//! Tickets, companies and shared targets in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    connection::{Connection, ProviderId},
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
    async fn put_ticket(&self, ticket: &Ticket) -> Result<(), Error> {
        self.wrote(1);
        lock(&self.tickets).opened.insert(ticket.hash.clone(), ticket.clone());
        Ok(())
    }

    async fn change_ticket(&self, was: &Ticket, ticket: &Ticket) -> Result<bool, Error> {
        let mut kept = lock(&self.tickets);
        if kept.opened.get(&was.hash) != Some(was) {
            return Ok(false);
        }
        self.wrote(1);
        kept.opened.insert(ticket.hash.clone(), ticket.clone());
        Ok(true)
    }

    async fn find_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error> {
        self.read(1);
        let kept = lock(&self.tickets);
        Ok(kept.opened.get(hash).filter(|ticket| ticket.expires_at > now).cloned())
    }

    async fn take_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error> {
        self.wrote(1);
        let taken = lock(&self.tickets).opened.remove(hash);
        Ok(taken.filter(|ticket| ticket.expires_at > now))
    }
}
