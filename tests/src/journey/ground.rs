//! What a stage is made on: where things are kept, how ids are made, which directory is opened.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use rollcall::{
    connection::{Connection, ConnectionSecret},
    run::{Clock, Ids, Targets},
    store::{DirectoryStore, Store, memory::MemoryStore},
    target::{self, Target, directory::DirectoryTarget},
    testing::FixedClock,
};

use super::{Letters, Nobody, Trouble, Watch, WatchedTarget};

/// What a stage is made on.
pub struct Ground {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The directory's records.
    pub directory: Arc<dyn DirectoryStore>,
    /// Messages; the usual ones where none are given.
    pub letters: Option<Arc<dyn Letters>>,
    /// Who is asked before each write.
    pub watch: Arc<dyn Watch>,
    /// A word that no other process uses, for ids.
    pub process: String,
}

impl Ground {
    /// Everything in memory.
    pub fn memory() -> Self {
        let store = Arc::new(MemoryStore::new());
        Self {
            directory: Arc::clone(&store) as Arc<dyn DirectoryStore>,
            store,
            letters: None,
            watch: Arc::new(Nobody),
            process: "0".to_owned(),
        }
    }
}

/// The key of every tenant's fingerprints on a stage.
pub(super) const FINGERPRINT_KEY: [u8; 32] = [7; 32];

/// Ids by number, after a word that differs from process to process.
pub(super) struct Numbered {
    process: String,
    last: AtomicU64,
}

impl Numbered {
    pub(super) const fn new(process: String) -> Self {
        Self {
            process,
            last: AtomicU64::new(0),
        }
    }
}

impl Ids for Numbered {
    fn next(&self, kind: &str) -> String {
        let number = self.last.fetch_add(1, Ordering::SeqCst);
        format!("{kind}-{}-{number:06}", self.process)
    }

    fn key(&self) -> [u8; 32] {
        FINGERPRINT_KEY
    }
}

/// Opens the built-in directory, watched.
pub(super) struct Directories {
    pub(super) directory: Arc<dyn DirectoryStore>,
    pub(super) clock: Arc<FixedClock>,
    pub(super) watch: Arc<dyn Watch>,
    pub(super) trouble: Trouble,
}

impl Targets for Directories {
    fn open(&self, connection: &Connection, _secret: &ConnectionSecret) -> Result<Arc<dyn Target>, target::Error> {
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let inner = DirectoryTarget::new(connection.tenant.clone(), Arc::clone(&self.directory), clock);
        Ok(Arc::new(WatchedTarget {
            inner: Arc::new(inner),
            watch: Arc::clone(&self.watch),
            trouble: self.trouble.clone(),
        }))
    }
}
