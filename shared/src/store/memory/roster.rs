//! Rosters, and what connections remember, in memory.

use std::{collections::BTreeMap, ops::Range};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    account::Listing,
    connection::ConnectionId,
    roster::{Chunk, Roster, Survey},
    store::{Error, NewRoster, RosterHead, RosterId, RosterStore, SyncState, size},
};

#[derive(Default)]
pub(super) struct Rosters {
    states: BTreeMap<ConnectionId, (SyncState, u64)>,
    surveys: BTreeMap<ConnectionId, Survey>,
    kept: BTreeMap<(ConnectionId, RosterId), (Roster, Timestamp)>,
    /// Chunks of rosters that were begun and not ended yet.
    begun: BTreeMap<(ConnectionId, RosterId), Vec<Chunk>>,
    listings: BTreeMap<(ConnectionId, RosterId), (Listing, Timestamp)>,
}

impl Rosters {
    /// How many rosters a connection has.
    pub(super) fn count(&self, connection: &ConnectionId) -> u64 {
        self.kept.keys().filter(|(of, _)| of == connection).count() as u64
    }

    /// Deletes the rosters of a connection, what was counted of them, and the parts of its target's list. Returns how many rosters there were.
    pub(super) fn erase(&mut self, connection: &ConnectionId) -> u64 {
        self.surveys.remove(connection);
        self.listings.retain(|(of, _), _| of != connection);
        self.begun.retain(|(of, _), _| of != connection);
        let before = self.kept.len();
        self.kept.retain(|(of, _), _| of != connection);
        (before - self.kept.len()) as u64
    }

    /// Deletes what a connection remembers.
    pub(super) fn forget(&mut self, connection: &ConnectionId) {
        self.states.remove(connection);
        self.surveys.remove(connection);
    }
}

fn key(roster: &NewRoster<'_>) -> (ConnectionId, RosterId) {
    (roster.connection.clone(), roster.id.clone())
}

#[async_trait]
impl RosterStore for MemoryStore {
    async fn load_state(&self, connection: &ConnectionId) -> Result<SyncState, Error> {
        self.read(1);
        let kept = lock(&self.rosters);
        Ok(kept
            .states
            .get(connection)
            .map(|(state, _)| state.clone())
            .unwrap_or_default())
    }

    async fn put_state(&self, connection: &ConnectionId, state: &SyncState, fence: u64) -> Result<bool, Error> {
        size::fits("write a connection's state", size::state(connection, state, fence))?;
        let mut kept = lock(&self.rosters);
        if kept.states.get(connection).is_some_and(|(_, later)| *later > fence) {
            return Ok(false);
        }
        self.wrote(1);
        kept.states.insert(connection.clone(), (state.clone(), fence));
        Ok(true)
    }

    async fn find_survey(&self, connection: &ConnectionId) -> Result<Option<Survey>, Error> {
        self.read(1);
        Ok(lock(&self.rosters).surveys.get(connection).cloned())
    }

    async fn put_survey(&self, connection: &ConnectionId, survey: &Survey) -> Result<(), Error> {
        size::fits("write a survey", size::survey(connection, survey))?;
        self.wrote(1);
        lock(&self.rosters).surveys.insert(connection.clone(), survey.clone());
        Ok(())
    }

    async fn begin_roster(&self, roster: &NewRoster<'_>, _most_chunks: usize) -> Result<(), Error> {
        self.wrote(1);
        lock(&self.rosters).begun.insert(key(roster), Vec::new());
        Ok(())
    }

    async fn put_roster_chunks(&self, roster: &NewRoster<'_>, from: usize, chunks: Vec<Chunk>) -> Result<(), Error> {
        let content = &roster.header.content_hash;
        for (place, chunk) in chunks.iter().enumerate() {
            let item = size::chunk(roster.id, content, from + place, chunk, roster.kept_until);
            size::fits("write a roster", item)?;
        }
        self.wrote(chunks.len());
        if let Some(begun) = lock(&self.rosters).begun.get_mut(&key(roster)) {
            begun.truncate(from);
            begun.extend(chunks);
        }
        Ok(())
    }

    async fn end_roster(&self, roster: &NewRoster<'_>, chunks: usize) -> Result<(), Error> {
        size::fits("write a roster", size::roster_head(roster, chunks))?;
        self.wrote(1);
        let mut kept = lock(&self.rosters);
        // Where it was erased before it was ended, nothing of it comes back.
        if let Some(begun) = kept.begun.remove(&key(roster)).filter(|begun| begun.len() == chunks) {
            let whole = Roster {
                header: roster.header.clone(),
                chunks: begun,
            };
            kept.kept.insert(key(roster), (whole, roster.kept_until));
        }
        Ok(())
    }

    async fn extend_roster(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let mut kept = lock(&self.rosters);
        if let Some((roster, expiry)) = kept.kept.get_mut(&(connection.clone(), id.clone())) {
            self.wrote(roster.chunks.len() + 1);
            *expiry = expires_at;
        }
        Ok(())
    }

    async fn find_roster_head(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        now: Timestamp,
    ) -> Result<Option<RosterHead>, Error> {
        self.read(1);
        let kept = lock(&self.rosters);
        let found = kept.kept.get(&(connection.clone(), id.clone()));
        let found = found.filter(|(_, expires_at)| *expires_at > now);
        Ok(found.map(|(roster, _)| RosterHead {
            header: roster.header.clone(),
            chunks: roster.chunks.len(),
        }))
    }

    async fn find_roster_chunks(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        head: &RosterHead,
        numbers: Range<usize>,
    ) -> Result<Option<Vec<Chunk>>, Error> {
        self.read(numbers.len());
        let kept = lock(&self.rosters);
        let found = kept.kept.get(&(connection.clone(), id.clone()));
        let found = found.filter(|(roster, _)| roster.header.content_hash == head.header.content_hash);
        Ok(found.and_then(|(roster, _)| roster.chunks.get(numbers).map(<[Chunk]>::to_vec)))
    }

    async fn list_rosters(&self, connection: &ConnectionId) -> Result<Vec<RosterId>, Error> {
        let kept = lock(&self.rosters);
        let own = kept.kept.keys().filter(|(of, _)| of == connection);
        let ids: Vec<_> = own.map(|(_, id)| id.clone()).collect();
        self.read(ids.len());
        Ok(ids)
    }

    async fn delete_roster(&self, connection: &ConnectionId, id: &RosterId) -> Result<(), Error> {
        let removed = lock(&self.rosters).kept.remove(&(connection.clone(), id.clone()));
        self.wrote(removed.map_or(0, |(roster, _)| roster.chunks.len() + 1));
        Ok(())
    }

    async fn put_listing(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        listing: &Listing,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        for item in size::listing(connection, id, listing, expires_at) {
            size::fits("write a part of a list", item)?;
        }
        self.wrote(listing.chunks.len() + 2);
        lock(&self.rosters)
            .listings
            .insert((connection.clone(), id.clone()), (listing.clone(), expires_at));
        Ok(())
    }

    async fn find_listing(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        now: Timestamp,
    ) -> Result<Option<Listing>, Error> {
        let kept = lock(&self.rosters);
        let found = kept
            .listings
            .get(&(connection.clone(), id.clone()))
            .filter(|(_, expires_at)| *expires_at > now)
            .map(|(listing, _)| listing.clone());
        self.read(found.as_ref().map_or(1, |listing| listing.chunks.len() + 1));
        Ok(found)
    }

    async fn list_listings(&self, connection: &ConnectionId) -> Result<Vec<RosterId>, Error> {
        let kept = lock(&self.rosters);
        let own = kept.listings.keys().filter(|(of, _)| of == connection);
        let ids: Vec<_> = own.map(|(_, id)| id.clone()).collect();
        self.read(ids.len());
        Ok(ids)
    }

    async fn delete_listing(&self, connection: &ConnectionId, id: &RosterId) -> Result<(), Error> {
        let removed = lock(&self.rosters).listings.remove(&(connection.clone(), id.clone()));
        self.wrote(removed.map_or(0, |(listing, _)| listing.chunks.len() + 1));
        Ok(())
    }
}
