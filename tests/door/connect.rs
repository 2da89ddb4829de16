//! The life of a connection: tried before it is kept, connected again, paused, ended.

use rollcall::http::Method;
use serde_json::json;

use crate::support::Served;

#[tokio::test]
async fn r01_a_key_is_tried_before_it_is_kept() {
    let served = Served::start(10).await;
    let mut wrong = served.by_key("acme");
    wrong["credential"]["key"] = json!("not-a-key-of-theirs");
    let refused = served.post("/v1/connections", &wrong).await;
    assert_eq!(
        (refused.status, refused.code()),
        (422, "credential-refused"),
        "{}",
        refused.text
    );
    let mut nowhere = served.by_key("acme");
    nowhere["base_url"] = json!("http://127.0.0.1:9");
    let refused = served.post("/v1/connections", &nowhere).await;
    assert_eq!(
        (refused.status, refused.code()),
        (503, "provider-unavailable"),
        "{}",
        refused.text
    );
    let listed = served.get("/v1/connections?tenant=acme").await;
    assert_eq!(listed.body["data"], json!([]), "nothing was kept");
    let (connection, _) = served.connected("acme").await;
    let shown = served.get(&format!("/v1/connections/{connection}")).await;
    assert_eq!(shown.at("/status"), "connected");
    assert!(!shown.at("/company/name").is_empty() && !shown.at("/next_run_at").is_empty());
    served.stop().await;
}

#[tokio::test]
async fn a_connection_is_connected_again_with_another_credential_of_the_same_company() {
    let served = Served::start(10).await;
    let (connection, _) = served.connected("acme").await;
    let path = format!("/v1/connections/{connection}/reconnect");
    let wrong = json!({ "credential": { "kind": "api_key", "key": "not-a-key-of-theirs" } });
    let refused = served.post(&path, &wrong).await;
    assert_eq!((refused.status, refused.code()), (422, "credential-refused"));
    served.preview(&connection).await;
    let good = json!({ "credential": { "kind": "api_key", "key": served.hr_key } });
    let again = served.post(&path, &good).await;
    assert_eq!(
        (again.status, again.at("/status").as_str()),
        (200, "connected"),
        "{}",
        again.text
    );
    let login = served.send(Method::Post, &path, None).await;
    assert!(login.at("/authorize_url").contains("/oauth/start/"), "{}", login.text);
    served.stop().await;
}

#[tokio::test]
async fn a_paused_connection_is_not_due_and_runs_when_asked() {
    let served = Served::start(10).await;
    let (connection, _) = served.connected("acme").await;
    let of = |rest: &str| format!("/v1/connections/{connection}{rest}");
    let paused = served.send(Method::Post, &of("/pause"), None).await;
    assert_eq!(
        (paused.body["paused"].clone(), paused.body["next_run_at"].clone()),
        (json!(true), json!(null))
    );
    served.preview(&connection).await;
    let resumed = served.send(Method::Post, &of("/resume"), None).await;
    assert_eq!(resumed.body["paused"], json!(false));
    assert!(!resumed.at("/next_run_at").is_empty());
    served.stop().await;
}

#[tokio::test]
async fn r42_what_is_disconnected_keeps_no_credential_no_open_plan_and_no_roster() {
    let served = Served::start(10).await;
    let (connection, plan) = served.connected("acme").await;
    let of = |rest: &str| format!("/v1/connections/{connection}{rest}");
    assert_eq!(served.get(&of("/fields")).await.status, 200);
    for _ in 0..2 {
        let ended = served.send(Method::Delete, &of(""), None).await;
        assert_eq!((ended.status, ended.at("/status").as_str()), (200, "disconnected"));
    }
    assert_eq!(
        served.get(&format!("/v1/plans/{plan}")).await.at("/status"),
        "cancelled"
    );
    assert_eq!(
        served.get(&of("/fields")).await.code(),
        "conflict",
        "the roster is gone"
    );
    let again = served.send(Method::Post, &of("/preview"), None).await;
    assert_eq!((again.status, again.code()), (409, "conflict"));
    let body = json!({ "credential": { "kind": "api_key", "key": served.hr_key } });
    assert_eq!(
        served.post(&of("/reconnect"), &body).await.code(),
        "conflict",
        "it stays so"
    );
    served.stop().await;
}

#[tokio::test]
async fn the_configuration_is_put_at_the_version_that_was_read() {
    let served = Served::start(10).await;
    let (connection, _) = served.connected("acme").await;
    let path = format!("/v1/connections/{connection}/config");
    let read = served.get(&path).await;
    assert_eq!(read.header("etag"), "\"1\"");
    let mut config = read.body["config"].clone();
    config["daily"] = json!(false);
    let put = async |version: &str, query: &str, body: &serde_json::Value| {
        let headers = [("if-match", version)];
        let path = format!("{path}{query}");
        served
            .send_as(Some(&served.key), Method::Put, &path, Some(body), &headers)
            .await
    };
    let blind = served.send(Method::Put, &path, Some(&config)).await;
    assert_eq!((blind.status, blind.code()), (428, "version-needed"));
    let stale = put("\"7\"", "", &config).await;
    assert_eq!((stale.status, stale.code()), (412, "version-mismatch"));
    let wrong = json!({ "identifier": "shoe", "colour": 1 });
    let bad = put("\"1\"", "", &wrong).await;
    assert_eq!(bad.body["errors"].as_array().unwrap().len(), 2, "{}", bad.text);
    let tried = put("\"1\"", "?dry_run=true", &config).await;
    assert_eq!(tried.status, 200, "{}", tried.text);
    assert_eq!(
        tried.body["comparison"]["proposed"]["counts"]["joiners"], 10,
        "{}",
        tried.text
    );
    assert_eq!(tried.body["comparison"]["present"]["counts"]["joiners"], 10);
    assert_eq!(served.get(&path).await.header("etag"), "\"1\"", "nothing was kept");
    let set = put("\"1\"", "", &config).await;
    assert_eq!((set.status, set.header("etag")), (200, "\"2\""));
    let shown = served.get(&format!("/v1/connections/{connection}")).await;
    assert_eq!(shown.body["next_run_at"], json!(null), "it is not daily any more");
    served.stop().await;
}

#[tokio::test]
async fn r02_who_connects_the_same_company_again_finds_everybody_linked_as_before() {
    let served = Served::start(15).await;
    let (first, _) = served.in_step("acme").await;
    let users = served.get("/v1/tenants/acme/users?limit=200").await.body;
    served
        .send(Method::Delete, &format!("/v1/connections/{first}"), None)
        .await;
    let (second, _) = served.connected("acme").await;
    let plan = served.preview(&second).await;
    assert_eq!(plan.body["counts"]["unchanged"], 15, "{}", plan.text);
    assert_eq!(plan.body["counts"]["conflicts"], 0, "{}", plan.text);
    let employee = users["data"][0]["external_id"]
        .as_str()
        .unwrap()
        .rsplit(':')
        .next()
        .unwrap();
    let explained = served
        .get(&format!("/v1/connections/{second}/employees/{employee}"))
        .await;
    assert_eq!(explained.at("/link/evidence"), "created", "{}", explained.text);
    assert_eq!(served.get("/v1/tenants/acme/users?limit=200").await.body, users);
    served.stop().await;
}
