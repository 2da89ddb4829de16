//! The operator's own credentials at a provider: an application that tenants authorise (RFC 6749, section 2).

use std::{fmt, sync::Arc};

use secrecy::SecretString;

use crate::{
    secret::SecretStore,
    source::{Class, Error},
};

/// Where an application's secret is had from.
#[derive(Clone)]
pub enum ClientSecret {
    /// It is at hand.
    Given(SecretString),
    /// It is read where it is needed, so that a process can begin without it and a new one counts at once.
    Kept(Arc<dyn SecretStore>, &'static str),
}

impl ClientSecret {
    /// The secret.
    ///
    /// # Errors
    /// [`Error`] of class `Temporary` where the store of secrets does not answer, `Misconfigured` where it has none.
    pub async fn reveal(&self) -> Result<SecretString, Error> {
        const OPERATION: &str = "read the application's secret";
        match self {
            Self::Given(secret) => Ok(secret.clone()),
            Self::Kept(store, name) => {
                let found = store.find_secret(name).await;
                let found = found.map_err(|error| {
                    Error::new(Class::Temporary, OPERATION, "secrets cannot be read").because(error)
                })?;
                found.ok_or_else(|| Error::new(Class::Misconfigured, OPERATION, "there is no such secret"))
            }
        }
    }
}

impl From<String> for ClientSecret {
    fn from(text: String) -> Self {
        Self::Given(text.into())
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientSecret(…)")
    }
}
