//! Emulated HR systems by their [`Kind`], and their controls under `/_emulator/`, called as any client calls them: over HTTP.
//!
//! What the local stage has to know about a single HR system stands here and nowhere else in it.

use emulators::{Access, Break, Cast, Running};
use jiff::civil::Date;
use rollcall::{
    connection::Credential,
    http::{BaseUrl, Client, HostRule, Method, Pace, Request, Response, Session},
    runtime::Applications,
    source::Kind,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use url::Url;

use crate::Error;

/// Returns the emulator of an HR system.
const fn emulated(kind: Kind) -> emulators::Kind {
    match kind {
        Kind::Factorial => emulators::Kind::Factorial,
        Kind::BambooHr => emulators::Kind::BambooHr,
        Kind::Lucca => emulators::Kind::Lucca,
        Kind::Humaans => emulators::Kind::Humaans,
        Kind::HiBob => emulators::Kind::HiBob,
        Kind::Personio => emulators::Kind::Personio,
        Kind::Staffology => emulators::Kind::Staffology,
        Kind::PayFit => emulators::Kind::PayFit,
        Kind::Merge => emulators::Kind::Merge,
    }
}

/// Returns where an HR system lists its people: a part of the address, and how many come on a page; `None` where all come at
/// once.
const fn list_of_people(kind: Kind) -> (&'static str, Option<usize>) {
    match kind {
        Kind::Factorial => ("employees/employees", Some(100)),
        Kind::BambooHr => ("reports/custom", None),
        Kind::Lucca => ("api/v3/users", Some(200)),
        Kind::Humaans => ("api/people", Some(250)),
        Kind::HiBob => ("people/search", None),
        Kind::Personio => ("v2/persons$", Some(50)),
        Kind::Staffology => ("api/Employees", Some(200)),
        Kind::PayFit => ("collaborators", Some(50)),
        Kind::Merge => ("v1/employees", Some(100)),
    }
}

/// How an emulated HR system is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// How many people ought to join.
    pub employees: u32,
    /// How many companies of as many people.
    pub companies: u32,
    /// The same seed invents the same people.
    pub seed: u64,
    /// The first day; the real one (UTC) if not given.
    pub today: Option<Date>,
    /// Faults from the start.
    pub breaks: Vec<Break>,
    /// How many requests a company may be asked within a minute, 0 for any number; as many as the vendor publishes if not given.
    pub requests_per_minute: Option<u32>,
}

impl Default for Options {
    /// One company, of whose HR system any number of requests may be asked.
    fn default() -> Self {
        Self {
            port: 0,
            employees: 250,
            companies: 1,
            seed: 1,
            today: None,
            breaks: Vec::new(),
            requests_per_minute: Some(0),
        }
    }
}

/// An emulated HR system that runs.
pub struct Emulator {
    kind: Kind,
    running: Running,
}

impl Emulator {
    /// Starts the emulator of an HR system. Each of its people has one employment.
    ///
    /// # Errors
    /// [`Error::Emulator`] where the port is taken, or an option is out of bounds.
    pub async fn start(kind: Kind, options: Options) -> Result<Self, Error> {
        let options = emulators::Options {
            port: options.port,
            employees: options.employees,
            companies: options.companies,
            seed: options.seed,
            today: options.today,
            breaks: options.breaks,
            requests_per_minute: options.requests_per_minute,
            cast: Cast::Plain,
            ..emulators::Options::default()
        };
        let running = emulators::start(emulated(kind), options).await?;
        Ok(Self { kind, running })
    }

    /// Returns which HR system it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the HR system's name as its vendor writes it.
    pub const fn label(&self) -> &'static str {
        emulated(self.kind).label()
    }

    /// Returns its address.
    pub fn url(&self) -> String {
        self.running.url()
    }

    /// Returns what runs: its credentials, its time, its introduction.
    pub const fn running(&self) -> &Running {
        &self.running
    }

    /// Returns a company's part of the address, by the company's position, where the HR system has such a part.
    pub fn site_of(&self, company: usize) -> Option<String> {
        match self.kind {
            Kind::Factorial
            | Kind::Humaans
            | Kind::HiBob
            | Kind::Personio
            | Kind::PayFit
            | Kind::Staffology
            | Kind::Merge => None,
            Kind::BambooHr | Kind::Lucca => self.running.site_of(company),
        }
    }

    /// Returns what opens a company, by the company's position: its key, its service user, or else its own client.
    pub fn credential_of(&self, company: usize) -> Credential {
        let Some(key) = self.running.api_key_of(company) else {
            let (id, secret) = self.running.client_of(company).unwrap_or_default();
            return Credential::Client {
                token_url: None,
                id: id.to_owned(),
                secret: secret.to_owned().into(),
                scope: None,
            };
        };
        match self.kind {
            Kind::HiBob | Kind::Staffology => Credential::Basic {
                user: emulators::service_user(key),
                password: key.to_owned().into(),
            },
            Kind::Factorial
            | Kind::BambooHr
            | Kind::Lucca
            | Kind::Humaans
            | Kind::Personio
            | Kind::PayFit
            | Kind::Merge => Credential::ApiKey {
                key: key.to_owned().into(),
            },
        }
    }

    /// Returns every credential that can be pasted, as `POST /v1/connections` takes it, the usual one first.
    pub fn credentials(&self) -> Vec<Value> {
        let form = |access: Access| match access {
            Access::ApiKey { key } | Access::Basic { user: key, .. } => Some(json!({ "kind": "api_key", "key": key })),
            Access::ServiceUser { user, token, .. } => {
                Some(json!({ "kind": "basic", "user": user, "password": token }))
            }
            Access::ClientCredentials {
                client_id,
                client_secret,
                ..
            } => Some(json!({ "kind": "client_credentials", "client_id": client_id, "client_secret": client_secret })),
            Access::Application { .. } | _ => None,
        };
        self.running.accesses().into_iter().filter_map(form).collect()
    }

    /// Returns the paths at which people log in and tokens are given, which show no data.
    pub fn login_paths(&self) -> Vec<String> {
        let urls = self.running.accesses().into_iter().flat_map(|access| match access {
            Access::Application {
                authorize_url,
                token_url,
                ..
            } => vec![authorize_url, token_url],
            Access::ClientCredentials { token_url, .. } => vec![token_url],
            Access::ServiceUser { token_url, .. } => token_url.into_iter().collect(),
            Access::ApiKey { .. } | Access::Basic { .. } | _ => Vec::new(),
        });
        urls.filter_map(|url| Some(Url::parse(&url).ok()?.path().to_owned()))
            .collect()
    }

    /// Returns what `POST /v1/connections` takes beside a credential.
    pub fn connection(&self) -> Value {
        let mut members = json!({ "provider": self.kind.as_str(), "base_url": self.url() });
        if let (Some(site), Some(members)) = (self.site_of(0), members.as_object_mut()) {
            members.insert("site".to_owned(), site.into());
        }
        members
    }

    /// Returns the application that is registered with the HR system, as the operator keeps it.
    pub fn applications(&self) -> Applications {
        let (id, secret) = (self.running.client_id(), self.running.client_secret());
        let application = match self.kind {
            Kind::Factorial => json!({ "client_id": id, "client_secret": secret, "tokens": "company" }),
            Kind::Merge => json!({
                "key": secret,
                "page": format!("{}/link?client_id={id}&response_type=code", self.url()),
                "email": "hr@app.example",
            }),
            Kind::BambooHr
            | Kind::Lucca
            | Kind::Humaans
            | Kind::HiBob
            | Kind::Personio
            | Kind::PayFit
            | Kind::Staffology => {
                json!({ "client_id": id, "client_secret": secret })
            }
        };
        Applications::given(&json!({ self.kind.as_str(): application }))
    }

    /// Returns a break mode by which the list of people fails in its middle, where it is that long, and which page fails;
    /// `None` where it has no pages.
    pub fn failing_list(&self, people: usize) -> (Value, Option<u32>) {
        let (path, rows) = list_of_people(self.kind);
        let page = rows.map(|rows| if people > rows { 2 } else { 1 });
        let mut fault = json!({ "mode": "status", "status": 503, "path": path });
        if let (Some(page), Some(members)) = (page, fault.as_object_mut()) {
            members.insert("page".to_owned(), page.into());
        }
        (fault, page)
    }

    /// Ends it and frees its port.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

/// One person of the truth: canonical attributes by name, texts or null.
pub type Person = Map<String, Value>;

/// What a day brought at HR, by employee id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Day {
    /// The date after the day has passed.
    pub today: String,
    /// People whose attributes changed.
    pub moved: Vec<String>,
    /// People who began.
    pub joined: Vec<String>,
    /// People whose last day has passed.
    pub left: Vec<String>,
}

#[derive(Deserialize)]
struct Listed<T> {
    data: Vec<T>,
}

#[derive(Deserialize)]
struct Seen {
    path: String,
    fault: Option<String>,
}

/// The controls of a running emulator.
#[derive(Debug)]
pub struct Controls {
    session: Session,
    base: BaseUrl,
}

impl Controls {
    /// Returns the controls of the emulator at `url`.
    ///
    /// # Errors
    /// [`Error::ControlsRefused`] where the address is not valid.
    pub fn new(client: &Client, url: &str) -> Result<Self, Error> {
        let refused = |_| Error::ControlsRefused {
            what: "its address",
            status: 0,
        };
        Ok(Self {
            session: client.open_session("emulator-controls", Pace::default()),
            base: BaseUrl::parse(url, HostRule::Any).map_err(refused)?,
        })
    }

    /// Returns the truth: all people whom HR knows.
    ///
    /// # Errors
    /// [`Error`] where the controls do not answer as documented.
    pub async fn list_people(&self) -> Result<Vec<Person>, Error> {
        let answer = self.send(Method::Get, "/_emulator/people", None).await?;
        read::<Listed<Person>>("people", &answer).map(|listed| listed.data)
    }

    /// Lets a day pass, a busy one or a quiet one. Returns what the day brought.
    ///
    /// # Errors
    /// [`Error`] where the controls do not answer as documented.
    pub async fn pass_day(&self, churn: bool) -> Result<Day, Error> {
        let answer = self
            .send(Method::Post, "/_emulator/day", Some(json!({ "churn": churn })))
            .await?;
        read("day", &answer)
    }

    /// Arms a break mode.
    ///
    /// # Errors
    /// [`Error`] where the controls do not answer as documented.
    pub async fn break_with(&self, mode: Value) -> Result<(), Error> {
        self.send(Method::Post, "/_emulator/break", Some(mode)).await.map(drop)
    }

    /// Ends all break modes.
    ///
    /// # Errors
    /// [`Error`] where the controls do not answer as documented.
    pub async fn mend(&self) -> Result<(), Error> {
        self.send(Method::Delete, "/_emulator/break", None).await.map(drop)
    }

    /// Returns how many requests the HR system has seen at other paths than `besides`, and how many of them a break mode struck.
    ///
    /// # Errors
    /// [`Error`] where the controls do not answer as documented.
    pub async fn count_requests(&self, besides: &[String]) -> Result<(u64, u64), Error> {
        let answer = self.send(Method::Get, "/_emulator/requests", None).await?;
        let mut seen = read::<Listed<Seen>>("requests", &answer)?.data;
        seen.retain(|request| !besides.contains(&request.path));
        let struck = seen.iter().filter(|request| request.fault.is_some()).count();
        Ok((seen.len() as u64, struck as u64))
    }

    async fn send(&self, method: Method, path: &'static str, body: Option<Value>) -> Result<Response, Error> {
        let mut request = Request::new(method, &self.base, path, path);
        if let Some(body) = body {
            request = request
                .json(&body)
                .map_err(|source| Error::ControlsForm { what: path, source })?;
        }
        let answer = self.session.send(&request).await?;
        if answer.is_success() {
            Ok(answer)
        } else {
            Err(Error::ControlsRefused {
                what: path,
                status: answer.status(),
            })
        }
    }
}

fn read<T: DeserializeOwned>(what: &'static str, answer: &Response) -> Result<T, Error> {
    serde_json::from_slice(answer.body()).map_err(|source| Error::ControlsForm { what, source })
}
