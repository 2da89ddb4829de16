//! An HR system with a watch.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rollcall::{
    allowance::SharedLimit,
    connection::Credential,
    roster::{Company, Reading},
    source::{
        Address, Authorization, Class, Description, Error, Exchange, Identity, Kind, Login, Opening, Provider, Renewal,
        Site, Source,
    },
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

impl WatchedProvider {
    fn watched(&self) -> Result<&dyn Login, Error> {
        let login = self.inner.login();
        login.ok_or_else(|| Error::new(Class::Misconfigured, "log in", "there is no login"))
    }
}

impl Provider for WatchedProvider {
    fn kind(&self) -> Kind {
        self.inner.kind()
    }

    fn description(&self) -> Description {
        self.inner.description()
    }

    fn site(&self) -> Option<Site> {
        self.inner.site()
    }

    fn shared_limit(&self) -> Option<SharedLimit> {
        self.inner.shared_limit()
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        Ok(Box::new(WatchedSource {
            inner: self.inner.open(opening)?,
            watch: Arc::clone(&self.watch),
        }))
    }

    fn login(&self) -> Option<&dyn Login> {
        self.inner.login().map(|_| self as &dyn Login)
    }
}

#[async_trait]
impl Login for WatchedProvider {
    async fn is_registered(&self) -> Result<bool, Error> {
        self.watched()?.is_registered().await
    }

    async fn authorize_url(&self, at: Address<'_>, request: &Authorization<'_>) -> Result<String, Error> {
        self.watched()?.authorize_url(at, request).await
    }

    async fn exchange(&self, at: Address<'_>, exchange: &Exchange<'_>) -> Result<Credential, Error> {
        let (name, asked) = ("exchange", self.watched()?.exchange(at, exchange));
        write(self.watch.as_ref(), Place::Provider(name), refused(name), asked).await
    }

    fn renewal(&self, credential: &Credential, now: Timestamp) -> Renewal {
        let login = self.inner.login();
        login.map_or(Renewal::Never, |login| login.renewal(credential, now))
    }

    async fn renew(&self, at: Address<'_>, credential: &Credential) -> Result<Credential, Error> {
        let (name, asked) = ("renew", self.watched()?.renew(at, credential));
        write(self.watch.as_ref(), Place::Provider(name), refused(name), asked).await
    }

    async fn revoke(&self, at: Address<'_>, credential: &Credential) -> Result<(), Error> {
        let (name, asked) = ("revoke", self.watched()?.revoke(at, credential));
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
    async fn identify(&self) -> Result<Identity, Error> {
        let (name, asked) = ("identify", self.inner.identify());
        read(self.watch.as_ref(), Place::Provider(name), refused(name), asked).await
    }

    async fn list_companies(&self) -> Result<Identity<Vec<Company>>, Error> {
        let (name, asked) = ("list_companies", self.inner.list_companies());
        read(self.watch.as_ref(), Place::Provider(name), refused(name), asked).await
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let (name, asked) = ("read", self.inner.read(reading));
        read(self.watch.as_ref(), Place::Provider(name), refused(name), asked).await
    }

    fn calls(&self) -> u64 {
        self.inner.calls()
    }
}
