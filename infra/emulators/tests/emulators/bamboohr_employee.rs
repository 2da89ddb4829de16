//! BambooHR: single records, the directory, and the list with cursors.

use crate::any::{header, text};
use crate::bamboohr_support::{Bamboo, bamboo};
use crate::support::{body_of, json_of};
use emulators::{PermissionGroup, Sees};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn ids(stand: &Bamboo, fits: impl Fn(&Value) -> bool) -> Vec<String> {
    let truth = stand.0.truth().await;
    truth
        .iter()
        .filter(|one| fits(one))
        .map(|one| text(one, "employee_id"))
        .collect()
}

#[tokio::test]
async fn a_record_is_flat_with_its_id_and_the_fields_asked_for() {
    let stand = bamboo(10).await;
    let id = ids(&stand, |_| true).await[2].clone();
    let row = stand
        .json(&format!(
            "v1/employees/{id}?fields=firstName,workEmail,department,shoeSize"
        ))
        .await;
    let names: Vec<&String> = row.as_object().unwrap().keys().collect();
    assert_eq!(names, ["department", "firstName", "id", "workEmail"]);
    assert_eq!(row["id"], id);
    let unasked = stand.json(&format!("v1/employees/{id}")).await;
    assert!(unasked.get("firstName").is_some() && unasked.get("lastName").is_some());
}

#[tokio::test]
async fn employee_zero_is_whoever_the_key_belongs_to() {
    let stand = bamboo(20).await;
    let own = stand.json("v1/employees/0?fields=status").await;
    assert_eq!(own["status"], "Active");
    assert_eq!(
        own,
        stand
            .json(&format!("v1/employees/{}?fields=status", text(&own, "id")))
            .await
    );
}

#[tokio::test]
async fn what_may_not_be_seen_of_a_record_is_left_out() {
    let stand = bamboo(20).await;
    let key = stand.0.running.api_key_as("Colleague").unwrap();
    let id = ids(&stand, |_| true).await[0].clone();
    let request = stand.get_as(key, &format!("v1/employees/{id}?fields=firstName,payRate,ssn"));
    let row = json_of(request.send().await.unwrap()).await;
    assert_eq!(row.as_object().unwrap().keys().collect::<Vec<_>>(), ["firstName", "id"]);
}

#[tokio::test]
async fn a_record_that_may_not_be_seen_is_a_403_and_one_that_is_not_there_a_404() {
    let stand = bamboo(60).await;
    let lead = stand.0.running.api_key_as("Team lead").unwrap();
    let mut statuses = BTreeSet::new();
    for id in ids(&stand, |_| true).await {
        let answer = stand.get_as(lead, &format!("v1/employees/{id}")).send().await.unwrap();
        statuses.insert(answer.status().as_u16());
    }
    assert_eq!(statuses, BTreeSet::from([200, 403]));
    for id in ["1", "none"] {
        assert_eq!(stand.status(&format!("v1/employees/{id}")).await, 404);
    }
    let many = vec!["firstName"; 401].join(",");
    assert_eq!(stand.status(&format!("v1/employees/0?fields={many}")).await, 400);
}

#[tokio::test]
async fn without_asking_for_json_the_answer_is_xml() {
    let stand = bamboo(5).await;
    for (path, root) in [
        ("v1/employees/0", "<employee id="),
        ("v1/meta/fields", "<fields><field id="),
        ("v1/meta/tables", "<tables><table>"),
        ("v1/employees/directory", "<directory><employees><employee id="),
        ("v1/employees/all/tables/jobInfo", "<table><row id="),
    ] {
        let request = stand
            .0
            .bare(Method::GET, &format!("/api/{path}"))
            .basic_auth(stand.key(), Some("x"));
        let answer = request.send().await.unwrap();
        assert!(header(&answer, "content-type").starts_with("application/xml"), "{path}");
        let text = answer.text().await.unwrap();
        assert!(text.starts_with("<?xml") && text.contains(root), "{path}");
    }
}

#[tokio::test]
async fn the_directory_has_active_people_and_with_only_current_off_future_ones() {
    let stand = bamboo(100).await;
    let listed = async |query: &str| -> BTreeSet<String> {
        let rows = stand.json(&format!("v1/employees/directory{query}")).await["employees"].clone();
        rows.as_array().unwrap().iter().map(|row| text(row, "id")).collect()
    };
    let active: BTreeSet<String> = ids(&stand, |one| one["status"] == "active").await.into_iter().collect();
    assert_eq!(listed("").await, active);
    let more: BTreeSet<String> = ids(&stand, |one| one["status"] != "terminated")
        .await
        .into_iter()
        .collect();
    assert!(more.len() > active.len());
    assert_eq!(listed("?onlyCurrent=false").await, more);
}

#[tokio::test]
async fn an_empty_directory_is_a_404() {
    let stand = bamboo(5).await;
    stand.0.break_with(json!({"mode": "empty"})).await;
    assert_eq!(stand.status("v1/employees/directory").await, 404);
}

#[tokio::test]
async fn the_list_leads_through_everybody_by_cursor_and_back() {
    let stand = bamboo(60).await;
    let token = stand.token();
    let get = async |query: &str| json_of(stand.with_token(&token, &format!("v1/employees?{query}")).await).await;
    let (mut found, mut query) = (Vec::new(), "page[limit]=20".to_owned());
    let mut second = Value::Null;
    loop {
        let page = get(&query).await;
        found.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| text(row, "employeeId")),
        );
        assert_eq!(page["meta"]["total"], stand.0.truth().await.len());
        if found.len() == 40 {
            second = page.clone();
        }
        let Some(next) = page["meta"]["page"]["nextCursor"].as_str() else {
            assert!(page["_links"].get("next").is_none());
            break;
        };
        assert!(
            page["_links"]["next"]["href"]
                .as_str()
                .unwrap()
                .contains("page%5Bafter%5D=")
        );
        query = format!("page[limit]=20&page[after]={next}");
    }
    assert_eq!(found, ids(&stand, |_| true).await);
    let back = second["meta"]["page"]["prevCursor"].as_str().unwrap();
    let first = get(&format!("page[limit]=20&page[before]={back}")).await;
    assert_eq!(text(&first["data"][0], "employeeId"), found[0]);
}

#[tokio::test]
async fn the_list_names_what_it_may_not_show() {
    let stand = bamboo(30).await;
    let tokens = stand.0.running.user_tokens(PermissionGroup::colleague()).unwrap();
    let answer = stand
        .with_token(&tokens.access_token, "v1/employees?fields=birthDate,workEmail,shoeSize")
        .await;
    let row = json_of(answer).await["data"][0].clone();
    assert_eq!(
        (&row["birthDate"], &row["_restrictedFields"]),
        (&Value::Null, &json!(["birthDate"]))
    );
    for always in [
        "employeeId",
        "firstName",
        "lastName",
        "preferredName",
        "photoUrl",
        "jobTitleName",
        "status",
    ] {
        assert!(row.get(always).is_some(), "{always}");
    }
    assert!(row.get("shoeSize").is_none());
}

#[tokio::test]
async fn the_list_is_filtered_and_sorted() {
    let stand = bamboo(60).await;
    let token = stand.token();
    let rows = async |query: &str| {
        let answer = stand
            .with_token(&token, &format!("v1/employees?page[limit]=2500&{query}"))
            .await;
        json_of(answer).await["data"].as_array().unwrap().clone()
    };
    let gone = rows("filter[status]=inactive").await;
    assert!(!gone.is_empty() && gone.iter().all(|row| row["status"] == "Inactive"));
    let all = ids(&stand, |_| true).await;
    assert_eq!(rows(&format!("filter[ids]={},{}", all[0], all[4])).await.len(), 2);
    assert_eq!(rows(&format!("filter[ids][]={}", all[1])).await.len(), 1);
    let found = rows("filter[firstName]=AR").await;
    assert!(
        found
            .iter()
            .all(|row| text(row, "firstName").to_lowercase().contains("ar"))
    );
    let names: Vec<Option<String>> = rows("sort=-firstName")
        .await
        .iter()
        .map(|row| row["firstName"].as_str().map(str::to_owned))
        .collect();
    assert!(names.is_sorted_by(|one, next| one >= next));
}

#[tokio::test]
async fn a_list_that_cannot_be_asked_for_so_is_a_400_with_a_code() {
    let stand = bamboo(10).await;
    let token = stand.token();
    for (query, code) in [
        ("filter[status]=perhaps", "BadRequest"),
        ("page[limit]=2501", "BadRequest"),
        ("sort=shoeSize", "BadRequest"),
        ("page[after]=nowhere", "BadPage"),
    ] {
        let answer = stand.with_token(&token, &format!("v1/employees?{query}")).await;
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(body_of(answer).await["error"]["code"], code, "{query}");
    }
}

/// Returns the token of a user from whom something is kept.
fn token_without(stand: &Bamboo, hidden: &[&str], forbidden: &[&str]) -> String {
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let group = PermissionGroup {
        name: "Without".to_owned(),
        sees: Sees::Everybody,
        hidden_fields: texts(hidden),
        forbidden_resources: texts(forbidden),
    };
    stand.0.running.user_tokens(group).unwrap().access_token
}

#[tokio::test]
async fn a_filter_or_order_by_what_may_not_be_seen_hides_people() {
    let stand = bamboo(30).await;
    let token = token_without(&stand, &["job_title"], &[]);
    let total = async |query: &str| {
        let answer = stand.with_token(&token, &format!("v1/employees?{query}")).await;
        json_of(answer).await["meta"]["total"].clone()
    };
    assert_eq!(total("").await, stand.0.truth().await.len());
    assert_eq!(
        [total("filter[jobTitleName]=e").await, total("sort=jobTitleName").await],
        [json!(0), json!(0)]
    );
}

#[tokio::test]
async fn a_directory_that_is_not_shared_is_a_403() {
    let stand = bamboo(10).await;
    let token = token_without(&stand, &[], &["directory", "company_information", "custom-reports"]);
    for path in ["v1/employees/directory", "v1/company_information", "v1/custom-reports"] {
        assert_eq!(stand.with_token(&token, path).await.status(), 403, "{path}");
    }
    assert_eq!(stand.with_token(&token, "v1/meta/fields").await.status(), 200);
}

#[tokio::test]
async fn a_record_shows_future_values_only_if_asked_for() {
    let stand = bamboo(20).await;
    let id = ids(&stand, |one| one["status"] == "upcoming").await[0].clone();
    let path = format!("v1/employees/{id}?fields=jobTitle,hireDate");
    assert_eq!(stand.json(&path).await["jobTitle"], Value::Null);
    assert!(stand.json(&format!("{path}&onlyCurrent=false")).await["jobTitle"].is_string());
    assert!(stand.json(&path).await["hireDate"].is_string(), "no value of a history");
}
