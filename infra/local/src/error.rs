//! What can go wrong on the local stage.

use rollcall::{http, run, runtime, source, store};

/// Why the local stage did not start, or why a show broke off.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The threads could not be started.
    #[error("the runtime cannot be started")]
    Runtime(#[source] std::io::Error),
    /// The setup that every process begins with failed.
    #[error("the process cannot be set up")]
    Setup(#[from] runtime::Error),
    /// The embedded services failed.
    #[error("the embedded DynamoDB and Secrets Manager cannot be started")]
    Embedded(#[from] crate::embedded::Error),
    /// An emulator failed to start.
    #[error("the emulator cannot be started")]
    Emulator(#[from] emulators::Error),
    /// The provider could not be built.
    #[error("the provider cannot be set up")]
    Source(#[from] source::Error),
    /// The connection was not made.
    #[error("connecting failed")]
    Connect(#[from] run::ConnectError),
    /// A use case failed.
    #[error("a use case failed")]
    Run(#[from] run::Error),
    /// A plan was not approved.
    #[error("the approval was refused")]
    Refused(#[from] run::Refused),
    /// The door refused a request of the show.
    #[error("the door answered {status} {code}: {detail}")]
    Door {
        /// The HTTP status.
        status: i64,
        /// The problem's code.
        code: String,
        /// The problem's detail.
        detail: String,
    },
    /// The store of secrets failed.
    #[error("the store of secrets failed")]
    Secret(#[from] rollcall::secret::Error),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] store::Error),
    /// A stored plan cannot be read.
    #[error("the stored plan cannot be read")]
    Plan(#[from] rollcall::plan::Error),
    /// The emulator's controls gave no answer.
    #[error("the emulator's controls do not answer")]
    Controls(#[from] http::Error),
    /// The emulator's controls answered something other than what they document.
    #[error("the emulator's controls answered {status} to {what}")]
    ControlsRefused {
        /// The request.
        what: &'static str,
        /// The status.
        status: u16,
    },
    /// What the emulator answered is not in its documented form.
    #[error("the emulator's answer to {what} is not in its documented form")]
    ControlsForm {
        /// The request.
        what: &'static str,
        /// The parser's error.
        #[source]
        source: serde_json::Error,
    },
    /// The function that begins the morning failed.
    #[error("the morning could not be begun")]
    Morning(#[from] daily_sync::Error),
    /// An event that the stage made cannot be read by the function that it is for.
    #[error("an event cannot be built")]
    Event(#[source] serde_json::Error),
    /// Something that a run must leave behind is missing.
    #[error("{0} is missing; the run's errors say why: {1}")]
    Missing(&'static str, String),
    /// The terminal or the log file failed.
    #[error("reading or writing {what} failed")]
    Io {
        /// What failed.
        what: &'static str,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
    /// The search through the log failed.
    #[error("the log cannot be searched")]
    Scan(#[source] aho_corasick::BuildError),
    /// A configuration that the stage made is refused.
    #[error("the configuration is not accepted: {0}")]
    Configuration(String),
}
