//! Secrets in memory: for tests, and for what does not outlive the process.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use secrecy::SecretString;

use super::{Error, SecretName, SecretPage, SecretStore, check_size};

/// Secrets by name.
#[derive(Default)]
pub struct MemorySecretStore(Mutex<BTreeMap<String, SecretString>>);

impl MemorySecretStore {
    /// Returns an empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn secrets(&self) -> MutexGuard<'_, BTreeMap<String, SecretString>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemorySecretStore {
    /// Writes nothing of the secrets, not even their names.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("MemorySecretStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl SecretStore for MemorySecretStore {
    async fn find_secret(&self, name: &str) -> Result<Option<SecretString>, Error> {
        Ok(self.secrets().get(name).cloned())
    }

    async fn put_secret(&self, name: &str, text: &SecretString) -> Result<(), Error> {
        check_size(text)?;
        self.secrets().insert(name.to_owned(), text.clone());
        Ok(())
    }

    async fn create_secret(&self, name: &str, text: &SecretString) -> Result<bool, Error> {
        check_size(text)?;
        match self.secrets().entry(name.to_owned()) {
            Entry::Occupied(_) => Ok(false),
            Entry::Vacant(free) => {
                free.insert(text.clone());
                Ok(true)
            }
        }
    }

    async fn delete_secret(&self, name: &str) -> Result<(), Error> {
        self.secrets().remove(name);
        Ok(())
    }

    async fn list_secrets(&self, prefix: &str, _from: Option<&str>) -> Result<SecretPage, Error> {
        let secrets = self.secrets();
        let names = secrets.keys().filter(|name| name.starts_with(prefix));
        let names = names.map(|name| SecretName {
            name: name.clone(),
            written_at: None,
        });
        Ok(SecretPage {
            names: names.collect(),
            next: None,
        })
    }
}
