//! Leases in the table: one item per connection, which stays when nobody holds it so that its fence goes on rising.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{DynamoStore, expression::Expression, item::Draft, key};
use crate::{
    connection::ConnectionId,
    store::{Error, Lease, LeaseStore, RunId},
};

/// How often an acquisition looks again because another process wrote in between.
const MOST_TRIES: u32 = 5;

/// The lease as it stands.
struct Last {
    fence: u64,
    held: Option<(RunId, Timestamp)>,
}

impl DynamoStore {
    async fn last_lease(&self, connection: &ConnectionId) -> Result<Option<Last>, Error> {
        let row = self
            .get("look at a lease", key::of_connection(connection, "LEASE"))
            .await?;
        row.map(|row| {
            let held = if row.has("holder") {
                let holder = row.parsed("holder", "the id of a run")?;
                Some((holder, row.parsed("until", "an instant")?))
            } else {
                None
            };
            Ok(Last {
                fence: row.number("fence")?,
                held,
            })
        })
        .transpose()
    }
}

#[async_trait]
impl LeaseStore for DynamoStore {
    async fn acquire_lease(
        &self,
        connection: &ConnectionId,
        holder: &RunId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, Error> {
        for _ in 0..MOST_TRIES {
            let last = self.last_lease(connection).await?;
            let before = last.as_ref().map_or(0, |last| last.fence);
            let fence = match last.as_ref().and_then(|last| last.held.as_ref()) {
                Some((other, ends_at)) if other != holder && *ends_at > now => return Ok(None),
                Some((other, _)) if other == holder => before,
                Some(_) | None => before + 1,
            };
            let as_read = match last.map(|last| last.held) {
                None => Expression::absent(),
                Some(None) => Expression::new("#fence = :before AND attribute_not_exists(#holder)"),
                Some(Some((other, ends_at))) => {
                    Expression::new("#fence = :before AND #holder = :other AND #until = :ends")
                        .text(":other", other.as_str())
                        .text(":ends", ends_at.to_string())
                }
            };
            let as_read = if as_read.text.contains(":before") {
                as_read.number(":before", before)
            } else {
                as_read
            };
            let draft = Draft::new(key::of_connection(connection, "LEASE"))
                .number("fence", fence)
                .text("holder", holder.as_str())
                .text("until", until.to_string());
            if self.put_if("take a lease", draft, as_read).await? {
                return Ok(Some(Lease {
                    connection: connection.clone(),
                    holder: holder.clone(),
                    fence,
                    until,
                }));
            }
        }
        // So many other processes wrote meanwhile that one of them holds the lease.
        Ok(None)
    }

    async fn renew_lease(&self, lease: &Lease, until: Timestamp) -> Result<Option<Lease>, Error> {
        let key = key::of_connection(&lease.connection, "LEASE");
        let change = Expression::new("SET #until = :until").text(":until", until.to_string());
        let renewed = self.update_if("renew a lease", key, change, held_by(lease)).await?;
        Ok(renewed.then(|| Lease { until, ..lease.clone() }))
    }

    async fn release_lease(&self, lease: &Lease) -> Result<(), Error> {
        let key = key::of_connection(&lease.connection, "LEASE");
        let change = Expression::new("REMOVE #holder, #until");
        self.update_if("give a lease back", key, change, held_by(lease)).await?;
        Ok(())
    }
}

fn held_by(lease: &Lease) -> Expression {
    Expression::new("#holder = :holder AND #fence = :fence")
        .text(":holder", lease.holder.as_str())
        .number(":fence", lease.fence)
}
