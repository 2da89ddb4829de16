//! An emulated PayFit, and its two ways to be opened.

use std::{collections::BTreeSet, sync::Arc};

use emulators::{Kind, Options};
use rollcall::{
    connection::Credential,
    employee::Category,
    http::{BaseUrls, Client},
    source::{
        Access, Opening, Provider as _, Source,
        factorial::Applications,
        payfit::{PayFit as Provider, Settings},
    },
};
use serde_json::{Value, json};

use crate::support::{Held, Hr, PACE, Read, TODAY, at, key_of, tokens};

/// A running PayFit whose allowance never ends.
pub(crate) struct PayFit(pub(crate) Hr);

impl PayFit {
    pub(crate) async fn start(employees: u32) -> Self {
        let options = Options {
            employees,
            today: Some(TODAY.parse().unwrap()),
            requests_per_minute: Some(0),
            ..Options::default()
        };
        Self(Hr::of(emulators::start(Kind::PayFit, options).await.unwrap()))
    }

    pub(crate) fn provider(&self) -> Provider {
        provider_of(&self.0)
    }

    /// Returns the key that has every scope.
    pub(crate) fn key(&self) -> Credential {
        key_of(self.0.running.api_key())
    }

    /// Returns the key of this name, with its scopes.
    pub(crate) fn key_as(&self, name: &str) -> Credential {
        key_of(self.0.running.api_key_as(name).unwrap())
    }

    /// Returns the token of a login with every scope.
    pub(crate) fn login(&self) -> Credential {
        tokens(&self.0.running.company_token().unwrap())
    }

    pub(crate) fn open(&self, credential: Credential, allowed: &BTreeSet<Category>) -> Box<dyn Source> {
        self.open_with(Arc::new(Held(credential)), allowed)
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

    pub(crate) async fn read(&self, credential: Credential) -> Read {
        Read::of(self.open(credential, &BTreeSet::new()).as_ref()).await
    }
}

/// Returns the provider, whose operator has an application.
pub(crate) fn provider_of(hr: &Hr) -> Provider {
    let (client_id, client_secret) = (hr.running.client_id(), hr.running.client_secret());
    let application = json!({"client_id": client_id, "client_secret": client_secret});
    provider_with(hr.http(), &json!({ "payfit": application }))
}

/// Returns the provider, for the operator's applications.
pub(crate) fn provider_with(http: Client, applications: &Value) -> Provider {
    let settings = Settings {
        applications: Applications::given(applications),
        base_urls: BaseUrls::Any,
        pace: PACE,
        ..Settings::default()
    };
    Provider::new(http, settings)
}
