//! Watches on what is asked of the ports: they count, let time pass, make a call fail, or end the process.

use async_trait::async_trait;

/// The call that is about to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A method of the store that reads or writes an item, by the name of the port's method.
    Store(&'static str),
    /// One of several items that are written to the store in one call.
    Batch(&'static str),
    /// What the HTTP door remembers: keys, audit, answers.
    Door(&'static str),
    /// The directory's records, as the door edits them.
    Directory(&'static str),
    /// A secret.
    Secret(&'static str),
    /// The HR system.
    Provider(&'static str),
    /// The target.
    Target(&'static str),
    /// A message.
    Queue,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The call is done.
    Go,
    /// The call is not done, and the caller is told so.
    Fail,
    /// The call is done, and the caller is told that it may not be done.
    LoseReply,
}

/// A watch that is asked before each write, and told of it after.
#[async_trait]
pub trait Watch: Send + Sync {
    /// Decides what is to become of the write.
    async fn before(&self, place: Place) -> Verdict;

    /// The write was done; its caller has not heard of it yet.
    async fn after(&self, _place: Place) {}

    /// Decides what is to become of a read. A read whose answer is lost has failed.
    async fn look(&self, _place: Place) -> Verdict {
        Verdict::Go
    }
}

/// A watch that lets every call pass.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

#[async_trait]
impl Watch for Nobody {
    async fn before(&self, _place: Place) -> Verdict {
        Verdict::Go
    }
}
