//! The store in memory: ordered maps behind one lock per subject, with the same conditions as the table's. What locks
//! several subjects locks them in the order of their names.
//!
//! For tests and measurements; nothing of it outlives the process.

mod act;
mod allowance;
mod bucket;
mod connection;
mod directory;
mod door;
mod erasure;
mod lease;
mod link;
mod plan;
mod roster;
mod run;
mod slot;
mod sweep;
mod ticket;

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use super::Meter;

/// Everything that Rollcall remembers, in memory.
#[derive(Default)]
pub struct MemoryStore {
    allowances: Mutex<allowance::Counts>,
    buckets: Mutex<bucket::Buckets>,
    connections: Mutex<connection::Connections>,
    directories: Mutex<directory::Directories>,
    door: Mutex<door::Door>,
    leases: Mutex<lease::Leases>,
    links: Mutex<link::Shelf>,
    plans: Mutex<plan::Plans>,
    rosters: Mutex<roster::Rosters>,
    runs: Mutex<run::Runs>,
    slots: Mutex<slot::Groups>,
    tickets: Mutex<ticket::Tickets>,
    tombstones: Mutex<erasure::Tombstones>,
    writes: AtomicU64,
    reads: AtomicU64,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn wrote(&self, items: usize) {
        self.writes.fetch_add(items as u64, Ordering::Relaxed);
    }

    /// A look that finds nothing counts as one item, as it is paid for.
    fn read(&self, items: usize) {
        self.reads.fetch_add(items.max(1) as u64, Ordering::Relaxed);
    }
}

impl Meter for MemoryStore {
    fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

/// Locks a shelf. A panic elsewhere leaves no shelf half written: each change is made in one step.
fn lock<T>(shelf: &Mutex<T>) -> MutexGuard<'_, T> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}
