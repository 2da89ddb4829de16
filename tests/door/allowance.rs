//! How many requests each caller may send: a caller that sends too many is told when to come again, and no other caller
//! notices.

use std::sync::Arc;

use acceptance::journey::{Nobody, Office, Place, Verdict, Watch};
use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    api::{Allowance, Request},
    store::Reach,
};
use serde_json::{Value, json};

use crate::{
    desk::Desk,
    support::{Answer, Served},
};

/// Returns a door that answers so many requests of each key and each address within a window. A window has just begun.
async fn desk(allowance: Allowance, watch: Arc<dyn Watch>) -> Desk {
    let mut desk = Desk::open(&Office::new("7"), watch).await;
    desk.edge.settings.allowance = allowance;
    let behind = desk.stage.now().as_second().rem_euclid(10);
    desk.stage.clock.advance(SignedDuration::from_secs(10 - behind));
    desk
}

/// Five requests of each key, and five of each address.
const FIVE: Allowance = Allowance {
    per_key: Some(5),
    per_address: Some(5),
};

/// Returns the status of the answer, and after how many seconds the caller may come again.
async fn asked(desk: &Desk, request: &Request) -> (u16, Option<String>) {
    let function = desk.edge.function_of(&request.method, &request.path);
    let answer = desk.edge.answer(function, request).await;
    (answer.status, answer.header("retry-after").map(str::to_owned))
}

/// Returns a request with this key, or without one.
fn request(desk: &Desk, key: Option<&str>, method: &str, address: &str, body: Option<&Value>) -> Request {
    let mut request = desk.request(method, address, body);
    request.headers.remove("authorization");
    if let Some(key) = key {
        let header = format!("Bearer {key}");
        request.headers.insert("authorization".to_owned(), header);
    }
    request
}

#[tokio::test]
async fn a_key_that_asks_for_too_much_waits_for_the_next_window_and_another_key_does_not() {
    let desk = desk(FIVE, Arc::new(Nobody)).await;
    let other = desk.new_key("other", Reach::All).await;
    let mine = request(&desk, Some(&desk.key), "GET", "/v1/providers", None);
    let theirs = request(&desk, Some(&other), "GET", "/v1/providers", None);
    for _ in 0..5 {
        assert_eq!(asked(&desk, &mine).await.0, 200);
    }
    desk.stage.clock.advance(SignedDuration::from_secs(4));
    for _ in 0..3 {
        assert_eq!(asked(&desk, &mine).await, (429, Some("6".to_owned())));
    }
    for _ in 0..5 {
        assert_eq!(asked(&desk, &theirs).await.0, 200);
    }
    desk.stage.clock.advance(SignedDuration::from_secs(6));
    assert_eq!(asked(&desk, &mine).await.0, 200);
}

#[tokio::test]
async fn what_is_too_much_is_refused_before_anything_is_done_or_audited() {
    let desk = desk(FIVE, Arc::new(Nobody)).await;
    let other = desk.new_key("other", Reach::All).await;
    let look = request(&desk, Some(&other), "GET", "/v1/providers", None);
    for _ in 0..5 {
        assert_eq!(asked(&desk, &look).await.0, 200);
    }
    let refused = request(&desk, Some(&other), "PUT", "/v1/stop", None);
    let reply = desk.answer(&refused).await;
    assert_eq!(
        (reply.status, reply.code()),
        (429, "too-many-requests"),
        "{}",
        reply.body
    );
    assert!(reply.at("/detail").contains("ask again in"), "{}", reply.body);
    let stops = desk.send("GET", "/v1/stop", None).await;
    assert_eq!(stops.body["data"], json!([]));
    let audit = desk.send("GET", "/v1/audit", None).await;
    assert_eq!(audit.body["data"], json!([]));
    // The request that was refused passes in the next window.
    desk.stage.clock.advance(SignedDuration::from_secs(10));
    let passed = desk.answer(&refused).await;
    assert!((200..300).contains(&passed.status), "{}", passed.body);
    let stops = desk.send("GET", "/v1/stop", None).await;
    assert_eq!(stops.body["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn wrong_keys_use_up_the_allowance_of_their_address_and_not_that_of_the_key_that_they_name() {
    let desk = desk(FIVE, Arc::new(Nobody)).await;
    let wrong = request(&desk, Some("rck_all_00"), "GET", "/v1/providers", None);
    for _ in 0..5 {
        assert_eq!(asked(&desk, &wrong).await.0, 401);
    }
    assert_eq!(asked(&desk, &wrong).await.0, 429);
    let without = request(&desk, None, "GET", "/healthz", None);
    assert_eq!(asked(&desk, &without).await.0, 429, "the address has one allowance");
    let right = request(&desk, Some(&desk.key), "GET", "/v1/providers", None);
    for _ in 0..5 {
        assert_eq!(
            asked(&desk, &right).await.0,
            200,
            "the key has its own, from any address"
        );
    }
    let elsewhere = Request {
        address: "192.0.2.9".to_owned(),
        ..without.clone()
    };
    assert_eq!(asked(&desk, &elsewhere).await.0, 200);
    desk.stage.clock.advance(SignedDuration::from_secs(10));
    assert_eq!(asked(&desk, &without).await.0, 200);
}

#[tokio::test]
async fn pages_callbacks_and_addresses_that_do_not_exist_are_counted_by_address() {
    for (method, address) in [
        ("GET", "/healthz"),
        ("GET", "/openapi.json"),
        ("GET", "/oauth/callback?state=x"),
        ("GET", "/oauth/start/x"),
        ("GET", "/v1/providers"),
        ("PUT", "/healthz"),
        ("GET", "/nothing/here"),
    ] {
        let desk = desk(FIVE, Arc::new(Nobody)).await;
        let request = request(&desk, None, method, address, None);
        for _ in 0..5 {
            assert_ne!(asked(&desk, &request).await.0, 429, "{method} {address}");
        }
        let (status, wait) = asked(&desk, &request).await;
        assert_eq!((status, wait.as_deref()), (429, Some("10")), "{method} {address}");
    }
}

/// A watch under which requests cannot be counted.
struct Uncounted;

#[async_trait]
impl Watch for Uncounted {
    async fn before(&self, place: Place) -> Verdict {
        if place == Place::Door("use_allowance") {
            Verdict::Fail
        } else {
            Verdict::Go
        }
    }
}

#[tokio::test]
async fn where_requests_cannot_be_counted_they_pass() {
    let desk = desk(FIVE, Arc::new(Uncounted)).await;
    for _ in 0..20 {
        assert_eq!(desk.send("GET", "/v1/providers", None).await.status, 200);
    }
}

/// Sends a request over the network once, whatever its answer is. Returns the status, the seconds to wait, and the body.
async fn once(client: &reqwest::Client, served: &Served, key: &str) -> (u16, Option<u64>, Value) {
    let sent = client.get(format!("{}/v1/providers", served.url)).bearer_auth(key);
    let answer = sent.send().await.unwrap();
    let wait = answer
        .headers()
        .get("retry-after")
        .map(|wait| wait.to_str().unwrap().parse().unwrap());
    let status = answer.status().as_u16();
    let body = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    (status, wait, body)
}

#[tokio::test]
async fn a_served_stage_says_when_to_come_again() {
    let allowance = Allowance {
        per_key: Some(5),
        per_address: Some(1_000),
    };
    let served = Served::start_allowing(allowance, 10, None, None).await;
    let made: Answer = served
        .post("/v1/keys", &json!({ "name": "other", "tenants": "*" }))
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    // The stage has set a crypto provider already; otherwise this line sets one.
    let _: Result<(), _> = rustls::crypto::ring::default_provider().install_default();
    #[expect(clippy::disallowed_methods, reason = "a client that repeats nothing")]
    let client = reqwest::Client::new();
    // Sixteen requests take less than three windows: of each window five pass.
    let mut refused = Vec::new();
    for _ in 0..16 {
        let (status, wait, body) = once(&client, &served, &served.key).await;
        if status != 200 {
            refused.push((status, body["code"].as_str().unwrap().to_owned(), wait.unwrap()));
        }
    }
    let (status, code, wait) = refused.pop().expect("some are too many");
    assert_eq!((status, code.as_str()), (429, "too-many-requests"));
    assert!((1..=10).contains(&wait), "{wait}");
    let (status, _, body) = once(&client, &served, &made.at("/key")).await;
    assert_eq!(status, 200, "another key is not touched: {body}");
    served.stop().await;
}
