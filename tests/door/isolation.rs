//! R39: every route of the contract is called with the key of another tenant, on objects that exist.

use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::{Served, method};

/// Routes that show nothing of a tenant, and so have nothing to keep from any caller.
const OF_NOBODY: [&str; 5] = [
    "/healthz",
    "/openapi.json",
    "/v1/providers",
    "/oauth/start/{token}",
    "/oauth/callback",
];

/// Returns a body that is good, so that a request can be refused only because the object belongs to another tenant.
fn body(served: &Served, path: &str, word: &str) -> Option<Value> {
    let body = match (word, path) {
        ("post", "/v1/connections") => served.by_key("acme"),
        ("post", "/v1/plans/{id}/apply") => json!({ "hash": "0" }),
        ("put", "/v1/connections/{id}/company") => json!({ "id": "1" }),
        ("put", "/v1/connections/{id}/config") => json!({}),
        ("put", "/v1/connections/{id}/decisions/{employee_id}") => json!({ "decision": "keep", "reason": "a test" }),
        ("patch", "/v1/tenants/{tenant}/users/{user}") => json!({ "active": false }),
        ("put", "/v1/stop") => json!({ "tenant": "acme" }),
        ("post", "/v1/keys") => json!({ "name": "a test", "tenants": ["acme"] }),
        ("put", "/v1/webhooks") => json!({ "url": "http://127.0.0.1:1/" }),
        _ => return None,
    };
    Some(body)
}

#[tokio::test]
async fn r39_no_route_of_the_contract_shows_or_changes_another_tenants_data() {
    let served = Served::start(12).await;
    let (connection, plan) = served.in_step("acme").await;
    let runs = served.get(&format!("/v1/connections/{connection}/runs")).await;
    let run = runs.at("/data/0/id");
    let user = served.get("/v1/tenants/acme/users?limit=1").await.at("/data/0/id");
    let people = served.control(Method::Get, "/_emulator/people", &Value::Null).await;
    let employee = people["data"][0]["employee_id"].as_str().unwrap().to_owned();
    let foreign = served.key_of("other").await;
    let before = picture(&served, &connection).await;
    let contract = served.get("/openapi.json").await.body;
    let mut walked = 0;
    for (path, operations) in contract["paths"].as_object().unwrap() {
        for word in operations.as_object().unwrap().keys() {
            if OF_NOBODY.contains(&path.as_str()) {
                continue;
            }
            let id = match path.split('/').nth(2) {
                Some("plans") => &plan,
                Some("runs") => &run,
                Some("keys") => "first",
                _ => connection.as_str(),
            };
            let mut address = path
                .replace("{id}", id)
                .replace("{tenant}", "acme")
                .replace("{user}", &user)
                .replace("{employee_id}", &employee);
            assert!(
                !address.contains('{'),
                "{path} has a place that this test does not know"
            );
            if ["/v1/connections", "/v1/audit"].contains(&path.as_str()) && word == "get" {
                address += "?tenant=acme";
            }
            if path == "/v1/stop" && word != "put" {
                address += "?tenant=acme";
            }
            let body = body(&served, path, word);
            let headers = [("if-match", "\"1\"")];
            let answer = served
                .send_as(Some(&foreign), method(word), &address, body.as_ref(), &headers)
                .await;
            let is_closed = match path.as_str() {
                "/v1/keys"
                | "/v1/keys/{id}"
                | "/v1/webhooks"
                | "/v1/webhooks/rotate"
                | "/v1/tenants/{tenant}/readmit" => answer.code() == "operator-only",
                // The token of this route is its secret; a foreign key gets nothing with a made-up token.
                "/v1/connect-sessions/activate" => [410, 415, 422].contains(&answer.status),
                _ => answer.status == 404 && answer.code() == "not-found",
            };
            assert!(is_closed, "{word} {path}: {} {}", answer.status, answer.text);
            assert!(
                !answer.text.contains("acme"),
                "{word} {path} names the tenant: {}",
                answer.text
            );
            walked += 1;
        }
    }
    assert!(walked > 25, "{walked}");
    assert_eq!(picture(&served, &connection).await, before, "something was changed");
    served.stop().await;
}

/// Returns everything that the requests could have changed.
async fn picture(served: &Served, connection: &str) -> Vec<Value> {
    let mut picture = Vec::new();
    for path in [
        format!("/v1/connections/{connection}"),
        format!("/v1/connections/{connection}/config"),
        format!("/v1/connections/{connection}/runs"),
        "/v1/tenants/acme/users?limit=200".to_owned(),
        "/v1/audit?tenant=acme".to_owned(),
    ] {
        let answer = served.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        picture.push(answer.body);
    }
    picture
}
