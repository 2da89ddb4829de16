//! An emulated BambooHR, and the connector that reads it.

use std::{collections::BTreeSet, sync::Arc};

use emulators::{Kind, Options, PermissionGroup};
use rollcall::{
    connection::Credential,
    employee::{Category, CompanyId},
    http::{BaseUrls, Client},
    roster::Company,
    source::{
        Access, Opening, Provider as _, Source,
        bamboohr::{BambooHr, Settings},
        factorial::Applications,
    },
};
use serde_json::{Value, json};

use crate::support::{Held, Hr, PACE, Read, TODAY, at, tokens};

/// The path of reports.
pub(crate) const REPORT: &str = "reports/custom";

/// A running emulator.
pub(crate) struct Bamboo(pub(crate) Hr);

impl Bamboo {
    pub(crate) async fn start(employees: u32) -> Self {
        let options = Options {
            employees,
            today: Some(TODAY.parse().unwrap()),
            ..Options::default()
        };
        Self(Hr::of(emulators::start(Kind::BambooHr, options).await.unwrap()))
    }

    /// Returns the provider, with the application that the emulator knows.
    pub(crate) fn provider(&self) -> BambooHr {
        provider_of(&self.0)
    }

    /// Returns the provider, with these applications.
    pub(crate) fn provider_with(&self, applications: &Value) -> BambooHr {
        provider_with(self.0.http(), applications)
    }

    /// Returns the key of an administrator.
    pub(crate) fn key(&self) -> Credential {
        self.0.key()
    }

    /// Returns the key of a user of the group with this name.
    pub(crate) fn key_as(&self, group: &str) -> Credential {
        Credential::ApiKey {
            key: self.0.running.api_key_as(group).unwrap().to_owned().into(),
        }
    }

    /// Returns the tokens of an administrator's login.
    pub(crate) fn login(&self) -> Credential {
        self.login_as(PermissionGroup::administrator())
    }

    /// Returns the tokens of a login by a user of this group.
    pub(crate) fn login_as(&self, group: PermissionGroup) -> Credential {
        tokens(&self.0.running.user_tokens(group).unwrap())
    }

    pub(crate) fn open(&self, credential: Credential) -> Box<dyn Source> {
        self.open_with(Arc::new(Held(credential)), &BTreeSet::new())
    }

    pub(crate) fn open_with(&self, access: Arc<dyn Access>, allowed: &BTreeSet<Category>) -> Box<dyn Source> {
        self.open_at(&self.0.running.url(), access, allowed)
    }

    /// Returns the source, reached at this address.
    pub(crate) fn open_at(&self, url: &str, access: Arc<dyn Access>, allowed: &BTreeSet<Category>) -> Box<dyn Source> {
        let opening = Opening {
            at: at(url),
            access,
            allowance: None,
            allowed,
            company: None,
        };
        self.provider().open(opening).unwrap()
    }

    /// Returns the result of a read with the administrator's key.
    pub(crate) async fn read(&self) -> Read {
        self.read_as(self.key()).await
    }

    pub(crate) async fn read_as(&self, credential: Credential) -> Read {
        Read::of(self.open(credential).as_ref()).await
    }
}

/// Returns the provider of an HR system, with the application that the emulator knows.
pub(crate) fn provider_of(hr: &Hr) -> BambooHr {
    let application = json!({
        "client_id": hr.running.client_id(),
        "client_secret": hr.running.client_secret(),
    });
    provider_with(hr.http(), &json!({ "bamboohr": application }))
}

/// Returns the provider, with these applications.
pub(crate) fn provider_with(http: Client, applications: &Value) -> BambooHr {
    let settings = Settings {
        applications: Applications::given(applications),
        base_urls: BaseUrls::Any,
        pace: PACE,
        limit: None,
    };
    BambooHr::new(http, settings)
}

/// Returns the company that stands for one that no answer names.
pub(crate) fn company() -> Company {
    Company {
        id: CompanyId::parse("site-acme.bamboohr.com").unwrap(),
        name: "acme.bamboohr.com".to_owned(),
    }
}
