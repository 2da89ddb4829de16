//! Tickets in the table.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    DynamoStore,
    expression::Expression,
    item::{Draft, to_json},
    key,
    transaction::Step,
};
use crate::store::{Error, Ticket, TicketStore};

pub(super) fn draft(ticket: &Ticket) -> Result<Draft, Error> {
    Ok(Draft::new(key::ticket(&ticket.hash))
        .document("write a ticket", "document", ticket)?
        .expires(ticket.expires_at))
}

/// That a ticket is still as it was read.
pub(super) fn unchanged(was: &Ticket) -> Result<Expression, Error> {
    Ok(Expression::new("#document = :document").text(":document", to_json("change a ticket", was)?))
}

#[async_trait]
impl TicketStore for DynamoStore {
    async fn put_ticket(&self, ticket: &Ticket) -> Result<(), Error> {
        self.put("write a ticket", draft(ticket)?).await
    }

    async fn change_ticket(&self, was: &Ticket, ticket: &Ticket) -> Result<bool, Error> {
        self.put_if("change a ticket", draft(ticket)?, unchanged(was)?).await
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
}
