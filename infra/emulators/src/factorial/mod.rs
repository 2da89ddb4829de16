//! Emulated Factorial: dated API versions, API keys, OAuth with Doorkeeper's manners, cursor paging, and people whose
//! job, pay, team and workplace have to be put together from other resources.
//!
//! Written from the vendor's documentation and its official Python SDK (API 2026-10-01), read in November 2026. What the vendor
//! does not say is a guess and marked so where it stands: error bodies, the replacement of refresh tokens, `valuable_type`.
//! Writing (creating, changing and terminating employees) is not emulated yet.

mod api;
mod auth;
mod field;
mod oauth;
mod paging;
mod permission;
mod query;
mod refusal;
mod resource;
mod token;
mod version;
mod view;
mod wire;

pub use permission::{PermissionGroup, Sees};

use crate::server::{self, Server};
use crate::stage::{Dialect, Plan, Stage, lock};
use crate::{Break, Error, control};
use axum::Router;
use axum::routing::{get, post};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use token::{Grant, Tokens};

/// The newest version of the API that is emulated.
pub const API_VERSION: &str = "2026-10-01";

/// How to start an emulated Factorial.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// People of each company who ought to join: at work, with a work e-mail address. Leavers of the past (15 %), people who
    /// start later (2 %) and people without any e-mail address (1 %) come on top, at least one of each.
    pub employees: u32,
    /// The same seed invents the same people.
    pub seed: u64,
    /// The first day; the real one (UTC) if not given.
    pub today: Option<Date>,
    /// How many companies, each with its own API key.
    pub companies: u32,
    /// Faults from the start.
    pub breaks: Vec<Break>,
    /// The addresses that the OAuth application may be called back at; any address if empty.
    pub redirect_uris: Vec<String>,
    /// Seconds that an access token of a user lives; the vendor's hour by default.
    pub access_token_seconds: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            employees: 250,
            seed: 1,
            today: None,
            companies: 1,
            breaks: Vec::new(),
            redirect_uris: Vec::new(),
            access_token_seconds: 3_600,
        }
    }
}

/// A ready set of tokens, as after a log-in with a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSet {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// For one refresh; company tokens have none.
    pub refresh_token: Option<String>,
    /// Seconds; none for company tokens, which do not end.
    pub expires_in: Option<u64>,
}

/// What the emulator knows.
struct Factorial {
    stage: Arc<Stage>,
    /// API keys, in the order of the companies.
    keys: Vec<String>,
    client_id: String,
    client_secret: String,
    redirect_uris: Vec<String>,
    tokens: Mutex<Tokens>,
    lists: Mutex<Lists>,
}

/// Ids of whole lists by company and path, with the company's revision they belong to.
type Lists = BTreeMap<(usize, &'static str), (u64, Arc<Vec<u64>>)>;

struct FactorialDialect;

impl Dialect for FactorialDialect {
    fn knows_field(&self, name: &str) -> bool {
        !field::find(name).is_empty()
    }
}

impl Factorial {
    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        lock(&self.tokens)
    }

    fn lists(&self) -> MutexGuard<'_, Lists> {
        lock(&self.lists)
    }
}

/// A running emulator; it ends when stopped or dropped.
pub struct Running {
    server: Server,
    factorial: Arc<Factorial>,
}

/// Starts an emulated Factorial. Fails where the port is taken, where a number is out of bounds, or where a break mode names a
/// field that Factorial has not.
pub async fn start(options: Options) -> Result<Running, Error> {
    let plan = Plan {
        employees: options.employees,
        companies: options.companies,
        seed: options.seed,
        today: options.today,
    };
    let listener = server::bind(options.port).await?;
    let stage = Arc::new(Stage::build(&plan, &FactorialDialect, options.breaks)?);
    let keys = stage
        .companies()
        .iter()
        .map(|company| auth::api_key(options.seed, company.id))
        .collect();
    let factorial = Arc::new(Factorial {
        keys,
        client_id: auth::secret(options.seed, 1),
        client_secret: auth::secret(options.seed, 2),
        redirect_uris: options.redirect_uris,
        tokens: Mutex::new(Tokens::new(options.seed, i64::from(options.access_token_seconds))),
        lists: Mutex::default(),
        stage: Arc::clone(&stage),
    });
    let routes = Router::new()
        .route("/oauth/authorize", get(oauth::show).post(oauth::decide))
        .route("/oauth/token", post(oauth::token))
        .fallback(api::answer)
        .with_state(Arc::clone(&factorial))
        .merge(control::routes(stage));
    Ok(Running {
        server: server::serve(listener, routes)?,
        factorial,
    })
}

impl Running {
    /// `http://127.0.0.1:<port>`, to be used in place of the vendor's host.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The time at HR, which `POST /_emulator/day` moves on.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_second(self.factorial.stage.clock.unix_seconds()).unwrap_or(Timestamp::MAX)
    }

    /// The API key of the first company.
    pub fn api_key(&self) -> &str {
        self.api_key_of(0).unwrap_or_default()
    }

    /// The API key of a company by its position.
    pub fn api_key_of(&self, company: usize) -> Option<&str> {
        self.factorial.keys.get(company).map(String::as_str)
    }

    /// The id of a company by its position, as the credentials resource states it.
    pub fn company_id_of(&self, company: usize) -> Option<u64> {
        self.factorial.stage.companies().get(company).map(|company| company.id)
    }

    /// The id of the OAuth application.
    pub fn client_id(&self) -> &str {
        &self.factorial.client_id
    }

    /// The secret of the OAuth application.
    pub fn client_secret(&self) -> &str {
        &self.factorial.client_secret
    }

    /// Tokens of a user of the first company, as after a log-in; `None` only where nobody is at work.
    pub fn user_tokens(&self, group: PermissionGroup) -> Option<TokenSet> {
        oauth::caller(&self.factorial, 0, group, false).map(|caller| self.issue(caller))
    }

    /// The token of the first company, as after an administrator's log-in.
    pub fn company_token(&self) -> Option<TokenSet> {
        oauth::caller(&self.factorial, 0, PermissionGroup::administrator(), true).map(|caller| self.issue(caller))
    }

    fn issue(&self, caller: auth::Caller) -> TokenSet {
        let grant = Grant {
            caller,
            scope: "read write".to_owned(),
            redirect_uri: String::new(),
        };
        let issued = self
            .factorial
            .tokens()
            .issue(grant, None, self.factorial.stage.clock.unix_seconds());
        TokenSet {
            access_token: issued.access_token,
            refresh_token: issued.refresh_token,
            expires_in: issued.expires_in.and_then(|seconds| u64::try_from(seconds).ok()),
        }
    }

    /// Returns what a person who has just started it needs to know: address, credentials, and what to try.
    pub fn introduction(&self) -> String {
        let (url, key, client) = (self.url(), self.api_key(), self.client_id());
        let secret = self.client_secret();
        let (company, people) = {
            let companies = self.factorial.stage.companies();
            let first = companies.first();
            (
                first.map_or_else(String::new, |company| company.name.clone()),
                first.map_or(0, |company| company.people.len()),
            )
        };
        let keys: Vec<_> = self
            .factorial
            .keys
            .iter()
            .map(|key| format!("\n  API key        {key}"))
            .collect();
        let keys = keys.concat();
        format!(
            "Emulated Factorial at {url}: {company}, {people} invented people of every kind.\n\
             {keys}\
             \n  client id      {client}\
             \n  client secret  {secret}\n\
             \nRead two of them, as the HR system shows them:\
             \n  curl -H 'x-api-key: {key}' '{url}/api/{API_VERSION}/resources/employees/employees?limit=2'\
             \nSee the truth about everybody, let a day pass, and see who was asked for what:\
             \n  curl {url}/_emulator/people\
             \n  curl -X POST {url}/_emulator/day\
             \n  curl {url}/_emulator/requests\
             \nLet it fail, and mend it:\
             \n  curl -X POST {url}/_emulator/break -d '{{\"mode\": \"status\", \"status\": 503}}'\
             \n  curl -X DELETE {url}/_emulator/break\
             \nLog in as a person does, in a browser:\
             \n  {url}/oauth/authorize?client_id={client}&redirect_uri=http://127.0.0.1/callback&response_type=code&state=any\n\
             \nIts controls, fields and break modes are listed in infra/emulators/README.md.\n",
        )
    }

    /// Ends the emulator and frees its port.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}
