//! Keys: which requests are let in, and which are not.

use rollcall::http::Method;
use serde_json::json;

use crate::support::Served;

#[tokio::test]
async fn r39_nobody_gets_in_without_a_key_that_is_in_force() {
    let served = Served::start(10).await;
    let none = served.send_as(None, Method::Get, "/v1/providers", None, &[]).await;
    assert_eq!((none.status, none.code()), (401, "missing-api-key"));
    assert_eq!(none.header("www-authenticate"), "Bearer");
    for wrong in ["x", "rck_first_00", "rck_nobody_00", &format!("{}0", served.key)] {
        let answer = served
            .send_as(Some(wrong), Method::Get, "/v1/providers", None, &[])
            .await;
        assert_eq!((answer.status, answer.code()), (401, "unknown-api-key"), "{wrong}");
    }
    let made = served
        .post("/v1/keys", &json!({ "name": "the backend", "tenants": "*" }))
        .await;
    let (id, key) = (made.at("/id"), made.at("/key"));
    let used = served
        .send_as(Some(&key), Method::Get, "/v1/providers", None, &[])
        .await;
    assert_eq!(used.status, 200);
    let listed = served.get("/v1/keys").await;
    assert!(
        listed.text.contains(&id) && !listed.text.contains(&key),
        "a key's text is shown once"
    );
    assert_eq!(
        served
            .send(Method::Delete, &format!("/v1/keys/{id}"), None)
            .await
            .status,
        204
    );
    let revoked = served
        .send_as(Some(&key), Method::Get, "/v1/providers", None, &[])
        .await;
    assert_eq!((revoked.status, revoked.code()), (401, "unknown-api-key"));
    let trail = served.get("/v1/audit").await;
    let actions: Vec<_> = trail.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].clone())
        .collect();
    assert_eq!(actions, ["key.revoke", "key.create"], "r43");
    served.stop().await;
}

#[tokio::test]
async fn the_key_made_at_deployment_can_be_revoked_and_does_not_come_back() {
    let served = Served::start(10).await;
    let other = served
        .post("/v1/keys", &json!({ "name": "next", "tenants": "*" }))
        .await
        .at("/key");
    let revoked = served
        .send_as(Some(&other), Method::Delete, "/v1/keys/first", None, &[])
        .await;
    assert_eq!(revoked.status, 204);
    for _ in 0..2 {
        assert_eq!(served.get("/v1/providers").await.status, 401);
    }
    served.stop().await;
}

#[tokio::test]
async fn r39_a_tenants_key_reaches_neither_another_tenant_nor_the_operators_routes() {
    let served = Served::start(10).await;
    let key = served.key_of("acme").await;
    let own = served
        .send_as(Some(&key), Method::Get, "/v1/connections?tenant=acme", None, &[])
        .await;
    assert_eq!(own.status, 200);
    let other = served
        .send_as(Some(&key), Method::Get, "/v1/connections?tenant=other", None, &[])
        .await;
    assert_eq!((other.status, other.code()), (404, "not-found"));
    for (method, path) in [
        (Method::Get, "/v1/keys"),
        (Method::Get, "/v1/audit"),
        (Method::Put, "/v1/stop"),
    ] {
        let answer = served.send_as(Some(&key), method, path, None, &[]).await;
        assert_eq!((answer.status, answer.code()), (403, "operator-only"), "{path}");
    }
    let wider = json!({ "name": "wider", "tenants": "*" });
    let answer = served
        .send_as(Some(&key), Method::Post, "/v1/keys", Some(&wider), &[])
        .await;
    assert_eq!(answer.status, 403);
    served.stop().await;
}
