//! An emulated Merge, the organisation's key, and tokens of linked accounts.

use std::{collections::BTreeSet, sync::Arc};

use emulators::{Kind, Options, Running};
use rollcall::{
    connection::Credential,
    employee::Category,
    http::{BaseUrls, Client},
    source::{
        Opening, Provider as _, Source,
        merge::{Merge as Provider, Settings},
    },
};
use serde_json::{Value, json};

use crate::support::{Held, Hr, PACE, Read, TODAY, at, key_of};

/// The list of people, by how its address ends.
pub(crate) const EMPLOYEES: &str = "v1/employees$";

/// A running Merge.
pub(crate) struct Merge(pub(crate) Hr);

impl Merge {
    pub(crate) async fn start(employees: u32) -> Self {
        let options = Options {
            employees,
            today: Some(TODAY.parse().unwrap()),
            requests_per_minute: Some(0),
            ..Options::default()
        };
        Self(Hr::of(emulators::start(Kind::Merge, options).await.unwrap()))
    }

    pub(crate) fn provider(&self) -> Provider {
        provider_of(&self.0)
    }

    /// Returns the token of the linked account that is in order.
    pub(crate) fn token(&self) -> Credential {
        key_of(self.0.running.api_key())
    }

    /// Returns the token of a linked account in this state.
    pub(crate) fn token_as(&self, state: &str) -> Credential {
        key_of(self.0.running.api_key_as(state).unwrap())
    }

    pub(crate) fn open(&self, credential: Credential, allowed: &BTreeSet<Category>) -> Box<dyn Source> {
        open(&self.provider(), &self.0.running.url(), credential, allowed)
    }

    pub(crate) async fn read(&self, credential: Credential) -> Read {
        Read::of(self.open(credential, &BTreeSet::new()).as_ref()).await
    }
}

/// Returns a source of this provider.
pub(crate) fn open(
    provider: &Provider,
    url: &str,
    credential: Credential,
    allowed: &BTreeSet<Category>,
) -> Box<dyn Source> {
    let opening = Opening {
        at: at(url),
        access: Arc::new(Held(credential)),
        allowance: None,
        allowed,
        company: None,
    };
    provider.open(opening).unwrap()
}

/// Returns what the operator has at a running Merge.
pub(crate) fn operator_of(running: &Running) -> Value {
    let page = format!(
        "{}/link?client_id={}&response_type=code",
        running.url(),
        running.client_id()
    );
    json!({"key": running.client_secret(), "page": page, "email": "hr@app.example"})
}

/// Returns the provider of an operator at a running Merge.
pub(crate) fn provider_of(hr: &Hr) -> Provider {
    provider_on(hr.http(), &json!({ "merge": operator_of(&hr.running) }))
}

/// Returns the provider of an operator who has this.
pub(crate) fn provider_on(http: Client, applications: &Value) -> Provider {
    let settings = Settings {
        applications: rollcall::connector::Applications::given(applications),
        base_urls: BaseUrls::Any,
        pace: PACE,
        limit: None,
    };
    Provider::new(http, settings)
}
