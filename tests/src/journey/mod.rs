//! The journeys' stage: the use cases with real ports, an HR system in memory, and watches on everything that is written.

mod message;
mod office;
mod picture;
mod stage;
mod watch;
mod watched;

pub use message::{Folder, Letter, Letters, Unruly};
pub use office::Office;
pub use picture::picture;
pub use stage::{Ground, Stage};
pub use watch::{Nobody, Place, Verdict, Watch};
pub use watched::{WatchedQueue, WatchedStore, WatchedTarget};

/// What goes wrong on the stage itself.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
