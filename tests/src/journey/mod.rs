//! The journeys' stage: the use cases with real ports, an HR system in memory, and watches on everything that is written.

mod ground;
mod halt;
mod hand;
mod message;
mod office;
mod picture;
mod plot;
mod stage;
mod watch;
mod watched;

pub use ground::Ground;
pub use halt::Halt;
pub use message::{Folder, Letter, Letters, Unruly};
pub use office::{Office, describe};
pub use picture::{directory, picture, records};
pub use plot::{Plot, play};
pub use stage::Stage;
pub use watch::{Nobody, Place, Verdict, Watch};
pub use watched::{
    Trouble, WatchedDirectory, WatchedDoor, WatchedProvider, WatchedQueue, WatchedSecrets, WatchedStore, WatchedTarget,
};

/// An error of the stage itself.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
