//! An emulated Staffology HR, and the users of its API.

use std::{collections::BTreeSet, sync::Arc};

use emulators::{Kind, Options};
use rollcall::{
    connection::Credential,
    employee::Wanted,
    http::{BaseUrls, Client},
    source::{
        Error, Login as _, Opening, Provider as _, Source,
        staffology::{Settings, Staffology as Provider},
    },
    testing::contract::source::Outcome,
};
use serde_json::{Value, json};

use crate::support::{Held, Hr, PACE, TODAY, at};

/// A running Staffology HR whose allowance never ends.
pub(crate) struct Staffology(pub(crate) Hr);

impl Staffology {
    pub(crate) async fn start(employees: u32) -> Self {
        let options = Options {
            employees,
            today: Some(TODAY.parse().unwrap()),
            requests_per_minute: Some(0),
            ..Options::default()
        };
        Self(Hr::of(emulators::start(Kind::Staffology, options).await.unwrap()))
    }

    pub(crate) fn provider(&self) -> Provider {
        provider_on(self.0.http())
    }

    /// Returns the user of the API whose rights are these.
    pub(crate) fn user(&self, group: &str) -> Credential {
        let password = self.0.running.api_key_as(group).unwrap();
        Credential::Basic {
            user: emulators::service_user(password),
            password: password.to_owned().into(),
        }
    }

    pub(crate) async fn renew(&self, credential: &Credential) -> Result<Credential, Error> {
        self.provider().renew(at(&self.0.running.url()), credential).await
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

    /// Reads as the user of these rights.
    pub(crate) async fn read_as(&self, group: &str, wanted: Wanted) -> Outcome {
        let tokens = self.renew(&self.user(group)).await.unwrap();
        Outcome::wanting(wanted, self.open(tokens).as_ref()).await
    }

    /// Lets the list of people lack the section on leaving; people one by one have it.
    pub(crate) async fn leave_out_of_the_list(&self) {
        self.0
            .arm(json!({"mode": "drop_field", "field": "Termination", "path": "api/Employees"}))
            .await;
    }

    /// Returns how many requests went to single people.
    pub(crate) async fn looks_at_people(&self) -> usize {
        let seen = self
            .0
            .control(rollcall::http::Method::Get, "/_emulator/requests", &Value::Null)
            .await;
        let seen = seen["data"].as_array().unwrap().iter();
        seen.filter(|request| request["path"].as_str().unwrap().starts_with("/api/Employee/"))
            .count()
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
