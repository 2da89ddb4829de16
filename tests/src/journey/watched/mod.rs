//! The ports with a watch before and after each write. Reads pass.

mod erasure;
mod queue;
mod store;
mod target;

pub use queue::WatchedQueue;
pub use store::WatchedStore;
pub use target::{Trouble, WatchedTarget};

/// The watch did not let a write pass.
#[derive(Debug, thiserror::Error)]
#[error("the watch said no")]
struct Refused;
