//! Events reach the receiver that was set, and they are signed as Standard Webhooks.

use std::time::Duration;

use axum::{Router, body::Bytes, http::HeaderMap, http::StatusCode};
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
