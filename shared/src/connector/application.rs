//! The operator's own credentials at providers, such as an application that tenants authorise (RFC 6749, section 2): one
//! secret for all of them, JSON by kind of provider.

use std::{collections::BTreeMap, fmt, sync::Arc};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use super::answer::form_of;
use crate::{
    secret::SecretStore,
    source::{Class, Error},
};

/// The name of the secret.
pub const APPLICATIONS: &str = "applications";

const READ: &str = "read the operator's applications";

/// Where the operator's credentials come from.
#[derive(Clone)]
pub enum Applications {
    /// The credentials are given at the start, as the text of the secret.
    Given(SecretString),
    /// The credentials are read from the store of secrets each time that they are needed. So a process can begin
    /// without them, and new ones count at once.
    Kept(Arc<dyn SecretStore>),
}

impl Applications {
    /// Returns the credentials that an object names by kind of provider.
    pub fn given(by_kind: &Value) -> Self {
        Self::Given(by_kind.to_string().into())
    }

    /// What there is for a kind of provider; `None` where the operator registered nothing with it.
    ///
    /// # Errors
    /// [`Error`] of class `Temporary` where the store of secrets does not answer, `Misconfigured` where the secret, or what it
    /// says of this kind, is not of its form.
    pub async fn find<T: DeserializeOwned>(&self, kind: &str) -> Result<Option<T>, Error> {
        let text = match self {
            Self::Given(text) => Some(text.clone()),
            Self::Kept(store) => {
                let found = store.find_secret(APPLICATIONS).await;
                found.map_err(|error| Error::new(Class::Temporary, READ, "secrets cannot be read").because(error))?
            }
        };
        let text = text.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default();
        if text.trim().is_empty() {
            return Ok(None);
        }
        let by_kind: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(|error| not_read(&error))?;
        let own = by_kind.get(kind).map(|own| serde_json::from_str(own.get()));
        own.transpose().map_err(|error| not_read(&error))
    }

    /// The credentials for a kind of provider, for what cannot be done without them.
    ///
    /// # Errors
    /// [`Error`] as from [`Applications::find`], and of class `Misconfigured` where the operator registered nothing with it.
    pub async fn require<T: DeserializeOwned>(&self, operation: &'static str, kind: &str) -> Result<T, Error> {
        let missing = || Error::new(Class::Misconfigured, operation, "no application is registered");
        self.find(kind).await?.ok_or_else(missing)
    }
}

/// Says where the secret is wrong, never what stands there.
fn not_read(error: &serde_json::Error) -> Error {
    let detail = form_of(error).replacen("the answer", "the secret `applications`", 1);
    Error::new(Class::Misconfigured, READ, detail)
}

/// Reads a member that nothing may show.
///
/// # Errors
/// That of the reader, where it is no text.
pub fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

impl Default for Applications {
    fn default() -> Self {
        Self::Given(SecretString::default())
    }
}

impl fmt::Debug for Applications {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Applications(…)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::secret::memory::MemorySecretStore;

    #[derive(Deserialize)]
    struct Own {
        client_id: String,
        #[serde(deserialize_with = "secret")]
        client_secret: SecretString,
    }

    #[tokio::test]
    async fn each_kind_finds_its_own_and_one_that_is_not_there_finds_nothing() {
        let by_kind = json!({ "one": { "client_id": "a", "client_secret": "b" } });
        let store = Arc::new(MemorySecretStore::new());
        store
            .put_secret(APPLICATIONS, &by_kind.to_string().into())
            .await
            .unwrap();
        for applications in [Applications::given(&by_kind), Applications::Kept(store)] {
            let own: Own = applications.find("one").await.unwrap().unwrap();
            assert_eq!((own.client_id.as_str(), own.client_secret.expose_secret()), ("a", "b"));
            assert!(applications.find::<Own>("other").await.unwrap().is_none());
        }
    }

    #[tokio::test]
    async fn without_a_secret_nothing_is_registered() {
        let nowhere = Applications::Kept(Arc::new(MemorySecretStore::new()));
        for applications in [Applications::default(), nowhere] {
            assert!(applications.find::<Own>("one").await.unwrap().is_none());
        }
    }

    #[tokio::test]
    async fn r38_a_secret_of_another_form_is_named_and_not_shown() {
        for text in [
            r#"["CANARY"]"#,
            "CANARY",
            r#"{"one":{"client_id":7,"client_secret":"CANARY"}}"#,
        ] {
            let applications = Applications::Given(text.to_owned().into());
            let Err(error) = applications.find::<Own>("one").await else {
                panic!("{text}");
            };
            assert_eq!(error.class, Class::Misconfigured);
            assert!(error.detail.starts_with("the secret `applications` "), "{error}");
            assert!(!format!("{error} {error:?} {applications:?}").contains("CANARY"));
        }
    }
}
