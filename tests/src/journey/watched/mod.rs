//! The ports with a watch on each call: before and after a write, before a read.

mod bucket;
mod directory;
mod door;
mod erasure;
mod provider;
mod queue;
mod roster;
mod secret;
mod store;
mod sweep;
mod target;

pub use directory::WatchedDirectory;
pub use door::WatchedDoor;
pub use provider::WatchedProvider;
pub use queue::WatchedQueue;
pub use secret::WatchedSecrets;
pub use store::WatchedStore;
pub use target::{Trouble, WatchedTarget};

use super::{Place, Verdict, Watch};

/// The watch did not let a call pass.
#[derive(Debug, thiserror::Error)]
#[error("the watch said no")]
struct Refused;

/// Writes as the watch says. `refused` makes the error that the caller gets of a write that was not done, or whose answer was
/// lost.
async fn write<T, E>(
    watch: &dyn Watch,
    place: Place,
    refused: impl Fn() -> E + Send,
    write: impl Future<Output = Result<T, E>> + Send,
) -> Result<T, E>
where
    T: Send,
    E: Send,
{
    let verdict = watch.before(place).await;
    if verdict == Verdict::Fail {
        return Err(refused());
    }
    let answer = write.await;
    watch.after(place).await;
    if verdict == Verdict::LoseReply {
        answer?;
        return Err(refused());
    }
    answer
}

/// Reads as the watch says.
async fn read<T, E>(
    watch: &dyn Watch,
    place: Place,
    refused: impl Fn() -> E + Send,
    read: impl Future<Output = Result<T, E>> + Send,
) -> Result<T, E>
where
    T: Send,
    E: Send,
{
    match watch.look(place).await {
        Verdict::Go => read.await,
        Verdict::Fail | Verdict::LoseReply => Err(refused()),
    }
}
