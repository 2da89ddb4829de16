//! What can go wrong between us and an HR system, as classes that a caller acts on.

use std::time::Duration;

/// What a caller does about an error. Retry is data, not a loop in a connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The provider's answer is not in the form it documents; try again at the next run.
    Malformed,
    /// The place in a list at which a read was to go on is not known any more; the read begins anew.
    Expired,
    /// Settings cannot work; a person must change them.
    Misconfigured,
    /// The credential is good and may not see this.
    Forbidden,
    /// The provider asks for patience, or is down; try again later.
    Temporary,
    /// The credential is not accepted; the admin must connect again.
    Unauthorized,
}

impl Class {
    /// All classes.
    pub const ALL: [Self; 6] = [
        Self::Malformed,
        Self::Expired,
        Self::Misconfigured,
        Self::Forbidden,
        Self::Temporary,
        Self::Unauthorized,
    ];

    /// The word in run records and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Expired => "expired",
            Self::Misconfigured => "misconfigured",
            Self::Forbidden => "forbidden",
            Self::Temporary => "temporary",
            Self::Unauthorized => "unauthorized",
        }
    }
}

/// An error at an HR system. Holds no body, no token and no person (R38).
#[derive(Debug, thiserror::Error)]
#[error("{operation}: {detail}")]
pub struct Error {
    /// What a caller does about it.
    pub class: Class,
    /// What was being done, such as `list employees`.
    pub operation: &'static str,
    /// What happened, in fixed words: a status, a member and what was expected.
    pub detail: String,
    /// The member of what a caller sent that the error is about, where it is about one: `base_url` or `token_url`.
    pub member: Option<&'static str>,
    /// In how long requests are taken again, where the allowance is used up for longer than a request waits.
    pub wait: Option<Duration>,
    /// What the error was caused by.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error without a cause.
    pub fn new(class: Class, operation: &'static str, detail: impl Into<String>) -> Self {
        Self {
            class,
            operation,
            detail: detail.into(),
            member: None,
            wait: None,
            source: None,
        }
    }

    /// Returns the same error, about this member of what a caller sent.
    #[must_use]
    pub const fn about(mut self, member: &'static str) -> Self {
        self.member = Some(member);
        self
    }

    /// Returns the same error of an allowance that is used up for so long.
    #[must_use]
    pub const fn used_up(mut self, wait: Duration) -> Self {
        self.wait = Some(wait);
        self
    }

    /// Returns the same error with its cause.
    #[must_use]
    pub fn because(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}
