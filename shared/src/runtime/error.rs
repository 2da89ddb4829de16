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
    /// Logging was started before.
    #[error("logging was started before; start it once per process")]
    TelemetryStarted,
}
