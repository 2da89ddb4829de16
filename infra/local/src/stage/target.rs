//! Targets that are counted: how much was written to all of them, while it happens.

use std::sync::{Arc, Mutex, PoisonError};

use rollcall::{
    connection::{Connection, ConnectionSecret},
    run::Targets,
    target::{Error, Target},
};

/// Opens what another opener opens, and keeps each target to ask it for its writes.
pub(super) struct WatchedTargets {
    inner: Box<dyn Targets>,
    opened: Mutex<Vec<Arc<dyn Target>>>,
}

impl WatchedTargets {
    pub(super) fn new(inner: Box<dyn Targets>) -> Self {
        Self {
            inner,
            opened: Mutex::default(),
        }
    }

    /// Returns how much was written to all targets that were opened.
    pub(super) fn writes(&self) -> u64 {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.iter().map(|target| target.writes()).sum()
    }
}

impl Targets for WatchedTargets {
    fn open(&self, connection: &Connection, secret: &ConnectionSecret) -> Result<Arc<dyn Target>, Error> {
        let target = self.inner.open(connection, secret)?;
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.push(Arc::clone(&target));
        Ok(target)
    }
}
