//! Why a request is refused. The words and bodies are each dialect's own.

use crate::server::reply::Reply;
use std::borrow::Cow;

/// Why a request is refused.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// No credential, or a key that is not one.
    NoCredential,
    /// A bearer token that does not open anything, and why.
    Token(&'static str),
    /// The permission group forbids it.
    Forbidden,
    /// The token lacks the scope that this takes.
    Scope(&'static str),
    /// No such path or record.
    NotFound,
    /// A parameter that cannot be read, and what would do.
    Parameter(Cow<'static, str>, &'static str),
    /// The allowance is used up for this many seconds.
    TooMany(u64),
    /// The emulator was told to fail with this status.
    Told(u16),
    /// An answer that could not be written.
    Broken,
    /// Worded where it arose.
    Own(Box<Reply>),
}

impl Refusal {
    /// A parameter that cannot be read.
    pub(crate) fn parameter(name: impl Into<Cow<'static, str>>, expected: &'static str) -> Self {
        Self::Parameter(name.into(), expected)
    }

    /// The answer where it was worded when it arose.
    pub(crate) fn into_own(self) -> Result<Reply, Self> {
        if let Self::Own(reply) = self {
            Ok(*reply)
        } else {
            Err(self)
        }
    }

    /// Whether there is no such path or record.
    pub(crate) const fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }

    /// A refusal with words of its own.
    pub(crate) fn own(reply: Reply) -> Self {
        Self::Own(Box::new(reply))
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(_: serde_json::Error) -> Self {
        Self::Broken
    }
}
