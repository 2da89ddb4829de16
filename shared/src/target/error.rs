//! What can go wrong between us and a target, as classes that a caller acts on.

/// What a caller does about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The account was changed since it was read.
    Changed,
    /// A reference or unique value is taken by another account.
    Conflict,
    /// The account is not there any more.
    Gone,
    /// The list does not show all accounts.
    Incomplete,
    /// Settings cannot work; a person must change them.
    Misconfigured,
    /// The target refuses these values; it would refuse them again.
    Refused,
    /// The target asks for patience, or is down; try again later.
    Temporary,
    /// Whether the write was done is not known; look it up.
    Unknown,
    /// The credential is not accepted.
    Unauthorized,
    /// The target cannot do this.
    Unsupported,
}

impl Class {
    /// The word in run records and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Conflict => "conflict",
            Self::Gone => "gone",
            Self::Incomplete => "incomplete",
            Self::Misconfigured => "misconfigured",
            Self::Refused => "refused",
            Self::Temporary => "temporary",
            Self::Unknown => "unknown",
            Self::Unauthorized => "unauthorized",
            Self::Unsupported => "unsupported",
        }
    }
}

/// An error at a target. Holds no value of a person (R38).
#[derive(Debug, thiserror::Error)]
#[error("{operation}: {detail}")]
pub struct Error {
    /// What a caller does about it.
    pub class: Class,
    /// What was being done, such as `update account`.
    pub operation: &'static str,
    /// What happened, in fixed words.
    pub detail: String,
    /// The member of what a caller sent that the error is about, where it is about one: `base_url` or `token_url`.
    pub member: Option<&'static str>,
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
            source: None,
        }
    }

    /// Returns the same error, about this member of what a caller sent.
    #[must_use]
    pub const fn about(mut self, member: &'static str) -> Self {
        self.member = Some(member);
        self
    }

    /// Returns the same error with its cause.
    #[must_use]
    pub fn because(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}
