//! Lucca's newer API: collections, page tokens, references and what is embedded.

use crate::any::text;
use crate::lucca_support::{Lucca, lucca};
use crate::support::{TODAY, json_of};
use emulators::CANARY;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const EVERYBODY: &str = "employees?status=active,upcoming,deactivated";

async fn ids(stand: &Lucca, status: &str) -> BTreeSet<String> {
    let truth = stand.0.truth().await;
    let fits = |one: &&Value| one["status"] == status;
    truth.iter().filter(fits).map(|one| text(one, "employee_id")).collect()
}

fn row_ids(rows: &[Value]) -> BTreeSet<String> {
    rows.iter().map(|row| text(row, "id")).collect()
}

#[tokio::test]
async fn former_present_and_future_people_are_three_lists() {
    let stand = lucca(100).await;
    for (asked, status) in [
        ("active", "active"),
        ("upcoming", "upcoming"),
        ("deactivated", "terminated"),
    ] {
        let rows = stand.all(&format!("employees?status={asked}")).await;
        assert!(rows.iter().all(|row| row["status"] == asked));
        assert_eq!(row_ids(&rows), ids(&stand, status).await);
    }
    assert_eq!(
        row_ids(&stand.all("employees").await),
        ids(&stand, "active").await,
        "unasked"
    );
    assert_eq!(stand.all(EVERYBODY).await.len(), stand.0.truth().await.len());
}

#[tokio::test]
async fn a_collection_says_its_type_and_address_and_the_rest_only_if_asked_for() {
    let stand = lucca(100).await;
    let bare = stand.modern("employees").await;
    assert_eq!(
        bare.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["items", "type", "url"]
    );
    assert_eq!(
        (&bare["type"], bare["items"].as_array().unwrap().len()),
        (&json!("employees"), 25)
    );
    let full = stand
        .modern("employees?include=totalCount,links,embedded&limit=10")
        .await;
    assert_eq!(full["totalCount"], ids(&stand, "active").await.len());
    assert!(full["links"]["prev"].is_null());
    let next = full["links"]["next"]["href"].as_str().unwrap();
    assert!(next.starts_with(&stand.0.running.url()) && next.contains("limit=10") && next.contains("page=%21"));
}

#[tokio::test]
async fn links_lead_through_everybody_once_and_back() {
    let stand = lucca(100).await;
    let rows = stand.all(&format!("{EVERYBODY}&sort=-id")).await;
    assert_eq!(row_ids(&rows).len(), rows.len());
    let numbers: Vec<u64> = rows.iter().map(|row| text(row, "id").parse().unwrap()).collect();
    assert!(numbers.is_sorted_by(|one, next| one > next));
    let token = stand.token("").await;
    let follow = async |url: &str| {
        let request = stand
            .0
            .client
            .get(url)
            .bearer_auth(&token)
            .header("api-version", "2024-11-01");
        json_of(request.send().await.unwrap()).await
    };
    let first = json_of(
        stand
            .modern_as(&token, "employees?limit=20&include=links")
            .send()
            .await
            .unwrap(),
    )
    .await;
    let second = follow(first["links"]["next"]["href"].as_str().unwrap()).await;
    assert_ne!(first["items"], second["items"]);
    let back = follow(second["links"]["prev"]["href"].as_str().unwrap()).await;
    assert_eq!(back["items"], first["items"]);
}

#[tokio::test]
async fn an_employee_is_the_truth_with_references_for_work() {
    let stand = lucca(120).await;
    let truth: BTreeMap<String, Value> = stand
        .0
        .truth()
        .await
        .into_iter()
        .map(|one| (text(&one, "employee_id"), one))
        .collect();
    let positions: BTreeMap<String, Value> = stand
        .all("job-positions")
        .await
        .into_iter()
        .map(|row| (text(&row, "id"), row))
        .collect();
    let employments: BTreeMap<String, Value> = stand
        .all("employments")
        .await
        .into_iter()
        .map(|row| (text(&row, "id"), row))
        .collect();
    for row in stand.all(EVERYBODY).await {
        let person = &truth[&text(&row, "id")];
        for (member, name) in [
            ("givenName", "first_name"),
            ("familyName", "last_name"),
            ("email", "work_email"),
            ("employeeNumber", "employee_number"),
            ("phoneNumber", "mobile_phone"),
        ] {
            assert_eq!(row[member], person[name], "{member}");
        }
        let birth = text(person, "birth_date");
        let day = format!(
            "{:02}-{:02}",
            row["birthDay"]["month"].as_u64().unwrap(),
            row["birthDay"]["day"].as_u64().unwrap()
        );
        assert!(birth.ends_with(&day));
        let employment = &employments[&text(&row["applicableEmployment"], "id")];
        assert_eq!(employment["start"]["date"], person["start_date"]);
        assert_eq!(employment["end"]["date"], person["termination_date"]);
        let position = &positions[&text(&row["applicableJobPosition"], "id")];
        assert_eq!(
            (&position["jobTitle"], &position["employee"]["id"]),
            (&person["job_title"], &person["employee_id"])
        );
        assert_eq!(position["manager"]["id"], person["manager"]);
    }
}

#[tokio::test]
async fn embedded_brings_what_rows_refer_to() {
    let stand = lucca(60).await;
    let page = stand.modern("employees?include=embedded&limit=50").await;
    for row in page["items"].as_array().unwrap() {
        for (member, kind) in [
            ("applicableEmployment", "employment"),
            ("applicableJobPosition", "job-position"),
        ] {
            let reference = &row[member];
            assert_eq!(reference["type"], kind);
            assert_eq!(
                page["embedded"][kind][text(reference, "id")]["employee"]["id"],
                row["id"]
            );
        }
    }
    let positions = stand.modern("job-positions?include=embedded&limit=10").await;
    let position = &positions["items"][0];
    let department = &positions["embedded"]["department"][text(&position["department"], "id")];
    assert!(department["name"].is_string());
    let place = &positions["embedded"]["business-establishment"][text(&position["businessEstablishment"], "id")];
    assert!(place["timezoneId"].is_string() && place["address"]["countryCode"].as_str().unwrap().len() == 3);
    let one = text(&page["items"][0], "id");
    assert!(stand.modern(&format!("employees/{one}?include=embedded")).await["embedded"]["employment"].is_object());
}

#[tokio::test]
async fn somebody_who_came_back_has_several_employments_and_one_applies() {
    let stand = lucca(200).await;
    let records = stand.0.listed("records").await;
    let back = records
        .iter()
        .find(|one| one["employments"].as_array().unwrap().len() == 2)
        .unwrap();
    let id = text(back, "employee_id");
    let rows = stand.all(&format!("employments?employee.id={id}")).await;
    let dates: Vec<&Value> = rows.iter().map(|row| &row["start"]["date"]).collect();
    assert_eq!(
        dates,
        [&back["employments"][0]["start"], &back["employments"][1]["start"]]
    );
    assert_eq!(rows[0]["status"], "deactivated");
    assert!(rows[0]["end"]["date"].is_string());
    let applicable = stand.modern(&format!("employees/{id}")).await["applicableEmployment"]["id"].clone();
    assert_eq!(applicable, rows[1]["id"]);
    let positions = stand.all(&format!("job-positions?employment.employee.id={id}")).await;
    let of: BTreeSet<String> = positions.iter().map(|row| text(&row["employment"], "id")).collect();
    assert_eq!(of, row_ids(&rows));
}

#[tokio::test]
async fn an_employment_that_begins_later_applies_to_somebody_who_left() {
    let stand = lucca(60).await;
    let gone = ids(&stand, "terminated").await.into_iter().next().unwrap();
    let path = format!("people/{gone}/rehire");
    stand
        .0
        .control(Method::POST, &path, json!({"start_date": "2027-01-04"}))
        .await;
    let row = stand.modern(&format!("employees/{gone}?include=embedded")).await;
    assert_eq!(row["status"], "upcoming");
    let employment = &row["embedded"]["employment"][text(&row["applicableEmployment"], "id")];
    assert_eq!(employment["start"]["date"], "2027-01-04");
    let position = &row["embedded"]["job-position"][text(&row["applicableJobPosition"], "id")];
    assert_eq!(position["startsOn"], "2027-01-04");
}

#[tokio::test]
async fn personal_records_hold_what_few_may_see_and_no_home_address() {
    let stand = lucca(40).await;
    let truth = stand.0.truth().await;
    for row in stand.all("employee-personal-records").await {
        let person = truth
            .iter()
            .find(|one| one["employee_id"] == row["employee"]["id"])
            .unwrap();
        assert_eq!(
            (&row["birthDate"], &row["email"]),
            (&person["birth_date"], &person["personal_email"])
        );
        assert!(text(&row["bankAccount"], "accountIdentifier").contains(CANARY));
        assert!(text(&row["insuranceNumber"], "value").contains(CANARY));
        assert_eq!(row["nationalitiesCountryCodes"][0].as_str().unwrap().len(), 3);
        assert!(row.get("address").is_none());
    }
}

#[tokio::test]
async fn custom_fields_are_attributes_with_definitions() {
    let stand = lucca(40).await;
    let definitions = stand.all("employee-attribute-definitions").await;
    assert!(
        definitions
            .iter()
            .all(|row| text(row, "id").starts_with("e_") && row["name"].is_string())
    );
    let truth = stand.0.truth().await;
    let rows = stand.all("employee-attributes?definition.id=e_t_shirt_size").await;
    assert_eq!(
        rows.len(),
        truth
            .iter()
            .filter(|one| one["custom.t_shirt_size"].is_string())
            .count()
    );
    for row in rows {
        let person = truth
            .iter()
            .find(|one| one["employee_id"] == row["employee"]["id"])
            .unwrap();
        assert!(person["custom.t_shirt_size"].is_string());
        assert_eq!(row["value"]["type"], "taxonomy-label");
        assert!(row["value"]["name"].is_null(), "a choice is a reference without a name");
        assert!(row["applicability"]["start"].is_string());
    }
    let today = stand
        .all(&format!(
            "employee-attributes?definition.id=e_cost_centre&applicability.asOf={TODAY}"
        ))
        .await;
    let filled = |active: bool| {
        let people = truth.iter().filter(|one| one["custom.cost_centre"].is_string());
        people.filter(|one| !active || one["status"] == "active").count()
    };
    assert!(filled(true) < filled(false));
    assert_eq!(today.len(), filled(true), "what applies on a day, and nothing else");
}

#[tokio::test]
async fn structure_says_employers_workplaces_and_departments() {
    let stand = lucca(5).await;
    let entities = stand.all("legal-entities").await;
    assert!(
        entities
            .iter()
            .all(|row| text(row, "countryCode").len() == 3 && text(row, "currencyCode").len() == 3)
    );
    let french = stand.all("legal-entities?countryCode=FRA").await;
    assert_eq!(french.len(), 1);
    let places = stand
        .all(&format!(
            "business-establishments?legalEntity.id={}",
            text(&french[0], "id")
        ))
        .await;
    assert!(!places.is_empty() && places.iter().all(|row| row["timezoneId"] == "Europe/Paris"));
    assert_eq!(stand.all("departments").await.len(), 10);
    assert_eq!(stand.all("departments?isArchived=true").await.len(), 0);
    let refused = stand.modern_answer("departments?isArchived=true,false").await;
    assert_eq!(refused.status(), 400, "it is a boolean");
    let one = text(&places[0], "id");
    assert_eq!(stand.modern(&format!("business-establishments/{one}")).await, places[0]);
}

#[tokio::test]
async fn employees_are_filtered_in_the_documented_ways() {
    let stand = lucca(120).await;
    let truth = stand.0.truth().await;
    let active: Vec<&Value> = truth.iter().filter(|one| one["status"] == "active").collect();
    let count = async |query: &str| stand.all(&format!("employees?{query}")).await.len();
    let mail = active.iter().find_map(|one| one["work_email"].as_str()).unwrap();
    assert_eq!(count(&format!("email={mail}")).await, 1);
    assert_eq!(
        count("email=null").await,
        active.iter().filter(|one| one["work_email"].is_null()).count()
    );
    let boss = active.iter().find_map(|one| one["manager"].as_str()).unwrap();
    let team = active.iter().filter(|one| one["manager"] == boss).count();
    assert_eq!(count(&format!("applicableJobPosition.manager.id={boss}")).await, team);
    let since = active
        .iter()
        .filter(|one| text(one, "start_date").as_str() >= "2022-01-01")
        .count();
    assert!(since > 0);
    assert_eq!(
        count("applicableEmployment.startsOn.between=2022-01-01--..").await,
        since
    );
    let staying = active.iter().filter(|one| one["termination_date"].is_null()).count();
    assert_eq!(count("applicableEmployment.endsOn=null").await, staying);
    assert_eq!(count("applicableEmployment.template.term=permanent").await, staying);
    assert_eq!(count(&format!("id={}", text(active[3], "employee_id"))).await, 1);
    assert!(count("search=mar").await < active.len());
}

#[tokio::test]
async fn faults_show_in_collections() {
    let stand = lucca(100).await;
    let page = "employees?include=totalCount,links&limit=20";
    let whole = stand.modern(page).await;
    stand.0.break_with(json!({"mode": "wrong_total"})).await;
    assert!(stand.modern(page).await["totalCount"].as_u64() > whole["totalCount"].as_u64());
    stand.0.mend().await;
    stand.0.break_with(json!({"mode": "empty"})).await;
    let empty = stand.modern(page).await;
    assert_eq!(
        (&empty["items"], &empty["totalCount"], &empty["links"]["next"]),
        (&json!([]), &json!(0), &Value::Null)
    );
    stand.0.mend().await;
    stand.0.break_with(json!({"mode": "repeat_cursor"})).await;
    let token = stand.token("").await;
    let mut url = whole["links"]["next"]["href"].as_str().unwrap().to_owned();
    let mut seen = BTreeSet::new();
    for _ in 0..4 {
        let request = stand
            .0
            .client
            .get(&url)
            .bearer_auth(&token)
            .header("api-version", "2024-11-01");
        let answer = json_of(request.send().await.unwrap()).await;
        seen.insert(answer["items"].to_string());
        answer["links"]["next"]["href"].as_str().unwrap().clone_into(&mut url);
    }
    assert_eq!(seen.len(), 1);
    stand.0.mend().await;
    let personal = "employee-personal-records?limit=100&include=totalCount";
    let records = stand.modern(personal).await["totalCount"].clone();
    stand.0.break_with(json!({"mode": "short_list", "share": 0.3})).await;
    assert!(stand.modern(page).await["totalCount"].as_u64() < whole["totalCount"].as_u64());
    assert_eq!(stand.modern(personal).await["totalCount"], records);
    stand.0.mend().await;
    stand
        .0
        .break_with(json!({"mode": "drop_field", "field": "work_email"}))
        .await;
    assert!(
        stand.modern(page).await["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row.get("email").is_none())
    );
}
