//! An emulated HiBob, and its two ways to be opened.

use std::{collections::BTreeSet, sync::Arc};

use emulators::{Access, Kind, Options, PermissionGroup, Running};
use rollcall::{
    connection::Credential,
    employee::Category,
    http::{BaseUrls, Client},
    source::{
        Opening, Provider as _, Source,
        factorial::Applications,
        hibob::{HiBob as Provider, Settings},
    },
};
use serde_json::{Value, json};

use crate::support::{Held, Hr, PACE, Read, TODAY, at, tokens};

/// What the address of a search holds.
pub(crate) const SEARCH: &str = "people/search";

/// A running HiBob whose allowance never ends.
pub(crate) struct HiBob(pub(crate) Hr);

impl HiBob {
    pub(crate) async fn start(employees: u32) -> Self {
        let options = Options {
            employees,
            today: Some(TODAY.parse().unwrap()),
            requests_per_minute: Some(0),
            ..Options::default()
        };
        Self(Hr::of(emulators::start(Kind::HiBob, options).await.unwrap()))
    }

    pub(crate) fn provider(&self) -> Provider {
        provider_of(&self.0)
    }

    /// Returns the service user who sees everything.
    pub(crate) fn service_user(&self) -> Credential {
        service_user_of(&self.0.running)
    }

    /// Returns the service user whose permission group has this name.
    pub(crate) fn service_user_as(&self, group: &str) -> Credential {
        service_user(self.0.running.api_key_as(group).unwrap())
    }

    /// Returns an administrator's tokens.
    pub(crate) fn login(&self) -> Credential {
        tokens(&self.0.running.user_tokens(PermissionGroup::administrator()).unwrap())
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

fn service_user(token: &str) -> Credential {
    Credential::Basic {
        user: emulators::service_user(token),
        password: token.to_owned().into(),
    }
}

/// Returns the service user of the first company, as the emulator lists it.
pub(crate) fn service_user_of(running: &Running) -> Credential {
    let listed = running.accesses().into_iter().find_map(|access| {
        let Access::ServiceUser { user, token, .. } = access else {
            return None;
        };
        let password = token.into();
        Some(Credential::Basic { user, password })
    });
    listed.unwrap()
}

/// Returns the provider, with the application that is registered with an emulator.
pub(crate) fn provider_of(hr: &Hr) -> Provider {
    let application = json!({
        "client_id": hr.running.client_id(),
        "client_secret": hr.running.client_secret(),
    });
    provider_with(hr.http(), &json!({ "hibob": application }))
}

/// Returns the provider with these applications.
pub(crate) fn provider_with(http: Client, applications: &Value) -> Provider {
    let settings = Settings {
        applications: Applications::given(applications),
        base_urls: BaseUrls::Any,
        pace: PACE,
        ..Settings::default()
    };
    Provider::new(http, settings)
}
