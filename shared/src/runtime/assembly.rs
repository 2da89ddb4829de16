//! Putting adapters together.

use std::{fmt, sync::Arc};

use super::{Error, clock::now};
use crate::{
    connection::{Connection, ConnectionSecret, TargetChoice},
    http,
    run::{Clock, Targets},
    store::DirectoryStore,
    target::{self, Target, directory::DirectoryTarget},
};

/// The one outbound client of a process, with the real clock and waiting times that differ from process to process.
/// Built before the first request.
///
/// # Errors
/// [`Error`] where TLS or randomness cannot be had.
pub fn outbound_client() -> Result<http::Client, Error> {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(Error::Randomness)?;
    Ok(http::Client::new(http::Settings::new(now, u64::from_le_bytes(seed)))?)
}

/// Opens the targets that are built in. Others join here, one arm each.
pub struct BuiltInTargets {
    directory: Arc<dyn DirectoryStore>,
    clock: Arc<dyn Clock>,
}

impl BuiltInTargets {
    /// Targets that keep their accounts in `directory` and date their history by `clock`.
    pub fn new(directory: Arc<dyn DirectoryStore>, clock: Arc<dyn Clock>) -> Self {
        Self { directory, clock }
    }
}

impl Targets for BuiltInTargets {
    fn open(&self, connection: &Connection, _secret: &ConnectionSecret) -> Result<Arc<dyn Target>, target::Error> {
        match connection.target {
            TargetChoice::Directory => {
                let (store, clock) = (Arc::clone(&self.directory), Arc::clone(&self.clock));
                let directory = DirectoryTarget::new(connection.tenant.clone(), store, clock);
                Ok(Arc::new(directory))
            }
        }
    }
}

impl fmt::Debug for BuiltInTargets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BuiltInTargets").finish_non_exhaustive()
    }
}
