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
use crate::{
    connection::ConnectionId,
    store::{ActStore, Acted, Error, Ticket, TicketStore, Write},
};

/// A ticket, where a condition holds if there is one, with the note at its connection that tells of it.
pub(super) fn steps(ticket: &Ticket, condition: Option<Expression>) -> Result<Vec<Step>, Error> {
    let draft = Draft::new(key::ticket(&ticket.hash))
        .document("write a ticket", "document", ticket)?
        .expires(ticket.expires_at);
    let note = Draft::new(key::connections_ticket(&ticket.connection, &ticket.hash)).expires(ticket.expires_at);
    Ok(vec![Step::Put(draft, condition), Step::Put(note, None)])
}

/// Returns the condition that a ticket is still as it was read.
pub(super) fn unchanged(was: &Ticket) -> Result<Expression, Error> {
    Ok(Expression::new("#document = :document").text(":document", to_json("change a ticket", was)?))
}

/// A ticket goes, where a condition holds, with the note that tells of it.
pub(super) fn removal(hash: &str, connection: &ConnectionId, condition: Expression) -> Vec<Step> {
    vec![
        Step::Delete(key::ticket(hash), condition),
        Step::Delete(key::connections_ticket(connection, hash), Expression::always()),
    ]
}

#[async_trait]
impl TicketStore for DynamoStore {
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
        let Some(ticket) = self.find_ticket(hash, now).await? else {
            return Ok(None);
        };
        let taken = self.act(&[Write::TakeTicket(&ticket)]).await?;
        Ok(Some(ticket).filter(|_| taken == Acted::Done))
    }
}
