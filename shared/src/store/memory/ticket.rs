//! Tickets and companies in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    connection::{ProviderId, TenantId},
    employee::CompanyId,
    store::{Error, Ticket, TicketStore},
};

#[derive(Default)]
pub(super) struct Tickets {
    tickets: BTreeMap<String, Ticket>,
    companies: BTreeMap<(ProviderId, CompanyId), TenantId>,
}

#[async_trait]
impl TicketStore for MemoryStore {
    async fn put_ticket(&self, ticket: &Ticket) -> Result<(), Error> {
        self.wrote(1);
        lock(&self.tickets).tickets.insert(ticket.hash.clone(), ticket.clone());
        Ok(())
    }

    async fn change_ticket(&self, was: &Ticket, ticket: &Ticket) -> Result<bool, Error> {
        let mut kept = lock(&self.tickets);
        if kept.tickets.get(&was.hash) != Some(was) {
            return Ok(false);
        }
        self.wrote(1);
        kept.tickets.insert(ticket.hash.clone(), ticket.clone());
        Ok(true)
    }

    async fn find_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error> {
        self.read(1);
        let kept = lock(&self.tickets);
        Ok(kept.tickets.get(hash).filter(|ticket| ticket.expires_at > now).cloned())
    }

    async fn take_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error> {
        self.wrote(1);
        let taken = lock(&self.tickets).tickets.remove(hash);
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
}
