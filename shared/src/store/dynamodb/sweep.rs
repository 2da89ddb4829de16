//! Sweeping in the table. What goes is looked at again within the same transaction, or ended long ago.

use std::{collections::BTreeSet, ops::Range};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    DynamoStore,
    call::Range as Items,
    erasure::{id_behind, key_of, plan_keys, roster_keys},
    item::Row,
    key::{self, Key},
};
use crate::{
    connection::ConnectionId,
    plan::PlanId,
    store::{Error, RosterId, SweepStore, holder::Claimed},
};

#[async_trait]
impl SweepStore for DynamoStore {
    async fn list_claims(&self, after: Option<&str>, limit: u32) -> Result<Vec<String>, Error> {
        let range = Items::of(key::CLAIMS.to_owned())
            .after(after.map(str::to_owned))
            .limit(limit);
        let rows = self.query("list claims", range).await?.rows;
        rows.iter().map(|row| row.text("sk").map(str::to_owned)).collect()
    }

    async fn sweep_claim(&self, place: &str) -> Result<u64, Error> {
        let Some(claimed) = Claimed::parse(place) else {
            return Ok(0);
        };
        let (stale, steps) = self.weeding(claimed).await?;
        if steps.is_empty() {
            return Ok(0);
        }
        // Where another process was faster, the next morning looks again.
        let swept = self.transact("sweep a claim", steps).await?;
        Ok(if swept.is_done() { stale } else { 0 })
    }

    async fn sweep_parts(&self, connection: &ConnectionId, ends: Range<Timestamp>) -> Result<u64, Error> {
        let rosters = self.sweep_rosters(connection, &ends).await?;
        Ok(rosters + self.sweep_plans(connection, &ends).await?)
    }

    async fn sweep_tickets(&self, connection: &ConnectionId, now: Timestamp) -> Result<u64, Error> {
        const OPERATION: &str = "sweep tickets";
        let mut keys = Vec::new();
        for row in self.parts_of(OPERATION, connection, key::TICKET_PREFIX).await? {
            if row.has_expired(now)? {
                let hash: String = id_behind(&row, key::TICKET_PREFIX)?;
                keys.extend([key::ticket(&hash), key_of(&row)?]);
            }
        }
        let swept = keys.len() / 2;
        self.delete_all(OPERATION, keys).await?;
        Ok(swept as u64)
    }
}

impl DynamoStore {
    async fn parts_of(
        &self,
        operation: &'static str,
        connection: &ConnectionId,
        prefix: &str,
    ) -> Result<Vec<Row>, Error> {
        let range = Items::of(key::connection_partition(connection)).prefix(prefix);
        Ok(self.query(operation, range).await?.rows)
    }

    /// Notes of the chunks of rosters and of parts of lists whose head was never written.
    async fn sweep_rosters(&self, connection: &ConnectionId, ends: &Range<Timestamp>) -> Result<u64, Error> {
        const OPERATION: &str = "sweep parts of rosters";
        let notes = self.parts_of(OPERATION, connection, key::PARTS_PREFIX).await?;
        let mut left = Vec::new();
        for note in notes {
            if ends_within(&note, ends)? {
                left.push(note);
            }
        }
        if left.is_empty() {
            return Ok(0);
        }
        let mut heads: BTreeSet<RosterId> = BTreeSet::new();
        for prefix in [key::ROSTER_PREFIX, key::LISTING_PREFIX] {
            for head in self.parts_of(OPERATION, connection, prefix).await? {
                heads.insert(id_behind(&head, prefix)?);
            }
        }
        let mut swept = 0;
        for note in &left {
            if !heads.contains(&id_behind(note, key::PARTS_PREFIX)?) {
                self.delete_all(OPERATION, roster_keys(note)?).await?;
                self.delete(OPERATION, key_of(note)?).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Deletes the notes and parts of plans whose head was never written. Returns how many there were.
    async fn sweep_plans(&self, connection: &ConnectionId, ends: &Range<Timestamp>) -> Result<u64, Error> {
        const OPERATION: &str = "sweep parts of plans";
        let mut swept = 0;
        for note in self.parts_of(OPERATION, connection, key::PLAN_PREFIX).await? {
            if !ends_within(&note, ends)? {
                continue;
            }
            let plan: PlanId = id_behind(&note, key::PLAN_PREFIX)?;
            if self.get(OPERATION, key::plan(&plan)).await?.is_none() {
                let keys: Vec<Key> = plan_keys(&note)?;
                self.delete_all(OPERATION, keys).await?;
                self.delete(OPERATION, key_of(&note)?).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

fn ends_within(row: &Row, ends: &Range<Timestamp>) -> Result<bool, Error> {
    Ok(!row.has_expired(ends.start)? && row.has_expired(ends.end)?)
}
