//! An HR system with a watch.

use std::sync::Arc;

use async_trait::async_trait;
use rollcall::{
    connection::{Credential, ProviderId},
    roster::{Builder, Company},
    source::{Authorization, Class, Description, Error, Exchange, Opening, Provider, Source},
};

use super::{
    super::{Place, Watch},
    read, write,
};

/// An HR system with a watch on the calls that go over the network.
pub struct WatchedProvider {
    /// The HR system behind it.
    pub inner: Arc<dyn Provider>,
    /// The watch that is asked.
    pub watch: Arc<dyn Watch>,
}

fn refused(operation: &'static str) -> impl Fn() -> Error {
    move || Error::new(Class::Temporary, operation, "no answer")
}

#[async_trait]
impl Provider for WatchedProvider {
    fn id(&self) -> ProviderId {
        self.inner.id()
    }

    async fn description(&self) -> Result<Description, Error> {
        self.inner.description().await
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        Ok(Box::new(WatchedSource {
            inner: self.inner.open(opening)?,
            watch: Arc::clone(&self.watch),
        }))
    }

    async fn authorize_url(
        &self,
        base_url: Option<&str>,
        request: &Authorization<'_>,
    ) -> Result<Option<String>, Error> {
        self.inner.authorize_url(base_url, request).await
    }

    async fn exchange(&self, base_url: Option<&str>, exchange: &Exchange<'_>) -> Result<Credential, Error> {
        let (name, asked) = ("exchange", self.inner.exchange(base_url, exchange));
        write(self.watch.as_ref(), Place::Provider(name), refused(name), asked).await
    }

    async fn revoke(&self, base_url: Option<&str>, credential: &Credential) -> Result<(), Error> {
        let (name, asked) = ("revoke", self.inner.revoke(base_url, credential));
        write(self.watch.as_ref(), Place::Provider(name), refused(name), asked).await
    }

    async fn refresh(&self, base_url: Option<&str>, credential: &Credential) -> Result<Credential, Error> {
        let (name, asked) = ("refresh", self.inner.refresh(base_url, credential));
        write(self.watch.as_ref(), Place::Provider(name), refused(name), asked).await
    }
}

/// The HR system as one connection sees it, with a watch.
struct WatchedSource {
    inner: Box<dyn Source>,
    watch: Arc<dyn Watch>,
}

#[async_trait]
impl Source for WatchedSource {
    async fn identify(&self) -> Result<Company, Error> {
        let (name, asked) = ("identify", self.inner.identify());
        read(self.watch.as_ref(), Place::Provider(name), refused(name), asked).await
    }

    async fn list_companies(&self) -> Result<Vec<Company>, Error> {
        let (name, asked) = ("list_companies", self.inner.list_companies());
        read(self.watch.as_ref(), Place::Provider(name), refused(name), asked).await
    }

    async fn read(&self, roster: &mut Builder) -> Result<(), Error> {
        let (name, asked) = ("read", self.inner.read(roster));
        read(self.watch.as_ref(), Place::Provider(name), refused(name), asked).await
    }

    fn calls(&self) -> u64 {
        self.inner.calls()
    }
}
