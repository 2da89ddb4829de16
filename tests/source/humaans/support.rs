//! An emulated Humaans, and its tokens.

use std::{collections::BTreeSet, sync::Arc};

use emulators::{Kind, Options};
use rollcall::{
    connection::Credential,
    employee::Category,
    http::{BaseUrls, Client},
    source::{
        Opening, Provider as _, Source,
        humaans::{Humaans as Provider, Settings},
    },
};

use crate::support::{Held, Hr, PACE, Read, TODAY, at, key_of};

/// A running Humaans.
pub(crate) struct Humaans(pub(crate) Hr);

impl Humaans {
    pub(crate) async fn start(employees: u32) -> Self {
        let options = Options {
            employees,
            today: Some(TODAY.parse().unwrap()),
            ..Options::default()
        };
        Self(Hr::of(emulators::start(Kind::Humaans, options).await.unwrap()))
    }

    pub(crate) fn provider(&self) -> Provider {
        provider_on(self.0.http())
    }

    /// Returns the token that has every scope.
    pub(crate) fn token(&self) -> Credential {
        key_of(self.0.running.api_key())
    }

    /// Returns the token whose scopes have this name.
    pub(crate) fn token_as(&self, name: &str) -> Credential {
        key_of(self.0.running.api_key_as(name).unwrap())
    }

    pub(crate) fn open(&self, credential: Credential, allowed: &BTreeSet<Category>) -> Box<dyn Source> {
        let url = self.0.running.url();
        let opening = Opening {
            at: at(&url),
            access: Arc::new(Held(credential)),
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

/// Returns the provider.
pub(crate) fn provider_on(http: Client) -> Provider {
    let settings = Settings {
        base_urls: BaseUrls::Any,
        pace: PACE,
        ..Settings::default()
    };
    Provider::new(http, settings)
}
