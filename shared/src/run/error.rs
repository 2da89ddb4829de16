//! Why a use case gave a message back. Everything that a person has to act on stands in the run's record instead.

use crate::{queue, secret, store};

/// A failure of ours.
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
    /// A stored document cannot be read, or no memory is left.
    #[error("a document of the plan failed")]
    Plan(#[from] crate::plan::Error),
    /// A stored roster cannot be read, or no memory is left.
    #[error("a document of the roster failed")]
    Roster(#[from] crate::roster::Error),
    /// A record that the message names is not there.
    #[error("{0} is not there")]
    Missing(&'static str),
    /// A record was deleted while the use case was at work, as all of a connection is that is erased. Holds its name.
    #[error("the {0} was deleted meanwhile")]
    Gone(&'static str),
    /// The same request is being carried out by another process at this moment.
    #[error("the same request is being carried out")]
    Repeated,
    /// The function's time was nearly over before all was done.
    #[error("there was not enough time")]
    Late,
    /// As many runs of the connection wait as may wait.
    #[error("as many runs of the connection wait as may wait")]
    Waiting,
    /// The lease was lost while the run was working.
    #[error("the lease was lost")]
    LeaseLost,
}

impl Error {
    /// Whether another delivery would fail in the same way: then the run fails, by name, instead of coming again.
    pub(super) const fn is_lasting(&self) -> bool {
        match self {
            Self::Store(store::Error::Corrupt { .. } | store::Error::Gone { .. } | store::Error::Refused { .. })
            | Self::Gone(_)
            | Self::Plan(_)
            | Self::Roster(_)
            | Self::Missing(_) => true,
            Self::Secret(error) => error.is_lasting,
            Self::Queue(error) => error.is_lasting,
            Self::Store(store::Error::Unavailable { .. })
            | Self::Late
            | Self::LeaseLost
            | Self::Repeated
            | Self::Waiting => false,
        }
    }
}
