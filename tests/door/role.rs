//! What each role may call, and what it is shown (R39): every route of the contract is called with a key of every role.

use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Served, method};

/// The roles, as keys are made with them.
const ROLES: [&str; 5] = ["admin", "approver", "viewer", "hiring_manager", "recruiter"];

/// What everybody may call who has a key.
const EVERYBODY: [&str; 1] = ["list_providers"];

/// What those may call who look, beside what follows.
const LOOKING: [&str; 16] = [
    "explain_employee",
    "list_audit",
    "list_changes",
    "list_companies",
    "list_connections",
    "list_fields",
    "list_history",
    "list_people",
    "list_runs",
    "list_stops",
    "list_users",
    "load_config",
    "load_connection",
    "load_plan",
    "load_run",
    "load_user",
];

/// What those may call who decide, beside what those may who look.
const DECIDING: [&str; 9] = [
    "apply_plan",
    "cancel_plan",
    "decide",
    "edit_user",
    "pause_connection",
    "preview",
    "resume_connection",
    "sync",
    "undo_plan",
];

/// Returns the roles that may call an operation, as the product promises it.
fn promised(operation: &str) -> &'static [&'static str] {
    if EVERYBODY.contains(&operation) {
        &ROLES
    } else if LOOKING.contains(&operation) {
        &["admin", "approver", "viewer"]
    } else if DECIDING.contains(&operation) {
        &["admin", "approver"]
    } else {
        &["admin"]
    }
}

async fn key_of(served: &Served, role: &str) -> String {
    let asked = json!({ "name": role, "tenants": "*", "role": role });
    let made = served.post("/v1/keys", &asked).await;
    assert_eq!((made.status, made.at("/role").as_str()), (201, role), "{}", made.text);
    made.at("/key")
}

#[tokio::test]
async fn r39_each_role_may_call_what_is_promised_and_nothing_else() {
    let served = Served::start(8).await;
    let contract = served.get("/openapi.json").await.body;
    let mut keys = Vec::new();
    for role in ROLES {
        keys.push((role, key_of(&served, role).await));
    }
    let mut named: Vec<&str> = EVERYBODY.into_iter().chain(LOOKING).chain(DECIDING).collect();
    for (path, operations) in contract["paths"].as_object().unwrap() {
        for (word, operation) in operations.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            named.retain(|named| *named != name);
            if operation["security"] == json!([]) {
                assert_eq!(operation.get("x-roles"), None, "{name} asks for no key");
                continue;
            }
            assert_eq!(operation["x-roles"], json!(promised(name)), "{name}");
            // Nothing has this id, and no body this member: a role that is let through does no harm.
            let address = path
                .replace("{tenant}", "nobody")
                .replace("{id}", "none")
                .replace("{user}", "none")
                .replace("{employee_id}", "none");
            let body = json!({ "no_such_member": 1 });
            let body = (word != "get" && word != "delete").then_some(&body);
            for (role, key) in &keys {
                let answer = served
                    .send_as(Some(key), method(word), &address, body, &[("if-match", "\"1\"")])
                    .await;
                let is_refused = answer.code() == "role-not-allowed";
                assert_eq!(is_refused, answer.status == 403, "{role} {name}: {}", answer.text);
                assert_eq!(
                    !is_refused,
                    promised(name).contains(role),
                    "{role} {name}: {}",
                    answer.text
                );
            }
        }
    }
    assert_eq!(named, Vec::<&str>::new(), "the contract has no such operations");
    served.stop().await;
}

/// The attributes that a viewer sees without values, among those that this test carries over.
const SENSITIVE: [&str; 4] = ["pay_rate", "birth_date", "address_line_1", "personal_email"];

/// Returns the sensitive values of the people at HR, as they would stand in an answer.
async fn values(served: &Served) -> Vec<String> {
    let people = served.control(Method::Get, "/_emulator/people", &Value::Null).await;
    let people = people["data"].as_array().unwrap();
    let values = people
        .iter()
        .flat_map(|person| SENSITIVE.map(|name| person[name].as_str().map(str::to_owned)));
    values.flatten().filter(|value| value.len() > 3).collect()
}

async fn as_role(served: &Served, key: &str, path: &str, headers: &[(&'static str, &str)]) -> Answer {
    let answer = served.send_as(Some(key), Method::Get, path, None, headers).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer
}

#[tokio::test]
async fn r39_a_viewer_sees_that_sensitive_values_changed_and_not_the_values() {
    let served = Served::start(12).await;
    let config = json!({ "attributes": ["job_title", "pay_rate", "birth_date", "address_line_1", "personal_email"] });
    let credential = &served.emulated["credential"];
    let asked = served.connecting("acme", &json!({ "credential": credential, "config": config }));
    let made = served.post("/v1/connections", &asked).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let connection = made.at("/id");
    let plan = served.ended(&made.at("/run")).await.at("/plan");
    let secret = values(&served).await;
    assert!(secret.len() > 20, "{}", secret.len());
    let (viewer, approver) = (key_of(&served, "viewer").await, key_of(&served, "approver").await);
    let is_shown = |answer: &Answer| {
        secret
            .iter()
            .find(|value| answer.text.contains(value.as_str()))
            .cloned()
    };

    let changes = format!("/v1/plans/{plan}/changes?limit=200");
    let seen = as_role(&served, &viewer, &changes, &[]).await;
    assert_eq!(is_shown(&seen), None);
    let edits = seen.body["data"][0]["attributes"].as_array().unwrap();
    let hidden: Vec<_> = edits.iter().filter(|edit| edit["hidden"] == true).collect();
    assert!(
        hidden.iter().all(|edit| edit["after"] == Value::Null) && hidden.len() >= 3,
        "{edits:?}"
    );
    assert!(
        edits
            .iter()
            .any(|edit| edit["name"] == "job_title" && edit["after"].is_string())
    );
    let sheet = [("accept", "text/csv")];
    let seen = as_role(&served, &viewer, &changes, &sheet).await;
    assert_eq!(is_shown(&seen), None);
    assert!(seen.text.contains("pay_rate,,,hidden"), "{}", seen.text);
    assert!(is_shown(&as_role(&served, &approver, &changes, &[]).await).is_some());
    assert!(is_shown(&as_role(&served, &approver, &changes, &sheet).await).is_some());
    // A search tells no value either.
    let people = served.control(Method::Get, "/_emulator/people", &Value::Null).await;
    let born = people["data"][0]["birth_date"].as_str().unwrap();
    let search = format!("{changes}&q={born}");
    assert_eq!(as_role(&served, &viewer, &search, &[]).await.body["data"], json!([]));
    assert_ne!(as_role(&served, &approver, &search, &[]).await.body["data"], json!([]));

    served.apply(&plan).await;
    let users = "/v1/tenants/acme/users?limit=200";
    let seen = as_role(&served, &viewer, users, &[]).await;
    assert_eq!(is_shown(&seen), None);
    let first = &seen.body["data"][0];
    let named = first["hidden"].as_array().unwrap();
    assert!(
        named.contains(&json!("pay_rate")) && first["attributes"]["pay_rate"] == Value::Null,
        "{first}"
    );
    assert!(first["attributes"]["job_title"].is_string(), "{first}");
    let user = first["id"].as_str().unwrap();
    let reference = first["external_id"].as_str().unwrap();
    let employee = reference.rsplit(':').next().unwrap();
    let explained = format!("/v1/connections/{connection}/employees/{employee}");
    for path in [
        format!("/v1/tenants/acme/users/{user}"),
        format!("/v1/tenants/acme/users/{user}/history"),
        explained.clone(),
        format!("/v1/connections/{connection}/fields"),
    ] {
        assert_eq!(is_shown(&as_role(&served, &viewer, &path, &[]).await), None, "{path}");
    }
    assert!(is_shown(&as_role(&served, &approver, &explained, &[]).await).is_some());
    assert!(is_shown(&as_role(&served, &approver, users, &[]).await).is_some());
    served.stop().await;
}

#[tokio::test]
async fn r39_a_viewer_sees_no_personal_address_that_is_or_was_the_accounts_address() {
    let served = Served::start(8).await;
    let credential = &served.emulated["credential"];
    let config = json!({ "attributes": ["personal_email"], "email": "personal_email" });
    let asked = served.connecting("acme", &json!({ "credential": credential, "config": config }));
    let made = served.post("/v1/connections", &asked).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let connection = made.at("/id");
    served.apply(&served.ended(&made.at("/run")).await.at("/plan")).await;
    // From now on it is the address at work; the plan and the history hold the personal one, too.
    let path = format!("/v1/connections/{connection}/config");
    let other = json!({ "attributes": ["personal_email"], "email": "work_email" });
    let put = served
        .send_as(
            Some(&served.key),
            Method::Put,
            &path,
            Some(&other),
            &[("if-match", "\"1\"")],
        )
        .await;
    assert_eq!(put.status, 200, "{}", put.text);
    let plan = served.preview(&connection).await.at("/id");
    let people = served.control(Method::Get, "/_emulator/people", &Value::Null).await;
    let people = people["data"].as_array().unwrap();
    let personal: Vec<_> = people
        .iter()
        .filter_map(|person| person["personal_email"].as_str())
        .collect();
    let is_shown = |answer: &Answer| personal.iter().any(|address| answer.text.contains(address));
    let viewer = key_of(&served, "viewer").await;
    let users = served.get("/v1/tenants/acme/users").await;
    let changes = format!("/v1/plans/{plan}/changes?limit=200");
    assert!(
        is_shown(&users) && is_shown(&served.get(&changes).await),
        "{}",
        users.text
    );
    let user = users.at("/data/0/id");
    for path in [
        changes,
        "/v1/tenants/acme/users".to_owned(),
        format!("/v1/tenants/acme/users/{user}/history"),
    ] {
        assert!(!is_shown(&as_role(&served, &viewer, &path, &[]).await), "{path}");
    }
    let search = format!("/v1/tenants/acme/users?email={}", personal[0]);
    let refused = served.send_as(Some(&viewer), Method::Get, &search, None, &[]).await;
    assert_eq!(refused.code(), "role-not-allowed", "{}", refused.text);
    served.stop().await;
}
