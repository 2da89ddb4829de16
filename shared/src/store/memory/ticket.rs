//! Tickets, companies and shared targets in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    connection::{Connection, ProviderId, TenantId},
    employee::CompanyId,
    store::{
        Error, Ticket, TicketStore,
        ticket::{Writers, enter, leave},
    },
};

#[derive(Default)]
pub(super) struct Tickets {
    opened: BTreeMap<String, Ticket>,
    companies: BTreeMap<(ProviderId, CompanyId), TenantId>,
    targets: BTreeMap<String, Writers>,
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

    async fn claim_company(
        &self,
        provider: &ProviderId,
        company: &CompanyId,
        tenant: &TenantId,
    ) -> Result<bool, Error> {
        self.wrote(1);
        let mut kept = lock(&self.tickets);
        let place = (provider.clone(), company.clone());
        Ok(kept.companies.entry(place).or_insert_with(|| tenant.clone()) == tenant)
    }

    async fn release_company(
        &self,
        provider: &ProviderId,
        company: &CompanyId,
        tenant: &TenantId,
    ) -> Result<(), Error> {
        self.wrote(1);
        let mut kept = lock(&self.tickets);
        let place = (provider.clone(), company.clone());
        if kept.companies.get(&place) == Some(tenant) {
            kept.companies.remove(&place);
        }
        Ok(())
    }

    async fn enter_target(&self, connection: &Connection, shared: bool) -> Result<bool, Error> {
        self.wrote(1);
        let mut kept = lock(&self.tickets);
        let target = connection.target_identity().as_str().to_owned();
        Ok(enter(kept.targets.entry(target).or_default(), connection, shared))
    }

    async fn leave_target(&self, connection: &Connection) -> Result<(), Error> {
        self.wrote(1);
        let mut kept = lock(&self.tickets);
        if let Some(writers) = kept.targets.get_mut(connection.target_identity().as_str()) {
            leave(writers, connection);
        }
        Ok(())
    }
}
