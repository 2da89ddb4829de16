//! An emulated HR system, a connector that reads it, and the verdict on what was read.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use emulators::factorial::{Options, PermissionGroup, Running, TokenSet as Issued};
use jiff::civil::Date;
pub(crate) use rollcall::testing::contract::source::{Held, Outcome as Read, TODAY, company_of as named, now};
use rollcall::{
    connection::{Credential, TokenSet},
    employee::Category,
    http::{BaseUrl, BaseUrls, Client, HostRule, Method, Pace, Request, Session, Settings as HttpSettings},
    source::{
        Access, Address, Opening, Provider, Source,
        factorial::{Applications, Factorial, Settings},
    },
};
use serde_json::{Value, json};

pub(crate) const PACE: Pace = Pace {
    per_second: 10_000,
    burst: 10_000,
    in_flight: 6,
};

/// A running emulator and the client that talks to it.
pub(crate) struct Hr {
    pub(crate) running: Running,
    pub(crate) http: Client,
    controls: Session,
    pace: Pace,
}

impl Hr {
    pub(crate) async fn start(employees: u32) -> Self {
        Self::start_with(Options {
            employees,
            ..Options::default()
        })
        .await
    }

    /// Returns an emulator whose host is asked at this pace.
    pub(crate) async fn start_at(employees: u32, pace: Pace) -> Self {
        Self {
            pace,
            ..Self::start(employees).await
        }
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        let today: Date = TODAY.parse().unwrap();
        let options = Options {
            today: Some(today),
            ..options
        };
        Self::of(emulators::factorial::start(options).await.unwrap())
    }

    /// Returns a running emulator, whichever HR system it is, with a client that talks to it.
    pub(crate) fn of(running: Running) -> Self {
        let mut settings = HttpSettings::new(now, 1);
        settings.retry.base = Duration::from_millis(1);
        settings.try_timeout = Duration::from_secs(10);
        let http = Client::new(settings).unwrap();
        let controls = http.open_session("controls", PACE);
        Self {
            running,
            http,
            controls,
            pace: PACE,
        }
    }

    /// Returns the client for a connector.
    pub(crate) fn http(&self) -> Client {
        self.http.clone()
    }

    pub(crate) fn provider(&self) -> Factorial {
        let application = json!({
            "client_id": self.running.client_id(),
            "client_secret": self.running.client_secret(),
            "tokens": "user",
        });
        factorial_with(self.http(), self.pace, &json!({ "factorial": application }))
    }

    pub(crate) fn key(&self) -> Credential {
        key_of(self.running.api_key())
    }

    /// Calls a control and returns its JSON; `null` where there is none.
    pub(crate) async fn control(&self, method: Method, path: &'static str, body: &Value) -> Value {
        let base = BaseUrl::parse(&self.running.url(), HostRule::Any).unwrap();
        let request = Request::new(method, &base, path, path).json(body).unwrap();
        let response = self.controls.send(&request).await.unwrap();
        assert!(response.is_success(), "{path}: {:?}", response.text());
        serde_json::from_slice(response.body()).unwrap_or(Value::Null)
    }

    pub(crate) async fn arm(&self, fault: Value) {
        self.control(Method::Post, "/_emulator/break", &fault).await;
    }

    /// Returns all people as they really are.
    pub(crate) async fn truth(&self) -> Vec<Value> {
        let answer = self.control(Method::Get, "/_emulator/people", &Value::Null).await;
        answer["data"].as_array().unwrap().clone()
    }

    /// Returns the paths of the API that were asked for so far, with their status.
    pub(crate) async fn requests(&self) -> Vec<(String, u64)> {
        let answer = self.control(Method::Get, "/_emulator/requests", &Value::Null).await;
        let seen = answer["data"].as_array().unwrap().iter();
        let entry = |seen: &Value| {
            (
                seen["path"].as_str().unwrap().to_owned(),
                seen["status"].as_u64().unwrap_or(0),
            )
        };
        seen.map(entry)
            .filter(|(path, _)| !path.starts_with("/_emulator"))
            .collect()
    }

    /// Returns the source, opened with a credential that cannot be renewed.
    pub(crate) fn open(&self, credential: Credential) -> Box<dyn Source> {
        self.open_with(Arc::new(Held(credential)), &BTreeSet::new())
    }

    pub(crate) fn open_with(&self, access: Arc<dyn Access>, allowed: &BTreeSet<Category>) -> Box<dyn Source> {
        self.provider()
            .open(Opening {
                at: at(&self.running.url()),
                access,
                allowance: None,
                allowed,
                company: None,
            })
            .unwrap()
    }

    /// Returns the result of a read with the API key.
    pub(crate) async fn read(&self) -> Read {
        Read::of(self.open(self.key()).as_ref()).await
    }
}

/// Returns Factorial as a provider, with these applications.
pub(crate) fn factorial_with(http: Client, pace: Pace, applications: &Value) -> Factorial {
    let settings = Settings {
        applications: Applications::given(applications),
        base_urls: BaseUrls::Any,
        pace,
        limit: None,
    };
    Factorial::new(http, settings)
}

/// Returns where an emulator is reached.
pub(crate) fn at(url: &str) -> Address<'_> {
    Address {
        base_url: Some(url),
        site: None,
    }
}

/// Returns a key as a credential.
pub(crate) fn key_of(text: &str) -> Credential {
    Credential::ApiKey {
        key: text.to_owned().into(),
    }
}

/// Returns tokens as a connection keeps them.
pub(crate) fn tokens(issued: &Issued) -> Credential {
    Credential::Tokens(TokenSet {
        access_token: issued.access_token.clone().into(),
        refresh_token: issued.refresh_token.clone().map(Into::into),
        expires_at: None,
        obtained_at: now(),
        scope: None,
    })
}

/// Returns the tokens of an administrator, who may see everything.
pub(crate) fn administrator(hr: &Hr) -> Credential {
    tokens(&hr.running.user_tokens(PermissionGroup::administrator()).unwrap())
}
