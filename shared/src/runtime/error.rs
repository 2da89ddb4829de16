//! What can go wrong before a process does its first work.

/// A process that cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The outbound client could not be built.
    #[error("the outbound HTTP client cannot be set up")]
    Http(#[from] crate::http::Error),
    /// The file for the log cannot be made.
    #[error("the log file cannot be opened; name a place that can be written to")]
    LogFile(#[source] std::io::Error),
    /// The system gives no randomness.
    #[error("the system gives no randomness: {0}")]
    Randomness(getrandom::Error),
    /// A provider cannot be opened.
    #[error("the HR systems cannot be set up")]
    Provider(#[from] crate::source::Error),
    /// A variable of the environment is missing or wrong.
    #[error("the environment's `{name}` is missing or wrong; expected {expected}")]
    Variable {
        /// Its name.
        name: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// The Lambda runtime broke off.
    #[error("the Lambda runtime broke off: {0}")]
    Lambda(Box<dyn std::error::Error + Send + Sync>),
    /// Logging was started before.
    #[error("logging was started before; start it once per process")]
    TelemetryStarted,
}

impl Error {
    /// The error of a variable.
    pub(super) const fn variable(name: &'static str, expected: &'static str) -> Self {
        Self::Variable { name, expected }
    }
}
