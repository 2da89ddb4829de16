//! Leases in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, lock};
use crate::{
    connection::ConnectionId,
    store::{Error, Lease, LeaseStore, RunId},
};

/// The last lease of each connection; without a holder once it was given back, so that its fence goes on rising.
pub(super) type Leases = BTreeMap<ConnectionId, Last>;

pub(super) struct Last {
    /// The fencing token that was given out last.
    pub(super) fence: u64,
    held: Option<(RunId, Timestamp)>,
}

#[async_trait]
impl LeaseStore for MemoryStore {
    async fn acquire_lease(
        &self,
        connection: &ConnectionId,
        holder: &RunId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, Error> {
        let mut leases = lock(&self.leases);
        let last = leases
            .entry(connection.clone())
            .or_insert(Last { fence: 0, held: None });
        self.read(1);
        match &last.held {
            Some((other, ends_at)) if other != holder && *ends_at > now => return Ok(None),
            Some((other, _)) if other == holder => {}
            Some(_) | None => last.fence += 1,
        }
        self.wrote(1);
        last.held = Some((holder.clone(), until));
        Ok(Some(Lease {
            connection: connection.clone(),
            holder: holder.clone(),
            fence: last.fence,
            until,
        }))
    }

    async fn renew_lease(&self, lease: &Lease, until: Timestamp) -> Result<Option<Lease>, Error> {
        let mut leases = lock(&self.leases);
        let Some(last) = leases.get_mut(&lease.connection).filter(|last| last.is(lease)) else {
            return Ok(None);
        };
        self.wrote(1);
        last.held = Some((lease.holder.clone(), until));
        Ok(Some(Lease { until, ..lease.clone() }))
    }

    async fn release_lease(&self, lease: &Lease) -> Result<(), Error> {
        let mut leases = lock(&self.leases);
        if let Some(last) = leases.get_mut(&lease.connection).filter(|last| last.is(lease)) {
            self.wrote(1);
            last.held = None;
        }
        Ok(())
    }
}

impl Last {
    fn is(&self, lease: &Lease) -> bool {
        self.fence == lease.fence && self.held.as_ref().is_some_and(|(holder, _)| *holder == lease.holder)
    }
}
