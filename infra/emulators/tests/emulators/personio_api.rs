//! Personio: people, employments, and what both refer to, in version 2; people and attributes in version 1.

use crate::any::{header, text};
use crate::personio_support::{personio, personio_with};
use crate::support::{body_of, json_of};
use emulators::CANARY;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| text(row, "id")).collect()
}

#[tokio::test]
async fn everybody_is_listed_former_and_future_people_too_and_a_cursor_keeps_the_parameters() {
    let stand = personio(120).await;
    let truth = stand.0.truth().await;
    let everybody: Vec<String> = truth.iter().map(|person| text(person, "employee_id")).collect();
    assert_eq!(ids(&stand.all("/v2/persons?limit=50").await), everybody);
    let gone = stand.all("/v2/persons?status=INACTIVE&limit=7").await;
    let expected: Vec<String> = truth
        .iter()
        .filter(|person| person["status"] == "terminated")
        .map(|person| text(person, "employee_id"))
        .collect();
    assert_eq!(ids(&gone), expected);
    let page = stand.get("/v2/persons").await;
    assert_eq!(page["_data"].as_array().unwrap().len(), 10);
    assert!(page["_meta"]["links"]["self"]["href"].is_string());
    let one = stand.get(&format!("/v2/persons?id={}", everybody[3])).await;
    assert_eq!(ids(one["_data"].as_array().unwrap()), [everybody[3].clone()]);
    assert!(one["_meta"]["links"].get("next").is_none());
}

#[tokio::test]
async fn a_person_has_names_custom_fields_and_references_to_employments() {
    let stand = personio(60).await;
    let people = stand.all("/v2/persons?limit=50").await;
    let truth = stand.0.truth().await;
    for (person, truth) in people.iter().zip(&truth) {
        let names = ["first_name", "last_name", "email"].map(|name| person[name].clone());
        assert_eq!(
            names,
            ["first_name", "last_name", "work_email"].map(|name| truth[name].clone())
        );
        let fields = person["custom_attributes"].as_array().unwrap();
        let value = |id: &str| {
            let own = fields.iter().find(|field| field["global_id"] == id).unwrap();
            own.get("value").cloned()
        };
        assert_eq!(value("date_of_birth"), Some(truth["birth_date"].clone()));
        assert!(value("iban").unwrap().as_str().unwrap().contains(CANARY));
        let size = fields.iter().find(|field| field["label"] == "t shirt size").unwrap();
        assert_eq!(
            size.get("value").cloned().unwrap_or_default(),
            truth["custom.t_shirt_size"]
        );
        assert!(!person["employments"].as_array().unwrap().is_empty());
    }
}

#[tokio::test]
async fn the_employments_of_a_person_are_listed_the_most_recent_first() {
    let stand = personio(200).await;
    let people = stand.all("/v2/persons?limit=50").await;
    let several = people
        .iter()
        .find(|one| one["employments"].as_array().unwrap().len() > 1)
        .unwrap();
    let path = format!("/v2/persons/{}/employments", text(several, "id"));
    let rows = stand.all(&path).await;
    assert_eq!(
        json!(rows.iter().map(|row| json!({"id": row["id"]})).collect::<Vec<_>>()),
        several["employments"]
    );
    assert!(text(&rows[0], "employment_start_date") > text(&rows[1], "employment_start_date"));
    assert_eq!(rows[1]["status"], "INACTIVE");
    assert!(rows[1]["termination"]["termination_date"].is_string());
    let one = stand.get(&format!("{path}/{}", text(&rows[1], "id"))).await;
    assert_eq!(one, rows[1]);
    assert_eq!(stand.answer("/v2/persons/1/employments").await.status(), 404);
}

#[tokio::test]
async fn what_an_employment_refers_to_is_found_by_its_id_and_units_by_their_kind_too() {
    let stand = personio(100).await;
    let truth = stand.0.truth().await;
    let person = truth
        .iter()
        .find(|one| one["team"].is_string() && one["department"].is_string() && one["work_location"].is_string())
        .unwrap();
    let path = format!("/v2/persons/{}/employments?limit=1", text(person, "employee_id"));
    let employment = stand.get(&path).await["_data"][0].clone();
    let units = stand.all("/v2/org-units?limit=50").await;
    let keys: BTreeSet<(String, String)> = units
        .iter()
        .map(|unit| (text(unit, "type"), text(unit, "id")))
        .collect();
    assert_eq!(keys.len(), units.len());
    for kind in ["team", "department"] {
        let own = employment["org_units"]
            .as_array()
            .unwrap()
            .iter()
            .find(|unit| unit["type"] == kind)
            .unwrap();
        let unit = units
            .iter()
            .find(|unit| unit["type"] == kind && unit["id"] == own["id"])
            .unwrap();
        assert_eq!(unit["name"], person[kind]);
    }
    for (member, list, name) in [
        ("office", "workplaces", "work_location"),
        ("legal_entity", "legal-entities", "group"),
    ] {
        let rows = stand.all(&format!("/v2/{list}?limit=50")).await;
        let own = rows.iter().find(|row| row["id"] == employment[member]["id"]).unwrap();
        assert_eq!(own["name"], person[name]);
    }
}

#[tokio::test]
async fn pay_is_listed_for_at_most_a_month_with_bonuses_among_it() {
    let stand = personio(100).await;
    let rows = stand.all("/v2/compensations?limit=50").await;
    let categories: BTreeSet<String> = rows.iter().map(|row| text(row, "category")).collect();
    assert_eq!(
        categories,
        ["FIXED_SALARY", "HOURLY_SALARY", "ONE_TIME"].map(str::to_owned).into()
    );
    let truth = stand.0.truth().await;
    for row in rows.iter().filter(|row| row["category"] == "HOURLY_SALARY") {
        let person = truth
            .iter()
            .find(|one| one["employee_id"] == row["person"]["id"])
            .unwrap();
        assert_eq!(person["pay_period"], "hourly");
    }
    let long = "/v2/compensations?start_date=2026-01-01&end_date=2026-03-01";
    assert_eq!(stand.answer(long).await.status(), 400);
    let two = format!(
        "/v2/compensations?limit=50&person.id={}",
        text(&rows[0]["person"], "id")
    );
    assert!(
        stand
            .all(&two)
            .await
            .iter()
            .all(|row| row["person"] == rows[0]["person"])
    );
}

#[tokio::test]
async fn what_version_2_does_not_know_is_refused_with_a_problem() {
    let stand = personio(20).await;
    for (path, status) in [
        ("/v2/persons?limit=51", 400),
        ("/v2/persons?limit=0", 400),
        ("/v2/persons?cursor=nowhere", 400),
        ("/v2/persons?created_at.lt=wrong-date-format", 400),
        ("/v2/persons?id.nooperator=1", 400),
        ("/v2/persons?status=GONE", 400),
        ("/v2/persons/7", 404),
        ("/v2/absence-periods", 404),
    ] {
        let answer = stand.answer(path).await;
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(header(&answer, "content-type"), "application/problem+json");
        let body = body_of(answer).await;
        assert!(
            body["personio_trace_id"].is_string() && body["errors"][0]["title"].is_string(),
            "{body}"
        );
    }
}

#[tokio::test]
async fn version_1_counts_people_wraps_values_and_lists_attributes() {
    let stand = personio(120).await;
    let truth = stand.0.truth().await;
    let page = stand.older("/v1/company/employees?limit=1&offset=0").await;
    assert_eq!(
        (&page["success"], &page["metadata"]["total_elements"]),
        (&json!(true), &json!(truth.len()))
    );
    let page = stand.older("/v1/company/employees?limit=100&offset=100").await;
    let rows = page["data"].as_array().unwrap();
    assert_eq!(rows.len(), truth.len() - 100);
    let first = &rows[0]["attributes"];
    assert_eq!(first["id"]["value"].to_string(), text(&truth[100], "employee_id"));
    assert_eq!(first["first_name"]["value"], truth[100]["first_name"]);
    let one = stand
        .older(&format!("/v1/company/employees/{}", text(&truth[100], "employee_id")))
        .await;
    assert_eq!(one["data"], rows[0]);
    let attributes = stand.older("/v1/company/employees/attributes").await;
    let keys: Vec<String> = attributes["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| text(row, "key"))
        .collect();
    let members = first.as_object().unwrap();
    assert!(members.keys().all(|key| keys.contains(key)), "{members:?}");
    assert!(keys.iter().any(|key| key.starts_with("dynamic_")));
    let token = stand.older_token().await;
    let many = stand
        .get_as(&token, "/v1/company/employees?limit=101")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (many.status().as_u16(), body_of(many).await["success"].clone()),
        (400, json!(false))
    );
}

#[tokio::test]
async fn a_client_stands_in_the_body_of_version_1_and_no_token_opens_the_other_version() {
    let stand = personio(5).await;
    let (id, secret) = (stand.0.running.client_id(), stand.0.running.client_secret());
    let form = [("client_id", id), ("client_secret", secret)];
    let post = |path: &str| stand.0.bare(reqwest::Method::POST, path);
    let answer = post("/v1/auth").form(&form).send().await.unwrap();
    assert!(header(&answer, "authorization").starts_with("Bearer "));
    assert_eq!(json_of(answer).await["data"]["expires_in"], 86_400);
    let in_address = post(&format!("/v1/auth?client_id={id}&client_secret={secret}"));
    let refused = in_address.send().await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), body_of(refused).await["success"].clone()),
        (401, json!(false))
    );
    let (older, newer) = (stand.older_token().await, stand.token().await);
    for (token, path) in [
        (&older, "/v2/persons"),
        (&newer, "/v1/company/employees"),
        (&"x".to_owned(), "/v2/persons"),
    ] {
        let status = stand.get_as(token, path).send().await.unwrap().status();
        assert!([401, 403].contains(&status.as_u16()), "{path}");
    }
}

#[tokio::test]
async fn tokens_of_version_2_last_a_day_and_open_what_their_scope_says() {
    let stand = personio(5).await;
    let all = stand.tokens("").await;
    assert_eq!(
        (&all["expires_in"], &all["refresh_token"]),
        (&json!(86_400), &Value::Null)
    );
    let narrow = stand.tokens("personio:persons:read").await;
    let token = narrow["access_token"].as_str().unwrap();
    for (path, status) in [
        ("/v2/persons", 200),
        ("/v2/compensations", 403),
        ("/v2/org-units", 403),
        ("/v2/workplaces", 200),
    ] {
        assert_eq!(
            stand.get_as(token, path).send().await.unwrap().status(),
            status,
            "{path}"
        );
    }
    let (id, secret) = (stand.0.running.client_id(), stand.0.running.client_secret());
    for (secret, scope, error) in [(secret, "everything", "invalid_scope"), ("y", "", "invalid_client")] {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
            ("scope", scope),
        ];
        let refused = stand.token_request(&form).await;
        assert_eq!(refused.status(), 400);
        assert_eq!(body_of(refused).await["error"], error);
    }
}

#[tokio::test]
async fn answers_say_what_is_taken_and_too_many_requests_are_refused() {
    let stand = personio_with(|options| options.requests_per_minute = Some(2)).await;
    let token = stand.token().await;
    for _ in 0..2 {
        let answer = stand.get_as(&token, "/v2/persons").send().await.unwrap();
        assert_eq!(header(&answer, "x-ratelimit-burst-capacity"), "100");
    }
    let refused = stand.get_as(&token, "/v2/persons").send().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert!(header(&refused, "retry-after").parse::<u64>().unwrap() > 0);
}
