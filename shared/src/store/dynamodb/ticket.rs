//! Tickets, companies and shared targets in the table.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    DynamoStore,
    expression::Expression,
    item::{Draft, to_json},
    key,
    transaction::Step,
};
use crate::{
    account::TargetIdentity,
    connection::{Connection, ProviderId, TenantId},
    employee::CompanyId,
    store::{
        Error, Ticket, TicketStore,
        ticket::{Writers, enter, leave},
    },
};

fn draft(operation: &'static str, ticket: &Ticket) -> Result<Draft, Error> {
    Ok(Draft::new(key::ticket(&ticket.hash))
        .document(operation, "document", ticket)?
        .expires(ticket.expires_at))
}

/// That an item is still as it was read, or still not there.
fn as_read(operation: &'static str, writers: Option<Writers>) -> Result<Expression, Error> {
    Ok(match writers {
        Some(writers) => Expression::new("#document = :document").text(":document", to_json(operation, &writers)?),
        None => Expression::new("attribute_not_exists(#pk)"),
    })
}

impl DynamoStore {
    async fn writers_of(&self, target: &TargetIdentity) -> Result<Option<Writers>, Error> {
        let row = self.get("find who writes to a target", key::target(target)).await?;
        row.map(|row| row.document("document")).transpose()
    }
}

#[async_trait]
impl TicketStore for DynamoStore {
    async fn put_ticket(&self, ticket: &Ticket) -> Result<(), Error> {
        const OPERATION: &str = "write a ticket";
        self.put(OPERATION, draft(OPERATION, ticket)?).await
    }

    async fn change_ticket(&self, was: &Ticket, ticket: &Ticket) -> Result<bool, Error> {
        const OPERATION: &str = "change a ticket";
        let unchanged = Expression::new("#document = :document").text(":document", to_json(OPERATION, was)?);
        self.put_if(OPERATION, draft(OPERATION, ticket)?, unchanged).await
    }

    async fn find_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error> {
        let Some(row) = self.get("find a ticket", key::ticket(hash)).await? else {
            return Ok(None);
        };
        if row.has_expired(now)? {
            return Ok(None);
        }
        row.document("document").map(Some)
    }

    async fn take_ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>, Error> {
        const OPERATION: &str = "take a ticket";
        let Some(ticket) = self.find_ticket(hash, now).await? else {
            return Ok(None);
        };
        let is_there = Expression::new("attribute_exists(#pk)");
        let taken = self
            .transact(OPERATION, vec![Step::Delete(key::ticket(hash), is_there)])
            .await?;
        Ok(Some(ticket).filter(|_| taken.is_done()))
    }

    async fn claim_company(
        &self,
        provider: &ProviderId,
        company: &CompanyId,
        tenant: &TenantId,
    ) -> Result<bool, Error> {
        const OPERATION: &str = "claim a company";
        let draft = Draft::new(key::company(provider, company)).text("tenant", tenant.as_str());
        let is_free =
            Expression::new("attribute_not_exists(#pk) OR #tenant = :tenant").text(":tenant", tenant.as_str());
        self.put_if(OPERATION, draft, is_free).await
    }

    async fn release_company(
        &self,
        provider: &ProviderId,
        company: &CompanyId,
        tenant: &TenantId,
    ) -> Result<(), Error> {
        let is_own = Expression::new("#tenant = :tenant").text(":tenant", tenant.as_str());
        let step = Step::Delete(key::company(provider, company), is_own);
        self.transact("release a company", vec![step]).await.map(drop)
    }

    async fn enter_target(&self, connection: &Connection, shared: bool) -> Result<bool, Error> {
        const OPERATION: &str = "enter a target";
        let target = connection.target_identity();
        loop {
            let before = self.writers_of(&target).await?;
            let mut writers = before.clone().unwrap_or_default();
            if !enter(&mut writers, connection, shared) {
                return Ok(false);
            }
            if before.as_ref() == Some(&writers) {
                return Ok(true);
            }
            let draft = Draft::new(key::target(&target)).document(OPERATION, "document", &writers)?;
            // Where the condition fails somebody else's write succeeded: there is an end to it.
            if self.put_if(OPERATION, draft, as_read(OPERATION, before)?).await? {
                return Ok(true);
            }
        }
    }

    async fn leave_target(&self, connection: &Connection) -> Result<(), Error> {
        const OPERATION: &str = "leave a target";
        let target = connection.target_identity();
        loop {
            let before = self.writers_of(&target).await?;
            let mut writers = before.clone().unwrap_or_default();
            leave(&mut writers, connection);
            if before.as_ref().is_none_or(|before| *before == writers) {
                return Ok(());
            }
            let (key, unchanged) = (key::target(&target), as_read(OPERATION, before)?);
            let step = if writers.is_empty() {
                Step::Delete(key, unchanged)
            } else {
                let draft = Draft::new(key).document(OPERATION, "document", &writers)?;
                Step::Put(draft, Some(unchanged))
            };
            if self.transact(OPERATION, vec![step]).await?.is_done() {
                return Ok(());
            }
        }
    }
}
