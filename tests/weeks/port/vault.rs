//! Secrets that can be listed.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use rollcall::{
    connection::{ConnectionId, ConnectionSecret},
    run::secret_name,
    secret::{Error, SecretName, SecretPage, SecretStore},
};
use secrecy::SecretString;

/// Secrets by name.
#[derive(Default)]
pub(crate) struct Vault {
    kept: Mutex<BTreeMap<String, SecretString>>,
    /// The secret that was deleted last.
    deleted: Mutex<Option<(String, SecretString)>>,
}

impl Vault {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, SecretString>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts back the secret that was deleted last.
    pub(crate) fn restore(&self) {
        let deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.kept().extend(deleted);
    }

    /// Returns all names.
    pub(crate) fn names(&self) -> Vec<String> {
        self.kept().keys().cloned().collect()
    }

    /// Returns the secret that a connection logs in with.
    pub(crate) fn secret_of(&self, connection: &ConnectionId) -> Option<ConnectionSecret> {
        let text = self.kept().get(&secret_name(connection))?.clone();
        ConnectionSecret::from_secret_text(&text).ok()
    }
}

#[async_trait]
impl SecretStore for Vault {
    async fn find_secret(&self, name: &str) -> Result<Option<SecretString>, Error> {
        Ok(self.kept().get(name).cloned())
    }

    async fn put_secret(&self, name: &str, text: &SecretString) -> Result<(), Error> {
        self.kept().insert(name.to_owned(), text.clone());
        Ok(())
    }

    async fn create_secret(&self, name: &str, text: &SecretString) -> Result<bool, Error> {
        let mut kept = self.kept();
        let is_free = !kept.contains_key(name);
        kept.entry(name.to_owned()).or_insert_with(|| text.clone());
        Ok(is_free)
    }

    async fn delete_secret(&self, name: &str) -> Result<(), Error> {
        let deleted = self.kept().remove_entry(name);
        *self.deleted.lock().unwrap_or_else(PoisonError::into_inner) = deleted;
        Ok(())
    }

    async fn list_secrets(&self, prefix: &str, _from: Option<&str>) -> Result<SecretPage, Error> {
        let kept = self.kept();
        let names = kept.keys().filter(|name| name.starts_with(prefix));
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
