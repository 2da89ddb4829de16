//! The port of rosters, of parts of targets' lists, and of what a connection remembers of them.

use std::ops::Range;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Error, NewRoster, RosterHead, RosterId, SyncState};
use crate::{
    account::Listing,
    connection::ConnectionId,
    roster::{Chunk, Roster, Survey},
};

/// How many chunks of a roster are stored together: as many as the table takes in one request.
const CHUNKS_TOGETHER: usize = 25;

/// Rosters, parts of targets' lists, and what a connection remembers of them.
#[async_trait]
pub trait RosterStore: Send + Sync {
    /// What a connection remembers from run to run; the default where there is nothing yet.
    async fn load_state(&self, connection: &ConnectionId) -> Result<SyncState, Error>;

    /// Writes what a connection remembers, unless a holder of a later fencing token has written since. Returns whether it did.
    async fn put_state(&self, connection: &ConnectionId, state: &SyncState, fence: u64) -> Result<bool, Error>;

    /// What HR showed when everything was last read, counted.
    async fn find_survey(&self, connection: &ConnectionId) -> Result<Option<Survey>, Error>;

    /// Keeps a survey in place of the one before.
    async fn put_survey(&self, connection: &ConnectionId, survey: &Survey) -> Result<(), Error>;

    /// Begins to store a roster of at most so many chunks: notes where they will stand, so that they are found and deleted also
    /// where the roster is never ended. Nothing of it shows yet.
    async fn begin_roster(&self, roster: &NewRoster<'_>, most_chunks: usize) -> Result<(), Error>;

    /// Stores chunks of a roster that was begun, from a number on.
    async fn put_roster_chunks(&self, roster: &NewRoster<'_>, from: usize, chunks: Vec<Chunk>) -> Result<(), Error>;

    /// Makes a roster visible whose chunks are all stored.
    async fn end_roster(&self, roster: &NewRoster<'_>, chunks: usize) -> Result<(), Error>;

    /// Stores a roster that is in memory: chunks first, the item that makes them visible last.
    async fn put_roster(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        roster: &Roster,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let new = NewRoster {
            connection,
            id,
            header: &roster.header,
            kept_until: expires_at,
        };
        self.begin_roster(&new, roster.chunks.len()).await?;
        let mut stored = 0;
        for chunks in roster.chunks.chunks(CHUNKS_TOGETHER) {
            self.put_roster_chunks(&new, stored, chunks.to_vec()).await?;
            stored += chunks.len();
        }
        self.end_roster(&new, roster.chunks.len()).await
    }

    /// Keeps a stored roster until a later instant.
    async fn extend_roster(&self, connection: &ConnectionId, id: &RosterId, expires_at: Timestamp)
    -> Result<(), Error>;

    /// What stands before a stored roster.
    async fn find_roster_head(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        now: Timestamp,
    ) -> Result<Option<RosterHead>, Error>;

    /// Some chunks of a stored roster, by their numbers; `None` where the roster was deleted meanwhile.
    async fn find_roster_chunks(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        head: &RosterHead,
        numbers: Range<usize>,
    ) -> Result<Option<Vec<Chunk>>, Error>;

    /// A stored roster, with all its chunks in memory.
    async fn find_roster(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        now: Timestamp,
    ) -> Result<Option<Roster>, Error> {
        let Some(head) = self.find_roster_head(connection, id, now).await? else {
            return Ok(None);
        };
        let chunks = self.find_roster_chunks(connection, id, &head, 0..head.chunks).await?;
        let header = head.header;
        Ok(chunks.map(|chunks| Roster { header, chunks }))
    }

    /// The ids of all stored rosters of a connection.
    async fn list_rosters(&self, connection: &ConnectionId) -> Result<Vec<RosterId>, Error>;

    /// Deletes a stored roster; one that is not there is deleted already.
    async fn delete_roster(&self, connection: &ConnectionId, id: &RosterId) -> Result<(), Error>;

    /// Stores a part of a target's list: chunks first, the item that makes them visible last. It is erased with the
    /// connection's rosters.
    async fn put_listing(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        listing: &Listing,
        expires_at: Timestamp,
    ) -> Result<(), Error>;

    /// A stored part of a target's list.
    async fn find_listing(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        now: Timestamp,
    ) -> Result<Option<Listing>, Error>;

    /// The ids of all stored parts of lists of a connection's target.
    async fn list_listings(&self, connection: &ConnectionId) -> Result<Vec<RosterId>, Error>;

    /// Deletes a stored part of a list; one that is not there is deleted already.
    async fn delete_listing(&self, connection: &ConnectionId, id: &RosterId) -> Result<(), Error>;
}
