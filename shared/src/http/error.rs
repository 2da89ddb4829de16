//! What can go wrong between a request and its answer, in words that hold no query, header or body (R38).

use std::{error, fmt, time::Duration};

use super::Method;

/// What logs and errors may show of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The host, without the port.
    pub host: String,
    /// The path with ids replaced.
    pub template: &'static str,
}

impl fmt::Display for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}{}", self.method.as_str(), self.host, self.template)
    }
}

/// How one try failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The connection broke off before the answer was whole.
    #[error("the connection broke off")]
    Broken,
    /// No connection came about: name, network or TLS. The server has seen nothing.
    #[error("no connection")]
    Connect,
    /// The server answered that it cannot serve the request now.
    #[error("status {0}")]
    Status(u16),
    /// The time ran out.
    #[error("timed out")]
    TimedOut,
}

impl Failure {
    /// Returns whether the server may have done what was asked, although no answer arrived.
    pub const fn may_have_arrived(self) -> bool {
        match self {
            Self::Broken | Self::TimedOut | Self::Status(_) => true,
            Self::Connect => false,
        }
    }
}

/// Which budget of retries ended (R31).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The call's own tries; or the wait that the server asked for was too long for one call.
    Call,
    /// The run's budget.
    Run,
    /// The provider's budget, over all runs of this process.
    Provider,
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Call => "call",
            Self::Run => "run",
            Self::Provider => "provider",
        })
    }
}

/// Why a request brought no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// All tries of a repeatable request failed.
    #[error("{call}: gave up after {tries} tries, the budget of this {limit} is used up: {failure}")]
    Exhausted {
        /// The request.
        call: Call,
        /// The budget that ended.
        limit: Limit,
        /// How the last try ended.
        failure: Failure,
        /// How often it was sent.
        tries: u32,
        /// How long the server asked to wait, if it did.
        retry_after: Option<Duration>,
        /// The error that caused it.
        #[source]
        source: Option<Box<dyn error::Error + Send + Sync>>,
    },
    /// A request that must not be repeated brought no answer.
    #[error("{call}: {failure}")]
    Failed {
        /// The request.
        call: Call,
        /// How the request failed.
        failure: Failure,
        /// The error that caused it.
        #[source]
        source: Option<Box<dyn error::Error + Send + Sync>>,
    },
    /// The request cannot be put on the wire: a header with a line break, for instance.
    #[error("{call}: the request cannot be written")]
    Request {
        /// The request.
        call: Call,
    },
    /// The server redirects to another address, which is not followed (R41).
    #[error("{call}: redirected to {} with status {status}, where it is not followed", to.as_deref().unwrap_or("no address"))]
    Redirected {
        /// The request.
        call: Call,
        /// The status.
        status: u16,
        /// Scheme, host and port of the other address, where there is one: its path may name a person.
        to: Option<String>,
    },
    /// The host is not on the public internet, and the operator did not name it: nothing was sent (R41).
    #[error("{call}: the host is not on the public internet")]
    NotPublic {
        /// The request.
        call: Call,
    },
    /// The allowance is used up for longer than a call waits. Where the server did not say so itself, nothing was sent.
    #[error("{call}: the allowance is used up")]
    UsedUp {
        /// The request.
        call: Call,
        /// In how long there is more.
        wait: Duration,
    },
    /// The answer is larger than the cap (R41).
    #[error("{call}: the answer is larger than {most} bytes")]
    TooLarge {
        /// The request.
        call: Call,
        /// The cap.
        most: usize,
    },
    /// The client cannot be built.
    #[error("the HTTP client cannot be built")]
    Setup {
        /// The error that caused it.
        #[source]
        source: Box<dyn error::Error + Send + Sync>,
    },
}

impl Error {
    /// Returns how long the server asked to wait, if it did.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Exhausted { retry_after, .. } => *retry_after,
            Self::UsedUp { wait, .. } => Some(*wait),
            Self::Failed { .. }
            | Self::Request { .. }
            | Self::Redirected { .. }
            | Self::NotPublic { .. }
            | Self::TooLarge { .. }
            | Self::Setup { .. } => None,
        }
    }
}
