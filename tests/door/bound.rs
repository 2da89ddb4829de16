//! What lies at the edge of a bound, and what two callers do at the same moment: each answer says which case it is.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use acceptance::journey::{Nobody, Office, Place, Verdict, Watch};
use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    connection::{ConnectionId, Preset},
    store::{ConnectionStore as _, ErasureStore as _, Reach, Tombstone},
    testing::builder::{connection, run_id, tenant},
};
use serde_json::{Value, json};

use crate::desk::{Desk, Reply};

/// A process that dies when it writes a secret, if the test asked for that: no call reaches the ports from then on.
#[derive(Default)]
struct Dying {
    is_to_die: AtomicBool,
    is_dead: AtomicBool,
}

#[async_trait]
impl Watch for Dying {
    async fn before(&self, place: Place) -> Verdict {
        if place == Place::Secret("put_secret") && self.is_to_die.swap(false, Ordering::SeqCst) {
            self.is_dead.store(true, Ordering::SeqCst);
        }
        self.look(place).await
    }

    async fn look(&self, _place: Place) -> Verdict {
        if self.is_dead.load(Ordering::SeqCst) {
            Verdict::Fail
        } else {
            Verdict::Go
        }
    }
}

fn connecting() -> Value {
    json!({ "tenant": "acme", "provider": "factorial", "credential": { "kind": "api_key", "key": "key-1" } })
}

async fn connect(desk: &Desk, key: &str) -> Reply {
    let mut request = desk.request("POST", "/v1/connections", Some(&connecting()));
    request.headers.insert("idempotency-key".to_owned(), key.to_owned());
    desk.answer(&request).await
}

#[tokio::test]
async fn r47_the_last_connection_that_a_tenant_may_have_is_made_by_asking_again_after_a_death_and_none_behind_it() {
    let dying = Arc::new(Dying::default());
    let desk = Desk::open(&Office::new("7"), Arc::clone(&dying) as _).await;
    for number in 1..250 {
        let one = connection(&format!("c-{number}"), "acme");
        assert!(desk.store.put_connection(&one, None).await.unwrap());
    }
    dying.is_to_die.store(true, Ordering::SeqCst);
    let died = connect(&desk, "k-1").await;
    assert_eq!(died.status, 503, "{}", died.body);
    dying.is_dead.store(false, Ordering::SeqCst);
    assert_eq!(desk.store.list_connections(&tenant("acme")).await.unwrap().len(), 250);

    desk.stage.clock.advance(SignedDuration::from_mins(2));
    let made = connect(&desk, "k-1").await;
    assert_eq!(made.status, 201, "{}", made.body);
    let beyond = connect(&desk, "k-2").await;
    assert_eq!((beyond.status, beyond.code()), (409, "conflict"), "{}", beyond.body);
    assert!(beyond.at("/detail").contains("250"), "{}", beyond.body);
    assert_eq!(desk.store.list_connections(&tenant("acme")).await.unwrap().len(), 250);
}

#[tokio::test]
async fn the_id_of_a_key_that_is_longer_than_any_names_nothing() {
    let desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    for length in [1, 128, 129, 1_100, 5_000] {
        let reply = desk
            .send("DELETE", &format!("/v1/keys/{}", "k".repeat(length)), None)
            .await;
        assert_eq!((reply.status, reply.code()), (404, "not-found"), "{length}");
    }
}

#[tokio::test]
async fn r47_an_address_to_return_to_is_as_long_as_it_stands_in_a_header() {
    let desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    let sent_to = async |path: &str| {
        let mut body = connecting();
        body.as_object_mut().unwrap().remove("credential");
        body["return_url"] = json!(format!("https://app.example/{path}"));
        desk.send("POST", "/v1/connections", Some(&body)).await
    };
    // A letter of four bytes takes twelve characters in the address.
    let long = sent_to(&"\u{1f511}".repeat(1_900)).await;
    assert_eq!((long.status, long.code()), (422, "invalid"), "{}", long.body);
    assert_eq!(long.faults()[0].0, "/return_url");
    let short = sent_to(&"\u{1f511}".repeat(160)).await;
    assert_eq!(short.status, 201, "{}", short.body);
}

#[tokio::test]
async fn r37_the_start_page_of_an_erased_tenant_says_that_it_is_gone_and_blames_no_browser() {
    let desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    let mut body = connecting();
    body.as_object_mut().unwrap().remove("credential");
    let opened = desk.send("POST", "/v1/connections", Some(&body)).await;
    assert_eq!(opened.status, 201, "{}", opened.body);
    let address = opened.at("/authorize_url");
    let address = address.strip_prefix("https://rollcall.example").unwrap();
    // The erasure has just begun: tickets and connection still exist.
    let tombstone = Tombstone::new(None, "ana", desk.stage.now());
    desk.store.put_tombstone(&tenant("acme"), &tombstone).await.unwrap();
    let started = desk.send("GET", address, None).await;
    assert_eq!((started.status, started.code()), (410, "gone"), "{}", started.body);
}

#[tokio::test]
async fn two_rotations_of_the_receivers_secret_never_begin_from_the_same_one() {
    let desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    let body = json!({ "url": "https://app.example/hooks" });
    let set = desk.send("PUT", "/v1/webhooks", Some(&body)).await;
    assert_eq!(set.status, 200, "{}", set.body);
    let (store, now) = (&desk.stage.store, desk.stage.now());
    let name: ConnectionId = "webhooks".parse().unwrap();
    let (another, until) = (run_id("another"), now + SignedDuration::from_secs(45));
    let lease = store.acquire_lease(&name, &another, now, until).await.unwrap().unwrap();
    for (method, address, body) in [
        ("POST", "/v1/webhooks/rotate", None),
        ("PUT", "/v1/webhooks", Some(&body)),
        ("DELETE", "/v1/webhooks", None),
    ] {
        let busy = desk.send(method, address, body).await;
        assert_eq!(
            (busy.status, busy.code()),
            (503, "unavailable"),
            "{method} {}",
            busy.body
        );
    }
    store.release_lease(&lease).await.unwrap();
    let rotated = desk.send("POST", "/v1/webhooks/rotate", None).await;
    assert_eq!(rotated.body["secrets"].as_array().unwrap().len(), 2, "{}", rotated.body);
    assert_eq!(rotated.at("/secrets/1"), set.at("/secrets/0"));
}

#[tokio::test]
async fn r33_a_run_says_whether_the_operator_or_the_tenant_itself_stopped_it() {
    let mut desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    desk.stage.connect(Preset::Users.configuration()).await.unwrap();
    let operators = desk.key.clone();
    let tenants = desk.new_key("own", Reach::Tenants([tenant("acme")].into())).await;
    let (body, connection) = (json!({ "tenant": "acme" }), desk.stage.connection.clone());
    for (key, says) in [(tenants, "a key of its own"), (operators, "an operator")] {
        desk.key = key;
        let stopped = desk.send("PUT", "/v1/stop", Some(&body)).await;
        assert_eq!(stopped.body["stopped"], json!(true), "{}", stopped.body);
        let asked = desk
            .send("POST", &format!("/v1/connections/{connection}/sync"), None)
            .await;
        desk.stage.deliver().await.unwrap();
        let run = desk.send("GET", &format!("/v1/runs/{}", asked.at("/run")), None).await;
        assert_eq!(run.at("/status"), "cancelled", "{}", run.body);
        assert!(run.at("/errors/0/detail").contains(says), "{}", run.body);
    }
}
