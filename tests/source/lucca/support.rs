//! An emulated Lucca, and its two ways to be opened.

use std::{collections::BTreeSet, sync::Arc};

use emulators::{Kind, Options, Running};
use rollcall::{
    connection::Credential,
    employee::Category,
    http::{BaseUrls, Client},
    source::{
        Access, Error, Login as _, Opening, Provider as _, Source,
        lucca::{Lucca as Provider, Settings},
    },
};
use serde_json::{Value, json};

use crate::support::{Held, Hr, PACE, Read, TODAY, at, key_of};

/// The lists of people, by what their addresses hold.
pub(crate) const USERS: &str = "api/v3/users";
pub(crate) const EMPLOYEES: &str = "lucca-api/employees";

/// A running Lucca whose allowance never ends.
pub(crate) struct Lucca(pub(crate) Hr);

/// A way to be opened: the credential, and the list of people behind it.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) credential: Credential,
    pub(crate) people: &'static str,
}

impl Lucca {
    pub(crate) async fn start(employees: u32) -> Self {
        let options = Options {
            employees,
            today: Some(TODAY.parse().unwrap()),
            requests_per_minute: Some(0),
            ..Options::default()
        };
        Self(Hr::of(emulators::start(Kind::Lucca, options).await.unwrap()))
    }

    pub(crate) fn provider(&self) -> Provider {
        provider_on(self.0.http())
    }

    pub(crate) fn key(&self) -> Credential {
        key_of(self.0.running.api_key())
    }

    /// Returns the key whose role is this one.
    pub(crate) fn key_as(&self, role: &str) -> Credential {
        key_of(self.0.running.api_key_as(role).unwrap())
    }

    /// Returns the customer's client, which asks for this scope, or for all that there are.
    pub(crate) fn client(&self, scope: Option<&str>) -> Credential {
        client_of(&self.0.running, scope)
    }

    /// Returns the client with the tokens that it got.
    pub(crate) async fn granted(&self, scope: Option<&str>) -> Credential {
        self.renew(&self.client(scope)).await.unwrap()
    }

    pub(crate) async fn renew(&self, credential: &Credential) -> Result<Credential, Error> {
        self.provider().renew(at(&self.0.running.url()), credential).await
    }

    /// Returns both ways, the key's first.
    pub(crate) async fn ways(&self) -> [Way; 2] {
        [
            Way {
                credential: self.key(),
                people: USERS,
            },
            Way {
                credential: self.granted(None).await,
                people: EMPLOYEES,
            },
        ]
    }

    pub(crate) fn open(&self, credential: Credential) -> Box<dyn Source> {
        self.open_with(Arc::new(Held(credential)), &BTreeSet::new())
    }

    pub(crate) fn open_with(&self, access: Arc<dyn Access>, allowed: &BTreeSet<Category>) -> Box<dyn Source> {
        let url = self.0.running.url();
        let opening = Opening {
            at: at(&url),
            access,
            allowance: None,
            allowed,
            company: None,
        };
        self.provider().open(opening).unwrap()
    }

    pub(crate) async fn read(&self, credential: &Credential) -> Read {
        Read::of(self.open(credential.clone()).as_ref()).await
    }

    pub(crate) async fn arm(&self, fault: Value) {
        self.0.arm(fault).await;
    }

    pub(crate) async fn mend(&self) {
        self.0
            .control(rollcall::http::Method::Delete, "/_emulator/break", &json!(null))
            .await;
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

/// Returns the customer's client, which asks for this scope, or for all that there are.
pub(crate) fn client_of(running: &Running, scope: Option<&str>) -> Credential {
    Credential::Client {
        token_url: None,
        id: running.client_id().to_owned(),
        secret: running.client_secret().to_owned().into(),
        scope: scope.map(str::to_owned),
    }
}
