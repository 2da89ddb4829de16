//! An emulated HR system, a connector that reads it, and the verdict on what was read.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use emulators::factorial::{Options, PermissionGroup, Running, TokenSet as Issued};
use jiff::{Timestamp, civil::Date};
use rollcall::{
    connection::{Credential, TokenSet},
    employee::{Category, CompanyId, Wanted},
    http::{BaseUrl, BaseUrls, Client, HostRule, Method, Pace, Request, Session, Settings as HttpSettings},
    roster::{Baseline, Company, Completeness, Reading, Roster, judge},
    source::{
        Access, Address, Class, Error, Opening, Provider, Source,
        factorial::{Applications, Factorial, Settings},
    },
};
use serde_json::{Value, json};

/// The day on which every company is invented.
pub(crate) const TODAY: &str = "2026-03-02";
/// An instant that falls on that day in almost every time zone.
pub(crate) const NOW: &str = "2026-03-02T10:00:00Z";

pub(crate) const PACE: Pace = Pace {
    per_second: 10_000,
    burst: 10_000,
    in_flight: 6,
};

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

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
        let settings = Settings {
            applications: Applications::given(&json!({ "factorial": application })),
            base_urls: BaseUrls::Any,
            pace: self.pace,
        };
        Factorial::new(self.http.clone(), settings)
    }

    pub(crate) fn key(&self) -> Credential {
        Credential::ApiKey {
            key: self.running.api_key().to_owned().into(),
        }
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

/// Returns where an emulator is reached.
pub(crate) fn at(url: &str) -> Address<'_> {
    Address {
        base_url: Some(url),
        site: None,
    }
}

/// Returns the company that a source names, or the one that stands for it where the HR system names none.
pub(crate) async fn named(source: &dyn Source) -> Result<Company, Error> {
    let own = || Company {
        id: CompanyId::parse("site-acme").unwrap(),
        name: "acme".to_owned(),
    };
    Ok(source.identify().await?.unwrap_or_else(own))
}

/// The result of a read.
pub(crate) struct Read {
    pub(crate) roster: Roster,
    pub(crate) error: Option<Error>,
    pub(crate) calls: u64,
}

impl Read {
    pub(crate) async fn of(source: &dyn Source) -> Self {
        Self::wanting(Wanted::everything(), source).await
    }

    /// Returns the result of a read that is to show these attributes and no others.
    pub(crate) async fn wanting(wanted: Wanted, source: &dyn Source) -> Self {
        let company = named(source).await.unwrap();
        let mut reading = Reading::wanting(wanted, company, None, &|| false);
        let error = source.read(&mut reading).await.err();
        let broken = error.as_ref().map(|error| error.class.as_str());
        Self {
            roster: reading.roster.finish(broken).unwrap(),
            error,
            calls: source.calls(),
        }
    }

    /// Returns the verdict against what earlier reads showed.
    pub(crate) fn judge(&self, earlier: Option<&Self>) -> Completeness {
        let today = TODAY.parse().unwrap();
        let baseline = earlier.map(|earlier| Baseline::default().moved(&earlier.roster.header, today));
        let company = earlier.unwrap_or(self).roster.header.company.clone();
        judge(&self.roster.header, &company, &baseline.unwrap_or_default(), now())
    }

    pub(crate) fn class(&self) -> Option<Class> {
        self.error.as_ref().map(|error| error.class)
    }
}

/// A credential that is held in memory and cannot be renewed.
pub(crate) struct Held(pub(crate) Credential);

#[async_trait]
impl Access for Held {
    async fn credential(&self) -> Result<Credential, Error> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _refused: &Credential) -> Result<Credential, Error> {
        Err(Error::new(Class::Unauthorized, "renew", "it cannot be renewed"))
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
