//! BambooHR through the door, over HTTP: connected by a key at its domain, connected again by a login in the browser, and told
//! apart from another company, which it does not name.

use rollcall::{http::Method, source::Kind};
use serde_json::{Value, json};

use super::every::{BACK, allow};
use crate::support::Served;

/// How many people ought to join.
const PEOPLE: u32 = 40;

/// Reads now. Returns what became of it.
async fn sync(served: &Served, connection: &str) -> crate::support::Answer {
    let path = format!("/v1/connections/{connection}/sync");
    let asked = served.send(Method::Post, &path, None).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    served.ended(&asked.at("/run")).await
}

/// Returns how many users the tenant has.
async fn users(served: &Served) -> usize {
    let users = served.get("/v1/tenants/acme/users?limit=200").await;
    users.body["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn bamboohr_is_connected_by_a_key_and_again_by_a_login_and_its_people_stay_the_same() {
    let served = Served::start_of(Kind::BambooHr, PEOPLE).await;
    let (connection, _) = served.in_step("acme").await;
    let before = users(&served).await;
    assert_eq!(before, PEOPLE as usize);
    let path = format!("/v1/connections/{connection}");
    let shown = served.get(&path).await;
    let site = served.emulated["connection"]["site"].as_str().unwrap().to_owned();
    assert_eq!(shown.at("/site"), format!("{site}.bamboohr.com"));

    let again = format!("{path}/reconnect");
    let wrong = json!({ "credential": { "kind": "api_key", "key": "wrong" } });
    let refused = served.post(&again, &wrong).await;
    assert_eq!(
        (refused.status, refused.code()),
        (422, "credential-refused"),
        "{}",
        refused.text
    );
    let started = served.post(&again, &json!({ "return_url": BACK })).await;
    assert_eq!(allow(&served, &started.at("/authorize_url")).await, connection);
    let run = sync(&served, &connection).await;
    assert_eq!(run.at("/status"), "succeeded", "{}", run.text);
    assert_eq!(run.at("/completeness"), "complete", "{}", run.text);
    assert_eq!(run.body["counts"]["unchanged"], before, "{}", run.text);
    assert_eq!(users(&served).await, before);
    served.stop().await;
}

#[tokio::test]
async fn r01_another_companys_people_behind_the_same_key_of_bamboohr_make_no_plan() {
    let served = Served::start_of(Kind::BambooHr, PEOPLE).await;
    let (connection, _) = served.in_step("acme").await;
    let fault = json!({ "mode": "other_company" });
    served.control(Method::Post, "/_emulator/break", &fault).await;
    let run = sync(&served, &connection).await;
    assert_eq!(run.at("/status"), "failed", "{}", run.text);
    assert_eq!(run.at("/errors/0/code"), "different-company", "{}", run.text);
    assert_eq!(users(&served).await, PEOPLE as usize);
    served.stop().await;
}

#[tokio::test]
async fn r06_a_report_that_ends_early_makes_nobody_a_leaver() {
    let served = Served::start_of(Kind::BambooHr, PEOPLE).await;
    let (connection, _) = served.in_step("acme").await;
    for fault in [
        json!({ "mode": "truncate", "path": "reports/custom" }),
        json!({ "mode": "status", "status": 503, "path": "reports/custom" }),
    ] {
        served.control(Method::Post, "/_emulator/break", &fault).await;
        let run = sync(&served, &connection).await;
        assert_eq!(
            run.body["counts"]["leavers"].as_u64().unwrap_or_default(),
            0,
            "{}",
            run.text
        );
        assert_ne!(run.at("/completeness"), "complete", "{}", run.text);
        served.control(Method::Delete, "/_emulator/break", &Value::Null).await;
    }
    assert_eq!(users(&served).await, PEOPLE as usize);
    served.stop().await;
}

#[tokio::test]
async fn r41_a_domain_that_is_not_bamboohrs_is_refused_with_the_one_that_is() {
    let served = Served::start_of(Kind::BambooHr, PEOPLE).await;
    for site in [
        "acme.evil.example",
        "acme.bamboohr.com.evil.example",
        "api.acme.bamboohr.com",
    ] {
        let mut body = served.by_key("acme");
        body["site"] = json!(site);
        let refused = served.post("/v1/connections", &body).await;
        assert_eq!(
            (refused.status, refused.code()),
            (422, "invalid"),
            "{site}: {}",
            refused.text
        );
        assert_eq!(refused.at("/errors/0/pointer"), "/site");
        assert!(
            refused.at("/errors/0/detail").contains("`name.bamboohr.com`"),
            "{}",
            refused.text
        );
    }
    served.stop().await;
}
