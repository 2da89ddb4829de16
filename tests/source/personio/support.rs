//! An emulated Personio, and the client that opens it.

use std::{collections::BTreeSet, sync::Arc};

use emulators::{Kind, Options, Running};
use rollcall::{
    connection::Credential,
    http::{BaseUrls, Client},
    source::{
        Error, Login as _, Opening, Provider as _, Source,
        personio::{Personio as Provider, Settings},
    },
};

use crate::support::{Held, Hr, PACE, Read, TODAY, at};

/// The list of people, by how its address ends: those of employments begin alike.
pub(crate) const PERSONS: &str = "v2/persons$";

/// A running Personio whose allowance never ends.
pub(crate) struct Personio(pub(crate) Hr);

impl Personio {
    pub(crate) async fn start(employees: u32) -> Self {
        let options = Options {
            employees,
            today: Some(TODAY.parse().unwrap()),
            requests_per_minute: Some(0),
            ..Options::default()
        };
        Self(Hr::of(emulators::start(Kind::Personio, options).await.unwrap()))
    }

    pub(crate) fn provider(&self) -> Provider {
        provider_on(self.0.http())
    }

    pub(crate) async fn renew(&self, credential: &Credential) -> Result<Credential, Error> {
        self.provider().renew(at(&self.0.running.url()), credential).await
    }

    /// Returns the client with the tokens that it got for this scope, or for all that there are.
    pub(crate) async fn granted(&self, scope: Option<&str>) -> Credential {
        let Credential::Client {
            token_url, id, secret, ..
        } = client_of(&self.0.running)
        else {
            panic!("expected a client")
        };
        let scope = scope.map(str::to_owned);
        let client = Credential::Client {
            token_url,
            id,
            secret,
            scope,
        };
        self.renew(&client).await.unwrap()
    }

    pub(crate) fn open(&self, credential: Credential) -> Box<dyn Source> {
        let url = self.0.running.url();
        let opening = Opening {
            at: at(&url),
            access: Arc::new(Held(credential)),
            allowance: None,
            allowed: &BTreeSet::new(),
            company: None,
        };
        self.provider().open(opening).unwrap()
    }

    pub(crate) async fn read(&self, credential: Credential) -> Read {
        Read::of(self.open(credential).as_ref()).await
    }
}

/// Returns the provider.
pub(crate) fn provider_on(http: Client) -> Provider {
    let settings = Settings {
        base_urls: BaseUrls::Any,
        pace: PACE,
        ..Settings::default()
    };
    Provider::new(http, settings)
}

/// Returns the customer's client.
pub(crate) fn client_of(running: &Running) -> Credential {
    Credential::Client {
        token_url: None,
        id: running.client_id().to_owned(),
        secret: running.client_secret().to_owned().into(),
        scope: None,
    }
}
