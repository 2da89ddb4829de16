//! BambooHR: how a report is ordered, in which form it comes, what it leaves out, and how faults show.

use crate::any::{header, text};
use crate::bamboohr_support::{Bamboo, bamboo};
use crate::support::{json_of, with_json};
use emulators::CANARY;
use reqwest::{Method, Response};
use serde_json::{Value, json};

async fn send(stand: &Bamboo, query: &str, kind: &str, body: &str) -> Response {
    let request = stand.0.bare(Method::POST, &format!("/api/v1/reports/custom?{query}"));
    let request = request.basic_auth(stand.key(), Some("x")).header("content-type", kind);
    request.body(body.to_owned()).send().await.unwrap()
}

#[tokio::test]
async fn unknown_fields_are_left_out_silently() {
    let answer = bamboo(5).await.report(&["firstName", "shoeSize"]).await;
    assert_eq!(answer["fields"].as_array().unwrap().len(), 1);
    assert!(answer["employees"][0].get("shoeSize").is_none());
}

#[tokio::test]
async fn more_than_four_hundred_fields_are_a_400() {
    let stand = bamboo(5).await;
    let most = |count: usize| json!({"fields": vec!["firstName"; count]});
    assert_eq!(
        stand.report_as(stand.key(), "format=json", &most(400)).await.status(),
        200
    );
    let refused = stand.report_as(stand.key(), "format=json", &most(401)).await;
    assert_eq!(refused.status(), 400);
    assert!(!header(&refused, "x-bamboohr-error-message").is_empty());
}

#[tokio::test]
async fn a_content_type_with_a_charset_is_read_as_xml() {
    let stand = bamboo(5).await;
    let body = json!({"fields": ["firstName"]}).to_string();
    let exact = send(&stand, "format=json", "application/json", &body).await;
    assert_eq!(exact.status(), 200);
    let refused = send(&stand, "format=json", "application/json; charset=utf-8", &body).await;
    assert_eq!(
        (
            refused.status().as_u16(),
            header(&refused, "x-bamboohr-error-message").as_str()
        ),
        (400, "Malformed XML")
    );
    assert_eq!(send(&stand, "format=json", "application/json", "{").await.status(), 400);
}

#[tokio::test]
async fn a_report_can_be_ordered_in_xml() {
    let stand = bamboo(20).await;
    let id = text(&stand.0.truth().await[3], "employee_id");
    let body = format!(
        "<report output=\"json\">\n<title>A &amp; B</title><filters><employeeIds><employeeId>{id}</employeeId></employeeIds></filters>\
         <fields>\n<field id=\"firstName\" />\n<field id='lastName'></field></fields></report>"
    );
    let answer = json_of(send(&stand, "format=json", "text/xml", &body).await).await;
    assert_eq!(answer["employees"].as_array().unwrap().len(), 1);
    assert_eq!(
        (
            &answer["employees"][0]["id"],
            answer["fields"].as_array().unwrap().len()
        ),
        (&json!(id), 2)
    );
    for bad in [
        "<report><fields></report>",
        "<report>",
        "fields",
        "<other/>",
        "<report/>more",
    ] {
        assert_eq!(
            send(&stand, "format=json", "text/xml", bad).await.status(),
            400,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn the_format_is_read_in_any_case_and_an_unknown_one_is_a_404() {
    let stand = bamboo(5).await;
    let body = json!({"fields": ["firstName"]});
    for (query, status) in [
        ("format=JSON", 200),
        ("format=Json", 200),
        ("format=bogus", 404),
        ("", 404),
    ] {
        assert_eq!(
            stand.report_as(stand.key(), query, &body).await.status(),
            status,
            "{query}"
        );
    }
    let xml = stand.report_as(stand.key(), "format=xml", &body).await;
    assert!(xml.text().await.unwrap().starts_with("<?xml"));
    let sheet = stand
        .report_as(stand.key(), "format=csv", &body)
        .await
        .text()
        .await
        .unwrap();
    assert!(sheet.starts_with("\"First Name\"\r\n") && sheet.lines().count() == 9);
}

#[tokio::test]
async fn without_a_format_the_accepted_one_counts() {
    let stand = bamboo(5).await;
    for (accept, status) in [
        ("application/json", 200),
        ("text/xml", 200),
        ("application/xml", 404),
        ("*/*", 404),
    ] {
        let request = stand
            .0
            .bare(Method::POST, "/api/v1/reports/custom")
            .header("accept", accept);
        let request = with_json(
            request.basic_auth(stand.key(), Some("x")),
            &json!({"fields": ["firstName"]}),
        );
        assert_eq!(request.send().await.unwrap().status(), status, "{accept}");
    }
}

#[tokio::test]
async fn filters_keep_whom_they_name_and_who_changed() {
    let stand = bamboo(80).await;
    let everybody = stand.rows(&["lastChanged"]).await;
    let ids: Vec<u64> = [3, 9]
        .map(|position: usize| text(&everybody[position], "id").parse().unwrap())
        .to_vec();
    let body = json!({"fields": ["lastChanged"], "filters": {"employeeIds": ids}});
    let named = json_of(stand.report_as(stand.key(), "format=json", &body).await).await;
    assert_eq!(named["employees"], json!([everybody[3], everybody[9]]));
    let body = json!({"fields": ["lastChanged"], "filters": {"lastChanged": {"value": "2026-08-01T00:00:00Z"}}});
    let changed = json_of(stand.report_as(stand.key(), "format=json", &body).await).await;
    let wanted: Vec<&Value> = everybody
        .iter()
        .filter(|row| text(row, "lastChanged").as_str() >= "2026-08-01")
        .collect();
    assert_eq!(changed["employees"], json!(wanted));
    assert!(!wanted.is_empty() && wanted.len() < everybody.len());
}

#[tokio::test]
async fn only_current_governs_values_that_have_a_history() {
    let stand = bamboo(400).await;
    let body = json!({"fields": ["payRate", "jobTitle"]});
    let now = json_of(stand.report_as(stand.key(), "format=json", &body).await).await;
    let future = json_of(
        stand
            .report_as(stand.key(), "format=json&onlyCurrent=false", &body)
            .await,
    )
    .await;
    assert_eq!(
        now["employees"].as_array().unwrap().len(),
        future["employees"].as_array().unwrap().len()
    );
    assert_ne!(
        now["employees"], future["employees"],
        "planned raises and jobs of the future"
    );
    assert!(
        future["employees"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["jobTitle"].is_string())
    );
}

#[tokio::test]
async fn what_nobody_may_keep_is_marked_for_the_canary_search() {
    for row in bamboo(20)
        .await
        .rows(&["ssn", "ethnicity", "maritalStatus", "nationalId"])
        .await
    {
        for member in ["ssn", "ethnicity", "maritalStatus", "nationalId"] {
            assert!(text(&row, member).contains(CANARY), "{member}");
        }
    }
}

#[tokio::test]
async fn faults_show_in_reports() {
    let stand = bamboo(100).await;
    let whole = stand.rows(&["workEmail"]).await;
    for (fault, fits) in [
        (
            json!({"mode": "empty"}),
            &(|rows: usize, _: usize| rows == 0) as &dyn Fn(usize, usize) -> bool,
        ),
        (json!({"mode": "short_list", "share": 0.3}), &|rows, all| {
            rows > 0 && rows < all
        }),
        (json!({"mode": "vanish", "share": 0.3}), &|rows, all| {
            rows > 0 && rows < all
        }),
        (json!({"mode": "duplicate_row"}), &|rows, all| rows == all + 1),
        (json!({"mode": "wrong_total"}), &|rows, all| rows == all),
    ] {
        stand.0.break_with(fault.clone()).await;
        let rows = stand.rows(&["workEmail"]).await;
        assert!(fits(rows.len(), whole.len()), "{fault}: {}", rows.len());
        stand.0.mend().await;
    }
    for fault in ["narrow", "drop_field"] {
        let names = if fault == "narrow" {
            json!({"mode": fault, "fields": ["work_email"]})
        } else {
            json!({"mode": fault, "field": "workEmail"})
        };
        stand.0.break_with(names).await;
        assert!(
            stand
                .rows(&["workEmail"])
                .await
                .iter()
                .all(|row| row.get("workEmail").is_none()),
            "{fault}"
        );
        stand.0.mend().await;
    }
    stand
        .0
        .break_with(json!({"mode": "status", "status": 503, "page": 2}))
        .await;
    let body = json!({"fields": ["workEmail"]});
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(
            stand
                .report_as(stand.key(), "format=json", &body)
                .await
                .status()
                .as_u16(),
        );
    }
    assert_eq!(statuses, [200, 503, 200], "without pages, lists are counted");
}

#[tokio::test]
async fn a_key_is_refused_after_some_requests_until_it_is_mended() {
    let stand = bamboo(5).await;
    stand.0.break_with(json!({"mode": "token_dies", "after": 1})).await;
    assert_eq!(
        [
            stand.status("v1/meta/fields").await,
            stand.status("v1/meta/fields").await
        ],
        [200, 401]
    );
    stand.0.mend().await;
    assert_eq!(stand.status("v1/meta/fields").await, 200);
}
