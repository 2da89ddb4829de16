//! The HTTP door in this process, over a store in memory: requests go in as routes see them, and each write can be watched.

use std::{collections::BTreeMap, sync::Arc};

use acceptance::journey::{Ground, Office, Stage, Watch, WatchedDirectory, WatchedDoor};
use rollcall::{
    api::{Allowance, Edge, Request, Settings, key, routes},
    connection::Role,
    http::BaseUrls,
    run::{Clock, Schedule},
    store::{DirectoryStore, DoorStore, KeyRecord, KeyStore, Reach, memory::MemoryStore},
};
use serde_json::Value;

/// How long a function behind the door may take, in seconds.
const FUNCTION_SECONDS: i64 = 29;

/// The door with what lies behind it.
pub(crate) struct Desk {
    pub(crate) stage: Stage,
    pub(crate) edge: Edge,
    pub(crate) store: Arc<MemoryStore>,
    /// A key of all tenants.
    pub(crate) key: String,
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) etag: String,
    pub(crate) replayed: bool,
}

impl Reply {
    /// Returns the problem's code; empty where the answer is no problem.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// Returns a text in the body.
    pub(crate) fn at(&self, pointer: &str) -> String {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    }

    /// Returns what is wrong with the request: each place, with what was expected there.
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
        errors
            .iter()
            .map(|error| (text(error, "pointer"), text(error, "detail")))
            .collect()
    }
}

impl Desk {
    /// Returns a door without tenants, whose target is the directory in memory.
    pub(crate) async fn open(office: &Office, watch: Arc<dyn Watch>) -> Self {
        Self::open_on(Ground::memory(), office, watch).await
    }

    /// Returns a door without tenants, whose target is the one that the ground has.
    pub(crate) async fn open_on(ground: Ground, office: &Office, watch: Arc<dyn Watch>) -> Self {
        let store = Arc::new(MemoryStore::new());
        let ground = Ground {
            directory: Arc::clone(&store) as Arc<dyn DirectoryStore>,
            store: Arc::clone(&store) as _,
            watch: Arc::clone(&watch),
            ..ground
        };
        let stage = Stage::new(ground, office).unwrap();
        let edge = Edge::new(
            stage.ports.clone(),
            Arc::new(WatchedDirectory {
                inner: Arc::clone(&store) as _,
                watch: Arc::clone(&watch),
            }),
            Arc::new(WatchedDoor {
                inner: Arc::clone(&store) as Arc<dyn DoorStore>,
                watch,
            }),
            Settings {
                public_url: "https://rollcall.example".to_owned(),
                base_urls: BaseUrls::Any,
                schedule: Schedule {
                    at: jiff::civil::time(4, 0, 0, 0),
                    zone: jiff::tz::TimeZone::UTC,
                },
                allowance: Allowance::default(),
                build: String::new(),
            },
            routes::all(),
        );
        let mut desk = Self {
            stage,
            edge,
            store,
            key: String::new(),
        };
        desk.key = desk.new_key("all", Reach::All).await;
        desk
    }

    /// Returns a key with this id, made without the door.
    pub(crate) async fn new_key(&self, id: &str, reach: Reach) -> String {
        let text = key::compose(id, &[9; 32]);
        let record = KeyRecord {
            id: id.to_owned(),
            name: id.to_owned(),
            hash: key::hash(&text),
            reach,
            role: Role::Admin,
            created_at: self.stage.clock.now(),
            created_by: None,
            revoked_at: None,
        };
        assert!(self.store.create_key(&record).await.unwrap());
        secrecy::ExposeSecret::expose_secret(&text).to_owned()
    }

    /// Returns a request with the key of all tenants and a person behind it.
    pub(crate) fn request(&self, method: &str, address: &str, body: Option<&Value>) -> Request {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut headers = BTreeMap::from([
            ("authorization".to_owned(), format!("Bearer {}", self.key)),
            ("x-acting-user".to_owned(), "admin-3".to_owned()),
        ]);
        if body.is_some() {
            headers.insert("content-type".to_owned(), "application/json".to_owned());
        }
        let seconds = jiff::SignedDuration::from_secs(FUNCTION_SECONDS);
        Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            cookies: Vec::new(),
            body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            address: "192.0.2.1".to_owned(),
            id: "req-1".to_owned(),
            deadline: self.stage.clock.now() + seconds,
        }
    }

    /// Returns the answer to a request.
    pub(crate) async fn answer(&self, request: &Request) -> Reply {
        let function = self.edge.function_of(&request.method, &request.path);
        let response = self.edge.answer(function, request).await;
        Reply {
            status: response.status,
            body: serde_json::from_slice(&response.body).unwrap_or_default(),
            etag: response.header("etag").unwrap_or_default().to_owned(),
            replayed: response.header("idempotency-replayed") == Some("true"),
        }
    }

    /// Sends a request with the key of all tenants and a person behind it. Returns the answer.
    pub(crate) async fn send(&self, method: &str, address: &str, body: Option<&Value>) -> Reply {
        self.answer(&self.request(method, address, body)).await
    }
}
