//! Every break mode and how it shows.

use crate::support::{EMPLOYEES, ids, stand, texts};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

#[tokio::test]
async fn status_fails_every_request_until_it_is_mended() {
    let stand = stand(10).await;
    stand.break_with(json!({"mode": "status", "status": 503})).await;
    for path in [EMPLOYEES, "teams/teams", "api_public/credentials"] {
        assert_eq!(stand.status(path).await, 503);
    }
    stand.mend().await;
    assert_eq!(stand.status(EMPLOYEES).await, 200);
}

#[tokio::test]
async fn status_can_fail_one_page_a_number_of_times() {
    let stand = stand(200).await;
    stand
        .break_with(json!({"mode": "status", "status": 500, "page": 2, "times": 2}))
        .await;
    let first = stand.json(EMPLOYEES).await;
    let second = format!("{EMPLOYEES}?after_id={}", first["meta"]["end_cursor"].as_str().unwrap());
    assert_eq!(
        [
            stand.status(&second).await,
            stand.status(EMPLOYEES).await,
            stand.status(&second).await,
            stand.status(&second).await
        ],
        [500, 200, 500, 200]
    );
}

#[tokio::test]
async fn status_can_say_when_to_come_back_in_seconds_or_as_a_date() {
    let stand = stand(10).await;
    stand
        .break_with(json!({"mode": "status", "status": 429, "retry_after": 3}))
        .await;
    assert_eq!(stand.get(EMPLOYEES).send().await.unwrap().headers()["retry-after"], "3");
    stand
        .break_with(json!({"mode": "status", "status": 429, "retry_after": "date"}))
        .await;
    let answer = stand.get(EMPLOYEES).send().await.unwrap();
    let date = answer.headers()["retry-after"].to_str().unwrap();
    assert!(
        jiff::fmt::rfc2822::parse(&date.replace("GMT", "+0000")).is_ok(),
        "{date}"
    );
}

#[tokio::test]
async fn a_path_confines_a_fault_to_some_requests() {
    let stand = stand(10).await;
    stand
        .break_with(json!({"mode": "status", "status": 403, "path": "custom_fields"}))
        .await;
    assert_eq!(
        (
            stand.status("custom_fields/values").await,
            stand.status(EMPLOYEES).await
        ),
        (403, 200)
    );
}

#[tokio::test]
async fn empty_lists_have_totals_that_agree() {
    let stand = stand(30).await;
    stand.break_with(json!({"mode": "empty"})).await;
    let answer = stand.json(EMPLOYEES).await;
    assert_eq!(answer["data"], json!([]));
    assert_eq!(
        (&answer["meta"]["total"], &answer["meta"]["has_next_page"]),
        (&json!(0), &json!(false))
    );
    assert_eq!(
        stand.json("api_public/credentials").await["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn truncate_ends_a_body_in_the_middle() {
    let stand = stand(200).await;
    stand.break_with(json!({"mode": "truncate", "page": 2})).await;
    let first = stand.json(EMPLOYEES).await;
    let cursor = first["meta"]["end_cursor"].as_str().unwrap();
    let answer = stand
        .get(&format!("{EMPLOYEES}?after_id={cursor}"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.unwrap();
    assert!(text.starts_with("{\"data\":[") && serde_json::from_str::<Value>(&text).is_err());
    stand.break_with(json!({"mode": "truncate"})).await;
    assert!(serde_json::from_str::<Value>(&stand.get(EMPLOYEES).send().await.unwrap().text().await.unwrap()).is_err());
}

#[tokio::test]
async fn html_is_a_200_with_a_web_page() {
    let stand = stand(5).await;
    stand.break_with(json!({"mode": "html"})).await;
    let answer = stand.get(EMPLOYEES).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    assert!(answer.text().await.unwrap().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn repeat_cursor_never_comes_to_an_end() {
    let stand = stand(200).await;
    stand.break_with(json!({"mode": "repeat_cursor"})).await;
    let mut cursors = Vec::new();
    for _ in 0..5 {
        let after = cursors.last().map_or("", String::as_str);
        let answer = stand.json(&format!("{EMPLOYEES}?after_id={after}")).await;
        assert_eq!(answer["meta"]["has_next_page"], true);
        cursors.push(answer["meta"]["end_cursor"].as_str().unwrap().to_owned());
    }
    assert_eq!(cursors.iter().collect::<BTreeSet<_>>().len(), 1);
}

#[tokio::test]
async fn duplicate_row_shows_a_row_twice_and_counts_it_once() {
    let stand = stand(30).await;
    let whole = stand.json(EMPLOYEES).await;
    stand.break_with(json!({"mode": "duplicate_row"})).await;
    let answer = stand.json(EMPLOYEES).await;
    let rows = answer["data"].as_array().unwrap();
    assert_eq!(rows.len(), whole["data"].as_array().unwrap().len() + 1);
    assert_eq!(rows[rows.len() - 1], rows[rows.len() - 2]);
    assert_eq!(answer["meta"]["total"], whole["meta"]["total"]);
}

#[tokio::test]
async fn short_list_lacks_the_same_people_every_time_while_everything_else_has_them() {
    let stand = stand(400).await;
    let whole = stand.all(EMPLOYEES).await;
    stand.break_with(json!({"mode": "short_list", "share": 0.3})).await;
    let short = stand.all(EMPLOYEES).await;
    let missing = whole.len() - short.len();
    assert!((90..190).contains(&missing), "{missing}");
    assert_eq!(stand.json(EMPLOYEES).await["meta"]["total"], short.len());
    assert_eq!(stand.all(EMPLOYEES).await, short);
    let gone = whole.iter().find(|row| !short.contains(row)).unwrap()["id"]
        .as_str()
        .unwrap();
    assert_eq!(stand.status(&format!("{EMPLOYEES}/{gone}")).await, 200);
    assert_eq!(
        stand
            .all(&format!("contracts/reference_contracts?employee_ids[]={gone}"))
            .await
            .len(),
        1
    );
}

#[tokio::test]
async fn vanish_takes_people_out_of_everything_but_the_truth() {
    let stand = stand(200).await;
    let before = stand.truth().await;
    let whole = ids(&stand.all(EMPLOYEES).await);
    stand.break_with(json!({"mode": "vanish", "share": 0.4})).await;
    let rows = stand.all(EMPLOYEES).await;
    let here = ids(&rows);
    assert_eq!(stand.json(EMPLOYEES).await["meta"]["total"], rows.len());
    assert!(here.len() < whole.len() * 8 / 10);
    let gone = whole.difference(&here).next().unwrap();
    assert_eq!(stand.status(&format!("{EMPLOYEES}/{gone}")).await, 404);
    for path in [
        "contracts/reference_contracts",
        "contracts/contract_versions",
        "teams/memberships",
        "custom_fields/values",
    ] {
        let member = if path == "custom_fields/values" {
            "valuable_id"
        } else {
            "employee_id"
        };
        assert!(
            texts(&stand.all(path).await, member)
                .into_iter()
                .all(|id| here.contains(id)),
            "{path}"
        );
    }
    assert_eq!(stand.truth().await, before);
    stand.break_with(json!({"mode": "vanish", "share": 1})).await;
    assert_eq!(stand.json(EMPLOYEES).await["meta"]["total"], 0);
}

#[tokio::test]
async fn wrong_total_counts_more_rows_than_there_are() {
    let stand = stand(30).await;
    stand.break_with(json!({"mode": "wrong_total"})).await;
    let answer = stand.json(EMPLOYEES).await;
    assert!(answer["meta"]["total"].as_u64().unwrap() > answer["data"].as_array().unwrap().len() as u64);
}

#[tokio::test]
async fn narrow_hides_fields_by_canonical_or_own_name() {
    let stand = stand(30).await;
    stand
        .break_with(json!({"mode": "narrow", "fields": ["work_email", "birthday_on", "pay_rate", "time_zone"]}))
        .await;
    for row in stand.all(EMPLOYEES).await {
        for member in ["email", "login_email", "birthday_on"] {
            assert_eq!(row.get(member), Some(&Value::Null), "{member}");
        }
        assert!(row["last_name"].is_string());
    }
    assert!(
        stand
            .all("contracts/reference_contracts")
            .await
            .iter()
            .all(|row| row["salary_amount"].is_null() && row["job_title"].is_string())
    );
    assert!(
        stand
            .all("locations/locations")
            .await
            .iter()
            .all(|row| row["timezone"].is_null() && row["city"].is_string())
    );
}

#[tokio::test]
async fn drop_field_leaves_a_field_out() {
    let stand = stand(10).await;
    stand
        .break_with(json!({"mode": "drop_field", "field": "last_name"}))
        .await;
    assert!(
        stand
            .all(EMPLOYEES)
            .await
            .iter()
            .all(|row| row.get("last_name").is_none() && row.get("first_name").is_some())
    );
}

#[tokio::test]
async fn other_company_answers_for_another_company() {
    let stand = stand(10).await;
    let before = stand.json("api_public/credentials").await["data"][0].clone();
    stand.break_with(json!({"mode": "other_company"})).await;
    let after = stand.json("api_public/credentials").await["data"][0].clone();
    assert_ne!(before["company_id"], after["company_id"]);
    assert_ne!(before["name"], after["name"]);
    assert_eq!(
        stand.json(EMPLOYEES).await["data"][0]["company_id"],
        after["company_id"]
    );
}

#[tokio::test]
async fn id_reused_puts_another_person_behind_an_id() {
    let stand = stand(30).await;
    let before = stand.all(EMPLOYEES).await;
    stand.break_with(json!({"mode": "id_reused"})).await;
    let after = stand.all(EMPLOYEES).await;
    let changed: Vec<_> = before.iter().zip(&after).filter(|(old, new)| old != new).collect();
    assert_eq!(changed.len(), 1);
    let (old, new) = changed[0];
    assert_eq!(old["id"], new["id"]);
    for member in ["full_name", "email", "birthday_on"] {
        assert_ne!(old[member], new[member], "{member}");
    }
    assert_eq!(new["active"], true);
}

#[tokio::test]
async fn slow_answers_take_their_time() {
    let stand = stand(5).await;
    stand.break_with(json!({"mode": "slow", "ms": 120})).await;
    let began = Instant::now();
    stand.json(EMPLOYEES).await;
    assert!(began.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn the_request_log_names_the_fault() {
    let stand = stand(5).await;
    stand.break_with(json!({"mode": "status", "status": 502})).await;
    stand.status(EMPLOYEES).await;
    let log = stand.requests().await;
    assert_eq!((&log[0]["fault"], &log[0]["status"]), (&json!("status"), &json!(502)));
}

#[tokio::test]
async fn several_modes_strike_together() {
    let stand = stand(60).await;
    stand.break_with(json!({"mode": "vanish", "share": 0.5})).await;
    stand.break_with(json!({"mode": "wrong_total"})).await;
    let answer = stand.json(EMPLOYEES).await;
    assert!(answer["data"].as_array().unwrap().len() < 60);
    assert!(answer["meta"]["total"].as_u64().unwrap() > answer["data"].as_array().unwrap().len() as u64);
}
