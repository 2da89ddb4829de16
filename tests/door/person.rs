//! People: who needs a person's decision, decisions, the explanation of one person, and edits by hand.

use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::Served;

/// Returns the id of a user of the tenant, and the id of that person in HR.
async fn somebody(served: &Served, place: usize) -> (String, String) {
    let users = served.get("/v1/tenants/acme/users?limit=200").await;
    let user = &users.body["data"][place];
    let external = user["external_id"].as_str().unwrap();
    (
        user["id"].as_str().unwrap().to_owned(),
        external.rsplit(':').next().unwrap().to_owned(),
    )
}

#[tokio::test]
async fn a_manual_edit_is_announced_as_overwritten_and_a_deactivation_by_hand_is_kept() {
    let served = Served::start(20).await;
    let (connection, _) = served.in_step("acme").await;
    let (edited, of_edited) = somebody(&served, 0).await;
    let (off, of_off) = somebody(&served, 1).await;
    let user = |id: &str| format!("/v1/tenants/acme/users/{id}");
    let change = json!({ "attributes": { "job_title": "Chief Juggler" } });
    let answer = served.send(Method::Patch, &user(&edited), Some(&change)).await;
    assert_eq!(
        answer.body["attributes"]["job_title"], "Chief Juggler",
        "{}",
        answer.text
    );
    let answer = served
        .send(Method::Patch, &user(&off), Some(&json!({ "active": false })))
        .await;
    assert_eq!(answer.body["active"], json!(false));
    let history = served.get(&format!("{}/history", user(&edited))).await;
    assert_eq!(history.at("/data/0/origin"), "person:admin-3");
    let plan = served.preview(&connection).await;
    assert_eq!(plan.body["counts"]["movers"], 1, "{}", plan.text);
    let changes = served.get(&format!("/v1/plans/{}/changes", plan.at("/id"))).await;
    assert_eq!(changes.at("/data/0/employee_id"), of_edited);
    assert_eq!(changes.at("/data/0/reason"), "edited_in_target");
    assert_eq!(changes.at("/data/0/attributes/0/before"), "Chief Juggler");
    assert_eq!(changes.at("/data/0/attributes/0/note"), "overwrites a manual edit");
    let people = served.get(&format!("/v1/connections/{connection}/people")).await;
    let people = people.body["data"].as_array().unwrap().clone();
    let kept = people
        .iter()
        .find(|person| person["code"] == "deactivated_by_hand")
        .unwrap();
    assert_eq!(kept["employee_id"], json!(of_off));
    served.apply(&plan.at("/id")).await;
    assert_ne!(
        served.get(&user(&edited)).await.body["attributes"]["job_title"],
        "Chief Juggler"
    );
    assert_eq!(
        served.get(&user(&off)).await.body["active"],
        json!(false),
        "r15: it stays off"
    );
    served.stop().await;
}

#[tokio::test]
async fn an_edit_by_hand_is_checked_like_any_input() {
    let served = Served::start(10).await;
    served.in_step("acme").await;
    let (first, _) = somebody(&served, 0).await;
    let (second, _) = somebody(&served, 1).await;
    let taken = served
        .get(&format!("/v1/tenants/acme/users/{second}"))
        .await
        .at("/attributes/email");
    let path = format!("/v1/tenants/acme/users/{first}");
    let before = served.get(&path).await.body;
    for (body, status, pointer) in [
        (json!({}), 422, ""),
        (json!({ "attributes": { "shoe": "42" } }), 422, "/attributes/shoe"),
        (
            json!({ "attributes": { "email": "no address" } }),
            422,
            "/attributes/email",
        ),
        (
            json!({ "attributes": { "start_date": "yesterday" } }),
            422,
            "/attributes/start_date",
        ),
        (
            json!({ "attributes": { "manager": "nobody" } }),
            422,
            "/attributes/manager",
        ),
        (json!({ "active": "yes" }), 422, "/active"),
        (json!({ "attributes": { "email": taken } }), 409, ""),
    ] {
        let answer = served.send(Method::Patch, &path, Some(&body)).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        assert_eq!(answer.at("/errors/0/pointer"), pointer, "{body}: {}", answer.text);
    }
    assert_eq!(served.get(&path).await.body, before, "nothing was changed");
    let found = served.get(&format!("/v1/tenants/acme/users?email={taken}")).await;
    assert_eq!(found.at("/data/0/id"), second);
    served.stop().await;
}

#[tokio::test]
async fn somebody_is_explained() {
    let served = Served::start(20).await;
    let (connection, _) = served.in_step("acme").await;
    let (user, employee) = somebody(&served, 0).await;
    let of = |id: &str| format!("/v1/connections/{connection}/employees/{id}");
    let explained = served.get(&of(&employee)).await;
    assert_eq!(explained.at("/scope/state"), "in_scope", "{}", explained.text);
    assert_eq!(
        (
            explained.at("/link/account_id"),
            explained.at("/link/evidence").as_str()
        ),
        (user, "created")
    );
    let attributes = explained.body["attributes"].as_array().unwrap();
    let email = attributes
        .iter()
        .find(|attribute| attribute["name"] == "email")
        .unwrap();
    assert_eq!(email["rule"], "managed");
    assert!(email["changed_by"].as_str().unwrap().starts_with("plan:"));
    assert_eq!(explained.body["next"], Value::Null);
    let people = served.control(Method::Get, "/_emulator/people", &Value::Null).await;
    let left = people["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|person| person["status"] == "terminated")
        .unwrap();
    let explained = served.get(&of(left["employee_id"].as_str().unwrap())).await;
    assert_eq!(explained.at("/findings/0/state"), "filtered", "{}", explained.text);
    assert_eq!(served.get(&of("nobody")).await.code(), "not-found");
    served.stop().await;
}

#[tokio::test]
async fn a_decision_is_heeded_by_the_next_plan_and_stands_in_the_audit() {
    let served = Served::start(20).await;
    let (connection, _) = served.in_step("acme").await;
    let (_, employee) = somebody(&served, 0).await;
    let path = format!("/v1/connections/{connection}/decisions/{employee}");
    let body = json!({ "decision": "left", "reason": "left without a word" });
    let decided = served.send(Method::Put, &path, Some(&body)).await;
    assert_eq!(
        (decided.status, decided.at("/by").as_str()),
        (200, "admin-3"),
        "{}",
        decided.text
    );
    let plan = served.preview(&connection).await;
    assert_eq!(plan.body["counts"]["leavers"], 1, "{}", plan.text);
    let changes = served.get(&format!("/v1/plans/{}/changes", plan.at("/id"))).await;
    assert_eq!(
        (changes.at("/data/0/employee_id"), changes.at("/data/0/reason")),
        (employee, "decision".to_owned())
    );
    let trail = served.get("/v1/audit?tenant=acme&limit=3").await;
    let actions: Vec<_> = trail.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].clone())
        .collect();
    assert_eq!(actions, ["preview", "decision", "plan.apply"], "r43");
    assert!(trail.body["next_cursor"].is_string());
    served.stop().await;
}

#[tokio::test]
async fn what_hr_shows_is_listed_with_what_could_be_the_identifier() {
    let served = Served::start(20).await;
    let (connection, _) = served.connected("acme").await;
    let fields = served.get(&format!("/v1/connections/{connection}/fields")).await;
    assert_eq!(fields.status, 200, "{}", fields.text);
    let data = fields.body["data"].as_array().unwrap();
    let team = data.iter().find(|field| field["name"] == "team").unwrap();
    assert!(team["values"].as_array().unwrap().len() > 1, "a small set is shown");
    let pay = data.iter().find(|field| field["name"] == "pay_rate").unwrap();
    assert_eq!(pay["values"], Value::Null, "values of pay are not shown");
    let identifiers = fields.body["identifiers"].as_array().unwrap();
    assert_eq!(identifiers.len(), 4);
    let id = identifiers
        .iter()
        .find(|identifier| identifier["name"] == "employee_id")
        .unwrap();
    assert_eq!(id["usable"], json!(true));
    served.stop().await;
}
