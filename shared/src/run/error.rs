//! Why a use case gave a message back, and why no connection was made. Everything else that a person has to act on stands in the
//! run's record instead.

use super::way::Attempt;
use crate::{
    connection::{self, InvalidTransition},
    queue, secret, source, store, target,
};

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
    /// A record was deleted while the use case was at work: where a connection is erased, all its records are. Holds
    /// the record's name.
    #[error("the {0} was deleted meanwhile")]
    Gone(&'static str),
    /// A part of what was read of HR was deleted, or has ended, while the use case was at work.
    #[error("a part of what was read was deleted meanwhile")]
    PartGone,
    /// The same request is being carried out by another process at this moment.
    #[error("the same request is being carried out")]
    Repeated,
    /// The function's time was nearly over before all was done.
    #[error("there was not enough time")]
    Late,
    /// The connection has as many waiting runs as it may have.
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
            | Self::PartGone
            | Self::Repeated
            | Self::Waiting => false,
        }
    }
}

/// Why no connection was made. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// This provider is not known.
    #[error("the provider is not known")]
    UnknownProvider,
    /// The provider is not connected in the way that was asked for.
    #[error("the provider is not connected in this way")]
    NoWay {
        /// What was asked for.
        asked: Attempt,
        /// The provider's name for people.
        name: &'static str,
        /// How it can be connected.
        ways: Vec<source::Method>,
    },
    /// The customer's part of the address cannot be used (R41).
    #[error("the site cannot be used")]
    Site {
        /// What was expected.
        expected: String,
    },
    /// The HR system did not take the credential, or could not be reached.
    #[error("the HR system did not accept the connection")]
    Source(#[source] source::Error),
    /// The target did not take its credential, or could not be reached.
    #[error("the target did not accept the connection")]
    Target(#[source] target::Error),
    /// The credential opens another company than before (R01).
    #[error("the credential opens another company than the one that was connected first")]
    DifferentCompany,
    /// The company is connected under another tenant (R01).
    #[error("the company is connected under another tenant")]
    ForeignCompany,
    /// Another tenant writes to the target, and the operator did not say that it is shared (R04).
    #[error("another tenant writes to the target")]
    ForeignTarget,
    /// The target is the built-in directory, which no credential opens.
    #[error("the target has no credential")]
    NoTargetCredential,
    /// A run is at work on the connection.
    #[error("a run is at work on the connection")]
    Busy,
    /// The login sees several companies, and one has to be chosen in the browser's login.
    #[error("the login sees several companies")]
    SeveralCompanies,
    /// The connection's state does not allow it.
    #[error(transparent)]
    State(#[from] InvalidTransition),
    /// The connection, or its whole tenant, was erased meanwhile (R37).
    #[error("the connection was erased meanwhile")]
    Gone,
    /// The tenant was erased, and is not to be made again (R37).
    #[error("the tenant was erased; an operator has to admit it again")]
    Erased,
    /// The tenant has as many connections as a tenant may have, ended ones among them (R47).
    #[error("the tenant has as many connections as a tenant may have")]
    TooMany,
    /// The same request opened a login before; what starts it was shown then, and is kept nowhere.
    #[error("the login was opened, and its start was shown")]
    Shown,
    /// Something of ours failed.
    #[error("the connection could not be kept")]
    Internal(#[from] Error),
}

impl From<connection::ConnectError> for ConnectError {
    fn from(error: connection::ConnectError) -> Self {
        match error {
            connection::ConnectError::Company(_) => Self::DifferentCompany,
            connection::ConnectError::Transition(error) => Self::State(error),
        }
    }
}
