//! An emulated SCIM 2.0 service (RFC 7643, RFC 7644) with the habits of real servers, each a switch.
//!
//! It keeps users in memory, knows nothing about the program that writes them, and tells which requests it was sent.
//! `habit` has the switches, `user` what is kept, `attribute` its attributes by name. `answer` tells requests apart, `list` and
//! `describe` answer what is asked, `write` and `patch` change users, `login` opens. `control` tells the test that uses it.

mod answer;
mod attribute;
mod control;
mod describe;
mod habit;
mod list;
mod login;
mod patch;
mod user;
mod write;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{ConnectInfo, State},
    http::{HeaderMap, Method, Uri},
    response::IntoResponse,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    Error,
    server::{self, Server, link::Link, lock},
};

pub use habit::{
    Changed, Changes, ClientShown, Conflicts, Created, Discovery, Filters, Formatted, Habits, Opener, Pages, Totals,
    UserNames, Wait,
};
pub use user::EXTENSION;

use user::User;

/// The token that opens an emulated service.
pub const TOKEN: &str = "emulated-scim-token";
/// The name that opens it with [`PASSWORD`].
pub const NAME: &str = "provisioning";
/// The password of [`NAME`].
pub const PASSWORD: &str = "emulated-scim-password";
/// The client that gets tokens at `/oauth/token` with [`CLIENT_SECRET`].
pub const CLIENT: &str = "rollcall-client";
/// The secret of [`CLIENT`].
pub const CLIENT_SECRET: &str = "emulated:scim/client+secret %";

/// What the service begins with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// What the server does differently from the RFCs.
    pub habits: Habits,
}

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The status of the answer, also where it was lost.
    pub status: u16,
}

/// What the service keeps.
#[derive(Debug, Default)]
pub(crate) struct Service {
    base: String,
    habits: Habits,
    users: Vec<User>,
    made: u64,
    asked: Vec<Asked>,
    counted: u32,
    /// Tokens that a client was given, the newest last. Older ones than the last two are not taken any more.
    tokens: VecDeque<login::Given>,
    cursors: u64,
    /// Requests under way, and the most of them at one time.
    under_way: usize,
    most_under_way: usize,
}

type Shared = Arc<Mutex<Service>>;

/// A running service; it ends when stopped or dropped.
pub struct Running {
    server: Server,
    service: Shared,
}

/// Starts an emulated service.
///
/// # Errors
/// [`Error::Bind`] where the port is taken.
pub async fn start(options: Options) -> Result<Running, Error> {
    let listener = server::bind(options.port).await?;
    let service = Shared::default();
    let routes = Router::new().fallback(take).with_state(Arc::clone(&service));
    let routes = routes.merge(control::routes(Arc::clone(&service)));
    let server = server::serve(listener, routes)?;
    {
        let mut service = lock(&service);
        service.base = format!("{}/scim/v2", server.url());
        service.habits = options.habits;
    }
    Ok(Running { server, service })
}

async fn take(
    State(service): State<Shared>,
    ConnectInfo(link): ConnectInfo<Link>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let latency = {
        let mut service = lock(&service);
        service.under_way += 1;
        service.most_under_way = service.most_under_way.max(service.under_way);
        service.habits.latency_ms
    };
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    let (reply, is_lost) = {
        let mut service = lock(&service);
        service.under_way -= 1;
        service.take(&method, &uri, &headers, &body)
    };
    if is_lost {
        link.cut();
    }
    reply.into_response()
}

impl Running {
    /// Returns the base of its endpoints.
    pub fn base(&self) -> String {
        lock(&self.service).base.clone()
    }

    /// Returns the address at which clients get their tokens.
    pub fn token_url(&self) -> String {
        format!("{}/oauth/token", self.server.url())
    }

    /// Returns all users it keeps, as it shows them.
    pub fn users(&self) -> Vec<Value> {
        lock(&self.service).shown_users()
    }

    /// Returns the requests that it was sent so far.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.service).asked.clone()
    }

    /// Returns how many requests to write it was sent so far.
    pub fn writes(&self) -> usize {
        let asked = self.asked();
        asked
            .iter()
            .filter(|asked| asked.method != "GET" && asked.target != "/oauth/token")
            .count()
    }

    /// Returns the most requests that were under way at one time.
    pub fn most_under_way(&self) -> usize {
        lock(&self.service).most_under_way
    }

    /// Gives it other habits.
    pub fn change_habits(&self, change: impl FnOnce(&mut Habits)) {
        change(&mut lock(&self.service).habits);
    }

    /// Adds a user, as if made before. Returns the id.
    pub fn add(&self, members: &Value) -> String {
        let members = members.as_object().cloned().unwrap_or_default();
        lock(&self.service).keep(members)
    }

    /// Changes a user by hand; `null` takes a member away.
    pub fn edit(&self, id: &str, members: Value) {
        let mut service = lock(&self.service);
        if let (Some(user), Value::Object(members)) = (service.users.iter_mut().find(|user| user.id == id), members) {
            patch::merge(&mut user.members, members);
            user.version += 1;
        }
    }

    /// Forgets the tokens that clients were given: they do not open it any more.
    pub fn forget_tokens(&self) {
        lock(&self.service).tokens.clear();
    }

    /// Returns what a person who has just started it needs to know.
    pub fn introduction(&self) -> String {
        let base = self.base();
        format!(
            "Emulated SCIM service at {base}\n\n  bearer token   {TOKEN}\n  name           {NAME}\n  password       {PASSWORD}\
             \n  client id      {CLIENT}\n  client secret  {CLIENT_SECRET}\n  token address  {}\n\
             \nWhat to try:\n  curl -H 'Authorization: Bearer {TOKEN}' '{base}/Users'\
             \n  curl {url}/_emulator/users\
             \n  curl -X PUT {url}/_emulator/habits -d '{{\"pages\": \"by_cursor\", \"page_cap\": 7}}'\
             \n\nAll habits: infra/emulators/README.md\n",
            self.token_url(),
            url = self.server.url(),
        )
    }

    /// Ends the service and frees its port.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

impl Service {
    fn shown_users(&self) -> Vec<Value> {
        let shown = |user: &User| user.shown(&self.base, &Habits::default());
        self.users.iter().map(shown).collect()
    }

    fn keep(&mut self, mut members: Map<String, Value>) -> String {
        self.made += 1;
        let id = format!("u-{:04}", self.made);
        members.entry("schemas").or_insert_with(|| json!([user::USER]));
        members.entry("active").or_insert(Value::Bool(true));
        self.users.push(User {
            id: id.clone(),
            version: 1,
            members,
        });
        id
    }
}
