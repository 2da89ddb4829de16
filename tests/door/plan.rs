//! Plans over HTTP: a plan is looked at, approved by hash, called off, or undone.

use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::Served;

#[tokio::test]
async fn what_was_looked_at_is_applied_or_nothing() {
    let served = Served::start(30).await;
    let (connection, plan) = served.connected("acme").await;
    let path = format!("/v1/plans/{plan}/apply");
    let shown = served.get(&format!("/v1/plans/{plan}")).await;
    assert_eq!(
        (shown.at("/status").as_str(), shown.body["counts"]["joiners"].clone()),
        ("ready", json!(30))
    );
    let other = served.post(&path, &json!({ "hash": "0".repeat(64) })).await;
    assert_eq!((other.status, other.code()), (409, "plan-hash-mismatch"));
    assert_eq!(
        served.get("/v1/tenants/acme/users").await.body["data"],
        json!([]),
        "nothing was applied"
    );
    let run = served.apply(&plan).await;
    assert_eq!(run.at("/kind"), "apply");
    let users = served.get("/v1/tenants/acme/users?limit=200").await;
    assert_eq!(users.body["data"].as_array().unwrap().len(), 30);
    let again = served.post(&path, &json!({ "hash": shown.at("/hash") })).await;
    assert_eq!((again.status, again.code()), (409, "plan-stale"));
    let quiet = served.preview(&connection).await;
    assert_eq!(quiet.at("/status"), "empty", "a second run writes nothing");
    served.stop().await;
}

#[tokio::test]
async fn r25_a_held_plan_names_the_holds_that_have_to_be_approved() {
    let served = Served::start(40).await;
    let (connection, _) = served.in_step("acme").await;
    served
        .control(
            Method::Post,
            "/_emulator/break",
            &json!({ "mode": "vanish", "share": 0.5 }),
        )
        .await;
    let held = served.preview(&connection).await;
    assert_eq!(held.at("/status"), "held");
    let code = held.at("/holds/0/code");
    assert!(!held.at("/holds/0/detail").is_empty());
    let path = format!("/v1/plans/{}/apply", held.at("/id"));
    let refused = served.post(&path, &json!({ "hash": held.at("/hash") })).await;
    assert_eq!((refused.status, refused.code()), (409, "plan-held"));
    assert!(
        refused.body["missing"].as_array().unwrap().contains(&json!(code)),
        "{}",
        refused.text
    );
    served.stop().await;
}

#[tokio::test]
async fn r22_a_plan_of_other_content_takes_the_place_of_the_open_one() {
    let served = Served::start(20).await;
    let (connection, first) = served.connected("acme").await;
    let same = served.preview(&connection).await;
    assert_eq!(same.at("/id"), first, "the same content keeps the plan");
    let people = served.control(Method::Get, "/_emulator/people", &Value::Null).await;
    let active = people["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|person| person["status"] == "active")
        .unwrap();
    let path = format!("/_emulator/people/{}", active["employee_id"].as_str().unwrap());
    let path: &'static str = Box::leak(path.into_boxed_str());
    served
        .control(Method::Put, path, &json!({ "job_title": "Astronaut" }))
        .await;
    let next = served.preview(&connection).await;
    assert_ne!(next.at("/id"), first);
    assert_eq!(
        served.get(&format!("/v1/plans/{first}")).await.at("/status"),
        "superseded"
    );
    let found = served
        .get(&format!("/v1/plans/{}/changes?q=astronaut", next.at("/id")))
        .await;
    assert_eq!(found.body["data"].as_array().unwrap().len(), 1, "{}", found.text);
    let cancelled = served
        .send(Method::Post, &format!("/v1/plans/{}/cancel", next.at("/id")), None)
        .await;
    assert_eq!(cancelled.at("/status"), "cancelled");
    served.stop().await;
}

#[tokio::test]
async fn changes_come_in_pages_and_as_sheets_that_fit_together() {
    let served = Served::start(25).await;
    let (_, plan) = served.connected("acme").await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = served.get(&format!("/v1/plans/{plan}/changes?limit=10{cursor}")).await;
        let data = page.body["data"].as_array().unwrap().clone();
        assert!(data.len() <= 10);
        seen.extend(
            data.iter()
                .map(|change| change["employee_id"].as_str().unwrap().to_owned()),
        );
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (25, 25));
    let none = served.get(&format!("/v1/plans/{plan}/changes?kind=leaver")).await;
    assert_eq!(none.body, json!({ "data": [], "next_cursor": null }));
    let headers = [("accept", "text/csv")];
    let (mut sheet, mut path) = (String::new(), format!("/v1/plans/{plan}/changes?limit=10"));
    let mut parts = 0;
    while !path.is_empty() {
        let part = served
            .send_as(Some(&served.key), Method::Get, &path, None, &headers)
            .await;
        assert!(part.header("content-type").starts_with("text/csv"));
        sheet += &part.text;
        let next = part
            .header("link")
            .split_once('>')
            .map(|(next, _)| next.trim_start_matches('<').to_owned());
        path = next.unwrap_or_default();
        parts += 1;
    }
    assert_eq!((parts, sheet.matches("employee_id,kind").count()), (3, 1));
    assert!(seen.iter().all(|id| sheet.contains(&format!("\n{id},joiner,"))));
    served.stop().await;
}

#[tokio::test]
async fn r32_an_applied_plan_is_taken_back_by_its_inverse_and_the_connection_pauses() {
    let served = Served::start(20).await;
    let (connection, plan) = served.in_step("acme").await;
    let applied = served.get(&format!("/v1/plans/{plan}")).await;
    assert!(!applied.at("/undo_until").is_empty());
    let undo = served.send(Method::Post, &format!("/v1/plans/{plan}/undo"), None).await;
    assert_eq!(
        (undo.status, undo.at("/purpose").as_str()),
        (200, "undo"),
        "{}",
        undo.text
    );
    assert_eq!(undo.body["counts"]["leavers"], 20);
    served.apply(&undo.at("/id")).await;
    let active = served.get("/v1/tenants/acme/users?active=true").await;
    assert_eq!(active.body["data"], json!([]));
    let shown = served.get(&format!("/v1/connections/{connection}")).await;
    assert_eq!(shown.body["paused"], json!(true));
    let twice = served.send(Method::Post, &format!("/v1/plans/{plan}/undo"), None).await;
    assert_eq!((twice.status, twice.code()), (409, "conflict"));
    served.stop().await;
}

#[tokio::test]
async fn r33_an_operators_stop_ends_runs_until_it_is_lifted() {
    let served = Served::start(10).await;
    let (connection, _) = served.connected("acme").await;
    let stopped = served
        .send(Method::Put, "/v1/stop", Some(&json!({ "tenant": "acme" })))
        .await;
    assert_eq!(stopped.body, json!({ "stopped": true, "tenant": "acme" }));
    let path = format!("/v1/connections/{connection}/sync");
    let run = served.send(Method::Post, &path, None).await.at("/run");
    let ended = served.ended(&run).await;
    assert_eq!(
        (ended.at("/status").as_str(), ended.at("/errors/0/code").as_str()),
        ("cancelled", "stopped")
    );
    let lifted = served.send(Method::Delete, "/v1/stop?tenant=acme", None).await;
    assert_eq!(lifted.body["stopped"], json!(false));
    let run = served.send(Method::Post, &path, None).await.at("/run");
    assert_eq!(served.ended(&run).await.at("/status"), "succeeded");
    served.stop().await;
}

#[tokio::test]
async fn one_person_is_brought_in_step_alone() {
    let served = Served::start(20).await;
    let (connection, wide) = served.connected("acme").await;
    let changes = served.get(&format!("/v1/plans/{wide}/changes?limit=1")).await;
    let employee = changes.at("/data/0/employee_id");
    let body = json!({ "employee_id": employee });
    let started = served.post(&format!("/v1/connections/{connection}/sync"), &body).await;
    let run = served.ended(&started.at("/run")).await;
    let plan = served.get(&format!("/v1/plans/{}", run.at("/plan"))).await;
    assert_eq!(
        (plan.at("/purpose").as_str(), plan.body["counts"]["joiners"].clone()),
        ("one_person", json!(1))
    );
    served.apply(&plan.at("/id")).await;
    let users = served.get("/v1/tenants/acme/users").await;
    assert_eq!(users.body["data"].as_array().unwrap().len(), 1);
    served.stop().await;
}

#[tokio::test]
async fn one_stray_401_ends_no_connection_that_has_a_key_and_a_second_one_in_a_row_does() {
    let served = Served::start(20).await;
    let (connection, _) = served.in_step("acme").await;
    let path = format!("/v1/connections/{connection}");
    let refuse = |times: Value| json!({ "mode": "status", "status": 401, "times": times });
    served
        .control(Method::Post, "/_emulator/break", &refuse(json!(1)))
        .await;
    assert_eq!(served.preview(&connection).await.at("/status"), "empty");
    assert_eq!(served.get(&path).await.at("/status"), "connected");

    served
        .control(Method::Post, "/_emulator/break", &refuse(Value::Null))
        .await;
    let started = served.send(Method::Post, &format!("{path}/sync"), None).await;
    let run = served.ended(&started.at("/run")).await;
    assert_eq!(run.at("/errors/0/code"), "needs-reauthorization", "{}", run.text);
    assert_eq!(served.get(&path).await.at("/status"), "needs_reauthorization");
    served.stop().await;
}
