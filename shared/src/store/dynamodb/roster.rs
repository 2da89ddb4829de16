//! Rosters, and what connections remember, in the table.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    DynamoStore,
    call::Range,
    expression::Expression,
    item::{Draft, Row, compress, to_json},
    key::{self, Key},
    transaction::Step,
};
use crate::{
    connection::ConnectionId,
    roster::{Chunk, Header, Roster, Survey},
    store::{Error, RosterId, RosterStore, SyncState, size::MOST_PLAIN_BYTES},
};

/// The head of a stored roster.
struct Head {
    row: Row,
    header: Header,
    chunks: usize,
}

impl Head {
    fn keys(&self, id: &RosterId) -> Vec<Key> {
        let chunk = |chunk| key::roster_chunk(id, &self.header.content_hash, chunk);
        (0..self.chunks).map(chunk).collect()
    }
}

impl DynamoStore {
    async fn roster_head(
        &self,
        operation: &'static str,
        connection: &ConnectionId,
        id: &RosterId,
    ) -> Result<Option<Head>, Error> {
        let row = self.get(operation, key::roster(connection, id)).await?;
        row.map(|row| {
            Ok(Head {
                header: row.document("header")?,
                chunks: row.count("chunks")? as usize,
                row,
            })
        })
        .transpose()
    }

    /// Returns the chunks of a roster in their order; `None` where one is not there.
    async fn roster_chunks(
        &self,
        operation: &'static str,
        id: &RosterId,
        head: &Head,
    ) -> Result<Option<Vec<Chunk>>, Error> {
        let keys = head.keys(id);
        let rows = self.get_all(operation, keys.clone()).await?;
        let mut found = rows
            .iter()
            .map(|row| Ok((row.text("pk")?, row)))
            .collect::<Result<std::collections::BTreeMap<_, _>, Error>>()?;
        let chunks = keys.iter().map(|key| {
            let row = found.remove(key.pk.as_str());
            row.map(|row| Ok(Chunk::from_bytes(row.bytes("rows")?.to_vec())))
                .transpose()
        });
        chunks.collect()
    }
}

#[async_trait]
impl RosterStore for DynamoStore {
    async fn load_state(&self, connection: &ConnectionId) -> Result<SyncState, Error> {
        let row = self
            .get("load a connection's state", key::of_connection(connection, "STATE"))
            .await?;
        row.map_or_else(|| Ok(SyncState::default()), |row| state(&row))
    }

    async fn put_state(&self, connection: &ConnectionId, state: &SyncState, fence: u64) -> Result<bool, Error> {
        const OPERATION: &str = "write a connection's state";
        let draft = Draft::new(key::of_connection(connection, "STATE")).number("fence", fence);
        let text = to_json(OPERATION, state)?;
        let draft = if text.len() <= MOST_PLAIN_BYTES {
            draft.text("document", text)
        } else {
            draft.bytes("packed", compress(OPERATION, &text)?)
        };
        let condition = Expression::new("attribute_not_exists(#pk) OR #fence <= :fence").number(":fence", fence);
        self.put_if(OPERATION, draft, condition).await
    }

    async fn find_survey(&self, connection: &ConnectionId) -> Result<Option<Survey>, Error> {
        let row = self
            .get("find a survey", key::of_connection(connection, "SURVEY"))
            .await?;
        row.map(|row| row.document("document")).transpose()
    }

    async fn put_survey(&self, connection: &ConnectionId, survey: &Survey) -> Result<(), Error> {
        const OPERATION: &str = "write a survey";
        let draft = Draft::new(key::of_connection(connection, "SURVEY"));
        self.put(OPERATION, draft.document(OPERATION, "document", survey)?)
            .await
    }

    async fn put_roster(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        roster: &Roster,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        const OPERATION: &str = "write a roster";
        let content = &roster.header.content_hash;
        let parts = Draft::new(key::roster_parts(connection, id))
            .text("content", content)
            .number("chunks", roster.chunks.len() as u64)
            .expires(expires_at);
        self.put(OPERATION, parts).await?;
        let chunks = roster.chunks.iter().enumerate();
        let drafts = chunks.map(|(number, chunk)| {
            Draft::new(key::roster_chunk(id, content, number))
                .bytes("rows", chunk.as_bytes().to_vec())
                .expires(expires_at)
        });
        self.put_all(OPERATION, drafts.collect()).await?;
        let head = Draft::new(key::roster(connection, id))
            .document(OPERATION, "header", &roster.header)?
            .number("chunks", roster.chunks.len() as u64)
            .expires(expires_at);
        self.put(OPERATION, head).await
    }

    async fn extend_roster(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        const OPERATION: &str = "keep a roster longer";
        let Some(head) = self.roster_head(OPERATION, connection, id).await? else {
            return Ok(());
        };
        // The head last: a roster whose head is there has all its chunks.
        for batch in head.keys(id).chunks(100) {
            let steps = batch.iter().cloned().map(|key| extension(key, expires_at));
            self.transact(OPERATION, steps.collect()).await?;
        }
        let head = extension(key::roster(connection, id), expires_at);
        self.transact(OPERATION, vec![head]).await?;
        Ok(())
    }

    async fn find_roster(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        now: Timestamp,
    ) -> Result<Option<Roster>, Error> {
        const OPERATION: &str = "find a roster";
        let Some(head) = self.roster_head(OPERATION, connection, id).await? else {
            return Ok(None);
        };
        if head.row.has_expired(now)? {
            return Ok(None);
        }
        if let Some(chunks) = self.roster_chunks(OPERATION, id, &head).await? {
            let header = head.header;
            return Ok(Some(Roster { header, chunks }));
        }
        // A roster is deleted with its head first: one whose head is gone as well is not damaged.
        if self.roster_head(OPERATION, connection, id).await?.is_none() {
            return Ok(None);
        }
        Err(head.row.corrupt("chunks", "the number of chunks that are there"))
    }

    async fn list_rosters(&self, connection: &ConnectionId) -> Result<Vec<RosterId>, Error> {
        const PREFIX: &str = "ROSTER#";
        let range = Range::of(key::connection_partition(connection)).prefix(PREFIX);
        let rows = self.query("list rosters", range).await?.rows;
        let ids = rows.iter().map(|row| {
            let id = row.text("sk")?.trim_start_matches(PREFIX);
            RosterId::parse(id).map_err(|_| row.corrupt("sk", "the id of a roster"))
        });
        ids.collect()
    }

    async fn delete_roster(&self, connection: &ConnectionId, id: &RosterId) -> Result<(), Error> {
        const OPERATION: &str = "delete a roster";
        let Some(head) = self.roster_head(OPERATION, connection, id).await? else {
            return Ok(());
        };
        // The head first: a roster of which only chunks are left is gone, and its note still names them.
        let note = Draft::new(key::roster_parts(connection, id))
            .text("content", &head.header.content_hash)
            .number("chunks", head.chunks as u64)
            .number("expires", head.row.number("expires")?);
        self.put(OPERATION, note).await?;
        self.delete(OPERATION, key::roster(connection, id)).await?;
        self.delete_all(OPERATION, head.keys(id)).await?;
        self.delete(OPERATION, key::roster_parts(connection, id)).await
    }
}

/// The most bytes of a state that was compressed.
const MOST_STATE_BYTES: usize = 4 * 1024 * 1024;

fn state(row: &Row) -> Result<SyncState, Error> {
    if !row.has("packed") {
        return row.document("document");
    }
    let text = row.unpacked("packed", MOST_STATE_BYTES)?;
    serde_json::from_str(&text).map_err(|_| row.corrupt("packed", "the expected document"))
}

/// Moves the end of an item that is there.
fn extension(key: Key, expires_at: Timestamp) -> Step {
    Step::Update(
        key,
        Expression::new("SET #expires = :expires").number(":expires", expires_at.as_second()),
        Expression::new("attribute_exists(#pk)"),
    )
}
