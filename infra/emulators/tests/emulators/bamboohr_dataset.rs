//! BambooHR: datasets, the same people under other names and in pages; and saved reports.

use crate::any::{header, text};
use crate::bamboohr_support::{Bamboo, bamboo};
use crate::support::{body_of, json_of, with_json};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn page(stand: &Bamboo, body: Value) -> Value {
    json_of(stand.dataset(body).await).await
}

fn values(answer: &Value, name: &str) -> Vec<String> {
    let rows = answer["data"].as_array().unwrap().iter();
    rows.map(|row| row["fields"][name].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Every row's `eeid`, page by page.
async fn all(stand: &Bamboo, filter: Option<&str>) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 1.. {
        let answer = page(
            stand,
            json!({"fields": ["eeid"], "filter": filter, "page": number, "pageSize": 50}),
        )
        .await;
        ids.extend(values(&answer, "eeid"));
        if answer["meta"]["page"].as_u64() >= answer["meta"]["totalPages"].as_u64() {
            break;
        }
    }
    ids
}

#[tokio::test]
async fn datasets_and_their_fields_are_listed() {
    let stand = bamboo(5).await;
    assert_eq!(stand.json("v1_2/datasets").await["datasets"][0]["name"], "employee");
    let fields = stand.json("v1_2/datasets/employee/fields").await;
    let names: BTreeSet<&str> = fields["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    for name in [
        "eeid",
        "email",
        "addressLineOne",
        "supervisorEid",
        "jobInformationJobTitle",
        "compensationPayRate",
    ] {
        assert!(names.contains(name), "{name}");
    }
    assert!(!names.contains("id"), "there is no field of this name");
    assert!(names.iter().any(|name| name.starts_with("customField")));
    assert_eq!(fields["pagination"]["total_records"], names.len());
}

#[tokio::test]
async fn a_page_of_fields_beyond_the_end_is_the_last_one() {
    let stand = bamboo(5).await;
    let last = stand.json("v1_2/datasets/employee/fields?page=99&page_size=20").await;
    assert_eq!(last["pagination"]["current_page"], last["pagination"]["total_pages"]);
    assert_eq!(last["pagination"]["next_page"], Value::Null);
    assert!(last["pagination"]["prev_page"].is_string() && !last["fields"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn without_a_filter_everybody_comes_leavers_included() {
    let stand = bamboo(200).await;
    let ids: BTreeSet<String> = all(&stand, None).await.into_iter().collect();
    let report: BTreeSet<String> = stand
        .rows(&["status"])
        .await
        .iter()
        .map(|row| text(row, "id"))
        .collect();
    assert_eq!(ids, report);
}

#[tokio::test]
async fn a_page_has_a_hundred_rows_unasked_and_a_thousand_at_the_most() {
    let stand = bamboo(150).await;
    let answer = page(&stand, json!({"fields": ["eeid"]})).await;
    assert_eq!(answer["data"].as_array().unwrap().len(), 100);
    assert_eq!(
        (&answer["meta"]["page"], &answer["meta"]["totalPages"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(answer["meta"]["totalItems"], stand.0.truth().await.len());
    for (member, value) in [
        ("pageSize", json!(1_001)),
        ("pageSize", json!(0)),
        ("page", json!(0)),
        ("page", json!("two")),
    ] {
        let refused = stand.dataset(json!({"fields": ["eeid"], member: value})).await;
        assert_eq!(refused.status(), 422);
        assert_eq!(header(&refused, "content-type"), "application/problem+json");
        assert!(body_of(refused).await["fields"][member].is_string());
    }
}

#[tokio::test]
async fn links_are_an_empty_list_where_there_is_nothing_to_link_to() {
    let stand = bamboo(150).await;
    assert_eq!(
        page(&stand, json!({"fields": ["eeid"], "pageSize": 1000})).await["links"],
        json!([])
    );
    let first = page(&stand, json!({"fields": ["eeid"]})).await;
    assert!(first["links"]["next"].is_string() && first["links"].get("prev").is_none());
    let last = page(&stand, json!({"fields": ["eeid"], "page": 2})).await;
    assert!(last["links"]["prev"].is_string() && last["links"].get("next").is_none());
}

#[tokio::test]
async fn values_are_texts_or_null_inside_fields() {
    let stand = bamboo(60).await;
    let answer = page(&stand, json!({"fields": ["email", "preferredName", "hireDate"]})).await;
    for row in answer["data"].as_array().unwrap() {
        let fields = row["fields"].as_object().unwrap();
        assert_eq!(fields.len(), 3);
        assert!(fields.values().all(|value| value.is_string() || value.is_null()));
    }
}

#[tokio::test]
async fn filters_compare_join_and_choose() {
    let stand = bamboo(150).await;
    let everybody: Vec<Value> = stand
        .rows(&["status", "department", "lastChanged", "employeeNumber"])
        .await;
    let fitting = |fits: &dyn Fn(&Value) -> bool| -> Vec<String> {
        everybody
            .iter()
            .filter(|row| fits(row))
            .map(|row| text(row, "id"))
            .collect()
    };
    let is_in = |row: &Value, names: &[&str]| row["department"].as_str().is_some_and(|name| names.contains(&name));
    for (filter, wanted) in [
        ("status eq 'Active'", fitting(&|row| row["status"] == "Active")),
        ("status ne 'Active'", fitting(&|row| row["status"] != "Active")),
        (
            "lastChanged gt '2026-08-01T00:00:00Z'",
            fitting(&|row| text(row, "lastChanged").as_str() > "2026-08-01"),
        ),
        (
            "jobInformationDepartment in ('Sales', 'Legal') and status eq 'Active'",
            fitting(&|row| is_in(row, &["Sales", "Legal"]) && row["status"] == "Active"),
        ),
        (
            "(jobInformationDepartment eq 'Sales' or jobInformationDepartment eq 'Legal') and status ne 'Inactive'",
            fitting(&|row| is_in(row, &["Sales", "Legal"]) && row["status"] == "Active"),
        ),
        ("lastName eq 'O''Dálaigh' and status eq 'Nobody'", Vec::new()),
    ] {
        assert_eq!(all(&stand, Some(filter)).await, wanted, "{filter}");
    }
}

#[tokio::test]
async fn a_filter_or_order_that_cannot_be_read_is_a_422() {
    let stand = bamboo(5).await;
    for body in [
        json!({"fields": ["eeid"], "filter": "status is 'Active'"}),
        json!({"fields": ["eeid"], "filter": "status eq 'Active"}),
        json!({"fields": ["eeid"], "filter": "shoeSize eq '44'"}),
        json!({"fields": ["eeid"], "filter": "(status eq 'Active'"}),
        json!({"fields": ["eeid"], "orderBy": "lastName asc"}),
        json!({"fields": ["eeid"], "orderBy": "eeid sideways"}),
        json!({"fields": ["eeid", "shoeSize"]}),
    ] {
        assert_eq!(stand.dataset(body.clone()).await.status(), 422, "{body}");
    }
    assert_eq!(
        stand.dataset(json!({"filter": "status eq 'Active'"})).await.status(),
        400,
        "fields are required"
    );
}

#[tokio::test]
async fn rows_come_in_the_order_that_is_asked_for() {
    let stand = bamboo(60).await;
    let body = json!({"fields": ["status", "hireDate"], "orderBy": "status asc, hireDate desc", "pageSize": 1000});
    let answer = page(&stand, body).await;
    let pairs: Vec<(String, String)> = values(&answer, "status")
        .into_iter()
        .zip(values(&answer, "hireDate"))
        .collect();
    assert!(pairs.is_sorted_by(|one, next| one.0 < next.0 || (one.0 == next.0 && one.1 >= next.1)));
}

#[tokio::test]
async fn too_much_at_once_is_a_413() {
    let stand = bamboo(5).await;
    let fields = vec!["firstName"; 300];
    assert_eq!(
        stand
            .dataset(json!({"fields": fields, "pageSize": 1000}))
            .await
            .status(),
        413
    );
    assert_eq!(
        stand.dataset(json!({"fields": fields, "pageSize": 100})).await.status(),
        200
    );
}

#[tokio::test]
async fn an_unknown_dataset_is_a_404_for_data_and_a_422_for_fields() {
    let stand = bamboo(5).await;
    let request = stand
        .0
        .bare(Method::POST, "/api/v2/datasets/unicorn/data")
        .basic_auth(stand.key(), Some("x"));
    let answer = with_json(request, &json!({"fields": ["eeid"]})).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    let fields = stand.get("v1_2/datasets/unicorn/fields").send().await.unwrap();
    assert_eq!(fields.status(), 422);
    assert_eq!(body_of(fields).await["code"], "DATASET_NOT_FOUND");
}

#[tokio::test]
async fn faults_show_in_pages() {
    let stand = bamboo(150).await;
    let whole = page(&stand, json!({"fields": ["eeid"]})).await;
    stand.0.break_with(json!({"mode": "wrong_total"})).await;
    let more = page(&stand, json!({"fields": ["eeid"]})).await["meta"]["totalItems"].as_u64();
    assert!(more > whole["meta"]["totalItems"].as_u64());
    stand.0.mend().await;
    stand.0.break_with(json!({"mode": "repeat_cursor"})).await;
    for number in [2, 3, 9] {
        let stuck = page(&stand, json!({"fields": ["eeid"], "page": number})).await;
        assert_eq!(stuck["data"], whole["data"]);
        assert!(stuck["meta"]["totalPages"].as_u64().unwrap() > number);
    }
    stand.0.mend().await;
    stand
        .0
        .break_with(json!({"mode": "status", "status": 500, "page": 2}))
        .await;
    assert_eq!(stand.dataset(json!({"fields": ["eeid"]})).await.status(), 200);
    assert_eq!(
        stand.dataset(json!({"fields": ["eeid"], "page": 2})).await.status(),
        500
    );
}

#[tokio::test]
async fn saved_reports_are_listed_and_read_in_pages() {
    let stand = bamboo(20).await;
    let saved = stand.json("v1/custom-reports").await;
    let id = saved["reports"][0]["id"].as_u64().unwrap();
    let answer = stand.json(&format!("v1/custom-reports/{id}?page=2&page_size=10")).await;
    assert_eq!(answer["data"].as_array().unwrap().len(), 10);
    assert!(answer["data"][0]["eeid"].is_string() && answer["aggregations"].is_array());
    assert_eq!(answer["pagination"]["current_page"], 2);
    assert_eq!(stand.status("v1/custom-reports/1").await, 404);
}
