//! `Idempotency-Key`: the same request is carried out once.

use rollcall::http::Method;
use serde_json::json;

use crate::support::Served;

#[tokio::test]
async fn a_repeated_request_is_answered_as_the_first_and_carried_out_once() {
    let served = Served::start(10).await;
    let body = json!({ "name": "once", "tenants": ["acme"] });
    let send = async |key: &str, body: &serde_json::Value| {
        let headers = [("idempotency-key", key)];
        served
            .send_as(Some(&served.key), Method::Post, "/v1/keys", Some(body), &headers)
            .await
    };
    let first = send("k-1", &body).await;
    let again = send("\"k-1\"", &body).await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.body, again.body);
    assert_eq!(
        (
            first.header("idempotency-replayed"),
            again.header("idempotency-replayed")
        ),
        ("", "true")
    );
    let other = send("k-1", &json!({ "name": "other", "tenants": ["acme"] })).await;
    assert_eq!((other.status, other.code()), (422, "idempotency-key-reused"));
    let next = send("k-2", &body).await;
    assert_ne!(next.at("/id"), first.at("/id"));
    assert_eq!(served.get("/v1/keys").await.body["data"].as_array().unwrap().len(), 3);
    let bad = send("a b", &body).await;
    assert_eq!(
        (bad.status, bad.at("/errors/0/pointer")),
        (422, "Idempotency-Key".to_owned())
    );
    served.stop().await;
}

#[tokio::test]
async fn the_same_key_of_another_caller_is_another_request() {
    let served = Served::start(10).await;
    let key = served
        .post("/v1/keys", &json!({ "name": "other", "tenants": "*" }))
        .await
        .at("/key");
    let body = json!({ "name": "twice", "tenants": ["acme"] });
    let headers = [("idempotency-key", "k-1")];
    let mine = served
        .send_as(Some(&served.key), Method::Post, "/v1/keys", Some(&body), &headers)
        .await;
    let theirs = served
        .send_as(Some(&key), Method::Post, "/v1/keys", Some(&body), &headers)
        .await;
    assert_ne!(mine.at("/id"), theirs.at("/id"));
    served.stop().await;
}

#[tokio::test]
async fn a_refusal_is_repeated_too() {
    let served = Served::start(10).await;
    let (_, plan) = served.connected("acme").await;
    let headers = [("idempotency-key", "k-1")];
    let path = format!("/v1/plans/{plan}/apply");
    let body = json!({ "hash": "0" });
    for replayed in ["", "true"] {
        let answer = served
            .send_as(Some(&served.key), Method::Post, &path, Some(&body), &headers)
            .await;
        assert_eq!((answer.status, answer.code()), (409, "plan-hash-mismatch"));
        assert_eq!(answer.header("idempotency-replayed"), replayed);
    }
    served.stop().await;
}
