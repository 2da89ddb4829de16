//! What a connection writes to, chosen when it is made.

use emulators::scim::{self, CLIENT, CLIENT_SECRET, NAME, Options, PASSWORD, Running, TOKEN};
use serde_json::{Value, json};

use crate::support::Served;

async fn service() -> Running {
    scim::start(Options::default()).await.unwrap()
}

/// A connection to a SCIM server, opened by `credential`.
fn to(served: &Served, service: &Running, tenant: &str, credential: &Value) -> Value {
    let mut body = served.by_key(tenant);
    body["target"] = json!({ "kind": "scim", "base_url": service.base(), "credential": credential });
    body
}

#[tokio::test]
async fn a_connection_to_a_scim_server_is_made_whatever_opens_it_and_shows_none_of_it() {
    let service = service().await;
    let client = json!({ "token_url": service.token_url(), "client_id": CLIENT, "client_secret": CLIENT_SECRET });
    for credential in [
        json!({ "bearer": TOKEN }),
        json!({ "basic": { "user": NAME, "password": PASSWORD } }),
        json!({ "client_credentials": client }),
    ] {
        let served = Served::start(10).await;
        let made = served
            .post("/v1/connections", &to(&served, &service, "acme", &credential))
            .await;
        assert_eq!(made.status, 201, "{}", made.text);
        let shown = served.get(&format!("/v1/connections/{}", made.at("/id"))).await;
        let expected = json!({ "kind": "scim", "base_url": service.base(), "profile": "generic" });
        assert_eq!(shown.body["target"], expected);
        for secret in [TOKEN, PASSWORD, CLIENT_SECRET] {
            assert!(!shown.text.contains(secret) && !made.text.contains(secret));
        }
        let plan = served.preview(&made.at("/id")).await;
        let applied = served.apply(&plan.at("/id")).await;
        assert_eq!(applied.at("/status"), "succeeded", "{}", applied.text);
        assert_eq!(service.users().len(), 10);
        served.stop().await;
    }
    service.stop().await;
}

#[tokio::test]
async fn what_opens_a_target_is_tried_before_anything_is_kept() {
    let (served, service) = (Served::start(10).await, service().await);
    let wrong = to(&served, &service, "acme", &json!({ "bearer": "not-a-token-of-theirs" }));
    let refused = served.post("/v1/connections", &wrong).await;
    assert_eq!(
        (refused.status, refused.code()),
        (422, "credential-refused"),
        "{}",
        refused.text
    );
    assert!(!refused.text.contains("not-a-token"));
    let mut nowhere = to(&served, &service, "acme", &json!({ "bearer": TOKEN }));
    nowhere["target"]["base_url"] = json!("http://127.0.0.1:9/scim");
    let refused = served.post("/v1/connections", &nowhere).await;
    assert_eq!(
        (refused.status, refused.code()),
        (503, "provider-unavailable"),
        "{}",
        refused.text
    );
    let listed = served.get("/v1/connections?tenant=acme").await;
    assert_eq!(listed.body["data"], json!([]));
    let good = to(&served, &service, "acme", &json!({ "bearer": TOKEN }));
    assert_eq!(served.post("/v1/connections", &good).await.status, 201);
    served.stop().await;
    service.stop().await;
}

#[tokio::test]
async fn a_target_that_is_no_target_is_refused_by_the_name_of_its_member() {
    let (served, service) = (Served::start(10).await, service().await);
    let good = json!({ "kind": "scim", "base_url": service.base(), "credential": { "bearer": TOKEN } });
    for (member, value) in [
        ("kind", json!("carrier-pigeon")),
        ("base_url", json!("no address")),
        ("profile", json!("nobodys")),
        ("extension", json!("not a urn")),
        ("credential", json!({ "password": "x" })),
        ("more", json!(1)),
    ] {
        let mut body = served.by_key("acme");
        body["target"] = good.clone();
        body["target"][member] = value;
        let refused = served.post("/v1/connections", &body).await;
        assert_eq!(refused.status, 422, "{member}: {}", refused.text);
        assert!(refused.text.contains("/target"), "{member}: {}", refused.text);
    }
    assert_eq!(served.get("/v1/connections?tenant=acme").await.body["data"], json!([]));
    served.stop().await;
    service.stop().await;
}
