//! Requests of a wrong form: each is refused by name, and changes nothing.

use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::Served;

#[tokio::test]
async fn what_is_wrong_with_a_request_is_named_by_its_place() {
    let served = Served::start(10).await;
    let (connection, plan) = served.connected("acme").await;
    let of = |rest: &str| format!("/v1/connections/{connection}{rest}");
    let with = |pointer: &str, value: Value| {
        let mut body = served.by_key("acme");
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let mut unknown = served.by_key("acme");
    unknown["colour"] = json!("red");
    for (method, path, body, pointer) in [
        (Method::Get, "/v1/connections".to_owned(), None, "?tenant"),
        (Method::Get, "/v1/connections?tenant=a%20b".to_owned(), None, "?tenant"),
        (Method::Get, of("/runs?limit=0"), None, "?limit"),
        (Method::Get, of("/runs?limit=many"), None, "?limit"),
        (Method::Get, of("/runs?colour=red"), None, "?colour"),
        (Method::Get, of("/runs?cursor=zz"), None, "?cursor"),
        (
            Method::Get,
            format!("/v1/plans/{plan}/changes?kind=joiner,other"),
            None,
            "?kind",
        ),
        (
            Method::Get,
            format!("/v1/plans/{plan}/changes?cursor=MS4y.."),
            None,
            "?cursor",
        ),
        (Method::Post, "/v1/connections".to_owned(), Some(unknown), "/colour"),
        (
            Method::Post,
            "/v1/connections".to_owned(),
            Some(with("/tenant", json!("a/b"))),
            "/tenant",
        ),
        (
            Method::Post,
            "/v1/connections".to_owned(),
            Some(with("/provider", json!("nobody"))),
            "/provider",
        ),
        (
            Method::Post,
            "/v1/connections".to_owned(),
            Some(with("/credential", json!({"kind": "word"}))),
            "/credential/kind",
        ),
        (
            Method::Post,
            "/v1/connections".to_owned(),
            Some(with("/config", json!({"identifier": "shoe"}))),
            "/config/identifier",
        ),
        (
            Method::Post,
            format!("/v1/plans/{plan}/apply"),
            Some(json!({"hash": "0", "approve": ["nothing"]})),
            "/approve/0",
        ),
        (Method::Post, of("/preview?wait=21"), None, "?wait"),
        (
            Method::Put,
            of("/decisions/7"),
            Some(json!({"decision": "link", "reason": "x"})),
            "/account_id",
        ),
        (
            Method::Put,
            of("/decisions/7"),
            Some(json!({"decision": "keep", "reason": ""})),
            "/reason",
        ),
        (Method::Put, of("/company"), Some(json!({"id": ""})), "/id"),
    ] {
        let answer = served.send(method, &path, body.as_ref()).await;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "invalid"),
            "{path}: {}",
            answer.text
        );
        assert_eq!(answer.at("/errors/0/pointer"), pointer, "{path}: {}", answer.text);
        assert!(!answer.at("/errors/0/detail").is_empty());
        assert_eq!(answer.at("/request_id"), answer.header("x-request-id"));
    }
    let listed = served.get("/v1/connections?tenant=acme").await;
    assert_eq!(listed.body["data"].as_array().unwrap().len(), 1, "nothing was made");
    served.stop().await;
}

#[tokio::test]
async fn the_person_behind_a_decision_has_to_be_named() {
    let served = Served::start(10).await;
    let (connection, plan) = served.connected("acme").await;
    let nobody = [("x-acting-user", "")];
    for (method, path) in [
        (Method::Post, format!("/v1/plans/{plan}/apply")),
        (Method::Post, format!("/v1/plans/{plan}/cancel")),
        (Method::Post, format!("/v1/plans/{plan}/undo")),
        (Method::Put, format!("/v1/connections/{connection}/config")),
        (Method::Put, format!("/v1/connections/{connection}/decisions/7")),
    ] {
        let body = json!({ "hash": "0" });
        let body = (!path.ends_with("cancel") && !path.ends_with("undo")).then_some(&body);
        let answer = served.send_as(Some(&served.key), method, &path, body, &nobody).await;
        assert_eq!(answer.status, 422, "{path}: {}", answer.text);
        assert_eq!(answer.at("/errors/0/pointer"), "X-Acting-User", "{path}");
    }
    served.stop().await;
}

#[tokio::test]
async fn an_address_or_a_method_that_is_not_there_is_a_problem_document() {
    let served = Served::start(10).await;
    let nowhere = served.get("/v1/nowhere").await;
    assert_eq!((nowhere.status, nowhere.code()), (404, "not-found"));
    assert_eq!(nowhere.header("content-type"), "application/problem+json");
    let wrong = served.send(Method::Put, "/v1/providers", None).await;
    assert_eq!((wrong.status, wrong.code()), (405, "method-not-allowed"));
    for path in [
        "/v1/plans/nothing",
        "/v1/runs/nothing",
        "/v1/connections/nothing",
        "/v1/plans/%FF",
    ] {
        let answer = served.get(path).await;
        assert_eq!((answer.status, answer.code()), (404, "not-found"), "{path}");
    }
    let untyped = [("content-type", "text/plain")];
    let typed = served
        .send_as(Some(&served.key), Method::Post, "/v1/keys", None, &untyped)
        .await;
    assert_eq!((typed.status, typed.code()), (415, "unsupported-media-type"));
    let large = json!({ "name": "x".repeat(4 * 1024 * 1024), "tenants": "*" });
    let answer = served.post("/v1/keys", &large).await;
    assert_eq!((answer.status, answer.code()), (413, "too-large"));
    served.stop().await;
}
