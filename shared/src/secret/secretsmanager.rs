//! AWS Secrets Manager: one secret per name, below a prefix that roles are limited to.

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use async_trait::async_trait;
use aws_sdk_secretsmanager::{
    Client,
    error::SdkError,
    types::{Filter, FilterNameStringType},
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::{Error, SecretName, SecretPage, SecretStore, check_size};

/// How many names are asked for at once (AWS: `ListSecrets`, at most 100).
const NAMES: i32 = 100;

/// A client that is made when it is first used: making one reads the SDK's table of partitions, a quarter of a function's start.
type LateClient = LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>;

/// Secrets in Secrets Manager, named `<prefix>/<name>`.
#[derive(Clone)]
pub struct SecretsManagerStore {
    client: Arc<LateClient>,
    prefix: String,
}

/// Codes of refusals that no other try would change.
const LASTING: [&str; 3] = [
    "InvalidParameterException",
    "SerializationException",
    "ValidationException",
];

/// What the service refused, without anything that was sent or stored.
#[derive(Debug, thiserror::Error)]
#[error("Secrets Manager answered {0}")]
struct Refusal(String);

impl SecretsManagerStore {
    /// Returns the secrets below a prefix, such as the stack's name. `client` is called when the first secret is asked for.
    pub fn new(client: impl FnOnce() -> Client + Send + 'static, prefix: impl Into<String>) -> Self {
        Self {
            client: Arc::new(LazyLock::new(Box::new(client))),
            prefix: prefix.into(),
        }
    }

    fn id(&self, name: &str) -> String {
        format!("{}/{name}", self.prefix)
    }

    /// Writes a new version. Returns false where there is no such secret.
    async fn put_version(&self, name: &str, text: &SecretString) -> Result<bool, Error> {
        let put = self.client.put_secret_value().secret_id(self.id(name));
        match put.secret_string(text.expose_secret()).send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(refused)) if refused.err().is_resource_not_found_exception() => Ok(false),
            Err(error) => Err(failed("writing a secret", &error)),
        }
    }

    /// Makes a secret. Returns false where there is one already.
    async fn create(&self, name: &str, text: &SecretString) -> Result<bool, Error> {
        let create = self.client.create_secret().name(self.id(name));
        match create.secret_string(text.expose_secret()).send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(refused)) if refused.err().is_resource_exists_exception() => Ok(false),
            Err(error) => Err(failed("making a secret", &error)),
        }
    }
}

impl fmt::Debug for SecretsManagerStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SecretsManagerStore")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl SecretStore for SecretsManagerStore {
    async fn find_secret(&self, name: &str) -> Result<Option<SecretString>, Error> {
        match self.client.get_secret_value().secret_id(self.id(name)).send().await {
            Ok(found) => Ok(found.secret_string.map(SecretString::from)),
            Err(SdkError::ServiceError(refused)) if refused.err().is_resource_not_found_exception() => Ok(None),
            Err(error) => Err(failed("reading a secret", &error)),
        }
    }

    async fn put_secret(&self, name: &str, text: &SecretString) -> Result<(), Error> {
        check_size(text)?;
        // Another process may make it between our two steps; then there is one to write to.
        if self.put_version(name, text).await? || self.create(name, text).await? || self.put_version(name, text).await?
        {
            return Ok(());
        }
        Err(Error {
            operation: "writing a secret",
            is_lasting: false,
            source: Box::new(Refusal("that the secret is both there and not there".to_owned())),
        })
    }

    async fn create_secret(&self, name: &str, text: &SecretString) -> Result<bool, Error> {
        check_size(text)?;
        self.create(name, text).await
    }

    async fn delete_secret(&self, name: &str) -> Result<(), Error> {
        let delete = self.client.delete_secret().secret_id(self.id(name));
        match delete.force_delete_without_recovery(true).send().await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(refused)) if refused.err().is_resource_not_found_exception() => Ok(()),
            Err(error) => Err(failed("deleting a secret", &error)),
        }
    }

    async fn list_secrets(&self, prefix: &str, from: Option<&str>) -> Result<SecretPage, Error> {
        const OPERATION: &str = "listing secrets";
        let filter = Filter::builder()
            .key(FilterNameStringType::Name)
            .values(self.id(prefix))
            .build();
        let list = self.client.list_secrets().filters(filter).max_results(NAMES);
        let page = list.set_next_token(from.map(str::to_owned)).send().await;
        let page = page.map_err(|error| failed(OPERATION, &error))?;
        let own = self.id("");
        let names = page.secret_list.unwrap_or_default().into_iter();
        // The service's filter may let names through that the caller did not ask for.
        let names = names.filter_map(|entry| {
            let name = entry.name?.strip_prefix(&own)?.to_owned();
            let written_at = entry.last_changed_date.or(entry.created_date);
            let written_at = written_at.and_then(|at| Timestamp::from_second(at.secs()).ok());
            name.starts_with(prefix).then_some(SecretName { name, written_at })
        });
        Ok(SecretPage {
            names: names.collect(),
            next: page.next_token,
        })
    }
}

/// Returns an error with the code of the SDK's error and nothing else of it, because the SDK's errors carry whole
/// answers.
fn failed<E>(operation: &'static str, error: &SdkError<E>) -> Error
where
    E: aws_sdk_secretsmanager::error::ProvideErrorMetadata,
{
    let code = match error {
        SdkError::ServiceError(refused) => refused.err().code().unwrap_or("an error without a code"),
        SdkError::TimeoutError(_) => "too late",
        SdkError::DispatchFailure(_) => "nothing: it cannot be reached",
        SdkError::ConstructionFailure(_) | SdkError::ResponseError(_) | _ => "what cannot be understood",
    };
    Error {
        operation,
        is_lasting: LASTING.contains(&code),
        source: Box::new(Refusal(code.to_owned())),
    }
}
