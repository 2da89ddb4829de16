//! The AWS that Rollcall needs, inside this process: DynamoDB and Secrets Manager as emulators that the real SDK talks
//! to. Nothing else has to be installed, and nothing listens anywhere but on this machine's loopback address.

mod calls;
mod secrets;
mod table;

use std::{io, path::Path};

use aws_credential_types::Credentials;
pub use calls::Calls;

/// The region that the emulated services answer as.
const REGION: &str = "eu-west-1";

/// The name of the table.
pub const TABLE: &str = "rollcall";

/// Why the embedded services did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client for the emulated services could not be built.
    #[error("the HTTP client cannot be set up")]
    Http(#[from] rollcall::http::Error),
    /// The system gives no randomness.
    #[error(transparent)]
    Runtime(#[from] rollcall::runtime::Error),
    /// The folder for state cannot be made, or no port is free.
    #[error("{doing} failed")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The error that caused it.
        #[source]
        source: io::Error,
    },
    /// The database did not open, or another program wrote its file.
    #[error("the embedded database did not open: {0}")]
    Database(String),
    /// The table was refused.
    #[error("the table cannot be made: the database answered {0}")]
    Table(String),
    /// The file of secrets is damaged.
    #[error("the file of secrets cannot be read")]
    Secrets(#[source] serde_json::Error),
}

/// DynamoDB with Rollcall's table, and Secrets Manager. They run until this is dropped.
#[derive(Debug)]
pub struct Embedded {
    /// A client of the emulated DynamoDB, which has the table [`TABLE`].
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// A client of the emulated Secrets Manager.
    pub secrets: aws_sdk_secretsmanager::Client,
    /// How often the client of DynamoDB called.
    pub calls: Calls,
    server: table::Server,
}

impl Embedded {
    /// Starts both. With a folder for state they go on where they were when they last stopped, in whatever way they
    /// stopped. Without one everything is in memory. Has to run inside a Tokio runtime.
    ///
    /// # Errors
    /// [`Error`] where the folder, a port or what is stored cannot be used.
    pub async fn start(state: Option<&Path>) -> Result<Self, Error> {
        if let Some(folder) = state {
            std::fs::create_dir_all(folder).map_err(|source| Error::Io {
                doing: "making the folder for state",
                source,
            })?;
        }
        let calls = Calls::default();
        let (server, dynamodb) = table::start(state, calls.clone()).await?;
        Ok(Self {
            dynamodb,
            calls,
            secrets: secrets::start(state).await?,
            server,
        })
    }

    /// Returns where the emulated DynamoDB listens on this machine.
    pub fn address(&self) -> &str {
        &self.server.address
    }

    /// Returns a client of the emulated DynamoDB of another process.
    ///
    /// # Errors
    /// [`Error::Http`] or [`Error::Runtime`].
    pub fn join(address: &str) -> Result<aws_sdk_dynamodb::Client, Error> {
        table::join(address, Calls::default())
    }
}

/// Returns what the emulators accept; they check nothing.
fn credentials() -> Credentials {
    Credentials::new("embedded", "embedded", None, None, "embedded")
}
