//! Events reach the receiver that was set, and they are signed as Standard Webhooks.

use std::time::Duration;

use axum::{Router, body::Bytes, http::HeaderMap, http::StatusCode};
use emulators::scim::{self, Opener, Options, TOKEN};
use rollcall::http::Method;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
    time::timeout,
};

use crate::support::Served;

/// How long a receiver waits for the next event. No event takes that long; it ends a test that would wait for ever.
const PATIENCE: Duration = Duration::from_mins(1);

/// A receiver on a port of its own. It stops when this value is dropped.
struct Receiver {
    url: String,
    told: UnboundedReceiver<(HeaderMap, Value)>,
    serving: JoinHandle<()>,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let (sender, told) = unbounded_channel();
        let take = async move |headers: HeaderMap, body: Bytes| {
            sender.send((headers, serde_json::from_slice(&body).unwrap())).unwrap();
            StatusCode::NO_CONTENT
        };
        let router = Router::new().route("/events", axum::routing::post(take));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, told, serving }
    }

    /// Returns the next event with its headers.
    async fn next(&mut self) -> (HeaderMap, Value) {
        let next = timeout(PATIENCE, self.told.recv()).await;
        next.expect("an event arrives").unwrap()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

#[tokio::test]
async fn what_happens_is_told_to_the_receiver_that_was_set() {
    let served = Served::start(10).await;
    let mut receiver = Receiver::start().await;
    let set = served
        .send(Method::Put, "/v1/webhooks", Some(&json!({ "url": receiver.url })))
        .await;
    assert_eq!(
        (set.status, set.at("/url")),
        (200, receiver.url.clone()),
        "{}",
        set.text
    );
    assert!(set.at("/secrets/0").starts_with("whsec_"));
    let rotated = served.send(Method::Post, "/v1/webhooks/rotate", None).await;
    assert_eq!(rotated.body["secrets"].as_array().unwrap().len(), 2);
    assert_eq!(rotated.at("/secrets/1"), set.at("/secrets/0"));
    served.in_step("acme").await;
    let mut missing = vec!["connection.connected", "plan.ready", "run.completed"];
    while !missing.is_empty() {
        let (headers, event) = receiver.next().await;
        for name in ["webhook-id", "webhook-timestamp"] {
            assert!(headers.contains_key(name), "{name} is missing in {headers:?}");
        }
        let signatures = headers["webhook-signature"].to_str().unwrap();
        assert!(
            signatures.split(' ').all(|signature| signature.starts_with("v1,")),
            "{signatures}"
        );
        assert_eq!(
            signatures.split(' ').count(),
            2,
            "two secrets sign while they are changed over"
        );
        assert_eq!(event["data"]["tenant"], "acme");
        assert!(!event.to_string().contains('@'), "ids only: {event}");
        let is_run = event["type"] == "run.completed";
        assert_eq!(
            event["data"]["status"],
            if is_run { json!("succeeded") } else { Value::Null }
        );
        missing.retain(|kind| event["type"] != *kind);
    }
    served.stop().await;
}

/// A person who gives the target a new credential ends it.
#[tokio::test]
async fn a_target_that_refuses_its_credential_is_shown_on_the_connection_and_told_once() {
    let (served, service) = (Served::start(10).await, scim::start(Options::default()).await.unwrap());
    let mut receiver = Receiver::start().await;
    let set = json!({ "url": receiver.url });
    served.send(Method::Put, "/v1/webhooks", Some(&set)).await;
    let mut body = served.by_key("acme");
    body["target"] = json!({ "kind": "scim", "base_url": service.base(), "credential": { "bearer": TOKEN } });
    let connection = served.post("/v1/connections", &body).await.at("/id");
    let path = format!("/v1/connections/{connection}");
    let needs = async || served.get(&path).await.body["target"]["needs_reauthorization"].clone();
    assert_eq!(needs().await, false);
    let plan = served.preview(&connection).await;

    service.change_habits(|habits| habits.refuses = vec![Opener::Bearer]);
    let apply = format!("/v1/plans/{}/apply", plan.at("/id"));
    let started = served.post(&apply, &json!({ "hash": plan.at("/hash") })).await;
    let applied = served.ended(&started.at("/run")).await;
    assert_eq!(applied.at("/errors/0/code"), "target-unauthorized", "{}", applied.text);
    assert_eq!(needs().await, true);
    let preview = served.send(Method::Post, &format!("{path}/preview"), None).await;
    let failed = served.ended(&preview.at("/run")).await;
    assert_eq!(failed.at("/errors/0/code"), "target-unauthorized", "{}", failed.text);

    service.change_habits(|habits| habits.refuses = Vec::new());
    let again = json!({ "target_credential": { "bearer": TOKEN } });
    let renewed = served.post(&format!("{path}/reconnect"), &again).await;
    assert_eq!(renewed.status, 200, "{}", renewed.text);
    assert_eq!(needs().await, false);
    let mut kinds = Vec::new();
    while kinds.iter().filter(|kind| *kind == "run.failed").count() < 2 {
        kinds.push(receiver.next().await.1["type"].as_str().unwrap().to_owned());
    }
    let told = kinds
        .iter()
        .filter(|kind| *kind == "connection.target_needs_reauthorization");
    assert_eq!(told.count(), 1, "{kinds:?}");
    served.stop().await;
    service.stop().await;
}

#[tokio::test]
async fn an_address_that_is_none_is_refused() {
    let served = Served::start(10).await;
    for url in ["", "nowhere", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/"] {
        let answer = served
            .send(Method::Put, "/v1/webhooks", Some(&json!({ "url": url })))
            .await;
        assert_eq!(
            (answer.status, answer.at("/errors/0/pointer").as_str()),
            (422, "/url"),
            "{url}"
        );
    }
    assert_eq!(served.get("/v1/webhooks").await.body["url"], Value::Null);
    assert_eq!(
        served.send(Method::Post, "/v1/webhooks/rotate", None).await.code(),
        "not-found"
    );
    served.stop().await;
}
