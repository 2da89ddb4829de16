//! A stage that is served, and its caller: an application's backend.

use std::{
    path::PathBuf,
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Duration,
};

use local::serve::{Options, Ready, serve};
use rollcall::{
    api::Allowance,
    http::{BaseUrl, Client, HostRule, Method, Pace, Request, Session},
    runtime::outbound_client,
    source::Kind,
};
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

pub(crate) use crate::browser::{Browser, parse};

/// A stage that is served until this value is dropped.
pub(crate) struct Served {
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) hr: String,
    pub(crate) hr_key: String,
    /// What the ready file says of the HR system.
    pub(crate) emulated: Value,
    session: Session,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) text: String,
    headers: Vec<(&'static str, String)>,
}

/// Headers that tests look at.
const HEADERS: [&str; 9] = [
    "content-type",
    "etag",
    "idempotency-replayed",
    "link",
    "location",
    "retry-after",
    "set-cookie",
    "www-authenticate",
    "x-request-id",
];

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(found, _)| *found == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Returns the problem's code; empty where the answer is no problem.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// Returns a text in the body.
    pub(crate) fn at(&self, pointer: &str) -> String {
        self.body
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }
}

impl Served {
    /// Starts a stage with so many people at HR.
    pub(crate) async fn start(employees: u32) -> Self {
        Self::start_in(employees, None).await
    }

    /// Starts a stage with so many people at HR, which keeps its state in a folder.
    pub(crate) async fn start_in(employees: u32, state: Option<PathBuf>) -> Self {
        Self::start_with(employees, state, None).await
    }

    /// Starts a stage with so many people at HR, which keeps its state in a folder and writes a ready file.
    pub(crate) async fn start_with(employees: u32, state: Option<PathBuf>, ready_file: Option<PathBuf>) -> Self {
        Self::serve(Options {
            state,
            ready_file,
            ..options(employees)
        })
        .await
    }

    /// Starts a stage with so many people at this HR system.
    pub(crate) async fn start_of(provider: Kind, employees: u32) -> Self {
        Self::serve(Options {
            provider,
            ..options(employees)
        })
        .await
    }

    /// Starts a stage with so many people at HR, which lets each caller send so many requests.
    pub(crate) async fn start_allowing(
        allowance: Allowance,
        employees: u32,
        state: Option<PathBuf>,
        ready_file: Option<PathBuf>,
    ) -> Self {
        Self::serve(Options {
            allowance,
            state,
            ready_file,
            ..options(employees)
        })
        .await
    }

    async fn serve(options: Options) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, announced) = mpsc::channel();
        let provider = options.provider;
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let announce = |told: &Ready| {
                ready.send(told.document().clone()).unwrap();
                Ok(())
            };
            let until = async {
                let _: Result<(), _> = stopped.await;
            };
            runtime.block_on(serve(&options, until, announce)).unwrap();
        });
        let told = tokio::task::spawn_blocking(move || announced.recv_timeout(Duration::from_mins(1)));
        let told = told.await.unwrap().unwrap();
        let optional = |pointer: &str| told.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let text = |pointer: &str| optional(pointer).unwrap();
        let of_hr = format!("/emulators/{provider}");
        Self {
            url: text("/url"),
            key: text("/api_key"),
            hr: text(&format!("{of_hr}/url")),
            // Not every HR system has keys.
            hr_key: optional(&format!("{of_hr}/credential/key")).unwrap_or_default(),
            emulated: told.pointer(&of_hr).unwrap().clone(),
            session: client().open_session("door", PACE),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Stops the stage and waits until it has stopped.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        let thread = self.thread.take().unwrap();
        tokio::task::spawn_blocking(move || thread.join())
            .await
            .unwrap()
            .unwrap();
    }

    /// Sends a request with the first key and a person behind it. Returns the answer.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.send_as(Some(&self.key), method, path, body, &[]).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::Get, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::Post, path, Some(body)).await
    }

    /// Sends a request with this key, and with more headers. Returns the answer.
    pub(crate) async fn send_as(
        &self,
        key: Option<&str>,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&'static str, &str)],
    ) -> Answer {
        let base = BaseUrl::parse(&self.url, HostRule::Any).unwrap();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let pairs: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let mut request = Request::new(method, &base, path, "/").query(pairs).take_redirect();
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        if !headers.iter().any(|(name, _)| *name == "x-acting-user") {
            request = request.header("x-acting-user", "admin-3".to_owned());
        }
        for (name, value) in headers {
            request = request.header(name, (*value).to_owned());
        }
        if let Some(body) = body {
            request = request.json(body).unwrap();
        }
        let response = self.session.send(&request).await.unwrap();
        let found = HEADERS
            .iter()
            .filter_map(|name| Some((*name, response.header(name)?.to_owned())));
        let text = response.text().unwrap_or_default().to_owned();
        Answer {
            status: response.status(),
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
            headers: found.collect(),
        }
    }

    /// Returns what connects to the emulated HR system with its key.
    pub(crate) fn by_key(&self, tenant: &str) -> Value {
        let credential = &self.emulated["credential"];
        let config = json!({ "attributes": ["job_title", "team", "manager"] });
        self.connecting(tenant, &json!({ "credential": credential, "config": config }))
    }

    /// Returns what connects a tenant to the emulated HR system, with these members beside what the ready file says.
    pub(crate) fn connecting(&self, tenant: &str, more: &Value) -> Value {
        let mut body = Map::new();
        for members in [&json!({ "tenant": tenant }), &self.emulated["connection"], more] {
            body.extend(members.as_object().unwrap().clone());
        }
        body.into()
    }

    /// Connects a tenant by key, and waits for its first plan. Returns the ids of connection and plan.
    pub(crate) async fn connected(&self, tenant: &str) -> (String, String) {
        let made = self.post("/v1/connections", &self.by_key(tenant)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let run = self.ended(&made.at("/run")).await;
        assert_eq!(run.at("/status"), "succeeded", "{}", run.text);
        (made.at("/id"), run.at("/plan"))
    }

    /// Waits until a run has ended. Returns the run.
    pub(crate) async fn ended(&self, run: &str) -> Answer {
        for _ in 0..2400 {
            let answer = self.get(&format!("/v1/runs/{run}")).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            if !["queued", "running", "deferred"].contains(&answer.at("/status").as_str()) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the run does not end");
    }

    /// Makes a plan and returns it.
    pub(crate) async fn preview(&self, connection: &str) -> Answer {
        let path = format!("/v1/connections/{connection}/preview?wait=20");
        let plan = self.send(Method::Post, &path, None).await;
        assert_eq!(plan.status, 200, "{}", plan.text);
        plan
    }

    /// Approves a plan as it is, and waits until it is carried out.
    pub(crate) async fn apply(&self, plan: &str) -> Answer {
        let shown = self.get(&format!("/v1/plans/{plan}")).await;
        let holds: Vec<Value> = shown.body["holds"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hold| hold["code"].clone())
            .collect();
        let body = json!({ "hash": shown.at("/hash"), "approve": holds });
        let started = self.post(&format!("/v1/plans/{plan}/apply"), &body).await;
        assert_eq!(started.status, 202, "{}", started.text);
        let run = self.ended(&started.at("/run")).await;
        assert_eq!(run.at("/status"), "succeeded", "{}", run.text);
        run
    }

    /// Brings a tenant in step with HR. Returns the ids of its connection and of the plan that was applied.
    pub(crate) async fn in_step(&self, tenant: &str) -> (String, String) {
        let (connection, plan) = self.connected(tenant).await;
        self.apply(&plan).await;
        (connection, plan)
    }

    /// Calls a control of the emulated HR system. Returns its answer.
    pub(crate) async fn control(&self, method: Method, path: &'static str, body: &Value) -> Value {
        let base = BaseUrl::parse(&self.hr, HostRule::Any).unwrap();
        let request = Request::new(method, &base, path, path).json(body).unwrap();
        let response = self.session.send(&request).await.unwrap();
        assert!(response.is_success(), "{path}: {:?}", response.text());
        serde_json::from_slice(response.body()).unwrap_or(Value::Null)
    }

    /// Returns a key that reaches one tenant only.
    pub(crate) async fn key_of(&self, tenant: &str) -> String {
        let made = self
            .post("/v1/keys", &json!({ "name": "one tenant", "tenants": [tenant] }))
            .await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.at("/key")
    }
}

/// Returns the method that a word of the contract names.
pub(crate) fn method(word: &str) -> Method {
    match word {
        "get" => Method::Get,
        "post" => Method::Post,
        "put" => Method::Put,
        "patch" => Method::Patch,
        "delete" => Method::Delete,
        other => panic!("{other}"),
    }
}

/// How a stage is served with so many people at Factorial, and with as many requests as anybody likes.
const fn options(employees: u32) -> Options {
    Options {
        port: 0,
        state: None,
        provider: Kind::Factorial,
        employees,
        seed: 1,
        allowance: Allowance {
            per_key: Some(1_000_000),
            per_address: Some(1_000_000),
        },
        ready_file: None,
    }
}

/// The pace of a client that never waits.
pub(crate) const PACE: Pace = Pace {
    per_second: 10_000,
    burst: 10_000,
    in_flight: 16,
};

pub(crate) fn client() -> Client {
    outbound_client().unwrap()
}
