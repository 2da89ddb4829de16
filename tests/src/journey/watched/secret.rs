//! A store of secrets with a watch.

use std::sync::Arc;

use async_trait::async_trait;
use rollcall::secret::{Error, SecretPage, SecretStore};
use secrecy::SecretString;

use super::{
    super::{Place, Watch},
    Refused, read, write,
};

/// A store of secrets with a watch.
pub struct WatchedSecrets {
    /// The store behind it.
    pub inner: Arc<dyn SecretStore>,
    /// The watch that is asked.
    pub watch: Arc<dyn Watch>,
}

fn refused(operation: &'static str) -> impl Fn() -> Error {
    move || Error {
        operation,
        is_lasting: false,
        source: Box::new(Refused),
    }
}

#[async_trait]
impl SecretStore for WatchedSecrets {
    async fn find_secret(&self, name: &str) -> Result<Option<SecretString>, Error> {
        let (place, find) = (Place::Secret("find_secret"), self.inner.find_secret(name));
        read(self.watch.as_ref(), place, refused("reading a secret"), find).await
    }

    async fn put_secret(&self, name: &str, text: &SecretString) -> Result<(), Error> {
        let (place, put) = (Place::Secret("put_secret"), self.inner.put_secret(name, text));
        write(self.watch.as_ref(), place, refused("writing a secret"), put).await
    }

    async fn create_secret(&self, name: &str, text: &SecretString) -> Result<bool, Error> {
        let (place, create) = (Place::Secret("create_secret"), self.inner.create_secret(name, text));
        write(self.watch.as_ref(), place, refused("making a secret"), create).await
    }

    async fn delete_secret(&self, name: &str) -> Result<(), Error> {
        let (place, delete) = (Place::Secret("delete_secret"), self.inner.delete_secret(name));
        write(self.watch.as_ref(), place, refused("deleting a secret"), delete).await
    }

    async fn list_secrets(&self, prefix: &str, from: Option<&str>) -> Result<SecretPage, Error> {
        let (place, list) = (Place::Secret("list_secrets"), self.inner.list_secrets(prefix, from));
        read(self.watch.as_ref(), place, refused("listing secrets"), list).await
    }
}
