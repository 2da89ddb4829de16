//! Erasure with a receipt (R37).

use rollcall::http::Method;
use serde_json::json;

use crate::support::Served;

#[tokio::test]
async fn r37_a_person_is_shown_erased_with_a_receipt_and_does_not_come_back() {
    let served = Served::start(15).await;
    let (connection, _) = served.in_step("acme").await;
    let users = served.get("/v1/tenants/acme/users?limit=1").await;
    let (user, external) = (users.at("/data/0/id"), users.at("/data/0/external_id"));
    let employee = external.rsplit(':').next().unwrap().to_owned();
    let email = users.at("/data/0/attributes/email");
    let path = format!("/v1/tenants/acme/people/{employee}");
    let held = served.get(&path).await;
    assert_eq!(held.at("/connections/0/user/id"), user, "{}", held.text);
    assert!(held.text.contains(&email));
    let receipt = served.send(Method::Delete, &path, None).await;
    assert_eq!(
        (receipt.status, receipt.body["erased"]["accounts"].clone()),
        (200, json!(1)),
        "{}",
        receipt.text
    );
    assert!(!receipt.at("/recoverable_until").is_empty() && !receipt.text.contains(&email));
    assert_eq!(served.get(&path).await.code(), "not-found");
    assert_eq!(
        served.get(&format!("/v1/tenants/acme/users/{user}")).await.code(),
        "not-found"
    );
    let plan = served.preview(&connection).await;
    assert_eq!(plan.body["counts"]["joiners"], 0, "{}", plan.text);
    let people = served
        .get(&format!("/v1/connections/{connection}/people?state=skipped&limit=200"))
        .await;
    assert!(
        people.text.contains(&format!("\"employee_id\":\"{employee}\"")),
        "{}",
        people.text
    );
    served.stop().await;
}

#[tokio::test]
async fn r37_a_tenant_is_erased_with_a_receipt_and_stays_away_until_it_is_readmitted() {
    let served = Served::start(10).await;
    let (connection, plan) = served.in_step("acme").await;
    let receipt = served.send(Method::Delete, "/v1/tenants/acme", None).await;
    assert_eq!(
        (receipt.status, receipt.body["erased"]["accounts"].clone()),
        (200, json!(10)),
        "{}",
        receipt.text
    );
    assert_eq!(served.get("/v1/tenants/acme/users").await.body["data"], json!([]));
    assert_eq!(served.get("/v1/connections?tenant=acme").await.body["data"], json!([]));
    for gone in [format!("/v1/connections/{connection}"), format!("/v1/plans/{plan}")] {
        assert_eq!(served.get(&gone).await.code(), "not-found", "{gone}");
    }
    let again = served.post("/v1/connections", &served.by_key("acme")).await;
    assert_eq!((again.status, again.code()), (409, "conflict"), "{}", again.text);
    assert_eq!(
        served.send(Method::Post, "/v1/tenants/acme/readmit", None).await.status,
        204
    );
    served.in_step("acme").await;
    served.stop().await;
}
