//! Rosters, parts of lists, and what a connection remembers, with a watch.

use std::ops::Range;

use async_trait::async_trait;
use jiff::Timestamp;
use rollcall::{
    account::Listing,
    connection::ConnectionId,
    roster::{Chunk, Survey},
    store::{Error, NewRoster, RosterHead, RosterId, RosterStore, SyncState},
};

use super::{super::Place, WatchedStore};

macro_rules! write {
    ($self:ident, $name:literal, $call:expr) => {
        $self.write(Place::Store($name), $name, $call).await
    };
}

#[async_trait]
impl RosterStore for WatchedStore {
    async fn load_state(&self, connection: &ConnectionId) -> Result<SyncState, Error> {
        self.read("load_state", self.inner.load_state(connection)).await
    }

    async fn put_state(&self, connection: &ConnectionId, state: &SyncState, fence: u64) -> Result<bool, Error> {
        write!(self, "put_state", self.inner.put_state(connection, state, fence))
    }

    async fn find_survey(&self, connection: &ConnectionId) -> Result<Option<Survey>, Error> {
        self.read("find_survey", self.inner.find_survey(connection)).await
    }

    async fn put_survey(&self, connection: &ConnectionId, survey: &Survey) -> Result<(), Error> {
        write!(self, "put_survey", self.inner.put_survey(connection, survey))
    }

    async fn begin_roster(&self, roster: &NewRoster<'_>, most_chunks: usize) -> Result<(), Error> {
        write!(self, "begin_roster", self.inner.begin_roster(roster, most_chunks))
    }

    async fn put_roster_chunks(&self, roster: &NewRoster<'_>, from: usize, chunks: Vec<Chunk>) -> Result<(), Error> {
        write!(
            self,
            "put_roster_chunks",
            self.inner.put_roster_chunks(roster, from, chunks)
        )
    }

    async fn end_roster(&self, roster: &NewRoster<'_>, chunks: usize) -> Result<(), Error> {
        write!(self, "end_roster", self.inner.end_roster(roster, chunks))
    }

    async fn extend_roster(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        write!(
            self,
            "extend_roster",
            self.inner.extend_roster(connection, id, expires_at)
        )
    }

    async fn find_roster_head(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        now: Timestamp,
    ) -> Result<Option<RosterHead>, Error> {
        self.read("find_roster_head", self.inner.find_roster_head(connection, id, now))
            .await
    }

    async fn find_roster_chunks(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        head: &RosterHead,
        numbers: Range<usize>,
    ) -> Result<Option<Vec<Chunk>>, Error> {
        let found = self.inner.find_roster_chunks(connection, id, head, numbers);
        self.read("find_roster_chunks", found).await
    }

    async fn list_rosters(&self, connection: &ConnectionId) -> Result<Vec<RosterId>, Error> {
        self.read("list_rosters", self.inner.list_rosters(connection)).await
    }

    async fn delete_roster(&self, connection: &ConnectionId, id: &RosterId) -> Result<(), Error> {
        write!(self, "delete_roster", self.inner.delete_roster(connection, id))
    }

    async fn put_listing(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        listing: &Listing,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        write!(
            self,
            "put_listing",
            self.inner.put_listing(connection, id, listing, expires_at)
        )
    }

    async fn find_listing(
        &self,
        connection: &ConnectionId,
        id: &RosterId,
        now: Timestamp,
    ) -> Result<Option<Listing>, Error> {
        self.read("find_listing", self.inner.find_listing(connection, id, now))
            .await
    }

    async fn list_listings(&self, connection: &ConnectionId) -> Result<Vec<RosterId>, Error> {
        self.read("list_listings", self.inner.list_listings(connection)).await
    }

    async fn delete_listing(&self, connection: &ConnectionId, id: &RosterId) -> Result<(), Error> {
        write!(self, "delete_listing", self.inner.delete_listing(connection, id))
    }
}
