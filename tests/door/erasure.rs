//! Erasure with a receipt (R37).

use emulators::scim::{self, Options, Running, TOKEN};
use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Served};

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

/// A tenant in step with HR on a SCIM server.
async fn on_a_server(served: &Served, service: &Running) -> String {
    let mut body = served.by_key("acme");
    body["target"] = json!({ "kind": "scim", "base_url": service.base(), "credential": { "bearer": TOKEN } });
    let made = served.post("/v1/connections", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let plan = served.preview(&made.at("/id")).await;
    served.apply(&plan.at("/id")).await;
    made.at("/id")
}

/// Returns whether a receipt tells the tenant to delete the accounts of the target `elsewhere` itself.
fn says_what_to_do(receipt: &Answer) -> bool {
    let remains = receipt.body["remains"].as_array().unwrap();
    let mut texts = remains.iter().filter_map(Value::as_str);
    texts.any(|text| text.contains("`elsewhere`") && text.contains("delete them there"))
}

#[tokio::test]
async fn r37_a_receipt_says_what_stays_on_a_scim_server_and_how_to_find_it() {
    let (served, service) = (Served::start(10).await, scim::start(Options::default()).await.unwrap());
    let connection = on_a_server(&served, &service).await;
    let before = service.users();
    assert_eq!(before.len(), 10);
    let external_id = before[3]["externalId"].as_str().unwrap();
    let (prefix, employee) = external_id.rsplit_once(':').unwrap();
    let path = format!("/v1/tenants/acme/people/{employee}");
    let stays = |accounts: u64, external_id: Value| {
        json!([{
            "connection": connection, "base_url": service.base(), "accounts": accounts,
            "external_id": external_id, "external_ids_begin_with": format!("{prefix}:"),
        }])
    };
    // The receipt says the same when the erasure is asked for again.
    for _ in 0..2 {
        let receipt = served.send(Method::Delete, &path, None).await;
        assert_eq!(receipt.status, 200, "{}", receipt.text);
        assert_eq!(receipt.body["elsewhere"], stays(1, json!(external_id)));
        assert_eq!(receipt.body["erased"]["links"], 1);
        assert_eq!(receipt.body["erased"]["accounts"], 0, "nothing is deleted there");
        assert!(says_what_to_do(&receipt), "{}", receipt.text);
    }
    let plan = served.preview(&connection).await;
    assert_eq!(plan.body["counts"]["joiners"], 0, "{}", plan.text);
    assert_eq!(plan.body["counts"]["unmanaged"], 1, "{}", plan.text);
    assert_eq!(service.users(), before);

    for _ in 0..2 {
        let receipt = served.send(Method::Delete, "/v1/tenants/acme", None).await;
        assert_eq!(receipt.status, 200, "{}", receipt.text);
        assert_eq!(receipt.body["elsewhere"], stays(10, Value::Null));
        assert!(says_what_to_do(&receipt), "{}", receipt.text);
    }
    assert_eq!(service.users(), before);
    served.stop().await;
    service.stop().await;
}

#[tokio::test]
async fn r37_a_receipt_of_the_built_in_directory_leaves_nothing_to_do() {
    let served = Served::start(10).await;
    served.in_step("acme").await;
    let receipt = served.send(Method::Delete, "/v1/tenants/acme", None).await;
    assert_eq!(receipt.body["elsewhere"], json!([]), "{}", receipt.text);
    assert!(!says_what_to_do(&receipt));
    served.stop().await;
}
