//! Why a use case gave a message back. Everything that a person has to act on stands in the run's record instead.

use crate::{queue, secret, source, store, target};

/// A failure that another delivery may mend.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] store::Error),
    /// The store of secrets failed.
    #[error("the store of secrets failed")]
    Secret(#[from] secret::Error),
    /// The queue failed.
    #[error("the queue failed")]
    Queue(#[from] queue::Error),
    /// The HR system failed before anything was read.
    #[error("the HR system failed")]
    Source(#[from] source::Error),
    /// The target failed.
    #[error("the target failed")]
    Target(#[from] target::Error),
    /// A stored document cannot be read, or no memory is left.
    #[error("a document of the plan failed")]
    Plan(#[from] crate::plan::Error),
    /// A stored roster cannot be read, or no memory is left.
    #[error("a document of the roster failed")]
    Roster(#[from] crate::roster::Error),
    /// A record that the message names is not there.
    #[error("{0} is not there")]
    Missing(&'static str),
    /// The lease was lost while the run was working.
    #[error("the lease was lost")]
    LeaseLost,
}
