//! Rosters, and what connections remember, in the table.

use std::ops::Range;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    DynamoStore,
    call::Range as Items,
    erasure::id_behind,
    expression::Expression,
    item::{Draft, Row, compress, to_json},
    key::{self, Key},
    transaction::Step,
};
use crate::{
    account::Listing,
    connection::ConnectionId,
    roster::{Chunk, Header, Survey},
    store::{Error, NewRoster, RosterHead, RosterId, RosterStore, SyncState, size::MOST_PLAIN_BYTES},
};

const WRITE: &str = "write a roster";
const FIND: &str = "find a roster";

/// The head of a stored roster, or of a stored part of a list.
struct Head {
    row: Row,
    key: Key,
    content: String,
    chunks: usize,
}

impl Head {
    fn keys(&self, id: &RosterId) -> Vec<Key> {
        let chunk = |chunk| key::roster_chunk(id, &self.content, chunk);
        (0..self.chunks).map(chunk).collect()
    }
}

/// Which chunks are written: those of a roster, or of a part of a list.
#[derive(Clone, Copy)]
struct Place<'a> {
    connection: &'a ConnectionId,
    id: &'a RosterId,
    content: &'a str,
    expires_at: Timestamp,
}

impl<'a> From<&NewRoster<'a>> for Place<'a> {
    fn from(roster: &NewRoster<'a>) -> Self {
        Self {
            connection: roster.connection,
            id: roster.id,
            content: &roster.header.content_hash,
            expires_at: roster.kept_until,
        }
    }
}

impl DynamoStore {
    async fn roster_head(
        &self,
        operation: &'static str,
        connection: &ConnectionId,
        id: &RosterId,
    ) -> Result<Option<(Head, Header)>, Error> {
        let key = key::roster(connection, id);
        let Some(row) = self.get(operation, key.clone()).await? else {
            return Ok(None);
        };
        let header: Header = row.document("header")?;
        let head = Head {
            content: header.content_hash.clone(),
            chunks: row.count("chunks")? as usize,
            row,
            key,
        };
        Ok(Some((head, header)))
    }

    async fn listing_head(
        &self,
        operation: &'static str,
        connection: &ConnectionId,
        id: &RosterId,
    ) -> Result<Option<Head>, Error> {
        let key = key::listing(connection, id);
        let row = self.get(operation, key.clone()).await?;
        row.map(|row| {
            Ok(Head {
                content: row.text("content")?.to_owned(),
                chunks: row.count("chunks")? as usize,
                row,
                key,
            })
        })
        .transpose()
    }

    /// Notes where chunks will stand, before any of them is written.
    async fn note_chunks(&self, operation: &'static str, place: Place<'_>, chunks: usize) -> Result<(), Error> {
        let note = Draft::new(key::roster_parts(place.connection, place.id))
            .text("content", place.content)
            .number("chunks", chunks as u64)
            .expires(place.expires_at);
        self.put(operation, note).await
    }

    /// Writes chunks, from a number on.
    async fn put_chunks(
        &self,
        operation: &'static str,
        place: Place<'_>,
        from: usize,
        chunks: Vec<Chunk>,
    ) -> Result<(), Error> {
        let chunks = chunks.into_iter().zip(from..);
        let drafts = chunks.map(|(chunk, number)| {
            Draft::new(key::roster_chunk(place.id, place.content, number))
                .bytes("rows", chunk.into_bytes())
                .expires(place.expires_at)
        });
        self.put_all(operation, drafts.collect()).await
    }

    /// Returns the chunks behind a head, in their order; `None` where they were deleted meanwhile, with their head.
    async fn find_chunks(
        &self,
        operation: &'static str,
        head: Key,
        keys: Vec<Key>,
    ) -> Result<Option<Vec<Chunk>>, Error> {
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
        if let Some(chunks) = chunks.collect::<Result<Option<Vec<_>>, Error>>()? {
            return Ok(Some(chunks));
        }
        // The head is deleted first: what has none any more is not damaged.
        let head = self.get(operation, head).await?;
        head.map_or(Ok(None), |head| {
            Err(head.corrupt("chunks", "the number of chunks that are there"))
        })
    }

    /// Deletes a head, and then its chunks: what has chunks only is gone, and its note still names them.
    async fn delete_chunks(
        &self,
        operation: &'static str,
        connection: &ConnectionId,
        id: &RosterId,
        head: &Head,
    ) -> Result<(), Error> {
        let note = Draft::new(key::roster_parts(connection, id))
            .text("content", &head.content)
            .number("chunks", head.chunks as u64)
            .number("expires", head.row.number("expires")?);
        self.put(operation, note).await?;
        self.delete(operation, head.key.clone()).await?;
        self.delete_all(operation, head.keys(id)).await?;
        self.delete(operation, key::roster_parts(connection, id)).await
    }

    /// Returns the ids of what stands under a prefix of a connection's partition.
    async fn kept_under(
        &self,
        operation: &'static str,
        connection: &ConnectionId,
        prefix: &str,
    ) -> Result<Vec<RosterId>, Error> {
        let range = Items::of(key::connection_partition(connection)).prefix(prefix);
        let rows = self.query(operation, range).await?.rows;
        rows.iter().map(|row| id_behind(row, prefix)).collect()
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

    async fn begin_roster(&self, roster: &NewRoster<'_>, most_chunks: usize) -> Result<(), Error> {
        self.note_chunks(WRITE, roster.into(), most_chunks).await
    }

    async fn put_roster_chunks(&self, roster: &NewRoster<'_>, from: usize, chunks: Vec<Chunk>) -> Result<(), Error> {
        self.put_chunks(WRITE, roster.into(), from, chunks).await
    }

    async fn end_roster(&self, roster: &NewRoster<'_>, chunks: usize) -> Result<(), Error> {
        let head = Draft::new(key::roster(roster.connection, roster.id)).document(WRITE, "header", roster.header)?;
        let head = head.number("chunks", chunks as u64).expires(roster.kept_until);
        self.put(WRITE, head).await
    }

    async fn extend_roster(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        const OPERATION: &str = "keep a roster longer";
        let Some((head, _)) = self.roster_head(OPERATION, connection, id).await? else {
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

    async fn find_roster_head(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        now: Timestamp,
    ) -> Result<Option<RosterHead>, Error> {
        let Some((head, header)) = self.roster_head(FIND, connection, id).await? else {
            return Ok(None);
        };
        let has_expired = head.row.has_expired(now)?;
        Ok((!has_expired).then_some(RosterHead {
            header,
            chunks: head.chunks,
        }))
    }

    async fn find_roster_chunks(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        head: &RosterHead,
        numbers: Range<usize>,
    ) -> Result<Option<Vec<Chunk>>, Error> {
        let chunk = |number| key::roster_chunk(id, &head.header.content_hash, number);
        let keys = numbers.map(chunk).collect();
        self.find_chunks(FIND, key::roster(connection, id), keys).await
    }

    async fn list_rosters(&self, connection: &ConnectionId) -> Result<Vec<RosterId>, Error> {
        self.kept_under("list rosters", connection, key::ROSTER_PREFIX).await
    }

    async fn delete_roster(&self, connection: &ConnectionId, id: &RosterId) -> Result<(), Error> {
        const OPERATION: &str = "delete a roster";
        match self.roster_head(OPERATION, connection, id).await? {
            Some((head, _)) => self.delete_chunks(OPERATION, connection, id, &head).await,
            None => Ok(()),
        }
    }

    async fn put_listing(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        listing: &Listing,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        const OPERATION: &str = "write a part of a list";
        let place = Place {
            connection,
            id,
            content: &listing.content_hash,
            expires_at,
        };
        self.note_chunks(OPERATION, place, listing.chunks.len()).await?;
        self.put_chunks(OPERATION, place, 0, listing.chunks.clone()).await?;
        let head = Draft::new(key::listing(connection, id))
            .text("content", &listing.content_hash)
            .number("accounts", u64::from(listing.accounts))
            .number("chunks", listing.chunks.len() as u64)
            .expires(expires_at);
        self.put(OPERATION, head).await
    }

    async fn find_listing(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        now: Timestamp,
    ) -> Result<Option<Listing>, Error> {
        const OPERATION: &str = "find a part of a list";
        let Some(head) = self.listing_head(OPERATION, connection, id).await? else {
            return Ok(None);
        };
        if head.row.has_expired(now)? {
            return Ok(None);
        }
        let accounts = head.row.count("accounts")?;
        let chunks = self.find_chunks(OPERATION, head.key.clone(), head.keys(id)).await?;
        Ok(chunks.map(|chunks| Listing {
            accounts,
            content_hash: head.content,
            chunks,
        }))
    }

    async fn list_listings(&self, connection: &ConnectionId) -> Result<Vec<RosterId>, Error> {
        self.kept_under("list parts of lists", connection, key::LISTING_PREFIX)
            .await
    }

    async fn delete_listing(&self, connection: &ConnectionId, id: &RosterId) -> Result<(), Error> {
        const OPERATION: &str = "delete a part of a list";
        match self.listing_head(OPERATION, connection, id).await? {
            Some(head) => self.delete_chunks(OPERATION, connection, id, &head).await,
            None => Ok(()),
        }
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
