//! `Idempotency-Key`: a request that comes again with its key is carried out once.

use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::Served;

#[tokio::test]
async fn a_repeated_request_is_answered_as_the_first_and_carried_out_once() {
    let served = Served::start(10).await;
    let (connection, _) = served.connected("acme").await;
    let path = format!("/v1/connections/{connection}/sync");
    let send = async |key: &str, body: &Value| {
        let headers = [("idempotency-key", key)];
        served
            .send_as(Some(&served.key), Method::Post, &path, Some(body), &headers)
            .await
    };
    let (everybody, somebody) = (json!({}), json!({ "employee_id": "7" }));
    let first = send("k-1", &everybody).await;
    let again = send("\"k-1\"", &everybody).await;
    assert_eq!((first.status, again.status), (202, 202), "{}", first.text);
    assert_eq!(first.body, again.body);
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(
        (
            first.header("idempotency-replayed"),
            again.header("idempotency-replayed")
        ),
        ("", "true")
    );
    let other = send("k-1", &somebody).await;
    assert_eq!((other.status, other.code()), (422, "idempotency-key-reused"));
    let next = send("k-2", &somebody).await;
    assert_ne!(next.at("/run"), first.at("/run"));
    let bad = send("a b", &everybody).await;
    assert_eq!(
        (bad.status, bad.at("/errors/0/pointer")),
        (422, "Idempotency-Key".to_owned())
    );
    served.stop().await;
}

#[tokio::test]
async fn the_same_key_of_another_caller_is_another_request() {
    let served = Served::start(10).await;
    let (connection, _) = served.connected("acme").await;
    let made = json!({ "name": "other", "tenants": "*" });
    let key = served.post("/v1/keys", &made).await.at("/key");
    let path = format!("/v1/connections/{connection}/sync");
    let headers = [("idempotency-key", "k-1")];
    let somebody = json!({ "employee_id": "7" });
    let mine = served
        .send_as(Some(&served.key), Method::Post, &path, Some(&somebody), &headers)
        .await;
    let theirs = served
        .send_as(Some(&key), Method::Post, &path, Some(&somebody), &headers)
        .await;
    assert_ne!(mine.at("/run"), theirs.at("/run"));
    served.stop().await;
}

#[tokio::test]
async fn an_answer_that_held_a_secret_is_kept_nowhere_and_its_request_carried_out_once() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start_in(10, Some(folder.path().to_owned())).await;
    let headers = [("idempotency-key", "k-1")];
    let body = json!({ "name": "once", "tenants": ["acme"] });
    let send = async || {
        served
            .send_as(Some(&served.key), Method::Post, "/v1/keys", Some(&body), &headers)
            .await
    };
    let first = send().await;
    assert_eq!(first.status, 201, "{}", first.text);
    let again = send().await;
    assert_eq!((again.status, again.code()), (410, "gone"), "{}", again.text);
    let listed = served.get("/v1/keys").await;
    assert_eq!(listed.body["data"].as_array().unwrap().len(), 2);
    served.stop().await;
    let secret = first.at("/key");
    let secret = secret.rsplit('_').next().unwrap().as_bytes();
    let id = first.at("/id");
    let mut knows = false;
    for entry in walkdir::WalkDir::new(folder.path()) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
            assert!(!holds(secret), "{} holds the key", entry.path().display());
            knows |= holds(id.as_bytes());
        }
    }
    assert!(knows, "what is kept can be read here");
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
