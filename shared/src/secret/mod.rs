//! The `secret` port (layer 1): where credentials live, and nowhere else. The adapters beside it are layer 4.

pub mod memory;
pub mod secretsmanager;

use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

/// The most bytes of a secret's text (AWS: "Secrets Manager quotas").
pub const MOST_BYTES: usize = 65_536;

/// A failure of the store of secrets. It never holds a secret or its text.
#[derive(Debug, thiserror::Error)]
#[error("{operation} failed")]
pub struct Error {
    /// What was being done.
    pub operation: &'static str,
    /// Whether another try would fail in the same way: the text is larger than [`MOST_BYTES`], or the name is not
    /// allowed.
    pub is_lasting: bool,
    /// What the error was caused by.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Checks that a text is not larger than a secret may be, before it is sent anywhere.
fn check_size(text: &SecretString) -> Result<(), Error> {
    if text.expose_secret().len() <= MOST_BYTES {
        return Ok(());
    }
    Err(Error {
        operation: "writing a secret",
        is_lasting: true,
        source: format!("a text of more than {MOST_BYTES} bytes").into(),
    })
}

/// A secret's name, and not its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretName {
    /// The name.
    pub name: String,
    /// When the secret was written last, where the store knows.
    pub written_at: Option<Timestamp>,
}

/// Some of the names of secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretPage {
    /// The names, in no order.
    pub names: Vec<SecretName>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// Stores one secret text per name. Rollcall chooses the names: `connection/<id>`, `hash-key` …
#[async_trait]
pub trait SecretStore: Send + Sync {
    /// Returns the current text of a secret.
    async fn find_secret(&self, name: &str) -> Result<Option<SecretString>, Error>;

    /// Writes a secret, new or again. When this returns, the text is kept.
    async fn put_secret(&self, name: &str, text: &SecretString) -> Result<(), Error>;

    /// Makes a secret that is not there. Returns false where there is one, whose text stays.
    async fn create_secret(&self, name: &str, text: &SecretString) -> Result<bool, Error>;

    /// Deletes a secret at once, without a recovery window; deleting one that is not there succeeds.
    async fn delete_secret(&self, name: &str) -> Result<(), Error>;

    /// Returns names of secrets that begin with `prefix`, page by page: `from` is where an earlier page said that the
    /// next begins.
    async fn list_secrets(&self, prefix: &str, from: Option<&str>) -> Result<SecretPage, Error>;
}
