//! The runs of a connection whose errors may name people, page by page: those that have not ended, then those that have.

use jiff::Timestamp;

use super::{Error, Ports};
use crate::{
    connection::ConnectionId,
    store::{RunId, RunRecord},
};

/// How many runs that have ended are looked at together.
const TOGETHER: u32 = 50;

/// How far the runs of a connection are looked through.
pub(super) struct NamingRuns<'a> {
    connection: &'a ConnectionId,
    is_ended: bool,
    last: Option<(Timestamp, RunId)>,
}

impl<'a> NamingRuns<'a> {
    /// Returns the beginning of a connection's runs.
    pub(super) const fn of(connection: &'a ConnectionId) -> Self {
        Self {
            connection,
            is_ended: false,
            last: None,
        }
    }

    /// Returns the next page; `None` behind the last one.
    pub(super) async fn next(&mut self, ports: &Ports) -> Result<Option<Vec<RunRecord>>, Error> {
        loop {
            let (store, id) = (&ports.store, self.connection);
            let after = self.last.as_ref().map(|(at, run)| (*at, run));
            let page = if self.is_ended {
                store.list_runs_naming_people(id, after, TOGETHER).await?
            } else {
                store.list_unended_runs(id, after, Timestamp::MAX).await?
            };
            self.last = page.last().map(|end| (end.started_at, end.id.clone()));
            match (page.is_empty(), self.is_ended) {
                (false, _) => return Ok(Some(page)),
                (true, true) => return Ok(None),
                (true, false) => self.is_ended = true,
            }
        }
    }
}
